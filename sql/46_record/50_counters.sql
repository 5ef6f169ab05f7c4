/*
 * 46_record: what each campaign's leads and calls come to, kept by triggers in the
 * transactions that change them, whoever does (extension/queue/campaign_counters.c), so that a
 * campaign's progress costs no count of a million rows. Each backend adds to a row of its own,
 * and so waits for none.
 */

CREATE TABLE voiceagent.campaign_counters (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	writer integer NOT NULL,
	currency text NOT NULL DEFAULT '',
	waiting_leads bigint NOT NULL DEFAULT 0,
	calling_leads bigint NOT NULL DEFAULT 0,
	completed_leads bigint NOT NULL DEFAULT 0,
	failed_leads bigint NOT NULL DEFAULT 0,
	skipped_leads bigint NOT NULL DEFAULT 0,
	expired_leads bigint NOT NULL DEFAULT 0,
	leads_called bigint NOT NULL DEFAULT 0,
	calls bigint NOT NULL DEFAULT 0,
	live_calls bigint NOT NULL DEFAULT 0,
	answered_calls bigint NOT NULL DEFAULT 0,
	appointments_agreed bigint NOT NULL DEFAULT 0,
	interested bigint NOT NULL DEFAULT 0,
	callbacks bigint NOT NULL DEFAULT 0,
	opted_out bigint NOT NULL DEFAULT 0,
	human_answers bigint NOT NULL DEFAULT 0,
	machine_answers bigint NOT NULL DEFAULT 0,
	unclear_answers bigint NOT NULL DEFAULT 0,
	calls_without_cost bigint NOT NULL DEFAULT 0,
	calls_with_cost bigint NOT NULL DEFAULT 0,
	talk_seconds numeric NOT NULL DEFAULT 0,
	credits_spent numeric NOT NULL DEFAULT 0,
	machine_credits numeric NOT NULL DEFAULT 0,
	unclear_credits numeric NOT NULL DEFAULT 0,
	cost numeric NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, campaign_id, writer, currency)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent.campaign_counters IS
	E'Totals of a campaign''s leads and calls, as the sum of its rows (one may be below 0): campaign_progress shows '
	'it.\n'
	'Kept by triggers; no dump has it, a restore counts anew.';
COMMENT ON COLUMN voiceagent.campaign_counters.writer IS
	'Number of the backend that wrote it: no two that run at once have one.';
COMMENT ON COLUMN voiceagent.campaign_counters.currency IS 'That of cost and calls_with_cost; empty: they are 0.';
COMMENT ON COLUMN voiceagent.campaign_counters.waiting_leads IS 'Not called yet, or waiting for another call.';
COMMENT ON COLUMN voiceagent.campaign_counters.calling_leads IS 'Leads with a live call.';
COMMENT ON COLUMN voiceagent.campaign_counters.completed_leads IS 'Leads that were reached; nothing more to do.';
COMMENT ON COLUMN voiceagent.campaign_counters.failed_leads IS 'Leads given up after the last attempt.';
COMMENT ON COLUMN voiceagent.campaign_counters.skipped_leads IS 'Leads never to be dialled in this campaign.';
COMMENT ON COLUMN voiceagent.campaign_counters.expired_leads IS 'Leads whose time ran out before they were dealt with.';
COMMENT ON COLUMN voiceagent.campaign_counters.leads_called IS 'Leads that were dialled at least once.';
COMMENT ON COLUMN voiceagent.campaign_counters.calls IS 'Dials so far.';
COMMENT ON COLUMN voiceagent.campaign_counters.live_calls IS 'Calls that have not ended.';
COMMENT ON COLUMN voiceagent.campaign_counters.answered_calls IS 'Calls that were answered and have ended.';
COMMENT ON COLUMN voiceagent.campaign_counters.appointments_agreed IS 'Calls in which an appointment was agreed.';
COMMENT ON COLUMN voiceagent.campaign_counters.interested IS 'Calls whose lead showed interest.';
COMMENT ON COLUMN voiceagent.campaign_counters.callbacks IS 'Calls whose lead asked to be called again.';
COMMENT ON COLUMN voiceagent.campaign_counters.opted_out IS 'Calls whose lead asked never to be called again.';
COMMENT ON COLUMN voiceagent.campaign_counters.human_answers IS
	'Answered calls of which the carrier says that a human answered or, where it says nothing, whose outcome is one '
	'that only people give: an appointment, interest or none, a callback, an opt-out, a wrong number.';
COMMENT ON COLUMN voiceagent.campaign_counters.machine_answers IS
	'Answered calls of which the carrier says that a machine did (see is_machine()), or that came to a voicemail.';
COMMENT ON COLUMN voiceagent.campaign_counters.unclear_answers IS
	'Answered calls of which neither the carrier nor the outcome says who answered.';
COMMENT ON COLUMN voiceagent.campaign_counters.calls_without_cost IS
	'Answered calls whose price is not known, or not yet.';
COMMENT ON COLUMN voiceagent.campaign_counters.talk_seconds IS 'Seconds of answered calls.';
COMMENT ON COLUMN voiceagent.campaign_counters.credits_spent IS 'Credits charged for its calls.';
COMMENT ON COLUMN voiceagent.campaign_counters.machine_credits IS
	'The part of credits_spent that was charged for calls that a machine answered (setting charge_machines).';
COMMENT ON COLUMN voiceagent.campaign_counters.unclear_credits IS
	'The part of credits_spent that was charged for calls that a machine may have answered: see machine_detection.';
COMMENT ON COLUMN voiceagent.campaign_counters.calls_with_cost IS 'Calls of which the cost is known, in this currency.';
COMMENT ON COLUMN voiceagent.campaign_counters.cost IS 'The carriers'' charges for them.';
-- A restore fires the triggers.
SELECT voiceagent_private.guard_table('voiceagent.campaign_counters', 'tenant', 'WHERE false');

CREATE FUNCTION voiceagent_private.count_campaign_leads() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_count_campaign_leads';
COMMENT ON FUNCTION voiceagent_private.count_campaign_leads() IS
	'Trigger after a statement on campaign_leads: keeps campaign_counters.';
CREATE FUNCTION voiceagent_private.count_campaign_calls() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_count_campaign_calls';
COMMENT ON FUNCTION voiceagent_private.count_campaign_calls() IS
	'Trigger after a statement on calls: keeps campaign_counters.';

CREATE TRIGGER count_insert AFTER INSERT ON voiceagent.campaign_leads REFERENCING NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_leads();
CREATE TRIGGER count_update AFTER UPDATE ON voiceagent.campaign_leads REFERENCING OLD TABLE AS before NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_leads();
CREATE TRIGGER count_delete AFTER DELETE ON voiceagent.campaign_leads REFERENCING OLD TABLE AS before
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_leads();
CREATE TRIGGER count_insert AFTER INSERT ON voiceagent.calls REFERENCING NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_calls();
CREATE TRIGGER count_update AFTER UPDATE ON voiceagent.calls REFERENCING OLD TABLE AS before NEW TABLE AS after
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_calls();
CREATE TRIGGER count_delete AFTER DELETE ON voiceagent.calls REFERENCING OLD TABLE AS before
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.count_campaign_calls();

-- Always: a restore in several jobs runs as a replica, as other loads of rows may, and the rows are to be counted all
-- the same.
ALTER TABLE voiceagent.campaign_leads ENABLE ALWAYS TRIGGER count_insert, ENABLE ALWAYS TRIGGER count_update,
	ENABLE ALWAYS TRIGGER count_delete;
ALTER TABLE voiceagent.calls ENABLE ALWAYS TRIGGER count_insert, ENABLE ALWAYS TRIGGER count_update,
	ENABLE ALWAYS TRIGGER count_delete;

CREATE FUNCTION voiceagent_private.count_campaigns() RETURNS TABLE(
		tenant_id bigint, campaign_id bigint, writer integer, currency text, waiting_leads bigint,
		calling_leads bigint, completed_leads bigint, failed_leads bigint, skipped_leads bigint, expired_leads bigint,
		leads_called bigint, calls bigint, live_calls bigint, answered_calls bigint, appointments_agreed bigint,
		interested bigint, callbacks bigint, opted_out bigint, human_answers bigint, machine_answers bigint,
		unclear_answers bigint, calls_without_cost bigint, calls_with_cost bigint, talk_seconds numeric,
		credits_spent numeric, machine_credits numeric, unclear_credits numeric, cost numeric)
	LANGUAGE sql STABLE AS $$
	SELECT voiceagent.current_tenant(), m.campaign_id, 0, '',
		count(*) FILTER (WHERE m.status IN ('pending', 'queued', 'retry')),
			count(*) FILTER (WHERE m.status = 'calling'), count(*) FILTER (WHERE m.status = 'completed'),
				count(*) FILTER (WHERE m.status = 'failed'), count(*) FILTER (WHERE m.status = 'skipped'),
					count(*) FILTER (WHERE m.status = 'expired'), count(*) FILTER (WHERE m.attempts > 0),
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
	FROM voiceagent.campaign_leads m WHERE m.tenant_id = voiceagent.current_tenant() GROUP BY m.campaign_id
	UNION ALL
	SELECT voiceagent.current_tenant(), d.campaign_id, 1, coalesce(d.cost_currency, ''), 0, 0, 0, 0, 0, 0, 0,
		count(*), count(*) FILTER (WHERE d.outcome IS NULL), count(*) FILTER (WHERE d.status = 'completed'),
		count(*) FILTER (WHERE d.outcome = 'scheduled'), count(*) FILTER (WHERE d.outcome = 'interested'),
		count(*) FILTER (WHERE d.outcome = 'callback'), count(*) FILTER (WHERE d.outcome = 'do_not_call'),
		count(*) FILTER (WHERE d.status = 'completed' AND w.who = 'human'),
		count(*) FILTER (WHERE d.status = 'completed' AND w.who = 'machine'),
		count(*) FILTER (WHERE d.status = 'completed' AND w.who = 'unclear'),
		count(*) FILTER (WHERE d.status = 'completed' AND d.cost IS NULL), count(d.cost),
		coalesce(sum(d.duration_seconds), 0), coalesce(sum(d.credits), 0),
		coalesce(sum(d.credits) FILTER (WHERE w.who = 'machine'), 0),
		coalesce(sum(d.credits) FILTER (WHERE w.who = 'unclear'), 0), coalesce(sum(d.cost), 0)
	FROM voiceagent.calls d
	-- As count_call() in C.
	CROSS JOIN LATERAL (SELECT CASE WHEN voiceagent_private.is_machine(d.machine) THEN 'machine'
		WHEN d.machine = 'human' THEN 'human' WHEN d.outcome = 'voicemail' THEN 'machine'
		WHEN d.outcome IN ('scheduled', 'interested', 'not_interested', 'callback', 'do_not_call', 'wrong_number')
			THEN 'human' ELSE 'unclear' END AS who) w
	WHERE d.tenant_id = voiceagent.current_tenant() AND d.direction <> 'inbound'
	GROUP BY d.campaign_id, d.cost_currency
$$;
COMMENT ON FUNCTION voiceagent_private.count_campaigns() IS
	'The current tenant''s campaign_counters as they would be, had they never been kept: counted from the rows.';

CREATE FUNCTION voiceagent_private.count_campaigns_anew() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM voiceagent.campaign_counters t WHERE t.tenant_id = voiceagent.current_tenant();
	INSERT INTO voiceagent.campaign_counters (
		tenant_id, campaign_id, writer, currency, waiting_leads, calling_leads, completed_leads, failed_leads,
		skipped_leads, expired_leads, leads_called, calls, live_calls, answered_calls, appointments_agreed,
		interested, callbacks, opted_out, human_answers, machine_answers, unclear_answers, calls_without_cost,
		calls_with_cost, talk_seconds, credits_spent, machine_credits, unclear_credits, cost)
	SELECT
		c.tenant_id, c.campaign_id, c.writer, c.currency, c.waiting_leads, c.calling_leads, c.completed_leads,
		c.failed_leads, c.skipped_leads, c.expired_leads, c.leads_called, c.calls, c.live_calls, c.answered_calls,
		c.appointments_agreed, c.interested, c.callbacks, c.opted_out, c.human_answers, c.machine_answers,
		c.unclear_answers, c.calls_without_cost, c.calls_with_cost, c.talk_seconds, c.credits_spent,
		c.machine_credits, c.unclear_credits, c.cost
	FROM voiceagent_private.count_campaigns() c;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_campaigns_anew() IS
	'Writes the current tenant''s campaign_counters from its rows, which must not change meanwhile; also after '
	'rows were loaded with triggers switched off (pg_restore --disable-triggers): invariants() says so.';

CREATE FUNCTION voiceagent_private.check_campaign_counters() RETURNS TABLE(invariant text, detail text)
	LANGUAGE sql STABLE AS $$
	WITH sums AS (
		SELECT x.source, x.campaign_id,
			k.key || CASE WHEN k.key IN ('cost', 'calls_with_cost') THEN ' ' || x.currency ELSE '' END AS what,
			sum(k.value::numeric) AS n
		FROM (SELECT 'kept' AS source, t.campaign_id, t.currency, to_jsonb(t) AS counters
				FROM voiceagent.campaign_counters t WHERE t.tenant_id = voiceagent.current_tenant()
			UNION ALL
			SELECT 'counted', t.campaign_id, t.currency, to_jsonb(t) FROM voiceagent_private.count_campaigns() t) x
		CROSS JOIN LATERAL jsonb_each_text(x.counters - '{tenant_id,campaign_id,writer,currency}'::text[]) k
		GROUP BY 1, 2, 3
	)
	SELECT 'a campaign''s counters are what its rows count',
		format('campaign %s, %s: kept %s, counted %s', campaign_id, what, coalesce(k.n, 0), coalesce(c.n, 0))
	FROM (SELECT * FROM sums WHERE source = 'kept') k FULL JOIN (SELECT * FROM sums WHERE source = 'counted') c
		USING (campaign_id, what)
	WHERE coalesce(k.n, 0) <> coalesce(c.n, 0)
$$;
COMMENT ON FUNCTION voiceagent_private.check_campaign_counters() IS
	'Where the current tenant''s campaign_counters and its leads and calls differ; no row is well.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_campaign_counters');

CREATE FUNCTION voiceagent_private.count_outcomes(outcomes text[]) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_count_outcomes';
COMMENT ON FUNCTION voiceagent_private.count_outcomes(text[]) IS
	'Counts ended calls by outcome in shared memory, at the commit of this transaction; a rollback counts nothing.';
