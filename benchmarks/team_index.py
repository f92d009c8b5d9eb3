"""The part `texts` of `benchmarks/team.py`: a new client's first look into the texts of a shared registry, and what sharing them takes."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

from listing import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from team import Desk

_LETTERS = ("аәбвгғдежзийкқлмнңоөпрстуұүфхшыі", "abcdefghijklmnopqrstuvwxyz")
_WORDS, _OF_A_TEXT = 20_000, 600


def texts(desk: Desk, count: int, told: Callable[..., None]) -> None:
    """Measure with so many sources of 600 words each."""
    chance = random.Random(1)  # noqa: S311 -- made-up words
    words = ["".join(chance.choices(_LETTERS[number % 2], k=chance.randint(2, 10))) for number in range(_WORDS)]
    # Few words are frequent, and most are rare.
    weights = [1 / (number + 1) ** 0.8 for number in range(_WORDS)]
    folder = desk.folder / "texts"
    folder.mkdir()
    for number in range(count):
        drawn = chance.choices(words, weights, k=_OF_A_TEXT)
        (folder / f"{number}.txt").write_text(" ".join(drawn), encoding="utf-8")
    quote = " ".join((folder / f"{count // 2}.txt").read_text(encoding="utf-8").split()[100:112])
    Run(desk.command("texts", "init"))
    told(f"adding {count:,} sources: CPU", Run(desk.command("texts", "source", "add", str(folder))).cpu, "s")
    asked = {"source search": ("source", "search", " ".join(quote.split()[:3])), "check": ("check", quote)}
    for name, arguments in asked.items():
        # Its keeper's client makes the index, and shares it when the command ends.
        told(f"first {name}, nothing shared: CPU", Run(desk.command("texts", *arguments)).cpu, "s")
    for name, arguments in asked.items():
        runs = []
        for number in range(desk.runs):
            os.environ.update(desk.environment(f"new {name} {number}"))
            runs.append(Run(desk.command("texts", *arguments)))
        os.environ.update(desk.environment())
        told(f"a new client's first {name}: CPU", min(run.cpu for run in runs), "s", 3)
        told(f"a new client's first {name}", min(run.wall for run in runs), "s")
    told("verify, which makes the shared indexes once more: CPU", Run(desk.command("texts", "verify")).cpu, "s")
    with desk.connected() as connection:
        rows = connection.execute("SELECT pg_total_relation_size('texts.segments')").fetchone()
    told("bytes of the shared segments", (rows[0] if rows else 0) / 1e6, "MB")
