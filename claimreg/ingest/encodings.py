"""Encoding that reads bytes as a text that somebody wrote."""

from __future__ import annotations

import math
import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from claimreg.ingest.alphabets import all_alphabets, foreign_letters

_SINGLE = (
    "cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "kz1048", "ptcp154", "mac-cyrillic", "cp1252", "cp1254", "cp1250",
    "iso8859-2", "cp1257", "cp1253", "cp1255", "cp1256", "iso8859-6", "cp850", "mac-roman",
)  # fmt: skip
"""Encodings in order of preference where they read the same."""

_WIDE = ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr")

_SAMPLE = 6_000
_PASSAGE = re.compile(rb"[^\r\n<>]*[\x80-\xff][^\r\n<>]*")
_WORD = re.compile(r"[^\W\d_]+")

_FREQUENCIES = dict(zip(
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    (10.97, 8.45, 8.01, 7.35, 6.70, 6.26, 5.47, 4.73, 4.54, 4.40, 3.49, 3.21, 2.98, 2.81, 2.62, 2.01, 1.90, 1.74, 1.70, 1.65,
     1.59, 1.44, 1.21, 0.97, 0.94, 0.73, 0.64, 0.48, 0.36, 0.32, 0.26, 0.04, 0.04),
    strict=True,
)) | {"і": 3.0, "қ": 2.0, "ғ": 1.2, "ң": 1.2, "ә": 1.2, "ө": 1.0, "ү": 1.0, "ұ": 0.8, "һ": 0.2, "ї": 0.6, "є": 0.5, "ў": 0.5, "ј": 1.0,
       "ґ": 0.05, "љ": 0.2, "њ": 0.2, "ћ": 0.3, "џ": 0.05, "ђ": 0.1, "ҳ": 0.3, "ӯ": 0.2, "ҷ": 0.2, "җ": 0.2, "ѓ": 0.05, "ќ": 0.05,
       "ѕ": 0.02}  # fmt: skip
"""Percent of a text's letters: Russian, as counted in its national corpus, and roughly those that its neighbours have besides."""

_RARE, _WRONG, _OTHER = -3.0, -4.0, -0.2
"""Weights (logarithms) of a Cyrillic letter not in the table, of a sign where no text has it, of letters of other scripts."""

_CLOSE = 1.2
_FOREIGN = 6.0
_DECLARED = 0.4  # bonus of a declared encoding: it settles doubt, and cannot make nonsense into a text
_POOR = -1.0  # a reading of less weight is no text in a single-byte encoding
_SELDOM = {"mac-cyrillic": 0.3, "mac-roman": 0.3, "cp850": 0.3, "iso8859-6": 0.1, "ptcp154": 0.05}
"""Penalty of encodings that hardly any text is in today."""

_QUOTES = frozenset("«»“”„‘’‚‹›—–…\u00a0\u00ad'")
_SIGNS = frozenset("•·№§°©®™€£¥¢¡¿±×´`¨¬¦¶†‡‰µ²³¹¼½¾ºª")
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[^\x00-\x7f\w\s’‘—–…\u00ad](?=[^\W\d_])|(?<=[^\W\d_])[•·§°¢£¥¡¿±×¨¬¦¶†‡‰µ¼½¾€]|[•·¢¥±×´¨¬¦¶†‡‰µ¼½¾°€](?=[^\W\d_])"
)
"""A sign between two letters, or one that is no mark of punctuation beside a letter."""


class _Reading(NamedTuple):
    name: str
    text: str
    weight: float


def likeliest(content: bytes, declared: str | None = None) -> str:
    """The encoding (Python's name) that the bytes, which are not UTF-8, are likeliest in; ``declared`` is believed if it can be."""
    sample = _sample(content)
    names = dict.fromkeys([declared] if declared else []) | dict.fromkeys(_SINGLE)
    readings = [reading for name in names if (reading := _reading(sample, name, declared)) is not None]
    wide = [reading for name in _WIDE if name != declared and (reading := _wide_reading(sample, name)) is not None]
    best = max((reading.weight for reading in readings + wide), default=-math.inf)
    if best < _POOR:
        return _library_says(content) or declared or "cp1252"
    close = [reading for reading in readings + wide if reading.weight >= best - _CLOSE]
    unlike = {reading.text: reading for reading in reversed(close)}
    if len(unlike) == 1:
        return close[0].name
    return max(close, key=lambda reading: reading.weight - _FOREIGN * _foreign_share(reading.text)).name


def _sample(content: bytes) -> bytes:
    """Lines with bytes beyond ASCII, without the tags between them."""
    taken: list[bytes] = []
    length = 0
    for passage in _PASSAGE.finditer(content):
        taken.append(passage[0])
        length += len(passage[0])
        if length > _SAMPLE:
            break
    return b"\n".join(taken)[: 2 * _SAMPLE]


def _reading(sample: bytes, name: str, declared: str | None) -> _Reading | None:
    try:
        text = sample.decode(name)
    except UnicodeError:
        return None
    weight = _weight(text) + (_DECLARED if name == declared else 0.0) - _SELDOM.get(name, 0.0)
    return _Reading(name, text, weight)


def _weight(text: str) -> float:
    """Return how much the signs beyond ASCII are like a text's, on average for each."""
    beyond = sum(not letter.isascii() for letter in text)
    if not beyond:
        return 0.0
    total = sum(_sign_weight(sign) for sign in text if not (sign.isascii() or sign.isalpha()))
    total += _WRONG * sum(1 for _ in _SIGN_IN_WORD.finditer(text))
    for word in _WORD.findall(text):
        if not word.isascii():
            total += _word_weight(word)
    return total / beyond


def _sign_weight(sign: str) -> float:
    if sign == "\u00a0":
        return 2.5 * _OTHER
    return 0.0 if sign in _QUOTES or sign in _SIGNS else _WRONG


def _word_weight(word: str) -> float:
    lower = word.lower()
    total = sum(_letter_weight(letter) for letter in lower if not letter.isascii())
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in lower)
    latin = sum(letter.isascii() or "\u00c0" <= letter <= "\u024f" for letter in lower)
    if (cyrillic and cyrillic < len(word)) or (latin and latin < len(word)):
        total += 2 * _WRONG
    flips = sum(first.islower() and second.isupper() for first, second in pairwise(word))
    return total + flips * _WRONG / 2


def _letter_weight(letter: str) -> float:
    if "\u0400" <= letter <= "\u052f":
        frequency = _FREQUENCIES.get(letter)
        return math.log(frequency * 33 / 100) if frequency else _RARE
    return _OTHER if letter in _known_letters() or letter > "\u036f" else _RARE


@cache
def _known_letters() -> frozenset[str]:
    return frozenset().union(*all_alphabets().values())


def _foreign_share(text: str) -> float:
    """The share of the letters beyond ASCII that the language of the reading does not have; half of them when it has none."""
    from claimreg.ingest.language import ranked_languages

    letters = "".join(letter for letter in text.lower() if letter.isalpha() and not letter.isascii())
    if not letters:
        return 0.0
    alphabets = all_alphabets()
    language, chance = next(((name, chance) for name, chance in ranked_languages(text) if name in alphabets), ("", 0.0))
    if not language:
        return 0.5
    return foreign_letters(letters, alphabets[language]) / len(letters) + 0.1 * (1 - chance)


def _wide_reading(sample: bytes, name: str) -> _Reading | None:
    """A reading in an encoding of two bytes a letter; the sample may end inside one."""
    for shorter in (sample, sample[:-1]):
        try:
            text = shorter.decode(name)
        except UnicodeError:
            continue
        beyond = [letter for letter in text if not letter.isascii()]
        if not beyond:
            return None
        strange = sum(not _everyday(letter, name) for letter in beyond) + len(_LONE.findall(text))
        return _Reading(name, text, 1.0 - 8.0 * strange / len(beyond))
    return None


_LONE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[\x00-\x7f])|(?<=[\x00-\x7f])[^\x00-\x7f](?=[A-Za-z])")
"""One letter of two bytes in a word of Latin letters: such texts write several in a row."""

_EVERYDAY = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "shift_jis": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
}
"""Rows of a standard with the characters of everyday use (GB 2312 and JIS X 0208, first level)."""


def _everyday(letter: str, name: str) -> bool:
    """Return whether a character is one that texts in this encoding are made of."""
    if "\u3000" <= letter <= "\u303f" or "\uff01" <= letter <= "\uff5e" or letter in _QUOTES or letter in "·×":
        return True
    if name == "euc_kr":
        return "\uac00" <= letter <= "\ud7a3"
    if "\u3041" <= letter <= "\u30ff":
        return name in ("shift_jis", "euc_jp")
    codec, first, last = _EVERYDAY[name]
    try:
        return first <= letter.encode(codec)[0] <= last
    except UnicodeError:
        return False


def _library_says(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:20_000]).best()
    return best.encoding if best else None
