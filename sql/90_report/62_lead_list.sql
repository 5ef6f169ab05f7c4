/*
 * 90_report: the list of leads, page by page.
 *
 * Each order is read along an index, from where the page before has ended:
 *
 *	id			the primary key; of classes (25_lead/12_order.sql) their streams by id, merged;
 *				of a campaign its own key
 *	name		leads_name; a class or campaign of few leads is read whole and sorted instead
 *	last_call	the streams of the classes by last call, merged; of a campaign its calls, newest first
 *	next_try	the queue's streams by lane and priority, merged
 *
 * There are no statistics on what tenants store, so each statement leaves the
 * planner one way: a stream is found by equality in a LATERAL, and has its
 * order and its LIMIT there; where another index has the same order, by a
 * range of one value.
 */

CREATE TYPE voiceagent_private.list_place AS (
	lead_id bigint,
	name_key text,
	at timestamptz,
	due timestamptz,
	call_id bigint
);
COMMENT ON TYPE voiceagent_private.list_place IS
	'Where a row stands in an order of lead_list(): by name_key, by at (its last call, or next try), due (queued '
	'for), call_id, then lead_id.';

CREATE FUNCTION voiceagent_private.classes_of(stage text, outcome text, needs_follow_up boolean) RETURNS smallint[]
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(
		SELECT voiceagent_private.lead_class(s.status, o.outcome, f.reason)
		FROM (VALUES ('retry', 'new'), ('contacted', 'completed'), ('failed', 'failed'),
			('do_not_call', 'do_not_call')) AS s(stage, status)
		CROSS JOIN (SELECT e.value AS outcome FROM voiceagent.enumerations e WHERE e.enumeration = 'call_outcome'
			UNION ALL SELECT NULL) o
		CROSS JOIN LATERAL (SELECT NULL AS reason
			UNION ALL SELECT voiceagent_private.follow_up_of(o.outcome)
			WHERE voiceagent_private.follow_up_of(o.outcome) IS NOT NULL) f
		WHERE (classes_of.stage IS NULL
				OR classes_of.stage = CASE WHEN s.status = 'new' AND o.outcome IS NULL THEN 'pending' ELSE s.stage END)
			AND (classes_of.outcome IS NULL OR classes_of.outcome = o.outcome)
			AND (classes_of.needs_follow_up IS NULL OR classes_of.needs_follow_up = (f.reason IS NOT NULL)))
$$;
COMMENT ON FUNCTION voiceagent_private.classes_of(text, text, boolean) IS
	'The classes of leads, as lead_class(), that these filters of lead_list() let through (NULL: any).';

CREATE FUNCTION voiceagent_private.waiting_leads(campaign bigint, after timestamptz, after_due timestamptz,
	after_id bigint, look integer)
	RETURNS TABLE (lead_id bigint, campaign_id bigint, at timestamptz, due timestamptz, more boolean)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	WITH open AS MATERIALIZED (
		-- A lead is tried at the later of its own time and its lane's, and those that wait for their lane follow
		-- each other by their own.
		SELECT l.lane_id, l.campaign_id, l.opens_at,
			CASE WHEN l.opens_at > after THEN '-infinity' WHEN l.opens_at = after THEN after_due ELSE after END AS due,
			CASE WHEN l.opens_at > after OR l.opens_at < after AND after_due < after THEN 0 ELSE after_id END AS lead_id
		FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.running AND isfinite(l.opens_at)
			AND (campaign IS NULL OR l.campaign_id = campaign)
	), streams AS MATERIALIZED (
		-- Most lanes have one or two of the priorities.
		SELECT o.*, p.priority FROM open o CROSS JOIN unnest('{-1,0,1,2,3,4,5,6,7,8,9}'::smallint[]) AS p(priority)
		CROSS JOIN LATERAL (SELECT FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.lane_id = o.lane_id AND q.priority = p.priority
				AND q.not_before >= o.due LIMIT 1) q
	), first AS MATERIALIZED (
		SELECT r.lead_id, o.campaign_id, greatest(r.not_before, o.opens_at) AS at, r.not_before AS due,
			r.n = look AS cut
		FROM streams o
		CROSS JOIN LATERAL (SELECT q.lead_id, q.not_before, row_number() OVER () AS n
			FROM (SELECT q.lead_id, q.not_before FROM voiceagent_private.call_queue q
				WHERE q.tenant_id = v_tenant AND q.lane_id = o.lane_id AND q.priority = o.priority
					AND q.not_before >= o.due AND (q.not_before, q.lead_id) > (o.due, o.lead_id)
				ORDER BY q.not_before, q.lead_id LIMIT look) q) r
	), safe AS (
		-- Behind the end of a stream that goes on others may have more.
		SELECT f.at, f.due, f.lead_id, f.campaign_id FROM first f WHERE f.cut ORDER BY 1, 2, 3, 4 LIMIT 1
	)
	SELECT f.lead_id, f.campaign_id, f.at, f.due, s.at IS NOT NULL
	FROM first f LEFT JOIN safe s ON true
	WHERE s.at IS NULL OR (f.at, f.due, f.lead_id, f.campaign_id) <= (s.at, s.due, s.lead_id, s.campaign_id)
	ORDER BY 3, 4, 1, 2;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_leads(bigint, timestamptz, timestamptz, bigint, integer) IS
	E'The next waiting dials of a campaign (NULL: any) of the current tenant that runs, by when they are tried (at), '
	'when they are due themselves, and\n'
	'lead, behind one: at least look of them, if there are, and no more than look of each lane and priority. '
	'more: there may be others behind them.\n'
	'A lead comes once for each campaign.';

CREATE FUNCTION voiceagent_private.page_by_next_try(classes smallint[], campaign bigint, idle boolean,
	after timestamptz, after_due timestamptz, after_id bigint, n integer)
	RETURNS SETOF voiceagent_private.list_place LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_at timestamptz := coalesce(after, '-infinity');
	v_due timestamptz := coalesce(after_due, '-infinity');
	v_id bigint := coalesce(after_id, 0);
	v_left integer := n;
	v_look integer := greatest(n / 5, 5);
	v_more boolean;
	v_listed bigint := after_id;
	v_place voiceagent_private.list_place;
	v_wanted voiceagent_private.list_place[];
	-- So many are asked for their next try, and sorted, within ten milliseconds.
	c_few CONSTANT integer := 1500;
	-- For each lane and priority.
	c_look CONSTANT integer := 300;
	v_ids bigint[];
BEGIN
	IF classes IS NOT NULL THEN
		v_ids := ARRAY(SELECT s.lead_id FROM unnest(classes) AS c(class)
			CROSS JOIN LATERAL (SELECT o.lead_id FROM voiceagent_private.lead_order o
				WHERE o.tenant_id = v_tenant AND o.class = c.class AND o.lead_id > 0
				ORDER BY o.lead_id LIMIT c_few + 1) s LIMIT c_few + 1);
		IF cardinality(v_ids) <= c_few THEN
			RETURN QUERY SELECT i.id, NULL::text, t.at, t.due, NULL::bigint FROM unnest(v_ids) AS i(id)
			CROSS JOIN LATERAL (SELECT greatest(q.not_before, l.opens_at) AS at, q.not_before AS due
				FROM (SELECT m.campaign_id FROM voiceagent.campaign_leads m
					WHERE m.tenant_id = v_tenant AND m.lead_id = i.id AND m.status IN ('queued', 'retry')
						AND (campaign IS NULL OR m.campaign_id = campaign) OFFSET 0 /* by the lead */) m
				CROSS JOIN LATERAL (SELECT q.campaign_id, q.lane_id, q.not_before FROM voiceagent_private.call_queue q
					WHERE q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id AND q.lead_id = i.id OFFSET 0) q
				CROSS JOIN LATERAL (SELECT l.opens_at FROM voiceagent_private.lanes l
					WHERE l.tenant_id = v_tenant AND l.lane_id = q.lane_id AND l.running
						AND isfinite(l.opens_at) OFFSET 0) l
				ORDER BY 1, q.not_before, q.campaign_id LIMIT 1) t
			WHERE (t.at, t.due, i.id) > (v_at, v_due, v_id)
				AND NOT (idle AND EXISTS (SELECT FROM voiceagent_private.live_calls v
					WHERE v.tenant_id = v_tenant AND v.lead_id = i.id OFFSET 0))
			ORDER BY t.at, t.due, i.id LIMIT n;
			RETURN;
		END IF;
	END IF;
	-- In the order of the queue; those of other classes, and leads that another campaign tries first, are passed over.
	LOOP
		SELECT (array_agg(w.at ORDER BY w.place DESC))[1], (array_agg(w.due ORDER BY w.place DESC))[1],
			(array_agg(w.lead_id ORDER BY w.place DESC))[1], array_agg(ROW(w.lead_id, NULL, w.at, w.due,
				NULL)::voiceagent_private.list_place ORDER BY w.place) FILTER (WHERE w.wanted), bool_or(w.more)
		INTO v_at, v_due, v_id, v_wanted, v_more
		FROM (SELECT q.*, row_number() OVER () AS place,
			(classes IS NULL OR (SELECT l.list_class FROM voiceagent.leads l
					WHERE l.tenant_id = v_tenant
						AND l.lead_id = q.lead_id OFFSET 0 /* one look-up each */) = ANY (classes)) AS wanted
			FROM voiceagent_private.waiting_leads(campaign, v_at, v_due, v_id, v_look) q) w;
		FOREACH v_place IN ARRAY coalesce(v_wanted, '{}') LOOP
			CONTINUE WHEN idle AND EXISTS (SELECT FROM voiceagent_private.live_calls c
				WHERE c.tenant_id = v_tenant AND c.lead_id = v_place.lead_id);
			-- By another campaign before, or at the same moment.
			CONTINUE WHEN v_place.lead_id = v_listed OR campaign IS NULL AND EXISTS (SELECT
				FROM voiceagent_private.next_try(v_place.lead_id) x
				WHERE (x.at, x.due) < (v_place.at, v_place.due));
			v_listed := v_place.lead_id;
			RETURN NEXT v_place;
			v_left := v_left - 1;
			IF v_left = 0 THEN
				RETURN;
			END IF;
		END LOOP;
		EXIT WHEN v_more IS NOT TRUE;
		v_look := least(6 * v_look, c_look);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.page_by_next_try(smallint[], bigint, boolean, timestamptz, timestamptz,
	bigint, integer) IS
	E'The next n leads of these classes (NULL: all) that wait for a dial, in a campaign (NULL: any) that runs, by '
	'when they are tried, behind one.\n'
	'idle: without those that are being called.';

CREATE FUNCTION voiceagent_private.read_cursor(cursor text, list_order text) RETURNS voiceagent_private.list_place
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb;
	v_place voiceagent_private.list_place;
BEGIN
	BEGIN
		v := convert_from(decode(translate(cursor, '-_', '+/') || repeat('=', (4 - length(cursor) % 4) % 4),
			'base64'), 'UTF8')::jsonb;
		v_place := jsonb_populate_record(NULL::voiceagent_private.list_place, v);
	EXCEPTION WHEN data_exception THEN
		v := NULL;
	END;
	PERFORM voiceagent_private.fail_if(v_place.lead_id IS NULL OR v ->> 'order' IS NULL, 'PT422', 'after is no cursor',
		NULL, 'Give the cursor of the last row of the page before, or none.');
	PERFORM voiceagent_private.fail_if(v ->> 'order' <> list_order, 'PT422', 'after is the cursor of another order',
		format('It is of the order "%s", and this list is by "%s".', left(v ->> 'order', 60), list_order),
		'Ask for the next page with the sort, direction and campaign of the page before.');
	RETURN v_place;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_cursor(text, text) IS
	'The place that write_cursor() wrote; PT422 if it is none, or of another order.';

CREATE FUNCTION voiceagent_private.write_cursor(list_order text, place voiceagent_private.list_place) RETURNS text
	LANGUAGE sql STABLE
	RETURN translate(encode(convert_to(
		(jsonb_strip_nulls(to_jsonb(place)) || jsonb_build_object('order', list_order))::text, 'UTF8'), 'base64'),
		E'+/=\n', '-_');
COMMENT ON FUNCTION voiceagent_private.write_cursor(text, voiceagent_private.list_place) IS
	'A place in an order of lead_list() as a word that fits into a URL.';

CREATE FUNCTION voiceagent_private.page_of_live(sort text, backwards boolean, classes smallint[], campaign bigint,
		after voiceagent_private.list_place, n integer)
	RETURNS SETOF voiceagent_private.list_place LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_live voiceagent_private.list_place[];
	v_key text := CASE sort WHEN 'name' THEN 'x.name_key COLLATE "C", x.lead_id' WHEN 'id' THEN 'x.lead_id'
		ELSE CASE WHEN sort = 'last_call' AND campaign IS NOT NULL THEN 'x.call_id' ELSE 'x.at, x.lead_id' END END;
BEGIN
	-- They are as many as lines at most, and none of them waits, unless another campaign has it too.
	v_live := ARRAY(SELECT ROW(l.lead_id, CASE sort WHEN 'name' THEN l.name_key END,
		CASE sort WHEN 'next_try' THEN t.at WHEN 'last_call' THEN coalesce(c.started_at, l.last_called_at) END,
			t.due, c.call_id)::voiceagent_private.list_place
		FROM (SELECT v.lead_id FROM voiceagent_private.live_calls v
			WHERE v.tenant_id = v_tenant OFFSET 0 /* looked up first */) v
		CROSS JOIN LATERAL (SELECT d.lead_id, d.name_key, d.last_called_at, d.list_class FROM voiceagent.leads d
			WHERE d.tenant_id = v_tenant AND d.lead_id = v.lead_id OFFSET 0) l
		LEFT JOIN LATERAL (SELECT k.call_id, k.started_at FROM voiceagent.calls k
			WHERE k.tenant_id = v_tenant AND k.lead_id >= l.lead_id AND k.lead_id <= l.lead_id AND k.outcome IS NOT NULL
				AND k.campaign_id = campaign
			ORDER BY k.lead_id DESC, k.call_id DESC LIMIT 1) c ON campaign IS NOT NULL AND sort = 'last_call'
		LEFT JOIN LATERAL (SELECT x.at, x.due FROM voiceagent_private.next_try(l.lead_id, campaign) x
			WHERE sort = 'next_try') t ON true
		WHERE (classes IS NULL OR l.list_class = ANY (classes))
			AND (campaign IS NULL OR EXISTS (SELECT FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign AND m.lead_id = l.lead_id)));
	-- Words of our own.  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format('SELECT x.lead_id, x.name_key, x.at, x.due, x.call_id FROM unnest($1) AS x
		WHERE (%1$s) IS NOT NULL AND (($2).lead_id IS NULL OR (%1$s) %2$s (%3$s)) ORDER BY %4$s LIMIT $3', v_key,
		CASE WHEN backwards THEN '<' ELSE '>' END, replace(v_key, 'x.', '($2).'),
		CASE WHEN backwards THEN replace(v_key, ',', ' DESC,') || ' DESC' ELSE v_key END) USING v_live, after, n;
END
$$;
COMMENT ON FUNCTION voiceagent_private.page_of_live(text, boolean, smallint[], bigint,
	voiceagent_private.list_place, integer) IS
	'The next n leads of these classes (NULL: all), in a campaign (NULL: any), that are being called, in an order of '
	'lead_list(), behind one.';

CREATE FUNCTION voiceagent_private.list_places(sort text, backwards boolean, stage text, classes smallint[],
	campaign bigint, after voiceagent_private.list_place, n integer)
	RETURNS SETOF voiceagent_private.list_place LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
	SET planner.policy = row_by_row AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_turn text := CASE WHEN backwards THEN 'DESC' ELSE '' END;
	v_beyond text := CASE WHEN backwards THEN '<' ELSE '>' END;
	v_idle text := CASE WHEN stage IS NOT NULL THEN 'AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls v
		WHERE v.tenant_id = $1 AND v.lead_id = o.lead_id OFFSET 0)' ELSE '' END;
	v_last bigint := CASE WHEN backwards THEN 9223372036854775807 ELSE 0 END;
	v_classes smallint[] := CASE WHEN sort = 'last_call' AND campaign IS NULL AND classes IS NULL
		THEN voiceagent_private.classes_of(NULL, NULL, NULL) ELSE classes END;
	-- So many are looked up and sorted within a few milliseconds; of more, one in two hundred of a
	-- million comes along as soon.
	c_few CONSTANT integer := 5000;
	v_ids bigint[];
BEGIN
	IF stage = 'calling' THEN
		RETURN QUERY SELECT * FROM voiceagent_private.page_of_live(sort, backwards, classes, campaign, after, n);
		RETURN;
	ELSIF sort = 'next_try' THEN
		RETURN QUERY SELECT * FROM voiceagent_private.page_by_next_try(classes, campaign, stage IS NOT NULL, after.at,
			after.due, after.lead_id, n);
		RETURN;
	ELSIF sort = 'name' AND campaign IS NOT NULL THEN
		v_ids := ARRAY(SELECT m.lead_id FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = campaign
			ORDER BY m.lead_id LIMIT c_few + 1);
	ELSIF sort = 'name' AND classes IS NOT NULL THEN
		v_ids := ARRAY(SELECT s.lead_id FROM unnest(classes) AS c(class)
			CROSS JOIN LATERAL (SELECT o.lead_id FROM voiceagent_private.lead_order o
				WHERE o.tenant_id = v_tenant AND o.class = c.class AND o.lead_id > 0
				ORDER BY o.lead_id LIMIT c_few + 1) s LIMIT c_few + 1);
	END IF;
	-- Each text is put together of words of our own.  @plpgsql_check_options: security_warnings = off
	RETURN QUERY EXECUTE format(CASE
		WHEN sort = 'name' THEN 'SELECT o.lead_id, o.name_key, NULL::timestamptz, NULL::timestamptz, NULL::bigint FROM '
			|| CASE WHEN cardinality(v_ids) <= c_few THEN 'unnest($9) AS i(id) CROSS JOIN LATERAL (
				SELECT d.lead_id, d.name_key, d.list_class FROM voiceagent.leads d
				WHERE d.tenant_id = $1 AND d.lead_id = i.id OFFSET 0) o WHERE true'
			ELSE 'voiceagent.leads o WHERE o.tenant_id = $1 AND o.name_key IS NOT NULL'
				|| CASE WHEN campaign IS NOT NULL THEN ' AND EXISTS (SELECT FROM voiceagent.campaign_leads m
					WHERE m.tenant_id = $1 AND m.campaign_id = $3 AND m.lead_id = o.lead_id OFFSET 0)' ELSE '' END END
			|| CASE WHEN after.name_key IS NOT NULL
				THEN ' AND (o.name_key, o.lead_id) %1$s ($8, $4) AND o.name_key %1$s= $8' ELSE '' END
			|| CASE WHEN classes IS NOT NULL THEN ' AND o.list_class = ANY ($2)' ELSE '' END
			|| ' %3$s ORDER BY o.name_key %2$s, o.lead_id %2$s LIMIT $5'
		WHEN sort = 'id' AND campaign IS NOT NULL THEN $q$
			SELECT o.lead_id, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::bigint
			FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = $1 AND o.campaign_id >= $3 AND o.campaign_id <= $3
				AND (o.campaign_id, o.lead_id) %1$s ($3, $4) %3$s
				AND ($2 IS NULL OR EXISTS (SELECT FROM voiceagent.leads l
					WHERE l.tenant_id = $1 AND l.lead_id = o.lead_id AND l.list_class = ANY ($2) OFFSET 0))
			ORDER BY o.campaign_id %2$s, o.lead_id %2$s LIMIT $5 $q$
		WHEN sort = 'id' AND classes IS NULL THEN $q$
			SELECT o.lead_id, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::bigint FROM voiceagent.leads o
			WHERE o.tenant_id = $1 AND o.lead_id %1$s $4
			ORDER BY o.lead_id %2$s LIMIT $5 $q$
		WHEN sort = 'id' THEN $q$
			SELECT s.lead_id, NULL::text, NULL::timestamptz, NULL::timestamptz, NULL::bigint
			FROM unnest($2) AS c(class) CROSS JOIN LATERAL (SELECT o.lead_id FROM voiceagent_private.lead_order o
				WHERE o.tenant_id = $1 AND o.class = c.class AND o.lead_id %1$s $4 %3$s
				ORDER BY o.lead_id %2$s LIMIT $5) s
			ORDER BY s.lead_id %2$s LIMIT $5 $q$
		-- The last call of each lead; a call's id tells its place in time.
		WHEN campaign IS NOT NULL THEN $q$
			SELECT o.lead_id, NULL::text, o.started_at, NULL::timestamptz, o.call_id FROM voiceagent.calls o
			WHERE o.tenant_id = $1 AND o.campaign_id >= $3 AND o.campaign_id <= $3
				AND (o.campaign_id, o.call_id) %1$s ($3, $7)
				AND o.outcome IS NOT NULL %3$s
				AND ($2 IS NULL OR EXISTS (SELECT FROM voiceagent.leads l
					WHERE l.tenant_id = $1 AND l.lead_id = o.lead_id AND l.list_class = ANY ($2) OFFSET 0))
				-- In the order of the lead's index, or the planner may take the campaign's, and read all newer calls.
				AND o.call_id = (SELECT k.call_id FROM voiceagent.calls k
					WHERE k.tenant_id = $1 AND k.lead_id >= o.lead_id AND k.lead_id <= o.lead_id
						AND k.direction <> 'inbound' AND k.campaign_id + 0 = $3 AND k.outcome IS NOT NULL
					ORDER BY k.lead_id DESC, k.call_id DESC LIMIT 1)
			ORDER BY o.campaign_id %2$s, o.call_id %2$s LIMIT $5 $q$
		ELSE $q$
			SELECT s.lead_id, NULL::text, s.called_at, NULL::timestamptz, NULL::bigint
			FROM unnest($2) AS c(class)
			CROSS JOIN LATERAL (SELECT o.lead_id, o.called_at FROM voiceagent_private.lead_order o
				WHERE o.tenant_id = $1 AND o.class = c.class AND o.called_at %1$s= $6
					AND (o.called_at, o.lead_id) %1$s ($6, $4) %3$s
				ORDER BY o.called_at %2$s, o.lead_id %2$s LIMIT $5) s
			ORDER BY s.called_at %2$s, s.lead_id %2$s LIMIT $5 $q$ END, v_beyond, v_turn, v_idle)
	USING v_tenant, v_classes, campaign, coalesce(after.lead_id, v_last), n, coalesce(after.at,
		CASE WHEN backwards THEN 'infinity' ELSE '-infinity' END::timestamptz), coalesce(after.call_id, v_last),
		after.name_key, v_ids;
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_places(text, boolean, text, smallint[], bigint,
	voiceagent_private.list_place, integer) IS
	E'The next n leads of these classes (NULL: all), in a campaign (NULL: any), in an order of lead_list(), behind '
	'one.\n'
	'With a stage that is not calling, without those that are being called. By name, many leads of other classes and '
	'campaigns are passed over; by last call, leads that were never called are left out.';
