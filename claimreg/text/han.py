"""Traditional Chinese characters and the simplified ones that stand for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def simplified() -> dict[int, str]:
    """The simplified character for each traditional one, for :meth:`str.translate`.

    Two traditional characters may share a simplified one, so texts that are compared are both written in it and neither is restored.
    """
    lines = (Path(__file__).parent / "han.txt").read_text(encoding="utf-8").splitlines()
    characters = "".join(line for line in lines if not line.startswith("#"))
    return dict(zip(map(ord, characters[::2]), characters[1::2], strict=True))
