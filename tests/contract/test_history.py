"""The history is a chain that tells of every change made behind its back, and older registries are brought into it."""

import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stores import STORES

from claimreg.frozen import replace
from claimreg.model import Change, Claim, Event
from claimreg.store.chain import event_document, event_text, sealed, walk
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")


def chained() -> list[Event]:
    store = MemoryStore()
    with store.write(CHANGE) as writer:
        for number in range(1, 6):
            writer.put(Claim(id=f"C{number}", recorded_at=CHANGE.at, recorded_by="ann", text=f"Мәтін {number}"))
    return list(store.history())


def broken_links(events: Iterable[Event]) -> Iterator[tuple[int, str]]:
    """The breaks of the chain: the event's number and what is wrong with it."""
    return ((step.number, fault) for step in walk((event.seq, event_text(event)) for event in events) for fault in step.faults)


def test_an_untouched_chain_holds() -> None:
    assert list(broken_links(chained())) == []


@pytest.mark.parametrize("field", ["at", "user", "action", "object_id", "before", "after", "previous", "hash"])
def test_a_changed_field_is_found(field: str) -> None:
    events = chained()
    events[2] = replace(events[2], **{field: {"id": "C9"} if field in ("before", "after") else "other"})
    assert {seq for seq, _what in broken_links(events)} & {3, 4}


@pytest.mark.parametrize("gone", [0, 2])
def test_a_missing_event_is_found(gone: int) -> None:
    events = chained()
    del events[gone]
    assert list(broken_links(events))


def test_every_store_chains_alike(tmp_path: Path) -> None:
    stores: list[Store] = [MemoryStore(), EmbeddedStore(tmp_path / "registry")]
    events = []
    for store in stores:
        for number in (1, 2):
            with store.write(CHANGE) as writer:
                writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text=f"{number}", tags=("a",)))
        told = [event_document(event) for event in store.history()]
        events.append([{name: one[name] for name in one if name not in ("hash", "previous", "salt")} for one in told])
        assert list(broken_links(store.history())) == []
        store.close()
    assert events[0] == events[1]


def test_a_registry_of_version_1_is_brought_up_to_date_after_a_backup(repository: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v1.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "registry-v1"
    store = EmbeddedStore(folder, create=False)
    events = list(store.history())
    assert len(events) == 25
    assert list(broken_links(events)) == []
    assert [claim.text for claim in store.find(Claim)] == ["Ilyashev spread knowingly false information", "Ilyashev committed no crime"]
    with store.write(CHANGE) as writer:
        claim = writer.get(Claim, "C1")
        assert claim is not None
        writer.put(replace(claim, text="changed"))
    assert list(broken_links(store.history())) == []
    store.close()
    with closing(sqlite3.connect(folder / "registry.db.schema-1")) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (1,)
        assert backup.execute("SELECT count(*) FROM history").fetchone() == (25,)


@pytest.mark.parametrize("kind", STORES)
def test_the_same_event_has_another_hash_each_time(tmp_path: Path, kind: str) -> None:
    stores = [STORES[kind](tmp_path / name) for name in ("one", "two")]
    events: list[Event] = []
    for store in stores:
        with store.write(CHANGE) as writer:
            writer.put(Claim(id="C1", recorded_at=CHANGE.at, recorded_by="ann", text="Мәтін"))
        events.extend(store.history())
        store.close()
    one, other = events
    assert one.after == other.after
    assert one.hash != other.hash
    assert len(one.salt) == 32


def test_an_event_of_an_older_registry_has_no_salt_and_holds() -> None:
    (event,) = chained()[:1]
    unsalted = sealed(1, CHANGE, "C1", None, event.after, event.previous)
    assert list(broken_links([unsalted])) == []
    assert "salt" not in event_document(unsalted)
    assert list(broken_links([replace(unsalted, salt="0" * 32)]))
