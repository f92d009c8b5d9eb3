"""Each function of the compiled kernel gives the very numbers of the Python beside it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kernels import altered, both_ways, needs_kernel, without_kernel
from rapidfuzz.distance import LCSseq

from claimreg.linker import kernel
from claimreg.linker.bulk import QuoteCollector, QuoteIndex, Scanner, build_index, rarities_of, skeleton
from claimreg.linker.bulk import probe as probing
from claimreg.linker.bulk.foldtable import SEPARATOR, FoldTable, codes_of, fold_table
from claimreg.linker.bulk.grams import context_masks
from claimreg.linker.bulk.index import GramIndex, _bitmap
from claimreg.linker.bulk.probe import Hits, Prober
from claimreg.linker.locate import _least_end, _least_end_in_python
from claimreg.text.grams import gram_hashes

pytestmark = needs_kernel

# ---- Folding

ODD = "\ufdfa\ufdfbßŉﬃ각힣ㅎ\ud800\udfff\uffff\ufffe\0\u0301\u202e\U0001f600\U00020000\U0010ffff是ヷ"
"""Letters that expand to as many as eighteen, that are dropped, that are none."""

ANY_LETTER = st.characters(exclude_categories=()) | st.sampled_from(ODD)
ANY_TEXT = st.builds(lambda text, times: text * times, st.text(ANY_LETTER, max_size=30), st.sampled_from([1, 1, 7, 300]))

COMPILED, PLAIN = FoldTable(), FoldTable()
"""Two tables, as each fills itself in its own way."""


def assert_folded_alike(texts: list[str]) -> None:
    codes = codes_of(texts)
    found = COMPILED.fold(codes), COMPILED.origins(codes)
    with without_kernel():
        expected = PLAIN.fold(codes), PLAIN.origins(codes)
    assert [one.dtype for one in found] == [one.dtype for one in expected]
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]


@given(st.lists(ANY_TEXT, max_size=4))
def test_code_points_are_read_alike(texts: list[str]) -> None:
    found, expected = both_ways(lambda: codes_of(texts))
    assert found.dtype == expected.dtype
    assert found.tolist() == expected.tolist()


@given(st.lists(ANY_TEXT, max_size=4))
def test_folds_alike(texts: list[str]) -> None:
    assert_folded_alike(texts)


@settings(max_examples=15)
@given(st.lists(ANY_TEXT, max_size=4))
def test_a_fresh_table_folds_alike(texts: list[str]) -> None:
    codes = codes_of(texts)
    assert FoldTable().fold(codes).tolist() == COMPILED.fold(codes).tolist()
    assert FoldTable().origins(codes).tolist() == COMPILED.origins(codes).tolist()


@given(st.lists(st.builds(str.__add__, ANY_TEXT, st.text("The harbour пароммм Қазақша ξένος كتاب, ", max_size=80)), max_size=4))
@pytest.mark.parametrize("alphabet", [None, *range(len(skeleton.ALPHABETS))])
def test_skeletons_are_read_alike(alphabet: int | None, texts: list[str]) -> None:
    codes = codes_of(texts)
    found, expected = both_ways(lambda: skeleton.Skeletons(alphabet).fold(codes))
    assert found.dtype == expected.dtype
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("alphabet", [None, *range(len(skeleton.ALPHABETS))])
def test_code_points_that_are_left_out_without_a_look_have_no_key(alphabet: int | None) -> None:
    skeletons = skeleton.Skeletons(alphabet)
    first, size, other, of_other = skeletons._quiet
    assert first == 0
    assert size >= ord("A")
    assert alphabet is None or any(other <= start < other + of_other or start < size for start, _ in skeleton.ALPHABETS[alphabet])
    quiet = "".join(map(chr, [*range(size), *range(other, other + of_other)]))
    with without_kernel():
        assert skeletons.fold(codes_of([quiet])).tolist() == [SEPARATOR, SEPARATOR]


@pytest.mark.parametrize("text", ["", "\ufdfa" * 40_000, "각" * 70_000, "\u0301" * 70_000, "a" * 70_000, "aß\ufdfa\0" * 20_000])
def test_long_texts_fold_alike(text: str) -> None:
    assert_folded_alike([text])


@given(ANY_TEXT, st.integers(0, 40))
@example(":\ufdfa:\ufdfa:\ufdfa", 0)
def test_fold_goes_on_where_there_was_no_more_room(text: str, room: int) -> None:
    codes = codes_of([text])
    whole = COMPILED.fold(codes).tolist()
    pieces: list[int] = []
    read, stuck = 0, 0
    while read < len(codes):
        beyond = np.full(room + 20, SEPARATOR - 1, np.uint16)
        out = beyond[:room]
        began = read
        assert kernel.compiled is not None
        read, written = kernel.compiled.fold(codes, *COMPILED._buffers, read, out, 0)
        pieces += out[:written].tolist()
        # Where a code point was dropped, the next key's place may hold 0; nothing else is touched, least of all behind the room.
        assert out[written : written + 1].tolist() in ([], [SEPARATOR - 1], [0])
        assert (beyond[min(written + 1, room) :] == SEPARATOR - 1).all()
        stuck = stuck + 1 if read == began else 0
        room += 18 * (stuck > 0)
        assert stuck < 2
    assert pieces == whole


def test_letters_that_all_expand_are_not_copied_over_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, calls, compiled = codes_of(["\ufdfa" * 100_000]), [0], kernel.compiled
    assert compiled is not None

    class Counted:
        @staticmethod
        def fold(*arguments: Any) -> tuple[int, int]:  # noqa: ANN401 -- the kernel's own
            calls[0] += 1
            return compiled.fold(*arguments)

    monkeypatch.setattr(kernel, "compiled", Counted)
    assert len(FoldTable().fold(codes)) == 1_800_002 - 300_000
    assert calls[0] < 20


# ---- Probing

QUOTES = (
    "The harbour office says that the night ferry will not run before the old pier is repaired",
    "Капитан парома заявил журналистам, что старый причал простоит ещё по меньшей мере двадцать лет",
    "港务局表示在旧码头修好之前夜间渡轮将不会运行",
    "실제로 항만청은 오래된 부두가 수리될 때까지 야간 여객선이 운항하지 않는다고 말했다",
    "𠀀𠀁𠀂𠀃𠀄𠀅𠀆𠀇𠀈𠀉",
    "ha " * 12,
    "a" * 40,
    "ab" * 30,
    "渡轮" * 12,
    "at last",
    "pie",
    "2024",
    "ferry",
    "渡轮",
    "The harbour office says … the old pier is repaired",
    "the night ferry will not run " * 30,
)
WORDS = (
    "the harbour ",
    "ferry ",
    "ha ",
    "a",
    "渡轮",
    "是",
    "2024 ",
    "причал ",
    "\ud800",
    "\uffff",
    "\U0001f600",
    "\ufdfa",
    "pier.\n",
    "부두 ",
)


def planted(quotes: list[str]) -> st.SearchStrategy[str]:
    """Documents with quotes, whole, altered and cut, among other words and among the same word over and over."""
    quote = st.sampled_from(quotes)
    piece = (
        quote
        | st.builds(altered, quote, st.integers(1, 12), st.integers(0, 999))
        | st.builds(lambda text, first, last: text[first : len(text) - last], quote, st.integers(0, 30), st.integers(0, 30))
        | st.builds(lambda word, times: word * times, st.sampled_from(WORDS), st.sampled_from([1, 3, 40, 400]))
        | st.text(ANY_LETTER, max_size=12)
    )
    return st.lists(piece, max_size=8).map(" ".join)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    quotes = draw(st.lists(st.sampled_from(QUOTES), min_size=1, max_size=6))
    return quotes, draw(st.lists(planted(quotes), min_size=1, max_size=5))


LIMITS = st.builds(
    lambda chunk, crowded, hits, expanded, places: {
        "_CHUNK": chunk, "_CROWDED": crowded, "_NEARLY_CROWDED": crowded // 2, "_MOST_HITS": hits, "_EXPANDED": expanded,
        "_MOST_PLACES": places,
    },
    st.sampled_from([64, 1_000, probing._CHUNK]), st.sampled_from([4, 50, probing._CROWDED]),
    st.sampled_from([0, 3, probing._MOST_HITS]), st.sampled_from([16, probing._EXPANDED]), st.sampled_from([5, probing._MOST_PLACES]),
)  # fmt: skip
"""Limits of what is crowded, also so low that small texts are."""


@contextmanager
def limited(limits: dict[str, int]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in limits.items():
            patch.setattr(probing, name, value)
        yield


def index_of(quotes: list[str], texts: list[str]) -> QuoteIndex:
    collector = QuoteCollector()
    collector.add([(f"q{number}", quote, "") for number, quote in enumerate(quotes)])
    return build_index(collector.table(), rarities_of(len(quotes), texts))


def told(hits: Hits | None) -> list[Any] | None:
    return None if hits is None else [getattr(hits, name).tolist() for name in probing._FIELDS]


def assert_probed_alike(prober: Prober, texts: list[str], *, alone: bool) -> None:
    keys = fold_table().fold(codes_of(texts))
    compiled = prober._hits_compiled(keys, alone=alone)
    if compiled is not None:
        assert told(compiled) == told(prober._hits(keys, alone=alone))
    found, expected = both_ways(lambda: told(prober.places(keys, alone=alone)))
    assert found == expected


@given(corpora(), st.sampled_from([0.0, 33.0, 40.0]), LIMITS)
def test_probes_alike(corpus: tuple[list[str], list[str]], room: float, limits: dict[str, int]) -> None:
    quotes, texts = corpus
    prober = Prober(index_of(quotes, texts), room)
    with limited(limits):
        assert_probed_alike(prober, texts, alone=False)
        assert_probed_alike(prober, texts[:1], alone=True)
        first = np.arange(len(prober._lengths))[:1]
        assert_probed_alike(prober.without(first), texts, alone=False)


def test_the_kernel_finds_places_by_itself() -> None:
    """The other tests compare what is found; here it is not the Python that finds it."""
    texts = [f"before it {quote} after it" for quote in QUOTES]
    prober = Prober(index_of(list(QUOTES), texts))
    hits = prober._hits_compiled(fold_table().fold(codes_of(texts)), alone=False)
    assert hits is not None
    assert set(hits.units.tolist()) >= set(range(len(QUOTES) - 1))
    assert set(hits.sizes.tolist()) == {2, 3, 4, 5, 6}


@pytest.mark.parametrize("word", ["a", "ha ", "渡轮", "ab", f"{QUOTES[0]}. "])
@pytest.mark.parametrize("alone", [True, False])
def test_crowded_texts_are_thinned_out_alike(word: str, alone: bool) -> None:  # noqa: FBT001 -- a case's own
    texts = [word * (260_000 // len(word)), "no more"]
    assert_probed_alike(Prober(index_of(list(QUOTES), texts)), texts[: 1 if alone else 2], alone=alone)


@dataclass(frozen=True)
class Kind:
    """The kind of an index of seeds, and where chance begins."""

    size: int
    whole: bool
    ideographs: bool
    seed: int


KINDS = st.builds(Kind, st.integers(1, 8), st.booleans(), st.booleans(), st.integers(0, 1 << 20))


def index_made_of(index: QuoteIndex, texts: list[str], kind: Kind) -> QuoteIndex | None:
    """Seeds that have the hashes of a text, as by chance, also of what reaches over separators; they lead anywhere in the units."""
    chance = np.random.default_rng(kind.seed)
    keys, lengths = fold_table().fold(codes_of(texts)), index.table.lengths
    fit = np.flatnonzero(lengths == kind.size if kind.whole else lengths >= kind.size)
    hashes = gram_hashes(keys, kind.size)
    if not len(fit) or not len(hashes):
        return None
    at = chance.integers(0, len(hashes), chance.integers(1, 60))
    at = at[np.argsort(hashes[at], kind="stable")]
    units = chance.choice(fit, len(at))
    masks = np.ascontiguousarray(context_masks(keys, at, kind.size))
    masks[chance.random(len(at)) < 0.5] = chance.integers(0, 1 << 63, 2, np.uint64)
    bits, bitmap_bits = int(chance.integers(1, 12)), int(chance.integers(3, 17))
    made = GramIndex(
        size=kind.size, whole=kind.whole, ideographs=kind.ideographs, hashes=hashes[at], units=units.astype(np.int32),
        positions=chance.integers(0, lengths[units] - kind.size + 1).astype(np.uint16), masks=masks,
        needed=chance.integers(0, 24, len(at)).astype(np.uint8), bucket_bits=bits, bitmap_bits=bitmap_bits,
        buckets=np.searchsorted(hashes[at], np.arange((1 << bits) + 1, dtype=np.int64) << (32 - bits)).astype(np.int32),
        bitmap=_bitmap(hashes[at], bitmap_bits),
    )  # fmt: skip
    return replace(index, grams=(made,))


@settings(max_examples=60)
@given(corpora(), KINDS, st.sampled_from([0.2, 0.56, 0.75, 0.9]), st.sampled_from([0.2, 0.75, 1.0]), LIMITS)
def test_any_seeds_are_probed_for_alike(
    corpus: tuple[list[str], list[str]], kind: Kind, edits: float, share: float, limits: dict[str, int]
) -> None:
    quotes, texts = corpus
    made = index_made_of(index_of(quotes, texts), texts, kind)
    if made is None:
        return
    prober = Prober(made)
    prober._near_edits, prober._share_needed = edits, share
    with limited(limits):
        assert_probed_alike(prober, texts, alone=False)


def test_a_seed_whose_hash_a_separator_has_is_probed_for_alike() -> None:
    texts = ["the ferry", "the harbour", "ferry"]
    index = index_of(list(QUOTES[:2]), texts)
    keys = fold_table().fold(codes_of(texts))
    for seed in range(40):
        made = index_made_of(index, texts, Kind(6, whole=False, ideographs=False, seed=seed))
        assert made is not None
        prober = Prober(made)
        prober._near_edits, prober._share_needed = 1.0, 0.0
        hits = prober._hits_compiled(keys, alone=False)
        assert hits is not None
        assert any(SEPARATOR in keys[at : at + 6] for at in hits.seeds.tolist()) or seed
        assert_probed_alike(prober, texts, alone=False)


# ---- Likeness of whole units

ALPHABETS = ("ab", "abcdefgh ", "".join(map(chr, range(0x400, 0x460))), "".join(map(chr, range(0x3400, 0x4400))))


def letters(alphabet: str, size: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=size))  # noqa: S311 -- nothing secret


UNITS = st.builds(
    letters, st.sampled_from(ALPHABETS), st.one_of(st.integers(1, 70), st.integers(60, 700), st.just(128)), st.integers(0, 99)
)
PLACES = st.one_of(
    st.builds(letters, st.sampled_from(ALPHABETS), st.integers(0, 900), st.integers(0, 99)),
    st.builds(altered, UNITS, st.integers(0, 90), st.integers(0, 99)),
)


@given(st.lists(st.tuples(UNITS, st.lists(PLACES, min_size=1, max_size=3)), max_size=5))
def test_common_keys_are_counted_alike(hits: list[tuple[str, list[str]]]) -> None:
    pairs = [(unit, place) for unit, places in hits for place in (*places, altered(unit, len(unit) // 5, 1))]
    found = np.full(len(pairs) + 1, -1, np.int32)
    sizes = [np.array([len(pair[side]) for pair in pairs], np.int64) for side in (0, 1)]
    keys = [np.frombuffer("".join(pair[side] for pair in pairs).encode("utf-16-le"), "<u2") for side in (0, 1)]
    ends = [np.cumsum(one, dtype=np.int64) for one in sizes]
    assert kernel.compiled is not None
    kernel.compiled.common(keys[0], ends[0] - sizes[0], sizes[0], keys[1], ends[1] - sizes[1], ends[1], found[:-1])
    assert found.tolist() == [*(LCSseq.similarity(unit, place) for unit, place in pairs), -1]


@pytest.mark.parametrize("size", [1, 63, 64, 65, 127, 128, 129, 640, 20_000])
def test_all_keys_of_a_unit_are_common_with_itself(size: int) -> None:
    unit = np.frombuffer(letters(ALPHABETS[2], size, size).encode("utf-16-le"), "<u2")
    one, found = np.array([size], np.int64), np.zeros(1, np.int32)
    assert kernel.compiled is not None
    kernel.compiled.common(unit, one - size, one, unit, one - size, one, found)
    assert found.tolist() == [size]


# ---- Narrowing

NARROWED_ALPHABETS = (*ALPHABETS, "ab\U0001f600\U00020000", "\ud800\udfffa", "ab\xe9")
PATTERNS = st.builds(
    letters, st.sampled_from(NARROWED_ALPHABETS), st.one_of(st.integers(1, 1_000), st.sampled_from([63, 64, 65, 128])), st.integers(0, 99)
)
STRETCHES = st.one_of(
    st.builds(letters, st.sampled_from(NARROWED_ALPHABETS), st.integers(0, 1_200), st.integers(0, 99)),
    st.builds(
        lambda before, pattern, edits, after: before + altered(pattern, edits, edits) + after,
        PATTERNS,
        PATTERNS,
        st.integers(0, 90),
        PATTERNS,
    ),
)


@given(PATTERNS, STRETCHES, st.booleans(), st.integers(0, 40))
def test_the_least_end_is_found_alike(pattern: str, text: str, anchored: bool, edits: int) -> None:  # noqa: FBT001 -- hypothesis'
    assert kernel.compiled is not None
    for stretch in (text, text + altered(pattern, edits, edits) + text[:20]):
        assert kernel.compiled.least_end(pattern, stretch, anchored) == _least_end_in_python(pattern, stretch, anchored=anchored)


@pytest.mark.parametrize("size", [4_095, 4_096, 4_097])
def test_a_pattern_too_long_for_the_kernel_is_looked_for_all_the_same(size: int) -> None:
    pattern = letters("abcde", size, 1)
    assert _least_end(pattern, f"xx{pattern}yy") == size + 2
    assert kernel.compiled is not None
    assert kernel.compiled.least_end("", "text", False) is None  # noqa: FBT003 -- it takes no names


# ---- All of it


@settings(max_examples=40)
@given(corpora(), LIMITS)
def test_a_scan_finds_the_same_links(corpus: tuple[list[str], list[str]], limits: dict[str, int]) -> None:
    quotes, texts = corpus
    with limited(limits):
        found, expected = both_ways(lambda: list(Scanner(index_of(quotes, texts)).scan(texts)))
    assert found == expected
