"""What follows an import: quotes looked for in the texts that are stored, and near repeats of what was said before, in every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES

from claimreg.model import Attribution, Link, Stance, record_number
from claimreg.opening import Documents, Reading
from claimreg.rank.index import StatementIndex
from claimreg.registry import Registry
from claimreg.services.exchange.rows import ClaimRow, SourceRow, StatementRow
from claimreg.services.finding.claim_index import ask
from claimreg.services.finding.duplicates import Kin, kin_of
from claimreg.services.recording.claims import AttributionFields, ClaimFields
from claimreg.services.recording.sources import SourceDetails
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Equals

NOTICE = "The harbour office said that the night ferry will not run before the pier is repaired, and that the ticket hall stays shut."
LETTER = "A clerk wrote that the ticket hall stays shut until the winter. The night ferry will not run, the captain added."
QUOTES = ("the night ferry will not run", "the ticket hall stays shut")


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    surroundings = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading()))
    with Registry(STORES[request.param](tmp_path), surroundings) as made:
        yield made


def said(number: int, text: str, quote: str | None = None, source: str | None = None) -> ClaimRow:
    statement = StatementRow(AttributionFields(Stance.ASSERTS, "Harbour office", quote), source)
    return ClaimRow(number, ClaimFields(text, external_id=f"{number}"), (statement,))


def stored(registry: Registry, folder: Path) -> None:
    for name, text in (("notice.txt", NOTICE), ("letter.txt", LETTER)):
        (folder / name).write_text(text, encoding="utf-8")
        registry.add_source(str(folder / name))


def test_a_quote_is_looked_for_in_its_own_source_else_everywhere(registry: Registry, tmp_path: Path) -> None:
    stored(registry, tmp_path)
    rows = [said(1, "No ferry", QUOTES[0], "S1"), said(2, "A shut hall", QUOTES[1]), said(3, "Gulls", "the gulls were counted on the quay")]
    result = registry.import_rows(rows)
    looks: list[int] = []
    linked = registry.link_new(result.new_quotes.each(), looks.append)
    found = sorted((one.attribution_id, one.source_id) for one in registry.reader.find(Link))
    assert found == [("A1", "S1"), ("A2", "S1"), ("A2", "S2")]
    assert [one.id for one in linked.lost] == ["A3"]
    assert looks == list(range(1, 6))
    assert {link.state.value for link in registry.reader.find(Link)} == {"suggested"}
    assert all(one.looked is not None for one in registry.reader.find(Attribution))
    # What has links already is not looked for again.
    assert registry.link_new(["A1", "A2"]).found == ()


def test_no_more_looks_are_taken_than_are_wanted(registry: Registry, tmp_path: Path) -> None:
    stored(registry, tmp_path)
    registry.import_rows([said(number, f"Claim {number}", QUOTES[0]) for number in range(3)])
    looks: list[int] = []
    linked = registry.link_new(["A1", "A2", "A3"], looks.append, most=5)
    assert looks == [1, 2, 3, 4]
    assert {one.attribution_id for one in linked.found} == {"A1", "A2"}
    assert linked.lost == ()


def test_a_source_without_a_text_is_no_place_to_look_in(registry: Registry, tmp_path: Path) -> None:
    bare = SourceRow(1, "there", SourceDetails(url="https://x.example/there"))
    registry.import_rows([bare, said(2, "No ferry", QUOTES[0], "there")])
    head = registry.reader.head()
    assert registry.link_new(["A1"]).lost == ()
    assert registry.reader.head() == head, "nothing could be looked in, so nothing is noted"
    stored(registry, tmp_path)
    registry.link_new(["A1"])
    assert {one.source_id for one in registry.reader.find(Link, Equals("attribution_id", "A1"))} == {"S2", "S3"}


def test_near_repeats_are_found_among_the_new_and_the_old(registry: Registry) -> None:
    registry.add("The night ferry will not run before the pier is repaired", by="Harbour office")
    texts = (
        "The night ferry will not run before the pier is repaired!",
        "the night fery will not run before the pier is repaired",
        "The night ferry will run before the pier is repaired",
        "The day ferry runs every hour from the northern quay in summer",
        "The ticket hall stays shut until the winter storms are over",
        "The ticket hall stays shut until the winter storms are over.",
    )
    result = registry.import_rows([said(number, text) for number, text in enumerate(texts)])
    counted: list[int] = []
    found = registry.near_repeats(result.new_claims.each(), counted.append)
    assert [(one.claim.id, one.other.id) for one in found] == [("C2", "C1"), ("C3", "C1"), ("C7", "C6")]
    assert counted == [1, 2, 3, 4, 5, 6]


def test_repeats_are_what_adding_one_by_one_would_ask_about(registry: Registry) -> None:
    subjects = ("ferry", "tram", "bridge", "market")
    pairs = [(one, other) for one in subjects for other in subjects if one < other]
    texts = [f"The {one} stays closed until {day} May because of the storm in the {other}" for one, other in pairs for day in (3, 4)]
    texts += [text.replace("stays", "stay") for text in texts[::5]]
    registry.import_rows([said(number, text) for number, text in enumerate(texts)])
    found = {one.claim.id for one in registry.near_repeats(f"C{number}" for number in range(1, len(texts) + 1))}

    def kin_by_claim(index: StatementIndex) -> dict[str, list[Kin]]:
        return {f"C{number}": kin_of(registry.reader, index, text) for number, text in enumerate(texts, start=1)}

    kin = ask(registry.store, kin_by_claim)
    assert found == {
        claim for claim, alike in kin.items() if any(one.is_same and record_number(one.claim.id) < record_number(claim) for one in alike)
    }
    assert found == {f"C{number}" for number in range(13, len(texts) + 1)}


def test_rows_of_one_table_that_differ_in_a_figure_are_no_repeats_and_take_no_time(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(*_words: object) -> None:
        raise AssertionError("judged word for word, a thousand times over")

    monkeypatch.setattr("claimreg.rank.contrast.contrast", judged)
    registry.import_rows([said(number, f"The ferry was late {number} times in the year") for number in range(300)])
    assert registry.near_repeats(f"C{number}" for number in range(1, 301)) == []
    (again,) = registry.import_rows([said(301, "The ferry was late 7 times in the year.")]).new_claims.each()
    assert [one.other.text for one in registry.near_repeats([again])] == ["The ferry was late 7 times in the year"]


def test_a_dry_run_and_claims_that_are_gone_have_nothing_to_follow(registry: Registry) -> None:
    registry.add("The pier is sound", by="Captain")
    registry.import_rows([said(1, "The pier is sound.")])
    registry.remove("C2")
    assert registry.near_repeats(["C2", "C77"]) == []
