"""Storing of documents, for `source add`."""

from collections.abc import Iterable

import typer

from claimreg.cli.context import Session, tell
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode
from claimreg.opening import Reading
from claimreg.render import machine
from claimreg.render.safe import one_line
from claimreg.services.entry.documents import AddedDocument, Batch
from claimreg.services.linking.recapture import CarriedLink
from claimreg.services.recording.sources import SourceDetails, StoredSource
from claimreg.services.withholding import is_withheld
from claimreg.text.counted import counted

TOLD_DOCUMENTS = 20


class _Told:
    """Telling of documents as they are recorded, and counting them."""

    def __init__(self, *, json: bool, dry_run: bool) -> None:
        self._json = json
        self._dry_run = dry_run
        self._progress = Progress()
        self._views: list[dict[str, object]] = []
        self._alone = False
        self.failed = self._new = self._known = self._again = 0

    def batch(self, batch: Batch) -> None:
        """Tell of documents that are recorded now."""
        self._progress.clear()
        self._alone = batch.alone
        for one in batch.documents:
            self._count(one)
        for one in batch.documents:
            if one.error is not None:
                tell(str(one.error))
            elif self._new + self._known <= TOLD_DOCUMENTS and not _was_withheld(one):
                for note in one.notes:
                    tell(note if self._alone else f"{one.name}: {note}")
        for one in batch.documents:
            if one.stored is not None and not self._json:
                typer.echo(one_line(_line(one, one.stored, dry_run=self._dry_run)))
        self._progress.tell(self._new + self._known + self.failed, "document")

    def all(self) -> None:
        """Tell of all that was recorded."""
        self._progress.clear()
        if self._json:
            typer.echo(machine.dumps(self._views[0] if self._alone and self._views else self._views))
        if not self._alone:
            counts = [f"{self._new:,} new", f"{self._known:,} there already"]
            counts += [f"{self._again:,} captured again"] if self._again else []
            counts += [f"{self.failed:,} could not be read"] if self.failed else []
            tell(f"{counted(self._new + self._known + self._again + self.failed, 'document')}: {', '.join(counts)}.")

    def _count(self, one: AddedDocument) -> None:
        stored = one.stored
        self.failed += stored is None
        if stored is not None:
            self._new += stored.is_new
            self._again += stored.previous is not None
            self._known += not stored.is_new and stored.previous is None
        if one.view is not None:
            self._views.append(machine.source_json(one.view))


def add_documents(
    session: Session, references: list[str], reading: Reading, details: SourceDetails, withheld: str | None, *, dry_run: bool, json: bool
) -> None:
    """Store all documents that the references lead to; raises `typer.Exit` where some could not be read, and what a lone one raises."""
    told = _Told(json=json, dry_run=dry_run)
    with OpenRegistry(session, dry_run=dry_run, wanted=reading) as registry:
        for batch in registry.add_sources(references, details, withheld=withheld, view=json):
            told.batch(batch)
        told.all()
    if told.failed:
        raise typer.Exit(ExitCode.FAILED)


def _was_withheld(one: AddedDocument) -> bool:
    return one.stored is not None and is_withheld(one.stored.source) and not one.stored.is_new


def _line(one: AddedDocument, stored: StoredSource, *, dry_run: bool) -> str:
    return "; ".join([_stored_in_words(stored, guessed=one.language_guessed, dry_run=dry_run), *_links_in_words(one.carried)]) + "."


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
