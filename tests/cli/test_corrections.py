"""Changing what was recorded, as commands: the form in an editor, several records at once, merging, notes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

pytestmark = pytest.mark.every_store

Edit = Callable[..., Terminal]


@pytest.fixture
def editing(environment: dict[str, str], tmp_path: Path) -> Iterator[Edit]:
    """Begin `edit` at a terminal; each time that the editor opens, it does the next of these replacements in the form, and keeps it."""
    script = tmp_path / "editor"
    script.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "file, steps, seen = pathlib.Path(sys.argv[1]), pathlib.Path('steps'), pathlib.Path('seen')\n"
        "text = file.read_text()\n"
        "seen.write_text((seen.read_text() if seen.exists() else '') + text + '=====')\n"
        "first, _, rest = steps.read_text().partition('\\n')\n"
        "steps.write_text(rest)\n"
        "old, _, new = first.partition(' -> ')\n"
        "file.write_text(text.replace(old, new) if old else text)\n"
    )
    script.chmod(0o755)
    with ExitStack() as running:

        def begin(*arguments: str, steps: str = "") -> Terminal:
            (tmp_path / "steps").write_text(steps)
            env = {**environment, "TERM": "xterm", "EDITOR": str(script), "TMPDIR": str(tmp_path)}
            command = [sys.executable, "-m", "claimreg", "edit", *arguments]
            return running.enter_context(Terminal(command, env, tmp_path, columns=140))

        yield begin


def forms(tmp_path: Path) -> list[str]:
    """The forms as the editor found them, one after another."""
    return (tmp_path / "seen").read_text().split("=====")[:-1]


def kept(tmp_path: Path) -> list[str]:
    return [path.read_text() for path in tmp_path.glob("claimreg-*/*.toml")]


def test_a_form_of_several_records_changes_what_differs_in_one_transaction(ferry: Command, editing: Edit, tmp_path: Path) -> None:
    terminal = editing("C1", "A1", steps='Ferry" -> Pier"')
    assert terminal.ends() == 0
    assert "Changed C1; `claimreg history C1` tells what it was." in terminal.shown
    (form,) = forms(tmp_path)
    assert 'case = "Ferry"' in form
    assert 'by = "Harbour office"' in form
    assert ferry("show", "C1", "--json").json["case"] == "Pier"
    assert kept(tmp_path) == []


def test_a_form_that_is_left_as_it_is_records_nothing(ferry: Command, editing: Edit, tmp_path: Path) -> None:
    before = ferry("history", "--json").stdout
    terminal = editing("C1")
    assert terminal.ends() == 0
    assert "Nothing was changed." in terminal.shown
    assert ferry("history", "--json").stdout == before
    assert list(tmp_path.glob("claimreg-*")) == []


def test_a_mistake_opens_the_form_again_with_the_error_on_top(ferry: Command, editing: Edit, tmp_path: Path) -> None:
    terminal = editing("A1", steps="asserts -> shouts\nshouts -> denies\n")
    assert terminal.ends() == 0
    first, second = forms(tmp_path)
    assert second.startswith("# NOT RECORDED: “shouts” is no stance; choose one of: asserts, denies, reports, questions, rules.\n# Change")
    assert second.split("\n", 1)[1] == first.replace('stance = "asserts"', 'stance = "shouts"').replace("one of asserts", "one of shouts")
    assert ferry("show", "A1", "--json").json["stance"] == "denies"


def test_what_was_written_is_kept_where_it_cannot_be_recorded(ferry: Command, editing: Edit, tmp_path: Path) -> None:
    before = ferry("history", "--json").stdout
    terminal = editing("A1", steps='stance = "asserts" -> stance = "shouts"\n')
    assert terminal.ends() == 2
    assert "no stance" in terminal.shown
    (text,) = kept(tmp_path)
    assert "What you wrote is kept in" in terminal.shown
    assert 'stance = "shouts"' in text
    assert ferry("history", "--json").stdout == before


def test_without_a_person_nothing_given_is_a_mistake(ferry: Command, editing: Edit) -> None:
    assert ferry("edit", "C1").code == 2
    terminal = editing("C1", "--no-input")
    assert terminal.ends() == 2
    assert "Nothing to change; claims take --text" in terminal.shown.replace("\n", " ")


def test_a_corrected_rating_is_one_of_its_scale(ferry: Command) -> None:
    ferry("verdict", "C1", "False", "--scheme", "politifact")
    done = ferry("edit", "V1", "--rating", "Half treu")
    assert (done.code, "Half True" in done.stderr) == (2, True)
    assert ferry("edit", "V1", "--rating", "half true", "--why", "On Sundays.").code == 0
    verdict = ferry("show", "V1", "--json").json
    assert (verdict["rating"], verdict["rationale"]) == ("Half True", "On Sundays.")
    assert ferry("edit", "V1", "--rating", "Half treu", "--any-rating").code == 0


def test_several_records_get_the_same_values(ferry: Command) -> None:
    ferry("add", "The pier is closed", "--by", "Clerk")
    done = ferry("edit", "C1", "C2", "--case", "Night", "--assign", "Dana")
    assert (done.code, done.stdout) == (0, "Changed C1, C2; `claimreg history ID` tells what each was.\n")
    assert [(one["case"], one["assignee"]) for one in ferry("list", "--json").json] == [("Night", "Dana")] * 2
    assert ferry("edit", "C1", "A1", "--case", "Day").code == 2
    assert ferry("edit", "C1", "C9", "--case", "Day").code == 4


def test_a_note_is_shown_to_the_desk_and_in_no_report(ferry: Command) -> None:
    ferry("edit", "C1", "--note", "ring the captain", "--assign", "Dana")
    assert ferry("show", "C1").lines[1:3] == ["note\tring the captain", "assigned\tDana"]
    assert ferry("show", "C1", "--json").json["note"] == "ring the captain"
    for form in ("terminal", "md", "html", "json"):
        printed = ferry("report", "--format", form)
        assert printed.code == 0
        assert "ring the captain" not in printed.stdout
        assert "Dana" not in printed.stdout


def test_a_merge_says_what_went_over(ferry: Command) -> None:
    ferry("add", "There is no ferry at night", "--by", "Clerk")
    ferry("verdict", "C2", "True")
    planned = ferry("merge", "C1", "C2", "--dry-run")
    assert planned.stdout == "Would merge C2 into C1: 1 attribution and 1 verdict would go over; in force is now V1: True.\n"
    done = ferry("merge", "C1", "C2")
    told = "Merged C2 into C1: 1 attribution and 1 verdict went over; in force is now V1: True; `claimreg undo` takes it back.\n"
    assert done.stdout == told
    assert ferry("show", "C2").stdout.startswith("C2\tThere is no ferry at night\t\t\tremoved ")
    assert ferry("show", "C2").stdout.endswith("\tmerged into C1\n")
    assert ferry("show", "C2", "--json").json["merged_into"] == "C1"
    lost = ferry("report", "C2")
    assert (lost.code, "was merged into C1" in lost.stderr) == (4, True)
    assert ferry("verify").code == 0
    assert ferry("merge", "C1", "C1").code == 2
    before = ferry("list", "--json").stdout
    assert ferry("undo", "--yes").code == 0
    assert [len(one["attributions"]) for one in ferry("list", "--json").json] == [1, 1]
    assert ferry("merge", "C1", "C2").code == 0
    assert ferry("list", "--json").stdout == before
    assert ferry("edit", "C2", "--restore").code == 0
    assert ferry("edit", "A2", "--move-to", "C2").code == 0
    assert [len(one["attributions"]) for one in ferry("list", "--json").json] == [1, 1]


def test_a_file_that_was_imported_before_a_merge_brings_nothing_back(claimreg: Command, tmp_path: Path) -> None:
    lines = (
        '{"id": "a", "text": "The ferry is cancelled", "by": "Office", "quote": "no ferry"}\n'
        '{"id": "b", "text": "There is no ferry", "attributions": [{"party": {"name": "Clerk"}, "stance": "denies"}],'
        ' "relations": [{"kind": "repeats", "claim_id": "a"}]}\n'
        '{"id": "c", "text": "Nothing sails", "attributions": [{"party": {"name": "Clerk"}}],'
        ' "relations": [{"kind": "supports", "claim_id": "b"}], "note": "old", "assignee": "Dana"}\n'
    )
    (tmp_path / "c.ndjson").write_text(lines)
    assert claimreg("import", "c.ndjson").code == 0
    assert claimreg("show", "C3", "--json").json["note"] == "old"
    claimreg("merge", "C1", "C2")
    before = claimreg("history", "--json").stdout
    assert claimreg("import", "c.ndjson").code == 0
    assert claimreg("history", "--json").stdout == before
    (tmp_path / "c.ndjson").write_text(lines.replace('"Clerk"}, "stance": "denies"}', '"Captain"}}'))
    assert claimreg("import", "c.ndjson").code == 0
    said = claimreg("show", "C1", "--json").json["attributions"]
    assert [one["party"]["name"] for one in said] == ["Office", "Clerk", "Captain"]


def test_lines_and_bundles_keep_notes_and_merges(ferry: Command, tmp_path: Path) -> None:
    ferry("edit", "C1", "--note", "ring the captain", "--assign", "Dana")
    ferry("add", "There is no ferry at night", "--by", "Clerk")
    ferry("export", "--bundle", "early.zip")
    ferry("merge", "C1", "C2")
    ferry("export", "--bundle", "all.zip")
    ferry("export", "--bundle", "one.zip", "--case", "Ferry")
    ferry("export", "--to", "ndjson", "-o", "all.ndjson")
    for file in ("all.zip", "one.zip"):
        theirs = {"CLAIMREG_DB": str(tmp_path / f"theirs-{file}")}
        assert ferry("import", file, env=theirs).code == 0
        gone = ferry("show", "C2", "--json", env=theirs).json
        assert (gone["text"], gone["merged_into"]) == ("There is no ferry at night", "C1")
        assert ferry("show", "C1", "--json", env=theirs).json["note"] == "ring the captain"
        assert ferry("verify", env=theirs).code == 0
        before = ferry("history", "--json", env=theirs).stdout
        assert ferry("import", "all.zip", env=theirs).code == 0
        assert ferry("history", "--json", env=theirs).stdout == before
    theirs = {"CLAIMREG_DB": str(tmp_path / "lines")}
    assert ferry("import", "all.ndjson", "--no-link", env=theirs).code == 0
    (claim,) = ferry("list", "--json", env=theirs).json
    assert (claim["note"], claim["assignee"], len(claim["attributions"])) == ("ring the captain", "Dana", 2)


def test_a_bundle_from_before_a_merge_here_joins_the_claim_that_stayed(ferry: Command, tmp_path: Path) -> None:
    ferry("add", "There is no ferry at night", "--by", "Clerk")
    ferry("export", "--bundle", "early.zip")
    theirs = {"CLAIMREG_DB": str(tmp_path / "theirs")}
    assert ferry("import", "early.zip", env=theirs).code == 0
    ferry("merge", "C1", "C2", env=theirs)
    ferry("attribute", "C2", "--by", "Captain")
    ferry("export", "--bundle", "late.zip")
    assert ferry("import", "late.zip", env=theirs).code == 0
    (claim,) = ferry("list", "--json", env=theirs).json
    assert [one["party"]["name"] for one in claim["attributions"]] == ["Harbour office", "Clerk", "Captain"]
    assert ferry("verify", env=theirs).code == 0


def test_a_bundle_from_after_a_merge_there_brings_nothing_twice(ferry: Command, tmp_path: Path) -> None:
    ferry("add", "There is no ferry at night", "--by", "Clerk")
    ferry("verdict", "C2", "True")
    ferry("export", "--bundle", "early.zip")
    theirs = {"CLAIMREG_DB": str(tmp_path / "theirs")}
    assert ferry("import", "early.zip", env=theirs).code == 0
    ferry("merge", "C1", "C2")
    ferry("export", "--bundle", "late.zip")
    before = ferry("list", "--json", env=theirs).stdout
    assert ferry("import", "late.zip", env=theirs).code == 0
    assert ferry("list", "--json", env=theirs).stdout == before
