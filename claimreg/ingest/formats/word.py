"""Word's DOCX (and DOCM, whose macros are not run): python-docx opens the package, the text is taken as a reader sees it.

python-docx's own text of a paragraph leaves out what was inserted under tracked changes, notes and text boxes; so the
elements are walked here. Names are those of WordprocessingML (ISO/IEC 29500-1, section 17).
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import InputError
from claimreg.ingest.formats import DOCX
from claimreg.ingest.formats.package import Package, damaged, open_package, parse
from claimreg.ingest.formats.set_aside import set_aside
from claimreg.ingest.formats.tidy import RAISED_DIGITS, check_text, dates_of, language_of, notes_of, paragraphs, property_of
from claimreg.ingest.formats.word_set_aside import Looks, W, comments_of, pieces_of
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.opc.package import OpcPackage
    from docx.opc.part import Part
    from lxml.etree import _Element


_OLDER_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"

_SIGNS = {
    W + name: sign
    for name, sign in {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}.items()
}
_UNSEEN = frozenset(W + name for name in (
    "del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "rt", "sdtPr", "sdtEndPr", "commentReference",
    "tblPr", "tblGrid", "trPr", "tcPr", "sectPr",
))  # fmt: skip
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:
    """The text of a Word document: the body, then notes, then headers and footers.

    Text that was inserted under tracked changes is in; text that was deleted, struck out or hidden, and comments are set aside.
    Raises :class:`InputError` for a file that is damaged, locked, without text, of the older Word format, or that unpacks to more than
    the limits allow.
    """
    from docx import __version__

    word = open_word(content, hints, limits)
    texts = [_text_of(word.body, word.looks)]
    roots = [word.body]
    for kind in ("footnotes", "endnotes", "header", "footer"):
        parts = word.roots(kind)
        roots += parts
        texts += dict.fromkeys(_text_of(root, word.looks) for root in parts)
    text = paragraphs(texts)
    check_text(text, hints, limits)
    pieces = [piece for root in roots for piece in pieces_of(root, word.looks)]
    left_out, places = set_aside(text, [*pieces, *comments_of(word.roots("comments"))])
    details, notes = _details(word.package)
    return Extraction(
        text, DOCX, f"python-docx/{__version__}", details, locators=places, notes=_notes(word.body, word.members.names) + notes,
        left_out=left_out,
    )  # fmt: skip


class WordFile(NamedTuple):
    """A Word document that was opened: python-docx's package, the XML in it, the root of its main part, and the looks of its runs."""

    package: OpcPackage
    main: Part
    members: Package
    body: _Element
    hints: Hints
    looks: Looks = Looks()

    def roots(self, kind: str) -> list[_Element]:
        """The roots of the parts of a kind, such as ``footnotes`` or ``styles``. Raises `InputError` for a damaged one."""
        return [parse(_content_of(part, self.members), self.hints) for part in _parts(self.main, kind)]


def open_word(content: bytes, hints: Hints, limits: Limits) -> WordFile:
    """Open a Word document. Raises `InputError` for one that is damaged, locked, of another Word format, or too large unpacked."""
    if content.startswith(_OLDER_FORMAT):
        raise InputError(
            f"{hints.name} is of the older Word format or locked with a password; save it as DOCX without one, and hand that in."
        )
    members = open_package(content, hints, limits)
    if any(_STRICT in data[:20_000] for data in members.xml.values()):
        raise InputError(f"{hints.name} is of the format “Strict Open XML”; save it as ordinary DOCX and hand that in.")
    package, main = _open(content, hints)
    word = WordFile(package, main, members, parse(_content_of(main, members), hints), hints)
    return word._replace(looks=Looks(word.roots("styles")))


def _open(content: bytes, hints: Hints) -> tuple[OpcPackage, Part]:
    from docx.package import Package as WordPackage

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package = WordPackage.open(BytesIO(content))
            return package, package.main_document_part
    except Exception as error:  # python-docx lets whatever a damaged file causes through: KeyError, XMLSyntaxError, …
        raise damaged(hints) from error


def _parts(main: Part, kind: str) -> list[Part]:
    return [one.target_part for one in main.rels.values() if not one.is_external and one.reltype.endswith(f"/{kind}")]


def _content_of(part: Part, members: Package) -> bytes:
    """The part's XML as it is in the file: python-docx's own drops what it takes for blank."""
    return members.xml.get(part.partname.membername) or part.blob


def _text_of(root: _Element, looks: Looks) -> str:
    return "".join(_blocks(root, looks))


def _blocks(parent: _Element, looks: Looks) -> Iterator[str]:
    """The text of paragraphs and tables in the document's order, each paragraph with its line end."""
    for child in parent:
        if child.tag == W + "p":
            yield from _paragraph(child, looks)
        elif child.tag == W + "tbl":
            yield from _table(child, looks)
        elif child.tag not in _UNSEEN and child.get(W + "type") not in _SEPARATORS:
            yield from _blocks(child, looks)


def _paragraph(paragraph: _Element, looks: Looks) -> Iterator[str]:
    boxes: list[_Element] = []
    yield from _inline(paragraph, boxes, looks)
    if not joins_next(paragraph):
        yield "\n"
    for box in boxes:
        yield from _blocks(box, looks)


def joins_next(paragraph: _Element) -> bool:
    """Return whether the paragraph goes on in the next one, as its mark was deleted under tracked changes."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def paragraphs_in(parent: _Element, looks: Looks) -> Iterator[tuple[_Element, str]]:
    """The paragraphs of a part in order, those in tables and text boxes too, each with the text that a reader sees of it.

    Digits that are formatted as raised are raised ones in it.
    """
    for child in parent:
        if child.tag == W + "p":
            boxes: list[_Element] = []
            yield child, "".join(_inline(child, boxes, looks, raised=True))
            for box in boxes:
                yield from paragraphs_in(box, looks)
        elif child.tag not in _UNSEEN and child.get(W + "type") not in _SEPARATORS and child.find(f"{W}trPr/{W}del") is None:
            yield from paragraphs_in(child, looks)


def _table(table: _Element, looks: Looks) -> Iterator[str]:
    for row in _children(table, "tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield "\t".join("".join(_blocks(cell, looks)).strip() for cell in _children(row, "tc")) + "\n"


def _children(parent: _Element, name: str) -> Iterator[_Element]:
    """The rows of a table or the cells of a row, in content controls and the like too, not those of tables inside."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _children(child, name)


def _inline(parent: _Element, boxes: list[_Element], looks: Looks, *, raised: bool = False) -> Iterator[str]:
    for child in parent:
        if child.tag in _UNSEEN:
            continue
        if child.tag in {W + "t", _FORMULA_TEXT}:
            yield child.text or ""
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        elif child.tag == _ALTERNATIVES:
            yield from _inline(child[:1], boxes, looks, raised=raised)  # the rest say the same for older programs
        elif child.tag == W + "sym":
            yield _symbol(child.get(W + "char", ""))
        elif sign := _SIGNS.get(child.tag):
            yield sign
        elif child.tag != W + "r":
            yield from _inline(child, boxes, looks, raised=raised)
        elif not looks.unseen(child):
            words = _inline(child, boxes, looks, raised=raised)
            yield from ["".join(words).translate(RAISED_DIGITS)] if raised and _is_raised(child) else words


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _is_raised(run: _Element) -> bool:
    height = run.find(f"{W}rPr/{W}vertAlign")
    return height is not None and height.get(W + "val") == "superscript"


def _details(package: OpcPackage) -> tuple[SourceDetails, tuple[str, ...]]:
    from docx.opc.parts.coreprops import CorePropertiesPart

    # By its type: `package.core_properties` makes up properties of its own where the relation is named as LibreOffice does.
    try:
        core = next((part.core_properties for part in package.iter_parts() if isinstance(part, CorePropertiesPart)), None)
    except RecursionError:  # parts that hang on each other in a long chain
        core = None
    if core is None:
        return SourceDetails(), ()
    made, changed = (when and when.date().isoformat() for when in (_read(core, "created"), _read(core, "modified")))
    notes = dates_of(made, changed)
    title, author = property_of(_read(core, "title")), property_of(_read(core, "author"))
    return SourceDetails(title=title, author=author, lang=language_of(_read(core, "language"))), notes


def _read(core: object, name: str) -> Any:  # noqa: ANN401 -- text or time, by the name
    try:
        return getattr(core, name)
    except Exception:  # noqa: BLE001 -- a damaged property is no reason to refuse the text
        return None


def _notes(body: _Element, names: frozenset[str]) -> tuple[str, ...]:
    return notes_of(
        changes=next(body.iter(W + "ins", W + "del", W + "moveTo", W + "moveFrom"), None) is not None,
        comments=next(body.iter(W + "commentReference"), None) is not None,
        macros=any(name.lower().endswith("vbaproject.bin") for name in names),
    )
