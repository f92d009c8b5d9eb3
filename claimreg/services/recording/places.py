"""Labels of places in a captured document: what a reader finds them by, and what was left out of the article they stand in.

Places are told by offsets into both texts of a capture together, see `claimreg.services.recording.sources.joined`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Span, WordChange
from claimreg.services.recording.sources import left_out_of, locators_of
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.model import Capture, Locator, Place
    from claimreg.store.port import Reader

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_METHOD = "page/"
"""Beginning of the method of whatever was read as a web page, a page in a mail's form among them."""


class LeftOut(NamedTuple):
    """A stretch of what the reader left out of a document; ``label`` says what it is, ``None`` where nobody knows.

    ``start`` is its offset in both texts together.
    """

    label: str | None
    start: int
    text: str


def is_page(media_type: str, method: str) -> bool:
    """Return whether a document was read as a web page, whose text is an article; another one's is a document."""
    return media_type in _PAGES or method.startswith(_PAGE_METHOD)


def lies_outside(start: int, length: int) -> bool:
    """Return whether a place that begins here lies in what was left out of a text of this length."""
    return start > length


def label_of(locators: Sequence[Locator], start: int, end: int, length: int) -> str | None:
    """Return what a place is found by in a text of this length: the label that holds where it begins.

    Of a place in what was left out of the text, it is the first that says more than that the text has it, too.
    """
    over = _labels_over(locators, start, end, length)
    found = next(filter(None, over), None) if lies_outside(start, length) else next(over, None)
    return found or None


def is_struck_out(locators: Sequence[Locator], start: int, end: int, length: int) -> bool:
    """Return whether any of the words between two offsets are words that their author struck out."""
    return STRUCK_OUT in _labels_over(locators, start, end, length)


def has_struck_words(locators: Sequence[Locator], place: Place, length: int) -> bool:
    """Return whether any words of a quote stand, at its place, among words that their author struck out."""
    spans = [edit.source for edit in place.words if edit.change is not WordChange.DROPPED and edit.source.start < edit.source.end]
    return any(is_struck_out(locators, start, end, length) for start, end in spans or place.parts or (Span(place.start, place.end),))


def left_out_in(reader: Reader, capture: Capture) -> tuple[LeftOut, ...]:
    """The stretches that a capture has beside its text, in order, without those that its text has, too."""
    return tuple(stretches_left_out(left_out_of(reader, capture), locators_of(reader, capture), capture.length))


def stretches_left_out(left_out: str, locators: Sequence[Locator], length: int) -> Iterator[LeftOut]:
    """Yield what a document has beside its text of this length, in order, without what that text has, too."""
    begin = length + 1
    inside = [one for one in locators if one.start >= begin]
    first = LeftOut(None, begin, left_out[: inside[0].start - begin] if inside else left_out)
    ends = [*(one.start for one in inside[1:]), begin + len(left_out)]
    rest = (LeftOut(one.label, one.start, left_out[one.start - begin : end - begin]) for one, end in zip(inside, ends, strict=False))
    yield from (one for one in (first, *rest) if one.label != "" and one.text.strip())


def size_left_out(stretches: Iterable[LeftOut]) -> int:
    """Return how many code points were left out, white space around each stretch not counted."""
    return sum(len(one.text.strip()) for one in stretches)


def _labels_over(locators: Sequence[Locator], start: int, end: int, length: int) -> Iterator[str]:
    """Yield the labels that hold anywhere between two offsets; those of the text do not hold in what was left out of it."""
    floor = length + 1 if lies_outside(start, length) else 0
    first = max(0, bisect_right(locators, start, key=lambda one: one.start) - 1)
    for number in range(first, len(locators)):
        locator = locators[number]
        if locator.start >= max(end, start + 1):
            return
        if locator.start >= floor:
            yield locator.label
