"""The driver of shared registries: loaded only where an address asks for it, and a sentence says what to install where it is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from .test_startup import modules

WITHOUT_DRIVER = """
import sys
sys.modules["psycopg"] = None  # an import of it fails, as where it was never installed
"""
COMMAND = f"""
{WITHOUT_DRIVER}
from claimreg.__main__ import main
sys.argv = ["claimreg", *sys.argv[1:]]
main()
"""
EVERY_MODULE = f"""
{WITHOUT_DRIVER}
import pkgutil, importlib, claimreg
APART = ("claimreg.spark.entry", "claimreg.store.postgres.")
names = [one.name for one in pkgutil.walk_packages(claimreg.__path__, "claimreg.") if not one.name.startswith(APART)]
for name in names:
    importlib.import_module(name)
print(len(names) > 100)
"""
ADDRESS = "postgresql://ann:s3cret@127.0.0.1:1/desk"
OPENED = f"""
{WITHOUT_DRIVER}
import claimreg
try:
    claimreg.open_registry({ADDRESS!r})
except claimreg.ClaimregError as error:
    print(error)
"""


def of_the_driver(environment: dict[str, str], *arguments: str) -> set[str]:
    return {name for name in modules(environment, *arguments) if name.startswith(("psycopg", "claimreg.store.postgres"))}


def without_driver(script: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_a_folder_needs_nothing_of_it(environment: dict[str, str], notice: Path) -> None:
    quote = "the night ferry will not run"
    commands = [
        ["--version"], ["--help"], ["init"], ["add", "No ferry", "--by", "Harbour office", "--quote", quote, "--source", str(notice)],
        ["list"], ["show", "C1"], ["search", "ferry"], ["link", "--all"], ["report"], ["history"], ["verify"], ["stats"],
    ]  # fmt: skip
    loaded = {" ".join(arguments[:1]): of_the_driver(environment, *arguments) for arguments in commands}
    assert {name: found for name, found in loaded.items() if found} == {}


def test_everything_can_be_imported_without_it(environment: dict[str, str]) -> None:
    done = without_driver(EVERY_MODULE, environment)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.parametrize("arguments", [["list"], ["add", "No ferry", "--by", "A clerk"], ["init"], ["verify"], ["stats"]])
def test_what_to_install_is_told(environment: dict[str, str], arguments: list[str]) -> None:
    done = without_driver(COMMAND, {**environment, "CLAIMREG_DB": ADDRESS}, *arguments)
    told = done.stdout + done.stderr
    assert "pip install 'claimreg[team]'" in told
    assert done.returncode == 2
    assert "Traceback" not in told
    assert "s3cret" not in told


def test_a_program_is_told_the_same(environment: dict[str, str]) -> None:
    done = without_driver(OPENED, environment)
    assert "pip install 'claimreg[team]'" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr
