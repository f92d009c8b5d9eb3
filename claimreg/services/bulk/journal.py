"""The unfinished output of a scan, in a folder beside the output's name, so that a killed scan can be gone on with.

The links are appended to one file; the journal says, block by block, how far the documents were read, how long the file
of links was then, and its checksum. Going on, the last entry that the file of links bears out is the one that counts,
and what comes after it is cut off. So nothing hangs on the order in which the system writes the two to the disk.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from claimreg.corpus.base import Position
from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.files import flush, flush_folder, lock, undone_on_failure

if TYPE_CHECKING:
    from pathlib import Path

    from claimreg.corpus.base import Block
    from claimreg.services.bulk.work import BlockResult

KEPT_BAD_LINES = 20
"""Bad lines that are told of one by one; of the others, the number."""

_CHUNK = 1 << 20


@dataclass(slots=True)
class Progress:
    """Progress of a scan: the position in the documents, the lines read of the part that it is in, and what was found."""

    position: Position = field(default_factory=Position)
    part: str = ""
    lines: int = 0
    size: int = 0
    documents: int = 0
    links: int = 0
    by_chance: float = 0.0
    bad: int = 0
    first_bad: list[BadLine] = field(default_factory=list)
    output_size: int = 0
    checksum: int = 0

    def add(self, block: Block, result: BlockResult) -> None:
        """Take in what a block gave."""
        bad = self.bad_lines(block, result)
        self.lines = result.lines + (self.lines if block.part == self.part else 0)
        self.position, self.part = block.position, block.part
        self.size += block.size
        self.documents += result.documents
        self.links += result.link_count
        self.by_chance += result.by_chance
        self.bad += len(bad)
        self.first_bad += bad[: KEPT_BAD_LINES - len(self.first_bad)]
        self.output_size += len(result.links)
        self.checksum = zlib.crc32(result.links, self.checksum)

    def bad_lines(self, block: Block, result: BlockResult) -> list[BadLine]:
        """The bad lines of the next block, numbered as in the whole file."""
        before = self.lines if block.part == self.part else 0
        return [BadLine(before + one.number, one.why, block.part) for one in result.bad]


class Unfinished:
    """Receiver of links: the folder of an unfinished output, held by one process at a time."""

    hopeless = False
    """Set when going on would end the same way, so that nothing is to be kept."""

    def __init__(self, output: Path, *, parquet: bool = False) -> None:
        self.progress = Progress()
        self._output = output
        self._parquet = parquet
        self.folder = output.with_name(output.name + ".unfinished")
        self._links: BinaryIO | None = None
        self._journal: BinaryIO | None = None
        self._lock: BinaryIO | None = None

    def open(self, identity: dict[str, Any], *, resume: bool) -> None:
        """Start anew, or go on; raises `InputError` when what is there is of another scan, or another process is at it."""
        try:
            with undone_on_failure(self.release):
                self.folder.mkdir(exist_ok=True)
                self._take_lock()
                is_there = (self.folder / "scan.json").exists()
                self.progress = self._resumed(identity) if resume and is_there else self._fresh(identity)
                self._links = (self.folder / "links.jsonl").open("ab")
                self._journal = (self.folder / "journal.jsonl").open("ab")
        except OSError as error:
            raise InputError(f"{self.folder} cannot be written: {error.strerror}.") from error

    def write(self, links: bytes) -> None:
        """Keep a block's links and how far the scan is with them."""
        assert self._links is not None  # noqa: S101 -- it is open
        assert self._journal is not None  # noqa: S101 -- it is open
        self._links.write(links)
        self._links.flush()
        self._journal.write(json.dumps(asdict(self.progress)).encode() + b"\n")
        self._journal.flush()

    def sync(self) -> None:
        """Flush all that was added to the disk."""
        for file in filter(None, (self._links, self._journal)):
            os.fsync(file.fileno())

    def finish(self) -> None:
        """Give the whole output its name, and leave nothing beside it."""
        self.sync()
        self._close()
        target, whole = self._output, self.folder / "links.jsonl"
        if self._parquet:
            from claimreg.corpus.parquet import links_to_parquet

            links_to_parquet(whole, self.folder / "links.parquet")
            whole = self.folder / "links.parquet"
        try:
            flush(whole)
            whole.replace(target)
        except OSError as error:
            raise InputError(f"The file {target} cannot be written: {error.strerror}; the links are in {whole}.") from error
        self.discard()
        try:
            flush_folder(target.parent)
        except OSError as error:
            raise InputError(f"The file {target} is whole, but a power cut may take it away: {error.strerror}; copy it.") from error

    def discard(self) -> None:
        """Leave nothing of it."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Close it; what was added stays, and can be continued."""
        self._close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _close(self) -> None:
        for file in filter(None, (self._links, self._journal)):
            file.close()
        self._links = self._journal = None

    def _fresh(self, identity: dict[str, Any]) -> Progress:
        for path in self.folder.iterdir():
            if path.name != "lock":
                path.unlink()
        new = self.folder / "scan.json.new"
        new.write_text(json.dumps(identity), encoding="utf-8")
        new.replace(self.folder / "scan.json")
        return Progress()

    def _resumed(self, identity: dict[str, Any]) -> Progress:
        if json.loads((self.folder / "scan.json").read_text("utf-8")) != json.loads(json.dumps(identity)):
            raise InputError(
                f"The unfinished scan in {self.folder} was of other quotes or documents, or by another version; run without --resume."
            )
        links, journal = self.folder / "links.jsonl", self.folder / "journal.jsonl"
        links.touch()
        journal.touch()
        found = Progress()
        kept = checksum = size = 0
        with links.open("rb") as file, journal.open("rb") as entries:
            for line in entries:
                if (progress := _entry(line)) is None:
                    break
                while size < progress.output_size and (chunk := file.read(min(_CHUNK, progress.output_size - size))):
                    checksum = zlib.crc32(chunk, checksum)
                    size += len(chunk)
                if (size, checksum) != (progress.output_size, progress.checksum):
                    break
                found = progress
                kept += len(line)
        os.truncate(links, found.output_size)
        os.truncate(journal, kept)
        return found

    def _take_lock(self) -> None:
        self._lock = (self.folder / "lock").open("ab")
        if not lock(self._lock, wait=False):
            raise InputError(f"Another scan is writing {self._output}; wait for it or choose another name.")


def _entry(line: bytes) -> Progress | None:
    """One entry of the journal; ``None`` when a kill cut it."""
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
        position, first_bad = Position(*value["position"]), [BadLine(*one) for one in value["first_bad"]]
        return Progress(**{**value, "position": position, "first_bad": first_bad})
    except (ValueError, TypeError, KeyError):
        return None
