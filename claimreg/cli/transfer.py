"""`import`: many claims at once, or a bundle."""

import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.bundle import names_a_bundle, take_over
from claimreg.cli.context import session_of, tell
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import InputError
from claimreg.services.transfer import ImportResult
from claimreg.services.transfer import import_claims as record_claims

FAILED_LINES = 1
SHOWN_BAD_LINES = 20


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

    It is all or none, but for bad lines, which are told of and passed over.

    A line has `text` and may have id, title, lang, case, tags, by, stance, quote and said_at; whole claims as claimreg prints
    them are taken too. Repeated claims are not looked for.

    A bundle is checked to its last byte first. What it holds joins this registry, bytes and links too; a newer bundle of the
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
    total = _size(file)
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
        with registry.write("import") as writer:
            result = record_claims(writer, _lines(file), strict=strict, progress=progress)
        if shown != started:
            typer.echo("\r\033[K", err=True, nl=False)
        _report(result, dry_run=dry_run)
    if result.bad:
        raise typer.Exit(FAILED_LINES)


def _report(result: ImportResult, *, dry_run: bool) -> None:
    for bad in result.bad[:SHOWN_BAD_LINES]:
        tell(f"Line {bad.number} was passed over: {bad.why}")
    verb = "Would record" if dry_run else "Recorded"
    typer.echo(f"{verb} {result.claims} claims with {result.attributions} attributions.")
    if result.bad:
        tell(f"{len(result.bad)} line{'' if len(result.bad) == 1 else 's'} passed over.")


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size if file != "-" else 0
    except OSError:
        return 0


def _lines(file: str) -> Iterator[bytes]:
    if file == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as stream:
            yield from stream
    except FileNotFoundError:
        raise InputError(f"There is no file {file}.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
