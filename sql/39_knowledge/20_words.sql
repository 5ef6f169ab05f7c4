-- 39_knowledge: words as they are looked for, and the passages that say most of them.

CREATE FUNCTION voiceagent_private.word_forms(language text) RETURNS regconfig
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE lower(split_part(language, '-', 1))
		WHEN 'en' THEN 'pg_catalog.english'::regconfig
		WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
		WHEN 'fr' THEN 'pg_catalog.french'::regconfig
		WHEN 'de' THEN 'pg_catalog.german'::regconfig
		ELSE 'pg_catalog.simple'::regconfig END;
COMMENT ON FUNCTION voiceagent_private.word_forms(text) IS
	'The text search configuration that takes words of a language (BCP 47 tag) to their stems; those of other '
	'languages than English, Spanish, French and German stay as they are.';

-- After the stem is taken, because stemmers read accents.
-- The French stemmer leaves -age where it takes -er away: débouchage and déboucher, nettoyage and nettoyer.
CREATE FUNCTION voiceagent_private.fold_word(word text, forms regconfig) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN left(replace(replace(replace(translate(lower(
		CASE WHEN forms = 'pg_catalog.french'::regconfig AND word ~ '^.{5,}ag$'
			THEN regexp_replace(left(word, -2), 'y$', 'i') ELSE word END),
		'àáâãäåāăąçćčďđèéêëēĕėęěğìíîïīĭįıłĺľñńňòóôõöøōŏőŕřśşšșťţțùúûüūŭůűųýÿžźż',
		'aaaaaaaaacccddeeeeeeeeegiiiiiiiilllnnnooooooooorrsssstttuuuuuuuuuyyzzz'),
		'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 64);
COMMENT ON FUNCTION voiceagent_private.fold_word(text, regconfig) IS
	'A stem of these forms in lower case and without accents, cut at 64 characters; in French without -ag.';

-- In PL/pgSQL, which keeps its plan: as a function in SQL it would be planned for each question.
CREATE FUNCTION voiceagent_private.question_words(forms regconfig, words text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- The read part of a question and the number of its words are bounded.
	RETURN ARRAY(SELECT q.word
		FROM (SELECT voiceagent_private.fold_word(t.lexeme, forms) AS word, min(t.positions[1]) AS place
			-- A text over 200 characters is no word.
			FROM unnest(to_tsvector(forms, regexp_replace(left(words, 4000), '\S{200,}', ' ', 'g'))) t GROUP BY 1) q
		WHERE q.word <> '' ORDER BY q.place, q.word LIMIT 24);
END
$$;
COMMENT ON FUNCTION voiceagent_private.question_words(regconfig, text) IS
	'The first 24 words of the first 4,000 characters of a question, as knowledge_words has them; none of those that '
	'say nothing (the, of, ...).';

CREATE FUNCTION voiceagent_private.write_words(document_id bigint, forms regconfig) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = bulk SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- Okapi BM25; a passage of usual length has so many words.
	c_k1 CONSTANT double precision := 1.2;
	c_b CONSTANT double precision := 0.75;
	c_usual CONSTANT double precision := 100;
BEGIN
	DELETE FROM voiceagent_private.knowledge_words w
	WHERE w.tenant_id = v_tenant AND w.document_id = write_words.document_id;
	INSERT INTO voiceagent_private.knowledge_words (tenant_id, word, document_id, found, passages, weights)
	SELECT v_tenant, u.word, write_words.document_id, count(*), array_agg(u.passage ORDER BY u.weight DESC, u.passage),
		array_agg(u.weight ORDER BY u.weight DESC, u.passage)
	FROM (SELECT f.word, f.passage,
			(f.times * (c_k1 + 1)
				/ (f.times + c_k1 * (1 - c_b + c_b * sum(f.times) OVER (PARTITION BY f.passage) / c_usual)))::real
				AS weight
		FROM (SELECT voiceagent_private.fold_word(t.lexeme, forms) AS word, p.passage,
				sum(cardinality(t.positions))::double precision AS times
			FROM voiceagent.knowledge_passages p
			-- A heading's words count twice: they say what the passage is about.
			CROSS JOIN LATERAL unnest(to_tsvector(forms, concat_ws(E'\n', p.heading, p.heading, p.body))) t
			WHERE p.tenant_id = v_tenant AND p.document_id = write_words.document_id
			GROUP BY 1, 2) f
		WHERE f.word <> '') u
	GROUP BY u.word;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_words(bigint, regconfig) IS
	'Writes anew by which words the passages of a document of the current tenant are found.';

CREATE TYPE voiceagent_private.knowledge_place AS (
	document_id bigint,
	says double precision,
	passages integer[],
	weights real[]
);
COMMENT ON TYPE voiceagent_private.knowledge_place IS
	'The passages of a document in which a word of a question stands, with their weights, and what the word says: the '
	'more, the rarer it is.';

CREATE FUNCTION voiceagent_private.best_passages(places voiceagent_private.knowledge_place[], max_passages integer,
	OUT document_id bigint, OUT passage integer, OUT score double precision) RETURNS SETOF record
	LANGUAGE c STABLE STRICT PARALLEL SAFE ROWS 5 AS 'MODULE_PATHNAME', 'va_sql_best_passages';
COMMENT ON FUNCTION voiceagent_private.best_passages(voiceagent_private.knowledge_place[], integer) IS
	'The passages (max_passages: 1 to 1000) with the largest sums of says times weight over these places, the best '
	'first; ties go by document and passage.';

/*
 * Every place of every word of a question counts, so that the best are the
 * best. That is bounded by the words of a question and the passages of a tenant,
 * and is a sum of numbers in arrays: some milliseconds for 24 words that stand
 * in all of 10,000 passages.
 */
CREATE FUNCTION voiceagent_private.rank_passages(document_ids bigint[], words text, max_passages integer,
	OUT document_id bigint, OUT passage integer, OUT score double precision) RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET planner.policy = batch SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
		WITH document AS MATERIALIZED (
			SELECT d.document_id, voiceagent_private.word_forms(d.language) AS forms, d.passages
			FROM voiceagent.knowledge_documents d
			WHERE d.tenant_id = v_tenant AND d.document_id = ANY (document_ids) AND d.passages > 0
		), question AS MATERIALIZED (
			SELECT f.forms, voiceagent_private.question_words(f.forms, words) AS asked
			FROM (SELECT DISTINCT d.forms FROM document d) f
		), place AS MATERIALIZED (
			SELECT w.word, w.document_id, w.found, w.passages, w.weights
			FROM document d
			JOIN question q ON q.forms = d.forms
			CROSS JOIN LATERAL unnest(q.asked) AS a(word)
			CROSS JOIN LATERAL (SELECT k.* FROM voiceagent_private.knowledge_words k
				WHERE k.tenant_id = v_tenant AND k.document_id = d.document_id AND k.word = a.word OFFSET 0) w
		), rarity AS MATERIALIZED (
			SELECT r.word, ln(1 + (t.passages - r.found + 0.5) / (r.found + 0.5))::double precision AS says
			FROM (SELECT p.word, sum(p.found) AS found FROM place p GROUP BY p.word) r,
				(SELECT sum(d.passages) AS passages FROM document d) t
		)
		SELECT b.document_id, b.passage, b.score
		FROM voiceagent_private.best_passages((SELECT array_agg(ROW(p.document_id, r.says, p.passages, p.weights)
				::voiceagent_private.knowledge_place ORDER BY p.document_id, p.word)
			FROM place p JOIN rarity r ON r.word = p.word), max_passages) b;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rank_passages(bigint[], text, integer) IS
	'The passages of these documents of the current tenant that say most of the words of a question (Okapi BM25), '
	'the best first; ties go by document and passage.';
