-- Taking in an event: it is checked, and the record is written that it tells of.

-- The role that it takes to record something; NULL where the session's user may.
CREATE FUNCTION {schema}.lacking_role(letter "char") RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT needed.role FROM {schema}.registry g, LATERAL (
    SELECT g.roles || CASE WHEN letter IN ('L', 'V', 'R', 'D') THEN '_reviewer' ELSE '_writer' END
  ) AS needed (role)
  WHERE NOT pg_has_role(session_user, current_user, 'USAGE')
    AND NOT coalesce(pg_has_role(session_user, to_regrole(needed.role), 'USAGE'), false)
$$;

CREATE FUNCTION {schema}.take_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  told json := NEW.event::json;
  letter "char" := left(told ->> 'object_id', 1);
  number bigint;
  before_text text := (told -> 'before')::text;
  after_text text := (told -> 'after')::text;
  source text := told -> 'after' ->> 'source_id';
  reason text := told -> 'after' ->> 'withheld';
  body text;
  last_seq bigint;
  last_hash text;
  there text;
  was_sealed boolean;
  is_sealed boolean := false;
  role text := {schema}.lacking_role(letter);
BEGIN
  IF role IS NOT NULL THEN
    RAISE EXCEPTION '%', role USING ERRCODE = 'CR005';
  END IF;
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
  SELECT r.doc, r.sealed INTO there, was_sealed FROM {schema}.records r WHERE r.kind = letter AND r.id = number;
  IF was_sealed THEN
    -- Else whoever may not see the record could try guesses on it. What amend() sends is marked.
    IF NOT (NEW.sealed OR {schema}.sees_withheld()) THEN
      RAISE EXCEPTION '%', NEW.object_id USING ERRCODE = 'CR004';
    END IF;
    SELECT s.doc INTO there FROM {schema}.sealed_records s WHERE s.kind = letter AND s.id = number;
  END IF;
  IF coalesce(there, 'null') IS DISTINCT FROM before_text OR told -> 'after' ->> 'id' IS DISTINCT FROM NEW.object_id
    OR NEW.object_id IS DISTINCT FROM letter::text || number
    OR (letter IN ('K', 'L', 'D') AND there IS NOT NULL AND source IS DISTINCT FROM there::json ->> 'source_id') THEN
    RAISE EXCEPTION 'the event does not begin where its record stands' USING ERRCODE = 'CR003';
  END IF;
  IF letter = 'S' THEN
    is_sealed := reason IS NOT NULL;
  ELSIF letter IN ('K', 'L', 'D') THEN
    SELECT r.sealed INTO is_sealed FROM {schema}.records r WHERE r.kind = 'S' AND r.id = substr(source, 2)::bigint;
    is_sealed := coalesce(is_sealed, false);
  END IF;
  NEW.sealed := is_sealed;
  INSERT INTO {schema}.records (kind, id, sealed, doc)
    VALUES (letter, number, is_sealed, CASE WHEN is_sealed THEN {schema}.told(letter, told -> 'after', reason) ELSE after_text END)
    ON CONFLICT (kind, id) DO UPDATE SET sealed = EXCLUDED.sealed, doc = EXCLUDED.doc;
  IF is_sealed THEN
    INSERT INTO {schema}.sealed_records (kind, id, doc) VALUES (letter, number, after_text)
      ON CONFLICT (kind, id) DO UPDATE SET doc = EXCLUDED.doc;
    INSERT INTO {schema}.sealed_events (seq, event) VALUES (NEW.seq, NEW.event);
    NEW.event := {schema}.told_event(told, reason);
  END IF;
  IF letter = 'S' AND is_sealed AND (was_sealed IS NOT TRUE OR reason IS DISTINCT FROM told -> 'before' ->> 'withheld') THEN
    PERFORM {schema}.seal_source(NEW.object_id, reason);
  ELSIF letter = 'S' AND was_sealed AND NOT is_sealed THEN
    PERFORM {schema}.open_source(NEW.object_id);
  ELSIF letter = 'K' AND is_sealed THEN
    PERFORM {schema}.seal_blobs({schema}.hashes_in(told -> 'after'));
  ELSIF letter IN ('K', 'T') THEN
    PERFORM {schema}.open_blobs({schema}.hashes_in(told -> 'after'));
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER take_event BEFORE INSERT ON {schema}.events FOR EACH ROW EXECUTE FUNCTION {schema}.take_event();

-- Decide on a link of a withheld source, or withdraw what belongs to one, without seeing it: the event is made here, with a salt that
-- nobody learns. new_state is NULL where it stays, and removed NULL where the record stays or becomes one in use.
CREATE FUNCTION {schema}.amend(object text, told_user text, told_at text, told_action text, first bigint, new_state text, removed text)
RETURNS TABLE (seq bigint, hash text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  there text;
  changed text;
  body text;
  last_seq bigint;
  last_hash text;
BEGIN
  PERFORM {schema}.lock_writing();
  SELECT h.seq, h.hash INTO last_seq, last_hash FROM {schema}.head() h;
  SELECT s.doc INTO there FROM {schema}.sealed_records s WHERE s.kind = left(object, 1)::"char" AND s.id = substr(object, 2)::bigint;
  SELECT '{{' || string_agg(to_json(f.key)::text || ':' || CASE
      WHEN f.key = 'state' AND new_state IS NOT NULL AND left(object, 1) = 'L' THEN to_json(new_state)::text
      WHEN f.key = 'removed_at' THEN coalesce(to_json(removed)::text, 'null')
      ELSE f.value::text END, ',' ORDER BY f.n) || '}}'
    INTO changed FROM json_each(there::json) WITH ORDINALITY AS f (key, value, n);
  IF changed IS NULL THEN
    RAISE EXCEPTION 'the event does not begin where its record stands' USING ERRCODE = 'CR003';
  END IF;
  body := '{{"action":' || to_json(told_action)::text || ',"after":' || changed || ',"at":' || to_json(told_at)::text || ',"before":' || there
    || ',"group":' || first || ',"object_id":"' || object || '","previous":"' || last_hash || '","salt":"'
    || replace(gen_random_uuid()::text, '-', '') || '","seq":' || last_seq + 1 || ',"user":' || to_json(told_user)::text;
  last_hash := encode(sha256(convert_to(body || '}}', 'UTF8')), 'hex');
  INSERT INTO {schema}.events (sealed, event) VALUES (true, body || ',"hash":"' || last_hash || '"}}');
  RETURN QUERY SELECT last_seq + 1, last_hash;
END $$;

-- Keep bytes. Others' row security would tell whether a withheld source has the same ones; so whoever brings bytes sees them from then on.
CREATE FUNCTION {schema}.put_blob(digest text, bytes bytea) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO {schema}.blobs AS b (sha256, content) VALUES (digest, bytes)
    ON CONFLICT (sha256) DO UPDATE SET sealed = false WHERE b.sealed AND NOT {schema}.sees_withheld()
$$;

CREATE FUNCTION {schema}.tell_of_events() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('claimreg_{schema}', ''); RETURN NULL; END $$;

CREATE TRIGGER tell_of_events AFTER INSERT ON {schema}.events FOR EACH STATEMENT EXECUTE FUNCTION {schema}.tell_of_events();
