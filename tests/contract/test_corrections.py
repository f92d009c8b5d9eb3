"""Corrections over every store: several records at once, statements that belong to another claim, claims that are one."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stores import STORES

from claimreg.errors import ChangedMeanwhileError, NotFoundError, UsageError
from claimreg.model import Attribution, Claim, Link, LinkState, RecordT, Relation, Verdict
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.surroundings import NearlySame, Surroundings
from claimreg.store.port import Equals

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\n"
QUOTE = "the night ferry will not run"
STAYS, GOES, OTHER = "C1", "C2", "C3"


class _Never:
    """A person for whom every claim is a new one."""

    def party(self, _name: str, resolution: object) -> object:
        return getattr(resolution, "party", None)

    def nearly_same(self, _claim: object, _name: str, *, speaks_already: bool) -> NearlySame:
        del speaks_already
        return NearlySame.NEW_CLAIM


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """Three claims: the first two say the same, A1 and A2 to the letter; A3 is of the second alone."""
    around = Surroundings(
        user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)), questions=_Never,  # type: ignore[arg-type]  # it answers what these tests ask
    )  # fmt: skip
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    with closing(STORES[request.param](tmp_path)) as store:
        made = Registry(store, around)
        said = {"by": "Harbour office", "quote": QUOTE, "source": str(tmp_path / "notice.txt")}
        made.add("The night ferry is cancelled", **said, tags=["ferry"], note="call them", assign="Dana")  # type: ignore[arg-type]  # texts all
        made.add("There is no ferry at night", **said, tags=["night", "ferry"], case="Night")  # type: ignore[arg-type]  # as above
        made.attribute(GOES, by="Clerk", stance="denies")
        made.add("The ferry runs", by="Captain")
        yield made


def of(registry: Registry, kind: type[RecordT], claim_id: str) -> list[str]:
    return [one.id for one in registry.reader.find(kind, Equals("claim_id", claim_id))]


def the(registry: Registry, kind: type[RecordT], record_id: str) -> RecordT:
    record = registry.reader.get(kind, record_id)
    assert record is not None
    return record


def test_a_note_and_who_is_to_see_to_a_claim_are_kept_and_cleared(registry: Registry) -> None:
    assert (the(registry, Claim, STAYS).note, the(registry, Claim, STAYS).assignee) == ("call them", "Dana")
    registry.edit(STAYS, note="", assign="Aida")
    assert (the(registry, Claim, STAYS).note, the(registry, Claim, STAYS).assignee) == (None, "Aida")


def test_several_records_are_edited_in_one_transaction_or_none_is(registry: Registry) -> None:
    before, _hash = registry.reader.head()
    registry.edit_each({"C1": {"case": "Ferry"}, "c3": {"case": "Ferry"}, "A1": {"stance": "reports"}})
    events = list(registry.reader.history(after=before))
    assert [one.object_id for one in events] == ["C1", "C3", "A1"]
    assert len({one.group for one in events}) == 1
    head = registry.reader.head()
    with pytest.raises(UsageError, match="--case"):
        registry.edit_each({"C2": {"case": "X"}, "A1": {"case": "X"}})
    with pytest.raises(NotFoundError):
        registry.edit_each({"C2": {"case": "X"}, "C9": {"case": "X"}})
    with pytest.raises(UsageError):
        registry.edit_each({"C2": {"case": "X"}, "A1": {"stance": "shouts"}})
    assert registry.reader.head() == head


def test_what_somebody_changed_meanwhile_is_not_overwritten(registry: Registry) -> None:
    seen = {"C1": the(registry, Claim, "C1"), "A1": the(registry, Attribution, "A1")}
    registry.link("A1")
    registry.edit_each({"A1": {"stance": "reports"}}, seen=seen)
    registry.edit("C1", case="Ferry")
    with pytest.raises(ChangedMeanwhileError):
        registry.edit_each({"C1": {"case": "Pier"}}, seen=seen)
    assert the(registry, Claim, "C1").case == "Ferry"


def test_a_statement_moves_to_another_claim_with_its_links(registry: Registry) -> None:
    links = list(registry.reader.find(Link, Equals("attribution_id", "A2")))
    registry.edit("A2", move_to=OTHER)
    assert of(registry, Attribution, GOES) == ["A3"]
    assert of(registry, Attribution, OTHER) == ["A2", "A4"]
    assert list(registry.reader.find(Link, Equals("attribution_id", "A2"))) == links


def test_a_statement_does_not_move_to_where_it_is_or_to_what_is_not_there(registry: Registry) -> None:
    with pytest.raises(UsageError, match="C1 has this statement already, as A1"):
        registry.edit("A2", move_to=STAYS)
    with pytest.raises(NotFoundError):
        registry.edit("A2", move_to="C9")
    head = registry.reader.head()
    registry.edit("A2", move_to=GOES)
    assert registry.reader.head() == head


def test_merging_hands_everything_over_and_keeps_once_what_both_have(registry: Registry) -> None:
    registry.relate(STAYS, "contradicts", OTHER)
    registry.relate(OTHER, "contradicts", GOES)
    registry.relate(GOES, "supports", OTHER)
    registry.relate(STAYS, "repeats", GOES)
    registry.judge(STAYS, "False")
    registry.judge(GOES, "True")
    registry.judge(STAYS, "Half true")
    before, _hash = registry.reader.head()
    merged = registry.merge_claims(STAYS, GOES)
    assert [one.id for one in merged.moved] == ["A3", "V2", "R3"]
    assert [one.id for one in merged.there_already] == ["A2", "R2"]
    assert of(registry, Attribution, STAYS) == ["A1", "A3"]
    assert of(registry, Verdict, STAYS) == ["V1", "V2", "V3"]
    assert [the(registry, Verdict, one).supersedes for one in ("V1", "V2", "V3")] == [None, "V1", "V2"]
    related = [(one.id, one.claim_id, one.other_claim_id) for one in registry.reader.find(Relation)]
    assert related == [("R1", "C1", "C3"), ("R3", "C1", "C3")]
    kept, gone = the(registry, Claim, STAYS), the(registry, Claim, GOES)
    assert (kept.text, kept.tags, kept.case, kept.note) == ("The night ferry is cancelled", ("ferry", "night"), None, "call them")
    assert (gone.merged_into, gone.removed_at) == (STAYS, "2026-01-01T00:00:00Z")
    assert len({one.group for one in registry.reader.history(after=before)}) == 1
    assert registry.verify().damage == []


@pytest.mark.parametrize(("here", "there", "then"), [("suggested", "confirmed", "confirmed"), ("rejected", "confirmed", "rejected")])
def test_a_decision_on_a_place_is_kept_with_the_place(registry: Registry, here: str, there: str, then: str) -> None:
    registry.edit("L1", state=here)
    registry.edit("L2", state=there)
    registry.merge_claims(STAYS, GOES)
    assert [(one.id, one.state) for one in registry.reader.find(Link)] == [("L1", LinkState(then))]


def test_a_place_that_only_the_other_claim_has_goes_over(registry: Registry) -> None:
    registry.remove("L1")
    registry.merge_claims(STAYS, GOES)
    assert [(one.id, one.attribution_id) for one in registry.reader.find(Link)] == [("L2", "A1")]


def test_the_later_verdict_of_both_is_in_force(registry: Registry) -> None:
    registry.judge(GOES, "False")
    registry.judge(STAYS, "True")
    merged = registry.merge_claims(STAYS, GOES)
    assert merged.before is not None
    assert merged.after == the(registry, Verdict, "V2")
    assert (merged.before.id, merged.before.supersedes, merged.after.supersedes) == ("V2", None, "V1")


def test_a_merged_claim_says_where_it_went(registry: Registry) -> None:
    registry.merge_claims(STAYS, GOES)
    registry.merge_claims(OTHER, STAYS)
    for record_id, kept in ((GOES, OTHER), (STAYS, OTHER)):
        with pytest.raises(NotFoundError, match=f"{record_id} was merged into {kept} on 2026-01-01"):
            registry.attribute(record_id, by="Clerk")
    assert [view.claim.id for view in registry.list_claims()] == [OTHER]
    with pytest.raises(UsageError, match="itself"):
        registry.merge_claims(OTHER, OTHER)


def test_a_merged_claim_can_be_brought_back(registry: Registry) -> None:
    registry.merge_claims(STAYS, GOES)
    registry.restore(GOES)
    gone = the(registry, Claim, GOES)
    assert (gone.merged_into, gone.removed_at) == (None, None)
    registry.edit("A3", move_to=GOES)
    assert of(registry, Attribution, GOES) == ["A3"]
    assert registry.verify().damage == []


def test_a_verdict_is_corrected(registry: Registry) -> None:
    registry.judge(STAYS, "Flase", scheme="Ours", why="Somebody said so.")
    registry.edit("V1", rating="False", why="", by="Aida")
    verdict = the(registry, Verdict, "V1")
    assert (verdict.rating, verdict.scheme, verdict.rationale, verdict.author) == ("False", "Ours", None, "Aida")
    with pytest.raises(UsageError, match="rating is empty"):
        registry.edit("V1", rating=" ")
    with pytest.raises(UsageError, match="A verdict has no --stance; it takes --rating, --scheme, --why, --by"):
        registry.edit("V1", stance="denies")
