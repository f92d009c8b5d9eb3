"""Web pages: whether their headline is found, and how their main text compares with trafilatura's own, by trafilatura's own scorer.

Run `python benchmarks/pages.py --pages DIR [--every N] [--verbose]` in the development environment of the README, where DIR is the folder
`tests` of trafilatura's repository (https://github.com/adbar/trafilatura): its `evaldata.json` names passages that an article has and
that it has not, its `eval_common.py` counts them. Neither its pages nor its code are part of this project.
"""

import argparse
import importlib
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz
from trafilatura import extract as library
from trafilatura.utils import load_html

from claimreg.errors import InputError
from claimreg.ingest.formats.page import extract
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.model import Locator
from claimreg.vocabulary import HEADLINE

WHOLE, MAIN, LIBRARY = "claimreg", "claimreg without the headline before it", "trafilatura"
NO_LETTERS = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """A text by its letters and digits alone."""
    return NO_LETTERS.sub("", text).lower()


def seen(text: str) -> str:
    """A text as the library's own form of it: composed (NFC), and without characters that nobody sees, which we keep as they stand."""
    return unicodedata.normalize("NFC", "".join(letter for letter in text if unicodedata.category(letter) != "Cf"))


def main_text(read: Extraction) -> str:
    """The text without its headline, which the library's own text has only where it stands among the paragraphs."""
    if read.locators[:1] and read.locators[0] == Locator(0, HEADLINE) and len(read.locators) > 1:
        return read.text[read.locators[1].start :]
    return read.text


def own_headline(content: bytes, address: str) -> str | None:
    """The page's own h1: its only one, or the one of several that is likest its title; ``None`` where it has none but the site's name."""
    tree = load_html(content)
    if tree is None:
        return None
    title = key(tree.findtext(".//title") or "")
    for reading in list(tree.iter("rt", "rp")):
        reading.drop_tree()
    words = [" ".join(element.text_content().split()) for element in tree.iter("h1")]
    site = {key(one) for one in tree.xpath("//meta[@property='og:site_name']/@content")}
    words = [one for one in words if key(one) and key(one) not in site and key(one) not in key(urlsplit(address).hostname or "")]
    return max(words, key=lambda one: fuzz.partial_ratio(key(one), title)) if words else None


def named_headline(read: Extraction) -> str | None:
    """What is told as the headline."""
    for place, one in enumerate(read.locators):
        if one.label == HEADLINE:
            end = read.locators[place + 1].start if place + 1 < len(read.locators) else len(read.text)
            return read.text[one.start : end].strip()
    return None


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pages", type=Path, required=True)
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--verbose", action="store_true")
    given = arguments.parse_args()
    sys.path.insert(0, str(given.pages))
    scorer: Any = importlib.import_module("eval_common")
    matrices = {name: scorer.ConfusionMatrix() for name in (WHOLE, MAIN, LIBRARY)}
    tally = Counter[str]()
    seconds = {"ours": 0.0, "library": 0.0}
    for address, item in list(scorer.load_evaldata(str(given.pages)).items())[:: given.every]:
        content = scorer.read_document(str(given.pages), item["file"])
        if content is None:
            continue
        tally["pages"] += 1
        started = time.process_time()
        try:
            read = extract(content, Hints(item["file"], "text/html"), Limits())
        except InputError:
            read = Extraction("", "text/html", "")
        seconds["ours"] += time.process_time() - started
        started = time.process_time()
        text = library(content, fast=False, **scorer.EXTRACT_OPTS)
        seconds["library"] += time.process_time() - started
        counts = {
            WHOLE: scorer.count_item(item, seen(read.text)),
            MAIN: scorer.count_item(item, seen(main_text(read))),
            LIBRARY: scorer.count_item(item, text),
        }
        for name, count in counts.items():
            matrices[name].add(count)
        if given.verbose and counts[MAIN][:2] != counts[LIBRARY][:2]:
            print(f"counted otherwise: {item['file']}: {counts}")
        headline(content, read, address, tally, verbose=given.verbose)
        left_out(item, read, scorer.norm, tally)
    tell(matrices, tally, seconds)


def headline(content: bytes, read: Extraction, address: str, tally: Counter[str], *, verbose: bool) -> None:
    """Count whether the page's own h1 is told as its headline."""
    own = own_headline(content, address)
    if own is None:
        tally["without h1"] += 1
        tally["without h1, told"] += named_headline(read) is not None
        return
    tally["with h1"] += 1
    told = named_headline(read)
    tally["h1 is the headline"] += key(own) == key(told or "")
    tally["h1 is in the text"] += key(own) in key(read.text)
    if verbose and key(own) != key(told or ""):
        print(f"headline: {address}: own {own[:90]!r}, told {(told or '')[:90]!r}, title {read.details.title!r}")


def left_out(item: dict[str, Any], read: Extraction, norm: Callable[[str], str], tally: Counter[str]) -> None:
    """Count the passages of the article that the text lacks, and how many of them the second text has."""
    for passage in item["with"]:
        if norm(passage) not in norm(read.text):
            tally["lacking"] += 1
            tally["lacking, left out"] += norm(passage) in norm(read.left_out) or key(passage) in key(read.text + read.left_out)


def tell(matrices: dict[str, Any], tally: Counter[str], seconds: dict[str, float]) -> None:
    """Print the figures."""
    print(f"{tally['pages']} pages; {seconds['ours']:.0f} s of CPU, the library {seconds['library']:.0f} s")
    share = 100 / max(1, tally["with h1"])
    print(
        f"own h1 told as the headline: {tally['h1 is the headline']} of {tally['with h1']} ({share * tally['h1 is the headline']:.1f} %), "
        f"in the text {tally['h1 is in the text']}; of {tally['without h1']} pages without h1, {tally['without h1, told']} have a headline"
    )
    for name, matrix in matrices.items():
        precision, recall, accuracy, f1 = matrix.scores()
        print(f"{name}: precision {precision:.4f}, recall {recall:.4f}, accuracy {accuracy:.4f}, F1 {f1:.4f}")
    print(f"passages of articles that the text lacks: {tally['lacking']}, of them {tally['lacking, left out']} in what is left out")


if __name__ == "__main__":
    main()
