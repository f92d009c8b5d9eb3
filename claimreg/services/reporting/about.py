"""Words of the desk around a report to publish: its title, lead and dates, whom it asked, what it corrected; see `About`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.services.recording.fields import checked_date, checked_text
from claimreg.toml_files import decoded, parsed, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claimreg.vocabulary import DayOrder

LARGEST = 128 * 1024
"""Bytes of a file that are read."""

LONGEST_LINE = 10_000
LIKE_ENOUGH = 0.6
"""Likeness (0 to 1) of a key that is not known to one that is, from which on the other may have been meant."""

_TABLES = {"reply": ("party", "text"), "correction": ("date", "text")}
_TEXTS = ("title", "desk", "contact", "policy")
_DATES = ("published", "updated")
KEYS = ("title", "desk", "published", "updated", "contact", "policy", "summary", "scale", "reply", "correction")


class Reply(NamedTuple):
    """Answer of a party that the desk asked, or what became of the question."""

    party: str
    text: str


class Correction(NamedTuple):
    """A correction: its day (ISO 8601, of whatever precision) and what was corrected."""

    date: str
    text: str


class About(NamedTuple):
    """Parts of a report that no registry knows; each may be missing. Dates are ISO 8601, of whatever precision.

    ``scale`` has the desk's ratings in their order, each with what it means; ``policy`` is an address. All text is plain.
    """

    title: str | None = None
    desk: str | None = None
    published: str | None = None
    updated: str | None = None
    contact: str | None = None
    policy: str | None = None
    summary: tuple[str, ...] = ()
    scale: tuple[tuple[str, str], ...] = ()
    replies: tuple[Reply, ...] = ()
    corrections: tuple[Correction, ...] = ()


def read_about(content: bytes, name: str, order: DayOrder | None = None) -> About:
    """Read what the desk wrote of a report in a file of TOML; ``name`` is what messages call the file, ``order`` that of dates in numbers.

    Raises `UsageError`, with the line where it is known, for what is no TOML, for a key that nothing knows, for a value that it cannot
    have, and for a report that was changed before it was published.
    """
    text = decoded(content, name, largest=LARGEST, longest_line=LONGEST_LINE, kind="what a desk says of a report")
    file = _File(name, text, order)
    values = parsed(text, name)
    file.check_keys(values, KEYS)
    texts = {key: file.text(values[key], key) for key in _TEXTS if key in values}
    dates = {key: file.day(values[key], key) for key in _DATES if key in values}
    if (policy := texts.get("policy")) is not None and not policy.startswith(("https://", "http://")):
        raise file.error("policy", "policy must be an address that begins with https://")
    published, updated = dates.get("published"), dates.get("updated")
    if published and updated and updated[: len(published)] < published[: len(updated)]:
        raise file.error("updated", f"updated ({updated}) is before published ({published}); mend one of them")
    return About(
        **texts,
        **dates,
        summary=tuple(file.text(one, "summary", "each paragraph of summary") for one in file.listed(values, "summary")),
        scale=tuple(file.rating(one) for one in file.listed(values, "scale")),
        replies=tuple(
            Reply(file.text(one["party"], "reply.party", number=number), file.text(one["text"], "reply.text", number=number))
            for number, one in file.tables(values, "reply")
        ),
        corrections=tuple(
            Correction(file.day(one["date"], "correction.date", number), file.text(one["text"], "correction.text", number=number))
            for number, one in file.tables(values, "correction")
        ),
    )


class _File(NamedTuple):
    """A file that is read: what messages call it, its text, in which lines are found, and the order of dates in numbers."""

    name: str
    content: str
    order: DayOrder | None = None

    def error(self, key: str, sentence: str, number: int = 1) -> UsageError:
        """Make the error of a key, with the line that it stands in."""
        return UsageError(f"{place_of(self.content, self.name, key, number)}: {sentence}{'' if sentence.endswith('?') else '.'}")

    def check_keys(self, values: Mapping[str, object], known: Sequence[str], table: str = "", number: int = 1) -> None:
        """Raise `UsageError` for a key that is not known."""
        for key in values:
            if key not in known:
                named = f"{table}.{key}" if table else key
                heading = f" in [[{table}]]" if table else ""
                raise self.error(named, f"there is no “{key[:60]}”{heading}; {_nearest(key, known)}", number)

    def text(self, value: object, key: str, what: str = "", number: int = 1) -> str:
        """Return a text with something in it."""
        what = what or key
        if not isinstance(value, str):
            raise self.error(key, f"{what} must be a text in quotation marks", number)
        try:
            return checked_text(value, what)
        except UsageError as error:
            raise self.error(key, str(error).removesuffix("."), number) from error

    def day(self, value: object, key: str, number: int = 1) -> str:
        """Return a day, a month or a year as ISO 8601 has it, from TOML's own or as people write it."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        written = self.text(value, key, number=number) if isinstance(value, str) else ""
        try:
            day = checked_date(written, self.order) if written else ""
        except UsageError as error:
            raise self.error(key, str(error).removesuffix("."), number) from error
        if not day or "T" in day or ":" in day:
            raise self.error(key, f"{key} must be a day, such as 2026-11-20, a month or a year", number)
        return day

    def listed(self, values: Mapping[str, object], key: str) -> list[object]:
        """Return the values of a list."""
        value = values.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"{key} must be a list in square brackets")
        return value

    def rating(self, value: object) -> tuple[str, str]:
        """Return a rating of a scale, and what it means."""
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 -- a rating and its meaning
            raise self.error("scale", 'scale must be a list of pairs, such as [["False", "The documents say otherwise."]]')
        rating, meaning = (self.text(one, "scale", "each text of scale") for one in value)
        return rating, meaning

    def tables(self, values: Mapping[str, object], table: str) -> Iterator[tuple[int, Mapping[str, object]]]:
        """Yield the tables of a heading, each with its number; every key of each is there."""
        value = values.get(table, [])
        for number, one in enumerate(value if isinstance(value, list) else [value], 1):
            if not isinstance(one, dict) or not isinstance(value, list):
                raise self.error(table, f"write each {table} under a heading [[{table}]]")
            self.check_keys(one, _TABLES[table], table, number)
            for key in _TABLES[table]:
                if key not in one:
                    raise self.error(table, f"this {table} has no {key}; write one", number)
            yield number, one


def _nearest(key: str, known: Sequence[str]) -> str:
    """Say which key may have been meant, else which there are."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(key.lower(), known, scorer=OSA.normalized_similarity, score_cutoff=LIKE_ENOUGH)
    return f"did you mean “{found[0]}”?" if found else f"there are {', '.join(known)}"
