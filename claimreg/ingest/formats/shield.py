"""Invisible characters of words (soft hyphen, joiners, direction marks), carried unharmed through a library that drops them."""

from __future__ import annotations

import html
import re

_INVISIBLE = (
    "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_FIRST_STAND_IN = 0x4DC0
"""The hexagrams of the Yijing: printable signs without a meaning to any parser, sixty-four of them, hardly ever in a text."""

_MAYBE = re.compile(rf"[{_INVISIBLE}]|&(?:shy|zwn?j|lrm|rlm|#\d{{2,5}}|#[xX][0-9a-fA-F]{{2,4}});?")


def shielded(source: str) -> tuple[str, dict[int, str]]:
    """HTML with stand-ins for invisible characters and for their names, and what each stands for; empty when there are none."""
    if not _MAYBE.search(source) or any(chr(_FIRST_STAND_IN) <= sign <= "\u4dff" for sign in set(source)):
        return source, {}
    back = {_FIRST_STAND_IN + place: sign for place, sign in enumerate(_INVISIBLE)}
    stand_ins = {sign: chr(place) for place, sign in back.items()}

    def replaced(match: re.Match[str]) -> str:
        return stand_ins.get(html.unescape(match[0]) if match[0][0] == "&" else match[0], match[0])

    return _MAYBE.sub(replaced, source), back


def unshielded(text: str, back: dict[int, str]) -> str:
    """The text with its invisible characters in their places again."""
    return text.translate(back) if back else text
