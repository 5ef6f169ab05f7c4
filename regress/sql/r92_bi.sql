-- What people draw: flat views in the tenant's time zone, and figures that agree with each other and with the rows.
\set ECHO none
\i lib/inbox_setup.inc
\i lib/try.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('BI', ARRAY['5001', '5002', '5003', '5004', '5005', '5006', '5007', '5008']) AS tenant \gset
SELECT pg_temp.dial();
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
SELECT pg_temp.take(
	pg_temp.webhook('5001', 'report', 'customer-ended-call', 60, '{"appointment": {"booked": true, "date": "2026-11-23", "time": "10:00"}}'),
	pg_temp.webhook('5002', 'report', 'customer-busy'), pg_temp.webhook('5003', 'report', 'voicemail', 20),
	pg_temp.webhook('5004', 'report', 'customer-ended-call', 30, '{"do_not_call": true}'),
	pg_temp.webhook('5005', 'report', 'customer-ended-call', 40, '{"interest": "high"}'),
	pg_temp.webhook('5006', 'report', 'customer-did-not-answer'));
SELECT voiceagent_private.apply_inbox(10);
-- A call that came in, missed.
INSERT INTO voiceagent.calls (tenant_id, direction, phone, provider_account_id, provider_call_id, status, outcome, counts, started_at, ended_at)
SELECT :tenant, 'inbound', '+12125559001', min(provider_account_id), 'in-1', 'no_answer', 'no_answer', false, voiceagent.clock(), voiceagent.clock()
FROM voiceagent.provider_accounts WHERE tenant_id = :tenant;
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more;
-- Every word once: a voicemail is answered and not reached, an opt-out reached and no success.
SELECT right(phone, 4) AS number, direction, status, outcome, answered, reached, booked, success, opted_out, interest, campaign, day = (voiceagent.clock() AT TIME ZONE 'America/New_York')::date AS today
FROM voiceagent_bi.call_list ORDER BY phone;
SELECT right(caller_phone, 4) AS number, phone_number IS NOT NULL AS ours, outcome, handling, caller_name, message, follow_up_created, listing, length(transcription) > 20 AS transcribed, summary
FROM voiceagent_bi.phone_calls ORDER BY caller_phone;
\x on
SELECT direction, campaign, calls, answered, reached, machines, booked, successes, callbacks, opt_outs, connect_rate, minutes FROM voiceagent_bi.daily_calls ORDER BY direction, currency;
SELECT calls, dials, inbound, answered, reached, conversions, bookings, connect_rate, conversion_rate, booking_rate FROM voiceagent_bi.daily_metrics;
SELECT calls, completed, reached, active_now, booked, successes, opt_outs, success_rate, average_seconds, sentiment FROM voiceagent_bi.today;
SELECT campaign, leads, leads_called, calls, answered, reached, successes, booked, opt_outs, connect_rate, conversion_rate, appointment_rate FROM voiceagent_bi.campaigns;
SELECT leads, called, reached, successes, opt_outs, contact_rate, conversion_rate, appointment_rate FROM voiceagent_bi.lead_sets;
\x off
SELECT kind, value, sum(calls) AS calls FROM voiceagent_bi.daily_outcomes WHERE kind IN ('outcome', 'interest') GROUP BY kind, value ORDER BY kind, value COLLATE "C";
SELECT count(*) AS days, min(day) = max(day) - 20 AS in_a_row, sum(calls) AS calls, sum(bookings) AS bookings FROM voiceagent_bi.last_21_days;
SELECT direction, calls, unpriced FROM voiceagent_bi.spending ORDER BY direction, currency;
SELECT status, phone FROM voiceagent_bi.appointments;
SELECT count(*) > 5 AS turns FROM voiceagent_bi.transcripts;
SELECT jsonb_pretty(voiceagent.overview() - '{from,to,intents,credits}'::text[]) AS overview;
SELECT jsonb_pretty(voiceagent.campaign_analytics(:c) - '{campaign_id,credits,intents,emotions}'::text[]) AS analytics;
-- of some days: the same of the day of the calls, nothing of days without
SELECT voiceagent.campaign_analytics(:c, day, day) = voiceagent.campaign_analytics(:c) AS that_day, voiceagent.campaign_analytics(:c, day + 1) ->> 'total_calls' AS later, voiceagent.campaign_analytics(:c, to_day := day - 1) -> 'outcomes' AS before
FROM (SELECT max(day) AS day FROM voiceagent_bi.daily_calls) d;
SELECT pg_temp.try(format('SELECT voiceagent.campaign_analytics(%s, ''2026-02-01'', ''2026-01-01'')', :c)) AS backwards, pg_temp.try(format('SELECT voiceagent.campaign_analytics(%s, ''-infinity'')', :c)) AS endless;
SELECT voiceagent.overview(campaign_id := :c) -> 'total_calls' AS of_the_campaign, voiceagent.overview('2020-01-01', '2020-01-02') -> 'total_calls' AS of_another_time;
-- The same, whichever way they are asked, and as a recount of the rows.
SELECT (SELECT sum(calls) FROM voiceagent_bi.daily_calls) AS daily, (SELECT calls FROM voiceagent_bi.today) AS today, (SELECT count(*) FROM voiceagent_bi.call_list WHERE ended_at IS NOT NULL) AS listed,
	(SELECT count(*) FROM voiceagent.calls WHERE tenant_id = :tenant AND outcome IS NOT NULL) AS counted, (SELECT sum(duration_seconds) FROM voiceagent.calls WHERE tenant_id = :tenant) = (SELECT sum(talk_seconds) FROM voiceagent_bi.daily_calls) AS seconds;
-- Two campaigns: intervals and a verdict that says when there is none.
SELECT voiceagent.create_campaign('Empty', (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = :tenant)) AS e \gset
SELECT measure, n_a, hits_a, rate_a, low_a, high_a, n_b, difference, verdict FROM voiceagent.compare_campaigns(:c, :e);
SELECT measure, difference, p_value, verdict FROM voiceagent.compare_campaigns(:c, :c);
SELECT pg_temp.try('SELECT voiceagent.campaign_analytics(0)') AS no_campaign, pg_temp.try('SELECT voiceagent.compare_campaigns(0, 0)') AS neither,
	pg_temp.try('SELECT voiceagent.overview(''2026-02-01'', ''2026-01-01'')') AS backwards, pg_temp.try('SELECT voiceagent.overview(''1926-01-01'', ''2026-01-01'')') AS of_100_years,
	pg_temp.try('SELECT voiceagent.overview(''-infinity'')') AS for_ever;
COMMIT;

-- A member sees the own figures, another tenant none of them, and nobody writes; staff sees what each tenant used.
BEGIN;
SELECT pg_temp.begin_calls('BI of another', ARRAY['5001']) AS other \gset
SET LOCAL ROLE voiceagent_user;
SELECT (SELECT count(*) FROM voiceagent_bi.call_list) AS calls, (SELECT count(*) FROM voiceagent_bi.daily_calls) AS days, (SELECT calls FROM voiceagent_bi.today) AS today,
	(SELECT count(*) FROM voiceagent_bi.daily_outcomes) AS outcomes, voiceagent.overview() -> 'total_calls' AS overview, regexp_replace(pg_temp.try(format('SELECT voiceagent.campaign_analytics(%s)', :c)), ' \d+ ', ' N ') AS campaign;
SELECT pg_temp.try('DELETE FROM voiceagent_bi.daily_calls') AS writes, pg_temp.try('SELECT * FROM voiceagent.tenant_usage()') AS usage_of_all;
ROLLBACK;
SELECT name, campaigns, leads_called, calls, inbound, answered, booked FROM voiceagent.tenant_usage() WHERE tenant_id = :tenant;
-- Every column says what it is.
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = 'voiceagent_bi'::regnamespace AND col_description(c.oid, a.attnum) IS NULL;
