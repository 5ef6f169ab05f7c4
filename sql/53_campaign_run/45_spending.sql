/*
 * 53_campaign_run: caps of spend.  A campaign's spending of a day is one row,
 * kept in the commits that hold and settle credits, under the ledger's lock; a
 * cap costs the claim one look at that row, however many calls there were.  A
 * hold counts in full until its call is settled, so no cap is exceeded.
 */

CREATE TABLE voiceagent.campaign_spending (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	day date NOT NULL,
	held voiceagent.credit NOT NULL DEFAULT 0,
	spent voiceagent.credit NOT NULL DEFAULT 0,
	removed voiceagent.credit NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, campaign_id, day)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent.campaign_spending IS
	'The cost of a campaign''s calls, by the day (in the tenant''s time zone) on which they were dialled.';
COMMENT ON COLUMN voiceagent.campaign_spending.day IS 'Day of the dial, in the tenant''s time zone.';
COMMENT ON COLUMN voiceagent.campaign_spending.held IS 'Credits set aside for calls of that day that are live.';
COMMENT ON COLUMN voiceagent.campaign_spending.spent IS 'Credits charged for calls of that day.';
COMMENT ON COLUMN voiceagent.campaign_spending.removed IS
	'The part of these that was charged for calls which retention or an erasure has removed since.';
CREATE INDEX campaign_spending_day ON voiceagent.campaign_spending (tenant_id, day) WHERE day IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.campaign_spending', 'tenant');

CREATE FUNCTION voiceagent_private.record_holds(campaign_ids bigint[], amounts numeric[], at timestamptz) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_record_holds';
COMMENT ON FUNCTION voiceagent_private.record_holds(bigint[], numeric[], timestamptz) IS
	'Notes holds for calls that are dialled at that time, one element a call; under the ledger''s lock.';

CREATE FUNCTION voiceagent_private.spend_left_by_cap(campaign_id bigint, at timestamptz, OUT campaign_day numeric,
	OUT campaign_total numeric, OUT tenant_day numeric, OUT campaign_day_held numeric, OUT campaign_held numeric,
	OUT tenant_day_held numeric)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_settings jsonb;
	v_day date;
	v_sum record;
BEGIN
	IF (voiceagent_private.unapproved_spending(campaign_id, at)).reason IS NOT NULL THEN
		campaign_total := 0;
		campaign_held := 0;
		RETURN;
	END IF;
	SELECT v.settings INTO v_settings
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = v_tenant AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = spend_left_by_cap.campaign_id;
	campaign_day := nullif((v_settings ->> 'spend_cap_per_day')::numeric, 0);
	campaign_total := nullif((v_settings ->> 'spend_cap')::numeric, 0);
	tenant_day := nullif((v_settings ->> 'tenant_spend_cap_per_day')::numeric, 0);
	IF campaign_day IS NULL AND campaign_total IS NULL AND tenant_day IS NULL THEN
		RETURN;
	END IF;
	v_day := (at AT TIME ZONE voiceagent_private.tenant_zone())::date;
	IF campaign_day IS NOT NULL OR campaign_total IS NOT NULL THEN
		SELECT coalesce(sum(s.held + s.spent), 0) AS total, coalesce(sum(s.held), 0) AS held,
			coalesce(sum(s.held + s.spent) FILTER (WHERE s.day = v_day), 0) AS today,
			coalesce(sum(s.held) FILTER (WHERE s.day = v_day), 0) AS held_today
		INTO v_sum FROM voiceagent.campaign_spending s
		WHERE s.tenant_id = v_tenant AND s.campaign_id = spend_left_by_cap.campaign_id;
		campaign_day := campaign_day - v_sum.today;
		campaign_total := campaign_total - v_sum.total;
		campaign_day_held := v_sum.held_today;
		campaign_held := v_sum.held;
	END IF;
	IF tenant_day IS NOT NULL THEN
		SELECT coalesce(sum(s.held + s.spent), 0) AS today, coalesce(sum(s.held), 0) AS held INTO v_sum
		FROM voiceagent.campaign_spending s WHERE s.tenant_id = v_tenant AND s.day = v_day;
		tenant_day := tenant_day - v_sum.today;
		tenant_day_held := v_sum.held;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.spend_left_by_cap(bigint, timestamptz) IS
	'Credits that the caps of a campaign''s day, of the whole campaign and of the tenant''s day still allow (NULL: no '
	'such cap; 0 for one whose leads wait for an approval), and how much of what they count is only held and may come '
	'back.';

CREATE FUNCTION voiceagent_private.pause_from_claim(campaign_id bigint, reason text, at timestamptz) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lanes bigint;
	v_locked bigint;
BEGIN
	SELECT count(*) INTO v_lanes FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = pause_from_claim.campaign_id;
	SELECT count(*) INTO v_locked FROM (SELECT FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = pause_from_claim.campaign_id FOR NO KEY UPDATE SKIP LOCKED) x;
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = pause_from_claim.campaign_id AND c.status = 'running'
	FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND OR v_locked < v_lanes THEN
		UPDATE voiceagent_private.pacing p SET next_dial_at = at + interval '20 milliseconds'
		WHERE p.tenant_id = v_tenant AND p.campaign_id = pause_from_claim.campaign_id;
		RETURN false;
	END IF;
	UPDATE voiceagent_private.lanes l SET running = false
	WHERE l.tenant_id = v_tenant AND l.campaign_id = pause_from_claim.campaign_id AND l.running;
	PERFORM voiceagent_private.set_campaign_status(pause_from_claim.campaign_id, 'paused', reason, 'campaign_paused');
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.pause_from_claim(bigint, text, timestamptz) IS
	'Pauses a campaign whose pacing row the claim holds, without waiting for anybody: false when somebody has its '
	'lanes or its row, and the claim tries again a little later.';

CREATE FUNCTION voiceagent_private.cap_campaign(campaign_id bigint, hold numeric, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_reason text;
	v_held numeric;
	v_midnight timestamptz;
	v_asks record := voiceagent_private.unapproved_spending(campaign_id, at);
BEGIN
	IF v_asks.reason IS NOT NULL THEN
		IF voiceagent_private.pause_from_claim(campaign_id, v_asks.reason, at) THEN
			UPDATE voiceagent.campaigns c SET status_reason = voiceagent_private.why('approval',
				voiceagent_private.ask_approval('start', c.campaign_id, v_asks.estimate, v_asks.reason)::text,
				v_asks.reason)
			WHERE c.tenant_id = v_tenant AND c.campaign_id = cap_campaign.campaign_id;
		END IF;
		RETURN;
	END IF;
	v := voiceagent_private.spend_left_by_cap(campaign_id, at);
	IF hold > v.campaign_total THEN
		v_reason := voiceagent_private.why('cap');
		v_held := v.campaign_held;
	ELSIF hold > v.campaign_day THEN
		v_reason := voiceagent_private.why('cap_day');
		v_held := v.campaign_day_held;
	ELSE
		v_reason := voiceagent_private.why('cap_tenant');
		v_held := v.tenant_day_held;
	END IF;
	IF v_held = 0 AND v_reason = 'spend cap reached' THEN
		IF voiceagent_private.pause_from_claim(campaign_id, v_reason, at) THEN
			PERFORM voiceagent_private.log_event('spend_cap_reached', campaign_id, NULL, NULL,
				jsonb_build_object('reason', v_reason, 'room', trim_scale(v.campaign_total),
					'call_holds', trim_scale(hold)));
		END IF;
		RETURN;
	END IF;
	PERFORM FROM voiceagent.campaigns c
	WHERE c.tenant_id = v_tenant AND c.campaign_id = cap_campaign.campaign_id FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		UPDATE voiceagent_private.pacing p SET next_dial_at = at + interval '20 milliseconds'
		WHERE p.tenant_id = v_tenant AND p.campaign_id = cap_campaign.campaign_id;
		RETURN;
	END IF;
	v_midnight := ((at AT TIME ZONE voiceagent_private.tenant_zone())::date
		+ 1)::timestamp AT TIME ZONE voiceagent_private.tenant_zone();
	-- While calls are live, credits that are held for them may come back.
	UPDATE voiceagent_private.pacing p SET suspended = v_reason,
		next_dial_at = CASE WHEN v_held > 0 THEN least(at + interval '500 milliseconds', v_midnight) ELSE v_midnight END
	WHERE p.tenant_id = v_tenant AND p.campaign_id = cap_campaign.campaign_id;
	UPDATE voiceagent.campaigns c SET status_reason = v_reason
	WHERE c.tenant_id = v_tenant AND c.campaign_id = cap_campaign.campaign_id
		AND c.status_reason IS DISTINCT FROM v_reason;
	IF v_held = 0 THEN
		PERFORM voiceagent_private.log_event('spend_cap_reached', campaign_id, NULL, NULL,
			jsonb_build_object('reason', v_reason, 'room', trim_scale(least(v.campaign_day, v.tenant_day)),
				'call_holds', trim_scale(hold),
				'resumes_at', v_midnight));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.cap_campaign(bigint, numeric, timestamptz) IS
	E'For a claim that holds a campaign''s pacing row and finds no room under its caps for one call''s hold: the '
	'day''s cap holds it back until midnight in the tenant''s time zone (sooner while live calls may give some of it '
	'back), the campaign''s own cap pauses it, and so does an approval that its leads wait for.\n'
	'Event spend_cap_reached, once it is certain.';

-- Computed from all calls again: a tenant seldom changes its time zone, and storing the day with each hold would cost
-- every call.
CREATE FUNCTION voiceagent_private.redate_spending() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_zone text := voiceagent_private.tenant_zone();
BEGIN
	PERFORM voiceagent_private.lock_available();
	WITH gone AS (
		DELETE FROM voiceagent.campaign_spending s WHERE s.tenant_id = v_tenant
		RETURNING s.campaign_id, s.day, s.removed
	), noted AS (
		-- Calls that were removed leave their cost on its day.
		SELECT g.campaign_id, g.day, 0 AS held, g.removed AS spent, g.removed FROM gone g WHERE g.removed > 0
		UNION ALL
		SELECT c.campaign_id, (c.started_at AT TIME ZONE v_zone)::date,
			CASE WHEN h.state = 'held' THEN h.amount ELSE 0 END, coalesce(h.charged, 0), 0
		FROM voiceagent.credit_holds h JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = h.call_id
		WHERE h.tenant_id = v_tenant
	)
	INSERT INTO voiceagent.campaign_spending (tenant_id, campaign_id, day, held, spent, removed)
	SELECT v_tenant, n.campaign_id, n.day, sum(n.held), sum(n.spent), sum(n.removed)
	FROM noted n GROUP BY n.campaign_id, n.day ORDER BY n.campaign_id, n.day;
	-- A campaign that waits for midnight waits for another midnight, or no longer.
	PERFORM voiceagent_private.resume_suspended('spend cap of the day reached');
	PERFORM voiceagent_private.resume_suspended('spend cap of the tenant''s day reached');
END
$$;
COMMENT ON FUNCTION voiceagent_private.redate_spending() IS
	'Counts what the current tenant has spent by the days of the time zone that it has now; the caller holds '
	'lock_campaigns(NULL): no call is claimed meanwhile, none ends, and none is removed.';

CREATE FUNCTION voiceagent_private.check_spending() RETURNS TABLE(invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH zone AS MATERIALIZED (
		SELECT voiceagent_private.tenant_zone() AS name
	), ledger AS (
		SELECT c.campaign_id, (c.started_at AT TIME ZONE z.name)::date AS day,
			sum(h.amount) FILTER (WHERE h.state = 'held') AS held, sum(h.charged) AS spent
		FROM zone z, voiceagent.credit_holds h JOIN voiceagent.calls c ON c.tenant_id = h.tenant_id
			AND c.call_id = h.call_id
		WHERE h.tenant_id = voiceagent.current_tenant() GROUP BY 1, 2
	), noted AS (
		SELECT s.campaign_id, s.day, s.held, s.spent - s.removed AS spent FROM voiceagent.campaign_spending s
		WHERE s.tenant_id = voiceagent.current_tenant()
	)
	SELECT 'a campaign''s spending is what the ledger holds and charged',
		format('campaign %s, %s: held %s, spent %s; by the ledger %s, %s', campaign_id, day, n.held, n.spent,
			l.held, l.spent)
	FROM ledger l FULL JOIN noted n USING (campaign_id, day)
	WHERE coalesce(l.held, 0) <> coalesce(n.held, 0) OR coalesce(l.spent, 0) <> coalesce(n.spent, 0)
$$;
COMMENT ON FUNCTION voiceagent_private.check_spending() IS
	'Where the current tenant''s campaign_spending and its ledger differ; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_spending');
