"""What is not as claimreg made it in a shared registry's database is named, whoever looks."""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import NamedTuple

import pytest
from postgres_server import new_address, server

from claimreg.errors import DamagedRegistryError
from claimreg.model import RECORD_TYPES, Change
from claimreg.opening import bundled_case, demo_registry
from claimreg.services.evidence.verify import verify
from claimreg.store.factory import open_store
from claimreg.store.port import BlobCheck
from claimreg.store.postgres import maintenance
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.parts import bare, statements
from claimreg.store.postgres.roles import ROLES, make_roles

CHANGE = Change(user="ann", at="2027-01-01T00:00:00Z", action="test")


class Shared(NamedTuple):
    """A shared registry with roles: its owner's address, and one of its readers'."""

    owner: str
    reader: str

    def run(self, *statements: str) -> None:
        schema = location_of(self.owner).schema
        with connect(location_of(self.owner)) as connection:
            connection.execute(f"SET search_path = {schema}".encode())
            for statement in statements:
                connection.execute(statement.format(roles=schema).encode())

    def faults(self) -> list[str]:
        found = []
        for address in (self.owner, self.reader):
            with closing(open_store(address, create=False)) as store:
                found.append(sorted(store.integrity()))
        assert found[0] == found[1]
        return found[0]


@pytest.fixture
def shared() -> Iterator[Shared]:
    owner = new_address()
    open_store(owner, create=True).close()
    make_roles(owner)
    schema = location_of(owner).schema
    made = Shared(owner, server().address(schema, user=f"dana_{schema}"))
    made.run(f"CREATE ROLE dana_{schema} LOGIN IN ROLE {schema}_reader")
    yield made
    made.run(f"DROP SCHEMA {schema} CASCADE", f"DROP ROLE dana_{schema}", *(f"DROP ROLE {schema}_{role}" for role in ROLES))


def test_nothing_is_wrong_with_a_new_registry(shared: Shared) -> None:
    assert shared.faults() == []
    # Nor before there are roles, and not after statistics were taken and space was given back.
    with closing(open_store(new_address(), create=True)) as store:
        assert list(store.integrity()) == []
        store.compact()
        assert list(store.integrity()) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("ALTER TABLE events DISABLE TRIGGER take_event", "the trigger take_event on events is switched off"),
        ("ALTER TABLE events ENABLE REPLICA TRIGGER take_event", "the trigger take_event on events is switched off"),
        ("DROP TRIGGER take_event ON events", "the trigger take_event on events is missing"),
        (
            "CREATE FUNCTION quiet() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION quiet FROM PUBLIC",
            "the function quiet() is none of claimreg's",
        ),
        (
            "CREATE TRIGGER quiet BEFORE UPDATE ON records FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "the trigger quiet on records is none of claimreg's",
        ),
        ("CREATE RULE quiet AS ON DELETE TO events DO INSTEAD NOTHING", "the rule quiet on events is none of claimreg's"),
        (
            "CREATE OR REPLACE FUNCTION lock_writing() RETURNS void LANGUAGE sql AS 'SELECT'",
            "the function lock_writing() is not as claimreg makes it",
        ),
        (
            "CREATE FUNCTION head(zero int) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION head(int) FROM PUBLIC",
            "the function head(zero integer) is none of claimreg's",
        ),
        ("ALTER FUNCTION take_event() SECURITY INVOKER", "the function take_event() is not as claimreg makes it"),
        ("ALTER FUNCTION take_event() RESET search_path", "the function take_event() is not as claimreg makes it"),
        ("DROP INDEX events_of_object", "the index of events by object_id,seq is missing"),
        ("CREATE INDEX ON events (db_user)", "the index of events by db_user is none of claimreg's"),
        (
            "ALTER TABLE blobs DROP CONSTRAINT blobs_check",
            "the set of constraints of blobs is not as claimreg makes it",
        ),
        ("ALTER TABLE events ADD CHECK (seq < 9)", "the set of constraints of events is not as claimreg makes it"),
        ("ALTER TABLE events ADD UNIQUE (hash)", "the set of constraints of events is not as claimreg makes it"),
        ("ALTER TABLE events ADD remark text", "the column events.remark is none of claimreg's"),
        ("ALTER TABLE events ALTER db_user DROP NOT NULL", "the column events.db_user is not as claimreg makes it"),
        ("ALTER TABLE records ALTER sealed SET DEFAULT true", "the column records.sealed is not as claimreg makes it"),
        ("ALTER TABLE blobs DISABLE ROW LEVEL SECURITY", "the table blobs is not as claimreg makes it"),
        ("CREATE TABLE later () INHERITS (events)", "the table later, which adds to events, is none of claimreg's"),
        ("CREATE VIEW more AS SELECT 1", "the view more is none of claimreg's"),
        ("CREATE SEQUENCE more", "the relation more is none of claimreg's"),
        ("CREATE POLICY more ON blobs FOR SELECT USING (true)", "the policy more on blobs is none of claimreg's"),
        ("ALTER POLICY opened ON blobs USING (true)", "the policy opened on blobs is not as claimreg makes it"),
        ("ALTER POLICY whole ON blobs TO {roles}_reader", "the policy whole on blobs is not as claimreg makes it"),
        ("DROP POLICY opened ON blobs", "the policy opened on blobs is missing"),
        ("GRANT DELETE ON events TO {roles}_writer", "{roles}_writer may DELETE events, a right that claimreg does not give"),
        ("GRANT UPDATE (doc) ON records TO PUBLIC", "PUBLIC may UPDATE records.doc, a right that claimreg does not give"),
        (
            "GRANT SELECT ON sealed_records TO {roles}_reader",
            "{roles}_reader may SELECT sealed_records, a right that claimreg does not give",
        ),
        ("GRANT EXECUTE ON FUNCTION open_source TO PUBLIC", "PUBLIC may EXECUTE open_source, a right that claimreg does not give"),
        ("GRANT CREATE ON SCHEMA {roles} TO PUBLIC", "PUBLIC may CREATE {roles}, a right that claimreg does not give"),
        ("ALTER FUNCTION take_event() OWNER TO {roles}_keeper", "take_event is owned by {roles}_keeper, who does not own the registry"),
    ],
)
def test_each_change_is_named(shared: Shared, statement: str, fault: str) -> None:
    shared.run(statement)
    schema = location_of(shared.owner).schema
    found = [one.replace(f"{schema}.", "") for one in shared.faults()]
    assert fault.format(roles=schema) in found
    if not {"INHERITS", "OWNER", "UNIQUE"} & set(statement.split()):
        assert len(found) == 1


def test_what_an_administrator_may_give_to_others_is_no_fault(shared: Shared) -> None:
    schema = location_of(shared.owner).schema
    shared.run(
        f"CREATE ROLE charts_{schema}", f"GRANT USAGE ON SCHEMA {schema} TO charts_{schema}", f"GRANT SELECT ON records TO charts_{schema}"
    )
    try:
        assert shared.faults() == []
    finally:
        shared.run(f"DROP OWNED BY charts_{schema}", f"DROP ROLE charts_{schema}")


def test_verify_counts_a_switched_off_trigger_as_damage(shared: Shared) -> None:
    shared.run("ALTER TABLE events DISABLE TRIGGER take_event")
    with closing(open_store(shared.owner, create=False)) as store:
        assert [(one.area, one.what) for one in verify(store).damage] == [("files", "the trigger take_event on events is switched off")]


def test_bytes_that_were_changed_on_the_server_are_named() -> None:
    address = new_address()
    with demo_registry(location=address) as registry:
        registry.record_case(bundled_case())
    with connect(location_of(address)) as connection:
        connection.execute(f"SET search_path = {location_of(address).schema}".encode())
        connection.execute("ALTER TABLE blobs DROP CONSTRAINT blobs_check")
        connection.execute("UPDATE blobs SET content = content || 'x' WHERE sha256 = (SELECT min(sha256) FROM blobs)")
    with closing(open_store(address, create=False)) as store:
        found = verify(store)
        assert sorted(check.is_whole for check in store.check_blobs())[:2] == [False, True]
    assert {one.area for one in found.damage} == {"files", "captures"}


@pytest.mark.parametrize(
    ("statement", "areas"),
    [
        ("UPDATE records SET doc = replace(doc, 'Ilyashev', 'Somebody') WHERE kind = 'C' AND id = 1", {"records"}),
        ("DELETE FROM records WHERE kind = 'C' AND id = 1", {"records"}),
        (
            "INSERT INTO records (kind, id, doc) SELECT kind, 99, replace(doc, 'C1', 'C99') FROM records WHERE kind = 'C' AND id = 1",
            {"records"},
        ),
        ('UPDATE events SET event = replace(event, \'"user":"demo"\', \'"user":"eve"\') WHERE seq = 9', {"history"}),
        ("DELETE FROM events WHERE seq = 9", {"history"}),
        ("DELETE FROM blobs WHERE sha256 = (SELECT min(sha256) FROM blobs)", {"captures"}),
        ("UPDATE records SET sealed = true WHERE kind = 'S' AND id = 1", {"records"}),
        ("UPDATE events SET sealed = true WHERE seq = 9", {"history"}),
        ("UPDATE events SET event = '{{' WHERE seq = 94", {"history"}),
        ("DROP INDEX records_text_id_idx22, records_text_id_idx23; UPDATE records SET doc = '{{' WHERE kind = 'R'", {"records"}),
    ],
)
def test_what_an_owner_changed_past_the_history_is_named(statement: str, areas: set[str]) -> None:
    address = new_address()
    with demo_registry(location=address) as registry:
        registry.record_case(bundled_case())
    with connect(location_of(address)) as connection:
        connection.execute(f"SET search_path = {location_of(address).schema}".encode())
        connection.execute(statement.encode())
    with closing(open_store(address, create=False)) as store:
        assert areas <= {one.area for one in verify(store).damage}
        # Nothing else breaks down.
        for kind in RECORD_TYPES:
            with suppress(DamagedRegistryError):
                for record in store.find(kind):
                    assert store.get(kind, record.id) == record
        with suppress(DamagedRegistryError):
            assert len(list(store.history())) in (93, 94)


@pytest.mark.parametrize(("pieces", "size"), [(500, 2**23), (3, 50), (1_000, 100)])
def test_all_bytes_are_hashed_however_they_are_fetched(pieces: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "_MOST_PIECES", pieces)
    monkeypatch.setattr(maintenance, "_MOST_BYTES", size)
    contents = ["", "сөз", "қ" * 25, "a" * 50, "b" * 49 + "ө", "c" * 500, *map(str, range(40))]
    others = [b"\xff" * 10, "ө".encode()[:1], b"a" * 99 + "ө".encode()[:1], b"\xff" * 200]
    with closing(open_store(new_address(), create=True)) as store:
        with store.write(CHANGE) as writer:
            expected = [BlobCheck(writer.put_blob(text.encode()), is_whole=True, length=len(text)) for text in contents]
            expected += [BlobCheck(writer.put_blob(content), is_whole=True, length=None) for content in others]
        assert sorted(store.check_blobs()) == sorted(expected)
        # Whoever stops on the way leaves nothing behind.
        assert next(iter(store.check_blobs())).is_whole


def test_statements_are_told_apart() -> None:
    script = "-- it's a; comment\nSELECT 'a;b'; CREATE FUNCTION f() AS $$ SELECT 1; -- no comment; $$;\nSELECT -1"
    assert list(statements(f"{script};")) == ["SELECT 'a;b'", "CREATE FUNCTION f() AS $$ SELECT 1; -- no comment; $$", "SELECT -1"]
    assert bare("((sha256 = encode(sha256(content), 'hex'::text)))") == bare("sha256 = encode(sha256(content), 'hex')")
    assert bare("""(kind = 'C'::"char")""") == bare("kind = 'C'")
