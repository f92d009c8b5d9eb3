import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

CLAIMS: list[dict[str, Any]] = [
    {"id": "pier", "text": "The harbour office closed the old pier in March", "title": "Was the pier closed?"},
    {"id": "court", "text": "The court found the captain not guilty", "attributions": [{"quote": "Сот капитанды кінәсіз деп таныды"}]},
    {"text": "The ferry sails twice a day"},
]


def lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def answers(text: str) -> dict[str, list[dict[str, Any]]]:
    return {record["query_id"]: record["results"] for record in map(json.loads, text.splitlines())}


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    return lines(tmp_path / "claims.jsonl", CLAIMS)


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    return lines(
        tmp_path / "queries.jsonl",
        [
            {"id": "q1", "text": "harbour ofice closes old peir"},
            {"id": "q2", "text": "сот капитанды кінәсіз деп тапты"},
            {"id": "q3", "text": "the court found the captain guilty"},
            {"id": "q4", "text": "🙂"},
        ],
    )


def test_statements_are_answered_by_the_claims_of_a_file(claimreg: Command, queries: Path, claims: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = claimreg("match", queries, "--claims", claims, "--top", 2, "-o", out)
    assert (done.code, done.stdout) == (0, "")
    found = answers(out.read_text(encoding="utf-8"))
    assert list(found) == ["q1", "q2", "q3", "q4"]
    assert {len(results) for results in found.values()} <= {0, 1, 2}
    assert set(found["q1"][0]) == {"claim_id", "score", "text"}
    assert found["q1"][0]["claim_id"] == "pier"
    assert found["q1"][0]["text"] == CLAIMS[0]["text"]
    assert found["q2"][0]["claim_id"] == "court"
    assert found["q3"][0]["claim_id"] == "court"
    assert found["q3"][0]["flags"] == ["negation"]
    assert found["q4"] == []


@pytest.mark.parametrize(
    ("text", "claim", "flag"),
    [
        ("Austria closed the old bridge in March", "Australia closed the old bridge in March", "name"),
        ("Кеңес көпірді биыл жөндейді", "Кеңес көпірді биыл жөндемейді", "negation"),
        ("The council lowered the fare of the ferry", "The council raised the fare of the ferry", "opposite"),
        ("The ferry carried 140 people", "The ferry carried 190 people", "number"),
    ],
)
def test_a_claim_of_another_meaning_is_likeliest_but_not_at_the_score_of_a_repeat(
    claimreg: Command, tmp_path: Path, text: str, claim: str, flag: str
) -> None:
    known = lines(tmp_path / "claims.jsonl", [{"id": "far", "text": "The harbour has a bridge"}, {"id": "turned", "text": claim}])
    asked = lines(tmp_path / "asked.jsonl", [{"id": "turned", "text": text}, {"id": "same", "text": claim}])
    found = answers(claimreg("match", asked, "--claims", known).stdout)
    turned, same = found["turned"][0], found["same"][0]
    assert (turned["claim_id"], same["claim_id"]) == ("turned", "turned")
    assert flag in turned["flags"]
    assert "flags" not in same
    assert turned["score"] < same["score"] - 20
    assert [one["score"] for one in found["turned"]] == sorted((one["score"] for one in found["turned"]), reverse=True)


def test_a_claim_without_an_id_is_known_by_its_line(claimreg: Command, claims: Path, tmp_path: Path) -> None:
    asked = lines(tmp_path / "asked.jsonl", [{"id": "q", "text": "twice a day the ferry sails"}])
    done = claimreg("match", asked, "--claims", claims)
    assert answers(done.stdout)["q"][0]["claim_id"] == "3"


def test_statements_are_answered_by_the_registry(claimreg: Command, tmp_path: Path) -> None:
    claimreg("add", "The pier is safe", "--by", "Harbour office", "--quote", "қайық айлағы қауіпсіз")
    claimreg("add", "The pier is closed", "--by", "Captain")
    asked = lines(tmp_path / "asked.jsonl", [{"id": "a", "text": "qaiyq ailağy qauıpsız"}, {"id": "b", "text": "pier closed"}])
    done = claimreg("match", asked, "--top", 1)
    assert done.code == 0
    assert {query: results[0]["claim_id"] for query, results in answers(done.stdout).items()} == {"a": "C1", "b": "C2"}


def test_bad_lines_are_told_of_and_cost_no_answer(claimreg: Command, claims: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"id": "a", "text": "old pier"}\nno json\n{"id": "b"}\n{"id": "c", "text": "ferry"}\n')
    claims.write_text(claims.read_text() + '{"text": ""}\n[]\n')
    done = claimreg("match", asked, "--claims", claims)
    assert done.code == 1
    assert list(answers(done.stdout)) == ["a", "c"]
    assert "Line 2 of" in done.stderr
    assert "it has no text" in done.stderr
    assert "2 lines of" in done.stderr
    assert claimreg("match", asked, "--claims", claims, "--strict").code == 1


@pytest.mark.parametrize("text", ["", "*", "[", '"', "\\", "\u202eabc\u202c", "a" * 100_000, "😀" * 2_000, "\ud800 lone", "ا ل م"])
def test_whatever_is_asked_is_answered(claimreg: Command, claims: Path, tmp_path: Path, text: str) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"id": "q", "text": text}) + "\n")
    done = claimreg("match", asked, "--claims", claims)
    assert done.code == 0
    assert list(answers(done.stdout)) == ["q"]


def test_what_cannot_be_read_is_one_sentence(claimreg: Command, queries: Path, tmp_path: Path) -> None:
    done = claimreg("match", queries, "--claims", tmp_path / "nothing.jsonl")
    assert (done.code, done.stderr.count("\n")) == (1, 1)
    assert claimreg("match", "-", "--claims", "-", stdin="").code == 2
    empty = lines(tmp_path / "empty.jsonl", [])
    done = claimreg("match", queries, "--claims", empty)
    assert done.code == 0
    assert all(results == [] for results in answers(done.stdout).values())


PLAIN = "harbour ofice closes old peir\r\n\r\n- the court found the captain guilty\n[Reuters] two ferries\n"


@pytest.mark.parametrize("way", ["file", "pipe"])
def test_each_plain_line_is_a_statement_known_by_its_number(claimreg: Command, claims: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "asked.txt").write_bytes(b"\xef\xbb\xbf" + PLAIN.encode())
    asked = {"file": ("asked.txt", None), "pipe": ("-", PLAIN)}[way]
    done = claimreg("match", asked[0], "--claims", claims, stdin=asked[1])
    assert done.code == 0
    found = answers(done.stdout)
    assert list(found) == ["1", "3", "4"]
    assert [found[one][0]["claim_id"] for one in ("1", "3")] == ["pier", "court"]


def test_plain_and_json_are_told_apart_by_the_first_line_and_the_name(claimreg: Command, claims: Path, tmp_path: Path) -> None:
    one = '{"id": "q", "text": "old pier"}\n'
    (tmp_path / "json.txt").write_text("\n  " + one, encoding="utf-8")
    assert list(answers(claimreg("match", "json.txt", "--claims", claims).stdout)) == ["q"]
    (tmp_path / "asked.jsonl").write_text("old pier\n" + one, encoding="utf-8")
    done = claimreg("match", "asked.jsonl", "--claims", claims)
    assert (done.code, list(answers(done.stdout))) == (1, ["q"])
    assert "Line 1 of asked.jsonl was passed over: it is no JSON" in done.stderr
    (tmp_path / "array.txt").write_text('[{"id": "q", "text": "old pier"}]\n', encoding="utf-8")
    assert "it is no JSON object" in claimreg("match", "array.txt", "--claims", claims).stderr


def test_a_plain_line_that_is_no_text_is_told_of(claimreg: Command, claims: Path, tmp_path: Path) -> None:
    (tmp_path / "asked.txt").write_bytes(b"old pier\n\xd1\xc5\nno\0text\n")
    done = claimreg("match", "asked.txt", "--claims", claims)
    assert (done.code, list(answers(done.stdout))) == (1, ["1"])
    assert "Line 2 of asked.txt was passed over: it is not UTF-8 (byte 1)" in done.stderr
    assert "Line 3 of asked.txt was passed over: it is no text, as it holds NUL" in done.stderr
