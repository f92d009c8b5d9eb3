"""Shared copies of a registry's derived indexes: read by any client, put there by those who may."""

from __future__ import annotations

import json
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.store.port import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import psycopg

_PART = 4 << 20
"""Bytes of a file that are one row, before they are packed: what client and server hold at a time."""

_PACKED = 1
"""Level of zlib that halves a segment; a higher one takes three times as long for a tenth of the bytes."""


class SharedIndex(NamedTuple):
    """An index as it is shared.

    ``format`` is the files', ``version`` their contents', ``size`` what it has taken in, ``position`` the number and the hash of the
    last event; ``fits`` says whether that event is one of this history.
    """

    format: int
    version: int
    position: tuple[int, str]
    size: int
    document: dict[str, Any]
    names: list[str]
    fits: bool = True


class SharedIndexes:
    """The indexes that are shared in a schema; every method raises what psycopg raises."""

    def __init__(self, connection: psycopg.Connection, schema: str) -> None:
        self._connection = connection
        self._schema = schema

    def get(self, kind: str, *, sealed: bool = False) -> SharedIndex | None:
        """What is shared of a kind; with ``sealed`` of the texts of withheld sources, ``None`` to those who may not see these."""
        row = self._connection.execute(
            f"SELECT i.format, i.version, i.seq, i.hash, i.size, i.document, coalesce(e.hash = i.hash, false) FROM {self._schema}.indexes i "
            f"LEFT JOIN {self._schema}.events e USING (seq) WHERE i.kind = %s AND i.sealed = %s".encode(),
            (kind, sealed),
        ).fetchone()
        return _read(*row) if row is not None else None

    def pieces(self, kind: str, name: str, *, sealed: bool = False) -> Iterator[bytes]:
        """The bytes of a file, piece by piece; raises `DamagedIndexError` where they cannot be unpacked."""
        part = 0
        while row := self._connection.execute(
            f"SELECT content FROM {self._schema}.segments WHERE kind = %s AND sealed = %s AND name = %s AND part = %s".encode(),
            (kind, sealed, name, part),
            binary=True,
        ).fetchone():
            unpacking = zlib.decompressobj()
            try:
                # No more than a part has, whatever it says.
                yield unpacking.decompress(row[0], _PART)
            except zlib.error as error:
                raise DamagedIndexError(name) from error
            part += 1

    def may_put(self) -> bool:
        """Return whether the user may change what is shared."""
        row = self._connection.execute(
            b"SELECT has_table_privilege(%s, 'INSERT') AND has_table_privilege(%s, 'DELETE')",
            (f"{self._schema}.indexes", f"{self._schema}.segments"),
        ).fetchone()
        return row is not None and bool(row[0])

    def sealed_texts(self) -> set[int]:
        """The numbers of the captures of withheld sources."""
        rows = self._connection.execute(f"SELECT id FROM {self._schema}.records WHERE kind = 'K' AND sealed".encode()).fetchall()
        return {number for (number,) in rows}

    def put(self, kind: str, indexes: Mapping[bool, SharedIndex], folder: Path, sealed_texts: set[int]) -> bool:
        """Share indexes of a kind, those of withheld sources under ``True``, from their files in a folder.

        Nothing is done where somebody else does it just now, or where ``sealed_texts`` are no longer what is withheld: an open index could
        have a text of these. Returns whether it was done.
        """
        with self._transaction():
            if not self._try_lock():
                return False
            for sealed, index in indexes.items():
                self._put_files(kind, sealed, index.names, folder)
            # The bytes are there; whoever withholds a source from now on waits until they count, and then takes them away.
            self._connection.execute(b"SET LOCAL lock_timeout = '10s'")
            self._connection.execute(f"SELECT {self._schema}.lock_writing()".encode())
            if self.sealed_texts() != sealed_texts:
                self._connection.execute(b"ROLLBACK")
                return False
            self._connection.execute(f"DELETE FROM {self._schema}.indexes WHERE kind = %s".encode(), (kind,))
            self._connection.execute(
                f"DELETE FROM {self._schema}.segments WHERE kind = %s AND NOT name = ANY (%s)".encode(),
                (kind, [name for index in indexes.values() for name in index.names]),
            )
            for sealed, index in indexes.items():
                self._put_index(kind, index, sealed=sealed)
        return True

    def _try_lock(self) -> bool:
        row = self._connection.execute(
            b"SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (f"claimreg.{self._schema}.indexes",)
        ).fetchone()
        return row is not None and bool(row[0])

    def _put_files(self, kind: str, sealed: bool, names: Iterable[str], folder: Path) -> None:  # noqa: FBT001 -- a column
        rows = self._connection.execute(
            f"SELECT DISTINCT name FROM {self._schema}.segments WHERE kind = %s AND sealed = %s".encode(), (kind, sealed)
        ).fetchall()
        for name in set(names) - {name for (name,) in rows}:
            with (folder / name).open("rb") as file:
                part = 0
                while piece := file.read(_PART):
                    self._connection.execute(
                        f"INSERT INTO {self._schema}.segments (kind, sealed, name, part, content) VALUES (%s, %s, %s, %s, %b)".encode(),
                        (kind, sealed, name, part, zlib.compress(piece, _PACKED)),
                    )
                    part += 1

    def _put_index(self, kind: str, index: SharedIndex, *, sealed: bool) -> None:
        self._connection.execute(
            f"INSERT INTO {self._schema}.indexes (kind, sealed, format, version, seq, hash, size, document) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)".encode(),
            (
                kind, sealed, index.format, index.version, *index.position, index.size,
                json.dumps({"names": index.names, "document": index.document}),
            ),
        )  # fmt: skip

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute(b"BEGIN")
        try:
            yield
            self._connection.execute(b"COMMIT")
        except BaseException:
            with suppress(Exception):
                self._connection.execute(b"ROLLBACK")
            raise


def _read(*columns: Any) -> SharedIndex | None:  # noqa: ANN401 -- a row of any make
    """A row as an index; ``None`` where it is none that claimreg puts there."""
    format_, version, seq, own, size, text, fits = columns
    try:
        told = json.loads(text)
        return SharedIndex(format_, version, (seq, own), size, dict(told["document"]), list(map(str, told["names"])), fits)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
