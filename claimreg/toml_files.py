"""Files of TOML that people write: read into values, and where a value stands in them, so that messages can name the line."""

from __future__ import annotations

import re

from claimreg.errors import UsageError


def decoded(content: bytes, name: str, *, largest: int, longest_line: int, kind: str) -> str:
    """Return the text of a file; ``name`` and ``kind`` (``settings``) are what messages call it.

    Raises `UsageError` for more bytes than ``largest``, for a line of more code points than ``longest_line`` (the time that a name of
    many parts takes grows with the square of them), and for what is not UTF-8.
    """
    if len(content) > largest:
        raise UsageError(f"{name} is larger than {largest // 1024} KiB and cannot be {kind}; move it away.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{name}, line {line}: this is not UTF-8; save the file as UTF-8.") from error
    if long := next((number for number, line in enumerate(text.split("\n"), 1) if len(line) > longest_line), None):
        raise UsageError(f"{name}, line {long}: this is longer than {longest_line:,} characters; shorten the line.")
    return text


def parsed(text: str, name: str) -> dict[str, object]:
    """Return the values of a text; raises `UsageError`, with the line, for what is no TOML."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*?) \(at line (\d+)", str(error), re.DOTALL)
        line = int(found[2]) if found else text.count("\n") + 1
        raise UsageError(f"{name}, line {line}: {found[1] if found else error}; mend the line.") from error
    except (RecursionError, ValueError) as error:
        # Values in one another without end, or a number of thousands of digits.
        raise UsageError(f"{name} holds a value that cannot be read; take it out.") from error


def place_of(text: str, name: str, key: str, number: int = 1) -> str:
    """Return the file's name, with the line that sets a key (``title``, ``report.lang``) or begins a table, where it is found.

    ``number`` tells which table is meant where several have the same heading (``[[reply]]``).
    """
    table, seen = "", dict[str, int]()
    for line_number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line):
            table = found = heading[1]
            seen[table] = seen.get(table, 0) + 1
        elif at := re.match(r"\s*([\w.-]+)\s*=", line):
            found = f"{table}.{at[1]}" if table else at[1]
        else:
            continue
        if found == key and seen.get(table, 1) == number:
            return f"{name}, line {line_number}"
    return name
