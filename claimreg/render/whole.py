"""A document's text with what was left out of it, part after part, each under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.frozen import replace
from claimreg.render.labels import ENGLISH
from claimreg.render.sentences import label_in_words
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.model import Link
    from claimreg.services.recording.places import LeftOut

_MOST_NAMED = 5
"""Parts that a sentence names."""


def with_left_out(text: str, parts: Iterable[LeftOut], links: Sequence[Link], *, is_page: bool) -> tuple[str, list[Link]]:
    """Return the text followed by each part that was left out of it, with the links that are in them, where they are now.

    A link that leads over several parts is given once for each.
    """
    shown = text.rstrip("\n")
    placed = [link for link in links if link.start <= len(text)]
    for part in parts:
        name = label_in_words(part.label, ENGLISH, left_out=True, is_page=is_page)
        lead = len(part.text) - len(part.text.lstrip("\n"))
        shown += f"\n\n[{name}]\n"
        by, end = len(shown) - part.start - lead, part.start + len(part.text)
        for link in links:
            first, last = max(link.start, part.start + lead), min(link.end, end)
            if first < last:
                placed.append(replace(link, start=first + by, end=last + by))
        shown += part.text.strip("\n")
    return f"{shown}\n", placed


def left_out_in_words(parts: Sequence[LeftOut], size: int, *, is_page: bool) -> str:
    """Say how much was left out of a text, and which parts that are, in the beginning of a sentence."""
    names = list(dict.fromkeys(label for one in parts if (label := label_in_words(one.label, ENGLISH)) is not None))
    named = [*names[:_MOST_NAMED], *(["…"] if len(names) > _MOST_NAMED else [])]
    told = f" ({', '.join(named)})" if named else ""
    return f"{counted(size, 'character')} {'was' if size == 1 else 'were'} left out of the {'article' if is_page else 'document'}{told}"
