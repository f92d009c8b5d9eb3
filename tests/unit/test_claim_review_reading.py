"""Reviews of claims (ClaimReview) as desks publish them become rows, with the right words, or it is told why not."""

from typing import Any

import pytest
from claim_reviews import URL, review, rows_in, rows_of

from claimreg.model import Stance
from claimreg.services.exchange.rating_scale import Scale, scale_in, scale_of, scheme_of
from claimreg.vocabulary import DayOrder

LONG = "The pier, the crane, the harbour office and the whole of the northern breakwater have been closed since the storm of last week"


def item(**changes: object) -> dict[str, Any]:
    return {"itemReviewed": {"@type": "Claim", "author": {"name": "Harbour master"}, **changes}}


def test_a_whole_review_is_a_claim_a_statement_and_a_verdict_and_nothing_is_told() -> None:
    read = rows_of(review(reviewBody="It is open.", keywords=["harbour"]))
    assert read.claim.fields._asdict() == {
        "text": "The pier is closed", "title": None, "lang": "en", "case": None, "tags": ("harbour",), "external_id": URL,
        "note": None, "assignee": None,
    }  # fmt: skip
    assert read.verdict._asdict() == {
        "rating": "False", "scheme": None, "rationale": "It is open.", "author": "Desk", "rated_at": "2024-06-22",
    }  # fmt: skip
    assert (read.statement.fields.party_as_written, read.statement.fields.stance) == ("Harbour master", Stance.ASSERTS)
    assert (read.statement.fields.said_at, read.statement.source, read.statement.is_crowd) == ("2024-06-20", None, False)
    assert (read.told.unknown, read.told.notes, read.told.undated, read.told.sentences) == ({}, [], [], [])


def test_the_language_is_the_one_stated_however_it_is_stated() -> None:
    for stated in ("pt-br", "pt_BR", {"@type": "Language", "name": "Portuguese", "alternateName": "pt-BR"}, ["pt-BR"], {"@value": "pt-BR"}):
        assert rows_of(review(inLanguage=stated)).claim.fields.lang == "pt-BR"
    assert rows_of(review(claimReviewed={"@value": "The pier", "@language": "kk"})).claim.fields.lang == "kk"


def test_the_language_of_a_page_counts_where_none_is_stated() -> None:
    page = '<html lang="kk"><script type="application/ld+json">{}</script></html>'
    stated = '{"@type": "ClaimReview", "claimReviewed": "The pier", "reviewRating": {"alternateName": "False"}%s}'
    assert rows_in(page.format(stated % "")).claim.fields.lang == "kk"
    assert rows_in(page.format(stated % ', "inLanguage": "ru"')).claim.fields.lang == "ru"


def test_a_language_is_guessed_from_twenty_letters_on_and_that_is_told() -> None:
    read = rows_of(review(inLanguage=None, claimReviewed="The pier is closed now!"), guess=lambda _text: "fr")
    assert (read.claim.fields.lang, read.notes) == (None, [])
    read = rows_of(review(inLanguage=None, claimReviewed=LONG), guess=lambda text: "fr" if text == LONG else None)
    assert (read.claim.fields.lang, read.notes) == ("fr", ["its language, fr, is guessed from its words"])
    assert rows_of(review(inLanguage=None, claimReviewed=LONG), guess=lambda _text: None).claim.fields.lang is None


def test_what_is_no_language_is_told_and_another_word_on_it_is_looked_for() -> None:
    read = rows_of(review(inLanguage="Klingonish language", claimReviewed=LONG), guess=lambda _text: "en")
    assert read.claim.fields.lang == "en"
    assert read.notes[0] == "“Klingonish language” is no language tag"


def test_a_long_claim_is_taken_whole() -> None:
    assert rows_of(review(claimReviewed=LONG * 50)).claim.fields.text == LONG * 50


def test_a_list_of_claims_is_as_many_claims_each_with_an_id_of_its_own() -> None:
    read = rows_of(review(claimReviewed=["The pier is closed", "The crane fell"]))
    assert [(one.fields.text, one.fields.external_id) for one in read.claims] == [
        ("The pier is closed", URL), ("The crane fell", f"{URL} (2)"),
    ]  # fmt: skip
    assert {one.verdicts for one in read.claims} == {read.claims[0].verdicts}
    assert len({one.key for one in read.claims}) == 2


def test_characters_of_html_are_unescaped_once() -> None:
    read = rows_of(review(claimReviewed="The harbour&#039;s pier &amp;amp; crane", reviewBody="&quot;Open&quot;"))
    assert read.claim.fields.text == "The harbour's pier &amp; crane"
    assert read.verdict.rationale == '"Open"'


def test_words_misread_as_latin_are_mended_if_all_of_them_are_and_that_is_told() -> None:
    misread = "Көпір — «жабық»".encode().decode("latin-1")
    read = rows_of(review(claimReviewed=misread, reviewBody="Não é assim".encode().decode("cp1252")))
    assert read.claim.fields.text == "Көпір — «жабық»"
    assert read.verdict.rationale == "Não é assim"
    assert read.notes == ["its UTF-8 had been read as Latin-1; mended in: claim's text, rationale"]
    for whole in ("SÃO PAULO", "não é " + misread + " не", "naïve", "Ã©té à Paris", "�", "Zürich"):
        untouched = rows_of(review(claimReviewed=whole))
        assert (untouched.claim.fields.text, untouched.notes) == (whole, [])


@pytest.mark.parametrize(
    ("numbers", "scheme"),
    [
        ({}, None),
        ({"ratingValue": "1", "worstRating": "1", "bestRating": "5"}, "1 on a scale from 1 to 5"),
        ({"ratingValue": 2.5, "worstRating": 0, "bestRating": 5.0}, "2.5 on a scale from 0 to 5.0"),
        ({"ratingValue": "-1", "worstRating": "-1", "bestRating": "-1"}, None),
        ({"ratingValue": "7", "worstRating": "1", "bestRating": "5"}, None),
        ({"ratingValue": "5", "worstRating": "5", "bestRating": "1"}, None),
        ({"ratingValue": "5", "bestRating": "6"}, None),
        ({"ratingValue": "", "worstRating": "1", "bestRating": "5"}, None),
        ({"ratingValue": "four", "worstRating": "1", "bestRating": "5"}, None),
        ({"ratingValue": True, "worstRating": 0, "bestRating": 5}, None),
        ({"ratingValue": "1e999", "worstRating": 1, "bestRating": "9" * 50}, None),
    ],
)
def test_numbers_of_a_rating_are_kept_only_on_a_scale_and_told_otherwise(numbers: dict[str, object], scheme: str | None) -> None:
    read = rows_of(review(reviewRating={"alternateName": "Mostly false", **numbers}))
    assert (read.verdict.rating, read.verdict.scheme) == ("Mostly false", scheme)
    lost = {f"reviewRating.{name}" for name, value in numbers.items() if value != ""}
    assert set(read.told.unknown) == (lost if scheme is None else set())


def test_a_rating_without_words_is_its_numbers_on_a_scale_else_no_verdict_and_that_is_told() -> None:
    assert rows_of(review(reviewRating={"ratingValue": 1, "worstRating": 1, "bestRating": 5})).verdict.rating == "1 of 5"
    assert rows_of(review(reviewRating="False")).verdict.rating == "False"
    without: tuple[object, ...] = (None, {}, {"ratingValue": 1}, {"alternateName": " "}, [])
    for nothing in without:
        read = rows_of(review(reviewRating=nothing))
        assert read.claim.verdicts == ()
        assert read.notes == ["it has no rating in words, so it was read without a verdict"]


def test_a_scale_is_read_again_from_the_scheme_that_it_makes() -> None:
    scale = Scale("2.5", "-1", "5")
    assert scale_in(scheme_of(scale)) == scale
    assert [scale_in(one) for one in (None, "", "Desk", "7 on a scale from 1 to 5", "a on a scale from b to c")] == [None] * 5
    assert scale_of("٣", "1", "5") is None


def test_a_claimant_is_named_missing_or_nobody() -> None:
    assert rows_of(review(itemReviewed=None)).claim.statements == ()
    without: tuple[object, ...] = ({"@type": "Person"}, {"name": ""}, {"name": "-"}, [], None)
    for nobody in without:
        read = rows_of(review(**item(author=nobody)))
        assert (read.claim.statements, len(read.notes)) == ((), 1)
    crowd = rows_of(review(**item(author={"name": "Utilisateurs des réseaux sociaux"}))).statement
    assert (crowd.is_crowd, crowd.fields.party_as_written) == (True, "Utilisateurs des réseaux sociaux")
    assert rows_of(review(**item(author="Ann Harbour"))).statement.fields.party_as_written == "Ann Harbour"


def test_several_claimants_each_assert_the_claim_and_of_several_names_of_one_the_first_is_taken() -> None:
    read = rows_of(review(**item(author=[{"name": ["Ann", "mayor of the harbour"]}, {"name": "Ben"}, {"name": "Ann"}])))
    assert [one.fields.party_as_written for one in read.claim.statements] == ["Ann", "Ben"]
    assert read.notes == ["of several names of the same one, the first was taken: “Ann”"]


@pytest.mark.parametrize("kind", ["Claim", "CreativeWork", "creativeWork", "http://schema.org/Claim", ["NewsArticle", "Claim"], None])
def test_an_item_of_any_type_is_read_and_the_first_of_a_list(kind: object) -> None:
    reviewed = {"@type": kind, "author": {"name": "Harbour master"}, "text": "It is shut.", "inLanguage": "kk"}
    for value in (reviewed, [reviewed, {"@type": "Claim"}]):
        said = rows_of(review(itemReviewed=value)).statement.fields
        assert (said.party_as_written, said.quote, said.lang) == ("Harbour master", "It is shut.", "kk")


def test_the_type_of_a_review_has_any_case_prefix_and_company() -> None:
    for kind in (
        "claimreview",
        "http://schema.org/ClaimReview",
        "https://schema.org/ClaimReview",
        "schema:ClaimReview",
        ["Review", "ClaimReview"],
    ):
        assert rows_of(review(**{"@type": kind})).claim.fields.text == "The pier is closed"


def test_expanded_json_ld_is_read_like_any_other() -> None:
    name = "http://schema.org/{}".format
    expanded = {
        "@type": [name("ClaimReview")],
        name("url"): [{"@id": URL}],
        name("claimReviewed"): [{"@value": "The pier is closed", "@language": "en"}],
        name("reviewRating"): [{"@type": [name("Rating")], name("alternateName"): [{"@value": "False"}]}],
        name("itemReviewed"): [{name("author"): [{name("name"): [{"@value": "Harbour master"}]}]}],
    }
    read = rows_of([expanded])
    assert (read.claim.fields.text, read.claim.fields.lang, read.claim.fields.external_id) == ("The pier is closed", "en", URL)
    assert (read.verdict.rating, read.statement.fields.party_as_written, read.told.unknown) == ("False", "Harbour master", {})


def test_each_address_where_the_claim_was_made_is_a_source_with_the_statement() -> None:
    works = [{"@type": "CreativeWork", "url": "https://a.example/1"}, "https://a.example/2", {"@id": "https://a.example/3"}]
    read = rows_of(review(**item(appearance=works, firstAppearance={"url": "https://a.example/4"}, url="https://a.example/1/")))
    assert [one.details.url for one in read.sources] == [f"https://a.example/{number}" for number in range(1, 5)]
    assert [one.source for one in read.claim.statements] == [one.key for one in read.sources]


def test_what_is_told_of_a_source_is_kept() -> None:
    work = {
        "url": "/a?b=1&amp;c=2",
        "headline": "Shut", "datePublished": "2020-06", "publisher": {"name": "Paper"}, "author": [{"name": "Ann"}],
        "inLanguage": "kk", "archivedAt": "https://web.archive.example/a",
    }  # fmt: skip
    (source,) = rows_of(review(**item(appearance=work)), base="https://desk.example/").sources
    assert source.details._asdict() == {
        "title": "Shut", "publisher": "Paper", "published_at": "2020-06", "lang": "kk", "url": "https://desk.example/a?b=1&c=2",
        "author": "Ann", "archive_url": "https://web.archive.example/a", "caption": None,
    }  # fmt: skip


def test_a_source_without_an_address_is_one_by_its_details_and_handed_over_once() -> None:
    one = review(**item(appearance={"headline": "Harbour news", "datePublished": "2020"}))
    other = review(url="https://desk.example/checks/2", claimReviewed="The crane fell", itemReviewed=one["itemReviewed"])
    read = rows_of([one, other])
    assert [row.details.title for row in read.sources] == ["Harbour news"]
    assert {said.source for claim in read.claims for said in claim.statements} == {read.sources[0].key}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd", "/a", "no address", "http://", "https://a\u202e.example/"],
)
def test_what_is_no_address_of_the_web_is_no_source_and_told(address: str) -> None:
    read = rows_of(review(**item(url=address)))
    assert (read.sources, read.statement.source) == ([], None)
    assert read.notes == [f"the address “{address}” of its source is none of the web, so it was left out"]


def test_what_a_claimant_is_the_same_as_is_a_tag_and_no_source_but_for_encyclopaedias() -> None:
    post = "https://social.example/posts/1"
    read = rows_of(review(**item(author={"name": "Ann", "sameAs": [post, "https://kk.wikipedia.org/wiki/Ann", "not an address"]})))
    assert (read.claim.fields.tags, read.sources) == ((post,), [])
    assert dict(read.told.unknown) == {"itemReviewed.author.sameAs": 1}
    assert rows_of(review(**item(author={"name": "Ann", "sameAs": post}))).told.unknown == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-07-05", "2020-07-05"),
        ("2020-07-05 20:02", "2020-07-05 20:02"),
        ("2020-07-05T20:02:11", "2020-07-05T20:02:11"),
        ("2020-03-27T10:46:13+0200", "2020-03-27T10:46:13+0200"),
        ("2020-03-27T10:46:13+01:00", "2020-03-27T10:46:13+01:00"),
        ("2020-03-27T10:46:13-03:00", "2020-03-27T10:46:13-03:00"),
        ("2020-03-27T10:46:13Z", "2020-03-27T10:46:13Z"),
        ("2020-06", "2020-06"),
        ("22 June 2020", "2020-06-22"),
        ({"@type": "Date", "@value": "2020-07-05"}, "2020-07-05"),
        (["2020-07-05"], "2020-07-05"),
        (None, None),
        ("", None),
    ],
)
def test_dates_of_all_shapes_are_read_and_no_zone_is_made_up(written: object, read: str | None) -> None:
    found = rows_of(review(datePublished=written, **item(datePublished=written)))
    assert (found.verdict.rated_at, found.statement.fields.said_at, found.told.undated) == (read, read, [])


def test_a_date_that_is_none_costs_the_date_only_and_is_told() -> None:
    for strange in ("yesterday", "2.5.2022", 1593554562, "2020-02-30", "\0"):
        read = rows_of(review(datePublished=strange))
        assert (read.verdict.rated_at, read.verdict.rating, len(read.told.undated)) == (None, "False", 1)
    assert rows_of(review(datePublished="2.5.2022"), dates=DayOrder.DMY).verdict.rated_at == "2022-05-02"


def test_a_relative_address_of_a_review_is_joined_to_the_base_or_told() -> None:
    base = "https://www.desk.example/index.html"
    assert rows_of(review(url="/checks/1"), base=base).claim.fields.external_id == "https://www.desk.example/checks/1"
    assert rows_of(review(url="desk.example/checks/1"), base=base).claim.fields.external_id == URL
    for written in ("/checks/1", "desk.example/checks/1", "//desk.example/checks/1"):
        read = rows_of(review(url=written))
        assert read.claim.fields.external_id == written
        assert read.notes == [f"the review's address “{written}” is not whole; give --base with the address of the page that it is from"]


def test_a_review_without_an_address_has_its_id_or_that_of_its_page_or_none() -> None:
    assert rows_of(review(url=None)).claim.fields.external_id is None
    assert rows_of(review(url=None, **{"@id": "https://desk.example/#1"})).claim.fields.external_id == "https://desk.example/#1"
    assert rows_of(review(url=None, **{"@id": "#1"})).claim.fields.external_id is None


def test_doubles_of_an_address_are_one_claim_and_another_text_is_another() -> None:
    spellings = ["https://desk.example/checks/1", "http://desk.example/checks/1/", "HTTPS://DESK.example:443/checks/1#top"]
    read = rows_of([review(url=one) for one in spellings])
    assert len({one.key for one in read.claims}) == 1
    other = rows_of([review(), review(claimReviewed="The crane fell"), review(), review(claimReviewed="The crane fell ")])
    assert [one.fields.external_id for one in other.claims] == [URL, f"{URL} (2)", URL, f"{URL} (2)"]


def test_the_author_of_a_verdict_is_the_reviews_else_its_publisher() -> None:
    assert rows_of(review(author=[{"name": "Ann"}, {"name": "Ben"}])).verdict.author == "Ann, Ben"
    read = rows_of(review(author=None, publisher={"@type": "Organization", "name": "Desk"}))
    assert (read.verdict.author, read.told.unknown) == ("Desk", {})
    assert rows_of(review(author=None)).verdict.author is None
    assert dict(rows_of(review(publisher={"name": "Desk"})).told.unknown) == {"publisher": 1}


def test_keywords_are_tags_listed_or_with_commas_between() -> None:
    assert rows_of(review(keywords="harbour, pier,, the “crane”")).claim.fields.tags == ("harbour", "pier", "the “crane”")
    assert rows_of(review(keywords=["harbour, pier", {"@type": "DefinedTerm", "name": "sea"}])).claim.fields.tags == (
        "harbour, pier",
        "sea",
    )


def test_what_has_no_place_is_told_by_its_path_once_a_review() -> None:
    beyond = review(
        sdLicense="https://licence.example/",
        name="Headline",
        author=[{"name": "Ann", "email": "a@desk.example"}, {"name": "Ben", "email": "b@desk.example"}],
        image=None,
        **item(author={"name": "C", "jobTitle": "mayor"}),
    )
    read = rows_of([beyond, {**beyond, "url": "https://desk.example/checks/2", "claimReviewed": "The crane fell"}])
    assert dict(read.told.unknown) == {"sdLicense": 2, "name": 2, "author.email": 2, "itemReviewed.author.jobTitle": 2}


def test_a_part_may_be_told_elsewhere_in_the_same_document() -> None:
    graph = {
        "@graph": [
            review(author={"@id": "#desk"}, itemReviewed={"@id": "#claim"}),
            {"@id": "#desk", "name": "Desk"},
            {"@id": "#claim", **item()["itemReviewed"]},
        ]
    }
    read = rows_of(graph)
    assert (read.verdict.author, read.statement.fields.party_as_written) == ("Desk", "Harbour master")


def test_several_quotes_of_several_people_are_not_shared_out() -> None:
    read = rows_of(review(**item(text=["One.", "Two."], author=[{"name": "A"}, {"name": "B"}])))
    assert [one.fields.quote for one in read.claim.statements] == [None, None]
    assert read.notes == ["its itemReviewed.text has several texts, none of which was taken for a quote"]
