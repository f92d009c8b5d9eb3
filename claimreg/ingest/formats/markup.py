"""HTML as a whole: all its text, the paragraphs of its body, and what an extraction lacks of them."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from claimreg.ingest.formats.tidy import RAISED_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_SILENT = frozenset({"script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object", "select", "button"})
_BREAKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_ASIDE = frozenset({"nav", "aside", "footer", "form", "script", "style", "noscript", "template", "button", "select", "figure"})
_ASIDE_NAME = re.compile(
    r"comment|disqus|related|promo|advert|banner|cookie|consent|newsletter|subscribe|share|social|sidebar|menu|breadcrumb|recommend|teaser|popup",
    re.IGNORECASE,
)
_WORDS = frozenset({"p", "blockquote", "pre", "h1", "h2", "h3", "h4", "li", "span", "b", "i", "em", "strong", "a"})
_SPACES = re.compile(r"[ \t\f\v\u00a0]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_FEWEST_NEIGHBOURS = 2


class _Whole(HTMLParser):
    """Gatherer of text by a scan, so that no depth of nesting matters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent: str | None = None
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the class's own form
        if self.silent is not None:
            self.depth += tag == self.silent
        elif tag in _SILENT:
            self.silent, self.depth = tag, 1
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.silent is not None:
            self.depth -= tag == self.silent
            if self.depth == 0:
                self.silent = None
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the class's own form
        if tag in _BREAKS and self.silent is None:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self.silent is None:
            self.parts.append(data.replace("\n", " ").replace("\r", " "))


def whole_text(source: str) -> str:
    """All text of HTML that a browser shows, a block a line, whatever state the HTML is in."""
    parser = _Whole()
    # The scanner gives up on some broken declarations; what it has read until there stands.
    with suppress(AssertionError, ValueError):
        parser.feed(source)
        parser.close()
    return _lines("".join(parser.parts))


def parsed(source: str) -> HtmlElement | None:
    """The tree of a page; ``None`` for what the parser gives up on, such as elements nested by the thousand.

    It fetches nothing, whatever the page refers to.
    """
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser as TreeParser
    from lxml.html import document_fromstring
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
    for reading in list(tree.iter("rt", "rp", "rtc")):
        reading.drop_tree()
    for above in list(tree.iter("ruby", "rb")):
        above.drop_tag()
    for raised in list(tree.iter("sup")):
        if not len(raised) and (raised.text or "").strip().isdecimal():
            raised.text = raised.text.strip().translate(RAISED_DIGITS)
            raised.drop_tag()


def missing(tree: HtmlElement, text: str) -> Iterator[str]:
    """Paragraphs of the page that stand among those in the text but are not in it themselves."""
    kept = _key(text)
    for group in _groups(tree):
        there = [_key(words) in kept for words in group]
        if sum(there) >= _FEWEST_NEIGHBOURS:
            yield from (words for words, is_there in zip(group, there, strict=True) if not is_there)


def _groups(tree: HtmlElement) -> Iterator[list[str]]:
    """The paragraphs of each element that holds several, be they elements of their own or only set apart by line breaks."""
    groups: dict[HtmlElement, list[str]] = {}
    for element in tree.iter("p", "blockquote"):
        parent = element.getparent()
        if parent is None or parent.tag == "blockquote":
            continue
        if _is_quote(parent):
            parent = parent.getparent()
        if words := " ".join(element.text_content().split()):
            groups.setdefault(parent, []).append(words)
    for line_break in tree.iter("br"):
        parent = line_break.getparent()
        if parent is not None and parent.tag not in _WORDS and parent not in groups:
            groups[parent] = _broken_lines(parent)
    yield from groups.values()


def _broken_lines(element: HtmlElement) -> list[str]:
    """The lines of an element between its line breaks."""
    lines = [element.text or ""]
    for child in element:
        if child.tag == "br":
            lines.append(child.tail or "")
        else:
            lines[-1] += (child.text_content() if isinstance(child.tag, str) and child.tag not in _SILENT else "") + (child.tail or "")
    return [words for line in lines if (words := " ".join(line.split()))]


def around(tree: HtmlElement, text: str) -> str:
    """The text of the element that holds most of the paragraphs in ``text``, without what is plainly beside it."""
    kept = _key(text)
    votes: Counter[HtmlElement] = Counter()
    for element in tree.iter("p", "br"):
        parent = element.getparent()
        words = _key(element.text_content() if element.tag == "p" else element.tail or "")
        if words and words in kept and parent is not None:
            votes[parent] += len(words)
    if not votes:
        return text
    body = _lines("".join(_shown(votes.most_common(1)[0][0])))
    before, after = _outside(text, _key(body))
    return "\n".join([*before, body, *after])


def _shown(element: HtmlElement) -> Iterator[str]:
    """The text of an element in order, blocks on lines of their own, without parts that are beside the article."""
    stack: list[HtmlElement | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        if not isinstance(item.tag, str) or (item is not element and _beside(item)):
            continue
        block = "\n" if item.tag in _BREAKS else " " if item.tag in _CELLS else ""
        yield block + (item.text or "").replace("\n", " ")
        stack.append(block)
        for child in reversed(item):
            if child.tail:
                stack.append(child.tail.replace("\n", " "))
            stack.append(child)


def _outside(text: str, held: str) -> tuple[list[str], list[str]]:
    """The lines of the text that do not stand in what is held: those before the first that does, and those after."""
    before: list[str] = []
    after: list[str] = []
    seen = False
    for line in text.splitlines():
        if _key(line) in held:
            seen = True
        else:
            (after if seen else before).append(line)
    return before, after


def _beside(element: HtmlElement) -> bool:
    """Return whether an element is a part of the page beside its article, by its kind, or by its name unless it is a paragraph."""
    if _is_quote(element):
        return False
    return element.tag in _ASIDE or (element.tag not in _WORDS and bool(_ASIDE_NAME.search(_named(element))))


def _is_quote(element: HtmlElement) -> bool:
    """Return whether an element is a quote set apart from the text around it."""
    return element.tag in ("aside", "div", "figure", "section") and "quote" in _named(element).lower()


def _named(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _key(text: str) -> str:
    """A text by its letters and digits alone, so that spacing and marks do not count."""
    return _NO_LETTERS.sub("", text)


def _lines(text: str) -> str:
    return "\n".join(line for raw in text.split("\n") if (line := _SPACES.sub(" ", raw).strip()))
