"""A byte flipped anywhere in captures, texts or history is found by `verify`, and named."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from claimreg.linker import LayeredLinker
from claimreg.model import Attribution, Change, Claim, Locator, Party, Stance
from claimreg.services.evidence.verify import verify
from claimreg.services.linking.links import propose_link, store_links
from claimreg.services.linking.texts import stored_texts
from claimreg.services.recording.sources import IncomingDocument, Retrieval, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")
STAMP: dict[str, Any] = {"recorded_at": CHANGE.at, "recorded_by": "ann"}
FLIPS = 200


def filled(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    linker = LayeredLinker()
    with store.write(CHANGE) as writer:
        writer.put(Party(id="P1", name="Сот", **STAMP))
        writer.put(Claim(id="C1", text="Паром жүрмейді", **STAMP))
        for number in range(30):
            text = f"Хабарлама {number}. Порт кеңсесі түнгі паром {number} айлақ жөнделгенше жүрмейді деді.\n" * 3
            address = f"https://example.org/{number}"
            retrieval = Retrieval(address, address, 200, (("Content-Type", "text/html"),), CHANGE.at, f"WARC/1.1 {number}".encode())
            document = IncomingDocument(
                f"<p>{text}</p>".encode(), text, location=address, media_type="text/html", retrieval=retrieval,
                locators=(Locator(0, "page 1"), Locator(50, "page 2")),
            )  # fmt: skip
            stored = store_source(writer, document, SourceDetails())
            said = Attribution(
                id=writer.new_id(Attribution), claim_id="C1", party_id="P1", party_as_written="Сот", stance=Stance.REPORTS,
                quote=f"түнгі паром {number} айлақ жөнделгенше жүрмейді", source_id=stored.source.id, **STAMP,
            )  # fmt: skip
            writer.put(said)
            texts = stored_texts(writer, stored.capture)
            store_links(writer, [propose_link(said, stored.source, stored.capture, texts, linker)], linker.name)
    store.compact()
    return store


def texts_of(folder: Path, table: str) -> dict[int, bytes]:
    with sqlite3.connect(folder / "registry.db") as database:
        rows = database.execute(f"SELECT id, CAST(doc AS BLOB) FROM {table}").fetchall()  # noqa: S608 -- our own name
    return {number: bytes(text) for number, text in rows}


def place_of(whole: bytes, text: bytes, *, in_history: bool) -> int | None:
    """Where a document lies in the database's file; ``None`` where it goes on over several pages."""
    start = whole.find(text)
    while start >= 0:
        if in_history or not whole[:start].endswith((b'"after":', b'"before":')):
            return start
        start = whole.find(text, start + 1)
    return None


def damage_of(folder: Path) -> set[tuple[str, str]]:
    for name in ("registry.db-wal", "registry.db-shm"):
        (folder / name).unlink(missing_ok=True)
    store = EmbeddedStore(folder, create=False)
    try:
        return {(one.area, one.place) for one in verify(store).damage}
    finally:
        store.close()


def flip(file: Path, offset: int, mask: int, folder: Path) -> set[tuple[str, str]]:
    """What is found when a byte of a file is another; the file is as it was afterwards."""
    whole = file.read_bytes()
    file.write_bytes(whole[:offset] + bytes([whole[offset] ^ mask]) + whole[offset + 1 :])
    try:
        return damage_of(folder)
    finally:
        file.write_bytes(whole)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flips") / "registry"
    filled(folder).close()
    assert damage_of(folder) == set()
    return folder


def test_every_flipped_byte_of_captures_and_texts_is_found_and_named(folder: Path) -> None:
    owners: dict[str, set[str]] = {}
    for text in texts_of(folder, "captures").values():
        capture = json.loads(text)
        for field in ("sha256", "text_sha256", "warc_sha256", "locators_sha256"):
            owners.setdefault(capture[field], set()).add(capture["id"])
    files = sorted((folder / "captures").glob("*/*"))
    chance = random.Random(6)  # noqa: S311 -- the same places each time
    for _ in range(FLIPS):
        file = chance.choice(files)
        found = flip(file, chance.randrange(file.stat().st_size), 1 << chance.randrange(8), folder)
        assert {("captures", one) for one in owners[file.name]} <= found


def test_every_flipped_byte_of_the_history_is_found_and_named(folder: Path) -> None:
    database = folder / "registry.db"
    whole = database.read_bytes()
    located = {
        number: (place, len(text))
        for number, text in texts_of(folder, "history").items()
        if (place := place_of(whole, text, in_history=True)) is not None
    }
    assert len(located) > 50
    chance = random.Random(7)  # noqa: S311 -- the same places each time
    for _ in range(FLIPS):
        number = chance.choice(sorted(located))
        place, length = located[number]
        offset = chance.randrange(length)
        found = flip(database, place + offset, 1 << chance.randrange(8), folder)
        assert ("history", f"event {number}") in found, (number, offset, found)


@pytest.mark.parametrize(("table", "prefix"), [("claims", "C"), ("attributions", "A"), ("sources", "S"), ("captures", "K"), ("links", "L")])
def test_every_flipped_byte_of_a_record_is_found_and_named(folder: Path, table: str, prefix: str) -> None:
    database = folder / "registry.db"
    whole = database.read_bytes()
    number, text = min(texts_of(folder, table).items())
    place = place_of(whole, text, in_history=False)
    assert place is not None
    chance = random.Random(table)  # noqa: S311 -- the same places each time
    for offset in chance.sample(range(len(text)), 20):
        found = flip(database, place + offset, 1 << chance.randrange(8), folder)
        assert ("records", f"{prefix}{number}") in found, (offset, found)
