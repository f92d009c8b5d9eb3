"""The formats that records are read from and written in: their names, suffixes and modules; the only list of them.

A module that reads has ``read(stream, reading)``, which gives `Row` and `BadLine`; one that writes has ``write(selection, writing)``, which
gives the file in pieces. A module is imported when its format is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.render.safe import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from claimreg.corpus.jsonl import BadLine
    from claimreg.services.exchange.rows import Reading, Row, Told
    from claimreg.services.exchange.selection import Selection


class Format(NamedTuple):
    """A format: its name for ``--to`` and ``--from``, the suffix of its files, its module, what it is in a few words, and what it loses.

    ``options`` are the fields of `Writing` that change what it writes, ``customs`` those of `Reading` that change what it reads.
    """

    name: str
    suffix: str
    module: str
    what: str
    reads: bool = False
    writes: bool = False
    loses: str = ""
    is_binary: bool = False
    options: tuple[str, ...] = ()
    customs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """Manner of writing a file, and where to tell of what it cannot hold.

    ``url_template`` makes the address of a review of a claim's id, which stands in it as ``{id}``. ``with_unrated`` asks for claims
    without a verdict, too, ``feed`` for one feed of all. ``excel`` leads UTF-8 with its mark, ``empty`` asks for a template without any
    claim. ``registry`` names the registry in ids that must be the only ones of the world; ``publisher`` is whose verdicts these are where
    a verdict does not say.
    """

    told: Told
    url_template: str | None = None
    with_unrated: bool = False
    excel: bool = False
    empty: bool = False
    feed: bool = False
    registry: str = ""
    publisher: str | None = None


FORMATS: tuple[Format, ...] = (
    Format(
        "ndjson", ".ndjson", "lines", "whole records, a JSON object a line", reads=True, writes=True, loses="the sources' bytes",
        customs=("renamed", "dates"),
    ),
    Format(
        "csv", ".csv", "tables", "a table, a row for each who said it", reads=True, writes=True,
        loses="relations, superseded verdicts, what links altered, notes", options=("excel", "empty"), customs=("renamed", "dates"),
    ),
    Format(
        "xlsx", ".xlsx", "workbook", "the same table as a spreadsheet (extra claimreg[sheets])", reads=True, writes=True,
        loses="relations, superseded verdicts, what links altered, notes", is_binary=True, options=("empty",),
        customs=("renamed", "dates"),
    ),
    Format(
        "claimreview", ".jsonld", "claim_reviews", "reviews as schema.org has them (JSON-LD)", reads=True, writes=True,
        loses="denials, relations, links, superseded verdicts", options=("url_template", "with_unrated", "feed", "publisher"),
        customs=("dates", "base", "crowd"),
    ),
    Format(
        "webannotation", ".jsonld", "annotations", "quotes in their sources (W3C Web Annotation)", writes=True,
        loses="verdicts, relations, rejected links, statements without a place", options=("feed",),
    ),
    Format("ris", ".ris", "ris", "sources for Zotero, EndNote, Citavi", writes=True, loses="all but the sources"),
    Format("bibtex", ".bib", "bibtex", "sources for BibTeX and biblatex", writes=True, loses="all but the sources"),
    Format("csl", ".json", "csl", "sources for Pandoc and citeproc (CSL-JSON)", writes=True, loses="all but the sources"),
    Format("dot", ".dot", "graph", "how claims stand to each other, for Graphviz", writes=True, loses="statements, sources, verdicts"),
    Format(
        "sqlite", ".db", "database", "typed tables with full-text search, for Datasette", writes=True,
        loses="the sources' bytes and texts, notes", is_binary=True,
    ),
)  # fmt: skip


def readable() -> tuple[Format, ...]:
    """The formats that are read."""
    return tuple(one for one in FORMATS if one.reads)


def writable() -> tuple[Format, ...]:
    """The formats that are written."""
    return tuple(one for one in FORMATS if one.writes)


def named(name: str, among: Iterable[Format]) -> Format:
    """The format of a name; raises `UsageError` that names all."""
    formats = {one.name: one for one in among}
    if name.strip().lower() not in formats:
        raise UsageError(f"“{shortened(name, 60)}” is no format; there are {', '.join(formats)}.")
    return formats[name.strip().lower()]


def read(format_: Format, stream: BinaryIO, reading: Reading) -> Iterator[Row | BadLine]:
    """The rows of a file; raises `InputError` for a file that is none of the format."""
    rows: Iterator[Row | BadLine] = import_module(f"{__package__}.{format_.module}").read(stream, reading)
    return rows


def write(format_: Format, selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The file, in pieces."""
    pieces: Iterator[bytes] = import_module(f"{__package__}.{format_.module}").write(selection, writing)
    return pieces
