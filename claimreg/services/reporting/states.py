"""States of quotes: whether one was looked for, where it was found, and what a person decided; all that shows claims tells them alike."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from claimreg.linker.types import is_intact
from claimreg.model import Link, LinkState

if TYPE_CHECKING:
    from claimreg.services.reporting.views import AttributionView, ClaimView


class QuoteState(StrEnum):
    """States of a quote, by its best link; the first that fits."""

    CONFIRMED = "confirmed"
    """A person confirmed a place."""
    ALTERED = "altered"
    """A place was found where words differ in sense, and nobody confirmed it."""
    SUGGESTED = "suggested"
    """A place was found, and nobody confirmed it."""
    REJECTED = "rejected"
    """Places were found, and a person rejected all of them."""
    NOT_FOUND = "not-found"
    """It was looked for, and found nowhere."""
    NOT_LOOKED = "not-looked"
    """Nobody looked for it yet, as far as is known."""


def quote_state(view: AttributionView) -> QuoteState | None:
    """Return the state of an attribution's quote; ``None`` where it has none."""
    if view.attribution.quote is None:
        return None
    standing = [link for link in view.links if link.state is not LinkState.REJECTED]
    if any(link.state is LinkState.CONFIRMED for link in standing):
        return QuoteState.CONFIRMED
    if standing:
        best = max(standing, key=lambda link: link.score)
        return QuoteState.ALTERED if is_altered(best) else QuoteState.SUGGESTED
    if view.links:
        return QuoteState.REJECTED
    return QuoteState.NOT_LOOKED if view.attribution.looked is None else QuoteState.NOT_FOUND


def quote_states(view: ClaimView) -> tuple[QuoteState, ...]:
    """Return the states of a claim's quotes, in the order of its attributions."""
    return tuple(state for one in view.attributions if (state := quote_state(one)) is not None)


def is_altered(link: Link) -> bool:
    """Return whether the words of a place differ from the quote's in sense, or may."""
    return not is_intact(link.kind, link.flags, link.not_judged)
