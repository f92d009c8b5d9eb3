"""Claims nearly the same as a new one: the same words but for slips and order, or but for what turns the meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.types import is_intact
from claimreg.model import Attribution, Claim, Flag, LinkKind, Party
from claimreg.rank.likeness import NEARLY_THE_SAME
from claimreg.rank.ranker import rank
from claimreg.rank.statement import read_statement
from claimreg.services.recording.parties import canonical
from claimreg.store.port import Equals, Reader, Wanted

if TYPE_CHECKING:
    from claimreg.rank.index import StatementIndex

_LOOKED_AT = 20


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
    likely = [one for one in rank(index, read_statement([text]), _LOOKED_AT, kinds=("claim",)) if one.score >= NEARLY_THE_SAME]
    ids = tuple(f"{Claim.PREFIX}{index.numbers[one.place]}" for one in likely)
    (records,) = reader.gather(Wanted(Claim, "id", ids)) if ids else ([],)
    claims = {claim.id: claim for claim in records if isinstance(claim, Claim) and claim.removed_at is None}
    found = []
    for claim in (claims[one] for one in ids if one in claims):
        # What judges words is imported with the first claim that is alike.
        from claimreg.rank.contrast import contrast

        apart = contrast(text, claim.text, (claim.lang,) if claim.lang else ())
        if apart.flags or apart.are_same_words:
            found.append(Kin(claim, apart.flags))
    return found


def speaks_already(reader: Reader, claim: Claim, party: Party | None) -> bool:
    """Return whether a party has taken a stance on a claim; ``None`` stands for a new party, which has not."""
    said = reader.find(Attribution, Equals("claim_id", claim.id))
    ids = {one.party_id for one in said}
    known = (reader.get(Party, party_id) for party_id in ids)
    return party is not None and party.id in ids | {canonical(reader, one).id for one in known if one is not None}
