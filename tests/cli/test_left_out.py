"""Commands on a page of which more than the article is kept: where words stand is said, and what was left out can be seen."""

from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.every_store

ARTICLE = (
    "The harbour office said on Friday that the night ferry will not run before the pier is repaired.",
    "Passengers were told to take the morning boat to the island instead, at the price of the evening one.",
    "The pier was damaged in the storm of last November, and nobody has been on it since then, the office added.",
    "Two divers will look at the piles next week, and the council will hear their report before the end of the month.",
)
CAPTION = "A clerk shows the broken railing which nobody wanted to mend last winter"
FOOTER = "This newspaper is printed by the cooperative of the old town since the great fire"
STRUCK = "every cabin of the ferry would be painted by the first of May"
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry stays in port</title></head><body>
<article><h1>Ferry stays in port</h1>
<p>{ARTICLE[0]}</p><p>{ARTICLE[1]}</p>
<figure><img src="pier.jpg" alt=""><figcaption>{CAPTION}.</figcaption></figure>
<p>{ARTICLE[2]}</p><p>{ARTICLE[3]} <del>The mayor promised that {STRUCK}.</del></p></article>
<footer><p>{FOOTER}.</p></footer></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_check_says_where_words_stand_that_were_left_out(claimreg: Command, page: Path) -> None:
    done = claimreg("check", CAPTION, "--in", str(page))
    assert (done.code, done.stdout.split("\t")[:2]) == (0, ["exact", "100"])
    assert "Stands in what was left out of the article: a picture's caption.\n" in done.stderr
    told = claimreg("check", FOOTER, "--in", str(page), "--json").json["links"][0]
    assert (told["place"], told["left_out"]) == ("the page's footer", True)
    headline = claimreg("check", "Ferry stays in port", "--in", str(page), "--json").json["links"][0]
    assert (headline["place"], headline["left_out"]) == ("headline", False)
    assert "left out" not in claimreg("check", ARTICLE[0], "--in", str(page)).stderr


def test_check_names_the_document_where_there_are_several(claimreg: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Nothing of this is said here at all.\n", encoding="utf-8")
    done = claimreg("check", FOOTER, "--in", str(page), "--in", str(tmp_path / "other.txt"))
    assert f"{page}: stands in what was left out of the article: the page's footer." in done.stderr
    assert claimreg("source", "add", str(page)).code == 0
    assert "S1: stands in what was left out of the article: the page's footer." in claimreg("check", FOOTER).stderr
    altered = claimreg("check", FOOTER.replace("cooperative", "company"))
    assert (altered.code, "S1: it stands altered in what was left out" in altered.stderr) == (3, True)


def test_check_finds_nobody_who_says_what_was_struck_out(claimreg: Command, page: Path) -> None:
    done = claimreg("check", STRUCK, "--in", str(page))
    assert (done.code, done.stdout.split("\t")[0]) == (3, "not found")
    assert "Its author struck out the words of the nearest place." in done.stderr
    far = claimreg("check", "nobody wanted to paint the railing in the summer of that year", "--in", str(page))
    assert far.code == 3
    claimreg("source", "add", str(page))
    added = claimreg("add", "Cabins will be painted", "--by", "Mayor", "--quote", STRUCK, "--source", "S1")
    assert "the nearest words there, which its author struck out: “" in added.stderr


def test_a_link_into_what_was_left_out_is_told_everywhere(claimreg: Command, page: Path, tmp_path: Path) -> None:
    added = claimreg("add", "Who prints the paper", "--by", "Gazette", "--quote", FOOTER, "--source", str(page))
    assert "L1 stands in what was left out of the article: the page's footer." in added.stderr
    words = "left out of the article: the page's footer"
    assert words in claimreg("link", "--all").stderr
    assert words in claimreg("show", "C1").stdout
    assert words in claimreg("show", "L1").stdout
    told = claimreg("show", "C1", "--json").json["attributions"][0]["links"][0]
    assert (told["place"], told["left_out"]) == ("the page's footer", True)
    assert claimreg("link", "--all", "--json").json[0]["left_out"] is True
    for form in ("md", "html"):
        report = tmp_path / f"report.{form}"
        assert claimreg("report", "--format", form, "-o", str(report)).code == 0
        assert words in report.read_text("utf-8").replace("&#39;", "'").replace("\\", "")
    assert claimreg("verify").code == 0


def test_a_source_is_shown_with_and_without_what_was_left_out(claimreg: Command, page: Path) -> None:
    claimreg("add", "Who prints the paper", "--by", "Gazette", "--quote", FOOTER, "--source", str(page))
    plain = claimreg("source", "open", "S1")
    assert FOOTER not in plain.stdout
    assert "were left out of the article (" in plain.stderr
    assert "where L1 leads to; --all shows that, too." in plain.stderr
    whole = claimreg("source", "open", "S1", "--all")
    assert f"[left out of the article: the page's footer]\n{FOOTER}." in whole.stdout
    assert f"[left out of the article: a picture's caption]\n{CAPTION}." in whole.stdout
    assert "[struck out by its author]\n" in whole.stdout
    assert whole.stderr == ""
    size = claimreg("source", "show", "S1", "--json").json["left_out"]
    assert size >= len(CAPTION) + len(FOOTER) + len(STRUCK)
    assert f"{size:,} characters were left out" in plain.stderr


def test_nothing_of_what_a_withheld_page_left_out_is_said(claimreg: Command, page: Path) -> None:
    claimreg("source", "add", str(page), "--withhold", "a source at risk")
    done = claimreg("check", FOOTER, "--in", "S1")
    assert done.code == 0
    assert "left out" not in done.stderr
    added = claimreg("add", "Who prints the paper", "--by", "Gazette", "--quote", FOOTER, "--source", "S1")
    assert "left out" not in added.stderr + claimreg("link", "--all").stderr + claimreg("show", "C1").stdout
    assert claimreg("source", "open", "S1", "--all").code != 0
    told = claimreg("source", "show", "S1", "--json").json
    assert (told["left_out"], told["caption"]) == (None, None)
    assert "footer" in claimreg("check", FOOTER, "--in", "S1", "--reveal").stderr
