/*
 * 53_campaign_run: spending that a person has to approve.  Where a tenant does
 * not let money be spent by itself, or only so much of it, the start of a
 * campaign and a purchase wait: who wants what, what it will cost by estimate,
 * and until when.
 *
 * Locks: the campaign or the order first, then the approval.
 */

CREATE TABLE voiceagent.spend_approvals (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	approval_id bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL CHECK (kind IN ('start', 'purchase')),
	campaign_id bigint,
	order_id bigint,
	estimate voiceagent.credit NOT NULL CHECK (estimate >= 0.0),
	reason text NOT NULL,
	requested_by text NOT NULL,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'rejected', 'expired')),
	decided_by text,
	decided_at timestamptz,
	decision text,
	PRIMARY KEY (tenant_id, approval_id),
	CONSTRAINT of_its_kind CHECK (num_nonnulls(campaign_id, order_id) = 1
		AND (kind = 'start') = (campaign_id IS NOT NULL)),
	CONSTRAINT decided_at_a_time CHECK ((state = 'waiting') = (decided_at IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.spend_approvals IS
	'Starts of campaigns and purchases that waited for approve_spending(), or still do.';
COMMENT ON COLUMN voiceagent.spend_approvals.approval_id IS 'Number of the approval.';
COMMENT ON COLUMN voiceagent.spend_approvals.kind IS 'start (of a campaign) or purchase.';
COMMENT ON COLUMN voiceagent.spend_approvals.campaign_id IS 'The campaign that is to start; NULL for a purchase.';
COMMENT ON COLUMN voiceagent.spend_approvals.order_id IS 'The order that is to be paid; NULL for a start.';
COMMENT ON COLUMN voiceagent.spend_approvals.estimate IS
	'Credits that it was estimated to cost: a minute for each lead that waits; or that are to be bought.';
COMMENT ON COLUMN voiceagent.spend_approvals.reason IS 'Why it waits, in words.';
COMMENT ON COLUMN voiceagent.spend_approvals.requested_by IS 'Who wanted it, in words.';
COMMENT ON COLUMN voiceagent.spend_approvals.expires_at IS 'Until when it may be approved.';
COMMENT ON COLUMN voiceagent.spend_approvals.state IS 'waiting, approved, rejected or expired.';
COMMENT ON COLUMN voiceagent.spend_approvals.decided_by IS 'Who approved or rejected it, in words.';
COMMENT ON COLUMN voiceagent.spend_approvals.decided_at IS 'When it was decided, or ran out; NULL: it waits.';
COMMENT ON COLUMN voiceagent.spend_approvals.decision IS 'The words to it.';
CREATE UNIQUE INDEX spend_approvals_campaign ON voiceagent.spend_approvals (tenant_id, campaign_id)
	WHERE state = 'waiting' AND campaign_id IS NOT NULL;
CREATE UNIQUE INDEX spend_approvals_order ON voiceagent.spend_approvals (tenant_id, order_id)
	WHERE state = 'waiting' AND order_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.spend_approvals', 'tenant');
CREATE POLICY platform ON voiceagent.spend_approvals FOR SELECT TO voiceagent_admin USING (true);

CREATE TABLE voiceagent_private.approval_deadlines (
	tenant_id bigint NOT NULL,
	approval_id bigint NOT NULL,
	due_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, approval_id)
);
COMMENT ON TABLE voiceagent_private.approval_deadlines IS
	'When approvals that wait run out, for the job expire_approvals.';
COMMENT ON COLUMN voiceagent_private.approval_deadlines.due_at IS 'spend_approvals.expires_at.';
CREATE INDEX approval_deadlines_due ON voiceagent_private.approval_deadlines (due_at);
SELECT voiceagent_private.guard_table('voiceagent_private.approval_deadlines', 'routing', waits => '{due_at}');

CREATE FUNCTION voiceagent_private.start_estimate(campaign_id bigint, at timestamptz) RETURNS numeric
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN round(voiceagent_private.price_of('call', at) * (SELECT count(*) FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = start_estimate.campaign_id
			AND m.status IN ('pending', 'queued', 'retry')), 6);
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_estimate(bigint, timestamptz) IS
	'Credits that the start of a campaign is estimated to cost: a minute for each lead that waits.';

CREATE FUNCTION voiceagent_private.spending_needs(estimate numeric, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (at AT TIME ZONE voiceagent_private.tenant_zone())::date;
	v_campaign numeric := nullif(voiceagent_private.setting_number('auto_spend_per_campaign'), 0);
	v_day numeric := nullif(voiceagent_private.setting_number('auto_spend_per_day'), 0);
	v_month numeric := nullif(voiceagent_private.setting_number('auto_spend_per_month'), 0);
	v_spent record;
BEGIN
	IF NOT voiceagent_private.setting_text('auto_spend')::boolean THEN
		RETURN 'nothing is spent by itself (auto_spend)';
	ELSIF estimate > v_campaign THEN
		RETURN format('%s credits are estimated, %s go without approval (auto_spend_per_campaign)',
			trim_scale(estimate), trim_scale(v_campaign));
	ELSIF v_day IS NULL AND v_month IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT coalesce(sum(s.held + s.spent) FILTER (WHERE s.day = v_today), 0) AS day,
		coalesce(sum(s.held + s.spent), 0) AS month
	INTO v_spent FROM voiceagent.campaign_spending s
	WHERE s.tenant_id = voiceagent.current_tenant() AND s.day BETWEEN date_trunc('month', v_today)::date AND v_today;
	RETURN CASE
		WHEN v_spent.day + estimate > v_day THEN
			format('with what today has cost %s credits are estimated, %s a day go without approval '
				'(auto_spend_per_day)', trim_scale(v_spent.day + estimate), trim_scale(v_day))
		WHEN v_spent.month + estimate > v_month THEN
			format('with what this month has cost %s credits are estimated, %s a month go without approval '
				'(auto_spend_per_month)', trim_scale(v_spent.month + estimate), trim_scale(v_month)) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.spending_needs(numeric, timestamptz) IS
	'Why so many estimated credits of the current tenant need an approval at that time, in words; NULL: none.';

CREATE FUNCTION voiceagent_private.unapproved_spending(campaign_id bigint, at timestamptz, OUT estimate numeric,
	OUT reason text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_most numeric := CASE WHEN voiceagent_private.read_setting('auto_spend') = 'off' THEN 0
		ELSE nullif(voiceagent_private.read_setting('auto_spend_per_campaign')::numeric, 0) END;
BEGIN
	IF v_most IS NULL THEN
		RETURN;
	END IF;
	-- By its counters, since each claim asks.
	estimate := round(voiceagent_private.price_of('call', at) * (SELECT sum(k.waiting_leads)
		FROM voiceagent.campaign_counters k
		WHERE k.tenant_id = v_tenant AND k.campaign_id = unapproved_spending.campaign_id), 6);
	IF estimate > v_most AND EXISTS (SELECT FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
		AND c.campaign_id = unapproved_spending.campaign_id AND c.type NOT IN ('direct', 'test')
		AND c.status IN ('running', 'paused'))
		AND NOT EXISTS (SELECT FROM voiceagent.spend_approvals a WHERE a.tenant_id = v_tenant
		AND a.campaign_id = unapproved_spending.campaign_id AND a.state = 'approved'
		AND a.estimate >= unapproved_spending.estimate) THEN
		reason := voiceagent_private.spending_needs(estimate, at);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unapproved_spending(bigint, timestamptz) IS
	'Why the leads that wait in a campaign that runs, or is paused, need an approval, with what they are estimated to '
	'cost: more of them have joined than were approved; NULL: they need none.';

CREATE FUNCTION voiceagent_private.ask_approval(kind text, object_id bigint, estimate numeric, reason text)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v voiceagent.spend_approvals;
BEGIN
	-- Asked again while it waits: one approval, of what it would cost now.
	UPDATE voiceagent.spend_approvals a SET estimate = ask_approval.estimate, reason = ask_approval.reason
	WHERE a.tenant_id = v_tenant AND a.state = 'waiting'
		AND CASE ask_approval.kind WHEN 'start' THEN a.campaign_id ELSE a.order_id END = object_id
		AND a.kind = ask_approval.kind
	RETURNING a.* INTO v;
	IF FOUND THEN
		RETURN v.approval_id;
	END IF;
	INSERT INTO voiceagent.spend_approvals (tenant_id, kind, campaign_id, order_id, estimate, reason, requested_by,
		created_at, expires_at)
	VALUES (v_tenant, ask_approval.kind, CASE ask_approval.kind WHEN 'start' THEN object_id END,
		CASE ask_approval.kind WHEN 'purchase' THEN object_id END, ask_approval.estimate, ask_approval.reason,
		voiceagent_private.actor(), v_now, v_now + voiceagent_private.setting_interval('approval_expires'))
	RETURNING * INTO v;
	INSERT INTO voiceagent_private.approval_deadlines (tenant_id, approval_id, due_at)
	VALUES (v_tenant, v.approval_id, v.expires_at);
	PERFORM voiceagent_private.request_job('expire_approvals', v.expires_at);
	PERFORM voiceagent_private.log_event('approval_wanted', v.campaign_id, NULL, NULL, jsonb_build_object('approval_id',
		v.approval_id, 'kind', v.kind, 'order_id', v.order_id, 'estimate', trim_scale(v.estimate), 'reason', v.reason,
		'requested_by', v.requested_by, 'expires_at', v.expires_at));
	RETURN v.approval_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_approval(text, bigint, numeric, text) IS
	'Has the start of a campaign, or an order, of the current tenant wait for an approval -> its number; the caller '
	'holds the campaign or the order.';

CREATE FUNCTION voiceagent_private.waits_for_approval(campaign voiceagent.campaigns) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_estimate numeric;
	v_reason text;
	v_approval bigint;
BEGIN
	IF campaign.type IN ('direct', 'test') OR campaign.status NOT IN ('draft', 'stopped', 'completed') THEN
		RETURN NULL;
	END IF;
	v_estimate := voiceagent_private.start_estimate(campaign.campaign_id, v_now);
	v_reason := voiceagent_private.spending_needs(v_estimate, v_now);
	IF v_reason IS NULL THEN
		UPDATE voiceagent.spend_approvals a SET state = 'expired', decision = 'no approval was needed any more',
			decided_at = v_now
		WHERE a.tenant_id = campaign.tenant_id AND a.campaign_id = campaign.campaign_id AND a.state = 'waiting'
		RETURNING a.approval_id INTO v_approval;
		DELETE FROM voiceagent_private.approval_deadlines d
		WHERE d.tenant_id = campaign.tenant_id AND d.approval_id = v_approval;
		RETURN NULL;
	END IF;
	v_approval := voiceagent_private.ask_approval('start', campaign.campaign_id, v_estimate, v_reason);
	UPDATE voiceagent.campaigns c SET status_reason = voiceagent_private.why('approval', v_approval::text, v_reason)
	WHERE c.tenant_id = campaign.tenant_id AND c.campaign_id = campaign.campaign_id;
	RETURN v_approval;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waits_for_approval(voiceagent.campaigns) IS
	'Whether the start of a campaign that the caller has locked needs an approval: the number of that which it now '
	'waits for; NULL: it may start.';
