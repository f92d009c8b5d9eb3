"""Keys as they are pressed, without Enter: a few lines over the terminal itself (POSIX).

The libraries for this set the terminal anew for each key, so that what is typed between two keys shows on the screen, and wait
without end, so that a window that changes its size is not noticed.
"""

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import Any, Self

from claimreg.errors import NeedsAnswerError
from claimreg.languages import languages

PASTE_BEGINS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
TELL_OF_PASTES, TELL_NO_MORE = "\x1b[?2004h", "\x1b[?2004l"

_NAMED = {
    b"\x1b[A": "up", b"\x1bOA": "up", b"\x1b[B": "down", b"\x1bOB": "down",
    b"\x1b[5~": "page up", b"\x1b[6~": "page down", b" ": "page down", b"\x04": "q",
}  # fmt: skip

_LONGEST = 64
_REST_SECONDS = 0.05  # what belongs to one key comes at once; an Escape alone is followed by nothing


class Keyboard:
    """The keys of a terminal, while the block lasts; what is pasted counts for nothing."""

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno()
        self._usual: Any = None

    def __enter__(self) -> Self:
        self._usual = termios.tcgetattr(self._fd)
        # Signals stay: Ctrl-C interrupts, Ctrl-Z stops.
        tty.setcbreak(self._fd)
        sys.stdout.write(TELL_OF_PASTES)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        sys.stdout.write(TELL_NO_MORE)
        sys.stdout.flush()
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._usual)

    def forget(self) -> None:
        """Discard what was typed until now: it was meant for something else than what is shown next."""
        termios.tcflush(self._fd, termios.TCIFLUSH)

    def key(self, seconds: float) -> str | None:
        """The next key: a letter, ``up``, ``page down``, …, empty for one without a name; ``None`` where none comes in time.

        Raises `NeedsAnswerError` where nobody is there any more.
        """
        if not self._waits(seconds):
            return None
        typed = self._byte()
        if typed == b"\x1b":
            while len(typed) < _LONGEST and self._waits(_REST_SECONDS) and not _is_whole(typed):
                typed += self._byte()
            if typed == PASTE_BEGINS:
                self._pass_over_paste()
                return ""
            return _NAMED.get(typed, "")
        while len(typed) < _bytes_of_letter(typed[0]):
            typed += self._byte()
        letter = _NAMED.get(typed) or typed.decode("utf-8", "replace").lower()
        return _same_place().get(letter, letter)

    def _pass_over_paste(self) -> None:
        pasted = b""
        while not pasted.endswith(PASTE_ENDS):
            pasted = pasted[-len(PASTE_ENDS) :] + self._byte()

    def _waits(self, seconds: float) -> bool:
        return bool(select.select([self._fd], [], [], seconds)[0])

    def _byte(self) -> bytes:
        try:
            typed = os.read(self._fd, 1)
        except OSError:
            typed = b""
        if not typed:
            raise NeedsAnswerError("The terminal is gone; what was decided is kept, `claimreg review` goes on from there.")
        return typed


@contextmanager
def stopping(leave: Callable[[], None], come_back: Callable[[], None]) -> Iterator[None]:
    """Keep a stopped program (Ctrl-Z) from leaving the terminal changed while the block lasts; it is set again when it continues."""

    def stopped(_number: int, _frame: object) -> None:
        leave()
        os.kill(os.getpid(), signal.SIGSTOP)
        come_back()

    before = signal.signal(signal.SIGTSTP, stopped)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


@cache
def _same_place() -> dict[str, str]:
    """Letters of other layouts, and those on the same keys in the Latin one: nobody need switch."""
    return {own: latin for one in languages() for own, latin in zip(one.keyboard.own, one.keyboard.latin, strict=True)}


def _is_whole(typed: bytes) -> bool:
    """Return whether the code of a key has ended (ECMA-48: a letter or ``~`` after ``ESC [`` or ``ESC O``)."""
    return len(typed) > 2 and 0x40 <= typed[-1] <= 0x7E if typed[1:2] in (b"[", b"O") else len(typed) > 1  # noqa: PLR2004 -- as ECMA-48 has it


def _bytes_of_letter(first: int) -> int:
    """Return how many bytes a letter has in UTF-8, by its first one."""
    return 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4  # noqa: PLR2004 -- as UTF-8 has it
