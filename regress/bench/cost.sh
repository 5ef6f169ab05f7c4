#!/usr/bin/env bash
# cost.sh   COST: what a finished call costs from end to end: dialled, told of by its webhooks, closed, charged
#
# The calls are those of the sandbox's people (people.c), of every kind, in a campaign of 28 lanes with retries; beside them plain
# ones, of one lane: answered, with four webhooks (ringing, in progress, ended, and a report of 2 KB with eight turns).
# JOBS (5000) calls, RUNS (3) rounds, and one more in which statements are counted (pg_stat_statements costs CPU of its own).
# Statements: "top" are those that a worker sends, "all" with those inside of functions.  WAL without images of whole pages, and
# these by themselves (they depend on when a checkpoint was).  Row versions and row locks are counted in the WAL, so it is
# exact, whoever wrote them.  DETAIL=1 prints the statements, tables and kinds of WAL that the calls cost, dearest first.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-5000}
settings=(voiceagent.sandbox=off shared_preload_libraries=voiceagent,pg_stat_statements pg_stat_statements.track=none autovacuum=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
psql -d bench -c 'CREATE EXTENSION pg_stat_statements' -c 'CREATE EXTENSION pg_walinspect'

detail() { if [ "${DETAIL-}" = 1 ]; then cat >&2; else cat > /dev/null; fi; }
cost() { result COST "$1" "$(awk -v n="$2" -v jobs="$jobs" 'BEGIN { printf "%.3f", n / jobs }')"; }
lsn() { psql -d bench -c 'SELECT pg_current_wal_flush_lsn()'; }

begin_phase() {
	phase=$1 phase_out=$(worker_cpu "$dialling") phase_in=$(worker_cpu "$receiving")
	psql -d bench -c 'SELECT pg_stat_statements_reset(), pg_stat_reset()' > /dev/null
	phase_lsn=$(lsn)
}
# Values of the phases are added up as "whole" (one more result each).
declare -A whole
counted() {
	cost "$phase: $1" "$2"
	whole[$1]=$(awk -v a="${whole[$1]-0}" -v b="$2" 'BEGIN { printf "%.0f", a + b }')
}
end_phase() {
	local to kind n top all
	to=$(lsn)
	if [ "$counting" = yes ]; then
		read -r top all <<< "$(psql -d bench -F ' ' -c "SELECT coalesce(sum(calls) FILTER (WHERE toplevel), 0), coalesce(sum(calls), 0)
			FROM pg_stat_statements WHERE userid <> 'postgres'::regrole")"
		counted 'statements, top' "$top"
		counted 'statements, all' "$all"
		detail <<< "== $phase: statements (calls, ms, rows, WAL a call, top)"
		psql -d bench -c "SELECT calls, round(total_exec_time::numeric, 1), rows, round(wal_bytes / $jobs), toplevel, left(regexp_replace(query, '\s+', ' ', 'g'), 150)
			FROM pg_stat_statements WHERE userid <> 'postgres'::regrole ORDER BY total_exec_time DESC LIMIT 30" | detail
		return
	fi
	counted 'CPU of outbound, us' $(($(worker_cpu "$dialling") - phase_out))
	counted 'CPU of inbound and applier, us' $(($(worker_cpu "$receiving") - phase_in))
	while IFS='|' read -r kind n; do counted "$kind" "$n"; done < <(psql -d bench << SQL
WITH wal AS MATERIALIZED (SELECT * FROM pg_get_wal_stats('$phase_lsn', '$to', true)),
kinds (nr, kind, pattern) AS (VALUES (3, 'row versions inserted', '^Heap2?/(MULTI_)?INSERT'), (4, 'row versions updated', '^Heap/UPDATE'),
	(5, 'row versions updated, HOT', '^Heap/HOT_UPDATE'), (6, 'row versions deleted', '^Heap/DELETE'), (7, 'row locks', '^Heap/LOCK|^Heap2/LOCK'),
	(8, 'index entries', '^Btree/INSERT_(LEAF|POST)|^Btree/DEDUP'))
SELECT kind, n FROM (
	SELECT 1 AS nr, 'WAL bytes' AS kind, sum(record_size) AS n FROM wal
	UNION ALL SELECT 2, 'WAL bytes of page images', sum(fpi_size) FROM wal
	UNION ALL SELECT nr, kind, coalesce(sum(count), 0) FROM kinds LEFT JOIN wal ON "resource_manager/record_type" ~ pattern GROUP BY 1, 2
) x ORDER BY nr;
SQL
	)
	detail <<< "== $phase: kinds of WAL (kind, records and bytes a call)"
	psql -d bench -c "SELECT \"resource_manager/record_type\", round(count::numeric / $jobs, 2), round(record_size::numeric / $jobs)
		FROM pg_get_wal_stats('$phase_lsn', '$to', true) WHERE count > 0 ORDER BY record_size DESC LIMIT 12" | detail
	if [ "${DETAIL-}" = 1 ]; then
		# An idle worker flushes its statistics after ten seconds.
		sleep 11
		detail <<< "== $phase: tables (inserted, updated, of these HOT, deleted a call)"
		psql -d bench -c "SELECT relname, round(n_tup_ins::numeric / $jobs, 2), round(n_tup_upd::numeric / $jobs, 2), round(n_tup_hot_upd::numeric / $jobs, 2), round(n_tup_del::numeric / $jobs, 2)
			FROM pg_stat_all_tables WHERE relname !~ '^pg_' AND n_tup_ins + n_tup_upd + n_tup_del > $jobs / 50 ORDER BY n_tup_ins + n_tup_upd + n_tup_del DESC" | detail
	fi
}

for round in $(seq $((runs + 1))); do
	counting=no
	if [ "$round" -gt "$runs" ]; then
		counting=yes
		psql -c "ALTER SYSTEM SET pg_stat_statements.track = 'all'" -c 'SELECT pg_reload_conf()' > /dev/null
	fi
	for side in '' 'plain '; do
		whole=()
		new_tenant "cost $side$round"
		# The launch is no part of it.
		if [ -z "$side" ]; then launch -v paused=1; else launch -v paused=1 "${plain[@]}"; fi
		psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
		begin_phase "${side}dial"
		psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant" -c COMMIT > /dev/null
		wait_for 300 "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
		end_phase
		if [ -z "$side" ]; then
			people "$tenant" > "$dir/requests"
		else
			for status in ringing in-progress ended; do statuses "$tenant" "$status"; done > "$dir/requests"
			reports "$tenant" >> "$dir/requests"
		fi
		begin_phase "${side}webhooks"
		read -r sent _ errors _ <<< "$(send "$dir/requests" 32 0)"
		[ "$errors" = 0 ] || { echo "bench: $errors of $sent webhooks were refused" >&2; exit 1; }
		settled "$tenant"
		end_phase
		for kind in "${!whole[@]}"; do cost "${side}whole: $kind" "${whole[$kind]}"; done
	done
done
