-- What each role may do; {roles} is what their names begin with. It may be run again.

GRANT {roles}_reader TO {roles}_reviewer;
GRANT {roles}_reviewer TO {roles}_writer;
GRANT {roles}_writer TO {roles}_keeper;

GRANT USAGE ON SCHEMA {schema} TO {roles}_reader;
GRANT SELECT ON {schema}.registry, {schema}.records, {schema}.events, {schema}.blobs TO {roles}_reader;
GRANT EXECUTE ON FUNCTION {schema}.head(), {schema}.last_number("char"), {schema}.lock_writing() TO {roles}_reader;
GRANT INSERT (event) ON {schema}.events TO {roles}_reviewer;
GRANT EXECUTE ON FUNCTION {schema}.amend(text, text, text, text, bigint, text, text) TO {roles}_reviewer;
GRANT EXECUTE ON FUNCTION {schema}.put_blob(text, bytea) TO {roles}_writer;
GRANT SELECT ON {schema}.sealed_records, {schema}.sealed_events TO {roles}_keeper;
GRANT SELECT ON {schema}.whole_records, {schema}.found_records, {schema}.whole_events TO {roles}_keeper;

DROP POLICY IF EXISTS opened ON {schema}.blobs;
DROP POLICY IF EXISTS whole ON {schema}.blobs;
CREATE POLICY opened ON {schema}.blobs FOR SELECT TO {roles}_reader USING (NOT sealed);
CREATE POLICY whole ON {schema}.blobs FOR SELECT TO {roles}_keeper USING (true);

GRANT SELECT ON {schema}.indexes, {schema}.segments TO {roles}_reader;
GRANT INSERT ON {schema}.indexes, {schema}.segments TO {roles}_keeper;
GRANT DELETE ON {schema}.indexes, {schema}.segments TO {roles}_keeper;
DROP POLICY IF EXISTS opened ON {schema}.indexes;
DROP POLICY IF EXISTS whole ON {schema}.indexes;
DROP POLICY IF EXISTS opened ON {schema}.segments;
DROP POLICY IF EXISTS whole ON {schema}.segments;
CREATE POLICY opened ON {schema}.indexes FOR SELECT TO {roles}_reader USING (NOT sealed);
CREATE POLICY whole ON {schema}.indexes FOR ALL TO {roles}_keeper USING (true);
CREATE POLICY opened ON {schema}.segments FOR SELECT TO {roles}_reader USING (NOT sealed);
CREATE POLICY whole ON {schema}.segments FOR ALL TO {roles}_keeper USING (true);

UPDATE {schema}.registry SET roles = '{roles}';
