-- 42_wizard: changed answers make a version, edits by hand are not lost unseen, and what a person would hear otherwise is shown.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Answers test', 'UTC', 100) AS tenant, voiceagent.create_tenant('Answers other', 'UTC', 100) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
CREATE FUNCTION pg_temp.refused(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE 'SELECT voiceagent.' || call;
	RETURN 'not refused';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, nullif(v_detail, ''), nullif(v_hint, '')), '[0-9]{4}-[0-9-]* [0-9:.+]*|(?<=assistant\()[0-9]+', 'X', 'g');
END $$;
SELECT voiceagent.wizard_start('roofing') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"phone": "+1 512 555 0100"}') -> 'errors' AS errors;
SELECT voiceagent.wizard_finish(:w) AS a \gset
-- a changed business context: the next version, and what is heard otherwise
SELECT voiceagent.update_assistant_answers(:a, '{"business": {"phone": "+1 512 555 0199"}, "offer": {"price_note": null}, "voice": {"interruption": "patient"}}');
SELECT field, line > 0 AS line, before, after FROM voiceagent.assistant_changes(:a);
SELECT version, answers -> 'business' AS business, answers -> 'offer' ? 'price_note' AS price, generated IS NULL AS "as generated" FROM voiceagent.assistant_answers ORDER BY version;
-- nothing changed: no version
SELECT voiceagent.update_assistant_answers(:a, '{}'), voiceagent.update_assistant_answers(:a, '{"business": {"phone": "+1 512 555 0199"}}');
-- the name is an answer too
SELECT voiceagent.update_assistant_answers(:a, '{"review": {"name": "Roof caller"}}');
SELECT name, version FROM voiceagent.assistants WHERE tenant_id = :tenant;
-- bad changes: every field that is not well, and nothing is stored
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, '{"business": {"website": "x", "nothing": 1, "business_name": null}, "objections": {"objections": [{"objection": "x"}]}}'));
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, '{"colour": {}}'));
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, '{"offer": 7}'));
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, c)) FROM unnest(ARRAY['[]', 'null', '7']) c;
SELECT pg_temp.refused(format('update_assistant_answers(%s, NULL)', :a));
SELECT version FROM voiceagent.assistants WHERE tenant_id = :tenant;
-- edits by hand: a setting and a voice stay ...
SELECT voiceagent.update_assistant(:a, '{"voice": "Savannah", "settings": {"voice_speed": 0.9, "max_tokens": 99}}');
SELECT voiceagent.update_assistant_answers(:a, '{"business": {"phone": "+1 512 555 0111"}}');
SELECT v.version, v.voice, v.settings -> 'voice_speed' AS speed, v.settings -> 'max_tokens' AS max_tokens, v.system_prompt ~ '555 0111' AS told, k.generated -> 'settings' -> 'max_tokens' AS generated
FROM voiceagent.assistant_versions v JOIN voiceagent.assistant_answers k USING (tenant_id, assistant_id, version) ORDER BY v.version DESC LIMIT 1;
-- ... and go when the answers change the same
SELECT voiceagent.update_assistant_answers(:a, '{"style": {"style": "sharp"}, "length": {"length": "detailed"}, "voice": {"voice": "Elliot"}}');
SELECT field, before, after FROM voiceagent.assistant_changes(:a) WHERE field NOT LIKE '%prompt';
-- a first message by hand stays while the answers do not change it
SELECT voiceagent.update_assistant(:a, '{"first_message": "Howdy {{first_name | default: \"there\"}}, Nova of Answers test here."}');
SELECT voiceagent.update_assistant_answers(:a, '{"length": {"length": "detailed"}}');
SELECT first_message FROM voiceagent.assistant_versions ORDER BY version DESC LIMIT 1;
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, '{"voice": {"assistant_name": "Ivy"}}'));
SELECT voiceagent.update_assistant_answers(:a, '{"voice": {"assistant_name": "Ivy"}}', replace_edits => true);
SELECT field, before, after FROM voiceagent.assistant_changes(:a) WHERE field = 'first_message';
-- between any two versions; of the same there is nothing to say
SELECT DISTINCT field FROM voiceagent.assistant_changes(:a, 1) ORDER BY 1;
SELECT count(*) FROM voiceagent.assistant_changes(:a, 2, 2);
SELECT pg_temp.refused(format('assistant_changes(%s, 1, 99)', :a));
-- another language: what was a default is translated, what somebody wrote stays
SELECT voiceagent.update_assistant_answers(:a, '{"voice": {"language": "es-MX"}}', replace_edits => true);
SELECT v.language, k.answers #>> '{offer,offer}' AS offer, k.answers #>> '{fields,fields,0,key}' AS field, k.answers #>> '{voice,assistant_name}' AS name
FROM voiceagent.assistant_versions v JOIN voiceagent.assistant_answers k USING (tenant_id, assistant_id, version) ORDER BY v.version DESC LIMIT 1;
-- archived, or written by hand from the start
SELECT voiceagent.archive_assistant(:a);
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :a, '{}'));
SELECT voiceagent.unarchive_assistant(:a);
SELECT voiceagent.create_assistant('By hand', 'Hello', 'Be kind') AS hand \gset
SELECT pg_temp.refused(format('update_assistant_answers(%s, %L)', :hand, '{}'));
-- lines: what has gone, what has come, in order; of a text of many lines, each counts once
SELECT * FROM voiceagent_private.changed_lines(E'a\nb\nc\nd', E'a\nc\nx\nd\ne');
SELECT * FROM voiceagent_private.changed_lines('same', 'same');
SELECT * FROM voiceagent_private.changed_lines('', E'\n');
SELECT count(*), count(gone), count(come), min(line), max(line) FROM voiceagent_private.changed_lines((SELECT string_agg('old ' || i, E'\n') FROM generate_series(1, 500) i), (SELECT string_agg('new ' || i, E'\n') FROM generate_series(1, 400) i));
SELECT count(*), count(gone), count(come) FROM voiceagent_private.changed_lines((SELECT string_agg('line ' || i, E'\n') FROM generate_series(1, 300) i), (SELECT string_agg('line ' || i, E'\n') FROM generate_series(1, 300) i WHERE i % 7 > 0));
-- The oracle of a diff: whoever applies it to the old text has the new one, and no diff is longer than both texts.
CREATE FUNCTION pg_temp.applied(before text, after text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_old text[] := string_to_array(before, E'\n');
	v_new text[] := '{}';
	n integer := 1;
	c record;
BEGIN
	FOR c IN SELECT * FROM voiceagent_private.changed_lines(before, after) l ORDER BY l.place LOOP
		WHILE cardinality(v_new) < c.line - 1 LOOP
			v_new := v_new || v_old[n];
			n := n + 1;
		END LOOP;
		IF c.gone IS NOT NULL THEN
			IF v_old[n] IS DISTINCT FROM c.gone OR c.gone = c.come THEN
				RAISE EXCEPTION 'line %: % is not %', c.line, v_old[n], c.gone;
			END IF;
			n := n + 1;
		END IF;
		IF c.come IS NOT NULL THEN
			v_new := v_new || c.come;
		END IF;
	END LOOP;
	RETURN array_to_string(v_new || v_old[n:], E'\n');
END $$;
CREATE FUNCTION pg_temp.random_lines(seed integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(substr('abc', 1 + abs(hashint4(seed * 100 + k) % 3), 1), E'\n' ORDER BY k) FROM generate_series(1, 1 + abs(hashint4(seed) % 9)) k $$;
SELECT count(*) AS texts, count(*) FILTER (WHERE pg_temp.applied(o, n) <> n) AS wrong FROM generate_series(1, 200) i, pg_temp.random_lines(i) o, pg_temp.random_lines(i + 1000) n;
ROLLBACK;

-- The business profile of the tenant: wizards start from it, and assistants take it over where they said the same.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.wizard_start('roofing') AS one \gset
SELECT voiceagent.wizard_start('follow_up') AS two \gset
SELECT voiceagent.wizard_start('roofing') AS client \gset
SELECT voiceagent.wizard_answer(:one, 1, '{}') -> 'errors' AS errors;
SELECT voiceagent.wizard_answer(:two, 1, '{"phone": "+1 512 555 0122"}') -> 'errors' AS errors;
SELECT voiceagent.wizard_answer(:client, 1, '{"business_name": "A client of ours"}') -> 'errors' AS errors;
SELECT voiceagent.wizard_finish(:one) AS one, voiceagent.wizard_finish(:two) AS two, voiceagent.wizard_finish(:client) AS client \gset
SELECT name = (SELECT name FROM voiceagent.assistants WHERE assistant_id = :one) AS "the first", takes_over, version, problem FROM voiceagent.set_business_profile('{"business": {"phone": "+1 512 555 0100", "website": "https://roofs.example"}}');
SELECT answers FROM voiceagent.business_profiles;
SELECT voiceagent.wizard_start() AS w \gset
SELECT voiceagent.wizard_step(:w) -> 'defaults' AS defaults;
-- what was listed is taken over by hand, or all at once; what says its own stays
SELECT voiceagent.update_assistant_answers(:one, '{"business": {"phone": "+1 512 555 0100", "website": "https://roofs.example"}}');
SELECT voiceagent.update_assistant(:two, '{"system_prompt": "Mine."}');
SELECT assistant_id = :one AS one, assistant_id = :two AS two, takes_over, version, problem FROM voiceagent.set_business_profile('{"business": {"phone": "+1 512 555 0111", "website": null, "email": "roofs@example.com"}}', update_assistants => true) ORDER BY 1 DESC;
SELECT k.version, k.answers -> 'business' AS business FROM voiceagent.assistant_answers k WHERE k.assistant_id = :one ORDER BY 1;
SELECT count(*) AS versions FROM voiceagent.assistant_versions WHERE assistant_id = :client;
SELECT * FROM voiceagent.set_business_profile('{}');
SAVEPOINT s;
-- a profile of another name: what speaks for the business of the old name is listed and left, and a wizard for a client says nothing of ours
SELECT assistant_id = :one AS one, takes_over, version, regexp_replace(problem, '\d+', 'ID') AS problem
FROM voiceagent.set_business_profile('{"business": {"business_name": "Northern Roofs", "phone": "+1 512 555 0177", "description": "Slate roofs."}}', update_assistants => true) ORDER BY 1 DESC;
SELECT count(*) AS "say the new words" FROM voiceagent.assistant_versions WHERE system_prompt ~ 'Slate roofs|0177';
SELECT voiceagent.wizard_answer(voiceagent.wizard_start('roofing'), 1, '{"business_name": "A client of ours"}') #> '{answers,business}' AS "a client";
SELECT voiceagent.wizard_answer(voiceagent.wizard_start('roofing'), 1, '{}') #> '{answers,business}' AS "our own";
ROLLBACK TO s;
SELECT * FROM voiceagent.set_business_profile('{"style": {"style": "sharp"}}');
ROLLBACK TO s;
SELECT * FROM voiceagent.set_business_profile('{"business": {"email": "x"}}');
ROLLBACK TO s;
SELECT count(*) AS "on record" FROM voiceagent.audit_log WHERE action = 'set_business_profile';
-- knowledge that an assistant has been given: the version that the choice makes quotes it, and the next lets go of it
SELECT voiceagent.add_knowledge('Prices', E'service,price\nroof inspection,"0 dollars, {{first_name}}"\n', kind := 'csv') AS document \gset
SELECT voiceagent.choose_knowledge(:client, ARRAY[:document]);
SELECT voiceagent.update_assistant_answers(:client, '{}') AS version, voiceagent.update_assistant_answers(:client, '{}') AS "and no other";
SELECT line > 0 AS line, before, after FROM voiceagent.assistant_changes(:client) WHERE field = 'system_prompt';
SELECT version, name, document_version FROM voiceagent.assistant_version_knowledge WHERE assistant_id = :client;
SELECT voiceagent.update_knowledge(:document, E'service,price\nroof inspection,10 dollars\n');
SELECT voiceagent.update_assistant_answers(:client, '{}');
SELECT before, after FROM voiceagent.assistant_changes(:client) WHERE field = 'system_prompt' AND before IS NOT NULL;
SELECT voiceagent.delete_knowledge(:document);
SELECT voiceagent.update_assistant_answers(:client, '{}');
SELECT count(*) AS "lines that differ from the first" FROM voiceagent.assistant_changes(:client, 1, 4);
-- another tenant's assistant is nobody's
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.update_assistant_answers(:one, '{}');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.assistant_changes(:one);
ROLLBACK TO s;
ROLLBACK;
