-- 78_listing: profiles, and the values that their attributes take.

CREATE FUNCTION voiceagent_private.shipped_profile(profile text, country text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- A price has its currency; of a country that is not here the tenant says which.
	RETURN replace(CASE profile WHEN 'real_estate' THEN '[
		{"name": "kind", "type": "choice", "values": ["house", "apartment", "condo", "townhouse", "land", "commercial",
			"other"]},
		{"name": "address", "type": "text", "place": true, "required": true},
		{"name": "price", "type": "number", "minimum": 0, "unit": ""},
		{"name": "bedrooms", "type": "number", "minimum": 0},
		{"name": "bathrooms", "type": "number", "minimum": 0},
		{"name": "area", "type": "number", "minimum": 0},
		{"name": "stage", "type": "text"},
		{"name": "health", "type": "text"},
		{"name": "next_action", "type": "text"},
		{"name": "description", "type": "text"}]'
	WHEN 'services' THEN '[
		{"name": "name", "type": "text", "required": true},
		{"name": "price", "type": "number", "minimum": 0, "unit": ""},
		{"name": "duration", "type": "number", "minimum": 0, "unit": "minutes"},
		{"name": "description", "type": "text"}]' END, ', "unit": ""', coalesce(', "unit": "' || CASE
			WHEN country IN ('AT', 'BE', 'DE', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PT') THEN 'EUR'
			WHEN country IN ('AU', 'CA', 'NZ', 'US') THEN country || 'D' WHEN country = 'GB' THEN 'GBP'
			WHEN country = 'IN' THEN 'INR' WHEN country = 'MX' THEN 'MXN' WHEN country = 'CH' THEN 'CHF' END || '"',
		''))::jsonb;
COMMENT ON FUNCTION voiceagent_private.shipped_profile(text, text) IS
	'The attributes of the profiles that need no schema of the tenant''s, real_estate and services, with prices in the '
	'currency of a country, as far as it is known; NULL: another.';

CREATE FUNCTION voiceagent_private.check_attribute(attribute jsonb) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_problem text;
BEGIN
	v_problem := CASE
		WHEN jsonb_typeof(attribute) IS DISTINCT FROM 'object' THEN 'it is no object'
		WHEN coalesce(attribute ->> 'name', '') !~ '^[a-z][a-z0-9_]{0,59}$'
			THEN 'its name is not of lower-case letters, digits and _, at most 60, with a letter first'
		WHEN attribute ->> 'name' IN ('place', 'profile', 'reference', 'active_from', 'active_until')
			THEN 'every listing has something of that name'
		WHEN coalesce(attribute ->> 'type', '') NOT IN ('text', 'number', 'boolean', 'date', 'choice')
			THEN 'its type is not text, number, boolean, date or choice'
		WHEN (attribute ->> 'type' = 'choice') <> (attribute ? 'values') THEN 'a choice, and nothing else, has values'
		WHEN attribute ? 'values' AND NOT (jsonb_typeof(attribute -> 'values') = 'array'
			AND jsonb_array_length(attribute -> 'values') BETWEEN 1 AND 200
			AND NOT jsonb_path_exists(attribute, '$.values[*] ? (@.type() != "string" || @ == "")'))
			THEN 'its values are no list of 1 to 200 texts'
		WHEN attribute ? 'minimum' AND NOT (attribute ->> 'type' = 'number'
			AND jsonb_typeof(attribute -> 'minimum') = 'number') THEN 'a number, and nothing else, has a minimum'
		WHEN attribute ? 'place' AND NOT (attribute ->> 'type' = 'text'
			AND jsonb_typeof(attribute -> 'place') = 'boolean') THEN 'a text, and nothing else, may be a place'
		WHEN attribute ? 'required' AND jsonb_typeof(attribute -> 'required') <> 'boolean' THEN 'required is no boolean'
		WHEN attribute ? 'unit' AND NOT (jsonb_typeof(attribute -> 'unit') = 'string'
			AND length(attribute ->> 'unit') <= 40) THEN 'its unit is no text of at most 40 characters'
		ELSE (SELECT format('it has a member "%s"', left(k, 60))
			FROM jsonb_object_keys(CASE jsonb_typeof(attribute) WHEN 'object' THEN attribute ELSE '{}' END) k
			WHERE k NOT IN ('name', 'type', 'required', 'values', 'minimum', 'place', 'unit') LIMIT 1) END;
	PERFORM voiceagent_private.fail_if(v_problem IS NOT NULL, 'PT422',
		format('%s is no attribute', left(attribute::text, 200)), v_problem || '.',
		'An attribute is {"name", "type", "required", "values", "minimum", "place", "unit"}.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_attribute(jsonb) IS 'PT422 for what is no attribute of a profile.';

CREATE FUNCTION voiceagent_private.lock_listings() RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO voiceagent_private.listing_totals (tenant_id) VALUES (voiceagent.current_tenant())
	ON CONFLICT ON CONSTRAINT listing_totals_pkey DO NOTHING;
	RETURN (SELECT t.listings FROM (SELECT o.listings FROM voiceagent_private.listing_totals o
		WHERE o.tenant_id = voiceagent.current_tenant() FOR NO KEY UPDATE) t);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_listings() IS
	'Locks all listings of the current tenant until the transaction ends, and returns how many there are.';

CREATE FUNCTION voiceagent.set_listing_profile(profile text, attributes jsonb DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_attributes jsonb := coalesce(attributes, voiceagent_private.shipped_profile(profile,
		voiceagent_private.setting_text('default_country')));
	v_old jsonb;
	c_profiles CONSTANT integer := 50;
	c_attributes CONSTANT integer := 60;
BEGIN
	PERFORM voiceagent_private.fail_if(profile IS NULL OR profile !~ '^[a-z][a-z0-9_]{0,59}$', 'PT422',
		'a profile needs a name', 'It is of lower-case letters, digits and _, at most 60, with a letter first.');
	PERFORM voiceagent_private.fail_if(v_attributes IS NULL OR jsonb_typeof(v_attributes) <> 'array'
		OR jsonb_array_length(v_attributes) NOT BETWEEN 1 AND c_attributes, 'PT422',
		format('profile "%s" needs a list of attributes', profile), NULL,
		format('Give 1 to %s of them; real_estate and services need none.', c_attributes));
	PERFORM voiceagent_private.check_attribute(a) FROM jsonb_array_elements(v_attributes) a;
	PERFORM voiceagent_private.fail_if((SELECT count(DISTINCT a ->> 'name') FROM jsonb_array_elements(v_attributes) a)
		< jsonb_array_length(v_attributes), 'PT422', format('two attributes of profile "%s" have one name', profile));
	PERFORM voiceagent_private.lock_listings();
	SELECT p.attributes INTO v_old FROM voiceagent.listing_profiles p
	WHERE p.tenant_id = v_tenant AND p.profile = set_listing_profile.profile;
	IF v_old IS NULL AND (SELECT count(*) FROM voiceagent.listing_profiles p WHERE p.tenant_id = v_tenant)
		>= c_profiles THEN
		PERFORM voiceagent_private.fail('PT409', format('a tenant has at most %s profiles', c_profiles));
	-- The places of numbers in the index, and what is stored, stay good.
	ELSIF EXISTS (SELECT FROM jsonb_array_elements(v_old) WITH ORDINALITY o
		WHERE (o.value -> 'name', o.value -> 'type', coalesce(o.value -> 'place', 'false'), o.value -> 'values')
			IS DISTINCT FROM (SELECT (n -> 'name', n -> 'type', coalesce(n -> 'place', 'false'), n -> 'values')
				FROM (SELECT v_attributes -> (o.ordinality::integer - 1) AS n) t)) THEN
		PERFORM voiceagent_private.fail('PT409', format('profile "%s" keeps the attributes that it has', profile),
			'Name, type, place and values of each stay, and their order.', 'Add new ones behind them.');
	END IF;
	INSERT INTO voiceagent.listing_profiles AS p (tenant_id, profile, attributes, created_at)
	VALUES (v_tenant, profile, v_attributes, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT listing_profiles_pkey DO UPDATE SET attributes = excluded.attributes;
	PERFORM voiceagent_private.audit('set_listing_profile', profile, v_old, v_attributes);
END
$$;
COMMENT ON FUNCTION voiceagent.set_listing_profile(text, jsonb) IS
	E'Makes a kind of listings, or adds attributes to one.\n'
	'attributes: [{"name", "type": text, number, boolean, date or choice, "required", "values", "minimum", "place", '
	'"unit"}]; NULL: those that real_estate or services come with. An attribute that is there keeps its name, type, '
	'place and values (PT409). PT422 for what is no attribute.';

CREATE FUNCTION voiceagent_private.profile_of(profile text) RETURNS voiceagent.listing_profiles
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_profiles voiceagent.listing_profiles[] := ARRAY(SELECT p FROM voiceagent.listing_profiles p
		WHERE p.tenant_id = voiceagent.current_tenant() AND (profile IS NULL OR p.profile = profile_of.profile)
		ORDER BY p.profile LIMIT 50);
BEGIN
	PERFORM voiceagent_private.fail_if(cardinality(v_profiles) = 0, 'PT404',
		CASE WHEN profile IS NULL THEN 'there is no profile of listings'
			ELSE format('there is no profile "%s"', left(profile, 60)) END, NULL, 'set_listing_profile() makes one.');
	PERFORM voiceagent_private.fail_if(cardinality(v_profiles) > 1, 'PT422', 'there are several profiles of listings',
		NULL, format('Name one as profile: %s.', (SELECT string_agg(p.profile, ', ') FROM unnest(v_profiles) p)));
	RETURN v_profiles[1];
END
$$;
COMMENT ON FUNCTION voiceagent_private.profile_of(text) IS
	E'A profile of the current tenant; NULL: its only one.\n'
	'PT404, PT422 when there are several.';

CREATE FUNCTION voiceagent_private.read_value(attribute jsonb, value text, OUT result jsonb, OUT problem text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_value text := btrim(value);
	v_number text := regexp_replace(v_value, '[,$€£ ]', '', 'g');
BEGIN
	CASE attribute ->> 'type'
		WHEN 'text' THEN
			result := CASE WHEN length(v_value) <= 4000 THEN to_jsonb(v_value) END;
			problem := 'it has more than 4000 characters';
		WHEN 'number' THEN
			result := CASE WHEN v_number ~ '^-?[0-9]{1,15}(\.[0-9]{1,6})?$' THEN to_jsonb(v_number::numeric) END;
			problem := 'it is no number of at most 15 digits and 6 decimal places';
			IF result IS NOT NULL AND v_number::numeric < (attribute ->> 'minimum')::numeric THEN
				result := NULL;
				problem := format('it is less than %s', attribute ->> 'minimum');
			END IF;
		WHEN 'boolean' THEN
			result := CASE WHEN lower(v_value) IN ('true', 'yes', 'y', '1', 'on', 't') THEN 'true'
				WHEN lower(v_value) IN ('false', 'no', 'n', '0', 'off', 'f') THEN 'false' END;
			problem := 'it is neither yes nor no';
		WHEN 'date' THEN
			result := CASE WHEN v_value ~ '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$'
				AND substr(v_value, 9)::integer BETWEEN 1 AND extract(day FROM
					make_date(substr(v_value, 1, 4)::integer, substr(v_value, 6, 2)::integer, 1) + interval '1 month'
						- interval '1 day') THEN to_jsonb(v_value) END;
			problem := 'it is no date such as 2026-03-31, from 1900 to 2199';
		ELSE
			result := (SELECT to_jsonb(c) FROM jsonb_array_elements_text(attribute -> 'values') c
				WHERE lower(c) = lower(v_value) LIMIT 1);
			problem := format('it is none of %s',
				left((SELECT string_agg(c, ', ') FROM jsonb_array_elements_text(attribute -> 'values') c), 500));
	END CASE;
	IF result IS NOT NULL THEN
		problem := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_value(jsonb, text) IS
	'A value of an attribute, as it is stored; or what is wrong with it.';

CREATE FUNCTION voiceagent_private.read_attributes(schema jsonb, given jsonb, OUT result jsonb, OUT attribute text,
	OUT problem text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
BEGIN
	result := '{}';
	FOR v IN
		SELECT coalesce(a ->> 'name', g.key) AS name, a AS schema, g.value, r.result, CASE WHEN a IS NULL
				THEN 'the profile has no such attribute'
			WHEN nullif(btrim(g.value), '') IS NULL
				THEN CASE WHEN (a -> 'required')::boolean THEN 'it is required' END
			ELSE r.problem END AS problem
		FROM jsonb_array_elements(schema) a
		FULL JOIN jsonb_each_text(given) g ON g.key = a ->> 'name'
		CROSS JOIN LATERAL voiceagent_private.read_value(coalesce(a, '{"type": "text"}'), g.value) r
	LOOP
		IF v.problem IS NOT NULL THEN
			attribute := v.name;
			problem := v.problem;
			RETURN;
		ELSIF nullif(btrim(v.value), '') IS NOT NULL THEN
			result := result || jsonb_build_object(v.name, v.result);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_attributes(jsonb, jsonb) IS
	E'Attributes as they are stored; or the first that is wrong, and how.\n'
	'Empty ones are left out.';
