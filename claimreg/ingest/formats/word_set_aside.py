"""Words that a Word document holds and does not show as its text: deleted, struck out, hidden, commented on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.ingest.formats.set_aside import COMMENT, HIDDEN, READING, STRUCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace of the elements, as lxml writes it before their names."""

_OFF = frozenset({"0", "false", "off"})
_OTHERS = frozenset(W + name for name in ("rPr", "pPr", "txbxContent", "moveFrom", "instrText", "delInstrText"))
_BREAKS = frozenset(W + name for name in ("tab", "br", "cr"))


def is_on(properties: _Element | None, name: str) -> bool:
    """Return whether a property of a run's is set, and not set to off."""
    found = properties.find(W + name) if properties is not None else None
    return found is not None and found.get(W + "val") not in _OFF


class Looks:
    """Looks of runs, by their own properties and by their style."""

    def __init__(self, styles: Iterable[_Element] = ()) -> None:
        self._struck: set[str] = set()
        self._hidden: set[str] = set()
        for style in (one for root in styles for one in root.iter(W + "style") if one.get(W + "type") == "character"):
            properties, key = style.find(W + "rPr"), style.get(W + "styleId", "")
            if is_on(properties, "strike") or is_on(properties, "dstrike"):
                self._struck.add(key)
            if is_on(properties, "vanish"):
                self._hidden.add(key)

    def unseen(self, run: _Element) -> str:
        """The name of what a run is where a reader does not read it as said; empty for all others."""
        if (properties := run.find(W + "rPr")) is None:
            return ""
        named = properties.find(W + "rStyle")
        style = named.get(W + "val", "") if named is not None else ""
        if self._has(properties, ("vanish",), style in self._hidden):
            return HIDDEN
        return STRUCK if self._has(properties, ("strike", "dstrike"), style in self._struck) else ""

    @staticmethod
    def _has(properties: _Element, names: tuple[str, ...], by_style: bool) -> bool:  # noqa: FBT001 -- what holds where it says nothing
        said = [is_on(properties, name) for name in names if properties.find(W + name) is not None]
        return any(said) if said else by_style


def pieces_of(root: _Element, looks: Looks) -> Iterator[tuple[str, str]]:
    """The pieces that are set aside of a part of the document, in order, each with its name."""
    deleted = {one for row in root.iter(W + "tr") if row.find(f"{W}trPr/{W}del") is not None for one in row.iter(W + "p")}
    for paragraph in root.iter(W + "p"):
        yield from _joined(_within(paragraph, STRUCK if paragraph in deleted else "", looks))


def comments_of(roots: Iterable[_Element]) -> Iterator[tuple[str, str]]:
    """The comments, a piece each."""
    for comment in (one for root in roots for one in root.iter(W + "comment")):
        lines = ("".join(text.text or "" for text in one.iter(W + "t")) for one in comment.iter(W + "p"))
        yield COMMENT, "\n".join(lines)


def _within(parent: _Element, label: str, looks: Looks) -> Iterator[tuple[str, str]]:
    for child in parent:
        if child.tag in _OTHERS:
            continue
        if child.tag in {W + "t", W + "delText"}:
            yield label, child.text or ""
        elif child.tag in _BREAKS:
            yield label, " "
        elif child.tag == W + "del":
            yield from _within(child, STRUCK, looks)
        elif child.tag == W + "rt":
            yield from _within(child, READING, looks)
        elif child.tag == W + "r":
            yield from _within(child, label or looks.unseen(child), looks)
        else:
            yield from _within(child, label, looks)


def _joined(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The pieces that have a name, those of one name that follow each other as one."""
    last, words = "", ""
    for label, text in pieces:
        if label != last:
            if last:
                yield last, words
            last, words = label, ""
        words += text
    if last:
        yield last, words
