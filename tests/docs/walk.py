"""Pages with console blocks: their commands, run one after the other in one shell, and what each printed; and Python's, run likewise."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

Step = tuple[str, str]
"""A command, which may go over several lines, and the output that the page shows for it."""

_END = "@@ end\n"


def steps_of(page: str) -> list[Step]:
    """The commands of the console blocks with the output each must print."""
    steps: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.split("\n")
            end = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
            steps.append(("\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])))
    return steps


def printed_by(steps: list[Step], folder: Path, repository: Path, more: Mapping[str, str] | None = None) -> list[Step]:
    """The same commands with what they print, run in ``folder`` as a reader would run them in a clone.

    ``more`` are variables of the environment, which count first. No terminal is theirs:
    a program that asks for a password reads it from standard input, which is empty.
    """
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the pages are for bash, which is not here")
    (folder / "bin").mkdir()
    command = folder / "bin" / "claimreg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m claimreg "$@"\n')
    command.chmod(0o755)
    for name in ("data", "tests"):
        (folder / name).symlink_to(repository / name)
    # What the reader of a page has not set may not decide what it shows.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CLAIMREG_", "COLUMNS"))}
    more = {"PATH": os.environ["PATH"], "CLAIMREG_STATE": "off", "CLAIMREG_CONFIG": "off", **(more or {})}
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), more["PATH"]])
    script = "set -e\n" + "".join(f"{line}\necho '{_END.strip()}'\n" for line, _output in steps)
    done = subprocess.run(
        [bash, "-c", script],
        cwd=folder,
        env={**own, **more, "PATH": path, "PYTHONPATH": str(repository)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-500:]
    printed = done.stdout.split(_END)[:-1]
    return [(line, output) for (line, _expected), output in zip(steps, printed, strict=True)]


def sessions_of(page: str) -> str:
    """The page's sessions of Python, line by line, all else emptied: so that what is told of a line has the page's own number."""
    kept: list[str] = []
    inside = False
    for line in page.splitlines():
        inside = line == "```pycon" or (inside and line != "```")
        kept.append(line if inside and line != "```pycon" else "")
    return "\n".join(kept) + "\n"


def python_failures(page: str, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What of a page's sessions of Python, run in ``folder`` as one, does not print what the page shows; nothing when all does."""
    monkeypatch.chdir(folder)
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest(sessions_of(page), {}, name, name, 0)
    assert test.examples, f"{name} has no session of Python"
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    return "".join(told)
