#!/usr/bin/env bash
# isolated.sh   ISOLATED: what a call costs that shares its commits with none, and with 3 and with 15 others: in a campaign of 28 lanes
# in which 2,800 leads wait, beside RESTING (1,000) tenants of default settings that have nothing due
#
# JOBS (20) batches of 1, 4 and 16 calls, one after the other, RUNS (5) rounds: their leads are added (add_leads() and its commit),
# dialled, and told of by four webhooks each, and each kind of these is sent when the one before is applied.  CPU is that of all
# workers.  Then JOBS calls by themselves, whose statements are counted: "top" are those that a worker sends, "all" with those inside
# of functions, "planned" how many were planned more than three times, which DETAIL=1 lists.  WAL is without images of whole pages.
set -euo pipefail
cd "$(dirname "$0")/../.."
batches=${JOBS:-20} resting=${RESTING:-1000} jobs=2800
settings=(voiceagent.sandbox=off shared_preload_libraries=voiceagent,pg_stat_statements pg_stat_statements.track=none pg_stat_statements.track_planning=on autovacuum=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
psql -d bench -c 'CREATE EXTENSION pg_stat_statements' -c 'CREATE EXTENSION pg_walinspect'
# The bench's own statements are not counted.
psql() { "$lib/server" psql "$dir" -qAt -v ON_ERROR_STOP=1 "${@/#bench/dbname=bench options=-cpg_stat_statements.track=none}"; }
applied() { wait_for 30 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.inbox)"; }
track() { psql -c "ALTER SYSTEM SET pg_stat_statements.track = '$1'" -c 'SELECT pg_reload_conf()' > /dev/null; }

# one_batch SIZE: calls from their leads' being added to their settlement
one_batch() {
	local done=$added kind
	added=$((added + $1))
	psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "SELECT voiceagent.add_leads($campaign, ARRAY(SELECT generate_series($((first + done)), $((first + added - 1)))))" -c COMMIT > /dev/null
	wait_for 30 "SELECT count(*) = $added FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	for kind in ringing in-progress ended report; do
		if [ "$kind" = report ]; then reports "$tenant"; else statuses "$tenant" "$kind"; fi | tail -"$1" > "$dir/requests"
		read -r _ _ errors _ <<< "$(send "$dir/requests" "$1" 0)"
		[ "$errors" = 0 ] || { echo "bench: a webhook was refused" >&2; exit 1; }
		applied
	done
	wait_for 30 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.live_calls WHERE tenant_id = $tenant)"
}
a_call() { awk -v n="$2" -v calls="$(($1 * batches))" 'BEGIN { printf "%.1f", n / calls }'; }

others 1 "$resting"
# What is kept of new tenants is looked at once, which is no part of a call: tomorrow.
psql -d bench -c "UPDATE voiceagent_private.retention_marks SET next_at = now() + interval '1 day'"
wait_for 300 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.maintenance_jobs WHERE next_at <= now() + interval '2 seconds')"
dialling='outbound|dialer|requests'
for round in $(seq "$runs"); do
	new_tenant "isolated $round"
	jobs=$((2810 + 22 * batches)) added=0
	launch -v paused=1
	# All but those who will be added wait for tomorrow.
	campaign=$(psql -d bench << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant) AS was \gset
SELECT lead_id AS first FROM voiceagent.leads WHERE tenant_id = $tenant ORDER BY lead_id OFFSET 2800 LIMIT 1 \gset
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = $tenant AND lead_id >= :first;
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = $tenant AND lead_id >= :first;
UPDATE voiceagent_private.call_queue SET not_before = not_before + interval '1 day' WHERE tenant_id = $tenant;
SELECT voiceagent.resume_campaign(campaign_id) AS status FROM voiceagent.campaigns WHERE tenant_id = $tenant \gset
COMMIT;
SELECT campaign_id, :first FROM voiceagent.campaigns WHERE tenant_id = $tenant;
SQL
	)
	IFS='|' read -r campaign first <<< "$campaign"
	psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
	# The dialer looks at everybody and learns that nobody is due, and the workers make their plans.
	until at=$(worker_cpu "$dialling"); sleep 1; [ $(($(worker_cpu "$dialling") - at)) -lt 50000 ]; do :; done
	for ((batch = 0; batch < 5; batch++)); do one_batch 1; done
	for size in 1 4 16; do
		out=$(worker_cpu "$dialling") in=$(worker_cpu "$receiving")
		for ((batch = 0; batch < batches; batch++)); do one_batch "$size"; done
		out=$(($(worker_cpu "$dialling") - out)) in=$(($(worker_cpu "$receiving") - in))
		result ISOLATED "$size a batch, CPU us of outbound" "$(a_call "$size" "$out")"
		result ISOLATED "$size a batch, CPU us of inbound and applier" "$(a_call "$size" "$in")"
		result ISOLATED "$size a batch, CPU us" "$(a_call "$size" $((out + in)))"
	done
	track all
	# A reload has the dialer look at everybody once, and the workers plan anew.
	sleep 3
	for ((batch = 0; batch < 5; batch++)); do one_batch 1; done
	psql -d bench -c 'SELECT pg_stat_statements_reset()' > /dev/null
	wal=0
	for ((batch = 0; batch < batches; batch++)); do
		from=$(psql -d bench -c 'SELECT pg_current_wal_flush_lsn()')
		one_batch 1
		wal=$((wal + $(psql -d bench -c "SELECT sum(record_size) FROM pg_get_wal_stats('$from', pg_current_wal_flush_lsn())")))
	done
	track none
	result ISOLATED 'WAL bytes' $((wal / batches))
	read -r top all planned <<< "$(psql -d bench -F ' ' -c "SELECT round(sum(calls) FILTER (WHERE toplevel) / $batches, 1), round(sum(calls) / $batches, 1), count(*) FILTER (WHERE plans > 3)
		FROM pg_stat_statements")"
	result ISOLATED 'statements, top' "$top"
	result ISOLATED 'statements, all' "$all"
	result ISOLATED 'statements planned more than three times' "$planned"
	if [ "${DETAIL-}" = 1 ]; then
		psql -d bench -c "SELECT plans, calls, round(total_plan_time::numeric, 1), round(total_exec_time::numeric, 1), left(regexp_replace(query, '\s+', ' ', 'g'), 150)
			FROM pg_stat_statements WHERE plans > 3 ORDER BY total_plan_time DESC" >&2
		psql -d bench -c "SELECT calls, round(total_exec_time::numeric / $batches, 3), toplevel, left(regexp_replace(query, '\s+', ' ', 'g'), 150)
			FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 40" >&2
	fi
done
