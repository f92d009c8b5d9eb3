"""The bench on which real commands are put under faults."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from loopback import Site

from .harness import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("faults are injected through LD_PRELOAD: needs Linux and a C compiler")
    site = Site()
    yield Bench(tmp_path_factory.mktemp("bench"), compiler, site)
    site.close()
