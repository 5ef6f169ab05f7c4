#!/usr/bin/env bash
# media.sh   MEDIA: calls that we hold, whose callers and vendors of engines are processes of their own (media.c)
#
# They begin 100 a second, and then as many others 20 a second.  So many calls at once as the first of CALLS ("400 300 200 100 50") whose callers are on time, with frames of 20 ms both ways, an ear that
# is a vendor's socket, a mind and a voice of vendors: what the process media costs, the first sound, frames that came late, memory.
# On time: at most one in a hundred of the callers' frames left 5 ms late; else the next number is tried, and nothing is told.  Then 50 calls
# at a time that talk: from the caller's last word to our first sound, less the 200 ms of the pause that ends a complete answer (the vendors
# answer at once).  Then calls in which the caller makes a sound over our words, WORDS (200) of each kind, with the embedded ear.  What the
# callers' and vendors' processes delayed is told: above 20 % of the turns, or of the vendors' moments, a part's figures are void, and
# are not told.  ACTIVITY=energy: without the network.
# OVER, LISTENER and GROWTH (what memory 10,000 short calls leave) only with FULL=1, or when PARTS names them: they take half an hour.
set -euo pipefail
cd "$(dirname "$0")/../.."
sizes=${CALLS:-400 300 200 100 50} words=${WORDS:-200} seconds=${SECONDS_EACH_CALL:-30}
calls=${sizes%% *}
parts=${PARTS:-LOAD TALK}
[ "${FULL-}" != 1 ] || parts="LOAD TALK OVER LISTENER GROWTH"
speech=.build/voiceagent-speech
[ -x $speech ] || { echo "bench: voiceagent-speech is not built" >&2; exit 1; }
${MAKE:-make} -s --no-print-directory bench-media >&2
settings=(voiceagent.sandbox=off voiceagent.media_port=0 voiceagent.media_max_calls=1000 max_connections=100
	voiceagent.voice_activity=${ACTIVITY:-auto})
source regress/bench/lib.sh
source regress/bench/carrier.sh
vendors_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
new_tenant media
wait_for 30 "SELECT bool_or(component = 'speech' AND state LIKE 'espeak%') FROM voiceagent.status()"
port=$(psql -d bench -c "SELECT address FROM voiceagent.status() WHERE component = 'media'" | sed 's/.*://')
psql -d bench -c "SELECT voiceagent.set_setting('model_private_hosts', '127.0.0.1:$vendors_port')" > /dev/null
# Calls that came in by Twilio: the socket's path names them.
psql -d bench > /dev/null << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE provider_account_id = $account;
UPDATE voiceagent_private.endpoint_routes SET provider = 'twilio' WHERE provider_account_id = $account;
UPDATE voiceagent.provider_accounts SET settings = settings || jsonb_build_object('stream_url', voiceagent.media_url($account)) WHERE provider_account_id = $account;
SELECT voiceagent.create_phone_number('+12125550001', $account, details := jsonb_build_object('ai_assistant_id',
	voiceagent.create_assistant('Desk', 'Good day, this is the desk of Acme. We are glad that you call, and we have time for you now.', 'Be kind.')));
UPDATE voiceagent.phone_numbers SET state = 'ready', state_reason = NULL, proof = 'carrier', proved_at = now();
SELECT count(voiceagent_private.answer_plan((SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.provider_account_id = $account), NULL,
	'+1305555' || lpad(n::text, 4, '0'), '+12125550001', NULL, 'IN-' || n)) FROM generate_series(1, $((2 * calls > 4 * words + 100 ? 2 * calls : 4 * words + 100))) n;
COMMIT;
SQL
path=/media/twilio/$(psql -d bench -c "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account")
mkdir "$dir/sounds"
python3 regress/bench/media_sounds.py $speech "$words" "$dir/sounds"

media_pid() { psql -d bench -c "SELECT pid FROM voiceagent.status() WHERE component = 'media'"; }
cpu_of() { awk '{ sub(/^.*\) /, ""); print $12 / 100 + $13 / 100 }' "/proc/$1/stat"; }
memory_of() { awk '/^Private_(Clean|Dirty)/ { kb += $2 } END { print kb }' "/proc/$1/smaps_rollup"; }
value() { awk -v name="$2" '{ for (i = 1; i < NF; i += 2) if ($i == name) print $(i + 1) }' <<< "$1"; }
# vendors: starts them, with the tenant's accounts at them: an account takes 64 requests at once, and an ear's lasts as long as its call;
# end_vendors prints what they delayed
vendors() {
	local ears=$(((calls + 63) / 64))
	"$build/bench/media" vendors "$vendors_port" > "$dir/vendors" &
	vendors_pid=$!
	server_pids+=("$vendors_pid")
	psql -d bench > /dev/null << SQL
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
SELECT voiceagent.create_model_account(p, format('%s %s %s', p, $vendors_pid, n), 'key-' || p, 'model', 'http://127.0.0.1:$vendors_port' || b,
	('{"in_calls": 1' || v || '}')::jsonb, 64)
FROM (VALUES ('deepgram', '', ''), ('openai', '/v1', ''), ('elevenlabs', '', ', "voice": "v"')) a(p, b, v),
	generate_series(1, CASE p WHEN 'deepgram' THEN $ears ELSE 3 END) n;
COMMIT;
SQL
	wait_for 30 "SELECT count(*) = $ears + 6 FROM voiceagent.model_accounts WHERE active AND test_result = 'ok'"
}
end_vendors() {
	kill "$vendors_pid"
	wait "$vendors_pid" || true
	echo "   vendors: $(cat "$dir/vendors")"
	psql -d bench -c "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT count(voiceagent.archive_model_account(model_account_id)) FROM voiceagent.model_accounts WHERE archived_at IS NULL; COMMIT" > /dev/null
	void+=$(awk '$4 > 0.2 * $2 { print "the vendors were late " }' "$dir/vendors")
}
# callers FIRST CALLS SECONDS [SOUND...]: sets told, what they have seen
callers() {
	told=$("$build/bench/media" callers "$port" "$path" "$@")
	echo "   callers: $told"
	void+=$(awk -v turns="$(value "$told" turns)" -v delayed="$(value "$told" delayed)" 'BEGIN { if (delayed > 0.2 * turns) print "the callers were late " }')
}
# keep SIDE VALUE: a result, if the part is not void; tell prints those of a part
keep() { result MEDIA "$1" "$2" >> "$dir/kept"; }
tell() {
	psql -d bench -c "SELECT format('   %s %s: %s', count(*), event_type, event_data ->> 'why') FROM voiceagent.events WHERE event_type IN ('media_refused', 'media_ended', 'media_engine_failed') GROUP BY event_type, event_data ->> 'why' ORDER BY 1"
	grep -o 'could not hold a call.*' "$dir/data/server.log" | sort | uniq -c || true
	echo "   load $(cut -d ' ' -f 1-3 /proc/loadavg)${void:+; VOID: $void}"
	[ -n "$void" ] || cat "$dir/kept"
	rm -f "$dir/kept"
	void=
}
void=
quiet() { wait_for 60 "SELECT calls = 0 FROM voiceagent_private.media_state"; }
# many FIGURE...: results of the last callers, by the names of what they tell
many() { while [ $# -gt 0 ]; do keep "$1" "$(value "$told" "$2")"; shift 2; done; }

if [[ " $parts " == *" LOAD "* ]]; then
	vendors
	callers 1 20 8 "$dir/sounds/talk"
	quiet
	pid=$(media_pid)
	for calls in $sizes; do
		# Events of an earlier number are no part of this one's.
		from=$(psql -d bench -c 'SELECT coalesce(max(event_id), 0) FROM voiceagent.events')
		tardy_before=$(psql -d bench -c 'SELECT frames_late FROM voiceagent_private.media_state')
		void= before=$(cpu_of "$pid") memory=$(memory_of "$pid")
		{ sleep $((seconds - 3)); memory_of "$pid" > "$dir/memory"; } &
		callers 1 "$calls" "$seconds" "$dir/sounds/talk"
		wait $!
		quiet
		[ "$(awk -v all="$(value "$told" frames)" -v tardy="$(value "$told" tardy)" 'BEGIN { print tardy <= all / 100 }')" = 0 ] || break
		void="the callers of $calls calls were late "
	done
	# Each call lasts from its own beginning, 10 ms after the one before.
	keep 'core a call, %' "$(awk -v a="$before" -v b="$(cpu_of "$pid")" -v n="$calls" -v s="$seconds" 'BEGIN { printf "%.3f", 100 * (b - a) / (n * (s - n / 200)) }')"
	keep 'memory a call, kB' "$(awk -v a="$memory" -v b="$(cat "$dir/memory")" -v n="$calls" 'BEGIN { printf "%.1f", (b - a) / n }')"
	many 'calls at once' calls 'refused' refused 'first sound p50, ms' first_p50 'first sound p95, ms' first_p95 'frames late' late
	keep 'frames late, %' "$(awk -v all="$(value "$told" frames)" -v late="$(value "$told" late)" 'BEGIN { printf "%.2f", 100 * late / all }')"
	keep 'frames lost' "$(psql -d bench -c "SELECT coalesce(sum((event_data ->> 'frames_lost')::integer), 0) FROM voiceagent.events WHERE event_type = 'media_ended' AND event_id > $from")"
	keep 'frames late by our clock' "$(psql -d bench -c "SELECT frames_late - $tardy_before FROM voiceagent_private.media_state")"
	# As people call: 20 begin a second, new ones.
	CALLERS_APART_US=50000 callers $((calls + 1)) "$calls" $((calls / 20 + 10)) "$dir/sounds/talk"
	quiet
	many 'first sound p50, 20 begin a second, ms' first_p50 'first sound p95, 20 begin a second, ms' first_p95
	# siphon-ai, 200 calls with its neural network on four processors (thevoiceguy/siphon-ai, RESULTS-0.48.10.md).
	while read -r value side; do keep "siphon-ai, $side" "$value"; done <<< $'1.57 core a call, %\n1655 memory a call, kB\n198 first sound p95, ms\n0.24 frames late, %\n200 calls at once'
	end_vendors
	tell
fi
if [[ " $parts " == *" TALK "* ]]; then
	vendors
	callers 1 50 30 "$dir/sounds/talk"
	keep 'answer beyond the rule p50, ms' "$(awk -v ms="$(value "$told" answer_p50)" 'BEGIN { print ms - 200 }')"
	keep 'answer beyond the rule p95, ms' "$(awk -v ms="$(value "$told" answer_p95)" 'BEGIN { print ms - 200 }')"
	quiet
	end_vendors
	tell
fi
if [[ " $parts " == *" GROWTH "* ]]; then
	pid=$(media_pid)
	callers 1 100 5
	quiet
	memory=$(memory_of "$pid")
	for ((held = 0; held < ${GROWTH:-10000}; held += 400)); do callers 1 400 6 > /dev/null; quiet; done
	keep 'growth over calls, kB' "$(($(memory_of "$pid") - memory))"
	tell
fi
if [[ " $parts " == *" OVER "* ]]; then
	first=1
	for kind in word cough mhm echo; do
		sounds=()
		if [ $kind = echo ]; then sounds=("echo:${ECHO_DB:--26}"); else for sound in "$dir/sounds/$kind"-*; do sounds+=("over:$sound"); done; fi
		# Few at a time: the embedded ear hears one after the other.
		for ((at = 0; at < words; at += 5)); do
			callers $((first + at)) 5 7 "${sounds[@]:$((${#sounds[@]} > 1 ? at : 0)):5}" > "$dir/over"
			[ $kind != word ] || many 'silent after, p50 ms' silence_p50 'silent after, p95 ms' silence_p95
			quiet
		done
		tail -1 "$dir/over"
		keep "given way to, $kind, %" "$(psql -d bench -c "SELECT round(100.0 * count(*) FILTER (WHERE (e.event_data ->> 'barge_ins')::integer > 0) / $words, 1)
			FROM voiceagent.events e JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
			WHERE e.event_type = 'media_ended' AND substr(i.provider_call_id, 4)::integer BETWEEN $first AND $first + $words - 1")"
		keep "verdict p95, $kind, ms" "$(psql -d bench -c "SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY (e.event_data ->> 'longest_verdict_ms')::integer)
			FROM voiceagent.events e JOIN voiceagent.call_inbound i USING (tenant_id, call_id)
			WHERE e.event_type = 'media_ended' AND substr(i.provider_call_id, 4)::integer BETWEEN $first AND $first + $words - 1")"
		first=$((first + words))
	done
	void=
	tell
fi
if [[ " $parts " == *" LISTENER "* ]]; then
	read -r wrong taken < <(python3 regress/bench/media_sounds.py $speech "$words")
	keep 'words wrong, %' "$wrong"
	keep 'foreign taken, %' "$taken"
	tell
fi
