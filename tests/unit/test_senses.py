"""Words that turn the sense of a quote: negations, free and within words, hedges, quantifiers and opposites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.languages import Calendar, Language, Negation, languages
from claimreg.linker.compare import Step
from claimreg.linker.judge import senses
from claimreg.linker.judge.senses import denies, flags_of_senses
from claimreg.linker.passage import Word
from claimreg.linker.sameness import Sameness
from claimreg.model import Span
from claimreg.text.fold import fold_key
from claimreg.text.words import words
from claimreg.vocabulary import Flag


def language(tag: str, negation: dict[str, str], **lists: str) -> Language:
    return Language(
        tag,
        negation=Negation(**{name: tuple(value.split()) for name, value in negation.items()}),
        hedges=tuple(lists.get("hedges", "").split()),
        quantifiers=tuple(lists.get("quantifiers", "").split()),
        opposites=tuple(lists.get("opposites", "").split()),
        endings=tuple(lists.get("endings", "").split()),
    )


ENGLISH = language(
    "en",
    {"words": "not no never can't isn't without hardly no_longer", "prefixes": "un in il dis", "suffixes": "less", "having": "ful"},
    hedges="may will could can allegedly have_to is_said so-called",
    quantifiers="all some every only more_than fewer_than at_least all_of a_few few",
    opposites="increas- decreas- legal illegal with without up down hire- lay_off-",
    endings="s ed ing ly y ness",
)
RUSSIAN = language(
    "ru",
    {"words": "не нет никто никогда без", "prefixes": "не без бес"},
    hedges="может якобы должен по_словам",
    quantifiers="все некоторые только более менее",
    opposites="повыс- пониз- до после",
    endings="ы а о ен на ны",
)
KAZAKH = language(
    "kk",
    {
        "words": "емес жоқ ешкім",
        "prefixes": "бей",
        "suffixes": "сыз сіз",
        "having": "лы лі ды ді ты ті",
        "infixes": "ма ме ба бе па пе май мей бай бей пай пей мас мес",
    },
    hedges="мүмкін мыс -міс тиіс болуы_мүмкін",
    quantifiers="барлық кейбір",
    opposites="арт- кем-",
    endings="мен бен пен ын ін ды ді",
)
KYRGYZ = language(
    "ky", {"words": "эмес жок эч_ким", "suffixes": "сыз сиз суз сүз", "having": "луу лүү", "infixes": "ба бе бо бө па пе по пө"}
)
TURKISH = language(
    "tr",
    {"words": "değil yok kimse", "suffixes": "sız siz suz süz", "having": "lı li lu lü", "infixes": "ma me mı mi mu mü"},
    endings="mek mak mış miş",
)
UZBEK = language("uz", {"words": "emas yo'q", "prefixes": "be no", "suffixes": "siz", "having": "li", "infixes": "ma"})
GERMAN = language(
    "de",
    {"words": "nicht kein", "prefixes": "un", "suffixes": "los", "having": "voll"},
    hedges="hätte",
    endings="e en er",
    opposites="stieg fiel",
)
SPANISH = language("es", {"words": "no nunca nadie sin", "prefixes": "in im des"}, quantifiers="todos algunos")
FRENCH = language("fr", {"words": "ne n' pas sans", "prefixes": "in im"}, quantifiers="tous certains")
PERSIAN = language("fa", {"prefixes": "ن"})
CHINESE = language("zh", {"words": "不 没有"}, quantifiers="全部 部分")


def marked(text: str) -> tuple[str, tuple[Word, ...]]:
    """A text without its brackets, and the words that stood in them."""
    before, _, rest = text.partition("[")
    inside, _, after = rest.partition("]")
    spans = [Span(len(before) + span.start, len(before) + span.end) for span in words(inside)]
    plain = before + inside + after
    return plain, tuple(Word(span, fold_key(plain[span.start : span.end]), 0) for span in spans)


def flags(quote: str, source: str, of: Language) -> set[Flag]:
    (left, quoted), (right, stands) = marked(quote), marked(source)
    return flags_of_senses(Step(quoted, stands, Sameness.OTHER, 0.0), left, right, of)


@pytest.mark.parametrize(
    ("left", "right", "of"),
    [
        ("unhappy", "happy", ENGLISH),
        ("Illegal", "legal", ENGLISH),
        ("jobless", "job", ENGLISH),
        ("careless", "careful", ENGLISH),
        ("carelessness", "carefulness", ENGLISH),
        ("unlucky", "luckily", ENGLISH._replace(endings=("y", "ily"))),
        ("несогласны", "согласен", RUSSIAN),
        ("бездомный", "домный", RUSSIAN),
        ("заңсыз", "заңды", KAZAKH),
        ("жұмыссыз", "жұмысты", KAZAKH),
        ("Құжатсыздар", "құжаттылар", KAZAKH),
        ("бейресми", "ресми", KAZAKH),
        ("күчсүз", "күчтүү", KYRGYZ._replace(negation=KYRGYZ.negation._replace(having=("түү",)))),
        ("yetkisiz", "yetkili", TURKISH),
        ("işsiz", "iş", TURKISH),
        ("kuchsiz", "kuchli", UZBEK),
        ("hoffnungslos", "hoffnungsvoll", GERMAN),
        ("Ungültige", "gültigen", GERMAN),
        ("imposible", "posible", SPANISH),
        ("نمی‌رود", "می‌رود", PERSIAN),
    ],
)
def test_a_prefix_or_a_suffix_denies(left: str, right: str, of: Language) -> None:
    assert denies(left, right, of)
    assert denies(right, left, of)


@pytest.mark.parametrize(
    ("denied", "plain", "of"),
    [
        ("бермейді", "береді", KAZAKH),
        ("сенбейді", "сенеді", KAZAKH),
        ("босатпады", "босатты", KAZAKH),
        ("жасамаған", "жасаған", KAZAKH),
        ("оқымайды", "оқиды", KAZAKH),
        ("таппайды", "табады", KAZAKH),
        ("алмас", "алар", KAZAKH),
        ("алмаспын", "алармын", KAZAKH),
        ("бармай", "барып", KAZAKH),
        ("бармауға", "баруға", KAZAKH),
        ("келмесе", "келсе", KAZAKH),
        ("барма", "бар", KAZAKH),
        ("ишенбейт", "ишенет", KYRGYZ),
        ("барбаган", "барган", KYRGYZ),
        ("көрбөдү", "көрдү", KYRGYZ),
        ("айтпайт", "айтат", KYRGYZ),
        ("desteklemiyoruz", "destekliyoruz", TURKISH),
        ("artmayacak", "artacak", TURKISH),
        ("gitmiyor", "gidiyor", TURKISH),
        ("gelmez", "gelir", TURKISH),
        ("almam", "alırım", TURKISH),
        ("olmayan", "olan", TURKISH),
        ("yapmamış", "yapmış", TURKISH),
        ("gelmemesi", "gelmesi", TURKISH),
        ("ALINMADIĞINI", "alındığını", TURKISH),
        ("kelmadi", "keldi", UZBEK),
        ("bormaydi", "boradi", UZBEK),
    ],
)
def test_a_syllable_behind_the_stem_denies(denied: str, plain: str, of: Language) -> None:
    assert denies(denied, plain, of)
    assert denies(plain, denied, of)


@pytest.mark.parametrize(
    ("left", "right", "of"),
    [
        ("increase", "decrease", ENGLISH),
        ("inn", "n", ENGLISH),
        ("needless", "useless", ENGLISH),
        ("careful", "care", ENGLISH),
        ("береді", "берді", KAZAKH),
        ("бермейді", "бермеді", KAZAKH),
        ("алмаймын", "алмайды", KAZAKH),
        ("үймен", "үйін", KAZAKH),
        ("айтасыз", "айтады", KAZAKH),
        ("нұсқаманы", "нұсқаудың", KAZAKH),
        ("басқарманың", "басқарудың", KAZAKH),
        ("қалада", "қаласында", KAZAKH),
        ("ат", "атпа", KAZAKH._replace(negation=Negation())),
        ("elma", "el", TURKISH),
        ("resmi", "resim", TURKISH),
        ("gelmek", "gelek", TURKISH),
        ("yapmıştı", "yaptı", TURKISH),
        ("соғын", "соқпен", KAZAKH),
    ],
)
def test_other_words_and_endings_do_not_deny(left: str, right: str, of: Language) -> None:
    assert not denies(left, right, of)
    assert not denies(right, left, of)


@pytest.mark.parametrize(
    ("quote", "source", "of", "expected"),
    [
        ("They did [] agree to it", "They did [not] agree to it", ENGLISH, {Flag.NEGATION}),
        ("He [can’t] say", "He [can] say", ENGLISH, {Flag.NEGATION}),
        ("It [isn't] so", "It [is] so", ENGLISH, {Flag.NEGATION}),
        ("He [never] agreed", "He [hardly] agreed", ENGLISH, set()),
        ("He is [not happy]", "He is [unhappy]", ENGLISH, set()),
        ("It was [lawless]", "It was [lawful]", ENGLISH, {Flag.NEGATION}),
        ("paid [with] a card", "paid [without] a card", ENGLISH, {Flag.NEGATION}),
        ("He would no [longer] wait", "He would no [doubt] wait", ENGLISH, set()),
        ("Он [] пришёл", "Он [не] пришёл", RUSSIAN, {Flag.NEGATION}),
        ("Ол келген [] деді", "Ол келген [жоқ] деді", KAZAKH, {Flag.NEGATION}),
        ("Ал буга [ишенет]", "Ал буга [ишенбейт]", KYRGYZ, {Flag.NEGATION}),
        ("Бүгүн [кимдир бирөө] келди", "Бүгүн [эч ким] келди", KYRGYZ, {Flag.NEGATION}),
        ("Bunu [destekliyoruz]", "Bunu [desteklemiyoruz]", TURKISH, {Flag.NEGATION}),
        ("U [yoʻq] dedi", "U [bor] dedi", UZBEK, {Flag.NEGATION}),
        ("Er kam [nicht] an", "Er kam [spät] an", GERMAN, {Flag.NEGATION}),
        ("Il [n'est] venu", "Il [est] venu", FRENCH, {Flag.NEGATION}),
        ("他[不]去北京", "他[要]去北京", CHINESE, {Flag.NEGATION}),
        ("他没[]去北京", "他没[有]去北京", CHINESE, {Flag.NEGATION}),
    ],
)
def test_a_negation_on_one_side_alone_is_told(quote: str, source: str, of: Language, expected: set[Flag]) -> None:
    assert flags(quote, source, of) == expected
    assert flags(source, quote, of) == expected


@pytest.mark.parametrize(
    ("quote", "source", "of", "expected"),
    [
        ("They [will] pay", "They [may] pay", ENGLISH, {Flag.HEDGE}),
        ("He [] took it", "He [allegedly] took it", ENGLISH, {Flag.HEDGE}),
        ("They have [to] pay", "They have [now] pay", ENGLISH, {Flag.HEDGE}),
        ("They have [] paid", "They have [to] paid", ENGLISH, {Flag.HEDGE}),
        ("the so [] rebels", "the so [called] rebels", ENGLISH, {Flag.HEDGE}),
        ("He [may now] go", "He [now may] go", ENGLISH, set()),
        ("Он [] ушёл", "Он [якобы] ушёл", RUSSIAN, {Flag.HEDGE}),
        ("Ол барған[] деді", "Ол барған-[міс] деді", KAZAKH, {Flag.HEDGE}),
        ("Бұл болуы [] еді", "Бұл болуы [мүмкін] еді", KAZAKH, {Flag.HEDGE}),
        ("Er [hatte] Geld", "Er [hätte] Geld", GERMAN, {Flag.HEDGE}),
        ("[All] teachers left", "[Some] teachers left", ENGLISH, {Flag.QUANTIFIER}),
        ("[More] than fifty", "[Fewer] than fifty", ENGLISH, {Flag.QUANTIFIER}),
        ("at [last] fifty", "at [least] fifty", ENGLISH, {Flag.QUANTIFIER}),
        ("all [of] the teachers", "all [] the teachers", ENGLISH, set()),
        ("a [] few of them", "[a] few of them", ENGLISH, {Flag.QUANTIFIER}),
        ("[Все] ушли", "[Некоторые] ушли", RUSSIAN, {Flag.QUANTIFIER}),
        ("[Барлық] мектеп", "[Кейбір] мектеп", KAZAKH, {Flag.QUANTIFIER}),
        ("[Todos] los jueces", "[Algunos] los jueces", SPANISH, {Flag.QUANTIFIER}),
        ("Prices [increased]", "Prices [decreased]", ENGLISH, {Flag.OPPOSITE}),
        ("Prices [increased]", "Prices [decreasing]", ENGLISH, {Flag.OPPOSITE}),
        ("They [hired] men", "They [lay offs] men", ENGLISH, {Flag.OPPOSITE}),
        ("They [hire] men", "They [lay off] men", ENGLISH, {Flag.OPPOSITE}),
        ("They hired and lay [off]", "They hired and lay [still]", ENGLISH, set()),
        ("up [and down]", "up [or up]", ENGLISH, {Flag.OPPOSITE}),
        ("[increased]", "[increasing]", ENGLISH, set()),
        ("[increased]", "[]", ENGLISH, set()),
        ("Налог [повысят]", "Налог [понизят]", RUSSIAN, {Flag.OPPOSITE}),
        ("Баға [артты]", "Баға [кеміді]", KAZAKH, {Flag.OPPOSITE}),
        ("Der Preis [stieg]", "Der Preis [fiel]", GERMAN, {Flag.OPPOSITE}),
        ("The [house] burnt", "The [horse] burnt", ENGLISH, set()),
    ],
)
def test_hedges_quantifiers_and_opposites_are_told(quote: str, source: str, of: Language, expected: set[Flag]) -> None:
    assert flags(quote, source, of) == expected
    assert flags(source, quote, of) == expected


@pytest.mark.parametrize(
    ("quote", "source", "of", "expected"),
    [
        ("He [cannot] stay", "He [can] stay", ENGLISH, {Flag.NEGATION}),
        ("Ему [нельзя] верить", "Ему [можно] верить", RUSSIAN, {Flag.NEGATION}),
        ("Олар оған [сенбейді]", "Олар оған [сенеді]", KAZAKH, {Flag.NEGATION}),
        ("He [no] stays", "He [may now] stay", ENGLISH, {Flag.HEDGE, Flag.NEGATION}),
    ],
)
def test_a_hedge_that_is_denied_is_a_negation_alone(quote: str, source: str, of: Language, expected: set[Flag]) -> None:
    more = {"en": ("cannot",), "ru": ("нельзя",), "kk": ()}[of.tag]
    listed = of._replace(negation=of.negation._replace(words=(*of.negation.words, *more)), hedges=(*of.hedges, "можно", "сенеді"))
    assert flags(quote, source, listed) == expected
    assert flags(source, quote, listed) == expected


def test_a_month_in_place_of_another_is_no_hedge() -> None:
    months = ENGLISH._replace(calendar=Calendar(months=("march", "3", "may", "5")))
    assert flags("on 12 [March] 2021", "on 12 [May] 2021", months) == set()
    assert flags("They [march] on", "They [can march] on", months) == {Flag.HEDGE}
    assert flags("They [may] go", "They [did] go", months) == {Flag.HEDGE}


def test_of_two_opposites_the_longer_beginning_is_meant() -> None:
    game = language("uz", {}, opposites="yut- yutqaz-")
    assert flags("Jamoa [yutdi]", "Jamoa [yutqazdi]", game) == {Flag.OPPOSITE}
    assert flags("Jamoa [yutqazgan]", "Jamoa [yutqazdi]", game) == set()


def test_no_listed_phrase_is_longer_than_what_is_looked_at() -> None:
    lists = [(one.hedges, one.quantifiers, one.opposites, one.negation.words) for one in languages()]
    assert max((len(entry) for fields in lists for field in fields for entry in field), default=0) < senses._REACH


def test_words_of_other_languages_say_nothing() -> None:
    assert flags("He ate [once]", "He ate [nada]", ENGLISH) == set()
    assert flags("Er war [no]", "Er war [da]", GERMAN) == set()


@given(
    st.text("abcм аеді'n-", max_size=12), st.text("abcм аеді'n-", max_size=12), st.sampled_from([ENGLISH, KAZAKH, TURKISH, *languages()])
)
def test_sides_may_be_exchanged(one: str, other: str, of: Language) -> None:
    left, right = f"a [{one}] b", f"a [{other}] b"
    assert flags(left, right, of) == flags(right, left, of)
    assert flags(left, left, of) == set()
    assert denies(one, other, of) == denies(other, one, of)
