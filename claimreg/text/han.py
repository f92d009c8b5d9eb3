"""Traditional Chinese characters and the simplified ones that stand for them."""

from __future__ import annotations

from functools import cache

from claimreg.shipped import folder_of

_FIRST = "\u3400"
"""First of the characters of which some are traditional."""


@cache
def simplified() -> dict[int, str]:
    """The simplified character for each traditional one, for :meth:`str.translate`.

    Two traditional characters may share a simplified one, so texts that are compared are both written in it and neither is restored.
    """
    lines = (folder_of("claimreg.text", __file__) / "han.txt").read_text(encoding="utf-8").splitlines()
    characters = "".join(line for line in lines if not line.startswith("#"))
    return dict(zip(map(ord, characters[::2]), characters[1::2], strict=True))


def in_simplified(text: str) -> str:
    """The text with its traditional Chinese characters simplified, each by one character."""
    return text.translate(simplified()) if not text.isascii() and max(text) >= _FIRST else text
