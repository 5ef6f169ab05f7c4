#!/usr/bin/env bash
# latency.sh   G6: from the commit that enqueues to the carrier's answer, idle and under 1,000 a second; and from a webhook to its
# committed effects, under 1,000 a second
#
# JOBS (3000) calls under load, a tenth of them idle, RUNS (5) rounds.  Enqueueing is add_leads() of one lead to a running campaign, by
# pgbench at the rate, 20 a second for idle; the clock is read in a last statement before the COMMIT, and by the carrier when
# it answers.  The peer is graphile-worker's add_job() in the same place.  Effects: the commit time of the event call_ended.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-3000}
settings=(voiceagent.sandbox=off track_commit_timestamp=on)
source regress/bench/lib.sh
source regress/bench/carrier.sh
bench=$(pg_config --bindir)/pgbench
for database in bench peer; do
	psql -d $database -c 'CREATE TABLE public.enqueued (phone text, at timestamptz)' -c 'CREATE TABLE public.answered (us bigint, phone text)' -c 'CREATE SEQUENCE public.turn'
done
# percentiles DATABASE SIDE: of the calls that were enqueued
percentiles() {
	local p50 p99
	curl -s "http://$carrier/" > /dev/null
	psql -d "$1" -c 'TRUNCATE answered' -c 'COPY answered FROM STDIN' < "$dir/answers"
	read -r p50 p99 <<< "$(psql -d "$1" -F ' ' -c "SELECT round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY took))::numeric, 3), round((1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY took))::numeric, 3)
		FROM (SELECT a.us / 1e6 - extract(epoch FROM e.at) AS took FROM enqueued e JOIN answered a USING (phone)) x")"
	result G6 "$2 p50" "$p50"
	result G6 "$2 p99" "$p99"
	psql -d "$1" -c 'TRUNCATE enqueued'
}
# enqueue DATABASE CLIENTS RATE N: the script on standard input
enqueue() {
	cat > "$dir/out/script"
	PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres "$lib/plain-user" "$bench" -n -M prepared -f "$dir/out/script" -c "$2" -j 1 -R "$3" -t "$(($4 / $2))" "$1" > "$dir/out/pgbench" 2>&1 || { cat "$dir/out/pgbench" >&2; exit 1; }
}
for round in $(seq "$runs"); do
	whole=$jobs jobs=$((jobs + jobs / 10 + 100))
	new_tenant "latency $round"
	launch -v paused=1
	jobs=$whole
	# One lead is in the campaign, the others join one by one.
	psql -d bench > "$dir/ids" << SQL
BEGIN;
SELECT voiceagent_private.act_for($tenant) AS was \gset
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = $tenant AND lead_id > (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant);
DELETE FROM voiceagent.campaign_leads WHERE tenant_id = $tenant AND lead_id > (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant);
SELECT voiceagent.resume_campaign(campaign_id) AS status, campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant \gset
COMMIT;
SELECT setval('public.turn', (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant)) AS first \gset
SELECT :campaign_id;
VACUUM ANALYZE;
SQL
	campaign=$(head -1 "$dir/ids")
	wait_for 30 "SELECT count(*) = 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	script="BEGIN;
SELECT voiceagent_private.act_for($tenant);
SELECT nextval('public.turn') AS lead \gset
SELECT voiceagent.add_leads($campaign, ARRAY[:lead::bigint]);
INSERT INTO public.enqueued SELECT phone, clock_timestamp() FROM voiceagent.leads WHERE tenant_id = $tenant AND lead_id = :lead::bigint;
COMMIT;"
	all() { wait_for 60 "SELECT count(*) = $1 + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"; }
	enqueue bench 1 20 $((jobs / 10)) <<< "$script"
	all $((jobs / 10))
	percentiles bench idle
	enqueue bench 4 1000 "$jobs" <<< "$script"
	all $((jobs / 10 + jobs))
	percentiles bench loaded
	if have graphile-worker; then
		[ "$round" -gt 1 ] || peer graphile.js drain 1 noop > /dev/null
		peer graphile.js work "http://$carrier/call" 2> /dev/null &
		worker=$!
		server_pids+=("$worker")
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
		enqueue peer 1 20 $((jobs / 10)) <<< "$script"
		drained
		percentiles peer 'graphile idle'
		enqueue peer 4 1000 "$jobs" <<< "$script"
		drained
		percentiles peer 'graphile loaded'
		kill "$worker"
		wait "$worker" 2> /dev/null || true
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
