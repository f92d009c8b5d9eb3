"""A scan with the compiled kernel and one without it write the same bytes.

A corpus made here, and a sample of the one that the project is measured by where that is; `CLAIMREG_ALL=1` takes all of it.
"""

import json
import os
import random
import sys
from pathlib import Path

import pytest
from kernels import altered, both_ways, needs_kernel

from claimreg.corpus.files import open_documents
from claimreg.services.bulk.quotes import read_quotes
from claimreg.services.bulk.run import Scan, scan_documents

pytestmark = needs_kernel

ALL = bool(os.environ.get("CLAIMREG_ALL"))
BENCH = Path(__file__).parents[3] / "shared" / "bench" / "quotes"
SAMPLE = 40
"""Documents of a set that are scanned where not all are, from all over it."""

SENTENCES = (
    "The harbour office says that the night ferry will not run before the old pier is repaired, and nobody knows when that will be",
    "Капитан парома заявил журналистам, что старый причал простоит ещё по меньшей мере двадцать лет без всякого ремонта",
    "Кеме жолаушыларды арғы бетке таң атқанға дейін тасымалдап үлгереді деп уәде берді, бірақ ешкім сенбеді",
    "港务局表示在旧码头修好之前夜间渡轮将不会运行,没有人知道那会是什么时候",
    "실제로 항만청은 오래된 부두가 수리될 때까지 야간 여객선이 운항하지 않는다고 말했다",
    "ท่าเรือบอกว่าเรือข้ามฟากตอนกลางคืนจะไม่วิ่งจนกว่าจะซ่อมท่าเรือเก่าเสร็จ",
    "قال مكتب الميناء إن العبارة الليلية لن تعمل قبل إصلاح الرصيف القديم في المدينة",
    "Άνοιξε το λιμάνι και τα παλιά πλοία γύρισαν στο σπίτι τους πριν από τη νύχτα του χειμώνα",
)
SHORT = ("pie", "2024", "渡轮", "ferry", "Nobody knew")


def written(folder: Path, quotes: Path, docs: Path) -> bytes:
    """The links that a scan writes."""
    output = folder / "links.jsonl"
    output.unlink(missing_ok=True)
    found = read_quotes(open_documents(str(quotes), sys.stdin.buffer), strict=False)
    scan_documents(Scan(quotes=found, documents=open_documents(str(docs), sys.stdin.buffer), output=output, stream=sys.stdout.buffer))
    return output.read_bytes()


def lines(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"id": f"{path.stem}-{number}", "text": text}) + "\n" for number, text in enumerate(texts)))
    return path


def filler(chance: random.Random, size: int) -> str:
    return " ".join("".join(chance.choices("abdefgjklmvwzабвгдежзик", k=chance.randint(2, 9))) for _ in range(size))


def corpus(chance: random.Random) -> tuple[list[str], list[str]]:
    """Quotes, and documents in which they stand, are altered, cut, stitched and repeated."""
    stitched = [f"{one[:40]} … {one[-40:]}" for one in SENTENCES[:3]]
    quotes = [*SENTENCES, *SHORT, *stitched, "ha " * 20, "a" * 60, *(altered(one, 5, 1) for one in SENTENCES)]
    documents = []
    for number in range(24):
        planted = chance.choice(SENTENCES)
        parts = [altered(planted, edits, number) for edits in (0, chance.randint(1, 8), chance.randint(8, 40))]
        parts += [
            planted[chance.randint(0, 40) :],
            chance.choice(SHORT),
            chance.choice(["ha ", "a", "渡轮"]) * chance.choice([3, 30, 600]),
        ]
        chance.shuffle(parts)
        documents.append(" ".join(f"{filler(chance, chance.randint(0, 80))} {part}." for part in parts))
    return quotes, documents


def test_links_of_an_own_corpus_are_the_same_bytes(tmp_path: Path) -> None:
    quotes, documents = corpus(random.Random(7))  # noqa: S311 -- nothing secret
    given = lines(tmp_path / "quotes.jsonl", quotes), lines(tmp_path / "docs.jsonl", documents)
    found, expected = both_ways(lambda: written(tmp_path, *given))
    assert found == expected
    kinds = {link["kind"] for link in map(json.loads, found.splitlines())}
    assert found.count(b"\n") > 150
    assert kinds >= {"exact", "altered", "stitched"}


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("name", ["made", "ocr", "news"])
def test_links_of_the_bench_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    docs = BENCH / f"{name}.docs.jsonl"
    if not docs.exists():
        pytest.skip("the texts that the project is measured by are not on this machine")
    if not ALL:
        every = docs.read_bytes().splitlines(keepends=True)
        docs = tmp_path / "docs.jsonl"
        docs.write_bytes(b"".join(every[:: -(-len(every) // SAMPLE)]))
    found, expected = both_ways(lambda: written(tmp_path, BENCH / f"{name}.quotes.jsonl", docs))
    assert found == expected
    assert found.count(b"\n") > 10
