"""Fixtures that all tests share."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from loopback import Site
from stores import STORES

from claimreg.store.port import Store

settings.register_profile("default", deadline=None, derandomize=True)
# Other examples each time, and more where a test names no number: pytest --hypothesis-profile=explore. What it finds becomes an example.
settings.register_profile("explore", deadline=None, derandomize=False, max_examples=2_000, print_blob=True)
settings.load_profile("default")

# What the tester's own registries were last seen at is none of a test's business; those that are about it name a folder.
os.environ["CLAIMREG_STATE"] = "off"
# Neither are the tester's own settings.
os.environ["CLAIMREG_CONFIG"] = "off"

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def article_path() -> Path:
    """The Kazakh article the project starts from; it is not part of the repository."""
    path = REPOSITORY.parent / "shared" / "seed" / "article-kk.txt"
    if not path.exists():
        pytest.skip("the seed article is not on this machine")
    return path


@pytest.fixture(autouse=True, scope="session")
def registries_cached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process keeps the indexes of shared registries: not in the tester's own cache."""
    folder = tmp_path_factory.mktemp("registries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claimreg.store.postgres.indexes.cache_folder", lambda: folder)
        yield folder


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty registry, one of each kind of store in turn."""
    with closing(STORES[request.param](tmp_path)) as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on this machine."""
    server = Site()
    yield server
    server.close()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name packed bytes alike: they hold the time of packing, and the processes that share the tests must name each test the same."""
    packed = isinstance(val, bytes) and val.startswith((b"\x1f\x8b", b"PK\x03\x04")) and len(val) > len("PK..")
    return f"packed {argname}" if packed else None
