"""Numbers of a rating, which a verdict keeps in the words of its scheme: “1 on a scale from 1 to 5”.

A verdict has a rating in words and a scheme. Numbers say something only beside both ends of their scale, and only where the scale rises
from one end to the other: then they are its scheme, in one form that is read again without a loss. Numbers of any other kind are no scale.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_LONGEST = 20
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_SCHEME = re.compile(r"(\S+) on a scale from (\S+) to (\S+)")


class Scale(NamedTuple):
    """A number between the worst and the best one of its scale, each as it was written."""

    value: str
    worst: str
    best: str


def scale_of(value: str | None, worst: str | None, best: str | None) -> Scale | None:
    """The three numbers of a rating; ``None`` unless all are there, the best is above the worst, and the number is not outside."""
    written = [one.strip() for one in (value, worst, best) if one is not None]
    if len(written) < len(Scale._fields) or not all(len(one) <= _LONGEST and _NUMBER.fullmatch(one) for one in written):
        return None
    scale = Scale(*written)
    number, least, most = map(Decimal, scale)
    return scale if least < most and least <= number <= most else None


def scheme_of(scale: Scale) -> str:
    """The scheme of a verdict with these numbers."""
    return f"{scale.value} on a scale from {scale.worst} to {scale.best}"


def scale_in(scheme: str | None) -> Scale | None:
    """The numbers that a verdict's scheme has; ``None`` for any other scheme."""
    match = _SCHEME.fullmatch(scheme or "")
    return scale_of(*match.groups()) if match else None
