"""Whole quotations: one that a text breaks into to name the speaker, as in “Q1,” S said. “Q2.”, is one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.speech.types import Quotation


_LINE_END = re.compile(r"(?:\r\n|\n|\r)(?=[ \t]{0,8}([^\W\d_]))")


def whole_quotations(text: str, lang: str | None) -> tuple[Quotation, ...]:
    """Find what stands between marks in a text; quotations with their one cue between them are one, of several parts."""
    from claimreg.speech.propose import quotations

    found: list[Quotation] = []
    last: int | None = None
    for one in quotations(_unwrapped(text), lang):
        if one.depth == 0 and last is not None and _go_on(found[last], one):
            found[last] = _joined(found[last], one)
            continue
        if one.depth == 0:
            last = len(found)
        found.append(one)
    return tuple(found)


def _unwrapped(text: str) -> str:
    """The text with spaces for the ends of lines that a small letter follows: the sentence goes on there. Offsets stay."""
    return _LINE_END.sub(lambda found: " " * len(found[0]) if found[1].islower() else found[0], text)


def _go_on(first: Quotation, second: Quotation) -> bool:
    """Return whether the cue of both stands between them, or both go on beyond it."""
    cue = first.cue
    return (
        cue is not None and cue == second.cue and first.is_speech and second.is_speech
        and first.parts[0].end <= cue.start and cue.end <= second.parts[0].start
    )  # fmt: skip


def _joined(first: Quotation, second: Quotation) -> Quotation:
    outside = first.outside._replace(end=second.outside.end)
    flags = tuple(dict.fromkeys((*first.flags, *second.flags)))
    return replace(first, parts=(*first.parts, *second.parts), outside=outside, flags=flags)
