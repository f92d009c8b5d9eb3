"""`stamp` against a real authority on this machine: OpenSSL's, behind a small server; and one that answers anything."""

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from postgres_server import new_address

from claimreg.cli import stamp as stamp_command
from claimreg.ingest.web import timestamp

from .conftest import Command

pytestmark = pytest.mark.every_store

pytest.importorskip("rfc3161_client", reason="the extra claimreg[stamp] is not installed")

CONFIGURATION = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = x
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


class Authority(NamedTuple):
    """An authority that listens at `url`; `answer` may be replaced by what else it shall say: status and body for a request."""

    url: str
    folder: Path
    requests: list[bytes]
    answer: list[Callable[[bytes], tuple[int, bytes]]]

    def stamped(self, request: bytes) -> tuple[int, bytes]:
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(request)
        keys = ["-signer", "leaf.pem", "-inkey", "leaf.key"]
        openssl(self.folder, "ts", "-config", "c.cnf", "-section", "tsa", "-reply", "-queryfile", str(query), *keys, "-out", str(reply))
        return 200, reply.read_bytes()


def openssl(folder: Path, *arguments: str) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl, which makes the authority, is not here")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority's keys with a root certificate, and another root that does not vouch for it."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "c.cnf").write_text(CONFIGURATION)
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "c.cnf"]
    for name in ("root", "other"):
        paths = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
        openssl(folder, "req", "-x509", *new_key, *paths, "-days", "30", "-subj", f"/CN={name}", "-extensions", "root")
    openssl(folder, "req", *new_key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=authority")
    signed = ["-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "2", "-days", "30", "-extfile", "c.cnf", "-extensions", "leaf"]
    openssl(folder, "x509", "-req", "-in", "leaf.csr", *signed, "-out", "leaf.pem")
    return folder


@pytest.fixture
def authority(keys: Path) -> Iterator[Authority]:
    requests: list[bytes] = []
    answers: list[Callable[[bytes], tuple[int, bytes]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append(body)
            status, content = answers[-1](body)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made = Authority(f"http://127.0.0.1:{server.server_address[1]}/stamp", keys, requests, answers)
    answers.append(made.stamped)
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_head_is_stamped_and_nothing_else_is_told(ferry: Command, authority: Authority) -> None:
    head = ferry("verify", "--json").json["head"]
    done = ferry("stamp", authority.url, "--ca", authority.folder / "root.pem")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Recorded T1: {authority.url} says that event ")
    assert done.stdout.endswith(f", {head}.\n")
    (request,) = authority.requests
    assert bytes.fromhex(head) in request
    assert len(request) < 80
    found = ferry("verify", "--json", "--ca", authority.folder / "root.pem")
    assert (found.code, found.stderr) == (0, "")
    assert found.json["checked"]["time stamps"] == 1
    assert "--ca" in ferry("verify").stderr
    assert ferry("show", "T1", "--json").json["head_hash"] == head
    assert ferry("history", "T1").code == 0
    # What is recorded later leaves the stamp as it is.
    ferry("add", "The pier is repaired", "--by", "A clerk")
    assert ferry("stamp", authority.url, "--json").json["id"] == "T2"
    assert ferry("verify", "--json").json["checked"]["time stamps"] == 2


def test_a_shared_registry_is_stamped(claimreg: Command, authority: Authority) -> None:
    place, ca = ("--db", new_address()), ("--ca", authority.folder / "root.pem")
    assert claimreg("init", *place).code == 0
    assert claimreg("stamp", authority.url, *place).code == 1
    assert claimreg("add", "The ferry left", "--by", "Clerk", *place).code == 0
    head = claimreg("verify", "--json", *place).json["head"]
    done = claimreg("stamp", authority.url, *ca, *place)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.endswith(f", {head}.\n")
    assert claimreg("verify", "--json", *ca, *place).json["checked"]["time stamps"] == 1
    assert claimreg("show", "T1", "--json", *place).json["head_hash"] == head


@pytest.mark.parametrize("closed", [">&-", "| true"])
def test_a_stamp_that_cannot_be_told_of_is_recorded(ferry: Command, authority: Authority, environment: dict[str, str], closed: str) -> None:
    command = f'"$@" {closed}' if closed == ">&-" else '{ sleep 1; "$@"; echo $? >&3; } 3>&2 | true'
    arguments = [sys.executable, "-m", "claimreg", "stamp", authority.url]
    done = subprocess.run(["sh", "-c", command, "sh", *arguments], env=environment, capture_output=True, check=False, timeout=60)
    told = "claimreg: T1 was recorded, but standard output cannot be written: Bad file descriptor.\n" if closed == ">&-" else "0\n"
    assert done.stderr.decode() == told
    assert ferry("show", "T1").code == 0


def test_openssl_takes_the_kept_answer_for_a_stamp_of_the_head(ferry: Command, authority: Authority, registry: Path) -> None:
    head = ferry("verify", "--json").json["head"]
    sha256 = ferry("stamp", authority.url, "--json").json["token_sha256"]
    answer = registry / "captures" / sha256[:2] / sha256
    openssl(authority.folder, "ts", "-verify", "-digest", head, "-in", str(answer), "-CAfile", "root.pem")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(authority.folder, "ts", "-verify", "-digest", "0" * 64, "-in", str(answer), "-CAfile", "root.pem")


def test_a_bundle_carries_the_stamp(ferry: Command, authority: Authority, tmp_path: Path) -> None:
    ferry("stamp", authority.url)
    ferry("export", "--bundle", "x.zip", "--case", "Ferry")
    found = ferry("verify", "x.zip", "--json", "--ca", authority.folder / "root.pem")
    assert found.code == 0
    assert found.json["checked"]["time stamps"] == 1
    assert ferry("verify", "x.zip", "--ca", authority.folder / "other.pem").code == 3
    done = ferry("import", "x.zip", "--db", tmp_path / "other")
    assert done.stderr.splitlines()[0] == "Left out: 1 time stamp, see `claimreg import -h`."


def test_a_stamp_moves_with_its_registry(ferry: Command, authority: Authority, registry: Path, tmp_path: Path) -> None:
    shared, ca = new_address(), ("--ca", authority.folder / "root.pem")
    assert ferry("stamp", authority.url).code == 0
    assert ferry("copy", registry, shared).code == 0
    assert ferry("copy", shared, tmp_path / "back").code == 0
    for place in (shared, tmp_path / "back"):
        found = ferry("verify", "--json", *ca, "--db", place)
        assert (found.code, found.json["checked"]["time stamps"]) == (0, 1)


def test_another_root_does_not_vouch_for_it(ferry: Command, authority: Authority, kept: Callable[[], object]) -> None:
    before = kept()
    done = ferry("stamp", authority.url, "--ca", authority.folder / "other.pem")
    assert done.code == 1
    assert "cannot be trusted" in done.stderr
    assert kept() == before
    ferry("stamp", authority.url)
    found = ferry("verify", "--ca", authority.folder / "other.pem")
    assert found.code == 3
    assert "damage\ttime stamps\tT1\tits signature does not hold" in found.stdout


ANSWERS: dict[str, Callable[[Authority, bytes], tuple[int, bytes]]] = {
    "not found": lambda _authority, _request: (404, b"nothing here"),
    "a redirection": lambda _authority, _request: (302, b""),
    "a page": lambda _authority, _request: (200, b"<html>Sign in</html>"),
    "nothing": lambda _authority, _request: (200, b""),
    "too much": lambda _authority, _request: (200, bytes(timestamp.LARGEST_ANSWER + 9)),
    "half of a stamp": lambda authority, request: (200, authority.stamped(request)[1][:-99]),
    "a refusal": lambda authority, _request: authority.stamped(b"no request at all"),
    "another hash": lambda authority, request: authority.stamped(with_byte_changed(request, 40)),
    "another nonce": lambda authority, request: authority.stamped(with_byte_changed(request, len(request) - 4)),
}


def with_byte_changed(request: bytes, place: int) -> bytes:
    """The 40th byte is one of the hash, the fourth from the end is the last one of the nonce."""
    return request[:place] + bytes([request[place] ^ 1]) + request[place + 1 :]


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_none_is_told_of_and_nothing_recorded(
    ferry: Command, authority: Authority, kept: Callable[[], object], what: str
) -> None:
    before = kept()
    authority.answer.append(lambda request: ANSWERS[what](authority, request))
    done = ferry("stamp", authority.url)
    assert (done.code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"claimreg: {authority.url} ")
    assert ("something else" in line) is ("another" in what)
    assert kept() == before


@contextmanager
def silent_server() -> Iterator[str]:
    """One that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/stamp"


@contextmanager
def dripping_server() -> Iterator[str]:
    """One that answers a byte at a time, and would for a minute."""
    gone = threading.Event()

    def drip() -> None:
        connection, _address = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1200\r\n\r\n")
            while not gone.wait(0.05):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/stamp"
        gone.set()
        thread.join()


def test_nobody_answers(ferry: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    done = ferry("stamp", "http://127.0.0.1:9/stamp")
    assert (done.code, done.stderr) == (
        1, "claimreg: http://127.0.0.1:9/stamp cannot be asked for a time stamp: Connection refused; nothing was recorded.\n"
    )  # fmt: skip
    monkeypatch.setattr(timestamp, "SECONDS", 0.2)
    for server in (silent_server, dripping_server):
        with server() as url:
            done = ferry("stamp", url)
        assert done.code == 1
        assert "no answer within 0.2 seconds" in done.stderr


@pytest.mark.parametrize(
    "url",
    ["tsa.example.org", "ftp://tsa.example.org", "file:///etc/passwd", "https://", "http://a:b@tsa.example", "http://[", "http://x\n"],
)
def test_what_is_no_address_is_not_asked(ferry: Command, url: str) -> None:
    done = ferry("stamp", url)
    assert (done.code, done.stdout) == (2, "")


def test_certificates_that_are_none(ferry: Command, notice: Path, authority: Authority) -> None:
    for path in (notice, notice.parent / "none.pem", notice.parent):
        assert ferry("stamp", authority.url, "--ca", path).code == 1
        assert ferry("verify", "--ca", path).code == 1
    assert authority.requests == []


def test_an_empty_registry_has_nothing_to_stamp(claimreg: Command, authority: Authority) -> None:
    claimreg("init")
    done = claimreg("stamp", authority.url)
    assert done.code == 1
    assert "nothing to stamp" in done.stderr
    assert authority.requests == []


def test_without_the_extra_it_says_how_to_have_it(
    ferry: Command, authority: Authority, monkeypatch: pytest.MonkeyPatch, registry: Path
) -> None:
    ferry("stamp", authority.url)
    monkeypatch.setattr(stamp_command, "has_extra", lambda: False)
    done = ferry("stamp", authority.url)
    assert (done.code, done.stderr) == (1, "claimreg: Time stamps need an extra: pip install 'claimreg[stamp]'\n")
    # What can be checked without is.
    assert ferry("verify").code == 0
    swap_answer(ferry, registry)
    assert "does not speak of that event" in ferry("verify").stdout


CHANGES = {
    "of another event": "UPDATE timestamps SET doc = json_set(doc, '$.head_seq', 2)",
    "of an event that is not there": "UPDATE timestamps SET doc = json_set(doc, '$.head_seq', 9999)",
    "of another hash": "UPDATE timestamps SET doc = json_set(doc, '$.head_hash', '00')",
    "of another time": "UPDATE timestamps SET doc = json_set(doc, '$.stamped_at', '2001-01-01T00:00:00Z')",
    "of no number": "UPDATE timestamps SET doc = json_set(doc, '$.head_seq', 'x')",
    "without its answer": "UPDATE timestamps SET doc = json_set(doc, '$.token_sha256', '00')",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_stamp_is_damage(ferry: Command, authority: Authority, registry: Path, what: str) -> None:
    ferry("stamp", authority.url)
    with sqlite3.connect(registry / "registry.db") as connection:
        connection.execute(CHANGES[what])
    found = ferry("verify", "--json")
    assert found.code == 3
    assert {"records", "time stamps"} <= {one["area"] for one in found.json["damage"]}


def test_an_answer_put_in_the_place_of_another_is_damage(ferry: Command, authority: Authority, registry: Path) -> None:
    ferry("stamp", authority.url)
    swap_answer(ferry, registry)
    found = ferry("verify")
    assert found.code == 3
    assert "damage\ttime stamps\tT1\tthe authority's answer is none" in found.stdout


def swap_answer(ferry: Command, registry: Path) -> None:
    """Let the record of the stamp name other bytes that are kept."""
    other = ferry("show", "S1", "--json").json["capture"]["sha256"]
    with sqlite3.connect(registry / "registry.db") as connection:
        connection.execute("UPDATE timestamps SET doc = json_set(doc, '$.token_sha256', ?)", (other,))
