"""Bundles: the same bytes each time, nothing withheld in them, every change noticed, and taken over without loss."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from bundles import files_of, manifest, packed, sealed_bundle
from hypothesis import given, settings
from hypothesis import strategies as st

from claimreg.codec import to_document
from claimreg.errors import InputError, NewerBundleError
from claimreg.frozen import replace
from claimreg.model import (
    RECORD_TYPES,
    SCHEMA_VERSION,
    Alias,
    Attribution,
    Capture,
    Change,
    Claim,
    Draft,
    DraftState,
    Link,
    LinkKind,
    LinkState,
    Party,
    Record,
    Relation,
    RelationKind,
    Source,
    Span,
    Stance,
    Verdict,
)
from claimreg.services.evidence.bundle.archive import Archive, FaultyBundleError
from claimreg.services.evidence.bundle.check import check_bundle
from claimreg.services.evidence.bundle.export import Exported, write_bundle
from claimreg.services.evidence.bundle.layout import ORDER
from claimreg.services.evidence.bundle.merge import Imported, import_bundle
from claimreg.services.evidence.bundle.scope import scope_of
from claimreg.services.evidence.verify import verify
from claimreg.services.lookup import claims_of_case
from claimreg.services.recording.claims import (
    AttributionFields,
    ClaimFields,
    record_attribution,
    record_claim,
    record_relation,
    record_verdict,
    withdraw,
)
from claimreg.services.recording.parties import add_alias, create_party, merge
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, capture_of, store_source, text_of
from claimreg.services.reporting.views import claim_view
from claimreg.shapes import misfit
from claimreg.store.chain import canonical
from claimreg.store.embedded import EmbeddedStore
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Equals, Reader, Store, Writer
from claimreg.text.addresses import address_key
from claimreg.text.name_keys import name_key, name_skeleton
from claimreg.vocabulary import Act, Mode

ANN = Change(user="ann", at="2026-01-01T10:00:00Z", action="add")
BOB = Change(user="bob", at="2026-03-01T10:00:00Z", action="import bundle")
NOTICE = "Notice. The night ferry will not run before the pier is repaired, the harbour office says. End of the notice.\n"
LETTER = "A letter. Whoever says that the pier is sound has never stood on it, writes the clerk. Burn this letter.\n"
SECRET = ("A letter", "Clerk's desk", "https://clerk.example/letter", "Burn this", "writes the clerk", "has never", "clerk@home")


def put_link(writer: Writer, attribution: Attribution, source: Source, words: str, state: LinkState = LinkState.SUGGESTED) -> Link:
    capture = capture_of(writer, source)
    text = text_of(writer, capture)
    start = text.index(words)
    end = start + len(words)
    return writer.put(
        Link(
            id=writer.new_id(Link), recorded_at=writer.change.at, recorded_by=writer.change.user, attribution_id=attribution.id,
            source_id=source.id, capture_id=capture.id, start=start, end=end, exact=words, prefix=text[max(0, start - 9) : start],
            suffix=text[end : end + 9], score=99.5, kind=LinkKind.EXACT, state=state, parts=(Span(start, end),), method="test/1",
        )
    )  # fmt: skip


def put_draft(writer: Writer, source: Source, words: str, **fields: object) -> Draft:
    capture = capture_of(writer, source)
    start = text_of(writer, capture).index(words)
    place = Span(start, start + len(words))
    draft = Draft(
        id=writer.new_id(Draft), recorded_at=writer.change.at, recorded_by=writer.change.user, source_id=source.id, capture_id=capture.id,
        start=place.start, end=place.end, exact=words, parts=(place,), mode=Mode.INDIRECT, act=Act.ASSERTION, stance=Stance.ASSERTS,
        confidence=0.5, rule="test", proposed_by="test/1",
    )  # fmt: skip
    return writer.put(replace(draft, **fields))


def state_something(
    writer: Writer, claim: Claim, name: str, quote: str, source: Source | None, stance: Stance = Stance.ASSERTS
) -> Attribution:
    party = next(writer.find(Party, Equals("name", name)), None) or create_party(writer, name)
    return record_attribution(writer, claim, party, source, AttributionFields(stance, name, quote, "en", "2025-12"))


def fill(store: Store) -> None:
    """Two cases, everything that a registry can hold, in our own words."""
    with store.write(ANN) as writer:
        claim = record_claim(writer, ClaimFields("The night ferry is cancelled", case="Ferry", tags=("sea",), lang="en"))
        other = record_claim(writer, ClaimFields("The night ferry runs", case="Ferry"))
        apart = record_claim(writer, ClaimFields("The bridge is green", case="Bridge"))
        source = store_source(writer, IncomingDocument(NOTICE.encode(), NOTICE, "notice.txt"), SourceDetails(title="The notice")).source
        warc = writer.put_blob(b"WARC/1.1 as fetched")
        writer.put(replace(capture_of(writer, source), warc_sha256=warc, headers=(("Server", "x"), ("Date", "y")), status=200))
        said = state_something(writer, claim, "Harbour office", "the night ferry will not run", source)
        first = put_link(writer, said, source, "night ferry will not run", LinkState.CONFIRMED)
        writer.put(replace(put_link(writer, said, source, "ferry will not run"), anchored_from=first.id))
        outer = put_draft(writer, source, "night ferry will not run before", party_id=said.party_id, party_score=88.0)
        put_draft(writer, source, "will not run", nested_in=outer.id, state=DraftState.ACCEPTED, attribution_id=said.id)
        state_something(writer, other, "Captain Serik", "It runs", None, Stance.DENIES)
        state_something(writer, apart, "Painters' guild", "as green as can be", None)
        record_relation(writer, other, RelationKind.CONTRADICTS, claim)
        record_verdict(writer, claim, "True", scheme="Desk", rationale="Seen.", author="ann")
        record_verdict(writer, claim, "Misleading", scheme=None, rationale=None, author=None)
        office = next(writer.find(Party, Equals("name", "Harbour office")))
        add_alias(writer, office, "Кеме кеңсесі")
        merge(writer, office, create_party(writer, "Office of the harbour"))
        withdraw(writer, state_something(writer, claim, "Captain Serik", "a slip of the pen", None))
        writer.put(replace(claim, title="Ferry"))


def add_letter(store: Store, withheld: str | None = "the clerk's name must not be known") -> None:
    details = SourceDetails(title="A letter", publisher="Clerk's desk", url="https://clerk.example/letter", author="clerk@home")
    with store.write(ANN) as writer:
        claim = next(claims_of_case(writer, "Ferry"))
        source = store_source(writer, IncomingDocument(LETTER.encode(), LETTER, "A letter.txt"), details).source
        said = state_something(writer, claim, "Captain Serik", "the pier is sound", source)
        put_link(writer, said, source, "the pier is sound")
        put_draft(writer, source, "has never stood on it", party_id=said.party_id)
        writer.put(replace(source, author=details.author, withheld=withheld))


@pytest.fixture
def store() -> Store:
    return filled()


def exported(store: Store, case: str | None = None) -> bytes:
    stream = io.BytesIO()
    export(store, stream, case)
    return stream.getvalue()


def export(store: Store, stream: io.BytesIO, case: str | None = None) -> Exported:
    with store.snapshot() as reader:
        claims = None if case is None else list(claims_of_case(reader, case))
        return write_bundle(reader, scope_of(reader, claims, case or "everything"), stream, "claimreg test")


def damage(bundle: bytes) -> list[str]:
    try:
        found = check_bundle(Archive(io.BytesIO(bundle))).found
    except FaultyBundleError as fault:
        return [str(fault)]
    return [f"{one.area} {one.place}: {one.what}" for one in found.damage]


def take_over(store: Store, bundle: bytes) -> Imported:
    archive = Archive(io.BytesIO(bundle))
    checked = check_bundle(archive)
    if checked.found.damage:
        raise FaultyBundleError(*checked.found.damage[0])
    with store.write(BOB) as writer:
        return import_bundle(writer, archive, checked.registry)


def told(reader: Reader) -> list[Any]:
    """What a registry says, without its ids: claims, who says what in which words where, verdicts, relations; removed ones too."""
    claims = sorted(reader.find(Claim, withdrawn=True), key=lambda one: (one.text, one.recorded_at))
    return [told_of(reader, claim) for claim in claims]


def told_of(reader: Reader, claim: Claim) -> Any:  # noqa: ANN401 -- nested lists
    attributions = []
    for one in reader.find(Attribution, Equals("claim_id", claim.id), withdrawn=True):
        party = reader.get(Party, one.party_id)
        source = reader.get(Source, one.source_id) if one.source_id else None
        links = [
            (
                link.exact,
                anchor(reader, link),
                link.start,
                link.end,
                link.prefix,
                link.suffix,
                link.state,
                link.parts,
                link.score,
                link.recorded_by,
            )
            for link in reader.find(Link, Equals("attribution_id", one.id), withdrawn=True)
        ]
        said = (party.name if party else None, one.stance, one.quote, one.lang, one.said_at, one.removed_at, one.recorded_at)
        attributions.append((said, source.title if source else None, links))
    verdicts = list(reader.find(Verdict, Equals("claim_id", claim.id), withdrawn=True))
    rated = [(one.rating, one.rationale, one.author, one.rated_at, one.supersedes is not None) for one in verdicts]
    relations = [(one.kind, other(reader, one)) for one in reader.find(Relation, Equals("claim_id", claim.id))]
    return (
        (claim.text, claim.title, claim.case, claim.tags, claim.lang, claim.recorded_at, claim.recorded_by),
        attributions,
        rated,
        relations,
    )


def anchor(reader: Reader, link: Link) -> str | None:
    earlier = reader.get(Link, link.anchored_from) if link.anchored_from else None
    return earlier.exact if earlier is not None else None


def other(reader: Reader, relation: Relation) -> str:
    claim = reader.get(Claim, relation.other_claim_id)
    assert claim is not None
    return claim.text


# Writing.


def test_the_same_registry_gives_the_same_bytes(store: Store) -> None:
    assert exported(store) == exported(store)
    assert exported(store, "Ferry") == exported(store, "Ferry") != exported(store)


def test_the_library_of_congress_takes_it_for_a_bag(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store))) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    bag = bagit.Bag(str(folder))
    assert bag.is_valid()
    assert bag.info["Claimreg-Head"] == " ".join(map(str, store.head()))
    (folder / "data" / "README.txt").write_text("another")
    assert not bagit.Bag(str(folder)).is_valid()


def test_all_types_of_records_have_their_place() -> None:
    assert set(ORDER) == set(RECORD_TYPES)


def test_records_that_claimreg_makes_are_of_the_right_shape(store: Store) -> None:
    add_letter(store)
    seen = [record for record_type in RECORD_TYPES for record in store.find(record_type, withdrawn=True)]
    assert len(seen) > 25
    assert [misfit(type(record), to_document(record)) for record in seen] == [None] * len(seen)


def test_a_case_tells_nothing_of_another(store: Store) -> None:
    stream = io.BytesIO()
    counts = export(store, stream, "Bridge")
    bundle = stream.getvalue()
    assert damage(bundle) == []
    payload = b"".join(files_of(bundle).values()).decode()
    assert "The bridge is green" in payload
    assert counts.records["claim"] == 1
    for words in ("ferry", "Harbour", "Serik", "The notice"):
        assert words not in payload
    assert 0 < counts.sealed < counts.events == store.head()[0]


def test_a_relation_needs_both_its_claims(store: Store) -> None:
    stream = io.BytesIO()
    with store.snapshot() as reader:
        chosen = next(claims_of_case(reader, "Ferry"))
        counts = write_bundle(reader, scope_of(reader, [chosen], "one"), stream, "claimreg test")
    assert damage(stream.getvalue()) == []
    assert "relation" not in counts.records
    assert "The night ferry runs" not in b"".join(files_of(stream.getvalue()).values()).decode()


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z"])
def test_a_time_that_no_zip_can_say_does_not_stop_it(at: str) -> None:
    store = MemoryStore()
    with store.write(ANN._replace(at=at)) as writer:
        record_claim(writer, ClaimFields("Words"))
    assert damage(exported(store)) == []


def test_nothing_was_recorded_nothing_is_exported() -> None:
    with pytest.raises(InputError, match="nothing to export"):
        exported(MemoryStore())


# Withheld sources.


@pytest.mark.parametrize("case", [None, "Ferry"])
def test_a_withheld_source_is_nowhere_in_the_bundle(store: Store, case: str | None) -> None:
    add_letter(store)
    bundle = exported(store, case)
    assert damage(bundle) == []
    files = files_of(bundle)
    everything = b"".join([*(name.encode() for name in files), *files.values()]).decode()
    capture = next(store.find(Capture, Equals("sha256", hashlib.sha256(LETTER.encode()).hexdigest())))
    for words in (*SECRET, capture.sha256, capture.text_sha256):
        assert words not in everything
    records = [json.loads(line) for line in files["data/records.ndjson"].splitlines()]
    (letter,) = (one for one in records if one["id"].startswith("S") and one["withheld"])
    said = {name for name, value in letter.items() if value not in (None, False)}
    assert said == {"id", "recorded_at", "recorded_by", "title", "withheld"}
    (link,) = (one for one in records if one["id"].startswith("L") and one["source_id"] == letter["id"])
    assert (link["exact"], link["prefix"], link["suffix"]) == ("the pier is sound", "", "")


def test_the_control_a_source_that_may_be_named_is_there(store: Store) -> None:
    add_letter(store, withheld=None)
    everything = b"".join(files_of(exported(store)).values()).decode()
    assert all(words in everything for words in SECRET)


def test_another_source_with_the_withheld_bytes_is_withheld_too(store: Store) -> None:
    add_letter(store)
    with store.write(ANN) as writer:
        letter = next(one for one in writer.find(Source) if one.withheld)
        again = writer.put(replace(letter, id=writer.new_id(Source), withheld=None))
        writer.put(replace(capture_of(writer, letter), id=writer.new_id(Capture), source_id=again.id))
    bundle = exported(store)
    assert damage(bundle) == []
    assert not any(words in b"".join(files_of(bundle).values()).decode() for words in SECRET)


def test_the_words_between_the_parts_of_a_stitched_quote_are_not_told(store: Store) -> None:
    add_letter(store)
    with store.write(ANN) as writer:
        link = next(one for one in writer.find(Link) if one.exact == "the pier is sound")
        end = link.start + len("the pier is sound has never stood on it")
        parts = (Span(link.start, link.end), Span(end - len("stood on it"), end))
        writer.put(replace(link, exact="the pier is sound has never stood on it", end=end, parts=parts, kind=LinkKind.STITCHED))
    everything = b"".join(files_of(exported(store)).values()).decode()
    assert "has never" not in everything
    assert "stood on it" not in everything
    told = next(one for one in map(json.loads, files_of(exported(store))["data/records.ndjson"].splitlines()) if one["id"] == link.id)
    assert (told["exact"], told["start"], told["end"]) == ("[…]", 0, 3)


def test_what_is_withheld_is_left_out_and_the_rest_taken_over(store: Store) -> None:
    add_letter(store)
    target = MemoryStore()
    imported = take_over(target, exported(store))
    assert imported.left_out == {"source": 1, "link": 1}
    assert verify(target).damage == []
    claim = next(one for one in target.find(Claim) if one.text == "The night ferry is cancelled")
    pier = next(one for one in claim_view(target, claim).attributions if one.attribution.quote == "the pier is sound")
    assert (pier.source, pier.links) == (None, ())


# Taking over.


@pytest.mark.parametrize(
    "make", [lambda _folder: MemoryStore(), lambda folder: EmbeddedStore(folder / "registry")], ids=["memory", "embedded"]
)
def test_nothing_is_lost_on_the_way(store: Store, make: Callable[[Path], Store], tmp_path: Path) -> None:
    target = make(tmp_path)
    imported = take_over(target, exported(store))
    assert told(target) == told(store)
    assert verify(target).damage == []
    assert imported.known == imported.left_out == {}
    third = MemoryStore()
    take_over(third, exported(target))
    assert told(third) == told(store)
    assert sorted(third.check_blobs()) == sorted(store.check_blobs())
    target.close()


NAMES = st.sampled_from(["Office", "Captain", "Clerk", "Хатшы"])
STATEMENT = st.tuples(NAMES, st.sampled_from(Stance), st.integers(0, 60), st.integers(1, 40), st.sampled_from(LinkState))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
CLAIMS = st.lists(st.tuples(TEXTS, st.lists(STATEMENT, max_size=3)), max_size=4)


@settings(max_examples=60)
@given(claims=CLAIMS, removed=st.integers(0, 5))
def test_any_registry_makes_the_journey(claims: list[tuple[str, list[Any]]], removed: int) -> None:
    store = MemoryStore()
    with store.write(ANN) as writer:
        source = store_source(writer, IncomingDocument(NOTICE.encode(), NOTICE, "n"), SourceDetails()).source
        for text, statements in claims:
            claim = record_claim(writer, ClaimFields(text))
            for name, stance, start, length, state in statements:
                words = NOTICE[start : start + length]
                put_link(writer, state_something(writer, claim, name, words, source, stance), source, words, state)
        for one in list(writer.find(Claim))[removed : removed + 1]:
            withdraw(writer, one)
    target = MemoryStore()
    bundle = exported(store)
    assert damage(bundle) == []
    take_over(target, bundle)
    assert told(target) == told(store)
    assert verify(target).damage == []
    seq, _hash = target.head()
    assert take_over(target, bundle).new == {}
    assert target.head()[0] == seq


def test_who_recorded_it_stays_and_who_took_it_over_is_in_the_history(store: Store) -> None:
    target = MemoryStore()
    take_over(target, exported(store))
    claim = next(target.find(Claim))
    assert (claim.recorded_at, claim.recorded_by) == (ANN.at, ANN.user)
    (event,) = target.history(claim.id)
    assert (event.at, event.user, event.action) == BOB[1:2] + BOB[0:1] + BOB[2:]
    assert claim.origin == f"{next(store.history()).hash}/C1"


def test_a_newer_bundle_adds_only_what_is_new(store: Store) -> None:
    target = MemoryStore()
    with target.write(BOB) as writer:
        record_claim(writer, ClaimFields("Something of our own"))
    take_over(target, exported(store))
    with target.write(BOB) as writer:
        said = next(one for one in writer.find(Attribution) if one.quote == "It runs")
        writer.put(replace(said, quote="It runs, edited here"))
    before = target.head()[0]
    with store.write(ANN) as writer:
        claim = next(claims_of_case(writer, "Ferry"))
        said = state_something(writer, claim, "Captain Serik", "pier is repaired", next(writer.find(Source)))
        put_link(writer, said, next(writer.find(Source)), "pier is repaired")
        record_claim(writer, ClaimFields("The pier is sound", case="Ferry"))
    imported = take_over(target, exported(store, "Ferry"))
    assert imported.new == {"claim": 1, "attribution": 1, "link": 1}
    assert target.head()[0] == before + 3
    assert verify(target).damage == []
    assert [one.quote for one in target.find(Attribution)].count("It runs") == 0


def test_there_and_back_again_doubles_nothing(store: Store) -> None:
    there = MemoryStore()
    take_over(there, exported(store))
    before = told(store)
    assert take_over(store, exported(there)).new == {}
    assert told(store) == before
    with there.write(BOB) as writer:
        claim = next(one for one in writer.find(Claim) if one.text == "The night ferry runs")
        state_something(writer, claim, "Passengers", "we were aboard", None)
    assert take_over(store, exported(there)).new == {"party": 1, "attribution": 1}
    assert verify(store).damage == []
    # A third registry meets the same claims by both ways, and takes them for the same.
    third = MemoryStore()
    take_over(third, exported(there))
    assert take_over(third, exported(store)).new == {}


def test_a_registry_does_not_take_itself_over(store: Store) -> None:
    with pytest.raises(InputError, match="very registry"):
        take_over(store, exported(store))


def test_what_was_removed_here_stays_removed(store: Store) -> None:
    target = MemoryStore()
    take_over(target, exported(store))
    with target.write(BOB) as writer:
        withdraw(writer, next(one for one in writer.find(Claim) if one.text == "The night ferry is cancelled"))
    with store.write(ANN) as writer:
        state_something(writer, next(claims_of_case(writer, "Ferry")), "Captain Serik", "one more", None)
    imported = take_over(target, exported(store))
    assert imported.new == {}
    assert "The night ferry is cancelled" not in [one.text for one in target.find(Claim)]


def test_parties_are_those_of_the_same_name_never_of_a_like_one(store: Store) -> None:
    target = MemoryStore()
    with target.write(BOB) as writer:
        same = create_party(writer, "HARBOUR OFFICE")
        create_party(writer, "Captain Seriq")
        create_party(writer, "Кеме кеңсесі")
    take_over(target, exported(store))
    by_name = {one.name: one for one in target.find(Party)}
    assert {"Captain Seriq", "Captain Serik", "HARBOUR OFFICE", "Office of the harbour"} <= by_name.keys()
    assert "Harbour office" not in by_name
    assert by_name["Office of the harbour"].merged_into == same.id
    assert by_name["HARBOUR OFFICE"].merged_into is None
    assert {one.party_id for one in target.find(Attribution) if one.party_as_written == "Harbour office"} == {same.id}


def test_a_party_that_was_merged_here_counts_as_the_other(store: Store) -> None:
    target = MemoryStore()
    with target.write(BOB) as writer:
        port = create_party(writer, "Port authority")
        merge(writer, port, create_party(writer, "Harbour office"))
    take_over(target, exported(store))
    assert {one.party_id for one in target.find(Attribution) if one.party_as_written == "Harbour office"} == {port.id}


def test_a_place_that_was_found_here_too_is_one_link(store: Store) -> None:
    target = MemoryStore()
    take_over(target, exported(store))
    for one in (store, target):
        with one.write(ANN if one is store else BOB) as writer:
            said = next(one for one in writer.find(Attribution) if one.quote == "the night ferry will not run")
            put_link(writer, said, next(writer.find(Source)), "before the pier")
    assert take_over(target, exported(store)).new == {}
    assert [one.exact for one in target.find(Link)].count("before the pier") == 1


def test_the_same_bytes_are_one_source(store: Store) -> None:
    target = MemoryStore()
    with target.write(BOB) as writer:
        ours = store_source(writer, IncomingDocument(NOTICE.encode(), NOTICE, "ours.txt"), SourceDetails(title="Ours")).source
    take_over(target, exported(store))
    assert [one.title for one in target.find(Source)] == ["Ours"]
    assert {one.source_id for one in target.find(Link)} == {ours.id}
    assert verify(target).damage == []


# Damage and deceit.


def mutate_record(files: dict[str, bytes], record_id: str, **changes: object) -> dict[str, bytes]:
    lines = [json.loads(line) for line in files["data/records.ndjson"].splitlines()]
    changed = [canonical({**one, **changes} if one["id"] == record_id else one).encode() + b"\n" for one in lines]
    return {**files, "data/records.ndjson": b"".join(changed)}


def forged(*records: Record | dict[str, Any]) -> bytes:
    """A bundle whose history fits its records perfectly, made by somebody else than claimreg."""
    documents = [to_document(one) if isinstance(one, Record) else one for one in records]
    return sealed_bundle(documents, [NOTICE.encode()] if any("text_sha256" in one for one in documents) else [])


def a_claim(**fields: object) -> Claim:
    return replace(Claim(id="C1", recorded_at=ANN.at, recorded_by="ann", text="Words"), **fields)


def a_capture(**fields: object) -> Capture:
    sha256 = hashlib.sha256(NOTICE.encode()).hexdigest()
    size = len(NOTICE.encode())
    made = Capture(
        id="K1", recorded_at=ANN.at, recorded_by="ann", source_id="S1", sha256=sha256, text_sha256=sha256, size=size, length=size,
        media_type="text/plain", location="n", method="text/1", retrieved_at=ANN.at,
    )  # fmt: skip
    return replace(made, **fields)


def a_link(**fields: object) -> tuple[Record, ...]:
    """A link with all that it speaks of; the words are at 12 to 23 of the notice."""
    party = Party(id="P1", recorded_at=ANN.at, recorded_by="ann", name="Office")
    said = Attribution(
        id="A1", recorded_at=ANN.at, recorded_by="ann", claim_id="C1", party_id="P1", party_as_written="Office", stance=Stance.ASSERTS
    )
    link = Link(
        id="L1", recorded_at=ANN.at, recorded_by="ann", attribution_id="A1", source_id="S1", capture_id="K1", start=12, end=23,
        exact="night ferry", prefix="", suffix="", score=100.0, kind=LinkKind.EXACT, parts=(Span(12, 23),),
    )  # fmt: skip
    other = replace(A_SOURCE, id="S2")
    return party, A_SOURCE, other, a_capture(), a_claim(), said, replace(link, **fields)


A_SOURCE = Source(id="S1", recorded_at=ANN.at, recorded_by="ann", title="A notice")


def test_a_bundle_made_by_others_is_taken_if_it_is_sound() -> None:
    assert damage(forged(a_claim())) == []
    assert damage(forged(A_SOURCE, a_capture())) == []
    assert damage(forged(*a_link())) == []


def test_what_records_are_looked_up_by_is_reckoned_here() -> None:
    claim = a_claim(case="Ferry", case_key="bridge")
    source = replace(A_SOURCE, url="https://a.example/x", url_key="//b.example/y")
    party = Party(id="P1", recorded_at=ANN.at, recorded_by="ann", name="Office")
    alias = Alias(id="N1", recorded_at=ANN.at, recorded_by="ann", party_id="P1", name="Office", key="court", skeleton="court")
    target = MemoryStore()
    take_over(target, forged(party, alias, source, a_capture(url="https://a.example/z", url_key="k", reached_key="r"), claim))
    assert [one.url_key for one in target.find(Source)] == [address_key("https://a.example/x")]
    assert [(one.url_key, one.reached_key) for one in target.find(Capture)] == [(address_key("https://a.example/z"), None)]
    assert [one.case_key for one in target.find(Claim)] == ["ferry"]
    assert [(one.key, one.skeleton) for one in target.find(Alias)] == [(name_key("Office"), name_skeleton("Office"))]


@pytest.mark.parametrize(
    "records",
    [
        (a_claim(text=5),), (a_claim(text=None),), (a_claim(tags=(1,)),), (a_claim(recorded_at="yesterday"),), (a_claim(removed_at=7),),
        (a_claim(id="C01"),), (a_claim(id="X1"),), (a_claim(), a_claim()), (a_claim(), a_claim(id="C1", text="Other")),
        (replace(A_SOURCE, published_at="soon"),), (replace(A_SOURCE, withheld="why"),), (A_SOURCE, a_capture(size=-1)),
        (A_SOURCE, a_capture(size=3)), (A_SOURCE, a_capture(length=3)), (A_SOURCE, a_capture(length=True)), (a_capture(),),
        (A_SOURCE, a_capture(sha256="../../etc/passwd")), (A_SOURCE, a_capture(warc_sha256="0" * 64)),
        a_link(exact="night Ferry"), a_link(start=13), a_link(start=-93, end=-82), a_link(parts=(Span(0, 5),)), a_link(source_id="S2"),
        a_link(state=None), a_link(score="much"), a_link(parts=(Span(23, 12),)), (a_claim(id="C2"), a_claim()),
        (A_SOURCE, a_capture(headers=(("a", 1),))), (A_SOURCE, a_capture(sha256="A" * 64)),
        (Relation(id="R1", recorded_at=ANN.at, recorded_by="a", kind=RelationKind.REPEATS, claim_id="C1", other_claim_id="C2"),),
    ],
)  # fmt: skip
def test_a_forged_record_is_refused_however_well_its_history_fits(records: tuple[Record, ...]) -> None:
    try:
        bundle = forged(*records)
    except ValueError:
        pytest.fail("the forger must be able to write it")
    assert damage(bundle)
    target = MemoryStore()
    with pytest.raises(InputError):
        take_over(target, bundle)
    assert target.head() == (0, "")


def resealed(files: dict[str, bytes], seq: int) -> dict[str, bytes]:
    events = [json.loads(line) for line in files["data/history.ndjson"].splitlines()]
    events[seq - 1] = {name: events[seq - 1][name] for name in ("seq", "previous", "hash")}
    return {**files, "data/history.ndjson": b"".join(canonical(one).encode() + b"\n" for one in events)}


def without_line(files: dict[str, bytes], name: str, number: int) -> dict[str, bytes]:
    lines = files[name].splitlines(keepends=True)
    del lines[number]
    return {**files, name: b"".join(lines)}


def without_capture(files: dict[str, bytes]) -> dict[str, bytes]:
    gone = next(name for name in files if name.startswith("data/captures/"))
    return {name: content for name, content in files.items() if name != gone}


def with_lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {**files, name: b"".join(change(files[name].splitlines(keepends=True)))}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "a"]), inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=400)
@given(data=st.data())
def test_whatever_a_forger_puts_into_a_field_is_refused_or_does_no_harm(data: st.DataObject) -> None:
    verdict = Verdict(id="V1", recorded_at=ANN.at, recorded_by="a", claim_id="C1", rating="True", rated_at=ANN.at)
    documents = [to_document(one) for one in (*a_link(), verdict)]
    document = data.draw(st.sampled_from(documents))
    name = data.draw(st.sampled_from(sorted(document.keys() - {"id"})))
    document[name] = data.draw(JSON | st.sampled_from([one[name] for one in documents if name in one]))
    target = MemoryStore()
    try:
        take_over(target, forged(*documents))
    except InputError:
        assert target.head() == (0, "")
        return
    assert verify(target).damage == []
    assert [claim_view(target, claim) for claim in target.find(Claim, withdrawn=True)]
    assert damage(exported(target)) == []


DECEITS: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "another text of a claim": (lambda files: mutate_record(files, "C1", text="The ferry runs"), "not what the history says"),
    "a link elsewhere": (lambda files: mutate_record(files, "L1", start=0, end=3, parts=[[0, 3]]), "not what the history says"),
    "another date": (lambda files: mutate_record(files, "A1", said_at="2020"), "not what the history says"),
    "a source withheld afterwards": (lambda files: mutate_record(files, "S1", withheld="x"), "tells of a withheld source"),
    "a record taken away": (lambda files: without_line(files, "data/records.ndjson", -2), "though the history tells of it"),
    "an event taken away": (lambda files: without_line(files, "data/history.ndjson", 3), "event 4 is missing"),
    "the last event taken away": (lambda files: without_line(files, "data/history.ndjson", -1), "not what the history says"),
    "the first event of a record sealed": (lambda files: resealed(files, 1), "does not begin where the event before left"),
    "a capture taken away": (without_capture, "it is missing, though a record tells of it"),
    "a capture too many": (
        lambda files: {**files, f"data/captures/{hashlib.sha256(b'x').hexdigest()}": b"x"}, "no record tells of it"
    ),
    "a capture of other bytes": (lambda files: {**files, "data/captures/" + "0" * 64: b"x"}, "its bytes are not those"),
    "a record twice": (with_lines("data/records.ndjson", lambda lines: [lines[0], *lines]), "there twice"),
    "a record and its event changed alike": (
        lambda files: {name: content.replace(b"It runs", b"It stops") for name, content in files.items()}, "changed since it was written"
    ),
    "no history": (lambda files: {**files, "data/history.ndjson": b""}, "not the last one"),
    "no records": (lambda files: {**files, "data/records.ndjson": b""}, "though the history tells of it"),
    "records without an end": (lambda files: {**files, "data/records.ndjson": files["data/records.ndjson"][:-1]}, "cut short"),
    "JSON in another form": (
        lambda files: {**files, "data/records.ndjson": files["data/records.ndjson"].replace(b'":', b'": ', 1)}, "not as claimreg writes it"
    ),
    "JSON without end": (lambda files: {**files, "data/records.ndjson": b"[" * 100_000 + b"\n"}, "not as claimreg writes it"),
    "another version of BagIt": (lambda files: {**files, "bagit.txt": b"BagIt-Version: 0.97\n"}, "not what claimreg writes"),
}  # fmt: skip


@pytest.mark.parametrize("deceit", DECEITS)
def test_a_change_is_noticed_also_with_manifests_made_anew(store: Store, deceit: str) -> None:
    change, expected = DECEITS[deceit]
    bundle = packed(change(files_of(exported(store))))
    target = MemoryStore()
    with pytest.raises(InputError) as refused:
        take_over(target, bundle)
    assert any(expected in one for one in damage(bundle)), damage(bundle)
    assert target.head() == (0, "")
    assert "\n" not in str(refused.value)


def test_the_control_repacked_it_is_as_good_as_before(store: Store) -> None:
    target = MemoryStore()
    take_over(target, packed(files_of(exported(store))))
    assert told(target) == told(store)


def test_a_sealed_event_that_follows_from_another_is_noticed(store: Store) -> None:
    files = files_of(exported(store, "Bridge"))
    events = [json.loads(line) for line in files["data/history.ndjson"].splitlines()]
    sealed_one = next(one for one in events[2:] if len(one) == 3)
    sealed_one["previous"] = "0" * 64
    files["data/history.ndjson"] = b"".join(canonical(one).encode() + b"\n" for one in events)
    assert any("does not follow" in one for one in damage(packed(files)))


def test_a_size_that_is_not_the_bags_is_noticed(store: Store) -> None:
    files = files_of(packed(files_of(exported(store))))
    files["bag-info.txt"] = files["bag-info.txt"].replace(b"Payload-Oxum: ", b"Payload-Oxum: 1")
    files["tagmanifest-sha256.txt"] = manifest({name: files[name] for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")})
    assert [one.split(":")[0] for one in damage(packed(files, anew=False))] == ["bundle bag-info.txt"]


@pytest.mark.parametrize("name", ["data/a-file-of-later-versions.json", None])
def test_a_bundle_of_a_newer_claimreg_is_told_as_newer_not_as_damaged(store: Store, name: str | None) -> None:
    files = files_of(exported(store))
    newer = SCHEMA_VERSION + 1
    told = files["bag-info.txt"].replace(f"Claimreg-Schema: {SCHEMA_VERSION}".encode(), f"Claimreg-Schema: {newer}".encode())
    assert told != files["bag-info.txt"]
    files["bag-info.txt"] = told
    if name is not None:
        files[name] = b"{}"
    with pytest.raises(NewerBundleError, match=f"newer claimreg .schema {newer}, this one knows {SCHEMA_VERSION}.; update claimreg"):
        damage(packed(files))


@pytest.mark.parametrize("line", [b"Claimreg-Schema: 3\n", b""])
def test_a_bundle_of_an_older_claimreg_is_taken(store: Store, line: bytes) -> None:
    files = files_of(exported(store))
    files["bag-info.txt"] = files["bag-info.txt"].replace(f"Claimreg-Schema: {SCHEMA_VERSION}\n".encode(), line)
    assert damage(packed(files)) == []


def test_a_field_that_no_record_has_is_refused() -> None:
    assert "the field 'remark', which no claim has" in damage(forged({**to_document(a_claim()), "remark": "x"}))[0]


def test_a_file_that_the_manifest_does_not_tell_of_is_refused(store: Store) -> None:
    files = files_of(exported(store))
    name = next(one for one in files if one.startswith("data/captures/"))
    lines = files["manifest-sha256.txt"].splitlines(keepends=True)
    files["manifest-sha256.txt"] = b"".join(line for line in lines if name.encode() not in line)
    assert any("does not tell of it" in one for one in damage(packed(files, anew=False)))


def filled() -> Store:
    made = MemoryStore()
    fill(made)
    return made


def taken_over(bundle: bytes) -> list[Any]:
    target = MemoryStore()
    take_over(target, bundle)
    return told(target)


BUNDLE = exported(filled())
REFERENCE = taken_over(BUNDLE)


@settings(max_examples=400)
@given(place=st.integers(0, len(BUNDLE) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_alters_nothing(place: int, bit: int) -> None:
    flipped = bytearray(BUNDLE)
    flipped[place] ^= 1 << bit
    target = MemoryStore()
    try:
        take_over(target, bytes(flipped))
    except InputError:
        assert target.head() == (0, "")
    else:
        assert told(target) == REFERENCE


@settings(max_examples=150)
@given(data=st.data())
def test_a_flipped_bit_in_a_file_of_the_bag_is_refused(data: st.DataObject) -> None:
    files = files_of(BUNDLE)
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert damage(packed({**files, name: bytes(content)}, anew=False))


@settings(max_examples=60)
@given(end=st.integers(0, len(BUNDLE) - 1))
def test_a_bundle_cut_short_is_refused(end: int) -> None:
    assert damage(BUNDLE[:end])


def with_entry(name: str, content: bytes = b"x", **attributes: int) -> Callable[[], bytes]:
    def make() -> bytes:
        stream = io.BytesIO(BUNDLE)
        with zipfile.ZipFile(stream, "a") as archive:
            info = zipfile.ZipInfo(name)
            info.filename = info.orig_filename = name
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
        return stream.getvalue()

    return make


def doubled() -> bytes:
    """The same name twice, the second with other bytes."""
    stream = io.BytesIO(BUNDLE)
    name = zipfile.ZipFile(stream).namelist()[0]
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, b"x")
    return stream.getvalue()


def overlapping() -> bytes:
    """Two names for the same bytes, as bombs have them."""
    start = BUNDLE.rindex(b"PK\x05\x06")
    size, offset = struct.unpack("<II", BUNDLE[start + 12 : start + 20])
    directory = bytearray(BUNDLE[offset : offset + size])
    entries = list(entry_offsets(directory))
    first, second = entries[0], entries[1]
    directory[second + 42 : second + 46] = directory[first + 42 : first + 46]
    return BUNDLE[:offset] + bytes(directory) + BUNDLE[offset + size :]


def entry_offsets(directory: bytes | bytearray) -> Iterator[int]:
    place = 0
    while place < len(directory):
        yield place
        name, extra, comment = struct.unpack("<HHH", directory[place + 28 : place + 34])
        place += 46 + name + extra + comment


def claiming_to_be_huge() -> bytes:
    start = BUNDLE.rindex(b"PK\x05\x06")
    size, offset = struct.unpack("<II", BUNDLE[start + 12 : start + 20])
    changed = bytearray(BUNDLE)
    for place in entry_offsets(BUNDLE[offset : offset + size]):
        changed[offset + place + 24 : offset + place + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(changed)


def encrypted() -> bytes:
    changed = bytearray(BUNDLE)
    offset = struct.unpack("<I", BUNDLE[BUNDLE.rindex(b"PK\x05\x06") + 16 :][:4])[0]
    changed[offset + 8] |= 1
    return bytes(changed)


def a_bomb() -> bytes:
    """Megabytes of nothing that call themselves gigabytes, in a file that belongs there."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("bag/data/records.ndjson", "w") as entry,
    ):
        for _ in range(96):
            entry.write(bytes(2**20))
    packed_bomb = stream.getvalue()
    return packed_bomb.replace(struct.pack("<I", 96 * 2**20), struct.pack("<I", 0xFFFFFFFE))


BASE = zipfile.ZipFile(io.BytesIO(BUNDLE)).namelist()[0].split("/")[0]
A_CAPTURE = f"{BASE}/data/captures/{'0' * 64}"
NO_FILE = "no such file belongs into a bundle"
NO_ZIP = "not those of a whole zip"
HOSTILE_ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"PK\x03\x04 and no more", NO_ZIP),
    "nothing": (lambda: b"", NO_ZIP),
    "an empty zip": (lambda: b"PK\x05\x06" + bytes(18), "holds no bag"),
    "a way out": (with_entry(f"{BASE}/../../outside"), NO_FILE),
    "a way out in the name of a capture": (with_entry(f"{BASE}/data/captures/../../../outside"), NO_FILE),
    "an absolute path": (with_entry("/tmp/outside"), NO_FILE),  # noqa: S108 -- never written
    "a drive": (with_entry("C:/outside"), NO_FILE),
    "backslashes": (with_entry(f"{BASE}\\data\\captures\\x"), NO_FILE),
    "another folder": (with_entry("other/data/records.ndjson"), NO_FILE),
    "a file too many": (with_entry(f"{BASE}/data/more.txt"), NO_FILE),
    "a tag file too many": (with_entry(f"{BASE}/fetch.txt"), NO_FILE),
    "a folder": (with_entry(f"{BASE}/data/"), NO_FILE),
    "a symbolic link": (with_entry(A_CAPTURE, b"/etc/passwd", external_attr=0o120777 << 16, create_system=3), "no plain file"),
    "a device": (with_entry(A_CAPTURE, b"", external_attr=0o020666 << 16, create_system=3), "no plain file"),
    "packed with LZMA": (with_entry(A_CAPTURE, b"x", compress_type=zipfile.ZIP_LZMA), "packed in a way"),
    "a name of another script": (with_entry(f"{BASE}/data/\u202etxt.exe"), NO_FILE),
    "a name with a hidden end": (with_entry(f"{A_CAPTURE}\0.exe"), NO_FILE),
    "a name twice": (doubled, "there twice"),
    "bytes shared": (overlapping, "shares its bytes"),
    "sizes of a bomb": (claiming_to_be_huge, "far larger"),
    "a bomb": (a_bomb, "far larger"),
    "encrypted": (encrypted, "encrypted"),
}


@pytest.mark.parametrize("what", HOSTILE_ZIPS)
def test_a_hostile_zip_is_refused_in_a_sentence(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make, expected = HOSTILE_ZIPS[what]
    bundle = make()
    target = EmbeddedStore(tmp_path / "registry")
    before = lasting(tmp_path)
    with pytest.raises(FaultyBundleError, match=expected) as refused:
        take_over(target, bundle)
    assert str(refused.value).isprintable()
    assert lasting(tmp_path) == before
    target.close()


def lasting(folder: Path) -> list[Path]:
    """What is in a folder, but for the files that SQLite has while it works."""
    return sorted(path for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm")))
