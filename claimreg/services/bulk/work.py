"""Work on one block of documents, in this process or in a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claimreg.corpus.jsonl import BadLine
from claimreg.linker.bulk import QuoteIndex, ScanLink, Scanner, load_index
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from claimreg.corpus.base import Block, Document
    from claimreg.linker.collection import Collection

_READ_AT_ONCE = 1 << 21  # code points of texts that are held at a time; a longer document is held alone


@dataclass(slots=True)
class BlockResult:
    """Result of a block: its links as lines, the numbers of links, documents and lines, and the lines that were passed over.

    Those are numbered from the block's start. ``by_chance`` is how many of the links are to be expected to be no link at all: the sum
    of what their probabilities lack to 1.
    """

    links: bytes = b""
    link_count: int = 0
    by_chance: float = 0.0
    documents: int = 0
    lines: int = 0
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
        for group in _grouped(_documents(block, result)):
            result.documents += len(group)
            for link in self._scanner.scan([document.text for document in group]):
                written.append(link_line(self._table.id(link.quote), group[link.document].id, link))
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


def _documents(block: Block, result: BlockResult) -> Iterator[Document]:
    """The documents of a block; its lines are counted, and what cannot be used goes to the bad ones."""
    for line in block.content.read():
        result.lines += 1
        if isinstance(line, str):
            result.bad.append(BadLine(result.lines, line))
        elif line is not None:
            yield line


def _grouped(documents: Iterator[Document]) -> Iterator[list[Document]]:
    group: list[Document] = []
    size = 0
    for document in documents:
        group.append(document)
        size += len(document.text)
        if size >= _READ_AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


def work(index: Path, block: Block) -> BlockResult:
    """Work on a block in a worker process, with the index in a file, which is read for the first block."""
    return _worker(index).work(block)


@lru_cache(maxsize=1)
def _worker(index: Path) -> BlockWorker:
    return BlockWorker(*load_index(index))
