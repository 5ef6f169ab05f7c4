-- What the tenant does: an assistant, a campaign with every lead in it, and a look at what a start would do.
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

SELECT v.first_message AS "assistant_versions: the first message, and the prompt ..." FROM voiceagent.assistant_versions v
WHERE v.assistant_id = :assistant
UNION ALL
(SELECT left(l.line, 110) FROM voiceagent.assistant_versions v, string_to_table(v.system_prompt, E'\n') WITH ORDINALITY AS l(line, n)
WHERE v.assistant_id = :assistant AND l.line <> '' ORDER BY l.n LIMIT 8);
SELECT count(*) FILTER (WHERE l.severity = 'error') AS "lint_assistant: errors", count(*) FILTER (WHERE l.severity = 'warning') AS warnings
FROM voiceagent.lint_assistant(:assistant) l;

-- Scripted callers hear it before a person does.  Nobody is called: the talks take place in a simulation.
SELECT voiceagent.test_assistant(:assistant) AS run \gset
SELECT r.transcript AS "SELECT voiceagent.test_assistant(...): the report", r.tested, r.verdict FROM voiceagent.test_report(:run) r
WHERE r.caller IS NULL;
SELECT string_agg(r.caller, ', ' ORDER BY r.caller) FILTER (WHERE r.pass_k) AS "the callers that came out right",
	coalesce(string_agg(format('%s (%s)', r.caller, r.failed_predicate), ', ') FILTER (WHERE NOT r.pass_k), 'none') AS "that failed"
FROM voiceagent.test_report(:run) r WHERE r.caller IS NOT NULL;
SELECT l.line AS "how the talk of opts_out ended" FROM voiceagent.test_report(:run) r,
	LATERAL (SELECT * FROM string_to_table(r.transcript, E'\n') WITH ORDINALITY AS t(line, n) ORDER BY t.n DESC LIMIT 3) l
WHERE r.caller = 'opts_out' ORDER BY l.n;

SELECT voiceagent.create_campaign(
	name := 'Spring visits',
	assistant_id := :assistant,
	settings := '{
		"max_concurrent_calls": 100,
		"call_interval": 0,
		"retry_attempts": 1,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
	}') AS campaign \gset

SELECT voiceagent.add_leads(:campaign) AS leads \gset

SELECT p.key AS "SELECT voiceagent.preview_campaign(...)", p.value AS " "
FROM voiceagent.preview_campaign(:campaign) AS preview,
	LATERAL (VALUES
		(1, 'leads', preview ->> 'leads'),
		(2, 'callable, now', concat(preview ->> 'callable', ', ', preview ->> 'callable_now')),
		(3, 'blocked', coalesce((SELECT string_agg(format('%s %s', b.value, b.key), ', ') FROM jsonb_each_text(preview -> 'blocked') b), 'none')),
		(4, 'lanes (time zones and regions)', preview ->> 'lanes'),
		(5, 'credits: estimated, at worst', concat(preview ->> 'estimated_cost', ', ', preview ->> 'worst_cost')),
		(6, 'credits: held for a call, available', concat(preview ->> 'credits_held_per_call', ', ', preview ->> 'credits_available')),
		(7, 'calls at once, an hour', concat(preview ->> 'concurrent_calls', ', ', preview ->> 'calls_per_hour'))
	) AS p(place, key, value)
ORDER BY p.place;

SELECT concat(preview ->> 'method', ' ', preview ->> 'url') AS "the request for the first lead", preview #>> '{body,customer,number}' AS "to",
	(SELECT string_agg(format('%s: %s', v.key, v.value), ', ' ORDER BY v.key DESC)
	 FROM jsonb_each_text(preview #> '{body,assistantOverrides,variableValues}') v WHERE v.key IN ('first_name', 'product', 'city')) AS variables
FROM voiceagent.preview_request(:campaign, (SELECT min(lead_id) FROM voiceagent.leads)) AS preview;
