"""Relations of claims to each other as a graph in DOT, which Graphviz draws."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from claimreg.interchange.left_out import leave_out
from claimreg.model import Attribution, Claim, Link, Party, RelationKind, Source, Verdict, record_number
from claimreg.render.safe import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.interchange.formats import Writing
    from claimreg.model import Relation
    from claimreg.services.exchange.selection import Selection

_LONGEST = 160
_WIDTH = 32
_HEAD = """digraph claims {
  graph [rankdir=LR];
  node [shape=box, style=rounded, fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=10];
"""


def write(selection: Selection, writing: Writing) -> Iterator[bytes]:
    """The claims that stand in a relation, then their relations; the others are counted as left out."""
    related = {one for relation in selection.relations() for one in (relation.claim_id, relation.other_claim_id)}
    yield _HEAD.encode()
    for claim_id in sorted(related, key=record_number):
        claim = selection.reader.get(Claim, claim_id)
        yield f"  {_quoted(claim_id)} [label={_label(claim_id, claim.title or claim.text if claim else '')}];\n".encode()
    for relation in selection.relations():
        yield f"  {_edge(relation)};\n".encode()
    yield b"}\n"
    selection.given[Claim.NOUN] = selection.count(Claim)
    if unrelated := selection.given[Claim.NOUN] - len(related):
        writing.told.left_out["unrelated claim"] += unrelated
    leave_out(selection, writing.told, Party, Attribution, Source, Link, Verdict)


def _edge(relation: Relation) -> str:
    look = [f"label={_quoted(relation.kind.value)}"]
    if relation.kind is RelationKind.CONTRADICTS:
        look += ['color="red"', 'fontcolor="red"', "style=dashed"]
    if relation.kind.symmetric:
        look.append("dir=none")
    return f"{_quoted(relation.claim_id)} -> {_quoted(relation.other_claim_id)} [{', '.join(look)}]"


def _label(claim_id: str, text: str) -> str:
    """The id, and below it the text, shortened, in short lines."""
    lines = wrap(one_line(shortened(" ".join(text.split()), _LONGEST)), _WIDTH, break_on_hyphens=False)
    return _quoted("\n".join([claim_id, *lines]))


def _quoted(text: str) -> str:
    # Graphviz reads \ and & in a label as the beginnings of escapes and of characters' names.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("\n", "\\n")
    return f'"{escaped}"'
