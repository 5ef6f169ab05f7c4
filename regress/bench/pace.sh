#!/usr/bin/env bash
# pace.sh   PACE: what a lone call costs the dialer beside 0, 30 and 1,000 tenants that wait for the default pace of their campaigns
#
# JOBS (200) calls, one at a time, 20 a second, RUNS (5) rounds.  Each of the others has a campaign of default settings on the
# sandbox's account, which has just dialled: its next lead is due, its pace (an hour here, so that the round is quiet) is not.
# As many again have an account that is not active, so that their leads are due and nothing lets them dial.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-200}
settings=(voiceagent.sandbox=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh

lone() {
	local before
	open_campaign "pace $1 $round" $((jobs + 10)) "${plain[@]}"
	sleep 2
	before=$(worker_cpu dialer)
	enqueue bench 1 20 "$jobs" <<< "$script"
	wait_for 60 "SELECT count(*) = $jobs + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	result PACE "beside $1" "$(per_item "$before" "$(worker_cpu dialer)" "$jobs")"
}
per_item() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.1f", (b - a) / n }'; }
made=0
for n in 0 30 1000; do
	[ "$n" = 0 ] || others $((made + 1)) $((2 * n))
	made=$((2 * n))
	psql -d bench -c 'VACUUM ANALYZE'
	for round in $(seq "$runs"); do lone "$n"; done
done
