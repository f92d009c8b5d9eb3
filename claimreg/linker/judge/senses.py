"""Words of an alignment that turn the sense: negations so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker import sameness
from claimreg.linker.lexicon import negations
from claimreg.text.fold import fold_key
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from claimreg.languages import Language
    from claimreg.linker.compare import Step


def denies(left: str, right: str, _language: Language) -> bool:
    """Return whether one of two words is the other with an affix that denies."""
    return sameness.denies(fold_key(left), fold_key(right))


def flags_of_senses(step: Step, _quote: str, _text: str, _language: Language) -> set[Flag]:
    """Whether a step changes a negation."""
    keys = [word.key for word in (*step.quote, *step.source)]
    if any(key in negations() for key in keys):
        return {Flag.NEGATION}
    if not step.quote or not step.source:
        return set()
    left, right = ("".join(word.key for word in words) for words in (step.quote, step.source))
    return {Flag.NEGATION} if sameness.denies(left, right) else set()
