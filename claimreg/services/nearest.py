"""Names nearest to one that is not there, for the sentence that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

_BAR = 60.0
"""Likeness (0 to 100) from which on a name may be the one that was meant."""

_MOST = 3
_SHORT = 4
_LONGEST = 60
"""Code points that are shown of a name."""


def nearest_names(name: str, known: Iterable[str]) -> list[str]:
    """The names most like another one, the likest first, whatever script they are in; none where none is like it."""
    from rapidfuzz import fuzz, process

    from claimreg.text.romanize import romanize

    wanted, spellings = romanize(name), {one: romanize(one) for one in dict.fromkeys(known)}
    # A few letters are a part of nearly everything.
    scorer = fuzz.WRatio if len(wanted) > _SHORT else fuzz.ratio
    found = process.extract(wanted, spellings, scorer=scorer, limit=_MOST, score_cutoff=_BAR)
    return [one for _spelling, _score, one in found]


def not_there(noun: str, name: str, known: Iterable[str], otherwise: str) -> NotFoundError:
    """The error that no such thing is there, with the nearest names, or with what to do where there are none."""
    nearest = [f"“{_shown(one)}”" for one in nearest_names(name, known)]
    begin = f"There is no {noun} “{_shown(name)}”"
    if not nearest:
        return NotFoundError(f"{begin}; {otherwise}.")
    return NotFoundError(f"{begin}; the nearest {'is' if len(nearest) == 1 else 'are'} {', '.join(nearest)}.")


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
