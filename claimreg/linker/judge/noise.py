"""Debris of scanning: what stands where letters were, and says nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.linker.compare import Step
    from claimreg.linker.passage import Word

_NUMBER = re.compile(r"\d+\D{0,3}")


def is_debris(step: Step) -> bool:
    """Return whether figures stand on one side only, and none of them is a number: single ones, or some among letters."""
    quote, source = ([word for word in words if word.key[0].isdigit()] for words in (step.quote, step.source))
    if bool(quote) == bool(source):
        return False
    return all(_is_no_number(word) for word in quote or source)


def _is_no_number(word: Word) -> bool:
    figures = sum(map(str.isdigit, word.key))
    return len(word.key) == 1 or (2 * figures <= len(word.key) and not _NUMBER.fullmatch(word.key))
