"""Lines of JSON that anybody may have written: import, match and scan tell the same of them, in little memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Command, Done

BAD = {
    "a list": (b"[1]", "it is no JSON object"),
    "no JSON": (b"{", "it is no JSON"),
    "nested": (b"[" * 200_000, "it is nested too deeply"),
    "nested in a field": (b'{"id": "a", "text": "b", "x": ' + b'{"a":' * 200_000, "it is nested too deeply"),
    "a number beyond all": (b'{"text": "a", "id": 1' + b"0" * 5_000 + b"}", "it is no JSON"),
    "not UTF-8": (b'{"id": "a", "text": "\xff"}', "it is not UTF-8 (byte 22)"),
    "no text": (b'{"id": "a"}', "it has no text"),
    "text that is none": (b'{"id": "a", "text": [1]}', "its text is no text"),
}
BAD_CLAIMS = {
    "attributions that are none": (b'{"text": "x", "attributions": [1]}', "its attributions are no list of objects"),
    "attributions that are no list": (b'{"text": "x", "attributions": {"a": 1}}', "its attributions are no list of objects"),
    "an id that is a list": (b'{"text": "x", "id": [[1]]}', "its id is neither a text nor a whole number"),
    "an id that is true": (b'{"text": "x", "id": true}', "its id is neither a text nor a whole number"),
    "a case that is a number": (b'{"text": "x", "case": 5}', "its case is no text"),
    "a party that is a number": (b'{"text": "x", "by": 5}', "its by is no text"),
    "a quote that is a list": (b'{"text": "x", "by": "A", "quote": []}', "its quote is no text"),
}
ONLY_IMPORT = {
    "NUL": (b'{"text": "a\\u0000b"}', "The claim's text holds a NUL character (U+0000); take it out."),
    "half a character": (b'{"text": "a\\ud800"}', "The claim's text holds half a character (a lone surrogate); take it out."),
    "NUL in a tag": (b'{"text": "a", "tags": ["\\u0000"]}', "The tag holds a NUL character (U+0000); take it out."),
    "NUL in an id": (b'{"text": "a", "id": "\\u0000"}', "The claim's id holds a NUL character (U+0000); take it out."),
    "no party": (b'{"text": "x", "attributions": [{"party": 1}]}', "its attributions have no party"),
    "tags that are no list": (b'{"text": "x", "tags": {"a": 1}}', "its tags are no list of words"),
}
COMMANDS: dict[str, Callable[[Path, Path], list[str]]] = {
    "import": lambda bad, _good: ["import", str(bad), "--from", "ndjson"],
    "match": lambda bad, good: ["match", str(bad), "--claims", str(good)],
    "match --claims": lambda bad, good: ["match", str(good), "--claims", str(bad)],
    "scan --quotes": lambda bad, good: ["scan", "--quotes", str(bad), "--docs", str(good)],
    "scan --docs": lambda bad, good: ["scan", "--quotes", str(good), "--docs", str(bad), "--workers", "1"],
}
GOOD = json.dumps({"id": "g", "text": "The night ferry will not run before the pier is repaired"}).encode()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.jsonl"
    path.write_bytes(GOOD + b"\n")
    return path


def cases() -> list[tuple[str, str, bytes, str]]:
    told = [(command, what, *BAD[what]) for command in COMMANDS for what in BAD]
    told += [(command, what, *BAD_CLAIMS[what]) for command in ("import", "match --claims") for what in BAD_CLAIMS]
    return told + [("import", what, *ONLY_IMPORT[what]) for what in ONLY_IMPORT]


@pytest.mark.parametrize(("command", "what", "line", "why"), [pytest.param(*one, id=f"{one[0]}, {one[1]}") for one in cases()])
def test_a_bad_line_is_told_in_the_same_words(
    claimreg: Command, tmp_path: Path, good: Path, command: str, what: str, line: bytes, why: str
) -> None:
    del what
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(GOOD + b"\n" + line + b"\n" + GOOD.replace(b'"g"', b'"h"') + b"\n")
    done = claimreg(*COMMANDS[command](bad, good))
    where = "the quotes" if command == "scan --quotes" else bad
    assert done.code == 1
    assert done.stderr.splitlines()[:2] == [f"Line 2 of {where} was passed over: {why}", f"1 line of {where} passed over."]
    strict = claimreg(*COMMANDS[command](bad, good), "--strict", "--db", "other")
    assert (strict.code, strict.stderr) == (1, f"claimreg: {bad}, line 2: {why}\n")


def test_the_control_good_lines_are_done(claimreg: Command, good: Path) -> None:
    for command in COMMANDS.values():
        assert claimreg(*command(good, good)).code == 0


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != "scan --docs"])
def test_a_folder_is_no_file_of_lines(claimreg: Command, good: Path, registry: Path, command: str) -> None:
    done = claimreg(*COMMANDS[command](Path("/"), good))
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == f"claimreg: / is a folder; give a file{'' if command == 'import' else ' of lines of JSON'}.\n"
    assert not registry.exists()


def limited(environment: dict[str, str], folder: Path, command: str) -> Done:
    # The limit keeps a reader without bounds from taking the machine's memory.
    line = f"ulimit -v 2500000; {command.replace('claimreg', f'{sys.executable} -m claimreg')}"
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, check=False, timeout=240)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no device without end here")
@pytest.mark.parametrize("command", ["import", "match", "match --claims", "scan --quotes", "scan --docs"])
def test_a_device_without_end_is_refused(environment: dict[str, str], tmp_path: Path, good: Path, command: str) -> None:
    done = limited(
        {**environment, "OPENBLAS_NUM_THREADS": "1"}, tmp_path, "claimreg " + " ".join(COMMANDS[command](Path("/dev/zero"), good))
    )
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == "claimreg: /dev/zero has a line without an end (more than 1024 MiB); give a file of lines of JSON.\n"


def test_a_stream_that_goes_on_without_a_line_end_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    done = limited(environment, tmp_path, "tr '\\0' x </dev/zero | claimreg import - --from ndjson")
    assert done.code == 1
    assert done.stderr.startswith("claimreg: standard input has a line without an end")


def test_a_long_line_is_passed_over_and_the_next_ones_are_read(environment: dict[str, str], tmp_path: Path) -> None:
    command = f"(head -c 200000000 /dev/zero; echo; echo '{GOOD.decode()}') | claimreg import - --from ndjson"
    done = limited(environment, tmp_path, command)
    assert (done.code, done.stdout) == (1, "Recorded 1 claim with 0 attributions.\n")
    assert done.stderr.splitlines()[-2:] == [
        "Line 1 of standard input was passed over: it is longer than 64 MiB",
        "1 line of standard input passed over.",
    ]


def test_closed_standard_input_reads_as_empty(environment: dict[str, str], tmp_path: Path) -> None:
    done = limited(environment, tmp_path, "claimreg import - --from ndjson <&-")
    assert (done.code, done.stdout) == (0, "Recorded 0 claims with 0 attributions.\n")
