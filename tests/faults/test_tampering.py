"""Whoever changes a registry behind claimreg's back is found out by `verify`, and what was changed is named; the untouched one is whole."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from claimreg.codec import to_document
from claimreg.errors import DamagedRegistryError
from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.model import Attribution, Change, Claim, Party, Relation, RelationKind, Stance, Verdict
from claimreg.services.evidence.verify import Damage, Verification, verify
from claimreg.services.linking.links import propose_link, store_links
from claimreg.services.linking.texts import stored_texts
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.chain import canonical, event_document, event_hash, sealed
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="ann", at="2026-01-02T00:00:00Z", action="add")
STAMP: dict[str, Any] = {"recorded_at": CHANGE.at, "recorded_by": "ann"}
TEXT = "Порт кеңсесі түнгі паром айлақ жөнделгенше жүрмейді деді.\n"
Tamper = Callable[[Path], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """C1 and C2, P1, A1 with S1, K1 and L1, V1 and R1; C1 was changed once, so that its history has two events."""
    folder = tmp_path_factory.mktemp("tampering") / "registry"
    store, linker = EmbeddedStore(folder), LayeredLinker()
    with store.write(CHANGE) as writer:
        writer.put(Party(id="P1", name="Сот", **STAMP))
        for number in (1, 2):
            writer.put(Claim(id=f"C{number}", text="Паром жүрмейді", **STAMP))
        stored = store_source(writer, IncomingDocument(f"<p>{TEXT}</p>".encode(), TEXT, location="a.html"), SourceDetails())
        said = Attribution(
            id="A1", claim_id="C1", party_id="P1", party_as_written="Сот", stance=Stance.REPORTS,
            quote="түнгі паром айлақ жөнделгенше жүрмейді", source_id="S1", **STAMP,
        )  # fmt: skip
        writer.put(said)
        store_links(writer, [propose_link(said, stored.source, stored.capture, stored_texts(writer, stored.capture), linker)], linker.name)
        writer.put(Verdict(id="V1", claim_id="C1", rating="false", rated_at=CHANGE.at, **STAMP))
        writer.put(Relation(id="R1", kind=RelationKind.REPEATS, claim_id="C2", other_claim_id="C1", **STAMP))
    with store.write(CHANGE._replace(at="2026-01-03T00:00:00Z", action="edit")) as writer:
        writer.put(Claim(id="C1", text="Түнгі паром жүрмейді", **STAMP))
    store.close()
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "registry"))


def look(folder: Path) -> Verification:
    with closing(EmbeddedStore(folder, create=False)) as store:
        return verify(store)


def named(folder: Path) -> list[Damage]:
    return look(folder).damage


def sql(*statements: str) -> Tamper:
    def tamper(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "registry.db", isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return tamper


def stored(folder: Path, table: str, number: int) -> str:
    with closing(sqlite3.connect(folder / "registry.db")) as connection:
        (text,) = connection.execute(f"SELECT doc FROM {table} WHERE id = ?", (number,)).fetchone()  # noqa: S608 -- our own name
    return str(text)


def rewritten(table: str, number: int, change: Callable[[str], str]) -> Tamper:
    def tamper(folder: Path) -> None:
        text = change(stored(folder, table, number))
        with closing(sqlite3.connect(folder / "registry.db", isolation_level=None)) as connection:
            connection.execute(f"UPDATE {table} SET doc = ? WHERE id = ?", (text, number))  # noqa: S608 -- as above

    return tamper


def field(name: str, value: object) -> Callable[[str], str]:
    return lambda text: canonical({**json.loads(text), name: value})


def resealed(text: str, **changes: object) -> str:
    """An event with other fields, and the hash that fits them."""
    document = {**json.loads(text), **changes}
    own = event_hash(document)
    document.pop("hash")
    return f'{canonical(document)[:-1]},"hash":"{own}"}}'


def appended(object_id: str, before: object, after: object) -> Tamper:
    """A well-made event at the end of the history, by somebody who knows how the chain is made."""

    def tamper(folder: Path) -> None:
        with closing(EmbeddedStore(folder, create=False)) as store:
            seq, head = store.head()
        event = sealed(seq + 1, CHANGE._replace(at="2026-02-01T00:00:00Z"), object_id, before, after, head)  # type: ignore[arg-type]  # that is the attack
        document = event_document(event)
        own = document.pop("hash")
        sql_values(f'{canonical(document)[:-1]},"hash":"{own}"}}', "history", seq + 1)(folder)

    return tamper


def sql_values(text: str, table: str, number: int) -> Tamper:
    def tamper(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "registry.db", isolation_level=None)) as connection:
            connection.execute(f"INSERT INTO {table} (id, doc) VALUES (?, ?)", (number, text))  # noqa: S608 -- as above

    return tamper


def capture(change: Callable[[Path], object]) -> Tamper:
    """Something done to the file of the first capture's bytes."""

    def tamper(folder: Path) -> None:
        sha256 = json.loads(stored(folder, "captures", 1))["sha256"]
        change(folder / "captures" / sha256[:2] / sha256)

    return tamper


def linked(path: Path) -> None:
    moved = path.parents[2] / ".elsewhere"
    shutil.move(path, moved)
    path.symlink_to(moved)


def replaced(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


def misplaced(path: Path) -> None:
    (path.parents[1] / "zz").mkdir()
    shutil.move(path, path.parents[1] / "zz" / path.name)


def dumps(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


SECOND = to_document(Claim(id="C2", text="Паром жүрмейді", **STAMP))
FOREIGN_CLAIM = canonical(to_document(Claim(id="C3", text="Бөтен", **STAMP)))

TAMPERING: dict[str, tuple[Tamper, str, str, str]] = {
    # The issue's own line, as it was typed there.
    "a duplicate key hides a claim": (
        sql("""update claims set doc='{"removed_at":"2020",'||substr(doc,2) where id=1"""), "records", "C1", "a key twice: removed_at",
    ),
    "a duplicate key in an attribution": (
        rewritten("attributions", 1, lambda text: '{"claim_id":"C2",' + text[1:]), "records", "A1", "a key twice: claim_id",
    ),
    "a duplicate key in a link": (rewritten("links", 1, lambda text: '{"state":"rejected",' + text[1:]), "records", "L1", "twice: state"),
    "a duplicate key in a verdict": (rewritten("verdicts", 1, lambda text: '{"rating":"true",' + text[1:]), "records", "V1", "twice"),
    "a duplicate key in an event": (
        rewritten("history", 2, lambda text: '{"object_id":"C9",' + text[1:]), "history", "event 2", "a key twice: object_id",
    ),
    "a duplicate key deep in an event": (
        rewritten("history", 2, lambda text: text.replace('"after":{', '"after":{"text":"x",', 1)), "history", "event 2", "twice: text",
    ),
    "white space in a record": (rewritten("claims", 1, lambda text: text.replace(",", ", ", 1)), "records", "C1", "not stored as claimreg"),
    "white space after a record": (rewritten("parties", 1, lambda text: text + "\n"), "records", "P1", "not stored as claimreg writes it"),
    "keys in another order": (
        rewritten("claims", 1, lambda text: dumps(dict(reversed(json.loads(text).items())))),
        "records", "C1", "not stored as claimreg writes it",
    ),
    "letters written as escapes": (
        rewritten("claims", 1, lambda text: json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True)),
        "records", "C1", "not stored as claimreg writes it",
    ),
    "a NUL and more after a record": (rewritten("sources", 1, lambda text: text + "\0{}"), "records", "S1", "cannot be read"),
    "white space in an event": (rewritten("history", 3, lambda text: text + " "), "history", "event 3", "not stored as claimreg writes it"),
    "an extra key in an event": (
        rewritten("history", 3, lambda text: text[:-1] + ',"note":"x"}'), "history", "event 3", "fields that no event has: note",
    ),
    "bytes in the place of text": (sql("UPDATE verdicts SET doc = CAST(doc AS BLOB)"), "records", "V1", "cannot be read"),
    "bytes in the place of an event": (sql("UPDATE history SET doc = CAST(doc AS BLOB) WHERE id = 2"), "history", "event 2", "be read"),
    "a field with another value": (rewritten("claims", 2, field("text", "Басқа")), "records", "C2", "not what the history says"),
    "a field that no claim has": (rewritten("claims", 2, field("hue", "x")), "records", "C2", "not what the history says"),
    "a field that is taken away": (
        rewritten("claims", 2, lambda text: text.replace('"lang":null,', "")), "records", "C2", "not what the history says",
    ),
    "a record under another number": (sql("UPDATE claims SET id = 7 WHERE id = 2"), "records", "C7", "history does not tell of it"),
    "the number that it had": (sql("UPDATE claims SET id = 7 WHERE id = 2"), "records", "C2", "missing"),
    "a record without an event": (sql_values(FOREIGN_CLAIM, "claims", 3), "records", "C3", "the history does not tell of it"),
    "a record of a number that none has": (sql_values(FOREIGN_CLAIM, "claims", 0), "records", "C0", "the history does not tell of it"),
    "a record taken away": (sql("DELETE FROM relations"), "records", "R1", "it is missing, though the history tells of it"),
    "a link put elsewhere with its event": (rewritten("links", 1, field("start", 0)), "links", "L1", "its words are not at"),
    "an event changed": (rewritten("history", 4, field("user", "bob")), "history", "event 4", "changed since it was written"),
    "an event changed and sealed again": (
        rewritten("history", 4, lambda text: resealed(text, user="bob")), "history", "event 5", "does not follow from the event before",
    ),
    "an event under another number": (sql("UPDATE history SET id = 99 WHERE id = 10"), "history", "event 99", "kept as event 99"),
    "an event taken away": (sql("DELETE FROM history WHERE id = 4"), "history", "event 5", "event 4 is missing"),
    "the first event taken away": (sql("DELETE FROM history WHERE id = 1"), "history", "event 2", "event 1 is missing"),
    "the last event taken away": (sql("DELETE FROM history WHERE id = 10"), "records", "C1", "not what the history says was recorded"),
    "an event of no record": (appended("X9", None, {"id": "X9"}), "history", "event 11", "X9, which is the id of no record"),
    "an event that erases": (appended("C2", SECOND, None), "history", "event 11", "C2"),
    "an event that begins elsewhere": (appended("C2", None, json.loads(FOREIGN_CLAIM) | {"id": "C2"}), "history", "event 11", "left C2"),
    "an event of another record's document": (appended("C3", None, json.loads(FOREIGN_CLAIM) | {"id": "C4"}), "history", "event 11", "C3"),
    "an event with a field that no claim has": (
        appended("C3", None, json.loads(FOREIGN_CLAIM) | {"hue": 1}), "history", "event 11", "it gives C3 fields that no claim has: hue",
    ),
    "an event whose record is not there": (appended("C3", None, json.loads(FOREIGN_CLAIM)), "records", "C3", "it is missing"),
    "an event deep as a well": (
        sql('DROP INDEX "history.object_id"', "UPDATE history SET doc = replace(hex(zeroblob(100000)), '0', '[') WHERE id = 3"),
        "history", "event 3", "be read",
    ),
    "a record deep as a well": (sql_values("[" * 200_000, "timestamps", 1), "records", "T1", "it cannot be read"),
    "a trigger": (
        sql("CREATE TRIGGER hide AFTER INSERT ON claims BEGIN UPDATE claims SET doc = '{}' WHERE id = new.id; END"),
        "files", "", "the trigger hide is none of claimreg's (on claims)",
    ),
    "a view": (sql("CREATE VIEW shown AS SELECT * FROM claims"), "files", "", "the view shown is none of claimreg's"),
    "a view in a table's place": (
        sql("ALTER TABLE claims RENAME TO kept", "CREATE VIEW claims AS SELECT * FROM kept WHERE id > 1"),
        "files", "", "table claims is missing",
    ),
    "a table": (sql("CREATE TABLE notes (id INTEGER)"), "files", "", "the table notes is none of claimreg's"),
    "an index": (sql("CREATE INDEX quick ON links (length(doc))"), "files", "", "the index quick is none of claimreg's (on links)"),
    "an index on something else": (
        sql('DROP INDEX "links.source_id"', "CREATE INDEX \"links.source_id\" ON links (json_extract(doc, '$.id'))"),
        "files", "", "the index links.source_id is not as claimreg makes it",
    ),
    "an index taken away": (sql('DROP INDEX "links.source_id"'), "files", "", "the index links.source_id is missing"),
    "a table made otherwise": (
        sql("ALTER TABLE relations ADD COLUMN note TEXT"), "files", "", "the table relations is not as claimreg makes it",
    ),
    "a table taken away": (sql("DROP TABLE timestamps"), "files", "", "the table timestamps is missing"),
    "ids given out twice": (sql("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'claims'"), "files", "", "claims would give out ids"),
    "ids passed over": (sql("UPDATE sqlite_sequence SET seq = 900 WHERE name = 'claims'"), "files", "", "claims would pass over ids"),
    "a counter that is no number": (sql("UPDATE sqlite_sequence SET seq = 'x' WHERE name = 'claims'"), "files", "", "would give out ids"),
    "another program's number": (sql("PRAGMA application_id = 7"), "files", "", "says that it is of another program"),
    "bytes changed": (capture(lambda path: path.write_bytes(b"x")), "captures", "K1", "was changed since it was recorded"),
    "bytes taken away": (capture(Path.unlink), "captures", "K1", "is missing"),
    "a capture that is a link": (capture(linked), "captures", "K1", "it is a symbolic link"),
    "a folder of captures that is a link": (capture(lambda path: linked(path.parent)), "captures", "K1", "its folder is a symbolic link"),
    "a capture in another folder": (capture(misplaced), "captures", "K1", "it lies where no capture of that name belongs"),
    "a pipe in a capture's place": (capture(lambda path: replaced(path, os.mkfifo)), "captures", "K1", "it is no file"),
    "a folder in a capture's place": (capture(lambda path: replaced(path, Path.mkdir)), "captures", "K1", "it is no file"),
    "a foreign file": (capture(lambda path: path.with_name("letter.txt").write_text("x")), "captures", "letter.txt", "it is no capture"),
    "a foreign file beside": (capture(lambda path: (path.parents[1] / "a.txt").write_text("x")), "captures", "a.txt", "it is no capture"),
}  # fmt: skip


def test_the_untouched_registry_is_whole(folder: Path) -> None:
    found = look(folder)
    assert (found.damage, found.warnings) == ([], [])
    assert found.checked == {"files": 1, "history": 10, "records": 9, "captures": 1, "links": 1}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_named(folder: Path, kind: str) -> None:
    tamper, area, place, what = TAMPERING[kind]
    tamper(folder)
    found = named(folder)
    assert [one for one in found if one.area == area and place in one.place and what in one.what], found


@pytest.mark.parametrize("kind", ["a trigger", "a view"])
def test_nothing_is_written_where_a_program_would_alter_it(folder: Path, kind: str) -> None:
    TAMPERING[kind][0](folder)
    with closing(EmbeddedStore(folder, create=False)) as store:
        assert store.get(Claim, "C1") is not None
        with pytest.raises(DamagedRegistryError, match="nothing was recorded"), store.write(CHANGE) as writer:
            writer.put(Claim(id="C3", text="Жаңа", **STAMP))


def test_a_number_of_the_schema_that_was_taken_away_is_damage(folder: Path) -> None:
    sql("PRAGMA user_version = 0")(folder)
    with pytest.raises(DamagedRegistryError, match="number of the schema"):
        EmbeddedStore(folder, create=False)


def test_bytes_that_no_record_speaks_of_are_warned_of(folder: Path) -> None:
    with closing(EmbeddedStore(folder, create=False)) as store:
        with store.write(CHANGE) as writer:
            sha256 = writer.put_blob(b"left by a crash")
        found = verify(store)
    assert found.damage == []
    assert [(one.area, one.place) for one in found.warnings] == [("captures", sha256)]
    assert "may be deleted" in found.warnings[0].what


def test_an_event_that_is_dated_before_the_one_that_it_follows_is_warned_of(folder: Path) -> None:
    with closing(EmbeddedStore(folder, create=False)) as store:
        with store.write(CHANGE._replace(at="2025-12-31T00:00:00Z")) as writer:
            claim = writer.get(Claim, "C2")
            assert claim is not None
            writer.put(replace(claim, text="Басқа"))
        found = verify(store)
    assert found.damage == []
    assert [tuple(one) for one in found.warnings] == [
        ("history", "event 11", "it is dated 2025-12-31T00:00:00Z, before the event that it follows (2026-01-03T00:00:00Z)")
    ]
