"""JSON, NDJSON and CSV; the names of the schemas are kept here. Keys are only ever added."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from claimreg.model import Capture, Draft, Event, Link, LinkState, Party, Place, Verdict
from claimreg.render.safe import visible
from claimreg.services.reporting.states import quote_state
from claimreg.services.reporting.views import Where
from claimreg.services.withholding import is_withheld, offsets_of
from claimreg.store.chain import event_document
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from claimreg.model import Statement
    from claimreg.rank.explain import FoundWord
    from claimreg.services.evidence.verify import Verification
    from claimreg.services.extraction.drafts import Extracted
    from claimreg.services.finding.passages import Passage
    from claimreg.services.finding.search import Hit
    from claimreg.services.linking.links import DocumentsCheck, FoundIn
    from claimreg.services.reporting.report import Happening, Report, Section
    from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView, SourceView
    from claimreg.services.reviewing.queue import DraftQuestion, LinkQuestion, PairQuestion

Json: TypeAlias = dict[str, Any]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Beginnings of what spreadsheets take for a formula; the wide ones where the language is Japanese or Chinese."""


_OF_THE_DESK = ("note", "assignee")


def dumps(value: object, *, indent: int | None = 2) -> str:
    """A JSON document; characters that act instead of being seen are escaped, the others stand as they are."""
    return json_text(value, indent=indent)


def claim_json(view: ClaimView) -> Json:
    """A claim as the contract has it (``claimreg.claim/1``)."""
    claim = view.claim
    return {
        "schema": "claimreg.claim/1",
        **_fields(claim, "id", "text", "title", "lang", "case"),
        "tags": list(claim.tags),
        **_fields(claim, "external_id", "note", "assignee"),
        "attributions": [attribution_json(one) for one in view.attributions],
        "verdicts": [verdict_json(one) for one in view.verdicts],
        "relations": [_relation_json(one) for one in view.relations],
        **_fields(claim, "recorded_at", "recorded_by", "removed_at", "merged_into"),
    }


def attribution_json(view: AttributionView) -> Json:
    """An attribution with its links."""
    attribution = view.attribution
    return {
        "id": attribution.id,
        "party": _fields(view.party, "id", "name"),
        "party_as_written": attribution.party_as_written,
        "stance": attribution.stance.value,
        **_fields(attribution, "quote", "lang", "said_at", "source_id"),
        "links": [link_json(link, view.where.get(link.id)) for link in view.links],
        "state": state.value if (state := quote_state(view)) is not None else None,
        "looked": {"at": looked.at, "inside": list(looked.inside) or None} if (looked := attribution.looked) is not None else None,
        "rejected_by": list(view.rejected_by),
        **_fields(attribution, "recorded_at", "recorded_by"),
    }


def link_json(link: Link, where: Where | None = None) -> Json:
    """A link of the registry; ``where`` tells where in its source it is, if there is more to tell than offsets."""
    told = where or Where(None)
    return {
        **_fields(link, "id", "attribution_id", "source_id", "capture_id"),
        **place_fields(link),
        **where_fields(link, told.label, left_out=told.left_out),
        "state": link.state.value,
        "method": link.method,
    }


def rejudged_json(before: Link, after: Link, where: Where | None = None) -> Json:
    """A link that was judged again, with what the earlier method had said of it."""
    return {**link_json(after, where), "was": {**_verdict_fields(before), "state": before.state.value}}


def verdict_json(verdict: Verdict) -> Json:
    """A verdict."""
    return _fields(verdict, "id", "rating", "scheme", "rationale", "author", "rated_at", "supersedes")


def link_question_json(asked: LinkQuestion) -> Json:
    """A link that waits for a person (``claimreg.review/1``)."""
    return {
        "schema": "claimreg.review/1",
        "item": "link",
        "claim": _fields(asked.claim, "id", "text", "case"),
        "attribution": {
            "id": asked.stated.attribution.id,
            "party": _fields(asked.stated.party, "id", "name"),
            "stance": asked.stated.attribution.stance.value,
            **_fields(asked.stated.attribution, "quote", "said_at"),
        },
        "link": link_json(asked.link, asked.where),
        "source": _fields(asked.source, "id", "title", "published_at"),
        "other_links": [{"id": one.id, "state": one.state.value, "source_id": one.source_id} for one in asked.others],
        "was": _verdict_fields(asked.before) if asked.before is not None else None,
    }


def pair_question_json(asked: PairQuestion) -> Json:
    """Two claims that say nearly the same (``claimreg.review/1``); flags say what sets them apart."""
    pair = [_fields(one.claim, "id", "text", "case") for one in (asked.claim, asked.other)]
    return {"schema": "claimreg.review/1", "item": "claims", "claims": pair, "flags": [flag.value for flag in asked.flags]}


def draft_question_json(asked: DraftQuestion) -> Json:
    """A draft that waits for a person (``claimreg.review/1``)."""
    return {
        "schema": "claimreg.review/1",
        "item": "draft",
        "draft": statement_json(asked.draft.id, asked.draft),
        "party": {**_fields(asked.party, "id", "name"), "score": asked.likeness} if asked.party is not None else None,
        "source": _fields(asked.source, "id", "title", "published_at"),
    }


def extracted_json(found: Extracted) -> Json:
    """The statements of a document; ``drafts`` is the contract's word for them."""
    source_id = found.source.id if found.source is not None else None
    return {
        "schema": "claimreg.extract/1", "source_id": source_id, "lang": found.lang,
        "drafts": [statement_json(one.id, one.statement) for one in found.numbered],
    }  # fmt: skip


def statement_json(draft_id: str | None, statement: Statement) -> Json:
    """A statement, with the state of its draft where it is kept as one."""
    speaker, cue = (mention._asdict() if mention is not None else None for mention in (statement.speaker, statement.cue))
    told: Json = {
        "id": draft_id,
        **_fields(statement, "start", "end", "exact"),
        "parts": [list(part) for part in statement.parts],
        "mode": statement.mode.value,
        "speaker": speaker,
        "no_speaker": statement.no_speaker.value if statement.no_speaker is not None else None,
        "cue": cue,
        **_fields(statement, "party_id", "party_score", "confidence", "rule"),
        "flags": [flag.value for flag in statement.flags],
        "act": statement.act.value,
        "stance": statement.stance.value,
        **_fields(statement, "lang", "nested_in", "proposed_by"),
    }
    if not isinstance(statement, Draft):
        return told
    return {**told, **_fields(statement, "text", "by"), "state": statement.state.value, "attribution_id": statement.attribution_id}


def check_json(check: DocumentsCheck) -> Json:
    """Return the result of `check` as JSON."""
    nearest = _place_json(check.nearest) if check.nearest else None
    return {"quote": check.quote, "found": bool(check.places), "links": [_place_json(one) for one in check.places], "nearest": nearest}


def source_json(view: SourceView) -> Json:
    """A source with its latest capture, ``None`` where it was not captured yet (``claimreg.source/1``)."""
    source = view.source
    return {
        "schema": "claimreg.source/1",
        **_fields(source, "id", "title", "caption", "publisher", "author", "published_at", "lang", "url", "canonical_url", "archive_url"),
        **_fields(source, "withheld"),
        "captures": view.captures,
        "capture": _capture_json(view.capture) if view.capture is not None else None,
        **_fields(view, "left_out", "attributions", "links"),
        **_fields(source, "recorded_at", "recorded_by", "removed_at"),
    }


def party_json(party: Party, names: Sequence[str], attributions: int) -> Json:
    """A party with all its names (``claimreg.party/1``)."""
    return {
        "schema": "claimreg.party/1",
        **_fields(party, "id", "name"),
        "aliases": [name for name in names if name != party.name],
        "merged_into": party.merged_into,
        "attributions": attributions,
        **_fields(party, "recorded_at", "recorded_by"),
    }


def verification_json(found: Verification) -> Json:
    """Return the result of `verify` as JSON (``claimreg.verification/1``)."""
    damage, warnings = ([one._asdict() for one in told] for told in (found.damage, found.warnings))
    noted = {"noted": {**found.noted._asdict(), "since": found.since}} if found.noted is not None else {}
    whole = {"schema": "claimreg.verification/1", "whole": not damage, "checked": found.checked, "damage": damage}
    return {**whole, "warnings": warnings, "head": found.head, **noted}


def event_json(event: Event) -> Json:
    """An event of the history (``claimreg.event/1``)."""
    return {"schema": "claimreg.event/1", **event_document(event)}


def hit_json(hit: Hit, view: ClaimView) -> Json:
    """A claim that a search found, with its score and why."""
    found = [_found_json(one) for one in hit.found]
    return {**claim_json(view), "score": hit.score, "found": found, **({} if hit.meaning is None else {"meaning": hit.meaning})}


def passage_json(passage: Passage) -> Json:
    """A passage that a search in sources found (``claimreg.passage/1``); of a withheld source, neither its words nor where they stand."""
    told: Json = {
        "start": passage.start, "end": passage.start + len(passage.text), "text": passage.text, "marks": passage.marks,
        "place": passage.place, "left_out": passage.left_out,
    }  # fmt: skip
    return {
        "schema": "claimreg.passage/1",
        "source_id": passage.source.id,
        "capture_id": passage.capture_id,
        "title": passage.source.title,
        "score": passage.score,
        **(dict.fromkeys(told) if passage.hidden else told),
    }


def report_json(report: Report, sections: Container[Section]) -> Json:
    """A report, or some sections of it (``claimreg.report/1``)."""
    from claimreg.services.reporting.report import Section

    whole: Json = {"schema": "claimreg.report/1", "title": report.title, "since": report.period.since, "until": report.period.until}
    for section in Section:
        if section in sections:
            whole |= _section_json(section, report)
    if Section.CONTRADICTIONS in sections and Section.CLAIMS not in sections:
        whole["pairs"] = [[_public_json(pair.left), _public_json(pair.right)] for pair in report.contradictions]
    return whole


def _public_json(view: ClaimView) -> Json:
    """A claim without what is the desk's own business, which no report tells."""
    return {key: value for key, value in claim_json(view).items() if key not in _OF_THE_DESK}


def _section_json(section: Section, report: Report) -> Json:
    from claimreg.services.reporting.report import Section

    match section:
        case Section.SUMMARY:
            links = {state.value: report.links_in(state) for state in LinkState}
            return {"unverified": _unverified_json(report), "links": links, "method": report.method, "methods": report.methods}
        case Section.CLAIMS:
            return {"claims": [_public_json(view) for view in report.claims]}
        case Section.CONTRADICTIONS:
            return {"contradictions": [[pair.left.claim.id, pair.right.claim.id] for pair in report.contradictions]}
        case Section.TIMELINE:
            return {"timeline": [_happening_json(entry) for entry in report.timeline]}
        case Section.SOURCES:
            return {"sources": [source_json(view) for view in report.sources]}
        case _:
            assert_never(section)


def _unverified_json(report: Report) -> Json:
    return {
        "not_found": [one.attribution.id for one in report.unlinked],
        "not_looked_for": [one.attribution.id for one in report.unlooked],
        "rejected": [one.attribution.id for one in report.rejected],
        "not_confirmed": [one.attribution.id for one in report.unconfirmed],
        "without_verdict": [view.claim.id for view in report.unrated],
    }


def _happening_json(entry: Happening) -> Json:
    told: Json = {"date": entry.date, "claim_id": entry.claim.id, "claim": entry.claim.text}
    if entry.statement is not None:
        statement = entry.statement
        party = _fields(statement.party, "id", "name")
        return {**told, "attribution_id": statement.attribution.id, "party": party, "stance": statement.attribution.stance.value}
    return {**told, "verdict": verdict_json(entry.verdict) if entry.verdict is not None else None}


def to_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Rows as CSV, see `csv_lines`."""
    return "".join(csv_lines(rows, columns))


def csv_lines(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Iterator[str]:
    """Yield rows as CSV (RFC 4180), with acting characters shown as signs; the first row is asked for before the columns are told.

    A cell that a spreadsheet would take for a formula is led by an apostrophe.
    """
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    rest = iter(rows)
    first = list(islice(rest, 1))
    for row in chain([columns], ([_cell(row.get(column)) for column in columns] for row in chain(first, rest))):
        writer.writerow(row)
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()


def json_lines(values: Iterable[object]) -> Iterator[str]:
    """Yield the pieces of a JSON array, a value each, laid out as `dumps` does."""
    begin = "[\n  "
    for value in values:
        # A line feed within a text is escaped.
        yield begin + dumps(value).replace("\n", "\n  ")
        begin = ",\n  "
    yield "[]\n" if begin.startswith("[") else "\n]\n"


def _cell(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else dumps(value, indent=None)
    shown = visible(text)
    return f"'{shown}" if text.startswith(FORMULA_STARTS) else shown


def _found_json(found: FoundWord) -> Json:
    start, end = found.span
    return {"field": found.field, "word": found.asked, "said": found.said, "text": found.text, "start": start, "end": end}


def _relation_json(view: RelationView) -> Json:
    relation = {"id": view.relation.id, "kind": view.relation.kind.value, "claim_id": view.other.id}
    return {**relation, "inverse": True} if view.inverse else relation


def _place_json(place: FoundIn) -> Json:
    return {"document": place.document, **place_fields(place.match), **where_fields(place.match, place.place, left_out=place.left_out)}


def where_fields(shown: Place, label: str | None, *, left_out: bool) -> Json:
    """Label of a place, and whether it lies in what was left out of the text; of a withheld source neither is told."""
    return {"place": None, "left_out": None} if is_withheld(shown) else {"place": label, "left_out": left_out}


def _capture_json(capture: Capture) -> Json:
    told: Json = {
        **_fields(capture, "sha256", "text_sha256", "size", "length", "media_type", "location", "method", "tool", "encoding"),
        **_fields(capture, "retrieved_at", "url", "reached_url", "status"),
        "headers": [list(one) for one in capture.headers],
        **_fields(capture, "warc_sha256", "locators_sha256", "left_out_sha256", "transcript_sha256"),
    }
    return {"id": capture.id, **(dict.fromkeys(told) if is_withheld(capture) else told)}


def _fields(record: object, *names: str) -> Json:
    """The fields of these names, in this order."""
    return {name: getattr(record, name) for name in names}


def _verdict_fields(link: Link) -> Json:
    """The verdict of a method on a link."""
    flags = [flag.value for flag in link.flags]
    return {"kind": link.kind.value, "flags": flags, "not_judged": list(link.not_judged), "method": link.method}


def place_fields(place: Place) -> Json:
    """The fields of a place of a quote, those of a withheld source without what tells which it is."""
    offsets, told = offsets_of(place), not is_withheld(place)
    return {
        "start": offsets.start if offsets else None,
        "end": offsets.end if offsets else None,
        "exact": place.exact,
        "prefix": place.prefix if told else None,
        "suffix": place.suffix if told else None,
        "score": place.score,
        "kind": place.kind.value,
        "parts": [list(part) for part in place.parts] if told else None,
        "edits": place.edits,
        "probability": place.probability if told else None,
        "flags": [flag.value for flag in place.flags],
        "not_judged": list(place.not_judged),
        "words": [[word.change.value, list(word.quote), list(word.source) if told else None] for word in place.words],
    }
