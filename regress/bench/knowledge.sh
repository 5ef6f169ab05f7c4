#!/usr/bin/env bash
# knowledge.sh   KNOWLEDGE: find_knowledge() among the passages of one assistant, p50 and p99 in milliseconds
#
# PASSAGES (10000) passages of 60 to 140 words in ten documents; words as frequent as in a language (the n-th word is 1/n as
# frequent as the first), 5,000 of them; QUESTIONS (2000) questions of 3 to 10 words of the same kind, one after the other as a
# member, under row-level security; the tables analysed by nobody.  SEED (1) repeats it.
set -euo pipefail
cd "$(dirname "$0")/../.."
settings=(voiceagent.launcher=off autovacuum=off)
source regress/bench/lib.sh
psql -d bench -v passages="${PASSAGES:-10000}" -v seed="${SEED:-1}" << 'SQL' > /dev/null
SELECT voiceagent.create_tenant('Knowledge', 'UTC', 10) AS tenant \gset
CREATE ROLE reader LOGIN;
SELECT voiceagent.map_role('reader', :tenant);
SELECT voiceagent.set_setting('knowledge_passages_max', :'passages'), voiceagent.set_setting('knowledge_document_bytes', '10485760');
-- 0 .. 4999, the smaller the more often; consonant and vowel make it no word that says nothing
CREATE FUNCTION public.word() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(substr('bdfglmprtvz', 1 + d % 11, 1) || substr('aeiou', 1 + d / 11, 1), '')
	FROM (SELECT floor(exp(random() * ln(5001)) - 1)::integer AS n) w, LATERAL (VALUES (n % 55), (n / 55 % 55), ((n + 7) % 55)) AS t(d) $$;
CREATE FUNCTION public.words(low integer, high integer) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT string_agg(public.word(), ' ') FROM generate_series(1, low + floor(random() * (high - low + 1))::integer) $$;
SELECT setseed(:seed / 1000.0);
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant);
SELECT voiceagent.create_assistant('Ann', 'Hello', 'You answer questions.') AS assistant \gset
SELECT voiceagent.choose_knowledge(:assistant, ARRAY(SELECT voiceagent.add_knowledge('Part ' || d,
	(SELECT string_agg(format(E'# Point %s\n%s.', i, public.words(60, 140)), E'\n\n') FROM generate_series(1, :passages / 10) i WHERE d > 0), 'markdown')
	FROM generate_series(1, 10) d));
COMMIT;
CREATE TABLE public.questions AS SELECT public.words(3, 10) AS words FROM generate_series(1, 2000);
GRANT SELECT ON public.questions TO reader;
CREATE TABLE public.took (ms double precision);
GRANT INSERT ON public.took TO reader;
SQL
for ((round = 1; round <= runs; round++)); do
	psql -d bench -c 'TRUNCATE public.took'
	psql -d bench -U reader << 'SQL' > /dev/null
DO $$
DECLARE
	v_question text;
	v_assistant bigint := (SELECT assistant_id FROM voiceagent.assistants);
	v_began timestamptz;
BEGIN
	FOR v_question IN SELECT words FROM public.questions LOOP
		v_began := clock_timestamp();
		PERFORM voiceagent.find_knowledge(v_assistant, v_question);
		INSERT INTO public.took VALUES (1000 * extract(epoch FROM clock_timestamp() - v_began));
	END LOOP;
END
$$;
SQL
	while IFS='|' read -r side value; do result KNOWLEDGE "$side" "$value"; done < <(psql -d bench -c "
		SELECT s.side, round(percentile_cont(s.part) WITHIN GROUP (ORDER BY ms)::numeric, 2) FROM public.took, (VALUES ('p50 ms', 0.5), ('p99 ms', 0.99)) AS s(side, part)
		GROUP BY s.side, s.part ORDER BY s.side")
done
