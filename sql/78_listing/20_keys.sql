-- 78_listing: what listings are found by: keys of words, values and numbers.

CREATE FUNCTION voiceagent_private.listing_seed() RETURNS bigint
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT t.seed FROM voiceagent_private.listing_totals t
		WHERE t.tenant_id = voiceagent.current_tenant()), 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_seed() IS
	'The secret seed of the keys of the current tenant''s listings; 0: it has had none.';

CREATE FUNCTION voiceagent_private.listing_key(seed bigint, what text) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN hashtextextended(what, seed);
COMMENT ON FUNCTION voiceagent_private.listing_key(bigint, text) IS
	'The key of a word, value or range of a tenant''s listings.';

CREATE FUNCTION voiceagent_private.is_internal(attribute text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN attribute IN ('stage', 'health', 'next_action');
COMMENT ON FUNCTION voiceagent_private.is_internal(text) IS
	E'Whether an attribute is for the tenant''s people alone: how the sale goes.\n'
	'No caller hears it, and no word finds it.';

CREATE FUNCTION voiceagent_private.key_score(keys bigint[], asked bigint[], weights double precision[])
	RETURNS double precision LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_key_score';
COMMENT ON FUNCTION voiceagent_private.key_score(bigint[], bigint[], double precision[]) IS
	'The sum of the weights of those asked keys that are among the keys of a row of listing_index, which are in order.';

CREATE FUNCTION voiceagent_private.listing_words(words text) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN ARRAY(SELECT q.word
		FROM (SELECT voiceagent_private.fold_word(t.lexeme, 'pg_catalog.simple') AS word, min(t.positions[1]) AS place
			-- A text over 200 characters is no word.
			FROM unnest(to_tsvector('pg_catalog.simple', regexp_replace(left(words, 4000), '[-/]|\S{200,}', ' ', 'g')))
				t GROUP BY 1) q
		WHERE q.word <> '' ORDER BY q.place, q.word);
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_words(text) IS
	'The words of the first 4,000 characters of a text, once each, in lower case and without accents.';

CREATE FUNCTION voiceagent_private.word_variants(seed bigint, kind text, word text) RETURNS bigint[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- A number is another number, not a typing error; of short words each letter counts.
	RETURN CASE WHEN length(word) BETWEEN 4 AND 24 AND word !~ '[0-9]' THEN
		(SELECT array_agg(DISTINCT voiceagent_private.listing_key(seed, kind || '~' || v.variant))
			FROM (SELECT word AS variant UNION ALL
				SELECT left(word, i - 1) || substr(word, i + 1) FROM generate_series(1, length(word)) i) v) END;
COMMENT ON FUNCTION voiceagent_private.word_variants(bigint, text, text) IS
	E'Keys of a word and of all that is left of it without one letter: words that share one differ by a letter more, '
	'less, changed or moved.\n'
	'NULL: no error is forgiven in it.';

-- Factors of 8 from bucket to bucket: the ranges of four levels.
CREATE FUNCTION voiceagent_private.number_bucket(type text, value double precision) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE type WHEN 'date' THEN floor(greatest(least(value, 84000), -26000) / 8)
		ELSE sign(value) * floor(8 * ln(1 + least(abs(value), 1e15)) / ln(2)) END::integer;
COMMENT ON FUNCTION voiceagent_private.number_bucket(text, double precision) IS
	'The smallest range in which a number lies: an eighth of a doubling, or eight days for a date (days since 1970).';

CREATE FUNCTION voiceagent_private.listing_number(type text, value jsonb) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE type WHEN 'number' THEN (value #>> '{}')::double precision
		WHEN 'boolean' THEN (value #>> '{}')::boolean::integer
		WHEN 'date' THEN (value #>> '{}')::date - date '1970-01-01' END;
COMMENT ON FUNCTION voiceagent_private.listing_number(text, jsonb) IS
	'A value of an attribute as a number; NULL: it is a text or a choice.';

CREATE FUNCTION voiceagent_private.value_key(seed bigint, name text, value text) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN voiceagent_private.listing_key(seed, format('=:%s:%s', name,
		array_to_string(voiceagent_private.listing_words(value), ' ')));
COMMENT ON FUNCTION voiceagent_private.value_key(bigint, text, text) IS
	'The key of a text or choice as a whole: its words.';

CREATE FUNCTION voiceagent_private.keys_of_listing(seed bigint, schema jsonb, attributes jsonb)
	RETURNS TABLE (key bigint, kind text, word text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50 AS $$
	WITH value AS MATERIALIZED (
		SELECT a ->> 'name' AS name, a ->> 'type' AS type, coalesce((a -> 'place')::boolean, false) AS place,
			attributes ->> (a ->> 'name') AS value,
			CASE WHEN a ->> 'type' IN ('text', 'choice')
				THEN voiceagent_private.listing_words(attributes ->> (a ->> 'name')) END AS words,
			CASE WHEN a ->> 'type' IN ('number', 'date')
				THEN voiceagent_private.listing_number(a ->> 'type', attributes -> (a ->> 'name')) END AS number
		FROM jsonb_array_elements(schema) a WHERE attributes ->> (a ->> 'name') IS NOT NULL
	), word AS (
		SELECT DISTINCT k.kind, w.word FROM value v CROSS JOIN LATERAL unnest(v.words) AS w(word)
		CROSS JOIN LATERAL (VALUES ('w'), (CASE WHEN v.place THEN 'p' END)) AS k(kind)
		WHERE k.kind IS NOT NULL AND NOT voiceagent_private.is_internal(v.name)
	)
	SELECT voiceagent_private.listing_key(seed, w.kind || ':' || w.word), w.kind, w.word FROM word w
	UNION ALL
	SELECT DISTINCT voiceagent_private.value_key(seed, v.name, v.value), NULL, NULL FROM value v
	WHERE v.words IS NOT NULL OR v.type = 'boolean'
	UNION ALL
	SELECT k, NULL, NULL FROM value v
	CROSS JOIN LATERAL unnest((SELECT array_agg(voiceagent_private.listing_key(seed, format('n:%s:%s:%s', v.name, l,
		voiceagent_private.number_bucket(v.type, v.number) >> 3 * l)))
		FROM generate_series(0, 3) l)) k
	WHERE v.number IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.keys_of_listing(bigint, jsonb, jsonb) IS
	'All by which a listing with these attributes of a profile''s schema is found; kind: w a word anywhere, p a word '
	'of its place, NULL: a value or a number.';

CREATE FUNCTION voiceagent_private.index_listings(listing_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_seed bigint := voiceagent_private.listing_seed();
	v_bare bigint[];
BEGIN
	WITH gone AS (
		DELETE FROM voiceagent_private.listing_index i
		WHERE i.tenant_id = v_tenant AND i.listing_id = ANY (listing_ids) RETURNING i.keys
	), fewer AS (
		UPDATE voiceagent_private.listing_keys k SET found = k.found - g.n
		FROM (SELECT key, count(*)::integer AS n FROM gone CROSS JOIN LATERAL unnest(gone.keys) AS key
			GROUP BY key) g
		WHERE k.tenant_id = v_tenant AND k.key = g.key
		RETURNING k.key, k.found
	)
	SELECT array_agg(f.key) INTO v_bare FROM fewer f WHERE f.found = 0;
	WITH each AS MATERIALIZED (
		SELECT l.listing_id, l.profile, l.active_from, l.active_until, l.attributes, p.attributes AS schema
		FROM voiceagent.listings l
		JOIN voiceagent.listing_profiles p ON p.tenant_id = v_tenant AND p.profile = l.profile
		WHERE l.tenant_id = v_tenant AND l.listing_id = ANY (listing_ids)
	), key AS MATERIALIZED (
		SELECT e.listing_id, k.key, k.kind, k.word FROM each e
		CROSS JOIN LATERAL voiceagent_private.keys_of_listing(v_seed, e.schema, e.attributes) k
	), made AS (
		INSERT INTO voiceagent_private.listing_index (tenant_id, listing_id, profile, active_from, active_until,
			numbers, keys)
		SELECT v_tenant, e.listing_id, e.profile, e.active_from, e.active_until,
			(SELECT coalesce(array_agg(voiceagent_private.listing_number(a.value ->> 'type',
					e.attributes -> (a.value ->> 'name')) ORDER BY a.ordinality), '{}')
				FROM jsonb_array_elements(e.schema) WITH ORDINALITY a), coalesce(k.keys, '{}')
		FROM each e
		LEFT JOIN (SELECT key.listing_id, array_agg(key.key ORDER BY key.key) AS keys FROM key GROUP BY 1) k
			ON k.listing_id = e.listing_id
	)
	INSERT INTO voiceagent_private.listing_keys AS k (tenant_id, key, word, found, variants)
	SELECT v_tenant, n.key, n.word, n.n, voiceagent_private.word_variants(v_seed, n.kind, n.word)
	FROM (SELECT key.key, min(key.kind) AS kind, min(key.word) AS word, count(*) AS n FROM key GROUP BY key.key) n
	ON CONFLICT ON CONSTRAINT listing_keys_pkey DO UPDATE SET found = k.found + excluded.found;
	DELETE FROM voiceagent_private.listing_keys k
	WHERE k.tenant_id = v_tenant AND k.key = ANY (v_bare) AND k.found = 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.index_listings(bigint[]) IS
	E'Writes anew by what these listings of the current tenant are found; those that are gone are found no more.\n'
	'The caller holds the row of listing_totals.';
