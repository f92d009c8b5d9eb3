"""`verify`, `doctor`, `backup`, `restore`, `compact`, `stats`: keeping a registry whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, reading, session_of, tell, tell_check
from claimreg.cli.output import Listing, write_lines, write_listing, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.remembered import remember_restored, remembered_head
from claimreg.cli.settings import verdict_scales
from claimreg.cli.shown import shown_words
from claimreg.cli.stamp import Ca, stamp_reader
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import ClaimregError, DamagedRegistryError, ExitCode, StoreError, UsageError
from claimreg.opening import utc_now
from claimreg.render import lines as plain
from claimreg.render.safe import one_line
from claimreg.services.evidence.verify import Damage, Noted, Verification
from claimreg.services.recording.fields import checked_hash
from claimreg.store.factory import condition_of, folder_of, registry_exists
from claimreg.store.locations import is_shared
from claimreg.text.counted import counted

_DAMAGE = "bring a copy back with claimreg restore COPY; the damaged registry is kept beside it"
_SHARED_DAMAGE = "leave it as it is, and tell its owner, who brings a backup back into another schema and compares the two"


def verify(
    ctx: typer.Context,
    bundle: Annotated[
        Path | None, typer.Argument(metavar="[BUNDLE.zip]", help="Bundle to check [default: the registry]", show_default=False)
    ] = None,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="HASH", help="Hash noted earlier, whose event the history must still have.")
    ] = None,
    ca: Ca = None,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Check that everything is as it was recorded. A bundle that `export` wrote is checked in the same way.

    Files, history, records, captures and links are checked: every capture is hashed again, the chain of the history is
    followed, each record is compared with it, and each time stamp with its event. The exit code is 3 when there is damage.
    Warnings name what is no damage but needs attention. The last line gives the hash of the whole history: keep it elsewhere,
    and give it back with --expect, in full or its first 12 digits or more.

    \b
    Examples:
      claimreg verify
      claimreg verify --json
      claimreg verify --expect 8c1f0a77be02
      claimreg verify evidence.zip
    """
    noted = checked_hash(expect) if expect is not None else ""
    if bundle is not None:
        from claimreg.cli.bundle import verified_bundle

        found = verified_bundle(bundle, ca, noted)
    else:
        found = _verified(_existing(session_of(ctx, db)), ca, noted)
    if "time stamps" in found.checked and ca is None:
        tell("The signatures of time stamps were not checked; --ca FILE.pem, the authority's root certificate, has them checked.")
    if json:
        from claimreg.render.machine import dumps, verification_json

        write_text(dumps(verification_json(found)) + "\n", output)
    else:
        lines = [plain.line("checked", area, str(count)) for area, count in found.checked.items()]
        lines += _faults(found)
        if found.noted is not None:
            lines.append(plain.line("noted", f"event {found.noted.seq}", found.noted.hash, f"{counted(found.since, 'event')} since"))
        lines.append(plain.line("damaged" if found.damage else "whole", found.head))
        write_lines(lines, output)
    if found.damage:
        raise typer.Exit(ExitCode.FOUND)


def doctor(ctx: typer.Context, db: options.Db = None) -> None:
    """Look for problems, and say how to mend them. The exit code is 3 when there is damage.

    \b
    Examples:
      claimreg doctor
    """
    from claimreg import __version__
    from claimreg.store.condition import MEND

    session = _existing(session_of(ctx, db))
    lines = [
        plain.line("claimreg", __version__),
        plain.line("kernel", _kernel()),
        *(plain.line(*one) for one in condition_of(session.location)),
    ]
    found = _verified(session)
    lines += _faults(found)
    lines += [plain.line(MEND, sentence) for sentence in _judged_earlier(session)]
    if found.damage:
        lines.append(plain.line(MEND, _SHARED_DAMAGE if is_shared(session.location) else _DAMAGE))
    lines.append("damaged" if found.damage else "whole")
    write_lines(lines, None)
    if found.damage:
        raise typer.Exit(ExitCode.FOUND)


def backup(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="New or empty folder for the copy.", show_default=False)],
    db: options.Db = None,
) -> None:
    """Copy the registry into a new folder. The copy is of one moment; others may work meanwhile.

    Of a registry in a PostgreSQL database, the copy is a registry in a folder with the same history. A folder that holds an earlier
    copy of that takes over what came since.

    \b
    Examples:
      claimreg backup /media/usb/claims-2024-06-01
    """
    session = _existing(session_of(ctx, db))
    if is_shared(session.location):
        from claimreg.cli.copy import copied_whole

        copied_whole(session.location, str(folder))
    else:
        with reading(session) as store:
            store.backup(folder)
    keep_in_mind(f"The registry was copied to {folder}")
    typer.echo(one_line(f"Copied the registry to {folder}; `claimreg restore {folder}` brings it back."))


def restore(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Copy that `backup` made.", show_default=False)],
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Replace the registry with a copy; the old one is kept. It stays in a folder beside the registry.

    In a PostgreSQL database nothing is replaced: the copy is brought back into a registry that is empty, or that lacks what came last.

    \b
    Examples:
      claimreg restore /media/usb/claims-2024-06-01
    """
    from claimreg.errors import NeedsAnswerError
    from claimreg.store.restoring import restore_registry

    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    if is_shared(session.location):
        _restore_shared(folder, session.location, dry_run=dry_run)
        return
    if session.location == "memory:":
        raise UsageError("A registry in memory is gone with its command; give the place of another with --db.")
    target = folder_of(session.location)
    if registry_exists(session.location):
        try:
            agreed = session.confirm(f"Put the copy in the place of {target}? What is there is kept beside it.", "")
        except NeedsAnswerError:
            raise UsageError(f"Nobody is there to ask whether to replace {target}; say --yes to do it.") from None
        if not agreed:
            tell("Nothing was changed.")
            return
    if dry_run:
        typer.echo(one_line(f"Would bring {folder} back to {target}."))
        return
    moved = restore_registry(folder, target, f"replaced-{utc_now().replace(':', '')}")
    remember_restored(str(target))
    keep_in_mind(f"{folder} was brought back to {target}" + (f" (what was there is in {moved})" if moved else ""))
    typer.echo(one_line(f"Brought {folder} back to {target}" + (f"; what was there is in {moved}." if moved else ".")))


def _restore_shared(folder: Path, location: str, *, dry_run: bool) -> None:
    from claimreg.cli.copy import copied_whole
    from claimreg.opening import events_to_copy

    if dry_run:
        typer.echo(one_line(f"Would bring {counted(events_to_copy(folder, location), 'event')} of {folder} back."))
        return
    copied = copied_whole(str(folder), location)
    remember_restored(location)
    typer.echo(one_line(f"Brought {folder} back to {copied.target}: {counted(copied.events, 'event')}."))


def compact(ctx: typer.Context, db: options.Db = None) -> None:
    """Free space that is no longer used. Nothing that was recorded is lost.

    Files that interrupted commands left behind are deleted and named. In a PostgreSQL database only the owner of the registry may do this.

    \b
    Examples:
      claimreg compact
    """
    with reading(_existing(session_of(ctx, db))) as store:
        before = store.size()
        removed = store.compact()
        after = store.size()
    keep_in_mind("The registry was made as small as it can be")
    for sentence in removed:
        typer.echo(one_line(sentence))
    typer.echo(f"The registry takes {after / 2**20:.1f} MiB now, {before / 2**20:.1f} MiB before.")


@options.takes_groups
def stats(ctx: typer.Context, listing: options.ListingOptions, lang: options.ShownLang = None) -> None:
    """Count the records of the registry.

    \b
    Examples:
      claimreg stats --json
    """
    from claimreg.render.listed import count_in_words
    from claimreg.services.reporting.stats import count

    words = shown_words(ctx, lang)
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        counts = {**count(reader, verdict_scales().values()), "bytes": store.size()}
    if listing.json:
        from claimreg.render.machine import dumps

        write_text(dumps({"schema": "claimreg.stats/1", **counts}) + "\n", listing.output)
        return
    rows: Listing[tuple[str, int]] = Listing(
        ("what", "how many"),
        lambda row: (row[0], str(row[1])),
        lambda row: {"what": row[0], "count": row[1]},
        lambda row, words: (count_in_words(row[0], words), str(row[1])),
    )
    write_listing(counts.items(), rows, listing.form, listing.output, words)


def _kernel() -> str:
    from claimreg.linker import kernel

    if kernel.compiled is not None:
        return "compiled"
    return (
        f"none, as {kernel.missing}; NumPy finds the same links, more slowly. For it, install a C compiler, then claimreg again: "
        "pip install --force-reinstall --no-deps --no-cache-dir …"
    )


def _faults(found: Verification) -> Iterator[str]:
    for word, told in (("warning", found.warnings), ("damage", found.damage)):
        yield from (plain.line(word, *one) for one in told)


def _existing(session: Session) -> Session:
    if session.location != "memory:" and not registry_exists(session.location):
        session.refuse_none()
        raise StoreError(f"There is no registry in {session.shown}; `claimreg init` makes one.")
    return session


def _judged_earlier(session: Session) -> Iterator[str]:
    """Name the links that earlier methods judged, where they can be read: damage is told by itself."""
    from claimreg.linker.version import METHOD
    from claimreg.model import Link
    from claimreg.render.sentences import named_method
    from claimreg.services.linking.rejudge import earlier_methods

    try:
        with reading(session) as store, store.snapshot() as reader:
            methods = earlier_methods(reader.find(Link), METHOD)
    except ClaimregError:
        return
    for method, number in sorted(methods.items()):
        yield f"{counted(number, 'link')} judged by {named_method(method)}, an earlier method; run claimreg link --all"


def _verified(session: Session, ca: Path | None = None, noted: str = "") -> Verification:
    # A registry that cannot even be opened is damage like any other.
    try:
        with OpenRegistry(session, read_stamp=stamp_reader(ca), must_tell=True) as registry:
            return registry.verify(Noted(noted, remembered_head(registry.reader)), tell_check)
    except DamagedRegistryError as error:
        return Verification(damage=[Damage("files", session.shown, str(error))])
