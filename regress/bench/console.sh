#!/usr/bin/env bash
# console.sh   CONSOLE: the page's size and first paint; /rpc alone, beside another tenant's long functions and beside a campaign; from
#              a commit to the page; webhooks and /rpc beside /events of LISTENERS (10000, or what the file limit allows) members of
#              100 tenants that have 100 events a second
#
# The page is Chromium's (regress/fakes/chromium.js): RUNS (3) loads of a warm server, and as many with a processor four times slower
# and 10 Mbit/s.  whoami is asked 20 times a second for SECONDS_EACH (10) seconds, RUNS times.  A lead is imported 20 times while its
# list is open.  Webhooks (100 a second, of calls that nobody knows) are sent for as long, while the events happen, without listeners
# and with them, RUNS times each.
set -euo pipefail
cd "$(dirname "$0")/../.."
# A p99 of fewer than 200 requests would be the first of them, which plans.
seconds=$((${SECONDS_EACH:-10} > 10 ? ${SECONDS_EACH:-10} : 10))
listeners=${LISTENERS:-10000}
most=$(($(ulimit -n) - 500))
[ "$listeners" -le "$most" ] || listeners=$most
settings=(voiceagent.sandbox=on voiceagent.web_port=0 voiceagent.gateway_max_connections=15000 voiceagent.gateway_max_connections_per_peer=0 max_connections=100)
source regress/bench/lib.sh
mkdir -p "$build/bench"
cc -O2 -Wall -D_GNU_SOURCE -o "$build/bench/client" regress/bench/client.c -luv -lsodium
command -v chromium > /dev/null && command -v node > /dev/null && [ -d .build/console/vendor ] || { echo "bench: no chromium, node or console: CONSOLE is left out"; exit 0; }
mkdir -m 777 "$dir/out"
printf 'a secret of more than thirty-two bytes' > "$dir/out/jwt"
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$dir/out/vault"
if [ "$(id -u)" = 0 ]; then chown "$("$lib/plain-user" --name)" "$dir/out/jwt" "$dir/out/vault"; fi
chmod 600 "$dir/out/jwt" "$dir/out/vault"
gateway_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for one in "jwt_secret_file=$dir/out/jwt" "vault_key_file=$dir/out/vault" "gateway_port=$gateway_port"; do
	printf "voiceagent.%s = '%s'\n" "${one%%=*}" "${one#*=}" >> "$dir/data/postgresql.conf"
done
"$lib/server" restart "$dir"
wait_for 60 "SELECT voiceagent_private.worker_address('web') IS NOT NULL"
url=$(psql -d bench -c "SELECT voiceagent_private.worker_address('web')")

size=0
# A visitor loads the words of one language.
for file in .build/console/page/* .build/console/words-de.js .build/console/vendor/*.js; do
	size=$((size + $(gzip -9c "$file" | wc -c)))
done
result CONSOLE 'the page, gzipped, bytes' "$size"

psql -d bench << 'SQL' > /dev/null
SELECT count(voiceagent.create_tenant('tenant ' || i, credits => 100000)) FROM generate_series(1, 100) i;
SELECT count(voiceagent.create_member(t.tenant_id, 'owner' || row_number || '@example.com', 'correct horse'))
FROM (SELECT tenant_id, row_number() OVER (ORDER BY tenant_id) FROM voiceagent_private.tenant_directory) t;
BEGIN;
DO $$ BEGIN PERFORM voiceagent_private.set_tenant((SELECT max(tenant_id) FROM voiceagent_private.tenant_directory)); END $$;
SELECT voiceagent.set_setting('sandbox_time_scale', '60');
SELECT voiceagent.create_campaign('Beside', voiceagent.create_assistant('Ann', 'Hello.', 'Sell.'),
	settings := '{"call_interval": 0, "max_concurrent_calls": 50, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT count(voiceagent.add_lead('+1212' || 5550100 + g)) FROM generate_series(1, 5000) g;
SELECT voiceagent.add_leads(:campaign);
COMMIT;
VACUUM ANALYZE;
SQL
campaign=$(psql -d bench -c 'SELECT max(campaign_id) FROM voiceagent.campaigns')
busy=$(psql -d bench -c 'SELECT max(tenant_id) FROM voiceagent_private.tenant_directory')
login() { psql -d bench -c "SELECT voiceagent.login('owner$1@example.com', 'correct horse')"; }
psql -d bench -c "SELECT voiceagent.login('owner' || i || '@example.com', 'correct horse') FROM generate_series(1, 100) i" > "$dir/out/tokens"
one=$(login 1)
other=$(login 100)

# beside NAME [TROUBLE]: small requests of one tenant while another makes trouble
beside() {
	local p50 p99 refused done
	read -r p50 p99 refused done < <(node regress/bench/peers/api.js "$url" "$one" "$other" "$campaign" "$seconds" "${2-}")
	result CONSOLE "/rpc $1, p50 ms" "$p50"
	result CONSOLE "/rpc $1, p99 ms" "$p99"
	result CONSOLE "/rpc $1, refused" "$refused"
}
for _ in $(seq "$runs"); do
	beside alone
	beside "beside another's simulations" simulate
done
mkdir -m 777 "$dir/out/browser"
CHROMIUM=$(command -v chromium) HOME=$dir/out/browser PGHOST=$dir/sock PGPORT=54321 node regress/bench/peers/console.js "$url" owner1 "$dir/out/browser" "$runs" |
	while IFS=$'\t' read -r side value; do result CONSOLE "$side" "$value"; done

# ---- many that listen ----

account=$(psql -d bench -c 'BEGIN' -c "DO 'BEGIN PERFORM voiceagent_private.set_tenant($busy); END'" \
	-c "SELECT voiceagent.create_provider_account('vapi', 'Bench', '{\"api_key\": \"k\", \"webhook_secret\": \"bench-secret\"}', '{\"phone_number_id\": \"p1\"}')" -c 'COMMIT')
path=/webhooks/$(psql -d bench -c "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account")
# Microseconds on a processor so far, of the console's processes together.
door_cpu() {
	psql -d bench -c "SELECT '/proc/' || pid || '/schedstat' FROM pg_stat_activity WHERE datname = 'bench' AND backend_type ~ 'voiceagent (web|api)'" |
		xargs cat | awk '{ us += $1 / 1000 } END { printf "%.0f\n", us }'
}
round=0
# webhooks SIDE: how long their answers take
webhooks() {
	local us errors sent p50 p99 own
	round=$((round + 1))
	for i in $(seq $((seconds * 100))); do
		printf '%s\t{"message":{"type":"status-update","status":"ringing","call":{"id":"nobody-%s-%s"}}}\n' "$path" "$round" "$i"
	done > "$dir/webhooks"
	own=$(door_cpu)
	read -r sent us errors p50 p99 < <("$build/bench/client" "$gateway_port" bench-secret 32 100 < "$dir/webhooks")
	result CONSOLE "web and api, $1, % of a processor" "$(awk -v us="$us" -v own="$own" -v now="$(door_cpu)" 'BEGIN { printf "%.1f", 100 * (now - own) / us }')"
	result CONSOLE "webhooks, $1, p50 ms" "$p50"
	result CONSOLE "webhooks, $1, p99 ms" "$p99"
	result CONSOLE "webhooks, $1, errors" "$errors"
}
psql -d bench -c 'CREATE TABLE public.tenants AS SELECT tenant_id, row_number() OVER (ORDER BY tenant_id)::integer AS n FROM voiceagent_private.tenant_directory' -c 'CREATE UNIQUE INDEX ON public.tenants (n)'
cat > "$dir/events.sql" << 'SQL'
\set n random(1, 100)
BEGIN;
SELECT voiceagent_private.set_tenant(tenant_id) FROM public.tenants WHERE n = :n;
SELECT voiceagent_private.log_event('noted');
COMMIT;
SQL
PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres "$(pg_config --bindir)/pgbench" -n -f "$dir/events.sql" -c 2 -R 100 -T 600 bench > /dev/null 2>&1 &
server_pids+=($!)
for _ in $(seq "$runs"); do webhooks 'nobody listens'; done
node regress/bench/peers/listeners.js "$url" "$dir/out/tokens" "$listeners" > "$dir/out/listening" &
listening=$!
server_pids+=("$listening")
until grep -q '^held' "$dir/out/listening"; do
	kill -0 "$listening" 2> /dev/null || { cat "$dir/out/listening" >&2; exit 1; }
	sleep 0.2
done
result CONSOLE 'listeners held' "$(sed -n 's/^held //p' "$dir/out/listening")"
for _ in $(seq "$runs"); do webhooks 'many listen'; done
beside 'beside the listeners'
kill "$listening"

psql -d bench -c "SELECT voiceagent_private.set_tenant($busy), voiceagent.start_campaign($campaign)" > /dev/null
for _ in $(seq "$runs"); do beside 'beside a campaign'; done
