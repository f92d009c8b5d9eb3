"""Derived indexes of a shared registry: files in the user's cache, begun with what the registry shares of them.

A client that has little takes what is shared and brings it up to date; whoever may does the opposite when a command ends, where what is
shared is far behind. What one takes is worth no more than what one made: it is read by its checksums, and left where it is not whole or
of another history.
"""

from __future__ import annotations

import re
import shutil
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from claimreg.files import make_folder
from claimreg.store.port import DamagedIndexError
from claimreg.store.postgres.sharing import SharedIndex, SharedIndexes
from claimreg.store.segments import FORMAT, SegmentFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claimreg.store.port import GramIndex
    from claimreg.store.postgres.messages import Messages
    from claimreg.store.postgres.text_index import SharedTextIndex

CLAIMS = "claims"

_PRIVATE = 0o700
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FAR = 20
"""Part of an index, one of so many, that what is shared may be behind.

A new client takes that much in by itself: half a second at 100,000 claims, where all of it takes 11; and each claim is sent as often.
"""

LEAST = {CLAIMS: 2_000, "grams": 50, "words": 50}
"""Events, or texts, that are taken in at once, in a tenth of a second."""


_MOST_TEXTS = 1 << 24

_ASKED_FOR = 200
"""Events that are to be taken in from which on the server is asked for more: each command of a busy desk takes in a few."""


def cache_folder() -> Path:
    """The folder of the indexes of all shared registries."""
    from platformdirs import user_cache_path

    return user_cache_path("claimreg", appauthor=False) / "registries"


class CachedIndexes:
    """The indexes of one registry; open to nobody but the user, as they hold its words.

    Nothing is kept before it is `set_up`. ``head`` is the number of the last event that was seen, so that the server is not asked for what
    it cannot have.
    """

    def __init__(self, messages: Messages, schema: str) -> None:
        self.shared = SharedIndexes(messages, schema)
        self.sees_withheld = False
        self._uuid = ""
        self._generation = 0
        self.head = 0
        self._to_share: set[str] = set()
        self._apart: Path | None = None

    def set_up(self, uuid: str, generation: int, *, sees_withheld: bool) -> None:
        """Learn the registry's UUID, how often all indexes were to be made anew, and whether the user may see withheld sources."""
        # The server is asked for the UUID, and must not name a folder elsewhere.
        self._uuid = uuid if _UUID.fullmatch(uuid) else ""
        self._generation = generation
        self.sees_withheld = sees_withheld

    def begin_anew(self) -> None:
        """Take away what is shared, and have every client make its indexes anew; raises what psycopg raises."""
        self.shared.take_away()
        self._generation += 1

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Keep indexes in a folder of their own, which goes when the block ends; nothing is taken by itself, and nothing shared."""
        folder = self._private_folder()
        # Beside the others, as they may take as much room.
        with TemporaryDirectory(prefix="apart-", dir=folder) as name:
            before, self._apart = self._apart, Path(name)
            try:
                yield
            finally:
                self._apart = before

    def begin_as_shared(self, kind: str) -> bool:
        """Have an index begin as what is shared of it; gives whether there is something that this claimreg reads.

        Raises `DamagedIndexError` where that is not whole or of another history.
        """
        folder = self._folder_of(kind, takes=False)
        if folder is None:
            return False
        with closing(folder), folder.locked():
            return folder.take()

    def claims(self, *, whole: bool) -> SegmentFolder | None:
        """The files of the index of claims; ``None`` where the cache may not be written to."""
        return self._folder_of(CLAIMS, whole=whole)

    def texts(self, kind: str) -> GramIndex | None:
        """An index of captured texts, ``grams`` or ``words``; ``None`` as above."""
        folder = self._folder_of(kind)
        return self._text_index(folder) if folder is not None else None

    def share(self) -> None:
        """Share what others would have to make, as far as the user may; nothing is said of what hinders it."""
        kinds, self._to_share = sorted(self._to_share), set()
        # A command that failed or was interrupted ends at once.
        if sys.exc_info()[0] is not None or self.shared.messages.is_in_transaction:
            return
        for kind in kinds:
            with suppress(Exception):
                self._share(kind)

    def kept(self, kind: str, size: int) -> None:
        """Take notice that an index of this size is kept now."""
        if self._apart is not None:
            return
        # Of the others, what is shared may be taken away.
        if kind != CLAIMS or is_far(kind, size, self._remembered(kind)):
            self._to_share.add(kind)

    def remember(self, kind: str, size: int) -> None:
        """Note how much of an index is shared, or need not be."""
        if self._apart is not None:
            return
        with suppress(OSError):
            self._note_of(kind).write_text(str(size), encoding="utf-8")

    def _remembered(self, kind: str) -> int:
        try:
            return int(self._note_of(kind).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0

    def _note_of(self, kind: str) -> Path:
        return self._named_folder() / f"{kind}.shared"

    def _folder_of(self, kind: str, *, whole: bool = False, takes: bool = True) -> SharedFolder | None:
        folder = self._apart or self._private_folder()
        try:
            return SharedFolder(folder / kind, kind, self, whole=whole, takes=takes and self._apart is None) if folder is not None else None
        except OSError:
            return None

    def _private_folder(self) -> Path | None:
        """The folder of this registry; ``None`` where there can be none."""
        if not self._uuid:
            return None
        folder = self._named_folder()
        try:
            if not folder.is_dir():
                make_folder(folder.parent, _PRIVATE)
                for earlier in folder.parent.iterdir():
                    shutil.rmtree(earlier, ignore_errors=True)
                make_folder(folder, _PRIVATE)
        except OSError:
            return None
        return folder

    def _named_folder(self) -> Path:
        return cache_folder() / self._uuid / str(int(self._generation))

    def _text_index(self, folder: SegmentFolder) -> SharedTextIndex:
        from claimreg.store.postgres.text_index import SharedTextIndex

        return SharedTextIndex(folder, set if self.sees_withheld else self.shared.sealed_texts)

    def _share(self, kind: str) -> None:
        folder = self._folder_of(kind, takes=False)
        if folder is None or sys.byteorder != "little":
            return
        with closing(folder), folder.locked():
            if not self.shared.may_put():
                self.remember(kind, folder.size())
                return
            sealed_texts = self.shared.sealed_texts()
            own = self._own(kind, folder, sealed_texts)
            try:
                there = self.shared.get(kind)
            except DamagedIndexError:
                there = None
            if there is not None and not _replaces(kind, own[False], there):
                self.remember(kind, max(own[False].size, there.size))
            elif self.shared.put(kind, own, folder.path_of(""), sealed_texts):
                self.remember(kind, own[False].size)

    def _own(self, kind: str, folder: SharedFolder, sealed_texts: set[int]) -> dict[bool, SharedIndex]:
        """The user's own index, in two where it has texts of withheld sources: theirs under ``True``."""
        if kind == CLAIMS:
            document, names = _listed(folder)
            return {False: _index(kind, document, names)}
        index = self._text_index(folder)
        index.load()
        apart = index.set_apart(sealed_texts)
        _document, names = _listed(folder)
        known = {False: index.known - sealed_texts, True: index.known & sealed_texts}
        return {
            sealed: _index(
                kind, index.document(known[sealed]), [name for name, of_these in zip(names, apart, strict=True) if of_these == sealed]
            )
            for sealed in known
            if known[sealed] or not sealed
        }


class SharedFolder(SegmentFolder):
    """The files of one index, which begin as what is shared of it."""

    def __init__(self, folder: Path, kind: str, indexes: CachedIndexes, *, whole: bool, takes: bool) -> None:
        super().__init__(folder, whole=whole)
        self._kind = kind
        self._indexes = indexes
        self._takes = takes

    @contextmanager
    def locked(self) -> Iterator[None]:
        with super().locked():
            # Whoever asks for the lock is about to take in what is missing.
            if self._takes:
                self._takes = False
                # Whatever hinders it, the index can be made without.
                with suppress(Exception), self._indexes.shared.apart():
                    self._take_if_behind()
            yield

    def keep_files(self, document: dict[str, Any], names: Sequence[str]) -> None:
        super().keep_files(document, names)
        self._indexes.kept(self._kind, size_of(self._kind, document))

    def clear(self) -> None:
        # What is made anew is made from the records.
        self._takes = False
        super().clear()

    def size(self) -> int:
        """Measure of what is kept; 0 where that is nothing."""
        files = self.files()
        return size_of(self._kind, files[0]) if files is not None else 0

    def take(self) -> bool:
        """Begin as what is shared, whatever is here; see `CachedIndexes.begin_as_shared`. To be called while it is locked."""
        opened = self._indexes.shared.get(self._kind)
        if opened is None or opened.format != FORMAT:
            return False
        if not opened.fits:
            raise DamagedIndexError(f"{self._kind} of another history")
        # A list that is none is not taken.
        size_of(self._kind, opened.document)
        files = self.files()
        there = set(files[1]) if files is not None else set()
        parts = self._parts(opened)
        for sealed, index in parts.items():
            for name in set(index.names) - there:
                self.bring(name, self._indexes.shared.pieces(self._kind, name, sealed=sealed))
        self._indexes.remember(self._kind, opened.size)
        super().keep_files(_joined([one.document for one in parts.values()]), [name for one in parts.values() for name in one.names])
        return True

    def _take_if_behind(self) -> None:
        size = self.size()
        if self._kind == CLAIMS and self._indexes.head - size < min(_ASKED_FOR, LEAST[CLAIMS]):
            return
        opened = self._indexes.shared.get(self._kind)
        if opened is not None and is_far(self._kind, opened.size, size):
            self.take()

    def _parts(self, opened: SharedIndex) -> dict[bool, SharedIndex]:
        """Indexes that are shared, for those who may see them with the texts of withheld sources under ``True``."""
        sealed = self._indexes.shared.get(self._kind, sealed=True) if self._kind != CLAIMS and self._indexes.sees_withheld else None
        alike = sealed is not None and sealed.fits and (sealed.format, sealed.version) == (opened.format, opened.version)
        # Its words would count twice, were a text in both.
        if sealed is None or not alike or known_of(sealed.document) & known_of(opened.document):
            return {False: opened}
        return {False: opened, True: sealed}


def known_of(document: Mapping[str, Any]) -> set[int]:
    """The numbers of the texts that an index has; raises `DamagedIndexError`."""
    try:
        runs = [(int(first), int(last)) for first, last in document["known"]]
        if sum(last - first + 1 for first, last in runs) > _MOST_TEXTS:
            raise DamagedIndexError("more texts than anybody has")
        return {number for first, last in runs for number in range(first, last + 1)}
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedIndexError(str(error)) from error


def size_of(kind: str, document: Mapping[str, Any]) -> int:
    """Measure of what an index has taken in: the events of the claims', the texts of the others; raises `DamagedIndexError`."""
    try:
        return int(document["position"][0]) if kind == CLAIMS else len(known_of(document))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise DamagedIndexError(str(error)) from error


def is_far(kind: str, size: int, other: int) -> bool:
    """Return whether an index of one size is far ahead of one of another size."""
    return size - other >= max(LEAST[kind], size // _FAR)


def _listed(folder: SegmentFolder) -> tuple[dict[str, Any], list[str]]:
    files = folder.files()
    if files is None:
        raise DamagedIndexError("nothing is kept")
    return files


def _index(kind: str, document: dict[str, Any], names: list[str]) -> SharedIndex:
    seq, own = document["position"]
    return SharedIndex(FORMAT, document["version"], (seq, own), size_of(kind, document), document, names)


def _joined(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The document of an index that has the texts of all."""
    if len(documents) == 1:
        return documents[0]
    return {**documents[0], "known": [one for document in documents for one in document["known"]]}


def _replaces(kind: str, own: SharedIndex, there: SharedIndex) -> bool:
    """Return whether one's own index is to be shared in place of what is."""
    form, other = (own.format, own.version), (there.format, there.version)
    # Of two versions of claimreg at a desk, the newer one shares.
    return form > other or (form == other and (not there.fits or is_far(kind, own.size, there.size)))
