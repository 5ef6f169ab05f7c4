#!/usr/bin/env bash
# leads.sh   LEADS: a page of 50 of lead_list() among a million leads, in each order with each filter, in ms, beside a page by hand
#
# Tenants of 69, 30 and 1 percent of ROWS (1000000) leads; of the largest, PAGES (40) pages of each list from its beginning.  By hand is
# SELECT * FROM leads WHERE lead_id > $1 ORDER BY lead_id LIMIT 50, in the same minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-1000000} pages=${PAGES:-40}
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
tenant=$(psql -d bench -v leads=$((rows * 69 / 100)) -f regress/bench/leads.sql | tail -1)
psql -d bench -v leads=$((rows * 30 / 100)) -f regress/bench/leads.sql > /dev/null
psql -d bench -v leads=$((rows / 100)) -f regress/bench/leads.sql > /dev/null
psql -d bench -c 'VACUUM ANALYZE' -c CHECKPOINT
psql -d bench -v tenant="$tenant" -v pages="$pages" > "$dir/pages" << 'SQL'
CREATE FUNCTION public.walk(list text, pages integer) RETURNS TABLE (p50 numeric, p99 numeric) LANGUAGE plpgsql AS $$
DECLARE
	v_after text;
	v_next text;
	v_rows bigint;
	v_from timestamptz;
	v_ms numeric[] := '{}';
BEGIN
	FOR i IN 1..pages LOOP
		v_from := clock_timestamp();
		EXECUTE format('SELECT count(*), (array_agg(l.cursor))[count(*)] FROM %s l', replace(list, '$after', quote_nullable(v_after))) INTO v_rows, v_next;
		v_ms := v_ms || extract(epoch FROM clock_timestamp() - v_from) * 1000;
		EXIT WHEN v_rows < 50;
		v_after := v_next;
	END LOOP;
	RETURN QUERY SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY m)::numeric, 1), round(percentile_cont(0.99) WITHIN GROUP (ORDER BY m)::numeric, 1) FROM unnest(v_ms) m;
END
$$;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SET LOCAL ROLE voiceagent_user;
SELECT 'page by hand|' || w.p50 || '|' || w.p99
FROM public.walk('(SELECT o.*, o.lead_id::text AS cursor FROM voiceagent.leads o WHERE o.lead_id > coalesce($after, ''0'')::bigint ORDER BY o.lead_id LIMIT 50)', :pages) w;
SELECT s.sort || coalesce(', ' || f.filter, '') || '|' || w.p50 || '|' || w.p99
FROM unnest(ARRAY['id', 'name', 'last_call', 'next_try']) WITH ORDINALITY s(sort, i)
CROSS JOIN (SELECT 0, NULL, '' UNION ALL SELECT e.position, 'stage ' || e.value, format(', stage => %L', e.value) FROM voiceagent.enumerations e
		WHERE e.enumeration = 'lead_stage' AND e.value <> 'calling'
	UNION ALL SELECT 10 + e.position, 'outcome ' || e.value, format(', outcome => %L', e.value) FROM voiceagent.enumerations e
		WHERE e.enumeration = 'call_outcome' AND e.value IN ('no_answer', 'callback', 'interested', 'wrong_number')
	UNION ALL SELECT 30, 'needs follow-up', ', needs_follow_up => true' UNION ALL SELECT 31, 'needs none', ', needs_follow_up => false'
	UNION ALL SELECT 40, 'campaign of all', format(', campaign_id => %s', min(c.campaign_id)) FROM voiceagent.campaigns c
	UNION ALL SELECT 41, 'campaign of one in fifty', format(', campaign_id => %s', max(c.campaign_id)) FROM voiceagent.campaigns c) f(j, filter, arguments)
CROSS JOIN LATERAL public.walk(format('voiceagent.lead_list(sort => %L, after => $after%s)', s.sort, f.arguments), :pages) w
ORDER BY s.i, f.j;
COMMIT;
SQL
while IFS='|' read -r list p50 p99; do
	result LEADS "$list, p50" "$p50"
	result LEADS "$list, p99" "$p99"
done < "$dir/pages"
