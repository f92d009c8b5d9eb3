"""Proofs for a person at a terminal: what is wrong first, each quotation beside its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from claimreg.render.labels import ENGLISH
from claimreg.render.proof_machine import worst_first
from claimreg.render.proof_words import VERDICTS, differences, flags_in_words, summary, where, worst_place
from claimreg.render.safe import one_line, shortened, visible
from claimreg.render.terminal import evidence, labelled, side_by_side
from claimreg.services.proofing.types import Level, ProofVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from claimreg.services.proofing.types import Proof, ProofPlace, ProvedQuotation

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "bold yellow", Level.NOTE: "cyan", Level.NONE: "green"}
_MOST_SHOWN = 60
"""Code points of a quotation that stands, in a list of those."""


def proofs_renderable(proofs: Iterable[Proof], *, every: bool = False) -> RenderableType:
    """Proofs one after the other."""
    blocks: list[RenderableType] = []
    for proof in proofs:
        blocks += [Text()] if blocks else []
        blocks.append(proof_renderable(proof, every=every))
    return Group(*blocks)


def proof_renderable(proof: Proof, *, every: bool = False) -> RenderableType:
    """A proof; ``every`` lists the quotations that stand, and what is no speech, too."""
    blocks: list[RenderableType] = [Text.assemble((one_line(proof.draft), "bold"), f": {summary(proof)}", overflow="fold")]
    blocks += [Text(f"not read: {one_line(name)}: {one_line(reason)}", style="bold red", overflow="fold") for name, reason in proof.unread]
    for one in worst_first(proof.quotations if every else proof.answered):
        if one.verdict.level is not Level.NONE:
            blocks += [Text(), _heading(one), Padding(labelled(_rows(one)), (0, 0, 0, 2))]
        elif every:
            blocks.append(_listed(one))
    return Group(*blocks)


def _heading(one: ProvedQuotation) -> Text:
    speaker = f" · {one_line(one.speaker.exact)}" if one.speaker is not None else ""
    verdict = (VERDICTS[one.verdict], _STYLES[one.verdict.level])
    flags = f" · {flags_in_words(one)}" if one.flags else ""
    return Text.assemble((f"{one.line}:{one.column}", "cyan"), "  ", verdict, f"{flags}{speaker}", overflow="fold")


def _rows(one: ProvedQuotation) -> Iterator[tuple[str, RenderableType]]:
    place = worst_place(one)
    if place is not None:
        yield from _compared(one, place, "source")
    else:
        yield "quote", evidence(one.text)
        if one.nearest is not None:
            _mine, theirs = side_by_side(one.text, one.nearest.match)
            yield "nearest", theirs
            yield "", evidence(where(one.nearest, one_line), "dim")
    if one.reason and one.verdict is not ProofVerdict.MISATTRIBUTED:
        yield "", Text(visible(one.reason), overflow="fold")


def _compared(one: ProvedQuotation, place: ProofPlace, label: str) -> Iterator[tuple[str, RenderableType]]:
    mine, theirs = side_by_side(one.text, place.match)
    yield "quote", mine
    yield label, theirs
    if changed := differences(one, place, visible):
        yield ENGLISH.say("changed"), Text(changed, style="bold", overflow="fold")
    others = len(one.places) - 1
    more = f" and {others} more" if others else ""
    yield "", evidence(f"{where(place, one_line)}{more}", "dim")


def _listed(one: ProvedQuotation) -> Text:
    words = one_line(shortened(one.text, _MOST_SHOWN))
    told = [one.reason] if one.verdict is ProofVerdict.SKIPPED else [flags_in_words(one)]
    more = f" · {told[0]}" if told[0] else ""
    verdict = (VERDICTS[one.verdict], _STYLES[one.verdict.level])
    return Text.assemble((f"{one.line}:{one.column}", "cyan"), "  ", verdict, f"  “{words}”{more}", overflow="fold")
