"""The linking engine and its peers on quotes with known places: `python benchmarks/link.py [--set made] [--limit 100] [--peers]`.

Sets are `NAME.docs.jsonl`, `NAME.quotes.jsonl` and `NAME.gold.jsonl` in a folder (`--folder`, by default
`../shared/bench/quotes` beside the repository; they are no part of it). From them more are made: `gap` (4 to 12 words
left out without a mark), `letters` (Kazakh in Latin and Arabic letters) and `absent` (passages looked for in every
document but their own). Every method looks through the same documents, the most promising `--candidates` of each quote
by shared letter groups, so that quality is compared and not the way of getting through an archive.
"""

import argparse
import hashlib
import importlib.util
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import link_peers
import link_sets
import numpy as np
from link_sets import Asked, Set

from claimreg.errors import InputError
from claimreg.linker import LayeredLinker
from claimreg.linker.collection import Collection
from claimreg.linker.passage import Quote, TextIndex, plain_key, read_quote
from claimreg.text.fold import fold_key
from claimreg.text.romanize import romanize

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "quotes"
GIVEN = ("made", "ocr", "news")
MADE = {"gap": "made", "letters": "made", "absent": ",".join(GIVEN)}
GROUP = 5
ENOUGH = 0.8
"""Intersection over union from which on a place counts as found."""

Spans = list[tuple[int, int]]
Method = Callable[[Quote, TextIndex], list[Spans]]


class Shared:
    """Which documents share most letter groups with a quote, rare ones counting more."""

    def __init__(self, texts: list[str], key: Callable[[str], str]) -> None:
        self._key = key
        groups = [self._groups(text) for text in texts]
        owner = np.concatenate([np.full(len(found), number, np.int32) for number, found in enumerate(groups)])
        every = np.concatenate(groups)
        order = np.argsort(every, kind="stable")
        self._groups_sorted, self._owner, self._documents = every[order], owner[order], len(texts)

    def best(self, text: str, most: int) -> list[int]:
        """The numbers of at most so many documents, the best first."""
        wanted = self._groups(text)
        bounds = zip(np.searchsorted(self._groups_sorted, wanted), np.searchsorted(self._groups_sorted, wanted, "right"), strict=True)
        score = np.zeros(self._documents)
        for first, end in bounds:
            score[self._owner[first:end]] += np.log2(1 + self._documents / max(1, end - first))
        return [int(number) for number in np.argsort(-score, kind="stable")[:most] if score[number] > 0]

    def _groups(self, text: str) -> np.ndarray:
        codes = np.frombuffer(self._key(text).encode("utf-32-le"), np.uint32).astype(np.uint64)
        hashed = np.zeros(max(0, len(codes) - GROUP + 1), np.uint64)
        for offset in range(GROUP):
            hashed = hashed * np.uint64(1099511628211) + codes[offset : offset + len(hashed)] * np.uint64(0x9E3779B97F4A7C15)
        return np.unique(hashed)


def folded(text: str) -> str:
    """The letters that a text is searched by."""
    return plain_key(fold_key(text))


def latin(text: str) -> str:
    """The same in one rough Latin spelling."""
    return romanize(text).replace(" ", "")


@dataclass
class Tally:
    """What came of a set, or of one kind of noise in it."""

    asked: int = 0
    there: int = 0
    hit: int = 0
    wrong: int = 0
    nowhere: int = 0
    fired: int = 0
    ious: list[float] = field(default_factory=list)

    def line(self) -> str:
        """Precision, recall, F1, mean span IoU and how many quotes that are nowhere got a link."""
        precision = self.hit / (self.hit + self.wrong) if self.hit + self.wrong else 1.0
        recall = self.hit / self.there if self.there else 1.0
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        iou = sum(self.ious) / len(self.ious) if self.ious else 0.0
        return f"{self.asked:6d} {precision:6.3f} {recall:6.3f} {f1:6.3f} {iou:6.3f} {self.fired:5d}/{self.nowhere}"


def half_of(name: str) -> int:
    """Which half a quote belongs to: figures were chosen on half 1 and are checked on half 0."""
    return hashlib.sha256(name.encode()).digest()[0] % 2


def iou(one: Spans, other: Spans) -> float:
    """Intersection over union of two lists of spans, each without overlaps."""
    both = sum(max(0, min(end, until) - max(start, since)) for start, end in one for since, until in other)
    return both / ((sum(end - start for start, end in one) + sum(end - start for start, end in other) - both) or 1)


def score(tally: Tally, asked: Asked, found: list[tuple[str, Spans]], *, pairs: bool) -> None:
    """Count what was found for one quote."""
    tally.asked += 1
    found = [(doc, parts) for doc, parts in found if doc not in asked.apart]
    if pairs:
        documents = {doc for doc, _ in found}
        tally.there += len(asked.links)
        tally.hit += len(documents & asked.links)
        tally.wrong += len(documents - asked.links)
        return
    if asked.doc is None:
        tally.nowhere += 1
        tally.fired += bool(found)
        tally.wrong += len(found)
        return
    tally.there += 1
    hit = False
    for doc, parts in found:
        true = [list(asked.parts), [(asked.parts[0][0], asked.parts[-1][1])]]
        value = max(iou(spans, parts) for spans in true) if doc == asked.doc else 0.0
        if value >= ENOUGH:
            hit = True
            tally.ious.append(value)
        elif not any(doc == name and iou([(start, end)], parts) > ENOUGH / 4 for name, start, end in asked.also):
            tally.wrong += 1
    tally.hit += hit


def ours(one: Set) -> Method:
    """The engine, with what it would know of the set's documents."""
    collection = Collection()
    for doc in one.docs:
        collection.observe(doc.text)
    linker = LayeredLinker(collection)
    return lambda quote, index: [[(part.start, part.end) for part in match.parts] for match in linker.find_prepared(quote, index).matches]


def answers(one: Set, method: Method, most: int, share: tuple[int, int]) -> tuple[dict[str, list[tuple[str, Spans]]], float]:
    """What a method finds for every second (third …) quote of a set, and the seconds that it took."""
    shared = Shared([doc.text for doc in one.docs], latin if one.name == "letters" else folded)
    indexes: dict[int, TextIndex] = {}
    found: dict[str, list[tuple[str, Spans]]] = {}
    seconds = 0.0
    for asked in one.asked[share[0] :: share[1]]:
        found[asked.id] = []
        try:
            quote = read_quote(asked.text)
        except InputError:
            continue
        for number in shared.best(asked.text, most):
            doc = one.docs[number]
            if not one.pairs and doc.id in asked.apart:
                continue
            index = indexes.setdefault(number, TextIndex(doc.text))
            start = time.perf_counter()
            found[asked.id] += [(doc.id, parts) for parts in method(quote, index)]
            seconds += time.perf_counter() - start
    return found, seconds


def work(task: tuple[Path, str, str, int, int, int]) -> tuple[dict[str, list[tuple[str, Spans]]], float]:
    """One worker's share; the sets are read anew, which costs less than sending them."""
    folder, name, method, most, limit, number = task
    one = read(folder, name, limit)
    return answers(one, ours(one) if method == "claimreg" else link_peers.PEERS[method], most, (number, 2))


def read(folder: Path, name: str, limit: int) -> Set:
    """A set by its name, with its first so many quotes (all for 0)."""
    if name in MADE:
        given = [link_sets.load(folder, of) for of in MADE[name].split(",")]
        one = link_sets.absent(given, 6_000) if name == "absent" else getattr(link_sets, {"gap": "gaps"}.get(name, name))(given[0])
    else:
        one = link_sets.load(folder, name)
    return Set(one.name, one.docs, one.asked[:limit] if limit else one.asked, one.pairs)


def report(one: Set, method: str, found: dict[str, list[tuple[str, Spans]]], seconds: float, *, kinds: bool) -> None:
    """Print a set's figures: in all, on both halves, and by kind of noise."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for asked in one.asked:
        rows = ["all", f"half {half_of(asked.id)}", *([asked.noise] if kinds else [])]
        for row in rows:
            score(tallies[row], asked, found[asked.id], pairs=one.pairs)
    print(f"\n{one.name} · {method} · {1000 * seconds / max(1, len(one.asked)):.1f} ms a quote")
    print(f"{'':22s} {'quotes':>6s} {'P':>6s} {'R':>6s} {'F1':>6s} {'IoU':>6s} fired/nowhere")
    for row in sorted(tallies, key=lambda name: (name == "all", name.startswith("half"), name)):
        print(f"{row:22s} {tallies[row].line()}")


def methods(*, peers: bool) -> Iterator[str]:
    """The methods that can be run here; says which cannot."""
    yield "claimreg"
    for name, module in link_peers.MODULES.items() if peers else ():
        if importlib.util.find_spec(module):
            yield name
        else:
            print(f"{name} is not installed here.")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the sets are")
    parser.add_argument("--set", action="append", choices=[*GIVEN, *MADE], help="one set (may be given again); all by default")
    parser.add_argument("--limit", type=int, default=0, help="so many quotes of each set")
    parser.add_argument("--candidates", type=int, default=8, help="documents looked through for each quote")
    parser.add_argument("--peers", action="store_true", help="the other programs as well")
    options = parser.parse_args()
    if not (options.folder / "made.docs.jsonl").exists():
        print(f"There are no sets in {options.folder}; nothing is measured.")
        return
    for name in options.set or [*GIVEN, *MADE]:
        one = read(options.folder, name, options.limit)
        kinds = len(Counter(asked.noise for asked in one.asked)) > 1
        for method in methods(peers=options.peers):
            tasks = [(options.folder, name, method, options.candidates, options.limit, number) for number in range(2)]
            with ProcessPoolExecutor(2) as pool:
                shares = list(pool.map(work, tasks))
            found = shares[0][0] | shares[1][0]
            report(one, method, found, sum(seconds for _, seconds in shares), kinds=kinds)


if __name__ == "__main__":
    main()
