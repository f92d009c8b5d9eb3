"""`list`, `search` and `history`: looking at what is recorded."""

import gc
import sys
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of, tell
from claimreg.cli.elsewhere import FEW, sources_in_words
from claimreg.cli.inputs import typed_date
from claimreg.cli.model import understanding_of
from claimreg.cli.options import ListingFormat
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.shown import shown_words
from claimreg.errors import UsageError
from claimreg.model import Claim, Event, Stance
from claimreg.render import lines as plain
from claimreg.render import listed, machine
from claimreg.render.lines import marked_hit_cells
from claimreg.services.finding.filters import Filters
from claimreg.services.history import story_of
from claimreg.services.lookup import require_any
from claimreg.services.recording.fields import checked_choice, checked_language
from claimreg.services.reporting.states import QuoteState
from claimreg.services.reporting.views import ClaimView
from claimreg.services.withholding import told_events

if TYPE_CHECKING:
    from claimreg.services.finding.search import Hit

MAX_LIMIT = 1_000_000_000


class SearchOrder(StrEnum):
    """Orders of the results."""

    RELEVANCE = "relevance"
    DATE = "date"


class FilterOptions(NamedTuple):
    """Options that narrow a listing of claims."""

    by: Annotated[str | None, typer.Option("--by", metavar="PARTY", help="Only claims of this party.")] = None
    stance: Annotated[str | None, typer.Option("--stance", help="Only claims with this stance.")] = None
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only claims of this case.")] = None
    tag: Annotated[str | None, typer.Option("--tag", metavar="WORD", help="Only claims with this tag.")] = None
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Only claims in this language.")] = None
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only claims made on this day or later.")] = None
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only claims made on this day or earlier.")] = None
    dates: options.Dates = None
    unrated: Annotated[bool, typer.Option("--unrated", help="Only claims without a verdict.")] = False
    verdict: Annotated[list[str] | None, typer.Option("--verdict", metavar="RATING", help="Only claims with this verdict; repeatable.")] = (
        None
    )
    state: Annotated[
        list[QuoteState] | None,
        typer.Option("--state", metavar="STATE", help=f"Only claims with a quote in this state: {', '.join(QuoteState)}; repeatable."),
    ] = None
    unverified: Annotated[bool, typer.Option("--unverified", help="Only claims with a quote that nobody confirmed: any other state.")] = (
        False
    )
    not_found: Annotated[bool, typer.Option("--not-found", help="Only claims with a quote that was found nowhere.")] = False
    assigned: Annotated[str | None, typer.Option("--assigned", metavar="NAME", help="Only claims assigned to this person.")] = None

    def checked(self) -> Filters:
        """Return the filters; raises `UsageError` for a value that none can have."""
        if self.unrated and self.verdict:
            raise UsageError("--unrated asks for claims without a verdict, --verdict for some that have one; give one of them.")
        return Filters(
            by=self.by,
            stance=checked_choice(self.stance, Stance, "stance") if self.stance else None,
            case=self.case,
            tag=self.tag,
            lang=checked_language(self.lang) if self.lang else None,
            since=typed_date(self.since, self.dates, self.lang),
            until=typed_date(self.until, self.dates, self.lang),
            unrated=self.unrated,
            ratings=tuple(self.verdict or ()),
            states=frozenset(self._states()),
            assigned=self.assigned,
        )

    def _states(self) -> Iterator[QuoteState]:
        yield from self.state or ()
        if self.unverified:
            yield from (one for one in QuoteState if one is not QuoteState.CONFIRMED)
        if self.not_found:
            yield QuoteState.NOT_FOUND


@options.takes_groups
def list_claims(
    ctx: typer.Context,
    narrowing: FilterOptions,
    listing: options.ListingOptions,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Maximum number of claims [default: all]")] = None,
) -> None:
    """List the claims. Each is one line.

    The states of quotes are told by signs: ✓ confirmed, ? found and to be confirmed, ≠ altered and to be confirmed, ✗ found nowhere or
    rejected, ○ never looked for. --state, --unverified and --not-found add up; all other filters narrow the list.

    \b
    Examples:
      claimreg list --case Ilyashev
      claimreg list --unrated --assigned Aigerim
      claimreg list --state altered --state suggested
      claimreg list --by "Amnesty International" --json
      claimreg list --format ndjson | head -1
    """
    session = session_of(ctx, listing.db)
    is_brief = listing.form not in (ListingFormat.JSON, ListingFormat.NDJSON)
    # Of what a list makes, nothing is garbage that would be worth a look.
    gc.disable()
    try:
        with (
            OpenRegistry(session, must_tell=True) as registry,
            closing(registry.list_claims(narrowing.checked(), limit, brief=is_brief)) as claims,
        ):
            write_listing(claims, CLAIM_LISTING, listing.form, listing.output, shown_words(ctx))
    finally:
        gc.enable()


@options.takes_groups
def search(
    ctx: typer.Context,
    narrowing: FilterOptions,
    listing: options.ListingOptions,
    query: Annotated[
        str, typer.Argument(help="Words to look for, or a whole statement [default: none: the filters alone choose]", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="Maximum number of results.")] = 20,
    sort: Annotated[
        SearchOrder, typer.Option("--sort", help="Order: the most relevant first, or the latest first.")
    ] = SearchOrder.RELEVANCE,
    model: options.Model = None,
    verbose: options.Verbose = False,
) -> None:
    """Find claims by words, in any script, despite typing errors.

    Words are searched in claims, titles, quotes, parties, tags and cases, also with other endings; a whole statement finds
    similar claims.

    \b
    Examples:
      claimreg search "false informaton"
      claimreg search жалган --lang kk --since 2020 --sort date
      claimreg search --by Amnesty --stance denies
    """
    from claimreg.services.finding.search import has_words

    session, filters = session_of(ctx, listing.db, verbose=verbose), narrowing.checked()
    with OpenRegistry(session, understanding=understanding_of(model, session.location), must_tell=True) as registry:
        found = registry.search(query, filters, limit=limit, by_date=sort is SearchOrder.DATE)
        if not found:
            tell("Nothing found." if has_words(query) or not query.strip() else "The query has no letters or digits to look for.")
        if found or listing.form or listing.output:
            write_listing(found, HIT_LISTING, listing.form, listing.output, shown_words(ctx))
        if (
            len(found) < min(FEW, limit)
            and listing.form is None
            and filters == Filters()
            and (told := sources_in_words(registry.store, query))
        ):
            sys.stdout.flush()
            tell(told)


@options.takes_groups
def history(
    ctx: typer.Context,
    listing: options.ListingOptions,
    record_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Record whose history to show [default: all]", show_default=False)
    ] = None,
    lang: options.ShownLang = None,
    reveal: options.Reveal = False,
) -> None:
    """Show who changed what, and when. The oldest change comes first.

    The history of a claim tells its whole story: also of what was said, its places, verdicts and relations, and of claims merged into it.

    \b
    Examples:
      claimreg history
      claimreg history C1 --json
    """
    words = shown_words(ctx, lang)
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        record = require_any(reader, record_id, withdrawn=True) if record_id is not None else None
        events = iter(story_of(store, record)) if isinstance(record, Claim) else reader.history(record.id if record is not None else None)
        write_listing(events if reveal else told_events(reader, events), EVENT_LISTING, listing.form, listing.output, words)


CLAIM_LISTING: Listing[ClaimView] = Listing(
    listed.CLAIM_COLUMNS, listed.claim_cells, machine.claim_json,
    people=lambda words: (listed.CLAIM_COLUMNS_FOR_PEOPLE, lambda view: listed.claim_cells_for_people(view, words)),
)  # fmt: skip
HIT_LISTING: "Listing[tuple[Hit, ClaimView]]" = Listing(
    ("id", "score", "claim", "parties", "found"),
    lambda found: plain.hit_cells(*found),
    lambda found: machine.hit_json(*found),
    lambda found, words: marked_hit_cells(*found, words),
)
EVENT_LISTING: Listing[Event] = Listing(
    ("seq", "at", "user", "command", "record", "change"), listed.event_cells, machine.event_json, listed.event_cells
)
