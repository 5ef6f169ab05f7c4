-- The law in the lanes: no setting of a campaign opens a lane that the law closes; holidays, also over the year's end; a
-- rule made stricter closes lanes at once and they are rolled; leads that no hour is left for are skipped, and say so.
\set VERBOSITY terse
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.at(t timestamptz) RETURNS text LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM t - clock_timestamp())::text, false) IS NOT NULL $$;
-- Monday, 20 December 2027, 15:00 UTC: 10:00 in New York
SELECT pg_temp.at('2027-12-20 15:00+00') \g /dev/null
SELECT voiceagent.create_tenant('Law test', 'UTC', 1000) AS tenant \gset
CREATE FUNCTION pg_temp.lead(phone text, zones text[], country text, region text) RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, country, region, created_at)
	VALUES (voiceagent.current_tenant(), phone, 'Lead', zones, country, region, voiceagent.clock()) RETURNING lead_id $$;
CREATE FUNCTION pg_temp.lanes(campaign bigint) RETURNS TABLE(region text, timezones text[], running boolean, opens_at timestamptz, closes_at timestamptz) LANGUAGE sql AS $$
	SELECT l.region, l.timezones, l.running, l.opens_at, l.closes_at
	FROM voiceagent_private.lanes l WHERE l.tenant_id = voiceagent.current_tenant() AND l.campaign_id = campaign ORDER BY l.region COLLATE "C", l.timezones $$;
CREATE FUNCTION pg_temp.show(campaign bigint) RETURNS TABLE(status text, n bigint) LANGUAGE sql AS $$
	SELECT cl.status || coalesce(': ' || cl.reason, ''), count(*) FROM voiceagent.campaign_leads cl
	WHERE cl.tenant_id = voiceagent.current_tenant() AND cl.campaign_id = campaign GROUP BY 1 ORDER BY 1 $$;

BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ada', 'Hello {{first_name}}', 'Be kind.') AS ada \gset
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs') \g /dev/null
SELECT pg_temp.lead('+12025550131', '{America/New_York}', 'US', 'US-DC') AS dc, pg_temp.lead('+13055550131', '{America/New_York}', 'US', 'US-FL') AS fl,
	pg_temp.lead('+14015550131', '{America/New_York}', 'US', 'US-RI') AS ri, pg_temp.lead('+12125550131', '{America/New_York}', 'US', 'US-NY|US-RI') AS two,
	pg_temp.lead('+442071838750', '{Europe/London}', 'GB', NULL) AS gb, pg_temp.lead('+33142278186', '{Europe/Paris}', 'FR', NULL) AS fr,
	pg_temp.lead('+551155256325', '{America/Sao_Paulo}', 'BR', NULL) AS br, pg_temp.lead('+12025550132', '{America/New_York}', NULL, NULL) AS unknown \gset
\set around '{"start": "00:00", "end": "24:00"}'

-- A rehearsal is not bound, one under the law is, and so is every campaign on a real carrier: no setting takes that away.
SELECT voiceagent.create_campaign('Free', :ada, settings => '{"calling_hours": {"start": "00:00", "end": "24:00"}}') AS free \gset
SELECT voiceagent.create_campaign('Lawful', :ada, settings => '{"calling_hours": {"start": "00:00", "end": "24:00"}, "sandbox_obeys_law": true}') AS lawful \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, max_concurrent_calls, created_at)
SELECT :tenant, 'vapi', 'Real', 'https://api.vapi.ai', 10, voiceagent.clock() RETURNING provider_account_id AS real \gset
SELECT voiceagent.create_campaign('Real', :ada, settings => format('{"provider_account_id": %s, "calling_hours": {"start": "00:00", "end": "24:00"}, "sandbox_obeys_law": false}', :real)::jsonb) AS on_real \gset
SELECT c.name, v.lawful FROM voiceagent.campaigns c JOIN voiceagent.campaign_versions v USING (tenant_id, campaign_id, version) WHERE c.tenant_id = :tenant ORDER BY c.campaign_id;
SELECT voiceagent.add_leads(c, ARRAY[:dc, :fl, :ri, :two, :gb, :fr, :br, :unknown]) FROM unnest(ARRAY[:free, :lawful]) c;
SELECT voiceagent.start_campaign(:free);
SELECT voiceagent.start_campaign(:lawful);
SELECT DISTINCT running, opens_at::date, closes_at::date FROM pg_temp.lanes(:free);
SELECT * FROM pg_temp.lanes(:lawful);
-- Hours of the campaign's own narrow the law's
SELECT voiceagent.update_campaign(:lawful, '{"calling_hours": {"start": "06:00", "end": "12:00"}}');
SELECT * FROM pg_temp.lanes(:lawful);
SELECT voiceagent.update_campaign(:lawful, '{"calling_hours": {"start": "00:00", "end": "24:00"}}') \g /dev/null
-- A retry goes to the lane of its jurisdiction; one that is new is made within the law.
SELECT pg_temp.lead('+12255550131', '{America/Chicago}', 'US', 'US-LA') AS la \gset
SELECT voiceagent.add_leads(:lawful, ARRAY[:la]);
SELECT * FROM pg_temp.lanes(:lawful) WHERE region = 'US-LA';

-- Christmas Eve, after closing time: 25 December 2027 is a Saturday
SELECT pg_temp.at('2027-12-25 02:00+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT * FROM pg_temp.lanes(:lawful);
-- ... and New Year, of another year, long after the terms were resolved: they are reckoned anew before they run out.
SELECT pg_temp.at('2028-12-30 02:00+00') \g /dev/null
SELECT count(*) > 0 AS run_out FROM voiceagent_private.jurisdiction_terms k WHERE k.jurisdiction IN ('US-RI', 'FR') AND NOT voiceagent_private.terms_cover(k.holidays_from, k.holidays_until, voiceagent.clock());
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT count(*) AS run_out FROM voiceagent_private.jurisdiction_terms k WHERE NOT voiceagent_private.terms_cover(k.holidays_from, k.holidays_until, voiceagent.clock());
SELECT pg_temp.at('2028-12-31 22:00+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:lawful) WHERE region IN ('US-RI', 'FR', 'US-DC');

-- A rule made stricter: lanes concerned are closed in the same commit, and the schedules task gives them their windows.
SELECT pg_temp.at('2029-01-02 15:00+00') \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.tighten_rule('US-FL', 'hours', '{"start":"09:00","end":"12:00"}', 'storm');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT region, opens_at <= voiceagent.clock() AND closes_at > voiceagent.clock() AS open, voiceagent_private.next_lane_change() <= voiceagent.clock() AS due FROM pg_temp.lanes(:lawful) WHERE region IN ('US-FL', 'US-DC');
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:lawful) WHERE region IN ('US-FL', 'US-DC');
-- Another edition of the rules, after an upgrade, is taken up by itself.
UPDATE voiceagent_private.jurisdiction_terms SET law_version = 0, windows = '{0,0,1}' WHERE jurisdiction = 'US-DC';
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT law_version = voiceagent_private.law_version() AS new, voiceagent_private.describe_hours(windows) FROM voiceagent_private.jurisdiction_terms WHERE jurisdiction = 'US-DC';
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:lawful) WHERE region IN ('US-FL', 'US-DC');
-- Back to the law
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.untighten_rule('US-FL', 'hours');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent_private.advance_lanes() >= 1 AS rolled;
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:lawful) WHERE region IN ('US-FL', 'US-DC');

-- Hours that leave nothing: those leads are skipped, and a NOTICE says which.
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT voiceagent.create_campaign('Early', :ada, settings => '{"calling_hours": {"start": "08:00", "end": "09:00"}, "sandbox_obeys_law": true}') AS early \gset
SELECT pg_temp.lead('+12025550133', '{}', 'US', NULL) AS nowhere \gset
SELECT voiceagent.add_leads(:early, ARRAY[:dc, :fl, :ri, :gb, :fr, :nowhere]);
SELECT voiceagent.start_campaign(:early);
SELECT * FROM pg_temp.show(:early);
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:early);
-- While it runs, too; with other hours they are called after all.
SELECT voiceagent.add_leads(:early, ARRAY[:br]);
SELECT voiceagent.pause_campaign(:early);
SELECT voiceagent.update_campaign(:early, '{"calling_hours": {"start": "08:00", "end": "12:00"}}');
SELECT voiceagent.resume_campaign(:early);
SELECT * FROM pg_temp.show(:early);
SELECT region, opens_at, closes_at FROM pg_temp.lanes(:early);
-- Nobody left: the start is refused.
SELECT voiceagent.create_campaign('Nights', :ada, settings => '{"calling_hours": {"start": "00:00", "end": "06:00"}, "sandbox_obeys_law": true}') AS nights \gset
SELECT voiceagent.add_leads(:nights, ARRAY[:dc, :fl]);
SAVEPOINT s;
SELECT voiceagent.start_campaign(:nights);
ROLLBACK TO s;
ROLLBACK;

-- Days off: the tenant's hold for all its campaigns at once, those that run too; a campaign has its own besides. Tuesday, 4 January 2028.
SELECT pg_temp.at('2028-01-04 15:00+00') \g /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_setting('days_off', '2028-01-07, 2028-01-05..2028-01-06'); SELECT voiceagent.get_setting('days_off');
SELECT voiceagent.create_campaign('Off', voiceagent.create_assistant('Ada', 'Hello', 'Be kind.'),
	settings => '{"calling_hours": {"start": "10:00", "end": "18:00"}, "days_off": "2028-01-04..2028-01-05"}') AS off \gset
SELECT pg_temp.lead('+12025550139', '{America/New_York}', 'US', 'US-DC') AS lead \gset
SELECT calling_hours FROM voiceagent.campaign_versions WHERE tenant_id = :tenant AND campaign_id = :off;
SELECT voiceagent.add_leads(:off, ARRAY[:lead]); SELECT voiceagent.start_campaign(:off);
SELECT opens_at, closes_at FROM pg_temp.lanes(:off);
SELECT why FROM voiceagent.explain_lead(:lead) WHERE what = 'now';
SELECT p -> 'callable' AS callable, p -> 'callable_now' AS now, p #>> '{first_windows,0,opens_at}' AS opens FROM voiceagent.preview_campaign(:off) p;
-- A test rings the tenant's own telephone.
SELECT (voiceagent_private.version_now(jsonb_populate_record(c, '{"type": "test"}'), true)).calling_hours ? 'off' AS off FROM voiceagent.campaigns c WHERE c.campaign_id = :off;
SELECT voiceagent.set_setting('days_off', NULL); SELECT opens_at, closes_at FROM pg_temp.lanes(:off);
SELECT voiceagent.set_setting('days_off', '2028-01-06'); SELECT opens_at, closes_at FROM pg_temp.lanes(:off);
SELECT voiceagent.update_campaign(:off, '{"days_off": null}') > 0 AS changed; SELECT opens_at, closes_at FROM pg_temp.lanes(:off);
SAVEPOINT s;
SELECT voiceagent.set_setting('days_off', 'Christmas'); ROLLBACK TO s;
SELECT voiceagent.set_setting('days_off', '2028-02-30'); ROLLBACK TO s;
SELECT voiceagent.set_setting('days_off', '2028-03-02..2028-03-01'); ROLLBACK TO s;
SELECT voiceagent.set_setting('days_off', '2028-01-01..2029-01-02'); ROLLBACK TO s;
ROLLBACK;
SELECT count(*) AS left_over FROM voiceagent_private.law_tightenings;
