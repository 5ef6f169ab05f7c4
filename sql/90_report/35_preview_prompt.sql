-- 90_report: what a lead would hear and the language model would read.

CREATE FUNCTION voiceagent_private.text_for_lead(words text, variables jsonb, lacking text[]) RETURNS text
	LANGUAGE sql STABLE
	RETURN voiceagent_private.fill_template(words, variables
		|| (SELECT coalesce(jsonb_object_agg(l, format('(%s?)', l)), '{}') FROM unnest(lacking) l));
COMMENT ON FUNCTION voiceagent_private.text_for_lead(text, jsonb, text[]) IS
	'A text with its {{variables}} filled; the place of one that lacks a value shows its name, as (name?).';

CREATE FUNCTION voiceagent.preview_prompt(assistant_id bigint, lead_id bigint, campaign_id bigint DEFAULT NULL,
	version integer DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lead voiceagent.leads;
	v_spoken voiceagent.assistant_versions;
	v_campaign voiceagent.campaigns;
	v_account voiceagent.provider_accounts;
	v_settings jsonb;
	v_lawful boolean := true;
	v_heard text := 'words';
	v_terms voiceagent_private.law_terms;
	v_call voiceagent_private.spoken;
	v_agreed boolean;
	v_message text;
	v_variables jsonb;
	v_lacking text[];
	v_obstacles jsonb := '[]';
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = preview_prompt.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such lead');
	v_spoken := voiceagent_private.named_version(preview_prompt.assistant_id, preview_prompt.version);
	IF preview_prompt.campaign_id IS NOT NULL THEN
		SELECT * INTO v_campaign FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_prompt.campaign_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
		SELECT * INTO STRICT v_account FROM voiceagent.provider_accounts p
		WHERE p.tenant_id = v_tenant AND p.provider_account_id = v_campaign.provider_account_id;
		v_heard := voiceagent_private.opt_out_channels(v_account);
	END IF;
	v_settings := voiceagent_private.resolved_settings(coalesce(v_campaign.settings, '{}'),
		coalesce(v_account.provider, 'vapi'));
	v_lawful := coalesce(voiceagent_private.obeys_law(v_account.provider, v_settings), v_lawful);
	IF v_lawful THEN
		v_terms := voiceagent_private.terms_of(voiceagent_private.jurisdiction(v_lead.country, v_lead.region), v_now);
	END IF;
	v_agreed := (SELECT r.agreed
		FROM voiceagent_private.recording_consent(v_tenant, v_lead.lead_id, v_lead.phone) r);
	v_call := voiceagent_private.begin_call(v_terms, v_settings, v_spoken, v_heard, v_agreed);
	-- Without a name there would be no call; the hole shows where it belongs.
	IF 'caller' = ANY (v_call.disclosures)
		AND btrim(translate(coalesce(v_settings ->> 'caller_name', ''), '{}', '')) = '' THEN
		v_obstacles := '["the law wants the caller named: set caller_name"]';
		v_call := voiceagent_private.begin_call(v_terms, v_settings || '{"caller_name": "(caller_name?)"}', v_spoken,
			v_heard, v_agreed);
	END IF;
	v_message := nullif(btrim(v_settings ->> 'voicemail_message'), '');
	v_message := CASE WHEN v_call.machine_disclosure IS DISTINCT FROM '' THEN coalesce(v_call.machine_disclosure || ' '
		|| v_message, v_message, v_call.assistant_settings ->> 'voicemail_message') END;
	v_variables := voiceagent_private.call_variables(voiceagent_private.lead_variables(v_lead),
		concat_ws(' ', v_call.first_message, v_call.system_prompt, v_message), v_spoken.language, v_lead.timezones,
		v_now);
	v_variables := voiceagent_private.script_for_preview(v_settings, v_spoken.language, v_campaign.campaign_id,
		v_lead.lead_id, v_variables);
	v_variables := voiceagent_private.with_memory(v_variables, v_call.system_prompt, v_lead.lead_id,
		coalesce(voiceagent_private.is_sandbox(v_campaign.provider_account_id), false));
	v_lacking := voiceagent_private.lacking_variables(v_lead, voiceagent_private.variables_to_find(
		voiceagent_private.template_variables(concat_ws(' ', v_call.first_message, v_call.system_prompt, v_message)),
		v_settings));
	RETURN jsonb_build_object('assistant_id', v_spoken.assistant_id, 'version', v_spoken.version,
		'lead_id', v_lead.lead_id, 'language', v_spoken.language, 'lawful', v_lawful,
		'jurisdiction', voiceagent_private.jurisdiction(v_lead.country, v_lead.region),
		'disclosures', to_jsonb(v_call.disclosures), 'disclosure', v_call.disclosure, 'recorded', v_call.record,
		'first_message', voiceagent_private.text_for_lead(v_call.first_message, v_variables, v_lacking),
		'system_prompt', voiceagent_private.text_for_lead(v_call.system_prompt, v_variables, v_lacking),
		'voicemail_message', voiceagent_private.text_for_lead(v_message, v_variables, v_lacking),
		'missing', to_jsonb(v_lacking), 'obstacles', v_obstacles,
		'local_time', voiceagent_private.local_time(v_lead.timezones, v_spoken.language, v_now));
END
$$;
COMMENT ON FUNCTION voiceagent.preview_prompt(bigint, bigint, bigint, integer) IS
	E'Shows what a lead would hear and the language model would read if it were called now; nothing is written.\n'
	'{"first_message" (with what the law of its place wants said), "system_prompt", "missing" (variables without a '
	'value), "obstacles", "local_time", ...}; campaign_id: by its settings and carrier (NULL: the tenant''s, a real '
	'carrier); version: NULL for the current one. PT404, PT422.';
