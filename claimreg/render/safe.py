"""Making the characters that act instead of being seen visible: terminal escapes, bidi controls, invisible joiners.

Everything else is left as it is: evidence is shown, not tidied.
"""

from __future__ import annotations

import re
from functools import cache

from claimreg.text.acting import ACTING


def visible(text: str) -> str:
    """The text with acting characters shown as signs (``␛``, ``⟨U+202E⟩``); line feeds stay."""
    # Python calls nothing printable that acts; most text is, and needs no second look.
    return text if text.isprintable() else text.translate(_table())


def one_line(text: str) -> str:
    """Return the text as `visible` does, on one line: line feeds are shown as ``␊``."""
    # As in `visible`; no line feed is printable.
    return text if text.isprintable() else visible(text).replace("\n", "␊")


def shortened(text: str, most: int) -> str:
    """A text of at most about so many code points: of a longer one the middle is left out, which an ellipsis says."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-(most // 2) :]}"


@cache
def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20) if code != ord("\n")}
    table[0x7F] = "␡"
    table.update((code, f"⟨U+{code:04X}⟩") for code in ACTING)
    return table


def plain_address(url: str) -> bool:
    """Return whether an address may become a link: a web address of plain characters, none of which acts."""
    return re.fullmatch(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+", url) is not None and visible(url) == url
