-- What clients share of the indexes that each of them derives from the history. {schema} is the name of the registry's schema.
-- Nothing in it is evidence: a client that finds it unfit makes its own.

CREATE TABLE {schema}.indexes (
  kind text NOT NULL,                     -- claims, grams or words
  sealed boolean NOT NULL,                -- of the texts of withheld sources alone
  format integer NOT NULL,                -- of the files
  version integer NOT NULL,               -- of what is in them
  seq bigint NOT NULL,                    -- the last event that was taken in
  hash text NOT NULL,
  size bigint NOT NULL,                   -- events or texts that were taken in
  document text NOT NULL,                 -- JSON, with the names of the files that count
  PRIMARY KEY (kind, sealed)
);

CREATE TABLE {schema}.segments (
  kind text NOT NULL,
  sealed boolean NOT NULL,
  name text NOT NULL,
  part integer NOT NULL,                  -- of a file, from 0
  content bytea NOT NULL,                 -- packed by zlib
  PRIMARY KEY (kind, sealed, name, part)
);
ALTER TABLE {schema}.segments ALTER content SET STORAGE EXTERNAL;

-- The owner sees all, and nobody else anything but for what rights.sql says.
ALTER TABLE {schema}.indexes ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.segments ENABLE ROW LEVEL SECURITY;

CREATE INDEX sealed_captures ON {schema}.records (id) WHERE kind = 'K' AND sealed;

-- The words of a text that becomes withheld stand in what is open: it goes, and a keeper's client shares it anew.
CREATE FUNCTION {schema}.take_words_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM {schema}.indexes i WHERE i.kind <> 'claims' AND NOT i.sealed;
  DELETE FROM {schema}.segments s WHERE s.kind <> 'claims' AND NOT s.sealed;
  RETURN NULL;
END $$;

CREATE TRIGGER take_words_away AFTER UPDATE OF sealed ON {schema}.records FOR EACH ROW
WHEN (NEW.kind = 'K' AND NEW.sealed AND NOT OLD.sealed) EXECUTE FUNCTION {schema}.take_words_away();
