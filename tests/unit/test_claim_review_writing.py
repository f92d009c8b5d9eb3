"""ClaimReview out: who asserted is an author and nobody else is, what is not known is not said, and what is lost is counted."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from json_schemas import FIXTURES, faults_of_review
from made_registries import CHANGE, stores
from sample_reports import hostile_report

from claimreg.errors import UsageError
from claimreg.frozen import replace
from claimreg.interchange.formats import FORMATS, Writing, named, write
from claimreg.linker import LayeredLinker
from claimreg.model import Claim, Source, Stance, Verdict
from claimreg.opening import DEMO_CHANGE, bundled_case, open_registry
from claimreg.registry import Registry
from claimreg.render.claim_review import Naming, review_json, reviews_json
from claimreg.render.linked_data import in_script
from claimreg.services.evidence.bundle.layout import registry_identity
from claimreg.services.exchange.casefile import record_case
from claimreg.services.exchange.rows import Told
from claimreg.services.exchange.selection import Selection, selected
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Reader

REVIEWS = named("claimreview", FORMATS)
TEMPLATE = "https://desk.example/checks/{id}"

Json = dict[str, Any]


def exported(reader: Reader, **options: Any) -> tuple[bytes, Told]:  # noqa: ANN401 -- fields of Writing
    told = Told()
    writing = Writing(told, registry=registry_identity(reader) or "", **options)
    return b"".join(write(REVIEWS, selected(reader), writing)), told


def reviews(reader: Reader, **options: Any) -> list[Json]:  # noqa: ANN401 -- as above
    return [json.loads(line) for line in exported(reader, **options)[0].splitlines()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Registry]:
    with open_registry(tmp_path / "case", user="login7") as registry:
        yield registry


@pytest.fixture
def pier(desk: Registry) -> Registry:
    """A registry with one claim that one party makes and one denies, and a verdict of a desk."""
    desk.add(
        "The pier is closed", by="Harbour office", quote="the pier is shut", said="2024-06", case="Pier", tags=["port"], claim_lang="en"
    )
    desk.attribute("C1", by="Ferry company", stance="denies", quote="our pier is open", said="2024-07-01")
    desk.judge("C1", "False", scheme="our scale", why="It is open.", by="Desk")
    return desk


def test_a_claim_with_a_verdict_is_a_review(pier: Registry) -> None:
    (review,) = reviews(pier.reader, url_template=TEMPLATE)
    verdict = pier.reader.get(Verdict, "V1")
    assert verdict is not None
    denial = {"claimreg:stance": "denies", "author": {"name": "Ferry company"}, "text": "our pier is open", "datePublished": "2024-07-01"}
    assert review == {
        "@context": ["https://schema.org", {"claimreg": "urn:claimreg:terms:"}],
        "@type": "ClaimReview",
        "@id": f"urn:claimreg:{registry_identity(pier.reader)}/C1",
        "url": "https://desk.example/checks/C1",
        "claimReviewed": "The pier is closed",
        "inLanguage": "en",
        "keywords": ["port"],
        "datePublished": verdict.rated_at,
        "author": {"name": "Desk"},
        "reviewRating": {"@type": "Rating", "alternateName": "False", "claimreg:scheme": "our scale"},
        "reviewBody": "It is open.",
        "itemReviewed": {"@type": "Claim", "author": {"name": "Harbour office"}, "text": "the pier is shut", "datePublished": "2024-06"},
        "claimreg:attributions": [denial],
    }
    assert faults_of_review(review, published=True) == []


@pytest.mark.parametrize("stance", [one for one in Stance if one is not Stance.ASSERTS])
def test_only_who_asserts_is_an_author(desk: Registry, stance: Stance) -> None:
    desk.add("The pier is closed", by="Somebody", stance=stance.value)
    desk.judge("C1", "False", by="Desk")
    ((review,), (_, told)) = reviews(desk.reader), exported(desk.reader)
    assert "itemReviewed" not in review
    assert [(one["claimreg:stance"], one["author"]["name"]) for one in review["claimreg:attributions"]] == [(stance.value, "Somebody")]
    nouns = {Stance.DENIES: "denial", Stance.REPORTS: "report", Stance.QUESTIONS: "question", Stance.RULES: "ruling"}
    assert told.left_out[nouns[stance]] == 1
    assert any("claimreg:attributions" in sentence for sentence in told.sentences)


def test_of_several_who_assert_each_keeps_his_words(pier: Registry) -> None:
    pier.attribute("C1", by="Mayor", quote="no pier for you", said="2023")
    (review,) = reviews(pier.reader)
    item = review["itemReviewed"]
    assert item["author"] == [{"name": "Harbour office"}, {"name": "Mayor"}]
    assert item["text"] == ["the pier is shut", "no pier for you"]
    assert item["datePublished"] == "2023"
    own = [(one["claimreg:stance"], one["author"]["name"], one["text"]) for one in review["claimreg:attributions"]]
    assert own == [
        ("asserts", "Harbour office", "the pier is shut"),
        ("denies", "Ferry company", "our pier is open"),
        ("asserts", "Mayor", "no pier for you"),
    ]
    assert faults_of_review(review) == []


def test_a_login_is_no_author(desk: Registry) -> None:
    desk.add("The pier is closed", by="Harbour office")
    desk.judge("C1", "False")
    assert desk.reader.get(Verdict, "V1").author == "login7"  # type: ignore[union-attr]  # it was just recorded
    written, told = exported(desk.reader)
    assert b"login7" not in written
    assert [one for one in told.sentences if one.startswith("1 review has no author")]
    (review,) = reviews(desk.reader, publisher="Desk")
    assert review["author"] == {"@type": "Organization", "name": "Desk"}


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("2 on a scale from 1 to 5", {"ratingValue": "2", "worstRating": "1", "bestRating": "5"}),
        ("7 on a scale from 1 to 5", {"claimreg:scheme": "7 on a scale from 1 to 5"}),
        ("True, half true, false", {"claimreg:scheme": "True, half true, false"}),
        (None, {}),
    ],
)
def test_a_rating_has_numbers_only_on_a_scale(desk: Registry, scheme: str | None, told: Json) -> None:
    desk.add("The pier is closed", by="Harbour office")
    desk.judge("C1", "False", scheme=scheme, by="Desk")
    (review,) = reviews(desk.reader)
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "False", **told}
    assert (review["@context"] == "https://schema.org") == ("claimreg:scheme" not in told)
    assert faults_of_review(review) == []


def test_the_last_verdict_holds_and_the_others_are_counted(pier: Registry) -> None:
    pier.judge("C1", "Half true", by="Other desk")
    ((review,), (_, told)) = reviews(pier.reader), exported(pier.reader)
    assert (review["reviewRating"]["alternateName"], review["author"]) == ("Half true", {"name": "Other desk"})
    assert "reviewBody" not in review
    assert told.left_out["superseded verdict"] == 1


def test_what_has_no_place_is_counted() -> None:
    with demo().snapshot() as reader:
        lost = {"unrated claim": 4, "relation": 4, "link": 4, "case": 2, "question": 2, "report": 1, "denial": 1}
        assert exported(reader)[1].left_out == lost
        lost = {"relation": 4, "link": 12, "case": 6, "ruling": 2, "denial": 2, "report": 2, "question": 2}
        assert exported(reader, with_unrated=True)[1].left_out == lost


def demo() -> MemoryStore:
    store = MemoryStore()
    with store.write(DEMO_CHANGE) as writer:
        record_case(writer, bundled_case(), LayeredLinker())
    return store


def test_a_claim_without_a_verdict_is_a_claim_only_on_request(desk: Registry) -> None:
    desk.add("The pier is closed", by="Harbour office", quote="the pier is shut")
    assert exported(desk.reader) == (b"", Told(left_out=exported(desk.reader)[1].left_out))
    assert exported(desk.reader)[1].left_out == {"unrated claim": 1}
    (claim,) = reviews(desk.reader, with_unrated=True)
    assert (claim["@type"], claim["text"], claim["author"]) == ("Claim", "The pier is closed", {"name": "Harbour office"})
    assert "claimReviewed" not in claim
    assert "unrated claim" not in exported(desk.reader, with_unrated=True)[1].left_out


def test_reviews_without_an_address_are_told(pier: Registry) -> None:
    assert exported(pier.reader, url_template=TEMPLATE)[1].sentences == exported(pier.reader)[1].sentences[1:]
    assert exported(pier.reader)[1].sentences[0].startswith("1 review has no address")
    assert "url" not in reviews(pier.reader)[0]


@pytest.mark.parametrize("template", ["https://desk.example/", "{id}", "javascript:alert('{id}')", "https://desk.example/{id} x"])
def test_a_template_that_makes_no_addresses_is_refused(pier: Registry, template: str) -> None:
    with pytest.raises(UsageError, match="makes no addresses"):
        exported(pier.reader, url_template=template)


def test_sources_are_where_the_claim_appeared_and_withheld_ones_are_not_named() -> None:
    store = demo()
    with store.write(CHANGE) as writer:
        source = writer.get(Source, "S1")
        assert source is not None
        writer.put(replace(source, archive_url="https://archive.example/1"))
    with store.snapshot() as reader:
        works = [one["isPartOf"] for review in reviews(reader) for one in review["claimreg:attributions"]]
    named_work = {
        "@type": "CreativeWork",
        "url": source.url,
        "headline": source.title,
        "datePublished": source.published_at,
        "inLanguage": source.lang,
        "publisher": {"@type": "Organization", "name": source.publisher},
        "archivedAt": "https://archive.example/1",
    }
    assert named_work in works
    with store.write(CHANGE) as writer:
        writer.put(replace(source, withheld="a source at risk"))
    with store.snapshot() as reader:
        written, told = exported(reader, with_unrated=True)
    assert source.url is not None
    assert source.url not in written.decode()
    assert source.title not in written.decode()
    assert told.left_out["withheld source"] > 0


def test_a_feed_holds_the_same_reviews(pier: Registry) -> None:
    pier.add("The crane fell", by="Mayor")
    pier.judge("C2", "True", by="Desk")
    feed = json.loads(exported(pier.reader, feed=True)[0])
    assert feed["@type"] == "DataFeed"
    assert [one["@type"] for one in feed["dataFeedElement"]] == ["DataFeedItem"] * 2
    items = [one["item"] for one in feed["dataFeedElement"]]
    alone = [[{name: value for name, value in one.items() if name != "@context"}] for one in reviews(pier.reader)]
    assert items == alone
    assert "claimreg" in feed["@context"][1]


def test_a_feed_of_nothing_is_a_feed(desk: Registry) -> None:
    assert json.loads(exported(desk.reader, feed=True)[0])["dataFeedElement"] == []


@given(stores())
@settings(max_examples=40)
def test_every_review_of_any_registry_is_as_google_asks(store: MemoryStore) -> None:
    with store.snapshot() as reader:
        for review in reviews(reader, url_template=TEMPLATE):
            assert faults_of_review(review, published=True) == []
        feed = exported(reader, feed=True, with_unrated=True)
        assert feed == exported(reader, feed=True, with_unrated=True)
        texts = {claim.text for claim in reader.find(Claim)}
        items = [one["item"][0] for one in json.loads(feed[0])["dataFeedElement"]]
        assert {one.get("claimReviewed") or one["text"] for one in items} == texts


def review_nodes(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        kind = value.get("@type")
        if kind == "ClaimReview" or (isinstance(kind, list) and "ClaimReview" in kind):
            yield value
        for one in value.values():
            yield from review_nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from review_nodes(one)


def test_the_schema_takes_the_valid_shapes_and_no_others() -> None:
    lines = (FIXTURES / "claimreview-shapes.ndjson").read_text(encoding="utf-8").splitlines()
    shapes = {one["shape"]: list(review_nodes(one["json"])) for one in map(json.loads, lines)}
    assert sum(map(len, shapes.values())) >= 18
    refused = {shape: [fault.split(":")[0] for one in found for fault in faults_of_review(one)] for shape, found in shapes.items()}
    assert {shape: faults for shape, faults in refused.items() if faults} == {
        "claimReviewed a list": ["$.claimReviewed"],
        "date with a space and no zone": ["$.datePublished"],
        "date is null": ["$.datePublished"],
        "relative url, email in author list": ["$.url"],
        "itemReviewed CreativeWork in lower case, author.sameAs": ["$.itemReviewed.@type"],
    }


def test_half_characters_and_acting_ones_are_escaped() -> None:
    report = hostile_report("half \ud800 turned \u202e \x9b31m")
    review = review_json(report.claims[0], Naming())
    text = in_script(reviews_json(report.claims, Naming()))
    assert text.isascii()
    assert json.loads(text)["@graph"][0]["claimReviewed"] == report.claims[0].claim.text
    assert review is not None
    assert review["claimReviewed"] == report.claims[0].claim.text


def test_reviews_are_written_one_by_one() -> None:
    with demo().snapshot() as reader:
        asked: list[str] = []
        plain = Selection(reader)

        def claims() -> Iterator[object]:
            for view in plain.claims():
                asked.append(view.claim.id)
                yield view

        watched = SimpleNamespace(reader=reader, claims=claims, has=plain.has, is_whole=True)
        next(write(REVIEWS, watched, Writing(Told(), with_unrated=True)))  # type: ignore[arg-type]  # it has what is asked of it
        assert asked == ["C1"]
        assert len(list(reader.find(Claim))) > 1
