"""A registry that is copied into another place is the same there, byte for byte."""

import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import made_registries
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_server import new_address, server
from stores import KEPT, LOCATIONS

from claimreg.errors import BusyRegistryError, DamagedRegistryError, InputError, NotFoundError, StoreError, UsageError, WithheldError
from claimreg.frozen import replace
from claimreg.model import RECORD_TYPES, Capture, Change, Claim, Source
from claimreg.opening import bundled_case, copy_registry, demo_registry, events_to_copy
from claimreg.services import moving
from claimreg.services.evidence.verify import verify
from claimreg.services.moving import CopyProgress
from claimreg.services.moving import copy_registry as copy_stores
from claimreg.store.factory import open_store
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Equals, Store
from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.roles import make_roles

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
WAYS = list(product(KEPT, KEPT))
Place = Callable[[str], str]


class Whole(NamedTuple):
    """All that a registry holds, as it is stored."""

    head: tuple[int, str]
    history: list[tuple[int, str]]
    records: dict[str, str]
    blobs: dict[str, bytes]


def whole(store: Store) -> Whole:
    records = {record_id: text for kind in RECORD_TYPES for record_id, text in store.stored(kind)}
    return Whole(store.head(), list(store.stored_history()), records, {one: store.blob(one) for one in store.blob_ids()})


def whole_at(location: str) -> Whole:
    with closing(open_store(location, create=False)) as store:
        return whole(store)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Gives a place of a kind where no registry is yet."""
    folders = (tmp_path / f"place-{number}" for number in range(100))
    return lambda kind: LOCATIONS[kind](next(folders))


@pytest.fixture
def case(place: Place) -> Callable[[str], str]:
    """Makes a registry of a kind with the bundled case in it, a time stamp's bytes and records changed twice."""

    def make(kind: str) -> str:
        location = place(kind)
        with demo_registry(location=location) as registry:
            registry.record_case(bundled_case())
        with closing(open_store(location, create=False)) as store, store.write(CHANGE) as writer:
            claim = writer.get(Claim, "C1")
            assert claim is not None
            for text in ("Other words, 1e22", "Сөздің өзі: “қ” \\u0000 \u2028"):
                writer.put(replace(claim, text=text))
            writer.put_blob(bytes(range(256)) * 4_000)
        return location

    return make


def add_claims(location: str, count: int) -> None:
    with closing(open_store(location, create=True)) as store, store.write(CHANGE) as writer:
        for number in range(count):
            writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text=f"Сөз {number} “1e22” -0.0"))


@pytest.mark.parametrize(("kind", "other"), WAYS)
def test_everything_is_the_same_in_the_copy(kind: str, other: str, case: Place, place: Place) -> None:
    source, target = case(kind), place(other)
    before = whole_at(source)
    copied = copy_registry(source, target)
    assert whole_at(target) == before == whole_at(source)
    assert (copied.events, copied.head) == (len(before.history), before.head)
    assert copied.blobs == len(before.blobs) > 3
    assert not copied.found.damage


@pytest.mark.parametrize(("kind", "other"), [("embedded", "postgres"), ("postgres", "embedded")])
def test_a_thousand_events_have_the_same_head(kind: str, other: str, place: Place) -> None:
    source, target = place(kind), place(other)
    add_claims(source, 1_000)
    assert copy_registry(source, target).events == 1_000
    assert whole_at(target) == whole_at(source)


@pytest.mark.parametrize("other", KEPT)
@pytest.mark.parametrize("older", ["registry-v1", "registry-v3", "registry-v4", "registry-v5"])
def test_a_registry_of_an_older_claimreg_is_copied(older: str, other: str, repository: Path, place: Place, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / f"{older}.zip") as archive:
        archive.extractall(tmp_path)
    source, target = str(tmp_path / older), place(other)
    copy_registry(source, target)
    assert whole_at(target) == whole_at(source)


@pytest.mark.parametrize(("kind", "other"), WAYS)
def test_what_came_since_follows_and_both_go_on(kind: str, other: str, case: Place, place: Place) -> None:
    source, target = case(kind), place(other)
    copy_registry(source, target)
    add_claims(source, 2)
    assert events_to_copy(source, target) == 2
    copied = copy_registry(source, target)
    assert (copied.events, copied.blobs) == (2, 0)
    assert whole_at(target) == whole_at(source)
    assert copy_registry(source, target).events == 0
    # Ids go on where they were, and the copy is written to like any other.
    add_claims(target, 1)
    with closing(open_store(target, create=False)) as store:
        assert [claim.id for claim in store.find(Claim)] == [f"C{number}" for number in range(1, 10)]


@pytest.mark.parametrize(("kind", "other"), WAYS)
def test_another_or_a_longer_history_is_left_alone(kind: str, other: str, case: Place, place: Place) -> None:
    source, target = case(kind), place(other)
    add_claims(target, 3)
    before = whole_at(target)
    with pytest.raises(StoreError, match="another history"):
        copy_registry(source, target)
    with pytest.raises(StoreError, match="another history"):
        copy_registry(target, source)
    with pytest.raises(StoreError, match="another history"):
        events_to_copy(source, target)
    assert whole_at(target) == before
    longer = place(other)
    copy_registry(source, longer)
    add_claims(longer, 1)
    with pytest.raises(StoreError, match=r"goes on after .* for 1 event; nothing was copied"):
        copy_registry(source, longer)


class CutOff(CopyProgress):
    """A power cut when so many things of a kind were copied."""

    def __init__(self, noun: str, at: int) -> None:
        self.noun, self.at = noun, at

    def copied(self, count: int, noun: str, of: int | None = None) -> None:
        del of
        if (noun, count) == (self.noun, self.at):
            raise KeyboardInterrupt


@pytest.mark.parametrize(("kind", "other"), WAYS)
@pytest.mark.parametrize(("noun", "at"), [("capture", 203), ("event", 100)])
def test_a_copy_that_was_cut_off_goes_on(kind: str, other: str, noun: str, at: int, place: Place) -> None:
    source, target = place(kind), place(other)
    add_claims(source, 150)
    with closing(open_store(source, create=False)) as store, store.write(CHANGE) as writer:
        for number in range(210):
            writer.put_blob(b"%d" % number)
    with pytest.raises(KeyboardInterrupt):
        copy_registry(source, target, CutOff(noun, at))
    # The events come all at once, so that nobody sees half of a history.
    assert whole_at(target).head == (0, "")
    copied = copy_registry(source, target)
    assert copied.blobs == 210 - {"capture": 200, "event": 210}[noun]
    assert whole_at(target) == whole_at(source)


class Ended(CutOff):
    """A server that ends every connection when so many things of a kind were copied."""

    def __init__(self, noun: str, at: int, location: str) -> None:
        super().__init__(noun, at)
        self.location = location

    def copied(self, count: int, noun: str, of: int | None = None) -> None:
        try:
            super().copied(count, noun, of)
        except KeyboardInterrupt:
            with connect(location_of(self.location)) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'claimreg' AND pid <> pg_backend_pid()"
                )


@pytest.mark.parametrize(("kind", "other"), [("embedded", "postgres"), ("postgres", "embedded")])
@pytest.mark.parametrize(("noun", "at"), [("capture", 3), ("event", 100)])
def test_a_lost_connection_leaves_nothing_half_copied(kind: str, other: str, noun: str, at: int, case: Place, place: Place) -> None:
    source, target = case(kind), place(other)
    add_claims(source, 2_500)
    with pytest.raises(StoreError, match=r"connection .* was lost .* run it again"):
        copy_registry(source, target, Ended(noun, at, source if kind == "postgres" else target))
    assert whole_at(target).head == (0, "")
    copy_registry(source, target)
    assert whole_at(target) == whole_at(source)


@pytest.mark.parametrize("other", KEPT)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims SET doc = replace(doc, 'Сөз', 'Соз')",
        "UPDATE history SET doc = replace(doc, 'Сөз', 'Соз') WHERE id = 2",
        "DELETE FROM history WHERE id = 2",
    ],
)
def test_a_damaged_registry_is_not_copied(other: str, statement: str, place: Place, tmp_path: Path) -> None:
    source, target = str(tmp_path / "damaged"), place(other)
    add_claims(source, 3)
    with closing(sqlite3.connect(Path(source) / "registry.db")) as connection, connection:
        connection.execute(statement)
    with pytest.raises(DamagedRegistryError, match=r"is damaged .*claimreg verify"):
        copy_registry(source, target)
    if other == "embedded":
        assert not Path(target).exists()


def test_places_that_are_none(place: Place, tmp_path: Path) -> None:
    add_claims(source := place("embedded"), 1)
    for one, other in (("memory:", source), (source, "memory:")):
        with pytest.raises(UsageError):
            copy_registry(one, other)
    for none in (str(tmp_path / "none"), new_address()):
        with pytest.raises((StoreError, NotFoundError), match="There is no registry in"):
            copy_registry(none, place("embedded"))
    assert events_to_copy(source, new_address()) == 1
    assert copy_registry(source, source).events == 0


def test_a_nul_of_an_older_registry_is_named(tmp_path: Path) -> None:
    source, target = str(tmp_path / "old"), new_address()
    with closing(open_store(source, create=True)) as store, store.write(CHANGE) as writer:
        # As a claimreg that knew no better recorded it.
        writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="a\\u0000b"))
        claim = Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text="a\0b")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("claimreg.store.embedded.refuse_unfit", lambda *_told: None)
            writer.put(claim)
        writer.put(replace(claim, text="ab"))
    with pytest.raises(InputError, match=r"Event 2 tells of C2 with a NUL character \(U\+0000\)"):
        copy_registry(source, target)
    assert whole_at(target).history == []
    assert copy_registry(source, str(tmp_path / "new")).events == 3


def test_only_the_owner_copies_into_a_database(case: Place) -> None:
    source, target = case("embedded"), new_address()
    location = location_of(target)
    with closing(open_store(target, create=True)), connect(location) as connection:
        name = f"somebody_{location.schema}"
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA {location.schema} TO {name}")
        connection.execute(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {location.schema} TO {name}")
        connection.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {location.schema} TO {name}")
        try:
            with pytest.raises(StoreError, match=r"Only the owner of the registry .* may copy a registry into it; ask postgres"):
                copy_registry(source, server().address(location.schema, user=name))
        finally:
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


def test_somebody_who_writes_meanwhile_is_told_of(case: Place, place: Place) -> None:
    source, target = case("embedded"), place("postgres")
    with (
        closing(open_store(source, create=False)) as opened,
        closing(open_store(target, create=True)) as other,
        other.write(CHANGE),
        pytest.raises(BusyRegistryError),
    ):
        copy_stores(opened, lambda: open_store(target, create=False, wait=0.1))


@pytest.mark.parametrize("kind", KEPT)
def test_what_somebody_else_writes_meanwhile_is_not_mixed_with_it(
    kind: str, case: Place, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = case("embedded"), place(kind)
    copy_blobs = moving._copy_blobs

    def written_to_meanwhile(*arguments: Any) -> int:  # noqa: ANN401 -- whatever it takes
        count = copy_blobs(*arguments)
        add_claims(target, 200)
        return count

    monkeypatch.setattr(moving, "_copy_blobs", written_to_meanwhile)
    with pytest.raises(StoreError, match=r"Somebody else wrote to .* meanwhile"):
        copy_registry(source, target)
    assert whole_at(target).head[0] == 200


def users_of(location: str) -> dict[int, str]:
    with closing(open_store(location, create=False)) as store:
        return dict(store.database_users())


def test_whom_the_database_knew_is_kept_beside(place: Place) -> None:
    source, folder, again, third = place("postgres"), place("embedded"), place("postgres"), place("embedded")
    add_claims(source, 2)
    name = f"berik_{location_of(source).schema}"
    with connect(location_of(source)) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN SUPERUSER")
        try:
            add_claims(server().address(location_of(source).schema, user=name), 2)
        finally:
            connection.execute(f"DROP ROLE {name}")
    known = {1: "postgres", 2: "postgres", 3: name, 4: name}
    assert users_of(source) == known
    copy_registry(source, folder)
    assert users_of(folder) == known
    assert (Path(folder) / "database-users.jsonl").read_text().count("\n") == 2
    # Of what was recorded in the folder, no database knows anything.
    add_claims(folder, 1)
    copy_registry(folder, again)
    assert users_of(again) == known
    add_claims(again, 1)
    copy_registry(again, folder)
    copy_registry(folder, third)
    assert users_of(folder) == users_of(third) == {**known, 6: "postgres"}
    with closing(open_store(folder, create=False)) as store:
        store.backup(Path(place("embedded")))


def test_a_file_of_users_that_is_not_ours_is_damage(place: Place) -> None:
    source, folder = place("postgres"), place("embedded")
    add_claims(source, 1)
    copy_registry(source, folder)
    (Path(folder) / "database-users.jsonl").write_text(json.dumps({"first_event": "x"}))
    with closing(open_store(folder, create=False)) as store:
        assert [one.area for one in verify(store).damage] == ["files"]
    with pytest.raises(DamagedRegistryError, match=r"database-users\.jsonl is not as claimreg wrote it"):
        copy_registry(folder, place("embedded"))


@pytest.fixture
def people(place: Place) -> Iterator[tuple[str, dict[str, str]]]:
    """A shared registry with roles, as its owner sees it and, by the name of a role, as a member of it does."""
    owner = place("postgres")
    location = location_of(owner)
    with closing(open_store(owner, create=True)):
        roles = make_roles(owner)
    with connect(location) as connection:
        for role in roles:
            connection.execute(f"CREATE ROLE user_{role} LOGIN IN ROLE {role}")
        yield owner, {role.split("_")[-1]: server().address(location.schema, user=f"user_{role}") for role in roles}
        connection.execute(f"DROP SCHEMA {location.schema} CASCADE")
        for role in roles:
            connection.execute(f"DROP ROLE user_{role}")
            connection.execute(f"DROP ROLE {role}")


def test_a_withheld_source_stays_withheld_in_a_copy(people: tuple[str, dict[str, str]], case: Place, place: Place) -> None:
    source, (owner, members) = case("embedded"), people
    with closing(open_store(source, create=False)) as store, store.write(CHANGE) as writer:
        hidden, shown = list(writer.find(Source))[:2]
        capture, other = (next(writer.find(Capture, Equals("source_id", one.id))) for one in (hidden, shown))
        writer.put(replace(hidden, withheld="its writer is in danger"))
    add_claims(source, 10)
    # A copy that was cut off has brought the bytes, and nothing that says whose they are.
    with pytest.raises(KeyboardInterrupt):
        copy_registry(source, owner, CutOff("event", 100))
    for member, sees in (("reader", set()), ("writer", set()), ("keeper", {capture.sha256, other.sha256})):
        with closing(open_store(members[member], create=False)) as store:
            assert {capture.sha256, other.sha256} & set(store.blob_ids()) == sees
    copy_registry(source, owner)
    for member, sees in (("reader", {other.sha256}), ("writer", {other.sha256}), ("keeper", {capture.sha256, other.sha256})):
        with closing(open_store(members[member], create=False)) as store:
            assert {capture.sha256, other.sha256} & set(store.blob_ids()) == sees
            assert (hidden.title in {one.title for one in store.find(Source)}) == (member == "keeper")
    assert whole_at(members["keeper"]) == whole_at(owner) == whole_at(source)
    for location in (owner, *members.values()):
        with closing(open_store(location, create=False)) as store:
            assert verify(store).damage == []
    for member in ("reader", "reviewer", "writer"):
        folder = place("embedded")
        with pytest.raises(WithheldError, match=r"withheld sources, which you may not see"):
            copy_registry(members[member], folder)
        assert not Path(folder).exists()
    copy_registry(members["keeper"], folder := place("embedded"))
    assert whole_at(folder) == whole_at(source)
    add_claims(folder, 1)
    with pytest.raises(StoreError, match="Only the owner"):
        copy_registry(folder, members["keeper"])


def test_whoever_reads_a_registry_without_secrets_copies_it(people: tuple[str, dict[str, str]], place: Place) -> None:
    owner, members = people
    add_claims(owner, 3)
    copy_registry(members["reader"], folder := place("embedded"))
    assert whole_at(folder) == whole_at(owner)


@pytest.fixture
def plain_owner(place: Place) -> Iterator[list[str]]:
    """An address for a role that may make schemas and nothing else, for one that has the first one's rights, and for one without any."""
    location = location_of(place("postgres"))
    owner, deputy, guest = names = [f"{name}_{location.schema}" for name in ("desk", "deputy", "guest")]
    with connect(location) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN")
        connection.execute(f"GRANT CREATE ON DATABASE postgres TO {owner}")
        connection.execute(f"CREATE ROLE {deputy} LOGIN IN ROLE {owner}")
        connection.execute(f"CREATE ROLE {guest} LOGIN")
        yield [server().address(location.schema, user=name) for name in names]
        connection.execute(f"DROP OWNED BY {owner} CASCADE")
        connection.execute(f"DROP ROLE {', '.join(names)}")


def test_an_owner_needs_no_other_rights(plain_owner: list[str], case: Place, place: Place) -> None:
    source, (owner, deputy, guest) = case("embedded"), plain_owner
    with pytest.raises(StoreError, match="permission denied for database"):
        copy_registry(source, guest)
    for address in (owner, deputy):
        add_claims(source, 2)
        copy_registry(source, address)
        assert whole_at(address) == whole_at(source)
        with closing(open_store(address, create=False)) as store:
            store.compact()
            assert verify(store).damage == []
    with pytest.raises(StoreError, match="permission denied for schema"):
        copy_registry(source, guest)
    copy_registry(owner, folder := place("embedded"))
    assert whole_at(folder) == whole_at(source)


deeds = st.one_of(
    st.tuples(st.just("add"), made_registries.texts), st.tuples(st.just("edit"), made_registries.texts),
    st.tuples(st.just("keep"), st.binary(max_size=40)),
)  # fmt: skip


@given(st.lists(st.lists(deeds, max_size=6), max_size=4))
@settings(max_examples=8)
def test_whatever_was_recorded_is_the_same_in_every_store(
    tmp_path_factory: pytest.TempPathFactory, transactions: list[list[tuple[str, str | bytes]]]
) -> None:
    made = MemoryStore()
    for transaction in transactions:
        with made.write(CHANGE) as writer:
            for deed, content in transaction:
                claim = next(writer.find(Claim, newest_first=True), None)
                if isinstance(content, bytes):
                    writer.put_blob(content)
                elif deed == "edit" and claim is not None:
                    writer.put(replace(claim, text=content))
                else:
                    writer.put(Claim(id=writer.new_id(Claim), recorded_at=CHANGE.at, recorded_by="ann", text=content))
    shared, folder = new_address(), str(tmp_path_factory.mktemp("copy") / "registry")
    copy_stores(made, lambda: open_store(shared, create=True))
    copy_registry(shared, folder)
    assert whole_at(folder) == whole_at(shared) == whole(made)
