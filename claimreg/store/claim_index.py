"""Which claims share a word: derived data beside an embedded registry, made anew whenever it is missing, damaged or of another registry.

It is a SQLite file of its own in `.cache/`, so that losing it loses nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_VERSION = 1
_COMMON = 400
"""A word in more claims than this tells too little to look through them all."""

_SCHEMA = """
CREATE TABLE words (word TEXT, claim INTEGER, PRIMARY KEY (word, claim)) WITHOUT ROWID;
CREATE TABLE claims (claim INTEGER PRIMARY KEY, words TEXT);
CREATE TABLE state (seq INTEGER, hash TEXT);
INSERT INTO state VALUES (0, '');
"""


class ClaimIndex:
    """Claims by their words; ``position`` says up to which event of the history it knows them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = self._opened()

    def position(self) -> tuple[int, str]:
        """The number and the hash of the last event that it has taken in."""
        try:
            seq, own = self._connection.execute("SELECT seq, hash FROM state").fetchone()
        except (sqlite3.Error, TypeError):
            self.clear()
            return 0, ""
        return int(seq), str(own)

    def clear(self) -> None:
        """Forget everything."""
        self._connection.close()
        for path in (self._path, self._path.with_name(self._path.name + "-journal")):
            path.unlink(missing_ok=True)
        self._connection = self._opened()

    def update(self, entries: Iterable[tuple[int, Sequence[str]]], seq: int, event_hash: str) -> None:
        """Take in claims, by number with their words (none for one that was removed), up to an event of the history."""
        connection = self._connection
        with connection:
            for claim, words in entries:
                known = connection.execute("SELECT words FROM claims WHERE claim = ?", (claim,)).fetchone()
                if known is not None:
                    connection.executemany(
                        "DELETE FROM words WHERE word = ? AND claim = ?", ((word, claim) for word in known[0].split(" "))
                    )
                connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?)", ((word, claim) for word in words))
                connection.execute("INSERT OR REPLACE INTO claims VALUES (?, ?)", (claim, " ".join(words)))
            connection.execute("UPDATE state SET seq = ?, hash = ?", (seq, event_hash))

    def candidates(self, words: Sequence[str], limit: int) -> list[int]:
        """The numbers of claims that share rare words with these, most shared first."""
        votes: Counter[int] = Counter()
        common: list[str] = []
        for word in dict.fromkeys(words):
            holders = self._connection.execute("SELECT claim FROM words WHERE word = ? LIMIT ?", (word, _COMMON + 1)).fetchall()
            if len(holders) > _COMMON:
                common.append(word)
            else:
                votes.update(claim for (claim,) in holders)
        if not votes and len(common) > 1:
            votes.update(self._sharing(common, limit))
        return [claim for claim, _count in votes.most_common(limit)]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _sharing(self, words: list[str], limit: int) -> list[int]:
        """Claims that have all of these common words."""
        joins = " ".join(f"JOIN words w{number} ON w{number}.claim = w0.claim AND w{number}.word = ?" for number in range(1, len(words)))
        query = f"SELECT w0.claim FROM words w0 {joins} WHERE w0.word = ? LIMIT ?"  # noqa: S608 -- only numbers are put in
        return [claim for (claim,) in self._connection.execute(query, (*words[1:], words[0], limit))]

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(exist_ok=True)
        connection = self._connected()
        if not _is_current(connection):
            connection.close()
            with suppress(FileNotFoundError):
                self._path.unlink()
            connection = self._connected()
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
        return connection

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=5)
        # Lost on a power cut, it is made again; waiting for the disk would buy nothing.
        connection.execute("PRAGMA synchronous=OFF")
        return connection


def _is_current(connection: sqlite3.Connection) -> bool:
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(version == _VERSION)
