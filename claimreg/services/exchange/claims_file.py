"""Import of many claims: the contract's claims file, a JSON object a line.

A line is either flat (``text`` with ``by``, ``stance``, ``quote``, …) or a whole claim record as claimreg writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claimreg.corpus.files import lines_of
from claimreg.corpus.jsonl import BadLine, bad_line_error, id_in, objects_in, optional_text_in, read_object, text_in
from claimreg.errors import ClaimregError, InputError
from claimreg.model import Party, Stance
from claimreg.services.entry.statements import record_statement
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_claim
from claimreg.services.recording.fields import (
    checked_choice,
    checked_date,
    checked_language,
    checked_optional,
    checked_order,
    checked_text,
)
from claimreg.services.recording.parties import create_party, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.corpus.base import Documents
    from claimreg.store.port import Writer
    from claimreg.vocabulary import DayOrder


@dataclass(slots=True)
class ImportResult:
    """Result of an import: numbers of claims and attributions recorded, and the lines that were not."""

    claims: int = 0
    attributions: int = 0
    bad: list[BadLine] = field(default_factory=list)


def import_claims(
    writer: Writer,
    source: Documents,
    *,
    strict: bool = False,
    dates: str | None = None,
    progress: Callable[[int, int], None] = lambda _claims, _size: None,
) -> ImportResult:
    """Record the claims of a file; a bad line is passed over and told of, or with ``strict`` raised as `InputError`.

    ``dates`` is the order of dates in numbers. ``progress`` is told how many claims were recorded and how many bytes read.
    """
    result = ImportResult()
    parties: dict[str, Party] = {}
    languages: dict[str, str] = {}
    size, order = 0, checked_order(dates)
    for number, line in lines_of(source):
        try:
            if isinstance(line, InputError):
                raise line
            size += len(line) + 1
            claim_fields, statements = _read(line, languages, order)
        except ClaimregError as error:
            bad = BadLine(number, str(error))
            if strict:
                raise bad_line_error(source.name, bad) from error
            result.bad.append(bad)
            continue
        claim = record_claim(writer, claim_fields)
        for statement in statements:
            name = statement.party_as_written
            if name not in parties:
                # Likeness alone never decides: what no name or alias matches is a party of its own.
                parties[name] = resolve(writer, name, alike=False).party or create_party(writer, name)
            record_statement(writer, claim, parties[name], None, statement)
        result.claims += 1
        result.attributions += len(statements)
        progress(result.claims, size)
    return result


def _read(line: bytes, languages: dict[str, str], order: DayOrder | None) -> tuple[ClaimFields, list[AttributionFields]]:
    value = read_object(line)
    external = id_in(value, "external_id") or id_in(value, "id")
    fields = ClaimFields(
        text=checked_text(text_in(value, "text"), "claim's text"),
        title=checked_optional(optional_text_in(value, "title"), "title"),
        lang=_language(value, languages),
        case=checked_optional(optional_text_in(value, "case"), "case"),
        tags=_tags(value),
        external_id=checked_text(external, "claim's id") if external else None,
    )
    whole = objects_in(value, "attributions")
    if whole is not None:
        return fields, [_statement({**one, "by": _party_name(one)}, languages, order) for one in whole]
    return fields, [_statement(value, languages, order)] if optional_text_in(value, "by") else []


def _statement(value: dict[str, Any], languages: dict[str, str], order: DayOrder | None) -> AttributionFields:
    name = checked_text(optional_text_in(value, "by") or "", "party's name")
    said_at = optional_text_in(value, "said_at")
    lang = _language(value, languages)
    return AttributionFields(
        stance=checked_choice(optional_text_in(value, "stance") or Stance.ASSERTS.value, Stance, "stance"),
        party_as_written=name,
        quote=checked_optional(optional_text_in(value, "quote"), "quote"),
        lang=lang,
        said_at=checked_date(said_at, order, lang) if said_at else None,
    )


def _party_name(value: dict[str, Any]) -> str | None:
    party = value.get("party")
    if not isinstance(party, dict):
        raise InputError("its attributions have no party")
    return optional_text_in(party, "name")


def _language(value: dict[str, Any], known: dict[str, str]) -> str | None:
    tag = optional_text_in(value, "lang")
    if not tag:
        return None
    if tag not in known:
        known[tag] = checked_language(tag)
    return known[tag]


def _tags(value: dict[str, Any]) -> tuple[str, ...]:
    tags = value.get("tags")
    if tags is None:
        return ()
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InputError("its tags are no list of words")
    return tuple(checked_text(tag, "tag") for tag in tags)
