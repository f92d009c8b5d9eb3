"""`copy`: a whole registry, with its history, into another place."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, tell, tell_check
from claimreg.cli.progress import Progress
from claimreg.cli.streams import keep_in_mind
from claimreg.opening import copy_registry, events_to_copy
from claimreg.render.safe import one_line
from claimreg.services.moving import Copied, CopyProgress
from claimreg.store.factory import registry_exists
from claimreg.store.locations import password_advice
from claimreg.text.counted import counted


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Registry to copy: a folder or postgresql://…", show_default=False)],
    target: Annotated[str, typer.Argument(metavar="TO", help="Place for the copy, empty or holding an earlier copy.", show_default=False)],
    dry_run: options.DryRun = False,
) -> None:
    """Copy a registry into a folder or a PostgreSQL database. It goes over whole, with its history.

    Every record keeps its id and every event its hash; FROM is left as it is. FROM is checked first, and the copy last. What an
    earlier copy brought is not copied again, so a copy that was cut off goes on. TO is refused where it holds another history.
    Into a PostgreSQL database only the owner of the registry there copies, and out of one whoever may see its withheld sources.

    \b
    Examples:
      claimreg copy cases/ilyashev postgresql://desk.example/claims
      claimreg copy postgresql://desk.example/claims /media/usb/claims
    """
    if advice := password_advice(source) or password_advice(target):
        tell(advice)
    if not registry_exists(source):
        Session(source, is_named=True).refuse_none()
    if dry_run:
        typer.echo(one_line(f"Would copy {counted(events_to_copy(source, target), 'event')}."))
        return
    copied = copied_whole(source, target)
    typer.echo(one_line(told_of_copy(copied)))
    tell(f"{copied.source} is the old one now; record in {copied.target} from here on: claimreg config set registry {copied.target}")


def copied_whole(source: str, target: str) -> Copied:
    """Copy a registry, showing a person at a terminal how far it is; what was done is kept in mind."""
    with Progress() as progress:
        copied = copy_registry(source, target, _Shown(progress))
    keep_in_mind(f"The registry was copied to {copied.target}")
    return copied


def told_of_copy(copied: Copied) -> str:
    """Say what a copy brought."""
    last, own = copied.head
    end = f"the same history, whole, {counted(last, 'event')}, the last with the hash {own}" if last else "nothing is recorded yet"
    if not copied.events and not copied.blobs:
        return f"Nothing was left to copy from {copied.source} to {copied.target}: {end}."
    brought = f"{counted(copied.events, 'event')} and {counted(copied.blobs, 'file of evidence')}"
    return f"Copied {brought} from {copied.source} to {copied.target}: {end}."


class _Shown(CopyProgress):
    """Progress of a copy at the terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def checking(self, area: str) -> None:
        self._progress.clear()
        tell_check(area)

    def copied(self, count: int, noun: str, of: int | None = None) -> None:
        self._progress.tell(count, noun, done=count, of=of)
