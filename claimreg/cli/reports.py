"""`report`, `timeline`, `contradictions` and `demo`: what leaves the registry."""

import gc
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, session_of, tell
from claimreg.cli.output import write_renderable, write_text
from claimreg.cli.registry import OpenRegistry, transaction
from claimreg.errors import UsageError
from claimreg.opening import bundled_case, demo_registry
from claimreg.render.labels import LANGUAGES, Words
from claimreg.services.reporting.report import ALL_SECTIONS, Report, Section
from claimreg.services.reporting.scope import ReportScope

WATCH_SECONDS = 0.5


class ReportFormat(StrEnum):
    """How a report is written."""

    TERMINAL = "terminal"
    MD = "md"
    HTML = "html"
    JSON = "json"


Form = Annotated[ReportFormat, typer.Option("--format", help="For the terminal, Markdown to publish, a page of HTML, or JSON.")]
Claims = Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Only these claims; else all.")]
OfCase = Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only the claims of this case.")]
OfParty = Annotated[
    str | None, typer.Option("--party", metavar="PARTY", help="Only what this party says, and the claims that contradict it.")
]
OfSource = Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="Only what is told in this source.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what was said on this day or later.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only what was said on this day or earlier.")]
Language = Annotated[str, typer.Option("--lang", metavar="TAG", help=f"The language of labels and dates: {', '.join(LANGUAGES)}.")]
Watch = Annotated[bool, typer.Option("--watch", help="Write it again whenever the registry changes, until interrupted.")]


def report(
    ctx: typer.Context,
    claim_ids: Claims = None,
    case: OfCase = None,
    party: OfParty = None,
    source: OfSource = None,
    since: Since = None,
    until: Until = None,
    lang: Language = LANGUAGES[0],
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
    watch: Watch = False,
    db: options.Db = None,
) -> None:
    """Print a report: for the terminal, in Markdown, as a page of HTML or as JSON. The same registry gives the same bytes.

    It is about claims, a case, all that a party says and who contradicts it, a source, or everything; of a period, if wanted.

    \b
    Examples:
      claimreg report --case Ilyashev
      claimreg report --case Ilyashev --format md -o ilyashev.md --lang ru
      claimreg report --case Ilyashev --format html -o ilyashev.html
      claimreg report --party "Amnesty International" --since 2020
      claimreg report C1 C2 --json
    """
    scope = ReportScope(tuple(claim_ids or ()), case, party, source, since, until)
    form = ReportFormat.JSON if json else format_
    _write(session_of(ctx, db), scope, Words(_checked_lang(lang)), form, output, watch=watch)


def timeline(
    ctx: typer.Context,
    claim_ids: Claims = None,
    case: OfCase = None,
    party: OfParty = None,
    source: OfSource = None,
    since: Since = None,
    until: Until = None,
    lang: Language = LANGUAGES[0],
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Print who said what, and when. Verdicts stand among the statements; what has no date comes last.

    \b
    Examples:
      claimreg timeline --case Ilyashev
      claimreg timeline --party "Amnesty International" --since 2020-06 --json
    """
    scope = ReportScope(tuple(claim_ids or ()), case, party, source, since, until)
    form = ReportFormat.JSON if json else format_
    _write(session_of(ctx, db), scope, Words(_checked_lang(lang)), form, output, sections={Section.TIMELINE})


def contradictions(
    ctx: typer.Context,
    claim_ids: Claims = None,
    case: OfCase = None,
    party: OfParty = None,
    source: OfSource = None,
    since: Since = None,
    until: Until = None,
    lang: Language = LANGUAGES[0],
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Print the claims that cannot both be true, in pairs. Each has the words of those who make it.

    \b
    Examples:
      claimreg contradictions --case Ilyashev
      claimreg contradictions --json
    """
    scope = ReportScope(tuple(claim_ids or ()), case, party, source, since, until)
    form = ReportFormat.JSON if json else format_
    _write(session_of(ctx, db), scope, Words(_checked_lang(lang)), form, output, sections={Section.CONTRADICTIONS})


def demo(
    lang: Language = LANGUAGES[0],
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
) -> None:
    """Run the whole on the bundled case and leave a report to look at.

    It works in a throw-away registry. The case is real, the words of its documents were written for claimreg.

    \b
    Examples:
      claimreg demo
      claimreg demo --format html -o demo.html
    """
    words = Words(_checked_lang(lang))
    case = bundled_case()
    with demo_registry(transaction) as registry:
        registry.record_case(case)
        built = registry.report(title=case.case["title"])
    write_report(built, words, ReportFormat.JSON if json else format_, output)


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
    scope: ReportScope,
    words: Words,
    form: ReportFormat,
    output: Path | None,
    *,
    sections: AbstractSet[Section] = ALL_SECTIONS,
    watch: bool = False,
) -> None:
    scope.check()
    if not watch:
        # A report makes no garbage that would be worth a look, and looking takes a quarter of its time.
        gc.disable()
    with OpenRegistry(session, must_tell=True) as registry:

        def once() -> None:
            built = registry.report(scope, say=words.say)
            if not built.claims:
                nothing = "There are no claims yet" if scope == ReportScope() else "There are no such claims"
                tell(f"{nothing}; the report is empty.")
            write_report(built, words, form, output, sections)

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


def _checked_lang(lang: str) -> str:
    if lang not in LANGUAGES:
        raise UsageError(f"There are no labels in “{lang}”; there are {', '.join(LANGUAGES)}.")
    return lang
