"""Links of an earlier method, judged again: what the present linker says of their very place takes the place of what was recorded.

A place that it finds no more is kept as it was. What a person confirmed and now reads otherwise waits for a person again.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from claimreg.codec import from_document
from claimreg.errors import InputError
from claimreg.frozen import replace
from claimreg.linker.types import is_intact, of_meaning
from claimreg.model import Attribution, Capture, Link, LinkKind, LinkState, Place, Source, record_number
from claimreg.services.linking.texts import find_within, stored_texts
from claimreg.services.lookup import require
from claimreg.services.withholding import is_sealed
from claimreg.store.port import Reader, Wanted, Writer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from claimreg.linker import Linker, Match

    Found = Mapping[tuple[str, str], Sequence[Match]]
    """Matches by the ids of the attribution and the capture, where a quote was looked for there a moment ago."""


_AT_ONCE = 500
"""Attributions whose links are read at once."""


class LookedAgain(NamedTuple):
    """A link of an earlier method, and what the present linker finds in its place; ``None`` where it finds nothing there."""

    link: Link
    match: Match | None


class Rejudged(NamedTuple):
    """A link as an earlier method judged it, and as it is now; ``found`` tells whether its place was found again."""

    before: Link
    after: Link
    found: bool


def look_again(
    reader: Reader, attributions: Iterable[Attribution], linker: Linker, found: Found, within: Collection[str] = ()
) -> Iterator[LookedAgain]:
    """Look for the quotes of links of earlier methods, each in the capture that the link is in; nothing is recorded.

    ``within`` has the ids of the sources whose links are meant; without any, all are.
    """
    for attribution, standing in with_links(reader, attributions):
        links = sorted(standing, key=lambda one: record_number(one.capture_id))
        for capture_id, group in groupby(links, key=lambda one: one.capture_id):
            there = [link for link in group if not within or link.source_id in within]
            earlier = [link for link in there if link.method != linker.name]
            if earlier and not is_sealed(require(reader, Capture, capture_id, withdrawn=True)):
                known = found.get((attribution.id, capture_id))
                matches = _matches(reader, attribution, earlier[0], linker) if known is None else known
                yield from _paired(earlier, there, matches)


def with_links(reader: Reader, attributions: Iterable[Attribution]) -> Iterator[tuple[Attribution, list[Link]]]:
    """Yield the attributions, each with its links that are in use; those of many are read at once."""
    rest = iter(attributions)
    while some := list(islice(rest, _AT_ONCE)):
        of_attribution: dict[str, list[Link]] = {one.id: [] for one in some}
        (links,) = reader.gather(Wanted(Link, "attribution_id", tuple(of_attribution)))
        for link in links:
            if isinstance(link, Link) and link.removed_at is None:
                of_attribution[link.attribution_id].append(link)
        yield from ((one, of_attribution[one.id]) for one in some)


def _matches(reader: Reader, attribution: Attribution, link: Link, linker: Linker) -> Sequence[Match]:
    texts = stored_texts(reader, require(reader, Capture, link.capture_id, withdrawn=True))
    lang = attribution.lang or require(reader, Source, link.source_id, withdrawn=True).lang
    try:
        return find_within(attribution.quote or "", texts, linker, lang).matches
    except InputError:
        return ()


def _paired(earlier: Sequence[Link], there: Sequence[Link], matches: Sequence[Match]) -> Iterator[LookedAgain]:
    """Pair links of one capture with the matches of their places; no two links get one that neither had already."""
    exact = {(match.start, match.end): match for match in matches}
    taken = {(link.start, link.end) for link in there}
    free = [match for match in matches if (match.start, match.end) not in taken]
    for link in earlier:
        match = exact.get((link.start, link.end)) or next((one for one in free if is_same_place(one, link)), None)
        free = [one for one in free if one is not match]
        yield LookedAgain(link, match)


def is_same_place(one: Place, other: Place) -> bool:
    """Return whether two stretches of one text are one place: more than half of what either covers is shared."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared > max(one.end, other.end) - min(one.start, other.start)


def store_rejudged(writer: Writer, looked_again: Iterable[LookedAgain], method: str) -> Iterator[Rejudged]:
    """Record what the present linker says of each link that is still as it was looked at, and give what became of it."""
    for link, match in looked_again:
        now = writer.get(Link, link.id)
        if now is not None and now.removed_at is None and (now.method, now.place()) == (link.method, link.place()):
            after = _kept(writer, now) if match is None else _judged(now, match, method)
            yield Rejudged(now, writer.put(after), found=match is not None)


def _judged(link: Link, match: Match, method: str) -> Link:
    waits = link.state is LinkState.CONFIRMED and _turns(link, match)
    return replace(link, **match.place(), method=method, state=LinkState.SUGGESTED if waits else link.state)


def _kept(writer: Writer, link: Link) -> Link:
    """A link whose place is found no more: it waits for a person, once; who confirms it then has seen that."""
    asked = any(
        event.before and event.after and (event.before.get("state"), event.after.get("state")) == (LinkState.CONFIRMED, LinkState.SUGGESTED)
        for event in writer.history(link.id)
        if event.action == writer.change.action
    )
    return link if link.state is not LinkState.CONFIRMED or asked else replace(link, state=LinkState.SUGGESTED)


def _turns(before: Place, after: Place) -> bool:
    """Return whether a place that a person confirmed is now told to have other words, or words of another sense."""
    worse = after.kind is LinkKind.ALTERED and before.kind is not LinkKind.ALTERED
    joined = after.kind is LinkKind.STITCHED and before.kind is not LinkKind.STITCHED
    was_intact, intact = (is_intact(one.kind, one.flags, one.not_judged) for one in (before, after))
    return worse or joined or bool(of_meaning(after.flags) - of_meaning(before.flags)) or (was_intact and not intact)


def reads_otherwise(before: Place, after: Place) -> bool:
    """Return whether kind, flags or what could not be judged differ."""
    return (before.kind, set(before.flags), before.not_judged) != (after.kind, set(after.flags), after.not_judged)


def judged_before(reader: Reader, link: Link) -> Link | None:
    """The link as the last earlier method had judged it; ``None`` where there was none, or it said the same."""
    before = None
    for event in reader.history(link.id):
        if event.before and event.after and event.before.get("method") != event.after.get("method"):
            before = event.before
    if before is None:
        return None
    earlier = from_document(Link, before)
    return earlier if reads_otherwise(earlier, link) else None


def earlier_methods(links: Iterable[Link], method: str) -> Counter[str]:
    """Count the links by the earlier methods that judged them; nobody believes those that a person rejected."""
    return Counter(link.method for link in links if link.method != method and link.state is not LinkState.REJECTED)
