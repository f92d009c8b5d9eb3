"""Numbers and dates in the words of an alignment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.linker.lexicon import dates, numbers
from claimreg.vocabulary import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.languages import Language
    from claimreg.linker.compare import Step

_YEAR = re.compile(r"(?:1\d|20)\d\d(?!\d)")


def by_value(steps: Sequence[Step], _quote: str, _text: str, _language: Language) -> list[Step]:
    """The steps, with runs of one value as one step."""
    return list(steps)


def flags_of_values(step: Step, _quote: str, _text: str, _language: Language) -> set[Flag]:
    """Whether a step changes a number or a date."""
    keys = [word.key for word in (*step.quote, *step.source)]
    found: set[Flag] = set()
    if any(key in numbers() or key[0].isdigit() for key in keys):
        found.add(Flag.NUMBER)
    if any(key in dates() or _YEAR.match(key) for key in keys):
        found.add(Flag.DATE)
    return found
