"""The matter of an export: claims with all that is said of them, and the parties, sources and relations that these speak of.

Sources that are withheld are without their names, their places without all but the quote's own words, see `withholding`. Everything comes
in the order of its ids, whenever it is asked for: the same registry gives the same export.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from claimreg.model import Attribution, Claim, Link, Party, Relation, Source, record_number
from claimreg.services.ahead import read_ahead
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.parties import aliases_of, canonical
from claimreg.services.reporting.views import SourceView, claim_view, source_view
from claimreg.store.port import Equals, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.model import Record, RecordT
    from claimreg.services.reporting.views import ClaimView
    from claimreg.store.port import Reader

GivenT = TypeVar("GivenT")


class PartyView(NamedTuple):
    """A party with its other names, those of the parties merged into it among them."""

    party: Party
    aliases: tuple[str, ...]


class Selection:
    """Claims to be exported, all where ``claims`` is ``None``; it reads from a snapshot while it is iterated over, again each time.

    ``given`` counts, by noun, what the last iteration over each kind has given so far.
    """

    def __init__(self, reader: Reader, claims: Sequence[str] | None = None) -> None:
        self.reader = reader
        self.given: Counter[str] = Counter()
        self._claims = claims
        self._chosen_ids = frozenset(claims or ())

    @property
    def is_whole(self) -> bool:
        """Return whether everything in the registry was chosen."""
        return self._claims is None

    def has(self, claim_id: str) -> bool:
        """Return whether a claim was chosen."""
        return self._claims is None or claim_id in self._chosen_ids

    def claims(self) -> Iterator[ClaimView]:
        """The claims, with all that is said of them."""
        return self._counted(Claim.NOUN, self._views())

    def _views(self) -> Iterator[ClaimView]:
        return (claim_view(reader, claim) for claim, reader in read_ahead(self.reader, self._chosen()))

    def external_ids(self) -> Iterator[str]:
        """The ids that the claims have elsewhere."""
        return (claim.external_id for claim in self._chosen() if claim.external_id is not None)

    def parties(self) -> Iterator[PartyView]:
        """The parties that speak in the claims; all, where everything was chosen. One that was merged is the one that it counts as."""
        return self._counted(Party.NOUN, self._parties())

    def _parties(self) -> Iterator[PartyView]:
        parties = self.reader.find(Party) if self.is_whole else _of(self.reader, Party, (one.party_id for one in self._attributions()))
        found = {one.id: one for one in (canonical(self.reader, party) for party in parties)}
        for party in sorted(found.values(), key=lambda one: record_number(one.id)):
            names = dict.fromkeys(alias.name for alias in aliases_of(self.reader, party))
            yield PartyView(party, tuple(name for name in names if name != party.name))

    def sources(self) -> Iterator[SourceView]:
        """The sources that the claims' statements name or are linked to; all, where everything was chosen."""
        sources = self.reader.find(Source) if self.is_whole else _of(self.reader, Source, self._source_ids())
        return self._counted(Source.NOUN, (source_view(self.reader, source) for source in sources))

    def relations(self) -> Iterator[Relation]:
        """The relations whose claims were both chosen."""
        return self._counted(Relation.NOUN, self._relations())

    def _relations(self) -> Iterator[Relation]:
        if self._claims is None:
            yield from self.reader.find(Relation)
            return
        for relation in self.reader.find(Relation, OneOf("claim_id", tuple(self._claims))):
            if self.has(relation.other_claim_id):
                yield relation

    def count(self, kind: type[Record]) -> int:
        """Return how many records of a kind the claims have, or are; all in the registry, where everything was chosen.

        A link that a later one carries on is the same one.
        """
        if self._claims is None:
            return sum(not isinstance(one, Link) or one.anchored_from is None for one in self.reader.find(kind))
        if kind is Claim:
            return len(self._claims)
        if kind in (Party, Relation):
            return sum(1 for _ in (self._parties() if kind is Party else self._relations()))
        if kind is Link:
            links = (self.reader.find(Link, Equals("attribution_id", one.id)) for one in self._attributions())
            return sum(one.anchored_from is None for found in links for one in found)
        return sum(1 for one in self._claims for _ in self.reader.find(kind, Equals("claim_id", one)))

    def _counted(self, noun: str, given: Iterator[GivenT]) -> Iterator[GivenT]:
        self.given[noun] = 0
        for one in given:
            self.given[noun] += 1
            yield one

    def _chosen(self) -> Iterator[Claim]:
        if self._claims is None:
            return self.reader.find(Claim)
        return (require(self.reader, Claim, one) for one in self._claims)

    def _attributions(self) -> Iterator[Attribution]:
        for claim in self._chosen():
            yield from self.reader.find(Attribution, Equals("claim_id", claim.id))

    def _source_ids(self) -> Iterator[str]:
        for one in self._attributions():
            if one.source_id:
                yield one.source_id
            yield from (link.source_id for link in self.reader.find(Link, Equals("attribution_id", one.id)))


def selected(reader: Reader, claim_ids: Sequence[str] = (), case: str | None = None) -> Selection:
    """The claims of these ids, else of a case, else everything; raises `UsageError` for both, `NotFoundError` for what is not there."""
    from claimreg.errors import UsageError

    if claim_ids and case is not None:
        raise UsageError("Give claims or --case, not both.")
    if claim_ids:
        ids = {require(reader, Claim, one).id for one in claim_ids}
        return Selection(reader, sorted(ids, key=record_number))
    if case is None:
        return Selection(reader)
    ids = {claim.id for claim in claims_of_case(reader, case)}
    return Selection(reader, sorted(ids, key=record_number))


def _of(reader: Reader, kind: type[RecordT], ids: Iterable[str]) -> Iterator[RecordT]:
    return (require(reader, kind, one, withdrawn=True) for one in sorted(set(ids), key=record_number))
