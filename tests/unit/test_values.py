"""Numbers and dates compare by what they mean: words, figures in any grouping, endings, signs, dates in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.languages import Calendar, Language, Numerals, language
from claimreg.linker.compare import compare
from claimreg.linker.judge.values import by_value, flags_of_values
from claimreg.linker.passage import passage_of
from claimreg.linker.sameness import Sameness
from claimreg.model import Flag, Span

if TYPE_CHECKING:
    from claimreg.linker.compare import Step


def listed(words: str) -> tuple[str, ...]:
    """The words of a table."""
    return tuple(words.split())


GERMAN = Language(
    "de",
    numerals=Numerals(
        listed("""ein 1 eins 1 zwei 2 drei 3 vier 4 fünf 5 sechs 6 neun 9 zehn 10 elf 11 zwölf 12 zwanzig 20 vierzig 40 hundert 100
        tausend 1000 million 1000000 millionen 1000000"""),
        listed("dritte 3 dritten 3 zwölfte 12 zwölften 12"),
        listed("halb 1/2 anderthalb 3/2 drittel 1/3"),
        inside="und",
        mark=",",
    ),
    calendar=Calendar(listed("märz 3 april 4 mai 5")),
    signs=listed("prozent % euro €"),
)
FRENCH = Language(
    "fr",
    numerals=Numerals(
        listed("""un 1 deux 2 trois 3 quatre 4 neuf 9 dix 10 onze 11 quinze 15 vingt 20 vingts 20 trente 30 soixante 60 cent 100 cents 100
        mille 1000"""),
        joiners=("et",),
        mark=",",
    ),
    signs=listed("pour_cent % euros €"),
)
CHINESE = Language(
    "zh",
    numerals=Numerals(
        listed("〇 0 一 1 二 2 三 3 四 4 五 5 六 6 七 7 八 8 九 9 十 10 百 100 千 1000 万 10000 亿 100000000"),
        listed("第一 1 第二 2 第八 8"),
        mark=".",
    ),
    signs=listed("百分之 %"),
)
ARABIC = Language("ar", numerals=Numerals(listed("خمسة 5 عشرون 20 مئة 100 ثلاثمئة 300"), joiners=("و",)))
HINDI = Language("hi")
TURKISH = Language(
    "tr",
    numerals=Numerals(
        listed("bir 1 iki 2 üç 3 beş 5 altı 6 yedi 7 on 10 yirmi 20 yüz 100 yüzde 100 bin 1000"),
        endings=listed("de da i inci"),
        mark=",",
    ),
    calendar=Calendar(listed("mart 3 mayıs 5")),
    signs=listed("yüzde %"),
)
MADE = {one.tag: one for one in (GERMAN, FRENCH, CHINESE, ARABIC, HINDI, TURKISH)}


def judged(tag: str, quote: str, text: str) -> tuple[list[Step], set[Flag]]:
    """The steps of a quote set against a text, and the flags of those that stay changed."""
    known = MADE[tag] if tag in MADE else language(tag)
    comparison = compare(passage_of(quote, 0, len(quote)), passage_of(text, 0, len(text)), Span(0, len(text)))
    steps = by_value(comparison.steps, quote, text, known)
    changed = [step for step in steps if step.same is Sameness.OTHER]
    return steps, {flag for step in changed for flag in flags_of_values(step, quote, text, known)}


EQUAL = [
    ("en", "they freed 1,200 men", "they freed 1 200 men"),
    ("en", "they freed 1,200 men", "they freed twelve hundred men"),
    ("en", "they freed 1200 men", "they freed one thousand two hundred men"),
    ("en", "the third gate", "the 3rd gate"),
    ("en", "half of the hay", "1/2 of the hay"),
    ("en", "half of the hay", "0.5 of the hay"),
    ("en", "half of the hay", "½ of the hay"),
    ("en", "two and a half miles", "2.5 miles"),
    ("en", "half a million trees", "500,000 trees"),
    ("en", "a hundred trees", "100 trees"),
    ("en", "a rise of 1.5 metres", "a rise of 1,5 metres"),
    ("en", "a harvest of 1,20,000 sacks", "a harvest of 120,000 sacks"),
    ("en", "a debt of 1.2 million now", "a debt of 1,200,000 now"),
    ("en", "a debt of $1.2m now", "a debt of 1.2 million dollars now"),
    ("en", "as chapter XVII says", "as chapter 17 says"),
    ("en", "it grew 5 % there", "it grew five per cent there"),
    ("en", "a fine of $5 a day", "a fine of 5 dollars a day"),
    ("en", "5 km of pipe", "5 kilometres of pipe"),
    ("en", "five point four degrees", "5.4 degrees"),
    ("en", "in nineteen eighty-four they left", "in 1984 they left"),
    ("en", "between 100 and 500 goats", "between one hundred and five hundred goats"),
    ("en", "roughly 1,200 goats", "twelve hundred goats"),
    ("en", "in '21 they left", "in 2021 they left"),
    ("en", "on 12 March 2021 they left", "on March 12, 2021 they left"),
    ("en", "on 12 March 2021 they left", "on 12.03.2021 they left"),
    ("en", "on 12 March 2021 they left", "on the twelfth of march, 2021 they left"),
    ("en", "on 2021-03-12 they left", "on 12 Mar 2021 they left"),
    ("en", "on 03/12/2021 they left", "on 12 March 2021 they left"),
    ("en", "on 03/12/2021 they left", "on 3 December 2021 they left"),
    ("en", "on Friday they left", "on Fri they left"),
    ("ru", "двенадцати овец", "12 овец"),
    ("ru", "на 21-м километре", "на двадцать первом километре"),
    ("ru", "в XX веке", "в 20 веке"),
    ("ru", "долг 1,2 млн сейчас", "долг 1 200 000 сейчас"),
    ("ru", "полтора миллиона овец", "1,5 миллиона овец"),
    ("ru", "пять целых четыре десятых процента шерсти", "5,4 % шерсти"),
    ("ru", "15 марта 2022 года стадо ушло", "15.03.2022 стадо ушло"),
    ("ru", "тот 15-летний баран", "тот пятнадцатилетний баран"),
    ("ru", "тот двадцатипятилетний баран", "тот 25-летний баран"),
    ("ru", "седьмого мая стадо ушло", "7-го мая стадо ушло"),
    ("kk", "сол бесінші бөлме", "сол 5-бөлме"),
    ("kk", "үш қой", "3 қой"),
    ("kk", "жүз жиырма қой", "120 қой"),
    ("kk", "5-ші қақпа", "бесінші қақпа"),
    ("kk", "он алтыға толды", "16-ға толды"),
    ("kk", "бес пайыз жүн", "5 % жүн"),
    ("kk", "2021 жылғы 12 наурызда келді", "12.03.2021 келді"),
    ("kk", "он екі бүтін оннан үш метр", "12,3 метр"),
    ("kk", "он екі бүтін оннан үш метр", "12, 3 метр"),
    ("de", "die zwölfhundert Schafe", "die 1.200 Schafe"),
    ("de", "die einundzwanzig Schafe", "die 21 Schafe"),
    ("de", "die zweihundertfünfundvierzigtausend Schafe", "die 245.000 Schafe"),
    ("de", "am 12. März gingen sie", "am zwölften März gingen sie"),
    ("de", "am 12. März 2021 gingen sie", "am 12. 3. 2021 gingen sie"),
    ("de", "der dritte Hirte", "der 3. Hirte"),
    ("de", "anderthalb Stunden", "1,5 Stunden"),
    ("fr", "quatre-vingt-dix-neuf moutons", "99 moutons"),
    ("fr", "soixante et onze moutons", "71 moutons"),
    ("fr", "trente-deux pour cent des moutons", "32 % des moutons"),
    ("zh", "三百只羊来", "300只羊来"),
    ("zh", "一万二千只羊", "12000只羊"),
    ("zh", "二百四十五只羊", "245只羊"),
    ("zh", "老第八届羊会", "老第8届羊会"),
    ("zh", "百分之五的羊", "5%的羊"),
    ("zh", "二〇二一年三月十二日羊", "2021年3月12日羊"),
    ("ar", "خمسة وعشرون خروفا", "25 خروفا"),
    ("ar", "٢٥ خروفا هنا", "25 خروفا هنا"),
    ("hi", "१२ भेड़ें हैं", "12 भेड़ें हैं"),
    ("hi", "１２ भेड़ें हैं", "12 भेड़ें हैं"),
    ("tr", "yirmi beş koyun", "25 koyun"),
    ("tr", "onbir koyun", "11 koyun"),
    ("tr", "yüzde beş koyun", "%5 koyun"),
]


@pytest.mark.parametrize(("tag", "quote", "text"), EQUAL)
def test_what_has_one_value_is_a_slip_at_most(tag: str, quote: str, text: str) -> None:
    for one, other in ((quote, text), (text, quote)):
        steps, flags = judged(tag, one, other)
        left = [word for step in steps for word in step.quote if step.same is Sameness.OTHER]
        assert not [word for word in left if word.key != "roughly"]
        assert not flags


NUMBER, DATE = {Flag.NUMBER}, {Flag.DATE}
UNEQUAL = [
    ("en", "they freed 1,200 men", "they freed 1,700 men", NUMBER),
    ("en", "it grew 1.500 there", "it grew 1.5 there", NUMBER),
    ("en", "the third gate", "the 3 gate", NUMBER),
    ("en", "a third of the hay", "a quarter of the hay", NUMBER),
    ("en", "a fine of $5 a day", "a fine of €5 a day", NUMBER),
    ("en", "a fine of $5 a day", "a fine of 5 a day", NUMBER),
    ("en", "it grew 5% there", "it grew 5 there", NUMBER),
    ("en", "it grew 5% there", "it grew 5 percentage points there", NUMBER),
    ("en", "it fell to -5 there", "it fell to 5 there", NUMBER),
    ("en", "as chapter XVII says", "as chapter XVI says", NUMBER),
    ("en", "they saw 300 men", "they saw men", NUMBER),
    ("en", "two million sheep", "two billion sheep", NUMBER),
    ("en", "5 km of pipe", "5 miles of pipe", NUMBER),
    ("en", "the 1990s were warm", "the 1990 were warm", NUMBER),
    ("en", "on 12 March they left", "on 13 March they left", DATE),
    ("en", "on 12 March they left", "on 12 May they left", DATE),
    ("en", "on 12 March 2021 they left", "on 12 March 2020 they left", DATE),
    ("en", "on 03/12/2021 they left", "on 4 December 2021 they left", DATE),
    ("en", "on Friday they left", "on Sunday they left", DATE),
    ("en", "they left yesterday at noon", "they left today at noon", DATE),
    ("en", "in 2018 they left", "in 2017 they left", {Flag.DATE, Flag.NUMBER}),
    ("ru", "троих из стада", "пятерых из стада", NUMBER),
    ("ru", "семи овцам", "десяти овцам", NUMBER),
    ("ru", "пятнадцатилетний баран", "шестнадцатилетний баран", NUMBER),
    ("ru", "в мае стадо ушло", "в июне стадо ушло", DATE),
    ("kk", "қалған жетеуі келді", "қалған тоғызы келді", NUMBER),
    ("kk", "биыл қой көп", "былтыр қой көп", DATE),
    ("kk", "12 наурызда келді", "12 сәуірде келді", DATE),
    ("de", "einundzwanzig Schafe", "zwölf Schafe", NUMBER),
    ("zh", "三百只羊来", "四百只羊来", NUMBER),
]


@pytest.mark.parametrize(("tag", "quote", "text", "flags"), UNEQUAL)
def test_another_value_is_told(tag: str, quote: str, text: str, flags: set[Flag]) -> None:
    for one, other in ((quote, text), (text, quote)):
        steps, found = judged(tag, one, other)
        assert any(step.same is Sameness.OTHER for step in steps)
        assert found == flags


@pytest.mark.parametrize(
    ("tag", "quote", "text"),
    [
        ("en", "1n the barn", "by the barn"),
        ("en", "0f the barn", "on the barn"),
        ("en", "he may go home", "he will go home"),
        ("en", "a second later", "a minute later"),
        ("en", "MIX the hay", "TURN the hay"),
        ("en", "he saw once more", "he saw it more"),
        ("ru", "семья ушла домой", "бригада ушла домой"),
        ("kk", "онда қой көп", "мұнда қой көп"),
    ],
)
def test_what_is_no_number_gets_no_flag(tag: str, quote: str, text: str) -> None:
    assert not judged(tag, quote, text)[1]


def test_a_word_of_another_language_is_no_number() -> None:
    assert not judged("en", "he said mai again", "he said sei again")[1]
    assert not judged("de", "die one Herde", "die two Herde")[1]


def test_words_between_equal_values_stay_as_they_are() -> None:
    steps, _ = judged("en", "twelve men and 3 dogs", "12 men and three dogs")
    assert [step.same for step in steps] == [Sameness.SLIP, Sameness.SAME, Sameness.SAME, Sameness.SLIP, Sameness.SAME]


def test_a_value_cut_by_the_end_of_the_quote_is_read_with_what_follows() -> None:
    text = "a loss of ten percent"
    quote = passage_of("a loss of 10%", 0, 13)
    steps = by_value(compare(quote, passage_of(text, 0, 13), Span(0, 13)).steps, "a loss of 10%", text, language("en"))
    assert all(step.same is not Sameness.OTHER for step in steps)


@pytest.mark.parametrize(
    ("quote", "text", "first", "last"),
    [
        ("2 қой адасып кетті", "Екі қой адасып кетті", 4, 20),
        ("сол адасқан қой 25", "сол адасқан қой жиырма бес", 0, 15),
        ("526000 сөз жазылды", "Қорытынды. Бес жүз жиырма алты мың сөз жазылды", 35, 46),
        ("5-6 қой адасты", "Бес-алты қой адасты", 9, 19),
    ],
)
def test_a_value_at_an_end_of_the_quote_is_found_just_outside_the_place(quote: str, text: str, first: int, last: int) -> None:
    place = compare(passage_of(quote, 0, len(quote)), passage_of(text, first, last), Span(first, last))
    steps = by_value(place.steps, quote, text, language("kk"))
    assert all(step.same is not Sameness.OTHER for step in steps)
    words = [word for step in steps for word in step.source]
    assert words == sorted(words, key=lambda word: word.span.start)
    assert len(words) == len(passage_of(text, text.find("Бес жүз") if "Бес жүз" in text else 0, len(text)).words)


def test_figures_longer_than_python_reads_are_compared_as_written() -> None:
    long = "7" * 5000
    assert not judged("en", f"the code {long} is", f"the code {long} is")[1]
    assert judged("en", f"the code {long} is", f"the code {long[1:]}8 is")[1] == NUMBER


@given(st.text(alphabet="0123456789.,'’/-–%$½²ⅣXVI а十百", max_size=30), st.sampled_from(["en", "ru", "kk", "zh"]))
def test_no_text_of_figures_is_refused(text: str, tag: str) -> None:
    judged(tag, "so 5 and " + text, "so five and " + text)


ONES = {
    "en": listed("""zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""),
    "ru": listed("""ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать
    шестнадцать семнадцать восемнадцать девятнадцать"""),
    "kk": listed("нөл бір екі үш төрт бес алты жеті сегіз тоғыз"),
}
TENS = {
    "en": listed("_ _ twenty thirty forty fifty sixty seventy eighty ninety"),
    "ru": listed("_ _ двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"),
    "kk": listed("_ он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан"),
}
RUSSIAN_HUNDREDS = listed("_ сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
SCALES = {
    "en": ((10**9, "billion"), (10**6, "million"), (1000, "thousand")),
    "ru": ((10**9, "миллиардов"), (10**6, "миллионов"), (1000, "тысяч")),
    "kk": ((10**9, "миллиард"), (10**6, "миллион"), (1000, "мың")),
}


def spelt(number: int, tag: str) -> str:
    """A whole number in words, without its agreement."""
    if not number:
        return ONES[tag][0]
    found: list[str] = []
    for scale, name in SCALES[tag]:
        if number >= scale:
            found += [spelt(number // scale, tag), name]
            number %= scale
    if number >= 100:
        found += [RUSSIAN_HUNDREDS[number // 100]] if tag == "ru" else [ONES[tag][number // 100], "hundred" if tag == "en" else "жүз"]
        number %= 100
        if tag == "en" and number:
            found.append("and")
    if number >= len(ONES[tag]):
        found.append(TENS[tag][number // 10])
        number %= 10
    return " ".join([*found, ONES[tag][number]] if number else found)


def indian(number: int) -> str:
    """A whole number in figures as India groups them."""
    high, low = divmod(number, 1000)
    groups = [f"{low:03}"]
    while high >= 100:
        high, group = divmod(high, 100)
        groups.insert(0, f"{group:02}")
    return ",".join([str(high), *groups]) if number >= 1000 else str(number)


NUMBERS = st.one_of(st.integers(0, 10**9), st.integers(0, 3000), st.builds(lambda n, e: n * 10**e, st.integers(0, 999), st.integers(0, 6)))


@settings(max_examples=150, deadline=None)
@given(NUMBERS, st.sampled_from(["en", "ru", "kk"]))
def test_a_number_in_words_is_its_figures_in_every_grouping_and_no_other_number(number: int, tag: str) -> None:
    words = f"x {spelt(number, tag)} y"
    groupings = [str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u202f"), indian(number)]
    for figures in groupings:
        for quote, text in ((words, f"x {figures} y"), (f"x {figures} y", words)):
            steps, flags = judged(tag, quote, text)
            assert [step.same for step in steps] == [Sameness.SAME, Sameness.SLIP, Sameness.SAME]
            assert not flags
    for other in (f"x {number + 1} y", f"x {spelt(number + 1, tag)} y"):
        steps, flags = judged(tag, words, other)
        assert any(step.same is Sameness.OTHER for step in steps)
        assert Flag.NUMBER in flags
