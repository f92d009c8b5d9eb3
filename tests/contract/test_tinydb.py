"""TinyDB's API over SQLite, as any program would use it; TinyDB's own tests are in `test_upstream.py`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tinydb import Query, TinyDB, where
from tinydb.operations import delete, increment
from tinydb.queries import QueryInstance
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from claimreg.store.tinydb_sqlite import DamagedDocumentError, SQLiteDB, SQLiteStorage

PEOPLE: list[dict[str, str | int | None]] = [
    {"name": "Ada", "born": 1815},
    {"name": "Grace", "born": 1906},
    {"name": "Айгүл", "born": None},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.db"


@pytest.fixture
def db(path: Path) -> Iterator[SQLiteDB]:
    with SQLiteDB(path) as opened:
        opened.table("people").insert_multiple(PEOPLE)
        yield opened


def names(documents: list[Document]) -> list[str]:
    return [one["name"] for one in documents]


QUERIES = [
    where("name") == "Ada",
    where("born") == 1906,
    where("born") == None,  # noqa: E711 -- TinyDB's query language
    where("name").one_of(["Ada", "Айгүл"]),
    where("name").one_of([]),
    where("name") > "B",
    where("name") <= "Grace",
    where("born").test(lambda year: year is not None) & (where("born") > 1900),
    where("name") == "Ada\0",
    (where("name") == "Ada") & (where("born") == 1815),
    (where("name") == "Ada") & where("born").exists(),
    (where("name") == "Ada") | (where("name") == "Grace"),
    (where("name") == "Ada") | where("name").matches("G"),
    ~(where("name") == "Ada"),
    where("name").map(str.upper) == "ADA",
    Query().noop(),
    where("home")["town"] == "Aktau",
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_finds_what_it_finds_in_tinydb(db: SQLiteDB, query: QueryInstance) -> None:
    people = db.table("people")
    people.create_index("name")
    people.create_index("name")
    plain = TinyDB(storage=MemoryStorage).table("people")
    plain.insert_multiple(PEOPLE)
    expected = plain.search(query)
    assert people.search(query) == expected
    assert people.count(query) == len(expected)
    assert people.contains(query) is bool(expected)
    assert people.get(query) == next(iter(expected), None)


def test_documents_are_got_by_their_ids(db: SQLiteDB) -> None:
    people = db.table("people")
    assert people.get(doc_id=2) == PEOPLE[1]
    assert people.get(doc_id=9) is None
    assert people.get(doc_ids=[3, 1, 1, 9]) == [PEOPLE[0], PEOPLE[2]]
    with pytest.raises(RuntimeError):
        people.get()
    assert [one.doc_id for one in people] == list(people.documents) == [1, 2, 3]
    assert people.documents.text(1) == dict(people.documents.texts())[1] == '{"name":"Ada","born":1815}'
    assert [one.doc_id for one in people.stream(newest_first=True)] == [3, 2, 1]
    assert [one.doc_id for one in people.stream(after=1)] == [2, 3]


def test_a_table_that_is_not_there_is_empty(db: SQLiteDB) -> None:
    nobody = db.table("nobody")
    assert (len(nobody), nobody.all(), list(nobody.documents), list(nobody.documents.texts()), nobody.documents.text(1)) == (
        0,
        [],
        [],
        [],
        None,
    )
    assert (nobody.get(doc_id=1), nobody.get(where("name") == "Ada"), nobody.documents.next_id()) == (None, None, 1)
    assert db.tables() == {"people"}


def test_updates_touch_what_matches(db: SQLiteDB) -> None:
    people = db.table("people")
    assert people.update({"born": 1816}, where("name") == "Ada") == [1]
    assert people.update(increment("born"), doc_ids=[1]) == [1]
    assert people.update(delete("born"), where("born") == 1906) == [2]
    assert people.all()[:2] == [{"name": "Ada", "born": 1817}, {"name": "Grace"}]
    assert people.update({"seen": True}) == [1, 2, 3]
    assert people.update_multiple([({"seen": False}, where("name") == "Ada")]) == [1]
    assert people.upsert({"name": "Ada", "born": 1}, where("name") == "Ada") == [1]
    assert people.upsert({"name": "Joan"}, where("name") == "Joan") == [4]
    people.put(Document({"name": "Put"}, 9))
    assert people.get(doc_id=9) == {"name": "Put"}
    assert people.insert({"name": "Last"}) == 10


def test_ids_are_never_used_twice(db: SQLiteDB) -> None:
    people = db.table("people")
    assert people.remove(where("name") == "Grace") == [2]
    assert people.remove(doc_ids=[3]) == [3]
    assert people.insert({"name": "Joan"}) == 4
    people.truncate()
    assert (len(people), people.insert({"name": "Joan"})) == (0, 5)


def test_a_transaction_is_kept_whole_or_not_at_all(db: SQLiteDB, path: Path) -> None:
    people, log = db.table("people"), db.table("log")

    def broken_off() -> None:
        with db.transaction():
            people.update({"born": 0}, where("name") == "Ada")
            with db.transaction():
                log.insert({"what": "changed"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert (people.get(doc_id=1), db.tables()) == (PEOPLE[0], {"people"})
    with db.transaction():
        log.insert({"what": "changed"})
    with SQLiteDB(path) as other:
        assert (other.table("log").all(), other.tables()) == ([{"what": "changed"}], {"people", "log"})


def test_tables_are_dropped_and_emptied(db: SQLiteDB) -> None:
    db.table("log").insert({"what": "made"})
    db.drop_table("log")
    assert db.tables() == {"people"}
    db.storage.write({"people": {7: {"name": "Only"}}})  # type: ignore[dict-item]  # TinyDB writes numbers, too
    assert db.table("people").get(doc_id=7) == {"name": "Only"}
    db.drop_tables()
    assert (db.tables(), db.storage.read()) == (set(), None)
    with pytest.raises(ValueError, match="sqlite_"):
        db.table("SQLite_more")


@pytest.mark.parametrize("wrong", [float("nan"), {1, 2}, "half \ud800", b"bytes"], ids=ascii)
def test_what_json_cannot_hold_is_refused_and_nothing_is_written(db: SQLiteDB, wrong: object) -> None:
    with pytest.raises((ValueError, TypeError, sqlite3.Error)):
        db.table("people").insert_multiple([{"name": "Joan"}, {"name": wrong}])
    assert names(db.table("people").all()) == ["Ada", "Grace", "Айгүл"]


@pytest.mark.parametrize("text", ["rubbish", "[]", "[" * 5000, "7"], ids=lambda text: text[:9])
def test_a_row_that_is_no_document_is_damage(db: SQLiteDB, text: str) -> None:
    db.sqlite.connection.execute("UPDATE people SET doc = ? WHERE id = 2", (text,))
    with pytest.raises(DamagedDocumentError):
        db.table("people").get(doc_id=2)
    with pytest.raises(DamagedDocumentError):
        db.table("people").all()


def test_a_database_opened_to_be_read_is_not_written_to(db: SQLiteDB, path: Path) -> None:
    assert len(db.table("people")) == 3
    with closing(SQLiteStorage(path, reading="mode=ro")) as storage:
        assert len(storage.documents("people")) == 3
        with pytest.raises(sqlite3.OperationalError):
            storage.documents("people")[1] = {"name": "Joan"}
    with pytest.raises(sqlite3.OperationalError):
        SQLiteStorage(path.with_name("none.db"), reading="mode=ro")


def test_a_database_in_memory_is_one_too() -> None:
    with SQLiteDB(":memory:") as db:
        db.insert({"name": "Ada"})
        assert db.all() == [{"name": "Ada"}]


def test_a_write_waits_for_another_and_gives_up(db: SQLiteDB, path: Path) -> None:
    with SQLiteDB(path, wait=0.05) as other, db.transaction():
        db.table("people").insert({"name": "Joan"})
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.table("people").insert({"name": "Kim"})
