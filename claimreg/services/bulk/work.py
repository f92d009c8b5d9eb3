"""Work on one block of documents, in this process or in a worker."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claimreg.corpus.files import read_text_file
from claimreg.corpus.jsonl import TOO_LONG, BadLine, read_lines
from claimreg.errors import InputError
from claimreg.linker.bulk import QuoteIndex, ScanLink, Scanner, load_index
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimreg.corpus.base import Block
    from claimreg.linker.collection import Collection

_READ_AT_ONCE = 1 << 21  # code points of texts that are held at a time; a longer document is held alone


@dataclass(slots=True)
class BlockResult:
    """Result of a block: its links as lines, the numbers of links and documents, and the lines that were passed over.

    ``by_chance`` is how many of the links are to be expected to be no link at all: the sum of what their probabilities lack to 1.
    """

    links: bytes = b""
    link_count: int = 0
    by_chance: float = 0.0
    documents: int = 0
    bad: list[BadLine] = field(default_factory=list)


class BlockWorker:
    """Worker on blocks with one index; the same block gives the same result in any process."""

    def __init__(self, index: QuoteIndex, collection: Collection | None) -> None:
        self._table = index.table
        self._scanner = Scanner(index, collection)

    def work(self, block: Block) -> BlockResult:
        """The links of a block's documents, in their order."""
        result = BlockResult()
        written: list[bytes] = []
        for group in _grouped(documents_of(block, result.bad)):
            result.documents += len(group)
            for link in self._scanner.scan([text for _, _, text in group]):
                written.append(link_line(self._table.id(link.quote), group[link.document][1], link))
                result.by_chance += 1.0 - link.match.probability
        result.links = b"".join(written)
        result.link_count = len(written)
        return result


def link_line(quote_id: str, document_id: str, link: ScanLink) -> bytes:
    """A link as the contract has it, as a line of JSON."""
    match = link.match
    record: dict[str, Any] = {
        "quote_id": quote_id, "doc_id": document_id, "start": match.start, "end": match.end, "score": match.score,
        "kind": match.kind.value, "exact": match.exact, "parts": [[part.start, part.end] for part in match.parts],
        "edits": match.edits, "probability": match.probability, "flags": [flag.value for flag in match.flags],
        "not_judged": list(match.not_judged),
        "words": [[word.change.value, list(word.quote), list(word.source)] for word in match.words],
    }  # fmt: skip
    return f"{json_text(record)}\n".encode()


def documents_of(block: Block, bad: list[BadLine]) -> Iterator[tuple[int, str, str]]:
    """The line, id and text of each document in a block; what cannot be used goes to the bad lines."""
    if block.too_long:
        bad.append(BadLine(block.number + 1, TOO_LONG))
    elif isinstance(block.content, bytes):
        for line, document_id, text in read_lines(block.content):
            if isinstance(text, InputError):
                bad.append(BadLine(block.number + line, str(text)))
            else:
                yield block.number + line, document_id, text
    else:
        for number, row in enumerate(block.content, start=block.number + 1):
            content = row if block.folder is None else _read(block.folder, str(row))
            if isinstance(content, str):
                bad.append(BadLine(number, content))
            elif content is not None:
                yield number, *content


def _read(folder: Path, name: str) -> tuple[str, str] | str | None:
    content = read_text_file(folder, name)
    return str(content) if isinstance(content, InputError) else None if content is None else (name, content)


def _grouped(documents: Iterator[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    group: list[tuple[int, str, str]] = []
    size = 0
    for document in documents:
        group.append(document)
        size += len(document[2])
        if size >= _READ_AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


_worker: BlockWorker | None = None


def start_worker(index: Path) -> None:
    """Make a worker of this process: it works with the index in a file, and ends when its parent does."""
    global _worker  # noqa: PLW0603 -- a process pool hands nothing else to its workers
    import multiprocessing

    # The parent alone answers an interruption.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    _worker = BlockWorker(*load_index(index))


def _end_with(parent: Any) -> None:  # noqa: ANN401 -- the class is not public
    """End this process when its parent is gone: nobody else would tell it to."""
    if parent is not None:
        parent.join()
        os._exit(1)


def work(block: Block) -> BlockResult:
    """Work on a block in a worker process."""
    assert _worker is not None  # noqa: S101 -- start_worker has run
    return _worker.work(block)
