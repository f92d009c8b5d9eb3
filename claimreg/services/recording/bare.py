"""Sources of which an address and details are known, and no bytes: recorded without fetching anything, to be captured later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimreg.errors import UsageError
from claimreg.model import Capture, Source
from claimreg.services.recording.fields import new_fields
from claimreg.services.recording.sources import latest_capture
from claimreg.services.withholding import is_sealed
from claimreg.text.addresses import address_key
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimreg.services.recording.sources import SourceDetails
    from claimreg.store.port import Reader, Writer

_NAMED = 5
"""Sources up to which each is named."""


def record_bare_source(writer: Writer, details: SourceDetails, *, canonical_url: str | None = None) -> Source:
    """Record a source of which these details are known; its bytes are fetched when somebody has it captured.

    Who calls has looked whether it is here already. The address is nobody's in this registry: it is fetched from the public network
    only. Without a title the address is it, until the document says its own. Raises `UsageError` where there is neither.
    """
    stated: dict[str, Any] = {name: value or None for name, value in details._asdict().items()}
    stated["title"] = details.title or details.url
    if not stated["title"]:
        raise UsageError("A source needs an address or a title.")
    key = address_key(details.url) if details.url else None
    return writer.put(Source(**new_fields(writer, Source), **stated, url_key=key, canonical_url=canonical_url))


def has_texts(reader: Reader) -> bool:
    """Return whether there is a text to look in, as sources that are not captured yet have none; true for a registry without sources."""
    return next(reader.find(Capture), None) is not None or next(reader.find(Source), None) is None


def passed_over(reader: Reader, source_ids: Iterable[str], *, everywhere: bool = False) -> str | None:
    """The sentence that counts those of these sources that cannot be looked in, and were passed over; ``None`` where all can be.

    They are not captured yet, or sealed for the reader; of these, all count where quotes are looked for ``everywhere``.
    """
    sources = (reader.get(Source, one) for one in dict.fromkeys(source_ids))
    unread = [one for one in sources if one is not None and one.removed_at is None and latest_capture(reader, one) is None]
    sealed = reader.find(Source) if everywhere and not reader.sees_withheld else unread
    told = (_told_sealed([one for one in sealed if is_sealed(one)]), _told_bare([one for one in unread if not is_sealed(one)]))
    return " ".join(filter(None, told)) or None


def _told_sealed(sources: list[Source]) -> str | None:
    if not sources:
        return None
    named = ", ".join(one.id for one in sources[:_NAMED]) + (f" and {len(sources) - _NAMED:,} more" if len(sources) > _NAMED else "")
    are, were = ("is", "was") if len(sources) == 1 else ("are", "were")
    return f"{counted(len(sources), 'source')} {are} withheld, which you may not see, and {were} passed over: {named}."


def _told_bare(bare: list[Source]) -> str | None:
    if not bare:
        return None
    named = ", ".join(one.id for one in bare[:_NAMED])
    more = f" and {len(bare) - _NAMED:,} more" if len(bare) > _NAMED else ""
    are, it = ("is", "it") if len(bare) == 1 else ("are", "them")
    were = "was" if len(bare) == 1 else "were"
    ids = " ".join(one.id for one in bare[:_NAMED])
    how = (
        f"`claimreg source recapture {ids}` fetches {it}"
        if not more
        else "`claimreg source recapture --all` fetches all that have an address"
    )
    return f"{counted(len(bare), 'source')} {are} not captured yet and {were} passed over: {named}{more}; {how}."
