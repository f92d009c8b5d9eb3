"""Links of an earlier method, as commands tell of them: none keeps a verdict that nobody is told to have judged again."""

import json
from pathlib import Path
from typing import Any

import pytest

from claimreg.frozen import replace
from claimreg.linker.version import METHOD
from claimreg.model import Change, Link, LinkKind, LinkState
from claimreg.store.factory import open_store

from .conftest import Command

TEXT = """The board said on Friday that profits increased in every region of the country.
The warden told the court that the prisoners were fed twice every single day.
"""
QUOTES = {"Profits fell": "profits decreased in every region of the country", "Food": "the prisoners were fed twice every single day"}


def set_link(registry: Path, link_id: str, **fields: Any) -> None:  # noqa: ANN401 -- the fields of a link
    """Write a link as an earlier claimreg left it."""
    store = open_store(str(registry), create=False)
    with store.write(Change("ann", "2026-01-01T00:00:00Z", "earlier")) as writer:
        link = writer.get(Link, link_id)
        assert link is not None
        writer.put(replace(link, **fields))
    store.close()


@pytest.fixture
def desk(claimreg: Command, registry: Path, tmp_path: Path) -> Command:
    """Two links that an earlier method called near, and a person confirmed the first."""
    source = tmp_path / "board.txt"
    source.write_text(TEXT, encoding="utf-8")
    for claim, quote in QUOTES.items():
        assert claimreg("add", claim, "--by", "Gazette", "--quote", quote, "--lang", "en", "--source", source).code == 0
    earlier: dict[str, Any] = {"kind": LinkKind.NEAR, "flags": (), "score": 97.0, "method": "layered/2"}
    set_link(registry, "L1", state=LinkState.CONFIRMED, **earlier)
    set_link(registry, "L2", **earlier)
    return claimreg


def test_link_all_says_what_is_told_otherwise_now(desk: Command) -> None:
    done = desk("link", "--all")
    assert done.code == 0
    told = done.stderr.splitlines()
    assert "2 links that an earlier method judged: judged again." in told[1]
    assert "L1 was near, now altered: the opposite; it waits for review again." in told[2]
    assert "L2 was near, now exact." in told[3]
    assert [line.split("\t")[:3] for line in done.lines] == [["L1", "suggested", "altered"], ["L2", "suggested", "exact"]]


def test_link_all_tells_programs_what_was_said_before(desk: Command) -> None:
    first, second = desk("link", "--all", "--json").json
    assert (first["kind"], first["flags"], first["not_judged"], first["method"]) == ("altered", ["opposite"], [], METHOD)
    assert first["was"] == {"kind": "near", "flags": [], "not_judged": [], "method": "layered/2", "state": "confirmed"}
    assert (second["kind"], second["was"]["kind"]) == ("exact", "near")
    assert [set(one) & {"was"} for one in desk("link", "--all", "--json").json] == [set(), set()]


def test_a_dry_run_says_the_same_and_records_nothing(desk: Command) -> None:
    before = desk("history", "--json").stdout
    done = desk("link", "--all", "--dry-run")
    assert "2 links that an earlier method judged: would be judged again." in done.stderr
    assert "L1 was near, now altered: the opposite; it waits for review again." in done.stderr
    assert desk("history", "--json").stdout == before


def test_a_place_that_is_found_no_more_is_named(desk: Command, registry: Path) -> None:
    start = TEXT.index("The warden")
    place: dict[str, Any] = {"start": start, "end": start + 10, "exact": "The warden", "parts": (), "words": ()}
    set_link(registry, "L2", state=LinkState.CONFIRMED, **place)
    told = desk("link", "--all").stderr
    assert "L2: its place is no longer found; it is kept as it was judged by layered/2; it waits for review again." in told
    again = desk("link", "--all").stderr
    assert "L2: its place is no longer found; it is kept as it was judged by layered/2." in again


def test_doctor_counts_them_and_names_the_command(desk: Command) -> None:
    done = desk("doctor")
    assert done.code == 0
    assert "mend\t2 links judged by layered/2, an earlier method; run claimreg link --all" in done.lines
    desk("link", "--all")
    assert "layered/2" not in desk("doctor").stdout


def test_verify_and_history_are_whole_before_and_after(desk: Command) -> None:
    assert desk("verify").code == 0
    desk("link", "--all")
    assert desk("verify").code == 0
    last = desk("history", "L1").lines[-1]
    assert "kind: near → altered" in last
    assert "method: layered/2" in last


@pytest.mark.parametrize("form", ["terminal", "md", "html", "json"])
def test_reports_say_which_method_judged(desk: Command, form: str) -> None:
    before = desk("report", "--format", form).stdout
    assert "layered/2" in before
    assert form == "json" or "claimreg link --all" in before
    desk("link", "--all")
    after = desk("report", "--format", form).stdout
    assert "layered/2" not in after
    assert METHOD in after
    assert "link --all" not in after


def test_review_shows_what_was_said_before(desk: Command) -> None:
    desk("link", "--all")
    asked = {one["link"]["id"]: one for one in map(json.loads, desk("review", "--only", "links", "--format", "ndjson").lines)}
    assert asked["L1"]["was"] == {"kind": "near", "flags": [], "not_judged": [], "method": "layered/2"}
    assert asked["L2"]["was"]["kind"] == "near"


def test_no_link_of_an_earlier_method_is_confirmed_unseen(desk: Command, registry: Path) -> None:
    set_link(registry, "L2", kind=LinkKind.EXACT, score=100.0)
    done = desk("review", "--confirm", "--all-exact", "--yes")
    assert done.stdout == "confirmed: 0 links.\n"
    assert "1 link that an earlier method judged: passed over; `claimreg link --all` judges them again." in done.stderr
    desk("link", "--all")
    assert desk("review", "--confirm", "--all-exact", "--yes").stdout == "confirmed: 1 link.\n"


def test_a_negation_just_outside_its_edges_is_not_confirmed_unseen(claimreg: Command, tmp_path: Path) -> None:
    source = tmp_path / "mayor.txt"
    source.write_text("The mayor said that the city does not support the plan of the ministry.\n", encoding="utf-8")
    quote = "support the plan of the ministry"
    assert claimreg("add", "Plan", "--by", "Mayor", "--quote", quote, "--lang", "en", "--source", source).code == 0
    assert claimreg("show", "C1", "--json").json["attributions"][0]["links"][0]["flags"] == ["negation"]
    assert claimreg("review", "--confirm", "--all-exact", "--yes").stdout == "confirmed: 0 links.\n"


def test_check_names_in_a_pipe_what_changed(claimreg: Command, tmp_path: Path) -> None:
    source = tmp_path / "board.txt"
    source.write_text(TEXT, encoding="utf-8")
    done = claimreg("check", QUOTES["Profits fell"], "--in", source)
    assert done.code == 3
    (line,) = done.lines
    assert line.split("\t")[5:] == ["opposite", "increased → decreased"]
    (line,) = claimreg("check", "the prisoners were twice every single day", "--in", source).lines
    assert line.split("\t")[6] == "left out: fed"
    (line,) = claimreg("check", QUOTES["Food"], "--in", source).lines
    assert line.split("\t")[5:] == ["", ""]


def test_what_check_names_is_one_field_of_one_line_whatever_the_words(claimreg: Command, tmp_path: Path) -> None:
    source = tmp_path / "board.txt"
    source.write_bytes("The board said that profits\tincreased\x1b[31m in every\u202e region\nof the country, it was told.\n".encode())
    done = claimreg("check", "The board said that profits fell in every region of the whole country, it was told", "--in", source)
    (line,) = done.lines
    assert line.count("\t") == 6
    assert not set(line) & set("\x1b\u202e")


def test_check_says_what_could_not_be_judged(claimreg: Command, tmp_path: Path) -> None:
    """Of Amharic nothing is known: whether a word denies the other, nobody can say."""
    source = tmp_path / "am.txt"
    source.write_text("መንግሥት ትናንት አዲሱ ድልድይ በሚቀጥለው ዓመት ይከፈታል ብሎ ተናገረ።\n", encoding="utf-8")
    quote = "አዲሱ ድልድይ በሚቀጥለው ዓመት ይዘጋል ብሎ ተናገረ"
    done = claimreg("check", quote, "--in", source, "--json")
    (link,) = done.json["links"]
    assert "negation" in link["not_judged"]
    (line,) = claimreg("check", quote, "--in", source).lines
    assert line.split("\t")[6].endswith(f"not judged: {', '.join(link['not_judged'])}")
