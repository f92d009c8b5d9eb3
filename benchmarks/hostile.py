"""Texts and quotes that would hurt a scan: `python benchmarks/hostile.py [CASE ...] [--scale 1] [--limit 8]`.

Each case is run at its size and at twice that size, in a fresh process from file to file: what is linear takes at most
about twice as long, and memory stays bounded. ``--limit`` is the address space a run may have, in GB, so that a mistake ends
the run and not the machine. A run that ends with 1 told of quotes that cannot be looked for.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[1]
MEASURE = """
import json, resource, subprocess, sys, time
started = time.monotonic()
try:
    code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=float(sys.argv[1]))
except subprocess.TimeoutExpired:
    code = "too late"
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.monotonic() - started, used.ru_maxrss]))
"""
QUOTE = "The harbour office says that the night ferry will not run before the old pier is repaired"
CYRILLIC = "Капитан парома заявил журналистам, что старый причал простоит ещё по меньшей мере двадцать лет"
ODD = "\u202e\u2066\u200f\0\u0301\u2069 \ufeff"
"""Marks of direction, NUL, an accent without a letter, a byte order mark."""


class Made(NamedTuple):
    """Quotes and documents of a case."""

    quotes: Iterable[str]
    texts: Iterable[str]


class Run(NamedTuple):
    """What one scan took: the exit code, seconds by the clock, MB of the largest process, links, those flagged `capped`."""

    code: int | str
    seconds: float
    megabytes: float
    links: int
    capped: int


def one_letter(size: int) -> Made:
    """A text of one letter; a quote of that letter, one of two, and a quote that stands very often in another text."""
    return Made(["a" * 60, "ab" * 30, QUOTE], ["a" * size, f"{QUOTE}. " * (size // 300)])


def one_text_of_both(size: int) -> Made:
    """One letter and the quote over and over in one and the same text."""
    return Made(["a" * 60, QUOTE], ["a" * (size // 2) + " " + f"{QUOTE}. " * (size // 600) + "a" * (size // 2)])


def parted_letters(size: int) -> Made:
    """One letter, a space, the letter again."""
    return Made(["a " * 40, "a b " * 20, QUOTE], ["a " * (size // 2)])


def half_a_letter(size: int) -> Made:
    """A quote that starts with the letter of which the text is made: never found, and never ruled out by so many places."""
    return Made(["a" * 40 + " " + QUOTE[:60], QUOTE[:40] + "a" * 50], ["a" * size])


def letter_documents(size: int) -> Made:
    """Many short texts of one letter, each looked at anew."""
    return Made(["a" * 60, "ab" * 30, QUOTE], ["a" * 5_000] * (size // 5_000))


def one_line(size: int) -> Made:
    """One line of words that hardly repeat, the quote at its start, in the middle and at its end."""
    half = words(size // 2, 1)
    return Made([QUOTE, CYRILLIC], [f"{QUOTE} {half} {QUOTE} {half} {QUOTE}"])


def one_word(size: int) -> Made:
    """One word repeated, and quotes made of it."""
    return Made(["ferry " * 20, "ferry " * 19 + "boat", "ferry", QUOTE], ["ferry " * (size // 6)])


def almost_the_quote(size: int) -> Made:
    """Places that are all nearly the quote, each in another way."""
    chance = random.Random(2)  # noqa: S311 -- nothing secret
    return Made([QUOTE], [" ".join(changed(QUOTE, chance) for _ in range(size // len(QUOTE)))])


def stretches_of_the_quote(size: int) -> Made:
    """Halves of the quote with other words between, over and over: enough to look at, too little to link."""
    half = QUOTE[: len(QUOTE) // 2]
    return Made([QUOTE], [f"{half} {words(60, 3)} " * (size // (len(half) + 62))])


def stitched(size: int) -> Made:
    """A stitched quote whose parts stand everywhere, but never one after the other as it has them."""
    return Made([f"{CYRILLIC} … {QUOTE}", f"{QUOTE[:40]} [...] {QUOTE[45:]}"], [f"{QUOTE}. {QUOTE[:40]} " * (size // 140)])


def small_quotes(size: int) -> Made:
    """Quotes with hardly a letter: an emoji, punctuation, a space, one letter, two; and one of 100,000 characters."""
    return Made(["👍", "!?… — ,", " ", "a", "at", "是", "ab" * 50_000, QUOTE], [words(size, 4) + " 👍 是 at " + QUOTE])


def odd_characters(size: int) -> Made:
    """Lone surrogates, NUL, marks of direction and accents, in quotes and between all letters of a text."""
    odd = ODD.join(QUOTE)
    return Made([odd, "\ud800" + QUOTE, ODD * 20, QUOTE], [f"\ud800{odd}\udfff " * (size // (len(odd) + 3)), ODD * (size // len(ODD))])


def similar_quotes(size: int) -> Made:
    """Quotes that are all nearly the same, against a text made of the quote."""
    chance = random.Random(5)  # noqa: S311 -- nothing secret
    quotes = [QUOTE] + [changed(QUOTE, chance) for _ in range(size - 1)]
    return Made(quotes, [f"{QUOTE}. " * 2_000])


def equal_quotes(size: int) -> Made:
    """The same quote under many ids, against a text made of it."""
    return Made([QUOTE] * size, [f"{QUOTE}. " * 20])


CASES: dict[str, tuple[Callable[[int], Made], int]] = {
    "one_letter": (one_letter, 15_000_000),
    "one_text_of_both": (one_text_of_both, 15_000_000),
    "parted_letters": (parted_letters, 5_000_000),
    "half_a_letter": (half_a_letter, 15_000_000),
    "letter_documents": (letter_documents, 2_000_000),
    "one_line": (one_line, 30_000_000),
    "one_word": (one_word, 5_000_000),
    "almost_the_quote": (almost_the_quote, 5_000_000),
    "stretches_of_the_quote": (stretches_of_the_quote, 5_000_000),
    "stitched": (stitched, 2_000_000),
    "small_quotes": (small_quotes, 2_000_000),
    "odd_characters": (odd_characters, 2_000_000),
    "similar_quotes": (similar_quotes, 5_000),
    "equal_quotes": (equal_quotes, 5_000),
}
"""Each case and its size: characters of text, or quotes."""


def main() -> None:
    """Run the cases, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--scale", type=float, default=1.0, help="Sizes are multiplied by it.")
    parser.add_argument("--limit", type=float, default=8.0, help="Gigabytes of address space a run may have.")
    parser.add_argument("--seconds", type=float, default=300.0, help="Seconds a run may take.")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (int(chosen.limit * 1e9), int(chosen.limit * 1e9)))
    print(f"{'case':<24} {'size':>11} {'seconds':>8} {'at twice':>9} {'ratio':>6} {'MB':>6} {'at twice':>9} {'links':>7} {'capped':>7}")
    for name in chosen.cases or CASES:
        make, size = CASES[name]
        size = int(size * chosen.scale)
        with tempfile.TemporaryDirectory() as folder:
            once, twice = (run(make(some), Path(folder), chosen.seconds) for some in (size, 2 * size))
        wrong = f"  ended with {once.code} and {twice.code}" if once.code or twice.code else ""
        print(
            f"{name:<24} {size:>11,} {once.seconds:>8.2f} {twice.seconds:>9.2f} {twice.seconds / once.seconds:>6.2f} {once.megabytes:>6.0f}"
            f" {twice.megabytes:>9.0f} {twice.links:>7} {twice.capped:>7}{wrong}", flush=True,
        )  # fmt: skip


def run(made: Made, folder: Path, seconds: float) -> Run:
    """One scan of a case."""
    for name, texts in (("quotes", made.quotes), ("docs", made.texts)):
        with (folder / f"{name}.jsonl").open("w", encoding="ascii") as file:
            file.writelines(json.dumps({"id": f"{name}-{number}", "text": text}) + "\n" for number, text in enumerate(texts))
    output = folder / "links.jsonl"
    output.unlink(missing_ok=True)
    command = [sys.executable, "-m", "claimreg", "scan", "--quotes", str(folder / "quotes.jsonl"), "--docs", str(folder / "docs.jsonl"),
               "-o", str(output), "--workers", "1"]  # fmt: skip
    measured = [sys.executable, "-c", MEASURE, str(seconds), *command]
    done = subprocess.run(measured, capture_output=True, text=True, check=True, cwd=REPOSITORY)
    code, taken, memory = json.loads(done.stdout)
    lines = output.read_bytes().splitlines() if output.exists() else []
    return Run(code, taken, memory / 1024, len(lines), sum(b'"capped"' in line for line in lines))


def words(size: int, seed: int) -> str:
    """About so many characters of made-up words."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    known = ["".join(chance.choices("bdfgjklmvwz", k=chance.randint(2, 9))) for _ in range(50_000)]
    return " ".join(chance.choices(known, k=max(1, size // 6)))[:size]


def changed(text: str, chance: random.Random) -> str:
    """The text with two words replaced and one left out."""
    parts = text.split()
    for _ in range(2):
        parts[chance.randrange(len(parts))] = "".join(chance.choices("bdfgjklmvwz", k=6))
    del parts[chance.randrange(len(parts))]
    return " ".join(parts)


if __name__ == "__main__":
    main()
