"""Count the letters of languages, by which the encoding of a text is told: ``python benchmarks/fit_encodings.py`` writes the table anew.

Counted are the words and sentences of `claimreg/languages`: what running text has most of three times, as it has. A language of which
there are too few words gets the mean of those in its script, over the letters of its own alphabet.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimreg.ingest.letter_shares import LETTER, TABLE, UNIT, script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = Path(__file__).parents[1] / "claimreg" / "languages"
OFTEN = ("frequent", "hedges", "quantifiers", "golden")
WEIGHT = 3
FEWEST = 1_000
LEAST_OF_ALPHABET, LEAST_OF_OWN = 4e-4, 5e-3
LEAST = 3e-5
SCRIPTS = ("Latn", "Cyrl", "Grek", "Hebr", "Arab", "Thai", "Armn", "Geor")
WORD = re.compile(f"{LETTER}+")
OLD_LETTERS = {"ro-Latn": {"ș": "ş", "ț": "ţ"}}
"""Letters that a language has other signs for in encodings older than its own."""


def main() -> None:
    """Write the table."""
    counts, alphabets = counted()
    shares = {name: shares_of(letters, alphabets[name]) for name, letters in counts.items() if letters.total() >= FEWEST}
    known = dict(shares)
    for name, letters in alphabets.items():
        if name not in known:
            shares[name] = shares_of(mean_of(name, letters, known), letters, LEAST_OF_OWN)
    for name, old in OLD_LETTERS.items():
        shares[name] |= {sign: shares[name][letter] for letter, sign in old.items()}
    lines = [f'{name} = "{" ".join(f"{one}{round(share * UNIT)}" for one, share in ordered(shares[name]))}"\n' for name in sorted(shares)]
    Path(str(TABLE)).write_text(
        "# Letters of languages with their shares of a text's letters, in millionths; written by benchmarks/fit_encodings.py.\n\n"
        + "".join(lines),
        encoding="utf-8",
    )


def counted() -> tuple[dict[str, Counter[str]], dict[str, str]]:
    """The letters of each language in each script, with how often they stand in our data, and its alphabets."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    alphabets: dict[str, str] = {}
    for path in sorted(LANGUAGES.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        alphabet = document.pop("alphabet", {})
        for script, letters in alphabet.items():
            if script in SCRIPTS:
                alphabets[f"{path.stem}-{script}"] = letters
        for key, value in document.items():
            for word in WORD.findall(unicodedata.normalize("NFC", " ".join(strings(value)).lower())):
                for letter in word:
                    counts[f"{path.stem}-{script_of(letter)}"][letter] += WEIGHT if key in OFTEN else 1
    return {name: counts[name] for name in alphabets if name in counts}, alphabets


def shares_of(letters: Counter[str], alphabet: str, least: float = LEAST_OF_ALPHABET) -> dict[str, float]:
    """The shares of letters; one of the alphabet has some even where it was not seen."""
    total = letters.total()
    shares = {letter: number / total for letter, number in letters.items() if number / total >= LEAST}
    return shares | {letter: max(shares.get(letter, 0.0), least) for letter in alphabet if script_of(letter) != "Zyyy"}


def mean_of(name: str, alphabet: str, shares: dict[str, dict[str, float]]) -> Counter[str]:
    """The mean of the languages in a script, over an alphabet."""
    script = name.rpartition("-")[2]
    others = [one for other, one in shares.items() if other.endswith(script)]
    return Counter({letter: round(UNIT * sum(one.get(letter, 0.0) for one in others) / max(1, len(others))) for letter in alphabet})


def ordered(shares: dict[str, float]) -> list[tuple[str, float]]:
    """The letters, most frequent first."""
    return sorted(shares.items(), key=lambda one: (-one[1], one[0]))


def strings(value: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever a table holds
    """All strings in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


if __name__ == "__main__":
    main()
