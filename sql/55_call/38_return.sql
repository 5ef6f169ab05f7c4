-- 55_call: which leads may come back into a campaign that left them out.

CREATE FUNCTION voiceagent_private.may_return(member voiceagent.campaign_leads, lead voiceagent.leads,
	version voiceagent.campaign_versions)
	RETURNS boolean LANGUAGE sql STABLE
	RETURN (member).status = 'skipped'
		AND ((member).reason IN ('removed', voiceagent_private.do_not_call_reason('tenant'))
			OR (member).reason = voiceagent_private.do_not_call_reason('held')
			AND voiceagent_private.other_number((member).campaign_id, (lead).lead_id, 0::smallint) IS NOT NULL
			OR (member).reason = 'missing variable'
			AND NOT voiceagent_private.lead_lacks(lead, voiceagent_private.variables_of(version))
			OR (member).reason = 'no recorded consent to be called'
			AND EXISTS (SELECT FROM voiceagent.consents s WHERE s.tenant_id = (lead).tenant_id
				AND s.lead_id = (lead).lead_id AND s.kind = 'call' AND s.revoked_at IS NULL)
			OR (member).reason = voiceagent_private.why('appointment')
			AND NOT EXISTS (SELECT FROM voiceagent_private.only_by_appointment((lead).tenant_id, (lead).lead_id))
			OR (member).reason = ANY (voiceagent_private.number_reasons())
				AND voiceagent_private.other_number((member).campaign_id, (lead).lead_id, 0::smallint) IS NOT NULL)
		AND (lead).status <> 'do_not_call' AND (member).attempts <= (version).retry_attempts
		-- A tenant that learned so in a call does not ask the lead again.
		AND NOT EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = (lead).tenant_id AND c.lead_id = (lead).lead_id AND c.direction <> 'inbound'
				AND c.outcome = 'do_not_call');
COMMENT ON FUNCTION voiceagent_private.may_return(voiceagent.campaign_leads, voiceagent.leads,
	voiceagent.campaign_versions) IS
	'Whether add_leads() takes this lead back into a campaign, of which that version is in force: remove_leads(), a '
	'do-not-call entry or a hold that is no more, a variable that has a value now, a consent that is recorded now, or '
	'a wrong or missing number where it has a right one now had taken it out, it has dials left, and never opted out '
	'in a call.';
