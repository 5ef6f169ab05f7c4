#!/usr/bin/env bash
# latency.sh   G6: from the commit that enqueues to the carrier's answer, idle and under 1,000 a second; and from a webhook to its
# committed effects, under 1,000 a second
#
# JOBS (3000) calls under load, 200 at most idle (50 a second), RUNS (5) rounds; how they are enqueued: enqueue.sh; into a campaign of
# 28 lanes, and into a plain one, of one.  The peer is graphile-worker's add_job() in the same place.  Webhooks: all of what
# the sandbox's people did (people.c), and of the plain calls the reports.  Effects: the commit time of the event
# call_ended, after the call's report was due: the status "ended", 100 calls before it here, only has the report awaited.  The first
# 100 calls are not counted: with them gateway and applier make their plans, which VACUUM ANALYZE (open_campaign) had made void.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-3000}
idle=$((jobs < 200 ? jobs : 200))
settings=(voiceagent.sandbox=off track_commit_timestamp=on)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh
all() { wait_for 60 "SELECT count(*) = $1 + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"; }
# dials PREFIX PSQL-OPTION...
dials() {
	open_campaign "latency $1$round" $((jobs + idle + 100)) "${@:2}"
	enqueue bench 1 50 "$idle" <<< "$script"
	all "$idle"
	percentiles bench G6 "$1idle "
	enqueue bench 4 1000 "$jobs" <<< "$script"
	all $((idle + jobs))
	percentiles bench G6 "$1loaded "
}
# webhooks PREFIX: the requests in the file
webhooks() {
	send "$dir/requests" 32 1000 "$dir/due" > /dev/null
	settled "$tenant"
	awk '{ match($0, /"id": *"bench-[0-9]+/); id = substr($0, RSTART, RLENGTH); sub(/.*"/, "", id)
		print id "\t" (/"end-of-call-report"/ ? "t" : "f") }' "$dir/requests" | paste "$dir/due" - > "$dir/told"
	psql -d bench -c 'CREATE TEMP TABLE told (us bigint, id text, reports boolean)' -c 'COPY told FROM STDIN' -F ' ' -c "
		SELECT round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY took))::numeric, 3), round((1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY took))::numeric, 3)
		FROM (SELECT extract(epoch FROM pg_xact_commit_timestamp(e.xmin)) - min(t.us) / 1e6 AS took
			FROM told t JOIN voiceagent.attempts a ON a.tenant_id = $tenant AND a.provider_call_id = t.id
			JOIN voiceagent.events e ON e.tenant_id = a.tenant_id AND e.call_id = a.call_id AND e.event_type = 'call_ended'
			WHERE t.reports GROUP BY e.call_id, e.xmin ORDER BY min(t.us) OFFSET 100) x" < "$dir/told" > "$dir/took"
	read -r p50 p99 < "$dir/took"
	result G6 "$1webhook p50" "$p50"
	result G6 "$1webhook p99" "$p99"
}
for round in $(seq "$runs"); do
	dials 'plain ' "${plain[@]}"
	reports "$tenant" > "$dir/requests"
	webhooks 'plain '
	dials ''
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
	people "$tenant" > "$dir/requests"
	webhooks ''
done
