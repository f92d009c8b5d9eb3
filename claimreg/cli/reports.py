"""`report` and `demo`: what leaves the registry."""

import json as jsonlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import make_linker, reading, session_of, tell
from claimreg.cli.output import write_renderable, write_text
from claimreg.errors import InputError, UsageError
from claimreg.model import Change, Claim
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.report import Report, build_report
from claimreg.store.port import Reader

if TYPE_CHECKING:
    from claimreg.services.casefile import CaseFile

DEMO_CHANGE = Change(user="demo", at="2026-01-01T00:00:00Z", action="demo")
"""The demo's user and time are fixed, so that its reports are the same on every machine."""


class ReportFormat(StrEnum):
    """How a report is written."""

    TERMINAL = "terminal"
    MD = "md"
    JSON = "json"


Form = Annotated[ReportFormat, typer.Option("--format", help="For the terminal, Markdown to publish, or JSON.")]


def report(
    ctx: typer.Context,
    claim_ids: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Only these claims; else all.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only the claims of this case.")] = None,
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Print a report: for the terminal, in Markdown or as JSON. The same registry gives the same bytes.

    \b
    Examples:
      claimreg report --case Ilyashev
      claimreg report --case Ilyashev --format md -o ilyashev.md
      claimreg report C1 C2 --json
    """
    if claim_ids and case:
        raise UsageError("Give claims or --case, not both.")
    with reading(session_of(ctx, db)) as store, store.snapshot() as reader:
        built = build_report(reader, _claims(reader, claim_ids, case), _title(claim_ids, case))
        if not built.claims:
            tell("There are no such claims; the report is empty." if case else "There are no claims yet; the report is empty.")
    write_report(built, ReportFormat.JSON if json else format_, output)


def demo(
    format_: Form = ReportFormat.TERMINAL,
    json: options.Json = False,
    output: options.Output = None,
) -> None:
    """Run the whole on the bundled case and leave a report to look at.

    It works in a throw-away registry. The case is real, the words of its documents were written for claimreg.

    \b
    Examples:
      claimreg demo
      claimreg demo --format md -o demo.md
    """
    from claimreg.services.casefile import record_case
    from claimreg.store.memory import MemoryStore

    store = MemoryStore()
    file = bundled_case()
    with store.write(DEMO_CHANGE) as writer:
        record_case(writer, file, make_linker())
    with store.snapshot() as reader:
        built = build_report(reader, reader.find(Claim), file.case["title"])
    write_report(built, ReportFormat.JSON if json else format_, output)


def write_report(built: Report, form: ReportFormat, output: Path | None) -> None:
    """Write a report in one of its forms."""
    if form is ReportFormat.JSON:
        from claimreg.render.machine import dumps, report_json

        write_text(dumps(report_json(built)) + "\n", output)
    elif form is ReportFormat.MD:
        from claimreg.render.markdown import render_markdown

        write_text(render_markdown(built), output)
    else:
        from claimreg.render.terminal import report_renderable

        write_renderable(report_renderable(built), output)
    if output is not None and str(output) != "-":
        tell(f"Wrote {output}.")


def _claims(reader: Reader, claim_ids: list[str] | None, case: str | None) -> list[Claim]:
    if claim_ids:
        return [require(reader, Claim, one) for one in dict.fromkeys(claim_ids)]
    return list(claims_of_case(reader, case) if case is not None else reader.find(Claim))


def _title(claim_ids: list[str] | None, case: str | None) -> str:
    if case is not None:
        return case
    return "Claims " + ", ".join(dict.fromkeys(one.strip().upper() for one in claim_ids)) if claim_ids else "All claims"


def bundled_case() -> "CaseFile":
    """The case that comes with claimreg, see `data/README.md`."""
    from importlib.resources import files

    from claimreg.services.casefile import CaseFile
    from claimreg.services.sources import IncomingDocument

    package = Path(str(files("claimreg")))
    folder = next((one for one in (package / "data" / "demo", package.parent / "data" / "demo") if one.is_dir()), None)
    if folder is None:
        raise InputError("The bundled case is missing; install claimreg again.")
    case = jsonlib.loads((folder / "case.json").read_text(encoding="utf-8"))
    contents = {one["file"]: (folder / one["file"]).read_bytes() for one in case["sources"]}
    documents = {name: IncomingDocument(content, content.decode("utf-8"), location=name) for name, content in contents.items()}
    return CaseFile(case, documents)
