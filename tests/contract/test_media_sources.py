"""What a program does with pictures and recordings: added, given words, linked, reported, handed over; over every store."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from stores import STORES

from claimreg.errors import InputError, UsageError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.language import guess_language
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Capture, LinkKind, Source
from claimreg.opening import Documents, Reading, report_thumbnails
from claimreg.registry import Registry
from claimreg.services.proofing.run import Asked
from claimreg.services.recording.sources import SourceDetails, locators_of, text_of
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

WORDS = "1\n00:01:02,000 --> 00:01:05,000\nNobody had come to the square.\n\n2\n00:01:05,000 --> 00:01:08,000\nThe band packed up.\n"
AT = "2026-01-01T00:00:00Z"


def photo(shade: int = 90) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (400, 300), (shade, 120, 90)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "square.jpg").write_bytes(photo())
    (tmp_path / "words.srt").write_text(WORDS, encoding="utf-8")
    (tmp_path / "other.txt").write_text("Somebody had come after all.", encoding="utf-8")
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


def registry_of(store: Store, transcript: str | None = None, told: list[str] | None = None) -> Registry:
    heard = told if told is not None else []
    around = Surroundings(
        user=lambda: "ann",
        now=lambda: AT,
        documents=Documents(Reading(workers=1, transcript=transcript), tell=heard.append),
        tell_aside=heard.append,
    )
    return Registry(store, around)


@pytest.fixture
def registry(store: Store) -> Registry:
    return registry_of(store)


def captures(store: Store) -> list[Capture]:
    return list(store.find(Capture))


def test_a_picture_is_kept_with_its_caption_and_without_text(registry: Registry, store: Store) -> None:
    added = registry.add_source("square.jpg", SourceDetails(caption="The square at noon"))
    (capture,) = captures(store)
    assert (capture.media_type, capture.length, capture.size) == ("image/jpeg", 0, len(photo()))
    assert store.blob(capture.sha256) == photo()
    assert added.notes[0].startswith("It is a picture without text; ")
    (source,) = store.find(Source)
    assert (source.caption, source.title) == ("The square at noon", "square.jpg")
    registry.edit("S1", caption="The square at night")
    assert next(iter(store.find(Source))).caption == "The square at night"
    registry.edit("S1", caption="")
    assert next(iter(store.find(Source))).caption is None


def test_its_words_come_later_as_one_more_capture(registry: Registry, store: Store) -> None:
    registry.add_source("square.jpg")
    added = registry_of(store, "words.srt").add_source("square.jpg")
    assert added.stored is not None
    assert added.stored.previous is not None
    assert added.notes == ()
    first, second = captures(store)
    assert first.sha256 == second.sha256
    assert text_of(store, second) == "Nobody had come to the square.\nThe band packed up.\n"
    assert [one.label for one in locators_of(store, second)] == ["00:01:02", "00:01:05"]
    assert second.transcript_sha256 is not None
    assert store.blob(second.transcript_sha256) == WORDS.encode()
    assert next(iter(store.find(Source))).lang == "en"
    # The same words again, and the picture by itself, change nothing; other words are one more capture.
    registry_of(store, "words.srt").add_source("square.jpg")
    registry.add_source("square.jpg")
    assert len(captures(store)) == 2
    registry_of(store, "other.txt").add_source("square.jpg")
    assert [len(text_of(store, one)) for one in captures(store)] == [0, 51, 28]


def test_a_picture_that_is_another_one_now_is_one_more_capture(store: Store, tmp_path: Path) -> None:
    (tmp_path / "second.jpg").write_bytes(photo(10))
    registry = registry_of(store)
    registry.add_source("square.jpg")
    for file, count in (("square.jpg", 1), ("second.jpg", 2), ("second.jpg", 2)):
        list(registry.recapture(["S1"], file=file))
        assert len(captures(store)) == count
    registry_of(store, "words.srt").add_source("second.jpg")
    # Captured again without its words, it keeps them.
    list(registry.recapture(["S1"], file="second.jpg"))
    assert [one.length > 0 for one in captures(store)] == [False, False, True]


def test_quotes_are_found_in_the_words_with_their_times(store: Store) -> None:
    registry_of(store, "words.srt").add_source("square.jpg")
    registry = registry_of(store)
    recorded = registry.add("Nobody came", by="Ann", quote="Nobody had come to the square", source="square.jpg")
    assert recorded is not None
    (view,) = registry.report().claims
    (attribution,) = view.attributions
    (link,) = attribution.links
    assert link.kind is LinkKind.EXACT
    assert attribution.where[link.id].label == "00:01:02"
    assert registry.check("The band packed up", "S1").intact


def test_where_there_are_no_words_that_is_told(store: Store) -> None:
    told: list[str] = []
    registry = registry_of(store, told=told)
    registry.add_source("square.jpg")
    registry.add_source("other.txt")
    for reference in ("square.jpg", "S1"):
        with pytest.raises(InputError, match=rf"^{reference} is a picture without text; .+--transcript"):
            registry.check("Somebody had come", reference)
        with pytest.raises(InputError, match="is a picture without text"):
            registry.extract(reference)
    # One that is stored is passed over among others.
    assert registry.check("Somebody had come", "S1", "S2").intact
    assert registry.check("Somebody had come").intact
    registry.add("Somebody came", by="Ann", quote="Somebody had come")
    registry.link(every=True, sources=["S1"])
    assert [one for one in told if one.startswith("S1 is a picture without text")]
    draft = parse_article("“Somebody had come,” Ann said.".encode(), Hints("draft.md"), Limits())
    (proof,) = registry.proof([draft], ["square.jpg", "other.txt"], Asked(guess_language))
    assert [name for name, _why in proof.unread] == ["square.jpg"]


def test_a_transcript_is_for_one_medium(store: Store, tmp_path: Path) -> None:
    (tmp_path / "second.jpg").write_bytes(photo(10))
    with pytest.raises(UsageError, match="--caption and --transcript tell of one document"):
        list(registry_of(store, "words.srt").add_sources(["square.jpg", "second.jpg"]))
    with pytest.raises(UsageError, match="tell of one document"):
        list(registry_of(store).add_sources(["square.jpg", "second.jpg"], SourceDetails(caption="A square")))
    with pytest.raises(InputError, match=r"^other\.txt has a text of its own; --transcript is for pictures"):
        registry_of(store, "words.srt").add_source("other.txt")
    with pytest.raises(InputError, match=r"^second\.jpg is a picture without text"):
        registry_of(store, "second.jpg").add_source("square.jpg")
    with pytest.raises(InputError, match=r"missing\.srt"):
        registry_of(store, "missing.srt").add_source("square.jpg")
    assert captures(store) == []


def test_a_scanned_document_is_kept_with_its_words(store: Store, tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGB", (60, 40)).save(written, "PDF")
    (tmp_path / "scan.pdf").write_bytes(written.getvalue())
    with pytest.raises(InputError, match="is scanned"):
        registry_of(store).add_source("scan.pdf")
    registry_of(store, "other.txt").add_source("scan.pdf")
    (capture,) = captures(store)
    assert (capture.media_type, text_of(store, capture)) == ("application/pdf", "Somebody had come after all.")
    assert store.blob(capture.sha256) == written.getvalue()


def test_a_folder_passes_over_media_and_says_so_and_a_pattern_takes_them(store: Store, tmp_path: Path) -> None:
    told: list[str] = []
    registry = registry_of(store, told=told)
    added = [one.name for batch in registry.add_sources([str(tmp_path)]) for one in batch.documents]
    assert sorted(Path(name).name for name in added) == ["other.txt", "words.srt"]
    assert told == [
        f"Passed over 1 picture or recording in {tmp_path}; give them by name, or by a pattern such as '{tmp_path}/*.jpg', to add them."
    ]
    assert registry.add_source(str(tmp_path / "*.jpg")).stored is not None


def test_thumbnails_of_a_report_but_none_of_what_is_withheld(store: Store, tmp_path: Path) -> None:
    registry = registry_of(store, "words.srt")
    registry.add_source("square.jpg", SourceDetails(caption="The square at noon"))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    registry_of(store, "other.txt").add_source("broken.png")
    registry = registry_of(store)
    registry.add("Nobody came", by="Ann", quote="Nobody had come to the square", source="S1")
    registry.add("Somebody came", by="Ben", quote="Somebody had come", source="S2")
    told: list[str] = []
    drawn = report_thumbnails(store, registry.report(), told.append)
    assert {name: (one.media_type, one.width, one.height) for name, one in drawn.items()} == {"S1": ("image/jpeg", 320, 240)}
    assert len(told) == 1
    assert told[0].startswith("The picture of S2 cannot be read")
    registry.edit("S1", withhold="a witness")
    registry.edit("S2", withhold="a witness")
    report = registry.report()
    assert report_thumbnails(store, report, told.append) == {}
    assert all(view.source.caption is None for view in report.sources)
    assert len(told) == 1


def test_without_what_makes_them_thumbnails_are_told_of_where_there_would_be_some(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    told: list[str] = []
    registry = registry_of(store)
    registry.add("Somebody came", by="Ben", quote="Somebody had come", source="other.txt")
    assert report_thumbnails(store, registry.report(), told.append) == {}
    assert told == []
    registry.add("Nobody came", by="Ann", quote="Nobody had come", source="square.jpg")
    assert report_thumbnails(store, registry.report(), told.append) == {}
    assert told == ["The report is without thumbnails of its pictures; pip install 'claimreg[pictures]' brings what makes them."]


def test_a_bundle_carries_the_picture_and_its_transcript(store: Store, tmp_path: Path) -> None:
    registry_of(store, "words.srt").add_source("square.jpg", SourceDetails(caption="The square at noon"))
    registry = registry_of(store)
    registry.add("Nobody came", by="Ann", quote="Nobody had come to the square", source="S1")
    assert not registry.verify().damage
    bundle = tmp_path / "bundle.zip"
    with bundle.open("wb") as file:
        registry.export_bundle(file)
    other = MemoryStore()
    with bundle.open("rb") as file:
        registry_of(other).import_bundle(file)
    (capture,) = other.find(Capture)
    assert other.blob(capture.sha256) == photo()
    assert capture.transcript_sha256 is not None
    assert other.blob(capture.transcript_sha256) == WORDS.encode()
    (source,) = other.find(Source)
    assert source.caption == "The square at noon"


def test_a_transcript_that_was_changed_is_noticed(store: Store, tmp_path: Path) -> None:
    registry_of(store, "words.srt").add_source("square.jpg")
    (capture,) = captures(store)
    assert capture.transcript_sha256 is not None
    kept = list(tmp_path.rglob(capture.transcript_sha256))
    for path in kept:
        path.chmod(0o600)
        path.write_bytes(WORDS.replace("Nobody", "Somebody").encode())
    assert bool(registry_of(store).verify().damage) is bool(kept)
