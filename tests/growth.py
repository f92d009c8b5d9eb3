"""That work grows with its size and no faster, whatever the machine and what else runs on it."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

import pytest

TIMES = 4
"""How much larger the larger work is: what grows with its square takes 16 times as long."""

BAR = 10.0
"""Times as long that the larger work may take: caches and collectors make even what is fair take somewhat more than 4."""

UNMEASURED = 0.05
"""Seconds of the processor that are too few to tell growth by."""


def assert_fair_growth(make: Callable[[int], Callable[[], object]], size: int, clock: Callable[[], float] = time.process_time) -> None:
    """Do the work that ``make`` makes ready for ``size`` and for four times as much, and compare what each took of the processor.

    What is slow once may have been disturbed: the larger work is done up to three times. Where lines are traced, such as to learn what
    tests reach, the work is done once and nothing compared: the tracer's own time would be.
    """
    if sys.gettrace() is not None:
        make(size)()
        pytest.skip("what is traced takes the tracer's time, too")
    small, large = make(size), make(TIMES * size)
    allowed = BAR * min(_taken(small, clock), _taken(small, clock)) + UNMEASURED
    taken: list[float] = []
    for _ in range(3):
        taken.append(_taken(large, clock))
        if taken[-1] <= allowed:
            return
    raise AssertionError(f"{TIMES} times as much took {min(taken):.2f} s of the processor where {allowed:.2f} s would be fair")


def _taken(work: Callable[[], object], clock: Callable[[], float]) -> float:
    # The collector of garbage goes through all that lives, and what earlier tests left is none of this work's.
    gc.collect()
    gc.freeze()
    try:
        began = clock()
        work()
        return clock() - began
    finally:
        gc.unfreeze()
