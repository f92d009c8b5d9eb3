"""Keep what was gathered from files of ours in a file of the user's cache, where to gather it anew takes longer than to read it.

The kept file's name has a digest of the names, sizes and times of the files that it was gathered from, and its first line a checksum:
one that is not of these files, or is not what was written, is not read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimreg.errors import ClaimregError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimreg.shipped import Shipped


def kept(name: str, sources: Sequence[Shipped], gather: Callable[[], dict[str, Any]], folder: Path | None = None) -> dict[str, Any]:
    """Return what ``gather`` makes of the files ``sources``: a JSON object, as it was kept under a name, or made and kept now.

    ``folder`` keeps it, the user's cache unless another is named. Nothing is kept of a package that is run from an archive, whose files
    have no time of their own.
    """
    paths = [source for source in sources if isinstance(source, Path)]
    if len(paths) < len(sources):
        return gather()
    if folder is None:
        from platformdirs import user_cache_path

        folder = user_cache_path("claimreg", appauthor=False)
    path = folder / f"{name}-{_digest(paths)}.json"
    found = _read(path)
    return _gathered(path, gather()) if found is None else found


def _digest(sources: Sequence[Path]) -> str:
    told = [(path.name, status.st_size, status.st_mtime_ns) for path in sources for status in (path.stat(),)]
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """The object kept before; ``None`` where the file is missing or is not what was written."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    found: dict[str, Any] | None = json.loads(body) if checksum == _checksum(body) else None
    return found


def _gathered(path: Path, document: dict[str, Any]) -> dict[str, Any]:
    from claimreg.files import make_folder, write_whole

    body = json.dumps(document, ensure_ascii=False).encode()
    # Where nothing can be kept, as in the process that reads documents, each start gathers anew.
    with suppress(OSError, ClaimregError):
        make_folder(path.parent)
        write_whole(path, _checksum(body) + b"\n" + body)
    return document


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).hexdigest().encode()
