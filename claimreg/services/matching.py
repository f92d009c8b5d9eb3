"""Statements matched with claims: has this been said before? Of a file or of the registry."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.errors import InputError
from claimreg.model import Attribution, Claim
from claimreg.rank.contrast import contrast
from claimreg.rank.index import build_index
from claimreg.rank.ranker import rank
from claimreg.rank.statement import Statement, read_statement
from claimreg.services.scanning.lines import TOO_LONG, BadLine, read_object
from claimreg.services.scanning.work import documents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimreg.rank.index import StatementIndex
    from claimreg.services.scanning.documents import Documents
    from claimreg.store.port import Reader

_SURROGATE = re.compile("[\ud800-\udfff]")

NEARLY_THE_SAME = 60.0
"""Score from which on two statements are so alike that what sets them apart is worth saying."""


class Known(NamedTuple):
    """A claim to match with: its id, its text as it was given, and all that says it."""

    id: str
    text: str
    statement: Statement


@dataclass(slots=True)
class KnownClaims:
    """The claims to match with, and the lines of their file that could not be used."""

    claims: list[Known]
    index: StatementIndex
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
    for number, line in _lines(source, bad):
        try:
            found.append(_known(line, number))
        except InputError as error:
            bad.append(BadLine(number, str(error)))
    if strict and bad:
        raise InputError(f"{source.name}, line {bad[0].number}: {bad[0].why}")
    return KnownClaims(found, build_index([one.statement for one in found]), bad)


def claims_of_registry(reader: Reader) -> KnownClaims:
    """All claims of the registry, with their titles and quotes."""
    quotes: dict[str, list[str]] = {}
    for attribution in reader.find(Attribution):
        if attribution.quote:
            quotes.setdefault(attribution.claim_id, []).append(attribution.quote)
    found = [
        Known(claim.id, claim.text, read_statement(_distinct([claim.text, claim.title or "", *quotes.get(claim.id, ())])))
        for claim in reader.find(Claim)
    ]
    return KnownClaims(found, build_index([one.statement for one in found]))


def match_all(queries: Documents, known: KnownClaims, top: int, bad: list[BadLine], *, strict: bool) -> Iterator[tuple[str, list[Result]]]:
    """The id of each query with its answers, in the queries' order; lines that cannot be used go to ``bad``."""
    for block in queries.blocks(0, 0):
        for _number, query_id, text in documents_of(block, bad):
            yield query_id, match(text, known, top)
        if strict and bad:
            raise InputError(f"{queries.name}, line {bad[0].number}: {bad[0].why}")


def match(text: str, known: KnownClaims, top: int) -> list[Result]:
    """The claims most like a statement, best first, at most ``top``."""
    answers = rank(known.index, read_statement([text]), lambda number: known.claims[number].statement, top)
    return [_result(text, known.claims[one.number], one.score) for one in answers]


def answer_line(query_id: str, results: Iterable[Result]) -> str:
    """An answer as the contract has it, as a line of JSON."""
    listed = [
        {"claim_id": one.claim_id, "score": one.score, "text": one.text, **({"flags": list(one.flags)} if one.flags else {})}
        for one in results
    ]
    record = {"query_id": query_id, "results": listed}
    line = json.dumps(record, ensure_ascii=False)
    # A lone surrogate can only be written as JSON's escape.
    return line if line.isascii() or not _SURROGATE.search(line) else json.dumps(record)


def _result(text: str, one: Known, score: float) -> Result:
    flags = tuple(flag.value for flag in contrast(text, one.text)) if score >= NEARLY_THE_SAME else ()
    return Result(one.id, score, one.text, flags)


def _lines(source: Documents, bad: list[BadLine]) -> Iterator[tuple[int, bytes]]:
    for block in source.blocks(0, 0):
        if block.too_long or not isinstance(block.content, bytes):
            bad.append(BadLine(block.number + 1, TOO_LONG if block.too_long else "claims are read from lines of JSON"))
            continue
        for number, line in enumerate(block.content.split(b"\n"), start=block.number + 1):
            if line.strip():
                yield number, line


def _known(line: bytes, number: int) -> Known:
    value = read_object(line)
    text = _string(value, "text")
    if not text:
        raise InputError("it has no text")
    attributions = value.get("attributions")
    stated = [one for one in attributions if isinstance(one, dict)] if isinstance(attributions, list) else []
    quotes = [_string(one, "quote") for one in (value, *stated)]
    claim_id = value.get("id")
    return Known(
        str(number) if claim_id is None else str(claim_id), text, read_statement(_distinct([text, _string(value, "title"), *quotes]))
    )


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise InputError(f"its {key} is no text")
    return found or ""


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text.strip()]
