-- 78_listing: listings out of a CSV file.

CREATE FUNCTION voiceagent_private.csv_rows(csv text, OUT row_number integer, OUT fields text[]) RETURNS SETOF record
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'va_sql_csv_rows';
COMMENT ON FUNCTION voiceagent_private.csv_rows(text) IS
	'The rows of a CSV file, from 1, whose separator is that of its first line; PT422 for what is none.';

CREATE FUNCTION voiceagent_private.listing_columns(schema jsonb, header text[], mapping jsonb)
	RETURNS TABLE (place integer, name text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_names text[] := ARRAY(SELECT a ->> 'name' FROM jsonb_array_elements(schema) a)
		|| '{reference,active_from,active_until}';
	v_wrong text;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(mapping) IS DISTINCT FROM 'object', 'PT422', 'mapping is no object',
		NULL, 'Write {"price": "Asking price"}.');
	SELECT m.key INTO v_wrong FROM jsonb_each_text(mapping) m WHERE m.key <> ALL (v_names) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('there is no attribute "%s"', left(v_wrong, 60)), NULL,
		format('mapping may name %s.', array_to_string(v_names, ', ')));
	SELECT m.value INTO v_wrong FROM jsonb_each_text(mapping) m
	WHERE NOT EXISTS (SELECT FROM unnest(header) h WHERE lower(btrim(h)) = lower(btrim(m.value))) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND, 'PT422', format('the file has no column "%s"', left(v_wrong, 60)), NULL,
		format('It has %s.', left(array_to_string(header, ', '), 500)));
	RETURN QUERY
	SELECT DISTINCT ON (n.name) h.place::integer, n.name
	FROM unnest(header) WITH ORDINALITY AS h(title, place)
	CROSS JOIN unnest(v_names) AS n(name)
	WHERE CASE WHEN mapping ? n.name THEN lower(btrim(h.title)) = lower(btrim(mapping ->> n.name))
		ELSE btrim(regexp_replace(lower(h.title), '[^a-z0-9]+', '_', 'g'), '_') = n.name END
	ORDER BY n.name, h.place;
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_columns(jsonb, text[], jsonb) IS
	'Which column of a file is which attribute of a profile, by the mapping, else by its title; PT422 for a wrong '
	'mapping.';

CREATE FUNCTION voiceagent_private.listing_rows(csv text, profile voiceagent.listing_profiles, mapping jsonb,
	OUT row_number integer, OUT reference text, OUT attributes jsonb, OUT active_from timestamptz,
	OUT active_until timestamptz, OUT attribute text, OUT value text, OUT problem text) RETURNS SETOF record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_header text[] := (SELECT r.fields FROM voiceagent_private.csv_rows(csv) r WHERE r.row_number = 1);
	v_columns text[];
	v_places integer[];
BEGIN
	SELECT array_agg(c.name), array_agg(c.place) INTO v_columns, v_places
	FROM voiceagent_private.listing_columns(profile.attributes, v_header, mapping) c;
	PERFORM voiceagent_private.fail_if(v_columns IS NULL, 'PT422',
		'no column of the file is an attribute of the profile',
		format('It has %s.', left(array_to_string(v_header, ', '), 500)),
		'Name them by mapping: {"our attribute": "their title"}.');
	RETURN QUERY
	SELECT r.row_number, g.reference, t.result, t.active_from, t.active_until, t.attribute,
		left(g.given ->> t.attribute, 200), t.problem
	FROM voiceagent_private.csv_rows(csv) r
	CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(c.name, r.fields[c.place]), '{}') AS given,
			nullif(btrim(max(r.fields[c.place]) FILTER (WHERE c.name = 'reference')), '') AS reference
		FROM unnest(v_columns, v_places) AS c(name, place)) g
	CROSS JOIN LATERAL voiceagent_private.read_listing_row(profile.attributes, g.given) t
	WHERE r.row_number > 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_rows(text, voiceagent.listing_profiles, jsonb) IS
	'The rows of a file of listings as they would be stored, or the first attribute of each that is wrong, its value '
	'and how.';

CREATE FUNCTION voiceagent_private.read_listing_row(schema jsonb, given jsonb, OUT result jsonb,
	OUT active_from timestamptz, OUT active_until timestamptz, OUT attribute text, OUT problem text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text;
	v_time timestamptz;
BEGIN
	SELECT r.result, r.attribute, r.problem INTO result, attribute, problem
	FROM voiceagent_private.read_attributes(schema, given - '{reference,active_from,active_until}'::text[]) r;
	IF problem IS NULL AND length(given ->> 'reference') > 100 THEN
		attribute := 'reference';
		problem := 'it has more than 100 characters';
	END IF;
	FOREACH v_name IN ARRAY '{active_from,active_until}'::text[] LOOP
		CONTINUE WHEN problem IS NOT NULL OR nullif(btrim(given ->> v_name), '') IS NULL;
		v_time := voiceagent_private.listing_time(given ->> v_name);
		IF v_time IS NULL THEN
			attribute := v_name;
			problem := 'it is no time such as 2026-03-31 14:00';
		ELSIF v_name = 'active_from' THEN
			active_from := v_time;
		ELSE
			active_until := v_time;
		END IF;
	END LOOP;
	IF problem IS NULL AND active_from >= active_until THEN
		attribute := 'active_until';
		problem := 'it is not after active_from';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_listing_row(jsonb, jsonb) IS
	'A row of a file of listings as it would be stored, or what is wrong with it first.';

CREATE FUNCTION voiceagent_private.listing_time(words text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	-- The server keeps each zone that it has read in a text: there is no end to those of a file.
	IF words !~ ('^\s*[12][0-9]{3}-[0-9]{2}-[0-9]{2}([T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?'
		'\s*(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?\s*$') THEN
		RETURN NULL;
	ELSIF words ~ ':.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)\s*$' THEN
		RETURN words::timestamptz;
	END IF;
	RETURN words::timestamp AT TIME ZONE voiceagent_private.tenant_zone();
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.listing_time(text) IS
	'A date, with or without time and offset, by the current tenant''s clock where it has no offset; NULL: it is none.';

CREATE FUNCTION voiceagent.import_listings(csv text, profile text DEFAULT NULL, mapping jsonb DEFAULT '{}',
	dry_run boolean DEFAULT false, OUT rows_read integer, OUT rows_added integer, OUT rows_updated integer,
	OUT rows_rejected integer, OUT columns_left_out text[], OUT errors jsonb)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = hashed SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_longest integer := voiceagent_private.platform_setting('listing_import_bytes')::integer;
	v_listings integer;
	v_profile voiceagent.listing_profiles;
	v_now timestamptz := voiceagent.clock();
	v_ids bigint[];
	c_errors CONSTANT integer := 1000;
	c_step CONSTANT integer := 5000;
BEGIN
	IF octet_length(csv) > v_longest THEN
		PERFORM voiceagent_private.fail('PT413', 'the file is too large',
			format('It has %s bytes; listing_import_bytes allows %s.', octet_length(csv), v_longest),
			'Cut it into parts.');
	ELSIF csv IS NULL OR csv !~ '\S' THEN
		PERFORM voiceagent_private.fail('PT422', 'the file is empty');
	END IF;
	v_listings := voiceagent_private.lock_listings();
	v_profile := voiceagent_private.profile_of(import_listings.profile);
	columns_left_out := ARRAY(SELECT h.title FROM voiceagent_private.csv_rows(csv) r
		CROSS JOIN LATERAL unnest(r.fields) WITH ORDINALITY AS h(title, place)
		WHERE r.row_number = 1 AND h.place NOT IN (SELECT c.place
			FROM voiceagent_private.listing_columns(v_profile.attributes, r.fields, import_listings.mapping) c)
		ORDER BY h.place);
	WITH read AS MATERIALIZED (
		SELECT r.*, row_number() OVER (PARTITION BY r.reference ORDER BY r.row_number) AS nth
		FROM voiceagent_private.listing_rows(csv, v_profile, import_listings.mapping) r
	), checked AS MATERIALIZED (
		SELECT r.*, CASE WHEN r.problem IS NOT NULL THEN r.problem
			WHEN r.reference IS NOT NULL AND r.nth > 1 THEN 'an earlier row has it'
			WHEN o.profile <> v_profile.profile THEN format('a listing of the profile %s has it', o.profile)
			END AS wrong
		FROM read r
		LEFT JOIN LATERAL (SELECT l.profile FROM voiceagent.listings l
			WHERE l.tenant_id = v_tenant AND l.reference = r.reference OFFSET 0) o ON true
	), written AS (
		INSERT INTO voiceagent.listings AS l (tenant_id, profile, reference, attributes, active_from, active_until,
			created_at, updated_at)
		SELECT v_tenant, v_profile.profile, c.reference, c.attributes, c.active_from, c.active_until, v_now, v_now
		FROM checked c WHERE c.wrong IS NULL AND NOT import_listings.dry_run ORDER BY c.row_number
		ON CONFLICT ON CONSTRAINT listings_tenant_id_reference_key DO UPDATE
		SET attributes = l.attributes || excluded.attributes, updated_at = v_now,
			active_from = coalesce(excluded.active_from, l.active_from),
			active_until = coalesce(excluded.active_until, l.active_until)
		RETURNING l.listing_id
	)
	SELECT count(*), count(*) FILTER (WHERE c.wrong IS NULL AND NOT c.known),
		count(*) FILTER (WHERE c.wrong IS NULL AND c.known), count(*) FILTER (WHERE c.wrong IS NOT NULL),
		coalesce(jsonb_agg(jsonb_build_object('row', c.row_number, 'attribute', coalesce(c.attribute, 'reference'),
			'value', CASE WHEN c.attribute IS NULL THEN c.reference ELSE c.value END, 'problem', c.wrong)
			ORDER BY c.row_number) FILTER (WHERE c.nth_wrong <= c_errors), '[]'),
		(SELECT array_agg(w.listing_id ORDER BY w.listing_id) FROM written w)
	INTO rows_read, rows_added, rows_updated, rows_rejected, errors, v_ids
	FROM (SELECT k.*, EXISTS (SELECT FROM voiceagent.listings l
				WHERE l.tenant_id = v_tenant AND l.reference = k.reference OFFSET 0) AS known,
			CASE WHEN k.wrong IS NOT NULL
				THEN row_number() OVER (PARTITION BY k.wrong IS NULL ORDER BY k.row_number) END AS nth_wrong
		FROM checked k) c;
	PERFORM voiceagent_private.require_room_for_listings(v_listings, rows_added);
	IF import_listings.dry_run THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.listing_totals t SET listings = v_listings + rows_added WHERE t.tenant_id = v_tenant;
	FOR v_from IN 1 .. coalesce(cardinality(v_ids), 0) BY c_step LOOP
		PERFORM voiceagent_private.index_listings(v_ids[v_from:v_from + c_step - 1]);
	END LOOP;
	PERFORM voiceagent_private.audit('import_listings', v_profile.profile, NULL,
		jsonb_build_object('added', rows_added, 'updated', rows_updated, 'rejected', rows_rejected));
EXCEPTION WHEN check_violation THEN
	PERFORM voiceagent_private.fail('PT422', 'active_from is not before active_until',
		'A listing has the one, and a row with its reference the other.');
END
$$;
COMMENT ON FUNCTION voiceagent.import_listings(text, text, jsonb, boolean) IS
	E'Takes listings from a CSV file whose first row names the attributes, and tells what came of its rows.\n'
	'profile NULL: the only one; mapping: {"attribute": "title"} where titles differ; dry_run: only tells. A row whose '
	'reference is there changes that listing, empty fields leave what it has. errors: the first 1,000 rejected rows. '
	'PT404, PT413, PT422.';

CREATE FUNCTION voiceagent.listing_import_columns(beginning bytea, profile text DEFAULT NULL,
	mapping jsonb DEFAULT '{}', whole boolean DEFAULT false) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_profile voiceagent.listing_profiles := voiceagent_private.profile_of(profile);
	v_columns jsonb;
	v_header text[];
BEGIN
	PERFORM voiceagent_private.fail_if(beginning IS NULL, 'PT422', 'the file is empty');
	SELECT jsonb_agg(to_jsonb(c) - 'field' ORDER BY c.place), array_agg(c.header ORDER BY c.place)
	INTO v_columns, v_header FROM voiceagent_private.read_columns(beginning, coalesce(whole, false), '{}') c;
	RETURN jsonb_build_object('fields', (SELECT jsonb_agg(a -> 'name')
				FROM jsonb_array_elements(v_profile.attributes) a) || '["reference", "active_from", "active_until"]',
		'columns', (SELECT jsonb_agg(c || jsonb_build_object('field', f.name) ORDER BY c -> 'place')
			FROM jsonb_array_elements(v_columns) c
			LEFT JOIN voiceagent_private.listing_columns(v_profile.attributes, v_header, coalesce(mapping, '{}')) f
				ON f.place = (c ->> 'place')::integer));
END
$$;
COMMENT ON FUNCTION voiceagent.listing_import_columns(bytea, text, jsonb, boolean) IS
	E'Shows how import_listings() would read the columns of a file, as import_columns() does for leads.\n'
	'profile NULL: the only one; field: an attribute, reference, active_from, active_until, or null for a column that '
	'is left out. PT404, PT422.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'import_listings');
