"""`source add|list|show|rm|search|get|open|recapture`: documents and their captured bytes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.change import remove as remove_record
from claimreg.cli.context import reading, session_of, tell
from claimreg.cli.hyphens import TextCommand
from claimreg.cli.inputs import tell_other_language, typed_date, typed_retrieved
from claimreg.cli.originals import get_original
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.passages import search_sources
from claimreg.cli.progress import Progress
from claimreg.cli.recapture import first_in_words, open_source, recapture
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.show import show as show_record
from claimreg.cli.shown import shown_words
from claimreg.errors import ExitCode
from claimreg.model import Source
from claimreg.opening import Reading
from claimreg.render import listed, machine
from claimreg.render.safe import one_line
from claimreg.services.entry.documents import AddedDocument, Batch
from claimreg.services.lookup import require
from claimreg.services.recording.fields import checked_language, checked_optional, checked_text
from claimreg.services.recording.media import medium_of
from claimreg.services.recording.sources import SourceDetails, StoredSource, captured_at
from claimreg.services.reporting.views import SourceView, source_view
from claimreg.services.withholding import is_withheld
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.services.linking.recapture import CarriedLink

TOLD_DOCUMENTS = 20
NEW, KNOWN, AGAIN, FIRST, FAILED = "new", "there already", "captured again", "captured for the first time", "could not be read"

app = typer.Typer(
    help="Manage sources: the documents that quotes are found in.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


LISTING: Listing[SourceView] = Listing(
    listed.SOURCE_COLUMNS, listed.source_cells, machine.source_json,
    people=lambda words: (listed.SOURCE_COLUMNS_FOR_PEOPLE, lambda view: listed.source_cells_for_people(view, words)),
)  # fmt: skip


@app.command("add", no_args_is_help=True, cls=TextCommand)
def add(
    ctx: typer.Context,
    references: Annotated[
        list[str], typer.Argument(metavar="FILE|URL|FOLDER|-...", help="Documents of any kind; - is standard input.", show_default=False)
    ],
    title: Annotated[str | None, typer.Option("--title", help="Title [default: what the document says, or the file's name]")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Publisher.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Author.")] = None,
    published: Annotated[str | None, typer.Option("--published", metavar="DATE", help="Date of publication.")] = None,
    retrieved: options.Retrieved = None,
    dates: options.Dates = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Language (BCP 47) [default: guessed]")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Address of the document.")] = None,
    archive_url: Annotated[str | None, typer.Option("--archive-url", metavar="URL", help="Address of an archived copy.")] = None,
    caption: Annotated[
        str | None, typer.Option("--caption", metavar="TEXT", help="Caption: what a picture, video or recording shows, and who made it.")
    ] = None,
    transcript: Annotated[
        str | None, typer.Option("--transcript", metavar="FILE", help="Words of a picture, video or recording; any kind of document.")
    ] = None,
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

    Supported are texts in any encoding, Markdown, web pages, PDF, Word, OpenDocument, RTF, mails, captions and web archives
    (WARC, WACZ); pictures, video and sound are kept with the words of their --transcript. An address is fetched, and the answer
    is also kept as WARC. The bytes are stored unchanged, with the text extracted from them.

    \b
    Examples:
      claimreg source add ruling.pdf --publisher "Almaty court" --published 2020-06-22
      claimreg source add https://example.org/article
      claimreg source add clippings/ 'mails/*.eml'
      claimreg source add square.mp4 --caption "The square at noon" --transcript square.srt
      pbpaste | claimreg source add - --title "A post"
    """
    details = SourceDetails(
        title=checked_optional(title, "title"),
        publisher=checked_optional(publisher, "publisher"),
        published_at=typed_date(published, dates, lang),
        lang=checked_language(lang) if lang else None,
        url=checked_optional(url, "address"),
        author=checked_optional(author, "author"),
        archive_url=checked_optional(archive_url, "archive's address"),
        caption=checked_optional(caption, "caption"),
    )
    reason = checked_text(withhold, "reason") if withhold is not None else None
    saved_at = typed_retrieved(retrieved, [one for one in references if "://" in one], dates, lang)
    wanted = Reading(encoding, max_size, timeout, allow_private, workers, saved_at, transcript)
    told = _Told(json=json, dry_run=dry_run, saved_at=saved_at)
    session = session_of(ctx, db)
    try:
        told.begin(references)
        with OpenRegistry(session, dry_run=dry_run, wanted=wanted, documents_read=told.read) as registry:
            for batch in registry.add_sources(references, details, withheld=reason, view=json):
                told.batch(batch)
            told.all()
            tell_other_language(lang)
    except KeyboardInterrupt:
        if not told.interrupted():
            raise
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if told.counts[FAILED]:
        raise typer.Exit(ExitCode.FAILED)


@app.command("list")
@options.takes_groups
def list_sources(
    ctx: typer.Context, listing: options.ListingOptions, lang: options.ShownLang = None, reveal: options.Reveal = False
) -> None:
    """List the sources with their numbers of quotes and links.

    \b
    Examples:
      claimreg source list --format csv -o sources.csv
    """
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        views = (source_view(reader, source, revealed=reveal) for source in reader.find(Source))
        write_listing(views, LISTING, listing.form, listing.output, shown_words(ctx, lang))


@app.command("show", no_args_is_help=True, cls=TextCommand)
def show(
    ctx: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source, such as S1.", show_default=False)],
    lang: options.ShownLang = None,
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
    show_record(ctx, [source.id], lang=lang, reveal=reveal, json=json, output=output, db=db)


@app.command("rm", no_args_is_help=True, cls=TextCommand)
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


app.command("get", no_args_is_help=True, cls=TextCommand)(get_original)
app.command("search", no_args_is_help=True, cls=TextCommand)(search_sources)
app.command("open", no_args_is_help=True, cls=TextCommand)(open_source)
app.command("recapture", no_args_is_help=True, cls=TextCommand)(recapture)


class _Told:
    """Telling of documents as they are recorded, and counting them."""

    def __init__(self, *, json: bool, dry_run: bool, saved_at: str | None) -> None:
        self._json = json
        self._dry_run = dry_run
        self._saved_at = saved_at
        self._progress = Progress()
        self._views: list[dict[str, object]] = []
        self._alone = False
        self.counts: Counter[str] = Counter()

    def begin(self, references: list[str]) -> None:
        """Tell a person who waits that reading begins, where it may take long."""
        if len(references) > 1 or Path(references[0]).is_dir():
            self._progress.begin("Reading documents …")

    def read(self, count: int) -> None:
        """Tell how many documents were read so far."""
        self._progress.tell(count, "document read", "documents read")

    def interrupted(self) -> bool:
        """Tell what was stored before an interruption; return whether that was anything."""
        self._progress.clear()
        stored = self.counts.total() - self.counts[FAILED]
        if not stored or self._dry_run:
            return False
        tell(f"Interrupted; {counted(stored, 'document')} {'is' if stored == 1 else 'are'} stored, run the same command again to go on.")
        return True

    def batch(self, batch: Batch) -> None:
        """Tell of documents that are recorded now."""
        self._progress.clear()
        self._alone = batch.alone
        for one in batch.documents:
            self.counts[_outcome(one.stored)] += 1
            if one.view is not None:
                self._views.append(machine.source_json(one.view))
        for one in batch.documents:
            if one.error is not None:
                tell(str(one.error))
            elif self.counts[NEW] + self.counts[KNOWN] + self.counts[FIRST] <= TOLD_DOCUMENTS and not _was_withheld(one):
                for note in (*one.notes, *_of_its_time(one.stored, self._saved_at)):
                    tell(note if self._alone else f"{one.name}: {note}")
        for one in batch.documents:
            if one.stored is not None and not self._json:
                typer.echo(one_line(_line(one, one.stored, dry_run=self._dry_run)))

    def all(self) -> None:
        """Tell of all that was recorded."""
        self._progress.clear()
        if self._json:
            typer.echo(machine.dumps(self._views[0] if self._alone and self._views else self._views))
        if not self._alone:
            shown = [NEW, KNOWN, *(one for one in (AGAIN, FIRST, FAILED) if self.counts[one])]
            counts = ", ".join(f"{self.counts[one]:,} {one}" for one in shown)
            tell(f"{counted(self.counts.total(), 'document')}: {counts}.")


def _of_its_time(stored: StoredSource | None, saved_at: str | None) -> Iterator[str]:
    """Say where the time of a capture is not the one that a person gave, or is only the document's own word."""
    if stored is None:
        return
    capture, is_new = stored.capture, stored.is_new or stored.is_first or stored.previous is not None
    if saved_at and capture.retrieved_at != saved_at:
        why = "as its archive has it" if is_new else "as it was recorded"
        yield f"The time of {capture.id} stays {captured_at(capture) or 'unknown'}, {why}."
    elif is_new and not saved_at and capture.url is None and (own := captured_at(capture)):
        from claimreg.render.labels import ENGLISH

        yield f"The document says that it was saved on {ENGLISH.date(own)}; where that is wrong, --retrieved says otherwise."


def _outcome(stored: StoredSource | None) -> str:
    if stored is None:
        return FAILED
    return AGAIN if stored.previous is not None else NEW if stored.is_new else FIRST if stored.is_first else KNOWN


def _was_withheld(one: AddedDocument) -> bool:
    return one.stored is not None and is_withheld(one.stored.source) and not one.stored.is_new


def _line(one: AddedDocument, stored: StoredSource, *, dry_run: bool) -> str:
    told = [_stored_in_words(stored, guessed=one.language_guessed, dry_run=dry_run), *_links_in_words(one.carried)]
    return "; ".join([*told, *(first_in_words(one.first) if one.first is not None else ())]) + "."


def _stored_in_words(stored: StoredSource, *, guessed: bool, dry_run: bool) -> str:
    source, capture = stored.source, stored.capture
    verb = "Would store" if dry_run else "Stored"
    bare = medium_of(capture.media_type) is not None and not capture.length
    size = f"{capture.media_type}, {counted(capture.size, 'byte')}" if bare else counted(capture.length, "character")
    size += f", SHA-256 {capture.sha256}"
    if is_withheld(source):
        of_it = f"source {source.id}: {capture.id}"
        if stored.is_first or stored.previous is not None:
            return f"{verb} {'the first' if stored.is_first else 'another'} capture of {of_it}, withheld"
        return f"{verb} source {source.id}{'' if stored.is_new else ' (there already)'}, withheld"
    if stored.is_first or stored.previous is not None:
        return f"{verb} {'the first' if stored.is_first else 'another'} capture of source {source.id}: {capture.id}, {size}"
    known = "" if stored.is_new else " (there already)"
    lang = f"{source.lang}{' (guessed)' if guessed and stored.is_new else ''}, " if source.lang else ""
    encoding = f"{capture.encoding}, " if capture.encoding and capture.encoding != "utf-8" else ""
    return f"{verb} source {source.id}{known}: {source.title}, {lang}{encoding}{size}"


def _links_in_words(carried: "Iterable[CarriedLink]") -> list[str]:
    return [f"{counted(count, 'link')} {word}" for word, count in Counter(one.anchoring.value for one in carried).items()]
