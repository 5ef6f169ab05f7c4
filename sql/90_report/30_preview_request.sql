-- 90_report: what would be said to the carrier, before anything is.

CREATE FUNCTION voiceagent.preview_request(campaign_id bigint, lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
	v_version voiceagent.campaign_versions;
	v record;
	-- The words to the lead: one of two in an experiment.
	v_assistant bigint;
	v_spoken integer;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = preview_request.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s not found', preview_request.lead_id));
	SELECT c.type, a.provider, a.settings,
		CASE a.provider WHEN 'sandbox' THEN voiceagent_private.sandbox_address() ELSE a.base_url END AS base_url,
		-- None while there is no endpoint, or the gateway, whose address it would be, does not run.
		CASE WHEN EXISTS (SELECT FROM voiceagent.webhook_endpoints e
				WHERE e.tenant_id = v_tenant AND e.provider_account_id = a.provider_account_id)
			THEN substring(voiceagent_private.endpoint_url(a.provider, '****') FROM '^http.*') END AS webhook_url,
		voiceagent_private.opt_out_channels(a) AS heard INTO v
	FROM voiceagent.campaigns c
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_request.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('campaign %s not found', preview_request.campaign_id));
	-- A running campaign takes every setting up at once, but keeps its assistant's text; another one
	-- takes up both when it starts.
	SELECT n.* INTO v_version FROM voiceagent.campaigns c
	CROSS JOIN LATERAL voiceagent_private.version_now(c, c.status = 'running') n
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_request.campaign_id;
	v_assistant := (v_version.settings ->> 'assistant_id')::bigint;
	v_spoken := v_version.assistant_version;
	IF voiceagent_private.variant_in(v_version.settings -> 'experiment', v_lead.lead_id) = 'b' THEN
		v_assistant := (v_version.settings #>> '{experiment,b,assistant_id}')::bigint;
		v_spoken := (v_version.settings #>> '{experiment,b,version}')::integer;
	END IF;
	RETURN (
		SELECT voiceagent_private.build_call_request(v.provider, jsonb_strip_nulls(jsonb_build_object(
			'carrier', jsonb_build_object('settings', v.settings,
				'credentials', CASE v.provider WHEN 'sandbox' THEN jsonb '{"api_key": "****"}' END,
				'base_url', v.base_url),
			'assistant', jsonb_build_object('name', s.name, 'first_message', (b.call).first_message,
				'system_prompt', (b.call).system_prompt, 'voice', t.voice, 'model', t.model, 'language', t.language,
				'settings', m.assistant_settings),
			'kept', voiceagent_private.kept_for_call(c.assistant_id, t.version, c.provider_account_id),
			'disclosure', (b.call).disclosure,
			'opt_out_key', (b.call).opt_out_key,
			'variables', voiceagent_private.call_variables(
				voiceagent_private.script_for_preview(k.settings, t.language, c.campaign_id, v_lead.lead_id,
					voiceagent_private.lead_variables(CASE v.type WHEN 'test'
						THEN voiceagent_private.with_variables(v_lead,
							voiceagent_private.test_variables(v_lead.lead_id))
						ELSE v_lead END)), concat_ws(' ', t.first_message, t.system_prompt,
					t.settings ->> 'voicemail_message', k.settings ->> 'voicemail_message'),
				t.language, v_lead.timezones, voiceagent.clock()),
			'from_number', f.from_number,
			'from_number_id', f.from_number_id,
			'to_number', v_lead.phone,
			'to_extension', v_lead.extension,
			'customer_name', nullif(concat_ws(' ', v_lead.first_name, v_lead.last_name), ''),
			'attempt_ref', format('va-%s-0-00000000', v_tenant),
			'server_url', v.webhook_url,
			-- As va_account_load() has it: a carrier without the credential gets the secret of its webhooks.
			'webhook_headers', CASE WHEN v.provider <> 'sandbox' AND v.settings #>> '{webhook,type}' = 'bearer'
					AND NOT v.settings ? 'webhook_credential_id'
				THEN jsonb_build_object(coalesce(v.settings #>> '{webhook,headerName}', 'Authorization'), '****') END,
			'machine_detection', m.detection,
			'ring_timeout_s', ceil(extract(epoch FROM greatest(k.ring_timeout, (w.terms).min_ring))),
			'max_duration_s', voiceagent_private.longest_call_s(k.max_call_duration, t.settings),
			'record', (b.call).record)))
		FROM voiceagent.campaigns c
		CROSS JOIN (SELECT v_version.*) k
		JOIN voiceagent.assistant_versions t
			ON t.tenant_id = v_tenant AND t.assistant_id = v_assistant AND t.version = v_spoken
		JOIN voiceagent.assistants s ON s.tenant_id = v_tenant AND s.assistant_id = v_assistant
		CROSS JOIN LATERAL (SELECT CASE WHEN k.lawful THEN voiceagent_private.terms_of(
			voiceagent_private.jurisdiction(v_lead.country, v_lead.region), voiceagent.clock()) END AS terms OFFSET 0) w
		CROSS JOIN LATERAL (SELECT voiceagent_private.begin_call(w.terms, k.settings, t,
			v.heard, (SELECT r.agreed FROM voiceagent_private.recording_consent(v_tenant, v_lead.lead_id,
				v_lead.phone) r)) AS call OFFSET 0) b
		CROSS JOIN LATERAL voiceagent_private.expect_machine(k.settings, (b.call).assistant_settings,
			(b.call).machine_disclosure, v_lead.phone, v_lead.timezones,
			voiceagent.clock()) m
		CROSS JOIN LATERAL voiceagent_private.next_caller(c.campaign_id, v_lead.phone,
			voiceagent_private.jurisdiction(v_lead.country, v_lead.region),
			voiceagent.clock()) f
		WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_request.campaign_id);
END
$$;
COMMENT ON FUNCTION voiceagent.preview_request(bigint, bigint) IS
	E'The exact request with which a campaign would place the call of a lead now, with what the law wants said first: '
	'{method, url, headers, body}, secrets as ****, and zeros where the attempt''s own reference will be.\n'
	'Changes nothing. '
	'PT404 when there is no such campaign or lead, PT422 when the request would break a limit of the carrier.';
