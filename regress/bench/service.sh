#!/usr/bin/env bash
# service.sh   G3 G4 G7: the whole way out and back, beside graphile-worker with HTTP and a Node server with one SQL function
#
# JOBS (5000) calls, RUNS (5) rounds.  Out: a campaign of 28 lanes (and a plain one, of one) is claimed, posted to a server that
# only answers (server.c), and the answers are committed.  The peers post as many bytes; one does nothing else, the other claims and
# holds before and records after it (peers/whole.sql).  Back: the signed webhooks of these calls come over 32 connections: all
# of what the sandbox's people did (people.c), up to four a call, and, of the plain calls, the end-of-call reports (2 KB) alone.
# Ours are answered when they are stored, and applied meanwhile; the peer's are applied by one SQL function (call, lead,
# ledger) and then answered.  Ours are of one tenant, so of one account, and, in two rounds, of 20; the peer has one account, and then 50.
set -euo pipefail
cd "$(dirname "$0")/../.."
jobs=${JOBS:-5000}
settings=(voiceagent.sandbox=off)
source regress/bench/lib.sh
source regress/bench/carrier.sh
psql -d peer -f - < regress/bench/peers/whole.sql

psql -d peer << 'SQL'
CREATE SCHEMA peer;
CREATE TABLE peer.call (id bigserial PRIMARY KEY, carrier_id text UNIQUE NOT NULL, lead_id bigint NOT NULL, account_id int NOT NULL, status text NOT NULL DEFAULT 'live',
	outcome text, seconds numeric, cost numeric, summary text, transcript text, ended_at timestamptz) WITH (fillfactor = 70);
CREATE TABLE peer.lead (id bigserial PRIMARY KEY, status text NOT NULL DEFAULT 'contacted') WITH (fillfactor = 70);
CREATE TABLE peer.event (key text PRIMARY KEY, payload jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE peer.account (id int PRIMARY KEY, balance numeric NOT NULL) WITH (fillfactor = 50);
CREATE TABLE peer.entry (id bigserial PRIMARY KEY, account_id int NOT NULL, key text NOT NULL, amount numeric NOT NULL);
-- For each tenant, what it has and what we have of it: 1..50 and 51..100.
INSERT INTO peer.account SELECT g, 1e9 FROM generate_series(1, 100) g;
CREATE FUNCTION peer.apply(body jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	m jsonb := body -> 'message';
	k text := concat(m #>> '{call,id}', m ->> 'type', m ->> 'status');
	c numeric := (m ->> 'cost')::numeric;
	l bigint;
	a int;
BEGIN
	INSERT INTO peer.event (key, payload) VALUES (k, body) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF m ->> 'type' <> 'end-of-call-report' THEN
		UPDATE peer.call SET status = m ->> 'status' WHERE carrier_id = m #>> '{call,id}';
		RETURN;
	END IF;
	UPDATE peer.call SET status = 'completed', outcome = m #>> '{analysis,structuredData,interest}', seconds = (m ->> 'durationSeconds')::numeric,
		cost = c, summary = m #>> '{analysis,summary}', transcript = m #>> '{artifact,transcript}', ended_at = now()
	WHERE carrier_id = m #>> '{call,id}' RETURNING lead_id, account_id INTO l, a;
	UPDATE peer.lead SET status = 'completed' WHERE id = l;
	INSERT INTO peer.entry (account_id, key, amount) VALUES (a, k, -c), (a + 50, k, c);
	UPDATE peer.account SET balance = balance - c WHERE id = a;
	UPDATE peer.account SET balance = balance + c WHERE id = a + 50;
END
$$;
SQL

per_item() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.1f", (b - a) / n }'; }
# node_webhooks SIDE ACCOUNTS: the same requests to the peer
node_webhooks() {
	local before own sent us errors p50 p99
	psql -d peer -c 'TRUNCATE peer.call, peer.lead, peer.event, peer.entry RESTART IDENTITY' -c "INSERT INTO peer.lead SELECT FROM generate_series(1, $jobs)" \
		-c "COPY peer.call (carrier_id, lead_id, account_id) FROM STDIN" < <(psql -d bench -c "SELECT provider_call_id || E'\t' || n || E'\t' || 1 + n % $2
			FROM (SELECT provider_call_id, row_number() OVER () AS n FROM voiceagent.attempts WHERE tenant_id = $tenant) a")
	psql -d peer -c 'VACUUM ANALYZE' -c CHECKPOINT
	rm -f "$dir/peer-port"
	start_peer peer webhooks.js "$dir/peer-port" "$secret"
	until [ -s "$dir/peer-port" ]; do sleep 0.05; done
	before=$(server_cpu)
	own=$(awk '{ print $1 / 1000 }' "/proc/$peer_pid/schedstat")
	read -r sent us errors p50 p99 <<< "$("$build/bench/client" "$(< "$dir/peer-port")" "$secret" 32 0 < "$dir/requests")"
	own=$(awk -v a="$own" '{ print $1 / 1000 - a }' "/proc/$peer_pid/schedstat")
	[ "$errors" = 0 ] || echo "bench: the peer has refused $errors webhooks" >&2
	result G7 "$1" "$(awk -v n="$sent" -v us="$us" 'BEGIN { printf "%.0f", n / us * 1e6 }')"
	result G7 "$1 p99" "$p99"
	result G7 "$1 CPU us" "$(awk -v own="$own" -v a="$before" -v b="$(server_cpu)" -v n="$sent" 'BEGIN { printf "%.1f", (own + b - a) / n }')"
	stop_peer
}
# our_webhooks SIDE TENANTS: the requests in the file
our_webhooks() {
	local cpu before from to sent us errors p50 p99
	psql -d bench -c CHECKPOINT
	cpu=$(worker_cpu "$receiving") before=$(server_cpu)
	from=$(now)
	read -r sent us errors p50 p99 <<< "$(send "$dir/requests" 32 0)"
	[ "$errors" = 0 ] || { echo "bench: $errors of $sent webhooks were refused" >&2; exit 1; }
	settled "$2"
	to=$(now)
	result G7 "$1" "$(rate "$sent" "$from" "$to")"
	result G7 "$1 answered" "$(awk -v n="$sent" -v us="$us" 'BEGIN { printf "%.0f", n / us * 1e6 }')"
	result G7 "$1 p99" "$p99"
	result G7 "$1 CPU us" "$(per_item "$cpu" "$(worker_cpu "$receiving")" "$sent")"
	result G7 "$1 CPU us of the server" "$(per_item "$before" "$(server_cpu)" "$sent")"
}

# dispatch SIDE PSQL-OPTION...: a campaign out
dispatch() {
	local cpu before wal_from from to
	new_tenant "bench $1 $round"
	launch -v paused=1 "${@:2}"
	psql -d bench -c CHECKPOINT
	cpu=$(worker_cpu "$dialling") before=$(server_cpu) wal_from=$(psql -c 'SELECT pg_current_wal_lsn()')
	from=$(now)
	psql -d bench -c BEGIN -c "SELECT voiceagent_private.set_tenant($tenant)" -c "SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant" -c COMMIT > /dev/null
	wait_for 300 "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
	to=$(now)
	result G3 "$1" "$(rate "$jobs" "$from" "$to")"
	result G3 "$1, CPU us" "$(per_item "$before" "$(server_cpu)" "$jobs")"
	result G4 "$1 calls/s" "$(rate "$jobs" "$from" "$to")"
	result G4 "$1 CPU us/call" "$(per_item "$cpu" "$(worker_cpu "$dialling")" "$jobs")"
	result G4 "$1 WAL bytes/call" "$(psql -c "SELECT round((pg_current_wal_lsn() - '$wal_from') / $jobs)")"
}

for round in $(seq "$runs"); do
	# ---- out ----
	dispatch plain "${plain[@]}"
	reports "$tenant" > "$dir/requests"
	of_plain=$tenant
	dispatch ours
	people "$tenant" > "$dir/mixed"
	if have graphile-worker; then
		costs G3 graphile "$jobs" peer graphile.js drain "$jobs" post "http://$carrier/call"
		psql -d peer -c "CALL whole.fill($jobs)" -c 'VACUUM ANALYZE' -c CHECKPOINT
		costs G3 'graphile whole' "$jobs" peer graphile.js drain "$jobs" wholepost "http://$carrier/call"
	fi

	# ---- back ----
	mixed=$tenant tenant=$of_plain
	our_webhooks plain "$of_plain"
	if have pg; then
		node_webhooks 'node hot' 1
		node_webhooks node 50
	fi
	mv "$dir/mixed" "$dir/requests"
	tenant=$mixed
	our_webhooks applied "$tenant"
	if have pg; then
		node_webhooks 'node mixed hot' 1
		node_webhooks 'node mixed' 50
	fi
	# Twenty tenants, each with its share of the calls, and their webhooks in turn; making them takes its time.
	if [ "$round" -gt 2 ]; then continue; fi
	tenants=
	whole=$jobs jobs=$((jobs / 20))
	for i in $(seq 20); do
		new_tenant "bench $round $i"
		launch
		wait_for 300 "SELECT count(*) = $jobs FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'"
		people "$tenant" > "$dir/of.$i"
		tenants+=,$tenant
	done
	jobs=$whole
	paste -d '\n' "$dir"/of.* | grep . > "$dir/requests"
	our_webhooks spread "${tenants#,}"
done
