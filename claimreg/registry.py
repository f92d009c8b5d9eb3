"""The registry's use cases: a method for each thing that a command or a program does with it; the parts are in `claimreg.services`."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Self

from claimreg.errors import InputError
from claimreg.model import Change, Claim, Party, RelationKind
from claimreg.services.lookup import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from claimreg.model import Alias, Record, Relation, Verdict
    from claimreg.services.entry.documents import AddedDocument, Batch, Recaptured
    from claimreg.services.entry.edits import Edited
    from claimreg.services.entry.removals import Removal
    from claimreg.services.entry.statements import Plan, Recorded
    from claimreg.services.finding.duplicates import Kin
    from claimreg.services.linking.links import QuoteCheck
    from claimreg.services.linking.looking import Linked
    from claimreg.services.recording.claims import AttributionFields
    from claimreg.services.recording.sources import SourceDetails
    from claimreg.services.surroundings import NearlySame, Surroundings
    from claimreg.store.port import Reader, Store, Writer

NOTICED = 50
"""Events of one transaction that are told of: one may record a million."""

MOST_CONTRARY = 3
MEMORY = "memory:"


class DryRunDoneError(Exception):
    """Ends a dry run's transaction, so that nothing of it is kept."""


class Registry:
    """A registry of claims; made by `claimreg.open_registry`, and closed at the end of a ``with`` block.

    ``store`` keeps the records; ``make`` makes one at the first thing to record, where none is there yet. A dry run returns what each
    method would, and records nothing. Each method that records does so in one transaction: all of it, or nothing. They raise
    `UsageError` for what cannot be recorded, `NotFoundError` for what is not there, `InputError` for documents that cannot be
    read, `NeedsAnswerError` for a question that nobody answers, and `StoreError`.
    """

    def __init__(self, store: Store, surroundings: Surroundings, *, make: Callable[[], Store] | None = None, dry_run: bool = False) -> None:
        self._store = store
        self._around = surroundings
        self._make = make
        self._dry_run = dry_run
        self._before: int | None = None
        self._has_new_texts = False

    @property
    def reader(self) -> Reader:
        """The records, for reading."""
        return self._store

    @property
    def store(self) -> Store:
        """The store itself, for what is derived from the records."""
        return self._store

    @contextmanager
    def write(self, action: str) -> Iterator[Writer]:
        """One transaction under the name of an action; a dry run's leaves nothing behind."""
        if self._make is not None and not self._dry_run:
            self._store, self._make = self._make(), None
        with suppress(DryRunDoneError):
            change = Change(user=self._around.user(), at=self._around.now(), action=action)
            with self._around.transaction(self._store, change) as writer:
                known, _hash = writer.head()
                yield writer
                if self._dry_run:
                    raise DryRunDoneError
                events = list(islice(writer.history(after=known), NOTICED))
            if events:
                self._before = known if self._before is None else self._before
                self._around.recorded(self._store, events)

    def add(
        self,
        text: str,
        *,
        by: str,
        stance: str = "asserts",
        quote: str | None = None,
        lang: str | None = None,
        source: str | None = None,
        said: str | None = None,
        case: str | None = None,
        tags: Sequence[str] = (),
        title: str | None = None,
        claim_lang: str | None = None,
        view: bool = False,
    ) -> Recorded | None:
        """Record a claim and who made it; or one more party on a claim that says nearly the same; ``None`` for nothing.

        ``source`` is a source's id or address, or a document, which is stored. The quote is looked for in it. A claim that says
        nearly the same is asked about. ``view`` asks for the claim as it stands then.
        """
        from claimreg.services.entry.statements import checked_statement
        from claimreg.services.recording.claims import ClaimFields, record_claim
        from claimreg.services.recording.fields import checked_language, checked_optional, checked_text
        from claimreg.services.surroundings import NearlySame

        statement = checked_statement(by, stance, quote, lang, said)
        text_lang = claim_lang if claim_lang is not None or statement.quote else lang
        fields = ClaimFields(
            text=checked_text(text, "claim's text"),
            title=checked_optional(title, "title"),
            lang=checked_language(text_lang) if text_lang else None,
            case=checked_optional(case, "case"),
            tags=tuple(checked_text(one, "tag") for one in tags),
        )
        plan = self._planned(statement, source)
        kin = self._kin_of(fields.text)
        same = next((one.claim for one in kin if not one.flags), None)
        answer = self._asked_of(same, plan) if same is not None else NearlySame.NEW_CLAIM
        if answer is NearlySame.NOTHING:
            return None
        attributed = same if answer is NearlySame.SAME_CLAIM else None
        with self.write("add" if attributed is None else "attribute") as writer:
            claim = record_claim(writer, fields) if attributed is None else require(writer, Claim, attributed.id)
            recorded = self._recorded(writer, claim, plan, view=view)
        return recorded._replace(new_claim=attributed is None, contrary=tuple(one for one in kin if one.flags)[:MOST_CONTRARY])

    def attribute(
        self,
        claim_id: str,
        *,
        by: str,
        stance: str = "asserts",
        quote: str | None = None,
        lang: str | None = None,
        source: str | None = None,
        said: str | None = None,
        view: bool = False,
    ) -> Recorded:
        """Record one more party on a claim; see `add`."""
        from claimreg.services.entry.statements import checked_statement

        statement = checked_statement(by, stance, quote, lang, said)
        require(self._store, Claim, claim_id)
        plan = self._planned(statement, source)
        with self.write("attribute") as writer:
            return self._recorded(writer, require(writer, Claim, claim_id), plan, view=view)

    def edit(self, record_id: str, *, restore: bool = False, **changes: Any) -> Edited:  # noqa: ANN401 -- fields differ by record
        """Change fields of a record, by the names of the options of `claimreg edit`; an empty text clears a field."""
        from claimreg.services.entry.edits import Edited, check_fields, edit_record
        from claimreg.services.lookup import require_any
        from claimreg.services.recording.claims import restore as bring_back

        record = require_any(self._store, record_id, withdrawn=restore)
        check_fields(record, changes, may_be_none=restore)
        brought: tuple[Record, ...] = ()
        with self.write("edit") as writer:
            if restore:
                brought = bring_back(writer, require_any(writer, record.id, withdrawn=True))
            if changes:
                edit_record(writer, require_any(writer, record.id), changes, self._around.linker(None), self._around.documents)
        return Edited(record, brought)

    def restore(self, record_id: str) -> tuple[Record, ...]:
        """Bring a removed record back, with what was removed along with it."""
        return self.edit(record_id, restore=True).brought

    def remove(self, *record_ids: str, agreed: Callable[[Removal], bool] = lambda _removal: True) -> tuple[Record, ...]:
        """Take records, and what hangs on them, out of all listings, unless ``agreed`` answers no; returns all that were removed."""
        from claimreg.services.entry.removals import planned_removal, remove_records

        removal = planned_removal(self._store, record_ids)
        if not agreed(removal):
            return ()
        with self.write("rm") as writer:
            return remove_records(writer, removal)

    def relate(self, claim_id: str, relation: str, other_id: str) -> tuple[Relation, bool]:
        """Record how one claim stands to another; returns the relation and whether it is new."""
        from claimreg.services.recording.claims import record_relation
        from claimreg.services.recording.fields import checked_choice

        kind = checked_choice(relation, RelationKind, "relation")
        for one in (claim_id, other_id):
            require(self._store, Claim, one)
        with self.write("relate") as writer:
            return record_relation(writer, require(writer, Claim, claim_id), kind, require(writer, Claim, other_id))

    def judge(self, claim_id: str, rating: str, *, scheme: str | None = None, why: str | None = None, by: str | None = None) -> Verdict:
        """Record a fact-checker's rating of a claim; earlier ones stay, the latest holds."""
        from claimreg.services.recording.claims import record_verdict
        from claimreg.services.recording.fields import checked_optional, checked_text

        require(self._store, Claim, claim_id)
        rated = checked_text(rating, "rating")
        details = (checked_optional(scheme, "scheme"), checked_optional(why, "rationale"), checked_optional(by, "author"))
        with self.write("verdict") as writer:
            claim = require(writer, Claim, claim_id)
            return record_verdict(writer, claim, rated, scheme=details[0], rationale=details[1], author=details[2])

    def alias(self, party: str, *names: str) -> tuple[Party, tuple[Alias, ...]]:
        """Give a party further names; returns it with these."""
        from claimreg.services.recording.parties import add_alias, require_party

        named = require_party(self._store, party)
        with self.write("party alias") as writer:
            return named, tuple(dict.fromkeys(add_alias(writer, named, one) for one in names))

    def merge(self, party: str, other: str) -> tuple[Party, Party]:
        """Let one party count as another; returns the one that stays and the other."""
        from claimreg.services.recording.parties import merge, require_party

        kept, merged = require_party(self._store, party), require_party(self._store, other)
        with self.write("party merge") as writer:
            merge(writer, require(writer, Party, kept.id), require(writer, Party, merged.id))
        return kept, merged

    def split(self, party_id: str) -> Party:
        """Let a merged party stand for itself again."""
        from claimreg.services.recording.parties import split

        require(self._store, Party, party_id)
        with self.write("party split") as writer:
            return split(writer, require(writer, Party, party_id))

    def add_sources(
        self, references: Sequence[str], details: SourceDetails | None = None, *, withheld: str | None = None, view: bool = False
    ) -> Iterator[Batch]:
        """Store all documents that the references lead to, batch by batch; each batch is recorded before it is given.

        A document that cannot be read is given with its error, a lone one raises it.
        """
        from claimreg.services.entry.documents import Batch, add_document, check_lone, in_batches
        from claimreg.services.recording.sources import SourceDetails

        details = details or SourceDetails()
        with closing(self._around.documents.read_all(references)) as read:
            first = list(islice(read, 2))
            alone = len(first) == 1
            if alone and first[0].error is not None:
                raise first[0].error
            if not alone:
                check_lone(details)
            for batch in in_batches(chain(first, read)):
                linker = self._around.linker(None)
                with self.write("source add") as writer:
                    added = tuple(add_document(writer, one, details, linker, withheld=withheld, view=view) for one in batch)
                self._has_new_texts = not self._dry_run
                yield Batch(added, alone)

    def add_source(self, reference: str, details: SourceDetails | None = None, *, withheld: str | None = None) -> AddedDocument:
        """Store the one document that a reference leads to; raises `InputError` where it cannot be read, or is none, or several."""
        added = [one for batch in self.add_sources([reference], details, withheld=withheld) for one in batch.documents]
        if len(added) != 1:
            raise InputError(f"{reference} leads to {len(added)} documents; give one, or add them all with add_sources.")
        return added[0]

    def recapture(
        self, references: Sequence[str] = (), *, every: bool = False, file: str | None = None, reveal: bool = False, view: bool = False
    ) -> Iterator[Recaptured]:
        """Capture sources again, those named or every one with an address; each is recorded before it is given.

        ``file`` is the new form of the one source, rather than its address. Of several, one that cannot be read is given with its
        error. Of withheld sources no words are given unless ``reveal`` is set.
        """
        from claimreg.services.entry.documents import Recaptured, address_of, capture_again, sources_to_recapture, told_of

        sources = sources_to_recapture(self._store, references, every=every, is_given=file is not None)
        self._has_new_texts = not self._dry_run
        for source in sources:
            place = file or address_of(self._store, source)
            try:
                document = self._around.documents.read(place, typed=source.url_typed is True)
            except InputError as error:
                told = told_of(error, source, revealed=reveal)
                if len(sources) == 1:
                    raise told from None
                yield Recaptured(source, told)
                continue
            with self.write("source recapture") as writer:
                done = capture_again(writer, source, document, self._around.linker(None), revealed=reveal, view=view)
            yield done

    def link(self, *record_ids: str, every: bool = False, sources: Sequence[str] = ()) -> Linked:
        """Look for the quotes of claims and attributions, else for those without a link, in the sources named, else in all.

        ``every`` asks for all quotes. What is found is kept as suggestions; what a person confirmed or rejected stays.
        """
        from claimreg.services.linking.looking import look, store_looking

        found = look(self._store, record_ids, sources, self._around.linker, self._around.tell_aside, every=every)
        with self.write("link") as writer:
            return store_looking(writer, found)

    def check(self, quote: str, *inside: str, reveal: bool = False) -> QuoteCheck:
        """Look for a quote in sources and documents, else in all stored sources; nothing is recorded.

        Of withheld sources only the quote's own words are given, unless ``reveal`` is set.
        """
        from claimreg.services.linking.likely import LikelyDocuments, stored_collection
        from claimreg.services.linking.links import check_quote, speaks_of_sources, told_check
        from claimreg.services.linking.looking import texts_named
        from claimreg.services.recording.fields import checked_text

        store, around = self._store, self._around
        words = checked_text(quote, "quote")
        if inside:
            checked = check_quote(words, texts_named(store, inside, around.documents), around.linker(None))
        else:
            with LikelyDocuments(store, around.tell_aside) as documents:
                stored = ((source.id, text) for source, _capture, text in documents.of(words))
                checked = check_quote(words, stored, around.linker(stored_collection(store, 1)))
        return told_check(store, checked) if not reveal and speaks_of_sources(checked) else checked

    def close(self) -> None:
        """Bring what is derived from the records up to date, and close the store."""
        self.__exit__(None)

    def _take_in_texts(self) -> None:
        """Let the index of the sources' texts take in the new ones."""
        from claimreg.services.linking.likely import bring_up_to_date

        with self._derived("The index of documents was left as it was; the next `claimreg link` brings it up to date."):
            bring_up_to_date(self._store, self._around.tell_aside, self._around.taken_in)

    def _take_in_words(self, known: int) -> None:
        """Let the search index take in what came after the event of this number."""
        from claimreg.services.history import speaks_of_words

        with self._derived("The search index was left as it was; the next search brings it up to date."):
            if self._store.location != MEMORY and any(map(speaks_of_words, self._store.history(after=known))):
                self._around.ask_index(self._store, lambda _index: None)

    @contextmanager
    def _derived(self, sentence: str) -> Iterator[None]:
        """Work on what is derived from the records; its failure is told with this sentence, and fails nothing."""
        try:
            yield
        except (Exception, KeyboardInterrupt):  # noqa: BLE001 -- what was recorded is kept, whatever befalls an index
            self._around.tell(sentence)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_exception: object) -> None:
        # Last of all: what was recorded is said to be before what is derived from it takes its time.
        try:
            if self._has_new_texts and kind is None:
                self._take_in_texts()
            if self._before is not None and kind is not KeyboardInterrupt:
                self._take_in_words(self._before)
        finally:
            self._store.close()

    def _planned(self, statement: AttributionFields, source: str | None) -> Plan:
        from claimreg.services.entry.statements import plan_statement

        around = self._around
        return plan_statement(self._store, statement, source, around.documents, around.linker(None), around.questions)

    def _kin_of(self, text: str) -> list[Kin]:
        from claimreg.services.finding.duplicates import kin_of

        return self._around.ask_index(self._store, lambda index: kin_of(self._store, index, text))

    def _asked_of(self, same: Claim, plan: Plan) -> NearlySame:
        from claimreg.services.finding.duplicates import speaks_already

        name = plan.party.name if plan.party else plan.statement.party_as_written
        return self._around.questions.nearly_same(same, name, speaks_already=speaks_already(self._store, same, plan.party))

    def _recorded(self, writer: Writer, claim: Claim, plan: Plan, *, view: bool) -> Recorded:
        from claimreg.services.entry.statements import record_plan

        recorded = record_plan(writer, claim, plan, self._around.linker(None))
        if not view:
            return recorded
        from claimreg.services.reporting.views import claim_view

        return recorded._replace(view=claim_view(writer, claim))
