"""Quotes among many stored sources are found through an index that is derived, and made again whenever it is harmed."""

import sqlite3
from pathlib import Path

import pytest

from claimreg.services.linking.likely import FEW

from .conftest import Command, Done

WORDS = "пирс жөнделеді кеме түнде жүрмейді кеңсе хабарлады ауа райы тұман жел толқын жағалау билет жолаушы капитан қонақ сауда".split()  # noqa: SIM905 -- easier to read than a list
HIDDEN = "the harbour master signed the order before midnight and locked the gate"


def text_of(number: int) -> str:
    """A text of its own for each number, in two scripts."""
    kazakh = " ".join(WORDS[(number * 7 + step * step) % len(WORDS)] for step in range(40))
    return (
        f"Notice {number}. {kazakh}. "
        + (f"A clerk wrote that {HIDDEN}. " if number in (5, 31) else "")
        + "京都の港は静かです。" * (number == 9)
    )


@pytest.fixture
def many(claimreg: Command, tmp_path: Path) -> Command:
    files = []
    for number in range(FEW + 10):
        path = tmp_path / f"{number:02}.txt"
        path.write_text(text_of(number), encoding="utf-8")
        files.append(path)
    assert claimreg("source", "add", *files).code == 0
    return claimreg


def places(done: Done) -> list[tuple[str, str]]:
    return [(one["document"], one["kind"]) for one in done.json["links"]]


def test_a_quote_is_found_wherever_it_stands(many: Command, tmp_path: Path) -> None:
    assert places(many("check", HIDDEN, "--json")) == [("S6", "exact"), ("S32", "exact")]
    assert places(many("check", HIDDEN.replace("signed", "sigmed").upper(), "--json")) == [("S6", "near"), ("S32", "near")]
    assert places(many("check", "京都の港は静かです", "--json"))[0][0] == "S10"
    missing = many("check", "nobody ever wrote anything about the lighthouse keeper", "--json")
    assert (missing.code, missing.json["links"]) == (3, [])
    place = many("check", HIDDEN, "--json").json["links"][0]
    assert (tmp_path / "05.txt").read_text(encoding="utf-8")[place["start"] : place["end"]] == HIDDEN


def test_link_finds_it_there_too(many: Command) -> None:
    many("add", "The gate was locked", "--by", "Harbour master", "--quote", HIDDEN)
    assert many("link").code == 0
    links = many("show", "C1", "--json").json["attributions"][0]["links"]
    assert [(link["source_id"], link["kind"]) for link in links] == [("S6", "exact"), ("S32", "exact")]


def test_a_removed_source_is_not_answered_with(many: Command) -> None:
    assert many("check", HIDDEN).code == 0
    assert many("source", "rm", "S6", "--yes").code == 0
    assert places(many("check", HIDDEN, "--json")) == [("S32", "exact")]


@pytest.mark.parametrize("harm", ["gone", "rubbish", "cut", "half the list"])
def test_a_harmed_index_is_made_again(many: Command, registry: Path, harm: str) -> None:
    expected = many("check", HIDDEN, "--json").json
    for path in sorted((registry / ".cache" / "grams").iterdir()):
        if harm == "gone":
            path.unlink()
        elif harm == "rubbish":
            path.write_bytes(b"rubbish" * 30)
        elif harm == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        elif path.name == "index.db":
            with sqlite3.connect(path) as connection:
                connection.execute("UPDATE state SET document = substr(document, 1, length(document) / 2)")
    assert many("check", HIDDEN, "--json").json == expected
    # One more source is taken in whatever was there before.
    more = registry.parent / "more.txt"
    more.write_text(f"Once more: {HIDDEN}.", encoding="utf-8")
    assert many("source", "add", more).code == 0
    assert ("S41", "exact") in places(many("check", HIDDEN, "--json"))


def test_segments_are_merged_and_nothing_is_lost(many: Command, tmp_path: Path, registry: Path) -> None:
    old = [registry / ".cache" / "grams" / name for name in ("segments.json", "1-2.groups.npy")]
    for path in old:
        path.write_bytes(b"of an earlier claimreg")
    for number in range(12):
        path = tmp_path / f"later{number}.txt"
        path.write_text(f"Later {number}: {HIDDEN} {number}.", encoding="utf-8")
        many("source", "add", path)
    assert len(list((registry / ".cache" / "grams").glob("*.segment"))) <= 7
    assert not any(path.exists() for path in old)
    assert len(places(many("check", HIDDEN, "--json"))) == 14
