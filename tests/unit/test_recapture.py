from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.linker import LayeredLinker
from claimreg.model import Attribution, Capture, Change, Link, LinkKind, LinkState, Party, Stance
from claimreg.services.evidence.verify import verify
from claimreg.services.linking.links import LinkProposal, propose_link, store_links
from claimreg.services.linking.recapture import Anchoring, CarriedLink, carry_links, changed_lines
from claimreg.services.linking.texts import stored_texts
from claimreg.services.recording.sources import (
    IncomingDocument,
    Retrieval,
    SourceDetails,
    StoredSource,
    add_capture,
    capture_of,
    source_at,
    store_source,
    text_of,
)
from claimreg.services.reporting.views import attribution_view, source_view
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Equals, Writer

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
LATER = Change(user="bob", at="2026-02-02T00:00:00Z", action="source recapture")
STAMP: dict[str, Any] = {"recorded_at": CHANGE.at, "recorded_by": "ann"}
QUOTE = "the night ferry will not run before the pier is repaired"
PAGE = f"""Harbour office

The harbour office said on 3 March that {QUOTE}. A clerk agreed.

Tickets are sold at the quay.
"""


def document(text: str, url: str | None = None, content: bytes | None = None) -> IncomingDocument:
    retrieval = Retrieval(url, url, 200, (("Content-Type", "text/plain"),), "2026-01-01T00:00:00Z", b"WARC/1.1") if url else None
    return IncomingDocument(content or text.encode(), text, location="page", retrieval=retrieval)


def proposed(writer: Writer, said: Attribution, stored: StoredSource, linker: LayeredLinker) -> LinkProposal:
    return propose_link(said, stored.source, stored.capture, stored_texts(writer, stored.capture), linker)


def linked(store: MemoryStore, text: str = PAGE, quote: str = QUOTE, state: LinkState = LinkState.CONFIRMED) -> Link:
    """A source with one link into it."""
    linker = LayeredLinker()
    with store.write(CHANGE) as writer:
        stored = store_source(writer, document(text, "https://example.org/a"), SourceDetails())
        said = Attribution(
            id="A1",
            claim_id="C1",
            party_id="P1",
            party_as_written="x",
            stance=Stance.ASSERTS,
            quote=quote,
            source_id=stored.source.id,
            **STAMP,
        )
        writer.put(said)
        changes = store_links(writer, [proposed(writer, said, stored, linker)], linker.name)
        (link,) = changes.added
        return writer.put(type(link)(**{**vars(link), "state": state}))


def recaptured(store: MemoryStore, text: str) -> tuple[StoredSource, tuple[CarriedLink, ...]]:
    with store.write(LATER) as writer:
        source = source_at(writer, "https://example.org/a")
        assert source is not None
        stored = add_capture(writer, source, document(text, "https://example.org/a"))
        carried = carry_links(writer, stored.previous, stored.capture, LayeredLinker()) if stored.previous else ()
    return stored, carried


@pytest.mark.parametrize(
    ("before", "after", "anchoring"),
    [
        ("Tickets are sold at the quay.", "Tickets are sold nowhere.", Anchoring.KEPT),
        ("Harbour office\n", "Harbour office, news\n\nOne more paragraph was put in.\n", Anchoring.MOVED),
        ("A clerk agreed.", "", Anchoring.KEPT),
        ("will not run before", "will not\nrun before", Anchoring.KEPT),
        ("will not run before", "will run before", Anchoring.ALTERED),
        (f"The harbour office said on 3 March that {QUOTE}. A clerk agreed.", "The page was emptied.", Anchoring.GONE),
    ],
)
def test_a_link_is_carried_to_the_new_text(before: str, after: str, anchoring: Anchoring) -> None:
    store = MemoryStore()
    link = linked(store)
    stored, (carried,) = recaptured(store, PAGE.replace(before, after))
    assert stored.previous is not None
    assert carried.anchoring is anchoring
    assert carried.link == link == store.get(Link, link.id)
    text = text_of(store, stored.capture)
    assert bool(carried.new) == (anchoring is not Anchoring.GONE)
    for new in carried.new:
        assert new.capture_id == stored.capture.id
        assert new.anchored_from == link.id
        assert text[new.start : new.end] == new.exact
        assert new.state is (LinkState.SUGGESTED if anchoring is Anchoring.ALTERED else LinkState.CONFIRMED)
        assert (new.start == link.start) == (anchoring is Anchoring.KEPT or anchoring is Anchoring.ALTERED)
    # The claim and the party of this small registry were never recorded; nothing else is amiss.
    assert {one.place for one in verify(store).damage} == {"A1"}


def test_altered_words_are_named_as_altered() -> None:
    store = MemoryStore()
    linked(store)
    _stored, (carried,) = recaptured(store, PAGE.replace("will not run", "will run"))
    (new,) = carried.new
    assert new.kind is LinkKind.ALTERED
    assert new.flags


def test_like_words_elsewhere_are_not_the_ones_that_were_altered() -> None:
    elsewhere = "\nLater the office repeated that the night ferry will not run before the pier has been repaired.\n"
    store = MemoryStore()
    link = linked(store, PAGE + elsewhere)
    text = (PAGE + elsewhere).replace(QUOTE, "the day ferry will not run before the pier is painted")
    _stored, (carried,) = recaptured(store, text)
    assert carried.anchoring is Anchoring.ALTERED
    assert carried.reads_now == "the day ferry will not run before the pier is painted"
    assert all(new.start == link.start for new in carried.new)


def test_of_several_places_the_one_with_the_same_surroundings_is_taken() -> None:
    text = "First, the clerk said that the hall stays shut at noon.\n\nThen the mayor said that the hall stays shut all year.\n"
    store = MemoryStore()
    linker = LayeredLinker()
    with store.write(CHANGE) as writer:
        stored = store_source(writer, document(text, "https://example.org/a"), SourceDetails())
        said = Attribution(
            id="A1", claim_id="C1", party_id="P1", party_as_written="x", stance=Stance.ASSERTS, quote="the hall stays shut",
            source_id=stored.source.id, **STAMP,
        )  # fmt: skip
        writer.put(said)
        store_links(writer, [proposed(writer, said, stored, linker)], linker.name)
    first, then = text.strip().split("\n\n")
    later = f"News of the day.\n\n{then}\n\n{first}\n"
    stored, carried = recaptured(store, later)
    assert len(carried) == 2
    for one in carried:
        (new,) = one.new
        assert later[new.end : new.end + 8] == text[one.link.end : one.link.end + 8]


def test_a_rejected_place_stays_rejected_and_is_not_proposed_again() -> None:
    store = MemoryStore()
    linked(store, state=LinkState.REJECTED)
    _stored, (carried,) = recaptured(store, "Preface.\n" + PAGE)
    assert [new.state for new in carried.new] == [LinkState.REJECTED]
    _stored, (gone,) = recaptured(store, PAGE.replace("will not run", "will run"))
    assert gone.new == ()


def test_the_same_text_adds_nothing() -> None:
    store = MemoryStore()
    linked(store)
    stored, carried = recaptured(store, PAGE)
    assert stored.previous is None
    assert carried == ()
    assert len(list(store.find(Capture))) == 1


def test_a_text_that_comes_back_is_one_more_capture() -> None:
    store = MemoryStore()
    linked(store)
    recaptured(store, "Something else was put in its place, for now.")
    stored, _carried = recaptured(store, PAGE)
    assert stored.previous is not None
    assert len(list(store.find(Capture))) == 3
    assert stored.capture.sha256 == next(store.find(Capture)).sha256


def test_views_show_the_later_link_only_and_say_when_the_latest_capture_lacks_the_words() -> None:
    store = MemoryStore()
    link = linked(store)
    with store.write(CHANGE) as writer:
        writer.put(Party(id="P1", name="x", **STAMP))
    recaptured(store, "Preface.\n" + PAGE)
    said = store.get(Attribution, "A1")
    assert said is not None
    view = attribution_view(store, said)
    assert [one.anchored_from for one in view.links] == [link.id]
    assert view.where == {}
    recaptured(store, "Nothing of it is left.")
    view = attribution_view(store, said)
    assert [one.anchored_from for one in view.links] == [link.id]
    assert [(where.outdated, where.captured_on, where.latest_on) for where in view.where.values()] == [(True, "2026-01-01", "2026-01-01")]
    source = source_at(store, "https://example.org/a")
    assert source is not None
    assert source_view(store, source).captures == 3


def test_an_address_is_one_source_and_another_text_one_more_capture() -> None:
    store = MemoryStore()
    with store.write(CHANGE) as writer:
        first = store_source(writer, document(PAGE, "http://example.org/a"), SourceDetails())
        again = store_source(writer, document(PAGE + "More.", "https://EXAMPLE.org/a#x"), SourceDetails())
        by_hand = store_source(writer, document(PAGE + "Still more."), SourceDetails(url="https://example.org/a"))
        other = store_source(writer, document(PAGE + "Elsewhere.", "https://example.org/b"), SourceDetails())
    assert first.is_new
    assert (again.source.id, again.previous) == (first.source.id, first.capture)
    assert (by_hand.source.id, by_hand.previous) == (first.source.id, again.capture)
    assert other.source.id != first.source.id
    assert capture_of(store, first.source) == by_hand.capture


def test_the_address_that_a_document_claims_makes_it_no_other_source() -> None:
    store = MemoryStore()
    claimed = document("A forged page that claims another's address.")._replace(details=SourceDetails(url="https://example.org/a"))
    with store.write(CHANGE) as writer:
        first = store_source(writer, document(PAGE, "https://example.org/a"), SourceDetails())
        forged = store_source(writer, claimed, SourceDetails())
    assert forged.source.id != first.source.id
    assert forged.source.url is None
    assert forged.source.canonical_url == "https://example.org/a"
    assert [one.id for one in store.find(Capture, Equals("source_id", first.source.id))] == [first.capture.id]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8), st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_changed_lines_are_those_that_only_one_text_has(before: list[str], after: list[str]) -> None:
    changed = list(changed_lines("\n".join(before), "\n".join(after)))
    removed = [line.text for line in changed if not line.is_new]
    added = [line.text for line in changed if line.is_new]
    assert len(before) - len(removed) == len(after) - len(added)
    if before == after:
        assert changed == []
