-- Leads wait where clocks changed and the tz data of the server does not have it: health() names the zone to the tenant and to the platform, whatever this server knows.
BEGIN;
SELECT voiceagent.create_tenant('r95 zones', 'UTC') AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_campaign('Zones', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.')) AS campaign \gset
CREATE FUNCTION pg_temp.told(zone text, here text) RETURNS boolean LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM voiceagent_private.zone_conditions(voiceagent.current_tenant()) c WHERE c.problem AND c.state LIKE '%' || zone || '%' AND c.remedy LIKE 'install %')
		= ((timestamptz '2027-01-15 12:00+00' AT TIME ZONE zone)::time::text <> here || ':00') $$;
SELECT count(*) AS "nobody waits" FROM voiceagent_private.zone_conditions(:tenant);
INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, running)
VALUES (:tenant, :campaign, '{America/Edmonton,America/Vancouver}', true), (:tenant, :campaign, '{Africa/Casablanca}', true), (:tenant, :campaign, '{America/Havana}', true), (:tenant, :campaign, '{America/Winnipeg}', false),
	(:tenant, :campaign, '{Europe/London}', true);
SELECT zone, pg_temp.told(zone, here) AS "as this server is" FROM (VALUES ('America/Vancouver', '05:00'), ('America/Edmonton', '06:00'), ('Africa/Casablanca', '12:00'), ('America/Havana', '08:00')) v(zone, here);
SELECT count(*) FILTER (WHERE c.state ~ 'Winnipeg|London|Inuvik') AS "nobody waits there", count(*) <= 1 AS "in one row" FROM voiceagent_private.zone_conditions(:tenant) c;
SELECT (SELECT count(*) FROM voiceagent_private.conditions() c WHERE c.component = 'time zones') = (SELECT count(*) FROM voiceagent_private.zone_conditions(:tenant)) AS "health() names it",
	(SELECT count(*) FROM voiceagent_private.zone_conditions(NULL)) >= (SELECT count(*) FROM voiceagent_private.zone_conditions(:tenant)) AS "and to the platform";
UPDATE voiceagent_private.lanes SET running = false WHERE tenant_id = :tenant;
SELECT count(*) AS "nobody waits" FROM voiceagent_private.zone_conditions(:tenant);
-- Gaza and Hebron change their clocks on days of their own.
SELECT (voiceagent_private.parse_phone('+970 59 912 3456')).timezones;
-- What the server knows: each change that we know is in its data or named as lacking, by PostgreSQL's own clocks; the version is that of the file which it reads.
-- Newer tzdata have the names in Canada/ in a package of their own.
SELECT count(*) - (SELECT count(*) FROM pg_timezone_names WHERE name IN ('Canada/Central', 'Canada/Mountain', 'Canada/Pacific')) AS changes, count(DISTINCT c.since) AS days, bool_and(c.known = ((c.since + time '12:00') AT TIME ZONE 'UTC' AT TIME ZONE c.zone = c.since + time '12:00' + make_interval(hours => h.hours))) AS "as its clocks"
FROM voiceagent_private.zone_changes() c JOIN (VALUES ('Africa/Casablanca', 0), ('Africa/El_Aaiun', 0), ('America/Asuncion', -3), ('America/Edmonton', -6), ('America/Havana', -4), ('America/Inuvik', -6), ('America/Rainy_River', -5),
	('America/Vancouver', -7), ('America/Winnipeg', -5), ('America/Yellowknife', -6), ('Asia/Almaty', 5), ('Canada/Central', -5), ('Canada/Mountain', -6), ('Canada/Pacific', -7)) h(zone, hours) USING (zone);
SELECT h -> 'newest_change' AS newest, coalesce(ARRAY(SELECT jsonb_array_elements_text(h -> 'lacks')) = ARRAY(SELECT c.zone FROM voiceagent_private.zone_changes() c WHERE NOT c.known ORDER BY c.zone), false) AS "lacks what it has not",
	(h ? 'lacks') = (h ->> 'remedy' IS NOT NULL) AND (h ? 'lacks') = EXISTS (SELECT FROM voiceagent_private.zone_changes() c WHERE NOT c.known) AS "with what mends it", h ->> 'newest_it_has' >= '2024' AS "and has some",
	h ->> 'version' IS NOT DISTINCT FROM (SELECT substring(pg_read_file(substring(g.setting FROM 'with-system-tzdata=([^'' ]+)') || '/tzdata.zi', 0, 64, true) FROM '^# version (\S+)') FROM pg_config() g WHERE g.name = 'CONFIGURE') AS "of that version"
FROM (SELECT voiceagent.health() -> 'time_zones' AS h) v;
ROLLBACK;
