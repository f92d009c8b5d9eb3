"""Connecting to a shared registry's server: in all the ways that libpq knows, without a word that others could read along."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from postgres_server import Server, new_address, programs, server, started

from claimreg.errors import ClaimregError, StoreError, UsageError
from claimreg.store.factory import open_store
from claimreg.store.postgres import connect as connecting
from claimreg.store.postgres.location import location_of

PASSWORD = "Sesam/öffne:dich@%20 #1"  # noqa: S105 -- of a server that ends with the tests
ENCODED = "Sesam%2F%C3%B6ffne%3Adich%40%2520%20%231"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without files for libpq, and an environment without its variables."""
    for name in [one for one in os.environ if one.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def guarded() -> Server:
    """A server that asks for a password, and proves who it is with a certificate of an authority of its own, for localhost alone."""
    server()  # skips where there is none
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl on this machine, which makes the server's certificate")
    found = programs()
    assert found is not None
    one = started(found)
    certify(one)
    owner = "postgres" if os.geteuid() == 0 else None
    rules = one.folder / "data" / "pg_hba.conf"
    rules.write_text(
        "local all all scram-sha-256\nhost all ann 127.0.0.1/32 scram-sha-256\n"
        "host all postgres 127.0.0.1/32 trust\nhost all all ::1/128 scram-sha-256\n",
        encoding="utf-8",
    )
    with psycopg.connect(f"host=127.0.0.1 port={one.port} user=postgres dbname=postgres", autocommit=True) as administrator:
        for statement in (
            "ALTER SYSTEM SET ssl = on",
            f"ALTER SYSTEM SET ssl_cert_file = '{one.folder}/server.crt'",
            f"ALTER SYSTEM SET ssl_key_file = '{one.folder}/server.key'",
            f"CREATE ROLE ann LOGIN PASSWORD '{PASSWORD}'",
            "CREATE DATABASE claims OWNER ann",
        ):
            administrator.execute(statement.encode())
    if owner is not None:
        for path in (one.folder / "server.key", one.folder / "server.crt", rules):
            os.chown(path, *_ids(owner))
    subprocess.run([found / "pg_ctl", "reload", "-D", one.folder / "data"], user=owner, check=True, capture_output=True, cwd="/")
    return one


def _ids(user: str) -> tuple[int, int]:
    import pwd

    found = pwd.getpwnam(user)
    return found.pw_uid, found.pw_gid


def certify(one: Server) -> None:
    """Make an authority, and a certificate of its for the server as localhost."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=one.folder, check=True, capture_output=True)

    for name in ("ca", "server"):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    openssl("req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=The desk's authority", "-days", "2", "-out", "ca.crt")
    openssl("req", "-new", "-key", "server.key", "-subj", "/CN=localhost", "-out", "server.csr")
    (one.folder / "names").write_text("subjectAltName=DNS:localhost", encoding="utf-8")
    openssl(
        *[
            "x509",
            "-req",
            "-in",
            "server.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            "names",
            "-out",
            "server.crt",
        ]
    )
    (one.folder / "server.key").chmod(0o600)


def opens(address: str) -> bool:
    """Make the registry, or find it made, and read from it."""
    with closing(open_store(address, create=True)) as store:
        return store.head() is not None


def refusal(address: str) -> str:
    with pytest.raises(ClaimregError) as raised:
        open_store(address, create=False)
    return str(raised.value)


def test_a_password_comes_from_the_address(guarded: Server) -> None:
    assert opens(f"postgresql://ann:{ENCODED}@127.0.0.1:{guarded.port}/claims")
    assert opens(f"postgresql://127.0.0.1:{guarded.port}/claims?user=ann&password={ENCODED}")


def test_a_password_comes_from_the_users_file(guarded: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"postgresql://ann@127.0.0.1:{guarded.port}/claims"
    assert "asks for a password; put it into ~/.pgpass" in refusal(address)
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    (home / ".pgpass").write_text(f"127.0.0.1:{guarded.port}:claims:ann:{escaped}\n", encoding="utf-8")
    (home / ".pgpass").chmod(0o600)
    # libpq asks the system, and not the variable, for the home of who became somebody else.
    monkeypatch.setenv("PGPASSFILE", str(home / ".pgpass"))
    assert opens(address)


def test_a_wrong_password_is_told_without_it(guarded: Server) -> None:
    told = refusal(f"postgresql://ann:{ENCODED}x@127.0.0.1:{guarded.port}/claims")
    assert told.startswith(f"The server of the registry postgresql://ann@127.0.0.1:{guarded.port}/claims does not let you in (")
    assert "password authentication failed" in told
    assert "Sesam" not in told


@pytest.mark.parametrize("by", ["address", "environment"])
def test_a_service_file_says_all(guarded: Server, home: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    (home / "services").write_text(
        f"[desk]\nhost=127.0.0.1\nport={guarded.port}\ndbname=claims\nuser=ann\npassword={PASSWORD}\n", encoding="utf-8"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(home / "services"))
    if by == "environment":
        monkeypatch.setenv("PGSERVICE", "desk")
    assert opens("postgresql://?service=desk&schema=court" if by == "address" else "postgresql://?schema=court")
    told = refusal("postgresql://?service=dsek")
    assert told.startswith("The address postgresql://?service=dsek names a service that cannot be used (")


def test_a_socket_is_a_host(guarded: Server) -> None:
    folder = str(guarded.folder)
    for address in (
        f"postgresql://ann:{ENCODED}@/claims?host={folder}&port={guarded.port}",
        f"postgresql://ann:{ENCODED}@{folder.replace('/', '%2F')}:{guarded.port}/claims",
    ):
        assert opens(address)


def test_the_first_of_several_hosts_that_is_written_to_is_taken(guarded: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    assert opens(f"postgresql://ann:{ENCODED}@127.0.0.1:{port},127.0.0.1:{guarded.port}/claims?target_session_attrs=read-write")
    told = refusal(f"postgresql://ann:{ENCODED}@127.0.0.1:{guarded.port}/claims?target_session_attrs=standby")
    assert "is not in hot standby mode" in told


def test_an_address_of_six_bytes_pairs_is_a_host() -> None:
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    found = programs()
    assert found is not None
    one = started(found, "listen_addresses=::1,127.0.0.1")
    assert opens(f"postgresql://postgres@[::1]:{one.port}/postgres")


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this machine's own addresses taken for another machine's."""
    monkeypatch.setattr(connecting, "_is_here", lambda _host: False)


@pytest.mark.usefixtures("elsewhere")
def test_a_server_elsewhere_has_to_prove_its_name(guarded: Server) -> None:
    proven = f"postgresql://ann:{ENCODED}@localhost:{guarded.port}/claims?sslrootcert={guarded.folder}/ca.crt"
    assert opens(proven)
    assert _is_encrypted(proven)
    unproven = f"postgresql://ann:{ENCODED}@localhost:{guarded.port}/claims"
    assert "does not prove who it is" in refusal(unproven)
    assert "certificate verify failed" in refusal(unproven)
    misnamed = proven.replace("localhost", "127.0.0.1")
    assert 'does not match host name "127.0.0.1"' in refusal(misnamed)
    rootless = proven.replace("ca.crt", "none.crt")
    assert 'none.crt" does not exist' in refusal(rootless)
    for told in (refusal(unproven), refusal(misnamed), refusal(rootless)):
        assert "Sesam" not in told
        assert told.endswith("or ask its administrator.")


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("by", ["address", "environment", "service"])
def test_whoever_says_otherwise_is_heeded(guarded: Server, home: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    address = f"postgresql://ann:{ENCODED}@127.0.0.1:{guarded.port}/claims"
    for mode, is_encrypted in (("require", True), ("prefer", True), ("disable", False)):
        if by == "environment":
            monkeypatch.setenv("PGSSLMODE", mode)
        elif by == "service":
            monkeypatch.setenv("PGSERVICEFILE", str(home / "services"))
            (home / "services").write_text(f"[desk]\nsslmode={mode}\n", encoding="utf-8")
        said = {"address": f"?sslmode={mode}", "environment": "", "service": "?service=desk"}[by]
        assert _is_encrypted(address + said) == is_encrypted


@pytest.mark.usefixtures("elsewhere")
def test_a_server_elsewhere_without_encryption_is_not_used() -> None:
    told = refusal(new_address())
    assert "does not prove who it is, or offers no encryption (" in told
    assert "SSL" in told


def _is_encrypted(address: str) -> bool:
    with connecting.connect(location_of(address)) as connection:
        return connection.pgconn.ssl_in_use


def test_on_this_machine_nothing_need_be_proven(guarded: Server) -> None:
    assert opens(f"postgresql://ann:{ENCODED}@127.0.0.1:{guarded.port}/claims?sslmode=disable")


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("", True),
        ("/run/postgresql", True),
        ("@abstract", True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("desk.example", False),
        ("10.0.0.7", False),
        ("localhost.example", False),
        ("0x7f.example", False),
    ],
)
def test_what_this_machine_is(host: str, is_here: bool) -> None:  # noqa: FBT001 -- a case
    needs_proof = "sslmode" in connecting._completed({"host": host} if host else {})
    assert needs_proof != is_here


def test_what_is_asked_for_is_not_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        connecting._completed({"host": "127.0.0.1", "port": str(listener.getsockname()[1])})
        with pytest.raises(TimeoutError):
            listener.accept()


def _never(*_arguments: object) -> None:
    raise AssertionError


NO_SERVER: dict[str, Callable[[int], tuple[str, str]]] = {
    "nobody listens": lambda port: (f"127.0.0.1:{port}/claims", "Connection refused"),
    "no such host": lambda _port: ("no-such-host.invalid/claims", "not known"),
    "no such database": lambda _port: (f"postgres@127.0.0.1:{server().port}/none", 'database "none" does not exist'),
    "no such user": lambda _port: (f"nobody@127.0.0.1:{server().port}/postgres", 'role "nobody" does not exist'),
    "no socket": lambda _port: ("/claims?host=/nowhere", "No such file or directory"),
}


@pytest.mark.parametrize("kind", NO_SERVER)
def test_where_there_is_no_connection_it_is_said_why(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    rest, why = NO_SERVER[kind](port)
    told = refusal(f"postgresql://{rest}")
    if kind in ("no such database", "no such user"):
        assert told.startswith(f"The server of the registry postgresql://{rest} does not let you in (")
        assert told.endswith("; look at the address, or ask its administrator.")
    else:
        assert told.startswith(f"There is no connection to the registry postgresql://{rest} (")
        assert told.endswith("; look at the address, or try again in a moment.")
    assert why in told
    assert "\n" not in told


def test_a_full_server_is_told() -> None:
    server()
    found = programs()
    assert found is not None
    one = started(found, "max_connections=5", "superuser_reserved_connections=0")
    address = one.address("crowded")
    stores = [open_store(address, create=True)]
    try:
        with pytest.raises(StoreError, match=r"too many clients already\); look at the address, or try again in a moment"):
            stores.extend(open_store(address, create=False) for _ in range(6))
    finally:
        for store in stores:
            store.close()


def test_a_database_that_cannot_hold_all_languages_is_refused() -> None:
    administrator = server().address("none").partition("?")[0]
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(StoreError, match=r"keeps texts as LATIN1.*ENCODING 'UTF8'"):
        open_store(server().address("claims", database="latin"), create=True)


def test_no_word_of_sql_names_a_schema() -> None:
    with psycopg.connect(server().address("none").partition("?")[0]) as connection:
        words = [word for (word,) in connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")]
    for word in words:
        with pytest.raises(UsageError, match="is no word of SQL"):
            location_of(f"postgresql://desk/claims?schema={word}")
