"""Offline guess of the language of a text.

The model of `py3langid` knows some 140 languages. Where neighbours differ by their letters the letters have the last word,
and they alone tell Kazakh in Latin or Arabic letters, which no such model has seen. No guess is better than a wrong one.
"""

from __future__ import annotations

import math
from collections import Counter

from claimreg.ingest.alphabets import ARABIC, CYRILLIC, TURKIC_LATIN, alphabet
from claimreg.ingest.language_model import ranked
from claimreg.text.scripts import ARABIC_WITH_FORMS, LATIN_WITH_SIGNS, is_in
from claimreg.text.scripts import CYRILLIC as CYRILLIC_LETTERS

_SAMPLE = 1_000  # code points that are looked at: half from the beginning, half from the middle
_FEWEST_LETTERS = 12
_SURE = 0.8  # probability below which there is no guess
_STRANGE = 150.0
"""Penalty for a share of letters that a language does not have, in units of the logarithm of a probability.

Two letters in a hundred undo what the model may say at most (`_LEAST`); strange names in a text do not come to that.
"""

_LEAST, _UNSEEN, _LACKING = -4.0, -0.5, -3.0
"""The least that the model may say against a language; what a language in letters that it has never seen starts from; and
what it takes when a language lacks all the letters that no text in it is without (in `_ENOUGH` letters)."""

_ENOUGH = 60
_MARGIN = 1.0  # least lead of the best language over the next one; below it, there is no guess
_SCRIPTS = {"Latn": LATIN_WITH_SIGNS, "Cyrl": CYRILLIC_LETTERS, "Arab": ARABIC_WITH_FORMS}
_GROUPS = {"Latn": TURKIC_LATIN, "Cyrl": CYRILLIC, "Arab": ARABIC}
_UNSEEN_FORMS = frozenset({("Latn", "kk"), ("Latn", "kk-2018"), ("Arab", "kk")})
_NEVER_WITHOUT = {("Arab", "ug"): "ئېۈغخ"}
_OWN_TOGETHER = {"kk": "әқі", "uk": "іїє"}
"""Letters that only this language has all of; Russian and Kyrgyz write theirs with others that no model knows (Erzya, Tuvan)."""

_LONG, _RARELY, _OFTEN = 300, 0.004, 0.05
"""Letters of a text that is judged by its letters alone; shares of letters that are not the language's, and of those that
Russian does not have, so that names in a Russian text do not make it Kazakh."""

_USUAL_SCRIPTS = {
    language: script
    for script, written in {
        "Arab": "ar fa ps ug ur", "Armn": "hy", "Beng": "as bn", "Cyrl": "ba be bg crh kk ky mk mn ru sr tg tt uk", "Deva": "hi mr ne sa",
        "Ethi": "am", "Geor": "ka", "Grek": "el", "Gujr": "gu", "Guru": "pa", "Hans": "zh", "Hebr": "he", "Jpan": "ja", "Khmr": "km",
        "Knda": "kn", "Kore": "ko", "Laoo": "lo", "Mlym": "ml", "Mymr": "my", "Orya": "or", "Sinh": "si", "Taml": "ta", "Telu": "te",
        "Thai": "th", "Tibt": "dz",
    }.items()
    for language in written.split()
}  # fmt: skip
"""The script that a language of the model is usually written in, where that is not Latin: CLDR's likely subtags, which take a library
a third of a second to load."""


def guess_language(text: str) -> tuple[str, float] | None:
    """The text's language as a BCP 47 tag, with how sure (0..1); ``None`` when there is too little to tell.

    The tag names the script where it is not the language's usual one: ``kk`` but ``kk-Latn``, ``uz`` but ``uz-Cyrl``.
    """
    sample = _sample(text)
    letters = Counter({letter: times for letter, times in Counter(sample.lower()).items() if letter.isalpha()})
    if letters.total() < _FEWEST_LETTERS and not _dense(letters):
        return None
    script = _script(letters)
    if script == "Cyrl" and (alone := _by_letters_alone(letters)):
        return alone, 1.0
    named = _by_letters(letters, script, ranked_languages(sample))
    return None if named is None or named[0] == "zxx" or named[1] < _SURE else (_tag(named[0], script), named[1])


def ranked_languages(text: str) -> list[tuple[str, float]]:
    """All languages of the model, likeliest first, with their probabilities by the model alone."""
    return ranked(_sample(text))


def _sample(text: str) -> str:
    if len(text) > _SAMPLE:
        middle = len(text) // 2
        text = f"{text[: _SAMPLE // 2]} {text[middle : middle + _SAMPLE // 2]}"
    return " ".join(text.split())


def _dense(letters: Counter[str]) -> bool:
    """Return whether the letters say much each, as those of Chinese, Japanese and Korean do."""
    return sum(times for letter, times in letters.items() if letter > "\u2e7f") >= _FEWEST_LETTERS // 3


def _script(letters: Counter[str]) -> str | None:
    """The script of most letters, among those in which languages have more than one."""
    counts: Counter[str] = Counter()
    for letter, times in letters.items():
        for script, ranges in _SCRIPTS.items():
            if is_in(ord(letter), ranges):
                counts[script] += times
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] * 2 > letters.total() else None


def _by_letters_alone(letters: Counter[str]) -> str | None:
    """The language that no other alphabet leaves possible, in a text long enough; it spares loading the model."""
    counts = Counter({letter: times for letter, times in letters.items() if is_in(ord(letter), CYRILLIC_LETTERS)})
    total = counts.total()
    for name, own in _OWN_TOGETHER.items():
        strange = sum(times for letter, times in counts.items() if letter not in alphabet("Cyrl", name))
        besides = _beyond_russian(counts, name)
        if total >= _LONG and strange <= _RARELY * total and besides >= _OFTEN * total and all(counts[letter] > 1 for letter in own):
            return name
    return None


def _by_letters(letters: Counter[str], script: str | None, ranking: list[tuple[str, float]]) -> tuple[str, float] | None:
    """The model's first language, weighed against its neighbours by the letters that each of them has."""
    first, chance = ranking[0]
    group = _GROUPS.get(script or "", ())
    if script is None or first not in group:
        return first, min(1.0, chance)
    ranges = _SCRIPTS[script]
    own = Counter({letter: times for letter, times in letters.items() if is_in(ord(letter), ranges)})
    known = dict(ranking)
    weights: dict[str, float] = {}
    for name in group:
        language = name.split("-")[0]
        weight = _UNSEEN if (script, name) in _UNSEEN_FORMS else _logarithm(known.get(language, 0.0))
        weights[language] = max(weights.get(language, -math.inf), weight + _evidence(own, script, name))
    (best, most), (_, next_most) = sorted(weights.items(), key=lambda item: -item[1])[:2]
    together = sum(known.get(name, 0.0) for name in weights)
    return (best, min(1.0, together)) if most - next_most >= _MARGIN else None


def _evidence(letters: Counter[str], script: str, name: str) -> float:
    """Return the penalty that the letters give a language; 0 when none."""
    total = letters.total()
    weight = -_STRANGE * sum(times for letter, times in letters.items() if letter not in alphabet(script, name)) / total
    if total < _ENOUGH:
        return weight
    needed = _never_without(script, name)
    lacking = bool(needed) and not any(letter in letters for letter in needed)
    if script == "Cyrl" and name in _OWN_TOGETHER:
        lacking = _beyond_russian(letters, name) < _OFTEN * total
    return weight + _LACKING if lacking else weight


def _never_without(script: str, name: str) -> str:
    """The letters of which every text in a language has some: of Turkic ones in Latin letters, those that English has not."""
    if script == "Latn":
        return "".join(letter for letter in alphabet(script, name) if not letter.isascii())
    return _NEVER_WITHOUT.get((script, name), "")


def _beyond_russian(letters: Counter[str], name: str) -> int:
    """Return how many of the letters are of the language and not of Russian."""
    return sum(times for letter, times in letters.items() if letter in alphabet("Cyrl", name) and letter not in alphabet("Cyrl", "ru"))


def _logarithm(chance: float) -> float:
    return max(_LEAST, math.log(chance)) if chance > 0 else _LEAST


def _tag(language: str, script: str | None) -> str:
    return language if script is None or script == _USUAL_SCRIPTS.get(language, "Latn") else f"{language}-{script}"
