"""An address is a person's own only where it was typed here: what came with a document or a bundle never leads into the own network."""

from pathlib import Path

import pytest
from loopback import Site, page, redirect

from claimreg.codec import from_document, to_document
from claimreg.ingest.web.warc import Exchange, WarcFile
from claimreg.model import Source

from .conftest import Command

TEXT = "The clerk of the harbour office wrote that the night ferry stays in port."
LATER = "The clerk of the harbour office wrote that the night ferry sails again."
DAY = "2024-03-04T09:00:00Z"


def archive(path: Path, *urls: str) -> Path:
    """A WARC file of pages that lie at these addresses, as whoever made it says."""
    warc = WarcFile("a stranger", DAY)
    for number, url in enumerate(urls):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        warc.add(Exchange(url, DAY, "1.1.1.1", b"GET / HTTP/1.1\r\n\r\n", head, f"{TEXT} {number}.".encode()))
    path.write_bytes(warc.content())
    return path


@pytest.fixture
def secret(site: Site) -> Site:
    """A server of this machine that nobody outside may see."""
    site.routes["/secret"] = page(LATER, "text/plain; charset=utf-8")
    return site


def untouched(claimreg: Command, site: Site, *sources: str) -> None:
    """Capture all again: nothing is asked of the server, and each source is named."""
    done = claimreg("source", "recapture", "--all")
    assert (done.code, site.requests) == (1, [])
    for source in sources:
        assert source in done.stderr
    assert "--allow-private" in done.stderr
    assert "127.0.0.1" in done.stderr


def test_an_address_in_an_archive_is_not_followed_into_the_own_network(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    urls = [secret.url("/secret"), secret.url("/secret", host="localhost")]
    assert claimreg("source", "add", archive(tmp_path / "a.warc.gz", *urls)).code == 0
    untouched(claimreg, secret, "S1", "S2")
    assert claimreg("source", "recapture", "S1").code == 1
    assert secret.requests == []
    done = claimreg("source", "recapture", "--all", "--allow-private")
    assert (done.code, len(secret.requests)) == (0, 2), done.stderr


def test_neither_is_one_in_a_bundle_whoever_typed_it_there(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    there = ("--db", str(tmp_path / "there"))
    assert claimreg("source", "add", secret.url("/secret"), *there).code == 0
    assert claimreg("add", "The ferry sails", "--by", "Clerk", "--quote", "night ferry sails", "--source", "S1", *there).code == 0
    assert claimreg("export", "--bundle", tmp_path / "b.zip", *there).code == 0
    secret.requests.clear()
    assert claimreg("import", tmp_path / "b.zip").code == 0
    untouched(claimreg, secret)
    assert claimreg("source", "recapture", "S1", "--allow-private").code == 0
    assert len(secret.requests) == 1


def test_one_that_was_typed_is_fetched(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    assert claimreg("source", "add", secret.url("/secret")).code == 0
    kept = tmp_path / "kept.txt"
    kept.write_text("Another text, about the tower.", encoding="utf-8")
    assert claimreg("source", "add", kept, "--url", secret.url("/secret?copy")).code == 0
    secret.routes["/secret?copy"] = page(LATER, "text/plain; charset=utf-8")
    assert claimreg("source", "recapture", "--all").code == 0
    assert len(secret.requests) == 3


def test_typing_it_makes_it_ones_own(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    assert claimreg("source", "add", archive(tmp_path / "a.warc.gz", secret.url("/secret"), secret.url("/other"))).code == 0
    assert claimreg("edit", "S1", "--url", secret.url("/secret")).code == 0
    done = claimreg("source", "recapture", "--all")
    assert (done.code, len(secret.requests)) == (1, 1)
    assert "S2" in done.stderr
    assert "S1" not in done.stderr


def test_adding_a_known_address_makes_it_ones_own(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    assert claimreg("source", "add", archive(tmp_path / "a.warc.gz", secret.url("/secret"))).code == 0
    assert claimreg("source", "add", secret.url("/secret")).code == 0
    assert claimreg("source", "recapture", "S1").code == 0
    assert len(secret.requests) == 2


def test_a_second_archive_cannot_lead_a_typed_source_elsewhere(claimreg: Command, secret: Site, tmp_path: Path) -> None:
    url = secret.url("/secret")
    assert claimreg("source", "add", url).code == 0
    forged = archive(tmp_path / "a.warc.gz", url)
    assert claimreg("source", "add", forged).code == 0
    secret.requests.clear()
    assert claimreg("source", "recapture", "--all").code == 0
    assert [request.split()[1] for request in secret.requests] == [b"/secret"]


def test_a_typed_address_does_not_redirect_into_the_own_network(claimreg: Command, secret: Site) -> None:
    assert claimreg("source", "add", secret.url("/secret")).code == 0
    secret.requests.clear()
    secret.routes["/secret"] = redirect("/inner")
    done = claimreg("source", "recapture", "S1")
    assert (done.code, len(secret.requests)) == (1, 1)
    assert "--allow-private" in done.stderr


def test_sources_recorded_before_count_as_not_typed() -> None:
    document = to_document(Source(id="S1", title="A", url="http://127.0.0.1/", url_typed=True, recorded_at=DAY, recorded_by="ann"))
    assert from_document(Source, document).url_typed is True
    del document["url_typed"]
    assert from_document(Source, document).url_typed is False
