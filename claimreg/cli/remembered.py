"""The last event of each registry that was written to here, kept outside of it: who cuts a history off or puts it back must cut this, too.

It is kept in the folder that the setting `state` names; `off` keeps nothing. A registry is known by the hash
of its first event, so that no place is told. What is lost or cannot be written is passed over without a word.
"""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.cli.settings import OFF, setting
from claimreg.errors import ClaimregError
from claimreg.store.port import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimreg.model import Event

_DIGITS = 64


def remember_head(store: Reader, written: "Sequence[Event]" = (), *, anew: bool = False) -> None:
    """Keep the last event of a registry that was just written to, if what is kept of it still is in its history.

    ``written`` are the events of the transaction, which tell what came before them. A history that lacks the event that is kept was cut
    off, put back or rewritten; what is kept goes on saying so, unless it is to be kept ``anew``.
    """
    # It is recorded by now; whatever fails here is nobody's concern.
    with suppress(ClaimregError):
        path = _path_of(store)
        known = _read(path) if path is not None else None
        if path is not None and (anew or known is None or _follows(written, known) or store.event_hash(known[0]) == known[1]):
            _write(path, (written[-1].seq, written[-1].hash) if written else store.head())


def remember_restored(location: str) -> None:
    """Keep the last event of a registry that was brought back from a copy: it goes on from there."""
    from claimreg.store.factory import open_store

    if setting("state").text == OFF:
        return
    with suppress(ClaimregError), closing(open_store(location, create=False)) as store:
        remember_head(store, anew=True)


def remembered_head(store: Reader) -> tuple[int, str] | None:
    """The last event that is remembered of a registry; ``None`` where none is."""
    with suppress(ClaimregError):
        path = _path_of(store)
        return _read(path) if path is not None else None
    return None


def _path_of(store: Reader) -> Path | None:
    folder = setting("state").text
    first = store.event_hash(1) if folder != OFF else None
    if first is None or len(first) != _DIGITS or not first.isalnum():
        return None
    return Path(folder) / "heads" / first


def _follows(written: "Sequence[Event]", point: tuple[int, str]) -> bool:
    return bool(written) and (written[0].seq - 1, written[0].previous) == point


def _read(path: Path) -> tuple[int, str] | None:
    try:
        seq, own = path.read_text("ascii").split()
        return int(seq), own
    except (OSError, ValueError):
        return None


def _write(path: Path, point: tuple[int, str]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.write_text(f"{point[0]} {point[1]}\n", "ascii")
        temporary.replace(path)
