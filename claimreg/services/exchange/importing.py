"""The importer below all formats: records the rows that a reader gives, all or none but for bad ones, and nothing that is here already.

It fetches nothing. What it cannot record it tells; see `claimreg.services.exchange.rows` for what the rows are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from string import digits
from typing import TYPE_CHECKING, NamedTuple

from claimreg.characters import unfit_characters
from claimreg.corpus.jsonl import BadLine, bad_line_error
from claimreg.errors import NotFoundError, UsageError
from claimreg.frozen import replace
from claimreg.model import Attribution, Claim, Link, Relation, Verdict, record_number, record_type_of
from claimreg.services.evidence.bundle.layout import registry_identity
from claimreg.services.exchange.numbers import Numbers
from claimreg.services.exchange.outside_ids import OWN_URNS, id_key, named_id, spellings
from claimreg.services.exchange.placing import Placing
from claimreg.services.exchange.rows import ClaimRow, PartyRow, RelationRow, SourceRow, Told
from claimreg.services.exchange.taking_in import Parties, Sources
from claimreg.services.lookup import canonical_claim
from claimreg.services.recording.claims import record_attribution, record_claim, record_relation
from claimreg.services.recording.fields import new_fields
from claimreg.shapes import is_date
from claimreg.store.port import Equals, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.model import Party, Source
    from claimreg.services.exchange.rows import LinkRow, Row, StatementRow, VerdictRow
    from claimreg.store.port import Writer

MOST_IDS = 10_000
"""Ids of new records that are told one by one."""

_ROWS_AT_ONCE = 250
_LETTERS_AT_ONCE = 2**22
_LETTERS_TOLD = 60


class ImportOptions(NamedTuple):
    """Manner of recording rows: whether the first bad one ends it, what leads the ids of the file, which party stands for crowds.

    ``name`` is what errors call the file.
    """

    strict: bool = False
    source_name: str | None = None
    crowd: str | None = None
    name: str = "The file"


_AS_IT_IS = ImportOptions()


@dataclass(slots=True)
class NewIds:
    """Ids of new records of one type: how many there are, and the first of them (at most `MOST_IDS`)."""

    count: int = 0
    ids: list[str] = field(default_factory=list)
    last: str = ""

    def add(self, record_id: str) -> None:
        """Note one."""
        self.count += 1
        self.last = record_id
        if len(self.ids) < MOST_IDS:
            self.ids.append(record_id)

    @property
    def are_all(self) -> bool:
        """Return whether ``ids`` has every one."""
        return self.count == len(self.ids)

    def each(self) -> Iterable[str]:
        """Every id; where there are too many to keep them, those from the first to the last, all of which the same import gave."""
        if self.are_all:
            return self.ids
        first, last = record_number(self.ids[0]), record_number(self.last)
        return (f"{self.last.rstrip(digits)}{number}" for number in range(first, last + 1))


@dataclass(slots=True)
class ImportResult:
    """Result of an import.

    ``new`` counts new records by the noun of their type, ``there`` claim rows of which everything was here already, ``rows`` all claim
    rows that were recorded or there. ``conflicts`` are rows whose id is that of a claim here with another text, ``bad`` those that could
    not be read or recorded, ``unresolved`` those recorded without a source, as there is none of that name. ``left_out`` counts by nouns
    what was read and not recorded. ``new_quotes`` are new attributions with a quote. ``told`` is what the reader told, too.
    """

    new: Counter[str] = field(default_factory=Counter)
    there: int = 0
    rows: int = 0
    conflicts: list[BadLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    unresolved: list[BadLine] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    new_claims: NewIds = field(default_factory=NewIds)
    new_quotes: NewIds = field(default_factory=NewIds)
    told: Told = field(default_factory=Told)

    @property
    def claims(self) -> int:
        """The number of new claims."""
        return self.new[Claim.NOUN]

    @property
    def attributions(self) -> int:
        """The number of new attributions."""
        return self.new[Attribution.NOUN]

    @property
    def undated(self) -> list[BadLine]:
        """The rows that were recorded without a date, as theirs was none."""
        return self.told.undated


def import_rows(
    writer: Writer,
    rows: Iterable[Row | BadLine],
    *,
    told: Told,
    options: ImportOptions = _AS_IT_IS,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportResult:
    """Record the rows of a file; raises `InputError` for the first bad one where ``options`` ask for that.

    ``told`` is what their reader tells of them, and is told more here. ``progress`` is told how many claim rows were done.
    """
    importer = _Importer(writer, told, options)
    result = importer.result
    done = 0
    for batch in _batches(rows):
        importer.look_up([row for row in batch if isinstance(row, ClaimRow)])
        for row in batch:
            importer.take_in(row)
            done += isinstance(row, ClaimRow)
        progress(done)
    importer.relate()
    result.new = +result.new
    return result


class _Importer:
    def __init__(self, writer: Writer, told: Told, options: ImportOptions) -> None:
        self.result = ImportResult(told=told)
        self._writer = writer
        self._told = told
        self._options = options
        self._parties = Parties(writer, options.crowd, self.result.new, self._note)
        self._sources = Sources(writer, self.result.new)
        self._placing = Placing(writer)
        self._claims = Numbers()
        self._here: dict[str, Claim] = {}
        self._relations: list[RelationRow] = []
        self._identity = ""

    def look_up(self, rows: list[ClaimRow]) -> None:
        """Find the claims here that have the ids of the rows, of all at once."""
        name = self._options.source_name
        ids = {one for row in rows if (own := row.fields.external_id) for one in spellings(named_id(own, name), name)}
        found = self._writer.find(Claim, OneOf("external_id", tuple(ids)), withdrawn=True) if ids else iter(())
        self._here = {}
        for claim in found:
            if self._is_here(claim):
                self._here.setdefault(id_key(claim.external_id or "", name), claim)

    def take_in(self, row: Row | BadLine) -> None:
        """Record one row, or tell why not."""
        try:
            match row:
                case BadLine():
                    self._tell(self.result.bad, row)
                case ClaimRow():
                    self._claim(row)
                case PartyRow():
                    _check_texts((row.name, *row.aliases))
                    self._parties.take_in(row)
                case SourceRow():
                    self._source(row)
                case RelationRow():
                    self._relations.append(row)
        except (UsageError, NotFoundError) as error:
            self._tell(self.result.bad, BadLine(row.number, str(error)))
        undated = next((one for one in self._told.undated if one.number <= row.number), None) if self._options.strict else None
        if undated is not None:
            raise bad_line_error(self._options.name, undated)

    def relate(self) -> None:
        """Record the relations, now that all claims are."""
        for row in self._relations:
            claim, other = self._of_key(row.claim), self._of_key(row.other)
            if claim is None or other is None:
                self.result.left_out[Relation.NOUN] += 1
                self._note(row.number, "it relates a claim that is not in the file")
                continue
            if claim.id == other.id and row.claim != row.other:
                # Two of the file that were merged here.
                continue
            try:
                _relation, is_new = record_relation(self._writer, claim, row.kind, other)
            except UsageError as error:
                self._tell(self.result.bad, BadLine(row.number, str(error)))
                continue
            self.result.new[Relation.NOUN] += is_new

    def _source(self, row: SourceRow) -> None:
        _check_texts((row.key, row.canonical_url, *row.details))
        self._sources.take_in(row)
        self.result.left_out["withheld source"] += row.withheld is not None

    def _claim(self, row: ClaimRow) -> None:
        _check_row(row)
        parties = [self._parties.of(one) for one in row.statements]
        own = named_id(row.fields.external_id, self._options.source_name) if row.fields.external_id else None
        claim = self._known(row, own)
        if claim is not None and claim.text.strip() != row.fields.text.strip():
            self._conflict(row, claim)
            return
        is_new = claim is None
        claim = claim or record_claim(self._writer, row.fields._replace(external_id=own))
        self._remember(row, own, claim)
        claim = canonical_claim(self._writer, claim)
        records = self._state(row, claim, parties, is_new=is_new) + self._judge(row, claim, is_new=is_new)
        self.result.rows += 1
        if is_new:
            self.result.new[Claim.NOUN] += 1
            self.result.new_claims.add(claim.id)
        elif not records:
            self.result.there += 1

    def _known(self, row: ClaimRow, own: str | None) -> Claim | None:
        """The claim that the row is one with: of the file, or else of the registry."""
        number = self._claims.get(f"key {row.key}") if row.key is not None else None
        if number is None and own is not None:
            key = id_key(own, self._options.source_name)
            number = self._claims.get(f"id {key}")
            if number is None:
                return self._here.get(key) or self._own(row)
        return self._writer.get(Claim, f"{Claim.PREFIX}{number}") if number is not None else None

    def _own(self, row: ClaimRow) -> Claim | None:
        """The claim here that has a row's id as its own, and the same words: the file was exported from this registry."""
        given = row.fields.external_id or ""
        if given.startswith(OWN_URNS):
            self._identity = self._identity or registry_identity(self._writer) or "none"
            given = given.removeprefix(f"{OWN_URNS}{self._identity}/")
        if self._options.source_name or record_type_of(given) is not Claim:
            return None
        claim = self._writer.get(Claim, given)
        return claim if claim is not None and self._is_here(claim) and claim.text.strip() == row.fields.text.strip() else None

    def _is_here(self, claim: Claim) -> bool:
        """Return whether a claim, or the one that it was merged into, is in use."""
        return canonical_claim(self._writer, claim).removed_at is None

    def _remember(self, row: ClaimRow, own: str | None, claim: Claim) -> None:
        number = record_number(claim.id)
        if own is not None:
            self._claims.put(f"id {id_key(own, self._options.source_name)}", number)
        if row.key is not None and row.key != row.fields.external_id:
            self._claims.put(f"key {row.key}", number)

    def _of_key(self, key: str) -> Claim | None:
        number = self._claims.get(f"key {key}")
        if number is None:
            name = self._options.source_name
            number = self._claims.get(f"id {id_key(named_id(key, name), name)}")
        claim = self._writer.get(Claim, f"{Claim.PREFIX}{number}") if number is not None else None
        return canonical_claim(self._writer, claim) if claim is not None else None

    def _conflict(self, row: ClaimRow, claim: Claim) -> None:
        named = row.fields.external_id or row.key
        here, there = _shortened(claim.text), _shortened(row.fields.text)
        why = f"“{_shortened(named or '')}” is {claim.id} with another text, “{here}”, not “{there}”; nothing of it was recorded"
        self._tell(self.result.conflicts, BadLine(row.number, why))

    def _state(self, row: ClaimRow, claim: Claim, parties: list[Party | None], *, is_new: bool) -> int:
        """Record the statements that are not there yet; returns how many."""
        known = [] if is_new else self._attributions(claim)
        count = 0
        for statement, named in zip(row.statements, parties, strict=True):
            name = self._parties.name_of(statement)
            if name is None:
                written = _shortened(statement.fields.party_as_written)
                self._note(row.number, f"“{written}” names nobody, so the claim was recorded without who made it; --crowd NAME keeps it")
                continue
            party = named or self._parties.made(name)
            source = self._source_of(row, statement)
            attribution = record_attribution(self._writer, claim, party, source, statement.fields, known=known)
            if all(one.id != attribution.id for one in known):
                known.append(attribution)
                count += 1
                self.result.new[Attribution.NOUN] += 1
                if attribution.quote:
                    self.result.new_quotes.add(attribution.id)
                for link in statement.links:
                    self._link(attribution, source, link)
        return count

    def _attributions(self, claim: Claim) -> list[Attribution]:
        """The claim's attributions, each of the party that its own counts as now."""
        found = self._writer.find(Attribution, Equals("claim_id", claim.id))
        return [replace(one, party_id=self._parties.counts_as(one.party_id)) for one in found]

    def _source_of(self, row: ClaimRow, statement: StatementRow) -> Source | None:
        if statement.source is None or not statement.source.strip():
            return None
        source = self._sources.named(statement.source, within=statement.within)
        if source is None and not self._sources.is_left_out(statement.source):
            where = " in the file" if statement.within else ""
            why = f"there is no source “{_shortened(statement.source)}”{where}; the statement was recorded without it"
            self._tell(self.result.unresolved, BadLine(row.number, why))
        return source

    def _link(self, attribution: Attribution, source: Source | None, row: LinkRow) -> None:
        inside = self._sources.named(row.source, within=True) if row.source is not None else source
        link = self._placing.link(attribution, inside, row) if inside is not None else None
        (self.result.new if link is not None else self.result.left_out)[Link.NOUN] += 1

    def _judge(self, row: ClaimRow, claim: Claim, *, is_new: bool) -> int:
        """Record the verdicts that are not there yet, each superseding the one before; returns how many."""
        if not row.verdicts:
            return 0
        known = [] if is_new else list(self._writer.find(Verdict, Equals("claim_id", claim.id)))
        count = 0
        for verdict in row.verdicts:
            if not any(_is_same(one, verdict) for one in known):
                latest = known[-1].id if known else None
                stated = verdict._asdict() | {"rated_at": verdict.rated_at or self._writer.change.at}
                known.append(self._writer.put(Verdict(**new_fields(self._writer, Verdict), claim_id=claim.id, **stated, supersedes=latest)))
                count += 1
        self.result.new[Verdict.NOUN] += count
        return count

    def _tell(self, kept: list[BadLine], bad: BadLine) -> None:
        if self._options.strict:
            raise bad_line_error(self._options.name, bad)
        kept.append(bad)

    def _note(self, number: int, why: str) -> None:
        self._told.notes.append(BadLine(number, why))


def _batches(rows: Iterable[Row | BadLine]) -> Iterator[list[Row | BadLine]]:
    """Rows that are looked up together, few where their texts are long."""
    batch: list[Row | BadLine] = []
    letters = 0
    for row in rows:
        batch.append(row)
        letters += len(row.fields.text) if isinstance(row, ClaimRow) else 0
        if len(batch) == _ROWS_AT_ONCE or letters > _LETTERS_AT_ONCE:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _is_same(known: Verdict, row: VerdictRow) -> bool:
    same = (known.rating, known.scheme, known.rationale, known.author) == (row.rating, row.scheme, row.rationale, row.author)
    return same and (row.rated_at is None or row.rated_at == known.rated_at)


def _check_row(row: ClaimRow) -> None:
    """Raise `UsageError` for a row that cannot be recorded whole."""
    fields = row.fields
    if not fields.text.strip():
        raise UsageError("the claim has no text")
    _check_texts((fields.text, fields.title, fields.case, fields.external_id, *fields.tags))
    for statement in row.statements:
        _check_texts((statement.source, *statement.fields))
        if statement.fields.said_at is not None and not is_date(statement.fields.said_at):
            raise UsageError(f"“{_shortened(statement.fields.said_at)}” is no date")
    for verdict in row.verdicts:
        _check_texts(verdict)
        if not verdict.rating.strip():
            raise UsageError("its verdict is empty")
        if verdict.rated_at is not None and not is_date(verdict.rated_at):
            raise UsageError(f"“{_shortened(verdict.rated_at)}” is no date")


def _check_texts(texts: Iterable[str | None]) -> None:
    for text in texts:
        if text and (unfit := unfit_characters(text)) is not None:
            raise UsageError(f"it holds {unfit}")


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS_TOLD else f"{text[: _LETTERS_TOLD - 1]}…"
