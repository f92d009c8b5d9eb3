"""Line in or below a block quotation that names who said it: “— Ana Reyes, mayor”, where the format has no element for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.services.articles import Block, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNED = re.compile(r"\s*(?:[—–―]|--)\s*(?P<first>[^\W\d_]).*[^.!?…:;,\s]\s*")
_LONGEST = 120
"""Code points of a name with what its bearer is; what is longer is a sentence."""

_DASHES = ("—", "–", "―", "--")
_WHOLE = tuple(".!?…”\"»’'")
"""Ends of a sentence or of its marks: after them a dash begins something new."""


def with_attribution(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of one quotation, of which the last, or its last line, is a `Role.CITE` where it names somebody.

    A dash before it is asked for, a capital letter or one of a script that has none, and no full stop: in dialogues dashes begin
    what is said. A quotation that begins with a dash is one.
    """
    quoted = [place for place, block in enumerate(blocks) if block.role is Role.QUOTE]
    if not quoted or any(block.role is Role.CITE for block in blocks) or blocks[quoted[0]].text.lstrip().startswith(_DASHES):
        return list(blocks)
    last = blocks[quoted[-1]]
    cut = last.text.rfind("\n") + 1
    if not _names_somebody(last.text[cut:]):
        return list(blocks)
    if cut == 0:
        parts = [last._replace(role=Role.CITE)] if len(quoted) > 1 else [last]
    elif last.text[:cut].rstrip().endswith(_WHOLE):
        parts = [_part(last, 0, len(last.text[:cut].rstrip())), _part(last, cut, len(last.text))._replace(role=Role.CITE)]
    else:
        parts = [last]
    return [*blocks[: quoted[-1]], *parts, *blocks[quoted[-1] + 1 :]]


def follows(blocks: Sequence[Block], block: Block) -> Block:
    """The block as the `Role.CITE` of the quotation right before it, if it names somebody as such a line in it would."""
    before = blocks[-1] if blocks else None
    if before is None or before.role is not Role.QUOTE or block.role is not Role.BODY or not _names_somebody(block.text):
        return block
    return block._replace(role=Role.CITE, group=before.group)


def _names_somebody(line: str) -> bool:
    found = _SIGNED.fullmatch(line) if len(line) <= _LONGEST else None
    return found is not None and not found["first"].islower()


def _part(block: Block, start: int, end: int) -> Block:
    written = {offset - start: length for offset, length in block.written.items() if start <= offset < end}
    return block._replace(text=block.text[start:end], places=block.places[start:end], written=written)
