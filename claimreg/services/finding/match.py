"""Statements matched with claims: has this been said before? Of a file or of the registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.corpus.files import lines_of, statements_of
from claimreg.corpus.jsonl import BadLine, bad_line_error, id_in, objects_in, optional_text_in, read_object, text_in
from claimreg.errors import InputError
from claimreg.model import Claim
from claimreg.rank.contrast import contrast
from claimreg.rank.index import StatementIndex
from claimreg.rank.likeness import NEARLY_THE_SAME
from claimreg.rank.meaning import Cache, Meaning
from claimreg.rank.ranker import rank
from claimreg.rank.segment import SAID, Entry, build_segment, said_texts
from claimreg.rank.statement import read_statement
from claimreg.services.finding.claim_fields import texts_of
from claimreg.services.lookup import require
from claimreg.text.acting import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimreg.corpus.base import Documents
    from claimreg.rank.encoder import Encoder
    from claimreg.services.surroundings import AskIndex, Understanding
    from claimreg.store.port import Reader, Store

_READ_AGAIN = 20_000
"""Claims of a registry whose texts are kept in memory once they were read."""

_SEGMENT = 131_072
"""Claims of a file that are indexed at a time."""


class Known(NamedTuple):
    """A claim to match with: its id, and its text as it was given."""

    id: str
    text: str


@dataclass(slots=True)
class KnownClaims:
    """The claims to match with, each to be had by its place in the index, and the lines of their file that could not be used.

    ``texts`` gives what each of them says, in the order of the index.
    """

    index: StatementIndex
    known: Callable[[int], Known]
    texts: Callable[[], Iterable[list[str]]]
    meaning: Meaning | None = None
    bad: list[BadLine] = field(default_factory=list)


class Result(NamedTuple):
    """A claim that is like what was asked for; ``flags`` say what sets the two apart although they are nearly the same."""

    claim_id: str
    score: float
    text: str
    flags: tuple[str, ...]


def claims_of_file(source: Documents, *, strict: bool) -> KnownClaims:
    """The claims in a file of lines; with ``strict``, raises `InputError` at the first that cannot be used."""
    bad: list[BadLine] = []
    found: list[Known] = []
    entries: list[Entry] = []
    for number, line in lines_of(source):
        try:
            if isinstance(line, InputError):
                raise line
            known, fields = _read(line, number)
        except InputError as error:
            bad.append(BadLine(number, str(error)))
            if strict:
                raise bad_line_error(source.name, bad[0]) from error
        else:
            entries.append(Entry(len(found), fields))
            found.append(known)
    segments = [build_segment(entries[begin : begin + _SEGMENT]) for begin in range(0, len(entries), _SEGMENT)]

    def texts() -> Iterator[list[str]]:
        return ([text for kind, text in entry.fields if kind in SAID] for entry in entries)

    return KnownClaims(StatementIndex(segments), found.__getitem__, texts, bad=bad)


def claims_of_registry(index: StatementIndex, reader: Reader) -> KnownClaims:
    """The claims of a registry, by its index."""

    def known(place: int) -> Known:
        claim_id = f"{Claim.PREFIX}{index.numbers[place]}"
        return Known(claim_id, require(reader, Claim, claim_id, withdrawn=True).text)

    return KnownClaims(index, lru_cache(_READ_AGAIN)(known), lambda: texts_of(reader, index))


def known_claims(
    store: Store, lines: Documents | None, ask_index: AskIndex, understanding: Understanding | None, *, strict: bool
) -> KnownClaims:
    """The claims of a store, else those in lines of JSON, with their meaning where there is a model of it."""
    if lines is None:
        known = claims_of_registry(ask_index(store, lambda index: index, whole=True), store)
    else:
        known = claims_of_file(lines, strict=strict)
    if understanding is not None:
        understand(known, *understanding)
    return known


def understand(known: KnownClaims, encoder: Encoder, cache: Cache | None) -> None:
    """Include the meaning of claims from now on; their vectors are kept in the cache."""
    known.meaning = Meaning(encoder, list(known.texts()), cache)


def match_all(queries: Documents, known: KnownClaims, top: int, bad: list[BadLine], *, strict: bool) -> Iterator[tuple[str, list[Result]]]:
    """The id of each query with its answers, in the queries' order; lines that cannot be used go to ``bad``."""
    for number, line in statements_of(queries):
        if isinstance(line, str):
            bad.append(BadLine(number, line))
            if strict:
                raise bad_line_error(queries.name, bad[0])
        elif line is not None:
            yield line.id, match(line.text, known, top)


def match(text: str, known: KnownClaims, top: int) -> list[Result]:
    """The claims most like a statement, best first, at most ``top``."""
    meant = known.meaning.of(text) if known.meaning else None
    answers = rank(known.index, read_statement([text]), top, meant=meant)
    found: list[Result] = []
    for one in reversed(answers):
        claim = known.known(one.place)
        flags = contrast(text, claim.text).flags if one.score >= NEARLY_THE_SAME else ()
        # A claim of another meaning is nearly the same and no more, but comes before all that are less like.
        score = max(NEARLY_THE_SAME, found[-1].score if found else 0.0) if flags else one.score
        found.append(Result(claim.id, score, claim.text, tuple(flag.value for flag in flags)))
    return found[::-1]


def answer_line(query_id: str, results: Iterable[Result]) -> str:
    """An answer as the contract has it, as a line of JSON."""
    listed = [
        {"claim_id": one.claim_id, "score": one.score, "text": one.text, **({"flags": list(one.flags)} if one.flags else {})}
        for one in results
    ]
    record = {"query_id": query_id, "results": listed}
    return json_text(record)


def _read(line: bytes, number: int) -> tuple[Known, tuple[tuple[str, str], ...]]:
    value = read_object(line)
    text = text_in(value, "text")
    if not text:
        raise InputError("it has no text")
    stated = (value, *(objects_in(value, "attributions") or ()))
    fields = [("claim", text), ("title", _words(value, "title")), *(("quote", _words(one, "quote")) for one in stated)]
    fields += [("party", _words(value, "by")), ("case", _words(value, "case"))]
    claim_id = id_in(value, "id")
    return Known(str(number) if claim_id is None else claim_id, text), _distinct(said_texts(fields))


def _words(value: dict[str, Any], key: str) -> str:
    return optional_text_in(value, key) or ""


def _distinct(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The fields without those that say again what one before says."""
    kept: dict[tuple[bool, str], tuple[str, str]] = {}
    for kind, text in fields:
        kept.setdefault((kind in SAID, text), (kind, text))
    return tuple(kept.values())
