"""The root of the commands: loads the one that is asked for, and is the one boundary where errors become sentences and exit codes."""

from typing import Annotated, Any

import typer

from claimreg import __version__
from claimreg.cli.boundary import ErrorBoundary
from claimreg.cli.lazy import LazyCommands
from claimreg.cli.settings import forget_settings, setting

COMMANDS: dict[str, tuple[str, str]] = {
    "add": ("claimreg.cli.record:add", "Record a claim and who made it."),
    "attribute": ("claimreg.cli.record:attribute", "Record one more party on the same claim."),
    "list": ("claimreg.cli.browse:list_claims", "List the claims."),
    "show": ("claimreg.cli.show:show", "Show a record with all that hangs on it."),
    "search": ("claimreg.cli.browse:search", "Find claims by words: with slips, other endings, in any script."),
    "match": ("claimreg.cli.match:match", "Say whether statements have been registered before, and as which claims."),
    "edit": ("claimreg.cli.change:edit", "Change a record; what it was stays in the history."),
    "rm": ("claimreg.cli.change:remove", "Take a record out of all listings; its evidence and history stay."),
    "history": ("claimreg.cli.browse:history", "Show who changed what, and when."),
    "relate": ("claimreg.cli.judge:relate", "Record how one claim stands to another."),
    "verdict": ("claimreg.cli.judge:verdict", "Record a fact-checker's rating of a claim."),
    "link": ("claimreg.cli.quotes:link", "Find the quotes in the stored sources."),
    "check": ("claimreg.cli.quotes:check", "Is this quote really there, and what was altered? Records nothing."),
    "scan": ("claimreg.cli.scan:scan", "Link many quotes against a whole corpus."),
    "review": ("claimreg.cli.review:review", "Look at what was proposed, one by one: confirm it or reject it."),
    "source": ("claimreg.cli.source:app", "Add, list and show sources: the documents that quotes are looked for in."),
    "party": ("claimreg.cli.party:app", "List, show, name, merge and split parties: those who speak."),
    "report": ("claimreg.cli.reports:report", "Print a report: for the terminal, in Markdown, as a page of HTML or as JSON."),
    "timeline": ("claimreg.cli.reports:timeline", "Print who said what, and when."),
    "contradictions": ("claimreg.cli.reports:contradictions", "Print the claims that cannot both be true, in pairs."),
    "import": ("claimreg.cli.transfer:import_claims", "Record many claims at once from a file, or take over a bundle."),
    "export": ("claimreg.cli.bundle:export", "Write claims with all their evidence into one file that anybody can check."),
    "verify": ("claimreg.cli.maintain:verify", "Check that everything is as it was recorded."),
    "stamp": ("claimreg.cli.stamp:stamp", "Have an authority confirm that the history is there now (RFC 3161)."),
    "doctor": ("claimreg.cli.maintain:doctor", "Look for what may go wrong, and say how to mend it."),
    "backup": ("claimreg.cli.maintain:backup", "Copy the registry into a new folder."),
    "restore": ("claimreg.cli.maintain:restore", "Bring a copy back; what was there is kept beside it."),
    "compact": ("claimreg.cli.maintain:compact", "Give space back that is no longer used."),
    "stats": ("claimreg.cli.maintain:stats", "Count what the registry holds."),
    "config": ("claimreg.cli.config:app", "Show and set what holds when a command does not say: registry, user, language."),
    "init": ("claimreg.cli.setup:init", "Make an empty registry."),
    "demo": ("claimreg.cli.reports:demo", "Run the whole on the bundled case and leave a report to look at."),
}


class RootGroup(ErrorBoundary):
    """The commands by name, each imported when it is called for."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 -- handed on to Typer
        super().__init__(**attributes)
        self.commands = LazyCommands(COMMANDS)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 -- as above
        """The names, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 -- Typer's signature
        """The commands with their help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_where, text) in COMMANDS.items()])


app = typer.Typer(
    name="claimreg",
    cls=RootGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


_OF_REPORTS = {"lang": lambda: setting("report.lang").text, "format_": lambda: setting("report.format").text}
"""Where those commands' options are not given; called only then."""


def _print_version(wanted: bool) -> None:  # noqa: FBT001 -- Typer calls it
    if wanted:
        typer.echo(f"claimreg {__version__}")
        raise typer.Exit


@app.callback(epilog="Start with `claimreg demo`; each command tells its examples with -h.")
def root(
    ctx: typer.Context,
    db: Annotated[str | None, typer.Option("--db", metavar="LOCATION", help="The registry: a folder or memory:. Also CLAIMREG_DB.")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell of what is done on the side.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Keep a registry of claims: who said what, in which words, in which source, and what was altered."""
    del version
    forget_settings()
    ctx.default_map = dict.fromkeys(("report", "timeline", "contradictions", "demo"), _OF_REPORTS)
    ctx.obj = {"db": db, "debug": debug, "verbose": verbose}
