"""Addresses of shared registries: read as libpq reads them, and shown without what is secret in them."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimreg.errors import UsageError
from claimreg.store.locations import is_shared, password_advice, shown_location, without_passwords
from claimreg.store.postgres.location import location_of

READ = {
    "postgresql://": {},
    "postgres://desk": {"host": "desk"},
    "postgresql:///claims": {"dbname": "claims"},
    "postgresql://ann@desk.example/claims": {"user": "ann", "host": "desk.example", "dbname": "claims"},
    "postgresql://ann:s%40c%2Fr+et@desk:5433/claims": {
        "user": "ann", "password": "s@c/r+et", "host": "desk", "port": "5433", "dbname": "claims",
    },
    "postgresql://[2001:db8::1]:5433/claims": {"host": "2001:db8::1", "port": "5433", "dbname": "claims"},
    "postgresql://a:1,b,[::1]:3/claims?target_session_attrs=read-write": {
        "host": "a,b,::1", "port": "1,,3", "dbname": "claims", "target_session_attrs": "read-write",
    },
    "postgresql://%2Frun%2Fpostgresql/claims": {"host": "/run/postgresql", "dbname": "claims"},
    "postgresql:///claims?host=/run/postgresql": {"host": "/run/postgresql", "dbname": "claims"},
    "postgresql://?service=desk": {"service": "desk"},
    "postgresql:///?service=desk&schema=court": {"service": "desk"},
    "postgresql://desk/%D2%9B%D0%B0%D0%B7": {"host": "desk", "dbname": "қаз"},
    "postgresql://desk/claims?ssl=true": {"host": "desk", "dbname": "claims", "sslmode": "require"},
    "postgresql://desk/claims?user=ann&password=a%26b": {"host": "desk", "dbname": "claims", "user": "ann", "password": "a&b"},
    "  postgresql://desk/claims\n": {"host": "desk", "dbname": "claims"},
}  # fmt: skip

UNREADABLE = (
    "postgresql:desk",
    "postgresql:/ann:secret@desk/claims",
    "postgresql://ann:secret@secret@desk/claims",
    "postgresql://ann:secret/secret@desk/claims",
    "postgresql://ann:secret?secret@desk/claims",
    "postgresql://ann:secret#secret@desk/claims",
    "postgresql://ann:secret secret@desk/claims",
    "postgresql://ann:secret%@desk/claims",
    "postgresql://ann:secret%ff@desk/claims",
    "postgresql://ann:secret%00@desk/claims",
    "postgresql://desk:secret/claims",
    "postgresql://desk:5432:secret/claims",
    "postgresql://[::secret/claims",
    "postgresql://desk/claims?secret",
    "postgresql://desk/claims?password=a=secret",
    "postgresql://desk/claims?secret=1",
    "postgresql://desk/claims?schema=Secret",
    "postgresql://desk/claims?schema=pg_secret",
    "postgresql://desk/claims?options=-csecret",
    "postgresql://ann:secret\x1b@desk/claims",
)


@pytest.mark.parametrize("address", READ)
def test_an_address_is_read_as_libpq_reads_it(address: str) -> None:
    assert dict(location_of(address).parameters) == READ[address]


@pytest.mark.parametrize("address", [one for one in READ if "schema" not in one and not one.startswith(" ")])
def test_libpq_reads_the_same(address: str) -> None:
    conninfo = pytest.importorskip("psycopg.conninfo")
    assert conninfo.conninfo_to_dict(address) == READ[address]


@pytest.mark.parametrize("address", UNREADABLE)
def test_an_address_that_cannot_be_read_is_refused_without_a_word_of_it(address: str) -> None:
    assert is_shared(address)
    with pytest.raises(UsageError) as raised:
        location_of(address)
    assert "secret" not in str(raised.value).lower()
    assert "secret" not in shown_location(address).lower()


def test_the_schema_is_ours() -> None:
    assert location_of("postgresql://desk/claims").schema == "claimreg"
    assert location_of("postgresql://desk/claims?schema=court").schema == "court"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:secret@desk/claims?schema=court", "postgresql://ann@desk/claims?schema=court"),
        ("postgresql://:secret@desk/claims", "postgresql://desk/claims"),
        ("postgres://desk/claims?password=secret&sslmode=require", "postgres://desk/claims?sslmode=require"),
        ("postgresql://desk/?sslpassword=secret", "postgresql://desk/"),
        ("postgresql://desk/?oauth_client_secret=secret", "postgresql://desk/"),
        ("postgresql://desk/?scram_client_key=secret", "postgresql://desk/"),
        ("registry/of the desk", "registry/of the desk"),
        ("memory:", "memory:"),
    ],
)
def test_a_location_is_shown_without_its_password(address: str, shown: str) -> None:
    assert shown_location(address) == shown
    assert bool(password_advice(address)) == (shown != address)
    assert "secret" not in password_advice(address)


def test_a_location_in_a_trace_is_shown_without_its_password() -> None:
    assert repr(location_of("postgresql://ann:secret@desk/claims")) == "Location('postgresql://ann@desk/claims')"


SIGNS = "".join(one for one in string.printable if one.isprintable()) + "қ“€"


@given(st.text(SIGNS, min_size=6), st.sampled_from(["postgresql", "postgres"]))
@example("secret@secret/secret?secret#secret", "postgresql")
def test_no_password_typed_raw_is_ever_shown(password: str, scheme: str) -> None:
    address = f"{scheme}://ann:{password}@desk/claims"
    shown = shown_location(address)
    try:
        location_of(address)
    except UsageError:
        assert shown == f"{scheme}://…"
    else:
        assert shown == f"{scheme}://ann@desk/claims"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "no option: postgresql://ann:sec@ret/x@desk/claims (see --help)",
            "no option: postgresql://ann@desk/claims (see --help)",
        ),
        ("postgresql://ann@desk:5432/claims cannot be read", "postgresql://ann@desk:5432/claims cannot be read"),
        ("“postgres://desk/claims?password=secret&x=1”", "“postgres://desk/claims?password=…&x=1”"),
        ("connection to server at desk, port 5432 failed: FATAL", "connection to server at desk, port 5432 failed: FATAL"),
    ],
)
def test_a_text_that_quotes_an_address_loses_its_password(text: str, left: str) -> None:
    assert without_passwords(text) == left
