"""A document from its web address, with evidence of how it was had.

Proxies are not used, whatever the environment says: which network address is connected to must be seen to be checked. Cookies
are neither sent nor kept, nothing is written to disk.
"""

from __future__ import annotations

import contextlib
import io
from http import HTTPStatus
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.ingest.types import Fetched, Limits
from claimreg.ingest.web.addresses import Address, follow, is_public, parse_address
from claimreg.ingest.web.connection import Answer, Wire, answered, resolve
from claimreg.ingest.web.http_message import content_codings, content_type, header, too_large, unpacked
from claimreg.ingest.web.warc import Exchange, WarcFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


MOST_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECT_BODY = 64 * 1024
_LONGEST_NUMBER = 20


def fetch(
    url: str,
    limits: Limits,
    *,
    now: Callable[[], str],
    user_agent: str,
    allow_private: bool = False,
    typed: bool = True,
    progress: Callable[[int], None] = lambda _count: None,
) -> Fetched:
    """Fetch a document; ``progress`` is told how many bytes of the present answer have come, ``now`` gives UTC with a ``Z``.

    A network address that is not public is asked only where ``allow_private`` is set, or a person typed ``url`` (``typed``) and it
    names that itself (an IP number, ``localhost``, a name of one label). Raises `InputError` for all that keeps the document from
    being had whole.
    """
    address = parse_address(url)
    wire = Wire(limits, address.shown, progress)
    warc = WarcFile(user_agent, now())
    seen: set[str] = set()
    while len(seen) <= MOST_REDIRECTS:
        seen.add(address.url)
        numbers = _checked(address, wire, parse_address(url) if len(seen) > 1 else None, typed=typed, allow_private=allow_private)
        at = now()
        with answered(address, numbers, wire, user_agent) as answer:
            if answer.status not in _REDIRECTS:
                _require_success(address, answer)
                return _kept(url.strip(), address, answer, wire, at, warc)
            body, truncated = _start_of(answer.chunks())
            warc.add(Exchange(address.url, at, answer.number, answer.request, answer.head, body, truncated))
            onward = _redirected(address, answer)
        if onward.url in seen:
            raise InputError(f"{wire.name} redirects in a circle, back to {onward.shown}; save the page from a browser.")
        address = onward
    raise InputError(f"{wire.name} redirects more than {MOST_REDIRECTS} times; save the page from a browser.")


def _checked(address: Address, wire: Wire, first: Address | None, *, typed: bool, allow_private: bool) -> list[str]:
    """The network addresses of a host, all of them checked; ``first`` is where a redirect came from."""
    numbers = resolve(address, wire)
    private = next((number for number in numbers if not is_public(number)), None)
    if private is None or allow_private or (first is None and typed and address.names_this_machine):
        return numbers
    way = f"{first.shown} redirects to {address.shown}, at" if first else f"{address.shown} is at"
    came = "" if typed else ", and it came with a document or a bundle"
    raise InputError(f"{way} {private}, an address of a private network{came}, so it is not fetched; `--allow-private` allows it.")


def _redirected(address: Address, answer: Answer) -> Address:
    location = header(answer.headers, "location")
    if not location:
        raise InputError(f"{address.shown} redirects ({answer.status}) without saying where to; save the page from a browser.")
    # http.client reads headers as Latin-1; addresses in them are UTF-8 where they are not ASCII.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    return follow(address, location)


def _require_success(address: Address, answer: Answer) -> None:
    if answer.status == HTTPStatus.OK:
        return
    phrase = next((one.phrase for one in HTTPStatus if one == answer.status), "")
    status = f"{answer.status} {phrase}".strip()
    raise InputError(f"{address.shown} answered {status}; check the address, or look for an archived copy of the page.")


def _start_of(chunks: Iterator[bytes]) -> tuple[bytes, str | None]:
    """The body of a redirect, which nobody reads: its start is enough, and it need not be whole."""
    body = b""
    try:
        for chunk in chunks:
            body += chunk
            if len(body) > _REDIRECT_BODY:
                return body[:_REDIRECT_BODY], "length"
    except InputError:
        return body, "disconnect"
    return body, None


def _kept(asked: str, address: Address, answer: Answer, wire: Wire, at: str, warc: WarcFile) -> Fetched:
    codings = content_codings(answer.headers)
    limit = wire.limits.size
    announced = header(answer.headers, "content-length") or ""
    if announced.isdecimal() and len(announced) < _LONGEST_NUMBER and int(announced) > limit:
        raise too_large(wire.name, limit)
    received = io.BytesIO()
    content = io.BytesIO()

    def arriving() -> Iterator[bytes]:
        for chunk in answer.chunks():
            received.write(chunk)
            if received.tell() > limit:
                raise too_large(wire.name, limit)
            yield chunk

    for piece in unpacked(arriving(), codings, limit, wire.name):
        if codings:
            content.write(piece)
    warc.add(Exchange(address.url, at, answer.number, answer.request, answer.head, received.getvalue()))
    kind = content_type(header(answer.headers, "content-type"))
    return Fetched(
        content=(content if codings else received).getvalue(), asked=asked, reached=address.url, status=answer.status,
        headers=answer.headers, media_type=kind.media_type, encoding=kind.charset, retrieved_at=at, warc=warc.content(),
    )  # fmt: skip
