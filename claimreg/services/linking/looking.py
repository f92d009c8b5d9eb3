"""Looking for quotes in stored sources and in documents that are handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Attribution, Claim, Link, Looked, Source, record_type_of
from claimreg.services.linking.likely import stored_collection
from claimreg.services.linking.links import LinkChanges, LinkProposal, note_looked, propose_anywhere, propose_links, store_links
from claimreg.services.lookup import require
from claimreg.services.recording.sources import capture_of, find_source, names_a_source, require_source, text_of
from claimreg.services.reporting.views import link_view
from claimreg.store.port import Equals, Reader, Store, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimreg.linker import Linker
    from claimreg.linker.collection import Collection
    from claimreg.services.surroundings import DocumentReader


class Linked(NamedTuple):
    """Changes of a search for quotes, the links that stand now, and the attributions whose quotes were found nowhere."""

    changes: LinkChanges
    found: tuple[Link, ...]
    lost: tuple[Attribution, ...]


class Looking(NamedTuple):
    """Findings of the attributions' quotes before they are stored; ``head`` is the hash of the last event then."""

    attributions: list[Attribution]
    proposals: list[LinkProposal]
    method: str
    head: str


def look(
    store: Store,
    record_ids: Sequence[str],
    sources: Iterable[str],
    linker: Callable[[Collection], Linker],
    tell: Callable[[str], None],
    *,
    every: bool,
) -> Looking:
    """Look for the quotes of claims and attributions in the sources named, or in all; see `wanted_attributions`."""
    attributions = wanted_attributions(store, record_ids, every=every)
    finder = linker(stored_collection(store, len(attributions)))
    _seq, head = store.head()
    named = [require_source(store, one) for one in sources]
    found = propose_links(store, attributions, named, finder) if named else propose_anywhere(store, attributions, finder, tell)
    return Looking(attributions, list(found), finder.name, head)


def store_looking(writer: Writer, looking: Looking) -> Linked:
    """Keep what was found, and that it was looked for."""
    changes = store_links(writer, looking.proposals, looking.method)
    note_looked(writer, looking.attributions, Looked(writer.change.at, looking.head, looking.method))
    found = tuple(link_view(writer, one) for one in (*changes.added, *changes.kept))
    linked = {one.attribution_id for one in (*changes.added, *changes.kept)}
    return Linked(changes, found, tuple(one for one in looking.attributions if one.id not in linked))


def wanted_attributions(reader: Reader, record_ids: Sequence[str], *, every: bool) -> list[Attribution]:
    """The attributions with a quote of these claims and attributions; without any, those that have no link yet, or ``every`` one."""
    if not record_ids:
        quoted = [one for one in reader.find(Attribution) if one.quote]
        return quoted if every else [one for one in quoted if next(reader.find(Link, Equals("attribution_id", one.id)), None) is None]
    wanted: dict[str, Attribution] = {}
    for record_id in record_ids:
        if record_type_of(record_id.strip()) is Attribution:
            found = [require(reader, Attribution, record_id)]
        else:
            claim = require(reader, Claim, record_id)
            found = list(reader.find(Attribution, Equals("claim_id", claim.id)))
        wanted.update((one.id, one) for one in found if one.quote)
    return list(wanted.values())


def texts_named(reader: Reader, references: Iterable[str], documents: DocumentReader) -> Iterator[tuple[str, str]]:
    """The name and text of each source or document that is referred to, each once."""
    for reference in dict.fromkeys(one.strip().upper() if record_type_of(one.strip()) is Source else one for one in references):
        source = find_source(reader, reference) if names_a_source(reference) else None
        if source is None:
            yield reference, documents.read(reference, guess_language=False).text
        else:
            yield source.id, text_of(reader, capture_of(reader, source))
