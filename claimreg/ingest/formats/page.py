"""Web pages: the article without menus and comments, and what the page says of itself.

`trafilatura` finds the main text and the fields. It may leave out a paragraph of an article, and a quote may stand in that
one: what it found is compared with the page, and read wider when it lacks paragraphs that stand among those it took.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.ingest.formats import markup
from claimreg.ingest.formats.page_details import details_of
from claimreg.ingest.formats.shield import shielded, unshielded
from claimreg.ingest.formats.text import Decoded, decode
from claimreg.ingest.types import Extraction, Hints, Limits

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4_096
_LARGEST = 8 * 2**20  # code points of a page up to which its article is looked for; anything larger is read whole
_SHORT = 15  # code points below which a paragraph is no loss: captions, bylines, buttons
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"\s[\w:-]+\s*=")
_MOST_ATTRIBUTES = 2_000  # the parser compares every attribute of an element with every other
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_STRAY = 200  # one in so many bytes may be a NUL
WHOLE_NOTE = "No article was found in the page, so its whole text was taken, menus and all."
WIDER_NOTE = "Paragraphs of the article were not recognised as such, so the text around it was taken with them."


class _Read(NamedTuple):
    text: str
    document: Any
    notes: tuple[str, ...]


def extract(content: bytes, hints: Hints, limits: Limits) -> Extraction:  # noqa: ARG001 -- as all formats
    """The article of a web page, a paragraph a line. Raises `InputError` for bytes that are no text."""
    decoded = decode_page(content, hints)
    read, language = read_page(decoded.text, hints.url)
    details = details_of(read.document, decoded.text, language, hints.url)
    return Extraction(read.text, "text/html", method(), details, decoded.encoding, notes=decoded.notes + read.notes)


def decode_page(content: bytes, hints: Hints) -> Decoded:
    """The HTML in the bytes, in the encoding that the server or the page itself declares. Raises `InputError` for what is no text."""
    declared = _DECLARED.search(content[:_HEAD])
    named = hints.encoding or (next(part for part in declared.groups() if part).decode("ascii") if declared else None)
    return decode(_without_stray_nuls(content), hints._replace(encoding=named))


def _without_stray_nuls(content: bytes) -> bytes:
    """A page without the few NULs that browsers pass over; UTF-16 and UTF-32 have many, or begin with their mark."""
    is_wide = content.startswith(_WIDE_MARKS) or content.count(0) * _STRAY > len(content)
    return content if is_wide else content.replace(b"\0", b"")


@cache
def method() -> str:
    """Return the name of the reader of pages, with the library's version."""
    from importlib.metadata import version

    return f"page/1 trafilatura/{version('trafilatura')}"


def read_page(source: str, url: str | None = None) -> tuple[_Read, str | None]:
    """The main text of HTML with the fields found in it, and the language that it declares."""
    safe, shield = shielded(source)
    tree = None if len(source) > _LARGEST or _crowded(source) else markup.parsed(safe)
    if tree is None:
        return _Read(markup.whole_text(source), None, (WHOLE_NOTE,)), None
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    read = _article(tree, url) or _Read(markup.whole_text(safe), None, (WHOLE_NOTE,))
    return read._replace(text=unshielded(read.text, shield)), language


def _crowded(source: str) -> bool:
    return any(sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(source))


def _article(tree: HtmlElement, url: str | None) -> _Read | None:
    document = _bare(tree, url, wide=False)
    if document is None or not (document.text or "").strip():
        return None
    if not _lost(tree, document.text):
        return _Read(document.text, document, ())
    wider = _bare(tree, url, wide=True)
    if wider is not None and wider.text and not _lost(tree, wider.text) and len(wider.text) >= len(document.text):
        return _Read(wider.text, document, ())
    return _Read(markup.around(tree, document.text), document, (WIDER_NOTE,))


def _lost(tree: HtmlElement, text: str) -> bool:
    return any(len(paragraph) >= _SHORT for paragraph in markup.missing(tree, text))


def _bare(tree: HtmlElement, url: str | None, *, wide: bool) -> Any:  # noqa: ANN401 -- the library's document, which has no types
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            tree, url=url, favor_recall=wide, include_comments=False, include_tables=True, with_metadata=not wide,
            date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2200-01-01"},
        )  # fmt: skip
    except (RecursionError, MemoryError):
        return None
    except Exception:  # noqa: BLE001 -- the page is hostile until read, and the library raises what its parts raise
        return None
