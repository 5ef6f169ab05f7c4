-- 75_calendar: free times that machines offer: a call by its texts, at carriers without tools, and an assistant's tool.

CREATE FUNCTION voiceagent_private.offered_slots(calendar_id bigint, from_time timestamptz, max integer)
	RETURNS SETOF timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.calendars := voiceagent_private.calendar_row(calendar_id, false);
	v_seats integer[] := voiceagent_private.calendar_seats(v);
BEGIN
	PERFORM voiceagent_private.check_skill(v, v_seats, NULL);
	v.hours := coalesce(v.hours, '{"start": "09:00", "end": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"]}');
	RETURN QUERY SELECT s.starts_at
	FROM voiceagent_private.slots_of(v, from_time, from_time + interval '90 days', v_seats, max) s;
END
$$;
COMMENT ON FUNCTION voiceagent_private.offered_slots(bigint, timestamptz, integer) IS
	'The next free times of a calendar (NULL: the default one), within 90 days; where it has no hours those from 9 to '
	'17, Monday to Friday.';

CREATE FUNCTION voiceagent_private.next_slots_of_campaign(campaign_id bigint, max integer) RETURNS timestamptz[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT nullif(array_agg(s ORDER BY s), '{}') FROM voiceagent_private.offered_slots(
		voiceagent_private.calendar_for(next_slots_of_campaign.campaign_id, NULL), voiceagent.clock(),
		next_slots_of_campaign.max) s
$$;
COMMENT ON FUNCTION voiceagent_private.next_slots_of_campaign(bigint, integer) IS
	E'The next free times, within 90 days, of the calendar in which the calls of a campaign of the current tenant '
	'book; NULL: none.\n'
	'slots_at_dial() asks it by its name.';
