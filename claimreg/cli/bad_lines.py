"""Messages about lines of a file that cannot be used; the same in every command that reads lines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claimreg.cli.context import tell
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.corpus.jsonl import BadLine

_SHOWN = 20


def tell_bad_lines(first: "Sequence[BadLine]", count: int, where: str) -> None:
    """Name the first bad lines of a file, and say how many there are in all."""
    for one in first[:_SHOWN]:
        tell(f"Line {one.number} of {where} was passed over: {one.why}")
    if count:
        tell(f"{counted(count, 'line')} of {where} passed over.")
