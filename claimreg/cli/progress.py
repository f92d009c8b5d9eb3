"""Progress of long work, for a person who waits at a terminal."""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import typer

from claimreg.text.counted import counted

_FIRST = 1.0
_BETWEEN = 0.5


class Progress(AbstractContextManager["Progress"]):
    """One line at the terminal, taken away at the end of the ``with``; nothing for short work, nothing in a pipe."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._due = self._started + _FIRST
        self._is_shown = False

    def __exit__(self, *_error: object) -> None:
        """Take the line away."""
        self.clear()

    def begin(self, line: str) -> None:
        """Show a line at once, before there is anything to count."""
        if sys.stderr.isatty():
            self._is_shown = True
            typer.echo(f"\r\033[K{line}", err=True, nl=False)

    def tell(self, count: int, noun: str, plural: str | None = None, *, done: int = 0, of: int | None = None) -> None:
        """Show how many there are so far and how fast they come; where the whole size is known, which share is done."""
        share = f"{100 * done // of} %, " if of else ""
        self.show(lambda seconds: f"{share}{counted(count, noun, plural)}, {count / seconds:,.1f} a second")

    def show(self, line: Callable[[float], str]) -> None:
        """Show the line made of the seconds since the start, unless one was shown just now."""
        now = time.monotonic()
        if now >= self._due and sys.stderr.isatty():
            self._due = now + _BETWEEN
            self._is_shown = True
            typer.echo(f"\r\033[K{line(now - self._started)}", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._is_shown = False
            typer.echo("\r\033[K", err=True, nl=False)
