"""Files that reviews of claims come in are told apart by what they hold: documents, feeds, answers, lines, pages; and none harms."""

import json
import random
import tracemalloc
from typing import Any

import pytest
from claim_reviews import URL, Outcome, review, rows_in, rows_of, rows_of_lines
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimreg.characters import unfit_characters
from claimreg.errors import InputError
from claimreg.services.exchange.rows import ClaimRow

OTHER = review(url="https://desk.example/checks/2", claimReviewed="The crane fell")
PAGE = """<!DOCTYPE html><html lang="kk"><head><link rel="alternate canonical" href="https://desk.example/page">
<script type="text/javascript">var a = {"@type": "ClaimReview"};</script>%s</head><body><p>Көпір</p></body></html>"""


def block(text: str, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{text}</script>'


def texts(read: Outcome) -> list[str]:
    return [one.fields.text for one in read.claims]


@pytest.mark.parametrize(
    "document",
    [
        review(),
        [review()],
        {"@graph": [{"@type": "WebPage"}, review()]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "dateCreated": "2020-01-01", "item": [review()]}]},
        {"@type": "DataFeed", "dataFeedElement": {"@type": "DataFeedItem", "item": review()}},
        {"@type": "WebPage", "mainEntity": {"@type": "Article", "review": [review()]}},
        {"@type": ["Article"], "@graph": {"@list": [review()]}},
    ],
)
def test_a_review_is_found_in_whatever_it_is_wrapped(document: object) -> None:
    for read in (rows_of(document), rows_of_lines([document]), rows_of_lines([document, document])):
        assert set(texts(read)) == {"The pier is closed"}
        assert read.bad == []


def test_an_answer_of_googles_is_a_claim_with_the_verdicts_of_its_reviews() -> None:
    desk = {"publisher": {"name": "Desk", "site": "desk.example"}, "url": URL, "title": "Open", "reviewDate": "2024-06-22T00:00:00Z",
            "textualRating": "False", "languageCode": "kk"}  # fmt: skip
    other = {"publisher": {"site": "other.example"}, "url": "https://other.example/", "textualRating": "Wrong"}
    claim = {"text": "The pier is closed", "claimant": "Harbour office", "claimDate": "2024-06-20T12:12:40Z", "claimReview": [desk, other]}
    for document in ({"claims": [claim], "nextPageToken": "x"}, claim):
        read = rows_of(document)
        assert {(one.key, one.fields.external_id, one.fields.text) for one in read.claims} == {
            ("//desk.example/checks/1", URL, "The pier is closed")
        }
        assert read.claims[0].fields.lang == "kk"
        assert [one[:5] for claim in read.claims for one in claim.verdicts] == [
            ("False", None, None, "Desk", "2024-06-22T00:00:00Z"), ("Wrong", None, None, "other.example", None),
        ]  # fmt: skip
        (said,) = read.claims[0].statements
        assert (said.fields.party_as_written, said.fields.said_at) == ("Harbour office", "2024-06-20T12:12:40Z")
        assert dict(read.told.unknown) == {"claims.claimReview.title": 1}
    unrated = rows_of({"claims": [{**claim, "claimReview": []}]})
    assert (texts(unrated), unrated.claim.verdicts) == (["The pier is closed"], ())


def test_a_page_of_several_blocks_gives_each_review_and_a_broken_one_is_told() -> None:
    page = PAGE % "".join(
        (
            block('{"@type": "WebPage"}'),
            block("{not JSON"),
            block("<!--\n" + json.dumps(review()) + "\n-->", "application/ld+json; charset=utf-8"),
            block('{"@type": "ClaimReview", oops'),
            block("//<![CDATA[\n" + json.dumps([OTHER]) + "\n//]]>", "Application/LD+JSON"),
            block(" "),
        )
    )
    read = rows_in(page)
    assert texts(read) == ["The pier is closed", "The crane fell"]
    assert [one.number for one in read.claims] == [1, 2]
    assert [one.why for one in read.bad] == ["the page's block 4 of JSON-LD cannot be read: it is no JSON"]
    assert read.notes == ["the page's block 2 of JSON-LD cannot be read: it is no JSON"]


def test_relative_addresses_of_a_page_are_joined_to_its_own() -> None:
    bare = json.dumps(review(url=None))
    assert rows_in(PAGE % block(bare)).claim.fields.external_id == "https://desk.example/page"
    relative = json.dumps(review(url="/checks/1"))
    assert rows_in(PAGE % block(relative)).claim.fields.external_id == URL
    assert rows_in(PAGE % block(relative), base="https://base.example/").claim.fields.external_id == "https://base.example/checks/1"
    graph = PAGE.replace('rel="alternate canonical"', 'rel="icon"') % (
        '<meta property="og:url" content=" https://og.example/ ">' + block(bare)
    )
    assert rows_in(graph).claim.fields.external_id == "https://og.example/"


def test_a_page_in_another_encoding_is_read_as_it_declares() -> None:
    page = PAGE.replace("<head>", '<head><meta charset="windows-1251">') % block(
        json.dumps(review(claimReviewed="Мост закрыт"), ensure_ascii=False)
    )
    assert texts(rows_in(page.replace("і", "i").replace("ө", "o").replace("Көпір", "").encode("windows-1251"))) == ["Мост закрыт"]


def test_raw_line_breaks_in_texts_are_read() -> None:
    written = json.dumps(review(reviewBody="One.\nTwo.\tThree.")).replace("\\n", "\n").replace("\\t", "\t")
    assert rows_in(written).verdict.rationale == "One.\nTwo.\tThree."
    assert rows_in(PAGE % block(written)).verdict.rationale == "One.\nTwo.\tThree."


def test_lines_are_read_one_by_one_and_a_bad_one_costs_itself_only() -> None:
    read = rows_of_lines(["", json.dumps(review()), "{", "  ", json.dumps(OTHER), "[]", '{"@type": "ClaimReview"}', "\r"])
    assert [(one.number, one.fields.text) for one in read.claims] == [(2, "The pier is closed"), (5, "The crane fell")]
    assert [(one.number, one.why) for one in read.bad] == [
        (3, "it is no JSON"),
        (6, "it has no review of a claim (ClaimReview)"),
        (7, "it has no claimReviewed, the claim's text"),
    ]


def test_lines_whose_first_is_broken_are_lines_still() -> None:
    read = rows_of_lines(["{broken", json.dumps(review()), json.dumps(OTHER)])
    assert [(one.number, one.why) for one in read.bad] == [(1, "it is no JSON")]
    assert [one.number for one in read.claims] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_is_read_in_every_encoding_that_it_may_have(encoding: str) -> None:
    for indent in (None, 1):
        content = json.dumps([review(claimReviewed="Көпір жабық"), OTHER], ensure_ascii=False, indent=indent).encode(encoding)
        assert texts(rows_in(content)) == ["Көпір жабық", "The crane fell"]


def test_bytes_of_no_encoding_of_json_are_refused_in_a_document_and_told_in_lines() -> None:
    line = json.dumps(review(claimReviewed="Мост"), ensure_ascii=False).encode("windows-1251")
    with pytest.raises(InputError, match=r"reviews.jsonld cannot be read as ClaimReview: it is not UTF-8 \(byte \d+\)"):
        rows_in(line)
    read = rows_in(json.dumps(review()).encode() + b"\n" + line)
    assert (len(read.claims), len(read.bad)) == (1, 1)
    assert read.bad[0].why.startswith("it is not UTF-8")


@pytest.mark.parametrize(
    "content",
    [
        "",
        " \n\n",
        "{}",
        "[]",
        "null",
        "5",
        '"ClaimReview"',
        '{"text": "a claim"}',
        "<p>no review</p>",
        "<",
        "claim,by\na,b\n",
        '{"@type": "Review"}',
    ],
)
def test_a_file_without_any_review_is_refused(content: str) -> None:
    with pytest.raises(InputError, match=r"^reviews.jsonld .*\.$"):
        rows_in(content)


def test_markup_controls_and_commands_stay_text() -> None:
    hostile = "<b>The pier</b> \u202eis closed\u001b[31m =HYPERLINK() [bold]"
    read = rows_of(review(claimReviewed=hostile))
    assert texts(read) == [hostile]


def test_nul_and_half_characters_refuse_the_row_and_are_told() -> None:
    for name, what in (("claimReviewed", "claim's text"), ("reviewBody", "rationale")):
        for unfit, told in (("a\0b", "a NUL character"), ("a\ud800b", "half a character")):
            read = rows_in(json.dumps([review(**{name: unfit}), OTHER]))
            assert texts(read) == ["The crane fell"]
            assert read.bad[0].why.startswith(f"The {what} holds {told}")


@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_what_is_nested_too_deeply_is_refused_or_told(opening: str) -> None:
    deep = opening * 200_000
    closed = opening * 100_000 + "1" + ("}" if "a" in opening else "]") * 100_000
    for content in (deep, closed, PAGE % block(closed) + ""):
        with pytest.raises(InputError):
            rows_in(content)
    read = rows_in("\n".join((json.dumps(review()), closed, json.dumps(OTHER))))
    assert texts(read) == ["The pier is closed", "The crane fell"]
    assert [one.why for one in read.bad] == ["it is nested too deeply"]


def test_a_review_nested_deeply_within_itself_is_read_once() -> None:
    inner: dict[str, Any] = review()
    for _ in range(300):
        inner = review(itemReviewed={"@type": "Claim", "author": {"name": "A"}, "appearance": inner})
    assert len(rows_of(inner).claims) == 1


def test_a_document_above_the_limit_is_refused_and_a_line_above_it_is_told() -> None:
    long = json.dumps(review(reviewBody="word " * 2_000))
    for content in (long, "\n" + json.dumps([review(reviewBody="word " * 2_000)], indent=1), PAGE % block(long)):
        with pytest.raises(InputError, match="is larger than 0 MiB"):
            rows_in(content, limit=5_000)
    read = rows_in(f"{json.dumps(review())}\n{long}\n{json.dumps(OTHER)}", limit=5_000)
    assert [(one.number, one.fields.text) for one in read.claims] == [(1, "The pier is closed"), (3, "The crane fell")]
    assert [one.number for one in read.bad] == [2]


def test_a_page_that_its_parser_would_take_minutes_over_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read as a web page"):
        rows_in(f"<p {' '.join(f'a{number}=1' for number in range(20_000))}>" + block(json.dumps(review())))


def test_too_many_statements_and_names_are_bounded() -> None:
    crowded = review(
        itemReviewed={"author": [{"name": f"Ann {n}"} for n in range(40)], "appearance": [f"https://a.example/{n}" for n in range(40)]}
    )
    assert [one.why for one in rows_of(crowded).bad] == ["it has more than 1000 statements of one claim"]
    strange = rows_of([review(url=f"{URL}/{n}", **{f"k{n}-{m}": 1 for m in range(30)}) for n in range(50)])
    assert len(strange.told.unknown) == 1_001
    assert strange.told.unknown.total() == 1_500


def test_lines_are_not_gathered_in_memory() -> None:
    lines = "\n".join(
        json.dumps(review(url=f"{URL}/{n}", claimReviewed=f"The pier {n} is closed", reviewBody="word " * 400)) for n in range(500)
    )
    content = lines.encode()
    rows_in(content[:10_000].rsplit(b"\n", 1)[0])
    import io

    from claimreg.interchange.claim_reviews import read
    from claimreg.services.exchange.rows import Reading, Told

    tracemalloc.start()
    count = sum(isinstance(one, ClaimRow) for one in read(io.BytesIO(content), Reading("reviews.jsonld", Told())))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 500
    assert most < len(content) / 2


def is_sound(read: Outcome) -> bool:
    """Whether all that was read can be recorded and told."""
    parts: list[object] = [*read.rows, *read.told.notes, *read.told.undated, *read.told.unknown]
    while parts:
        part = parts.pop()
        if isinstance(part, str) and unfit_characters(part):
            return False
        if isinstance(part, tuple):
            parts += part
    return all(one.fields.text.strip() for one in read.claims)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@value",
                    "@list",
                    "name",
                    "url",
                    "claimReviewed",
                    "claimReview",
                    "text",
                    "author",
                    "itemReviewed",
                    "reviewRating",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(json_values, st.sampled_from(sorted(review())) | st.none())
@example({"@id": "urn:claimreg:x/C1", "@type": "Claim", "text": "a", "claimreg:attributions": [{"author": 1}]}, None)
@example([{"@type": [{"@type": "ClaimReview"}]}], "claimReviewed")
def test_any_json_gives_rows_or_is_refused(value: object, field: str | None) -> None:
    document = value if field is None else {**review(), field: value}
    try:
        read = rows_in(json.dumps(document))
    except InputError:
        # Nothing at all of it is a review; else there would be a row, or one that is told.
        assert field is None or field == "@type"
    else:
        assert read.rows
        assert is_sound(read)


def changed(rng: random.Random, content: bytes) -> bytes:
    """The bytes with a few of them changed, taken out, doubled or put in."""
    made = bytearray(content)
    for _ in range(rng.randint(1, 12)):
        place = rng.randrange(len(made))
        match rng.randrange(5):
            case 0:
                made[place] = rng.randrange(256)
            case 1:
                del made[place : place + rng.randint(1, 20)]
            case 2:
                made[place:place] = rng.choice(
                    [b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"null", b"\\u0000", b"\\ud800", b"1e999", b"\xff", b"<!--"]
                )
            case 3:
                made[place:place] = made[place : place + rng.randint(1, 200)]
            case _:
                del made[place:]
        if not made:
            made += b"{"
    return bytes(made)


def test_a_thousand_damaged_files_give_rows_or_are_refused() -> None:
    rng = random.Random(20)  # noqa: S311 -- the same damage each time
    whole = json.dumps([review(reviewBody="Көпір ашық."), OTHER], ensure_ascii=False, indent=1).encode()
    lines = b"\n".join(json.dumps(one).encode() for one in (review(), OTHER, review(itemReviewed={"author": [{"name": "A"}], "url": "/a"})))
    page = (PAGE % (block(json.dumps(review())) + block(json.dumps({"@graph": [OTHER]})))).encode()
    refused = 0
    for number in range(1_000):
        try:
            read = rows_in(changed(rng, (whole, lines, page)[number % 3]))
        except InputError:
            refused += 1
        else:
            assert read.rows
            assert is_sound(read)
    assert 100 < refused < 900
