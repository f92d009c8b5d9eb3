"""Registries in memory with just the records that a test is about, and what a format makes of them."""

from collections.abc import Iterable
from typing import Any

from claimreg.interchange.formats import FORMATS, Writing, write
from claimreg.model import Attribution, Capture, Change, Claim, Party, Record, Source, Stance
from claimreg.services.exchange.rows import Told
from claimreg.services.exchange.selection import selected
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Store

NOW = "2026-01-02T03:04:05Z"
_RECORDED: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "tester"}


def registry_of(records: Iterable[Record]) -> MemoryStore:
    store = MemoryStore()
    with store.write(Change(user="tester", at=NOW, action="test")) as writer:
        for record in records:
            writer.new_id(type(record))
            writer.put(record)
    return store


def a_claim(number: int, text: str = "The ferry sank", **fields: Any) -> Claim:  # noqa: ANN401 -- fields differ
    return Claim(id=f"C{number}", text=text, **_RECORDED, **fields)


def a_party(number: int, name: str = "Harbour office") -> Party:
    return Party(id=f"P{number}", name=name, **_RECORDED)


def an_attribution(number: int, claim: int = 1, source: int | None = None, **fields: Any) -> Attribution:  # noqa: ANN401 -- as above
    told: dict[str, Any] = {"party_id": "P1", "party_as_written": "Harbour office", "stance": Stance.ASSERTS, **fields}
    return Attribution(id=f"A{number}", claim_id=f"C{claim}", source_id=f"S{source}" if source else None, **_RECORDED, **told)


def a_source(number: int, title: str = "Notice", **fields: Any) -> Source:  # noqa: ANN401 -- as above
    return Source(id=f"S{number}", title=title, **_RECORDED, **fields)


def a_capture(number: int, source: int, media_type: str = "text/html", retrieved_at: str = "2021-03-04T05:06:07Z") -> Capture:
    return Capture(
        id=f"K{number}", source_id=f"S{source}", sha256="a" * 64, text_sha256="b" * 64, size=7, length=5, media_type=media_type,
        location="notice.html", method="text/1", retrieved_at=retrieved_at, **_RECORDED,
    )  # fmt: skip


def exported(name: str, store: Store, *claims: str, case: str | None = None) -> tuple[bytes, Told]:
    """A whole export, and what was told of it."""
    told = Told()
    with store.snapshot() as reader:
        form = next(one for one in FORMATS if one.name == name)
        return b"".join(write(form, selected(reader, claims, case), Writing(told))), told
