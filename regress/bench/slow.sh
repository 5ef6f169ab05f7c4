#!/usr/bin/env bash
# slow.sh   G5: dispatch to a server that takes 100 ms for an answer, 900 requests in flight, in percent of the ideal 9,000 a second
#
# JOBS (9000) calls of a campaign of 28 lanes, and of a plain one, of one; RUNS (5) rounds.  The peer is graphile-worker with 900 concurrent jobs that post as many bytes and do nothing
# else.  How much of the ideal is reached is bounded by the processor time of a call, when that is more than 1 / 9,000 s.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-9000}
delay=100
settings=(voiceagent.sandbox=off voiceagent.http_max_in_flight=900 max_connections=150)
source regress/bench/lib.sh
source regress/bench/carrier.sh
percent() { awk -v n="$jobs" -v from="$1" -v to="$2" 'BEGIN { printf "%.1f", n / (to - from) / 9000 * 100 }'; }
for round in $(seq "$runs"); do
	for side in ours plain; do
		new_tenant "slow $side $round"
		if [ $side = ours ]; then launch -v paused=1; else launch -v paused=1 "${plain[@]}"; fi
		psql -d bench -c CHECKPOINT
		cpu=$(worker_cpu "$dialling")
		from=$(now)
		psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant" -c COMMIT > /dev/null
		wait_for 300 "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
		to=$(now)
		result G5 $side "$(percent "$from" "$to")"
		result G5 "$side CPU us/call" "$(awk -v a="$cpu" -v b="$(worker_cpu "$dialling")" -v n="$jobs" 'BEGIN { printf "%.1f", (b - a) / n }')"
	done
	if have graphile-worker; then
		result G5 graphile "$(IN_FLIGHT=900 peer graphile.js drain "$jobs" post "http://$carrier/call" | awk '{ printf "%.1f", $1 / 9000 * 100 }')"
	fi
done
