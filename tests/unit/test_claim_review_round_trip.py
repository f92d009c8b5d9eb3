"""Our own ClaimReview, read again into an empty registry: the same claims, verdicts and statements."""

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from made_registries import stores
from test_claim_review_writing import demo

from claimreg.interchange.formats import FORMATS, Writing, named, read, write
from claimreg.model import Claim
from claimreg.opening import Documents
from claimreg.registry import Registry
from claimreg.services.evidence.bundle.layout import registry_identity
from claimreg.services.exchange.rows import Reading, Told
from claimreg.services.exchange.selection import selected
from claimreg.services.reporting.views import ClaimView, claim_view
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Reader

REVIEWS = named("claimreview", FORMATS)


def taken_over(store: MemoryStore, told: Told, **options: Any) -> MemoryStore:  # noqa: ANN401 -- fields of Writing
    """A new registry with what a registry gives as ClaimReview."""
    with store.snapshot() as reader:
        written = b"".join(write(REVIEWS, selected(reader), Writing(Told(), registry=registry_identity(reader) or "", **options)))
    other = MemoryStore()
    registry = Registry(other, Surroundings(user=lambda: "bob", now=lambda: "2026-02-02T00:00:00Z", documents=Documents()))
    if b"ClaimReview" in written or b'"Claim"' in written:
        result = registry.import_rows(read(REVIEWS, io.BytesIO(written), Reading("reviews", told)), told=told)
        assert [str(one) for one in result.bad] == []
    return other


def verdict_of(view: ClaimView) -> tuple[str | None, ...] | None:
    """What holds of the claim; a verdict's author is not told where it is who recorded it."""
    if not view.verdicts:
        return None
    last = view.verdicts[-1]
    return last.rating, last.scheme, last.rationale, None if last.author == last.recorded_by else last.author, last.rated_at


def statements_of(view: ClaimView, *, as_written: bool) -> frozenset[tuple[str | None, ...]]:
    """Who says what of the claim; the place is left aside, since a source without an address has none outside the registry."""
    every = ((one.attribution, one.attribution.party_as_written if as_written else one.party.name) for one in view.attributions)
    return frozenset((said.stance.value, said.quote, said.lang, said.said_at, name) for said, name in every)


def said_in(reader: Reader, *, unrated: bool, as_written: bool = False) -> Counter[object]:
    views = (claim_view(reader, claim) for claim in reader.find(Claim))
    return Counter(
        (view.claim.text, view.claim.lang, frozenset(view.claim.tags), verdict_of(view), statements_of(view, as_written=as_written))
        for view in views
        if unrated or view.verdicts
    )


@pytest.mark.parametrize("feed", [False, True])
@pytest.mark.parametrize("unrated", [False, True])
def test_the_demo_comes_back(*, feed: bool, unrated: bool) -> None:
    store, told = demo(), Told()
    other = taken_over(store, told, feed=feed, with_unrated=unrated)
    with store.snapshot() as before, other.snapshot() as after:
        expected = said_in(before, unrated=unrated)
        assert said_in(after, unrated=unrated) == expected
        assert expected.total() == (6 if unrated else 2)
    assert (told.unknown, told.notes, told.undated) == ({}, [], [])


@given(stores())
@settings(max_examples=40)
def test_whatever_was_recorded_comes_back(store: MemoryStore) -> None:
    told = Told()
    other = taken_over(store, told, with_unrated=True, url_template="https://desk.example/{id}")
    with store.snapshot() as before, other.snapshot() as after:
        # By the names as written: parties of one name in other letters are one party where they are read.
        assert said_in(after, unrated=True, as_written=True) == said_in(before, unrated=True, as_written=True)
    assert told.unknown == {}
