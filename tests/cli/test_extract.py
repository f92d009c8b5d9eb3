"""`extract` as people run it: on files and sources, with and without keeping, in every form; and the drafts in other commands."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.every_store

ARTICLE = """Harbour news

The harbour office said on Monday that the night ferry will not run. "The pier is sound," said Captain Aida Serik.
Serik denied that she had seen the report.
"""
PIER = "The pier is sound"
PARTED = '"The pier is sound," said Captain Aida Serik. "We have looked at every beam."\n'


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_statements_are_shown_and_nothing_is_stored(claimreg: Command, article: Path, registry: Path) -> None:
    done = claimreg("extract", article, "--lang", "en")
    assert (done.code, len(done.lines), done.stderr) == (0, 3, "3 statements.\n")
    fields = [line.split("\t") for line in done.lines]
    assert [one[0] for one in fields] == ["D1", "D2", "D3"]
    assert [one[1] for one in fields] == ["The harbour office", "Captain Aida Serik", "Serik"]
    assert [one[3] for one in fields] == ["indirect", "direct", "indirect"]
    assert not registry.exists()


def test_json_is_as_promised(claimreg: Command, article: Path) -> None:
    told = claimreg("extract", article, "--lang", "en", "--json").json
    assert (told["schema"], told["source_id"]) == ("claimreg.extract/1", None)
    for one in told["drafts"]:
        assert one["exact"] == ARTICLE[one["start"] : one["end"]]
        assert one["exact"][one["parts"][0][0] - one["start"] :]
        for mention in (one["speaker"], one["cue"]):
            assert mention["exact"] == ARTICLE[mention["start"] : mention["end"]]
        assert one["mode"] in ("direct", "indirect", "mixed")
        assert 0 <= one["confidence"] <= 1
        assert (one["party_id"], one["party_score"], one["nested_in"], one["no_speaker"], one["flags"]) == (None, None, None, None, [])
    assert [one["stance"] for one in told["drafts"]] == ["asserts", "asserts", "denies"]
    assert {one["proposed_by"].partition("/")[0] for one in told["drafts"]} == {"rules"}
    assert "state" not in told["drafts"][0]


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    """A document in which the speaker is named between the words."""
    path = tmp_path / "parted.txt"
    path.write_text(PARTED, encoding="utf-8")
    return path


def test_words_around_a_cue_are_listed_without_it(claimreg: Command, parted: Path) -> None:
    (line,) = claimreg("extract", parted, "--lang", "en").lines
    assert line.split("\t")[6] == "The pier is sound … We have looked at every beam."
    (one,) = claimreg("extract", parted, "--lang", "en", "--json").json["drafts"]
    assert one["exact"] == PARTED[one["start"] : one["end"]]
    assert [PARTED[start:end] for start, end in one["parts"]] == ["The pier is sound", "We have looked at every beam."]


def test_words_around_a_cue_are_listed_without_it_at_a_terminal(parted: Path) -> None:
    from rich.console import Console

    import claimreg
    from claimreg.render.drafts import statements_renderable

    with claimreg.open_registry("memory:", user="ann") as registry:
        found = registry.extract(str(parted), lang="en")
    stream = io.StringIO()
    Console(file=stream, width=80, color_system=None).print(statements_renderable(found.numbered))
    assert "    The pier is sound … We have looked at every beam.\n" in stream.getvalue()


def test_an_accepted_draft_of_two_parts_is_a_stitched_quote(claimreg: Command, parted: Path) -> None:
    claimreg("extract", parted, "--lang", "en", "--add")
    assert claimreg("review", "--confirm", "D1", "--new-parties").stdout.startswith("accepted: D1 as C1, A1")
    (claim,) = claimreg("list", "--json").json
    (attribution,) = claim["attributions"]
    (link,) = attribution["links"]
    assert attribution["quote"] == "The pier is sound … We have looked at every beam."
    assert (link["kind"], link["state"], len(link["parts"])) == ("stitched", "confirmed", 2)


def test_drafts_are_kept_once_and_shown_by_other_commands(claimreg: Command, article: Path) -> None:
    done = claimreg("extract", article, "--lang", "en", "--add", "--json")
    assert done.json["source_id"] == "S1"
    assert done.stderr == "3 statements in S1: 3 kept, 0 there already; `claimreg review` takes them.\n"
    assert {one["state"] for one in done.json["drafts"]} == {"proposed"}
    head = claimreg("verify", "--json").json["head"]
    assert claimreg("extract", "S1", "--add").stderr.startswith("3 statements in S1: 0 kept, 3 there already")
    assert claimreg("verify", "--json").json["head"] == head
    assert claimreg("show", "D2", "--json").json["exact"].strip('",') == PIER
    assert "Captain Aida Serik" in claimreg("show", "D2").stdout
    assert [one["after"]["exact"].strip('",') for one in claimreg("history", "D2", "--json").json] == [PIER]
    assert claimreg("doctor").code == 0
    assert "drafts: proposed\t3" in claimreg("stats").stdout
    assert claimreg("rm", "D3", "--yes").stdout.startswith("Removed D3")
    assert len(claimreg("extract", "S1").lines) == 2
    assert claimreg("edit", "D3", "--restore").code == 0


def test_drafts_are_accepted_edited_and_rejected_by_flags(claimreg: Command, article: Path) -> None:
    claimreg("extract", article, "--lang", "en", "--add")
    queue = claimreg("review", "--json", "--only", "drafts").json
    assert [(one["item"], one["draft"]["id"], one["party"]) for one in queue] == [("draft", f"D{n}", None) for n in (1, 2, 3)]
    done = claimreg("review", "--confirm", "D1", "D2")
    assert (done.code, done.stdout) == (1, "")
    assert "No party is suggested for D1" in done.stderr
    done = claimreg("review", "--confirm", "D2", "--new-parties", "--dry-run")
    assert done.stdout == "Would be accepted: D2 as C1, A1 (Captain Aida Serik asserts), L1.\n"
    assert claimreg("list", "--json").json == []
    assert claimreg("review", "--confirm", "D2", "--new-parties").stdout == "accepted: D2 as C1, A1 (Captain Aida Serik asserts), L1.\n"
    assert claimreg("edit", "D3", "--by", "P1", "--text", "Serik saw the report").code == 0
    assert claimreg("review", "--confirm", "d3").stdout == "accepted: D3 as C2, A2 (Captain Aida Serik denies), L2.\n"
    assert claimreg("review", "--reject", "D1").stdout == "rejected: D1.\n"
    assert claimreg("review", "--json").json == []
    assert claimreg("edit", "D3", "--text", "x").code == 2
    claims = claimreg("list", "--json").json
    assert [one["text"] for one in claims] == [PIER, "Serik saw the report"]
    (link,) = claims[0]["attributions"][0]["links"]
    assert (link["exact"].rstrip(","), link["kind"], link["state"]) == (PIER, "exact", "confirmed")
    again = claimreg("extract", "S1", "--add")
    assert "1 statement that somebody rejected: left out." in again.stderr
    assert [line.split("\t")[0] for line in again.lines] == ["D2", "D3"]
    assert claimreg("review", "--undo").stdout.startswith("Undone: D1;")
    assert claimreg("review", "--undo").stdout.startswith("Undone: D3, L2, A2, C2;")
    assert claimreg("review", "--undo").stdout.startswith("Undone: D2, L1, A1, C1, N1, P1;")
    assert claimreg("verify").code == 0


def test_a_bundle_takes_drafts_along(claimreg: Command, article: Path, tmp_path: Path) -> None:
    claimreg("extract", article, "--lang", "en", "--add")
    claimreg("review", "--confirm", "D2", "--new-parties")
    assert claimreg("export", "--bundle", tmp_path / "all.zip").code == 0
    there = ("--db", tmp_path / "there")
    assert claimreg("import", tmp_path / "all.zip", *there).code == 0
    assert claimreg("show", "D2", "--json", *there).json["state"] == "accepted"
    assert claimreg("import", tmp_path / "all.zip", *there).code == 0
    assert claimreg("verify", *there).code == 0
    assert claimreg("show", "D4", *there).code == 4


def test_a_text_is_piped_in(claimreg: Command) -> None:
    done = claimreg("extract", "-", "--lang", "en", stdin=ARTICLE)
    assert len(done.lines) == 3


def test_a_language_without_data_finds_marks_alone(claimreg: Command, article: Path) -> None:
    done = claimreg("extract", article, "--lang", "is")
    assert (done.code, [line.split("\t")[6].rstrip(",") for line in done.lines]) == (0, [PIER])
    assert done.stderr.startswith("no pack for is: only what stands between quotation marks")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--lang", "xx-nonsense"], 2, "is no language tag; there is data on speech for: "),
        (["S9"], 4, "There is no source S9."),
        (["/no/such.txt"], 1, "no/such.txt"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    claimreg: Command, article: Path, arguments: list[str], code: int, sentence: str
) -> None:
    claimreg("init")
    done = claimreg("extract", *([article, *arguments] if arguments[0] == "--lang" else arguments))
    assert (done.code, done.stdout) == (code, "")
    assert sentence in done.stderr


def test_a_text_without_statements_is_no_failure(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "quiet.txt"
    path.write_text("Nobody here is quoted.\n", encoding="utf-8")
    done = claimreg("extract", path, "--lang", "en")
    assert (done.code, done.stdout, done.stderr.splitlines()[-1]) == (0, "", "No statements.")
    assert claimreg("extract", path, "--lang", "en", "--json").json["drafts"] == []


def test_a_withheld_source_is_shown_to_those_who_ask(claimreg: Command, article: Path) -> None:
    claimreg("extract", article, "--lang", "en", "--add")
    claimreg("edit", "S1", "--withhold", "the clerk is in danger")
    done = claimreg("extract", "S1")
    assert (done.code, done.stdout) == (2, "")
    assert "S1 is withheld" in done.stderr
    assert len(claimreg("extract", "S1", "--reveal").lines) == 3
    assert claimreg("extract", "S1", "--add").stdout == ""
    assert claimreg("review", "--json").json == []
    assert len(claimreg("review", "--json", "--reveal").json) == 3
    for printed in (claimreg("show", "D2").stdout, claimreg("history").stdout, claimreg("show", "D2", "--json").stdout):
        assert "pier" not in printed
    assert "pier" in claimreg("show", "D2", "--reveal").stdout


def test_hostile_words_are_shown_as_signs(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text("The \x1b[31mclerk\u202e said that the pier\x07 is sound.\n", encoding="utf-8")
    done = claimreg("extract", path, "--lang", "en")
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout)


def test_it_is_readable_at_a_terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch, article: Path) -> None:
    from rich.console import Console

    import claimreg
    from claimreg.render.drafts import statements_renderable

    with claimreg.open_registry("memory:", user="ann") as registry:
        registry.add("The sea is calm", by="Aida Serik")
        found = registry.extract(str(article), lang="en")
    monkeypatch.setenv("COLUMNS", "80")
    stream = io.StringIO()
    Console(file=stream, width=80, color_system=None).print(statements_renderable(found.numbered))
    shown = stream.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    assert "D2  Captain Aida Serik · said · direct · confidence" in " ".join(shown.split()).replace("D2 Captain", "D2  Captain")
    assert "perhaps P1" in shown
    assert PIER in shown


def test_a_program_extracts_as_the_command_does(claimreg: Command, article: Path) -> None:
    import claimreg as library

    found = library.extract(ARTICLE, lang="en")
    told = claimreg("extract", article, "--lang", "en", "--json").json["drafts"]
    assert [(one.start, one.end, one.exact, one.confidence) for one in found] == [
        (one["start"], one["end"], one["exact"], one["confidence"]) for one in told
    ]
    with pytest.raises(library.ClaimregError):
        library.extract(ARTICLE, lang="no tag")


def test_it_needs_no_registry_that_can_be_read(claimreg: Command, article: Path, kept: Callable[[], object]) -> None:
    before = kept()
    assert json.loads(claimreg("extract", article, "--json", "--lang", "en").stdout)["drafts"]
    assert (kept(), os.environ.get("CLAIMREG_DB")) == (before, os.environ.get("CLAIMREG_DB"))
