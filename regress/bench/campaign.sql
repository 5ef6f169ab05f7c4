-- A tenant whose campaign of :jobs leads, in 28 lanes (or :lanes), is running (or, with :paused, is ready to), at any hour and
-- within caps that nobody reaches, with two retries (or :retries); prints the tenant.
\if :{?lanes}
\else
\set lanes 28
\endif
\if :{?retries}
\else
\set retries 2
\endif
\if :{?tenant}
\else
SELECT voiceagent.create_tenant('bench ' || clock_timestamp(), 'UTC', 10000000) AS tenant \gset
\endif
SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '100000'), voiceagent.set_setting('account_max_concurrent_calls', '100000') \g /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS before \gset
UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 100000 WHERE tenant_id = :tenant;
-- Where it is midday and the law knows no holidays: a real carrier is asked only in lawful hours.  A lane is a set of zones:
-- one, or those five whose bits are set in its number.  In the first hour of a day midday is 12:00, for there is no GMT-15.
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
SELECT :tenant, '+1212' || (2000000 + i), 'Lead ' || i, 'US', 'US-DC',
	ARRAY(SELECT 'Etc/GMT' || to_char(greatest(extract(hour FROM now() AT TIME ZONE 'UTC')::int, 1) - 13 + bit, 'SGFM90') FROM unnest('{0,-2,-1,1,2}'::int[], '{1,2,4,8,16}'::int[]) u (bit, value)
		WHERE (1 + i % :lanes) & value > 0), now() FROM generate_series(1, :jobs) i;
-- A consent each, as the law wants it from whoever a real carrier calls.
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT :tenant, l.lead_id, l.phone, 'call', 'bench', now() FROM voiceagent.leads l WHERE l.tenant_id = :tenant;
\if :{?obeys_law}
\else
\set obeys_law off
\endif
SELECT voiceagent.create_campaign('bench', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind, and brief.'), settings => '{"call_interval": 0, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs",
	"max_concurrent_calls": 10000, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}'::jsonb
	|| jsonb_build_object('sandbox_obeys_law', :'obeys_law', 'retry_attempts', :retries)) AS campaign \gset
SELECT voiceagent.add_leads(:campaign) AS added \gset
\if :{?account}
-- From the sandbox to the bench's own carrier, which no tenant may do.
SET session_replication_role = replica;
UPDATE voiceagent.campaigns SET provider_account_id = :account WHERE tenant_id = :tenant AND campaign_id = :campaign;
RESET session_replication_role;
SELECT voiceagent.confirm_campaign(:campaign, 'bench') AS confirmed \gset
\endif
SELECT voiceagent.start_campaign(:campaign) AS status \gset
\if :{?paused}
SELECT voiceagent.pause_campaign(:campaign) AS status \gset
\endif
COMMIT;
SELECT :tenant;
