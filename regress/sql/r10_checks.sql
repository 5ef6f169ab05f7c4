-- A session sets a table's constraints up once, and yet no row passes one that has been changed or taken back since, whose function or
-- domain has another meaning now, or whose function the role may not call.
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
ROLLBACK TO refused;
-- a domain that demands more
CREATE DOMAIN voiceagent.r10_short AS text CHECK (length(value) < 8);
ALTER TABLE voiceagent.leads DROP CONSTRAINT r10_name, ADD CONSTRAINT r10_name CHECK (first_name::voiceagent.r10_short IS NOT NULL);
EXECUTE rename('Eva');
ALTER DOMAIN voiceagent.r10_short ADD CHECK (value <> 'Ann');
SAVEPOINT refused;
EXECUTE rename('Ann');
ROLLBACK TO refused;
-- a function that fails, and the next row
CREATE FUNCTION voiceagent.r10_divides(name text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN 1 / (length(name) - 3) < 2; END$$;
REVOKE ALL ON FUNCTION voiceagent.r10_divides(text) FROM public;
ALTER TABLE voiceagent.leads DROP CONSTRAINT r10_name, ADD CONSTRAINT r10_name CHECK (voiceagent.r10_divides(first_name)) NOT VALID;
SAVEPOINT refused;
EXECUTE rename('Ann');
ROLLBACK TO refused;
EXECUTE rename('Anna');
EXECUTE rename('Hanna');
-- a role that may write the row, but not call the function
RESET ROLE;
CREATE ROLE r10_clerk IN ROLE voiceagent_user;
GRANT UPDATE ON voiceagent.leads TO r10_clerk;
SET ROLE voiceagent_owner;
EXECUTE rename('Greta');
SET ROLE r10_clerk;
SAVEPOINT refused;
EXECUTE rename('Maria');
ROLLBACK TO refused;
SET ROLE voiceagent_owner;
EXECUTE rename('Maria');
ROLLBACK;
