"""The derived indexes of a shared registry are kept in the user's cache, begun with what is shared of them, and cost no answer."""

import stat
from contextlib import closing
from pathlib import Path

import numpy as np
import psycopg
import pytest
from postgres_server import new_address
from test_claim_index import anew, fill, known
from test_many_texts import HIDDEN, SOURCES, filled

from claimreg.frozen import replace
from claimreg.linker.groups import quote_groups
from claimreg.model import Change, Source
from claimreg.opening import Documents, Reading
from claimreg.rank.index import StatementIndex
from claimreg.registry import Registry
from claimreg.services.finding import claim_index
from claimreg.services.finding.claim_fields import entries_of
from claimreg.services.linking.likely import bring_up_to_date
from claimreg.services.recording.claims import ClaimFields, record_claim
from claimreg.services.surroundings import Surroundings
from claimreg.store.factory import open_store
from claimreg.store.gram_index import LetterGroupIndex
from claimreg.store.port import Store
from claimreg.store.postgres import indexes
from claimreg.store.postgres.location import location_of
from claimreg.store.postgres.roles import make_roles
from claimreg.store.postgres.sharing import SharedIndexes
from claimreg.store.segments import SegmentFolder

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="withhold")
TOOK_IN = "The search index took in {} claims that it did not have."
DAMAGED = "The search index is made anew: it was damaged."


class Clients:
    """A registry's address, and people at machines of their own, each with a cache."""

    def __init__(self, folder: Path) -> None:
        self.address = new_address()
        self.schema = location_of(self.address).schema
        self.folder = folder
        self.cache = folder / "owner"

    def opened(self, role: str = "", machine: str = "") -> closing[Store]:
        """The registry as somebody with a role has it, the owner without; at a machine of their own unless one is named."""
        self.cache = self.folder / (machine or role or "owner")
        user = f"{self.schema}_{role}_member" if role else "postgres"
        return closing(open_store(self.address.replace("postgres@", f"{user}@", 1), create=False))

    def with_roles(self) -> None:
        """Make the roles, and a user with each."""
        for name in make_roles(self.address):
            self.run(f"CREATE ROLE {name}_member LOGIN")
            self.run(f"GRANT {name} TO {name}_member")

    def run(self, statement: str, *, role: str = "") -> list[tuple[object, ...]]:
        """Rows of a statement that the owner gives, or the member of a role; ``here`` in it is the schema."""
        with psycopg.connect(self.address.partition("?")[0], autocommit=True) as connection:
            if role:
                connection.execute(f"SET SESSION AUTHORIZATION {self.schema}_{role}_member".encode())
            cursor = connection.execute(statement.replace("here.", f"{self.schema}.").encode())
            return cursor.fetchall() if cursor.description is not None else []


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clients:
    """The clients of a registry with four claims, the indexes of which are shared however small."""
    made = Clients(tmp_path / "machines")
    monkeypatch.setattr(indexes, "cache_folder", lambda: made.cache)
    monkeypatch.setattr(indexes, "LEAST", {"claims": 1, "grams": 1, "words": 1})
    with closing(open_store(made.address, create=True)) as store:
        fill(store)
    return made


@pytest.fixture
def shared(clients: Clients) -> Clients:
    """The same, the index of claims shared by its owner."""
    with clients.opened() as store:
        known(store)
    assert clients.run("SELECT kind, sealed, size FROM here.indexes") == [("claims", False, 10)]
    return clients


def more(store: Store, claims: int) -> None:
    with store.write(CHANGE) as writer:
        for number in range(claims):
            record_claim(writer, ClaimFields(f"Notice {number} says nothing new"))


def test_the_next_command_finds_what_the_last_one_kept(clients: Clients) -> None:
    told: list[str] = []
    with clients.opened() as store:
        assert len(known(store, told)) == 4
    (folder,) = clients.cache.glob("*/0")
    assert (sorted(path.name for path in folder.iterdir()), stat.S_IMODE(folder.stat().st_mode)) == (["claims", "claims.shared"], 0o700)
    with clients.opened() as again:
        assert known(again, told) == anew(again)
    assert told == [TOOK_IN.format(4)]


def test_each_registry_has_files_of_its_own(shared: Clients) -> None:
    with closing(open_store(new_address(), create=True)) as other:
        assert known(other) == []
    assert len(list(shared.cache.iterdir())) == 2


def test_a_cache_that_cannot_be_written_to_costs_no_answer(clients: Clients) -> None:
    clients.folder.write_text("in the way", encoding="utf-8")
    with clients.opened() as store:
        assert len(known(store)) == 4
        assert [store.segments(), store.gram_index(), store.word_index()] == [None, None, None]
    assert clients.run("SELECT * FROM here.indexes") == []


@pytest.mark.parametrize("uuid", ["../../elsewhere", "", "/etc", "."])
def test_a_server_cannot_name_a_folder_elsewhere(uuid: str, clients: Clients) -> None:
    clients.run(f"UPDATE here.registry SET uuid = '{uuid}'")  # noqa: S608 -- one of four
    with clients.opened() as store:
        assert store.segments() is None
        assert len(known(store)) == 4


def test_a_command_that_fails_shares_nothing(clients: Clients) -> None:
    def ends_early() -> None:
        with clients.opened() as store:
            known(store)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ends_early()
    assert clients.run("SELECT * FROM here.indexes") == []


def test_a_new_client_takes_what_is_shared(shared: Clients) -> None:
    told: list[str] = []
    with shared.opened(machine="new") as store:
        assert known(store, told) == anew(store)
        more(store, 1)
        assert len(known(store, told)) == 5
    assert told == ["The search index took in 1 claim that it did not have."]


def test_a_new_client_takes_what_is_shared_within_a_snapshot(shared: Clients) -> None:
    told: list[str] = []
    with shared.opened(machine="new") as store, store.snapshot():
        assert len(known(store, told)) == 4
    assert told == []


def test_what_goes_wrong_in_taking_leaves_the_snapshot_whole(shared: Clients) -> None:
    shared.run("ALTER TABLE here.segments RENAME content TO contents")
    told: list[str] = []
    with shared.opened(machine="new") as store, store.snapshot() as reader:
        assert len(known(store, told)) == 4
        assert reader.head()[0] == 10
    assert told == [TOOK_IN.format(4)]


def test_what_grew_little_is_not_shared_again(shared: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "LEAST", {"claims": 4})
    sizes = []
    for _again in range(3):
        with shared.opened() as store:
            more(store, 3)
            known(store)
        sizes += shared.run("SELECT size FROM here.indexes")
    assert sizes == [(10,), (16,), (16,)]
    # What it no longer names is gone.
    (named,) = shared.run("SELECT document::json -> 'names' FROM here.indexes")
    assert sorted(named[0]) == [name for (name,) in shared.run("SELECT DISTINCT name FROM here.segments ORDER BY name")]  # type: ignore[call-overload]


def test_who_is_far_behind_takes_what_is_shared(shared: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    with shared.opened(machine="away") as away:
        known(away)
    monkeypatch.setattr(indexes, "LEAST", {"claims": 100})
    with shared.opened() as store:
        more(store, 100)
        known(store)
    told: list[str] = []
    with shared.opened(machine="away") as away:
        assert len(known(away, told)) == 104
    assert told == []


def test_keepers_share_and_others_take(clients: Clients) -> None:
    clients.with_roles()
    told: list[str] = []
    for role, shared in (("reader", 0), ("writer", 0), ("keeper", 1)):
        with clients.opened(role) as store:
            assert len(known(store, told)) == 4
        assert len(clients.run("SELECT FROM here.indexes")) == shared
    assert told == [TOOK_IN.format(4)] * 3
    for role in ("reader", "writer", "keeper"):
        with clients.opened(role, machine=f"{role} anew") as store:
            assert len(known(store, told)) == 4
    assert len(told) == 3


@pytest.mark.parametrize("role", ["reader", "reviewer", "writer"])
@pytest.mark.parametrize("table", ["indexes", "segments"])
def test_nobody_else_changes_what_is_shared(shared: Clients, role: str, table: str) -> None:
    shared.with_roles()
    for statement in ("DELETE FROM", "TRUNCATE", f"INSERT INTO here.{table} SELECT * FROM"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            shared.run(f"{statement} here.{table}", role=role)


HARMS = {
    "a byte": "UPDATE here.segments SET content = set_byte(content, 100, 255 - get_byte(content, 100))",
    "no parts": "DELETE FROM here.segments",
    "not packed": "UPDATE here.segments SET content = 'rubbish'",
    "cut short": "UPDATE here.segments SET content = substring(content FOR 200)",
    "no list": "UPDATE here.indexes SET document = '[]'",
    "no names": """UPDATE here.indexes SET document = '{"document": {"version": 2, "position": [1, ""], "gone": []}, "names": [7]}'""",
    "a name elsewhere": """UPDATE here.indexes SET document = replace(document, '"names": ["', '"names": ["../../')""",
    "no numbers": """UPDATE here.indexes SET document = replace(document, '"gone": [[', '"gone": [["x"')""",
    "another version": """UPDATE here.indexes SET document = replace(document, '"version": 2', '"version": 1')""",
    "another format": "UPDATE here.indexes SET format = 1",
    "another history": "UPDATE here.indexes SET hash = repeat('0', 64)",
    "a later history": "UPDATE here.indexes SET seq = 1000",
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_shared_and_harmed_costs_no_answer(shared: Clients, harm: str, tmp_path: Path) -> None:
    shared.run(HARMS[harm])
    before = {path for path in tmp_path.rglob("*") if "new" not in path.parts}
    told: list[str] = []
    with shared.opened(machine="new") as store:
        assert known(store, told) == anew(store)
        # What was once made anew is kept.
        assert len(known(store, told)) == 4
    assert told in ([TOOK_IN.format(4)], [DAMAGED, TOOK_IN.format(4)], [])
    assert {path for path in tmp_path.rglob("*") if "new" not in path.parts} == before


@pytest.mark.parametrize("harm", ["another history", "a later history", "another format"])
def test_what_does_not_fit_is_replaced(shared: Clients, harm: str) -> None:
    shared.run(HARMS[harm])
    with shared.opened(machine="new") as store:
        known(store)
    told: list[str] = []
    with shared.opened(machine="another") as store:
        known(store, told)
    assert told == []


def test_an_older_claimreg_does_not_replace_what_a_newer_one_shares(shared: Clients) -> None:
    shared.run("UPDATE here.indexes SET version = 1000")
    with shared.opened(machine="new") as store:
        more(store, 1)
        known(store)
    assert shared.run("SELECT version, size FROM here.indexes") == [(1000, 10)]


# Texts, of which some are withheld.


@pytest.fixture
def many(clients: Clients, tmp_path: Path) -> Clients:
    clients.with_roles()
    with clients.opened() as store:
        filled(store, tmp_path, [])
    return clients


def withhold(clients: Clients, source_id: str, reason: str | None = "somebody would be in danger") -> None:
    with clients.opened() as store, store.write(CHANGE) as writer:
        source = writer.get(Source, source_id)
        assert source is not None
        writer.put(replace(source, withheld=reason))


def found(store: Store) -> list[int]:
    """The texts, by the index as it is kept, in which the hidden words may stand: the fifth and the last one of those that were there."""
    index = store.gram_index()
    assert index is not None
    with closing(index):
        index.load()
        return sorted(set(index.candidates(quote_groups(HIDDEN), 5)) & {5, SOURCES})


def in_files(clients: Clients) -> set[int]:
    """The texts that share letters with the hidden words, by the files that a client has, whoever reads them."""
    (folder,) = clients.cache.glob("*/0")
    with closing(LetterGroupIndex(SegmentFolder(folder / "grams"))) as index:
        index.load()
        return index.texts_with(quote_groups(HIDDEN)) & {5, SOURCES}


def taken_in(store: Store) -> int:
    """How many texts the indexes had to take in to be up to date."""
    done: list[int] = []
    bring_up_to_date(store, lambda _sentence: None, done.append)
    return len(done)


def test_a_new_client_takes_the_indexes_of_texts(many: Clients) -> None:
    with many.opened() as store:
        assert taken_in(store) == SOURCES
    for role in ("reader", "keeper"):
        with many.opened(role) as store:
            assert (taken_in(store), found(store)) == (0, [5, SOURCES])
    assert many.run("SELECT kind, sealed, size FROM here.indexes WHERE kind <> 'claims'") == [("grams", False, SOURCES)]


def test_a_list_of_more_texts_than_there_can_be_is_not_believed(many: Clients) -> None:
    with many.opened() as store:
        taken_in(store)
    many.run("""UPDATE here.indexes SET document = replace(document, '"known": [[1, ', '"known": [[1, 99999999999') WHERE kind = 'grams'""")
    with many.opened(machine="new") as store:
        assert (taken_in(store), found(store)) == (SOURCES, [5, SOURCES])


def test_what_becomes_withheld_leaves_what_is_open(many: Clients) -> None:
    with many.opened() as store:
        taken_in(store)
    with many.opened("reader") as store:
        assert (taken_in(store), found(store), in_files(many)) == (0, [5, SOURCES], {5, SOURCES})
    withhold(many, "S5")
    assert many.run("SELECT FROM here.indexes WHERE kind = 'grams'") == many.run("SELECT FROM here.segments WHERE kind = 'grams'") == []
    with many.opened("reader") as store:
        assert (taken_in(store), found(store), in_files(many)) == (0, [SOURCES], {SOURCES})
    with many.opened("keeper") as store:
        assert (taken_in(store), found(store), in_files(many)) == (SOURCES, [5, SOURCES], {5, SOURCES})
    assert many.run("SELECT kind, sealed, size FROM here.indexes WHERE kind = 'grams' ORDER BY sealed") == [
        ("grams", False, SOURCES - 1), ("grams", True, 1),
    ]  # fmt: skip
    for role, seen in (("reader", [(False,)]), ("reviewer", [(False,)]), ("writer", [(False,)]), ("keeper", [(False,), (True,)])):
        for table in ("indexes", "segments"):
            asked = "SELECT DISTINCT sealed FROM here.{} WHERE kind = 'grams' ORDER BY 1"
            assert many.run(asked.format(table), role=role) == seen, (role, table)
    with many.opened("reader", machine="reader anew") as store:
        assert (taken_in(store), found(store), in_files(many)) == (0, [SOURCES], {SOURCES})
    with many.opened("keeper", machine="keeper anew") as store:
        assert (taken_in(store), found(store), in_files(many)) == (0, [5, SOURCES], {5, SOURCES})
    withhold(many, "S5", None)
    with many.opened("reader") as store:
        assert (taken_in(store), found(store)) == (1, [5, SOURCES])


def test_a_cache_that_a_keeper_shares_with_a_reader_gives_the_reader_no_more(many: Clients) -> None:
    withhold(many, "S5")
    for role, expected in (("keeper", [5, SOURCES]), ("reader", [SOURCES]), ("keeper", [5, SOURCES])):
        with many.opened(role, machine="one") as store:
            taken_in(store)
            assert found(store) == expected
            assert in_files(many) == set(expected)


def test_nothing_is_shared_of_a_source_that_is_withheld_meanwhile(many: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = SharedIndexes.sealed_texts
    asked: list[int] = []

    def then_withheld(shared: SharedIndexes) -> set[int]:
        texts = usual(shared)
        if not asked:
            asked.append(1)
            cache = many.cache
            withhold(many, "S5")
            many.cache = cache
        return texts

    with many.opened() as store:
        taken_in(store)
        monkeypatch.setattr(SharedIndexes, "sealed_texts", then_withheld)
    assert asked == [1]
    assert many.run("SELECT FROM here.indexes WHERE kind = 'grams'") == many.run("SELECT FROM here.segments WHERE kind = 'grams'") == []


def test_words_are_searched_for_where_they_may_be_seen(many: Clients) -> None:
    withhold(many, "S5")
    for role, expected in (("keeper", {"S5", f"S{SOURCES}"}), ("reader", {f"S{SOURCES}"}), ("writer", {f"S{SOURCES}"})):
        with many.opened(role) as store:
            registry = Registry(store, Surroundings(user=lambda: "ann", now=lambda: CHANGE.at, documents=Documents(Reading(workers=1))))
            for _again in range(2):
                assert {place.document for place in registry.check(HIDDEN).places} == expected
                assert {passage.source.id for passage in registry.search_sources("harbour master signed")} == expected


# What is shared is compared with the records.


def verified(clients: Clients, role: str = "") -> list[tuple[str, str, str]]:
    with clients.opened(role, machine=f"{role} verifier") as store:
        registry = Registry(store, Surroundings(user=lambda: "ann", now=lambda: CHANGE.at, documents=Documents(Reading(workers=1))))
        found = registry.verify()
        assert found.damage == []
        return [(area, place, what) for area, place, what in found.warnings]


ANEW = "new clients find by it what they should not, or miss what they should find; `claimreg compact` has it made anew"


def test_what_is_shared_rightly_is_passed(many: Clients) -> None:
    withhold(many, "S5")
    with many.opened() as store:
        taken_in(store)
        known(store)
    before = many.run("SELECT * FROM here.indexes ORDER BY kind, sealed")
    assert [row[:2] for row in before] == [("claims", False), ("grams", False), ("grams", True)]
    with many.opened(machine="other") as store:
        more(store, 3)
    for role in ("", "reader", "keeper"):
        assert [one for one in verified(many, role) if one[0] == "indexes"] == []
    assert many.run("SELECT * FROM here.indexes ORDER BY kind, sealed") == before
    # Nothing is left of the comparison.
    (folder,) = many.cache.glob("*/0")
    assert [path.name for path in folder.iterdir() if path.name.startswith("apart")] == []


def test_what_others_record_during_the_comparison_is_no_difference(shared: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = claim_index.ClaimIndex.current

    def then_others_record(index: claim_index.ClaimIndex) -> StatementIndex:
        found = usual(index)
        with closing(open_store(shared.address, create=False)) as other:
            more(other, 1)
        return found

    monkeypatch.setattr(claim_index.ClaimIndex, "current", then_others_record)
    assert verified(shared) == []
    assert shared.run("SELECT count(*) FROM here.events") == [(12,)]


@pytest.mark.parametrize("harm", ["a byte", "no parts", "not packed", "no list", "a name elsewhere", "no numbers", "another history"])
def test_an_index_that_is_not_whole_is_told_of(shared: Clients, harm: str) -> None:
    shared.run(HARMS[harm])
    assert verified(shared) == [("indexes", "index of claims", "it is damaged or of another history; `claimreg compact` has it made anew")]


def test_an_index_that_hides_a_claim_is_told_of_and_made_anew(shared: Clients) -> None:
    """Somebody who may share lets everybody miss a claim: its words are others in an index that is whole."""
    with shared.opened(machine="cheat") as store, pytest.MonkeyPatch.context() as patch:
        usual = entries_of
        patch.setattr(claim_index, "entries_of", lambda *given: [one._replace(fields=(("claim", "Nothing"),)) for one in usual(*given)])
        more(store, 2)
        assert len(known(store)) == 6
    with shared.opened(machine="victim") as store:
        assert "Nothing" in str(known(store)) or known(store) != anew(store)
    told = ("indexes", "index of claims", f"it differs from the records in 2 claims (C5, C6): {ANEW}")
    assert verified(shared) == [told]
    with shared.opened() as store:
        store.compact()
        known(store)
    assert verified(shared) == []
    for machine in ("cheat", "victim"):
        with shared.opened(machine=machine) as store:
            assert known(store) == anew(store)
        assert [folder.name for folder in shared.cache.glob("*/*")] == ["1"]


def test_an_index_of_texts_that_lacks_words_is_told_of(many: Clients) -> None:
    with many.opened() as store, pytest.MonkeyPatch.context() as patch:
        usual = LetterGroupIndex.add
        patch.setattr(LetterGroupIndex, "add", lambda index, text, groups: usual(index, text, groups[3:] if text in (2, 7) else groups))
        taken_in(store)
    assert verified(many) == [("indexes", "index of texts by their letters", f"it differs from the records in 2 captures (K2, K7): {ANEW}")]


def test_an_index_that_finds_what_is_not_there_is_told_of(many: Clients) -> None:
    with many.opened() as store, pytest.MonkeyPatch.context() as patch:
        usual = LetterGroupIndex.add
        patch.setattr(LetterGroupIndex, "add", lambda index, text, groups: usual(index, text, np.append(groups, 7).astype(groups.dtype)))
        taken_in(store)
    (told,) = verified(many)
    assert told[2].startswith(f"it differs from the records in {SOURCES} captures (K1, K2, K3, K4, K5 and {SOURCES - 5} more): ")
