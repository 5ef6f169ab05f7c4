-- 95_ops: how the machinery is, for people and for monitoring.

CREATE FUNCTION voiceagent_private.may_dial(campaign_id bigint) RETURNS boolean
	LANGUAGE sql STABLE
	RETURN (SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = voiceagent.current_tenant() AND l.campaign_id = may_dial.campaign_id)
		< (SELECT w.max_concurrent_calls FROM voiceagent.campaigns c
			JOIN voiceagent.campaign_versions w ON w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id
				AND w.version = c.version
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = may_dial.campaign_id)
		AND EXISTS (SELECT FROM unnest(voiceagent_private.accounts_of_campaign(campaign_id)) AS i(id)
			JOIN voiceagent.provider_accounts a ON a.tenant_id = voiceagent.current_tenant()
				AND a.provider_account_id = i.id
			WHERE a.provider = 'sandbox' OR NOT a.active
				OR a.armed_at IS NOT NULL AND NOT voiceagent_private.lacks_public_url(a.provider)
					AND voiceagent_private.real_carriers_wait() IS NULL);
COMMENT ON FUNCTION voiceagent_private.may_dial(bigint) IS
	'Whether a campaign of the current tenant has fewer live calls than it may have and an account for another: one '
	'that account_states() has not as not armed, unused or without public_base_url.';

CREATE FUNCTION voiceagent_private.tenant_due() RETURNS timestamptz
	LANGUAGE sql STABLE AS $$
	-- A campaign that is paced or held back (its pace is then infinity) has nothing that could be done now.
	SELECT min(d.due)
	FROM (SELECT l.campaign_id, min(greatest(l.next_due, l.opens_at, p.next_dial_at)) AS due
		FROM voiceagent_private.lanes l
		JOIN voiceagent_private.pacing p ON p.tenant_id = l.tenant_id AND p.campaign_id = l.campaign_id
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.running AND l.next_due <= voiceagent.clock()
			AND l.opens_at <= voiceagent.clock() AND l.closes_at > voiceagent.clock()
			AND p.next_dial_at <= voiceagent.clock()
		GROUP BY l.campaign_id OFFSET 0 /* few campaigns */) d
	WHERE voiceagent_private.may_dial(d.campaign_id)
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_due() IS
	'Since when a lead of the current tenant waits that could be dialled now; NULL: none does.';

CREATE FUNCTION voiceagent_private.count_waiting() RETURNS bigint
	LANGUAGE sql STABLE
	RETURN (SELECT CASE WHEN b.n < 10000 THEN b.n ELSE (SELECT greatest(sum(w.waiting_leads)::bigint, b.n)
			FROM voiceagent.campaign_counters w JOIN voiceagent_private.lanes l ON l.tenant_id = w.tenant_id
				AND l.campaign_id = w.campaign_id AND l.next_due < 'infinity' AND l.lane_id = (SELECT min(o.lane_id)
					FROM voiceagent_private.lanes o WHERE o.tenant_id = l.tenant_id AND o.campaign_id = l.campaign_id
						AND o.next_due < 'infinity')
			WHERE w.tenant_id = voiceagent.current_tenant()) END
		FROM (SELECT count(*) AS n FROM (SELECT FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = voiceagent.current_tenant() LIMIT 10000) x) b);
COMMENT ON FUNCTION voiceagent_private.count_waiting() IS
	'How many leads of the current tenant wait in the queue: counted up to 10,000, beyond as the counters of the '
	'campaigns that have some say, so that a million costs no more.';

CREATE FUNCTION voiceagent_private.tenant_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz,
	OUT stalled timestamptz, OUT overdue timestamptz, OUT unresolved bigint, OUT oldest_unresolved timestamptz,
	OUT unresolved_call bigint)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	queued := voiceagent_private.count_waiting();
	oldest_due := voiceagent_private.tenant_due();
	SELECT count(*), min(c.lease_until) FILTER (WHERE c.lease_until <= voiceagent.clock()) INTO live, overdue
	FROM voiceagent_private.live_calls c WHERE c.tenant_id = v_tenant;
	-- While calls are live the others wait for lines, as they should.
	stalled := CASE WHEN live = 0 THEN oldest_due END;
	SELECT count(*), min(w.received_at) INTO webhooks, oldest_webhook
	FROM voiceagent_private.inbox i
	JOIN voiceagent.webhooks w
		ON w.tenant_id = i.tenant_id AND w.webhook_id = i.webhook_id AND w.month_slot = i.month_slot
	WHERE i.tenant_id = v_tenant;
	SELECT count(*), min(u.since), (array_agg(u.call_id ORDER BY u.since, u.call_id))[1] INTO unresolved,
		oldest_unresolved, unresolved_call
	FROM voiceagent.unresolved_calls u WHERE u.tenant_id = v_tenant AND u.resolved_at IS NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tenant_load() IS
	E'The work of the current tenant that waits or is live, and the number and age of its unresolved calls.\n'
	'oldest_due: tenant_due(); stalled: the same when it has no live call; overdue: since when a live call waits for '
	'the carrier to be asked.';

CREATE FUNCTION voiceagent_private.platform_due(due_by timestamptz, idle boolean) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
	v_now timestamptz := voiceagent.clock();
	v_due timestamptz;
	v record;
BEGIN
	-- A tenant with nothing waiting is skipped, and the others in turn until no later one can have waited longer.
	FOR v IN
		SELECT d.tenant_id, d.due
		FROM (SELECT l.tenant_id, min(greatest(l.next_due, l.opens_at, p.next_dial_at)) AS due
			FROM voiceagent_private.lanes l
			JOIN voiceagent_private.pacing p ON p.tenant_id = l.tenant_id AND p.campaign_id = l.campaign_id
			WHERE l.running AND greatest(l.next_due, l.opens_at) <= due_by AND l.closes_at > v_now
				AND p.next_dial_at <= due_by
			GROUP BY l.tenant_id) d
		WHERE NOT idle OR NOT EXISTS (SELECT FROM voiceagent_private.live_calls c WHERE c.tenant_id = d.tenant_id)
		ORDER BY d.due, d.tenant_id
	LOOP
		EXIT WHEN v.due >= v_due;
		PERFORM voiceagent_private.set_tenant_for_reports(v.tenant_id);
		v_due := least(v_due, voiceagent_private.tenant_due());
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	RETURN v_due;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_due(timestamptz, boolean) IS
	E'The earliest tenant_due() of all tenants that had something due by that time; idle: of those without a live '
	'call.\n'
	'NULL: none.';

CREATE FUNCTION voiceagent_private.oldest_webhook() RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
	v_received timestamptz;
	v record;
BEGIN
	-- They are numbered as they come.
	FOR v IN SELECT i.tenant_id, i.webhook_id, i.month_slot FROM voiceagent_private.inbox i
		ORDER BY i.webhook_id LIMIT 1 LOOP
		PERFORM voiceagent_private.set_tenant_for_reports(v.tenant_id);
		v_received := (SELECT w.received_at FROM voiceagent.webhooks w WHERE w.tenant_id = v.tenant_id
			AND w.webhook_id = v.webhook_id AND w.month_slot = v.month_slot);
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	RETURN v_received;
END
$$;
COMMENT ON FUNCTION voiceagent_private.oldest_webhook() IS
	'When the first of all tenants'' webhooks that wait to be applied came; NULL: none waits.';

CREATE FUNCTION voiceagent_private.platform_load(
	OUT queued bigint, OUT oldest_due timestamptz, OUT live bigint, OUT webhooks bigint, OUT oldest_webhook timestamptz,
	OUT unresolved bigint, OUT oldest_unresolved timestamptz, OUT unresolved_call bigint)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
	v_tenant bigint;
BEGIN
	queued := 0;
	oldest_due := voiceagent_private.platform_due(voiceagent.clock(), false);
	live := (SELECT count(*) FROM voiceagent_private.live_calls);
	webhooks := (SELECT count(*) FROM voiceagent_private.inbox);
	oldest_webhook := voiceagent_private.oldest_webhook();
	FOR v_tenant IN SELECT DISTINCT l.tenant_id FROM voiceagent_private.lanes l WHERE l.next_due < 'infinity' LOOP
		PERFORM voiceagent_private.set_tenant_for_reports(v_tenant);
		queued := queued + voiceagent_private.count_waiting();
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	SELECT count(*), min(u.since), (array_agg(u.call_id ORDER BY u.since, u.call_id))[1] INTO unresolved,
		oldest_unresolved, unresolved_call
	FROM voiceagent_private.every_row(NULL::voiceagent.unresolved_calls) u WHERE u.resolved_at IS NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_load() IS
	'The load of all tenants together, for status(): see tenant_load().';

-- no_public_base_url: the account is armed, but its carrier could not reach us. unused: armed, but
-- real_carriers_wait(). open to any: the account hears webhooks that nothing proves from any network.
CREATE FUNCTION voiceagent_private.account_kinds(a voiceagent.provider_accounts, d voiceagent_private.account_dials,
	at timestamptz) RETURNS SETOF text
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN (a).resumes_at > at THEN 'breaker open' ELSE 'breaker half-open' END
	WHERE (a).opened_at IS NOT NULL
	UNION ALL SELECT 'resting' WHERE (a).opened_at IS NULL AND (a).resumes_at > at
	UNION ALL SELECT 'slowed' WHERE CASE WHEN (d).slowed_at IS NOT NULL
		THEN voiceagent_private.dial_rate_now(voiceagent_private.own_dial_rate((a).provider, (a).settings),
				(d).slowed_to, (d).slowed_from, (d).slowed_at, (d).slowed_for, at)
			< coalesce(voiceagent_private.own_dial_rate((a).provider, (a).settings), 'infinity') END
	UNION ALL SELECT 'lowered' WHERE voiceagent_private.limit_now((a).max_concurrent_calls, (d).lowered_to,
		(d).lowered_from, (d).lowered_at, at) < (a).max_concurrent_calls
	UNION ALL SELECT 'no_public_base_url'
	WHERE CASE WHEN (a).armed_at IS NOT NULL THEN voiceagent_private.lacks_public_url((a).provider) END
	UNION ALL SELECT 'unused' WHERE CASE WHEN (a).armed_at IS NOT NULL AND (a).provider <> 'sandbox'
		THEN voiceagent_private.real_carriers_wait() IS NOT NULL END
	UNION ALL SELECT 'open to any' WHERE voiceagent_private.accepts_any_network(a)
$$;
COMMENT ON FUNCTION voiceagent_private.account_kinds(voiceagent.provider_accounts, voiceagent_private.account_dials,
	timestamptz) IS
	'The kinds of account_states() that an active account has by its own rows (d NULL: it has not dialled).';

CREATE FUNCTION voiceagent_private.account_states()
	RETURNS TABLE (provider_account_id bigint, name text, kind text, state text, since timestamptz, live bigint,
		trouble text)
	LANGUAGE sql STABLE AS $$
	SELECT a.provider_account_id, a.name, k.kind,
		CASE k.kind
			WHEN 'breaker open' THEN format('breaker open, the next probe at %s',
				to_char(a.resumes_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"'))
			WHEN 'breaker half-open' THEN 'breaker half-open: one dial at a time probes it'
			WHEN 'resting' THEN format('resting until %s', to_char(a.resumes_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"'))
			WHEN 'slowed' THEN format('slowed to %s dials per second', round(voiceagent_private.dial_rate_now(
				voiceagent_private.own_dial_rate(a.provider, a.settings), d.slowed_to, d.slowed_from, d.slowed_at,
				d.slowed_for, t.now)::numeric, 1))
			WHEN 'lowered' THEN format('lowered to at most %s live calls', voiceagent_private.limit_now(
				a.max_concurrent_calls, d.lowered_to, d.lowered_from, d.lowered_at, t.now))
			WHEN 'no_public_base_url' THEN 'dials nobody: no_public_base_url'
			WHEN 'unused' THEN 'dials nobody: real carriers are not used'
			WHEN 'not armed' THEN 'dials nobody: not armed'
			WHEN 'open to any' THEN 'hears webhooks from any network: whoever knows their URL' END,
		CASE k.kind WHEN 'breaker open' THEN a.opened_at WHEN 'breaker half-open' THEN a.opened_at
			WHEN 'slowed' THEN d.slowed_at
			WHEN 'lowered' THEN d.lowered_at END,
		(SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = a.tenant_id AND l.provider_account_id = a.provider_account_id),
		CASE WHEN k.kind = 'unused' THEN voiceagent_private.real_carriers_wait()
			WHEN k.kind = 'no_public_base_url' THEN
				'voiceagent.public_base_url is not set: the carrier could not reach us'
			WHEN k.kind = 'not armed' THEN
				format('campaign %s is running, and its account is not armed', k.campaign_id)
			WHEN k.kind LIKE 'breaker%' THEN concat(a.trouble,
				(SELECT ' (' || string_agg(format('call %s: %s', f ->> 'call_id', f ->> 'cause'), ', ') || ')'
				FROM jsonb_array_elements(d.failures) f))
			WHEN k.kind = 'lowered' THEN coalesce(d.lowered_why, a.trouble) ELSE a.trouble END
	FROM voiceagent.provider_accounts a
	LEFT JOIN voiceagent_private.account_dials d ON d.tenant_id = a.tenant_id
		AND d.provider_account_id = a.provider_account_id
	CROSS JOIN LATERAL (SELECT voiceagent.clock() AS now OFFSET 0) t
	CROSS JOIN LATERAL (SELECT n AS kind, NULL::bigint AS campaign_id
		FROM voiceagent_private.account_kinds(a, d, t.now) AS n
		UNION ALL SELECT 'not armed', min(c.campaign_id) FROM voiceagent.campaigns c
			WHERE a.provider <> 'sandbox' AND a.armed_at IS NULL AND c.tenant_id = a.tenant_id
				AND c.provider_account_id = a.provider_account_id AND c.status = 'running' HAVING count(*) > 0) k
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.active
$$;
COMMENT ON FUNCTION voiceagent_private.account_states() IS
	E'The reasons that keep active carrier accounts of the current tenant from dialling as they would, one row each.\n'
	'kind: one of account_kinds(), or not armed, where a running campaign has it as its own; the row has it in words, '
	'since when, live calls, and the carrier''s words with the newest failing calls.';

CREATE FUNCTION voiceagent_private.model_load(of_tenant bigint DEFAULT NULL, OUT waiting bigint,
	OUT oldest_due timestamptz, OUT under_way bigint, OUT overdue timestamptz)
	LANGUAGE sql STABLE AS $$
	SELECT count(*), min(q.next_at) FILTER (WHERE NOT q.claimed AND q.next_at <= voiceagent.clock()),
		count(*) FILTER (WHERE q.claimed),
		-- Requests of a tenant that is not active wait until it is.
		min(CASE WHEN q.claimed THEN q.next_at ELSE q.gives_up_at END) FILTER (WHERE d.active)
	FROM voiceagent_private.model_request_queue q
	JOIN voiceagent_private.tenant_directory d ON d.tenant_id = q.tenant_id
	WHERE of_tenant IS NULL OR q.tenant_id = of_tenant
$$;
COMMENT ON FUNCTION voiceagent_private.model_load(bigint) IS
	'Model requests that have not ended, of a tenant or of all (NULL): how many, since when one is due, how many are '
	'on their way, and when the first should have ended at the latest.';

CREATE FUNCTION voiceagent_private.page_load(of_tenant bigint DEFAULT NULL, OUT waiting bigint,
	OUT oldest_due timestamptz, OUT under_way bigint, OUT overdue timestamptz)
	LANGUAGE sql STABLE AS $$
	SELECT count(*), min(f.next_at) FILTER (WHERE NOT f.claimed AND f.next_at <= voiceagent.clock()),
		count(*) FILTER (WHERE f.claimed), min(f.next_at) FILTER (WHERE f.claimed AND d.active)
	FROM voiceagent_private.page_fetches f
	JOIN voiceagent_private.tenant_directory d ON d.tenant_id = f.tenant_id
	WHERE of_tenant IS NULL OR f.tenant_id = of_tenant
$$;
COMMENT ON FUNCTION voiceagent_private.page_load(bigint) IS
	'Pages that have not been read, of a tenant or of all (NULL), as model_load().';

CREATE FUNCTION voiceagent_private.analysis_load(of_tenant bigint DEFAULT NULL, OUT waiting bigint,
	OUT oldest timestamptz)
	LANGUAGE sql STABLE AS $$
	SELECT count(*), min(q.queued_at)
	FROM voiceagent_private.analysis_queue q
	JOIN voiceagent_private.tenant_directory d ON d.tenant_id = q.tenant_id
	WHERE (of_tenant IS NULL OR q.tenant_id = of_tenant) AND d.active
$$;
COMMENT ON FUNCTION voiceagent_private.analysis_load(bigint) IS
	'Calls that a model is to be asked about, of a tenant or of all active ones (NULL): how many wait, and since when.';

CREATE FUNCTION voiceagent_private.failing_jobs(min_failures integer DEFAULT 1)
	RETURNS TABLE (job text, failures integer, next_at timestamptz, error text)
	LANGUAGE sql STABLE AS $$
	SELECT d.job, d.failures, d.next_at, d.last_error FROM voiceagent_private.maintenance_jobs d
	WHERE d.failures >= min_failures
	UNION ALL SELECT format('%s of tenant %s', r.job, r.tenant_id), r.failures, r.rests_until, r.error
	FROM voiceagent_private.job_rests r WHERE r.failures >= min_failures ORDER BY 1
$$;
COMMENT ON FUNCTION voiceagent_private.failing_jobs(integer) IS
	'Maintenance jobs, and tenants set aside in them, whose last steps failed, at least min_failures in a row, when '
	'they are tried again, and why they failed.';

CREATE FUNCTION voiceagent_private.silent_accounts(looked_at integer)
	RETURNS TABLE (provider_account_id bigint, name text, answered bigint, silent bigint, since timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	-- A report may follow the end of its call by minutes.
	c_from CONSTANT interval := '65 minutes';
	c_to CONSTANT interval := '5 minutes';
	c_silent CONSTANT integer := 5;
	c_seconds CONSTANT integer := 20;
	c_conversations CONSTANT integer := 5000;
BEGIN
	RETURN QUERY
	SELECT s.provider_account_id, a.name, s.answered, s.silent, s.since
	FROM (SELECT c.provider_account_id, count(*) AS answered, count(*) FILTER (WHERE k.call_id IS NULL) AS silent,
			min(c.ended_at) FILTER (WHERE k.call_id IS NULL) AS since
		-- Calls of both directions.
		FROM (SELECT o.* FROM voiceagent.calls o WHERE o.tenant_id = v_tenant
			ORDER BY o.call_id DESC LIMIT looked_at) c
		LEFT JOIN LATERAL (SELECT o.call_id FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id
				AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k ON true
		WHERE c.status = 'completed' AND c.ended_at > v_now - c_from AND c.ended_at <= v_now - c_to
			AND c.duration_seconds >= c_seconds AND coalesce(c.machine, 'human') = 'human'
			AND c.outcome <> 'voicemail' AND c.assistant_id IS NOT NULL
		GROUP BY c.provider_account_id) s
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = s.provider_account_id
	WHERE s.silent >= c_silent AND s.silent * 2 >= s.answered
		AND voiceagent_private.answers_by(a.provider) = 'conversation'
		-- Whose transcripts are switched off has never had any.
		AND EXISTS (SELECT FROM (SELECT o.call_id FROM voiceagent.conversations o WHERE o.tenant_id = v_tenant
				ORDER BY o.call_id DESC LIMIT c_conversations) k
			CROSS JOIN LATERAL (SELECT FROM voiceagent.calls o WHERE o.tenant_id = v_tenant AND o.call_id = k.call_id
				AND o.provider_account_id = s.provider_account_id OFFSET 0) c)
	ORDER BY s.provider_account_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.silent_accounts(integer) IS
	E'Carrier accounts of the current tenant whose carrier has ceased to tell what was said: of the answered calls of '
	'the last hour, among the newest looked_at, at least 5 and half of them have no turns.\n'
	'Calls of 20 seconds and more, no machine, 5 minutes after their end, where the carrier holds the conversation. '
	'One without words in the newest 5000 conversations is none: its transcripts are off.';

CREATE FUNCTION voiceagent_private.ai_problems(at timestamptz) RETURNS text[]
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_looked_at CONSTANT integer := 50;
BEGIN
	RETURN ARRAY(SELECT format('model requests fail: %s', m.error)
			FROM (SELECT l.* FROM (SELECT o.* FROM voiceagent.model_requests o
					WHERE o.tenant_id = v_tenant AND o.done_at >= date_trunc('day', at, 'UTC')
					ORDER BY o.done_at DESC LIMIT c_looked_at) l
				WHERE l.provider <> 'sandbox' ORDER BY l.done_at DESC LIMIT 1) m
			WHERE m.reason IN ('budget', 'credits', 'copy', 'clock', 'account', 'bad_model', 'gave_up'))
		|| ARRAY(SELECT format('assistant %s is kept at provider account %s and calls carry it all the same: %s',
				k.assistant_id, k.provider_account_id, k.reason)
			FROM voiceagent.kept_assistants k
			WHERE k.tenant_id = v_tenant AND k.status IN ('drifted', 'failed')
			ORDER BY k.assistant_id, k.provider_account_id)
		|| ARRAY(SELECT format('incoming calls are not answered by assistant %s as it is now: %s', n.assistant_id,
				v.withheld)
			FROM (SELECT DISTINCT o.ai_assistant_id AS assistant_id FROM voiceagent.phone_numbers o
				WHERE o.tenant_id = v_tenant AND o.is_active AND o.removed_at IS NULL AND o.ai_assistant_id IS NOT NULL
				ORDER BY 1 LIMIT c_looked_at) n
			CROSS JOIN LATERAL voiceagent_private.version_that_answers(n.assistant_id) v
			WHERE v.withheld IS NOT NULL ORDER BY n.assistant_id)
		|| ARRAY(SELECT format('%s: %s', e.what, e.words)
			FROM voiceagent_private.models_ending((at AT TIME ZONE 'UTC')::date + 1, false) e LIMIT c_looked_at);
END
$$;
COMMENT ON FUNCTION voiceagent_private.ai_problems(timestamptz) IS
	'Troubles of a tenant''s assistants for its health(): why model requests fail (as the one that ended last has it, '
	'today), kept assistants that their carrier does not have as they were sent, those whose newest version no caller '
	'hears, and what uses a model that has ended.';

CREATE FUNCTION voiceagent_private.model_account_states(platform boolean)
	RETURNS TABLE (component text, state text, since timestamptz, trouble text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- A tenant alone learns of its own.
	IF platform THEN
		RETURN QUERY SELECT format('model account %s of the platform (%s)', a.model_account_id, a.name),
			voiceagent_private.model_account_words(a.opened_at, a.resumes_at), a.opened_at, a.trouble
		FROM voiceagent_private.platform_model_accounts a WHERE a.active AND a.trouble IS NOT NULL
		ORDER BY a.model_account_id;
		RETURN QUERY SELECT format('model account %s of the platform (%s)', a.model_account_id, a.name),
			format('rests for %s of its tenants', r.tenants), r.since, r.trouble
		FROM (SELECT b.model_account_id, count(*) AS tenants, min(b.opened_at) AS since,
				(array_agg(b.trouble ORDER BY b.opened_at DESC))[1] AS trouble
			FROM voiceagent_private.model_account_breakers b WHERE b.opened_at IS NOT NULL
			GROUP BY b.model_account_id) r
		JOIN voiceagent_private.platform_model_accounts a ON a.model_account_id = r.model_account_id
		WHERE a.active ORDER BY a.model_account_id;
	ELSE
		RETURN QUERY SELECT 'model account of the platform'::text,
			voiceagent_private.model_account_words(b.opened_at, b.resumes_at), b.opened_at, b.trouble
		FROM voiceagent_private.model_account_breakers b
		WHERE b.tenant_id = voiceagent.current_tenant() AND b.opened_at IS NOT NULL ORDER BY b.model_account_id;
		RETURN QUERY SELECT format('model account %s (%s)', a.model_account_id, a.name),
			voiceagent_private.model_account_words(a.opened_at, a.resumes_at), a.opened_at, a.trouble
		FROM voiceagent.model_accounts a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.active AND a.trouble IS NOT NULL
		ORDER BY a.model_account_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.model_account_states(boolean) IS
	'The active model accounts of the platform, or of the current tenant, that are in trouble: state is breaker open, '
	'breaker half-open, resting or failing, with the time; and the platform''s that rest for single tenants.';

CREATE FUNCTION voiceagent_private.model_account_words(opened_at timestamptz, resumes_at timestamptz) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN opened_at IS NOT NULL AND resumes_at > voiceagent.clock()
			THEN format('breaker open, the next probe at %s',
				to_char(resumes_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"'))
		WHEN opened_at IS NOT NULL THEN 'breaker half-open: one request at a time probes it'
		WHEN resumes_at > voiceagent.clock()
			THEN format('resting until %s', to_char(resumes_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"'))
		ELSE 'failing' END;
COMMENT ON FUNCTION voiceagent_private.model_account_words(timestamptz, timestamptz) IS
	'How a model account in trouble stands, for status().';

CREATE FUNCTION voiceagent_private.condition_rows(platform boolean) RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_of bigint := CASE WHEN NOT platform THEN voiceagent.current_tenant() END;
	v_name text;
BEGIN
	RETURN QUERY SELECT r.component, r.state, NULL::integer, r.since, r.depth, r.oldest_due, r.in_flight, r.error,
		NULL::text, r.problem
	FROM (SELECT 'standbys' AS component, s.wait AS state, NULL::timestamptz AS since, NULL::bigint AS depth,
			NULL::timestamptz AS oldest_due, NULL::bigint AS in_flight, NULL::text AS error, false AS problem
		FROM voiceagent_private.standby_wait() s (wait) WHERE s.wait IS NOT NULL
		UNION ALL SELECT m.component, m.state, m.since, NULL, NULL, NULL, m.trouble, m.state LIKE 'breaker%'
		FROM voiceagent_private.model_account_states(platform) m
		UNION ALL SELECT l.component, format('%s wait, of them %s on their way', l.waiting, l.under_way), NULL,
			l.waiting, l.oldest_due, l.under_way, NULL, false
		FROM (SELECT 'model requests' AS component, m.* FROM voiceagent_private.model_load(v_of) m
			UNION ALL SELECT 'pages', p.* FROM voiceagent_private.page_load(v_of) p) l WHERE l.waiting > 0
		UNION ALL SELECT 'calls to be analysed', format('%s wait for a language model', l.waiting), l.oldest,
			l.waiting, l.oldest, NULL, NULL, false
		FROM voiceagent_private.analysis_load(v_of) l WHERE l.waiting > 0
		UNION ALL SELECT 'problem', p, NULL, NULL, NULL, NULL, NULL, true
		FROM unnest(voiceagent_private.table_problems(platform)) p) r;
	FOR v_name IN SELECT n.name FROM voiceagent_private.registrations n WHERE n.kind = 'condition' ORDER BY n.name LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT * FROM voiceagent_private.%I($1)', v_name) USING platform;
	END LOOP;
	RETURN QUERY SELECT c.* FROM voiceagent_private.account_conditions(v_of) c
		UNION ALL SELECT z.* FROM voiceagent_private.zone_conditions(v_of) z;
	IF platform THEN
		RETURN QUERY SELECT r.component, r.state, r.pid, r.since, r.depth, NULL::timestamptz, NULL::bigint, r.error,
			NULL::text, r.problem
		FROM (SELECT CASE t.role WHEN 0 THEN 'log' ELSE 'tenant sessions' END AS component, format(CASE t.role
				WHEN 0 THEN '%s lines dropped since the server''s start'
				ELSE '%s ended for their age since the server''s start' END, t.locks) AS state, NULL::integer AS pid,
				NULL::timestamptz AS since, t.locks AS depth, NULL::text AS error, false AS problem
			FROM voiceagent_private.tenant_sessions() t WHERE t.pid IS NULL AND t.locks > 0
			UNION ALL SELECT q.component, q.state, q.pid, q.since, NULL, NULL, true
			FROM voiceagent_private.queue_trouble(0.1) q
			UNION ALL SELECT 'retention', b.words, b.pid, b.since, NULL, NULL, false
			FROM voiceagent_private.list_busy_months(interval '1 hour') b
			UNION ALL SELECT m.component, m.state, NULL, m.since, NULL, NULL,
				m.holds AND m.since < voiceagent.clock() - interval '1 minute' FROM voiceagent_private.open_moves() m
			UNION ALL SELECT 'job ' || j.job, format('failing, tried again at %s',
				to_char(j.next_at AT TIME ZONE 'UTC', 'HH24:MI:SS "UTC"')), NULL, NULL, NULL, j.error, j.failures >= 4
			FROM voiceagent_private.failing_jobs() j
			UNION ALL SELECT 'invariants', p.progress, NULL, NULL, NULL, voiceagent_private.broken_invariants(), false
			FROM voiceagent_private.invariant_progress() AS p(progress) WHERE p.progress IS NOT NULL
			UNION ALL SELECT 'model accounts of tenants', format('breaker open: %s', count(*)), NULL, NULL, NULL, NULL,
				true
			FROM voiceagent_private.every_row(NULL::voiceagent.model_accounts) a
			WHERE a.active AND a.opened_at IS NOT NULL
			HAVING count(*) > 0) r;
	ELSE
		RETURN QUERY SELECT 'unresolved provider requests', format('%s for people to resolve, '
			'the oldest is provider request %s', count(*), (array_agg(u.provider_request_id ORDER BY u.since))[1]),
			NULL::integer, min(u.since), count(*), NULL::timestamptz, NULL::bigint, NULL::text, NULL::text, false
		FROM voiceagent.unresolved_provider_requests u WHERE u.tenant_id = voiceagent.current_tenant() AND NOT u.looking
		HAVING count(*) > 0;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.condition_rows(boolean) IS
	'The rows of status() that are no process, from tables: of all tenants together, or of the current one.';

CREATE FUNCTION voiceagent_private.process_remedy(state text, error_state text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE state WHEN 'wrong_version' THEN 'ALTER EXTENSION voiceagent UPDATE'
		WHEN 'out_of_worker_slots' THEN 'worker_slots() says what to raise'
		WHEN 'standing_still' THEN 'see what it waits for: pg_blocking_pids(pid); pg_terminate_backend(pid) ends it'
		WHEN 'stopped' THEN 'it begins again within seconds where voiceagent.launcher is on, and the server no standby'
		WHEN 'failing' THEN CASE error_state WHEN '08006' THEN 'ALTER DATABASE ... SET its port to a free one'
			WHEN '53100' THEN 'make room' WHEN '55P03' THEN 'the rows "lock" name who holds it' END END;
COMMENT ON FUNCTION voiceagent_private.process_remedy(text, text) IS
	'The remedy for a process in this state, with this SQLSTATE; NULL: none is needed, or its last error names it.';

CREATE FUNCTION voiceagent_private.conditions() RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_platform boolean;
BEGIN
	BEGIN
		v_platform := voiceagent_private.sees_platform();
		RETURN QUERY SELECT c.* FROM voiceagent_private.condition_rows(v_platform) c;
	EXCEPTION WHEN lock_not_available THEN
		RETURN QUERY SELECT 'tables', 'a lock keeps this report from reading them: figures are missing', NULL::integer,
			NULL::timestamptz, NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::text,
			'end who holds it, which the rows "lock" of the platform name', true;
	END;
	IF coalesce(v_platform, voiceagent_private.is_monitor()) THEN
		RETURN QUERY SELECT c.* FROM voiceagent_private.lock_conditions() c
			UNION ALL SELECT s.* FROM voiceagent_private.server_conditions() s;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.conditions() IS
	'The troubles that the caller may see: of tables, unless a lock keeps it from reading them, and for the platform '
	'of the server.';

CREATE FUNCTION voiceagent.status()
	RETURNS TABLE (component text, state text, pid integer, address text, since timestamptz,
		queue_depth bigint, oldest_due timestamptz, in_flight bigint, last_error text, last_error_at timestamptz,
		remedy text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '250ms' AS $$
DECLARE
	v_load record;
BEGIN
	SELECT NULL::bigint AS queued, NULL::timestamptz AS oldest_due, NULL::bigint AS live, NULL::bigint AS webhooks,
		NULL::timestamptz AS oldest_webhook, 0::bigint AS unresolved,
		NULL::timestamptz AS oldest_unresolved, NULL::bigint AS unresolved_call INTO v_load;
	BEGIN
		IF voiceagent_private.sees_platform() THEN
			SELECT * INTO v_load FROM voiceagent_private.platform_load();
		ELSE
			SELECT * INTO v_load FROM voiceagent_private.tenant_load();
		END IF;
	EXCEPTION WHEN lock_not_available THEN
	END;
	RETURN QUERY
	SELECT w.kind, w.state, w.pid, w.address, w.started_at,
		CASE w.kind WHEN 'dialer' THEN v_load.queued WHEN 'applier' THEN v_load.webhooks END,
		CASE w.kind WHEN 'dialer' THEN v_load.oldest_due WHEN 'applier' THEN v_load.oldest_webhook END,
		CASE w.kind WHEN 'dialer' THEN v_load.live END,
		CASE WHEN w.error_text <> '' THEN format('%s %s', w.error_state, w.error_text) END, w.error_at,
		voiceagent_private.process_remedy(w.state, w.error_state)
	FROM voiceagent_private.worker_status() w
	UNION ALL
	SELECT 'launcher', l.state, l.pid, NULL, l.since, NULL, NULL, NULL, NULL, NULL,
		voiceagent_private.process_remedy(l.state, NULL)
	FROM voiceagent_private.launcher_status() l WHERE l.state <> 'running' AND NOT pg_is_in_recovery()
	UNION ALL
	SELECT 'real carriers', voiceagent_private.arming(), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
	UNION ALL
	SELECT c.component, c.state, c.pid, NULL, c.since, c.queue_depth, c.oldest_due, c.in_flight, c.last_error, NULL,
		c.remedy
	FROM voiceagent_private.conditions() c
	UNION ALL
	SELECT 'unresolved calls', format('%s for people to resolve, the oldest is call %s', v_load.unresolved,
		v_load.unresolved_call), NULL, NULL, v_load.oldest_unresolved, v_load.unresolved, NULL, NULL, NULL, NULL,
		'resolve_call()'
	WHERE v_load.unresolved > 0;
END
$$;
COMMENT ON FUNCTION voiceagent.status() IS
	E'One row a process, one on whether real carriers may be used, one for each trouble with calls, requests, accounts '
	'or the server, each with what mends it (remedy).\n'
	'queue_depth: leads (dialer) or webhooks (applier) that wait; oldest_due: since when; in_flight: live calls. A '
	'member sees its tenant''s figures, the platform those of all; within a second, whatever is locked.';

CREATE FUNCTION voiceagent_private.vault_problems() RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- A replaced file opens none; vault_status() counts them all.
	c_tenants CONSTANT integer := 20;
	v_keys bytea[] := CASE WHEN voiceagent_private.has_vault_key() THEN voiceagent_private.vault_keys() ELSE '{}' END;
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
	v_closed boolean := EXISTS (SELECT FROM voiceagent_private.platform_secrets s
		WHERE voiceagent_private.sealed_under(s.sealed) <> ALL (v_keys));
	v_tenant bigint;
BEGIN
	FOR v_tenant IN SELECT DISTINCT r.tenant_id FROM voiceagent_private.endpoint_routes r
		ORDER BY r.tenant_id DESC LIMIT c_tenants
	LOOP
		EXIT WHEN v_closed;
		PERFORM voiceagent_private.set_tenant_for_reports(v_tenant);
		v_closed := EXISTS (SELECT FROM voiceagent_private.secrets s WHERE s.tenant_id = v_tenant
			AND voiceagent_private.sealed_under(s.sealed) <> ALL (v_keys));
	END LOOP;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	RETURN CASE WHEN v_closed THEN ARRAY['secrets lie under a key that voiceagent.vault_key_file does not have, and do '
		'not open; vault_status() counts them'] ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.vault_problems() IS
	'For health(): whether secrets of the platform, or of twenty tenants with carriers, open under no key of the file.';

CREATE FUNCTION voiceagent_private.staff_problems() RETURNS SETOF text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
BEGIN
	RETURN QUERY SELECT format('staff %s is locked out after too many failed logins', s.staff_id)
	FROM voiceagent_private.staff s
	WHERE s.active AND voiceagent_private.login_wait('staff ' || s.email) > 0 ORDER BY s.staff_id;
	v_was := voiceagent_private.set_tenant_for_reports(voiceagent_private.staff_tenant());
	RETURN QUERY SELECT format('the identity provider of the staff gives no usable answer since %s', d.asked_at)
	FROM voiceagent_private.sign_on_documents d WHERE d.tenant_id = voiceagent_private.staff_tenant()
		AND coalesce(d.discovered_at, '-infinity') < d.asked_at;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent_private.staff_problems() IS
	'For health(): who of the staff is locked out, and whether its identity provider answers.';

CREATE FUNCTION voiceagent_private.table_problems(platform boolean) RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_backoff CONSTANT interval := '1 minute';
	c_unanalysed CONSTANT interval := '1 hour';
	-- As many, and the tenant was notified.
	c_calendar CONSTANT integer := 3;
	v_now timestamptz := voiceagent.clock();
	v_of bigint := CASE WHEN NOT platform THEN voiceagent.current_tenant() END;
	v_problems text[];
	v_load record;
BEGIN
	IF platform THEN
		SELECT voiceagent_private.platform_due(v_now - c_backoff, true) AS stalled,
			(SELECT min(c.lease_until) FROM voiceagent_private.live_calls c) AS overdue,
			voiceagent_private.oldest_webhook() AS oldest_webhook INTO v_load;
	ELSE
		SELECT * INTO v_load FROM voiceagent_private.tenant_load();
	END IF;
	v_problems := array_remove(ARRAY[CASE WHEN v_load.stalled < v_now - c_backoff
			THEN format('nobody is called, although leads have been due since %s', v_load.stalled) END,
		CASE WHEN v_load.overdue < v_now - c_backoff
			THEN format('the carrier should have been asked about a live call at %s', v_load.overdue) END,
		CASE WHEN v_load.oldest_webhook < v_now - c_backoff
			THEN format('webhooks have been waiting since %s', v_load.oldest_webhook) END], NULL)
		|| ARRAY(SELECT format('a %s should have ended at %s', l.what, l.overdue)
		FROM (SELECT 'model request' AS what, m.overdue FROM voiceagent_private.model_load(v_of) m
			UNION ALL SELECT 'fetch of a page', p.overdue FROM voiceagent_private.page_load(v_of) p) l
		WHERE l.overdue < v_now - c_backoff)
		|| ARRAY(SELECT format('calls wait to be analysed by a language model since %s', l.oldest)
		FROM voiceagent_private.analysis_load(v_of) l WHERE l.oldest < v_now - c_unanalysed);
	IF platform THEN
		v_problems := v_problems || ARRAY(SELECT format('national do-not-call list "%s" is %s days old; '
				'the law allows %s days', n.name, floor(extract(epoch FROM v_now - n.published_at) / 86400),
				floor(extract(epoch FROM t.list_max_age) / 86400))
			FROM voiceagent.national_dnc_lists n CROSS JOIN LATERAL voiceagent_private.terms_of(n.country, v_now) t
			WHERE n.published_at < v_now - t.list_max_age ORDER BY n.name) || voiceagent_private.vault_problems()
			|| ARRAY(SELECT format('%s: %s', e.what, e.words)
			FROM voiceagent_private.models_ending((v_now AT TIME ZONE 'UTC')::date + 1, true) e)
			|| ARRAY(SELECT p.problem FROM voiceagent_private.staff_problems() AS p(problem))
			|| array_remove(ARRAY[voiceagent_private.broken_invariants()], NULL)
			|| ARRAY(SELECT format('calendars elsewhere that do not work: %s written, %s followed', w.n, f.n)
			FROM (SELECT count(*) FROM voiceagent_private.calendar_writers WHERE failures >= c_calendar) w(n),
				(SELECT count(*) FROM voiceagent_private.calendar_turns WHERE failures >= c_calendar) f(n)
			WHERE w.n + f.n > 0);
	ELSE
		v_problems := v_problems || ARRAY(
			SELECT format('campaign %s (%s) is held back: %s', c.campaign_id, c.name, c.status_reason)
			FROM voiceagent.campaigns c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.status = 'running' AND c.status_reason IS NOT NULL
			ORDER BY c.campaign_id)
			|| ARRAY(SELECT format('webhook subscription %s fails: %s', t.subscription_id, t.last_error)
			FROM voiceagent.webhook_subscriptions t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.active AND t.last_error IS NOT NULL
			ORDER BY t.subscription_id)
			|| ARRAY(SELECT f.what FROM voiceagent_private.waiting_faults() f)
			|| voiceagent_private.ai_problems(v_now)
			|| voiceagent_private.hold_problems()
			|| ARRAY(SELECT format('setting %s is %s and counts as %s, which is the %s that a tenant may have', d.key,
				t.value, voiceagent_private.share_bound(d), d.share)
			FROM voiceagent_private.tenant_settings t JOIN voiceagent_private.setting_definitions d USING (key)
			WHERE t.tenant_id = voiceagent.current_tenant() AND voiceagent_private.within_share(d, t.value) <> t.value
			ORDER BY d.key COLLATE "C")
			|| ARRAY(SELECT format('%s calls ended without what was said in them; webhook %s: %s', f.unread, f.newest,
				f.newest_reason)
			FROM (SELECT count(*) AS unread, max(o.webhook_id) AS newest,
					(array_agg(o.reason ORDER BY o.webhook_id DESC))[1] AS newest_reason
				FROM (SELECT w.* FROM voiceagent.webhook_failures w WHERE w.tenant_id = voiceagent.current_tenant()
					ORDER BY w.webhook_id DESC LIMIT 1000) o
				WHERE o.set_aside_at > v_now - interval '1 day'
					AND o.reason LIKE '%; its call has ended without what was said in it') f WHERE f.unread > 0);
	END IF;
	RETURN v_problems;
END
$$;
COMMENT ON FUNCTION voiceagent_private.table_problems(boolean) IS
	'The rows of condition_rows() that have only words: of all tenants together, or of the current one.';

CREATE FUNCTION voiceagent.health() RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '250ms' AS $$
DECLARE
	v_waiting bigint;
	v_problems text[];
BEGIN
	v_problems := ARRAY(SELECT concat_ws(': ', format('process %s is %s', w.kind, w.state), nullif(w.error_text, ''),
			voiceagent_private.process_remedy(w.state, w.error_state))
		FROM (SELECT k.kind, k.state, k.error_text, k.error_state FROM voiceagent_private.worker_status() k
			WHERE (k.state NOT IN ('running', 'resting') OR k.error_state = '57P01' AND k.error_at > clock_timestamp()
					- 10 * current_setting('voiceagent.standstill_after')::interval)
				AND (k.kind <> 'sandbox' OR current_setting('voiceagent.sandbox')::boolean)
			UNION ALL SELECT 'launcher', l.state, NULL, NULL FROM voiceagent_private.launcher_status() l
			WHERE l.state <> 'running' AND NOT pg_is_in_recovery()) w ORDER BY w.kind)
		|| ARRAY(SELECT concat_ws('; ', concat_ws(': ', nullif((c).component, 'problem'), (c).state, (c).last_error)
			|| CASE WHEN (c).since IS NOT NULL THEN format(' (since %s)', (c).since) ELSE '' END, (c).remedy)
				FROM voiceagent_private.conditions() c WHERE c.problem);
	BEGIN
		IF NOT voiceagent_private.sees_platform() THEN
			v_waiting := (SELECT count(*) FROM voiceagent_private.waiting_things());
		END IF;
	EXCEPTION WHEN lock_not_available THEN
	END;
	RETURN jsonb_strip_nulls(jsonb_build_object('ok', cardinality(v_problems) = 0, 'problems', to_jsonb(v_problems),
		'checked_at', voiceagent.clock(), 'waiting', v_waiting, 'time_zones', voiceagent_private.zone_data()));
END
$$;
COMMENT ON FUNCTION voiceagent.health() IS
	E'Whether all is well: {"ok", "problems": [texts], "checked_at", "time_zones"}, to a member "waiting", too.\n'
	'Not ok: a worker does not run, leads, calls or webhooks have waited for a minute, a carrier cannot be asked, its '
	'webhooks do not come, somebody locks tables or keeps VACUUM away; each with what mends it. To a member also: '
	'a campaign is held back, model requests or a subscription fail.';
