"""Prints the lowest version that pyproject.toml allows of each library, one a line, as pip reads them: for the extras named, too."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

LOWER_BOUND = re.compile(r"(?P<name>[\w.-]+(?:\[[\w,]+\])?)>=(?P<version>[\d.]+)")


def lowest(requirement: str) -> str:
    """The lowest version of one requirement, as ``name==version``; raises `SystemExit` where it has no lower bound."""
    found = LOWER_BOUND.match(requirement)
    if found is None:
        sys.exit(f"{requirement!r} in pyproject.toml says no lowest version.")
    return "{name}=={version}".format_map(found.groupdict())


def main(extras: list[str]) -> None:
    """Prints the lines for what the project needs and for the extras named."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    sys.stdout.writelines(f"{lowest(requirement)}\n" for requirement in dict.fromkeys(one for group in wanted for one in group))


if __name__ == "__main__":
    main(sys.argv[1:])
