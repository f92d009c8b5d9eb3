"""Shapes that reviews of claims have in the wild: nineteen with words of ours, and where they are at hand, those of desks themselves."""

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from claim_reviews import Outcome, rows_in, rows_of

from claimreg.services.exchange.rows import StatementRow

SHAPES = Path(__file__).parents[1] / "fixtures" / "claimreview-shapes.ndjson"
BENCH = Path(__file__).parents[3] / "shared" / "bench" / "interchange"
URL = "https://desk.example/checks/1"


class Expected(NamedTuple):
    """What a shape is read as: the claim's text, the rating, its date, who said it, where; and how often something is told."""

    text: str = "The pier is closed"
    rating: str = "False"
    scheme: str | None = None
    rated_at: str | None = None
    lang: str | None = None
    external_id: str = URL
    author: str | None = None
    said: tuple[tuple[str, str | None], ...] = ()
    said_at: str | None = None
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notes: int = 1
    """Sentences that are told: most shapes do not name who said it."""


EXPECTED = {
    "Google's whole form": Expected(
        scheme="1 on a scale from 1 to 5", rated_at="2024-06-22", author="Desk", said=(("Harbour office", "https://paper.example/a"),),
        said_at="2024-06-20", sources=("https://paper.example/a",), tags=("https://harbour.example/about",),
        unknown=("author.url",), notes=0,
    ),
    "@graph, @type a list": Expected(),
    "DataFeed of Data Commons": Expected(unknown=("sdLicense", "sdPublisher")),
    "Google's API claims:search": Expected(
        lang="kk", author="Desk", said=(("Harbour office", None),), said_at="2024-06-20T12:12:40Z", rated_at="2024-06-22T00:00:00Z",
        unknown=("claims.claimReview.title",), notes=0,
    ),
    "claimReviewed a list": Expected(),
    "HTML entities, unescaped once": Expected(text="The harbour's pier & crane"),
    "mojibake (UTF-8 read as Latin-1)": Expected(
        text="Көпір", rating="não_é_bem_assim", unknown=("reviewRating.bestRating", "reviewRating.ratingValue"), notes=2
    ),
    "best and worst both -1": Expected(
        rating="really_false", unknown=("reviewRating.bestRating", "reviewRating.ratingValue", "reviewRating.worstRating")
    ),
    "no numbers in the rating": Expected(rating="Needs context"),
    "date with a space and no zone": Expected(rated_at="2020-06-23 20:02"),
    "date with +0200": Expected(rated_at="2020-03-27T10:46:13+0200"),
    "date is null": Expected(),
    "relative url, email in author list": Expected(external_id="/checks/1", author="Ann", unknown=("author.email",), notes=2),
    "itemReviewed CreativeWork in lower case, author.sameAs": Expected(
        said=(("Harbour master", None),), said_at="2020-07-05", unknown=("itemReviewed.author.sameAs",), notes=0
    ),
    "two authors of the claim, list of appearances, firstAppearance": Expected(
        said=tuple((name, place) for name in "AB" for place in ("https://a.example/1", "https://a.example/2", "https://archive.is/wip/x")),
        sources=("https://a.example/1", "https://a.example/2", "https://archive.is/wip/x"), notes=0,
    ),
    "claimant is nobody: 'Social media users'": Expected(said=(("Various sources", None),), notes=0),
    "markup and bidi controls in text": Expected(text="<b>The pier</b> \u202eis closed"),
    "duplicate of the first, http and slash": Expected(external_id="http://desk.example/checks/1/"),
}  # fmt: skip
CROWDS = {"Various sources"}
DOCUMENTS: dict[str, Any] = {one["shape"]: one["json"] for one in map(json.loads, SHAPES.read_text(encoding="utf-8").splitlines())}


def said_in(statements: tuple[StatementRow, ...]) -> tuple[tuple[str, str | None], ...]:
    return tuple((one.fields.party_as_written, one.source) for one in statements)


@pytest.mark.parametrize("shape", EXPECTED)
def test_each_shape_is_read_whole(shape: str) -> None:
    expected = EXPECTED[shape]
    read = rows_of(DOCUMENTS[shape])
    assert read.bad == []
    assert read.claim.fields[:3] == (expected.text, None, expected.lang)
    assert (read.claim.fields.external_id, read.claim.fields.tags) == (expected.external_id, expected.tags)
    assert read.verdict == (expected.rating, expected.scheme, None, expected.author, expected.rated_at)
    assert said_in(read.claim.statements) == expected.said
    assert {one.fields.said_at for one in read.claim.statements} <= {expected.said_at}
    assert {one.fields.party_as_written for one in read.claim.statements if one.is_crowd} == CROWDS & {name for name, _ in expected.said}
    assert tuple(one.key for one in read.sources) == expected.sources
    assert tuple(sorted(read.told.unknown)) == expected.unknown
    assert len(read.notes) == expected.notes


def test_a_list_at_the_top_is_two_claims() -> None:
    read = rows_of(DOCUMENTS["a list at the top"])
    assert [one.fields.text for one in read.claims] == ["The pier is closed", "The crane fell"]


def test_every_shape_is_looked_at_and_the_duplicate_is_the_claim_of_the_first() -> None:
    assert {*EXPECTED, "a list at the top"} == set(DOCUMENTS)
    assert len(DOCUMENTS) == 19
    first, last = (rows_of(DOCUMENTS[one]).claim for one in ("Google's whole form", "duplicate of the first, http and slash"))
    assert (first.key, first.fields.text) == (last.key, last.fields.text)


# The reviews of desks are measured, not shipped: each line says who said it (* a crowd), the rating, its date, and how the text ends.
REAL = (
    ("*सोशल मीडिया यूजर्स", "False", "2020-07-05", "मौत को दावत देना होगा."),
    ("*Varias fuentes", "Falso", "2022-07-08 09:48", "España da la nacionalidad a aquellos cuyo apellido aparece en una lista"),
    ("*Multiple persons", "Misleading", "2022-03-02 07:11", "government building in 2022"),
    ("Mzwandile Masina", "Incorrect", "2020-03-27T10:46:13+0200", "a Covid-19 ‘vaccine’"),
    ("*desinformação", "não_é_bem_assim", "2022-08-11", "Drauzio Varella incentiva crianças a utilizarem drogas em vídeo"),
    ("Facebook Page - NoConversion", "False", "2019-04-10T12:09:05+05:30", "teaching Namaz to Hindu Students"),
    ("*Boatos de redes sociais", None, "2022-05-30", "no bairro Alto de Pinheiros, em São Paulo."),
    ("", None, "2021-06-18", "of all participants produced antibodies.”"),
    ("*Facebook user", "Half true", "2020-10-13", "had already paid the photographer."),
    ("Jéssica Albiach", "Falso", "2022-10-08", "está en situación de pobreza”"),
    ("María Jesús Montero", "Engañoso", "2022-10-07", "No diría que Bruselas está pidiendo otra cosa”"),
    ("Sergio Sayas", "Engañoso", "2022-10-06", "se han multiplicado por tres”"),
    ("Cuca Gamarra", "Engañoso", "2022-10-06", "desde la crisis de 2008 con Zapatero”"),
    ("Sergio Sayas", "Engañoso", "2022-10-06", "se han multiplicado por tres”"),
    ("", "Falso", "2022-10-17", "de Rage Against the Machine."),
    ("", "證據不足", "2020-09-30", "安倍晉三患的是癌症，已轉移肝臟。"),
    ("*Facebook,WhatsApp,Twitter,media outlets", "False", "2020-06-16T20:15:35+05:30", "shared on 14 June"),
    ("*Réseaux sociaux", "really_false", "2022-05-11", "est minimisée à l'école"),
    ("Jair Bolsonaro", "Falso", "2022-09-01T22:06:09-03:00", "A violência no campo caiu assustadoramente"),
    ("Fb Page: नये भारत की बुलंद आवाज़", "False", "2022-11-01T18:16:43+05:30", "Rishi Sunak praises Manmohan Singh's economy ideas"),
    ("Facebook user बसंत मलिक", "False", "2022-10-18T11:31:08+05:30", "प्रियंका गांधी और रॉबर्ट वाड्रा की शादी"),
)


def bench(name: str) -> bytes:
    path = BENCH / name
    if not path.exists():
        pytest.skip("the reviews of desks (shared/bench/interchange) are not beside the repository")
    return path.read_bytes()


def claimants(read: Outcome) -> list[str]:
    """Who said each claim, crowds marked; nobody where that is told."""
    named = []
    for claim in read.claims:
        names = {("*" if one.is_crowd else "") + one.fields.party_as_written for one in claim.statements}
        assert len(names) == 1 or any(one.number == claim.number and "does not name who said it" in one.why for one in read.told.notes)
        named.append(next(iter(names), ""))
    return named


def test_reviews_of_desks_are_claims_with_the_right_words() -> None:
    content = bench("claimreview-real.ndjson")
    read = rows_in(content)
    written = [json.loads(line)["claim_review"] for line in io.BytesIO(content)]
    assert (len(read.claims), read.bad, read.told.undated) == (len(REAL), [], [])
    assert claimants(read) == [one[0] for one in REAL]
    for claim, whole, (_, rating, rated_at, ending) in zip(read.claims, written, REAL, strict=True):
        (verdict,) = claim.verdicts
        assert verdict.rating == (whole["reviewRating"]["alternateName"] if rating is None else rating)
        assert verdict.rated_at == rated_at
        assert claim.fields.text.endswith(ending)
        assert claim.fields.external_id == whole["url"]
    told = {one.number for one in read.told.notes if "not whole" in one.why}
    assert told == {5}
    assert {claim.key for claim in read.claims[11:14:2]} == {"//www.newtral.es/lista-espera-sanidad-gobierno/20221006"}


def test_an_answer_and_a_page_of_desks_are_read() -> None:
    answer = rows_in(bench("google_fact_check_raw.json"))
    assert (answer.claim.fields.lang, answer.verdict.rating, answer.verdict.author) == ("ur", "False", "vishvasnews.com")
    assert claimants(answer) == ["FB User-Harshit Pandey"]
    page = rows_in(bench("afp_raw.html"))
    assert page.claim.fields.text.startswith("The US Centers for Disease Control and Prevention lied")
    assert (page.claim.fields.lang, page.verdict.rating, page.verdict.rated_at) == ("en", "False", "2020-06-24 00:03")
    assert claimants(page) == ["*multiple sources"]
    assert page.sources[0].details.url == "https://www.facebook.com/photo.php?fbid=1334206990098622&set=a.134474800071853&type=3"
