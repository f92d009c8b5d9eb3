"""What becomes of each field that is edited, of sources met again, of filters and of the history in words, over every store."""

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from stores import STORES

from claimreg.corpus.files import open_lines
from claimreg.errors import ClaimregError, InputError, NotFoundError, StoreError, UsageError
from claimreg.frozen import replace
from claimreg.model import Attribution, Capture, Claim, Link, LinkState, Locator, Party, Source, Stance
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.render.html import render_html
from claimreg.render.labels import ENGLISH
from claimreg.render.markdown import render_markdown
from claimreg.render.terminal import report_renderable
from claimreg.services.finding.filters import Filters
from claimreg.services.history import changes_in_words, newest_first
from claimreg.services.recording.fields import checked_hash
from claimreg.services.recording.sources import (
    IncomingDocument,
    Retrieval,
    SourceDetails,
    captured_at,
    find_source,
    locators_of,
    require_source,
    store_source,
)
from claimreg.services.reporting.stats import count
from claimreg.services.surroundings import Surroundings
from claimreg.services.withholding import told_events

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.”\nThe ticket hall stays shut.\n"
QUOTE = "the night ferry will not run"
ADDRESS = "https://harbour.example/notice"


@pytest.fixture(params=STORES)
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=Documents(Reading(workers=1)))
    with closing(STORES[request.param](tmp_path)) as store:
        yield Registry(store, around)


@pytest.fixture
def notice(tmp_path: Path) -> str:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    return str(tmp_path / "notice.txt")


@pytest.fixture
def ferry(registry: Registry, notice: str) -> Registry:
    """A registry with C1, A1, P1, S1, K1, L1."""
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source=notice, case="Ferry", said="2021-03-03")
    return registry


# Times of captures.


@pytest.mark.parametrize("when", ["2019", "2019-03", "2019-03-05", "2019-03-05T10:00:00Z"])
@pytest.mark.parametrize("kind", STORES)
def test_a_file_keeps_when_a_person_says_that_it_was_saved(kind: str, tmp_path: Path, notice: str, when: str) -> None:
    documents = Documents(Reading(workers=1, saved_at=when))
    around = Surroundings(user=lambda: "ann", now=lambda: "2026-01-01T00:00:00Z", documents=documents)
    with closing(STORES[kind](tmp_path)) as store:
        registry = Registry(store, around)
        stored = registry.add_source(notice).stored
        assert stored is not None
        assert (stored.capture.retrieved_at, captured_at(stored.capture)) == (when, when)
        registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source=stored.source.id)
        report = registry.report()
        assert registry.verify().damage == []
    label = "captured on" if when.count("-") > 1 else "captured in"
    assert f"{label} {ENGLISH.date(when)}, added on 1 January 2026" in render_markdown(report)
    assert f'<dt>{label}</dt><dd><time datetime="{when}">{ENGLISH.date(when)}</time>' in render_html(report)


def test_a_file_of_which_nobody_says_when_it_was_saved_was_added(ferry: Registry) -> None:
    capture = next(iter(ferry.reader.find(Capture)))
    assert (capture.retrieved_at, captured_at(capture)) == (capture.recorded_at, None)
    told = render_markdown(ferry.report())
    assert "added on 1 January 2026, 00:00 UTC" in told
    assert "captured on" not in told + render_html(ferry.report())


# Pages with an address.


def test_reports_lead_to_the_page_at_the_words(registry: Registry, tmp_path: Path) -> None:
    page = tmp_path / "notice.html"
    body = "".join(
        f"<p>{line}</p>" for line in (*NOTICE.split("\n"), "Captains answered that the pier is sound, and that nobody came to see it.")
    )
    page.write_text(
        f"<html><head><title>Notice</title></head><body><article><h1>Notice</h1>{body}</article></body></html>", encoding="utf-8"
    )
    source = registry.add_source(str(page), SourceDetails(url=ADDRESS)).stored
    assert source is not None
    registry.add("The night ferry is cancelled", by="Harbour office", quote=QUOTE, source=source.source.id)
    report = registry.report()
    address = f"{ADDRESS}#:~:text=The%20night%20ferry%20will%20not%20run"
    assert f" · [see it on the page](<{address}>)" in render_markdown(report)
    assert f'<a href="{address}" rel="noopener noreferrer nofollow">see it on the page</a>' in render_html(report)
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100)
    terminal.print(report_renderable(report))
    assert f";{address}\x1b\\" in terminal.file.getvalue()  # type: ignore[attr-defined]  # the stream given
    registry.edit(source.source.id, withhold="safety")
    assert "#:~:text=" not in render_markdown(registry.report()) + render_html(registry.report())


# Fields.

EDITS: list[tuple[str, dict[str, Any], str, object]] = [
    ("C1", {"title": "Ferry"}, "title", "Ferry"),
    ("C1", {"case": " Night "}, "case_key", "night"),
    ("C1", {"case": ""}, "case_key", None),
    ("C1", {"lang": "en-GB"}, "lang", "en-GB"),
    ("C1", {"lang": ""}, "lang", None),
    ("C1", {"tag": ["port", "night", "port"], "untag": ["night"]}, "tags", ("port",)),
    ("A1", {"stance": "denies"}, "stance", Stance.DENIES),
    ("A1", {"lang": "en"}, "lang", "en"),
    ("A1", {"lang": ""}, "lang", None),
    ("A1", {"said": "2021"}, "said_at", "2021"),
    ("A1", {"said": ""}, "said_at", None),
    ("A1", {"by": "harbour office"}, "party_as_written", "harbour office"),
    ("A1", {"source": ""}, "source_id", None),
    ("A1", {"quote": ""}, "quote", None),
    ("S1", {"title": "Notice"}, "title", "Notice"),
    ("S1", {"publisher": "Port"}, "publisher", "Port"),
    ("S1", {"url": ADDRESS}, "url_typed", True),
    ("S1", {"url": ""}, "url_key", None),
    ("S1", {"published": ""}, "published_at", None),
    ("S1", {"lang": "en"}, "lang", "en"),
    ("S1", {"lang": ""}, "lang", None),
    ("S1", {"withhold": "a witness"}, "withheld", "a witness"),
    ("P1", {"name": "Port authority"}, "name", "Port authority"),
    ("L1", {"state": "rejected"}, "state", LinkState.REJECTED),
]


@pytest.mark.parametrize(("record_id", "changes", "field", "value"), EDITS, ids=str)
def test_each_field_takes_its_new_value(ferry: Registry, record_id: str, changes: dict[str, Any], field: str, value: object) -> None:
    record = ferry.edit(record_id, **changes).record
    now = ferry.reader.get(type(record), record_id)
    assert getattr(now, field) == value
    assert ferry.verify().damage == []


@pytest.mark.parametrize(
    ("record_id", "changes"),
    [("C1", {"lang": "no language"}), ("A1", {"said": "soon"}), ("A1", {"by": "Nobody at all"}), ("A1", {"source": "S9"}),
     ("S1", {"title": " "}), ("P1", {"name": "…"}), ("C1", {"text": "\udce9"})],
    ids=lambda one: str(one)[:30],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(ferry: Registry, record_id: str, changes: dict[str, Any]) -> None:
    before = ferry.reader.head()
    with pytest.raises(ClaimregError):
        ferry.edit(record_id, **changes)
    assert ferry.reader.head() == before


def test_a_quote_is_looked_for_in_the_source_that_it_is_moved_to(ferry: Registry, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(f"They wrote that {QUOTE} again.", encoding="utf-8")
    ferry.edit("A1", source=str(other))
    attribution = ferry.reader.get(Attribution, "A1")
    assert attribution is not None
    assert attribution.source_id == "S2"
    assert [one.source_id for one in ferry.reader.find(Link)] == ["S1", "S2"]
    ferry.edit("A1", quote="nobody wrote this anywhere")
    assert list(ferry.reader.find(Link)) == []


def test_a_party_that_was_renamed_is_found_by_its_old_name(ferry: Registry) -> None:
    ferry.edit("P1", name="Port authority")
    assert ferry.attribute("C1", by="Harbour office", stance="denies").attribution.party_id == "P1"
    ferry.attribute("C1", by="Captain")
    with pytest.raises(UsageError, match="party merge"):
        ferry.alias("Captain", "Harbour office")
    with pytest.raises(UsageError, match="neither letters nor digits"):
        ferry.alias("Captain", "—")
    with pytest.raises(NotFoundError, match="give an id"):
        ferry.alias("Harbor offce", "X")


def test_a_removed_record_is_changed_as_it_is_brought_back(ferry: Registry) -> None:
    ferry.remove("A1")
    with pytest.raises(NotFoundError, match="was removed"):
        ferry.edit("A1", stance="denies")
    edited = ferry.edit("A1", restore=True, stance="denies")
    assert [one.id for one in edited.brought] == ["A1", "L1"]
    assert [one.stance for one in ferry.reader.find(Attribution)] == [Stance.DENIES]


def test_where_nobody_is_asked_a_name_that_is_only_like_another_is_a_new_partys(ferry: Registry) -> None:
    assert ferry.attribute("C1", by="Harbour offices", stance="denies").new_party
    assert [one.name for one in ferry.reader.find(Party)] == ["Harbour office", "Harbour offices"]


# Sources met again.


def test_details_that_a_source_lacked_are_filled_in_and_others_must_agree(ferry: Registry, notice: str) -> None:
    added = ferry.add_source(notice, SourceDetails(title="Notice", publisher="Port", published_at="2021-03", url=ADDRESS))
    assert added.stored is not None
    source = added.stored.source
    assert (source.id, source.title, source.publisher, source.url, added.stored.is_new) == ("S1", "Notice", "Port", ADDRESS, False)
    again = ferry.add_source(notice, SourceDetails(title="Other title", url=f"{ADDRESS}#top"))
    assert again.stored is not None
    assert (again.stored.source.title, again.stored.source.url) == ("Other title", ADDRESS)
    with pytest.raises(UsageError, match=r"another publisher \(Port\)"):
        ferry.add_source(notice, SourceDetails(publisher="Somebody else"))
    withheld = ferry.add_source(notice, withheld="a witness")
    assert withheld.stored is not None
    assert withheld.stored.source.withheld == "a witness"
    with pytest.raises(UsageError, match=r"another publisher; "):
        ferry.add_source(notice, SourceDetails(publisher="Somebody else"))


def test_the_address_of_another_source_is_refused(ferry: Registry, notice: str, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Another text.", encoding="utf-8")
    ferry.add_source(str(other), SourceDetails(url=ADDRESS))
    with pytest.raises(UsageError, match="is the address of S2"):
        ferry.add_source(notice, SourceDetails(url=ADDRESS))
    other.write_text("Another text, changed.", encoding="utf-8")
    changed = ferry.add_source(str(other), SourceDetails(url=ADDRESS))
    assert changed.stored is not None
    assert (changed.stored.source.id, changed.stored.capture.id, changed.stored.is_new) == ("S2", "K3", False)


def test_sources_are_named_by_their_ids_and_addresses(ferry: Registry) -> None:
    ferry.edit("S1", url=ADDRESS)
    found = [find_source(ferry.reader, one) for one in ("s1", f"{ADDRESS}#part", "https://nowhere.example/", "notice.txt")]
    assert [one and one.id for one in found] == ["S1", "S1", None, None]
    for reference in ("S9", "C1", "https://nowhere.example/"):
        with pytest.raises(NotFoundError):
            require_source(ferry.reader, reference)


def test_a_lone_document_that_cannot_be_read_and_several_are_refused(ferry: Registry, tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    for name in ("a", "b"):
        (tmp_path / "two" / f"{name}.txt").write_text(f"Text {name}.", encoding="utf-8")
    with pytest.raises(InputError):
        ferry.add_source(str(tmp_path / "none.txt"))
    with pytest.raises(InputError, match="several"):
        ferry.add_source(str(tmp_path / "two"))
    with pytest.raises(UsageError):
        list(ferry.add_sources([str(tmp_path / "two")], SourceDetails(title="One for all")))


PLACES = (Locator(0, "page 1"), Locator(60, "page 2"))


def test_the_places_of_a_document_are_kept_and_those_that_cannot_be_read_are_told(registry: Registry) -> None:
    with registry.write("test") as writer:
        stored = store_source(writer, IncomingDocument(NOTICE.encode(), NOTICE, "notice", locators=PLACES), SourceDetails())
        broken = replace(stored.capture, id="K2", locators_sha256=writer.put_blob(b"[]"))
        lost = replace(stored.capture, id="K3", locators_sha256="0" * 64)
    assert locators_of(registry.reader, stored.capture) == PLACES
    assert locators_of(registry.reader, replace(stored.capture, locators_sha256=None)) == ()
    for capture in (broken, lost):
        with pytest.raises(StoreError):
            locators_of(registry.reader, capture)
    registry.edit("S1", withhold="a witness")
    with pytest.raises(StoreError, match="more is not said, as S1 is withheld"):
        locators_of(registry.reader, lost)


def fetched(path: str, text: str, *, typed: bool = True) -> IncomingDocument:
    retrieval = Retrieval(
        asked=f"https://harbour.example/{path}", reached=f"https://www.harbour.example/{path}", status=200, headers=(("Server", "x"),),
        retrieved_at="2026-01-01T00:00:00Z", warc=b"WARC", typed=typed,
    )  # fmt: skip
    return IncomingDocument(text.encode(), text, retrieval.asked, retrieval=retrieval)


def test_a_page_fetched_again_is_the_same_source_by_either_address(registry: Registry) -> None:
    with registry.write("test") as writer:
        first = store_source(writer, fetched("notice", NOTICE, typed=False), SourceDetails())
        assert (first.source.url, first.source.url_typed) == ("https://harbour.example/notice", False)
        same = store_source(writer, fetched("notice", NOTICE), SourceDetails())
        assert (same.source.id, same.is_new, same.source.url_typed) == (first.source.id, False, True)
        changed = store_source(writer, fetched("notice", f"{NOTICE} Corrected."), SourceDetails())
        assert (changed.source.id, changed.previous) == (first.source.id, first.capture)
    for address in ("https://harbour.example/notice", "https://www.harbour.example/notice"):
        assert find_source(registry.reader, address) == changed.source
    registry.remove("S1")
    assert find_source(registry.reader, "https://www.harbour.example/notice") is None


# Filters and searching.


@pytest.fixture
def full(ferry: Registry) -> Registry:
    """Four claims, each with something of its own."""
    ferry.add("Taxes rose by a tenth", by="Ministry", stance="denies", said="2022", tags=["money"], claim_lang="en-GB")
    ferry.add("The crane fell into the water", by="Captain", said="2022-05-01", case="Crane", tags=["port", "money"])
    ferry.attribute("C3", by="Harbour office", stance="questions", lang="kk", said="2023-01-02")
    ferry.add("Nobody was hurt", by="Clerk", case="ferry")
    return ferry


FILTERS = [
    (Filters(), ["C1", "C2", "C3", "C4"]),
    (Filters(case="FERRY"), ["C1", "C4"]),
    (Filters(tag="money"), ["C2", "C3"]),
    (Filters(tag="money", case="crane"), ["C3"]),
    (Filters(by="harbour office"), ["C1", "C3"]),
    (Filters(by="Harbour offices", case="Crane"), ["C3"]),
    (Filters(by="P1", stance=Stance.QUESTIONS), ["C3"]),
    (Filters(stance=Stance.DENIES), ["C2"]),
    (Filters(lang="en"), ["C2"]),
    (Filters(lang="kk"), ["C3"]),
    (Filters(since="2022-03"), ["C2", "C3"]),
    (Filters(since="2022-06", until="2023"), ["C2", "C3"]),
    (Filters(until="2021"), ["C1"]),
    (Filters(by="Clerk", since="2020"), []),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=lambda one: str(one)[:60])
def test_filters_let_the_same_claims_pass_with_and_without_words(full: Registry, filters: Filters, expected: list[str]) -> None:
    words = "ferry cancelled taxes crane water nobody hurt"
    assert [view.claim.id for view in full.list_claims(filters)] == expected
    assert [view.claim.id for _hit, view in full.search("", filters)] == expected[::-1]
    found = {claim_id for word in words.split() for claim_id in ids(full, word, filters)}
    assert sorted(found) == expected
    assert [view.claim.id for view in full.list_claims(filters, 1)] == expected[:1]


def ids(registry: Registry, query: str, filters: Filters | None = None, **options: Any) -> list[str]:  # noqa: ANN401 -- as search takes them
    return [view.claim.id for _hit, view in registry.search(query, filters, **options)]


@pytest.mark.parametrize(
    "filters",
    [Filters(tag="odd"), Filters(lang="en"), Filters(lang="en", tag="odd"), Filters(stance=Stance.DENIES), Filters(case="odd"),
     Filters(by="Captain", tag="odd")],
    ids=lambda one: str(one)[:60],
)  # fmt: skip
def test_a_filter_that_refuses_many_claims_lets_the_same_pass(registry: Registry, filters: Filters) -> None:
    odd = {"stance": "denies", "tags": ["odd"], "case": "odd", "lang": "en"}
    claims = [{"text": f"Lamp {number * 7919} burns", "by": "Captain", **(odd if number == 299 else {})} for number in range(300)]
    lines = "\n".join(map(json.dumps, claims)).encode()
    assert registry.import_claims(open_lines("-", io.BytesIO(lines))).claims == 300
    assert ids(registry, "lamp burns", filters) == ["C300"]


def test_answers_come_by_the_date_on_which_they_were_said(full: Registry) -> None:
    assert ids(full, "", by_date=True) == ["C3", "C2", "C1", "C4"]
    assert ids(full, "", by_date=True, limit=2) == ["C3", "C2"]
    full.add("The crane stands again", by="Captain", said="2024")
    assert ids(full, "crane", by_date=True) == ["C5", "C3"]
    full.remove("C5")
    assert ids(full, "crane") == ["C3"]
    with pytest.raises(NotFoundError):
        full.search("crane", Filters(by="Nobody at all"))


# Counts and the history in words.


def test_records_in_use_are_counted(full: Registry) -> None:
    full.judge("C1", "False")
    full.relate("C1", "contradicts", "C2")
    full.merge("P1", "Captain")
    counted = count(full.reader)
    assert (counted["claims"], counted["parties"], counted["attributions"], counted["attributions: asserts"]) == (4, 3, 5, 3)
    assert (counted["sources"], counted["characters in sources"], counted["links: suggested"]) == (1, len(NOTICE), 1)
    assert (counted["verdicts"], counted["relations"], counted["events"]) == (1, 1, full.reader.head()[0])
    full.edit("S1", withhold="a witness")
    full.remove("C4")
    counted = count(full.reader)
    assert (counted["claims"], counted["characters in sources"]) == (3, 0)


def test_events_are_told_in_words_the_last_one_first(ferry: Registry) -> None:
    ferry.edit("C1", title="Ferry")
    ferry.remove("C1")
    ferry.restore("C1")
    told = [(event.object_id, changes_in_words(event)) for event in newest_first(ferry.reader)]
    assert ("C1", "restored") in told[:3]
    assert ("C1", "removed") in told[3:6]
    assert told[6] == ("C1", "title: nothing → Ferry")
    assert ("C1", "new: The night ferry is cancelled") in told
    assert ("A1", f"new: Harbour office asserts: {QUOTE}") in told
    assert len(told) == ferry.reader.head()[0]


def test_a_long_history_is_told_whole(registry: Registry) -> None:
    with registry.write("test") as writer:
        for number in range(2_100):
            writer.put(Claim(id=writer.new_id(Claim), recorded_at="2026-01-01T00:00:00Z", recorded_by="ann", text=f"claim {number}"))
    assert [event.seq for event in newest_first(registry.reader)] == list(range(2_100, 0, -1))


def test_the_history_of_a_withheld_source_tells_none_of_its_words(ferry: Registry) -> None:
    ferry.edit("S1", withhold="a witness")
    told = list(told_events(ferry.reader, ferry.reader.history()))
    assert [event.hash for event in told] == [event.hash for event in ferry.reader.history()]
    shown = [event for event in told if event.object_id in ("S1", "K1", "L1")]
    assert len(shown) == 4
    assert not any("notice" in str(event.after) or "ferry" in str(event.after) or event.salt for event in shown)
    assert any("ferry" in str(event.after) for event in told)
    (view,) = ferry.list_claims()
    (link,) = view.attributions[0].links
    assert (link.exact, link.prefix) == (QUOTE, "")
    source = ferry.reader.get(Source, "S1")
    assert source is not None
    assert source.withheld == "a witness"


def test_a_hash_is_taken_as_verify_prints_it() -> None:
    assert checked_hash(f" {'AB' * 6}… ") == "ab" * 6
    for wrong in ("ab", "xy" * 9, "a" * 65):
        with pytest.raises(UsageError, match="is no hash"):
            checked_hash(wrong)
