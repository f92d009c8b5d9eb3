"""ClaimReview out: a review a line, or one feed of all (``DataFeed``, as Data Commons has it); JSON-LD both.

See `claimreg.render.claim_review` for what a review holds. What it has no place for is counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimreg.model import Stance
from claimreg.render.claim_review import (
    ATTRIBUTIONS,
    SCHEMA_ORG,
    Naming,
    claim_json,
    lacks_in_words,
    lacks_of,
    review_json,
    without_context,
)
from claimreg.render.linked_data import OWN_TERMS
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.render.machine import Json
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.reporting.views import ClaimView

_NOUNS: dict[str, str] = {Stance.DENIES: "denial", Stance.REPORTS: "report", Stance.QUESTIONS: "question", Stance.RULES: "ruling"}
"""Statements that are no authors of a claim, as they are counted."""

_FEED_BEGUN = f'{{"@context": {json_text([SCHEMA_ORG, OWN_TERMS])}, "@type": "DataFeed", "dataFeedElement": ['


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The reviews, in pieces; raises `UsageError` for a template of addresses that makes none."""
    naming = Naming(writing.registry, writing.url_template, writing.publisher)
    naming.check()
    yield from _feed(selection, writing, naming) if writing.feed else _lines(selection, writing, naming)


def relations_from(view: ClaimView, selection: Selection) -> int:
    """The number of relations of a claim to others that were chosen; each is counted at one of its two claims."""
    mine = (one.relation for one in view.relations if one.relation.claim_id == view.claim.id)
    return sum(selection.has(relation.other_claim_id) for relation in mine)


def _lines(selection: Selection, writing: Writing, naming: Naming) -> Iterator[bytes]:
    for _view, node in _nodes(selection, writing, naming):
        yield f"{json_text(node)}\n".encode()


def _feed(selection: Selection, writing: Writing, naming: Naming) -> Iterator[bytes]:
    yield _FEED_BEGUN.encode()
    before = "\n"
    for view, node in _nodes(selection, writing, naming):
        made = view.verdicts[-1].recorded_at if view.verdicts else view.claim.recorded_at
        item = {"@type": "DataFeedItem", "dateCreated": made, "item": [without_context(node)]}
        yield f"{before}{json_text(item)}".encode()
        before = ",\n"
    yield b"\n]}\n"


def _nodes(selection: Selection, writing: Writing, naming: Naming) -> Iterator[tuple[ClaimView, Json]]:
    """The claims that are written, each with what it is as JSON-LD; what is not written of them is told."""
    lacks: Counter[str] = Counter()
    own = False
    for view in selection.claims():
        writing.told.left_out.update(["relation"] * relations_from(view, selection))
        node = review_json(view, naming)
        if node is not None:
            lacks.update(lacks_of(node))
        elif writing.with_unrated:
            node = claim_json(view, naming)
        else:
            writing.told.left_out["unrated claim"] += 1
            continue
        _count(view, writing.told.left_out)
        own = own or ATTRIBUTIONS in node
        yield view, node
    writing.told.sentences.extend(lacks_in_words(lacks))
    if own:
        writing.told.sentences.append(f"Who does not assert a claim stands under “{ATTRIBUTIONS}”, which programs of others pass over.")


def _count(view: ClaimView, left_out: Counter[str]) -> None:
    """Count what a review of the claim has no place for."""
    withheld = {one.source.id for one in view.attributions if one.source is not None and one.source.withheld is not None}
    lost = {
        "link": sum(len(one.links) for one in view.attributions),
        "superseded verdict": max(0, len(view.verdicts) - 1),
        "withheld source": len(withheld),
        "case": int(view.claim.case is not None),
    }
    for one in view.attributions:
        if one.attribution.stance is not Stance.ASSERTS:
            noun = _NOUNS.get(one.attribution.stance, "statement")
            lost[noun] = lost.get(noun, 0) + 1
    left_out.update({noun: number for noun, number in lost.items() if number})
