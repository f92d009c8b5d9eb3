"""Input and output of reading a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from claimreg.errors import InputError
from claimreg.services.recording.sources import SourceDetails

if TYPE_CHECKING:
    from claimreg.model import Locator


class Limits(NamedTuple):
    """Limits for one document: ``size`` in bytes, packed and unpacked; ``seconds`` of fetching, and again of reading.

    ``memory`` is in bytes, of the process that reads it.
    """

    size: int = 256 * 2**20
    seconds: float = 60.0
    memory: int = 2 * 2**30


class Hints(NamedTuple):
    """Knowledge of a document beside its bytes.

    ``name`` is what errors call it. ``media_type`` and ``encoding`` are as a server declares them, which may be wrong;
    ``forced_encoding`` is as a person says it is. ``url`` is the address that it was fetched from. ``guess_language`` is false
    where nobody will ask for it: the model that guesses takes longer to load than most texts to read.
    """

    name: str
    media_type: str | None = None
    encoding: str | None = None
    forced_encoding: str | None = None
    url: str | None = None
    guess_language: bool = True


class Task(NamedTuple):
    """A document to read."""

    content: bytes
    hints: Hints


class Extraction(NamedTuple):
    """The text that a reader of the document sees, and what the document says of itself.

    ``method`` names what extracted the text, with versions. ``notes`` are sentences for a person: what was guessed or left out.
    ``language_guessed`` says that the language among the details is a guess from the text. ``left_out`` is what the document has
    besides: a second text, which may hold ``text`` again where that shows the order; its locators go on after those of ``text``, see
    `claimreg.services.recording.sources.joined`. ``saved_at`` is when the document says that it was saved (ISO 8601, UTC, or a day).
    """

    text: str
    media_type: str
    method: str
    details: SourceDetails = SourceDetails()
    encoding: str | None = None
    locators: tuple[Locator, ...] = ()
    notes: tuple[str, ...] = ()
    language_guessed: bool = False
    left_out: str = ""
    saved_at: str | None = None


Ready: TypeAlias = Extraction | InputError
"""Outcome that needs no reading any more: a document that was read, or the reason why it cannot be."""


class Fetched(NamedTuple):
    """A document that was fetched: its bytes after transfer and content codings are undone, and how it was had.

    ``asked`` and ``reached`` are addresses, ``headers`` those of the last answer, ``retrieved_at`` is UTC, ISO 8601 with a ``Z``.
    ``warc`` is a WARC file (ISO 28500) of all requests and answers on the way, each record compressed. ``notes`` are sentences for a
    person on what was wrong with how it was had. In an archive that does not say them, ``reached`` and ``retrieved_at`` are empty.
    """

    content: bytes
    asked: str
    reached: str
    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str | None
    encoding: str | None
    retrieved_at: str
    warc: bytes
    notes: tuple[str, ...] = ()
