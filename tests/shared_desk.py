"""A desk's shared registry for tests of its rights: users of each role, the bundled case, and what of its withheld sources is secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import NamedTuple

import psycopg
from postgres_server import Server, server

from claimreg.frozen import replace
from claimreg.model import Change, Source, record_type_of
from claimreg.opening import bundled_case, demo_registry, open_registry
from claimreg.registry import Registry
from claimreg.services.withholding import _TOLD_FIELDS
from claimreg.store.factory import open_store
from claimreg.store.port import Store
from claimreg.store.postgres.roles import ROLES, make_roles

REASON = "protects a person"
_SHORTEST = 8
_numbers = count(1)


class Desk(NamedTuple):
    """A registry whose roles are each held by one user, such as ``desk1_ann_reader``; ``owner`` owns it, and is no superuser."""

    server: Server
    schema: str

    def user(self, role: str) -> str:
        return f"{self.schema}_{role}" if role == "owner" else f"{self.schema}_ann_{role}"

    def address(self, role: str) -> str:
        return self.server.address(self.schema, user=self.user(role))

    def open(self, role: str) -> Store:
        return open_store(self.address(role), create=False)

    def registry(self, role: str) -> Registry:
        return open_registry(self.address(role), user=self.user(role))

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(self.address(role).split("?", maxsplit=1)[0], autocommit=True)

    def rows(self, statement: str, *values: object, role: str = "owner") -> list[tuple[object, ...]]:
        """The rows that a statement gives; ``SCHEMA`` in it is the registry's."""
        with self.connect(role) as connection:
            return connection.execute(statement.replace("SCHEMA", self.schema).encode(), values or None).fetchall()

    def do(self, statement: str) -> None:
        """Carry out a statement as the owner, or several; ``SCHEMA`` in it is the registry's."""
        with self.connect("owner") as connection:
            connection.execute(statement.replace("SCHEMA", self.schema).encode())

    def withhold(self, source_id: str, reason: str | None = REASON, role: str = "keeper") -> None:
        """Withhold a source, or open it."""
        with closing(self.open(role)) as store, store.write(Change(self.user(role), "2026-02-01T00:00:00Z", "edit")) as writer:
            source = writer.get(Source, source_id)
            assert source is not None
            writer.put(replace(source, withheld=reason))

    def secrets(self) -> set[str]:
        """Whatever withheld records and events say beyond what may be told, but for words that open records have as well."""
        told = {field for fields in _TOLD_FIELDS.values() for field in fields}
        secret = {text for (doc,) in self.rows("SELECT doc FROM SCHEMA.sealed_records") for text in _texts(json.loads(str(doc)), told)}
        for (event,) in self.rows("SELECT event FROM SCHEMA.sealed_events"):
            document = json.loads(str(event))
            assert record_type_of(document["object_id"]) in _TOLD_FIELDS
            secret.add(document["salt"])
            secret.update(text for side in ("before", "after") for text in _texts(document[side], told))
        opened = "\n".join(str(doc) for (doc,) in self.rows("SELECT doc FROM SCHEMA.records WHERE NOT sealed"))
        return {
            one for one in secret if len(one) >= _SHORTEST and json.dumps(one, ensure_ascii=False)[1:-1] not in opened and one != REASON
        }


def _texts(value: object, told: set[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, told)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in told:
                yield from _texts(one, told)


def new_desk() -> Desk:
    """An empty shared registry with its roles, each held by one user."""
    desk = Desk(server(), f"desk{next(_numbers)}")
    with psycopg.connect(server().address(desk.schema).split("?", maxsplit=1)[0], autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {desk.user('owner')} LOGIN CREATEROLE CREATEDB".encode())
        connection.execute(f"GRANT CREATE ON DATABASE postgres TO {desk.user('owner')}".encode())
    open_store(desk.address("owner"), create=True).close()
    make_roles(desk.address("owner"))
    for role in ROLES:
        desk.do(f"CREATE ROLE {desk.user(role)} LOGIN IN ROLE SCHEMA_{role}")
    return desk


def demo_desk() -> Desk:
    """A shared registry with the bundled case, with drafts of one of its sources."""
    desk = new_desk()
    with demo_registry(location=desk.address("owner")) as registry:
        registry.record_case(bundled_case())
        registry.extract("S3", add=True)
    return desk
