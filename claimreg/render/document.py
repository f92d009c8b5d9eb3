"""A source's whole text at a terminal, the linked words marked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from claimreg.model import Link, LinkState
from claimreg.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Iterable


_STYLES = {LinkState.CONFIRMED: "bold underline green", LinkState.SUGGESTED: "bold underline yellow"}


def document_renderable(text: str, links: Iterable[Link]) -> Text:
    """The text with each link's words set off, and its id in brackets after them; words that several links share are marked once."""
    shown = Text(overflow="fold")
    position = 0
    for link in sorted(links, key=lambda one: (one.start, one.end)):
        if link.start >= position:
            shown.append(visible(text[position : link.start]))
            position = link.start
        shown.append(visible(text[position : max(position, link.end)]), style=_STYLES.get(link.state, "bold underline"))
        position = max(position, link.end)
        shown.append(f"[{link.id}]", style="cyan")
    return shown.append(visible(text[position:]))
