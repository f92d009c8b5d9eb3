"""Forms: records as commented TOML that a person changes in an editor, and the changes that such a text makes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import UsageError
from claimreg.model import Attribution, Claim, Draft, Link, LinkState, Party, Source, Stance, Verdict
from claimreg.services.extraction.decisions import claim_text, speaker_name, words_of
from claimreg.services.lookup import require, require_any
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claimreg.model import Record
    from claimreg.store.port import Reader

HEAD = """\
# Change what you want, save and close. What you leave as it is stays as it is; an empty value ("") clears a field.
# Close without a change, and nothing is recorded.
"""
MISTAKE = "# NOT RECORDED: "
"""Beginning of the lines, above all else, that say what is wrong with a form."""

TAGS = "tags"
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")
_LINE = re.compile(r"line (\d+)")
_ONE_OF_STANCES = f"one of {', '.join(Stance)}"


class Field(NamedTuple):
    """A field of a form: the name of the option that changes it, what it is in a few words, and its value."""

    name: str
    what: str
    value: str | list[str]


class Form(NamedTuple):
    """The records of a form as they were read, and the text that a person is shown."""

    records: dict[str, Record]
    fields: dict[str, tuple[Field, ...]]

    @property
    def text(self) -> str:
        """The form as it is before anybody changes it."""
        return "\n".join([HEAD, *(_section(self.records[one], fields) for one, fields in self.fields.items())])


def form_of(reader: Reader, record_ids: Sequence[str]) -> Form:
    """The form of records; raises `UsageError` for those that have no form, or that are withheld, and `NotFoundError`."""
    records = {record.id: record for record in (require_any(reader, one) for one in record_ids)}
    return Form(records, {record.id: _fields_of(reader, record) for record in records.values()})


def changes_in(form: Form, text: str) -> dict[str, dict[str, Any]]:
    """Changes that the text of a form makes, by the records' ids, as `Registry.edit_each` takes them; raises `UsageError` for none."""
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The form cannot be read: {error}{_quoted_line(text, str(error))}.") from None
    changes = {record_id: _changes_of(record_id, form, table) for record_id, table in tables.items()}
    return {record_id: found for record_id, found in changes.items() if found}


def marked(text: str, mistake: str) -> str:
    """A form with what is wrong with it on top."""
    return "".join(f"{MISTAKE}{line}\n" for line in mistake.splitlines()) + unmarked(text)


def unmarked(text: str) -> str:
    """A form without what was said to be wrong with it."""
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith(MISTAKE.strip()):
        del lines[0]
    return "".join(lines)


def _quoted_line(text: str, error: str) -> str:
    """The line that an error names by its number, which what is put on top of a form moves."""
    number = _LINE.search(error)
    lines = text.split("\n")
    return f": “{lines[int(number[1]) - 1].strip()}”" if number is not None and int(number[1]) <= len(lines) else ""


def _changes_of(record_id: str, form: Form, table: object) -> dict[str, Any]:
    fields = {field.name: field for field in form.fields.get(record_id, ())}
    if not fields:
        raise UsageError(f"The form is of {', '.join(form.records)}, not of “{record_id}”.")
    if not isinstance(table, dict):
        raise UsageError(f"“{record_id}” stands without brackets; each record begins with its id in brackets: [{record_id}].")
    changes: dict[str, Any] = {}
    for name, value in table.items():
        if name not in fields:
            raise UsageError(f"{record_id} has no field “{name}” here; it has {', '.join(fields)}.")
        changes |= _change(record_id, fields[name], value)
    return changes


def _change(record_id: str, field: Field, value: object) -> Mapping[str, Any]:
    if isinstance(field.value, list):
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f'The {field.name} of {record_id} are no list; write them as ["one", "another"].')
        added, taken = ([one for one in some if one not in others] for some, others in ((value, field.value), (field.value, value)))
        return {name: words for name, words in (("tag", added), ("untag", taken)) if words}
    written = str(value) if isinstance(value, date) or type(value) is int else value
    if not isinstance(written, str):
        raise UsageError(f'The {field.name} of {record_id} is no text; write it between quotation marks: {field.name} = "…".')
    return {} if written == field.value else {field.name: written}


def _section(record: Record, fields: Sequence[Field]) -> str:
    lines = [f"[{record.id}]"]
    for field in fields:
        lines += [f"# {field.what}", f"{field.name} = {_written(field.value)}"]
    return "\n".join((*lines, ""))


def _written(value: str | list[str]) -> str:
    """A value as TOML; characters that act instead of being seen are escaped, a text of several lines stands as it is."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    lines = [_PAIR.sub(_joined, json_text(line)[1:-1]) for line in value.split("\n")]
    return f'"{lines[0]}"' if len(lines) == 1 else '"""\n{}"""'.format("\n".join(lines))


def _joined(pair: re.Match[str]) -> str:
    """One escape for two halves of a character, which TOML does not take."""
    letter = b"".join(int(half, 16).to_bytes(2, "big") for half in pair.groups()).decode("utf-16-be")
    return f"\\U{ord(letter):08x}"


def _fields_of(reader: Reader, record: Record) -> tuple[Field, ...]:
    if isinstance(record, Source | Draft):
        source = record if isinstance(record, Source) else require(reader, Source, record.source_id, withdrawn=True)
        if source.withheld is not None:
            raise UsageError(f"{source.id} is withheld, and a form would show it; change it by options, see `claimreg edit --help`.")
    return tuple(Field(name, what, value if isinstance(value, list) else value or "") for name, what, value in _rows(record))


def _rows(record: Record) -> Iterator[tuple[str, str, str | list[str] | None]]:
    match record:
        case Claim():
            yield "text", "Claim, in the registry's own short words", record.text
            yield "title", "Heading", record.title
            yield "lang", "Language of the text: en, ru, kk, … (BCP 47)", record.lang
            yield "case", "Case (dossier) that it belongs to", record.case
            yield TAGS, 'Keywords: ["one", "another"]', list(record.tags)
            yield "note", "Note of the desk, which no report for readers shows", record.note
            yield "assign", "Person who is to see to it", record.assignee
        case Attribution():
            yield "move_to", "Id of the claim; another one moves this there, with its links", record.claim_id
            yield "by", "Party: a name, an alias or an id (P1)", record.party_as_written
            yield "stance", f"Stance, {_ONE_OF_STANCES}", record.stance.value
            yield "quote", "Words as they were said, in their own language", record.quote
            yield "lang", "Language of the quote: kk, ru, en, … (BCP 47)", record.lang
            yield "said", "Date when it was said: 2020-06-22, 2020-06 or 2020", record.said_at
            yield "source", "Source: an id (S1), a file or an address", record.source_id
        case Source():
            yield from _rows_of_source(record)
        case Party():
            yield "name", "Main name; the old one stays as an alias", record.name
        case Link():
            yield "state", f"State, one of {', '.join(LinkState)}", record.state.value
        case Verdict():
            yield "rating", "Rating, in the words of your scheme", record.rating
            yield "scheme", "Scheme that the rating belongs to", record.scheme
            yield "why", "Rationale", record.rationale
            yield "by", "Author of the rating", record.author
        case Draft():
            yield "text", "Text of the claim that it becomes", record.text or claim_text(record)
            yield "by", "Speaker: a name, or the id of a party (P1)", speaker_name(record)
            yield "stance", f"Stance, {_ONE_OF_STANCES}", record.stance.value
            yield "quote", "The source's own words; […] between pieces", words_of(record)
        case _:
            raise UsageError(f"A {record.NOUN} has nothing to change.")


def _rows_of_source(source: Source) -> Iterator[tuple[str, str, str | None]]:
    yield "title", "Title", source.title
    yield "publisher", "Publisher", source.publisher
    yield "author", "Author", source.author
    yield "published", "Date when it was published: 2020-06-22, 2020-06 or 2020", source.published_at
    yield "lang", "Language: kk, ru, en, … (BCP 47)", source.lang
    yield "url", "Address", source.url
    yield "archive_url", "Address of an archived copy", source.archive_url
    yield "caption", "Caption of a picture, video or recording", source.caption
    yield "withhold", "Reason to leave its name and address out of reports and exports; empty where it may be named", source.withheld
