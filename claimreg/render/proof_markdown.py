"""Proofs in GitHub-flavoured Markdown, for a comment on a draft. Nothing of others' text becomes markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.render.markdown import inline
from claimreg.render.proof_machine import worst_first
from claimreg.render.proof_words import VERDICTS, sentence, summary
from claimreg.services.proofing.types import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.services.proofing.types import Proof, ProvedQuotation


def render_proof(proof: Proof, *, every: bool = False) -> str:
    """A proof; ``every`` lists the quotations that stand, and what is no speech, too."""
    return "\n\n".join(_blocks(proof, every=every)) + "\n"


def _blocks(proof: Proof, *, every: bool) -> Iterator[str]:
    yield f"## {inline(proof.draft)}"
    yield f"{summary(proof)}."
    if proof.unread:
        yield "\n".join(f"- **not read:** {inline(name)}: {inline(reason)}" for name, reason in proof.unread)
    told = [one for one in proof.quotations if every or one.verdict.level is not Level.NONE]
    if told:
        heads = "| Place | Verdict | Quotation | Speaker | Finding |\n|---|---|---|---|---|"
        yield "\n".join([heads, *map(_row, worst_first(told))])


def _row(one: ProvedQuotation) -> str:
    speaker = inline(one.speaker.exact) if one.speaker is not None else ""
    cells = (f"{one.line}:{one.column}", f"**{VERDICTS[one.verdict]}**", inline(one.text), speaker, sentence(one, inline))
    return f"| {' | '.join(cells)} |"
