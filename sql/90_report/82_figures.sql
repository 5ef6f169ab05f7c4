/*
 * 90_report: figures of ended calls, exact at once, at no cost to the calls.
 *
 * A call that has ended has a row in call_facts: what counts of it, in the
 * words of extension/doc/reports.md.  daily_figures and daily_labels
 * are the sums of these rows by day, campaign, direction, number and assistant.
 * The keeper folds (86_fold.sql): it reads the events of a tenant behind a
 * mark, below which none can appear any more, makes the rows of the calls that
 * these name anew, and adds to the sums what is new less what was there.
 * A reader of the sums adds the same difference for the calls that are not
 * folded yet (unfolded_figures()).
 *
 * When a call is removed, by retention or with its person, its row goes and
 * its share of the sums stays.
 */

CREATE TABLE voiceagent.daily_figures (
	tenant_id bigint NOT NULL,
	day date NOT NULL,
	campaign_id bigint NOT NULL,
	direction text NOT NULL,
	phone_number_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	currency text NOT NULL,
	calls bigint NOT NULL,
	answered bigint NOT NULL,
	reached bigint NOT NULL,
	machines bigint NOT NULL,
	booked bigint NOT NULL,
	successes bigint NOT NULL,
	callbacks bigint NOT NULL,
	opt_outs bigint NOT NULL,
	qualified bigint NOT NULL,
	retries bigint NOT NULL,
	csat_calls bigint NOT NULL,
	csat_sum bigint NOT NULL,
	unpriced bigint NOT NULL,
	talk_seconds numeric NOT NULL,
	credits numeric NOT NULL,
	cost numeric NOT NULL,
	PRIMARY KEY (tenant_id, day, campaign_id, direction, phone_number_id, assistant_id, currency)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.daily_figures IS
	E'Sums of call_facts by day, campaign, direction, number, assistant and currency, as far as they are folded.\n'
	'The view daily_calls (schema voiceagent_bi) adds what is not, and is what to read. Removed calls stay counted.';
COMMENT ON COLUMN voiceagent.daily_figures.day IS 'The day, in the tenant''s time zone.';
COMMENT ON COLUMN voiceagent.daily_figures.campaign_id IS 'The campaign; 0: incoming calls.';
COMMENT ON COLUMN voiceagent.daily_figures.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.daily_figures.phone_number_id IS 'The tenant''s number; 0: none of the tenant''s.';
COMMENT ON COLUMN voiceagent.daily_figures.assistant_id IS 'The assistant; 0: none spoke.';
COMMENT ON COLUMN voiceagent.daily_figures.currency IS 'That of cost; empty: the cost is not known.';
COMMENT ON COLUMN voiceagent.daily_figures.calls IS 'Calls that have ended.';
COMMENT ON COLUMN voiceagent.daily_figures.answered IS 'Calls that somebody, or something, answered.';
COMMENT ON COLUMN voiceagent.daily_figures.reached IS 'Answered calls that no machine answered.';
COMMENT ON COLUMN voiceagent.daily_figures.machines IS 'Calls that a machine answered.';
COMMENT ON COLUMN voiceagent.daily_figures.booked IS 'Calls whose appointment stands.';
COMMENT ON COLUMN voiceagent.daily_figures.successes IS
	'Calls with success: reached, no opt-out, and booked, scheduled or interested.';
COMMENT ON COLUMN voiceagent.daily_figures.callbacks IS 'Calls whose person asked to be called again.';
COMMENT ON COLUMN voiceagent.daily_figures.opt_outs IS 'Calls whose person asked never to be called again.';
COMMENT ON COLUMN voiceagent.daily_figures.qualified IS 'Calls whose data say that the lead is qualified.';
COMMENT ON COLUMN voiceagent.daily_figures.retries IS 'Calls that were not the first of their lead in the campaign.';
COMMENT ON COLUMN voiceagent.daily_figures.csat_calls IS 'Calls with a mark of how content the person is.';
COMMENT ON COLUMN voiceagent.daily_figures.csat_sum IS 'The sum of these marks, 1 to 5 each.';
COMMENT ON COLUMN voiceagent.daily_figures.unpriced IS 'Answered calls whose cost is not known.';
COMMENT ON COLUMN voiceagent.daily_figures.talk_seconds IS 'Seconds from answer to end.';
COMMENT ON COLUMN voiceagent.daily_figures.credits IS 'Credits charged.';
COMMENT ON COLUMN voiceagent.daily_figures.cost IS 'The carriers'' charges, in currency.';
CREATE INDEX daily_figures_campaign ON voiceagent.daily_figures (tenant_id, campaign_id, day)
	WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.daily_figures', 'tenant');

CREATE TABLE voiceagent.daily_labels (
	tenant_id bigint NOT NULL,
	day date NOT NULL,
	campaign_id bigint NOT NULL,
	direction text NOT NULL,
	kind text NOT NULL CHECK (kind IN ('outcome', 'intent', 'emotion', 'interest', 'evaluation', 'csat', 'hour',
		'hour_answered')),
	value text NOT NULL,
	calls bigint NOT NULL,
	PRIMARY KEY (tenant_id, day, campaign_id, direction, kind, value)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.daily_labels IS
	E'How many calls of call_facts have each outcome, intent, emotion, interest, evaluation and mark, by day, campaign '
	'and direction, as far as they are folded.\n'
	'The view daily_outcomes (schema voiceagent_bi) adds what is not, and is what to read.';
COMMENT ON COLUMN voiceagent.daily_labels.day IS 'The day, in the tenant''s time zone.';
COMMENT ON COLUMN voiceagent.daily_labels.campaign_id IS 'The campaign; 0: incoming calls.';
COMMENT ON COLUMN voiceagent.daily_labels.direction IS 'outbound or inbound.';
COMMENT ON COLUMN voiceagent.daily_labels.kind IS
	'outcome, intent, emotion, interest, evaluation, or csat: the mark; hour and hour_answered: of calls of that day '
	'that are removed, when they began.';
COMMENT ON COLUMN voiceagent.daily_labels.value IS 'Which of that kind.';
COMMENT ON COLUMN voiceagent.daily_labels.calls IS 'How many calls have it.';
CREATE INDEX daily_labels_campaign ON voiceagent.daily_labels (tenant_id, campaign_id, day)
	WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.daily_labels', 'tenant');

CREATE TABLE voiceagent_private.figure_marks (
	tenant_id bigint PRIMARY KEY,
	position bigint NOT NULL,
	walked bigint NOT NULL DEFAULT 0,
	walk_to bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.figure_marks IS
	E'How far each tenant''s calls are folded into its figures; no row: nothing is.\n'
	'Whoever folds holds the row locked, from before it reads a call until its commit.';
COMMENT ON COLUMN voiceagent_private.figure_marks.position IS
	'Calls that events up to this position (events.xid) name are folded as these left them.';
COMMENT ON COLUMN voiceagent_private.figure_marks.walked IS
	'Of the calls that were there when the row was made: up to which id they are folded.';
COMMENT ON COLUMN voiceagent_private.figure_marks.walk_to IS 'The highest of these ids.';
SELECT voiceagent_private.guard_table('voiceagent_private.figure_marks', 'internal');

CREATE TABLE voiceagent_private.changed_calls (
	tenant_id bigint NOT NULL,
	change_id bigint GENERATED ALWAYS AS IDENTITY,
	call_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, change_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE voiceagent_private.changed_calls IS
	E'Calls to be folded once more that no event names: one that had ended got a price, or an incoming one ended.\n'
	'The trigger of campaign_counters writes it, the keeper empties it.';
COMMENT ON COLUMN voiceagent_private.changed_calls.change_id IS
	'A row a change: one row a call could be deleted by a fold that has not seen the later change.';
SELECT voiceagent_private.guard_table('voiceagent_private.changed_calls', 'internal');

CREATE TYPE voiceagent_private.call_fact AS (
	tenant_id bigint, call_id bigint, started_at timestamptz, day date, campaign_id bigint, direction text,
	phone_number_id bigint, assistant_id bigint, currency text, answered boolean, reached boolean, machine
	boolean, booked boolean, success boolean, callback boolean, opted_out boolean, qualified boolean, retry
	boolean, csat smallint, talk_seconds numeric, credits numeric, cost numeric, status text, outcome text,
	evaluation text, intent text, emotion text, interest text
);
COMMENT ON TYPE voiceagent_private.call_fact IS 'A row of call_facts.';

CREATE TYPE voiceagent.day_figures AS (
	tenant_id bigint, day date, campaign_id bigint, direction text, phone_number_id bigint, assistant_id
	bigint, currency text, calls bigint, answered bigint, reached bigint, machines bigint, booked bigint,
	successes bigint, callbacks bigint, opt_outs bigint, qualified bigint, retries bigint, csat_calls bigint,
	csat_sum bigint, unpriced bigint, talk_seconds numeric, credits numeric, cost numeric
);
COMMENT ON TYPE voiceagent.day_figures IS 'A row of daily_figures, or what is to be added to it.';

CREATE TYPE voiceagent.day_labels AS (
	tenant_id bigint, day date, campaign_id bigint, direction text, kind text, value text, calls bigint
);
COMMENT ON TYPE voiceagent.day_labels IS 'A row of daily_labels, or what is to be added to it.';

CREATE FUNCTION voiceagent_private.folded_facts(call_ids bigint[]) RETURNS SETOF voiceagent_private.call_fact
	LANGUAGE plpgsql STABLE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT
		f.tenant_id, f.call_id, f.started_at, f.day, f.campaign_id, f.direction, f.phone_number_id,
		f.assistant_id, f.currency, f.answered, f.reached, f.machine, f.booked, f.success, f.callback,
		f.opted_out, f.qualified, f.retry, f.csat, f.talk_seconds, f.credits, f.cost, f.status, f.outcome,
		f.evaluation, f.intent, f.emotion, f.interest
	FROM unnest(call_ids) AS i(call_id)
	CROSS JOIN LATERAL (SELECT n.* FROM voiceagent.call_facts n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.call_id = i.call_id OFFSET 0) f;
END
$$;
COMMENT ON FUNCTION voiceagent_private.folded_facts(bigint[]) IS
	'The rows of call_facts of these calls of the current tenant.';
