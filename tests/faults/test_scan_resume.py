"""A scan that is killed at a random instant is gone on with, and ends in the bytes of one that was not.

The number of kills is short here; `CLAIMREG_KILLS=50 pytest tests/faults` does more.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from kernels import needs_kernel, without_kernel

from claimreg.corpus import lines as files_of_lines
from claimreg.corpus.files import open_documents
from claimreg.errors import InputError
from claimreg.services.bulk.journal import Unfinished
from claimreg.services.bulk.quotes import read_quotes
from claimreg.services.bulk.run import Scan, scan_documents

KILLS = min(50, int(os.environ.get("CLAIMREG_KILLS", "6")))

SCAN = """
import sys
from pathlib import Path
from claimreg.corpus import files as documents
from claimreg.corpus import lines
from claimreg.services.bulk.engine import LocalEngine
from claimreg.services.bulk.quotes import read_quotes
from claimreg.services.bulk.run import Scan, scan_documents
lines.BLOCK = 30_000
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    quotes = read_quotes(documents.open_documents(str(folder / "quotes.jsonl"), None), strict=False)
    source = documents.open_documents(str(folder / "docs.jsonl"), None)
    print("started", flush=True)
    scan_documents(Scan(
        quotes=quotes, documents=source, output=folder / sys.argv[2], stream=None, engine=LocalEngine(int(sys.argv[3])), resume=True))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = random.Random(3)  # noqa: S311
    words = ["".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(3_000)]
    texts = [" ".join(chance.choices(words, k=900)) for _ in range(300)]
    passages = [" ".join(chance.choice(texts).split()[100 : 100 + chance.randint(8, 30)]) for _ in range(400)]
    for name, some in (("docs", texts), ("quotes", passages)):
        lines = [json.dumps({"id": f"{name}-{number}", "text": text}) for number, text in enumerate(some)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def start(folder: Path, output: str, workers: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SCAN, str(folder), output, str(workers)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def finish(folder: Path, output: str, workers: int) -> float:
    began = time.monotonic()
    with start(folder, output, workers) as process:
        assert process.stdout is not None
        process.stdout.readline()
    assert process.returncode == 0
    return time.monotonic() - began


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_scan_goes_on_to_the_same_bytes(folder: Path, workers: int) -> None:
    seconds = finish(folder, "whole.jsonl", 1)
    whole = (folder / "whole.jsonl").read_bytes()
    assert whole.count(b"\n") > 300
    chance = random.Random(workers)  # noqa: S311
    killed = 0
    for _ in range(KILLS):
        with start(folder, "killed.jsonl", workers) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.random() * seconds)
            process.send_signal(signal.SIGKILL)
        finished = (folder / "killed.jsonl").exists()
        killed += not finished
        if finished:
            assert (folder / "killed.jsonl").read_bytes() == whole
            (folder / "killed.jsonl").unlink()
    finish(folder, "killed.jsonl", workers)
    assert killed
    assert (folder / "killed.jsonl").read_bytes() == whole
    assert not (folder / "killed.jsonl.unfinished").exists()


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    """The worker processes of a scan, as far as they are started."""
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the workers are found through /proc")
def test_scan_goes_on_after_a_worker_was_killed(folder: Path) -> None:
    seconds = finish(folder, "whole.jsonl", 1)
    whole = (folder / "whole.jsonl").read_bytes()
    chance = random.Random(9)  # noqa: S311
    stopped_by_it = 0
    for _ in range(KILLS):
        with start(folder, "killed.jsonl", 2) as process:
            assert process.stdout is not None
            process.stdout.readline()
            deadline = time.monotonic() + 10
            while not (workers := workers_of(process)) and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.random() * seconds)
            for worker in workers[:1]:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        stopped_by_it += process.returncode == 1
        if process.returncode == 0:
            assert (folder / "killed.jsonl").read_bytes() == whole
            (folder / "killed.jsonl").unlink()
    finish(folder, "killed.jsonl", 2)
    assert stopped_by_it
    assert (folder / "killed.jsonl").read_bytes() == whole


def stopped(folder: Path, monkeypatch: pytest.MonkeyPatch, *, after: int) -> Scan:
    """A scan that was stopped after some blocks."""
    monkeypatch.setattr(files_of_lines, "BLOCK", 30_000)
    seen = 0

    def stop(_progress: object) -> None:
        nonlocal seen
        seen += 1
        if seen == after:
            raise KeyboardInterrupt

    def scan(*, resume: bool) -> Scan:
        quotes = read_quotes(open_documents(str(folder / "quotes.jsonl"), sys.stdin.buffer), strict=False)
        source = open_documents(str(folder / "docs.jsonl"), sys.stdin.buffer)
        return Scan(quotes=quotes, documents=source, output=folder / "links", stream=sys.stdout.buffer, resume=resume, progress=stop)

    with pytest.raises(KeyboardInterrupt):
        scan_documents(scan(resume=False))
    return scan(resume=True)


@pytest.mark.parametrize("damage", ["links cut", "links flipped", "journal cut", "journal ahead"])
def test_what_the_disk_lost_is_done_again(folder: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    finish(folder, "whole.jsonl", 1)
    again = stopped(folder, monkeypatch, after=20)
    kept = folder / "links.unfinished"
    links, journal = (kept / "links.jsonl").read_bytes(), (kept / "journal.jsonl").read_bytes()
    if damage == "links cut":
        (kept / "links.jsonl").write_bytes(links[: len(links) // 2])
    elif damage == "links flipped":
        (kept / "links.jsonl").write_bytes(links[:-9] + b"?" + links[-8:])
    elif damage == "journal cut":
        (kept / "journal.jsonl").write_bytes(journal[: len(journal) // 2])
    else:
        (kept / "links.jsonl").unlink()
    sizes: list[int] = []
    summary = scan_documents(replace(again, progress=lambda done: sizes.append(done.resumed)))
    assert (folder / "links").read_bytes() == (folder / "whole.jsonl").read_bytes()
    assert summary.documents == 300
    assert (sizes[0] > 0) == (damage != "journal ahead")


@needs_kernel
@pytest.mark.parametrize("began_with", [True, False])
def test_a_scan_goes_on_where_the_kernel_is_gone_or_new(folder: Path, monkeypatch: pytest.MonkeyPatch, began_with: bool) -> None:  # noqa: FBT001 -- a case's own
    finish(folder, "whole.jsonl", 1)
    with nullcontext() if began_with else without_kernel():
        again = stopped(folder, monkeypatch, after=20)
    sizes: list[int] = []
    with without_kernel() if began_with else nullcontext():
        scan_documents(replace(again, progress=lambda done: sizes.append(done.resumed)))
    assert sizes[0] > 0
    assert (folder / "links").read_bytes() == (folder / "whole.jsonl").read_bytes()


def test_scan_of_other_documents_is_not_gone_on_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(folder, monkeypatch, after=3)
    with (folder / "docs.jsonl").open("a") as file:
        file.write('{"id": "one more", "text": "text"}\n')
    quotes = read_quotes(open_documents(str(folder / "quotes.jsonl"), sys.stdin.buffer), strict=False)
    source = open_documents(str(folder / "docs.jsonl"), sys.stdin.buffer)
    scan = Scan(quotes=quotes, documents=source, output=folder / "links", stream=sys.stdout.buffer, resume=True)
    with pytest.raises(InputError, match="of other quotes or documents"):
        scan_documents(scan)


def test_two_scans_do_not_write_one_output(folder: Path) -> None:
    first, second = Unfinished(folder / "links"), Unfinished(folder / "links")
    first.open({}, resume=False)
    with pytest.raises(InputError, match="Another scan is writing"):
        second.open({}, resume=True)
    first.discard()
    second.open({}, resume=False)
    second.discard()
