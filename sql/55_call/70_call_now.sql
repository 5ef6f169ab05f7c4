/*
 * 55_call: a call of one lead at once, because a person asks for it.  It
 * goes the way of every call (queue, claim, law, caps, proof, hold, charge) in
 * a standing campaign of type direct, one for each assistant and carrier
 * account, which dials each lead that it is given once.
 */

CREATE FUNCTION voiceagent_private.require_dialled_now(campaign_id bigint, lead_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_judged record := voiceagent_private.explain_verdict(campaign_id, lead_id, at);
	v_until text := format('%s UTC', v_judged.due_at AT TIME ZONE 'UTC');
	c_caps CONSTANT text := 'calling_rules shows the law, the settings number_calls_per_day, '
		'_per_24h and _lifetime the tenant''s own caps.';
	c_rests CONSTANT text := 'The settings number_cooldown and retry_delay_incoming say how long.';
	v record;
BEGIN
	SELECT f.* INTO v FROM (VALUES
		('live', 'the lead is being called', format('Call %s is live.', (SELECT k.call_id
			FROM voiceagent_private.live_calls k
			WHERE k.tenant_id = voiceagent.current_tenant() AND k.lead_id = require_dialled_now.lead_id)),
			'Wait for its end.'),
		('wrong', 'the number proved wrong', 'An earlier call found that it is not the lead''s.',
			'add_lead_number() or update_lead() gives the lead a right one.'),
		('uninvited', voiceagent_private.why('appointment'), NULL,
			'revoke_consent() of kind appointment ends that, when the person has said so.'),
		('no_consent', 'there is no recorded consent to call', v_judged.law,
			'record_consent() keeps one, with its source.'),
		('lifetime', 'the number has had all the calls that it may ever get', NULL, c_caps),
		('capped', 'the number has had its calls for now', format('The caps allow the next from %s on.', v_until),
			c_caps),
		('refusal', 'the number has had its calls for now', format('The law allows the next from %s on.', v_until),
			c_caps),
		('calls_us', 'the person is on the telephone with us', NULL, 'Wait for the end of that call.'),
		('called_us', 'the number rests after another call', format('Until %s.', v_until), c_rests),
		('resting', 'the number rests after another call', format('Until %s.', v_until), c_rests)
		) AS f(verdict, says, detail, hint) WHERE f.verdict = v_judged.verdict;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT409', v.says, v.detail, v.hint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_dialled_now(bigint, bigint, timestamptz) IS
	'PT409 with the reason if a lead that has just been queued would not be dialled at once, as a claim judges it, '
	'which judges again.';

CREATE FUNCTION voiceagent_private.require_spend_left(campaign_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_left record := voiceagent_private.spend_left_by_cap(campaign_id, at);
	v_hold numeric := (SELECT voiceagent_private.hold_amount(w.max_call_duration, at)
		FROM voiceagent.campaigns c
		JOIN voiceagent.campaign_versions w ON w.tenant_id = c.tenant_id AND w.campaign_id = c.campaign_id
			AND w.version = c.version
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = require_spend_left.campaign_id);
	v_cap text := CASE WHEN v_left.campaign_total < v_hold THEN 'spend_cap'
		WHEN v_left.campaign_day < v_hold THEN 'spend_cap_per_day'
		WHEN v_left.tenant_day < v_hold THEN 'tenant_spend_cap_per_day' END;
BEGIN
	PERFORM voiceagent_private.require_no_debt();
	PERFORM voiceagent_private.fail_if(voiceagent_private.spending_needs(v_hold, at) IS NOT NULL, 'PT402',
		'a call at once would need an approval',
		'Of what a call holds: ' || voiceagent_private.spending_needs(v_hold, at) || '.',
		'An owner changes the setting, or approves a campaign with this lead.');
	PERFORM voiceagent_private.fail_if(v_cap IS NOT NULL, 'PT409', 'a cap of spend leaves no room for a call',
		format('A call holds %s credits; %s leaves %s.', trim_scale(v_hold), v_cap,
			trim_scale(greatest(CASE v_cap WHEN 'spend_cap' THEN v_left.campaign_total
				WHEN 'spend_cap_per_day' THEN v_left.campaign_day ELSE v_left.tenant_day END, 0))),
		format('Raise the setting %s, or lower max_call_duration.', v_cap));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_spend_left(bigint, timestamptz) IS
	'PT409 with the setting that stops it if the caps of spend leave no room for one more call of a campaign; PT402 '
	'while credits are owed, or where it would need an approval.';

CREATE FUNCTION voiceagent_private.direct_call_waits(campaign_id bigint, provider_account_id bigint, at timestamptz)
	RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
	v_words text;
BEGIN
	SELECT c.status_reason, w.max_concurrent_calls AS lines,
		(SELECT count(*) FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.campaign_id = c.campaign_id) AS live,
		(SELECT count(*) FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant) AS tenant_live,
		(voiceagent_private.read_dial_settings()).tenant_limit
	INTO STRICT v
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions w ON w.tenant_id = v_tenant AND w.campaign_id = c.campaign_id
		AND w.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = direct_call_waits.campaign_id;
	v_words := voiceagent_private.account_waits(provider_account_id, at);
	RETURN CASE WHEN v.status_reason IS NOT NULL THEN v.status_reason
		-- The usual pace of an account holds no lead back for long.
		WHEN v_words NOT LIKE 'account dials %' THEN v_words
		WHEN v.tenant_live >= v.tenant_limit THEN format('all %s lines of the tenant are in use', v.tenant_limit)
		WHEN v.live >= v.lines THEN format('all %s lines of the campaign are in use', v.lines) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.direct_call_waits(bigint, bigint, timestamptz) IS
	'The reason why a call that was just queued in a direct campaign is not dialled yet, in a few words: a line, the '
	'carrier account, what holds the campaign back; NULL: none.';

CREATE FUNCTION voiceagent_private.dial_now(lead_id bigint, assistant_id bigint, provider_account_id bigint,
	promised boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lead voiceagent.leads;
	v_account voiceagent.provider_accounts;
	v_campaign voiceagent.campaigns;
	v_active boolean;
BEGIN
	PERFORM voiceagent_private.lock_leads(false);
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = dial_now.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such lead', NULL, 'add_lead() makes one.');
	IF v_lead.status = 'do_not_call'
		OR EXISTS (SELECT FROM voiceagent_private.may_ring(v_tenant, v_lead.phone, 'call_now'))
			AND NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.lead_id = v_lead.lead_id) THEN
		PERFORM voiceagent_private.fail_held(v_lead.phone);
		PERFORM voiceagent_private.fail('PT409', 'the lead is on a do-not-call list',
			coalesce(v_lead.status_reason, 'Its only number stands there.'),
			'allow_call() takes a number off the tenant''s own list, with a reason.');
	END IF;
	SELECT a.active INTO v_active FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = dial_now.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant', NULL, 'create_assistant() makes one.');
	SELECT * INTO v_account FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND p.provider_account_id = coalesce(dial_now.provider_account_id,
		voiceagent_private.default_account());
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such provider account', NULL,
		'create_provider_account() makes one.');
	PERFORM voiceagent_private.require_dialable_account(v_account);
	v_campaign := voiceagent_private.standing_campaign(dial_now.assistant_id, v_account.provider_account_id,
		'direct');
	PERFORM voiceagent_private.queue_one(v_campaign, dial_now.lead_id, v_active AND v_account.active, v_now);
	IF promised THEN
		-- So the claim knows it, too.
		UPDATE voiceagent_private.call_queue q SET reason = 'callback', priority = -1
		WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign.campaign_id AND q.lead_id = dial_now.lead_id;
	END IF;
	PERFORM voiceagent_private.require_dialled_now(v_campaign.campaign_id, dial_now.lead_id, v_now);
	PERFORM voiceagent_private.require_spend_left(v_campaign.campaign_id, v_now);
	PERFORM voiceagent_private.audit('call_now', format('lead %s', dial_now.lead_id), NULL,
		jsonb_build_object('campaign_id', v_campaign.campaign_id, 'assistant_id', assistant_id));
	RETURN jsonb_build_object('campaign_id', v_campaign.campaign_id, 'lead_id', v_lead.lead_id, 'phone', v_lead.phone,
		'provider', v_account.provider, 'earlier_calls', (SELECT count(*) FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_campaign.campaign_id AND c.lead_id = v_lead.lead_id),
		'waits_for', voiceagent_private.direct_call_waits(v_campaign.campaign_id, v_account.provider_account_id,
			v_now));
END
$$;
COMMENT ON FUNCTION voiceagent_private.dial_now(bigint, bigint, bigint, boolean) IS
	'The work of call_now(); promised: the person asked for it, so that no rest of its number holds it back.';

CREATE FUNCTION voiceagent.call_now(lead_id bigint, assistant_id bigint, provider_account_id bigint DEFAULT NULL)
	RETURNS jsonb
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.dial_now(lead_id, assistant_id, provider_account_id, false)
$$;
COMMENT ON FUNCTION voiceagent.call_now(bigint, bigint, bigint) IS
	E'Has an assistant call one lead now, by a carrier account (default: that of default_provider); law, caps, credits '
	'and lines hold.\n'
	'Returns {"campaign_id", "lead_id", "phone", "provider", "earlier_calls", "waits_for"} (what the dial waits for, '
	'such as a line; null: nothing): the call is the newest of these in voiceagent.calls. It raises PT402, PT404, '
	'PT409 with what forbids it, PT422.';

CREATE FUNCTION voiceagent.call_back(call_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_call voiceagent.calls;
BEGIN
	-- A call of either direction: who called us is called back, too.
	SELECT * INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = call_back.call_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such call', NULL,
		'View calls lists the calls of the tenant.');
	PERFORM voiceagent_private.fail_if(v_call.lead_id IS NULL, 'PT409', 'the call is of no lead',
		coalesce('It was with ' || v_call.phone || '.', 'The number was withheld.'),
		'add_lead() makes a lead of a number, and call_now() calls it.');
	PERFORM voiceagent_private.fail_if(v_call.assistant_id IS NULL, 'PT409', 'no assistant spoke in the call', NULL,
		format('Name one: call_now(%s, assistant_id).', v_call.lead_id));
	RETURN voiceagent.call_now(v_call.lead_id, v_call.assistant_id, (
		SELECT a.provider_account_id FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_call.provider_account_id AND a.active));
END
$$;
COMMENT ON FUNCTION voiceagent.call_back(bigint) IS
	E'Calls the lead of a call back now, by the assistant and, if it is active, the carrier account of that call.\n'
	'Of either direction; the rules, the result and the errors are those of call_now(). PT409 for a caller that is no '
	'lead, and for a call in which no assistant spoke.';
