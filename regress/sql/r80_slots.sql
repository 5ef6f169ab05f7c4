-- {{slot_1}} to {{slot_3}}: free times that a call offers by its texts, taken at the dial, and the same when somebody answers.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.dial(n integer) RETURNS TABLE (phone text, slots jsonb) LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	SET LOCAL ROLE voiceagent_worker;
	RETURN QUERY SELECT right(c.phone, 4), (SELECT jsonb_object_agg(v.key, v.value) FROM jsonb_each(c.variables) v WHERE v.key LIKE 'slot%')
		FROM voiceagent_private.claim_calls(n) c;
	RESET ROLE;
END
$$;
\set ECHO all
-- Which texts ask for them.
SELECT words, voiceagent_private.tells_slots(words) FROM unnest(ARRAY['{{slot_1}}', 'At {{ slot_2 | default: "noon" }}?', '{{slot_4}}', '{{slot}}', 'slot_1', NULL]) words;
-- As they are said, by a clock, in a language.
SELECT l, z, voiceagent_private.slot_variables('{2026-03-18 14:00+00,2026-03-18 15:00+00}', z, l) FROM unnest(ARRAY['en', 'es', 'fr', 'de-DE']) l, (VALUES ('{America/New_York}'::text[])) AS c(z);
SELECT voiceagent_private.slot_variables(NULL, '{UTC}', 'en');
BEGIN;
-- A Tuesday noon in New York.
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SELECT pg_temp.tenant('r80 slots') AS tenant \gset
SELECT pg_temp.start('visits', pg_temp.leads('+12025556', 2, '{America/Los_Angeles}')) AS campaign, pg_temp.start('plain', pg_temp.leads('+12025557', 1)) AS plain \gset
ALTER TABLE voiceagent.assistant_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.assistant_versions v SET first_message = 'Hello {{first_name}}, does {{slot_1}} suit you, or {{slot_2}}?' FROM voiceagent.campaigns c
WHERE c.tenant_id = :tenant AND c.campaign_id = :campaign AND v.tenant_id = c.tenant_id AND v.assistant_id = c.assistant_id;
SELECT voiceagent.create_calendar('Visits', 'America/New_York', '{"start": "09:00", "end": "15:00", "days": ["tue", "wed"]}', '1 hour', slot_step => '1 hour') AS calendar \gset
SELECT voiceagent.use_calendar(:calendar, campaign_id => :campaign);
-- By the lead's clock; the call keeps what it offers, and whoever answers hears the same, whatever was booked meanwhile.
SELECT DISTINCT slots FROM (SELECT d.* FROM generate_series(1, 6) g, pg_temp.dial(2 + g % 2) d) x ORDER BY 1;
SELECT a.slots, count(*) FROM voiceagent.attempts a WHERE a.tenant_id = :tenant GROUP BY 1 ORDER BY 1;
SELECT starts_at AS first FROM voiceagent.free_slots(:calendar, max_slots => 1) \gset
SELECT status FROM voiceagent.book(:calendar, :'first', lead_id => (SELECT max(lead_id) FROM voiceagent.leads WHERE tenant_id = :tenant));
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = :tenant;
SELECT voiceagent_private.plan_attempt(a.attempt_id, (SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = :tenant), NULL) ->> 'text' AS said
FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE a.tenant_id = :tenant AND a.slots IS NOT NULL ORDER BY 1;
SELECT (voiceagent_private.words_of_dial(c)).first_message AS by_our_own_voice FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE a.tenant_id = :tenant AND a.slots IS NOT NULL ORDER BY 1;
UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE tenant_id = :tenant;
-- What was taken meanwhile is a conflict that a person settles, by the rules of what is agreed in a call.
SELECT c.call_id AS call FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.tenant_id = :tenant AND a.slots IS NOT NULL ORDER BY 1 LIMIT 1 \gset
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', duration_seconds = 60, credits = 0, answered_at = voiceagent.clock(), ended_at = voiceagent.clock(),
	structured_data = jsonb_build_object('appointment', jsonb_build_object('booked', true, 'date', to_char(timestamptz :'first' AT TIME ZONE 'America/Los_Angeles', 'YYYY-MM-DD'),
		'time', to_char(timestamptz :'first' AT TIME ZONE 'America/Los_Angeles', 'HH24:MI')))
WHERE tenant_id = :tenant AND call_id = :call;
SELECT voiceagent_private.end_calls(ARRAY[:call]) IS NOT NULL AS ended;
SELECT voiceagent_private.detect_appointments(ARRAY[:call]) IS NOT NULL AS detected;
SELECT status, starts_at = :'first' AS at_the_slot, conflict_reason FROM voiceagent.appointments WHERE tenant_id = :tenant AND call_id = :call;
-- Nothing free: the text goes without.
SELECT voiceagent.update_calendar(:calendar, '{"notice": "60 days", "horizon": "30 days"}');
SELECT pg_temp.queue(:campaign, pg_temp.leads('+12025558', 1, '{America/Los_Angeles}'));
SELECT count(*) AS dialled, count(slots) AS offered FROM (SELECT d.* FROM generate_series(1, 6) g, pg_temp.dial(2 + g % 2) d) x;
ROLLBACK;
