-- Assistants are tested by scripted callers: what a talk comes to is what a call would come to, and nothing is left of it.
\set ECHO none
SET client_min_messages = warning;
SELECT voiceagent.create_tenant(name := 'r94 prompt tests', timezone := 'America/New_York', credits := 100000) AS tenant \gset
SELECT voiceagent.create_tenant(name := 'r94 others', credits := 1000) AS other \gset
CREATE ROLE regress_r94_owner LOGIN; SELECT voiceagent.map_role('regress_r94_owner', :tenant) \g /dev/null
CREATE ROLE regress_r94_other LOGIN; SELECT voiceagent.map_role('regress_r94_other', :other) \g /dev/null
CREATE TEMP TABLE rows_before AS SELECT (SELECT count(*) FROM voiceagent.calls) AS calls,
	(SELECT count(*) FROM voiceagent.leads) AS leads, (SELECT count(*) FROM voiceagent.appointments) AS appointments,
	(SELECT count(*) FROM voiceagent.campaigns) AS campaigns, (SELECT count(*) FROM voiceagent.tenants) AS tenants,
	(SELECT count(*) FROM voiceagent.do_not_call_list) AS opt_outs;
GRANT SELECT ON rows_before TO regress_r94_owner;
CREATE TEMP TABLE texts (language text, tag text, first text, prompt text);
GRANT SELECT ON texts TO regress_r94_owner;
INSERT INTO texts VALUES
	('en', 'en-US', 'Hello {{first_name}}, this is Nova, an automated assistant of Acme Solar.',
	E'You are Nova, the voice assistant of Acme Solar.\n## What you offer\n> Free roof inspections.\nAbout prices:\n> The inspection is free.\n'
		'## Goal: an appointment\nAgree on a day and an hour.\n## Questions to ask\n1. "How old is the roof?" WAIT for the answer.\n'),
	('es', 'es-ES', 'Hola {{first_name}}, soy Nova, asistente automática de Acme Solar.',
	E'Eres Nova, la asistente de voz de Acme Solar.\n## Lo que ofreces\n> Inspecciones gratuitas de tejados.\nSobre los precios:\n> La inspección es gratuita.\n'
		'## Objetivo: una cita\nAcuerda un día y una hora.\n'),
	('fr', 'fr-FR', 'Bonjour {{first_name}}, ici Nova, assistante automatique de Acme Solar.',
	E'Tu es Nova, l''assistante vocale de Acme Solar.\n## Ce que tu proposes\n> Des inspections gratuites de toitures.\nÀ propos des prix :\n> L''inspection est gratuite.\n'
		'## But : un rendez-vous\nConviens d''un jour et d''une heure.\n'),
	('de', 'de-DE', 'Guten Tag {{first_name}}, hier ist Nova, automatische Assistentin von Acme Solar.',
	E'Du bist Nova, die Sprachassistentin von Acme Solar.\n## Was du anbietest\n> Kostenlose Dachinspektionen.\nZu den Preisen:\n> Die Inspektion ist kostenlos.\n'
		'## Ziel: ein Termin\nVereinbare einen Tag und eine Uhrzeit.\n');
-- What the desk plays by: answers, as a wizard keeps them.
CREATE FUNCTION pg_temp.answer(assistant_id bigint, language text, version integer DEFAULT 1) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO voiceagent.assistant_answers (tenant_id, assistant_id, version, answers, profile, template_version, created_at)
	SELECT v.tenant_id, v.assistant_id, version, jsonb_build_object('business', '{"business_name": "Acme Solar"}'::jsonb,
		'voice', '{"assistant_name": "Nova"}'::jsonb, 'objections', '{"objections": []}'::jsonb,
		'offer', jsonb_build_object('offer', o.offer, 'price_note', o.price),
		'objective', jsonb_build_object('objective', 'appointment', 'questions', o.questions)),
		'general', 1, now()
	FROM voiceagent.assistant_versions v
	JOIN (VALUES ('en', 'a free roof inspection', 'The inspection is free.', '["How old is the roof?"]'::jsonb),
		('es', 'una inspección gratuita del tejado', 'La inspección es gratuita.', '[]'),
		('fr', 'une inspection gratuite de la toiture', 'L''inspection est gratuite.', '[]'),
		('de', 'eine kostenlose Dachinspektion', 'Die Inspektion ist kostenlos.', '[]')) o(language, offer, price, questions)
		ON o.language = answer.language
	WHERE v.assistant_id = answer.assistant_id AND v.version = 1
	RETURNING assistant_id
$$;
CREATE FUNCTION pg_temp.attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_result text; v_detail text; v_hint text;
BEGIN
	EXECUTE statement INTO v_result;
	RETURN coalesce(v_result, 'done');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(format('%s: %s (%s)', SQLSTATE, SQLERRM, concat_ws(' ', nullif(v_detail, ''), nullif(v_hint, ''))),
		'(assistant|run) [0-9]+|\m(test_report|test_assistant)\([0-9]+\)', '\1\2 N', 'g');
END
$$;
\set ECHO all

-- Golden talks in four languages: the appointment is that of the words, in the place of the lead.
SET SESSION AUTHORIZATION regress_r94_owner;
CREATE TEMP TABLE assistants AS SELECT language, voiceagent.create_assistant('r94 ' || language, first, prompt,
	settings := jsonb_build_object('language', tag)) AS id FROM texts ORDER BY language;
SELECT count(pg_temp.answer(id, language)) AS answered FROM assistants;
CREATE TEMP TABLE runs AS SELECT a.language, a.id, voiceagent.test_assistant(a.id, callers := '{agrees,busy,opts_out,wrong_person}') AS run
FROM (SELECT * FROM assistants ORDER BY language OFFSET 0) a;
SELECT r.language, t.caller, t.passed, t.failed_predicate, t.transcript
FROM runs r CROSS JOIN LATERAL voiceagent.test_report(r.run) t WHERE t.caller IN ('agrees', 'busy') ORDER BY r.language, t.caller;
SELECT r.language, t.caller, t.end_state ->> 'outcome' AS outcome, t.end_state #>> '{appointments,0,date}' AS date,
	t.end_state #>> '{appointments,0,time}' AS time, t.end_state #>> '{callback,time}' AS callback, t.end_state -> 'do_not_call' AS stopped
FROM runs r JOIN voiceagent.test_talks t ON t.test_run_id = r.run ORDER BY r.language, t.caller;

-- All that are shipped pass, each in a talk of eight turns or more; the same seed gives the same digest, another one another.
SELECT voiceagent.test_assistant(id) AS run FROM assistants WHERE language = 'en' \gset
SELECT voiceagent.test_assistant(id, k := 2, seed := 5) AS second FROM assistants WHERE language = 'en' \gset
SELECT voiceagent.test_assistant(id, k := 2, seed := 5) AS again FROM assistants WHERE language = 'en' \gset
SELECT voiceagent.test_assistant(id, k := 2, seed := 6) AS third FROM assistants WHERE language = 'en' \gset
SELECT caller, tested, talks, passed, verdict, failed_predicate FROM voiceagent.test_report(:run);
SELECT min(jsonb_array_length(turns)) >= 8 AS long_enough FROM voiceagent.test_talks WHERE test_run_id = :run;
SELECT a.digest = b.digest AS same, a.digest <> c.digest AS another, length(a.digest), a.talks, a.passed, a.verdict
FROM voiceagent.test_runs a, voiceagent.test_runs b, voiceagent.test_runs c
WHERE a.test_run_id = :second AND b.test_run_id = :again AND c.test_run_id = :third;
SELECT transcript FROM voiceagent.test_report(:second) WHERE caller IS NULL;

-- Nothing is left of the calls: no lead, no call, no appointment, no opt-out, no money, no tenant; the clock is the real one.
RESET SESSION AUTHORIZATION;
SELECT b.calls = (SELECT count(*) FROM voiceagent.calls) AND b.leads = (SELECT count(*) FROM voiceagent.leads)
	AND b.appointments = (SELECT count(*) FROM voiceagent.appointments) AND b.tenants = (SELECT count(*) FROM voiceagent.tenants)
	AND b.campaigns = (SELECT count(*) FROM voiceagent.campaigns) AND b.opt_outs = (SELECT count(*) FROM voiceagent.do_not_call_list)
		AS nothing_left, voiceagent_private.simulating() AS simulating, abs(extract(epoch FROM voiceagent.clock() - now())) < 86400 AS real_time
FROM rows_before b;
SET SESSION AUTHORIZATION regress_r94_owner;

-- An own caller: its predicates are data, and the first that does not hold is named.
SELECT voiceagent.create_test_caller('buyer', '[{"turn": 1, "say": "Yes, what is this about?"}, {"turn": 2, "say": "That sounds good."},
	{"heard": ["how old"], "say": "About 15 years."}, {"heard": ["which day", "what time", "what day"], "say": "On Friday at 10 am."},
	{"heard": ["is that right", "correct"], "say": "Yes, that is right."}]', '[{"path": "outcome", "is": "=", "value": "scheduled"},
	{"path": "appointments.0.time", "is": "=", "value": "10:00"}, {"path": "appointments.0.date", "is": ">=", "value": "2030-01-09"},
	{"path": "said", "is": "contains", "value": "ROOF"}, {"path": "talk.turns", "is": ">", "value": 7}, {"path": "callback", "is": "absent"},
	{"path": "call.status", "is": "in", "value": ["completed"]}, {"path": "heard", "is": "lacks", "value": "goodbye"},
	{"path": "lead.qualified", "is": "=", "value": false}]', persona := 'In a hurry.', goal := 'An appointment on Friday.') > 0 AS made;
SELECT voiceagent.test_assistant(id, callers := '{buyer}') AS run FROM assistants WHERE language = 'en' \gset
SELECT caller, verdict, failed_predicate, transcript FROM voiceagent.test_report(:run);
SELECT pg_temp.attempt(format('SELECT voiceagent.create_test_caller(%L, %L, %L)', c.name, c.lines, c.expect)) FROM (VALUES
	('buyer', '[{"say": "x"}]', '[{"path": "outcome", "is": "present"}]'), ('', '[{"say": "x"}]', '[]'), ('a', '[]', '[]'),
	('a', '[{"turn": 1}]', '[]'), ('a', '[{"say": "x", "turn": 1e9}]', '[]'), ('a', '[{"say": "x", "pattern": "(a+)+$"}]', '[]'),
	('a', '[{"say": "x"}]', '[]'), ('a', '[{"say": "x"}]', '[{"path": "outcome; DROP TABLE leads", "is": "present"}]'),
	('a', '[{"say": "x"}]', '[{"path": "outcome", "is": "~", "value": "x"}]'), ('a', '[{"say": "x"}]', '[{"path": "outcome", "is": "="}]'),
	('a', format('[{"say": "%s"}]', repeat('x', 1000000)), '[]')) AS c(name, lines, expect);
SELECT pg_temp.attempt($$SELECT voiceagent.create_test_caller('a', '[{"say": "x"}]', '[{"path": "outcome", "is": "present"}]', faults := '[{"turn": 1, "fault": "earthquake"}]')$$);
SELECT pg_temp.attempt($$SELECT voiceagent.create_test_caller('a', '[{"say": "x"}]', '[{"path": "outcome", "is": "present"}]', language := 'xx')$$);
SELECT pg_temp.attempt($$SELECT voiceagent.create_test_caller('a', '[{"say": "x"}]', '[{"path": "result", "is": "absent"}]')$$);
SELECT pg_temp.attempt(format('SELECT voiceagent.test_assistant(%s, %s)', id, a)) FROM assistants, unnest('{k := 0,k := 101,"callers := ''{nobody}''",seed := NULL,version := 99,"objective := ''x''","model := ''gpt''","callers := ''{}''"}'::text[]) a WHERE language = 'en';

-- Hostile callers: they say what they may, and the talk ends.
SELECT voiceagent.create_test_caller('bomb', jsonb_build_array(jsonb_build_object('say', repeat('((a+)+)+$ ', 500), 'again', true)),
	'[{"path": "talk.turns", "is": "<=", "value": 60}, {"path": "said", "is": "present"}]') > 0 AS made;
SELECT voiceagent.test_assistant(id, callers := '{bomb}') AS run FROM assistants WHERE language = 'en' \gset
SELECT caller, verdict, failed_predicate FROM voiceagent.test_report(:run);
SELECT voiceagent.remove_test_caller(test_caller_id) FROM voiceagent.test_callers WHERE name = 'bomb';

-- A version that has failed is not given to a campaign; a person may let it through, which is recorded; a new version is another.
SELECT voiceagent.test_assistant(id, callers := '{buyer}') AS run, id FROM assistants WHERE language = 'en' \gset
SELECT verdict, method, allowed_reason FROM voiceagent.assistant_verdicts WHERE assistant_id = :id;
SELECT pg_temp.attempt(format('SELECT voiceagent.create_campaign(''r94 failed'', %s)', :id));
SELECT voiceagent.create_campaign('r94 another', voiceagent.create_assistant('r94 other', 'Hello?', 'You call.')) AS another \gset
SELECT pg_temp.attempt(format('SELECT voiceagent.start_experiment(%s, %s, 1)', :another, :id));
SELECT pg_temp.attempt(format('SELECT voiceagent.allow_assistant_version(%s, 1, '' '')', :id));
SELECT pg_temp.attempt(format('SELECT voiceagent.allow_assistant_version(%s, 7, ''x'')', :id));
SELECT voiceagent.allow_assistant_version(:id, 1, 'The owner has read the transcript.');
SELECT voiceagent.create_campaign('r94 allowed', :id) > 0 AS made;
SELECT action, new_value FROM voiceagent.audit_log WHERE action = 'allow_assistant_version';
SELECT voiceagent.update_assistant(:id, '{"first_message": "Hi {{first_name}}, this is Nova of Acme Solar."}') AS version;
SELECT voiceagent.create_campaign('r94 untested', :id) > 0 AS made;
BEGIN;
SELECT voiceagent.set_setting('require_prompt_test', 'true');
SELECT pg_temp.attempt(format('SELECT voiceagent.create_campaign(''r94 required'', %s)', :id));
SELECT voiceagent.test_assistant(:id, callers := '{agrees,opts_out}') > 0 AS tested;
SELECT pg_temp.attempt(format('SELECT voiceagent.create_campaign(''r94 chosen'', %s)', :id));
SELECT voiceagent.remove_test_caller(test_caller_id) FROM voiceagent.test_callers WHERE name = 'buyer';
SELECT voiceagent.test_assistant(:id) > 0 AS tested;
SELECT voiceagent.create_campaign('r94 passed', :id) > 0 AS made;
ROLLBACK;

-- Every limit has its number.
BEGIN;
RESET SESSION AUTHORIZATION;
SELECT voiceagent.set_setting('test_callers_per_run', '3'), voiceagent.set_setting('test_callers_kept', '2'), voiceagent.set_setting('test_runs_kept', '2') \g /dev/null
SET SESSION AUTHORIZATION regress_r94_owner;
SELECT pg_temp.attempt(format('SELECT voiceagent.test_assistant(%s, callers := ''{agrees,busy}'', k := 2)', :id));
SELECT count(*) FROM generate_series(1, 3) i, LATERAL (SELECT voiceagent.test_assistant(:id, callers := '{agrees}', seed := i)) r;
SELECT count(*) AS kept, min(seed) AS oldest FROM voiceagent.test_runs WHERE assistant_id = :id;
SELECT pg_temp.attempt(format('SELECT voiceagent.create_test_caller(%L, ''[{"say": "x"}]'', ''[{"path": "outcome", "is": "present"}]'')', 'limit ' || i)) ~ '^[0-9]+$' AS made FROM generate_series(1, 1) i;
SELECT pg_temp.attempt(format('SELECT voiceagent.create_test_caller(%L, %L, %L, faults := %L)', 'limit ' || c.n, c.lines, c.expect, c.faults)) FROM (VALUES
	(2, '[{"say": "x"}]'::jsonb, '[{"path": "outcome", "is": "present"}]'::jsonb, '[]'::jsonb),
	(3, (SELECT jsonb_agg('{"say": "x"}'::jsonb) FROM generate_series(1, 61)), '[{"path": "outcome", "is": "present"}]', '[]'),
	(4, '[{"say": "x"}]', (SELECT jsonb_agg('{"path": "outcome", "is": "present"}'::jsonb) FROM generate_series(1, 51)), '[]'),
	(5, '[{"say": "x"}]', '[{"path": "outcome", "is": "present"}]', (SELECT jsonb_agg('{"turn": 1, "fault": "silence"}'::jsonb) FROM generate_series(1, 61))),
	(6, '[{"say": "x"}]', '[{"path": "fields.a.b.c.d.e.f.g.h", "is": "present"}]', '[]'),
	(7, '[{"say": "x"}]', jsonb_build_array(jsonb_build_object('path', 'said', 'is', 'contains', 'value', repeat('x', 4000))), '[]')) AS c(n, lines, expect, faults);
ROLLBACK;

-- Nor does another tenant see any of it.
SET SESSION AUTHORIZATION regress_r94_other;
SELECT pg_temp.attempt(format('SELECT voiceagent.test_assistant(%s)', :id)), pg_temp.attempt('SELECT voiceagent.test_assistant(0)');
SELECT pg_temp.attempt(format('SELECT voiceagent.test_report(%s)', :run)), pg_temp.attempt('SELECT voiceagent.test_report(0)');
SELECT (SELECT count(*) FROM voiceagent.test_runs) AS runs, (SELECT count(*) FROM voiceagent.test_talks) AS talks,
	(SELECT count(*) FROM voiceagent.test_callers) AS callers, (SELECT count(*) FROM voiceagent.assistant_verdicts) AS verdicts;
RESET SESSION AUTHORIZATION;
-- What the desk is given of each.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent_private.talker_assistant(id, 1, 'outbound') FROM assistants ORDER BY language;
ROLLBACK;

-- A talk with a vendor's model whose next turn cannot be asked for has failed, and its run ends.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
INSERT INTO voiceagent.model_accounts (tenant_id, provider, name, base_url, default_model, max_concurrent_requests, created_at)
VALUES (:tenant, 'compatible', 'r94', 'https://models.example.com/v1', 'm', 8, voiceagent.clock()) RETURNING model_account_id AS account \gset
SELECT voiceagent.test_assistant(id, callers := '{agrees,busy}', model_account_id := :account) AS run FROM assistants WHERE language = 'en' \gset
SELECT status, talks FROM voiceagent.test_runs WHERE test_run_id = :run;
UPDATE voiceagent.model_accounts SET active = false WHERE tenant_id = :tenant AND model_account_id = :account;
SELECT count(voiceagent_private.end_model_request(model_request_id, 'done', NULL, NULL, 'Hello, this is Nova.')) AS answered
FROM voiceagent.model_requests WHERE purpose = 'prompt_test' AND object_id = :run;
SELECT m.status, m.error FROM voiceagent.model_requests m WHERE m.purpose = 'prompt_test' AND m.object_id = :run;
SELECT status FROM voiceagent.test_runs WHERE test_run_id = :run;
SELECT caller, verdict, failed_predicate FROM voiceagent.test_report(:run);
ROLLBACK;

-- Every profile that calls passes its own prompt test, in each language.
BEGIN;
CREATE FUNCTION pg_temp.verdict(profile text, language text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	w bigint := voiceagent.wizard_start(profile, language);
	own jsonb := CASE WHEN profile = 'general' THEN '{"offer": "a talk about Acme", "audience": "people who asked"}' ELSE '{}' END;
BEGIN
	PERFORM voiceagent.wizard_answer(w, 1, '{"business_name": "Acme"}'), voiceagent.wizard_answer(w, 2, own - 'audience'), voiceagent.wizard_answer(w, 3, own - 'offer');
	RETURN (SELECT string_agg(concat_ws(' ', r.caller, r.failed_predicate), '; ') FROM voiceagent.test_report(voiceagent.test_assistant(voiceagent.wizard_finish(w))) r WHERE r.verdict = 'failed');
END
$$;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT count(*) AS profiles, string_agg(concat_ws(' ', profile, language, v), E'\n') FILTER (WHERE v <> '') AS failed
FROM (SELECT p.profile, p.language, pg_temp.verdict(p.profile, p.language) AS v FROM (SELECT DISTINCT profile, language FROM voiceagent.wizard_profiles WHERE profile NOT LIKE 'receptionist%') p) x;
ROLLBACK;
