"""Names of months in every language there is data for, as dates are typed with them: those of the language files and of the CLDR."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.kept import kept
from claimreg.languages import FOLDER, languages
from claimreg.shipped import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from babel import Locale

_ACCENTS = 200
"""Combining classes from which marks are accents, that one may leave out in typing (fevrier); vowel signs have lower ones."""

_ONE_SPELLING = str.maketrans({"ı": "i", "ʼ": "'", "’": "'"})


_FIELD = re.compile(r"'([^']*)'|([A-Za-z])\2*")
_NAME = "\x00"  # stands for a month's name
_BESIDE = re.compile(rf"([^\W\d_]*){_NAME}([^\W\d_]*)")
_OTHER_NAMES = frozenset({"nb", "nn"})  # of languages that there is data for
_ROOT = re.compile(r"m ?\d{2}")


class Word(NamedTuple):
    """Figures or letters that stand together, as `plain` spells them, and what stands before them."""

    text: str
    before: str
    is_number: bool


class Months(NamedTuple):
    """Words of dates in a language, as `plain` spells them: ``names`` of months, of one word or more between spaces, with their numbers.

    ``around`` may stand beside them and say nothing (жылғы, of, года); ``endings`` may follow the figures of a day (2nd, 2-го).
    ``longest`` is the number of words of the longest name.
    """

    names: Mapping[str, int]
    around: frozenset[str]
    endings: frozenset[str]
    longest: int


@cache
def months_by_language() -> Mapping[str, Months]:
    """Names of months by the tags of languages; kept from one start to the next, as all language files are read for them."""
    from importlib.metadata import version

    tables = kept(f"months-{version('babel')}", [*tables_in(FOLDER), FOLDER / "months.py"], _gathered)
    return {tag: _months(**table) for tag, table in tables.items()}


@cache
def other_months() -> Mapping[str, Months]:
    """Names of months in the official languages of all countries that there is no data for: looked through where no other has them."""
    from importlib.metadata import version

    tables = kept(f"months-of-others-{version('babel')}", [FOLDER / "months.py"], _gathered_others)
    return {tag: _months(**table) for tag, table in tables.items()}


@cache
def months_of(tag: str) -> Months | None:
    """Names of months in the language of a tag, also where there is no data for it but the CLDR's; ``None`` where there is none at all."""
    base = tag.lower().split("-")[0]
    base = {"nb": "no", "nn": "no"}.get(base, base)
    known = months_by_language().get(base)
    if known is None and (locale := _locale(base)):
        forms = _Forms(locale)
        known = _months(dict(_of_cldr(locale, forms)), forms.around, ())
    return known


def plain(text: str) -> str:
    """Text without case and accents, one spelling of each letter: what names of months are compared by."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).translate(_ONE_SPELLING).casefold())
    bare = "".join(one for one in parts if unicodedata.combining(one) < _ACCENTS and unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", bare).translate(_ONE_SPELLING)


def words_of(text: str) -> tuple[list[Word], str]:
    """The words and numbers of a text, figures in any script as those of ASCII, and what stands behind the last one."""
    words: list[Word] = []
    gap, is_number = "", None
    for sign in plain(text):
        category = unicodedata.category(sign)
        if category != "Nd" and category[0] not in "LM":
            gap, is_number = gap + sign, None
            continue
        one = str(unicodedata.decimal(sign)) if category == "Nd" else sign
        if is_number is (category == "Nd"):
            words[-1] = words[-1]._replace(text=words[-1].text + one)
            continue
        is_number = category == "Nd"
        words.append(Word(one, gap, is_number))
        gap = ""
    return words, gap


def name_in_english(tag: str) -> str:
    """The English name of a language; its tag where there is none."""
    from babel import Locale

    return str(Locale("en").languages.get(tag, tag))


def _months(names: Mapping[str, int], around: Iterable[str], endings: Iterable[str]) -> Months:
    return Months(names, frozenset(around), frozenset(endings), max((name.count(" ") + 1 for name in names), default=0))


class _Forms:
    """Dates as the CLDR forms them in a language: what stands before and behind a month's name, in one with it; and other words."""

    def __init__(self, locale: Locale) -> None:
        self.affixes = {("", "")}
        self.around: set[str] = set()
        patterns = [locale.date_formats[width].pattern for width in ("long", "medium") if width in locale.date_formats]
        patterns += [locale.datetime_skeletons[name].pattern for name in ("yMMMM", "yMMM", "yMMMMd") if name in locale.datetime_skeletons]
        for pattern in patterns:
            # A field's letters are of ASCII; what else is, stands between apostrophes.
            form = _FIELD.sub(_bare_or_sign, pattern)
            self.around.update(word.text for word in words_of(form.replace(_NAME, "0"))[0] if not word.is_number)
            if beside := _BESIDE.search(form):
                self.affixes.add((beside[1], beside[2]))


def _bare_or_sign(found: re.Match[str]) -> str:
    """Letters that stand between apostrophes, without these; a sign in place of a field."""
    if found[1] is not None:
        return found[1]
    return _NAME if found[0][:3] in ("MMM", "LLL") else "0"


def _gathered() -> dict[str, Any]:
    gathered: dict[str, Any] = {}
    for one in languages():
        locale = _locale(one.tag)
        forms = _Forms(locale) if locale is not None else None
        months = one.calendar.months if not one.calendar.reckoning else ()
        names = dict(_of_cldr(locale, forms)) if locale is not None and forms is not None else {}
        names |= {_spelled(name): int(number) for name, number in zip(months[::2], months[1::2], strict=True)}
        around = {word for text in one.calendar.around for word in _spelled(text).split()} | (forms.around if forms is not None else set())
        endings = {word for text in one.numerals.endings for word in _spelled(text).split()}
        gathered[one.tag] = {"names": names, "around": sorted(around), "endings": sorted(endings)}
    return gathered


def _gathered_others() -> dict[str, Any]:
    from babel.core import get_global
    from babel.languages import get_official_languages

    spoken = {tag for country in get_global("territory_languages") for tag in get_official_languages(country, regional=True, de_facto=True)}
    gathered: dict[str, Any] = {}
    for tag in sorted({tag.partition("_")[0] for tag in spoken} - {one.tag for one in languages()} - _OTHER_NAMES):
        if (locale := _locale(tag)) is not None:
            forms = _Forms(locale)
            gathered[tag] = {"names": dict(_of_cldr(locale, forms)), "around": sorted(forms.around), "endings": []}
    return gathered


def _locale(tag: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag)
    except (UnknownLocaleError, ValueError):
        return None


def _of_cldr(locale: Locale, forms: _Forms) -> Iterator[tuple[str, int]]:
    """Yield the CLDR's names of months, in full and short; a name that is given to two months, as those of one letter are, is left out."""
    found: dict[str, set[int]] = {}
    for kind in locale.months.values():
        for width in ("wide", "abbreviated"):
            for number, name in kind.get(width, {}).items():
                for before, behind in forms.affixes:
                    found.setdefault(_spelled(f"{before}{name}{behind}"), set()).add(int(number))
    for name, numbers in found.items():
        # The root locale's M05 stands where a language has no name.
        if len(numbers) == 1 and any(one.isalpha() for one in name) and not _ROOT.match(name):
            yield name, *numbers  # type: ignore[misc]  # there is just one


def _spelled(name: str) -> str:
    """The words of a name, figures apart from letters, with a space between each."""
    return " ".join(word.text for word in words_of(name)[0])
