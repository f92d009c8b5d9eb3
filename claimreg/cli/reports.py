"""`report`, `timeline`, `contradictions` and `demo`: what leaves the registry."""

import gc
import json as jsonlib
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, make_linker, reading, session_of, tell
from claimreg.cli.output import write_renderable, write_text
from claimreg.cli.registry import transaction
from claimreg.errors import InputError, UsageError
from claimreg.model import Change, Claim
from claimreg.render.labels import LANGUAGES, Words
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.fields import checked_date
from claimreg.services.recording.parties import require_party
from claimreg.services.recording.sources import require_source
from claimreg.services.reporting.report import ALL_SECTIONS, Period, Report, Section, build_report, claims_of_party, claims_of_source
from claimreg.services.withholding import named_or_withheld
from claimreg.store.port import Reader

if TYPE_CHECKING:
    from claimreg.services.exchange.casefile import CaseFile

DEMO_CHANGE = Change(user="demo", at="2026-01-01T00:00:00Z", action="demo")
"""The demo's user and time are fixed, so that its reports are the same on every machine."""

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


@dataclass(frozen=True)
class Scope:
    """Scope of a report, as a person gave it."""

    claim_ids: tuple[str, ...] = ()
    case: str | None = None
    party: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        """Raise `UsageError` where it cannot be."""
        if sum(map(bool, (self.claim_ids, self.case, self.party, self.source))) > 1:
            raise UsageError("Give claims, --case, --party or --source: one of them.")


@options.takes_groups
def report(
    ctx: typer.Context,
    subject: Subject,
    shape: Shape,
    watch: Annotated[
        bool, typer.Option("--watch", help="Write the report again whenever the registry changes, until interrupted.")
    ] = False,
    db: options.Db = None,
) -> None:
    """Print a report as text, Markdown, HTML or JSON. The same registry gives the same bytes.

    The report covers everything, or the claims given, a case, a party with those who contradict it, or a source; --since and
    --until narrow it to a period.

    \b
    Examples:
      claimreg report --case Ilyashev
      claimreg report --case Ilyashev --format md -o ilyashev.md --lang ru
      claimreg report --case Ilyashev --format html -o ilyashev.html
      claimreg report --party "Amnesty International" --since 2020
      claimreg report C1 C2 --json
    """
    _write(session_of(ctx, db), subject, shape, watch=watch)


@options.takes_groups
def timeline(
    ctx: typer.Context,
    subject: Subject,
    shape: Shape,
    db: options.Db = None,
) -> None:
    """Print who said what, and when. Verdicts are included; entries without a date come last.

    \b
    Examples:
      claimreg timeline --case Ilyashev
      claimreg timeline --party "Amnesty International" --since 2020-06 --json
    """
    _write(session_of(ctx, db), subject, shape, sections={Section.TIMELINE})


@options.takes_groups
def contradictions(
    ctx: typer.Context,
    subject: Subject,
    shape: Shape,
    db: options.Db = None,
) -> None:
    """Print pairs of claims that contradict each other. Each claim is shown with the quotes of those who make it.

    \b
    Examples:
      claimreg contradictions --case Ilyashev
      claimreg contradictions --json
    """
    _write(session_of(ctx, db), subject, shape, sections={Section.CONTRADICTIONS})


@options.takes_groups
def demo(shape: Shape) -> None:
    """Record the bundled example case and print its report.

    The registry is a temporary one. The case is real; the texts of its documents were written for claimreg.

    \b
    Examples:
      claimreg demo
      claimreg demo --format html -o demo.html
    """
    from claimreg.services.exchange.casefile import record_case
    from claimreg.store.memory import MemoryStore

    words = shape.words
    store = MemoryStore()
    file = bundled_case()
    with transaction(store, DEMO_CHANGE) as writer:
        record_case(writer, file, make_linker())
    with store.snapshot() as reader:
        built = build_report(reader, reader.find(Claim), file.case["title"])
    write_report(built, words, shape.form, shape.output)


def write_report(
    built: Report, words: Words, form: ReportFormat, output: Path | None, sections: AbstractSet[Section] = ALL_SECTIONS
) -> None:
    """Write a report, or some sections of it, in one of its forms."""
    if form is ReportFormat.JSON:
        from claimreg.render.machine import dumps, report_json

        write_text(dumps(report_json(built, sections)) + "\n", output)
    elif form is ReportFormat.MD:
        from claimreg.render.markdown import render_markdown

        write_text(render_markdown(built, words, sections), output)
    elif form is ReportFormat.HTML:
        from claimreg.render.html import render_html

        write_text(render_html(built, words, sections), output)
    else:
        from claimreg.render.terminal import report_renderable

        write_renderable(report_renderable(built, words, sections), output)
    if output is not None and str(output) != "-":
        tell(f"Wrote {output}.")


def _write(
    session: Session,
    subject: Subject,
    shape: Shape,
    *,
    sections: AbstractSet[Section] = ALL_SECTIONS,
    watch: bool = False,
) -> None:
    scope, words = Scope(tuple(subject.claim_ids or ()), *subject[1:]), shape.words
    period = Period(checked_date(scope.since) if scope.since else None, checked_date(scope.until) if scope.until else None)
    if not watch:
        # A report makes no garbage that would be worth a look, and looking takes a quarter of its time.
        gc.disable()
    with reading(session) as store:

        def once() -> None:
            with store.snapshot() as reader:
                claims, title = _chosen(reader, scope, words)
                built = build_report(reader, claims, title, period)
            if not built.claims:
                tell(
                    "There are no claims yet; the report is empty."
                    if scope == Scope()
                    else "There are no such claims; the report is empty."
                )
            write_report(built, words, shape.form, shape.output, sections)

        once()
        if watch:
            _again_on_change(store.head, once)
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


def _chosen(reader: Reader, scope: Scope, words: Words) -> tuple[list[Claim], str]:
    """The claims that a report is about, and its title."""
    if scope.claim_ids:
        claims = [require(reader, Claim, one) for one in dict.fromkeys(scope.claim_ids)]
        return claims, f"{words.say('Claims')} {', '.join(claim.id for claim in claims)}"
    if scope.case is not None:
        return list(claims_of_case(reader, scope.case)), scope.case
    if scope.party is not None:
        party = require_party(reader, scope.party)
        return list(claims_of_party(reader, party)), party.name
    if scope.source is not None:
        source = require_source(reader, scope.source)
        return list(claims_of_source(reader, source)), named_or_withheld(source).title
    return list(reader.find(Claim)), words.say("All claims")


def bundled_case() -> "CaseFile":
    """The case that comes with claimreg, see `data/README.md`."""
    from importlib.resources import files

    from claimreg.services.exchange.casefile import CaseFile
    from claimreg.services.recording.sources import IncomingDocument

    package = Path(str(files("claimreg")))
    folder = next((one for one in (package / "data" / "demo", package.parent / "data" / "demo") if one.is_dir()), None)
    if folder is None:
        raise InputError("The bundled case is missing; install claimreg again.")
    case = jsonlib.loads((folder / "case.json").read_text(encoding="utf-8"))
    contents = {one["file"]: (folder / one["file"]).read_bytes() for one in case["sources"]}
    documents = {name: IncomingDocument(content, content.decode("utf-8"), location=name) for name, content in contents.items()}
    return CaseFile(case, documents)
