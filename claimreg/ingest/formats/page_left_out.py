"""The second text of a web page: the page in its own order, with what its article leaves out named by the part that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats.markup import SHORT, key_of
from claimreg.model import Locator
from claimreg.vocabulary import HEADLINE, STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimreg.ingest.formats.page_parts import Block

TITLE = "the page's title"
BESIDE = "beside the article"
_MOST_SIGNS_LOOKED_THROUGH = 2 * 10**9
"""Signs of the article that are looked through for blocks that are no line of it, a second or two; blocks after that count as left out."""


class Kept:
    """The article's text, to be asked whether it has a block's words; by letters and digits alone."""

    def __init__(self, text: str) -> None:
        self._seen = set(text.split("\n"))
        self._lines = set(map(key_of, self._seen))
        self._whole = key_of(text)
        self._left = _MOST_SIGNS_LOOKED_THROUGH

    def has(self, words: str) -> bool:
        """Return whether the words are a line of the text or, unless they are so few that they may stand in any text, a part of it."""
        if words in self._seen:
            return True
        key = key_of(words)
        if not key or key in self._lines:
            return True
        if len(key) < SHORT or self._left < 0:
            return False
        self._left -= len(self._whole)
        return key in self._whole


def with_lost(text: str, blocks: Sequence[Block], lost: Kept) -> str:
    """The text with the blocks that it has lost, each behind the line that stands before it in the page."""
    lines = text.split("\n")
    places = {key: place for place, line in reversed(list(enumerate(lines))) if (key := key_of(line))}
    behind: dict[int, dict[str, None]] = {}
    last = -1
    for block in blocks:
        if (place := places.get(key := key_of(block.words))) is not None:
            last = place
        elif key and block.label != STRUCK_OUT and lost.has(block.words):
            behind.setdefault(last, {})[block.words] = None
    return "\n".join([*behind.get(-1, ()), *(one for place, line in enumerate(lines) for one in (line, *behind.get(place, ())))])


class Told(NamedTuple):
    """A text with its headline, what it leaves out, and the places of both."""

    text: str
    left_out: str
    locators: tuple[Locator, ...]


def told(text: str, headline: str | None, blocks: Sequence[Block], titles: Iterable[str], kept: Kept) -> Told:
    """The article's text, its headline before it unless it is there, with the text of all that it leaves out."""
    text, locators = _with_headline(text, headline)
    lines = [(title, TITLE) for title in _other_titles(titles, headline, kept)]
    page = [(block.words, _label(block, headline, kept)) for block in blocks]
    if any(label for _, label in page):
        lines += page
    at = len(text) + 1
    last = locators[-1].label if locators else ""
    for words, label in lines:
        if label != last:
            locators.append(Locator(at, label))
            last = label
        at += len(words) + 1
    return Told(text, "\n".join(words for words, _ in lines), tuple(locators))


def _label(block: Block, headline: str | None, kept: Kept) -> str:
    if block.label == STRUCK_OUT:
        return STRUCK_OUT
    return "" if block.words == headline or kept.has(block.words) else block.label or BESIDE


def _with_headline(text: str, headline: str | None) -> tuple[str, list[Locator]]:
    if headline is None:
        return text, []
    lines = text.split("\n")
    place, end = _place_of(headline, lines)
    lines[place:end] = [headline]
    at = sum(len(line) + 1 for line in lines[:place])
    after = at + len(headline) + 1
    text = "\n".join(lines)
    return text, [Locator(at, HEADLINE), Locator(after, "")] if after < len(text) else [Locator(at, HEADLINE)]


def _place_of(headline: str, lines: Sequence[str]) -> tuple[int, int]:
    """The lines that are the headline, one or several where it is broken; none, before the first, where it is not among them."""
    key = key_of(headline)
    for place, line in enumerate(lines):
        left, end = key, place
        while end < len(lines) and (part := key_of(lines[end])) and left.startswith(part):
            left, end = left[len(part) :], end + 1
        if not left and key_of(line):
            return place, end
    return 0, 0


def _other_titles(titles: Iterable[str], headline: str | None, kept: Kept) -> list[str]:
    """The titles that say something else than the headline: not those that have it, with the name of the site behind it."""
    said = {} if headline is None else {key_of(headline).lower(): headline}
    for title in titles:
        key = key_of(title).lower()
        if key and not kept.has(title) and not any(one in key or key in one for one in said):
            said[key] = title
    return [title for title in said.values() if title != headline]
