"""Documents by what a person calls them: a file, a folder, a pattern, an address, an archive; found, fetched and read in order."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

from claimreg.characters import replaced
from claimreg.errors import InputError
from claimreg.files import unreadable_told
from claimreg.ingest.formats import MARKDOWN, PDF, PLAIN, WARC
from claimreg.ingest.formats.kinds import READABLE_SUFFIXES, ZIP, is_packed, media_type_of, readable_name
from claimreg.ingest.formats.media import SUFFIXES as MEDIA_SUFFIXES
from claimreg.ingest.formats.media import media_type_by_sign
from claimreg.ingest.types import Extraction, Fetched, Hints, Limits, Ready, Task
from claimreg.services.recording.media import with_transcript
from claimreg.services.recording.sources import IncomingDocument, Retrieval, SourceDetails
from claimreg.services.surroundings import ReadDocument
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

STDIN = "-"
_BLOCK = 1 << 20
_PATTERN_SIGNS = frozenset("*?[")
_ON_THE_SPOT = 3
_SHORT = 1 << 21
_SIGN = 4_096
"""Bytes that tell a picture or a recording."""

_ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".wacz")
_ARCHIVE_START = 4096
"""Bytes of a file that tell whether it is a web archive, packed or not."""

_KNOWN = Extraction("", "", "")
"""Outcome for a document whose bytes are known."""


class Reading(NamedTuple):
    """Settings for reading documents: limits, the person's choice of encoding, the time (UTC), how addresses are fetched.

    ``fetch`` takes an address and gives what was fetched, or raises `InputError`; ``stdin`` gives what was piped in. ``tool``
    names this program and its version. ``tell`` is told what was passed over in an archive or a folder. ``saved_at`` is when the
    documents were saved, as a person says, which goes before their own word. ``transcript`` is the file with the words of the one picture
    or recording that is read. Documents whose bytes are ``known`` are not read, unless there is a transcript.
    """

    limits: Limits
    tool: str
    stdin: Callable[[], bytes]
    fetch: Callable[[str], Fetched]
    encoding: str | None = None
    workers: int = 1
    guess_language: bool = True
    saved_at: str | None = None
    tell: Callable[[str], None] = lambda _sentence: None
    transcript: str | None = None
    known: Callable[[bytes], bool] | None = None


class _Found(NamedTuple):
    """Name of a document, its place, how it was fetched, and whether its address was the reference.

    ``notes`` are sentences on how it was had, ``saved_at`` is when, where nothing else tells.
    """

    name: str
    location: str
    content: bytes = b""
    fetched: Fetched | None = None
    typed: bool = False
    notes: tuple[str, ...] = ()
    saved_at: str | None = None


def is_address(reference: str) -> bool:
    """Return whether a reference is an address rather than a file's name."""
    return "://" in reference


def read_one(reference: str, reading: Reading) -> IncomingDocument:
    """The one document that a reference names; raises `InputError` where there is none, or more than one."""
    with closing(read_all([reference], reading)) as outcomes:
        first, second = next(outcomes, None), next(outcomes, None)
    if second is not None:
        raise InputError(f"{reference} holds more than one document; add it with claimreg source add.")
    return _told(first or ReadDocument(reference))


def read_each(reference: str, reading: Reading, tell: Callable[[str], None]) -> Generator[tuple[str, IncomingDocument], None, None]:
    """Read all documents that a reference leads to, each with its name, which is the reference where there is only one.

    ``tell`` is told the notes on them, and what could not be read beside them; raises `InputError` where there is nothing else.
    """
    with closing(read_all([reference], reading)) as outcomes:
        start = list(islice(outcomes, 2))
        if len(start) < 2:  # noqa: PLR2004 -- one is no bunch
            document = _told(*start or [ReadDocument(reference)])
            for note in document.notes:
                tell(note)
            yield reference, document
            return
        is_read = False
        for read in chain(start, outcomes):
            if read.document is None:
                tell(str(read.error))
                continue
            is_read = True
            for note in read.document.notes:
                tell(f"{read.name}: {note}")
            yield read.name, read.document
    if not is_read:
        raise InputError(f"{reference} holds no document that can be read.")


def _told(read: ReadDocument) -> IncomingDocument:
    """The document; raises `InputError` where there is none."""
    if read.document is None:
        raise read.error or InputError(f"{read.name} holds no document that can be read.")
    return read.document


def read_all(references: Iterable[str], reading: Reading) -> Generator[ReadDocument, None, None]:
    """Read all documents that the references lead to, in order; only a few are in memory at a time.

    What cannot be read is an `ReadDocument` with its error, and the others are read all the same.
    """
    words = read_one(reading.transcript, reading._replace(transcript=None)) if reading.transcript is not None else None
    tasks = _with_known_ones_passed(_tasks(references, reading), reading)
    with closing(_results(_with_plain_ones_read(tasks, reading.limits), reading)) as results:
        for found, result in results:
            if isinstance(result, InputError) and words is not None and found.content.startswith(b"%PDF-"):
                scanned = Extraction("", PDF, words.method)
                yield _with_words(ReadDocument(found.name, document=_document(found, scanned, reading)), words)
            elif isinstance(result, InputError):
                yield ReadDocument(found.name, error=result)
            elif result is _KNOWN:
                retrieval = _retrieval(found.fetched, typed=found.typed) if found.fetched is not None else None
                known = IncomingDocument(found.content, "", replaced(found.location), retrieval=retrieval, is_known=True)
                yield ReadDocument(found.name, known)
            else:
                yield _with_words(ReadDocument(found.name, document=_document(found, result, reading)), words)


def _results(tasks: Iterator[tuple[_Found, Task | Ready]], reading: Reading) -> Generator[tuple[_Found, Ready], None, None]:
    """Read what is not ready, by processes that are started with the first of it."""
    for found, task in tasks:
        if isinstance(task, Task):
            from claimreg.ingest.sandbox.pool import ReaderPool

            with closing(ReaderPool(reading.limits, reading.workers)) as pool:
                yield from pool.read(chain([(found, task)], tasks))
        else:
            yield found, task


def _with_words(read: ReadDocument, words: IncomingDocument | None) -> ReadDocument:
    """The picture or recording with the words that a person gave for it; as it is without any."""
    if words is None or read.document is None:
        return read
    try:
        return read._replace(document=with_transcript(read.name, read.document, words))
    except InputError as error:
        return ReadDocument(read.name, error=error)


def _with_known_ones_passed(tasks: Iterable[tuple[_Found, Task | InputError]], reading: Reading) -> Iterator[tuple[_Found, Task | Ready]]:
    """Tasks, but for what is known already, which comes out as it is: added again, a folder goes on where it was interrupted."""
    known = reading.known if reading.transcript is None else None
    for found, task in tasks:
        yield found, _KNOWN if known is not None and isinstance(task, Task) and known(task.content) else task


def _with_plain_ones_read(tasks: Iterable[tuple[_Found, Task | Ready]], limits: Limits) -> Iterator[tuple[_Found, Task | Ready]]:
    """The first few documents, where they are short plain texts, read on the spot: sooner than a reader would be there.

    So are all pictures and recordings, which have no text to read.
    """
    from claimreg.ingest.extract import extract

    left = _ON_THE_SPOT
    for found, task in tasks:
        is_short = left > 0 and isinstance(task, Task) and len(task.content) <= _SHORT
        if isinstance(task, Task) and (media_type_by_sign(task.content[:_SIGN]) or (is_short and _is_plain(task))):
            left -= is_short
            try:
                yield found, extract(task.content, task.hints, limits)
            except InputError as error:
                yield found, error
        else:
            yield found, task


def _is_plain(task: Task) -> bool:
    # What is packed is no plain text, and its kind is told where it is unpacked: by the reader.
    return not is_packed(task.content) and media_type_of(task.content, task.hints.name, task.hints.media_type) in (PLAIN, MARKDOWN)


def _document(found: _Found, extraction: Extraction, reading: Reading) -> IncomingDocument:
    fetched = found.fetched
    # The bytes are kept as they are; what is recorded of them is text.
    details = SourceDetails(*(replaced(one) if one is not None else None for one in extraction.details))
    retrieval = _retrieval(fetched, typed=found.typed) if fetched is not None else None
    notes, saved_at = (*found.notes, *extraction.notes), reading.saved_at or found.saved_at or extraction.saved_at
    told = extraction._replace(details=details, notes=notes, saved_at=saved_at)._asdict()
    return IncomingDocument(content=found.content, location=replaced(found.location), tool=reading.tool, retrieval=retrieval, **told)


def _retrieval(fetched: Fetched, *, typed: bool) -> Retrieval:
    headers = tuple((replaced(name), replaced(value)) for name, value in fetched.headers)
    asked, reached = replaced(fetched.asked), replaced(fetched.reached)
    return Retrieval(asked, reached, fetched.status, headers, fetched.retrieved_at, fetched.warc, typed)


def _tasks(references: Iterable[str], reading: Reading) -> Iterator[tuple[_Found, Task | InputError]]:
    for reference in references:
        try:
            yield from _led_to(reference, reading)
        except InputError as error:
            yield _Found(reference, reference), error


def _led_to(reference: str, reading: Reading) -> Iterator[tuple[_Found, Task | InputError]]:
    """The documents that one reference leads to; raises `InputError` where it leads nowhere."""
    if reference == STDIN:
        name, content = "Standard input", reading.stdin()
        if _begins_as_archive(content[:_ARCHIVE_START]) or _is_package(BytesIO(content)):
            yield from _archived(BytesIO(content), name, "standard input", reading)
        else:
            yield _Found(name, "standard input", content), Task(content, _hints(name, reading))
    elif is_address(reference):
        yield _fetched(reference, reading.fetch(reference), reading, typed=True)
    else:
        for path in expanded(reference, reading.tell):
            try:
                yield from _in_file(path, reading)
            except InputError as error:
                yield _Found(str(path), path.name), error


def _in_file(path: Path, reading: Reading) -> Iterator[tuple[_Found, Task | InputError]]:
    name = str(path)
    if not _is_archive(path):
        content = read_file(path, reading.limits.size)
        yield _Found(name, path.name, content), Task(content, _hints(name, reading))
        return
    with path.open("rb") as file:
        yield from _archived(file, name, path.name, reading)


def _archived(file: BinaryIO, name: str, location: str, reading: Reading) -> Iterator[tuple[_Found, Task | InputError]]:
    """The documents in a web archive; one whose address or time the archive does not say is a file that was handed in."""
    from claimreg.ingest.web.warc import archived_documents

    for one in archived_documents(file, name, reading.limits, reading.tell):
        if isinstance(one, InputError):
            yield _Found(name, location), one
        elif one.reached:
            yield _fetched(f"{one.reached} in {name}", one, reading)
        else:
            hints = _hints(name, reading)._replace(media_type=one.media_type, encoding=one.encoding)
            yield _Found(name, location, one.content, notes=one.notes, saved_at=one.retrieved_at or None), Task(one.content, hints)


def _is_archive(path: Path) -> bool:
    """Return whether a file holds web captures; an archive may be larger than a document, so it is not read to its end to tell."""
    try:
        if not path.is_file():
            return False
        if path.name.lower().endswith(_ARCHIVE_SUFFIXES):
            return True
        with path.open("rb") as file:
            return _begins_as_archive(file.read(_ARCHIVE_START)) or (not readable_name(path.name) and _is_package(file))
    except (OSError, ValueError):
        return False


def _begins_as_archive(start: bytes) -> bool:
    # A zip file tells what it is at its end only.
    return not start.startswith(ZIP) and media_type_of(start) == WARC


def _is_package(file: BinaryIO) -> bool:
    file.seek(0)
    if file.read(len(ZIP)) != ZIP:
        return False
    from claimreg.ingest.web.wacz import is_wacz

    return is_wacz(file)


def _fetched(name: str, fetched: Fetched, reading: Reading, *, typed: bool = False) -> tuple[_Found, Task | InputError]:
    hints = _hints(name, reading)._replace(media_type=fetched.media_type, encoding=fetched.encoding, url=fetched.reached)
    return _Found(name, fetched.reached, fetched.content, fetched, typed, fetched.notes), Task(fetched.content, hints)


def _hints(name: str, reading: Reading) -> Hints:
    return Hints(name, forced_encoding=reading.encoding, guess_language=reading.guess_language)


def read_file(path: Path, largest: int) -> bytes:
    """All that is in a file, devices without end among them; raises `InputError` where that is more than ``largest`` bytes."""
    with unreadable_told(str(path)):
        if path.is_dir():
            raise InputError(f"{path} is a folder; give a file.")
        with path.open("rb") as file:
            return bounded(file, str(path), largest)


def bounded(file: IO[bytes], name: str, largest: int) -> bytes:
    """All that is in a stream; raises `InputError` where that is more than ``largest`` bytes."""
    blocks: list[bytes] = []
    size = 0
    while block := file.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > largest:
            raise InputError(f"{name} is larger than {largest / 2**20:g} MiB; --max-size takes more, or split it into its documents.")
    return b"".join(blocks)


def expanded(reference: str, tell: Callable[[str], None]) -> Iterator[Path]:
    """The files that a reference names: itself, all documents in a folder, or what fits a pattern; raises `InputError`.

    ``tell`` is told how many pictures and recordings of a folder were passed over.
    """
    path = Path(reference)
    try:
        if path.is_dir():
            yield from _within(path, tell)
            return
        if path.exists() or not _PATTERN_SIGNS.intersection(reference):
            yield path
            return
    except (OSError, ValueError):
        raise InputError("The file's name holds a NUL character or is too long.") from None
    import glob

    found = sorted(glob.glob(reference, recursive=True))  # noqa: PTH207 -- takes absolute patterns, too
    fitting = [one for one in map(Path, found) if one.is_file()]
    if not fitting:
        raise InputError(f"No file fits {reference}.")
    yield from fitting


def _within(folder: Path, tell: Callable[[str], None]) -> Iterator[Path]:
    """The documents in a folder and the folders in it, in the order of their names; hidden ones and links to elsewhere are left out."""
    import os

    found, media = False, 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and readable_name(name) and path.is_file() and not path.is_symlink():
                found = True
                yield path
            elif not name.startswith(".") and name.lower().endswith(MEDIA_SUFFIXES):
                media += 1
    if media:
        passed = f"{counted(media, 'picture or recording', 'pictures and recordings')} in {folder}"
        tell(f"Passed over {passed}; give them by name, or by a pattern such as '{folder}/*.jpg', to add them.")
    if not found:
        raise InputError(f"The folder {folder} holds no documents that can be read ({', '.join(sorted(READABLE_SUFFIXES))}).")
