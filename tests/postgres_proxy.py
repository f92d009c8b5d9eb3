"""A stretch of network between a client and a PostgreSQL server, which loses connections where a test wants it to."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum, auto
from typing import Self

SECONDS_LATE = 1.0


class Fault(Enum):
    """What befalls the next COMMIT; whatever it is, the client's connection is lost."""

    NEVER_SENT = auto()
    ANSWER_LOST = auto()
    COMES_LATE = auto()
    AND_SERVER_AWAY = auto()
    """It never comes, and nobody can connect any more."""


class Proxy:
    """Hands on what client and server send each other, on a port of its own."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.next_fault: Fault | None = None
        self._is_away = False
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.lose_all()
        self._listener.close()

    def lose_all(self) -> None:
        """Lose all connections."""
        for one in self._open:
            _lose(one)
        self._open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                if self._is_away:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._open += [client, server]
                threading.Thread(target=self._hand_on, args=(client, server), daemon=True).start()
                threading.Thread(target=self._hand_back, args=(server, client), daemon=True).start()

    def _hand_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if b"COMMIT" not in data or self.next_fault is None:
                    server.sendall(data)
                    continue
                fault, self.next_fault = self.next_fault, None
                if fault is Fault.AND_SERVER_AWAY:
                    self._is_away = True
                if fault is Fault.COMES_LATE:
                    _lose(client)
                    threading.Event().wait(SECONDS_LATE)
                    server.sendall(data)
                    threading.Event().wait(SECONDS_LATE)
                elif fault is Fault.ANSWER_LOST:
                    _lose(client)
                    server.sendall(data)
                    threading.Event().wait(SECONDS_LATE)
                break
        _lose(server)
        _lose(client)

    def _hand_back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        _lose(client)


def _lose(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        one.close()
