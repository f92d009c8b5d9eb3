"""The day of a desk at a real terminal, from a spreadsheet of claims to a published report, its correction and an undo."""

import re
from pathlib import Path

import pytest

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from desk_day import CLAIMS, CORRECTION, DOCUMENTS, DeskDay


@pytest.fixture
def desk(tmp_path: Path, environment: dict[str, str]) -> DeskDay:
    return DeskDay(tmp_path, environment)


def review_all(desk: DeskDay) -> str:
    """Confirm every place that waits but those with other words, which are rejected; the last words of the review."""
    with desk.at("review", "--only", "links", lines=40) as terminal:
        shown = terminal.wait_for(" of ")
        while "The end" not in shown:
            number = re.search(r"(\d+) of \d+", shown)
            assert number is not None, shown
            follows = f"{int(number[1]) + 1} of "
            terminal.press("n" if "look at" in shown and "number" in shown else "y")
            while follows not in terminal.shown and "The end" not in terminal.shown:
                assert terminal.read_on(8), terminal.shown
            shown = terminal.settles(0.05)
        terminal.press("q")
        assert terminal.ends() == 0
        return terminal.shown


def test_the_day_of_a_desk(desk: DeskDay, claimreg: Command) -> None:
    # Twenty claims come from a spreadsheet before there is a source: nobody has looked for their quotes.
    assert "20" in desk.types("import", "claims.csv")
    listed = desk.types("list")
    assert len([line for line in listed.splitlines() if re.match(r" ?C\d", line)]) == len(CLAIMS)
    assert {one["id"] for one in claimreg("list", "--state", "not-looked", "--json").json} == {f"C{n}" for n in range(1, 21)}
    assert "found nowhere" not in claimreg("report", "C1", "--format", "md").stdout

    # The sources are stored, and the quotes looked for in them.
    desk.types("source", "add", *DOCUMENTS)
    desk.types("link", "--all")
    lost = {one["text"] for one in claimreg("list", "--not-found", "--json").json}
    assert lost == {"The collision injured a traveller", "Machinery broke down at sea"}
    overview = desk.types("report")
    assert "20 claims" in overview
    assert "claimreg review" in overview
    assert all(len(line) <= 80 for line in overview.splitlines())

    # Links are reviewed: seventeen stand, the other number is rejected.
    assert "The end" not in review_all(desk)
    states = [link["state"] for claim in claimreg("list", "--json").json for one in claim["attributions"] for link in one["links"]]
    assert (states.count("confirmed"), states.count("rejected"), states.count("suggested")) == (17, 1, 0)

    # Verdicts come from the desk's scale; a slip is told, and recorded as nothing.
    (desk.folder / "claimreg.toml").write_text("", "utf-8")
    assert "False" in desk.types("verdict", "C4", "Flase", "--scheme", "politifact", code=2)
    assert claimreg("list", "--unrated", "--format", "ndjson").stdout.count("\n") == len(CLAIMS)
    desk.types("verdict", "C4", "False", "--scheme", "politifact", "--why", "The office gives 140 vehicles a day.")
    desk.types("verdict", "C3", "True", "--scheme", "politifact", "--why", "The notice gives this number.")
    desk.types("relate", "C3", "contradicts", "C4")

    # The report is published, corrected, and one change taken back.
    page, text = desk.publishes("first")
    assert "What is known of the accident" in page
    assert re.search(r"^\| 4 \| .* \| \*\*False\*\* \|$", text, re.MULTILINE), text
    assert not re.search(r"\b[CASL]\d+\b", text), "ids are nothing for readers"
    assert "tester" not in text + page

    about = desk.folder / "about.toml"
    about.write_text(about.read_text("utf-8") + CORRECTION, "utf-8")
    desk.types("verdict", "C3", "Mostly True", "--scheme", "politifact", "--why", "The notice counts cars and lorries together.")
    corrected, told = desk.publishes("second")
    assert "was changed from “True” to “Mostly True”" in told
    assert "wrong day of the storm" in told
    assert "wrong day of the storm" in corrected

    shown = desk.types("undo", answers="y\r")
    assert "Mostly True" in shown
    about.write_text(about.read_text("utf-8").replace(CORRECTION, ""), "utf-8")
    assert desk.publishes("third") == (page, text)
    assert claimreg("verify").code == 0
