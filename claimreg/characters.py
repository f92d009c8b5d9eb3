"""Characters that no text has: NUL, which ends a text for many programs, and halves of characters, which no encoding can write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claimreg.model import Change, Record

LONGEST_TEXT = 64 * 2**20
"""Code points that a text may have."""

_UNFIT = re.compile("[\0\ud800-\udfff]")


def unfit_characters(text: str) -> str | None:
    """Name what a text holds that no text has; ``None`` where it holds nothing of that kind."""
    if "\0" in text:
        return "a NUL character (U+0000)"
    # Most text is ASCII, which the search need not go through.
    if not text.isascii() and _UNFIT.search(text):
        return "half a character (a lone surrogate)"
    return None


def may_be_unfit(json_text: str) -> bool:
    """Return whether JSON that writes all letters as they are may hold such characters; it is only sure of those that do not."""
    return "\\u0000" in json_text or (not json_text.isascii() and _UNFIT.search(json_text) is not None)


def replaced(text: str) -> str:
    """A text with ``�`` for each character that no text has, as decoding puts it for bytes that cannot be read."""
    return text if unfit_characters(text) is None else _UNFIT.sub("\ufffd", text)


def refuse_unfit(record: Record, change: Change, stored: Callable[[type[Record], str], Record | None]) -> None:
    """Raise `InputError` where a record to be stored brings a text that holds such characters; ``stored`` gets the one there is.

    What a stored record holds already may stay, so that one of an older claimreg can be mended field by field, or removed.
    """
    unfit = [(name, what) for name, value in vars(record).items() for text in texts_in(value) if (what := unfit_characters(text))]
    if unfit:
        known = stored(type(record), record.id)
        unfit = [(name, what) for name, what in unfit if known is None or getattr(known, name) != getattr(record, name)]
    user = unfit_characters(change.user)
    if user is not None:
        raise InputError(f"The user's name holds {user}; set CLAIMREG_USER to another.")
    if unfit:
        name, what = unfit[0]
        raise InputError(f"The {name.replace('_', ' ')} of the {record.NOUN} holds {what}; take it out and try again.")


def texts_in(value: object) -> Iterable[str]:
    """The texts that a value is, or holds in lists and mappings of any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        yield from texts_in([*value.keys(), *value.values()])
