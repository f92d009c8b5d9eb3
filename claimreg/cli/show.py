"""`show`: records with all that hangs on them."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import reading, session_of, stdout_is_terminal
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.records import record_json, record_lines
from claimreg.cli.shown import shown_words
from claimreg.model import Alias, Attribution, Capture, Claim, Draft, Link, Party, Record, Relation, Source, TimeStamp, Verdict
from claimreg.render import machine
from claimreg.render.labels import Words
from claimreg.services.lookup import require, require_any
from claimreg.services.reporting.views import claim_view, link_view, source_view, where_of
from claimreg.store.port import Reader


def show(
    ctx: typer.Context,
    record_ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="Ids of claims (C1), sources (S1), parties (P1), attributions (A1), …", show_default=False),
    ],
    lang: options.ShownLang = None,
    reveal: options.Reveal = False,
    json: options.Json = False,
    output: options.Output = None,
    db: options.Db = None,
) -> None:
    """Show records with everything that belongs to them. Removed records are shown too.

    \b
    Examples:
      claimreg show C1
      claimreg show C1 C2 S1
      claimreg show S1 --json
      claimreg show C1 --lang ru
    """
    words = shown_words(ctx, lang)
    with reading(session_of(ctx, db)) as store, store.snapshot() as reader:
        records = [require_any(reader, one, withdrawn=True) for one in record_ids]
        if json:
            told = [record_json(reader, one, revealed=reveal) for one in records]
            write_text(machine.dumps(told[0] if len(told) == 1 else told) + "\n", output)
        elif stdout_is_terminal() and output is None:
            for number, record in enumerate(records):
                write_lines([""] if number else [], output)
                write_renderable(_record_renderable(reader, record, words, revealed=reveal), output)
        else:
            write_lines((line for record in records for line in record_lines(reader, record, revealed=reveal)), output)


def _record_renderable(reader: Reader, record: Record, words: Words, *, revealed: bool) -> object:
    from claimreg.render import terminal

    match record:
        case Claim():
            return terminal.claim_renderable(claim_view(reader, record, revealed=revealed), words, of_desk=True)
        case Source():
            return terminal.source_renderable(source_view(reader, record, revealed=revealed, whole=True), words)
        case Attribution():
            view = claim_view(reader, require(reader, Claim, record.claim_id, withdrawn=True), revealed=revealed)
            return terminal.claim_renderable(view, words)
        case Link():
            attribution = require(reader, Attribution, record.attribution_id, withdrawn=True)
            link = link_view(reader, record, revealed=revealed)
            return terminal.link_renderable(attribution.quote or "", link, words, where_of(reader, link))
        case Alias() | Capture() | Draft() | Relation() | TimeStamp() | Verdict() | Party():
            rows = (
                tuple(one.split("\t", 1)) if "\t" in one else (one, "") for one in record_lines(reader, record, words, revealed=revealed)
            )
            return terminal.table_renderable(("", ""), ((left, right.strip("\t").replace("\t", " · ")) for left, right in rows))
        case _:
            raise TypeError(type(record))
