-- 90_report: search_calls().

CREATE FUNCTION voiceagent_private.filter_query(name text, value text) RETURNS tsquery
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	RETURN (E'\'' || replace(replace(voiceagent_private.filter_lexeme(name, value), E'\\', E'\\\\'), E'\'', E'\'\'')
		|| E'\'')::tsquery;
COMMENT ON FUNCTION voiceagent_private.filter_query(text, text) IS
	'The condition that call_words has a property; NULL: the value is.';

CREATE FUNCTION voiceagent_private.words_query(words text) RETURNS tsquery
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp
	-- It says itself when there are stop words only.
	SET client_min_messages = warning AS $$
DECLARE
	v_query tsquery;
	v_means_something boolean := false;
	v record;
	c_most CONSTANT integer := 1000;
BEGIN
	PERFORM voiceagent_private.fail_if(length(words) > c_most, 'PT422',
		format('a search has at most %s characters', c_most), format('This one has %s.', length(words)));
	-- The calls of each language that the tenant's assistants speak by its own forms, and those of an unknown one.
	FOR v IN
		WITH spoken AS (SELECT DISTINCT voiceagent_private.word_forms(a.language) AS forms
			FROM voiceagent.assistant_versions a WHERE a.tenant_id = voiceagent.current_tenant())
		SELECT s.forms, true AS known FROM spoken s
		UNION ALL SELECT 'pg_catalog.simple', NOT EXISTS (SELECT FROM spoken)
		WHERE NOT EXISTS (SELECT FROM spoken s WHERE s.forms = 'pg_catalog.simple'::regconfig)
	LOOP
		CONTINUE WHEN numnode(websearch_to_tsquery(v.forms, words)) = 0;
		v_means_something := v_means_something OR v.known;
		v_query := coalesce(v_query || q.query, q.query) FROM (SELECT websearch_to_tsquery(v.forms, words)
			&& voiceagent_private.filter_query('language', v.forms::text) AS query) q;
	END LOOP;
	PERFORM voiceagent_private.fail_if(NOT v_means_something, 'PT422', 'the search has no words', NULL,
		'Name a word that says more than "the"; leave words out to have all calls that the filters let through.');
	RETURN v_query;
END
$$;
COMMENT ON FUNCTION voiceagent_private.words_query(text) IS
	E'A member''s search as a condition on call_words: words, "a phrase", or, -without.\n'
	'PT422: too long, or there are no words in it.';

CREATE FUNCTION voiceagent_private.months_query(from_time timestamptz, to_time timestamptz) RETURNS tsquery
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_query tsquery;
	v_month record;
BEGIN
	-- A longer range wants nearly all months: the times alone decide.
	IF from_time IS NULL OR to_time - from_time > interval '400 days' THEN
		RETURN NULL;
	END IF;
	FOR v_month IN SELECT to_char(m, 'YYYY-MM') AS name FROM generate_series(
		date_trunc('month', from_time AT TIME ZONE 'UTC'), to_time AT TIME ZONE 'UTC', interval '1 month') m
	LOOP
		v_query := coalesce(v_query || voiceagent_private.filter_query('month', v_month.name),
			voiceagent_private.filter_query('month', v_month.name));
	END LOOP;
	RETURN v_query;
END
$$;
COMMENT ON FUNCTION voiceagent_private.months_query(timestamptz, timestamptz) IS
	'The condition that a call began in one of the months of this time; NULL: any may be.';

CREATE FUNCTION voiceagent_private.newest_matches(query tsquery, before bigint, from_time timestamptz,
	to_time timestamptz, n integer) RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_found bigint[];
	-- Frequent words fill a page from so few; of rare ones the index has few.
	c_probe CONSTANT integer := 3000;
BEGIN
	v_found := ARRAY(
		SELECT p.call_id FROM (SELECT w.call_id, w.words FROM voiceagent.call_words w
			WHERE w.tenant_id = v_tenant AND w.call_id < before ORDER BY w.call_id DESC LIMIT c_probe) p
		WHERE (query IS NULL OR p.words OPERATOR(voiceagent.~@) query)
			AND (from_time IS NULL AND to_time IS NULL OR EXISTS (SELECT FROM voiceagent.call_facts f
				WHERE f.tenant_id = v_tenant AND f.call_id = p.call_id
					AND f.started_at >= coalesce(from_time, '-infinity')
					AND f.started_at < coalesce(to_time, 'infinity')))
		ORDER BY p.call_id DESC LIMIT n);
	IF cardinality(v_found) = n THEN
		RETURN v_found;
	END IF;
	query := coalesce(query, voiceagent_private.filter_query('direction', 'outbound')
		|| voiceagent_private.filter_query('direction', 'inbound'));
	RETURN ARRAY(
		SELECT w.call_id FROM voiceagent.call_words w
		WHERE w.tenant_id = v_tenant AND w.words OPERATOR(voiceagent.~@) query AND w.call_id < before
			AND (from_time IS NULL AND to_time IS NULL OR EXISTS (SELECT FROM voiceagent.call_facts f
				WHERE f.tenant_id = v_tenant AND f.call_id = w.call_id
					AND f.started_at >= coalesce(from_time, '-infinity')
					AND f.started_at < coalesce(to_time, 'infinity')))
		-- Not by the index that has this order: it would read all calls for a rare word.
		ORDER BY w.call_id + 0 DESC LIMIT n);
END
$$;
COMMENT ON FUNCTION voiceagent_private.newest_matches(tsquery, bigint, timestamptz, timestamptz, integer) IS
	'The newest n calls of the current tenant below an id that match the query and began from from_time to to_time.';

CREATE FUNCTION voiceagent_private.check_search(direction text, outcome text, interest text, status text,
	from_time timestamptz, to_time timestamptz, max_calls integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT k.name, k.value, string_agg(e.value, ', ' ORDER BY e.position) AS known
		FROM (VALUES ('direction', direction), ('outcome', outcome), ('interest', interest), ('status', status))
			AS k(name, value)
		JOIN LATERAL (SELECT n.value, n.position FROM voiceagent.enumerations n
				WHERE n.enumeration = CASE k.name WHEN 'outcome' THEN 'call_outcome'
					WHEN 'status' THEN 'call_status' END
			UNION ALL SELECT x.value, x.n FROM unnest(CASE k.name WHEN 'direction' THEN '{outbound,inbound}'
				WHEN 'interest' THEN '{none,low,medium,high}' END::text[]) WITH ORDINALITY AS x(value, n)) e ON true
		WHERE k.value IS NOT NULL GROUP BY k.name, k.value HAVING NOT bool_or(e.value = k.value)
	LOOP
		PERFORM voiceagent_private.fail('PT422', format('there is no %s "%s"', v.name, left(v.value, 60)), NULL,
			format('One of %s.', v.known));
	END LOOP;
	PERFORM voiceagent_private.fail_if(from_time >= to_time, 'PT422', 'from_time must be before to_time');
	PERFORM voiceagent_private.fail_if(max_calls IS NULL OR max_calls NOT BETWEEN 1 AND 200, 'PT422',
		'max_calls must be from 1 to 200', format('Got %s.', coalesce(max_calls::text, 'NULL')));
END
$$;
COMMENT ON FUNCTION
	voiceagent_private.check_search(text, text, text, text, timestamptz, timestamptz, integer) IS
	'PT422 unless these are filters of search_calls().';

CREATE TYPE voiceagent.found_call AS (call_id bigint, started_at timestamptz, direction text, campaign_id bigint,
	lead_id bigint, phone text, status text, outcome text, intent text, interest text, emotion text, summary text,
	excerpt text);
COMMENT ON TYPE voiceagent.found_call IS 'A call that search_calls() has found.';

CREATE FUNCTION voiceagent_private.newest_of_listing(listing_id bigint, query tsquery, before bigint,
	from_time timestamptz, to_time timestamptz, n integer) RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- Not by the index of words: a listing has few calls, and is linked to some after their end.
	RETURN ARRAY(
		SELECT k.call_id FROM voiceagent.call_listings k
		CROSS JOIN LATERAL (SELECT f.started_at FROM voiceagent.call_facts f
			WHERE f.tenant_id = v_tenant AND f.call_id = k.call_id OFFSET 0) f
		WHERE k.tenant_id = v_tenant AND k.listing_id = newest_of_listing.listing_id AND k.call_id < before
			AND f.started_at >= coalesce(from_time, '-infinity') AND f.started_at < coalesce(to_time, 'infinity')
			AND (query IS NULL OR EXISTS (SELECT FROM voiceagent.call_words w
				WHERE w.tenant_id = v_tenant AND w.call_id = k.call_id AND w.words OPERATOR(voiceagent.~@) query))
		ORDER BY k.call_id DESC LIMIT n);
END
$$;
COMMENT ON FUNCTION voiceagent_private.newest_of_listing(bigint, tsquery, bigint, timestamptz, timestamptz, integer) IS
	'newest_matches() among the calls that were about a listing.';

CREATE FUNCTION voiceagent_private.text_around(turns jsonb, forms regconfig, words text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_lexemes text[] := tsvector_to_array(to_tsvector(forms, words));
	v_any tsquery := (SELECT string_agg(quote_literal(l), ' | ')::tsquery FROM unnest(v_lexemes) l);
	-- A form of a word begins with nearly all of its lexeme: what has none of these is not parsed.
	v_pattern text := (SELECT string_agg(regexp_replace(left(l, greatest(length(l) - 1, 2)), '[^[:alnum:]]', '.', 'g'),
		'|') FROM unnest(v_lexemes) l);
	v_found text := '';
	v_turn record;
	c_most CONSTANT integer := 4000;
BEGIN
	FOR v_turn IN
		SELECT left(t.text, 20000) AS said FROM jsonb_to_recordset(turns) AS t(turn integer, speaker text, text text)
		WHERE t.speaker IN ('assistant', 'customer', 'unknown') AND t.text ~* v_pattern ORDER BY t.turn LIMIT 50
	LOOP
		CONTINUE WHEN NOT to_tsvector(forms, v_turn.said) @@ v_any;
		-- From the first of them on, in a turn that is longer than an excerpt needs.
		v_found := v_found || substr(v_turn.said, greatest(regexp_instr(v_turn.said, v_pattern, 1, 1, 0, 'i') - 500, 1),
			c_most) || E'\n';
		EXIT WHEN length(v_found) >= c_most;
	END LOOP;
	-- Where only words are asked for that it does not have: how it begins.
	RETURN coalesce(nullif(v_found, ''), left(voiceagent_private.words_said(turns), 500));
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_around(jsonb, regconfig, text) IS
	'The turns of a talk that have one of these words, the first of them and some thousand characters at most; '
	'where none has, how the talk begins.';

CREATE FUNCTION voiceagent_private.excerpt(call_id bigint, started_at timestamptz, words text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT replace(ts_headline(f.forms, voiceagent_private.text_around(k.turns, f.forms, words),
			websearch_to_tsquery(f.forms, words), 'StartSel=**, StopSel=**, MaxFragments=2, MaxWords=15, MinWords=5'),
			E'\n', ' ')
		FROM voiceagent.conversations k
		CROSS JOIN LATERAL (SELECT voiceagent_private.word_forms(k.reading ->> 'language') AS forms) f
		WHERE k.tenant_id = voiceagent.current_tenant() AND k.call_id = excerpt.call_id
			AND k.month_slot = voiceagent_private.month_slot(started_at));
END
$$;
COMMENT ON FUNCTION voiceagent_private.excerpt(bigint, timestamptz, text) IS
	'Where words that were searched for stand in a call of the current tenant.';

CREATE FUNCTION voiceagent.search_calls(words text DEFAULT NULL, direction text DEFAULT NULL,
	campaign_id bigint DEFAULT NULL, outcome text DEFAULT NULL, intent text DEFAULT NULL, emotion text DEFAULT NULL,
	interest text DEFAULT NULL, status text DEFAULT NULL, from_time timestamptz DEFAULT NULL,
	to_time timestamptz DEFAULT NULL, max_calls integer DEFAULT 20, cursor bigint DEFAULT NULL,
	listing_id bigint DEFAULT NULL)
	RETURNS SETOF voiceagent.found_call
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text := nullif(btrim(words), '');
	v_query tsquery;
	v_before bigint := coalesce(cursor, 9223372036854775807);
	v_filter record;
BEGIN
	PERFORM voiceagent_private.check_search(direction, outcome, interest, status, from_time, to_time, max_calls);
	IF words IS NOT NULL THEN
		v_query := voiceagent_private.words_query(coalesce(v_words, ''));
	END IF;
	FOR v_filter IN
		SELECT voiceagent_private.filter_query(f.name, f.value) AS query
		FROM (VALUES ('direction', direction), ('campaign', campaign_id::text), ('outcome', outcome),
			('intent', intent), ('emotion', emotion), ('interest', interest), ('status', status)) AS f(name, value)
		WHERE f.value IS NOT NULL
		UNION ALL SELECT m FROM voiceagent_private.months_query(from_time, coalesce(to_time, voiceagent.clock())) m
		WHERE m IS NOT NULL
	LOOP
		v_query := coalesce(v_query && v_filter.query, v_filter.query);
	END LOOP;
	RETURN QUERY
	SELECT c.call_id, c.started_at, c.direction, c.campaign_id, c.lead_id, c.phone::text, c.status::text, f.outcome,
		f.intent, f.interest, f.emotion, c.told,
		CASE WHEN v_words IS NOT NULL THEN voiceagent_private.excerpt(c.call_id, c.started_at, v_words) END
	FROM unnest(CASE WHEN listing_id IS NULL
			THEN voiceagent_private.newest_matches(v_query, v_before, from_time, to_time, max_calls)
			ELSE voiceagent_private.newest_of_listing(listing_id, v_query, v_before, from_time, to_time, max_calls) END)
		WITH ORDINALITY AS i(call_id, n)
	-- Both directions.
	CROSS JOIN LATERAL (SELECT o.*, (voiceagent.call_result(o)).summary AS told FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.call_facts o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) f
	ORDER BY i.n;
END
$$;
COMMENT ON FUNCTION voiceagent.search_calls(text, text, bigint, text, text, text, text, text, timestamptz, timestamptz,
	integer, bigint, bigint) IS
	E'Ended calls that match all that is given, newest first: filters, and words said (words, "a phrase", or, -not).\n'
	'excerpt: where the words are, each between **. listing_id: calls about it. cursor: the call_id of the last row of '
	'the page before. A call is found within five seconds of its end. PT422.';
