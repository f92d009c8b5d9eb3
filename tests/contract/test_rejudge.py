"""Links of an earlier method are judged again, over every store: nothing is dropped, and what reads otherwise waits for a person."""

from pathlib import Path
from typing import Any

import pytest

from claimreg.frozen import replace
from claimreg.linker.version import METHOD
from claimreg.model import Change, Event, Flag, Link, LinkKind, LinkState, Place, Source
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.linking.rejudge import earlier_methods, judged_before
from claimreg.services.reviewing import queue
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Store

EARLIER = "layered/2"
TEXT = """The board said on Friday that profits increased in every region of the country.
The warden told the court that the prisoners were fed twice every single day.
The mayor said that the old bridge will stay open until the end of summer.
"""
QUOTES = (
    "profits decreased in every region of the country",
    "the prisoners were fed twice every single day",
    "the old bridge will stay open until the end of sumer",
)
"""Quotes with another word, with the very words, and with a slip."""

CHANGE = Change("ann", "2026-01-01T00:00:00Z", "test")


def open_registry(store: Store, *, dry_run: bool = False) -> Registry:
    surroundings = Surroundings(user=lambda: "ann", now=lambda: CHANGE.at, documents=Documents(Reading(workers=1)))
    return Registry(store, surroundings, dry_run=dry_run)


@pytest.fixture
def registry(store: Store, tmp_path: Path) -> Registry:
    """A registry whose links L1, L2 and L3 the earlier method judged, all of them ``near`` and without a flag."""
    path = tmp_path / "board.txt"
    path.write_text(TEXT, encoding="utf-8")
    made = open_registry(store)
    made.add_source(str(path))
    for number, quote in enumerate(QUOTES, start=1):
        made.add(f"Claim {number} of the board and the court", by="Gazette", quote=quote, lang="en", source="S1")
    for number in (1, 2, 3):
        set_link(made, f"L{number}", kind=LinkKind.NEAR, flags=(), score=97.0, method=EARLIER)
    return made


def link(registry: Registry, link_id: str) -> Link:
    found = registry.reader.get(Link, link_id)
    assert found is not None
    return found


def set_link(registry: Registry, link_id: str, **fields: Any) -> Link:  # noqa: ANN401 -- the fields of a link
    """Write a link as an earlier claimreg did, or as a person decided."""
    with registry.write("earlier") as writer:
        return writer.put(replace(link(registry, link_id), **fields))


def events_since(registry: Registry, seq: int, record_id: str) -> list[Event]:
    return list(registry.reader.history(record_id, after=seq))


def test_the_fixture_holds_what_an_earlier_method_said(registry: Registry) -> None:
    links = [link(registry, f"L{number}") for number in (1, 2, 3)]
    assert {(one.kind, one.flags, one.method, one.state) for one in links} == {(LinkKind.NEAR, (), EARLIER, LinkState.SUGGESTED)}
    assert earlier_methods(registry.reader.find(Link), METHOD) == {EARLIER: 3}


def test_what_the_present_linker_says_takes_the_place_of_what_was_recorded(registry: Registry) -> None:
    before = [link(registry, f"L{number}") for number in (1, 2, 3)]
    linked = registry.link(every=True)
    after = [link(registry, f"L{number}") for number in (1, 2, 3)]
    assert [one.kind for one in after] == [LinkKind.ALTERED, LinkKind.EXACT, LinkKind.NEAR]
    assert Flag.OPPOSITE in after[0].flags
    assert {one.method for one in after} == {METHOD}
    assert {one.state for one in after} == {LinkState.SUGGESTED}
    assert [one.before for one in linked.rejudged] == before
    assert [one.after for one in linked.rejudged] == after
    assert (linked.changes.added, linked.changes.withdrawn) == ((), ())
    assert earlier_methods(registry.reader.find(Link), METHOD) == {}


def test_the_very_place_is_taken_as_the_linker_finds_it(registry: Registry) -> None:
    """Every field of the place comes from one answer, so that offsets, words and kind cannot disagree."""
    source = registry.reader.get(Source, "S1")
    assert source is not None
    registry.link(every=True)
    for number, quote in enumerate(QUOTES, start=1):
        (found,) = registry.check(quote, "S1").places
        assert {name: getattr(found.match, name) for name in Place.FIELDS} == link(registry, f"L{number}").place()


def test_each_link_that_changes_has_one_event_and_the_history_is_whole(registry: Registry) -> None:
    seq, _hash = registry.reader.head()
    registry.link(every=True)
    told = {one: events_since(registry, seq, one) for one in ("L1", "L2", "L3")}
    assert [len(events) for events in told.values()] == [1, 1, 1]
    assert {events[0].action for events in told.values()} == {"link"}
    (event,) = told["L1"]
    assert event.before is not None
    assert event.after is not None
    assert (event.before["kind"], event.after["kind"]) == ("near", "altered")
    checked = registry.verify()
    assert (checked.damage, checked.warnings) == ([], [])


def test_a_second_time_there_is_nothing_to_judge_again(registry: Registry) -> None:
    registry.link(every=True)
    seq, _hash = registry.reader.head()
    assert registry.link(every=True).rejudged == ()
    assert [events_since(registry, seq, one) for one in ("L1", "L2", "L3")] == [[], [], []]


def test_confirmed_links_that_read_otherwise_wait_again_and_others_stay(registry: Registry) -> None:
    for number in (1, 2, 3):
        set_link(registry, f"L{number}", state=LinkState.CONFIRMED)
    registry.link(every=True)
    states = [link(registry, f"L{number}").state for number in (1, 2, 3)]
    assert states == [LinkState.SUGGESTED, LinkState.CONFIRMED, LinkState.CONFIRMED]
    (item,) = queue.waiting_links(registry.reader, queue.Scope())
    asked = queue.question(registry.reader, item)
    assert isinstance(asked, queue.LinkQuestion)
    assert asked.before is not None
    assert (asked.before.kind, asked.before.method, asked.link.kind) == (LinkKind.NEAR, EARLIER, LinkKind.ALTERED)


def test_rejected_links_stay_rejected(registry: Registry) -> None:
    set_link(registry, "L1", state=LinkState.REJECTED)
    assert earlier_methods(registry.reader.find(Link), METHOD) == {EARLIER: 2}
    registry.link(every=True)
    assert (link(registry, "L1").state, link(registry, "L1").kind) == (LinkState.REJECTED, LinkKind.ALTERED)


@pytest.mark.parametrize("state", LinkState)
def test_a_place_that_is_found_no_more_is_kept_and_named(registry: Registry, state: LinkState) -> None:
    start = TEXT.index("The warden")
    place = {"start": start, "end": start + 10, "exact": "The warden", "parts": (), "words": ()}
    before = set_link(registry, "L2", state=state, **place)
    linked = registry.link(every=True)
    (lost,) = [one for one in linked.rejudged if not one.found]
    assert lost.before == before
    after = link(registry, "L2")
    assert (after.removed_at, after.method, after.place()) == (None, EARLIER, before.place())
    assert after.state is (LinkState.REJECTED if state is LinkState.REJECTED else LinkState.SUGGESTED)
    # The words do stand elsewhere, and that is one more place.
    assert [(one.kind, one.method) for one in linked.changes.added] == [(LinkKind.EXACT, METHOD)]


def test_who_confirms_a_place_that_is_found_no_more_is_not_asked_again(registry: Registry) -> None:
    start = TEXT.index("The warden")
    set_link(registry, "L2", state=LinkState.CONFIRMED, start=start, end=start + 10, exact="The warden", parts=(), words=())
    registry.link(every=True)
    assert link(registry, "L2").state is LinkState.SUGGESTED
    with registry.write("review") as writer:
        queue.decide_link(writer, "L2", LinkState.CONFIRMED)
    registry.link(every=True)
    assert link(registry, "L2").state is LinkState.CONFIRMED


def test_a_place_that_begins_elsewhere_now_is_the_same_link(registry: Registry) -> None:
    whole = link(registry, "L2")
    set_link(registry, "L2", start=whole.start + 4, exact=whole.exact[4:], state=LinkState.CONFIRMED, parts=(), words=())
    linked = registry.link(every=True)
    after = link(registry, "L2")
    assert (after.start, after.end, after.kind, after.state) == (whole.start, whole.end, LinkKind.EXACT, LinkState.CONFIRMED)
    assert linked.changes.added == ()


def test_two_links_of_one_place_do_not_become_one(registry: Registry) -> None:
    whole = link(registry, "L2")
    with registry.write("earlier") as writer:
        writer.put(replace(whole, id="L4", start=whole.start + 4, exact=whole.exact[4:], parts=(), words=()))
    linked = registry.link(every=True)
    assert (link(registry, "L2").method, link(registry, "L2").start) == (METHOD, whole.start)
    assert (link(registry, "L4").method, link(registry, "L4").start) == (EARLIER, whole.start + 4)
    assert [one.after.id for one in linked.rejudged if not one.found] == ["L4"]


def test_links_into_an_earlier_capture_are_judged_there(registry: Registry, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    again.write_text("Nothing of it is left on the page.\n", encoding="utf-8")
    (done,) = registry.recapture(["S1"], file=str(again))
    assert done.error is None
    registry.link(every=True)
    after = link(registry, "L1")
    assert (after.capture_id, after.method, after.kind) == ("K1", METHOD, LinkKind.ALTERED)


def test_only_the_sources_named_are_looked_at(registry: Registry, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("The gate was painted green last year.\n", encoding="utf-8")
    registry.add_source(str(other))
    assert registry.link(every=True, sources=["S2"]).rejudged == ()
    assert link(registry, "L1").method == EARLIER
    assert len(registry.link(every=True, sources=["S1"]).rejudged) == 3


@pytest.mark.usefixtures("registry")
def test_a_dry_run_says_what_would_change_and_changes_nothing(store: Store) -> None:
    head = store.head()
    linked = open_registry(store, dry_run=True).link(every=True)
    assert [one.after.kind for one in linked.rejudged] == [LinkKind.ALTERED, LinkKind.EXACT, LinkKind.NEAR]
    assert store.head() == head


def test_what_was_decided_meanwhile_keeps_its_state(registry: Registry, store: Store) -> None:
    """Looking takes long, and others go on: what they decide then is not written over."""
    from claimreg.linker import LayeredLinker
    from claimreg.services.linking.links import look, store_looking

    looking = look(store, (), (), LayeredLinker, lambda _sentence: None, every=True)
    set_link(registry, "L1", state=LinkState.REJECTED)
    set_link(registry, "L3", removed_at=CHANGE.at)
    with store.write(CHANGE) as writer:
        linked = store_looking(writer, looking)
    assert [one.after.id for one in linked.rejudged] == ["L1", "L2"]
    assert (link(registry, "L1").state, link(registry, "L1").kind) == (LinkState.REJECTED, LinkKind.ALTERED)
    assert link(registry, "L3").removed_at == CHANGE.at


def test_what_an_earlier_method_said_is_known_from_the_history(registry: Registry) -> None:
    registry.add("The warden speaks of one thing more", by="Clerk", quote="The warden told the court", source="S1")
    registry.link(every=True)
    before = judged_before(registry.reader, link(registry, "L1"))
    assert before is not None
    assert (before.kind, before.method) == (LinkKind.NEAR, EARLIER)
    # One that is told as before, and one that no earlier method judged.
    assert judged_before(registry.reader, link(registry, "L3")) is None
    assert judged_before(registry.reader, link(registry, "L4")) is None


def test_no_link_of_an_earlier_method_is_certain(registry: Registry) -> None:
    set_link(registry, "L2", kind=LinkKind.EXACT, score=100.0)
    items = queue.waiting_links(registry.reader, queue.Scope())
    assert list(queue.certain_links(registry.reader, items)) == []
    assert queue.judged_earlier(registry.reader, items) == 1
    registry.link(every=True)
    assert [one.id for one in queue.certain_links(registry.reader, items)] == ["L2"]
    assert queue.judged_earlier(registry.reader, items) == 0
