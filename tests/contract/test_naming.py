"""Cases and tags under other names, and the whole story of a claim, over every store."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stores import STORES

from claimreg.errors import NotFoundError, UsageError
from claimreg.model import Claim
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.entry.naming import Named, Renamed
from claimreg.services.history import changes_in_words, story_of
from claimreg.services.surroundings import Surroundings


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """Three claims: C1 and C2 of one case in two spellings, C3 of another."""
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    with closing(STORES[request.param](tmp_path)) as store:
        made = Registry(store, around)
        made.add("The night ferry is cancelled", by="Harbour office", case="Ferry", tags=["sea", "court"])
        made.add("A pier of stone stands", by="Clerk", case="ferry", tags=["sea"])
        made.add("Nobody was hurt", by="Clerk", case="Council")
        yield made


def claims(registry: Registry) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    return [(claim.case, claim.case_key, claim.tags) for claim in registry.reader.find(Claim)]


def test_cases_and_tags_are_counted(registry: Registry) -> None:
    assert registry.cases() == [Named("Council", 1), Named("Ferry", 2)]
    assert registry.tags() == [Named("court", 1), Named("sea", 2)]


def test_a_renamed_case_is_renamed_in_all_its_claims_in_one_transaction(registry: Registry) -> None:
    head = registry.reader.head()[0]
    assert registry.rename_case("FERRY", " Night ferry ") == Renamed("Ferry", "Night ferry", 2, 0)
    assert [case for case, _key, _tags in claims(registry)] == ["Night ferry", "Night ferry", "Council"]
    assert {event.group for event in registry.reader.history(after=head)} == {head + 1}
    registry.undo()
    assert registry.cases() == [Named("Council", 1), Named("Ferry", 2)]


def test_two_cases_become_one_only_where_a_person_agrees(registry: Registry) -> None:
    asked: list[Renamed] = []
    assert registry.rename_case("Council", "FERRY", agreed=lambda one: bool(asked.append(one))) is None  # type: ignore[func-returns-value]
    assert asked == [Renamed("Council", "FERRY", 1, 2)]
    assert registry.cases() == [Named("Council", 1), Named("Ferry", 2)]
    registry.rename_case("Council", "FERRY", agreed=lambda _one: True)
    assert [key for _case, key, _tags in claims(registry)] == ["ferry"] * 3


def test_another_spelling_of_a_case_joins_nothing_and_is_not_asked_about(registry: Registry) -> None:
    assert registry.rename_case("ferry", "FERRY", agreed=lambda _one: False) == Renamed("Ferry", "FERRY", 2, 0)
    assert [case for case, _key, _tags in claims(registry)] == ["FERRY", "FERRY", "Council"]


def test_a_renamed_tag_stands_once_in_each_claim(registry: Registry) -> None:
    assert registry.rename_tag("court", "sea", agreed=lambda _one: False) is None
    assert registry.rename_tag("court", "sea") == Renamed("court", "sea", 1, 2)
    assert [tags for _case, _key, tags in claims(registry)] == [("sea",), ("sea",), ()]


def test_a_removed_claim_that_comes_back_is_of_the_renamed_case(registry: Registry) -> None:
    registry.remove("C1")
    registry.rename_case("Ferry", "Boat")
    registry.restore("C1")
    assert registry.cases() == [Named("Boat", 2), Named("Council", 1)]


def test_what_is_not_there_is_told_with_the_nearest_name(registry: Registry) -> None:
    with pytest.raises(NotFoundError, match=r"There is no case “Fery”; the nearest are .*“Ferry”"):
        registry.rename_case("Fery", "Boat")
    with pytest.raises(NotFoundError, match="There is no tag “seas”; the nearest is “sea”"):
        registry.rename_tag("seas", "ocean")
    with pytest.raises(UsageError, match="The case is empty"):
        registry.rename_case("Ferry", " ")


def test_the_story_of_a_claim_has_all_that_belongs_to_it_or_did(registry: Registry) -> None:
    registry.relate("C1", "contradicts", "C2")
    registry.judge("C1", "False")
    registry.edit("A1", move_to="C2")
    registry.merge_claims("C2", "C3")

    def story(number: str) -> list[tuple[str, str, str]]:
        claim = registry.reader.get(Claim, number)
        assert claim is not None
        return [(event.action, event.object_id, changes_in_words(event)) for event in story_of(registry.store, claim)]

    told = story("C1")
    assert [(action, record) for action, record, _words in told] == [
        ("add", "C1"), ("add", "A1"), ("relate", "R1"), ("verdict", "V1"), ("edit", "A1"),
    ]  # fmt: skip
    assert ("relate", "R1", "new: C1 contradicts C2") in told
    assert ("edit", "A1", "claim_id: C1 → C2") in told
    merged = {record for _action, record, _words in story("C2")}
    assert {"C2", "A2", "A1", "R1", "C3", "A3"} <= merged
    assert "V1" not in merged
