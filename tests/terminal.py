"""A terminal that a command under test believes in: it is typed at, it can be resized, and it shows what a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path
from typing import Self

import pyte

LONGEST = 8.0


class Terminal:
    """A command at a terminal of its own, for the time of the block."""

    def __init__(self, command: list[str], env: dict[str, str], cwd: Path, *, columns: int = 80, lines: int = 24) -> None:
        self.fd, theirs = pty.openpty()
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.printed = b""
        _set_size(theirs, columns, lines)
        self.process = subprocess.Popen(
            command,
            env=env,
            cwd=cwd,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take,  # noqa: PLW1509 -- the tests run no threads
        )
        os.close(theirs)

    @property
    def screen(self) -> list[str]:
        """The lines of the screen."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def shown(self) -> str:
        """The screen as one text; words that are cut at a line's end are not put together."""
        return "\n".join(self.screen)

    def wait_for(self, *texts: str) -> str:
        """Read until all of the texts are on the screen."""
        end = time.monotonic() + LONGEST
        while not all(text in self.shown for text in texts):
            assert self.read_on(end - time.monotonic()), f"{texts} never came; the screen:\n{self.shown}"
        return self.shown

    def press(self, keys: str | bytes, *then: str) -> str:
        """Type, and wait for texts."""
        os.write(self.fd, keys.encode() if isinstance(keys, str) else keys)
        return self.wait_for(*then)

    def settles(self, quiet: float = 0.1) -> str:
        """Read until nothing came for so many seconds; the screen."""
        while self.read_on(quiet):
            pass
        return self.shown

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._screen.resize(lines, columns)
        _set_size(self.fd, columns, lines)

    def ends(self) -> int:
        """Wait for the end of the command; its exit code."""
        end = time.monotonic() + LONGEST
        while self.read_on(end - time.monotonic()):
            pass
        return self.process.wait(timeout=LONGEST)

    def kill(self) -> None:
        """End it at once."""
        self.process.send_signal(signal.SIGKILL)
        self.ends()

    def typed_shows(self) -> bool:
        """Whether the terminal shows what is typed, as it does when no program holds it."""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.fd)

    def read_on(self, seconds: float) -> bool:
        """Read what comes within so many seconds; whether anything came."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, seconds))
        try:
            piece = os.read(self.fd, 65536) if ready else b""
        except OSError:
            # So Linux tells that the other side has gone.
            piece = b""
        self.printed += piece
        self._stream.feed(piece)
        return bool(piece)


def _set_size(terminal: int, columns: int, lines: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _take() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
