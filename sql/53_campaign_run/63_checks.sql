/*
 * 53_campaign_run: what stands in the way of a start, and warnings before it:
 * each by a key, so that whoever shows it has words of its own, and in the
 * words of the API.
 */

CREATE TYPE voiceagent_private.preview_check AS (
	key text,
	state text,
	number numeric,
	mend text,
	says text
);
COMMENT ON TYPE voiceagent_private.preview_check IS
	'A check of a campaign that stops it (state stops), warns, keeps leads out (leads), or only informs (good, tells), '
	'by a key; number: of what the key counts; mend: the place that mends it; says: in words.';

CREATE FUNCTION voiceagent_private.stops(key text, mend text, says text, number numeric DEFAULT NULL,
	state text DEFAULT 'stops') RETURNS voiceagent_private.preview_check
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ROW(key, state, number, mend, says)::voiceagent_private.preview_check;
COMMENT ON FUNCTION voiceagent_private.stops(text, text, text, numeric, text) IS
	'A check of a preview that stops the start, unless state says something else.';

CREATE FUNCTION voiceagent_private.start_refusals(campaign voiceagent.campaigns, version voiceagent.campaign_versions,
	regions text[], waiting bigint, lacking bigint, at timestamptz)
	RETURNS voiceagent_private.preview_check[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_check text;
	v_detail text;
	v_reasons voiceagent_private.preview_check[] := '{}';
BEGIN
	-- The functions with which a start refuses, each called by itself.
	FOREACH v_check IN ARRAY ARRAY['archived', 'expired', 'nameless', 'numberless', 'unheard', 'unlawful', 'long',
		'untested', 'no_speech_input'] LOOP
		BEGIN
			CASE v_check
				WHEN 'archived' THEN PERFORM voiceagent_private.require_not_archived(campaign);
				WHEN 'expired' THEN PERFORM voiceagent_private.require_not_expired(campaign.campaign_id, at);
				WHEN 'nameless' THEN
					PERFORM voiceagent_private.require_caller_name(campaign.campaign_id, version, at, regions);
				WHEN 'numberless' THEN PERFORM voiceagent_private.require_caller_number(campaign.campaign_id);
				WHEN 'unheard' THEN PERFORM voiceagent_private.require_opt_out_channel(version, at, regions);
				WHEN 'unlawful' THEN PERFORM voiceagent_private.require_special(version, at, regions);
				WHEN 'untested' THEN
					PERFORM voiceagent_private.require_test_call(campaign.campaign_id, version.settings);
				WHEN 'long' THEN PERFORM voiceagent_private.require_short_texts(version, at, regions);
				ELSE PERFORM voiceagent_private.require_amd(campaign.campaign_id, version.settings);
			END CASE;
		EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
			GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
			v_reasons := v_reasons || voiceagent_private.stops(v_check,
				CASE WHEN v_check IN ('numberless', 'no_speech_input', 'unlawful') THEN 'connections'
					WHEN v_check IN ('unheard', 'long', 'untested') THEN 'assistant'
					WHEN v_check = 'nameless' THEN 'settings' WHEN v_check = 'expired' THEN 'campaign' END,
				CASE v_check WHEN 'numberless' THEN SQLERRM || '. ' || rtrim(v_detail, '.') ELSE SQLERRM END);
		END;
	END LOOP;
	-- A lead that lacks a value keeps a draft from starting; a running campaign skips it.
	IF lacking > 0 AND campaign.started_at IS NULL THEN
		v_reasons := v_reasons || voiceagent_private.stops('variables', 'leads',
			format('variables of the prompt have no value for %s of the leads', lacking), lacking);
	END IF;
	IF waiting = 0 AND campaign.status <> 'running' AND voiceagent_private.arrivals_a_day(campaign) IS NULL THEN
		v_reasons := v_reasons || voiceagent_private.stops('no_leads', 'leads', 'the campaign has no leads to call');
	END IF;
	RETURN v_reasons;
END
$$;
COMMENT ON FUNCTION voiceagent_private.start_refusals(voiceagent.campaigns, voiceagent.campaign_versions, text[],
	bigint, bigint, timestamptz) IS
	E'The reasons for which start_campaign() would refuse a campaign, by key and in its own words; {}: none.\n'
	'Nothing is written.\n'
	'regions: the jurisdictions of its leads; waiting: how many leads could be called, now or later; lacking: how many '
	'lack a variable.';

CREATE FUNCTION voiceagent_private.preview_obstacles(campaign voiceagent.campaigns,
	account voiceagent.provider_accounts, hold numeric, at timestamptz)
	RETURNS voiceagent_private.preview_check[] LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_left record;
	v_available numeric;
	v_reasons voiceagent_private.preview_check[] := '{}';
	v_why text;
BEGIN
	IF NOT (SELECT t.active FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant) THEN
		v_reasons := v_reasons || voiceagent_private.stops('business', 'help', 'the tenant is not active');
	END IF;
	IF NOT (SELECT a.active FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = campaign.assistant_id) THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('assistant_off', 'assistant', 'the campaign''s assistant is not active');
	END IF;
	-- A fault of one account is no obstacle as long as another account can dial.
	IF EXISTS (SELECT FROM unnest(voiceagent_private.accounts_of_campaign(campaign.campaign_id)) AS i(id)
		JOIN voiceagent.provider_accounts o ON o.tenant_id = v_tenant AND o.provider_account_id = i.id
		WHERE o.active AND (o.provider = 'sandbox'
			OR o.armed_at IS NOT NULL AND NOT voiceagent_private.lacks_public_url(o.provider))
			AND coalesce(o.resumes_at <= at, true)) THEN
		NULL;
	ELSIF NOT account.active THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('account_off', 'connections', 'the campaign''s provider account is not active');
	ELSIF account.provider <> 'sandbox' AND account.armed_at IS NULL THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('not_armed', 'connections', 'the campaign''s provider account is not armed');
	ELSIF voiceagent_private.lacks_public_url(account.provider) THEN
		v_reasons := v_reasons || voiceagent_private.stops('unreachable', 'help',
			'voiceagent.public_base_url is not set: the campaign''s carrier could not reach us');
	ELSIF account.resumes_at > at THEN
		v_reasons := v_reasons || voiceagent_private.stops('rests', 'connections',
			coalesce('the carrier account rests: ' || account.trouble, 'the carrier account rests'));
	END IF;
	v_why := CASE WHEN account.provider <> 'sandbox'
		THEN (voiceagent_private.platform_hold(campaign.campaign_id, at)).reason END;
	IF v_why IS NOT NULL THEN
		v_reasons := v_reasons || voiceagent_private.stops('approval', 'help', v_why);
	END IF;
	v_why := voiceagent_private.lacks_confirmation(campaign.campaign_id);
	IF v_why IS NOT NULL THEN
		v_reasons := v_reasons || voiceagent_private.stops('confirm', 'confirm', 'not confirmed: ' || v_why);
	END IF;
	IF campaign.status = 'paused' AND campaign.status_reason IS NOT NULL THEN
		v_reasons := v_reasons || voiceagent_private.stops('paused', NULL, 'paused: ' || campaign.status_reason);
	END IF;
	v_available := (voiceagent_private.wallet(at)).one_call;
	IF v_available < hold THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('credits', 'credits', 'not enough credits for one call');
	END IF;
	v_left := voiceagent_private.spend_left_by_cap(campaign.campaign_id, at);
	IF v_left.campaign_total < hold THEN
		v_reasons := v_reasons || voiceagent_private.stops('cap', 'campaign', 'spend cap reached');
	ELSIF v_left.campaign_day < hold THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('cap_day', 'campaign', 'spend cap of the day reached');
	ELSIF v_left.tenant_day < hold THEN
		v_reasons := v_reasons
			|| voiceagent_private.stops('cap_tenant', 'settings', 'spend cap of the tenant''s day reached');
	END IF;
	RETURN v_reasons;
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_obstacles(voiceagent.campaigns, voiceagent.provider_accounts, numeric,
	timestamptz) IS
	'The reason why a whole campaign cannot dial at that time, by key and in words; {}: nothing.';

CREATE FUNCTION voiceagent_private.untested(campaign_id bigint) RETURNS text[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN ARRAY(
		SELECT format('nobody has heard its assistant through the provider account %s (%s) yet: '
			'no test_call() by it was answered',
			a.provider_account_id, a.name)
		FROM voiceagent.campaigns c
		CROSS JOIN unnest(voiceagent_private.accounts_of_campaign(c.campaign_id)) WITH ORDINALITY AS i(id, position)
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = i.id AND a.active
			AND a.provider <> 'sandbox'
		WHERE c.tenant_id = v_tenant AND c.campaign_id = untested.campaign_id AND c.type NOT IN ('test', 'direct')
			AND NOT voiceagent_private.simulating()
			AND NOT EXISTS (SELECT FROM voiceagent.campaigns t
				CROSS JOIN LATERAL (SELECT FROM voiceagent.calls k
					WHERE k.tenant_id = v_tenant AND k.campaign_id = t.campaign_id
					AND k.status = 'completed' LIMIT 1) k
				WHERE t.tenant_id = v_tenant AND t.type = 'test' AND t.assistant_id = c.assistant_id
					AND t.provider_account_id = a.provider_account_id)
		ORDER BY i.position);
END
$$;
COMMENT ON FUNCTION voiceagent_private.untested(bigint) IS
	'The real carrier accounts of a campaign of the current tenant through which no test call of its assistant '
	'was answered, in words.';

CREATE FUNCTION voiceagent_private.preview_warnings(campaign_id bigint) RETURNS SETOF voiceagent_private.preview_check
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	SELECT 'call_back', 'warns', NULL::numeric, 'numbers', format('people who call back will not reach you: '
			'provider account %s (%s) calls from %s, which is not one of your numbers', a.provider_account_id, a.name,
			coalesce(a.settings ->> 'from_number', a.settings ->> 'caller_id', a.settings ->> 'phone_number_id'))
		FROM unnest(voiceagent_private.accounts_of_campaign(preview_warnings.campaign_id)) WITH ORDINALITY AS i(id,
			position)
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = i.id
		WHERE a.active AND a.provider <> 'sandbox' AND a.settings ?| '{from_number,caller_id,phone_number_id}'
			AND NOT EXISTS (SELECT FROM voiceagent_private.own_caller(v_tenant, a.provider_account_id, a.settings))
			-- Then it calls with the numbers of the pool.
			AND NOT EXISTS (SELECT FROM voiceagent.campaign_numbers m
				JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = m.phone_number_id
				WHERE m.tenant_id = v_tenant AND m.campaign_id = preview_warnings.campaign_id
					AND n.provider_account_id = a.provider_account_id)
		ORDER BY i.position;
	RETURN QUERY SELECT 'numbers', 'warns', NULL::numeric, 'numbers', w
	FROM voiceagent_private.describe_callers(preview_warnings.campaign_id,
		voiceagent_private.accounts_of_campaign(preview_warnings.campaign_id),
		(SELECT coalesce(c.settings ->> 'caller_id_calls_per_day',
			voiceagent_private.setting_text('caller_id_calls_per_day'))::integer
			FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_warnings.campaign_id),
		voiceagent.clock()) w WHERE w <> 'All usable numbers of its pool are busy.';
	RETURN QUERY SELECT 'untested', 'warns', NULL::numeric, 'assistant', u
	FROM unnest(voiceagent_private.untested(preview_warnings.campaign_id)) AS u;
	RETURN QUERY SELECT 'approval', 'warns', NULL::numeric, 'approval',
		'the start will wait for an approval: ' || n.needs FROM voiceagent.campaigns c
	CROSS JOIN LATERAL (SELECT voiceagent_private.spending_needs(
		voiceagent_private.start_estimate(c.campaign_id, voiceagent.clock()), voiceagent.clock()) AS needs) n
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_warnings.campaign_id AND n.needs IS NOT NULL
		AND c.status IN ('draft', 'stopped', 'completed') AND c.type NOT IN ('direct', 'test');
	RETURN QUERY SELECT 'recording', 'warns', NULL::numeric, 'settings', format('the provider account %s (%s) cannot '
		'begin to record in a call: with ask_to_record it records only who agreed before',
		a.provider_account_id, a.name)
	FROM unnest(voiceagent_private.accounts_of_campaign(preview_warnings.campaign_id)) AS i(id)
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = i.id
	WHERE NOT voiceagent_private.driver_can(a.provider, 'record') AND (SELECT coalesce(c.settings ->> 'ask_to_record',
			voiceagent_private.setting_text('ask_to_record'))::boolean FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_warnings.campaign_id);
	RETURN QUERY SELECT 'tool', 'warns', NULL::numeric, 'tools',
		format('the tool %s is asked before each dial, and was not asked here', t.tool)
	FROM (SELECT coalesce(c.settings ->> 'before_dial', voiceagent_private.setting_text('before_dial')) AS tool
		FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_warnings.campaign_id) t WHERE t.tool <> '';
END
$$;
COMMENT ON FUNCTION voiceagent_private.preview_warnings(bigint) IS
	E'Warnings about a campaign of the current tenant that do not stop its start, by key and in words.\n'
	'Where the law wants a number shown at which the caller can be reached, one that we know nothing of tells whoever '
	'calls back that it does not exist.';

CREATE FUNCTION voiceagent_private.preview_checks(checks voiceagent_private.preview_check[], preview jsonb)
	RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce(jsonb_agg(to_jsonb(a) - 'n' ORDER BY a.n, a.key), '[]') FROM (
		SELECT c.n, c.key, c.state, c.number, c.mend, c.says
		FROM unnest(checks) WITH ORDINALITY AS c(key, state, number, mend, says, n)
		UNION ALL SELECT 1000, 'leads', CASE WHEN preview ->> 'callable' = '0' THEN 'warns' ELSE 'good' END,
			(preview ->> 'callable')::numeric, NULL, NULL
		UNION ALL SELECT 1001, b.key, 'leads', sum(b.leads), max(b.mend), string_agg(b.reason, '; ')
		FROM (SELECT voiceagent.explain_reason(r.reason) ->> 'key' AS key, r.leads::numeric AS leads, r.reason,
				voiceagent.explain_reason(r.reason) ->> 'mend' AS mend
			FROM jsonb_each_text(preview -> 'blocked') AS r(reason, leads)) b GROUP BY b.key
		UNION ALL SELECT 1002, 'cost', CASE WHEN (preview ->> 'affordable')::boolean THEN 'good' ELSE 'warns' END,
			(preview ->> 'estimated_cost')::numeric,
			CASE WHEN (preview ->> 'affordable')::boolean THEN NULL ELSE 'credits' END, NULL
		UNION ALL SELECT 1003, 'pace', 'tells', (preview ->> 'calls_per_hour')::numeric, 'campaign', NULL) a
$$;
COMMENT ON FUNCTION voiceagent_private.preview_checks(voiceagent_private.preview_check[], jsonb) IS
	'The checks of a preview as rows {key, state, number, mend, says}: what stops and warns, then the leads, those '
	'that are left out by reason, cost and pace.';
