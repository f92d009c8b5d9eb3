"""The scan of many quotes against many documents: `python benchmarks/scan.py [--megabytes 60] [--quotes 1000 10000 100000]`.

The corpus is made up from a seed: word pairs of real texts (`--texts FOLDER` with `*.docs.jsonl`; else of words made up
here) strung together, so that letters and words are as frequent as in life and nothing is said twice. Of the quotes, some
are taken from the documents and altered, the others stand nowhere. Every figure is of a whole fresh process, from file to
file; the peers compare every quote with every document, so their figures are of a sample, extrapolated.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

REPOSITORY = Path(__file__).parents[1]
TEXTS = REPOSITORY.parent / "shared" / "bench" / "quotes"
SCAN = [sys.executable, "-m", "claimreg", "scan"]
MEASURE = """
import json, resource, subprocess, sys, time
started = time.monotonic()
code = subprocess.call(sys.argv[1:], stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""

SHARES = {"en": 30, "ru": 22, "kk": 20, "de": 8, "fr": 6, "es": 5, "bg": 5, "zh": 3, "hi": 1}
UNSPACED = ("zh", "ja")
DOCUMENT = 1_200
"""Words of a document, on the average."""

EDLIB_SYMBOLS = 255
WORD = re.compile(r"[^\W\d_]{5}")
PLANTED = 0.6
WALKERS = 4_000
ALTERED = 0.1
JUMPS = 0.4
"""Share of words that do not follow from the one before."""


class Language(NamedTuple):
    """Words and, for each, the ones that follow it in life: ``successors[first[w]:first[w + 1]]``."""

    words: list[str]
    first: np.ndarray
    successors: np.ndarray
    joint: str


class Corpus(NamedTuple):
    """Files of documents and quotes, and their sizes."""

    documents: Path
    quotes: dict[int, Path]
    megabytes: float
    planted: dict[int, int]


class Run(NamedTuple):
    """One run of a command: seconds by the clock and by the processor, memory of the largest process, links."""

    seconds: float
    processor: float
    megabytes: float
    links: int


def main() -> None:
    """Make the corpus, run everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=60)
    parser.add_argument("--quotes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--planted", type=int, default=25, help="Quotes a megabyte that stand in the documents, at most; 0 shows the scan alone."
    )
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="Keep the corpus here, and use it again.")
    parser.add_argument("--no-peers", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        corpus = make_corpus(folder, chosen)
        print(f"{corpus.megabytes:.0f} MB of documents; {os.cpu_count()} processors")
        report(corpus, folder, peers=not chosen.no_peers)


def report(corpus: Corpus, folder: Path, *, peers: bool) -> None:
    """Run the scans and print what they took."""
    print(f"{'quotes':>8} {'workers':>7} {'MB/s':>7} {'MB/s cpu':>8} {'seconds':>8} {'memory MB':>9} {'links':>7} {'planted':>7}")
    seconds: dict[int, float] = {}
    outputs: dict[int, Path] = {}
    for count, quotes in corpus.quotes.items():
        for workers in (1, 2):
            output = folder / f"links-{count}-{workers}.jsonl"
            run = scan(quotes, corpus.documents, output, workers)
            if workers == 1:
                seconds[count], outputs[count] = run.seconds, output
            elif output.read_bytes() != outputs[count].read_bytes():
                print("two workers gave other bytes than one")
            print(
                f"{count:>8} {workers:>7} {corpus.megabytes / run.seconds:>7.1f} {corpus.megabytes / run.processor:>8.1f}"
                f" {run.seconds:>8.2f} {run.megabytes:>9.0f} {run.links:>7} {corpus.planted[count]:>7}", flush=True,
            )  # fmt: skip
    half = folder / "half.jsonl"
    lines = corpus.documents.read_bytes().splitlines(keepends=True)
    half.write_bytes(b"".join(lines[::2]))
    middle = min(seconds, key=lambda count: abs(count - 10_000))
    run = scan(corpus.quotes[middle], half, folder / "half-links.jsonl", 1)
    print(f"twice the text: time × {seconds[middle] / run.seconds:.2f}")
    for fewer, more in zip(list(seconds), list(seconds)[1:], strict=False):
        print(f"{fewer} to {more} quotes: time × {seconds[more] / seconds[fewer]:.2f}")
    if peers:
        compare_peers(corpus)


def scan(quotes: Path, documents: Path, output: Path, workers: int) -> Run:
    """One whole scan in a fresh process."""
    command = [*SCAN, "--quotes", str(quotes), "--docs", str(documents), "-o", str(output), "--workers", str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], env=environment, capture_output=True, text=True, check=True)
    code, seconds, processor, memory = json.loads(done.stdout)
    if code:
        sys.exit(f"the scan ended with {code}")
    with output.open("rb") as file:
        return Run(seconds, processor, memory / 1024, sum(1 for _ in file))


def compare_peers(corpus: Corpus) -> None:
    """What it takes to compare each quote with each document, measured on a few of both."""
    from claimreg.text.fold import fold_key

    count, path = next(iter(corpus.quotes.items()))
    quotes = [fold_key(json.loads(line)["text"]) for line, _ in zip(path.open(encoding="utf-8"), range(40), strict=False)]
    lines = list(zip(corpus.documents.open(encoding="utf-8"), range(60), strict=False))
    texts = [fold_key(json.loads(line)["text"]) for line, _ in lines]
    megabytes = sum(len(line.encode()) for line, _ in lines) / 1e6
    for name, compare in peers():
        started = time.monotonic()
        for quote in quotes:
            for text in texts:
                compare(quote, text)
        rate = megabytes * len(quotes) / (time.monotonic() - started)
        print(f"{name}, extrapolated from {len(quotes)} quotes: " + ", ".join(f"{rate / n:.5f} MB/s with {n}" for n in corpus.quotes))
    del count


def peers() -> Iterator[tuple[str, Callable[[str, str], object]]]:
    """Others that find a quote in a text."""
    from rapidfuzz import fuzz

    yield "rapidfuzz partial_ratio, cutoff 60", lambda quote, text: fuzz.partial_ratio(quote, text, score_cutoff=60)
    try:
        import edlib
    except ImportError:
        print("edlib is not installed")
        return

    def infix(quote: str, text: str) -> object:
        # It takes no more than 256 different symbols: what is not in the quote may as well be one of them.
        if len(letters := set(quote)) > EDLIB_SYMBOLS:
            return None
        other = {ord(letter): "\0" for letter in set(text) - letters}
        return edlib.align(quote, text.translate(other), mode="HW", task="distance", k=len(quote) * 3 // 10)

    yield "edlib infix", infix


def make_corpus(folder: Path, chosen: argparse.Namespace) -> Corpus:
    """The files, made anew unless the folder has them."""
    documents, told = folder / "documents.jsonl", folder / "made.json"
    wanted = {"megabytes": chosen.megabytes, "quotes": chosen.quotes, "seed": chosen.seed, "planted": chosen.planted}
    paths = {count: folder / f"quotes-{count}.jsonl" for count in chosen.quotes}
    if not told.exists() or json.loads(told.read_text())["wanted"] != wanted:
        chance = np.random.default_rng(chosen.seed)
        languages = learn(chosen.texts, chance)
        texts = list(make_documents(languages, chosen.megabytes, chance))
        with documents.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"id": f"d{n}", "text": text}, ensure_ascii=False) + "\n" for n, text in enumerate(texts))
        decoys = list(make_documents(languages, max(1, max(chosen.quotes) // 1_200), chance))
        planted = {
            count: write_quotes(path, count, texts, decoys, chosen.planted * chosen.megabytes, chance) for count, path in paths.items()
        }
        told.write_text(json.dumps({"wanted": wanted, "planted": planted}))
    planted = {int(count): number for count, number in json.loads(told.read_text())["planted"].items()}
    return Corpus(documents, paths, documents.stat().st_size / 1e6, planted)


def learn(folder: Path, chance: np.random.Generator) -> dict[str, Language]:
    """The languages' words and pairs of words."""
    texts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.docs.jsonl")):
        for line in path.open(encoding="utf-8"):
            document = json.loads(line)
            texts[document.get("lang", "en")].append(document["text"])
    known = {name: texts[name] for name in SHARES if texts.get(name)} or {name: [made_up(name, chance)] for name in ("en", "ru", "kk")}
    return {name: pairs("".join(some), name) for name, some in known.items()}


def made_up(name: str, chance: np.random.Generator) -> str:
    """A text of made-up words, the common ones short, for where no texts are at hand."""
    letters = list("etaoinshrdlu" if name == "en" else "аоеинтрслвмқ")
    words = ["".join(chance.choice(letters, 2 + int(chance.integers(1, 9)))) for _ in range(20_000)]
    return " ".join(words[min(int(one), len(words) - 1)] for one in chance.zipf(1.2, 300_000))


def pairs(text: str, name: str) -> Language:
    """The pairs of neighbouring words of a text."""
    tokens = list(text) if name in UNSPACED else text.split()
    words = [word for word, _ in Counter(tokens).most_common()]
    number = {word: index for index, word in enumerate(words)}
    sequence = np.array([number[token] for token in tokens])
    order = np.argsort(sequence[:-1], kind="stable")
    first = np.searchsorted(sequence[:-1][order], np.arange(len(words) + 1))
    return Language(words, first, sequence[1:][order], "" if name in UNSPACED else " ")


def make_documents(languages: dict[str, Language], megabytes: int, chance: np.random.Generator) -> Iterator[str]:
    """Documents of about so many megabytes of UTF-8, each in one language."""
    shares = np.array([SHARES.get(name, 1) for name in languages], float)
    size = 0
    while size < megabytes * 1e6:
        walks = {name: walk(language, chance) for name, language in languages.items()}
        for name in chance.choice(list(languages), WALKERS // 2, p=shares / shares.sum()):
            language, steps = languages[name], walks[name]
            length = int(np.clip(chance.lognormal(np.log(DOCUMENT), 0.6), 50, 2 * DOCUMENT))
            column = int(chance.integers(WALKERS))
            text = language.joint.join([language.words[word] for word in steps[:length, column].tolist()])
            size += len(text.encode())
            yield text
            if size >= megabytes * 1e6:
                return


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


def write_quotes(path: Path, count: int, texts: list[str], decoys: list[str], most: int, chance: np.random.Generator) -> int:
    """Write quotes of 5 to 60 words; how many of them stand in the documents."""
    planted = int(min(PLANTED * count, most))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            passage = take(texts if number < planted else decoys, chance)
            text = alter(passage, number % 4, chance) if number < planted else passage
            file.write(json.dumps({"id": f"q{number}", "text": text}, ensure_ascii=False) + "\n")
    return planted


def take(texts: list[str], chance: np.random.Generator) -> str:
    """A passage of one of the texts, with words that it can be looked for by."""
    passage = ""
    while not WORD.search(passage):
        text = texts[int(chance.integers(len(texts)))]
        words = text.split()
        length = int(chance.integers(5, 61))
        if len(words) > length:
            start = int(chance.integers(len(words) - length))
            passage = " ".join(words[start : start + length])
        else:
            start = int(chance.integers(max(1, len(text) - 40)))
            passage = text[start : start + 40]
    return passage


def alter(text: str, kind: int, chance: np.random.Generator) -> str:
    """The text as it is, with 10 % of the letters changed, with a tenth of the words left out, or in capitals."""
    if kind == 1:
        letters = list(text)
        for at in np.flatnonzero(chance.random(len(letters)) < ALTERED).tolist():
            letters[at] = letters[int(chance.integers(len(letters)))]
        return "".join(letters)
    if kind == 2:  # noqa: PLR2004
        return " ".join(word for word in text.split() if chance.random() > ALTERED) or text
    return text.upper() if kind == 3 else text  # noqa: PLR2004


if __name__ == "__main__":
    main()
