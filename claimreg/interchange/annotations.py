"""Web Annotation out (W3C, 2017): an annotation for each place of a quote in a source; a line each, or one collection of all.

The target is the document at its address, else under its id here, with the passage by its words (`TextQuoteSelector`) and by its place
(`TextPositionSelector`: code points of the captured text, which ``claimreg:textSha256`` names). A stitched quote has a target for each of
its passages. The annotator is who recorded the place, never the party: he claims nothing of what is said there.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from claimreg.interchange.claim_review_writing import relations_from
from claimreg.model import Capture, LinkKind, LinkState, Source, Span
from claimreg.render.linked_data import OWN_TERMS, address_of, urn_of, web_address
from claimreg.services.lookup import require
from claimreg.services.recording.sources import captured_at
from claimreg.services.withholding import is_withheld
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.model import Claim, Link
    from claimreg.render.machine import Json
    from claimreg.services.exchange.selection import Selection
    from claimreg.services.reporting.views import AttributionView
    from claimreg.store.port import Reader

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", OWN_TERMS]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_AROUND = 32
"""Code points of the text around a passage of a stitched quote, as of any other place."""


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The annotations, in pieces."""
    yield from _collection(selection, writing) if writing.feed else _lines(selection, writing)


def _lines(selection: Selection, writing: Writing) -> Iterator[bytes]:
    for annotation in _annotations(selection, writing):
        yield f"{json_text({'@context': CONTEXT, **annotation})}\n".encode()


def _collection(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """One collection with one page; how many there are, and the id of just these, are known at its end."""
    yield f'{{"@context": {json_text(CONTEXT)}, "type": "AnnotationCollection"'.encode()
    total, digest = 0, hashlib.sha256()
    for annotation in _annotations(selection, writing):
        before = ',\n"first": {"type": "AnnotationPage", "startIndex": 0, "items": [\n' if not total else ",\n"
        yield f"{before}{json_text(annotation)}".encode()
        digest.update(f"{annotation['id']}\n".encode())
        total += 1
    name = f"urn:claimreg:{writing.registry}/annotations"
    collection = name if selection.is_whole else f"{name}/{digest.hexdigest()[:16]}"
    page = json_text(f"{collection}/1")
    if total:
        yield f'\n], "id": {page}, "partOf": {json_text(collection)}}},\n"last": {page}'.encode()
    yield f', "id": {json_text(collection)}, "total": {total}}}\n'.encode()


def _annotations(selection: Selection, writing: Writing) -> Iterator[Json]:
    told, given = writing.told.left_out, 0
    for view in selection.claims():
        told.update(["verdict"] * len(view.verdicts))
        told.update(["relation"] * relations_from(view, selection))
        told.update(["case"] * (view.claim.case is not None))
        told.update(["unplaced claim"] * (not view.attributions))
        for stated in view.attributions:
            shown = [link for link in stated.links if link.state is not LinkState.REJECTED and not is_withheld(link)]
            told.update(noun for link in stated.links if (noun := _withheld_as(link)) is not None)
            told.update(["unplaced statement"] * (not shown))
            for link in shown:
                given += 1
                yield _annotation(selection.reader, view.claim, stated, link, writing.registry)
    # A claim is no line here: what was given is its places.
    selection.given.clear()
    selection.given["annotation"] = given


def _withheld_as(link: Link) -> str | None:
    """The noun that a place is counted as where no annotation tells of it."""
    if link.state is LinkState.REJECTED:
        return "rejected link"
    return "withheld place" if is_withheld(link) else None


def _annotation(reader: Reader, claim: Claim, stated: AttributionView, link: Link, registry: str) -> Json:
    source = require(reader, Source, link.source_id, withdrawn=True)
    capture = require(reader, Capture, link.capture_id, withdrawn=True)
    document: Json = {"source": address_of(source) or urn_of(source, registry), **_state(source, capture)}
    document["claimreg:textSha256"] = capture.text_sha256
    targets = [{"type": "SpecificResource", **document, "selector": _selectors(link, part)} for part in _passages(link)]
    return {
        "id": urn_of(link, registry),
        "type": "Annotation",
        "motivation": "linking",
        "creator": {"nickname": link.recorded_by},
        "created": link.recorded_at,
        "body": [*_bodies(claim, registry), _statement(stated)],
        "target": targets[0] if len(targets) == 1 else targets,
        "claimreg:state": link.state.value,
        "claimreg:kind": link.kind.value,
    }


def _bodies(claim: Claim, registry: str) -> Iterator[Json]:
    language = {"language": claim.lang} if claim.lang is not None else {}
    yield {"id": urn_of(claim, registry), **_text("describing", claim.text), **language}
    yield from (_text("tagging", tag) for tag in claim.tags)


def _statement(stated: AttributionView) -> Json:
    """A party's stance on the claim, in words and in terms of ours; the quote as it was recorded, not as the source has it."""
    said = stated.attribution
    own = {"claimreg:stance": said.stance.value, "claimreg:quote": said.quote, "claimreg:saidAt": said.said_at}
    known = {name: value for name, value in own.items() if value is not None}
    return {**_text("commenting", f"{stated.party.name} {said.stance.value}"), **known}


def _text(purpose: str, value: str) -> Json:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _passages(link: Link) -> tuple[Span, ...]:
    """The stretches of the text that an annotation points to: each passage of a stitched quote, else the place itself."""
    inside = all(link.start <= part.start < part.end <= link.end for part in link.parts)
    return link.parts if link.kind is LinkKind.STITCHED and link.parts and inside else (Span(link.start, link.end),)


def _selectors(link: Link, passage: Span) -> list[Json]:
    text, begun = link.prefix + link.exact + link.suffix, link.start - len(link.prefix)
    start, end = passage.start - begun, passage.end - begun
    quoted = {"exact": text[start:end], "prefix": text[max(0, start - _AROUND) : start], "suffix": text[end : end + _AROUND]}
    return [{"type": "TextQuoteSelector", **quoted}, {"type": "TextPositionSelector", "start": passage.start, "end": passage.end}]


def _state(source: Source, capture: Capture) -> Json:
    """The time that the source is meant as of; a term of ours for a day or a month, as no zone of it is known."""
    captured, cached = captured_at(capture), web_address(source.archive_url)
    if captured is not None and _MOMENT.fullmatch(captured):
        return {"state": {"type": "TimeState", "sourceDate": captured, **({"cached": cached} if cached else {})}}
    own = {"claimreg:capturedOn": captured, "claimreg:cached": cached}
    return {name: value for name, value in own.items() if value is not None}
