"""`link` and `check`: whether words are really there, and what was altered."""

from collections.abc import Iterator
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import make_linker, reading, session_of, stdout_is_terminal
from claimreg.cli.inputs import read_document, read_text_argument
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.record import find_or_read_source
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.model import Attribution, Claim, Link, Looked, Source, record_type_of
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.services.linking.likely import LikelyDocuments, stored_collection
from claimreg.services.linking.links import (
    DocumentsCheck,
    check_quote,
    note_looked,
    propose_anywhere,
    propose_links,
    speaks_of_sources,
    store_links,
    told_check,
)
from claimreg.services.lookup import require
from claimreg.services.recording.fields import checked_text
from claimreg.services.recording.sources import capture_of, require_source, text_of
from claimreg.services.reporting.views import link_view
from claimreg.store.port import Equals, Reader
from claimreg.text.counted import counted


def link(
    ctx: typer.Context,
    record_ids: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM|ATTRIBUTION]...", help="Only the quotes of these.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Find all quotes, also those that have links.")] = False,
    source: Annotated[list[str] | None, typer.Option("--source", metavar="S", help="Source to search; may be repeated.")] = None,
    json: options.Json = False,
    verbose: options.Verbose = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Find the quotes in the stored sources.

    Without ids, the quotes that have no link yet are searched. Links are suggestions until a person confirms them; confirmed
    and rejected links are left as they are.

    \b
    Examples:
      claimreg link
      claimreg link C1 --source S2
      claimreg link --all --json
    """
    session = session_of(ctx, db, verbose=verbose)
    with OpenRegistry(session, dry_run=dry_run) as registry:
        reader = registry.reader
        attributions = _wanted(reader, record_ids or [], every=every)
        linker = make_linker(stored_collection(reader, len(attributions)))
        _seq, head = reader.head()
        if source:
            proposals = list(propose_links(reader, attributions, [require_source(reader, one) for one in source], linker))
        else:
            proposals = list(propose_anywhere(registry.store, attributions, linker, session.tell_aside))
        with registry.write("link") as writer:
            changes = store_links(writer, proposals, linker.name)
            note_looked(writer, attributions, Looked(writer.change.at, head, linker.name))
            found = [link_view(writer, one) for one in (*changes.added, *changes.kept)]
        if json:
            write_text(machine.dumps([machine.link_json(one) for one in found]) + "\n", None)
        else:
            write_lines((plain.link_line(one) for one in found), None)
    linked = {one.attribution_id for one in found}
    lost = [one.id for one in attributions if one.id not in linked]
    typer.echo(
        f"{counted(len(changes.added), 'new link')}, {len(changes.kept)} there already"
        + (f", {len(changes.withdrawn)} no longer found" if changes.withdrawn else "")
        + (f"; not found in any source: {', '.join(lost)}" if lost else "")
        + ".",
        err=True,
    )


def check(
    ctx: typer.Context,
    quote: Annotated[str, typer.Argument(help="Words to look for; - reads them from standard input.", show_default=False)],
    inside: Annotated[list[str] | None, typer.Option("--in", metavar="FILE|-|S", help="Text to search [default: all sources]")] = None,
    reveal: options.Reveal = False,
    json: options.Json = False,
    output: options.Output = None,
    verbose: options.Verbose = False,
    db: options.Db = None,
) -> None:
    """Check whether a quote is in a text, and what was altered. Nothing is recorded.

    The exit code is 0 when the words are there, 3 when they are not or were altered.

    \b
    Examples:
      claimreg check "көрінеу жалған ақпарат тарату" --in article.txt
      pbpaste | claimreg check - --in S1 --in S2 --json
    """
    if quote == "-" and "-" in (inside or ()):
        raise UsageError("Only one of the quote and the document can come from standard input.")
    words = checked_text(read_text_argument(quote), "quote")
    if inside:
        result = check_quote(words, _documents(ctx, db, inside), make_linker())
    else:
        session = session_of(ctx, db, verbose=verbose)
        with reading(session) as store, LikelyDocuments(store, session.tell_aside) as documents:
            stored = ((source.id, text) for source, _capture, text in documents.of(words))
            result = check_quote(words, stored, make_linker(stored_collection(store, 1)))
    if not reveal and speaks_of_sources(result):
        with reading(session_of(ctx, db)) as store:
            result = told_check(store, result)
    if json:
        write_text(machine.dumps(machine.check_json(result)) + "\n", output)
    elif stdout_is_terminal() and output is None:
        from claimreg.render.terminal import check_renderable

        write_renderable(check_renderable(result), output)
    else:
        write_lines(_check_lines(result), output)
    if not result.places or not result.intact:
        raise typer.Exit(ExitCode.FOUND)


def _wanted(reader: Reader, record_ids: list[str], *, every: bool) -> list[Attribution]:
    if not record_ids:
        quoted = [one for one in reader.find(Attribution) if one.quote]
        return quoted if every else [one for one in quoted if next(reader.find(Link, Equals("attribution_id", one.id)), None) is None]
    wanted: dict[str, Attribution] = {}
    for record_id in record_ids:
        if record_type_of(record_id.strip()) is Attribution:
            found = [require(reader, Attribution, record_id)]
        else:
            claim = require(reader, Claim, record_id)
            found = list(reader.find(Attribution, Equals("claim_id", claim.id)))
        wanted.update((one.id, one) for one in found if one.quote)
    return list(wanted.values())


def _documents(ctx: typer.Context, db: str | None, inside: list[str]) -> Iterator[tuple[str, str]]:
    session = session_of(ctx, db)
    for reference in dict.fromkeys(one.strip().upper() if record_type_of(one.strip()) is Source else one for one in inside):
        if record_type_of(reference.strip()) is not Source and "://" not in reference:
            document = read_document(reference, guess_language=False)
            yield reference, document.text
            continue
        with reading(session) as store:
            source, fetched = find_or_read_source(store, reference, guess_language=False)
            text = text_of(store, capture_of(store, source)) if source is not None else fetched.text if fetched is not None else ""
        yield source.id if source is not None else reference, text


def _check_lines(check: DocumentsCheck) -> Iterator[str]:
    for place in check.places:
        match = place.match
        flags = ",".join(flag.value for flag in match.flags)
        yield plain.line(match.kind.value, f"{match.score:g}", place.document, plain.offsets_in_words(match), match.exact, flags)
    if not check.places:
        nearest = check.nearest
        if nearest is None:
            yield "not found"
        else:
            at = plain.offsets_in_words(nearest.match)
            yield plain.line("not found", f"nearest {nearest.match.score:g}", nearest.document, at, nearest.match.exact)
