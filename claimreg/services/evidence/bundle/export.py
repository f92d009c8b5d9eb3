"""Writing a bundle: the same registry and the same scope give the same bytes, whenever and wherever it is written."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from typing import IO, TYPE_CHECKING, NamedTuple

from claimreg.codec import to_document
from claimreg.errors import InputError
from claimreg.model import SCHEMA_VERSION
from claimreg.services.evidence.bundle import layout
from claimreg.services.evidence.bundle.scope import Scope, records_in
from claimreg.store.chain import canonical, event_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.store.port import Reader

_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # all that a zip can say
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3


class Exported(NamedTuple):
    """Contents of a bundle: numbers of records by type, of events, of sealed events and of files, and the head's hash."""

    records: dict[str, int]
    events: int
    sealed: int
    captures: int
    head: str


class _Bag(AbstractContextManager["_Bag"]):
    """A bag that is being written into a zip; the manifests come last, when everything has been hashed."""

    def __init__(self, stream: IO[bytes], base: str, at: str) -> None:
        self._zip = zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED)
        self._base = base
        moment = datetime.fromisoformat(at)
        self._date = (min(max(moment.year, _FIRST_YEAR), _LAST_YEAR), *moment.timetuple()[1:6])
        self._hashes: dict[str, str] = {}
        self._size = 0

    @contextmanager
    def file(self, name: str) -> Iterator[Callable[[bytes], object]]:
        """A file of the bag; what is yielded writes to it."""
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(f"{self._base}/{name}", self._date)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _REGULAR_FILE
        with self._zip.open(info, "w", force_zip64=True) as entry:

            def write(content: bytes) -> None:
                digest.update(content)
                entry.write(content)
                if name.startswith("data/"):
                    self._size += len(content)

            yield write
        self._hashes[name] = digest.hexdigest()

    def add(self, name: str, content: bytes) -> None:
        with self.file(name) as write:
            write(content)

    def finish(self, info: Iterable[tuple[str, str]]) -> None:
        """Write the tag files; ``info`` is what the bag says of itself."""
        payload = [name for name in self._hashes if name.startswith("data/")]
        told = [*info, ("Payload-Oxum", f"{self._size}.{len(payload)}")]
        self.add(layout.BAGIT, layout.DECLARATION)
        self.add(layout.INFO, "".join(f"{label}: {' '.join(value.split())}\n" for label, value in told).encode())
        self.add(layout.MANIFEST, self._lines(sorted(payload)))
        self.add(layout.TAG_MANIFEST, self._lines(layout.TAG_FILES))
        self._zip.close()

    def __exit__(self, *exception: object) -> None:
        # Left open, the zip would be finished by the garbage collector, in a file that is closed by then.
        with suppress(OSError, ValueError):
            self._zip.close()

    def _lines(self, names: Iterable[str]) -> bytes:
        return "".join(f"{self._hashes[name]}  {name}\n" for name in names).encode()


def write_bundle(reader: Reader, scope: Scope, stream: IO[bytes], software: str) -> Exported:
    """Write a bundle into a stream that can be sought in; ``software`` says what wrote it.

    All reads must be of one state, so ``reader`` is best a snapshot. No more than one file of captured bytes is in memory at a time.
    Raises `InputError` where there is nothing to export, and `StoreError` where the registry is damaged.
    """
    if (identity := layout.registry_identity(reader)) is None:
        raise InputError("Nothing was ever recorded here; there is nothing to export.")
    seq, head = reader.head()
    at = next(iter(reader.history(after=seq - 1))).at
    with _Bag(stream, f"claimreg-{head[:16]}", at) as bag:
        records, captures = _write_records(bag, reader, scope)
        events, sealed = _write_history(bag, reader, scope)
        for sha256 in sorted(captures):
            bag.add(layout.CAPTURES + sha256, reader.blob(sha256))
        exported = Exported(records, events, sealed, len(captures), head)
        bag.add(layout.README, _readme(exported, scope, seq, at).encode())
        bag.finish(
            (
                ("Bag-Software-Agent", software),
                ("Bagging-Date", at[:10]),
                ("External-Identifier", identity),
                ("External-Description", scope.title),
                (layout.SCHEMA_LABEL, str(SCHEMA_VERSION)),
                (layout.HEAD_LABEL, f"{seq} {head}"),
            )
        )
    return exported


def _write_records(bag: _Bag, reader: Reader, scope: Scope) -> tuple[dict[str, int], set[str]]:
    counts: Counter[str] = Counter()
    captures: set[str] = set()
    with bag.file(layout.RECORDS) as write:
        for record in records_in(reader, scope):
            write(_line(to_document(record)))
            counts[record.NOUN] += 1
            captures.update(layout.blobs_of(record))
    return counts, captures


def _write_history(bag: _Bag, reader: Reader, scope: Scope) -> tuple[int, int]:
    events = sealed = 0
    with bag.file(layout.HISTORY) as write:
        for event in reader.history():
            full = scope.tells(event)
            write(_line(event_document(event) if full else {name: getattr(event, name) for name in layout.SEALED_FIELDS}))
            events += 1
            sealed += not full
    return events, sealed


def _line(document: dict[str, object]) -> bytes:
    return canonical(document).encode() + b"\n"


def _readme(exported: Exported, scope: Scope, seq: int, at: str) -> str:
    withheld = ""
    if scope.withheld:
        withheld = (
            f"\nWithheld: {len(scope.withheld)} of the sources may not be named. Neither their names nor their addresses, bytes and texts\n"
            "are in this bundle; of quotes found in them, only the quoted words are.\n"
        )
    held = "\n".join(f"  {count:>9}  {noun}" for noun, count in exported.records.items())
    return f"""A bundle of evidence from a claimreg registry: {" ".join(scope.title.split())}.

What it holds
-------------
records.ndjson   the records, one JSON object a line: claims, who made them, in which words, in which source
history.ndjson   every change ever made in the registry, {exported.events} events up to {at}
captures/        the sources' original bytes, the texts taken from them (UTF-8), and what else was captured,
                 each under its SHA-256

{held}

How to check it, without claimreg
---------------------------------
Unpack it. In the folder with bagit.txt run

  sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt

Every line must end in OK. It is a bag as RFC 8493 has it; any BagIt program can validate it, too.

Each event in history.ndjson carries the hash of the event before ("previous") and its own ("hash"): the SHA-256 of its line
without the field "hash", that is of its JSON with sorted keys and no white space, in UTF-8. Of {exported.sealed} events only the hash
is told, as they do not belong to this bundle; the chain can be walked over them all the same. The last hash stands for
the whole history. It was event {seq}:

  {exported.head}

Whoever was told this hash earlier can tell that nothing before it was changed, added or taken away since.

Who made this bundle is nothing but its own word: anybody can make one that is whole. Have the sender tell you the hash by
another way, such as the telephone or a signed mail, and compare.
{withheld}
How to check it, and take it over, with claimreg
------------------------------------------------
  claimreg verify BUNDLE.zip     every hash, the chain, each record against its history, each quote in its source
  claimreg import BUNDLE.zip     the same checks; then the records join a registry of your own
"""
