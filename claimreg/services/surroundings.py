"""Ports of the use cases: the clock, the user, readers of documents, the linker, and a person who may be asked."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from claimreg.errors import InputError, NeedsAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from contextlib import AbstractContextManager

    from claimreg.linker import Linker
    from claimreg.linker.collection import Collection
    from claimreg.model import Change, Claim, Event, Party
    from claimreg.rank.encoder import Encoder
    from claimreg.rank.index import StatementIndex
    from claimreg.rank.meaning import Cache
    from claimreg.services.evidence.stamps import StampedHash
    from claimreg.services.recording.parties import Resolution
    from claimreg.services.recording.sources import IncomingDocument
    from claimreg.store.port import Store, Writer

WorkT = TypeVar("WorkT")


class ReadDocument(NamedTuple):
    """One document that a reference led to: its name for a person, and it or why it could not be read."""

    name: str
    document: IncomingDocument | None = None
    error: InputError | None = None


class DocumentReader(Protocol):
    """Reading documents in files, at addresses, on standard input; each method raises `InputError` where it cannot."""

    def read(self, reference: str, *, guess_language: bool = True, typed: bool = True) -> IncomingDocument:
        """Read one document; ``typed`` says that a person gave the address."""

    def read_each(self, reference: str, *, guess_language: bool = True) -> Generator[tuple[str, IncomingDocument], None, None]:
        """Read what one reference leads to, with the name of each: the reference where it is one document.

        What cannot be read beside others is told, and the others are given; raises `InputError` where none can be read.
        """

    def read_all(
        self, references: Sequence[str], *, guess_language: bool = True, known: Callable[[bytes], bool] | None = None
    ) -> Generator[ReadDocument, None, None]:
        """Read every document that the references lead to, folders and archives included.

        Of a document whose bytes are ``known``, nothing is read, see `IncomingDocument`.
        """

    def sha256_of(self, reference: str) -> str | None:
        """The SHA-256 of a file's bytes, in hexadecimal; ``None`` for what is no file."""


class NearlySame(Enum):
    """Answers to what becomes of a statement whose claim is nearly there already."""

    NEW_CLAIM = auto()
    SAME_CLAIM = auto()
    NOTHING = auto()


class Questions(Protocol):
    """A person who may be asked; each method may raise `NeedsAnswerError` where nobody answers."""

    def party(self, name: str, resolution: Resolution) -> Party | None:
        """The party that a name means; ``None`` for a new one."""

    def nearly_same(self, claim: Claim, name: str, *, speaks_already: bool) -> NearlySame:
        """Decide on a claim that says nearly the same; ``speaks_already`` says that the party of this name has a stance on it."""


class Understanding(NamedTuple):
    """A model of meaning, and where its vectors are kept."""

    encoder: Encoder
    vectors: Cache | None


class AskIndex(Protocol):
    """Asking the search index; see `claimreg.services.finding.claim_index.ask`."""

    def __call__(self, store: Store, work: Callable[[StatementIndex], WorkT], *, whole: bool = False) -> WorkT:
        """Return what ``work`` makes of the index, brought up to date."""


class NobodyToAsk:
    """Answers where there is no person: likeness alone decides nothing."""

    def party(self, _name: str, resolution: Resolution) -> Party | None:
        """Take the party that is meant without doubt, else a new one."""
        return resolution.party

    def nearly_same(self, claim: Claim, _name: str, *, speaks_already: bool) -> NearlySame:  # noqa: ARG002 -- the port's signature
        """Raise `NeedsAnswerError`."""
        raise NeedsAnswerError(f"Nothing was recorded: {claim.id} says nearly the same; attribute it, or ask for one more claim.")


def _ask(store: Store, work: Callable[[StatementIndex], WorkT], *, whole: bool = False) -> WorkT:
    from claimreg.services.finding.claim_index import ask

    return ask(store, work, whole=whole)


def _linker(collection: Collection | None = None) -> Linker:
    from claimreg.linker import LayeredLinker

    return LayeredLinker(collection)


def _unnoticed(*_told: object) -> None:
    """Take notice of nothing."""


class Surroundings(NamedTuple):
    """Surroundings of the use cases, given from outside.

    ``now`` gives the time (UTC, ISO 8601, to the second), ``user`` a name, ``questions`` who answers what a person must decide. ``tell``
    takes sentences on what went wrong beside the work, ``tell_aside`` those on what was done beside it, ``taken_in`` how many texts their
    index took in so far, ``documents_read`` how many documents were read. ``transaction`` opens the store's, and ``recorded`` is told after
    each what it changed. ``understanding`` counts what claims mean, and ``read_stamp`` tells what an authority's answer says.
    """

    user: Callable[[], str]
    now: Callable[[], str]
    documents: DocumentReader
    questions: Callable[[], Questions] = NobodyToAsk
    understanding: Understanding | None = None
    read_stamp: Callable[[bytes], StampedHash] | None = None
    linker: Callable[[Collection | None], Linker] = _linker
    ask_index: AskIndex = _ask
    tell: Callable[[str], None] = _unnoticed
    tell_aside: Callable[[str], None] = _unnoticed
    taken_in: Callable[[int], None] = _unnoticed
    documents_read: Callable[[int], None] = _unnoticed
    transaction: Callable[[Store, Change], AbstractContextManager[Writer]] = lambda store, change: store.write(change)
    recorded: Callable[[Store, Sequence[Event]], None] = _unnoticed
