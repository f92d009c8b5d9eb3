"""Completion: what is offered, in which registry, how each shell takes it in, and that nothing goes wrong aloud."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

from claimreg.cli.completing import answer as answering
from claimreg.cli.settings import forget_settings
from claimreg.scales import shipped_scales
from claimreg.store import glance, layout

from .conftest import Command, Done

SCRIPTS = Path(answering.__file__).parent


@pytest.fixture
def desk(ferry: Command) -> Command:
    """The ferry's registry with two more claims, a name of two words, a tag, a verdict and a withheld source."""
    ferry("add", "A pier of stone stands", "--by", "Port clerk", "--case", "Pier works", "--tag", "stone", "--assign", "Aida")
    ferry("add", "No boat was late", "--by", "Сенат", "--case", "Ferry")
    ferry("verdict", "C1", "Mostly false")
    ferry("edit", "S1", "--withhold", "in danger")
    ferry("rm", "C3", "--yes")
    return ferry


@pytest.fixture
def offered(desk: Command, registry: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Iterator[Offered]":
    """What completion offers for words, the last of which is being typed: the shell's directive, and the words with their meanings."""
    del desk
    monkeypatch.setenv("CLAIMREG_DB", str(registry))
    monkeypatch.setenv("CLAIMREG_CONFIG", "off")
    monkeypatch.setattr(glance, "PATIENCE", 30.0)
    forget_settings()
    yield Offered(capsys)
    forget_settings()


class Offered:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, shell: str = "fish") -> dict[str, str]:
        lines = self.lines(shell, *words)
        return dict(line.split("\t") for line in lines[1:])

    def lines(self, shell: str, *words: str) -> list[str]:
        self._capsys.readouterr()
        answering.answer([shell, *words])
        return self._capsys.readouterr().out.splitlines()


def test_ids_are_offered_with_what_they_are(offered: Offered) -> None:
    assert offered("show", "C") == {"C2": "A pier of stone stands", "C1": "The night ferry is cancelled"}
    assert offered("show", "c1") == {"C1": "The night ferry is cancelled"}
    assert offered("rm", "C1", "V") == {"V1": "C1 Mostly false"}
    assert offered("relate", "C1", "contradicts", "") == {"C2": "A pier of stone stands", "C1": "The night ferry is cancelled"}
    assert {"C1", "A1", "S1", "P1", "L1"} <= offered("show", "").keys()
    assert offered("show", "C0") == offered("show", "X") == offered("attribute", "A") == {}


def test_nothing_of_a_withheld_source_is_told(offered: Offered) -> None:
    assert offered("source", "show", "S") == {"S1": "withheld"}
    assert offered("show", "L") == {"L1": "A1 exact suggested"}


def test_names_are_offered_in_whatever_script_and_case(offered: Offered) -> None:
    assert list(offered("list", "--by", "")) == ["Harbour office", "Port clerk", "Сенат"]
    assert list(offered("party", "show", "сен")) == ["Сенат"]
    assert list(offered("list", "--case", "")) == ["Ferry", "Pier works"]
    assert list(offered("list", "--case=fer")) == ["Ferry"]
    assert list(offered("case", "rename", "P")) == ["Pier works"]
    assert list(offered("edit", "C1", "--tag", "")) == ["stone"]
    assert list(offered("list", "--assigned", "a")) == ["Aida"]


def test_fixed_words_are_offered(offered: Offered) -> None:
    assert list(offered("add", "x", "--stance", "")) == ["asserts", "denies", "reports", "questions", "rules"]
    assert list(offered("relate", "C1", "tr")) == ["translates"]
    assert list(offered("report", "--format", "")) == ["terminal", "md", "html", "json"]
    assert "kk" in offered("add", "x", "--lang", "k")
    assert list(offered("config", "get", "report.l")) == ["report.lang"]
    assert offered("so") == {"source": "Manage sources: the documents that quotes are found in."}
    assert list(offered("case", "")) == ["list", "rename"]
    assert offered("undo", "--dr")["--dry-run"].startswith("Show what would be done")


def test_ratings_are_those_of_the_scale_else_those_given(offered: Offered, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert list(offered("verdict", "C1", "mos")) == ["Mostly false"]
    assert list(offered("list", "--verdict", "")) == ["Mostly false"]
    scale = next(iter(offered("verdict", "C1", "x", "--scheme", "a")))
    (tmp_path / "settings.toml").write_text(f'scale = "{scale}"\n', encoding="utf-8")
    monkeypatch.setenv("CLAIMREG_CONFIG", str(tmp_path / "settings.toml"))
    forget_settings()
    assert list(offered("verdict", "C1", "")) == [rating.name for rating in shipped_scales()[scale].ratings]


def test_a_named_registry_is_asked_wherever_it_is_named(offered: Offered, tmp_path: Path, desk: Command) -> None:
    other = str(tmp_path / "other")
    desk("--db", other, "add", "Somebody else's", "--by", "Them")
    for words in (("--db", other, "show", "C"), ("show", "--db", other, "C"), ("show", f"--db={other}", "C")):
        assert offered(*words) == {"C1": "Somebody else's"}


def test_files_are_left_to_the_shell(offered: Offered) -> None:
    assert offered.lines("fish", "import", "") == [":files"]
    assert offered.lines("fish", "backup", "") == [":folders"]
    assert offered.lines("fish", "--db", "") == [":folders"]
    assert offered.lines("fish", "check", "x", "--in", "S")[:2] == [":files", "S1\twithheld"]
    assert offered.lines("fish", "add", "x", "--quote", "") == [":"]


def test_many_ids_never_hide_others(offered: Offered, claimreg: Command, tmp_path: Path) -> None:
    lines = "".join(json.dumps({"text": f"Statement {n}", "by": f"S {n}"}) + "\n" for n in range(300))
    (tmp_path / "many.ndjson").write_text(lines, encoding="utf-8")
    assert claimreg("import", "many.ndjson", "--no-link", "--no-duplicates").code == 0
    first = {one[1] for one in offered("show", "C")}
    assert first == set("123456789")
    second = offered("show", "C2")
    assert "C2" in second
    assert {one[:3] for one in second if len(one) > 2} == {f"C2{digit}" for digit in range(10)}
    assert len(offered("list", "--by", "")) == answering.MOST


def test_names_that_act_are_not_offered_and_meanings_are_made_plain(offered: Offered, claimreg: Command) -> None:
    claimreg("add", "Red \x1b[31m text\u202e", "--by", "Evil \x1b]0;x\x07 name", "--case", "Fer\u202ery")
    assert not any("\x1b" in line or "\u202e" in line for words in ("C", "") for line in offered.lines("fish", "show", words))
    assert list(offered("list", "--case", "Fer")) == ["Ferry"]
    assert list(offered("list", "--by", "Evil")) == []


@pytest.mark.parametrize(
    "words", [(), ("nonsense", ""), ("show", "--db", "/nowhere", "C"), ("config", "get", "x", "y", "z"), ("undo", "--zzz=")]
)
def test_what_cannot_be_completed_is_silent(offered: Offered, words: tuple[str, ...]) -> None:
    assert not [line for line in offered.lines("bash", *words)[1:] if words]


def completed(run: Command, *words: str, env: dict[str, str] | None = None) -> Done:
    return run("__complete", "bash", *words, env=env)


def test_errors_are_silent_and_no_registry_is_made(run: Command, registry: Path) -> None:
    for words in (("show", "C"), ("list", "--case", ""), ("nonsense", "-"), ()):
        done = completed(run, *words)
        assert (done.code, done.stderr) == (0, "")
    assert not registry.exists()
    registry.mkdir()
    (registry / layout.DATABASE).write_bytes(b"no database at all" * 100)
    done = completed(run, "show", "C")
    assert (done.code, done.stdout.strip(":\n"), done.stderr) == (0, "", "")
    assert completed(run, "show", "C", env={"CLAIMREG_DB": "memory:"}).stderr == ""
    assert [path.name for path in registry.iterdir()] == [layout.DATABASE]


def test_a_look_leaves_the_registry_as_it_is(run: Command, ferry: Command, registry: Path) -> None:
    del ferry
    before = {path.name: path.read_bytes() for path in registry.iterdir() if path.is_file()}
    assert "C1" in completed(run, "show", "C").stdout
    assert {path.name: path.read_bytes() for path in registry.iterdir() if path.is_file()} == before
    assert glance.DATABASE == layout.DATABASE


def test_it_imports_neither_typer_nor_tinydb_nor_the_model(environment: dict[str, str], ferry: Command) -> None:
    del ferry
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "claimreg", "__complete", "bash", "list", "--by", "H"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Harbour\\ office" in done.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "claimreg.store.glance" in imported
    assert not {"typer", "click", "tinydb", "rich", "claimreg.model", "claimreg.cli.app", "pathlib"} & imported


def test_the_table_of_commands_is_the_programs_own(repository: Path) -> None:
    command = [sys.executable, str(repository / "docs" / "completing.py"), "--print"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert printed == (SCRIPTS / "words.json").read_text(encoding="utf-8"), "run: python docs/reference.py"


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a shell in which `claimreg` is this one."""
    program = tmp_path / "bin" / "claimreg"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimreg "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return {**environment, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "TERM": "xterm", "PS1": "$ ", "LC_ALL": "C.UTF-8"}


def test_bash_inserts_names_as_its_line_needs_them(desk: Command, shell: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "rc").write_text('PS1="ready> "\neval "$(claimreg completion bash)"\n', encoding="utf-8")
    with Terminal(["bash", "--noprofile", "--rcfile", str(tmp_path / "rc"), "-i"], shell, tmp_path) as terminal:
        terminal.wait_for("ready>")
        terminal.press("claimreg list --case pi\t", "ready> claimreg list --case Pier\\ works")
        terminal.press('\x15claimreg list --by "po\t', 'ready> claimreg list --by "Port clerk"')
        terminal.press("\x15claimreg list --case=Fe\t", "ready> claimreg list --case=Ferry")
        terminal.press("\x15claimreg show C\t\t", "C1  (The night ferry is cancelled)", "C2  (A pier of stone stands)")
        terminal.press("1\t; echo done\r", "The night ferry is cancelled", "done")
        terminal.press("claimreg source add noti\t", "claimreg source add notice.txt")
        terminal.press("\x15exit\r")
    assert desk("verify").code == 0


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_shows_what_each_word_means(desk: Command, shell: dict[str, str], tmp_path: Path) -> None:
    del desk
    script = (
        'claimreg completion fish | source; complete -C "claimreg show C"; complete -C "claimreg list --case pi"; '
        'complete -C "claimreg import noti"; complete -C "claimreg relate C1 contr"'
    )
    done = subprocess.run(["fish", "--no-config", "-c", script], env=shell, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert "C1\tThe night ferry is cancelled" in lines
    assert "Pier works" in [line.split("\t")[0] for line in lines]
    assert "notice.txt" in lines
    assert "contradicts" in [line.split("\t")[0] for line in lines]
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_shows_what_each_word_means(desk: Command, shell: dict[str, str], tmp_path: Path) -> None:
    del desk
    (tmp_path / ".zshrc").write_text(
        'PS1="ready> "\nautoload -Uz compinit; compinit -u -D\neval "$(claimreg completion zsh)"\nunsetopt beep\n', encoding="utf-8"
    )
    with Terminal(["zsh", "-i"], {**shell, "ZDOTDIR": str(tmp_path)}, tmp_path) as terminal:
        terminal.wait_for("ready>")
        terminal.press("claimreg list --case Pi\t", "ready> claimreg list --case Pier\\ works")
        terminal.press("\x15claimreg show C\t", "The night ferry is cancelled", "A pier of stone stands")
        terminal.settles(0.5)
        terminal.press("\x15claimreg relate C1 contr\t", "claimreg relate C1 contradicts")
        terminal.press("\x15claimreg source add noti\t", "claimreg source add notice.txt")
        terminal.press("\x15exit\r")


def test_the_script_of_no_such_shell_is_refused(claimreg: Command) -> None:
    assert claimreg("completion", "tcsh").code == 2
    assert claimreg("completion", "zsh").stdout == (SCRIPTS / "claimreg.zsh").read_text(encoding="utf-8")
