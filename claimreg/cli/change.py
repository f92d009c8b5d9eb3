"""`edit` and `rm`: changing records without erasing what they were."""

from typing import Annotated, Any

import typer

from claimreg.cli import options
from claimreg.cli.context import make_linker, session_of, tell
from claimreg.cli.record import find_or_read_source
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import NeedsAnswerError, UsageError
from claimreg.frozen import replace
from claimreg.model import Attribution, Claim, Link, LinkState, Party, Record, Source, Stance
from claimreg.services.linking.links import looking, note_looked, propose_links, relink
from claimreg.services.lookup import case_key, require, require_any
from claimreg.services.recording.claims import hanging_on, restore, withdraw
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_optional, checked_text
from claimreg.services.recording.parties import rename, require_party
from claimreg.services.recording.sources import SourceDetails, store_source
from claimreg.store.port import Writer
from claimreg.text.addresses import address_key

_FIELDS: dict[type[Record], tuple[str, ...]] = {
    Claim: ("text", "title", "lang", "case", "tag", "untag"),
    Attribution: ("stance", "quote", "lang", "said", "by", "source"),
    Source: ("title", "publisher", "author", "published", "lang", "url", "archive-url", "withhold"),
    Party: ("name",),
    Link: ("state",),
}


class AskFirstError(UsageError):
    """A removal needs a yes that nobody is there to give."""


def edit(
    ctx: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a claim, attribution, source, party or link.", show_default=False)],
    text: Annotated[str | None, typer.Option("--text", help="Text of a claim.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Title of a claim or source.")] = None,
    lang: options.Lang = None,
    case: options.Case = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="Tag to add to a claim; may be repeated.")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", metavar="WORD", help="Tag to take from a claim; may be repeated.")] = None,
    stance: Annotated[str | None, typer.Option("--stance", help="Stance of an attribution.")] = None,
    quote: options.Quote = None,
    said: options.Said = None,
    by: Annotated[str | None, typer.Option("--by", metavar="PARTY", help="Party of an attribution.")] = None,
    source: options.SourceRef = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Publisher of a source.")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="Date when a source was published.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Author of a source.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Address of a source.")] = None,
    archive_url: Annotated[
        str | None, typer.Option("--archive-url", metavar="URL", help="Address of an archived copy of a source.")
    ] = None,
    withhold: options.Withhold = None,
    name: Annotated[str | None, typer.Option("--name", help="Main name of a party; the old one stays as an alias.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="State of a link: suggested, confirmed or rejected.")] = None,
    restored: Annotated[bool, typer.Option("--restore", help="Restore a removed record.")] = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Change a record; the history keeps what it was. An empty value ("") clears a field.

    \b
    Examples:
      claimreg edit C1 --text "Ilyashev spread false information" --tag court
      claimreg edit A2 --quote "ешқандай қылмыс жасаған жоқ"
      claimreg edit L1 --state confirmed
      claimreg edit C3 --restore
    """
    given = {
        "text": text,
        "title": title,
        "lang": lang,
        "case": case,
        "tag": tag or None,
        "untag": untag or None,
        "stance": stance,
        "quote": quote,
        "said": said,
        "by": by,
        "source": source,
        "publisher": publisher,
        "published": published,
        "author": author,
        "url": url,
        "archive-url": archive_url,
        "withhold": withhold,
        "name": name,
        "state": state,
    }
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        record = require_any(registry.reader, record_id, withdrawn=restored)
        if not changes and not restored:
            raise UsageError(f"Nothing to change; {record.NOUN}s take {_options_of(record)}.")
        _check_fields(record, changes)
        brought: tuple[Record, ...] = ()
        with registry.write("edit") as writer:
            if restored:
                brought = tuple(restore(writer, require_any(writer, record.id, withdrawn=True)))
            if changes:
                _edited(writer, require_any(writer, record.id), changes)
        if brought:
            tell(f"Restored {', '.join(one.id for one in brought)}.")
        typer.echo(f"{'Would change' if dry_run else 'Changed'} {record.id}; `claimreg history {record.id}` tells what it was.")


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
    with OpenRegistry(session, dry_run=dry_run) as registry:
        records = [require_any(registry.reader, one) for one in record_ids]
        along = sum(len(hanging_on(registry.reader, record)) for record in records)
        named = ", ".join(record.id for record in records)
        question = f"Remove {named}{f' and what hangs on it ({along} in all)' if along else ''}?"
        try:
            agreed = session.confirm(question, f"Nobody is there to ask: “{question}” Say --yes to do it.")
        except NeedsAnswerError as error:
            raise AskFirstError(str(error)) from None
        if not agreed:
            tell("Nothing was removed.")
            return
        with registry.write("rm") as writer:
            removed: dict[str, Record] = {}
            for record in records:
                current = require_any(writer, record.id, withdrawn=record.id in removed)
                if current.removed_at is None:
                    removed.update((one.id, one) for one in withdraw(writer, current))
        verb = "Would remove" if dry_run else "Removed"
        typer.echo(f"{verb} {', '.join(removed)}; `claimreg edit {records[0].id} --restore` brings it back.")


def _options_of(record: Record) -> str:
    return ", ".join(f"--{field}" for field in _FIELDS.get(type(record), ())) or "no changes"


def _check_fields(record: Record, changes: dict[str, Any]) -> None:
    for field in changes:
        if field not in _FIELDS.get(type(record), ()):
            raise UsageError(f"A {record.NOUN} has no --{field}; it takes {_options_of(record)}.")


def _edited(writer: Writer, record: Record, changes: dict[str, Any]) -> None:
    match record:
        case Claim():
            writer.put(_edited_claim(record, changes))
        case Attribution():
            _edit_attribution(writer, record, changes)
        case Source():
            writer.put(_edited_source(record, changes))
        case Party():
            rename(writer, record, changes["name"])
        case Link():
            require(writer, Attribution, record.attribution_id)
            writer.put(replace(record, state=checked_choice(changes["state"], LinkState, "state of a link")))


def _edited_claim(claim: Claim, changes: dict[str, Any]) -> Claim:
    values: dict[str, Any] = {}
    if "text" in changes:
        values["text"] = checked_text(changes["text"], "claim's text")
    for field in ("title", "case"):
        if field in changes:
            values[field] = checked_optional(changes[field], field)
    if values.get("case"):
        values["case_key"] = case_key(values["case"])
    elif "case" in values:
        values["case_key"] = None
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    tags = [*claim.tags, *(checked_text(tag, "tag") for tag in changes.get("tag", ()))]
    values["tags"] = tuple(dict.fromkeys(tag for tag in tags if tag not in changes.get("untag", ())))
    return replace(claim, **values)


def _edit_attribution(writer: Writer, attribution: Attribution, changes: dict[str, Any]) -> None:
    edited = replace(attribution, **_attribution_values(writer, changes))
    if not {"quote", "source"} & set(changes):
        writer.put(edited)
        return
    linker = make_linker()
    looked = looking(writer, linker.name)
    sources = [require(writer, Source, edited.source_id)] if edited.source_id and edited.quote else []
    other_words = edited.quote != attribution.quote
    if other_words or edited.source_id != attribution.source_id:
        unlooked = None if other_words else attribution.looked
        edited = replace(edited, looked=looked if sources else unlooked)
    writer.put(edited)
    if sources:
        note_looked(writer, [edited], looked)
    proposals = tuple(propose_links(writer, [edited], sources, linker))
    relink(writer, edited, proposals, linker.name, quote_changed=other_words)


def _attribution_values(writer: Writer, changes: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "stance" in changes:
        values["stance"] = checked_choice(changes["stance"], Stance, "stance")
    if "quote" in changes:
        values["quote"] = checked_optional(changes["quote"], "quote")
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    if "said" in changes:
        values["said_at"] = checked_date(changes["said"]) if changes["said"] else None
    if "by" in changes:
        values["party_id"] = require_party(writer, changes["by"]).id
        values["party_as_written"] = checked_text(changes["by"], "party's name")
    if "source" in changes:
        source, document = find_or_read_source(writer, changes["source"] or None)
        if document is not None:
            source = store_source(writer, document, SourceDetails()).source
        values["source_id"] = source.id if source else None
    return values


def _edited_source(source: Source, changes: dict[str, Any]) -> Source:
    values: dict[str, Any] = {}
    if "title" in changes:
        values["title"] = checked_text(changes["title"], "title")
    for option, field in (
        ("publisher", "publisher"), ("author", "author"), ("url", "url"), ("archive-url", "archive_url"), ("withhold", "withheld"),
    ):  # fmt: skip
        if option in changes:
            values[field] = checked_optional(changes[option], option)
    if "url" in values:
        values["url_key"] = address_key(values["url"]) if values["url"] else None
        values["url_typed"] = bool(values["url"])
    if "published" in changes:
        values["published_at"] = checked_date(changes["published"]) if changes["published"] else None
    if "lang" in changes:
        values["lang"] = checked_language(changes["lang"]) if changes["lang"] else None
    return replace(source, **values)
