"""Lines of JSON come back whole: recorded in another registry and written again, they are the same but for ids and times."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stores import STORES

from claimreg.errors import InputError
from claimreg.interchange.formats import Writing
from claimreg.interchange.lines import read, write
from claimreg.linker import LayeredLinker
from claimreg.linker.types import Findings
from claimreg.model import Change, Claim, Link, LinkState, RelationKind, Source, Stance
from claimreg.opening import Documents
from claimreg.opening import Reading as ReadingOfDocuments
from claimreg.registry import Registry
from claimreg.services.entry.statements import record_statement
from claimreg.services.exchange.importing import ImportResult
from claimreg.services.exchange.rows import Reading, Told
from claimreg.services.linking.texts import find_within, stored_texts
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_claim, record_relation, record_verdict
from claimreg.services.recording.parties import create_party, merge, resolve
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, capture_of, store_source
from claimreg.services.surroundings import Surroundings
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store, Writer

Lines = list[dict[str, Any]]

NOTICE = "The harbour office said: “The night ferry will not run before the pier is repaired.” Later it said: “The hall stays shut.”"
RULING = "Сот шешімі: «Көпір мамырда жабылды» деп мәлімдеді. The court heard that the bridge was closed in May, and later reopened."
HEBREW = "ראש העיר אמר: «הגשר נסגר במאי».\u200f And the mayor said nothing else about the bridge."
LEAKED = "A witness told us that the pier was sound all along."
DETAILS = {
    NOTICE: SourceDetails("Notice", "Office", "2024-05-02", "en", "https://example.org/notice", "Ann", "https://archive.org/1", "A sheet"),
    RULING: SourceDetails("Ruling \u202e№1", lang="kk"),
    HEBREW: SourceDetails("=cmd()", lang="he", url="https://example.org/?a=1&b=2"),
    LEAKED: SourceDetails("Leaked", url="https://example.org/leak"),
}  # fmt: skip


class Taken(NamedTuple):
    """A registry that lines were recorded in, and what was told."""

    registry: Registry
    result: ImportResult
    told: Told


def registry_in(store: Store, at: str = "2026-01-01T00:00:00Z") -> Registry:
    return Registry(store, Surroundings(user=lambda: "ann", now=lambda: at, documents=Documents(ReadingOfDocuments(workers=1))))


def written(registry: Registry, *claims: str) -> tuple[bytes, Told]:
    told = Told()
    with registry.selection(*claims) as selection:
        return b"".join(write(selection, Writing(told, registry="ab" * 32))), told


def taken_in(store: Store, content: bytes) -> Taken:
    registry, told = registry_in(store, "2027-02-02T00:00:00Z"), Told()
    result = registry.import_rows(read(io.BytesIO(content), Reading("file", told)), told=told)
    return Taken(registry, result, told)


def store_documents(registry: Registry, *texts: str) -> None:
    with registry.write("source add") as writer:
        for text in texts:
            document = IncomingDocument(text.encode(), text, "notice.txt")
            store_source(writer, document, DETAILS[text], withheld="to protect a witness" if text is LEAKED else None)


@pytest.fixture(params=STORES)
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """A registry with everything that there is."""
    store = STORES[request.param](tmp_path)
    registry = registry_in(store)
    store_documents(registry, NOTICE, RULING, HEBREW, LEAKED)
    _speak(registry)
    _judge(registry)
    yield registry
    store.close()


def _speak(registry: Registry) -> None:
    registry.add(
        "The night ferry is cancelled", by="Harbour office", quote="the night ferry will not run", lang="en", source="S1", said="2024-05",
        case="Ferry", tags=["port", "=sea"], title="Ferry", claim_lang="en-GB",
    )  # fmt: skip
    registry.alias("Harbour office", "Порт әкімшілігі", "\u202eHO")
    registry.attribute("C1", by="порт әкімшілігі", stance="reports", quote="the night ferry will run … the hall stays shut", source="S1")
    registry.attribute("C1", by="Court", stance="rules", quote="the bridge was closed in March", lang="en", source="S2", said="2024-05-02")
    registry.attribute("C1", by="Captain", stance="denies", quote="a thing that stands nowhere", source="S1")
    registry.add("הגשר נסגר", by="ראש העיר", quote="הגשר נסגר במאי", lang="he", source="S3", case="Bridge", claim_lang="he")
    registry.add("Line one\nline two, “quoted”, \u2028 and \x85 too", by="Court", quote="the pier was sound all along", source="S4")
    registry.attribute("C2", by="Mayor of the city", stance="questions", quote="the bridge was closed in May")
    # A link into a source that the statement does not name.
    registry.link("C2", sources=["S2"])
    links = [link.id for link in registry.reader.find(Link)]
    registry.edit(links[0], state="confirmed")
    registry.edit(links[1], state="rejected")
    with registry.write("party merge") as writer:
        party = create_party(writer, "City hall")
        mayor = resolve(writer, "Mayor of the city").party
        assert mayor is not None
        merge(writer, mayor, party)


def _judge(registry: Registry) -> None:
    registry.judge("C1", "false", scheme="desk", why="No \x1b[31mferry", by="Bea")
    with registry.write("verdict") as writer:
        claim = writer.get(Claim, "C1")
        assert claim is not None
        record_verdict(writer, claim, "true", scheme=None, rationale=None, author="Cy")
    registry.judge("C2", "unclear")
    for kind in RelationKind:
        registry.relate("C1", kind.value, "C2")
    registry.relate("C3", "narrows", "C1")


def same(lines: Lines, *, links: bool) -> Lines:
    """Lines without ids and times of recording; what an id names stands in its place."""
    # By kinds: claims in their order, parties by name, sources by title.
    claims = {one["id"]: at for at, one in enumerate(_of(lines, "claim"))}
    titles = {one["id"]: one["title"] if one["withheld"] is None else None for one in _of(lines, "source")}
    told = []
    for one in lines:
        kind = one["schema"].removeprefix("claimreg.").removesuffix("/1")
        plain = {key: value for key, value in one.items() if key not in ("id", "recorded_at", "recorded_by")}
        if kind == "relation":
            told.append({**plain, "claim_id": claims[one["claim_id"]], "other_claim_id": claims[one["other_claim_id"]]})
        elif kind == "source" and one["withheld"] is None:
            capture = one["capture"] or {}
            told.append({**plain, "capture": {key: capture.get(key) for key in ("sha256", "text_sha256") if links}})
        elif kind == "claim":
            said = [_statement(each, titles, links=links) for each in one["attributions"]]
            verdicts = {each["id"]: at for at, each in enumerate(one["verdicts"])}
            judged = [{**each, "id": None, "supersedes": verdicts.get(each["supersedes"])} for each in one["verdicts"]]
            related = sorted((each["kind"], claims[each["claim_id"]], each.get("inverse", False)) for each in one["relations"])
            own = one["external_id"] or one["id"]
            told.append({**plain, "external_id": own, "attributions": said, "verdicts": judged, "relations": related})
        elif kind == "party":
            told.append(plain)
    return told


def _of(lines: Lines, kind: str) -> Lines:
    return [one for one in lines if one["schema"] == f"claimreg.{kind}/1"]


def _statement(one: dict[str, Any], titles: dict[str, str | None], *, links: bool) -> dict[str, Any]:
    # Where and when a quote was looked for is each registry's own.
    own = ("id", "recorded_at", "recorded_by", "source_id", "links", "party", "state", "looked", "rejected_by")
    kept = {key: value for key, value in one.items() if key not in own}
    ids = ("id", "attribution_id", "source_id", "capture_id")
    places = [
        {"into": titles[link["source_id"]], **{key: value for key, value in link.items() if key not in ids}}
        for link in one["links"]
        if links and link["text_sha256"] is not None
    ]
    return {**kept, "party": one["party"]["name"], "source": titles.get(one["source_id"]), "links": places}


def lines_in(content: bytes) -> Lines:
    return [json.loads(line) for line in content.splitlines()]


def test_everything_comes_back_but_links_into_texts_that_are_not_here(full: Registry) -> None:
    content, told = written(full)
    assert told.left_out == {"file of evidence": 4}
    assert content.count(b"\n") == len(content.decode().splitlines())
    taken = taken_in(MemoryStore(), content)
    links = list(full.reader.find(Link))
    withheld = sum(link.source_id == "S4" for link in links)
    assert withheld == 1
    assert {link.state for link in links} == set(LinkState)
    assert "stitched" in {link.kind.value for link in links}
    assert taken.told.left_out == {"withheld link": withheld}
    assert taken.result.left_out == {"link": len(links) - withheld, "withheld source": 1}
    assert (taken.result.bad, taken.result.conflicts, taken.result.unresolved, taken.told.notes, taken.told.unknown) == ([], [], [], [], {})
    again, _ = written(taken.registry)
    assert same(lines_in(again), links=False) == same(lines_in(content), links=False)
    assert not list(taken.registry.reader.find(Link))
    third, _ = written(taken_in(MemoryStore(), again).registry)
    assert same(lines_in(third), links=False) == same(lines_in(again), links=False)


def test_links_come_back_where_their_texts_are_stored(full: Registry) -> None:
    content, _ = written(full)
    store = MemoryStore()
    store_documents(registry_in(store), HEBREW, RULING, NOTICE)
    taken = taken_in(store, content)
    withheld = sum(link.source_id == "S4" for link in full.reader.find(Link))
    assert taken.result.left_out == {"withheld source": 1}
    again, _ = written(taken.registry)
    before, after = (same(lines_in(one), links=True) for one in (content, again))
    # The sources were there before, in another order.
    assert sorted(map(json.dumps, after)) == sorted(map(json.dumps, before))
    assert sum(1 for _ in taken.registry.reader.find(Link)) == sum(1 for _ in full.reader.find(Link)) - withheld
    assert taken.registry.verify().damage == []


def test_the_same_lines_twice_are_there_already(full: Registry) -> None:
    content, _ = written(full)
    store = MemoryStore()
    taken_in(store, content)
    before, _ = written(registry_in(store))
    twice = taken_in(store, content)
    assert (twice.result.new, twice.result.there) == ({}, 3)
    assert written(twice.registry)[0] == before


def test_some_claims_are_written_with_what_they_name_only(full: Registry) -> None:
    content, told = written(full, "C3")
    lines = lines_in(content)
    assert [one["schema"] for one in lines] == ["claimreg.party/1", "claimreg.source/1", "claimreg.claim/1"]
    assert (lines[1]["id"], lines[1]["title"], lines[1]["url"]) == ("S4", "Source withheld: to protect a witness", None)
    assert told.left_out == {"file of evidence": 1, "relation": 1}
    assert lines[2]["relations"] == []
    assert LEAKED.encode() not in content
    assert b"https://example.org/leak" not in content
    taken = taken_in(MemoryStore(), content)
    assert (taken.result.bad, taken.told.notes, taken.result.unresolved) == ([], [], [])


def test_the_same_registry_gives_the_same_bytes_and_no_character_that_acts(full: Registry) -> None:
    content, _ = written(full)
    assert written(full)[0] == content
    assert not {"\u202e", "\u2028", "\x85", "\x1b", "\u200f"} & set(content.decode())
    assert lines_in(content)[-1]["text"] == "Line one\nline two, “quoted”, \u2028 and \x85 too"


def test_a_listing_of_claims_loses_nothing_untold(full: Registry) -> None:
    content, _ = written(full)
    listed = [line for line in content.splitlines(keepends=True) if b'"schema": "claimreg.claim/1"' in line]
    store = MemoryStore()
    # A source that is here already is another one, though it has the same id.
    store_documents(registry_in(store), HEBREW)
    taken = taken_in(store, b"".join(listed))
    said = [one for line in lines_in(content) if line["schema"] == "claimreg.claim/1" for one in line["attributions"]]
    assert len(taken.result.unresolved) == sum(one["source_id"] is not None for one in said)
    assert taken.result.unresolved[0].why == "there is no source “S1” in the file; the statement was recorded without it"
    assert (taken.result.left_out + taken.told.left_out).total() == sum(len(one["links"]) for one in said)
    again, _ = written(taken.registry)
    whole = same(lines_in(content), links=False)
    for line in whole:
        for one in line.get("attributions", ()):
            one["source"] = None
    assert [one for one in same(lines_in(again), links=False) if "text" in one] == [one for one in whole if "text" in one]


def test_claims_taken_over_keep_their_ids_beside_others_with_the_like(full: Registry) -> None:
    """C1 of one registry, recorded in another as C2, keeps the id “C1”; the other's own C1 is not taken for it."""
    store = MemoryStore()
    registry_in(store).add("A claim of our own", by="Ann")
    mixed = taken_in(store, written(full, "C1")[0]).registry
    content, _ = written(mixed)
    taken = taken_in(MemoryStore(), content)
    assert (taken.result.conflicts, taken.result.new["claim"]) == ([], 2)
    ids = [one["external_id"] for one in _of(lines_in(written(taken.registry)[0]), "claim")]
    assert ids == [f"urn:claimreg:{'ab' * 32}/C1", "C1"]


# Registries of any kind.

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).filter(str.strip).map(str.strip)
NAMES = st.sampled_from(["Mayor", "Сот", "A party; of two", "ראש", "Council\u200f", "=1+1"])
DATES = st.none() | st.sampled_from(["2020", "2020-06", "2020-06-22", "2020-06-22T10:00:00+05:00"])
QUOTES = st.none() | st.sampled_from(["the bridge was closed in May", "Көпір мамырда жабылды", "later reopened", "the hall"]) | TEXTS


class Said(NamedTuple):
    """A statement to be recorded."""

    name: str
    stance: Stance
    quote: str | None
    said_at: str | None
    source: str | None


SAID = st.builds(Said, NAMES, st.sampled_from(Stance), QUOTES, DATES, st.none() | st.sampled_from(sorted(DETAILS)))
MAYBE = st.none() | TEXTS
VERDICTS = st.tuples(TEXTS, MAYBE, MAYBE, MAYBE)
CLAIMS = st.tuples(
    st.builds(
        ClaimFields, TEXTS, MAYBE, st.sampled_from([None, "kk-Latn"]), MAYBE, st.lists(TEXTS, max_size=2).map(tuple), st.none(),
        MAYBE, MAYBE,
    ),
    st.lists(SAID, max_size=3, unique_by=lambda one: (one[0], one[1], one[2], one[3], one[4] if one[4] != LEAKED else None)),
    st.lists(VERDICTS, max_size=2, unique=True),
)  # fmt: skip
RELATIONS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(RelationKind), st.integers(0, 3)), max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CLAIMS, min_size=1, max_size=4), RELATIONS, st.booleans())
def test_any_registry_comes_back(claims: list[Any], relations: list[tuple[int, RelationKind, int]], has_texts: bool) -> None:  # noqa: FBT001 -- drawn by hypothesis
    store = MemoryStore()
    registry = registry_in(store)
    store_documents(registry, *sorted(DETAILS))
    linker = LayeredLinker()
    sources = {text: f"S{number}" for number, text in enumerate(sorted(DETAILS), start=1)}
    with store.write(Change("bea", "2026-01-01T00:00:00Z", "add")) as writer:
        recorded = []
        for fields, statements, verdicts in claims:
            claim = record_claim(writer, fields)
            recorded.append(claim)
            for one in statements:
                _record(writer, claim, one, sources, linker)
            for verdict in verdicts:
                record_verdict(writer, claim, verdict[0], scheme=verdict[1], rationale=verdict[2], author=verdict[3])
        for left, kind, right in relations:
            if max(left, right) < len(recorded) and left != right:
                record_relation(writer, recorded[left], kind, recorded[right])
    content, _ = written(registry)
    target = MemoryStore()
    if has_texts:
        store_documents(registry_in(target), *(text for text in sorted(DETAILS) if text != LEAKED))
    taken = taken_in(target, content)
    assert (taken.result.bad, taken.result.conflicts, taken.told.notes) == ([], [], [])
    again, _ = written(taken.registry)
    before, after = (same(lines_in(one), links=has_texts) for one in (content, again))
    assert after == before


def _record(writer: Writer, claim: Claim, said: Said, sources: dict[str, str], linker: LayeredLinker) -> None:
    party = resolve(writer, said.name, alike=False).party or create_party(writer, said.name)
    source = writer.get(Source, sources[said.source]) if said.source else None
    fields = AttributionFields(said.stance, said.name, said.quote, None, said.said_at)
    findings = Findings()
    # A quote without words has no place.
    with suppress(InputError):
        if source is not None and said.quote:
            findings = find_within(said.quote, stored_texts(writer, capture_of(writer, source)), linker, None)
    record_statement(writer, claim, party, source, fields, findings, linker.name)
