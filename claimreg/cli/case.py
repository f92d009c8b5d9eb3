"""`case list|rename`: the cases of the claims."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of
from claimreg.cli.hyphens import TextCommand
from claimreg.cli.names import NewName, agreement, listing_of, tell_renamed
from claimreg.cli.output import write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.shown import shown_words

app = typer.Typer(
    help="Manage cases: the dossiers that claims belong to.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


@app.command("list")
@options.takes_groups
def list_cases(ctx: typer.Context, listing: options.ListingOptions) -> None:
    """List the cases with their numbers of claims.

    \b
    Examples:
      claimreg case list
    """
    with OpenRegistry(session_of(ctx, listing.db), must_tell=True) as registry:
        write_listing(registry.cases(), listing_of("case"), listing.form, listing.output, shown_words(ctx))


@app.command("rename", no_args_is_help=True, cls=TextCommand)
def rename_case(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name of a case; letter case does not matter.", show_default=False)],
    new: NewName,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Give a case another name, in all its claims. Where there is one of that name, it asks before the two become one.

    \b
    Examples:
      claimreg case rename Ilyashev "Ilyashev 2020"
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    with OpenRegistry(session, dry_run=dry_run, must_tell=True) as registry:
        tell_renamed("case", registry.rename_case(old, new, agreed=agreement(session, "case")), dry_run=dry_run)
