"""The compiled kernel and the Python that it stands for, side by side."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import pytest

from claimreg.linker import kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

needs_kernel = pytest.mark.skipif(kernel.compiled is None, reason=f"there is no compiled kernel: {kernel.missing}")


@contextmanager
def without_kernel() -> Iterator[None]:
    """Link as where no kernel was built."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "compiled", None)
        yield


def both_ways(work: Callable[[], T]) -> tuple[T, T]:
    """What a piece of work gives with the kernel, and without it."""
    assert kernel.compiled is not None
    with_it = work()
    with without_kernel():
        return with_it, work()


def altered(text: str, edits: int, seed: int) -> str:
    """The text with letters replaced, left out and put in."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    letters = list(text)
    for _ in range(edits if letters else 0):
        at = chance.randrange(len(letters))
        letters[at] = chance.choice(["", chance.choice("abeostzж是 "), letters[at] * 2])
    return "".join(letters)
