-- 75_calendar: free times that machines offer: a call by its texts, at carriers without tools, and an assistant's tool.

CREATE FUNCTION voiceagent_private.offered_slots(calendar_id bigint, from_time timestamptz, max integer)
	RETURNS SETOF timestamptz
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT s.starts_at FROM voiceagent_private.calendar_row(offered_slots.calendar_id, false) c
	-- A week that is open throughout has many in a weekend; nobody is offered a Sunday at one.
	CROSS JOIN LATERAL voiceagent.free_slots(c.calendar_id, from_time, from_time + interval '90 days', c.timezone, NULL,
		CASE WHEN c.hours IS NULL THEN 5000 ELSE offered_slots.max END) s
	WHERE c.hours IS NOT NULL
		OR extract(isodow FROM s.local_start) < 6 AND extract(hour FROM s.local_start) BETWEEN 9 AND 16
	ORDER BY s.starts_at LIMIT offered_slots.max
$$;
COMMENT ON FUNCTION voiceagent_private.offered_slots(bigint, timestamptz, integer) IS
	'The next free times of a calendar (NULL: the default one), within 90 days; where it has no hours those from 9 to '
	'17, Monday to Friday.';

CREATE FUNCTION voiceagent_private.next_slots_of_campaign(campaign_id bigint, max integer) RETURNS timestamptz[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT nullif(array_agg(s ORDER BY s), '{}') FROM voiceagent_private.offered_slots(
		voiceagent_private.calendar_for(next_slots_of_campaign.campaign_id, NULL), voiceagent.clock(),
		next_slots_of_campaign.max) s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_slots_of_campaign(bigint, integer) IS
	E'The next free times, within 90 days, of the calendar in which the calls of a campaign of the current tenant '
	'book; NULL: none.\n'
	'slots_at_dial() asks it by its name.';
