-- 78_listing: listings are added, changed and removed.

CREATE FUNCTION voiceagent_private.require_attributes(schema jsonb, given jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_read record;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(given) IS DISTINCT FROM 'object', 'PT422',
		'attributes are no object', NULL, 'Write {"name": value, ...}.');
	SELECT * INTO v_read FROM voiceagent_private.read_attributes(schema, given);
	PERFORM voiceagent_private.fail_if(v_read.problem IS NOT NULL, 'PT422',
		format('attribute "%s" is wrong', left(v_read.attribute, 60)),
		format('%s: %s.', left(coalesce(given ->> v_read.attribute, 'nothing'), 200), v_read.problem),
		format('Its profile has: %s.', (SELECT string_agg(a ->> 'name', ', ') FROM jsonb_array_elements(schema) a)));
	RETURN v_read.result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_attributes(jsonb, jsonb) IS
	'Attributes as they are stored; PT422 for the first that is wrong.';

CREATE FUNCTION voiceagent_private.require_room_for_listings(listings integer, more integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_most integer := voiceagent_private.platform_setting('listings_max')::integer;
BEGIN
	PERFORM voiceagent_private.fail_if(listings + more > v_most, 'PT413', 'the tenant has too many listings',
		format('It has %s; listings_max allows %s.', listings, v_most),
		'Remove listings that are over, or have listings_max raised.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_room_for_listings(integer, integer) IS
	'PT413 if the tenant would have more than listings_max.';

CREATE FUNCTION voiceagent.add_listing(attributes jsonb, profile text DEFAULT NULL, reference text DEFAULT NULL,
	active_from timestamptz DEFAULT NULL, active_until timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_reference text := voiceagent_private.require_task_words('reference', reference, 100);
	v_listings integer := voiceagent_private.lock_listings();
	v_profile voiceagent.listing_profiles;
	v_attributes jsonb;
	v_id bigint;
BEGIN
	v_profile := voiceagent_private.profile_of(profile);
	v_attributes := voiceagent_private.require_attributes(v_profile.attributes, attributes);
	PERFORM voiceagent_private.require_room_for_listings(v_listings, 1);
	INSERT INTO voiceagent.listings AS l (tenant_id, profile, reference, attributes, active_from, active_until,
		created_at, updated_at)
	VALUES (v_tenant, v_profile.profile, v_reference, v_attributes, nullif(active_from, '-infinity'),
		nullif(active_until, 'infinity'), voiceagent.clock(), voiceagent.clock())
	RETURNING l.listing_id INTO v_id;
	UPDATE voiceagent_private.listing_totals t SET listings = t.listings + 1 WHERE t.tenant_id = v_tenant;
	PERFORM voiceagent_private.index_listings(ARRAY[v_id]);
	RETURN v_id;
EXCEPTION
	WHEN unique_violation THEN
		PERFORM voiceagent_private.fail('PT409',
			format('there is a listing with the reference "%s"', v_reference), NULL, 'update_listing() changes it.');
	WHEN check_violation THEN
		PERFORM voiceagent_private.fail('PT422', 'active_from is not before active_until');
END
$$;
COMMENT ON FUNCTION voiceagent.add_listing(jsonb, text, text, timestamptz, timestamptz) IS
	E'Adds a listing and returns listing_id.\n'
	'attributes: {"name": value} of its profile (NULL: the tenant''s only one); reference: the tenant''s own number of '
	'it; active_from, active_until (exclusive): when find_listings() finds it, NULL: always. PT404, PT409 for a '
	'reference that is taken, PT413 for more than listings_max, PT422.';

CREATE FUNCTION voiceagent_private.lock_listing(listing_id bigint) RETURNS voiceagent.listings
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_listing voiceagent.listings;
BEGIN
	PERFORM voiceagent_private.lock_listings();
	SELECT l.* INTO v_listing FROM voiceagent.listings l
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.listing_id = lock_listing.listing_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('listing %s does not exist', listing_id));
	RETURN v_listing;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_listing(bigint) IS
	'A listing of the current tenant, locked together with all its listings; PT404.';

CREATE FUNCTION voiceagent.update_listing(listing_id bigint, attributes jsonb DEFAULT NULL,
	reference text DEFAULT NULL, active_from timestamptz DEFAULT NULL, active_until timestamptz DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_reference text := voiceagent_private.require_task_words('reference', reference, 100);
	v_old voiceagent.listings := voiceagent_private.lock_listing(listing_id);
	v_attributes jsonb := v_old.attributes;
BEGIN
	IF attributes IS NOT NULL THEN
		v_attributes := voiceagent_private.require_attributes(voiceagent_private.schema_of(v_old.profile),
			CASE jsonb_typeof(attributes) WHEN 'object' THEN v_old.attributes || attributes ELSE attributes END);
	END IF;
	UPDATE voiceagent.listings l SET attributes = v_attributes, reference = coalesce(v_reference, l.reference),
		active_from = CASE WHEN active_from IS NULL THEN l.active_from ELSE nullif(active_from, '-infinity') END,
		active_until = CASE WHEN active_until IS NULL THEN l.active_until ELSE nullif(active_until, 'infinity') END,
		updated_at = voiceagent.clock()
	WHERE l.tenant_id = v_tenant AND l.listing_id = v_old.listing_id;
	PERFORM voiceagent_private.index_listings(ARRAY[v_old.listing_id]);
EXCEPTION
	WHEN unique_violation THEN
		PERFORM voiceagent_private.fail('PT409', format('there is a listing with the reference "%s"', v_reference));
	WHEN check_violation THEN
		PERFORM voiceagent_private.fail('PT422', 'active_from is not before active_until');
END
$$;
COMMENT ON FUNCTION voiceagent.update_listing(bigint, jsonb, text, timestamptz, timestamptz) IS
	E'Changes what is given (not NULL) of a listing.\n'
	'attributes: those to change, null takes one away; active_from -infinity, active_until infinity: no such end any '
	'more. PT404, PT409 for a reference that is taken, PT422.';

CREATE FUNCTION voiceagent_private.schema_of(profile text) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT p.attributes FROM voiceagent.listing_profiles p
	WHERE p.tenant_id = voiceagent.current_tenant() AND p.profile = schema_of.profile
$$;
COMMENT ON FUNCTION voiceagent_private.schema_of(text) IS 'The attributes of a profile of the current tenant.';

CREATE FUNCTION voiceagent.remove_listing(listing_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_old voiceagent.listings := voiceagent_private.lock_listing(listing_id);
BEGIN
	-- Before its row in the index goes with it, which has the keys to count.
	UPDATE voiceagent.listings l SET attributes = '{}' WHERE l.tenant_id = v_tenant AND l.listing_id = v_old.listing_id;
	PERFORM voiceagent_private.index_listings(ARRAY[v_old.listing_id]);
	DELETE FROM voiceagent.listings l WHERE l.tenant_id = v_tenant AND l.listing_id = v_old.listing_id;
	UPDATE voiceagent_private.listing_totals t SET listings = t.listings - 1 WHERE t.tenant_id = v_tenant;
	PERFORM voiceagent_private.audit('remove_listing', 'listing ' || v_old.listing_id, to_jsonb(v_old) - 'tenant_id');
END
$$;
COMMENT ON FUNCTION voiceagent.remove_listing(bigint) IS
	E'Removes a listing.\n'
	'Tasks and offers that name it stay without it; to keep it, and have it found no more, give it an active_until. '
	'PT404.';

CREATE FUNCTION voiceagent.lookup_listing(listing_id bigint DEFAULT NULL, reference text DEFAULT NULL)
	RETURNS voiceagent.listings
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_listing voiceagent.listings;
BEGIN
	PERFORM voiceagent_private.fail_if(num_nonnulls(listing_id, reference) <> 1, 'PT422',
		'a listing is looked up by its number or by its reference', NULL, 'Give listing_id or reference.');
	IF listing_id IS NOT NULL THEN
		SELECT l.* INTO v_listing FROM voiceagent.listings l
		WHERE l.tenant_id = v_tenant AND l.listing_id = lookup_listing.listing_id;
	ELSE
		SELECT l.* INTO v_listing FROM voiceagent.listings l
		WHERE l.tenant_id = v_tenant AND l.reference = btrim(lookup_listing.reference);
	END IF;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		CASE WHEN listing_id IS NULL
			THEN format('there is no listing with the reference "%s"', left(reference, 100))
			ELSE format('listing %s does not exist', listing_id) END);
	RETURN v_listing;
END
$$;
COMMENT ON FUNCTION voiceagent.lookup_listing(bigint, text) IS
	E'A listing, by its number or the tenant''s own reference, active or not.\n'
	'PT404; PT422 unless just one of the two is given.';

CREATE FUNCTION voiceagent.link_listing(call_id bigint, listing_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
BEGIN
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = link_listing.call_id FOR KEY SHARE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('call %s does not exist', call_id));
	INSERT INTO voiceagent.call_listings (tenant_id, call_id, listing_id, created_at)
	VALUES (v_tenant, call_id, listing_id, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT call_listings_pkey DO NOTHING;
EXCEPTION WHEN foreign_key_violation OR not_null_violation THEN
	PERFORM voiceagent_private.fail('PT404', format('listing %s does not exist', listing_id));
END
$$;
COMMENT ON FUNCTION voiceagent.link_listing(bigint, bigint) IS
	E'Notes that a call was about a listing, for listing_stats(); once is enough.\n'
	'For agents, too. PT404.';

CREATE FUNCTION voiceagent.listing_stats()
	RETURNS TABLE (listing_id bigint, reference text, total bigint, inbound bigint, outbound bigint,
		unique_callers bigint, viewings_scheduled bigint, offers_created bigint)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = hashed SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	WITH call AS MATERIALIZED (
		-- Calls of both directions.
		SELECT k.listing_id, c.call_id, c.direction, c.phone FROM voiceagent.call_listings k
		JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = k.call_id
		WHERE k.tenant_id = v_tenant
	), counted AS (
		SELECT c.listing_id, count(*) AS total, count(*) FILTER (WHERE c.direction = 'inbound') AS inbound,
			count(*) FILTER (WHERE c.direction <> 'inbound') AS outbound,
			count(DISTINCT c.phone) FILTER (WHERE c.direction = 'inbound') AS callers FROM call c GROUP BY 1
	), viewing AS (
		SELECT c.listing_id, count(*) AS n FROM call c
		JOIN voiceagent.appointments a ON a.tenant_id = v_tenant AND a.call_id = c.call_id
			AND a.status IN ('pending', 'confirmed') GROUP BY 1
	), offer AS (
		SELECT o.listing_id, count(*) AS n FROM voiceagent.offers o
		WHERE o.tenant_id = v_tenant AND o.listing_id IS NOT NULL GROUP BY 1
	)
	SELECT l.listing_id, l.reference, coalesce(n.total, 0), coalesce(n.inbound, 0), coalesce(n.outbound, 0),
		coalesce(n.callers, 0), coalesce(v.n, 0), coalesce(o.n, 0)
	FROM voiceagent.listings l
	LEFT JOIN counted n ON n.listing_id = l.listing_id
	LEFT JOIN viewing v ON v.listing_id = l.listing_id
	LEFT JOIN offer o ON o.listing_id = l.listing_id
	WHERE l.tenant_id = v_tenant AND (n.listing_id IS NOT NULL OR o.listing_id IS NOT NULL)
	ORDER BY l.listing_id;
END
$$;
COMMENT ON FUNCTION voiceagent.listing_stats() IS
	E'How often each listing was spoken of: calls (total, inbound, outbound), unique_callers of incoming ones, '
	'viewings (appointments agreed in these calls that hold their time), offers.\n'
	'Listings of which there is nothing are left out; calls count by link_listing().';
