-- What everybody may be told of withheld records. Fields are told by a list of what may be, the one of claimreg.services.withholding, so
-- that a field added later is hidden; those that a record must have hold a value that tells nothing.

-- The alignment of a quote with its place, the words of the source counted rather than measured.
CREATE FUNCTION {schema}.told_words(document json) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words text;
  parts text;
BEGIN
  SELECT string_agg('[' || (w.word -> 0)::text || ',' || (w.word -> 1)::text || ',[' || w.n - 1 || ','
    || CASE WHEN (w.word -> 2 ->> 0)::int < (w.word -> 2 ->> 1)::int THEN w.n ELSE w.n - 1 END || ']]', ',' ORDER BY w.n)
    INTO words FROM json_array_elements(document -> 'words') WITH ORDINALITY AS w (word, n);
  SELECT string_agg('[' || coalesce(inside.first, 0) || ',' || coalesce(inside.last, 0) || ']', ',' ORDER BY p.n)
    INTO parts FROM json_array_elements(document -> 'parts') WITH ORDINALITY AS p (part, n), LATERAL (
      SELECT min(w.n) - 1, max(w.n) FROM json_array_elements(document -> 'words') WITH ORDINALITY AS w (word, n)
      WHERE (p.part ->> 0)::int <= (w.word -> 2 ->> 0)::int AND (w.word -> 2 ->> 0)::int < (w.word -> 2 ->> 1)::int
        AND (w.word -> 2 ->> 1)::int <= (p.part ->> 1)::int
    ) AS inside (first, last);
  RETURN ',"words":[' || coalesce(words, '') || '],"parts":[' || coalesce(parts, '') || ']';
EXCEPTION WHEN OTHERS THEN
  -- What is no alignment must not keep its source from being withheld.
  RETURN '';
END $$;

-- A record's document as everybody may see it; reason is the one that its source is withheld for, and the only one that is told.
CREATE FUNCTION {schema}.told(letter "char", document json, reason text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN json_typeof(document) = 'object' THEN '{{' || (
    SELECT string_agg(to_json(f.key)::text || ':' || f.value::text, ',') FROM json_each(document) f WHERE f.key = ANY (
      ARRAY['id', 'recorded_at', 'recorded_by', 'removed_at'] || CASE letter
        WHEN 'K' THEN ARRAY['source_id']
        WHEN 'D' THEN ARRAY['source_id', 'capture_id', 'state', 'attribution_id']
        WHEN 'L' THEN ARRAY['attribution_id', 'source_id', 'capture_id', 'anchored_from', 'state', 'kind', 'score', 'edits', 'flags',
          'not_judged', 'method']
        ELSE ARRAY[]::text[] END)
  ) || CASE letter
    WHEN 'S' THEN ',"title":"withheld"' || CASE
      WHEN document ->> 'withheld' IS NULL THEN ''
      WHEN document ->> 'withheld' = reason THEN ',"withheld":' || (document -> 'withheld')::text
      ELSE ',"withheld":"withheld"' END
    WHEN 'K' THEN ',"sha256":"withheld","text_sha256":"withheld","size":0,"length":0,"media_type":"withheld","location":"withheld"'
      ',"method":"withheld","retrieved_at":"withheld"'
    WHEN 'D' THEN ',"start":0,"end":3,"exact":"[…]","parts":[[0,3]],"mode":"withheld","act":"withheld","stance":"withheld"'
      ',"confidence":0.0,"rule":"withheld","proposed_by":"withheld"'
    ELSE ',"start":0,"end":3,"exact":"[…]","prefix":"","suffix":""' || {schema}.told_words(document) END || '}}'
  ELSE 'null' END
$$;

-- An event as everybody may see it: without its salt, so that nobody can try guesses on its hash.
CREATE FUNCTION {schema}.told_event(event json, reason text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{{"action":' || (event -> 'action')::text || ',"after":' || {schema}.told(left(event ->> 'object_id', 1)::"char", event -> 'after', reason)
    || ',"at":' || (event -> 'at')::text
    || ',"before":' || {schema}.told(left(event ->> 'object_id', 1)::"char", event -> 'before', reason)
    || coalesce(',"group":' || (event -> 'group')::text, '') || ',"hash":' || (event -> 'hash')::text
    || ',"object_id":' || (event -> 'object_id')::text || ',"previous":' || (event -> 'previous')::text
    || ',"seq":' || (event -> 'seq')::text || ',"user":' || (event -> 'user')::text || '}}'
$$;
