"""Records of a large shared registry, made by the server itself: what a claim of a million costs does not depend on how they came."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from psycopg import sql

from claimreg.codec import to_document
from claimreg.model import Alias, Attribution, Claim, Party, Record, Stance
from claimreg.store.chain import canonical
from claimreg.store.factory import open_store

if TYPE_CHECKING:
    import psycopg

SCHEMA = "many"
_WORDS = """
court ruled minister said bridge closed hospital budget million tenge activist journalist detained protest election vote counted report
school teacher water pipeline company tax police region governor border export price bread law parliament party press
""".split()  # noqa: SIM905 -- easier to read than a list
_OF_A_PARTY = 50
"""Claims of one party, and of one case."""

_FILL = sql.SQL("""
INSERT INTO {}.records (kind, id, doc)
SELECT %(kind)s, g, replace(replace(replace(%(doc)s, '@G@', g::text), '@P@', (g / %(shared)s + 1)::text), '@T@', t.text)
FROM generate_series(1, %(number)s) AS g,
LATERAL (
  SELECT string_agg((%(words)s::text[])[1 + hashint4(g * 9 + place) & 31], ' ') AS text FROM generate_series(1, 9) AS place
) AS t
""").format(sql.Identifier(SCHEMA))
"""Nine words for each record, the same each time."""


def fill(connection: psycopg.Connection, address: str, count: int) -> None:
    """Make the records of so many claims, with an attribution each, in a new registry; no event tells of them."""
    open_store(address, create=True).close()
    made: dict[str, Any] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "desk"}
    claims = _template(Claim(id="C@G@", **made, text="@T@ @G@", case="case @P@", case_key="case @P@"))
    attributions = _template(
        Attribution(id="A@G@", **made, claim_id="C@G@", party_id="P@P@", stance=Stance.ASSERTS, party_as_written="Speaker @P@", quote="@T@")
    )
    parties = _template(Party(id="P@G@", **made, name="Speaker @G@"))
    aliases = _template(Alias(id="N@G@", **made, party_id="P@G@", name="Speaker @G@", key="speaker @G@", skeleton="spkr @G@"))
    some = count // _OF_A_PARTY + 1
    for kind, template, number in (("C", claims, count), ("A", attributions, count), ("P", parties, some), ("N", aliases, some)):
        connection.execute(_FILL, {"kind": kind, "doc": template, "words": _WORDS, "shared": _OF_A_PARTY, "number": number})
    connection.execute("ANALYZE")


def make_plain(connection: psycopg.Connection, schema: str) -> tuple[int, float]:
    """Make a plain table of the claims' texts with an index of its words; gives how many, and the seconds that the index took."""
    place = sql.Identifier(schema)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}.plain").format(place))
    connection.execute(
        sql.SQL("CREATE TABLE {0}.plain AS SELECT id, doc::json ->> 'text' AS text FROM {0}.records WHERE kind = 'C'").format(place)
    )
    before = time.perf_counter()
    connection.execute(sql.SQL("CREATE INDEX ON {}.plain USING gin (to_tsvector('simple', text))").format(place))
    seconds = time.perf_counter() - before
    rows = connection.execute(sql.SQL("SELECT count(*) FROM {}.plain").format(place)).fetchone()
    return (rows[0] if rows else 0), seconds


def _template(record: Record) -> str:
    return canonical(to_document(record))
