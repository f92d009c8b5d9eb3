"""Parties and sources that the rows of a file name: those that are here are found, the others recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.errors import NotFoundError, UsageError
from claimreg.model import Alias, Capture, Party, Source, record_number, record_type_of
from claimreg.services.exchange.numbers import Numbers
from claimreg.services.recording.bare import record_bare_source
from claimreg.services.recording.parties import add_alias, canonical, create_party, resolve
from claimreg.services.recording.sources import SourceDetails, captures_of, find_source, source_at, stored_source, with_details
from claimreg.store.port import Equals

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from claimreg.services.exchange.rows import PartyRow, SourceRow, StatementRow
    from claimreg.store.port import Writer

_LEFT_OUT = 0
"""Number of a source that the file has and that is not recorded."""

_MOST_REMEMBERED = 10_000


class Parties:
    """The parties of a file; ``crowd`` names the one party of all who are nobody.

    ``new`` counts what is recorded, by nouns; ``tell`` is told, with a row's number, what of a party is not recorded.
    """

    def __init__(self, writer: Writer, crowd: str | None, new: Counter[str], tell: Callable[[int, str], None]) -> None:
        self._writer = writer
        self._crowd = crowd
        self._new = new
        self._tell = tell
        self._by_key = Numbers()
        self._keyed: set[int] = set()
        self._by_name: dict[str, Party] = {}

    def take_in(self, row: PartyRow) -> None:
        """Record a party with its names; raises `ClaimregError` where it cannot be."""
        party = self.named(row.name) or self.made(row.name)
        if self._is_another(row, party):
            self._new[Party.NOUN] += 1
            party = self._remembered(row.name, create_party(self._writer, row.name))
        self._keyed.add(record_number(party.id))
        self._by_key.put(row.key, record_number(party.id))
        for alias in row.aliases:
            latest = self._writer.head()
            try:
                add_alias(self._writer, party, alias)
            except UsageError as error:
                self._tell(row.number, str(error))
            self._new[Alias.NOUN] += self._writer.head() != latest

    def of(self, statement: StatementRow) -> Party | None:
        """The party of a statement, where it is here; raises `ClaimregError` for a name that means several, or that nobody can have."""
        if statement.is_crowd:
            return self.named(self._crowd) if self._crowd else None
        number = self._by_key.get(statement.party) if statement.party is not None else None
        if number is not None:
            return self._writer.get(Party, f"{Party.PREFIX}{number}")
        return self.named(statement.fields.party_as_written)

    def name_of(self, statement: StatementRow) -> str | None:
        """The name that a statement's party is recorded under; ``None`` where it is nobody's."""
        return self._crowd if statement.is_crowd else statement.fields.party_as_written

    def named(self, name: str) -> Party | None:
        """The party that has this name, where there is one; raises as `of` does."""
        known = self._by_name.get(name)
        if known is not None:
            return known
        if record_type_of(name.strip()) is Party:
            raise UsageError(f"“{name}” is the id of a party, which may mean another one elsewhere; give its name")
        # Likeness alone never decides: what no name or alias matches is a party of its own.
        resolution = resolve(self._writer, name, alike=False)
        if resolution.party is None:
            self._check_new(name, resolution.candidates)
            return None
        return self._remembered(name, resolution.party)

    def made(self, name: str) -> Party:
        """A new party of this name, or the one that was made of it since."""
        known = self.named(name)
        if known is not None:
            return known
        self._new[Party.NOUN] += 1
        return self._remembered(name, create_party(self._writer, name))

    def counts_as(self, party_id: str) -> str:
        """The id of the party that one counts as."""
        party = self._writer.get(Party, party_id)
        return canonical(self._writer, party).id if party is not None else party_id

    def _is_another(self, row: PartyRow, party: Party) -> bool:
        """Return whether the file has a party of its own that has the row's name in another script, which the row's is not."""
        number = record_number(party.id)
        if number not in self._keyed or self._by_key.get(row.key) == number:
            return False
        return not resolve(self._writer, row.name, alike=False).as_written

    def _check_new(self, name: str, candidates: tuple[Party, ...]) -> None:
        from claimreg.text.name_keys import name_key

        key = name_key(name)
        if not key:
            raise UsageError(f"the name “{name}” has neither letters nor digits")
        if candidates and next(self._writer.find(Alias, Equals("key", key)), None) is not None:
            raise UsageError(f"“{name}” is a name of several parties: {', '.join(f'{one.id} {one.name}' for one in candidates)}")

    def _remembered(self, name: str, party: Party) -> Party:
        if len(self._by_name) >= _MOST_REMEMBERED:
            self._by_name.clear()
        self._by_name[name] = party
        return party


class Sources:
    """The sources of a file. None is fetched: one that is not here is recorded with its address and details alone.

    ``new`` counts those that are recorded.
    """

    def __init__(self, writer: Writer, new: Counter[str]) -> None:
        self._writer = writer
        self._new = new
        self._by_key = Numbers()
        self._by_reference = Numbers()
        self._by_text: dict[str, str] | None = None
        self._by_details: Numbers | None = None
        self._seen = Numbers()

    def take_in(self, row: SourceRow) -> None:
        """Record a source, unless it is here or withheld."""
        if row.withheld is not None:
            self._by_key.put(row.key, _LEFT_OUT)
            return
        known = self._known(row)
        if known is None:
            source = self._made(row.details, row.key, row.canonical_url)
        else:
            source = self._writer.put(with_details(known, row.details._replace(url=None), row.canonical_url))
        self._by_key.put(row.key, record_number(source.id))

    def is_left_out(self, reference: str) -> bool:
        """Return whether a statement's source is one of the file that is withheld."""
        return self._by_key.get(reference) == _LEFT_OUT

    def named(self, reference: str, *, within: bool = False) -> Source | None:
        """The source that a statement names, ``within`` the file alone or here, too; ``None`` for one that was left out, or is none."""
        number = self._by_key.get(reference)
        if number is None and within:
            return None
        number = number if number is not None else self._by_reference.get(reference)
        if number is not None:
            return self._writer.get(Source, f"{Source.PREFIX}{number}") if number != _LEFT_OUT else None
        try:
            source = find_source(self._writer, reference)
        except NotFoundError:
            return None
        if source is None and "://" in reference:
            source = self._made(SourceDetails(url=reference.strip()), reference)
        if source is not None:
            self._by_reference.put(reference, record_number(source.id))
        return source

    def _known(self, row: SourceRow) -> Source | None:
        known = stored_source(self._writer, row.sha256) if row.sha256 else None
        if known is None and row.details.url:
            known = source_at(self._writer, row.details.url)
        if known is None and row.text_sha256:
            known = self._of_text(row.text_sha256)
        if known is None and not row.details.url:
            known = self._of_details(_titled(row.details, row.key))
        return known

    def _of_details(self, details: SourceDetails) -> Source | None:
        """The source without address and capture that has these details; of several alike in the file, each is another one."""
        if self._by_details is None:
            self._by_details = _numbered(self._writer)
        told = _told(details)
        place = self._seen.get(told) or 0
        self._seen.put(told, place + 1)
        number = self._by_details.get(f"{place} {told}")
        return self._writer.get(Source, f"{Source.PREFIX}{number}") if number is not None else None

    def _of_text(self, sha256: str) -> Source | None:
        if self._by_text is None:
            self._by_text = {one.text_sha256: one.source_id for one in self._writer.find(Capture) if one.length}
        source = self._writer.get(Source, self._by_text[sha256]) if sha256 in self._by_text else None
        return source if source is not None and source.removed_at is None else None

    def _made(self, details: SourceDetails, key: str, canonical_url: str | None = None) -> Source:
        self._new[Source.NOUN] += 1
        return record_bare_source(self._writer, _titled(details, key), canonical_url=canonical_url)


def _titled(details: SourceDetails, key: str) -> SourceDetails:
    return details if details.title else details._replace(title=details.url or key)


def _told(details: SourceDetails | Source) -> str:
    return "\0".join(one or "" for one in (details.title, details.publisher, details.author, details.published_at))


def _numbered(writer: Writer) -> Numbers:
    """Numbers of sources without address and capture, by their details and their place among those of the same details."""
    numbers, seen = Numbers(), Numbers()
    for source in writer.find(Source):
        if not source.url and next(captures_of(writer, source), None) is None:
            told = _told(source)
            place = seen.get(told) or 0
            seen.put(told, place + 1)
            numbers.put(f"{place} {told}", record_number(source.id))
    return numbers
