"""Claims that were taken in from a file are found by words and by filters, in every store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES

from claimreg.corpus.base import Documents
from claimreg.corpus.files import open_documents
from claimreg.errors import InputError, NotFoundError
from claimreg.model import Attribution, Change, Claim, Stance
from claimreg.services.exchange.importing import ImportOptions, ImportResult, import_rows
from claimreg.services.exchange.lines import read_lines
from claimreg.services.exchange.rows import Reading, Told
from claimreg.services.finding.claim_index import ask
from claimreg.services.finding.duplicates import kin_of
from claimreg.services.finding.filters import Filters, filtered
from claimreg.services.finding.match import answer_line, claims_of_file, claims_of_registry, match, match_all
from claimreg.services.finding.search import browse, has_words, search
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store, Writer
from claimreg.vocabulary import DayOrder

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="import")
LINES: list[object] = [
    {
        "text": "The old bridge was closed in May",
        "by": "City council",
        "said_at": "2024-05",
        "tags": ["bridge"],
        "case": "Bridge",
        "lang": "en",
    },
    {"text": "The old bridge will be rebuilt", "by": "Mayor", "stance": "denies", "said_at": "2024-07-01", "case": "Bridge"},
    {"text": "120 families depend on the ferry", "attributions": [{"party": {"name": "Mayor"}, "quote": "120 families", "lang": "en-GB"}]},
    {"text": "Көпір жабылды", "lang": "kk-Latn"},
]
BAD = [
    '{"text": ""}',
    "no JSON",
    '{"text": "x", "attributions": [1]}',
    '{"text": "x", "tags": "a"}',
    '{"text": "x", "by": "y", "stance": "z"}',
    '{"text": "x", "attributions": [{"quote": "y"}]}',
]


def file_of(folder: Path, *more: str) -> Documents:
    path = folder / "claims.jsonl"
    path.write_text("\n".join([*map(json.dumps, LINES), *more]) + "\n", encoding="utf-8")
    return open_documents(str(path), None)  # type: ignore[arg-type]  # standard input is not read


def import_claims(writer: Writer, source: Documents, *, strict: bool = False, dates: DayOrder | None = None) -> ImportResult:
    told = Told()
    rows = read_lines(source, Reading(source.name, told, dates))
    return import_rows(writer, rows, told=told, options=ImportOptions(strict, name=source.name))


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path)
    with opened.write(CHANGE) as writer:
        result = import_claims(writer, file_of(tmp_path, *BAD))
    assert (result.claims, result.attributions) == (4, 3)
    assert [bad.number for bad in result.bad] == [5, 6, 7, 8, 9, 10]
    yield opened
    opened.close()


def test_the_first_bad_line_ends_a_strict_import(tmp_path: Path) -> None:
    store = MemoryStore()
    with pytest.raises(InputError, match="5"), store.write(CHANGE) as writer:
        import_claims(writer, file_of(tmp_path, *BAD), strict=True)
    assert list(store.find(Claim)) == []


def test_a_date_that_is_none_costs_the_statement_its_date_only(tmp_path: Path) -> None:
    dates = ("2 мамыр 2022", "3.5.2022", "soon", " ", "14.5.2022")
    lines = [json.dumps({"text": f"Claim {at}", "by": "Mayor", "said_at": said}) for at, said in enumerate(dates)]
    store = MemoryStore()
    with store.write(CHANGE) as writer:
        result = import_claims(writer, file_of(tmp_path, *lines))
        ordered = import_claims(writer, file_of(tmp_path, *lines), dates=DayOrder.DMY)
    assert (result.claims, result.bad, [one.number for one in result.undated]) == (9, [], [6, 7])
    assert [one.number for one in ordered.undated] == [7]
    said = [one.said_at for one in store.find(Attribution)]
    assert (said[3:8], said[11:]) == (
        ["2022-05-02", None, None, None, "2022-05-14"],
        ["2022-05-02", "2022-05-03", None, None, "2022-05-14"],
    )
    with pytest.raises(InputError, match=r"line 6.*without the order"), store.write(CHANGE) as writer:
        import_claims(writer, file_of(tmp_path, *lines), strict=True)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "1234"),
        (Filters(by="Mayor"), "23"),
        (Filters(by="Mayor", stance=Stance.DENIES), "2"),
        (Filters(by="mayr"), "23"),
        (Filters(stance=Stance.ASSERTS), "13"),
        (Filters(case="bridge"), "12"),
        (Filters(case="Bridge", by="Mayor"), "2"),
        (Filters(tag="bridge"), "1"),
        (Filters(lang="en"), "13"),
        (Filters(lang="kk"), "4"),
        (Filters(since="2024-05-20"), "12"),
        (Filters(since="2024-06"), "2"),
        (Filters(until="2024-05"), "1"),
        (Filters(tag="bridge", stance=Stance.DENIES), ""),
    ],
)
def test_filters_choose_among_the_claims(store: Store, filters: Filters, expected: str) -> None:
    numbers = [claim.id[1:] for claim, _ahead in filtered(store, filters)]
    assert "".join(numbers) == expected
    assert [claim.id[1:] for claim, _ahead in filtered(store, filters, newest_first=True)] == numbers[::-1]
    assert [hit.claim.id[1:] for hit in browse(store, filters, 9)] == numbers[::-1]
    found = ask(store, lambda index: search(store, index, "old bridge families көпір", filters, 9), lambda _: None)
    assert {hit.claim.id[1:] for hit in found} <= set(numbers)


def test_a_party_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(NotFoundError):
        list(filtered(store, Filters(by="Nobody whom anyone knows")))


@pytest.mark.parametrize(
    ("query", "expected"), [("old bridge", {"C1", "C2"}), ("brigde", {"C1", "C2"}), ("famlies", {"C3"}), ("kopir", {"C4"}), ("…", set())]
)
def test_words_find_claims_also_with_slips_and_in_other_letters(store: Store, query: str, expected: set[str]) -> None:
    hits = ask(store, lambda index: search(store, index, query, Filters(), 9), lambda _: None)
    assert {hit.claim.id for hit in hits} == expected
    assert has_words(query) == bool(expected)


def test_by_date_those_said_last_come_first(store: Store) -> None:
    hits = ask(store, lambda index: search(store, index, "old bridge", Filters(), 1, by_date=True), lambda _: None)
    assert [hit.claim.id for hit in hits] == ["C2"]
    assert [hit.claim.id for hit in browse(store, Filters(), 2, by_date=True)] == ["C2", "C1"]


def test_nearly_the_same_claim_is_known_and_what_turns_it_is_told(store: Store) -> None:
    same = ask(store, lambda index: kin_of(store, index, "The old bridge was closed in May."), lambda _: None)
    other = ask(store, lambda index: kin_of(store, index, "The old bridge was not closed in May"), lambda _: None)
    assert [(one.claim.id, one.flags) for one in same] == [("C1", ())]
    assert [(one.claim.id, [flag.value for flag in one.flags]) for one in other] == [("C1", ["negation"])]


def test_statements_are_matched_with_a_file_and_with_the_registry_alike(store: Store, tmp_path: Path) -> None:
    of_file = claims_of_file(file_of(tmp_path, *BAD[:2]), strict=False)
    assert [bad.number for bad in of_file.bad] == [5, 6]
    with pytest.raises(InputError):
        claims_of_file(file_of(tmp_path, *BAD), strict=True)
    asked = "the old bridge was closed in may"
    first = match(asked, of_file, 1)
    assert [(one.claim_id, one.text) for one in first] == [("1", "The old bridge was closed in May")]
    assert ask(store, lambda index: [one.text for one in match(asked, claims_of_registry(index, store), 1)], lambda _: None) == [
        first[0].text
    ]
    queries = tmp_path / "queries.jsonl"
    queries.write_text(json.dumps({"id": "q", "text": asked}) + "\nno JSON\n", encoding="utf-8")
    bad: list[object] = []
    answers = list(match_all(open_documents(str(queries), None), of_file, 1, bad, strict=False))  # type: ignore[arg-type]
    assert json.loads(answer_line(*answers[0]))["results"][0]["claim_id"] == "1"
    assert len(bad) == 1
