-- 55_call: the tenant's numbers with what they have done. Sums over the calls themselves: they cannot drift.

CREATE VIEW voiceagent.phone_number_totals WITH (security_invoker = on) AS
SELECT n.tenant_id, n.phone_number_id, t.calls AS total_calls, round(t.seconds / 60, 2) AS total_minutes,
	CASE WHEN t.currencies <= 1 THEN round(t.cost * 100, 2) END AS total_cost_cents,
		CASE WHEN t.currencies = 1 THEN t.currency END AS cost_currency,
	t.outbound AS outbound_calls, t.calls - t.outbound AS inbound_calls, t.at AS last_call_at
FROM voiceagent.phone_numbers n
CROSS JOIN LATERAL (
	SELECT count(*) AS calls, count(*) FILTER (WHERE x.made) AS outbound,
		coalesce(sum(c.duration_seconds), 0) AS seconds, coalesce(sum(c.cost), 0) AS cost,
		count(DISTINCT c.cost_currency) AS currencies, min(c.cost_currency) AS currency, max(c.started_at) AS at
	FROM (SELECT a.call_id, true AS made FROM voiceagent.attempts a
		WHERE a.tenant_id = n.tenant_id AND a.phone_number_id = n.phone_number_id
		UNION ALL
		SELECT i.call_id, false FROM voiceagent.call_inbound i
		WHERE i.tenant_id = n.tenant_id AND i.phone_number_id = n.phone_number_id) x
	JOIN voiceagent.calls c ON c.tenant_id = n.tenant_id AND c.call_id = x.call_id) t;
COMMENT ON VIEW voiceagent.phone_number_totals IS
	'The activity of each number, from its calls: those made with it and those to it.';
COMMENT ON COLUMN voiceagent.phone_number_totals.total_calls IS 'Calls, outbound and inbound.';
COMMENT ON COLUMN voiceagent.phone_number_totals.total_minutes IS 'Minutes that they lasted, to a hundredth.';
COMMENT ON COLUMN voiceagent.phone_number_totals.total_cost_cents IS
	'The carriers'' charges for them, in hundredths of cost_currency; NULL: in several currencies.';
COMMENT ON COLUMN voiceagent.phone_number_totals.cost_currency IS
	'ISO 4217 code of total_cost_cents; NULL: nothing was charged, or in several.';
COMMENT ON COLUMN voiceagent.phone_number_totals.outbound_calls IS
	'Calls that were made with it: as one of a pool, or as the number that the account calls with.';
COMMENT ON COLUMN voiceagent.phone_number_totals.inbound_calls IS 'Calls to it.';
COMMENT ON COLUMN voiceagent.phone_number_totals.last_call_at IS 'When the latest of them began; NULL: there was none.';

CREATE FUNCTION voiceagent.list_phone_numbers(removed_too boolean DEFAULT false) RETURNS SETOF jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.number_as_json(n) FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = voiceagent.current_tenant() AND (removed_too OR n.removed_at IS NULL)
	ORDER BY n.is_primary DESC, n.phone_number, n.phone_number_id
$$;
COMMENT ON FUNCTION voiceagent.list_phone_numbers(boolean) IS
	'The tenant''s numbers, the primary one first, each as get_phone_number() gives it; removed_too: '
	'also those that are gone.';

CREATE FUNCTION voiceagent_private.number_as_json(number voiceagent.phone_numbers) RETURNS jsonb LANGUAGE sql STABLE
	RETURN (SELECT to_jsonb(number) - 'tenant_id' || (to_jsonb(t) - ARRAY['tenant_id', 'phone_number_id'])
		|| jsonb_build_object(
				'business_hours_start', to_char((number).business_hours_start, 'HH24:MI'),
				'business_hours_end', to_char((number).business_hours_end, 'HH24:MI'),
				'in_hours', voiceagent_private.who_answers(number, true),
				'after_hours', voiceagent_private.who_answers(number, false),
				'hint', CASE WHEN (number).in_hours = 'assistant' AND (number).after_hours = 'forward' THEN
					format('Usual is the office by day, the assistant at night: update_phone_number(%s, '
						'''{"in_hours": null, "after_hours": null}'')', (number).phone_number_id) END,
				'provider', (SELECT a.provider FROM voiceagent.provider_accounts a
					WHERE a.tenant_id = (number).tenant_id AND a.provider_account_id = (number).provider_account_id),
				'health', (SELECT jsonb_build_object('rests_until', CASE WHEN u.rests_until > voiceagent.clock()
						THEN u.rests_until END, 'rest_reason', u.rest_reason, 'spam_marks', u.spam_marks,
						'spam_marked_at', u.spam_marked_at, 'attestation', u.attestation, 'attested_at', u.attested_at)
					FROM voiceagent_private.number_use u
					WHERE u.tenant_id = (number).tenant_id AND u.phone_number_id = (number).phone_number_id),
				'campaign_ids', (SELECT coalesce(jsonb_agg(m.campaign_id ORDER BY m.campaign_id), '[]')
					FROM voiceagent.campaign_numbers m
					WHERE m.tenant_id = (number).tenant_id AND m.phone_number_id = (number).phone_number_id))
		FROM voiceagent.phone_number_totals t
		WHERE t.tenant_id = (number).tenant_id AND t.phone_number_id = (number).phone_number_id);
COMMENT ON FUNCTION voiceagent_private.number_as_json(voiceagent.phone_numbers) IS
	'A number with its totals, its carrier and the campaigns that call with it.';

CREATE FUNCTION voiceagent.get_phone_number(phone_number_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent.current_tenant();
	RETURN voiceagent_private.number_as_json(voiceagent_private.find_number(phone_number_id));
END
$$;
COMMENT ON FUNCTION voiceagent.get_phone_number(bigint) IS
	E'A number: the columns of phone_numbers (in_hours, after_hours: what holds) and phone_number_totals, provider, '
	'health (what carriers say of its calls, whether it rests; null: no pool has called with it), '
	'campaign_ids, whose pools have it, and a hint.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.check_numbers() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	SELECT 'a tenant with numbers has one primary one', format('%s of %s numbers', x.primaries, x.numbers)
	FROM (SELECT count(*) AS numbers, count(*) FILTER (WHERE n.is_primary) AS primaries FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.removed_at IS NULL) x
	WHERE x.numbers > 0 AND x.primaries <> 1
	UNION ALL
	SELECT 'a number that carriers call ours has its owner', format('number %s', n.phone_number_id)
	FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.state = 'ready' AND n.proof = 'carrier'
		AND NOT EXISTS (SELECT FROM voiceagent_private.number_owners o
			WHERE o.phone_number = n.phone_number AND o.tenant_id = n.tenant_id
				AND o.phone_number_id = n.phone_number_id)
	UNION ALL
	SELECT 'who owns a number has it', format('number %s', o.phone_number_id)
	FROM voiceagent_private.number_owners o
	WHERE o.tenant_id = voiceagent.current_tenant() AND NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = o.tenant_id AND n.phone_number_id = o.phone_number_id AND n.phone_number = o.phone_number
			AND n.removed_at IS NULL)
	UNION ALL
	SELECT 'a call with a number of a pool says so in its attempt', format('call %s', l.call_id)
	FROM voiceagent_private.live_calls l
	LEFT JOIN voiceagent.attempts a ON a.tenant_id = l.tenant_id AND a.attempt_id = l.attempt_id
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone_number_id IS NOT NULL
		AND a.phone_number_id IS DISTINCT FROM l.phone_number_id
	UNION ALL
	SELECT 'what a number has done today agrees with its calls',
		format('number %s: %s calls counted, %s made', u.phone_number_id, u.calls, c.calls)
	FROM voiceagent_private.number_use u
	JOIN voiceagent.phone_numbers n ON n.tenant_id = u.tenant_id AND n.phone_number_id = u.phone_number_id
	CROSS JOIN LATERAL (SELECT count(*) AS calls FROM voiceagent.attempts a
		WHERE a.tenant_id = u.tenant_id AND a.phone_number_id = u.phone_number_id
			AND (a.created_at AT TIME ZONE n.timezone)::date = u.day) c
	WHERE u.tenant_id = voiceagent.current_tenant() AND u.calls > c.calls
$$;
COMMENT ON FUNCTION voiceagent_private.check_numbers() IS
	'Violations of the invariants of telephone numbers for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_numbers');
