"""Writing of results to standard output or a file, as a table for people or in a form for machines."""

import codecs
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import typer

from claimreg.cli.context import colour_is_forced, console, piped_width, rendered, stdout_is_terminal
from claimreg.cli.options import ListingFormat
from claimreg.errors import InputError
from claimreg.files import real_path, replacing, write_whole
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.safe import one_line, visible

if TYPE_CHECKING:
    from claimreg.render.lines import Marked
    from claimreg.render.listed import Column

ItemT = TypeVar("ItemT")

_PIECE = 16_384
"""Characters that are written at once."""


@dataclass(frozen=True)
class Listing(Generic[ItemT]):
    """Form of a listing: the columns, an item's cells, its JSON, and optionally cells with marked words, for people.

    Of the columns, a table for people shows the first ``shown``, all by default; with ``people`` it has other columns and cells, and is
    one line an item at whatever width.
    """

    columns: tuple[str, ...]
    cells: Callable[[ItemT], tuple[str, ...]]
    json: Callable[[ItemT], dict[str, Any]]
    marked_cells: "Callable[[ItemT, Words], tuple[str | Marked, ...]] | None" = None
    shown: int | None = None
    people: "Callable[[Words], tuple[Sequence[Column], Callable[[ItemT], Sequence[str]]]] | None" = None


def write_listing(
    items: Iterable[ItemT], listing: Listing[ItemT], chosen: ListingFormat | None, output: Path | None, words: Words = ENGLISH
) -> None:
    """Write a listing; a table for people has its headings, and what is ours in its cells, in ``words``."""
    from claimreg.render.machine import csv_lines, dumps, json_lines

    to_terminal = stdout_is_terminal() and is_stdout(output)
    if chosen is ListingFormat.NDJSON:
        write_lines((dumps(listing.json(item), indent=None) for item in items), output)
    elif chosen is ListingFormat.JSON:
        _write_texts(json_lines(map(listing.json, items)), output)
    elif chosen is ListingFormat.CSV:
        rows = (dict(zip(listing.columns, listing.cells(item), strict=True)) for item in items)
        _write_texts(csv_lines(rows, listing.columns), output)
    elif chosen is ListingFormat.MD:
        write_text(_markdown_table(items, listing), output)
    elif listing.people is not None and (chosen is ListingFormat.TABLE or to_terminal):
        _write_fitted(items, *listing.people(words), output, words)
    elif chosen is ListingFormat.TABLE or to_terminal:
        from claimreg.render.terminal import table_renderable

        marked = listing.marked_cells
        shown = ((marked(item, words) if marked is not None else listing.cells(item))[: listing.shown] for item in items)
        write_renderable(table_renderable(map(words.say, listing.columns[: listing.shown]), shown), output)
    else:
        write_lines(("\t".join(map(one_line, listing.cells(item))) for item in items), output)


def _write_fitted(
    items: Iterable[ItemT], columns: "Sequence[Column]", cells: "Callable[[ItemT], Sequence[str]]", output: Path | None, words: Words
) -> None:
    from claimreg.render.fitted import fitted

    rows = map(cells, items)
    if is_stdout(output) and (stdout_is_terminal() or colour_is_forced()):
        terminal = console()
        for line in fitted(columns, rows, terminal.width, words):
            terminal.print(line, soft_wrap=True)
    else:
        write_lines((line.plain for line in fitted(columns, rows, piped_width(), words)), output)


def write_renderable(content: Any, output: Path | None) -> None:  # noqa: ANN401 -- whatever Rich can print
    """Write Rich content: with colours to a terminal, as plain text to a file."""
    if is_stdout(output) and (stdout_is_terminal() or colour_is_forced()):
        console().print(content)
    else:
        write_text(rendered(content), output)


def write_lines(lines: Iterable[str], output: Path | None) -> None:
    """Write lines as they come to standard output, or all to a file."""
    _write_texts((f"{line}\n" for line in lines), output)


def _write_texts(texts: Iterable[str], output: Path | None) -> None:
    """Write texts as they come to standard output, or all to a file."""
    if is_stdout(output):
        for some in _gathered(texts):
            _stdout(some)
    else:
        write_text("".join(texts), output)


def _gathered(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, the first by itself and the others many at once: writing each takes as long as making it."""
    gathered: list[str] = []
    size, most = 0, 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= most:
            yield "".join(gathered)
            gathered.clear()
            size, most = 0, _PIECE
    if gathered:
        yield "".join(gathered)


def write_pieces(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write a file as its pieces come: to standard output, to a pipe or device, or, whole or not at all, to a file.

    A person at a terminal is shown the characters that act, rather than what they do.
    """
    if output is None or is_stdout(output):
        if stdout_is_terminal():
            _show_pieces(pieces)
        else:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
        return
    try:
        target = real_path(output)
        with target.open("wb") if target.exists() and not target.is_file() else replacing(target) as file:
            for piece in pieces:
                file.write(piece)
    except OSError as error:
        raise InputError(f"The file {output} cannot be written: {error.strerror}.") from error


def _show_pieces(pieces: Iterable[bytes]) -> None:
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=True)
    for piece in pieces:
        _stdout(visible(decoder.decode(piece)))


def write_text(text: str, output: Path | None) -> None:
    """Write a text to standard output or, whole or not at all, to a file."""
    if output is None or is_stdout(output):
        _stdout(text)
        return
    try:
        target = real_path(output)
        if target.exists() and not target.is_file():
            # A pipe or a device is written to; it is nobody's to replace.
            target.write_text(text, encoding="utf-8", newline="")
        else:
            write_whole(target, text.encode("utf-8"))
    except OSError as error:
        raise InputError(f"The file {output} cannot be written: {error.strerror}.") from error


def _stdout(text: str) -> None:
    # Characters that a terminal's encoding lacks are shown as escapes rather than ending the command.
    encoding = sys.stdout.encoding or "utf-8"
    if encoding.lower().replace("-", "") != "utf8":
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    typer.echo(text, nl=False)


def is_stdout(output: Path | None) -> bool:
    """Return whether results go to standard output."""
    return output is None or str(output) == "-"


def _markdown_table(items: Iterable[ItemT], listing: Listing[ItemT]) -> str:
    from claimreg.render.markdown import inline

    lines = [f"| {' | '.join(listing.columns)} |", f"|{'---|' * len(listing.columns)}"]
    lines += [f"| {' | '.join(inline(cell) for cell in listing.cells(item))} |" for item in items]
    return "\n".join(lines) + "\n"
