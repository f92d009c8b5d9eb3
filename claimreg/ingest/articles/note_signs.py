"""Signs of notes typed into the text: raised digits, digits in brackets, daggers. They lead to a note and are no words of anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.services.articles import Block

_SIGN = re.compile(
    r"""(?<=[^\W\d_]|[.,;:!?…)“”„»’"'])[⁰¹²³⁴-⁹]{1,3}(?!\w)
    |(?<=[^\W_]|[.,;:!?…)“”„»’"'])(?:\[\d{1,3}\]|[†‡]{1,2})""",
    re.VERBOSE,
)
_UNIT = re.compile(r"\d\s?[^\W\d_]{1,2}")
_LONGEST_UNIT = 4
"""Code points of what `_UNIT` matches at most: what is raised after “5 m” or “20 km” is a power."""


def without_note_signs(block: Block) -> Block:
    """The block without signs of notes, which stand right behind a word or a mark; powers stay."""
    kept = list(_kept(block.text))
    if len(kept) == 1:
        return block
    places: list[int] = []
    written: dict[int, int] = {}
    for start, end in kept:
        by = len(places) - start
        written.update({offset + by: block.written[offset] for offset in range(start, end) if offset in block.written})
        places.extend(block.places[start:end])
    return block._replace(text="".join(block.text[start:end] for start, end in kept), places=tuple(places), written=written)


def _kept(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _SIGN.finditer(text):
        before = text[max(0, found.start() - _LONGEST_UNIT) : found.start()]
        if found[0][0] in "[†‡" or not any(_UNIT.fullmatch(before, at) for at in range(len(before))):
            yield start, found.start()
            start = found.end()
    yield start, len(text)
