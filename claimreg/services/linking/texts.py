"""A quote in a document: in its text, and where it does not stand there unaltered, in what the reader left out of that text."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.types import Findings, is_intact
from claimreg.services.recording.places import has_struck_words, is_page
from claimreg.services.recording.sources import left_out_of, locators_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimreg.linker import Linker, Match
    from claimreg.model import Capture, Locator
    from claimreg.services.recording.sources import IncomingDocument
    from claimreg.store.port import Reader


class Texts(NamedTuple):
    """A document as quotes are looked for in it: its text, what was left out of that, and the places in both.

    What is left out is read only where it is needed; it is ``None`` where that is nothing. ``is_page`` says that the text is the article of
    a web page.
    """

    text: str
    length: int
    left_out: Callable[[], str] | None
    locators: Callable[[], Sequence[Locator]]
    is_page: bool = False


def read_texts(document: IncomingDocument) -> Texts:
    """The texts of a document that was read just now."""
    left_out = (lambda: document.left_out) if document.left_out else None
    return Texts(document.text, len(document.text), left_out, lambda: document.locators, is_page(document.media_type, document.method))


def stored_texts(reader: Reader, capture: Capture, text: str | None = None) -> Texts:
    """The texts of a capture; ``text`` is the first one, where it is at hand."""
    known = text_of(reader, capture) if text is None else text
    left_out = cache(partial(left_out_of, reader, capture)) if capture.left_out_sha256 is not None else None
    return Texts(known, len(known), left_out, cache(partial(locators_of, reader, capture)), is_page(capture.media_type, capture.method))


def find_within(quote: str, document: Texts, linker: Linker, lang: str | None = None) -> Findings:
    """Find a quote in a document; its places are offsets into both texts, see `claimreg.services.recording.sources.joined`.

    Where it stands unaltered in what was left out, altered places in the text are others' words. Raises `InputError` as the linker does.
    """
    found = find_in_text(quote, document, linker, lang)
    return found if stands_unaltered(found.matches) else better(found, find_left_out(quote, document, linker, lang))


def find_in_text(quote: str, document: Texts, linker: Linker, lang: str | None = None) -> Findings:
    """Find a quote in the text of a document alone."""
    return _said(linker.find(quote, document.text, lang=lang), document)


def find_left_out(quote: str, document: Texts, linker: Linker, lang: str | None = None) -> Findings:
    """Find a quote in what was left out of a document's text alone."""
    left_out = document.left_out() if document.left_out is not None else ""
    if not left_out:
        return Findings()
    found = linker.find(quote, left_out, lang=lang)
    by = document.length + 1
    moved = tuple(match.shifted(by) for match in found.matches)
    return _said(Findings(moved, found.nearest.shifted(by) if found.nearest is not None else None), document)


def stands_unaltered(matches: Iterable[Match]) -> bool:
    """Return whether any of the matches has the quote's words and their meaning unaltered."""
    return any(map(_is_unaltered, matches))


def better(found: Findings, left_out: Findings) -> Findings:
    """Return the findings that count, of those in a text, where the quote is not unaltered, and those in what was left out of it."""
    if unaltered := tuple(filter(_is_unaltered, left_out.matches)):
        return Findings(unaltered)
    if found.matches or left_out.matches:
        return found if found.matches else left_out
    return Findings(
        nearest=max((one for one in (found.nearest, left_out.nearest) if one is not None), key=lambda one: one.score, default=None)
    )


def _is_unaltered(match: Match) -> bool:
    return is_intact(match.kind, match.flags, match.not_judged)


def _said(found: Findings, document: Texts) -> Findings:
    """The findings without places whose words their author struck out, which nobody says any more; the best of these is the nearest."""
    locators = document.locators() if found.matches else ()
    struck = [match for match in found.matches if has_struck_words(locators, match, document.length)]
    if not struck:
        return found
    matches = tuple(match for match in found.matches if match not in struck)
    return Findings(matches, None if matches else max(struck, key=lambda one: one.score))
