"""The docs are true: every console block is run, every other command exists, every figure and reference is the program's own."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

import desk
import pytest
import typer
from typer.main import get_command
from walk import Step, printed_by, python_failures, steps_of

import claimreg
from claimreg.cli.app import COMMANDS, app
from claimreg.config import KEYS, LARGEST, FolderMay
from claimreg.linker import accept, stitch, verdict
from claimreg.linker.judge import edges
from claimreg.model import RECORD_TYPES, Flag, LinkKind

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
WALKED = [
    page
    for page in PAGES
    if "```console" in page.read_text(encoding="utf-8") and page.relative_to(DOCS).as_posix() not in desk.PAGES  # walked in test_team.py
]
PYTHON = [page for page in PAGES if "```pycon" in page.read_text(encoding="utf-8")]


def name_of(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


@pytest.fixture(scope="module")
def walks(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Future[list[Step]]]]:
    """What the commands of each page print; pages know nothing of each other, so they are run side by side."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {
            page: pool.submit(printed_by, steps_of(page.read_text(encoding="utf-8")), tmp_path_factory.mktemp("page"), repository)
            for page in WALKED
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("page", WALKED, ids=name_of)
def test_the_commands_print_what_the_page_shows(page: Path, walks: dict[Path, Future[list[Step]]]) -> None:
    assert walks[page].result() == steps_of(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PYTHON, ids=name_of)
def test_python_prints_what_the_page_shows(page: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert python_failures(page.read_text(encoding="utf-8"), name_of(page), repository, monkeypatch) == ""


def test_a_session_of_python_is_told_apart_and_its_mistakes_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "text\n```pycon\n>>> one = 1\n>>> one\n{}\n```\n```python\nnot run\n```\n```pycon\n>>> one + 1\n2\n```\n"
    assert python_failures(page.format(1), "page.md", tmp_path, monkeypatch) == ""
    told = python_failures(page.format(2), "page.md", tmp_path, monkeypatch)
    assert 'File "page.md", line 4' in told
    assert "Expected:\n    2\nGot:\n    1" in told


def test_the_page_of_the_library_is_run_and_tells_of_every_name() -> None:
    assert [name_of(page) for page in PYTHON] == ["howto/library.md"]
    page = PYTHON[0].read_text(encoding="utf-8")
    assert [
        name
        for name in claimreg.__all__
        if find_spec(claimreg._HOMES.get(name, "claimreg")) and f"`{name}" not in page and f".{name}" not in page
    ] == []


def test_the_tutorial_and_most_pages_are_walked() -> None:
    assert {"tutorial.md", "explain/links.md", "explain/evidence.md", "howto/desk.md"} <= set(map(name_of, WALKED))


def test_a_walk_tells_a_command_from_its_output() -> None:
    page = "text\n```console\n$ one \\\n    more\nsays\nthis\n$ two\n```\n```sh\nnot run\n```\n"
    assert steps_of(page) == [("one \\\n    more", "says\nthis\n"), ("two", "")]


def shown_commands() -> Iterator[tuple[str, list[str]]]:
    """The commands of the pages that are shown and not run, cut at pipes and redirections."""
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                for words in commands_in(line):
                    if Path(words[0]).name == "claimreg":
                        yield f"{name_of(page)}: {line}", words[1:]


def commands_in(line: str) -> Iterator[list[str]]:
    """The words of each command of a line of shell; quoted signs of the shell are words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&<>")
    lexer.whitespace_split = True
    for is_sign, words in groupby(lexer, key=lambda word: set(word) <= set("|&<>")):
        if not is_sign:
            yield list(words)


@pytest.mark.parametrize(("line", "words"), [pytest.param(*one, id=one[0]) for one in shown_commands()])
def test_a_command_that_is_only_shown_exists_with_its_options(line: str, words: list[str]) -> None:
    command: Any = get_command(app)
    while hasattr(command, "commands") and words:
        assert words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    known = {name for one in command.get_params(typer.Context(command)) for name in (*one.opts, *one.secondary_opts)}
    assert {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= known, line


def test_the_reference_is_the_programs_own(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DOCS / "reference.py"), str(tmp_path)], check=True)
    written = {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()}
    committed = {one.name: one.read_text(encoding="utf-8") for one in (DOCS / "reference").iterdir()}
    assert written == committed, "run: python docs/reference.py"


def test_the_reference_tells_of_every_command_and_record() -> None:
    headings = set(re.findall(r"^### claimreg (\S+)$", (DOCS / "reference" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert headings == set(COMMANDS)
    records = (DOCS / "reference" / "records.md").read_text(encoding="utf-8")
    picture = (DOCS / "reference" / "records.svg").read_text(encoding="utf-8")
    for one in RECORD_TYPES:
        assert f"## {one.NOUN.capitalize()}, {one.PREFIX}1\n" in records
        assert f">{one.NOUN}</text>" in picture


def test_the_page_of_settings_has_every_setting_with_its_variables() -> None:
    page = (DOCS / "howto" / "configure.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.]+)` \|(.*?)\|.*\|(.*?)\|$", page, re.MULTILINE)
    shown = {FolderMay.NOT: "", FolderMay.SET: "yes", FolderMay.SET_INSIDE: "inside the folder"}
    assert [(name, tuple(re.findall(r"`(\w+)`", variables)), may.strip()) for name, variables, may in rows] == [
        (key.name, key.variables, shown[key.folder_may]) for key in KEYS.values()
    ]
    assert f"larger than {LARGEST // 1024} KiB" in page


def test_how_a_link_is_decided_has_the_programs_figures_and_words() -> None:
    page = (DOCS / "explain" / "links.md").read_text(encoding="utf-8")
    assert f"one threshold on it ({accept.ENOUGH})" in page
    assert f"within {stitch.REACH:,} code points" in page
    assert f"more than {verdict.FAR} code points" in page
    assert edges._MANY_LEFT_OUT == 4
    assert "four words in a row" in page
    for word in (*LinkKind, *Flag):
        assert f"`{word.value}`" in page


def test_pictures_are_there_and_told_in_words() -> None:
    for page in PAGES:
        for words, target in re.findall(r"!\[(.*?)\]\((.*?)\)", page.read_text(encoding="utf-8")):
            assert len(words) > 20, f"{name_of(page)}: {target} is not told in words"
            assert (page.parent / target).is_file(), f"{name_of(page)}: there is no {target}"
