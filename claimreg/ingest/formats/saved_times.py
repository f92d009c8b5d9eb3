"""Times when pages were saved, as they say themselves: the marks of programs that save them and of archives, MHTML's headers.

The document may say anything: what is no time between the web's beginning and now is not believed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from claimreg.ingest.formats import HTML, MAIL

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD, _TAIL = 16_384, 8_192
"""Bytes at the beginning and the end of a page where programs and archives leave their marks."""

_FIRST = datetime(1991, 8, 6, tzinfo=UTC)
"""The day when the first web page was shown to the world."""

_SCRIPT = r"\w{3} (?P<month>\w{3}) (?P<day>\d{1,2}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) (?:GMT|UTC)(?P<zone>[+-]\d{4})"
"""A time as JavaScript writes it."""

_MARKS = tuple(
    re.compile(mark, re.ASCII)
    for mark in (
        r"FILE ARCHIVED ON (?P<time>\d\d:\d\d:\d\d) (?P<month>\w{3}) (?P<day>\d{1,2}), (?P<year>\d{4})",
        rf"Page saved with SingleFile\s[^<>]{{0,2000}}?saved date: {_SCRIPT}",
        rf'"savepage-date" content="{_SCRIPT}',
        r"Website Copier/[^<>]{0,100}?, \w{3}, (?P<day>\d\d) (?P<month>\w{3}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) GMT",
        r"Saved from [^<>\s]{1,2000} at (?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) using monolith",
    )
)
_ADDRESS = re.compile(r"(?:saved from url=(?:\(\d{1,6}\))?|Page saved with SingleFile\s+url: |Saved from )(\S{1,2000})", re.ASCII)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/(?P<at>\d{14}|\d{8})(?:\w\w_)?/", re.ASCII)
_BROWSERS_MARK = re.compile(r"^Snapshot-Content-Location:[ \t]*(?:\r?\n[ \t]+)?(\S{1,2000})", re.MULTILINE | re.IGNORECASE)
_SAVED_BY = re.compile(r"^From:[ \t]*[\"<]{0,2}Saved by ", re.MULTILINE | re.IGNORECASE)
_DATE_FIELD = re.compile(r"^Date:[ \t]*([^\r\n]{1,100})", re.MULTILINE | re.IGNORECASE)


def saved_at(content: bytes, media_type: str) -> str | None:
    """Time when a page was saved, or captured by the archive that it was saved from (ISO 8601, UTC, or a day), as far as it says so."""
    for moment in _told(content, media_type):
        if moment is not None and _FIRST <= moment[0] <= datetime.now(UTC):
            return moment[1]
    return None


def archived_at(address: str) -> tuple[datetime, str] | None:
    """The moment of an archive's capture and how it is written, by the address of the copy."""
    if (found := _ARCHIVED.match(address)) is None:
        return None
    digits = found["at"]
    try:
        moment = datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment, _written(moment) if len(digits) > len("YYYYMMDD") else moment.date().isoformat()


def _told(content: bytes, media_type: str) -> Iterator[tuple[datetime, str] | None]:
    if media_type == HTML:
        text = (content[:_HEAD] + b"\n" + content[_HEAD:][-_TAIL:]).replace(b"\0", b"").decode("latin-1")
        if address := _ADDRESS.search(text):
            yield archived_at(address[1])
        for mark in _MARKS:
            if found := mark.search(text):
                yield _moment(found.groupdict())
    elif media_type == MAIL:
        fields = re.split(rb"\r?\n\r?\n", content[:_HEAD], maxsplit=1)[0].decode("latin-1")
        address = _BROWSERS_MARK.search(fields)
        if address:
            yield archived_at(address[1])
        if (address or _SAVED_BY.search(fields)) and (date := _DATE_FIELD.search(fields)):
            yield _of_mail(date[1])


def _moment(parts: dict[str, str | None]) -> tuple[datetime, str] | None:
    if parts.get("iso"):
        moment = datetime.fromisoformat(str(parts["iso"]))
        return moment, _written(moment)
    return _of_mail(f"{parts['day']} {parts['month']} {parts['year']} {parts['time']} {parts.get('zone') or '+0000'}")


def _of_mail(date: str) -> tuple[datetime, str] | None:
    """A moment as mail writes it; ``None`` for what is none, or has no zone."""
    # Only few documents say a time.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date)
        # -0000 is UTC of which the zone is not told, as browsers write it; Python gives it none.
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None and date.rstrip().endswith("-0000") else moment
        return None if moment.tzinfo is None else (moment.astimezone(UTC), _written(moment.astimezone(UTC)))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
