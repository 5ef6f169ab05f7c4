-- Audiences over the last talk: what was read in the newest call in which the lead was reached; none for a lead without one; the cost is shown, and bounded.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\i lib/try.inc
\i lib/evaluate.inc
CREATE FUNCTION pg_temp.found(condition text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(first_name, ', ' ORDER BY lead_id), 'nobody') FROM voiceagent.preview_audience(condition)
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Audience other', ARRAY['6001']) AS other \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('6001', '{"interest": "high"}', 'Hello.', 'That sounds very interesting, tell me more.')), voiceagent_private.apply_inbox(10);
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.begin_calls('Audience talks', ARRAY['6001', '6002', '6003', '6004', '6005']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('6001', '{"interest": "high"}', 'Hello.', 'That sounds very interesting, tell me more.'),
	pg_temp.talk('6002', '{"interest": "none"}', 'Hello.', 'No, I am not interested.'),
	pg_temp.webhook('6003', 'report', 'customer-did-not-answer'),
	pg_temp.webhook('6004', 'report', 'customer-ended-call', 90, '{"appointment": {"booked": true, "phrase": "tomorrow at 3 pm"}}')), voiceagent_private.apply_inbox(10);
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT condition, pg_temp.found(condition) FROM (VALUES ('interest = ''high'''), ('interest IN (''none'', ''low'')'), ('booked AND NOT callback'), ('last_talk_at IS NULL'), ('last_talk_at > now - interval ''1 day'''),
	('duration_seconds * 2 > 100 AND direction = ''outbound'''), ('success AND last_outcome <> ''interested'''), ('campaign_id > 0 AND assistant_id > 0 AND csat IS NULL'), ('lower(interest) || ''x'' = ''highx''')) v(condition);
SELECT pg_temp.found(format('campaign_id = %s AND first_name LIKE ''%%2''', (SELECT max(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = :tenant))) AS of_campaign;
SELECT pg_temp.try($$SELECT voiceagent.preview_audience('interest > 3')$$) AS other_kind, pg_temp.try($$SELECT voiceagent.preview_audience('k.interest = ''high''')$$) AS by_our_name, pg_temp.try($$SELECT voiceagent.preview_audience('last_talk = 1')$$) AS unknown;
-- A call in which nobody was reached changes nothing; the newer of two talks counts.
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, started_at, answered_at, ended_at, duration_seconds)
SELECT c.tenant_id, c.campaign_id, c.lead_id, c.phone, c.assistant_id, 1, 1, c.provider_account_id, 2, s.status, s.outcome::voiceagent.call_outcome, c.started_at + s.later, CASE WHEN s.status = 'completed' THEN c.started_at + s.later END, c.started_at + s.later + interval '10 seconds', 10
FROM voiceagent.calls c JOIN (VALUES ('6001', 'no_answer'::voiceagent.call_status, 'no_answer', interval '1 hour'), ('6002', 'completed', 'interested', interval '1 hour')) s(number, status, outcome, later) ON c.phone = '+1212555' || s.number WHERE c.tenant_id = :tenant;
SELECT voiceagent_private.fold_calls(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant));
SELECT pg_temp.found('interest = ''high''') AS high, pg_temp.found('interest = ''none''') AS replaced, pg_temp.found('success') AS success;
-- What it costs; nobody sees what others have, and the plan reads by key.
SELECT topic, CASE topic WHEN 'a piece' THEN regexp_replace(detail, '[0-9.]+ ms', 'N ms') ELSE detail END AS detail FROM voiceagent.explain_audience('interest = ''high'' AND ''vip'' <> ALL (tags)') WHERE topic <> 'plan';
SELECT bool_or(detail LIKE '%Scan using leads_pkey%') AS by_key, bool_or(detail ~ 'cost=|rows=') AS costs, bool_or(detail LIKE '%last_talk%') AS talks FROM voiceagent.explain_audience('interest = ''high''') WHERE topic = 'plan';
SELECT bool_or(detail LIKE '%last_talk%') AS talks_unasked FROM voiceagent.explain_audience('first_name = ''x''');
SELECT pg_temp.try($$SELECT voiceagent.explain_audience('pg_sleep(1) IS NULL')$$) AS refused;
-- The process guest may do it, as its role, and joins whom it finds.
SELECT voiceagent.create_campaign('Warm', (SELECT assistant_id FROM voiceagent.assistants WHERE tenant_id = :tenant)) AS warm \gset
SELECT voiceagent.create_audience('Warm ones', :warm, 'interest = ''high'' OR booked') > 0 AS made;
SET LOCAL ROLE voiceagent_guest;
SELECT voiceagent_private.evaluate_audience((SELECT c.audience_id FROM voiceagent_private.claim_evaluation() c));
SELECT pg_temp.try('SELECT count(*) FROM voiceagent.call_facts') AS tables_of_calls;
RESET ROLE;
SELECT voiceagent_private.enrol_audiences(100) IS NOT NULL AS again;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT l.first_name FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :tenant AND m.campaign_id = :warm ORDER BY 1;
ROLLBACK;
