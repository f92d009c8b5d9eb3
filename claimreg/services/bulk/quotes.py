"""Read the quotes of a scan, from a file of lines or from the registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from claimreg.corpus.jsonl import BadLine, bad_line_error
from claimreg.linker.bulk import QuoteCollector, QuoteTable
from claimreg.model import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.corpus.base import Documents
    from claimreg.store.port import Reader

_READ_AT_ONCE = 2_000


@dataclass(slots=True)
class Quotes:
    """Quotes that can be looked for, and those that cannot, with the reason."""

    table: QuoteTable
    bad: list[BadLine] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return what identifies these quotes."""
        return hashlib.sha256(self.table.offsets.tobytes() + self.table.buffer.tobytes()).hexdigest()


def read_quotes(source: Documents, *, strict: bool) -> Quotes:
    """The quotes in a file of lines; with ``strict``, raises `InputError` at the first that cannot be used."""
    from claimreg.services.bulk.work import documents_of

    bad: list[BadLine] = []

    def rows() -> Iterator[tuple[int, str, str]]:
        for block in source.blocks(0, 0):
            yield from documents_of(block, bad)

    quotes = _collected(rows(), bad)
    quotes.bad.sort()
    if strict and quotes.bad:
        raise bad_line_error(source.name, quotes.bad[0])
    return quotes


def quotes_of_registry(reader: Reader) -> Quotes:
    """All quotes of the registry's attributions; the id is the attribution's."""
    rows = ((number, one.id, one.quote) for number, one in enumerate(reader.find(Attribution), start=1) if one.quote)
    quotes = _collected(rows, [])
    # A quote of one letter is recorded as it was said; that no place can be told by it is no fault of the scan.
    quotes.bad.clear()
    return quotes


def _collected(rows: Iterator[tuple[int, str, str]], bad: list[BadLine]) -> Quotes:
    collector = QuoteCollector()
    seen: set[tuple[str, str]] = set()
    while some := list(islice(rows, _READ_AT_ONCE)):
        fresh: list[tuple[int, str, str]] = []
        for number, quote_id, text in some:
            # The same words under the same id are one quote; other words under it are one more.
            if (quote_id, text) not in seen:
                seen.add((quote_id, text))
                fresh.append((number, quote_id, text))
        errors = collector.add([(quote_id, text) for _, quote_id, text in fresh])
        bad += [BadLine(number, str(error)) for (number, _, _), error in zip(fresh, errors, strict=True) if error]
    return Quotes(collector.table(), bad)
