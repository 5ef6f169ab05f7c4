-- What a jsonb prints is bounded, and what no reader of ours can read is refused, where it is handed over: not at each dial.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;

-- As many bytes as the text has, up to the bound.
CREATE TEMP TABLE printed (value jsonb);
INSERT INTO printed SELECT x::jsonb FROM unnest(ARRAY['{}', '[]', '""', 'null', 'true', 'false', '0', '-1.50', '1e5', '1.5e-7', '[[], {}, [{}]]', '{"a": 1, "b": [1, "x", null, true], "c": {"d": false}}',
	'"\"\\\b\f\n\r\t\u0001\u001f\u007f é € 😀"', '{"\n": "é"}', '[1, [2, [3, [4]]]]']) x;
INSERT INTO printed SELECT to_jsonb(d) FROM pg_description d LIMIT 50;
SELECT value FROM printed WHERE voiceagent_private.json_bytes(value, 1000000) <> octet_length(value::text);
SELECT count(*) AS bounded, count(*) FILTER (WHERE voiceagent_private.json_bytes(value, octet_length(value::text) - 1) = octet_length(value::text)) AS as_one_more FROM printed;
SELECT pg_column_size(v) < 1000 AS small, octet_length(v::text) > 3000000 AS prints_megabytes, voiceagent_private.json_bytes(v, 1000000) AS bytes
FROM (SELECT jsonb_agg('1e131000'::jsonb) AS v FROM generate_series(1, 30)) x;

-- Readable to the last bit and level, and no further.
SELECT v, voiceagent_private.json_fault(v::jsonb) FROM unnest(ARRAY['9223372036854775807', '-9223372036854775808', '9223372036854775808', '-9223372036854775809', '{"a": [1, 1e19]}', '1.5e308', '1e308', '0.1e-400', '"1e400"', '[]']) v;
SELECT left((5e308::numeric + 0.5)::text, 5) AS too_large, voiceagent_private.json_fault(to_jsonb(5e308::numeric + 0.5));
SELECT levels, voiceagent_private.json_fault((repeat('[', levels) || repeat(']', levels))::jsonb) FROM unnest(ARRAY[500, 501, 3000]) levels;

-- Each door: of a lead, its enrichments, an assistant, an account, a report, a scripted caller, a test call.
SELECT voiceagent.create_tenant('Json', credits => 100) AS tenant \gset
CREATE ROLE regress_json LOGIN;
SELECT voiceagent.map_role('regress_json', :tenant);
CREATE FUNCTION pg_temp.tries(statement text) RETURNS TABLE (given text, answer text) LANGUAGE plpgsql AS $$
DECLARE
	v_given jsonb;
	v_message text;
	v_detail text;
BEGIN
	FOR given, v_given IN VALUES ('wide', jsonb_build_object('x', (SELECT jsonb_agg('1e131000'::jsonb) FROM generate_series(1, 40)))),
		('large', '{"x": 12345678901234567890}'), ('deep', jsonb_build_object('x', (repeat('[', 600) || repeat(']', 600))::jsonb)) LOOP
		BEGIN
			EXECUTE statement USING v_given;
			answer := 'taken';
			RAISE EXCEPTION 'taken' USING ERRCODE = 'ZZ001';
		EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
			RETURN NEXT;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL;
			answer := concat_ws(': ', SQLSTATE, v_message, nullif(left(v_detail, 80), ''));
			RETURN NEXT;
		END;
	END LOOP;
END $$;
SET SESSION AUTHORIZATION regress_json;
SELECT voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.') AS ann, voiceagent.add_lead('+12125550142') AS lead \gset
SELECT d.door, t.* FROM (VALUES
	('add_lead', format('SELECT voiceagent.add_lead(%L, context => $1)', '+12125550143')),
	('update_lead', format('SELECT voiceagent.update_lead(%s, jsonb_build_object(%L, $1))', :lead, 'context')),
	('enrich_lead', format('SELECT voiceagent.enrich_lead(%s, %L, $1)', :lead, 'crm')),
	('create_assistant', format('SELECT voiceagent.create_assistant(%L, %L, %L, settings => jsonb_build_object(%L, $1))', 'Bob', 'Hello', 'Talk', 'provider_options')),
	('update_assistant', format('SELECT voiceagent.update_assistant(%s, jsonb_build_object(%L, jsonb_build_object(%L, $1)))', :ann, 'settings', 'provider_options')),
	('account', format('SELECT voiceagent.create_provider_account(%L, %L, %L, jsonb_build_object(%L, %L, %L, $1))', 'vapi', 'V', '{"api_key": "k"}', 'phone_number_id', '1', 'webhook')),
	('report_call', 'SELECT voiceagent.report_call(1, structured_data => $1)'),
	('report_call turns', 'SELECT voiceagent.report_call(1, turns => jsonb_build_array($1))'),
	('create_test_caller', format('SELECT voiceagent.create_test_caller(%L, %L, %L, variables => $1)', 'C', '["Hello"]', '[]')),
	('test_call', format('SELECT voiceagent.test_call(%s, %L, variables => $1)', :ann, '+12125550144'))) d(door, statement), pg_temp.tries(d.statement) t;
-- Over many in one call, each by itself.
SELECT voiceagent.enrich_leads(jsonb_build_array(jsonb_build_object('lead_id', :lead, 'source', 'a', 'data', '{"id": 12345678901234567890}'::jsonb), jsonb_build_object('lead_id', :lead, 'source', 'b', 'data', '{"id": "12345678901234567890"}'::jsonb))) - 'x' AS answer;
RESET SESSION AUTHORIZATION;
DELETE FROM voiceagent_private.role_map WHERE role_name = 'regress_json';
DROP ROLE regress_json;
