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
from claimreg.ingest.formats.headline import headline_of
from claimreg.ingest.formats.lean import load_trafilatura
from claimreg.ingest.formats.page_boxes import boxes_of
from claimreg.ingest.formats.page_details import details_of
from claimreg.ingest.formats.page_left_out import Kept, told, with_lost
from claimreg.ingest.formats.page_parts import CONSENT, DIALOGUE, FRAME, NEWSLETTER, TOOLBAR, Block, blocks_of, framed
from claimreg.ingest.formats.shield import shielded, unshielded
from claimreg.ingest.formats.text import Decoded, decode
from claimreg.ingest.types import Extraction, Hints, Limits
from claimreg.model import Locator
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement


_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4_096
_LARGEST = 8 * 2**20  # code points of a page up to which its article is looked for; anything larger is read whole
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"\s[\w:-]+\s*=")
_MOST_ATTRIBUTES = 2_000  # the parser compares every attribute of an element with every other
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_STRAY = 200  # one in so many bytes may be a NUL
WHOLE_NOTE = "No article was found in the page, so its whole text was taken, menus and all."
WIDER_NOTE = "Paragraphs of the article were not recognised as such; they were put where they stand in the page."


STRUCK_NOTE = "The page strikes words out; they are not read as said."
BELOW_NOTE = "Most of the page's words are not its article's; what stands below the headline was taken for it."
_LONGEST_BESIDE = 5_000
"""Code points from which on an article is one, though nothing of it stands below the headline: boxes are shorter, or have names."""

_FEWEST_LETTERS = 30
"""Letters of a page besides its boxes, below which a box is what the page is about."""

_HARDLY_ANY = 200
_FRAMES_SHARE = 5
"""A page with fewer letters of its own, and a frame with so many times as many, is nothing but that frame."""

_MOST_FRAMES = 100
_MOST_TITLES = 5
_DEEPEST = 2
_PROSE = ("p", "h1", "article", "main", "blockquote", "time", "address", "dl", "table", "meta")
BOXES = frozenset({CONSENT, NEWSLETTER, DIALOGUE, TOOLBAR})


class _Read(NamedTuple):
    text: str
    document: Any
    notes: tuple[str, ...]
    left_out: str = ""
    locators: tuple[Locator, ...] = ()


class _Article(NamedTuple):
    text: str
    document: Any
    kept: Kept
    notes: tuple[str, ...] = ()


def extract(content: bytes, hints: Hints, limits: Limits, frames: Sequence[str] = ()) -> Extraction:  # noqa: ARG001 -- as all formats
    """The article of a web page, a paragraph a line; ``frames`` are pages shown in it. Raises `InputError` for bytes that are no text."""
    decoded = decode_page(content, hints)
    read, language = read_page(decoded.text, hints.url, frames)
    details = details_of(read.document, decoded.text, language, hints.url)
    return Extraction(
        read.text, "text/html", method(), details, decoded.encoding, read.locators, decoded.notes + read.notes, left_out=read.left_out
    )


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

    return f"page/2 trafilatura/{version('trafilatura')}"


def read_page(source: str, url: str | None = None, frames: Sequence[str] = (), depth: int = 0) -> tuple[_Read, str | None]:
    """The main text of HTML with the fields found in it and what it leaves out, and the language that it declares."""
    safe, shield = shielded(source)
    tree = None if len(source) > _LARGEST or is_crowded(source) else markup.parsed(safe)
    if tree is None:
        return _without_tree(source), None
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    read = _with_parts(tree, safe, url, frames, depth)
    return read._replace(text=unshielded(read.text, shield), left_out=unshielded(read.left_out, shield)), language


def _without_tree(source: str) -> _Read:
    text, struck = markup.whole_and_struck(source)
    if not struck:
        return _Read(text, None, (WHOLE_NOTE,))
    return _Read(text, None, (WHOLE_NOTE, STRUCK_NOTE), struck, (Locator(len(text) + 1, STRUCK_OUT),))


def _with_parts(tree: HtmlElement, source: str, url: str | None, frames: Sequence[str], depth: int) -> _Read:
    """The article in a tree, its headline first, and the page around it."""
    inner_frames = [one for frame in tree.iter("iframe") if (one := frame.get("srcdoc"))]
    blocks = [*_own_blocks(tree, source), *(block for frame in frames[:_MOST_FRAMES] for block in _framed(frame))]
    titles = _titles(tree)
    article = _article(tree, url, blocks)
    document = article.document if article is not None else None
    if (inner := _only_a_frame(blocks, [*frames, *inner_frames], url, depth)) is not None:
        rest = told(inner.text, None, blocks, titles, Kept(inner.text))
        inside = tuple(one for one in inner.locators if one.start < len(inner.text))
        return inner._replace(document=document or inner.document, left_out=rest.left_out, locators=inside + rest.locators)
    if (title := getattr(document, "title", None)) and isinstance(title, str):
        titles.insert(0, title)
    place = headline_of(blocks, titles, _site(tree), BOXES)
    text, kept, notes = _text_of(article, blocks, place)
    if any(block.label == STRUCK_OUT for block in blocks):
        notes = (*notes, STRUCK_NOTE)
    whole = told(text, blocks[place].words if place is not None else None, blocks, titles, kept)
    return _Read(whole.text, document, notes, whole.left_out, whole.locators)


def _own_blocks(tree: HtmlElement, source: str) -> list[Block]:
    """The blocks of a page; what is struck out and what lies over the page is taken out of its tree."""
    struck = dict.fromkeys(markup.struck_out(tree, source), STRUCK_OUT)
    boxes = boxes_of(tree, source)
    blocks = blocks_of(tree, {**boxes, **struck})
    if boxes and not _has_body(blocks):
        boxes = {}
        blocks = blocks_of(tree, struck)
    markup.taken_out(tree, [*struck, *boxes, *_menus(tree)])
    return blocks


def _menus(tree: HtmlElement) -> list[HtmlElement]:
    """Menus and footers of nothing but links: no article stands in them, and the library would look through each of them many times."""
    return [one for one in tree.iter("nav", "footer") if next(one.iter(*_PROSE), None) is None]


def _text_of(article: _Article | None, blocks: Sequence[Block], headline: int | None) -> tuple[str, Kept, tuple[str, ...]]:
    """The article's text with notes: what was read, unless it is all beside the headline's article; the whole page where nothing was."""
    below = _below(blocks, headline) if headline is not None and _is_sole(blocks) else []
    words = [block.words for block in below if not block.label]
    if article is not None:
        long = (block.words for block in below if len(block.words) >= markup.SHORT)
        is_long = len(article.text) >= _LONGEST_BESIDE
        if is_long or sum(map(len, words)) < _FEWEST_LETTERS or any(map(article.kept.has, long)):
            return article.text, article.kept, article.notes
    text, notes = "\n".join(words), (BELOW_NOTE,)
    if not text:
        text, notes = "\n".join(block.words for block in blocks if block.label not in BOXES | {STRUCK_OUT, FRAME}), (WHOLE_NOTE,)
    return text, Kept(text), notes


def _is_sole(blocks: Sequence[Block]) -> bool:
    """Return whether no more than one heading of the page is of the first rank, so that there is no doubt what stands under it."""
    return sum(block.heading == "h1" and block.label not in BOXES for block in blocks) <= 1


def _below(blocks: Sequence[Block], headline: int) -> Sequence[Block]:
    """The blocks under the headline: of its article or, where it stands in none, of the whole page."""
    article = blocks[headline].article
    below = blocks[headline + 1 :]
    return [block for block in below if block.article == article] if article else below


def _has_body(blocks: Sequence[Block]) -> bool:
    """Return whether the page has words of its own besides its boxes, its headlines and its named parts."""
    return sum(len(markup.key_of(block.words)) for block in blocks if not block.label and block.heading != "h1") >= _FEWEST_LETTERS


def _titles(tree: HtmlElement) -> list[str]:
    """Titles that the page gives itself, in its head and for other sites."""
    named = tree.xpath("//meta[@property='og:title' or @name='og:title' or @name='twitter:title']/@content")
    titles = [*named[:_MOST_TITLES], tree.findtext(".//head/title") or ""]
    return list(dict.fromkeys(title for one in titles if (title := " ".join(one.split()))))


def _site(tree: HtmlElement) -> str | None:
    """The name that the site gives itself; the library's guess from the title may be the headline."""
    return next((str(one) for one in tree.xpath("//meta[@property='og:site_name' or @name='application-name']/@content")), None)


def _framed(source: str) -> list[Block]:
    if len(source) > _LARGEST or is_crowded(source) or (tree := markup.parsed(source)) is None:
        return framed([Block(line, "") for line in markup.whole_text(source).split("\n") if line])
    return framed(blocks_of(tree, dict.fromkeys(markup.struck_out(tree, source), STRUCK_OUT), 1))


def _only_a_frame(blocks: Sequence[Block], frames: Sequence[str], url: str | None, depth: int) -> _Read | None:
    """The article in the largest frame of a page that has hardly a word of its own."""
    if not frames or depth >= _DEEPEST:
        return None
    own = sum(len(markup.key_of(block.words)) for block in blocks if block.label not in BOXES | {FRAME, STRUCK_OUT})
    if own >= _HARDLY_ANY:
        return None
    inner, _ = read_page(max(frames, key=len), url, depth=depth + 1)
    return inner if len(markup.key_of(inner.text)) > _FRAMES_SHARE * own else None


def is_crowded(source: str) -> bool:
    """Return whether the page has an element with more attributes than the parser can take in a short time."""
    return any(sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(source))


def _article(tree: HtmlElement, url: str | None, blocks: Sequence[Block]) -> _Article | None:
    """The article that the library finds, with the paragraphs in their places that it has lost."""
    document = _bare(tree, url)
    if document is None or not (document.text or "").strip():
        return None
    kept = Kept(document.text)
    if lost := "\n".join(markup.missing(tree, kept.has)):
        text = with_lost(document.text, blocks, Kept(lost))
        return _Article(text, document, Kept(text), (WIDER_NOTE,))
    return _Article(document.text, document, kept)


def _bare(tree: HtmlElement, url: str | None) -> Any:  # noqa: ANN401 -- the library's document, which has no types
    load_trafilatura()
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            tree, url=url, include_comments=False, include_tables=True, with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2200-01-01"},
        )  # fmt: skip
    except (RecursionError, MemoryError):
        return None
    except Exception:  # noqa: BLE001 -- the page is hostile until read, and the library raises what its parts raise
        return None
