import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from claimreg.store.vectors import VectorCache

SIZE = 8


def some(first: int, count: int) -> dict[bytes, np.ndarray]:
    chance = np.random.default_rng(first)
    rows = chance.normal(size=(count, SIZE))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {(first + at).to_bytes(16, "little"): row.astype(np.float16) for at, row in enumerate(rows)}


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "made" / "vectors"
    VectorCache(path, SIZE).add_many(some(0, 20))
    found = VectorCache(path, SIZE).get_many([*some(0, 20), b"x" * 16])
    assert {key: row.tolist() for key, row in found.items()} == {key: row.tolist() for key, row in some(0, 20).items()}


@pytest.mark.parametrize("cut", [1, 7, 31, 33, 100])
def test_a_torn_file_loses_only_what_was_torn(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "vectors"
    VectorCache(path, SIZE).add_many(some(0, 20))
    path.write_bytes(path.read_bytes()[:-cut])
    cache = VectorCache(path, SIZE)
    whole = len(cache)
    assert whole == 20 - -(-cut // 32)
    cache.add_many(some(100, 5))
    assert len(VectorCache(path, SIZE).get_many([*some(0, 20), *some(100, 5)])) == whole + 5


@pytest.mark.parametrize("content", [b"", b"\0", b"claimreg", b"no header at all, but long enough to be one" * 9])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(content)
    cache = VectorCache(path, SIZE)
    assert len(cache) == 0
    cache.add_many(some(0, 3))
    assert len(VectorCache(path, SIZE).get_many(list(some(0, 3)))) == 3


def test_a_vector_that_was_changed_is_not_given_out(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    VectorCache(path, SIZE).add_many(some(0, 3))
    content = bytearray(path.read_bytes())
    content[32 + 16 : 32 + 32] = b"\x7e" * 16
    path.write_bytes(content)
    cache = VectorCache(path, SIZE)
    assert len(cache.get_many(list(some(0, 3)))) == 2
    cache.add_many(some(0, 1))
    assert len(cache.get_many(list(some(0, 3)))) == 3


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file" / "vectors", SIZE)
    cache.add_many(some(0, 3))
    assert cache.get_many(list(some(0, 3))) == {}


def _write(path: Path, first: int) -> None:
    for step in range(20):
        VectorCache(path, SIZE).add_many(some(first + step * 3, 3))


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_write, args=(path, first)) for first in (0, 1_000)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(VectorCache(path, SIZE)) == 120
