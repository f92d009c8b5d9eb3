"""Telling, after a search in claims that found few, that sources have the words."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimreg.store.port import Store

FEW = 3
"""Claims from which on there are enough of them."""

_LONGEST = 80


def sources_in_words(store: "Store", query: str) -> str:
    """Say how many sources have the words of a query, and how to see them; empty where none have, or it cannot be told at once."""
    import shlex

    from claimreg.render.safe import visible
    from claimreg.services.finding.elsewhere import sources_with
    from claimreg.text.counted import counted

    count = sources_with(store, query) if query.strip() and len(query) <= _LONGEST else 0
    if not count:
        return ""
    return visible(f"{counted(count, 'source')} {'has' if count == 1 else 'have'} these words: claimreg source search {shlex.quote(query)}")
