"""`link` and `check`: whether words are really there, and what was altered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, stdout_is_terminal
from claimreg.cli.inputs import read_text_argument
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.services.linking.links import DocumentsCheck
from claimreg.services.recording.sources import names_a_source
from claimreg.services.transactions import MEMORY
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
        linked = registry.link(*record_ids or (), every=every, sources=source or ())
        if json:
            write_text(machine.dumps([machine.link_json(one) for one in linked.found]) + "\n", None)
        else:
            write_lines((plain.link_line(one) for one in linked.found), None)
    changes = linked.changes
    typer.echo(
        f"{counted(len(changes.added), 'new link')}, {len(changes.kept)} there already"
        + (f", {len(changes.withdrawn)} no longer found" if changes.withdrawn else "")
        + (f"; not found in any source: {', '.join(one.id for one in linked.lost)}" if linked.lost else "")
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
    session = session_of(ctx, db, verbose=verbose)
    if inside and not any(map(names_a_source, inside)):
        # Files alone need no registry, whatever state it is in.
        session = replace(session, location=MEMORY)
    with OpenRegistry(session, must_tell=True) as registry:
        result = registry.check(read_text_argument(quote), *inside or (), reveal=reveal)
    if json:
        write_text(machine.dumps(machine.check_json(result)) + "\n", output)
    elif stdout_is_terminal() and output is None:
        from claimreg.render.terminal import check_renderable

        write_renderable(check_renderable(result), output)
    else:
        write_lines(_check_lines(result), output)
    if not result.places or not result.intact:
        raise typer.Exit(ExitCode.FOUND)


def _check_lines(check: DocumentsCheck) -> Iterator[str]:
    for place in check.places:
        match = place.match
        flags = ",".join(flag.value for flag in match.flags)
        yield plain.line(match.kind.value, f"{match.score:g}", place.document, plain.offsets_in_words(match), match.exact, flags)
    if not check.places:
        if (nearest := check.nearest) is None:
            yield "not found"
        else:
            at = plain.offsets_in_words(nearest.match)
            yield plain.line("not found", f"nearest {nearest.match.score:g}", nearest.document, at, nearest.match.exact)
