"""`tag list|rename`: the tags of the claims."""

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
    help="Manage tags: the words that claims are sorted by.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


@app.command("list")
@options.takes_groups
def list_tags(ctx: typer.Context, listing: options.ListingOptions) -> None:
    """List the tags with their numbers of claims.

    \b
    Examples:
      claimreg tag list
    """
    with OpenRegistry(session_of(ctx, listing.db), must_tell=True) as registry:
        write_listing(registry.tags(), listing_of("tag"), listing.form, listing.output, shown_words(ctx))


@app.command("rename", no_args_is_help=True, cls=TextCommand)
def rename_tag(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name of a tag.", show_default=False)],
    new: NewName,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Give a tag another name, in all its claims. Where there is one of that name, it asks before the two become one.

    \b
    Examples:
      claimreg tag rename courts court
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    with OpenRegistry(session, dry_run=dry_run, must_tell=True) as registry:
        tell_renamed("tag", registry.rename_tag(old, new, agreed=agreement(session, "tag")), dry_run=dry_run)
