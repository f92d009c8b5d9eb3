"""`init`: an empty registry."""

from typing import Annotated

import typer

from claimreg.cli.context import session_of
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import UsageError
from claimreg.render.safe import one_line
from claimreg.store.factory import open_store, registry_is_made
from claimreg.store.locations import is_shared


def init(
    ctx: typer.Context,
    location: Annotated[
        str | None,
        typer.Argument(metavar="[LOCATION]", help="Folder, or postgresql://… for a team [default: --db, CLAIMREG_DB, else your own]"),
    ] = None,
    roles: Annotated[bool, typer.Option("--roles", help="Make the roles of a shared registry: reader, reviewer, writer, keeper.")] = False,
    db: Annotated[str | None, typer.Option("--db", metavar="LOCATION", help="Registry; the same as LOCATION.")] = None,
) -> None:
    """Make an empty registry. An existing one is left as it is.

    With --roles, the database roles of a shared registry's users are made as well, or their rights brought up to date: readers
    read, reviewers decide on links, verdicts, relations and drafts, too, writers record everything, and keepers see withheld sources.
    The database's own GRANT makes a person a member of one.

    \b
    Examples:
      claimreg init cases/ilyashev
      claimreg init postgresql://desk.example.org/claims --roles
    """
    session = session_of(ctx, location or db)
    if roles and not is_shared(session.location):
        raise UsageError("Only a shared registry, at a postgresql:// address, has roles; leave --roles out.")
    existed = registry_is_made(session.location)
    store = open_store(session.location, create=True)
    store.close()
    if not existed:
        keep_in_mind(f"The registry in {store.location} was made")
    told = f"There is a registry in {store.location} already; it was left as it is." if existed else f"Made a registry in {store.location}."
    typer.echo(one_line(told))
    if roles:
        from claimreg.store.postgres.roles import make_roles

        names = make_roles(session.location)
        keep_in_mind(f"The roles of {store.location} were made")
        typer.echo(one_line(f"Made its roles {', '.join(names)}; make a person a member of one in psql: GRANT {names[2]} TO NAME;"))
