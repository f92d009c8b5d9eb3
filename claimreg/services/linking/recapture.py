"""A source captured again: what changed in its text, and where the words that were linked stand now.

A link is carried to the new text by its words and those around them (W3C Web Annotation, TextQuoteSelector), or else to what was left
out of that text; the earlier capture and its link stay as they are.
"""

from __future__ import annotations

import difflib
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.model import Attribution, Capture, Link, LinkKind, LinkState, Span
from claimreg.services.linking.links import new_link, propose_links, store_links
from claimreg.services.linking.looked import looking, note_looked
from claimreg.services.linking.texts import find_within, stored_texts
from claimreg.services.lookup import require
from claimreg.services.recording.places import has_struck_words, is_struck_out
from claimreg.services.reporting.views import link_view
from claimreg.store.port import Equals, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.linker import Linker, Match
    from claimreg.model import Source
    from claimreg.services.linking.texts import Texts

_CONTEXT = 32
"""Code points around a place that are kept with a link."""

_MOST_PLACES = 10_000
_SAME_WORDS = frozenset((LinkKind.EXACT, LinkKind.TYPOGRAPHIC))


class Anchoring(StrEnum):
    """Fates of a link's words in the new text."""

    KEPT = "kept"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


class CarriedLink(NamedTuple):
    """A link of the earlier capture, what became of its words, and the links into the new one.

    ``reads_now`` is what stands in the place of words that are altered, where their surroundings tell it.
    """

    link: Link
    anchoring: Anchoring
    new: tuple[Link, ...] = ()
    reads_now: str = ""


class ChangedLine(NamedTuple):
    """A line of one text that the other lacks; ``is_new`` where the later one has it."""

    text: str
    is_new: bool


class FirstLinks(NamedTuple):
    """The links of a source's statements into its first capture, as others may see them, and the statements not found there."""

    found: tuple[Link, ...]
    lost: tuple[Attribution, ...]


class _Half(NamedTuple):
    """One of the two texts of a document, and where it begins in both together."""

    text: str
    begin: int


class _Surrounded(NamedTuple):
    """A stretch of a text between the words that were around a link."""

    half: _Half
    span: Span


def changed_lines(earlier: str, later: str) -> Iterator[ChangedLine]:
    """The lines that two texts do not share, in their order."""
    before, after = earlier.split("\n"), later.split("\n")
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            yield from (ChangedLine(line, is_new=False) for line in before[i1:i2] if line.strip())
            yield from (ChangedLine(line, is_new=True) for line in after[j1:j2] if line.strip())


def carry_links(writer: Writer, earlier: Capture, later: Capture, linker: Linker) -> tuple[CarriedLink, ...]:
    """Link the quotes of the earlier capture to the later one's text; what was there stays.

    The same words keep the state that a person gave them; other words are a suggestion.
    """
    texts, looked = stored_texts(writer, later), looking(writer, linker.name, [earlier.source_id])
    links = [link for link in writer.find(Link, Equals("source_id", earlier.source_id)) if link.capture_id == earlier.id]
    carried = tuple(_carried(writer, link, later, texts, linker) for link in links)
    ids = dict.fromkeys(link.attribution_id for link in links)
    note_looked(writer, [require(writer, Attribution, one, withdrawn=True) for one in ids], looked)
    return carried


def link_first(writer: Writer, source: Source, linker: Linker) -> FirstLinks:
    """Look for the quotes of a source's statements in its first capture; what is found is kept as suggestions."""
    attributions = [one for one in writer.find(Attribution, Equals("source_id", source.id)) if one.quote]
    looked = looking(writer, linker.name, [source.id])
    changes = store_links(writer, propose_links(writer, attributions, [source], linker), linker.name)
    note_looked(writer, attributions, looked)
    links = (*changes.added, *changes.kept)
    linked = {link.attribution_id for link in links}
    lost = tuple(one for one in attributions if one.id not in linked)
    return FirstLinks(tuple(link_view(writer, link) for link in links), lost)


def _carried(writer: Writer, link: Link, later: Capture, texts: Texts, linker: Linker) -> CarriedLink:
    for half in _halves(texts):
        start = _same_words(link, half, texts)
        if start is not None:
            anchoring = Anchoring.KEPT if half.begin + start == link.start else Anchoring.MOVED
            return CarriedLink(link, anchoring, (writer.put(_moved(writer, link, later, start, half)),))
    place = next((_Surrounded(half, span) for half in _halves(texts) if (span := _place_of(link, half.text)) is not None), None)
    reads_now = place.half.text[place.span.start : place.span.end] if place is not None else ""
    attribution = require(writer, Attribution, link.attribution_id, withdrawn=True)
    lang = attribution.lang
    respelled = [one for one in _found(linker, link.exact, texts, place, lang) if one.kind in _SAME_WORDS and not one.flags]
    if link.state is LinkState.REJECTED and not respelled:
        return CarriedLink(link, Anchoring.GONE, reads_now=reads_now)
    matches = _found(linker, attribution.quote or "", texts, place, lang)
    new: list[Link] = []
    anchoring = Anchoring.ALTERED if reads_now.strip() or matches else Anchoring.GONE
    for match in matches:
        same = any(match.start < one.end and one.start < match.end for one in respelled)
        if link.state is LinkState.REJECTED and not same:
            continue
        carried = new_link(writer, attribution, later, match, linker.name)
        new.append(writer.put(replace(carried, anchored_from=link.id, state=link.state if same else LinkState.SUGGESTED)))
        if same:
            anchoring = Anchoring.KEPT if match.start == link.start else Anchoring.MOVED
    return CarriedLink(link, anchoring, tuple(new), reads_now)


def _halves(texts: Texts) -> Iterator[_Half]:
    """Yield the text of a document, then what was left out of it."""
    yield _Half(texts.text, 0)
    if texts.left_out is not None:
        yield _Half(texts.left_out(), texts.length + 1)


def _found(linker: Linker, quote: str, texts: Texts, place: _Surrounded | None, lang: str | None) -> tuple[Match, ...]:
    """Find a quote in a document; where its place is known, only there: similar words elsewhere are not the ones that were linked."""
    try:
        if place is None:
            return find_within(quote, texts, linker, lang).matches
        text, begin = place.half
        start, end = max(0, place.span.start - _CONTEXT), place.span.end + _CONTEXT
        found = [_shifted(match, start, text).shifted(begin) for match in linker.find(quote, text[start:end], lang=lang).matches]
        return tuple(match for match in found if not has_struck_words(texts.locators(), match, texts.length))
    except InputError:
        return ()


def _shifted(match: Match, by: int, text: str) -> Match:
    """A match in a part of a text as a match in the whole."""
    if not by:
        return match
    start, end = match.start + by, match.end + by
    return replace(match.shifted(by), prefix=text[max(0, start - _CONTEXT) : start], suffix=text[end : end + _CONTEXT])


def _place_of(link: Link, text: str) -> Span | None:
    """Return the text between the words that were around a link; ``None`` where these are gone."""
    longest = 3 * len(link.exact) + _CONTEXT
    for length in (_CONTEXT, _CONTEXT // 2):
        before, after = link.prefix[-length:], link.suffix[:length]
        start = text.find(before)
        while start >= 0:
            start += len(before)
            end = text.find(after, start) if after else len(text)
            if 0 <= end - start <= longest:
                return Span(start, end)
            start = text.find(before, start) if before else -1
    return None


def _same_words(link: Link, half: _Half, texts: Texts) -> int | None:
    """Return where the link's very words begin in a text, in the surroundings most like the former ones."""
    places: list[int] = []
    start = half.text.find(link.exact)
    while start >= 0 and len(places) < _MOST_PLACES:
        at = half.begin + start
        if not is_struck_out(texts.locators(), at, at + len(link.exact), texts.length):
            places.append(start)
        start = half.text.find(link.exact, start + 1)
    by = half.begin - link.start
    return max(places, key=lambda place: (_surroundings(link, half.text, place), -abs(place + by)), default=None)


def _surroundings(link: Link, text: str, start: int) -> float:
    """Return how much the text around a place is like the text that was around the link, 0..2."""
    from rapidfuzz.distance import Indel

    before, after = _around(link, text, start)
    return Indel.normalized_similarity(link.prefix, before) + Indel.normalized_similarity(link.suffix, after)


def _around(link: Link, text: str, start: int) -> tuple[str, str]:
    end = start + len(link.exact)
    return text[max(0, start - max(len(link.prefix), _CONTEXT)) : start], text[end : end + max(len(link.suffix), _CONTEXT)]


def _moved(writer: Writer, link: Link, later: Capture, start: int, half: _Half) -> Link:
    prefix, suffix = _around(link, half.text, start)
    return replace(
        link.shifted(half.begin + start - link.start), id=writer.new_id(Link), recorded_at=writer.change.at,
        recorded_by=writer.change.user, capture_id=later.id, prefix=prefix, suffix=suffix, anchored_from=link.id,
    )  # fmt: skip
