-- A member, a role or a database that sets standard_conforming_strings = off gets what others get.  Each part is a session of
-- its own, because a session keeps what it has parsed.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE r10_strings LOGIN;
SELECT voiceagent.create_tenant('r10 strings', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.map_role('r10_strings', :tenant);
BEGIN;
SET standard_conforming_strings = off;
SELECT voiceagent_private.pin_literals();
ROLLBACK;
SELECT said, voiceagent_private.has_bare_backslash(said) FROM unnest(ARRAY[
	$$SELECT E'\\d' E'\n'$$, $$SELECT E'a'
		'\\d'$$, $$SELECT 'it''s' -- '\d'$$, $$/* '\d' * */ SELECT "\d"$$,
	$$SELECT '\d'$$, $$SELECT E'\\', 'it''s \d'$$, $$EXECUTE E'SELECT ''\\d'''$$]) said;

ALTER ROLE r10_strings SET standard_conforming_strings = off;
\c - r10_strings
\i sql/r10_strings.inc
\c - postgres
ALTER ROLE r10_strings RESET standard_conforming_strings;
\c - r10_strings
\i sql/r10_strings.inc
