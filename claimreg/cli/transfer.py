"""`import`: many claims at once, or a bundle."""

import sys
import time
from enum import StrEnum
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.bad_lines import BAD_LINES, tell_bad_lines
from claimreg.cli.bundle import names_a_bundle, take_over
from claimreg.cli.context import session_of
from claimreg.cli.inputs import stdin_bytes
from claimreg.cli.registry import OpenRegistry
from claimreg.corpus.files import open_lines
from claimreg.services.exchange.claims_file import ImportResult


class ImportForm(StrEnum):
    """The forms that claims are read in."""

    NDJSON = "ndjson"
    BUNDLE = "bundle"


def import_claims(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file; - is standard input.", show_default=False)],
    form: Annotated[
        ImportForm | None,
        typer.Option("--from", help="A JSON object a line, or what `export --bundle` wrote; else told by the file.", show_default=False),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line, recording nothing.")] = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record many claims at once from a file, or take over a bundle.

    It is all or none, but for bad lines, which are told of and passed over; the exit code is 1 then.

    A line has `text` and may have id, title, lang, case, tags, by, stance, quote and said_at; whole claims as claimreg prints
    them are taken too. Repeated claims are not looked for.

    A bundle is checked to its last byte first; that shows that it is whole, not who made it, so compare the hash that is told with
    the sender's. What it holds joins this registry, bytes and links too; a newer bundle of the
    same registry adds only what is new. Links into withheld sources, and time stamps, are left out: they are evidence of
    that registry, and stay in the bundle.

    \b
    Examples:
      claimreg import claims.ndjson --from ndjson
      claimreg import evidence.zip
    """
    if form is ImportForm.BUNDLE or (form is None and names_a_bundle(file)):
        take_over(session_of(ctx, db), file, dry_run=dry_run)
        return
    lines = open_lines(file, stdin_bytes())
    total = lines.size
    started = time.monotonic()
    shown = started

    def progress(claims: int, size: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown > 1 and sys.stderr.isatty():
            shown = now
            share = f"{100 * size // total} %, " if total else ""
            typer.echo(f"\r{share}{claims:,} claims, {claims / (now - started):,.0f} a second ", err=True, nl=False)

    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        result = registry.import_claims(lines, strict=strict, progress=progress)
        if shown != started:
            typer.echo("\r\033[K", err=True, nl=False)
        _report(result, lines.name, dry_run=dry_run)
    if result.bad:
        raise typer.Exit(BAD_LINES)


def _report(result: ImportResult, name: str, *, dry_run: bool) -> None:
    tell_bad_lines(result.bad, len(result.bad), name)
    verb = "Would record" if dry_run else "Recorded"
    typer.echo(f"{verb} {result.claims} claims with {result.attributions} attributions.")
