"""HTML as a whole: all its text, the paragraphs of its body, and what an extraction lacks of them."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from claimreg.ingest.formats.lean import load_trafilatura
from claimreg.ingest.formats.tidy import RAISED_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.html import HtmlElement

SILENT = frozenset({"script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "select", "button"})
BREAKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary", "table", "tbody",
    "textarea", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
_SET_APART = ("aside", "nav", "ul", "ol", "figure", "footer", "form")
_WORDS = frozenset({"p", "blockquote", "pre", "h1", "h2", "h3", "h4", "li", "span", "b", "i", "em", "strong", "a"})
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_FEWEST_NEIGHBOURS = 2
SHORT = 15
"""Code points below which a paragraph is no loss, and may stand in any text: captions, bylines, buttons."""

_RAISED = "raised"
_TAKEN_OUT = "taken-out"
STRUCK = frozenset({"del", "s", "strike"})
"""Elements of words that their author took back."""

_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"\.([\w-]{1,99})\s*\{[^{}]{0,2000}?text-decoration(?:-line)?\s*:[^;{}]{0,200}line-through")


class _Whole(HTMLParser):
    """Gatherer of text by a scan, so that no depth of nesting matters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.struck: list[str] = []
        self.silent: str | None = None
        self.depth = 0
        self.taken_back: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the class's own form
        if self.silent is not None:
            self.depth += tag == self.silent
        elif tag in SILENT:
            self.silent, self.depth = tag, 1
        elif tag in BREAKS:
            self._write("\n")
        elif tag in CELLS:
            self._write(" ")
        elif tag in STRUCK and self.taken_back is None:
            self.taken_back = tag
            self.struck.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.silent is not None:
            self.depth -= tag == self.silent
            if self.depth == 0:
                self.silent = None
        elif tag in BREAKS:
            self._write("\n")
        elif tag == self.taken_back:
            self.taken_back = None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the class's own form
        if tag in BREAKS and self.silent is None:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if self.silent is None:
            self._write(data.replace("\n", " ").replace("\r", " "))

    def _write(self, words: str) -> None:
        (self.parts if self.taken_back is None else self.struck).append(words)


def whole_text(source: str) -> str:
    """All text of HTML that a browser shows, a block a line, whatever state the HTML is in."""
    return whole_and_struck(source)[0]


def whole_and_struck(source: str) -> tuple[str, str]:
    """All text of HTML, and apart from it what is struck out in it, a block a line.

    An element that strikes out and is never closed strikes out all that follows, as in a browser.
    """
    parser = _Whole()
    # The scanner gives up on some broken declarations; what it has read until there stands.
    with suppress(AssertionError, ValueError):
        parser.feed(source)
        parser.close()
    return _lines("".join(parser.parts)), _lines("".join(parser.struck))


def parsed(source: str) -> HtmlElement | None:
    """The tree of a page; ``None`` for what the parser gives up on, such as elements nested by the thousand.

    It fetches nothing, whatever the page refers to.
    """
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser as TreeParser
    from lxml.html import document_fromstring

    load_trafilatura()
    from trafilatura.utils import repair_faulty_html

    parser = TreeParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False, default_doctype=False)
    try:
        tree = document_fromstring(repair_faulty_html(source, source[:50].lower()).encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        return None
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        return None
    _keep_out_of_words(tree)
    return tree


def _keep_out_of_words(tree: HtmlElement) -> None:
    """Take out readings above characters (ruby), and raise the digits of notes, which would end in the words before them."""
    from lxml.etree import strip_elements, strip_tags

    strip_elements(tree, "rt", "rp", "rtc", with_tail=False)
    strip_tags(tree, "ruby", "rb")
    for raised in tree.iter("sup"):
        if not len(raised) and (raised.text or "").strip().isdecimal():
            raised.text = raised.text.strip().translate(RAISED_DIGITS)
            raised.tag = _RAISED
    strip_tags(tree, _RAISED)


def struck_out(tree: HtmlElement, source: str) -> list[HtmlElement]:
    """The elements whose words are shown with a line through them: by their kind, by their style, or by a plain rule for their class."""
    struck = list(tree.iter(*STRUCK))
    if "line-through" in source:
        struck.extend(one for one in tree.xpath("//*[contains(@style, 'line-through')]") if _LINE_THROUGH.search(one.get("style")))
        classes = {name for rule in tree.iter("style") for name in _STRUCK_CLASS.findall(rule.text or "")}
        if classes:
            struck.extend(one for one in tree.iterfind(".//*[@class]") if not classes.isdisjoint(one.get("class").split()))
    return [one for one in struck if one.tag not in ("html", "body")]


def taken_out(tree: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take elements out of a tree with all that is in them; what follows them stays."""
    from lxml.etree import strip_elements

    found = False
    for element in elements:
        element.tag, found = _TAKEN_OUT, True
    if found:
        strip_elements(tree, _TAKEN_OUT, with_tail=False)


def missing(tree: HtmlElement, is_kept: Callable[[str], bool]) -> Iterator[str]:
    """Paragraphs of the page that stand among those that are kept but are not kept themselves."""
    for group in _groups(tree):
        there = [is_kept(words) for words in group]
        if sum(there) >= _FEWEST_NEIGHBOURS:
            yield from (words for words, is_there in zip(group, there, strict=True) if not is_there and len(words) >= SHORT)


def _groups(tree: HtmlElement) -> Iterator[list[str]]:
    """The paragraphs of each element that holds several, be they elements of their own or only set apart by line breaks."""
    groups: dict[HtmlElement, list[str]] = {}
    for element in tree.iter("p", "blockquote"):
        parent = element.getparent()
        if parent is None or parent.tag == "blockquote":
            continue
        if _is_quote(parent):
            parent = parent.getparent()
        if (words := _words_of(element)) and not _is_a_link(element):
            groups.setdefault(parent, []).append(words)
    for line_break in tree.iter("br"):
        parent = line_break.getparent()
        if parent is not None and parent.tag not in _WORDS and parent not in groups:
            groups[parent] = _broken_lines(parent)
    yield from groups.values()


def _words_of(paragraph: HtmlElement) -> str:
    """The words of a paragraph, without what is set apart in it: the parser leaves an aside in the paragraph that its tag would end."""
    if next(paragraph.iter(*_SET_APART), None) is None:
        return " ".join(paragraph.text_content().split())
    pieces: list[str] = []
    left: list[HtmlElement | str] = [paragraph]
    while left:
        one = left.pop()
        if isinstance(one, str):
            pieces.append(one)
            continue
        if one.tag not in _SET_APART:
            pieces.append(one.text or "")
            left.extend(part for child in reversed(one) for part in (child.tail or "", child))
    return " ".join("".join(pieces).split())


def _is_a_link(element: HtmlElement) -> bool:
    """Return whether a paragraph is nothing but a link, which leads away from the article."""
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return linked > 0 and linked >= len(element.text_content().strip())


def _broken_lines(element: HtmlElement) -> list[str]:
    """The lines of an element between its line breaks, and the blocks in it, which have lines of their own."""
    lines = [element.text or ""]
    for child in element:
        if child.tag in BREAKS:
            lines.append(child.tail or "")
        else:
            lines[-1] += (child.text_content() if isinstance(child.tag, str) and child.tag not in SILENT else "") + (child.tail or "")
    return [words for line in lines if (words := " ".join(line.split()))]


def _is_quote(element: HtmlElement) -> bool:
    """Return whether an element is a quote set apart from the text around it."""
    return element.tag in ("aside", "div", "figure", "section") and "quote" in _named(element).lower()


def _named(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def key_of(text: str) -> str:
    """A text by its letters and digits alone, so that spacing and marks do not count."""
    return _NO_LETTERS.sub("", text)


def _lines(text: str) -> str:
    return "\n".join(line for raw in text.split("\n") if (line := _SPACES.sub(" ", raw).strip()))
