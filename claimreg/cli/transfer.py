"""`import`: many claims at once, or a bundle."""

from enum import StrEnum
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.bundle import names_a_bundle, take_over
from claimreg.cli.context import session_of
from claimreg.cli.inputs import stdin_bytes, tell_bad_lines
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry
from claimreg.corpus.files import open_lines
from claimreg.errors import ExitCode
from claimreg.services.exchange.claims_file import ImportResult
from claimreg.text.counted import counted


class ImportForm(StrEnum):
    """The forms that claims are read in."""

    NDJSON = "ndjson"
    BUNDLE = "bundle"


def import_claims(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to read; - is standard input.", show_default=False)],
    form: Annotated[
        ImportForm | None,
        typer.Option(
            "--from",
            help="Format: a JSON object on each line, or a file of `export --bundle` [default: recognised by content]",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line, and record nothing.")] = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record many claims from a file, or the records of a bundle.

    All lines are recorded, or none if something fails. Bad lines are reported and passed over; the exit code is 1 then.

    A line has `text` and may have id, title, lang, case, tags, by, stance, quote and said_at; whole claims as claimreg prints
    them are accepted too. Duplicates of recorded claims are not searched.

    A bundle is checked to its last byte first. This proves that it is complete, not who made it: compare the printed hash with
    the sender's. Its records, bytes and links are added to this registry; a newer bundle of the same registry adds only what
    is new. Links into withheld sources and time stamps are left out: they are evidence of that registry, and stay in the bundle.

    \b
    Examples:
      claimreg import claims.ndjson --from ndjson
      claimreg import evidence.zip
    """
    if form is ImportForm.BUNDLE or (form is None and names_a_bundle(file)):
        take_over(session_of(ctx, db), file, dry_run=dry_run)
        return
    lines = open_lines(file, stdin_bytes())
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        with Progress() as progress:
            result = registry.import_claims(
                lines, strict=strict, progress=lambda count, size: progress.tell(count, "claim", done=size, of=lines.size)
            )
        _report(result, lines.name, dry_run=dry_run)
    if result.bad:
        raise typer.Exit(ExitCode.FAILED)


def _report(result: ImportResult, name: str, *, dry_run: bool) -> None:
    tell_bad_lines(result.bad, len(result.bad), name)
    verb = "Would record" if dry_run else "Recorded"
    typer.echo(f"{verb} {counted(result.claims, 'claim')} with {counted(result.attributions, 'attribution')}.")
