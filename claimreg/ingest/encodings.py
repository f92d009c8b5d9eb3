"""Encoding that reads bytes as a text that somebody wrote.

Every reading is a text, and a text in a language has its letters as often as the language has them. So the likeliest reading is the one
whose letters, by the language that fits them best, are the likeliest: logarithms of probabilities are summed, a byte beyond ASCII for a
byte, so that readings can be compared. What no text has weighs against a reading: a capital behind a small letter, two scripts in a
word, a sign between letters. Figures without a source were set on sentences of ours and hold on others: see `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from claimreg.ingest.letter_shares import LETTER, OTHER, UNSEEN, script_of, weights_by_script

_SINGLE = {
    "cp1252": 0.0, "cp1251": 0.0, "koi8-r": 0.0, "koi8-u": -0.5, "cp866": -1.0, "kz1048": -0.5, "cp1250": 0.0, "cp1254": 0.0, "cp1253": 0.0,
    "cp1255": 0.0, "cp1256": 0.0, "cp1257": 0.0, "cp1258": -1.0, "cp874": 0.0, "iso8859-2": -0.5, "iso8859-5": -1.0, "iso8859-7": -0.5,
    "iso8859-15": -2.0, "iso8859-6": -2.0, "ptcp154": -2.0, "mac-cyrillic": -3.0, "mac-roman": -4.0, "cp850": -4.0, "cp852": -4.0,
    "cp862": -5.0, "cp737": -5.0, "cp857": -5.0, "cp775": -6.0,
}  # fmt: skip
"""Encodings, in order of preference where they read the same, with the logarithm of how common they are beside the first ones."""

_WIDE = {"gb18030": 0.0, "cp949": 0.0, "cp932": 0.0, "euc_jp": 0.0, "big5": -1.0}

_SAMPLE = 4_000
_PASSAGE = re.compile(rb"(?<![^\r\n<>])[^\r\n<>\x80-\xff]*+[\x80-\xff][^\r\n<>]*")
"""From the start of a line or the end of a tag only: else a long line without such a byte would be searched from each of its places."""

_WORD = re.compile(f"{LETTER}+")

_DECLARED = 0.4  # bonus of a declared encoding for each byte: it settles doubt, and cannot make nonsense into a text
_POOR = -12.0  # a reading whose letters weigh less on average is no text: strange letters alone weigh some -11

_SCRIPT = -3.0
_MARK, _SIGN, _NO_SIGN, _SPACE = -5.0, -6.5, -10.0, -5.5
_BROKEN = -6.0
"""Weights: another script in the text; a quotation mark or dash, a sign of texts, another sign, a hard space; what stands where nothing
does, as a capital behind a small letter (twice that for two scripts in a word)."""

_FEWEST_SWITCHED = 3

_QUOTES = frozenset("«»“”„‘’‚‹›—–…\u00ad'")
_SIGNS = frozenset("•·№§°©®™€£¥¢¡¿±×´`¨¬¦¶†‡‰µ²³¹¼½¾ºª")
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0e30-\u0e4e"
_SIGN_IN_WORD = re.compile(
    rf"(?<=[^\W\d_])[^\x00-\x7f\w\s’‘—–…\u00ad{_MARKS}](?=[^\W\d_])|(?<=[^\W\d_])[•·§°¢£¥¡¿±×¨¬¦¶†‡‰µ¼½¾€]"
    r"|[•·¢¥±×´¨¬¦¶†‡‰µ¼½¾°€](?=[^\W\d_])"
)
"""A sign between two letters, or one that is no mark of punctuation beside a letter."""


class _Reading(NamedTuple):
    name: str
    text: str
    weight: float


def likeliest(content: bytes, declared: str | None = None, beside: str = "") -> str:
    """The encoding (Python's name) that the bytes, which are not UTF-8, are likeliest in; ``declared`` is believed if it can be.

    ``beside`` is a text that they stand in: it tells the language.
    """
    sample = _sample(content)
    bonus = _DECLARED * sum(byte > 0x7F for byte in sample)  # noqa: PLR2004 -- ASCII
    names = dict.fromkeys([declared] if declared else []) | dict.fromkeys(_SINGLE) | dict.fromkeys(_WIDE)
    readings = []
    for name in names:
        if (text := _decoded(sample, name)) is not None:
            rarity = bonus if name == declared else _SINGLE.get(name, _WIDE.get(name, 0.0))
            readings.append(_Reading(name, text, rarity + _letters_weight(text, name, beside)))
    best = _best(readings)
    if best is None or best.weight - _ascii_weight(best.text, beside) < _POOR * sum(not letter.isascii() for letter in best.text):
        return _library_says(content) or declared or "cp1252"
    return best.name


def seven_bit(content: bytes) -> str | None:
    """The encoding of a text in ASCII bytes that switch to another script by signs: ISO 2022 of Japan and Korea, or HZ."""
    for sign, names in ((b"\x1b$", ("iso2022_jp", "iso2022_jp_3", "iso2022_kr")), (b"~{", ("hz",))):
        if sign in content:
            for name in names:
                text = _decoded(content, name)
                if text is not None and "\x1b" not in text and _is_of_everyday(text, name):
                    return name
    return None


def _is_of_everyday(text: str, name: str) -> bool:
    """Return whether the letters beyond ASCII are mostly those of everyday use: signs of HZ stand in programs, too."""
    beyond = [letter for letter in text if not letter.isascii()]
    of_everyday = sum(
        _wide_weight(letter, "gb18030" if name == "hz" else "cp949" if name == "iso2022_kr" else "cp932") > _SELDOM for letter in beyond
    )
    return len(beyond) >= _FEWEST_SWITCHED and of_everyday * 2 > len(beyond)


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


def _decoded(sample: bytes, name: str) -> str | None:
    """The sample's text; it may end inside a letter of two bytes, which counts as one that no text has."""
    for size, end in ((len(sample), ""), (-1, "\ufffd")) if name in _WIDE else ((len(sample), ""),):
        try:
            return unicodedata.normalize("NFC", sample[:size].decode(name)) + end
        except UnicodeError:
            continue
    return None


def _best(readings: list[_Reading]) -> _Reading | None:
    """The reading that weighs most with its words looked at, which only takes from what its letters weigh."""
    best: _Reading | None = None
    for reading in sorted(readings, key=lambda one: -one.weight):
        if best is not None and reading.weight <= best.weight:
            break
        whole = reading._replace(weight=reading.weight + _shape_weight(reading))
        if best is None or whole.weight > best.weight:
            best = whole
    return best


def _shape_weight(reading: _Reading) -> float:
    if reading.name not in _WIDE:
        return _words_weight(reading.text)
    scripts = Counter("Latn" if word.isascii() else OTHER for word in _WORD.findall(reading.text))
    return _BROKEN * sum(1 for _ in _LONE.finditer(reading.text)) + _mixed_weight(scripts)


def _letters_weight(text: str, name: str, beside: str) -> float:
    """Weight of the letters and signs of a reading, by the languages that fit them best, whatever their order."""
    counts = Counter(text.lower())
    total = 0.0
    by_script: dict[str, dict[str, int]] = {"Latn": {}}
    for one, times in counts.items():
        script = script_of(one)
        if name in _WIDE and not one.isascii():
            total += times * _wide_weight(one, name)
        elif script != OTHER and (one.isalpha() or unicodedata.category(one)[0] == "M"):
            by_script.setdefault(script, {})[one] = times
        elif not one.isascii():
            total += times * _sign_weight(one)
    context = Counter(beside.lower())
    for script, letters in by_script.items():
        known = {one: times for one, times in context.items() if script_of(one) == script}
        total += _language_weight(script, letters, known)
    return total


def _language_weight(script: str, letters: dict[str, int], context: dict[str, int]) -> float:
    """The letters' weight by the language that fits them, and those beside them, best."""
    best, weight = -math.inf, UNSEEN * sum(letters.values())
    for weights in weights_by_script().get(script, ()):
        own = sum(times * weights.get(one, UNSEEN) for one, times in letters.items())
        whole = own + sum(times * weights.get(one, UNSEEN) for one, times in context.items())
        if whole > best:
            best, weight = whole, own
    return weight


def _ascii_weight(text: str, beside: str) -> float:
    return _letters_weight("".join(one for one in text if one.isascii()), "ascii", beside)


def _sign_weight(sign: str) -> float:
    if sign == "\u00a0":
        return _SPACE
    return _MARK if sign in _QUOTES else _SIGN if sign in _SIGNS else _NO_SIGN


def _words_weight(text: str) -> float:
    """Weight that the shape of the words takes from a reading."""
    total = _BROKEN * sum(1 for _ in _SIGN_IN_WORD.finditer(text))
    scripts: Counter[str] = Counter()
    for word, times in Counter(_WORD.findall(text)).items():
        if word.isascii():
            scripts["Latn"] += times
            continue
        of_word = {script_of(letter) for letter in word if not "\u0300" <= letter <= "\u036f"} - {OTHER}
        scripts.update(dict.fromkeys(of_word, times))
        flips = sum(first.islower() and second.isupper() for first, second in pairwise(word))
        total += _BROKEN * times * (flips + (2 if len(of_word) > 1 else 0))
    return total + _mixed_weight(scripts)


def _mixed_weight(scripts: Counter[str]) -> float:
    """Weight that it takes from a reading that its words are in several scripts."""
    words = scripts.total()
    return sum(times * math.log(times / words) for times in scripts.values()) + _SCRIPT * max(0, len(scripts) - 1)


_LONE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?=[\x00-\x7f])|(?<=[\x00-\x7f])[^\x00-\x7f](?=[A-Za-z])")
"""One letter of two bytes in a word of Latin letters: such texts write several in a row."""

_EVERYDAY = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
}
"""Rows of a standard with the characters of everyday use (GB 2312 and JIS X 0208, first level; Big5, first level)."""

_USED, _SELDOM, _ALIEN = math.log(1 / 1_500), -12.0, -14.0
_SYLLABLE = math.log(1 / 900)
_KANA = math.log(0.5 / 80)
_WIDE_MARK = -4.5
"""Weights of a character of everyday use among some 3,500, of another one, of one that this encoding's texts have not; of a Korean
syllable among the 2,350 of the standard, of which texts use few; of kana, half of a Japanese text; of punctuation."""


def _wide_weight(letter: str, name: str) -> float:
    """Weight of a letter of two bytes in an encoding of such letters."""
    if "\u3000" <= letter <= "\u303f" or "\uff01" <= letter <= "\uff5e" or letter in _QUOTES or letter in "·×":
        return _WIDE_MARK
    if name == "cp949":
        return (_SYLLABLE if _is_within(letter, "euc_kr") else _SELDOM) if "\uac00" <= letter <= "\ud7a3" else _ALIEN
    if "\u3041" <= letter <= "\u30ff":
        return _KANA if name in ("cp932", "euc_jp") else _ALIEN
    codec, first, last = _EVERYDAY[name]
    return _USED if _is_within(letter, codec, first, last) else _SELDOM


def _is_within(letter: str, codec: str, first: int = 0, last: int = 0xFF) -> bool:
    try:
        return first <= letter.encode(codec)[0] <= last
    except UnicodeError:
        return False


def _library_says(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:20_000]).best()
    return best.encoding if best else None
