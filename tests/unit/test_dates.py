"""Dates as people type them: every month of every language, one reading or none."""

import string
from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date, format_skeleton
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import UsageError
from claimreg.languages.dates import FIRST_YEAR, LONGEST, date_of, readings
from claimreg.languages.months import Months, months_by_language, months_of, other_months
from claimreg.services.recording.fields import checked_date, checked_order, checked_retrieved
from claimreg.vocabulary import DayOrder

NAMES = [(tag, name, month) for tag, months in months_by_language().items() for name, month in months.names.items()]
LAST_YEAR = 2031
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
NUMERALS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９")

TYPED = {
    "3 June 2019": "2019-06-03",
    "June 3, 2019": "2019-06-03",
    "June 3rd, 2019": "2019-06-03",
    "the 21st of june 2019": "2019-06-21",
    "June 2019": "2019-06",
    "2019 June": "2019-06",
    "JUN. 2019": "2019-06",
    "3-Jun-2019": "2019-06-03",
    "3/jun/2019": "2019-06-03",
    "2019 жылғы 3 маусым": "2019-06-03",
    "3 маусым 2019 ж.": "2019-06-03",
    "3 июня 2019 года": "2019-06-03",
    "3-го июня 2019 г.": "2019-06-03",
    "3 червня 2019 року": "2019-06-03",
    "3 haziran 2019": "2019-06-03",
    "3 HAZİRAN 2019": "2019-06-03",
    "15 KASIM 2019": "2019-11-15",
    "3. Juni 2019": "2019-06-03",
    "3 de junio de 2019": "2019-06-03",
    "1º de junio de 2019": "2019-06-01",
    "1er août 2019": "2019-08-01",
    "1er aout 2019": "2019-08-01",
    "2019. június 3.": "2019-06-03",
    "2019. gada 3. jūnijs": "2019-06-03",
    "ngày 3 tháng 6 năm 2019": "2019-06-03",
    "2019年6月3日": "2019-06-03",
    "2019年6月": "2019-06",
    "2019年": "2019",
    "6月3日 2019年": "2019-06-03",
    "2019년 6월 3일": "2019-06-03",
    "٣ يونيو ٢٠١٩": "2019-06-03",
    "३ जून २०१९": "2019-06-03",
    "3 มิ.ย. 2019": "2019-06-03",
    "3 ביוני 2019": "2019-06-03",
    "2019-yil 3-iyun": "2019-06-03",
    "3 iyun 2019-cu il": "2019-06-03",
    "2019 жылдың 3 маусымы": "2019-06-03",
    "3 حزيران/يونيو 2019": "2019-06-03",
    "3 كانون الثاني/يناير 2019": "2019-01-03",
    "1° giugno 2019": "2019-06-01",
    "3 ஜூன் 2019": "2019-06-03",
    "3 ਜੂਨ 2019": "2019-06-03",
    "Mehefin 2019": "2019-06",
    "2019ko ekainaren 3a": "2019-06-03",
    "2019/6/3": "2019-06-03",
    "2019.06.03": "2019-06-03",
    "2019–06–03": "2019-06-03",
    "2019. 6. 3.": "2019-06-03",
    "6/2019": "2019-06",
    "06.2019": "2019-06",
    "14.6.2019": "2019-06-14",
    "6/14/2019": "2019-06-14",
    "6.6.2019": "2019-06-06",
    "\u200f3 June\u00a02019": "2019-06-03",
    "  3   June 2019 ": "2019-06-03",
}

NONE = (
    "",
    " ",
    "yesterday",
    "June",
    "3 June",
    "June 3",
    "3 June 19",
    "3.6.19",
    "31 June 2019",
    "29 February 2019",
    "0 June 2019",
    "13/2019",
    "2018-19",
    "14.14.2019",
    "Monday 3 June 2019",
    "3 June 2019, 10:00",
    "3–5 June 2019",
    "3 or 4 June 2019",
    "before June 2019",
    "2019s",
    "2010-е годы",
    "2019 жылдары",
    "3-4/2019",
    "-2019",
    "~2019",
    "2019?",
    "June 2019 3",
    "3 2019 June",
    "3 June July 2019",
    "3 June 2019 BC",
    "3 June/July 2019",
    "20190603",
    "603 2019",
    "½ June 2019",
    "② June 2019",
    "二日13月2019年",
    "2日13月2019年",
    "7 خرداد 1398",
    "1 2 3 2019",
    "3 June 2019 2020",
    "3 de June 2019",
    "№ 3 June 2019",
)


def test_dates_in_the_ways_people_type_them() -> None:
    assert {typed: date_of(typed, last_year=LAST_YEAR) for typed in TYPED} == TYPED


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^There is no date “.*”; write it as 2022-05-02, 2022-05, 2022 or 2 May 2022"):
        date_of(text)


@pytest.mark.parametrize("text", ["3.6.2019", "3/6/2019", "03-06-2019", "3 6 2019", "3. 6. 2019 г."])
def test_day_and_month_in_doubt_are_never_guessed(text: str) -> None:
    with pytest.raises(UsageError, match="without the order of day and month; write it as 2022-05-02, 2 May 2022, or set --dates dmy"):
        date_of(text)
    assert (date_of(text, DayOrder.DMY), date_of(text, DayOrder.MDY)) == ("2019-06-03", "2019-03-06")


def test_an_order_that_does_not_fit_is_not_turned_round() -> None:
    with pytest.raises(UsageError, match="There is no date"):
        date_of("14.6.2019", DayOrder.MDY)


def test_a_month_that_languages_differ_on_needs_the_language() -> None:
    with pytest.raises(UsageError, match=r"is 2019-10-03 in Croatian and Serbian, 2019-11-03 in Polish; write it as 2019-10-03, or give"):
        date_of("3 listopada 2019")
    assert [date_of("3 listopada 2019", lang=lang) for lang in ("hr", "pl", "pl-PL")] == [
        "2019-10-03",
        "2019-11-03",
        "2019-11-03",
    ]
    assert date_of("3 listopada 2019 roku") == "2019-11-03", "the word for the year is no Croatian one"


def test_a_language_that_is_given_may_be_one_without_data() -> None:
    assert date_of("3 Junie 2019", lang="af") == "2019-06-03"
    assert months_of("qqq") is None
    assert date_of("3 juni 2019", lang="nb") == "2019-06-03"


@pytest.mark.parametrize("text", ["3 มิถุนายน 2562", "۱۳۹۸/۳/۷", "1398/3/7", "3 June 1399", "7 Jun 2562", "3.6.1441 هـ"])
def test_a_year_of_another_calendar_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="may be of another calendar; write the date as"):
        date_of(text, DayOrder.DMY)


def test_iso_dates_are_what_they_were() -> None:
    for text in ("2022", "2022-05", "2022-05-02", "1215-06-15", "2022-05-02T10:00:00Z", "2022-05-02 10:00"):
        assert checked_date(f" {text} ") == text
    assert checked_date("2 May 2022", lang="fr") == "2022-05-02"
    assert checked_date("2.5.2022", checked_order("mdy")) == "2022-02-05"
    assert checked_order(None) is None
    with pytest.raises(UsageError, match="“ymd” is no order of dates; choose one of: dmy, mdy"):
        checked_order("ymd")


@pytest.mark.parametrize("text", ["9" * LONGEST + "9", "(" * 10_000, "2022 " * 1000, "\ud800", "\0", "3 June\n" * 20])
def test_what_is_far_too_long_or_strange_is_refused_at_once(text: str) -> None:
    assert readings(text) == ()
    with pytest.raises(UsageError) as told:
        date_of(text)
    assert len(str(told.value)) < 2 * LONGEST + 20


@given(named=st.sampled_from(NAMES), day=DAYS, is_first=st.booleans())
def test_every_month_of_every_language_comes_back_in_its_language(named: tuple[str, str, int], day: date, *, is_first: bool) -> None:
    tag, name, month = named
    day = day.replace(month=month, day=min(day.day, 28))
    text = f"{name} {day.day} {day.year}" if is_first else f"{day.year} {day.day} {name}"
    assert date_of(text, lang=tag, last_year=LAST_YEAR) == day.isoformat()
    assert date_of(f"{day.year} {name}".upper(), lang=tag, last_year=LAST_YEAR) == day.isoformat()[:7]


@given(st.sampled_from(NAMES), DAYS)
def test_without_a_language_a_date_has_one_reading_or_is_none(named: tuple[str, str, int], day: date) -> None:
    _tag, name, month = named
    meant = {known.names[name] for known in months_by_language().values() if name in known.names}
    day = day.replace(month=month, day=min(day.day, 28))
    text = f"{day.day} {name} {day.year}"
    if meant == {month}:
        assert date_of(text, last_year=LAST_YEAR) == day.isoformat()
    else:
        with pytest.raises(UsageError, match="or give --lang"):
            date_of(text, last_year=LAST_YEAR)


@given(st.text(alphabet=f"{string.digits}./- ", max_size=12))
def test_numbers_are_never_a_date_of_two_readings(text: str) -> None:
    orders = {order: {one.date for one in readings(text, order)} for order in DayOrder}
    found = {one.date for one in readings(text)}
    assert found == orders[DayOrder.DMY] | orders[DayOrder.MDY]
    if len(found) == 1:
        assert int(min(found)[:4]) < FIRST_YEAR or date_of(text, last_year=9999) in found


@given(DAYS, st.sampled_from(NUMERALS), st.sampled_from("./-"))
def test_figures_of_other_scripts_are_read(day: date, figures: str, sign: str) -> None:
    typed = day.strftime(f"%Y{sign}%m{sign}%d").translate(str.maketrans(string.digits, figures))
    assert date_of(typed, last_year=LAST_YEAR) == day.isoformat()


ODDLY_WRITTEN = {"crh", "bo", "dv", "dz", "eu", "sa"}
"""Languages without names of months there, or whose forms have colons, brackets or words in place of figures."""


@pytest.mark.parametrize("tag", sorted({*months_by_language(), *other_months()} - ODDLY_WRITTEN))
def test_each_language_is_read_as_the_cldr_writes_it(tag: str) -> None:
    locale = Locale.parse(tag)
    for day in (date(2022, 5, 2), date(2021, 11, 23), date(2020, 2, 29), date(2019, 8, 7)):
        written = [format_date(day, "long", locale=locale), format_date(day, "medium", locale=locale)]
        assert {date_of(form, DayOrder.DMY, tag, last_year=LAST_YEAR) for form in written} == {day.isoformat()}, written
        month = format_skeleton("yMMMM", day, locale=locale)
        assert date_of(month, lang=tag, last_year=LAST_YEAR) == day.isoformat()[:7], month


def test_each_language_names_all_twelve_months() -> None:
    short = {tag: sorted(set(range(1, 13)) - set(one.names.values())) for tag, one in months_by_language().items()}
    assert {tag for tag, missing in short.items() if missing} == {"crh"}, "neither its file nor the CLDR names them"
    assert isinstance(months_of("kk"), Months)


NOW = "2024-03-05T20:00:00Z"
RETRIEVED = {
    "2 March 2024": "2024-03-02", "2024-03": "2024-03", "2024": "2024", "2024-03-06": "2024-03-06",
    "2024-03-05T21:59:00+02:00": "2024-03-05T19:59:00Z", "2024-03-05 19:00Z": "2024-03-05T19:00:00Z",
}  # fmt: skip


def test_when_a_document_was_saved_is_a_day_or_a_time_with_its_zone() -> None:
    assert {typed: checked_retrieved(typed, NOW) for typed in RETRIEVED} == RETRIEVED, "where the day has begun, it is 6 March"


@pytest.mark.parametrize("text", ["2024-03-07", "2024-04", "2025", "2024-03-05T20:00:01Z"])
def test_nothing_was_saved_in_the_future(text: str) -> None:
    with pytest.raises(UsageError, match="is yet to come; give when the document was saved"):
        checked_retrieved(text, NOW)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="is a time without its zone; write it as 2022-05-02T10:00"):
        checked_retrieved("2024-03-05T10:00:00", NOW)
