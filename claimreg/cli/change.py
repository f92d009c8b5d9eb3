"""`edit` and `rm`: changing records without erasing what they were."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, session_of, tell
from claimreg.cli.inputs import day_order
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import NeedsAnswerError, UsageError
from claimreg.model import Claim, Verdict
from claimreg.services.lookup import require_any
from claimreg.services.recording.claims import Removal

if TYPE_CHECKING:
    from claimreg.services.entry.edits import Edited
    from claimreg.services.entry.forms import Form

    Given = Mapping[str, Mapping[str, Any]]


class AskFirstError(UsageError):
    """A removal needs a yes that nobody is there to give."""


class Changes(NamedTuple):
    """Options that give a record's fields other values; each goes by the name that `claimreg.registry.Registry.edit` knows it by."""

    text: Annotated[str | None, typer.Option("--text", help="Text of a claim, or of the one that a draft becomes.")] = None
    title: Annotated[str | None, typer.Option("--title", help="Title of a claim or source.")] = None
    lang: options.Lang = None
    case: options.Case = None
    note: options.Note = None
    assign: options.Assign = None
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="Tag to add to a claim; may be repeated.")] = None
    untag: Annotated[list[str] | None, typer.Option("--untag", metavar="WORD", help="Tag to take from a claim; may be repeated.")] = None
    stance: Annotated[str | None, typer.Option("--stance", help="Stance of an attribution or draft.")] = None
    quote: options.Quote = None
    said: options.Said = None
    by: Annotated[
        str | None, typer.Option("--by", metavar="PARTY", help="Party of an attribution, speaker of a draft, or author of a verdict.")
    ] = None
    source: options.SourceRef = None
    publisher: Annotated[str | None, typer.Option("--publisher", help="Publisher of a source.")] = None
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="Date when a source was published.")] = None
    author: Annotated[str | None, typer.Option("--author", help="Author of a source.")] = None
    url: Annotated[str | None, typer.Option("--url", help="Address of a source.")] = None
    archive_url: Annotated[str | None, typer.Option("--archive-url", metavar="URL", help="Address of an archived copy of a source.")] = None
    caption: Annotated[str | None, typer.Option("--caption", metavar="TEXT", help="Caption of a picture, video or recording.")] = None
    withhold: options.Withhold = None
    name: Annotated[str | None, typer.Option("--name", help="Main name of a party; the old one stays as an alias.")] = None
    state: Annotated[str | None, typer.Option("--state", help="State of a link: suggested, confirmed or rejected.")] = None
    move_to: Annotated[
        str | None, typer.Option("--move-to", metavar="CLAIM", help="Claim that an attribution belongs to; its links go along.")
    ] = None
    rating: Annotated[str | None, typer.Option("--rating", help="Rating of a verdict.")] = None
    scheme: Annotated[str | None, typer.Option("--scheme", help="Scheme of a verdict.")] = None
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Rationale of a verdict.")] = None


@options.takes_groups
def edit(
    ctx: typer.Context,
    record_ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...", help="Ids of claims, attributions, sources, parties, links, verdicts or drafts.", show_default=False
        ),
    ],
    changes: Changes,
    dates: options.Dates = None,
    any_rating: Annotated[bool, typer.Option("--any-rating", help="Record a rating that the scale does not have.")] = False,
    restored: Annotated[bool, typer.Option("--restore", help="Restore removed records.")] = False,
    dry_run: options.DryRun = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Change records; the history keeps what they were. An empty value ("") clears a field.

    What is given changes in all of the records, or in none. At a terminal, with nothing given, your editor opens on a form of the records.

    \b
    Examples:
      claimreg edit C1
      claimreg edit C1 --text "Ilyashev spread false information" --tag court
      claimreg edit C1 C2 C7 --case Ilyashev --assign Dana
      claimreg edit A2 --quote "ешқандай қылмыс жасаған жоқ"
      claimreg edit A2 --move-to C3
      claimreg edit V1 --rating "Half true" --why "The ferry ran on Sundays."
      claimreg edit L1 --state confirmed
      claimreg edit C3 --restore
    """
    given = {name: value for name, value in changes._asdict().items() if value is not None and value != []}
    session = session_of(ctx, db, no_input=no_input)
    if not given and not restored and session.may_ask:
        from claimreg.cli.form import edited_in_form

        record = partial(_recorded, session, dates=day_order(dates), any_rating=any_rating, dry_run=dry_run)
        edited = edited_in_form(session, record_ids, record)
        if not edited:
            tell("Nothing was changed.")
            return
    else:
        with OpenRegistry(session, dry_run=dry_run) as registry:
            wanted = _with_ratings(registry, dict.fromkeys(record_ids, given), any_rating=any_rating)
            edited = registry.edit_each(wanted, restore=restored, dates=day_order(dates))
    _tell(edited, dry_run=dry_run)


def _recorded(
    session: Session, changes: "Given", form: "Form", *, dates: str | None, any_rating: bool, dry_run: bool
) -> "tuple[Edited, ...]":
    with OpenRegistry(session, dry_run=dry_run) as registry:
        return registry.edit_each(_with_ratings(registry, changes, any_rating=any_rating), dates=dates, seen=form.records)


def _with_ratings(registry: OpenRegistry, changes: "Given", *, any_rating: bool) -> "Given":
    """The changes, those of a verdict's rating as its scale has it; raises `UsageError` for a rating that it lacks."""
    if not any("rating" in given for given in changes.values()):
        return changes
    from claimreg.cli.ratings import checked_rating

    checked = dict(changes)
    for record_id, given in changes.items():
        record = require_any(registry.reader, record_id, withdrawn=True)
        if isinstance(record, Verdict) and "rating" in given:
            scheme = given.get("scheme", record.scheme) or None
            rating, noted = checked_rating(given["rating"], scheme, any_rating=any_rating)
            checked[record_id] = {**given, "rating": rating, **({"scheme": noted} if noted != scheme else {})}
    return checked


def _tell(edited: "Sequence[Edited]", *, dry_run: bool) -> None:
    brought = [one.id for each in edited for one in each.brought]
    if brought:
        tell(f"Restored {', '.join(brought)}.")
    for claim in (one.record for one in edited if one.brought and isinstance(one.record, Claim) and one.record.merged_into):
        tell(f"What went over to {claim.merged_into} stays there; `claimreg edit ID --move-to {claim.id}` brings an attribution back.")
    ids = [one.record.id for one in edited]
    tells = f"`claimreg history {ids[0]}` tells what it was" if len(ids) == 1 else "`claimreg history ID` tells what each was"
    typer.echo(f"{'Would change' if dry_run else 'Changed'} {', '.join(ids)}; {tells}.")


def remove(
    ctx: typer.Context,
    record_ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Ids of claims, attributions, links, sources, parties, …", show_default=False)
    ],
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Remove records from listings; evidence and history stay.

    What hangs on it goes along, and `edit --restore` brings both back.

    \b
    Examples:
      claimreg rm C3
      claimreg rm A2 L4 --yes
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)

    def agreed(removal: Removal) -> bool:
        named = ", ".join(record.id for record in removal.records)
        question = f"Remove {named}{f' and what hangs on it ({removal.along} in all)' if removal.along else ''}?"
        try:
            return session.confirm(question, f"Nobody is there to ask: “{question}” Say --yes to do it.")
        except NeedsAnswerError as error:
            raise AskFirstError(str(error)) from None

    with OpenRegistry(session, dry_run=dry_run) as registry:
        removed = registry.remove(*record_ids, agreed=agreed)
        if not removed:
            tell("Nothing was removed.")
            return
        verb = "Would remove" if dry_run else "Removed"
        typer.echo(f"{verb} {', '.join(one.id for one in removed)}; `claimreg edit {removed[0].id} --restore` brings it back.")
