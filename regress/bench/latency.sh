#!/usr/bin/env bash
# latency.sh   G6: from the commit that enqueues to the carrier's answer, idle and under 1,000 a second; and from a webhook to its
# committed effects, under 1,000 a second
#
# JOBS (3000) calls under load, 200 at most idle (50 a second), RUNS (5) rounds; how they are enqueued: enqueue.sh.  The peer is
# graphile-worker's add_job() in the same place.  Effects: the commit time of the event call_ended.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-3000}
idle=$((jobs < 200 ? jobs : 200))
settings=(voiceagent.sandbox=off track_commit_timestamp=on)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh
for round in $(seq "$runs"); do
	open_campaign "latency $round" $((jobs + idle + 100))
	all() { wait_for 60 "SELECT count(*) = $1 + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"; }
	enqueue bench 1 50 "$idle" <<< "$script"
	all "$idle"
	percentiles bench G6 'idle '
	enqueue bench 4 1000 "$jobs" <<< "$script"
	all $((idle + jobs))
	percentiles bench G6 'loaded '
	if have graphile-worker; then
		[ "$round" -gt 1 ] || peer graphile.js drain 1 noop > /dev/null
		start_peer peer graphile.js work "http://$carrier/call"
		sleep 1.5
		script="BEGIN;
SELECT nextval('public.turn') AS lead \gset
SELECT graphile_worker.add_job('post', json_build_object('id', :lead::bigint, 'number', '+' || 1000000000 + :lead::bigint));
INSERT INTO public.enqueued SELECT '+' || 1000000000 + :lead::bigint, clock_timestamp();
COMMIT;"
		drained() {
			local until=$((SECONDS + 60))
			until [ "$(psql -d peer -c 'SELECT count(*) FROM graphile_worker._private_jobs')" = 0 ]; do [ $SECONDS -lt $until ] || exit 1; sleep 0.05; done
		}
		psql -d peer -c "SELECT setval('turn', $round * 1000000)" > /dev/null
		enqueue peer 1 50 "$idle" <<< "$script"
		drained
		percentiles peer G6 'graphile idle '
		enqueue peer 4 1000 "$jobs" <<< "$script"
		drained
		percentiles peer G6 'graphile loaded '
		stop_peer
	fi
	reports "$tenant" > "$dir/requests"
	send "$dir/requests" 32 1000 "$dir/due" > /dev/null
	wait_for 300 "SELECT count(*) > $jobs FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome = 'interested'"
	psql -d bench -c 'CREATE TEMP TABLE due (n serial, us bigint)' -c 'COPY due (us) FROM STDIN' -F ' ' -c "SELECT round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY took))::numeric, 3), round((1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY took))::numeric, 3)
		FROM (SELECT extract(epoch FROM pg_xact_commit_timestamp(e.xmin)) - d.us / 1e6 AS took
			FROM (SELECT call_id, row_number() OVER (ORDER BY attempt_id) AS n FROM voiceagent.attempts WHERE tenant_id = $tenant) a JOIN due d USING (n)
			JOIN voiceagent.events e ON e.tenant_id = $tenant AND e.call_id = a.call_id AND e.event_type = 'call_ended') x" < "$dir/due" > "$dir/took"
	read -r p50 p99 < "$dir/took"
	result G6 'webhook p50' "$p50"
	result G6 'webhook p99' "$p99"
done
