"""`review`: a person looks at what was proposed; a queue at a terminal, and the same by flags for scripts."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import console, session_of, tell, user_name
from claimreg.cli.options import ListingFormat
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.shown import shown_words
from claimreg.errors import ChangedMeanwhileError, ExitCode, NeedsAnswerError, UsageError
from claimreg.model import Draft, LinkKind, LinkState, record_type_of
from claimreg.render.labels import Words
from claimreg.render.machine import draft_question_json, link_question_json, pair_question_json
from claimreg.services.extraction.decisions import As, claim_text, words_of
from claimreg.services.recording.fields import checked_choice
from claimreg.services.recording.sources import require_source
from claimreg.services.reviewing import queue
from claimreg.services.reviewing.meanwhile import News, news
from claimreg.services.reviewing.undo import ACCEPTED, DECIDED, UNDONE, last_decision, undo
from claimreg.store.port import Reader
from claimreg.text.counted import counted

LINKS, DRAFTS, CLAIMS = "links", "drafts", "claims"
COLUMNS = ("item", "claim", "text", "quote", "passage", "score", "kind", "flags", "source", "not_judged")


def review(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[LINK|DRAFT]...", help="Links and drafts to review [default: all suggestions]")
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm the given links, accept the given drafts, without asking.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Reject the given links and drafts without asking.")] = False,
    new_parties: Annotated[
        bool, typer.Option("--new-parties", help="With --confirm: a draft's speaker that is no party yet becomes one.")
    ] = False,
    all_exact: Annotated[
        bool, typer.Option("--all-exact", help="With --confirm: all links that are word for word and have no flag.")
    ] = False,
    undo_last: Annotated[bool, typer.Option("--undo", help="Undo your last decision.")] = False,
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only suggestions of this case.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", metavar="S", help="Only what is of this source; may be repeated.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Only links of this kind; may be repeated: exact, typographic, near, altered, stitched."),
    ] = None,
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=100, help="Lowest score of the links to review.")] = 0,
    only: Annotated[
        str | None, typer.Option("--only", metavar="links|drafts|claims", help="Only links, only drafts, or only pairs of similar claims.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Maximum number of suggestions [default: all]")] = None,
    lang: options.ShownLang = None,
    reveal: options.Reveal = False,
    format_: options.Format = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Confirm or reject suggestions, one by one.

    The links that were found come first, the surest at the top; then the drafts that `extract --add` kept, in the order of their
    sources; then pairs of claims that say nearly the same. One key decides, and each decision is saved at once; a rejected suggestion
    is never made again. You may stop at any time and go on later. What others decide or suggest meanwhile is told.

    \b
    Examples:
      claimreg review --case Ilyashev
      claimreg review --kind near --format ndjson | jq -r 'select(.link.flags + .link.not_judged == []) | .link.id' \\
        | xargs claimreg review --confirm
      claimreg review --confirm --all-exact --dry-run
      claimreg review --confirm D1 D2 --new-parties
    """
    session, words = session_of(ctx, db, yes=yes or dry_run, no_input=no_input), shown_words(ctx, lang)
    if all_exact and not confirm:
        raise UsageError("--all-exact goes with --confirm.")
    if new_parties and not confirm:
        raise UsageError("--new-parties goes with --confirm.")
    if sum((confirm, reject, undo_last)) > 1:
        raise UsageError("Give one of --confirm, --reject and --undo.")
    with OpenRegistry(session, dry_run=dry_run, must_tell=True) as registry:
        if undo_last:
            _undo(registry, dry_run=dry_run)
            return
        wanted = _Wanted(registry, _scope(registry.reader, case, source, kind, min_score), ids or [], only, limit, revealed=reveal)
        if confirm or reject:
            decided = _Decided(wanted, dry_run=dry_run)
            decided.links(LinkState.CONFIRMED if confirm else LinkState.REJECTED, all_exact=all_exact)
            decided.drafts(accepted=confirm, new_parties=new_parties)
            decided.tell()
        elif (form := ListingFormat.JSON if json else format_) is not None:
            _list(wanted, form)
        elif dry_run:
            raise UsageError("--dry-run goes with --confirm, --reject or --undo.")
        else:
            _ask(wanted, words)


class _Wanted:
    """Choice of the items to review."""

    def __init__(
        self, registry: OpenRegistry, scope: queue.Scope, ids: list[str], only: str | None, limit: int | None, *, revealed: bool
    ) -> None:
        if only not in (None, LINKS, DRAFTS, CLAIMS):
            raise UsageError(f"“{only}” is nothing to look at; choose one of: {LINKS}, {DRAFTS}, {CLAIMS}.")
        of_links = scope.kinds or scope.min_score
        if (ids or of_links or scope.source_ids) and only == CLAIMS:
            raise UsageError("Ids, --source, --kind and --min-score choose among links and drafts, and --only claims leaves these out.")
        if (of_links or scope.case is not None) and only == DRAFTS:
            raise UsageError("--case, --kind and --min-score choose among links, and --only drafts leaves these out.")
        self.registry = registry
        self.scope = scope
        self.ids = list(dict.fromkeys(one.strip().upper() for one in ids))
        self.limit = limit
        self.revealed = revealed
        self.has_links = only in (None, LINKS)
        self.has_drafts = only in (None, DRAFTS) and not of_links and scope.case is None
        self.has_pairs = only in (None, CLAIMS) and not (ids or of_links or scope.source_ids)

    def links(self) -> tuple[queue.LinkItem, ...]:
        """The links, best first, those that were named in their order."""
        if self.ids:
            return tuple(queue.LinkItem(one) for one in self.ids if record_type_of(one) is not Draft)[: self.limit]
        return queue.waiting_links(self.registry.reader, self.scope)[: self.limit] if self.has_links else ()

    def drafts(self, known: int = 0) -> tuple[queue.DraftItem, ...]:
        """The drafts in the order of their sources, those that were named in theirs; as many as the limit leaves room for."""
        if self.ids:
            found = tuple(queue.DraftItem(one) for one in self.ids if record_type_of(one) is Draft)
        else:
            reader, sources = self.registry.reader, self.scope.source_ids
            found = queue.waiting_drafts(reader, sources, revealed=self.revealed) if self.has_drafts else ()
        return found if self.limit is None else found[: max(0, self.limit - known)]

    def find_news(self) -> Callable[[Reader, int], News] | None:
        """Search for the links and drafts that others add meanwhile; ``None`` where only some were chosen."""
        if self.ids or self.limit is not None:
            return None
        return partial(news, scope=self.scope, links=self.has_links, drafts=self.has_drafts, revealed=self.revealed)

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


def _ask(wanted: _Wanted, words: Words) -> None:
    if not (wanted.registry.session.may_ask and sys.stdout.isatty()) or console().is_dumb_terminal:
        raise NeedsAnswerError(
            "Nobody is there to ask at a terminal; `claimreg review --json` prints what waits, --confirm and --reject decide."
        )
    if find_spec("termios") is None:
        raise NeedsAnswerError(
            "Keys can only be read on Linux, macOS and WSL; `claimreg review --json` prints what waits, --confirm and --reject decide."
        )
    from claimreg.cli.review_meanwhile import Meanwhile
    from claimreg.cli.review_queue import Queue
    from claimreg.cli.review_screen import Screen
    from claimreg.cli.review_session import ReviewSession

    # What is recorded while the queue is made is looked at as well.
    with closing(Meanwhile(wanted.registry.store, wanted.find_news(), words, revealed=wanted.revealed)) as meanwhile:
        links = wanted.links()
        shown: tuple[queue.Item, ...] = (*links, *wanted.drafts(len(links)))
        first = shown or wanted.pairs()
        if not first:
            tell(words.say("Nothing waits to be reviewed."))
            return
        find_pairs = (lambda goes_on: wanted.pairs(len(shown), goes_on)) if shown else None
        session = ReviewSession(wanted.registry, Queue(deque(first)), find_pairs, Screen(words), meanwhile, words, revealed=wanted.revealed)
        try:
            session.run()
        finally:
            tell(session.told())


class _Decided:
    """Decisions without asking: on links in one transaction, on drafts in one for each, so that each can be undone."""

    def __init__(self, wanted: _Wanted, *, dry_run: bool) -> None:
        self._wanted = wanted
        self.registry = wanted.registry
        self._would = "Would be " if dry_run else ""
        self._done: list[str] = []
        self._passed: list[str] = []

    def links(self, state: LinkState, *, all_exact: bool) -> None:
        """Confirm or reject the links that were named, or all that are word for word."""
        if all_exact == bool(self._wanted.ids):
            raise UsageError("Give the links and drafts to decide on, or --confirm --all-exact for all links that are word for word.")
        items = self._wanted.links()
        asked: dict[str, queue.LinkQuestion] = {}
        if all_exact:
            items, asked = self._certain(items)
            if items and not asked:
                tell("Nothing was confirmed.")
                return
        decided = 0
        with self.registry.write(DECIDED) as writer:
            for item in items:
                try:
                    queue.decide_link(writer, item.link_id, state, asked.get(item.link_id))
                except ChangedMeanwhileError as error:
                    self._passed.append(str(error))
                else:
                    decided += 1
        if items or all_exact:
            self._done.append(f"{self._would}{state.value}: {counted(decided, 'link')}.")

    def drafts(self, *, accepted: bool, new_parties: bool) -> None:
        """Accept or reject the drafts that were named; one whose speaker is no party is passed over, or becomes one."""
        for item in self._wanted.drafts() if self._wanted.ids else ():
            try:
                self._done.append(self._would + (self._accept(item, new_parties=new_parties) if accepted else self._reject(item)))
            except (ChangedMeanwhileError, UsageError) as error:
                self._passed.append(str(error))

    def tell(self) -> None:
        """Say what was decided, and what was passed over."""
        for sentence in self._passed:
            tell(sentence)
        for sentence in self._done:
            typer.echo(sentence)
        if self._passed:
            raise typer.Exit(ExitCode.FAILED)

    def _certain(self, items: tuple[queue.LinkItem, ...]) -> tuple[tuple[queue.LinkItem, ...], dict[str, queue.LinkQuestion]]:
        """The links that are word for word, as they are shown; none shown where the person does not agree."""
        registry, session = self.registry, self.registry.session
        earlier = queue.judged_earlier(registry.reader, items)
        if earlier:
            tell(f"{counted(earlier, 'link')} that an earlier method judged: passed over; `claimreg link --all` judges them again.")
        certain = tuple(queue.LinkItem(one.id) for one in queue.certain_links(registry.reader, items))
        # What changes while the question is asked is not what was asked about.
        asked = {one.link.id: one for one in _questions(registry.reader, certain) if isinstance(one, queue.LinkQuestion)}
        question_ = f"Confirm {counted(len(certain), 'link')} that nobody has looked at?"
        if certain and not session.confirm(question_, f"Nobody is there to ask: “{question_}” Say --yes to do it."):
            return certain, {}
        return certain, asked

    def _accept(self, item: queue.DraftItem, *, new_parties: bool) -> str:
        from claimreg.cli.review_drafts import accepted_in_words
        from claimreg.linker import LayeredLinker

        asked = self._asked(item)
        speaker = As.NEW if asked.party is None and new_parties else As.SUGGESTED
        with self.registry.write(ACCEPTED) as writer:
            made = queue.accept_draft(writer, asked, speaker, LayeredLinker())
        return accepted_in_words(made)

    def _reject(self, item: queue.DraftItem) -> str:
        asked = self._asked(item)
        with self.registry.write(DECIDED) as writer:
            draft = queue.reject_draft(writer, asked)
        return f"rejected: {draft.id}."

    def _asked(self, item: queue.DraftItem) -> queue.DraftQuestion:
        asked = queue.question(self.registry.reader, item, revealed=self._wanted.revealed)
        if not isinstance(asked, queue.DraftQuestion):
            raise TypeError(type(asked))
        return asked


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
    drafts = wanted.drafts(len(links))
    pairs = wanted.pairs(len(links) + len(drafts))
    with wanted.registry.store.snapshot() as reader:
        asked = _questions(reader, (*links, *drafts, *pairs), revealed=wanted.revealed)
        write_listing(asked, Listing(COLUMNS, _cells, _question_json), form, None)


def _questions(reader: Reader, items: Iterable[queue.Item], *, revealed: bool = False) -> Iterator[queue.Question]:
    for item in items:
        try:
            yield queue.question(reader, item, revealed=revealed)
        except ChangedMeanwhileError as error:
            tell(str(error))


def _question_json(asked: queue.Question) -> dict[str, object]:
    if isinstance(asked, queue.DraftQuestion):
        return draft_question_json(asked)
    return link_question_json(asked) if isinstance(asked, queue.LinkQuestion) else pair_question_json(asked)


def _cells(asked: queue.Question) -> tuple[str, ...]:
    if isinstance(asked, queue.LinkQuestion):
        link, claim = asked.link, asked.claim
        flags, not_judged = ",".join(link.flags), ",".join(link.not_judged)
        words = (claim.text, asked.stated.attribution.quote or "", link.exact)
        return link.id, claim.id, *words, f"{link.score:g}", link.kind.value, flags, link.source_id, not_judged
    if isinstance(asked, queue.DraftQuestion):
        draft = asked.draft
        words = (claim_text(draft), words_of(draft), draft.exact)
        return draft.id, "", *words, f"{draft.confidence:.2f}", draft.mode.value, ",".join(draft.flags), draft.source_id, ""
    first, second = asked.claim.claim, asked.other.claim
    return f"{first.id} {second.id}", first.id, first.text, "", second.text, "", "claims", ",".join(asked.flags), "", ""
