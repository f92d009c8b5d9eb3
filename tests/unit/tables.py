"""A registry with something for each column of a table, and what is read from bytes and written to them."""

from __future__ import annotations

import io

from claimreg.corpus.jsonl import BadLine
from claimreg.interchange.formats import FORMATS, Writing, read, write
from claimreg.model import Claim, Link, LinkKind, LinkState, RelationKind, Span, Stance
from claimreg.opening import Documents
from claimreg.opening import Reading as ReadingOfDocuments
from claimreg.registry import Registry
from claimreg.services.exchange.importing import ImportResult
from claimreg.services.exchange.rows import ClaimRow, Reading, Row, SourceRow, Told
from claimreg.services.recording.claims import (
    AttributionFields,
    ClaimFields,
    record_attribution,
    record_claim,
    record_relation,
    record_verdict,
)
from claimreg.services.recording.fields import new_fields
from claimreg.services.recording.parties import add_alias, create_party
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, capture_of, store_source
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Writer
from claimreg.vocabulary import Flag

FORMS = {one.name: one for one in FORMATS}
NOTICE = "Notice. The night ferry will not run before the pier is repaired, the harbour office says.\n"
URL = "https://harbour.example/notice"


def new_registry() -> Registry:
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T10:00:00Z", documents=Documents(ReadingOfDocuments()))
    return Registry(MemoryStore(), around)


def fill(registry: Registry, *, withheld: str | None = None) -> None:
    """Two claims: one with all that a table has columns for and some things that it has none for, one bare."""
    with registry.write("add") as writer:
        claim = record_claim(writer, ClaimFields('=The night ferry\nis "cancelled"', "Ferry", "en", "Harbour", ("sea", "law"), "desk-7"))
        other = record_claim(writer, ClaimFields("The night ferry runs"))
        office, captain = create_party(writer, "Harbour office"), create_party(writer, "Captain; Serik")
        add_alias(writer, office, "Office of the harbour")
        details = SourceDetails("The notice", "Harbour paper", "2025-12-01", "en", URL)
        source = store_source(writer, IncomingDocument(NOTICE.encode(), NOTICE, "notice.txt"), details, withheld=withheld).source
        said = AttributionFields(Stance.ASSERTS, office.name, "ferry will not run until the pier", "en", "2025-12")
        attribution = record_attribution(writer, claim, office, source, said)
        record_attribution(writer, claim, captain, None, AttributionFields(Stance.DENIES, captain.name, "'=It runs", None, "2025-12-02"))
        capture = capture_of(writer, source)
        put_link(writer, attribution.id, source.id, capture.id, state=LinkState.SUGGESTED, edits=1)
        put_link(writer, attribution.id, source.id, capture.id, state=LinkState.CONFIRMED, edits=2)
        record_relation(writer, other, RelationKind.CONTRADICTS, claim)
        record_verdict(writer, claim, "True", scheme=None, rationale=None, author=None)
        record_verdict(writer, claim, "Misleading", scheme="Desk", rationale="Seen on the pier.", author="ann")


def put_link(writer: Writer, attribution_id: str, source_id: str, capture_id: str, *, state: LinkState, edits: int) -> None:
    start = NOTICE.index("ferry")
    writer.put(
        Link(
            **new_fields(writer, Link), attribution_id=attribution_id, source_id=source_id, capture_id=capture_id, start=start,
            end=start + 18, exact=NOTICE[start : start + 18], prefix="", suffix="", score=90.0, kind=LinkKind.ALTERED, state=state,
            parts=(Span(start, start + 18),), edits=edits, flags=(Flag.NEGATION, Flag.DATE), not_judged=("tense",), method="test/1",
        )
    )  # fmt: skip


def written(registry: Registry, form: str, told: Told | None = None, *, excel: bool = False, empty: bool = False) -> bytes:
    with registry.selection() as selection:
        return b"".join(write(FORMS[form], selection, Writing(told or Told(), excel=excel, empty=empty)))


def rows_of(content: bytes, form: str = "csv", told: Told | None = None, **how: object) -> list[Row | BadLine]:
    reading = Reading("table", told or Told(), **how)  # type: ignore[arg-type]  # any of its fields
    return list(read(FORMS[form], io.BytesIO(content), reading))


def claims_of(content: bytes, form: str = "csv", told: Told | None = None, **how: object) -> list[ClaimRow]:
    """The claims of a table without a bad row."""
    rows = rows_of(content, form, told, **how)
    assert not [one for one in rows if not isinstance(one, ClaimRow | SourceRow)]
    return [one for one in rows if isinstance(one, ClaimRow)]


def imported(content: bytes, form: str) -> tuple[Registry, ImportResult]:
    """A new registry with what a table has."""
    registry, told = new_registry(), Told()
    reading = Reading("table", told)
    result = registry.import_rows(read(FORMS[form], io.BytesIO(content), reading), told=told)
    assert (result.bad, result.conflicts, result.unresolved, told.undated, told.notes) == ([], [], [], [], [])
    return registry, result


def texts_of(registry: Registry) -> list[str]:
    return [one.text for one in registry.reader.find(Claim)]
