"""Tell what between marks is no speech: the title of a work, a name, a law, a term, a word that its writer stands back from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.speech.marks import Marked
    from claimreg.speech.profile import Profile

_FEW_WORDS = 2
_TITLE_WORDS = 8
_BESIDE = 40
"""Characters before a quotation in which the word that tells of it is looked for."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def reason_against(text: str, one: Marked, profile: Profile | None, *, has_cue: bool) -> str:
    """Reason that a quotation is no speech: ``title``, ``name``, ``law``, ``term`` or ``scare``; nothing where it is some, or may be."""
    inside = _WORD.findall(text[one.parts[0][0] : min(one.parts[-1][1], one.parts[0][0] + 400)])
    before = [word.lower() for word in _WORD.findall(text[max(0, one.start - _BESIDE) : one.start])]
    after = [word.lower() for word in _WORD.findall(text[one.end : one.end + _BESIDE])][:1]
    if profile:
        beside = _by_words(before[-2:], after, profile)
        if beside and (not has_cue or len(inside) <= _TITLE_WORDS) and (beside != "title" or _is_title(inside)):
            return beside
    if has_cue:
        return ""
    if len(inside) <= _FEW_WORDS:
        return "scare" if inside and not inside[0][0].isupper() else "name"
    return "title" if len(inside) <= _TITLE_WORDS and _is_title(inside) and text[one.parts[-1][1] - 1] not in ".,!?" else ""


def _by_words(before: list[str], after: list[str], profile: Profile) -> str:
    last = before[-1:]
    pair = "_".join(before[-2:])
    if profile.names_before & {*last, pair} or profile.names_after & {*after}:
        return "name"
    if profile.terms_beside & {*last}:
        return "term"
    if profile.laws_beside & {*last, *after}:
        return "law"
    return "title" if profile.titles_beside & {*last, *before[-1:]} else ""


def _is_title(words: list[str]) -> bool:
    """Return whether the words of a quotation are written as a title's: all long ones with a capital letter."""
    long = [word for word in words if len(word) > 3]  # noqa: PLR2004 -- articles and prepositions are small in a title
    return bool(long) and all(word[0].isupper() or word[0].isdigit() for word in long)
