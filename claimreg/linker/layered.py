"""The layered linker: folded occurrences first, then stitched parts, then the places most like the quote."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.accept import may_be_accepted
from claimreg.linker.collection import ONE_TEXT, Ground
from claimreg.linker.keep import MOST_MATCHES, keep
from claimreg.linker.partial import may_hold_stretches, partial_places
from claimreg.linker.passage import Quote, TextIndex, read_quote
from claimreg.linker.search import similar_places, whole_places
from claimreg.linker.stitch import left_out, stitched
from claimreg.linker.types import Findings, Match
from claimreg.linker.valued import by_values
from claimreg.linker.verdict import match_of
from claimreg.linker.version import METHOD
from claimreg.model import LinkKind, Span
from claimreg.text.fold import fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.linker.collection import Collection
    from claimreg.linker.place import Fit

_WORTH_A_LOOK = 0.35
_POOR = 0.2
_CLEARLY = 0.1
_FEWEST_PARTS = 2


class LayeredLinker:
    """Linker of a quote in a text: exact, typographic, stitched at ellipses, near and altered, in this order.

    The same quote, text and collection give the same findings, by the words of one version, which is part of ``name``. ``collection``
    says what else is searched, and how rare each word is there; without one, the text at hand is taken to be all.
    """

    name = METHOD

    def __init__(self, collection: Collection | None = None) -> None:
        self.collection = collection
        self._grounds: dict[int, Ground] = {}

    def find(self, quote: str, text: str, *, lang: str | None = None) -> Findings:
        """The places of ``quote`` in ``text``, see :class:`claimreg.linker.types.Linker`.

        Raises :class:`claimreg.errors.InputError` for a quote that cannot be looked for.
        """
        return self.find_prepared(read_quote(quote, lang), TextIndex(text, lang))

    def find_prepared(self, sought: Quote, index: TextIndex) -> Findings:
        """Find a folded quote in a folded text: for many comparisons with each, so that each is folded only once."""
        found, findings = self._matches(sought, index, with_nearest=True)
        return findings or Findings((), _nearest(sought, found.near, index))

    def matches_prepared(self, sought: Quote, index: TextIndex) -> tuple[Match, ...]:
        """The matches alone, for those who have no use for the nearest place."""
        return (self._matches(sought, index, with_nearest=False)[1] or Findings()).matches

    def matches_in_other_letters(self, sought: Quote, index: TextIndex) -> tuple[Match, ...]:
        """The matches of a quote in a text of which it is known that the letters as they are find nothing in it."""
        elsewhere = _respelled(sought, index, self.ground(len(index.text)))
        return keep(elsewhere, literal=False) if elsewhere else ()

    def may_tell_in_other_letters(self, sought: Quote) -> bool:
        """Return whether the words of a quote, all in their place, would tell more in other letters than chance does."""
        from claimreg.linker.respell import in_rough_latin

        ground = self.ground(0).of_spellings()
        return sum(ground.bits(in_rough_latin(sought.whole.text)).values()) >= ground.room

    def _matches(self, sought: Quote, index: TextIndex, *, with_nearest: bool) -> tuple[_Found, Findings | None]:
        ground = self.ground(len(index.text))
        found = _look(sought, index, ground, with_nearest=with_nearest)
        matches = [match_of(sought, places, index.text, index.lang) for places in found.accepted]
        if matches:
            return found, Findings(keep(matches, literal=found.literal))
        from claimreg.linker.judge.asides import without_glosses

        valued = [(place,) for place in by_values(found.near, index, ground, sought.lang) if place.accepted]
        if valued:
            return found, Findings(keep([match_of(sought, places, index.text, index.lang) for places in valued], literal=False))
        spoken = without_glosses(sought)
        if spoken:
            without = _look(spoken, index, ground)
            whole = [tuple(replace(place, passage=sought.whole) for place in places) for places in without.accepted]
            of_speech = (match_of(sought, places, index.text, index.lang) for places in whole)
            matches = [match for match in of_speech if match.kind is not LinkKind.ALTERED]
            if matches:
                return without, Findings(keep(matches, literal=without.literal))
        elsewhere = _respelled(sought, index, ground)
        return found, Findings(keep(elsewhere, literal=False)) if elsewhere else None

    def ground(self, length: int) -> Ground:
        """The ground for a text of so many characters; with a collection, it is one for nearly all texts."""
        known = max(ONE_TEXT, length, self.collection.size if self.collection else 0)
        if known not in self._grounds:
            self._grounds = {known: Ground(self.collection, known)}
        return self._grounds[known]


class _Found(NamedTuple):
    """Findings: places that are accepted, each with one for every part, whether literally, and places like them."""

    accepted: list[tuple[Fit, ...]]
    literal: bool = False
    near: Sequence[Fit] = ()


def _look(sought: Quote, index: TextIndex, ground: Ground, *, with_nearest: bool = False) -> _Found:
    """The places that are accepted; also those that are not, where the nearest is asked for or one may yet be accepted."""
    everywhere = Span(0, len(index.key))
    literal = list(islice(whole_places(sought.whole, index, everywhere, ground), MOST_MATCHES + 1))
    if literal:
        return _Found([(place,) for place in literal], literal=True)
    joined = stitched(sought, index, ground) if len(sought.parts) >= _FEWEST_PARTS else []
    if any(_leaves_out(places, index.text) for places in joined):
        return _Found(joined)
    hopeful = may_be_accepted(sought.whole, ground) or may_hold_stretches(sought.whole, ground)
    places = similar_places(sought.whole, index, everywhere, ground) if hopeful or with_nearest else []
    accepted: list[tuple[Fit, ...]] = [(place,) for place in places if place.accepted]
    accepted = accepted or joined
    if not accepted or (len(accepted) == 1 and _is_poor(accepted[0])):
        stretches = partial_places(places, sought.whole, index, ground)
        if stretches and (not accepted or _is_better(stretches, accepted[0][0])):
            accepted = [stretches]
    return _Found(accepted, near=places)


def _is_poor(places: tuple[Fit, ...]) -> bool:
    """Return whether so much of the quote is not legible there that two passages may fit better."""
    return len(places) == 1 and places[0].evidence.lost > _POOR


def _is_better(stretches: tuple[Fit, ...], place: Fit) -> bool:
    """Return whether two passages hold more of the quote word for word than one place does in any likeness."""
    beyond = any(one.span.start < place.span.start or one.span.end > place.span.end for one in stretches)
    return len(stretches) > 1 and beyond and stretches[0].worth > place.comparison.coverage + _CLEARLY


def _respelled(sought: Quote, index: TextIndex, ground: Ground) -> list[Match]:
    """The matches of a quote that is written in another alphabet than the text."""
    from claimreg.linker.respell import other_letters

    other = other_letters(sought, index)
    if not other:
        return []
    found = _look(other.sought, other.index, ground.of_spellings())
    return [match_of(sought, other.back(places), index.text, index.lang, respelled=True) for places in found.accepted]


def _leaves_out(places: tuple[Fit, ...], text: str) -> bool:
    ordered = [place.span for place in places]
    return ordered != sorted(ordered) or any(fold_key(text[start:end]) for start, end in left_out(places))


def _nearest(quote: Quote, places: Sequence[Fit], index: TextIndex) -> Match | None:
    best = max(places, key=lambda place: place.worth, default=None)
    return match_of(quote, [best], index.text, index.lang) if best and best.worth >= _WORTH_A_LOOK else None
