-- 75_calendar: free times that a call offers by its texts, at carriers without tools.

CREATE FUNCTION voiceagent_private.next_slots_of_campaign(campaign_id bigint, max integer) RETURNS timestamptz[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	RETURN (SELECT nullif(array_agg(s.starts_at ORDER BY s.starts_at), '{}')
		FROM voiceagent.free_slots(voiceagent_private.calendar_for(next_slots_of_campaign.campaign_id, NULL), v_now,
			v_now + interval '90 days', NULL, NULL, next_slots_of_campaign.max) s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_slots_of_campaign(bigint, integer) IS
	E'The next free times, within 90 days, of the calendar in which the calls of a campaign of the current tenant '
	'book; NULL: none.\n'
	'slots_at_dial() asks it by its name.';
