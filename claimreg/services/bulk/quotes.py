"""Read the quotes of a scan, from a file of lines or from the registry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.corpus.files import lines_of, numbered_lines
from claimreg.corpus.jsonl import BadLine, bad_line_error, read_object, text_in
from claimreg.corpus.lines import LineFile, LineStream
from claimreg.errors import InputError
from claimreg.linker.bulk import QuoteCollector, QuoteTable
from claimreg.model import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.corpus.base import Documents
    from claimreg.store.port import Reader

_READ_AT_ONCE = 2_000


class _Row(NamedTuple):
    """One quote with the number of its line; ``lang`` is empty where no language is recorded."""

    number: int
    id: str
    text: str
    lang: str


@dataclass(slots=True)
class Quotes:
    """Quotes that can be looked for, and those that cannot, with the reason."""

    table: QuoteTable
    bad: list[BadLine] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return what identifies these quotes."""
        digest = hashlib.sha256(self.table.offsets.data)
        digest.update(self.table.buffer.data)
        return digest.hexdigest()


def read_quotes(source: Documents, *, strict: bool) -> Quotes:
    """The quotes in a file of lines; with ``strict``, raises `InputError` at the first that cannot be used."""
    bad: list[BadLine] = []
    quotes = _collected(_rows_in(source, bad), bad)
    quotes.bad.sort()
    if strict and quotes.bad:
        raise bad_line_error(source.name, quotes.bad[0])
    return quotes


def quotes_of_registry(reader: Reader) -> Quotes:
    """All quotes of the registry's attributions; the id is the attribution's."""
    rows = (_Row(number, one.id, one.quote, one.lang or "") for number, one in enumerate(reader.find(Attribution), start=1) if one.quote)
    quotes = _collected(rows, [])
    # A quote of one letter is recorded as it was said; that no place can be told by it is no fault of the scan.
    quotes.bad.clear()
    return quotes


def _rows_in(source: Documents, bad: list[BadLine]) -> Iterator[_Row]:
    """The quotes in a source of lines or of rows; what cannot be used goes to the bad lines."""
    if not isinstance(source, (LineFile, LineStream)):
        for number, row in numbered_lines(source):
            if isinstance(row, str):
                bad.append(BadLine(number, row))
            elif row is not None:
                yield _Row(number, *row, "")
        return
    for number, line in lines_of(source):
        try:
            yield _row(number, line)
        except InputError as error:
            bad.append(BadLine(number, str(error)))


def _row(number: int, line: bytes | InputError) -> _Row:
    if isinstance(line, InputError):
        raise line
    value = read_object(line)
    lang = value.get("lang")
    return _Row(number, text_in(value, "id"), text_in(value, "text"), lang if isinstance(lang, str) else "")


def _digest(row: _Row) -> bytes:
    """Return what stands for a quote's id and text: a set of these takes a fraction of the memory that the texts would."""
    quote_id, text = (one.encode("utf-8", "surrogatepass") for one in (row.id, row.text))
    return hashlib.blake2b(b"%d,%s%s" % (len(quote_id), quote_id, text), digest_size=16).digest()


def _collected(rows: Iterator[_Row], bad: list[BadLine]) -> Quotes:
    collector = QuoteCollector()
    seen: set[bytes] = set()
    while some := list(islice(rows, _READ_AT_ONCE)):
        fresh: list[_Row] = []
        for row in some:
            # The same words under the same id are one quote; other words under it are one more.
            digest = _digest(row)
            if digest not in seen:
                seen.add(digest)
                fresh.append(row)
        errors = collector.add([row[1:] for row in fresh])
        bad += [BadLine(row.number, str(error)) for row, error in zip(fresh, errors, strict=True) if error]
    return Quotes(collector.table(), bad)
