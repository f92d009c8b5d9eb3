"""`undo`: taking back what was done last, or what an event belongs to, by a new event."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.change import AskFirstError
from claimreg.cli.context import Session, session_of, tell
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import NeedsAnswerError
from claimreg.render.safe import one_line, shortened
from claimreg.services.reviewing.past_transactions import PastTransaction
from claimreg.services.reviewing.undoing import Undo, Undone

SHOWN = 20
NAMED = 5
LONGEST = 160  # code points of a line that says what becomes of a record


def undo(
    ctx: typer.Context,
    event: Annotated[
        int | None,
        typer.Argument(
            metavar="EVENT", min=1, help="Number of an event of what to undo [default: the last that you did]", show_default=False
        ),
    ] = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Undo what you did last; the history keeps both. EVENT names another command.

    All that one command recorded is undone together: what it made is removed, what it changed is as before. What was changed
    since is left alone, and told. Time stamps and what is withheld are never undone.

    \b
    Examples:
      claimreg undo
      claimreg undo 12 --dry-run
      claimreg undo --yes
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    is_asked: list[bool] = []

    def agreed(planned: Undo, told: list[tuple[str, str]]) -> bool:
        is_asked.append(True)
        _show(planned, told)
        return _confirmed(session)

    with OpenRegistry(session, dry_run=dry_run, must_tell=True) as registry:
        undone = registry.undo(event, agreed=agreed)
        if undone is None:
            tell("Nothing was undone." if is_asked else "There is nothing of yours to undo.")
            return
        typer.echo(one_line(_told_of(undone)))


def _confirmed(session: Session) -> bool:
    question = "Undo it?"
    try:
        return session.confirm(question, f"Nobody is there to ask: “{question}” Say --yes to do it.")
    except NeedsAnswerError as error:
        raise AskFirstError(str(error)) from None


def _show(planned: Undo, told: list[tuple[str, str]]) -> None:
    for transaction in planned.passed_over:
        tell(one_line(f"Passed over: {_in_words(transaction)}; {transaction.fixed}."))
    tell(one_line(f"To undo: {_in_words(planned.transaction)}."))
    for record_id, words in told[:SHOWN]:
        tell(f"  {record_id}  {shortened(one_line(words), LONGEST)}")
    if len(told) > SHOWN:
        tell(f"  and {len(planned.changes) - SHOWN} more records")
    if planned.kept:
        tell(f"  {_named(planned.kept)} stay, as other records speak of them by now.")


def _in_words(transaction: PastTransaction) -> str:
    events = f"event {transaction.first}" if transaction.first == transaction.last else f"events {transaction.first} to {transaction.last}"
    return f"{transaction.action} by {transaction.user} on {transaction.at[:10]} at {transaction.at[11:16]} UTC ({events})"


def _told_of(undone: Undone) -> str:
    transaction = undone.undo.transaction
    ids = _named([record.id for record, _after in undone.undo.changes])
    if undone.event is None:
        return f"Would undo {transaction.action} of {transaction.at[:10]}: {ids}."
    return f"Undone: {transaction.action} of {transaction.at[:10]} ({ids}); `claimreg undo {undone.event}` does it again."


def _named(ids: "tuple[str, ...] | list[str]") -> str:
    more = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {more} more" if more > 0 else "")
