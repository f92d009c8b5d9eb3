"""Runs of `claimreg scan` for `scan.py`: the trees that it is run from, and what one run takes, set-up and streaming apart.

Every run is a fresh process of the real command, from file to file, with nothing of it changed but that it notes the time and the size of
what it has done after each block of documents. *Streaming* is taken from the blocks after the first one (after the first five of the 29 in
120 MB), and counted for all documents; *set-up* is what is left of the whole process: start, sample, index, whatever is loaded with the
first documents of a language, and the end. So noise in the one does not go into the other, as it does where two runs of other sizes are
subtracted. What several workers have begun but not handed in when the count begins or ends is worth up to a block.

A run is started in a folder of its own, since Python takes a package of the folder that it is started in before that of the tree. Compiled
modules and a cache for each tree are of this benchmark, filled by a run that is not counted. Seconds of the processor are those of the
command and of the workers that it waited for. Memory is each process's own peak as the system tells it (`VmHWM` in /proc, looked at all the
time; on other systems none is told): what `getrusage` calls the largest may be that of a worker, or even of the process that started the
command. Pages of a file that several processes map count in each.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from scan_corpus import REPOSITORY, Corpus

PAUSE = 0.02
"""Seconds between two looks at the processes."""

KERNELS = ("_kernel*.so", "_kernel*.pyd")
ASK = """
import pathlib, claimreg
print(pathlib.Path(claimreg.__file__).parents[1])
try:
    from claimreg.linker.kernel import compiled
except ImportError:
    compiled = None
print("NumPy" if compiled is None else "kernel")
"""

MARKED = """
import os, pathlib, runpy, sys, time
started = time.monotonic()
marks = open(sys.argv.pop(1), "w", buffering=1)
tick = os.sysconf("SC_CLK_TCK")
import claimreg.services.bulk.run as scans
make = scans.ScanProgress
def children():
    used = 0
    for task in pathlib.Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            fields = pathlib.Path("/proc", child, "stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
    return used / tick
def note(size, *others, **named):
    workers = 0.0 if "1" == sys.argv[-1] else children()
    print(size, time.process_time() + workers, time.monotonic() - started, file=marks)
    return make(size, *others, **named)
scans.ScanProgress = note
runpy.run_module("claimreg", run_name="__main__", alter_sys=True)
"""
"""The command, noting after each block what has been done: it makes a `ScanProgress` of it then, whoever looks at that."""

FEWEST_BLOCKS = 2
LEFT_OUT = 7
"""Of so many blocks, one is left out at the beginning, and one at least."""

SHORT, MOST_OF_SHORT = 20.0, 5
"""Runs that take less time together are made up to so many times: they are the ones that other work on the machine weighs on."""


class Tree(NamedTuple):
    """A checkout that the command is run from: its name in the table, its folder, and where its cache is."""

    name: str
    path: Path
    cache: Path

    def environment(self) -> dict[str, str]:
        """Environment of its runs: nothing of what is set for Python or for us, as that modules are not to be kept compiled."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CLAIMREG_"))}
        # Compiled modules lie under the paths of their sources, so that trees share those of libraries alone.
        caches = {"PYTHONPYCACHEPREFIX": str(self.cache.parent / "modules"), "XDG_CACHE_HOME": str(self.cache)}
        return {**others, "PYTHONPATH": str(self.path), **caches}


class Mark(NamedTuple):
    """What was done when a block's links had been written: bytes of documents, seconds of the processor and by the clock."""

    size: int
    processor: float
    clock: float


class Run(NamedTuple):
    """One run: seconds of set-up and streaming, of the processor and by the clock, peaks of the parent and the largest worker in MB.

    ``measured`` is how many seconds of the processor the rate of streaming is taken from, ``bend`` by how much the second half of these
    documents took longer than the first.
    """

    setup: float
    streaming: float
    setup_clock: float
    streaming_clock: float
    measured: float
    bend: float
    parent: float
    worker: float
    megabytes: float
    links: int
    digest: str

    @property
    def rate(self) -> float:
        """Megabytes of documents that are streamed in a second of the processor."""
        return self.megabytes / self.streaming

    def least(self, other: "Run") -> "Run":
        """The fewer seconds of two runs of the same, and the more memory."""
        if other.digest != self.digest:
            sys.exit("the same scan gave other bytes when it was run again")
        faster = self if self.streaming <= other.streaming else other
        return faster._replace(
            setup=min(self.setup, other.setup),
            setup_clock=min(self.setup_clock, other.setup_clock),
            streaming_clock=min(self.streaming_clock, other.streaming_clock),
            parent=max(self.parent, other.parent),
            worker=max(self.worker, other.worker),
        )


class Peaks:
    """Largest memory of a command and of its workers, looked at again and again."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._peaks: dict[int, float] = {}

    @property
    def parent(self) -> float:
        """Megabytes of the command itself."""
        return self._peaks.get(self._root, 0.0)

    @property
    def worker(self) -> float:
        """Megabytes of the largest of its workers; 0 where there was none."""
        return max((peak for pid, peak in self._peaks.items() if pid != self._root), default=0.0)

    def look(self) -> None:
        """Note the peaks so far."""
        self._look(self._root)

    def _look(self, pid: int) -> None:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmHWM"):
                    # The latest, not the largest: a process that is just being started has the memory of the one that starts it.
                    self._peaks[pid] = int(line.split()[1]) / 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                for child in (task / "children").read_text().split():
                    self._look(int(child))


def find_trees(beside: list[Path], folder: Path, *, without_kernel: bool) -> list[Tree]:
    """The trees: this one, the same without its kernel, and those beside it; each is asked which it is."""
    trees = [ask(REPOSITORY, "this", folder)]
    if without_kernel and trees[0].name.endswith("kernel"):
        trees.append(ask(copy_without_kernel(folder), "this", folder))
        if trees[1].name == trees[0].name:
            sys.exit("the copy without the kernel has one")
    names = [path.resolve().name for path in beside]
    trees += [ask(path.resolve(), name if names.count(name) == 1 else str(path), folder) for name, path in zip(names, beside, strict=True)]
    return trees


def copy_without_kernel(folder: Path) -> Path:
    """A copy of this tree's package that has no compiled kernel."""
    copy = folder / "without-kernel"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(REPOSITORY / "claimreg", copy / "claimreg", ignore=shutil.ignore_patterns(*KERNELS, "__pycache__"))
    return copy


def ask(path: Path, name: str, folder: Path) -> Tree:
    """The tree in a folder, named by what it has: another package or kernel than is said would be measured under a wrong name."""
    tree = Tree(name, path, folder / "caches" / hashlib.blake2b(str(path).encode(), digest_size=4).hexdigest())
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=tree.environment(), cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{path} has no package that starts:\n{done.stderr}")
    found, kind = done.stdout.split("\n")[:2]
    if Path(found).resolve() != path.resolve():
        sys.exit(f"the package of {path} is not the one that Python finds: {found}")
    return tree._replace(name=f"{name} {kind}")


def measure(corpus: Corpus, count: int, trees: list[Tree], workers: int, folder: Path, repeat: int) -> dict[str, Run]:
    """The least of each tree's scans, run by turns; the links are in `links_of` the tree."""
    least: dict[str, Run] = {}
    started = time.monotonic()
    done = 0
    while done < repeat or (done < MOST_OF_SHORT and time.monotonic() - started < SHORT):
        for tree in trees:
            one = run(tree, corpus.quotes[count], corpus.documents, links_of(tree, folder), workers)
            least[tree.name] = least[tree.name].least(one) if tree.name in least else one
        done += 1
    return least


def links_of(tree: Tree, folder: Path) -> Path:
    """The file of a tree's latest links."""
    return folder / f"links-{tree.name.replace('/', '-').replace(' ', '-')}.jsonl"


def run(tree: Tree, quotes: Path, documents: Path, output: Path, workers: int) -> Run:
    """One whole scan in a fresh process."""
    marks, errors = output.with_suffix(".marks"), output.with_suffix(".errors")
    options = ["--quotes", str(quotes), "--docs", str(documents), "-o", str(output), "--workers", str(workers)]
    command = [sys.executable, "-c", MARKED, str(marks), "scan", *options]
    started = time.monotonic()
    with errors.open("wb") as file:
        process = subprocess.Popen(command, env=tree.environment(), cwd=output.parent, stderr=file)
    peaks = Peaks(process.pid)
    ended = 0
    while not ended:
        peaks.look()
        time.sleep(PAUSE)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the scan of {tree.name} ended with {process.returncode}:\n{errors.read_text()}")
    return parted(read_marks(marks), used.ru_utime + used.ru_stime, seconds, peaks, output)


def read_marks(path: Path) -> list[Mark]:
    """What the command noted."""
    lines = [line.split() for line in path.read_text().splitlines()]
    return [Mark(int(size), float(processor), float(clock)) for size, processor, clock in lines]


def parted(marks: list[Mark], processor: float, seconds: float, peaks: Peaks, output: Path) -> Run:
    """A run in its parts, set-up and streaming."""
    if len(marks) < FEWEST_BLOCKS:
        sys.exit("documents of one block tell nothing of streaming")
    first, last = marks[len(marks) // LEFT_OUT], marks[-1]
    middle = min(marks, key=lambda mark: abs(mark.size - (first.size + last.size) / 2))
    share = last.size / (last.size - first.size)
    streaming, streaming_clock = share * (last.processor - first.processor), share * (last.clock - first.clock)
    early, late = ((b.processor - a.processor) / max(1, b.size - a.size) for a, b in ((first, middle), (middle, last)))
    links = output.read_bytes()
    return Run(
        processor - streaming, streaming, seconds - streaming_clock, streaming_clock, last.processor - first.processor,
        late / early if early and late else 1.0, peaks.parent, peaks.worker, last.size / 1e6, links.count(b"\n"),
        hashlib.sha256(links).hexdigest(),
    )  # fmt: skip
