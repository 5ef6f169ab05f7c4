#!/usr/bin/env bash
# listings.sh   LISTINGS: find_listings() among the listings of one tenant beside others', p50 and p99 in milliseconds, and whether it finds
#
# ROWS (100000) listings of real estate, out of CSV files; OTHERS (9) tenants with as many.  A description has 8 to 16 words, as frequent as
# in a language (the n-th word is 1/n as frequent as the first), 5,000 of them; an address is one of 200 places.  QUESTIONS (1000) questions of
# each kind, one after the other as a plain member, under row-level security; the tables analysed by nobody:
#   misspelt   the six rarest words of a listing, a letter of three of them changed; the listing must be among the best ten
#   common     one to three of the 20 commonest words
#   filters    a place, a highest price, and least bedrooms
#   both       such filters and two words
# SEED (1) repeats it.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
psql -d bench -v rows="${ROWS:-100000}" -v others="${OTHERS:-9}" -v questions="${QUESTIONS:-1000}" -v seed="${SEED:-1}" << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('Listings', 'UTC', 10) AS tenant \gset
CREATE ROLE reader LOGIN;
SELECT voiceagent.map_role('reader', :tenant);
SELECT voiceagent.set_setting('listings_max', greatest(:rows, 1000)::text);
-- 0 .. 4999, the smaller the more often
CREATE FUNCTION public.word(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(substr('bdfglmprtvz', 1 + d % 11, 1) || substr('aeiou', 1 + d / 11, 1), '') FROM (VALUES (n % 55), (n / 55 % 55), ((n + 7) % 55)) AS t(d) $$;
CREATE FUNCTION public.some() RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT floor(exp(random() * ln(5001)) - 1)::integer $$;
CREATE FUNCTION public.words() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(public.word(public.some()), ' ') FROM generate_series(1, 8 + floor(random() * 9)::integer) $$;
CREATE FUNCTION public.place(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT initcap(public.word(4000 + n)) || 'ville' $$;
SET check_function_bodies = off;
CREATE FUNCTION public.rank(w text) RETURNS integer LANGUAGE sql STABLE AS $$ SELECT n FROM public.ranks WHERE word = w $$;
CREATE TABLE public.ranks AS SELECT public.word(n) AS word, min(n) AS n FROM generate_series(0, 5000) n GROUP BY 1;
CREATE UNIQUE INDEX ON public.ranks (word);
CREATE FUNCTION public.filters(n integer) RETURNS TABLE (q integer, f jsonb) LANGUAGE sql AS $$
	SELECT i, jsonb_build_object('place', public.place(i * 13 % 200), 'price', jsonb_build_object('at_most', 100000 + i * 37 % 80 * 10000), 'bedrooms', jsonb_build_object('at_least', 1 + i % 5)) FROM generate_series(1, n) i $$;
CREATE TABLE public.made AS SELECT n, format('%s %s Street, %s', n, initcap(public.word(n % 977)), public.place(n % 200)) AS address, 50000 + floor(random() * 95) * 10000 AS price,
	1 + floor(random() * 6) AS bedrooms, public.words() AS description FROM (SELECT setseed(:seed / 1000.0)) s, generate_series(1, :rows) n;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.set_listing_profile('real_estate');
SELECT format('SELECT rows_added FROM voiceagent.import_listings((SELECT ''reference,address,price,bedrooms,description'' || chr(10) || string_agg(format(''%%s,"%%s",%%s,%%s,%%s'', n, address, price, bedrooms, description), chr(10))
	FROM public.made WHERE n BETWEEN %s AND %s))', i, i + 9999) FROM generate_series(1, :rows, 10000) i \gexec
COMMIT;
-- The others' rows are these, with other keys.
SELECT set_config('bench.tenant', :'tenant', false), set_config('bench.others', :'others', false);
DO $$
DECLARE
	v_tenant bigint := current_setting('bench.tenant');
	v_other bigint;
BEGIN
	FOR i IN 1 .. current_setting('bench.others')::integer LOOP
		v_other := voiceagent.create_tenant('Other ' || i, 'UTC', 10);
		INSERT INTO voiceagent.listing_profiles SELECT v_other, profile, attributes, created_at FROM voiceagent.listing_profiles WHERE tenant_id = v_tenant;
		INSERT INTO voiceagent.listings (tenant_id, profile, reference, attributes, created_at, updated_at)
		SELECT v_other, profile, reference, attributes, created_at, updated_at FROM voiceagent.listings WHERE tenant_id = v_tenant ORDER BY listing_id;
		INSERT INTO voiceagent_private.listing_index SELECT v_other, o.listing_id, i.profile, NULL, NULL, i.numbers, ARRAY(SELECT k # v_other FROM unnest(i.keys) k)
		FROM voiceagent.listings o JOIN voiceagent.listings l ON l.tenant_id = v_tenant AND l.reference = o.reference
		JOIN voiceagent_private.listing_index i ON i.tenant_id = v_tenant AND i.listing_id = l.listing_id WHERE o.tenant_id = v_other;
		INSERT INTO voiceagent_private.listing_keys SELECT v_other, k.key # v_other, k.word, k.found, ARRAY(SELECT v # v_other FROM unnest(k.variants) v) FROM voiceagent_private.listing_keys k WHERE k.tenant_id = v_tenant;
	END LOOP;
END $$;
CREATE TABLE public.questions AS
	SELECT n, 'misspelt' AS kind, '{}'::jsonb AS filters, (SELECT string_agg(CASE WHEN w.nth <= 3 THEN overlay(w.word PLACING 'q' FROM 2 FOR 1) ELSE w.word END, ' ' ORDER BY w.nth)
			FROM (SELECT u.word, row_number() OVER (ORDER BY public.rank(u.word) DESC) AS nth FROM (SELECT DISTINCT x FROM regexp_split_to_table(m.description, ' ') x) u(word)) w WHERE w.nth <= 6) AS words,
		m.n::text AS must
	FROM generate_series(1, :questions) q JOIN public.made m ON m.n = 1 + q * 7919 % :rows
	UNION ALL SELECT q, 'common', '{}', (SELECT string_agg(public.word((q * 31 + i * 7) % 20), ' ') FROM generate_series(0, q % 3) i), NULL FROM generate_series(1, :questions) q
	UNION ALL SELECT q, 'filters', f, NULL, NULL FROM public.filters(:questions) x(q, f)
	UNION ALL SELECT q, 'both', f, public.word(q % 20) || ' ' || public.word(q % 3000), NULL FROM public.filters(:questions) x(q, f);
GRANT SELECT ON public.questions TO reader;
CREATE TABLE public.took (kind text, ms double precision, found boolean);
GRANT INSERT ON public.took TO reader;
SQL
for ((round = 1; round <= runs; round++)); do
	psql -d bench -c 'TRUNCATE public.took' -c 'SELECT pg_stat_reset()' > /dev/null
	psql -d bench -U reader > /dev/null << 'SQL'
DO $$
DECLARE
	v record;
	v_found jsonb;
	v_began timestamptz;
BEGIN
	FOR v IN SELECT * FROM public.questions ORDER BY kind, n LOOP
		v_began := clock_timestamp();
		v_found := voiceagent.find_listings(v.filters, v.words);
		INSERT INTO public.took VALUES (v.kind, 1000 * extract(epoch FROM clock_timestamp() - v_began), jsonb_path_exists(v_found, '$.listings[*].reference ? (@ == $r)', jsonb_build_object('r', v.must)));
	END LOOP;
END $$;
SQL
	while IFS='|' read -r side value; do result LISTINGS "$side" "$value"; done < <(psql -d bench -c "
		SELECT t.kind || s.part, round(percentile_cont(s.share) WITHIN GROUP (ORDER BY ms)::numeric, 3) FROM public.took t, (VALUES (' p50', 0.5), (' p99', 0.99)) AS s(part, share)
		GROUP BY 1, s.share
		UNION ALL SELECT kind || ' found', round(100.0 * count(*) FILTER (WHERE found) / count(*), 2) FROM public.took WHERE kind = 'misspelt' GROUP BY kind
		UNION ALL SELECT 'read whole', sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('listing_index', 'listing_keys', 'listings') ORDER BY 1")
done
