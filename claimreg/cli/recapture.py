"""Capturing sources again, and showing their texts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import paged, reading, session_of, stdout_is_terminal, tell
from claimreg.cli.inputs import typed_retrieved
from claimreg.cli.originals import open_original
from claimreg.cli.output import write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.model import Capture, Link, LinkState
from claimreg.opening import Reading
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.render.safe import one_line, visible
from claimreg.render.whole import left_out_in_words, with_left_out
from claimreg.services.entry.documents import Recaptured
from claimreg.services.recording.media import check_words, medium_of, without_text
from claimreg.services.recording.originals import chosen_capture
from claimreg.services.recording.originals import original as kept_original
from claimreg.services.recording.places import is_page, left_out_in, lies_outside, size_left_out
from claimreg.services.recording.sources import StoredSource, require_source, text_of
from claimreg.services.withholding import is_withheld
from claimreg.store.port import Equals, Reader
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.services.linking.recapture import FirstLinks

SHOWN_LINES = 40


def recapture(
    ctx: typer.Context,
    references: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources: ids or addresses.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Capture all sources that have an address.")] = False,
    file: Annotated[
        str | None, typer.Option("--from", metavar="FILE|-", help="New version of the one source, in place of its address.")
    ] = None,
    retrieved: options.Retrieved = None,
    dates: options.Dates = None,
    encoding: options.Encoding = None,
    max_size: options.MaxSize = None,
    timeout: options.Timeout = None,
    allow_private: options.AllowPrivate = False,
    reveal: options.Reveal = False,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Capture sources again, show what changed, and find the linked words in the new text.

    An address that came with a document or a bundle is fetched from the public network only; an address that you gave is
    fetched from any network.

    A source that is not captured yet gets its first capture, and the quotes of its statements are searched there.
    If the text is the same, nothing is added. Otherwise the source gets one more capture, and each link is carried to it: kept
    in its place, moved, or reported where its words are altered or gone. The earlier captures and their links stay.

    \b
    Examples:
      claimreg source recapture S1
      claimreg source recapture --all
      claimreg source recapture S3 --from ruling-corrected.pdf
    """
    saved_at = typed_retrieved(retrieved, [] if file is not None else ["The source"], dates)
    wanted = Reading(encoding, max_size, timeout, allow_private, 1, saved_at)
    failed = False
    told: list[dict[str, object]] = []
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run, wanted=wanted, notes=False, must_tell=True) as registry:
        for one in registry.recapture(references or [], every=every, file=file, reveal=reveal, view=json):
            if one.stored is None:
                failed = True
                tell(f"{one.source.id}: {one.error}")
            elif json:
                told.append(_told_json(one, one.stored, revealed=reveal))
            elif one.first is not None:
                _tell_of_first(one.first, one.stored, hidden=is_withheld(one.source) and not reveal, dry_run=dry_run)
            else:
                _tell_of(one, one.stored, hidden=is_withheld(one.source) and not reveal, dry_run=dry_run)
        if json:
            typer.echo(machine.dumps(told))
    if failed:
        raise typer.Exit(ExitCode.FAILED)


def _tell_of(done: Recaptured, stored: StoredSource, *, hidden: bool, dry_run: bool) -> None:
    """Print what changed and what became of the links; of a source whose text is ``hidden``, nothing of that text."""
    source, captured = stored.source.id, f"{'would be captured' if dry_run else 'captured'} as {stored.capture.id}"
    if stored.previous is None:
        on = "; it is withheld" if hidden else f" on {stored.capture.retrieved_at}"
        typer.echo(f"{source}: its text is as it was captured{on}.")
        return
    if hidden:
        typer.echo(f"{source}: changed; {captured}. What it reads is withheld; `source open --reveal` shows it.")
        for one in done.carried:
            new = ", ".join(f"{link.id} {link.kind.value} {link.state.value}" for link in one.new)
            typer.echo(plain.line(one.link.id, one.anchoring.value, new))
        return
    if stored.capture.length and stored.previous.text_sha256 == stored.capture.text_sha256:
        typer.echo(one_line(f"{source}: its text is as it was; {captured}, with what was left out of it."))
    else:
        typer.echo(one_line(f"{source}: changed since {stored.previous.retrieved_at}; {captured}."))
    for line in done.lines[:SHOWN_LINES]:
        typer.echo(one_line(f"{'+' if line.is_new else '-'} {line.text}"))
    if len(done.lines) > SHOWN_LINES:
        tell(f"{counted(len(done.lines) - SHOWN_LINES, 'more changed line')}.")
    from claimreg.services.linking.recapture import Anchoring

    for one in done.carried:
        places = ", ".join(f"{link.id} {link.kind.value} {link.start}–{link.end} {link.state.value}" for link in one.new)
        told = [places] if places else []
        if one.anchoring is Anchoring.ALTERED and one.reads_now:
            told.append(f"“{one.link.exact}” reads “{one.reads_now}” now")
        elif not places:
            told.append(f"its words, “{one.link.exact}”, are not there any more")
        typer.echo(plain.line(one.link.id, one.anchoring.value, *told))


def _tell_of_first(first: "FirstLinks", stored: StoredSource, *, hidden: bool, dry_run: bool) -> None:
    """Print what became of the quotes of a source that was not captured until now."""
    capture = stored.capture
    size = "" if hidden else f", {counted(capture.length, 'character')}, SHA-256 {capture.sha256}"
    begin = f"{stored.source.id}: {'would be captured' if dry_run else 'captured'} for the first time, as {capture.id}{size}"
    typer.echo(one_line("; ".join([begin, *first_in_words(first)]) + "."))
    for line in map(plain.link_line, first.found):
        typer.echo(line)
    if medium_of(capture.media_type) and not capture.length and not hidden:
        tell(without_text(stored.source.id, capture.media_type))


def first_in_words(first: "FirstLinks") -> Iterator[str]:
    """Yield how many links there are into the first capture of a source, and which statements it has not."""
    if first.found:
        yield counted(len(first.found), "new link")
    if first.lost:
        yield f"not found there: {', '.join(one.id for one in first.lost)}"


def _told_json(done: Recaptured, stored: StoredSource, *, revealed: bool) -> dict[str, object]:
    hidden = is_withheld(stored.source) and not revealed
    if done.first is not None:
        return {
            "source_id": stored.source.id,
            "capture_id": stored.capture.id,
            "previous_capture_id": None,
            "links": [],
            "found": [machine.link_json(one) for one in done.first.found],
            "not_found": [one.id for one in done.first.lost],
        }
    links = [
        {
            "id": one.link.id,
            "anchoring": one.anchoring.value,
            "reads_now": None if hidden else one.reads_now,
            "new": [machine.link_json(view) for view in views],
        }
        for one, views in zip(done.carried, done.views, strict=True)
    ]
    previous = stored.previous.id if stored.previous else None
    return {"source_id": stored.source.id, "capture_id": stored.capture.id, "previous_capture_id": previous, "links": links}


def open_source(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="SOURCE", help="Source: an id or address.", show_default=False)],
    capture: Annotated[str | None, typer.Option("--capture", metavar="ID", help="Capture to show [default: the latest]")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show also what was left out of the text, part by part.")] = False,
    original: Annotated[bool, typer.Option("--original", help="Open the document itself, with the system's program for it.")] = False,
    reveal: options.Reveal = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Show a source's text with the linked quotes marked, in a pager at a terminal. A withheld one needs --reveal.

    With --original, a private copy of the document is handed to the system's program, after asking: of a PDF, a picture (JPEG, PNG,
    WebP, GIF) or a plain text, and of nothing else.

    \b
    Examples:
      claimreg source open S1
      claimreg source open S1 --all
      claimreg source open S1 --capture K1
      claimreg source open S1 --original
    """
    session = session_of(ctx, db, yes=yes, no_input=no_input)
    with reading(session) as store, store.snapshot() as reader:
        source = require_source(reader, reference)
        if is_withheld(source) and not reveal:
            raise UsageError(f"{source.id} is withheld; --reveal shows its text, for your own eyes.")
        wanted = chosen_capture(reader, source, capture)
        if original:
            open_original(session, source, wanted, kept_original(reader, wanted)[1])
            return
        check_words(source.id, wanted.media_type, wanted.length)
        text, shown = _shown_text(reader, wanted, whole=whole)
    if not stdout_is_terminal():
        write_text(visible(text) + ("" if text.endswith("\n") else "\n"), None)
        return
    from claimreg.render.terminal import document_renderable

    paged(document_renderable(text, shown))


def _shown_text(reader: Reader, capture: Capture, *, whole: bool) -> tuple[str, list[Link]]:
    """The text of a capture with its links, ``whole`` with what was left out of it; else how much that is, is told."""
    found = reader.find(Link, Equals("source_id", capture.source_id))
    links = [link for link in found if link.capture_id == capture.id and link.state is not LinkState.REJECTED]
    text, parts, of_page = text_of(reader, capture), left_out_in(reader, capture), is_page(capture.media_type, capture.method)
    if whole:
        return with_left_out(text, parts, links, is_page=of_page)
    if parts:
        there = ", ".join(link.id for link in links if lies_outside(link.start, capture.length))
        led_to = f", where {there} {'lead' if ',' in there else 'leads'} to" if there else ""
        tell(f"{left_out_in_words(parts, size_left_out(parts), is_page=of_page)}{led_to}; --all shows that, too.")
    return text, [link for link in links if not lies_outside(link.start, capture.length)]
