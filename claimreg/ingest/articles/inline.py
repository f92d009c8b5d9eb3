"""Inline Markdown with places: markdown-it parses it, and each piece of text is told where in the paragraph it stands.

markdown-it tells lines of blocks and nothing of what is in them; so its own rules run on a state that notes where each token begins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from markdown_it.rules_inline import StateInline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

    from claimreg.ingest.articles.building import Builder
    from claimreg.ingest.articles.page import PageReader

FOOTNOTE_SIGN = "footnote_sign"
INLINE_NOTE = "inline_note"
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,99}+\](?!\()")
_AT = "at"


class Inline(NamedTuple):
    """A paragraph's Markdown, and the place of each of its code points in the file."""

    content: str
    places: Sequence[int]


class _PlacedState(StateInline):
    """State of the inline parser that notes in each token's ``meta`` where it begins in the paragraph."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType) -> None:
        super().__init__(src, md, env, [])
        self._pending_at = 0
        self._marker_end = 0

    def append_pending(self, text: str) -> None:
        if not self.pending:
            self._pending_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 -- the library's name
        token = super().pushPending()
        token.meta = {_AT: self._pending_at}
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        # A run of markers (`***`) is pushed one by one while the position stands at its first.
        at = self._marker_end = max(self.pos, self._marker_end) if ttype == "text" else self.pos
        self._marker_end += ttype == "text"
        token.meta = {_AT: at}
        return token


def footnote_sign(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's form of a rule
    """Rule of markdown-it for a footnote's sign, ``[^1]``, which is no text."""
    if not (found := _FOOTNOTE.match(state.src, state.pos, state.posMax)):
        return False
    if not silent:
        state.push(FOOTNOTE_SIGN, "", 0)
    state.pos = found.end()
    return True


def inline_note(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- the library's form of a rule
    """Rule of markdown-it for Pandoc's note within a sentence, ``^[words]``."""
    if not state.src.startswith("^[", state.pos):
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos + 1)
    if end < 0:
        return False
    if not silent:
        state.push(INLINE_NOTE, "", 0).content = state.src[state.pos + 2 : end]
    state.pos = end + 1
    return True


def write_inline(inline: Inline, md: MarkdownIt, env: EnvType, scanner: PageReader, builder: Builder) -> None:
    """Tell the builder of a paragraph's text, and the scanner of HTML in it."""
    state = _PlacedState(inline.content, md, env)
    md.inline.tokenize(state)
    for rule in md.inline.ruler2.getRules(""):
        rule(state)
    for token in state.tokens:
        _write(token, inline, scanner, builder)


def _write(token: Token, inline: Inline, scanner: PageReader, builder: Builder) -> None:
    at, places = token.meta.get(_AT, 0), inline.places
    if token.type == "html_inline":
        scanner.feed(token.content, places[at : at + len(token.content)])
    elif token.type == "s_open":
        scanner.hide("s")
    elif token.type == "s_close":
        scanner.show("s")
    elif scanner.is_silent:
        return
    elif token.type == "text":
        _write_text(token.content, at, inline, builder)
    elif token.type == "text_special":
        _write_special(token, at, inline, builder)
    elif token.type == INLINE_NOTE:
        builder.note(token.content, places[at + 2 : at + 2 + len(token.content)])
    elif token.type == "code_inline":
        at = inline.content.index(token.content.strip()[:1], at + len(token.markup)) if token.content.strip() else at
        builder.hold()
        _write_text(token.content.strip(), at, inline, builder)
        builder.release_code()
    elif token.type in {"softbreak", "hardbreak"}:
        at = inline.content.index("\n", at)
        _write_text("\n", at, inline, builder)


def _write_text(text: str, at: int, inline: Inline, builder: Builder) -> None:
    if inline.content.startswith(text, at):
        builder.write(text, inline.places[at : at + len(text)])
    else:  # an address in angle brackets is shown in another spelling, and a line end within code as a space
        for offset, sign in enumerate(text):
            builder.stand_in(sign, inline.places[min(at + offset, len(inline.places) - 1)], 1)


def _write_special(token: Token, at: int, inline: Inline, builder: Builder) -> None:
    if token.info == "escape" and token.content == token.markup[1:]:
        builder.write(token.content, inline.places[at + 1 : at + 2])
    elif token.content == token.markup:
        builder.write(token.content, inline.places[at : at + len(token.content)])
    else:
        last = at + len(token.markup) - 1
        builder.stand_in(token.content, inline.places[at], inline.places[last] + 1 - inline.places[at])
