"""Reviewing: what waits and in which order, decisions, what was rejected staying so, and taking decisions back."""

from __future__ import annotations

import io
from typing import NamedTuple

import pytest
from rich.console import Console

from claimreg.codec import to_document
from claimreg.errors import ChangedMeanwhileError, InputError, NotFoundError, UsageError
from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.linker.types import Findings
from claimreg.model import Attribution, Change, Claim, Flag, Link, LinkKind, LinkState, Party, Relation, RelationKind, Source, Stance
from claimreg.render.review import question_renderable
from claimreg.services.evidence.verify import verify
from claimreg.services.finding.claim_index import ask
from claimreg.services.linking.links import propose_links, store_links
from claimreg.services.linking.recapture import carry_links
from claimreg.services.recording.claims import (
    AttributionFields,
    ClaimFields,
    record_attribution,
    record_claim,
    record_relation,
    withdraw,
)
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, add_capture, capture_of, store_source
from claimreg.services.reporting.report import build_report
from claimreg.services.reviewing.queue import (
    LinkItem,
    LinkQuestion,
    PairItem,
    PairQuestion,
    Scope,
    certain_links,
    decide_link,
    decide_pair,
    edit_quote,
    question,
    waiting_links,
    waiting_pairs,
)
from claimreg.services.reviewing.undo import DECIDED, EDITED, UNDONE, last_decision, undo
from claimreg.shapes import misfit
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Equals

TEXT = """Harbour office

The harbour office said that the night ferry will not run before the pier is repaired. A clerk agreed.
The ferry carried 140 people in the storm, the captain told us, and nobody was hurt.
The night ferry will not run before the pier is repaired, the clerk said again at noon.
"""
EXACT = "nobody was hurt"
ALTERED = "The ferry carried 90 people in the storm, the captain told us"
TWICE = "night ferry will not run before the pier is repaired"
LINKER = LayeredLinker()
EVERYTHING = Scope()


def change(action: str = DECIDED, user: str = "ann", at: str = "2026-02-02T00:00:00Z") -> Change:
    return Change(user=user, at=at, action=action)


class Desk(NamedTuple):
    store: MemoryStore
    links: dict[str, list[Link]]
    """The links of each quote, in the text's order."""


def say(store: MemoryStore, text: str, quote: str | None, case: str | None = None) -> None:
    with store.write(change("add")) as writer:
        claim = record_claim(writer, ClaimFields(text, case=case))
        party = next(writer.find(Party), None) or writer.put(
            Party(id=writer.new_id(Party), recorded_at="2026-01-01T00:00:00Z", recorded_by="ann", name="Clerk")
        )
        source = next(writer.find(Source), None)
        record_attribution(writer, claim, party, source, AttributionFields(Stance.ASSERTS, "Clerk", quote))


def links_of(store: MemoryStore, quote: str) -> list[Link]:
    attribution = next(store.find(Attribution, Equals("quote", quote)))
    return sorted(store.find(Link, Equals("attribution_id", attribution.id)), key=lambda one: one.start)


def link_all(store: MemoryStore) -> None:
    with store.write(change("link")) as writer:
        store_links(writer, list(propose_links(writer, writer.find(Attribution), writer.find(Source), LINKER)), LINKER.name)


@pytest.fixture
def desk() -> Desk:
    store = MemoryStore()
    with store.write(change("add")) as writer:
        store_source(writer, IncomingDocument(TEXT.encode(), TEXT, location="page"), SourceDetails())
    say(store, "Ninety people were on board", ALTERED, case="Ferry")
    say(store, "The ferry is cancelled", TWICE)
    say(store, "There were no injuries", EXACT, case="Storm")
    link_all(store)
    return Desk(store, {quote: links_of(store, quote) for quote in (ALTERED, TWICE, EXACT)})


def asked(store: MemoryStore, link: Link) -> LinkQuestion:
    found = question(store, LinkItem(link.id))
    assert isinstance(found, LinkQuestion)
    return found


def decide(store: MemoryStore, link: Link, state: LinkState, user: str = "ann") -> Link:
    with store.write(change(user=user)) as writer:
        return decide_link(writer, link.id, state)


def waiting(store: MemoryStore, scope: Scope = EVERYTHING) -> list[str]:
    return [one.link_id for one in waiting_links(store, scope)]


def test_what_is_sure_comes_first_and_what_is_flagged_last(desk: Desk) -> None:
    (exact,), (altered,), twice = desk.links[EXACT], desk.links[ALTERED], desk.links[TWICE]
    assert len(twice) == 2
    assert Flag.NUMBER in altered.flags
    order = waiting(desk.store)
    assert order[0] == exact.id
    assert set(order[1:]) == {altered.id, *(one.id for one in twice)}
    flagged = [bool(next(desk.store.find(Link, Equals("id", one))).flags) for one in order]
    assert flagged == sorted(flagged)


def test_the_queue_can_be_narrowed(desk: Desk) -> None:
    (exact,), (altered,) = desk.links[EXACT], desk.links[ALTERED]
    assert waiting(desk.store, Scope(case="ferry")) == [altered.id]
    with pytest.raises(NotFoundError, match="no case “nothing of the kind”"):
        waiting(desk.store, Scope(case="nothing of the kind"))
    assert waiting(desk.store, Scope(kinds=(LinkKind.ALTERED,))) == [altered.id]
    assert waiting(desk.store, Scope(source_ids=("S9",))) == []
    assert exact.id in waiting(desk.store, Scope(min_score=100))
    assert altered.id not in waiting(desk.store, Scope(min_score=100))


def test_a_question_shows_the_quotes_other_places(desk: Desk) -> None:
    first, second = desk.links[TWICE]
    assert [one.id for one in asked(desk.store, first).others] == [second.id]
    decide(desk.store, second, LinkState.REJECTED)
    assert asked(desk.store, first).others == ()


def test_a_decision_is_one_event_with_its_user_and_time(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    before, _hash = desk.store.head()
    decide(desk.store, exact, LinkState.CONFIRMED, user="bob")
    (event,) = desk.store.history(after=before)
    assert (event.user, event.action, event.at, event.object_id) == ("bob", "review", "2026-02-02T00:00:00Z", exact.id)
    assert waiting(desk.store).count(exact.id) == 0


@pytest.mark.parametrize("state", [LinkState.CONFIRMED, LinkState.REJECTED])
def test_what_somebody_else_decided_is_passed_over_and_named(desk: Desk, state: LinkState) -> None:
    (exact,) = desk.links[EXACT]
    shown = asked(desk.store, exact)
    decide(desk.store, exact, state, user="bob")
    with pytest.raises(ChangedMeanwhileError, match=rf"{exact.id} is {state.value} already by bob"):
        question(desk.store, LinkItem(exact.id))
    with pytest.raises(ChangedMeanwhileError, match="already by bob"), desk.store.write(change()) as writer:
        decide_link(writer, exact.id, LinkState.CONFIRMED, shown)


def test_what_is_not_as_it_was_shown_is_not_decided(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    shown = asked(desk.store, exact)
    with desk.store.write(change("edit", "bob")) as writer:
        writer.put(replace(shown.claim, text="Everybody was hurt"))
    with pytest.raises(ChangedMeanwhileError, match="look at it again"), desk.store.write(change()) as writer:
        decide_link(writer, exact.id, LinkState.CONFIRMED, shown)
    assert exact.id in waiting(desk.store)
    with desk.store.write(change()) as writer:
        decide_link(writer, exact.id, LinkState.CONFIRMED, asked(desk.store, exact))


def test_what_was_removed_is_passed_over(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    with desk.store.write(change("rm", "bob")) as writer:
        withdraw(writer, asked(desk.store, exact).claim)
    with pytest.raises(ChangedMeanwhileError, match="was removed by bob"):
        question(desk.store, LinkItem(exact.id))
    assert exact.id not in waiting(desk.store)


class Shifting:
    """A later linker, which sees each place begin and end a little elsewhere."""

    name = "later/2"

    def __init__(self, by: int) -> None:
        self._by = by

    def find(self, quote: str, text: str, *, lang: str | None = None) -> Findings:
        found = LINKER.find(quote, text, lang=lang).matches
        return Findings(tuple(replace(one, start=one.start + self._by, exact=text[one.start + self._by : one.end]) for one in found))


@pytest.mark.parametrize("by", [0, 1, 5])
@pytest.mark.parametrize("state", [LinkState.REJECTED, LinkState.CONFIRMED])
def test_a_place_that_was_decided_on_is_never_proposed_again(desk: Desk, by: int, state: LinkState) -> None:
    for link in desk.store.find(Link):
        decide(desk.store, link, state)
    before = list(desk.store.find(Link))
    later = Shifting(by)
    for _ in range(2):
        with desk.store.write(change("link")) as writer:
            store_links(writer, list(propose_links(writer, writer.find(Attribution), writer.find(Source), later)), later.name)
    assert list(desk.store.find(Link)) == before
    assert waiting(desk.store) == []


def test_another_place_of_the_same_quote_is_proposed(desk: Desk) -> None:
    first, second = desk.links[TWICE]
    decide(desk.store, first, LinkState.REJECTED)
    link_all(desk.store)
    assert second.id in waiting(desk.store)
    assert first.id not in waiting(desk.store)


@pytest.mark.parametrize(
    "later",
    [TEXT, "A new line on top.\n" + TEXT, TEXT.replace("not run before", "not run\nbefore"), TEXT.replace("night ferry", "night  ferry")],
)
def test_a_rejected_place_stays_so_when_its_source_is_captured_again(desk: Desk, later: str) -> None:
    for link in desk.links[TWICE]:
        decide(desk.store, link, LinkState.REJECTED)
    with desk.store.write(change("source recapture")) as writer:
        stored = add_capture(writer, next(writer.find(Source)), IncomingDocument(later.encode(), later, location="page"))
        if stored.previous is not None:
            carry_links(writer, stored.previous, stored.capture, LINKER)
    link_all(desk.store)
    source = next(desk.store.find(Source))
    now = [one for one in links_of(desk.store, TWICE) if one.capture_id == capture_of(desk.store, source).id]
    assert {one.state for one in now} == {LinkState.REJECTED}
    # Those of the other quotes were carried, and wait in the later capture only.
    assert len(waiting(desk.store)) == 2


def test_an_edited_quote_is_looked_for_again(desk: Desk) -> None:
    (altered,) = desk.links[ALTERED]
    with desk.store.write(change(EDITED)) as writer:
        changes = edit_quote(writer, asked(desk.store, altered), ALTERED.replace("90", "140"), LINKER)
    assert [one.id for one in changes.withdrawn] == [altered.id]
    assert [one.kind for one in changes.added] == [LinkKind.EXACT]
    assert altered.id not in waiting(desk.store)
    assert changes.added[0].id in waiting(desk.store)


@pytest.mark.parametrize(("quote", "error"), [("", UsageError), ("  ", UsageError), (EXACT, UsageError)])
def test_an_edit_that_changes_nothing_or_leaves_nothing_is_refused(desk: Desk, quote: str, error: type[Exception]) -> None:
    (exact,) = desk.links[EXACT]
    before = desk.store.head()
    with pytest.raises(error), desk.store.write(change(EDITED)) as writer:
        edit_quote(writer, asked(desk.store, exact), quote, LINKER)
    assert desk.store.head() == before


def undo_last(store: MemoryStore, user: str = "ann") -> list[str] | None:
    with store.write(change(UNDONE, user)) as writer:
        decision = last_decision(writer, user)
        return [one.id for one in undo(writer, decision)] if decision else None


def test_decisions_are_undone_one_by_one_the_last_first(desk: Desk) -> None:
    (exact,), (first, second) = desk.links[EXACT], desk.links[TWICE]
    decide(desk.store, exact, LinkState.CONFIRMED)
    decide(desk.store, first, LinkState.REJECTED)
    decide(desk.store, second, LinkState.CONFIRMED, user="bob")
    assert undo_last(desk.store) == [first.id]
    assert undo_last(desk.store) == [exact.id]
    assert undo_last(desk.store) is None
    assert waiting(desk.store)[0] == exact.id
    assert undo_last(desk.store, "bob") == [second.id]
    assert {one.state for one in desk.store.find(Link)} == {LinkState.SUGGESTED}
    # Decided once more, it can be undone once more.
    decide(desk.store, exact, LinkState.REJECTED)
    assert undo_last(desk.store) == [exact.id]
    assert verify(desk.store).damage == []


def test_what_somebody_else_went_on_from_is_not_undone(desk: Desk) -> None:
    (exact,), (first, _second) = desk.links[EXACT], desk.links[TWICE]
    decide(desk.store, first, LinkState.CONFIRMED)
    decide(desk.store, exact, LinkState.CONFIRMED)
    for state in (LinkState.REJECTED, LinkState.CONFIRMED):
        with desk.store.write(change("edit", "bob")) as writer:
            writer.put(replace(next(writer.find(Link, Equals("id", exact.id))), state=state))
    assert undo_last(desk.store) == [first.id]
    assert undo_last(desk.store) is None
    assert next(desk.store.find(Link, Equals("id", exact.id))).state is LinkState.CONFIRMED


def test_an_edit_is_undone_with_its_links(desk: Desk) -> None:
    first, second = desk.links[TWICE]
    decide(desk.store, first, LinkState.CONFIRMED)
    before = {one.id: one for one in desk.store.find(Link)}
    with desk.store.write(change(EDITED)) as writer:
        changes = edit_quote(writer, asked(desk.store, second), "the captain told us", LINKER)
    (added,) = changes.added
    decide(desk.store, added, LinkState.CONFIRMED)
    assert undo_last(desk.store) == [added.id]
    undone = undo_last(desk.store)
    assert undone is not None
    assert {*undone} == {added.id, first.id, second.id, first.attribution_id}
    assert {one.id: one for one in desk.store.find(Link)} == before
    assert next(desk.store.find(Attribution, Equals("id", first.attribution_id))).quote == TWICE
    assert undo_last(desk.store) == [first.id]
    assert verify(desk.store).damage == []


def pairs(store: MemoryStore, scope: Scope = EVERYTHING, most: int = 1_000) -> tuple[PairItem, ...]:
    return ask(store, lambda index: waiting_pairs(store, index, scope, lambda claims: claims <= most))


@pytest.fixture
def alike(desk: Desk) -> MemoryStore:
    for text in ("The ferry is canceled", "The ferry is not cancelled", "Tickets cost more than last year"):
        say(desk.store, text, None, case="Late")
    return desk.store


def pair_question(store: MemoryStore, item: PairItem) -> PairQuestion:
    found = question(store, item)
    assert isinstance(found, PairQuestion)
    return found


def test_claims_that_say_nearly_the_same_are_proposed_once_those_without_a_flag_first(alike: MemoryStore) -> None:
    found = pairs(alike)
    assert [(one.claim_id, one.other_id) for one in found] == [("C2", "C4"), ("C2", "C5"), ("C4", "C5")]
    assert [one.flags for one in found] == [(), (Flag.NEGATION,), (Flag.NEGATION,)]
    assert pairs(alike, Scope(case="Late")) == found
    assert pairs(alike, Scope(case="Storm")) == ()
    assert pairs(alike, most=0) == ()


@pytest.mark.parametrize("kind", [RelationKind.REPEATS, RelationKind.CONTRADICTS, RelationKind.DIFFERS])
def test_a_pair_that_was_decided_is_never_proposed_again_until_it_is_undone(alike: MemoryStore, kind: RelationKind) -> None:
    item = pairs(alike)[0]
    with alike.write(change()) as writer:
        relation = decide_pair(writer, pair_question(alike, item), kind)
    assert (relation.claim_id, relation.kind, relation.other_claim_id) == ("C4", kind, "C2")
    assert item not in pairs(alike)
    with pytest.raises(ChangedMeanwhileError, match="recorded already by ann"):
        question(alike, item)
    assert misfit(Relation, to_document(relation)) is None
    assert undo_last(alike) == [relation.id]
    assert pairs(alike)[0] == item
    assert verify(alike).damage == []


def test_a_pair_that_changed_meanwhile_is_not_decided(alike: MemoryStore) -> None:
    shown = pair_question(alike, pairs(alike)[0])
    with alike.write(change("edit", "bob")) as writer:
        writer.put(replace(shown.claim.claim, text="Something else"))
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile"), alike.write(change()) as writer:
        decide_pair(writer, shown, RelationKind.REPEATS)
    assert list(alike.find(Relation)) == []


def test_that_two_claims_were_held_apart_is_no_matter_of_a_report(alike: MemoryStore) -> None:
    claims = {one.id: one for one in alike.find(Claim)}
    with alike.write(change()) as writer:
        record_relation(writer, claims["C4"], RelationKind.DIFFERS, claims["C2"])
        record_relation(writer, claims["C5"], RelationKind.CONTRADICTS, claims["C2"])
    built = build_report(alike, claims.values(), "All")
    assert {one.relation.kind for view in built.claims for one in view.relations} == {RelationKind.CONTRADICTS}


def test_only_what_is_word_for_word_and_unflagged_is_certain(desk: Desk) -> None:
    certain = {one.id for one in certain_links(desk.store, waiting_links(desk.store, Scope()))}
    assert {link.id for link in desk.links[EXACT]} <= certain
    assert not certain & {link.id for link in desk.links[ALTERED]}
    assert all(not one.flags for one in desk.store.find(Link) if one.id in certain)


def test_a_quote_without_letters_cannot_be_looked_for(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    with desk.store.write(change(EDITED)) as writer:
        changes = edit_quote(writer, asked(desk.store, exact), "…", LINKER)
    assert changes.added == ()
    with pytest.raises(InputError):
        LINKER.find("…", TEXT)


# What an earlier method had said.


def shown(asked: LinkQuestion, width: int = 80) -> str:
    """The question's screen as plain text."""
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(question_renderable(asked, width))
    text = console.file.getvalue()  # type: ignore[attr-defined]  # a stream of ours
    return " ".join(text.split())


def test_the_screen_tells_what_an_earlier_method_said(desk: Desk) -> None:
    (altered,) = desk.links[ALTERED]
    with desk.store.write(change("earlier")) as writer:
        earlier = writer.put(replace(altered, kind=LinkKind.NEAR, flags=(), not_judged=("word",), method="layered/2"))
    assert "judged by layered/2, an earlier method; `claimreg link --all` judges it again" in shown(asked(desk.store, earlier))
    with desk.store.write(change("link")) as writer:
        writer.put(altered)
    told = shown(asked(desk.store, altered))
    was = "judged was near: could not be judged for want of data on the language: whether words are the same, now altered: number"
    assert f"{was} (layered/2, then {LINKER.name})" in told
    assert "an earlier method" not in told


def test_the_screen_says_nothing_of_methods_where_there_is_nothing_to_tell(desk: Desk) -> None:
    for links in desk.links.values():
        assert "judged" not in shown(asked(desk.store, links[0]))


def test_the_screen_says_what_could_not_be_judged(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    with desk.store.write(change("link")) as writer:
        link = writer.put(replace(exact, kind=LinkKind.NEAR, not_judged=("negation", "number")))
    assert "could not be judged for want of data on the language: negation, number" in shown(asked(desk.store, link))


def test_nothing_that_could_not_be_judged_is_certain(desk: Desk) -> None:
    (exact,) = desk.links[EXACT]
    items = [LinkItem(exact.id)]
    assert [one.id for one in certain_links(desk.store, items)] == [exact.id]
    for fields in ({"kind": LinkKind.NEAR}, {"flags": (Flag.HEDGE,)}, {"flags": (Flag.AMBIGUOUS,)}, {"method": "layered/2"}):
        with desk.store.write(change("link")) as writer:
            writer.put(replace(exact, **fields))
        assert list(certain_links(desk.store, items)) == []
