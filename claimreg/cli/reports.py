"""`report`, `timeline` and `contradictions`: what leaves the registry."""

import gc
from collections import Counter
from collections.abc import Callable, Container
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, paged, session_of, stdout_is_terminal, tell
from claimreg.cli.inputs import typed_date
from claimreg.cli.output import is_stdout, write_renderable, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import UsageError
from claimreg.opening import report_thumbnails
from claimreg.render.labels import LANGUAGES, Words
from claimreg.services.reporting.pictures import Thumbnail
from claimreg.services.reporting.report import ALL_SECTIONS, Report, ReportScope, Section

if TYPE_CHECKING:
    from claimreg.render.machine import Json
    from claimreg.store.port import Reader

WATCH_SECONDS = 0.5


class ReportFormat(StrEnum):
    """Formats of a report."""

    TERMINAL = "terminal"
    MD = "md"
    HTML = "html"
    JSON = "json"


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

    lang: Annotated[str, typer.Option("--lang", metavar="TAG", help=f"Language of labels and dates: {', '.join(LANGUAGES)}.")] = LANGUAGES[
        0
    ]
    format_: Annotated[ReportFormat, typer.Option("--format", help="Output format.")] = ReportFormat.TERMINAL
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


_NO_REVIEWS = Reviews()


@options.takes_groups
def report(
    ctx: typer.Context,
    subject: Subject,
    shape: Shape,
    reviews: Reviews,
    watch: Annotated[
        bool, typer.Option("--watch", help="Write the report again whenever the registry changes, until interrupted.")
    ] = False,
    pictures: Annotated[bool, typer.Option("--pictures/--no-pictures", help="Show thumbnails of pictures in HTML.")] = True,
    full: Annotated[bool, typer.Option("--full", help="At a terminal: all that there is, in the pager, and not only an overview.")] = False,
    db: options.Db = None,
) -> None:
    """Print a report as text, Markdown, HTML or JSON. The same registry gives the same bytes.

    The report covers everything, or the claims given, a case, a party with those who contradict it, or a source; --since and
    --until narrow it to a period. Of more than 7 claims, a terminal shows an overview, one line for each; --full shows all.

    \b
    Examples:
      claimreg report --case Ilyashev
      claimreg report --case Ilyashev --format md -o ilyashev.md --lang ru
      claimreg report --case Ilyashev --format html -o ilyashev.html
      claimreg report --format html --claimreview -o all.html
      claimreg report --party "Amnesty International" --since 2020
      claimreg report C1 C2 --json
    """
    reviews.check(shape.form)
    _write(session_of(ctx, db), subject, shape, reviews=reviews, watch=watch, pictures=pictures, full=None if watch and full else full)


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


def write_report(
    built: Report,
    words: Words,
    form: ReportFormat,
    output: Path | None,
    sections: Container[Section] = ALL_SECTIONS,
    draw: Callable[[Report], dict[str, Thumbnail]] = lambda _report: {},
    data: "Callable[[Report], Json | None]" = lambda _report: None,
    *,
    full: bool | None = None,
) -> None:
    """Write a report, or some sections of it, in one of its forms; ``draw`` makes the thumbnails of a page, ``data`` what programs read.

    ``full`` is whether a terminal shows all of it, in the pager; ``None`` for all of it as it comes.
    """
    if form is ReportFormat.JSON:
        from claimreg.render.machine import dumps, report_json

        write_text(dumps(report_json(built, sections)) + "\n", output)
    elif form is ReportFormat.MD:
        from claimreg.render.markdown import render_markdown

        write_text(render_markdown(built, words, sections), output)
    elif form is ReportFormat.HTML:
        from claimreg.render.html import render_html

        thumbnails = draw(built) if Section.SOURCES in sections else {}
        write_text(render_html(built, words, sections, thumbnails, data(built)), output)
    else:
        _write_text_form(built, words, output, sections, full=full)
    if output is not None and str(output) != "-":
        tell(f"Wrote {output}.")


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


def _write(
    session: Session,
    subject: Subject,
    shape: Shape,
    *,
    sections: Container[Section] = ALL_SECTIONS,
    reviews: Reviews = _NO_REVIEWS,
    watch: bool = False,
    pictures: bool = False,
    full: bool | None = None,
) -> None:
    words, (since, until) = shape.words, (typed_date(one, subject.dates) for one in (subject.since, subject.until))
    scope = ReportScope(tuple(subject.claim_ids or ()), subject.case, subject.party, subject.source, since, until)
    scope.check()
    if not watch:
        # A report makes no garbage that would be worth a look, and looking takes a quarter of its time.
        gc.disable()
    with OpenRegistry(session, must_tell=True) as registry:

        def draw(built: Report) -> dict[str, Thumbnail]:
            return report_thumbnails(registry.reader, built, tell) if pictures else {}

        def once() -> None:
            built = registry.report(scope, say=words.say)
            if not built.claims:
                nothing = "There are no claims yet" if scope == ReportScope() else "There are no such claims"
                tell(f"{nothing}; the report is empty.")
            write_report(built, words, shape.form, shape.output, sections, draw, lambda one: reviews.of(one, registry.reader), full=full)

        once()
        if watch:
            _again_on_change(registry.reader.head, once)
    # The interpreter would look through all of it once more on its way out.
    gc.freeze()
    gc.enable()


def _again_on_change(state: Callable[[], object], work: Callable[[], None]) -> None:
    """Do the work again each time the state is another one; ends by an interruption, which is how one stops watching."""
    import time

    tell("Watching; Ctrl-C ends it.")
    known = state()
    while True:
        time.sleep(WATCH_SECONDS)
        now = state()
        if now != known:
            known = now
            work()
