#!/usr/bin/env bash
# chaos.sh   CHAOS: seconds until the mix is dialled at 90 % of its rate again: after a restart of the server, an end and a kill of its
# workers, beside sessions that take all connections, and behind a disk that takes 200 ms for each flush
#
# The campaigns of held.sh: JOBS (4000) leads for each of eight tenants.  The clock of a restart and of a kill runs from the moment at which the
# server takes sessions again.  On a machine that does other work the rate differs by more than a tenth from one second to the
# next: repeat what is near a goal.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-4000}
settings=(voiceagent.sandbox=on restart_after_crash=on max_connections=60 superuser_reserved_connections=5)
disk=$(mktemp -d)
printf '\0\0\0\0\0\0\0\0' > "$disk/disk"
chmod -R a+rX "$disk"
cc -O2 -shared -fPIC -o "$disk/disk.so" regress/fakes/disk.c
export VOICEAGENT_DISK=$disk/disk LD_PRELOAD=$disk/disk.so
source regress/bench/lib.sh
unset LD_PRELOAD
disk_takes() { python3 -c "import struct, sys; open('$disk/disk', 'r+b').write(struct.pack('q', $1))"; }
psql -d bench -c "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000')" -c 'CREATE ROLE crowd LOGIN' > /dev/null
wait_for 30 "SELECT bool_and(state IN ('running', 'resting')) FROM voiceagent_private.worker_status()"
for i in 1 2 3 4 5 6 7 8; do
	tenant=$(psql -d bench -c "SELECT voiceagent.create_tenant('chaos $i', 'America/New_York', 10000000)")
	psql -d bench -v jobs="$jobs" -v tenant="$tenant" -v people=mix < regress/bench/people.sql > /dev/null
done
psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
psql -d bench > /dev/null << 'SQL'
DO $$
DECLARE r record;
BEGIN
	FOR r IN SELECT tenant_id, campaign_id FROM voiceagent.campaigns LOOP
		PERFORM voiceagent_private.set_tenant(r.tenant_id);
		PERFORM voiceagent.start_campaign(r.campaign_id);
	END LOOP;
END $$;
SQL
sleep 20
dialled() { psql -d bench -c 'SELECT last_value FROM voiceagent.calls_call_id_seq' 2> /dev/null || true; }
# steady: the rate of five seconds, as before
steady() {
	local from to n
	from=$(now) n=$(dialled)
	sleep 5
	to=$(now)
	before=$(rate "$(($(dialled) - n))" "$from" "$to")
}
# recovered SIDE FROM: result: seconds after FROM at which a window of two seconds began that had 90 % of the rate, before or in the last
# ten of 40 seconds from now on, whichever was lower, for the mix itself becomes slower and quicker; 40: none
recovered() {
	local until=$((SECONDS + 40)) n
	: > "$dir/counted"
	while [ $SECONDS -lt $until ]; do
		n=$(dialled)
		[ -z "$n" ] || echo "$(now) $n" >> "$dir/counted"
		sleep 0.2
	done
	result CHAOS "$1, s" "$(awk -v from="$2" -v r="$before" '
		{ at[NR] = $1; n[NR] = $2 }
		END {
			for (i = NR; i > 1 && at[NR] - at[i] < 10; i--);
			later = (n[NR] - n[i]) / (at[NR] - at[i])
			if (later < r) r = later
			for (i = j = 1; i < NR; i++) {
				for (; j < NR && at[j] - at[i] < 2; j++);
				if (at[j] - at[i] >= 2 && (n[j] - n[i]) / (at[j] - at[i]) >= 0.9 * r) { s = at[i] - from; printf "%.1f", (s > 0 ? s : 0); exit }
			}
			print 40
		}' "$dir/counted")"
}
for round in $(seq "$runs"); do
	steady
	result CHAOS 'rate before' "$before"
	"$lib/server" restart "$dir" > /dev/null
	recovered restart "$(now)"

	sleep 5; steady
	psql -d bench -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent %' AND datname = 'bench'" > /dev/null
	recovered 'workers ended' "$(now)"

	sleep 5; steady
	kill -9 "$(psql -d bench -c "SELECT min(pid) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent applier%'")"
	sleep 0.3
	until [ -n "$(dialled)" ]; do sleep 0.1; done
	recovered 'a worker killed' "$(now)"

	sleep 5; steady
	crowd=()
	for ((i = 0; i < 60; i++)); do
		sleep 50 | "$lib/server" psql "$dir" -qAt -U crowd -d bench > /dev/null 2>&1 &
		crowd+=($!)
	done
	sleep 1
	recovered 'connections gone' "$(now)"
	kill "${crowd[@]}" 2> /dev/null || true

	sleep 5; steady
	disk_takes 200
	sleep 3
	from=$(now) n=$(dialled)
	sleep 10
	result CHAOS 'slow disk, share of the rate' "$(awk -v n="$(($(dialled) - n))" -v a="$from" -v b="$(now)" -v r="$before" 'BEGIN { printf "%.2f", n / (b - a) / r }')"
	disk_takes 0
	recovered 'disk quick again' "$(now)"
done
rm -rf "$disk"
