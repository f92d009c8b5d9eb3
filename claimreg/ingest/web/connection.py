"""One request over a connection to a network address that was checked, under one deadline and one limit of size.

The standard library's timeouts hold for each read alone: a server that sends a byte now and then would be waited for without
end. Here each read waits only for what is left of the whole fetch, and what has come is counted.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, cast

from claimreg.errors import InputError
from claimreg.ingest.web.http_message import PIECE, Headers, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from urllib3.connection import HTTPConnection
    from urllib3.response import HTTPResponse

    from claimreg.ingest.types import Limits
    from claimreg.ingest.web.addresses import Address

CONNECT_SECONDS = 10.0
"""Seconds that one network address may take to answer a connection."""

LONGEST_HEAD = 256 * 1024
"""Bytes of status line and headers, those of interim answers included."""

MOST_NUMBERS = 4
"""Network addresses of one host that are tried."""

_FRAMING = 2**20


class Wire:
    """State of a fetch shared by all its hops: the deadline, the bytes still allowed, and the receiver of progress."""

    def __init__(self, limits: Limits, name: str, progress: Callable[[int], None]) -> None:
        self.limits = limits
        self.name = name
        self.progress = progress
        self._end = time.monotonic() + limits.seconds

    def remaining(self) -> float:
        """Seconds that are left; raises `InputError` when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def late(self) -> InputError:
        """The refusal of a server that takes too long."""
        return InputError(
            f"{self.name} did not come within {self.limits.seconds:g} seconds; try again later, or save the page from a browser."
        )


class Answer(NamedTuple):
    """Answer of a server; ``head`` and ``request`` are the very bytes, ``number`` the network address they went to.

    ``chunks`` gives the body once, with its transfer coding undone; it raises `InputError` for a body that breaks off.
    """

    status: int
    headers: Headers
    head: bytes
    request: bytes
    number: str
    chunks: Callable[[], Iterator[bytes]]


def resolve(address: Address, wire: Wire) -> list[str]:
    """All network addresses of the host; raises `InputError` when there are none, or the name service takes too long."""
    found: list[str] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    # The name service knows no timeout; a thread of it that hangs must not keep the program from ending.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(wire.remaining())
    if asking.is_alive():
        raise wire.late()
    if failed or not found:
        raise InputError(f"The host of {address.shown} is not known to the name service; check its spelling and the network connection.")
    return found


@contextmanager
def answered(address: Address, numbers: list[str], wire: Wire, user_agent: str) -> Generator[Answer]:
    """Ask for an address at the first of the network addresses that takes the connection; closed at the end, whatever happens.

    Raises `InputError` for all that can go wrong.
    """
    from urllib3.exceptions import HTTPError

    connection, number = _connected(address, numbers, wire)
    try:
        guarded = _GuardedSocket(cast("socket.socket", connection.sock), wire)
        connection.sock = cast("socket.socket", guarded)  # all that http.client asks of a socket is there
        response = _asked(connection, address, wire, user_agent)
        try:
            head = guarded.taken_head()
            if not re.search(rb"\n\r?\n$", head):
                raise _cut_off(address)
            if not _is_sound(head):
                raise _no_web_server(address)
            pairs = tuple((str(key), str(value)) for key, value in response.headers.iteritems())

            def chunks() -> Iterator[bytes]:
                try:
                    yield from response.stream(PIECE, decode_content=False)
                except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                    raise _broken(address, error) from None

            yield Answer(response.status, pairs, head, guarded.sent(), number, chunks)
        finally:
            response.close()
    finally:
        connection.close()


def _asked(connection: HTTPConnection, address: Address, wire: Wire, user_agent: str) -> HTTPResponse:
    """Send the request and read the head of the answer."""
    from urllib3.exceptions import HTTPError

    headers = {
        "Host": address.authority,
        "User-Agent": user_agent,
        "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.9,*/*;q=0.8",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    try:
        connection.request("GET", address.target, headers=headers, preload_content=False, decode_content=False)
        return connection.getresponse()
    except TimeoutError:
        raise wire.late() from None
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise _broken(address, error) from None


def _connected(address: Address, numbers: list[str], wire: Wire) -> tuple[HTTPConnection, str]:
    """A connection to one of the numbers themselves, so that no second look-up can lead elsewhere; TLS is held to the host's name."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.exceptions import HTTPError

    refusal = InputError(f"{address.authority} cannot be connected to; check the address and the network connection.")
    for number in numbers[:MOST_NUMBERS]:
        timeout = min(CONNECT_SECONDS, wire.remaining())
        connection = (
            HTTPSConnection(number, address.port, timeout=timeout, server_hostname=address.host, cert_reqs="CERT_REQUIRED")
            if address.scheme == "https"
            else HTTPConnection(number, address.port, timeout=timeout)
        )
        try:
            connection.connect()
        except BaseException as error:
            connection.close()
            refusal = _not_connected(address, error)
            if not isinstance(error, OSError | HTTPError):
                raise
            if isinstance(error, ssl.SSLError):
                break
            continue
        return connection, number
    raise refusal


def _not_connected(address: Address, error: BaseException) -> InputError:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return InputError(
            f"The certificate of {address.authority} is not valid ({why}), so nothing shows that it is that site; save the page yourself."
        )
    if isinstance(error, ssl.SSLError):
        return InputError(
            f"{address.authority} does not speak TLS as it should; try the address with http://, or save the page from a browser."
        )
    cause = error.__cause__ or error
    if isinstance(cause, ConnectionRefusedError):
        return InputError(f"{address.authority} refuses connections; check the address, or try again later.")
    if isinstance(cause, TimeoutError):
        return InputError(f"{address.authority} does not answer; check the address, or try again later.")
    return InputError(f"{address.authority} cannot be connected to; check the address and the network connection.")


def _broken(address: Address, error: Exception) -> InputError:
    from urllib3.exceptions import IncompleteRead, InvalidChunkLength

    causes = [error, *(argument for argument in error.args if isinstance(argument, Exception))]
    cut = any(isinstance(cause, IncompleteRead | InvalidChunkLength | http.client.IncompleteRead | ConnectionError) for cause in causes)
    return _cut_off(address) if cut or "prematurely" in str(error) else _no_web_server(address)


def _is_sound(head: bytes) -> bool:
    """Return whether all headers could be read: at a line that is none, http.client stops, and would pass over how the body is packed."""
    first, *lines = head.removesuffix(b"\n").removesuffix(b"\r").split(b"\n")
    status = re.match(rb"HTTP/1\.[01] +[0-9]{3}( |\r?$)", first)
    return status is not None and all(re.fullmatch(rb"([^\s:][^\r:]*:|[ \t])[^\r]*\r?", line) for line in lines if line)


def _no_web_server(address: Address) -> InputError:
    return InputError(f"{address.shown} does not answer as a web server does; check the address, or save the page from a browser.")


def _cut_off(address: Address) -> InputError:
    return InputError(f"The answer from {address.shown} breaks off before its end; fetch it again, or save the page from a browser.")


class _GuardedReads(io.RawIOBase):
    """Stream over a socket: no read waits past the deadline, and all bytes are counted."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._wire = wire
        self._received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # typeshed asks for any buffer, io hands in this one
        self._sock.settimeout(self._wire.remaining())
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            raise self._wire.late() from None
        self._received += count or 0
        # Lengths of chunks and headers come on top of the body; without an end they are endless too.
        if self._received > self._wire.limits.size + _FRAMING + self._received // 4:
            raise too_large(self._wire.name, self._wire.limits.size)
        self._wire.progress(self._received)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _HeadRecorder(io.BufferedReader):
    """Reader of a head that keeps the lines as they came; http.client reads all of it by line."""

    lines: list[bytes] | None = None
    size = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if self.lines is not None:
            self.lines.append(line)
            self.size += len(line)
            if self.size > LONGEST_HEAD:
                raise InputError("The server sends headers without end; save the page from a browser and give the file.")
        return line


class _GuardedSocket:
    """Stand-in for a connected socket within http.client."""

    def __init__(self, sock: socket.socket, wire: Wire) -> None:
        self._sock = sock
        self._wire = wire
        self._sent: list[bytes] = []
        self._reader: _HeadRecorder | None = None
        self.settimeout = sock.settimeout
        self.shutdown = sock.shutdown
        self.close = sock.close

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._wire.remaining())
        self._sock.sendall(data)
        self._sent.append(bytes(data))

    def makefile(self, _mode: str, *_: object) -> io.BufferedReader:
        self._reader = _HeadRecorder(_GuardedReads(self._sock, self._wire))
        self._reader.lines = []
        return self._reader

    def sent(self) -> bytes:
        return b"".join(self._sent)

    def taken_head(self) -> bytes:
        """The head of the final answer, without interim ones; nothing more is kept from here on."""
        if self._reader is None or self._reader.lines is None:
            return b""
        lines, self._reader.lines = self._reader.lines, None
        starts = [at for at, line in enumerate(lines) if re.match(rb"HTTP/\d", line)]
        return b"".join(lines[starts[-1] :] if starts else lines)
