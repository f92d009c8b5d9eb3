"""Claims nearly the same as a new one: the same words but for slips and order, or but for what turns the meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.lexicon import is_negation
from claimreg.linker.types import is_intact
from claimreg.model import Attribution, Claim, Flag, LinkKind, Party
from claimreg.rank.contrast import contrast
from claimreg.rank.likeness import NEARLY_THE_SAME
from claimreg.rank.ranker import rank
from claimreg.rank.statement import read_statement
from claimreg.services.recording.parties import canonical
from claimreg.store.port import Equals, Reader
from claimreg.text.alike import ONE_WORD, STATED, likenesses
from claimreg.text.fold import fold_key
from claimreg.text.romanize import romanize_words
from claimreg.text.words import words

if TYPE_CHECKING:
    from claimreg.rank.index import StatementIndex

_LOOKED_AT = 20
_SMALL_WORD = 3
"""Words up to this many letters (articles, prepositions) may come and go."""


class Kin(NamedTuple):
    """A claim that is nearly the same; ``flags`` say what sets the two apart: with any, it is another claim, and may contradict."""

    claim: Claim
    flags: tuple[Flag, ...]

    @property
    def is_same(self) -> bool:
        """Return whether the two are one claim: the words of the one have the meaning of the other's."""
        return is_intact(LinkKind.NEAR, self.flags)


def kin_of(reader: Reader, index: StatementIndex, text: str) -> list[Kin]:
    """The claims that say nearly the same as a text, the likest first."""
    found = []
    for answer in rank(index, read_statement([text]), _LOOKED_AT, kinds=("claim",)):
        claim = reader.get(Claim, f"{Claim.PREFIX}{index.numbers[answer.place]}")
        if answer.score < NEARLY_THE_SAME or claim is None or claim.removed_at is not None:
            continue
        flags = contrast(text, claim.text)
        if flags or _same_words(text, claim.text):
            found.append(Kin(claim, flags))
    return found


def speaks_already(reader: Reader, claim: Claim, party: Party | None) -> bool:
    """Return whether a party has taken a stance on a claim; ``None`` stands for a new party, which has not."""
    said = reader.find(Attribution, Equals("claim_id", claim.id))
    ids = {one.party_id for one in said}
    known = (reader.get(Party, party_id) for party_id in ids)
    return party is not None and party.id in ids | {canonical(reader, one).id for one in known if one is not None}


def _same_words(one: str, other: str) -> bool:
    """Return whether two texts have the same words but for slips, order and small words, and the same figures."""
    left, right = _telling_words(one), _telling_words(other)
    if not left or not right or _figures(left) != _figures(right):
        return False
    table = likenesses(left, right, STATED)
    sides = (zip(left, table.max(1), strict=True), zip(right, table.max(0), strict=True))
    return all(likeness >= ONE_WORD for side in sides for word, likeness in side if len(word) > _SMALL_WORD)


def _telling_words(text: str) -> list[str]:
    plain = (text[start:end] for start, end in words(text))
    return ["".join(romanize_words(word)) for word in plain if not is_negation(fold_key(word))]


def _figures(some: list[str]) -> list[str]:
    return sorted(word for word in some if any(map(str.isdigit, word)))
