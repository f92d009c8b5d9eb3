"""The index of claims follows the registry through every change, and whatever happens to its files costs no answer."""

import random
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from claimreg.frozen import replace
from claimreg.model import Attribution, Change, Claim, Party, Stance
from claimreg.rank import segment
from claimreg.rank.index import StatementIndex
from claimreg.rank.ranker import rank
from claimreg.rank.segment import Entry
from claimreg.rank.statement import read_statement
from claimreg.services.finding import claim_index
from claimreg.services.finding.claim_index import ask
from claimreg.services.recording.claims import (
    AttributionFields,
    ClaimFields,
    record_attribution,
    record_claim,
    record_verdict,
    restore,
    withdraw,
)
from claimreg.services.recording.parties import add_alias, create_party, merge, split
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.port import Store, Writer

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
TEXTS = ["The pier is closed", "The crane fell into the water", "Көпір жабылды", "Nobody was hurt by the crane"]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "registry")
    fill(opened)
    yield opened
    opened.close()


def fill(store: Store, texts: list[str] = TEXTS) -> None:
    with store.write(CHANGE) as writer:
        party = create_party(writer, "Harbour office")
        for text in texts:
            claim = record_claim(writer, ClaimFields(text, case="Ferry"))
            record_attribution(writer, claim, party, None, AttributionFields(Stance.ASSERTS, "Harbour office", quote=f"so {text}"))


def known(store: Store, told: list[str] | None = None) -> list[Entry]:
    """What the index holds, by the claims' numbers."""

    def entries(index: StatementIndex) -> list[Entry]:
        alive = np.flatnonzero(index.alive).tolist()
        return sorted(Entry(int(index.numbers[place]), tuple(index.fields(place))) for place in alive)

    return ask(store, entries, told.append if told is not None else lambda _sentence: None)


def anew(store: Store) -> list[Entry]:
    """The same, of an index made in memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "segments", lambda **_options: None)
        return known(store)


def change_claim(writer: Writer) -> None:
    claim = writer.get(Claim, "C1")
    assert claim is not None
    writer.put(replace(claim, text="The pier is open again", tags=("pier",)))


def change_quote(writer: Writer) -> None:
    attribution = writer.get(Attribution, "A2")
    assert attribution is not None
    writer.put(replace(attribution, quote="it fell", claim_id="C3"))


def party_of(writer: Writer, party_id: str) -> Party:
    party = writer.get(Party, party_id)
    assert party is not None
    return party


def removed(writer: Writer, claim_id: str) -> None:
    claim = writer.get(Claim, claim_id)
    assert claim is not None
    withdraw(writer, claim)


def brought_back(writer: Writer, claim_id: str) -> None:
    claim = writer.get(Claim, claim_id)
    assert claim is not None
    restore(writer, claim)


def rated(writer: Writer) -> None:
    claim = writer.get(Claim, "C3")
    assert claim is not None
    record_verdict(writer, claim, "True", scheme=None, rationale=None, author=None)


STEPS: list[Callable[[Writer], object]] = [
    change_claim,
    change_quote,
    lambda writer: removed(writer, "C4"),
    lambda writer: add_alias(writer, party_of(writer, "P1"), "Порт басқармасы"),
    lambda writer: create_party(writer, "Captain"),
    lambda writer: add_alias(writer, party_of(writer, "P2"), "Serik"),
    lambda writer: merge(writer, party_of(writer, "P2"), party_of(writer, "P1")),
    lambda writer: add_alias(writer, party_of(writer, "P2"), "Skipper"),
    lambda writer: brought_back(writer, "C4"),
    rated,
    lambda writer: split(writer, party_of(writer, "P1")),
    lambda writer: removed(writer, "C1"),
]


def test_the_index_follows_every_change(store: Store) -> None:
    assert known(store) == []
    fill(store)
    assert [entry.number for entry in known(store)] == [1, 2, 3, 4]
    before = known(store)
    differences = 0
    for step in STEPS:
        with store.write(CHANGE) as writer:
            step(writer)
        after = known(store)
        assert after == anew(store)
        differences += before != after
        before = after
    assert differences >= 7
    assert ("party", "port baskarmasi") in before[1].fields


def test_many_writes_leave_few_segments(filled: EmbeddedStore) -> None:
    for number in range(70):
        with filled.write(CHANGE) as writer:
            record_claim(writer, ClaimFields(f"Claim about bridge {number}"))
        known(filled)
    assert len(list(Path(filled.location).glob(".cache/claims/*.segment"))) < 16
    assert [entry.number for entry in known(filled)] == list(range(1, 75))


def test_what_needs_no_work_is_not_told(filled: EmbeddedStore) -> None:
    told: list[str] = []
    known(filled, told)
    assert told == ["The search index took in 4 claims that it did not have."]
    told.clear()
    known(filled, told)
    with filled.write(CHANGE) as writer:
        rated(writer)
    known(filled, told)
    assert told == []


def test_whatever_happens_to_its_files_the_answer_is_the_same(filled: EmbeddedStore) -> None:
    expected = known(filled)
    folder = Path(filled.location) / ".cache" / "claims"
    chance = random.Random(3)  # noqa: S311 -- the same places each time
    harms: list[Callable[[bytes], bytes]] = [
        lambda _content: b"",
        lambda _content: b"rubbish" * 1000,
        lambda content: content[: len(content) // 2],
        lambda content: content + b"x",
        *[partial(flipped, share=chance.random(), bit=1 << chance.randrange(8)) for _ in range(60)],
    ]
    mended = 0
    for harm in harms:
        for name in sorted(path.name for path in folder.iterdir()):
            path = folder / name
            if path.exists():
                path.write_bytes(harm(path.read_bytes()))
                told: list[str] = []
                assert known(filled, told) == expected
                mended += bool(told)
    assert mended > len(harms)
    for path in list(folder.iterdir()):
        path.unlink(missing_ok=True)
        assert known(filled) == expected
    shutil.rmtree(folder.parent)
    assert known(filled) == expected
    shutil.rmtree(folder)
    folder.write_text("a file in its place")
    assert known(filled) == expected


def flipped(content: bytes, share: float, bit: int) -> bytes:
    place = int(share * len(content))
    return content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


def test_damage_that_is_met_while_answering_is_mended(filled: EmbeddedStore) -> None:
    def best(index: StatementIndex) -> int:
        return int(index.numbers[rank(index, read_statement(["the crane fell"]), 1)[0].place])

    assert ask(filled, best) == 2
    (path,) = (Path(filled.location) / ".cache" / "claims").glob("*.segment")
    content = path.read_bytes()
    place = content.index(b"te krane fel")
    path.write_bytes(content[:place] + b"te brane" + content[place + 8 :])
    told: list[str] = []
    assert ask(filled, best, told.append) == 2
    assert told[0] == "The search index is made anew: it was damaged."


def test_the_index_of_another_registry_is_not_believed(filled: EmbeddedStore, tmp_path: Path) -> None:
    known(filled)
    other = EmbeddedStore(tmp_path / "other")
    fill(other, ["Another claim", "One more", "And a third one of its own", "The last one"])
    shutil.copytree(Path(filled.location) / ".cache", tmp_path / "other" / ".cache")
    told: list[str] = []
    assert known(other, told) == anew(other)
    assert told[0].startswith("The search index belonged to another history")
    other.close()


def test_an_index_of_an_earlier_version_is_made_anew(filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(claim_index, "VERSION", claim_index.VERSION - 1)
        patch.setattr(segment, "other_spellings", lambda _text: [])
        with filled.write(CHANGE) as writer:
            record_claim(writer, ClaimFields("Çarşı kapalı"))
        assert len(known(filled)) == len(TEXTS) + 1
    assert ("spelling", "karsi") in known(filled)[-1].fields
    assert known(filled) == anew(filled)


def test_where_nothing_can_be_kept_it_is_made_for_the_one_answer(filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from claimreg.store.segments import SegmentFolder

    def refused(*_arguments: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(SegmentFolder, "keep", refused)
    assert [entry.number for entry in known(filled)] == [1, 2, 3, 4]


def test_an_index_that_another_process_holds_is_done_without(filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    from claimreg.store.segments import SegmentFolder

    known(filled)
    folder = Path(filled.location) / ".cache" / "claims"
    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr(filled, "segments", lambda *, whole: SegmentFolder(folder, whole=whole, wait=0.05))
    holder = sqlite3.connect(folder / "index.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    told: list[str] = []
    assert [entry.number for entry in known(filled, told)] == [1, 2, 3, 4]
    assert not any("damaged" in sentence for sentence in told)
    holder.execute("ROLLBACK")
    holder.close()
    assert sorted(path.name for path in folder.iterdir()) == before
