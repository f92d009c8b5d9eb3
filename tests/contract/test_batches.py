"""Documents are recorded some at a time, also where reading is interrupted; what is known already is not read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES

from claimreg.ingest.sandbox.pool import ReaderPool
from claimreg.ingest.types import Extraction, Limits
from claimreg.model import Capture, Change, Source
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.entry.documents import add_document, in_batches
from claimreg.services.recording.sources import IncomingDocument, SourceDetails
from claimreg.services.surroundings import ReadDocument, Surroundings
from claimreg.store.memory import MemoryStore


def document(number: int) -> ReadDocument:
    text = f"Notice {number}."
    return ReadDocument(f"{number}.txt", IncomingDocument(text.encode(), text, f"{number}.txt"))


def registry_of(name: str, folder: Path, read: list[int]) -> Registry:
    documents = Documents(Reading(workers=1))
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=documents, documents_read=read.append)
    return Registry(STORES[name](folder), around)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Notice {number} of the harbour office.", encoding="utf-8")
    return folder


def test_what_was_read_comes_before_the_interruption() -> None:
    def read() -> Iterator[ReadDocument]:
        yield document(1)
        yield document(2)
        raise KeyboardInterrupt

    batches = in_batches(read())
    assert [one.name for one in next(batches)] == ["1.txt", "2.txt"]
    with pytest.raises(KeyboardInterrupt):
        next(batches)


def test_a_batch_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("claimreg.services.entry.documents.monotonic", lambda: now[0])

    def read() -> Iterator[ReadDocument]:
        for number in range(20):
            now[0] += 0.6
            yield document(number)

    told: list[int] = []
    assert [len(batch) for batch in in_batches(read(), told.append)] == [2, 9, 9]
    assert told == list(range(1, 21))


@pytest.mark.parametrize("name", STORES)
def test_documents_that_are_there_are_not_read_again(name: str, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    with registry_of(name, tmp_path, read) as registry:
        for number in (0, 3):
            registry.add_source(str(texts / f"{number}.txt"))
        monkeypatch.setattr("claimreg.ingest.extract.extract", _refused_for(b"Notice 0", b"Notice 3"))
        added = [one for batch in registry.add_sources([str(texts)]) for one in batch.documents]
        assert [one.error for one in added] == [None] * 5
        assert [one.stored.is_new for one in added if one.stored] == [False, True, True, False, True]
        assert [capture.length for capture in registry.reader.find(Capture)] == [len("Notice 0 of the harbour office.")] * 5
        assert len(list(registry.reader.find(Source))) == 5
    assert read[-1] == 5


def _refused_for(*starts: bytes) -> object:
    from claimreg.ingest.extract import extract

    def extracted(content: bytes, *more: object) -> Extraction:
        assert not content.startswith(starts)
        return extract(content, *more)  # type: ignore[arg-type]

    return extracted


def test_a_document_that_was_known_and_is_not_any_more_is_told_of() -> None:
    with MemoryStore().write(Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")) as writer:
        known = ReadDocument("a.txt", IncomingDocument(b"A notice.", "", "a.txt", is_known=True))
        added = add_document(writer, known, SourceDetails(), None, withheld=None, view=False)  # type: ignore[arg-type]
    assert added.stored is None
    assert str(added.error) == "a.txt was removed from the registry meanwhile; add it again."


def test_documents_that_come_slowly_are_not_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("claimreg.ingest.sandbox.pool.monotonic", lambda: now[0])
    asked: list[int] = []

    def tasks() -> Iterator[tuple[int, Extraction]]:
        for number in range(4):
            now[0] += 0.4
            asked.append(number)
            yield number, Extraction(f"{number}", "text/plain", "text/1")

    pool = ReaderPool(Limits(), 1)
    results = pool.read(tasks())
    assert next(results)[0] == 0
    assert asked == [0, 1]
    assert [key for key, _ in results] == [1, 2, 3]
    pool.close()
