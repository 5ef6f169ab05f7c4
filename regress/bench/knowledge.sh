#!/usr/bin/env bash
# knowledge.sh   KNOWLEDGE: find_knowledge() among the passages of one assistant, p50 and p99 in milliseconds, and whether it finds
#
# PASSAGES (10000) passages of 60 to 140 words in ten documents; words as frequent as in a language (the n-th word is 1/n as
# frequent as the first), 5,000 of them; OTHERS (20) tenants with as many documents and 500 passages each.  QUESTIONS (1000)
# questions, one after the other as a plain member, under row-level security; the tables analysed by nobody.  Half of them are
# 3 to 10 words of the same kind, the others six words of one passage, which must be among the best five.  The peer is
# PostgreSQL's full-text search, as superuser, without row-level security, of those passages alone, under a GIN index,
# analysed: any of the words, the best five by ts_rank.  SEED (1) repeats it.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
psql -d bench -v passages="${PASSAGES:-10000}" -v others="${OTHERS:-20}" -v questions="${QUESTIONS:-1000}" -v seed="${SEED:-1}" << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('Knowledge', 'UTC', 10) AS tenant \gset
CREATE ROLE reader LOGIN;
SELECT voiceagent.map_role('reader', :tenant);
SELECT voiceagent.set_setting('knowledge_passages_max', greatest(:passages, 1000)::text), voiceagent.set_setting('knowledge_document_bytes', '10485760');
-- 0 .. 4999, the smaller the more often; consonant and vowel make it no word that says nothing
CREATE FUNCTION public.word() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(substr('bdfglmprtvz', 1 + d % 11, 1) || substr('aeiou', 1 + d / 11, 1), '')
	FROM (SELECT floor(exp(random() * ln(5001)) - 1)::integer AS n) w, LATERAL (VALUES (n % 55), (n / 55 % 55), ((n + 7) % 55)) AS t(d) $$;
CREATE FUNCTION public.words(low integer, high integer) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(public.word(), ' ') FROM generate_series(1, low + floor(random() * (high - low + 1))::integer) $$;
CREATE FUNCTION public.document(d integer, parts integer) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(format(E'# Point %s\n%s.', i, public.words(60, 140)), E'\n\n') FROM generate_series(1, parts) i WHERE d > 0 $$;
CREATE TABLE public.documents AS SELECT d, public.document(d, :passages / 10) AS content FROM (SELECT setseed(:seed / 1000.0)) s, generate_series(1, 10) d;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.create_assistant('Ann', 'Hello', 'You answer questions.') AS assistant \gset
SELECT voiceagent.choose_knowledge(:assistant, ARRAY(SELECT voiceagent.add_knowledge('Part ' || d, content, 'markdown') FROM public.documents ORDER BY d));
COMMIT;
CREATE TABLE public.questions AS
	SELECT q.n, CASE WHEN q.n % 2 = 0 THEN public.words(3, 10) ELSE w.words END AS words, CASE WHEN q.n % 2 = 1 THEN p.document_id || ':' || p.passage END AS must
	FROM generate_series(1, :questions) AS q(n)
	JOIN voiceagent.knowledge_passages p ON p.document_id = 1 + q.n % 10 AND p.passage = 1 + q.n * 7919 % (:passages / 10)
	CROSS JOIN LATERAL (SELECT string_agg(t.word, ' ') AS words
		FROM (SELECT u.word FROM regexp_split_to_table(trim('.' FROM p.body), ' ') AS u(word) ORDER BY hashtext(u.word || q.n) LIMIT 6) t) w;
GRANT SELECT ON public.questions TO reader;
CREATE TABLE public.took (side text, ms double precision, found boolean);
GRANT INSERT ON public.took TO reader;
-- The peer's rows.
CREATE TABLE public.peer AS SELECT p.document_id || ':' || p.passage AS id, to_tsvector('english', p.heading || ' ' || p.body) AS words FROM voiceagent.knowledge_passages p;
CREATE INDEX ON public.peer USING gin (words);
ANALYZE public.peer;
SELECT format('SELECT voiceagent_private.set_tenant(voiceagent.create_tenant(%L, ''UTC'', 10)); SELECT count(voiceagent.add_knowledge(''Part '' || d, public.document(d, 50), ''markdown'')) FROM generate_series(1, 10) d', 'Other ' || i)
FROM generate_series(1, :others) i \gexec
SQL
# asked SIDE QUERY: every question, timed; QUERY gives the ids of the best five passages for v_question
asked() {
	cat << SQL
DO \$\$
DECLARE
	v record;
	v_question text;
	v_best text[];
	v_assistant bigint := 1;
	v_began timestamptz;
BEGIN
	FOR v IN SELECT * FROM public.questions ORDER BY n LOOP
		v_question := v.words;
		v_began := clock_timestamp();
		v_best := ($2);
		INSERT INTO public.took VALUES ('$1', 1000 * extract(epoch FROM clock_timestamp() - v_began), v.must = ANY (v_best));
	END LOOP;
END
\$\$;
SQL
}
for ((round = 1; round <= runs; round++)); do
	psql -d bench -c 'TRUNCATE public.took' -c 'SELECT pg_stat_reset()' > /dev/null
	asked ours "SELECT array_agg(f.document_id || ':' || f.passage) FROM voiceagent.find_knowledge(v_assistant, v_question) f" | psql -d bench -U reader > /dev/null
	asked peer "SELECT array_agg(f.id) FROM (SELECT p.id FROM public.peer p, (SELECT replace(plainto_tsquery('english', v_question)::text, '&', '|')::tsquery AS asked OFFSET 0) q
		WHERE p.words @@ q.asked ORDER BY ts_rank(p.words, q.asked) DESC, p.id LIMIT 5) f" | psql -d bench > /dev/null
	while IFS='|' read -r side value; do result KNOWLEDGE "$side" "$value"; done < <(psql -d bench -c "
		SELECT t.side || s.part, round(percentile_cont(s.share) WITHIN GROUP (ORDER BY ms)::numeric, 3) FROM public.took t, (VALUES (' p50', 0.5), (' p99', 0.99)) AS s(part, share)
		GROUP BY 1, s.share
		UNION ALL SELECT side || ' found', round(100.0 * count(*) FILTER (WHERE found) / count(found), 2) FROM public.took GROUP BY side
		UNION ALL SELECT 'ours read whole', sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('knowledge_words', 'knowledge_passages') ORDER BY 1")
done
