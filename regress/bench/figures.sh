#!/usr/bin/env bash
# figures.sh   FIGURES: figures, search and exports of a tenant with half of CALLS (200000; with FULL=1 2000000) calls of 90 days, among 50 tenants
#
# Six in ten calls have a conversation of some 80 words, as frequent as in a language, one of them rare.  Folded and indexed by
# fold_figures() in batches of 500, as the keeper does: processor time a call.  Then, as a plain member under row-level security,
# tables analysed by nobody: ROUNDS (100) of each figure, p99 in ms; QUESTIONS (1000) searches of one to three words drawn by
# frequency, half of them with filters; exports and files in rows a second.  A figure that is not what the rows count ends the bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
calls=${CALLS:-$([ "${FULL-}" = 1 ] && echo 2000000 || echo 200000)}
psql -d bench -v calls="$calls" << 'SQL' > /dev/null
CREATE ROLE reader LOGIN;
-- 3,000 lines of 14 words, the n-th word 1/n as frequent as the first.
CREATE TABLE public.word AS SELECT n, (SELECT string_agg(substr('bdfglmprtvz', 1 + d % 11, 1) || substr('aeiou', 1 + d / 11, 1), '')
	FROM (VALUES (n % 55), (n / 55 % 55), ((n + 7) % 55)) AS t(d)) AS word FROM generate_series(0, 4999) n;
SELECT setseed(0.5);
CREATE TABLE public.line AS SELECT l, string_agg(w.word, ' ') AS line
FROM (SELECT l, least(floor(exp(random() * ln(5001)) - 1)::integer, 4999) AS n FROM generate_series(0, 2999) l, generate_series(1, 14)) d JOIN public.word w USING (n) GROUP BY l;
CREATE INDEX ON public.line (l);
CREATE FUNCTION public.fill(nth integer, calls integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant('Figures ' || nth, 'America/New_York', 10);
	v_campaigns bigint[];
	v_assistant bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	v_assistant := voiceagent.create_assistant('Ann', 'Hello', 'Be kind.');
	v_campaigns := ARRAY[voiceagent.create_campaign('One', v_assistant), voiceagent.create_campaign('Two', v_assistant), voiceagent.create_campaign('Three', v_assistant)];
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, last_name, timezones, created_at)
	SELECT v_tenant, '+1212' || (2000000 + i), 'Lead', 'No ' || i, '{America/New_York}', now() FROM generate_series(1, greatest(calls / 3, 1)) i;
	CREATE TEMPORARY TABLE made ON COMMIT DROP AS
	SELECT i, h.x, now() - interval '90 days' * (1 - i::float8 / calls) AS at, h.x % 10 < 6 AS talks, l.lead_id, l.phone, nextval('voiceagent.calls_call_id_seq') AS call_id
	FROM generate_series(1, calls) i CROSS JOIN LATERAL (SELECT hashint4(i) & 2147483647 AS x) h
	JOIN (SELECT lead_id, phone, row_number() OVER (ORDER BY lead_id) AS n FROM voiceagent.leads WHERE tenant_id = v_tenant) l ON l.n = 1 + i % greatest(calls / 3, 1) ORDER BY i;
	INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome,
		started_at, answered_at, ended_at, duration_seconds, credits, cost, cost_currency, cost_source, structured_data, evaluation, summary)
	OVERRIDING SYSTEM VALUE
	SELECT v_tenant, m.call_id, v_campaigns[1 + m.x % 3], m.lead_id, m.phone, v_assistant, 1, 1, (SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = v_tenant),
		1 + m.x / 3 % 3, CASE WHEN m.talks THEN 'completed' ELSE 'no_answer' END,
		CASE WHEN m.talks THEN (ARRAY['interested', 'scheduled', 'not_interested', 'callback', 'completed', 'do_not_call', 'voicemail', 'voicemail'])[1 + m.x / 60 % 8] ELSE 'no_answer' END::voiceagent.call_outcome,
		m.at, CASE WHEN m.talks THEN m.at END, m.at + interval '1 minute', CASE WHEN m.talks THEN 60 ELSE 0 END, 0.5, CASE WHEN m.talks THEN 0.02 END, CASE WHEN m.talks THEN 'USD' END, 'carrier',
		'{}', 'neutral', 'A talk.'
	FROM made m;
	INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns, reading)
	SELECT v_tenant, m.call_id, voiceagent_private.month_slot(m.at), voiceagent_private.pack_jsonb((SELECT jsonb_agg(jsonb_build_object('turn', t, 'speaker', CASE t % 2 WHEN 1 THEN 'assistant' ELSE 'customer' END,
			'text', l.line || CASE t WHEN 3 THEN ' rare' || m.call_id ELSE '' END) ORDER BY t) FROM generate_series(1, 6) t JOIN public.line l ON l.l = (hashint4(m.i * 7 + t) & 2147483647) % 3000)),
		jsonb_build_object('language', 'en', 'intent', jsonb_build_object('value', (ARRAY['general', 'interest', 'objection', 'schedule'])[1 + m.x / 5 % 4]),
			'emotion', jsonb_build_object('value', (ARRAY['calm', 'happy', 'angry'])[1 + m.x / 7 % 3]), 'interest', jsonb_build_object('value', (ARRAY['none', 'low', 'high'])[1 + m.x / 11 % 3]))
	FROM made m WHERE m.talks;
	DROP TABLE made;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_tenant;
END
$$;
SELECT public.fill(1, :calls / 2);
SELECT public.fill(i, :calls / 98) FROM generate_series(2, 50) i;
SELECT voiceagent.map_role('reader', (SELECT min(tenant_id) FROM voiceagent.tenants WHERE name = 'Figures 1'));
CREATE TABLE public.question AS SELECT q, (SELECT string_agg(w.word, ' ') FROM (SELECT least(floor(exp(random() * ln(5001)) - 1)::integer, 4999) AS n
	FROM generate_series(1, 1 + q % 3) WHERE q > 0) d JOIN public.word w USING (n)) AS words FROM generate_series(1, 1000) q;
CREATE TABLE public.took (side text, ms double precision);
GRANT SELECT ON public.question TO reader;
GRANT INSERT ON public.took TO reader;
SQL
cat > "$dir/fold.sql" << 'SQL'
SELECT format('BEGIN; SELECT voiceagent_private.set_tenant(%s); SELECT voiceagent_private.fold_figures(500); COMMIT', t.tenant_id)
FROM voiceagent.tenants t, LATERAL generate_series(0, (SELECT count(*) FROM voiceagent.calls c WHERE c.tenant_id = t.tenant_id) / 500 + 1) ORDER BY t.tenant_id
\gexec
SQL
costs FIGURES fold "$calls" psql -d bench -o /dev/null -f "$dir/fold.sql"
psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
# asked SIDE N QUERY: as the member, N times; the query may name v_words and i
asked() {
	"$lib/server" psql "$dir" -qAt -v ON_ERROR_STOP=1 -U reader -d bench << SQL
DO \$\$
DECLARE
	v_began timestamptz;
	v_words text;
BEGIN
	FOR i IN 1..$2 LOOP
		SELECT q.words INTO v_words FROM public.question q WHERE q.q = i;
		v_began := clock_timestamp();
		PERFORM x FROM ($3) x;
		INSERT INTO public.took VALUES ('$1', extract(epoch FROM clock_timestamp() - v_began) * 1000);
	END LOOP;
END \$\$;
SQL
	psql -d bench -c "SELECT '$1', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2), round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM public.took WHERE side = '$1'" |
		while IFS='|' read -r side p50 p99; do result FIGURES "$side p50" "$p50"; result FIGURES "$side p99" "$p99"; done
}
rounds=${ROUNDS:-100}
asked overview "$rounds" 'SELECT voiceagent.overview()'
asked today "$rounds" 'SELECT * FROM voiceagent_bi.today'
asked '21 days' "$rounds" 'SELECT * FROM voiceagent_bi.last_21_days'
asked campaign "$rounds" 'SELECT voiceagent.campaign_analytics((SELECT min(campaign_id) FROM voiceagent.campaigns))'
asked search "${QUESTIONS:-1000}" "SELECT * FROM voiceagent.search_calls(v_words, outcome := CASE i % 4 WHEN 0 THEN 'interested' END, interest := CASE i % 4 WHEN 2 THEN 'high' END)"
rows=$((calls / 2))
page=$((rows < 100000 ? rows : 100000)) # the most that one question is answered with
for format in csv ndjson; do
	from=$(now)
	"$lib/server" psql "$dir" -qAt -v ON_ERROR_STOP=1 -U reader -d bench -c "SELECT voiceagent.export_lines('calls', '$format', max_rows := $page)" > /dev/null
	result FIGURES "export $format" "$(rate "$page" "$from" "$(now)")"
done
from=$(now)
"$lib/server" psql "$dir" -qAt -U reader -d bench -c 'COPY (SELECT * FROM voiceagent_bi.call_list) TO STDOUT (FORMAT csv)' > /dev/null
result FIGURES 'export copy' "$(rate "$rows" "$from" "$(now)")"
# Files, by the process exporter: whole, and of call_list's twelve columns that people look at.
psql -c 'ALTER SYSTEM SET voiceagent.launcher = on'
"$lib/server" restart "$dir" > /dev/null
made() { # SIDE FORMAT COLUMNS
	local id
	id=$(psql -d bench -c "BEGIN; SELECT voiceagent_private.set_tenant((SELECT min(tenant_id) FROM voiceagent.tenants WHERE name = 'Figures 1'));
		SELECT voiceagent.request_export('calls', '$2', only_columns := $3); COMMIT" | tail -1)
	wait_for 1800 "SELECT state IN ('done', 'failed') FROM voiceagent.exports WHERE export_id = $id"
	result FIGURES "$1" "$(psql -d bench -c "SELECT round(rows / extract(epoch FROM finished_at - created_at)) FROM voiceagent.exports WHERE export_id = $id AND state = 'done'")"
}
twelve="'{call_id,direction,started_at,campaign,first_name,last_name,phone,status,outcome,interest,duration_seconds,credits}'"
made 'file csv' csv NULL
made 'file csv, 12 columns' csv "$twelve"
made 'file xlsx' xlsx NULL
made 'file xlsx, 12 columns' xlsx "$twelve"
wrong=$(psql -d bench << 'SQL' | tail -1
BEGIN;
SELECT voiceagent_private.set_tenant((SELECT min(tenant_id) FROM voiceagent.tenants WHERE name = 'Figures 1'));
SELECT (SELECT count(*) FROM voiceagent_private.check_figures()) + abs((SELECT count(*) FROM voiceagent.calls WHERE tenant_id = voiceagent.current_tenant())
	- (SELECT sum(calls) FROM voiceagent_bi.daily_calls));
COMMIT;
SQL
)
[ "$wrong" = 0 ] || { echo "bench: $wrong figures are not what the rows count" >&2; exit 1; }
result FIGURES 'bytes a call' "$(psql -d bench -c "SELECT (pg_total_relation_size('voiceagent.call_words') + pg_total_relation_size('voiceagent.call_facts')) / $calls")"
