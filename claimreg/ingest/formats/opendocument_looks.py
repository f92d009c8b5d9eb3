"""Words that an OpenDocument text holds and does not show as its text: deleted, struck out, hidden, commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.ingest.formats.set_aside import COMMENT, HIDDEN, READING, STRUCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element

_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT, _STYLE, _OFFICE = (f"{{{_OPEN}:{name}:1.0}}" for name in ("text", "style", "office"))
_SET_ASIDE = {
    _TEXT + "deletion": STRUCK,
    _OFFICE + "annotation": COMMENT,
    _TEXT + "ruby-text": READING,
    _TEXT + "hidden-paragraph": HIDDEN,
}
_STYLED = frozenset(_TEXT + name for name in ("span", "p", "h", "a"))
_THROUGH = ("text-line-through-style", "text-line-through-type")
_NO_LINE = "none"
_MOST_BASES = 20


class Looks:
    """Looks of the words of a document, and the pieces that were set aside while it was read, each with its name."""

    def __init__(self, roots: Iterable[_Element]) -> None:
        self.pieces: list[tuple[str, str]] = []
        self._bases: dict[str, str] = {}
        self._own: dict[str, dict[str, bool]] = {}
        for style in (one for root in roots for one in root.iter(_STYLE + "style")):
            key = style.get(_STYLE + "name", "")
            self._bases[key] = style.get(_STYLE + "parent-style-name", "")
            if (properties := style.find(_STYLE + "text-properties")) is not None:
                self._own[key] = _told_by(properties)

    def is_set_aside(self, element: _Element, words_of: Callable[[_Element], str]) -> bool:
        """Return whether an element is none of the text; its words are kept then."""
        if element.tag == _TEXT + "tracked-changes":
            self.pieces.extend((STRUCK, words_of(one)) for one in element.iter(_TEXT + "deletion"))
            return True
        label = _SET_ASIDE.get(element.tag) if isinstance(element.tag, str) else None
        if label is None and (element.get(_TEXT + "display") == _NO_LINE or element.get(_TEXT + "is-hidden") == "true"):
            label = HIDDEN
        if label is None and element.tag in _STYLED and self._own:
            label = self._by_style(element.get(_TEXT + "style-name", ""))
        if label is not None:
            self.pieces.append((label, words_of(element)))
        return label is not None

    def _by_style(self, style: str) -> str | None:
        found: dict[str, bool] = {}
        for _ in range(_MOST_BASES):
            found = {**self._own.get(style, {}), **found}
            if not (style := self._bases.get(style, "")):
                break
        return HIDDEN if found.get(HIDDEN) else STRUCK if found.get(STRUCK) else None


def _told_by(properties: _Element) -> dict[str, bool]:
    told: dict[str, bool] = {}
    if (display := properties.get(_TEXT + "display")) is not None:
        told[HIDDEN] = display == _NO_LINE
    lines = [line for name in _THROUGH if (line := properties.get(_STYLE + name)) is not None]
    if lines:
        told[STRUCK] = all(line != _NO_LINE for line in lines)
    return told
