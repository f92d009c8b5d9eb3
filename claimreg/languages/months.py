"""Names of months in every language there is data for, as dates are typed with them: those of the language files and of the CLDR."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.kept import kept
from claimreg.languages import FOLDER, languages
from claimreg.shipped import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ACCENTS = 200
"""Combining classes from which marks are accents, that one may leave out in typing (fevrier); vowel signs have lower ones."""

_ONE_SPELLING = str.maketrans({"ı": "i", "ʼ": "'", "’": "'"})


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

    tables = kept(f"months-1-{version('babel')}", tables_in(FOLDER), _gathered)
    return {tag: _months(**table) for tag, table in tables.items()}


@cache
def months_of(tag: str) -> Months | None:
    """Names of months in the language of a tag, also where there is no data for it but the CLDR's; ``None`` where there is none at all."""
    base = tag.lower().split("-")[0]
    base = {"nb": "no", "nn": "no"}.get(base, base)
    known = months_by_language().get(base)
    if known is None and (names := dict(_of_cldr(base))):
        known = _months(names, [], [])
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


def _gathered() -> dict[str, Any]:
    gathered: dict[str, Any] = {}
    for one in languages():
        months = one.calendar.months if not one.calendar.reckoning else ()
        names = dict(_of_cldr(one.tag)) | {_spelled(name): int(number) for name, number in zip(months[::2], months[1::2], strict=True)}
        words = {"around": one.calendar.around, "endings": one.numerals.endings}
        gathered[one.tag] = {"names": names} | {
            key: sorted({word for text in texts for word in _spelled(text).split()}) for key, texts in words.items()
        }
    return gathered


def _of_cldr(tag: str) -> Iterator[tuple[str, int]]:
    """Yield the CLDR's names of months, in full and short; a name that is given to two months, as those of one letter are, is left out."""
    from babel import Locale, UnknownLocaleError

    try:
        forms = Locale.parse(tag).months
    except (UnknownLocaleError, ValueError):
        return
    found: dict[str, set[int]] = {}
    for kind in forms.values():
        for width in ("wide", "abbreviated"):
            for number, name in kind.get(width, {}).items():
                found.setdefault(_spelled(name), set()).add(int(number))
    for name, numbers in found.items():
        # The root locale's M05 stands where a language has no name.
        if len(numbers) == 1 and any(one.isalpha() for one in name) and not name.startswith("m0") and name not in {"m10", "m11", "m12"}:
            yield name, *numbers  # type: ignore[misc]  # there is just one


def _spelled(name: str) -> str:
    """The words of a name, figures apart from letters, with a space between each."""
    return " ".join(word.text for word in words_of(name)[0])
