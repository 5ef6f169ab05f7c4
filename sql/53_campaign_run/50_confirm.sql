/*
 * 53_campaign_run: the typed confirmation.  A campaign on a real carrier does not
 * dial before a person has typed how many people it will call.  Another carrier
 * account, or a tenth more leads, ask for it again.  Where leads come by
 * themselves, whom it calls is not known beforehand: the person confirms how many
 * a day may come, and count_arrivals() keeps these apart from the tenth.  So a
 * hold never stops a campaign that works as it was confirmed, and a secret that
 * leaked, or a chain that runs wild, rings no more than that many a day.
 *
 * Nothing remembers that a confirmation is missing: lacks_confirmation() looks
 * at what the campaign is now, and every claim asks it once it has picked its
 * leads.  So it does not matter how a lead came into the campaign, or what let
 * it go on.  suspend_unconfirmed() only says so earlier, where the campaign is at
 * hand, and spares the claims the asking.
 */

CREATE FUNCTION voiceagent_private.confirmation_text(campaign_id bigint) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_keys AS $$
	SELECT format('call %s people', (SELECT count(*) FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = c.tenant_id AND m.campaign_id = c.campaign_id
				AND m.status IN ('pending', 'queued', 'retry')))
		|| coalesce(', and up to ' || nullif(voiceagent_private.arrivals_a_day(c), 0) || ' a day', '')
	FROM voiceagent.campaigns c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = confirmation_text.campaign_id
$$;
COMMENT ON FUNCTION voiceagent_private.confirmation_text(bigint) IS
	'The text typed to confirm a campaign: it names how many leads wait now, and how many a day may come by '
	'themselves.';

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

CREATE FUNCTION voiceagent_private.suspend_unconfirmed(campaign_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_reason text;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = suspend_unconfirmed.campaign_id AND c.status = 'running') THEN
		RETURN;
	END IF;
	v_reason := 'not confirmed: ' || voiceagent_private.lacks_confirmation(campaign_id);
	PERFORM voiceagent_private.suspend_campaign(campaign_id, v_reason)
	WHERE v_reason IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent_private.pacing p
		WHERE p.tenant_id = v_tenant AND p.campaign_id = suspend_unconfirmed.campaign_id AND p.suspended = v_reason);
END
$$;
COMMENT ON FUNCTION voiceagent_private.suspend_unconfirmed(bigint) IS
	E'Holds a running campaign, whose row of campaigns nobody else has, back until confirm_campaign() if it may not '
	'dial as it is now.\n'
	'Where somebody has its pacing row it is not: no claim dials it all the same.';

CREATE FUNCTION voiceagent.confirm_campaign(campaign_id bigint, confirmation text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_campaign voiceagent.campaigns := voiceagent_private.lock_campaign(campaign_id);
	v_text text;
	v_people bigint;
	v_leads bigint;
	v_a_day bigint := voiceagent_private.arrivals_a_day(v_campaign);
BEGIN
	-- The row is locked: a lead that comes meanwhile is counted either here or as one that came later.
	PERFORM FROM voiceagent.campaign_confirmations f
	WHERE f.tenant_id = v_tenant AND f.campaign_id = v_campaign.campaign_id FOR NO KEY UPDATE;
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
		confirmed_by, confirmed_at, arrivals_a_day)
	VALUES (v_tenant, v_campaign.campaign_id, v_campaign.provider_account_id, v_people, v_leads,
		voiceagent_private.actor(), voiceagent.clock(), v_a_day)
	ON CONFLICT ON CONSTRAINT campaign_confirmations_pkey DO UPDATE
	SET provider_account_id = excluded.provider_account_id,
		people = excluded.people, leads = excluded.leads, confirmed_by = excluded.confirmed_by,
			confirmed_at = excluded.confirmed_at, arrivals_a_day = excluded.arrivals_a_day, arrived = 0;
	PERFORM voiceagent_private.audit('confirm_campaign', 'campaign ' || v_campaign.campaign_id, NULL,
		jsonb_build_object('confirmation', confirmation, 'people', v_people, 'leads', v_leads,
			'arrivals_a_day', v_a_day,
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
	'confirmation: "call N people" as preview_campaign() says (", and up to M a day" that come by themselves), '
	'or the campaign''s name; due before the first start, and after another carrier account or a tenth more leads '
	'beside these. PT404, PT409 on the sandbox, PT422 for another text.';
