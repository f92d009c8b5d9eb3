-- Withholding: what belongs to a source is sealed with it, and opened with it. All of these are for the owner's functions only.

CREATE FUNCTION {schema}.sees_withheld() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_has_role(session_user, current_user, 'USAGE')
    OR coalesce((SELECT pg_has_role(session_user, to_regrole(g.roles || '_keeper'), 'USAGE') FROM {schema}.registry g), false)
$$;

-- The records of a source: its captures, links and drafts. One statement a kind, as each has an index of its own.
CREATE FUNCTION {schema}.belonging(source text) RETURNS TABLE (kind "char", id bigint) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.kind, r.id FROM {schema}.records r WHERE r.kind = 'K' AND ((r.doc::json -> 'source_id')::text) = to_json(source)::text
  UNION ALL SELECT r.kind, r.id FROM {schema}.records r WHERE r.kind = 'L' AND ((r.doc::json -> 'source_id')::text) = to_json(source)::text
  UNION ALL SELECT r.kind, r.id FROM {schema}.records r WHERE r.kind = 'D' AND ((r.doc::json -> 'source_id')::text) = to_json(source)::text
$$;

CREATE FUNCTION {schema}.hashes_in(document json) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(f.value), ARRAY[]::text[]) FROM json_each_text(document) f WHERE f.key LIKE '%sha256' AND f.value IS NOT NULL
$$;

CREATE INDEX records_of_bytes ON {schema}.records USING gin ({schema}.hashes_in(doc::json)) WITH (fastupdate = off)
  WHERE kind = ANY (ARRAY['K'::"char", 'T'::"char"]) AND NOT sealed;

-- Seal bytes that no open record speaks of.
CREATE FUNCTION {schema}.seal_blobs(hashes text[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE {schema}.blobs b SET sealed = true WHERE b.sha256 = ANY (hashes) AND NOT b.sealed AND NOT EXISTS (
    SELECT FROM {schema}.records r WHERE r.kind IN ('K', 'T') AND NOT r.sealed AND {schema}.hashes_in(r.doc::json) @> ARRAY[b.sha256]
  )
$$;

CREATE FUNCTION {schema}.open_blobs(hashes text[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE {schema}.blobs b SET sealed = false WHERE b.sha256 = ANY (hashes) AND b.sealed
$$;

-- Seal all that belongs to a source, and its whole history; where that is done, tell the reason anew.
CREATE FUNCTION {schema}.seal_source(source text, reason text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  objects text[];
BEGIN
  SELECT array_agg(b.kind::text || b.id) || source INTO objects FROM {schema}.belonging(source) b;
  INSERT INTO {schema}.sealed_records (kind, id, doc)
    SELECT r.kind, r.id, r.doc FROM {schema}.belonging(source) b JOIN {schema}.records r USING (kind, id) WHERE NOT r.sealed;
  UPDATE {schema}.records r SET sealed = true, doc = {schema}.told(r.kind, r.doc::json, NULL)
    FROM {schema}.belonging(source) b WHERE r.kind = b.kind AND r.id = b.id AND NOT r.sealed;
  INSERT INTO {schema}.sealed_events (seq, event)
    SELECT e.seq, e.event FROM {schema}.events e WHERE e.object_id = ANY (objects) AND NOT e.sealed;
  UPDATE {schema}.events e SET sealed = true, event = {schema}.told_event(s.event::json, reason)
    FROM {schema}.sealed_events s WHERE e.seq = s.seq AND e.object_id = ANY (objects);
  PERFORM {schema}.seal_blobs({schema}.hashes_in(s.doc::json))
    FROM {schema}.belonging(source) b JOIN {schema}.sealed_records s USING (kind, id) WHERE b.kind = 'K';
END $$;

-- Open all that belongs to a source; its own record is open by now.
CREATE FUNCTION {schema}.open_source(source text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  objects text[];
BEGIN
  SELECT array_agg(b.kind::text || b.id) || source INTO objects FROM {schema}.belonging(source) b;
  UPDATE {schema}.records r SET sealed = false, doc = s.doc FROM {schema}.sealed_records s
    WHERE r.kind = s.kind AND r.id = s.id AND r.kind::text || r.id = ANY (objects) AND r.sealed;
  UPDATE {schema}.events e SET sealed = false, event = s.event
    FROM {schema}.sealed_events s WHERE e.seq = s.seq AND e.object_id = ANY (objects);
  PERFORM {schema}.open_blobs({schema}.hashes_in(s.doc::json)) FROM {schema}.sealed_records s
    WHERE s.kind = 'K' AND 'K' || s.id = ANY (objects);
  DELETE FROM {schema}.sealed_events s USING {schema}.events e WHERE e.seq = s.seq AND e.object_id = ANY (objects);
  DELETE FROM {schema}.sealed_records s WHERE s.kind::text || s.id = ANY (objects);
END $$;
