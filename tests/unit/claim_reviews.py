"""Reviews of claims for the tests of their reader: one with all that a desk should say, changed as a test needs it."""

import io
import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypedDict, Unpack

from claimreg.corpus.jsonl import BadLine
from claimreg.interchange.claim_reviews import read
from claimreg.services.exchange.rows import ClaimRow, Reading, Row, SourceRow, StatementRow, Told, VerdictRow
from claimreg.vocabulary import DayOrder

URL = "https://desk.example/checks/1"


class Options(TypedDict, total=False):
    """How a file is read, where not as usual."""

    dates: DayOrder
    base: str
    guess: Callable[[str], str | None]
    limit: int


class Outcome(NamedTuple):
    """What was read, and what was told."""

    rows: list[Row | BadLine]
    told: Told

    @property
    def claims(self) -> list[ClaimRow]:
        return [row for row in self.rows if isinstance(row, ClaimRow)]

    @property
    def sources(self) -> list[SourceRow]:
        return [row for row in self.rows if isinstance(row, SourceRow)]

    @property
    def bad(self) -> list[BadLine]:
        return [row for row in self.rows if isinstance(row, BadLine)]

    @property
    def claim(self) -> ClaimRow:
        (claim,) = self.claims
        return claim

    @property
    def verdict(self) -> VerdictRow:
        (verdict,) = self.claim.verdicts
        return verdict

    @property
    def statement(self) -> StatementRow:
        (statement,) = self.claim.statements
        return statement

    @property
    def notes(self) -> list[str]:
        return [one.why for one in self.told.notes]


def review(**changes: object) -> dict[str, Any]:
    """A review; a change of ``None`` takes a field away."""
    whole: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": URL, "inLanguage": "en",
        "claimReviewed": "The pier is closed", "datePublished": "2024-06-22", "author": {"@type": "Organization", "name": "Desk"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Harbour master"}, "datePublished": "2024-06-20"},
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not None}


def rows_in(content: bytes | str, **options: Unpack[Options]) -> Outcome:
    told = Told()
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return Outcome(list(read(io.BytesIO(data), Reading("reviews.jsonld", told, **options))), told)


def rows_of(value: object, **options: Unpack[Options]) -> Outcome:
    """What is read of a document with this value."""
    return rows_in(json.dumps(value, ensure_ascii=False, indent=1), **options)


def rows_of_lines(values: Iterable[object], **options: Unpack[Options]) -> Outcome:
    """What is read of these lines, texts as they are and other values as JSON."""
    return rows_in("\n".join(one if isinstance(one, str) else json.dumps(one) for one in values), **options)
