"""Name of the linker that judges now, for those who compare it with a recorded one and link nothing."""

from __future__ import annotations

from claimreg.dictionaries import VERSION

METHOD = f"layered/3+{VERSION}"
"""The method and its version; the words of another version of the dictionaries may lead to other verdicts."""
