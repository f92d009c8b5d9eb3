"""A desk's report to publish, made by commands at a terminal, in a real browser: on a phone and on a desk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .test_publication import RULES

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from desk_day import DOCUMENTS, DeskDay

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Watched

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> DeskDay:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    own = {"CLAIMREG_DB": str(tmp_path / "registry"), "CLAIMREG_USER": "tester", "PYTHONPATH": str(REPOSITORY)}
    folders = {name: str(tmp_path / name) for name in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    return DeskDay(tmp_path, {**kept, **own, **folders})


def test_what_a_desk_publishes_can_be_read_by_everybody(desk: DeskDay, show: Callable[..., Watched]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra claimreg[browser] is not installed")
    desk.types("import", "claims.csv")
    desk.types("source", "add", *DOCUMENTS)
    desk.types("link", "--all")
    desk.types("verdict", "C4", "False", "--scheme", "politifact", "--why", "The office gives 140 vehicles a day.")
    desk.types("relate", "C3", "contradicts", "C4")
    page, _text = desk.publishes("day")
    watched = show(page, bypass_csp=True)
    shown = watched.page
    for width in (390, 1280):
        shown.set_viewport_size({"width": width, "height": 844})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        rules = {"type": "tag", "values": RULES}
        found = axe.Axe().run(shown, options={"runOnly": rules, "resultTypes": ["violations", "passes"]}).response
        assert {one["id"] for one in found["passes"]} >= {"color-contrast", "html-has-lang"}
        assert [one["id"] for one in found["violations"]] == [], width
    assert watched.did == []
