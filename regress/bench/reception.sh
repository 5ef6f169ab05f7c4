#!/usr/bin/env bash
# reception.sh   RECEPTION: bookings of one slot at once, and which slots of a year are free
#
# JOBS (1000) bookings of one and the same slot of a calendar, by SESSIONS (16) sessions, each in a commit of its own: none may be
# refused, each gets a slot of its own, the next that is free, and no two of these overlap.  Then free_slots() in a calendar that
# is open on five days of the week, with 1,000 appointments in the year: the first 50, and all of it (4,000 and more).
#
# Then what a carrier waits for, in the database (the gateway's own work comes to it): what is answered to 400 calls that come in,
# and, in those, 2,000 tools (free times, bookings, messages), one after the other and then 50 a second.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off voiceagent.public_base_url=https://calls.example.com)
source regress/bench/lib.sh
jobs=${JOBS:-1000}
sessions=${SESSIONS:-16}

psql -d bench << 'SQL'
SET client_min_messages = warning;
CREATE TABLE desk AS SELECT voiceagent.create_tenant('reception', 'Europe/Berlin', 1000) AS tenant, 0::bigint AS calendar, 0::bigint AS year;
BEGIN;
SELECT voiceagent_private.set_tenant(tenant) FROM desk;
UPDATE desk SET year = voiceagent.create_calendar('year', hours => '{"start": "09:00", "end": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"]}');
SELECT voiceagent.add_lead('+1212555' || lpad(g::text, 4, '0')) FROM generate_series(1, 1000) g;
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, created_at)
SELECT tenant, year, (SELECT min(lead_id) FROM voiceagent.leads) + n % 1000, 'confirmed', starts_at, ends_at, 'UTC', '{}', now()
FROM (SELECT d.tenant, d.year, s.starts_at, s.ends_at, row_number() OVER (ORDER BY s.starts_at) AS n
	FROM desk d CROSS JOIN LATERAL voiceagent.free_slots(d.year, now(), now() + interval '365 days', max_slots => 50000) s) x
WHERE n % 4 = 0 ORDER BY n LIMIT 1000;
COMMIT;
CREATE SEQUENCE caller MINVALUE 0 MAXVALUE 999 CYCLE;
-- The caller: whoever it is, it wants Monday at ten, a week from now.
CREATE FUNCTION call_in(caller bigint) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.set_tenant(tenant) FROM desk;
	SELECT b.status FROM desk d CROSS JOIN LATERAL voiceagent.book(d.calendar,
		(date_trunc('week', now() AT TIME ZONE 'Europe/Berlin') + interval '14 days 10 hours') AT TIME ZONE 'Europe/Berlin',
		lead_id => (SELECT min(l.lead_id) + caller FROM voiceagent.leads l), or_next => true) b $$;
-- Milliseconds of a question, the median of so many.
CREATE FUNCTION took(many integer, times integer) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	v_began timestamptz;
	v_took numeric[];
BEGIN
	FOR i IN 1 .. times LOOP
		v_began := clock_timestamp();
		PERFORM count(*) FROM desk d, voiceagent.free_slots(d.year, now(), now() + interval '365 days', max_slots => many);
		v_took := v_took || 1000 * extract(epoch FROM clock_timestamp() - v_began);
	END LOOP;
	RETURN (SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t))::numeric, 2) FROM unnest(v_took) t);
END $$;
-- Calls that come in, and the tools of their assistant.
CREATE SEQUENCE asked;
CREATE SEQUENCE used;
CREATE FUNCTION ask_in(n bigint) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.set_tenant(tenant) FROM desk;
	SELECT voiceagent_private.answer_plan((SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e), NULL, '+1305555' || lpad((n % 10000)::text, 4, '0'),
		'+12125550001', NULL, 'IN-' || n) ->> 'kind' $$;
CREATE FUNCTION tool_in(n bigint) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent_private.set_tenant(tenant) FROM desk;
	SELECT t.result FROM voiceagent_private.run_carrier_tool((SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e), NULL, 'IN-' || (n % 400 + 1),
		jsonb_build_object('toolCallId', 'tool-' || n, 'name', (ARRAY['free_slots', 'book', 'take_message', 'free_slots'])[n / 400 % 4 + 1], 'arguments',
			jsonb_build_object('starts_at', to_char((date_trunc('week', now() AT TIME ZONE 'Europe/Berlin') + interval '21 days 9 hours' + n % 400 * interval '1 day'),
			'YYYY-MM-DD"T"HH24:MI'), 'message', 'Message ' || n))) t $$;
BEGIN;
SELECT voiceagent_private.set_tenant(tenant) FROM desk;
-- A carrier that converses, and is told the whole assistant.
UPDATE voiceagent.provider_accounts SET provider = 'vapi', max_concurrent_calls = 100000 WHERE tenant_id = (SELECT tenant FROM desk);
SELECT voiceagent.create_phone_number('+12125550001', (SELECT min(provider_account_id) FROM voiceagent.provider_accounts), details := jsonb_build_object('ai_assistant_id', a)) AS number FROM voiceagent.create_assistant('Desk', 'Good day.', 'Be kind.') a \gset
SELECT voiceagent.update_assistant(max(assistant_id), '{"settings": {"tools": ["free_slots", "book", "take_message"]}}') FROM voiceagent.assistants;
COMMIT;
VACUUM ANALYZE;
SQL
# p99_of FIGURE SCRIPT PGBENCH-OPTION...: of transactions, in ms
p99_of() {
	local figure=$1 script=$2
	shift 2
	echo "$script" > "$dir/one.sql"
	rm -f "$dir"/one.log.*
	PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres pgbench -n -M prepared "$@" -l --log-prefix="$dir/one.log" -f "$dir/one.sql" bench > "$dir/pgbench.out" 2>&1 ||
		{ tail -3 "$dir/pgbench.out" >&2; exit 1; }
	result RECEPTION "$figure" "$(sort -n -k3,3 <(cat "$dir"/one.log.*) | awk '{ t[NR] = $3 } END { printf "%.1f", t[int(NR * 0.99)] / 1000 }')"
}
p99_of 'p99 of an answer to a call, ms' "SELECT ask_in(nextval('asked'));" -c 1 -t 400
p99_of 'p99 of a tool, alone, ms' "SELECT tool_in(nextval('used'));" -c 1 -t 2000
p99_of 'p99 of a tool, 50 a second, ms' "SELECT tool_in(nextval('used'));" -c 4 -R 50 -t 250
for ((run = 1; run <= runs; run++)); do
	psql -d bench -c "BEGIN; SELECT voiceagent_private.set_tenant(tenant) FROM desk; UPDATE desk SET calendar = voiceagent.create_calendar('desk $run',
		hours => '{\"start\": \"09:00\", \"end\": \"17:00\", \"days\": [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]}'); COMMIT" > /dev/null
	echo "SELECT call_in(nextval('caller'));" > "$dir/call.sql"
	rm -f "$dir"/log.*
	PGHOST=$dir/sock PGPORT=54321 PGUSER=postgres pgbench -n -M prepared -c "$sessions" -j 2 -t $((jobs / sessions)) -l --log-prefix="$dir/log" \
		-f "$dir/call.sql" bench > "$dir/pgbench.out" 2>&1 || { tail -3 "$dir/pgbench.out" >&2; exit 1; }
	grep -q 'number of failed transactions: 0 ' "$dir/pgbench.out" || { grep failed "$dir/pgbench.out" >&2; exit 1; }
	result RECEPTION 'p99 of a booking, ms' "$(sort -n -k3,3 <(cat "$dir"/log.*) | awk '{ t[NR] = $3 } END { printf "%.1f", t[int(NR * 0.99)] / 1000 }')"
	result RECEPTION 'bookings a second' "$(awk '/^tps/ { printf "%.0f", $3 }' "$dir/pgbench.out")"
	counts=$(psql -d bench -c "SELECT count(*) || ' ' || count(DISTINCT starts_at) FROM voiceagent.appointments a, desk d WHERE a.calendar_id = d.calendar")
	result RECEPTION 'refused' $((jobs / sessions * sessions - ${counts% *}))
	result RECEPTION 'that share a slot' $((${counts% *} - ${counts#* }))
	for many in 50 50000; do
		result RECEPTION "$([ $many = 50 ] && echo 'first 50' || echo all)" "$(psql -d bench << SQL | tail -1
BEGIN;
SELECT voiceagent_private.set_tenant(tenant) FROM desk;
SELECT took($many, 1) > 0;
SELECT took($many, 50);
COMMIT;
SQL
)"
	done
done
