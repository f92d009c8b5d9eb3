"""What every store promises; a new adapter joins by adding itself to `STORES`."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import STORES

from claimreg.codec import DamagedRecordError, from_document, to_document
from claimreg.errors import DamagedRegistryError, InputError
from claimreg.frozen import replace
from claimreg.model import (
    RECORD_TYPES,
    Attribution,
    Capture,
    Change,
    Claim,
    Draft,
    Flag,
    Link,
    LinkKind,
    Mention,
    Party,
    Span,
    Stance,
    TimeStamp,
    WordChange,
    WordEdit,
    record_number,
)
from claimreg.store.chain import canonical, event_text
from claimreg.store.port import AllOf, AnyOf, Condition, Contains, Equals, OneOf, Store
from claimreg.vocabulary import Act, Mode, NoSpeaker, SpeechFlag

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")


def claim(number: int, text: str = "The sky is green", **fields: object) -> Claim:
    return replace(Claim(id=f"C{number}", recorded_at=CHANGE.at, recorded_by="ann", text=text), **fields)


def link() -> Link:
    return Link(
        id="L1", recorded_at=CHANGE.at, recorded_by="ann", attribution_id="A1", source_id="S1", capture_id="K1", start=0, end=4,
        exact="тіл\n", prefix="", suffix="…", score=98.5, kind=LinkKind.NEAR, parts=(Span(0, 4),), edits=1, probability=0.5,
        flags=(Flag.NUMBER,), words=(WordEdit(WordChange.CHANGED, Span(0, 3), Span(0, 4)),),
    )  # fmt: skip


def draft() -> Draft:
    return Draft(
        id="D1", recorded_at=CHANGE.at, recorded_by="ann", source_id="S1", capture_id="K1", start=0, end=4, exact="тіл\n",
        parts=(Span(0, 2), Span(3, 4)), mode=Mode.MIXED, act=Act.CALL, stance=Stance.DENIES, confidence=0.5, rule="r",
        proposed_by="rules/1", speaker=Mention("Сот", 5, 8), no_speaker=NoSpeaker.PASSIVE, flags=(SpeechFlag.OPENER_MISSING,),
        party_score=90.5,
    )  # fmt: skip


def time_stamp() -> TimeStamp:
    return TimeStamp(
        id="T1", recorded_at=CHANGE.at, recorded_by="ann", head_seq=3, head_hash="0" * 64, authority="https://tsa.example",
        token_sha256="1" * 64, stamped_at=CHANGE.at,
    )  # fmt: skip


def test_what_is_put_is_got_back(store: Store) -> None:
    attribution = Attribution(
        id="A1", recorded_at=CHANGE.at, recorded_by="ann", claim_id="C1", party_id="P1", party_as_written="Сот", stance=Stance.RULES
    )
    with store.write(CHANGE) as writer:
        for record in (claim(1, tags=("a", "b"), case="Ильяшев"), attribution, link(), draft(), time_stamp()):
            writer.put(record)
            assert writer.get(type(record), record.id) == record
    assert store.get(Claim, "C1") == claim(1, tags=("a", "b"), case="Ильяшев")
    assert store.get(Attribution, "A1") == attribution
    assert store.get(Link, "L1") == link()
    assert store.get(Draft, "D1") == draft()
    assert store.get(TimeStamp, "T1") == time_stamp()


def test_an_unknown_id_gives_none(store: Store) -> None:
    assert [store.get(record_type, f"{record_type.PREFIX}7") for record_type in RECORD_TYPES] == [None] * len(RECORD_TYPES)


def test_ids_rise_and_are_never_used_twice(store: Store) -> None:
    with store.write(CHANGE) as writer:
        assert [writer.new_id(Claim), writer.new_id(Claim), writer.new_id(Party)] == ["C1", "C2", "P1"]
        writer.put(claim(2))
    with store.write(CHANGE) as writer:
        assert writer.new_id(Claim) == "C3"


def test_an_id_is_new_also_after_an_old_record_was_put(store: Store) -> None:
    with store.write(CHANGE) as writer:
        for _ in range(3):
            writer.put(claim(record_number(writer.new_id(Claim))))
    with store.write(CHANGE) as writer:
        writer.put(claim(1, text="changed"))
        assert writer.new_id(Claim) == "C4"
        writer.put(claim(9))
        assert writer.new_id(Claim) == "C10"


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
        writer.put_blob(b"kept")
    with pytest.raises(RuntimeError, match="halt"), store.write(CHANGE) as writer:  # noqa: PT012 -- the block is what fails
        writer.put(claim(1, text="changed"))
        writer.put(claim(2))
        lost = writer.put_blob(b"lost")
        writer.put_blob(b"kept")
        raise RuntimeError("halt")
    assert [one.text for one in store.find(Claim)] == ["The sky is green"]
    assert len(list(store.history())) == 1
    with pytest.raises(DamagedRegistryError):
        store.blob(lost)
    assert store.blob(hashlib.sha256(b"kept").hexdigest()) == b"kept"


def test_find_by_conditions(store: Store) -> None:
    claims = [
        claim(1, case="X", tags=("court",)),
        claim(2, case="Y", tags=("court", "kk")),
        claim(3, case=None),
        claim(4, case="X", removed_at=CHANGE.at),
    ]
    with store.write(CHANGE) as writer:
        for one in claims:
            writer.put(one)

    def found(condition: Condition, **options: bool) -> list[str]:
        return [one.id for one in store.find(Claim, condition, **options)]

    assert found(AllOf()) == ["C1", "C2", "C3"]
    assert found(AllOf(), newest_first=True) == ["C3", "C2", "C1"]
    assert found(Equals("case", "X")) == ["C1"]
    assert found(Equals("case", "X"), withdrawn=True) == ["C1", "C4"]
    assert found(Equals("case", None)) == ["C3"]
    assert found(OneOf("case", ("X", "Y"))) == ["C1", "C2"]
    assert found(OneOf("case", ())) == []
    assert found(Contains("tags", "kk")) == ["C2"]
    assert found(AllOf((Contains("tags", "court"), Equals("case", "Y")))) == ["C2"]
    assert found(AnyOf((Equals("case", "Y"), Equals("case", None)))) == ["C2", "C3"]
    assert found(AnyOf(())) == []


def test_history_tells_before_and_after(store: Store) -> None:
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
    later = Change(user="bob", at="2026-01-02T00:00:00Z", action="edit")
    with store.write(later) as writer:
        writer.put(claim(1))
        writer.put(claim(1, text="The sky is blue"))
        writer.put(claim(2))
    events = list(store.history("C1"))
    assert [(event.seq, event.user, event.action, event.before is None) for event in events] == [
        (1, "ann", "test", True),
        (2, "bob", "edit", False),
    ]
    assert events[1].before == to_document(claim(1))
    assert events[1].after == to_document(claim(1, text="The sky is blue"))
    assert [event.object_id for event in store.history()] == ["C1", "C1", "C2"]


def test_bytes_are_kept_as_they_are(store: Store) -> None:
    content = bytes(range(256)) + "мәтін\r\n".encode()
    with store.write(CHANGE) as writer:
        sha256 = writer.put_blob(content)
        assert writer.put_blob(content) == sha256 == hashlib.sha256(content).hexdigest()
    assert store.blob(sha256) == content


def test_a_snapshot_sees_one_state(store: Store) -> None:
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
    with store.snapshot() as reader:
        assert reader.get(Claim, "C1") == claim(1)
        assert [one.id for one in reader.find(Claim)] == ["C1"]


@pytest.mark.parametrize("name", STORES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_every_character_survives(name: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = STORES[name](tmp_path_factory.mktemp("registry"))
    with store.write(CHANGE) as writer:
        writer.put(claim(1, text=text, case=text, tags=(text,)))
    assert store.get(Claim, "C1") == claim(1, text=text, case=text, tags=(text,))
    assert [one.id for one in store.find(Claim, Equals("case", text))] == ["C1"]
    assert [one.id for one in store.find(Claim, Contains("tags", text))] == ["C1"]
    store.close()


def test_documents_round_trip() -> None:
    record = link()
    assert from_document(Link, to_document(record)) == record
    later = {**to_document(claim(1)), "field_of_a_later_version": [{"мәтін": 1.5}, None], "NOUN": "nothing"}
    read = from_document(Claim, later)
    assert (to_document(read), read.NOUN) == (later, "claim")
    assert to_document(replace(read, text="other")) == {**later, "text": "other"}
    assert read != claim(1)
    assert len({read, from_document(Claim, later)}) == 1


def test_a_word_of_a_later_version_is_kept() -> None:
    later = {**to_document(link()), "kind": "paraphrased", "state": "doubted", "flags": ["number", "sarcasm"], "not_judged": ["word"]}
    later["words"] = [["moved", [0, 3], [0, 4]]]
    read = from_document(Link, later)
    assert (read.kind.value, read.state.value, [one.value for one in read.flags]) == ("paraphrased", "doubted", ["number", "sarcasm"])
    assert read.flags[0] is Flag.NUMBER
    assert to_document(read) == later
    assert all(type(one) is str for one in (to_document(read)["kind"], *to_document(read)["flags"]))
    later = {**to_document(draft()), "mode": "sung", "act": "oath", "state": "doubted", "no_speaker": "unwilling", "flags": ["sarcasm"]}
    assert to_document(from_document(Draft, later)) == later


def test_a_draft_says_of_its_speaker_where_the_name_stands() -> None:
    document = to_document(draft())
    assert document["speaker"] == {"exact": "Сот", "start": 5, "end": 8}
    assert from_document(Draft, document) == draft()
    with pytest.raises(DamagedRecordError):
        from_document(Draft, {**document, "speaker": {"exact": "Сот"}})


@pytest.mark.parametrize(
    "wrong", [{"kind": 7}, {"kind": ["near"]}, {"parts": [[1]]}, {"flags": 3}, {"words": [["kept"]]}, {"words": [{}]}, {"id": ...}]
)
def test_a_document_that_is_none_is_told_as_damage(wrong: dict[str, object]) -> None:
    document = {name: value for name, value in {**to_document(link()), **wrong}.items() if value is not ...}
    with pytest.raises(DamagedRecordError):
        from_document(Link, document)


def test_the_events_of_a_transaction_tell_their_group(store: Store) -> None:
    for first in (1, 3):
        with store.write(CHANGE) as writer:
            writer.put(claim(first))
            writer.put(claim(first + 1))
    assert [event.group for event in store.history()] == [1, 1, 3, 3]


def test_what_is_stored_is_the_very_text_of_the_events(store: Store) -> None:
    with store.write(CHANGE) as writer:
        writer.put(claim(1))
        writer.put(link())
    assert list(store.stored_history()) == [(event.seq, event_text(event)) for event in store.history()]
    assert dict(store.stored(Claim)) == {"C1": store.stored_text(Claim, "C1")} == {"C1": canonical(to_document(claim(1)))}
    assert store.stored_text(Link, "L2") is None


UNFIT = ("a\0b", "\0", "half \ud800", "\udce9t\xe9", "\ude00\ud83d")


@pytest.mark.parametrize("text", UNFIT, ids=ascii)
@pytest.mark.parametrize("field", ["text", "title", "case", "tags", "external_id", "recorded_by"])
def test_characters_that_no_text_has_are_refused_and_nothing_is_written(store: Store, field: str, text: str) -> None:
    value = (text,) if field == "tags" else text
    with pytest.raises(InputError, match=r"^The .* holds (a NUL character|half a character)"), store.write(CHANGE) as writer:  # noqa: PT012 -- the block is what fails
        writer.put(claim(1))
        writer.put(replace(claim(2), **{field: value}))
    assert list(store.find(Claim)) == []
    assert store.head() == (0, "")


def test_such_characters_deep_inside_and_in_the_users_name_are_refused(store: Store) -> None:
    capture = Capture(
        id="K1", recorded_at=CHANGE.at, recorded_by="ann", source_id="S1", sha256="0" * 64, text_sha256="0" * 64, size=0, length=0,
        media_type="text/plain", location="n", method="text/1", retrieved_at=CHANGE.at, headers=(("Server", "x\0"),),
    )  # fmt: skip
    with pytest.raises(InputError, match="headers of the capture"), store.write(CHANGE) as writer:
        writer.put(capture)
    with pytest.raises(InputError, match="user's name"), store.write(CHANGE._replace(user="\udce9")) as writer:
        writer.put(claim(1))
    assert store.head() == (0, "")


def test_a_record_that_holds_such_characters_already_can_be_mended_and_removed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.location.startswith("postgresql:"):
        pytest.skip("PostgreSQL keeps no such characters, and never did")
    with monkeypatch.context() as patch, store.write(CHANGE) as writer:
        for module in ("memory", "embedded"):
            patch.setattr(f"claimreg.store.{module}.refuse_unfit", lambda *_arguments: None)
        writer.put(claim(1, text="a\0b", title="a\0b"))
    with store.write(CHANGE) as writer:
        writer.put(claim(1, text="ab", title="a\0b"))
        writer.put(claim(1, text="ab", title="a\0b", removed_at=CHANGE.at))
    with pytest.raises(InputError), store.write(CHANGE) as writer:
        writer.put(claim(1, text="ab", title="a\0c"))
    assert store.get(Claim, "C1") == claim(1, text="ab", title="a\0b", removed_at=CHANGE.at)


def test_bytes_can_be_read_in_the_transaction_that_brings_them_and_only_stay_when_it_is_kept(store: Store) -> None:
    contents = [f"мәтін {number}".encode() for number in range(20)]
    with store.write(CHANGE) as writer:
        kept = [writer.put_blob(content) for content in contents]
        assert [writer.blob(one) for one in kept] == contents
    lost: list[str] = []

    def broken_off() -> None:
        with store.write(CHANGE) as writer:
            lost.extend(writer.put_blob(content + b"!") for content in contents)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert [store.blob(one) for one in kept] == contents
    assert sorted(one.sha256 for one in store.check_blobs()) == sorted(kept)
    for one in lost:
        with pytest.raises(DamagedRegistryError):
            store.blob(one)


@pytest.mark.parametrize("many", [3, 500])
def test_all_bytes_are_hashed_again(store: Store, many: int) -> None:
    with store.write(CHANGE) as writer:
        kept = {writer.put_blob(f"мәтін {number}".encode()): 6 + len(str(number)) for number in range(many)}
        image = writer.put_blob(b"\xff\xfe\x00 no text")
    checks = {check.sha256: check for check in store.check_blobs()}
    assert {sha256: check.length for sha256, check in checks.items()} == {**kept, image: None}
    assert all(check.is_whole for check in checks.values())


def test_records_are_given_as_they_are_stored(store: Store) -> None:
    with store.write(CHANGE) as writer:
        for number in range(1, 4):
            writer.put(claim(number))
        writer.put(claim(2, "Another", removed_at=CHANGE.at))
    stored = dict(store.stored(Claim))
    assert list(stored) == ["C1", "C2", "C3"]
    assert [json.loads(text) for text in stored.values()] == [to_document(one) for one in store.find(Claim, withdrawn=True)]
