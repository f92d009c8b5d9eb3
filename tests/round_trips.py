"""Counting of round trips: a relay before a PostgreSQL server that counts how often a client waited for an answer."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_READY = b"Z\x00\x00\x00\x05"
"""How a server's message begins that says that it waits for the next question."""


class Relay:
    """A relay to a server at a port of this machine; ``trips`` counts the questions of all connections, connecting itself apart."""

    def __init__(self, port: int) -> None:
        self.trips = 0
        self._to = port
        self._connections: list[_Connection] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Take no more connections, and end those that are open."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()
        for one in self._connections:
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                self._connections.append(_Connection(self, client, socket.create_connection(("127.0.0.1", self._to))))


class _Connection:
    """One connection: a thread each way. A trip begins when the client sends something after the server had answered."""

    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket) -> None:
        self._relay = relay
        self._sockets = (client, server)
        self._is_ready = False
        self._has_answered = False
        self._lock = threading.Lock()
        ways = ((client, server, self._asked), (server, client, self._answered))
        self._threads = [threading.Thread(target=self._pass_on, args=way, daemon=True) for way in ways]
        for one in self._sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End it."""
        self._end()
        for thread in self._threads:
            thread.join()
        for one in self._sockets:
            one.close()

    def _pass_on(self, begin: socket.socket, end: socket.socket, note: Callable[[bytes], None]) -> None:
        with suppress(OSError):
            while piece := begin.recv(2**16):
                with self._lock:
                    note(piece)
                end.sendall(piece)
        self._end()

    def _end(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _asked(self, piece: bytes) -> None:
        # `X` ends a connection, which nobody waits for.
        if self._is_ready and self._has_answered and not piece.startswith(b"X"):
            self._relay.trips += 1
            self._has_answered = False

    def _answered(self, piece: bytes) -> None:
        self._has_answered = True
        self._is_ready = self._is_ready or _READY in piece


@contextmanager
def relay_to(port: int) -> Iterator[Relay]:
    """A relay for the time of the block."""
    relay = Relay(port)
    try:
        yield relay
    finally:
        relay.close()
