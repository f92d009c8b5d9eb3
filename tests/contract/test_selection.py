"""What an export is written from, in every store: each claim as a report has it, read ahead many at once, and the counts of the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES

from claimreg.model import Attribution, Claim, Link, Party, Relation, Source, Verdict
from claimreg.opening import Documents, bundled_case
from claimreg.registry import Registry
from claimreg.services.exchange.selection import selected
from claimreg.services.reporting.views import claim_view
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Store

AT = "2026-01-01T00:00:00Z"


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The demo, with a source withheld, a party merged, an attribution withdrawn and a verdict that has a successor."""
    opened = STORES[request.param](tmp_path)
    registry = Registry(opened, Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents()))
    registry.record_case(bundled_case())
    registry.edit("S2", withhold="to protect a witness")
    registry.merge("P2", "P3")
    registry.remove("A2")
    registry.judge("C1", "false")
    yield opened
    opened.close()


@pytest.mark.parametrize("at_once", [1, 4, 500])
def test_a_claim_that_was_read_ahead_is_the_claim_that_is_read_by_itself(
    store: Store, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimreg.services.ahead._AT_FIRST", at_once)
    monkeypatch.setattr("claimreg.services.ahead._AT_ONCE", at_once)
    with store.snapshot() as reader:
        assert list(selected(reader).claims()) == [claim_view(reader, one) for one in reader.find(Claim)]
        some = selected(reader, ["C3", "C1"])
        assert [one.claim.id for one in some.claims()] == ["C1", "C3"]


def test_counts_are_of_what_the_chosen_claims_have(store: Store) -> None:
    with store.snapshot() as reader:
        whole, some = selected(reader), selected(reader, ["C1", "C2"])
        views = list(some.claims())
        assert whole.count(Claim) == len(list(whole.claims()))
        assert whole.count(Party) == sum(1 for _ in reader.find(Party))
        assert some.count(Claim) == 2
        assert some.count(Attribution) == sum(len(one.attributions) for one in views)
        assert some.count(Link) == sum(len(stated.links) for one in views for stated in one.attributions)
        assert some.count(Verdict) == sum(len(one.verdicts) for one in views)
        assert some.count(Party) == len({stated.party.id for one in views for stated in one.attributions})
        assert some.count(Relation) == 1
        assert whole.count(Source) == 3
