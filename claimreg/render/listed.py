"""Claims and sources as lines of lists: a cell for each column, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.render.labels import ENGLISH, Words, message
from claimreg.render.lines import parties_in_words
from claimreg.render.sentences import NOT_CAPTURED
from claimreg.services.history import changes_in_words
from claimreg.services.recording.media import medium_of
from claimreg.services.reporting.states import quote_states

if TYPE_CHECKING:
    from claimreg.model import Event
    from claimreg.services.reporting.views import ClaimView, SourceView

NOTHING = "–"

HEADINGS = frozenset({
    message("score"), message("parties"), message("found"), message("seq"), message("at"), message("user"), message("command"),
    message("record"), message("change"), message("what"), message("how many"), message("party"), message("aliases"), message("place"),
    message("passage"), message("tag"),
})  # fmt: skip
"""Headings of the other lists."""

COUNTED = frozenset({
    message("claims"), message("attributions"), message("sources"), message("characters in sources"), message("drafts"),
    message("verdicts"), message("relations"), message("events"), message("bytes"),
})  # fmt: skip
"""Names of what is counted, beside those of columns."""

CHANGED = frozenset({
    message("new"), message("erased"), message("removed"), message("restored"), message("nothing"), message("text"), message("name"),
    message("rating"), message("rationale"), message("stance"), message("said_at"), message("tags"), message("assignee"),
    message("merged_into"), message("source_id"), message("claim_id"), message("party_id"), message("looked"), message("published_at"),
    message("kind"),
})  # fmt: skip
"""Words of the history for what became of a record, and the fields that change most often."""


class Column(NamedTuple):
    """A column: its heading, and how it gets its width in cells.

    One with a ``share`` gets that part of the room that others leave, no more than it needs; without one it has what it needs. Where
    there is not even ``least`` for it, the last of them is left out. ``if_any`` leaves it out where no row has something in it.
    """

    name: str
    share: int = 0
    least: int = 1
    if_any: bool = False
    is_number: bool = False


CLAIM_COLUMNS = ("id", "claim", "parties", "case", "verdict", "state", "note", "assignee")
"""Columns of a list of claims for programs."""

CLAIM_COLUMNS_FOR_PEOPLE = (
    Column(message("id")),
    Column(message("claim"), share=6, least=16),
    Column(message("parties"), share=3, least=8),
    Column(message("case"), share=2, least=6, if_any=True),
    Column(message("verdict"), share=3, least=7),
    Column(message("state")),
    Column(message("assigned"), share=2, least=4, if_any=True),
    Column(message("note"), share=2, least=4, if_any=True),
)

SOURCE_COLUMNS = ("id", "title", "publisher", "published", "lang", "url", "quotes", "links", "captures", "sha256", "media_type")
"""Columns of a list of sources for programs."""

SOURCE_COLUMNS_FOR_PEOPLE = (
    Column(message("id")),
    Column(message("title"), share=4, least=20),
    Column(message("publisher"), share=2, least=8, if_any=True),
    Column(message("published"), if_any=True),
    Column(message("lang"), if_any=True),
    Column(message("quotes"), is_number=True),
    Column(message("links"), is_number=True),
    Column(message("captures"), is_number=True, if_any=True),
    Column(message("url"), share=3, least=20, if_any=True),
)


def rating_of(view: ClaimView) -> str:
    """The rating of a claim's verdict that holds; empty where it has none."""
    return view.verdicts[-1].rating if view.verdicts else ""


def claim_cells(view: ClaimView) -> tuple[str, ...]:
    """The cells of a claim for programs: its id, text, parties, case, verdict, its quotes' states in words, its note, who sees to it."""
    claim = view.claim
    states = "; ".join(quote_states(view))
    return claim.id, claim.text, parties_in_words(view), claim.case or "", rating_of(view), states, claim.note or "", claim.assignee or ""


def claim_cells_for_people(view: ClaimView, words: Words = ENGLISH) -> tuple[str, ...]:
    """The cells of a claim for people; its quotes' states are signs, and what is not there is a dash."""
    from claimreg.render.overview import quotes_in_signs

    claim_id, text, _parties, case, rating, _states, note, assignee = claim_cells(view)
    parties = parties_in_words(view, words)
    return claim_id, text, parties, case, rating or NOTHING, quotes_in_signs(quote_states(view)), assignee, note


def source_cells(view: SourceView) -> tuple[str, ...]:
    """The cells of a source for programs."""
    source = view.source
    return (
        source.id, source.title, source.publisher or "", source.published_at or "", source.lang or "",
        source.url or source.canonical_url or "", str(view.attributions), str(view.links), str(view.captures),
        view.capture.sha256 if view.capture is not None else "", view.capture.media_type if view.capture is not None else "",
    )  # fmt: skip


def source_cells_for_people(view: SourceView, words: Words = ENGLISH) -> tuple[str, ...]:
    """The cells of a source for people; after its title is told what is a picture or a recording, and what was not captured yet."""
    record_id, title, publisher, published, lang, url, quotes, links, captures, *_ = source_cells(view)
    told = medium_of(view.capture.media_type) if view.capture is not None else NOT_CAPTURED
    shown = f"{title} ({words.say(told)})" if told else title
    return record_id, shown, publisher, published, lang, quotes, links, captures if view.captures > 1 else "", url


def event_cells(event: Event, words: Words | None = None) -> tuple[str, ...]:
    """The cells of an event of the history; in ``words`` of a language for people, without as programs read it."""
    if words is None or words.lang == ENGLISH.lang:
        return str(event.seq), event.at, event.user, event.action, event.object_id, changes_in_words(event)
    changes = changes_in_words(event, words.say)
    return str(event.seq), words.date(event.at), event.user, event.action, event.object_id, changes


def count_in_words(name: str, words: Words) -> str:
    """Name what was counted: a kind of record, and after a colon its stance or state."""
    kind, colon, which = name.partition(": ")
    # Ratings are the words of desks.
    return words.say(kind) + colon + (which if kind == "verdicts" else words.say(which) if which else "")
