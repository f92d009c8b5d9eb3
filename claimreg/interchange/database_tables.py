"""Tables, views and indexes of the SQLite file: one table a type of record, with the contract's names."""

from __future__ import annotations

APPLICATION = int.from_bytes(b"clmr")
"""Value of SQLite's ``application_id`` in such a file; its ``user_version`` is that of the tables."""

VERSION = 1

TABLES = """
CREATE TABLE cases (name TEXT PRIMARY KEY);
CREATE TABLE claims (
  id TEXT PRIMARY KEY, text TEXT NOT NULL, claim_title TEXT, lang TEXT, case_name TEXT REFERENCES cases (name), external_id TEXT,
  recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE tags (claim_id TEXT NOT NULL REFERENCES claims (id), tag TEXT NOT NULL, PRIMARY KEY (claim_id, tag));
CREATE TABLE parties (id TEXT PRIMARY KEY, name TEXT NOT NULL, recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL);
CREATE TABLE aliases (party_id TEXT NOT NULL REFERENCES parties (id), name TEXT NOT NULL, PRIMARY KEY (party_id, name));
CREATE TABLE sources (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT, author TEXT, published_at TEXT, lang TEXT, url TEXT, canonical_url TEXT,
  archive_url TEXT, caption TEXT, withheld TEXT, recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE captures (
  id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES sources (id), retrieved_at TEXT, media_type TEXT, size INTEGER, length INTEGER,
  sha256 TEXT, text_sha256 TEXT, method TEXT, tool TEXT, encoding TEXT, url TEXT, reached_url TEXT, status INTEGER,
  recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE attributions (
  id TEXT PRIMARY KEY, claim_id TEXT NOT NULL REFERENCES claims (id), party_id TEXT NOT NULL REFERENCES parties (id),
  party_as_written TEXT NOT NULL, stance TEXT NOT NULL, quote TEXT, lang TEXT, said_at TEXT, source_id TEXT REFERENCES sources (id),
  recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE links (
  id TEXT PRIMARY KEY, attribution_id TEXT NOT NULL REFERENCES attributions (id), source_id TEXT NOT NULL REFERENCES sources (id),
  capture_id TEXT NOT NULL REFERENCES captures (id), source_start INTEGER, source_end INTEGER,
  exact TEXT NOT NULL, prefix TEXT, suffix TEXT, score REAL NOT NULL,
  kind TEXT NOT NULL, state TEXT NOT NULL, edits INTEGER NOT NULL, probability REAL, flags TEXT NOT NULL,
  not_judged TEXT NOT NULL, parts TEXT, words TEXT NOT NULL, method TEXT NOT NULL, place TEXT, left_out INTEGER,
  recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE verdicts (
  id TEXT PRIMARY KEY, claim_id TEXT NOT NULL REFERENCES claims (id), rating TEXT NOT NULL, scheme TEXT, rationale TEXT, author TEXT,
  rated_at TEXT NOT NULL, supersedes TEXT REFERENCES verdicts (id), recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE TABLE relations (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, claim_id TEXT NOT NULL REFERENCES claims (id),
  other_claim_id TEXT NOT NULL REFERENCES claims (id), recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
"""

INDEXES = (
    ("claims", "case_name"), ("tags", "tag"), ("captures", "source_id"), ("attributions", "claim_id"), ("attributions", "party_id"),
    ("attributions", "source_id"), ("links", "attribution_id"), ("links", "source_id"), ("links", "capture_id"), ("verdicts", "claim_id"),
    ("relations", "claim_id"), ("relations", "other_claim_id"),
)  # fmt: skip
"""The columns that are looked up by, each with its table."""

VIEWS = """
CREATE VIEW rated_claims AS
SELECT c.id, c.text, c.claim_title, c.lang, c.case_name, v.rating, v.scheme, v.rationale, v.author, v.rated_at,
  (SELECT count(*) FROM attributions a WHERE a.claim_id = c.id) AS statements
FROM claims c LEFT JOIN verdicts v ON v.rowid = (SELECT max(rowid) FROM verdicts WHERE claim_id = c.id);
CREATE VIEW statements AS
SELECT a.id, a.claim_id, c.text AS claim, c.case_name, p.name AS party, a.stance, a.quote, a.lang, a.said_at, a.source_id,
  s.title AS source, s.publisher, s.published_at, s.url,
  (SELECT count(*) FROM links l WHERE l.attribution_id = a.id AND l.state <> 'rejected') AS links
FROM attributions a JOIN claims c ON c.id = a.claim_id JOIN parties p ON p.id = a.party_id LEFT JOIN sources s ON s.id = a.source_id;
CREATE VIEW contradictions AS
SELECT r.id, r.claim_id, c.text AS claim, c.rating, r.other_claim_id, o.text AS other_claim, o.rating AS other_rating
FROM relations r JOIN rated_claims c ON c.id = r.claim_id JOIN rated_claims o ON o.id = r.other_claim_id
WHERE r.kind = 'contradicts';
"""

SEARCHED = {"claims": ("text", "claim_title"), "attributions": ("quote",)}
"""The columns that full-text search looks in; each table's index is named after it, with ``_fts``."""

SEARCH = "fts5"
"""SQLite's module for full-text search."""
