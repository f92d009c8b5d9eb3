"""`proof`: a draft's quotations against sources and the registry, in all five forms, with what a draft may not do."""

import json
from pathlib import Path
from typing import Any

import pytest

from claimreg import __version__

from .conftest import REPOSITORY, Command, Done

GOLDEN = REPOSITORY / "tests" / "golden"
SOURCE = """The harbour board met on Tuesday. "The pier is sound, and the ferry will sail in May," chairwoman Mara Vesik said. \
"We have spent 4 million on the new ramp."

Diver Ilya Dorn was less sure. "I counted eleven cracks below the waterline," Dorn told the board. He said the board had ignored \
three reports. "I wrote in March and again in June," he said. "Nobody came down to look."

Petra Lund recalled the storm. "Leave the boats and save the children," Lund said.

"Vesik told me: ‘Close the ramp before the night,’ and I did," Dorn said.
"""
DRAFT = """# Pier opens

“The pier is sound, and the ferry will sail in May”, chairwoman Mara Vesik said on Tuesday.

"I counted twelve cracks below the waterline," Ilya Dorn said.

"The board had ignored three reports," said Dorn.

"Leave the boats and save the children," Mara Vesik said.

"The pier is sound, and the fery will sail in May," Vesik said.

"Every boat is safe with us, as it always was," Vesik said.

The so-called "ramp" is a plank | <b>50%</b>.
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "board.txt"
    path.write_text(SOURCE, encoding="utf-8")
    return path


@pytest.fixture
def proved(claimreg: Command, tmp_path: Path, sources: Path) -> Any:  # noqa: ANN401 -- a function with options
    """Prove a draft of this text against the source, and give the quotations as JSON has them."""
    del sources

    def prove(text: str, *arguments: str, name: str = "draft.md") -> list[dict[str, Any]]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = claimreg("proof", name, "--in", "board.txt", "--json", *arguments)
        assert done.code in (0, 3), done.stderr
        return list(done.json["quotes"])

    return prove


@pytest.fixture
def drafted(claimreg: Command, tmp_path: Path, sources: Path) -> Command:
    """The command where a draft with an answer of each kind lies beside its source."""
    del sources
    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    return claimreg


def verdicts(quotes: list[dict[str, Any]]) -> list[str]:
    return [one["verdict"] for one in quotes]


def test_each_quotation_of_a_draft_gets_its_verdict(drafted: Command) -> None:
    done = drafted("proof", "draft.md", "--in", "board.txt", "--json")
    assert done.code == 3
    assert done.json["counts"] == {"ok": 1, "slip": 1, "paraphrase": 1, "misattributed": 1, "altered": 1, "not_found": 1}
    assert verdicts(done.json["quotes"]) == ["ok", "altered", "paraphrase", "misattributed", "slip", "not_found"]
    altered = done.json["quotes"][1]
    assert (altered["line"], altered["column"], altered["level"], altered["kind"]) == (5, 2, "error", "altered")
    assert DRAFT[altered["start"] : altered["end"]] == altered["text"] == "I counted twelve cracks below the waterline"
    place = altered["places"][0]
    assert SOURCE[place["start"] : place["end"]] == place["exact"]
    assert (place["document"], place["speaker"]["exact"], altered["flags"][0]) == ("board.txt", "Dorn", "number")


@pytest.mark.parametrize(("form", "file"), [("terminal", "txt"), ("json", "json"), ("sarif", "sarif"), ("github", "github"), ("md", "md")])
def test_a_proof_reads_as_it_did(drafted: Command, form: str, file: str) -> None:
    done = drafted("proof", "draft.md", "--in", "board.txt", "--all", "--format", form, env={"COLUMNS": "80"})
    assert done.code == 3
    told = done.stdout.replace(f'"version": "{__version__}"', '"version": "VERSION"')
    assert told == (GOLDEN / f"proof.{file}").read_text(encoding="utf-8")


def test_warnings_are_errors_where_it_is_strict(drafted: Command, tmp_path: Path) -> None:
    (tmp_path / "slip.md").write_text('"The pier is sound, and the fery will sail in May," Vesik said.\n', encoding="utf-8")
    assert drafted("proof", "slip.md", "--in", "board.txt").code == 0
    assert drafted("proof", "slip.md", "--in", "board.txt", "--strict").code == 3


def test_words_that_the_source_breaks_into_may_be_joined(proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    (one,) = proved("> I wrote in March and again in June. Nobody came down to look.\n>\n> — Ilya Dorn\n")
    assert (one["verdict"], one["speaker"]["exact"], one["flags"]) == ("ok", "Ilya Dorn", ["speaker_unchecked"])
    assert len(one["places"][0]["parts"]) == 2


def test_of_two_parts_the_worse_counts_and_both_are_told(proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    (one,) = proved('"Nobody need fear the autumn storms at all," Vesik said. "We have spent 4 million on the new ramp."\n')
    assert (one["verdict"], one["reason"]) == ("not_found", "not found: “Nobody need fear the autumn storms at all”")
    assert [place["exact"] for place in one["places"]] == ["We have spent 4 million on the new ramp."]


def test_a_pronoun_or_a_role_contradicts_nobody(proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    found = proved('"Leave the boats and save the children," she said.\n\n"Leave the boats and save the children," the chairwoman said.\n')
    assert verdicts(found) == ["ok", "ok"]
    assert all("speaker_unchecked" in one["flags"] for one in found)


def test_the_speaker_within_a_quotation_is_the_one_who_counts(proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    found = proved('"Close the ramp before the night," Mara Vesik said.\n\n"Close the ramp before the night," Ilya Dorn said.\n')
    assert verdicts(found) == ["ok", "misattributed"]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("I counted eleven cracks below [the] waterline", "ok"),
        ("[Dorn] counted eleven cracks below the waterline", "ok"),
        ("I counted eleven [deep] cracks … the waterline", "ok"),
        ("I counted [seven] cracks below the waterline", "altered"),
        ("I [never] counted eleven cracks below the waterline", "altered"),
        ("I counted eleven cracks below the [pier]", "ok"),
    ],
)
def test_brackets_are_an_editors_unless_they_turn_the_sense(proved: Any, words: str, verdict: str) -> None:  # noqa: ANN401 -- as the fixture
    (one,) = proved(f'"{words}," Dorn said.\n')
    assert (one["verdict"], "bracketed" in one["flags"]) == (verdict, True)


def test_a_date_in_brackets_for_another_one_turns_the_sense(proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    (one,) = proved('"The pier is sound, and the ferry will sail in [June]," Vesik said.\n')
    assert (one["verdict"], "date" in one["flags"]) == ("altered", True)


def test_a_sentence_that_ends_in_a_colon_names_the_speaker(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text('Diver Ilya Dorn disagreed: "The ramp hangs by a single rope."\n', "utf-8")
    (tmp_path / "draft.md").write_text(
        '"The ramp hangs by a single rope," Dorn said.\n\n"The ramp hangs by a single rope," Mara Vesik said.\n', "utf-8"
    )
    assert verdicts(claimreg("proof", "draft.md", "--in", "source.txt", "--json").json["quotes"]) == ["ok", "misattributed"]


def test_an_alias_of_the_registry_joins_two_names(claimreg: Command, proved: Any) -> None:  # noqa: ANN401 -- as the fixture
    draft = '"I counted eleven cracks below the waterline," Old Neptune Brask said.\n'
    assert verdicts(proved(draft)) == ["misattributed"]
    assert verdicts(proved(draft, "--by", "Old Neptune Brask=Ilya Dorn")) == ["ok"]
    assert claimreg("add", "The pier is cracked", "--by", "Ilya Dorn").code == 0
    assert claimreg("party", "alias", "P1", "Old Neptune Brask", "Dorn").code == 0
    assert verdicts(proved(draft)) == ["ok"]


def test_without_in_the_registry_answers_with_its_sources_and_statements(claimreg: Command, tmp_path: Path, sources: Path) -> None:
    assert claimreg("source", "add", sources).code == 0
    assert (
        claimreg("add", "The toll stays", "--by", "Jonas Brekk", "--stance", "denies", "--quote", "the toll was never mine to set").code
        == 0
    )
    (tmp_path / "draft.md").write_text(
        '"We have spent 4 million on the new ramp," Vesik said.\n\n"The toll was never mine to set," Jonas Brekk said.\n', encoding="utf-8"
    )
    done = claimreg("proof", "draft.md", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (0, ["ok", "ok"])
    first, second = (one["places"][0] for one in done.json["quotes"])
    assert (first["document"], first["source_id"]) == ("S1", "S1")
    assert (second["document"], second["stance"], second["speaker"]["exact"]) == ("A1", "denies", "Jonas Brekk")


def test_of_a_withheld_source_only_the_drafts_own_words_are_told(claimreg: Command, tmp_path: Path, sources: Path) -> None:
    assert claimreg("source", "add", sources, "--withhold", "the witness is in danger").code == 0
    (tmp_path / "draft.md").write_text('"I counted twelve cracks below the waterline," Ilya Dorn said.\n', encoding="utf-8")
    for form in ("terminal", "json", "sarif", "github", "md"):
        done = claimreg("proof", "draft.md", "--format", form)
        assert done.code == 3
        assert "eleven" not in done.stdout
        assert "board" not in done.stdout


def test_an_unread_source_makes_what_is_missing_unsure(drafted: Command, tmp_path: Path) -> None:
    (tmp_path / "missing.md").write_text('"Every boat is safe with us, as it always was," Vesik said.\n', encoding="utf-8")
    done = drafted("proof", "missing.md", "--in", "board.txt", "--in", "nowhere.txt", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (1, ["unsure"])
    assert done.json["unread"] == [{"document": "nowhere.txt", "reason": "There is no file nowhere.txt."}]
    both = drafted("proof", "draft.md", "nodraft.md", "--in", "board.txt", "--json")
    assert both.code == 3
    assert "nodraft.md" in both.stderr


def test_a_quotation_of_another_language_is_said_aloud_and_no_error(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "kk.txt").write_text(
        "Порт басшысы жиналыста сөйледі. «Айлақ берік, сондықтан паром мамырда жүзеді», — деді Әлиев.\n", "utf-8"
    )
    (tmp_path / "draft.md").write_text('"The pier is sound, so the ferry will sail in May," Murat Aliev said in Kazakh.\n', "utf-8")
    done = claimreg("proof", "draft.md", "--in", "kk.txt", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (0, ["other_language"])
    assert claimreg("proof", "draft.md", "--in", "kk.txt", "--strict").code == 3


def test_a_comment_silences_the_next_quotation_and_is_counted(proved: Any, claimreg: Command) -> None:  # noqa: ANN401 -- as the fixture
    missing = '"Every boat is safe with us, as it always was," Vesik said.\n'
    assert verdicts(proved(f"<!-- claimreg: ignore -->\n{missing}\n{missing}")) == ["not_found"]
    done = claimreg("proof", "draft.md", "--in", "board.txt")
    assert "1 quotation ignored" in done.stdout


@pytest.mark.parametrize("written", ["board.txt", "./board.txt", '"board.txt"', "in/../board.txt"])
def test_a_draft_may_name_sources_in_its_folder(claimreg: Command, tmp_path: Path, sources: Path, written: str) -> None:
    del sources
    (tmp_path / "in").mkdir()
    (tmp_path / "draft.md").write_text(f'<!-- claimreg: sources {written} -->\n\n"Nobody came down to look," he said.\n', "utf-8")
    done = claimreg("proof", "draft.md", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (0, ["ok"])


@pytest.mark.parametrize("written", ["../board.txt", "/etc/hostname", "https://example.org/board", "way/board.txt", "file:///etc/hostname"])
def test_a_draft_may_name_nothing_else(claimreg: Command, tmp_path: Path, sources: Path, written: str) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    (folder / "way").symlink_to(tmp_path)
    (folder / "draft.md").write_text(f'<!-- claimreg: sources {written} -->\n\n"Nobody came down to look," he said.\n', "utf-8")
    done = claimreg("proof", "drafts/draft.md", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (1, ["unsure"])
    assert [one["document"] for one in done.json["unread"]] == [written]
    assert sources.is_file()


def test_settings_name_sources_inside_their_folder(
    claimreg: Command, tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sources
    monkeypatch.setenv("CLAIMREG_CONFIG", str(tmp_path / "own.toml"))
    (tmp_path / "draft.md").write_text('"Nobody came down to look," he said.\n', "utf-8")
    (tmp_path / "claimreg.toml").write_text('[proof]\nsources = ["board.txt"]\n', "utf-8")
    done = claimreg("proof", "draft.md", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (0, ["ok"])
    (tmp_path / "claimreg.toml").write_text('[proof]\nsources = ["board.txt", "https://example.org/x"]\n', "utf-8")
    refused = claimreg("proof", "draft.md", "--json")
    assert "proof.sources passed over" in refused.stderr


def test_a_draft_without_quotations_is_done(claimreg: Command, tmp_path: Path, sources: Path) -> None:
    (tmp_path / "empty.md").write_text("", "utf-8")
    (tmp_path / "code.md").write_text('```\nprint("Every boat is safe with us, as it always was")\n```\n', "utf-8")
    for name in ("empty.md", "code.md"):
        done = claimreg("proof", name, "--in", sources)
        assert (done.code, done.stderr) == (0, "No quotations.\n")


def usual_place(tmp_path: Path) -> dict[str, str]:
    """The environment where no registry is named, and none is at the usual place."""
    return {"CLAIMREG_DB": "", "CLAIMREG_CONFIG": "off", "XDG_DATA_HOME": str(tmp_path / "data")}


def test_what_cannot_be_asked_is_a_usage_error(claimreg: Command, tmp_path: Path, sources: Path) -> None:
    (tmp_path / "draft.md").write_text('"Nobody came down to look," he said.\n', "utf-8")
    assert claimreg("proof", "-", "--in", "-").code == 2
    assert claimreg("proof", "draft.md", "--in", sources, "--by", "nobody").code == 2
    without = claimreg("proof", "draft.md", env=usual_place(tmp_path))
    assert (without.code, "--in" in without.stderr) == (2, True)


def test_a_draft_without_quotations_needs_no_source(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("Nobody is quoted here.\n", "utf-8")
    assert claimreg("proof", "draft.md", env=usual_place(tmp_path)).code == 0
    # A registry that is named is asked for.
    assert claimreg("proof", "draft.md").code == 4


def test_a_draft_can_be_piped_in(claimreg: Command, sources: Path) -> None:
    done = claimreg("proof", "-", "--in", sources, "--json", stdin='"Nobody came down to look," he said.\n')
    assert (done.code, done.json["draft"], verdicts(done.json["quotes"])) == (0, "Standard input", ["ok"])


def test_several_drafts_are_one_document_each_and_one_log(drafted: Command, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text('"Nobody came down to look," he said.\n', "utf-8")
    done = drafted("proof", "draft.md", "other.md", "--in", "board.txt", "--json")
    assert [one["draft"] for one in done.json] == ["draft.md", "other.md"]
    log = drafted("proof", "draft.md", "other.md", "--in", "board.txt", "--format", "sarif").json
    assert len(log["runs"]) == 1


ALTERED = '"I counted twelve cracks below the waterline," Ilya Dorn said.\n'


@pytest.mark.parametrize(
    ("text", "form"),
    [
        *(("", form) for form in ("terminal", "json", "sarif", "github", "md")),
        *((text, "terminal") for text in (" \n\n", "# Only a heading\n", "\ufeff", "\ufeff# Only a heading\r\n")),
    ],
)
def test_a_draft_without_a_word_of_text_is_no_failure(drafted: Command, tmp_path: Path, text: str, form: str) -> None:
    (tmp_path / "bare.md").write_bytes(text.encode())
    done = drafted("proof", "bare.md", "--in", "board.txt", "--format", form)
    assert (done.code, done.stderr) == (0, "No quotations.\n")


@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"# Pier\n\n{ALTERED}".replace("\n", "\r\n"), 3, 2),
        (ALTERED.replace("cracks below", "cracks\r\nbelow").replace("said.\n", "said.\r\n"), 1, 2),
        (f"\ufeff{ALTERED}", 1, 2),
        (f"\ufeff# Pier\r\n\r\n{ALTERED}", 3, 2),
        (f"Cafe\u0301 Ve\u0301sik: {ALTERED}", 1, 16),
    ],
)
def test_a_quotation_is_placed_whatever_a_file_begins_and_ends_its_lines_with(
    drafted: Command, tmp_path: Path, name: str, text: str, line: int, column: int
) -> None:
    (tmp_path / name).write_bytes(text.encode())
    done = drafted("proof", name, "--in", "board.txt", "--json")
    (one,) = done.json["quotes"]
    assert (done.code, one["verdict"], one["line"], one["column"]) == (3, "altered", line, column)
    placed = text.removeprefix("\ufeff")[one["start"] : one["end"]]
    assert " ".join(placed.split()) == " ".join(one["text"].split()) == "I counted twelve cracks below the waterline"


def test_words_in_decomposed_letters_stand_as_the_source_composes_them(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "cafe.txt").write_text('"The caf\u00e9 opens when the ramp is dry," Ren\u00e9 Dorn said.\n', "utf-8")
    (tmp_path / "draft.md").write_text('"The cafe\u0301 opens when the ramp is dry," Rene\u0301 Dorn said.\n', "utf-8")
    done = claimreg("proof", "draft.md", "--in", "cafe.txt", "--json")
    (one,) = done.json["quotes"]
    assert (done.code, one["verdict"], one["text"]) == (0, "ok", "The cafe\u0301 opens when the ramp is dry")


def test_a_source_that_is_not_there_is_named_and_the_others_answer(drafted: Command, tmp_path: Path) -> None:
    (tmp_path / "true.md").write_text('"Nobody came down to look," he said.\n', "utf-8")
    done = drafted("proof", "true.md", "--in", "gone.txt", "--in", "board.txt", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (1, ["ok"])
    assert done.stderr == "gone.txt could not be read: There is no file gone.txt.\n"
    alone = drafted("proof", "true.md", "--in", "gone.txt", "--json")
    assert (alone.code, verdicts(alone.json["quotes"])) == (1, ["unsure"])


def test_a_draft_that_cannot_be_read_is_named_and_the_others_answer(drafted: Command, tmp_path: Path) -> None:
    (tmp_path / "true.md").write_text('"Nobody came down to look," he said.\n', "utf-8")
    (tmp_path / "noise.md").write_bytes(bytes(range(256)) * 9)
    done = drafted("proof", "noise.md", "gone.md", "true.md", "--in", "board.txt", "--json")
    assert (done.code, verdicts(done.json["quotes"])) == (1, ["ok"])
    assert ("noise.md" in done.stderr, "There is no file gone.md." in done.stderr) == (True, True)


def test_nothing_is_recorded(drafted: Command, registry: Path) -> None:
    drafted("proof", "draft.md", "--in", "board.txt")
    assert not registry.exists()


def hooked(run: Command, *arguments: str) -> Done:
    """Run the entry of the hook as pre-commit does: the entry's words, its arguments, then the files."""
    import shlex

    lines = (REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").splitlines()
    fields = dict(line.strip(" -").split(": ", 1) for line in lines if ": " in line)
    assert fields["types_or"] == "[markdown, html, plain-text]"
    program, *words = shlex.split(fields["entry"])
    assert program == "claimreg"
    return run(*words, *arguments)


def test_the_hook_stops_a_commit_of_a_wrong_quotation(run: Command, tmp_path: Path, sources: Path) -> None:
    del sources
    (tmp_path / "true.md").write_text('<!-- claimreg: sources board.txt -->\n\n"Nobody came down to look," he said.\n', "utf-8")
    (tmp_path / "false.md").write_text('<!-- claimreg: sources board.txt -->\n\n"Everybody came down to look," he said.\n', "utf-8")
    assert hooked(run, "true.md").code == 0
    assert hooked(run, "true.md", "false.md").code == 3


def test_the_job_of_the_docs_shows_what_is_wrong(run: Command, tmp_path: Path, sources: Path) -> None:
    page = (REPOSITORY / "docs" / "howto" / "proof.md").read_text(encoding="utf-8")
    (command,) = (line.split("run: claimreg ", 1)[1] for line in page.splitlines() if "run: claimreg " in line)
    assert command.split()[:2] == ["proof", "drafts/*.md"]
    for folder in ("drafts", "minutes"):
        (tmp_path / folder).mkdir()
    sources.rename(tmp_path / "minutes" / "board.txt")
    (tmp_path / "drafts" / "one.md").write_text('"Everybody came down to look," he said.\n', "utf-8")
    done = run("proof", "drafts/one.md", *command.split()[2:])
    assert done.code == 3
    assert done.stdout.startswith("::error file=drafts/one.md,line=1,col=2,title=altered quotation::")


def test_texts_of_others_do_not_act(claimreg: Command, tmp_path: Path) -> None:
    hostile = "sail \x1b[31mred\x1b[0m \u202eback\u202c | <script>alert(1)</script> ::error::x [l](javascript:x) %0A now"
    (tmp_path / "board.txt").write_text(f'"We {hostile} and never again," Vesik said.\n', "utf-8")
    (tmp_path / "draft.txt").write_text(f'"We {hostile} and ever again," Vesik said.\n', "utf-8")
    for form in ("terminal", "json", "sarif", "github", "md"):
        done = claimreg("proof", "draft.txt", "--in", "board.txt", "--format", form)
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        if form == "github":
            assert all(line.startswith("::") and "%250A" in line for line in done.lines)
        if form == "md":
            assert "\\<script" in done.stdout
        if form in ("json", "sarif"):
            assert json.loads(done.stdout)
