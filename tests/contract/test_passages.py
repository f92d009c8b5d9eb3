"""Passages of the stored texts, found by words: in every store, with an index of the words and without."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from stores import STORES
from test_many_texts import WORDS

from claimreg.errors import NotFoundError
from claimreg.frozen import replace
from claimreg.model import Change, Locator, Source
from claimreg.services.finding.asked_text import AskedText
from claimreg.services.finding.elsewhere import sources_with
from claimreg.services.finding.passages import Passage, SourceFilters, found_passages
from claimreg.services.finding.windows import WIDTH
from claimreg.services.linking.likely import FEW
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, StoredSource, joined, store_source
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.port import Store, Writer

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="source add")
LAMP = "The keeper of the lighthouse said that the lamp went out twice that night."
NOTHING = f"Page one tells of nothing.\n{'Ropes and gulls. ' * 40}\n"
FERRY = f"{NOTHING}The night ferry will not run before the pier is repaired, said the harbour office."
APART = "The ferry was painted. " + "Ropes and gulls. " * 40 + "The night was calm."
KAZAKH = "Түнгі паром жөндеу біткенше жүрмейді, деді порт әкімшілігі. Көпірлеріміз жабық тұр."
CHINESE = "港口辦公室說，碼頭修好之前，夜間渡輪不會開航。"
THAI = "สำนักงานท่าเรือกล่าวว่าเรือข้ามฟากกลางคืนจะไม่วิ่ง"
ARABIC = "قال مكتب الميناء إن العبّارة الليلية لن تعمل قبل إصلاح الرصيف."


def add(writer: Writer, text: str, *, withheld: str | None = None, **more: object) -> StoredSource:
    details = SourceDetails(**{name: more.pop(name) for name in ("title", "lang", "publisher") if name in more})  # type: ignore[arg-type]
    document = IncomingDocument(content=text.encode(), text=text, location="a.txt", **more)  # type: ignore[arg-type]
    return store_source(writer, document, details, withheld=withheld)


@pytest.fixture(params=[0, FEW + 4], ids=["few", "many"])
def others(request: pytest.FixtureRequest) -> int:
    """How many other sources there are: so few that all are looked through, or so many that an index is asked."""
    return int(request.param)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, others: int) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path)
    with opened.write(CHANGE) as writer:
        add(writer, FERRY, title="Notice", lang="en", publisher="Harbour office", locators=(Locator(0, "page 1"), Locator(27, "page 2")))
        add(writer, APART, lang="en-GB", publisher="The Gull")
        add(writer, KAZAKH, lang="kk")
        add(writer, CHINESE, lang="zh")
        add(writer, THAI)
        add(writer, ARABIC)
        for number in range(others):
            add(writer, f"Number {number}: {' '.join(WORDS[(number * 5 + step * step) % len(WORDS)] for step in range(30))}")
    yield opened
    opened.close()


Search = Callable[..., list[Passage]]


@pytest.fixture
def search(store: Store) -> Search:
    def found(query: str, limit: int = 20, *, reveal: bool = False, **filters: object) -> list[Passage]:
        return found_passages(store, query, SourceFilters(**filters), limit, reveal=reveal)  # type: ignore[arg-type]

    return found


def marked(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in passage.marks]


def test_the_passage_with_the_words_side_by_side_comes_first(search: Search) -> None:
    first, second = search("night ferry")[:2]
    assert [first.source.id, second.source.id] == ["S1", "S2"]
    assert first.score == 100 > second.score
    assert (marked(first), first.place, first.left_out) == (["night", "ferry"], "page 2", False)
    assert first.text == FERRY[first.start : first.start + len(first.text)]
    assert "will not run before the pier" in first.text
    assert len(first.text) <= WIDTH


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("nigth fery", ["night", "ferry"]),
        ("NIGHT FERRIES", ["night", "ferry"]),
        ("repared", ["repaired"]),
        ("ferry's pier", ["ferry", "pier"]),
    ],
)
def test_slips_and_endings_are_forgiven(search: Search, query: str, words: list[str]) -> None:
    assert search(query)[0].source.id == "S1"
    assert marked(search(query)[0]) == words


@pytest.mark.parametrize(
    ("query", "source", "words"),
    [
        ("түнгі паром", "S3", ["Түнгі", "паром"]),
        ("tungi parom", "S3", ["Түнгі", "паром"]),
        ("көпір", "S3", ["Көпірлеріміз"]),
        ("夜间渡轮", "S4", ["夜間渡輪"]),
        ("夜間渡船", "S4", ["夜間渡"]),
        ("港", "S4", ["港"]),
        ("เรือข้ามฟาก", "S5", ["เรือ", "เรือข้ามฟาก"]),
        ("العبارة", "S6", ["العبّارة"]),
        ("عبارة", "S6", ["العبّارة"]),
        ("الليلية الرصيف", "S6", ["الليلية", "الرصيف"]),
    ],
)
def test_every_script_is_searched(search: Search, query: str, source: str, words: list[str]) -> None:
    found = search(query)
    assert [one.source.id for one in found] == [source]
    assert marked(found[0]) == words


def test_words_between_quotation_marks_stand_side_by_side(search: Search) -> None:
    assert [one.source.id for one in search('"night ferry"')] == ["S1"]
    assert [one.source.id for one in search("«night ferry» pier")] == ["S1"]
    assert marked(search("“nihgt ferry” gulls")[0])[-1] in {"night ferry", "gulls"}
    assert search('"ferry night"') == []
    assert [one.source.id for one in search("「夜間渡輪」")] == ["S4"]
    assert search("「渡輪夜間」") == []


def test_a_query_without_words_or_of_words_that_nobody_said_finds_nothing(search: Search) -> None:
    for query in ("", "?!", '""', "zeppelin", '"the zeppelin"'):
        assert search(query) == []


def test_filters_narrow_the_sources(search: Search) -> None:
    assert [one.source.id for one in search("ferry", lang="en-GB")] == ["S2"]
    assert {one.source.id for one in search("ferry", lang="en")} == {"S1", "S2"}
    assert [one.source.id for one in search("ferry", publisher="harbour")] == ["S1"]
    assert search("ferry", lang="kk") == []
    with pytest.raises(NotFoundError):
        search("ferry", sources=("S99",))


def test_of_a_source_that_is_named_all_passages_are_found(search: Search, store: Store) -> None:
    with store.write(CHANGE) as writer:
        named = add(writer, f"{LAMP}\n{'Ropes and gulls. ' * 40}\n{LAMP}").source.id
    assert len(search("keeper lamp")) == 1
    every = search("keeper lamp", sources=(named,))
    assert [marked(one) for one in every] == [["keeper", "lamp"]] * 2
    assert every[0].start < every[1].start
    assert len(search("keeper lamp", 1, sources=(named,))) == 1


def test_what_was_left_out_comes_last_and_is_told(search: Search, store: Store) -> None:
    text = f"The headline.\n{LAMP}"
    left_out = f"Menu of lamps.\n{LAMP}\nA crate of oranges fell off."
    at = [0, left_out.index(LAMP), left_out.index("A crate")]
    labels = ["the page's menu", "", "the page's footer"]
    places = tuple(Locator(len(text) + 1 + start, label) for start, label in zip(at, labels, strict=True))
    with store.write(CHANGE) as writer:
        page = add(writer, text, left_out=left_out, locators=places, media_type="text/html").source.id
    (found,) = search("crate oranges")
    assert (found.source.id, found.left_out, found.place) == (page, True, "the page's footer")
    assert found.score == pytest.approx(80, abs=5)
    whole = joined(text, left_out)
    assert whole[found.start : found.start + len(found.text)] == found.text
    assert [(one.left_out, marked(one)) for one in search("keeper lamp", sources=(page,))] == [(False, ["keeper", "lamp"])]


def test_a_withheld_source_gives_no_words(search: Search, store: Store) -> None:
    with store.write(CHANGE) as writer:
        secret = add(writer, LAMP, title="Letter of a clerk", publisher="Clerk", withheld="to protect a witness").source.id
    (told,) = search("keeper lighthouse")
    assert (told.source.id, told.hidden, told.text, told.marks, told.place) == (secret, True, "", (), None)
    assert told.source.title == "Source withheld: to protect a witness"
    assert search("keeper lighthouse", publisher="clerk") == []
    (shown,) = search("keeper lighthouse", publisher="clerk", reveal=True)
    assert (shown.hidden, marked(shown), shown.source.title) == (False, ["keeper", "lighthouse"], "Letter of a clerk")


def test_sources_removed_and_texts_captured_earlier_are_not_found(search: Search, store: Store) -> None:
    assert search("night ferry")[0].source.id == "S1"
    with store.write(CHANGE) as writer:
        source = writer.get(Source, "S1")
        assert source is not None
        writer.put(replace(source, removed_at=CHANGE.at))
    assert [one.source.id for one in search("night ferry")] == ["S2"]


def test_an_index_that_is_damaged_or_cannot_be_kept_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    with closing(EmbeddedStore(tmp_path / "registry")) as first, first.write(CHANGE) as writer:
        for number in range(FEW + 4):
            add(writer, f"{LAMP} {number}" if number == 7 else f"Crate {number}")
    store = EmbeddedStore(tmp_path / "registry")
    request.addfinalizer(store.close)
    told: list[str] = []

    def sources() -> list[str]:
        return [one.source.id for one in found_passages(store, "lamp keeper", SourceFilters(), 5, tell=told.append)]

    assert sources() == ["S8"]
    for path in (tmp_path / "registry" / ".cache" / "words").glob("*.segment"):
        path.write_bytes(path.read_bytes()[:-9000] + bytes(9000))
    assert sources() == ["S8"]
    assert told == ["The index of the texts is made anew: it was damaged."]
    monkeypatch.setattr(EmbeddedStore, "word_index", lambda _store: None)
    assert sources() == ["S8"]
    store.close()


def test_more_texts_are_taken_in_as_they_come(search: Search, store: Store) -> None:
    assert search("lamp keeper") == []
    with store.write(CHANGE) as writer:
        new = add(writer, LAMP).source.id
    assert [one.source.id for one in search("lamp keeper")] == [new]


def test_marks_lie_in_a_passage_cut_between_words() -> None:
    text = "alpha " + "beta-gamma, " * 60 + "lighthouse keeper " + "delta " * 60
    store = STORES["memory"](Path())
    with store.write(CHANGE) as writer:
        add(writer, text)
    (found,) = found_passages(store, "keeper lighthouse", SourceFilters(), 5)
    assert marked(found) == ["lighthouse", "keeper"]
    before, after = text[found.start - 1], text[found.start + len(found.text)]
    assert before.isspace()
    assert after.isspace()
    assert found.text == found.text.strip()


def test_a_query_may_be_very_long_and_a_word_may_be_asked_twice() -> None:
    asked = AskedText("ferry Ferry " + " ".join(f"word{number}x" for number in range(500)))
    assert len(asked.units) < 100
    assert [(one.start, one.end) for one in AskedText("ferry ferry").found_in("A ferry.")] == [(2, 7)]
    assert [(one.start, one.end) for one in AskedText('"ferry"').found_in("A ferry.")] == [(2, 7)]


def test_sources_with_all_the_words_are_counted_at_little_cost(search: Search, store: Store, others: int) -> None:
    known = others == 0 or store.word_index() is not None
    # An index that was never made is not made for this.
    assert sources_with(store, "night ferry") == (2 if others == 0 else 0)
    search("night ferry")
    assert sources_with(store, "night ferry") == (2 if known else 0)
    assert sources_with(store, "night zeppelin") == sources_with(store, "?") == 0
    assert sources_with(store, " ".join(f"word{number}x" for number in range(30))) == 0
    with store.write(CHANGE) as writer:
        source = writer.get(Source, "S2")
        assert source is not None
        writer.put(replace(source, removed_at=CHANGE.at))
    assert sources_with(store, "night ferry") == (1 if known else 0)
