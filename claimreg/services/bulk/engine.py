"""Places where the blocks of a scan are worked on: the port, and this machine's processes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol

from claimreg.corpus.jsonl import Lines
from claimreg.corpus.lines import HeldLines
from claimreg.linker.bulk import load_index, save_index
from claimreg.services.bulk.collecting import seldom_collected
from claimreg.services.bulk.crew import Crew
from claimreg.services.bulk.work import BlockResult, BlockWorker, work

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from claimreg.corpus.base import Block
    from claimreg.linker.bulk import QuoteIndex
    from claimreg.linker.collection import Collection

_BLOCKS_AHEAD = 2  # blocks that wait for each worker: memory is bounded by them


class Prepared:
    """The index of a scan and what is known of the documents' words, in memory or in a file that processes map."""

    def __init__(self, index: QuoteIndex, collection: Collection, path: Path) -> None:
        self._held: tuple[QuoteIndex, Collection] | None = (index, collection)
        self._path = path
        self.crowded = len({quote for unit in index.unseeded.tolist() for quote in index.table.owners_of(unit)})
        """Quotes that share all their words with so many others that they cannot be looked for."""

    def taken(self) -> tuple[QuoteIndex, Collection]:
        """Both, for this process; they are held here no longer, so it is asked for once."""
        held, self._held = self._held, None
        assert held is not None  # noqa: S101 -- an engine asks once
        return held

    def saved(self) -> Path:
        """The file that both are written to; they are held in memory no longer, so it is asked for once."""
        save_index(self._path, *self.taken())
        return self._path


class Engine(Protocol):
    """A place where blocks are worked on; the same blocks give the same results in any."""

    def helpers(self) -> Crew | None:
        """Processes that help with the index of many quotes; nothing where this process makes it alone."""

    def close(self) -> None:
        """End the helpers, if there are any."""

    def results(self, prepared: Prepared, blocks: Iterator[Block]) -> Generator[tuple[Block, BlockResult]]:
        """Yield each block, without what it carries, with its result, in the blocks' order; closed, it leaves nothing running."""


class LocalEngine:
    """Processes of this machine; for one worker, or one block, this process alone."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers
        self._crew: Crew | None = None

    def helpers(self) -> Crew | None:
        """The workers, who then work on the blocks; nothing where there is one."""
        if self._workers > 1 and self._crew is None:
            self._crew = Crew(self._workers)
        return self._crew

    def close(self) -> None:
        """End the workers."""
        crew, self._crew = self._crew, None
        if crew is not None:
            crew.close()

    def results(self, prepared: Prepared, blocks: Iterator[Block]) -> Generator[tuple[Block, BlockResult]]:
        """Yield each block with its result, in the blocks' order."""
        first = list(islice(blocks, 2))
        # For one block no process is worth starting.
        crew = self.helpers() if len(first) > 1 else None
        if crew is None:
            self.close()
            # As a file that is mapped, the index is looked up faster: with 100,000 quotes, in a tenth less time.
            worker = BlockWorker(*(load_index(prepared.saved()) if len(first) > 1 else prepared.taken()))
            with seldom_collected():
                for block in chain(first, blocks):
                    yield without_content(block), worker.work(block)
        else:
            try:
                yield from _spread(crew, prepared.saved(), chain(first, blocks), self._workers)
            finally:
                self.close()


def without_content(block: Block) -> Block:
    """A block of which the place is told and nothing is carried."""
    return replace(block, content=_NOTHING) if block.content.carried else block


_NOTHING = HeldLines(Lines(b"", 0))


def _spread(crew: Crew, index: Path, blocks: Iterator[Block], workers: int) -> Iterator[tuple[Block, BlockResult]]:
    """Yield each block with its result, in the blocks' order, worked on by a crew."""
    pending = deque((without_content(block), crew.submit(work, index, block)) for block in islice(blocks, 2))
    while pending:
        while len(pending) < workers * (1 + _BLOCKS_AHEAD) and (block := next(blocks, None)) is not None:
            pending.append((without_content(block), crew.submit(work, index, block)))
            if pending[0][1].done():
                break
        known, future = pending.popleft()
        yield known, future.result()
