"""Claims with all that is said of them as an SQLite file, which Datasette and every program that speaks SQL reads.

It is built in a temporary folder, then handed over in pieces; nothing of it depends on the clock.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from claimreg.characters import replaced
from claimreg.errors import StoreError
from claimreg.interchange.database_tables import APPLICATION, INDEXES, SEARCH, SEARCHED, TABLES, VERSION, VIEWS
from claimreg.model import Capture, Party, Source
from claimreg.render.machine import place_fields, where_fields
from claimreg.services.lookup import require
from claimreg.services.reporting.views import Where
from claimreg.services.withholding import capture_or_withheld, is_withheld, named_or_withheld
from claimreg.store.port import Equals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claimreg.interchange.formats import Writing
    from claimreg.model import Link
    from claimreg.services.exchange.rows import Told
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.reporting.views import ClaimView
    from claimreg.store.port import Reader

_PIECE = 2**20
_TOLD = frozenset({"id", "source_id", "recorded_at", "recorded_by"})
"""Columns that are told of a capture of a withheld source."""

_EMPTY_FILE = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The file of all tables; raises `StoreError` where the temporary folder has no room for it."""
    with TemporaryDirectory(prefix="claimreg-") as folder:
        path = Path(folder) / "claims.db"
        with closing(_Database(path)) as database:
            _fill(database, selection, writing.told)
            _finish(database, writing.told)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


class _Database:
    """The file while it is built. Its errors are no errors of the registry, which may be SQLite's, too."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self.run(_EMPTY_FILE + TABLES + "BEGIN;")
        self._insert = cache(self._made_insert)

    def run(self, script: str) -> None:
        """Run a script; what was put before is kept."""
        try:
            self._connection.executescript(script)
        except sqlite3.Error as error:
            raise _unwritten(error) from error

    def has_module(self, name: str) -> bool:
        """Return whether SQLite has a module for virtual tables here."""
        try:
            self._connection.execute(f"CREATE VIRTUAL TABLE temp.probe USING {name}(text)")
        except sqlite3.OperationalError:
            return False
        self._connection.execute("DROP TABLE temp.probe")
        return True

    def rows(self, query: str) -> list[Any]:
        """The first column of what a query gives."""
        return [row[0] for row in self._connection.execute(query)]

    def put(self, table: str, values: Mapping[str, Any]) -> None:
        """Add a row of these values, unless there is one of the same key; others than the table has columns for are passed over."""
        fit = {name: replaced(value) if isinstance(value, str) else value for name, value in values.items()}
        try:
            self._connection.execute(self._insert(table), fit)
        except sqlite3.Error as error:
            raise _unwritten(error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _made_insert(self, table: str) -> str:
        columns = self.rows(f"SELECT name FROM pragma_table_info('{table}')")
        return f"INSERT INTO {table} VALUES ({', '.join(f':{name}' for name in columns)}) ON CONFLICT DO NOTHING"


def _unwritten(error: sqlite3.Error) -> StoreError:
    return StoreError(f"The tables cannot be written to the temporary folder ({error}); make room there, or set TMPDIR to another one.")


def _fill(database: _Database, selection: Selection, told: Told) -> None:
    for party, aliases in selection.parties():
        database.put("parties", vars(party))
        for name in aliases:
            database.put("aliases", {"party_id": party.id, "name": name})
    for view in selection.sources():
        if view.captures:
            told.left_out["file of evidence"] += view.captures
        database.put("sources", vars(view.source))
        for capture in selection.reader.find(Capture, Equals("source_id", view.source.id)):
            database.put("captures", _capture_row(capture, view.source))
    for claim in selection.claims():
        _put_claim(database, claim)
        told.left_out.update(name for name in ("note", "assignee") if getattr(claim.claim, name))
    for relation in selection.relations():
        database.put("relations", {**vars(relation), "kind": relation.kind.value})
    _put_missing(database, selection.reader)


def _put_claim(database: _Database, view: ClaimView) -> None:
    claim = view.claim
    if claim.case is not None:
        database.put("cases", {"name": claim.case})
    database.put("claims", {**vars(claim), "claim_title": claim.title, "case_name": claim.case})
    for tag in claim.tags:
        database.put("tags", {"claim_id": claim.id, "tag": tag})
    for stated in view.attributions:
        row = {**vars(stated.attribution), "party_id": stated.party.id, "stance": stated.attribution.stance.value}
        database.put("attributions", row)
        for link in stated.links:
            database.put("links", _link_row(link, stated.where.get(link.id, Where(None))))
    for verdict in view.verdicts:
        database.put("verdicts", vars(verdict))


def _link_row(link: Link, where: Where) -> dict[str, Any]:
    place = place_fields(link)
    lists = {name: json.dumps(value, ensure_ascii=False) for name, value in place.items() if isinstance(value, list)}
    told = {**place, **lists, **where_fields(link, where.label, left_out=where.left_out)}
    return {**vars(link), **told, "source_start": place["start"], "source_end": place["end"], "state": link.state.value}


def _capture_row(capture: Capture, source: Source) -> dict[str, Any]:
    shown = capture_or_withheld(capture, source)
    row = {**vars(shown), "headers": None}
    return {name: row[name] if not is_withheld(shown) or name in _TOLD else None for name in row}


def _put_missing(database: _Database, reader: Reader) -> None:
    """Add what the statements and links name and no listing has, as it was withdrawn; so that every key is one of a row."""
    for party_id in database.rows("SELECT party_id FROM attributions EXCEPT SELECT id FROM parties"):
        database.put("parties", vars(require(reader, Party, party_id, withdrawn=True)))
    for source_id in database.rows(
        "SELECT source_id FROM attributions WHERE source_id IS NOT NULL UNION SELECT source_id FROM links EXCEPT SELECT id FROM sources"
    ):
        database.put("sources", vars(named_or_withheld(require(reader, Source, source_id, withdrawn=True))))
    for capture_id in database.rows("SELECT capture_id FROM links EXCEPT SELECT id FROM captures"):
        capture = require(reader, Capture, capture_id, withdrawn=True)
        database.put("captures", _capture_row(capture, require(reader, Source, capture.source_id, withdrawn=True)))
    database.run("UPDATE verdicts SET supersedes = NULL WHERE supersedes NOT IN (SELECT id FROM verdicts)")


def _finish(database: _Database, told: Told) -> None:
    database.run("".join(f"CREATE INDEX {table}_{column} ON {table} ({column});" for table, column in INDEXES) + VIEWS)
    if database.has_module(SEARCH):
        # Datasette knows the index of a table by its name between double quotes.
        for table, columns in SEARCHED.items():
            listed = ", ".join(columns)
            database.run(
                f"CREATE VIRTUAL TABLE {table}_fts USING {SEARCH} "
                f"({listed}, content=\"{table}\", tokenize='unicode61 remove_diacritics 2');"
                f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild');"
                f"INSERT INTO {table}_fts ({table}_fts) VALUES ('optimize');"
            )
    else:
        told.sentences.append("SQLite has no full-text search (FTS5) on this machine; the file is without it.")
    database.run("VACUUM")
