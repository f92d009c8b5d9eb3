"""The second text of an office's document: what its reader sets aside, each kind of it under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.ingest.formats.tidy import has_letters, paragraphs
from claimreg.model import Locator
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMENT = "a reviewer's comment"
HIDDEN = "hidden text"
READING = "a reading aid"
STRUCK = STRUCK_OUT


def set_aside(text: str, pieces: Iterable[tuple[str, str]]) -> tuple[str, tuple[Locator, ...]]:
    """The text of the pieces, label and words each, and the places of their labels behind ``text``; what has no letter is no loss."""
    told = [(label, words) for label, words in dict.fromkeys((label, paragraphs([piece])) for label, piece in pieces) if has_letters(words)]
    places: list[Locator] = []
    at = len(text) + 1
    for label, words in told:
        if not places or places[-1].label != label:
            places.append(Locator(at, label))
        at += len(words) + 1
    return "\n".join(words for _, words in told), tuple(places)
