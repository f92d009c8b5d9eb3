"""Numbers with their nouns, in English; for the languages of reports see `claimreg.render.labels`."""

from __future__ import annotations


def plural(noun: str) -> str:
    """Return the plural of an English noun, or of one with “of”: “file of evidence”."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{rest}"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def counted(count: int, noun: str, several: str | None = None) -> str:
    """Return a number with its noun: “1 claim”, “1,200 parties”; ``several`` is the plural where it is not the usual one."""
    return f"{count:,} {noun if count == 1 else several or plural(noun)}"
