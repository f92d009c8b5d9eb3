"""Registries of whatever texts, for hypothesis: all that people and documents may put in, and every kind of place, source and verdict."""

from hypothesis import strategies as st
from sample_reports import MARKUP

from claimreg.model import (
    Attribution,
    Capture,
    Change,
    Claim,
    Link,
    LinkKind,
    LinkState,
    Party,
    Relation,
    RelationKind,
    Source,
    Span,
    Stance,
    Verdict,
)
from claimreg.services.recording.fields import new_fields
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Writer

CHANGE = Change("ann", "2026-01-01T00:00:00Z", "add")

# A store keeps neither NUL nor half characters, and whatever records a text takes away white space around it.
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.one_of(st.sampled_from([one for one in MARKUP if "\0" not in one]), st.text(letters, min_size=1, max_size=20))
texts = texts.map(str.strip).filter(bool)
maybe = st.one_of(st.none(), texts)
days = st.sampled_from([None, "2020", "2020-06", "2020-06-22"])
addresses = st.one_of(
    st.none(), texts, texts.map(lambda text: f"https://x.example/{text}"), st.sampled_from(["https://қаз.example/а б", "HTTP://x.example"])
)
times = st.sampled_from(["2026-01-01T00:00:00Z", "2025-02-03T04:05:06Z", "2025-02-03", "2025"])


@st.composite
def stores(draw: st.DrawFn) -> MemoryStore:
    """Registries of one to four claims; each kind of record is in some of them."""
    store = MemoryStore()
    with store.write(CHANGE) as writer:
        parties = [writer.put(Party(**new_fields(writer, Party), name=f"{draw(texts)} Q")) for _ in range(2)]
        captures = [_source(draw, writer) for _ in range(2)]
        claims = [_claim(draw, writer) for _ in range(draw(st.integers(1, 4)))]
        for claim in claims:
            for _ in range(draw(st.integers(0, 3))):
                _statement(draw, writer, claim, draw(st.sampled_from(parties)), captures)
            for _ in range(draw(st.integers(0, 2))):
                _verdict(draw, writer, claim)
        for other in claims[1:]:
            kind = draw(st.sampled_from(RelationKind))
            writer.put(Relation(**new_fields(writer, Relation), kind=kind, claim_id=claims[0].id, other_claim_id=other.id))
    return store


def _source(draw: st.DrawFn, writer: Writer) -> Capture:
    source = writer.put(
        Source(
            **new_fields(writer, Source), title=draw(texts), publisher=draw(maybe), author=draw(maybe), published_at=draw(days),
            url=draw(addresses), archive_url=draw(addresses), withheld=draw(st.sampled_from([None, None, "at risk"])),
        )
    )  # fmt: skip
    return writer.put(
        Capture(
            **new_fields(writer, Capture), source_id=source.id, sha256="a" * 64, text_sha256="b" * 64, size=1000, length=1000,
            media_type="text/plain", location="a.txt", method="text/1", retrieved_at=draw(times),
        )
    )  # fmt: skip


def _claim(draw: st.DrawFn, writer: Writer) -> Claim:
    tags = tuple(draw(st.lists(texts, max_size=2, unique=True)))
    fields, lang, case = new_fields(writer, Claim), draw(st.sampled_from([None, "kk", "en"])), draw(maybe)
    external_id = draw(st.one_of(st.none(), texts.map(lambda text: f"{text}{fields['id']}")))
    return writer.put(Claim(**fields, text=draw(texts), lang=lang, case=case, case_key=case, tags=tags, external_id=external_id))


def _statement(draw: st.DrawFn, writer: Writer, claim: Claim, party: Party, captures: list[Capture]) -> None:
    named = draw(st.sampled_from([None, *(one.source_id for one in captures)]))
    quote = draw(maybe)
    said = writer.put(
        Attribution(
            **new_fields(writer, Attribution), claim_id=claim.id, party_id=party.id, party_as_written=party.name,
            stance=draw(st.sampled_from(Stance)), quote=quote, lang="kk" if quote else None, said_at=draw(days), source_id=named,
        )
    )  # fmt: skip
    for capture in draw(st.lists(st.sampled_from(captures), max_size=2)):
        _link(draw, writer, said, capture)


def _link(draw: st.DrawFn, writer: Writer, said: Attribution, capture: Capture) -> None:
    exact, start = draw(st.text(letters, min_size=4, max_size=20)), draw(st.integers(0, 900))
    whole = Span(start, start + len(exact))
    parts = draw(st.sampled_from([(), (whole,), (Span(start + 2, whole.end), Span(start, start + 1)), (Span(0, 2),)]))
    around = draw(st.text(letters, max_size=32))
    prefix = around[: min(start, len(around))]
    writer.put(
        Link(
            **new_fields(writer, Link), attribution_id=said.id, source_id=capture.source_id, capture_id=capture.id, start=start,
            end=whole.end, exact=exact, prefix=prefix, suffix=around, score=99.0, kind=draw(st.sampled_from(LinkKind)), parts=parts,
            state=draw(st.sampled_from(LinkState)), method="layered/1",
        )
    )  # fmt: skip


def _verdict(draw: st.DrawFn, writer: Writer, claim: Claim) -> None:
    writer.put(
        Verdict(
            **new_fields(writer, Verdict), claim_id=claim.id, rating=draw(texts), scheme=draw(maybe), rationale=draw(maybe),
            author=draw(st.one_of(maybe, st.just("ann"))), rated_at=draw(times),
        )
    )  # fmt: skip
