"""Parquet in and out, by way of pyarrow, which is an optional extra."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from claimreg.corpus.base import SAMPLE, AtPath, Block, Sample, file_identity
from claimreg.corpus.jsonl import BLOCK
from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS = 256
_LINKS_AT_ONCE = 20_000
_COLUMNS = ("id", "text")


@dataclass(slots=True)
class ParquetFile(AtPath):
    """Documents in the columns ``id`` and ``text`` of a Parquet file, read by row group."""

    @property
    def size(self) -> int:
        """Unknown: the file is compressed."""
        return 0

    def identity(self) -> dict[str, Any]:
        """Identify a file by its size and its two ends."""
        return {"parquet": file_identity(self.path)}

    def sample(self) -> Sample:
        """Documents from row groups spread over the file."""
        with self._open() as file:
            groups = file.metadata.num_row_groups
            step = max(1, groups // 8)
            texts: list[str] = []
            rows = 0
            for group in range(0, groups, step):
                size = 0
                for row in self._rows(file, [group]):
                    rows += 1
                    if isinstance(row, tuple):
                        texts.append(row[1])
                        size += len(row[1].encode("utf-8", "surrogatepass"))
                    if size >= SAMPLE // 8:
                        break
            return Sample(texts, file.metadata.num_rows / max(1, rows))

    def blocks(self, after: int, number: int) -> Iterator[Block]:
        """Rows of about four megabytes each."""
        del number
        with self._open() as file:
            first_group, before = 0, 0
            while first_group < file.metadata.num_row_groups and before + file.metadata.row_group(first_group).num_rows <= after:
                before += file.metadata.row_group(first_group).num_rows
                first_group += 1
            pending: list[str | tuple[str, str]] = []
            size, done = 0, after
            for row in islice(self._rows(file, list(range(first_group, file.metadata.num_row_groups))), after - before, None):
                pending.append(row)
                size += len(row[1]) if isinstance(row, tuple) else 1
                done += 1
                if size >= BLOCK:
                    yield Block(tuple(pending), done - len(pending), len(pending), done, size)
                    pending, size = [], 0
            if pending:
                yield Block(tuple(pending), done - len(pending), len(pending), done, size)

    def _rows(self, file: Any, groups: list[int]) -> Iterator[tuple[str, str] | str]:  # noqa: ANN401 -- pyarrow has no types
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
                    yield row_id, text

    def _open(self) -> Any:  # noqa: ANN401 -- pyarrow has no types
        pyarrow = import_pyarrow(str(self.path))
        try:
            file = pyarrow.parquet.ParquetFile(self.path)
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{self.path} is no Parquet file that can be read: {error}") from error
        missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
        if missing:
            file.close()
            raise InputError(f"{self.path} has no column {' and no column '.join(missing)}.")
        return file


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
