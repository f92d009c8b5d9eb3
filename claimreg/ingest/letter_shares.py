"""Shares of each letter in languages, from a table beside this module that `benchmarks/fit_encodings.py` counts in our own data."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from claimreg.shipped import folder_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = folder_of("claimreg.ingest", __file__) / "letters.toml"
UNIT = 1_000_000
LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0e30-\u0e3a\u0e45-\u0e4e])"
"""Pattern of a letter, or of a vowel or a tone that stands above or below one."""

OTHER = "Zyyy"
_UNSEEN = 2e-5
UNSEEN = math.log(_UNSEEN)
"""Weight of a letter that a language does not have: it comes in names."""

_BLOCKS = (
    ("Latn", "A", "\u024f"), ("Latn", "\u0300", "\u036f"), ("Latn", "\u1e00", "\u1eff"), ("Grek", "\u0370", "\u03ff"),
    ("Grek", "\u1f00", "\u1fff"), ("Cyrl", "\u0400", "\u052f"), ("Armn", "\u0530", "\u058f"), ("Hebr", "\u0590", "\u05ff"),
    ("Arab", "\u0600", "\u06ff"), ("Thai", "\u0e00", "\u0e7f"), ("Geor", "\u10a0", "\u10ff"),
)  # fmt: skip


def script_of(letter: str) -> str:
    """The script (ISO 15924) of a letter, by the block that it is in."""
    return next((script for script, first, last in _BLOCKS if first <= letter <= last), OTHER)


@cache
def weights_by_script() -> Mapping[str, tuple[Mapping[str, float], ...]]:
    """For each script its languages: the logarithm of each letter's share."""
    found: dict[str, list[dict[str, float]]] = {}
    for name, shares in tomllib.loads(TABLE.read_text(encoding="utf-8")).items():
        weights = {one[0]: math.log(int(one[1:]) / UNIT) for one in shares.split()}
        found.setdefault(name.rpartition("-")[2], []).append(weights)
    return {script: tuple(languages) for script, languages in found.items()}
