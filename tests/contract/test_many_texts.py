"""Quotes among more sources than are looked through one by one: whatever becomes of the index of their texts costs no answer."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from claimreg.linker.groups import letter_groups, quote_groups
from claimreg.model import Link
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.linking.likely import FEW, bring_up_to_date
from claimreg.services.surroundings import Surroundings
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.gram_index import LetterGroupIndex
from claimreg.store.port import DamagedIndexError, GramIndex, Store, UnkeptIndexError

WORDS = ["pier", "crane", "ticket", "fog", "gull", "rope", "captain", "harbour", "lamp", "tide", "cargo", "market", "bell", "wind"]
HIDDEN = "the harbour master signed the order before midnight and locked the gate"
SOURCES = FEW + 4


def text_of(number: int) -> str:
    """A text of its own for each number; the fifth and the last one hold the hidden words."""
    words = " ".join(WORDS[(number * 5 + step * step) % len(WORDS)] for step in range(30))
    return f"Notice {number}. {words}. " + (f"A clerk wrote that {HIDDEN}. " if number in (5, SOURCES) else "")


@pytest.fixture
def told() -> list[str]:
    return []


def filled(store: Store, folder: Path, told: list[str]) -> Registry:
    """A registry of many sources, S1 with the first text and so on."""
    texts = folder / "texts"
    texts.mkdir()
    for number in range(1, SOURCES + 1):
        (texts / f"{number:02}.txt").write_text(text_of(number), encoding="utf-8")
    documents = Documents(Reading(workers=1))
    registry = Registry(
        store, Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=documents, tell_aside=told.append)
    )
    assert sum(len(batch.documents) for batch in registry.add_sources([str(texts)])) == SOURCES
    return registry


@pytest.fixture
def many(store: Store, tmp_path: Path, told: list[str]) -> Registry:
    return filled(store, tmp_path, told)


@pytest.fixture
def kept(tmp_path: Path, told: list[str]) -> Iterator[Registry]:
    """The same over the store that keeps an index."""
    with closing(EmbeddedStore(tmp_path / "registry")) as opened:
        yield filled(opened, tmp_path, told)


def places(registry: Registry, quote: str = HIDDEN) -> list[tuple[str, str]]:
    return [(place.document, place.match.kind.value) for place in registry.check(quote).places]


EXPECTED = [("S5", "exact"), (f"S{SOURCES}", "exact")]


def test_a_quote_is_found_wherever_it_stands(many: Registry) -> None:
    assert places(many) == EXPECTED
    assert places(many, HIDDEN.replace("signed", "sigmed")) == [(source, "near") for source, _ in EXPECTED]
    assert places(many, "nobody ever wrote anything about the lighthouse keeper") == []


def test_quotes_without_a_source_are_linked_to_all_that_hold_them(many: Registry) -> None:
    recorded = many.add("The gate was locked", by="Harbour master", quote=HIDDEN)
    assert recorded is not None
    assert [one.source_id for one in recorded.links] == [source for source, _ in EXPECTED]
    assert [one.source_id for one in many.link(every=True).found] == [source for source, _ in EXPECTED]
    assert {one.source_id for one in many.reader.find(Link)} == {source for source, _ in EXPECTED}


def test_a_source_removed_or_captured_again_is_answered_with_as_it_stands(many: Registry, tmp_path: Path) -> None:
    assert places(many) == EXPECTED
    many.remove("S5")
    assert places(many) == EXPECTED[1:]
    changed = tmp_path / "changed.txt"
    changed.write_text("All of it was taken back.", encoding="utf-8")
    list(many.recapture([f"S{SOURCES}"], file=str(changed)))
    assert places(many) == []
    many.restore("S5")
    assert places(many) == EXPECTED[:1]


def segments_of(folder: Path) -> list[Path]:
    return sorted((folder / "registry" / ".cache" / "grams").glob("*.segment"))


def gone(grams: Path) -> None:
    for path in grams.iterdir():
        path.unlink()


def rubbish(grams: Path) -> None:
    for path in grams.glob("*.segment"):
        path.write_bytes(b"rubbish" * 900)


def flipped(grams: Path) -> None:
    for path in grams.glob("*.segment"):
        path.write_bytes(path.read_bytes()[:-9000] + bytes(9000))


def rubbish_in_the_list(grams: Path) -> None:
    (grams / "index.db").write_bytes(b"rubbish" * 900)


def no_list(grams: Path) -> None:
    with closing(sqlite3.connect(grams / "index.db")) as connection, connection:
        connection.execute("UPDATE state SET document = '{}'")


@pytest.mark.parametrize("harm", [gone, rubbish, flipped, rubbish_in_the_list, no_list])
def test_a_harmed_index_is_made_anew(kept: Registry, tmp_path: Path, told: list[str], harm: Callable[[Path], None]) -> None:
    assert places(kept) == EXPECTED
    assert segments_of(tmp_path)
    harm(tmp_path / "registry" / ".cache" / "grams")
    assert places(kept) == EXPECTED
    assert set(told) <= {"The index of the texts is made anew: it was damaged."}
    assert bool(told) is (harm not in (gone, no_list))
    told.clear()
    assert places(kept) == EXPECTED
    assert told == []


def test_the_index_of_another_history_is_made_anew(kept: Registry, tmp_path: Path, told: list[str]) -> None:
    assert places(kept) == EXPECTED
    other = tmp_path / "other"
    other.mkdir()
    with closing(EmbeddedStore(other / "registry")) as store:
        registry = filled(store, other, told)
        (tmp_path / "registry" / ".cache").rename(other / "registry" / ".cache")
        assert places(registry) == EXPECTED
        assert told == ["The index of the texts belonged to another history; it is made anew."]


def test_a_store_that_cannot_keep_an_index_does_without(kept: Registry, tmp_path: Path) -> None:
    (tmp_path / "registry" / ".cache").write_text("in the way", encoding="utf-8")
    assert places(kept) == EXPECTED


def test_an_index_that_another_process_never_lets_go_of_costs_no_answer(
    kept: Registry, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert places(kept) == EXPECTED
    more = tmp_path / "more.txt"
    more.write_text(f"Once more: {HIDDEN}.", encoding="utf-8")
    kept.add_source(str(more))
    usual = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **options: usual(*given, **{**options, "timeout": 0.01}))
    with closing(usual(tmp_path / "registry" / ".cache" / "grams" / "index.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert places(kept) == [*EXPECTED, (f"S{SOURCES + 1}", "exact")]
    assert told == ["The index of the texts cannot be kept; the texts that it lacks are looked through one by one."]


@pytest.mark.usefixtures("many")
def test_the_index_is_brought_up_to_date_on_the_side(store: Store, told: list[str]) -> None:
    done: list[int] = []
    bring_up_to_date(store, told.append, done.append)
    assert (done, told) == ([] if store.gram_index() is None else list(range(1, SOURCES + 1)), [])
    bring_up_to_date(store, told.append, done.append)
    assert len(done) in (0, SOURCES)


# The index itself, as the port has it.

POSITION = (3, "0" * 64)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[GramIndex]:
    with closing(EmbeddedStore(tmp_path / "registry")) as opened:
        made = opened.gram_index()
        assert made is not None
        made.load()
        yield made
        made.close()


def take_in(index: GramIndex, texts: dict[int, str]) -> None:
    with index.locked():
        for number, text in texts.items():
            assert index.add(number, letter_groups(text))
        index.keep(POSITION)


def test_what_was_kept_is_there_for_the_next_one(index: GramIndex, tmp_path: Path) -> None:
    assert (index.known, index.position, index.candidates(quote_groups(HIDDEN), 5)) == (set(), (0, ""), [])
    take_in(index, {number: text_of(number) for number in range(1, SOURCES + 1)})
    with closing(EmbeddedStore(tmp_path / "registry")) as opened:
        other = opened.gram_index()
        assert other is not None
        with closing(other):
            other.load()
            assert (other.known, other.position) == (set(range(1, SOURCES + 1)), POSITION)
            assert other.candidates(quote_groups(HIDDEN), 5)[:2] == [5, SOURCES]
            assert other.candidates(quote_groups(HIDDEN), 1) == [5]


def test_segments_are_merged_and_answer_as_one_does(index: GramIndex, tmp_path: Path) -> None:
    for number in range(1, SOURCES + 1):
        take_in(index, {number: text_of(number)})
    assert len(segments_of(tmp_path)) < 7
    assert index.known == set(range(1, SOURCES + 1))
    assert index.candidates(quote_groups(HIDDEN), 5)[:2] == [5, SOURCES]


def test_texts_are_set_apart_and_taken_out(index: GramIndex, tmp_path: Path) -> None:
    assert isinstance(index, LetterGroupIndex)
    for first in range(1, SOURCES + 1, 12):
        take_in(index, {number: text_of(number) for number in range(first, min(first + 12, SOURCES + 1))})
    with index.locked():
        apart = index.set_apart({5, 6, SOURCES})
    assert (apart.count(True), apart.count(False), len(segments_of(tmp_path))) == (2, 3, 5)
    assert (index.known, index.candidates(quote_groups(HIDDEN), 5)[:2]) == (set(range(1, SOURCES + 1)), [5, SOURCES])
    with index.locked():
        assert index.set_apart({5, 6, SOURCES}) == apart
        index.take_out({5, 7})
    with closing(EmbeddedStore(tmp_path / "registry")) as opened, closing(cast("LetterGroupIndex", opened.gram_index())) as other:
        other.load()
        assert other.known == set(range(1, SOURCES + 1)) - {5, 7}
        assert (other.candidates(quote_groups(HIDDEN), 1), 5 in other.texts_with(letter_groups(text_of(5)))) == ([SOURCES], False)


def test_indexes_differ_in_the_texts_whose_groups_differ(index: GramIndex, tmp_path: Path) -> None:
    texts = {number: text_of(number) for number in range(1, 20)}
    take_in(index, texts)
    with closing(EmbeddedStore(tmp_path / "other")) as opened, closing(cast("LetterGroupIndex", opened.gram_index())) as other:
        other.load()
        for number, text in texts.items():
            take_in(other, {number: text})
        assert index.differing(other) == other.differing(index) == set()
        take_in(other, {20: text_of(20), 3: "What it never said"})
        assert index.differing(other) == other.differing(index) == {3, 20}


def test_letters_that_all_texts_share_leave_none_out(index: GramIndex) -> None:
    take_in(index, dict.fromkeys(range(1, 9), "the night ferry will not run"))
    assert index.candidates(quote_groups("the night ferry will not run"), 3) == [1, 2, 3]
    assert index.candidates(quote_groups("something entirely different"), 3) == []


def test_an_index_full_of_groups_says_that_it_is_to_be_kept(index: GramIndex) -> None:
    with index.locked():
        assert not index.add(1, np.arange(1_100_000, dtype=np.uint32))
        index.keep(POSITION)
    assert index.candidates([7, 1_099_999], 3) == [1]


def test_a_cleared_index_holds_nothing(index: GramIndex) -> None:
    take_in(index, {1: HIDDEN})
    index.clear()
    assert (index.known, index.candidates(quote_groups(HIDDEN), 5)) == (set(), [])
    index.load()
    assert index.known == set()


def test_harm_is_told_to_those_who_read(index: GramIndex, tmp_path: Path) -> None:
    take_in(index, {number: text_of(number) for number in range(1, SOURCES + 1)})
    (path,) = segments_of(tmp_path)
    whole = path.read_bytes()
    for content in (b"", whole[:40], b"x" + whole[1:], whole[:-64], whole + b"x"):
        path.write_bytes(content)
        with pytest.raises(DamagedIndexError):
            index.load()
    path.unlink()
    with pytest.raises(DamagedIndexError, match="missing"):
        index.load()
    path.mkdir()
    with pytest.raises(DamagedIndexError):
        index.load()


def test_an_index_that_may_not_be_written_is_told_to_those_who_keep(index: GramIndex, tmp_path: Path) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UnkeptIndexError), index.locked():
        full()
    (tmp_path / "registry" / ".cache" / "grams" / "index.db").write_bytes(b"rubbish" * 900)
    index.close()
    with pytest.raises(DamagedIndexError), index.locked():
        pass
