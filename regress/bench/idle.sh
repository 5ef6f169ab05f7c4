#!/usr/bin/env bash
# idle.sh   G12: what a database costs in which nothing happens: statements, wake-ups and processor time a minute of all its workers
#
# SECONDS_IDLE (60) seconds, once: a campaign on the sandbox carrier has ended before, so all workers that there can be are there.
# pg-boss and graphile-worker idle beside it, in databases of their own on the same server.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_IDLE:-60}
settings=(shared_preload_libraries=voiceagent,pg_stat_statements pg_stat_statements.track=all autovacuum=off)
source regress/bench/lib.sh
psql -c 'CREATE EXTENSION pg_stat_statements' -c 'CREATE DATABASE boss'
wait_for 30 "SELECT count(*) >= 2 FROM voiceagent_private.worker_status() WHERE state = 'running'"
psql -d bench << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('idle', 'UTC', 1000) AS tenant \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '36000');
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.add_lead('+1 212 555 0100', 'Ann');
SELECT voiceagent.create_campaign('idle', voiceagent.create_assistant('Ann', 'Hello', 'Be brief.'), settings => '{"call_interval": 0,
	"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign), voiceagent.start_campaign(:campaign);
COMMIT;
SQL
wait_for 60 "SELECT status = 'completed' FROM voiceagent.campaigns"
if have graphile-worker; then start_peer peer graphile.js idle; fi
if have pg-boss; then start_peer boss pgboss.js idle; fi
# Ten seconds after its last work a worker tells the statistics, and sleeps.
sleep 20
mapfile -t pids < <(psql -c "SELECT pid FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%'")
[ ${#pids[@]} -ge 3 ] || { echo "bench: only ${#pids[@]} workers" >&2; exit 1; }
cpu() { cat $(printf '/proc/%s/schedstat ' "${pids[@]}") | awk '{ t += $1 } END { printf "%.3f", t / 1e6 }'; }
wakeups() { cat $(printf '/proc/%s/status ' "${pids[@]}") | awk '/voluntary_ctxt_switches/ && !/non/ { t += $2 } END { print t }'; }
psql -c 'SELECT pg_stat_statements_reset()' > /dev/null
cpu=$(cpu) wakeups=$(wakeups)
sleep "$seconds"
minute() { awk -v a="$1" -v b="$2" -v s="$seconds" 'BEGIN { printf "%.3f", (b - a) * 60 / s }'; }
result G12 cpu "$(minute "$cpu" "$(cpu)")"
result G12 wakeups "$(minute "$wakeups" "$(wakeups)")"
statements() { psql -c "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '$1'"; }
result G12 statements "$(minute 0 "$(statements bench)")"
if have pg-boss; then result G12 'pg-boss statements' "$(minute 0 "$(statements boss)")"; fi
if have graphile-worker; then result G12 'graphile statements' "$(minute 0 "$(statements peer)")"; fi
if [ "${DETAIL-}" = 1 ]; then
	psql -c "SELECT d.datname, calls, left(regexp_replace(query, '\s+', ' ', 'g'), 120) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid ORDER BY 1, 2 DESC" >&2
fi
