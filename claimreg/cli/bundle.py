"""`import`: many claims at once; and bundles, evidence in one file that anybody can check: `export --bundle`, and taking them over."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from claimreg import __version__
from claimreg.cli import options
from claimreg.cli.context import Session, session_of, tell, tell_check
from claimreg.cli.inputs import day_order, stdin_bytes, tell_bad_lines, tell_undated
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.stamp import stamp_reader
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import ExitCode, InputError, UsageError
from claimreg.files import real_path, replacing, unreadable_told
from claimreg.model import Claim
from claimreg.render.safe import one_line
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.services.evidence.bundle.scope import Scope
    from claimreg.services.evidence.verify import Verification

STDOUT = "-"


def export(
    ctx: typer.Context,
    bundle: Annotated[Path, typer.Option("--bundle", metavar="FILE.zip", help="File to write; it appears only when complete.")],
    claim_ids: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to export [default: everything]")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only the claims of this case.")] = None,
    db: options.Db = None,
) -> None:
    """Write claims with all their evidence into one file. Anybody can check it, with claimreg or without.

    The file holds the records, the bytes and texts of the sources, and the whole chain of the history; changes that do not
    belong to the chosen claims are included as hashes only. Sources that are withheld are not named, and their bytes are not
    included. The same registry gives the same bytes.

    \b
    Examples:
      claimreg export --bundle evidence.zip --case Ilyashev
      claimreg export --bundle everything.zip
    """
    if claim_ids and case is not None:
        raise UsageError("Give claims or --case, not both.")
    if str(bundle) == STDOUT:
        raise UsageError("A bundle is written to a file; give its name.")
    with OpenRegistry(session_of(ctx, db), must_tell=True) as registry:
        try:
            with replacing(real_path(bundle)) as stream:
                exported, scope = registry.export_bundle(stream, *claim_ids or (), case=case, software=f"claimreg {__version__}")
        except OSError as error:
            raise InputError(f"The file {bundle} cannot be written: {error.strerror}.") from error
    keep_in_mind(f"{bundle} was written")
    _tell_of_withheld(scope)
    claims = exported.records.get(Claim.NOUN, 0)
    wrote = (
        f"Wrote {bundle}: {counted(claims, 'claim')}, {counted(exported.captures, 'file of evidence', 'files of evidence')}, "
        f"{counted(exported.events, 'event')} ({exported.sealed} sealed); the history comes down to {exported.head}"
    )
    typer.echo(one_line(wrote))


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
    dates: options.Dates = None,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record many claims from a file, or the records of a bundle.

    All lines are recorded, or none if something fails. Bad lines are reported and passed over; a statement whose date is none is
    recorded without it, and reported. The exit code is 1 then.

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
    from claimreg.corpus.files import open_lines

    if form is ImportForm.BUNDLE or (form is None and names_a_bundle(file)):
        take_over(session_of(ctx, db), file, dry_run=dry_run)
        return
    lines = open_lines(file, stdin_bytes())
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        with Progress() as progress:
            result = registry.import_claims(
                lines,
                strict=strict,
                dates=day_order(dates),
                progress=lambda count, size: progress.tell(count, "claim", done=size, of=lines.size),
            )
        tell_bad_lines(result.bad, len(result.bad), lines.name)
        tell_undated(result.undated, lines.name)
        verb = "Would record" if dry_run else "Recorded"
        typer.echo(f"{verb} {counted(result.claims, 'claim')} with {counted(result.attributions, 'attribution')}.")
    if result.bad or result.undated:
        raise typer.Exit(ExitCode.FAILED)


def names_a_bundle(file: str) -> bool:
    """Return whether a file is a zip; `False` for one that cannot be read."""
    from claimreg.services.evidence.bundle.archive import is_bundle

    path = Path(file)
    try:
        if file == STDOUT or not path.is_file():
            return False
        with path.open("rb") as stream:
            return is_bundle(stream.read(4))
    except (OSError, ValueError):
        return False


def verified_bundle(path: Path, ca: Path | None, noted: str = "") -> "Verification":
    """Check a bundle; ``noted`` is a hash that its history must have, or the beginning of one."""
    from claimreg.services.evidence.bundle.archive import Archive, FaultyBundleError
    from claimreg.services.evidence.bundle.check import check_bundle
    from claimreg.services.evidence.verify import Damage, Verification

    with _opened(str(path)) as stream:
        try:
            return check_bundle(Archive(stream), tell_check, stamp_reader(ca), noted).found
        except FaultyBundleError as fault:
            return Verification(damage=[Damage(fault.area, fault.place, fault.what)])


def take_over(session: Session, file: str, *, dry_run: bool) -> None:
    """Check a bundle and let its records join the registry."""
    if file == STDOUT:
        raise UsageError("A bundle cannot be read from standard input; give its file.")
    # The index of texts waits for the first command that asks it: a bundle may bring thousands.
    with _opened(file) as stream, OpenRegistry(session, dry_run=dry_run, read_stamp=stamp_reader(None)) as registry:
        imported, checked = registry.import_bundle(stream, tell_check)
        for noun, count in imported.left_out.items():
            tell(f"Left out: {counted(count, noun)}, see `claimreg import -h`.")
        new = ", ".join(counted(count, noun) for noun, count in imported.new.items()) or "nothing new"
        known = ", ".join(counted(count, noun) for noun, count in imported.known.items())
        typer.echo(f"{'Would record' if dry_run else 'Recorded'} {new}" + (f"; here already: {known}." if known else "."))
    tell(
        f"The bundle's history comes down to {checked.found.head}. Who made it is nothing but its own word: have the sender tell you this "
        "hash by another way, such as the telephone or a signed mail; `export --bundle` and `verify FILE.zip` print it there."
    )


def _tell_of_withheld(scope: "Scope") -> None:
    if scope.withheld:
        one = len(scope.withheld) == 1
        tell(
            f"{counted(len(scope.withheld), 'source is', 'sources are')} withheld: "
            f"{'it is' if one else 'they are'} not named in the bundle, and the bytes stay here."
        )


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    with unreadable_told(str(Path(file))):
        stream = Path(file).open("rb")  # noqa: SIM115 -- it is closed below; what the block raises is not told as an error in reading
    with stream:
        yield stream
