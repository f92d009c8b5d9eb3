"""What a program does with a scan of many documents: files in, links out, and going on where one was broken off."""

import gzip
import io
import json
import multiprocessing
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from claimreg.corpus.files import open_documents, open_lines
from claimreg.errors import InputError
from claimreg.linker.bulk import QuoteIndex, save_index
from claimreg.linker.collection import Collection
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.bulk import engine, run
from claimreg.services.bulk.engine import LocalEngine
from claimreg.services.bulk.quotes import Quotes, quotes_of_registry, read_quotes
from claimreg.services.bulk.run import Scan, ScanProgress, ScanSummary, scan_documents
from claimreg.services.surroundings import Surroundings
from claimreg.store.port import Store

QUOTES = {"ferry": "the night ferry will not run before the pier is repaired", "hall": "the ticket hall stays shut until the spring"}
FILLING = "Nothing else of any note was said on that morning by the people of the harbour, as far as anybody remembers. "


def lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def documents_of(count: int, filling: int = 2) -> list[dict[str, Any]]:
    """Documents of which every third holds a quote."""
    said = [f"They said that {QUOTES['ferry']}.", f"Also, {QUOTES['hall']}.", "Nobody asked."]
    return [{"id": f"d{number}", "text": f"{FILLING * filling}{said[number % 3]} {FILLING}"} for number in range(count)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "quotes.jsonl").write_bytes(lines([{"id": name, "text": text} for name, text in QUOTES.items()]))
    (tmp_path / "docs.jsonl").write_bytes(lines(documents_of(6)))
    return tmp_path


def quotes_in(folder: Path, *, strict: bool = False) -> Quotes:
    return read_quotes(open_lines(str(folder / "quotes.jsonl"), io.BytesIO()), strict=strict)


def scanned(folder: Path, docs: str = "docs.jsonl", quotes: Quotes | None = None, **changes: Any) -> tuple[ScanSummary, bytes]:  # noqa: ANN401 -- the fields of a scan
    """The summary of a scan, and the lines that it wrote to its stream or its file."""
    stream = io.BytesIO()
    documents = open_documents(str(folder / docs), io.BytesIO())
    scan = Scan(**{"quotes": quotes or quotes_in(folder), "documents": documents, "output": None, "stream": stream, **changes})
    summary = scan_documents(scan)
    return summary, scan.output.read_bytes() if scan.output is not None else stream.getvalue()


def found(content: bytes) -> list[tuple[str, str]]:
    return [(row["doc_id"], row["quote_id"]) for row in map(json.loads, content.splitlines())]


EXPECTED = [("d0", "ferry"), ("d1", "hall"), ("d3", "ferry"), ("d4", "hall")]


def test_links_come_in_the_order_of_the_documents(folder: Path) -> None:
    told: list[ScanProgress] = []
    summary, content = scanned(folder, progress=told.append)
    assert found(content) == EXPECTED
    assert (summary.quotes, summary.documents, summary.links, summary.bad) == (2, 6, 4, 0)
    assert (told[-1].documents, told[-1].links, told[-1].size) == (6, 4, told[-1].of)
    first = json.loads(content.splitlines()[0])
    text = documents_of(1)[0]["text"]
    assert text[first["start"] : first["end"]] == first["exact"] == QUOTES["ferry"]


def test_a_file_appears_whole_and_nothing_is_left_beside_it(folder: Path) -> None:
    _, streamed = scanned(folder)
    _, written = scanned(folder, output=folder / "links.jsonl")
    assert written == streamed
    assert sorted(path.name for path in folder.iterdir()) == ["docs.jsonl", "links.jsonl", "quotes.jsonl"]


def test_a_packed_file_and_a_folder_of_texts_give_the_same_links(folder: Path) -> None:
    (folder / "docs.jsonl.gz").write_bytes(gzip.compress((folder / "docs.jsonl").read_bytes()))
    texts = folder / "texts"
    texts.mkdir()
    for document in documents_of(6):
        (texts / f"{document['id']}.txt").write_text(document["text"], encoding="utf-8")
    (texts / "bad.txt").write_bytes(b"\xff\xfe\xfa no text")
    assert found(scanned(folder, "docs.jsonl.gz")[1]) == EXPECTED
    summary, content = scanned(folder, "texts")
    assert found(content) == [(f"{document}.txt", quote) for document, quote in EXPECTED]
    assert summary.bad == 1


def test_bad_lines_are_counted_and_passed_over_or_end_a_strict_scan(folder: Path) -> None:
    with (folder / "docs.jsonl").open("ab") as file:
        file.write(b'{"id": "d6"}\n[]\nno JSON\n')
    with (folder / "quotes.jsonl").open("ab") as file:
        file.write(b'{"id": "ferry", "text": 7}\n' + lines([{"id": "dots", "text": "..."}, {"id": "hall", "text": QUOTES["hall"]}]))
    quotes = quotes_in(folder)
    assert ([one.number for one in quotes.bad], len(quotes.table)) == ([3, 4], 2)
    summary, content = scanned(folder)
    assert ([one.number for one in summary.first_bad], summary.bad, found(content)) == ([7, 8, 9], 3, EXPECTED)
    with pytest.raises(InputError, match="line 3"):
        quotes_in(folder, strict=True)
    with pytest.raises(InputError, match="line 7"):
        scanned(folder, output=folder / "links.jsonl", strict=True)
    assert not list(folder.glob("links*"))


def test_several_processes_write_the_same_bytes_as_one(folder: Path) -> None:
    # More than a block of each, so that there is work for both.
    (folder / "docs.jsonl").write_bytes(lines(documents_of(60, filling=1200)))
    alone, together = scanned(folder), scanned(folder, engine=LocalEngine(2))
    assert alone == together
    assert alone[0].documents == 60


def test_the_index_of_many_quotes_is_made_by_all_processes_and_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[Any]] = []

    def saved(path: Path, index: QuoteIndex, collection: Collection) -> None:
        save_index(path, index, collection)
        made.append([np.asarray(getattr(grams, field.name)).tolist() for grams in index.grams for field in fields(grams)])
        assert not list(path.parent.glob("rarity*"))

    (folder / "docs.jsonl").write_bytes(lines(documents_of(60, filling=1200)))
    monkeypatch.setattr(engine, "save_index", saved)
    alone = scanned(folder, engine=LocalEngine(2))
    monkeypatch.setattr(run, "_MANY_QUOTES", 1)
    assert scanned(folder, engine=LocalEngine(2)) == scanned(folder, engine=LocalEngine(3)) == alone
    assert len(made) == 3
    assert made[0] == made[1] == made[2]
    assert not multiprocessing.active_children()


def test_processes_that_made_the_index_end_where_no_scan_comes_of_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BrokenOffError

    monkeypatch.setattr(run, "_MANY_QUOTES", 1)
    assert scanned(folder, engine=LocalEngine(2)) == scanned(folder)
    assert not multiprocessing.active_children()
    monkeypatch.setattr(run, "Prepared", fail)
    with pytest.raises(BrokenOffError):
        scanned(folder, engine=LocalEngine(2))
    assert not multiprocessing.active_children()


class BrokenOffError(Exception):
    pass


def broken_off(folder: Path, after: int) -> None:
    """A scan to `links.jsonl` that ends after so many blocks."""
    told: list[ScanProgress] = []

    def count(progress: ScanProgress) -> None:
        told.append(progress)
        if len(told) == after:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        scanned(folder, output=folder / "links.jsonl", progress=count)


@pytest.fixture
def long(folder: Path) -> Path:
    (folder / "docs.jsonl").write_bytes(lines(documents_of(60, filling=1200)))
    return folder


@pytest.mark.parametrize("harm", ["none", "a torn entry", "links lost", "links changed", "no entry"])
def test_a_scan_that_was_broken_off_goes_on_to_the_same_bytes(long: Path, harm: str) -> None:
    _, whole = scanned(long)
    broken_off(long, 2)
    assert not (long / "links.jsonl").exists()
    journal, links = (long / "links.jsonl.unfinished" / name for name in ("journal.jsonl", "links.jsonl"))
    if harm == "a torn entry":
        journal.write_bytes(journal.read_bytes()[:-9])
    elif harm == "links lost":
        links.write_bytes(links.read_bytes()[:-5])
    elif harm == "links changed":
        links.write_bytes(b" " + links.read_bytes()[1:])
    elif harm == "no entry":
        journal.write_bytes(b'{"position": "far"}\n')
    told: list[ScanProgress] = []
    summary, content = scanned(long, output=long / "links.jsonl", resume=True, progress=told.append)
    assert content == whole
    # Where all had been scanned, nothing is read again.
    assert (not told or told[0].resumed > 0) is (harm in ("none", "a torn entry", "links lost"))
    assert summary.documents == 60
    assert not (long / "links.jsonl.unfinished").exists()


def test_an_unfinished_scan_of_other_quotes_is_not_gone_on_with(long: Path) -> None:
    broken_off(long, 1)
    (long / "quotes.jsonl").write_bytes(lines([{"id": "x", "text": QUOTES["hall"]}]))
    with pytest.raises(InputError, match="without --resume"):
        scanned(long, output=long / "links.jsonl", resume=True)
    summary, _ = scanned(long, output=long / "links.jsonl")
    assert summary.quotes == 1


def test_two_scans_do_not_write_the_same_file_at_once(folder: Path) -> None:
    with pytest.raises(InputError, match="Another scan"):
        scanned(folder, output=folder / "links.jsonl", progress=lambda _done: scanned(folder, output=folder / "links.jsonl"))


def test_an_output_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "taken").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        scanned(folder, output=folder / "taken")
    with pytest.raises(InputError, match="cannot be written"):
        scanned(folder, output=folder / "docs.jsonl" / "links.jsonl")


def test_documents_of_one_long_line_are_sampled_from_their_start(folder: Path) -> None:
    (folder / "docs.jsonl").write_bytes(lines([{"id": "long", "text": FILLING * 40_000 + QUOTES["ferry"]}]))
    assert found(scanned(folder)[1]) == [("long", "ferry")]


def test_the_quotes_of_a_registry_are_scanned_for_by_their_attributions(store: Store, folder: Path) -> None:
    surroundings = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    registry = Registry(store, surroundings)
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTES["ferry"])
    registry.attribute("C1", by="Mayor")
    registry.attribute("C1", by="Clerk", quote="…")
    registry.attribute("C1", by="Captain", quote=QUOTES["hall"])
    quotes = quotes_of_registry(store)
    assert quotes.bad == []
    _, content = scanned(folder, quotes=quotes)
    assert found(content) == [("d0", "A1"), ("d1", "A4"), ("d3", "A1"), ("d4", "A4")]


def test_part_files_give_the_links_of_all_and_name_the_part_of_a_bad_line(folder: Path) -> None:
    parts = folder / "parts"
    parts.mkdir()
    rows = documents_of(6)
    (parts / "part-0.jsonl").write_bytes(lines(rows[:2]) + b"[]\n")
    (parts / "part-1.jsonl.gz").write_bytes(gzip.compress(lines(rows[2:4]) + b"\nno JSON\n" + lines(rows[4:])))
    told: list[ScanProgress] = []
    summary, content = scanned(folder, "parts", engine=LocalEngine(2), progress=told.append)
    assert (found(content), summary.documents) == (EXPECTED, 6)
    assert [(one.part, one.number) for one in summary.first_bad] == [("part-0.jsonl", 3), ("part-1.jsonl.gz", 4)]
    assert told[-1].size == told[-1].of
    with pytest.raises(InputError, match=r"parts, part-0\.jsonl, line 3: "):
        scanned(folder, "parts", strict=True)
