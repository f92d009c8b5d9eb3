"""`upgrade`: a registry of an older claimreg, brought up to date."""

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, tell
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import NeedsAnswerError, StoreError, UsageError
from claimreg.model import SCHEMA_VERSION
from claimreg.render.safe import one_line
from claimreg.store.factory import registry_exists
from claimreg.store.upgrading import upgrade as upgrade_registry
from claimreg.store.upgrading import version_of


def upgrade(
    ctx: typer.Context,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Bring a registry of an older claimreg up to date.

    A folder is brought up to date by the first command that writes to it, too. A registry in a PostgreSQL database waits for its
    owner to do it; until then everybody's newer claimreg only reads it, and afterwards an older claimreg at most reads it. Nothing
    that was recorded is changed.

    \b
    Examples:
      claimreg upgrade
      claimreg upgrade --db postgresql://desk.example/claims --yes
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    if session.location == "memory:":
        raise UsageError("A registry in memory is never older than its claimreg; give the place of another with --db.")
    if not registry_exists(session.location):
        session.refuse_none()
        raise StoreError(f"There is no registry in {session.shown}; `claimreg init` makes one.")
    shown, number = version_of(session.location)
    if number == SCHEMA_VERSION:
        typer.echo(one_line(f"The registry {shown} is up to date (schema {number})."))
        return
    try:
        agreed = session.confirm(f"Bring {shown} from schema {number} to {SCHEMA_VERSION}? An older claimreg may no longer read it.", "")
    except NeedsAnswerError:
        raise UsageError(f"Nobody is there to ask whether to upgrade {shown}; say --yes to do it.") from None
    if not agreed:
        tell("Nothing was changed.")
        return
    if dry_run:
        typer.echo(one_line(f"Would bring {shown} from schema {number} to {SCHEMA_VERSION}."))
        return
    upgrade_registry(session.location)
    keep_in_mind(f"The registry {shown} was upgraded")
    typer.echo(one_line(f"Brought {shown} from schema {number} to {SCHEMA_VERSION}."))
