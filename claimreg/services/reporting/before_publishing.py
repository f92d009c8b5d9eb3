"""Open points of a report that a desk is about to publish: what nobody checked, what was found nowhere, what a reader will miss."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.model import Flag
from claimreg.services.reporting.report import shown_links
from claimreg.services.reporting.states import QuoteState, quote_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimreg.services.reporting.about import About
    from claimreg.services.reporting.report import Report
    from claimreg.services.reporting.views import AttributionView, SourceView
    from claimreg.store.port import Reader

LONGEST_LEAD = 45
"""Words of a first paragraph that are read at a glance."""

_GRAVE = (Flag.NEGATION, Flag.NUMBER)
"""Changes of a quote that turn its sense round or its figures, and are looked at first."""

_UNCHECKED = (QuoteState.ALTERED, QuoteState.SUGGESTED)
_NOWHERE = (QuoteState.NOT_FOUND, QuoteState.REJECTED)
_PLAIN_TEXT = "text/plain"
_FILE_NAME = re.compile(
    r"\S.{0,200}\.(?:txt|md|html?|xhtml|mhtml?|xml|json|csv|pdf|docx?|odt|rtf|epub|xlsx?|pptx?|eml|msg|warc|srt|vtt|zip|gz"
    r"|jpe?g|png|gif|webp|tiff?|heic|mp[34]|m4a|wav|ogg|mov|avi|webm)",
    re.IGNORECASE,
)
_EXPECTED = ("desk", "published", "contact")


class Remark(NamedTuple):
    """An open point: what it is about, the places in the report, and what can be done; ``stops`` what is not to be published so.

    ``where`` names records by their ids, and may quote others' words.
    """

    about: str
    where: tuple[str, ...] = ()
    advice: str = ""
    stops: bool = False

    def told(self, most: int | None = None) -> str:
        """Return the remark as a sentence that names at most so many places."""
        number = f" ({len(self.where)})" if self.where else ""
        named = ", ".join(self.where[:most])
        more = f" and {len(self.where) - most} more" if most is not None and len(self.where) > most else ""
        places = f": {named}{more}" if named else ""
        return f"{self.about}{number}{places}{f'; {self.advice}' if self.advice else ''}."


def before_publishing(report: Report, about: About, reader: Reader) -> tuple[Remark, ...]:
    """Return the open points of a report, the gravest first; ``reader`` tells who gave a source its author."""
    statements = [one for view in report.claims for one in view.attributions]
    return tuple(one for one in (*_of_quotes(statements), *_of_claims(report), *_of_sources(report, reader), *_of_words(about)) if one)


def _of_quotes(statements: Sequence[AttributionView]) -> Iterator[Remark | None]:
    states = {one.attribution.id: quote_state(one) for one in statements}
    unchecked = [one for one in statements if states[one.attribution.id] in _UNCHECKED]
    unchecked.sort(key=lambda one: not _grave(one))
    told = (f"{one.attribution.id}{_grave(one)}" for one in unchecked)
    yield _remark("Quotes whose place no person has checked", told, "`claimreg review` asks about each", stops=True)
    nowhere = [one.attribution.id for one in statements if states[one.attribution.id] in _NOWHERE]
    yield _remark("Quotes found in no source", nowhere, "add the source, or say of the quote where it is from", stops=True)
    unlooked = [one.attribution.id for one in statements if states[one.attribution.id] is QuoteState.NOT_LOOKED]
    yield _remark("Quotes that nobody has looked for", unlooked, "`claimreg link --all` looks for them", stops=True)


def _grave(view: AttributionView) -> str:
    """Name what changed gravely in a quote at its best place, in brackets; nothing where nothing did."""
    links = shown_links(view)
    names = [flag.value for flag in _GRAVE if links and flag in links[0].flags]
    return f" ({', '.join(names)})" if names else ""


def _of_claims(report: Report) -> Iterator[Remark | None]:
    yield _remark("Claims without a verdict", (view.claim.id for view in report.unrated), "`claimreg verdict CLAIM RATING` gives one")
    bare = (view.claim.id for view in report.claims if view.verdicts and not view.verdicts[-1].rationale)
    yield _remark("Verdicts without a rationale", bare, "`claimreg verdict CLAIM RATING --why TEXT` gives it")


def _of_sources(report: Report, reader: Reader) -> Iterator[Remark | None]:
    named = [view for view in report.sources if view.source.withheld is None]
    files = (f"{view.source.id} “{view.source.title}”" for view in named if _is_file_name(view.source.title))
    yield _remark("Titles that look like the names of files", files, "`claimreg edit SOURCE --title TEXT` changes one")
    authors = (f"{view.source.id} “{view.source.author}”" for view in named if _is_authors_own(view, reader))
    yield _remark(
        "Authors as the documents may name them, who may be nobody or only took a picture",
        authors,
        "`claimreg edit SOURCE --author NAME` changes one",
    )
    adrift = (view.source.id for view in named if (view.source.url or view.source.canonical_url) is None)
    yield _remark("Sources without an address", adrift, "`claimreg edit SOURCE --url ADDRESS` gives one")
    fleeting = (view.source.id for view in named if view.source.archive_url is None)
    yield _remark("Sources without an archived copy", fleeting, "`claimreg edit SOURCE --archive-url ADDRESS` gives one")
    withheld = {view.source.id for view in report.sources} - {view.source.id for view in named}
    yield _remark("Withheld sources whose words are quoted", _quoted(report, withheld), "who searches for the words may find the source")


def _quoted(report: Report, sources: set[str]) -> Iterator[str]:
    """Yield those of the sources whose words a report quotes, in its order."""
    statements = [one for view in report.claims for one in view.attributions if one.attribution.quote is not None]
    told = dict.fromkeys(link.source_id for one in statements for link in shown_links(one))
    told |= dict.fromkeys(one.source.id for one in statements if one.source is not None)
    return (one for one in told if one in sources)


def _of_words(about: About) -> Iterator[Remark | None]:
    if about.summary and (words := len(about.summary[0].split())) > LONGEST_LEAD:
        yield Remark(f"The lead, the first paragraph of summary, has {words} words; up to {LONGEST_LEAD} are read at a glance")
    missing = [key for key in _EXPECTED if getattr(about, key) is None]
    yield _remark("What readers look for and is not told", missing, "write it into the file of --about")


def _remark(about: str, where: Iterable[str], advice: str, *, stops: bool = False) -> Remark | None:
    """Return a remark on these places; none where there are none."""
    return Remark(about, places, advice, stops) if (places := tuple(where)) else None


def _is_file_name(title: str) -> bool:
    return _FILE_NAME.fullmatch(title) is not None or "://" in title


def _is_authors_own(view: SourceView, reader: Reader) -> bool:
    """Return whether a source's author may be what its document says, and nobody changed it since."""
    if view.source.author is None or view.capture is None or view.capture.media_type == _PLAIN_TEXT:
        return False
    events = reader.history(view.source.id)
    changed = (one for one in events if one.before is not None and one.after is not None)
    return not any((one.before or {}).get("author") != (one.after or {}).get("author") for one in changed)
