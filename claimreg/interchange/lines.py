"""NDJSON: whole records, a JSON object a line; parties, sources and relations first, then the claims that name them.

It holds all that is said of claims. It does not hold the bytes and texts of sources, drafts and the history: a bundle does.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any

from claimreg.corpus.lines import LineStream, unpacked
from claimreg.errors import InputError
from claimreg.model import Capture, Claim, Draft, record_type_of
from claimreg.render import machine
from claimreg.render.linked_data import urn_of
from claimreg.services.exchange.lines import read_lines
from claimreg.services.withholding import is_withheld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from claimreg.corpus.jsonl import BadLine
    from claimreg.interchange.formats import Writing
    from claimreg.model import Relation
    from claimreg.services.exchange.rows import Reading, Row
    from claimreg.services.exchange.selection import PartyView, Selection
    from claimreg.services.reporting.views import ClaimView, SourceView
    from claimreg.store.port import Reader

_OF_THE_REGISTRY = ("captures", "left_out", "attributions", "links")
"""Keys of a source that count what the registry has of it."""

_MOST_KEPT = 10_000


def read(stream: BinaryIO, reading: Reading) -> Iterator[Row | BadLine]:
    """The rows of lines of JSON, also compressed ones, or of one JSON document; raises `InputError` for what is neither."""
    plain = unpacked(stream, reading.name) if stream.seekable() else stream
    try:
        yield from read_lines(LineStream(plain, reading.name), reading)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{reading.name} is damaged or cut off: {error}") from error


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The records as lines of JSON."""
    yield from (_line(_party(view)) for view in selection.parties())
    for source in selection.sources():
        if source.captures:
            writing.told.left_out["file of evidence"] += source.captures
        yield _line(_source(source))
    yield from (_line(_relation(one)) for one in selection.relations())
    texts = _Texts(selection.reader)
    # A claim without such an id is known by its own when it is read; no other claim may have that.
    taken = {one for one in selection.external_ids() if record_type_of(one) is Claim}
    for claim in selection.claims():
        beyond = [one.other.id for one in claim.relations if not selection.has(one.other.id)]
        if beyond:
            writing.told.left_out["relation"] += len(beyond)
        own = {} if claim.claim.external_id or claim.claim.id not in taken else {"external_id": urn_of(claim.claim, writing.registry)}
        yield _line({**_claim(claim, texts, beyond), **own})
    if selection.is_whole and (drafts := sum(1 for _ in selection.reader.find(Draft))):
        writing.told.left_out["draft"] = drafts


class _Texts:
    """The hashes of captures' texts, the last ones kept."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept: dict[str, str | None] = {}

    def of(self, capture_id: str) -> str | None:
        if capture_id not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            capture = self._reader.get(Capture, capture_id)
            self._kept[capture_id] = capture.text_sha256 if capture is not None else None
        return self._kept[capture_id]


def _party(view: PartyView) -> dict[str, Any]:
    party = view.party
    return {
        "schema": "claimreg.party/1", "id": party.id, "name": party.name, "aliases": list(view.aliases),
        "recorded_at": party.recorded_at, "recorded_by": party.recorded_by,
    }  # fmt: skip


def _source(view: SourceView) -> dict[str, Any]:
    return {key: value for key, value in machine.source_json(view).items() if key not in _OF_THE_REGISTRY}


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "schema": "claimreg.relation/1", "id": relation.id, "kind": relation.kind.value, "claim_id": relation.claim_id,
        "other_claim_id": relation.other_claim_id, "recorded_at": relation.recorded_at, "recorded_by": relation.recorded_by,
    }  # fmt: skip


def _claim(view: ClaimView, texts: _Texts, beyond: list[str]) -> dict[str, Any]:
    claim = machine.claim_json(view)
    for statement, told in zip(view.attributions, claim["attributions"], strict=True):
        for link, one in zip(statement.links, told["links"], strict=True):
            one["text_sha256"] = None if is_withheld(link) else texts.of(link.capture_id)
    claim["relations"] = [one for one in claim["relations"] if one["claim_id"] not in beyond]
    return claim


def _line(value: dict[str, Any]) -> bytes:
    return f"{machine.dumps(value, indent=None)}\n".encode()
