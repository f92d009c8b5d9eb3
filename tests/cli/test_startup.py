"""What starting costs: `--version` and `--help` load nothing that only commands need."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("rapidfuzz", "tinydb", "rich", "numpy", "langcodes", "platformdirs", "sqlite3", "markdown_it", "edlib", "pydantic", "psycopg")
SCRIPT = """
import sys
from claimreg.__main__ import main
sys.argv = ["claimreg", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(sys.modules))
"""


def loaded(environment: dict[str, str], *arguments: str) -> set[str]:
    return {name.split(".")[0] for name in modules(environment, *arguments)}


def modules(environment: dict[str, str], *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("argument", ["--version", "--help", "-h"])
def test_version_and_help_load_nothing_heavy(environment: dict[str, str], argument: str) -> None:
    modules = loaded(environment, argument)
    assert "claimreg" in modules
    assert not modules.intersection(HEAVY)


def test_the_version_is_told_without_typer(environment: dict[str, str]) -> None:
    assert "typer" in loaded(environment, "--help")
    assert "typer" not in loaded(environment, "--version")


@pytest.mark.parametrize("command", ["add", "list", "search", "report", "check", "proof", "demo"])
def test_a_commands_help_loads_no_library_of_its_work(environment: dict[str, str], command: str) -> None:
    assert not loaded(environment, command, "--help").intersection(
        {"rapidfuzz", "tinydb", "rich", "numpy", "markdown_it", "edlib", "langcodes"}
    )


def test_spark_is_loaded_only_where_it_does_the_work(environment: dict[str, str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    for arguments in (["--help"], ["--quotes", str(empty), "--docs", str(empty), "-o", str(tmp_path / "links.jsonl")]):
        assert not loaded(environment, "scan", *arguments).intersection({"pyspark", "py4j"})


def test_the_compiled_kernel_is_loaded_by_no_command_that_looks_for_no_quote(environment: dict[str, str]) -> None:
    for arguments in (["--version"], ["--help"], ["init"], ["add", "The pier is sound", "--by", "A clerk"], ["list"]):
        assert not modules(environment, *arguments).intersection({"claimreg.linker.kernel", "claimreg.linker._kernel"})


def test_listing_in_a_pipe_does_without_matching_and_rich(environment: dict[str, str]) -> None:
    loaded(environment, "init")
    assert not loaded(environment, "list").intersection({"rapidfuzz", "rich", "numpy", "markdown_it", "edlib"})


@pytest.mark.usefixtures("registry")
def test_adding_a_text_loads_no_library_that_reads_searches_or_links(environment: dict[str, str], tmp_path: Path) -> None:
    text = tmp_path / "notice.txt"
    text.write_text("The harbour office said that the night ferry will not run before the pier is repaired. " * 3, encoding="utf-8")
    loaded(environment, "init")
    loaded(environment, "source", "add", str(text))
    text.write_text("A clerk said that the ticket hall stays shut, and that the ferry carries no cars in winter. " * 3, encoding="utf-8")
    heavy = {"numpy", "py3langid", "langcodes", "rapidfuzz", "edlib", "lxml", "trafilatura", "pypdf", "rich", "markdown_it"}
    assert not loaded(environment, "source", "add", str(text)).intersection(heavy)


def test_formats_of_others_are_loaded_only_where_they_are_used(environment: dict[str, str], tmp_path: Path) -> None:
    lines = tmp_path / "claims.ndjson"
    lines.write_text('{"text": "The pier is closed"}\n', encoding="utf-8")
    for arguments in (["--version"], ["add", "The pier is sound", "--by", "A clerk"], ["list"]):
        assert not {name for name in modules(environment, *arguments) if name.startswith(("claimreg.interchange", "openpyxl"))}
    for arguments in (["import", str(lines)], ["export", "--to", "ndjson", "-o", str(tmp_path / "out.ndjson")]):
        found = modules(environment, *arguments)
        assert {name for name in found if name.startswith("claimreg.interchange.")} <= {
            "claimreg.interchange.formats", "claimreg.interchange.detect", "claimreg.interchange.lines"
        }  # fmt: skip
        assert not found.intersection({"openpyxl", "lxml", "py3langid"})
