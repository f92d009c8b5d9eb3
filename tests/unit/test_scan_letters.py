"""Quotes written with other letters than the documents, through the scan."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimreg.linker.bulk import QuoteCollector, ScanLink, Scanner, build_index, rarities_of
from claimreg.linker.respell import in_cyrillic

PAIRS = Path(__file__).parents[3] / "shared" / "bench" / "retrieval"
SENTENCE = "Кеме жолаушыларды арғы бетке таң атқанға дейін тасымалдап үлгереді деп уәде берді"
LATIN = "Keme jolauşylardy arğy betke tañ atqanğa deiın tasymaldap ülgeredı dep uäde berdı"
ARABIC = "كەمە جولاۋشىلاردى ارعى بەتكە تاڭ اتقانعا دەيىن تاسىمالداپ ۇلگەرەدى دەپ ۋادە بەردى"
OTHER = "Порт басшылығы ескі айлақ жөнделгенше түнгі кеме жүрмейтінін айтты. "


def links(quotes: list[str], texts: list[str]) -> Iterator[ScanLink]:
    collector = QuoteCollector()
    assert not any(collector.add([(f"q{number}", quote, "") for number, quote in enumerate(quotes)]))
    return Scanner(build_index(collector.table(), rarities_of(len(quotes), texts))).scan(texts)


@pytest.mark.parametrize("quote", [LATIN, ARABIC, LATIN.upper()])
def test_quote_in_other_letters_finds_its_place(quote: str) -> None:
    texts = [OTHER * 9, OTHER * 5 + SENTENCE + ". " + OTHER * 7]
    (link,) = links([quote], texts)
    assert link.document == 1
    assert texts[1][link.match.start : link.match.end] == SENTENCE
    assert link.match.kind == "near"


@pytest.mark.parametrize("quote", [LATIN, ARABIC])
def test_quote_in_its_own_letters_is_exact(quote: str) -> None:
    (link,) = links([quote], [f"{OTHER * 3}{quote}. {OTHER * 3}"])
    assert link.match.kind == "exact"


def test_stitched_quote_in_other_letters_is_found_by_its_parts() -> None:
    words, given = SENTENCE.split(), LATIN.split()
    first, last = " ".join(words[:5]), " ".join(words[5:])
    quote = f"{' '.join(given[:5])} … {' '.join(given[5:])}"
    text = f"{OTHER * 4}{first} {OTHER}{last}. {OTHER * 4}"
    (link,) = links([quote], [text])
    assert [text[start:end] for start, end in link.match.parts] == [first, last]


def test_neighbouring_quotes_in_other_letters_do_not_disturb_each_other() -> None:
    found = list(links([SENTENCE, LATIN, ARABIC, OTHER], [OTHER * 2 + SENTENCE, OTHER]))
    assert {(link.document, link.quote) for link in found} == {(0, 0), (0, 1), (0, 2), (0, 3), (1, 3)}


@pytest.mark.parametrize(
    "text",
    [
        "The harbour office says that the night ferry will not run; nobody in Iraq or Qatar asked why",
        "Der Bürgermeister sagte, die Fähre fahre nicht mehr, und die Brücke sei noch nicht gebaut worden",
        "قال مكتب الميناء إن العبارة الليلية لن تعمل قبل إصلاح الرصيف القديم في المدينة إلى مستشفى",
        "El señor dijo que mañana no saldrá ningún barco del viejo puerto de la ciudad",
        SENTENCE,
        "",
        "q",
        "\ud800ş",
    ],
)
def test_other_languages_are_not_respelled(text: str) -> None:
    assert in_cyrillic(text) is None


@pytest.mark.parametrize("alphabet", ["latin2021", "arabic"])
def test_real_sentences_in_other_letters_are_found(alphabet: str) -> None:
    if not PAIRS.is_dir():
        pytest.skip("there are no pairs of sentences beside the project")
    claims, queries = (
        [json.loads(line) for line in (PAIRS / name).read_bytes().splitlines()]
        for name in ("kazakh.claims.jsonl", f"kazakh.{alphabet}.queries.jsonl")
    )
    places: dict[str, tuple[int, int, int]] = {}
    texts: list[str] = []
    for first in range(0, len(claims), 20):
        text = ""
        for claim in claims[first : first + 20]:
            places[claim["id"]] = len(texts), len(text), len(text) + len(claim["text"])
            text += claim["text"] + "\n"
        texts.append(text)
    found = set()
    for link in links([query["text"] for query in queries], texts):
        document, start, end = places[queries[link.quote]["id"]]
        both = min(end, link.match.end) - max(start, link.match.start)
        if link.document == document and both >= 0.8 * (max(end, link.match.end) - min(start, link.match.start)):
            found.add(link.quote)
    assert len(found) >= 0.95 * len(queries)
