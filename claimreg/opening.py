"""Open a registry for a program: the store, the readers of documents, the clock and the user are joined here."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError, NotFoundError, UsageError
from claimreg.model import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from claimreg.ingest import reading as ingest
    from claimreg.ingest.types import Fetched
    from claimreg.registry import Registry
    from claimreg.services.exchange.casefile import CaseFile
    from claimreg.services.moving import Copied, CopyProgress
    from claimreg.services.recording.sources import IncomingDocument
    from claimreg.services.reporting.pictures import Thumbnail
    from claimreg.services.reporting.report import Report
    from claimreg.services.surroundings import Questions, ReadDocument
    from claimreg.store.port import Reader, Store, Writer

MEBIBYTE = 2**20
DEMO_CHANGE = Change(user="demo", at="2026-01-01T00:00:00Z", action="demo")


def open_registry(location: str | Path, *, user: str | None = None, questions: Questions | None = None, dry_run: bool = False) -> Registry:
    """Open the registry at a location; a folder is made when there is something to record, a shared registry by `claimreg init`.

    A location is a folder, ``postgresql://…`` for a team, or ``memory:``.
    ``user`` is who works, else the system's user; ``questions`` answers what a person must decide, else such work raises
    `NeedsAnswerError`. A dry run does everything and records nothing.
    Raises `UsageError` for a location of no known kind and `StoreError` where the registry cannot be opened. Close it, or use it in a
    ``with`` block.
    """
    from claimreg.registry import Registry
    from claimreg.services.surroundings import NobodyToAsk, Surroundings
    from claimreg.store.factory import open_store, registry_exists

    place = str(location)
    exists = registry_exists(place)
    surroundings = Surroundings(
        user=lambda: user or system_user(), now=utc_now, documents=Documents(), questions=lambda: questions or NobodyToAsk()
    )
    return Registry(
        open_store(place if exists else "memory:", create=False),
        surroundings,
        make=None if exists else lambda: open_store(place, create=True),
        dry_run=dry_run,
    )


def copy_registry(source: str | Path, target: str | Path, progress: CopyProgress | None = None) -> Copied:
    """Copy the registry at one location, whole and with its history, to another, which is empty or holds the beginning of that history.

    Either is a folder or a ``postgresql://`` address. The source is checked before anything is written, and the copy at the end.
    Raises `UsageError` for a location of no such kind, `DamagedRegistryError` where either is damaged, and `StoreError` where there is
    no registry, where the target holds another history, and where not everything may be read or written.
    """
    from contextlib import closing

    from claimreg.services.moving import copy_registry
    from claimreg.store.factory import open_store

    refuse_memory(source, target)
    with closing(open_store(str(source), create=False)) as opened:
        return copy_registry(opened, lambda: open_store(str(target), create=True), progress)


def events_to_copy(source: str | Path, target: str | Path) -> int:
    """The number of events that `copy_registry` would bring; it raises what that does, but checks neither registry."""
    from contextlib import closing

    from claimreg.services.moving import check_continues
    from claimreg.store.factory import open_store, registry_exists

    refuse_memory(source, target)
    with closing(open_store(str(source), create=False)) as opened:
        if not registry_exists(str(target)):
            return opened.head()[0]
        try:
            there = open_store(str(target), create=False)
        except NotFoundError:
            return opened.head()[0]
        with closing(there):
            return check_continues(opened, there)


def refuse_memory(*locations: str | Path) -> None:
    """Raise `UsageError` where a location is none that a registry lasts at."""
    if "memory:" in map(str, locations):
        raise UsageError("A registry in memory is gone with its command; give a folder or postgresql://….")


class Reading(NamedTuple):
    """Wishes for reading documents: sizes in MiB, times in seconds; ``None`` for what is usual.

    ``saved_at`` is when files were saved, as a person says: see `claimreg.services.recording.sources.IncomingDocument`.
    ``transcript`` is the file with the words of the picture, video or recording that is read.
    """

    encoding: str | None = None
    max_size: float | None = None
    timeout: float | None = None
    allow_private: bool = False
    workers: int | None = None
    saved_at: str | None = None
    transcript: str | None = None


class Documents:
    """Readers of documents, joined with the network and the clock.

    ``stdin`` gives what was piped in, of at most so many bytes; ``tell`` is told the notes on a document that is read by itself.
    """

    def __init__(
        self, wanted: Reading | None = None, stdin: Callable[[int], bytes] | None = None, tell: Callable[[str], None] | None = None
    ) -> None:
        self._wanted = wanted or Reading()
        self._stdin = stdin or _no_stdin
        self._tell = tell or (lambda _sentence: None)

    def read(self, reference: str, *, guess_language: bool = True, typed: bool = True) -> IncomingDocument:
        """Read the document in a file, at an address, or on standard input for ``-``; raises `InputError` where it cannot be read."""
        from claimreg.ingest.reading import read_one

        document = read_one(reference, self._reading(typed=typed)._replace(workers=1, guess_language=guess_language))
        for note in document.notes:
            self._tell(note)
        return document

    def read_each(self, reference: str, *, guess_language: bool = True) -> Generator[tuple[str, IncomingDocument], None, None]:
        """Read all that one reference leads to; what cannot be read beside others is told, and so are notes."""
        from claimreg.ingest.reading import read_each

        return read_each(reference, self._reading()._replace(guess_language=guess_language), self._tell)

    def read_all(
        self, references: Sequence[str], *, guess_language: bool = True, known: Callable[[bytes], bool] | None = None
    ) -> Generator[ReadDocument, None, None]:
        """Read every document that the references lead to, but for those whose bytes are ``known``."""
        from claimreg.ingest.reading import read_all

        return read_all(references, self._reading()._replace(guess_language=guess_language, known=known))

    def sha256_of(self, reference: str) -> str | None:
        """The SHA-256 of a file's bytes; ``None`` for what is no file: what is stored already needs no reading."""
        import hashlib
        from pathlib import Path

        try:
            path = Path(reference)
            if not path.is_file():
                return None
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None

    def _reading(self, *, typed: bool = True) -> ingest.Reading:
        """Join the readers with the network, the clock and standard input; raises `UsageError` for an encoding that nobody knows."""
        from claimreg import __version__
        from claimreg.ingest.reading import Reading
        from claimreg.ingest.types import Limits

        wanted, usual = self._wanted, Limits()
        limits = Limits(size=int(wanted.max_size * MEBIBYTE) if wanted.max_size else usual.size, seconds=wanted.timeout or usual.seconds)
        tool = f"claimreg/{__version__}"

        def fetched(url: str) -> Fetched:
            from claimreg.ingest.web.fetch import fetch

            return fetch(url, limits, now=utc_now, allow_private=wanted.allow_private, typed=typed, user_agent=tool)

        return Reading(
            limits=limits,
            tool=tool,
            stdin=lambda: self._stdin(limits.size),
            fetch=fetched,
            encoding=_known_encoding(wanted.encoding),
            workers=wanted.workers or min(os.cpu_count() or 1, 8),
            saved_at=wanted.saved_at,
            tell=self._tell,
            transcript=wanted.transcript,
        )


def report_thumbnails(reader: Reader, report: Report, tell: Callable[[str], None]) -> dict[str, Thumbnail]:
    """Thumbnails of a report's pictures by their sources' ids, made in a process that can do nothing else.

    ``tell`` is told why there is none.
    """
    from importlib.util import find_spec

    from claimreg.ingest.sandbox.pool import Reader as Confined
    from claimreg.ingest.types import Hints, Limits, Task
    from claimreg.services.reporting.pictures import has_pictures, thumbnails

    if not has_pictures(report):
        return {}
    if find_spec("PIL") is None:
        tell("The report is without thumbnails of its pictures; pip install 'claimreg[pictures]' brings what makes them.")
        return {}
    confined = Confined(Limits())

    def draw(content: bytes, name: str) -> Thumbnail:
        return confined.read_thumbnail(Task(content, Hints(name, guess_language=False)))

    try:
        return thumbnails(reader, report, draw, tell)
    finally:
        confined.close()


def demo_registry(
    transaction: Callable[[Store, Change], AbstractContextManager[Writer]] | None = None, location: str | None = None
) -> Registry:
    """A registry whose user and time are fixed, so that reports of it are the same on every machine; without a location, a throw-away."""
    from claimreg.registry import Registry
    from claimreg.services.surroundings import Surroundings
    from claimreg.store.factory import open_store

    usual = Surroundings(user=lambda: DEMO_CHANGE.user, now=lambda: DEMO_CHANGE.at, documents=Documents())
    store = open_store("memory:" if location is None else location, create=True)
    return Registry(store, usual if transaction is None else usual._replace(transaction=transaction))


def bundled_case() -> CaseFile:
    """The case that comes with claimreg, see `data/README.md`."""
    import json
    from importlib.resources import files
    from pathlib import Path

    from claimreg.services.exchange.casefile import CaseFile
    from claimreg.services.recording.sources import IncomingDocument

    package = Path(str(files("claimreg")))
    folder = next((one for one in (package / "data" / "demo", package.parent / "data" / "demo") if one.is_dir()), None)
    if folder is None:
        raise InputError("The bundled case is missing; install claimreg again.")
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    contents = {one["file"]: (folder / one["file"]).read_bytes() for one in case["sources"]}
    documents = {name: IncomingDocument(content, content.decode("utf-8"), location=name) for name, content in contents.items()}
    return CaseFile(case, documents)


def utc_now() -> str:
    """The time, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def system_user() -> str:
    """The system's name of the user."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _no_stdin(_largest: int) -> bytes:
    raise InputError("Nothing is piped in to a library; give a file.")


def _known_encoding(name: str | None) -> str | None:
    if name is None:
        return None
    import codecs

    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UsageError(f"There is no encoding “{name}”; examples are utf-8, utf-16, windows-1251, koi8-r.") from None
