"""Rows of files are recorded once, whole, and nothing of them is fetched or lost untold, in every store."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimreg.codec import to_document
from claimreg.corpus.jsonl import BadLine
from claimreg.errors import InputError
from claimreg.model import (
    Attribution,
    Capture,
    Claim,
    Link,
    LinkKind,
    LinkState,
    Party,
    Place,
    Record,
    Relation,
    RelationKind,
    Source,
    Span,
    Stance,
    Verdict,
)
from claimreg.opening import Documents, Reading
from claimreg.registry import Registry
from claimreg.services.exchange import importing
from claimreg.services.exchange.importing import ImportResult
from claimreg.services.exchange.rows import ClaimRow, LinkRow, PartyRow, RelationRow, Row, SourceRow, StatementRow, Told, VerdictRow
from claimreg.services.recording.claims import AttributionFields, ClaimFields
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.services.surroundings import Surroundings
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

AT = "2026-01-01T00:00:00Z"
TEXT = "The mayor said that the old bridge would be closed in May."
TEXT_HASH = hashlib.sha256(TEXT.encode()).hexdigest()


def made(store: Store, *, dry_run: bool = False) -> Registry:
    return Registry(store, Surroundings(user=lambda: "ann", now=lambda: AT, documents=Documents(Reading())), dry_run=dry_run)


@pytest.fixture
def registry(store: Store, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry whose imports meet no network."""

    def refuse(*_address: object) -> NoReturn:
        raise AssertionError("an import fetches nothing")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return made(store)


def said(name: str = "Mayor", quote: str | None = None, stance: Stance = Stance.ASSERTS, **more: object) -> StatementRow:
    return StatementRow(AttributionFields(stance, name, quote, None, "2024-05"))._replace(**more)  # type: ignore[arg-type]  # any of its fields


def row(number: int, text: str, *statements: StatementRow, key: str | None = None, **more: object) -> ClaimRow:
    fields = ClaimFields(text, external_id=key)
    return ClaimRow(number, fields, statements, key=key)._replace(**more)  # type: ignore[arg-type]  # as above


def numbers(result: ImportResult) -> dict[str, int]:
    return dict(result.new)


def of(registry: Registry, record_type: type[Record]) -> list[Record]:
    return list(registry.reader.find(record_type))


def texts(registry: Registry) -> list[str]:
    return [one.text for one in registry.reader.find(Claim)]


BRIDGE = row(1, "The bridge was closed", said(quote="closed in May"), key="b")
FERRY = row(2, "The ferry was cancelled", said("Captain"), key="f", verdicts=(VerdictRow("False", "stars", "It ran", "Ann", "2024-06"),))


# Once, and whole.


def test_rows_become_records(registry: Registry) -> None:
    result = registry.import_rows([BRIDGE, FERRY])
    assert numbers(result) == {"claim": 2, "attribution": 2, "party": 2, "verdict": 1}
    assert (result.new_claims.ids, result.new_claims.are_all, result.new_quotes.ids) == (["C1", "C2"], True, ["A1"])
    assert [one.external_id for one in registry.reader.find(Claim)] == ["b", "f"]
    assert [(one.party_as_written, one.said_at) for one in registry.reader.find(Attribution)] == [
        ("Mayor", "2024-05"),
        ("Captain", "2024-05"),
    ]


def test_the_same_rows_again_are_nothing_new(registry: Registry) -> None:
    registry.import_rows([BRIDGE, FERRY])
    before = registry.reader.head()
    again = registry.import_rows([BRIDGE, FERRY])
    assert (numbers(again), again.there, again.conflicts) == ({}, 2, [])
    assert registry.reader.head() == before


def test_what_a_known_row_has_more_is_added(registry: Registry) -> None:
    registry.import_rows([BRIDGE])
    more = row(1, " The bridge was closed ", said(quote="closed in May"), said("Captain", stance=Stance.DENIES), key="b")
    result = registry.import_rows([more._replace(verdicts=(VerdictRow("True"),))])
    assert (numbers(result), result.there) == ({"attribution": 1, "party": 1, "verdict": 1}, 0)
    assert registry.import_rows([more._replace(verdicts=(VerdictRow("True"),))]).there == 1


def test_the_same_id_with_another_text_is_a_conflict(registry: Registry) -> None:
    registry.import_rows([BRIDGE])
    result = registry.import_rows([row(7, "The bridge was opened", said("Captain"), key="b"), FERRY])
    assert (numbers(result)["claim"], [one.number for one in result.conflicts]) == (1, [7])
    assert all(text in result.conflicts[0].why for text in ("C1", "The bridge was closed", "The bridge was opened"))
    assert texts(registry) == ["The bridge was closed", "The ferry was cancelled"]


def test_a_conflict_within_one_file_is_one_too(registry: Registry) -> None:
    result = registry.import_rows([BRIDGE, row(2, "The bridge was opened", key="b")])
    assert (texts(registry), [one.number for one in result.conflicts]) == (["The bridge was closed"], [2])


def test_rows_of_one_key_are_one_claim(registry: Registry) -> None:
    rows = [ClaimRow(at, ClaimFields("The bridge was closed"), (said(f"Party {at}"),), key="one") for at in range(3)]
    assert numbers(registry.import_rows(rows)) == {"claim": 1, "attribution": 3, "party": 3}


def test_rows_without_id_are_always_new(registry: Registry) -> None:
    assert numbers(registry.import_rows([row(1, "Taxes rose"), row(2, "Taxes rose")])) == {"claim": 2}


@pytest.mark.parametrize(
    "other",
    ["http://desk.example/check", "https://www.desk.example/check/", "HTTPS://Desk.Example:443/check", "https://desk.example/%63heck"],
)
def test_two_spellings_of_an_address_are_one_id(registry: Registry, other: str) -> None:
    registry.import_rows([row(1, "Taxes rose", key="https://desk.example/check")])
    assert registry.import_rows([row(1, "Taxes rose", key=other)]).there == 1
    reversed_registry = made(MemoryStore())
    reversed_registry.import_rows([row(1, "Taxes rose", key=other), row(2, "Taxes rose", key="https://desk.example/check")])
    assert len(texts(reversed_registry)) == 1


def test_another_address_is_another_id(registry: Registry) -> None:
    keys = ("https://desk.example/a", "https://desk.example/a?b=1", "https://desk.example/a#b", "https://other.example/a")
    assert numbers(registry.import_rows(row(at, "Taxes rose", key=key) for at, key in enumerate(keys))) == {"claim": 4}
    assert registry.import_rows(row(at, "Taxes rose", key=key) for at, key in enumerate(keys)).there == 4


def test_a_name_of_the_file_keeps_its_ids_apart(registry: Registry) -> None:
    for name in (None, "desk", "other"):
        result = registry.import_rows([row(1, f"Claim of {name}", key="1")], source_name=name)
        assert (numbers(result), result.conflicts) == ({"claim": 1}, [])
    assert [one.external_id for one in registry.reader.find(Claim)] == ["1", "desk:1", "other:1"]
    assert registry.import_rows([row(1, "Claim of desk", key="1")], source_name="desk").there == 1


# All or none.


def test_an_error_leaves_nothing_behind(registry: Registry) -> None:
    def rows() -> Iterator[Row]:
        yield from (row(at, f"Claim {at}", said()) for at in range(300))
        raise InputError("The file ended in the middle.")

    with pytest.raises(InputError):
        registry.import_rows(rows())
    assert registry.reader.head() == (0, "")


def test_bad_rows_are_told_and_passed_over(registry: Registry) -> None:
    rows: list[Row | BadLine] = [
        BadLine(1, "it is no JSON"), row(2, "  "), row(3, "A\0B"), row(4, "Taxes rose", said("…")), row(5, "Taxes rose", said("P9")),
        row(6, "Taxes rose", verdicts=(VerdictRow("True", rated_at="soon"),)), PartyRow(7, "P1", "!"), BRIDGE,
        row(9, "Taxes rose", said("New"), said("A\0B")), row(10, "Taxes rose", verdicts=(VerdictRow(" "),)),
    ]  # fmt: skip
    result = registry.import_rows(rows)
    assert [one.number for one in result.bad] == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert (texts(registry), [one.name for one in registry.reader.find(Party)]) == (["The bridge was closed"], ["Mayor"])


@pytest.mark.parametrize(
    "bad",
    [BadLine(2, "it is no JSON"), row(2, ""), row(2, "The bridge was opened", key="b"), row(2, "Taxes rose", said(source="notes.txt"))],
    ids=["bad line", "bad row", "conflict", "no such source"],
)
def test_a_strict_import_records_nothing(registry: Registry, bad: Row | BadLine) -> None:
    with pytest.raises(InputError, match=r"claims\.csv, line 2: "):
        registry.import_rows([BRIDGE, bad, FERRY], strict=True, name="claims.csv")
    assert registry.reader.head() == (0, "")


def test_a_strict_import_ends_at_a_date_that_is_none(registry: Registry) -> None:
    with pytest.raises(InputError, match="line 2: “soon” is no date"):
        registry.import_rows([BRIDGE, FERRY], strict=True, told=Told(undated=[BadLine(2, "“soon” is no date")]))
    assert registry.reader.head() == (0, "")


def test_a_dry_run_tells_and_records_nothing(store: Store) -> None:
    assert numbers(made(store, dry_run=True).import_rows([BRIDGE, FERRY])) == {"claim": 2, "attribution": 2, "party": 2, "verdict": 1}
    assert store.head() == (0, "")


def test_progress_is_told_of_claims(registry: Registry) -> None:
    done: list[int] = []
    registry.import_rows((row(at, f"Claim {at}") for at in range(600)), progress=done.append)
    assert (done[-1], sorted(done)) == (600, done)


# Parties.


def test_a_party_is_known_by_any_of_its_names(registry: Registry) -> None:
    registry.add("Taxes rose", by="Ministry of Finance")
    registry.alias("Ministry of Finance", "MinFin")
    registry.import_rows([row(1, "Taxes fell", said("minfin"))])
    assert [one.party_id for one in registry.reader.find(Attribution)] == ["P1", "P1"]


def test_a_party_of_the_file_has_its_aliases_and_is_named_by_its_key(registry: Registry) -> None:
    party = PartyRow(1, "P77", "Мэр", ("Mayor", "Әкім"))
    result = registry.import_rows([party, row(2, "Taxes fell", said("As written", party="P77")), row(3, "Taxes rose", said("Әкім"))])
    assert numbers(result) == {"party": 1, "alias": 2, "claim": 2, "attribution": 2}
    assert [one.party_id for one in registry.reader.find(Attribution)] == ["P1", "P1"]
    assert numbers(registry.import_rows([party])) == {}


def test_two_parties_of_a_file_are_two_though_one_has_the_others_name_in_another_script(registry: Registry) -> None:
    rows: list[Row | BadLine] = [PartyRow(1, "P1", "Иванов"), PartyRow(2, "P2", "Ivanov"), PartyRow(3, "P2", "Ivanov")]
    statement = said("Ivanov")._replace(party="P2")
    assert registry.import_rows([*rows, row(4, "A", statement, key="1")]).new["party"] == 2
    (attribution,) = registry.reader.find(Attribution)
    assert (attribution.party_id, registry.import_rows([*rows, row(4, "A", statement, key="1")]).new) == ("P2", {})
    # A name in another script alone is one more of the same party.
    assert registry.import_rows([PartyRow(1, "P1", "Petrov"), row(2, "B", said("Петров"), key="2")]).new["party"] == 1


def test_an_alias_that_another_party_has_is_told(registry: Registry) -> None:
    told = Told()
    registry.import_rows([PartyRow(1, "a", "Mayor"), PartyRow(2, "b", "Governor", ("Mayor",))], told=told)
    assert [one.number for one in told.notes] == [2]


def test_statements_of_a_party_that_was_merged_since_are_there_already(registry: Registry) -> None:
    registry.import_rows([BRIDGE, FERRY])
    registry.merge("Captain", "Mayor")
    assert (registry.import_rows([BRIDGE]).there, numbers(registry.import_rows([BRIDGE]))) == (1, {})


def test_a_crowd_is_no_party(registry: Registry) -> None:
    told = Told()
    crowd = row(4, "Taxes fell", said("Social media users", is_crowd=True), key="x")
    assert numbers(registry.import_rows([crowd], told=told)) == {"claim": 1}
    assert [one.number for one in told.notes] == [4]


def test_all_crowds_are_the_one_party_that_is_named(registry: Registry) -> None:
    rows = [row(at, f"Claim {at}", said(name, is_crowd=True)) for at, name in enumerate(("Social media users", "várias fontes"))]
    registry.import_rows(rows, crowd="Unnamed")
    assert [one.name for one in registry.reader.find(Party)] == ["Unnamed"]
    assert [one.party_as_written for one in registry.reader.find(Attribution)] == ["Social media users", "várias fontes"]


# Sources, and links into them.


def stored(registry: Registry, url: str | None = None) -> Source:
    with registry.write("source add") as writer:
        return store_source(writer, IncomingDocument(TEXT.encode(), TEXT, "bridge.txt"), SourceDetails(title="Bridge", url=url)).source


def sources(registry: Registry) -> list[Source]:
    return list(registry.reader.find(Source))


def test_an_address_becomes_a_source_without_capture(registry: Registry) -> None:
    rows = [row(1, "Taxes rose", said(source="https://news.example/a")), row(2, "Taxes fell", said(source="http://news.example/a/"))]
    assert numbers(registry.import_rows(rows))["source"] == 1
    (source,) = sources(registry)
    assert (source.url, source.title, source.url_typed) == ("https://news.example/a", "https://news.example/a", False)
    assert list(registry.reader.find(Capture)) == []
    assert [one.source_id for one in registry.reader.find(Attribution)] == ["S1", "S1"]


def test_a_source_here_is_known_by_address_id_or_hash(registry: Registry) -> None:
    stored(registry, "https://news.example/bridge")
    content = hashlib.sha256(TEXT.encode()).hexdigest()
    rows: list[Row] = [
        SourceRow(1, "by address", SourceDetails(url="http://news.example/bridge/")), SourceRow(2, "by bytes", sha256=content),
        SourceRow(3, "by text", text_sha256=TEXT_HASH, sha256="0" * 64),
    ]  # fmt: skip
    named = ("by address", "by bytes", "by text", "S1", "https://news.example/bridge")
    result = registry.import_rows([*rows, *(row(at, f"Claim {at}", said(source=name)) for at, name in enumerate(named))])
    assert "source" not in numbers(result)
    assert [one.source_id for one in registry.reader.find(Attribution)] == ["S1"] * 5


def test_a_source_is_recorded_with_its_details_and_completed_once(registry: Registry) -> None:
    details = SourceDetails("Bridge", "Herald", "2024-05-01", "en", "https://news.example/bridge", "Ann")
    registry.import_rows([row(1, "Taxes rose", said(source="https://news.example/bridge"))])
    assert numbers(registry.import_rows([SourceRow(1, "s", details, canonical_url="https://news.example/b")])) == {}
    (source,) = sources(registry)
    assert (source.title, source.publisher, source.author, source.canonical_url) == ("Bridge", "Herald", "Ann", "https://news.example/b")
    before = registry.reader.head()
    registry.import_rows([SourceRow(1, "s", details._replace(publisher="Other", title="Other"))])
    assert registry.reader.head() == before


def test_a_withheld_source_is_left_out_and_counted(registry: Registry) -> None:
    result = registry.import_rows([SourceRow(1, "S9", withheld="a person is named"), row(2, "Taxes rose", said(source="S9"))])
    assert (result.left_out["withheld source"], result.unresolved, sources(registry)) == (1, [], [])
    assert [one.source_id for one in registry.reader.find(Attribution)] == [None]


def test_a_source_without_address_is_known_by_its_details(registry: Registry) -> None:
    stored(registry)
    letters: list[Row] = [SourceRow(at, f"letter {at}", SourceDetails("Letter", author="Ann")) for at in range(2)]
    rows = [*letters, SourceRow(3, "S1", SourceDetails("Bridge")), row(4, "Taxes rose", said(source="letter 1"), key="t")]
    assert numbers(registry.import_rows(rows))["source"] == 3
    assert [one.source_id for one in registry.reader.find(Attribution)] == ["S3"]
    assert numbers(registry.import_rows(rows)) == {}


def test_a_source_that_is_none_is_told(registry: Registry) -> None:
    result = registry.import_rows([row(3, "Taxes rose", said(source="notes.txt")), row(4, "Taxes fell", said(source="S5"))])
    assert [one.number for one in result.unresolved] == [3, 4]
    assert [one.source_id for one in registry.reader.find(Attribution)] == [None, None]


def linked(text_sha256: str | None = TEXT_HASH, exact: str = "closed in May") -> StatementRow:
    start = TEXT.index("closed in May")
    place = Place(
        start=start, end=start + len(exact), exact=exact, prefix="would be ", suffix=".", score=100.0, kind=LinkKind.EXACT,
        parts=(Span(start, start + len(exact)),), probability=0.99,
    )  # fmt: skip
    return said(quote="closed in May", source="s", links=(LinkRow(document_of(place), "confirmed", "layered/1", text_sha256),))


def document_of(place: Place) -> dict[str, object]:
    link = Link(**place.place(), id="L1", recorded_at=AT, recorded_by="ann", attribution_id="A1", source_id="S1", capture_id="K1")
    return {name: value for name, value in to_document(link).items() if name in Place.FIELDS}


def test_a_link_is_recorded_where_the_text_is_stored(registry: Registry) -> None:
    stored(registry)
    rows: list[Row] = [SourceRow(1, "s", text_sha256=TEXT_HASH), row(2, "The bridge was closed", linked(), key="b")]
    assert numbers(registry.import_rows(rows))["link"] == 1
    (link,) = registry.reader.find(Link)
    assert (link.state, link.capture_id, link.exact, link.method) == (LinkState.CONFIRMED, "K1", "closed in May", "layered/1")
    assert numbers(registry.import_rows(rows)) == {}


@pytest.mark.parametrize(
    "statement", [linked("0" * 64), linked(None), linked(exact="opened in May")], ids=["other text", "none", "wrong words"]
)
def test_a_link_is_left_out_and_counted_elsewhere(registry: Registry, statement: StatementRow) -> None:
    stored(registry)
    result = registry.import_rows([SourceRow(1, "s", text_sha256=TEXT_HASH), row(2, "The bridge was closed", statement)])
    assert (result.left_out["link"], list(registry.reader.find(Link)), numbers(result)["attribution"]) == (1, [], 1)


# Verdicts and relations.


def test_verdicts_supersede_each_other_and_keep_their_own_dates(registry: Registry) -> None:
    verdicts = (VerdictRow("False", rated_at="2023"), VerdictRow("True", "stars", "Why", "Ann", "2024-06-01T10:00"), VerdictRow("Mixed"))
    registry.import_rows([row(1, "Taxes rose", key="t", verdicts=verdicts)])
    found = list(registry.reader.find(Verdict))
    assert [(one.rating, one.author, one.rated_at, one.supersedes) for one in found] == [
        ("False", None, "2023", None), ("True", "Ann", "2024-06-01T10:00", "V1"), ("Mixed", None, AT, "V2"),
    ]  # fmt: skip
    assert registry.import_rows([row(1, "Taxes rose", key="t", verdicts=verdicts)]).there == 1


def test_a_relation_may_come_before_its_claims(registry: Registry) -> None:
    rows: list[Row] = [RelationRow(1, RelationKind.CONTRADICTS, "b", "f"), BRIDGE, FERRY]
    assert numbers(registry.import_rows(rows))["relation"] == 1
    assert [(one.claim_id, one.other_claim_id) for one in registry.reader.find(Relation)] == [("C1", "C2")]
    again = registry.import_rows(rows)
    assert (numbers(again), again.there) == ({}, 2)


def test_a_relation_of_a_claim_that_is_not_there_is_left_out(registry: Registry) -> None:
    told = Told()
    result = registry.import_rows([BRIDGE, RelationRow(9, RelationKind.SUPPORTS, "b", "f")], told=told)
    assert (result.left_out["relation"], [one.number for one in told.notes]) == (1, [9])
    assert [one.number for one in registry.import_rows([BRIDGE, RelationRow(3, RelationKind.SUPPORTS, "b", "b")]).bad] == [3]


# Whatever the rows.

_WORDS = st.sampled_from(
    ["Taxes rose", "Taxes fell", "Мост закрыт", "…", "", "S99", "P1", "https://a.example/1", "http://www.a.example/1/", "\0"]
)
_STATEMENTS = st.builds(said, _WORDS, st.none() | _WORDS, st.sampled_from(Stance), source=st.none() | _WORDS, is_crowd=st.booleans())
_VERDICTS = st.builds(VerdictRow, _WORDS, rated_at=st.sampled_from([None, "2024", "soon"]))
_ROWS = st.one_of(
    st.builds(
        lambda key, text, statements, verdicts: row(1, text, *statements, key=key, verdicts=tuple(verdicts)),
        _WORDS.filter(bool), _WORDS, st.lists(_STATEMENTS, max_size=2), st.lists(_VERDICTS, max_size=2),
    ),
    st.builds(PartyRow, st.just(1), _WORDS, _WORDS, st.lists(_WORDS, max_size=2).map(tuple)),
    st.builds(SourceRow, st.just(1), _WORDS, st.builds(SourceDetails, title=_WORDS, url=_WORDS), withheld=st.sampled_from([None, "why"])),
    st.builds(RelationRow, st.just(1), st.sampled_from(RelationKind), _WORDS, _WORDS),
    st.builds(BadLine, st.just(1), st.just("it is no JSON")),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=80, deadline=None)
@given(rows=st.lists(_ROWS, max_size=8))
def test_whatever_was_imported_is_nothing_new_the_second_time(rows: list[Row | BadLine]) -> None:
    registry = made(MemoryStore())
    first = registry.import_rows(rows)
    before = registry.reader.head()
    again = registry.import_rows(rows)
    assert (numbers(again), registry.reader.head(), again.rows) == ({}, before, first.rows)


def test_an_import_of_many_rows_over_any_store_keeps_their_order(registry: Registry) -> None:
    ids = count(1)
    assert numbers(registry.import_rows(row(at, f"Claim {at}", key=str(at)) for at in range(1, 700))) == {"claim": 699}
    assert all(one.text == f"Claim {next(ids)}" for one in registry.reader.find(Claim))


def test_the_search_index_is_left_to_the_first_search_after_many_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_IDS", 3)
    for size, is_made in ((3, True), (4, False)):
        folder = tmp_path / str(size)
        with made(EmbeddedStore(folder)) as registry:
            result = registry.import_rows(row(at, f"The bridge {at} was closed") for at in range(size))
            assert (result.new_claims.count, len(result.new_claims.ids), result.new_claims.are_all) == (size, 3, is_made)
        assert (folder / ".cache" / "claims").exists() is is_made
        with made(EmbeddedStore(folder)) as registry:
            assert len(registry.search("bridge closed")) == size
