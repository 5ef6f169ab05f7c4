-- A carrier that ceases to tell what was said: health() and status() name its account; no alarm where words were never told, nor for calls that have none by their nature.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.worded(number text, seconds numeric DEFAULT 60, reason text DEFAULT 'customer-ended-call') RETURNS bytea LANGUAGE sql AS $$
	SELECT pg_temp.webhook(worded.number, 'report', worded.reason, worded.seconds, '{"interest": "high"}', to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
$$;
CREATE FUNCTION pg_temp.wordless(number text, seconds numeric DEFAULT 60, reason text DEFAULT 'customer-ended-call') RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(((convert_from(pg_temp.worded(wordless.number, wordless.seconds, wordless.reason), 'UTF8')::jsonb)
		#- '{message,artifact,messages}' #- '{message,artifact,transcript}' #- '{message,transcript}' #- '{message,messages}')::text, 'UTF8')
$$;
CREATE FUNCTION pg_temp.begin_silent(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := pg_temp.begin_calls(begin_silent.name, ARRAY(SELECT (2000 + n)::text FROM generate_series(1, 16) n));
BEGIN
	PERFORM pg_temp.dial();
	-- Without words: five calls, one that is too short to have any, a voicemail, one that nobody answered.
	PERFORM pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.wordless((2000 + n)::text) FROM generate_series(1, 5) n)
		|| pg_temp.wordless('2006', 19) || pg_temp.wordless('2007', 40, 'voicemail') || pg_temp.webhook('2008', 'report', 'customer-did-not-answer'));
	PERFORM voiceagent_private.apply_inbox(100);
	RETURN v_tenant;
END
$$;
CREATE FUNCTION pg_temp.later(minutes integer) RETURNS void LANGUAGE sql AS $$ SELECT set_config('voiceagent.clock_offset', (minutes * 60)::text, true) $$;
CREATE VIEW pg_temp.silent AS SELECT answered, silent FROM voiceagent_private.silent_accounts(2000);
CREATE ROLE regress_silent;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_silent('r95 silent') AS tenant \gset
SELECT voiceagent.map_role('regress_silent', :tenant);
SELECT right(phone, 4) AS number, outcome, duration_seconds, (SELECT count(*) FROM voiceagent.call_turns t WHERE t.tenant_id = :tenant AND t.call_id = c.call_id) AS turns FROM voiceagent.calls c WHERE tenant_id = :tenant AND outcome IS NOT NULL ORDER BY 1;
-- transcripts that are off, from the first call on, are no trouble
SELECT pg_temp.later(10);
SELECT * FROM pg_temp.silent;
-- one call had words: the carrier has ceased; before its reports can have come, and an hour later, nothing is said
SELECT pg_temp.later(0);
SELECT pg_temp.take(pg_temp.worded('2009'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.later(4);
SELECT * FROM pg_temp.silent;
SELECT pg_temp.later(10);
SELECT * FROM pg_temp.silent;
SET ROLE regress_silent;
SELECT regexp_replace(p, 'account \d+|[(]since .*', 'N', 'g') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%no turns%';
SELECT regexp_replace(component, 'account \d+', 'account N') AS component, state, queue_depth FROM voiceagent.status() WHERE state LIKE '%no turns%';
RESET ROLE;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS staff;
SELECT count(*) AS told FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p
WHERE p ~ ('of tenant ' || :tenant || ' .*have no turns');
SELECT count(*) AS told FROM voiceagent.status() WHERE component ~ (' of tenant ' || :tenant || ' ') AND state ~ 'have no turns';
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS set;
SELECT pg_temp.later(70);
SELECT * FROM pg_temp.silent;
-- as many have words as have none: still told; nothing of a carrier that holds no conversation, nor when most have words
SELECT pg_temp.later(0);
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.worded((2009 + n)::text) FROM generate_series(1, 4) n));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.later(10);
SELECT * FROM pg_temp.silent;
SAVEPOINT a;
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.silent;
ROLLBACK TO a;
SELECT pg_temp.later(0);
SELECT pg_temp.take(pg_temp.worded('2014'));
SELECT voiceagent_private.apply_inbox(100);
SELECT pg_temp.later(10);
SELECT * FROM pg_temp.silent;
-- reasons that no version of ours has heard of are told, to the tenant and to the platform; those that are known are not
SELECT pg_temp.later(0);
SELECT pg_temp.take(pg_temp.worded('2015', 60, 'call.in-progress.error-brandnewfault-x'), pg_temp.worded('2016', 60, 'gone-with-the-wind'));
SELECT voiceagent_private.apply_inbox(100);
SET ROLE regress_silent;
SELECT regexp_replace(p, 'account \d+|[(]since [^)]*', 'N', 'g') AS problem FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE '%nobody here knows%';
SELECT regexp_replace(component, 'account \d+', 'account N') AS component, state, queue_depth, last_error FROM voiceagent.status() WHERE state LIKE '%nobody here knows%';
RESET ROLE;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS staff;
SELECT count(*) AS told FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p ~ ('of tenant ' || :tenant || ' .*nobody here knows');
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS set;
SELECT pg_temp.later(25 * 60);
SELECT count(*) AS told FROM voiceagent_private.account_conditions(:tenant) WHERE state LIKE '%nobody here knows%';
ROLLBACK;
DROP ROLE regress_silent;
