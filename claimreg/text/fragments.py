"""Addresses that lead to words on a page: text fragments (`#:~:text=`), as the WICG's draft has them and browsers follow them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote

_SHORT = 100
"""Code points of words on one line up to which they are named whole; of longer ones the first and the last are, as browsers do it."""

_ENOUGH, _TOKENS = 36, 4
"""Code points and words of a beginning or an end that are taken for no other place on the page's."""

_AROUND = 3  # words before or behind that tell one place from another
_TOKEN = re.compile(r"[^\s。、，！？；：…]+[。、，！？；：…]*")
_ITEM = re.compile(r"\A(?:[-*•–]|\d{1,3}[.)])\s+")
_DIRECTIVE = ":~:"


class Passage(NamedTuple):
    """Words on a page, with what stands before and behind them."""

    exact: str
    before: str = ""
    behind: str = ""


def address_of(url: str, passages: list[Passage], *, is_ambiguous: bool = False) -> str:
    """The address that leads to passages on a page; the page's own where they have no word that could be looked for.

    ``is_ambiguous`` says that the words stand in several places, which those around them tell apart.
    """
    directives = [directive for one in passages if (directive := _directive(one, is_ambiguous=is_ambiguous))]
    if not directives:
        return url
    page, sign, fragment = url.partition("#")
    named = fragment.partition(_DIRECTIVE)[0] if sign else ""
    return f"{page}#{named}{_DIRECTIVE}{'&'.join(directives)}"


def _directive(passage: Passage, *, is_ambiguous: bool) -> str:
    exact, before, behind = _whole_words(passage)
    lines = [line for one in exact.split("\n") if (line := _bare(one))]
    if not lines:
        return ""
    first, last = _beginning(lines[0]), _end(lines[-1])
    is_whole = len(lines) == 1 and (len(lines[0]) <= _SHORT or len(first) + len(last) >= len(lines[0]))
    parts = [_encoded(one) for one in (lines if is_whole else (first, last))]
    if is_ambiguous:
        before, behind = _last_words(before), _first_words(behind)
        parts = [*([f"{_encoded(before)}-"] if before else []), *parts, *([f"-{_encoded(behind)}"] if behind else [])]
    return f"text={','.join(parts)}"


def _whole_words(passage: Passage) -> Passage:
    """The passage without what is only a part of a word at its ends: browsers look for whole ones."""
    exact, before, behind = passage
    if before[-1:].isalnum() and exact[:1].isalnum() and (cut := re.search(r"\s", exact)):
        exact, before = exact[cut.start() :], ""
    if behind[:1].isalnum() and exact[-1:].isalnum() and (cut := re.search(r"\s\S*\Z", exact)):
        exact, behind = exact[: cut.start()], ""
    return Passage(exact, before, behind)


def _bare(line: str) -> str:
    """A line on one space, without the mark of a list and the signs at its ends, which pages may set in another way."""
    text = _ITEM.sub("", " ".join(line.split()), count=1)
    # Vowel signs and accents belong to the letter before them.
    signs = [at for at, sign in enumerate(text) if unicodedata.category(sign)[0] in "LMN"]
    return text[signs[0] : signs[-1] + 1] if signs else ""


def _beginning(line: str) -> str:
    """The first words of a line."""
    tokens = [one.end() for one in _TOKEN.finditer(line)]
    return line[: next((end for number, end in enumerate(tokens, 1) if end >= _ENOUGH and number >= _TOKENS), len(line))]


def _end(line: str) -> str:
    """The last words of a line."""
    tokens = [len(line) - one.start() for one in reversed(list(_TOKEN.finditer(line)))]
    length = next((size for number, size in enumerate(tokens, 1) if size >= _ENOUGH and number >= _TOKENS), len(line))
    return line[len(line) - length :]


def _last_words(before: str) -> str:
    tokens = list(_TOKEN.finditer(line := before.rpartition("\n")[2].rstrip()))
    # The first of them may be cut off.
    chosen = tokens[1:][-_AROUND:] if len(tokens) > 1 else []
    return line[chosen[0].start() :] if chosen else ""


def _first_words(behind: str) -> str:
    tokens = list(_TOKEN.finditer(line := behind.partition("\n")[0].lstrip()))
    chosen = tokens[:-1][:_AROUND] if len(tokens) > 1 else []
    return line[: chosen[-1].end()] if chosen else ""


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
