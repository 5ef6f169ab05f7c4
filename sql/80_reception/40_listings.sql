-- 80_reception: tools that tell of listings.  Of what is not active a caller learns nothing.

CREATE FUNCTION voiceagent_private.listing_told(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent.listings
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT l.* FROM (SELECT btrim(arguments ->> 'listing') AS words) w
	CROSS JOIN LATERAL (
		(SELECT o.*, 1 AS choice FROM voiceagent.listings o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.reference = w.words)
		UNION ALL
		(SELECT o.*, 2 FROM voiceagent.listings o
			WHERE o.tenant_id = voiceagent.current_tenant()
				AND o.listing_id = substring(w.words FROM '^[0-9]{1,18}$')::bigint)) n
	CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.listings o
		WHERE o.tenant_id = n.tenant_id AND o.listing_id = n.listing_id) l
	WHERE coalesce(l.active_from <= context.at, true) AND coalesce(l.active_until > context.at, true)
	ORDER BY n.choice LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.listing_told(voiceagent_private.tool_context, jsonb) IS
	'The active listing of the current tenant that an argument listing names, by its reference or else its number; '
	'NULL: none.';

CREATE FUNCTION voiceagent_private.made_for(listing voiceagent.listings) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_strip_nulls(jsonb_build_object('listing_id', (listing).listing_id));
COMMENT ON FUNCTION voiceagent_private.made_for(voiceagent.listings) IS
	'As call_tools.made: the listing that a tool was used for, if any.';

CREATE FUNCTION voiceagent_private.told_attributes(schema jsonb)
	RETURNS TABLE (name text, attribute jsonb, place bigint)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
	SELECT a ->> 'name', a, n FROM jsonb_array_elements(schema) WITH ORDINALITY AS e(a, n)
	WHERE NOT voiceagent_private.is_internal(a ->> 'name')
$$;
COMMENT ON FUNCTION voiceagent_private.told_attributes(jsonb) IS
	'The attributes of a profile that a caller may hear and ask for, in their order.';

CREATE FUNCTION voiceagent_private.say_listing(listing voiceagent.listings, longest integer) RETURNS text
	LANGUAGE sql STABLE
	-- The words of a listing are data: they must neither end the quotation nor be read as a variable.
	RETURN voiceagent_private.quote_knowledge(left(concat_ws(': ',
		coalesce((listing).reference, (listing).listing_id::text), (
		SELECT string_agg(concat_ws(' ', replace(a.name, '_', ' '), regexp_replace((listing).attributes ->> a.name,
			'\s+', ' ', 'g'), a.attribute ->> 'unit'), ', ' ORDER BY a.place)
		FROM voiceagent_private.told_attributes(voiceagent_private.schema_of((listing).profile)) a
		WHERE (listing).attributes ->> a.name <> '')), longest));
COMMENT ON FUNCTION voiceagent_private.say_listing(voiceagent.listings, integer) IS
	'A listing as a tool quotes it: its name and its attributes in their order, clipped.';

CREATE FUNCTION voiceagent_private.listing_data(listing voiceagent.listings) RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object(
			'reference', coalesce((listing).reference, (listing).listing_id::text),
			'title', coalesce(t.told ->> 'address', t.told ->> 'title', t.told ->> 'name', t.told ->> 'kind'),
			'visit', t.told ? 'address', 'bedrooms', t.told ->> 'bedrooms', 'price', t.told ->> 'price',
			'currency', t.currency))
		FROM (SELECT jsonb_object_agg(a.name, (listing).attributes ->> a.name) AS told,
				max(a.attribute ->> 'unit') FILTER (WHERE a.name = 'price') AS currency
			FROM voiceagent_private.told_attributes(voiceagent_private.schema_of((listing).profile)) a
			WHERE (listing).attributes ->> a.name <> '') t);
COMMENT ON FUNCTION voiceagent_private.listing_data(voiceagent.listings) IS
	'A listing as the desk presents it: {"reference", "title", "visit" (it has an address), "bedrooms", "price", '
	'"currency"}.';

CREATE FUNCTION voiceagent_private.wrong_search(context voiceagent_private.tool_context, profile text)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_profiles voiceagent.listing_profiles[] := ARRAY(SELECT p FROM voiceagent.listing_profiles p
		WHERE p.tenant_id = voiceagent.current_tenant()
		ORDER BY p.profile = profile DESC NULLS LAST, p.profile LIMIT 50);
BEGIN
	IF v_profiles = '{}' THEN
		RETURN voiceagent_private.tool_error(context, 'no_listings');
	ELSIF v_profiles[1].profile IS DISTINCT FROM profile AND (profile IS NOT NULL OR cardinality(v_profiles) > 1) THEN
		RETURN voiceagent_private.tool_error(context, 'profiles',
			(SELECT left(string_agg(p.profile, ', '), 600) FROM unnest(v_profiles) p));
	END IF;
	RETURN voiceagent_private.tool_error(context, 'filters', (
		SELECT voiceagent_private.quote_knowledge(left(string_agg(format('%s (%s)', a.name, coalesce((
				SELECT string_agg(v, '/') FROM jsonb_array_elements_text(nullif(a.attribute -> 'values', 'null')) v),
			a.attribute ->> 'type')), ', ' ORDER BY a.place), 900))
		FROM voiceagent_private.told_attributes(v_profiles[1].attributes) a));
END
$$;
COMMENT ON FUNCTION voiceagent_private.wrong_search(voiceagent_private.tool_context, text) IS
	'The answer of find_listings to an invalid search: the profiles, if it must name one, else the attributes.';

CREATE FUNCTION voiceagent_private.tool_find_listings(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_profile text := nullif(btrim(arguments ->> 'profile'), '');
	v_filters jsonb := CASE jsonb_typeof(arguments -> 'filters') WHEN 'object'
		THEN jsonb_strip_nulls(arguments -> 'filters') WHEN 'string' THEN '[]' ELSE '{}' END;
	v_found jsonb;
	v_said text;
	v_data jsonb;
	c_listings CONSTANT integer := 3;
	c_characters CONSTANT integer := 240;
BEGIN
	IF jsonb_typeof(v_filters) <> 'object' THEN
		RETURN voiceagent_private.wrong_search(context, v_profile);
	ELSIF EXISTS (SELECT FROM jsonb_object_keys(v_filters) k WHERE k IN ('profile', 'place')
		OR voiceagent_private.is_internal(k)) THEN
		RETURN voiceagent_private.wrong_search(context, v_profile);
	END IF;
	v_found := voiceagent.find_listings(v_filters || jsonb_strip_nulls(jsonb_build_object('profile', v_profile,
		'place', nullif(btrim(arguments ->> 'place'), ''))), nullif(btrim(arguments ->> 'words'), ''), c_listings);
	SELECT string_agg(voiceagent_private.say_listing(l, c_characters), ' / ' ORDER BY f.n),
		jsonb_agg(voiceagent_private.listing_data(l) ORDER BY f.n)
	INTO v_said, v_data
	FROM jsonb_array_elements(v_found -> 'listings') WITH ORDINALITY AS f(found, n)
	JOIN voiceagent.listings l ON l.tenant_id = voiceagent.current_tenant()
		AND l.listing_id = (f.found ->> 'listing_id')::bigint;
	RETURN voiceagent_private.tool_done(context, CASE
			WHEN (v_found -> 'stopped')::boolean
				THEN CASE WHEN v_said IS NULL THEN 'search_stopped' ELSE 'some_listings' END
			WHEN v_said IS NULL THEN 'no_listings' WHEN v_found ->> 'cursor' IS NOT NULL THEN 'more_listings'
			ELSE 'listings' END,
		ARRAY[v_said], jsonb_build_object('listings', v_data));
EXCEPTION WHEN SQLSTATE 'PT404' OR SQLSTATE 'PT422' THEN
	RETURN voiceagent_private.wrong_search(context, v_profile);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_find_listings(voiceagent_private.tool_context, jsonb) IS
	'The tool find_listings: the three that suit best, clipped and quoted; it says when there may be more.';

CREATE FUNCTION voiceagent_private.tool_lookup_listing(context voiceagent_private.tool_context, arguments jsonb)
	RETURNS voiceagent_private.tool_answer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_listing voiceagent.listings := voiceagent_private.listing_told(context, arguments);
	c_characters CONSTANT integer := 900;
BEGIN
	IF v_listing.listing_id IS NULL THEN
		RETURN voiceagent_private.tool_error(context, 'no_listing');
	END IF;
	RETURN voiceagent_private.tool_done(context, 'listings',
		ARRAY[voiceagent_private.say_listing(v_listing, c_characters)],
		jsonb_build_object('listings', jsonb_build_array(voiceagent_private.listing_data(v_listing))),
		voiceagent_private.made_for(v_listing));
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_lookup_listing(voiceagent_private.tool_context, jsonb) IS
	'The tool lookup_listing: one listing, clipped and quoted; the job notes that the call was about it.';
