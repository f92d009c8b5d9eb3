"""Parquet in and out, by way of pyarrow, which is an optional extra."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from claimreg.corpus.base import SAMPLE, Block, Document, Position, Sample, file_identity
from claimreg.corpus.jsonl import BLOCK
from claimreg.corpus.locations import is_url, opened, size_of
from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from claimreg.corpus.base import Line

_ROWS = 256
_LINKS_AT_ONCE = 20_000
_COLUMNS = ("id", "text")
_GROUPS_SAMPLED = 8
_MOST_PIECES = 8
"""Blocks that a row group is cut into: whoever reads one reads through those before it."""

_BUFFER = 1 << 20
"""Bytes of a column that are read at a time, so that memory does not grow with the row group."""


@dataclass(frozen=True, slots=True)
class RowsOfParquet:
    """Rows of a Parquet file from ``first`` up to ``last``."""

    location: str
    first: int
    last: int
    carried: int = 0

    def read(self) -> Iterator[Line]:
        """Each row in turn."""
        with _opened(self.location) as file:
            groups: list[int] = []
            start, before = 0, self.first
            for group in range(file.metadata.num_row_groups):
                end = start + file.metadata.row_group(group).num_rows
                if start < self.last and end > self.first:
                    before = before if groups else start
                    groups.append(group)
                start = end
            yield from islice(_rows(file, groups), self.first - before, self.last - before)


@dataclass(slots=True)
class ParquetFile:
    """Documents in the columns ``id`` and ``text`` of a Parquet file, read by row group."""

    location: str

    @property
    def name(self) -> str:
        """The location as it was given."""
        return self.location

    @property
    def size(self) -> int:
        """The file's bytes."""
        return size_of(self.location)

    def identity(self) -> dict[str, Any]:
        """Identify a file by its size and its two ends."""
        return {"parquet": file_identity(self.location)}

    def sample(self, most: int = SAMPLE) -> Sample:
        """Documents from row groups spread over the file."""
        with _opened(self.location) as file:
            groups = file.metadata.num_row_groups
            is_small = sum(_size_of_texts(file.metadata.row_group(group)) for group in range(groups)) <= most
            wanted = 1 if is_small else max(1, _GROUPS_SAMPLED * most // SAMPLE)
            texts: list[str] = []
            rows = 0
            for group in range(0, groups, 1 if is_small else max(1, groups // wanted)):
                size = 0
                for row in _rows(file, [group]):
                    rows += 1
                    if isinstance(row, Document):
                        texts.append(row.text)
                        size += len(row.text.encode("utf-8", "surrogatepass"))
                    if size >= most // wanted:
                        break
            return Sample(texts, max(1.0, file.metadata.num_rows / max(1, rows)))

    def blocks(self, after: Position, *, whole: bool = False) -> Iterator[Block]:
        """The blocks after a row; each reads its own rows."""
        del whole  # a block reads from the start of its row group, not of the file
        with _opened(self.location) as file:
            cuts, rows, size = list(_cuts(file.metadata)), file.metadata.num_rows, self.size
        for first, last in cuts:
            if last > after.at:
                yield Block(RowsOfParquet(self.location, first, last), Position(0, last), size * last // rows - size * first // rows)


def _cuts(metadata: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 -- pyarrow has no types
    """The rows of each block: several small row groups, one, or a piece of a large one."""
    first = row = pending = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        size = _size_of_texts(group)
        if size >= 2 * BLOCK:
            if row > first:
                yield first, row
            pieces = min(_MOST_PIECES, size // BLOCK, group.num_rows)
            yield from ((row + group.num_rows * at // pieces, row + group.num_rows * (at + 1) // pieces) for at in range(pieces))
            first, pending = row + group.num_rows, 0
        else:
            pending += size
        row += group.num_rows
        if pending >= BLOCK:
            yield first, row
            first, pending = row, 0
    if row > first:
        yield first, row


def _size_of_texts(group: Any) -> int:  # noqa: ANN401 -- pyarrow has no types
    """The bytes of the texts of a row group, unpacked."""
    columns = [group.column(number) for number in range(group.num_columns)]
    return sum(column.total_uncompressed_size for column in columns if column.path_in_schema == _COLUMNS[1])


def _rows(file: Any, groups: list[int]) -> Iterator[Line]:  # noqa: ANN401 -- pyarrow has no types
    """Id and text of each row, or why they cannot be used."""
    if not groups:
        return
    for batch in file.iter_batches(batch_size=_ROWS, row_groups=groups, columns=list(_COLUMNS)):
        for row_id, text in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            if not isinstance(row_id, str):
                yield "its id is no text"
            elif not isinstance(text, str):
                yield "its text is no text"
            else:
                yield Document(row_id, text)


@contextmanager
def _opened(location: str) -> Generator[Any]:
    """Open a Parquet file; raises `InputError` for whatever keeps it from being read meanwhile."""
    pyarrow = import_pyarrow(location)
    try:
        source = opened(location) if is_url(location) else location
        with pyarrow.parquet.ParquetFile(source, buffer_size=_BUFFER, pre_buffer=False) as file:
            missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise InputError(f"{location} has no column {' and no column '.join(missing)}.")
            yield file
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{location} is no Parquet file that can be read: {error}") from error


def import_pyarrow(what: str) -> Any:  # noqa: ANN401 -- pyarrow has no types
    """The package pyarrow; raises `InputError` with what to do where it is missing."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError:
        raise InputError(f"{what} is Parquet; to read or write it, install the package: pip install 'claimreg[scan]'.") from None


def links_to_parquet(lines: Path, target: Path) -> None:
    """Turn a file of links, a JSON object a line, into Parquet with the same columns."""
    pyarrow = import_pyarrow(str(target))
    schema = _schema(pyarrow)
    with lines.open("rb") as source, pyarrow.parquet.ParquetWriter(target, schema) as writer:
        while rows := [json.loads(line) for line in islice(source, _LINKS_AT_ONCE)]:
            for row in rows:
                for name in ("quote_id", "doc_id", "exact"):
                    # Arrow's strings are UTF-8, which has no lone surrogates.
                    row[name] = row[name].encode("utf-8", "replace").decode("utf-8")
                row["words"] = [dict(zip(("change", "quote", "source"), word, strict=True)) for word in row["words"]]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def _schema(pyarrow: Any) -> Any:  # noqa: ANN401 -- pyarrow has no types
    text, whole, number, list_of = pyarrow.string(), pyarrow.int64(), pyarrow.float64(), pyarrow.list_
    words = pyarrow.struct([("change", text), ("quote", list_of(whole)), ("source", list_of(whole))])
    return pyarrow.schema([
        ("quote_id", text), ("doc_id", text), ("start", whole), ("end", whole), ("score", number), ("kind", text), ("exact", text),
        ("parts", list_of(list_of(whole))), ("edits", whole), ("probability", number), ("flags", list_of(text)),
        ("not_judged", list_of(text)), ("words", list_of(words)),
    ])  # fmt: skip
