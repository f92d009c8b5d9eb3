"""Pages in the Chromium of this machine: what a person opens, watched for everything it does.

Needs the extra ``browser`` and a Chromium (Debian: ``apt install chromium``); left out, saying so, where one is missing.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from claimreg.render.html import render_html
from claimreg.render.labels import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from claimreg.services.reporting.report import Report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Watched:
    """A page opened from a file, and what it did: messages of its console, what it asked for, dialogs, errors, other pages."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.path = path
        self.told: list[str] = []
        page.on("console", lambda message: self.told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("popup", lambda other: self.told.append(f"popup: {other.url}"))
        page.on("request", lambda request: self.told.append(f"request: {request.url}"))
        page.on("download", lambda download: self.told.append(f"download: {download.url}"))

    def open(self) -> Watched:
        self.page.goto(self.path.as_uri())
        return self

    @property
    def did(self) -> list[str]:
        """All that it did but being read from its file."""
        return [one for one in self.told if one != f"request: {self.path.as_uri()}"]

    def _dialog(self, dialog: Any) -> None:  # noqa: ANN401 -- Playwright's, which may be absent
        self.told.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="the extra claimreg[browser] is not installed")
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with api.sync_playwright() as playwright:
        # Pages are our own files; as root, as in a container, Chromium starts only without its sandbox.
        launched = playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
        yield launched
        launched.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    """Opens a report, or markup, in a new browser context with these settings of Playwright's."""
    contexts: list[BrowserContext] = []

    def opened(content: Report | str, lang: str = "en", *, width: int = 1280, **settings: Any) -> Watched:  # noqa: ANN401 -- Playwright's
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(content if isinstance(content, str) else render_html(content, Words(lang)), encoding="utf-8", newline="")
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        return Watched(context.new_page(), path).open()

    yield opened
    for context in contexts:
        context.close()
