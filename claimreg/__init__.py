"""claimreg: a registry of claims, of who made or denied them, in which words and in which source."""

from __future__ import annotations

__version__ = "0.1.0"
