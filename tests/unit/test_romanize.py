"""The same words in several alphabets come to nearly the same skeleton, and no text upsets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from growth import assert_fair_growth
from hypothesis import given
from hypothesis import strategies as st

from claimreg.text.romanize import romanize, romanize_words, unmix_scripts

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench" / "retrieval"
ALPHABETS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяєїґђјљњћџабыcçčćšžđşğıñŋäöüūyqwxсαβγδεουάبپتجحسشعقكلمنڭوۇۋىيەء"


@pytest.mark.parametrize(
    "spellings",
    [
        ("жаңғақ ағашы", "jañğaq ağaşy", "zhangak agashy", "جاڭعاق اعاشى"),
        ("шөлді дала", "şöldı dala", "sholdi dala", "ءشولدى دالا"),
        ("қызыл тұсқағаз", "qyzyl tūsqağaz", "kyzyl tuskagaz", "قىزىل تۇسقاعاز"),
        ("үкімет үні", "ükımet ünı", "ukimet uni", "ۇكىمەت ءۇنى"),
        ("энергия саясаты", "energiia saiasaty", "energiya sayasaty", "ەنەرگييا ساياساتى"),
    ],
)
def test_kazakh_alphabets_share_a_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({romanize(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("Хрущёв", "Khrushchev"),
        ("Чайковский", "Tchaikovsky"),
        ("Алексеев", "Alekseyev"),
        ("Ельцин", "Yeltsin"),
        ("Жуковская", "Zhukovskaya"),
        ("Подъезд", "Podyezd"),
        ("Джонсон", "Johnson"),
        ("Київ", "Kyiv"),
        ("Зеленський", "Zelenskyy"),
        ("Юрій Щербак", "Yurii Shcherbak"),
        ("Ђурђевић", "Đurđević"),
        ("Ђурђевић", "Djurdjević"),
        ("Џемпер", "Džemper"),
        ("Новчић", "Novčić"),
        ("Παπαδόπουλος", "Papadopoulos"),
        ("Ευάγγελος", "Evangelos"),
        ("Θεσσαλονίκη", "Thessaloniki"),
        ("Ξένια Ψαρά", "Xenia Psara"),
    ],
)
def test_other_alphabets_share_a_skeleton(written: str, latin: str) -> None:
    assert romanize(written) == romanize(latin)


@pytest.mark.parametrize("text", ["שלום עולם", "नमस्ते दुनिया", "新聞の記事", "서울 시청", "ქართული ენა", "ไทย ภาษา"])
def test_scripts_without_a_table_pass_through(text: str) -> None:
    assert romanize(text) == text


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("", ""),
        ("  «Әділ»,\tсөз… \n", "adil soz"),
        ("Сағат 12:30-да", "sagat 12 30 da"),
        ("٢٠١٩ جىلى", "2019 jili"),
        ("ИСТАНБУЛ İstanbul ISTANBUL", "istanbul istanbul istanbul"),
        ("Qazaqtyń o'z a\u0308ni", "kazaktin oz ani"),
        ("ﬁne №7", "fine no7"),
        ("1100 2200", "1100 2200"),
        ("so\u00adft\u200bly", "softli"),
    ],
)
def test_words_and_signs(text: str, skeleton: str) -> None:
    assert romanize(text) == skeleton
    assert romanize_words(text) == skeleton.split()


@pytest.mark.parametrize(
    ("mixed", "pure"),
    [
        ("Aлматы", "Алматы"),  # a Latin A
        ("қaзaқ тiлi", "қазақ тілі"),  # Latin a and i
        ("Аpple", "Apple"),  # a Cyrillic А
        ("NATOға", "NATOға"),
    ],
)
def test_look_alike_letters_are_put_right(mixed: str, pure: str) -> None:
    assert unmix_scripts(mixed) == pure


def test_different_words_stay_different() -> None:
    words = ["сот", "сат", "сұр", "тіл", "тал", "бала", "була", "жар", "зар", "шар", "қазан", "қозы", "мал", "мол", "нан", "нұр"]
    assert len({romanize(word) for word in words}) == len(words)


@given(st.text() | st.text(alphabet=ALPHABETS + ALPHABETS.upper() + " -'"))
def test_skeleton_of_a_skeleton_is_itself(text: str) -> None:
    once = romanize(text)
    assert romanize(once) == once
    assert once == " ".join(once.split())


@given(st.text(alphabet=ALPHABETS + ALPHABETS.upper() + " ,.-"))
def test_known_alphabets_come_out_as_ascii_lower_case(text: str) -> None:
    skeleton = romanize(text)
    assert skeleton.isascii()
    assert skeleton == skeleton.lower()


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщыьэюяқғңәөұүі "))
def test_case_does_not_matter(text: str) -> None:
    assert romanize(text) == romanize(text.upper())


def texts_of(name: str) -> dict[str, str]:
    """The texts of one bench file by id; skips the test where the bench is not beside the repository."""
    path = BENCH / name
    if not path.exists():
        pytest.skip("the retrieval bench (shared/bench) is not beside the repository")
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {record["id"]: record["text"] for record in records}


@pytest.mark.parametrize(("alphabet", "least"), [("latin2021", 0.97), ("ascii", 0.93), ("arabic", 0.90)])
def test_bench_kazakh_sentences_meet(alphabet: str, least: float) -> None:
    from rapidfuzz import fuzz

    claims, queries = texts_of("kazakh.claims.jsonl"), texts_of(f"kazakh.{alphabet}.queries.jsonl")
    ratios = [fuzz.ratio(romanize(claims[key]), romanize(query)) / 100 for key, query in queries.items()]
    assert sum(ratios) / len(ratios) >= least


def test_a_text_takes_what_its_length_takes() -> None:
    def work(size: int) -> Callable[[], object]:
        text = " ".join(f"Сот {number} сағат қоғамдық жұмысқа тартуды бұйырды, деп хабарлады Ясырева." for number in range(size))
        return lambda: romanize(text)

    assert_fair_growth(work, 2_000)
