"""Allowed values of each field of each record: the one table that everything from outside is compared with.

It speaks of documents, records as JSON objects, before they are decoded; so what decodes them meets no surprise.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from claimreg.characters import LONGEST_TEXT, unfit_characters
from claimreg.model import (
    Alias,
    Attribution,
    Capture,
    Claim,
    Draft,
    DraftState,
    Flag,
    Link,
    LinkKind,
    LinkState,
    Party,
    Record,
    Relation,
    RelationKind,
    Source,
    Stance,
    TimeStamp,
    Verdict,
    WordChange,
    record_type_of,
)
from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    from claimreg.model import Document

LONGEST_WORD = 2**20
"""Code points of what names something: an address, a program, a user."""

_LARGEST_COUNT = 2**53 - 1
_HASH = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"(?:[0-9a-f]{2}){0,64}")
_IDENTITY = re.compile(r"[0-9a-f]{64}/([A-Z][1-9][0-9]*)")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,15}")
_REDUCED_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z", re.ASCII)

_Test: TypeAlias = "Callable[[Any], bool]"


class Shape(NamedTuple):
    """Shape of a field: a test, and the words for it in ``its score is not …``."""

    fits: _Test
    words: str


def misfit(record_type: type[Record], document: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a record's document, as half a sentence about it; ``None`` where nothing is."""
    shapes = SHAPES[record_type]
    for name in fields_of(record_type):
        if name in document:
            if not shapes[name].fits(document[name]):
                return f"its {name} is not {shapes[name].words}"
        elif name not in record_type.DEFAULTS:
            return f"it has no {name}"
    strange = next((name for name in document if name not in fields_of(record_type)), None)
    if strange is not None:
        return f"it has the field {strange[:40]!a}, which no {record_type.NOUN} has"
    return next((words for fits, words in _TOGETHER.get(record_type, ()) if not fits(document)), None)


def fields_of(record_type: type[Record]) -> tuple[str, ...]:
    """The fields that a document of a record has: all but the one that keeps what of a document is not known."""
    return tuple(name for name in record_type.FIELDS if name != "beyond")


def event_misfit(event: Mapping[str, Any]) -> str | None:
    """Return what is wrong with an event's own fields, as `misfit` does; ``before`` and ``after`` are not checked."""
    wrong = next((name for name, value in event.items() if name in EVENT_SHAPES and not EVENT_SHAPES[name].fits(value)), None)
    if wrong is not None:
        return f"its {wrong} is not {EVENT_SHAPES[wrong].words}"
    if "group" in event and event["group"] > event["seq"]:
        return "its group begins after it"
    return None


def is_date(text: str) -> bool:
    """Return whether a text is an ISO 8601 date, also of reduced precision (2020, 2020-06), or a date with a time."""
    match = _REDUCED_DATE.fullmatch(text)
    try:
        if match:
            year, month, day = match.groups()
            date(int(year), int(month or 1), int(day or 1))
        else:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return match is not None or _DATE_AND_TIME.match(text) is not None


def _text(longest: int, *, least: int = 0) -> _Test:
    return lambda value: isinstance(value, str) and least <= len(value) <= longest and unfit_characters(value) is None


def _number(most: float) -> _Test:
    # A negative nought is equal to 0, and written otherwise.
    return lambda value: type(value) in (int, float) and 0 <= value <= most and math.copysign(1, value) > 0


def _whole(least: int = 0, most: int = _LARGEST_COUNT) -> _Test:
    return lambda value: type(value) is int and least <= value <= most


def _matching(pattern: re.Pattern[str]) -> _Test:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_instant(value: Any) -> bool:  # noqa: ANN401 -- anything may have been read
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None and is_date(value)


def _is_moment(value: Any) -> bool:  # noqa: ANN401 -- as above
    return _is_instant(value) or (isinstance(value, str) and _REDUCED_DATE.fullmatch(value) is not None and is_date(value))


def _is_pair(value: Any) -> bool:  # noqa: ANN401 -- as above
    return isinstance(value, list) and len(value) == 2  # noqa: PLR2004 -- two make a pair


def _is_span(value: Any) -> bool:  # noqa: ANN401 -- as above
    return _is_pair(value) and all(map(_whole(), value)) and value[0] <= value[1]


def _is_edit(value: Any) -> bool:  # noqa: ANN401 -- as above
    change = _choice(WordChange).fits
    return isinstance(value, list) and len(value) == 3 and change(value[0]) and _is_span(value[1]) and _is_span(value[2])  # noqa: PLR2004 -- its three parts


def _is_look(value: Any) -> bool:  # noqa: ANN401 -- as above
    rows = {"at": _INSTANT_SHAPE, "head": _HASH_SHAPE, "method": _WORD, "inside": _list_of(_id_of(Source))}
    # Registries of before have no word on where it was.
    whole = isinstance(value, dict) and value.keys() | {"inside"} == rows.keys()
    return whole and all(rows[name].fits(one) for name, one in value.items())


def _is_mention(value: Any) -> bool:  # noqa: ANN401 -- as above
    rows = {"exact": _SOMETHING, "start": _COUNT, "end": _COUNT}
    whole = isinstance(value, dict) and value.keys() == rows.keys() and all(row.fits(value[name]) for name, row in rows.items())
    return whole and value["start"] + len(value["exact"]) == value["end"]


def _id_of(*record_types: type[Record]) -> Shape:
    def fits(value: Any) -> bool:  # noqa: ANN401 -- as above
        return isinstance(value, str) and record_type_of(value) in record_types and value[0].isupper()

    return Shape(fits, "the id of " + " or ".join(f"{'an' if one.NOUN[0] in 'aeiou' else 'a'} {one.NOUN}" for one in record_types))


def _identity_of(record_type: type[Record]) -> Shape:
    def fits(value: Any) -> bool:  # noqa: ANN401 -- as above
        match = _IDENTITY.fullmatch(value) if isinstance(value, str) else None
        return match is not None and record_type_of(match[1]) is record_type

    return Shape(fits, f"a registry and the id of a {record_type.NOUN} there")


def _choice(values: type[StrEnum]) -> Shape:
    known = frozenset(one.value for one in values)
    return Shape(lambda value: isinstance(value, str) and value in known, f"one of {', '.join(values)}")


def _optional(shape: Shape) -> Shape:
    return Shape(lambda value: value is None or shape.fits(value), f"{shape.words}, or null")


def _list_of(shape: Shape) -> Shape:
    return Shape(lambda value: isinstance(value, list) and all(map(shape.fits, value)), f"a list, each item {shape.words}")


_TEXT = Shape(_text(LONGEST_TEXT), "a text of at most 64 Mi characters without NUL and lone surrogates")
_SOMETHING = Shape(_text(LONGEST_TEXT, least=1), "a text of 1 to 64 Mi characters without NUL and lone surrogates")
_WORD = Shape(_text(LONGEST_WORD), "a text of at most 1 Mi characters without NUL and lone surrogates")
_COUNT = Shape(_whole(), "a whole number from 0 on")
_PLACE = Shape(_whole(1), "a whole number from 1 on")
_HASH_SHAPE = Shape(_matching(_HASH), "a SHA-256 in 64 hexadecimal digits")
_INSTANT_SHAPE = Shape(_is_instant, "a time in UTC such as 2020-06-22T10:00:00Z")
_MOMENT = Shape(_is_moment, "a time in UTC such as 2020-06-22T10:00:00Z, or a date such as 2020-06-22, 2020-06 or 2020")
_DATE = Shape(lambda value: isinstance(value, str) and is_date(value), "a date such as 2020-06-22, 2020-06 or 2020")
_LANG = Shape(_matching(_LANGUAGE), "a language tag (BCP 47)")
_FLAG = Shape(lambda value: isinstance(value, bool), "true or false")
_SPAN = Shape(_is_span, "a start and an end after it")
_EDIT = Shape(_is_edit, "a change with its two spans")
_LOOK = Shape(_is_look, "a time, a hash of the history, a method, and sources")
_MENTION = Shape(_is_mention, "words with their start and their end")
_SHARE = Shape(_number(1), "a number from 0 to 1")
_SCORE = Shape(_number(100), "a number from 0 to 100")
_HEADER = Shape(lambda value: _is_pair(value) and all(map(_TEXT.fits, value)), "a name and a value")


def _rows(record_type: type[Record], **own: Shape) -> dict[str, Shape]:
    every = {"recorded_at": _INSTANT_SHAPE, "recorded_by": _WORD, "removed_at": _optional(_INSTANT_SHAPE)}
    copied = {} if "copied_from" not in record_type.FIELDS else {"copied_from": _optional(_identity_of(record_type))}
    return {"id": _id_of(record_type), **every, **copied, **own}


SHAPES: dict[type[Record], dict[str, Shape]] = {
    Claim: _rows(
        Claim, text=_SOMETHING, title=_optional(_TEXT), lang=_optional(_LANG), case=_optional(_TEXT), case_key=_optional(_TEXT),
        tags=_list_of(_SOMETHING), external_id=_optional(_TEXT), origin=_optional(_identity_of(Claim)),
        note=_optional(_TEXT), assignee=_optional(_TEXT), merged_into=_optional(_id_of(Claim)),
    ),
    Party: _rows(Party, name=_SOMETHING, merged_into=_optional(_id_of(Party))),
    Alias: _rows(Alias, party_id=_id_of(Party), name=_SOMETHING, key=_TEXT, skeleton=_TEXT),
    Attribution: _rows(
        Attribution, claim_id=_id_of(Claim), party_id=_id_of(Party), party_as_written=_SOMETHING, stance=_choice(Stance),
        quote=_optional(_TEXT), lang=_optional(_LANG), said_at=_optional(_DATE), source_id=_optional(_id_of(Source)), origin=_WORD,
        looked=_optional(_LOOK),
    ),
    Source: _rows(
        Source, title=_TEXT, publisher=_optional(_TEXT), author=_optional(_TEXT), published_at=_optional(_DATE), lang=_optional(_LANG),
        url=_optional(_WORD), url_key=_optional(_WORD), canonical_url=_optional(_WORD), archive_url=_optional(_WORD),
        withheld=_optional(_TEXT), url_typed=_FLAG, caption=_optional(_TEXT),
    ),
    Capture: _rows(
        Capture, source_id=_id_of(Source), sha256=_HASH_SHAPE, text_sha256=_HASH_SHAPE, size=_COUNT, length=_COUNT, media_type=_WORD,
        location=_WORD, method=_WORD, retrieved_at=_MOMENT, tool=_WORD, encoding=_optional(_WORD), url=_optional(_WORD),
        url_key=_optional(_WORD), reached_url=_optional(_WORD), reached_key=_optional(_WORD),
        status=_optional(Shape(_whole(100, 599), "an HTTP status from 100 to 599")), headers=_list_of(_HEADER),
        warc_sha256=_optional(_HASH_SHAPE), locators_sha256=_optional(_HASH_SHAPE),
        left_out_sha256=_optional(_HASH_SHAPE), transcript_sha256=_optional(_HASH_SHAPE),
    ),
    Link: _rows(
        Link, attribution_id=_id_of(Attribution), source_id=_id_of(Source), capture_id=_id_of(Capture), start=_COUNT, end=_COUNT,
        exact=_SOMETHING, prefix=_TEXT, suffix=_TEXT, score=_SCORE, kind=_choice(LinkKind),
        state=_choice(LinkState), parts=_list_of(_SPAN), edits=_COUNT, probability=_SHARE,
        flags=_list_of(_choice(Flag)), words=_list_of(_EDIT), method=_WORD, anchored_from=_optional(_id_of(Link)),
        not_judged=_list_of(_WORD),
    ),
    Draft: _rows(
        Draft, source_id=_id_of(Source), capture_id=_id_of(Capture), start=_COUNT, end=_COUNT, exact=_SOMETHING, parts=_list_of(_SPAN),
        mode=_choice(Mode), confidence=_SHARE, rule=_WORD, proposed_by=_WORD, lang=_optional(_LANG), speaker=_optional(_MENTION),
        no_speaker=_optional(_choice(NoSpeaker)), cue=_optional(_MENTION), act=_choice(Act), stance=_choice(Stance),
        flags=_list_of(_choice(SpeechFlag)), nested_in=_optional(_id_of(Draft)), party_id=_optional(_id_of(Party)),
        party_score=_optional(_SCORE), text=_optional(_SOMETHING), by=_optional(_SOMETHING), state=_choice(DraftState),
        attribution_id=_optional(_id_of(Attribution)),
    ),
    Verdict: _rows(
        Verdict, claim_id=_id_of(Claim), rating=_SOMETHING, scheme=_optional(_TEXT), rationale=_optional(_TEXT), author=_optional(_TEXT),
        rated_at=_DATE, supersedes=_optional(_id_of(Verdict)),
    ),
    Relation: _rows(Relation, kind=_choice(RelationKind), claim_id=_id_of(Claim), other_claim_id=_id_of(Claim)),
    TimeStamp: _rows(
        TimeStamp, head_seq=_PLACE, head_hash=_HASH_SHAPE, authority=_WORD, token_sha256=_HASH_SHAPE, stamped_at=_INSTANT_SHAPE,
    ),
}  # fmt: skip
"""Shapes of each field, for each type of record; a field that is not there is not checked."""

EVENT_SHAPES: dict[str, Shape] = {
    "seq": _PLACE,
    "group": _PLACE,
    "at": _INSTANT_SHAPE,
    "user": _WORD,
    "action": _WORD,
    "object_id": _id_of(*SHAPES),
    "previous": _HASH_SHAPE,
    "hash": _HASH_SHAPE,
    "salt": Shape(_matching(_SALT), "a salt in hexadecimal digits"),
}
"""The shapes of an event's fields, but for the documents in it."""


def _parts_lie_inside(place: Document) -> bool:
    return all(place["start"] <= start and end <= place["end"] for start, end in place.get("parts", ()))


_TOGETHER: dict[type[Record], tuple[tuple[_Test, str], ...]] = {
    Link: (
        (lambda link: link["start"] < link["end"], "it ends before it begins"),
        (_parts_lie_inside, "its parts are not inside it"),
        (lambda link: link.get("anchored_from") != link["id"], "it carries itself on"),
    ),
    Draft: (
        (lambda draft: draft["start"] < draft["end"], "it ends before it begins"),
        (lambda draft: bool(draft["parts"]), "it has no parts"),
        (_parts_lie_inside, "its parts are not inside it"),
        (lambda draft: draft.get("nested_in") != draft["id"], "it is quoted in itself"),
    ),
    Claim: (
        (lambda claim: claim.get("merged_into") != claim["id"], "it is merged into itself"),
        (lambda claim: claim.get("merged_into") is None or claim.get("removed_at") is not None, "it is merged, and not removed"),
    ),
    Party: ((lambda party: party.get("merged_into") != party["id"], "it counts as itself"),),
    Verdict: ((lambda verdict: verdict.get("supersedes") != verdict["id"], "it supersedes itself"),),
    Relation: ((lambda relation: relation["claim_id"] != relation["other_claim_id"], "it relates a claim to itself"),),
}
"""Conditions between the fields of a document, each of which fits; with the words for a breach."""
