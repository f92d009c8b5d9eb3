"""Verdicts of others as people import them: a file, a feed, an answer, a page saved from the browser."""

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from .conftest import Command

FIXTURE = Path(__file__).parents[1] / "fixtures" / "claimreview-shapes.ndjson"
HOSTILE = "=HYPERLINK(1) <b>The pier</b> \u202eis closed [bold]\u001b[2J"


def review(number: int, **changes: object) -> dict[str, object]:
    """A review of the desk's, with its claimant and a source."""
    return {
        "@context": "https://schema.org/docs/jsonldcontext.json",
        "@type": "ClaimReview",
        "url": f"https://desk.example/checks/{number}",
        "inLanguage": "en",
        "claimReviewed": f"Pier {number} is closed",
        "author": {"name": "Desk"},
        "datePublished": "2024-06-22",
        "reviewRating": {"alternateName": "False"},
        "itemReviewed": {"author": {"name": "Harbour master"}, "appearance": f"https://paper.example/{number}"},
        **changes,
    }


@pytest.fixture
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket can be made: whoever fetches fails."""

    def refused(*_arguments: object, **_named: object) -> NoReturn:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.mark.usefixtures("nothing_is_fetched")
def test_a_page_is_told_by_its_content_and_recorded_once(claimreg: Command, tmp_path: Path) -> None:
    page = tmp_path / "saved"
    blocks = "".join(f'<script type="application/ld+json">{json.dumps(review(number))}</script>' for number in (1, 2))
    head = '<link rel="stylesheet" href="https://desk.example/a.css"><img src="https://desk.example/a.png">'
    page.write_text(f'<!DOCTYPE html SYSTEM "https://desk.example/a.dtd"><html lang="en">{head}{blocks}</html>', encoding="utf-8")
    first = claimreg("import", page)
    assert (first.code, first.stderr) == (0, "")
    assert first.stdout.startswith("Recorded 2 claims with 2 attributions, 2 sources, 1 party and 2 verdicts.")
    again = claimreg("import", page)
    assert again.code == 0, again
    assert "0 new, 2 there already" in again.stdout
    (claim, _other) = claimreg("list", "--json").json
    assert (claim["text"], claim["external_id"], claim["lang"]) == ("Pier 1 is closed", "https://desk.example/checks/1", "en")
    (verdict,) = claim["verdicts"]
    assert (verdict["rating"], verdict["author"], verdict["rated_at"]) == ("False", "Desk", "2024-06-22")
    assert claimreg("source", "show", "S1", "--json").json["url"] == "https://paper.example/1"


def test_another_text_under_the_same_address_is_a_conflict_and_the_rest_is_recorded(claimreg: Command, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonld"
    file.write_text(json.dumps([review(1)]), encoding="utf-8")
    assert claimreg("import", file).code == 0
    file.write_text(json.dumps([review(1, claimReviewed="Pier 1 is open"), review(2)]), encoding="utf-8")
    done = claimreg("import", file, "--from", "claimreview")
    assert done.code == 1, done
    assert "Pier 1 is open" in done.stderr
    assert [one["text"] for one in claimreg("list", "--json").json] == ["Pier 1 is closed", "Pier 2 is closed"]


def test_hostile_words_are_shown_harmless_and_kept_whole(claimreg: Command, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonld"
    file.write_text(json.dumps(review(1, claimReviewed=HOSTILE, **{"x\u001b[2J": 1, "itemReviewed": {"author": {"name": "\u202eA"}}})))
    done = claimreg("import", file)
    assert done.code == 0, done
    shown = claimreg("list")
    assert not {"\u001b", "\u202e"} & set(done.stdout + done.stderr + shown.stdout)
    assert claimreg("list", "--json").json[0]["text"] == HOSTILE


def test_a_crowd_is_told_and_kept_only_under_the_name_given(claimreg: Command, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonld"
    file.write_text(json.dumps(review(1, itemReviewed={"author": {"name": "Пользователи соцсетей"}})), encoding="utf-8")
    without = claimreg("import", file, "--dry-run")
    assert without.code == 0, without
    assert "“Пользователи соцсетей” names nobody" in without.stderr
    assert claimreg("import", file, "--crowd", "Unnamed people").code == 0
    (claim,) = claimreg("list", "--json").json
    (said,) = claim["attributions"]
    assert (said["party"]["name"], said["party_as_written"]) == ("Unnamed people", "Пользователи соцсетей")


def test_all_shapes_of_reviews_are_recorded_and_written_again(claimreg: Command, tmp_path: Path) -> None:
    file = tmp_path / "reviews.ndjson"
    shapes = map(json.loads, FIXTURE.read_text(encoding="utf-8").splitlines())
    file.write_text("".join(f"{json.dumps(one['json'], ensure_ascii=False)}\n" for one in shapes), encoding="utf-8")
    done = claimreg("import", file, "--from", "claimreview", "--base", "https://desk.example/")
    assert done.code == 0, done
    texts = {"The pier is closed", "The crane fell", "The harbour's pier & crane", "Көпір", "<b>The pier</b> \u202eis closed"}
    assert {one["text"] for one in claimreg("list", "--json").json} == texts
    written = claimreg("export", "--to", "claimreview")
    assert {json.loads(line)["claimReviewed"] for line in written.lines} == texts
    assert "0 new, 20 there already" in claimreg("import", file, "--from", "claimreview", "--base", "https://desk.example/").stdout


@pytest.mark.parametrize("content", ['{"@type": "Review"}', "<html><p>no review</p></html>", '{"@type": "ClaimReview", "claimReviewed"'])
def test_a_file_without_a_review_is_refused_and_nothing_recorded(claimreg: Command, tmp_path: Path, content: str) -> None:
    file = tmp_path / "file"
    file.write_text(content, encoding="utf-8")
    done = claimreg("import", file, "--from", "claimreview")
    assert done.code == 1, done
    assert (len(done.stderr.splitlines()), done.stdout) == (1, "")
