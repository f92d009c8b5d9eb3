import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.model import Flag
from claimreg.rank.contrast import contrast
from claimreg.rank.index import StatementIndex
from claimreg.rank.ranker import rank
from claimreg.rank.segment import Entry, build_segment, said_texts
from claimreg.rank.statement import read_statement

CLAIMS = [
    "The harbour office closed the old pier for repairs in March 2021",
    "The ferry to the island sails twice a day from the old pier",
    "Әкімдік ескі көпірді жөндеуге екі миллион теңге бөлді",
    "Мэрия выделила два миллиона тенге на ремонт старого моста",
    "The mayor promised a new school by the end of the year",
    "Градоначелник је обећао нову школу до краја године",
    "东港的旧码头因维修而关闭",
    "Nobody was hurt when the crane fell into the water",
]


def index_of(claims: list[str]) -> StatementIndex:
    return StatementIndex([build_segment([Entry(number, said_texts([("claim", claim)])) for number, claim in enumerate(claims)])])


def best(query: str, claims: list[str] = CLAIMS) -> str:
    return claims[rank(index_of(claims), read_statement([query]), 3)[0].place]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("harbor offise closd the old peir for repairs", 0),
        ("ISLAND FERRY TWICE A DAY", 1),
        ("Äkımdık eskı köpırdı jöndeuge ekı million teñge böldı", 2),
        ("akimdik eski kopirdi zhondeuge eki million tenge boldi", 2),
        ("اكىمدىك ەسكى كوپىردى جوندەۋگە ەكى ميلليون تەڭگە ءبولدى", 2),
        ("әкімдіктің көпірге бөлгені", 2),
        ("meriya vydelila dva milliona tenge na remont mosta", 3),
        ("ремонту старых мостов выделили миллионы", 3),
        ("gradonacelnik je obecao novu skolu", 5),
        ("旧码头关闭", 6),
        ("crane fell in water, nobody hurt #CraneFell https://example.org/a/b", 7),
    ],
)
def test_statement_is_found_in_any_script_with_slips_and_endings(query: str, number: int) -> None:
    assert best(query) == CLAIMS[number]


def test_same_words_get_the_highest_grade_and_other_words_a_low_one() -> None:
    index = index_of(CLAIMS)
    same = rank(index, read_statement([CLAIMS[0]]), 8)
    assert same[0].score > 90
    assert all(later.score < 60 for later in same[1:])
    slipped = rank(index, read_statement(["The harbour ofice closed an old pier for repair"]), 1)
    assert same[0].score > slipped[0].score > 60


def test_part_of_a_long_statement_is_enough() -> None:
    asked = "Good morning to all my friends. The mayor promised a new school by the end of the year. Share this with everyone you know!"
    answers = rank(index_of(CLAIMS), read_statement([asked]), 2)
    assert CLAIMS[answers[0].place].startswith("The mayor")
    assert answers[0].score > answers[1].score + 10


@pytest.mark.parametrize("signature", ["— Jane Roe (@JaneRoe99) January 6, 2020", "― Жанна Ро, 6 қаңтар 2020 "])
def test_who_posted_it_and_when_is_no_part_of_what_is_said(signature: str) -> None:
    said = "The mayor promised a new school by the end of the year."
    index = index_of(CLAIMS)
    texts = (f"{said} {signature}", f"{said} {signature.lstrip('—―')}")
    signed, plain = (rank(index, read_statement([text]), 1)[0] for text in texts)
    assert signed.place == plain.place
    assert signed.score > plain.score
    assert read_statement([f"{said} {signature}", "School"]).unsigned == read_statement([said, "School"]).whole


@pytest.mark.parametrize("text", ["", "The pier — closed since 2020, they say — is open", "The pier of 2020", "— 2020" + " word" * 40])
def test_other_dashes_sign_nothing(text: str) -> None:
    assert not read_statement([text]).unsigned


def test_of_equals_the_first_recorded_comes_first() -> None:
    index = index_of(["The pier 'is closed' until May", 'The pier "is closed" until May', "The pier «is closed» until May"])
    answers = rank(index, read_statement(["the pier is closed until may"]), 3)
    assert [answer.place for answer in answers] == [0, 1, 2]
    assert len({answer.score for answer in answers}) == 1


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ("The court found him guilty", "The court found him not guilty", (Flag.NEGATION,)),
        ("Сот оны кінәлі деп таныды", "Сот оны кінәлі емес деп таныды", (Flag.NEGATION,)),
        ("Sot ony kınälı dep tanydy", "Сот оны кінәлі емес деп таныды", (Flag.NEGATION,)),
        ("Суд признал его виновным", "Суд не признал его виновным", (Flag.NEGATION,)),
        ("The fine was 120 dollars", "The fine was 210 dollars", (Flag.NUMBER,)),
        ("The pier closed in 2019", "The pier closed in 2021", (Flag.NUMBER, Flag.DATE)),
        ("In 2019 the old pier was closed", "The old pier was closed in 2021", (Flag.NUMBER, Flag.DATE)),
        ("Austria closed the bridge in May", "Australia closed the bridge in May", (Flag.NAME,)),
        ("The council raised the fare of the ferry", "The council lowered the fare of the ferry", (Flag.OPPOSITE,)),
        ("Exports increased in the first half of the year", "Exports decreased in the first half of the year", (Flag.OPPOSITE,)),
        ("All schools in the town were closed", "Some schools in the town were closed", (Flag.QUANTIFIER,)),
        ("Әкім көпірді биыл жабады деп айтты", "Әкім көпірді биыл жаппайды деп айтты", (Flag.NEGATION,)),
        ("Әкім көпірді биыл жабады деп айтты", "Äkım köpırdı biyl jappaidy dep aitty", (Flag.NEGATION,)),
        ("Жиын кінәлі деп таныды", "Жиын кінәсіз деп таныды", (Flag.NEGATION,)),
        ("The fare of the ferry is five euros", "The fare of the ferry is 5 euros", ()),
        ("The fare of the ferry is five euros", "The fare of the ferry is six euros", (Flag.NUMBER,)),
        ("The old ferry sank in the harbour yesterday", "Yesterday the old ferry sank in the harbour", ()),
        ("Yesterday Rand Paul spoke of it", "Yesterday Mitch McConnell spoke of it", (Flag.NAME,)),
        ("Yesterday Ashimbayev spoke of it", "Yesterday Ashimbaev has spoken of it", ()),
        ("Кеше Әшімбаевтың өзі айтты", "Keşe Äşımbaevtyñ özı aitty", ()),
        ("The fine was 1,000 dollars", "the fine was 1000 dollars", ()),
        ("It is not true that he did not come", "It is true that he came", ()),
        ("The fine was 120 dollars", "The fine was high", ()),
        ("The pier is not open. The ferry does not sail.", "The pier is open. The ferry does sail.", (Flag.NEGATION,)),
        ("The pier is open 4 all 2day", "The pier is open for all today", ()),
        ("Мост закроют в воскресенье", "Көпір жексенбі күні жабылады", ()),
    ],
)
def test_what_sets_two_statements_apart(one: str, other: str, flags: tuple[Flag, ...]) -> None:
    assert contrast(one, other).flags == flags
    assert contrast(other, one).flags == flags


def test_a_figure_of_any_length_is_a_figure_and_no_year() -> None:
    one, other = (f"The old bridge over the river cost 2019 roubles and {digit * 5_000}" for digit in "98")
    assert Flag.DATE not in contrast(one, other).flags
    assert contrast(one, one).are_same_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The old ferry sank in the harbour", "The old fery sank in a harbuor"),
        ("The ferry sank in the harbour yesterday", "Yesterday the ferry sank in the harbour"),
        ("The fare is 1,000 tenge", "the fare is 1000 tenge!"),
        ("Мост закрыли в мае", "Most zakryli v mae"),
    ],
)
def test_statements_of_the_same_words_say_the_same(one: str, other: str) -> None:
    assert contrast(one, other).are_same_words
    assert contrast(other, one).are_same_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ferry is late", "The ferry may be late"),
        ("The fare is high", "The fare is 40 euros"),
        ("Iran closed the bridge", "Iraq closed the bridge"),
        ("The ferry is late", "The old ferry is late"),
        ("他关闭码头", "他没有关闭码头"),
        ("", ""),
        ("…", "The ferry is late"),
    ],
)
def test_statements_that_differ_in_a_word_do_not_say_the_same(one: str, other: str) -> None:
    assert not contrast(one, other).are_same_words
    assert not contrast(other, one).are_same_words


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=80))
def test_any_text_can_be_asked_for_and_ranked(texts: list[str], query: str) -> None:
    answers = rank(index_of(texts), read_statement([query]), 5)
    assert len(answers) <= 5
    assert len({answer.place for answer in answers}) == len(answers)
    assert [answer.score for answer in answers] == sorted((answer.score for answer in answers), reverse=True)
    assert all(0 <= answer.score <= 99.9 for answer in answers)
    contrast(query, texts[0] if texts else "")
