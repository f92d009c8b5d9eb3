"""What `import claimreg` gives a program."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import claimreg
from claimreg.linker import LayeredLinker
from claimreg.linker import Linker as AnyLinker
from claimreg.model import Flag, LinkKind

TEXT = "The mayor said that the old bridge would not be closed before the festival, because 120 families depend on it.\n"
ALTERED = "because 100 families depend on it"


def without_a_registry(name: str) -> bool:
    """Whether the name's home is not in this version."""
    return find_spec(claimreg._HOMES.get(name, "claimreg")) is None


@pytest.mark.parametrize("name", claimreg.__all__)
def test_every_name_is_there(name: str) -> None:
    if without_a_registry(name):
        pytest.skip(f"{claimreg._HOMES[name]} is not built yet")
    assert getattr(claimreg, name) is not None
    assert name in dir(claimreg)


def test_the_homes_are_those_of_the_names() -> None:
    assert {*claimreg._HOMES, "__version__"} == {*claimreg.__all__}


def test_another_name_is_told_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'claimreg' has no attribute 'chek'"):
        claimreg.chek  # noqa: B018 -- looking it up is what is tried


def loaded_by(program: str) -> set[str]:
    script = f"import sys\n{program}\nprint(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_loads_nothing_before_it_is_asked_for() -> None:
    assert {name for name in loaded_by("import claimreg") if name.startswith("claimreg")} == {"claimreg"}


def test_checking_loads_no_more_than_the_linker() -> None:
    modules = loaded_by("import claimreg; claimreg.check('the old bridge would be closed', 'the old bridge would not be closed')")
    assert "rapidfuzz" in modules
    assert modules.isdisjoint({"typer", "rich", "numpy", "tinydb", "sqlite3", "langcodes"})
    assert not {name for name in modules if name.startswith(("claimreg.services", "claimreg.store", "claimreg.cli"))}


def test_an_altered_number_is_found_named_and_not_intact() -> None:
    checked = claimreg.check(ALTERED, TEXT)
    (match,) = checked.matches
    assert checked.found
    assert not checked.intact
    assert checked.nearest is None
    assert (match.kind, match.flags, match.exact) == (LinkKind.ALTERED, (Flag.NUMBER,), "because 120 families depend on it")
    assert str(checked) == (
        f"altered (number) at {match.start}-{match.end}: 'because 120 families depend on it'; '100' where the text has '120'"
    )
    assert repr(checked).startswith(
        f"QuoteCheck(found=True, intact=False, matches=(Match(start={match.start}, end={match.end}, exact='because 120"
    )
    assert "WordEdit" not in repr(checked)


def test_the_article_gives_the_altered_number(article_path: Path) -> None:
    told = str(claimreg.check("120 сағат түзеу жұмысын атқаруға", article_path.read_text(encoding="utf-8")))
    assert "'120' where the text has '100'" in told


def test_words_that_stand_there_are_intact() -> None:
    checked = claimreg.check("the old bridge would not be closed", TEXT)
    assert (checked.found, checked.intact) == (True, True)
    assert str(checked) == "exact at 20-54: 'the old bridge would not be closed'"


def test_added_and_left_out_words_are_told() -> None:
    told = str(claimreg.check("the mayor said loudly that the old bridge would be closed before the festival", TEXT))
    assert "'loudly' is not in the text" in told
    assert "'not' is left out" in told
    assert "negation" in told


def test_what_is_not_there_is_not_found() -> None:
    checked = claimreg.check("nobody ever wrote such words anywhere", TEXT)
    assert (checked.found, checked.intact, checked.matches, str(checked)) == (False, False, (), "not found")


def test_a_near_miss_is_told_and_is_no_match() -> None:
    checked = claimreg.check("the old bridge could not have been finished for the festival games", TEXT)
    assert not checked.found
    assert checked.nearest is not None
    assert str(checked).startswith("not found; nearest is altered")


def test_signs_that_act_on_a_terminal_are_escaped() -> None:
    told = str(claimreg.check("the old bridge would not be closed", "He said: the old \x1b[31mbridge\u202e would not be closed.\n"))
    assert told.isprintable()
    assert "\\x1b[31m" in told


def test_the_linker_is_the_engine_of_the_commands() -> None:
    linker: AnyLinker = claimreg.Linker()
    assert linker.name == LayeredLinker.name
    assert linker.find(ALTERED, TEXT) == LayeredLinker().find(ALTERED, TEXT)


@pytest.mark.parametrize("lang", ["kk", "kk-Latn", "pt-BR"])
def test_a_language_is_taken(lang: str) -> None:
    assert claimreg.check(ALTERED, TEXT, lang=lang) == claimreg.check(ALTERED, TEXT)


@pytest.mark.parametrize(("quote", "lang"), [(ALTERED, "Kazakh, in Latin letters"), (ALTERED, ""), ("…", None), ("", None)])
def test_what_cannot_be_looked_for_is_an_expected_error(quote: str, lang: str | None) -> None:
    with pytest.raises(claimreg.ClaimregError):
        claimreg.check(quote, TEXT, lang=lang)
