"""Quotes in one script and documents in another, through `scan`: `python benchmarks/romanised.py [--manner "ru bgn"] [--linker]`.

For each manner of romanisation, both ways, with 0 and 5 % of the quotes' letters replaced: recall (the place is found),
links to wrong places, and links of quotes that stand nowhere. `--linker` gives each quote its own document instead, so
that only the linker's verdict is measured: `scan` cannot find more. Texts are those of `--folder`, by default
`../shared/bench` beside the repository, which are no part of it.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz import fuzz
from romanised_sets import MANNERS, Made, make, texts

from claimreg.linker.bulk import QuoteCollector, Scanner, build_index, rarities_of, with_other_scripts
from claimreg.linker.collection import Collection
from claimreg.linker.layered import LayeredLinker
from claimreg.linker.types import Match
from claimreg.text.fold import fold_key

FOLDER = Path(__file__).parents[2] / "shared" / "bench"
ENOUGH = 0.8
"""Intersection over union from which on a place counts as found."""

REPEATED = 75
"""Likeness (0..100) of two passages from which on a link to either is right."""

Links = Iterator[tuple[str, str, Match]]


def collection_of(made: Made) -> Collection:
    """What is known of a set's documents."""
    collection = Collection()
    for _, text in made.documents:
        collection.observe(text)
    return collection


def scanned(made: Made) -> Links:
    """The links of a scan: quote, document and match."""
    collector = QuoteCollector()
    names = [
        name for (name, text), error in zip(made.quotes, collector.add([(n, t, "") for n, t in made.quotes]), strict=True) if not error
    ]
    documents = [text for _, text in made.documents]
    table = collector.table()
    collection = collection_of(made)
    index = with_other_scripts(build_index(table, rarities_of(len(table), documents)), documents, collection.size)
    scanner = Scanner(index, collection)
    for link in scanner.scan(documents):
        yield names[link.quote], made.documents[link.document][0], link.match


def linked(made: Made) -> Links:
    """What the linker says of each quote and its own document."""
    linker = LayeredLinker(collection_of(made))
    documents = dict(made.documents)
    for name, text in made.quotes:
        truth = made.truth[name]
        if truth:
            yield from ((name, truth[0], match) for match in linker.find(text, documents[truth[0]]).matches)


def figures(made: Made, links: Links) -> Counter[str]:
    """Counts of quotes that stand somewhere and nowhere, of those found and linked in vain, and of links elsewhere."""
    hit, fired = set(), set()
    documents = dict(made.documents)
    counts: Counter[str] = Counter(there=sum(truth is not None for truth in made.truth.values()), quotes=len(made.quotes))
    for name, document, match in links:
        truth = made.truth[name]
        if truth is None:
            fired.add(name)
            continue
        both = min(match.end, truth[2]) - max(match.start, truth[1])
        if document == truth[0] and both >= ENOUGH * (max(match.end, truth[2]) - min(match.start, truth[1])):
            hit.add(name)
        elif (document != truth[0] or both <= 0) and not _repeats(
            documents[document][match.start : match.end], documents[truth[0]][slice(*truth[1:])]
        ):
            counts["elsewhere"] += 1
    counts.update(hit=len(hit), fired=len(fired))
    return counts


def _repeats(one: str, other: str) -> bool:
    """Return whether two passages say the same: news repeat their own words, and each other's."""
    return fuzz.ratio(fold_key(one), fold_key(other)) >= REPEATED


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--manner", action="append", choices=list(MANNERS), help="one manner (may be given again); all by default")
    parser.add_argument("--quotes", type=int, default=300, help="so many quotes of each set, at least")
    parser.add_argument("--linker", action="store_true", help="each quote in its own document only")
    options = parser.parse_args()
    given = texts(options.folder)
    print(f"{'manner':<13}{'quotes are':<12}{'noise':>6}{'there':>7}{'recall':>8}{'nowhere':>9}{'fired':>7}{'elsewhere':>10}{'seconds':>9}")
    for name in options.manner or MANNERS:
        for latin_quotes in (True, False):
            for noise in (0.0, 0.05):
                made = make(MANNERS[name], given[MANNERS[name].lang], noise, options.quotes, latin_quotes=latin_quotes)
                started = time.process_time()
                found = figures(made, linked(made) if options.linker else scanned(made))
                print(
                    f"{name:<13}{'Latin' if latin_quotes else 'Cyrillic':<12}{noise:>6.0%}{found['there']:>7}"
                    f"{found['hit'] / max(1, found['there']):>8.3f}{found['quotes'] - found['there']:>9}{found['fired']:>7}"
                    f"{found['elsewhere']:>10}{time.process_time() - started:>9.1f}", flush=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()
