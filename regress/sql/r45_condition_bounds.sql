-- A condition that a tenant has written costs a worker no more than its bound, whatever the lead holds: each
-- operator, function and cast that a condition may have is tried on leads that are made for it.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/evaluate.inc
\set ECHO all
CREATE ROLE r45_bounds LOGIN;
SELECT voiceagent.create_tenant('r45 bounds', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.map_role('r45_bounds', :tenant);
GRANT CREATE ON SCHEMA public TO r45_bounds;
SET SESSION AUTHORIZATION r45_bounds;
-- One plain lead, one of the largest that a condition is evaluated for, one of a megabyte, one whose text does not end.
SELECT voiceagent.add_lead('3125550101', 'Ann', context => '{"city": "Reno", "a": ["x", "y"], "n": "12.5", "o": {"k": "v"}}') AS plain,
	voiceagent.add_lead('3125550102', 'Bob', context => jsonb_build_object('city', 'Reno', 'n', '12.5', 'a', (SELECT jsonb_agg(to_jsonb(i % 2 = 0)) FROM generate_series(1, 1900) i), 'b', '[1, 2]'::jsonb)) AS full,
	voiceagent.add_lead('3125550103', 'Cyd', context => jsonb_build_object('city', 'Reno', 'a', (SELECT jsonb_agg(i) FROM generate_series(1, 60000) i))) AS large,
	voiceagent.add_lead('3125550104', 'Dee', context => jsonb_build_object('city', repeat('a', 7900))) AS long \gset
SELECT voiceagent.tag_leads(ARRAY[:full], ARRAY(SELECT 't' || i FROM generate_series(1, 50) i)) > 0 AS tagged;
RESET SESSION AUTHORIZATION;
CREATE FUNCTION pg_temp.verdicts(condition text) RETURNS text LANGUAGE plpgsql SET search_path = voiceagent_condition, pg_catalog AS $$
DECLARE
	v_verdicts text;
BEGIN
	PERFORM voiceagent_private.set_tenant((SELECT tenant_id FROM voiceagent.tenants WHERE name = 'r45 bounds'));
	EXECUTE format('SELECT string_agg(coalesce(q.verdict::text, ''-''), '' '' ORDER BY q.lead_id) FROM (%s) q', voiceagent_private.audience_query(condition))
	INTO v_verdicts USING voiceagent.current_tenant(), 0::bigint, 1000::bigint, NULL::timestamptz;
	RETURN v_verdicts;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
-- 1 wanted, 0 not, 2 it costs too much, 3 the lead is too large; a column that is not named does not count
SELECT condition, pg_temp.verdicts(condition) AS "plain full large long" FROM (VALUES
	('first_name = ''Ann'''), ('context ->> ''city'' = ''Reno'''), ('context @> ''{"city": "Reno"}'''), ('context -> ''a'' @> ''["x"]'''),
	('context -> ''a'' @> ''["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"]'''),
	('context -> ''a'' ?| ARRAY[''x'', ''z'']'), ('context ? ''n'''), ('''["x"]'' <@ (context -> ''a'')'),
	('tags && ARRAY[''t1'', ''t7'']'), ('tags @> ARRAY[''t1'', ''t7'']'), ('''t50'' = ANY (tags)'), ('cardinality(tags) > 3'),
	('(context ->> ''n'')::numeric(12, 2) * 2 > 20'), ('context ->> ''a'' LIKE ''%x%'''), ('lower(context ->> ''city'') = ''reno'''), ('context ->> ''city'' ILIKE ''%zz%'''),
	('context ->> ''city'' LIKE ''%a%a%a%a%a%a%a%a%ab'''), ('strpos(context ->> ''city'', ''aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'') > 0'),
	('length(btrim(context ->> ''city'', ''abcdefghijklmnopqrstuvwxyz'')) = 0'), ('context ->> ''city'' < ''b'' AND context ->> ''city'' > ''a'''),
	('(context -> ''a'') = (context -> ''a'') AND (context -> ''a'') = (context -> ''a'')'), ('context #>> ''{o,k}'' = ''v''')) v(condition);
-- what would go around the count is refused, whatever way it is written
SELECT condition, pg_temp.verdicts(condition) FROM (VALUES
	('context -> ''a'' @> (context -> ''a'')'), ('(context -> ''a'') <@ (context -> ''b'')'), ('tags && timezones'), ('tags @> tags'), ('context ?| tags'),
	('context @> ''{"a": {"b": 1}}'''), ('context -> ''a'' @> ''[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]'''),
	('tags && ARRAY[''1'', ''2'', ''3'', ''4'', ''5'', ''6'', ''7'', ''8'', ''9'', ''10'', ''11'', ''12'', ''13'', ''14'', ''15'', ''16'', ''17'']'),
	('tags && ARRAY[first_name]'), ('tags = ARRAY[first_name, company]'), ('context OPERATOR(pg_catalog.@>) ''{"a": 1}'''), ('pg_catalog.lower(first_name) = ''a'''),
	('trim(first_name) = ''a'''), ('btrim(first_name, company) = ''a'''), ('context::text LIKE ''%x%'''), ('(context -> ''a'')::text = ''x'''), ('tags::text = ''{}'''),
	('coalesce(context -> ''a'', context)::varchar = ''x'''), ('(CASE WHEN true THEN context END)::text = ''x'''), ('(context ->> ''b'')::jsonb = ''[]'''), ('(first_name)::text[] = tags'),
	('(context -> ''a'') || (context -> ''a'') = ''[]'''), ('tags || tags = tags'), ('created_at AT TIME ZONE (context ->> ''tz'') > ''2026-01-01'''),
	('timezone(first_name, created_at) > ''2026-01-01'''), (repeat('lower(', 51) || 'first_name' || repeat(')', 51) || ' = ''a'''),
	('priority > ' || repeat('9', 101))) v(condition);
-- each function and operator of the schema gives up by itself, and is the one of pg_catalog before that
BEGIN;
SET LOCAL search_path = voiceagent_condition, pg_catalog;
SELECT begin_evaluation(NULL, 1) AS ready, lower('ÀB') AS lower, '{"a": [1]}'::jsonb -> 'a' AS field, '{1,2}'::int[] && '{2}'::int[] AS overlap, end_evaluation(true) AS ends;
SELECT begin_evaluation(NULL, 1) AS ready, lower(repeat('a', 3000)) IS NULL AS gives_up, lower('A') IS NULL AS for_good, end_evaluation(true) AS ends, lower('A') AS outside;
SELECT begin_evaluation('-infinity', 1) IS NULL AS late, begin_evaluation(NULL, repeat('x', 9000)) AS large;
COMMIT;
SELECT string_agg(o.oid::regoperator::text, ' ' ORDER BY o.oid::regoperator::text COLLATE "C") AS "operators that are not counted"
FROM pg_operator o
WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprname IN ('=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '||', '->', '->>', '#>', '#>>', '@>', '<@', '&&', '?', '?|', '?&', '~~', '!~~', '~~*', '!~~*')
	AND o.oprleft IN ('text'::regtype, 'jsonb'::regtype, 'anyarray'::regtype, 'anycompatiblearray'::regtype)
	AND o.oprright NOT IN ('name'::regtype)
	AND NOT EXISTS (SELECT FROM pg_operator c WHERE c.oprnamespace = 'voiceagent_condition'::regnamespace AND c.oprname = o.oprname AND c.oprleft = o.oprleft AND c.oprright = o.oprright);

-- a pass ends its transaction's share in time, goes on, tells of leads beyond the bounds, and switches off what costs too much for many
SET SESSION AUTHORIZATION r45_bounds;
SELECT voiceagent.create_assistant('bounds', 'Hello', 'Be kind') AS assistant \gset
SELECT voiceagent.create_campaign('bounds', :assistant) AS campaign \gset
SELECT voiceagent.create_audience('few', :campaign, 'context -> ''a'' @> ''["x", 1, 2]''') > 0 AS few;
RESET SESSION AUTHORIZATION;
CREATE PROCEDURE pg_temp.pass(n integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. n LOOP
		UPDATE voiceagent_private.audience_turns SET next_at = '-infinity' WHERE next_at < 'infinity';
		PERFORM voiceagent_private.set_tenant(0);
		PERFORM pg_temp.enrol(1000);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
CALL pg_temp.pass(1);
SET SESSION AUTHORIZATION r45_bounds;
SELECT error, stopped_at IS NOT NULL AS stopped, last_pass_at IS NOT NULL AS passed FROM voiceagent.audiences;
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
SELECT count(voiceagent.add_lead('312556' || lpad(i::text, 4, '0'), context => jsonb_build_object('a', (SELECT jsonb_agg(true) FROM generate_series(1, 1900))))) FROM generate_series(1, 120) i;
SELECT voiceagent.create_audience('many', :campaign, 'context -> ''a'' @> ''["x", 1, 2]''') > 0 AS many;
RESET SESSION AUTHORIZATION;
CALL pg_temp.pass(5);
SET SESSION AUTHORIZATION r45_bounds;
SELECT regexp_replace(error, '\d{3}', 'N', 'g') AS error, stopped_at IS NOT NULL AS stopped FROM voiceagent.audiences;
SELECT event_type, event_data ->> 'audience' AS audience FROM voiceagent.events WHERE campaign_id = :campaign AND event_type = 'audience_stopped';
RESET SESSION AUTHORIZATION;
SELECT pg_temp.enrol(10) IS NULL AS sleeps;
-- as many as are looked at in time
SET SESSION AUTHORIZATION r45_bounds;
SELECT count(voiceagent.create_audience('a' || i, :campaign, 'false')) FROM generate_series(1, 99) i;
SELECT voiceagent.create_audience('one more', :campaign, 'false');
SELECT count(voiceagent.drop_audience(audience_id)) FROM voiceagent.audiences;
RESET SESSION AUTHORIZATION;
REVOKE CREATE ON SCHEMA public FROM r45_bounds;
