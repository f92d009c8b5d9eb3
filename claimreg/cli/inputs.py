"""Reading what a person hands in, on the command line or standard input, and telling which of its lines cannot be used."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from claimreg.cli.context import tell
from claimreg.cli.settings import setting
from claimreg.errors import InputError, UsageError
from claimreg.services.recording.fields import checked_date, checked_order, checked_retrieved
from claimreg.text.counted import counted
from claimreg.vocabulary import DayOrder

if TYPE_CHECKING:
    from claimreg.corpus.jsonl import BadLine

STDIN = "-"
_SHOWN = 20


def read_text_argument(value: str) -> str:
    """A text given on the command line, or on standard input for ``-``."""
    if value != STDIN:
        return value
    from claimreg.ingest.formats.text import decode
    from claimreg.ingest.types import Hints, Limits

    return decode(read_stdin(Limits().size), Hints("Standard input")).text.strip()


def day_order(given: DayOrder | None) -> str | None:
    """The order of dates in numbers, as an option or the settings have it; ``None`` where neither does."""
    return setting("dates", given).text or None


def typed_date(value: str | None, given: DayOrder | None, lang: str | None = None) -> str | None:
    """The date that an option gives, in ISO 8601; ``given`` is the order of dates that another option does."""
    return checked_date(value, checked_order(day_order(given)), lang) if value else None


def typed_retrieved(value: str | None, fetched: Sequence[str], given: DayOrder | None, lang: str | None = None) -> str | None:
    """Time when files were saved, as an option says; raises `UsageError` also where any of the documents is ``fetched`` now."""
    if not value:
        return None
    if fetched:
        raise UsageError(f"{fetched[0]} is fetched now; --retrieved tells of files that were saved earlier.")
    from claimreg.opening import utc_now

    return checked_retrieved(value, utc_now(), checked_order(day_order(given)), lang)


def tell_other_language(lang: str | None) -> None:
    """Tell of a language that is none of those that the desk works in, as the settings have them: it may be a slip."""
    known = setting("languages").text.split("\n")
    if lang and known != [""] and not {lang.casefold(), lang.casefold().partition("-")[0]} & {one.casefold() for one in known}:
        tell(f"{lang} is none of the desk's languages ({', '.join(known)}); if it is no slip, `claimreg config set languages` adds it.")


def stdin_bytes() -> BinaryIO:
    """Standard input as bytes; one that the caller has closed reads as empty."""
    import io

    return sys.stdin.buffer if sys.stdin is not None else io.BytesIO()


def read_stdin(largest: int) -> bytes:
    """The bytes that were piped in; raises `InputError` where nothing was, or more than ``largest``."""
    if sys.stdin.isatty():
        raise InputError("Nothing was piped in; give a file, or pipe a text to this command.")
    from claimreg.ingest.reading import bounded

    return bounded(sys.stdin.buffer, "Standard input", largest)


def tell_undated(undated: "Sequence[BadLine]", where: str) -> None:
    """Name the first lines whose statements were recorded without a date, as what they have is none; and say how many there are."""
    for one in undated[:_SHOWN]:
        tell(f"Line {one.number} of {where} is without its date: {one.why}")
    if undated:
        tell(f"{counted(len(undated), 'date')} of {where} not recorded; the statements were.")


def tell_bad_lines(first: "Sequence[BadLine]", count: int, where: str) -> None:
    """Name the first bad lines of a file, and say how many there are in all."""
    for one in first[:_SHOWN]:
        tell(f"Line {one.number} of {f'{one.part} in ' if one.part else ''}{where} was passed over: {one.why}")
    if count:
        tell(f"{counted(count, 'line')} of {where} passed over.")
