-- A session reads a table's constraints once, and yet no row passes one that has been changed or taken back since, or whose function has
-- another meaning now.
\set ON_ERROR_STOP off
\set VERBOSITY terse
BEGIN;
SELECT voiceagent.create_tenant('Checks') AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SET ROLE voiceagent_owner;
ALTER TABLE voiceagent.leads ADD CONSTRAINT r10_name CHECK (first_name <> 'Nobody');
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, timezones, created_at) VALUES (:tenant, '+12125550101', 'Ann', 'US', '{America/New_York}', now());
PREPARE rename (text) AS UPDATE voiceagent.leads SET first_name = $1 WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125550101' RETURNING first_name;
EXECUTE rename('Bob');
SAVEPOINT refused;
EXECUTE rename('Nobody');
ROLLBACK TO refused;
-- another one of the same name
SAVEPOINT changed;
ALTER TABLE voiceagent.leads DROP CONSTRAINT r10_name, ADD CONSTRAINT r10_name CHECK (first_name <> 'Eve');
EXECUTE rename('Nobody');
SAVEPOINT refused;
EXECUTE rename('Eve');
ROLLBACK TO refused;
-- taken back
ROLLBACK TO changed;
EXECUTE rename('Eve');
SAVEPOINT refused;
EXECUTE rename('Nobody');
ROLLBACK TO refused;
-- a function of another meaning
CREATE FUNCTION voiceagent.r10_allows(name text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN name <> 'Bob';
ALTER TABLE voiceagent.leads DROP CONSTRAINT r10_name, ADD CONSTRAINT r10_name CHECK (voiceagent.r10_allows(first_name));
EXECUTE rename('Nobody');
SAVEPOINT refused;
EXECUTE rename('Bob');
ROLLBACK TO refused;
CREATE OR REPLACE FUNCTION voiceagent.r10_allows(name text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN name <> 'Ann';
EXECUTE rename('Bob');
EXECUTE rename('Ann');
ROLLBACK;
