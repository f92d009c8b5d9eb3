"""Statements on a claim as readers see them: who, when, the quote, the passage that it stands in, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import LinkKind, LinkState, Stance
from claimreg.render.publication.differences import PLAIN, differences, passage_pieces, quote_pieces
from claimreg.render.publication.findings import Found, found_in_words, missing_in_words
from claimreg.render.publication.values import day, direction, language_name, values
from claimreg.render.sentences import label_in_words
from claimreg.services.reporting.report import shown_links
from claimreg.services.reporting.side_by_side import context
from claimreg.services.reporting.states import QuoteState, quote_state
from claimreg.services.withholding import is_withheld
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimreg.model import Link
    from claimreg.render.labels import Words
    from claimreg.render.publication.differences import Difference
    from claimreg.render.publication.sources import Numbering
    from claimreg.render.publication.values import Values
    from claimreg.services.reporting.views import AttributionView, Where

SIGNS: Mapping[Stance, str] = {
    Stance.ASSERTS: "●",
    Stance.DENIES: "✕",
    Stance.REPORTS: "○",
    Stance.QUESTIONS: "△",
    Stance.RULES: "■",
}
UNKNOWN_SIGN = "◇"

_SAME_WORDS = (LinkKind.EXACT, LinkKind.TYPOGRAPHIC)
_LOST = (QuoteState.NOT_FOUND, QuoteState.REJECTED)


class Card(NamedTuple):
    """Surroundings in which a statement is told: the claim's number and anchor, the sources' numbers, the reader's words."""

    number: int
    anchor: str
    sources: Numbering
    words: Words


def sign(stance: Stance) -> str:
    """The sign of a stance."""
    return SIGNS.get(stance, UNKNOWN_SIGN)


def statement(view: AttributionView, card: Card) -> Values:
    """Tell of a statement all that a reader is to see."""
    attribution, words = view.attribution, card.words
    told = {
        "party": view.party.name,
        "stance": words.stance_noun(attribution.stance),
        "sign": sign(attribution.stance),
        "day": day(attribution.said_at, words),
        "anchor": attribution.id.lower(),
        "where": None,
        "quote": None,
        "passage": None,
        "named": None,
        **dict.fromkeys(("differs", "hidden", "lost", "unlooked", "checked"), False),
    }
    named = view.source.id if view.source is not None else None
    if attribution.quote is None:
        finding = () if named is not None else (words.say("No source is named for this."),)
        return values(**told | {"source": card.sources.number(named, card.number, card.anchor), "finding": finding})
    if (link := _best_link(view)) is not None:
        return values(**told | _placed(view, link, named, card))
    return values(**told | _missing(view, attribution.quote, named, card))


def _placed(view: AttributionView, link: Link, named: str | None, card: Card) -> dict[str, object]:
    """The parts of a statement whose words were found."""
    words, where = card.words, view.where.get(link.id)
    quote, hidden = view.attribution.quote or "", is_withheld(link)
    differs = link.kind not in _SAME_WORDS
    found = differences(link) if differs else ()
    lang = view.attribution.lang or _language_of(link.source_id, card)
    return {
        "quote": _quote(quote, lang, quote_pieces(quote, found), words),
        "passage": None if hidden else _passage(link, lang, found),
        "differs": differs,
        "hidden": hidden,
        "checked": link.state is LinkState.CONFIRMED,
        "where": None if hidden else _place(where, words),
        "source": card.sources.number(link.source_id, card.number, card.anchor),
        "named": card.sources.number(named, card.number, card.anchor) if named != link.source_id else None,
        "finding": found_in_words(Found(quote, lang, link, found), where, words),
    }


def _missing(view: AttributionView, quote: str, named: str | None, card: Card) -> dict[str, object]:
    """The parts of a statement whose words stand nowhere, as far as is known."""
    state, lang = quote_state(view) or QuoteState.NOT_LOOKED, view.attribution.lang or ""
    held = card.sources.view(named)
    is_held = held is not None and held.capture is not None and (is_withheld(held.source) or held.capture.length > 0)
    return {
        "quote": _quote(quote, lang, ((quote, PLAIN),), card.words),
        "lost": state in _LOST,
        "unlooked": state is QuoteState.NOT_LOOKED,
        "source": card.sources.number(named, card.number, card.anchor),
        "finding": (missing_in_words(view, card.words, is_held=is_held),),
    }


def _best_link(view: AttributionView) -> Link | None:
    """The place that readers are shown: a confirmed one, else the best; of equal ones that in an open source, and in the one named."""
    named = view.source.id if view.source is not None else None
    return min(
        shown_links(view),
        key=lambda link: (link.state is not LinkState.CONFIRMED, -link.score, is_withheld(link), link.source_id != named),
        default=None,
    )


def _quote(quote: str, lang: str, pieces: tuple[tuple[str, str], ...], words: Words) -> Values:
    return values(lang=lang, lang_name=language_name(lang, words), dir=direction(quote, lang), pieces=pieces)


def _passage(link: Link, lang: str, found: tuple[Difference, ...]) -> Values:
    before, after = context(link)
    pieces = passage_pieces(link, found)
    return values(lang=lang, dir=direction(link.exact, lang), before=before, pieces=pieces, after=after)


def _language_of(source_id: str, card: Card) -> str:
    view = card.sources.view(source_id)
    return (view.source.lang if view is not None else None) or ""


def _place(where: Where | None, words: Words) -> str | None:
    """Say where readers find a place: its page, its time, or the part of the document."""
    if where is None or where.label == STRUCK_OUT:
        return None
    return label_in_words(where.label, words) or (words.part("beside the article") if where.left_out and where.is_page else None)
