"""Derived indexes of a shared registry: files in the user's cache, begun with what the registry shares of them.

A client that has little takes what is shared and brings it up to date; whoever may does the opposite when a command ends, where what is
shared is far behind. What one takes is worth no more than what one made: it is read by its checksums, and left where it is not whole or
of another history.
"""

from __future__ import annotations

import re
import sys
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from claimreg.files import make_folder
from claimreg.store.port import DamagedIndexError
from claimreg.store.postgres.sharing import SharedIndex, SharedIndexes
from claimreg.store.segments import FORMAT, SegmentFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from claimreg.store.postgres.messages import Messages

CLAIMS = "claims"

_PRIVATE = 0o700
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FAR = 20
"""Part of an index, one of so many, that what is shared may be behind.

A new client takes that much in by itself: half a second at 100,000 claims, where all of it takes 11; and each claim is sent as often.
"""

LEAST = {CLAIMS: 2_000, "grams": 50, "words": 50}
"""Events, or texts, that are taken in at once, in a tenth of a second."""


def cache_folder() -> Path:
    """The folder of the indexes of all shared registries."""
    from platformdirs import user_cache_path

    return user_cache_path("claimreg", appauthor=False) / "registries"


class CachedIndexes:
    """The indexes of one registry; open to nobody but the user, as they hold its words.

    ``head`` is the number of the last event that was seen, so that the server is not asked for what it cannot have.
    """

    def __init__(self, messages: Messages, schema: str, uuid: str) -> None:
        self.shared = SharedIndexes(messages, schema)
        self.head = 0
        # The server is asked for the UUID, and must not name a folder elsewhere.
        self._folder = cache_folder() / uuid if _UUID.fullmatch(uuid) else None
        self._to_share: set[str] = set()

    def claims(self, *, whole: bool) -> SegmentFolder | None:
        """The files of the index of claims; ``None`` where the cache may not be written to."""
        return self._of(CLAIMS, whole=whole)

    def share(self) -> None:
        """Share what others would have to make, as far as the user may; nothing is said of what hinders it."""
        for kind in sorted(self._to_share) if not self.shared.messages.is_in_transaction else ():
            with suppress(Exception):
                self._share(kind)

    def remember(self, kind: str, size: int) -> None:
        """Note how much of an index is shared, or would be of no use to share."""
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / f"{kind}.shared").write_text(str(size), encoding="utf-8")

    def kept(self, kind: str, document: Mapping[str, Any]) -> None:
        """Take notice that an index was brought up to date."""
        if is_far(kind, size_of(kind, document), self._remembered(kind)):
            self._to_share.add(kind)

    def _of(self, kind: str, *, whole: bool = False, takes: bool = True) -> SharedFolder | None:
        if self._folder is None:
            return None
        try:
            make_folder(self._folder, _PRIVATE)
            return SharedFolder(self._folder / kind, kind, self, whole=whole, takes=takes)
        except OSError:
            return None

    def _remembered(self, kind: str) -> int:
        assert self._folder is not None  # noqa: S101 -- it has a folder that something was kept in
        try:
            return int((self._folder / f"{kind}.shared").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0

    def _share(self, kind: str) -> None:
        folder = self._of(kind, takes=False)
        if folder is None or sys.byteorder != "little":
            return
        with closing(folder), folder.locked():
            files = folder.files()
            if files is None:
                return
            own = _index(kind, *files)
            there = self.shared.get(kind)
            if not self.shared.may_put() or (there is not None and not _replaces(kind, own, there)):
                self.remember(kind, max(own.size, there.size if there is not None else 0))
            elif self.shared.put(kind, {False: own}, folder.path_of(""), self.shared.sealed_texts()):
                self.remember(kind, own.size)


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
                    self._take()
            yield

    def keep_files(self, document: dict[str, Any], names: Sequence[str]) -> None:
        super().keep_files(document, names)
        self._indexes.kept(self._kind, document)

    def clear(self) -> None:
        # What is made anew is made from the records.
        self._takes = False
        super().clear()

    def _take(self) -> None:
        files = self.files()
        size = size_of(self._kind, files[0]) if files is not None else 0
        if self._kind == CLAIMS and not is_far(CLAIMS, self._indexes.head, size):
            return
        shared = self._indexes.shared.get(self._kind)
        if shared is None or not shared.fits or shared.format != FORMAT or not is_far(self._kind, shared.size, size):
            return
        for name in shared.names:
            if files is None or name not in files[1]:
                self.bring(name, self._indexes.shared.pieces(self._kind, name))
        self._indexes.remember(self._kind, shared.size)
        super().keep_files(shared.document, shared.names)


def size_of(kind: str, document: Mapping[str, Any]) -> int:
    """How much an index has taken in: the events of the claims', the texts of the others; raises `DamagedIndexError`."""
    try:
        if kind == CLAIMS:
            return int(document["position"][0])
        return sum(last - first + 1 for first, last in document["known"])
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise DamagedIndexError(str(error)) from error


def is_far(kind: str, size: int, other: int) -> bool:
    """Return whether an index of one size is far ahead of one of another size."""
    return size - other >= max(LEAST[kind], size // _FAR)


def _index(kind: str, document: dict[str, Any], names: list[str]) -> SharedIndex:
    seq, own = document["position"]
    return SharedIndex(FORMAT, document["version"], (seq, own), size_of(kind, document), document, names)


def _replaces(kind: str, own: SharedIndex, there: SharedIndex) -> bool:
    """Return whether one's own index is to be shared in place of what is."""
    form, other = (own.format, own.version), (there.format, there.version)
    # Of two versions of claimreg at a desk, the newer one shares.
    return form > other or (form == other and (not there.fits or is_far(kind, own.size, there.size)))
