"""`review`: a person looks at what was proposed; a queue at a terminal, and the same by flags for scripts."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import console, session_of, tell, user_name
from claimreg.cli.options import ListingFormat
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ChangedMeanwhileError, ExitCode, NeedsAnswerError, UsageError
from claimreg.model import LinkKind, LinkState
from claimreg.render.machine import link_question_json, pair_question_json
from claimreg.services.recording.fields import checked_choice
from claimreg.services.recording.sources import require_source
from claimreg.services.reviewing import queue
from claimreg.services.reviewing.undo import DECIDED, UNDONE, last_decision, undo
from claimreg.store.port import Reader
from claimreg.text.counted import counted

LINKS, CLAIMS = "links", "claims"
COLUMNS = ("item", "claim", "text", "quote", "passage", "score", "kind", "flags", "source", "not_judged")


def review(
    ctx: typer.Context,
    link_ids: Annotated[list[str] | None, typer.Argument(metavar="[LINK]...", help="Links to review [default: all suggestions]")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm the given links without asking.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Reject the given links without asking.")] = False,
    all_exact: Annotated[
        bool, typer.Option("--all-exact", help="With --confirm: all links that are word for word and have no flag.")
    ] = False,
    undo_last: Annotated[bool, typer.Option("--undo", help="Undo your last decision.")] = False,
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only suggestions of this case.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", metavar="S", help="Only links into this source; may be repeated.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Only links of this kind; may be repeated: exact, typographic, near, altered, stitched."),
    ] = None,
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=100, help="Lowest score of the links to review.")] = 0,
    only: Annotated[str | None, typer.Option("--only", metavar="links|claims", help="Only links, or only pairs of similar claims.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Maximum number of suggestions [default: all]")] = None,
    reveal: options.Reveal = False,
    format_: options.Format = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Confirm or reject suggestions, one by one.

    The links that were found come first, the surest at the top; then pairs of claims that say nearly the same. One key decides,
    and each decision is saved at once; a rejected suggestion is never made again. You may stop at any time and go on later.

    \b
    Examples:
      claimreg review --case Ilyashev
      claimreg review --kind near --format ndjson | jq -r 'select(.link.flags + .link.not_judged == []) | .link.id' \\
        | xargs claimreg review --confirm
      claimreg review --confirm --all-exact --dry-run
    """
    session = session_of(ctx, db, yes=yes or dry_run, no_input=no_input)
    if all_exact and not confirm:
        raise UsageError("--all-exact goes with --confirm.")
    if sum((confirm, reject, undo_last)) > 1:
        raise UsageError("Give one of --confirm, --reject and --undo.")
    with OpenRegistry(session, dry_run=dry_run) as registry:
        if undo_last:
            _undo(registry, dry_run=dry_run)
            return
        wanted = _Wanted(registry, _scope(registry.reader, case, source, kind, min_score), link_ids or [], only, limit, revealed=reveal)
        if confirm or reject:
            _decide(wanted, LinkState.CONFIRMED if confirm else LinkState.REJECTED, all_exact=all_exact, dry_run=dry_run)
        elif (form := ListingFormat.JSON if json else format_) is not None:
            _list(wanted, form)
        elif dry_run:
            raise UsageError("--dry-run goes with --confirm, --reject or --undo.")
        else:
            _ask(wanted)


class _Wanted:
    """Choice of the items to review."""

    def __init__(
        self, registry: OpenRegistry, scope: queue.Scope, link_ids: list[str], only: str | None, limit: int | None, *, revealed: bool
    ) -> None:
        if only not in (None, LINKS, CLAIMS):
            raise UsageError(f"“{only}” is nothing to look at; choose one of: {LINKS}, {CLAIMS}.")
        of_links = link_ids or scope != queue.Scope(case=scope.case)
        if of_links and only == CLAIMS:
            raise UsageError("Links, --source, --kind and --min-score choose among links, and --only claims leaves these out.")
        self.registry = registry
        self.scope = scope
        self.link_ids = list(dict.fromkeys(one.strip().upper() for one in link_ids))
        self.limit = limit
        self.revealed = revealed
        self.has_links = only != CLAIMS
        self.has_pairs = only != LINKS and not of_links

    def links(self) -> tuple[queue.LinkItem, ...]:
        """The links, best first, those that were named in their order."""
        if self.link_ids:
            return tuple(queue.LinkItem(one) for one in self.link_ids)[: self.limit]
        return queue.waiting_links(self.registry.reader, self.scope)[: self.limit] if self.has_links else ()

    def pairs(self, known: int = 0, goes_on: Callable[[int], bool] = lambda _claims: True) -> tuple[queue.Item, ...]:
        """The pairs of claims, as many as the limit leaves room for; see `waiting_pairs`."""
        room = None if self.limit is None else max(0, self.limit - known)
        if not self.has_pairs or room == 0:
            return ()
        reader, scope, session = self.registry.reader, self.scope, self.registry.session
        return session.ask_index(self.registry.store, lambda index: queue.waiting_pairs(reader, index, scope, goes_on), whole=True)[:room]


def _scope(reader: Reader, case: str | None, source: list[str] | None, kind: list[str] | None, min_score: float) -> queue.Scope:
    sources = tuple(require_source(reader, one).id for one in source or ())
    return queue.Scope(case, sources, tuple(checked_choice(one, LinkKind, "kind of link") for one in kind or ()), min_score)


def _ask(wanted: _Wanted) -> None:
    if not (wanted.registry.session.may_ask and sys.stdout.isatty()) or console().is_dumb_terminal:
        raise NeedsAnswerError(
            "Nobody is there to ask at a terminal; `claimreg review --json` prints what waits, --confirm and --reject decide."
        )
    if find_spec("termios") is None:
        raise NeedsAnswerError(
            "Keys can only be read on Linux, macOS and WSL; `claimreg review --json` prints what waits, --confirm and --reject decide."
        )
    from claimreg.cli.review_queue import Queue
    from claimreg.cli.review_screen import Screen
    from claimreg.cli.review_session import ReviewSession

    links = wanted.links()
    first: tuple[queue.Item, ...] = links or wanted.pairs()
    if not first:
        tell("Nothing waits to be reviewed.")
        return
    find_pairs = (lambda goes_on: wanted.pairs(len(links), goes_on)) if links else None
    session = ReviewSession(wanted.registry, Queue(deque(first)), find_pairs, Screen(), revealed=wanted.revealed)
    try:
        session.run()
    finally:
        tell(session.told())


def _decide(wanted: _Wanted, state: LinkState, *, all_exact: bool, dry_run: bool) -> None:
    registry, session = wanted.registry, wanted.registry.session
    if all_exact == bool(wanted.link_ids):
        raise UsageError("Give the links to decide on, or --confirm --all-exact for all that are word for word.")
    items = wanted.links()
    asked: dict[str, queue.LinkQuestion] = {}
    if all_exact:
        earlier = queue.judged_earlier(registry.reader, items)
        if earlier:
            tell(f"{counted(earlier, 'link')} that an earlier method judged: passed over; `claimreg link --all` judges them again.")
        items = tuple(queue.LinkItem(one.id) for one in queue.certain_links(registry.reader, items))
        # What changes while the question is asked is not what was asked about.
        asked = {one.link.id: one for one in _questions(registry.reader, items) if isinstance(one, queue.LinkQuestion)}
        question_ = f"Confirm {counted(len(items), 'link')} that nobody has looked at?"
        if items and not session.confirm(question_, f"Nobody is there to ask: “{question_}” Say --yes to do it."):
            tell("Nothing was confirmed.")
            return
    passed: list[str] = []
    decided = 0
    with registry.write(DECIDED) as writer:
        for item in items:
            try:
                queue.decide_link(writer, item.link_id, state, asked.get(item.link_id))
            except ChangedMeanwhileError as error:
                passed.append(str(error))
            else:
                decided += 1
    for sentence in passed:
        tell(sentence)
    typer.echo(f"{'Would be ' if dry_run else ''}{state.value}: {counted(decided, 'link')}.")
    if passed:
        raise typer.Exit(ExitCode.FAILED)


def _undo(registry: OpenRegistry, *, dry_run: bool) -> None:
    with registry.write(UNDONE) as writer:
        undone = undo(writer, last_decision(writer, user_name()))
    if not undone:
        tell("There is no decision of yours to undo.")
        return
    verb = "Would be undone" if dry_run else "Undone"
    typer.echo(f"{verb}: {', '.join(one.id for one in undone)}; `claimreg history {undone[0].id}` tells of it.")


def _list(wanted: _Wanted, form: ListingFormat) -> None:
    links = wanted.links()
    pairs = wanted.pairs(len(links))
    with wanted.registry.store.snapshot() as reader:
        asked = _questions(reader, (*links, *pairs), revealed=wanted.revealed)
        write_listing(asked, Listing(COLUMNS, _cells, _question_json), form, None)


def _questions(reader: Reader, items: Iterable[queue.Item], *, revealed: bool = False) -> Iterator[queue.Question]:
    for item in items:
        try:
            yield queue.question(reader, item, revealed=revealed)
        except ChangedMeanwhileError as error:
            tell(str(error))


def _question_json(asked: queue.Question) -> dict[str, object]:
    return link_question_json(asked) if isinstance(asked, queue.LinkQuestion) else pair_question_json(asked)


def _cells(asked: queue.Question) -> tuple[str, ...]:
    if isinstance(asked, queue.LinkQuestion):
        link, claim = asked.link, asked.claim
        flags, not_judged = ",".join(link.flags), ",".join(link.not_judged)
        words = (claim.text, asked.stated.attribution.quote or "", link.exact)
        return link.id, claim.id, *words, f"{link.score:g}", link.kind.value, flags, link.source_id, not_judged
    first, second = asked.claim.claim, asked.other.claim
    return f"{first.id} {second.id}", first.id, first.text, "", second.text, "", "claims", ",".join(asked.flags), "", ""
