#!/usr/bin/env bash
# console.sh   CONSOLE: the page's size and first paint; /rpc beside a campaign and beside another tenant's long functions; from a
#              commit to the page; /events of LISTENERS (10000, or what the file limit allows) members of 100 tenants
#
# The page is Chromium's (regress/fakes/chromium.js): RUNS (3) loads of a warm server, and as many with a processor four times slower
# and 10 Mbit/s.  whoami is asked 20 times a second for SECONDS_EACH (10) seconds.  A lead is imported 20 times while its list is
# open.  Beside the listeners whoami is asked again while each tenant has an event a second.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_EACH:-10}
listeners=${LISTENERS:-10000}
most=$(($(ulimit -n) - 500))
[ "$listeners" -le "$most" ] || listeners=$most
settings=(voiceagent.sandbox=on voiceagent.web_port=0 voiceagent.gateway_max_connections=15000 voiceagent.gateway_max_connections_per_peer=0 max_connections=100)
source regress/bench/lib.sh
command -v chromium > /dev/null && command -v node > /dev/null && [ -d .build/console/vendor ] || { echo "bench: no chromium, node or console: CONSOLE is left out"; exit 0; }
mkdir -m 777 "$dir/out"
printf 'a secret of more than thirty-two bytes' > "$dir/out/jwt"
if [ "$(id -u)" = 0 ]; then chown "$("$lib/plain-user" --name)" "$dir/out/jwt"; fi
chmod 600 "$dir/out/jwt"
printf "voiceagent.jwt_secret_file = '%s'\n" "$dir/out/jwt" >> "$dir/data/postgresql.conf"
"$lib/server" restart "$dir"
wait_for 60 "SELECT voiceagent_private.worker_address('web') IS NOT NULL"
url=$(psql -d bench -c "SELECT voiceagent_private.worker_address('web')")

size=0
for file in extension/console/*.{js,css,html,svg} .build/console/vendor/*.js; do size=$((size + $(gzip -9c "$file" | wc -c))); done
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
psql -d bench -c "SELECT voiceagent_private.set_tenant($busy), voiceagent.start_campaign($campaign)" > /dev/null
beside 'beside a campaign'
node regress/bench/peers/listeners.js "$url" "$dir/out/tokens" "$listeners" > "$dir/out/listening" &
listening=$!
server_pids+=("$listening")
until grep -q '^held' "$dir/out/listening"; do
	kill -0 "$listening" 2> /dev/null || { cat "$dir/out/listening" >&2; exit 1; }
	sleep 0.2
done
result CONSOLE 'listeners held' "$(sed -n 's/^held //p' "$dir/out/listening")"
beside 'beside the listeners'
