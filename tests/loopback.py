"""A web server on this machine that answers with exactly the bytes it is told to, well formed or not."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

Answer = bytes | Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """An answer in full; headers are given with underscores. The length is added unless something else ends the body."""
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    if "Transfer-Encoding" not in lines:
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def page(text: str, content_type: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    return answer(text.encode(), Content_Type=content_type, **headers)


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"moved", status, Location=location)


class Site:
    """``routes`` maps paths (with query) to answers; ``requests`` holds the heads of all requests that came."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Answer] = {}
        self.requests: list[bytes] = []
        self.scheme = "https" if tls else "http"
        site = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                    with connection:
                        site._answer(connection)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return
            head += piece
            if head.startswith(b"\x16\x03"):  # TLS where none is spoken
                connection.sendall(answer(b"", "400 Bad Request"))
                return
        self.requests.append(head)
        route = self.routes.get(head.split(b" ")[1].decode(), answer(b"no such page", "404 Not Found"))
        if isinstance(route, bytes):
            connection.sendall(route)
        else:
            route(connection)
