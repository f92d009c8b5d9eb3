"""Rights in a shared registry: what each role may do, and what nobody but keepers and the owner may see, by plain SQL and by claimreg."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import pairwise
from typing import Any, NamedTuple

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shared_desk import REASON, Desk, demo_desk, new_desk

from claimreg.codec import from_document, to_document
from claimreg.errors import StoreError, UsageError, WithheldError
from claimreg.frozen import replace
from claimreg.model import (
    Attribution,
    Capture,
    Change,
    Claim,
    Draft,
    Event,
    Link,
    LinkKind,
    LinkState,
    Party,
    Record,
    Source,
    Stance,
    TimeStamp,
    record_type_of,
)  # fmt: skip
from claimreg.services.evidence.verify import verify
from claimreg.services.history import changes_in_words
from claimreg.services.reporting.report import ReportScope, report_on
from claimreg.services.reporting.views import claim_view, source_view
from claimreg.services.withholding import _TOLD_FIELDS, told_document, told_events
from claimreg.store.factory import open_store
from claimreg.store.port import Equals, SealedText, Writer
from claimreg.store.postgres.roles import ROLES, make_roles

NO_RIGHT = "42501"
OTHERS = ("reader", "reviewer", "writer")
"""Roles that may not see withheld sources."""

DONE = Change("postgres", "2026-03-01T00:00:00Z", "test")


@pytest.fixture(scope="module")
def opened() -> Desk:
    """The bundled case, nothing of it withheld; it is not changed."""
    return demo_desk()


@pytest.fixture(scope="module")
def sealed() -> Desk:
    """The bundled case with two of its sources withheld, S3 of them with drafts; it is not changed."""
    desk = demo_desk()
    # What is in statistics now must not stay there.
    desk.do("ANALYZE")
    desk.withhold("S2")
    desk.withhold("S3")
    return desk


@pytest.fixture
def desk() -> Desk:
    """The bundled case, to be changed."""
    return demo_desk()


def refused(desk: Desk, role: str, statement: str, code: str = NO_RIGHT, *values: object) -> psycopg.Error:
    """The error that a statement ends with, which has this code."""
    with desk.connect(role) as connection, pytest.raises(psycopg.Error) as error:
        connection.execute(statement.replace("SCHEMA", desk.schema).encode(), values or None)
    assert error.value.sqlstate == code, (role, statement, error.value)
    return error.value


@pytest.mark.parametrize("role", ROLES)
def test_no_role_changes_what_was_recorded(opened: Desk, role: str) -> None:
    before = opened.rows("SELECT count(*), max(seq) FROM SCHEMA.events")
    for table in ("events", "records", "blobs", "sealed_records", "sealed_events", "registry"):
        refused(opened, role, f"DELETE FROM SCHEMA.{table}")
        refused(opened, role, f"TRUNCATE SCHEMA.{table}")
        refused(opened, role, f"ALTER TABLE SCHEMA.{table} DISABLE TRIGGER ALL")
        refused(opened, role, f"BEGIN; LOCK TABLE SCHEMA.{table} IN EXCLUSIVE MODE")
    refused(opened, role, "UPDATE SCHEMA.events SET event = ''")
    refused(opened, role, "UPDATE SCHEMA.events SET db_user = 'somebody'")
    refused(opened, role, "UPDATE SCHEMA.records SET doc = '{}'")
    refused(opened, role, "INSERT INTO SCHEMA.records (kind, id, doc) VALUES ('C', 99, '{}')")
    refused(opened, role, "UPDATE SCHEMA.records SET sealed = false")
    refused(opened, role, "UPDATE SCHEMA.blobs SET content = ''")
    refused(opened, role, "UPDATE SCHEMA.blobs SET sealed = false")
    refused(opened, role, "INSERT INTO SCHEMA.blobs (sha256, content) VALUES (encode(sha256('x'), 'hex'), 'x')")
    refused(opened, role, "UPDATE SCHEMA.registry SET roles = NULL")
    refused(opened, role, "INSERT INTO SCHEMA.events (sealed, event) VALUES (true, '{}')")
    refused(opened, role, "INSERT INTO SCHEMA.events (db_user, event) VALUES ('somebody', '{}')")
    refused(opened, role, "INSERT INTO SCHEMA.events (seq, object_id, hash, db_user, event) VALUES (1, 'C1', '', '', '{}')")
    refused(opened, role, "CREATE FUNCTION SCHEMA.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    refused(opened, role, "CREATE TABLE SCHEMA.mine ()")
    refused(opened, role, "CREATE OR REPLACE FUNCTION SCHEMA.sees_withheld() RETURNS boolean LANGUAGE sql AS 'SELECT true'")
    assert opened.rows("SELECT count(*), max(seq) FROM SCHEMA.events") == before


@pytest.mark.parametrize("role", ROLES)
def test_no_role_calls_the_owners_own_functions(sealed: Desk, role: str) -> None:
    refused(sealed, role, "SELECT SCHEMA.open_source('S2')")
    refused(sealed, role, "SELECT SCHEMA.seal_source('S1', 'x')")
    refused(sealed, role, "SELECT SCHEMA.open_blobs(ARRAY['x'])")
    refused(sealed, role, "SELECT SCHEMA.told('S', '{}', '')")
    for name, is_definers in sealed.rows(
        "SELECT proname, prosecdef FROM pg_proc WHERE pronamespace = 'SCHEMA'::regnamespace AND prorettype <> 'trigger'::regtype"
        " AND has_function_privilege(%s, oid, 'EXECUTE')",
        sealed.user(role),
    ):
        assert name in {"head", "last_number", "lock_writing", "amend", "put_blob"} or not is_definers, name


def test_functions_that_run_as_the_owner_look_names_up_nowhere_else(opened: Desk) -> None:
    rows = opened.rows(
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'SCHEMA'::regnamespace AND prosecdef AND "
        "NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)"
    )
    assert rows == []
    rows = opened.rows(
        "SELECT proname FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a "
        "WHERE pronamespace = 'SCHEMA'::regnamespace AND a.grantee = 0"
    )
    assert rows == []


def test_a_stranger_sees_nothing(sealed: Desk) -> None:
    sealed.do("CREATE ROLE SCHEMA_stranger LOGIN")
    with psycopg.connect(sealed.server.address(sealed.schema, user=f"{sealed.schema}_stranger").split("?")[0]) as connection:
        for table in ("registry", "records", "events", "blobs", "whole_events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"SELECT * FROM {sealed.schema}.{table}".encode())


def event_of(desk: Desk, record: Record, user: str) -> str:
    """The text of an event that records something new, as claimreg sends it."""
    from claimreg.store.chain import GENESIS, canonical, new_salt, sealed_text

    rows = desk.rows("SELECT seq, hash FROM SCHEMA.head()")
    seq, previous = rows[0] if rows else (0, GENESIS)
    assert isinstance(seq, int)
    text, _own = sealed_text(
        seq + 1, Change(user, "2026-03-01T00:00:00Z", "test"), record.id, "null", canonical(to_document(record)), str(previous),
        salt=new_salt(), group=seq + 1,
    )  # fmt: skip
    return text


def made(record_type: type[Record], number: int) -> Record:
    """A record of a type that the bundled case has one of, or a time stamp, with another number."""
    with closing(demo_desk_once().open("owner")) as store:
        if record_type is TimeStamp:
            fields = {
                "head_seq": 1,
                "head_hash": "0" * 64,
                "authority": "a",
                "token_sha256": "0" * 64,
                "stamped_at": "2026-01-01T00:00:00Z",
            }
            return TimeStamp(id=f"T{number}", recorded_at="2026-01-01T00:00:00Z", recorded_by="x", **fields)  # type: ignore[arg-type]
        record = next(store.find(record_type))
        return replace(record, id=f"{record_type.PREFIX}{number}")


_desks: list[Desk] = []


def demo_desk_once() -> Desk:
    if not _desks:
        _desks.append(demo_desk())
    return _desks[0]


MAY = {"reader": "", "reviewer": "LVRD", "writer": "CPNASKLDVRT", "keeper": "CPNASKLDVRT"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_records_what_it_may_and_nothing_else(opened: Desk, role: str) -> None:
    for record_type in [record_type_of(f"{prefix}1") for prefix in "CPNASKLDVRT"]:
        assert record_type is not None
        text = event_of(opened, made(record_type, 900), opened.user(role))
        with opened.connect(role) as connection:
            try:
                connection.execute("BEGIN")
                connection.execute(f"INSERT INTO {opened.schema}.events (event) VALUES (%s)".encode(), (text,))
                did, code = True, None
            except psycopg.Error as error:
                did, code = False, error.sqlstate
            connection.execute("ROLLBACK")
        assert did == (record_type.PREFIX in MAY[role]), (role, record_type)
        assert code in ((None,) if did else (NO_RIGHT, "CR005"))


def test_the_database_notes_who_it_was(desk: Desk) -> None:
    with desk.registry("writer") as registry, registry.write("test") as writer:
        writer.put(Claim(id=writer.new_id(Claim), recorded_at="2026-03-01T00:00:00Z", recorded_by="x", text="Something"))
    with closing(desk.open("reader")) as store:
        assert list(store.database_users())[-1][1] == desk.user("writer")
    # Somebody who sets a role is who logged in all the same.
    with desk.connect("writer") as connection:
        connection.execute(f"SET ROLE {desk.schema}_writer".encode())
        connection.execute(f"INSERT INTO {desk.schema}.events (event) VALUES (%s)".encode(), (event_of(desk, made(Claim, 901), "x"),))
    assert desk.rows("SELECT db_user FROM SCHEMA.events ORDER BY seq DESC LIMIT 1") == [(desk.user("writer"),)]


def test_verify_tells_of_events_in_the_name_of_somebody_else(desk: Desk) -> None:
    writer, keeper = desk.user("writer"), desk.user("keeper")
    for role, user in (("writer", writer), ("keeper", keeper), ("writer", keeper), ("writer", keeper), ("owner", "somebody")):
        with closing(desk.open(role)) as store, store.write(Change(user, "2026-03-01T00:00:00Z", "test")) as written:
            written.put(Claim(id=written.new_id(Claim), recorded_at="2026-03-01T00:00:00Z", recorded_by=user, text="Something"))
    with closing(desk.open("reader")) as store:
        warnings = verify(store).warnings
    assert [one for one in warnings if one.area == "users"] == [
        ("users", keeper, f"2 events in this name came from the database's user {writer}")
    ]


# --- what may be seen


def everything_read(desk: Desk, role: str) -> Iterator[str]:
    """All that a role may read of a registry and of its statistics, table by table, as text."""
    relations = desk.rows(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'SCHEMA'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')"
    )
    assert len(relations) >= 8
    with desk.connect(role) as connection:
        for (name,) in relations:
            for statement in (f"SELECT t::text FROM {name} t", f"COPY (SELECT * FROM {name}) TO STDOUT", f"COPY {name} TO STDOUT"):
                try:
                    if statement.startswith("COPY"):
                        with connection.cursor().copy(statement.encode()) as copy:
                            yield "\n".join(bytes(part).decode() for part in copy)
                    else:
                        yield "\n".join(str(row) for (row,) in connection.execute(statement.encode()))
                except psycopg.Error as error:
                    yield str(error)
        for statistics in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs", "pg_stat_activity", "pg_indexes", "pg_description"):
            yield "\n".join(str(row) for (row,) in connection.execute(f"SELECT s::text FROM {statistics} s".encode()))
        yield str(connection.execute(f"EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {desk.schema}.blobs".encode()).fetchall())
        yield str(connection.execute(f"EXPLAIN (VERBOSE) SELECT * FROM {desk.schema}.records WHERE doc LIKE '%a%'".encode()).fetchall())


def plain(read: str) -> str:
    """What was read without the signs that rows and COPY double."""
    return read.replace("\\\\", "\\").replace('""', '"')


def test_who_may_not_see_withheld_sources_finds_nothing_of_them(sealed: Desk) -> None:
    secrets = sealed.secrets()
    assert len(secrets) > 50
    rows = sealed.rows("SELECT sha256, convert_from(content, 'UTF8') FROM SCHEMA.blobs WHERE sealed")
    texts = {str(sha256): str(text) for sha256, text in rows}
    assert len(texts) >= 2
    words = {line for text in texts.values() for line in text.split("\n") if len(line) > 40}
    for role in OTHERS:
        read = plain("\n".join(everything_read(sealed, role)))
        found = [one for one in secrets | set(texts) | words if json.dumps(one, ensure_ascii=False)[1:-1] in read or one in read]
        assert not found, (role, found)
    for role in ("keeper", "owner"):
        read = plain("\n".join(everything_read(sealed, role)))
        missing = [one for one in secrets | set(texts) if json.dumps(one, ensure_ascii=False)[1:-1] not in read]
        assert not missing, (role, missing)


def test_a_function_of_ones_own_is_shown_no_row_that_is_hidden(sealed: Desk) -> None:
    notices: list[str] = []
    for role in ("writer", "keeper"):
        with sealed.connect(role) as connection:
            connection.add_notice_handler(lambda told: notices.append(str(told.message_primary)))
            connection.execute(
                "CREATE FUNCTION pg_temp.peek(bytea) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
                "$$ BEGIN RAISE NOTICE '%', sha256($1); RETURN true; END $$"
            )
            connection.execute(f"SELECT 1 FROM {sealed.schema}.blobs WHERE pg_temp.peek(content)".encode())
        if role == "writer":
            ((hidden,),) = sealed.rows("SELECT count(*) FROM SCHEMA.blobs WHERE NOT sealed")
            assert len(notices) == hidden
    ((all_of_them,),) = sealed.rows("SELECT count(*) FROM SCHEMA.blobs")
    assert len(notices) == hidden + all_of_them  # type: ignore[operator]


def test_tables_of_ones_own_take_no_names_from_the_registry(desk: Desk) -> None:
    with desk.connect("writer") as connection:
        for table in ("records", "events", "registry", "sealed_records"):
            connection.execute(f"CREATE TEMP TABLE {table} (LIKE pg_catalog.pg_class)".encode())
        connection.execute("CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$")
        connection.execute("CREATE FUNCTION pg_temp.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        connection.execute("SET search_path = pg_temp, pg_catalog")
        with pytest.raises(psycopg.Error) as error:
            connection.execute(
                f"INSERT INTO {desk.schema}.events (event) VALUES (%s)".encode(), (event_of(desk, made(Claim, 900), "x")[:-70] + '"}',)
            )
        assert error.value.sqlstate in ("CR002", "22P02")
    desk.withhold("S2")
    with desk.connect("writer") as connection:
        connection.execute("CREATE FUNCTION pg_temp.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        connection.execute("SET search_path = pg_temp, pg_catalog")
        assert connection.execute(f"SELECT count(*) FROM {desk.schema}.blobs WHERE sealed".encode()).fetchone() == (0,)


def test_an_event_on_a_withheld_record_tells_nothing_of_it(sealed: Desk) -> None:
    """The right guess of what a withheld record says, and a wrong one, are refused in the same words."""
    ((whole,),) = sealed.rows("SELECT doc FROM SCHEMA.sealed_records WHERE kind = 'L' ORDER BY id LIMIT 1")
    document = json.loads(str(whole))
    told = []
    for guess in (document, {**document, "prefix": "no such words"}):
        from claimreg.store.chain import canonical, sealed_text

        ((seq, own),) = sealed.rows("SELECT seq, hash FROM SCHEMA.head()")
        after = canonical({**guess, "state": "confirmed"})
        assert isinstance(seq, int)
        text, _hash = sealed_text(seq + 1, DONE, document["id"], canonical(guess), after, str(own), salt="0" * 32, group=seq + 1)
        error = refused(sealed, "writer", "INSERT INTO SCHEMA.events (event) VALUES (%s)", "CR004", text)
        told.append((error.diag.message_primary, error.diag.message_detail, error.diag.context))
    assert told[0] == told[1]
    assert told[0][0] == document["id"]


def test_bytes_that_a_withheld_source_has_are_put_like_any_others(desk: Desk) -> None:
    """Who has the very bytes may not learn from the database that a withheld source has them, too."""
    desk.withhold("S2")
    ((sha256, content),) = desk.rows("SELECT sha256, content FROM SCHEMA.blobs WHERE sealed LIMIT 1")
    seen = []
    with desk.connect("writer") as connection:
        for digest, put in ((sha256, content), (None, b"bytes that nobody has")):
            connection.execute("BEGIN")
            cursor = connection.execute(
                f"SELECT {desk.schema}.put_blob(coalesce(%s, encode(sha256(%b), 'hex')), %b)".encode(), (digest, put, put)
            )
            there = connection.execute(f"SELECT content = %b FROM {desk.schema}.blobs WHERE content = %b".encode(), (put, put)).fetchone()
            seen.append((cursor.fetchall(), cursor.statusmessage, there))
            connection.execute("ROLLBACK")
    assert seen[0] == seen[1]
    refused(desk, "writer", "SELECT SCHEMA.put_blob('no hash', 'x')", "23514")


# --- what is told instead


def test_what_is_told_is_in_the_list_of_what_may_be(sealed: Desk) -> None:
    beside = {
        Source: {"title", "withheld"},
        Capture: {"sha256", "text_sha256", "size", "length", "media_type", "location", "method", "retrieved_at"},
        Link: {"start", "end", "exact", "prefix", "suffix", "parts", "words"},
        Draft: {"start", "end", "exact", "parts", "mode", "act", "stance", "confidence", "rule", "proposed_by"},
    }
    seen = set()
    for kind, number, doc in sealed.rows("SELECT kind, id, doc FROM SCHEMA.records WHERE sealed"):
        record_type = record_type_of(f"{kind}{number}")
        assert record_type in _TOLD_FIELDS
        document = json.loads(str(doc))
        seen.add(record_type)
        assert set(document) == _TOLD_FIELDS[record_type] | (beside[record_type] & set(document))
        ((whole,),) = sealed.rows("SELECT doc FROM SCHEMA.sealed_records WHERE kind = %s AND id = %s", kind, number)
        may = told_document(from_document(record_type, json.loads(str(whole))))
        assert {name: document[name] for name in _TOLD_FIELDS[record_type]} == {name: may[name] for name in _TOLD_FIELDS[record_type]}
    assert seen == {Source, Capture, Link, Draft}
    hidden = {
        json.dumps({name: json.loads(str(doc)).get(name) for name in beside[Draft]})
        for (doc,) in sealed.rows("SELECT doc FROM SCHEMA.records WHERE kind = 'D'")
    }
    assert len(hidden) == 1


def shown(event: Event) -> object:
    """All that an event says, fields without a value left out."""
    sides = [side and {name: value for name, value in side.items() if value is not None} for side in (event.before, event.after)]
    return replace(event, before=None, after=None), sides, changes_in_words(event)


@pytest.mark.parametrize("role", OTHERS)
def test_views_and_reports_are_the_same_for_everybody(sealed: Desk, role: str) -> None:
    with closing(sealed.open("keeper")) as keeper, closing(sealed.open(role)) as other:
        assert (keeper.sees_withheld, other.sees_withheld) == (True, False)
        claims = list(keeper.find(Claim))
        assert claims == list(other.find(Claim)) != []
        for claim in claims:
            assert claim_view(keeper, claim) == claim_view(other, claim)
        for one, same in zip(keeper.find(Source), other.find(Source), strict=True):
            assert source_view(keeper, one, whole=True) == source_view(other, same, whole=True)
        assert report_on(keeper, ReportScope(), None, str) == report_on(other, ReportScope(), None, str)
        assert [shown(event) for event in told_events(other, other.history())] == [
            shown(event) for event in told_events(keeper, keeper.history())
        ]


def test_sealed_texts_are_marked_and_nothing_else_is(sealed: Desk) -> None:
    for role in ROLES:
        with closing(sealed.open(role)) as store:
            marked = [
                record_id
                for kind in (Claim, Source, Capture, Link, Draft)
                for record_id, text in store.stored(kind)
                if isinstance(text, SealedText)
            ]
            events = [seq for seq, text in store.stored_history() if isinstance(text, SealedText)]
            one = store.stored_text(Source, "S2")
        if role == "keeper":
            assert (marked, events, type(one)) == ([], [], str)
        else:
            kept = sealed.rows("SELECT kind::text || id FROM SCHEMA.sealed_records")
            assert sorted(marked) == sorted(str(name) for (name,) in kept) != []
            assert events == [seq for (seq,) in sealed.rows("SELECT seq FROM SCHEMA.sealed_events ORDER BY seq")] != []
            assert isinstance(one, SealedText)


@pytest.mark.parametrize("role", ROLES)
def test_verify_takes_what_is_sealed_for_sealed(sealed: Desk, role: str) -> None:
    with closing(sealed.open(role)) as store:
        found = verify(store)
    assert (found.damage, found.warnings) == ([], [])
    ((count,),) = sealed.rows("SELECT count(*) FROM SCHEMA.sealed_events")
    assert found.checked.get("sealed events") == (None if role == "keeper" else count)
    assert found.head == sealed.rows("SELECT hash FROM SCHEMA.head()")[0][0]


@pytest.mark.parametrize("role", ["reader", "keeper"])
def test_verify_finds_a_chain_that_was_cut_among_sealed_events(desk: Desk, role: str) -> None:
    desk.withhold("S3")
    ((seq,),) = desk.rows("SELECT max(seq) - 1 FROM SCHEMA.sealed_events WHERE seq < (SELECT max(seq) FROM SCHEMA.sealed_events)")
    desk.do(f'UPDATE SCHEMA.events SET event = regexp_replace(event, \'"previous":"..\', \'"previous":"zz\') WHERE seq = {seq}')
    with closing(desk.open(role)) as store:
        found = verify(store)
    places = {one.place for one in found.damage}
    assert f"event {seq}" in places or role == "keeper"


# --- withholding and opening


def rows_of(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: desk.rows(f"SELECT * FROM SCHEMA.{table} t ORDER BY t::text")
        for table in ("records", "blobs", "sealed_records", "sealed_events")
    }


def test_opening_a_source_brings_everything_back(desk: Desk) -> None:
    before, history = rows_of(desk), desk.rows("SELECT * FROM SCHEMA.events ORDER BY seq")
    for source_id in ("S2", "S3"):
        desk.withhold(source_id)
        assert desk.rows("SELECT sealed FROM SCHEMA.records WHERE kind = 'S' AND id = %s", int(source_id[1:])) == [(True,)]
        assert desk.secrets()
        desk.withhold(source_id, None)
        assert rows_of(desk) == before
    assert desk.rows("SELECT * FROM SCHEMA.events ORDER BY seq")[: len(history)] == history
    assert desk.rows("SELECT count(*) FROM SCHEMA.events WHERE sealed") == [(0,)]
    with closing(desk.open("reader")) as store:
        assert verify(store).damage == []


def test_what_is_added_to_a_withheld_source_is_sealed(desk: Desk) -> None:
    desk.withhold("S3")
    with closing(desk.open("keeper")) as store, store.write(DONE) as writer:
        link = next(writer.find(Link, Equals("source_id", "S3")))
        capture = next(writer.find(Capture, Equals("source_id", "S3")))
        new = writer.put(replace(link, id=writer.new_id(Link)))
        shas = [writer.put_blob(b"other bytes"), writer.put_blob(b"other text")]
        writer.put(replace(capture, id=writer.new_id(Capture), sha256=shas[0], text_sha256=shas[1], size=11, length=10))
    with closing(desk.open("reader")) as store:
        told = store.get(Link, new.id)
        assert told is not None
        assert (told.exact, told.prefix, told.start) == ("[…]", "", 0)
        for sha256 in shas:
            with pytest.raises(StoreError):
                store.blob(sha256)
    with closing(desk.open("keeper")) as store:
        assert [store.blob(one) for one in shas] == [b"other bytes", b"other text"]


def test_bytes_that_an_open_source_has_too_are_open(desk: Desk) -> None:
    with closing(desk.open("writer")) as store, store.write(DONE) as writer:
        capture = next(writer.find(Capture, Equals("source_id", "S2")))
        source = writer.get(Source, "S1")
        assert source is not None
        copy = writer.put(replace(source, id=writer.new_id(Source), url=None, url_key=None))
        writer.put(replace(capture, id=writer.new_id(Capture), source_id=copy.id))
    desk.withhold("S2")
    with closing(desk.open("reader")) as store:
        assert store.blob(capture.sha256)
        assert store.get(Capture, capture.id) != capture
    desk.withhold(copy.id)
    with closing(desk.open("reader")) as store, pytest.raises(StoreError):
        store.blob(capture.sha256)
    desk.withhold("S2", None)
    with closing(desk.open("reader")) as store:
        assert store.blob(capture.sha256)
        assert store.get(Capture, capture.id) == capture


def test_a_reason_that_was_given_earlier_is_not_told(desk: Desk) -> None:
    desk.withhold("S2", "came from Aigul of the ministry")
    desk.withhold("S2", "protects a person")
    for role in OTHERS:
        read = "\n".join(everything_read(desk, role))
        assert "Aigul" not in read
        assert "protects a person" in read
    assert "Aigul" in "\n".join(everything_read(desk, "keeper"))


def test_a_link_that_is_no_alignment_keeps_no_source_from_being_withheld(desk: Desk) -> None:
    with closing(desk.open("writer")) as store:
        link = next(store.find(Link, Equals("source_id", "S3")))
    document = {**to_document(link), "id": "L900", "words": [["kept", ["x"], ["y", "z"]]], "parts": {"a": 1}}
    from claimreg.store.chain import canonical, sealed_text

    ((seq, own),) = desk.rows("SELECT seq, hash FROM SCHEMA.head()")
    assert isinstance(seq, int)
    text, _hash = sealed_text(seq + 1, DONE, "L900", "null", canonical(document), str(own), salt="0" * 32, group=seq + 1)
    desk.rows("INSERT INTO SCHEMA.events (event) VALUES (%s) RETURNING 1", text, role="writer")
    desk.withhold("S3")
    assert desk.rows("SELECT sealed FROM SCHEMA.records WHERE kind = 'L' AND id = 900") == [(True,)]


# --- working without seeing


@pytest.mark.parametrize("role", ["reviewer", "writer", "keeper"])
def test_whoever_reviews_decides_on_links_of_withheld_sources_unseen(desk: Desk, role: str) -> None:
    desk.withhold("S3")
    with closing(desk.open(role)) as store, store.write(Change("rev", "2026-03-01T00:00:00Z", "review")) as writer:
        known, _hash = writer.head()
        links = [one for one in writer.find(Link, Equals("source_id", "S3")) if one.state is LinkState.SUGGESTED][:2]
        assert len(links) == 2
        writer.put(replace(links[0], state=LinkState.CONFIRMED))
        now = writer.get(Link, links[0].id)
        assert now is not None
        assert now.state is LinkState.CONFIRMED
        writer.put(replace(links[1], state=LinkState.REJECTED))
        assert len(list(writer.history(after=known))) == 2
    with closing(desk.open("keeper")) as store:
        assert verify(store).damage == []
        assert [one.state for one in store.find(Link, Equals("source_id", "S3")) if one.id in (links[0].id, links[1].id)] == [
            "confirmed",
            "rejected",
        ]
        events = list(store.history())[-2:]
        assert [event.user for event in events] == ["rev", "rev"]
        assert len({event.group for event in events}) == 1
        assert all(event.salt for event in events)
        before, after = events[0].before, events[0].after
        assert before is not None
        assert {**before, "state": "confirmed"} == after
    assert desk.rows("SELECT db_user FROM SCHEMA.events ORDER BY seq DESC LIMIT 1") == [(desk.user(role),)]


def test_who_may_not_see_a_record_changes_nothing_else_of_it(desk: Desk) -> None:
    desk.withhold("S2")
    before = desk.rows("SELECT count(*) FROM SCHEMA.events")
    with closing(desk.open("writer")) as store:
        for changes in ({"title": "Another"}, {"withheld": None}, {"withheld": "Another reason"}, {"url": "https://example.org"}):
            source = store.get(Source, "S2")
            assert source is not None
            with pytest.raises(WithheldError, match="S2 is of a withheld source"), store.write(DONE) as writer:
                writer.put(replace(source, **changes))
    assert desk.rows("SELECT count(*) FROM SCHEMA.events") == before
    refused(desk, "reader", "SELECT * FROM SCHEMA.amend('L1', 'x', 'x', 'x', 1, 'confirmed', NULL)")
    refused(desk, "reviewer", "SELECT * FROM SCHEMA.amend('S2', 'x', 'x', 'x', 1, NULL, '2026')", "CR005")
    refused(desk, "writer", "SELECT * FROM SCHEMA.amend('C1', 'x', 'x', 'x', 1, NULL, '2026')", "CR003")
    refused(desk, "writer", "SELECT * FROM SCHEMA.amend('S1', 'x', 'x', 'x', 1, NULL, '2026')", "CR003")


def test_a_writer_withdraws_what_belongs_to_a_withheld_source(desk: Desk) -> None:
    desk.withhold("S2")
    with closing(desk.open("writer")) as store, store.write(DONE) as writer:
        links = [writer.put(replace(one, removed_at=DONE.at)) for one in writer.find(Link, Equals("source_id", "S2"))]
    assert links
    with closing(desk.open("keeper")) as store:
        assert list(store.find(Link, Equals("source_id", "S2"))) == []
        assert len(list(store.find(Link, Equals("source_id", "S2"), withdrawn=True))) == len(links)
        assert verify(store).damage == []


def test_links_do_not_move_from_one_source_to_another(desk: Desk) -> None:
    desk.withhold("S2")
    with closing(desk.open("keeper")) as store:
        link = next(store.find(Link, Equals("source_id", "S2")))
        with pytest.raises(StoreError), store.write(DONE) as writer:
            writer.put(replace(link, source_id="S1"))


def test_conditions_on_what_is_hidden_find_nothing(desk: Desk) -> None:
    with closing(desk.open("owner")) as store:
        source = store.get(Source, "S2")
        capture = next(store.find(Capture, Equals("source_id", "S2")))
        assert source is not None
    desk.withhold("S2")
    with closing(desk.open("reader")) as other, closing(desk.open("keeper")) as keeper:
        for record_type, field, value in (
            (Source, "url", source.url), (Source, "url_key", source.url_key), (Source, "title", source.title),
            (Capture, "sha256", capture.sha256),
        ):  # fmt: skip
            assert list(other.find(record_type, Equals(field, value), withdrawn=True)) == []
            assert len(list(keeper.find(record_type, Equals(field, value), withdrawn=True))) == 1
        assert len(list(other.find(Capture, Equals("source_id", "S2")))) == 1


# --- making the roles


def test_roles_are_made_once_and_again(desk: Desk) -> None:
    names = tuple(f"{desk.schema}_{role}" for role in ROLES)
    assert make_roles(desk.address("owner")) == names
    assert desk.rows("SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s) AND NOT rolcanlogin", list(names)) == [(4,)]
    for lower, higher in pairwise(ROLES):
        assert desk.rows("SELECT pg_has_role(%s, %s, 'USAGE')", f"{desk.schema}_{higher}", f"{desk.schema}_{lower}") == [(True,)]
        assert desk.rows("SELECT pg_has_role(%s, %s, 'USAGE')", f"{desk.schema}_{lower}", f"{desk.schema}_{higher}") == [(False,)]


def test_another_registrys_roles_are_not_taken(desk: Desk) -> None:
    desk.do("CREATE DATABASE SCHEMA_other")
    other = desk.server.address(desk.schema, database=f"{desk.schema}_other")
    open_store(other, create=True).close()
    with pytest.raises(UsageError, match=f"There is a role {desk.schema}_reader .* of the claimreg registry"):
        make_roles(other)
    mine = new_desk()
    mine.do("CREATE ROLE SCHEMAx_writer")
    there = mine.server.address(f"{mine.schema}x")
    open_store(there, create=True).close()
    with pytest.raises(UsageError, match="was not made by claimreg"):
        make_roles(there)
    assert mine.rows("SELECT count(*) FROM pg_roles WHERE rolname = %s", f"{mine.schema}x_reader") == [(0,)]


def test_who_may_make_no_roles_is_told_what_it_takes(opened: Desk) -> None:
    with pytest.raises(StoreError, match="CREATEROLE"):
        make_roles(opened.address("writer"))


def test_a_reader_is_told_which_role_recording_takes(opened: Desk) -> None:
    for role, told in (("reader", "Your roles in the registry"), ("reviewer", f"the role {opened.schema}_writer")):
        with closing(opened.open(role)) as store, pytest.raises(StoreError, match=told), store.write(DONE) as writer:
            writer.put(Claim(id=writer.new_id(Claim), recorded_at=DONE.at, recorded_by="x", text="Something"))


def test_reason_is_told(sealed: Desk) -> None:
    with closing(sealed.open("reader")) as store:
        source = store.get(Source, "S2")
    assert source == Source(id="S2", recorded_at="2026-01-01T00:00:00Z", recorded_by="demo", title="withheld", withheld=REASON)


# --- whatever is withheld, opened and added, in whichever order


class Step(NamedTuple):
    """Something that a member of a role does with one of three sources."""

    role: str
    deed: str
    source: int
    content: int


STEPS = st.builds(
    Step,
    st.sampled_from(["writer", "keeper", "owner"]),
    st.sampled_from(["withhold", "open", "capture", "link", "decide"]),
    st.integers(0, 2),
    st.integers(0, 2),
)


def take(desk: Desk, step: Step) -> None:
    """Do one step; who may not see a withheld source is refused what changes it."""
    with closing(desk.open(step.role)) as store, suppress(WithheldError), store.write(DONE) as writer:
        source = writer.get(Source, f"S{step.source + 1}")
        assert source is not None
        there = list(writer.find(Link, Equals("source_id", source.id)))
        if step.deed in ("withhold", "open"):
            writer.put(replace(source, withheld=f"reason {step.content}" if step.deed == "withhold" else None))
        elif step.deed == "capture":
            capture(writer, source, step.content)
        elif step.deed == "link":
            writer.put(linked(writer.new_id(Link), step.source + 1))
        elif there:
            writer.put(replace(there[0], state=LinkState.REJECTED if there[0].state is LinkState.CONFIRMED else LinkState.CONFIRMED))


def capture(writer: Writer, source: Source, content: int) -> None:
    """Keep a capture whose bytes, or whose text alone, other sources may have as well."""
    sha256, text_sha256 = writer.put_blob(b"bytes %d" % content), writer.put_blob(b"text %d" % (content // 2))
    writer.put(
        Capture(
            id=writer.new_id(Capture), recorded_at=DONE.at, recorded_by="x", source_id=source.id, sha256=sha256, text_sha256=text_sha256,
            size=7, length=6, media_type="text/plain", location="file", method="text/1", retrieved_at=DONE.at,
        )
    )  # fmt: skip


def linked(record_id: str, number: int) -> Link:
    return Link(
        id=record_id, recorded_at=DONE.at, recorded_by="x", attribution_id="A1", source_id=f"S{number}", capture_id=f"K{number}", start=0,
        end=3, exact="tex", prefix="", suffix="t 0", score=100.0, kind=LinkKind.EXACT,
    )  # fmt: skip


def check_sealing(desk: Desk) -> None:
    """Whatever belongs to a withheld source is sealed, nothing else is, and both faces of it are what the history says."""
    withheld = "SELECT 'S' || id FROM SCHEMA.whole_records WHERE kind = 'S' AND doc::json ->> 'withheld' IS NOT NULL"
    owner = "CASE kind WHEN 'S' THEN 'S' || id ELSE doc::json ->> 'source_id' END"
    assert desk.rows(f"SELECT kind, id FROM SCHEMA.records r WHERE sealed <> coalesce({owner} IN ({withheld}), false)") == []
    assert (
        desk.rows("SELECT seq FROM SCHEMA.events e JOIN SCHEMA.records r ON object_id = r.kind::text || r.id WHERE e.sealed <> r.sealed")
        == []
    )
    for table, key in (("records", "(kind, id)"), ("events", "seq")):
        sealed, whole = (f"SELECT {key} FROM SCHEMA.{one}" for one in (f"{table} WHERE sealed", f"sealed_{table}"))
        assert desk.rows(f"({sealed} EXCEPT {whole}) UNION ({whole} EXCEPT {sealed})") == []
    captures = "SCHEMA.whole_records k JOIN SCHEMA.records r USING (kind, id)"
    named = f"EXISTS (SELECT FROM {captures} WHERE kind = 'K' AND {{}} AND strpos(k.doc, sha256) > 0)"
    assert desk.rows(f"SELECT sha256 FROM SCHEMA.blobs WHERE sealed AND {named.format('NOT r.sealed')}") == []
    assert (
        desk.rows(f"SELECT sha256 FROM SCHEMA.blobs WHERE NOT sealed AND {named.format('r.sealed')} AND NOT {named.format('NOT r.sealed')}")
        == []
    )
    for role in ("reader", "keeper"):
        with closing(desk.open(role)) as store:
            assert verify(store).damage == []


@settings(max_examples=8 if "CLAIMREG_ALL" not in os.environ else 60)
@given(st.lists(STEPS, min_size=2, max_size=8))
@example(
    [Step("writer", "capture", 0, 0), Step("writer", "capture", 1, 0), Step("writer", "withhold", 0, 0), Step("keeper", "withhold", 1, 1)]
)
@example([Step("writer", "withhold", 0, 0), Step("writer", "capture", 0, 0), Step("writer", "link", 0, 0), Step("writer", "decide", 0, 0)])
@example([Step("writer", "withhold", 0, 0), Step("keeper", "withhold", 0, 1), Step("writer", "open", 0, 0), Step("keeper", "open", 0, 0)])
def test_what_is_sealed_follows_what_is_withheld(steps: list[Step]) -> None:
    desk = new_desk()
    with closing(desk.open("writer")) as store, store.write(DONE) as writer:
        fields: dict[str, Any] = {"recorded_at": DONE.at, "recorded_by": "x"}
        writer.put(Claim(id="C1", text="Something", **fields))
        writer.put(Party(id="P1", name="Somebody", **fields))
        writer.put(Attribution(id="A1", claim_id="C1", party_id="P1", party_as_written="Somebody", stance=Stance.ASSERTS, **fields))
        for number in range(3):
            capture(writer, writer.put(Source(id=writer.new_id(Source), title=f"Source {number}", lang="en", **fields)), 0)
    for step in steps:
        take(desk, step)
    check_sealing(desk)
