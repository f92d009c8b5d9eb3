"""Sources of documents: their blocks hold every document once and in order, wherever they are cut, and can be read anywhere."""

import gzip
import io
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.corpus import jsonl, lines, parquet
from claimreg.corpus.base import Block, Document, Documents, Line, Position
from claimreg.corpus.files import open_documents, open_lines
from claimreg.corpus.lines import LineFile
from claimreg.corpus.parts import Parts
from claimreg.errors import InputError


def opened(path: Path) -> Documents:
    return open_documents(str(path), io.BytesIO())


def read(block: Block) -> list[Line]:
    """What a block gives in another process."""
    return list(pickle.loads(pickle.dumps(block.content)).read())  # noqa: S301


def ids(found: list[Line]) -> list[str]:
    return [line.id for line in found if isinstance(line, Document)]


def rows(count: int, first: int = 0, size: int = 90) -> bytes:
    return b"".join(json.dumps({"id": f"d{number}", "text": "wave " * (number % size)}).encode() + b"\n" for number in range(first, count))


def every_start_gives_the_rest(source: Documents) -> list[Block]:
    """The blocks of a source, of which those after the position of each are the ones that follow it."""
    blocks = list(source.blocks(Position()))
    for number, block in enumerate(blocks):
        rest = list(source.blocks(block.position))
        assert [one.position for one in rest] == [one.position for one in blocks[number + 1 :]]
        assert [read(one) for one in rest] == [read(one) for one in blocks[number + 1 :]]
    return blocks


PIECES = st.sampled_from([b"\n", b"", b"{", b'{"id": "a", "text": "b"}', b'{"id": "long", "text": "' + b"x" * 40 + b'"}', b" \r"])


@given(st.lists(PIECES, max_size=12), st.booleans(), st.integers(1, 60), st.integers(1, 60))
def test_every_line_of_a_plain_file_is_read_once_wherever_it_is_cut(pieces: list[bytes], ends: bool, size: int, piece: int) -> None:  # noqa: FBT001
    content = b"\n".join(pieces) + (b"\n" if ends else b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", size)
        patch.setattr(lines, "_PIECE", piece)
        patch.setattr(lines, "opened", lambda _location: io.BytesIO(content))
        patch.setattr(lines, "size_of", lambda _location: len(content))
        blocks = list(LineFile("docs.jsonl").blocks(Position()))
        found = [line for block in blocks for line in block.content.read()]
    assert found == list(lines.documents_in(jsonl.line_blocks([content] if content else [])))
    assert sum(block.size for block in blocks) == len(content)


def test_a_line_longer_than_blocks_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 50)
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 200)
    path = tmp_path / "docs.jsonl"
    path.write_bytes(rows(2) + b'{"id": "' + b"x" * 700 + b'"}\n' + rows(4, 2))
    blocks = every_start_gives_the_rest(opened(path))
    found = [line for block in blocks for line in read(block)]
    assert found[2] == jsonl.TOO_LONG
    assert ids(found) == ["d0", "d1", "d2", "d3"]


def test_a_packed_file_and_a_stream_carry_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl.gz"
    path.write_bytes(gzip.compress(rows(30_000)))
    blocks = every_start_gives_the_rest(opened(path))
    assert len(blocks) > 1
    assert all(block.content.carried for block in blocks)
    of_stream = list(open_documents("-", io.BytesIO(rows(30_000))).blocks(Position()))
    assert [read(block) for block in of_stream] == [read(block) for block in blocks]


def test_the_size_of_a_packed_file_is_told_from_what_was_read_of_it(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl.gz"
    path.write_bytes(gzip.compress(rows(150_000)))
    sample = opened(path).sample()
    whole = sum(len("wave ") * (number % 90) for number in range(150_000))
    assert sum(map(len, sample.texts)) < whole / 2
    assert 0.9 < sample.share * sum(map(len, sample.texts)) / whole < 1.1
    path.write_bytes(gzip.compress(rows(300)))
    assert opened(path).sample().share == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Part files of each kind, with others that systems leave beside them."""
    place = tmp_path / "docs"
    (place / "day=2").mkdir(parents=True)
    (place / "part-0.jsonl").write_bytes(rows(50))
    (place / "part-1.jsonl.gz").write_bytes(gzip.compress(rows(100, 50)))
    (place / "day=2" / "part-0.ndjson").write_bytes(b"[]\n" + rows(120, 100))
    for name in ("_SUCCESS", ".part-0.jsonl.crc", "day=2/_metadata"):
        (place / name).write_bytes(b"\0\1")
    return place


def test_part_files_are_read_in_the_order_of_their_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 1_000)
    source = opened(folder)
    assert isinstance(source, Parts)
    blocks = every_start_gives_the_rest(source)
    found = [line for block in blocks for line in read(block)]
    assert ids(found) == [f"d{number}" for number in [*range(100, 120), *range(100)]]
    assert [block.part for block in blocks if "it is no JSON object" in read(block)] == ["day=2/part-0.ndjson"]
    assert sum(block.size for block in blocks) == source.size
    # What is packed is one block, read by whoever works on it.
    assert not any(block.content.carried for block in blocks)
    assert sum(block.part == "part-1.jsonl.gz" for block in blocks) == 1


def test_the_sample_of_parts_tells_how_much_there_is(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"part-{number:02}.jsonl").write_bytes(rows(30_000, 29_000))
    source = opened(tmp_path)
    sample = source.sample()
    whole = 60 * sum(len("wave ") * (number % 90) for number in range(29_000, 30_000))
    assert 0.9 < sample.share * sum(map(len, sample.texts)) / whole < 1.1


def test_a_folder_of_parts_and_of_other_files_is_refused(folder: Path) -> None:
    (folder / "readme.txt").write_text("about these")
    with pytest.raises(InputError, match=r"part files .*beside other files \(readme.txt\); give a folder of one kind"):
        opened(folder)


def test_neither_a_folder_of_texts_nor_one_of_parts_holds_quotes(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for place in (folder, tmp_path / "texts"):
        with pytest.raises(InputError, match="is a folder; give a file"):
            open_lines(str(place), io.BytesIO())


def test_identity_tells_other_parts(folder: Path) -> None:
    before = opened(folder).identity()
    assert opened(folder).identity() == before
    (folder / "part-2.jsonl").write_bytes(rows(1))
    assert opened(folder).identity() != before


@pytest.mark.parametrize("group", [7, 400, 5_000])
def test_rows_of_a_parquet_file_are_cut_into_blocks_of_any_groups(tmp_path: Path, group: int, monkeypatch: pytest.MonkeyPatch) -> None:
    arrow = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    monkeypatch.setattr(parquet, "BLOCK", 20_000)
    table = pyarrow.table({"text": ["wave " * (number % 90) for number in range(2_000)], "id": [f"d{number}" for number in range(2_000)]})
    path = tmp_path / "docs.parquet"
    arrow.write_table(table, path, row_group_size=group, compression="NONE", use_dictionary=False)
    source = opened(path)
    blocks = every_start_gives_the_rest(source)
    assert ids([line for block in blocks for line in read(block)]) == table["id"].to_pylist()
    # Several small groups are one block, a large one is a few.
    assert 4 <= len(blocks) <= 30
    assert sum(block.size for block in blocks) == source.size == path.stat().st_size


def test_parquet_parts_say_what_is_wrong_with_a_row(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow.parquet")
    pyarrow = pytest.importorskip("pyarrow")
    for number in range(2):
        table = pyarrow.table({"id": ["a", None, "c"], "text": ["one", "two", None]})
        arrow.write_table(table, tmp_path / f"part-{number}.parquet")
    (tmp_path / "part-2.parquet").write_bytes(b"PAR1 and no more")
    blocks = opened(tmp_path).blocks(Position())
    assert [read(next(blocks)) for _ in range(2)] == [[("a", "one"), "its id is no text", "its text is no text"]] * 2
    with pytest.raises(InputError, match=r"part-2\.parquet is no Parquet file that can be read"):
        next(blocks)
