"""The headline of a web page: which of its headings it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.ingest.formats.markup import key_of
from claimreg.ingest.formats.page_parts import COMMENT, FRAME, HEADER, MENU
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.ingest.formats.page_parts import Block

_MOST = 50
_LONGEST = 600
_ALIKE = 0.7
"""Likeness of a heading that has half the letters of the title, the name of the site among them, and no other."""

_IN_AN_ARTICLE = 0.2
_ABOVE_THE_PAGE = -0.3
_LATER = -0.005
"""Weight of a heading's place beside its likeness to the page's title, which is 0 to 1: less than half of that, whatever its place."""


def headline_of(blocks: Sequence[Block], titles: Sequence[str], site: str | None, boxes: frozenset[str]) -> int | None:
    """The place among the blocks of the page's headline, ``None`` where it has none.

    ``titles`` are what the page says that it is called, ``site`` is the name of the site, ``boxes`` are labels of what lies over the page.
    """
    outside = boxes | {STRUCK_OUT, FRAME, COMMENT}
    keys = [key for title in titles if (key := _without_site(key_of(title)[:_LONGEST], key_of(site or "")))]
    headings = [at for at, block in enumerate(blocks) if block.heading and block.label not in outside and len(block.words) <= _LONGEST]
    first = [place for place in headings if blocks[place].heading == "h1"][:_MOST]
    named = [place for place in first if not _is_site(blocks[place], keys, site)]
    if named:
        scores = [_score(blocks[place], keys, order) for order, place in enumerate(named)]
        return named[scores.index(max(scores))]
    others = [place for place in headings if blocks[place].heading != "h1"][:_MOST]
    alike = [place for place in others if _likeness(key_of(blocks[place].words), keys) >= _ALIKE]
    return alike[0] if alike else first[0] if first and not keys else None


def _without_site(title: str, site: str) -> str:
    """A title's letters without those of the site's name, which many have at one end."""
    if not site or len(title) <= len(site):
        return title
    lowered, name = title.lower(), site.lower()
    return title[: -len(site)] if lowered.endswith(name) else title[len(site) :] if lowered.startswith(name) else title


def _is_site(block: Block, keys: Sequence[str], site: str | None) -> bool:
    """Return whether a heading is the name of the site, as it stands above each of its pages."""
    key = key_of(block.words)
    if not key or (site and key.lower() == key_of(site).lower()):
        return True
    return block.label in (HEADER, MENU) and bool(keys) and _likeness(key, keys) < _ALIKE / 2


def _score(block: Block, keys: Sequence[str], order: int) -> float:
    place = _IN_AN_ARTICLE * bool(block.article) + _ABOVE_THE_PAGE * (block.label in (HEADER, MENU)) + _LATER * order
    return _likeness(key_of(block.words), keys) + place


def _likeness(key: str, keys: Sequence[str]) -> float:
    """Likeness of a heading and the likest of the titles, 0 to 1; a title that has more is followed by the site's name."""
    from rapidfuzz import fuzz

    key = key.lower()
    best = 0.0
    for title in keys:
        lowered = title.lower()
        if key and (key in lowered or lowered in key):
            best = max(best, (min(len(key), len(lowered)) / max(len(key), len(lowered))) ** 0.5)
        best = max(best, fuzz.ratio(key, lowered) / 100)
    return best
