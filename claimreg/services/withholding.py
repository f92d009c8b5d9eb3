"""Sources that may not be named: what reports and exports show in their place.

Their words are quoted all the same; what would tell who or where they are (title, names, addresses, dates, hashes) is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.frozen import replace
from claimreg.model import Capture, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.model import Document, Event
    from claimreg.store.port import Reader

HIDDEN = "withheld"
"""What stands where something is left out that cannot be empty."""


def named_or_withheld(source: Source) -> Source:
    """The source as others may see it: itself, or without all that names it."""
    if source.withheld is None:
        return source
    return replace(
        source, title=f"Source withheld: {source.withheld}", publisher=None, author=None, published_at=None, url=None, url_key=None,
        canonical_url=None, archive_url=None,
    )  # fmt: skip


def capture_or_withheld(capture: Capture, source: Source) -> Capture:
    """The capture as others may see it: itself, or without all that tells where its source is or would prove which it is."""
    if source.withheld is None:
        return capture
    return replace(
        capture, sha256=HIDDEN, text_sha256=HIDDEN, location=HIDDEN, retrieved_at=HIDDEN, url=None, url_key=None, reached_url=None,
        reached_key=None, headers=(), warc_sha256=None, locators_sha256=None,
    )  # fmt: skip


def told_events(reader: Reader, events: Iterable[Event]) -> Iterator[Event]:
    """The history as others may see it: events of sources that are withheld, and of their captures, without what they say.

    Their hashes are as they were recorded, so the chain can be followed still.
    """
    withheld = {source.id for source in reader.find(Source, withdrawn=True) if source.withheld is not None}
    for event in events:
        if event.object_id in withheld or any(side and side.get("source_id") in withheld for side in _captures(event)):
            yield replace(event, before=event.before and {"id": event.object_id}, after=event.after and {"id": event.object_id})
        else:
            yield event


def _captures(event: Event) -> tuple[Document | None, ...]:
    return (event.before, event.after) if event.object_id.startswith(Capture.PREFIX) else ()
