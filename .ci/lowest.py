"""Print a constraint for each dependency and tool of the tests: the lowest version that pyproject.toml allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

LOWEST = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?>=(?P<version>[\d.]+)")


def lowest(requirement: str) -> str:
    """The constraint for one requirement; raises `ValueError` where it names no lowest version."""
    found = LOWEST.match(requirement)
    if found is None:
        raise ValueError(f"{requirement} names no lowest version; say which one in pyproject.toml.")
    return f"{found['name']}=={found['version']}"


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    print(*sorted({lowest(one) for one in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}), sep="\n")  # noqa: T201 -- for pip
