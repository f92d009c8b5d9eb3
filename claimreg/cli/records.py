"""A record with all that hangs on it, as JSON and as plain lines; apart from Typer, so that it can be had quickly."""

from collections.abc import Iterator

from claimreg.codec import to_document
from claimreg.model import Attribution, Capture, Claim, Draft, Link, Party, Record, Source, Verdict, record_number
from claimreg.render import lines as plain
from claimreg.render import machine
from claimreg.render.labels import ENGLISH, Words
from claimreg.services.ahead import ReaderAhead
from claimreg.services.lookup import require
from claimreg.services.recording.parties import aliases_of, canonical, members
from claimreg.services.reporting.views import AttributionView, attribution_view, claim_view, link_view, source_view, where_of
from claimreg.services.withholding import is_withheld, told_document
from claimreg.store.port import OneOf, Reader


def record_json(reader: Reader, record: Record, *, revealed: bool = False) -> dict[str, object]:  # noqa: PLR0911 -- one return a type
    """Return any record as JSON; of sources that are withheld, what others may see, unless ``revealed``."""
    match record:
        case Claim():
            return machine.claim_json(claim_view(reader, record, revealed=revealed))
        case Source():
            return machine.source_json(source_view(reader, record, revealed=revealed, whole=True))
        case Party():
            names = [alias.name for alias in aliases_of(reader, record)]
            return machine.party_json(record, names, len(_attributions_of(reader, record)))
        case Attribution():
            return machine.attribution_json(attribution_view(reader, record, revealed=revealed))
        case Link():
            link = link_view(reader, record, revealed=revealed)
            return machine.link_json(link, where_of(reader, link))
        case Verdict():
            return machine.verdict_json(record)
        case Capture() | Draft():
            withheld = is_withheld(require(reader, Source, record.source_id, withdrawn=True)) and not revealed
            return told_document(record) if withheld else to_document(record)
        case _:
            return to_document(record)


def record_lines(reader: Reader, record: Record, words: Words = ENGLISH, *, revealed: bool = False) -> Iterator[str]:
    """Yield any record as plain lines; of sources that are withheld, what others may see, unless ``revealed``."""
    match record:
        case Claim():
            yield from plain.claim_lines(claim_view(reader, record, revealed=revealed))
        case Source():
            yield plain.source_line(source_view(reader, record, revealed=revealed, whole=True))
        case Party():
            yield plain.line(
                record.id, record.name, ", ".join(alias.name for alias in aliases_of(reader, record) if alias.name != record.name)
            )
            yield from (plain.attribution_line(one, words) for one in _attributions_of(reader, record))
        case Attribution():
            view = attribution_view(reader, record, revealed=revealed)
            yield plain.attribution_line(view)
            yield from (plain.link_line(link, view.where.get(link.id)) for link in view.links)
        case Link():
            link = link_view(reader, record, revealed=revealed)
            yield plain.link_line(link, where_of(reader, link))
        case Verdict():
            yield plain.verdict_line(record)
        case _:
            yield from (
                plain.line(key, value if isinstance(value, str) else machine.dumps(value, indent=None))
                for key, value in record_json(reader, record, revealed=revealed).items()
            )


def _attributions_of(reader: Reader, party: Party) -> list[AttributionView]:
    found = reader.find(Attribution, OneOf("party_id", members(reader, canonical(reader, party))))
    in_order = sorted(found, key=lambda one: record_number(one.id))
    ahead = ReaderAhead(reader, (), in_order)
    return [attribution_view(ahead, one) for one in in_order]
