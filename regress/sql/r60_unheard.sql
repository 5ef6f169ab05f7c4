-- A trunk that says nothing is not a list of people who do not pick up: where nothing was heard of a call for as long as it was to ring, nor of the last ones, the
-- account stops; where the line has said anything lately, it was nobody at home.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.ends(number text, seconds numeric, details text DEFAULT 'unheard') RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report', 'status', 'no_answer',
			'cause', 'q850-19 sip-480', 'cause_class', 'no_answer', 'occurred_at', voiceagent.clock(), 'provider_call_id', a.provider_call_id, 'attempt_ref', a.reference,
			'details', CASE WHEN seconds IS NULL THEN '{}' ELSE jsonb_build_object(details, seconds) END)), min(e.endpoint_id))::voiceagent_private.matched_event])
	FROM voiceagent.attempts a, voiceagent.webhook_endpoints e
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number) AND e.tenant_id = a.tenant_id GROUP BY a.call_id, a.provider_call_id, a.reference
$$;
CREATE FUNCTION pg_temp.rings(number text) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'status', 'status', 'ringing',
			'occurred_at', voiceagent.clock(), 'provider_call_id', a.provider_call_id, 'attempt_ref', a.reference)), min(e.endpoint_id))::voiceagent_private.matched_event])
	FROM voiceagent.attempts a, voiceagent.webhook_endpoints e
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number) AND e.tenant_id = a.tenant_id GROUP BY a.call_id, a.provider_call_id, a.reference
$$;
CREATE FUNCTION pg_temp.calls() RETURNS TABLE (n text, outcome text, cause_class text, cause text, counts boolean, waits text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.outcome, c.cause_class, c.cause, c.counts, l.status FROM voiceagent.calls c
	LEFT JOIN voiceagent.campaign_leads l ON l.tenant_id = c.tenant_id AND l.lead_id = c.lead_id AND l.campaign_id = c.campaign_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.outcome IS NOT NULL ORDER BY c.call_id $$;
CREATE FUNCTION pg_temp.account() RETURNS TABLE (stopped boolean, trouble text) LANGUAGE sql AS $$
	SELECT a.opened_at IS NOT NULL, a.trouble FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY a.opened_at LIMIT 1 $$;
\set ECHO all
-- a dead trunk from the first call on
BEGIN;
SELECT pg_temp.begin_calls('Dead', ARRAY['2001', '2002', '2003']) > 0 AS ready, pg_temp.dial() AS dialled;
SELECT pg_temp.ends('2001', 30), pg_temp.ends('2002', 31.5) \g /dev/null
SELECT * FROM pg_temp.calls();
SELECT * FROM pg_temp.account();
ROLLBACK;
-- told at once that a telephone is off; a call that rang; one that was heard of in no time; a carrier that says no seconds
BEGIN;
SELECT pg_temp.begin_calls('Off', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready, pg_temp.dial() AS dialled;
SELECT pg_temp.ends('2001', 2), pg_temp.rings('2002') \g /dev/null
SELECT pg_temp.ends('2002', 30), pg_temp.ends('2003', NULL) \g /dev/null
SELECT * FROM pg_temp.calls();
SELECT * FROM pg_temp.account();
-- a line that never says that it rings, and that was heard of in the last calls
SELECT pg_temp.ends('2004', 30) \g /dev/null
SELECT * FROM pg_temp.calls() WHERE n = '2004';
SELECT * FROM pg_temp.account();
ROLLBACK;
-- a trunk that dies: ten calls later it is known
BEGIN;
SELECT pg_temp.begin_calls('Dies', ARRAY(SELECT (2000 + i)::text FROM generate_series(1, 14) i)) > 0 AS ready, pg_temp.dial() AS dialled;
SELECT pg_temp.rings('2001') \g /dev/null
SELECT pg_temp.ends('2001', NULL) \g /dev/null
SELECT pg_temp.ends((2000 + i)::text, 30) FROM generate_series(2, 14) i \g /dev/null
SELECT outcome, cause_class, cause, count(*) FROM pg_temp.calls() GROUP BY 1, 2, 3 ORDER BY min(n);
SELECT stopped FROM pg_temp.account();
ROLLBACK;
