"""Lines of JSON become rows: flat claims, whole records and what they name, whatever a file holds; what has no place is told."""

import gzip
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.interchange.lines import read
from claimreg.model import RelationKind, Stance
from claimreg.services.exchange.rows import ClaimRow, PartyRow, Reading, RelationRow, Row, SourceRow, StatementRow, Told
from claimreg.vocabulary import DayOrder

LINK = {
    "id": "L1", "attribution_id": "A1", "source_id": "S1", "capture_id": "K1", "start": 3, "end": 6, "exact": "one", "prefix": "no ",
    "suffix": ".", "score": 100.0, "kind": "exact", "parts": [[3, 6]], "edits": 0, "probability": 0.9, "flags": [], "not_judged": [],
    "words": [["kept", [0, 3], [3, 6]]], "place": "page 1", "left_out": False, "state": "confirmed", "method": "words/1",
    "text_sha256": "ab" * 32,
}  # fmt: skip
SAID = {
    "id": "A1", "party": {"id": "P1", "name": "Mayor"}, "party_as_written": "the mayor", "stance": "denies", "quote": "one", "lang": "en",
    "said_at": "2024-05", "source_id": "S1", "links": [LINK], "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann",
}  # fmt: skip
VERDICT = {"id": "V1", "rating": "false", "scheme": None, "rationale": "No.", "author": None, "rated_at": "2026", "supersedes": None}
SUPPORTED = {"id": "R1", "kind": "supports", "claim_id": "C2", "inverse": True}
CLAIM = {
    "schema": "claimreg.claim/1", "id": "C1", "text": "The ferry stopped", "title": None, "lang": "en", "case": "Ferry", "tags": ["sea"],
    "external_id": None, "attributions": [SAID],
    "verdicts": [VERDICT], "relations": [SUPPORTED, {"id": "R2", "kind": "contradicts", "claim_id": "C3"}],
    "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann", "removed_at": None,
}  # fmt: skip
SOURCE = {
    "schema": "claimreg.source/1", "id": "S1", "title": "Notice", "caption": None, "publisher": "Office", "author": "Ann",
    "published_at": "2024-05-02", "lang": "en", "url": "https://example.org/a", "canonical_url": "https://example.org/",
    "archive_url": None,
    "withheld": None, "captures": 2, "capture": {"id": "K1", "sha256": "cd" * 32, "text_sha256": "ab" * 32}, "left_out": None,
    "attributions": 1, "links": 1, "recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "ann", "removed_at": None,
}  # fmt: skip


def rows_of(*lines: object, dates: DayOrder | None = None, renamed: tuple[tuple[str, str], ...] = ()) -> tuple[list[Row | BadLine], Told]:
    """What is read of these lines, texts as they are and other values as JSON, and what is told."""
    content = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    return rows_in(content.encode("utf-8", "surrogatepass"), dates=dates, renamed=renamed)


def rows_in(content: bytes, **more: Any) -> tuple[list[Row | BadLine], Told]:  # noqa: ANN401 -- fields of how to read
    told = Told()
    return list(read(io.BytesIO(content), Reading("file", told, **more))), told


def claim_in(rows: list[Row | BadLine]) -> ClaimRow:
    """The only claim among rows."""
    (claim,) = (row for row in rows if isinstance(row, ClaimRow))
    return claim


def test_a_flat_line_is_a_claim_with_its_statement_and_source() -> None:
    line = {
        "id": 7, "text": " It rained ", "title": "Rain", "lang": "en", "case": "Sky", "tags": ["wet"], "by": "Ann", "stance": "reports",
        "quote": "rain!", "said_at": "2024-05", "source": " https://example.org/rain ",
    }  # fmt: skip
    rows, told = rows_of(line)
    claim = claim_in(rows)
    assert (claim.number, claim.key, claim.fields._asdict()) == (
        1, "7", {
            "text": "It rained", "title": "Rain", "lang": "en", "case": "Sky", "tags": ("wet",), "external_id": "7", "note": None,
            "assignee": None,
        },
    )  # fmt: skip
    (said,) = claim.statements
    assert (said.source, said.party, said.fields) == (
        "https://example.org/rain", None, (Stance.REPORTS, "Ann", "rain!", "en", "2024-05"),
    )  # fmt: skip
    assert told == Told()


def test_keys_without_a_place_are_counted_once_a_line_and_with_their_path() -> None:
    inner = {**SAID, "mood": 1, "party": {"id": "P1", "name": "Mayor", "age": 4}, "links": [{**LINK, "colour": 1}, {**LINK, "colour": 2}]}
    whole = {**CLAIM, "by": "Ann", "attributions": [inner, inner], "verdicts": [{**VERDICT, "stars": 2}]}
    odd = {"attributions[]": 1, "claimreg.claim/1": {"a": 1}}
    _, told = rows_of(
        {"text": "a", "said": "2024", "by": "Ann"}, {"text": "b", "said": "2024"}, SOURCE, {**SOURCE, "colour": 1}, whole, {**CLAIM, **odd}
    )
    assert told.unknown == {
        "said": 2, "attributions[]": 1, "claimreg.claim/1": 1, "claimreg.claim/1.a": 1, "colour": 1, "by": 1,
        "attributions[].mood": 1, "attributions[].party.age": 1, "attributions[].links[].colour": 1,
        "verdicts[].stars": 1,
    }  # fmt: skip


def test_what_nobody_is_named_for_is_told() -> None:
    rows, told = rows_of(
        {"text": "a", "quote": "b", "source": "S1"}, {"text": "a", "by": " ", "stance": "denies"}, {"text": "a", "by": None}
    )
    assert [claim.statements for claim in rows if isinstance(claim, ClaimRow)] == [(), ()]
    assert [note.why for note in told.notes] == ["it names nobody by whom it is said; left out: quote, source"]
    assert [bad.number for bad in rows if isinstance(bad, BadLine)] == [2]


def test_whole_records_are_read_with_all_that_they_name() -> None:
    party = {"schema": "claimreg.party/1", "id": "P1", "name": "Mayor", "aliases": ["Мэр"], "merged_into": None, "attributions": 3}
    relation = {"schema": "claimreg.relation/1", "id": "R1", "kind": "supports", "claim_id": "C2", "other_claim_id": "C1"}
    rows, told = rows_of(party, SOURCE, relation, CLAIM)
    assert told == Told()
    assert rows[0] == PartyRow(1, "P1", "Mayor", ("Мэр",))
    source = rows[1]
    assert isinstance(source, SourceRow)
    assert source.details == ("Notice", "Office", "2024-05-02", "en", "https://example.org/a", "Ann", None, None)
    assert source[3:] == ("https://example.org/", None, "cd" * 32, "ab" * 32)
    # The relation of a line of its own is not read again from within the claim.
    assert rows[2] == RelationRow(3, RelationKind.SUPPORTS, "C2", "C1")
    assert rows[4:] == [RelationRow(4, RelationKind.CONTRADICTS, "C1", "C3")]
    claim = claim_in(rows)
    assert (claim.key, claim.fields.external_id, claim.verdicts) == ("C1", "C1", (("false", None, "No.", None, "2026"),))
    (said,) = claim.statements
    assert (said.party, said.source, said.fields.party_as_written) == ("P1", "S1", "the mayor")
    (link,) = said.links
    assert (link.state, link.method, link.text_sha256, link.source) == ("confirmed", "words/1", "ab" * 32, None)
    assert link.place == {name: value for name, value in LINK.items() if name in link.place}
    assert len(link.place) == 13


def test_a_listed_claim_makes_its_parties_and_names_sources_of_the_file_alone() -> None:
    second = {**SAID, "party": {"name": "Council"}, "source_id": None, "links": []}
    rows, told = rows_of({**CLAIM, "attributions": [SAID, second, SAID]})
    assert rows[:2] == [PartyRow(1, "P1", "Mayor"), PartyRow(1, "Council", "Council")]
    assert [(one.party, one.source, one.within, len(one.links)) for one in claim_in(rows).statements] == [
        ("P1", "S1", True, 1), ("Council", None, True, 0), ("P1", "S1", True, 1),
    ]  # fmt: skip
    assert told == Told()
    # A relation that stands in a claim only, seen from the other side, is one of the other claim.
    assert rows[3:] == [RelationRow(1, RelationKind.SUPPORTS, "C2", "C1"), RelationRow(1, RelationKind.CONTRADICTS, "C1", "C3")]
    again, _ = rows_of(CLAIM, {**CLAIM, "id": "C3", "relations": [{"kind": "contradicts", "claim_id": "C1"}]})
    assert sum(isinstance(row, RelationRow) for row in again) == 2


def test_links_keep_the_source_that_they_are_into() -> None:
    said = {**SAID, "source_id": None}
    rows, told = rows_of(SOURCE, {**CLAIM, "attributions": [said]})
    assert ([one.source for one in claim_in(rows).statements[0].links], told.left_out) == (["S1"], {})


def test_withheld_damaged_and_removed_things_are_left_out_and_told() -> None:
    hidden = {**LINK, "start": None, "end": None, "parts": None}
    broken = [
        {**LINK, "score": 101},
        {**LINK, "start": 9},
        {**LINK, "state": "seen"},
        {**LINK, "words": [[1]]},
        {**LINK, "exact": "\ud800"},
    ]
    gone = [{**one, "removed_at": "2026-01-02T00:00:00Z"} for one in (CLAIM, SOURCE)]
    rows, told = rows_of(SOURCE, *gone, {**CLAIM, "attributions": [{**SAID, "links": [hidden, *broken, LINK]}]})
    assert len(claim_in(rows).statements[0].links) == 1
    assert told.left_out == {"removed claim": 1, "removed source": 1, "withheld link": 1}
    assert len(told.notes) == 5
    assert told.notes[0].why.startswith("a link of it is left out: its score is not a number from 0 to 100")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[]", "it is no JSON object"),
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is nested too deeply"),
        ({"schema": "claimreg.event/1", "text": "a"}, "it is 'claimreg.event/1'; give claims, parties, sources and relations"),
        ({"schema": "claimreg.claim/2", "text": "a"}, "it is 'claimreg.claim/2'; give claims, parties, sources and relations"),
        ({"id": "C1"}, "it has no text"),
        ({"text": "a\0b"}, "The claim's text holds a NUL character (U+0000); take it out."),
        ({"text": "a", "by": "b", "stance": "likes"}, "“likes” is no stance; choose one of: asserts, denies, reports, questions, rules."),
        ({"text": "a", "lang": "no tag"}, "“no tag” is no language tag; write kk, kk-Latn, ru, en, … (BCP 47)."),
        ({"text": "a", "tags": [1]}, "its tags are no list of words"),
        ({"text": "a", "id": 1.5}, "its id is neither a text nor a whole number"),
        ({"text": "a", "attributions": [{"quote": "b"}]}, "its attributions have no party"),
        ({"text": "a", "verdicts": [{"rating": " "}]}, "The rating is empty; give at least a word."),
        ({"text": "a", "verdicts": 4}, "its verdicts are no list of objects"),
        ({"text": "a", "relations": [{"kind": "contradicts", "claim_id": "C2"}]}, "it has relations and no id; give it one"),
        ({"schema": "claimreg.party/1", "id": "P1"}, "it has no name"),
        ({"schema": "claimreg.source/1", "title": "a"}, "it has no id"),
        ({"schema": "claimreg.source/1", "id": "S1", "capture": 4}, "its capture is no object"),
        ({"schema": "claimreg.relation/1", "kind": "loves", "claim_id": "C1", "other_claim_id": "C2"}, "“loves” is no relation;"),
    ],
)
def test_a_bad_line_is_told_and_costs_no_other(line: object, why: str) -> None:
    rows, told = rows_of({"text": "before"}, line, {"text": "after"})
    assert [row.number for row in rows] == [1, 2, 3]
    assert isinstance(rows[1], BadLine)
    assert rows[1].why.startswith(why)
    assert told == Told()


def test_nothing_is_told_of_a_line_that_is_bad_in_the_end() -> None:
    lost = {**SAID, "said_at": "soon", "links": [{**LINK, "start": None}, {**LINK, "score": 101}]}
    rows, told = rows_of({**CLAIM, "attributions": [lost], "relations": [{"kind": "loves", "claim_id": "C2"}]}, CLAIM)
    assert isinstance(rows[0], BadLine)
    assert told == Told()
    assert PartyRow(2, "P1", "Mayor") in rows


def test_dates_are_read_as_elsewhere_and_told_where_they_are_none() -> None:
    lines = [{"text": "a", "by": "b", "said_at": at} for at in ("2 May 2022", "3.5.2022", "14.5.2022", "soon", " ")]
    for order, said, undated in ((None, [None, "2022-05-14"], [2, 4]), (DayOrder.DMY, ["2022-05-03", "2022-05-14"], [4])):
        rows, told = rows_of(*lines, dates=order)
        found = [row.statements[0].fields.said_at for row in rows if isinstance(row, ClaimRow)]
        assert found == ["2022-05-02", *said, None, None]
        assert [one.number for one in told.undated] == undated


def test_a_files_own_keys_can_be_renamed() -> None:
    rows, told = rows_of({"statement": "a", "speaker": "b"}, renamed=(("statement", "text"), ("speaker", "by")))
    assert (claim_in(rows).statements[0].fields.party_as_written, told.unknown) == ("b", {})


@pytest.mark.parametrize("indent", [None, 2])
def test_one_json_document_is_read_too(indent: int | None) -> None:
    for document, count in (([CLAIM, {"text": "b"}, 4], 3), (CLAIM, 1)):
        rows, _ = rows_in(json.dumps(document, indent=indent).encode())
        claims = [row for row in rows if isinstance(row, ClaimRow | BadLine)]
        assert [row.number for row in claims] == list(range(1, count + 1))


def test_a_document_that_is_none_or_too_large_is_refused() -> None:
    for content, what in ((b"[\n{]", "neither lines"), (b"[\n" + b"[" * 99_999, "too deeply"), (b"{\n" + b" " * 50 + b"1\n}", "MiB")):
        with pytest.raises(InputError, match=what):
            rows_in(content, limit=40 if b"1" in content else 2**28)


def test_blank_lines_marks_and_packed_files_are_read() -> None:
    content = b'\xef\xbb\xbf{"text": "a"}\r\n\r\n{"text": "b"}'
    for packed in (content, gzip.compress(content)):
        rows, _ = rows_in(packed)
        assert [(row.number, row.fields.text) for row in rows if isinstance(row, ClaimRow)] == [(1, "a"), (3, "b")]
    assert rows_in(b"") == ([], Told())
    with pytest.raises(InputError, match="damaged"):
        rows_in(gzip.compress(content)[:-12])


KEYS = st.sampled_from(sorted({*CLAIM, *SOURCE, *SAID, *LINK, "by", "kind"}))
WORDS = st.sampled_from(["C1", "denies", "2020", "claimreg.claim/1", "claimreg.party/1", "\ud800"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=24,
)
SCHEMAS = st.sampled_from([None, *(f"claimreg.{kind}/1" for kind in ("claim", "source", "party", "relation", "event"))])
OBJECTS = st.builds(
    lambda base, more, schema: {**base, **more, "schema": schema},
    st.sampled_from([CLAIM, SOURCE, SAID, {}]),
    st.dictionaries(KEYS, JSON),
    SCHEMAS,
)
WITHIN = JSON.map(lambda one: {**CLAIM, "attributions": [one, {**SAID, "links": [one, LINK]}]})


@given(st.lists(st.one_of(JSON, OBJECTS, WITHIN), max_size=4))
def test_whatever_json_holds_each_line_is_rows_or_told(lines: list[object]) -> None:
    rows, told = rows_of({"text": "first"}, *lines)
    silent = {
        number
        for number, one in enumerate(lines, start=2)
        if isinstance(one, dict) and (one.get("removed_at") is not None or one.get("schema") == "claimreg.relation/1")
    }
    assert {row.number for row in rows} | silent == set(range(1, len(lines) + 2))
    assert all(isinstance(one, StatementRow) for row in rows if isinstance(row, ClaimRow) for one in row.statements)
    assert {note.number for note in (*told.notes, *told.undated)} <= {row.number for row in rows if not isinstance(row, BadLine)}
