"""Bundles, evidence in one file that anybody can check: `export --bundle`, and taking them over."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from claimreg import __version__
from claimreg.cli.context import Session, tell, tell_check
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.stamp import stamp_reader
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import InputError, UsageError
from claimreg.files import real_path, replacing, unreadable_told
from claimreg.model import Claim
from claimreg.render.safe import one_line
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.services.evidence.bundle.scope import Scope
    from claimreg.services.evidence.verify import Verification

STDOUT = "-"


def write_bundle(session: Session, bundle: Path, claim_ids: Sequence[str], case: str | None) -> None:
    """Write claims, or a case, or everything, with all evidence into one file."""
    if str(bundle) == STDOUT:
        raise UsageError("A bundle is written to a file; give its name.")
    with OpenRegistry(session, must_tell=True) as registry:
        try:
            with replacing(real_path(bundle)) as stream:
                exported, scope = registry.export_bundle(stream, *claim_ids, case=case, software=f"claimreg {__version__}")
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


def take_over(session: Session, file: str, stream: BinaryIO, *, dry_run: bool) -> None:
    """Check a bundle and let its records join the registry."""
    if file == STDOUT:
        raise UsageError("A bundle cannot be read from standard input; give its file.")
    # The index of texts waits for the first command that asks it: a bundle may bring thousands.
    with OpenRegistry(session, dry_run=dry_run, read_stamp=stamp_reader(None)) as registry:
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
