"""The smallest pieces of the HTML page, made here and not in its templates because a large report has hundreds of thousands of them.

Whatever is not markup of ours is shown by `shown`: with the characters that act made visible, and escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from claimreg.model import WordChange
from claimreg.render.markdown import plain_address
from claimreg.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from claimreg.render.labels import Words
    from claimreg.services.reporting.side_by_side import Piece


_PLACE = re.compile(r"{(\w+)}")
_SPECIAL = re.compile("[&<>'\"]")


class Labels(NamedTuple):
    """Text that is read aloud before words that differ, and text in place of a missing date."""

    changed: str
    dropped: str
    added: str
    undated: Markup


def labels(words: Words) -> Labels:
    """The labels in the reader's language."""
    return Labels(
        shown(words.say("changed")),
        shown(words.say("left out of the quote")),
        shown(words.say("put in by the quote")),
        Markup('<span class="undated">{}</span>').format(words.say("no date")),
    )


def shown(value: object) -> Markup:
    """Markup of ours as it is; everything else as text of which every character is seen and none acts."""
    return value if isinstance(value, Markup) else escape(visible(str(value)))


def seen(value: object) -> object:
    """Prepare what a template puts out for escaping: our own markup as it is, of everything else every character visible."""
    return value if isinstance(value, Markup) else visible(value if isinstance(value, str) else str(value))


def theirs(text: object, lang: str | None = None) -> Markup:
    """Text of others within a line, in its own language and direction."""
    return Markup(f'<bdi class="theirs" lang="{plain_text(lang) if lang else ""}">{plain_text(text)}</bdi>')  # noqa: S704 -- all of it shown


def linked(text: object, anchor: str, anchors: Container[str]) -> Markup:
    """A link to what the page holds; the text alone where it does not hold it."""
    return Markup(f'<a href="#{plain_text(anchor)}">{plain_text(text)}</a>') if anchor in anchors else shown(text)  # noqa: S704 -- all of it shown


def address(url: str) -> Markup:
    """An address as a link, or as text where it is none that a reader can follow without fear."""
    if not plain_address(url):
        return theirs(url)
    return Markup(f'<a href="{plain_text(url)}" rel="noopener noreferrer nofollow">{plain_text(url)}</a>')  # noqa: S704 -- all of it shown


def day(value: str | None, words: Words, said: Labels) -> Markup:
    """A date, for people and for machines."""
    if not value:
        return said.undated
    return Markup(f'<time datetime="{plain_text(value)}">{plain_text(words.date(value))}</time>')  # noqa: S704 -- all of it shown


def pieces(cut: Iterable[Piece], said: Labels) -> Markup:
    """A quote or a passage, its altered words marked for the eye and, by the labels, for the ear."""
    return Markup("".join(_piece(piece, said) for piece in cut))  # noqa: S704 -- all of it shown


def filled(sentence: str, **parts: object) -> Markup:
    """A sentence of ours with its places filled, also by markup of ours; what fills one place is never looked at for others."""
    texts = {name: plain_text(part) for name, part in parts.items()}
    return Markup(_PLACE.sub(lambda place: texts[place[1]], plain_text(sentence)))  # noqa: S704 -- all of it shown


def _piece(piece: Piece, said: Labels) -> str:
    text = plain_text(piece.text)
    if piece.gap or piece.change is WordChange.ASIDE:
        return f'<span class="around">{text}</span>'
    if piece.change is WordChange.KEPT:
        return text
    if piece.change is WordChange.DROPPED:
        return f'<del data-before="[{said.dropped}:" data-after="]">{text}</del>'
    if piece.change is WordChange.ADDED:
        return f'<ins data-before="[{said.added}:" data-after="]">{text}</ins>'
    # What became of a word in a way that is not known here has changed it.
    return f'<mark data-before="[{said.changed}:" data-after="]">{text}</mark>'


def plain_text(value: object) -> str:
    """Return the text as `shown` does, but without the type that marks it, which takes longer to make than most texts to escape."""
    if isinstance(value, Markup):
        return value
    text = visible(value if isinstance(value, str) else str(value))
    return escape(text) if _SPECIAL.search(text) else text
