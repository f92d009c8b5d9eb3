-- The tables of a shared registry. {schema} is the name of its schema, which is checked to need no quotes.
-- Clients insert events; whatever else changes is changed by the trigger below, with the rights of the owner.

CREATE SCHEMA IF NOT EXISTS {schema};

CREATE TABLE {schema}.registry (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  uuid text NOT NULL DEFAULT gen_random_uuid()::text,
  schema_version integer NOT NULL,
  readable_from integer NOT NULL,  -- the oldest schema version whose claimreg reads this one
  roles text                       -- what the names of the roles begin with, where there are any
);

CREATE TABLE {schema}.records (
  kind "char" NOT NULL,
  id bigint NOT NULL,
  sealed boolean NOT NULL DEFAULT false,  -- of a withheld source
  doc text NOT NULL,                      -- canonical JSON; as jsonb, 1e22 and -0.0 would be other numbers
  PRIMARY KEY (kind, id)
);

CREATE TABLE {schema}.events (
  seq bigint PRIMARY KEY,
  object_id text NOT NULL,
  hash text NOT NULL,
  sealed boolean NOT NULL DEFAULT false,
  db_user text NOT NULL,
  event text NOT NULL                     -- what the hash is taken over
);
CREATE INDEX events_of_object ON {schema}.events (object_id, seq);

CREATE TABLE {schema}.blobs (
  sha256 text PRIMARY KEY CHECK (sha256 = encode(sha256(content), 'hex')),
  sealed boolean NOT NULL DEFAULT false,
  content bytea NOT NULL
);
ALTER TABLE {schema}.blobs ALTER content SET STORAGE EXTERNAL;

CREATE FUNCTION {schema}.lock_writing() RETURNS void LANGUAGE sql AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('claimreg.{schema}', 0)) $$;

CREATE FUNCTION {schema}.head() RETURNS TABLE (seq bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS
$$ SELECT e.seq, e.hash FROM {schema}.events e ORDER BY e.seq DESC LIMIT 1 $$;

CREATE FUNCTION {schema}.last_number(asked "char") RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(max(r.id), 0) FROM {schema}.records r WHERE r.kind = asked $$;

CREATE FUNCTION {schema}.take_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told json := NEW.event::json;
  letter "char" := left(told ->> 'object_id', 1);
  number bigint;
  before_text text := (told -> 'before')::text;
  after_text text := (told -> 'after')::text;
  body text;
  last_seq bigint;
  last_hash text;
  there text;
BEGIN
  PERFORM {schema}.lock_writing();
  SELECT h.seq, h.hash INTO last_seq, last_hash FROM {schema}.head() h;
  NEW.seq := (told ->> 'seq')::bigint;
  NEW.hash := told ->> 'hash';
  NEW.object_id := told ->> 'object_id';
  -- The owner may bring another registry's events, each with the user whom its database knew, or none.
  IF NEW.db_user IS NULL OR NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
    NEW.db_user := session_user;
  END IF;
  number := substr(NEW.object_id, 2)::bigint;
  IF NEW.seq IS DISTINCT FROM coalesce(last_seq, 0) + 1 OR told ->> 'previous' IS DISTINCT FROM coalesce(last_hash, repeat('0', 64)) THEN
    RAISE EXCEPTION 'the event does not follow from the last one' USING ERRCODE = 'CR001';
  END IF;
  -- Written once more from its parts: so there is no field twice and no other field.
  body := '{{"action":' || (told -> 'action')::text || ',"after":' || after_text || ',"at":' || (told -> 'at')::text
    || ',"before":' || before_text || coalesce(',"group":' || (told -> 'group')::text, '') || ',"object_id":"' || NEW.object_id
    || '","previous":"' || (told ->> 'previous') || '"' || coalesce(',"salt":' || (told -> 'salt')::text, '') || ',"seq":' || NEW.seq
    || ',"user":' || (told -> 'user')::text;
  IF NEW.event IS DISTINCT FROM body || ',"hash":"' || NEW.hash || '"}}'
    OR NEW.hash IS DISTINCT FROM encode(sha256(convert_to(body || '}}', 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'the event has not the hash of its text' USING ERRCODE = 'CR002';
  END IF;
  SELECT r.doc INTO there FROM {schema}.records r WHERE r.kind = letter AND r.id = number;
  IF coalesce(there, 'null') IS DISTINCT FROM before_text OR told -> 'after' ->> 'id' IS DISTINCT FROM NEW.object_id
    OR NEW.object_id IS DISTINCT FROM letter::text || number THEN
    RAISE EXCEPTION 'the event does not begin where its record stands' USING ERRCODE = 'CR003';
  END IF;
  INSERT INTO {schema}.records (kind, id, doc) VALUES (letter, number, after_text)
    ON CONFLICT (kind, id) DO UPDATE SET doc = EXCLUDED.doc;
  RETURN NEW;
END $$;

CREATE TRIGGER take_event BEFORE INSERT ON {schema}.events FOR EACH ROW EXECUTE FUNCTION {schema}.take_event();

CREATE FUNCTION {schema}.tell_of_events() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('claimreg_{schema}', ''); RETURN NULL; END $$;

CREATE TRIGGER tell_of_events AFTER INSERT ON {schema}.events FOR EACH STATEMENT EXECUTE FUNCTION {schema}.tell_of_events();
