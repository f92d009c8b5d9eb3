"""Tidying of texts and properties of all documents before they are stored; no word is touched."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from claimreg.errors import InputError

if TYPE_CHECKING:
    from claimreg.ingest.types import Hints, Limits

LONGEST_PROPERTY = 500
"""Code points of a title or an author; what is longer is no title, and files are made to hold anything."""

RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits as they stand above the line, where a format says so beside the text: a note's, or a power's."""

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def storable(text: str) -> str:
    """The text with line feeds at line ends, without control characters, and fit to be written as UTF-8."""
    text = _LINE_ENDS.sub("\n", text)
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROLS.sub("", text)


def paragraphs(parts: list[str]) -> str:
    """The parts that have any text, each on a line of its own, without space around lines and without empty lines."""
    lines = (line.strip() for part in parts for line in storable(part).split("\n"))
    return "\n".join(line for line in lines if line)


def property_of(value: object) -> str | None:
    """Return a property of a document on one line; ``None`` when a person could read nothing in it."""
    if not isinstance(value, str):
        return None
    line = " ".join(storable(value).split())
    return line if line and len(line) <= LONGEST_PROPERTY and has_letters(line) else None


def language_of(value: object) -> str | None:
    """The language tag in its usual form, ``None`` when it is none."""
    from claimreg.languages import known_tags

    tag = property_of(value)
    if tag in known_tags():
        return tag
    from langcodes import standardize_tag, tag_is_valid

    return standardize_tag(tag) if tag and tag != "und" and tag_is_valid(tag) else None


def dates_of(made: str | None, changed: str | None) -> tuple[str, ...]:
    """A note of the days that the file tells (ISO 8601), which are not that of publication: that one is left to a person."""
    for day, what in ((made, "made"), (changed, "last changed")):
        if day and _DAY.fullmatch(day):
            return (f"The file says that it was {what} on {day}; when it was published is told by --published.",)
    return ()


def notes_of(*, changes: bool, comments: bool = False, macros: bool = False) -> tuple[str, ...]:
    """Notes on what an office's document holds besides its text: tracked changes, comments, macros."""
    notes = (
        (changes, "The document has tracked changes: what was inserted is in the text, what was deleted is not."),
        (comments, "Reviewers' comments in the document are left out."),
        (macros, "The document holds macros, which were not run."),
    )
    return tuple(sentence for holds, sentence in notes if holds)


def has_letters(text: str) -> bool:
    """Return whether there is anything to read: a letter or a digit."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def check_text(text: str, hints: Hints, limits: Limits) -> None:
    """Raise :class:`InputError` for a document without any text, or with more than it may have."""
    if not has_letters(text):
        raise InputError(f"{hints.name} holds no text to link quotes to; hand in a document with text.")
    if len(text) > limits.size:
        raise InputError(f"{hints.name} unpacks to more than {limits.size:,} characters of text; hand in the part that is quoted.")
