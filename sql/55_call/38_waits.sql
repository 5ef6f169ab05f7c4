/*
 * 55_call: why a running campaign calls fewer people than it may, in a few
 * words.  One function makes them: campaign_progress.status_reason and
 * explain_lead() say the same.  Read at the moment of asking, from what the
 * claim goes by, so that nothing has to be written when it changes.
 */

CREATE FUNCTION voiceagent_private.describe_hour(at timestamptz, now timestamptz) RETURNS text
	LANGUAGE sql STABLE
	RETURN (SELECT to_char(at AT TIME ZONE t.zone,
		CASE WHEN at < now + interval '20 hours' THEN 'HH24:MI:SS ' ELSE 'YYYY-MM-DD HH24:MI ' END) || t.zone
		FROM (SELECT coalesce(voiceagent_private.tenant_zone(), 'UTC') AS zone) t);
COMMENT ON FUNCTION voiceagent_private.describe_hour(timestamptz, timestamptz) IS
	'A time that is to come, in words, by the clock of the current tenant''s zone: the hour, and the day '
	'where that is another.';

CREATE FUNCTION voiceagent_private.account_waits(account bigint, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_set voiceagent_private.dial_settings := voiceagent_private.read_dial_settings();
	v_a voiceagent.provider_accounts;
	v_d voiceagent_private.account_dials;
	v_own double precision;
	v_pace double precision;
	v_free integer;
	v_calls integer;
	v_live integer;
BEGIN
	SELECT a.* INTO v_a FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = account;
	SELECT d.* INTO v_d FROM voiceagent_private.account_dials d
	WHERE d.tenant_id = v_tenant AND d.provider_account_id = account;
	IF NOT v_a.active THEN
		RETURN voiceagent_private.why('account_off');
	ELSIF v_a.provider <> 'sandbox' AND v_a.armed_at IS NULL THEN
		RETURN voiceagent_private.why('not_armed');
	ELSIF v_a.provider <> 'sandbox' AND voiceagent_private.real_carriers_wait() IS NOT NULL THEN
		RETURN voiceagent_private.why('unreachable', voiceagent_private.real_carriers_wait());
	ELSIF voiceagent_private.lacks_public_url(v_a.provider) THEN
		RETURN voiceagent_private.why('unreachable.url');
	ELSIF v_a.opened_at IS NOT NULL THEN
		RETURN voiceagent_private.why('rests',
			regexp_replace(coalesce(v_a.trouble, 'no answer'), '^(?=.{101})(.{0,98}\S)\s.*$', '\1 ...'),
			CASE WHEN v_a.resumes_at > at
				THEN 'tried again at ' || voiceagent_private.describe_hour(v_a.resumes_at, at)
				ELSE 'one call at a time tries it' END);
	END IF;
	v_own := voiceagent_private.own_dial_rate(v_a.provider, v_a.settings);
	v_pace :=
		voiceagent_private.dial_rate_now(v_own, v_d.slowed_to, v_d.slowed_from, v_d.slowed_at, v_d.slowed_for, at);
	IF v_pace IS DISTINCT FROM v_own THEN
		RETURN voiceagent_private.why('slow',
			trim_scale(round(v_pace::numeric, CASE WHEN v_pace < 10 THEN 1 ELSE 0 END))::text);
	ELSIF v_a.resumes_at > at THEN
		RETURN voiceagent_private.why('slow.wait', voiceagent_private.describe_hour(v_a.resumes_at, at));
	END IF;
	v_free := voiceagent_private.outbound_slots(account, voiceagent_private.recall_account(account),
		v_set.inbound_reserve, at);
	v_calls := voiceagent_private.limit_now(v_free, v_d.lowered_to, v_d.lowered_from, v_d.lowered_at, at);
	v_live := (SELECT count(*) FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = v_tenant AND l.provider_account_id = account);
	IF v_live < v_calls THEN
		RETURN CASE WHEN v_pace IS NOT NULL
			THEN voiceagent_private.why('lines_account.pace', trim_scale(v_pace::numeric)::text) END;
	ELSIF v_calls < v_free THEN
		RETURN voiceagent_private.why('lines_account.now', v_calls::text);
	ELSIF v_calls < v_a.max_concurrent_calls THEN
		RETURN voiceagent_private.why('lines_account.inbound', v_a.max_concurrent_calls::text,
			(v_a.max_concurrent_calls - v_calls)::text);
	END IF;
	RETURN voiceagent_private.why('lines_account', v_calls::text);
END
$$;
COMMENT ON FUNCTION voiceagent_private.account_waits(bigint, timestamptz) IS
	'The reason why a carrier account of the current tenant cannot dial more at that time, in a few words; NULL: '
	'nothing does.';

CREATE FUNCTION voiceagent_private.explain_slow_dialling(campaign_id bigint, next_dial_at timestamptz, at timestamptz)
	RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text;
	v_waiting integer;
	v_last timestamptz;
	-- Fewer reports lie about at any moment of a lively campaign.
	c_behind CONSTANT integer := 50;
	c_recent CONSTANT interval := interval '2 seconds';
BEGIN
	v_words := (SELECT min(voiceagent_private.why('worker', k.kind)) FROM voiceagent_private.worker_status() k
		WHERE k.state = 'standing_still');
	IF v_words IS NOT NULL THEN
		RETURN v_words;
	END IF;
	IF EXISTS (SELECT FROM voiceagent_private.worker_status() k
		WHERE k.kind IN ('outbound', 'dialer') AND k.state <> 'running') THEN
		RETURN voiceagent_private.why('worker.dials');
	END IF;
	v_waiting :=
		(SELECT count(*) FROM (SELECT FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant LIMIT 10000) x);
	IF v_waiting >= c_behind THEN
		RETURN voiceagent_private.why('behind', v_waiting::text);
	END IF;
	v_last := (SELECT d.started_at FROM voiceagent.calls d
		WHERE d.tenant_id = v_tenant AND d.campaign_id >= campaign_id AND d.campaign_id <= campaign_id
		ORDER BY d.campaign_id DESC, d.call_id DESC LIMIT 1);
	RETURN CASE WHEN v_last > at - c_recent THEN voiceagent_private.why('fast')
		WHEN v_last IS NULL OR coalesce(next_dial_at > at - c_recent, false) THEN voiceagent_private.why('soon')
		ELSE voiceagent_private.why('worker.since', voiceagent_private.describe_hour(v_last, at)) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.explain_slow_dialling(bigint, timestamptz, timestamptz) IS
	'Why a campaign has few calls that nothing holds back, in a few words: what the workers do, and what waits for '
	'them.';

CREATE FUNCTION voiceagent.explain_campaign(campaign_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_set voiceagent_private.dial_settings;
	v record;
	v_lanes record;
	v_live record;
	v_free record;
	v_accounts bigint[];
	v_words text;
	v_other text;
BEGIN
	SELECT c.status, c.status_reason, w.max_concurrent_calls AS lines, w.call_interval, p.next_dial_at, p.suspended,
		p.slow_until, p.sandbox, coalesce((w.settings ->> 'caller_id_calls_per_day')::integer, 0) AS caller_cap,
		w.settings ->> 'before_dial' AS before_dial
	INTO v
	FROM voiceagent.campaigns c
	LEFT JOIN voiceagent.campaign_versions w ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id
		AND w.version = c.version
	LEFT JOIN voiceagent_private.pacing p ON p.tenant_id = v_tenant AND p.campaign_id = c.campaign_id
	WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	IF v.status <> 'running' OR v.status_reason IS NOT NULL THEN
		RETURN coalesce(v.status_reason,
			voiceagent_private.why(CASE v.status WHEN 'completed' THEN 'completed.all' ELSE v.status END));
	END IF;
	SELECT count(*) FILTER (WHERE l.campaign_id = campaign_id) AS campaign, count(*) AS tenant,
		count(l.failing_since) FILTER (WHERE l.campaign_id = campaign_id) AS unasked,
		min(l.failing_since) FILTER (WHERE l.campaign_id = campaign_id) AS since
	INTO v_live
	FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant;
	IF v_live.unasked >= v.lines THEN
		RETURN voiceagent_private.why('lines_held', v.lines::text,
			voiceagent_private.describe_hour(v_live.since, v_now));
	ELSIF v_live.campaign * 2 >= v.lines THEN
		RETURN NULL;
	END IF;
	IF EXISTS (SELECT FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant AND NOT d.active) THEN
		RETURN voiceagent_private.why('business');
	END IF;
	SELECT coalesce(bool_or(n.next_due <= v_now AND n.opens_at <= v_now AND n.closes_at > v_now), false) AS due,
		min(n.opens_at) FILTER (WHERE n.next_due <= v_now) AS opens_at,
			min(greatest(n.next_due, n.opens_at)) AS next_due
	INTO v_lanes
	FROM voiceagent_private.lanes n WHERE n.tenant_id = v_tenant AND n.campaign_id = campaign_id AND n.running
		AND n.next_due < 'infinity';
	SELECT voiceagent_private.why('tool', o.name, CASE WHEN o.failures = 0
			AND NOT voiceagent_private.secret_still_opens(
				voiceagent_private.secret_name('own_tool', o.tool_id, o.secret_version))
		THEN 'its signing secret does not open; rotate_tool_secret() makes a new one' ELSE o.last_error END)
	INTO v_words FROM voiceagent.own_tools o
	WHERE o.tenant_id = v_tenant AND o.name = v.before_dial AND o.last_error IS NOT NULL;
	-- It puts off whom it gives no answer about, so none is due any more.
	IF v_words IS NOT NULL AND (v_lanes.due OR v_lanes.opens_at IS NULL AND isfinite(v_lanes.next_due)) THEN
		RETURN v_words;
	ELSIF NOT v_lanes.due THEN
		RETURN CASE WHEN v_lanes.opens_at > v_now AND isfinite(v_lanes.opens_at)
				THEN voiceagent_private.why('hours', voiceagent_private.describe_hour(v_lanes.opens_at, v_now))
			WHEN v_lanes.opens_at IS NOT NULL THEN voiceagent_private.why('hours.open')
			WHEN isfinite(v_lanes.next_due) THEN
				voiceagent_private.why('due', voiceagent_private.describe_hour(v_lanes.next_due, v_now))
			WHEN v_live.campaign > 0 THEN voiceagent_private.why('ending') END;
	END IF;
	v_set := voiceagent_private.read_dial_settings();
	v_accounts := voiceagent_private.accounts_of_campaign(campaign_id);
	-- The first that may dial does; a reason that stops all of them is reported for the campaign's own.
	FOR i IN 1 .. cardinality(v_accounts) LOOP
		v_other := voiceagent_private.account_waits(v_accounts[i], v_now);
		v_words := CASE WHEN i = 1 THEN v_other WHEN v_other IS NULL THEN NULL ELSE v_words END;
		EXIT WHEN v_other IS NULL;
	END LOOP;
	IF v_words IS NOT NULL THEN
		RETURN v_words;
	ELSIF v_live.tenant >= v_set.tenant_limit THEN
		RETURN voiceagent_private.why('lines_tenant', v_set.tenant_limit::text);
	ELSIF v.slow_until > v_now AND v.call_interval < interval '10 seconds' THEN
		RETURN voiceagent_private.why('slowed', voiceagent_private.describe_hour(v.slow_until, v_now));
	ELSIF v.call_interval > interval '0' THEN
		RETURN voiceagent_private.why('interval', trim_scale(extract(epoch FROM v.call_interval)::numeric)::text);
	END IF;
	v_words := voiceagent_private.describe_callers(campaign_id, v_accounts, v.caller_cap, v_now);
	IF v_words IS NOT NULL THEN
		RETURN lower(left(v_words, 1)) || rtrim(substr(v_words, 2), '.');
	ELSIF v.next_dial_at > v_now + interval '100 milliseconds' AND isfinite(v.next_dial_at) THEN
		RETURN voiceagent_private.why('due.call', voiceagent_private.describe_hour(v.next_dial_at, v_now));
	END IF;
	v_free := voiceagent_private.platform_free_lines(1);
	IF v.sandbox AND v_free.sandbox_lines <= 0 THEN
		RETURN voiceagent_private.why('lines_all.sandbox');
	ELSIF NOT v.sandbox AND v_free.real_lines <= 0 THEN
		RETURN voiceagent_private.why('lines_all');
	END IF;
	RETURN voiceagent_private.explain_slow_dialling(campaign_id, v.next_dial_at, v_now);
END
$$;
COMMENT ON FUNCTION voiceagent.explain_campaign(bigint) IS
	E'Why a campaign of the tenant has fewer live calls than half of those that it may have, in a few words.\n'
	'One that does not run says why; NULL: it has as many, or nothing to do. The reason that holds it back '
	'(status_reason) comes first, then calling hours, the tool before_dial, the account, limits, the pace, reports '
	'that wait. explain_reason() has the key. PT404.';
