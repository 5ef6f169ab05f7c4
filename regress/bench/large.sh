#!/usr/bin/env bash
# large.sh   LARGE: what a tenant of LEADS (1000000) leads asks for, in seconds, and how long status() of a small tenant takes beside it
#
# Once, on the sandbox, in the order of work: preview, add_leads() of everybody, start_campaign(), COMMIT, then status(), two pages of leads,
# a search, and an export of leads to its end.  A fiftieth is on the do-not-call list.  Beside is the small tenant's status(), asked each
# 20 ms by one session: its p50 and its longest, during each of these.
set -euo pipefail
cd "$(dirname "$0")/../.."
leads=${LEADS:-1000000}
settings=(voiceagent.sandbox=off shared_buffers=2GB)
source regress/bench/lib.sh
psql -d bench << SQL > /dev/null
SELECT voiceagent.create_tenant('Small', 'America/New_York', 1000) AS small, voiceagent.create_tenant('Large', 'America/New_York', 100000000) AS large \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:small);
SELECT voiceagent.create_campaign('Small', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind, and brief.')) AS c \gset
SELECT voiceagent.add_lead('+1212555' || (1000 + i), campaign_id => :c) FROM generate_series(1, 100) i;
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:large);
INSERT INTO voiceagent.leads (tenant_id, phone, first_name, last_name, country, region, timezones, context, created_at)
SELECT :large, '+1' || (3050000000 + g), 'Ann' || g % 1000, 'Lead' || g, 'US', 'US-NY', '{America/New_York}', '{"product": "roofs"}', now() FROM generate_series(1, $leads) g;
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) SELECT :large, phone, 'asked', now() FROM voiceagent.leads WHERE tenant_id = :large AND lead_id % 50 = 0;
SELECT voiceagent.create_campaign('Large', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'You sell {{product}}.'), settings => '{"max_concurrent_calls": 1}');
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
CREATE TABLE public.beside (at timestamptz, ms numeric);
CREATE TABLE public.took (n integer GENERATED ALWAYS AS IDENTITY, what text, began timestamptz, ended timestamptz);
CREATE PROCEDURE public.ask(tenant bigint) LANGUAGE plpgsql AS \$\$
DECLARE v_from timestamptz;
BEGIN
	LOOP
		v_from := clock_timestamp();
		PERFORM voiceagent_private.set_tenant(tenant);
		PERFORM FROM voiceagent.status();
		INSERT INTO public.beside VALUES (v_from, 1000 * extract(epoch FROM clock_timestamp() - v_from));
		COMMIT;
		PERFORM pg_sleep(0.02);
	END LOOP;
END \$\$;
SQL
psql -d bench -c 'CALL public.ask(1)' 2> /dev/null &
server_pids+=($!)
# does WHAT SQL: as the large tenant, in a transaction
does() {
	psql -d bench << SQL > /dev/null
BEGIN;
SELECT voiceagent_private.set_tenant(2), (SELECT max(campaign_id) FROM voiceagent.campaigns) AS campaign \gset
SELECT clock_timestamp() AS began \gset
$2;
COMMIT;
INSERT INTO public.took (what, began, ended) VALUES ('$1', :'began', clock_timestamp());
SQL
}
sleep 1
does nothing 'SELECT pg_sleep(2)'
does 'add leads' 'SELECT voiceagent.add_leads(:campaign)'
does preview 'SELECT voiceagent.preview_campaign(:campaign)'
does start 'SELECT voiceagent.start_campaign(:campaign)'
does status 'SELECT count(*) FROM voiceagent.status()'
does 'page of leads' "SELECT count(*) FROM voiceagent.lead_list(sort => 'name')"
does 'page of leads, next try' "SELECT count(*) FROM voiceagent.lead_list(sort => 'next_try')"
does search "SELECT count(*) FROM voiceagent.lead_list(words => 'Lead77123')"
does export "SELECT voiceagent.request_export('leads', 'csv')"
wait_for 600 "SELECT count(*) = 1 FROM voiceagent.exports WHERE state = 'done'"
psql -d bench -c "UPDATE public.took SET ended = clock_timestamp() WHERE what = 'export'"
does pause 'SELECT voiceagent.pause_campaign(:campaign)'
psql -d bench -c "SELECT t.what, round(extract(epoch FROM t.ended - t.began), 2), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY b.ms)::numeric, 1), round(max(b.ms), 1)
	FROM public.took t LEFT JOIN public.beside b ON b.at BETWEEN t.began AND t.ended GROUP BY t.n, t.what, t.began, t.ended ORDER BY t.n" > "$dir/large"
result LARGE 'temporary files, MB' "$(psql -d bench -c "SELECT pg_stat_force_next_flush(); SELECT round(temp_bytes / 1e6) FROM pg_stat_database WHERE datname = 'bench'" | tail -1)"
while IFS='|' read -r what took p50 longest; do
	result LARGE "$what, s" "$took"
	result LARGE "$what, status() beside it, p50" "${p50:-0}"
	result LARGE "$what, status() beside it, longest" "${longest:-0}"
done < "$dir/large"
