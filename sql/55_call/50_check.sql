-- 55_call: do calls, proofs, slots and queue agree?

CREATE FUNCTION voiceagent_private.check_calls() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a live call has not ended', format('call %s is %s', l.call_id, coalesce(c.status, 'missing'))
	FROM voiceagent_private.live_calls l
	LEFT JOIN voiceagent.calls c ON c.tenant_id = l.tenant_id AND c.call_id = l.call_id
	WHERE l.tenant_id = voiceagent.current_tenant() AND (c.call_id IS NULL OR c.outcome IS NOT NULL)
	UNION ALL
	SELECT 'an incoming call ends', format('call %s has been live since %s', i.call_id, i.started_at)
	FROM voiceagent.call_inbound i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.ended_at IS NULL
		AND i.started_at < voiceagent.clock() - voiceagent_private.longest_incoming() - interval '1 hour'
	UNION ALL
	SELECT 'credits are held exactly while a call is live', format('hold %s of call %s', h.hold_id, h.call_id)
	FROM voiceagent.credit_holds h
	WHERE h.tenant_id = voiceagent.current_tenant() AND h.state = 'held' AND h.call_id IS NOT NULL
		AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id)
	UNION ALL
	SELECT 'credits are held exactly while a call is live', format('call %s', l.call_id)
	FROM voiceagent_private.live_calls l
	WHERE l.tenant_id = voiceagent.current_tenant()
		AND NOT EXISTS (SELECT FROM voiceagent.credit_holds h
			WHERE h.tenant_id = l.tenant_id AND h.call_id = l.call_id AND h.state = 'held')
	UNION ALL
	SELECT 'a lead is being called exactly while a call is live',
		format('lead %s of campaign %s', m.lead_id, m.campaign_id)
	FROM voiceagent.campaign_leads m
	FULL JOIN (SELECT l.* FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant()) l
		ON l.tenant_id = m.tenant_id AND l.campaign_id = m.campaign_id AND l.lead_id = m.lead_id
	WHERE coalesce(m.tenant_id, l.tenant_id) = voiceagent.current_tenant()
		AND coalesce(m.status = 'calling', false) <> (l.call_id IS NOT NULL)
	UNION ALL
	SELECT 'a lead waits in the queue exactly while its campaign says so',
		format('lead %s of campaign %s', m.lead_id, m.campaign_id)
	FROM voiceagent.campaign_leads m
	FULL JOIN (SELECT q.* FROM voiceagent_private.call_queue q WHERE q.tenant_id = voiceagent.current_tenant()) q
		ON q.tenant_id = m.tenant_id AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id
	WHERE coalesce(m.tenant_id, q.tenant_id) = voiceagent.current_tenant()
		AND coalesce(m.status IN ('queued', 'retry'), false) <> (q.lead_id IS NOT NULL)
	UNION ALL
	SELECT 'a lead that waits for another call waits in a campaign', format('lead %s', l.lead_id)
	FROM voiceagent.leads l
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.status = 'retry'
		AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = l.tenant_id AND m.lead_id = l.lead_id
				AND m.status IN ('pending', 'queued', 'retry', 'calling'))
	UNION ALL
	SELECT 'a campaign''s accounts are all real carriers, or all the sandbox', format('campaign %s', c.campaign_id)
	FROM voiceagent.campaigns c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id
	JOIN voiceagent.campaign_accounts b ON b.tenant_id = c.tenant_id AND b.campaign_id = c.campaign_id
	JOIN voiceagent.provider_accounts o ON o.tenant_id = b.tenant_id AND o.provider_account_id = b.provider_account_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND ((a.provider = 'sandbox') <> (o.provider = 'sandbox')
		OR b.provider_account_id = c.provider_account_id)
	UNION ALL
	SELECT 'next_due of a lane is no later than its first lead', format('lane %s', n.lane_id)
	FROM voiceagent_private.lanes n
	WHERE n.tenant_id = voiceagent.current_tenant()
		AND n.next_due > (SELECT min(q.not_before) FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = n.tenant_id AND q.lane_id = n.lane_id)
	UNION ALL
	SELECT 'a live call and its attempt are in one state',
		format('call %s: %s, attempt %s', l.call_id, l.state, a.state)
	FROM voiceagent_private.live_calls l
	LEFT JOIN voiceagent.attempts a ON a.tenant_id = l.tenant_id AND a.attempt_id = l.attempt_id
	WHERE l.tenant_id = voiceagent.current_tenant() AND a.state IS DISTINCT FROM l.state
	UNION ALL
	SELECT 'a live call''s lease is looked after', format('call %s: the lease passed at %s', l.call_id, l.lease_until)
	FROM voiceagent_private.live_calls l
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.lease_until < voiceagent.clock() - interval '1 hour'
$$;
COMMENT ON FUNCTION voiceagent_private.check_calls() IS
	'Violations of the invariants of queue, slots and live calls for the current tenant; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_calls');

CREATE FUNCTION voiceagent_private.check_call_rows(after bigint, upto bigint)
	RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a call that has not ended is live', format('call %s is %s', c.call_id, c.status)
	FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound' AND c.outcome IS NULL
		AND c.call_id > check_call_rows.after AND c.call_id <= upto
		AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = c.tenant_id AND l.call_id = c.call_id)
	UNION ALL
	SELECT 'an outbound call has an attempt with its proof', format('call %s', c.call_id)
	FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		AND c.call_id > check_call_rows.after AND c.call_id <= upto
		AND NOT EXISTS (SELECT FROM voiceagent.attempts a WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id)
	UNION ALL
	SELECT 'a call that has ended says when, and what it cost', format('call %s', c.call_id)
	FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		AND c.call_id > check_call_rows.after AND c.call_id <= upto AND c.outcome IS NOT NULL
		AND (c.ended_at IS NULL OR c.credits IS NULL)
	UNION ALL
	SELECT 'a call names versions that exist, its proof its own hold and account', format('call %s', c.call_id)
	FROM voiceagent.calls c
	LEFT JOIN voiceagent.attempts a ON a.tenant_id = c.tenant_id AND a.call_id = c.call_id
	LEFT JOIN voiceagent.campaign_versions w ON w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id
		AND w.version = c.campaign_version
	LEFT JOIN voiceagent.assistant_versions v ON v.tenant_id = c.tenant_id AND v.assistant_id = c.assistant_id
		AND v.version = c.assistant_version
	LEFT JOIN voiceagent.provider_accounts p ON p.tenant_id = c.tenant_id
		AND p.provider_account_id = c.provider_account_id
	LEFT JOIN voiceagent.credit_holds h ON h.tenant_id = a.tenant_id AND h.hold_id = a.hold_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		AND c.call_id > check_call_rows.after AND c.call_id <= upto
		AND (w.version IS NULL OR v.version IS NULL OR p.provider_account_id IS NULL
			OR a.attempt_id IS NOT NULL
			AND (a.provider_account_id <> c.provider_account_id OR h.call_id IS DISTINCT FROM c.call_id))
	UNION ALL
	SELECT 'a real carrier dials under the law, and its proof says so', format('call %s', c.call_id)
	FROM voiceagent.calls c
	JOIN voiceagent.provider_accounts p ON p.tenant_id = c.tenant_id AND p.provider_account_id = c.provider_account_id
	LEFT JOIN voiceagent.attempts e ON e.tenant_id = c.tenant_id AND e.call_id = c.call_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		AND c.call_id > check_call_rows.after AND c.call_id <= upto
		AND (p.provider <> 'sandbox' AND NOT c.lawful OR e.lawful <> c.lawful)
	UNION ALL
	SELECT 'a call has its lead, an attempt its call', format('call %s', c.call_id)
	FROM voiceagent.calls c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
		AND c.call_id > check_call_rows.after AND c.call_id <= upto
		AND NOT EXISTS (SELECT FROM voiceagent.leads d WHERE d.tenant_id = c.tenant_id AND d.lead_id = c.lead_id)
	UNION ALL
	SELECT 'a call has its lead, an attempt its call', format('attempt %s', a.attempt_id)
	FROM voiceagent.attempts a
	WHERE a.tenant_id = voiceagent.current_tenant()
		AND a.call_id > check_call_rows.after AND a.call_id <= upto
		AND NOT EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = a.tenant_id AND c.call_id = a.call_id)
	UNION ALL
	SELECT 'an incoming call has its row in call_inbound, which says as calls whether it is live',
		format('call %s', coalesce(c.call_id, i.call_id))
	FROM (SELECT * FROM voiceagent.calls k
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.direction = 'inbound'
			AND k.call_id > check_call_rows.after AND k.call_id <= upto) c
	FULL JOIN (SELECT * FROM voiceagent.call_inbound b WHERE b.tenant_id = voiceagent.current_tenant()
			AND b.call_id > check_call_rows.after AND b.call_id <= upto) i
		ON i.call_id = c.call_id
	WHERE c.call_id IS NULL OR i.call_id IS NULL OR c.ended_at IS DISTINCT FROM i.ended_at
		OR c.started_at <> i.started_at
		OR c.provider_call_id <> i.provider_call_id OR c.provider_account_id <> i.provider_account_id
$$;
COMMENT ON FUNCTION voiceagent_private.check_call_rows(bigint, bigint) IS
	'Violations of the invariants of calls and proofs for the current tenant, among calls with ids behind after, up to '
	'upto; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('invariant', 'check_call_rows', 'voiceagent.calls.call_id');

CREATE FUNCTION voiceagent_private.check_dials(after bigint, upto bigint) RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'no lead is dialled more often than its campaign allows',
		format('lead %s of campaign %s: %s dials', d.lead_id, d.campaign_id, d.dials)
	-- The campaign's most when it dialled the lead, by the proofs.
	FROM (SELECT c.campaign_id, c.lead_id, count(*) AS dials, max(a.attempt_limit) AS attempt_limit
		FROM voiceagent.calls c
			JOIN voiceagent.attempts a ON a.tenant_id = c.tenant_id AND a.call_id = c.call_id
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
			AND c.lead_id > check_dials.after AND c.lead_id <= upto
			AND a.state NOT IN ('refused', 'not_placed')
			-- Taken by the carrier, whose account then could not dial: no try, see decide_leads().
			AND (c.outcome = 'failed' AND voiceagent_private.is_no_try(c.cause_class)) IS NOT TRUE
		GROUP BY c.campaign_id, c.lead_id) d
	-- An own number may be tried as often as one likes; who was several leads had the dials of each.
	WHERE d.dials > d.attempt_limit AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
		WHERE g.tenant_id = voiceagent.current_tenant() AND g.campaign_id = d.campaign_id
			AND g.type IN ('test', 'direct'))
		AND d.dials > d.attempt_limit * (1 + voiceagent_private.merged_into(d.lead_id))
	UNION ALL
	-- A second dial of one try, by whatever account, comes only after the first was surely not placed, or taken by a
	-- carrier that then said that its account could not dial (what the decision gives back uncounted).
	SELECT 'a lead is dialled again only when the carrier surely did not place the call',
		format('calls %s (account %s, %s) and %s (account %s)', d.call_id, d.provider_account_id, d.state, d.next_call,
			d.next_account)
	FROM (SELECT c.call_id, c.lead_id, c.provider_account_id, a.state,
		(c.outcome = 'failed' AND voiceagent_private.is_no_try(c.cause_class)) IS TRUE AS no_try,
				lead(c.call_id) OVER w AS next_call, lead(c.provider_account_id) OVER w AS next_account
		FROM voiceagent.calls c
			JOIN voiceagent.attempts a ON a.tenant_id = c.tenant_id AND a.call_id = c.call_id
			JOIN voiceagent.campaigns g ON g.tenant_id = c.tenant_id AND g.campaign_id = c.campaign_id
				AND g.type NOT IN ('test', 'direct')
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.direction = 'outbound'
			AND c.lead_id > check_dials.after AND c.lead_id <= upto
		WINDOW w AS (PARTITION BY c.campaign_id, c.lead_id, c.attempt_number ORDER BY c.call_id)) d
	WHERE d.next_call IS NOT NULL AND d.state NOT IN ('refused', 'not_placed') AND NOT d.no_try
		AND voiceagent_private.merged_into(d.lead_id) = 0
$$;
COMMENT ON FUNCTION voiceagent_private.check_dials(bigint, bigint) IS
	'Violations of how often a lead may be dialled for the current tenant, among leads with ids behind after, up to '
	'upto; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('invariant', 'check_dials', 'voiceagent.leads.lead_id');
