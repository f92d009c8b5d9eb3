"""Other spellings under which a word is searched: in the plain letters of a keyboard without marks, or without its article.

The skeleton of :mod:`claimreg.text.romanize` follows the sound (``ş`` is ``sh``). People who have no such key type the letter without its
mark (``s``), as Turkish and Polish readers do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from claimreg.text.words import words

_PLAIN = {
    **dict.fromkeys("şșšś", "s"),
    **dict.fromkeys("çčć", "c"),
    **dict.fromkeys("žżź", "z"),
    "đ": "d",
    "ə": "e",
}
_TYPED = str.maketrans(_PLAIN | {letter.upper(): plain.upper() for letter, plain in _PLAIN.items()})
"""Letters that a skeleton has by their sound, and what is typed for them; other marks a skeleton does without."""

_MARKED = re.compile(f"[{''.join(_PLAIN)}]", re.IGNORECASE)
_COMBINING = re.compile("[\u0300-\u036f]")
_ARABIC = re.compile("[\u0621-\u064a]")
_ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_SHORTEST = 3
"""Letters that a word must have behind its article."""


def other_spelling(word: str) -> str:
    """The word as it may be typed by others; empty where that is as it is written."""
    if word.isascii():
        return ""
    if _ARABIC.search(word):
        return _without_article(word)
    if _COMBINING.search(word):
        word = unicodedata.normalize("NFC", word)
    return word.translate(_TYPED) if _MARKED.search(word) else ""


def other_spellings(text: str) -> list[str]:
    """The other spellings of a text's words, in order."""
    if text.isascii() or not (_MARKED.search(text) or _COMBINING.search(text) or _ARABIC.search(text)):
        return []
    return [other for span in words(text) if (other := other_spelling(text[span.start : span.end]))]


def otherwise_spelt(text: str) -> str:
    """The text with the other spelling of each word that has one."""
    pieces: list[str] = []
    end = 0
    for span in words(text):
        pieces += text[end : span.start], other_spelling(text[span.start : span.end]) or text[span.start : span.end]
        end = span.end
    return "".join([*pieces, text[end:]])


def _without_article(word: str) -> str:
    bare = _ARABIC_MARKS.sub("", word)
    rests = (bare.removeprefix(article) for article in _articles() if bare.startswith(article))
    return next((rest for rest in rests if len(rest) >= _SHORTEST), "")


@cache
def _articles() -> tuple[str, ...]:
    """The articles of Arabic, the longest first."""
    from claimreg.languages import language

    return tuple(sorted(language("ar").articles, key=len, reverse=True))
