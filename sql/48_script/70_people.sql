-- 48_script: scripts for people: what would be said, what was, and how it stands with each lead.

CREATE FUNCTION voiceagent.preview_script(campaign_id bigint, lead_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
	v_version voiceagent.campaign_versions;
	v_language text;
BEGIN
	SELECT l.* INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = preview_script.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', preview_script.lead_id));
	-- As preview_request(): what a running campaign would do, or another one once it starts.
	SELECT n.* INTO v_version FROM voiceagent.campaigns c
	CROSS JOIN LATERAL voiceagent_private.version_now(c, c.status = 'running') n
	WHERE c.tenant_id = v_tenant AND c.campaign_id = preview_script.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('campaign %s does not exist', preview_script.campaign_id));
	SELECT v.language INTO v_language FROM voiceagent.assistant_versions v
	WHERE v.tenant_id = v_tenant AND v.assistant_id = (v_version.settings ->> 'assistant_id')::bigint
		AND v.version = v_version.assistant_version;
	RETURN voiceagent_private.script_now(v_version.settings, v_language, preview_script.campaign_id,
		preview_script.lead_id, voiceagent_private.lead_variables(v_lead));
END
$$;
COMMENT ON FUNCTION voiceagent.preview_script(bigint, bigint) IS
	E'The script with which a campaign would call a lead now: {"source", "language", "origin", "status", "reason", '
	'"written_by", "script", "rules"}.\n'
	'status not asked yet, waiting or failed: script is the template''s, which a call would use if it had to go out '
	'now. Changes nothing, asks no model. PT404.';

CREATE FUNCTION voiceagent_private.describe_script_wait(version voiceagent.campaign_versions, lead voiceagent.leads,
	due timestamptz, now timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_script jsonb;
	v_until timestamptz := due + voiceagent_private.as_interval(version.settings ->> 'script_wait');
BEGIN
	SELECT voiceagent_private.script_now(version.settings, a.language, version.campaign_id, lead.lead_id,
		voiceagent_private.lead_variables(lead)) INTO v_script
	FROM voiceagent.assistant_versions a
	WHERE a.tenant_id = version.tenant_id AND a.assistant_id = (version.settings ->> 'assistant_id')::bigint
		AND a.version = version.assistant_version;
	RETURN CASE v_script ->> 'status'
		WHEN 'none' THEN format('It has no script: %s.', v_script ->> 'reason')
		WHEN 'failed' THEN format('Its script is the template''s: %s.', v_script ->> 'reason')
		WHEN 'ready' THEN CASE v_script ->> 'written_by' WHEN 'template' THEN 'Its script is the template''s.'
			ELSE format('Its script is ready (script %s, by %s).', v_script ->> 'script_id',
				v_script ->> 'written_by') END
		ELSE format('A model %s; %s.', CASE v_script ->> 'status' WHEN 'waiting' THEN 'writes its script'
				ELSE 'has yet to be asked for its script' END,
			CASE WHEN v_until > now THEN format('the dial waits for it until %s at most (script_wait)', v_until)
				ELSE 'the dial does not wait for it any more, and takes the template''s' END) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.describe_script_wait(voiceagent.campaign_versions, voiceagent.leads, timestamptz,
	timestamptz) IS
	'How it stands with the script of a lead that is due then in a campaign with this version in force, in words.';

CREATE FUNCTION voiceagent.scripts_of_lead(lead_id bigint, campaign_id bigint DEFAULT NULL)
	RETURNS TABLE (script_id bigint, first_campaign_id bigint, status text, words text, written_by text, language text,
		origin jsonb, script jsonb, rules jsonb, calls bigint[], created_at timestamptz, finished_at timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_most CONSTANT integer := 1000;
BEGIN
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = scripts_of_lead.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', scripts_of_lead.lead_id));
	RETURN QUERY
	SELECT s.script_id, s.campaign_id, s.status, CASE s.status
		WHEN 'waiting' THEN format('A model has been asked at %s.', s.created_at)
		WHEN 'failed' THEN format('No model''s script, so calls use the template''s: %s.', s.reason)
		ELSE CASE s.written_by WHEN 'template' THEN 'Written from the template, with the lead''s variables.'
			WHEN 'sandbox' THEN 'Written by the embedded model, which works by rules.'
			ELSE format('Written by %s.', s.written_by) END END, s.written_by, s.language,
		s.origin, s.script, s.rules,
		ARRAY(SELECT c.call_id FROM voiceagent.call_scripts c
			WHERE c.tenant_id = v_tenant AND c.script_id = s.script_id ORDER BY c.call_id LIMIT c_most),
		s.created_at, s.finished_at
	FROM voiceagent.lead_scripts s
	WHERE s.tenant_id = v_tenant AND s.lead_id = scripts_of_lead.lead_id
		AND (scripts_of_lead.campaign_id IS NULL OR s.campaign_id = scripts_of_lead.campaign_id)
	ORDER BY s.script_id DESC LIMIT c_most;
END
$$;
COMMENT ON FUNCTION voiceagent.scripts_of_lead(bigint, bigint) IS
	E'The scripts of a lead (campaign_id: those that this campaign wanted first), newest first, each with how it '
	'stands in words, and the calls that used it.\n'
	'At most 1000. PT404.';

CREATE VIEW voiceagent.script_list WITH (security_invoker = on) AS
SELECT s.tenant_id, s.campaign_id, s.lead_id, s.script_id, s.status, s.written_by, s.language, s.reason,
	s.script ->> 'opening' AS opening, s.created_at, s.finished_at
FROM voiceagent.lead_scripts s;
COMMENT ON VIEW voiceagent.script_list IS
	'The scripts of leads without their texts but the opening: filter by campaign_id and status.';
COMMENT ON COLUMN voiceagent.script_list.opening IS 'How the call begins.';
