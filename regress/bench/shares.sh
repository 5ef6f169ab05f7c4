#!/usr/bin/env bash
# shares.sh   SHARES: a tenant's calls a second, at half of saturation, alone and beside another tenant's hostile sessions
#
# Default settings, 100 tenants at rest.  Each round finds out how many calls a second the server dials at most, then has half
# as many enqueued for RATE_SECONDS (6): alone, and beside sessions of one login role that do one thing, as many as it may have
# connections.  "calls/s" is from the first call that is enqueued to the last answer, so that a side that keeps pace reaches what
# alone reaches.  What the library refuses is caught where it is refused, so that a session goes on trying.  The hostile clients run at nice 19: they
# would have a machine of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
rate_seconds=${RATE_SECONDS:-6}
jobs=${JOBS:-1500}
settings=(voiceagent.sandbox=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
source regress/bench/enqueue.sh
hostile_pids=()

# refused STATEMENT: tried, and tried again
refused() { echo "DO \$\$ BEGIN $1; EXCEPTION WHEN insufficient_privilege THEN NULL; END \$\$;"; }
hostile_script() {
	case $1 in
		notify) refused "FOR i IN 1..50 LOOP BEGIN NOTIFY a, 'flood'; EXCEPTION WHEN insufficient_privilege THEN NULL; END; END LOOP" ;;
		locks)
			refused 'PERFORM pg_advisory_lock(g) FROM generate_series(1, 100000) g'
			echo 'BEGIN;'
			echo "DO \$\$ DECLARE r regclass; BEGIN FOR r IN SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY c.oid LIMIT 60
				LOOP EXECUTE format('SELECT FROM %s LIMIT 0', r); END LOOP; END \$\$;"
			printf '\\sleep 500 ms\nCOMMIT;\n'
			;;
		snapshots) printf 'BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT count(*) FROM voiceagent.leads;\nSELECT pg_current_xact_id();\n\\sleep 5 s\nCOMMIT;\n' ;;
		cursors)
			echo 'BEGIN; DECLARE c CURSOR FOR SELECT generate_series(1, 1000000);'
			for _ in {1..30}; do printf 'FETCH 1 FROM c;\n\\sleep 100 ms\n'; done
			echo 'COMMIT;'
			;;
		connections) echo 'SELECT 1;' ;;
		logins) echo "DO \$\$ BEGIN PERFORM voiceagent.login('nobody@example.com', 'wrong password'); EXCEPTION WHEN OTHERS THEN NULL; END \$\$;" ;;
		processor) echo 'SELECT count(*) FROM generate_series(1, 3000000) g WHERE sqrt(g) * ln(g) < 0;' ;;
		sorts) printf "SET work_mem = '64kB';\nSELECT count(*) FROM (SELECT g FROM generate_series(1, 400000) g ORDER BY md5(g::text)) s;\n" ;;
		wal) printf "BEGIN;\nSELECT rows_imported FROM voiceagent.import_leads((SELECT E'phone\\\\n' || string_agg('+1212' || g, E'\\\\n') FROM generate_series(2000000, 2003000) g));\nROLLBACK;\n" ;;
	esac
}

# start_hostile KIND; ten are what a mapped role may have
start_hostile() {
	local options=(-c 10)
	[ "$1" != connections ] || options=(-C -c 9)
	hostile_script "$1" > "$dir/out/hostile"
	PGHOST=$dir/sock PGPORT=54321 PGUSER=hostile nice -n 19 "$lib/plain-user" "$bench" -n -f "$dir/out/hostile" "${options[@]}" -j 2 -T 600 bench > "$dir/out/hostile.log" 2>&1 &
	hostile_pids+=($!)
	if [ "$1" = logins ]; then
		while :; do PGHOST=$dir/sock PGPORT=54321 nice -n 19 "$dir$(pg_config --bindir)/psql" -XU nobody -c '' bench; done > /dev/null 2>&1 &
		hostile_pids+=($!)
	fi
	server_pids+=("${hostile_pids[@]}")
	sleep 1
	kill -0 "${hostile_pids[0]}" 2> /dev/null || { cat "$dir/out/hostile.log" >&2; exit 1; }
}
end_hostile() {
	for pid in "${hostile_pids[@]}"; do kill "$pid" 2> /dev/null || true; done
	wait "${hostile_pids[@]}" 2> /dev/null || true
	hostile_pids=()
	wait_for 30 "SELECT count(pg_terminate_backend(pid)) = 0 FROM pg_stat_activity WHERE usename = 'hostile'"
}

# side NAME CALLS A-SECOND: sets reached, the calls a second from the first that was enqueued to the last that was answered
side() {
	open_campaign "shares $1 $round" $(($2 + 20)) "${plain[@]}"
	[ "$1" = alone ] || [ "$1" = saturated ] || start_hostile "$1"
	enqueue bench 4 "$3" "$2" <<< "$script"
	wait_for 150 "SELECT count(*) = $2 + 1 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	[ "$1" = alone ] || [ "$1" = saturated ] || end_hostile
	curl -s "http://$carrier/" > /dev/null
	reached=$(psql -d bench -c 'TRUNCATE answered' -c 'COPY answered FROM STDIN' -c "SELECT round(count(DISTINCT phone) / (max(a.us) / 1e6 - min(extract(epoch FROM e.at))), 1)
		FROM enqueued e JOIN answered a USING (phone) WHERE a.us / 1e6 >= extract(epoch FROM e.at)" < "$dir/answers")
	result SHARES "$1, calls/s" "$reached"
	percentiles bench SHARES "$1, "
}

others 1 100
psql -d bench -c "SET client_min_messages = warning" -c "CREATE ROLE hostile LOGIN" -c "SELECT voiceagent.map_role('hostile', voiceagent.create_tenant('Hostile', 'UTC', 1000))" > /dev/null
for round in $(seq "$runs"); do
	side saturated $((jobs / 4 * 4)) 100000
	half=$((${reached%.*} / 2 + 1))
	calls=$((half * rate_seconds / 4 * 4))
	for kind in alone notify locks snapshots cursors connections logins processor sorts wal; do side "$kind" "$calls" "$half"; done
done
