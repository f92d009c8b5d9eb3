"""Run a scan: learn from a sample, index the quotes, hand out blocks, and write what comes back in the documents' order."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from claimreg.corpus.base import SAMPLE, Document, Position, Sample
from claimreg.corpus.files import sampled_evenly
from claimreg.corpus.jsonl import BadLine, bad_line_error
from claimreg.files import undone_on_failure
from claimreg.linker.bulk import VERSION, QuoteIndex, build_index, rarities_of, with_other_scripts
from claimreg.linker.collection import Collection
from claimreg.linker.layered import LayeredLinker
from claimreg.services.bulk.engine import LocalEngine, Prepared
from claimreg.services.bulk.journal import KEPT_BAD_LINES, Progress, Unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.corpus.base import Block, Documents
    from claimreg.services.bulk.crew import Crew
    from claimreg.services.bulk.engine import Engine
    from claimreg.services.bulk.quotes import Quotes
    from claimreg.services.bulk.work import BlockResult

_WORDS_SAMPLED = 600_000  # code points of the sample from which the linker learns how rare words are
_MANY_QUOTES = 20_000  # of which the index is made by several processes: for fewer, their start is not made up for
_LINES_SAMPLED = 8  # of the first block, where the lines are too long for a sample
_SECONDS_BETWEEN_SYNCS = 2.0


class ScanProgress(NamedTuple):
    """Progress of a scan. ``size`` is in bytes of the documents; ``of`` is all of them, 0 where that is not known."""

    size: int
    of: int
    resumed: int
    documents: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Settings of a scan. Without an output, the links go to the stream as they are found."""

    quotes: Quotes
    documents: Documents
    output: Path | None
    stream: BinaryIO
    engine: Engine = field(default_factory=LocalEngine)
    resume: bool = False
    strict: bool = False
    parquet: bool = False
    progress: Callable[[ScanProgress], None] = field(default=lambda _progress: None)


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """Result of a scan.

    ``by_chance`` is how many of the links are to be expected to be none. ``bad`` counts the documents' bad lines, ``first_bad`` are
    the first of them; ``crowded`` counts quotes that share all their words with so many others that they could not be looked for.
    """

    quotes: int
    documents: int
    links: int
    by_chance: float
    bad: int
    first_bad: tuple[BadLine, ...]
    crowded: int


def scan_documents(scan: Scan) -> ScanSummary:
    """Scan; raises `InputError` for what cannot be read or written, and with ``strict`` at the first bad line."""
    sample = _sample(scan.documents)
    with _sink(scan) as sink, undone_on_failure(scan.engine.close):
        crew = scan.engine.helpers() if len(scan.quotes.table) >= _MANY_QUOTES else None
        prepared = Prepared(*_index(scan.quotes, sample, crew, sink.folder), sink.folder / "index")
        crowded = prepared.crowded
        with closing(scan.engine.results(prepared, scan.documents.blocks(sink.progress.position))) as results:
            _write(scan, sink, results)
        sink.finish()
    done = sink.progress
    bad = tuple(done.first_bad[:KEPT_BAD_LINES])
    return ScanSummary(len(scan.quotes.table), done.documents, done.links, done.by_chance, done.bad, bad, crowded)


def _write(scan: Scan, sink: _StreamSink | Unfinished, results: Iterator[tuple[Block, BlockResult]]) -> None:
    """Write what the blocks gave, as they come."""
    started = sink.progress.size
    synced = time.monotonic()
    for block, result in results:
        if scan.strict and result.bad:
            sink.hopeless = True
            raise bad_line_error(scan.documents.name, sink.progress.bad_lines(block, result)[0])
        sink.progress.add(block, result)
        sink.write(result.links)
        if time.monotonic() - synced > _SECONDS_BETWEEN_SYNCS:
            sink.sync()
            synced = time.monotonic()
        done = sink.progress
        scan.progress(ScanProgress(done.size, scan.documents.size, started, done.documents, done.links))


def _sample(documents: Documents) -> Sample:
    """Return some of the documents, and the start of the first one where no line is short enough to be in a sample."""
    sample = documents.sample()
    if sample.texts or not documents.size:
        return sample
    first = next(documents.blocks(Position()), None)
    lines = first.content.read() if first else iter(())
    texts = [line.text[:SAMPLE] for line in islice(lines, _LINES_SAMPLED) if isinstance(line, Document)]
    return Sample(texts, documents.size / max(1, sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)))


def _index(quotes: Quotes, sample: Sample, crew: Crew | None = None, folder: Path | None = None) -> tuple[QuoteIndex, Collection]:
    texts = sampled_evenly(sample.texts, _WORDS_SAMPLED)
    collection = Collection()
    for text in texts:
        collection.observe(text)
    collection.size = int(sum(map(len, sample.texts)) * sample.share)
    rarities = rarities_of(len(quotes.table), sample.texts)
    if crew is None or folder is None:
        return with_other_scripts(build_index(quotes.table, rarities), sample.texts, collection.size), collection
    saved = [rarity.saved(folder / f"rarity-{rarity.size}") for rarity in rarities]
    paths = [rarity.path for rarity in saved]
    del rarities
    index = build_index(quotes.table, saved, crew.map)
    for path in paths:
        path.unlink()
    return with_other_scripts(index, sample.texts, collection.size), collection


class _StreamSink:
    """Receiver of links that hands them on at once, as `Unfinished` is one that keeps them."""

    hopeless = False

    def __init__(self, folder: Path, stream: BinaryIO) -> None:
        self.folder = folder
        self.progress = Progress()
        self._stream = stream

    def write(self, links: bytes) -> None:
        self._stream.write(links)
        self._stream.flush()

    def sync(self) -> None: ...

    def finish(self) -> None: ...


@contextmanager
def _sink(scan: Scan) -> Iterator[_StreamSink | Unfinished]:
    if scan.output is None:
        with tempfile.TemporaryDirectory(prefix="claimreg-scan-") as folder:
            yield _StreamSink(Path(folder), scan.stream)
        return
    unfinished = Unfinished(Path(os.path.realpath(scan.output)), parquet=scan.parquet)
    identity = {"version": VERSION, "linker": LayeredLinker.name, "quotes": scan.quotes.digest, **scan.documents.identity()}
    unfinished.open(identity, resume=scan.resume)
    with undone_on_failure(lambda: unfinished.discard() if unfinished.hopeless else unfinished.release()):
        yield unfinished
