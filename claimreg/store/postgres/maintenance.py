"""Looking after a shared registry: hashing its bytes here, never on the server that is being checked, and giving space back."""

from __future__ import annotations

import codecs
import hashlib
from collections import deque
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

import psycopg

from claimreg.store.blob_check import check_content
from claimreg.store.port import BlobCheck
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.faults import faults_told
from claimreg.store.postgres.replaying import refuse_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.store.postgres.location import Location
    from claimreg.store.postgres.messages import Messages

_AT_ONCE = 4
"""Connections over which bytes are fetched and hashed side by side."""

_PAGE = 20_000
_MOST_PIECES = 500
_MOST_BYTES = 8 * 2**20
"""Pieces and bytes that one of them fetches at once; of larger pieces it fetches a part."""


Batch = list[tuple[str, int]]
"""SHA-256 of bytes, each with their number."""


def check_blobs(messages: Messages, location: Location) -> Iterator[BlobCheck]:
    """Hash all bytes; memory is bounded, whatever their size. Raises `StoreError`."""
    with faults_told(location.shown):
        batches = _batches(_sizes(messages, location.schema))
        first, second = next(batches, None), next(batches, None)
        if first is not None:
            yield from _checked(messages.connection, location.schema, first)
        if second is not None:
            yield from _checked_side_by_side(location, second, batches)


def compact(connection: psycopg.Connection, location: Location) -> None:
    """Give space back that is no longer used, and have the planner know what is there; raises `StoreError` where the user may not."""
    refuse_others(connection, location, "give its space back")
    rows = connection.execute(
        "SELECT format('%%I.%%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE nspname = %s AND relkind = 'r' ORDER BY relname",
        (location.schema,),
    ).fetchall()
    connection.execute(f"VACUUM (ANALYZE) {', '.join(name for (name,) in rows)}".encode())


def _sizes(messages: Messages, schema: str) -> Iterator[tuple[str, int]]:
    after = ""
    while True:
        rows = messages.rows(
            f"SELECT sha256, octet_length(content) FROM {schema}.blobs WHERE sha256 > %s ORDER BY sha256 LIMIT %s", after, _PAGE
        )
        yield from ((sha256, size) for sha256, size in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def _batches(sizes: Iterable[tuple[str, int]]) -> Iterator[Batch]:
    batch: Batch = []
    room = _MOST_BYTES
    for sha256, size in sizes:
        if batch and (size > room or len(batch) == _MOST_PIECES):
            yield batch
            batch, room = [], _MOST_BYTES
        batch.append((sha256, size))
        room -= size
    if batch:
        yield batch


def _checked_side_by_side(location: Location, first: Batch, others: Iterator[Batch]) -> Iterator[BlobCheck]:
    from concurrent.futures import ThreadPoolExecutor

    with _connections(location) as free:

        def check(batch: Batch) -> list[BlobCheck]:
            connection = free.get()
            try:
                return _checked(connection, location.schema, batch)
            finally:
                free.put(connection)

        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            waiting = deque([pool.submit(check, first)])
            for batch in others:
                waiting.append(pool.submit(check, batch))
                if len(waiting) > _AT_ONCE:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _connections(location: Location) -> Iterator[SimpleQueue[psycopg.Connection]]:
    """Connections of their own, as many as the server has left for us, and at least one; raises what psycopg raises."""
    opened: list[psycopg.Connection] = []
    free: SimpleQueue[psycopg.Connection] = SimpleQueue()
    try:
        for _number in range(_AT_ONCE):
            try:
                opened.append(connect(location))
            except psycopg.OperationalError:
                if not opened:
                    raise
                break
            free.put(opened[-1])
        yield free
    finally:
        for one in opened:
            one.close()


def _checked(connection: psycopg.Connection, schema: str, batch: Batch) -> list[BlobCheck]:
    if len(batch) == 1 and batch[0][1] > _MOST_BYTES:
        return [_checked_in_parts(connection, schema, batch[0][0])]
    names = [sha256 for sha256, _size in batch]
    rows = connection.execute(f"SELECT sha256, content FROM {schema}.blobs WHERE sha256 = ANY(%s)".encode(), (names,), binary=True)
    return [check_content(sha256, content) for sha256, content in rows]


def _checked_in_parts(connection: psycopg.Connection, schema: str, sha256: str) -> BlobCheck:
    digest, decoder, begin = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), 0
    length: int | None = 0
    statement = f"SELECT substring(content FROM %s FOR {_MOST_BYTES}) FROM {schema}.blobs WHERE sha256 = %s".encode()
    while True:
        row = connection.execute(statement, (begin + 1, sha256), binary=True).fetchone()
        part = row[0] if row is not None else b""
        digest.update(part)
        if length is not None:
            try:
                length += len(decoder.decode(part, final=len(part) < _MOST_BYTES))
            except UnicodeDecodeError:
                length = None
        if len(part) < _MOST_BYTES:
            return BlobCheck(sha256, digest.hexdigest() == sha256, length)
        begin += len(part)
