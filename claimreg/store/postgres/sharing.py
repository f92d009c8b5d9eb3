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

    from claimreg.store.postgres.messages import Messages

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


class ChangedMeanwhileError(Exception):
    """A source was withheld, or opened, while an index was being shared; nothing was."""


class SharedIndexes:
    """The indexes that are shared in a schema; every method raises what psycopg raises."""

    def __init__(self, messages: Messages, schema: str) -> None:
        self.messages = messages
        self._schema = schema

    def get(self, kind: str, *, sealed: bool = False) -> SharedIndex | None:
        """Index that is shared of a kind; with ``sealed`` of the texts of withheld sources, ``None`` to those who may not see these.

        Raises `DamagedIndexError` where it is nothing that claimreg puts there.
        """
        rows = self.messages.rows(
            "SELECT i.format, i.version, i.seq, i.hash, i.size, i.document, coalesce(e.hash = i.hash, false) "
            f"FROM {self._schema}.indexes i LEFT JOIN {self._schema}.events e USING (seq) WHERE i.kind = %s AND i.sealed = %s",
            kind, sealed,
        )  # fmt: skip
        return _read(*rows[0]) if rows else None

    def pieces(self, kind: str, name: str, *, sealed: bool = False) -> Iterator[bytes]:
        """The bytes of a file, piece by piece; raises `DamagedIndexError` where they cannot be unpacked."""
        part = 0
        asked = f"SELECT content FROM {self._schema}.segments WHERE kind = %s AND sealed = %s AND name = %s AND part = %s"
        while (packed := self.messages.content(asked, kind, sealed, name, part)) is not None:
            unpacking = zlib.decompressobj()
            try:
                # No more than a part has, whatever it says.
                yield unpacking.decompress(packed, _PART)
            except zlib.error as error:
                raise DamagedIndexError(name) from error
            part += 1

    def may_put(self) -> bool:
        """Return whether the user may change what is shared."""
        asked = "SELECT has_table_privilege(%s, 'INSERT') AND has_table_privilege(%s, 'DELETE')"
        return bool(self.messages.rows(asked, f"{self._schema}.indexes", f"{self._schema}.segments")[0][0])

    def take_away(self) -> None:
        """Take away all that is shared, and have clients begin their indexes anew."""
        with self._transaction():
            self.messages.rows(f"UPDATE {self._schema}.registry SET index_generation = index_generation + 1")
            self.messages.rows(f"DELETE FROM {self._schema}.indexes")
            self.messages.rows(f"DELETE FROM {self._schema}.segments")

    def sealed_texts(self) -> set[int]:
        """The numbers of the captures of withheld sources."""
        return {number for (number,) in self.messages.rows(f"SELECT id FROM {self._schema}.records WHERE kind = 'K' AND sealed")}

    def put(self, kind: str, indexes: Mapping[bool, SharedIndex], folder: Path, sealed_texts: set[int]) -> bool:
        """Share indexes of a kind, those of withheld sources under ``True``, from their files in a folder.

        ``sealed_texts`` are the captures of withheld sources, of which an open index has nothing; raises `ChangedMeanwhileError` where
        these are others by then. Returns whether it was done: not where somebody else does it just now.
        """
        with self._transaction():
            locked = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
            if not self.messages.rows(locked, f"claimreg.{self._schema}.indexes")[0][0]:
                return False
            for sealed, index in indexes.items():
                self._put_files(kind, index.names, folder, sealed=sealed)
            # The bytes are there; whoever withholds a source from now on waits until they count, and then takes them away.
            self.messages.rows("SET LOCAL lock_timeout = '1s'")
            self.messages.rows(f"SELECT {self._schema}.lock_writing()")
            if self.sealed_texts() != sealed_texts:
                raise ChangedMeanwhileError
            self.messages.rows(f"DELETE FROM {self._schema}.indexes WHERE kind = %s", kind)
            self.messages.rows(
                f"DELETE FROM {self._schema}.segments WHERE kind = %s AND NOT (sealed, name) IN "
                "(SELECT * FROM unnest(%s::boolean[], %s::text[]))",
                kind,
                [sealed for sealed, index in indexes.items() for _name in index.names],
                [name for index in indexes.values() for name in index.names],
            )
            for sealed, index in indexes.items():
                self._put_index(kind, index, sealed=sealed)
        return True

    def _put_files(self, kind: str, names: Iterable[str], folder: Path, *, sealed: bool) -> None:
        rows = self.messages.rows(f"SELECT DISTINCT name FROM {self._schema}.segments WHERE kind = %s AND sealed = %s", kind, sealed)
        for name in sorted(set(names) - {name for (name,) in rows}):
            with (folder / name).open("rb") as file:
                part = 0
                while piece := file.read(_PART):
                    self.messages.rows(
                        f"INSERT INTO {self._schema}.segments (kind, sealed, name, part, content) VALUES (%s, %s, %s, %s, %b)",
                        kind, sealed, name, part, zlib.compress(piece, _PACKED),
                    )  # fmt: skip
                    part += 1

    def _put_index(self, kind: str, index: SharedIndex, *, sealed: bool) -> None:
        self.messages.rows(
            f"INSERT INTO {self._schema}.indexes (kind, sealed, format, version, seq, hash, size, document) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            kind, sealed, index.format, index.version, *index.position, index.size,
            json.dumps({"names": index.names, "document": index.document}),
        )  # fmt: skip

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Keep what fails from ending the transaction that is open, if one is."""
        if not self.messages.is_in_transaction:
            yield
            return
        self.messages.rows("SAVEPOINT shared_indexes")
        try:
            yield
        except BaseException:
            with suppress(Exception):
                self.messages.rows("ROLLBACK TO SAVEPOINT shared_indexes")
            raise

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.messages.begin("BEGIN")
        try:
            yield
        except BaseException:
            with suppress(Exception):
                self.messages.end("ROLLBACK")
            raise
        self.messages.end("COMMIT")


def _read(*columns: Any) -> SharedIndex:  # noqa: ANN401 -- a row of any make
    format_, version, seq, own, size, text, fits = columns
    try:
        told = json.loads(text)
        return SharedIndex(format_, version, (seq, own), size, dict(told["document"]), list(map(str, told["names"])), fits)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedIndexError(str(error)) from error
