"""Words of an alignment that turn the sense: negations, hedges, quantifiers and opposites of the passage's language.

A word that stands on both sides of a step turns nothing. A phrase counts where it touches the step, wherever its other words stand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.judge.denial import is_denial_of
from claimreg.linker.judge.forms import lower
from claimreg.text.scripts import is_unspaced
from claimreg.text.words import word_bounds, words
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.languages import Language, Words
    from claimreg.linker.compare import Step
    from claimreg.linker.passage import Word

_REACH = 48
"""Code points around a step in which the other words of a phrase may stand; the longest in the languages' files has 25."""

_Forms = frozenset[str]


class _Side(NamedTuple):
    """One side of a step with the words around it that may be of a phrase with its own.

    These are the forms that each word may be listed in, and where the step's begin and end among them.
    """

    around: tuple[_Forms, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def own(self) -> tuple[_Forms, ...]:
        """Return the words of the step itself."""
        return self.around[self.start : self.end]


class _Entry(NamedTuple):
    """A listed word or phrase; the last word of a ``beginning`` may go on. ``name`` tells entries apart."""

    tokens: Words
    beginning: bool
    name: str


class _Index(NamedTuple):
    """Entries by the first word; ``beginnings`` are those of one word that may go on, ``heads`` their letters; ``longest`` counts words."""

    words: dict[str, list[_Entry]]
    beginnings: dict[str, list[_Entry]]
    heads: frozenset[str]
    longest: int

    def has(self, forms: _Forms) -> bool:
        """Return whether an entry may begin with a word, told by its first letter where the word may go on."""
        return not self.words.keys().isdisjoint(forms) or (bool(self.heads) and not self.heads.isdisjoint([form[0] for form in forms]))

    def starts(self, side: _Side) -> int:
        """Return the first word around a step at which an entry that touches it may begin."""
        return max(0, side.start - self.longest + 1)


def denies(left: str, right: str, language: Language) -> bool:
    """Return whether one of two words is the other with an affix that denies."""
    one, other = lower(left, language.tag), lower(right, language.tag)
    return is_denial_of(one, other, language) or is_denial_of(other, one, language)


def flags_of_senses(step: Step, quote: str, text: str, language: Language) -> set[Flag]:
    """Return the flags that the words of a step call for; spans count in the quote and in the text, either side may be empty."""
    listed = _listed(language)
    left, right = _side(step.quote, quote, language.tag, listed.longest), _side(step.source, text, language.tag, listed.longest)
    found = set()
    if _is_denied(left, right, language) != _is_denied(right, left, language):
        found.add(Flag.NEGATION)
    if _differ(left, right, listed.hedges, listed.months) and not (found and len(left.own) == len(right.own) == 1):
        # A hedge in place of a word that denies is what that one denied: can and cannot, можно and нельзя.
        found.add(Flag.HEDGE)
    if _differ(left, right, listed.quantifiers, listed.months):
        found.add(Flag.QUANTIFIER)
    if left.own and right.own and _are_opposite(left, right, listed.opposites):
        found.add(Flag.OPPOSITE)
    return found


def _side(of: Sequence[Word], text: str, tag: str, longest: int) -> _Side:
    if not of:
        return _Side()
    start, end = of[0].span.start, of[-1].span.end
    first = max(0, start - _REACH)
    piece = text[first : end + _REACH]
    bounds = word_bounds(piece)
    inside = [at for at, (begin, until) in enumerate(bounds) if first + until > start and first + begin < end]
    if not inside:
        return _Side()
    low = max(0, inside[0] - longest + 1)
    around = tuple([_forms(piece[begin:until], tag) for begin, until in bounds[low : inside[-1] + longest]])
    return _Side(around, inside[0] - low, inside[-1] + 1 - low)


@lru_cache(maxsize=1 << 14)
def _forms(word: str, tag: str) -> _Forms:
    """A word in lower case, without apostrophes, and what stands between them (qu'il: qu', il)."""
    low = lower(word, tag)
    if "'" not in low:
        return frozenset((low,))
    pieces = low.split("'")
    return frozenset((low, "".join(pieces), *pieces, *(f"{piece}'" for piece in pieces[:-1]))) - {""}


def _is_denied(side: _Side, other: _Side, language: Language) -> bool:
    """Return whether a side has a word that denies, or the other side's word with an affix that does."""
    if _counted(side, _listed(language).negations):
        return True
    mine, theirs = side.own, other.own
    pairs = ((one, another) for one in mine if one not in theirs for another in theirs if another not in mine)
    return any(is_denial_of(max(one, key=len), max(another, key=len), language) for one, another in pairs)


def _differ(left: _Side, right: _Side, index: _Index, months: frozenset[str]) -> bool:
    """Return whether listed words stand on one side only; of two dates, no word is a hedge (English May)."""
    one, other = (_counted(side, index) for side in (left, right))
    if one == other:
        return False
    if all(any(form in months for forms in side.own for form in forms) for side in (left, right)):
        one, other = ({name: number for name, number in counted.items() if name not in months} for counted in (one, other))
    return one != other


def _counted(side: _Side, index: _Index) -> dict[str, int]:
    """The listed words and phrases that touch the step, with their number; the longest counts where several begin."""
    found: dict[str, int] = {}
    at = index.starts(side)
    while at < side.end:
        entries = _beginning_at(side.around, at, index) if index.has(side.around[at]) else ()
        entry = max(entries, key=lambda one: len(one.tokens), default=None)
        if entry is not None and at + len(entry.tokens) > side.start and not _is_kept(side, at, index):
            found[entry.name] = found.get(entry.name, 0) + 1
        at += len(entry.tokens) if entry else 1
    return found


def _is_kept(side: _Side, at: int, index: _Index) -> bool:
    """Return whether the words of a phrase before the step are listed by themselves: what follows adds nothing (all, all of)."""
    return any(at + len(one.tokens) <= side.start for one in _beginning_at(side.around, at, index))


def _are_opposite(left: _Side, right: _Side, index: _Index) -> bool:
    """Return whether one side has a word and the other side, and not the same, its opposite."""
    one, other = ({entry.name for entry in _touching(side, index)} for side in (left, right))
    return any(_contrary(name) in other and name not in other and _contrary(name) not in one for name in one)


def _touching(side: _Side, index: _Index) -> Iterator[_Entry]:
    """Yield the opposites that touch a step, of each pair that begins at a word the longer one (Uzbek yut-, yutqaz-)."""
    for at in range(index.starts(side), side.end):
        if not index.has(side.around[at]):
            continue
        of_pair = {entry.name[:-1]: entry for entry in _beginning_at(side.around, at, index)}
        yield from (one for one in of_pair.values() if at + len(one.tokens) > side.start)


def _beginning_at(around: tuple[_Forms, ...], at: int, index: _Index) -> Iterator[_Entry]:
    """Yield the entries whose words stand one after the other from a place on; the shorter of two beginnings first."""
    for form in around[at]:
        for length in range(1, len(form) + 1) if index.beginnings else ():
            yield from index.beginnings.get(form[:length], ())
        yield from (entry for entry in index.words.get(form, ()) if _goes_on(entry, around, at))


def _goes_on(entry: _Entry, around: tuple[_Forms, ...], at: int) -> bool:
    """Return whether the further words of a phrase stand where they should."""
    if at + len(entry.tokens) > len(around):
        return False
    for number in range(1, len(entry.tokens)):
        token, forms = entry.tokens[number], around[at + number]
        may_go_on = entry.beginning and number == len(entry.tokens) - 1
        if token not in forms and not (may_go_on and any(form.startswith(token) for form in forms)):
            return False
    return True


class _Listed(NamedTuple):
    """Lists of one language, ready to be looked for; ``months`` are their names alone, ``longest`` counts words of an entry of any list."""

    negations: _Index
    hedges: _Index
    quantifiers: _Index
    opposites: _Index
    months: frozenset[str]
    longest: int


@lru_cache(maxsize=64)
def _listed(language: Language) -> _Listed:
    tag = language.tag
    negations, hedges, quantifiers, months = (
        _index_of(_entries(listed, listed, tag))
        for listed in (language.negation.words, language.hedges, language.quantifiers, language.calendar.months[::2])
    )
    opposites = _opposites(language.opposites, language.negation.words, tag)
    longest = max(index.longest for index in (negations, hedges, quantifiers, opposites))
    return _Listed(negations, hedges, quantifiers, opposites, frozenset(months.words), longest)


def _opposites(turns: Words, negations: Words, tag: str) -> _Index:
    """Opposites, each named by the number of the pair and its side; a negation is no opposite but a negation."""
    pairs = [pair for pair in zip(turns[::2], turns[1::2], strict=False) if not set(pair) & set(negations)]
    names = [f"{number}{side}" for number in range(len(pairs)) for side in "+-"]
    return _index_of(_entries([one for pair in pairs for one in pair], names, tag))


def _contrary(name: str) -> str:
    return name[:-1] + ("-" if name[-1] == "+" else "+")


def _entries(listed: Sequence[str], names: Sequence[str], tag: str) -> Iterator[_Entry]:
    """Yield what is listed, each with its name; all is put into lower case at once, which takes a fifth of the time."""
    phrases = lower("\n".join(listed).replace("_", " "), tag).split("\n")
    for phrase, name in zip(phrases, names, strict=False):
        stem = phrase.removesuffix("-")
        # One word is nearly always all; looking for words takes longer than all else here.
        single = stem.isalpha() and not is_unspaced(stem[0])
        yield _Entry((stem,) if single else tuple(stem[span.start : span.end] for span in words(stem)), phrase != stem, name)


def _index_of(entries: Iterable[_Entry]) -> _Index:
    words_of: dict[str, list[_Entry]] = {}
    beginnings: dict[str, list[_Entry]] = {}
    longest = 1
    for entry in entries:
        single = len(entry.tokens) == 1
        table = beginnings if single and entry.beginning else words_of
        if entry.tokens:
            table.setdefault(entry.tokens[0], []).append(entry)
            longest = max(longest, len(entry.tokens))
    return _Index(words_of, beginnings, frozenset(one[0] for one in beginnings), longest)
