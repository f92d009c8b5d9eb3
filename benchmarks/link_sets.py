"""The sets that `link.py` measures on: those in a folder, and more that are made of their documents, the same each time."""

import json
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimreg.text.fold import fold_key
from claimreg.text.words import words

WORD = re.compile(r"\S+")
LONGEST_GAP = 12
SHORTEST_GAP = 4
FEWEST_WORDS, MOST_WORDS = 5, 40
REPRINTED, REPRINTED_OF_SHORT = 8, 5

# The Kazakh Latin alphabet of 2021, and the letters of Kazakhs in China; Russian letters as they are usually rendered.
CYRILLIC = "аәбвгғдежзийкқлмнңоөпрстуұүфхһшыіёцчщъьэюя"
LATIN = "a ä b v g ğ d e j z i i k q l m n ñ o ö p r s t u ū ü f h h ş y ı io ts ç ş _ _ e iu ia".split()  # noqa: SIM905
ARABIC = "ا ا ب ۆ گ ع د ە ج ز ي ي ك ق ل م ن ڭ و و پ ر س ت ۋ ۇ ۇ ف ح ھ ش ى ى يو تس چ ش _ _ ە يۋ يا".split()  # noqa: SIM905
HAMZA = "\u0621"


@dataclass(frozen=True)
class Doc:
    """A document: its name, language and text."""

    id: str
    lang: str
    text: str


@dataclass(frozen=True)
class Asked:
    """A quote and what is true of it: the document and the spans where it stands, or nothing when it stands nowhere.

    ``apart`` are documents that are left out of account, ``also`` other places with the same words.
    """

    id: str
    text: str
    noise: str
    doc: str | None = None
    parts: tuple[tuple[int, int], ...] = ()
    also: tuple[tuple[str, int, int], ...] = ()
    links: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Set:
    """A named set; ``pairs`` says that documents are counted (as in newspapers), not places."""

    name: str
    docs: list[Doc]
    asked: list[Asked] = field(default_factory=list)
    pairs: bool = False


def load(folder: Path, name: str) -> Set:
    """A set as it stands in the folder."""
    docs = [Doc(row["id"], row.get("lang", ""), row["text"]) for row in _rows(folder / f"{name}.docs.jsonl")]
    texts = {row["id"]: row["text"] for row in _rows(folder / f"{name}.quotes.jsonl")}
    asked = []
    pairs = False
    for gold in _rows(folder / f"{name}.gold.jsonl"):
        text = texts[gold["quote_id"]]
        if "from" in gold:
            pairs = True
            apart = frozenset((gold["from"], *gold["unsure"]))
            asked.append(Asked(gold["quote_id"], text, "real", links=frozenset(gold["links"]), apart=apart))
        else:
            parts = tuple((start, end) for start, end in gold.get("parts") or ())
            also = tuple((doc, start, end) for doc, start, end in gold.get("also") or ())
            asked.append(Asked(gold["quote_id"], text, gold["noise"], gold["doc_id"], parts, also))
    return Set(name, docs, asked, pairs)


def gaps(made: Set) -> Set:
    """Passages out of whose middle 4 to 12 words were taken without any mark."""
    asked = []
    for doc in made.docs:
        rng = random.Random("gap" + doc.id)  # noqa: S311 -- a made set, not a secret
        found = list(WORD.finditer(doc.text))
        for number in range(2):
            gap, left, right = rng.randint(SHORTEST_GAP, LONGEST_GAP), rng.randint(5, 20), rng.randint(5, 20)
            if doc.lang in {"zh", "ja", "th"} or len(found) < left + gap + right:
                continue
            first = rng.randrange(len(found) - left - gap - right + 1)
            cut = found[first : first + left], found[first + left + gap : first + left + gap + right]
            parts = tuple((words[0].start(), words[-1].end()) for words in cut)
            text = " ".join(doc.text[start:end] for start, end in parts)
            asked.append(Asked(f"gap-{doc.id}-{number}", text, f"gap{gap:02}", doc.id, parts))
    return Set("gap", made.docs, asked)


def letters(made: Set) -> Set:
    """Kazakh passages in the Latin alphabet of 2021 and in Arabic letters, looked for in the Cyrillic texts."""
    asked = []
    for doc in made.docs:
        if doc.lang != "kk":
            continue
        rng = random.Random("letters" + doc.id)  # noqa: S311 -- a made set, not a secret
        for script, table in (("latin", LATIN), ("arabic", ARABIC)):
            for number, (start, end) in enumerate(passages(doc.text, rng, 2)):
                text = _respelled(doc.text[start:end], table)
                asked.append(Asked(f"{script}-{doc.id}-{number}", text, script, doc.id, ((start, end),)))
    return Set("letters", made.docs, asked)


def absent(sets: list[Set], most: int) -> Set:
    """Passages of all documents, each to be looked for in all documents but its own.

    Documents of one day reprint each other; a passage that shares `REPRINTED` words in a row with another document
    (a shorter passage, `REPRINTED_OF_SHORT`) is there after all and is left out. What differs by a word now and then
    is still counted as absent.
    """
    docs = [doc for one in sets for doc in one.docs]
    runs = {length: _runs(docs, length) for length in (REPRINTED, REPRINTED_OF_SHORT)}
    each = -(-most // max(1, len(docs)))
    asked = []
    for doc in docs:
        rng = random.Random("absent" + doc.id)  # noqa: S311 -- a made set, not a secret
        for number, (start, end) in enumerate(passages(doc.text, rng, each)):
            passage = doc.text[start:end]
            length = REPRINTED if len(words(passage)) >= REPRINTED else REPRINTED_OF_SHORT
            if all(runs[length][run] == doc.id for run in _words_in_a_row(passage, length)):
                asked.append(Asked(f"absent-{doc.id}-{number}", passage, "absent", apart=frozenset((doc.id,))))
    return Set("absent", docs, asked)


def _runs(docs: list[Doc], length: int) -> dict[int, str]:
    """Which document each run of words stands in; an empty name for those that stand in several."""
    runs: dict[int, str] = {}
    for doc in docs:
        for run in _words_in_a_row(doc.text, length):
            runs[run] = doc.id if runs.get(run, doc.id) == doc.id else ""
    return runs


def _words_in_a_row(text: str, length: int) -> Iterator[int]:
    found = [fold_key(text[start:end]) for start, end in words(text)]
    return (zlib.crc32("\x1f".join(found[at : at + length]).encode()) for at in range(len(found) - length + 1))


def passages(text: str, rng: random.Random, most: int) -> Iterator[tuple[int, int]]:
    """At most so many passages of 5 to 40 words, drawn anywhere in a text, that are mostly letters: their spans."""
    found = list(WORD.finditer(text))
    for _ in range(most):
        length = rng.randint(FEWEST_WORDS, MOST_WORDS)
        if len(found) < length:
            continue
        first = rng.randrange(len(found) - length + 1)
        start, end = found[first].start(), found[first + length - 1].end()
        if end - start < 40 * length and sum(map(str.isalpha, text[start:end])) > (end - start) // 2:
            yield start, end


def _respelled(text: str, table: list[str]) -> str:
    spelling = dict(zip(CYRILLIC, (letter.replace("_", "") for letter in table), strict=True))
    words = []
    for word in text.lower().split():
        plain = "".join(spelling.get(letter, letter) for letter in word)
        soft = table is ARABIC and any(letter in word for letter in "әөүі") and not any(letter in word for letter in "екг")
        words.append(HAMZA + plain if soft else plain)
    return " ".join(words)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
