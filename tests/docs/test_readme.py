"""The README is true: its walk is run command by command, and its picture can be drawn."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from claimreg.cli.app import COMMANDS

Step = tuple[str, str]


def walk(readme: str) -> list[Step]:
    """The commands of the console blocks with the output each must print."""
    steps: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", readme, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            end = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
            steps.append(("\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])))
    return steps


def test_the_walk_does_what_it_says(repository: Path, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the walk is for bash, which is not here")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "claimreg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimreg "$@"\n')
    command.chmod(0o755)
    (tmp_path / "data").symlink_to(repository / "data")
    steps = walk((repository / "README.md").read_text(encoding="utf-8"))
    assert len(steps) > 8
    script = "set -e\n" + "".join(f"{line}\necho '@@ end'\n" for line, _output in steps)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(repository)}
    done = subprocess.run(
        [bash, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split("@@ end\n")[:-1]
    assert [(line, output) for (line, _expected), output in zip(steps, printed, strict=True)] == steps
    assert "Ilyashev committed no crime" in (tmp_path / "ilyashev.md").read_text(encoding="utf-8")


def test_the_picture_is_drawn_from_the_bundled_case(repository: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.svg"
    subprocess.run([sys.executable, str(repository / "docs" / "picture.py"), str(target)], check=True, cwd=repository)
    drawn = target.read_text(encoding="utf-8")
    assert drawn == (repository / "docs" / "report.svg").read_text(encoding="utf-8"), "run: python docs/picture.py docs/report.svg"
    assert not re.search(r"(href|src|url)\s*[=(]\s*[\"']?http", drawn), "the picture fetches something"


def test_the_table_of_commands_is_the_programs_own(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+)` \| (.+?) \|$", readme, re.MULTILINE))
    assert rows == {name: text for name, (_where, text) in COMMANDS.items()}
