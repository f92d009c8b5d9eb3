"""What a check of a registry says of each thing that is not as it was recorded, and that it says nothing where all is well."""

import hashlib
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from claimreg.errors import InputError, StoreError
from claimreg.model import Change, TimeStamp
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.evidence.stamps import StampedHash, event_to_stamp, record_stamp, stamped_bytes
from claimreg.services.evidence.verify import Damage, Noted
from claimreg.services.surroundings import Surroundings
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

AT = "2026-01-01T00:00:00Z"
CHANGE = Change(user="ann", at=AT, action="stamp")
AUTHORITY = "https://tsa.example"
NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\n"
QUOTE = "the night ferry will not run"


def read_stamp(answer: bytes) -> StampedHash:
    """Read an answer as our authority writes it: the hash, the time, and what is wrong with the signature."""
    imprint, _, rest = answer.decode().partition(" ")
    if not rest:
        raise InputError("it is cut short")
    at, _, fault = rest.partition(" ")
    return StampedHash(imprint, at, fault or None)


def fill(store: Store, folder: Path) -> Registry:
    notice = folder / "notice.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    surroundings = Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents(Reading(workers=1)), read_stamp=read_stamp)
    registry = Registry(store, surroundings)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source=str(notice))
    return registry


def plain(store: Store, at: str = AT) -> Registry:
    """A registry whose answers of authorities nobody can read."""
    return Registry(store, Surroundings(user=lambda: "bea", now=lambda: at, documents=Documents()))


@pytest.fixture
def registry(store: Store, tmp_path: Path) -> Registry:
    return fill(store, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a registry that nobody has open."""
    with closing(EmbeddedStore(tmp_path / "registry")) as opened:
        fill(opened, tmp_path)
    return tmp_path / "registry"


def damage(folder: Path, noted: Noted | None = None) -> list[Damage]:
    with closing(EmbeddedStore(folder, create=False)) as opened:
        surroundings = Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents(), read_stamp=read_stamp)
        return Registry(opened, surroundings).verify(noted).damage


def altered(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "registry.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


# Time stamps.


def stamp(store: Store, answer: Callable[[str], str]) -> TimeStamp:
    """Keep an answer of the authority on the last event, made of the event's hash."""
    event = event_to_stamp(store)
    with store.write(CHANGE) as writer:
        return record_stamp(writer, event, AUTHORITY, answer(event.hash).encode(), AT)


def test_the_last_event_is_stamped_by_its_bytes(registry: Registry) -> None:
    event = event_to_stamp(registry.reader)
    assert (event.seq, event.hash) == registry.reader.head()
    assert hashlib.sha256(stamped_bytes(event)).hexdigest() == event.hash


def test_an_empty_history_has_nothing_to_stamp(store: Store) -> None:
    with pytest.raises(InputError, match="nothing to stamp"):
        event_to_stamp(store)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda own: f"{own} {AT}", None),
        (lambda own: f"{own} {AT} its certificate is unknown", "its certificate is unknown"),
        (lambda own: f"{own} 2027-01-01T00:00:00Z", "says something else"),
        (lambda _own: f"{'0' * 64} {AT}", "says something else"),
        (lambda _own: "rubbish", "is none: it is cut short"),
    ],
)
def test_what_an_authority_answered_is_held_against_the_history(
    registry: Registry, store: Store, answer: Callable[[str], str], told: str | None
) -> None:
    kept = stamp(store, answer)
    found = registry.verify()
    assert found.checked["time stamps"] == 1
    assert [(one.area, one.place) for one in found.damage] == ([("time stamps", kept.id)] if told else [])
    assert all(told in one.what for one in found.damage if told)


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(("answer", "is_whole"), [(bytes.fromhex, True), (lambda _own: b"of another event", False)])
def test_without_a_reader_of_answers_the_hash_is_looked_for_in_them(
    store: Store, answer: Callable[[str], bytes], *, is_whole: bool
) -> None:
    event = event_to_stamp(store)
    with store.write(CHANGE) as writer:
        record_stamp(writer, event, AUTHORITY, answer(event.hash), AT)
    assert (plain(store).verify().damage == []) is is_whole


def test_a_stamp_of_a_history_that_was_cut_off_is_told(folder: Path) -> None:
    with closing(EmbeddedStore(folder)) as store:
        kept = stamp(store, lambda own: f"{own} {AT}")
    altered(folder, "DELETE FROM history WHERE id >= (SELECT json_extract(doc, '$.head_seq') FROM timestamps)")
    found = damage(folder)
    assert ("time stamps", kept.id, f"event {kept.head_seq} is not the one that was stamped") in found
    assert ("records", kept.id, "the history does not tell of it") in found


def test_a_bundle_takes_its_stamps_along_and_they_are_checked_before_it_joins(registry: Registry, store: Store, tmp_path: Path) -> None:
    kept = stamp(store, lambda own: f"{own} {AT}")
    file = io.BytesIO()
    registry.export_bundle(file)
    with closing(EmbeddedStore(tmp_path / "other")) as other:
        around = Surroundings(user=lambda: "bea", now=lambda: AT, documents=Documents(), read_stamp=read_stamp)
        _imported, checked = Registry(other, around).import_bundle(file)
        assert (checked.found.checked["time stamps"], checked.found.damage) == (1, [])
    refusing = around._replace(read_stamp=lambda own: StampedHash(kept.head_hash, AT, f"{len(own)} bytes are not signed"))
    with closing(MemoryStore()) as other, pytest.raises(InputError, match="not signed"):
        Registry(other, refusing).import_bundle(file)


# The history and what was noted of it.


def test_a_noted_hash_is_found_and_what_came_after_is_counted(registry: Registry) -> None:
    seq, own = registry.reader.head()
    registry.judge("C1", "False")
    found = registry.verify(Noted(own[:16]))
    assert (found.noted, found.since, found.damage) == ((seq, own), 1, [])
    gone = registry.verify(Noted("f" * 16))
    assert (gone.noted, gone.since, [one.area for one in gone.damage]) == (None, 0, ["history"])


@pytest.mark.parametrize(("seq", "own", "told"), [(99, "a" * 64, "was cut off"), (2, "b" * 64, "was rewritten")])
def test_a_history_other_than_the_one_remembered_is_a_warning(registry: Registry, seq: int, own: str, told: str) -> None:
    found = registry.verify(Noted(remembered=(seq, own)))
    assert ([told in one.what for one in found.warnings], found.damage) == ([True], [])
    assert registry.verify(Noted(remembered=registry.reader.head())).warnings == []


def test_an_event_dated_before_the_one_that_it_follows_is_a_warning(registry: Registry, store: Store) -> None:
    plain(store, "2020-01-01T00:00:00Z").judge("C1", "False")
    found = registry.verify()
    assert [one.area for one in found.warnings] == ["history"]
    assert "2020-01-01" in found.warnings[0].what


HARM = {
    "an event is gone": (("DELETE FROM history WHERE id = 2",), "history"),
    "an event is changed": (("UPDATE history SET doc = replace(doc, 'ann', 'bea') WHERE id = 1",), "history"),
    "an event is no event": (("UPDATE history SET doc = '7' WHERE id = 1",), "history"),
    "an event of nothing": (("""UPDATE history SET doc = json_set(doc, '$.object_id', 'X1') WHERE id = 1""",), "history"),
    "an event with a strange field": (("""UPDATE history SET doc = json_set(doc, '$.after.colour', 'red') WHERE id = 1""",), "history"),
    "an event without a state": (("""UPDATE history SET doc = json_set(doc, '$.after', 7) WHERE id = 1""",), "history"),
    "a record is changed": (("UPDATE claims SET doc = replace(doc, 'ferry', 'train')",), "records"),
    "a record is no record": (("UPDATE claims SET doc = '[]'",), "records"),
    "a link is no link": (("UPDATE links SET doc = '[]'",), "records"),
    "a record is spaced": (("UPDATE claims SET doc = replace(doc, ':', ': ')",), "records"),
    "a field twice": (("""UPDATE claims SET doc = replace(doc, '{"', '{"id":"C1","')""",), "records"),
    "a record is gone": (("DELETE FROM claims",), "records"),
    "a record nobody recorded": (("INSERT INTO claims (id, doc) SELECT 7, replace(doc, '\"C1\"', '\"C7\"') FROM claims",), "records"),
    "a field of another shape": (("UPDATE attributions SET doc = json_set(doc, '$.quote', 7)",), "records"),
    "another table": (("CREATE TABLE more (id)",), "files"),
    "no index": (('DROP INDEX "links.source_id"',), "files"),
    "another index": (('DROP INDEX "links.source_id"', 'CREATE INDEX "links.source_id" ON links (id)'), "files"),
    "ids given out twice": (("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'claims'",), "files"),
    "ids passed over": (("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'claims'",), "files"),
    "a strange counter": (("INSERT INTO sqlite_sequence VALUES ('more', 1)",), "files"),
    "another program's": (("PRAGMA application_id = 7",), "files"),
}


@pytest.mark.parametrize("harm", HARM)
def test_what_was_altered_in_the_database_is_named(folder: Path, harm: str) -> None:
    assert damage(folder) == []
    statements, area = HARM[harm]
    altered(folder, *statements)
    assert area in {one[0] for one in damage(folder)}


def test_a_database_with_a_rotten_page_is_told_with_what_can_still_be_read(folder: Path) -> None:
    with closing(EmbeddedStore(folder)) as store:
        registry = fill_claims(store)
        assert registry.verify().damage == []
    with closing(sqlite3.connect(folder / "registry.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'claims'").fetchone()
    with (folder / "registry.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    found = damage(folder)
    assert {"files", "records"} <= {area for area, _place, _what in found}
    assert any("claim" in place and "cannot be read" in what for _area, place, what in found)


def fill_claims(store: Store) -> Registry:
    """Claims enough for several pages of the database."""
    registry = plain(store)
    for number in range(30):
        registry.add(f"Ship number {number * 977} carries {'x' * number * 20} lamps", by="Captain")
    return registry


# Captured bytes.


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "captures").rglob("*") if path.is_file())


def test_captured_bytes_that_are_not_as_recorded_are_named(folder: Path) -> None:
    (path,) = blobs(folder)
    whole = path.read_bytes()
    for harm in (lambda: path.write_bytes(whole[:-1]), path.unlink, lambda: path.symlink_to("/dev/null"), path.unlink, path.mkdir):
        harm()
        assert ("captures", "K1") in {one[:2] for one in damage(folder)}


def test_a_withheld_source_is_not_told_of_by_its_damage(folder: Path) -> None:
    with closing(EmbeddedStore(folder)) as store:
        plain(store).edit("S1", withhold="a witness")
    (path,) = blobs(folder)
    path.write_bytes(b"other bytes")
    altered(folder, "UPDATE links SET doc = json_set(doc, '$.start', 1)")
    found = damage(folder)
    assert {place for _area, place, _what in found} == {"K1", "L1"}
    assert not any(path.name in one or "notice" in one for told in found for one in told)
    assert all("S1, which is withheld" in what for _area, _place, what in found)


def test_what_lies_among_the_captures_though_nothing_speaks_of_it_is_told(folder: Path) -> None:
    captures = folder / "captures"
    with closing(EmbeddedStore(folder)) as store, store.write(CHANGE) as writer:
        unnamed, harmed = writer.put_blob(b"left behind"), writer.put_blob(b"left behind, too")
    (captures / harmed[:2] / harmed).write_bytes(b"other bytes")
    (captures / "letter.txt").write_text("Dear all")
    (captures / "ab").mkdir(exist_ok=True)
    (captures / "ab" / "letter.txt").write_text("Dear all")
    (captures / "ab" / ("cd" * 32)).write_text("misplaced")
    (captures / "ef").symlink_to(captures / "ab")
    with closing(EmbeddedStore(folder)) as store:
        found = plain(store).verify()
    assert [one.place for one in found.warnings] == [unnamed]
    assert {one.place for one in found.damage} >= {harmed, "letter.txt", "ab/letter.txt", "cd" * 32}
    assert any("symbolic link" in one.what for one in found.damage)


def test_a_link_whose_words_are_elsewhere_is_told(folder: Path) -> None:
    altered(folder, "UPDATE links SET doc = json_set(doc, '$.start', json_extract(doc, '$.start') + 1)")
    assert ("links", "L1") in {one[:2] for one in damage(folder)}


def test_a_text_of_another_length_is_told(folder: Path) -> None:
    altered(folder, "UPDATE captures SET doc = json_set(doc, '$.length', 3)", "DELETE FROM links")
    found = damage(folder)
    assert ("captures", "K1", f"the characters of its text number {len(NOTICE)}, not 3") in found


def test_many_captures_are_hashed_by_processes_of_their_own(folder: Path) -> None:
    with closing(EmbeddedStore(folder)) as store, store.write(CHANGE) as writer:
        kept = [writer.put_blob(str(number).encode()) for number in range(450)]
    (folder / "captures" / kept[0][:2] / kept[0]).write_bytes(b"other")
    with closing(EmbeddedStore(folder)) as store:
        checks = list(store.check_blobs())
        assert [one.sha256 for one in checks if not one.is_whole] == [kept[0]]
        assert len(checks) == 451


def test_captures_that_cannot_be_listed_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("claimreg.store.blob_check.check_folder", refuse)
    with closing(EmbeddedStore(folder)) as store, pytest.raises(StoreError, match="cannot be listed"):
        store.check_blobs()


def test_the_check_changes_nothing(folder: Path) -> None:
    altered(folder, "UPDATE claims SET doc = '[]'")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    assert damage(folder)
    assert {path: path.read_bytes() for path in before} == before
