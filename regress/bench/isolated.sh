#!/usr/bin/env bash
# isolated.sh   ISOLATED: what one call costs that nothing shares a commit with: of a campaign of 28 lanes in which 2,800 leads wait
#
# JOBS (20) calls, one after the other, RUNS (5) rounds: a lead is added (add_leads() and its commit), dialled, and told of by four
# webhooks, each sent when the one before is applied.  WAL is without images of whole pages; statements "top" are those that
# a worker sends, "all" with those inside of functions.
set -euo pipefail
cd "$(dirname "$0")/../.."
calls=${JOBS:-20} jobs=2800
settings=(voiceagent.sandbox=off shared_preload_libraries=voiceagent,pg_stat_statements pg_stat_statements.track=all autovacuum=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
psql -d bench -c 'CREATE EXTENSION pg_stat_statements' -c 'CREATE EXTENSION pg_walinspect'
applied() { wait_for 30 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.inbox)"; }
for round in $(seq "$runs"); do
	new_tenant "isolated $round"
	jobs=$((2800 + calls))
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
	# The lanes learn that nobody is due.
	sleep 2
	wal=0
	psql -d bench -c 'SELECT pg_stat_statements_reset()' > /dev/null
	for ((call = 0; call < calls; call++)); do
		from=$(psql -d bench -c 'SELECT pg_current_wal_flush_lsn()')
		psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "SELECT voiceagent.add_leads($campaign, ARRAY[$((first + call))::bigint])" -c COMMIT > /dev/null
		wait_for 30 "SELECT count(*) > $call FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
		for status in ringing in-progress ended; do statuses "$tenant" "$status" | tail -1; done > "$dir/told"
		reports "$tenant" | tail -1 >> "$dir/told"
		while IFS= read -r told; do
			printf '%s\n' "$told" > "$dir/requests"
			read -r _ _ errors _ <<< "$(send "$dir/requests" 1 0)"
			[ "$errors" = 0 ] || { echo "bench: a webhook was refused" >&2; exit 1; }
			applied
		done < "$dir/told"
		wait_for 30 "SELECT NOT EXISTS (SELECT FROM voiceagent_private.live_calls WHERE tenant_id = $tenant)"
		wal=$((wal + $(psql -d bench -c "SELECT sum(record_size) FROM pg_get_wal_stats('$from', pg_current_wal_flush_lsn())")))
	done
	result ISOLATED 'WAL bytes' $((wal / calls))
	read -r top all <<< "$(psql -d bench -F ' ' -c "SELECT round(sum(calls) FILTER (WHERE toplevel) / $calls, 1), round(sum(calls) / $calls, 1) FROM pg_stat_statements WHERE userid <> 'postgres'::regrole")"
	result ISOLATED 'statements, top' "$top"
	result ISOLATED 'statements, all' "$all"
done
