import pickle
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import InputError
from claimreg.linker import LayeredLinker, Match
from claimreg.linker.bulk import QuoteCollector, QuoteIndex, Scanner, build_index, load_index, probe, rarities_of, save_index
from claimreg.linker.bulk.foldtable import SEPARATOR, codes_of, fold_table, scan_key, text_of
from claimreg.linker.bulk.grams import bigram_bits, context_masks
from claimreg.linker.bulk.probe import Prober
from claimreg.linker.bulk.quotes import SHORTEST_PART
from claimreg.linker.bulk.seeds import MOST_POSTINGS
from claimreg.linker.collection import Collection
from claimreg.linker.passage import read_quote
from claimreg.text.fold import fold
from claimreg.text.grams import gram_hashes

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)

SENTENCES = (
    "The harbour office says that the night ferry will not run before the old pier is repaired",
    "Капитан парома заявил журналистам, что старый причал простоит ещё по меньшей мере двадцать лет",
    "Кеме жолаушыларды арғы бетке таң атқанға дейін тасымалдап үлгереді деп уәде берді",
    "港务局表示在旧码头修好之前夜间渡轮将不会运行",
    "실제로 항만청은 오래된 부두가 수리될 때까지 야간 여객선이 운항하지 않는다고 말했다",
    "ท่าเรือบอกว่าเรือข้ามฟากตอนกลางคืนจะไม่วิ่งจนกว่าจะซ่อมท่าเรือเก่าเสร็จ",
    "قال مكتب الميناء إن العبارة الليلية لن تعمل قبل إصلاح الرصيف القديم في المدينة",
)


def filler(seed: int, size: int) -> str:
    """Words that no quote has."""
    chance = random.Random(seed)  # noqa: S311
    return " ".join("".join(chance.choices("bdfgjklmvwz", k=chance.randint(2, 9))) for _ in range(size))


def index_of(quotes: list[str], texts: list[str]) -> QuoteIndex:
    collector = QuoteCollector()
    assert not any(collector.add([(f"q{number}", quote, "") for number, quote in enumerate(quotes)]))
    return build_index(collector.table(), rarities_of(len(quotes), texts))


def scan(quotes: list[str], texts: list[str]) -> dict[tuple[int, int], list[Match]]:
    found: dict[tuple[int, int], list[Match]] = {}
    for link in Scanner(index_of(quotes, texts)).scan(texts):
        found.setdefault((link.quote, link.document), []).append(link.match)
    return found


@given(st.lists(ANY_TEXT, max_size=4))
def test_table_folds_as_the_fold_does(texts: list[str]) -> None:
    keys = text_of(fold_table().fold(codes_of(texts)))
    between = chr(SEPARATOR)
    assert keys == between + between.join(map(scan_key, texts)) + between


@given(ANY_TEXT)
def test_origins_are_those_of_the_fold(text: str) -> None:
    assert (fold_table().origins(codes_of([text]))[1:-1] - 1).tolist() == list(fold(text).starts)


def test_every_code_point_folds_as_the_fold_does() -> None:
    everything = "".join(map(chr, range(0x110000)))
    assert text_of(fold_table().fold(codes_of([everything])))[1:-1] == scan_key(everything)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(1, 9))
def test_equal_grams_have_equal_hashes(values: list[int], size: int) -> None:
    hashes = gram_hashes(np.array(values, np.uint16), size).tolist()
    grams = [tuple(values[at : at + size]) for at in range(len(values) - size + 1)]
    assert len(hashes) == len(grams)
    assert len(set(zip(grams, hashes, strict=True))) == len(set(grams)) == len(set(hashes))


def test_context_mask_leaves_the_gram_itself_out() -> None:
    keys = np.array([ord(one) for one in "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP"], np.uint16)
    at, size = 20, 6
    other = keys.copy()
    other[at : at + size] = ord("!")
    masks = [context_masks(some, np.array([at]), size).tolist() for some in (keys, other)]
    assert masks[0] == masks[1]
    expected = {int(bit) for bit in bigram_bits(keys)[[*range(at - 16, at - 1), *range(at + size, at + size + 15)]]}
    low, high = masks[0][0]
    assert {bit for bit in range(128) if (low | high << 64) >> bit & 1} == expected


@pytest.mark.parametrize("sentence", SENTENCES)
def test_quote_is_found_in_every_script(sentence: str) -> None:
    texts = [filler(1, 300), f"{filler(2, 200)}\n{sentence}. {filler(3, 200)}", filler(4, 300)]
    found = scan([sentence], texts)
    assert list(found) == [(0, 1)]
    match = found[0, 1][0]
    assert (match.kind, match.exact) == ("exact", sentence)
    assert texts[1][match.start : match.end] == sentence


def test_scan_finds_what_the_linker_finds() -> None:
    chance = random.Random(7)  # noqa: S311
    quotes, texts = [], []
    for number, sentence in enumerate(SENTENCES * 3):
        words = sentence.split()
        if number >= len(SENTENCES) and len(words) > 3:
            words[chance.randrange(len(words))] = "чтото"
            del words[chance.randrange(len(words))]
        texts.append(f"{filler(number, 90)}. {' '.join(words)}. {filler(100 + number, 90)}")
        quotes.append(sentence.upper() if number >= 2 * len(SENTENCES) else sentence)
    found = scan(quotes, texts)
    linker = LayeredLinker()
    expected = {
        (number, place): list(findings.matches)
        for number, quote in enumerate(quotes)
        for place, text in enumerate(texts)
        if (findings := linker.find(quote, text)).matches
    }
    assert found == expected


def test_stitched_quote_is_found_by_its_parts() -> None:
    first, last = "the night ferry will not run", "passengers were told to take the bus"
    text = f"{filler(1, 50)} {first} {filler(2, 60)} {last} {filler(3, 50)}"
    match = scan([f"{first} … {last}"], [text])[0, 0][0]
    assert [text[start:end] for start, end in match.parts] == [first, last]
    assert match.kind == "stitched"


def probed(quote: str) -> list[tuple[str, bool]]:
    """The keys of a quote's units, and whether documents are probed for each."""
    table = QuoteCollector()
    assert table.add([("q", quote, "")]) == [None]
    made = table.table()
    keys = text_of(made.keys)
    spans = zip(made.starts.tolist(), made.lengths.tolist(), made.probed.tolist(), strict=True)
    return [(keys[start : start + length], is_probed) for start, length, is_probed in spans]


def test_documents_are_probed_for_the_heaviest_parts_of_a_stitched_quote() -> None:
    heavy, nearly, light = "the ferry stays where it is", "the ferry goes where it is", "said the old captain"
    assert probed(f"{light} ... {heavy} […] no … {nearly}") == [
        ("saidtheoldcaptain", False),
        ("theferrystayswhereitis", True),
        ("theferrygoeswhereitis", True),
    ]
    assert probed(f"… {heavy} …") == [("theferrystayswhereitis", True)]
    assert probed("no … nor yes … or so") == [("nonoryesorso", True)]


@given(
    st.lists(
        st.sampled_from([*SENTENCES, "…", " . . . ", "[...]", "(snip)", "..", "no", "…", "𠀀𠀁𠀂𠀃𠀄𠀅𠀆", "ﬁﬂ straße", "É"]), max_size=8
    )
)
def test_parts_are_those_that_the_linker_reads(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        parts = read_quote(text).parts
    except InputError:
        return
    long = [part for part in parts if part.weight >= SHORTEST_PART]
    stitched = len(parts) > 1 and bool(long)
    expected = {scan_key(part.key) for part in long} if stitched else {scan_key(text)}
    assert {key for key, _ in probed(text)} == expected
    if stitched:
        assert (scan_key(max(long, key=lambda part: part.weight).key), True) in probed(text)


def test_a_part_of_one_quote_that_is_the_heaviest_of_another_leads_to_that_one() -> None:
    other = f"{SENTENCES[0]} and that nobody will hear of it again before the spring of the next year"
    light, heavy = " ".join(other.split()[:12]), " ".join(other.split()[14:])
    quotes = [f"{light} … {heavy}", f"{light} … the pier"]
    text = f"{filler(1, 60)}. {other}. {filler(2, 60)}. {light}, but the pier. {filler(3, 9)}"
    assert set(scan(quotes, [text])) == {(0, 0), (1, 0)}
    assert set(scan(quotes, [f"{light}, but the pier. {filler(3, 9)}"])) == {(1, 0)}


def test_short_quotes_stand_as_whole_words() -> None:
    texts = ["the cat sat on the mat", "concatenate"]
    assert set(scan(["cat", "渡轮"], [*texts, "夜间渡轮将不会"])) == {(0, 0), (1, 2)}


@pytest.mark.parametrize("quote", ["", "!?…", "👍", "a", "x" * 100_000])
def test_quote_that_cannot_be_looked_for_is_told(quote: str) -> None:
    collector = QuoteCollector()
    errors = collector.add([("q", quote, ""), ("good", SENTENCES[0], "")])
    assert [type(error) for error in errors] == [InputError, type(None)]
    assert len(collector) == 1


def test_no_quotes_and_no_texts_give_no_links() -> None:
    assert scan([], ["some text"]) == {}
    assert scan([SENTENCES[0]], []) == {}
    assert scan([SENTENCES[0]], ["", " \n", "\ud800\0"]) == {}


def test_links_do_not_depend_on_the_company() -> None:
    texts = [f"{filler(number, 400)} {SENTENCES[number % 3]} {filler(number + 50, 400)}" for number in range(60)]
    scanner = Scanner(index_of(list(SENTENCES), texts))
    together = [(link.quote, link.document, link.match) for link in scanner.scan(texts)]
    apart = [(link.quote, number, link.match) for number, text in enumerate(texts) for link in scanner.scan([text])]
    assert together == apart
    assert len(together) == 60


def test_quote_standing_very_often_in_one_text_is_capped() -> None:
    text = "\n".join(f"{SENTENCES[0]} {filler(number, 12)}" for number in range(3_000))
    matches = scan([SENTENCES[0]], [text])[0, 0]
    assert len(matches) == 1_000
    assert all({"ambiguous", "capped"} <= set(match.flags) for match in matches)
    assert all(one.end <= other.start for one, other in pairwise(matches))


def test_one_repeated_letter_takes_no_time() -> None:
    assert len(scan(["a" * 60, SENTENCES[0]], ["a" * 2_000_000])) <= 1


def test_gram_that_too_many_quotes_share_leads_to_few() -> None:
    quotes = [f"{SENTENCES[0]} {filler(number, 4)}" for number in range(MOST_POSTINGS + 100)]
    index = index_of(quotes, [SENTENCES[0]])
    hashes = np.concatenate([gram.hashes for gram in index.grams])
    assert np.unique(hashes, return_counts=True)[1].max() <= MOST_POSTINGS
    assert not len(index.unseeded)


def test_index_is_the_same_from_a_file_and_from_a_pickle(tmp_path: Path) -> None:
    texts = [f"{filler(1, 100)} {sentence} {filler(2, 100)}" for sentence in SENTENCES]
    index = index_of(list(SENTENCES), texts)
    save_index(tmp_path / "index", index, Collection(size=3))
    mapped, collection = load_index(tmp_path / "index")
    assert collection is not None
    assert collection.size == 3
    links = [list(Scanner(one).scan(texts)) for one in (index, mapped, pickle.loads(pickle.dumps(index)))]  # noqa: S301
    assert links[0] == links[1] == links[2]
    assert len(links[0]) == len(SENTENCES)


def test_the_recorded_language_of_a_quote_is_judged_by() -> None:
    collector = QuoteCollector()
    quotes = [("q1", "Die Brücke ist offen", "de"), ("q2", "Die Brücke ist offen", "")]
    assert not any(collector.add(quotes))
    table = collector.table()
    assert [(table.id(number), table.text(number), table.lang(number)) for number in range(len(table))] == [
        ("q1", "Die Brücke ist offen", "de"),
        ("q2", "Die Brücke ist offen", None),
    ]


def test_places_are_as_alike_whether_few_are_compared_or_many(monkeypatch: pytest.MonkeyPatch) -> None:
    quote = "the harbour office says that the night ferry will not run before the old pier is repaired"
    texts = [f"before {number} it {quote.replace('night', 'nihgt')} and after" for number in range(40)]
    prober, keys = Prober(index_of([quote], texts)), fold_table().fold(codes_of(texts))
    found = {}
    for few in (0, 1_000):
        monkeypatch.setattr(probe, "_FEW_STRETCHES", few)
        hits = prober.places(keys, alone=False)
        assert hits is not None
        found[few] = hits.alike.tolist()
    assert found[0] == found[1_000]
    assert len(found[0]) >= len(texts)
    assert all(0.9 < alike < 1 for alike in found[0])
