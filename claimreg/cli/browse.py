"""`list`, `search` and `history`: looking at what is recorded."""

from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of, tell
from claimreg.cli.model import understanding_of
from claimreg.cli.output import Listing, chosen_format, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.model import Event, Stance
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.render.hits import marked_hit_cells
from claimreg.services.finding.filters import Filters
from claimreg.services.history import changes_in_words
from claimreg.services.lookup import require_any
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language
from claimreg.services.reporting.views import ClaimView
from claimreg.services.withholding import told_events

if TYPE_CHECKING:
    from claimreg.services.finding.search import Hit

FilterBy = Annotated[str | None, typer.Option("--by", metavar="PARTY", help="Only claims of this party.")]
FilterStance = Annotated[str | None, typer.Option("--stance", help="Only with this stance.")]
FilterCase = Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only of this case.")]
FilterTag = Annotated[str | None, typer.Option("--tag", metavar="WORD", help="Only with this tag.")]
FilterLang = Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Only in this language.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Said on this day or later.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Said on this day or before.")]
MAX_LIMIT = 1_000_000_000


class SearchOrder(StrEnum):
    """What comes first among the answers."""

    RELEVANCE = "relevance"
    DATE = "date"


def list_claims(
    ctx: typer.Context,
    by: FilterBy = None,
    stance: FilterStance = None,
    case: FilterCase = None,
    tag: FilterTag = None,
    lang: FilterLang = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="At most so many.")] = None,
    json: options.Json = False,
    format_: options.Format = None,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """List the claims.

    \b
    Examples:
      claimreg list --case Ilyashev
      claimreg list --by "Amnesty International" --json
      claimreg list --format ndjson | head -1
    """
    filters = _filters(by, stance, case, tag, lang, since, until)
    with OpenRegistry(session_of(ctx, db), must_tell=True) as registry, closing(registry.list_claims(filters, limit)) as claims:
        write_listing(claims, CLAIM_LISTING, chosen_format(format_, json=json), output)


def search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="Words to look for; empty, the filters alone decide.")] = "",
    by: FilterBy = None,
    stance: FilterStance = None,
    case: FilterCase = None,
    tag: FilterTag = None,
    lang: FilterLang = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="At most so many.")] = 20,
    sort: Annotated[SearchOrder, typer.Option("--sort", help="First the likest, or what was said last.")] = SearchOrder.RELEVANCE,
    model: options.Model = None,
    verbose: options.Verbose = False,
    json: options.Json = False,
    format_: options.Format = None,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Find claims by words: with slips, other endings, in any script.

    Words are looked for in the claim, its title, quotes, parties, tags and case; a whole statement finds those like it.

    \b
    Examples:
      claimreg search "false informaton"
      claimreg search жалган --lang kk --since 2020 --sort date
      claimreg search --by Amnesty --stance denies
    """
    from claimreg.services.finding.search import has_words

    filters = _filters(by, stance, case, tag, lang, since, until)
    session = session_of(ctx, db, verbose=verbose)
    with OpenRegistry(session, understanding=understanding_of(model, session.location), must_tell=True) as registry:
        found = registry.search(query, filters, limit=limit, by_date=sort is SearchOrder.DATE)
        if not found:
            tell("Nothing found." if has_words(query) or not query.strip() else "The query has no letters or digits to look for.")
        chosen = chosen_format(format_, json=json)
        if found or chosen or output:
            write_listing(found, HIT_LISTING, chosen, output)


def history(
    ctx: typer.Context,
    record_id: Annotated[str | None, typer.Argument(metavar="ID", help="Only of this record.", show_default=False)] = None,
    reveal: options.Reveal = False,
    json: options.Json = False,
    format_: options.Format = None,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show who changed what, and when. The oldest comes first.

    \b
    Examples:
      claimreg history
      claimreg history C1 --json
    """
    with reading(session_of(ctx, db)) as store, store.snapshot() as reader:
        object_id = require_any(reader, record_id, withdrawn=True).id if record_id is not None else None
        events = reader.history(object_id) if reveal else told_events(reader, reader.history(object_id))
        write_listing(events, EVENT_LISTING, chosen_format(format_, json=json), output)


def _filters(
    by: str | None, stance: str | None, case: str | None, tag: str | None, lang: str | None, since: str | None, until: str | None
) -> Filters:
    return Filters(
        by=by,
        stance=checked_choice(stance, Stance, "stance") if stance else None,
        case=case,
        tag=tag,
        lang=checked_language(lang) if lang else None,
        since=checked_date(since) if since else None,
        until=checked_date(until) if until else None,
    )


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
