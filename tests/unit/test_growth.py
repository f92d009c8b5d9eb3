"""The measure of growth itself, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from growth import assert_fair_growth


class Work:
    def __init__(self, cost: Callable[[int], float], disturbed: int = 0) -> None:
        self.now = 0.0
        self.cost = cost
        self.disturbed = disturbed

    def make(self, size: int) -> Callable[[], object]:
        return lambda: self.do(size)

    def do(self, size: int) -> None:
        self.now += self.cost(size)
        if size > 100 and self.disturbed:
            self.disturbed -= 1
            self.now += 1_000.0

    def clock(self) -> float:
        return self.now


def test_what_grows_with_its_size_is_fair_also_when_it_is_disturbed_twice() -> None:
    for disturbed in (0, 2):
        work = Work(lambda size: size / 100, disturbed)
        assert_fair_growth(work.make, 100, work.clock)


def test_what_grows_with_its_square_is_not() -> None:
    work = Work(lambda size: (size / 100) ** 2)
    with pytest.raises(AssertionError, match=r"took 16\.00 s of the processor where 10\.05 s would be fair"):
        assert_fair_growth(work.make, 100, work.clock)
