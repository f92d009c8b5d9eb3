"""OpenDocument texts (ODT, and the same as one file of XML, FODT), read by lxml, which python-docx and trafilatura bring along.

The libraries for OpenDocument were tried: odfpy has not changed since 2020; odfdo, which is kept up, joins a heading to the paragraph
after it, writes notes' numbers into the text, leaves out headers and footers, and takes 85 ms to import. What is needed of the
format is little; names are those of OpenDocument 1.3, part 3, chapters 5 to 7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.ingest.formats import ODT
from claimreg.ingest.formats.opendocument_looks import Looks
from claimreg.ingest.formats.package import damaged, open_package, parse
from claimreg.ingest.formats.set_aside import set_aside
from claimreg.ingest.formats.tidy import check_text, dates_of, language_of, notes_of, paragraphs, property_of
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {
    "office": f"{_OPEN}:office:1.0", "text": f"{_OPEN}:text:1.0", "table": f"{_OPEN}:table:1.0", "draw": f"{_OPEN}:drawing:1.0",
    "style": f"{_OPEN}:style:1.0", "meta": f"{_OPEN}:meta:1.0", "manifest": f"{_OPEN}:manifest:1.0", "dc": "http://purl.org/dc/elements/1.1/",
    "script": f"{_OPEN}:script:1.0",
}  # fmt: skip
_TEXT, _TABLE, _OFFICE, _STYLE = (f"{{{_NAMES[name]}}}" for name in ("text", "table", "office", "style"))

_PARAGRAPHS = frozenset({_TEXT + "p", _TEXT + "h"})
_UNSEEN = frozenset({
    _TEXT + "tracked-changes", _TEXT + "note-citation", _TEXT + "ruby-text", _TEXT + "sequence-decls", _TEXT + "variable-decls",
    _TEXT + "user-field-decls", _TEXT + "index-title-template", _TEXT + "table-of-content-source", _OFFICE + "annotation",
    _OFFICE + "forms", _TEXT + "hidden-paragraph", f"{{{_NAMES['draw']}}}object", f"{{{_NAMES['draw']}}}object-ole",
    "{http://www.w3.org/2000/svg}title", f"{{{_OPEN}:svg-compatible:1.0}}title", f"{{{_OPEN}:svg-compatible:1.0}}desc",
})  # fmt: skip
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100
_KEPT_SPACE, _KEPT_TAB, _KEPT_BREAK = "\x01", "\x02", "\x03"
"""Stand for spaces that the document asks for, until the others are joined; XML cannot hold these characters."""

_RESTORED = str.maketrans({_KEPT_SPACE: " ", _KEPT_TAB: "\t", _KEPT_BREAK: "\n"})


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The text of an OpenDocument text: the body, then notes, then headers and footers.

    Text that was inserted under tracked changes is in; text that was deleted, struck out or hidden, and comments are set aside.
    Raises :class:`InputError` for a file that is damaged, locked, without text, or that unpacks to more than the limits allow.
    """
    from lxml import __version__

    if content.startswith(b"PK"):
        package = open_package(content, hints, limits)
        names = package.names
        _check_unlocked(package.xml.get("META-INF/manifest.xml"), hints)
        roots = [parse(package.xml[name], hints) for name in ("content.xml", "styles.xml", "meta.xml") if name in package.xml]
    else:
        names, roots = frozenset(), [parse(content, hints)]
    if (body := next((found for root in roots for found in root.iter(_OFFICE + "text")), None)) is None:
        raise damaged(hints)
    looks = Looks(roots)
    text = paragraphs([*_body_and_notes(body, looks), *_margins(roots, looks)])
    check_text(text, hints, limits)
    left_out, places = set_aside(text, looks.pieces)
    details, notes = _details(roots)
    return Extraction(text, ODT, f"lxml/{__version__}", details, locators=places, notes=_notes(body, names) + notes, left_out=left_out)


def _check_unlocked(manifest: bytes | None, hints: Hints) -> None:
    if manifest and next(parse(manifest, hints).iter(f"{{{_NAMES['manifest']}}}encryption-data"), None) is not None:
        raise InputError(f"{hints.name} is locked with a password; save a copy without one and hand that in.")


def _body_and_notes(body: _Element, looks: Looks) -> list[str]:
    later: list[_Element] = []
    text = "".join(_blocks(body, later, looks))
    return [text, *("".join(_blocks(note, [], looks)) for note in later)]


def _margins(roots: list[_Element], looks: Looks) -> list[str]:
    """Headers and footers, each once."""
    names = tuple(_STYLE + name for name in ("header", "footer", "header-first", "footer-first", "header-left", "footer-left"))
    pages = [page for root in roots for page in root.iter(_STYLE + "master-page")]
    return list(dict.fromkeys("".join(_blocks(found, [], looks)) for page in pages for found in page.iter(*names)))


def _blocks(parent: _Element, later: list[_Element], looks: Looks) -> Iterator[str]:
    """The text of paragraphs and tables in the document's order, each paragraph with its line end; notes are put off."""
    for child in parent:
        if looks.is_set_aside(child, _words_of):
            continue
        if child.tag in _PARAGRAPHS:
            boxes: list[_Element] = []
            yield _collapsed(_inline(child, boxes, later, looks)) + "\n"
            for box in boxes:
                yield from _blocks(box, later, looks)
        elif child.tag == _TABLE + "table-row":
            cells = [cell for cell in child if cell.tag in {_TABLE + "table-cell", _TABLE + "covered-table-cell"}]
            yield "\t".join("".join(_blocks(cell, later, looks)).strip() for cell in cells).rstrip("\t") + "\n"
        elif child.tag not in _UNSEEN:
            yield from _blocks(child, later, looks)


def _words_of(element: _Element) -> str:
    """All words in an element that is set aside, its paragraphs a line each."""
    plain = Looks([])
    if element.tag in _PARAGRAPHS or not any(True for _ in element.iter(*_PARAGRAPHS)):
        return _collapsed(_inline(element, [], [], plain))
    return "".join(_blocks(element, [], plain))


def _inline(parent: _Element, boxes: list[_Element], later: list[_Element], looks: Looks) -> Iterator[str]:
    yield _SPACE.sub(" ", parent.text or "")
    for child in parent:
        if not looks.is_set_aside(child, _words_of):
            yield from _piece(child, boxes, later, looks)
        yield _SPACE.sub(" ", child.tail or "")


def _piece(child: _Element, boxes: list[_Element], later: list[_Element], looks: Looks) -> Iterator[str]:
    if child.tag == _TEXT + "s":
        yield _KEPT_SPACE * _count(child.get(_TEXT + "c", "1"))
    elif child.tag == _TEXT + "tab":
        yield _KEPT_TAB
    elif child.tag == _TEXT + "line-break":
        yield _KEPT_BREAK
    elif child.tag == _TEXT + "note":
        later.append(child)
    elif child.tag.startswith(f"{{{_NAMES['draw']}}}"):
        boxes.append(child)
    elif child.tag not in _UNSEEN:
        yield from _inline(child, boxes, later, looks)


def _count(written: str) -> int:
    return min(int(written), _MOST_SPACES) if written.isascii() and written.isdigit() and len(written) < len(str(_MOST_SPACES)) + 1 else 1


def _collapsed(pieces: Iterator[str]) -> str:
    """The text of a paragraph with its white space as OpenDocument 1.3, part 3, 6.1.2 has it."""
    return _SPACE.sub(" ", "".join(pieces)).strip(" ").translate(_RESTORED)


def _details(roots: list[_Element]) -> tuple[SourceDetails, tuple[str, ...]]:
    def told(*names: str) -> str | None:
        found = (root.findtext(f".//office:meta/{name}", namespaces=_NAMES) for name in names for root in roots)
        return next((value for value in map(property_of, found) if value), None)

    made, changed = ((told(name) or "")[: len("2020-09-30")] for name in ("meta:creation-date", "dc:date"))
    author = told("meta:initial-creator", "dc:creator")
    return SourceDetails(title=told("dc:title"), author=author, lang=language_of(told("dc:language"))), dates_of(made, changed)


def _notes(body: _Element, names: frozenset[str]) -> tuple[str, ...]:
    return notes_of(
        changes=next(body.iter(_TEXT + "changed-region"), None) is not None,
        comments=next(body.iter(_OFFICE + "annotation"), None) is not None,
        macros=any(name.startswith(("Basic/", "Scripts/")) for name in names),
    )
