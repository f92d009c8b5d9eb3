"""`source add|list|show|rm`: documents and their captured bytes."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.change import remove as remove_record
from claimreg.cli.context import reading, session_of
from claimreg.cli.inputs import read_document
from claimreg.cli.output import Listing, chosen_format, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.show import show as show_record
from claimreg.errors import InputError
from claimreg.model import Source
from claimreg.render import machine
from claimreg.render.visible import one_line
from claimreg.services.documents import are_many, bring_up_to_date
from claimreg.services.fields import checked_date, checked_language, checked_optional
from claimreg.services.lookup import require
from claimreg.services.sources import SourceDetails, store_source
from claimreg.services.views import SourceView, source_view

app = typer.Typer(
    help="Add, list and show sources: the documents that quotes are looked for in.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
)


def _cells(view: SourceView) -> tuple[str, ...]:
    source = view.source
    return (
        source.id, source.title, source.publisher or "", source.published_at or "", source.lang or "", source.url or "",
        str(view.attributions), str(view.links), view.capture.sha256,
    )  # fmt: skip


LISTING = Listing(("id", "title", "publisher", "published", "lang", "url", "quotes", "links", "sha256"), _cells, machine.source_json)


@app.command("add", no_args_is_help=True)
def add(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Text files; - is standard input.", show_default=False)],
    title: Annotated[str | None, typer.Option("--title", help="Else the file's name.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who published it.")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="When it was published.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Its language (BCP 47).")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Its address.")] = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Store documents; the same bytes are one source, however often they are added.

    \b
    Examples:
      claimreg source add article.txt --publisher "Azattyq" --published 2020-06-25 --lang kk --url https://…
      pbpaste | claimreg source add - --title "A post"
    """
    details = SourceDetails(
        title=checked_optional(title, "title"),
        publisher=checked_optional(publisher, "publisher"),
        published_at=checked_date(published) if published else None,
        lang=checked_language(lang) if lang else None,
        url=checked_optional(url, "address"),
    )
    address = next((one for one in files if "://" in one), None)
    if address is not None:
        raise InputError(f"{address} is an address; save the page's text and run: claimreg source add FILE --url {address}")
    documents = [read_document(file) for file in files]
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        with registry.write("source add") as writer:
            stored = [store_source(writer, document, details) for document in documents]
            views = [source_view(writer, source) for source, _new in stored]
        if are_many(registry.store):
            bring_up_to_date(registry.store)
    if json:
        one_or_all = [machine.source_json(view) for view in views]
        typer.echo(machine.dumps(one_or_all[0] if len(one_or_all) == 1 else one_or_all))
        return
    verb = "Would store" if dry_run else "Stored"
    for view, (_source, is_new) in zip(views, stored, strict=True):
        known = "" if is_new else " (there already)"
        told = f"{view.source.title}, {view.capture.length} characters, SHA-256 {view.capture.sha256}."
        typer.echo(one_line(f"{verb} source {view.source.id}{known}: {told}"))


@app.command("list")
def list_sources(
    ctx: typer.Context,
    json: options.Json = False,
    format_: options.Format = None,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """List the sources with how many quotes and links they have.

    \b
    Examples:
      claimreg source list --format csv -o sources.csv
    """
    with reading(session_of(ctx, db)) as store, store.snapshot() as reader:
        views = (source_view(reader, source) for source in reader.find(Source))
        write_listing(views, LISTING, chosen_format(format_, json=json), output)


@app.command("show", no_args_is_help=True)
def show(
    ctx: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="The source's id, such as S1.", show_default=False)],
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show a source with its capture.

    \b
    Examples:
      claimreg source show S1
    """
    with reading(session_of(ctx, db)) as store:
        require(store, Source, source_id, withdrawn=True)
    show_record(ctx, source_id, json=json, output=output, db=db)


@app.command("rm", no_args_is_help=True)
def remove(
    ctx: typer.Context,
    source_ids: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="The sources' ids.", show_default=False)],
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Take sources that no attribution speaks of out of all listings; their bytes and history stay.

    \b
    Examples:
      claimreg source rm S4
    """
    with reading(session_of(ctx, db)) as store:
        for source_id in source_ids:
            require(store, Source, source_id)
    remove_record(ctx, source_ids, dry_run=dry_run, yes=yes, no_input=no_input, db=db)
