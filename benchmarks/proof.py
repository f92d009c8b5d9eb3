"""`claimreg proof` on cases with known answers, and what a large draft costs: `python benchmarks/proof.py [--cases FOLDER] [--runs 3]`.

The cases are folders of a draft, its sources and the answers (`expected.json`), scored by the script beside them; they are not part of
the repository, and passed over where they are not there. The draft that is timed has 3,000 words and 20 quotations, of which some are
altered and some made up, against 50 stored sources of some 800 words each; texts are made of words of the documentation, by chance
with a fixed seed. Processor time is that of the whole command, started afresh.

Where the command `report-workflow` is there (`pip install report-workflow` beside), its `check-draft` answers the same cases: what it does
not find is counted as an error that it tells, and what it finds as `ok`.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parent.parent
CASES = REPOSITORY.parent / "shared" / "bench" / "proof"
NAMES = ("Mara Vesik", "Ilya Dorn", "Petra Lund", "Oskar Hale", "Nadia Quist", "Jonas Brekk", "Tilda Roam", "Viktor Sael")
PEER = "report-workflow"
SOURCES, QUOTATIONS, WORDS, WORDS_OF_A_SOURCE = 50, 20, 3_000, 800


def main() -> None:
    """Score the cases, then time the large draft."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--answer-of-peer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--in", action="append", type=Path, dest="sources", help=argparse.SUPPRESS)
    parser.add_argument("--strict", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.answer_of_peer:
        answer_of_peer(chosen.answer_of_peer, chosen.sources)
        return
    score(chosen.cases, f"{sys.executable} -m claimreg proof {{draft}} {{sources}} --json")
    if shutil.which(PEER):
        print(PEER, end=" ", flush=True)
        score(chosen.cases, f"{sys.executable} {__file__} --answer-of-peer {{draft}} {{sources}}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make(folder, random.Random(18))  # noqa: S311 -- nothing secret
        times = sorted(timed(folder) for _ in range(chosen.runs))
    took = f"{median(times):.2f} s of processor ({times[0]:.2f}–{times[-1]:.2f})"
    print(f"{WORDS:,} words, {QUOTATIONS} quotations, {SOURCES} stored sources: {took}")


def score(cases: Path, command: str) -> None:
    """Print what the cases' own scorer says of a command's answers."""
    scorer = cases / "score_proof.py"
    if not scorer.is_file():
        print(f"no cases in {cases}")
        return
    done = subprocess.run([sys.executable, scorer, cases, "--cmd", command], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    print(done.stdout.strip())


def answer_of_peer(draft: Path, sources: list[Path]) -> None:
    """Print what the peer says of a draft, as the scorer reads it."""
    with tempfile.TemporaryDirectory() as temporary:
        told = Path(temporary) / "told.json"
        command = [
            PEER,
            "check-draft",
            str(draft),
            *(part for source in sources for part in ("--source", str(source))),
            "--json",
            str(told),
        ]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sentences = json.loads(told.read_text(encoding="utf-8")) if told.exists() else []
    items = [item for sentence in sentences for item in sentence["items"] if item["kind"] == "quote"]
    quotes = [{"text": one["text"], "verdict": "ok" if one["status"] == "found" else "not_found"} for one in items]
    print(json.dumps({"quotes": quotes}))
    sys.exit(3 if any(one["verdict"] != "ok" for one in quotes) else 0)


def make(folder: Path, chance: random.Random) -> None:
    """A registry of sources, each with a few quotations, and a draft that quotes some of them."""
    pages = " ".join(path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "docs").rglob("*.md")))
    vocabulary = sorted(set(re.findall(r"\b[a-z]{2,12}\b", pages)))
    said: list[tuple[str, str]] = []
    names = []
    for number in range(SOURCES):
        paragraphs = [sentences(vocabulary, chance, 70) for _ in range(WORDS_OF_A_SOURCE // 100)]
        for at in range(0, len(paragraphs), 2):
            speaker, words = chance.choice(NAMES), sentence(vocabulary, chance, 18)
            said.append((speaker, words))
            paragraphs.insert(at, f"“{words},” {speaker} said. {sentences(vocabulary, chance, 12)}")
        names.append(f"source-{number}.txt")
        (folder / names[-1]).write_text("\n\n".join(paragraphs), encoding="utf-8")
    (folder / "draft.md").write_text(draft(vocabulary, said, chance), encoding="utf-8")
    command = [sys.executable, "-m", "claimreg", "source", "add", "--db", "registry", *names]
    subprocess.run(command, cwd=folder, check=True, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def draft(vocabulary: list[str], said: list[tuple[str, str]], chance: random.Random) -> str:
    """A draft in which every fourth quotation is altered, and every fourth made up."""
    paragraphs = []
    for number in range(QUOTATIONS):
        speaker, words = chance.choice(said)
        if number % 4 == 1:
            words = words.replace(words.split()[6], "hardly", 1)
        elif number % 4 == 3:  # noqa: PLR2004 -- every fourth
            words = sentence(vocabulary, chance, 18)
        paragraphs.append(f"{sentences(vocabulary, chance, WORDS // QUOTATIONS - 24)} “{words},” {speaker} said.")
    return "\n\n".join(paragraphs)


def sentences(vocabulary: list[str], chance: random.Random, words: int) -> str:
    """Sentences of so many words, and some more."""
    made: list[str] = []
    while sum(len(one.split()) for one in made) < words:
        made.append(sentence(vocabulary, chance, chance.randint(8, 20)) + ".")
    return " ".join(made)


def sentence(vocabulary: list[str], chance: random.Random, words: int) -> str:
    """A sentence of words by chance, without its full stop."""
    return " ".join(chance.choice(vocabulary) for _ in range(words)).capitalize()


def timed(folder: Path) -> float:
    """Seconds of the processor of one command."""
    before = os.times()
    command = [sys.executable, "-m", "claimreg", "proof", "draft.md", "--db", "registry", "--json"]
    done = subprocess.run(command, cwd=folder, env=environment(), check=False, stdout=subprocess.DEVNULL)
    after = os.times()
    if done.returncode != 3:  # noqa: PLR2004 -- a quotation is wrong
        sys.exit(f"the draft's quotations are not all true, but proof ended with {done.returncode}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def environment() -> dict[str, str]:
    """Return the environment without the tester's own settings, the package first on the path."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "CLAIMREG_CONFIG": "off", "CLAIMREG_STATE": "off"}


if __name__ == "__main__":
    main()
