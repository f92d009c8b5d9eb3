"""Name what could not be judged of a place, for want of data on its language: silence is never to be taken for judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.judge.words import Reason
from claimreg.linker.sameness import Sameness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.languages import Language
    from claimreg.linker.compare import Step
    from claimreg.linker.judge.setting import Setting

_UNSURE = (Reason.UNSURE, Reason.ENDING)
"""Reasons that may hide another sense where the language's own signs of it are not known."""


def unjudged(steps: Sequence[Step], reasons: Sequence[Reason | None], setting: Setting) -> tuple[str, ...]:
    """Names of what could not be judged, in a fixed order: ``word`` where a slip may be another word, then signs without data."""
    found = ["word"] if Reason.UNSURE in reasons and not setting.known else []
    if any(_may_hide(step, reason) for step, reason in zip(steps, reasons, strict=True)):
        found += [name for name, known in _known(setting.language).items() if not known]
    return tuple(found)


def _may_hide(step: Step, reason: Reason | None) -> bool:
    return step.same is Sameness.OTHER or (step.same is Sameness.SLIP and reason in _UNSURE)


def _known(language: Language) -> dict[str, bool]:
    """Return whether a language's file tells of each kind of sign."""
    return {
        "negation": bool(language.negation.words),
        "number": bool(language.numbers or language.numerals.cardinals),
        "date": bool(language.dates or language.calendar.months),
        "hedge": bool(language.hedges),
        "quantifier": bool(language.quantifiers),
        "opposite": bool(language.opposites),
    }
