import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.corpus import jsonl as module
from claimreg.corpus.jsonl import line_blocks, read_line
from claimreg.corpus.lines import LineFile, without_first
from claimreg.errors import InputError


@given(st.binary(max_size=200).map(lambda content: content.replace(b"a", b"\n")), st.integers(1, 40), st.integers(1, 30))
def test_blocks_do_not_depend_on_how_the_stream_is_cut(content: bytes, chunk: int, block: int) -> None:
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    blocks = list(line_blocks(chunks, block=block))
    assert blocks == list(line_blocks([content] if content else [], block=block))
    assert b"".join(lines.content for lines in blocks) == content
    assert all(lines.content.endswith(b"\n") for lines in blocks[:-1])


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(1, 30), st.integers(1, 20))
def test_a_line_too_long_is_passed_over_and_nothing_else(sizes: list[int], chunk: int, block: int) -> None:
    content = b"".join(b"x" * size + b"\n" for size in sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONGEST_LINE", 30)
        blocks = list(line_blocks([content[at : at + chunk] for at in range(0, len(content), chunk)], block=block))
    assert sum(lines.size for lines in blocks) == len(content)
    assert sum(lines.too_long for lines in blocks) == sum(size > 30 for size in sizes)
    kept = [line for lines in blocks for line in lines.content.splitlines()]
    assert kept == [b"x" * size for size in sizes if size <= 30]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"id": "a"}', "it has no text"),
        (b'{"text": "a"}', "it has no id"),
        (b'{"id": 5, "text": "a"}', "its id is no text"),
        (b'{"id": "a", "text": null}', "its text is no text"),
        (b'["a"]', "it is no JSON object"),
        (b"{", "it is no JSON"),
        (b"[" * 200_000, "it is nested too deeply"),
        (b'{"id": "a", "text": ' + b'{"a":' * 200_000, "it is nested too deeply"),
        (b'{"id": 1' + b"0" * 5_000 + b"}", "it is no JSON"),
        (b'{"id": "\xff"}', "it is not UTF-8 (byte 9)"),
    ],
)
def test_bad_line_is_told(line: bytes, why: str) -> None:
    with pytest.raises(InputError) as caught:
        read_line(line)
    assert str(caught.value) == why


def test_good_line_may_begin_with_a_byte_order_mark_and_hold_more() -> None:
    assert read_line('\ufeff{"id": "a", "text": "b", "lang": "kk"}'.encode()) == ("a", "b")


@given(st.binary(max_size=60), st.integers(1, 9), st.integers(0, 70))
def test_stream_without_its_first_bytes(content: bytes, chunk: int, size: int) -> None:
    chunks = [content[at : at + chunk] for at in range(0, len(content), chunk)]
    assert b"".join(without_first(chunks, size)) == content[size:]


def test_sample_of_a_large_file_is_spread_over_it(tmp_path: Path) -> None:
    path = tmp_path / "docs.jsonl"
    word = random.Random(1).randbytes(40_000).hex()  # noqa: S311
    path.write_text("".join(json.dumps({"id": str(number), "text": f"{number} {word}"}) + "\n" for number in range(300)))
    sample = LineFile(str(path)).sample()
    seen = [int(text.split()[0]) for text in sample.texts]
    assert seen[0] == 0
    assert seen[-1] > 280
    assert len(seen) == len(set(seen)) < 150
    assert 200 < sample.share * len(seen) < 400
