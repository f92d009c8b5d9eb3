"""A whole case handed in as one JSON object, as the bundled demo is: sources, parties, claims, relations, verdicts."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import InputError
from claimreg.linker.types import Findings
from claimreg.model import Attribution, Claim, Link, Party, RelationKind, Source, Stance
from claimreg.services.entry.statements import record_statement
from claimreg.services.linking.likely import are_many
from claimreg.services.linking.links import propose_links, store_links
from claimreg.services.linking.looked import looking, note_looked
from claimreg.services.linking.recapture import link_first
from claimreg.services.linking.texts import find_within, stored_texts
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_claim, record_relation, record_verdict
from claimreg.services.recording.parties import add_alias, create_party, resolve
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, capture_of, store_source
from claimreg.store.port import Equals, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimreg.linker import Linker


class CaseFile(NamedTuple):
    """The case as it was read, and its documents by file name."""

    case: Mapping[str, Any]
    documents: Mapping[str, IncomingDocument]


def record_case(writer: Writer, file: CaseFile, linker: Linker) -> tuple[Claim, ...]:
    """Record everything in the case and link its quotes; returns the claims."""
    sources = {one["file"]: _record_source(writer, file, one, linker) for one in file.case["sources"]}
    parties = {one["name"]: _record_party(writer, one) for one in file.case["parties"]}
    claims: dict[str, Claim] = {}
    for one in file.case["claims"]:
        fields = ClaimFields(text=one["text"], lang=one.get("lang"), case=file.case["case"], tags=tuple(one.get("tags", ())))
        claims[one["key"]] = record_claim(writer, fields)
        for statement in one["attributions"]:
            _record_statement(writer, claims[one["key"]], statement, parties, sources, linker)
    for one in file.case.get("relations", ()):
        record_relation(writer, claims[one["claim"]], RelationKind(one["kind"]), claims[one["other"]])
    for one in file.case.get("verdicts", ()):
        record_verdict(
            writer, claims[one["claim"]], one["rating"], scheme=one.get("scheme"), rationale=one.get("rationale"), author=one.get("author")
        )
    _look_everywhere(writer, claims.values(), linker)
    return tuple(claims.values())


def _look_everywhere(writer: Writer, claims: Iterable[Claim], linker: Linker) -> None:
    """Look for the quotes that are not in the source named for them in all others, unless these are too many to read at once."""
    if are_many(writer):
        return
    said = (one for claim in claims for one in writer.find(Attribution, Equals("claim_id", claim.id)) if one.quote)
    lost = [one for one in said if next(writer.find(Link, Equals("attribution_id", one.id)), None) is None]
    looked = looking(writer, linker.name)
    store_links(writer, propose_links(writer, lost, writer.find(Source), linker), linker.name)
    note_looked(writer, lost, looked)


def _record_source(writer: Writer, file: CaseFile, one: Mapping[str, Any], linker: Linker) -> Source:
    details = SourceDetails(one.get("title"), one.get("publisher"), one.get("published_at"), one.get("lang"), one.get("url"))
    stored = store_source(writer, file.documents[one["file"]], details, typed=False)
    if stored.is_first:
        link_first(writer, stored.source, linker)
    return stored.source


def _record_party(writer: Writer, one: Mapping[str, Any]) -> Party:
    party = resolve(writer, one["name"]).party or create_party(writer, one["name"])
    for alias in one.get("aliases", ()):
        add_alias(writer, party, alias)
    return party


def _record_statement(
    writer: Writer, claim: Claim, one: Mapping[str, Any], parties: Mapping[str, Party], sources: Mapping[str, Source], linker: Linker
) -> None:
    source = sources.get(one.get("source") or "")
    fields = AttributionFields(Stance(one["stance"]), one["party"], one.get("quote"), one.get("lang"), one.get("said_at"))
    findings = Findings()
    if source is not None and fields.quote:
        # A quote that cannot be told by its words has no place; the case is recorded all the same.
        with suppress(InputError):
            texts = stored_texts(writer, capture_of(writer, source))
            findings = find_within(fields.quote, texts, linker, fields.lang or source.lang)
    record_statement(
        writer, claim, parties[one["party"]], source, fields, findings, linker.name,
        known=writer.find(Attribution, Equals("claim_id", claim.id)),
    )  # fmt: skip
