"""`init`: an empty registry."""

from typing import Annotated

import typer

from claimreg.cli.context import session_of
from claimreg.cli.streams import keep_in_mind
from claimreg.render.safe import one_line
from claimreg.store.factory import open_store, registry_is_made


def init(
    ctx: typer.Context,
    location: Annotated[
        str | None,
        typer.Argument(metavar="[LOCATION]", help="Folder, or postgresql://… for a team [default: --db, CLAIMREG_DB, else your own]"),
    ] = None,
    db: Annotated[str | None, typer.Option("--db", metavar="LOCATION", help="Registry; the same as LOCATION.")] = None,
) -> None:
    """Make an empty registry. An existing one is left as it is.

    \b
    Examples:
      claimreg init cases/ilyashev
      claimreg init postgresql://desk.example.org/claims
    """
    session = session_of(ctx, location or db)
    existed = registry_is_made(session.location)
    store = open_store(session.location, create=True)
    store.close()
    if not existed:
        keep_in_mind(f"The registry in {store.location} was made")
    told = f"There is a registry in {store.location} already; it was left as it is." if existed else f"Made a registry in {store.location}."
    typer.echo(one_line(told))
