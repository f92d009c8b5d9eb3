"""The main job: record, attribute, relate, judge, link, check, look, change; on a text of ours and on the article."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import NOTICE, Command

pytestmark = pytest.mark.every_store

UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LINK_KEYS = {"id", "source_id", "start", "end", "exact", "prefix", "suffix", "score", "kind", "state", "parts", "edits"}
CROSSING = "the night ferry will not run before the pier is repaired"
NESTED = "The pier is sound, and the office “knows it” well enough."


def assert_place(place: dict[str, Any], text: str) -> None:
    start, end = place["start"], place["end"]
    assert place["exact"] == text[start:end]
    assert text[:start].endswith(place["prefix"])
    assert text[end:].startswith(place["suffix"])
    assert place["prefix"] or start == 0
    assert place["suffix"] or end == len(text)
    assert place["parts"]
    assert all(start <= left < right <= end for left, right in place["parts"])
    assert 0 <= place["score"] <= 100
    assert place["kind"] in {"exact", "typographic", "near", "altered", "stitched"}


def test_one_line_says_what_was_made(claimreg: Command, notice: Path) -> None:
    done = claimreg(
        "add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", "the night ferry will not run",
        "--source", notice, "--said", "2021-03-03",
    )  # fmt: skip
    assert (done.code, done.stderr, len(done.lines)) == (0, "", 1)
    for part in ("C1", "A1", "Harbour office", "P1", "S1", "L1", "exact"):
        assert part in done.stdout


def test_add_json_is_the_contracts_claim(claimreg: Command, notice: Path) -> None:
    made = claimreg(
        "add", "The night ferry is cancelled", "--by", "Harbour office", "--stance", "asserts", "--quote", CROSSING, "--lang", "en",
        "--source", notice, "--said", "2021-03-03", "--case", "Ferry", "--tag", "sea", "--tag", "timetable", "--claim-lang", "en", "--json",
    ).json  # fmt: skip
    assert made["schema"] == "claimreg.claim/1"
    assert (made["id"], made["text"], made["lang"], made["case"]) == ("C1", "The night ferry is cancelled", "en", "Ferry")
    assert (made["tags"], made["verdicts"], made["relations"]) == (["sea", "timetable"], [], [])
    assert UTC_TIME.fullmatch(made["recorded_at"])
    (attribution,) = made["attributions"]
    assert attribution["party"] == {"id": "P1", "name": "Harbour office"}
    expected = {"id": "A1", "stance": "asserts", "quote": CROSSING, "lang": "en", "said_at": "2021-03-03", "source_id": "S1"}
    assert expected.items() <= attribution.items()
    (link,) = attribution["links"]
    assert set(link) >= LINK_KEYS
    assert (link["id"], link["source_id"], link["state"], link["kind"], link["edits"]) == ("L1", "S1", "suggested", "typographic", 0)
    assert_place(link, NOTICE)
    assert link["exact"] == CROSSING.replace("run ", "run\n")


def test_list_show_and_report_speak_of_a_claim_in_the_same_json(ferry: Command) -> None:
    shown = ferry("show", "C1", "--json").json
    assert ferry("list", "--json").json == [shown]
    # What a desk notes for itself stands in no report.
    told = {key: value for key, value in shown.items() if key not in ("note", "assignee")}
    assert ferry("report", "--json").json["claims"] == [told]
    assert ferry("report", "C1", "--format", "json").json["claims"] == [told]
    (found,) = ferry("search", "ferry", "--json").json
    assert shown.items() <= found.items()
    assert ferry("show", "c1", "--json").json == shown


def test_a_case_from_nothing_to_a_report(ferry: Command) -> None:
    assert ferry("attribute", "C1", "--by", "Aida Serik", "--stance", "denies", "--quote", NESTED, "--source", "S1").code == 0
    assert ferry("add", "The pier is sound", "--by", "Aida Serik", "--case", "Ferry").code == 0
    related = ferry("relate", "C2", "contradicts", "C1")
    assert (related.code, related.stdout) == (0, "Recorded R1: C2 contradicts C1.\n")
    assert ferry("verdict", "C1", "True", "--scheme", "Desk", "--why", "The office cancelled it.", "--by", "Ann").code == 0
    first, second = ferry("list", "--case", "ferry", "--json").json
    assert [one["party"]["name"] for one in first["attributions"]] == ["Harbour office", "Aida Serik"]
    assert [one["stance"] for one in first["attributions"]] == ["asserts", "denies"]
    assert {"kind": "contradicts", "claim_id": "C2"}.items() <= first["relations"][0].items()
    assert {"kind": "contradicts", "claim_id": "C1"}.items() <= second["relations"][0].items()
    assert {"rating": "True", "scheme": "Desk", "rationale": "The office cancelled it.", "author": "Ann"}.items() <= first["verdicts"][
        0
    ].items()
    for form, stance in (("terminal", "denies"), ("md", "denial")):
        report = ferry("report", "--case", "Ferry", "--format", form).stdout
        for part in ("The night ferry is cancelled", "Aida Serik", stance, "ontradicts", "True", "The office cancelled it.", "knows it"):
            assert part in report, (form, part)
    document = ferry("report", "--case", "Ferry", "--json").json
    assert document["contradictions"] == [["C1", "C2"]]
    assert [one["id"] for one in document["sources"]] == ["S1"]
    assert len(document["sources"][0]["capture"]["sha256"]) == 64
    assert document["sources"][0]["capture"]["sha256"] in ferry("report", "--case", "Ferry", "--format", "md").stdout


def test_the_same_report_has_the_same_bytes(ferry: Command, tmp_path: Path) -> None:
    ferry("attribute", "C1", "--by", "Aida Serik", "--stance", "denies", "--quote", NESTED, "--source", "S1")
    for name in ("one.md", "two.md"):
        assert ferry("report", "--format", "md", "-o", tmp_path / name).code == 0
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "two.md").read_bytes()
    assert (tmp_path / "one.md").read_text(encoding="utf-8") == ferry("report", "--format", "md").stdout
    assert ferry("report").stdout == ferry("report").stdout


@pytest.mark.parametrize(
    ("quote", "exact", "kinds"),
    [
        (CROSSING, "the night ferry will not run\nbefore the pier is repaired", {"typographic"}),
        ("«The night ferry will not run before the pier is repaired»", None, {"typographic"}),
        (CROSSING.upper(), None, {"typographic"}),
        ("the nіght ferry will nоt run before the pier is repaired", None, {"typographic"}),  # look-alike і and о
        ("the nigth ferry wil not run before the pier is repaired", None, {"near"}),
        (NESTED, None, {"exact", "typographic"}),
        ("the office knows it well enough", "the office “knows it” well enough", {"typographic"}),
        ('the ferry carried 140 people, not 90"', None, {"exact", "typographic"}),
        ("at dusk another clerk told passengers … the ferry carried 140 people", None, {"stitched"}),
    ],
)
def test_a_quote_is_found_however_it_was_retyped(claimreg: Command, notice: Path, quote: str, exact: str | None, kinds: set[str]) -> None:
    done = claimreg("check", quote, "--in", notice, "--json")
    assert done.json["quote"] == quote
    assert done.json["found"] is True
    assert done.json["nearest"] is None
    (place,) = done.json["links"]
    assert place["document"] == str(notice)
    assert_place(place, NOTICE)
    assert place["kind"] in kinds
    assert exact is None or place["exact"] == exact
    assert done.code == 0


def test_twice_there_gives_two(claimreg: Command, notice: Path, registry: Path) -> None:
    done = claimreg("check", "the ticket hall stays shut", "--in", notice, "--json")
    assert done.code == 0
    assert [place["exact"] for place in done.json["links"]] == ["the ticket hall stays shut"] * 2
    assert all("ambiguous" in place["flags"] for place in done.json["links"])
    assert {place["start"] for place in done.json["links"]} == {hit.start() for hit in re.finditer("the ticket hall stays shut", NOTICE)}
    assert not registry.exists()
    added = claimreg("add", "The hall is shut", "--by", "a clerk", "--quote", "the ticket hall stays shut", "--source", notice, "--json")
    assert len(added.json["attributions"][0]["links"]) == 2


@pytest.mark.parametrize("quote", ["the harbour office apologised to every passenger", "кеме таңертең жолға шықты", "zzzz qqqq"])
def test_a_quote_that_is_not_there_gives_nothing(claimreg: Command, notice: Path, kept: Callable[[], object], quote: str) -> None:
    done = claimreg("check", quote, "--in", notice, "--json")
    assert (done.code, done.json["found"], done.json["links"]) == (3, False, [])
    plain = claimreg("check", quote, "--in", notice)
    assert (plain.code, len(plain.lines)) == (3, 1)
    assert plain.stdout.startswith("not found")
    assert kept() is None
    added = claimreg("add", "Something else", "--by", "Somebody", "--quote", quote, "--source", notice, "--json")
    assert added.code == 0
    assert added.json["attributions"][0]["links"] == []
    assert "not found" in added.stderr
    assert claimreg("link", "--json").json == []
    assert "not found" in claimreg("report").stdout


@pytest.mark.parametrize(
    ("quote", "flag"),
    [
        ("the night ferry … before the pier is repaired", "negation"),  # the dots hide "will not run"
        ("the night ferry will run before the pier is repaired", "negation"),
        ("the ferry carried 140 people, not 95", "number"),
    ],
)
def test_a_quote_whose_meaning_was_altered_is_found_but_not_passed(claimreg: Command, notice: Path, quote: str, flag: str) -> None:
    done = claimreg("check", quote, "--in", notice, "--json")
    assert (done.code, done.json["found"]) == (3, True)
    assert flag in done.json["links"][0]["flags"]
    assert_place(done.json["links"][0], NOTICE)


def test_check_reads_a_quote_or_a_document_from_standard_input(ferry: Command, notice: Path) -> None:
    assert ferry("check", "-", "--in", notice, stdin="the night ferry\n").code == 0
    piped = ferry("check", "the night ferry", "--in", "-", "--json", stdin=NOTICE)
    assert (piped.code, piped.json["links"][0]["document"]) == (0, "-")
    assert ferry("check", "-", "--in", "-", stdin=NOTICE).code == 2
    stored = ferry("check", "the night ferry")
    assert (stored.code, stored.stdout.split("\t")[2]) == (0, "S1")


def test_check_records_nothing(ferry: Command, notice: Path, kept: Callable[[], object]) -> None:
    before = kept()
    ferry("check", CROSSING, "--in", notice)
    ferry("check", CROSSING, "--in", "S1")
    ferry("check", CROSSING)
    assert kept() == before


def test_link_finds_what_has_no_link_yet_and_leaves_decisions_alone(ferry: Command, notice: Path) -> None:
    assert ferry("add", "The pier is sound", "--by", "Aida Serik").code == 0
    assert ferry("edit", "A2", "--quote", NESTED).code == 0
    (made,) = ferry("link", "--json").json
    assert (made["attribution_id"], made["source_id"]) == ("A2", "S1")
    assert_place(made, NOTICE)
    assert ferry("edit", "L1", "--state", "rejected").code == 0
    ferry("link", "--all")
    ferry("link", "C1", "--source", "S1")
    states = [(link["id"], link["state"]) for link in ferry("show", "C1", "--json").json["attributions"][0]["links"]]
    assert states == [("L1", "rejected")]
    before = ferry("history").stdout
    ferry("link", "--all")
    assert ferry("history").stdout == before
    ferry("source", "add", notice)
    assert ferry("history").stdout == before


@pytest.mark.parametrize("query", ["ferry", "FERRY", "nihgt ferry", "ferries", "harbour offices", "ferry canceled", "фери"])
def test_search_forgives(ferry: Command, query: str) -> None:
    assert [one["id"] for one in ferry("search", query, "--json").json] == ["C1"]


def test_search_filters(ferry: Command) -> None:
    ferry("add", "Бензин бағасы өсті", "--by", "Министрлік", "--stance", "denies", "--lang", "kk", "--said", "2022-05", "--tag", "баға")
    for filters, expected in [
        (["--by", "harbour office"], ["C1"]),
        (["--by", "P2"], ["C2"]),
        (["--stance", "denies"], ["C2"]),
        (["--case", "FERRY"], ["C1"]),
        (["--tag", "баға"], ["C2"]),
        (["--lang", "kk"], ["C2"]),
        (["--since", "2022"], ["C2"]),
        (["--until", "2021-03-03"], ["C1"]),
        (["--since", "2021-03-03", "--until", "2022-05-31"], ["C2", "C1"]),
        (["--since", "2023"], []),
        (["--limit", "1"], ["C2"]),
    ]:
        done = ferry("search", *filters, "--json")
        assert (done.code, sorted(one["id"] for one in done.json)) == (0, sorted(expected)), filters
    assert [one["id"] for one in ferry("search", "бензиннің бағасын", "--json").json] == ["C2"]
    assert ferry("search", "ешқашан").code == 0


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Harbour office", "HARBOUR OFFICE"),
        ("Harbour office", "“Harbour  Office”"),
        ("Әлнұр Ильяшев", "әлнұр ильяшев"),
        ("Әлнұр Ильяшев", "Alnur Ilyashev"),
    ],
)
def test_a_party_is_known_again(claimreg: Command, known: str, typed: str) -> None:
    claimreg("add", "Ships sail at dawn", "--by", known)
    done = claimreg("add", "Taxes rose twice this year", "--by", typed, "--json")
    assert done.json["attributions"][0]["party"] == {"id": "P1", "name": known}
    assert done.json["attributions"][0]["party_as_written"] == typed


def test_a_party_is_known_by_an_alias(ferry: Command) -> None:
    assert ferry("party", "alias", "P1", "Порт кеңсесі").code == 0
    done = ferry("add", "Taxes rose twice this year", "--by", "порт кеңсесі", "--json")
    assert done.json["attributions"][0]["party"] == {"id": "P1", "name": "Harbour office"}
    assert ferry("add", "Snow fell in June", "--by", "p1", "--json").json["attributions"][0]["party"]["id"] == "P1"


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Әлнұр Ильяшев", "Әлнұр Ильяшевке"),
        ("Алматы соты", "Алматы сотының"),
        ("Harbour office", "Harbor ofice"),
        ("Almaty court", "Almaty cuort"),
    ],
)
def test_a_likely_party_is_told_and_never_merged_by_itself(claimreg: Command, known: str, typed: str) -> None:
    claimreg("add", "Ships sail at dawn", "--by", known)
    done = claimreg("add", "Taxes rose twice this year", "--by", typed, "--json")
    assert done.code == 0
    assert done.json["attributions"][0]["party"] == {"id": "P2", "name": typed}
    assert f"P1 {known}" in done.stderr


def test_parties_that_only_resemble_each_other_stay_two(claimreg: Command) -> None:
    claimreg("add", "Ships sail at dawn", "--by", "Supreme Court of Kazakhstan")
    claimreg("add", "Taxes rose twice this year", "--by", "Supreme Court of Kyrgyzstan")
    assert [one["name"] for one in claimreg("party", "list", "--json").json] == [
        "Supreme Court of Kazakhstan",
        "Supreme Court of Kyrgyzstan",
    ]


def test_merge_and_split(ferry: Command) -> None:
    ferry("attribute", "C1", "--by", "Port authority", "--stance", "reports")
    assert ferry("party", "merge", "P1", "P2").code == 0
    parties = ferry("party", "list", "--json").json
    assert [(one["id"], one["aliases"], one["attributions"]) for one in parties] == [("P1", ["Port authority"], 2)]
    written = [(one["party"]["id"], one["party_as_written"]) for one in ferry("show", "C1", "--json").json["attributions"]]
    assert written == [("P1", "Harbour office"), ("P1", "Port authority")]
    assert len(ferry("list", "--by", "Port authority", "--json").json) == 1
    assert ferry("party", "split", "P2").code == 0
    assert [one["id"] for one in ferry("party", "list", "--json").json] == ["P1", "P2"]
    assert ferry("show", "C1", "--json").json["attributions"][1]["party"]["id"] == "P2"
    assert ferry("party", "split", "P2").code == 2
    assert ferry("party", "merge", "P1", "P1").code == 2


@pytest.mark.parametrize(
    "text", ["The night ferry is cancelled", "the night ferry is canceled", "The night ferry: cancelled!", "Cancelled is the night ferry"]
)
def test_nearly_the_same_claim_is_told_and_not_recorded_unasked(ferry: Command, kept: Callable[[], object], text: str) -> None:
    before = kept()
    for more in ([], ["--no-input"]):
        done = ferry("add", text, "--by", "Somebody else", *more)
        assert (done.code, done.stdout) == (1, "")
        assert "C1" in done.stderr
        assert "nearly the same" in done.stderr
    assert kept() == before
    assert ferry("add", text, "--by", "Somebody else", "--yes").code == 0
    assert [one["id"] for one in ferry("list", "--json").json] == ["C1", "C2"]


@pytest.mark.parametrize("text", ["The night ferry is not cancelled", "The day ferry is cancelled", "The night ferry carried 90 people"])
def test_another_claim_is_not_taken_for_the_same(ferry: Command, text: str) -> None:
    done = ferry("add", text, "--by", "Somebody else")
    assert (done.code, done.stdout.startswith("Recorded claim C2")) == (0, True)


def test_a_dry_run_writes_nothing(claimreg: Command, notice: Path, kept: Callable[[], object]) -> None:
    done = claimreg("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", CROSSING, "--source", notice, "--dry-run")
    assert (done.code, done.stdout.startswith("Would record")) == (0, True)
    assert kept() is None
    claimreg("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", CROSSING, "--source", notice)
    claimreg("add", "The pier is sound", "--by", "Aida Serik")
    notice.write_text(NOTICE + "More.\n", encoding="utf-8")
    before = kept()
    for arguments in (
        ["attribute", "C1", "--by", "Port", "--source", notice],
        ["edit", "C1", "--text", "Other"],
        ["edit", "A1", "--source", notice],
        ["rm", "C1"],
        ["relate", "C1", "contradicts", "C2"],
        ["verdict", "C1", "True"],
        ["link", "--all"],
        ["source", "add", notice],
        ["party", "alias", "P1", "Port"],
        ["party", "merge", "P1", "P2"],
    ):
        done = claimreg(*arguments, "--dry-run")
        assert done.code == 0, done
        assert kept() == before, arguments


def test_edit_keeps_what_was(ferry: Command) -> None:
    assert ferry("edit", "C1", "--text", "No ferry at night", "--tag", "sea", "--case", "").code == 0
    shown = ferry("show", "C1", "--json").json
    assert (shown["text"], shown["tags"], shown["case"]) == ("No ferry at night", ["sea"], None)
    last = ferry("history", "C1", "--json").json[-1]
    assert (last["user"], last["action"], last["object_id"]) == ("tester", "edit", "C1")
    assert UTC_TIME.fullmatch(last["at"])
    assert (last["before"]["text"], last["after"]["text"]) == ("The night ferry is cancelled", "No ferry at night")
    assert ferry("edit", "C1", "--untag", "sea").code == 0
    assert ferry("show", "C1", "--json").json["tags"] == []


def test_an_edited_quote_is_looked_for_again(ferry: Command) -> None:
    ferry("edit", "L1", "--state", "confirmed")
    assert ferry("edit", "A1", "--quote", NESTED).code == 0
    (link,) = ferry("show", "A1", "--json").json["links"]
    assert (link["id"], link["state"]) == ("L2", "suggested")
    assert_place(link, NOTICE)
    assert ferry("show", "L1", "--json").json["state"] == "confirmed"


def test_removal_takes_along_what_hangs_on_it_and_restore_brings_it_back(ferry: Command, registry: Path) -> None:
    ferry("verdict", "C1", "True")
    ferry("add", "The pier is sound", "--by", "Aida Serik")
    ferry("relate", "C2", "contradicts", "C1")
    before = ferry("list", "--json").json
    refused = ferry("rm", "C1")
    assert (refused.code, refused.stdout) == (2, "")
    captures = sorted(registry.glob("captures/**/*"))
    assert ferry("rm", "C1", "--yes").code == 0
    assert [one["id"] for one in ferry("list", "--json").json] == ["C2"]
    assert ferry("search", "night ferry", "--json").json == []
    assert "night ferry" not in ferry("report").stdout
    assert ferry("verdict", "C1", "False").code == 4
    assert ferry("show", "C1").code == 0
    assert ferry("history", "C1", "--json").json[-1]["action"] == "rm"
    assert sorted(registry.glob("captures/**/*")) == captures
    assert ferry("edit", "C1", "--restore").code == 0
    assert ferry("list", "--json").json == before
    assert ferry("edit", "C1", "--restore").code == 2


def test_a_source_that_attributions_speak_of_is_not_removed(ferry: Command, kept: Callable[[], object]) -> None:
    before = kept()
    done = ferry("source", "rm", "S1", "--yes")
    assert (done.code, len(done.stderr.splitlines())) == (2, 1)
    assert kept() == before


def test_verdicts_supersede_and_none_is_erased(ferry: Command) -> None:
    ferry("verdict", "C1", "True")
    ferry("verdict", "C1", "Misleading")
    verdicts = ferry("show", "C1", "--json").json["verdicts"]
    assert [(one["id"], one["rating"], one["author"], one["supersedes"]) for one in verdicts] == [
        ("V1", "True", "tester", None),
        ("V2", "Misleading", "tester", "V1"),
    ]


def test_every_change_has_user_and_time(ferry: Command, notice: Path) -> None:
    commands: dict[str, list[str | Path]] = {
        "attribute": ["C1", "--by", "Aida Serik", "--stance", "denies"],
        "edit": ["C1", "--tag", "sea"],
        "verdict": ["C1", "True"],
        "party alias": ["P1", "Port office"],
        "party merge": ["P1", "P2"],
        "party split": ["P2"],
        "source add": [notice, "--publisher", "Harbour"],
        "rm": ["A2", "--yes"],
    }
    for command, arguments in commands.items():
        count = len(ferry("history").lines)
        assert ferry(*command.split(), *arguments, env={"CLAIMREG_USER": "ann"}).code == 0, command
        new = ferry("history", "--json").json[count:]
        assert new, command
        assert {(one["user"], one["action"]) for one in new} == {("ann", command)}
        assert all(UTC_TIME.fullmatch(one["at"]) for one in new)
    events = ferry("history", "--json").json
    assert [one["seq"] for one in events] == list(range(1, len(events) + 1))


def test_the_same_bytes_are_one_source(ferry: Command, notice: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(notice.read_bytes())
    done = ferry("attribute", "C1", "--by", "Aida Serik", "--source", copy, "--json")
    assert [one["source_id"] for one in done.json["attributions"]] == ["S1", "S1"]
    assert len(ferry("source", "list").lines) == 1


def test_offsets_count_code_points_of_the_text_as_stored(claimreg: Command, tmp_path: Path) -> None:
    # A byte order mark is no text; emoji are one code point; CR LF and combining marks stay as they are.
    text = "🛳️ e\u0301 👩‍👩‍👧\r\n\r\nThe clerk said:\r\n“all boats\r\nare late 🛳️ today”\r\n"
    path = tmp_path / "boats.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    made = claimreg("add", "Boats are late", "--by", "Clerk", "--quote", "all boats are late 🛳️ today", "--source", path, "--json").json
    (link,) = made["attributions"][0]["links"]
    assert_place(link, text)
    assert link["exact"] == "all boats\r\nare late 🛳️ today"


def test_what_was_recorded_already_is_not_said_to_be_recorded(ferry: Command, kept: Callable[[], object]) -> None:
    assert ferry("attribute", "C1", "--by", "Aida Serik", "--stance", "denies").code == 0
    before = kept()
    again = ferry("attribute", "C1", "--by", "Aida Serik", "--stance", "denies")
    assert (again.code, kept()) == (0, before)
    assert "already" in again.stdout


def test_a_document_named_twice_is_looked_through_once(ferry: Command, notice: Path) -> None:
    for document in ("S1", notice):
        once = ferry("check", "the night ferry", "--in", document, "--json").json
        assert ferry("check", "the night ferry", "--in", document, "--in", document, "--json").json == once


def test_a_removed_claim_says_so_in_a_pipe(ferry: Command) -> None:
    ferry("rm", "C1", "--yes")
    assert "removed" in ferry("show", "C1").stdout + ferry("show", "C1").stderr


def test_a_removed_claims_source_stays_while_the_claim_may_come_back(ferry: Command) -> None:
    ferry("rm", "C1", "--yes")
    removed = ferry("source", "rm", "S1", "--yes")
    restored = ferry("edit", "C1", "--restore")
    if restored.code == 0:
        listed = [one["id"] for one in ferry("source", "list", "--json").json]
        assert listed == ["S1"], (removed, restored)


# The article: quotes that stand in it, and sentences that do not.

# Where they stand, in code points; the article itself is not part of the repository.
TRUE_QUOTES = {"article of the code": (579, 608), "accusation": (818, 871), "director": (48, 194), "amnesty": (1339, 1510)}
FALSE_QUOTES = [
    "Әлнұр Ильяшев өз кінәсін толық мойындады",
    "сот белсендіні ақтап шығарды",
    "Amnesty International бұл үкімді әділ деп бағалады",
    "партия өкілдері белсендіден кешірім сұрады",
    "үкімет төтенше жағдай режимін тағы бір жылға созды",
]


def _two_letters_wrong(quote: str) -> str:
    words = quote.split(" ")
    longest = sorted(range(len(words)), key=lambda at: -len(words[at]))[:2]
    for at in longest:
        middle = len(words[at]) // 2
        words[at] = words[at][:middle] + ("о" if words[at][middle] != "о" else "а") + words[at][middle + 1 :]
    return " ".join(words)


RETYPED: dict[str, Callable[[str], str]] = {
    "as it is": lambda quote: quote,
    "guillemets": lambda quote: "«" + quote.replace('"', "") + "»",
    "no marks": lambda quote: quote.replace('"', ""),
    "capitals": str.upper,
    "look-alikes": lambda quote: quote.replace("і", "i", 1).replace("с", "c", 1),
    "two letters wrong": _two_letters_wrong,
}


def true_quote(article: str, name: str) -> str:
    """The quote as one would type it, on one line."""
    start, end = TRUE_QUOTES[name]
    return " ".join(article[start:end].split())


@pytest.mark.parametrize("retyped", RETYPED)
@pytest.mark.parametrize("name", TRUE_QUOTES)
def test_quotes_of_the_article_link_to_their_place(claimreg: Command, article_path: Path, name: str, retyped: str) -> None:
    text = article_path.read_bytes().decode("utf-8-sig")
    quote = true_quote(text, name)
    # Where it stands in the file, whatever white space is between its words.
    pattern = re.compile(r"\s+".join(map(re.escape, quote.split())))
    expected = {hit.span() for hit in pattern.finditer(text)}
    assert expected
    done = claimreg("check", RETYPED[retyped](quote), "--in", article_path, "--json")
    places = done.json["links"]
    for place in places:
        assert_place(place, text)
    assert expected <= {(place["start"], place["end"]) for place in places}
    # A slip in a word that denies may be told as an alteration: a person is to look at it.
    assert all(
        place["kind"] != "altered" or (retyped == "two letters wrong" and "negation" in place["flags"])
        for place in places
        if (place["start"], place["end"]) in expected
    )


@pytest.mark.parametrize("quote", FALSE_QUOTES)
def test_sentences_that_are_not_in_the_article_give_no_link(claimreg: Command, article_path: Path, quote: str) -> None:
    done = claimreg("check", quote, "--in", article_path, "--json")
    assert (done.code, done.json["found"], done.json["links"]) == (3, False, [])


def test_the_main_job_on_the_article(claimreg: Command, article_path: Path, tmp_path: Path) -> None:
    text = article_path.read_bytes().decode("utf-8-sig")
    court = claimreg(
        "add", "Ilyashev spread knowingly false information", "--by", "Almaty court", "--stance", "rules",
        "--quote", true_quote(text, "article of the code"), "--lang", "kk", "--source", article_path, "--said", "2020-06-22",
        "--case", "Ilyashev", "--json",
    )  # fmt: skip
    assert court.code == 0
    assert court.json["attributions"][0]["links"]
    denial = claimreg(
        "attribute", "C1", "--by", "Amnesty International", "--stance", "denies", "--quote", true_quote(text, "amnesty"), "--lang", "kk",
        "--source", article_path,
    )  # fmt: skip
    assert denial.code == 0
    assert claimreg("add", "Ilyashev committed no crime", "--by", "amnesty international", "--case", "ilyashev").code == 0
    assert claimreg("relate", "C2", "contradicts", "C1").code == 0
    claims = claimreg("list", "--case", "Ilyashev", "--json").json
    assert [one["id"] for one in claims] == ["C1", "C2"]
    links = [link for claim in claims for one in claim["attributions"] for link in one["links"]]
    for link in links:
        assert_place(link, text)
    assert any("\n" in link["exact"] and '"' in link["exact"] for link in links)
    assert [one["id"] for one in claimreg("search", "жалган акпарат", "--json").json] == ["C1"]
    target = tmp_path / "ilyashev.md"
    assert claimreg("report", "--case", "Ilyashev", "--format", "md", "-o", target).code == 0
    report = target.read_text(encoding="utf-8")
    assert "Almaty court" in report
    assert "Amnesty International" in report
    assert "Contradictions" in report
