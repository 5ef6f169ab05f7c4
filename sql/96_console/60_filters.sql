-- 96_console: what a member looks for again and again, under names of its own. No other code reads it.

CREATE TABLE voiceagent_private.saved_filters (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	member_id bigint NOT NULL,
	page text NOT NULL CHECK (page IN ('calls', 'leads')),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
	filter jsonb NOT NULL CHECK (jsonb_typeof(filter) = 'object'),
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, member_id, page, name),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members
);
COMMENT ON TABLE voiceagent_private.saved_filters IS 'Filters of lists that members have kept.';
COMMENT ON COLUMN voiceagent_private.saved_filters.page IS 'The list: calls or leads.';
COMMENT ON COLUMN voiceagent_private.saved_filters.name IS 'The member''s name for it.';
COMMENT ON COLUMN voiceagent_private.saved_filters.filter IS
	'Arguments of the list''s function, as the page gave them.';
SELECT voiceagent_private.guard_table('voiceagent_private.saved_filters', 'internal');

CREATE FUNCTION voiceagent_private.filter_owner() RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := (voiceagent_private.caller()).member_id;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(v_member, 0) = 0, 'PT403', 'filters are kept for members', NULL,
		'Log in with an address.');
	RETURN v_member;
END
$$;
COMMENT ON FUNCTION voiceagent_private.filter_owner() IS 'The member that asks; PT403 where it is none.';

CREATE FUNCTION voiceagent.save_filter(page text, name text, filter jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v_member bigint := voiceagent_private.filter_owner();
	v_name text := btrim(name);
	c_most CONSTANT integer := 50;
	c_bytes CONSTANT integer := 4096;
BEGIN
	IF page IS NULL OR page NOT IN ('calls', 'leads') THEN
		PERFORM voiceagent_private.fail('PT422', 'filters are of calls or of leads');
	ELSIF NOT voiceagent_private.is_name(v_name, 60) THEN
		PERFORM voiceagent_private.fail('PT422', 'a filter has a name of 1 to 60 characters, in one line');
	ELSIF jsonb_typeof(filter) IS DISTINCT FROM 'object' OR octet_length(filter::text) > c_bytes THEN
		PERFORM voiceagent_private.fail('PT422', format('a filter is an object of at most %s bytes', c_bytes));
	ELSIF (SELECT count(*) FROM voiceagent_private.saved_filters f WHERE f.tenant_id = v_tenant
		AND f.member_id = v_member AND f.page = save_filter.page AND f.name <> v_name) >= c_most THEN
		PERFORM voiceagent_private.fail('PT409', format('a member has at most %s filters of a list', c_most));
	END IF;
	INSERT INTO voiceagent_private.saved_filters AS f (tenant_id, member_id, page, name, filter, created_at)
	VALUES (v_tenant, v_member, page, v_name, filter, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT saved_filters_pkey DO UPDATE SET filter = excluded.filter;
END
$$;
COMMENT ON FUNCTION voiceagent.save_filter(text, text, jsonb) IS
	E'Keeps a filter of a list (page: calls or leads) for the member that asks, in place of one of that name.\n'
	'filter: arguments of call_page() or lead_list(), at most 4096 bytes. PT403 for a caller that is no member, PT409 '
	'beyond 50 filters of a list, PT422.';

CREATE FUNCTION voiceagent.remove_filter(page text, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := voiceagent_private.filter_owner();
BEGIN
	DELETE FROM voiceagent_private.saved_filters f
	WHERE f.tenant_id = voiceagent_private.writer_tenant('viewer')
		AND f.member_id = v_member AND f.page = remove_filter.page
		AND f.name = remove_filter.name;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such filter');
END
$$;
COMMENT ON FUNCTION voiceagent.remove_filter(text, text) IS
	E'Forgets a filter of the member that asks.\n'
	'PT403, PT404.';

CREATE FUNCTION voiceagent.saved_filters(page text) RETURNS TABLE (name text, filter jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member bigint := (voiceagent_private.caller()).member_id;
BEGIN
	RETURN QUERY SELECT f.name, f.filter FROM voiceagent_private.saved_filters f
	WHERE f.tenant_id = v_tenant AND f.member_id = v_member AND f.page = saved_filters.page ORDER BY f.name;
END
$$;
COMMENT ON FUNCTION voiceagent.saved_filters(text) IS
	'The filters that the member that asks has kept of a list (page: calls or leads); none for a caller '
	'that is no member.';
