"""Import of many claims: the contract's claims file, a JSON object a line.

A line is either flat (``text`` with ``by``, ``stance``, ``quote``, …) or a whole claim record as claimreg writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.corpus.files import lines_of
from claimreg.corpus.jsonl import BadLine, bad_line_error, id_in, objects_in, optional_text_in, read_object, text_in
from claimreg.errors import ClaimregError, InputError, UsageError
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
    """Result of an import: numbers of claims and attributions recorded, the lines that were not, and those that were without a date.

    The latter have a date that is none; ``why`` says so.
    """

    claims: int = 0
    attributions: int = 0
    bad: list[BadLine] = field(default_factory=list)
    undated: list[BadLine] = field(default_factory=list)


class _Known(NamedTuple):
    """Language tags that were checked, the order of dates in numbers, and what was no date on the line that is being read."""

    languages: dict[str, str]
    order: DayOrder | None
    undated: list[str]


def import_claims(
    writer: Writer,
    source: Documents,
    *,
    strict: bool = False,
    dates: str | None = None,
    progress: Callable[[int, int], None] = lambda _claims, _size: None,
) -> ImportResult:
    """Record the claims of a file; a bad line is passed over and told of, or with ``strict`` raised as `InputError`.

    A date that is none costs the statement its date only, and is told of, too.

    ``dates`` is the order of dates in numbers. ``progress`` is told how many claims were recorded and how many bytes read.
    """
    result = ImportResult()
    parties: dict[str, Party] = {}
    size, known = 0, _Known({}, checked_order(dates), [])
    for number, line in lines_of(source):
        try:
            if isinstance(line, InputError):
                raise line
            size += len(line) + 1
            known.undated.clear()
            claim_fields, statements = _read(line, known)
            if known.undated and strict:
                raise InputError(known.undated[0])
        except ClaimregError as error:
            bad = BadLine(number, str(error))
            if strict:
                raise bad_line_error(source.name, bad) from error
            result.bad.append(bad)
            continue
        result.undated += [BadLine(number, why) for why in known.undated]
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


def _read(line: bytes, known: _Known) -> tuple[ClaimFields, list[AttributionFields]]:
    value = read_object(line)
    external = id_in(value, "external_id") or id_in(value, "id")
    fields = ClaimFields(
        text=checked_text(text_in(value, "text"), "claim's text"),
        title=checked_optional(optional_text_in(value, "title"), "title"),
        lang=_language(value, known.languages),
        case=checked_optional(optional_text_in(value, "case"), "case"),
        tags=_tags(value),
        external_id=checked_text(external, "claim's id") if external else None,
    )
    whole = objects_in(value, "attributions")
    if whole is not None:
        return fields, [_statement({**one, "by": _party_name(one)}, known) for one in whole]
    return fields, [_statement(value, known)] if optional_text_in(value, "by") else []


def _statement(value: dict[str, Any], known: _Known) -> AttributionFields:
    name = checked_text(optional_text_in(value, "by") or "", "party's name")
    lang = _language(value, known.languages)
    return AttributionFields(
        stance=checked_choice(optional_text_in(value, "stance") or Stance.ASSERTS.value, Stance, "stance"),
        party_as_written=name,
        quote=checked_optional(optional_text_in(value, "quote"), "quote"),
        lang=lang,
        said_at=_date(optional_text_in(value, "said_at"), lang, known),
    )


def _date(text: str | None, lang: str | None, known: _Known) -> str | None:
    if not text or not text.strip():
        return None
    try:
        return checked_date(text, known.order, lang)
    except UsageError as error:
        known.undated.append(str(error))
        return None


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
