"""Records held in memory answer as the store does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from claimreg.linker import LayeredLinker
from claimreg.model import RECORD_TYPES, Attribution, Claim, Link, Record, Relation, Source
from claimreg.opening import DEMO_CHANGE, bundled_case
from claimreg.services.exchange.casefile import record_case
from claimreg.services.lookup import require
from claimreg.services.recording.claims import withdraw
from claimreg.services.reporting.loaded import LoadedReader
from claimreg.services.reporting.report import Period, build_report
from claimreg.services.reporting.views import claim_view, source_view
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.port import EVERYTHING, AllOf, AnyOf, Condition, Contains, Equals, OneOf, Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = EmbeddedStore(tmp_path_factory.mktemp("loaded") / "registry")
    with opened.write(DEMO_CHANGE) as writer:
        record_case(writer, bundled_case(), LayeredLinker())
    with opened.write(DEMO_CHANGE) as writer:
        withdraw(writer, require(writer, Claim, "C3"))
    yield opened
    opened.close()


CONDITIONS: tuple[tuple[type[Record], Condition], ...] = (
    *((record_type, EVERYTHING) for record_type in RECORD_TYPES),
    (Attribution, Equals("claim_id", "C1")),
    (Attribution, Equals("claim_id", "C99")),
    (Attribution, OneOf("party_id", ("P3", "P1", "P3"))),
    (Relation, AnyOf((Equals("claim_id", "C2"), Equals("other_claim_id", "C2")))),
    (Link, AllOf((Equals("source_id", "S1"), Equals("attribution_id", "A1")))),
    (Claim, Contains("tags", "court")),
    (Claim, Equals("title", None)),
)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("withdrawn", [False, True])
def test_it_finds_what_the_store_finds(store: Store, *, withdrawn: bool, newest_first: bool) -> None:
    loaded = LoadedReader(store)
    for record_type, condition in CONDITIONS:
        found = list(store.find(record_type, condition, withdrawn=withdrawn, newest_first=newest_first))
        assert list(loaded.find(record_type, condition, withdrawn=withdrawn, newest_first=newest_first)) == found
    for record_type in RECORD_TYPES:
        assert list(loaded.ids(record_type)) == list(store.ids(record_type))
        assert loaded.get(record_type, f"{record_type.PREFIX}1") == store.get(record_type, f"{record_type.PREFIX}1")
        assert loaded.get(record_type, f"{record_type.PREFIX}999") is None
    assert loaded.head() == store.head()
    assert list(loaded.history("C1")) == list(store.history("C1"))
    assert list(loaded.stored(Claim)) == list(store.stored(Claim))


def test_views_are_the_same(store: Store) -> None:
    loaded = LoadedReader(store)
    for claim in store.find(Claim, withdrawn=True):
        assert claim_view(loaded, claim) == claim_view(store, claim)
    for source in store.find(Source):
        assert source_view(loaded, source) == source_view(store, source)


def test_a_report_of_many_claims_is_the_report_of_few(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    few = build_report(store, store.find(Claim), "x")
    monkeypatch.setattr("claimreg.services.reporting.report._MANY", 0)
    assert build_report(store, store.find(Claim), "x") == few


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        (None, None, None, True), ("2020", None, None, False), ("2020-06-22", None, "2020-06-22", True),
        ("2020-06-22", None, "2020-06-21", False), ("2020-06-22", None, "2020-06", True), ("2020-06-22", None, "2020", True),
        ("2020-06-22", None, "2020-05", False), (None, "2020-06", "2020-06-30", True), (None, "2020-06", "2020-07", False),
        (None, "2020-06-22", "2020-06", True), (None, "2020-06-22", "2020-06-23", False), ("2020", "2020", "2020-12-31", True),
        ("2020", "2020", "2021", False), ("2020", "2020", "2019-12-31", False),
    ],
)  # fmt: skip
def test_a_period_holds_what_reaches_into_it(since: str | None, until: str | None, day: str | None, *, holds: bool) -> None:
    assert Period(since, until).holds(day) is holds
