"""Shared parts of `case` and `tag`: their listing, the question before two become one, and what is told of a new name."""

from collections.abc import Callable
from typing import Annotated

import typer

from claimreg.cli.change import AskFirstError
from claimreg.cli.context import Session, tell
from claimreg.cli.output import Listing
from claimreg.errors import NeedsAnswerError
from claimreg.render.safe import one_line
from claimreg.services.entry.naming import Named, Renamed
from claimreg.text.counted import counted

NewName = Annotated[str, typer.Argument(metavar="NEW", help="New name; one that is there already joins the two.", show_default=False)]


def listing_of(noun: str) -> Listing[Named]:
    """Form of a listing of cases or tags."""
    return Listing((noun, "claims"), lambda one: (one.name, str(one.claims)), lambda one: {noun: one.name, "claims": one.claims})


def agreement(session: Session, noun: str) -> Callable[[Renamed], bool]:
    """Ask whether two names become one."""

    def agreed(renamed: Renamed) -> bool:
        there = f"There is a {noun} “{renamed.new}” already ({counted(renamed.joined, 'claim')})."
        question = one_line(f"{there} Join “{renamed.old}” ({counted(renamed.claims, 'claim')}) to it?")
        try:
            return session.confirm(question, f"Nobody is there to ask: “{question}” Say --yes to do it.")
        except NeedsAnswerError as error:
            raise AskFirstError(str(error)) from None

    return agreed


def tell_renamed(noun: str, renamed: Renamed | None, *, dry_run: bool) -> None:
    """Tell what was renamed."""
    if renamed is None:
        tell("Nothing was renamed.")
        return
    verb = "Would rename" if dry_run else "Renamed"
    typer.echo(one_line(f"{verb} the {noun} “{renamed.old}” to “{renamed.new}”: {counted(renamed.claims, 'claim')}."))
