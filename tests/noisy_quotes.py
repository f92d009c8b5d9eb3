"""Quotes with made-up noise: `python tests/noisy_quotes.py` writes them anew, the same each time, to `fixtures/noisy-quotes.json`.

The texts are those of the demo, which are our own words, as they were when the file was written. The file is what tests read: a digest of
the links of these quotes says whether the linker finds what it found before.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "fixtures" / "noisy-quotes.json"
DEMO = Path(__file__).parents[1] / "data" / "demo"
WORD = re.compile(r"\S+")
OF_EACH = 12
"""Quotes of each kind of noise in each text."""

_CYRILLIC, _LATIN = "абвгғдежзийкқлмнңоөпрстуұүфхһшыі", "abvgğdejziikqlmnñoöprstuūüfhhşyı"
LATIN = str.maketrans(_CYRILLIC, _LATIN)
_ENDINGS = {
    (False, False): ("ларм", "ться"),
    (False, True): ("терде", "ларды"),
    (True, False): ("ness", "ward"),
    (True, True): ("ments", "ingly"),
}
"""Endings by whether the word is in Latin letters, and whether it has more than four."""


class Noisy(NamedTuple):
    """A quote, and the number of the text that it was made of."""

    text: int
    quote: str


TURNED = [
    Noisy(0, "бұған қоса ол 120 сағат"),
    Noisy(0, "22 шілдеде жариялады"),
    Noisy(1, "90 часов общественных работ"),
    Noisy(1, "четыре года ограничения свободы"),
    Noisy(2, "120 hours of community labour"),
    Noisy(2, "four years of restricted liberty"),
    Noisy(2, "On 22 July 2020"),
]
"""Few words, of which one number or date is another."""


def known() -> tuple[list[str], list[Noisy]]:
    """The texts and the quotes of the file."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return read["texts"], [Noisy(*one) for one in read["quotes"]]


def made(texts: list[str]) -> list[Noisy]:
    """The quotes of these texts."""
    quotes: list[Noisy] = []
    for number, text in enumerate(texts):
        found = WORD.findall(text)
        for kind, noise in NOISES.items():
            chance = random.Random(f"{kind} {number}")  # noqa: S311 -- the same each time
            for _ in range(OF_EACH):
                length = chance.randint(6, 28)
                first = chance.randrange(len(found) - length)
                quotes.append(Noisy(number, " ".join(noise(found[first : first + length], chance, found))))
    return quotes + TURNED


def _slips(share: float) -> Callable[[list[str], random.Random, list[str]], list[str]]:
    def noise(words: list[str], chance: random.Random, _every: list[str]) -> list[str]:
        return ["".join(chance.choice("aeoнmірт") if chance.random() < share else letter for letter in word) for word in words]

    return noise


def _replaced(share: float) -> Callable[[list[str], random.Random, list[str]], list[str]]:
    def noise(words: list[str], chance: random.Random, every: list[str]) -> list[str]:
        return [chance.choice(every) if chance.random() < share else word for word in words]

    return noise


def _left_out(least: int, most: int) -> Callable[[list[str], random.Random, list[str]], list[str]]:
    def noise(words: list[str], chance: random.Random, _every: list[str]) -> list[str]:
        gap = min(chance.randint(least, most), len(words) - 4)
        at = chance.randint(2, len(words) - gap - 1)
        return words[:at] + words[at + gap :]

    return noise


def _put_in(words: list[str], chance: random.Random, every: list[str]) -> list[str]:
    at, begin = chance.randint(1, len(words) - 1), chance.randrange(len(every) - 9)
    return words[:at] + every[begin : begin + chance.randint(1, 8)] + words[at:]


def _led_in(words: list[str], chance: random.Random, every: list[str]) -> list[str]:
    begin = chance.randrange(len(every) - 9)
    return words[:2] + every[begin : begin + chance.randint(2, 5)] + words[2:]


def _joined(words: list[str], chance: random.Random, every: list[str]) -> list[str]:
    begin = chance.randrange(len(every) - 12)
    return [*words, chance.choice(["…", "[...]", ""]), *every[begin : begin + chance.randint(5, 12)]]


def _figures(words: list[str], chance: random.Random, _every: list[str]) -> list[str]:
    return [re.sub(r"\d", lambda _: str(chance.randint(1, 9)), word) for word in words if word not in {"not", "не", "емес"}]


def _in_latin(words: list[str], _chance: random.Random, _every: list[str]) -> list[str]:
    return [word.lower().translate(LATIN) for word in words]


def _with_endings(words: list[str], chance: random.Random, _every: list[str]) -> list[str]:
    """Endings as long as the words that take them, which are more than slips."""
    return [word + chance.choice(_ENDINGS[word[0].isascii(), len(word) > 4]) if _is_short(word) else word for word in words]


def _is_short(word: str) -> bool:
    return word.isalpha() and 4 <= len(word) <= 6


def _in_no_order(words: list[str], chance: random.Random, _every: list[str]) -> list[str]:
    return sorted(words, key=lambda _: chance.random())


def _short(words: list[str], _chance: random.Random, _every: list[str]) -> list[str]:
    return words[:3]


NOISES: dict[str, Callable[[list[str], random.Random, list[str]], list[str]]] = {
    "none": lambda words, _chance, _every: words,
    "capitals": lambda words, _chance, _every: [word.upper().strip("«».,") for word in words],
    "few slips": _slips(0.04),
    "slips": _slips(0.12),
    "many slips": _slips(0.25),
    "few other words": _replaced(0.1),
    "other words": _replaced(0.3),
    "many other words": _replaced(0.5),
    "left out": _left_out(1, 3),
    "much left out": _left_out(4, 14),
    "put in": _put_in,
    "led in": _led_in,
    "joined": _joined,
    "figures": _figures,
    "Latin": _in_latin,
    "no order": _in_no_order,
    "short": _short,
    "endings": _with_endings,
}

if __name__ == "__main__":
    TEXTS = [(DEMO / name).read_text(encoding="utf-8") for name in ("court-kk.txt", "rights-ru.txt", "statement-en.txt")]
    FILE.write_text(json.dumps({"texts": TEXTS, "quotes": made(TEXTS)}, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
