"""Locations of documents: paths of this machine, and URLs of storages such as S3, which pyarrow reads.

Credentials for a storage are taken from where its own tools take them (environment, configuration files), never from a URL,
which is shown, recorded and kept in logs. No error repeats what may hold one.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager
from enum import StrEnum, auto
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

from claimreg import files
from claimreg.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.parse import SplitResult

    T = TypeVar("T")

_SETTINGS = {
    "file": (),
    "s3": ("region", "scheme", "endpoint_override"),
    "gs": ("scheme", "endpoint_override"),
    "hdfs": ("user",),
    "abfs": ("enable_tls", "credential_kind", "blob_storage_authority", "dfs_storage_authority"),
    "abfss": ("enable_tls", "credential_kind", "blob_storage_authority", "dfs_storage_authority"),
}
"""Schemes that are known, and what a URL may say of each after ``?``: of pyarrow's settings, those that are about reading."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SECRET = re.compile(r"secret|password|token|access[._-]?key|account[._-]?key|credential(?!_kind$)|signature|^sig$", re.IGNORECASE)
_PLAIN = "/=+,:@!$&'()*;~"
"""Characters besides letters, digits and ``-._`` that a path in a URL holds as they are (RFC 3986)."""

_CONNECT_SECONDS, _REQUEST_SECONDS, _ATTEMPTS = 5, 6, 3
"""Patience with S3. With these, a server that does not answer is given up after 20 seconds; with pyarrow's own from a URL (3
seconds and 10 attempts with growing pauses), after 100 as measured."""

_PATIENCE = 45
"""Seconds that one question to a storage may take in all.

Google's and Microsoft's clients and the search for a bucket's region have no limit that could be set: on a server that takes a
connection and is silent, they wait for minutes. S3's own limits and the search for credentials (14 seconds at most, as measured)
lie below. The wait alone is ended: where a region is looked up, pyarrow holds the process at its end until its own attempts are over,
100 seconds at most, as measured."""

_LISTING_PATIENCE = 600
"""Seconds that the listing of a folder may take, which is one request for every thousand names."""

_BUFFER = 1 << 20
"""Bytes asked of a storage at once: each request has a delay of its own, and gzip reads 8 kB at a time."""

_SHOWN = 200
_DENIED = (
    "access is denied; credentials are taken from where the storage's own tools find them: the environment or their configuration files"
)
_REASONS = (
    (r"libjvm|libhdfs|CLASSPATH|NoClassDefFound", "HDFS needs Java and Hadoop; set JAVA_HOME, HADOOP_HOME and CLASSPATH"),
    (r"ACCESS_DENIED|ACCESS_KEY_ID|SIGNATURE|EXPIRED_TOKEN|INVALID_TOKEN|CLIENT_TOKEN|UNRECOGNIZED_CLIENT", _DENIED),
    (r"HTTP status 40[13]|PERMISSION_DENIED|UNAUTHENTICATED|OAuth2|Authenticat|Authoriz|get token", _DENIED),
    (r"HTTP status 301|PERMANENT_REDIRECT|HEADER_MALFORMED", "it lies in another region; add ?region=… to the address"),
    (r"NO_SUCH_BUCKET|[Bb]ucket '[^']*' not found", "there is no such bucket"),
    (r"Could not resolve host", "the name of its server is not known"),
    (r"partial file", "its server broke off"),
    (r"NETWORK_CONNECTION|CURL error|curlCode|UNAVAILABLE|DEADLINE_EXCEEDED|new connection", "its server does not answer"),
)
"""Marks in a message of pyarrow, in the order in which they are looked for, and the reason to tell."""


class Kind(StrEnum):
    """Kinds of what lies at a location."""

    FILE = auto()
    FOLDER = auto()
    MISSING = auto()
    OTHER = auto()
    """A pipe or a device, which can be read once."""


class _Storage(NamedTuple):
    """A file system of pyarrow and the path in it."""

    system: Any
    path: str


def is_url(location: str) -> bool:
    """Return whether a location is a URL."""
    return _URL.match(location) is not None


def joined(folder: str, name: str) -> str:
    """The location of a file in a folder; ``name`` is a path relative to it, with slashes."""
    if not is_url(folder):
        return str(Path(folder) / name)
    from urllib.parse import quote

    address, mark, query = folder.partition("?")
    return f"{address.rstrip('/')}/{quote(name, safe=_PLAIN)}{mark}{query}"


def kind_of(location: str) -> Kind:
    """The kind of what lies at a location; raises `InputError` where that cannot be found out."""
    path = _path(location)
    if path is None:
        kinds = {"File": Kind.FILE, "Directory": Kind.FOLDER, "NotFound": Kind.MISSING}
        return kinds.get(_information(location).type.name, Kind.OTHER)
    with files.unreadable_told(location):
        try:
            mode = Path(path).stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return Kind.MISSING
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(mode) else Kind.OTHER


def size_of(location: str) -> int:
    """The bytes of a file; raises `InputError` where there is none."""
    path = _path(location)
    if path is not None:
        with files.unreadable_told(location):
            return Path(path).stat().st_size
    size: int | None = _information(location).size
    if size is None:
        raise InputError(f"There is no file {location}.")
    return size


def opened(location: str) -> BinaryIO:
    """Open a file for reading; whoever reads it does so within `unreadable_told`. Raises `InputError` where there is none."""
    path = _path(location)
    if path is not None:
        with files.unreadable_told(location):
            return Path(path).open("rb")
    import io

    def ask() -> Any:  # noqa: ANN401 -- pyarrow has no types
        storage = _storage(location)
        return storage.system.open_input_file(storage.path)

    return io.BufferedReader(_answer(location, ask), _BUFFER)


def listed(folder: str) -> list[tuple[str, int]]:
    """The files in a folder and below, as paths relative to it, with slashes, and their bytes; ordered by path.

    Raises `InputError` where there is no folder.
    """
    kind = kind_of(folder)
    if kind is not Kind.FOLDER:
        raise InputError(f"There is no folder {folder}." if kind is Kind.MISSING else f"{folder} is no folder.")
    path = _path(folder)
    if path is None:
        found = _answer(folder, lambda: _listed_by_pyarrow(folder), _LISTING_PATIENCE)
    else:
        with unreadable_told(folder):
            found = list(_listed_by_system(Path(path)))
    return sorted(found)


@contextmanager
def unreadable_told(location: str) -> Iterator[None]:
    """Turn what keeps a location from being read on into `InputError`.

    Damage that shows when a file is unpacked is not told here, though gzip's error is an `OSError`, too: catch that within.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"{location} cannot be read: {_reason(error)}.") from (None if is_url(location) else error)


def _path(location: str) -> str | None:
    """The path that a location leads to on this machine; ``None`` for a storage's URL."""
    if not is_url(location):
        return location
    parts = _checked(location)
    if parts.scheme != "file":
        return None
    if parts.netloc or not parts.path.startswith("/"):
        raise InputError("An address of this machine's files has no host and is absolute, as in file:///data/articles; or give a path.")
    from urllib.request import url2pathname

    return url2pathname(parts.path)


def _checked(location: str) -> SplitResult:
    """The parts of a URL, the scheme in small letters.

    Raises `UsageError` for one with credentials, and `InputError` for one that cannot be read, in sentences that repeat nothing
    of it that might be secret.
    """
    from urllib.parse import parse_qsl, urlsplit

    scheme = location.partition(":")[0].lower()
    if scheme not in _SETTINGS:
        known = ", ".join(f"{name}://" for name in _SETTINGS)
        raise InputError(f"Nothing can be read from {scheme}:// addresses; give a path, or an address that starts with one of {known}.")
    try:
        parts = urlsplit(location, allow_fragments=False)
        settings = parse_qsl(parts.query, keep_blank_values=True)
        secret = _names_somebody(parts) or any(_SECRET.search(key) or "@" in value for key, value in settings)
        fit = secret or (location.isprintable() and parts.port != 0 and bool(parts.netloc or scheme in {"file", "hdfs"}))
    except ValueError:
        secret, fit = False, False
    if not fit:
        raise InputError(f"The {scheme}:// address cannot be read: it names no bucket or host, or holds what no address does; check it.")
    if secret:
        raise UsageError(
            f"Give the {scheme}:// address without user name, password or key, since it is shown and recorded; "
            "they are taken from where the storage's own tools find them: the environment or their configuration files."
        )
    if not all(key in _SETTINGS[scheme] for key, _ in settings):
        known = ", ".join(_SETTINGS[scheme]) or "none"
        raise InputError(f"After its “?”, the {scheme}:// address says what is not known there; known are: {known}.")
    return parts


def _names_somebody(parts: SplitResult) -> bool:
    """Return whether a URL holds a user name or password. In Azure's, the container stands before ``@``."""
    if parts.scheme in {"s3", "gs"}:
        # A bucket has no port: what follows its colon begins a password that goes on after a slash.
        return ":" in parts.netloc or ("@" in parts.netloc and not _is_anonymous(parts))
    return parts.password is not None or (parts.username is not None and parts.scheme not in {"abfs", "abfss"})


def _is_anonymous(parts: SplitResult) -> bool:
    """Return whether a URL asks for no credentials to be looked for, as pyarrow spells it for Google's storage."""
    return parts.scheme == "gs" and parts.netloc.startswith("anonymous@")


def _storage(location: str) -> _Storage:
    from urllib.parse import parse_qsl, quote, unquote

    parts = _checked(location)
    pyarrow_fs = _pyarrow_fs(location)
    path = unquote(parts.path).rstrip("/")
    settings = dict(parse_qsl(parts.query))
    if parts.scheme == "s3":
        endpoint = settings.get("endpoint_override") or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        return _Storage(_s3(parts.netloc, endpoint, settings.get("region", ""), settings.get("scheme", "")), parts.netloc + path)
    if parts.scheme == "gs":
        system = _google(settings.get("endpoint_override"), settings.get("scheme"), anonymous=_is_anonymous(parts))
        return _Storage(system, parts.netloc.rpartition("@")[2] + path)
    query = f"?{parts.query}" if parts.query else ""
    return _Storage(*pyarrow_fs.FileSystem.from_uri(f"{parts.scheme}://{parts.netloc}{quote(path, safe=_PLAIN) or '/'}{query}"))


def _pyarrow_fs(location: str) -> Any:  # noqa: ANN401 -- pyarrow has no types
    try:
        import pyarrow.fs
    except ImportError:
        raise InputError(f"To read {location}, install the package: pip install 'claimreg[scan]'.") from None
    return pyarrow.fs


@lru_cache(maxsize=8)
def _s3(bucket: str, endpoint: str, region: str, scheme: str) -> Any:  # noqa: ANN401 -- pyarrow has no types
    """Made by hand, and not by ``FileSystem.from_uri``, which takes no limits of time; each needs a region looked up, so they are kept."""
    from pyarrow import fs

    return fs.S3FileSystem(
        region=region or (None if endpoint else fs.resolve_s3_region(bucket)),
        endpoint_override=endpoint or None,
        scheme=scheme or None,
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_REQUEST_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
    )


@lru_cache(maxsize=8)
def _google(endpoint: str | None, scheme: str | None, *, anonymous: bool) -> Any:  # noqa: ANN401 -- pyarrow has no types
    """Made by hand for the same reason: left to itself, it tries again for 15 minutes."""
    from datetime import timedelta

    from pyarrow import fs

    return fs.GcsFileSystem(
        anonymous=anonymous, endpoint_override=endpoint, scheme=scheme, retry_time_limit=timedelta(seconds=_PATIENCE // 3)
    )


def _information(location: str) -> Any:  # noqa: ANN401 -- pyarrow has no types
    def ask() -> Any:  # noqa: ANN401 -- as above
        storage = _storage(location)
        return storage.system.get_file_info(storage.path)

    return _answer(location, ask)


def _answer(location: str, ask: Callable[[], T], patience: int = _PATIENCE) -> T:
    """The answer of a storage, which is waited for so many seconds; Ctrl-C ends the wait at once."""
    from concurrent.futures import Future
    from threading import Thread

    answer: Future[T] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 -- raised again below, in the caller's thread
            answer.set_exception(error)

    Thread(target=wait, daemon=True).start()
    try:
        return answer.result(patience)
    except FileNotFoundError:
        raise InputError(f"There is no file {location}.") from None
    except TimeoutError:
        raise InputError(f"{location} cannot be read: its server does not answer within {patience} seconds.") from None
    except (OSError, ValueError, ImportError, NotImplementedError) as error:
        # pyarrow's own errors are kinds of these; ArrowNotImplementedError is what a storage that it was built without gives. Its text may
        # hold what nobody should see, so no error is chained.
        raise InputError(f"{location} cannot be read: {_reason(error)}.") from None


def _listed_by_pyarrow(folder: str) -> list[tuple[str, int]]:
    storage = _storage(folder)
    found = storage.system.get_file_info(_pyarrow_fs(folder).FileSelector(storage.path, recursive=True))
    return [(one.path.removeprefix(storage.path).lstrip("/"), one.size) for one in found if one.is_file]


def _listed_by_system(folder: Path) -> Iterator[tuple[str, int]]:
    def refuse(error: OSError) -> None:
        raise error

    for above, _, names in os.walk(folder, onerror=refuse):
        for path in (Path(above) / name for name in names):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.stat().st_size


def _reason(error: Exception) -> str:
    """The reason for an error as a person needs it: what the system says, or what pyarrow's message is about."""
    if isinstance(error, OSError) and error.strerror and error.errno:
        return error.strerror
    text = str(error)
    for mark, reason in _REASONS:
        if re.search(mark, text):
            return reason
    code = re.search(r"AWS Error (\w+(?: \(HTTP status \d+\))?)|google::cloud::Status\((\w+)", text)
    if code is not None:
        return f"its server says {code[1] or code[2]}"
    # Neither a user name nor settings are shown, should the message repeat an address.
    shown = re.sub(r"//[^/\s]*@", "//", re.sub(r"\?\S*", "", text.partition("\n")[0]))
    return shown[:_SHOWN].rstrip(". ") or "no reason is given"
