/*
 * 78_listing: find what suits.
 *
 * Each filter is a condition: some keys, of which a listing has one, and a
 * test of its row that is exact.  The condition with the fewest listings gives
 * the candidates, if they are no more than can be looked at, and the words only
 * their order.  Otherwise the words give them, the rarest first.  So the work
 * is bounded by candidates, whatever is asked, and the answer says when there
 * may be more.
 */

CREATE TYPE voiceagent_private.listing_condition AS (
	keys bigint[],
	found bigint,
	test text
);
COMMENT ON TYPE voiceagent_private.listing_condition IS
	'A filter as a condition on listing_index: keys, of which a listing has one; how many listings have one at most; '
	'and an SQL condition on its row i that is exact.';

CREATE TYPE voiceagent_private.asked_word AS (
	word text,
	keys bigint[],
	taken text[],
	found bigint
);
COMMENT ON TYPE voiceagent_private.asked_word IS
	'A word of a question: the keys of what it is taken for, these words, and how many listings have one at most.';

CREATE FUNCTION voiceagent_private.key_test(keys bigint[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN format('voiceagent_private.key_score(i.keys, %L::bigint[], %L::float8[]) > 0', keys,
		array_fill(1, ARRAY[cardinality(keys)]));
COMMENT ON FUNCTION voiceagent_private.key_test(bigint[]) IS
	'The SQL condition that a row i of listing_index has one of these keys.';

CREATE FUNCTION voiceagent_private.ask_word(kind text, word text) RETURNS voiceagent_private.asked_word
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_seed bigint := voiceagent_private.listing_seed();
	v_key bigint := voiceagent_private.listing_key(v_seed, kind || ':' || word);
	v_variants bigint[];
	v_asked voiceagent_private.asked_word;
	c_taken CONSTANT integer := 3;
BEGIN
	SELECT ask_word.word, ARRAY[k.key], ARRAY[k.word], k.found INTO v_asked FROM voiceagent_private.listing_keys k
	WHERE k.tenant_id = v_tenant AND k.key = v_key;
	IF FOUND THEN
		RETURN v_asked;
	END IF;
	v_variants := voiceagent_private.word_variants(v_seed, kind, word);
	SELECT ask_word.word, coalesce(array_agg(n.key), '{}'), coalesce(array_agg(n.word), '{}'), coalesce(sum(n.found), 0)
	INTO v_asked
	FROM (SELECT k.key, k.word::text AS word, k.found FROM voiceagent_private.listing_keys k
		WHERE k.tenant_id + 0 = v_tenant AND k.variants OPERATOR(voiceagent_private.&&) v_variants
			AND abs(length(k.word) - length(ask_word.word)) <= 1
		ORDER BY k.found DESC, k.word LIMIT c_taken) n;
	RETURN v_asked;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_word(text, text) IS
	'A folded word of a question (kind: w anywhere, p in a place), as listings of the current tenant have it; where '
	'none does, up to three that differ by a typing error, the most frequent first.';

CREATE FUNCTION voiceagent_private.ask_words(kind text, words text) RETURNS voiceagent_private.asked_word[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_words CONSTANT integer := 24;
BEGIN
	RETURN ARRAY(SELECT a FROM unnest(voiceagent_private.listing_words(words)) WITH ORDINALITY AS w(word, n)
		CROSS JOIN LATERAL voiceagent_private.ask_word(kind, w.word) a WHERE w.n <= c_words ORDER BY a.found, a.word);
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_words(text, text) IS
	'The first 24 words of a text, each as ask_word() takes it, the rarest first.';

CREATE FUNCTION voiceagent_private.range_of(type text, filter jsonb, OUT low double precision,
	OUT high double precision)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_attribute jsonb := jsonb_build_object('type', type);
	v_range jsonb := CASE jsonb_typeof(filter) WHEN 'object' THEN filter
		ELSE jsonb_build_object('at_least', filter, 'at_most', filter) END;
	v record;
BEGIN
	FOR v IN SELECT e.key, r.result, r.problem FROM jsonb_each_text(v_range) e
		CROSS JOIN LATERAL voiceagent_private.read_value(v_attribute, e.value) r
	LOOP
		PERFORM voiceagent_private.fail_if(v.key NOT IN ('at_least', 'at_most') OR v.result IS NULL, 'PT422',
			format('%s is no range', left(filter::text, 100)), v.problem || '.',
			'Write {"at_least": 2, "at_most": 4}, one of them, or a value.');
	END LOOP;
	PERFORM voiceagent_private.fail_if(v_range = '{}', 'PT422', 'a range has no end', NULL,
		'Give at_least or at_most.');
	low := voiceagent_private.listing_number(type, (SELECT r.result
		FROM voiceagent_private.read_value(v_attribute, v_range ->> 'at_least') r));
	high := voiceagent_private.listing_number(type, (SELECT r.result
		FROM voiceagent_private.read_value(v_attribute, v_range ->> 'at_most') r));
END
$$;
COMMENT ON FUNCTION voiceagent_private.range_of(text, jsonb) IS
	'The range that a filter of a number or date names, NULL: no end; PT422 for what is none.';

CREATE FUNCTION voiceagent_private.value_condition(attribute jsonb, place integer, filter jsonb)
	RETURNS voiceagent_private.listing_condition
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_seed bigint := voiceagent_private.listing_seed();
	v_name text := attribute ->> 'name';
	v_type text := attribute ->> 'type';
	v_range record;
	v_condition voiceagent_private.listing_condition;
	v_problem text;
	v_low integer;
	v_high integer;
	v_names text[];
BEGIN
	IF v_type IN ('number', 'date') THEN
		v_range := voiceagent_private.range_of(v_type, filter);
		v_low := voiceagent_private.number_bucket(v_type, coalesce(v_range.low, -1e15));
		v_high := voiceagent_private.number_bucket(v_type, coalesce(v_range.high, 1e15));
		v_names := '{}';
		FOR v_level IN 0 .. 3 LOOP
			WHILE v_low <= v_high AND (v_level = 3 OR (v_low & 7) <> 0) LOOP
				v_names := v_names || format('n:%s:%s:%s', v_name, v_level, v_low);
				v_low := v_low + 1;
			END LOOP;
			WHILE v_low <= v_high AND (v_high & 7) <> 7 LOOP
				v_names := v_names || format('n:%s:%s:%s', v_name, v_level, v_high);
				v_high := v_high - 1;
			END LOOP;
			EXIT WHEN v_low > v_high;
			v_low := v_low >> 3;
			v_high := v_high >> 3;
		END LOOP;
		v_condition.keys := ARRAY(SELECT voiceagent_private.listing_key(v_seed, n) FROM unnest(v_names) n);
		v_condition.test := concat_ws(' AND ',
			CASE WHEN v_range.low IS NOT NULL THEN format('i.numbers[%s] >= %L::float8', place, v_range.low) END,
			CASE WHEN v_range.high IS NOT NULL THEN format('i.numbers[%s] <= %L::float8', place, v_range.high) END);
		RETURN v_condition;
	ELSIF jsonb_typeof(filter) NOT IN ('array', 'string', 'boolean', 'number') OR jsonb_typeof(filter) = 'array'
		AND jsonb_array_length(filter) NOT BETWEEN 1 AND 50 THEN
		PERFORM voiceagent_private.fail('PT422', format('filter "%s" is wrong', v_name),
			format('%s is no value.', left(filter::text, 100)), 'Give a value, or a list of 1 to 50 values.');
	END IF;
	SELECT array_agg(voiceagent_private.value_key(v_seed, v_name, r.result #>> '{}')), min(r.problem)
	INTO v_condition.keys, v_problem
	FROM jsonb_array_elements_text(CASE jsonb_typeof(filter) WHEN 'array' THEN filter
		ELSE jsonb_build_array(filter) END) AS e(value)
	CROSS JOIN LATERAL voiceagent_private.read_value(attribute, e.value) r;
	PERFORM voiceagent_private.fail_if(v_problem IS NOT NULL, 'PT422', format('filter "%s" is wrong', v_name),
		format('%s: %s.', left(filter::text, 100), v_problem));
	v_condition.test := voiceagent_private.key_test(v_condition.keys);
	RETURN v_condition;
END
$$;
COMMENT ON FUNCTION voiceagent_private.value_condition(jsonb, integer, jsonb) IS
	E'The condition that a filter of an attribute is, which stands at this place of its profile; without the number of '
	'its listings.\n'
	'PT422.';

CREATE FUNCTION voiceagent_private.listing_conditions(profile voiceagent.listing_profiles, filters jsonb,
	places voiceagent_private.asked_word[]) RETURNS voiceagent_private.listing_condition[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_condition voiceagent_private.listing_condition;
	v_conditions voiceagent_private.listing_condition[] := '{}';
BEGIN
	FOR v IN
		SELECT f.key, f.value, a.value AS attribute, a.ordinality::integer AS place
		FROM jsonb_each(filters) f
		LEFT JOIN jsonb_array_elements(profile.attributes) WITH ORDINALITY a ON a.value ->> 'name' = f.key
		WHERE f.key NOT IN ('profile', 'place') AND f.value <> 'null'
	LOOP
		PERFORM voiceagent_private.fail_if(v.attribute IS NULL, 'PT422',
			format('there is no filter "%s"', left(v.key, 60)), NULL,
			format('Filters are place, profile, %s.', (SELECT string_agg(a ->> 'name', ', ')
				FROM jsonb_array_elements(profile.attributes) a)));
		v_condition := voiceagent_private.value_condition(v.attribute, v.place, v.value);
		v_condition.found := (SELECT coalesce(sum(k.found), 0) FROM voiceagent_private.listing_keys k
			WHERE k.tenant_id = voiceagent.current_tenant() AND k.key = ANY (v_condition.keys));
		v_conditions := v_conditions || v_condition;
	END LOOP;
	-- Each word of the place.
	v_conditions := v_conditions || ARRAY(SELECT ROW(w.keys, w.found,
			voiceagent_private.key_test(w.keys))::voiceagent_private.listing_condition
		FROM unnest(places) w);
	RETURN ARRAY(SELECT c FROM unnest(v_conditions) c ORDER BY c.found);
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_conditions(voiceagent.listing_profiles, jsonb,
	voiceagent_private.asked_word[]) IS
	'The conditions that filters and the words of a place are, those of the fewest listings first; PT422 for a filter '
	'that is wrong.';

CREATE FUNCTION voiceagent_private.newest_listings(most integer) RETURNS SETOF voiceagent_private.listing_index
	LANGUAGE plpgsql STABLE ROWS 2000 SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT i.* FROM voiceagent_private.listing_index i WHERE i.tenant_id = voiceagent.current_tenant()
	ORDER BY i.listing_id DESC LIMIT most;
END
$$;
COMMENT ON FUNCTION voiceagent_private.newest_listings(integer) IS
	'The listings of the current tenant that were added last, the newest first.';

CREATE FUNCTION voiceagent_private.candidate_sql(keys bigint[], conditions voiceagent_private.listing_condition[],
	besides bigint[] DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	-- Where all are candidates, the newest.
	SELECT coalesce('SELECT i.* FROM voiceagent_private.listing_index i WHERE i.tenant_id + 0 = $1'
			|| CASE WHEN besides IS NULL THEN ''
				ELSE format(' AND NOT i.keys OPERATOR(voiceagent_private.&&) %L::bigint[]', besides) END
			|| string_agg(format(' AND i.keys OPERATOR(voiceagent_private.&&) %L::bigint[]', k.keys), ''),
		'SELECT i.* FROM voiceagent_private.newest_listings($2) i')
	FROM (SELECT candidate_sql.keys WHERE candidate_sql.keys IS NOT NULL
		UNION ALL SELECT c.keys FROM unnest(conditions) c) k
$$;
COMMENT ON FUNCTION voiceagent_private.candidate_sql(bigint[], voiceagent_private.listing_condition[], bigint[]) IS
	'The rows of listing_index to look at: with one of these keys (NULL: any), but none of those besides, and by '
	'conditions.';

CREATE FUNCTION voiceagent_private.rank_candidates(candidates_sql text, score_sql text, test_sql text, profile text,
	by_words boolean, looked_at integer, max_listings integer, after_score double precision, after_listing bigint,
	OUT listing_ids bigint[], OUT scores double precision[], OUT candidates integer)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- Numbers of our own making.  @plpgsql_check_options: security_warnings = off
	EXECUTE format($q$
		WITH candidate AS MATERIALIZED (
			SELECT i.listing_id, CASE WHEN i.profile = $3 AND coalesce(i.active_from <= $4, true)
				AND coalesce(i.active_until > $4, true) AND %s THEN %s END AS score
			FROM (%s) i LIMIT $2
		), best AS (
			SELECT s.listing_id, s.score FROM candidate s
			WHERE CASE WHEN $5 THEN s.score > 0 ELSE s.score IS NOT NULL END
				AND ($6 IS NULL OR (s.score, s.listing_id) < ($6, $7))
			ORDER BY s.score DESC, s.listing_id DESC LIMIT $8
		)
		SELECT array_agg(b.listing_id ORDER BY b.score DESC, b.listing_id DESC),
			array_agg(b.score ORDER BY b.score DESC, b.listing_id DESC), (SELECT count(*) FROM candidate)
		FROM best b$q$, test_sql, score_sql, candidates_sql)
	INTO listing_ids, scores, candidates
	USING voiceagent.current_tenant(), looked_at, profile, voiceagent.clock(), by_words, after_score, after_listing,
		max_listings;
END
$$;
COMMENT ON FUNCTION voiceagent_private.rank_candidates(text, text, text, text, boolean, integer, integer,
	double precision, bigint) IS
	'The best of the first candidates (looked_at), and how many these are: those of a profile that are active and meet '
	'a test; by_words: with a score.';

CREATE FUNCTION voiceagent_private.ask_listings(profile text, conditions voiceagent_private.listing_condition[],
	words voiceagent_private.asked_word[], listings integer, max_listings integer, after_score double precision,
	after_listing bigint, OUT listing_ids bigint[], OUT scores double precision[], OUT candidates integer,
	OUT stopped boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_candidates CONSTANT integer := 2000;
	-- A word that one listing in so many has is in many of any.
	c_common CONSTANT integer := 10;
	v_words integer := cardinality(words);
	v_by_filter boolean := cardinality(conditions) > 0
		AND ((conditions[1]).found <= c_candidates OR v_words = 0);
	v_taken integer := v_words;
	v_first bigint[];
	v_next bigint[];
	v_narrow voiceagent_private.listing_condition[];
	v_sum bigint := (conditions[1]).found;
	v_score text := '0::float8';
	v_test text := coalesce((SELECT string_agg(c.test, ' AND ') FROM unnest(conditions) c), 'true');
	v_sql text;
BEGIN
	IF v_words > 0 THEN
		-- A word's weight: the more, the fewer listings have it.
		SELECT format('voiceagent_private.key_score(i.keys, %L::bigint[], %L::float8[])', array_agg(k),
			array_agg(round(ln(1 + listings::numeric / greatest(w.found, 1)), 4)))
		INTO v_score FROM unnest(words) w CROSS JOIN LATERAL unnest(w.keys) k;
	END IF;
	IF v_words > 0 AND NOT v_by_filter THEN
		-- The rarest words together as many as may be looked at, one at least; one more, if they are but a few.
		SELECT count(DISTINCT w.n), array_agg(k), max(w.upto) INTO v_taken, v_first, v_sum
		FROM (SELECT u.n, u.keys, sum(u.found) OVER (ORDER BY u.n) AS upto FROM unnest(words) WITH ORDINALITY
			AS u(word, keys, taken, found, n)) w
		CROSS JOIN LATERAL unnest(w.keys) k WHERE w.upto <= c_candidates OR w.n = 1;
		IF v_sum < max_listings AND v_taken < v_words THEN
			v_taken := v_taken + 1;
			v_next := (words[v_taken]).keys;
		END IF;
	END IF;
	-- A filter narrows down what is more than may be looked at; otherwise its test is enough, and no index is read.
	v_narrow := conditions[1:CASE WHEN v_first IS NULL THEN 1 ELSE 0 END
		+ CASE WHEN v_sum > c_candidates THEN 1 ELSE 0 END];
	-- An index has no end of what has a common word: among the newest there is enough of it, or else it is read.
	IF v_first IS NOT NULL AND v_narrow = '{}' AND v_sum > c_candidates AND v_sum * c_common > listings THEN
		SELECT r.* INTO listing_ids, scores, candidates
		FROM voiceagent_private.rank_candidates(voiceagent_private.candidate_sql(NULL, '{}'), v_score, v_test, profile,
			true, c_candidates, max_listings, after_score, after_listing) r;
	END IF;
	IF coalesce(cardinality(listing_ids), 0) < max_listings THEN
		v_sql := voiceagent_private.candidate_sql(v_first, v_narrow);
		IF v_next IS NOT NULL THEN
			v_sql := v_sql || ' UNION ALL ' || voiceagent_private.candidate_sql(v_next, v_narrow, v_first);
		END IF;
		SELECT r.* INTO listing_ids, scores, candidates
		FROM voiceagent_private.rank_candidates(v_sql, v_score, v_test, profile, v_words > 0, c_candidates,
			max_listings, after_score, after_listing) r;
	END IF;
	stopped := candidates >= c_candidates OR v_taken < v_words;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_listings(text, voiceagent_private.listing_condition[],
	voiceagent_private.asked_word[], integer, integer, double precision, bigint) IS
	'The listings of the current tenant that are active and meet all conditions, those of which the words (the rarest '
	'first) say most first, behind the score and listing given; how many candidates were looked at, and whether there '
	'may be more.';

CREATE FUNCTION voiceagent.find_listings(filters jsonb DEFAULT '{}', words text DEFAULT NULL,
	max_listings integer DEFAULT 10, cursor text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_profile voiceagent.listing_profiles;
	v_conditions voiceagent_private.listing_condition[];
	v_asked voiceagent_private.asked_word[];
	v_known voiceagent_private.asked_word[];
	v_places voiceagent_private.asked_word[];
	v_all integer := (SELECT t.listings FROM voiceagent_private.listing_totals t WHERE t.tenant_id = v_tenant);
	v_after text[] := regexp_match(cursor, '^([0-9.]{1,20})/([0-9]{1,18})$');
	v_found record;
	v_shown jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(filters) IS DISTINCT FROM 'object', 'PT422',
		'filters are no object', NULL, 'Write {"bedrooms": {"at_least": 3}}.');
	PERFORM voiceagent_private.fail_if(max_listings IS NULL OR max_listings NOT BETWEEN 1 AND 100, 'PT422',
		'max_listings must be from 1 to 100');
	PERFORM voiceagent_private.fail_if(cursor IS NOT NULL AND v_after IS NULL, 'PT422',
		'this is no cursor of find_listings()');
	v_profile := voiceagent_private.profile_of(filters ->> 'profile');
	v_places := voiceagent_private.ask_words('p', filters ->> 'place');
	v_conditions := voiceagent_private.listing_conditions(v_profile, filters, v_places);
	v_asked := voiceagent_private.ask_words('w', words);
	v_known := ARRAY(SELECT a FROM unnest(v_asked) a WHERE a.taken <> '{}' ORDER BY a.found, a.word);
	-- If no listing has any of the words, nothing is looked at.
	SELECT * INTO v_found FROM voiceagent_private.ask_listings(v_profile.profile, v_conditions, v_known, v_all,
		max_listings, v_after[1]::float8, v_after[2]::bigint)
	WHERE v_asked = '{}' OR v_known <> '{}';
	SELECT jsonb_agg(jsonb_build_object('listing_id', l.listing_id, 'reference', l.reference, 'score', f.score,
			'attributes', l.attributes, 'active_from', l.active_from, 'active_until', l.active_until) ORDER BY f.n)
	INTO v_shown
	FROM unnest(v_found.listing_ids, v_found.scores) WITH ORDINALITY AS f(listing_id, score, n)
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.listings o
		WHERE o.tenant_id = v_tenant AND o.listing_id = f.listing_id OFFSET 0) l;
	RETURN jsonb_build_object('listings', coalesce(v_shown, '[]'), 'candidates', coalesce(v_found.candidates, 0),
		'stopped', coalesce(v_found.stopped, false),
		'taken_for', (SELECT coalesce(jsonb_object_agg(a.word, a.taken), '{}') FROM unnest(v_asked || v_places) a
			WHERE a.taken <> ARRAY[a.word] AND a.taken <> '{}'),
		'unknown_words', (SELECT coalesce(jsonb_agg(DISTINCT a.word), '[]') FROM unnest(v_asked || v_places) a
			WHERE a.taken = '{}'),
		'cursor', CASE WHEN cardinality(v_found.listing_ids) = max_listings
			THEN format('%s/%s', v_found.scores[max_listings], v_found.listing_ids[max_listings]) END);
END
$$;
COMMENT ON FUNCTION voiceagent.find_listings(jsonb, text, integer, text) IS
	E'Active listings that meet all filters, those of which the words say most first: {"listings", "candidates", '
	'"stopped", "taken_for", "unknown_words", "cursor"}.\n'
	'filters: {"price": {"at_most": 400000}, "kind": ["house"], "place": "oak street"}; words: of any attribute, '
	'typing errors are forgiven; cursor: the last answer''s; stopped: 2,000 were looked at, there may be more. PT404, '
	'PT422.';
