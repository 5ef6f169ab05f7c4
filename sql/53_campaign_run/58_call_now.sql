/*
 * 45_campaign: a call of one lead at once, because a person asks for it.  It
 * goes the way of every call (queue, claim, law, caps, proof, hold, charge) in
 * a standing campaign of type direct, one for each assistant and carrier
 * account, which dials each lead that it is given once.
 */

CREATE FUNCTION voiceagent_private.direct_campaign(assistant_id bigint, provider_account_id bigint)
	RETURNS voiceagent.campaigns
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign voiceagent.campaigns;
	-- When two calls are the first at once, the second finds the campaign that the first has made.
	v_key text := format('direct calls: assistant %s, account %s', assistant_id, provider_account_id);
BEGIN
	v_campaign := voiceagent_private.make_campaign(
		(SELECT left('Direct calls: ' || a.name, 200) FROM voiceagent.assistants a
			WHERE a.tenant_id = v_tenant AND a.assistant_id = direct_campaign.assistant_id),
		assistant_id, 'direct', jsonb_strip_nulls(jsonb_build_object('provider_account_id', provider_account_id,
			'retry_attempts', 0, 'call_interval', 0)), v_key);
	IF v_campaign.campaign_id IS NULL THEN
		SELECT * INTO STRICT v_campaign FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.idempotency_key = v_key;
	END IF;
	RETURN voiceagent_private.lock_campaign(v_campaign.campaign_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.direct_campaign(bigint, bigint) IS
	E'The standing campaign of an assistant''s direct calls by a carrier account.\n'
	'Made if there is none, and taken for this transaction.';

CREATE FUNCTION voiceagent_private.require_dialled_now(campaign_id bigint, lead_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = bulk AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_caps voiceagent_private.cap_state;
	v_rests record;
BEGIN
	SELECT l.phone AS first_phone, d.phone, d.timezones, d.jurisdiction, w AS version, c.status_reason,
		(SELECT k.call_id FROM voiceagent_private.live_calls k
			WHERE k.tenant_id = v_tenant AND k.lead_id = require_dialled_now.lead_id) AS live_call,
		(w.require_consent
			OR w.lawful AND coalesce((voiceagent_private.terms_of(d.jurisdiction, at)).require_consent, false))
			AND NOT EXISTS (SELECT FROM voiceagent.consents s
				WHERE s.tenant_id = v_tenant AND s.lead_id = require_dialled_now.lead_id
				AND s.kind = 'call' AND s.phone = d.phone AND s.revoked_at IS NULL) AS no_consent,
		EXISTS (SELECT FROM voiceagent_private.proved_wrong(v_tenant, c.campaign_id, require_dialled_now.lead_id,
			d.phone, w.lawful)) AS wrong
	INTO STRICT v
	FROM voiceagent_private.call_queue q
	JOIN voiceagent.campaigns c ON c.tenant_id = v_tenant AND c.campaign_id = q.campaign_id
	JOIN voiceagent.campaign_versions w ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id
		AND w.version = c.version
	JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.lead_id = q.lead_id
	CROSS JOIN LATERAL voiceagent_private.dial_places(ARRAY[q.lead_id], ARRAY[q.number]) d
	WHERE q.tenant_id = v_tenant AND q.campaign_id = require_dialled_now.campaign_id
		AND q.lead_id = require_dialled_now.lead_id;
	IF v.live_call IS NOT NULL THEN
		PERFORM voiceagent_private.fail('PT409', 'the lead is being called', format('Call %s is live.', v.live_call),
			'Wait for its end.');
	ELSIF v.wrong THEN
		PERFORM voiceagent_private.fail('PT409', 'the number proved wrong',
			'An earlier call found that it is not the lead''s.',
			'add_lead_number() or update_lead() gives the lead a right one.');
	ELSIF v.no_consent THEN
		PERFORM voiceagent_private.fail('PT409', 'there is no recorded consent to call',
			voiceagent_private.describe_law(v.jurisdiction, 'require_consent'),
			'record_consent() keeps one, with its source.');
	END IF;
	v_caps := voiceagent_private.number_caps(v.version, v.jurisdiction, v.phone, v.timezones, at);
	IF v_caps.allows_at > at THEN
		PERFORM voiceagent_private.fail('PT409',
			CASE v_caps.allows_at WHEN 'infinity' THEN 'the number has had all the calls that it may ever get'
				ELSE 'the number has had its calls for now' END,
			CASE WHEN isfinite(v_caps.allows_at) THEN
				format('The caps allow the next from %s UTC on.', v_caps.allows_at AT TIME ZONE 'UTC') END,
			'calling_rules shows the law, the settings number_calls_per_day, '
				'_per_24h and _lifetime the tenant''s own caps.');
	END IF;
	SELECT r.* INTO v_rests
	FROM voiceagent_private.number_cooldowns(v_tenant, campaign_id, lead_id, v.first_phone, v.phone, (v.version).lawful,
		voiceagent_private.as_interval((v.version).settings ->> 'number_cooldown'),
		voiceagent_private.as_interval((v.version).settings ->> 'retry_delay_incoming'), at) r;
	IF v_rests.calls_us THEN
		PERFORM voiceagent_private.fail('PT409', 'the person is on the telephone with us', NULL,
			'Wait for the end of that call.');
	ELSIF greatest(v_rests.called_until, v_rests.paused_until) > at THEN
		PERFORM voiceagent_private.fail('PT409', 'the number rests after another call',
			format('Until %s UTC.', greatest(v_rests.called_until, v_rests.paused_until) AT TIME ZONE 'UTC'),
			'The settings number_cooldown and retry_delay_incoming say how long.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_dialled_now(bigint, bigint, timestamptz) IS
	E'PT409 with the reason if a lead that has just been queued would not be dialled at once.\n'
	'A live call, a wrong number, no consent, the caps of the number, its rest: as a claim judges '
	'them, which judges again.';

CREATE FUNCTION voiceagent.call_now(lead_id bigint, assistant_id bigint, provider_account_id bigint DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lead voiceagent.leads;
	v_account voiceagent.provider_accounts;
	v_campaign voiceagent.campaigns;
	v_active boolean;
BEGIN
	PERFORM voiceagent_private.lock_leads(false);
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = call_now.lead_id;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such lead', NULL, 'add_lead() makes one.');
	END IF;
	IF v_lead.status = 'do_not_call'
		OR EXISTS (SELECT FROM voiceagent_private.do_not_call_layers(v_tenant, v_lead.phone, NULL, false))
			AND NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.lead_id = v_lead.lead_id) THEN
		PERFORM voiceagent_private.fail('PT409', 'the lead is on a do-not-call list',
			coalesce(v_lead.status_reason, 'Its only number stands there.'),
			'allow_call() takes a number off the tenant''s own list, with a reason.');
	END IF;
	SELECT a.active INTO v_active FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = call_now.assistant_id;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such assistant', NULL, 'create_assistant() makes one.');
	END IF;
	SELECT * INTO v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND CASE WHEN call_now.provider_account_id IS NULL
		THEN p.provider = voiceagent_private.setting_text('default_provider') AND p.active
		ELSE p.provider_account_id = call_now.provider_account_id END
	ORDER BY p.provider_account_id LIMIT 1;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.fail('PT404', 'no such provider account', NULL,
			'create_provider_account() makes one.');
	END IF;
	PERFORM voiceagent_private.require_dialable_account(v_account);
	v_campaign := voiceagent_private.direct_campaign(call_now.assistant_id, v_account.provider_account_id);
	PERFORM voiceagent_private.queue_one(v_campaign, call_now.lead_id, v_active AND v_account.active, v_now);
	PERFORM voiceagent_private.require_dialled_now(v_campaign.campaign_id, call_now.lead_id, v_now);
	PERFORM voiceagent_private.audit('call_now', format('lead %s', call_now.lead_id), NULL,
		jsonb_build_object('campaign_id', v_campaign.campaign_id, 'assistant_id', assistant_id));
	RETURN jsonb_build_object('campaign_id', v_campaign.campaign_id, 'lead_id', v_lead.lead_id, 'phone', v_lead.phone,
		'provider', v_account.provider, 'earlier_calls', (SELECT count(*) FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id AND c.lead_id = v_lead.lead_id));
END
$$;
COMMENT ON FUNCTION voiceagent.call_now(bigint, bigint, bigint) IS
	E'Has an assistant call one lead now, by a carrier account (default: the setting default_provider''s).\n'
	'The law, caps, credits and lines of every call hold. '
	'Returns {"campaign_id", "lead_id", "phone", "provider", "earlier_calls"}: the call is the\n'
	'newest of these in voiceagent.calls. '
	'PT402, PT404, PT409 with what forbids it now, PT422 for a variable without a value.';
