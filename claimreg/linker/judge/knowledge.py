"""Knowledge of slips in general, read from the file beside this module; languages have their own files."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from claimreg.kept import kept
from claimreg.shipped import folder_of

Words = tuple[str, ...]
_PATH = folder_of("claimreg.linker.judge", __file__) / "confusions.toml"


class Knowledge(NamedTuple):
    """The tables of ``confusions.toml``, see there.

    ``counted`` are the letters that scanners mistook for each other, both and the number of times by turns.
    """

    keyboards: tuple[Words, ...]
    shapes: Words
    counted: Words
    vowels: str
    plain: Words
    capital_nouns: Words
    tones: Words
    sparse: Words
    transliterations: Words


@cache
def knowledge() -> Knowledge:
    """The tables, read once."""
    table = kept("confusions", [_PATH], _tables)
    return Knowledge(
        keyboards=tuple(tuple(rows.split()) for rows in table["keyboards"]),
        vowels=table["vowels"],
        **{name: tuple(value.split()) for name, value in table.items() if name not in ("keyboards", "vowels")},
    )


def _tables() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(_PATH.read_text(encoding="utf-8"))
