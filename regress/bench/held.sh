#!/usr/bin/env bash
# held.sh   HELD: the mix's campaigns for MINUTES (5), beside the same while a session of a stranger holds a snapshot, so that no vacuum helps
#
# Eight tenants of JOBS (11000 a tenant for 5 minutes) leads each, of 28 lanes, dial without a pause on the sandbox carrier; the sides are two
# servers, one after the other, of which the second has a session that is idle in a transaction of REPEATABLE READ from before the
# first call on.  Each STEP (30) seconds: calls dialled, processor time of the server's processes, its workers' instructions where perf may count
# them, and of the hot tables: size, dead rows, entries of indexes that were read.  DETAIL=1 prints these for each step, on standard error.
# The figures are those of the last minute: calls a second, processor time a call, bytes of the tables.
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=${MINUTES:-5}
jobs=${JOBS:-$((minutes * 2200))}
step=${STEP:-30}
settings=(voiceagent.sandbox=on autovacuum_naptime=5s)
hot="'call_queue', 'live_calls', 'inbox', 'lanes', 'pacing', 'sandbox_calls', 'ready_tenants', 'campaign_leads', 'leads', 'calls', 'attempts', 'ledgers', 'credit_holds', 'campaigns'"
source regress/bench/lib.sh

look() { # SIDE: one line: seconds, calls, CPU us, Minstructions of the workers, bytes, dead rows
	psql -d bench -c "SELECT (SELECT last_value FROM voiceagent.calls_call_id_seq), (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
		WHERE c.relkind = 'r' AND c.relname IN ($hot) AND c.relnamespace::regnamespace::text LIKE 'voiceagent%')"
}
detail() {
	psql -d bench -F ' ' -c "SELECT s.relname, pg_relation_size(s.relid) / 8192, pg_indexes_size(s.relid) / 8192, s.n_live_tup, s.n_dead_tup, s.n_tup_upd - s.n_tup_hot_upd,
			(SELECT string_agg(i.indexrelname || '=' || i.idx_scan || '/' || i.idx_tup_read || '/' || i.idx_tup_fetch, ' ' ORDER BY i.indexrelname) FROM pg_stat_user_indexes i WHERE i.relid = s.relid AND i.idx_scan > 0)
		FROM pg_stat_user_tables s WHERE s.n_tup_upd + s.n_tup_del > 500 ORDER BY s.n_dead_tup DESC LIMIT 24" | sed 's/^/    /' >&2
}
# kinds: microseconds of a processor by kind of process
kinds() {
	local pid
	for pid in $(pgrep -P "$(head -1 "$dir/data/postmaster.pid")"); do
		printf '%s\t%s\n' "$(tr '\0' ' ' < "/proc/$pid/cmdline")" "$(cat "/proc/$pid/schedstat")"
	done 2> /dev/null | awk -F '\t' '{ kind = $1; sub(/^postgres: /, "", kind); sub(/^voiceagent /, "", kind); sub(/ .*/, "", kind)
		split($2, t, " "); us[kind] += t[1] / 1000 } END { for (kind in us) printf "%s %.0f\n", kind, us[kind] }'
}

measure() { # SIDE
	local side=$1 tenants= tenant calls bytes cpu before_calls before_cpu at before_at first_calls= i
	psql -d bench -c "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000')" > /dev/null
	wait_for 30 "SELECT bool_and(state IN ('running', 'resting')) FROM voiceagent_private.worker_status()"
	for i in 1 2 3 4 5 6 7 8; do
		tenant=$(psql -d bench -c "SELECT voiceagent.create_tenant('held $i', 'America/New_York', 10000000)")
		psql -d bench -v jobs="$jobs" -v tenant="$tenant" -v people=mix < regress/bench/people.sql > /dev/null
		tenants+=${tenants:+,}$tenant
	done
	psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
	if [ "$side" = held ]; then
		# A session of its own database user, as a report that somebody left open.
		coproc HOLDER { "$lib/server" psql "$dir" -qAt -d bench; }
		printf 'BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM voiceagent.calls;\n' >&"${HOLDER[1]}"
		read -r i <&"${HOLDER[0]}"
	fi
	psql -d bench > /dev/null << SQL
DO \$\$
DECLARE r record;
BEGIN
	FOR r IN SELECT tenant_id, campaign_id FROM voiceagent.campaigns WHERE tenant_id IN ($tenants) LOOP
		PERFORM voiceagent_private.set_tenant(r.tenant_id);
		PERFORM voiceagent.start_campaign(r.campaign_id);
	END LOOP;
END \$\$;
SQL
	IFS='|' read -r before_calls bytes <<< "$(look)"
	before_cpu=$(server_cpu)
	before_at=$(now)
	kinds > "$dir/kinds"
	for ((i = step; i <= minutes * 60; i += step)); do
		sleep "$step"
		IFS='|' read -r calls bytes <<< "$(look)"
		cpu=$(server_cpu)
		at=$(now)
		if [ "${DETAIL-}" = 1 ]; then
			awk -v s="$side" -v i="$i" -v n=$((calls - before_calls)) -v c=$((cpu - before_cpu)) -v a="$at" -v b="$before_at" -v bytes="$bytes" \
				'BEGIN { printf "%s %d s: %.0f calls/s, %.0f us a call, %.0f MB\n", s, i, n / (a - b), c / n, bytes / 1e6 }' >&2
			kinds > "$dir/kinds2"
			awk -v n=$((calls - before_calls)) 'FNR == NR { b[$1] = $2; next } { printf "  %s %.0f", $1, ($2 - b[$1]) / n } END { print "" }' "$dir/kinds" "$dir/kinds2" >&2
			[ $((i % 60)) != 0 ] || detail
		fi
		kinds > "$dir/kinds"
		if ((i == step)); then result HELD "$side, calls/s at first" "$(rate $((calls - before_calls)) "$before_at" "$at")"; fi
		if ((i + step > minutes * 60)); then
			result HELD "$side, calls/s" "$(rate $((calls - before_calls)) "$before_at" "$at")"
			result HELD "$side, CPU us" "$(((cpu - before_cpu) / (calls - before_calls)))"
			result HELD "$side, MB" "$((bytes / 1000000))"
		fi
		before_calls=$calls before_cpu=$cpu before_at=$at
	done
	if [ "$side" = held ]; then
		exec {HOLDER[1]}>&-
	fi
}
began=
for side in ${SIDES:-free held}; do
	[ -z "$began" ] || { "$lib/server" stop "$dir"; rm -rf "$dir/data"; "$lib/server" start "$dir" fsync=on shared_buffers=512MB max_wal_size=8GB checkpoint_timeout=1h "${settings[@]}" > /dev/null
		psql -c 'CREATE DATABASE bench'; psql -d bench -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION voiceagent CASCADE'; }
	began=1
	measure "$side"
done
