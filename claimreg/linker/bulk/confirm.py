"""Judgement of the linker on the places that probing found, each on a window of its document."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from claimreg.linker.bulk.prospects import may_hold
from claimreg.linker.keep import LITERAL, MOST_MATCHES, keep
from claimreg.linker.passage import TextIndex, plain_key, read_quote
from claimreg.model import Flag, Span
from claimreg.text.fold import fold_key, is_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimreg.linker.bulk.grams import Integers
    from claimreg.linker.layered import LayeredLinker
    from claimreg.linker.passage import Quote
    from claimreg.linker.types import Match

    _Look: TypeAlias = "Callable[[Quote, Stretch], tuple[Match, ...]]"

_QUOTES_KEPT = 2_000
_MOST_FRUITLESS = 40
"""Windows of one document in a row, the most promising first, that may lead to nothing for one quote."""


class Stretch(NamedTuple):
    """A stretch of a text that may hold a quote: its span, the letters of the scan's fold, and the code point that each is from."""

    text: str
    span: Span
    letters: str
    origins: Integers


class Window(TextIndex):
    """A stretch of a text that is searched as if it were all of it; offsets count in the text."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch.span
        self._starts = stretch.origins
        super().__init__(stretch.text)

    def __post_init__(self) -> None:
        """Fold the stretch only."""
        self.key = fold_key(self.text[self._stretch.start : self._stretch.end])
        self.plain = plain_key(self.key)

    def origin(self, start: int, end: int) -> Span:
        """The code points of the text that the characters ``start`` to ``end`` of the key came from."""
        last = int(self._starts[max(start, end - 1)]) + 1
        while last < self._stretch.end and is_mark(self.text[last]) and not fold_key(self.text[last]):
            last += 1
        return Span(int(self._starts[start]), last)

    def key_range(self, start: int, end: int) -> Span:
        """The stretch of the key that holds ``text[start:end]``, as far as the window reaches."""
        first, last = np.searchsorted(self._starts, (start, end)).tolist()
        return Span(first, last)


class QuoteReader:
    """Store of prepared quotes that keeps the ones used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str | None], Quote] = OrderedDict()

    def read(self, text: str, lang: str | None) -> Quote:
        """The quote, ready to be looked for; ``lang`` is its recorded language."""
        quote = self._kept.pop((text, lang), None) or read_quote(text, lang)
        self._kept[text, lang] = quote
        if len(self._kept) > _QUOTES_KEPT:
            self._kept.popitem(last=False)
        return quote


class Confirmation:
    """Linker's findings of one quote in one document, window by window, as if it had searched all of it.

    ``twins`` are the quotes, by number, with this text.
    """

    def __init__(self, twins: Sequence[int]) -> None:
        self.twins = twins
        self._found: dict[tuple[int, int], Match] = {}
        self._fruitless = 0
        self._capped = False

    @property
    def is_linked(self) -> bool:
        """Return whether any place was found."""
        return bool(self._found)

    @property
    def is_enough(self) -> bool:
        """Return whether there are more places than are kept, or so many that led to nothing that no more are looked at."""
        return len(self._found) > MOST_MATCHES or self._fruitless > _MOST_FRUITLESS

    def look(self, quote: Quote, stretches: Iterable[Stretch], offset: int, matches_in: _Look) -> None:
        """Run the linker on stretches of a piece of the document that starts at ``offset``."""
        for stretch in stretches:
            if self.is_enough:
                self._capped = True
                return
            matches = matches_in(quote, stretch)
            self._fruitless = 0 if matches else self._fruitless + 1
            self._capped = self._capped or any(Flag.CAPPED in match.flags for match in matches)
            self._found.update({(match.start + offset, match.end + offset): match.shifted(offset) for match in matches})

    def matches(self) -> list[Match]:
        """The matches, in the document's order."""
        return together(list(self._found.values()), capped=self._capped)


def matches_as_written(linker: LayeredLinker, quote: Quote, stretch: Stretch) -> tuple[Match, ...]:
    """The linker's matches in a stretch that was found by the quote's letters."""
    return linker.matches_prepared(quote, Window(stretch)) if may_hold(quote, stretch, linker.ground(len(stretch.text))) else ()


def matches_in_other_letters(linker: LayeredLinker, quote: Quote, stretch: Stretch) -> tuple[Match, ...]:
    """The linker's matches in a stretch that was found by the quote's skeleton."""
    return linker.matches_in_other_letters(quote, Window(stretch))


def together(matches: list[Match], *, capped: bool) -> list[Match]:
    """The matches of several stretches that the linker would keep of one text: the best, and those equally good."""
    ordered = sorted(matches, key=lambda match: match.start)
    return list(keep(ordered, literal=any(match.kind in LITERAL for match in matches), capped=capped))
