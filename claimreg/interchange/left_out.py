"""Counting what of a selection has no place in a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.model import Record
    from claimreg.services.exchange.rows import Told
    from claimreg.services.exchange.selection import Selection


def leave_out(selection: Selection, told: Told, *kinds: type[Record]) -> None:
    """Tell how many records of these kinds there would have been."""
    told.left_out.update({kind.NOUN: count for kind in kinds if (count := selection.count(kind))})
