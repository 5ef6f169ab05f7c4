-- Notices on conditions: once when figures reach a bound, and none until they were below it again; no text of a tenant's is executed.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/notices.inc
\set ECHO all
BEGIN;
SELECT voiceagent.create_tenant('Figures', 'UTC', 100) AS t \gset
SELECT voiceagent.create_member(:t, 'ann@example.com', 'password1', 'owner') AS ann \gset
UPDATE voiceagent.members SET email_proved_at = created_at WHERE member_id = :ann;
SELECT voiceagent_private.set_tenant(:t) \g /dev/null
SELECT pg_temp.try(s) FROM unnest(ARRAY[$$SELECT voiceagent.create_notice_condition('a', 'leads', 'call_attempts', '>', 1)$$, $$SELECT voiceagent.create_notice_condition('a', 'today; DROP TABLE x', 'calls', '>', 1)$$,
	$$SELECT voiceagent.create_notice_condition('a', 'today', 'calls) FROM x', '>', 1)$$, $$SELECT voiceagent.create_notice_condition('a', 'daily_calls', 'campaign_id', '>', 1)$$, $$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '<>', 1)$$,
	$$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 'NaN')$$, $$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 1, 'count')$$, $$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 1, days => 0)$$,
	$$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 1, campaign_id => 1)$$, $$SELECT voiceagent.create_notice_condition('a', 'daily_calls', 'calls', '>', 1, campaign_id => 1)$$, $$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 1, every => '1 second')$$,
	$$SELECT voiceagent.create_notice_condition(' ', 'today', 'calls', '>', 1)$$, $$SELECT voiceagent.create_notice_condition(NULL, NULL, NULL, NULL, NULL)$$, $$SELECT voiceagent.create_notice_condition('a', 'today', 'calls', '>', 1, for_me => true)$$, 'SELECT voiceagent.drop_notice_condition(0)']) s;
SELECT voiceagent.create_notice_condition('many opt-outs', 'daily_calls', 'opt_outs', '>=', 3, days => 2) AS c \gset
SELECT pg_temp.try($$SELECT voiceagent.create_notice_condition('many opt-outs', 'today', 'calls', '>', 1)$$);
SELECT voiceagent.create_notice_condition('all of them', r, m, '<', -1) > 0 FROM (VALUES ('daily_metrics', 'calls')) v(r, m);
CREATE FUNCTION pg_temp.look(opt_outs bigint) RETURNS TABLE (met boolean, value numeric, error text, told bigint) LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM voiceagent.daily_figures;
	INSERT INTO voiceagent.daily_figures SELECT (jsonb_populate_record(NULL::voiceagent.daily_figures, x.base || jsonb_build_object('tenant_id', voiceagent.current_tenant(),
		'day', ((voiceagent.clock() AT TIME ZONE 'UTC')::date - 1)::text, 'direction', 'outbound', 'currency', '', 'calls', 10, 'opt_outs', opt_outs))).*
	FROM (SELECT jsonb_object_agg(a.attname, 0) AS base FROM pg_attribute a WHERE a.attrelid = 'voiceagent.daily_figures'::regclass AND a.attnum > 0 AND a.atttypid IN ('bigint'::regtype, 'numeric'::regtype, 'integer'::regtype)) x;
	UPDATE voiceagent_private.condition_turns SET due_at = voiceagent.clock();
	PERFORM voiceagent_private.look_at_conditions(10);
	RETURN QUERY SELECT c.met, c.value, c.error, (SELECT count(*) FROM voiceagent_private.notices_new n WHERE n.kind = 'condition') FROM voiceagent.notice_conditions c WHERE c.name = 'many opt-outs';
END $$;
-- below; reached; still; below again, and reached again
SELECT l.* FROM unnest(ARRAY[2, 3, 9, 3, 2, 0, 5]) WITH ORDINALITY AS n(o, i) CROSS JOIN LATERAL pg_temp.look(n.o) l ORDER BY n.i;
-- what cannot be told is neither
CREATE OR REPLACE FUNCTION voiceagent_private.has_column(relation text, name text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE division_by_zero; END $$;
SELECT * FROM pg_temp.look(0);
CREATE OR REPLACE FUNCTION voiceagent_private.has_column(relation text, name text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT name = 'day' $$;
SELECT * FROM pg_temp.look(5);
SELECT * FROM pg_temp.look(1);
SELECT pg_temp.turns();
SELECT kind, detail, page, mail_id IS NOT NULL AS mailed FROM voiceagent.member_notices;
SELECT due_at >= voiceagent.clock() + interval '14 minutes' AS later FROM voiceagent_private.condition_turns;
SELECT voiceagent.drop_notice_condition(:c);
SELECT count(*) FROM voiceagent_private.condition_turns;
ROLLBACK;
