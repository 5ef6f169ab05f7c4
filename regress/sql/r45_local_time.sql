-- The date and the time where a lead is: right at every dial and preview, across daylight saving, and told as unknown where they are.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- A clock that stands still to the minute.
CREATE FUNCTION pg_temp.at(instant timestamptz) RETURNS boolean LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', round(extract(epoch FROM instant + interval '20 seconds' - clock_timestamp()))::text, true) IS NOT NULL $$;
CREATE FUNCTION pg_temp.told(timezones text[], language text, instant timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(', ', t ->> 'local_weekday', t ->> 'local_date', t ->> 'local_time', t ->> 'utc_offset', t ->> 'timezone')
	FROM voiceagent_private.local_time(timezones, language, instant) t $$;
BEGIN;
SELECT pg_temp.at('2026-11-01 05:00Z') \g /dev/null
SELECT pg_temp.begin_calls('Local time', ARRAY['2001', '2002']) > 0 AS ready;

-- the hour that is skipped, the hour that comes twice, the date line, halves of an hour
SELECT pg_temp.told(ARRAY[zone], language, instant) FROM (VALUES
	('America/New_York', 'en-US', timestamptz '2026-03-08 06:59Z'), ('America/New_York', 'en-US', '2026-03-08 07:00Z'),
	('America/New_York', 'es-MX', '2026-11-01 05:30Z'), ('America/New_York', 'es-MX', '2026-11-01 06:30Z'),
	('Europe/Paris', 'fr-FR', '2026-03-29 00:59Z'), ('Europe/Paris', 'fr-FR', '2026-03-29 01:00Z'),
	('Europe/Berlin', 'de-AT', '2026-10-25 00:30Z'), ('Europe/Berlin', 'de-AT', '2026-10-25 01:30Z'),
	('Pacific/Kiritimati', 'en-US', '2026-12-31 12:00Z'), ('Pacific/Pago_Pago', 'en-US', '2026-12-31 12:00Z'),
	('Asia/Kolkata', 'pt-BR', '2026-06-01 18:45Z'), ('America/St_Johns', 'en-CA', '2026-06-01 02:00Z'), ('UTC', NULL, '2026-06-01 00:00Z')) z(zone, language, instant);
-- each day of the week in each language
SELECT language, string_agg(voiceagent_private.weekday_name(date '2026-11-23' + n, language), ' ' ORDER BY n)
FROM unnest('{en-GB,es-ES,fr-CA,de-DE,it-IT}'::text[]) language, generate_series(0, 6) n GROUP BY language ORDER BY language;
-- several zones: what they allow; one clock is one answer; what is no zone is none
SELECT pg_temp.told(zones, 'en-US', '2026-11-23 06:30Z') FROM (VALUES ('{America/New_York,America/Detroit}'::text[]),
	('{America/New_York,America/Chicago}'), ('{America/New_York,America/Chicago,America/Denver}'),
	('{America/New_York,America/Chicago,America/Denver,America/Los_Angeles,Pacific/Honolulu}'), ('{Nowhere/Land,Europe/Madrid}')) z(zones);
-- no zone: the tenant's, and it is said whose it is
SELECT pg_temp.told(zones, language, '2026-11-23 06:30Z') FROM (VALUES ('{}'::text[], 'en-US'), (NULL, 'es-ES'), ('{EST5}', 'fr-FR'), ('{}', 'de-DE')) z(zones, language);

-- they are no variables that a lead lacks, however they are written
SELECT voiceagent_private.template_variables('{{local_date}} {{local_weekday}} {{local_time}} {{utc_offset}} {{timezone}} {{localtime}}');
SELECT v, voiceagent_private.lacks_variable('{}', 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[v]) AS lacks
FROM unnest('{local_date,local_weekday,local_time,utc_offset,timezone,local_dates,date.local_date}'::text[]) v;

-- at the dial: by the clock of that moment, in the language of the assistant, over what the lead's own file calls the same; other prompts get nothing
SELECT pg_temp.at('2026-11-01 06:30Z') \g /dev/null
SELECT max(campaign_id) AS c, max(assistant_id) AS a FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.update_lead(min(lead_id), '{"context": {"local_date": "never", "timezone": "of the file"}}') > 0 AS changed FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.pause_campaign(:c);
SELECT voiceagent.update_assistant(:a, '{"system_prompt": "It is {{local_weekday}} {{local_date}} {{local_time}} {{utc_offset}} in {{ timezone }}.", "settings": {"language": "es-US"}}') AS version;
SELECT voiceagent.start_campaign(:c);
SELECT right(l.phone, 4) AS number, r #> '{body,assistantOverrides,variableValues}' AS variables
FROM voiceagent.leads l, voiceagent.preview_request(:c, l.lead_id) r WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SAVEPOINT s;
SELECT right(d.phone, 4) AS number, d.variables FROM voiceagent_private.claim_calls(10, false) d ORDER BY 1;
ROLLBACK TO s;
SELECT pg_temp.at('2026-11-02 04:59Z') \g /dev/null
SELECT d.variables ->> 'local_date' AS day, d.variables ->> 'local_time' AS hour FROM voiceagent_private.claim_calls(10, false) d ORDER BY 1;
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:a, '{"system_prompt": "Be kind."}') AS version;
SELECT voiceagent.pause_campaign(:c), voiceagent.start_campaign(:c);
SELECT right(d.phone, 4) AS number, d.variables FROM voiceagent_private.claim_calls(10, false) d ORDER BY 1;
ROLLBACK TO s;
-- a message for a voicemail, and what is said at once, by the moment of the dial
SELECT voiceagent.pause_campaign(:c);
SELECT voiceagent.update_assistant(:a, '{"first_message": "Es {{local_weekday}}, {{local_time}}.", "settings": {"voicemail_message": "Llamada del {{local_date}}."}}') AS version;
SELECT voiceagent.start_campaign(:c);
SELECT pg_temp.dial();
SELECT pg_temp.at('2026-11-01 09:00Z') \g /dev/null
SELECT voiceagent_private.message_of(c), voiceagent_private.plan_attempt(a.attempt_id, 0, 'human') ->> 'text' AS said
FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY c.phone;
ROLLBACK;

-- what a lead would hear and the model would read
BEGIN;
SELECT pg_temp.begin_calls('Preview of a prompt', ARRAY['3001']) AS tenant \gset
SELECT pg_temp.at('2026-11-23 14:05Z') \g /dev/null
SELECT voiceagent.set_setting('caller_name', 'Acme');
SELECT max(campaign_id) AS c, max(assistant_id) AS a FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT voiceagent.update_assistant(:a, '{"first_message": "Bonjour {{name}}, {{roof.age}} ?", "system_prompt": "Nous sommes {{local_weekday}} {{local_date}}, {{local_time}}. {{now}} {{offer | default: \"rien\"}} {{offer}}",
	"settings": {"language": "fr-FR", "voicemail_message": "Rappelez {{who}}."}}') AS version;
SELECT voiceagent.add_lead('+33 6 12 34 56 78', last_name => 'Martin') AS paris, voiceagent.add_lead('+1 212 555 3002', first_name => '{{offer}}') AS braces \gset
SELECT key, value FROM jsonb_each(voiceagent.preview_prompt(:a, :paris)) WHERE key NOT IN ('assistant_id', 'lead_id');
-- without the name that the law wants there would be no call, and the hole shows
SAVEPOINT nameless;
SELECT voiceagent.set_setting('caller_name', '');
SELECT p -> 'obstacles' AS obstacles, p ->> 'disclosure' AS disclosure FROM voiceagent.preview_prompt(:a, :paris) p;
ROLLBACK TO nameless;
-- the sandbox obeys no law unless it is told to; a lead's own data is no template
SELECT key, value FROM jsonb_each(voiceagent.preview_prompt(:a, :braces, :c)) WHERE key IN ('first_message', 'system_prompt', 'lawful', 'disclosure', 'disclosures', 'missing');
SELECT voiceagent.preview_prompt(:a, :paris, version => 1) ->> 'first_message' AS first_version;
-- it writes nothing
SET LOCAL transaction_read_only = on;
SELECT voiceagent.preview_prompt(:a, :paris, :c) IS NOT NULL AS read_only;
SAVEPOINT s;
SELECT voiceagent.preview_prompt(:a, -1);
ROLLBACK TO s;
SELECT voiceagent.preview_prompt(-1, :paris);
ROLLBACK TO s;
SELECT voiceagent.preview_prompt(:a, :paris, version => 9);
ROLLBACK TO s;
SELECT voiceagent.preview_prompt(:a, :paris, -1);
ROLLBACK TO s;
-- nor does it show another tenant's
ROLLBACK;
BEGIN;
SELECT pg_temp.begin_calls('One', ARRAY['3001']) AS one \gset
SELECT max(assistant_id) AS a, max(lead_id) AS l FROM voiceagent.assistants JOIN voiceagent.leads USING (tenant_id) WHERE tenant_id = :one \gset
SELECT pg_temp.begin_calls('Two', ARRAY['3001']) AS two \gset
SELECT voiceagent.preview_prompt(:a, (SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :two));
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
