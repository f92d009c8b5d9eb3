-- The tables of a shared registry. {schema} is the name of its schema, which is checked to need no quotes.
-- Clients insert events; whatever else changes is changed by the trigger below, with the rights of the owner.

CREATE SCHEMA IF NOT EXISTS {schema};

CREATE TABLE {schema}.registry (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  uuid text NOT NULL DEFAULT gen_random_uuid()::text,
  schema_version integer NOT NULL,
  readable_from integer NOT NULL,  -- the oldest schema version whose claimreg reads this one
  index_generation integer NOT NULL DEFAULT 0,  -- clients begin their indexes anew when it grows
  roles text                       -- what the names of the roles begin with, where there are any
);

CREATE TABLE {schema}.records (
  kind "char" NOT NULL,
  id bigint NOT NULL,
  sealed boolean NOT NULL DEFAULT false,  -- of a withheld source: doc is what may be told of it
  doc text NOT NULL,                      -- canonical JSON; as jsonb, 1e22 and -0.0 would be other numbers
  PRIMARY KEY (kind, id)
);

CREATE TABLE {schema}.events (
  seq bigint PRIMARY KEY,
  object_id text NOT NULL,
  hash text NOT NULL,
  sealed boolean NOT NULL DEFAULT false,  -- of a record of a withheld source: event is what may be told of it
  db_user text NOT NULL,                  -- who the database knows it was; empty where nobody knows
  event text NOT NULL                     -- what the hash is taken over
);
CREATE INDEX events_of_object ON {schema}.events (object_id, seq);

-- Withheld records and events as they were recorded, for keepers alone. They are kept apart, rather than hidden by row security,
-- as nothing of them is then in a table that others read: neither in its indexes, which row security does not use, nor in statistics.
CREATE TABLE {schema}.sealed_records (kind "char" NOT NULL, id bigint NOT NULL, doc text NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE {schema}.sealed_events (seq bigint PRIMARY KEY, event text NOT NULL);

-- What was open once is in no statistics when it is withheld.
ALTER TABLE {schema}.records ALTER doc SET STATISTICS 0;
ALTER TABLE {schema}.events ALTER event SET STATISTICS 0;

-- The records in whole: one view to walk through by their ids, and one to find them by their fields, for which either table has an index.
CREATE VIEW {schema}.whole_records AS
  SELECT r.kind, r.id, false AS sealed,
    CASE WHEN r.sealed THEN (SELECT s.doc FROM {schema}.sealed_records s WHERE s.kind = r.kind AND s.id = r.id) ELSE r.doc END AS doc
  FROM {schema}.records r;
CREATE VIEW {schema}.found_records AS
  SELECT r.kind, r.id, false AS sealed, r.doc FROM {schema}.records r WHERE NOT r.sealed
  UNION ALL SELECT s.kind, s.id, false, s.doc FROM {schema}.sealed_records s;

CREATE VIEW {schema}.whole_events AS
  SELECT e.seq, e.object_id, e.hash, false AS sealed, e.db_user,
    CASE WHEN e.sealed THEN (SELECT s.event FROM {schema}.sealed_events s WHERE s.seq = e.seq) ELSE e.event END AS event
  FROM {schema}.events e;

CREATE TABLE {schema}.blobs (
  sha256 text PRIMARY KEY CHECK (sha256 = encode(sha256(content), 'hex')),
  sealed boolean NOT NULL DEFAULT false,  -- of withheld sources, and of no other
  content bytea NOT NULL
);
ALTER TABLE {schema}.blobs ALTER content SET STORAGE EXTERNAL;
ALTER TABLE {schema}.blobs ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION {schema}.lock_writing() RETURNS void LANGUAGE sql AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('claimreg.{schema}', 0)) $$;

CREATE FUNCTION {schema}.head() RETURNS TABLE (seq bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS
$$ SELECT e.seq, e.hash FROM {schema}.events e ORDER BY e.seq DESC LIMIT 1 $$;

CREATE FUNCTION {schema}.last_number(asked "char") RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(max(r.id), 0) FROM {schema}.records r WHERE r.kind = asked $$;
