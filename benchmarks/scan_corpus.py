"""The documents and quotes that `scan.py` and `spark.py` measure on, made from a seed.

Documents are chains of words: each word mostly follows one that it follows in real texts too (`--texts FOLDER` with `*.docs.jsonl`; else
words made up here), so that letters and words are as frequent as in life and nothing is said twice. A rare word, though, is a new one
wherever it stands: the beginning of one and the end of another. There are far more words here than in the texts learned from; as they
are, the same rare words (misread ones above all) would stand in hundreds of documents, and quotes would match where no one planted them.

Planted quotes are passages of the documents, most of them altered; decoys are passages of other documents of the same kind, which are
then thrown away. Each has enough words and letters to be at home in one place. Every number of quotes has the same planted ones in it.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

REPOSITORY = Path(__file__).parents[1]
TEXTS = REPOSITORY.parent / "shared" / "bench" / "quotes"
VERSION = 2
"""Version of what is made: a folder made by another one is made anew."""

SHARES = {"en": 30, "ru": 22, "kk": 20, "de": 8, "fr": 6, "es": 5, "bg": 5, "zh": 3, "hi": 1}
UNSPACED = ("zh", "ja")
DOCUMENT = 1_200
"""Words of a document, on the average."""

FEWEST_WORDS, FEWEST_LETTERS = 5, 25
"""What a quote has at least: "of it to the" stands everywhere, and whoever finds it there finds nothing."""

RARE = 4
"""A word that occurs fewer times in the texts learned from is made anew wherever it stands."""

COPY = "@"
"""Sign in a document's id before the number of the copy, where documents come several times."""

MOST_PLANTED = 0.6
WALKERS = 4_000
ALTERED = 0.1
JUMPS = 0.4
"""Share of words that do not follow from the one before."""

LETTER_THAT_IS_A_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
DECOYS_A_MEGABYTE = 1_200
"""Decoys taken from each megabyte that is made for them: few of them have words in common."""


class Language(NamedTuple):
    """Words and, for each, the ones that follow it in life: ``successors[first[w]:first[w + 1]]``.

    Word 0 stands for any rare word: it is written as one of ``beginnings`` and one of ``endings``.
    """

    words: list[str]
    first: np.ndarray
    successors: np.ndarray
    joint: str
    beginnings: list[str]
    endings: list[str]


class Wanted(NamedTuple):
    """What is to be made."""

    megabytes: int
    quotes: list[int]
    planted: int
    """Quotes a megabyte that are taken from the documents."""

    seed: int = 1


class Corpus(NamedTuple):
    """Files of documents and quotes; ``home`` is the document that each planted quote was taken from."""

    name: str
    documents: Path
    quotes: dict[int, Path]
    home: dict[str, str]

    @property
    def megabytes(self) -> float:
        """Size of the documents."""
        return self.documents.stat().st_size / 1e6


class Line(NamedTuple):
    """One document or quote."""

    id: str
    text: str


def make_corpus(folder: Path, texts: Path, wanted: Wanted) -> Corpus:
    """The files, made anew unless the folder has them."""
    told = folder / "made.json"
    made = {"version": VERSION, **wanted._asdict()}
    paths = {count: folder / f"quotes-{count}.jsonl" for count in wanted.quotes}
    documents = folder / "documents.jsonl"
    if not told.exists() or json.loads(told.read_text())["made"] != made:
        told.unlink(missing_ok=True)
        chance = np.random.default_rng(wanted.seed)
        languages = learn(texts, chance)
        whole = [Line(f"d{number}", text) for number, text in enumerate(make_documents(languages, wanted.megabytes, chance))]
        write_lines(documents, whole)
        planted, home = plant(whole, most_planted(max(wanted.quotes), wanted), chance)
        decoys = draw_decoys(languages, max(wanted.quotes), chance)
        for count, path in paths.items():
            write_quotes(path, planted[: most_planted(count, wanted)], decoys, count, chance)
        told.write_text(json.dumps({"made": made, "home": home}))
    home = json.loads(told.read_text())["home"]
    return Corpus("made", documents, paths, home)


def most_planted(count: int, wanted: Wanted) -> int:
    """How many of so many quotes are planted."""
    return int(min(MOST_PLANTED * count, wanted.planted * wanted.megabytes))


def write_lines(path: Path, lines: list[Line]) -> None:
    """Write documents or quotes as lines of JSON."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line._asdict(), ensure_ascii=False) + "\n" for line in lines)


def write_quotes(path: Path, planted: list[Line], decoys: list[Line], count: int, chance: np.random.Generator) -> None:
    """Write so many quotes, planted ones and decoys in no order."""
    quotes = planted + decoys[: count - len(planted)]
    write_lines(path, [quotes[at] for at in chance.permutation(len(quotes)).tolist()])


def learn(folder: Path, chance: np.random.Generator) -> dict[str, Language]:
    """The languages' words and pairs of words."""
    texts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.docs.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for document in map(json.loads, lines):
                texts[document.get("lang", "en")].append(document["text"])
    known = {name: texts[name] for name in SHARES if texts.get(name)} or {name: [made_up(name, chance)] for name in ("en", "ru", "kk")}
    return {name: pairs(" ".join(some), name) for name, some in known.items()}


def made_up(name: str, chance: np.random.Generator) -> str:
    """A text of made-up words, the common ones short, for where no texts are at hand."""
    letters = list("etaoinshrdlu" if name == "en" else "аоеинтрслвмқ")
    words = ["".join(chance.choice(letters, 2 + int(chance.integers(1, 9)))) for _ in range(20_000)]
    return " ".join(words[min(int(one), len(words) - 1)] for one in chance.zipf(1.2, 300_000))


def pairs(text: str, name: str) -> Language:
    """The pairs of neighbouring words of a text; rare ones are one word, or left out where each letter is one."""
    unspaced = name in UNSPACED
    tokens = list(text) if unspaced else text.split()
    counted = Counter(tokens)
    common = [word for word, count in counted.most_common() if count >= RARE]
    rare = [] if unspaced else [word for word, count in counted.items() if count < RARE and is_mostly_letters(word)]
    number = {word: index for index, word in enumerate(common, 1)}
    known = {**number, **dict.fromkeys(rare, 0)}
    sequence = np.array([known[token] for token in tokens if token in known])
    order = np.argsort(sequence[:-1], kind="stable")
    first = np.searchsorted(sequence[:-1][order], np.arange(len(common) + 2))
    beginnings, endings = [word[: (len(word) + 1) // 2] for word in rare], [word[(len(word) + 1) // 2 :] for word in rare]
    return Language(["", *common], first, sequence[1:][order], "" if unspaced else " ", beginnings, endings)


def is_mostly_letters(word: str) -> bool:
    """Whether a word can be taken apart: its parts are to be letters, not signs that would stand out wherever they come again."""
    letters = sum(map(str.isalpha, word))
    return letters >= 4 and 3 * letters >= 2 * len(word)  # noqa: PLR2004 -- the beginning and the end have two letters each


def make_documents(languages: dict[str, Language], megabytes: float, chance: np.random.Generator) -> Iterator[str]:
    """Documents of about so many megabytes of UTF-8, each in one language."""
    shares = np.array([SHARES.get(name, 1) for name in languages], float)
    size = 0
    while size < megabytes * 1e6:
        walks = {name: walk(language, chance) for name, language in languages.items()}
        for name in chance.choice(list(languages), WALKERS // 2, p=shares / shares.sum()):
            length = int(np.clip(chance.lognormal(np.log(DOCUMENT), 0.6), 50, 2 * DOCUMENT))
            text = written(languages[name], walks[name][:length, int(chance.integers(WALKERS))], chance)
            size += len(text.encode())
            yield text
            if size >= megabytes * 1e6:
                return


def written(language: Language, steps: np.ndarray, chance: np.random.Generator) -> str:
    """The words of a walk as a text, each rare one made of two."""
    words = [language.words[word] for word in steps.tolist()]
    rare = np.flatnonzero(steps == 0).tolist() if language.beginnings else []
    drawn = chance.integers(len(language.beginnings) or 1, size=(len(rare), 2)).tolist()
    for at, (one, other) in zip(rare, drawn, strict=True):
        words[at] = language.beginnings[one] + language.endings[other]
    return language.joint.join(words)


def walk(language: Language, chance: np.random.Generator) -> np.ndarray:
    """Many walks from word to word at once, a column each."""
    now = language.successors[chance.integers(len(language.successors), size=WALKERS)]
    steps = np.zeros((2 * DOCUMENT, WALKERS), np.int32)
    for step in range(len(steps)):
        steps[step] = now
        count = language.first[now + 1] - language.first[now]
        at = language.first[now] + (chance.random(WALKERS) * count).astype(np.int64)
        now = language.successors[np.minimum(at, len(language.successors) - 1)]
        # Words that are followed by one word only would repeat whole sentences of the texts learned from.
        elsewhere = language.successors[chance.integers(len(language.successors), size=WALKERS)]
        now = np.where((count > 0) & (chance.random(WALKERS) > JUMPS), now, elsewhere)
    return steps


def plant(documents: list[Line], count: int, chance: np.random.Generator) -> tuple[list[Line], dict[str, str]]:
    """So many passages of the documents, most of them altered, and the documents that they are from."""
    planted: list[Line] = []
    home: dict[str, str] = {}
    while len(planted) < count:
        document = documents[int(chance.integers(len(documents)))]
        text = alter(take(document.text, chance), len(planted) % 4, chance)
        if is_long_enough(text):
            name = f"planted-{len(planted)}"
            planted.append(Line(name, text))
            home[name] = document.id
    return planted, home


def draw_decoys(languages: dict[str, Language], count: int, chance: np.random.Generator) -> list[Line]:
    """So many passages of documents that are not among those looked into."""
    documents = list(make_documents(languages, max(1, count // DECOYS_A_MEGABYTE), chance))
    decoys: list[Line] = []
    while len(decoys) < count:
        text = take(documents[int(chance.integers(len(documents)))], chance)
        if is_long_enough(text):
            decoys.append(Line(f"decoy-{len(decoys)}", text))
    return decoys


def take(text: str, chance: np.random.Generator) -> str:
    """A passage of 5 to 60 words; of 40 letters, where words are not set apart."""
    words = text.split()
    length = int(chance.integers(5, 61))
    if len(words) > length:
        start = int(chance.integers(len(words) - length))
        return " ".join(words[start : start + length])
    start = int(chance.integers(max(1, len(text) - 40)))
    return text[start : start + 40]


def is_long_enough(text: str) -> bool:
    """Whether a quote has enough words of letters, and letters, to be at home in one place."""
    words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
    return len(words) + len(LETTER_THAT_IS_A_WORD.findall(text)) >= FEWEST_WORDS and sum(map(str.isalpha, text)) >= FEWEST_LETTERS


def alter(text: str, kind: int, chance: np.random.Generator) -> str:
    """The text as it is, with 10 % of the letters changed, with a tenth of the words left out, or in capitals."""
    if kind == 1:
        letters = list(text)
        for at in np.flatnonzero(chance.random(len(letters)) < ALTERED).tolist():
            letters[at] = letters[int(chance.integers(len(letters)))]
        return "".join(letters)
    if kind == 2:  # noqa: PLR2004
        return " ".join(word for word in text.split() if chance.random() > ALTERED)
    return text.upper() if kind == 3 else text  # noqa: PLR2004
