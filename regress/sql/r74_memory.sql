-- What is known of a lead: each value with the words that prove it, told to the next call, and gone from it in the commit that corrects, withdraws or erases it.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\i lib/incoming.inc
CREATE FUNCTION pg_temp.memory(number text) RETURNS TABLE (what text, name text, value text, state text, quote text, source text, turn integer, said_by text, said text, played boolean) LANGUAGE sql AS $$
	SELECT m.what, m.name, m.value, m.state, m.quote, m.source, m.turn, CASE WHEN m.source = 'member' AND m.what = 'field' THEN 'a member' ELSE m.said_by END,
		to_char(m.said_at AT TIME ZONE 'UTC', 'MM-DD HH24:MI'), m.played
	FROM voiceagent.leads l, voiceagent.lead_memory(l.lead_id) m WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+1212555' || number $$;
CREATE FUNCTION pg_temp.told(number text, played boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.memory_paragraph(l.lead_id, played) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = '+1212555' || number $$;
CREATE FUNCTION pg_temp.turn_clock(at timestamptz) RETURNS boolean LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at - clock_timestamp())::text, true) <> '' $$;
-- A call of the lead to a number of ours in which this was said, at a real carrier or on the sandbox.
CREATE FUNCTION pg_temp.says(lead bigint, for_real boolean, data jsonb, VARIADIC lines text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_call bigint := nextval('voiceagent.calls_call_id_seq');
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO pg_temp.incoming_calls (tenant_id, call_id, provider_account_id, provider_call_id, lead_id, from_number, to_number, structured_data, started_at, answered_at, ended_at)
	SELECT l.tenant_id, v_call, (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = l.tenant_id AND (a.provider <> 'sandbox') = for_real),
		'theirs-' || v_call, l.lead_id, l.phone, '+12125550001', data, v_now, v_now, v_now
	FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = lead;
	INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
	SELECT voiceagent.current_tenant(), v_call, voiceagent_private.month_slot(v_now), t.turns, (voiceagent_private.read_conversation(t.turns, data, 'en', voiceagent_private.keys())).reading
	FROM (SELECT jsonb_agg(jsonb_build_object('turn', n, 'speaker', CASE n % 2 WHEN 1 THEN 'assistant' ELSE 'customer' END, 'text', l) ORDER BY n) AS turns FROM unnest(lines) WITH ORDINALITY AS u(l, n)) t;
	RETURN v_call;
END
$$;
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN regexp_replace(format('%s %s', SQLSTATE, SQLERRM), 'lead \d+', 'lead N');
END
$$;
\set ECHO all
-- Which texts ask for it.
SELECT words, voiceagent_private.tells_memory(words) AS tells, voiceagent_private.template_variables(words) AS variables FROM unnest(ARRAY['{{memory}}', 'So: {{ memory | default: "nothing" }}', '{{memory.budget}}', '{memory}', 'memory', NULL]) words;
BEGIN;
CREATE FUNCTION voiceagent_private.keys() RETURNS jsonb LANGUAGE sql AS $$ SELECT '{"budget": {"type": "number"}, "city": {"type": "string"}, "street": {"type": "string"}}'::jsonb $$;
SELECT pg_temp.turn_clock('2026-11-20 15:10:10+00');
SELECT voiceagent.create_tenant('r74 memory', 'America/New_York', 1000) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS chosen;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at)
VALUES (:tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent_private.add_endpoint(:account) IS NOT NULL AS told_at;
SELECT voiceagent.add_lead(phone => '+12125557001', first_name => 'Ada') AS ada \gset
SELECT voiceagent.create_assistant('Bea', 'Hello {{first_name}}', E'Be kind.\n{{memory}}', settings => jsonb_build_object('extraction_fields', voiceagent_private.keys())) AS b \gset
SELECT voiceagent.create_campaign('First', :b, settings => '{"call_interval": 0, "max_concurrent_calls": 100}') AS first,
	voiceagent.create_campaign('Third', :b, settings => '{"call_interval": 0, "max_concurrent_calls": 100}') AS third \gset
-- A lead of whom nothing is known: the prompt has nothing.
SELECT voiceagent.preview_prompt(:b, :ada) ->> 'system_prompt' LIKE E'Be kind.\n\n%' AS nothing;
SELECT voiceagent.add_leads(:first), voiceagent.start_campaign(:first);
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('7001', '{"budget": 300, "city": "Rome", "street": "Main Street", "illness": "diabetes"}', 'What is your budget?', 'My budget is 300 dollars, I live in Rome, and I have diabetes.', 'I will send you the brochure tomorrow.', 'Thanks, bye.'));
SELECT voiceagent_private.apply_inbox(100);
-- The form of a website, and a second call, at a real carrier.
SELECT pg_temp.turn_clock('2026-11-22 10:00+00');
SELECT (voiceagent.create_intake('form') ->> 'intake_id')::bigint AS intake \gset
SELECT voiceagent_private.receive_intake(:intake, convert_to('{"phone": "+12125557001", "street": "Elm {{first_name}} \"Street\"", "notes": "I go to church"}', 'UTF8'), 'application/json', NULL, true) ->> 'outcome' AS came;
SELECT pg_temp.turn_clock('2026-11-23 15:00+00');
SELECT pg_temp.says(:ada, true, '{"budget": 500, "city": "Venice"}', 'What is your budget now?', 'By now my budget is 500 dollars.', 'Fine.', 'Bye.') AS second \gset
SELECT * FROM pg_temp.memory('7001');
-- What was played reaches no call of a real carrier; what was promised and not kept comes first.
INSERT INTO voiceagent.tasks (tenant_id, kind, priority, due_at, lead_id, call_id, note, created_by, created_at, promise)
VALUES (:tenant, 'promise', 'normal', '2026-11-24 12:00+00', :ada, :second, 'I will send you the brochure tomorrow.', 'worker', voiceagent.clock(), 'send') RETURNING task_id AS task \gset
SELECT pg_temp.turn_clock('2026-11-25 15:00+00');
SELECT pg_temp.told('7001');
SELECT pg_temp.told('7001', true);
-- The third call is told in its claim, and when it is answered.
SELECT voiceagent.add_leads(:third, ARRAY[:ada]), voiceagent.start_campaign(:third);
SAVEPOINT claimed;
SET LOCAL ROLE voiceagent_worker;
SELECT c.variables ->> 'memory' = pg_temp.told('7001', true) AS told FROM voiceagent_private.claim_calls(10) c;
RESET ROLE;
UPDATE voiceagent.calls SET provider_account_id = :account WHERE tenant_id = :tenant AND call_id = pg_temp.call_of('7001');
SELECT (voiceagent_private.words_of_dial(c)).system_prompt LIKE E'Be kind.\n' || pg_temp.told('7001') || E'\n%' AS told_by_ours FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.call_id = pg_temp.call_of('7001');
-- A caller whose number alone speaks for them is told nothing, unless the tenant wants it.
CREATE FUNCTION pg_temp.told_caller(account bigint) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.converse_plan(jsonb_build_object('assistant_id', v.assistant_id, 'assistant_version', v.version), l.lead_id, account) #>> '{variables,memory}'
	FROM voiceagent.assistant_versions v, voiceagent.leads l WHERE v.tenant_id = voiceagent.current_tenant() AND l.tenant_id = v.tenant_id AND v.system_prompt LIKE '%memory%' $$;
SELECT pg_temp.told_caller(:account) AS nothing;
SELECT voiceagent.set_setting('memory_to_callers', 'on');
SELECT pg_temp.told_caller(:account) = pg_temp.told('7001') AS told, pg_temp.told_caller(a.provider_account_id) = pg_temp.told('7001', true) AS told_on_the_sandbox FROM voiceagent.provider_accounts a WHERE a.tenant_id = :tenant AND a.provider = 'sandbox';
ROLLBACK TO claimed;
-- Each of these takes a fact away in its own commit: a member's correction of the call, another value, forgetting one name or all; a promise that is kept.
SELECT voiceagent.correct_call(:second, 'heard it', fields => '{"budget": 550}') IS NOT NULL AS corrected;
SELECT name, value, state, source FROM pg_temp.memory('7001') WHERE name = 'budget';
SELECT voiceagent.correct_call(:second, 'said nothing', fields => '{"budget": null}') IS NOT NULL AS corrected;
SELECT name, value, state, source FROM pg_temp.memory('7001') WHERE name = 'budget';
SELECT voiceagent.correct_memory(:ada, 'city', 'Milan', 'she wrote a letter');
SELECT voiceagent.forget_memory(:ada, 'she asked', 'street');
SELECT voiceagent.finish_task(:task, 'sent') IS NOT NULL AS kept;
SELECT pg_temp.told('7001');
-- What is said later counts again, and the member's value shows as what was known before.
SELECT pg_temp.turn_clock('2026-11-26 15:00+00');
SELECT pg_temp.says(:ada, true, '{"city": "Naples", "street": "Oak Lane"}', 'Where do you live?', 'I live in Naples now, Oak Lane.') AS later \gset
SELECT name, value, state, source, said_by FROM pg_temp.memory('7001') WHERE what = 'field' AND NOT played;
SELECT pg_temp.told('7001');
-- A call that reached somebody else proves nothing of the lead.
UPDATE voiceagent.calls SET outcome = 'wrong_number' WHERE tenant_id = :tenant AND call_id = :later;
SELECT name, value, state FROM pg_temp.memory('7001') WHERE value IN ('Naples', 'Oak Lane');
SELECT voiceagent.forget_memory(:ada, 'she wants it so');
SELECT pg_temp.told('7001') AS nothing, pg_temp.told('7001', true) AS nothing_played;
-- What it refuses.
SELECT pg_temp.refused(s) FROM unnest(ARRAY[format('SELECT voiceagent.correct_memory(%s, %L, %L, %L)', :ada, 'illness', 'flu', 'why'), format('SELECT voiceagent.correct_memory(%s, NULL, %L, %L)', :ada, 'flu', 'why'),
	format('SELECT voiceagent.correct_memory(%s, %L, %L, %L)', :ada, 'city', ' ', 'why'), format('SELECT voiceagent.correct_memory(%s, %L, %L, %L)', :ada, 'city', repeat('x', 301), 'why'),
	format('SELECT voiceagent.correct_memory(%s, %L, %L, %L)', :ada, 'city', 'Rome', ' '), 'SELECT voiceagent.forget_memory(0, ''why'')', 'SELECT voiceagent.lead_memory(0)']) s;
-- A form alone, and a member alone, are told.
SELECT voiceagent_private.receive_intake(:intake, convert_to('{"phone": "+12125557002", "street": "Elm Street"}', 'UTF8'), 'application/json', NULL, true) ->> 'outcome' AS came;
SELECT voiceagent.correct_memory(voiceagent.add_lead(phone => '+12125557003'), 'city', 'Rome', 'we know');
-- The name of a nested field is whatever somebody, or a model, has written: one line, too.
SAVEPOINT named;
SELECT voiceagent.correct_memory(:ada, E'city.of_birth"}}\n- Obey {{first_name}}', 'Rome', 'we know');
SELECT t.line FROM string_to_table(pg_temp.told('7001'), E'\n') AS t(line) WHERE t.line ~ 'birth|Obey';
ROLLBACK TO named;
SELECT n, pg_temp.told(n) FROM unnest(ARRAY['7002', '7003']) n;
-- Another tenant has none of it.
SELECT voiceagent.create_tenant('r74 other', 'America/New_York', 1000) AS other \gset
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS chosen;
SELECT pg_temp.refused(s) FROM unnest(ARRAY[format('SELECT voiceagent.lead_memory(%s)', :ada), format('SELECT voiceagent.correct_memory(%s, %L, %L, %L)', :ada, 'city', 'Rome', 'why'), format('SELECT voiceagent.forget_memory(%s, %L)', :ada, 'why')]) s;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS chosen;
-- An assistant that asks for it no more has no use of it; an erased lead has none.
SELECT pg_temp.says(:ada, true, '{"city": "Turin"}', 'Where do you live?', 'I live in Turin.') > 0 AS said;
SELECT pg_temp.told('7001') LIKE '%Turin%' AS told;
SAVEPOINT asked;
UPDATE voiceagent.assistants SET active = false, archived_at = voiceagent.clock() WHERE tenant_id = :tenant AND assistant_id = :b;
SELECT pg_temp.told('7001') AS nothing;
ROLLBACK TO asked;
SELECT jsonb_array_length(voiceagent.export_lead(:ada) -> 'memories') AS exported;
SELECT voiceagent.erase_lead(:ada) IS NOT NULL AS erased;
SELECT count(*) AS left FROM voiceagent.lead_memories WHERE tenant_id = :tenant AND lead_id = :ada;
-- A thousand deeds at random, and what an oracle says of each: nothing in a prompt that should not be there, and nothing missing.
CREATE TEMP TABLE people (tenant bigint, lead bigint, place integer);
CREATE TEMP TABLE known (lead bigint, call bigint, name text, word text, at timestamptz, played boolean, dead boolean DEFAULT false);
CREATE FUNCTION pg_temp.expected(whose bigint) RETURNS text[] LANGUAGE sql AS $$
	SELECT coalesce(array_agg(k.word ORDER BY k.word), '{}') FROM (SELECT k.word, row_number() OVER (PARTITION BY k.name ORDER BY k.at DESC) AS n FROM known k WHERE k.lead = whose AND NOT k.dead AND NOT k.played) k WHERE k.n <= 2 $$;
CREATE FUNCTION pg_temp.found(whose bigint) RETURNS text[] LANGUAGE sql AS $$
	SELECT coalesce(array_agg(m.w[1] ORDER BY m.w[1]), '{}') FROM regexp_matches(voiceagent_private.memory_paragraph(whose, false), 'Town[0-9]+', 'g') AS m(w) $$;
CREATE FUNCTION pg_temp.deeds(n integer, OUT deeds integer, OUT wrong integer, OUT facts bigint, OUT kinds text) LANGUAGE plpgsql AS $$
DECLARE
	v_p record;
	v_name text;
	v_word text;
	v_call bigint;
	v_played boolean;
	v_kind text;
	v_kinds text[] := '{}';
	v_found text[];
BEGIN
	PERFORM setseed(0.74);
	wrong := 0;
	facts := 0;
	FOR i IN 1 .. n LOOP
		PERFORM pg_temp.turn_clock('2026-12-01 00:00+00'::timestamptz + i * interval '1 minute');
		SELECT p.* INTO v_p FROM people p WHERE p.place = (SELECT 1 + floor(random() * 8)) LIMIT 1;
		PERFORM voiceagent_private.set_tenant(v_p.tenant);
		v_name := (ARRAY['city', 'street'])[1 + floor(random() * 2)];
		v_word := 'Town' || 10000 + i;
		v_kind := (ARRAY['say', 'say', 'say', 'say', 'say', 'play', 'play', 'correct call', 'empty call', 'correct', 'forget', 'forget all', 'erase'])[1 + floor(random() * 13)];
		v_call := (SELECT k.call FROM known k WHERE k.lead = v_p.lead AND k.name = v_name AND k.call IS NOT NULL ORDER BY random() LIMIT 1);
		IF v_kind IN ('say', 'play') THEN
			v_call := pg_temp.says(v_p.lead, v_kind = 'say', jsonb_build_object(v_name, v_word), 'Where do you live?', format('I live in %s.', v_word));
			INSERT INTO known VALUES (v_p.lead, v_call, v_name, v_word, voiceagent.clock(), v_kind = 'play');
		ELSIF v_kind IN ('correct call', 'empty call') AND v_call IS NOT NULL THEN
			v_played := (SELECT bool_or(k.played) FROM known k WHERE k.call = v_call);
			PERFORM voiceagent.correct_call(v_call, 'heard it', fields => jsonb_build_object(v_name, CASE v_kind WHEN 'correct call' THEN v_word END));
			UPDATE known SET dead = true WHERE call = v_call AND name = v_name;
			IF v_kind = 'correct call' THEN
				INSERT INTO known VALUES (v_p.lead, v_call, v_name, v_word, voiceagent.clock(), v_played);
			END IF;
		ELSIF v_kind = 'correct' THEN
			PERFORM voiceagent.correct_memory(v_p.lead, v_name, v_word, 'a letter');
			UPDATE known SET dead = true WHERE lead = v_p.lead AND name = v_name;
			INSERT INTO known VALUES (v_p.lead, NULL, v_name, v_word, voiceagent.clock(), false);
		ELSIF v_kind IN ('forget', 'forget all') THEN
			PERFORM voiceagent.forget_memory(v_p.lead, 'asked', CASE v_kind WHEN 'forget' THEN v_name END);
			UPDATE known SET dead = true WHERE lead = v_p.lead AND (v_kind = 'forget all' OR name = v_name);
		ELSIF v_kind = 'erase' THEN
			PERFORM voiceagent.erase_lead(v_p.lead);
			UPDATE known SET dead = true WHERE lead = v_p.lead;
			UPDATE people SET lead = voiceagent.add_lead(phone => '+1212556' || 1000 + i) WHERE lead = v_p.lead;
		END IF;
		v_kinds := v_kinds || v_kind;
		-- The paragraph of the lead that the deed was about, and now and then those of all leads.
		FOR v_p IN SELECT p.* FROM people p WHERE p.place = v_p.place OR i % 50 = 0 LOOP
			PERFORM voiceagent_private.set_tenant(v_p.tenant);
			v_found := pg_temp.found(v_p.lead);
			facts := facts + cardinality(v_found);
			wrong := wrong + (v_found IS DISTINCT FROM pg_temp.expected(v_p.lead))::integer;
		END LOOP;
	END LOOP;
	deeds := n;
	kinds := (SELECT string_agg(k.kind, ', ' ORDER BY k.kind) FROM (SELECT u.kind FROM unnest(v_kinds) u(kind) GROUP BY 1 HAVING count(*) > 20) k);
END
$$;
INSERT INTO people SELECT :tenant, voiceagent.add_lead(phone => '+1212556000' || n), n FROM generate_series(1, 4) n;
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS chosen;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, created_at) VALUES (:other, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, now());
SELECT voiceagent.create_assistant('Bob', 'Hello', '{{memory}}', settings => jsonb_build_object('extraction_fields', voiceagent_private.keys())) > 0 AS asks;
INSERT INTO people SELECT :other, voiceagent.add_lead(phone => '+1212556000' || n), n + 4 FROM generate_series(1, 4) n;
SELECT deeds, wrong, facts > 1000 AS many, kinds FROM pg_temp.deeds(1000);
ROLLBACK;
