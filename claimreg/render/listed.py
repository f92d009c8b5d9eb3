"""Claims and sources as lines of lists: a cell for each column, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.render.lines import parties_in_words
from claimreg.render.sentences import NOT_CAPTURED
from claimreg.services.recording.media import medium_of
from claimreg.services.reporting.states import quote_states

if TYPE_CHECKING:
    from claimreg.services.reporting.views import ClaimView, SourceView

NOTHING = "–"


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
    Column("id"),
    Column("claim", share=6, least=16),
    Column("parties", share=3, least=8),
    Column("case", share=2, least=6, if_any=True),
    Column("verdict", share=3, least=7),
    Column("state"),
    Column("assigned", share=2, least=4, if_any=True),
    Column("note", share=2, least=4, if_any=True),
)

SOURCE_COLUMNS = ("id", "title", "publisher", "published", "lang", "url", "quotes", "links", "captures", "sha256", "media_type")
"""Columns of a list of sources for programs."""

SOURCE_COLUMNS_FOR_PEOPLE = (
    Column("id"),
    Column("title", share=4, least=20),
    Column("publisher", share=2, least=8, if_any=True),
    Column("published", if_any=True),
    Column("lang", if_any=True),
    Column("quotes", is_number=True),
    Column("links", is_number=True),
    Column("captures", is_number=True, if_any=True),
    Column("url", share=3, least=20, if_any=True),
)


def rating_of(view: ClaimView) -> str:
    """The rating of a claim's verdict that holds; empty where it has none."""
    return view.verdicts[-1].rating if view.verdicts else ""


def claim_cells(view: ClaimView) -> tuple[str, ...]:
    """The cells of a claim for programs: its id, text, parties, case, verdict, its quotes' states in words, its note, who sees to it."""
    claim = view.claim
    states = "; ".join(quote_states(view))
    return claim.id, claim.text, parties_in_words(view), claim.case or "", rating_of(view), states, claim.note or "", claim.assignee or ""


def claim_cells_for_people(view: ClaimView) -> tuple[str, ...]:
    """The cells of a claim for people; its quotes' states are signs, and what is not there is a dash."""
    from claimreg.render.overview import quotes_in_signs

    claim_id, text, parties, case, rating, _states, note, assignee = claim_cells(view)
    return claim_id, text, parties, case, rating or NOTHING, quotes_in_signs(quote_states(view)), assignee, note


def source_cells(view: SourceView) -> tuple[str, ...]:
    """The cells of a source for programs."""
    source = view.source
    return (
        source.id, source.title, source.publisher or "", source.published_at or "", source.lang or "",
        source.url or source.canonical_url or "", str(view.attributions), str(view.links), str(view.captures),
        view.capture.sha256 if view.capture is not None else "", view.capture.media_type if view.capture is not None else "",
    )  # fmt: skip


def source_cells_for_people(view: SourceView) -> tuple[str, ...]:
    """The cells of a source for people; after its title is told what is a picture or a recording, and what was not captured yet."""
    record_id, title, publisher, published, lang, url, quotes, links, captures, *_ = source_cells(view)
    told = medium_of(view.capture.media_type) if view.capture is not None else NOT_CAPTURED
    shown = f"{title} ({told})" if told else title
    return record_id, shown, publisher, published, lang, quotes, links, captures if view.captures > 1 else "", url
