"""A report for readers, as a desk asks for it on the command line."""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command

ABOUT = """\
title = "The night ferry"
desk = "Harbour desk"
published = 2026-11-20
contact = "desk@harbour.example"
summary = ["The ferry did not run."]
"""
PUBLIC = ("report", "--style", "public", "--format")


@pytest.fixture
def about(tmp_path: Path) -> Path:
    path = tmp_path / "about.toml"
    path.write_text(ABOUT, encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """An environment whose settings are the test's."""
    return {"CLAIMREG_CONFIG": str(tmp_path / "own" / "claimreg.toml")}


def test_readers_get_no_id_and_no_login(ferry: Command, about: Path) -> None:
    ferry("verdict", "C1", "False", "--why", "The log says so.", "--by", "tester")
    for form in ("md", "html"):
        done = ferry(*PUBLIC, form, "--about", about)
        assert done.code == 0, done
        assert "The night ferry" in done.stdout
        assert "Harbour desk" in done.stdout
        assert "20 November 2026" in done.stdout
        assert "The log says so." in done.stdout
        assert "tester" not in done.stdout
        visible = re.sub(r"<style>.*?</style>|<[^>]*>", " ", done.stdout, flags=re.DOTALL)
        assert re.findall(r"\b[CALSPV]\d+\b", visible) == []


def test_the_values_of_a_template_are_json(ferry: Command, about: Path) -> None:
    done = ferry("report", "--style", "public", "--json", "--about", about)
    assert done.code == 0, done
    assert done.json["page"]["title"] == "The night ferry"
    assert done.json["page"]["published"] == {"iso": "2026-11-20", "text": "20 November 2026"}
    assert "page" not in ferry("report", "--json").json


def test_the_same_registry_and_file_give_the_same_bytes(ferry: Command, about: Path) -> None:
    for form in ("md", "html"):
        assert ferry(*PUBLIC, form, "--about", about).stdout == ferry(*PUBLIC, form, "--about", about).stdout


def test_the_terminal_has_no_public_style(ferry: Command, own: dict[str, str]) -> None:
    done = ferry("report", "--style", "public")
    assert done.code == 2
    assert "--format md or html" in done.stderr
    assert done.stdout == ""
    # As a setting, it is about what is published.
    assert ferry("config", "set", "report.style", "public", env=own).code == 0
    assert ferry("report", env=own).stdout == ferry("report").stdout
    assert ferry("report", "--json", env=own).stdout == ferry("report", "--json").stdout
    assert ferry("report", "--format", "md", env=own).stdout == ferry(*PUBLIC, "md").stdout
    assert ferry("report", "--format", "md", "--style", "dossier", env=own).stdout == ferry("report", "--format", "md").stdout
    assert ferry("timeline", "--format", "md", env=own).stdout == ferry("timeline", "--format", "md").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--strict"], "--strict goes with --style public"),
        (["--template", "."], "--template goes with --style public"),
        (["--about", "about.toml"], "--about is for reports that are published"),
        (["--open", "--format", "md"], "--open shows a page"),
        (["--open", "--json"], "--open shows a page"),
        (["--open", "-o", "-"], "name one with -o"),
        (["--style", "public", "--format", "md", "--claimreview"], "--claimreview puts data into a page"),
    ],
)
def test_options_that_do_not_go_together_are_refused(ferry: Command, about: Path, arguments: list[str], told: str) -> None:
    assert about.exists()
    done = ferry("report", *arguments)
    assert done.code == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_a_mistake_in_the_desks_file_is_told_and_nothing_written(ferry: Command, about: Path, tmp_path: Path) -> None:
    about.write_text(ABOUT + 'titel = "x"\n', encoding="utf-8")
    done = ferry(*PUBLIC, "html", "--about", about, "-o", "page.html")
    assert done.code == 2
    assert "line 6: there is no “titel”; did you mean “title”?" in done.stderr
    missing = ferry(*PUBLIC, "html", "--about", "nowhere.toml", "-o", "page.html")
    assert missing.code == 1
    assert "nowhere.toml cannot be read" in missing.stderr
    assert ferry(*PUBLIC, "html", "--about", tmp_path, "-o", "page.html").code == 1
    assert not (tmp_path / "page.html").exists()


def test_what_is_open_is_told_beside_the_report_and_strict_fails_for_it(ferry: Command, about: Path) -> None:
    done = ferry(*PUBLIC, "md", "--about", about)
    assert done.code == 0
    assert done.stderr.startswith("Before you publish:\n- Quotes whose place no person has checked (1): A1;")
    assert "Before you publish" not in done.stdout
    strict = ferry(*PUBLIC, "md", "--about", about, "--strict", "-o", "report.md")
    assert strict.code == 1
    assert "Wrote report.md." in strict.stderr
    assert "Before you publish:" in strict.stderr
    assert Path("report.md").read_text(encoding="utf-8") == done.stdout
    assert ferry("review", "L1", "--confirm").code == 0
    checked = ferry(*PUBLIC, "md", "--about", about, "--strict")
    assert checked.code == 0, checked
    assert "Claims without a verdict (1): C1" in checked.stderr


def test_strict_names_every_place(claimreg: Command, notice: Path, about: Path) -> None:
    for number in range(14):
        arguments = ("--by", "Clerk", "--quote", f"never said {number} times by anybody here", "--source", notice, "--yes")
        assert claimreg("add", f"Claim number {number} of its own kind", *arguments).code == 0
    told = claimreg(*PUBLIC, "md", "--about", about).stderr
    assert "Quotes found in no source (14): A1," in told
    assert "A12 and 2 more;" in told
    assert "A13, A14;" in claimreg(*PUBLIC, "md", "--about", about, "--strict").stderr


def test_templates_of_the_desk_are_used_where_they_are(ferry: Command, own: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "named"
    folder.mkdir()
    (folder / "public.md.jinja").write_text("Named: {{ page.title }}\n", encoding="utf-8")
    assert ferry(*PUBLIC, "md", "--template", folder).stdout.startswith("Named: ")
    templates = tmp_path / "own" / "templates"
    templates.mkdir(parents=True)
    (templates / "public.md.jinja").write_text("Own: {{ page.title }}\n", encoding="utf-8")
    assert ferry(*PUBLIC, "md", env=own).stdout.startswith("Own: ")
    assert ferry(*PUBLIC, "md", "--template", folder, env=own).stdout.startswith("Named: ")
    # What is missing there is the package's.
    assert "<h1>" in ferry(*PUBLIC, "html", env=own).stdout
    # The folder that one works in may be anybody's.
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "public.md.jinja").write_text("Anybody's", encoding="utf-8")
    assert "Anybody's" not in ferry(*PUBLIC, "md").stdout


def test_a_broken_template_gives_its_line_and_nothing_is_written(ferry: Command, tmp_path: Path) -> None:
    (tmp_path / "public.html.jinja").write_text("<p>\n{{ page.nothing }}\n", encoding="utf-8")
    done = ferry(*PUBLIC, "html", "--template", tmp_path, "-o", "page.html")
    assert done.code == 2
    assert "public.html.jinja, line 2" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "page.html").exists()
    gone = ferry(*PUBLIC, "html", "--template", tmp_path / "gone", "-o", "page.html")
    assert gone.code == 2
    assert not (tmp_path / "page.html").exists()


def test_data_for_programs_goes_into_the_public_page_on_request(ferry: Command) -> None:
    ferry("verdict", "C1", "False", "--by", "Harbour desk")
    assert "application/ld+json" not in ferry(*PUBLIC, "html").stdout
    page = ferry(*PUBLIC, "html", "--claimreview").stdout
    assert page.count('<script type="application/ld+json">') == 1
    assert '"ClaimReview"' in page


def test_a_dossier_takes_title_and_byline_from_the_desk(ferry: Command, about: Path) -> None:
    told = ferry("report", "--format", "md", "--about", about).stdout
    assert told.startswith("# The night ferry\n\nHarbour desk · published 20 November 2026\n")
    assert "<h1><bdi" in (page := ferry("report", "--format", "html", "--about", about).stdout)
    assert "Harbour desk · published 20 November 2026" in page


posix = pytest.mark.skipif(sys.platform == "win32", reason="the browser of the test is a script of the shell")


@pytest.fixture
def browser(tmp_path: Path) -> dict[str, str]:
    """A browser that notes what it is asked to show."""
    script = tmp_path / "browser.sh"
    script.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/shown"\n', encoding="utf-8")
    script.chmod(0o700)
    return {"BROWSER": f"{script} %s", "TMPDIR": str(tmp_path)}


@posix
def test_a_page_is_shown_from_a_private_file_that_stays(run: Command, browser: dict[str, str], tmp_path: Path) -> None:
    assert run("add", "The night ferry runs", "--by", "Captains").code == 0
    done = run("report", "--open", env=browser)
    assert done.code == 0, done
    assert done.stdout == ""
    address = (tmp_path / "shown").read_text(encoding="utf-8").strip()
    page = Path(address.removeprefix("file://"))
    assert page.is_relative_to(tmp_path)
    assert f"Wrote {page}." in done.stderr
    assert "The night ferry runs" in page.read_text(encoding="utf-8")
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
    assert page.parent.stat().st_uid == os.getuid()


@posix
def test_a_page_is_shown_from_the_file_that_is_named(run: Command, browser: dict[str, str], tmp_path: Path) -> None:
    run("add", "The night ferry runs", "--by", "Captains")
    done = run("report", "--style", "public", "--format", "html", "--open", "-o", "my page.html", env=browser)
    assert done.code == 0, done
    assert (tmp_path / "shown").read_text(encoding="utf-8").strip() == (tmp_path / "my page.html").as_uri()


@posix
def test_without_a_browser_it_says_where_the_page_is(run: Command, browser: dict[str, str], tmp_path: Path) -> None:
    run("add", "The night ferry runs", "--by", "Captains")
    done = run("report", "--open", "-o", "page.html", env={**browser, "BROWSER": "/bin/false %s", "PATH": "/nowhere", "DISPLAY": ""})
    assert done.code == 1
    assert "No browser could be started; the page is in page.html." in done.stderr
    assert (tmp_path / "page.html").exists()
