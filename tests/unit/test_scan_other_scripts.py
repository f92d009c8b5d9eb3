"""Quotes in one script and documents in another, through the scan."""

from collections.abc import Sequence

import pytest

from claimreg.linker.bulk import (
    QuoteCollector,
    QuoteIndex,
    ScanLink,
    Scanner,
    build_index,
    load_index,
    rarities_of,
    save_index,
    with_other_scripts,
)
from claimreg.linker.bulk.foldtable import codes_of, text_of
from claimreg.linker.bulk.other_scripts import _MOST_GRAMS
from claimreg.linker.bulk.skeleton import Skeletons
from claimreg.text.scripts import CYRILLIC, LATIN, is_in

LATIN_NUMBER, CYRILLIC_NUMBER = 0, 2

RUSSIAN = "Хозяин ночного парома обещал перевезти жителей посёлка до рассвета, если ветер утихнет"
UKRAINIAN = "Власник нічного порому обіцяв перевезти мешканців селища до світанку, якщо вітер ущухне"
KAZAKH = "Кеме жолаушыларды арғы бетке таң атқанға дейін тасымалдап үлгереді деп уәде берді"
SERBIAN = "Власник ноћног чамца обећао је да ће превести мештане пре зоре ако ветар утихне"
GREEK = "Ο ιδιοκτήτης του νυχτερινού πορθμείου υποσχέθηκε να μεταφέρει τους κατοίκους πριν από την αυγή"

SPELLINGS = [
    (RUSSIAN, "Xozyain nochnogo paroma obeshhal perevezti zhitelej posyolka do rassveta, esli veter utixnet"),
    (RUSSIAN, "Hozâin nočnogo paroma obeŝal perevezti žitelej posëlka do rassveta, esli veter utihnet"),
    (RUSSIAN, "Khozyain nochnogo paroma obeshchal perevezti zhiteley poselka do rassveta, yesli veter utikhnet"),
    (RUSSIAN, "Khoziain nochnogo paroma obeshchal perevezti zhitelei poselka do rassveta, esli veter utikhnet"),
    (RUSSIAN, "Hozyain nochnogo paroma obeschal perevezti jitelej poselka do rassveta, esli veter utihnet"),
    (UKRAINIAN, "Vlasnyk nichnoho poromu obitsiav perevezty meshkantsiv selyshcha do svitanku, yakshcho viter ushchukhne"),
    (KAZAKH, "Keme zholaushylardy argy betke tan atkanga deiin tasymaldap ulgeredi dep uade berdi"),
    (KAZAKH, "Keme jolaushylardy argy betke tan atqanga deiin tasymaldap ulgeredi dep uade berdi"),
    (SERBIAN, "Vlasnik noćnog čamca obećao je da će prevesti meštane pre zore ako vetar utihne"),
    (GREEK, "O idioktitis tou nychterinou porthmeiou yposchethike na metaferei tous katoikous prin apo tin avgi"),
]
OTHERS = {
    True: "Порт басшылығы ескі айлақ жөнделгенше түнгі кеме жүрмейтінін айтты, бірақ ешкім сенбеді. ",
    False: "The harbour office says that the night ferry will not run before the old quay is mended. ",
}
"""Something else, by whether it is in Cyrillic letters."""


def index_of(quotes: Sequence[str], texts: Sequence[str], size: int = 1) -> QuoteIndex:
    collector = QuoteCollector()
    assert not any(collector.add([(f"q{number}", quote, "") for number, quote in enumerate(quotes)]))
    return with_other_scripts(build_index(collector.table(), rarities_of(len(quotes), texts)), texts, size)


def links(quotes: Sequence[str], texts: Sequence[str]) -> list[ScanLink]:
    return list(Scanner(index_of(quotes, texts)).scan(texts))


def skeleton(text: str, alphabet: int | None = None) -> str:
    return text_of(Skeletons(alphabet).fold(codes_of([text])))[1:-1]


@pytest.mark.parametrize(("native", "romanised"), SPELLINGS)
@pytest.mark.parametrize("quote_in", ["Latin", "own"])
def test_quote_in_another_script_finds_its_place(native: str, romanised: str, quote_in: str) -> None:
    quote, passage = (romanised, native) if quote_in == "Latin" else (native, romanised)
    other = OTHERS[quote_in == "Latin"]
    texts = [other * 9, f"{other * 5}{passage}. {other * 7}"]
    (link,) = links([quote], texts)
    assert link.document == 1
    assert texts[1][link.match.start : link.match.end] == passage
    assert link.match.kind in {"near", "altered"}


def test_every_manner_of_one_quote_is_found_at_once() -> None:
    quotes = [romanised for native, romanised in SPELLINGS if native is RUSSIAN]
    found = links([*quotes, RUSSIAN], [OTHERS[True] * 4, f"{OTHERS[True] * 3}{RUSSIAN}. {OTHERS[True]}"])
    assert [(link.quote, link.document) for link in found] == [(number, 1) for number in range(len(quotes) + 1)]


def test_quote_of_other_words_is_not_found() -> None:
    assert not links([SPELLINGS[2][1]], [OTHERS[True] * 5, KAZAKH * 3, UKRAINIAN])
    assert not links([KAZAKH], [OTHERS[False] * 5, SPELLINGS[2][1] * 3])


def test_quote_that_stands_as_it_is_written_is_not_sought_in_other_letters() -> None:
    romanised = SPELLINGS[2][1]
    text = f"{OTHERS[False] * 3}{romanised}. {OTHERS[True] * 5}{RUSSIAN}. {OTHERS[False]}"
    (link,) = links([romanised], [text])
    assert link.match.kind == "exact"


def test_place_beside_words_of_the_quotes_own_script_is_found() -> None:
    text = f"{OTHERS[False] * 6}{RUSSIAN}. {OTHERS[False] * 6}"
    (link,) = links([SPELLINGS[2][1]], [text])
    assert text[link.match.start : link.match.end] == RUSSIAN


def test_stitched_quote_is_found_by_its_parts() -> None:
    words, given = RUSSIAN.split(), SPELLINGS[2][1].split()
    first, last = " ".join(words[:5]), " ".join(words[5:])
    text = f"{OTHERS[True] * 4}{first} {OTHERS[True]}{last}. {OTHERS[True] * 4}"
    (link,) = links([f"{' '.join(given[:5])} … {' '.join(given[5:])}"], [text])
    assert [text[start:end] for start, end in link.match.parts] == [first, last]


def test_quotes_and_documents_of_one_script_need_no_other_index() -> None:
    assert index_of([SPELLINGS[2][1]], [OTHERS[False] * 9, "µ and α"]).others == ()
    assert index_of([RUSSIAN, KAZAKH], [OTHERS[True] * 9]).others == ()


def test_index_is_made_for_the_quotes_whose_script_is_another() -> None:
    index = index_of([RUSSIAN, SPELLINGS[2][1]], [OTHERS[True] * 9])
    assert [other.alphabet for other in index.others] == [LATIN_NUMBER]
    index = index_of([RUSSIAN, SPELLINGS[2][1]], [OTHERS[True] * 9, OTHERS[False] * 9])
    assert [other.alphabet for other in index.others] == [LATIN_NUMBER, CYRILLIC_NUMBER]


def test_links_do_not_depend_on_the_company_of_a_document(tmp_path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 -- pytest's
    quotes = [romanised for _, romanised in SPELLINGS] + [native for native, _ in SPELLINGS[5:]]
    texts = [
        f"{OTHERS[cyrillic]}{one}. {OTHERS[cyrillic]}" for pair in SPELLINGS for cyrillic, one in zip((True, False), pair, strict=True)
    ]
    index = index_of(quotes, texts)
    together = list(Scanner(index).scan(texts))
    alone = [(link.quote, number, link.match) for number, text in enumerate(texts) for link in Scanner(index).scan([text])]
    assert [(link.quote, link.document, link.match) for link in together] == alone
    save_index(tmp_path / "index", index, None)
    assert list(Scanner(*load_index(tmp_path / "index")).scan(texts)) == together


def test_skeletons_of_all_manners_are_much_the_same() -> None:
    assert skeleton("Верховный суд Пакистана") == "vrkvnsdpkstn"
    assert skeleton("Verkhovnyĭ sud Pakistana") == "vrkvnsdpkstn"
    assert skeleton("Verxovny'j sud Pakistana") == "vrkvnsdpkstn"


def test_skeleton_leaves_out_the_letters_of_one_alphabet() -> None:
    text = "Договор NATO подписан 24 мая"
    assert skeleton(text, LATIN_NUMBER) == "dgvrpdpsnm"
    assert skeleton(text, CYRILLIC_NUMBER) == "nt"
    for alphabet, ranges in ((LATIN_NUMBER, LATIN), (CYRILLIC_NUMBER, CYRILLIC)):
        codes = codes_of([text])
        origins = Skeletons(alphabet).origins(codes)[1:-1] - 1
        assert len(origins) == len(skeleton(text, alphabet))
        assert not any(is_in(ord(text[at]), ranges) for at in origins.tolist())


def test_texts_without_letters_stay_apart() -> None:
    assert text_of(Skeletons(LATIN_NUMBER).fold(codes_of(["", "12", "да", "", "\ud800"]))).count("\uffff") == 6


OF_ONE_SCRIPT = (
    "The owner of the night ferry has promised that he will bring them over before the day breaks",
    "Der Besitzer der Fähre hat versprochen, dass er sie noch vor dem Morgen auf die andere Seite bringt",
    "Le propriétaire du bac de nuit a promis que les habitants seront sur l'autre rive avant le jour",
)


@pytest.mark.parametrize("quote", OF_ONE_SCRIPT)
def test_quote_that_is_plainly_of_one_script_is_sought_in_no_other(quote: str) -> None:
    romanised = SPELLINGS[2][1]
    texts = [OTHERS[True] * 3]
    assert not index_of([quote], texts).others
    (other,) = index_of([quote, romanised], texts).others
    assert other.alphabet == LATIN_NUMBER
    assert set(other.skeletons.table.owners.tolist()) == {1}


@pytest.mark.parametrize("quote", [spelt for _, spelt in SPELLINGS])
def test_no_romanised_quote_is_taken_for_one_of_one_script(quote: str) -> None:
    assert index_of([quote], [OTHERS[True] * 3]).others


def test_no_skeleton_is_sought_that_so_much_text_has_by_chance() -> None:
    """A key tells 2.3 bits at least: in 2³⁰ characters, a skeleton of 13 keys may stand by chance, and one of 14 seldom does."""
    long, short = "ночной паром не пойдёт до рассвета", "паром пойдёт до рассвета"
    stitched = f"{long} … {short}"
    assert [len(skeleton(quote)) for quote in (long, short)] == [15, 11]
    texts = [OTHERS[False] * 9]

    def sought(size: int) -> list[tuple[str, bool]]:
        (other,) = index_of([long, short, stitched], texts, size).others
        table = other.skeletons.table
        seeded = {unit for grams in other.skeletons.grams for unit in grams.units.tolist()}
        keys = [text_of(table.keys[at : at + length]) for at, length in zip(table.starts, table.lengths, strict=True)]
        return sorted((key, unit in seeded) for unit, key in enumerate(keys))

    whole, part = skeleton(long), skeleton(short)
    assert sought(1) == sorted([(whole, True), (part, True), (whole, True), (part, False)])
    # Of the stitched quote, both parts must stand there all the same.
    assert sought(1 << 30) == sorted([(whole, True), (whole, True), (part, False)])


def test_long_quote_is_sought_by_grams_from_all_over_it() -> None:
    spelt = " ".join(romanised for _, romanised in SPELLINGS[:5])
    (other,) = index_of([spelt], [OTHERS[True] * 3]).others
    (grams,) = other.skeletons.grams
    length = int(other.skeletons.table.lengths[0])
    assert length > 2 * _MOST_GRAMS
    assert _MOST_GRAMS // 2 <= len(grams.positions) <= _MOST_GRAMS
    assert grams.positions.min() < length // 8
    assert grams.positions.max() > length - length // 8
