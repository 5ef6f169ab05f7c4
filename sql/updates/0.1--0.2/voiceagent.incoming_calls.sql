-- Calls that came in become rows of calls, with what they have besides in call_inbound, in the order of their old ids, which
-- call_inbound keeps. All end: a call of whose end nobody told within longest_incoming() ended when it began, or was answered.
-- no_answer of a call that had not ended said that nobody took it where it was forwarded to (untaken). Events and requests to
-- carriers keep their rows as they are: erasures find the events by lead and number.
INSERT INTO voiceagent.call_inbound (tenant_id, call_id, provider_account_id, provider_call_id, phone_number_id, from_number, to_number, answer,
	plan, told, untaken, started_at, incoming_call_id)
SELECT i.tenant_id, nextval('voiceagent.calls_call_id_seq'), i.provider_account_id, i.provider_call_id, i.phone_number_id, i.from_number, i.to_number,
	i.answer, i.plan, i.told, i.outcome IS NOT DISTINCT FROM 'no_answer' AND i.answer IS NOT DISTINCT FROM 'forward', i.started_at, i.incoming_call_id
FROM (SELECT o.* FROM voiceagent.incoming_calls o ORDER BY o.incoming_call_id OFFSET 0) i;

INSERT INTO voiceagent.calls (tenant_id, call_id, lead_id, direction, phone, assistant_id, assistant_version, provider_account_id, provider_call_id,
	status, outcome, counts, duration_seconds, cost, cost_currency, cost_source, summary, transcript, recording_url, stereo_recording_url,
	structured_data, success_evaluation, started_at, answered_at, ended_at)
OVERRIDING SYSTEM VALUE
SELECT i.tenant_id, b.call_id, i.lead_id, 'inbound', CASE WHEN voiceagent_private.is_e164(i.from_number) THEN i.from_number END,
	v.assistant_id, v.version, i.provider_account_id, i.provider_call_id,
	coalesce(e.outcome, CASE WHEN i.answered_at IS NULL THEN 'ringing' ELSE 'in_progress' END), e.outcome, false, i.duration_seconds,
	i.cost, i.cost_currency, CASE WHEN i.cost IS NOT NULL THEN 'carrier' WHEN e.ended_at IS NOT NULL THEN 'unknown' END,
	i.summary, i.transcript, i.recording_url, i.stereo_recording_url, i.structured_data, i.success_evaluation,
	i.started_at, CASE WHEN i.answered_at IS NOT NULL THEN least(i.answered_at, e.ended_at) END, e.ended_at
FROM voiceagent.incoming_calls i
JOIN voiceagent.call_inbound b ON b.tenant_id = i.tenant_id AND b.incoming_call_id = i.incoming_call_id
LEFT JOIN voiceagent.assistant_versions v ON v.tenant_id = i.tenant_id AND v.assistant_id = (i.plan ->> 'assistant_id')::bigint
	AND v.version = (i.plan ->> 'assistant_version')::integer
CROSS JOIN LATERAL (SELECT coalesce(i.ended_at, CASE WHEN i.started_at <= voiceagent.clock() - voiceagent_private.longest_incoming()
	THEN greatest(i.started_at, i.answered_at) END) AS ended_at) x
CROSS JOIN LATERAL (SELECT x.ended_at, CASE WHEN x.ended_at IS NULL THEN NULL
	WHEN i.outcome IN ('completed', 'failed', 'busy', 'no_answer') THEN i.outcome
	WHEN i.answered_at IS NOT NULL OR i.duration_seconds > 0 THEN 'completed' ELSE 'no_answer' END AS outcome) e;

-- As copy_incoming() does for one tenant.
UPDATE voiceagent.call_inbound i
SET ended_at = c.ended_at, answered = voiceagent_private.was_answered(c) AND NOT (i.untaken AND i.answer IS NOT DISTINCT FROM 'forward')
FROM voiceagent.calls c WHERE c.tenant_id = i.tenant_id AND c.call_id = i.call_id;

-- The carrier is asked about those that are live under their new ids. Negative first: old ids and new ones overlap.
UPDATE voiceagent_private.live_incoming l SET call_id = -b.call_id
FROM voiceagent.call_inbound b WHERE b.tenant_id = l.tenant_id AND b.incoming_call_id = l.call_id;
UPDATE voiceagent_private.live_incoming l SET call_id = -l.call_id WHERE l.call_id < 0;
-- Those that 0.1 asked nobody about (the sandbox's, and those given up) end as well: end_lost_incoming().
INSERT INTO voiceagent_private.live_incoming (tenant_id, call_id, provider_account_id, provider_call_id, started_at, ask_at)
SELECT b.tenant_id, b.call_id, b.provider_account_id, b.provider_call_id, b.started_at, b.started_at + voiceagent_private.longest_incoming()
FROM voiceagent.call_inbound b WHERE b.ended_at IS NULL
ON CONFLICT DO NOTHING;

-- They are older than their new ids tell, and are retained from their start on: see moved_calls().
INSERT INTO voiceagent_private.retention_marks (tenant_id, class)
SELECT t.tenant_id, c FROM (SELECT DISTINCT b.tenant_id FROM voiceagent.call_inbound b WHERE b.incoming_call_id IS NOT NULL) t,
	unnest('{moved_transcripts,moved_recordings,moved_calls}'::text[]) c
ON CONFLICT DO NOTHING;

DROP FUNCTION IF EXISTS voiceagent_private.was_answered(voiceagent.incoming_calls), voiceagent.leads(voiceagent.incoming_calls),
	voiceagent.incoming_calls(voiceagent.leads);
SELECT voiceagent_private.update_drop_table('voiceagent.incoming_calls');
