"""Check of the indexes that a registry shares with all its users: each is made once more from the records, and both are compared."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from claimreg.store.port import INDEXES, DamagedIndexError
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claimreg.services.linking.likely import TakingIn
    from claimreg.store.port import GramIndex, Store

NOUNS = {"claims": "index of claims", "grams": "index of texts by their letters", "words": "index of texts by their words"}
"""Name of each index in sentences."""

_NO_INDEX = (DamagedIndexError, LookupError, ValueError, TypeError, ArithmeticError, MemoryError)
"""Errors that what is no index, though its checksums are right, may lead to."""

_NAMED = 5
_ANEW = "new clients find by it what they should not, or miss what they should find; `claimreg compact` has it made anew"


def index_faults(store: Store, progress: Callable[[str], None] = lambda _area: None) -> Iterator[tuple[str, str]]:
    """Yield the name of each shared index that is not what the records make of it, and what is wrong with it."""
    for name in INDEXES:
        try:
            # Both are made of the same state, whatever others record meanwhile.
            with store.snapshot(), store.indexes_apart(name) as is_shared:
                if is_shared:
                    progress("indexes")
                fault = _fault(store, name) if is_shared else None
        except _NO_INDEX:
            fault = "it is damaged or of another history; `claimreg compact` has it made anew"
        if fault is not None:
            yield NOUNS[name], fault


def _fault(store: Store, name: str) -> str | None:
    numbers = _differing_claims(store) if name == "claims" else _differing_texts(store, name)
    if not numbers:
        return None
    letter, what = ("C", "claim") if name == "claims" else ("K", "capture")
    told = ", ".join(f"{letter}{number}" for number in sorted(numbers)[:_NAMED])
    more = f" and {len(numbers) - _NAMED:,} more" if len(numbers) > _NAMED else ""
    return f"it differs from the records in {counted(len(numbers), what)} ({told}{more}): {_ANEW}"


def _differing_claims(store: Store) -> set[int]:
    from claimreg.rank.comparing import differing
    from claimreg.services.finding.claim_index import ClaimIndex

    def opened() -> ClaimIndex:
        return ClaimIndex(store, lambda _sentence: None, lambda _claims: None, whole=False)

    with closing(opened()) as shared:
        as_shared = shared.current()
        if shared.was_unfit:
            raise DamagedIndexError("claims")
        with store.indexes_apart(), closing(opened()) as own:
            return differing(as_shared, own.current())


def _differing_texts(store: Store, name: str) -> set[int]:
    from claimreg.services.linking.likely import current_index

    told: list[str] = []
    with ExitStack() as stack:
        shared = current_index(store, _index_of(store, name), _taking(name, told.append))
        if told:
            raise DamagedIndexError(told[0])
        stack.enter_context(store.indexes_apart())
        own = current_index(store, _index_of(store, name), _taking(name, told.append))
        for index in (shared, own):
            if index is not None:
                stack.callback(index.close)
        return shared.differing(own) if shared is not None and own is not None else set()


def _index_of(store: Store, name: str) -> GramIndex | None:
    return store.gram_index() if name == "grams" else store.word_index()


def _taking(name: str, tell: Callable[[str], None]) -> TakingIn:
    from claimreg.services.linking.likely import TakingIn, letter_groups_of

    if name == "grams":
        return TakingIn(letter_groups_of, tell)
    from claimreg.rank.word_groups import WordGroups

    return TakingIn(WordGroups().of_text, tell)
