-- 42_wizard: ten steps, each a typed question; a bad answer is told and stores nothing; the defaults are good everywhere.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Wizard test', 'UTC', 100) AS tenant, voiceagent.create_tenant('Wizard other', 'UTC', 100) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- exactly ten steps, each with fields, and every word in four languages
SELECT string_agg(step || ' ' || key, ', ' ORDER BY step) FROM voiceagent.wizard_steps;
SELECT s.key AS "steps without fields" FROM voiceagent.wizard_steps s WHERE NOT EXISTS (SELECT FROM voiceagent.wizard_fields f WHERE f.step = s.key AND f.parent = '');
SELECT f.* AS "fields of no step or list" FROM voiceagent.wizard_fields f
WHERE NOT EXISTS (SELECT FROM voiceagent.wizard_steps s WHERE s.key = f.step)
	OR f.parent <> '' AND NOT EXISTS (SELECT FROM voiceagent.wizard_fields l WHERE l.step = f.step AND l.kind = 'list' AND f.parent = concat_ws('.', nullif(l.parent, ''), l.field));
SELECT count(*) > 400 AS words FROM voiceagent.wizard_texts;
SELECT x.key AS "what has no words" FROM (
	SELECT s.key FROM voiceagent.wizard_steps s
	UNION ALL SELECT concat_ws('.', f.step, nullif(f.parent, ''), f.field) FROM voiceagent.wizard_fields f
	UNION ALL SELECT concat_ws('.', f.step, nullif(f.parent, ''), f.field) || '=' || c FROM voiceagent.wizard_fields f, unnest(f.choices) c) x
WHERE (SELECT count(*) FROM voiceagent.wizard_texts t WHERE t.key = x.key) <> 4;
SELECT key AS "words that not every language has" FROM voiceagent.wizard_texts GROUP BY key HAVING count(*) <> 4 OR count(help) NOT IN (0, 4);
SELECT t.key AS "words of nothing" FROM voiceagent.wizard_texts t WHERE t.language = 'en' AND t.key NOT LIKE 'error.%'
	AND NOT EXISTS (SELECT FROM voiceagent.wizard_steps s WHERE s.key = t.key)
	AND NOT EXISTS (SELECT FROM voiceagent.wizard_fields f WHERE concat_ws('.', f.step, nullif(f.parent, ''), f.field) = split_part(t.key, '=', 1));
SELECT profile AS "profiles that not every language has" FROM voiceagent.wizard_profiles GROUP BY profile HAVING count(*) <> 4;
SELECT p.profile, p.language, m.key AS "defaults of no field" FROM voiceagent.wizard_profiles p, jsonb_each(p.answers) s, jsonb_object_keys(s.value) m(key)
WHERE NOT EXISTS (SELECT FROM voiceagent.wizard_fields f WHERE f.step = s.key AND f.parent = '' AND f.field = m.key);

-- A whole wizard with nothing but defaults: what is not well, and what it makes.
CREATE FUNCTION pg_temp.all_defaults(profile text, language text, first jsonb DEFAULT '{}') RETURNS TABLE (problem text) LANGUAGE plpgsql AS $$
DECLARE
	v_wizard bigint := voiceagent.wizard_start(profile, language);
	v_answer jsonb;
	v_steps text := '';
	v_made voiceagent.assistant_versions;
	v_assistant bigint;
	i integer;
BEGIN
	FOR i IN 1 .. 10 LOOP
		v_steps := v_steps || (voiceagent.wizard_step(v_wizard) ->> 'key') || ' ';
		v_answer := voiceagent.wizard_answer(v_wizard, i, CASE WHEN profile IS NULL THEN coalesce(first -> i::text, '{}') ELSE '{}' END);
		IF v_answer ? 'errors' THEN
			RETURN QUERY SELECT format('%s %s step %s: %s', profile, language, i, v_answer);
			RETURN;
		END IF;
	END LOOP;
	v_assistant := voiceagent.wizard_finish(v_wizard);
	SELECT v.* INTO STRICT v_made FROM voiceagent.assistant_versions v WHERE v.tenant_id = voiceagent.current_tenant() AND v.assistant_id = v_assistant;
	RETURN QUERY SELECT format('%s %s: %s', profile, language, w.what) FROM (VALUES
		(v_steps <> 'business offer audience objective style length objections fields voice review ', 'steps ' || v_steps),
		(left(v_made.language, 2) <> language, 'speaks ' || v_made.language),
		(v_made.first_message NOT LIKE '%Wizard test%', 'says ' || v_made.first_message),
		(NOT (v_answer ->> 'complete')::boolean, 'not complete')) w(wrong, what) WHERE w.wrong IS NOT false;
	RETURN QUERY SELECT format('%s %s: %s', profile, language, l) FROM voiceagent_private.lint_texts(v_made.first_message, v_made.system_prompt, v_made.language, v_made.settings) l WHERE l.severity = 'error';
END $$;
SELECT DISTINCT d.problem FROM voiceagent.wizard_profiles p, pg_temp.all_defaults(nullif(p.profile, 'general'), p.language,
	'{"2": {"offer": "A visit"}, "3": {"audience": "Owners"}}') d;
SELECT count(*) AS assistants FROM voiceagent.assistants WHERE tenant_id = :tenant;
-- without a profile the steps 2 and 3 have to be answered
SELECT * FROM pg_temp.all_defaults(NULL, 'en');
SELECT step, profile, language, answered_steps, business_name FROM voiceagent.unfinished_wizards;
SELECT voiceagent.wizard_drop(wizard_id) FROM voiceagent.unfinished_wizards;

-- every field of every step by every kind of bad value: refused with that field, and the wizard stays where it was
SELECT voiceagent.wizard_start('roofing') AS w \gset
CREATE FUNCTION pg_temp.bad_values(wizard bigint) RETURNS TABLE (step text, field text, given text, got jsonb) LANGUAGE plpgsql AS $$
DECLARE
	s record;
	f voiceagent.wizard_fields;
	b record;
	v_before voiceagent.wizards;
BEGIN
	FOR s IN SELECT * FROM voiceagent.wizard_steps w ORDER BY w.step LOOP
		SELECT * INTO v_before FROM voiceagent.wizards w WHERE w.wizard_id = wizard;
		FOR f IN SELECT * FROM voiceagent.wizard_fields x WHERE x.step = s.key AND x.parent = '' ORDER BY x.position LOOP
			FOR b IN SELECT v.kind, v.value FROM (VALUES
				('object', '{"a": 1}'::jsonb), ('array of arrays', '[[[[1]]]]'), ('text', to_jsonb('a text'::text)), ('empty text', '""'), ('number', '7'),
				('fraction', '0.5'), ('huge', '1e300'), ('boolean', 'true'), ('null', 'null'), ('too long', to_jsonb(repeat('x', 5000))),
				('too many', (SELECT jsonb_agg(jsonb_build_object('key', 'k' || i, 'label', 'x', 'term', 'x', 'say', 'x', 'objection', 'x', 'answer', 'x')) FROM generate_series(1, 60) i)),
				('many texts', (SELECT jsonb_agg('x'::text) FROM generate_series(1, 11))),
				('control', to_jsonb(E'a\x07b'::text)), ('lines', to_jsonb(E'a\nb'::text)), ('tag', to_jsonb('{% raw %}'::text)), ('open variable', to_jsonb('{{name'::text)),
				('spaced variable', to_jsonb('{{first name}}'::text)), ('unknown choice', to_jsonb('nothing of this'::text))) v(kind, value) LOOP
				step := s.key;
				field := f.field;
				given := b.kind;
				got := voiceagent.wizard_answer(wizard, s.step, jsonb_build_object(f.field, b.value));
				IF got ? 'errors' THEN
					IF (SELECT (w.answers, w.step, w.changed_at) FROM voiceagent.wizards w WHERE w.wizard_id = wizard) IS DISTINCT FROM (v_before.answers, v_before.step, v_before.changed_at) THEN
						RAISE EXCEPTION '% % %: refused, and stored', step, field, given;
					ELSIF EXISTS (SELECT FROM jsonb_array_elements(got -> 'errors') e WHERE e ->> 'field' NOT LIKE f.field || '%' OR e ->> 'message' IS NULL OR NOT e ? 'allowed') THEN
						RAISE EXCEPTION '% % %: %', step, field, given, got;
					END IF;
					got := got #> '{errors,0}';
				ELSE
					got := NULL;
				END IF;
				-- Back to where it was, whatever became of it.
				UPDATE voiceagent.wizards w SET answers = v_before.answers, step = v_before.step, changed_at = v_before.changed_at, refused = '{}' WHERE w.wizard_id = wizard;
				RETURN NEXT;
			END LOOP;
		END LOOP;
		PERFORM voiceagent.wizard_answer(wizard, s.step, '{}');
	END LOOP;
END $$;
CREATE TEMP TABLE bad AS SELECT * FROM pg_temp.bad_values(:w);
SELECT b.step, f.kind, b.field, string_agg(b.given, ', ' ORDER BY b.given) FILTER (WHERE b.got IS NULL) AS "what it takes of these" FROM bad b JOIN voiceagent.wizard_fields f ON f.step = b.step AND f.parent = '' AND f.field = b.field
GROUP BY b.step, f.kind, b.field, f.position ORDER BY min(array_position('{business,offer,audience,objective,style,length,objections,fields,voice,review}', b.step)), f.position;
SELECT DISTINCT f.kind, b.given, b.got ->> 'message' AS message FROM bad b JOIN voiceagent.wizard_fields f ON f.step = b.step AND f.parent = '' AND f.field = b.field
WHERE b.field IN ('business_name', 'description', 'website', 'phone', 'email', 'objective', 'appointment_minutes', 'questions', 'standard_objections') AND b.got IS NOT NULL ORDER BY 1, 2;

-- an assistant can be made with every value of every choice
CREATE FUNCTION pg_temp.every_choice() RETURNS TABLE (made bigint, problem text) LANGUAGE plpgsql AS $$
DECLARE
	f voiceagent.wizard_fields;
	v_choice text;
	v_wizard bigint;
BEGIN
	made := 0;
	FOR f IN SELECT * FROM voiceagent.wizard_fields x WHERE x.parent = '' AND x.kind = 'choice' LOOP
		FOREACH v_choice IN ARRAY f.choices LOOP
			BEGIN
				v_wizard := voiceagent.wizard_start('lead_qualification');
				UPDATE voiceagent.wizards SET answers = jsonb_build_object(f.step, (voiceagent_private.check_answer(f.step,
					(voiceagent_private.kept_defaults('lead_qualification', 'en', '{}') -> f.step) || jsonb_build_object('custom_objective', 'x') - CASE f.step WHEN 'objective' THEN '' ELSE 'custom_objective' END
					|| jsonb_build_object(f.field, v_choice), 'en')).kept) WHERE wizard_id = v_wizard;
				PERFORM voiceagent.wizard_finish(v_wizard);
				made := made + 1;
			EXCEPTION WHEN OTHERS THEN
				RETURN QUERY SELECT NULL::bigint, format('%s.%s=%s: %s', f.step, f.field, v_choice, SQLERRM);
			END;
		END LOOP;
	END LOOP;
	RETURN NEXT;
END $$;
SELECT * FROM pg_temp.every_choice();
-- a voice of a vendor that there is not
SELECT e -> 'field' AS field, e ->> 'message' AS message, e ->> 'allowed' LIKE 'There are: %' AS told FROM jsonb_array_elements(voiceagent.wizard_answer(:w, 9, '{"voice": "nobody/Eliot"}') -> 'errors') e;
-- entries of lists
SELECT voiceagent.wizard_answer(:w, 4, '{"questions": ["Good?", 7, "", null, ["deep"]]}') -> 'errors';
SELECT voiceagent.wizard_answer(:w, 7, '{"objections": [{"objection": "x", "answer": "y", "z": {"a": {"b": 1}}}, 3, {"objection": " "}]}') -> 'errors';
SELECT voiceagent.wizard_answer(:w, 8, '{"fields": [{"key": "Roof age", "label": "x"}, {"key": "a", "label": "y"}, {"key": "a", "label": "z", "kind": "colour"}, {"key": "c", "label": "z", "kind": "choice"}, {"key": "d", "label": "z", "kind": "choice", "choices": []}]}') -> 'errors';
SELECT voiceagent.wizard_answer(:w, 8, '{"fields": [{"key": "a", "label": " y "}, {"key": "c", "label": "z", "kind": "choice", "choices": ["one", "two"], "required": true}]}') #> '{answers,fields,fields}';
SELECT voiceagent.wizard_answer(:w, 4, '{"objective": "custom"}') -> 'errors';
SELECT voiceagent.wizard_answer(:w, 4, '{"objective": "custom", "custom_objective": "Sell {{product}} to {{name | default: \"you\"}}"}') #> '{answers,objective,custom_objective}';
-- what is no object, what has unknown members, what is too large
SELECT v.value, voiceagent.wizard_answer(:w, 1, v.value) -> 'errors' FROM unnest(ARRAY[NULL, 'null', '[]', '"x"', '7', '{"nothing": 1, "business_name": 2}']::jsonb[]) v(value);
SELECT voiceagent.wizard_answer(:w, 1, jsonb_build_object('business_name', repeat('x', 70000))) -> 'errors';
SELECT jsonb_array_length(voiceagent.wizard_answer(:w, 1, (SELECT jsonb_object_agg('m' || i, i) FROM generate_series(1, 1000) i)) -> 'errors') AS "errors at most";
-- null takes a default away, and blanks go
SELECT voiceagent.wizard_answer(:w, 2, '{"offer": "  A visit ", "price_note": null, "value": ""}') #> '{answers,offer}';
SELECT voiceagent.wizard_answer(:w, 2, '{"offer": null}') -> 'errors';
-- a caller that reads the question alone sees what was wrong; no assistant is made until a good answer comes
SELECT voiceagent.wizard_start('lead_qualification') AS refused \gset
SELECT voiceagent.wizard_answer(:refused, 1, '{"business_name": "Acme", "business_type": "solarr", "site": "x"}') ->> 'question' AS question;
SELECT voiceagent.wizard_step(:refused) -> 'refused' -> 'business' -> 0 ->> 'field' AS refused, voiceagent.wizard_step(:refused) -> 'complete' AS complete;
SAVEPOINT s;
SELECT voiceagent.wizard_finish(:refused);
ROLLBACK TO s;
SELECT a ->> 'question' AS question, a -> 'refused' AS refused, a -> 'complete' AS complete FROM voiceagent.wizard_answer(:refused, 1, '{"business_name": "Acme"}') a;
SELECT voiceagent.wizard_finish(:refused) IS NOT NULL AS made;
-- nothing answered, nothing made; a wizard that its own statement has started is shown
SELECT s ->> 'step' AS step, s ->> 'complete' AS complete FROM voiceagent.wizard_step(voiceagent.wizard_start('roofing')) s;
SAVEPOINT s;
SELECT voiceagent.wizard_finish(max(wizard_id)) FROM voiceagent.unfinished_wizards;
ROLLBACK TO s;
-- the mistake is told in the language of the questions
SELECT w.language, voiceagent.wizard_answer(voiceagent.wizard_start(NULL, w.language), 1, '{"website": "x"}') #>> '{errors,0,message}' FROM unnest('{en,es-MX,fr,DE}'::text[]) w(language);
ROLLBACK;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
-- What a call says when it refuses, whatever the ids are.
CREATE FUNCTION pg_temp.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE 'SELECT voiceagent.' || call;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, v_detail, v_hint), '(wizard_answer\(|answers\(|assistant )[0-9]+', '\1ID', 'g');
END $$;
SELECT pg_temp.refused('wizard_start(language => ''it'')');
SELECT pg_temp.refused('wizard_start(''carpentry'')');
-- order: what is due, and nothing behind it
SELECT voiceagent.wizard_start('recruitment') AS w \gset
SAVEPOINT s;
SELECT pg_temp.refused('wizard_answer(' || :w || ', 2, ''{}'')');
SELECT pg_temp.refused('wizard_answer(' || :w || ', 0, ''{}'')');
SELECT pg_temp.refused('wizard_answer(' || :w || ', NULL, ''{}'')');
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Talent"}') -> 'step' AS step;
SELECT voiceagent.wizard_answer(:w, 2, '{}') -> 'step' AS step;
SELECT pg_temp.refused('wizard_go(' || :w || ', 4)');
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Talent"}') -> 'step' AS step, voiceagent.wizard_answer(:w, 2, '{}') -> 'step' AS step, voiceagent.wizard_answer(:w, 3, '{}') -> 'step' AS step;
-- back, to an answered step, and on: nothing gets lost
SELECT b -> 'step' AS step, b -> 'key' AS key, b -> 'answer' ->> 'relation' AS relation, b -> 'due' AS due FROM voiceagent.wizard_back(:w) b;
SELECT b -> 'step' AS step, b -> 'due' AS due FROM voiceagent.wizard_go(:w, 1) b;
SELECT b -> 'step' AS step FROM voiceagent.wizard_back(:w) b;
SELECT b -> 'step' AS step, b #> '{answers,business}' AS business, b -> 'due' AS due FROM voiceagent.wizard_answer(:w, 1, '{"business_name": "Talent & Co", "business_type": "recruitment"}') b;
SELECT s -> 'step' AS step, s -> 'defaults' ->> 'relation' AS relation, (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(s -> 'answers') k) AS answered FROM voiceagent.wizard_go(:w, 3) s;
SELECT b -> 'step' AS step FROM voiceagent.wizard_go(:w, 4) b;
-- the texts so far; another language of the questions
SELECT p ->> 'name' AS name, p ->> 'first_message' AS first_message, p -> 'missing' AS missing FROM voiceagent.wizard_preview(:w) p;
SELECT s ->> 'question' AS question, s ->> 'language' AS language, s #>> '{fields,0,labels,appointment}' AS label FROM unnest(ARRAY[NULL, 'es', 'fr', 'de']) l, voiceagent.wizard_step(:w, l) s;
-- a wizard without answers shows what is missing, in brackets
SELECT voiceagent.wizard_start(NULL, 'fr') AS bare \gset
SELECT p ->> 'first_message' AS first_message, p -> 'missing' AS missing, (p ->> 'system_prompt') ~ '\[Ce que vous proposez\]' AS brackets FROM voiceagent.wizard_preview(:bare) p;
SELECT voiceagent.wizard_answer(:bare, 1, '{}') -> 'step' AS step;
SAVEPOINT s;
SELECT pg_temp.refused('wizard_finish(' || max(wizard_id) || ')') FROM voiceagent.unfinished_wizards;
-- another language of the assistant: what somebody wrote stays, what was a default is translated
SELECT voiceagent.wizard_answer(:w, i, '{}') -> 'step' FROM generate_series(4, 8) i;
SELECT a -> 'errors' AS errors, a #>> '{answers,business,business_name}' AS business, a #>> '{answers,offer,offer}' AS offer, a #>> '{answers,fields,fields,0,key}' AS field, a #>> '{answers,voice,assistant_name}' AS name
FROM voiceagent.wizard_answer(:w, 9, '{"language": "de-AT"}') a;
SELECT a #>> '{answers,offer,offer}' AS offer, a #>> '{answers,fields,fields,0,key}' AS field, a #>> '{answers,voice,assistant_name}' AS name FROM voiceagent.wizard_answer(:w, 9, '{"language": "en-GB", "assistant_name": "Ivy"}') a;
-- finished: one assistant, one charge, and the answers with it
SELECT voiceagent.set_price('assistant', 6) > 0 AS set \g /dev/null
SELECT voiceagent.wizard_finish(:w) AS a, voiceagent.wizard_finish(:w) AS again \gset
SELECT :a = :again AS "the same", a.name, v.language, v.voice, k.profile, k.answers #>> '{voice,assistant_name}' AS speaker, k.generated IS NULL AS "as generated"
FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) JOIN voiceagent.assistant_answers k USING (tenant_id, assistant_id, version) WHERE a.assistant_id = :a;
SELECT posted FROM voiceagent.credit_balance;
SELECT count(*) FROM voiceagent.assistants WHERE tenant_id = :tenant;
SELECT s -> 'assistant_id' = to_jsonb(:a) AS "it says so" FROM voiceagent.wizard_step(:w) s;
SAVEPOINT s;
SELECT pg_temp.refused('wizard_answer(' || :w || ', 1, ''{}'')');
SELECT pg_temp.refused('wizard_back(' || :w || ')');
SELECT voiceagent.wizard_drop(:w);
SELECT pg_temp.refused('wizard_finish(' || :w || ')');
UPDATE voiceagent.assistant_answers SET answers = '{}';
ROLLBACK TO s;
-- not enough credits: no assistant, and the wizard is as it was
SELECT voiceagent.set_price('assistant', 600) > 0 AS set \g /dev/null
SELECT voiceagent.wizard_start('follow_up') AS poor \gset
SELECT voiceagent.wizard_answer(:poor, 1, '{}') -> 'step' AS step;
SAVEPOINT p;
SELECT pg_temp.refused('wizard_finish(' || :poor || ')');
SELECT finished_at, assistant_id FROM voiceagent.wizards WHERE wizard_id = :poor;
ROLLBACK TO s;
-- A model that reads the calls is asked for, and its price shown; nobody gets it unasked, and the platform has to want it, too.
SAVEPOINT reads;
SELECT f ->> 'key' AS field, f ->> 'default' AS "default", f ->> 'label' AS label FROM unnest('{en,es,fr,de}'::text[]) l, jsonb_array_elements(voiceagent.wizard_step(:w, l) -> 'fields') f WHERE f ->> 'key' = 'model_analysis';
SELECT voiceagent.wizard_step(:w) -> 'analysis' AS terms, voiceagent_private.setting_text('model_analysis') AS asked;
INSERT INTO voiceagent_private.platform_model_accounts (provider, name, base_url, default_model, max_concurrent_requests, created_at) VALUES ('compatible', 'House', 'https://models.example.com/v1', 'm-1', 1, voiceagent.clock());
INSERT INTO voiceagent.model_prices (provider, model, usd_in, usd_cached, usd_out, credits_in, credits_cached, credits_out, valid) VALUES ('compatible', 'm-1', 1, 0.5, 4, 200, 100, 800, tstzrange(voiceagent.clock() - interval '1 day', NULL));
SELECT voiceagent.wizard_start('follow_up') AS asks \gset
SELECT count(voiceagent.wizard_answer(:asks, i, '{}')) FROM generate_series(1, 9) i;
SELECT a -> 'answer' AS answer, a -> 'analysis' AS terms FROM voiceagent.wizard_answer(:asks, 10, '{"name": "Reads", "model_analysis": true}') a;
SET LOCAL client_min_messages = notice;
SELECT voiceagent.wizard_finish(:asks) AS reading \gset
SET LOCAL client_min_messages = warning;
SELECT asked, reads, why_not FROM voiceagent.analysis_terms();
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('platform_analyses', 'on');
SELECT asked, reads, why_not, credits_a_call, usd_a_call FROM voiceagent.analysis_terms();
-- what the tenant has set itself stays, and an answer that is given later is heard
SELECT voiceagent.set_setting('model_analysis', 'none') IS NOT NULL AS set;
SELECT voiceagent.update_assistant_answers(:reading, '{"review": {"model_analysis": false}}') AS version;
SET LOCAL client_min_messages = notice;
SELECT voiceagent.update_assistant_answers(:reading, '{"review": {"model_analysis": true}}') AS version;
SET LOCAL client_min_messages = warning;
SELECT asked, reads FROM voiceagent.analysis_terms();
ROLLBACK TO reads;
-- the setting is the language of who says none
SELECT voiceagent.set_setting('wizard_language', 'fr') \g /dev/null
SELECT voiceagent.wizard_start() AS french \gset
SELECT voiceagent.wizard_step(:french) ->> 'question' AS question;
-- at most so many at a time
SELECT count(voiceagent.wizard_start()) > 0 AS many FROM generate_series(1, 50 - (SELECT count(*) FROM voiceagent.unfinished_wizards)::integer);
SAVEPOINT s;
SELECT pg_temp.refused('wizard_start()');
SELECT voiceagent.wizard_drop(max(wizard_id)) FROM voiceagent.unfinished_wizards;
SELECT voiceagent.wizard_start() > 0 AS "and one goes again";
-- another tenant's, and none: the same words
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT pg_temp.refused('wizard_step(' || :w || ')');
SELECT pg_temp.refused('wizard_answer(' || :w || ', 1, ''{}'')');
SELECT pg_temp.refused('wizard_finish(' || :w || ')');
SELECT pg_temp.refused('wizard_preview(' || :w || ')');
SELECT pg_temp.refused('wizard_go(' || :w || ', 1)');
SELECT pg_temp.refused('wizard_drop(' || :w || ')');
SELECT pg_temp.refused('wizard_step(NULL)');
-- forgotten when nobody has touched it for retention_wizards; what was touched since stays, and so does the assistant
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
UPDATE voiceagent.wizards SET changed_at = changed_at - interval '91 days' WHERE wizard_id <> :w;
SELECT (voiceagent_private.retain_class('wizards', 0, voiceagent.clock(), 1000)).removed = 50 AS removed;
SELECT count(*) FROM voiceagent.wizards;
SELECT count(*) FROM voiceagent.assistant_answers;
ROLLBACK;
