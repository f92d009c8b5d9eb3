"""Commands on a shared registry ask its server few questions: each takes as long as the way there and back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from postgres_server import new_address, server
from round_trips import Relay, relay_to

from claimreg import open_registry
from claimreg.store.factory import open_store

MOST_TO_ADD = 15
MOST_TO_SHOW = 6
MOST_TO_SEARCH = 12


class Desk(NamedTuple):
    """A shared registry that commands reach through a relay, and a folder for their settings and caches."""

    address: str
    relay: Relay
    folder: Path

    def run(self, *arguments: str) -> tuple[str, int]:
        """Run a command; gives what it printed, and how often it asked the server."""
        before = self.relay.trips
        homes = {name: str(self.folder / name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        done = subprocess.run(
            [sys.executable, "-m", "claimreg", "--db", self.address, *arguments],
            check=True, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **homes}, cwd=self.folder,
        )  # fmt: skip
        return done.stdout, self.relay.trips - before


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    address = new_address()
    open_store(address, create=True).close()
    with relay_to(server().port) as relay:
        yield Desk(address.replace(f":{server().port}/", f":{relay.port}/"), relay, tmp_path)


def test_adding_and_showing_take_few_round_trips(desk: Desk) -> None:
    words = ["bridge", "court", "hospital", "water", "school", "pipeline", "tax", "border", "bread"]
    with open_registry(desk.address, user="ann") as registry:
        for number, word in enumerate(words):
            registry.add(f"The {word} was closed on day {number}", by=f"Minister {number}")
    # The first search makes the index, in the user's cache.
    desk.run("search", "bridge")
    found = {}
    out, found["add, of a known party"] = desk.run("add", "A crane fell into the river", "--by", "Minister 1", "--quote", "it fell")
    assert "Recorded claim C10" in out
    out, found["add, of a new party"] = desk.run(
        "add", "Nobody saw the crane", "--by", "Dr Who", "--quote", "we saw nothing", "--case", "crane"
    )
    assert "new party" in out
    assert max(found.values()) <= MOST_TO_ADD, found
    out, trips = desk.run("show", "C10")
    assert "A crane fell into the river" in out
    assert trips <= MOST_TO_SHOW
    out, trips = desk.run("search", "crane")
    assert "C10" in out
    assert "C11" in out
    assert trips <= MOST_TO_SEARCH


def test_showing_takes_no_more_of_a_claim_of_many_people(desk: Desk) -> None:
    article = desk.folder / "article.txt"
    article.write_text("The mayor said that the crane fell into the river, and that nobody was hurt.", encoding="utf-8")
    out, trips = desk.run(
        "add", "A crane fell into the river", "--by", "Mayor", "--quote", "the crane fell into the river", "--source", str(article)
    )
    assert "link L1 exact" in out
    assert trips <= MOST_TO_ADD + 5  # a document is stored as well
    with open_registry(desk.address, user="ann") as registry:
        for number in range(6):
            registry.attribute("C1", by=f"Witness {number}", quote="nobody was hurt", source="S1")
        registry.judge("C1", "true")
        registry.add("The weather was fine on all days", by="Owner")
        registry.relate("C2", "contradicts", "C1")
    out, trips = desk.run("show", "C1")
    assert "Witness 5" in out
    assert trips <= MOST_TO_SHOW


def test_the_relay_counts_questions_and_not_statements(desk: Desk) -> None:
    from claimreg.model import Change, Claim
    from claimreg.services.recording.claims import ClaimFields, record_claim

    store = open_store(desk.address, create=False)
    before = desk.relay.trips
    with store.write(Change("ann", "2026-01-01T00:00:00Z", "test")) as writer:
        for number in range(100):
            record_claim(writer, ClaimFields(text=f"The bridge {number}"))
    assert desk.relay.trips - before == 2  # begun, and committed together with all that it recorded
    for number in range(1, 6):
        assert store.get(Claim, f"C{number}") is not None
    assert desk.relay.trips - before == 2 + 5
    store.close()


def test_what_is_done_to_many_records_takes_no_trip_for_each(desk: Desk) -> None:
    rows = [f"The {number}th bridge was closed,Speaker {number % 60},it was closed for the {number}th time" for number in range(300)]
    file = desk.folder / "claims.csv"
    file.write_text("\n".join(["claim,by,quote", *rows]), encoding="utf-8")
    _out, of_import = desk.run("import", str(file), "--no-link", "--no-duplicates")
    out, of_list = desk.run("list")
    assert out.count("bridge was closed") == 300
    out, of_parties = desk.run("party", "list")
    assert out.count("Speaker") == 60
    _out, of_link = desk.run("link")
    assert of_import <= 60 + 30  # one for each party, whose name is looked for
    assert of_link <= 40
    assert max(of_list, of_parties) <= 12, (of_list, of_parties)
