"""Statements: who takes which stance on a claim, in which words, in which source; found out first, then recorded with their links."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.types import Findings
from claimreg.model import Attribution, Claim, Link, Looked, Party, Source, Stance
from claimreg.services.linking.links import LinkProposal, store_links, store_looking
from claimreg.services.linking.looked import as_far_as_seen, looking, note_looked
from claimreg.services.linking.texts import find_within, read_texts, stored_texts
from claimreg.services.lookup import require
from claimreg.services.recording.claims import AttributionFields, record_attribution
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_text
from claimreg.services.recording.parties import canonical, create_party, resolve
from claimreg.services.recording.places import label_of
from claimreg.services.recording.sources import (
    SourceDetails,
    capture_of,
    find_source,
    latest_capture,
    locators_of,
    store_source,
    stored_source,
)
from claimreg.services.reporting.views import Where, where_of
from claimreg.services.withholding import link_or_withheld
from claimreg.store.port import Equals, Reader, Store, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from claimreg.linker import Linker
    from claimreg.services.finding.duplicates import Kin
    from claimreg.services.linking.links import Looking
    from claimreg.services.recording.sources import IncomingDocument
    from claimreg.services.reporting.views import ClaimView
    from claimreg.services.surroundings import DocumentReader, NearlySame, Questions, Surroundings


NOTHING_FOUND = Findings()


class Plan(NamedTuple):
    """A statement with what was found out before anything is written; a document is one that is not stored yet.

    ``anywhere`` has what was found in all stored texts, of a quote without a source; ``None`` where nobody looked.
    """

    statement: AttributionFields
    party: Party | None
    source: Source | None = None
    document: IncomingDocument | None = None
    findings: Findings = NOTHING_FOUND
    anywhere: Looking | None = None


class Recorded(NamedTuple):
    """A statement as it was recorded, and which of its records are new.

    ``contrary`` are claims that the new one may contradict; ``view`` is the claim as it stands then, where it was asked for. ``where``
    tells more of the links' places, by their ids, and ``nearest_place`` is the label of the nearest one, where the quote was not found.
    ``is_captured`` is false where there is no text yet of the source to look in.
    """

    claim: Claim
    attribution: Attribution
    party: Party
    source: Source | None
    links: tuple[Link, ...]
    findings: Findings
    new_claim: bool = False
    new_attribution: bool = True
    new_party: bool = False
    new_source: bool = False
    contrary: tuple[Kin, ...] = ()
    view: ClaimView | None = None
    where: Mapping[str, Where] = MappingProxyType({})
    nearest_place: str | None = None
    is_captured: bool = True


def checked_statement(by: str, stance: str, quote: str | None, lang: str | None, said: str | None) -> AttributionFields:
    """The fields of an attribution; raises `UsageError` for what cannot be recorded."""
    known_lang = checked_language(lang) if lang else None
    return AttributionFields(
        stance=checked_choice(stance, Stance, "stance"),
        party_as_written=checked_text(by, "party's name"),
        quote=checked_text(quote, "quote") if quote is not None else None,
        lang=known_lang,
        said_at=checked_date(said, lang=known_lang) if said else None,
    )


def plan_statement(reader: Store, statement: AttributionFields, reference: str | None, around: Surroundings) -> Plan:
    """Find the statement's party and source, and its quote in the source's text; without a source, in all that are stored."""
    source, document = find_or_read_source(reader, reference, around.documents)
    capture = latest_capture(reader, source) if source is not None else None
    texts = read_texts(document) if document else stored_texts(reader, capture) if capture is not None else None
    findings = NOTHING_FOUND
    if statement.quote and texts is not None:
        findings = find_within(statement.quote, texts, around.linker(None), statement.lang or (source.lang if source else None))
    name = statement.party_as_written
    party = around.questions().party(name, resolve(reader, name))
    anywhere = _look_anywhere(reader, statement, around) if reference is None and statement.quote else None
    return Plan(statement, party, source, document, findings, anywhere)


def _look_anywhere(store: Store, statement: AttributionFields, around: Surroundings) -> Looking | None:
    from claimreg.services.linking.new_quotes import look_anywhere

    unstored = Attribution(id="", recorded_at="", recorded_by="", claim_id="", party_id="", **statement._asdict())
    return look_anywhere(store, unstored, around.linker, around.tell_aside)


def find_or_read_source(
    reader: Reader, reference: str | None, documents: DocumentReader, *, guess_language: bool = True
) -> tuple[Source | None, IncomingDocument | None]:
    """The source that a reference names, or else the document it leads to."""
    if reference is None:
        return None, None
    source = find_source(reader, reference)
    if source is not None:
        return source, None
    known = stored_source(reader, sha256) if (sha256 := documents.sha256_of(reference)) else None
    return (known, None) if known is not None else (None, documents.read(reference, guess_language=guess_language))


def asked_of(reader: Reader, same: Claim, plan: Plan, questions: Callable[[], Questions]) -> NearlySame:
    """The answer of a person to what becomes of a statement whose claim is nearly there already."""
    from claimreg.services.finding.duplicates import speaks_already

    name = plan.party.name if plan.party else plan.statement.party_as_written
    return questions().nearly_same(same, name, speaks_already=speaks_already(reader, same, plan.party))


def record_plan(writer: Writer, claim: Claim, plan: Plan, linker: Linker) -> Recorded:
    """Record a statement on a claim as it was planned; the party and the document are stored where they are new."""
    # Looked up again inside the transaction: another process may have recorded the party since.
    name = plan.statement.party_as_written
    party = canonical(writer, require(writer, Party, plan.party.id)) if plan.party else resolve(writer, name, alike=False).party
    new_party = party is None
    party = party or create_party(writer, name)
    source, new_source, findings = plan.source, False, plan.findings
    if plan.document is not None:
        stored = store_source(writer, plan.document, SourceDetails())
        source, new_source = stored.source, stored.is_new
        if plan.statement.quote and not new_source and stored.previous is None:
            # What is there already may have left out other parts than what was read now.
            findings = find_within(plan.statement.quote, stored_texts(writer, stored.capture), linker, plan.statement.lang or source.lang)
    known = tuple(writer.find(Attribution, Equals("claim_id", claim.id)))
    if plan.anywhere is not None:
        attribution, links = record_found_anywhere(writer, claim, party, plan.statement, plan.anywhere, known=known)
    else:
        attribution, links = record_statement(writer, claim, party, source, plan.statement, findings, linker.name, known=known)
    return Recorded(
        claim, attribution, party, source, links, findings,
        new_attribution=all(one.id != attribution.id for one in known), new_party=new_party, new_source=new_source,
        where={link.id: told for link in links if (told := where_of(writer, link)) is not None},
        nearest_place=_nearest_place(writer, source, findings) if source is not None and not links else None,
        is_captured=source is None or latest_capture(writer, source) is not None,
    )  # fmt: skip


def recorded_plan(writer: Writer, claim: Claim, plan: Plan, linker: Linker, *, view: bool) -> Recorded:
    """The outcome of `record_plan`, with the claim as it stands then where ``view`` asks for that."""
    recorded = record_plan(writer, claim, plan, linker)
    if not view:
        return recorded
    from claimreg.services.reporting.views import claim_view

    return recorded._replace(view=claim_view(writer, claim))


def _nearest_place(reader: Reader, source: Source, findings: Findings) -> str | None:
    if findings.nearest is None:
        return None
    capture = capture_of(reader, source)
    return label_of(locators_of(reader, capture), findings.nearest.start, findings.nearest.end, capture.length)


def record_statement(
    writer: Writer,
    claim: Claim,
    party: Party,
    source: Source | None,
    fields: AttributionFields,
    findings: Findings = NOTHING_FOUND,
    method: str = "",
    *,
    known: Iterable[Attribution] = (),
) -> tuple[Attribution, tuple[Link, ...]]:
    """Record an attribution with the links to where its quote was found, as others may see them.

    ``known`` are the claim's attributions, none of a new one; one that says the same already is kept, and tells that its quote was
    looked for again, which it cannot be in a source that was not captured yet. ``method`` is the name of the linker.
    """
    known = tuple(known)
    capture = latest_capture(writer, source) if source is not None else None
    looked = looking(writer, method, [source.id]) if source is not None and capture is not None and fields.quote else None
    attribution = record_attribution(writer, claim, party, source, fields, known=known, looked=looked)
    if looked is not None and any(one.id == attribution.id for one in known):
        note_looked(writer, [attribution], looked)
    if source is None or capture is None or not attribution.quote:
        return attribution, ()
    proposal = LinkProposal(attribution, source, capture, findings.matches, findings.nearest)
    changes = store_links(writer, [proposal], method)
    return attribution, tuple(link_or_withheld(one, source, attribution) for one in (*changes.added, *changes.kept))


def record_found_anywhere(
    writer: Writer, claim: Claim, party: Party, fields: AttributionFields, looking: Looking, *, known: Iterable[Attribution] = ()
) -> tuple[Attribution, tuple[Link, ...]]:
    """Record an attribution without a source with the links to where its quote was found in all texts; see `record_statement`."""
    from claimreg.services.linking.new_quotes import of_attribution

    looked = as_far_as_seen(writer, Looked(writer.change.at, looking.head, looking.method))
    attribution = record_attribution(writer, claim, party, None, fields, known=known, looked=looked)
    linked = store_looking(writer, of_attribution(looking, attribution))
    return require(writer, Attribution, attribution.id), linked.found
