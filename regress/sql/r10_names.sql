-- What people call a thing is one line: a name with a control character is refused everywhere, in the same way as an empty one (white space in an agent's becomes a blank), and any letter is taken.
SET client_min_messages = warning;
SELECT voiceagent.create_tenant('Names', credits => 100) AS tenant \gset
CREATE FUNCTION pg_temp.try(statement text, name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'SELECT FROM voiceagent.' || statement USING name;
	RAISE EXCEPTION USING ERRCODE = 'VATRY';
EXCEPTION WHEN SQLSTATE 'VATRY' THEN RETURN 'taken';
	WHEN SQLSTATE 'PT422' THEN RETURN 'refused: ' || SQLERRM;
	WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.create_assistant('Nova', 'Hello', 'Be kind.') AS a \gset
SELECT voiceagent.create_campaign('Spring', :a) AS c \gset
SELECT voiceagent.create_calendar('Visits', 'UTC') AS k \gset
SELECT voiceagent.update_calendar(:k, '{"people_rule": "round_robin"}');
WITH s(place, statement) AS (VALUES
	(1, format('create_campaign($1, %s)', :a)), (2, format('update_campaign(%s, jsonb_build_object(''name'', $1))', :c)), (3, format('clone_campaign(%s, $1)', :c)),
	(4, 'create_assistant($1, ''Hello'', ''Be kind.'')'), (5, format('update_assistant(%s, jsonb_build_object(''name'', $1))', :a)),
	(6, 'create_calendar($1, ''UTC'')'), (7, format('update_calendar(%s, jsonb_build_object(''name'', $1))', :k)), (8, format('set_calendar_person(%s, $1)', :k)),
	(9, 'create_export_schedule($1, ''day'', ''calls'')'), (10, 'add_agent($1, ARRAY[''+12125550201''])'), (11, format('create_audience($1, %s, ''true'')', :c)),
	(12, 'add_knowledge($1, ''words'')'), (13, 'create_test_caller($1, ''[{"say": "x"}]'', ''[{"path": "outcome", "is": "present"}]'')'), (14, 'create_provider_account(''sandbox'', $1, ''{}'')'))
SELECT s.place, (SELECT count(DISTINCT pg_temp.try(s.statement, n)) FROM unnest(ARRAY[E'a\x01b', E'a\x1Bb', E'a\x7Fb', ' ']) n) AS ways, pg_temp.try(s.statement, E'a\x01b') AS with_a_control,
	pg_temp.try(s.statement, E'a\tb') = pg_temp.try(s.statement, '') AND pg_temp.try(s.statement, E'a\nb') = pg_temp.try(s.statement, '') AS one_line, pg_temp.try(s.statement, 'Žluťoučký кот ☎ 猫') AS with_letters FROM s ORDER BY s.place;
ROLLBACK;
