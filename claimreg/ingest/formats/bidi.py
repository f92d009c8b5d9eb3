"""Lines as they are seen, from left to right, put in the order in which they are read.

That order cannot be had back for certain (the Unicode Bidirectional Algorithm, UAX #9, shows some texts alike); where several texts
look the same, the one is taken in which a number after a foreign word goes with it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Any letter of the scripts that are written from right to left."""

_FORWARD, _NUMBERS = frozenset({"L"}), frozenset({"EN", "AN"})
_BACK = frozenset({"R", "AL"})
_STRONG = _FORWARD | _BACK | _NUMBERS
_PAIRS = "()[]{}<>«»‹›⟨⟩⟦⟧≤≥⁅⁆❨❩"
_OPENING = frozenset(_PAIRS[::2])
_MIRRORED = str.maketrans(_PAIRS, "".join(_PAIRS[at + 1] + _PAIRS[at] for at in range(0, len(_PAIRS), 2)))
_PARTNER = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True))


class Cell(NamedTuple):
    """Letters that stand at one place, in the order in which they are read among themselves."""

    text: str
    start: float
    end: float


def direction_of(text: str) -> str:
    """The bidirectional class that decides for a text: that of its first letter, else of a digit, else of its first character."""
    classes = [unicodedata.bidirectional(one) for one in text]
    for wanted in (_FORWARD | _BACK, _NUMBERS):
        for one in classes:
            if one in wanted:
                return one
    return classes[0] if classes else "ON"


def letters(text: str) -> tuple[int, int]:
    """Number of letters of a text that are written from left to right, and how many from right to left."""
    classes = [unicodedata.bidirectional(one) for one in text]
    return sum(one in _FORWARD for one in classes), sum(one in _BACK for one in classes)


def read_order(texts: list[str], *, backwards: bool, arabic: bool, mirror: bool) -> list[str]:
    """Texts that stand side by side, from left to right, as they are read.

    ``backwards`` says that the line is read from right to left, ``arabic`` that it stands among Arabic letters, which part numbers
    otherwise than Hebrew ones do, ``mirror`` that brackets come as they look there.
    """
    classes = [direction_of(text) for text in texts]
    if backwards:
        return _backwards(texts, classes, arabic=arabic, mirror=mirror)
    ordered: list[str] = []
    at = 0
    while at < len(texts):
        if classes[at] in _BACK:
            end = _end_of_back(classes, at)
            ordered.extend(_backwards(texts[at:end], classes[at:end], arabic=arabic, mirror=mirror))
            at = end
        else:
            ordered.append(texts[at])
            at += 1
    return ordered


def matched(text: str) -> int:
    """Number of brackets that have their partner, less those that have none."""
    open_ones: list[str] = []
    score = 0
    for one in text:
        if one in _OPENING:
            open_ones.append(one)
        elif one in _PARTNER:
            if open_ones and open_ones[-1] == _PARTNER[one]:
                open_ones.pop()
                score += 1
            else:
                score -= 1
    return score - len(open_ones)


def _end_of_back(classes: list[str], at: int) -> int:
    """The place where words that are read from right to left end: at the last of them before a letter of the other direction."""
    end = at + 1
    for number in range(at + 1, len(classes)):
        if classes[number] in _FORWARD:
            break
        if classes[number] in _BACK:
            end = number + 1
    return end


def _backwards(texts: list[str], classes: list[str], *, arabic: bool, mirror: bool) -> list[str]:
    ordered: list[str] = []
    at = len(texts)
    ends = _ends_of_forward(classes, arabic=arabic)
    while at > 0:
        start = ends.get(at)
        if start is not None:
            ordered.extend(texts[start:at])
            at = start
        else:
            at -= 1
            one = texts[at]
            ordered.append(one.translate(_MIRRORED) if mirror and len(one) == 1 else one)
    return ordered


def _ends_of_forward(classes: list[str], *, arabic: bool) -> dict[int, int]:
    """The place where what is read from left to right ends among the rest, and where each begins."""
    found: dict[int, int] = {}
    at = 0
    while at < len(classes):
        if classes[at] in _FORWARD or classes[at] in _NUMBERS:
            start, end = _forward_run(classes, at, arabic=arabic)
            found[end] = start
            at = end
        else:
            at += 1
    return found


def _forward_run(classes: list[str], start: int, *, arabic: bool) -> tuple[int, int]:
    end = start + 1
    foreign = classes[start] in _FORWARD
    at = end
    while at < len(classes) and classes[at] not in _BACK:
        if classes[at] in _STRONG:
            forward = classes[at] in _FORWARD
            if not (foreign or forward or _one_number(classes[end:at], arabic=arabic)):
                break
            foreign = foreign or forward
            end = at + 1
        at += 1
    if foreign or not arabic:  # a sign of a unit goes with its number, but for numbers in Arabic letters
        while end < len(classes) and classes[end] == "ET" and classes[end - 1] in _NUMBERS | {"ET"}:
            end += 1
        while start > 0 and classes[start - 1] == "ET" and classes[start] in _NUMBERS | {"ET"}:
            start -= 1
    if start == 0 and not foreign and not arabic and classes[end : end + 2] == ["ES", "WS"]:
        end += 1  # a range that goes on in the next line
    return start, end


def _one_number(between: list[str], *, arabic: bool) -> bool:
    """Return whether two numbers with this between them are one: a decimal, a time, a date; and but for Arabic letters, a range."""
    return not between or between == ["CS"] or (between == ["ES"] and not arabic)
