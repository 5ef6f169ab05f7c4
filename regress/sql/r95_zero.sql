-- A tenant that keeps no words: what a call needs for its effects goes after them, and not before; a legal hold, and what is not
-- applied yet, stay.
\set VERBOSITY terse
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.now() RETURNS text LANGUAGE sql AS $$ SELECT to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
CREATE FUNCTION pg_temp.later(hours numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_steps integer := 0;
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (hours * 3600)::integer::text, true);
	LOOP
		PERFORM voiceagent_private.set_tenant(0);
		EXIT WHEN voiceagent_private.retain_rows(100) > voiceagent.clock() OR v_steps > 10000;
		v_steps := v_steps + 1;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (bodies bigint, waiting bigint, turns bigint, transcripts bigint, summaries bigint, data bigint, recordings bigint, calls bigint, outcomes bigint, stops bigint, proofs bigint, paid boolean) LANGUAGE sql AS $$
	SELECT (SELECT count(*) FROM voiceagent.webhooks w WHERE w.tenant_id = t), (SELECT count(*) FROM voiceagent_private.inbox i WHERE i.tenant_id = t),
		(SELECT count(*) FROM voiceagent.call_turns u WHERE u.tenant_id = t), count(c.transcript), count(c.summary), count(c.structured_data), count(c.recording_url), count(*), count(c.outcome),
		(SELECT count(*) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = t), (SELECT count(*) FROM voiceagent.eligibility e WHERE e.tenant_id = t),
		EXISTS (SELECT FROM voiceagent.ledgers l WHERE l.tenant_id = t)
	FROM voiceagent.current_tenant() t JOIN voiceagent.calls c ON c.tenant_id = t GROUP BY t
$$;
-- Where a text is found that somebody said to the tenant, in any table.
CREATE FUNCTION pg_temp.found(said text) RETURNS TABLE (place text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind = 'r'
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) ORDER BY 1 LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM %s t WHERE t.tenant_id = voiceagent.current_tenant() AND t::text || %s ~ %L HAVING count(*) > 0', regexp_replace(v.name::text, '_\d\d$', ''), v.name,
			CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = v.name AND a.attname = 'body' AND a.atttypid = 'bytea'::regtype) THEN $q$convert_from(t.body, 'UTF8')$q$ ELSE $q$''$q$ END, said);
	END LOOP;
END
$$;
BEGIN;
UPDATE voiceagent_private.maintenance_jobs SET next_at = 'infinity';
SELECT pg_temp.begin_calls('Keeps no words', ARRAY['2001', '2002', '2003', '2004']) AS tenant \gset
SELECT voiceagent_private.begin_retention(100000) IS NOT NULL AS begun;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('2001', '{"interest": "high"}', 'Hello', 'I am interested.', 'Bye.'), pg_temp.talk('2002', '{}', 'Hello', 'Stop calling me.', 'Bye.'), pg_temp.talk('2003', '{}', 'Hello', 'Yes, please tell me more about your offer for schools.', 'Bye.'));
SELECT voiceagent_private.apply_inbox(10) > 0 AS applied;
UPDATE voiceagent.calls SET ended_at = voiceagent.clock() WHERE ended_at IS NOT NULL;
-- It is not applied: it stays until it is.
SELECT pg_temp.take(pg_temp.talk('2004', '{}', 'Hello', 'Not yet.', 'Bye.'));
SELECT * FROM pg_temp.kept();
SELECT voiceagent.set_setting('zero_retention', 'on');
SELECT voiceagent.place_legal_hold('+12125552003', 'Ada');
-- At once nothing: what was told has just ended.
SELECT pg_temp.later(0.1);
SELECT * FROM pg_temp.kept();
SELECT pg_temp.later(1.1);
SELECT * FROM pg_temp.kept();
SELECT c.phone FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.transcript IS NOT NULL ORDER BY 1;
SELECT class, keep, origin, description FROM voiceagent.list_retention() WHERE origin <> 'default' ORDER BY 1;
SELECT count(*) AS to_be_called_no_more FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125552002';
-- Applied late, gone within the hour; the held one's part is taken, then its words go.
SELECT voiceagent_private.apply_inbox(10) > 0 AS applied;
SELECT pg_temp.later(2);
SELECT * FROM pg_temp.kept();
UPDATE voiceagent.calls SET transcript = 'User: It is late, says Ada.' WHERE tenant_id = voiceagent.current_tenant() AND phone = '+12125552001';
SELECT pg_temp.later(3);
SELECT * FROM pg_temp.found('I am interested|Yes, please tell me more|Not yet|It is late') WHERE place !~ 'hold|held';
SELECT pg_temp.later(30);
SELECT * FROM pg_temp.kept();
SELECT * FROM pg_temp.found('I am interested|Yes, please tell me more|Not yet|It is late|Stop calling me');
SELECT phone, content LIKE '%Yes, please tell me more%' AS told FROM voiceagent_private.held_parts WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1;
ROLLBACK;
