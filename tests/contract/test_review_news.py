"""What somebody who reviews is told of others' work, over every store."""

from pathlib import Path

import pytest

from claimreg.frozen import replace
from claimreg.model import Claim, Link, LinkState
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.reviewing import queue
from claimreg.services.reviewing.meanwhile import News, is_another, news
from claimreg.services.reviewing.queue import DraftItem, LinkItem, PairItem, Scope
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Store

TEXT = """“The old bridge will stay open until the end of summer,” the mayor of the town said on Friday.
The warden told the court that the prisoners were fed twice every single day.
"""
QUOTE = "The old bridge will stay open until the end of summer"


class Desk:
    """A registry that several people work in."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self._path = folder / "board.txt"
        self._path.write_text(TEXT, encoding="utf-8")
        self.user = "ann"
        surroundings = Surroundings(user=lambda: self.user, now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
        self.registry = Registry(store, surroundings)
        self.registry.add_source(str(self._path))
        self.seen = store.head()[0]

    def quoted(self, user: str, quote: str = QUOTE) -> None:
        self.user = user
        self.registry.add(f"The bridge stays open, {user} says", by="Mayor", quote=quote, lang="en", source="S1", case="Bridge")

    def news(self, scope: Scope = Scope(), *, links: bool = True, drafts: bool = True, revealed: bool = False) -> News:  # noqa: B008 -- never changed
        return news(self.store, self.seen, scope=scope, links=links, drafts=drafts, revealed=revealed)

    def put_link(self, link_id: str, **fields: object) -> None:
        with self.registry.write("link") as writer:
            link = writer.get(Link, link_id)
            assert link is not None
            writer.put(replace(link, **fields))


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def test_nothing_is_new_where_nothing_was_recorded(desk: Desk) -> None:
    assert desk.news() == News(desk.seen)


def test_links_that_others_suggest_are_added_with_who_did(desk: Desk) -> None:
    desk.quoted("ben")
    desk.quoted("eve", "the prisoners were fed twice every single day")
    assert desk.news() == News(desk.store.head()[0], (LinkItem("L1"), LinkItem("L2")), (), ("ben", "eve"))


def test_what_was_decided_again_or_was_there_before_is_not_new(desk: Desk) -> None:
    desk.quoted("ben")
    first = desk.store.head()[0]
    desk.put_link("L1", state=LinkState.CONFIRMED)
    assert desk.news().added == ()
    desk.seen = first
    desk.put_link("L1", state=LinkState.SUGGESTED)
    assert desk.news().added == ()
    desk.seen = desk.store.head()[0] - 1
    assert desk.news().added == (LinkItem("L1"),)


def test_only_what_is_of_the_scope_counts(desk: Desk) -> None:
    desk.quoted("ben")
    desk.put_link("L1", score=80.0)
    kinds = tuple(link.kind for link in desk.store.find(Link))
    assert desk.news(links=False).added == ()
    assert desk.news(Scope(min_score=81.0)).added == ()
    assert desk.news(Scope(min_score=80.0, kinds=kinds, source_ids=("S1",), case="bridge")).added == (LinkItem("L1"),)
    assert desk.news(Scope(kinds=tuple(kind for kind in type(kinds[0]) if kind not in kinds))).added == ()
    assert desk.news(Scope(source_ids=("S9",))).added == ()


def test_a_link_that_was_carried_to_a_later_capture_is_dropped(desk: Desk) -> None:
    desk.quoted("ben")
    desk.seen = desk.store.head()[0]
    with desk.registry.write("link") as writer:
        link = writer.get(Link, "L1")
        assert link is not None
        writer.put(replace(link, id=writer.new_id(Link), anchored_from="L1"))
    assert (desk.news().added, desk.news().dropped) == ((LinkItem("L2"),), (LinkItem("L1"),))


def test_drafts_are_added_but_for_those_of_withheld_or_other_sources(desk: Desk) -> None:
    desk.user = "ben"
    desk.registry.extract("S1", add=True)
    assert DraftItem("D1") in desk.news().added
    assert desk.news().users == ("ben",)
    assert desk.news(drafts=False).added == ()
    assert desk.news(Scope(source_ids=("S9",))).added == ()
    desk.registry.edit("S1", withhold="to protect a witness")
    assert desk.news().added == ()
    assert DraftItem("D1") in desk.news(revealed=True).added


def test_a_question_is_another_one_when_what_it_shows_was_changed(desk: Desk) -> None:
    desk.quoted("ben")
    desk.quoted("eve")
    desk.registry.extract("S1", add=True)
    items: list[queue.Item] = [LinkItem("L1"), DraftItem("D1"), PairItem("C1", "C2")]
    asked = [queue.question(desk.store, item) for item in items]
    assert not any(is_another(one, queue.question(desk.store, item)) for one, item in zip(asked, items, strict=True))
    desk.put_link("L1", score=70.0)
    with desk.registry.write("edit") as writer:
        claim = writer.get(Claim, "C2")
        assert claim is not None
        writer.put(replace(claim, text="The bridge is closed"))
    now = [is_another(one, queue.question(desk.store, item)) for one, item in zip(asked, items, strict=True)]
    assert now == [True, False, True]
