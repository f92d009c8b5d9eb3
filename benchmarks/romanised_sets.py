"""Sets of quotes in one script and documents in another, for `romanised.py`: the same each time.

The spellings are written down here from the standards themselves, apart from what the linker reads by: a rule of the
linker that is wrong shows.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import link_sets

RUSSIAN = "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я".split()  # noqa: SIM905
KAZAKH = "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я".split()  # noqa: SIM905
KYRGYZ = "а б в г д е ё ж з и й к л м н ң о ө п р с т у ү ф х ц ч ш щ ъ ы ь э ю я".split()  # noqa: SIM905
UKRAINIAN = "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я".split()  # noqa: SIM905
BULGARIAN = "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я".split()  # noqa: SIM905
VOWELS = "аеёиоуыэюяєії"
OWN_DOCUMENTS = 0.75
"""Share of the texts that are searched; what is taken from the others stands nowhere."""

FRESH_WORDS = 6
"""Words in a row that a quote from the others may share with no text that is searched."""

SENTENCES = 10
"""Sentences of a collection of such that make up a document."""


class Manner(NamedTuple):
    """A manner of romanisation: letters in the alphabet's order, ``_`` for none, and words' beginnings and ends that differ.

    ``first`` are the letters' spellings at the beginning of a word, ``after_vowel`` behind a vowel too, ``ends`` of a word.
    """

    lang: str
    alphabet: list[str]
    letters: str
    first: tuple[tuple[str, str], ...] = ()
    after_vowel: tuple[tuple[str, str], ...] = ()
    ends: tuple[tuple[str, str], ...] = ()

    def word(self, word: str) -> str:
        """A word in Latin letters."""
        spelling = dict(zip(self.alphabet, self.letters.split(), strict=True))
        first, after_vowel = dict(self.first), dict(self.after_vowel)
        lower, end = word.lower(), ""
        for old, new in self.ends:
            if lower.rstrip(".,;:!?»”)").endswith(old) and len(lower) > len(old):
                cut = lower.rindex(old)
                lower, end = lower[:cut], new + lower[cut + len(old) :]
                break
        out = ""
        before = ""
        for letter in lower:
            spelt = spelling.get(letter, letter)
            if not before.isalpha() and letter in first:
                spelt = first[letter]
            elif before in VOWELS and before and letter in after_vowel:
                spelt = after_vowel[letter]
            out += spelt.replace("_", "")
            before = letter
        out += end
        return out[:1].upper() + out[1:] if word[:1].isupper() else out


MANNERS = {
    # GOST 7.79-2000, system B.
    "ru gost": Manner("ru", RUSSIAN, "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y' ` e` yu ya"),
    # ISO 9:1995, which is GOST 7.79-2000, system A.
    "ru iso9": Manner("ru", RUSSIAN, "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â"),
    # BGN/PCGN 1947.
    "ru bgn": Manner(
        "ru", RUSSIAN, "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
        first=(("е", "ye"), ("ё", "yë")), after_vowel=(("е", "ye"), ("ё", "yë")),
    ),
    # Passports since 2013 (ICAO Doc 9303).
    "ru passport": Manner("ru", RUSSIAN, "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia"),
    # The English-language press.
    "ru press": Manner(
        "ru", RUSSIAN, "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya",
        first=(("е", "ye"),), ends=(("ий", "y"), ("ый", "y")),
    ),
    # Chats: what is next on the keyboard.
    "ru chat": Manner("ru", RUSSIAN, "a b v g d e e zh z i j k l m n o p r s t u f h c ch sh sch _ y _ e yu ya"),
    # Library catalogues: ALA-LC without its ties.
    "ru library": Manner("ru", RUSSIAN, "a b v g d e ë zh z i ĭ k l m n o p r s t u f kh ts ch sh shch ʺ y ʹ ė iu ia"),
    # Kazakh on a keyboard without its letters, by two habits: by the sound, and the alphabet of 2021 without marks.
    "kk ascii": Manner("kk", KAZAKH, "a a b v g g d e yo zh z i i k k l m n n o o p r s t u u u f kh h ts ch sh shch _ y i _ e yu ya"),
    "kk plain": Manner("kk", KAZAKH, "a a b v g g d e io j z i i k q l m n n o o p r s t u u u f h h ts ch s sh _ y i _ e iu ia"),
    # The alphabet of 2018.
    "kk 2018": Manner("kk", KAZAKH, "a á b v g ǵ d e io j z ı ı k q l m n ń o ó p r s t ý u ú f h h ts ch sh shch _ y i _ e iý ia"),
    # BGN/PCGN 1979.
    "kk bgn": Manner(
        "kk", KAZAKH, "a ä b v g gh d e yo zh z ī y k q l m n ng o ö p r s t ū u ü f kh h ts ch sh shch ” y i ’ ė yu ya",
        first=(("е", "ye"),),
    ),
    # The Cabinet of Ministers, 2010; BGN/PCGN 1965.
    "uk law": Manner(
        "uk", UKRAINIAN, "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia",
        first=(("є", "ye"), ("ї", "yi"), ("й", "y"), ("ю", "yu"), ("я", "ya")),
    ),
    "uk bgn": Manner("uk", UKRAINIAN, "a b v h g d e ye zh z y i yi y k l m n o p r s t u f kh ts ch sh shch ’ yu ya"),
    # The law on transliteration, 2009.
    "bg law": Manner("bg", BULGARIAN, "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya", ends=(("ия", "ia"),)),
    # BGN/PCGN 2019 for Kyrgyz.
    "ky bgn": Manner("ky", KYRGYZ, "a b v g d e yo j z i y k l m n ng o ö p r s t u ü f kh ts ch sh shch ” y ’ e yu ya"),
}  # fmt: skip


@dataclass
class Made:
    """A made set: documents, and quotes each with its document's id and span, or with none."""

    documents: list[tuple[str, str]] = field(default_factory=list)
    quotes: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, tuple[str, int, int] | None] = field(default_factory=dict)


def texts(folder: Path) -> dict[str, list[str]]:
    """Texts by language, of the folders of quotes and of retrieval."""
    found: dict[str, list[str]] = {}
    for name in ("made", "ocr"):
        for row in _rows(folder / "quotes" / f"{name}.docs.jsonl"):
            found.setdefault(row["lang"], []).append(row["text"])
    for lang, name in (("uk", "ntrex.rus-ukr.claims"), ("ky", "ntrex.kaz-kir.claims")):
        path = folder / "retrieval" / f"{name}.jsonl"
        sentences = [row["text"] for row in _rows(path)] if path.exists() else []
        found[lang] = [" ".join(sentences[at : at + SENTENCES]) for at in range(0, len(sentences), SENTENCES)]
    return found


def make(manner: Manner, given: list[str], noise: float, most: int, *, latin_quotes: bool) -> Made:
    """Quotes romanised in a manner for documents as they are, or the other way round."""
    chance = random.Random(f"{manner.letters}{noise}{latin_quotes}")  # noqa: S311 -- a made set, not a secret
    made = Made()
    own = given[: int(OWN_DOCUMENTS * len(given))]
    known = {run for text in own for run in _runs(text)}
    for number, text in enumerate(given):
        is_own = number < len(own)
        tokens = [(match.start(), match.end()) for match in link_sets.WORD.finditer(text)]
        written, spans = text, {start: (start, end) for start, end in tokens}
        if not latin_quotes:
            written, spans = _written(text, tokens, manner)
        if is_own:
            made.documents.append((f"d{number}", written))
        for start, end in link_sets.passages(text, chance, -(-most // len(given)) * 2):
            passage = text[start:end]
            if not is_own and known.intersection(_runs(passage)):
                continue
            if _letters(passage) < 0.5 * len(passage):
                continue
            quote = " ".join(map(manner.word, passage.split())) if latin_quotes else passage
            name = f"q{len(made.quotes)}"
            made.quotes.append((name, _noisy(quote, noise, chance)))
            first, last = max(at for at in spans if at <= start), max(at for at in spans if at < end)
            made.truth[name] = (f"d{number}", spans[first][0], spans[last][1]) if is_own else None
    return made


def _written(text: str, tokens: list[tuple[int, int]], manner: Manner) -> tuple[str, dict[int, tuple[int, int]]]:
    """A text in Latin letters, and for each word's start where it came to stand."""
    pieces: list[str] = []
    spans: dict[int, tuple[int, int]] = {}
    at = before = 0
    for start, end in tokens:
        pieces.append(text[before:start])
        at += start - before
        word = manner.word(text[start:end])
        spans[start] = at, at + len(word)
        pieces.append(word)
        at, before = at + len(word), end
    return "".join(pieces), spans


def _noisy(text: str, share: float, chance: random.Random) -> str:
    letters = [letter for letter in text if letter.isalpha()]
    return "".join(chance.choice(letters) if one.isalpha() and chance.random() < share else one for one in text)


def _letters(text: str) -> int:
    return sum("\u0400" <= letter <= "\u052f" for letter in text)


def _runs(text: str) -> Iterator[str]:
    words = re.findall(r"\w+", text.lower())
    return (" ".join(words[at : at + FRESH_WORDS]) for at in range(max(1, len(words) - FRESH_WORDS + 1)))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
