"""Quotes that came with an import: each is looked for in its own source, else in all texts."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from claimreg.model import Attribution, Capture, Link, Source
from claimreg.services.linking.likely import stored_collection
from claimreg.services.linking.links import Looking, propose_anywhere, propose_links
from claimreg.services.linking.looked import can_be_looked_for
from claimreg.services.recording.sources import latest_capture
from claimreg.store.port import Equals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.linker import Linker
    from claimreg.linker.collection import Collection
    from claimreg.services.linking.links import LinkProposal
    from claimreg.store.port import Reader, Store

_MOST_TEXTS = 200
"""Texts that a quote is looked for in, however many are stored, see `claimreg.services.linking.likely`."""


def look_for_new(
    store: Store,
    attribution_ids: Iterable[str],
    linker: Callable[[Collection], Linker],
    tell: Callable[[str], None] = lambda _sentence: None,
    progress: Callable[[int], None] = lambda _looks: None,
    *,
    most: int | None = None,
) -> Looking | None:
    """Look for the quotes of these attributions, those that have no link yet; ``None`` where there is nothing to look for or to look in.

    ``most`` limits how many looks are taken for quotes that have no text of their own: the first ones are looked for everywhere, the
    others not at all.
    ``progress`` is told how many times a quote was looked for in a text. ``tell`` is told in a sentence what was done to an index.
    """
    if next(store.find(Capture), None) is None:
        return None
    attributions = list(_unlinked(store, attribution_ids))
    if not attributions:
        return None
    finder = linker(stored_collection(store))
    _seq, head = store.head()
    own, elsewhere = _by_source(store, attributions)
    if most is not None:
        texts = sum(1 for _ in islice(store.ids(Capture), _MOST_TEXTS))
        elsewhere = elsewhere[: most // texts]
        attributions = [*chain.from_iterable(said for _source, said in own), *elsewhere]
    in_own = chain.from_iterable(propose_links(store, said, [source], finder) for source, said in own)
    found: list[LinkProposal] = []
    for done, proposal in enumerate(chain(in_own, propose_anywhere(store, elsewhere, finder, tell) if elsewhere else ()), start=1):
        if proposal.matches:
            found.append(proposal)
        progress(done)
    inside = {one.id: (source.id,) for source, said in own for one in said}
    return Looking(attributions, found, [], finder.name, head, inside=inside)


def look_anywhere(
    store: Store,
    attribution: Attribution,
    linker: Callable[[Collection], Linker],
    tell: Callable[[str], None] = lambda _sentence: None,
) -> Looking | None:
    """Look for the quote of an attribution, which need not be stored yet, in all texts.

    ``None`` where there is no text, or the quote cannot be told from others by its words. ``tell`` is told in a sentence what was done
    to an index.
    """
    if not can_be_looked_for(attribution.quote) or next(store.find(Capture), None) is None:
        return None
    finder = linker(stored_collection(store))
    _seq, head = store.head()
    found = [one for one in propose_anywhere(store, [attribution], finder, tell) if one.matches]
    return Looking([attribution], found, [], finder.name, head)


def of_attribution(looking: Looking, attribution: Attribution) -> Looking:
    """The findings as those of an attribution that was stored meanwhile."""
    proposals = [one._replace(attribution=attribution) for one in looking.proposals]
    return looking._replace(attributions=[attribution], proposals=proposals)


def _unlinked(reader: Reader, attribution_ids: Iterable[str]) -> Iterator[Attribution]:
    for one in attribution_ids:
        attribution = reader.get(Attribution, one)
        if attribution is None or attribution.removed_at is not None or not attribution.quote:
            continue
        if next(reader.find(Link, Equals("attribution_id", one)), None) is None:
            yield attribution


def _by_source(reader: Reader, attributions: Iterable[Attribution]) -> tuple[list[tuple[Source, list[Attribution]]], list[Attribution]]:
    """The attributions by their own sources, those that have a text, and the rest."""
    sources: dict[str, Source | None] = {}
    own: dict[str, list[Attribution]] = {}
    elsewhere: list[Attribution] = []
    for attribution in attributions:
        source_id = attribution.source_id or ""
        if source_id not in sources:
            sources[source_id] = _with_text(reader, source_id)
        if sources[source_id] is None:
            elsewhere.append(attribution)
        else:
            own.setdefault(source_id, []).append(attribution)
    return [(source, own[one]) for one, source in sources.items() if source is not None], elsewhere


def _with_text(reader: Reader, source_id: str) -> Source | None:
    source = reader.get(Source, source_id) if source_id else None
    capture = latest_capture(reader, source) if source is not None and source.removed_at is None else None
    return source if capture is not None and capture.length else None
