"""`source add|list|show|rm|open|recapture`: documents and their captured bytes."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.change import remove as remove_record
from claimreg.cli.context import reading, session_of
from claimreg.cli.documents import add_documents
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.recapture import open_source, recapture
from claimreg.cli.show import show as show_record
from claimreg.model import Source
from claimreg.opening import Reading
from claimreg.render import machine
from claimreg.services.lookup import require
from claimreg.services.recording.fields import checked_date, checked_language, checked_optional, checked_text
from claimreg.services.recording.sources import SourceDetails
from claimreg.services.reporting.views import SourceView, source_view

app = typer.Typer(
    help="Manage sources: the documents that quotes are found in.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


def _cells(view: SourceView) -> tuple[str, ...]:
    source = view.source
    return (
        source.id, source.title, source.publisher or "", source.published_at or "", source.lang or "",
        source.url or source.canonical_url or "", str(view.attributions), str(view.links), str(view.captures), view.capture.sha256,
    )  # fmt: skip


LISTING = Listing(
    ("id", "title", "publisher", "published", "lang", "url", "quotes", "links", "captures", "sha256"), _cells, machine.source_json, shown=9
)


@app.command("add", no_args_is_help=True)
def add(
    ctx: typer.Context,
    references: Annotated[
        list[str], typer.Argument(metavar="FILE|URL|FOLDER|-...", help="Documents of any kind; - is standard input.", show_default=False)
    ],
    title: Annotated[str | None, typer.Option("--title", help="Title [default: what the document says, or the file's name]")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Publisher.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Author.")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="Date of publication.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Language (BCP 47) [default: guessed]")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Address of the document.")] = None,
    archive_url: Annotated[str | None, typer.Option("--archive-url", metavar="URL", help="Address of an archived copy.")] = None,
    withhold: options.Withhold = None,
    encoding: options.Encoding = None,
    max_size: options.MaxSize = None,
    timeout: options.Timeout = None,
    allow_private: options.AllowPrivate = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Documents read at the same time [default: one for each processor, up to 8]"),
    ] = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Store documents. The same bytes or the same address make one source, however often they are added.

    Supported are texts in any encoding, Markdown, web pages, PDF, Word, OpenDocument, RTF, mails, subtitles and web archives
    (WARC, WACZ). An address is fetched, and the answer is also kept as WARC. The bytes are stored unchanged, with the text
    extracted from them.

    \b
    Examples:
      claimreg source add ruling.pdf --publisher "Almaty court" --published 2020-06-22
      claimreg source add https://example.org/article
      claimreg source add clippings/ 'mails/*.eml'
      pbpaste | claimreg source add - --title "A post"
    """
    details = SourceDetails(
        title=checked_optional(title, "title"),
        publisher=checked_optional(publisher, "publisher"),
        published_at=checked_date(published) if published else None,
        lang=checked_language(lang) if lang else None,
        url=checked_optional(url, "address"),
        author=checked_optional(author, "author"),
        archive_url=checked_optional(archive_url, "archive's address"),
    )
    reason = checked_text(withhold, "reason") if withhold is not None else None
    wanted = Reading(encoding, max_size, timeout, allow_private, workers)
    add_documents(session_of(ctx, db), references, wanted, details, reason, dry_run=dry_run, json=json)


@app.command("list")
@options.takes_groups
def list_sources(ctx: typer.Context, listing: options.ListingOptions, reveal: options.Reveal = False) -> None:
    """List the sources with their numbers of quotes and links.

    \b
    Examples:
      claimreg source list --format csv -o sources.csv
    """
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        views = (source_view(reader, source, revealed=reveal) for source in reader.find(Source))
        write_listing(views, LISTING, listing.form, listing.output)


@app.command("show", no_args_is_help=True)
def show(
    ctx: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source, such as S1.", show_default=False)],
    reveal: options.Reveal = False,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show a source with its latest capture.

    \b
    Examples:
      claimreg source show S1
    """
    with reading(session_of(ctx, db)) as store:
        source = require(store, Source, source_id, withdrawn=True)
    show_record(ctx, source.id, reveal=reveal, json=json, output=output, db=db)


@app.command("rm", no_args_is_help=True)
def remove(
    ctx: typer.Context,
    source_ids: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Ids of the sources.", show_default=False)],
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Remove sources that no attribution uses from listings; their bytes and history stay.

    \b
    Examples:
      claimreg source rm S4
    """
    with reading(session_of(ctx, db)) as store:
        for source_id in source_ids:
            require(store, Source, source_id)
    remove_record(ctx, source_ids, dry_run=dry_run, yes=yes, no_input=no_input, db=db)


app.command("open", no_args_is_help=True)(open_source)
app.command("recapture", no_args_is_help=True)(recapture)
