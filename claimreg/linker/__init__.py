"""Find the place of a quote in a source's text, however it was retyped, and say what was altered.

:class:`LayeredLinker` is the engine; :class:`Match`, :class:`Findings` and the :class:`Linker` protocol are what the
rest of the program works with. The engine is imported when it is first asked for, as most commands link nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimreg.linker.types import Findings, Linker, Match

if TYPE_CHECKING:
    from claimreg.linker.layered import LayeredLinker

__all__ = ["Findings", "LayeredLinker", "Linker", "Match"]


def __getattr__(name: str) -> object:
    if name == "LayeredLinker":
        from claimreg.linker.layered import LayeredLinker

        return LayeredLinker
    raise AttributeError(name)
