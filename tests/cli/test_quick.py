"""`show` answered without Typer says just what the command proper says."""

from pathlib import Path

import pytest

from claimreg.cli import quick

from .conftest import Command


@pytest.mark.parametrize("record_id", ["C1", "c1", "S1", "P1", "A1", "L1", "K1", "N1"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_it_says_what_the_command_says(ferry: Command, run: Command, record_id: str, options: list[str]) -> None:
    proper = ferry("show", record_id, *options)
    quickly = run("show", record_id, *options)
    assert proper.code == 0
    assert quickly == proper


def test_typer_is_not_loaded_for_it(ferry: Command, run: Command) -> None:
    assert ferry("list").code == 0
    loaded = run("show", "C1", env={"PYTHONVERBOSE": "1"}).stderr
    assert "import 'claimreg.cli.quick'" in loaded
    assert "import 'typer" not in loaded


@pytest.mark.parametrize("arguments", [["show"], ["show", "C99"], ["show", "nothing"], ["show", "C1", "--what"], ["show", "C1", "C2"]])
def test_what_is_out_of_the_ordinary_is_left_to_the_command(ferry: Command, run: Command, arguments: list[str]) -> None:
    assert run(*arguments) == ferry(*arguments)


def test_a_damaged_registry_is_left_to_the_command(ferry: Command, run: Command, registry: Path) -> None:
    assert ferry("list").code == 0
    (registry / "registry.db").write_bytes(b"rubbish" * 1000)
    done = run("show", "C1")
    assert (done.code, len(done.stderr.splitlines())) == (1, 1)


def test_it_takes_the_location_before_and_after(ferry: Command, registry: Path) -> None:
    assert ferry("list").code == 0
    for arguments in (["--db", str(registry), "show", "C1"], ["show", "C1", "--db", str(registry)]):
        assert quick._read(arguments) == ("show", "C1", str(registry), False, 20)
    assert quick._read(["search", "a pier", "--limit", "3", "--json"]) == ("search", "a pier", None, True, 3)
    assert quick._read(["show", "C1", "--db"]) is None
    assert quick._read(["list"]) is None


@pytest.mark.parametrize("options", [[], ["--json"], ["--limit", "1"], ["--json", "--limit", "1"]])
@pytest.mark.parametrize("query", ["night ferry", "фери", "harbour offices", "nothing of the kind", "*", "ферри отменён", "Ferry [bold]"])
def test_searching_quickly_says_the_same(ferry: Command, run: Command, query: str, options: list[str]) -> None:
    ferry("add", "The pier of the ferry is sound", "--by", "Aida Serik", "--case", "Ferry")
    proper = ferry("search", query, *options)
    quickly = run("search", query, *options)
    assert (quickly.code, quickly.stdout, quickly.stderr) == (proper.code, proper.stdout, proper.stderr)


@pytest.mark.parametrize(
    "options", [["--limit", "0"], ["--limit", "x"], ["--limit"], ["--sort", "date"], ["--verbose"], ["--case", "Ferry"]]
)
def test_other_options_are_left_to_the_command_proper(ferry: Command, run: Command, options: list[str]) -> None:
    proper = ferry("search", "ferry", *options)
    quickly = run("search", "ferry", *options)
    assert (quickly.code, quickly.stdout) == (proper.code, proper.stdout)


def test_a_plain_search_does_without_typer(ferry: Command, run: Command) -> None:
    assert ferry("list").code == 0
    loaded = run("search", "ferry", env={"PYTHONVERBOSE": "1"}).stderr
    assert "claimreg.rank" in loaded
    assert "import 'typer'" not in loaded
