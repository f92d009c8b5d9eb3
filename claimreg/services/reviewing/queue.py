"""Looking at what was proposed, one thing after the other: what waits for a person, best first, and what the person says of it.

What waits is a queue of items, each of a type of its own; a further kind of proposal is one more type in `Item`.
Nothing is decided that is not as it was shown: what changed meanwhile raises `ChangedMeanwhileError`.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from claimreg.errors import ChangedMeanwhileError, UsageError
from claimreg.frozen import replace
from claimreg.linker.types import is_intact
from claimreg.linker.version import METHOD
from claimreg.model import (
    Attribution,
    Capture,
    Claim,
    Draft,
    DraftState,
    Flag,
    Link,
    LinkKind,
    LinkState,
    Party,
    Relation,
    RelationKind,
    Source,
    record_number,
)  # fmt: skip
from claimreg.services.extraction.decisions import Accepted, As, accept, edited, reject, suggested_party
from claimreg.services.finding.duplicates import kin_of
from claimreg.services.linking.links import LinkChanges, propose_links, relink
from claimreg.services.linking.looked import looking
from claimreg.services.linking.rejudge import judged_before
from claimreg.services.lookup import claims_of_case, require
from claimreg.services.recording.claims import record_relation
from claimreg.services.recording.fields import checked_text
from claimreg.services.recording.sources import text_of
from claimreg.services.reporting.views import AttributionView, ClaimView, Where, attribution_view, claim_view, link_view
from claimreg.services.withholding import named_or_withheld
from claimreg.store.port import AllOf, AnyOf, Condition, Equals, OneOf, Reader, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from claimreg.linker import Linker
    from claimreg.model import Record, RecordT
    from claimreg.rank.index import StatementIndex

_AROUND = 160
"""Code points of a draft's text that are shown before and after its words: a sentence or two."""

_WORD_FOR_WORD = frozenset((LinkKind.EXACT, LinkKind.TYPOGRAPHIC))


class Scope(NamedTuple):
    """Choice of suggested links; an empty field does not restrict it. ``min_score`` is 0..100."""

    case: str | None = None
    source_ids: tuple[str, ...] = ()
    kinds: tuple[LinkKind, ...] = ()
    min_score: float = 0.0


class LinkItem(NamedTuple):
    """A suggested link that waits for somebody to say whether the quote stands there."""

    link_id: str


class PairItem(NamedTuple):
    """Two claims that say nearly the same: how do they stand to each other? ``flags`` say what sets them apart."""

    claim_id: str
    other_id: str
    flags: tuple[Flag, ...] = ()


class DraftItem(NamedTuple):
    """A statement that a source attributes to somebody, which waits for somebody to say whether to record it."""

    draft_id: str


Item: TypeAlias = LinkItem | DraftItem | PairItem


class LinkQuestion(NamedTuple):
    """All that a person sees of a suggested link; ``others`` are the quote's other places, but for rejected ones.

    ``before`` is the link as an earlier method judged it, where that said something else. ``revealed`` says that the question has what
    others may not see.
    """

    claim: Claim
    stated: AttributionView
    link: Link
    source: Source
    where: Where | None
    others: tuple[Link, ...]
    revealed: bool = False
    before: Link | None = None


class PairQuestion(NamedTuple):
    """All that a person sees of two claims that say nearly the same."""

    claim: ClaimView
    other: ClaimView
    flags: tuple[Flag, ...]


class DraftQuestion(NamedTuple):
    """All that a person sees of a draft: the words with the text ``before`` and ``after`` them, its source, and the party suggested.

    ``likeness`` (0..100) is that of the speaker's name to the party's.
    """

    draft: Draft
    source: Source
    before: str
    after: str
    party: Party | None = None
    likeness: float | None = None
    within: Draft | None = None
    revealed: bool = False


Question: TypeAlias = LinkQuestion | DraftQuestion | PairQuestion


def waiting_links(reader: Reader, scope: Scope) -> tuple[LinkItem, ...]:
    """The suggested links, best first: those without a flag, the likeliest first; places of one quote stay together where equally good.

    A link that was carried to a later capture is asked about there only.
    """
    carried = {link.anchored_from for link in reader.find(Link) if link.anchored_from is not None}
    condition = links_of_scope(reader, scope)
    found = [
        link
        for link in (reader.find(Link, condition) if condition is not None else ())
        if link.id not in carried and link.score >= scope.min_score and (not scope.kinds or link.kind in scope.kinds)
    ]
    return tuple(LinkItem(link.id) for link in sorted(found, key=_best_first))


def waiting_drafts(reader: Reader, source_ids: tuple[str, ...] = (), *, revealed: bool = False) -> tuple[DraftItem, ...]:
    """The drafts that nobody decided on, source by source, in the order of the text; none of withheld sources unless ``revealed``."""
    proposed: Condition = Equals("state", DraftState.PROPOSED.value)
    found = reader.find(Draft, AllOf((proposed, OneOf("source_id", source_ids))) if source_ids else proposed)
    hidden = set() if revealed else {source.id for source in reader.find(Source) if source.withheld is not None}
    drafts = sorted((one for one in found if one.source_id not in hidden), key=lambda one: (record_number(one.source_id), one.start))
    return tuple(DraftItem(one.id) for one in drafts)


def waiting_pairs(reader: Reader, index: StatementIndex, scope: Scope, goes_on: Callable[[int], bool]) -> tuple[PairItem, ...]:
    """The pairs of claims that say nearly the same and of which nobody has said how they stand; those without a flag first.

    ``goes_on`` is told how many claims were looked at, and says whether to look at more; else those found by then are given.
    """
    related = {frozenset((one.claim_id, one.other_claim_id)) for one in reader.find(Relation)}
    claims = claims_of_case(reader, scope.case) if scope.case is not None else reader.find(Claim)
    found: dict[frozenset[str], PairItem] = {}
    for number, claim in enumerate(claims, start=1):
        if not goes_on(number):
            break
        for kin in kin_of(reader, index, claim.text):
            pair = frozenset((claim.id, kin.claim.id))
            if kin.claim.id != claim.id and pair not in related:
                first, second = sorted(pair, key=record_number)
                found.setdefault(pair, PairItem(first, second, kin.flags))
    order = sorted(found.values(), key=lambda one: (bool(one.flags), record_number(one.claim_id), record_number(one.other_id)))
    return tuple(order)


def question(reader: Reader, item: Item, *, revealed: bool = False) -> Question:
    """Return what to show of an item; raises `ChangedMeanwhileError` where it no longer waits.

    Of sources that are withheld it has what others may see, unless ``revealed``.
    """
    if isinstance(item, PairItem):
        return _pair_question(reader, item)
    if isinstance(item, DraftItem):
        return _draft_question(reader, item, revealed=revealed)
    link = _waiting(reader, item.link_id)
    attribution = require(reader, Attribution, link.attribution_id, withdrawn=True)
    stated = attribution_view(reader, attribution, revealed=revealed)
    source = require(reader, Source, link.source_id, withdrawn=True)
    before = judged_before(reader, link)
    return LinkQuestion(
        claim=require(reader, Claim, attribution.claim_id, withdrawn=True),
        stated=stated,
        link=link_view(reader, link, revealed=revealed),
        source=source if revealed else named_or_withheld(source),
        where=stated.where.get(link.id),
        others=tuple(one for one in stated.links if one.id != link.id and one.state is not LinkState.REJECTED),
        revealed=revealed,
        before=link_view(reader, before, revealed=revealed) if before is not None else None,
    )


def decide_link(writer: Writer, link_id: str, state: LinkState, shown: LinkQuestion | None = None) -> Link:
    """Confirm or reject a suggested link, as it was ``shown`` where it was; else `ChangedMeanwhileError` is raised."""
    link = _waiting(writer, link_id)
    if shown is not None:
        now = question(writer, LinkItem(link_id), revealed=shown.revealed)
        if not isinstance(now, LinkQuestion) or _essence(now) != _essence(shown):
            raise ChangedMeanwhileError(f"{link_id} was changed meanwhile; look at it again.")
    return writer.put(replace(link, state=state))


def accept_draft(writer: Writer, shown: DraftQuestion, speaker: As, linker: Linker) -> Accepted:
    """Make a claim, an attribution and a confirmed link of a draft as it was shown; else `ChangedMeanwhileError` is raised."""
    return accept(writer, _as_shown(writer, shown), speaker, linker)


def reject_draft(writer: Writer, shown: DraftQuestion) -> Draft:
    """Reject a draft as it was shown; else `ChangedMeanwhileError` is raised."""
    return reject(writer, _as_shown(writer, shown))


def edit_draft(writer: Writer, shown: DraftQuestion, changes: Mapping[str, str]) -> Draft:
    """Change a draft as it was shown, else `ChangedMeanwhileError` is raised; see `claimreg.services.extraction.decisions.edited`."""
    before = _as_shown(writer, shown)
    after = edited(writer, before, changes)
    if after == before:
        raise UsageError("The draft is as it was; nothing was changed.")
    return writer.put(after)


def decide_pair(writer: Writer, shown: PairQuestion, kind: RelationKind) -> Relation:
    """Record how two claims stand to each other, as they were shown; else `ChangedMeanwhileError` is raised."""
    claim, other = shown.claim.claim, shown.other.claim
    now = _pair_question(writer, PairItem(claim.id, other.id, shown.flags))
    if (now.claim.claim, now.other.claim) != (claim, other):
        raise ChangedMeanwhileError(f"{claim.id} or {other.id} was changed meanwhile; look at them again.")
    # The later one says again, or denies, what the earlier one said.
    return record_relation(writer, other, kind, claim)[0]


def edit_quote(writer: Writer, shown: LinkQuestion, quote: str, linker: Linker) -> LinkChanges:
    """Give an attribution's quote other words and look for them where the earlier ones were looked for.

    Raises `ChangedMeanwhileError` where the quote is not as it was shown, `UsageError` for one without words.
    """
    words = checked_text(quote, "quote")
    attribution = _current(writer, Attribution, shown.stated.attribution.id)
    if attribution.quote != shown.stated.attribution.quote:
        raise ChangedMeanwhileError(f"The quote of {attribution.id} was changed meanwhile; look at it again.")
    if words == attribution.quote:
        raise UsageError("The quote is as it was; nothing was changed.")
    linked = [link.source_id for link in writer.find(Link, Equals("attribution_id", attribution.id))]
    told = [attribution.source_id] if attribution.source_id else []
    sources = [require(writer, Source, one) for one in dict.fromkeys((*told, *linked))]
    looked = looking(writer, linker.name, (one.id for one in sources)) if sources else None
    edited = writer.put(replace(attribution, quote=words, looked=looked))
    return relink(writer, edited, tuple(propose_links(writer, [edited], sources, linker)), linker.name, quote_changed=True)


def certain_links(reader: Reader, items: Iterable[LinkItem]) -> Iterator[Link]:
    """Yield those of the waiting links whose words are the quote's, with nothing that a person must look at.

    What an earlier method judged is not certain: it took for word for word, and left without a flag, what is told otherwise now.
    """
    for link in _word_for_word(reader, items):
        if link.method == METHOD and not link.flags and is_intact(link.kind, link.flags, link.not_judged):
            yield link


def judged_earlier(reader: Reader, items: Iterable[LinkItem]) -> int:
    """Count those of the waiting links that were word for word to an earlier method."""
    return sum(link.method != METHOD for link in _word_for_word(reader, items))


def _word_for_word(reader: Reader, items: Iterable[LinkItem]) -> Iterator[Link]:
    links = (reader.get(Link, item.link_id) for item in items)
    return (link for link in links if link is not None and link.kind in _WORD_FOR_WORD)


def links_of_scope(reader: Reader, scope: Scope) -> Condition | None:
    """The condition on a link that waits; ``None`` where the case has no attributions, so that no link can meet it."""
    conditions: list[Condition] = [Equals("state", LinkState.SUGGESTED.value)]
    if scope.source_ids:
        conditions.append(OneOf("source_id", scope.source_ids))
    if scope.case is not None:
        claims = tuple(claim.id for claim in claims_of_case(reader, scope.case))
        stated = tuple(one.id for one in reader.find(Attribution, OneOf("claim_id", claims))) if claims else ()
        if not stated:
            return None
        conditions.append(OneOf("attribution_id", stated))
    return AllOf(tuple(conditions))


def _best_first(link: Link) -> tuple[bool, float, float, int, int]:
    return bool(link.flags), -round(link.probability, 2), -link.score, record_number(link.attribution_id), record_number(link.id)


def _essence(shown: LinkQuestion) -> tuple[object, ...]:
    return shown.claim, shown.stated.attribution, shown.stated.party, shown.link


def _waiting(reader: Reader, link_id: str) -> Link:
    link = _current(reader, Link, link_id)
    if link.state is not LinkState.SUGGESTED:
        raise ChangedMeanwhileError(f"{link.id} is {link.state.value} already{_by_whom(reader, link)}; it was passed over.")
    return link


def _current(reader: Reader, record_type: type[RecordT], record_id: str) -> RecordT:
    record = require(reader, record_type, record_id, withdrawn=True)
    if record.removed_at is not None:
        raise ChangedMeanwhileError(f"{record.id} was removed{_by_whom(reader, record)}; it was passed over.")
    return record


def _by_whom(reader: Reader, record: Record) -> str:
    last = next(iter(deque(reader.history(record.id), maxlen=1)), None)
    return f" by {last.user} ({last.at})" if last is not None else ""


def _draft_question(reader: Reader, item: DraftItem, *, revealed: bool) -> DraftQuestion:
    draft = _current(reader, Draft, item.draft_id)
    if draft.state is not DraftState.PROPOSED:
        raise ChangedMeanwhileError(f"{draft.id} is {draft.state.value} already{_by_whom(reader, draft)}; it was passed over.")
    source = require(reader, Source, draft.source_id, withdrawn=True)
    if source.withheld is not None and not revealed:
        raise ChangedMeanwhileError(f"{draft.id} is of {source.id}, which is withheld; --reveal shows it, for your own eyes.")
    party, likeness = suggested_party(reader, draft) or (None, None)
    text = text_of(reader, require(reader, Capture, draft.capture_id, withdrawn=True))
    return DraftQuestion(
        draft=draft,
        source=source,
        before=text[max(0, draft.start - _AROUND) : draft.start],
        after=text[draft.end : draft.end + _AROUND],
        party=party,
        likeness=likeness,
        within=reader.get(Draft, draft.nested_in) if draft.nested_in is not None else None,
        revealed=revealed,
    )


def _as_shown(reader: Reader, shown: DraftQuestion) -> Draft:
    now = _draft_question(reader, DraftItem(shown.draft.id), revealed=shown.revealed)
    if (now.draft, now.party) != (shown.draft, shown.party):
        raise ChangedMeanwhileError(f"{shown.draft.id} was changed meanwhile; look at it again.")
    return now.draft


def _pair_question(reader: Reader, item: PairItem) -> PairQuestion:
    claim, other = (_current(reader, Claim, one) for one in (item.claim_id, item.other_id))
    ids = (claim.id, other.id)
    sides = AnyOf((Equals("claim_id", claim.id), Equals("other_claim_id", claim.id)))
    for relation in reader.find(Relation, sides):
        if relation.claim_id in ids and relation.other_claim_id in ids:
            told = f"{relation.claim_id} {relation.kind.value} {relation.other_claim_id}"
            raise ChangedMeanwhileError(f"{told} is recorded already{_by_whom(reader, relation)}; the two were passed over.")
    return PairQuestion(claim_view(reader, claim), claim_view(reader, other), item.flags)
