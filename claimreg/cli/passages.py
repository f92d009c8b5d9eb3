"""`source search`: passages of the stored texts by words."""

from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.browse import MAX_LIMIT
from claimreg.cli.context import session_of, stdout_is_terminal, tell
from claimreg.cli.output import Listing, write_listing, write_renderable
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.shown import shown_words
from claimreg.render import machine
from claimreg.render.passages import marked_passage_cells, passage_cells
from claimreg.services.recording.fields import checked_language

if TYPE_CHECKING:
    from claimreg.services.finding.passages import Passage


@options.takes_groups
def search_sources(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help='Words to look for; "words in quotation marks" stand side by side.', show_default=False)],
    listing: options.ListingOptions,
    sources: Annotated[
        list[str] | None, typer.Option("--source", metavar="SOURCE", help="Only this source, all its passages; may be repeated.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Only sources in this language.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", metavar="NAME", help="Only sources of this publisher.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_LIMIT, help="Maximum number of results.")] = 20,
    reveal: options.Reveal = False,
    verbose: options.Verbose = False,
) -> None:
    """Find passages in the texts of sources by words, in any script, despite typing errors.

    The best passage of each source is shown, the best first. What was left out of an article counts less, and is told as such.
    In a pipe the fields are source, score, title, place, and passage.

    \b
    Examples:
      claimreg source search "harbour ferry cancelled"
      claimreg source search '"night ferry" pier' --lang en
      claimreg source search паром --source S3 --json
    """
    from claimreg.services.finding.passages import SourceFilters
    from claimreg.services.finding.search import has_words

    filters = SourceFilters(tuple(sources or ()), checked_language(lang) if lang else None, publisher)
    session = session_of(ctx, listing.db, verbose=verbose)
    with OpenRegistry(session, must_tell=True) as registry:
        found = registry.search_sources(query, filters, limit=limit, reveal=reveal)
        unseen = [] if sources else registry.unseen()
    if not found:
        tell("No source has these words." if has_words(query) else "The query has no letters or digits to look for.")
    if found and listing.form is None and listing.output is None and stdout_is_terminal():
        from claimreg.render.passages import passages_renderable

        write_renderable(passages_renderable(found, shown_words(ctx)), None)
    elif found or listing.form or listing.output:
        write_listing(found, LISTING, listing.form, listing.output, shown_words(ctx))
    for sentence in unseen:
        tell(sentence)


LISTING: "Listing[Passage]" = Listing(
    ("source", "score", "title", "place", "passage"), passage_cells, machine.passage_json, marked_passage_cells
)
