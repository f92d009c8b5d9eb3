"""Find the turns of a transcript: lines that begin with a name in capitals and a colon, as those of hearings and broadcasts do."""

from __future__ import annotations

import re

from claimreg.speech.orders import NAMED, Found

_TURN = re.compile(r"^[\s\"“«>]{0,3}([^\W\d_][^\n:.,;?!\"“”«»]{1,40}?(?:[.,] ?[^\n:;?!\"“”«»]{1,30}?)?):[ ]+(?=\S)(.+)$", re.MULTILINE)
_LONGEST_NAME = 6
"""Words of a name with its title."""
_FEWEST = 2
"""Speakers that a transcript has at least: one line alone may be a heading (NOTE: …)."""


def turns(text: str) -> list[Found]:
    """The turns of a text in its normal form; none where fewer than two speak."""
    found: list[Found] = []
    names: set[str] = set()
    for match in _TURN.finditer(text):
        name = match[1].strip()
        if name.upper() != name or name.lower() == name or len(name.split()) > _LONGEST_NAME:
            continue
        names.add(name)
        start, end = match.span(2)
        content = text[start:end].rstrip(' "”»')
        colon = match.end(1)
        if content:
            found.append(Found(((start, start + len(content)),), (colon, colon + 1), NAMED, "turn", match.span(1)))
    return found if len(names) >= _FEWEST else []
