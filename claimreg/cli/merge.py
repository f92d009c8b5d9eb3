"""`merge`: two claims that are one."""

from collections import Counter
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of
from claimreg.cli.registry import OpenRegistry
from claimreg.model import Record
from claimreg.render.safe import one_line
from claimreg.services.recording.merging import Merged
from claimreg.text.counted import counted


def merge(
    ctx: typer.Context,
    into: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim that stays, such as C5.", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id of the claim that is merged into it.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Merge a claim into another that says the same.

    Its statements with their links, its verdicts and relations go over; what both have alike is kept once. The claim that stays keeps its
    own text, title, case and note, and gets the other's tags. The other is removed from listings and says where it went; `undo` takes the
    merge back.

    \b
    Examples:
      claimreg merge C5 C2
      claimreg merge C5 C2 --dry-run
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        merged = registry.merge_claims(into, other)
        verb, move, have = ("Would merge", "would go over", "would be kept once") if dry_run else ("Merged", "went over", "kept once")
        told = f"{verb} {merged.merged.id} into {merged.kept.id}: {_counts(merged.moved) or 'nothing'} {move}"
        told += f", {_counts(merged.there_already)} {have}" if merged.there_already else ""
        back = "" if dry_run else "; `claimreg undo` takes it back"
        typer.echo(one_line(f"{told}{_in_force(merged)}{back}."))


def _counts(records: tuple[Record, ...]) -> str:
    counts = [counted(number, noun) for noun, number in Counter(one.NOUN for one in records).items()]
    return " and ".join(filter(None, (", ".join(counts[:-1]), counts[-1]))) if counts else ""


def _in_force(merged: Merged) -> str:
    before, after = merged.before, merged.after
    if after is None or (before is not None and before.id == after.id):
        return ""
    return f"; in force is now {after.id}: {after.rating}{f' (it was {before.id}: {before.rating})' if before is not None else ''}"
