"""Measure how rightly it is said what was altered: `python benchmarks/judge.py [--folder ../shared/bench/quotes] [--show 20]`.

Sentences of the sets of quotes are altered in one word: a real word for another one, a slip of the finger, another form of the word,
another name; each stands in its source among others. Then the same words and names, with sources as a scanner would have read them. Last,
true quotes of five sets at their places: how many are said to be altered, or to have another name. Everything is drawn with one seed.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

from claimreg.dictionaries import dictionary
from claimreg.errors import InputError
from claimreg.linker import LayeredLinker, Match
from claimreg.model import Flag, LinkKind

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "quotes"
DOCUMENTS = ("made.docs.jsonl", "news.docs.jsonl")
TRUE = ("ocr", "real/ocrnew", "real/asr", "real/ina", "real/fillers")
LANGUAGES = ("en", "ru", "kk")
MANY = 250
SEED = 77
WORD = re.compile(r"[^\W\d_]+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
WORDS_OF_SENTENCE = range(10, 36)
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
CONSONANTS = {"en": "bdfgklmnprstvz", "ru": "бвгдзклмнпрст", "kk": "бвгдзклмнпрст"}
SHAPES = dict(zip("ehnuicsarинпеотлв", ("oc", "b", "u", "n", "l", "e", "a", "n", "i", "п", "п", "н", "с", "с", "г", "п", "з"), strict=True))
FREQUENT = 2
LONG, LONGER, LONGEST_WITH_ONE_EDIT = 3, 4, 5
"""Occurrences, and letters, that a word must have more of to be altered; and letters up to which one edit makes a neighbour."""

MOST_EDITS = 2
MISREAD = 0.04
"""Share of the letters that have a look-alike which are misread."""

AROUND = 6
"""Sentences that stand around the one quoted, half before and half after it."""


class Altered(NamedTuple):
    """A sentence with one word replaced."""

    lang: str
    kind: str
    quote: str
    sentence: str
    start: int
    end: int


def main() -> None:
    """Alter, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the sets are")
    parser.add_argument("--show", type=int, default=0, help="how many of each kind to print that were said wrongly")
    parser.add_argument("--only", choices=("clean", "noisy", "true"), help="one part alone")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"There are no sets in {options.folder}.")
        return
    altered = [one for lang in LANGUAGES for one in alterations(lang, options.folder)] if options.only != "true" else []
    if options.only in {None, "clean"}:
        measure("clean", altered, options.show)
    if options.only in {None, "noisy"}:
        measure("noisy", [one for one in altered if one.kind in {"word", "name"} and one.lang != "kk"], options.show)
    if options.only in {None, "true"}:
        for name in TRUE:
            measure_true(options.folder, name, options.show)


def measure(where: str, altered: list[Altered], show: int) -> None:
    """Ask for each sentence in its source and print what was said."""
    chance = random.Random(SEED)  # noqa: S311 -- a measurement that can be repeated
    linker = LayeredLinker()
    sentences: defaultdict[str, list[str]] = defaultdict(list)
    for one in altered:
        sentences[one.lang].append(one.sentence)
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wrong: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in altered:
        others = chance.sample(sentences[one.lang], AROUND)
        text = "\n".join((" ".join(others[: AROUND // 2]), one.sentence, " ".join(others[AROUND // 2 :])))
        if where == "noisy":
            kept = one.sentence[one.start : one.end]
            before, after = text.split(one.sentence, 1)
            read = (misread(before + one.sentence[: one.start], chance), kept, misread(one.sentence[one.end :] + after, chance))
            text = "".join(read)
        matches = linker.find(one.quote, text).matches
        of = counts[one.lang, one.kind]
        of["n"] += 1
        if not matches:
            of["lost"] += 1
            continue
        of[matches[0].kind] += 1
        of["name"] += Flag.NAME in matches[0].flags
        of["silent"] += is_silent(matches[0])
        if is_silent(matches[0]) != (one.kind in {"slip", "form"}):
            wrong[one.lang, one.kind].append(
                f"{one.sentence[one.start : one.end]} > {one.quote[one.start :].split()[0]} {','.join(matches[0].flags)}"
            )
    for key, of in sorted(counts.items()):
        print(where, *key, dict(of))
        print("   ", "; ".join(wrong[key][:show]))


def measure_true(folder: Path, name: str, show: int) -> None:
    """Ask for true quotes in their documents and print how many are said to be altered."""
    linker = LayeredLinker()
    base = folder / name
    files = [base / f"{kind}.jsonl" if base.is_dir() else folder / f"{name}.{kind}.jsonl" for kind in ("quotes", "docs", "gold")]
    said, texts = ({one["id"]: one for one in lines(path)} for path in files[:2])
    counts: Counter[str] = Counter()
    shown: list[str] = []
    for one in lines(files[2]):
        if not one["doc_id"]:
            continue
        quote, document = said[one["quote_id"]], texts[one["doc_id"]]
        try:
            matches = linker.find(quote["text"], document["text"]).matches
        except InputError:
            continue
        right = [match for match in matches if overlap(match, one["parts"])]
        for match in right[:1]:
            counts["links"] += 1
            counts["altered"] += match.kind is LinkKind.ALTERED
            counts.update(match.flags)
            counts["not judged"] += bool(match.not_judged)
            if Flag.NAME in match.flags:
                shown += [
                    f"{quote['text'][slice(*edit.quote)]} < {document['text'][slice(*edit.source)]}"
                    for edit in match.words
                    if edit.change != "kept"
                ]
    print(name, dict(counts))
    print("   ", "; ".join(shown[:show]))


def is_silent(match: Match) -> bool:
    """Return whether nobody would look."""
    return match.kind is not LinkKind.ALTERED and not match.flags


def overlap(match: Match, parts: list[list[int]]) -> bool:
    """Return whether a match shares half of the place."""
    start, end = parts[0][0], parts[-1][1]
    shared = min(match.end, end) - max(match.start, start)
    return 2 * shared >= max(match.end, end) - min(match.start, start)


def misread(text: str, chance: random.Random) -> str:
    """A text as a scanner would have read it."""
    return "".join(chance.choice(SHAPES[one]) if one in SHAPES and chance.random() < MISREAD else one for one in text)


def alterations(lang: str, folder: Path) -> Iterator[Altered]:
    """Sentences with a word replaced, at most so many of each kind."""
    chance = random.Random(SEED)  # noqa: S311 -- a measurement that can be repeated
    texts = [one["text"] for name in DOCUMENTS for one in lines(folder / name) if one["lang"] == lang]
    maker = Maker(lang, texts, chance)
    sentences = list(sentences_of(texts))
    chance.shuffle(sentences)
    made: Counter[str] = Counter()
    for sentence in sentences:
        found = [match for match in WORD.finditer(sentence) if match.start()]
        chance.shuffle(found)
        done: set[str] = set()
        for match in found:
            for kind, word in maker.others(match[0]):
                if kind not in done and made[kind] < MANY and word != match[0]:
                    done.add(kind)
                    made[kind] += 1
                    yield Altered(lang, kind, sentence[: match.start()] + word + sentence[match.end() :], sentence, *match.span())
                    break


def sentences_of(texts: list[str]) -> Iterator[str]:
    """Sentences of usual length."""
    for text in texts:
        for one in map(str.strip, SENTENCE_END.split(text)):
            if len(one.split()) in WORDS_OF_SENTENCE and one[:1].isupper() and one[-1:] in ".!?":
                yield one


class Maker:
    """Maker of other words for a word, from the words of the texts."""

    def __init__(self, lang: str, texts: list[str], chance: random.Random) -> None:
        self._chance = chance
        self._words = dictionary(lang)
        self._consonants = CONSONANTS[lang]
        counts = Counter(word for text in texts for word in WORD.findall(text))
        self._all = set(counts)
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        self._forms: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(counts):
            if word.islower() and len(word) >= LONG and counts[word] >= FREQUENT and self._lemmas(word):
                self._by_length[len(word)].append(word)
                for lemma in self._lemmas(word):
                    self._forms[lemma].append(word)
        self._names = [
            word
            for word in sorted(counts)
            if counts[word] > FREQUENT and word.istitle() and len(word) > LONG and word.lower() not in counts
        ]

    def others(self, word: str) -> Iterator[tuple[str, str]]:
        """What a word may be replaced by, and the kind of the change."""
        if word.islower() and len(word) > LONG and self._lemmas(word):
            yield from self._one("word", self._neighbours(word))
            yield from self._one("form", [one for lemma in self._lemmas(word) for one in self._forms[lemma] if not one.startswith("не")])
        if word.islower() and len(word) > LONGER:
            slip = self._slip(word)
            if slip not in self._all and not self._lemmas(slip):
                yield "slip", slip
        if word in self._names:
            near = self._names_like(word)
            yield from self._one("name", near)
            if not near:
                at = self._chance.randrange(1, len(word))
                yield "made-up name", word[:at] + self._chance.choice(self._consonants) + word[at + 1 :]

    def _lemmas(self, word: str) -> frozenset[int]:
        return self._words.lemmas(word) if self._words else frozenset()

    def _one(self, kind: str, choices: list[str]) -> Iterator[tuple[str, str]]:
        if choices:
            yield kind, self._chance.choice(choices)

    def _neighbours(self, word: str) -> list[str]:
        most = 1 if len(word) <= LONGEST_WITH_ONE_EDIT else MOST_EDITS
        near = (one for more in (-1, 0, 1) for one in self._by_length[len(word) + more])
        return [
            one
            for one in near
            if 0 < Levenshtein.distance(word, one, score_cutoff=most) <= most and not self._lemmas(one) & self._lemmas(word)
        ]

    def _names_like(self, name: str) -> list[str]:
        alike = [one for one in self._names if one[0] == name[0] and one != name and abs(len(one) - len(name)) <= 1]
        near = [one for one in alike if Levenshtein.distance(one, name) <= MOST_EDITS]
        return [one for one in near if not one.startswith(name[:-1]) and not name.startswith(one[:-1])]

    def _slip(self, word: str) -> str:
        at = self._chance.randrange(1, len(word) - 1)
        row = next((row for row in ROWS if word[at] in row), word[at])
        beside = [row[to] for to in (row.index(word[at]) - 1, row.index(word[at]) + 1) if 0 <= to < len(row)] or [word[at]]
        ways = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + self._chance.choice(beside) + word[at + 1 :],
        )
        return self._chance.choice(ways)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


if __name__ == "__main__":
    main()
