"""Sources of which an address and details are known and no bytes: recorded, passed over, told of, and captured later; over every store."""

import io
from contextlib import closing
from pathlib import Path

import pytest

from claimreg.errors import InputError, UsageError
from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.language import guess_language
from claimreg.ingest.types import Hints, Limits
from claimreg.model import Attribution, Capture, Link, Source
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.evidence.bundle.archive import Archive
from claimreg.services.evidence.bundle.check import check_bundle
from claimreg.services.exchange.rows import SourceRow
from claimreg.services.linking.likely import FEW
from claimreg.services.proofing.run import Asked
from claimreg.services.recording.bare import record_bare_source
from claimreg.services.recording.sources import (
    IncomingDocument,
    Retrieval,
    SourceDetails,
    capture_of,
    latest_capture,
    require_source,
    source_at,
    store_source,
)
from claimreg.services.reporting.report import ReportScope
from claimreg.services.reporting.stats import count
from claimreg.services.reporting.views import source_view
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\nThe ticket hall stays shut.\n"
QUOTE = "The night ferry will not run"
ADDRESS = "https://harbour.example/notice"
AT = "2026-01-01T00:00:00Z"


def document(text: str = NOTICE, address: str | None = None, *, title: str | None = "Notice") -> IncomingDocument:
    """A text as it was read: fetched from an address that a person typed, or a file."""
    retrieval = Retrieval(address, address, 200, (), AT, b"warc", typed=True) if address else None
    details = SourceDetails(title=title, lang="en", publisher="Harbour office")
    return IncomingDocument(text.encode(), text, address or "notice.txt", details=details, retrieval=retrieval)


def second(store: Store) -> Registry:
    """A registry of somebody else."""
    return Registry(store, Surroundings(user=lambda: "bob", now=lambda: AT, documents=Documents(Reading(workers=1))))


@pytest.fixture
def registry(store: Store) -> Registry:
    """A registry with the source S1, of which nothing but an address is known, and the statement A1 that names it."""
    around = Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents(Reading(workers=1)))
    made = Registry(store, around)
    with made.write("import") as writer:
        record_bare_source(writer, SourceDetails(url=ADDRESS))
    made.add("The ferry is cancelled", by="Harbour office", quote=QUOTE, lang="en", source="S1")
    return made


def source_of(store: Store, source_id: str = "S1") -> Source:
    return require_source(store, source_id)


@pytest.mark.usefixtures("registry")
def test_its_title_is_its_address_and_it_is_found_by_it(store: Store) -> None:
    source = source_of(store)
    assert (source.title, source.url, source.url_typed, source.lang) == (ADDRESS, ADDRESS, False, None)
    assert source_at(store, "http://harbour.example/notice/") == source
    assert latest_capture(store, source) is None
    view = source_view(store, source, whole=True)
    assert (view.capture, view.captures, view.left_out, view.attributions) == (None, 0, None, 1)


def test_the_same_address_is_one_source_that_gets_what_it_lacked(registry: Registry, store: Store) -> None:
    first = SourceRow(1, "a", SourceDetails("The notice", "The office", url="http://harbour.example/notice/"), f"{ADDRESS}?id=1")
    other = SourceRow(2, "b", SourceDetails("Another title", "Somebody else", url=ADDRESS))
    registry.import_rows([first, other])
    source = source_of(store)
    assert (source.title, source.publisher, source.url, source.canonical_url) == (
        "The notice", "The office", ADDRESS, f"{ADDRESS}?id=1"
    )  # fmt: skip
    assert [one.id for one in store.find(Source)] == ["S1"]
    events = sum(1 for _ in store.history())
    registry.import_rows([first, other])
    assert sum(1 for _ in store.history()) == events


def test_one_without_an_address_needs_a_title(registry: Registry, store: Store) -> None:
    with registry.write("import") as writer:
        made = [record_bare_source(writer, SourceDetails("A leaflet")) for _ in range(2)]
        with pytest.raises(UsageError, match="needs an address or a title"):
            record_bare_source(writer, SourceDetails(url=""))
    assert [one.id for one in made] == ["S2", "S3"]
    with pytest.raises(InputError, match=r"^S2 is not captured yet, and no address of it is known: .*S2 --from FILE` captures it\.$"):
        capture_of(store, made[0])


def test_a_statement_is_recorded_with_it_and_nobody_looked_for_its_quote(registry: Registry, store: Store) -> None:
    recorded = registry.attribute("C1", by="City council", quote="The pier is sound", source=ADDRESS)
    assert (recorded.source, recorded.links, recorded.is_captured) == (source_of(store), (), False)
    assert [(one.source_id, one.looked) for one in store.find(Attribution)] == [("S1", None), ("S1", None)]
    # The same again is no new one.
    again = registry.attribute("C1", by="City council", quote="The pier is sound", source="S1")
    assert (again.attribution, again.new_attribution) == (recorded.attribution, False)


def test_quotes_are_looked_for_elsewhere_and_it_is_told_what_was_passed_over(registry: Registry, store: Store) -> None:
    linked = registry.link(every=True)
    assert (linked.found, linked.lost) == ((), ())
    assert linked.passed_over == ("1 source is not captured yet and was passed over: S1; `claimreg source recapture S1` fetches it.")
    assert next(store.find(Attribution)).looked is None
    with registry.write("source add") as writer:
        store_source(writer, document(), SourceDetails())
    assert [link.source_id for link in registry.link().found] == ["S2"]
    assert next(store.find(Attribution)).looked is not None


def test_searching_in_it_alone_says_that_it_is_not_captured(registry: Registry, store: Store) -> None:
    linked = registry.link(sources=["S1"])
    assert linked.found == ()
    assert linked.passed_over == ("1 source is not captured yet and was passed over: S1; `claimreg source recapture S1` fetches it.")
    assert next(store.find(Attribution)).looked is None
    sentence = r"^S1 is not captured yet: `claimreg source recapture S1` fetches it\.$"
    for ask in (
        lambda: registry.check(QUOTE, "S1"),
        lambda: registry.extract("S1"),
        lambda: registry.extract("S1", add=True),
    ):
        with pytest.raises(InputError, match=sentence):
            ask()
    assert registry.search_sources("ferry") == []


def test_a_draft_is_proved_against_the_other_sources_and_it_is_named_as_not_read(registry: Registry) -> None:
    draft = parse_article(
        "The office said: “The night ferry will not run before the pier is repaired.”".encode(), Hints("draft.md"), Limits()
    )
    asked = Asked(guess_language)
    with registry.write("source add") as writer:
        store_source(writer, document(), SourceDetails())
    (proof,) = registry.proof([draft], ["S1", "S2"], asked)
    assert proof.unread == (("S1", "S1 is not captured yet: `claimreg source recapture S1` fetches it."),)
    assert [place.source_id for one in proof.quotations for place in one.places] == ["S2"]


def test_documents_among_many_bare_sources_are_found(registry: Registry) -> None:
    with registry.write("import") as writer:
        for number in range(FEW + 5):
            record_bare_source(writer, SourceDetails(url=f"{ADDRESS}/{number}"))
        store_source(writer, document(), SourceDetails())
    assert len(registry.check(QUOTE).places) == 1
    assert len(registry.search_sources("ticket hall")) == 1
    assert len(registry.link().found) == 1


def test_a_document_from_its_address_is_its_first_capture(registry: Registry, store: Store) -> None:
    with registry.write("source add") as writer:
        stored = store_source(writer, document(address="http://harbour.example/notice/"), SourceDetails())
    assert (stored.is_new, stored.is_first, stored.previous, stored.source.id) == (False, True, None, "S1")
    source = source_of(store)
    assert (source.title, source.publisher, source.lang, source.url_typed) == ("Notice", "Harbour office", "en", True)
    assert capture_of(store, source) == stored.capture
    assert [one.id for one in store.find(Source)] == ["S1"]


def test_details_that_were_known_before_its_capture_stay(registry: Registry, store: Store) -> None:
    registry.edit("S1", title="Our title", publisher="Our publisher", withhold="a witness")
    with registry.write("source add") as writer:
        store_source(writer, document(address=ADDRESS), SourceDetails())
    source = source_of(store)
    assert (source.title, source.publisher, source.lang, source.withheld) == ("Our title", "Our publisher", "en", "a witness")


def test_a_file_becomes_its_capture_and_its_quotes_are_found(registry: Registry, store: Store, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    registry.attribute("C1", by="City council", quote="Nobody ever said this sentence", source="S1")
    (done,) = registry.recapture(["S1"], file=str(tmp_path / "notice.txt"))
    assert done.stored is not None
    assert done.first is not None
    assert (done.stored.is_first, [(one.attribution_id, one.exact) for one in done.first.found]) == (True, [("A1", QUOTE)])
    assert [one.id for one in done.first.lost] == ["A2"]
    assert all(one.looked is not None for one in store.find(Attribution))
    assert [link.state.value for link in store.find(Link)] == ["suggested"]
    (again,) = registry.recapture(["S1"], file=str(tmp_path / "notice.txt"))
    assert (again.first, again.stored and again.stored.previous) == (None, None)
    assert registry.verify().damage == []


def test_an_added_file_of_its_address_is_its_capture_too(registry: Registry, store: Store, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    added = registry.add_source(str(tmp_path / "notice.txt"), SourceDetails(url=ADDRESS, title="By hand"))
    assert added.stored is not None
    assert added.first is not None
    assert (added.stored.is_first, [one.attribution_id for one in added.first.found]) == (True, ["A1"])
    assert (source_of(store).title, source_of(store).url_typed) == ("By hand", True)


def test_bytes_that_another_source_has_are_its_capture_as_well(registry: Registry, store: Store, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    registry.add_source(str(tmp_path / "notice.txt"))
    # Nothing is read anew of bytes that are known.
    added = registry.add_source(str(tmp_path / "notice.txt"), SourceDetails(url=ADDRESS))
    assert added.stored is not None
    assert (added.stored.source.id, added.stored.is_first) == ("S1", True)
    first, second = (capture_of(store, source_of(store, one)) for one in ("S1", "S2"))
    assert (first.sha256, first.text_sha256, first.length, first.method) == (
        second.sha256,
        second.text_sha256,
        second.length,
        second.method,
    )
    assert first.id != second.id
    assert registry.verify().damage == []


def test_an_edited_statement_that_names_it_waits(registry: Registry, store: Store, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    registry.add_source(str(tmp_path / "notice.txt"))
    registry.edit("A1", source="S2")
    assert [link.source_id for link in store.find(Link)] == ["S2"]
    registry.edit("A1", source="S1", quote="The ticket hall stays shut")
    assert (list(store.find(Link)), next(store.find(Attribution)).looked) == ([], None)


def test_a_title_that_is_only_the_address_follows_it_and_gives_way(registry: Registry, store: Store) -> None:
    registry.edit("S1", url=f"{ADDRESS}/2")
    assert (source_of(store).title, source_of(store).url_typed) == (f"{ADDRESS}/2", True)
    with registry.write("source add") as writer:
        store_source(writer, document(address=f"{ADDRESS}/2"), SourceDetails())
    assert source_of(store).title == "Notice"
    registry.edit("S1", url=f"{ADDRESS}/3")
    assert source_of(store).title == "Notice"


def test_reports_counts_and_verification_tell_of_it(registry: Registry, store: Store) -> None:
    report = registry.report(ReportScope())
    assert [(view.source.id, view.capture) for view in report.sources] == [("S1", None)]
    # There is no text to look in: the quote was not looked for, which is not that it was not found.
    assert (report.has_sources, len(report.unlooked), report.unlinked) == (False, 1, ())
    counts = count(store)
    assert (counts["sources"], counts["characters in sources"]) == (1, 0)
    assert registry.verify().damage == []


def test_it_can_be_removed_and_brought_back(registry: Registry, store: Store) -> None:
    with registry.write("import") as writer:
        record_bare_source(writer, SourceDetails("A leaflet"))
    registry.remove("S2")
    assert [one.id for one in store.find(Source)] == ["S1"]
    registry.restore("S2")
    assert latest_capture(store, source_of(store, "S2")) is None


def bundled(registry: Registry) -> io.BytesIO:
    file = io.BytesIO()
    registry.export_bundle(file)
    file.seek(0)
    assert check_bundle(Archive(file)).found.damage == []
    return file


def test_it_travels_in_a_bundle_and_joins_the_source_of_its_address(registry: Registry) -> None:
    file = bundled(registry)
    with closing(MemoryStore()) as kept:
        other = second(kept)
        imported, _check = other.import_bundle(file)
        assert (imported.new["source"], imported.new["attribution"], list(kept.find(Capture))) == (1, 1, [])
        assert next(kept.find(Source)).url == ADDRESS
        file.seek(0)
        assert other.import_bundle(file)[0].new["source"] == 0
    with closing(MemoryStore()) as kept:
        other = second(kept)
        with other.write("source add") as writer:
            store_source(writer, document(address=ADDRESS), SourceDetails())
        file.seek(0)
        assert other.import_bundle(file)[0].known["source"] == 1
        assert [one.source_id for one in kept.find(Attribution)] == ["S1"]
        assert [one.id for one in kept.find(Source)] == ["S1"]


def test_a_captured_source_of_a_bundle_brings_its_bytes_to_the_bare_one_here(registry: Registry, store: Store) -> None:
    with closing(MemoryStore()) as kept:
        other = second(kept)
        with other.write("source add") as writer:
            store_source(writer, document(address=ADDRESS), SourceDetails())
        file = bundled(other)
    registry.import_bundle(file)
    assert [one.id for one in store.find(Source)] == ["S1"]
    assert capture_of(store, source_of(store)).length == len(NOTICE)
    assert [link.source_id for link in registry.link().found] == ["S1"]
    assert registry.verify().damage == []
