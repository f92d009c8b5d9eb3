"""Verdicts for programs: the formats that hold them, and the data within a page."""

import json
from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.every_store


@pytest.fixture
def rated(ferry: Command) -> Command:
    """A registry whose C1 has a verdict."""
    done = ferry("verdict", "C1", "False", "--why", "It runs.", "--by", "The desk")
    assert done.code == 0, done
    return ferry


def data_of(page: str) -> dict[str, object]:
    begun = page.index('<script type="application/ld+json">') + len('<script type="application/ld+json">')
    found: dict[str, object] = json.loads(page[begun : page.index("</script>", begun)])
    return found


def test_a_page_has_the_reviews_that_the_export_has(rated: Command, tmp_path: Path) -> None:
    options = ("--url-template", "https://desk.example/{id}", "--publisher", "Desk")
    done = rated("report", "--format", "html", "--claimreview", *options, "-o", tmp_path / "page.html")
    assert done.code == 0, done
    assert "no address" not in done.stderr
    exported = rated("export", "--to", "claimreview", *options)
    assert exported.code == 0, exported
    (review,) = map(json.loads, exported.stdout.splitlines())
    del review["@context"]
    assert data_of((tmp_path / "page.html").read_text(encoding="utf-8"))["@graph"] == [review]
    assert review["url"] == "https://desk.example/C1"


def test_a_page_has_no_data_unless_asked(rated: Command) -> None:
    assert "<script" not in rated("report", "--format", "html").stdout


def test_reviews_without_an_address_are_told_and_written(rated: Command) -> None:
    for command in (("report", "--format", "html", "--claimreview"), ("export", "--to", "claimreview")):
        done = rated(*command)
        assert done.code == 0, done
        assert "1 review has no address" in done.stderr
        assert "ClaimReview" in done.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--claimreview",), "--format html"),
        (("--claimreview", "--json"), "--format html"),
        (("--format", "html", "--url-template", "https://desk.example/{id}"), "give that, too"),
        (("--format", "html", "--publisher", "Desk"), "give that, too"),
        (("--format", "html", "--claimreview", "--url-template", "https://desk.example/"), "makes no addresses"),
    ],
)
def test_options_that_have_nothing_to_do_are_refused(rated: Command, options: tuple[str, ...], told: str) -> None:
    done = rated("report", *options)
    assert (done.code, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_template_without_a_place_for_the_id_writes_no_file(rated: Command, tmp_path: Path) -> None:
    done = rated("export", "--to", "claimreview", "--url-template", "https://desk.example/", "-o", tmp_path / "reviews.jsonld")
    assert done.code == 2
    assert not (tmp_path / "reviews.jsonld").exists()


def test_a_claim_without_a_verdict_is_counted(ferry: Command) -> None:
    done = ferry("export", "--to", "claimreview")
    assert (done.code, done.stdout) == (0, "")
    assert "1 unrated claim" in done.stderr
    assert json.loads(ferry("export", "--to", "claimreview", "--with-unrated").stdout)["@type"] == "Claim"


def test_places_of_quotes_are_annotations(rated: Command) -> None:
    done = rated("export", "--to", "webannotation")
    assert done.code == 0, done
    (annotation,) = map(json.loads, done.stdout.splitlines())
    assert annotation["type"] == "Annotation"
    assert "1 verdict" in done.stderr
    assert json.loads(rated("export", "--to", "webannotation", "--feed").stdout)["total"] == 1
