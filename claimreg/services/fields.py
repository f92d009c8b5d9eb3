"""What may stand in a record's fields; each check returns the value to record or raises `UsageError` with what to do."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from claimreg.errors import UsageError

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)

_REDUCED_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{12,64}", re.ASCII)
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]", re.ASCII)


def checked_text(value: str, what: str) -> str:
    """A text with something in it, white space around it taken away; ``what`` names it to the person."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(f"The {what} is not valid UTF-8; check the terminal's encoding.") from None
    stripped = value.strip()
    if not stripped:
        raise UsageError(f"The {what} is empty; give at least a word.")
    return stripped


def checked_optional(value: str | None, what: str) -> str | None:
    """A text, or ``None`` when there is none or it is empty."""
    return checked_text(value, what) if value is not None and value.strip() else None


def checked_date(value: str) -> str:
    """An ISO 8601 date, also of reduced precision (2020, 2020-06), or a date with a time."""
    text = value.strip()
    if not _is_date(text):
        raise UsageError(f"“{value}” is no date; write it as 2020-06-22, 2020-06 or 2020.")
    return text


def checked_language(value: str) -> str:
    """A BCP 47 language tag in its usual spelling (`kk`, `kk-Latn`, `pt-BR`)."""
    from langcodes import Language, tag_is_valid

    tag = value.strip()
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


def _is_date(text: str) -> bool:
    match = _REDUCED_DATE.fullmatch(text)
    try:
        if match:
            year, month, day = match.groups()
            date(int(year), int(month or 1), int(day or 1))
        else:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return match is not None or _DATE_AND_TIME.match(text) is not None
