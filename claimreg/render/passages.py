"""Passages that a search in sources found, as they are shown: at a terminal in blocks, in listings as cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.render.labels import ENGLISH, Words, message
from claimreg.render.lines import Marked
from claimreg.render.safe import one_line
from claimreg.render.sentences import label_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from claimreg.services.finding.passages import Passage

WITHHELD = message("its words are withheld; --reveal shows them")

_ONE_LINE = str.maketrans("\n\r\v\f\t\x85\u2028\u2029", " " * 8)
"""Signs that end a line, each shown as one space, so that the marks stay in their places."""


def passage_cells(passage: Passage, words: Words = ENGLISH) -> tuple[str, ...]:
    """A passage in one line: source, score, title, place, and its words."""
    place = label_in_words(passage.place, words, left_out=passage.left_out, is_page=passage.is_page)
    return passage.source.id, f"{passage.score:g}", passage.source.title, place or "", passage.text.translate(_ONE_LINE)


def marked_passage_cells(passage: Passage, words: Words = ENGLISH) -> tuple[str | Marked, ...]:
    """Return the same cells with the words found marked."""
    *cells, text = passage_cells(passage, words)
    return *cells, words.say(WITHHELD) if passage.hidden else Marked(text, passage.marks)


def passages_renderable(passages: Iterable[Passage], words: Words = ENGLISH) -> RenderableType:
    """Passages one below the other, each under its source's title."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from claimreg.render.terminal import marked_text

    blocks: list[RenderableType] = []
    for passage in passages:
        source_id, score, title, place, _text = passage_cells(passage, words)
        told = " · ".join(filter(None, (f"{words.say('score')} {score}", place)))
        blocks.append(Text.assemble((source_id, "bold cyan"), "  ", one_line(title), "  ", (one_line(told), "dim"), overflow="fold"))
        text = marked_passage_cells(passage, words)[-1]
        blocks.append(Padding(Text(text, style="dim") if isinstance(text, str) else marked_text(text), (0, 0, 1, 4)))
    return Group(*blocks)
