"""The screen of a review: a line that says where one is, what is asked, what was done last, and the keys; all of it drawn at once."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rich.console import RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from claimreg.cli.context import console
from claimreg.cli.keys import Keyboard, stopping
from claimreg.cli.settings import setting
from claimreg.frozen import replace
from claimreg.model import Draft, Link
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.safe import one_line
from claimreg.render.terminal import document_renderable

ALTERNATE, USUAL = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
CLEAR_REST, NEXT_LINE, HOME, CLEAR_BELOW = "\x1b[K", "\n", "\x1b[H", "\x1b[J"

_COLUMNS, _LINES = 80, 24  # of a terminal that does not say
_ROOMY = 16  # lines from which on rules are drawn
_LEAST = 4  # lines for what is asked, however small the window is
_ABOVE = 4  # lines of the source shown above the passage
_AROUND = 200_000  # code points of the source before and after the passage: as much as a pager shows at once


class Page(NamedTuple):
    """Content of a page: ``place`` and ``tally`` on the first line, the content, then ``said`` and the keys with their effects."""

    place: str
    tally: str
    content: RenderableType
    said: str
    keys: tuple[tuple[str, str], ...]


class Screen:
    """The terminal's other screen, so that what stood there before is there again afterwards."""

    def __init__(self, words: Words = ENGLISH) -> None:
        self._words = words
        self._console = console()
        self._keyboard = Keyboard()
        self._taken = 0

    @contextmanager
    def open(self) -> Iterator[Keyboard]:
        """The screen and its keyboard, while the block lasts."""
        self._enter()
        try:
            with stopping(self._leave, self._enter):
                yield self._keyboard
        finally:
            self._leave()

    @contextmanager
    def away(self) -> Iterator[None]:
        """The terminal as it was, for another program."""
        self._leave()
        try:
            yield
        finally:
            self._enter()

    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now, whatever `COLUMNS` says: a screen can only be filled as it is."""
        try:
            now = os.get_terminal_size(sys.stdout.fileno())
        except OSError:
            now = os.terminal_size((0, 0))
        return now.columns or _COLUMNS, now.lines or _LINES

    def state(self) -> tuple[int, ...]:
        """Conditions that a page was drawn for; with another size, or after another program used the terminal, it is drawn again."""
        return (*self.size(), self._taken)

    def draw(self, page: Page, offset: int) -> int:
        """Draw a page, the content from this line on; returns how far the content can be scrolled."""
        width, height = self.size()
        rule = self._lines(Text("─" * width, style="dim"), width) if height >= _ROOMY else []
        head = [*self._lines(_head(page, width), width)[:1], *rule]
        foot = [*rule, *self._lines(_foot(page, width), width)][-max(1, height - _LEAST) :]
        content = self._lines(page.content, width)
        room = max(1, height - len(head) - len(foot))
        if last := max(0, len(content) - room):
            room = max(1, room - 1)
            last = len(content) - room
            offset = min(offset, last)
            more = self._lines(_more(offset, len(content) - room - offset, self._words), width)
        else:
            offset, more = 0, []
        body = content[offset : offset + room]
        body += [[] for _ in range(room - len(body))]
        self._write([*head, *body, *more[:1], *foot][:height])
        return last

    def _lines(self, content: RenderableType, width: int) -> list[list[Segment]]:
        options = self._console.options.update(width=width, height=None)
        return self._console.render_lines(content, options, pad=False)

    def _write(self, lines: list[list[Segment]]) -> None:
        drawn = []
        for line in lines:
            with self._console.capture() as captured:
                self._console.print(Segments(line), end="", soft_wrap=True)
            # Cleared before it is written: after a line as wide as the terminal, some would clear its last column.
            drawn.append(CLEAR_REST + captured.get().replace("\n", ""))
        # Written at once: a screen that is half drawn would be read as if it were whole.
        self._put(HOME + NEXT_LINE.join(drawn) + CLEAR_BELOW)

    def _enter(self) -> None:
        self._taken += 1
        self._put(ALTERNATE)
        self._keyboard.__enter__()

    def _leave(self) -> None:
        self._keyboard.__exit__(None, None, None)
        self._put(USUAL)

    def _put(self, text: str) -> None:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()


def read_source(text: str, link: Link | Draft, words: Words = ENGLISH) -> None:
    """A source's text in the person's pager, at the passage."""
    begin, end = max(0, link.start - _AROUND), link.end + _AROUND
    near = replace(link, start=link.start - begin, end=link.end - begin)
    shown = document_renderable(text[begin:end], [near])
    terminal = console()
    wrapped = shown.wrap(terminal, max(20, terminal.size.width - 1))
    before = document_renderable(text[begin : link.start], []).wrap(terminal, max(20, terminal.size.width - 1))
    with terminal.capture() as captured:
        if begin:
            terminal.print(f"[… {_characters(begin, words)} {words.say('before')}]", style="dim")
        for line in wrapped:
            terminal.print(line, soft_wrap=True)
        if end < len(text):
            terminal.print(f"[… {_characters(len(text) - end, words)} {words.say('after')}]", style="dim")
    _page(captured.get(), max(1, len(before) - _ABOVE + bool(begin)), words)


def _characters(number: int, words: Words) -> str:
    return words.count("{number} character", "{number} characters", number)


def _page(text: str, line: int, words: Words) -> None:
    command = shlex.split(setting("pager").text) or [name for name in ("less", "more") if shutil.which(name)][:1]
    if command and Path(command[0]).name == "less":
        # -R lets colours through and nothing else; -+F keeps a short text on the screen until it was read.
        command += ["-R", "-+F", f"+{line}"]
    if not command or not shutil.which(command[0]):
        sys.stdout.write(f"{text}\n{words.say('Enter goes back.')} ")
        sys.stdout.flush()
        sys.stdin.readline()
        return
    subprocess.run(command, input=text.encode("utf-8", "backslashreplace"), check=False)  # noqa: S603 -- the person's own choice


def _head(page: Page, width: int) -> Text:
    tally = page.tally if len(page.place) + len(page.tally) + 2 <= width else ""
    gap = " " * max(2, width - len(page.place) - len(tally))
    return Text.assemble((page.place, "bold"), (f"{gap}{tally}" if tally else "", "dim"), no_wrap=True, overflow="crop")


def _foot(page: Page, width: int) -> Text:
    foot = Text(overflow="fold")
    if page.said:
        foot.append(one_line(page.said), style="bold").append("\n")
    column = 0
    for key, meaning in page.keys:
        # A key and its meaning stay on one line.
        taken = len(key) + 1 + len(meaning)
        if column:
            fits = column + 2 + taken <= width
            foot.append("  " if fits else "\n")
            column = column + 2 if fits else 0
        foot.append(key, style="bold cyan").append(f" {meaning}")
        column += taken
    return foot


def _more(above: int, below: int, words: Words) -> Text:
    more = words.say("{number} more")
    told = " · ".join(f"{arrow} {more.format(number=number)}" for arrow, number in (("↓", below), ("↑", above)) if number)
    return Text(f"{told} · {words.say('arrows scroll')}", style="reverse", no_wrap=True, overflow="crop")
