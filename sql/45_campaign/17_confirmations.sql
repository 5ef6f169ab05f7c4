/*
 * 45_campaign: what a person has confirmed of a campaign (53_campaign_run/50_confirm.sql).
 *
 * Leads come by themselves from an intake, a follow-up, a sequence and an
 * audience.  Each counts those that have just joined before the campaign is
 * judged, with the campaign's lanes in hand: so the row of the confirmation
 * comes behind lanes and before the row of campaigns in the order of locks.
 */

CREATE TABLE voiceagent.campaign_confirmations (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	people bigint NOT NULL CHECK (people >= 0),
	leads bigint NOT NULL CHECK (leads >= 0),
	confirmed_by text NOT NULL,
	confirmed_at timestamptz NOT NULL,
	arrivals_a_day integer,
	arrived bigint NOT NULL DEFAULT 0,
	day date NOT NULL DEFAULT '-infinity',
	arrived_today bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, campaign_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.campaign_confirmations IS
	'The latest confirmation that a campaign may dial real people: by whom, and for how many.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.provider_account_id IS
	'The carrier account that it was confirmed for.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.people IS 'Leads that waited for a call then.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.leads IS
	'All leads of the campaign then: with more than a tenth more it no longer holds.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.confirmed_by IS 'The person who confirmed, in words.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.confirmed_at IS 'When.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.arrivals_a_day IS
	'How many leads a day may come by themselves without another confirmation; NULL: none did then.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.arrived IS 'Leads that have come so since, which no growth counts.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.day IS 'The latest day (of UTC) on which one came so.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.arrived_today IS 'How many on that day.';
SELECT voiceagent_private.guard_table('voiceagent.campaign_confirmations', 'tenant');

CREATE FUNCTION voiceagent_private.count_arrivals(campaign_id bigint, came bigint) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key AS $$
	UPDATE voiceagent.campaign_confirmations f
	SET arrived = f.arrived + least(came, greatest(coalesce(f.arrivals_a_day, 0)
			- CASE f.day WHEN d.today THEN f.arrived_today ELSE 0 END, 0)),
		arrived_today = CASE f.day WHEN d.today THEN f.arrived_today ELSE 0 END + came, day = d.today
	FROM (SELECT (voiceagent.clock() AT TIME ZONE 'UTC')::date AS today) d
	WHERE f.tenant_id = voiceagent.current_tenant() AND f.campaign_id = count_arrivals.campaign_id AND came > 0
$$;
COMMENT ON FUNCTION voiceagent_private.count_arrivals(bigint, bigint) IS
	E'Counts leads that have just come by themselves into a campaign of the current tenant, whose lanes the caller '
	'has.\n'
	'Leads beyond the confirmed number of the day count as growth: the campaign waits for a person after a tenth.';
