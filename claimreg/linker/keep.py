"""Choice among all matches found of a quote: the best, and those equally good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.frozen import replace
from claimreg.model import Flag, LinkKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.types import Match

MOST_MATCHES = 1_000
"""Matches of one quote in one text; beyond it the findings are flagged ``capped``."""

LITERAL = (LinkKind.EXACT, LinkKind.TYPOGRAPHIC)
"""The kinds of places that have the quote's very words."""

_WHISKER = 0.5
"""Difference of score (0..100) below which two places fit equally well."""


def keep(matches: Sequence[Match], *, literal: bool, capped: bool = False) -> tuple[Match, ...]:
    """The matches to keep, in the text's order; several are flagged ``ambiguous``.

    ``literal`` ones are kept by their kind, others by their score, too; of two kinds with one score, the first given counts.
    ``capped`` says that not all places were looked at.
    """
    if not matches:
        return ()
    kept = _best_kind(matches) if literal else _equally_good(matches)
    flags = {Flag.AMBIGUOUS: len(kept) > 1, Flag.CAPPED: capped or len(kept) > MOST_MATCHES}
    ordered = sorted(kept, key=lambda match: (match.start, match.end))[:MOST_MATCHES]
    return tuple(_flagged(match, flags) for match in ordered)


def _best_kind(matches: Sequence[Match]) -> list[Match]:
    order = list(LinkKind)
    best = min(order.index(match.kind) for match in matches)
    return [match for match in matches if order.index(match.kind) == best]


def _equally_good(matches: Sequence[Match]) -> list[Match]:
    best = max(matches, key=lambda match: match.score)
    return [match for match in matches if match.kind == best.kind and match.score > best.score - _WHISKER]


def _flagged(match: Match, flags: dict[Flag, bool]) -> Match:
    wanted = tuple(flag for flag in Flag if flags.get(flag, flag in match.flags))
    return match if wanted == match.flags else replace(match, flags=wanted)
