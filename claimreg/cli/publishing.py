"""Options and writing of a report for readers, and showing a page in the browser."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli.context import tell
from claimreg.cli.inputs import day_order
from claimreg.cli.options import ReportFormat
from claimreg.cli.output import is_stdout, write_text
from claimreg.cli.settings import setting, user_file
from claimreg.errors import InputError, UsageError
from claimreg.render.safe import one_line
from claimreg.services.recording.fields import checked_order
from claimreg.services.reporting.about import LARGEST, About, read_about

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.render.labels import Words
    from claimreg.render.machine import Json
    from claimreg.services.reporting.pictures import Thumbnail
    from claimreg.services.reporting.report import Report
    from claimreg.store.port import Reader
    from claimreg.vocabulary import DayOrder

TEMPLATES = "templates"
"""Name of the folder, beside the user's own settings, whose templates take the place of the package's."""

NAMED = 12
"""Places of an open point that are named; with --strict, all are."""


class Style(StrEnum):
    """Styles of a report: the work paper of a desk, and what its readers get."""

    DOSSIER = "dossier"
    PUBLIC = "public"


class Publishing(NamedTuple):
    """Options of what readers get."""

    style: Annotated[
        Style | None,
        typer.Option(
            "--style",
            help="A dossier, with ids and all there is to check, or what readers get [default: the setting report.style]",
            show_default=False,
        ),
    ] = None
    about: Annotated[
        Path | None,
        typer.Option("--about", metavar="FILE", help="Title, lead, dates and more of the report, in TOML.", show_default=False),
    ] = None
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="FOLDER",
            help="Your own templates of --style public [default: the folder templates beside your settings, if it is there]",
            show_default=False,
        ),
    ] = None
    strict: Annotated[
        bool, typer.Option("--strict", help="With --style public: exit code 1 where a quote was not checked by a person, or found nowhere.")
    ] = False
    open_: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False

    def style_of(self, form: ReportFormat) -> Style:
        """Return the style that is asked for; that of the settings is about what is published only: Markdown and pages."""
        if self.style is not None:
            return self.style
        is_document = form in (ReportFormat.MD, ReportFormat.HTML)
        return Style(setting("report.style").text) if is_document else Style.DOSSIER

    def check(self, form: ReportFormat, output: Path | None) -> None:
        """Raise `UsageError` for options that do not go together."""
        is_public = self.style_of(form) is Style.PUBLIC
        if is_public and form is ReportFormat.TERMINAL:
            raise UsageError("--style public is for readers, not for the terminal; give --format md or html, or --json for its values.")
        if not is_public and (self.strict or self.template is not None):
            raise UsageError(f"{'--strict' if self.strict else '--template'} goes with --style public.")
        if not is_public and self.about is not None and form not in (ReportFormat.MD, ReportFormat.HTML):
            raise UsageError("--about is for reports that are published; give --format md or html.")
        if self.open_ and form is not ReportFormat.HTML:
            raise UsageError("--open shows a page; it goes with --format html.")
        if self.open_ and output is not None and is_stdout(output):
            raise UsageError("--open shows a page from a file; name one with -o, or leave -o away.")

    def words_about(self, order: "DayOrder | None") -> About:
        """Return what the desk says of the report; raises `InputError` for a file that cannot be read, `UsageError` for a mistake in it."""
        if self.about is None:
            return About()
        try:
            with self.about.open("rb") as file:
                content = file.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(f"The file {self.about} cannot be read: {why}.") from error
        return read_about(content, one_line(str(self.about)), checked_order(day_order(order)))

    @property
    def templates(self) -> Path | None:
        """The folder of the desk's own templates: the one that is named, else the user's, where it is there."""
        if self.template is not None:
            return self.template
        own = user_file()
        folder = Path(own).parent / TEMPLATES if own else None
        return folder if folder is not None and folder.is_dir() else None


class Published(NamedTuple):
    """Content of a report for readers: its records, the desk's words, data for programs, and pictures by their sources' ids."""

    report: "Report"
    about: About
    data: "Json | None"
    pictures: "Mapping[str, Thumbnail]"


def written(published: Published, words: "Words", form: ReportFormat, templates: Path | None) -> str:
    """Return a report as its readers get it; raises `UsageError` for a template that cannot be used."""
    from claimreg.render.publication.page import publication, publication_json

    variables = publication(published.report, words, published.about, published.pictures)
    if form is ReportFormat.JSON:
        from claimreg.render.machine import dumps

        return dumps(publication_json(variables)) + "\n"
    if form is ReportFormat.MD:
        from claimreg.render.publication.write import publication_markdown

        return publication_markdown(variables, words, templates)
    from claimreg.render.publication.write import publication_html

    return publication_html(variables, words, templates, published.data)


def tell_open_points(report: "Report", about: About, reader: "Reader", *, strict: bool) -> bool:
    """Tell on standard error what to look at before a report is published; return whether any of it stands against that."""
    from claimreg.services.reporting.before_publishing import before_publishing

    remarks = before_publishing(report, about, reader)
    if remarks:
        tell("Before you publish:")
    for remark in remarks:
        tell(f"- {one_line(remark.told(None if strict else NAMED))}")
    return any(remark.stops for remark in remarks)


def write_page(text: str, output: Path | None) -> Path:
    """Write a page to a file, else to a new one that nobody else may read and that stays; return its path."""
    import tempfile

    path = output or Path(tempfile.mkdtemp(prefix="claimreg-")) / "report.html"
    write_text(text, path)
    return path


def show_page(path: Path) -> None:
    """Show a page in the person's browser; raises `InputError` where there is none."""
    import webbrowser

    if not webbrowser.open(path.absolute().as_uri()):
        raise InputError(f"No browser could be started; the page is in {path}. Say which browser you use with BROWSER.")
