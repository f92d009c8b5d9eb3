"""The one reader of lines of JSON: a stream of bytes is cut into blocks of lines, and each line is read as an object.

Whatever a stream holds, no more than a block and a line of the greatest length is in memory.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes a line may have."""

BLOCK = 4 * 1024 * 1024
"""Bytes of lines that are worked on, written and committed together; a longer line is a block of its own."""

ENDLESS = 16 * LONGEST_LINE
"""Bytes after which a line that has not ended yet is taken for one that never will: a device, a file of something else."""

TOO_LONG = "it is longer than 64 MiB"
TOO_DEEP = "it is nested too deeply"
_BOM = "\ufeff"


class BadLine(NamedTuple):
    """A line (from 1; of a folder, a file) that was passed over, and why; ``part`` names the file where there are several."""

    number: int
    why: str
    part: str = ""


class Lines(NamedTuple):
    """Whole lines; or, with ``too_long``, the place of a line that was too long to keep. ``size`` is in bytes."""

    content: bytes
    size: int
    too_long: bool = False


def line_blocks(chunks: Iterable[bytes], *, block: int = BLOCK, name: str = "The input") -> Iterator[Lines]:
    """Cut a stream of bytes into blocks of whole lines, wherever its chunks happen to end.

    The cuts depend on the bytes alone: a block ends with the first line that makes it ``block`` bytes or more.
    Raises `InputError`, with the stream's ``name``, where a line seems to have no end.
    """
    kept = bytearray()
    searched = 0
    skipped = 0
    for chunk in chunks:
        if skipped:
            end = chunk.find(b"\n")
            skipped += len(chunk) if end < 0 else end + 1
            if skipped > ENDLESS:
                raise InputError(f"{name} has a line without an end (more than {ENDLESS // 2**20} MiB); give a file of lines of JSON.")
            if end < 0:
                continue
            yield Lines(b"", skipped, too_long=True)
            skipped = searched = 0
            kept += memoryview(chunk)[end + 1 :]
        else:
            kept += chunk
        while (end := kept.find(b"\n", max(searched, block - 1))) >= 0:
            with memoryview(kept) as every:
                content = bytes(every[: end + 1])
            del kept[: end + 1]
            yield from _without_long_line(content)
            searched = 0
        searched = len(kept)
        if len(kept) > block + LONGEST_LINE:
            if start := kept.rfind(b"\n") + 1:
                yield Lines(bytes(kept[:start]), start)
            skipped = len(kept) - start
            kept.clear()
    if skipped:
        yield Lines(b"", skipped, too_long=True)
    elif kept:
        yield from _without_long_line(bytes(kept))


def _without_long_line(content: bytes) -> Iterator[Lines]:
    """A block; its last line apart when it is too long (only the last one can be)."""
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    if len(content) - start <= LONGEST_LINE + 1:
        yield Lines(content, len(content))
        return
    if start:
        yield Lines(content[:start], start)
    yield Lines(b"", len(content) - start, too_long=True)


def read_line(line: bytes) -> tuple[str, str]:
    """The id and the text in one line; raises `InputError` that says what is wrong with it."""
    value = read_object(line)
    return text_in(value, "id"), text_in(value, "text")


def read_plain(line: bytes) -> str:
    """The text of a line that is no JSON, without the space around it; raises `InputError` for what cannot be text."""
    try:
        text = line.decode("utf-8").removeprefix(_BOM).strip()
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 (byte {error.start + 1})") from None
    if "\0" in text:
        raise InputError("it is no text, as it holds NUL")
    return text


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object in one line; raises `InputError` that says what is wrong with it."""
    return object_of(read_json(line))


def read_json(line: bytes) -> Any:  # noqa: ANN401 -- whatever JSON allows
    """The JSON value in one line, or in a document; raises `InputError` that says what is wrong with it."""
    if len(line) > LONGEST_LINE:
        raise InputError(TOO_LONG)
    try:
        return json.loads(line.decode("utf-8").removeprefix(_BOM))
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 (byte {error.start + 1})") from None
    except RecursionError:
        raise InputError(TOO_DEEP) from None
    except ValueError:
        raise InputError("it is no JSON") from None


def object_of(value: object) -> dict[str, Any]:
    """The value, where it is a JSON object; else raises `InputError`."""
    if not isinstance(value, dict):
        raise InputError("it is no JSON object")
    return value


def text_in(value: dict[str, Any], key: str) -> str:
    """The text that an object has under a key; raises `InputError` where it has none."""
    if key not in value:
        raise InputError(f"it has no {key}")
    found = value[key]
    if not isinstance(found, str):
        raise InputError(f"its {key} is no text")
    return found


def optional_text_in(value: dict[str, Any], key: str) -> str | None:
    """The text that an object has under a key, ``None`` where it has none; raises `InputError` for anything but a text."""
    return None if value.get(key) is None else text_in(value, key)


def id_in(value: dict[str, Any], key: str) -> str | None:
    """The id that an object has under a key, a text or a whole number; ``None`` where it has none; else raises `InputError`."""
    found = value.get(key)
    if found is not None and type(found) not in (str, int):
        raise InputError(f"its {key} is neither a text nor a whole number")
    return None if found is None else str(found)


def objects_in(value: dict[str, Any], key: str) -> list[dict[str, Any]] | None:
    """The list of objects under a key, ``None`` where there is none; raises `InputError` for anything else."""
    found = value.get(key)
    if found is not None and not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
        raise InputError(f"its {key} are no list of objects")
    return found


def bad_line_error(name: str, bad: BadLine) -> InputError:
    """The error that a bad line of the file ``name`` is where nobody wants it passed over."""
    return InputError(f"{name}, {f'{bad.part}, ' if bad.part else ''}line {bad.number}: {bad.why}")


def raw_lines(content: bytes) -> list[bytes]:
    """The lines of a block without their ends; the last one may lack its end."""
    lines = content.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines
