"""claimreg: a registry of claims, of who made or denied them, in which words and in which source.

The names in ``__all__`` are stable: they are only ever added to. Each is imported when it is first asked for, as most commands
need none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.api import Linker, check, extract
    from claimreg.errors import ClaimregError
    from claimreg.linker.types import Findings, Match, QuoteCheck
    from claimreg.model import Statement
    from claimreg.opening import copy_registry, open_registry
    from claimreg.registry import Registry

__all__ = [
    "ClaimregError", "Findings", "Linker", "Match", "QuoteCheck", "Registry", "Statement", "__version__", "check", "copy_registry",
    "extract", "open_registry",
]  # fmt: skip

__version__ = "0.1.0"

_HOMES = {
    "ClaimregError": "claimreg.errors",
    "Findings": "claimreg.linker.types",
    "Linker": "claimreg.api",
    "Match": "claimreg.linker.types",
    "QuoteCheck": "claimreg.linker.types",
    "Registry": "claimreg.registry",
    "Statement": "claimreg.model",
    "check": "claimreg.api",
    "copy_registry": "claimreg.opening",
    "extract": "claimreg.api",
    "open_registry": "claimreg.opening",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
