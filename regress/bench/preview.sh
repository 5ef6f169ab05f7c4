#!/usr/bin/env bash
# preview.sh   PREVIEW: preview_campaign() of a campaign under the law, in milliseconds
#
# LEADS (100000) leads in 15 states, nine tenths with a consent, a twentieth on the do-not-call list, half of them called
# two hours ago; RUNS (3) rounds, the tables analysed by nobody.
set -euo pipefail
cd "$(dirname "$0")/../.."
leads=${LEADS:-100000}
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
psql -d bench -v leads="$leads" << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('Preview', 'America/New_York', 1000000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs');
SELECT voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'You sell {{product}}.') AS assistant \gset
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
VALUES (:tenant, 'vapi', 'Carrier', 'https://carrier.example', '{}', 100, now(), now()) RETURNING provider_account_id AS account \gset
SELECT voiceagent.create_campaign('Preview', :assistant, settings => jsonb_build_object('provider_account_id', :account, 'call_interval', 0)) AS campaign \gset
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, timezones, region, context, call_attempts, created_at)
SELECT :tenant, '+1' || 2000000000 + i * 71, 'Ann', 'US', (ARRAY['{America/New_York}', '{America/Chicago}', '{America/Denver}', '{America/Los_Angeles}',
	'{America/New_York,America/Chicago}'])[1 + i % 5]::text[], 'US-' || (ARRAY['NY','TX','CO','CA','FL','MD','OK','CT','RI','AL','LA','MS','WA','OR','IL'])[1 + i % 15],
	'{"product": "roofs"}', i % 2, now() FROM generate_series(1, :leads) i;
INSERT INTO voiceagent.campaign_leads (tenant_id, campaign_id, lead_id, added_at) SELECT tenant_id, :campaign, lead_id, now() FROM voiceagent.leads;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, 'call', 'form', now() FROM voiceagent.leads WHERE lead_id % 10 <> 0;
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) SELECT tenant_id, phone, 'asked', now() FROM voiceagent.leads WHERE lead_id % 20 = 1;
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
	attempt_number, status, outcome, duration_seconds, started_at, ended_at, lawful)
SELECT tenant_id, :campaign, lead_id, phone, :assistant, 1, 1, :account, 1, CASE WHEN lead_id % 3 = 0 THEN 'completed' ELSE 'no_answer' END,
	CASE WHEN lead_id % 3 = 0 THEN 'interested' ELSE 'no_answer' END, CASE WHEN lead_id % 3 = 0 THEN 120 ELSE 0 END,
	now() - interval '2 hours', now() - interval '2 hours', true
FROM voiceagent.leads WHERE call_attempts > 0;
COMMIT;
SQL
for ((round = 1; round <= runs; round++)); do
	seconds=$(psql -d bench << 'SQL'
BEGIN READ ONLY;
SELECT voiceagent_private.set_tenant(tenant_id) FROM voiceagent_private.tenant_directory \g /dev/null
SELECT clock_timestamp() AS began \gset
SELECT voiceagent.preview_campaign(campaign_id) FROM voiceagent.campaigns \g /dev/null
SELECT round(1000 * extract(epoch FROM clock_timestamp() - :'began'));
COMMIT;
SQL
)
	result PREVIEW 'ms' "$seconds"
done
