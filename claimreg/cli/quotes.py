"""`link` and `check`: whether words are really there, and what was altered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, stdout_is_terminal, tell
from claimreg.cli.inputs import read_text_argument
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.model import LinkKind
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.render.labels import ENGLISH
from claimreg.render.sentences import judged_otherwise, label_in_words, named_method, places_left_out
from claimreg.services.linking.links import DocumentsCheck
from claimreg.services.linking.rejudge import Rejudged, reads_otherwise
from claimreg.services.recording.sources import names_a_source
from claimreg.services.transactions import MEMORY
from claimreg.text.counted import counted
from claimreg.vocabulary import STRUCK_OUT


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
    and rejected links are left as they are. What an earlier method judged is judged again, with --all everywhere: a confirmed link
    that is told otherwise now waits for review again, and one whose place is no longer found is kept and named.

    \b
    Examples:
      claimreg link
      claimreg link C1 --source S2
      claimreg link --all --json
    """
    session = session_of(ctx, db, verbose=verbose)
    with OpenRegistry(session, dry_run=dry_run, must_tell=True) as registry:
        linked = registry.link(*record_ids or (), every=every, sources=source or ())
        again = {one.after.id: one for one in linked.rejudged}
        links = {**{one.id: one for one in linked.found}, **{one.after.id: one.after for one in linked.rejudged}}
        if json:
            told = [
                machine.rejudged_json(again[one.id].before, one, linked.where.get(one.id))
                if one.id in again
                else machine.link_json(one, linked.where.get(one.id))
                for one in links.values()
            ]
            write_text(machine.dumps(told) + "\n", None)
        else:
            write_lines(map(plain.link_line, links.values()), None)
    changes = linked.changes
    typer.echo(
        f"{counted(len(changes.added), 'new link')}, {len(changes.kept)} there already"
        + (f", {len(changes.withdrawn)} no longer found" if changes.withdrawn else "")
        + (f"; not found in any source: {', '.join(one.id for one in linked.lost)}" if linked.lost else "")
        + ".",
        err=True,
    )
    if linked.passed_over is not None:
        tell(linked.passed_over)
    for sentence in _rejudged_in_words(linked.rejudged, dry_run=dry_run):
        tell(sentence)
    for sentence in places_left_out(linked.where):
        tell(sentence)


def _rejudged_in_words(rejudged: Sequence[Rejudged], *, dry_run: bool) -> Iterator[str]:
    """Say how many links were judged again, and of each what is told otherwise of it now."""
    if rejudged:
        found = sum(one.found for one in rejudged)
        would = "would be " if dry_run else ""
        yield f"{counted(found, 'link')} that an earlier method judged: {would}judged again."
    for before, after, found in rejudged:
        waits = "; it waits for review again" if after.state is not before.state else ""
        if not found:
            yield f"{after.id}: its place is no longer found; it is kept as it was judged by {named_method(before.method)}{waits}."
        elif reads_otherwise(before, after):
            yield f"{after.id} {judged_otherwise(before, after)}{waits}."


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

    The exit code is 0 when the words are there, 3 when they are not, were altered, or may have another meaning: a flag says so, or a
    slip could not be judged. In a pipe the fields are kind, score, document, offsets, passage, flags, and the words that differ.

    \b
    Examples:
      claimreg check "көрінеу жалған ақпарат тарату" --in article.txt
      pbpaste | claimreg check - --in S1 --in S2 --json
    """
    if quote == "-" and "-" in (inside or ()):
        raise UsageError("Only one of the quote and the document can come from standard input.")
    session = session_of(ctx, db, verbose=verbose)
    if inside and not any(map(names_a_source, inside)):
        # Files alone need no registry, whatever state it is in.
        session = replace(session, location=MEMORY)
    # An address may be that of a source, and needs no registry where it is none.
    with OpenRegistry(session, must_tell=not inside) as registry:
        result = registry.check(read_text_argument(quote), *inside or (), reveal=reveal)
        unseen = [] if inside or result.intact else registry.unseen()
    is_told = False
    if json:
        write_text(machine.dumps(machine.check_json(result)) + "\n", output)
    elif stdout_is_terminal() and output is None:
        from claimreg.render.terminal import check_renderable

        write_renderable(check_renderable(result), output)
        is_told = True
    else:
        write_lines(_check_lines(result), output)
    for sentence in (*(() if is_told else dict.fromkeys(_left_out_in_words(result, inside or ()))), *unseen):
        tell(sentence)
    if not result.places or not result.intact:
        raise typer.Exit(ExitCode.FOUND)


def _check_lines(check: DocumentsCheck) -> Iterator[str]:
    for place in check.places:
        yield plain.place_line(check.quote, place.document, place.match)
    if not check.places:
        if (nearest := check.nearest) is None:
            yield "not found"
        else:
            at = plain.offsets_in_words(nearest.match)
            yield plain.line("not found", f"nearest {nearest.match.score:g}", nearest.document, at, nearest.match.exact)


def _left_out_in_words(check: DocumentsCheck, inside: Sequence[str]) -> Iterator[str]:
    """Say of each place in what was left out of a document which part that is, and of which document, unless it is all there is."""
    for place in check.places or ((check.nearest,) if check.nearest is not None else ()):
        label = label_in_words(place.place, ENGLISH, left_out=place.left_out, is_page=place.is_page)
        named = [place.document] != list(inside)
        begin = f"{place.document}: " if named else ""
        if place.place == STRUCK_OUT:
            yield f"{begin}{'its' if named else 'Its'} author struck out the words of the nearest place."
        elif place.left_out and not check.places:
            yield f"{begin}{'the' if named else 'The'} nearest place is in what was {label}."
        elif place.left_out:
            altered = "it stands altered" if place.match.kind is LinkKind.ALTERED else "stands"
            yield f"{begin}{altered if named else altered.capitalize()} in what was {label}."
