-- Two newcomers get a first assistant, each in its language: a plumber in Lyon and a recruiter in Austin.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Plomberie Durand', 'Europe/Paris', 100) AS durand, voiceagent.create_tenant('Lone Star Staffing', 'America/Chicago', 100) AS lonestar,
	voiceagent.create_tenant('Journeys crowd', 'UTC', 10000) AS crowd \gset
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_state text;
	v_message text;
	v_detail text;
BEGIN
	EXECUTE statement;
	RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_state = RETURNED_SQLSTATE, v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', v_state, v_message, nullif(v_detail, ''));
END
$$;
BEGIN;
SELECT voiceagent_private.set_tenant(:durand) \g /dev/null
SELECT voiceagent.set_setting('wizard_language', 'fr');
SELECT voiceagent.wizard_start() AS w \gset
SELECT s ->> 'question' AS question, s #>> '{fields,0,default}' AS "the name is known" FROM voiceagent.wizard_step(:w) s;
-- An address as people write it; a mistake is told, and the wizard stays where it was.
SELECT e ->> 'field' AS field, e ->> 'message' AS message
FROM jsonb_array_elements(voiceagent.wizard_answer(:w, 1, '{"business_type": "plombier", "website": "plomberie durand.fr", "phone": "le zéro quatre"}') -> 'errors') e;
SELECT s ->> 'step' AS step, s -> 'answer' AS answer FROM voiceagent.wizard_step(:w) s;
SELECT voiceagent.wizard_answer(:w, 1, '{"business_type": "plumbing_heating", "website": "plomberie-durand.fr", "phone": "04 78 00 00 00"}') ->> 'question' AS question;
SELECT voiceagent.wizard_answer(:w, 2, '{"offer": "l''entretien annuel de votre chaudière", "price_note": "à partir de 120 euros, déplacement compris"}') ->> 'question' AS question;
-- The owner goes back, has lunch, and goes on where it was.
SELECT b ->> 'step' AS step, b #>> '{answer,website}' AS website FROM voiceagent.wizard_back(:w) b;
SELECT voiceagent.wizard_go(:w, 3) ->> 'question' AS question;
SELECT step, step_key, business_name, answered_steps FROM voiceagent.unfinished_wizards;
SELECT a ->> 'question' AS question, a -> 'complete' AS complete FROM voiceagent.wizard_answer(:w, 3, '{"audience": "des propriétaires lyonnais dont la chaudière a plus de cinq ans", "relation": "customer"}') a;
SELECT voiceagent.wizard_answer(:w, 4, '{}') ->> 'key', voiceagent.wizard_answer(:w, 5, '{}') ->> 'key', voiceagent.wizard_answer(:w, 6, '{"length": "brief"}') ->> 'key';
SELECT voiceagent.wizard_answer(:w, 7, '{"objections": [{"objection": "J''ai déjà un plombier.", "answer": "Très bien ; gardez notre numéro pour une urgence."}]}') ->> 'key' AS key;
\set VERBOSITY default
SELECT voiceagent.wizard_finish(:w) AS a \gset
\set VERBOSITY terse
SELECT a.name, v.language, v.voice, v.first_message, v.settings ->> 'voicemail_message' AS voicemail
FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) WHERE a.assistant_id = :a;
SELECT voiceagent.get_setting('caller_name') AS "calls are made on behalf of", (SELECT count(*) FROM voiceagent.audit_log WHERE tenant_id = :durand AND action = 'set_setting' AND object = 'caller_name') AS logged;
-- Its own answer to an objection goes before the usual one.
SELECT l FROM voiceagent.assistant_versions v, string_to_table(v.system_prompt, E'\n') l WHERE v.assistant_id = :a AND l ~ 'plombier\.|urgence|convient, donne|déjà quelqu';
SELECT count(*) AS findings FROM voiceagent.lint_assistant(:a);
SELECT voiceagent.test_assistant(:a) AS run \gset
SELECT r.tested, r.verdict, r.transcript FROM voiceagent.test_report(:run) r WHERE r.caller IS NULL;
-- What a person would hear in Lyon, where the law wants the caller and the machine named.
SELECT voiceagent.set_setting('sandbox_obeys_law', 'on');
SELECT voiceagent.add_lead('+33 4 78 00 00 01', first_name := 'Chloé') AS lead \gset
SELECT p ->> 'first_message' AS hears, p -> 'obstacles' AS obstacles, p -> 'missing' AS missing FROM voiceagent.preview_prompt(:a, :lead) p;
-- A mistake in a change is told in its language, too.
SELECT pg_temp.refused(format('SELECT voiceagent.update_assistant_answers(%s, %L)', :a, '{"objective": {"appointment_minutes": 1}, "style": {"style": "poli"}}'));
-- A change of the language changes the voice, which nobody has named; one of an own choice stays.
SELECT voiceagent.update_assistant_answers(:a, '{"voice": {"language": "en-GB", "assistant_name": "Nova"}}') AS version;
SELECT v.language, v.voice FROM voiceagent.assistant_versions v WHERE v.assistant_id = :a ORDER BY v.version DESC LIMIT 1;
SELECT voiceagent.create_assistant('À la main', 'Bonjour, puis-je parler à Ann ?', 'Sois aimable.', settings := '{"language": "fr-CA"}') AS own \gset
SELECT voiceagent.create_assistant('Mit eigener Stimme', 'Hallo?', 'Sei nett.', voice := 'Elliot', settings := '{"language": "de-DE"}') AS chosen \gset
SELECT v.language, v.voice FROM voiceagent.assistant_versions v WHERE v.assistant_id IN (:own, :chosen) ORDER BY v.assistant_id;
SELECT language, voiceagent_private.default_voice(language) FROM unnest('{en-US,es-ES,es-MX,es-AR,fr-CH,de-AT,nl-NL}'::text[]) AS l(language);
SELECT voiceagent.set_setting('default_voice', 'microsoft/fr-FR-Marc:MAI-Voice-2');
SELECT voiceagent_private.default_voice('fr-FR') AS fr, voiceagent_private.default_voice('de-DE') AS de, voiceagent_private.default_voice('en-US') AS en;
ROLLBACK;

BEGIN;
SELECT voiceagent_private.set_tenant(:lonestar) \g /dev/null
SELECT voiceagent.wizard_start('recruitment') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"phone": "512-555-0100", "website": "https://lonestarstaffing.example"}') ->> 'question' AS question;
SELECT voiceagent.wizard_answer(:w, 2, '{"offer": "a first interview for the warehouse lead position in Round Rock"}') ->> 'question' AS question;
SELECT voiceagent.wizard_answer(:w, 3, '{"audience": "people in the Austin area who applied for the warehouse lead position"}') ->> 'question' AS question;
SELECT voiceagent.wizard_finish(:w) AS a \gset
SELECT a.name, v.language, v.voice, v.first_message, v.settings ->> 'voicemail_message' AS voicemail
FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) WHERE a.assistant_id = :a;
SELECT count(*) AS findings FROM voiceagent.lint_assistant(:a);
SELECT voiceagent.test_assistant(:a) AS run \gset
SELECT r.tested, r.verdict, r.transcript FROM voiceagent.test_report(:run) r WHERE r.caller IS NULL;
-- Its first campaign under the law starts, as the caller has a name.
SELECT voiceagent.add_lead('+1 512 555 0101', first_name := 'Maria', context := '{"sms": "no"}') AS lead \gset
SELECT voiceagent.create_campaign('Warehouse', :a, settings := '{"sandbox_obeys_law": true}') AS c \gset
SELECT voiceagent.add_leads(:c) AS leads;
SELECT p ->> 'first_message' AS hears, p -> 'obstacles' AS obstacles FROM voiceagent.preview_prompt(:a, :lead, campaign_id := :c) p;
SELECT pg_temp.refused(format('SELECT voiceagent.start_campaign(%s)', :c)) AS start;
-- A name that was set stays, and another one is told.
SELECT voiceagent.wizard_start('roofing') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Hill Country Roofs"}') -> 'step' AS step;
SELECT voiceagent.wizard_answer(:w, 2, '{}') -> 'step' AS two, voiceagent.wizard_answer(:w, 3, '{}') -> 'step' AS three,
	voiceagent.wizard_answer(:w, 4, '{"objective": "custom", "custom_objective": "Find out who insures the roof."}') -> 'step' AS four;
SELECT voiceagent.wizard_preview(:w) ->> 'name' AS "name of an own objective";
SELECT voiceagent.wizard_finish(:w) > 0 AS finished;
SELECT voiceagent.get_setting('caller_name') AS "calls are made on behalf of";
ROLLBACK;

-- A changed business profile updates at most 500 assistants at once, and says which it has left.
BEGIN;
SELECT voiceagent_private.set_tenant(:crowd) \g /dev/null
SELECT voiceagent.wizard_start('roofing') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{}') -> 'step' AS step;
SELECT voiceagent.wizard_finish(:w) AS a \gset
INSERT INTO voiceagent.assistants (tenant_id, name, created_at) SELECT :crowd, 'Copy ' || n, voiceagent.clock() FROM generate_series(1, 501) n;
INSERT INTO voiceagent.assistant_versions (tenant_id, assistant_id, version, first_message, system_prompt, voice, model, language, settings, variables, created_at)
SELECT a.tenant_id, a.assistant_id, 1, v.first_message, v.system_prompt, v.voice, v.model, v.language, v.settings, v.variables, v.created_at
FROM voiceagent.assistants a, voiceagent.assistant_versions v WHERE a.tenant_id = :crowd AND a.name LIKE 'Copy %' AND v.tenant_id = :crowd AND v.assistant_id = :a;
INSERT INTO voiceagent.assistant_answers (tenant_id, assistant_id, version, answers, profile, template_version, generated, created_at)
SELECT a.tenant_id, a.assistant_id, 1, k.answers, k.profile, k.template_version, k.generated, k.created_at
FROM voiceagent.assistants a, voiceagent.assistant_answers k WHERE a.tenant_id = :crowd AND a.name LIKE 'Copy %' AND k.tenant_id = :crowd AND k.assistant_id = :a;
SELECT count(*) AS would_change FROM voiceagent.set_business_profile('{"business": {"phone": "+1 512 555 0150"}}');
SELECT version, problem, count(*) FROM voiceagent.set_business_profile('{"business": {"phone": "+1 512 555 0160"}}', update_assistants := true) GROUP BY 1, 2 ORDER BY 1;
ROLLBACK;
