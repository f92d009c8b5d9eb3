"""Fields of records: those of each new one, and checks of others, which return the value or raise `UsageError` with what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from claimreg.characters import LONGEST_TEXT, unfit_characters
from claimreg.errors import UsageError

if TYPE_CHECKING:
    from claimreg.model import Record
    from claimreg.store.port import Writer
    from claimreg.vocabulary import DayOrder

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)

_HASH = re.compile(r"[0-9a-f]{12,64}", re.ASCII)
_FURTHEST_ZONE = timedelta(hours=14)
"""Hours that the clocks of the furthest zone are before UTC."""

_FOREIGN_BYTES = re.compile("[\udc80-\udcff]")
"""Characters that Python makes of bytes of the command line that are not in the terminal's encoding."""


def new_fields(writer: Writer, record_type: type[Record]) -> dict[str, Any]:
    """Fields that every new record has: its id, and the time and the user of the transaction."""
    return {"id": writer.new_id(record_type), "recorded_at": writer.change.at, "recorded_by": writer.change.user}


def checked_text(value: str, what: str) -> str:
    """A text with something in it, white space around it taken away; ``what`` names it to the person."""
    unfit = unfit_characters(value)
    if unfit is not None and _FOREIGN_BYTES.search(value):
        raise UsageError(f"The {what} is not valid UTF-8; check the terminal's encoding.")
    if unfit is not None:
        raise UsageError(f"The {what} holds {unfit}; take it out.")
    stripped = value.strip()
    if not stripped:
        raise UsageError(f"The {what} is empty; give at least a word.")
    if len(stripped) > LONGEST_TEXT:
        raise UsageError(f"The {what} is longer than {LONGEST_TEXT // 2**20} Mi characters; give its words, and the rest as a source.")
    return stripped


def checked_optional(value: str | None, what: str) -> str | None:
    """A text, or ``None`` when there is none or it is empty."""
    return checked_text(value, what) if value is not None and value.strip() else None


def checked_date(value: str, order: DayOrder | None = None, lang: str | None = None) -> str:
    """A date as ISO 8601 has it, also of reduced precision (2020, 2020-06), from one that is written so or as people type it.

    A date with a time stays as it is. ``order`` is that of a date of numbers alone (2.5.2022), without which it is none; ``lang`` the
    language whose months count where languages differ.
    """
    from claimreg.shapes import is_date

    text = value.strip()
    if is_date(text) and text.isascii():
        return text
    from claimreg.languages.dates import date_of

    return date_of(text, order, lang)


def checked_retrieved(value: str, now: str, order: DayOrder | None = None, lang: str | None = None) -> str:
    """Time when something was had, as `checked_date` has it, or a time in UTC; raises `UsageError` also for what comes after ``now``."""
    when = checked_date(value, order, lang)
    if "T" in when or " " in when or ":" in when:
        moment = datetime.fromisoformat(when)
        if moment.tzinfo is None:
            raise UsageError(f"“{value}” is a time without its zone; write it as 2022-05-02T10:00+02:00, or the day alone.")
        when = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        latest = now
    else:
        # The day may have begun elsewhere.
        latest = (datetime.fromisoformat(now) + _FURTHEST_ZONE).date().isoformat()[: len(when)]
    if when > latest:
        raise UsageError(f"“{value}” is yet to come; give when the document was saved.")
    return when


def checked_order(value: str | None) -> DayOrder | None:
    """The order of day and month in dates of numbers; ``None`` where none is given, and such dates are refused."""
    from claimreg.vocabulary import DayOrder

    return checked_choice(value, DayOrder, "order of dates") if value else None


def checked_language(value: str) -> str:
    """A BCP 47 language tag in its usual spelling (`kk`, `kk-Latn`, `pt-BR`)."""
    from claimreg.languages import known_tags

    tag = value.strip()
    if tag in known_tags():
        return tag
    from langcodes import Language, tag_is_valid

    if not tag.isascii() or not tag_is_valid(tag):
        raise UsageError(f"“{value}” is no language tag; write kk, kk-Latn, ru, en, … (BCP 47).")
    return str(Language.get(tag, normalize=False).to_tag())


def checked_choice(value: str, choices: type[ChoiceT], what: str) -> ChoiceT:
    """One of a fixed set of words."""
    try:
        return choices(value.strip().lower())
    except ValueError:
        raise UsageError(f"“{value}” is no {what}; choose one of: {', '.join(choices)}.") from None


def checked_hash(value: str) -> str:
    """The hash of an event, or how one begins: 12 to 64 hexadecimal digits."""
    text = value.strip().lower().removesuffix("…")
    if not _HASH.fullmatch(text):
        raise UsageError(f"“{value}” is no hash; give the 64 digits that `claimreg verify` ends with, or the first 12 or more of them.")
    return text
