"""Rows of a table of claims, CSV or spreadsheet, as rows to be recorded: each is read by itself, and what it cannot hold is told."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from claimreg.corpus.jsonl import BadLine
from claimreg.errors import UsageError
from claimreg.interchange.table_columns import LINK_NAMES, NAMES
from claimreg.model import Stance
from claimreg.services.exchange.rows import ClaimRow, SourceRow, StatementRow, VerdictRow
from claimreg.services.lookup import case_key
from claimreg.services.recording.claims import AttributionFields, ClaimFields
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_text
from claimreg.services.recording.sources import SourceDetails, names_a_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from claimreg.interchange.table_columns import Header
    from claimreg.services.exchange.rows import Reading, Row

WITHHELD = "Source withheld: "
"""Beginning of the title that stands for a source that may not be named."""

_DESCRIBED = frozenset({"source_title", "source_url", "publisher", "published_at"})
_SAID = _DESCRIBED | {"stance", "quote", "quote_lang", "said_at", "source"}
_RATED = frozenset({"scheme", "why", "rated_by", "rated_at"})
_TEXTS = {
    "claim": "claim", "title": "title", "case": "case", "by": "party's name", "quote": "quote", "external_id": "claim's id",
    "claim_id": "claim's id", "source": "source", "source_title": "source's title", "source_url": "source's address",
    "publisher": "publisher", "verdict": "verdict", "scheme": "scheme", "why": "rationale", "rated_by": "author's name",
}  # fmt: skip


class TableReader:
    """A reader of the rows below a header."""

    def __init__(self, header: Header, reading: Reading) -> None:
        self._header = header
        self._reading = reading
        self._told = reading.told
        self._languages: dict[str, str] = {}
        self._sources: set[int] = set()
        self._links_told = False
        for _place, name in header.unknown:
            self._told.unknown[name] += 0

    def rows(self, number: int, cells: Sequence[str]) -> Iterator[Row | BadLine]:
        """The rows in the cells of one row, the ``number``-th line or row of the file; none where all are empty."""
        if not any(cells):
            return
        if len(cells) > self._header.width and any(cell.strip() for cell in cells[self._header.width :]):
            yield BadLine(number, f"it has {len(cells):,} cells for {self._header.width:,} columns")
            return
        width = len(cells)
        texts = {name: text for place, name in self._header.known if place < width and (text := cells[place].strip())}
        if self._header.unknown:
            strange = [name for place, name in self._header.unknown if place < width and cells[place].strip()]
            self._told.unknown.update(strange)
            texts = texts or dict.fromkeys(strange, "")
        if not texts:
            return
        before = len(self._told.undated), len(self._told.notes)
        try:
            rows = self._read(number, texts)
        except UsageError as error:
            # A row that is not recorded is told once.
            del self._told.undated[before[0] :], self._told.notes[before[1] :]
            yield BadLine(number, str(error))
            return
        yield from rows

    def _read(self, number: int, texts: dict[str, str]) -> list[Row]:
        if "claim" not in texts:
            raise UsageError("it has no claim")
        self._tell_links(texts)
        checked = {name: checked_text(text, _TEXTS[name]) if name in _TEXTS else text for name, text in texts.items()}
        fields = self._fields(checked)
        key = checked.get("claim_id") or _text_key(fields)
        source, statements = self._said(number, checked)
        claim = ClaimRow(number, fields, statements, self._verdicts(number, checked), key)
        return [*source, claim]

    def _fields(self, texts: Mapping[str, str]) -> ClaimFields:
        tags = (tag for one in texts.get("tags", "").split(";") if (tag := one.strip()))
        return ClaimFields(
            text=texts["claim"],
            title=texts.get("title"),
            lang=self._language(texts.get("lang")),
            case=texts.get("case"),
            tags=tuple(checked_text(tag, "tag") for tag in tags),
            external_id=texts.get("external_id") or texts.get("claim_id"),
        )

    def _said(self, number: int, texts: Mapping[str, str]) -> tuple[list[SourceRow], tuple[StatementRow, ...]]:
        """The source that a row describes, where it is not known yet, and its statement."""
        if "by" not in texts:
            self._note_lost(number, texts, _SAID, "by", "nobody is named who said it")
            return [], ()
        lang = self._language(texts.get("quote_lang"))
        fields = AttributionFields(
            stance=checked_choice(texts.get("stance", Stance.ASSERTS.value), Stance, "stance"),
            party_as_written=texts["by"],
            quote=texts.get("quote"),
            lang=lang,
            said_at=self._date(number, texts, "said_at", lang or self._language(texts.get("lang"))),
        )
        source, key = self._source(number, texts)
        return source, (StatementRow(fields, key),)

    def _source(self, number: int, texts: Mapping[str, str]) -> tuple[list[SourceRow], str | None]:
        """The source that a row describes, where it is not known yet, and what it is called."""
        url, title = self._address(texts.get("source_url")), texts.get("source_title")
        key = texts.get("source") or url or title
        if key is None:
            self._note_lost(number, texts, _DESCRIBED, "source", "no source is named")
            return [], None
        # A name that is neither id nor address is all that is known of its source.
        if (_DESCRIBED.isdisjoint(texts) and names_a_source(key)) or (mark := hash(key)) in self._sources:
            return [], key
        self._sources.add(mark)
        url = url or (key if "://" in key else None)
        details = SourceDetails(title, texts.get("publisher"), self._date(number, texts, "published_at"), url=url)
        withheld = title.removeprefix(WITHHELD) if title and title.startswith(WITHHELD) else None
        return [SourceRow(number, key, details, withheld=withheld)], key

    def _verdicts(self, number: int, texts: Mapping[str, str]) -> tuple[VerdictRow, ...]:
        if "verdict" not in texts:
            self._note_lost(number, texts, _RATED, "verdict", "there is no verdict")
            return ()
        rated_at = self._date(number, texts, "rated_at")
        return (VerdictRow(texts["verdict"], texts.get("scheme"), texts.get("why"), texts.get("rated_by"), rated_at),)

    def _date(self, number: int, texts: Mapping[str, str], name: str, lang: str | None = None) -> str | None:
        if name not in texts:
            return None
        try:
            return checked_date(texts[name], self._reading.dates, lang)
        except UsageError as error:
            self._told.undated.append(BadLine(number, str(error)))
            return None

    def _language(self, tag: str | None) -> str | None:
        if tag is None:
            return None
        if tag not in self._languages:
            self._languages[tag] = checked_language(tag)
        return self._languages[tag]

    def _address(self, url: str | None) -> str | None:
        return urljoin(self._reading.base, url) if url and self._reading.base and "://" not in url else url

    def _note_lost(self, number: int, texts: Mapping[str, str], of: AbstractSet[str], lacking: str, why: str) -> None:
        if any(name in texts for name in of):
            names = [name for name in NAMES if name in of and name in texts]
            self._told.notes.append(BadLine(number, f"{', '.join(names)} left out, as {why} (column {lacking})"))

    def _tell_links(self, texts: Mapping[str, str]) -> None:
        if not self._links_told and not LINK_NAMES.isdisjoint(texts):
            self._links_told = True
            self._told.sentences.append("What the table says of links was passed over; quotes are looked for anew in the sources.")


def _text_key(fields: ClaimFields) -> str:
    """Return what rows of a claim without a claim_id have in common: the same text and case, and no ids that tell them apart."""
    return blake2b("\0".join((fields.text, case_key(fields.case or ""), fields.external_id or "")).encode(), digest_size=16).hexdigest()
