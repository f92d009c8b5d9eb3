"""The README is true: its walk is run command by command, and its picture can be drawn."""

import os
import re
import subprocess
import sys
from pathlib import Path

from walk import printed_by, steps_of

from claimreg.cli.app import COMMANDS


def test_the_walk_does_what_it_says(repository: Path, tmp_path: Path) -> None:
    steps = steps_of((repository / "README.md").read_text(encoding="utf-8"))
    assert len(steps) > 8
    assert printed_by(steps, tmp_path, repository) == steps
    assert "Ilyashev committed no crime" in (tmp_path / "ilyashev.md").read_text(encoding="utf-8")


def test_the_picture_is_drawn_from_the_bundled_case(repository: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.svg"
    subprocess.run([sys.executable, str(repository / "docs" / "picture.py"), str(target)], check=True, cwd=repository)
    drawn = target.read_text(encoding="utf-8")
    assert drawn == (repository / "docs" / "report.svg").read_text(encoding="utf-8"), "run: python docs/picture.py docs/report.svg"
    assert not re.search(r"(href|src|url)\s*[=(]\s*[\"']?http", drawn), "the picture fetches something"


def test_every_command_is_in_the_table_of_what_it_does(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+? \| ((?:`[a-z]+` ?)+)\|$", readme, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([a-z]+)`", row)]
    assert sorted(named) == sorted(COMMANDS)


def test_the_readme_is_short_and_its_links_lead_somewhere(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n") <= 150
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (repository / target).is_file(), target


def test_the_use_as_a_library_runs(repository: Path, tmp_path: Path) -> None:
    block = re.findall(r"```python\n(.*?)```", (repository / "README.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "number" in done.stdout
