"""`report`, `timeline` and `contradictions`: what leaves the registry."""

import gc
from collections import Counter
from collections.abc import Callable, Container, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, paged, session_of, stdout_is_terminal, tell
from claimreg.cli.inputs import typed_date
from claimreg.cli.options import ReportFormat
from claimreg.cli.output import is_stdout, write_renderable, write_text
from claimreg.cli.publishing import Published, Publishing, Style, show_page, tell_open_points, write_page, written
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.opening import report_thumbnails
from claimreg.render.labels import LANGUAGES, Words
from claimreg.services.reporting.about import About
from claimreg.services.reporting.pictures import Thumbnail
from claimreg.services.reporting.report import ALL_SECTIONS, Report, ReportScope, Section

if TYPE_CHECKING:
    from claimreg.render.machine import Json
    from claimreg.store.port import Reader, Store

_WATCH_SECONDS = 3_600.0
"""Seconds of waiting for a change before it is waited for again."""


class Subject(NamedTuple):
    """Options that choose what a report is about."""

    claim_ids: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to report [default: all]")] = None
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only the claims of this case.")] = None
    party: Annotated[
        str | None, typer.Option("--party", metavar="PARTY", help="Only the claims of this party, and those that contradict them.")
    ] = None
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="Only the claims with quotes from this source.")] = None
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only statements made on this day or later.")] = None
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only statements made on this day or earlier.")] = None
    dates: options.Dates = None


class Shape(NamedTuple):
    """Options of how a report is written."""

    lang: Annotated[
        str,
        typer.Option(
            "--lang",
            metavar="TAG",
            help=f"Language of labels and dates: {', '.join(LANGUAGES)} [default: the setting report.lang, else en]",
            show_default=False,
        ),
    ] = LANGUAGES[0]
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="Output format [default: the setting report.format, else terminal]", show_default=False)
    ] = ReportFormat.TERMINAL
    json: options.Json = False
    output: options.Output = None

    @property
    def form(self) -> ReportFormat:
        """The format asked for."""
        return ReportFormat.JSON if self.json else self.format_

    @property
    def words(self) -> Words:
        """The labels of the language; raises `UsageError` where there are none in it."""
        if self.lang not in LANGUAGES:
            raise UsageError(f"There are no labels in “{self.lang}”; there are {', '.join(LANGUAGES)}.")
        return Words(self.lang)


class Reviews(NamedTuple):
    """Options of the data for programs within a page."""

    claimreview: Annotated[bool, typer.Option("--claimreview", help="Put the verdicts into HTML for programs, too, as ClaimReview.")] = (
        False
    )
    url_template: Annotated[
        str | None,
        typer.Option("--url-template", metavar="URL", help="Address of a claim's review, {id} standing for its id.", show_default=False),
    ] = None
    publisher: Annotated[
        str | None, typer.Option("--publisher", metavar="NAME", help="Author of verdicts that name none.", show_default=False)
    ] = None

    def check(self, form: ReportFormat) -> None:
        """Raise `UsageError` for options that the report has no use for."""
        if self.claimreview and form is not ReportFormat.HTML:
            raise UsageError(
                "--claimreview puts data into a page; it goes with --format html. For the data alone: export --to claimreview."
            )
        if not self.claimreview and (self.url_template is not None or self.publisher is not None):
            raise UsageError("--url-template and --publisher are about --claimreview; give that, too.")
        if self.url_template is not None:
            from claimreg.render.claim_review import Naming

            Naming(url_template=self.url_template).check()

    def of(self, built: Report, reader: "Reader") -> "Json | None":
        """The reviews of a report's claims, where they are asked for; it tells of those that lack an address or an author."""
        if not self.claimreview:
            return None
        from claimreg.render.claim_review import Naming, lacks_in_words, lacks_of, reviews_json
        from claimreg.services.evidence.bundle.layout import registry_identity

        naming = Naming(registry_identity(reader) or "", self.url_template, self.publisher)
        document = reviews_json(built.claims, naming)
        for sentence in lacks_in_words(Counter(chain.from_iterable(map(lacks_of, document["@graph"])))):
            tell(sentence)
        return document


class Manner(NamedTuple):
    """Wishes for a report beside its form; ``full`` is whether a terminal shows all of it, in the pager (``None``: all as it comes)."""

    reviews: Reviews = Reviews()
    publishing: Publishing = Publishing()
    watch: bool = False
    pictures: bool = False
    full: bool | None = None


_PLAIN = Manner(publishing=Publishing(style=Style.DOSSIER))


@options.takes_groups
def report(
    ctx: typer.Context,
    subject: Subject,
    shape: Shape,
    publishing: Publishing,
    reviews: Reviews,
    watch: Annotated[
        bool, typer.Option("--watch", help="Write the report again whenever the registry changes, until interrupted.")
    ] = False,
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Show thumbnails of pictures in HTML.")] = True,
    full: Annotated[bool, typer.Option("--full", help="Show all at a terminal, in the pager, and not only an overview.")] = False,
    db: options.Db = None,
) -> None:
    """Print a report as text, Markdown, HTML or JSON. The same registry gives the same bytes.

    The report covers everything, or the claims given, a case, a party with those who contradict it, or a source; --since and
    --until narrow it to a period. Of more than 7 claims, a terminal shows an overview, one line for each; --full shows all.

    \b
    Examples:
      claimreg report --case Ilyashev
      claimreg report --case Ilyashev --format md -o ilyashev.md --lang ru
      claimreg report --case Ilyashev --format html --open
      claimreg report --case Ilyashev --style public --about ilyashev.toml --format html -o ilyashev.html
      claimreg report --format html --claimreview -o all.html
      claimreg report --party "Amnesty International" --since 2020
      claimreg report C1 C2 --json
    """
    if publishing.open_ and not shape.json and _is_by_default(ctx, "format_"):
        shape = shape._replace(format_=ReportFormat.HTML)
    reviews.check(shape.form)
    publishing.check(shape.form, shape.output)
    manner = Manner(reviews, publishing, watch, pictures, None if watch and full else full)
    _write(session_of(ctx, db), subject, shape, manner=manner)


@options.takes_groups
def timeline(ctx: typer.Context, subject: Subject, shape: Shape, db: options.Db = None) -> None:
    """Print who said what, and when. Verdicts are included; entries without a date come last.

    \b
    Examples:
      claimreg timeline --case Ilyashev
      claimreg timeline --party "Amnesty International" --since 2020-06 --json
    """
    _write(session_of(ctx, db), subject, shape, sections={Section.TIMELINE})


@options.takes_groups
def contradictions(ctx: typer.Context, subject: Subject, shape: Shape, db: options.Db = None) -> None:
    """Print pairs of claims that contradict each other. Each claim is shown with the quotes of those who make it.

    \b
    Examples:
      claimreg contradictions --case Ilyashev
      claimreg contradictions --json
    """
    _write(session_of(ctx, db), subject, shape, sections={Section.CONTRADICTIONS})


class Extras(NamedTuple):
    """Content of a report beside its records: thumbnails by their sources' ids, data for programs, and what the desk says of it."""

    pictures: "Mapping[str, Thumbnail]" = MappingProxyType({})
    data: "Json | None" = None
    about: About = About()


def write_report(built: Report, words: Words, form: ReportFormat, output: Path | None) -> None:
    """Write a report in one of its forms."""
    if form is ReportFormat.TERMINAL:
        _write_text_form(built, words, output, ALL_SECTIONS, full=None)
    else:
        write_text(_document(built, words, form, ALL_SECTIONS, Extras()), output)
    _tell_written(output)


def _document(built: Report, words: Words, form: ReportFormat, sections: Container[Section], extras: Extras) -> str:
    """Return a report, or some sections of it, as a dossier in a form that is no terminal's."""
    if form is ReportFormat.JSON:
        from claimreg.render.machine import dumps, report_json

        return dumps(report_json(built, sections)) + "\n"
    if form is ReportFormat.MD:
        from claimreg.render.markdown import render_markdown

        return render_markdown(built, words, sections, extras.about)
    from claimreg.render.html import render_html

    return render_html(built, words, sections, extras.pictures, extras.data, extras.about)


def _write_text_form(built: Report, words: Words, output: Path | None, sections: Container[Section], *, full: bool | None) -> None:
    """Write a report as text. At a terminal, one of many claims is an overview, or all of it in the pager where ``full`` is wanted."""
    from claimreg.render.terminal import report_renderable

    if full is not None and stdout_is_terminal() and is_stdout(output):
        from claimreg.render.overview import LONG, overview_renderable

        if full:
            paged(report_renderable(built, words, sections))
            return
        if len(built.claims) >= LONG:
            write_renderable(overview_renderable(built, words), output)
            return
    write_renderable(report_renderable(built, words, sections), output)


def _tell_written(output: Path | None) -> None:
    if output is not None and not is_stdout(output):
        tell(f"Wrote {output}.")


class _Making(NamedTuple):
    """Making of a report: how it is wanted, and what the desk says of it."""

    shape: Shape
    manner: Manner
    sections: Container[Section]
    about: About

    def write(self, built: Report, reader: "Reader") -> tuple[Path | None, bool]:
        """Write a report; return the file it is in, and whether nothing stands against its being published."""
        shape, publishing, words = self.shape, self.manner.publishing, self.shape.words
        output, is_public = shape.output, publishing.style_of(shape.form) is Style.PUBLIC
        if shape.form is ReportFormat.TERMINAL:
            _write_text_form(built, words, output, self.sections, full=self.manner.full)
        else:
            extras = self._extras(built, reader)
            if is_public:
                text = written(Published(built, extras.about, extras.data, extras.pictures), words, shape.form, publishing.templates)
            else:
                text = _document(built, words, shape.form, self.sections, extras)
            if publishing.open_:
                output = write_page(text, output)
            else:
                write_text(text, output)
        _tell_written(output)
        may = not is_public or not tell_open_points(built, self.about, reader, strict=publishing.strict)
        return output, may

    def _extras(self, built: Report, reader: "Reader") -> Extras:
        is_page = self.shape.form is ReportFormat.HTML
        drawn = report_thumbnails(reader, built, tell) if is_page and self.manner.pictures and Section.SOURCES in self.sections else {}
        return Extras(drawn, self.manner.reviews.of(built, reader), self.about)


def _write(
    session: Session, subject: Subject, shape: Shape, *, sections: Container[Section] = ALL_SECTIONS, manner: Manner = _PLAIN
) -> None:
    words, (since, until) = shape.words, (typed_date(one, subject.dates) for one in (subject.since, subject.until))
    scope = ReportScope(tuple(subject.claim_ids or ()), subject.case, subject.party, subject.source, since, until)
    scope.check()
    making = _Making(shape, manner, sections, manner.publishing.words_about(subject.dates))
    if not manner.watch:
        # A report makes no garbage that would be worth a look, and looking takes a quarter of its time.
        gc.disable()
    with OpenRegistry(session, must_tell=True) as registry:

        def once() -> tuple[Path | None, bool]:
            built = registry.report(scope, say=words.say)
            if not built.claims:
                nothing = "There are no claims yet" if scope == ReportScope() else "There are no such claims"
                tell(f"{nothing}; the report is empty.")
            return making.write(built, registry.reader)

        page, may_be_published = once()
        if manner.publishing.open_ and page is not None:
            show_page(page)
        if manner.watch:
            _again_on_change(registry.store, once)
    # The interpreter would look through all of it once more on its way out.
    gc.freeze()
    gc.enable()
    if manner.publishing.strict and not may_be_published:
        raise typer.Exit(ExitCode.FAILED)


def _is_by_default(ctx: typer.Context, name: str) -> bool:
    """Return whether an option was not given."""
    source = ctx.get_parameter_source(name)
    return source is None or source.name in ("DEFAULT", "DEFAULT_MAP")


def _again_on_change(store: "Store", work: Callable[[], object]) -> None:
    """Do the work again each time something was recorded; ends by an interruption, which is how one stops watching."""
    with closing(store.changes()) as changes:
        tell("Watching; Ctrl-C ends it.")
        while True:
            if changes.wait(_WATCH_SECONDS):
                work()
