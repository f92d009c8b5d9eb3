"""HTML as an article, told to `Elements` by one scan that keeps the place of every character.

Parsers that build a tree (lxml, Lexbor) tell no places, and the standard library's `HTMLParser` takes quadratic time over what is
never closed. The tokens are those of the HTML standard (WHATWG, section 13.2.5) as far as they matter here: what is not closed runs to
the end of the file, and the scan never goes back.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.ingest.articles.elements import BLOCKS, Elements
from claimreg.model import Span
from claimreg.services.articles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.ingest.articles.building import Builder

_TOKEN = re.compile(
    r"""(?P<comment><!--(?:-?>|(?P<words>(?:(?!--!?>).)*+)(?:--!?>|\Z)))
    |(?P<tag><(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|[^>])*+)(?:>|\Z))
    |(?P<other><(?:[!?]|/(?=[^a-zA-Z]))[^>]*+(?:>|\Z))
    |(?P<entity>&(?:\#[0-9]++|\#[xX][0-9a-fA-F]++|[a-zA-Z][a-zA-Z0-9]*+);?+)
    |(?P<space>[ \t\r\n\f]++)
    |(?P<text>[^<& \t\r\n\f]++|[<&])""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/"'>]++)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s"'>]++)))?+""")
_SILENT = frozenset({
    "script", "style", "noscript", "template", "title", "svg", "math", "iframe", "object", "select", "button", "textarea", "noembed",
    "noframes", "xmp", "rt", "rp", "del", "s", "strike",
})  # fmt: skip
_STRUCK = frozenset({"del", "s", "strike"})
"""Elements of text that its author took back. Where one is never closed, it ends with the block that it stands in."""

_RAW = frozenset({"script", "style", "iframe", "noembed", "noframes", "xmp", "title", "textarea"})
"""Elements of whose content nothing but their own end tag is markup."""

_EMPTY = frozenset({"br", "hr", "img", "input", "wbr", "meta", "link", "col", "area", "base", "embed", "source", "track"})
_MAY_CLOSE_ITSELF = frozenset({"svg", "math"})
_LONGEST_ENTITY = 33
"""Signs of the longest name of a character that HTML has, with its ampersand and semicolon."""


class _Silence(NamedTuple):
    """Element that nothing is told of, how many of its name are open, and how many blocks in it."""

    tag: str
    depth: int = 1
    blocks: int = 0


class PageReader:
    """Reader of HTML that may come in pieces, with Markdown between them; elements that are open stay so."""

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._silence: _Silence | None = None

    def feed(self, source: str, places: Sequence[int]) -> None:
        """Scan a piece; ``places`` has the place in the file of each of its characters."""
        at = 0
        while found := _TOKEN.match(source, at):
            at = found.end()
            kind = found.lastgroup
            if found["tag"] is not None:
                at = self._tag(found, source, places)
            elif found["comment"] is not None:
                self._elements.builder.comment(found["words"] or "", _span(places, *found.span()))
            elif self._silence is None and found["other"] is None:
                self._text(found, kind or "", places)

    @property
    def is_silent(self) -> bool:
        """Return whether an element is open whose content no reader sees."""
        return self._silence is not None

    def _tag(self, found: re.Match[str], source: str, places: Sequence[int]) -> int:
        """Tell of a tag, and return where the scan goes on: behind the content of an element that holds no markup."""
        name, place = found["name"].lower(), places[found.start()]
        if found["slash"]:
            self._end(name, place)
            return found.end()
        if self._silence is not None or name in _SILENT:
            if name not in _MAY_CLOSE_ITSELF or not found["rest"].endswith("/"):
                self.hide(name)
        else:
            self._elements.start(name, _attributes(found["rest"]), place)
            if name in _EMPTY:
                self._elements.end(name, place)
        if name not in _RAW:
            return found.end()
        closing = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, found.end())
        return closing.start() if closing else len(source)

    def hide(self, name: str) -> None:
        """Begin an element that nothing is told of, or any other within one."""
        silence = self._silence
        if silence is None:
            self._silence = _Silence(name)
        elif silence.tag == name:
            self._silence = silence._replace(depth=silence.depth + 1)
        elif name in BLOCKS:
            self._silence = silence._replace(blocks=silence.blocks + 1)

    def show(self, name: str) -> None:
        """End an element within one that nothing is told of, or that one itself."""
        silence = self._silence
        if silence is None:
            return
        if silence.tag == name:
            self._silence = silence._replace(depth=silence.depth - 1) if silence.depth > 1 else None
        elif name in BLOCKS and silence.blocks:
            self._silence = silence._replace(blocks=silence.blocks - 1)
        elif name in BLOCKS and silence.tag in _STRUCK:
            self._silence = None

    def _end(self, name: str, place: int) -> None:
        self.show(name)
        if self._silence is None:
            self._elements.end(name, place)

    def _text(self, found: re.Match[str], kind: str, places: Sequence[int]) -> None:
        builder, (start, end) = self._elements.builder, found.span()
        if kind == "entity":
            signs = html.unescape(found[0]) if len(found[0]) <= _LONGEST_ENTITY else found[0]
            if signs == found[0]:
                builder.write(signs, places[start:end])
            else:
                builder.stand_in(signs, places[start], end - start)
        elif kind == "text" or builder.inside(Role.CODE):
            builder.write(found[0], places[start:end])
        elif not builder.ends_in_space():
            # White space of any length is one space.
            if found[0] == " ":
                builder.write(" ", places[start:end])
            else:
                builder.stand_in(" ", places[start], places[end - 1] + 1 - places[start])


def _span(places: Sequence[int], start: int, end: int) -> Span:
    return Span(places[start], places[end - 1] + 1)


def _attributes(rest: str) -> dict[str, str]:
    values: dict[str, str] = {}
    if len(rest) > 1:
        for name, *value in _ATTRIBUTE.findall(rest):
            values.setdefault(name.lower(), "".join(value))
    return values


def read_page(text: str, builder: Builder) -> None:
    """Tell the builder of the blocks of a page."""
    PageReader(Elements(builder)).feed(text, range(len(text)))
    builder.end_block()
