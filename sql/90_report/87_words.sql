/*
 * 90_report: the words of calls, to be searched.
 *
 * The keeper writes a row for each ended call, in the batch that folds it: the
 * words of both sides in the forms of the talk's language, and what the call
 * is filtered by as lexemes that no text can have, so that a search is one
 * condition on one index.  The row ends with the words, by retention, and with
 * the call.
 */

CREATE FUNCTION voiceagent.match_words(words tsvector, query tsquery) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_match_words';
COMMENT ON FUNCTION voiceagent.match_words(tsvector, tsquery) IS
	'Whether the words match the query, as the operator @@ has it; behind voiceagent.~@, which an index serves under '
	'row-level security.';

-- Constants for its estimates: statistics of words would tell a tenant what others say.
CREATE OPERATOR voiceagent.~@ (LEFTARG = tsvector, RIGHTARG = tsquery, FUNCTION = voiceagent.match_words,
	RESTRICT = contsel, JOIN = contjoinsel);
COMMENT ON OPERATOR voiceagent.~@ (tsvector, tsquery) IS 'The words match the query.';
ALTER OPERATOR voiceagent.~@ (tsvector, tsquery) OWNER TO voiceagent_owner;

CREATE FUNCTION voiceagent_private.gin_bigint_value(bigint, internal) RETURNS internal
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_gin_bigint_value';
COMMENT ON FUNCTION voiceagent_private.gin_bigint_value(bigint, internal) IS 'Of tenant_ops: the key of a row.';
CREATE FUNCTION voiceagent_private.gin_bigint_query(bigint, internal, smallint, internal, internal, internal, internal)
	RETURNS internal
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_gin_bigint_query';
COMMENT ON FUNCTION
	voiceagent_private.gin_bigint_query(bigint, internal, smallint, internal, internal, internal, internal) IS
	'Of tenant_ops: the key of a condition.';
CREATE FUNCTION voiceagent_private.gin_bigint_consistent(internal, smallint, bigint, integer, internal, internal,
	internal, internal) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_gin_bigint_consistent';
COMMENT ON FUNCTION voiceagent_private.gin_bigint_consistent(internal, smallint, bigint, integer, internal, internal,
	internal, internal) IS
	'Of tenant_ops: whether a row that has the key fulfils the condition.';
CREATE OPERATOR CLASS voiceagent_private.tenant_ops FOR TYPE bigint USING gin AS
	OPERATOR 1 = (bigint, bigint), FUNCTION 1 btint8cmp(bigint, bigint),
	FUNCTION 2 voiceagent_private.gin_bigint_value(bigint, internal),
	FUNCTION 3 voiceagent_private.gin_bigint_query(bigint, internal, smallint, internal, internal, internal, internal),
	FUNCTION 4 voiceagent_private.gin_bigint_consistent(internal, smallint, bigint, integer, internal, internal,
		internal, internal);
CREATE OPERATOR CLASS voiceagent_private.words_ops FOR TYPE tsvector USING gin AS
	OPERATOR 1 voiceagent.~@ (tsvector, tsquery), FUNCTION 1 gin_cmp_tslexeme(text, text),
	FUNCTION 2 gin_extract_tsvector(tsvector, internal, internal),
	FUNCTION 3 gin_extract_tsquery(tsvector, internal, smallint, internal, internal, internal, internal),
	FUNCTION 4 gin_tsquery_consistent(internal, smallint, tsvector, integer, internal, internal, internal, internal),
	FUNCTION 5 gin_cmp_prefix(text, text, smallint, internal),
	FUNCTION 6 gin_tsquery_triconsistent(internal, smallint, tsvector, integer, internal, internal, internal),
	STORAGE text;

CREATE TABLE voiceagent.call_words (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	words tsvector NOT NULL,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE voiceagent.call_words IS
	E'The words of ended calls, to be searched: search_calls(), or words OPERATOR(voiceagent.~@) a tsquery.\n'
	'There within five seconds of the end, and gone with the transcript.';
COMMENT ON COLUMN voiceagent.call_words.words IS
	'The words of both sides, in the forms of the talk''s language, and those by which search_calls() filters.';
CREATE INDEX call_words_words ON voiceagent.call_words
	USING gin (tenant_id voiceagent_private.tenant_ops, words voiceagent_private.words_ops)
	-- Rows not yet sorted in are read by each search.
	WITH (gin_pending_list_limit = 512);
SELECT voiceagent_private.guard_table('voiceagent.call_words', 'tenant');

CREATE FUNCTION voiceagent_private.filter_lexeme(name text, value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- No parser of texts gives a word that begins so.
	RETURN E'\u0001' || name || ' ' || left(value, 100);
COMMENT ON FUNCTION voiceagent_private.filter_lexeme(text, text) IS
	'How call_words has a property of a call, as a lexeme that no text has; NULL: the value is.';

CREATE FUNCTION voiceagent_private.filter_words(fact voiceagent_private.call_fact, forms regconfig) RETURNS tsvector
	LANGUAGE sql STABLE
	RETURN array_to_tsvector(array_remove(ARRAY[voiceagent_private.filter_lexeme('direction', (fact).direction),
		voiceagent_private.filter_lexeme('campaign', (fact).campaign_id::text),
		voiceagent_private.filter_lexeme('outcome', (fact).outcome),
		voiceagent_private.filter_lexeme('intent', (fact).intent),
		voiceagent_private.filter_lexeme('emotion', (fact).emotion),
		voiceagent_private.filter_lexeme('interest', (fact).interest),
		voiceagent_private.filter_lexeme('status', (fact).status),
		voiceagent_private.filter_lexeme('month', to_char((fact).started_at AT TIME ZONE 'UTC', 'YYYY-MM')),
		voiceagent_private.filter_lexeme('language', forms::text)]::text[], NULL));
COMMENT ON FUNCTION voiceagent_private.filter_words(voiceagent_private.call_fact, regconfig) IS
	'The words by which search_calls() filters a call; forms: those of its turns, NULL: it has none.';

CREATE FUNCTION voiceagent_private.words_said(turns jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_words_said';
COMMENT ON FUNCTION voiceagent_private.words_said(jsonb) IS
	'The words of a call by its turns, a line a turn, up to 200,000 characters; NULL: none.';

CREATE FUNCTION voiceagent_private.write_call_words(facts voiceagent_private.call_fact[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent.call_words AS w (tenant_id, call_id, words)
	SELECT v_tenant, f.call_id, CASE WHEN k.said IS NULL THEN voiceagent_private.filter_words(f, NULL)
		ELSE voiceagent_private.filter_words(f, k.forms) || to_tsvector(k.forms, k.said) END
	FROM unnest(facts) f
	LEFT JOIN LATERAL (SELECT voiceagent_private.word_forms(o.reading ->> 'language') AS forms,
			voiceagent_private.words_said(o.turns) AS said
		FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id
			AND o.month_slot = voiceagent_private.month_slot(f.started_at) OFFSET 0) k ON k.said IS NOT NULL
	ORDER BY f.call_id
	ON CONFLICT ON CONSTRAINT call_words_pkey DO UPDATE SET words = excluded.words
	WHERE w.words IS DISTINCT FROM excluded.words;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_call_words(voiceagent_private.call_fact[]) IS
	'Writes the rows of call_words of these calls of the current tenant, as they are now.';

CREATE FUNCTION voiceagent_private.forget_words(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.call_words w SET words = voiceagent_private.filter_words(f, NULL)
	FROM voiceagent_private.folded_facts(call_ids) f
	WHERE w.tenant_id = voiceagent.current_tenant() AND w.call_id = f.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_words(bigint[]) IS
	'Takes what was said in these calls of the current tenant out of call_words; they are still found by filters.';
