#!/usr/bin/env bash
# api.sh   API: whoami of one tenant through a pool of four connections, alone and beside what another does to the pool
#
# PostgREST's stand-in (regress/fakes/postgrest.js) has the documented roles and pre-request function.  The one tenant asks 20
# times a second for SECONDS_EACH (10) seconds, RUNS (3) rounds; beside it the other's twelve clients simulate a campaign of 200
# leads again and again (one that is refused waits 250 ms), strangers log in 40 times a second, or the other's requests have a
# byte that is no UTF-8.  A request of the one tenant that is not answered 200 is counted as refused.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${SECONDS_EACH:-10}
settings=(voiceagent.authenticator=authenticator voiceagent.api_pool_size=4)
source regress/bench/lib.sh
have pg || { echo "bench: no pg (node or npm is missing, or regress/bench/run has not installed it): API is left out"; exit 0; }
mkdir -m 777 "$dir/out"
printf 'a secret of more than thirty-two bytes' > "$dir/out/jwt"
if [ "$(id -u)" = 0 ]; then chown "$("$lib/plain-user" --name)" "$dir/out/jwt"; fi
chmod 600 "$dir/out/jwt"
printf "voiceagent.jwt_secret_file = '%s'\n" "$dir/out/jwt" >> "$dir/data/postgresql.conf"
"$lib/server" restart "$dir"

psql -d bench << 'SQL' > /dev/null
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT voiceagent_anon, voiceagent_user TO authenticator;
SELECT voiceagent.create_tenant('one') AS one, voiceagent.create_tenant('other', credits => 1000000) AS other \gset
SELECT voiceagent.create_member(:one, 'one@example.com', 'correct horse'), voiceagent.create_member(:other, 'other@example.com', 'correct horse');
BEGIN;
DO $$ BEGIN PERFORM voiceagent_private.set_tenant((SELECT max(tenant_id) FROM voiceagent_private.tenant_directory)); END $$;
SELECT voiceagent.create_campaign('simulated', voiceagent.create_assistant('Ann', 'Hello.', 'Sell.')) AS campaign \gset
SELECT count(voiceagent.add_lead('+1212' || 5550100 + g)) FROM generate_series(1, 99) g;
SELECT voiceagent.add_leads(:campaign);
COMMIT;
VACUUM ANALYZE;
SQL
campaign=$(psql -d bench -c 'SELECT max(campaign_id) FROM voiceagent.campaigns')
login() { psql -d bench -c "SELECT voiceagent.login('$1@example.com', 'correct horse')"; }
one=$(login one)
other=$(login other)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$dir/out/postgrest.conf" << CONF
db-uri = "postgres://authenticator@/bench?host=$dir/sock&port=54321"
db-schemas = "voiceagent"
db-anon-role = "voiceagent_anon"
db-pre-request = "voiceagent.pre_request"
db-pool = 4
jwt-secret = "@$dir/out/jwt"
server-host = "127.0.0.1"
server-port = $port
CONF
(cd "$build/bench" && exec node "$OLDPWD/regress/fakes/postgrest.js" "$dir/out/postgrest.conf") > /dev/null 2>&1 &
server_pids+=($!)
until (: > "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do sleep 0.05; done

# beside NAME [TROUBLE]: the one's requests while the other makes trouble
beside() {
	local line
	line=$(node regress/bench/peers/api.js "http://127.0.0.1:$port" "$one" "$other" "$campaign" "$seconds" "${2-}")
	read -r p50 p99 refused done <<< "$line"
	result API "$1, p50" "$p50"
	result API "$1, p99" "$p99"
	result API "$1, refused" "$refused"
	result API "$1, done by the other" "$done"
}
for _ in $(seq "$runs"); do
	beside alone
	beside 'beside simulations' simulate
	beside 'beside logins' login
	beside 'beside broken requests' broken
done
