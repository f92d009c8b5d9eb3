"""The root of the commands: it loads the one that is called."""

from collections import UserDict
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from claimreg import __version__
from claimreg.cli import options
from claimreg.cli.boundary import ErrorBoundary
from claimreg.cli.hyphens import TextCommand
from claimreg.cli.settings import forget_settings, report_language, setting

GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Record": {
        "add": ("claimreg.cli.record:add", "Record a claim and who made it."),
        "attribute": ("claimreg.cli.record:attribute", "Record one more party on the same claim."),
        "relate": ("claimreg.cli.record:relate", "Record how one claim relates to another."),
        "verdict": ("claimreg.cli.record:verdict", "Record a fact-checker's rating of a claim."),
        "edit": ("claimreg.cli.change:edit", "Change records; the history keeps what they were."),
        "merge": ("claimreg.cli.merge:merge", "Merge a claim into another that says the same."),
        "rm": ("claimreg.cli.change:remove", "Remove records from listings; evidence and history stay."),
        "undo": ("claimreg.cli.undo:undo", "Undo what you did last; the history keeps both."),
    },
    "Find": {
        "list": ("claimreg.cli.browse:list_claims", "List the claims."),
        "show": ("claimreg.cli.show:show", "Show records with everything that belongs to them."),
        "search": ("claimreg.cli.browse:search", "Find claims by words, in any script, despite typing errors."),
        "match": ("claimreg.cli.match:match", "Find the recorded claims most like each given statement."),
        "history": ("claimreg.cli.browse:history", "Show who changed what, and when."),
    },
    "Check": {
        "link": ("claimreg.cli.quotes:link", "Find the quotes in the stored sources."),
        "check": ("claimreg.cli.quotes:check", "Check whether a quote is in a text, and what was altered."),
        "proof": ("claimreg.cli.proof:proof", "Check whether all quotations of a draft stand."),
        "extract": ("claimreg.cli.extract:extract", "Propose the attributed statements found in a document."),
        "scan": ("claimreg.cli.scan:scan", "Find many quotes in many documents."),
    },
    "Review and report": {
        "review": ("claimreg.cli.review:review", "Confirm or reject suggestions, one by one."),
        "report": ("claimreg.cli.reports:report", "Print a report as text, Markdown, HTML or JSON."),
        "timeline": ("claimreg.cli.reports:timeline", "Print who said what, and when."),
        "contradictions": ("claimreg.cli.reports:contradictions", "Print pairs of claims that contradict each other."),
        "demo": ("claimreg.cli.demo:demo", "Record the bundled example case and print its report."),
    },
    "Sources, parties, cases": {
        "source": ("claimreg.cli.source:app", "Manage sources: the documents that quotes are found in."),
        "party": ("claimreg.cli.party:app", "Manage parties: the persons and bodies that speak."),
        "case": ("claimreg.cli.case:app", "Manage cases: the dossiers that claims belong to."),
        "tag": ("claimreg.cli.tag:app", "Manage tags: the words that claims are sorted by."),
    },
    "Exchange": {
        "import": ("claimreg.cli.exchange:import_claims", "Record many claims from a file, or the records of a bundle."),
        "export": ("claimreg.cli.exchange:export", "Write claims for other programs, or with all their evidence."),
    },
    "Look after": {
        "config": ("claimreg.cli.config:app", "Show and change settings: registry, user, language."),
        "verify": ("claimreg.cli.maintain:verify", "Check that everything is as it was recorded."),
        "stamp": ("claimreg.cli.stamp:stamp", "Have an authority time-stamp the history (RFC 3161)."),
        "doctor": ("claimreg.cli.maintain:doctor", "Look for problems, and say how to mend them."),
        "copy": ("claimreg.cli.copy:copy", "Copy a registry into a folder or a PostgreSQL database."),
        "backup": ("claimreg.cli.maintain:backup", "Copy the registry into a new folder."),
        "restore": ("claimreg.cli.maintain:restore", "Replace the registry with a copy; the old one is kept."),
        "upgrade": ("claimreg.cli.upgrade:upgrade", "Bring a registry of an older claimreg up to date."),
        "compact": ("claimreg.cli.maintain:compact", "Free space that is no longer used."),
        "stats": ("claimreg.cli.maintain:stats", "Count the records of the registry."),
        "completion": ("claimreg.cli.completion:completion", "Print the script for a shell to complete words."),
        "init": ("claimreg.cli.setup:init", "Make an empty registry."),
    },
}
"""The commands under the headings of the help: where each is, and its first sentence."""

COMMANDS = {name: row for rows in GROUPS.values() for name, row in rows.items()}


class LazyCommands(UserDict[str, Any]):
    """Commands by their names; each is imported and built at its first use: start-up pays for one command, not for all."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- Typer's command class is not public
        found = self.data[name]
        if isinstance(found, tuple):
            module, attribute = found[0].split(":")
            found = self.data[name] = _built(name, getattr(import_module(module), attribute))
        return found


def _built(name: str, target: Any) -> Any:  # noqa: ANN401 -- as above
    if not isinstance(target, typer.Typer):
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name, cls=TextCommand)(target)
        target = single
    command = get_command(target)
    command.name = name
    return command


class RootGroup(ErrorBoundary):
    """A group of the commands, each imported when it is called."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 -- handed on to Typer
        super().__init__(**attributes)
        self.commands = LazyCommands(COMMANDS)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 -- as above
        """Return the names, in the order of the help."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 -- Typer's signature
        """Write the commands under their headings, without importing any."""
        width = max(map(len, COMMANDS))
        for heading, rows in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), text) for name, (_where, text) in rows.items()])


app = typer.Typer(
    name="claimreg",
    cls=RootGroup,
    rich_markup_mode=None,
    # The command `completion` knows ids and names as well, and answers in a tenth of the time.
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 -- Typer calls it
    if wanted:
        typer.echo(f"claimreg {__version__}")
        raise typer.Exit


@app.callback(epilog="Start with `claimreg demo`; `claimreg COMMAND -h` shows examples.")
def root(
    ctx: typer.Context,
    db: options.Db = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    verbose: options.Verbose = False,
    lang: options.ShownLang = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Keep a registry of claims: who said what, in which words, in which source, and what was altered."""
    del version
    forget_settings()
    # Defaults of options, called only where these are not given.
    of_reports = {"lang": lambda: report_language(lang), "format_": lambda: setting("report.format").text}
    ctx.default_map = dict.fromkeys(("report", "timeline", "contradictions", "demo"), of_reports)
    ctx.obj = {"db": db, "debug": debug, "verbose": verbose, "lang": lang}
