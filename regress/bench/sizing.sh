#!/usr/bin/env bash
# sizing.sh   SIZING: what a machine must have: calls an hour by a core, disk of a million calls, memory of each worker
#
# JOBS (5000) calls of the sandbox's people (people.c), of every kind, in a campaign of 28 lanes with retries, once.  A core's hour
# is 3,600 s by the processor time of the whole server for a call from its dial to its settlement (the launch is not in it).  Disk is what the tables and
# indexes grew by, vacuumed; "kept" is what is left of it two years later, when retention has taken what its defaults say.
# Memory is what a worker has of its own (shared buffers are not), before and after.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-5000}
settings=(voiceagent.sandbox=off autovacuum=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
sizes() {
	psql -d bench -F ' ' -c "VACUUM ${1-}" -c "SELECT sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND c.relkind = 'r'"
}
of_own() { awk '/RssAnon/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }
per() { awk -v a="$1" -v b="$2" -v n="$jobs" 'BEGIN { printf "%.0f", (b - a) / n }'; }
# memory [SUFFIX]: of each worker
memory() {
	local pid kind
	while IFS='|' read -r pid kind; do result SIZING "$kind MB${1-}" "$(of_own "$pid")"; done < <(psql -c "
		SELECT pid, split_part(backend_type, ' ', 2) FROM pg_stat_activity WHERE datname = 'bench' AND backend_type LIKE 'voiceagent %'")
}
new_tenant sizing
read -r heap0 index0 <<< "$(sizes)"
launch -v paused=1
read -r heap1 index1 <<< "$(sizes)"
result SIZING lead "$(per $((heap0 + index0)) $((heap1 + index1)))"
launcher=$(psql -c "SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent launcher'")
result SIZING 'launcher MB' "$(of_own "$launcher")"
memory
cpu=$(server_cpu)
as_tenant() { psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "$1" -c COMMIT > /dev/null; }
as_tenant "SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant"
# Looked for seldom: who asks is counted, too.
until [ "$(psql -d bench -c "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'")" = t ]; do sleep 1; done
cpu=$(($(server_cpu) - cpu))
people "$tenant" > "$dir/requests"
before=$(server_cpu)
send "$dir/requests" 32 0 > /dev/null
until [ "$(psql -d bench -c "SELECT NOT EXISTS (SELECT FROM voiceagent_private.inbox) AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls)")" = t ]; do sleep 1; done
cpu=$((cpu + $(server_cpu) - before))
memory ', busy'
result SIZING 'calls an hour a core' "$(awk -v cpu="$cpu" -v n="$jobs" 'BEGIN { printf "%.0f", 3.6e9 / (cpu / n) }')"
read -r heap2 index2 <<< "$(sizes FULL)"
# The launch's rows, rewritten too, are subtracted as they were: the queue's have gone since.
result SIZING tables "$(per "$heap1" "$heap2")"
result SIZING indexes "$(per "$index1" "$index2")"
result SIZING 'MB of a million' "$(awk -v a=$((heap1 + index1)) -v b=$((heap2 + index2)) -v n="$jobs" 'BEGIN { printf "%.0f", (b - a) / n }')"
psql -d bench -f - < regress/bench/retain.sql
psql -d bench << 'SQL' > /dev/null
ALTER SYSTEM SET voiceagent.clock_offset = '730d';
SELECT pg_reload_conf();
CALL public.retain();
SQL
read -r heap3 index3 <<< "$(sizes FULL)"
result SIZING kept "$(per $((heap1 + index1)) $((heap3 + index3)))"
