"""The site is built without a warning, and works from its folder with no network."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("sphinx", reason="the site is built with the extra docs: pip install -e '.[docs]'")

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page loads, where it links to, its ids, its language, and what a screen reader or a keyboard would miss."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.lang = ""
        self.untold: list[str] = []
        self.closed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag in LOADED and LOADED[tag] in given and given.get("rel") != "canonical":
            self.loaded.append(given[LOADED[tag]])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "img" and not given.get("alt"):
            self.untold.append(given.get("src", ""))
        if (tag == "pre" and "tabindex" not in given) or (given.get("role") == "heading" and "aria-level" not in given):
            self.closed.append(self.get_starttag_text() or tag)


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", str(folder / "trees"), "-b", "html"]
    done = subprocess.run([*command, str(repository / "docs"), str(folder / "html")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_nothing_is_fetched(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        read = Page(page.read_text(encoding="utf-8"))
        assert [one for one in read.loaded if urlsplit(one).scheme or one.startswith("//")] == []
        for target in filter(None, map(without_query, read.loaded)):
            assert (page.parent / target).resolve().is_file(), f"{page.name} loads {target}, which is not there"
    for style in built.rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_every_link_leads_somewhere(built: Path) -> None:
    ids = {page.resolve(): Page(page.read_text(encoding="utf-8")).ids for page in built.rglob("*.html")}
    for page in built.rglob("*.html"):
        for link in Page(page.read_text(encoding="utf-8")).links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https"}:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            assert target.is_file(), f"{page.name}: {link}"
            assert not parts.fragment or parts.fragment in ids[target], f"{page.name}: {link}"


def test_screen_readers_and_keyboards_miss_nothing(built: Path) -> None:
    for page in built.rglob("*.html"):
        read = Page(page.read_text(encoding="utf-8"))
        assert read.lang == "en"
        assert read.untold == []
        assert read.closed == []


def without_query(address: str) -> str:
    return unquote(urlsplit(address).path)
