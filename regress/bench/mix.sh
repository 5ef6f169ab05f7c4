#!/usr/bin/env bash
# mix.sh   MIX: whole campaigns on the sandbox carrier, from their start to their last settlement
#
# Eight tenants of 40 to 800 leads, of 28 lanes each, start a campaign at once; the sandbox's people do whatever they do: book,
# ask to be called back, swear, do not answer, are busy; voicemail boxes answer, the carrier fails, refuses, answers 429, loses a
# webhook.  So most leads are dialled more than once.  Beside it, in the same run, "plain": the same leads, all of whom answer
# at the first dial and are interested.  JOBS (3000) leads: fewer shrink the tenants, more give more tenants of such sizes.  RUNS (5) rounds.
#
# A call is a row of voiceagent.calls.  CPU is that of the server's processes, the carrier's among them; not that of the sessions
# which ask and look.  The longest transaction of a worker is looked for every 20 ms; a wait of the dialer for a lock is
# logged by the server from 10 ms on.
set -euo pipefail
cd "$(dirname "$0")/../.."
leads=${JOBS:-3000}
settings=(voiceagent.sandbox=on log_lock_waits=on deadlock_timeout=10ms)
source regress/bench/lib.sh
psql -d bench -c "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000')" > /dev/null
wait_for 30 "SELECT bool_and(state IN ('running', 'resting')) FROM voiceagent_private.worker_status()"
postmaster=$(head -1 "$dir/data/postmaster.pid")

# ask STATEMENT: in the one session that stays, so that no session ends while the time of the processes is taken
coproc ASKER { "$lib/server" psql "$dir" -qAt -v ON_ERROR_STOP=1 -d bench; }
ask() {
	local line=
	answer=
	printf '%s;\n\\echo --\n' "$1" >&"${ASKER[1]}"
	while IFS= read -r line <&"${ASKER[0]}" && [ "$line" != -- ]; do answer+=$line$'\n'; done
	[ "$line" = -- ] || { echo "bench: no answer to: $1" >&2; exit 1; }
	answer=${answer%$'\n'}
}
ask 'SELECT pg_backend_pid()'
asker=$answer

# processes: "KIND MICROSECONDS" of each kind of process of the server; "ended" are those that the postmaster has buried
processes() {
	local pid
	for pid in "$postmaster" $(pgrep -P "$postmaster"); do
		[ "$pid" != "$asker" ] && [ "$pid" != "$looker" ] || continue
		printf '%s\t%s\n' "$(tr '\0' ' ' < "/proc/$pid/cmdline")" "$(cat "/proc/$pid/schedstat")"
	done 2> /dev/null | awk -F '\t' '{
		kind = $1; sub(/^postgres: /, "", kind); sub(/^voiceagent /, "", kind); sub(/ .*/, "", kind)
		if (kind ~ /\//) kind = "postmaster"
		split($2, t, " "); us[kind] += t[1] / 1000 } END { for (kind in us) printf "%s %.0f\n", kind, us[kind] }'
	awk '{ sub(/^.*\) /, ""); print "ended", ($14 + $15) * 10000 }' "/proc/$postmaster/stat"
}

# look: every 20 ms the transactions of workers that are open, and for how long, until it is killed
look() {
	{
		echo 'SELECT pg_backend_pid();'
		echo "SELECT regexp_replace(backend_type, 'voiceagent (\S+).*', '\1'), round(1000 * extract(epoch FROM clock_timestamp() - xact_start))
			FROM pg_stat_get_activity(NULL) WHERE backend_type LIKE 'voiceagent %' AND xact_start IS NOT NULL"
		echo '\watch 0.02'
	} | "$lib/server" psql "$dir" -qAt -F ' ' -d bench > "$dir/looked" 2> /dev/null
}

# campaigns SIDE: new tenants with their leads and campaigns; sets tenants
campaigns() {
	local whole sizes size tenant
	tenants=
	for ((whole = leads; whole > 0; whole -= 3000)); do
		for size in 800 800 600 400 200 100 60 40; do
			if [ "$whole" -lt 3000 ]; then size=$(((size * whole + 2999) / 3000)); fi
			tenant=$(psql -d bench -c "SELECT voiceagent.create_tenant('$1 $round ${#tenants}', 'America/New_York', 10000000)")
			psql -d bench -v jobs="$size" -v tenant="$tenant" -v people="$1" < regress/bench/people.sql > /dev/null
			tenants+=${tenants:+,}$tenant
		done
	done
	psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
}

# run_campaigns SIDE: starts them all, and waits until nothing is left to be done
run_campaigns() {
	local from log before until
	log=$(wc -c < "$dir/data/server.log")
	looker=
	look &
	until [ -s "$dir/looked" ]; do sleep 0.05; done
	looker=$(head -1 "$dir/looked")
	before=$(processes)
	ask "SELECT clock_timestamp()"
	from=$answer
	ask "DO \$\$
		DECLARE r record;
		BEGIN
			FOR r IN SELECT tenant_id, campaign_id FROM voiceagent.campaigns WHERE tenant_id IN ($tenants) LOOP
				PERFORM voiceagent_private.set_tenant(r.tenant_id);
				PERFORM voiceagent.start_campaign(r.campaign_id);
			END LOOP;
		END \$\$"
	until=$((SECONDS + 150))
	while :; do
		ask "SELECT (SELECT bool_and(status = 'completed') FROM voiceagent.campaigns WHERE tenant_id IN ($tenants))
			AND NOT EXISTS (SELECT FROM voiceagent_private.inbox) AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls WHERE tenant_id IN ($tenants))"
		[ "$answer" != t ] || break
		[ $SECONDS -lt $until ] || { echo "bench: the campaigns of $1 do not end" >&2; exit 1; }
		sleep 0.2
	done
	# The last settlement's time is the ledger's.
	ask "SELECT count(*), extract(epoch FROM (SELECT max(at) FROM voiceagent.credit_transfers WHERE tenant_id IN ($tenants)) - '$from')
		FROM voiceagent.calls WHERE tenant_id IN ($tenants)"
	IFS='|' read -r calls seconds <<< "$answer"
	result MIX "$1, calls" "$calls"
	result MIX "$1, calls/s" "$(awk -v n="$calls" -v s="$seconds" 'BEGIN { printf "%.1f", n / s }')"
	{ sed 's/^/0 /' <<< "$before"; processes | sed 's/^/1 /'; } | awk -v n="$calls" '
		{ us[$2] += $1 == 1 ? $3 : -$3 }
		END { for (kind in us) { printf "%s\t%.1f\n", kind, us[kind] / n; all += us[kind] }; printf "all\t%.1f\n", all / n }' > "$dir/us"
	while IFS=$'\t' read -r kind us; do result MIX "$1, CPU us, $kind" "$us"; done < "$dir/us"
	kill "$looker"
	wait $! 2> /dev/null || true
	while read -r kind ms; do result MIX "$1, longest transaction, $kind" "$ms"; done < <(
		awk 'NF == 2 { if ($2 + 0 >= longest[$1] + 0) longest[$1] = $2; if ($2 + 0 > most + 0) most = $2 }
			END { for (kind in longest) print kind, longest[kind]; print "all", most + 0 }' "$dir/looked")
	ask "SELECT pid FROM pg_stat_activity WHERE datname = 'bench' AND backend_type ~ '^voiceagent (outbound|dialer)'"
	result MIX "$1, longest wait for a lock" "$(tail -c +$((log + 1)) "$dir/data/server.log" | awk -v pid="$answer" '
		$0 ~ "process " pid " acquired" { for (i = 1; i < NF; i++) if ($i == "after" && $(i + 1) + 0 > most + 0) most = $(i + 1) } END { print most + 0 }')"
	rm -f "$dir/looked"
}

for round in $(seq "$runs"); do
	for side in plain mix; do
		campaigns "$side"
		run_campaigns "$side"
	done
done
