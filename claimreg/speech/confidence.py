"""How often a rule was right on texts with known answers: the confidence of what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.speech.types import Mode

_UNKNOWN = 0.5
_MEASURED: dict[str, float] = {}
"""Share right by rule, kind of cue and mode, or by rule alone; written by ``benchmarks/fit_speech.py``."""


def confidence(rule: str, kind: str, mode: Mode) -> float:
    """The share of statements found by a rule, with a kind of cue and in a mode, that were right; of the rule, else a half."""
    return _MEASURED.get(f"{rule} {kind} {mode}", _MEASURED.get(rule, _UNKNOWN))
