"""Findings on quotes, each told to readers in a sentence: whether the words are the source's, and in which they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.linker.types import is_intact, of_meaning
from claimreg.model import Flag, LinkKind
from claimreg.render.publication.values import filled, joined
from claimreg.render.safe import shortened
from claimreg.services.reporting.states import QuoteState, quote_state
from claimreg.services.withholding import is_withheld
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.model import Link
    from claimreg.render.labels import Words
    from claimreg.render.publication.differences import Difference
    from claimreg.render.publication.values import Told
    from claimreg.services.reporting.views import AttributionView, Where

_MOST_ENTRIES = 6
"""Words that differ, told one by one in a sentence; the marks in the texts tell all."""
_MOST_LETTERS = 80


class Found(NamedTuple):
    """A quote and its language, where it was found, and the words that differ there."""

    quote: str
    lang: str
    link: Link
    differing: tuple[Difference, ...] = ()


def found_in_words(found: Found, where: Where | None, words: Words) -> tuple[Told, ...]:
    """Tell how a quote's words compare with those of its place, and what of the place a reader must know."""
    told: list[Told] = [*_compared(found, words)]
    if where is not None and where.label == STRUCK_OUT:
        told.append(f" {words.say('In the source these words are struck out.')}")
    if where is not None and where.outdated and where.captured_on is not None and where.latest_on is not None:
        is_same = where.captured_on == where.latest_on
        sentence = words.say("Only in an earlier copy of {day}.") if is_same else words.say("Only in our copy of {day}; gone by {latest}.")
        told.append(f" {sentence.format(day=words.date(where.captured_on), latest=words.date(where.latest_on))}")
    return joined(told)


def missing_in_words(view: AttributionView, words: Words, *, is_held: bool) -> str:
    """Tell that a quote stands nowhere, as far as is known; ``is_held`` says that the words of the source named for it are held."""
    looked = view.attribution.looked
    if quote_state(view) is QuoteState.NOT_LOOKED:
        return words.say("Nobody has looked for these words in the sources yet.")
    inside = looked.inside if looked is not None else ()
    if inside and (view.source is None or view.source.id not in inside):
        return words.say("These words are in none of the sources that were searched for them.")
    if inside:
        return words.say("These words are not in the source named for them.")
    if is_held:
        return words.say("These words are not in the source named for them, nor in any other that we hold.")
    return words.say("These words are in none of the sources that we hold.")


def _compared(found: Found, words: Words) -> tuple[Told, ...]:
    link = found.link
    what = joined(part for number, clause in enumerate(_clauses(found, words)) for part in ("; " if number else "", *clause))
    if link.kind is LinkKind.STITCHED:
        sentence = words.count(
            "Joined from {number} passage; the words between are left out",
            "Joined from {number} passages; the words between are left out",
            max(len(link.parts), 1),
        )
        return joined((sentence, "; " if what else "", *what, "."))
    is_sound = is_intact(link.kind, link.flags, ())
    if link.kind in (LinkKind.EXACT, LinkKind.TYPOGRAPHIC) and not is_sound:
        return (words.say("Word for word; the text around the words may change their sense."),)
    if link.kind is LinkKind.EXACT:
        return (words.say("Word for word."),)
    if link.kind is LinkKind.TYPOGRAPHIC:
        return (words.say("Word for word; only capitals, punctuation or accents differ."),)
    if link.kind is LinkKind.NEAR and is_sound:
        sentence = words.say("Small differences: {what}.") if what else words.say("The same words, spelled a little differently.")
    else:
        sentence = words.say("Differs from the source: {what}.") if what else words.say("Differs from the source.")
    return filled(sentence, what=what)


def _clauses(found: Found, words: Words) -> Iterator[tuple[Told, ...]]:
    """Tell the words that differ, each pair once: those changed, those left out, those added, and whether the order is another."""
    link, lang = found.link, found.lang
    pairs = [pair for pair in dict.fromkeys(_pair(one, found) for one in found.differing) if pair[0] != pair[1]]
    hidden = is_withheld(link)
    changed = [(theirs, mine) for theirs, mine in pairs if theirs and mine]
    if changed and hidden:
        yield filled(words.say("the source has other words for {mine}"), mine=_listed([mine for _theirs, mine in changed], lang, words))
    elif changed:
        theirs_told, mine_told = (_listed(side, lang, words) for side in zip(*changed, strict=True))
        yield filled(words.say("the source has {theirs}, the quote {mine}"), theirs=theirs_told, mine=mine_told)
    left_out = [theirs for theirs, mine in pairs if not mine]
    if left_out and hidden:
        yield (words.say("the quote leaves out words of the source"),)
    elif left_out:
        yield filled(words.say("the quote leaves out {theirs}"), theirs=_listed(left_out, lang, words))
    if added := [mine for theirs, mine in pairs if not theirs]:
        yield filled(words.say("the quote adds {mine}"), mine=_listed(added, lang, words))
    if hidden and (told := tuple(flag for flag in link.flags if flag in of_meaning(link.flags) and flag is not Flag.ORDER)):
        # The source's words may not be told, but what their change is about.
        yield (words.say("the difference concerns: {what}").format(what=words.flags(told)),)
    if Flag.ORDER in link.flags:
        is_stitched = link.kind is LinkKind.STITCHED
        yield (words.say("they stand in another order") if is_stitched else words.say("the words stand in another order"),)


def _pair(one: Difference, found: Found) -> tuple[str, str]:
    theirs, mine = found.link.exact[one.passage.start : one.passage.end], found.quote[one.quote.start : one.quote.end]
    return " ".join(theirs.split()), " ".join(mine.split())


def _listed(every: Sequence[str], lang: str, words: Words) -> tuple[Told, ...]:
    """Quote texts of others one after the other; of very many, the first."""
    shown = every if len(every) <= _MOST_ENTRIES + 1 else every[:_MOST_ENTRIES]
    told: list[Told] = []
    for number, text in enumerate(shown):
        told.append(", " if number else "")
        told.extend(filled(words.say("“{text}”"), text=((shortened(text, _MOST_LETTERS), lang),)))
    if len(every) > len(shown):
        told.append(f" {words.count('and {number} more', 'and {number} more', len(every) - len(shown))}")
    return joined(told)
