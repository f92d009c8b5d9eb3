"""What is found is pinned to the version of what finds it: other links under an old name could not be told from the ones recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import zip_longest
from types import ModuleType
from typing import Any

import pytest
from noisy_quotes import known

from claimreg.errors import InputError
from claimreg.linker import LayeredLinker, Match, accept, bulk, layered, partial, sameness, search
from claimreg.linker.bulk import QuoteCollector, Scanner, build_index, probe, quotes, rarities_of, scanner, with_other_scripts
from claimreg.linker.collection import Collection
from claimreg.text.alike import QUOTED, Bars

LINKS = {"layered/3+simplemma2.0-kk1": "8e068193201f6fcc"}
"""By the linker's name, the digest of what it finds."""

SCANNED = {7: "e89207e9716061c5"}
"""By scan's VERSION, the digest of the links that it finds."""

Told = tuple[Any, ...]


def told(match: Match | None) -> Told:
    if match is None:
        return ()
    return (match.start, match.end, match.kind.value, round(match.score, 1), [flag.value for flag in match.flags], match.edits, match.parts,
            round(match.probability, 2))  # fmt: skip


def archive(size: int) -> Collection:
    """What is known of the texts, as if they were a sample of many more."""
    collection = Collection()
    for text in known()[0]:
        collection.observe(text)
    collection.size = size
    return collection


def linked() -> Iterator[Told]:
    """What the linker finds for each quote in each text, alone and as in an archive."""
    texts, quotes = known()
    for linker in (LayeredLinker(), LayeredLinker(archive(5_000_000))):
        for of, quote in quotes:
            try:
                findings = linker.find(quote, texts[of])
            except InputError:
                yield (quote, "refused")
                continue
            yield (quote, [told(match) for match in findings.matches], told(findings.nearest))


def scanned() -> Iterator[Told]:
    """The links of all quotes in all texts, with few chances and with many."""
    texts, quotes = known()
    for collection in (None, archive(10**12)):
        collector = QuoteCollector()
        list(collector.add([(f"q{number}", quote, "") for number, (_, quote) in enumerate(quotes)]))
        index = build_index(collector.table(), rarities_of(len(quotes), texts))
        for one in (index, with_other_scripts(index, texts)):
            for link in Scanner(one, collection).scan(texts):
                yield (link.quote, link.document, told(link.match))


def digest(found: Iterable[Told]) -> str:
    content = "\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def test_the_linkers_name_stands_for_what_it_finds() -> None:
    name, now = LayeredLinker.name, digest(linked())
    assert LINKS.get(name) == now, (
        f"Other links are found than {name} found: where that is meant, raise the number in LayeredLinker.name and pin {now!r} to it here"
    )


def test_the_version_of_scan_stands_for_what_it_finds() -> None:
    now = digest(scanned())
    assert SCANNED.get(bulk.VERSION) == now, (
        f"Scanning finds other links than version {bulk.VERSION} did: where that is meant, raise claimreg.linker.bulk.VERSION "
        f"(the next number will do) and pin {now!r} to it here"
    )


@cache
def before(work: Any) -> list[Told]:  # noqa: ANN401 -- one of the two above
    return list(work())


def assert_noticed(work: Any) -> None:  # noqa: ANN401 -- one of the two above
    assert any(one != other for one, other in zip_longest(work(), before(work))), "nothing that is pinned here depends on it"


OF_LINKER = [
    (accept, "SHORTEST_FUZZY", 1.5),
    (accept, "ENOUGH", 1.1),
    (accept, "_OF_WORDS", 0.8),
    (accept, "_OF_CHARACTERS", 0.8),
    (accept, "_REFUND_FOR_DROPPED", 0.5),
    (accept, "_PRICE_OF_LOSS", 2.0),
    (accept, "_PRICE_OF_A_BREAK", 1.3),
    (accept, "_PRICE_OF_A_TURN", 10.0),
    (accept, "_MOST_BITS", 0.8),
    (accept, "_MOST_REFUNDED", 0.5),
    (accept, "_MOST_DROPPED", 0.3),
    (layered, "_WORTH_A_LOOK", 1.3),
    (layered, "_POOR", 2.0),
    (layered, "_CLEARLY", 3.0),
    (sameness, "_LEGIBLE", 1.2),
    (search, "_PLAIN_SAILING", 0.7),
    (search, "_HOPELESS", 1.5),
    (search, "_REACH", 0.2),
    (search, "_SKIP_SOURCE", 2.0),
    (search, "_SKIP_QUOTE", 2.0),
    (partial, "_EVEN_SURPLUS", 3.0),
    (partial, "_SURPLUS_OF_A_STEP", 3.0),
]


@pytest.mark.parametrize(("home", "name", "factor"), OF_LINKER, ids=lambda one: one if isinstance(one, str) else "")
def test_each_of_the_linkers_constants_is_noticed(home: Any, name: str, factor: float, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    before(linked)
    for user in (accept, layered, sameness, search, partial):
        if hasattr(user, name):
            monkeypatch.setattr(user, name, getattr(home, name) * factor)
    assert_noticed(linked)


@pytest.mark.parametrize("bars", [QUOTED._replace(ending=3), QUOTED._replace(stem=6)], ids=str)
def test_each_bar_of_a_quotes_words_is_noticed(bars: Bars, monkeypatch: pytest.MonkeyPatch) -> None:
    before(linked)
    monkeypatch.setattr(sameness, "QUOTED", bars)
    assert_noticed(linked)


@pytest.mark.parametrize("name", accept._CURVE)
def test_each_weight_of_the_curve_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before(linked)
    monkeypatch.setitem(accept._CURVE, name, accept._CURVE[name] * 1.1)
    assert_noticed(linked)


def changed(value: Any, at: int, factor: float) -> Any:  # noqa: ANN401 -- a number, a pair, or a pair of pairs
    if not isinstance(value, tuple):
        return value * factor
    inner = [part for pair in value for part in (pair if isinstance(pair, tuple) else (pair,))]
    inner[at] *= factor
    return ((inner[0], inner[1]), (inner[2], inner[3])) if isinstance(value[0], tuple) else tuple(inner)


OF_SCAN = [
    *((probe, name, at, 1.2) for name in ("_COMMON", "_ALIKE") for at in range(4)),
    # More that is let pass here is turned down later.
    (probe, "_NEAR_EDITS", 0, 0.6),
    (probe, "_NEAR_EDITS", 1, 0.6),
    (probe, "_LENIENCE", 0, 2.0),
    (scanner, "_PART_ALIKE", 0, 2.0),
    (quotes, "PROBED_SHARE", 0, 2.0),
]


@pytest.mark.parametrize(("home", "name", "at", "factor"), OF_SCAN, ids=lambda one: str(one) if isinstance(one, str | int) else "")
def test_each_of_scans_constants_is_noticed(home: ModuleType, name: str, at: int, factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    before(scanned)
    monkeypatch.setattr(home, name, changed(getattr(home, name), at, factor))
    assert_noticed(scanned)
