"""Words of the desk around a report to publish: its title, lead and dates, whom it asked, what it corrected; see `About`."""

from __future__ import annotations

from typing import NamedTuple


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
