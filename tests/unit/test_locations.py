"""Locations of documents: paths, and URLs of a storage on this machine that behaves and misbehaves."""

import gzip
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Site, answer
from storage import credentials_checked, settings, storage_of

from claimreg.corpus import locations
from claimreg.corpus.locations import Kind, is_url, joined, kind_of, listed, opened, size_of, unreadable_told
from claimreg.errors import ClaimregError, InputError, UsageError

SECRET = "wJalrXUtnFEMI/K7MDENG"  # noqa: S105 -- an example of the shape, nobody's
ASKING: list[Callable[[str], object]] = [kind_of, size_of, opened, listed]


def refusal(ask: Callable[[str], object], location: str, error: type[ClaimregError] = InputError) -> str:
    with pytest.raises(ClaimregError) as caught:
        ask(location)
    assert type(caught.value) is error
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(".")
    assert caught.value.__cause__ is None or not is_url(location)
    return told


def content(location: str) -> bytes:
    with unreadable_told(location), opened(location) as file:
        return file.read()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No credentials or settings of the tester's own, and nobody asked for any."""
    for name in [name for name in os.environ if name.startswith("AWS")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    locations._s3.cache_clear()
    locations._google.cache_clear()
    return monkeypatch


# Paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.jsonl", "a/2.jsonl", "a/1 é%.jsonl", "_SUCCESS", ".hidden", "_temporary/0/c.jsonl", "a/.2.jsonl.crc"):
        path = tmp_path / "parts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path / "parts"


def test_the_kinds_of_paths_are_told_apart(folder: Path) -> None:
    assert kind_of(str(folder)) is Kind.FOLDER
    assert kind_of(str(folder / "b.jsonl")) is Kind.FILE
    assert kind_of(str(folder / "none")) is Kind.MISSING
    assert kind_of(str(folder / "b.jsonl" / "below")) is Kind.MISSING
    assert kind_of(os.devnull) is Kind.OTHER


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert kind_of(str(tmp_path / "pipe")) is Kind.OTHER


def test_a_path_is_read(folder: Path) -> None:
    location = joined(str(folder), "a/1 é%.jsonl")
    assert location == str(folder / "a" / "1 é%.jsonl")
    assert content(location).decode() == "a/1 é%.jsonl"
    assert size_of(location) == len("a/1 é%.jsonl".encode())


def test_all_files_of_a_folder_are_listed_in_order(folder: Path) -> None:
    names = [".hidden", "_SUCCESS", "_temporary/0/c.jsonl", "a/.2.jsonl.crc", "a/1 é%.jsonl", "a/2.jsonl", "b.jsonl"]
    assert listed(str(folder)) == [(name, len(name.encode())) for name in names]


def test_a_file_and_a_missing_folder_are_not_listed(folder: Path) -> None:
    assert refusal(listed, str(folder / "b.jsonl")) == f"{folder / 'b.jsonl'} is no folder."
    assert refusal(listed, str(folder / "none")) == f"There is no folder {folder / 'none'}."


def test_a_missing_file_and_an_impossible_name_are_told(folder: Path) -> None:
    assert refusal(opened, str(folder / "none")) == f"There is no file {folder / 'none'}."
    assert refusal(size_of, str(folder / "none")) == f"There is no file {folder / 'none'}."
    assert refusal(kind_of, "a\0b") == "The file's name holds a NUL character."
    assert refusal(opened, str(folder)).endswith("cannot be read: Is a directory.")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever is root may read everything")
def test_a_folder_that_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "a").chmod(0)
    try:
        assert "cannot be read: Permission denied." in refusal(listed, str(folder))
    finally:
        (folder / "a").chmod(0o700)


def test_paths_are_read_without_pyarrow(folder: Path) -> None:
    code = (
        "import sys; from claimreg.corpus.locations import kind_of, listed, opened, size_of; where = sys.argv[1]; "
        "kind_of(where), listed(where), opened(where + '/b.jsonl').close(), size_of(where + '/b.jsonl'); "
        "sys.exit('pyarrow' in sys.modules or 'urllib.parse' in sys.modules and 'urllib.request' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(folder)], check=False).returncode == 0


# URLs in general


def test_urls_and_paths_are_told_apart() -> None:
    assert all(map(is_url, ["s3://bucket/x", "S3://bucket", "file:///tmp", "ftp://host", "what+ever.2-x://"]))
    assert not any(map(is_url, ["a/b", "/a//b", "C:\\a", "c:/a", "file:a", "a b://c", "-", "", "://x"]))


def test_the_address_of_a_file_is_a_path(folder: Path) -> None:
    url = joined(folder.as_uri(), "a/1 é%.jsonl")
    assert url == f"{folder.as_uri()}/a/1%20%C3%A9%25.jsonl"
    assert content(url).decode() == "a/1 é%.jsonl"
    assert listed(folder.as_uri() + "/") == listed(str(folder))
    assert kind_of("FILE" + folder.as_uri().removeprefix("file")) is Kind.FOLDER


@pytest.mark.parametrize("url", ["file://tmp/x", "file://localhost/tmp", "file://", "file://./x"])
@pytest.mark.parametrize("ask", ASKING)
def test_an_address_of_files_with_a_host_is_refused(ask: Callable[[str], object], url: str) -> None:
    assert "has no host and is absolute" in refusal(ask, url)


@pytest.mark.parametrize("ask", ASKING)
def test_an_unknown_scheme_is_told_with_those_that_are_known(ask: Callable[[str], object]) -> None:
    told = refusal(ask, f"ftp://user:{SECRET}@host/x")
    assert told.startswith("Nothing can be read from ftp:// addresses; give a path, or an address that starts with one of file://, s3://,")
    assert "MDENG" not in told


@pytest.mark.parametrize(
    "url",
    [
        f"s3://AKIAEXAMPLE:{SECRET}@bucket/x",
        f"s3://AKIAEXAMPLE:{SECRET.replace('/', '')}@bucket/x",
        "s3://AKIAEXAMPLE@bucket/x",
        "s3://AKIAEXAMPLE:12/MDENG@bucket/x",
        "s3://AKIAEXAMPLE:/MDENG@bucket/x",
        f"s3://AKIAEXAMPLE:{SECRET.replace('/', '?')}@bucket/x",
        f"s3://bucket/x?access_key=AKIAEXAMPLE&secret_key={SECRET}",
        "s3://bucket/x?AWSAccessKeyId=AKIAEXAMPLE",
        f"s3://bucket/x?X-Amz-Signature={SECRET}",
        f"s3://bucket/x?session_token={SECRET}",
        "s3://bucket/x?endpoint_override=AKIAEXAMPLE:MDENG@host",
        f"gs://bucket/x?Access.Token={SECRET}",
        "gs://AKIAEXAMPLE@bucket/x",
        "hdfs://AKIAEXAMPLE:MDENG@host:8020/x",
        "hdfs://AKIAEXAMPLE@host/x",
        "abfs://container:MDENG@account.dfs.core.windows.net/x",
        "abfss://:MDENG@account.dfs.core.windows.net/x",
        f"abfs://container@account.dfs.core.windows.net/x?account_key={SECRET}",
        f"abfs://container@account.dfs.core.windows.net/x?sv=2024&sig={SECRET}",
        "abfs://container@account.dfs.core.windows.net/x?client_secret=MDENG",
        "file:///x?password=MDENG",
    ],
)
@pytest.mark.parametrize("ask", ASKING)
def test_credentials_in_an_address_are_refused_and_not_repeated(ask: Callable[[str], object], url: str) -> None:
    told = refusal(ask, url, UsageError)
    assert told.startswith(f"Give the {url.partition(':')[0]}:// address without user name, password or key")
    assert "AKIA" not in told
    assert "MDENG" not in told


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3:///x", "gs://", "abfs://", "hdfs://host:port/x", "hdfs://host:0/x", "hdfs://[::1/x", "s3://b/a\nb", "s3://b/a\x1bb"],
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    assert "address cannot be read: it names no bucket or host" in refusal(kind_of, url)


def test_settings_that_are_not_known_are_told_without_them() -> None:
    told = refusal(kind_of, f"s3://bucket/x?{SECRET}=1&region=eu-west-1")
    assert told == "After its “?”, the s3:// address says what is not known there; known are: region, scheme, endpoint_override."
    assert refusal(kind_of, "file:///tmp?x").endswith("known are: none.")


@given(st.text(min_size=1).filter(lambda text: not {"/", "\0"} & set(text) and text not in {".", ".."}))
def test_the_name_of_a_file_stays_itself_in_an_address(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    url = joined("file:///parts/", name)
    assert locations._path(url) == f"/parts/{name}"
    assert joined("s3://bucket/parts?region=eu-west-1", name).endswith("?region=eu-west-1")


# A storage on this machine


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The host and port of a server of S3 with a few files."""
    files = {
        "parts/b.jsonl": b"0123456789" * 300_000,
        "parts/date=2024-05-01/1 é%#?.jsonl": "Көпір".encode(),
        "parts/_SUCCESS": b"",
        "parts/_temporary/c.jsonl": b"c",
        "parts/.hidden/c.jsonl": b"c",
        "parts/packed.gz": gzip.compress(b"a line\n" * 100_000),
    }
    with storage_of(files) as server:
        yield server


@pytest.fixture
def parts(server: str) -> str:
    """The address of a folder of parts."""
    return f"s3://bucket/parts{settings(server)}"


def test_a_storage_is_listed_as_a_folder_is(parts: str) -> None:
    assert kind_of(parts) is Kind.FOLDER
    assert kind_of(parts.replace("/parts", "")) is Kind.FOLDER
    helping = [(".hidden/c.jsonl", 1), ("_SUCCESS", 0), ("_temporary/c.jsonl", 1)]
    names = [*helping, ("b.jsonl", 3_000_000), ("date=2024-05-01/1 é%#?.jsonl", 10)]
    assert [one for one in listed(parts) if one[0] != "packed.gz"] == names
    assert listed(parts.replace("/parts?", "/parts/?")) == listed(parts)
    assert [name for name, _ in listed(parts.replace("/parts?", "?"))] == [f"parts/{name}" for name, _ in listed(parts)]


def test_a_file_of_a_storage_is_read(parts: str) -> None:
    location = joined(parts, "date=2024-05-01/1 é%#?.jsonl")
    assert location.startswith("s3://bucket/parts/date=2024-05-01/1%20%C3%A9%25%23%3F.jsonl?scheme=http&")
    assert kind_of(location) is Kind.FILE
    assert size_of(location) == 10
    assert content(location).decode() == "Көпір"


def test_a_file_of_a_storage_is_read_in_pieces(parts: str) -> None:
    with opened(joined(parts, "b.jsonl")) as file:
        assert file.seekable()
        assert (file.seek(1_234_567), file.read(3), file.tell()) == (1_234_567, b"789", 1_234_570)
        assert file.seek(-4, os.SEEK_END) == 2_999_996
        assert (file.read(100), file.read(100)) == (b"6789", b"")
        file.seek(0)
        assert len(file.read(2_500_000)) == 2_500_000
    assert file.closed


def test_a_packed_file_of_a_storage_is_read(parts: str) -> None:
    with opened(joined(parts, "packed.gz")) as file, gzip.open(file) as lines:
        assert sum(1 for line in lines if line == b"a line\n") == 100_000


def written(parts: str, name: str, held: bytes) -> str:
    location = joined(parts, name)
    storage = locations._storage(location)
    with storage.system.open_output_stream(storage.path, compression=None) as file:
        file.write(held)
    return location


def test_a_file_packed_with_zstandard_is_read(parts: str) -> None:
    zstandard = pytest.importorskip("zstandard", reason="the extra claimreg[scan] is not installed")
    location = written(parts, "_more/packed.zst", zstandard.compress(b"a line\n" * 100_000))
    with opened(location) as file, zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as lines:
        assert len(lines.read(10_000_000)) == 700_000


def test_a_parquet_file_is_read_by_row_group(parts: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra claimreg[scan] is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    held = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": [f"d{i}" for i in range(1_000)], "text": ["text"] * 1_000}), held, row_group_size=100)
    with opened(written(parts, "_more/rows.parquet", held.getvalue())) as file, parquet.ParquetFile(file) as table:
        assert table.metadata.num_row_groups == 10
        assert table.read_row_group(7, columns=["id"]).column(0)[0].as_py() == "d700"


def test_the_server_is_taken_from_the_environment(parts: str, server: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AWS_ENDPOINT_URL", f"http://{server}")
    environment.setenv("AWS_REGION", "us-east-1")
    assert listed("s3://bucket/parts") == listed(parts)


def test_what_is_not_in_a_storage_is_told(parts: str) -> None:
    missing = joined(parts, "none.jsonl")
    assert kind_of(missing) is Kind.MISSING
    assert refusal(opened, missing) == refusal(size_of, missing) == f"There is no file {missing}."
    assert refusal(listed, missing) == f"There is no folder {missing}."
    assert refusal(listed, joined(parts, "b.jsonl")).endswith(" is no folder.")
    assert refusal(opened, parts) == f"There is no file {parts}."


def test_a_missing_bucket_is_missing(parts: str) -> None:
    nowhere = parts.replace("//bucket", "//nobody")
    assert kind_of(nowhere) is Kind.MISSING
    assert refusal(listed, nowhere) == f"There is no folder {nowhere}."


@pytest.fixture
def checked_parts(parts: str, server: str) -> Iterator[str]:
    """The same folder, while the server checks who asks."""
    with credentials_checked(server):
        yield parts


@pytest.mark.parametrize("ask", ASKING)
def test_wrong_credentials_are_told_at_once(ask: Callable[[str], object], checked_parts: str) -> None:
    began = time.monotonic()
    told = refusal(ask, checked_parts)
    assert told.startswith(f"{checked_parts} cannot be read: access is denied; credentials are taken from where the storage's own tools ")
    assert "AKIA" not in told
    assert time.monotonic() - began < 5


# A storage that misbehaves


@pytest.fixture
def parts_of_site(site: Site) -> str:
    pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    return f"s3://bucket/x{settings(f'127.0.0.1:{site.port}')}"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("403 Forbidden", "access is denied;"),
        ("301 Moved Permanently", "it lies in another region; add ?region=… to the address."),
        ("418 I'm a teapot", "its server says UNKNOWN (HTTP status 418)."),
    ],
)
def test_an_answer_that_is_no_file_is_told(parts_of_site: str, site: Site, status: str, reason: str) -> None:
    site.routes["/bucket/x"] = answer(status=status, Connection="close")
    assert f"{parts_of_site} cannot be read: {reason}" in refusal(opened, parts_of_site)


def test_somebody_without_credentials_is_told_where_they_are_looked_for(
    parts_of_site: str, site: Site, environment: pytest.MonkeyPatch
) -> None:
    environment.delenv("AWS_ACCESS_KEY_ID")
    environment.delenv("AWS_SECRET_ACCESS_KEY")
    site.routes["/bucket/x"] = answer(status="403 Forbidden", Connection="close")
    assert "access is denied; credentials are taken from" in refusal(kind_of, parts_of_site)
    assert b"authorization" not in site.requests[0].lower()


def test_a_file_that_breaks_off_while_it_is_read_is_told(parts_of_site: str, site: Site) -> None:
    def break_off(connection: socket.socket) -> None:
        if site.requests[-1].startswith(b"HEAD"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n")
        else:
            connection.sendall(answer(status="403 Forbidden", Connection="close"))

    site.routes["/bucket/x"] = break_off
    assert f"{parts_of_site} cannot be read: access is denied;" in refusal(content, parts_of_site)


@pytest.mark.parametrize("sent", [0, 10])
def test_a_file_of_which_less_comes_than_was_said_is_told(
    parts_of_site: str, site: Site, environment: pytest.MonkeyPatch, sent: int
) -> None:
    environment.setattr(locations, "_ATTEMPTS", 1)

    def cut_off(connection: socket.socket) -> None:
        head = b"Content-Length: 1000\r\nConnection: close\r\n\r\n"
        if site.requests[-1].startswith(b"HEAD"):
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        else:
            connection.sendall(b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-999/1000\r\n" + head + b"x" * sent)

    site.routes["/bucket/x"] = cut_off
    assert refusal(content, parts_of_site) == f"{parts_of_site} cannot be read: its server broke off."


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def test_a_server_that_is_not_there_is_told() -> None:
    pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    nowhere = f"s3://bucket/x{settings(f'127.0.0.1:{free_port()}')}"
    began = time.monotonic()
    assert refusal(kind_of, nowhere) == f"{nowhere} cannot be read: its server does not answer."
    assert time.monotonic() - began < 20


def test_a_server_that_is_silent_is_given_up(environment: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    assert locations._REQUEST_SECONDS * locations._ATTEMPTS < 20
    environment.setattr(locations, "_REQUEST_SECONDS", 1)
    environment.setattr(locations, "_ATTEMPTS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nowhere = f"s3://bucket/x{settings(f'127.0.0.1:{silent.getsockname()[1]}')}"
        began = time.monotonic()
        assert refusal(kind_of, nowhere) == f"{nowhere} cannot be read: its server does not answer."
        assert time.monotonic() - began < 10


def test_a_question_without_an_answer_is_given_up() -> None:
    asked = Event()
    with pytest.raises(InputError) as caught:
        locations._answer("gs://bucket/x", asked.wait, 1)
    asked.set()
    assert str(caught.value) == "gs://bucket/x cannot be read: its server does not answer within 1 seconds."


def test_google_s_storage_is_given_up_when_it_is_not_there(environment: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    environment.setattr(locations, "_PATIENCE", 3)
    nowhere = f"gs://anonymous@bucket/x?scheme=http&endpoint_override=127.0.0.1:{free_port()}"
    assert refusal(kind_of, nowhere) == f"{nowhere} cannot be read: its server does not answer."


def test_an_address_needs_pyarrow(environment: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.fs"):
        environment.setitem(sys.modules, name, None)
    assert refusal(opened, "s3://bucket/x") == "To read s3://bucket/x, install the package: pip install 'claimreg[scan]'."


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Unable to load libjvm\ndlopen(/usr/lib/x) failed", "HDFS needs Java and Hadoop; set JAVA_HOME, HADOOP_HOME and CLASSPATH"),
        ("google::cloud::Status(PERMISSION_DENIED: somebody@example.org has no access)", locations._DENIED),
        ("google::cloud::Status(INTERNAL: a1b2c3)", "its server says INTERNAL"),
        ("AWS Error SLOW_DOWN during GetObject operation: AKIAEXAMPLE", "its server says SLOW_DOWN"),
        ("Cannot go to https://AKIAEXAMPLE:MDENG@host/x?sig=MDENG now.\nMDENG", "Cannot go to https://host/x now"),
        ("", "no reason is given"),
    ],
)
def test_a_message_is_shortened_to_what_a_person_needs(message: str, reason: str) -> None:
    assert locations._reason(OSError(message)) == reason


def test_hdfs_without_java_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.fs", reason="the extra claimreg[scan] is not installed")
    code = "import sys; from claimreg.corpus.locations import kind_of; kind_of(sys.argv[1])"
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if name not in {"HADOOP_HOME", "CLASSPATH"}}
    started = [sys.executable, "-c", code, "hdfs://127.0.0.1:1/x"]
    done = subprocess.run(started, env=kept | {"JAVA_HOME": str(tmp_path)}, capture_output=True, text=True, check=False)
    told = "InputError: hdfs://127.0.0.1:1/x cannot be read: HDFS needs Java and Hadoop; set JAVA_HOME, HADOOP_HOME and CLASSPATH."
    assert done.stderr.strip().splitlines()[-1].endswith(told)
