"""How hypothesis chooses examples: the same each time, or, where it is asked to explore, others and more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ASKED = """
from hypothesis import given, settings, strategies as st

@given(st.integers())
def test_what_is_asked(number):
    assert (settings.default.derandomize, settings.default.max_examples) == {expected}
"""


@pytest.mark.parametrize(("options", "expected"), [((), (True, 100)), (("--hypothesis-profile=explore",), (False, 2_000))])
def test_the_profile_that_is_asked_for_counts(
    repository: Path, tmp_path: Path, options: tuple[str, ...], expected: tuple[bool, int]
) -> None:
    for name in ("conftest.py", "loopback.py", "postgres_server.py", "stores.py"):
        (tmp_path / name).write_bytes((repository / "tests" / name).read_bytes())
    (tmp_path / "test_asked.py").write_text(ASKED.format(expected=expected), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
