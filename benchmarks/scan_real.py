"""Real newspapers for `scan.py`: the articles of the set `news`, quotes that stand in them, and passages of other real texts as decoys.

The articles, 5 MB, come four times over, under ids of their own: documents are read in blocks of 4 MiB, and one block tells nothing.

Half of the planted quotes are what speakers said, as it was marked in one article (others may have it too), half are passages of the
articles as `link_sets.py` draws them. The decoys are passages of texts of other kinds: a Bible, calls with investors, talks among friends,
old newspapers. Debates are left out, since the articles quote them. There is not text enough for 100,000 decoys: passages would overlap,
and what is hard about them would be that they are like each other.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from link_sets import passages
from scan_corpus import COPY, Corpus, Line, is_long_enough, write_lines

DECOYS = ("real/bib_kjv_jps", "real/asr", "real/fillers", "real/ocrnew")
COPIES = 4
MOST_QUOTES = 10_000
MOST_PLANTED = 0.25
MOST_OF_A_DOCUMENT = 60
"""Decoys of one document, at most."""


def find_newspapers(texts: Path, folder: Path, counts: list[int]) -> Corpus | None:
    """The newspapers with quotes for those numbers for which there is enough, or nothing where they are not at hand."""
    paths = [texts / f"news.{kind}.jsonl" for kind in ("docs", "quotes", "gold")]
    others = [texts / name / "docs.jsonl" for name in DECOYS]
    if missing := [str(path) for path in paths + others if not path.exists()]:
        print(f"no newspapers: {', '.join(missing)} missing")
        return None
    articles = [Line(row["id"], row["text"]) for row in rows(paths[0])]
    documents = folder / "newspapers.jsonl"
    write_lines(documents, [Line(f"{article.id}{COPY}{copy}", article.text) for copy in range(COPIES) for article in articles])
    planted, home = plant(articles, paths[1], paths[2])
    decoys = draw_decoys(others)
    quotes: dict[int, Path] = {}
    for count in counts:
        own = planted[: int(MOST_PLANTED * count)]
        if count <= MOST_QUOTES and count <= len(own) + len(decoys):
            quotes[count] = folder / f"newspapers-quotes-{count}.jsonl"
            write_lines(quotes[count], mixed(own + decoys[: count - len(own)]))
        else:
            print(f"no newspapers with {count} quotes: too little text for decoys")
    return Corpus("newspapers", documents, quotes, home)


def plant(articles: list[Line], quotes: Path, gold: Path) -> tuple[list[Line], dict[str, str]]:
    """Quotes marked in the articles and passages of them, in no order, and the article of each."""
    texts = {row["id"]: row["text"] for row in rows(quotes)}
    said = [(Line(f"said-{row['quote_id']}", texts[row["quote_id"]]), row["from"]) for row in rows(gold)]
    drawn = []
    for article in articles:
        for start, end in passages(article.text, random.Random(f"planted {article.id}"), 1):  # noqa: S311 -- not a secret
            drawn.append((Line(f"passage-{article.id}", article.text[start:end]), article.id))
    said, drawn = ([one for one in some if is_long_enough(one[0].text)] for some in (said, drawn))
    half = min(len(said), len(drawn))
    known = [one for two in zip(mixed(said)[:half], mixed(drawn)[:half], strict=True) for one in two]
    return [line for line, _ in known], {line.id: article for line, article in known}


def draw_decoys(others: list[Path]) -> list[Line]:
    """Passages of the other texts, in no order."""
    found: dict[str, None] = {}
    for path in others:
        for row in rows(path):
            text = row["text"]
            most = min(MOST_OF_A_DOCUMENT, len(text) // 500)
            for start, end in passages(text, random.Random(f"decoy {row['id']}"), most):  # noqa: S311 -- not a secret
                if is_long_enough(text[start:end]):
                    found[text[start:end]] = None
    return [Line(f"decoy-{number}", text) for number, text in enumerate(mixed(list(found)))]


def mixed(some: list[Any]) -> list[Any]:
    """The same in an order drawn by lot, the same each time."""
    return random.Random("newspapers").sample(some, len(some))  # noqa: S311 -- not a secret


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Lines of JSON."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
