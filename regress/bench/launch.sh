#!/usr/bin/env bash
# launch.sh   G11: a campaign of LEADS (1000000) leads is launched, scrubbed and queued in one commit, while another tenant dials
#
# Once.  Launch: add_leads() of everybody, confirm_campaign(), start_campaign(), COMMIT.  The campaign may have one call
# at a time, so what is measured of the other tenant is what the launch costs it: from its commit to the carrier's answer, for
# calls that it enqueued meanwhile, 50 a second.  The limit is an INSERT ... SELECT of as many queue rows, with their index.
set -euo pipefail
cd "$(dirname "$0")/../.."
leads=${LEADS:-1000000} jobs=1
settings=(voiceagent.sandbox=off shared_buffers=2GB)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh
new_tenant large
psql -d bench << SQL > /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
SELECT $tenant, '+1' || (3050000000 + g), 'Lead ' || g, 'US', 'US-DC', ARRAY['Etc/GMT' || to_char(extract(hour FROM now() AT TIME ZONE 'UTC')::int - 13, 'SGFM90')], now() FROM generate_series(1, $leads) g;
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at) SELECT $tenant, lead_id, phone, 'call', 'bench', now() FROM voiceagent.leads WHERE tenant_id = $tenant;
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) SELECT $tenant, phone, 'asked', now() FROM voiceagent.leads WHERE tenant_id = $tenant AND lead_id % 100 = 0;
SELECT voiceagent.create_campaign('large', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind, and brief.'), settings => '{"call_interval": 0, "caller_name": "Acme", "caller_phone": "+1 800 555 0100", "call_subject": "roofs",
	"max_concurrent_calls": 1, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}'::jsonb);
SET session_replication_role = replica;
UPDATE voiceagent.campaigns SET provider_account_id = $account WHERE tenant_id = $tenant;
RESET session_replication_role;
COMMIT;
VACUUM ANALYZE;
SQL
large=$tenant
open_campaign other 5000
psql -d bench -c CHECKPOINT
enqueue bench 2 50 4000 <<< "$script" 2> /dev/null &
clients=$!
sleep 2
psql -d bench << SQL > "$dir/launch" || { cat "$dir/launch" >&2; exit 1; }
SELECT clock_timestamp() AS began \gset
BEGIN;
SELECT voiceagent_private.set_tenant($large) AS was \gset
SELECT max(campaign_id) AS campaign FROM voiceagent.campaigns WHERE tenant_id = $large \gset
SELECT voiceagent.add_leads(:campaign) AS added \gset
SELECT voiceagent.confirm_campaign(:campaign, 'large') AS confirmed \gset
SELECT voiceagent.start_campaign(:campaign) AS started \gset
COMMIT;
SELECT :'began', clock_timestamp(), extract(epoch FROM clock_timestamp() - :'began'), (SELECT count(*) FROM voiceagent_private.call_queue WHERE tenant_id = $large);
SQL
IFS='|' read -r began ended took queued < "$dir/launch"
sleep 1
kill "$(pgrep -P "$clients" | head -1)" 2> /dev/null || true
wait "$clients" 2> /dev/null || true
[ "$queued" -gt $((leads * 98 / 100)) ] || { echo "bench: only $queued were queued" >&2; exit 1; }
result G11 seconds "$took"
result G11 rate "$(awk -v n="$leads" -v s="$took" 'BEGIN { printf "%.0f", n / s }')"
percentiles bench G11 '' "e.at BETWEEN '$began' AND '$ended'"
psql -d peer -c 'CREATE TABLE queue (tenant_id bigint, lane_id bigint, priority smallint, not_before timestamptz, campaign_id bigint, lead_id bigint, reason text, PRIMARY KEY (tenant_id, campaign_id, lead_id))' \
	-c 'CREATE INDEX ON queue (tenant_id, lane_id, priority, not_before, lead_id)' -c CHECKPOINT
costs G11 insert "$leads" psql -d peer -c "INSERT INTO queue SELECT 1, 1, 5, now(), 1, g, 'first' FROM generate_series(1, $leads) g"
