"""`relate` and `verdict`: what fact-checkers say of claims."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of
from claimreg.cli.registry import OpenRegistry
from claimreg.render.safe import one_line


def relate(
    ctx: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim, such as C2.", show_default=False)],
    relation: Annotated[
        str, typer.Argument(help="Relation: contradicts, supports, repeats, translates, narrows or differs-from.", show_default=False)
    ],
    other_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the other claim.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record how one claim relates to another.

    \b
    Examples:
      claimreg relate C2 contradicts C1
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        made, is_new = registry.relate(claim_id, relation, other_id)
        verb = ("Would record" if dry_run else "Recorded") if is_new else "Recorded already:"
        typer.echo(f"{verb} {made.id}: {made.claim_id} {made.kind.value} {made.other_claim_id}.")


def verdict(
    ctx: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim, such as C1.", show_default=False)],
    rating: Annotated[str, typer.Argument(help="Rating, in the words of your scheme.", show_default=False)],
    scheme: Annotated[str | None, typer.Option("--scheme", help="Scheme that the rating belongs to.")] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Rationale of the rating.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Author of the rating [default: you]")] = None,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record a fact-checker's rating of a claim. Earlier verdicts stay; the latest is in force.

    \b
    Examples:
      claimreg verdict C1 False --scheme "Our desk" --why "The court named no false statement."
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        made = registry.judge(claim_id, rating, scheme=scheme, why=why, by=by)
        earlier = f", superseding {made.supersedes}" if made.supersedes else ""
        typer.echo(one_line(f"{'Would record' if dry_run else 'Recorded'} verdict {made.id} on {made.claim_id}: {made.rating}{earlier}."))
