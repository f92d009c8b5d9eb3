"""How far long work is, for a person who waits at a terminal."""

import sys
import time

import typer

_PAUSE = 1.0


class Progress:
    """One line at the terminal that says how far it is, once a second; nothing for short work, nothing in a pipe."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()
        self._is_shown = False

    def tell(self, count: int, noun: str) -> None:
        """So many are done."""
        now = time.monotonic()
        if now - self._shown > _PAUSE and sys.stderr.isatty():
            self._shown = now
            self._is_shown = True
            typer.echo(f"\r{count:,} {noun}, {count / (now - self._started):,.1f} a second \033[K", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._is_shown = False
            typer.echo("\r\033[K", err=True, nl=False)
