-- One word for what a call came to: the pages and the figures count the same after random reports and erasures.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
SELECT setseed(0.42);
BEGIN;
SELECT pg_temp.begin_calls('One word', ARRAY(SELECT n::text FROM generate_series(5001, 5024) n)) AS tenant \gset
SELECT voiceagent_private.set_tenant(0) \gset
SELECT voiceagent_private.set_tenant(:tenant) \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(VARIADIC ARRAY(SELECT pg_temp.webhook(n::text, 'report', r.cause, CASE r.cause WHEN 'customer-ended-call' THEN 20 + n ELSE 0 END, coalesce(r.data, '{}')::jsonb) FROM generate_series(5001, 5020) n
	CROSS JOIN LATERAL (SELECT * FROM (VALUES ('customer-ended-call', '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'), ('customer-ended-call', '{"interest": "none"}'),
		('customer-ended-call', '{"do_not_call": true}'), ('customer-did-not-answer', NULL), ('customer-busy', NULL), ('voicemail', NULL), ('customer-ended-call', '{"interest": "high"}')) AS v(cause, data)
		WHERE n > 0 ORDER BY random() LIMIT 1) r));
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
CREATE FUNCTION pg_temp.counts() RETURNS TABLE (same boolean, calls text, answered text, money boolean) LANGUAGE sql AS $$
	SELECT p ->> 'calls' = t.calls::text AND p ->> 'answered' = t.completed::text AND p ->> 'appointments' = t.booked::text AND p ->> 'opted_out' = t.opt_outs::text
		AND (SELECT (sum(h.calls), sum(h.answered)) = (t.calls, t.completed) FROM jsonb_to_recordset(p -> 'hours') AS h(calls bigint, answered bigint))
		AND (p ->> 'credits')::numeric = t.credits AND (c ->> 'calls')::bigint = t.calls + (c ->> 'live_calls')::bigint AND c ->> 'answered_calls' = t.completed::text
		AND c ->> 'appointments_agreed' = t.booked::text AND c ->> 'opted_out' = t.opt_outs::text, p ->> 'calls', p ->> 'answered',
		(c ->> 'credits_spent')::numeric = t.credits AND (m #>> '{campaigns,0,credits}')::numeric = t.credits
		AND t.credits = (SELECT -sum(s.change) FROM voiceagent.credit_statement s WHERE s.call_id IS NOT NULL)
	FROM voiceagent_bi.today t, voiceagent.today_page() p, jsonb_array_elements(voiceagent.campaign_page()) c, voiceagent.money_page() m
	WHERE c ->> 'type' <> 'test' $$;
SELECT * FROM pg_temp.counts();
SELECT count(voiceagent.erase_lead(l.lead_id, 'asked')) AS erased FROM (SELECT DISTINCT c.lead_id FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.outcome IS NOT NULL ORDER BY 1 LIMIT 5) l;
SELECT * FROM pg_temp.counts();
ROLLBACK;
