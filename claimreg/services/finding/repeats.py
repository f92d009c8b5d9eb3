"""Claims that say nearly the same as others, many at once: candidates by their rarest words, which is quicker than ranking each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from claimreg.linker.types import is_intact
from claimreg.model import Claim, LinkKind, record_number
from claimreg.rank.statement import read_statement
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.rank.index import StatementIndex
    from claimreg.store.port import Reader

_LOOKED_AT, _JUDGED = 40, 5
"""Claims with the same rare words of which the letters are compared, and the likest of these, of which the meaning is."""

_ALIKE = 75.0
_FIGURES = re.compile(r"\d+")


class Repeat(NamedTuple):
    """A claim, and an earlier one that says nearly the same."""

    claim: Claim
    other: Claim


def near_repeats(
    reader: Reader, index: StatementIndex, claim_ids: Iterable[str], progress: Callable[[int], None] = lambda _claims: None
) -> Iterator[Repeat]:
    """Each of these claims with the likest one of those recorded before it that says nearly the same, where there is one.

    ``progress`` is told how many claims were looked at.
    """
    for done, claim_id in enumerate(claim_ids, start=1):
        claim = reader.get(Claim, claim_id)
        if claim is not None and claim.removed_at is None:
            other = _repeated(reader, index, claim)
            if other is not None:
                yield Repeat(claim, other)
        progress(done)


def _repeated(reader: Reader, index: StatementIndex, claim: Claim) -> Claim | None:
    number = record_number(claim.id)
    skeleton = " ".join(read_statement([claim.text]).skeletons)
    alike: list[tuple[float, int]] = []
    for place in index.sharing(skeleton.split(), _LOOKED_AT):
        said = index.statement(place, ("claim",)).skeletons if index.numbers[place] < number else ()
        if not said or _differ_in_figures(skeleton, said[0]):
            continue
        if likeness := fuzz.token_sort_ratio(skeleton, said[0], score_cutoff=_ALIKE):
            alike.append((-likeness, int(index.numbers[place])))
    for _likeness, other_number in sorted(alike)[:_JUDGED]:
        other = reader.get(Claim, f"{Claim.PREFIX}{other_number}")
        if other is not None and other.removed_at is None and _say_the_same(claim, other):
            return other
    return None


def _differ_in_figures(skeleton: str, other: str) -> bool:
    """Return whether two texts are the same but for figures: rows of one table, of which there may be thousands."""
    return skeleton != other and _FIGURES.sub("0", skeleton) == _FIGURES.sub("0", other)


def _say_the_same(claim: Claim, other: Claim) -> bool:
    if fold_key(claim.text) == fold_key(other.text):
        return True
    # What judges words is imported with the first claim that is alike.
    from claimreg.rank.contrast import contrast

    apart = contrast(claim.text, other.text, tuple(filter(None, (claim.lang, other.lang))))
    return (apart.are_same_words or bool(apart.flags)) and is_intact(LinkKind.NEAR, apart.flags)
