-- What was played on the sandbox counts for nobody: no stop, start, consent, answer or promise of it opens a gate of a real carrier.
SET client_min_messages = warning;
BEGIN;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r59 played', 'UTC')) \g /dev/null
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, settings, max_concurrent_calls, armed_at, created_at)
VALUES (voiceagent.current_tenant(), 'twilio', 'real', '{}', 10, now(), now()) RETURNING provider_account_id AS real \gset
SELECT min(provider_account_id) AS sandbox FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() AND provider = 'sandbox' \gset
SELECT voiceagent.add_lead(phone => '+1202555' || n, first_name => 'Ann') IS NOT NULL AS added FROM generate_series(4401, 4406) n \g /dev/null
-- Somebody writes, by the account of a real carrier or of the sandbox.
CREATE FUNCTION pg_temp.writes(account bigint, n integer, body text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	e voiceagent.call_event;
BEGIN
	e.status := 'received';
	e.provider_call_id := format('%s %s %s %s', account, n, body, clock_timestamp());
	e.from_number := '+1202555' || n;
	e.to_number := '+12025550100';
	e.transcript := body;
	PERFORM voiceagent_private.take_texts(ARRAY[e], ARRAY[account]);
END $$;
CREATE FUNCTION pg_temp.gates(OUT n text, OUT suppressed text, OUT consent boolean) RETURNS SETOF record LANGUAGE sql AS $$
	SELECT right(l.phone, 4), voiceagent_private.text_suppressed(l.phone, NULL),
		(voiceagent_private.consent_within(l.lead_id, l.phone, NULL, clock_timestamp() + interval '1 second', 'text')).consent_id IS NOT NULL
	FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY l.phone $$;
-- A real STOP, then a played START; a real doubt, a played STOP and START; a number that a member has listed, and a played START; a played START alone;
-- a played STOP and START; a real STOP and START.
SELECT pg_temp.writes(:real, 4401, 'STOP'), pg_temp.writes(:real, 4402, 'I am driving, Do Not Disturb'), voiceagent.do_not_call('+12025554403', 'asked') \g /dev/null
UPDATE voiceagent.text_stops SET source = 'doubt' WHERE phone = '+12025554402' AND tenant_id = voiceagent.current_tenant();
SELECT pg_temp.writes(:sandbox, 4401, 'START'), pg_temp.writes(:sandbox, 4402, 'STOP'), pg_temp.writes(:sandbox, 4402, 'START'), pg_temp.writes(:sandbox, 4403, 'START'), pg_temp.writes(:sandbox, 4404, 'START'),
	pg_temp.writes(:sandbox, 4405, 'STOP'), pg_temp.writes(:sandbox, 4405, 'START'), pg_temp.writes(:real, 4406, 'STOP') \g /dev/null
SELECT pg_temp.writes(:real, 4406, 'START') \g /dev/null
SELECT * FROM pg_temp.gates();
SELECT right(phone, 4) AS n, played, source, lifted_at IS NOT NULL AS lifted FROM voiceagent.text_stops WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone, played;
SELECT right(phone, 4) AS n, kind, wording FROM voiceagent.consents WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone;
-- A promise in a call of the sandbox is a consent that no real dial finds.
SELECT voiceagent_private.consent_kind(k, :sandbox) AS played, voiceagent_private.consent_kind(k, :real) AS given FROM unnest('{call,text,recording}'::text[]) k;
-- A text of the sandbox lets none of a real number go for a day, as a person's own does; the case file has neither it nor a consent of it.
SELECT p.name, jsonb_array_length(p.content::jsonb) AS rows FROM voiceagent_private.case_parts('+12025554404') AS p WHERE p.name IN ('consents', 'texts');
SELECT p.name, jsonb_array_length(p.content::jsonb) AS rows FROM voiceagent_private.case_parts('+12025554406') AS p WHERE p.name IN ('consents', 'texts');
-- Every row of tables that a text of the sandbox has written, by table: those that a gate of a real carrier reads.
SELECT count(*) AS "rows of the sandbox that open a real gate" FROM (
	SELECT s.phone FROM voiceagent.text_stops s JOIN voiceagent.texts t USING (tenant_id, text_id) WHERE t.provider_account_id = :sandbox AND NOT s.played
	UNION ALL SELECT c.phone FROM voiceagent.consents c JOIN voiceagent.texts t ON t.tenant_id = c.tenant_id AND c.source = 'text ' || t.text_id WHERE t.provider_account_id = :sandbox AND c.kind NOT LIKE 'played%') x;
ROLLBACK;
