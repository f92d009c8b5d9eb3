"""`stamp`: have an authority say that the history was there at a time."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import InputError, UsageError
from claimreg.render.safe import one_line
from claimreg.services.evidence.stamps import StampedHash, event_to_stamp, record_stamp, stamped_bytes

Ca = Annotated[
    Path | None, typer.Option("--ca", metavar="FILE.pem", help="Root certificate of the authority, to check the signatures of time stamps.")
]
MISSING = "Time stamps need an extra: pip install 'claimreg[stamp]'"


def stamp(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the authority (RFC 3161).", show_default=False)],
    ca: Ca = None,
    json: options.Json = False,
    db: options.Db = None,
) -> None:
    """Have an authority time-stamp the history (RFC 3161). Only a hash is sent to it.

    The hash covers everything recorded so far. The answer of the authority is kept as evidence, and `verify` checks it. Whoever
    trusts the authority need not trust your clock.

    \b
    Examples:
      claimreg stamp https://tsa.example.org/stamp --ca root.pem
    """
    _check_address(url)
    if not has_extra():
        raise InputError(MISSING)
    from claimreg.ingest.web.timestamp import ask_authority, read_certificates, signature_fault

    roots = read_certificates(ca) if ca is not None else None
    session = session_of(ctx, db)
    with reading(session) as store:
        event = event_to_stamp(store)
    answered = ask_authority(url, stamped_bytes(event))
    fault = signature_fault(answered.answer, roots) if roots is not None else None
    if fault is not None:
        raise InputError(f"The time stamp of {url} cannot be trusted: {fault}; nothing was recorded.")
    with OpenRegistry(session) as registry, registry.write("stamp") as writer:
        recorded = record_stamp(writer, event, url, answered.answer, answered.stamped_at)
    if json:
        from claimreg.codec import to_document
        from claimreg.render.machine import dumps

        typer.echo(dumps(to_document(recorded)))
        return
    typer.echo(one_line(f"Recorded {recorded.id}: {url} says that event {event.seq} was there at {recorded.stamped_at}, {event.hash}."))


def has_extra() -> bool:
    """Return whether the library that reads time stamps is installed."""
    return find_spec("rfc3161_client") is not None


def stamp_reader(ca: Path | None) -> "Callable[[bytes], StampedHash] | None":
    """Return the reader of an authority's answers for `verify`; ``None`` without the extra."""
    if not has_extra():
        if ca is not None:
            raise InputError(MISSING)
        return None
    from claimreg.ingest.web.timestamp import read_answer, read_certificates, signature_fault

    roots = read_certificates(ca) if ca is not None else None

    def read(answer: bytes) -> StampedHash:
        said = read_answer(answer)
        return StampedHash(said.imprint, said.stamped_at, signature_fault(answer, roots) if roots is not None else None)

    return read


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        fit = False
    if not fit:
        raise UsageError(f"“{url}” is no address of an authority; it starts with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise UsageError("Give the authority's address without a name or password; it is recorded as it is.")
