"""`show`: one record with all that hangs on it."""

from collections.abc import Iterator
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of, stdout_is_terminal
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.model import Alias, Attribution, Capture, Claim, Link, Party, Record, Relation, Source, Verdict, record_number
from claimreg.render import machine, plain
from claimreg.services.lookup import require, require_any
from claimreg.services.parties import aliases_of, canonical, members
from claimreg.services.views import AttributionView, attribution_view, claim_view, source_view
from claimreg.store.port import OneOf, Reader


def show(
    ctx: typer.Context,
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="A claim (C1), source (S1), party (P1), attribution (A1), …", show_default=False)
    ],
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show a record with all that hangs on it. Removed records are shown too.

    \b
    Examples:
      claimreg show C1
      claimreg show S1 --json
    """
    with reading(session_of(ctx, db)) as store, store.snapshot() as reader:
        record = require_any(reader, record_id, withdrawn=True)
        if json:
            write_text(machine.dumps(_record_json(reader, record)) + "\n", output)
        elif stdout_is_terminal() and output is None:
            write_renderable(_record_renderable(reader, record), output)
        else:
            write_lines(_record_lines(reader, record), output)


def _record_json(reader: Reader, record: Record) -> dict[str, object]:  # noqa: PLR0911 -- one return a type
    match record:
        case Claim():
            return machine.claim_json(claim_view(reader, record))
        case Source():
            return machine.source_json(source_view(reader, record))
        case Party():
            names = [alias.name for alias in aliases_of(reader, record)]
            return machine.party_json(record, names, len(_attributions_of(reader, record)))
        case Attribution():
            return machine.attribution_json(attribution_view(reader, record))
        case Link():
            return machine.link_json(record)
        case Verdict():
            return machine.verdict_json(record)
        case _:
            return machine.record_json(record)


def _record_lines(reader: Reader, record: Record) -> Iterator[str]:
    match record:
        case Claim():
            yield from plain.claim_lines(claim_view(reader, record))
        case Source():
            yield plain.source_line(source_view(reader, record))
        case Party():
            yield plain.line(
                record.id, record.name, ", ".join(alias.name for alias in aliases_of(reader, record) if alias.name != record.name)
            )
            yield from (plain.attribution_line(one) for one in _attributions_of(reader, record))
        case Attribution():
            view = attribution_view(reader, record)
            yield plain.attribution_line(view)
            yield from (plain.link_line(link) for link in view.links)
        case Link():
            yield plain.link_line(record)
        case Verdict():
            yield plain.verdict_line(record)
        case _:
            yield from (
                plain.line(key, value if isinstance(value, str) else machine.dumps(value, indent=None))
                for key, value in machine.record_json(record).items()
            )


def _record_renderable(reader: Reader, record: Record) -> object:
    from claimreg.render import terminal

    match record:
        case Claim():
            return terminal.claim_renderable(claim_view(reader, record))
        case Source():
            return terminal.source_renderable(source_view(reader, record))
        case Attribution():
            view = claim_view(reader, require(reader, Claim, record.claim_id, withdrawn=True))
            return terminal.claim_renderable(view)
        case Link():
            attribution = require(reader, Attribution, record.attribution_id, withdrawn=True)
            return terminal.link_renderable(attribution.quote or "", record)
        case Alias() | Capture() | Relation() | Verdict() | Party():
            rows = (tuple(one.split("\t", 1)) if "\t" in one else (one, "") for one in _record_lines(reader, record))
            return terminal.table_renderable(("", ""), ((left, right.strip("\t").replace("\t", " · ")) for left, right in rows))
        case _:
            raise TypeError(type(record))


def _attributions_of(reader: Reader, party: Party) -> list[AttributionView]:
    found = reader.find(Attribution, OneOf("party_id", members(reader, canonical(reader, party))))
    return [attribution_view(reader, one) for one in sorted(found, key=lambda one: record_number(one.id))]
