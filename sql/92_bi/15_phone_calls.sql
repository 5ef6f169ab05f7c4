-- 92_bi: a call with all that was read, noted and left behind in it.

CREATE VIEW voiceagent_bi.phone_calls WITH (security_invoker = on) AS
SELECT c.call_id, c.direction, n.phone_number::text AS phone_number, o.provider_call_id, c.status, c.outcome,
	r.handling, r.intent, r.confidence_score,
	coalesce(r.caller_name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) AS caller_name,
	c.phone AS caller_phone, r.message, coalesce(r.follow_up_created, false) AS follow_up_created,
	(SELECT coalesce(s.reference, s.listing_id::text) FROM voiceagent.call_listings k
		JOIN voiceagent.listings s ON s.tenant_id = k.tenant_id AND s.listing_id = k.listing_id
		WHERE k.tenant_id = o.tenant_id AND k.call_id = o.call_id ORDER BY k.created_at DESC, k.listing_id LIMIT 1)
		AS listing,
	(SELECT string_agg(t.speaker || ': ' || t.text, E'\n' ORDER BY t.turn) FROM voiceagent.call_turns t
		WHERE t.tenant_id = o.tenant_id AND t.call_id = o.call_id) AS transcription,
	c.summary, c.duration_seconds, c.cost, c.currency, c.recording_url, c.started_at,
	c.ended_at
FROM voiceagent_bi.call_list c
JOIN voiceagent.calls o ON o.tenant_id = voiceagent.current_tenant() AND o.call_id = c.call_id
LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = o.tenant_id AND n.phone_number_id = c.phone_number_id
LEFT JOIN LATERAL (SELECT q.* FROM voiceagent.call_readings q
	WHERE q.tenant_id = o.tenant_id AND q.call_id = o.call_id OFFSET 0 /* of the call */) r ON true;
COMMENT ON VIEW voiceagent_bi.phone_calls IS
	'Every call with what was said, read, noted and agreed in it, a row each: for a page of a call, or of a few.';
