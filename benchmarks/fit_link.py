"""Fit the linker's curve and scan's least likenesses: `python benchmarks/fit_link.py [--folder FOLDER] [--limit 300] [--scan]`.

Places that the linker weighs are right or wrong by the gold of the sets (see `link.py`). A logistic regression over what `Evidence` holds,
on the quotes of half 1, gives weights for `_CURVE` of `claimreg/linker/accept.py`; both halves tell how well they separate, beside the
weights in use. The two are not the same: those in use were chosen on more sets, by what `link.py` prints; how was not kept. Where nearly
all places are told apart, very different weights do equally well; so a fit is where to begin, and `link.py` decides.

With ``--scan`` it prints what bounds `_COMMON` and `_ALIKE` of `claimreg/linker/bulk/probe.py`: for each length of unit, how alike a quote
and its place are in the true places that the linker accepts, beside the bars with few chances and with many. A bar above loses them.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from link import FOLDER, GIVEN, MADE, Shared, folded, half_of, iou, read
from link_sets import Asked, Set
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from claimreg.errors import InputError
from claimreg.linker.accept import _CURVE, _MOST_BITS, ENOUGH, Evidence
from claimreg.linker.bulk.probe import _ALIKE, _COMMON
from claimreg.linker.collection import Collection, Ground
from claimreg.linker.passage import TextIndex, read_quote
from claimreg.linker.place import Fit
from claimreg.linker.search import similar_places
from claimreg.model import Span
from claimreg.text.fold import fold_key

NAMES = tuple(_CURVE)
ROUNDS = 40
RIDGE = 1e-3
MOST_PLACES = 4
"""Places of one quote in one document, the most promising first."""

LENGTHS = (12, 20, 35, 60, 100, 180, 600)
LOST = (0.0, 0.005, 0.02)
"""Shares of true places below a bar."""


class Seen(NamedTuple):
    """A place that was weighed: the set, the quote's half, what `Evidence` holds, whether it is right; and how alike it is."""

    of: str
    half: int
    evidence: Evidence
    right: bool
    length: int
    common: float
    alike: float


def main() -> None:
    """Weigh, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the sets are")
    parser.add_argument(
        "--set", action="append", choices=[*GIVEN, *MADE], help="one set (may be given again); made, ocr and gap by default"
    )
    parser.add_argument("--limit", type=int, default=0, help="so many quotes of each set")
    parser.add_argument("--candidates", type=int, default=4, help="documents looked through for each quote")
    parser.add_argument("--scan", action="store_true", help="print what bounds scan's constants")
    chosen = parser.parse_args()
    if not (chosen.folder / "made.docs.jsonl").exists():
        print(f"There are no sets in {chosen.folder}; nothing is fitted.")
        return
    sets = [read(chosen.folder, name, chosen.limit) for name in chosen.set or ("made", "ocr", "gap")]
    seen = [place for one in sets if not one.pairs for place in weighed(one, chosen.candidates)]
    if chosen.scan:
        least([place for place in seen if place.right and place.evidence.accepted])
        return
    weights = fit([place for place in seen if place.half == 1])
    in_use = np.array([_CURVE[name] for name in NAMES])
    print(f"{'':10}{''.join(f'{name:>10}' for name in NAMES)}")
    for title, row in (("fitted", weights), ("in use", in_use)):
        print(f"{title:10}{''.join(f'{value:10.2f}' for value in row)}")
    for title, row in (("fitted", weights), ("in use", in_use)):
        table(title, seen, row)


def weighed(one: Set, most: int) -> Iterator[Seen]:
    """The places of the set's quotes in the documents most like them."""
    collection = Collection()
    for doc in one.docs:
        collection.observe(doc.text)
    ground = Ground(collection, collection.size)
    shared = Shared([doc.text for doc in one.docs], folded)
    indexes: dict[int, TextIndex] = {}
    for asked in one.asked:
        try:
            quote = read_quote(asked.text)
        except InputError:
            continue
        for number in shared.best(asked.text, most):
            if one.docs[number].id in asked.apart:
                continue
            index = indexes.setdefault(number, TextIndex(one.docs[number].text))
            places = similar_places(quote.whole, index, Span(0, len(index.key)), ground)
            yield from (_seen(one.name, asked, one.docs[number].id, index, place) for place in places[:MOST_PLACES])


def _seen(of: str, asked: Asked, doc: str, index: TextIndex, place: Fit) -> Seen:
    quote, source = place.passage.key, fold_key(index.text[slice(*place.span)])
    common = LCSseq.similarity(quote, source) / max(1, len(quote))
    alike = fuzz.partial_ratio(quote, source) / 100
    return Seen(of, half_of(asked.id), place.evidence, _is_right(asked, doc, place.span), len(quote), common, alike)


def _is_right(asked: Asked, doc: str, span: Span) -> bool:
    """Whether most of the place is where the quote stands; the same words elsewhere are right, too."""
    there = [(asked.doc, [(asked.parts[0][0], asked.parts[-1][1])])] if asked.doc and asked.parts else []
    there += [(name, [(start, end)]) for name, start, end in asked.also]
    return any(name == doc and iou(spans, [(span.start, span.end)]) > 0.5 for name, spans in there)  # noqa: PLR2004 -- most of it


def rows(seen: list[Seen]) -> np.ndarray:
    """What the curve sees of each place, in the order of its weights."""
    columns = {
        "constant": [1.0 for _ in seen],
        "lost": [one.evidence.lost for one in seen],
        "alike": [one.evidence.alike for one in seen],
        "surplus": [min(one.evidence.surplus, _MOST_BITS) / 10 for one in seen],
        "dropped": [one.evidence.dropped for one in seen],
    }
    return np.array([columns[name] for name in NAMES]).T


def fit(seen: list[Seen]) -> np.ndarray:
    """The weights of the logistic curve under which what is right is likeliest, by Newton's method: there is no chance in it."""
    given, right = rows(seen), np.array([one.right for one in seen], float)
    weights = np.zeros(len(NAMES))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(given @ weights, -50, 50)))
        slope = given.T @ (chance - right) + RIDGE * weights
        bend = (given * (chance * (1 - chance))[:, None]).T @ given + RIDGE * np.eye(len(NAMES))
        weights -= np.linalg.solve(bend, slope)
    return weights


def table(title: str, seen: list[Seen], weights: np.ndarray) -> None:
    """Print how many of the places are told right, at the threshold in use."""
    print(f"\n{title:18} {'places':>7} {'P':>6} {'R':>6} {'log loss':>9}")
    for of in dict.fromkeys(one.of for one in seen):
        for half in (1, 0):
            some = [one for one in seen if one.of == of and one.half == half]
            if not some:
                continue
            right = np.array([one.right for one in some])
            chance = np.clip(1 / (1 + np.exp(-np.clip(rows(some) @ weights, -50, 50))), 1e-6, 1 - 1e-6)
            accepted = (chance >= ENOUGH) & np.array([one.evidence.surplus >= 0 for one in some])
            precision = (accepted & right).sum() / max(1, accepted.sum())
            recall = (accepted & right).sum() / max(1, right.sum())
            loss = -np.mean(np.where(right, np.log(chance), np.log(1 - chance)))
            print(f"{f'{of}, half {half}':18} {len(some):7} {precision:6.3f} {recall:6.3f} {loss:9.4f}")


def least(seen: list[Seen]) -> None:
    """Print, for each length of unit, the likeness below which so large a share of the true places lies, beside the bars in use."""
    print(f"{len(seen):,} true places; below each likeness lie {', '.join(f'{share:.1%}' for share in LOST)} of them")
    for name, bars, values in (("_COMMON", _COMMON, [one.common for one in seen]), ("_ALIKE", _ALIKE, [one.alike for one in seen])):
        print(f"\n{name:14}{'places':>8}{''.join(f'{share:>8.1%}' for share in LOST)}{'few':>8}{'many':>8}")
        for low, high in zip((0, *LENGTHS), LENGTHS, strict=False):
            some = [value for value, one in zip(values, seen, strict=True) if low < one.length <= high]
            if some:
                used = [base + falling / np.sqrt(high) for base, falling in bars]
                print(f"{low + 1:>5} to {high:<5}{len(some):>8}{''.join(f'{value:8.2f}' for value in [*np.quantile(some, LOST), *used])}")


if __name__ == "__main__":
    main()
