"""The compiled kernel, where it was built: the inner loops of linking, in C.

Whoever has a loop in it asks for ``compiled`` and does without where it is ``None``: the Python code beside is what the kernel is held
against, and gives the same results to the bit.
"""

from __future__ import annotations

VERSION = 2
"""Version of the kernel that this code was written for; another one, left over from an older build, is not used."""

try:
    from claimreg.linker import _kernel
except ImportError:
    _kernel = None  # type: ignore[assignment] # mypy knows no module that may be none

compiled = _kernel if _kernel is not None and _kernel.VERSION == VERSION else None
