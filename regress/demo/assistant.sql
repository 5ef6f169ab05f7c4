-- What the tenant does first: an assistant, and a look at how it talks.
-- Three answers make an assistant; the profile has the others.
\echo 'SELECT voiceagent.wizard_start(''lead_qualification'');   -- and three answers'
SELECT voiceagent.wizard_start('lead_qualification') AS wizard \gset
SELECT s.step ->> 'step' AS step, s.step ->> 'question' AS "the wizard asks" FROM voiceagent.wizard_step(:wizard) AS s(step);
SELECT a ->> 'step' AS step, a ->> 'question' AS "and then" FROM voiceagent.wizard_answer(:wizard, 1,
	'{"business_name": "Acme Solar", "business_type": "solar"}') a;
SELECT a ->> 'step' AS step, a ->> 'question' AS "and then" FROM voiceagent.wizard_answer(:wizard, 2,
	'{"offer": "a free visit that finds out what {{product | default: \"solar panels\"}} would save"}') a;
SELECT a -> 'errors' AS errors FROM voiceagent.wizard_answer(:wizard, 3,
	'{"audience": "homeowners who asked about {{product | default: \"solar panels\"}}"}') a \gset
SET client_min_messages = warning;
SELECT voiceagent.wizard_finish(:wizard) AS assistant \gset
RESET client_min_messages;

\t on
SELECT format('It will say: %s', v.first_message) FROM voiceagent.assistant_versions v WHERE v.assistant_id = :assistant;
SELECT format('Its prompt has %s lines, and begins:', (SELECT count(*) FROM string_to_table(v.system_prompt, E'\n')))
FROM voiceagent.assistant_versions v WHERE v.assistant_id = :assistant;
SELECT left(l.line, 100) || '...' FROM voiceagent.assistant_versions v, string_to_table(v.system_prompt, E'\n') WITH ORDINALITY AS l(line, n)
WHERE v.assistant_id = :assistant AND l.line <> '' ORDER BY l.n LIMIT 2;
\echo
\t off
-- Scripted callers hear it before a person does.  Nobody is called: the talks take place in a simulation.
SELECT voiceagent.test_assistant(:assistant) AS run \gset
SELECT regexp_replace(r.transcript, ' [(].*', '') AS "SELECT voiceagent.test_assistant(...): the report", r.tested, r.verdict FROM voiceagent.test_report(:run) r
WHERE r.caller IS NULL;
\t on
SELECT 'How the talk of opts_out ended:';
SELECT l.line FROM voiceagent.test_report(:run) r,
	LATERAL (SELECT * FROM string_to_table(r.transcript, E'\n') WITH ORDINALITY AS t(line, n) ORDER BY t.n DESC LIMIT 3) l
WHERE r.caller = 'opts_out' ORDER BY l.n;
\t off
