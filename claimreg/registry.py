"""The registry's use cases: a method for each thing that a command or a program does with it; the parts are in `claimreg.services`."""

from __future__ import annotations

from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.model import Alias, Claim, Party, Relation, RelationKind, Verdict
from claimreg.services.entry.corrections import Corrections
from claimreg.services.entry.naming import Naming
from claimreg.services.exchange.exchanges import Exchanges
from claimreg.services.lookup import require
from claimreg.services.reviewing.undoing import Undoing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from claimreg.corpus.base import Documents
    from claimreg.services.articles import Article
    from claimreg.services.entry.documents import AddedDocument, Batch, Recaptured
    from claimreg.services.entry.statements import Recorded
    from claimreg.services.evidence.verify import Noted, Verification
    from claimreg.services.extraction.drafts import Extracted
    from claimreg.services.finding.filters import Filters
    from claimreg.services.finding.match import KnownClaims, Result
    from claimreg.services.finding.passages import Passage, SourceFilters
    from claimreg.services.finding.search import Hit
    from claimreg.services.linking.links import DocumentsCheck, Linked
    from claimreg.services.proofing.run import Asked
    from claimreg.services.proofing.types import Proof
    from claimreg.services.recording.sources import SourceDetails
    from claimreg.services.reporting.report import Report, ReportScope
    from claimreg.services.reporting.views import ClaimView

MOST_CONTRARY = 3


class Registry(Corrections, Exchanges, Naming, Undoing):
    """A registry of claims; made by `claimreg.open_registry`, and closed at the end of a ``with`` block.

    ``store`` keeps the records; ``make`` makes one at the first thing to record, where none is there yet. A dry run returns what each
    method would, and records nothing. Each method that records does so in one transaction: all of it, or nothing. They raise
    `UsageError` for what cannot be recorded, `NotFoundError` for what is not there, `InputError` for documents that cannot be
    read, `NeedsAnswerError` for a question that nobody answers, and `StoreError`.
    """

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
        note: str | None = None,
        assign: str | None = None,
        view: bool = False,
    ) -> Recorded | None:
        """Record a claim and who made it; or one more party on a claim that says nearly the same; ``None`` for nothing.

        ``source`` is a source's id or address, or a document, which is stored. The quote is looked for in it. A claim that says
        nearly the same is asked about. ``note`` is the desk's own on a new claim, ``assign`` names who is to see to it. ``view`` asks for
        the claim as it stands then.
        """
        from claimreg.services.entry.statements import asked_of, checked_statement, plan_statement, recorded_plan
        from claimreg.services.finding.duplicates import kin_of
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
            note=checked_optional(note, "note"),
            assignee=checked_optional(assign, "assignee"),
        )
        plan = plan_statement(self._store, statement, source, self._around)
        kin = self._around.ask_index(self._store, lambda index: kin_of(self._store, index, fields.text))
        same = next((one.claim for one in kin if one.is_same), None)
        answer = asked_of(self._store, same, plan, self._around.questions) if same is not None else NearlySame.NEW_CLAIM
        if answer is NearlySame.NOTHING:
            return None
        attributed = same if answer is NearlySame.SAME_CLAIM else None
        with self.write("add" if attributed is None else "attribute") as writer:
            claim = record_claim(writer, fields) if attributed is None else require(writer, Claim, attributed.id)
            recorded = recorded_plan(writer, claim, plan, self._around.linker(None), view=view)
        return recorded._replace(new_claim=attributed is None, contrary=tuple(one for one in kin if not one.is_same)[:MOST_CONTRARY])

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
        from claimreg.services.entry.statements import checked_statement, plan_statement, recorded_plan

        statement = checked_statement(by, stance, quote, lang, said)
        require(self._store, Claim, claim_id)
        plan = plan_statement(self._store, statement, source, self._around)
        with self.write("attribute") as writer:
            return recorded_plan(writer, require(writer, Claim, claim_id), plan, self._around.linker(None), view=view)

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
        """Merge one party into another; returns the one that stays and the other."""
        from claimreg.services.recording.parties import merge, require_party

        kept, merged = require_party(self._store, party), require_party(self._store, other)
        with self.write("party merge") as writer:
            merge(writer, require(writer, Party, kept.id), require(writer, Party, merged.id))
        return kept, merged

    def split(self, party_id: str) -> Party:
        """Make a merged party stand for itself again."""
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
        from claimreg.services.recording.sources import SourceDetails, is_stored

        details = details or SourceDetails()
        with closing(self._around.documents.read_all(references, known=lambda content: is_stored(self._store, content))) as read:
            first = list(islice(read, 2))
            alone = len(first) == 1
            if alone and first[0].error is not None:
                raise first[0].error
            if not alone:
                check_lone(details, first)
            for batch in in_batches(chain(first, read), self._around.documents_read):
                with self.write("source add") as writer:
                    added = tuple(add_document(writer, one, details, self._around.linker, withheld=withheld, view=view) for one in batch)
                self._has_new_texts = not self._dry_run
                yield Batch(added, alone)

    def add_source(self, reference: str, details: SourceDetails | None = None, *, withheld: str | None = None) -> AddedDocument:
        """Store the one document that a reference leads to; raises `InputError` where it cannot be read, or is none, or several."""
        added = [one for batch in self.add_sources([reference], details, withheld=withheld) for one in batch.documents]
        if len(added) != 1:
            raise InputError(f"{reference} leads to no document, or to several; give one, or add all with add_sources.")
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

    def extract(self, reference: str, *, lang: str | None = None, everything: bool = False, add: bool = False) -> Extracted:
        """Find the statements that a source or document attributes to somebody; ``add`` keeps them, and the document, for review.

        ``reference`` is a source's id or address, or a document. ``everything`` asks for what is only believed, too. What is kept
        already is not kept again, and what a person rejected is left out.
        """
        from claimreg.services.extraction.drafts import asked_of, kept, proposed

        asked = asked_of(self._store, reference, self._around.documents, lang, everything=everything)
        if not add:
            return proposed(self._store, asked)
        self._has_new_texts = not self._dry_run
        with self.write("extract") as writer:
            return kept(writer, asked, self._around.linker(None))

    def link(self, *record_ids: str, every: bool = False, sources: Sequence[str] = ()) -> Linked:
        """Look for the quotes of claims and attributions, else for those without a link, in the sources named, else in all.

        ``every`` asks for all quotes. What is found is kept as suggestions; what a person confirmed or rejected stays. Links that an
        earlier method judged are judged again: what was confirmed and reads otherwise now waits for a person.
        """
        from claimreg.services.linking.links import look, store_looking

        found = look(self._store, record_ids, sources, self._around.linker, self._around.tell_aside, every=every)
        with self.write("link") as writer:
            return store_looking(writer, found)

    def check(self, quote: str, *inside: str, reveal: bool = False) -> DocumentsCheck:
        """Look for a quote in sources and documents, else in all stored sources; nothing is recorded.

        Where no text has it unaltered, what was left out of the texts is looked through, too. Of withheld sources only the quote's
        own words are given, unless ``reveal`` is set.
        """
        from claimreg.services.linking.likely import LikelyDocuments, stored_collection
        from claimreg.services.linking.links import check_quote, speaks_of_sources, texts_named, told_check
        from claimreg.services.linking.texts import stored_texts
        from claimreg.services.recording.fields import checked_text

        store, around = self._store, self._around
        words = checked_text(quote, "quote")
        if inside:
            checked = check_quote(words, texts_named(store, inside, around.documents), around.linker(None))
        else:
            with LikelyDocuments(store, around.tell_aside) as documents:
                stored = ((source.id, stored_texts(store, capture, text)) for source, capture, text in documents.of(words))
                checked = check_quote(words, stored, around.linker(stored_collection(store)))
        return told_check(store, checked) if not reveal and speaks_of_sources(checked) else checked

    def proof(self, articles: Iterable[Article], inside: Sequence[str] | None, asked: Asked) -> Iterator[Proof]:
        """Answer for all quotations of drafts against the documents named, else against all that is stored; nothing is recorded."""
        from claimreg.services.proofing.run import prove_articles

        return prove_articles(self._store, self._around, articles, inside, asked)

    def search(
        self, query: str = "", filters: Filters | None = None, *, limit: int = 20, by_date: bool = False
    ) -> list[tuple[Hit, ClaimView]]:
        """Find claims by words, best first; without any, the filters alone decide."""
        from claimreg.services.finding.search import found_claims

        around = self._around
        return found_claims(self._store, around.ask_index, query, filters, limit, by_date=by_date, understanding=around.understanding)

    def search_sources(self, query: str, filters: SourceFilters | None = None, *, limit: int = 20, reveal: bool = False) -> list[Passage]:
        """Find passages by words in the texts of sources, best first; see `found_passages`. Withheld words need ``reveal``."""
        from claimreg.services.finding.passages import found_passages

        around = self._around
        return found_passages(self._store, query, filters, limit, reveal=reveal, tell=around.tell_aside, progress=around.taken_in)

    def list_claims(
        self, filters: Filters | None = None, limit: int | None = None, *, brief: bool = False
    ) -> Generator[ClaimView, None, None]:
        """The claims that pass the filters, in the order they were recorded; close it where it is not read to its end.

        ``brief`` asks for what a line of a list shows, see `claimreg.services.reporting.views.claim_view`.
        """
        from claimreg.services.finding.filters import Filters, filtered
        from claimreg.services.reporting.views import claim_view

        with self._store.snapshot() as reader:
            for claim, ahead in islice(filtered(reader, filters or Filters(), brief=brief), limit):
                yield claim_view(ahead, claim, brief=brief)

    def known_claims(self, lines: Documents | None = None, *, strict: bool = False) -> KnownClaims:
        """The claims to match statements with: the registry's, else those in lines of JSON; see `match`."""
        from claimreg.services.finding.match import known_claims

        return known_claims(self._store, lines, self._around.ask_index, self._around.understanding, strict=strict)

    def match(self, statement: str, known: KnownClaims | None = None, *, top: int = 10) -> list[Result]:
        """The claims most like a statement, best first; for many statements, get `known_claims` once."""
        from claimreg.services.finding.match import match

        return match(statement, known or self.known_claims(), top)

    def report(self, scope: ReportScope | None = None, *, title: str | None = None, say: Callable[[str], str] = str) -> Report:
        """Gather what a report shows; ``say`` translates what its title is made of, where none is given."""
        from claimreg.services.reporting.report import ReportScope, report_on

        return report_on(self._store, scope or ReportScope(), title, say)

    def verify(self, noted: Noted | None = None, show: Callable[[str], None] | None = None) -> Verification:
        """Check that everything is as it was recorded; ``show`` is told each part as its check begins."""
        from claimreg.services.evidence.shared_indexes import index_faults
        from claimreg.services.evidence.verify import Damage, verify

        progress = show or (lambda _area: None)
        found = verify(self._store, progress, self._around.read_stamp, noted)
        # Of what is damaged no index can be made.
        if not found.damage:
            found.warnings.extend(Damage("indexes", name, what) for name, what in index_faults(self._store, progress))
        return found
