"""Edits: other values for a record's fields, and the links that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import ChangedMeanwhileError, UsageError
from claimreg.frozen import replace
from claimreg.model import Attribution, Claim, Draft, DraftState, Link, LinkState, Party, Record, Source, Stance, Verdict
from claimreg.services.entry.statements import find_or_read_source
from claimreg.services.extraction.decisions import edited
from claimreg.services.linking.links import propose_links, relink
from claimreg.services.linking.looked import looking, note_looked
from claimreg.services.lookup import case_key, require
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_optional, checked_order, checked_text
from claimreg.services.recording.merging import same_statement
from claimreg.services.recording.parties import rename, require_party
from claimreg.services.recording.sources import SourceDetails, latest_capture, store_source
from claimreg.text.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.linker import Linker
    from claimreg.services.surroundings import DocumentReader
    from claimreg.store.port import Writer

    Changes = Mapping[str, Any]

FIELDS: dict[type[Record], tuple[str, ...]] = {
    Claim: ("text", "title", "lang", "case", "tag", "untag", "note", "assign"),
    Attribution: ("stance", "quote", "lang", "said", "by", "source", "move_to"),
    Source: ("title", "publisher", "author", "published", "lang", "url", "archive_url", "caption", "withhold"),
    Party: ("name",),
    Link: ("state",),
    Draft: ("text", "by", "stance", "quote"),
    Verdict: ("rating", "scheme", "why", "by"),
}


class Edited(NamedTuple):
    """The record as it was before, and the records that were brought back."""

    record: Record
    brought: tuple[Record, ...]


def checked_changes(record: Record, changes: Changes, dates: str | None, *, may_be_none: bool) -> dict[str, Any]:
    """The changes with their dates in ISO 8601; ``dates`` is the order of those in numbers.

    Raises `UsageError` where there is nothing to change, unless there ``may_be_none``, or the record has no such field.
    """
    if not changes and not may_be_none:
        raise UsageError(f"Nothing to change; {record.NOUN}s take {_options_of(record)}.")
    for field in changes:
        if field not in FIELDS.get(type(record), ()):
            raise UsageError(f"A {record.NOUN} has no {_option(field)}; it takes {_options_of(record)}.")
    typed = {field: changes[field] for field in ("said", "published") if changes.get(field)}
    lang = changes.get("lang") or getattr(record, "lang", None)
    return {**changes, **{field: checked_date(value, checked_order(dates), lang) for field, value in typed.items()}}


def check_unchanged(record: Record, seen: Record | None) -> None:
    """Raise `ChangedMeanwhileError` where a record is not as it was seen, but for what a machine notes in it by itself."""
    if seen is not None and _typed(record) != _typed(seen):
        raise ChangedMeanwhileError(f"{record.id} was changed by somebody meanwhile; nothing was changed now: look at it again.")


def _typed(record: Record) -> Record:
    return replace(record, looked=None) if isinstance(record, Attribution) else record


def edit_record(writer: Writer, record: Record, changes: Changes, linker: Linker, documents: DocumentReader) -> None:
    """Change a record's fields, checked by `checked_changes`; an attribution with another quote or source is linked again."""
    match record:
        case Claim():
            writer.put(_edited_claim(record, changes))
        case Attribution():
            _edit_attribution(writer, record, changes, linker, documents)
        case Source():
            changes = _with_title(record, changes) if latest_capture(writer, record) is None else changes
            writer.put(_edited_source(record, changes))
        case Party():
            rename(writer, record, changes["name"])
        case Draft():
            if record.state is not DraftState.PROPOSED:
                raise UsageError(f"{record.id} is {record.state.value} already; edit what was made of it.")
            writer.put(edited(writer, record, changes))
        case Link():
            require(writer, Attribution, record.attribution_id)
            writer.put(replace(record, state=checked_choice(changes["state"], LinkState, "state of a link")))
        case Verdict():
            require(writer, Claim, record.claim_id)
            writer.put(_edited_verdict(record, changes))


def _edited_claim(claim: Claim, changes: Changes) -> Claim:
    values: dict[str, Any] = {}
    if "text" in changes:
        values["text"] = checked_text(changes["text"], "claim's text")
    for option, field in (("title", "title"), ("case", "case"), ("note", "note"), ("assign", "assignee")):
        if option in changes:
            values[field] = checked_optional(changes[option], field)
    if values.get("case"):
        values["case_key"] = case_key(values["case"])
    elif "case" in values:
        values["case_key"] = None
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    tags = [*claim.tags, *(checked_text(tag, "tag") for tag in changes.get("tag", ()))]
    values["tags"] = tuple(dict.fromkeys(tag for tag in tags if tag not in changes.get("untag", ())))
    return replace(claim, **values)


def _edited_verdict(verdict: Verdict, changes: Changes) -> Verdict:
    values: dict[str, Any] = {}
    if "rating" in changes:
        values["rating"] = checked_text(changes["rating"], "rating")
    for option, field in (("scheme", "scheme"), ("why", "rationale"), ("by", "author")):
        if option in changes:
            values[field] = checked_optional(changes[option], field)
    return replace(verdict, **values)


def _edit_attribution(writer: Writer, attribution: Attribution, changes: Changes, linker: Linker, documents: DocumentReader) -> None:
    edited = replace(attribution, **_attribution_values(writer, changes, documents))
    if edited.claim_id != attribution.claim_id:
        _check_move(writer, edited)
    if not {"quote", "source"} & set(changes):
        writer.put(edited)
        return
    sources = [require(writer, Source, edited.source_id)] if edited.source_id and edited.quote else []
    sources = [one for one in sources if latest_capture(writer, one) is not None]
    looked = looking(writer, linker.name, (one.id for one in sources))
    other_words = edited.quote != attribution.quote
    if other_words or edited.source_id != attribution.source_id:
        unlooked = None if other_words else attribution.looked
        edited = replace(edited, looked=looked if sources else unlooked)
    writer.put(edited)
    if sources:
        note_looked(writer, [edited], looked)
    proposals = tuple(propose_links(writer, [edited], sources, linker))
    relink(writer, edited, proposals, linker.name, quote_changed=other_words)


def _check_move(writer: Writer, moved: Attribution) -> None:
    there = same_statement(writer, require(writer, Claim, moved.claim_id), moved)
    if there is not None:
        raise UsageError(f"{moved.claim_id} has this statement already, as {there.id}; `claimreg rm {moved.id}` removes this one.")


def _attribution_values(writer: Writer, changes: Changes, documents: DocumentReader) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "stance" in changes:
        values["stance"] = checked_choice(changes["stance"], Stance, "stance")
    if "quote" in changes:
        values["quote"] = checked_optional(changes["quote"], "quote")
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    if "said" in changes:
        values["said_at"] = checked_date(changes["said"]) if changes["said"] else None
    if "move_to" in changes:
        values["claim_id"] = require(writer, Claim, changes["move_to"]).id
    if "by" in changes:
        values["party_id"] = require_party(writer, changes["by"]).id
        values["party_as_written"] = checked_text(changes["by"], "party's name")
    if "source" in changes:
        source, document = find_or_read_source(writer, changes["source"] or None, documents)
        if document is not None:
            source = store_source(writer, document, SourceDetails()).source
        values["source_id"] = source.id if source else None
    return values


def _with_title(source: Source, changes: Changes) -> Changes:
    """The changes with a title that was only the address changed along with it, so that it gives way to the document's own still."""
    return {"title": changes["url"], **changes} if changes.get("url") and source.title == source.url else changes


def _edited_source(source: Source, changes: Changes) -> Source:
    values: dict[str, Any] = {}
    if "title" in changes:
        values["title"] = checked_text(changes["title"], "title")
    for option, field in (
        ("publisher", "publisher"), ("author", "author"), ("url", "url"), ("archive_url", "archive_url"), ("caption", "caption"),
        ("withhold", "withheld"),
    ):  # fmt: skip
        if option in changes:
            values[field] = checked_optional(changes[option], option.replace("_", "-"))
    if "url" in values:
        values["url_key"] = address_key(values["url"]) if values["url"] else None
        values["url_typed"] = bool(values["url"])
    if "published" in changes:
        values["published_at"] = checked_date(changes["published"]) if changes["published"] else None
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    return replace(source, **values)


def _options_of(record: Record) -> str:
    return ", ".join(map(_option, FIELDS.get(type(record), ()))) or "no changes"


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"
