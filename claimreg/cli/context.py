"""Surroundings of a command: the registry, the streams, the clock and the user, joined in one place."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import typer

from claimreg.cli.settings import of_folder, of_user, setting
from claimreg.config import Where
from claimreg.errors import NeedsAnswerError, NotFoundError, WithheldError
from claimreg.render.safe import shortened, visible
from claimreg.store.locations import password_advice, shown_location
from claimreg.store.port import Store

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from claimreg.rank.index import StatementIndex

WorkT = TypeVar("WorkT")

PIPED_WIDTH = 100
LONGEST_PATH = 400  # code points that are shown of one


@dataclass(frozen=True)
class Session:
    """One command's surroundings. ``location`` is the registry's; ``yes`` and ``no_input`` say how questions are answered.

    ``verbose`` says whether to tell of what is done on the side, ``is_named`` whether somebody named the registry: it is not the usual one.
    ``reveals`` says whether withheld sources are to be shown.
    """

    location: str
    yes: bool = False
    no_input: bool = False
    verbose: bool = False
    is_named: bool = False
    reveals: bool = False

    @property
    def shown(self) -> str:
        """The registry's location as it may be shown and logged."""
        return shown_location(self.location)

    def open(self, *, create: bool = False) -> Store:
        """Open the registry; the usual one reads as empty where it is not there, and is made only to be written to.

        Raises `NotFoundError` where one that is to be read was named, and is not there.
        """
        from claimreg.store.factory import open_store, registry_exists

        if not create and not registry_exists(self.location):
            self.tell_of_none()
            return open_store("memory:", create=False)
        return self.checked(open_store(self.location, create=create))

    def checked(self, store: Store) -> Store:
        """A store that was opened; raises `WithheldError`, and closes it, where it is to show withheld sources to who may not see them."""
        if self.reveals and not store.sees_withheld:
            store.close()
            raise WithheldError(
                f"Your role in {self.shown} may not see withheld sources; leave --reveal out, or ask a keeper of the registry."
            )
        return store

    def tell_of_none(self) -> None:
        """Tell the person that no registry is there yet; raises `NotFoundError` where one was named."""
        self.refuse_none()
        tell(f"There is no registry in {shortened(self.shown, LONGEST_PATH)} yet; the first `claimreg add` makes it.")

    def refuse_none(self) -> None:
        """Raise `NotFoundError` where the registry that was named is not there."""
        if self.is_named:
            from claimreg.services.nearest import nearest_names
            from claimreg.store.factory import folder_of, registries_beside

            beside = {one.name: one for one in registries_beside(self.location)}
            nearest = ", ".join(shortened(str(beside[name]), LONGEST_PATH) for name in nearest_names(folder_of(self.location).name, beside))
            told = f", but in {nearest}" if nearest else ""
            raise NotFoundError(f"There is no registry in {shortened(self.shown, LONGEST_PATH)}{told}; `claimreg init` makes one.")

    def tell_aside(self, sentence: str) -> None:
        """A sentence on what is done on the side, for those who want to know."""
        if self.verbose:
            tell(sentence)

    def ask_index(self, store: Store, work: "Callable[[StatementIndex], WorkT]", *, whole: bool = False) -> "WorkT":
        """Return what ``work`` makes of the up-to-date search index; progress is shown when it takes long, details to the verbose.

        With ``whole`` it is read to its end at once, see `claimreg.services.finding.claim_index.ask`.
        """
        from claimreg.cli.progress import Progress
        from claimreg.services.finding.claim_index import ask

        with Progress() as progress:
            return ask(store, work, self.tell_aside, lambda claims: progress.tell(claims, "indexed claim"), whole=whole)

    @property
    def may_ask(self) -> bool:
        """Return whether somebody is there to answer."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str, otherwise: str) -> bool:
        """Ask a question; nobody there to answer and no `--yes`, it raises `NeedsAnswerError` with the sentence ``otherwise``."""
        if self.yes:
            return True
        if not self.may_ask:
            raise NeedsAnswerError(otherwise)
        try:
            return typer.confirm(visible(question), err=True)
        except typer.Abort as abort:
            # Typer makes one of an interruption and of the end of input.
            if isinstance(abort.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            raise NeedsAnswerError(otherwise or f"Nobody answered: {question}") from None


def session_of(ctx: typer.Context, db: str | None = None, *, yes: bool = False, no_input: bool = False, verbose: bool = False) -> Session:
    """A command's session, on the registry given with `--db`, else that of the settings; what in their files does not count is told."""
    root = ctx.find_root().obj or {}
    for sentence in (*of_folder().passed_over, *of_user().passed_over):
        tell(sentence)
    registry = setting("registry", db or root.get("db"))
    if advice := password_advice(registry.text):
        tell(advice)
    return Session(
        location=registry.text,
        yes=yes,
        no_input=no_input,
        verbose=verbose or bool(root.get("verbose")),
        is_named=registry.where is not Where.DEFAULT,
        reveals=bool(ctx.params.get("reveal")),
    )


def reading(session: Session) -> AbstractContextManager[Store]:
    """The registry, for reading, closed at the end of the block."""
    return closing(session.open())


def user_name() -> str:
    """Return the user's name: as the settings say, else the system's."""
    return setting("user").text


def tell(sentence: str) -> None:
    """A sentence for the person, beside the results."""
    typer.echo(visible(sentence), err=True)


def tell_check(area: str) -> None:
    """Tell a person at a terminal which part is being checked now."""
    if sys.stderr.isatty():
        tell(f"Checking {area} …")


def stdout_is_terminal() -> bool:
    """Return whether results go to a person's terminal."""
    return sys.stdout.isatty()


def colour_is_forced() -> bool:
    """Return whether colours are wanted even in a pipe."""
    return bool(os.environ.get("FORCE_COLOR")) and "NO_COLOR" not in os.environ


def console(*, width: int | None = None) -> "Console":
    """A Rich console on standard output that never reads markup out of text."""
    from rich.console import Console

    width = width or (None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH)
    return Console(file=sys.stdout, markup=False, emoji=False, highlight=False, width=width)


def piped_width() -> int:
    """Return the width of what goes to a file or a pipe: as the environment says, else one for all."""
    return int(columns) if (columns := os.environ.get("COLUMNS", "")).isdigit() and int(columns) else PIPED_WIDTH


def rendered(content: "RenderableType") -> str:
    """Rich content as plain text, for a file."""
    import io

    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, markup=False, emoji=False, highlight=False, width=piped_width(), color_system=None).print(content)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def paged(content: "RenderableType") -> None:
    """Rich content in the user's pager, with colours unless they are not wanted."""
    # `less` shows colours only when told to; what the user told it stays.
    os.environ.setdefault("LESS", "-R")
    if pager := setting("pager").text:
        os.environ["PAGER"] = pager
    terminal = console()
    with terminal.pager(styles="NO_COLOR" not in os.environ):
        terminal.print(content)
