"""Load trafilatura without what takes long and is of no use here: a library of languages, which is an option to it, and loops in Python."""

from __future__ import annotations

import sys
from functools import cache

_UNUSED = "py3langid"


@cache
def load_trafilatura() -> None:
    """Import trafilatura as if the library of languages, which is an option to it, were not installed."""
    if _UNUSED in sys.modules or "trafilatura" in sys.modules:
        return
    # With None in its place the import system says that there is no such module, which trafilatura expects.
    sys.modules[_UNUSED] = None  # type: ignore[assignment]  # as the import system documents
    try:
        import trafilatura.external
    finally:
        del sys.modules[_UNUSED]
    trafilatura.external.jt_stoplist_init = _stop_words  # type: ignore[assignment]  # the library tells of a tuple of one word


def _stop_words() -> tuple[str, ...]:
    """The words of all languages that jusText knows, as trafilatura gathers them word by word when a page has little text."""
    from importlib.resources import files

    folder = files("justext") / "stoplists"
    words = "\n".join(one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".txt"))
    return tuple(set(words.lower().split()))
