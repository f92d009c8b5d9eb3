"""What it takes to add one document: ``python benchmarks/single.py [--rounds N] [PYTHON…]``, the processor's seconds, children's with them.

Each document is added to a registry of its own; the interpreters, of several environments with claimreg, take turns. The first, uncounted,
round makes what is kept in the user's cache.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

DOCUMENTS = Path(__file__).parents[1] / "tests" / "fixtures" / "documents"
SENTENCE = "The keeper said that the light stays on until spring, and that boats go out by day only. "
PAGE = (
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Light</title></head><body><nav><a href=/>Home</a></nav><article>"
    "<h1>The light stays</h1>{}</article><footer>Harbour office</footer></body></html>"
)


def main() -> None:
    """Print the median for each interpreter and document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pythons", nargs="*", default=[sys.executable])
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        documents = made(Path(folder))
        seconds: dict[tuple[str, str], list[float]] = {}
        for number in range(arguments.rounds + 1):
            for name, path in documents.items():
                for python in arguments.pythons:
                    taken = added(python, path, Path(folder))
                    if number:
                        seconds.setdefault((python, name), []).append(taken)
    for (python, name), every in seconds.items():
        print(f"{python} {name}: {median(every):.2f} s ({min(every):.2f} to {max(every):.2f})")


def made(folder: Path) -> dict[str, Path]:
    """A text, a page and a PDF; nothing at all, to see what the machine is about."""
    text, page = folder / "text.txt", folder / "page.html"
    text.write_text(SENTENCE * 10, encoding="utf-8")
    page.write_text(PAGE.format(f"<p>{SENTENCE * 5}</p>" * 8), encoding="utf-8")
    return {"nothing": Path(), "text": text, "page": page, "PDF": DOCUMENTS / "chromium.pdf"}


def added(python: str, document: Path, folder: Path) -> float:
    """The processor's seconds of adding a document with an interpreter; of starting it where there is none."""
    with tempfile.TemporaryDirectory(dir=folder) as registry:
        # An installed package has its bytecode beside it; the uncounted round writes it.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"CLAIMREG_DB": registry}
        command = [python, "-m", "claimreg", "source", "add", str(document)] if document.name else [python, "-c", "pass"]
        before = os.times()
        subprocess.run(command, env=environment, cwd=registry, check=True, capture_output=True)
        after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


if __name__ == "__main__":
    main()
