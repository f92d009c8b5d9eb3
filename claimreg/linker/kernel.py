"""The compiled kernel, where it was built: the inner loops of linking, in C.

Whoever has a loop in it asks for ``compiled`` and does without where it is ``None``: the Python code beside is what the kernel is held
against, and gives the same results to the bit.
"""

from __future__ import annotations

__all__ = ["VERSION", "compiled", "missing"]

VERSION = 4
"""Version of the kernel that this code was written for; another one, left over from an older build, is not used."""

missing = ""
"""Reason why ``compiled`` is ``None``, for a person who wonders; empty where it is not."""

try:
    import claimreg.linker._kernel as compiled
except ModuleNotFoundError:
    compiled = None  # type: ignore[assignment] # None is what says that there is none
    missing = "it was not built"
except ImportError as error:
    compiled = None  # type: ignore[assignment] # as above
    missing = f"it cannot be loaded: {error}"

if compiled is not None and compiled.VERSION != VERSION:
    missing = f"it is left over from another version of claimreg ({compiled.VERSION}, not {VERSION})"
    compiled = None  # type: ignore[assignment] # as above
