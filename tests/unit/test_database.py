"""Everything as an SQLite file: typed tables whose keys hold, views, full-text search, the same bytes each time, and Datasette reads it."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from exports import NOW, a_capture, a_claim, a_party, a_source, an_attribution, exported, registry_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimreg.errors import StoreError
from claimreg.interchange import database, database_tables
from claimreg.interchange.formats import Writing
from claimreg.model import Claim, Link, LinkKind, LinkState, Party, Record, Relation, RelationKind, Source, Span, Verdict
from claimreg.opening import bundled_case, demo_registry
from claimreg.registry import Registry
from claimreg.services.exchange.rows import Told
from claimreg.services.exchange.selection import selected
from claimreg.store.port import Store

RECORDED: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "tester"}
Opened = Callable[..., sqlite3.Connection]
QUOTE = "this was an opinion stated in peace"


def a_link(number: int, attribution: int, source: int, capture: int, **fields: Any) -> Link:  # noqa: ANN401 -- fields differ
    told: dict[str, Any] = {"state": LinkState.CONFIRMED, **fields}
    return Link(
        id=f"L{number}", attribution_id=f"A{attribution}", source_id=f"S{source}", capture_id=f"K{capture}", start=3, end=38, exact=QUOTE,
        prefix="said: ", suffix=".", score=98.5, kind=LinkKind.EXACT, parts=(Span(3, 38),), **RECORDED, **told,
    )  # fmt: skip


def a_verdict(number: int, rating: str, supersedes: int | None = None) -> Verdict:
    return Verdict(
        id=f"V{number}", claim_id="C1", rating=rating, rated_at=f"2021-0{number}-01", supersedes=f"V{supersedes}" if supersedes else None,
        **RECORDED,
    )  # fmt: skip


def a_relation(number: int, claim: int, other: int) -> Relation:
    return Relation(id=f"R{number}", kind=RelationKind.CONTRADICTS, claim_id=f"C{claim}", other_claim_id=f"C{other}", **RECORDED)


def withdrawn(record: Record) -> Record:
    return type(record)(**{**vars(record), "removed_at": NOW})


@pytest.fixture(scope="module")
def demo() -> Iterator[Registry]:
    with demo_registry() as registry:
        registry.record_case(bundled_case())
        yield registry


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens an export as a database."""
    connections: list[sqlite3.Connection] = []

    def open_export(store: Store, *claims: str) -> sqlite3.Connection:
        path = tmp_path / f"{len(connections)}.db"
        path.write_bytes(exported("sqlite", store, *claims)[0])
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        connections.append(connection)
        return connection

    yield open_export
    for connection in connections:
        connection.close()


def rows(connection: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]


def assert_sound(connection: sqlite3.Connection) -> None:
    assert rows(connection, "PRAGMA foreign_key_check") == []
    assert rows(connection, "PRAGMA integrity_check") == [("ok",)]


def test_every_record_of_the_demo_is_a_row_and_every_key_is_one_of_a_row(demo: Registry, opened: Opened) -> None:
    file = opened(demo.store)
    assert_sound(file)
    tables: dict[str, type[Record]] = {"claims": Claim, "parties": Party, "sources": Source, "links": Link, "relations": Relation}
    for table, record_type in tables.items():
        assert rows(file, f"SELECT id FROM {table} ORDER BY rowid") == [(one.id,) for one in demo.reader.find(record_type)]  # noqa: S608
    assert rows(file, "SELECT name FROM cases") == [("Ilyashev",)]
    assert ("P1", "Almaty court") in rows(file, "SELECT * FROM aliases")
    assert ("C1", "court") in rows(file, "SELECT * FROM tags")
    assert len(rows(file, "SELECT * FROM pragma_foreign_key_list('links')")) == 3
    assert dict(rows(file, "SELECT name, type FROM pragma_table_info('links')"))["score"] == "REAL"


def test_a_link_has_its_place_its_score_and_its_words(opened: Opened) -> None:
    link = a_link(1, 1, 1, 1)
    store = registry_of([a_party(1), a_claim(1), a_source(1), a_capture(1, 1), an_attribution(1, 1, 1, quote=QUOTE), link])
    (row,) = opened(store).execute("SELECT * FROM links").fetchall()
    assert (row["source_start"], row["source_end"], row["exact"], row["score"]) == (3, 38, QUOTE, 98.5)
    assert (row["kind"], row["state"], json.loads(row["parts"]), json.loads(row["flags"])) == ("exact", "confirmed", [[3, 38]], [])


def test_the_same_registry_gives_the_same_bytes_that_say_what_they_are(demo: Registry) -> None:
    first, told = exported("sqlite", demo.store)
    assert (first, told) == exported("sqlite", demo.store)
    assert dict(told.left_out) == {"file of evidence": 3}
    assert first[68:72] == b"clmr"
    assert int.from_bytes(first[60:64]) == database_tables.VERSION


def test_no_text_of_a_source_is_in_it_but_what_stands_by_a_quote(demo: Registry, repository: Path) -> None:
    written = exported("sqlite", demo.store)[0]
    text = (repository / "data" / "demo" / "statement-en.txt").read_text(encoding="utf-8")
    assert text[:200].encode() not in written
    assert text[-200:].encode() not in written


def test_of_a_withheld_source_nothing_is_told_but_that_it_is_one(opened: Opened) -> None:
    secret = a_source(1, "Leaked summary", url="https://secret.example", publisher="Secret press", withheld="to protect a witness")
    store = registry_of([a_party(1), a_claim(1), secret, a_capture(1, 1), an_attribution(1, 1, 1, quote=QUOTE), a_link(1, 1, 1, 1)])
    written = exported("sqlite", store)[0]
    for name in (b"Leaked", b"secret.example", b"Secret press", b"text/html", b"said: ", b"a" * 64):
        assert name not in written
    file = opened(store)
    assert_sound(file)
    assert rows(file, "SELECT title, withheld, url FROM sources") == [
        ("Source withheld: to protect a witness", "to protect a witness", None)
    ]
    assert rows(file, "SELECT source_start, prefix, exact, parts FROM links") == [(None, None, QUOTE, None)]
    assert rows(file, "SELECT id, source_id, size, retrieved_at FROM captures") == [("K1", "S1", None, None)]


def test_keys_hold_where_only_some_claims_are_chosen_and_where_records_were_withdrawn(opened: Opened) -> None:
    store = registry_of([
        a_party(1), withdrawn(a_party(2, "Gone")), a_claim(1), a_claim(2), a_source(1), a_capture(1, 1), a_source(2, "Elsewhere"),
        a_capture(2, 2), withdrawn(a_source(3, "Withdrawn")), withdrawn(a_capture(3, 3)), an_attribution(1, 1, 3, quote=QUOTE),
        an_attribution(2, 1, party_id="P2"), an_attribution(3, 2, 1), a_link(1, 1, 2, 2), a_link(2, 1, 3, 3),
        withdrawn(a_verdict(1, "false")), a_verdict(2, "true", supersedes=1), a_relation(1, 1, 2),
    ])  # fmt: skip
    for chosen in ((), ("C1",)):
        file = opened(store, *chosen)
        assert_sound(file)
        assert rows(file, "SELECT title FROM sources ORDER BY id")[-2:] == [("Elsewhere",), ("Withdrawn",)]
        assert rows(file, "SELECT name FROM parties ORDER BY id") == [("Harbour office",), ("Gone",)]
        assert rows(file, "SELECT id, supersedes FROM verdicts") == [("V2", None)]
        assert len(rows(file, "SELECT * FROM relations")) == (0 if chosen else 1)


def test_a_source_that_was_never_captured_is_a_row_without_captures(opened: Opened) -> None:
    file = opened(registry_of([a_party(1), a_claim(1), a_source(1, url="https://example.org/x"), an_attribution(1, 1, 1)]))
    assert_sound(file)
    assert rows(file, "SELECT source_id, url FROM statements") == [("S1", "https://example.org/x")]
    assert rows(file, "SELECT * FROM captures") == []


def test_views_show_current_verdicts_statements_with_names_and_contradictions(opened: Opened) -> None:
    store = registry_of([
        a_party(1), a_claim(1, "The ferry sank", case="Ferry"), a_claim(2, "The ferry floats"), a_source(1, publisher="Press"),
        a_capture(1, 1), an_attribution(1, 1, 1, quote=QUOTE), an_attribution(2, 2), a_link(1, 1, 1, 1),
        a_link(2, 1, 1, 1, state=LinkState.REJECTED), a_verdict(1, "false"), a_verdict(2, "true", supersedes=1), a_relation(1, 1, 2),
    ])  # fmt: skip
    file = opened(store)
    assert rows(file, "SELECT id, rating, statements FROM rated_claims") == [("C1", "true", 1), ("C2", None, 1)]
    assert rows(file, "SELECT id, claim, party, quote, source, publisher, links FROM statements") == [
        ("A1", "The ferry sank", "Harbour office", QUOTE, "Notice", "Press", 1),
        ("A2", "The ferry floats", "Harbour office", None, None, None, 0),
    ]
    assert rows(file, "SELECT * FROM contradictions") == [("R1", "C1", "The ferry sank", "true", "C2", "The ferry floats", None)]


@pytest.mark.parametrize("query", ["gisladottir", "ГИСЛАДОТТИР", "Gísladóttir"])
def test_full_text_search_sets_letter_case_and_marks_aside(query: str, opened: Opened) -> None:
    claims = [a_claim(1, "Ingibjörg Sólrún Gísladóttir spoke; Гисладоттир сказала"), a_claim(2, "Nobody spoke")]
    found = "SELECT id FROM claims WHERE rowid IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?)"
    assert [tuple(row) for row in opened(registry_of(claims)).execute(found, [query])] == [("C1",)]


def test_an_sqlite_without_full_text_search_gives_the_file_without_it_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "SEARCH", "no_such_module")
    written, told = exported("sqlite", registry_of([a_claim(1)]))
    assert told.sentences == ["SQLite has no full-text search (FTS5) on this machine; the file is without it."]
    (tmp_path / "x.db").write_bytes(written)
    with closing(sqlite3.connect(tmp_path / "x.db")) as file:
        assert rows(file, "SELECT name FROM sqlite_master WHERE name LIKE '%fts%' OR name = 'probe'") == []
        assert rows(file, "SELECT id FROM claims") == [("C1",)]


def test_a_full_temporary_folder_is_told_and_leaves_nothing_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(database, "_EMPTY_FILE", database._EMPTY_FILE + "PRAGMA max_page_count = 40;")
    with pytest.raises(StoreError, match="temporary folder"):
        exported("sqlite", registry_of([a_claim(number, "long " * 1_000) for number in range(1, 100)]))
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_leaves_nothing_in_the_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with registry_of([a_claim(1)]).snapshot() as reader:
        pieces = database.write(selected(reader), Writing(Told()))
        assert next(pieces).startswith(b"SQLite format 3\0")
        assert list(tmp_path.iterdir()) != []
        assert isinstance(pieces, Generator)
        pieces.close()
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80))
@example("'; DROP TABLE claims; --")
@example("\u202e\x1b[31m\ufeff")
def test_any_text_is_kept_to_the_letter(text: str) -> None:
    written = exported("sqlite", registry_of([a_claim(1, text, case=text, tags=(text,), title=text)]))[0]
    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(written)
        assert rows(file, "SELECT text, claim_title, case_name, tag FROM claims JOIN tags ON claim_id = id") == [(text,) * 4]


def test_datasette_shows_tables_and_views_and_searches(demo: Registry, tmp_path: Path) -> None:
    pytest.importorskip("datasette", reason="Datasette is not installed here")
    path = tmp_path / "claims.db"
    path.write_bytes(exported("sqlite", demo.store)[0])
    asked = [
        "/claims.json", "/claims/claims.json?_search=labour&_shape=array", "/claims/attributions.json?_search=opinion&_shape=array",
        "/claims/contradictions.json?_shape=array", "/claims/rated_claims.json?_shape=array&_size=2", "/claims/claims/C1.json?_shape=array",
        "/claims/statements", "/claims/attributions",
    ]  # fmt: skip
    done = subprocess.run(
        # Its libraries warn of one another; that is nothing to us.
        [sys.executable, "-W", "ignore", str(Path(__file__).parents[1] / "datasette_answers.py"), str(path), *asked],
        capture_output=True,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    whole, claims, attributions, contradictions, rated, one, statements, table = json.loads(done.stdout)
    shown = {found["name"]: found for found in whole["tables"] if not found["hidden"]}
    assert list(shown) == sorted(
        ["aliases", "attributions", "captures", "cases", "claims", "links", "parties", "relations", "sources", "tags", "verdicts"]
    )
    assert {view["name"] for view in whole["views"]} == {"contradictions", "rated_claims", "statements"}
    assert {name: found["fts_table"] for name, found in shown.items() if found["fts_table"]} == {
        "claims": "claims_fts", "attributions": "attributions_fts"
    }  # fmt: skip
    assert [found["id"] for found in claims] == ["C3", "C4"]
    assert attributions
    assert all("opinion" in found["quote"] for found in attributions)
    assert len(contradictions) == 3
    assert [found["id"] for found in rated] == ["C1", "C2"]
    assert one[0]["id"] == "C1"
    assert "Amnesty International" in statements
    assert ">None<" not in table
