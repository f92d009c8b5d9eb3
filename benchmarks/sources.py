"""Adding documents against the extraction library alone, and `verify` against `sha256sum`.

Run `python benchmarks/sources.py [--size 10000] [--runs 3]` in the development environment of the README. The pages are made up:
some 20 KB each, with menus, scripts and comments around an article. Every figure is of whole fresh processes, taken in turn;
ratios are of medians. Peak memory is that of the largest process, readers counted one by one.
"""

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ALPHABETS = (
    "аәбвгғдежзийкқлмнңоөпрстуұүфхшыі",
    "абвгдежзийклмнопрстуфхцчшщыьэюя",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "abcçdefgğhıijklmnoöprsştuüvyz",
    "abcdefghijklmnopqrstuvwxyz",
)
CLAIMREG = [sys.executable, "-m", "claimreg"]
LIBRARY = """
import sys
from pathlib import Path
from trafilatura import bare_extraction
size = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    extracted = bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)
    size += len(extracted.text)
print(size)
"""


def page(chance: random.Random, number: int, vocabularies: list[list[str]]) -> str:
    """One page."""
    words = vocabularies[number % len(vocabularies)]

    def sentence() -> str:
        return " ".join(chance.choice(words) for _ in range(chance.randint(6, 18))).capitalize() + "."

    paragraphs = "\n".join(f"<p>{' '.join(sentence() for _ in range(5))}</p>" for _ in range(chance.randint(13, 17)))
    menu = "".join(f'<li><a href="/{index}/{number}">{chance.choice(words)}</a></li>' for index in range(60))
    comments = "".join(f'<div class="comment"><p>{sentence()}</p></div>' for _ in range(4))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{sentence()}</title>'
        f'<meta property="article:published_time" content="2020-0{number % 9 + 1}-11">'
        f'<meta property="og:site_name" content="{words[0].capitalize()}"><style>{"a { color: red } " * 60}</style></head>'
        f"<body><nav><ul>{menu}</ul></nav><main><article><h1>{sentence()}</h1>{paragraphs}</article></main>"
        f'<section id="comments" class="comments">{comments}</section><script>{"var a = 1; " * 120}</script>'
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )


def make_pages(folder: Path, size: int) -> int:
    """Write the pages; returns their bytes."""
    chance = random.Random(20)  # noqa: S311 -- the same pages each time
    vocabularies = [["".join(chance.choice(letters) for _ in range(chance.randint(2, 11))) for _ in range(4000)] for letters in ALPHABETS]
    folder.mkdir()
    total = 0
    for number in range(size):
        content = page(chance, number, vocabularies).encode()
        total += len(content)
        (folder / f"{number:06}.html").write_bytes(content)
    return total


def measured(command: list[str], before: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Wall seconds of a fresh process, and the peak memory in MiB of the largest of its processes."""
    before()
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if process.wait() != 0:
            raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def peak(command: list[str]) -> float:
    """The peak memory in MiB of the command's own process, its readers apart."""
    script = (
        "import resource, subprocess, sys; "
        "p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
        "import os; _, status, usage = os.wait4(p.pid, 0); print(status, usage.ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
    status, size = done.stdout.split()
    if status != "0":
        raise SystemExit(f"{command} ended with {status}")
    return int(size) / 1024


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    work = Path(tempfile.mkdtemp(prefix="claimreg-sources-"))
    try:
        run(work, given.size, given.runs)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(work: Path, size: int, runs: int) -> None:
    """All measurements."""
    pages, few, registry = work / "pages", work / "few", work / "registry"
    total = make_pages(pages, size)
    few.mkdir()
    for path in sorted(pages.iterdir())[: size // 10]:
        shutil.copy(path, few / path.name)
    print(f"{size:,} pages, {total / 2**20:.0f} MiB, {os.cpu_count()} processors", flush=True)

    def emptied() -> None:
        shutil.rmtree(registry, ignore_errors=True)

    add = [*CLAIMREG, "--db", str(registry), "source", "add", str(pages)]
    library, alone, several = [], [], []
    for _ in range(runs):
        library.append(measured([sys.executable, "-c", LIBRARY, str(pages)])[0])
        alone.append(measured([*add, "--workers", "1"], emptied)[0])
        several.append(measured(add, emptied)[0])
    base = statistics.median(library)
    for name, times in (("the library alone", library), ("source add --workers 1", alone), ("source add", several)):
        middle = statistics.median(times)
        told = f"{size / middle:.0f} documents/s, {100 * base / middle:.0f} % of the library's speed"
        print(f"{name}: {middle:.1f} s ({min(times):.1f}–{max(times):.1f}), {told}", flush=True)
    sizes = []
    for folder in (few, pages):
        emptied()
        sizes.append(peak([*CLAIMREG, "--db", str(registry), "source", "add", str(folder)]))
    print(f"peak memory of source add: {sizes[0]:.0f} MiB for {size // 10:,}, {sizes[1]:.0f} MiB for {size:,} documents", flush=True)
    hashing = ["bash", "-c", f"find {registry / 'captures'} -type f -print0 | xargs -0 sha256sum"]
    hashed, verified = [], []
    for _ in range(2 * runs + 1):
        hashed.append(measured(hashing)[0])
        verified.append(measured([*CLAIMREG, "--db", str(registry), "verify"])[0])
    speed = statistics.median(hashed) / statistics.median(verified)
    print(
        f"sha256sum: {statistics.median(hashed):.2f} s ({min(hashed):.2f}–{max(hashed):.2f}); "
        f"verify: {statistics.median(verified):.2f} s ({min(verified):.2f}–{max(verified):.2f}), {100 * speed:.0f} % of its speed"
    )


if __name__ == "__main__":
    main()
