"""`verdict` against the scale of the desk, and `config scales`."""

from pathlib import Path

import pytest

from .conftest import Command

pytestmark = pytest.mark.every_store


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own file is; not made yet."""
    path = tmp_path / "own" / "claimreg.toml"
    monkeypatch.setenv("CLAIMREG_CONFIG", str(path))
    return path


@pytest.fixture
def desk(claimreg: Command, own: Path) -> Command:
    del own
    assert claimreg("add", "The bridge is closed", "--by", "City hall").code == 0
    return claimreg


def verdicts(desk: Command) -> list[tuple[str, str | None]]:
    return [(one["rating"], one["scheme"]) for one in desk("show", "C1", "--json").json["verdicts"]]


def test_a_rating_is_checked_against_the_scale_of_the_settings_and_the_scheme_is_noted(desk: Command) -> None:
    assert desk("config", "set", "scale", "politifact").code == 0
    done = desk("verdict", "C1", "Flase")
    assert (done.code, done.stdout) == (2, "")
    assert "did you mean False?" in done.stderr
    assert verdicts(desk) == []
    assert desk("verdict", "C1", "mostly  false").code == 0
    assert desk("verdict", "C1", "Odd", "--any-rating").code == 0
    assert desk("verdict", "C1", "Misleading", "--scheme", "Our own words").code == 0
    assert verdicts(desk) == [("Mostly False", "PolitiFact, Truth-O-Meter"), ("Odd", None), ("Misleading", "Our own words")]


def test_a_scale_may_be_named_for_one_verdict(desk: Command) -> None:
    assert desk("verdict", "C1", "mixture", "--scheme", "snopes").code == 0
    assert desk("verdict", "C1", "Half True", "--scheme", "Snopes").code == 2
    assert verdicts(desk) == [("Mixture", "Snopes")]


def test_without_a_scale_any_text_is_a_rating(desk: Command) -> None:
    assert desk("verdict", "C1", "Flase").code == 0
    assert verdicts(desk) == [("Flase", None)]


def test_a_desk_describes_its_own_scale(desk: Command, own: Path) -> None:
    own.parent.mkdir(exist_ok=True)
    own.write_text('scale = "ours"\n[scales.ours]\ntitle = "Ferry Press"\nratings = ["So", {name = "Not so", also = ["Wrong"]}]\n')
    assert desk("verdict", "C1", "wrong").code == 0
    assert verdicts(desk) == [("Not so", "Ferry Press")]
    assert desk("config", "scales").lines[0].split("\t")[0] == "ours"
    assert desk("config", "scales", "ours", "--format", "csv").lines == ["rating,meaning,also", "So,,", "Not so,,Wrong"]
    own.write_text('scale = "ours"\n[scales.ours]\nratings = ["So", "so"]\n')
    done = desk("verdict", "C1", "So")
    assert (done.code, "claimreg.toml: the scale ours has the rating “so” twice" in done.stderr) == (2, True)
    assert desk("list").code == 0


def test_a_scale_that_is_not_there_is_told_with_the_nearest(desk: Command, own: Path) -> None:
    done = desk("config", "set", "scale", "politifcat")
    assert (done.code, "did you mean politifact?" in done.stderr) == (2, True)
    assert not own.exists()
    own.parent.mkdir(exist_ok=True)
    own.write_text('scale = "snoops"\n')
    done = desk("verdict", "C1", "True")
    assert (done.code, "did you mean snopes?" in done.stderr) == (2, True)


def test_the_ratings_of_a_scale_are_shown_in_their_order(desk: Command) -> None:
    assert [row["rating"] for row in desk("config", "scales", "africa-check", "--json").json][:3] == [
        "Correct",
        "Mostly correct",
        "Unproven",
    ]
    assert {"politifact", "snopes", "correctiv", "factcheck-kz"} <= {row["scale"] for row in desk("config", "scales", "--json").json}


def test_languages_are_a_checked_list(desk: Command, own: Path) -> None:
    assert desk("config", "set", "languages", "kk, ru en").code == 0
    assert own.read_text() == 'languages = ["kk", "ru", "en"]\n'
    assert desk("config", "set", "languages", "no-such-tongue-at-all-here").code == 2


def test_a_new_file_of_settings_lists_what_can_be_set_and_is_left_only_where_something_is(desk: Command, own: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    assert desk("config", "edit", env={"EDITOR": f"sh -c 'cp \"$0\" {seen}'", "VISUAL": ""}).code == 0
    assert '# scale = ""' in seen.read_text()
    assert not own.exists()
    assert desk("config", "edit", env={"EDITOR": "sed -i 's/^# report.lang = .*/report.lang = \"ru\"/'", "VISUAL": ""}).code == 0
    assert desk("config", "get", "report.lang").stdout == "ru\n"


def test_a_language_that_is_none_of_the_desks_is_told_of_and_recorded(desk: Command) -> None:
    assert desk("config", "set", "languages", "kk,ru").code == 0
    assert desk("add", "One", "--by", "Ann", "--quote", "один", "--lang", "ru").stderr == ""
    assert desk("add", "Two", "--by", "Ann", "--quote", "екі", "--lang", "kk-Latn").stderr == ""
    done = desk("attribute", "C1", "--by", "Ann", "--quote", "два", "--lang", "uk")
    assert done.code == 0
    assert "uk is none of the desk's languages (kk, ru)" in done.stderr
    assert desk("show", "C1", "--json").json["attributions"][1]["lang"] == "uk"


def test_ratings_are_counted_in_the_order_of_their_scales(desk: Command) -> None:
    for rating in ("False", "Half True", "True", "False"):
        assert desk("verdict", "C1", rating, "--scheme", "politifact").code == 0
    assert desk("verdict", "C1", "Doubtful").code == 0
    counted = {name: number for name, number in desk("stats", "--json").json.items() if str(name).startswith("verdicts")}
    assert list(counted.items()) == [
        ("verdicts", 5), ("verdicts: True", 1), ("verdicts: Half True", 1), ("verdicts: False", 2), ("verdicts: Doubtful", 1),
    ]  # fmt: skip
    published = desk("report", "--style", "public", "--json").json
    assert published["page"]["tally"] == [["Doubtful", 1]]


def test_a_report_to_publish_tells_ratings_in_the_order_of_their_scale(desk: Command) -> None:
    for text in ("The ferry is full", "The pier is new"):
        assert desk("add", text, "--by", "Clerk", "--no-input").code == 0
    for claim, rating in (("C1", "False"), ("C2", "False"), ("C3", "True")):
        assert desk("verdict", claim, rating, "--scheme", "politifact").code == 0
    assert desk("report", "--style", "public", "--json").json["page"]["tally"] == [["True", 1], ["False", 2]]
    assert desk("verdict", "C3", "True", "--scheme", "Our own").code == 0
    assert desk("report", "--style", "public", "--json").json["page"]["tally"] == [["False", 2], ["True", 1]]
