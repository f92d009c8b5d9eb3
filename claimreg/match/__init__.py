"""Find the place of a quote in a source's text, however it was retyped, and say what was altered.

:class:`LayeredLinker` is the engine; :class:`Match`, :class:`Findings` and the :class:`Linker` protocol are what the
rest of the program works with.
"""

from __future__ import annotations

from claimreg.match.linker import LayeredLinker
from claimreg.match.types import Findings, Linker, Match

__all__ = ["Findings", "LayeredLinker", "Linker", "Match"]
