#!/usr/bin/env bash
# rls.sh   G9: what row-level security costs, in instructions, so that it is the same on a busy machine
#
# A server in single-user mode under callgrind runs each statement a few and five times as many times; the difference is its cost.  With the
# policies: as a tenant's login (select), as the owner of the tables acting for the tenant (insert), as it is within our functions.
# Without: as a role that may bypass them and has the same rights, with the tenant's number in the condition.  The tables have
# 100 tenants of 200 leads.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind > /dev/null || { echo "bench: no valgrind: G9 is left out"; exit 0; }
settings=(voiceagent.launcher=off autovacuum=off jit=off max_connections=20 shared_buffers=64MB)
source regress/bench/lib.sh
psql -d bench << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('rls ' || g) FROM generate_series(1, 100) g;
CREATE ROLE acme LOGIN;
SELECT voiceagent.map_role('acme', 50);
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, timezones, created_at)
SELECT 1 + g % 100, '+1212' || 2000000 + g, 'Ann', 'US', '{America/New_York}', now() FROM generate_series(1, 20000) g;
CREATE ROLE bypass LOGIN BYPASSRLS IN ROLE voiceagent_user;
GRANT USAGE ON SCHEMA voiceagent_private TO bypass;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA voiceagent TO bypass;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA voiceagent_private TO bypass;
VACUUM ANALYZE;
SQL
columns=$(psql -d bench -c "SELECT min(lead_id), max(lead_id) FROM voiceagent.leads WHERE tenant_id = 50")
first=${columns%|*}
: > "$dir/script"
# block IDENTITY N STATEMENT: the statement N times in one block; every block's instructions are dumped by themselves
block() {
	case $1 in
		login) echo "SET SESSION AUTHORIZATION acme" ;;
		owner) printf '%s\n' BEGIN 'SELECT voiceagent_private.set_tenant(50)' 'SET ROLE voiceagent_owner' ;;
		bypass) echo "SET SESSION AUTHORIZATION bypass" ;;
	esac
	echo "DO \$\$ BEGIN FOR i IN 1..10 LOOP $3 END LOOP; END \$\$"
	echo 'SELECT 1'
	printf '%s\n' "RESET ROLE" "SET SESSION AUTHORIZATION postgres" "SELECT voiceagent_private.has_vault_key()"
	if [ "$1" = owner ]; then echo 'SET ROLE voiceagent_owner'; fi
	if [ "$1" = login ]; then echo "SET SESSION AUTHORIZATION acme"; fi
	if [ "$1" = bypass ]; then echo "SET SESSION AUTHORIZATION bypass"; fi
	echo "DO \$\$ BEGIN FOR i IN 1..$2 LOOP $3 END LOOP; END \$\$"
	printf '%s\n' "RESET ROLE" "SET SESSION AUTHORIZATION postgres" "SELECT voiceagent_private.has_vault_key()"
	if [ "$1" = owner ]; then echo ROLLBACK; fi
}
# measure NAME FEW MANY IDENTITY STATEMENT-WITH STATEMENT-WITHOUT
names=()
measure() {
	names+=("$1" "$2" "$3")
	{
		block "$4" "$2" "$5"; block "$4" "$3" "$5"
		block bypass "$2" "$6"; block bypass "$3" "$6"
	} >> "$dir/script"
}
measure 'select of one row by its key' 200 1000 login \
	"PERFORM lead_id, phone, first_name FROM voiceagent.leads WHERE lead_id = $first + (i % 200) * 100;" \
	"PERFORM lead_id, phone, first_name FROM voiceagent.leads WHERE tenant_id = 50 AND lead_id = $first + (i % 200) * 100;"
measure 'select of 200 rows' 20 100 login \
	"PERFORM sum(lead_id) FROM voiceagent.leads WHERE call_attempts = 0;" \
	"PERFORM sum(lead_id) FROM voiceagent.leads WHERE tenant_id = 50 AND call_attempts = 0;"
insert="INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)"
measure 'insert of one row' 200 1000 owner \
	"$insert VALUES (50, '+1303' || 1000000 + i + (random() * 1e6)::int, 'bench', now()) ON CONFLICT DO NOTHING;" \
	"$insert VALUES (50, '+1303' || 1000000 + i + (random() * 1e6)::int, 'bench', now()) ON CONFLICT DO NOTHING;"
measure 'insert of 200 rows' 4 20 owner \
	"$insert SELECT 50, '+1304' || 1000000 + g + (random() * 1e6)::int, 'bench', now() FROM generate_series(1, 200) g ON CONFLICT DO NOTHING;" \
	"$insert SELECT 50, '+1304' || 1000000 + g + (random() * 1e6)::int, 'bench', now() FROM generate_series(1, 200) g ON CONFLICT DO NOTHING;"
"$lib/server" stop "$dir"
mkdir -m 777 "$dir/out"
eval "$("$lib/server" env "$dir")"
(cd "$dir/out" && "$OLDPWD/$lib/plain-user" valgrind -q --tool=callgrind --callgrind-out-file="$dir/out/cg" --dump-before=va_sql_has_vault_key \
	"$(command -v postgres)" --single -D "$dir/data" bench < "$dir/script" > "$dir/out/log" 2>&1) || { tail -5 "$dir/out/log" >&2; exit 1; }
if grep -E 'ERROR|FATAL' "$dir/out/log" >&2; then exit 1; fi
# Dump 2n+2 is block n's own.
instructions() { awk '/^(summary|totals):/ { print $2; exit }' "$dir/out/cg.$((2 * $1 + 2))"; }
for ((i = 0; i < ${#names[@]} / 3; i++)); do
	times=$((names[3 * i + 2] - names[3 * i + 1]))
	result G9 "${names[3 * i]}, on" "$((($(instructions $((4 * i + 1))) - $(instructions $((4 * i)))) / times))"
	result G9 "${names[3 * i]}, off" "$((($(instructions $((4 * i + 3))) - $(instructions $((4 * i + 2)))) / times))"
done
