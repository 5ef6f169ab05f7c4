-- 90_report: of each attempt whether a telephone rang, and who ended the call.

CREATE VIEW voiceagent.attempt_ends WITH (security_invoker = on) AS
SELECT a.tenant_id, a.attempt_id, a.call_id, c.campaign_id, c.lead_id, a.created_at, c.ended_at, c.outcome,
	CASE WHEN coalesce(a.answered_at, c.answered_at) IS NOT NULL OR c.outcome = 'no_answer' OR c.status = 'ringing'
			THEN 'rang'
		WHEN a.state IN ('refused', 'not_placed') OR c.outcome = 'busy'
			OR c.cause_class IN ('bad_number', 'account', 'refused', 'retry') THEN 'not_rang'
		ELSE 'not_known' END AS rang,
	CASE WHEN c.outcome IS NULL THEN NULL
		WHEN h.hung_up OR c.cause ~ '^(assistant-(ended-call|said-)|silence-timed-out|exceeded-max-duration)'
			THEN 'assistant'
		WHEN h.us THEN 'us'
		WHEN c.cause LIKE 'customer-ended-call%' THEN 'person'
		WHEN coalesce(a.answered_at, c.answered_at) IS NULL AND (a.state IN ('refused', 'not_placed')
			OR c.cause_class IN ('bad_number', 'account', 'refused', 'retry', 'no_answer', 'busy')) THEN 'carrier'
		ELSE 'not_known' END AS ended_by
FROM voiceagent.attempts a
-- An attempt is a call of ours.
JOIN voiceagent.calls c ON c.tenant_id = a.tenant_id AND c.call_id = a.call_id
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM voiceagent.events e WHERE e.tenant_id = a.tenant_id
		AND e.call_id = a.call_id AND e.event_type = 'media_ended'
		AND (e.event_data ->> 'hung_up')::boolean) AS hung_up,
	EXISTS (SELECT FROM voiceagent.provider_requests r WHERE r.tenant_id = a.tenant_id AND r.call_id = a.call_id
		AND r.kind = 'hangup' AND r.state = 'done') AS us) h;
COMMENT ON VIEW voiceagent.attempt_ends IS
	'Of each attempt to call whether a telephone rang, did not ring, or is unknown, and who ended the call.';
COMMENT ON COLUMN voiceagent.attempt_ends.rang IS
	'rang; not_rang: the line was busy, the number or account was refused, or the call was never placed; not_known.';
COMMENT ON COLUMN voiceagent.attempt_ends.ended_by IS
	'assistant; us: a member, or a rule of ours, by a request; person; carrier: no one was reached; not_known; '
	'NULL: it lasts.';
