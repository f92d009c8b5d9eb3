"""Buffers that do not fit: the compiled kernel refuses them or gives some number, and reads and writes nothing that is not theirs.

What is read beyond a buffer shows only in a build that looks for it: `python benchmarks/kernel_sanitised.py` runs these tests with one.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels import needs_kernel

from claimreg.linker import kernel
from claimreg.linker.bulk import QuoteCollector, build_index, rarities_of
from claimreg.linker.bulk.foldtable import FoldTable, codes_of, fold_table
from claimreg.linker.bulk.probe import _IDEOGRAPHS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = needs_kernel

QUOTE = "The harbour office says that the night ferry will not run before the old pier is repaired"
TEXTS = [f"{QUOTE}. Nobody knew", "渡轮在旧码头修好之前 \ufdfa ß", f"the old pier {QUOTE[:40]} {QUOTE[30:]}"]
REFUSALS = (ValueError, TypeError, BufferError, OverflowError, MemoryError)
EDGE = 64
"""Bytes before and after what is written to, which nothing may change."""


@dataclass(frozen=True)
class Function:
    """A function of the kernel: the arguments of a call that fits, in one list, and how they are handed over; it fills ``written``."""

    arguments: Callable[[], list[Any]]
    written: tuple[int, ...] = ()
    packed: Callable[[list[Any]], tuple[Any, ...]] = tuple


def fold_arguments() -> list[Any]:
    table, codes = FoldTable(), codes_of(TEXTS)
    table.fold(codes)
    return [codes, *table._buffers, 0, np.zeros(2 * len(codes), np.uint16), 0]


def skeleton_arguments() -> list[Any]:
    codes = codes_of([QUOTE])
    return [codes, np.arange(5_000, dtype=np.uint32).astype(np.uint8), np.zeros(len(codes), np.uint16), 0, 64, 97, 12]


def codes_arguments() -> list[Any]:
    return [[QUOTE, "", "\ud800 渡轮"], np.zeros(len(QUOTE) + 10, np.uint32), 0x110000]


def origins_arguments() -> list[Any]:
    codes, *table = fold_arguments()[:5]
    return [codes, *table, np.zeros(2 * len(codes), np.int64)]


def probe_arguments(kind: int = 0) -> list[Any]:
    collector = QuoteCollector()
    collector.add([("q", QUOTE, ""), ("r", "渡轮在旧码头修好之前", ""), ("s", "pie", "")])
    index = build_index(collector.table(), rarities_of(3, TEXTS))
    grams, table = index.grams[kind], index.table
    seeds = [grams.hashes, grams.units, grams.positions, grams.masks, grams.needed, grams.buckets, grams.bitmap, _IDEOGRAPHS]
    found = [np.zeros(400, np.int64) for _ in range(3)]
    shape = [grams.size, grams.whole, grams.ideographs, grams.bucket_bits, grams.bitmap_bits]
    return [
        *seeds,
        table.keys,
        table.starts,
        table.lengths,
        *shape,
        0.75,
        0.56,
        fold_table().fold(codes_of(TEXTS)),
        *found,
        1 << 16,
        1 << 14,
    ]


def probe_packed(given: list[Any]) -> tuple[Any, ...]:
    return (tuple(given[:11]), tuple(given[11:16]), tuple(given[16:18]), *given[18:22], tuple(given[22:]))


def common_arguments() -> list[Any]:
    keys = fold_table().fold(codes_of(TEXTS))
    starts, lengths = np.array([0, 0, 5, 9]), np.array([70, 70, 1, 64])
    return [keys, starts, lengths, keys, np.array([0, 9, 9, 100]), np.array([80, 90, 9, 140]), np.zeros(4, np.int32)]


FUNCTIONS = {
    "codes": Function(codes_arguments, (1,)),
    "fold": Function(fold_arguments, (6,)),
    "origins": Function(origins_arguments, (5,)),
    "skeleton": Function(skeleton_arguments, (2,)),
    "probe": Function(probe_arguments, (19, 20, 21), probe_packed),
    "probe ideographs": Function(lambda: probe_arguments(-1), (19, 20, 21), probe_packed),
    "probe whole": Function(lambda: probe_arguments(1), (19, 20, 21), probe_packed),
    "common": Function(common_arguments, (6,)),
    "least_end": Function(lambda: [QUOTE[:30], QUOTE, False]),
}
"""What every function of the kernel stands in, more than once where it goes different ways."""

KEPT = {name: function.arguments() for name, function in FUNCTIONS.items()} if kernel.compiled else {}


@dataclass
class Given:
    """An argument as it is handed over, and the memory that it lies in."""

    value: Any
    memory: bytearray
    inside: slice


def as_given(argument: Any, *, written: bool, askew: int = 0) -> Given:  # noqa: ANN401 -- whatever a function takes
    """An array in memory of its own that ends where the array does, or has edges around it where it is ``written``."""
    if not isinstance(argument, np.ndarray):
        return Given(argument, bytearray(), slice(0))
    content = argument.tobytes()
    edge = EDGE if written else 0
    memory = bytearray(b"\xa5" * (edge + askew) + content + b"\xa5" * edge)
    inside = slice(edge + askew, edge + askew + len(content))
    return Given(memoryview(memory)[inside], memory, inside)


def call(name: str, arguments: list[Any], askew: dict[int, int] | None = None) -> Any:  # noqa: ANN401 -- whatever it returns
    """Call a function; nothing but what it is to fill may be changed, and no buffer may be held on to."""
    function = FUNCTIONS[name]
    handed = [as_given(one, written=at in function.written, askew=(askew or {}).get(at, 0)) for at, one in enumerate(arguments)]
    before = [bytes(one.memory) for one in handed]
    assert kernel.compiled is not None
    try:
        found = getattr(kernel.compiled, name.split(" ", 1)[0])(*function.packed([one.value for one in handed]))
    except REFUSALS as error:
        found = error
    for at, (one, old) in enumerate(zip(handed, before, strict=True)):
        if at in function.written:
            assert one.memory[: one.inside.start] == old[: one.inside.start]
            assert one.memory[one.inside.stop :] == old[one.inside.stop :]
        else:
            assert one.memory == old
        if isinstance(one.value, memoryview):
            one.value.release()
            # Python refuses this where a buffer of the memory is still held.
            one.memory.append(0)
    return found


NUMBERS = (-1, 0, 1, 2, 7, 9, 31, 32, 33, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) + 1, (1 << 63) - 1, -(1 << 63), 1 << 64)
FRACTIONS = (0.0, -1.0, 2.0, 1e300, float("inf"), float("-inf"), float("nan"))
STRINGS = ("", "a", "\ud800", "\U0010ffff" * 300, "ab" * 2_048, "a" * 4_097)


def broken(argument: Any, chance: random.Random) -> Any:  # noqa: ANN401 -- whatever a function takes
    """An argument that does not fit, or may not."""
    if isinstance(argument, np.ndarray):
        return broken_array(argument, chance)
    if isinstance(argument, bool):
        return chance.choice([not argument, 7, ""])
    return chance.choice(NUMBERS if isinstance(argument, int) else FRACTIONS if isinstance(argument, float) else STRINGS)


def broken_array(array: Any, chance: random.Random) -> Any:  # noqa: ANN401 -- NumPy's arrays of any type
    flat = array.reshape(-1)
    way = chance.randrange(6)
    if way == 0:
        return flat[: chance.randrange(len(flat) + 1)]
    if way == 1:
        return np.frombuffer(flat.tobytes()[: chance.randrange(flat.nbytes + 1)], np.uint8)
    if way == 2:
        return np.concatenate([flat, flat[: chance.randint(0, len(flat))]])
    changed = flat.copy()
    limits = np.iinfo(changed.dtype)
    numbers = (limits.min, limits.min // 2, -1, 0, 1, len(flat), 1 << 15, limits.max - 1, limits.max)
    values = [min(max(number, limits.min), limits.max) for number in numbers]
    for _ in range(chance.choice([1, 4, 40])):
        if len(changed):
            changed[chance.randrange(len(changed))] = chance.choice(values)
    if way == 3:
        return changed
    if way == 4:
        return np.full_like(changed, chance.choice(values))
    return np.frombuffer(chance.randbytes(changed.nbytes), changed.dtype)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_fits_is_taken(name: str) -> None:
    found = call(name, KEPT[name])
    assert not isinstance(found, Exception)
    if name.startswith("probe"):
        assert found > 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arrays_cut_off_or_askew_or_of_another_kind_are_refused_or_read_as_they_are(name: str) -> None:
    for at, argument in enumerate(KEPT[name]):
        others: list[Any] = [None, object(), "text", b"", 7]
        if isinstance(argument, np.ndarray):
            size = argument.dtype.itemsize
            others += [np.frombuffer(argument.tobytes()[fewer:], np.uint8) for fewer in (1, size, argument.nbytes)]
            assert size == 1 or isinstance(call(name, KEPT[name], {at: 1}), ValueError)
            others.append(np.zeros(0, argument.dtype))
        for other in others:
            call(name, [*KEPT[name][:at], other, *KEPT[name][at + 1 :]])


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if function.written])
def test_what_is_to_be_filled_must_be_writable_and_whole(name: str) -> None:
    function = FUNCTIONS[name]
    assert kernel.compiled is not None
    for at in function.written:
        for unfit in (KEPT[name][at].tobytes(), KEPT[name][at].repeat(2)[::2]):
            arguments = [*KEPT[name][:at], unfit, *KEPT[name][at + 1 :]]
            with pytest.raises((TypeError, BufferError, ValueError)):
                getattr(kernel.compiled, name.split(" ", 1)[0])(*function.packed(arguments))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_too_few_arguments_and_too_many_are_refused(name: str) -> None:
    assert kernel.compiled is not None
    called = getattr(kernel.compiled, name.split(" ", 1)[0])
    packed = FUNCTIONS[name].packed(KEPT[name])
    cut = [(*packed[:at], one[:-1], *packed[at + 1 :]) for at, one in enumerate(packed) if isinstance(one, tuple)]
    for arguments in ((), packed[:-1], (*packed, None), *cut):
        with pytest.raises(TypeError):
            called(*arguments)


@pytest.mark.parametrize(
    ("texts", "expected"), [([QUOTE, None], TypeError), ([b"a"], TypeError), ([QUOTE] * 3, -2), ([""] * 900, -2), ([], 1)]
)
def test_code_points_of_what_is_no_text_or_too_much(texts: list[Any], expected: Any) -> None:  # noqa: ANN401 -- a case's own
    found = call("codes", [texts, *KEPT["codes"][1:]])
    assert isinstance(found, expected) if isinstance(expected, type) else found == expected
    assert call("codes", [[""], np.zeros(0, np.uint32), 0]) == -2


@given(st.sampled_from(list(FUNCTIONS)), st.integers(0, 1 << 40), st.sampled_from([1, 1, 1, 2, 5]))
def test_nothing_that_does_not_fit_does_harm(name: str, seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    arguments = list(KEPT[name])
    for at in chance.sample(range(len(arguments)), min(times, len(arguments))):
        arguments[at] = broken(arguments[at], chance)
    found = call(name, arguments)
    if name.startswith("probe") and isinstance(found, int):
        assert -2 <= found <= 800


@given(st.integers(0, 1 << 40), st.sampled_from(["probe", "probe ideographs", "probe whole"]))
def test_seeds_that_lead_anywhere_do_no_harm(seed: int, name: str) -> None:
    """The hashes stay, so that the seeds are found; what they lead to is any number."""
    chance = np.random.default_rng(seed)
    arguments = list(KEPT[name])
    hashes, units, text, starts = arguments[0], arguments[1], arguments[8], arguments[9]
    arguments[1] = chance.integers(-1, len(starts) + 1, len(units)).astype(np.int32) if seed % 3 else units
    arguments[2] = chance.integers(0, 1 << chance.integers(1, 16), len(hashes)).astype(np.uint16)
    arguments[4] = np.zeros_like(arguments[4])
    arguments[5] = chance.integers(-1, len(hashes) + 2, len(arguments[5])).astype(np.int32) if seed % 5 == 0 else arguments[5]
    reach = int(chance.choice([len(text) + 2, 1 << 20, (1 << 63) - 1]))
    for at in (9, 10):
        arguments[at] = chance.integers(-reach, reach, len(starts)) if chance.random() < 0.6 else arguments[at]
    arguments[16:18] = 0.0, float(chance.choice([0.0, 0.56, 1.0, 9.0]))
    call(name, arguments)


@pytest.mark.timeout(3_600)
@pytest.mark.skipif(not os.environ.get("CLAIMREG_ALL"), reason="it takes minutes; CLAIMREG_ALL=1 runs it")
@pytest.mark.skipif(not shutil.which("gcc") or sys.platform != "linux", reason="the sanitisers of GCC are loaded as on Linux")
def test_a_build_that_looks_for_its_own_mistakes_finds_none(repository: Path) -> None:
    command = [sys.executable, "benchmarks/kernel_sanitised.py", "--seconds", "60"]
    environment = {name: value for name, value in os.environ.items() if name != "CLAIMREG_ALL"}
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-4_000:]
