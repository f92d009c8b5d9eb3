"""The texts that `benchmarks/scan.py` measures on: what is planted stands where it is said to, and nothing else does by chance."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

# Behind everything else, so that no name of a benchmark hides a module of ours.
sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import scan_corpus as made
import scan_runs as runs

COMMON = "the old river runs slowly past gardens and quiet houses where people often speak about weather together".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of texts to learn from: common words in many orders, and a rare one after each tenth."""
    folder = tmp_path_factory.mktemp("texts")
    chance = np.random.default_rng(7)
    words = [COMMON[int(at)] for at in chance.integers(len(COMMON), size=20_000)]
    rare = iter("".join(chance.choice(list("bcdfghjk"), 9)) for _ in range(2_000))
    text = " ".join(f"{word} {next(rare)}" if at % 10 == 0 else word for at, word in enumerate(words))
    (folder / "some.docs.jsonl").write_text(json.dumps({"id": "one", "lang": "en", "text": text}) + "\n")
    return folder


@pytest.fixture(scope="module")
def corpus(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> made.Corpus:
    """A small corpus."""
    return made.make_corpus(tmp_path_factory.mktemp("corpus"), texts, made.Wanted(2, [40, 200], planted=10))


def lines(path: Path) -> Iterator[made.Line]:
    with path.open(encoding="utf-8") as file:
        yield from (made.Line(**json.loads(line)) for line in file)


def test_every_quote_has_enough_words_and_letters(corpus: made.Corpus) -> None:
    quotes = list(lines(corpus.quotes[200]))
    assert len(quotes) == 200
    assert all(len(quote.text.split()) >= 5 and sum(map(str.isalpha, quote.text)) >= 25 for quote in quotes)


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        ("' to the of it by an", False),
        ("extraordinarily incomprehensible circumstances", False),
        ("1 2 3 4 5 extraordinarily incomprehensible circumstances", False),
        ("people often speak about the weather", True),
        ("我要歌唱慈愛和公平耶和華阿我要向你歌頌我要用智慧行完全的道", True),
    ],
)
def test_few_letters_or_few_words_are_no_quote(text: str, *, is_enough: bool) -> None:
    assert made.is_long_enough(text) is is_enough


def test_planted_quotes_stand_in_their_documents(corpus: made.Corpus) -> None:
    documents = {document.id: document.text for document in lines(corpus.documents)}
    kept = [quote for quote in lines(corpus.quotes[200]) if quote.id in corpus.home and int(quote.id.split("-")[1]) % 4 == 0]
    assert len(kept) == 5
    assert all(quote.text in documents[corpus.home[quote.id]] for quote in kept)


def test_decoys_stand_nowhere(corpus: made.Corpus) -> None:
    together = "\n".join(document.text for document in lines(corpus.documents))
    decoys = [quote for quote in lines(corpus.quotes[200]) if quote.id not in corpus.home]
    assert len(decoys) == 180
    assert not [decoy.text for decoy in decoys if decoy.text in together]


def test_each_number_of_quotes_has_the_same_planted_in_no_order(corpus: made.Corpus) -> None:
    few, many = ([quote for quote in lines(corpus.quotes[count]) if quote.id in corpus.home] for count in (40, 200))
    assert sorted(few) == sorted(many)
    assert len(few) == 20
    names = [quote.id for quote in lines(corpus.quotes[200])]
    assert set(names[:20]) != set(corpus.home)


def test_rare_words_are_new_wherever_they_stand(texts: Path, corpus: made.Corpus) -> None:
    learned = json.loads((texts / "some.docs.jsonl").read_text())["text"].split()
    once = {word for word, count in Counter(learned).items() if count == 1}
    counted = Counter(word for document in lines(corpus.documents) for word in document.text.split())
    rare = {word: count for word, count in counted.items() if word not in COMMON}
    # A tenth of the words are rare, as in the texts; as they are there, each would stand in some fifteen places.
    assert 0.05 < sum(rare.values()) / counted.total() < 0.15
    assert sum(rare.values()) / len(rare) < 2
    assert sum(rare[word] for word in rare if word in once) < sum(rare.values()) / 20


def test_rare_letters_are_left_out_where_words_are_not_set_apart() -> None:
    language = made.pairs("中文中文中文中文中文罕", "zh")
    assert set(language.words) == {"", "中", "文"}
    assert 0 not in language.successors


def test_the_same_is_made_each_time(texts: Path, corpus: made.Corpus, tmp_path: Path) -> None:
    again = made.make_corpus(tmp_path, texts, made.Wanted(2, [40, 200], planted=10))
    assert again.documents.read_bytes() == corpus.documents.read_bytes()
    assert again.quotes[200].read_bytes() == corpus.quotes[200].read_bytes()
    assert again.home == corpus.home


def test_setup_and_streaming_add_up_to_the_whole(tmp_path: Path) -> None:
    links = tmp_path / "links.jsonl"
    links.write_text("{}\n{}\n")
    # Two seconds before the first block and one for what it loads, then a second for each block of 4 MB, then half of one.
    marks = [runs.Mark(4_000_000 * number, 3.0 + number, 6.0 + 2 * number) for number in range(1, 6)]
    run = runs.parted(marks, 8.5, 17.0, runs.Peaks(0), links)
    assert (run.setup, run.streaming, run.setup_clock, run.streaming_clock) == (3.5, 5.0, 7.0, 10.0)
    assert (run.rate, run.links, run.bend) == (4.0, 2, 1.0)


def test_what_is_loaded_with_the_first_documents_is_no_streaming(tmp_path: Path) -> None:
    links = tmp_path / "links.jsonl"
    links.write_text("{}\n")
    loaded = [5.0, 9.0, *(float(second) for second in range(10, 22))]
    marks = [runs.Mark(number, seconds, seconds) for number, seconds in enumerate(loaded, 1)]
    assert runs.parted(marks, 21.5, 22.0, runs.Peaks(0), links).streaming == len(loaded)


def test_settings_from_outside_do_not_reach_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("CLAIMREG_DB", "elsewhere")
    environment = runs.Tree("this", tmp_path, tmp_path / "caches" / "this").environment()
    assert environment["PYTHONPATH"] == str(tmp_path)
    assert not {"PYTHONDONTWRITEBYTECODE", "CLAIMREG_DB"} & set(environment)
    assert environment["PATH"]


def test_the_least_of_two_runs_is_taken_part_by_part(tmp_path: Path) -> None:
    links = tmp_path / "links.jsonl"
    links.write_text("{}\n")
    marks = [[runs.Mark(10, first, first), runs.Mark(20, first + more, first + more)] for first, more in ((1.0, 4.0), (2.0, 3.0))]
    one, other = (runs.parted(some, 12.0, 12.0, runs.Peaks(0), links) for some in marks)
    assert (one.setup, one.streaming, other.setup, other.streaming) == (4.0, 8.0, 6.0, 6.0)
    assert one.least(other)[:2] == (4.0, 6.0)
    with pytest.raises(SystemExit, match="other bytes"):
        one.least(other._replace(digest=""))
