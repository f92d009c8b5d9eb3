"""Part a text into sentences, each a run of words, signs and quotations: a full stop between marks parts nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.speech.marks import Marked

_WORD = re.compile(r"\d[\d.,]*\d|[^\W_]+(?:['’ʼ\-‑.&][^\W_]+)*['’](?=\s)|[^\W_]+(?:['’ʼ\-‑&][^\W_]+)*|\.\.+|--+|\n|[^\s]")
_ALIKE = str.maketrans({"’": "'", "ʼ": "'", "\u0307": None})
"""Apostrophes are one; the dot that Turkish İ keeps as a small letter is none."""
_ENDS = frozenset([".", "!", "?", "…", "。", "؟", "۔", "।"])
_FULL_STOPS = frozenset([".", "…", "。", "۔", "।"])
_CLOSING = frozenset(")]’'*_")


class Token(NamedTuple):
    """A word, a sign or, with ``quoted``, a whole quotation; ``key`` is a word in lower case, a sign itself, and ``"`` for a quotation."""

    start: int
    end: int
    key: str
    is_word: bool
    quoted: Marked | None = None


def sentences(
    text: str, quotations: Sequence[Marked], abbreviations: frozenset[str], within: tuple[int, int] | None = None
) -> Iterator[list[Token]]:
    """The sentences of a text in its normal form, or of a stretch of it; line ends part them, too, but not within a quotation."""
    sentence: list[Token] = []
    may_end = False
    for token in _tokens(text, quotations, *(within or (0, len(text)))):
        if token.key == "\n" or (may_end and _begins(text, sentence[-1], token)):
            if sentence:
                yield sentence
            sentence = []
            may_end = False
        if token.key == "\n":
            continue
        sentence.append(token)
        may_end = _may_end(text, sentence, abbreviations) or (may_end and token.key in _CLOSING)
    if sentence:
        yield sentence


def _tokens(text: str, quotations: Sequence[Marked], place: int, end: int) -> Iterator[Token]:
    for one in quotations:
        yield from _plain_tokens(text, place, one.start)
        yield Token(one.start, one.end, '"', is_word=False, quoted=one)
        place = one.end
    yield from _plain_tokens(text, place, end)


def _plain_tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        yield Token(match.start(), match.end(), word.lower().translate(_ALIKE), word[0].isalnum())


def _may_end(text: str, sentence: list[Token], abbreviations: frozenset[str]) -> bool:
    last = sentence[-1]
    if last.quoted:
        start, end = last.quoted.parts[-1]
        # What is asked or called may be followed by who does: “Who?” she asked.
        return text[start:end].rstrip("’'‘\"»”) ")[-1:] in _FULL_STOPS
    if last.key not in _ENDS and not last.key.startswith(".."):
        return False
    if last.key != "." or len(sentence) == 1:
        return True
    before = sentence[-2]
    if before.end != last.start or not before.is_word:
        return True
    return before.key not in abbreviations and not (before.end - before.start == 1 and text[before.start].isupper())


def _begins(text: str, last: Token, token: Token) -> bool:
    """Return whether a token may begin a sentence: a space stands before it, and it is no small letter."""
    return token.start > last.end and (token.quoted is not None or not text[token.start].islower()) and token.key not in ",;:)—–―-"
