"""A server of S3's interface on this machine, with files in one bucket; tests that ask for it are skipped where it is not installed."""

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest


@contextmanager
def storage_of(files: Mapping[str, bytes]) -> Iterator[str]:
    """The host and port of a server that holds these files in ``s3://bucket/``; it asks nobody for credentials."""
    fs = pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    moto = pytest.importorskip("moto.server", reason="the extra claimreg[cluster] is not installed")
    running = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    server = f"{host}:{port}"
    somebody = {"access_key": "a", "secret_key": "b"}
    system = fs.S3FileSystem(**somebody, region="us-east-1", scheme="http", endpoint_override=server, allow_bucket_creation=True)
    system.create_dir("bucket")
    for name, held in files.items():
        # By the name alone, pyarrow would pack what is packed already.
        with system.open_output_stream(f"bucket/{name}", compression=None) as file:
            file.write(held)
    yield server
    # All servers of a process hold the same buckets.
    _ask(server, "reset", b"")
    running.stop()


def settings(server: str) -> str:
    """What an address says of the server, behind its path."""
    return f"?scheme=http&endpoint_override={server}&region=us-east-1"


@contextmanager
def credentials_checked(server: str) -> Iterator[None]:
    """The time in which the server checks who asks; it knows nobody."""
    _ask(server, "reset-auth", b"0")
    yield
    _ask(server, "reset-auth", b"inf")


def _ask(server: str, what: str, content: bytes) -> None:
    asked = urllib.request.Request(f"http://{server}/moto-api/{what}", content, {"Content-Type": "text/plain"})
    urllib.request.urlopen(asked).close()  # noqa: S310 -- the address is our own
