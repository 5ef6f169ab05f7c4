-- 55_call: why a lead was, or was not, called; in words.

CREATE FUNCTION voiceagent_private.describe_law(jurisdiction text, rule text, at timestamptz,
	timezones text[] DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(format('%s in %s (%s)', voiceagent_private.describe_rule(r.rule, r.value), r.place, r.source),
		'; '
		ORDER BY length(r.place) DESC, r.place, r.source)
	FROM (SELECT DISTINCT f.rule, f.value,
		CASE f.origin WHEN '*' THEN 'countries without a rule of their own' ELSE f.origin END AS place,
			coalesce((SELECT 'the platform: ' || t.reason FROM voiceagent_private.law_tightenings t
					WHERE t.jurisdiction = f.origin AND t.rule = f.rule AND t.value = f.value),
				(SELECT string_agg(l.source, '; ' ORDER BY l.effective_from) FROM voiceagent_private.law_rules l
					WHERE l.jurisdiction = f.origin AND l.rule = f.rule AND l.value = f.value
						AND d.day BETWEEN l.effective_from AND l.effective_until)) AS source
		FROM unnest(voiceagent_private.days_of(coalesce(timezones, '{UTC}'), at)) AS d(day)
		CROSS JOIN LATERAL voiceagent_private.rules_in_force(describe_law.jurisdiction, d.day) f
		WHERE f.rule = describe_law.rule AND f.value NOT IN ('null', 'false')) r
$$;
COMMENT ON FUNCTION voiceagent_private.describe_law(text, text, timestamptz, text[]) IS
	'The rules of one kind that hold in a jurisdiction on the day that it is then in these zones (NULL: UTC), each '
	'with where and by which source; NULL: none.';

CREATE FUNCTION voiceagent_private.explain_verdict(campaign_id bigint, lead_id bigint, at timestamptz,
	OUT verdict text, OUT due_at timestamptz, OUT law text, OUT says text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_turn voiceagent_private.claim_turn := (SELECT voiceagent_private.begin_turn(
		voiceagent_private.recall_campaign(c.campaign_id, c.version),
		(voiceagent_private.account_turns(ARRAY[c.provider_account_id], true, '{}', '{}', 0, explain_verdict.at))[1],
		voiceagent_private.read_dial_settings())
		FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = explain_verdict.campaign_id);
	v_pick record;
BEGIN
	SELECT k.* INTO v_pick FROM voiceagent_private.check_leads(v_turn, ARRAY[explain_verdict.lead_id], false,
		explain_verdict.at) k;
	verdict := v_pick.verdict;
	due_at := v_pick.due_at;
	IF verdict = 'no_consent' AND NOT v_turn.require_consent THEN
		law := (SELECT string_agg(voiceagent_private.describe_law(v_pick.jurisdiction, r.rule, at, v_pick.timezones),
			'; ' ORDER BY r.nth)
			FROM unnest('{require_consent,human_first,consent_valid}'::text[]) WITH ORDINALITY r(rule, nth));
	END IF;
	says := coalesce((SELECT format(d.sentence, v_pick.note, voiceagent_private.describe_time(v_pick.due_at),
			CASE d.verdict WHEN 'capped' THEN v_pick.dials_24h::text WHEN 'unasked' THEN v_turn.before_dial
				WHEN 'do_not_call' THEN split_part(v_pick.note, ': ', 2)
				WHEN 'no_consent' THEN v_pick.phone || coalesce(', which the law wants: ' || law, '')
				WHEN 'wrong' THEN (SELECT w.call_id::text FROM voiceagent_private.proved_wrong(v_tenant,
					explain_verdict.campaign_id, explain_verdict.lead_id, v_pick.phone, v_turn.lawful) w) END)
			FROM voiceagent_private.dial_verdicts() d WHERE d.verdict = explain_verdict.verdict),
		CASE WHEN v_pick.callback AND EXISTS (SELECT FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_tenant AND d.phone = v_pick.phone AND d.held)
			THEN 'The number is held, but for this callback, which the call promised.' END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.explain_verdict(bigint, bigint, timestamptz) IS
	'The verdict of a claim now on a lead that is queued in a campaign of the current tenant, and the same in words '
	'(NULL: nothing keeps it); law: the one that wants the consent which it lacks.';

CREATE FUNCTION voiceagent_private.explain_wait(tenant_id bigint, lead_id bigint, now timestamptz)
	RETURNS TABLE (at timestamptz, campaign_id bigint, what text, why text) LANGUAGE sql STABLE AS $$
	SELECT now, m.campaign_id, 'now',
		CASE m.status
			WHEN 'pending' THEN format('Not queued: the campaign is %s.', c.status)
			WHEN 'calling' THEN (SELECT format('Being called (call %s, %s) since %s; the carrier is asked what became '
					'of it after %s.', k.call_id, k.status, voiceagent_private.describe_time(k.started_at),
					voiceagent_private.describe_time(o.lease_until))
				FROM voiceagent_private.live_calls o
				JOIN voiceagent.calls k ON k.tenant_id = o.tenant_id AND k.call_id = o.call_id
				WHERE o.tenant_id = m.tenant_id AND o.campaign_id = m.campaign_id AND o.lead_id = m.lead_id)
			WHEN 'completed' THEN format('Done: reached (%s).', coalesce(m.last_outcome, 'no outcome'))
			WHEN 'failed' THEN format('Given up after %s: %s.', CASE m.attempts WHEN 1 THEN '1 dial'
				ELSE m.attempts || ' dials' END, coalesce(m.reason, 'no reason noted'))
			WHEN 'skipped' THEN CASE
				WHEN m.reason = voiceagent_private.do_not_call_reason('held')
					AND NOT voiceagent_private.may_return(m, l, v)
					THEN 'Not dialled in this campaign: held, an opt-out is in doubt. release_holds() ends it.'
				WHEN voiceagent_private.may_return(m, l, v) THEN
					format('Not dialled in this campaign: %s. %sadd_leads() takes it back.', m.reason,
						CASE m.reason WHEN 'missing variable' THEN 'It has a value now: ' ELSE '' END)
				WHEN m.reason = 'missing variable'
					AND voiceagent_private.lead_lacks(l, voiceagent_private.variables_of(v))
					THEN format('Not dialled in this campaign: the prompt has no value for %s. '
						'Fill it, then add_leads() takes the lead back.',
						voiceagent_private.describe_lacking(l, voiceagent_private.variables_of(v)))
				ELSE format('Never to be dialled in this campaign: %s.', coalesce(m.reason, 'no reason noted')) END
			WHEN 'expired' THEN
				format('Not dialled any more%s: %s.', CASE m.attempts WHEN 0 THEN '' WHEN 1 THEN ' after 1 dial'
					ELSE format(' after %s dials', m.attempts) END, coalesce(m.reason, 'no reason noted'))
			ELSE concat_ws(' ',
				format('Waits for dial %s of at most %s, not before %s (%s).', m.attempts + 1,
					greatest(m.attempts, v.retry_attempts) + 1,
					voiceagent_private.describe_time(q.not_before), q.reason),
				CASE WHEN voiceagent_private.lead_lacks(l, voiceagent_private.variables_of(v))
					THEN format('The prompt has no value for %s: without one it is not dialled.',
						voiceagent_private.describe_lacking(l, voiceagent_private.variables_of(v))) END,
				CASE WHEN c.status <> 'running' THEN format('The campaign is %s%s.', c.status, ': ' || c.status_reason)
					WHEN c.status_reason IS NOT NULL THEN format('The campaign is held back: %s.', c.status_reason)
					WHEN q.not_before <= now THEN 'The campaign as a whole: '
						|| voiceagent.explain_campaign(m.campaign_id) || '.' END,
				CASE WHEN NOT d.active THEN 'The tenant may not dial.' END,
				CASE WHEN NOT a.active THEN 'The carrier account is switched off.'
					WHEN a.resumes_at > now THEN format('The carrier account rests until %s%s.',
						voiceagent_private.describe_time(a.resumes_at), ': ' || a.trouble) END,
				CASE WHEN cardinality(l.timezones) = 0 OR n.opens_at = 'infinity'
						THEN 'There is no hour at which a call is allowed: '
						'the lead''s time zone is unknown, or the calling hours leave none.'
						|| CASE WHEN n.gives_up_at IS NULL THEN '' ELSE format(' It is waited for until %s.',
							voiceagent_private.describe_time(greatest(n.gives_up_at, q.not_before
								+ coalesce(voiceagent_private.as_interval(
									v.settings ->> 'no_window_give_up_after'), interval '1 day')))) END
					WHEN n.opens_at > now THEN format('The calling window opens at %s (in %s%s).',
						voiceagent_private.describe_time(n.opens_at), array_to_string(l.timezones, ' and '),
						CASE WHEN ((v.settings ->> 'calling_hours')::jsonb ->> 'off')::datemultirange && daterange(
							(now AT TIME ZONE l.timezones[1])::date, (n.opens_at AT TIME ZONE l.timezones[1])::date)
							THEN ', after a day off' ELSE '' END)
					WHEN n.closes_at <= now THEN format('The calling window closed at %s.',
						voiceagent_private.describe_time(n.closes_at))
					ELSE format('The calling window is open until %s.',
						voiceagent_private.describe_time(n.closes_at)) END,
				(SELECT e.says FROM voiceagent_private.explain_verdict(m.campaign_id, m.lead_id, now) e
					WHERE q.lead_id IS NOT NULL),
				CASE WHEN (v.settings ->> 'best_time')::boolean AND cardinality(n.timezones) > 0
					THEN voiceagent_private.describe_best_time(v.settings ->> 'provider' = 'sandbox', n.timezones,
						n.region, greatest(now, q.not_before)) END,
				CASE WHEN coalesce(v.settings ->> 'day_parts', '') <> ''
					THEN voiceagent_private.describe_day_parts(m.campaign_id, m.lead_id,
						(v.settings ->> 'day_parts')::jsonb) END,
				CASE WHEN coalesce(v.settings ->> 'script_source', 'none') <> 'none'
					THEN voiceagent_private.describe_script_wait(v, l, greatest(q.not_before, n.opens_at), now) END,
				CASE WHEN p.expires_at IS NOT NULL THEN format('The campaign ends at %s.',
					voiceagent_private.describe_time(p.expires_at)) END,
				CASE WHEN p.next_dial_at > now AND isfinite(p.next_dial_at)
					AND p.suspended IS DISTINCT FROM 'out of credits' THEN
					format('The campaign''s next dial is at %s.', voiceagent_private.describe_time(p.next_dial_at)) END,
				CASE WHEN (SELECT count(*) FROM voiceagent_private.live_calls x
						WHERE x.tenant_id = m.tenant_id AND x.campaign_id = m.campaign_id) >= v.max_concurrent_calls
					THEN format('All %s lines of the campaign are busy.', v.max_concurrent_calls) END,
				voiceagent_private.describe_callers(m.campaign_id, voiceagent_private.accounts_of_campaign(
					m.campaign_id), coalesce((v.settings ->> 'caller_id_calls_per_day')::integer, 0), now))
		END
	FROM voiceagent.campaign_leads m
	JOIN voiceagent.leads l ON l.tenant_id = m.tenant_id AND l.lead_id = m.lead_id
	JOIN voiceagent.campaigns c ON c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id
	JOIN voiceagent.provider_accounts a ON a.tenant_id = m.tenant_id AND a.provider_account_id = c.provider_account_id
	JOIN voiceagent_private.tenant_directory d ON d.tenant_id = m.tenant_id
	LEFT JOIN voiceagent.campaign_versions v ON v.tenant_id = m.tenant_id AND v.campaign_id = m.campaign_id
		AND v.version = c.version
	LEFT JOIN voiceagent_private.call_queue q ON q.tenant_id = m.tenant_id AND q.campaign_id = m.campaign_id
		AND q.lead_id = m.lead_id
	LEFT JOIN voiceagent_private.lanes n ON n.tenant_id = q.tenant_id AND n.lane_id = q.lane_id
	LEFT JOIN voiceagent_private.pacing p ON p.tenant_id = m.tenant_id AND p.campaign_id = m.campaign_id
	WHERE m.tenant_id = explain_wait.tenant_id AND m.lead_id = explain_wait.lead_id
$$;
COMMENT ON FUNCTION voiceagent_private.explain_wait(bigint, bigint, timestamptz) IS
	'For each campaign of a lead: what it waits for now, or why it waits for nothing.';

CREATE FUNCTION voiceagent_private.explain_incoming(lead_id bigint, now timestamptz)
	RETURNS TABLE (at timestamptz, why text, call_id bigint)
	-- By the index that has the order, whatever the statistics make of the tenant's calls.
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.started_at, format('Called %s (call %s): %s.', c.to_number, c.call_id,
		CASE WHEN c.ended_at IS NULL
			AND c.started_at > now - voiceagent_private.longest_incoming() THEN 'on the telephone with us'
			WHEN c.answered THEN 'answered' || coalesce(', ' || round(d.duration_seconds) || ' s', '')
			ELSE 'not answered' END), c.call_id
	FROM unnest(voiceagent_private.phones_of_lead(explain_incoming.lead_id)) AS p(phone)
	CROSS JOIN LATERAL (SELECT i.* FROM voiceagent.call_inbound i
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.from_number = p.phone ORDER BY i.started_at OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.duration_seconds FROM voiceagent.calls o
		WHERE o.tenant_id = c.tenant_id AND o.call_id = c.call_id OFFSET 0) d
$$;
COMMENT ON FUNCTION voiceagent_private.explain_incoming(bigint, timestamptz) IS
	'The calls to the current tenant''s numbers from any number of a lead, each in words.';

CREATE FUNCTION voiceagent.explain_lead(lead_id bigint)
	RETURNS TABLE (at timestamptz, campaign_id bigint, what text, why text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lead voiceagent.leads;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = explain_lead.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such lead', NULL,
		'View leads lists the leads of the tenant.');
	RETURN QUERY
	SELECT x.at, x.campaign_id, x.what, x.why
	FROM (
		SELECT v_lead.created_at AS at, NULL::bigint AS campaign_id, 'lead' AS what,
			format('%s, %s%s.', v_lead.phone,
				CASE cardinality(v_lead.timezones) WHEN 0 THEN 'time zone unknown'
					ELSE 'in ' || array_to_string(v_lead.timezones, ' or ') END,
				CASE WHEN v_lead.status_reason IS NOT NULL THEN format('; %s: %s', v_lead.status, v_lead.status_reason)
					ELSE '' END) AS why,
			0 AS part, 0::bigint AS id
		UNION ALL
		SELECT d.created_at, NULL, CASE WHEN d.held THEN 'held' ELSE 'do_not_call' END,
			CASE WHEN d.held THEN format('Held since call %s: %s%s. release_holds() ends it.', d.call_id, d.reason,
				coalesce(format(' ("%s")', d.quote), ''))
				ELSE format('On the do-not-call list (%s): %s.', d.source, d.reason) END, 1, 0
		FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.phone = v_lead.phone
		UNION ALL
		SELECT s.granted_at, NULL, 'consent', format('Agreed to %s (%s)%s.', s.kind, s.source,
			CASE WHEN s.revoked_at IS NOT NULL THEN format('; revoked at %s',
				voiceagent_private.describe_time(s.revoked_at)) ELSE '' END), 1, s.consent_id
		FROM voiceagent.consents s WHERE s.tenant_id = v_tenant AND s.lead_id = v_lead.lead_id
		UNION ALL
		SELECT m.added_at, m.campaign_id, 'added', format('Added to campaign %s (%s).', m.campaign_id, c.name), 1,
			m.campaign_id
		FROM voiceagent.campaign_leads m
		JOIN voiceagent.campaigns c ON c.tenant_id = m.tenant_id AND c.campaign_id = m.campaign_id
		WHERE m.tenant_id = v_tenant AND m.lead_id = v_lead.lead_id
		UNION ALL
		SELECT e.checked_at, k.campaign_id, 'dialled',
			format('Dial %s of at most %s was allowed%s: the window was open from %s to %s%s. '
				'%s %s %s %s of %s calls were live; %s credits were held.',
				e.attempt_number, e.attempt_limit,
				CASE WHEN e.lawful THEN ' by the law of ' || e.jurisdiction ELSE '' END,
				voiceagent_private.describe_time(e.window_opens_at),
				voiceagent_private.describe_time(e.window_closes_at),
				coalesce(' in ' || nullif(array_to_string(e.timezones, ' and '), ''), ''),
				voiceagent_private.describe_caps(e), voiceagent_private.describe_dnc_lists(e),
				voiceagent_private.describe_consent(e), e.live_calls, e.call_limit, trim_scale(h.amount)), 2, k.call_id
		FROM voiceagent.calls k
		CROSS JOIN LATERAL (SELECT e.* FROM voiceagent.eligibility e
			WHERE e.tenant_id = k.tenant_id AND e.call_id = k.call_id OFFSET 0) e
		JOIN voiceagent.credit_holds h ON h.tenant_id = e.tenant_id AND h.hold_id = e.hold_id
		WHERE k.tenant_id = v_tenant AND k.lead_id = v_lead.lead_id AND k.direction <> 'inbound'
		UNION ALL
		-- When we heard of it: the carrier's own clock (the sandbox's runs fast) would tell the story out of order.
		SELECT coalesce((SELECT v.at FROM voiceagent.events v
				WHERE v.tenant_id = v_tenant AND v.lead_id = v_lead.lead_id AND v.call_id = k.call_id
					AND v.event_type = 'call_ended'
				ORDER BY v.at LIMIT 1), k.ended_at), k.campaign_id, 'ended', format('Call %s: %s, %s%s; %s credits.',
					k.call_id, k.status, k.outcome, CASE WHEN k.cause IS NOT NULL THEN format(' (%s)', k.cause)
						ELSE '' END, coalesce(trim_scale(k.credits)::text, 'no')), 3, k.call_id
		FROM voiceagent.calls k
		WHERE k.tenant_id = v_tenant AND k.lead_id = v_lead.lead_id AND k.direction <> 'inbound'
			AND k.outcome IS NOT NULL
		UNION ALL
		-- Decisions outside of calls.
		SELECT v.at, v.campaign_id, v.event_type, CASE v.event_type
			WHEN 'lead_retry' THEN
				format('Queued again (%s), not before %s.', v.event_data ->> 'reason', n.not_before)
			WHEN 'lead_failed' THEN format('Given up: %s.', v.event_data ->> 'reason')
			WHEN 'lead_followed_up' THEN
				format('Joined as the follow-up of %s in campaign %s, not before %s.', v.event_data ->> 'outcome',
					v.event_data ->> 'from_campaign_id', n.not_before)
			WHEN 'lead_expired' THEN format('Not dialled any more: %s.', v.event_data ->> 'reason')
			WHEN 'lead_put_off' THEN
				format('Put off: %s; not before %s.', v.event_data ->> 'reason', n.not_before)
			WHEN 'lead_skipped' THEN
				format('Not dialled: %s.', CASE coalesce(v.event_data ->> 'verdict', v.event_data ->> 'reason')
					WHEN 'no_consent' THEN 'no recorded consent to be called'
					WHEN 'do_not_call' THEN 'on the do-not-call list'
					WHEN 'wrong' THEN 'a call found that none of its numbers is the right one'
					ELSE coalesce(v.event_data ->> 'verdict', v.event_data ->> 'reason') END)
			WHEN 'lead_allowed' THEN format('Taken off the do-not-call list: %s.', v.event_data ->> 'reason')
			ELSE 'Put on the do-not-call list.' END, 4, v.event_id
		FROM voiceagent.events v
		CROSS JOIN LATERAL (SELECT voiceagent_private.describe_time((v.event_data ->> 'not_before')::timestamptz)
			AS not_before) n
		WHERE v.tenant_id = v_tenant AND v.lead_id = v_lead.lead_id AND v.call_id IS NULL
			AND v.event_type IN ('lead_retry', 'lead_failed', 'lead_skipped', 'lead_expired', 'lead_put_off',
				'lead_followed_up', 'lead_opted_out', 'lead_allowed')
		UNION ALL
		SELECT v.at, v.campaign_id, v.event_type, 'Asked in a call never to be called again.', 4, v.event_id
		-- In calls of both directions.
		FROM voiceagent.calls k
		CROSS JOIN LATERAL (SELECT e.at, e.campaign_id, e.event_type, e.event_id FROM voiceagent.events e
			WHERE e.tenant_id = k.tenant_id AND e.call_id = k.call_id AND e.event_type = 'lead_opted_out' OFFSET 0) v
		WHERE k.tenant_id = v_tenant AND k.lead_id = v_lead.lead_id
		UNION ALL
		SELECT i.at, NULL, 'called_us', i.why, 2, i.call_id
		FROM voiceagent_private.explain_incoming(v_lead.lead_id, v_now) i
		UNION ALL
		SELECT v_now, NULL, 'callback', format('Promised in call %s for %s%s.', b.call_id,
			voiceagent_private.describe_time(b.promised_at), coalesce(', and waits: ' || b.reason, '')), 5, b.call_id
		FROM voiceagent_private.incoming_callbacks b
		WHERE b.tenant_id = v_tenant AND b.lead_id = v_lead.lead_id AND b.campaign_id IS NULL
		UNION ALL
		SELECT w.at, w.campaign_id, w.what, w.why, 5, w.campaign_id
		FROM voiceagent_private.explain_wait(v_tenant, v_lead.lead_id, v_now) w
	) x
	ORDER BY x.at, x.part, x.id;
END
$$;
COMMENT ON FUNCTION voiceagent.explain_lead(bigint) IS
	E'Everything that decided about a lead, in time and in words: consent, do-not-call, each dial with its proof and '
	'its end, each call of the person to one of the tenant''s numbers, each requeue or refusal, what it was promised '
	'(callback), and per campaign (what = now) what it waits for or why it waits for nothing.\n'
	'PT404 for a lead that the tenant does not have.';
