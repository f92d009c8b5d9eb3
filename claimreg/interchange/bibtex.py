"""Sources as BibTeX, with the types and dates of biblatex."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from claimreg.interchange.references import Kind, plain, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.interchange.references import Reference
    from claimreg.services.exchange.selection import Selection

_TYPES = {Kind.PAGE: "online", Kind.VIDEO: "video", Kind.SOUND: "audio", Kind.PICTURE: "image", Kind.DOCUMENT: "misc"}
# Readers count braces whether a backslash stands before them or not, so that none of a text may stand as it is.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    }
)  # fmt: skip
# What LaTeX would join to one sign: -- to a dash, '' to a quotation mark, ?` to ¿.
_JOINED = re.compile(r"([-'`,<>])(?=\1)|[?!](?=`)")
_NOT_IN_ADDRESS = re.compile(r"[{}\\\s]")


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The sources, each an entry of its own."""
    for one in references(selection, writing):
        fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(one) if value)
        yield f"@{_TYPES[one.kind]}{{{one.key},\n{fields}}}\n\n".encode()


def escaped(text: str) -> str:
    """A text that LaTeX sets as it reads."""
    return _JOINED.sub(r"\g<0>{}", plain(text).translate(_ESCAPES))


def _fields(one: Reference) -> Iterator[tuple[str, str | None]]:
    # Double braces: a style may not change the letter case of a title, nor take a name apart.
    yield "title", f"{{{escaped(one.title)}}}"
    yield "author", f"{{{escaped(one.author)}}}" if one.author else None
    yield "organization", f"{{{escaped(one.publisher)}}}" if one.publisher else None
    yield "date", _date(one.issued)
    yield "urldate", _date(one.accessed)
    yield "url", _address(one.url) if one.url else None
    yield "note", f"Archived: {escaped(one.archive)}" if one.archive else None
    yield "abstract", escaped(one.abstract) if one.abstract else None
    yield "langid", _language(one.lang) if one.lang else None
    # A comma parts two keywords, unless it is in braces.
    yield "keywords", ", ".join(f"{{{escaped(keyword)}}}" if "," in keyword else escaped(keyword) for keyword in one.keywords)


def _date(date: tuple[int, ...]) -> str | None:
    """A date as biblatex has it: ISO 8601, of reduced precision where no more is known."""
    return "-".join(f"{part:0{size}}" for part, size in zip(date, (4, 2, 2), strict=False)) or None


def _address(url: str) -> str:
    """An address as it is, for it is set as it is; but what would end the field, and white space, as addresses write it."""
    return _NOT_IN_ADDRESS.sub(lambda found: quote(found[0]), plain(url))


@cache
def _language(tag: str) -> str | None:
    """The name that LaTeX's languages go by, which is the English one; ``None`` where that is no single word."""
    from babel import Locale

    name = Locale("en").languages.get(tag.partition("-")[0], "").lower()
    return name if name.isascii() and name.isalpha() else None
