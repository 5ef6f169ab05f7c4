#!/usr/bin/env bash
# service.sh   G3 G4 G7: the whole way out and back, beside graphile-worker with fetch and a Node server with one SQL function
#
# JOBS (10000, at most 10000) calls, RUNS (3) rounds.  Out: a started campaign is claimed, posted to a server that only
# answers (.build/bench/server), and the answers are committed.  The peer posts as many bytes, and does nothing else.
# Back: the signed end-of-call reports (2 KB) of these calls are sent by wrk for a second; ours are answered when they are stored,
# and applied meanwhile; the peer's are applied by one SQL function (call, lead, ledger) and then answered.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-10000}
settings=(voiceagent.sandbox=off)
source regress/bench/lib.sh
cc -O2 -Wall -D_GNU_SOURCE -o "$build/bench/server" regress/bench/server.c -luv
mkdir -m 777 "$dir/out"
secret=bench-secret

"$build/bench/server" "$dir/port" &
server_pids+=($!)
until [ -s "$dir/port" ]; do sleep 0.05; done
carrier=127.0.0.1:$(cat "$dir/port")

# A real account: its secrets are sealed, and it is armed.  The gateway's port must be known to the carrier.
gateway_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$dir/out/vault"
if [ "$(id -u)" = 0 ]; then chown "$("$lib/plain-user" --name)" "$dir/out/vault"; fi
chmod 600 "$dir/out/vault"
for one in "vault_key_file=$dir/out/vault" "arming_file=$dir/out/arming" "gateway_port=$gateway_port" "public_base_url=http://127.0.0.1:$gateway_port"; do
	printf "voiceagent.%s = '%s'\n" "${one%%=*}" "${one#*=}" >> "$dir/data/postgresql.conf"
done
"$lib/server" restart "$dir"
psql -d bench -c "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000'), voiceagent.set_setting('allowed_private_hosts', '$carrier')" > /dev/null
wait_for 30 "SELECT count(*) = 2 FROM voiceagent_private.worker_status() WHERE state = 'running'"

psql -d peer << 'SQL'
CREATE SCHEMA peer;
CREATE TABLE peer.call (id bigserial PRIMARY KEY, carrier_id text UNIQUE NOT NULL, lead_id bigint NOT NULL, status text NOT NULL DEFAULT 'live',
	outcome text, seconds numeric, cost numeric, summary text, transcript text, ended_at timestamptz);
CREATE TABLE peer.lead (id bigserial PRIMARY KEY, status text NOT NULL DEFAULT 'contacted');
CREATE TABLE peer.event (key text PRIMARY KEY, payload jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE peer.account (id int PRIMARY KEY, balance numeric NOT NULL);
CREATE TABLE peer.entry (id bigserial PRIMARY KEY, account_id int NOT NULL REFERENCES peer.account, key text NOT NULL, amount numeric NOT NULL);
INSERT INTO peer.account VALUES (1, 1e9), (2, 0);
CREATE FUNCTION peer.apply(body jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	m jsonb := body -> 'message';
	k text := m #>> '{call,id}';
	c numeric := (m ->> 'cost')::numeric;
	l bigint;
BEGIN
	INSERT INTO peer.event (key, payload) VALUES (k, body) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	UPDATE peer.call SET status = 'completed', outcome = m #>> '{analysis,structuredData,interest}', seconds = (m ->> 'durationSeconds')::numeric,
		cost = c, summary = m #>> '{analysis,summary}', transcript = m #>> '{artifact,transcript}', ended_at = now()
	WHERE carrier_id = k RETURNING lead_id INTO l;
	UPDATE peer.lead SET status = 'completed' WHERE id = l;
	INSERT INTO peer.entry (account_id, key, amount) VALUES (1, k, -c), (2, k, c);
	UPDATE peer.account SET balance = balance + CASE id WHEN 1 THEN -c ELSE c END WHERE id IN (1, 2);
END
$$;
SQL

worker_cpu() {
	local pid
	pid=$(psql -d bench -c "SELECT pid FROM pg_stat_activity WHERE datname = 'bench' AND backend_type LIKE 'voiceagent $1%'")
	awk '{ print ($14 + $15) * 10000 }' "/proc/$pid/stat"
}
# The bodies of the reports of a tenant's calls, one a line.
bodies() {
	psql -d bench << SQL
SELECT replace(jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report', 'timestamp', 1763651000000 + a.attempt_id,
	'endedReason', 'customer-ended-call', 'durationSeconds', 61.5, 'cost', 0.0842,
	'startedAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	'endedAt', to_char((a.created_at + interval '61.5 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
	'analysis', jsonb_build_object('summary', 'They spoke of the offer; the customer would like to hear more of it next week.',
		'structuredData', jsonb_build_object('interest', 'high', 'qualified', true), 'successEvaluation', 'true'),
	'artifact', jsonb_build_object('recordingUrl', 'https://carrier.example/' || a.attempt_id || '.wav',
		'transcript', 'AI: Hello, this is Ann. Do you have a minute?\nUser: Yes, what is it about?\n' || repeat('AI: It is about your request of last week. \nUser: Go on, please. ', 5),
		'messages', (SELECT jsonb_agg(jsonb_build_object('role', CASE g % 2 WHEN 0 THEN 'user' ELSE 'bot' END, 'message',
			'What is said in turn ' || g || ' of the talk with somebody.', 'secondsFromStart', g * 5)) FROM generate_series(1, 8) g)),
	'call', jsonb_build_object('id', a.provider_call_id, 'name', a.reference)))::text, E'\n', ' ')
FROM voiceagent.attempts a WHERE a.tenant_id = $1 ORDER BY a.attempt_id
SQL
}
# wrk_to URL FILE: "requests microseconds errors p99_ms", of one second (wrk has no other end)
wrk_to() {
	REQUESTS=$2 WEBHOOK_PATH=/${1#http://*/} wrk -t1 -c32 -d1s -s regress/bench/webhooks.lua "$1" | awk '$1 == "RESULT" { print $2, $3, $4, $5 }'
}

for round in $(seq "$runs"); do
	# ---- out ----
	tenant=$(psql -d bench -c "SELECT voiceagent.create_tenant('bench $round', 'UTC', 10000000)")
	account=$(psql -d bench << SQL
BEGIN;
SELECT voiceagent_private.act_for($tenant) AS before \\gset
SELECT voiceagent.create_provider_account('vapi', 'Bench', '{"api_key": "k", "webhook_secret": "$secret"}',
	'{"phone_number_id": "p1", "base_url": "http://$carrier", "max_concurrent_calls": 100000}');
COMMIT;
SQL
	)
	psql -d bench -c "SELECT voiceagent.arm($account, 'Bench')" > /dev/null
	wait_for 20 "SELECT voiceagent_private.arming() = 'armed'"
	psql -d bench -c CHECKPOINT
	cpu=$(worker_cpu outbound)
	lsn=$(psql -c 'SELECT pg_current_wal_lsn()')
	psql -d bench -v jobs="$jobs" -v tenant="$tenant" -v account="$account" < regress/bench/campaign.sql > /dev/null
	from=$(now)
	wal_from=$(psql -c 'SELECT pg_current_wal_lsn()')
	wait_for 300 "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	to=$(now)
	result G3 ours "$(rate "$jobs" "$from" "$to")"
	result G4 'calls/s' "$(rate "$jobs" "$from" "$to")"
	result G4 'CPU us/call' "$(awk -v a="$cpu" -v b="$(worker_cpu outbound)" -v n="$jobs" 'BEGIN { printf "%.0f", (b - a) / n }')"
	result G4 'WAL bytes/call' "$(psql -c "SELECT round((pg_current_wal_lsn() - '$wal_from') / $jobs)")"
	if have_peers; then result G3 'graphile-worker + http' "$(peer dispatch.js "http://$carrier/call" "$jobs")"; fi

	# ---- back ----
	bodies "$tenant" > "$dir/bodies"
	url=http://127.0.0.1:$gateway_port/webhooks/$(psql -d bench -c "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account")
	node regress/bench/peers/sign.js "$secret" < "$dir/bodies" > "$dir/requests"
	cpu=$(worker_cpu inbound)
	from=$(now)
	read -r sent us errors p99 <<< "$(wrk_to "$url" "$dir/requests")"
	[ "$errors" = 0 ] || echo "bench: $errors webhooks were refused" >&2
	wait_for 300 "SELECT count(*) >= $sent FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome = 'interested'"
	to=$(now)
	result G7 'ours, applied' "$(rate "$sent" "$from" "$to")"
	result G7 'ours, answered' "$(awk -v n="$sent" -v us="$us" 'BEGIN { printf "%.0f", n / us * 1e6 }')"
	result G7 'ours, p99 ms' "$p99"
	result G7 'ours, CPU us/webhook' "$(awk -v a="$cpu" -v b="$(worker_cpu inbound)" -v n="$sent" 'BEGIN { printf "%.0f", (b - a) / n }')"
	if have_peers; then
		psql -d peer -c 'TRUNCATE peer.call, peer.lead, peer.event, peer.entry RESTART IDENTITY' \
			-c "INSERT INTO peer.lead SELECT FROM generate_series(1, $jobs)" \
			-c "COPY peer.call (carrier_id, lead_id) FROM STDIN" < <(node -e '
				require("fs").readFileSync(process.argv[1], "utf8").split("\n").filter(Boolean).forEach((line, i) => console.log(`${JSON.parse(line).message.call.id}\t${i + 1}`))' "$dir/bodies")
		psql -d peer -c 'ANALYZE' -c CHECKPOINT
		rm -f "$dir/peer-port" "$dir/peer-pid"
		peer webhooks.js "$dir/peer-port" "$secret" "$dir/peer-pid" &
		peer_pid=$!
		server_pids+=("$peer_pid")
		until [ -s "$dir/peer-port" ]; do sleep 0.05; done
		node regress/bench/peers/sign.js "$secret" < "$dir/bodies" > "$dir/requests"
		read -r sent us errors p99 <<< "$(wrk_to "http://127.0.0.1:$(cat "$dir/peer-port")/hook" "$dir/requests")"
		result G7 'Node + SQL function' "$(awk -v n="$sent" -v us="$us" 'BEGIN { printf "%.0f", n / us * 1e6 }')"
		result G7 'Node, p99 ms' "$p99"
		kill $(cat "$dir/peer-pid") && wait "$peer_pid" || true
	fi
done
