"""Records as plain lines for pipes: one record a line, fields between tabs, nothing cut off and no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.render.labels import ENGLISH, Words, message
from claimreg.render.safe import one_line
from claimreg.render.sentences import NOT_CAPTURED, alteration_in_words, lost_in_words, where_in_words
from claimreg.services.reporting.side_by_side import alterations, asides
from claimreg.services.reporting.states import QuoteState, quote_state
from claimreg.services.withholding import offsets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.model import Link, Place, Span, Verdict
    from claimreg.services.finding.search import Hit
    from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView, SourceView, Where


_LOST = frozenset((QuoteState.REJECTED, QuoteState.NOT_FOUND, QuoteState.NOT_LOOKED))
FIELDS = frozenset({message("claim"), message("title"), message("quote"), message("party"), message("case"), message("tag")})
"""Kinds of a claim's fields that words are found in."""


def line(*cells: str | None) -> str:
    """One record's line."""
    return "\t".join(one_line(cell or "") for cell in cells)


def claim_lines(view: ClaimView) -> Iterator[str]:
    """A claim and all that hangs on it."""
    claim = view.claim
    gone = [f"removed {claim.removed_at}"] if claim.removed_at else []
    gone += [f"merged into {claim.merged_into}"] if claim.merged_into else []
    yield line(claim.id, claim.text, claim.case, ", ".join(claim.tags), *gone)
    yield from (line(name, value) for name, value in (("note", claim.note), ("assigned", claim.assignee)) if value)
    for one in view.attributions:
        yield attribution_line(one)
        yield from (link_line(link, one.where.get(link.id)) for link in one.links)
    yield from (verdict_line(verdict) for verdict in view.verdicts)
    yield from (relation_line(relation) for relation in view.relations)


def hit_cells(hit: Hit, view: ClaimView, words: Words | None = None) -> tuple[str, ...]:
    """A claim that a search found: id, score, text, who says it, and which words were found in which field.

    In ``words`` of a language for people; without, as programs read it.
    """
    say = words.say if words is not None else str
    found = dict.fromkeys(f"{say(one.field)}: {one.said}" for one in hit.found)
    why = ", ".join([*found, *([f"{say('meaning')}: {hit.meaning:g}"] if hit.meaning else [])])
    return view.claim.id, f"{hit.score:g}", view.claim.text, parties_in_words(view, words), why


class Marked(NamedTuple):
    """A cell's text, and where in it the marked words stand (code points, in order, apart from each other)."""

    text: str
    spans: tuple[Span, ...]


def marked_hit_cells(hit: Hit, view: ClaimView, words: Words) -> tuple[str | Marked, ...]:
    """Return the cells of `claimreg.render.lines.hit_cells`, with the words found in the claim marked."""
    claim_id, score, text, *rest = hit_cells(hit, view, words)
    spans = {one.span for one in hit.found if one.field == "claim"}
    return claim_id, score, Marked(text, tuple(sorted(spans))), *rest


def parties_in_words(view: ClaimView, words: Words | None = None) -> str:
    """Name the parties of a claim, with the stance of each, in ``words`` of a language or as programs read it."""
    if words is not None and words.lang != ENGLISH.lang:
        return "; ".join(f"{one.party.name} {words.stance(one.attribution.stance)}" for one in view.attributions)
    return "; ".join(f"{one.party.name} {one.attribution.stance.value}" for one in view.attributions)


def attribution_line(view: AttributionView, words: Words = ENGLISH) -> str:
    """An attribution; the stance in English as programs read it, in another language as people do.

    At the end, what is known of a quote that stands nowhere.
    """
    one, state, in_english = view.attribution, quote_state(view), words.lang == ENGLISH.lang
    stance = one.stance.value if in_english else words.stance(one.stance)
    lost = [state.value if in_english else lost_in_words(view, words)] if state in _LOST else []
    return line(one.id, view.party.name, stance, one.quote, one.said_at, one.source_id, *filter(None, lost))


def link_line(link: Link, where: Where | None = None) -> str:
    """A link; ``where`` is what a reader of the source finds it by. What could not be judged is told at the end."""
    flags = ",".join(flag.value for flag in link.flags)
    return line(
        link.id, link.state.value, link.kind.value, f"{link.score:g}", link.source_id, offsets_in_words(link), link.exact, flags,
        *([where_in_words(where, ENGLISH)] if where is not None else []), *([unjudged_in_words(link)] if link.not_judged else []),
    )  # fmt: skip


def place_line(quote: str, document: str, place: Place) -> str:
    """A place where a quote was found; its last field tells the words that differ, what was set aside, and what could not be judged."""
    flags = ",".join(flag.value for flag in place.flags)
    told = [alteration_in_words(one, ENGLISH) for one in (*alterations(quote, place), *asides(quote, place))]
    told += [unjudged_in_words(place)] if place.not_judged else []
    return line(place.kind.value, f"{place.score:g}", document, offsets_in_words(place), place.exact, flags, "; ".join(told))


def unjudged_in_words(place: Place) -> str:
    """Name in a few words what could not be judged."""
    return f"not judged: {', '.join(place.not_judged)}"


def offsets_in_words(place: Place) -> str:
    """Say where a place begins and ends, ``12-30``; nothing where nobody may know."""
    offsets = offsets_of(place)
    return f"{offsets.start}-{offsets.end}" if offsets else ""


def verdict_line(verdict: Verdict) -> str:
    """A verdict."""
    return line(verdict.id, verdict.rating, verdict.scheme, verdict.author, verdict.rated_at, verdict.rationale)


def relation_line(view: RelationView) -> str:
    """A relation."""
    return line(view.relation.id, ENGLISH.relation(view), view.other.id, view.other.text)


def source_line(view: SourceView) -> str:
    """A source."""
    source, capture = view.source, view.capture
    captured = capture.sha256 if capture is not None else NOT_CAPTURED
    return line(source.id, source.title, source.publisher, source.published_at, source.lang, source.url, captured)
