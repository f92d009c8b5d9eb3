"""The table of what each field may hold: no field is without a row, and no poison passes."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.characters import LONGEST_TEXT, replaced, unfit_characters
from claimreg.codec import to_document
from claimreg.errors import UsageError
from claimreg.frozen import replace
from claimreg.model import (
    EVENT_FIELDS,
    RECORD_TYPES,
    Alias,
    Attribution,
    Capture,
    Claim,
    Document,
    Draft,
    Flag,
    Link,
    LinkKind,
    Mention,
    Party,
    Record,
    Relation,
    RelationKind,
    Source,
    Span,
    Stance,
    TimeStamp,
    Verdict,
    WordChange,
    WordEdit,
)
from claimreg.services.recording.fields import checked_text
from claimreg.shapes import EVENT_SHAPES, SHAPES, event_misfit, fields_of, misfit
from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

AT = "2026-01-01T00:00:00Z"
STAMP: dict[str, Any] = {"recorded_at": AT, "recorded_by": "ann"}
HASH = "0" * 64
SAMPLES: tuple[Record, ...] = (
    Claim(id="C1", text="Words", title="T", lang="kk-Latn", case="Ferry", case_key="ferry", tags=("a",), origin=f"{HASH}/C7", **STAMP),
    Party(id="P1", name="Office", merged_into="P2", **STAMP),
    Alias(id="N1", party_id="P1", name="Office", key="office", skeleton="office", **STAMP),
    Attribution(
        id="A1", claim_id="C1", party_id="P1", party_as_written="Office", stance=Stance.RULES, quote="Words", lang="en", said_at="2020-06",
        source_id="S1", copied_from=f"{HASH}/A2", **STAMP,
    ),
    Source(id="S1", title="Notice", published_at="2020", url="https://a.example/", **STAMP),
    Capture(
        id="K1", source_id="S1", sha256=HASH, text_sha256=HASH, size=9, length=9, media_type="text/plain", location="n", method="text/1",
        retrieved_at=AT, status=200, headers=(("Server", "x"),), **STAMP,
    ),
    Link(
        id="L1", attribution_id="A1", source_id="S1", capture_id="K1", start=0, end=9, exact="Some word", prefix="", suffix="", score=98.5,
        kind=LinkKind.NEAR, parts=(Span(0, 9),), edits=1, probability=0.5, flags=(Flag.NUMBER,), anchored_from="L2",
        words=(WordEdit(WordChange.CHANGED, Span(0, 3), Span(0, 4)),), **STAMP,
    ),
    Draft(
        id="D2", source_id="S1", capture_id="K1", start=0, end=9, exact="Some word", parts=(Span(0, 4), Span(5, 9)), mode=Mode.MIXED,
        act=Act.RULING, stance=Stance.RULES, confidence=0.75, rule="speaker first", proposed_by="rules/1", lang="en",
        speaker=Mention("Office", 10, 16), no_speaker=NoSpeaker.ELIDED, cue=Mention("said", 17, 21), flags=(SpeechFlag.ANAPHORIC,),
        nested_in="D1", party_id="P1", party_score=91.5, text="A word", by="The office", attribution_id="A1", **STAMP,
    ),
    Verdict(id="V2", claim_id="C1", rating="True", rated_at=AT, supersedes="V1", **STAMP),
    Relation(id="R1", kind=RelationKind.REPEATS, claim_id="C1", other_claim_id="C2", **STAMP),
    TimeStamp(id="T1", head_seq=1, head_hash=HASH, authority="https://tsa.example/", token_sha256=HASH, stamped_at=AT, **STAMP),
)  # fmt: skip
DOCUMENTS: dict[type[Record], Document] = {type(one): to_document(one) for one in SAMPLES}
FIELDS = [(one, name) for one in RECORD_TYPES for name in fields_of(one)]
WORDS = {one for one, shape in ((one, SHAPES[one[0]][one[1]]) for one in FIELDS) if shape.words.startswith("a text")}
POISON: dict[str, Any] = {
    "a number beyond all": 10**400, "infinity": math.inf, "minus infinity": -math.inf, "no number": math.nan, "negative": -3,
    "negative nought": -0.0, "more than all": 1e308, "true": True, "an object": {}, "an object in a list": [{}], "lists in lists": [[[[]]]],
    "a list of nothing": [None], "NUL": "a\0b", "half a character": "\ud800", "three": [0, 1, 2], "a span that goes back": [[3, 1]],
    "a span before the start": [[-1, 3]], "no date": "yesterday", "a day too many": "2021-02-30", "a number as text": "1",
}  # fmt: skip


def fits(record_type: type[Record], name: str, value: object) -> bool:
    return misfit(record_type, {**DOCUMENTS[record_type], name: value}) is None


def test_every_field_of_every_record_has_a_row() -> None:
    assert set(SHAPES) == set(RECORD_TYPES) == set(DOCUMENTS)
    for record_type in RECORD_TYPES:
        assert set(fields_of(record_type)) <= SHAPES[record_type].keys(), record_type
    assert set(EVENT_FIELDS) - {"before", "after"} <= EVENT_SHAPES.keys()


def test_the_samples_fit_and_so_do_documents_without_what_came_later() -> None:
    assert [misfit(one, document) for one, document in DOCUMENTS.items()] == [None] * len(DOCUMENTS)
    for record_type, document in DOCUMENTS.items():
        assert misfit(record_type, {name: document[name] for name in document if name not in record_type.DEFAULTS}) is None


@pytest.mark.parametrize(("record_type", "name"), FIELDS, ids=lambda one: one if isinstance(one, str) else one.NOUN)
def test_no_poison_fits_a_field(record_type: type[Record], name: str) -> None:
    text = (record_type, name) in WORDS
    harmless = {"no date", "a day too many", "a number as text"} if text else {"true"} if name == "url_typed" else set()
    for what, value in POISON.items():
        assert fits(record_type, name, value) == (what in harmless), (what, SHAPES[record_type][name].words)


@pytest.mark.parametrize(
    ("record_type", "changes"),
    [
        (Link, {"score": 100.01}), (Link, {"score": 10**400}), (Link, {"score": -0.0}), (Link, {"probability": 99.5}),
        (Link, {"probability": 1.0000001}), (Link, {"start": 9}), (Link, {"start": 9.0}), (Link, {"exact": ""}),
        (Link, {"parts": [[0, 10]]}), (Link, {"anchored_from": "L1"}), (Link, {"kind": "nearly"}), (Link, {"flags": ["number", "later"]}),
        (Link, {"words": [["changed", [0, 1]]]}), (Link, {"words": [["turned", [0, 1], [0, 1]]]}), (Link, {"id": "l1"}),
        (Link, {"id": "L01"}),
        (Link, {"id": "L1\n"}), (Link, {"id": "L" + "1" * 19}), (Link, {"id": "C1"}), (Link, {"attribution_id": "C1"}),
        (Link, {"id": None}), (Party, {"merged_into": "P1"}), (Verdict, {"supersedes": "V2"}), (Relation, {"other_claim_id": "C1"}),
        (Capture, {"status": 99}), (Capture, {"status": 600}), (Capture, {"headers": [["a"]]}), (Capture, {"headers": [["a", None]]}),
        (Capture, {"sha256": "A" * 64}), (Capture, {"sha256": HASH + "\n"}), (Capture, {"retrieved_at": "2020-06-31"}),
        (Capture, {"retrieved_at": "2020-06-22T10:00:00+06:00"}), (Capture, {"retrieved_at": "2020-06-22T10:00:00"}),
        (Claim, {"lang": "k k"}), (Claim, {"lang": "x" * 9}),
        (Claim, {"lang": ""}),
        (Claim, {"text": ""}), (Claim, {"tags": "ab"}), (Claim, {"tags": [""]}), (Claim, {"origin": "elsewhere"}),
        (Claim, {"origin": f"{HASH}/A1"}), (Claim, {"added": 1}), (TimeStamp, {"head_seq": 0}), (Attribution, {"stance": "shouts"}),
        (Draft, {"end": 0}), (Draft, {"parts": []}), (Draft, {"parts": [[0, 10]]}), (Draft, {"nested_in": "D2"}), (Draft, {"mode": "loud"}),
        (Draft, {"speaker": {"exact": "Office", "start": 10, "end": 15}}), (Draft, {"speaker": {"exact": "Office", "start": 10}}),
        (Draft, {"cue": {"exact": "", "start": 3, "end": 3}}), (Draft, {"flags": ["number"]}), (Draft, {"state": "confirmed"}),
        (Draft, {"confidence": 1.5}), (Draft, {"party_score": 100.5}),
        (Attribution, {"said_at": "2021-13"}), (Attribution, {"said_at": "٢٠٢٠"}),
    ],
)  # fmt: skip
def test_what_is_out_of_range_does_not_fit(record_type: type[Record], changes: Document) -> None:
    what = misfit(record_type, {**DOCUMENTS[record_type], **changes})
    assert what is not None
    assert what.startswith("it")


def test_a_field_that_must_be_there_is_missed() -> None:
    document = DOCUMENTS[Claim]
    assert misfit(Claim, {name: document[name] for name in document if name != "text"}) == "it has no text"
    assert misfit(Claim, {}) == "it has no id"


def test_ranges_hold_their_ends() -> None:
    for name, values in {"score": (0, 0.0, 100, 100.0), "probability": (0, 1, 0.5), "edits": (0, 2**53 - 1)}.items():
        assert all(fits(Link, name, value) for value in values)
    assert all(fits(Capture, "status", value) for value in (100, 599, None))


def test_a_text_may_be_long_and_not_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimreg.services.recording.fields.LONGEST_TEXT", 10)
    assert checked_text("x" * 10, "title") == "x" * 10
    with pytest.raises(UsageError, match="longer"):
        checked_text("x" * 11, "title")
    assert LONGEST_TEXT == 64 * 2**20


EVENT = {"seq": 3, "at": AT, "user": "ann", "action": "add", "object_id": "C1", "previous": HASH, "hash": HASH, "salt": "ab" * 16}


@pytest.mark.parametrize("name", [*EVENT, "group"])
def test_no_poison_fits_an_event(name: str) -> None:
    harmless = {"no date", "a day too many", "a number as text"} if name in ("user", "action") else set()
    for what, value in POISON.items():
        assert (event_misfit({**EVENT, name: value}) is None) == (what in harmless), what


def test_a_group_begins_with_an_event_before_or_this_one() -> None:
    assert event_misfit(EVENT) is None
    assert [event_misfit({**EVENT, "group": group}) is None for group in (0, 1, 3, 4)] == [False, True, True, False]


@given(st.text(st.characters() | st.sampled_from("\0\ud800\udcff")))
def test_what_is_replaced_can_be_recorded(text: str) -> None:
    assert unfit_characters(replaced(text)) is None
    assert len(replaced(text)) == len(text)
    assert unfit_characters(text) is not None or replaced(text) == text


def test_a_record_that_is_changed_still_fits() -> None:
    assert misfit(Claim, to_document(replace(SAMPLES[0], removed_at=AT))) is None
