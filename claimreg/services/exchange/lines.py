"""Rows of lines of JSON: flat claims, whole records as claimreg writes them, and the parties, sources and relations that these name.

A line has a schema (``claimreg.claim/1``, ``claimreg.party/1``, ``claimreg.source/1``, ``claimreg.relation/1``), or none and then a
claim's ``text``, with ``by``, ``stance``, ``quote``, … or ``attributions``. What a whole claim says of parties is enough to know them;
sources come before the claims that name them.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.corpus.files import lines_of
from claimreg.corpus.jsonl import TOO_DEEP, BadLine, id_in, object_of, objects_in, optional_text_in, read_object, text_in
from claimreg.errors import ClaimregError, InputError, UsageError
from claimreg.model import Link, Place, RelationKind, Stance
from claimreg.services.exchange.keys import CLAIM, KEYS, KNOWN, PARTY, RELATION, SAID, SOURCE
from claimreg.services.exchange.rows import ClaimRow, LinkRow, PartyRow, RelationRow, SourceRow, StatementRow, VerdictRow
from claimreg.services.recording.claims import AttributionFields, ClaimFields
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_optional, checked_text
from claimreg.services.recording.sources import SourceDetails
from claimreg.shapes import misfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.corpus.base import Documents
    from claimreg.services.exchange.rows import Reading, Row

_FLAT = frozenset((*KEYS[CLAIM], *SAID))
_WITHOUT_SCHEMA = frozenset(KEYS[CLAIM])
_NESTED = frozenset(("attributions", "verdicts", "relations"))
_ANY_LINK = {
    "id": "L1", "recorded_at": "2000-01-01T00:00:00Z", "recorded_by": "", "attribution_id": "A1", "source_id": "S1", "capture_id": "K1",
}  # fmt: skip
"""Fields of a link that an import gives it; with them the others can be checked."""

_DOCUMENT_STARTS = (b"[", b"{", b"[{")
_BOM = b"\xef\xbb\xbf"
_MOST_KEPT = 10_000


def read_lines(source: Documents, reading: Reading, passed: Callable[[int], None] | None = None) -> Iterator[Row | BadLine]:
    """The rows of a file of lines, or of one JSON document that is a list of such objects, or one; a bad line as `BadLine`.

    ``passed`` is told the bytes of each line. Raises `InputError` for a file that is none of lines, and a document that cannot be read.
    """
    rows = _Rows(reading)
    lines = lines_of(source)
    for number, value in _values(lines if passed is None else _passing(lines, passed), reading):
        try:
            if isinstance(value, InputError):
                raise value
            found = rows.of(number, read_object(value) if isinstance(value, bytes) else object_of(value))
        except ClaimregError as error:
            yield BadLine(number, str(error))
            continue
        yield from found


def _passing(lines: Iterator[tuple[int, bytes | InputError]], passed: Callable[[int], None]) -> Iterator[tuple[int, bytes | InputError]]:
    for number, line in lines:
        if isinstance(line, bytes):
            passed(len(line) + 1)
        yield number, line


def _values(lines: Iterator[tuple[int, bytes | InputError]], reading: Reading) -> Iterator[tuple[int, Any]]:
    """Each line, or each object of a document that is written over several lines, or that is a list on a line of its own."""
    first = next(lines, None)
    if first is None:
        return
    start = first[1] if isinstance(first[1], InputError) else first[1].removeprefix(_BOM).strip()
    second = next(lines, None)
    rest = chain([second], lines) if second is not None else lines
    if not isinstance(start, bytes) or not (start in _DOCUMENT_STARTS or (start.startswith(b"[") and second is None)):
        yield first
        yield from rest
        return
    document = _document(start, rest, reading)
    yield from enumerate(document if isinstance(document, list) else [document], start=1)


def _document(start: bytes, rest: Iterable[tuple[int, bytes | InputError]], reading: Reading) -> Any:  # noqa: ANN401 -- whatever JSON allows
    content = bytearray(start)
    for _number, line in rest:
        if isinstance(line, InputError) or len(content) + len(line) > reading.limit:
            raise InputError(f"{reading.name} is a JSON document of more than {reading.limit // 2**20} MiB; give a file of lines of JSON.")
        content += b"\n" + line
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise InputError(f"{reading.name} is not read: {TOO_DEEP}.") from None
    except ValueError:
        raise InputError(f"{reading.name} is neither lines of JSON nor one JSON document; give a JSON object a line.") from None


class _Line(NamedTuple):
    """A line that is being read: its number, and what is told of it once all of it was read."""

    number: int
    notes: list[str]
    undated: list[str]
    left_out: list[str]


class _Rows:
    """The rows of line after line, with what the lines before had."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._told = reading.told
        self._renamed = dict(reading.renamed)
        self._languages: dict[str, str] = {}
        self._dates: dict[tuple[str, str | None], str] = {}
        self._stances = {one.value: one for one in Stance}
        self._parties: set[str] = set()
        self._relations: set[tuple[RelationKind, str, str]] = set()

    def of(self, number: int, value: dict[str, Any]) -> Iterable[Row]:
        """The rows of a line; raises `ClaimregError` where it is bad, and then nothing of it is told."""
        line = _Line(number, [], [], [])
        schema = value.get("schema")
        if isinstance(schema, str) and schema.startswith("claimreg."):
            if schema not in self._READERS:
                raise InputError(f"it is {schema[:40]!a}; give claims, parties, sources and relations")
            known = KNOWN[schema]
            if value.get("removed_at") is not None:
                self._told.left_out[f"removed {schema.removeprefix('claimreg.').removesuffix('/1')}"] += 1
                return ()
        else:
            schema = CLAIM
            if self._renamed:
                value = {self._renamed.get(key, key): one for key, one in value.items()}
            known = _WITHOUT_SCHEMA if value.get("attributions") is not None else _FLAT
        rows = self._READERS[schema](self, line, value)
        self._tell(line)
        if not value.keys() <= known:
            self._told.unknown.update(sorted(value.keys() - known))
        if schema == CLAIM and not _NESTED.isdisjoint(value):
            self._told.unknown.update(sorted(set(_unknown_within(value))))
        return rows

    def _tell(self, line: _Line) -> None:
        if line.notes:
            self._told.notes += [BadLine(line.number, one) for one in line.notes]
        if line.undated:
            self._told.undated += [BadLine(line.number, one) for one in line.undated]
        if line.left_out:
            self._told.left_out.update(line.left_out)

    def _claim(self, line: _Line, value: dict[str, Any]) -> list[Row]:
        key, external = id_in(value, "id"), id_in(value, "external_id")
        named = external or key
        fields = ClaimFields(
            checked_text(text_in(value, "text"), "claim's text"),
            _text(value, "title", "title"),
            self._language(value),
            _text(value, "case", "case"),
            _tags(value),
            checked_text(named, "claim's id") if named else None,
            _text(value, "note", "note"),
            _text(value, "assignee", "assignee"),
        )
        rows: list[Row] = []
        whole = objects_in(value, "attributions")
        statements = tuple(self._whole(line, one, rows) for one in whole) if whole is not None else self._flat(line, value)
        verdicts = tuple(self._verdict(line, one) for one in objects_in(value, "verdicts") or ()) if "verdicts" in value else ()
        rows.append(ClaimRow(line.number, fields, statements, verdicts, key or external))
        if "relations" in value:
            rows += self._once(line, *_relations_in(value, key))
        if whole is not None:
            self._parties.update(row.key for row in rows if isinstance(row, PartyRow))
        return rows

    def _flat(self, line: _Line, value: dict[str, Any]) -> tuple[StatementRow, ...]:
        name = optional_text_in(value, "by")
        if not name:
            lost = [key for key in SAID if value.get(key) and key != "by"]
            if lost:
                line.notes.append(f"it names nobody by whom it is said; left out: {', '.join(lost)}")
            return ()
        return (StatementRow(self._said(line, value, name), _text(value, "source", "source")),)

    def _whole(self, line: _Line, value: dict[str, Any], rows: list[Row]) -> StatementRow:
        party = value.get("party")
        if not isinstance(party, dict):
            raise InputError("its attributions have no party")
        name = checked_text(optional_text_in(party, "name") or "", "party's name")
        key = id_in(party, "id") or name
        if key not in self._parties and all(row.key != key for row in rows if isinstance(row, PartyRow)):
            rows.append(PartyRow(line.number, key, name))
        source = optional_text_in(value, "source_id")
        fields = self._said(line, value, optional_text_in(value, "party_as_written") or name)
        links = (self._link(line, one, source) for one in objects_in(value, "links") or ())
        return StatementRow(fields, source, key, links=tuple(one for one in links if one is not None), within=True)

    def _said(self, line: _Line, value: dict[str, Any], name: str) -> AttributionFields:
        lang, stance = self._language(value), optional_text_in(value, "stance") or "asserts"
        return AttributionFields(
            self._stances.get(stance) or checked_choice(stance, Stance, "stance"),
            checked_text(name, "party's name"),
            _text(value, "quote", "quote"),
            lang,
            self._date(line, optional_text_in(value, "said_at"), lang),
        )

    def _link(self, line: _Line, value: dict[str, Any], source: str | None) -> LinkRow | None:
        named, text = optional_text_in(value, "source_id") or source, optional_text_in(value, "text_sha256")
        if value.get("start") is None:
            line.left_out.append("withheld link")
            return None
        place = {name: value[name] for name in Place.FIELDS if name in value}
        state, method = value.get("state", "suggested"), value.get("method", "")
        wrong = misfit(Link, {**_ANY_LINK, **place, "state": state, "method": method})
        if wrong is not None:
            line.notes.append(f"a link of it is left out: {wrong}")
            return None
        return LinkRow(place, state, method, text, named if named != source else None)

    def _verdict(self, line: _Line, value: dict[str, Any]) -> VerdictRow:
        return VerdictRow(
            checked_text(text_in(value, "rating"), "rating"),
            _text(value, "scheme", "scheme"),
            _text(value, "rationale", "rationale"),
            _text(value, "author", "author"),
            self._date(line, optional_text_in(value, "rated_at"), None),
        )

    def _party(self, line: _Line, value: dict[str, Any]) -> list[Row]:
        key, name = id_in(value, "id"), checked_text(text_in(value, "name"), "party's name")
        row = PartyRow(line.number, key or name, name, _texts(value, "aliases", "alias"))
        self._parties.add(row.key)
        return [row]

    def _source(self, line: _Line, value: dict[str, Any]) -> list[Row]:
        key = checked_text(text_in(value, "id"), "source's id")
        texts = {name: _text(value, name, name.replace("_", " ")) for name in SourceDetails._fields}
        lang = self._language(value)
        published = self._date(line, texts["published_at"], lang)
        capture = value.get("capture")
        if capture is not None and not isinstance(capture, dict):
            raise InputError("its capture is no object")
        hashes = (optional_text_in(capture or {}, name) for name in ("sha256", "text_sha256"))
        row = SourceRow(
            line.number, key, SourceDetails(**{**texts, "lang": lang, "published_at": published}),
            _text(value, "canonical_url", "canonical url"),
            _text(value, "withheld", "reason to withhold it"),
            *hashes,
        )  # fmt: skip
        return [row]

    def _relation(self, line: _Line, value: dict[str, Any]) -> list[Row]:
        return self._once(line, (_kind_in(value), text_in(value, "claim_id"), text_in(value, "other_claim_id")))

    def _once(self, line: _Line, *relations: tuple[RelationKind, str, str]) -> list[Row]:
        """The relations but those that were read already, seen from either side."""
        rows: list[Row] = []
        for kind, claim, other in relations:
            told = (kind, max(claim, other), min(claim, other)) if kind.symmetric else (kind, claim, other)
            if told not in self._relations:
                self._relations.add(told)
                rows.append(RelationRow(line.number, kind, claim, other))
        return rows

    def _language(self, value: dict[str, Any]) -> str | None:
        tag = optional_text_in(value, "lang")
        if not tag:
            return None
        if tag not in self._languages:
            self._languages[tag] = checked_language(tag)
        return self._languages[tag]

    def _date(self, line: _Line, text: str | None, lang: str | None) -> str | None:
        if not text or not text.strip():
            return None
        known = self._dates.get((text, lang))
        if known is not None:
            return known
        try:
            date = checked_date(text, self._reading.dates, lang)
        except UsageError as error:
            line.undated.append(str(error))
            return None
        if len(self._dates) < _MOST_KEPT:
            self._dates[text, lang] = date
        return date

    _READERS = {  # noqa: RUF012 -- it is never changed
        CLAIM: _claim,
        PARTY: _party,
        SOURCE: _source,
        RELATION: _relation,
    }


def _unknown_within(value: dict[str, Any], path: str = "") -> Iterator[str]:
    """The keys in the objects in a claim that are not known, each with its path."""
    for key, found in value.items():
        within = f"{path}{key}[]" if isinstance(found, list) else f"{path}{key}"
        known = KNOWN.get(within)
        if known is None:
            continue
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                yield from (f"{within}.{name}" for name in one if name not in known)
                yield from _unknown_within(one, f"{within}.")


def _relations_in(value: dict[str, Any], key: str | None) -> list[tuple[RelationKind, str, str]]:
    """The relations of the claim ``key``, each from the claim that it is of."""
    found = [(_kind_in(one), text_in(one, "claim_id"), one.get("inverse") is True) for one in objects_in(value, "relations") or ()]
    if found and key is None:
        raise InputError("it has relations and no id; give it one")
    return [(kind, other, key) if inverse else (kind, key, other) for kind, other, inverse in found if key is not None]


def _kind_in(value: dict[str, Any]) -> RelationKind:
    return checked_choice(text_in(value, "kind"), RelationKind, "relation")


def _text(value: dict[str, Any], key: str, what: str) -> str | None:
    """The text under a key, ``None`` where there is none or it is empty."""
    return None if value.get(key) is None else checked_optional(text_in(value, key), what)


def _tags(value: dict[str, Any]) -> tuple[str, ...]:
    return _texts(value, "tags", "tag") if value.get("tags") is not None else ()


def _texts(value: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    texts = value.get(key)
    if texts is None:
        return ()
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise InputError(f"its {key} are no list of words")
    return tuple(checked_text(one, what) for one in texts)
