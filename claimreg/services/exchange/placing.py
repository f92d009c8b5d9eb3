"""Links that a file brings: recorded where the very text that they are into is stored here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.codec import DamagedRecordError, from_document
from claimreg.model import Link
from claimreg.services.recording.fields import new_fields
from claimreg.services.recording.sources import captures_of, whole_text_of
from claimreg.shapes import misfit

if TYPE_CHECKING:
    from claimreg.model import Attribution, Capture, Source
    from claimreg.services.exchange.rows import LinkRow
    from claimreg.store.port import Writer


class Placing:
    """Recording of links; the text that was read last is kept, as links into one text follow each other."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._last: tuple[str, str] | None = None

    def link(self, attribution: Attribution, source: Source, row: LinkRow) -> Link | None:
        """The link, recorded; ``None`` where no capture of the source has its text, or its words do not stand there."""
        captures = captures_of(self._writer, source) if row.text_sha256 else iter(())
        capture = next((one for one in captures if one.text_sha256 == row.text_sha256), None)
        if capture is None:
            return None
        document = {
            **row.place, "id": f"{Link.PREFIX}1", "recorded_at": self._writer.change.at, "recorded_by": self._writer.change.user,
            "attribution_id": attribution.id, "source_id": source.id, "capture_id": capture.id, "state": row.state, "method": row.method,
        }  # fmt: skip
        if misfit(Link, document) is not None or self._text(capture)[document["start"] : document["end"]] != document["exact"]:
            return None
        try:
            return self._writer.put(from_document(Link, document | new_fields(self._writer, Link)))
        except DamagedRecordError:
            return None

    def _text(self, capture: Capture) -> str:
        if self._last is None or self._last[0] != capture.id:
            self._last = capture.id, whole_text_of(self._writer, capture)
        return self._last[1]
