"""TinyDB's own test suite, run on our storage and table; it is fetched when this test runs and never kept."""

import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

KNOWN_DIFFERENCES = {
    "test_tables.py::test_next_id": "ids are never used twice, so a fresh start after drop_tables goes on counting",
    "test_tables.py::test_truncate_table": "as above, after truncate",
    "test_tables.py::test_query_cache": "there is no query cache: another process may have written since",
    "test_tables.py::test_query_cache_size": "as above",
    "test_tables.py::test_lru_cache": "as above",
    "test_tinydb.py::test_search": "as above: it looks into the cache",
    "test_tinydb.py::test_search_path": "as above",
    "test_tables.py::test_table_repr": "it spells out the names of TinyDB's own storages",
}
SUITES = ("test_tables.py", "test_operations.py", "test_queries.py", "test_tinydb.py", "test_utils.py")

CONFTEST = """
import pytest
import tinydb
import tinydb.database
import tinydb.storages
from claimreg.store.tinydb_sqlite import SQLiteDB, SQLiteStorage
from tinydb.middlewares import CachingMiddleware


class MemoryStorage(SQLiteStorage):
    def __init__(self):
        super().__init__(":memory:")


class JSONStorage(SQLiteStorage):
    def __init__(self, path, **options):
        super().__init__(path)


class TinyDB(SQLiteDB):
    default_storage_class = JSONStorage


tinydb.TinyDB = tinydb.database.TinyDB = TinyDB
tinydb.storages.MemoryStorage = MemoryStorage
tinydb.JSONStorage = tinydb.storages.JSONStorage = JSONStorage


@pytest.fixture
def db(tmp_path):
    database = TinyDB(tmp_path / "test.db")
    database.drop_tables()
    database.insert_multiple({"int": 1, "char": character} for character in "abc")
    return database


@pytest.fixture
def storage():
    return CachingMiddleware(MemoryStorage)()
"""


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    release = f"tinydb=={version('tinydb')}"
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "tinydb", "--dest", str(tmp_path), release]
    fetched = subprocess.run(fetch, capture_output=True, text=True, check=False, timeout=240)
    archives = list(tmp_path.glob("*.tar.gz"))
    if fetched.returncode != 0 or not archives:
        pytest.skip(f"the source of {release} cannot be fetched here: {fetched.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(tmp_path, filter="data")
    (tests,) = tmp_path.glob("*/tests")
    (tests / "conftest.py").write_text(CONFTEST)
    return tests


def test_upstreams_own_tests_pass_but_for_known_differences(upstream: Path, repository: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider", "-o", "addopts=", *SUITES]
    done = subprocess.run(
        command, cwd=upstream, env={"PYTHONPATH": str(repository), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    failed = {match[1] for match in re.finditer(r"^FAILED (?:tests/)?(\S+)", done.stdout, re.MULTILINE)}
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None, done.stdout[-2000:] + done.stderr[-2000:]
    assert int(passed[1]) >= 110
    assert failed == set(KNOWN_DIFFERENCES), done.stdout[-3000:]
