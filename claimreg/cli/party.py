"""`party add|list|show|alias|merge|split`: who speaks, under which names."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of
from claimreg.cli.hyphens import TextCommand
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.show import show as show_record
from claimreg.cli.shown import shown_words
from claimreg.model import Party
from claimreg.render import machine
from claimreg.render.safe import one_line
from claimreg.services.recording.parties import names_and_uses, require_party
from claimreg.store.port import Equals

app = typer.Typer(
    help="Manage parties: the persons and bodies that speak.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)

_Row = tuple[Party, tuple[str, ...], int]
WhichParty = Annotated[str, typer.Argument(metavar="PARTY", help="Party: a name, an alias or an id (P1).", show_default=False)]


def _cells(row: _Row) -> tuple[str, ...]:
    party, names, attributions = row
    return party.id, party.name, "; ".join(name for name in names if name != party.name), str(attributions)


LISTING = Listing(("id", "party", "aliases", "attributions"), _cells, lambda row: machine.party_json(*row))


@app.command("list")
@options.takes_groups
def list_parties(ctx: typer.Context, listing: options.ListingOptions, lang: options.ShownLang = None) -> None:
    """List the parties with their names and numbers of attributions.

    \b
    Examples:
      claimreg party list --json
    """
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        parties = reader.find(Party, Equals("merged_into", None))
        write_listing(names_and_uses(reader, parties), LISTING, listing.form, listing.output, shown_words(ctx, lang))


@app.command("show", no_args_is_help=True, cls=TextCommand)
def show(
    ctx: typer.Context,
    name: WhichParty,
    lang: options.ShownLang = None,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show a party with its names and what it said.

    \b
    Examples:
      claimreg party show "Amnesty International"
    """
    with reading(session_of(ctx, db)) as store:
        party = require_party(store, name)
    show_record(ctx, [party.id], lang=lang, json=json, output=output, db=db)


@app.command("alias", no_args_is_help=True, cls=TextCommand)
def alias(
    ctx: typer.Context,
    name: WhichParty,
    aliases: Annotated[list[str], typer.Argument(metavar="ALIAS...", help="Further names, in any language or script.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Add names to a party; it is found by each of them.

    \b
    Examples:
      claimreg party alias "Almaty court" "Алматы соты" "Алматинский суд"
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        party, added = registry.alias(name, *aliases)
        names = "; ".join(one.name for one in added)
        typer.echo(one_line(f"{'Would name' if dry_run else 'Named'} {party.id} {party.name} also: {names}."))


@app.command("merge", no_args_is_help=True, cls=TextCommand)
def merge_parties(
    ctx: typer.Context,
    into: Annotated[str, typer.Argument(metavar="PARTY", help="Party that stays.", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Party that is merged into it.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Merge a party into another. Nothing is rewritten; `party split` undoes it.

    \b
    Examples:
      claimreg party merge P1 P4
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        kept, merged = registry.merge(into, other)
        verb = "Would count" if dry_run else "Counted"
        typer.echo(one_line(f"{verb} {merged.id} {merged.name} as {kept.id} {kept.name}; `claimreg party split {merged.id}` undoes it."))


@app.command("split", no_args_is_help=True, cls=TextCommand)
def split_party(
    ctx: typer.Context,
    party_id: Annotated[str, typer.Argument(metavar="PARTY", help="Id of a merged party, such as P4.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Separate a merged party again.

    \b
    Examples:
      claimreg party split P4
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        party = registry.split(party_id)
        typer.echo(one_line(f"{party.id} {party.name} {'would stand' if dry_run else 'stands'} for itself again."))
