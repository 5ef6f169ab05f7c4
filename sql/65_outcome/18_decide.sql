-- 65_outcome: what becomes of a lead whose call has just ended, by its campaign's rules. Nothing is written here.

CREATE TYPE voiceagent_private.lead_decision AS (
	campaign_id bigint,
	decision text,
	lead_ids bigint[],
	not_before timestamptz[],
	priorities smallint[],
	outcomes text[],
	reasons text[],
	numbers smallint[],
	qualified boolean[]
);
COMMENT ON TYPE voiceagent_private.lead_decision IS
	'Leads of a campaign with one decision: completed, skipped, failed, again or again_uncounted (for a fault of the '
	'account, which rests: at once; or of what the campaign has its calls say, which is held back); numbers: which of '
	'each lead''s telephone numbers is next; qualified: what the call said of it (NULL: nothing).';

CREATE FUNCTION voiceagent_private.reached_with_result(outcome text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN outcome IN ('scheduled', 'interested', 'not_interested', 'completed');
COMMENT ON FUNCTION voiceagent_private.reached_with_result(text) IS
	'Whether a call with this outcome settled its matter with the person: the lead is completed, whatever the '
	'campaign''s rules are.';

CREATE TYPE voiceagent_private.retry_rules AS (
	campaign_id bigint,
	retry_attempts integer,
	retry_delay interval,
	retry_delay_busy interval,
	retry_delay_no_answer interval,
	retry_delay_unfinished interval,
	callback_delay interval,
	redial_after_hangup integer,
	tries_per_number integer,
	day_parts jsonb,
	best_time boolean,
	provider text,
	expires_at timestamptz,
	retry_voicemail boolean,
	retry_after_message boolean,
	retry_ivr boolean,
	retry_unavailable boolean,
	retry_screener boolean,
	uncertain_outcome text
);
COMMENT ON TYPE voiceagent_private.retry_rules IS 'The redial rules of a campaign''s version in force.';

CREATE FUNCTION voiceagent_private.retry_rules_of(campaign_ids bigint[]) RETURNS SETOF voiceagent_private.retry_rules
	LANGUAGE sql STABLE AS $$
	-- A version of before a setting was made has none.
	SELECT g.campaign_id, k.retry_attempts, k.retry_delay, k.retry_delay_busy, k.retry_delay_no_answer,
		coalesce(voiceagent_private.as_interval(k.settings ->> 'retry_delay_unfinished'), k.retry_delay),
		voiceagent_private.as_interval(k.settings ->> 'callback_delay'),
		coalesce((k.settings ->> 'redial_after_hangup')::integer, 1),
		coalesce((k.settings ->> 'tries_per_number')::integer, 3),
		nullif(k.settings ->> 'day_parts', '')::jsonb,
		coalesce((k.settings ->> 'best_time')::boolean, false), a.provider,
		(SELECT p.expires_at FROM voiceagent_private.pacing p
			WHERE p.tenant_id = g.tenant_id AND p.campaign_id = g.campaign_id),
		coalesce((k.settings ->> 'retry_voicemail')::boolean, true),
		coalesce((k.settings ->> 'retry_after_message')::boolean, true),
		coalesce((k.settings ->> 'retry_ivr')::boolean, true),
		coalesce((k.settings ->> 'retry_unavailable')::boolean, true),
		coalesce((k.settings ->> 'retry_screener')::boolean, true),
		coalesce(k.settings ->> 'uncertain_outcome', 'final')
	FROM voiceagent.campaigns g
	-- Unpacked once: each ->> of a stored value would do it anew.
	CROSS JOIN LATERAL (SELECT v.retry_attempts, v.retry_delay, v.retry_delay_busy, v.retry_delay_no_answer,
			v.settings || '{}' AS settings
		FROM voiceagent.campaign_versions v
		WHERE v.tenant_id = voiceagent.current_tenant() AND v.campaign_id = g.campaign_id AND v.version = g.version
		OFFSET 0) k
	JOIN voiceagent.provider_accounts a ON a.tenant_id = voiceagent.current_tenant()
		AND a.provider_account_id = g.provider_account_id
	WHERE g.tenant_id = voiceagent.current_tenant() AND g.campaign_id = ANY (retry_rules_of.campaign_ids)
$$;
COMMENT ON FUNCTION voiceagent_private.retry_rules_of(bigint[]) IS
	'The retry_rules of these campaigns of the current tenant.';

CREATE TYPE voiceagent_private.ended_lead AS (
	call_id bigint,
	campaign_id bigint,
	lead_id bigint,
	number smallint,
	outcome text,
	cause text,
	cause_class text,
	ended_at timestamptz,
	machine text,
	message_left boolean,
	attempts integer,
	priority smallint,
	qualified boolean,
	timezone text,
	asked_for timestamptz,
	other_number smallint,
	uncertain text
);
COMMENT ON TYPE voiceagent_private.ended_lead IS
	'A lead with the call that has just ended: asked_for, the time that it asked to be called at, by the clock of '
	'timezone; other_number: which of its numbers could be dialled instead (NULL: there is none).';

CREATE FUNCTION voiceagent_private.ended_leads(call_ids bigint[], told text)
	RETURNS SETOF voiceagent_private.ended_lead
	LANGUAGE sql STABLE AS $$
	SELECT c.call_id, c.campaign_id, c.lead_id, c.number, c.outcome, c.cause, c.cause_class::text, c.ended_at,
		coalesce(c.machine, 'voicemail')::text, c.message_left_at IS NOT NULL, m.attempts, l.priority,
		voiceagent_private.parse_qualified(c.structured_data, c.outcome), z.timezone, z.asked_for,
		CASE WHEN (w.more OR c.number > 1)
			AND c.outcome IN ('no_answer', 'busy', 'voicemail', 'failed', 'wrong_number')
			AND NOT (c.outcome = 'failed' AND voiceagent_private.is_no_try(c.cause_class))
			THEN voiceagent_private.other_number(c.campaign_id, c.lead_id, c.number) END, c.uncertain
	-- Keys one by one: two arrays would be asked for in every combination, or not at all.
	FROM unnest(ended_leads.call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.call_id, o.campaign_id, o.lead_id, o.number,
		coalesce(ended_leads.told, o.outcome::text) AS outcome, o.cause, o.cause_class, o.structured_data, o.ended_at,
			o.machine, o.message_left_at, o.assistant_id, o.assistant_version,
			CASE WHEN ended_leads.told IS NULL THEN o.uncertain END AS uncertain FROM voiceagent.calls o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.call_id = i.call_id OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.attempts, o.status FROM voiceagent.campaign_leads o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.campaign_id = c.campaign_id AND o.lead_id = c.lead_id
		OFFSET 0) m
	CROSS JOIN LATERAL (SELECT o.priority FROM voiceagent.leads o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = c.lead_id OFFSET 0) l
	-- Nearly all leads have one number: other_number() finds that as well, at the price of a call a lead.
	LEFT JOIN LATERAL (SELECT true AS more FROM voiceagent.lead_numbers o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.lead_id = c.lead_id LIMIT 1) w ON true
	LEFT JOIN LATERAL (SELECT p.timezone,
		voiceagent_private.callback_time(c.structured_data, p.timezone, c.ended_at,
			(SELECT v.language FROM voiceagent.assistant_versions v WHERE v.tenant_id = voiceagent.current_tenant()
				AND v.assistant_id = c.assistant_id AND v.version = c.assistant_version)) AS asked_for
		FROM (SELECT voiceagent_private.zone_of_call(c.lead_id,
			c.number) AS timezone OFFSET 0 /* computed once */) p WHERE c.outcome = 'callback' OFFSET 0) z ON true
	WHERE m.status = 'calling' OR ended_leads.told IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.ended_leads(bigint[], text) IS
	'The leads of calls of the current tenant that have just ended and are still called, or (told: that outcome) of '
	'calls of which it is known only now how they ended.';

-- A day that is farther away than callback_delay may be keeps no campaign open.
CREATE FUNCTION voiceagent_private.is_far_day(asked_for timestamptz, ended_at timestamptz) RETURNS boolean
	-- Each argument once, and as stable as what it says, so that the planner dissolves it.
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN asked_for > ended_at + interval '30 days';
COMMENT ON FUNCTION voiceagent_private.is_far_day(timestamptz, timestamptz) IS
	'Whether a lead asked to be called on a day more than 30 days away: a person had better call it then.';

CREATE FUNCTION voiceagent_private.decide_lead(e voiceagent_private.ended_lead, r voiceagent_private.retry_rules)
	RETURNS text LANGUAGE sql STABLE
	RETURN CASE
		WHEN (e).uncertain = 'retry' AND (e).attempts <= (r).retry_attempts THEN 'again'
		WHEN voiceagent_private.reached_with_result((e).outcome) THEN 'completed'
		WHEN (e).outcome = 'do_not_call' THEN 'skipped'
		WHEN (e).outcome = 'voicemail' AND (e).message_left AND NOT (r).retry_after_message THEN 'completed'
		WHEN (e).outcome = 'voicemail'
			AND NOT CASE (e).machine WHEN 'ivr' THEN (r).retry_ivr WHEN 'unavailable' THEN (r).retry_unavailable
				WHEN 'screener' THEN (r).retry_screener ELSE (r).retry_voicemail END THEN 'failed'
		WHEN (e).outcome = 'wrong_number' AND (e).other_number IS NULL THEN 'failed'
		WHEN (e).outcome = 'failed' AND voiceagent_private.is_no_try((e).cause_class) THEN 'again_uncounted'
		WHEN (e).outcome = 'failed' AND (e).cause_class = 'unresolved' THEN 'failed'
		WHEN voiceagent_private.is_far_day((e).asked_for, (e).ended_at) THEN 'failed'
		WHEN (e).outcome = 'unfinished' AND voiceagent_private.hangups((e).campaign_id, (e).lead_id, (e).call_id)
			> (r).redial_after_hangup THEN 'failed'
		WHEN (e).attempts > (r).retry_attempts + voiceagent_private.promised_dials((e).outcome::text) THEN 'failed'
		ELSE 'again'
	END;
COMMENT ON FUNCTION voiceagent_private.decide_lead(voiceagent_private.ended_lead, voiceagent_private.retry_rules) IS
	'The decision of lead_decision about one lead, by its campaign''s rules alone.';

CREATE FUNCTION voiceagent_private.wait_of_lead(e voiceagent_private.ended_lead, r voiceagent_private.retry_rules,
	time_scale numeric) RETURNS interval LANGUAGE sql STABLE
	RETURN CASE (e).outcome
		WHEN 'callback' THEN coalesce(
			voiceagent_private.carrier_time((r).provider,
				CASE WHEN isfinite((e).asked_for) THEN (e).asked_for - (e).ended_at END, time_scale, interval '0'),
			(r).callback_delay)
		WHEN 'busy' THEN (r).retry_delay_busy
		WHEN 'no_answer' THEN (r).retry_delay_no_answer
		WHEN 'voicemail' THEN (r).retry_delay_no_answer
		WHEN 'unfinished' THEN (r).retry_delay_unfinished
		-- No person was disturbed yet.
		WHEN 'wrong_number' THEN interval '0'
		-- It is the account that waits, not the lead.
		WHEN 'failed' THEN CASE (e).cause_class WHEN 'account' THEN interval '0' ELSE (r).retry_delay END
		ELSE (r).retry_delay
	END;
COMMENT ON FUNCTION voiceagent_private.wait_of_lead(voiceagent_private.ended_lead, voiceagent_private.retry_rules,
	numeric) IS
	'How long a lead waits for its next call after this outcome; time_scale: of the sandbox.';

/*
 * A lead after a call.  One cap for all reasons (retry_attempts after the first dial); what was never dialled
 * through a fault of the account is not counted.  The functions above are dissolved into this query, as long as
 * their arguments are columns: each step is computed before the next one looks at it (MATERIALIZED).  The next
 * call comes after the delay of the outcome; a promised callback is first in line, also one whose dial did not
 * count.
 */
CREATE FUNCTION voiceagent_private.decide_leads(call_ids bigint[], campaign_ids bigint[], told text DEFAULT NULL)
	RETURNS SETOF voiceagent_private.lead_decision
	LANGUAGE plpgsql STABLE
	SET planner.policy = hashed AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_scale numeric := voiceagent_private.setting_number('sandbox_time_scale');
BEGIN
	RETURN QUERY
	WITH rules AS MATERIALIZED (
		SELECT r FROM voiceagent_private.retry_rules_of(campaign_ids) r
	), ended AS MATERIALIZED (
		SELECT e FROM voiceagent_private.ended_leads(call_ids, told) e
	), decided AS MATERIALIZED (
		SELECT x.e, q.r, voiceagent_private.decide_lead(x.e, q.r) AS decision,
			voiceagent_private.wait_of_lead(x.e, q.r, v_scale) AS wait,
			-- A number that did not answer has its tries, then comes the lead's next one; a wrong one never again.
			CASE WHEN (x.e).other_number IS NOT NULL AND ((x.e).outcome = 'wrong_number' OR (q.r).tries_per_number
					<= voiceagent_private.tries_in_a_row((x.e).campaign_id, (x.e).lead_id, (x.e).number))
				THEN (x.e).other_number ELSE (x.e).number END AS next_number
		FROM ended x JOIN rules q ON (q.r).campaign_id = (x.e).campaign_id
	), timed AS MATERIALIZED (
		SELECT x.*, CASE WHEN x.decision = 'again' AND (x.r).day_parts IS NOT NULL
				AND (x.e).outcome IN ('no_answer', 'busy', 'voicemail', 'failed')
			THEN voiceagent_private.part_time((x.e).campaign_id, (x.e).lead_id, x.next_number, (x.r).day_parts,
				v_now + x.wait)
			WHEN x.decision = 'again' AND (x.r).best_time
				AND (x.e).outcome IN ('no_answer', 'busy', 'voicemail', 'failed')
			THEN voiceagent_private.better_time((x.e).campaign_id, (x.e).lead_id, x.next_number,
				(x.r).provider = 'sandbox', v_now + x.wait, v_now + 2 * x.wait)
			-- A person that named a time means that one, however late the report of it comes.
			WHEN (x.e).outcome = 'callback' THEN greatest(v_now, least(v_now, (x.e).ended_at) + x.wait)
			ELSE v_now + greatest(x.wait, interval '0') END AS not_before
		FROM decided x
	), d AS MATERIALIZED (
		SELECT t.e, (t.r).day_parts, t.next_number, t.not_before,
			CASE WHEN (t.e).asked_for = 'infinity'
				THEN voiceagent_private.far_day_reason('a day that only a person can tell')
				WHEN w.ended OR voiceagent_private.is_far_day((t.e).asked_for, (t.e).ended_at)
				THEN voiceagent_private.far_day_reason(
					to_char((t.e).asked_for AT TIME ZONE (t.e).timezone, 'YYYY-MM-DD') ||
					CASE WHEN voiceagent_private.is_far_day((t.e).asked_for, (t.e).ended_at) THEN ''
						ELSE ', when the campaign has ended' END) END AS later,
			-- A dial that does not count keeps no promise.
			CASE WHEN t.decision = 'again_uncounted'
				AND voiceagent_private.keeps_promise((t.e).call_id, (t.e).campaign_id, (t.e).lead_id) THEN 'callback'
				ELSE (t.e).outcome END AS outcome,
			CASE WHEN t.not_before IS NULL OR w.ended THEN 'failed' ELSE t.decision END AS decision
		FROM timed t
		CROSS JOIN LATERAL (SELECT coalesce(t.decision = 'again' AND (t.e).asked_for IS NOT NULL
			AND t.not_before >= (t.r).expires_at, false) AS ended) w
	)
	SELECT (d.e).campaign_id, d.decision,
		array_agg((d.e).lead_id ORDER BY (d.e).lead_id),
		array_agg(coalesce(d.not_before, v_now) ORDER BY (d.e).lead_id),
		array_agg((CASE WHEN d.outcome = 'callback' THEN -1 ELSE (d.e).priority END)::smallint
			ORDER BY (d.e).lead_id),
		array_agg(d.outcome ORDER BY (d.e).lead_id),
		array_agg(CASE CASE WHEN (d.e).cause = 'unresolved' AND d.decision = 'failed' THEN 'unresolved'
				WHEN d.later IS NOT NULL THEN 'later' ELSE d.outcome END
			WHEN 'do_not_call' THEN 'do_not_call'
			-- A person that said so hung up then, like any other.
			WHEN 'wrong_number'
				THEN coalesce(CASE WHEN (d.e).cause_class = 'bad_number' THEN (d.e).cause END, 'wrong number')
			WHEN 'later' THEN d.later
			WHEN 'unresolved' THEN 'nobody can tell whether the call was placed: see unresolved_calls'
			ELSE CASE WHEN d.not_before IS NULL THEN
					format('the quota of %s days with %s parts is used: ', d.day_parts ->> 'days',
						jsonb_array_length(d.day_parts -> 'parts'))
				ELSE '' END || format('%s after %s %s', d.outcome, (d.e).attempts,
				CASE (d.e).attempts WHEN 1 THEN 'attempt' ELSE 'attempts' END) END ORDER BY (d.e).lead_id),
		array_agg(d.next_number ORDER BY (d.e).lead_id), array_agg((d.e).qualified ORDER BY (d.e).lead_id)
	FROM d GROUP BY (d.e).campaign_id, d.decision ORDER BY (d.e).campaign_id, d.decision;
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_leads(bigint[], bigint[], text) IS
	E'Decides about the leads of calls of these campaigns that have just ended: the next call, its time and number, or '
	'the end with its reason.\n'
	'told: the outcome of calls that are known only now to have ended with it (NULL: the calls have just ended). The '
	'caller has taken the leads out of the queue.';
