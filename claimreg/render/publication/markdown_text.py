"""Text within a Markdown document: markup of ours stands as it is, everything else shows every character and acts nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from claimreg.render.markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CARET = "‸"
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_ENDS = (".", "!", "?", "…")
_WIDE = re.compile(r"^ {2,}| {2,}$")


class Marked(Markup):
    """Markdown of ours; what is put into it by its methods is escaped as Markdown."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Marked:
        """Return markup of ours as it is, everything else as text on one line."""
        return cls(s if isinstance(s, Markup) else on_a_line(str(s)))


def on_a_line(text: str) -> str:
    """Text of others within a line: wherever it stands it begins no block, and spaces at its ends say nothing."""
    return _WIDE.sub(" ", " ".join(escaped(text).split("\n")))


def bold(value: object, end: str = "") -> Marked:
    """Markdown of a text in bold, with a sign of punctuation after it; nothing, without stars, for no text."""
    told = Marked.escape(value).strip()
    if not told:
        return Marked(end)
    return Marked(f"**{ended(told) if end == '.' else told + Marked(end)}**")


def ended(value: object) -> Marked:
    """Markdown of a sentence with its full stop; a text that ends with one, as abbreviations do, gets no second."""
    told = Marked.escape(value).rstrip()
    return told if told.endswith(_ENDS) else told + Marked(".")


def pieces_marked(pieces: Iterable[tuple[str, str]]) -> Marked:
    """A quote or a passage on one line, its words that differ in bold, and a caret where words are left out."""
    stretches = list(_merged(pieces))
    around = ["", *(text for text, _differs in stretches), ""]
    return Marked("".join(_stretch(text, around[at], around[at + 2], differs=differs) for at, (text, differs) in enumerate(stretches)))


def _merged(pieces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """Yield the text with what is marked alike in one: escaping must see what stands beside what."""
    kept: tuple[str, bool] | None = None
    for text, kind in pieces:
        told, differs = (CARET if kind == "caret" else text), kind in ("changed", "only")
        if kept is None or kept[1] is not differs:
            yield from [kept] if kept else []
            kept = (told, differs)
        else:
            kept = (kept[0] + told, differs)
    yield from [kept] if kept else []


def _stretch(text: str, before: str, after: str, *, differs: bool) -> str:
    edges = _EDGES.fullmatch(text)
    start, words, end = edges.groups() if edges else ("", text, "")
    if differs and words and _opens(start, words[0], before[-1:]) and _opens(end, words[-1], after[:1]):
        return f"{on_a_line(start)}**{on_a_line(words)}**{on_a_line(end)}"
    return on_a_line(text)


def _opens(gap: str, edge: str, beside: str) -> bool:
    """Tell whether stars between a word's edge and what stands beside it are read as markup, not as stars."""
    return edge.isalnum() or bool(gap) or not beside or beside.isspace()
