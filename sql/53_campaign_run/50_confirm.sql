/*
 * 53_campaign_run: the typed confirmation.  A campaign on a real carrier dials
 * nobody before a person has typed how many people it will call.  Another
 * carrier account, or a tenth more leads, ask for it again.  Where an intake
 * is open, whom it calls is not known beforehand: the person confirms how many a
 * day may come, and those that came so are not counted among the tenth.
 * So a hold never stops a campaign that works as it was confirmed, and a
 * secret that leaked rings no more than that many a day.
 *
 * Nothing remembers that a confirmation is missing: lacks_confirmation() looks
 * at what the campaign is now, and every claim asks it once it has picked its
 * leads.  So it does not matter how a lead came into the campaign, or what let
 * it go on.  suspend_unconfirmed() only says so earlier, where the campaign is at
 * hand, and spares the claims the asking.
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
	'How many leads a day its intakes may bring without another confirmation; NULL: it had no intake then.';
COMMENT ON COLUMN voiceagent.campaign_confirmations.arrived IS 'Leads that its intakes had brought by then.';
SELECT voiceagent_private.guard_table('voiceagent.campaign_confirmations', 'tenant');

CREATE FUNCTION voiceagent_private.arrivals_of(campaign_id bigint, OUT a_day bigint, OUT so_far bigint)
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT sum(i.daily_limit) FILTER (WHERE i.active), coalesce(sum(i.joined), 0) FROM voiceagent.intakes i
	WHERE i.tenant_id = voiceagent.current_tenant() AND i.campaign_id = arrivals_of.campaign_id
$$;
COMMENT ON FUNCTION voiceagent_private.arrivals_of(bigint) IS
	'Leads that the intakes of a campaign of the current tenant may bring it a day (a_day; NULL: none is open), and '
	'have brought (so_far).';

CREATE FUNCTION voiceagent_private.confirmation_text(campaign_id bigint) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_keys AS $$
	SELECT format('call %s people', count(*))
		|| coalesce(', and up to ' || (voiceagent_private.arrivals_of(confirmation_text.campaign_id)).a_day
			|| ' a day', '')
	FROM voiceagent.campaign_leads m
	WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = confirmation_text.campaign_id
		AND m.status IN ('pending', 'queued', 'retry')
$$;
COMMENT ON FUNCTION voiceagent_private.confirmation_text(bigint) IS
	'What a person types to confirm a campaign: it names how many leads wait now, and how many a day its intakes may '
	'bring.';

-- By the index that has the order, whatever the statistics say: any other would read all rows of the tenant.
CREATE FUNCTION voiceagent_private.calls_own_numbers(campaign_id bigint) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = in_order AS $$
	SELECT NOT EXISTS (SELECT FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id BETWEEN calls_own_numbers.campaign_id
			AND calls_own_numbers.campaign_id AND m.status IN ('pending', 'queued', 'retry')
			AND m.lead_id <> ALL (ARRAY(SELECT o.lead_id FROM voiceagent.own_numbers o
				WHERE o.tenant_id = voiceagent.current_tenant()))
		ORDER BY m.campaign_id, m.lead_id LIMIT 1 OFFSET 0 /* else EXISTS drops the order */)
$$;
COMMENT ON FUNCTION voiceagent_private.calls_own_numbers(bigint) IS
	'Whether all leads that wait in a campaign of the current tenant are own numbers.';

CREATE FUNCTION voiceagent_private.lacks_confirmation(campaign_id bigint) RETURNS text
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_lacks_confirmation';
COMMENT ON FUNCTION voiceagent_private.lacks_confirmation(bigint) IS
	E'Why a campaign of the current tenant may not dial before somebody confirms it, in words; NULL: it may '
	'(confirmed, on the sandbox, of type direct, or all that wait in it are own numbers to be tested).\n'
	'It costs the same however many leads there are.';

CREATE FUNCTION voiceagent_private.require_confirmation(campaign_id bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_why text := voiceagent_private.lacks_confirmation(campaign_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_why IS NOT NULL, 'PT428', 'the campaign must be confirmed before it dials',
		format('On a real carrier it calls real people, and %s.', v_why),
		format('Call confirm_campaign(%s, %L).', campaign_id, voiceagent_private.confirmation_text(campaign_id)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_confirmation(bigint) IS
	'PT428, with what to type, unless the campaign may dial.';

CREATE FUNCTION voiceagent_private.suspend_unconfirmed(campaign_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_reason text;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = suspend_unconfirmed.campaign_id AND c.status = 'running') THEN
		RETURN false;
	END IF;
	v_reason := 'not confirmed: ' || voiceagent_private.lacks_confirmation(campaign_id);
	IF v_reason IS NULL THEN
		RETURN false;
	ELSIF EXISTS (SELECT FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = suspend_unconfirmed.campaign_id
			AND p.suspended = v_reason) THEN
		RETURN true;
	END IF;
	RETURN voiceagent_private.suspend_campaign(campaign_id, v_reason);
END
$$;
COMMENT ON FUNCTION voiceagent_private.suspend_unconfirmed(bigint) IS
	E'Holds a running campaign, whose row of campaigns nobody else has, back until confirm_campaign() if it may not '
	'dial as it is now; true if it is held back.\n'
	'False also when somebody has its pacing row: no claim dials it all the same.';

CREATE FUNCTION voiceagent.confirm_campaign(campaign_id bigint, confirmation text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns := voiceagent_private.lock_campaign(campaign_id);
	v_text text;
	v_people bigint;
	v_leads bigint;
	v_arrivals record;
BEGIN
	v_arrivals := voiceagent_private.arrivals_of(campaign_id);
	-- Count before the text is made: a lead that follows up in between is named by the text, but not counted as
	-- confirmed.
	SELECT count(*) FILTER (WHERE m.status IN ('pending', 'queued', 'retry')), count(*) INTO v_people, v_leads
	FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign.campaign_id;
	v_text := voiceagent_private.confirmation_text(campaign_id);
	PERFORM voiceagent_private.fail_if(EXISTS (SELECT FROM voiceagent.provider_accounts a WHERE a.tenant_id = v_tenant
		AND a.provider_account_id = v_campaign.provider_account_id AND a.provider = 'sandbox'), 'PT409',
		'a campaign on the sandbox needs no confirmation', 'It calls nobody.');
	PERFORM voiceagent_private.fail_if(
		lower(btrim(confirmation)) IS DISTINCT FROM v_text AND confirmation IS DISTINCT FROM v_campaign.name, 'PT422',
		'the confirmation is not right', 'A confirmed campaign calls real people and spends real money.',
		format('Type %L, or the campaign''s name.', v_text));
	INSERT INTO voiceagent.campaign_confirmations (tenant_id, campaign_id, provider_account_id, people, leads,
		confirmed_by, confirmed_at, arrivals_a_day, arrived)
	VALUES (v_tenant, v_campaign.campaign_id, v_campaign.provider_account_id, v_people, v_leads,
		voiceagent_private.actor(), voiceagent.clock(), v_arrivals.a_day, v_arrivals.so_far)
	ON CONFLICT ON CONSTRAINT campaign_confirmations_pkey DO UPDATE
	SET provider_account_id = excluded.provider_account_id,
		people = excluded.people, leads = excluded.leads, confirmed_by = excluded.confirmed_by,
			confirmed_at = excluded.confirmed_at, arrivals_a_day = excluded.arrivals_a_day, arrived = excluded.arrived;
	PERFORM voiceagent_private.audit('confirm_campaign', 'campaign ' || v_campaign.campaign_id, NULL,
		jsonb_build_object('confirmation', confirmation, 'people', v_people, 'leads', v_leads,
			'arrivals_a_day', v_arrivals.a_day,
			'provider_account_id', v_campaign.provider_account_id));
	IF EXISTS (SELECT FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = v_campaign.campaign_id
		AND p.suspended LIKE 'not confirmed%') THEN
		PERFORM voiceagent_private.unsuspend(v_campaign.campaign_id);
	END IF;
	RETURN v_people;
END
$$;
COMMENT ON FUNCTION voiceagent.confirm_campaign(bigint, text) IS
	E'Confirms that a campaign on a real carrier may call its leads, and returns how many wait.\n'
	'confirmation: "call N people" as preview_campaign() says (", and up to M a day" by its intakes), or the '
	'campaign''s name; due before the first start, and after another carrier account or a tenth more leads that no '
	'intake brought. PT404, PT409 on the sandbox, PT422 for another text.';
