"""Many claims at once: the contract's claims file, a JSON object a line.

A line is either flat (``text`` with ``by``, ``stance``, ``quote``, …) or a whole claim record as claimreg writes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import ClaimregError, InputError
from claimreg.model import Party, Stance
from claimreg.services.claims import AttributionFields, ClaimFields, record_attribution, record_claim
from claimreg.services.fields import checked_choice, checked_date, checked_language, checked_optional, checked_text
from claimreg.services.parties import create_party, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claimreg.store.port import Writer

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes a line may have."""


class BadLine(NamedTuple):
    """A line that was not recorded, and why."""

    number: int
    why: str


@dataclass(slots=True)
class ImportResult:
    """How many claims and attributions were recorded, and the lines that were not."""

    claims: int = 0
    attributions: int = 0
    bad: list[BadLine] = field(default_factory=list)


@dataclass(slots=True)
class _Statement:
    party: str
    fields: AttributionFields


def import_claims(
    writer: Writer, lines: Iterable[bytes], *, strict: bool = False, progress: Callable[[int, int], None] = lambda _claims, _size: None
) -> ImportResult:
    """Record the claims of a file; a bad line is passed over and told of, or with ``strict`` raised as `InputError`.

    ``progress`` is told how many claims were recorded and how many bytes read.
    """
    result = ImportResult()
    parties: dict[str, Party] = {}
    languages: dict[str, str] = {}
    size = 0
    for number, line in enumerate(lines, start=1):
        size += len(line)
        if not line.strip():
            continue
        try:
            claim_fields, statements = _read(line, languages)
        except (ClaimregError, ValueError) as error:
            if strict:
                raise InputError(f"Line {number}: {error}") from error
            result.bad.append(BadLine(number, str(error)))
            continue
        claim = record_claim(writer, claim_fields)
        for statement in statements:
            party = parties.get(statement.party) or _party(writer, statement.party)
            parties[statement.party] = party
            record_attribution(writer, claim, party, None, statement.fields, known=())
        result.claims += 1
        result.attributions += len(statements)
        progress(result.claims, size)
    return result


def _party(writer: Writer, name: str) -> Party:
    # Likeness alone never decides: what no name or alias matches is a party of its own.
    return resolve(writer, name, alike=False).party or create_party(writer, name)


def _read(line: bytes, languages: dict[str, str]) -> tuple[ClaimFields, list[_Statement]]:
    if len(line) > LONGEST_LINE:
        raise InputError("it is longer than 64 MiB")
    try:
        value = json.loads(line)
    except ValueError:
        raise InputError("it is no JSON") from None
    if not isinstance(value, dict):
        raise InputError("it is no JSON object")
    external = value.get("external_id") or value.get("id")
    fields = ClaimFields(
        text=checked_text(_text(value, "text") or "", "claim's text"),
        title=checked_optional(_text(value, "title"), "title"),
        lang=_language(value, languages),
        case=checked_optional(_text(value, "case"), "case"),
        tags=_tags(value),
        external_id=str(external) if external is not None else None,
    )
    whole = value.get("attributions")
    if isinstance(whole, list):
        return fields, [_statement({**one, "by": _party_name(one)}, languages) for one in whole]
    return fields, [_statement(value, languages)] if value.get("by") else []


def _statement(value: dict[str, Any], languages: dict[str, str]) -> _Statement:
    name = checked_text(_text(value, "by") or "", "party's name")
    said_at = _text(value, "said_at")
    fields = AttributionFields(
        stance=checked_choice(_text(value, "stance") or Stance.ASSERTS.value, Stance, "stance"),
        party_as_written=name,
        quote=checked_optional(_text(value, "quote"), "quote"),
        lang=_language(value, languages),
        said_at=checked_date(said_at) if said_at else None,
    )
    return _Statement(name, fields)


def _party_name(value: object) -> object:
    party = value.get("party") if isinstance(value, dict) else None
    return party.get("name") if isinstance(party, dict) else None


def _language(value: dict[str, Any], known: dict[str, str]) -> str | None:
    tag = _text(value, "lang")
    if not tag:
        return None
    if tag not in known:
        known[tag] = checked_language(tag)
    return known[tag]


def _tags(value: dict[str, Any]) -> tuple[str, ...]:
    tags = value.get("tags") or ()
    if not isinstance(tags, list | tuple) or not all(isinstance(tag, str) for tag in tags):
        raise InputError("its tags are no list of words")
    return tuple(checked_text(tag, "tag") for tag in tags)


def _text(value: dict[str, Any], key: str) -> str | None:
    text = value.get(key)
    if text is not None and not isinstance(text, str):
        raise InputError(f"its {key} is no text")
    return text
