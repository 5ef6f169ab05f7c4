-- 40_assistant: versions that never change, variables, the price.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Assistant test', 'UTC', 10) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('  Ada ', 'Hello {{first_name}}!',
	'You call {{ first_name }} of {{company}}, {{city | default: "town"}}, on {{date}} at {{customer.number}}. {{roof.type}} {{"now" | date: "%A"}}') AS ada \gset
SELECT a.name, a.version, v.voice, v.model, v.language, v.settings, v.variables
FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) WHERE a.tenant_id = :tenant;
-- a change is a new version; calls keep the old one
SELECT voiceagent.update_assistant(:ada, '{"voice": "Rosa", "settings": {"language": "es-ES", "voice_speed": 0.9}}');
SELECT voiceagent.update_assistant(:ada, '{"name": "Adele"}');
SELECT voiceagent.update_assistant(:ada, '{"system_prompt": "Be brief.", "settings": {"voice_speed": 1.1}}');
SELECT version, first_message, left(system_prompt, 10) AS prompt, voice, language, settings, variables
FROM voiceagent.assistant_versions WHERE tenant_id = :tenant ORDER BY version;
SELECT name, version FROM voiceagent.assistants WHERE tenant_id = :tenant;
SAVEPOINT s;
UPDATE voiceagent.assistant_versions SET voice = 'x' WHERE tenant_id = :tenant;
ROLLBACK TO s;
DELETE FROM voiceagent.assistant_versions WHERE tenant_id = :tenant;
ROLLBACK TO s;
-- bad input
SELECT voiceagent.create_assistant('', 'x', 'y');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', ' ', 'y');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', NULL);
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', repeat('y', 200001));
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '[]');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '{"language": "Klingon!"}');
ROLLBACK TO s;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '{"languaeg": "en-GB", "temperature": "hot", "max_tokens": 200, "voice_model": null}');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.update_assistant(:ada, '{"settings": {"pace": "fast"}}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"provider_options": {"server": {"url": "https://elsewhere.example"}, "firstMessageMode": "assistant-waits-for-user"}}}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"provider_options": {"model": {"toolIds": ["t1"]}}}}') > 1 AS kept_as_the_carrier_names_it;
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"colour": "red", "voice": 7}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"first_message": ""}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(-1, '{}');
ROLLBACK TO s;
-- a price a piece: charged, or refused without a trace
SELECT voiceagent.set_price('assistant', 6) > 0 AS set \g /dev/null
SELECT voiceagent.create_assistant('Paid', 'x', 'y') > 0 AS made;
SELECT available, posted FROM voiceagent.credit_balance;
SELECT operation, amount, activity, reference, assistant_id IS NOT NULL AS assistant FROM voiceagent.credit_transactions ORDER BY transaction_id;
SAVEPOINT s;
SELECT voiceagent.create_assistant('Unpaid', 'x', 'y');
ROLLBACK TO s;
-- a slip in a variable is refused: nobody would notice before a person hears it
SELECT voiceagent.create_assistant('Slip', 'Hello {{first name}}', 'x');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello {{first_name', 'x');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello', 'x {{ 1st | default: "y"}}');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello {{}}', 'x');
ROLLBACK TO s;
SELECT voiceagent_private.require_wellformed_variables('Hello {{first_name | default: "you there"}} {{ "a b" | upcase }} {% if x %}{{ x }}{% endif %} { x }}') AS well;
-- who says that the first message discloses by itself is on record, with its words
SELECT voiceagent.create_assistant('Discloses', 'x', 'y', settings => '{"discloses": "yes"}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant((SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = :tenant),
	'{"first_message": "This is the robot of Acme.", "settings": {"discloses": true}}') > 1 AS changed;
SELECT action, new_value FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'assistant_discloses';
ROLLBACK TO s;
SELECT name FROM voiceagent.assistants WHERE tenant_id = :tenant ORDER BY assistant_id;
SELECT * FROM voiceagent_private.check_credit();
ROLLBACK;

-- ----- settings within their bounds, and voices and models that there are -----
SELECT voiceagent.create_tenant('Assistant settings test', 'UTC', 10) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.') AS ada \gset
SAVEPOINT s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"interruption": "patient", "interrupt_words": 2, "interrupt_voice_s": 0.3, "resume_after_s": 1.5,
	"first_message_interruptible": true, "endpointing_ms": 200, "smart_endpointing": "vapi", "response_delay_s": 0.4, "silence_timeout_s": 20, "max_duration_s": 240,
	"transcriber": "deepgram", "transcriber_model": "nova-2", "keyterms": ["Acme"], "voice_speed": 1.2, "background_denoising": "smart",
	"pronunciations": [{"term": "SQL", "say": "sequel"}], "anti_hangup": true, "background_sound": "https://sounds.example/cafe.mp3", "end_call_phrases": ["bye now"]}}') AS all_of_them;
ROLLBACK TO s;
-- each is refused by its name, with what it may be
CREATE FUNCTION pg_temp.refused(assistant bigint, settings jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	PERFORM voiceagent.update_assistant(assistant, jsonb_build_object('settings', settings));
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLERRM, left(v_detail, 70), left(v_hint, 90));
END
$$;
SELECT o.settings, pg_temp.refused(:ada, o.settings) FROM unnest(ARRAY['{"interruption": "rude"}', '{"extraction_fields": {"born": {"type": "date"}}}', '{"extraction_fields": {"born": "string"}}',
	'{"extraction_fields": {"": {"type": "string"}}}', '{"extraction_fields": {"born": {"description": "day of birth"}}}', '{"interrupt_words": 11}', '{"interrupt_words": 1.5}', '{"interrupt_voice_s": 0.6}',
	'{"endpointing_ms": 9}', '{"endpointing_ms": 501}', '{"response_delay_s": -1}', '{"silence_timeout_s": 4}', '{"max_duration_s": 9}', '{"temperature": 2.1}', '{"max_tokens": 49}',
	'{"transcriber": "ears"}', '{"transcriber_model": "nova-9"}', '{"transcriber": "azure", "transcriber_model": "nova-3"}', '{"smart_endpointing": "maybe"}', '{"background_denoising": "loud"}',
	'{"anti_hangup": "yes"}', '{"keyterms": [1]}', '{"keyterms": ["x"]}', '{"keyterms": "Acme"}', '{"end_call_phrases": [""]}', '{"background_sound": "ftp://x"}', '{"first_message_mode": "silent"}',
	'{"pronunciations": [{"term": "SQL"}]}', '{"pronunciations": [{"term": "", "say": "x"}]}', '{"pronunciations": [{"term": "SQL", "say": "{{name}}"}]}', '{"pronunciations": ["SQL"]}',
	'{"pronunciations": [{"term": "SQL", "say": "sequel", "how": "loud"}]}',
	'{"voice_speed": 2.1}', '{"voice_model": "sonic"}']::jsonb[]) AS o(settings);
SELECT pg_temp.refused(:ada, jsonb_build_object('keyterms', (SELECT jsonb_agg('term ' || i) FROM generate_series(1, 101) i))) AS too_many_words,
	pg_temp.refused(:ada, jsonb_build_object('pronunciations', (SELECT jsonb_agg(jsonb_build_object('term', 't' || i, 'say', 's')) FROM generate_series(1, 201) i))) AS too_many_terms;
SELECT pg_temp.refused(:ada, '{"voice_speed": null, "interruption": null}') AS null_is_as_if_it_were_not_there;
SELECT count(*) = (SELECT count(*) FROM jsonb_object_keys(voiceagent_private.assistant_setting_types())) AS all_are_listed,
	count(*) FILTER (WHERE description = '') AS without_words FROM voiceagent.list_assistant_settings();
-- voices
CREATE FUNCTION pg_temp.voice(voice text, settings jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_id bigint;
	v_detail text;
	v_hint text;
BEGIN
	v_id := voiceagent.create_assistant('x', 'x', 'y', voice => voice, settings => settings);
	RETURN (SELECT concat_ws(' ', s.status, s.vendor, s.source) FROM voiceagent.voice_status(v_id) s);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLERRM, left(v_detail, 70), v_hint);
END
$$;
\set VERBOSITY default
SELECT v.voice, pg_temp.voice(v.voice) FROM unnest('{Elliot,vapi/Clara,sarah,11labs/sarah,openai/nova,microsoft/fr-FR-Marc:MAI-Voice-2,deepgram/asteria,deepgram/asterix,xai/ada,11labs/asteria,asteria,
	acme/ada,nosuch,openai/nosuch,elevenlabs/sarah,ElevenLabs/nosuch,elevenlabs/21m00Tcm4TlvDq8ikWAM,Rosa,vapi/Rosa,11labs/21m00Tcm4TlvDq8ikWAM,21m00Tcm4TlvDq8ikWAM,Polly.Joanna,cartesia/a0e99841-438c-4a64-b679-ae501e7d6091}'::text[]) AS v(voice);
SELECT pg_temp.voice('microsoft/fr-FR-Marc:MAI-Voice-2', '{"language": "de-DE"}') AS another_language, pg_temp.voice('sarah', '{"language": "fr-FR", "voice_model": "eleven_turbo_v2"}') AS an_english_model;
\set VERBOSITY terse
SELECT pg_temp.voice('sarah', '{"voice_model": "eleven_turbo_v2_5", "voice_speed": 1.2}') AS a_model, pg_temp.voice('sarah', '{"voice_speed": 1.3}') AS too_fast, pg_temp.voice('deepgram/asteria', '{"voice_speed": 1}') AS no_speed,
	pg_temp.voice('sarah', '{"voice_model": "sonic"}') AS anothers_model;
SELECT pg_temp.voice('deepgram/' || repeat('x', 190)) LIKE 'deepgram has no voice%' AS a_long_name;
-- a list that was fetched with an account's key is believed
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at) VALUES (:tenant, 'vapi', 'Real', 10, now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent.fetch_voices(:account) AS request \gset
SELECT voiceagent.fetch_voices(:account) = :request AS one_question_at_a_time;
SELECT voiceagent_private.end_provider_request(:request, 'done', '{"kind": "accepted", "voices": [{"voice": "21m00Tcm4TlvDq8ikWAM", "name": "Rachel", "language": "en", "category": "premade"},
	{"voice": "21m00Tcm4TlvDq8ikWAM", "name": "twice"}, {"voice": "AZnzlk1XvdvUeBnXmlld"}]}', NULL) \g /dev/null
SELECT voice, name, language, source FROM voiceagent.list_voices('11labs') WHERE source LIKE 'the vendor%';
SELECT pg_temp.voice('11labs/21m00Tcm4TlvDq8ikWAM') AS has_it, pg_temp.voice('11labs/21m00Tcm4TlvDq8ikWXX') AS has_it_not, pg_temp.voice('11labs/Rachel') AS by_its_name, pg_temp.voice('sarah') AS always;
SELECT voiceagent.fetch_voices(:account) AS request \gset
SELECT voiceagent_private.end_provider_request(:request, 'done', '{"kind": "accepted", "voices": [{"voice": "AZnzlk1XvdvUeBnXmlld", "name": "Domi"}]}', NULL) \g /dev/null
SELECT voice, name FROM voiceagent.list_voices('11labs') WHERE source LIKE 'the vendor%';
SAVEPOINT s;
SELECT voiceagent.fetch_voices(-1);
ROLLBACK TO s;
SELECT voiceagent.voice_status(-1);
ROLLBACK TO s;
SELECT voiceagent.set_setting('extra_voices', 'deepgram/asterix, xai/ada') \g /dev/null
SELECT pg_temp.voice('deepgram/asterix') AS as_the_setting_says;
-- models
SELECT m.model, voiceagent_private.require_known_model(m.model) IS NOT NULL AS taken
FROM unnest('{gpt-5.6-luna,openai/gpt-5.5,openai/gpt-5.4-mini:swedencentral,claude-sonnet-4-6,together-ai/any/model-1,groq/openai/gpt-oss-120b}'::text[]) AS m(model);
SELECT voiceagent.create_assistant('x', 'x', 'y', model => 'gpt-99');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', 'y', model => 'acme/gpt-4o');
ROLLBACK TO s;
\set VERBOSITY default
-- one that its vendor has ended; as an ear, too
SELECT voiceagent.create_assistant('x', 'x', 'y', model => 'openai/gpt-3.5-turbo:eastus');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"transcriber": "google", "transcriber_model": "gemini-1.5-pro"}}');
\set VERBOSITY terse
ROLLBACK TO s;
\set VERBOSITY default
SELECT voiceagent.update_assistant(:ada, '{"model": "xai/grok-4.5"}');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.set_setting('extra_models', 'gpt-99') \g /dev/null
SELECT voiceagent.create_assistant('x', 'x', 'y', model => 'gpt-99') > 0 AS as_the_setting_says;
SELECT count(*) > 30 AS many, bool_and(ends_on > current_date) AS living, bool_and(as_of = '2026-11-23') AS of_that_day FROM voiceagent.list_assistant_models();
-- what an earlier version has stays as it is until it is changed
INSERT INTO voiceagent.assistant_versions (tenant_id, assistant_id, version, first_message, system_prompt, voice, model, settings, created_at)
	VALUES (:tenant, :ada, 9, 'Hello', 'Sell.', 'deepgram/gone', 'gpt-gone', '{"interrupt_words": 99}', now());
UPDATE voiceagent.assistants SET version = 9 WHERE tenant_id = :tenant AND assistant_id = :ada;
SELECT voiceagent.update_assistant(:ada, '{"system_prompt": "Sell more.", "settings": {"temperature": 1}}') AS other_changes;
SELECT status, words FROM voiceagent.voice_status(:ada);
SELECT voiceagent.update_assistant(:ada, '{"settings": {"voice_speed": 1}}');
ROLLBACK TO s;
-- an assistant's own limit only shortens a call
SELECT s.settings, voiceagent_private.longest_call_s(interval '10 minutes', s.settings) FROM unnest('{"{}", "{\"max_duration_s\": 240}", "{\"max_duration_s\": 4000}"}'::jsonb[]) AS s(settings);
-- manners that the tenant has set are a new assistant's; its own come first; how they are in calls that we hold
SELECT voiceagent.set_setting('default_interruption', 'patient'), voiceagent.set_setting('default_silence_timeout', '9 seconds'), voiceagent.set_setting('default_transcriber', 'deepgram') \g /dev/null
SELECT voiceagent.create_assistant('mannered', 'x', 'y'), voiceagent.create_assistant('other', 'x', 'y', settings => '{"interruption": "eager", "silence_timeout_s": 30, "first_message_interruptible": false}') \g /dev/null
SELECT v.settings, voiceagent_private.media_manners(v.settings) FROM voiceagent.assistant_versions v JOIN voiceagent.assistants a USING (tenant_id, assistant_id) WHERE v.tenant_id = :tenant AND a.name IN ('mannered', 'other') ORDER BY v.assistant_id;
SELECT voiceagent_private.media_manners('{}'), voiceagent_private.media_manners('{"interrupt_voice_s": 0.3, "first_message_interruptible": true}');
SAVEPOINT s;
SELECT voiceagent.set_setting('default_interruption', 'never');
ROLLBACK TO s;
SELECT voiceagent.set_setting('default_transcriber', 'nobody') \g /dev/null
SELECT voiceagent.create_assistant('x', 'x', 'y');
ROLLBACK TO s;
SELECT voiceagent_private.pronounced('SQL and MySQL.', '{"pronunciations": [{"term": "SQL", "say": "sequel"}]}'), voiceagent_private.pronounced('SQL', '{}');
ROLLBACK;
