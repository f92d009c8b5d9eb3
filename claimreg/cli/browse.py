"""`list`, `search` and `history`: looking at what is recorded."""

import sys
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of, tell
from claimreg.cli.elsewhere import FEW, sources_in_words
from claimreg.cli.inputs import typed_date
from claimreg.cli.model import understanding_of
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.model import Event, Stance
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.render.lines import marked_hit_cells
from claimreg.services.finding.filters import Filters
from claimreg.services.history import changes_in_words
from claimreg.services.lookup import require_any
from claimreg.services.recording.fields import checked_choice, checked_language
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

    def checked(self) -> Filters:
        """Return the filters; raises `UsageError` for a value that none can have."""
        return Filters(
            by=self.by,
            stance=checked_choice(self.stance, Stance, "stance") if self.stance else None,
            case=self.case,
            tag=self.tag,
            lang=checked_language(self.lang) if self.lang else None,
            since=typed_date(self.since, self.dates, self.lang),
            until=typed_date(self.until, self.dates, self.lang),
        )


@options.takes_groups
def list_claims(
    ctx: typer.Context,
    narrowing: FilterOptions,
    listing: options.ListingOptions,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Maximum number of claims [default: all]")] = None,
) -> None:
    """List the claims.

    \b
    Examples:
      claimreg list --case Ilyashev
      claimreg list --by "Amnesty International" --json
      claimreg list --format ndjson | head -1
    """
    session = session_of(ctx, listing.db)
    with OpenRegistry(session, must_tell=True) as registry, closing(registry.list_claims(narrowing.checked(), limit)) as claims:
        write_listing(claims, CLAIM_LISTING, listing.form, listing.output)


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
            write_listing(found, HIT_LISTING, listing.form, listing.output)
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
    reveal: options.Reveal = False,
) -> None:
    """Show who changed what, and when. The oldest change comes first.

    \b
    Examples:
      claimreg history
      claimreg history C1 --json
    """
    with reading(session_of(ctx, listing.db)) as store, store.snapshot() as reader:
        object_id = require_any(reader, record_id, withdrawn=True).id if record_id is not None else None
        events = reader.history(object_id) if reveal else told_events(reader, reader.history(object_id))
        write_listing(events, EVENT_LISTING, listing.form, listing.output)


def _claim_cells(view: ClaimView) -> tuple[str, ...]:
    verdict = view.verdicts[-1].rating if view.verdicts else ""
    return view.claim.id, view.claim.text, plain.parties_in_words(view), view.claim.case or "", verdict


def _event_cells(event: Event) -> tuple[str, ...]:
    return str(event.seq), event.at, event.user, event.action, event.object_id, changes_in_words(event)


CLAIM_LISTING = Listing(("id", "claim", "parties", "case", "verdict"), _claim_cells, machine.claim_json)
HIT_LISTING: "Listing[tuple[Hit, ClaimView]]" = Listing(
    ("id", "score", "claim", "parties", "found"),
    lambda found: plain.hit_cells(*found),
    lambda found: machine.hit_json(*found),
    lambda found: marked_hit_cells(*found),
)
EVENT_LISTING = Listing(("seq", "at", "user", "command", "record", "change"), _event_cells, machine.event_json)
