"""The blocks of a web page in its own order, each with the part of the page that it stands in.

One walk over the tree tells every word that the page holds for its readers. Words that are hidden until something is clicked are told
with a label of their own: a page unfolds them, and an article behind a wall often stands in them. What no reader is ever shown
(scripts, templates, notes in ``noscript``) is not told.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.formats.markup import BREAKS, CELLS, SILENT, parsed
from claimreg.vocabulary import STRUCK_OUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

CAPTION = "a picture's caption"
CONSENT = "a consent notice"
COMMENT = "a comment"
DIALOGUE = "a dialogue over the page"
FOLDED = "a part that the page does not show at first"
FORM = "a form"
FRAME = "a frame"
NEWSLETTER = "a note on the newsletter"
TOOLBAR = "the archive's bar"
MENU = "the page's menu"
HEADER = "the page's header"
_ASIDE = "an aside"
_PULL_QUOTE = "a pull quote"
_PAGE_FOOTER = "the page's footer"
_ARTICLE_FOOTER = "the article's footer"

_STAYS = frozenset({STRUCK_OUT, CONSENT, DIALOGUE, NEWSLETTER, TOOLBAR, FRAME, COMMENT})
"""Labels that hold for all that is within, whatever else that is."""

_BY_TAG = {"nav": MENU, "aside": _ASIDE, "figcaption": CAPTION, "form": FORM, "header": HEADER, "footer": _PAGE_FOOTER}
_BY_ROLE = {
    "navigation": MENU,
    "menu": MENU,
    "banner": HEADER,
    "contentinfo": _PAGE_FOOTER,
    "complementary": _ASIDE,
    "search": FORM,
    "form": FORM,
}
_BY_NAME = (
    (re.compile(r"(?<![a-z])comments?(?![a-z])|disqus", re.IGNORECASE), COMMENT),
    (re.compile(r"pull[-_ ]?quote", re.IGNORECASE), _PULL_QUOTE),
    (re.compile(r"newsletter|mailing-?list", re.IGNORECASE), NEWSLETTER),
    (re.compile(r"caption(?![a-z])", re.IGNORECASE), CAPTION),
    (re.compile(r"(?<![a-z])(?:menu|nav|navbar|navigation|breadcrumbs?)(?![a-z])", re.IGNORECASE), MENU),
    (re.compile(r"(?<![a-z])(?:site|page|global)[-_]?header(?![a-z])|masthead", re.IGNORECASE), HEADER),
    (re.compile(r"(?<![a-z])(?:(?:site|page|global)[-_]?)?footer(?![a-z])", re.IGNORECASE), _PAGE_FOOTER),
)
_UNSEEN = SILENT - {"button", "math", "head"}
"""Elements of whose content a reader of the page sees nothing, or nothing in words."""

_ARTICLES = frozenset({"article", "main"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ENDS_A_HEADING = frozenset({"p", "ul", "ol", "table", "blockquote", "section", "article", "figure", "form"})
"""Elements that stand in no heading: one that holds them is a heading by a slip of the pen."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONGEST_NAMES = 500
_DEEPEST_FRAME = 3
_MOST_FRAMES = 200


class Block(NamedTuple):
    """A block's words on one line, and the part of the page that it stands in, empty where that has no name.

    ``article`` tells which of the page's articles it is in, counted from 1 in the page's order, and 0 where it is in none. ``heading``
    is the tag of the heading that it is, empty for any other block.
    """

    words: str
    label: str
    article: int = 0
    heading: str = ""


class _Inside(NamedTuple):
    """State within an element: what to go back to at its end is the one before."""

    element: HtmlElement | None
    label: str
    article: int


def blocks_of(tree: HtmlElement, marked: Mapping[HtmlElement, str], frames: int = 0) -> list[Block]:
    """The blocks of a page; ``marked`` has the labels of elements that were looked into before. ``frames`` is how deep in frames it is."""
    return _Walk(marked, frames).through(tree)


class _Walk:
    """Walk through a tree, element by element without recursion."""

    def __init__(self, marked: Mapping[HtmlElement, str], frames: int) -> None:
        self._marked = marked
        self._depth = frames
        self._frames = 0
        self._articles = 0
        self._inside = [_Inside(None, "", 0)]
        self._heading: HtmlElement | None = None
        self._parts: list[str] = []
        self._struck: list[str] = []
        self._later: list[Block] = []
        self._blocks: list[Block] = []

    def through(self, tree: HtmlElement) -> list[Block]:
        """All blocks."""
        from lxml.etree import iterwalk

        walk = iterwalk(tree, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                self._end(element, tag)
                continue
            if not isinstance(tag, str) or (tag in _UNSEEN and not _is_seen(element)):
                if tag == "iframe":
                    self._frame(element)
                walk.skip_subtree()
            else:
                self._start(element, tag)
        self._flush()
        return self._blocks

    def _start(self, element: HtmlElement, tag: str) -> None:
        if tag in _ENDS_A_HEADING:
            self._flush()
            self._heading = None
        elif tag in BREAKS:
            self._break()
        elif tag in CELLS:
            self._write(" ")
        if (inside := self._entered(element, tag)) is not None:
            if inside.label != STRUCK_OUT:
                self._flush()
            self._inside.append(inside)
        if tag in _HEADINGS and self._heading is None:
            self._heading = element
        if element.text:
            self._write(element.text)

    def _end(self, element: HtmlElement, tag: object) -> None:
        if element is self._heading:
            self._flush()
            self._heading = None
        elif tag in BREAKS:
            self._break()
        if element is self._inside[-1].element:
            if self._inside[-1].label == STRUCK_OUT:
                self._flush_struck()
            else:
                self._flush()
            self._inside.pop()
        if element.tail:
            self._write(element.tail)

    def _entered(self, element: HtmlElement, tag: str) -> _Inside | None:
        """The state within an element, ``None`` where that is the one around it."""
        around = self._inside[-1]
        if (tag == "a" or not element.keys()) and tag != "noscript" and tag not in _BY_TAG and tag not in _ARTICLES:
            return None if element not in self._marked else _Inside(element, self._marked[element], around.article)
        label = self._marked.get(element) or _part(tag, element.get("class"), element.get("id"), element.get("role"))
        article = around.article
        if tag in _ARTICLES and not around.article:
            self._articles += 1
            article = self._articles
        if around.label in _STAYS:
            label = around.label if label != STRUCK_OUT else label
        elif not label:
            hides = (
                tag == "noscript" or element.get("hidden") is not None or bool((style := element.get("style")) and _HIDDEN.search(style))
            )
            label = FOLDED if hides else "" if tag in _ARTICLES else around.label
        elif around.article and label in (HEADER, _PAGE_FOOTER):
            label = "" if label == HEADER else _ARTICLE_FOOTER
        elif label == _ASIDE and _is_pull_quote(element):
            label = _PULL_QUOTE
        return _Inside(element, label, article) if (label, article) != (around.label, around.article) else None

    def _frame(self, element: HtmlElement) -> None:
        """Tell of a frame whose page stands in an attribute, as those do that keep a page in one file."""
        source = element.get("srcdoc")
        self._frames += 1
        if source and self._depth < _DEEPEST_FRAME and self._frames <= _MOST_FRAMES and (tree := parsed(source)) is not None:
            self._flush()
            self._blocks.extend(framed(blocks_of(tree, {}, self._depth + 1)))

    def _write(self, words: str) -> None:
        (self._struck if self._inside[-1].label == STRUCK_OUT else self._parts).append(words)

    def _break(self) -> None:
        if self._heading is not None:
            self._write(" ")
        elif self._inside[-1].label == STRUCK_OUT:
            self._flush_struck()
        else:
            self._flush()

    def _flush(self) -> None:
        if self._parts:
            inside = self._inside[-1]
            if words := " ".join("".join(self._parts).split()):
                label = _outside_struck(self._inside) if inside.label == STRUCK_OUT else inside.label
                self._blocks.append(Block(words, label, inside.article, self._heading.tag if self._heading is not None else ""))
            self._parts = []
        self._flush_struck()
        if self._later:
            self._blocks += self._later
            self._later = []

    def _flush_struck(self) -> None:
        if self._struck:
            if words := " ".join("".join(self._struck).split()):
                self._later.append(Block(words, STRUCK_OUT, self._inside[-1].article))
            self._struck = []


def framed(blocks: list[Block]) -> list[Block]:
    """The blocks of a frame's page as blocks of the page that it stands in."""
    return [Block(block.words, block.label if block.label == STRUCK_OUT else FRAME) for block in blocks]


def _outside_struck(inside: list[_Inside]) -> str:
    return next((one.label for one in reversed(inside) if one.label != STRUCK_OUT), "")


def _is_seen(element: HtmlElement) -> bool:
    """Return whether an element is shown against its kind: a template where it stands, an article for readers without scripts."""
    if element.tag == "noscript":
        return next(element.iter("p", "h1", "article"), None) is not None
    return element.tag == "template" and (element.get("shadowrootmode") or element.get("shadowroot")) is not None


def _is_pull_quote(element: HtmlElement) -> bool:
    return next(element.iter("blockquote", "q"), None) is not None


@lru_cache(maxsize=4_096)
def _part(tag: str, classes: str | None, name: str | None, role: str | None) -> str:
    """The part of a page that an element is by its tag, its role or its names, empty where none of them says it."""
    if tag in ("html", "body") or len(classes or "") + len(name or "") > _LONGEST_NAMES:
        return ""
    if (label := _BY_ROLE.get(role or "") or _BY_TAG.get(tag)) and label is not _ASIDE:
        return label
    if classes or name:
        names = f"{classes or ''} {name or ''}"
        for pattern, named in _BY_NAME:
            if pattern.search(names):
                return named
    return label or ""
