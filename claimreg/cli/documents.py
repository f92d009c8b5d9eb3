"""Storing of documents, for `source add`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import typer

from claimreg.cli.context import Session, make_linker, tell
from claimreg.cli.inputs import ReadingOptions, make_reading
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry, derived
from claimreg.errors import ExitCode, UsageError
from claimreg.ingest.reading import Outcome, read_all
from claimreg.render import machine
from claimreg.render.safe import one_line
from claimreg.services.linking.likely import bring_up_to_date
from claimreg.services.linking.recapture import CarriedLink, carry_links
from claimreg.services.recording.sources import (
    IncomingDocument,
    SourceDetails,
    StoredSource,
    store_source,
)
from claimreg.services.reporting.views import source_view
from claimreg.services.withholding import is_withheld
from claimreg.store.port import Store, Writer
from claimreg.text.counted import counted

BATCH_DOCUMENTS = 200
BATCH_BYTES = 64 * 2**20
"""Documents and bytes after which what was read is recorded: others may write in between, and an interruption costs little."""

TOLD_DOCUMENTS = 20


@dataclass(frozen=True)
class Wishes:
    """Wishes of a person for the documents that are added."""

    details: SourceDetails
    withheld: str | None
    dry_run: bool
    json: bool


class _Adding:
    """Documents on their way into the registry: counted, recorded in batches, told of."""

    def __init__(self, wishes: Wishes, *, alone: bool) -> None:
        self._wishes = wishes
        self._alone = alone
        self._progress = Progress()
        self._json: list[dict[str, object]] = []
        self._silent: set[str] = set()
        self.failed = self._new = self._known = self._again = 0

    def record(self, registry: OpenRegistry, batch: list[Outcome]) -> None:
        """Record what was read, then tell of it: what is told of is kept."""
        with registry.write("source add") as writer:
            lines = [self._stored(writer, outcome.name, outcome.document) for outcome in batch if outcome.document is not None]
        self._progress.clear()
        for outcome in batch:
            if outcome.error is not None:
                self.failed += 1
                tell(str(outcome.error))
            elif outcome.document is not None and self._new + self._known <= TOLD_DOCUMENTS and outcome.name not in self._silent:
                for note in outcome.document.notes:
                    tell(note if self._alone else f"{outcome.name}: {note}")
        if not self._wishes.json:
            for line in lines:
                typer.echo(one_line(line))
        self._progress.tell(self._new + self._known + self.failed, "document")

    def tell_all(self) -> None:
        """Tell of all that was recorded."""
        self._progress.clear()
        if self._wishes.json:
            typer.echo(machine.dumps(self._json[0] if self._alone and self._json else self._json))
        if not self._alone:
            counts = [f"{self._new:,} new", f"{self._known:,} there already"]
            counts += [f"{self._again:,} captured again"] if self._again else []
            counts += [f"{self.failed:,} could not be read"] if self.failed else []
            tell(f"{counted(self._new + self._known + self._again + self.failed, 'document')}: {', '.join(counts)}.")

    def _stored(self, writer: Writer, name: str, document: IncomingDocument) -> str:
        wishes = self._wishes
        stored = store_source(writer, document, wishes.details, withheld=wishes.withheld)
        self._new += stored.is_new
        self._again += stored.previous is not None
        self._known += not stored.is_new and stored.previous is None
        carried = _carried(writer, stored)
        if is_withheld(stored.source) and not stored.is_new:
            self._silent.add(name)
        if wishes.json:
            self._json.append(machine.source_json(source_view(writer, stored.source)))
        return (
            "; ".join([_stored_in_words(stored, guessed=document.language_guessed, dry_run=wishes.dry_run), *_links_in_words(carried)])
            + "."
        )


def add_documents(session: Session, references: list[str], reading_options: ReadingOptions, wishes: Wishes) -> None:
    """Store all documents that the references lead to; raises `typer.Exit` where some could not be read, and what a lone one raises."""
    outcomes = read_all(references, make_reading(reading_options))
    try:
        first = list(islice(outcomes, 2))
        alone = len(first) == 1
        if alone and first[0].error is not None:
            raise first[0].error
        if not alone and (wishes.details.title or wishes.details.url or wishes.details.archive_url):
            raise UsageError("--title, --url and --archive-url tell of one document; add it by itself.")
        adding = _Adding(wishes, alone=alone)
        with OpenRegistry(session, dry_run=wishes.dry_run) as registry:
            for batch in _batches(chain(first, outcomes)):
                adding.record(registry, batch)
            adding.tell_all()
            if not wishes.dry_run:
                _bring_index_up_to_date(registry.store, session)
    finally:
        outcomes.close()
    if adding.failed:
        raise typer.Exit(ExitCode.FAILED)


def _bring_index_up_to_date(store: Store, session: Session) -> None:
    with derived("The index of documents was left as it was; the next `claimreg link` brings it up to date."), Progress() as progress:
        bring_up_to_date(store, session.tell_aside, lambda done: progress.tell(done, "indexed document"))


def _batches(outcomes: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    batch: list[Outcome] = []
    size = 0
    for outcome in outcomes:
        batch.append(outcome)
        size += len(outcome.document.content) if outcome.document is not None else 0
        if len(batch) >= BATCH_DOCUMENTS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _carried(writer: Writer, stored: StoredSource) -> tuple[CarriedLink, ...]:
    return carry_links(writer, stored.previous, stored.capture, make_linker()) if stored.previous is not None else ()


def _stored_in_words(stored: StoredSource, *, guessed: bool, dry_run: bool) -> str:
    source, capture = stored.source, stored.capture
    verb = "Would store" if dry_run else "Stored"
    size = f"{counted(capture.length, 'character')}, SHA-256 {capture.sha256}"
    if is_withheld(source):
        again = f"another capture of source {source.id}: {capture.id}" if stored.previous is not None else f"source {source.id}"
        return f"{verb} {again}{'' if stored.is_new or stored.previous is not None else ' (there already)'}, withheld"
    if stored.previous is not None:
        return f"{verb} another capture of source {source.id}: {capture.id}, {size}"
    known = "" if stored.is_new else " (there already)"
    lang = f"{source.lang}{' (guessed)' if guessed and stored.is_new else ''}, " if source.lang else ""
    encoding = f"{capture.encoding}, " if capture.encoding and capture.encoding != "utf-8" else ""
    return f"{verb} source {source.id}{known}: {source.title}, {lang}{encoding}{size}"


def _links_in_words(carried: Iterable[CarriedLink]) -> list[str]:
    from collections import Counter

    return [f"{counted(count, 'link')} {word}" for word, count in Counter(one.anchoring.value for one in carried).items()]
