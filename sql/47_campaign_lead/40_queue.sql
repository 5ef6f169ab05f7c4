/*
 * 47_campaign_lead: from leads to queue rows.
 *
 * Locking, for every transaction that touches campaigns: first pacing rows
 * (by campaign; workers skip locked ones); then, campaign by campaign in the
 * order of their ids, its lanes (by lane), its queue rows and leads, its row
 * of campaigns; the ledger last.  A transaction that holds a campaign's pacing
 * row FOR UPDATE is the only one that dials, starts, fills or stops it; only
 * completing and suspending happen beside it.  A transaction that adds leads
 * takes the row FOR NO KEY UPDATE, and a claim then takes it FOR KEY SHARE:
 * leads that arrive one by one all day long do not stop the dialling.
 */

CREATE FUNCTION voiceagent_private.lanes_run(campaign_id bigint) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN (SELECT c.status = 'running' AND t.active
		FROM voiceagent.campaigns c JOIN voiceagent.tenants t ON t.tenant_id = v_tenant
		WHERE c.tenant_id = v_tenant AND c.campaign_id = lanes_run.campaign_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lanes_run(bigint) IS
	E'Whether the lanes of a campaign of the current tenant run: it is running, and its tenant may dial.\n'
	'NULL: there is no such campaign.';

CREATE FUNCTION voiceagent_private.enqueue(campaign_id bigint, lead_ids bigint[], not_before timestamptz[],
	priorities smallint[], reasons text[], numbers smallint[] DEFAULT NULL) RETURNS bigint
		LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_places voiceagent_private.dial_place[] := voiceagent_private.places_of(lead_ids, numbers);
	-- One lead for each place.
	v_zones voiceagent_private.dial_place[] :=
		ARRAY(SELECT ROW(NULL, NULL, NULL, d.timezones, d.jurisdiction, NULL)::voiceagent_private.dial_place
			FROM (SELECT DISTINCT p.timezones, p.jurisdiction FROM unnest(v_places) p WHERE p.lead_id IS NOT NULL) d);
	v_lanes bigint[];
	v_rows bigint;
BEGIN
	-- A transaction that starts, halts or pauses the campaign locks its lanes and does not see a lane that we make.
	-- So it must have committed, or wait for us, before we ask whether the campaign runs.
	IF EXISTS (SELECT FROM unnest(v_zones) d WHERE NOT EXISTS (SELECT FROM voiceagent_private.lanes l
			WHERE l.tenant_id = v_tenant AND l.campaign_id = enqueue.campaign_id AND l.timezones = d.timezones
				AND l.region = d.jurisdiction)) THEN
		PERFORM voiceagent_private.lock_law(false);
		PERFORM FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = enqueue.campaign_id ORDER BY l.lane_id FOR NO KEY UPDATE;
		PERFORM voiceagent_private.make_lanes(campaign_id, voiceagent_private.lanes_run(campaign_id), v_now, v_zones);
	END IF;
	v_lanes := ARRAY(SELECT l.lane_id FROM unnest(v_zones) d
		CROSS JOIN LATERAL (SELECT o.lane_id FROM voiceagent_private.lanes o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = enqueue.campaign_id
				AND o.timezones = d.timezones AND o.region = d.jurisdiction OFFSET 0) l);
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.lane_id = ANY (v_lanes)
	ORDER BY l.lane_id FOR NO KEY UPDATE;

	WITH queued AS (
		INSERT INTO voiceagent_private.call_queue AS q (tenant_id, lane_id, priority, not_before, campaign_id, lead_id,
			reason, number)
		SELECT v_tenant, l.lane_id, coalesce(i.priority, i.own_priority), coalesce(i.not_before, v_now),
			enqueue.campaign_id, i.lead_id, coalesce(i.reason, 'first'), i.number
		FROM unnest(v_places, not_before, priorities, reasons) WITH ORDINALITY
			AS i(lead_id, number, phone, timezones, jurisdiction, own_priority, not_before, priority, reason, ord)
		CROSS JOIN LATERAL (SELECT o.lane_id FROM voiceagent_private.lanes o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = enqueue.campaign_id
				AND o.timezones = i.timezones AND o.region = i.jurisdiction OFFSET 0) l
		ORDER BY i.ord
		ON CONFLICT DO NOTHING
		RETURNING q.lane_id, q.not_before
	), due AS (
		SELECT q.lane_id, min(q.not_before) AS first_due, count(*) AS rows FROM queued q GROUP BY q.lane_id
	), lowered AS (
		UPDATE voiceagent_private.lanes l SET next_due = d.first_due
		FROM due d WHERE l.tenant_id = v_tenant AND l.lane_id = d.lane_id AND l.next_due > d.first_due
	)
	SELECT coalesce(sum(d.rows), 0) INTO v_rows FROM due d;
	IF v_rows > 0 THEN
		PERFORM voiceagent_private.poke('dialer', 'schedules');
	END IF;
	RETURN v_rows;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue(bigint, bigint[], timestamptz[], smallint[], text[], smallint[]) IS
	E'Queues leads of a campaign of the current tenant: lead_ids[i] is due at not_before[i] (NULL: now) with '
	'priorities[i] (0 first; NULL: the lead''s own) for reasons[i] (NULL: first), by numbers[i] of its telephone '
	'numbers (NULL: the first), in the lane of that number.\n'
	'A lead that waits already is left alone. Returns how many were added; campaign_leads is the caller''s.';

CREATE FUNCTION voiceagent_private.make_lanes(campaign_id bigint, running boolean, at timestamptz,
	places voiceagent_private.dial_place[])
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_windows int[];
	v_lawful boolean;
BEGIN
	PERFORM voiceagent_private.lock_law(false);
	SELECT voiceagent_private.hours_windows(v.calling_hours), v.lawful INTO v_windows, v_lawful
	FROM voiceagent.campaigns c
	JOIN voiceagent.campaign_versions v ON v.tenant_id = c.tenant_id AND v.campaign_id = c.campaign_id
		AND v.version = c.version
	WHERE c.tenant_id = v_tenant AND c.campaign_id = make_lanes.campaign_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such campaign');
	PERFORM voiceagent_private.store_terms((SELECT array_agg(DISTINCT d.jurisdiction) FROM unnest(places) d), at);
	WITH zones AS (
		SELECT DISTINCT d.timezones, d.jurisdiction AS region FROM unnest(places) d
	)
	INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, region, running, opens_at, closes_at)
	SELECT v_tenant, make_lanes.campaign_id, z.timezones, z.region, coalesce(make_lanes.running, false),
		w.opens_at, w.closes_at
	FROM zones z CROSS JOIN LATERAL voiceagent_private.window_under(v_lawful, z.region, z.timezones, v_windows, at) w
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.lanes l
		WHERE l.tenant_id = v_tenant AND l.campaign_id = make_lanes.campaign_id AND l.timezones = z.timezones
			AND l.region = z.region)
	ORDER BY z.timezones, z.region
	ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_lanes(bigint, boolean, timestamptz, voiceagent_private.dial_place[]) IS
	'Makes the lanes that these leads'' numbers need in a campaign and that it lacks, with their windows at that time.';

-- A dry run numbers its leads from 2^62 on (VA_IMPORT_DRY_RUN_IDS); such ids are never stored.
CREATE FUNCTION voiceagent_private.describe_lead(lead voiceagent.leads) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN (lead).lead_id >= 1::bigint << 62 THEN format('row %s', (lead).batch_row)
		ELSE format('lead %s', (lead).lead_id) END;
COMMENT ON FUNCTION voiceagent_private.describe_lead(voiceagent.leads) IS
	'A lead as a message names it: by its number, or in a dry run by its row of the file.';

CREATE FUNCTION voiceagent_private.describe_missing(variables text[], lead_ids bigint[]) RETURNS text
	LANGUAGE sql STABLE
	RETURN (SELECT string_agg(format('%s (%s)', m.named, m.lacking), '; ' ORDER BY m.lead_id)
			|| CASE WHEN cardinality(lead_ids) > 10 THEN format('; and %s more', cardinality(lead_ids) - 10)
				ELSE '' END || '.'
		FROM (SELECT d.lead_id, voiceagent_private.describe_lead(d) AS named,
			voiceagent_private.describe_lacking(d, variables) AS lacking
			FROM (SELECT i.id FROM unnest(lead_ids) AS i(id) ORDER BY i.id LIMIT 10) i
			JOIN voiceagent.leads d ON d.tenant_id = voiceagent.current_tenant() AND d.lead_id = i.id) m);
COMMENT ON FUNCTION voiceagent_private.describe_missing(text[], bigint[]) IS
	'Names up to ten of these leads of the current tenant, each with those of the variables that it lacks, and says '
	'how many more there are.';

CREATE FUNCTION voiceagent_private.fail_missing_variables(variables text[], lead_ids bigint[])
	RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
	RAISE EXCEPTION 'variables of the prompt have no value for % of the leads', cardinality(lead_ids)
		USING ERRCODE = 'PT422',
		DETAIL = voiceagent_private.describe_missing(variables, lead_ids),
		HINT = 'Fill the fields, take the leads out with remove_leads(), or give the prompt a default: '
			'{{name | default: "text"}}.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.fail_missing_variables(text[], bigint[]) IS
	'Raises PT422 that names up to ten of these leads and the variables that they lack.';

CREATE FUNCTION voiceagent_private.require_filled_variables(campaign_id bigint, version integer,
	was integer DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = bulk AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_variables text[];
	v_missing bigint[];
BEGIN
	SELECT voiceagent_private.variables_of(n) INTO v_variables
	FROM voiceagent.campaign_versions n
	WHERE n.tenant_id = v_tenant AND n.campaign_id = require_filled_variables.campaign_id
		AND n.version = require_filled_variables.version
		AND NOT EXISTS (SELECT FROM voiceagent.campaign_versions o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = require_filled_variables.campaign_id AND o.version = was
				AND (o.settings -> 'assistant_id', o.assistant_version, coalesce(o.settings -> 'experiment', 'null'))
					= (n.settings -> 'assistant_id', n.assistant_version,
						coalesce(n.settings -> 'experiment', 'null')));
	IF coalesce(cardinality(v_variables), 0) = 0 THEN
		RETURN;
	END IF;
	SELECT array_agg(cl.lead_id) INTO v_missing FROM voiceagent.campaign_leads cl
	JOIN voiceagent.leads d ON d.tenant_id = cl.tenant_id AND d.lead_id = cl.lead_id
	-- A lead that is being called may have to be called again.
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = require_filled_variables.campaign_id
		AND cl.status IN ('queued', 'retry', 'calling')
		AND voiceagent_private.lead_lacks(d, v_variables);
	IF v_missing IS NOT NULL THEN
		PERFORM voiceagent_private.fail_missing_variables(v_variables, v_missing);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_filled_variables(bigint, integer, integer) IS
	E'PT422, naming leads and variables, if some of a campaign''s leads that are queued or called already '
	'lack a value of the assistant''s text in a version of the campaign; was: only if that version of the '
	'campaign had another text.\n'
	'(enqueue_pending() judges those who are yet to be queued.)';

CREATE FUNCTION voiceagent_private.skip_unlawful(campaign_id bigint, lead_ids bigint[], places jsonb)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.campaign_leads cl SET status = 'skipped', reason = 'no legal calling window'
	FROM voiceagent.leads d
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = skip_unlawful.campaign_id AND cl.status = 'pending'
		AND (lead_ids IS NULL OR cl.lead_id = ANY (lead_ids))
		AND d.tenant_id = v_tenant AND d.lead_id = cl.lead_id
		AND (voiceagent_private.jurisdiction(d.country, d.region), d.timezones) IN (
			SELECT p.region, p.timezones FROM jsonb_to_recordset(places) AS p(region text, timezones text[]));
	RAISE NOTICE 'the calling hours of the campaign leave no legal window for some leads' USING
		DETAIL =
			(SELECT string_agg(format('%s in %s: %s', CASE p.region WHEN '' THEN 'nobody knows where' ELSE p.region END,
				CASE p.timezones WHEN '{}' THEN 'unknown time zone' ELSE array_to_string(p.timezones, ', ') END,
					p.leads), '; '
				ORDER BY p.region, p.timezones)
				FROM (SELECT * FROM jsonb_to_recordset(places) AS p(region text, timezones text[], leads bigint)
					ORDER BY p.leads DESC, p.region LIMIT 10) p),
		HINT = 'They are skipped; the view voiceagent.calling_rules shows the law.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.skip_unlawful(bigint, bigint[], jsonb) IS
	'Skips the pending leads in places [{region, timezones, leads}] where the hours of the campaign and the law have '
	'nothing in common, and says so in a NOTICE.';

CREATE FUNCTION voiceagent_private.enqueue_others(campaign_id bigint, lead_ids bigint[], joins text, condition text,
	at timestamptz)
	RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[];
	v_times timestamptz[];
	v_numbers smallint[];
	v_queued bigint := 0;
	-- enqueue() takes all calls that end in one commit.
	c_piece CONSTANT integer := 500;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant) THEN
		RETURN 0;
	END IF;
	-- The text comes from our own callers, which have checked it.  @plpgsql_check_options: security_warnings = off
	EXECUTE format($q$
		SELECT array_agg(x.lead_id ORDER BY x.lead_id), array_agg(greatest($4, x.not_before) ORDER BY x.lead_id),
			array_agg(x.next ORDER BY x.lead_id)
		FROM (SELECT cl.lead_id, cl.not_before, voiceagent_private.other_number($2, cl.lead_id, 0::smallint) AS next
			-- These leads are few, and the condition may be expensive.
			FROM (SELECT m.tenant_id, m.lead_id, m.not_before FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = $1 AND m.campaign_id = $2 AND m.status = 'pending'
					AND ($3 IS NULL OR m.lead_id = ANY ($3))
					AND EXISTS (SELECT FROM voiceagent.lead_numbers n
						WHERE n.tenant_id = m.tenant_id AND n.lead_id = m.lead_id)
				OFFSET 0 /* few, so they come first */) cl
			JOIN voiceagent.leads d ON d.tenant_id = cl.tenant_id AND d.lead_id = cl.lead_id %s
			WHERE d.status <> 'do_not_call' AND (%s)
			OFFSET 0 /* computed once */) x
		WHERE x.next > 1 $q$, joins, condition)
	INTO v_leads, v_times, v_numbers USING v_tenant, campaign_id, lead_ids, at;
	IF v_leads IS NULL THEN
		RETURN 0;
	END IF;
	PERFORM FROM voiceagent_private.lanes l
	WHERE l.tenant_id = v_tenant AND l.campaign_id = enqueue_others.campaign_id ORDER BY l.lane_id FOR NO KEY UPDATE;
	UPDATE voiceagent.campaign_leads cl SET status = 'queued', reason = NULL
	WHERE cl.tenant_id = v_tenant AND cl.campaign_id = enqueue_others.campaign_id AND cl.lead_id = ANY (v_leads);
	FOR v_from IN 1..cardinality(v_leads) BY c_piece LOOP
		v_queued :=
			v_queued + voiceagent_private.enqueue(enqueue_others.campaign_id, v_leads[v_from:v_from + c_piece - 1],
				v_times[v_from:v_from + c_piece - 1], NULL, NULL, v_numbers[v_from:v_from + c_piece - 1]);
	END LOOP;
	RETURN v_queued;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_others(bigint, bigint[], text, text, timestamptz) IS
	E'Queues, by the first number that may be called, those pending leads of a campaign (lead_ids: only those) with '
	'several numbers for which that is not number 1, where condition says so, over leads d, joins and tenant_id, '
	'lead_id and not_before of campaign_leads cl.\n'
	'Returns how many.';

CREATE FUNCTION voiceagent_private.skip_leads(campaign_id bigint, lead_ids bigint[], layers text[], listed boolean)
	RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := campaign_id;
	v_leads bigint[] :=
		ARRAY(SELECT i.lead_id FROM unnest(lead_ids, layers) AS i(lead_id, layer) WHERE (i.layer IS NOT NULL) = listed);
	v_layers text[] := array_remove(layers, NULL);
	c_many CONSTANT integer := 5000;
BEGIN
	IF cardinality(v_leads) > c_many THEN
		UPDATE voiceagent.campaign_leads cl
		SET status = 'skipped',
			reason = CASE WHEN listed THEN voiceagent_private.do_not_call_reason(i.layer) ELSE 'missing variable' END
		FROM unnest(v_leads, CASE WHEN listed THEN v_layers END) AS i(lead_id, layer)
		WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign AND cl.status = 'pending'
			AND cl.lead_id = i.lead_id;
	ELSE
		-- Look them up key by key, whatever the statistics say about the campaign.
		UPDATE voiceagent.campaign_leads cl
		SET status = 'skipped',
			reason = CASE WHEN listed THEN voiceagent_private.do_not_call_reason(i.layer) ELSE 'missing variable' END
		FROM unnest(v_leads, CASE WHEN listed THEN v_layers END) AS i(lead_id, layer)
		WHERE cl.tenant_id = v_tenant AND cl.campaign_id = v_campaign AND cl.status = 'pending'
			AND cl.lead_id = ANY (v_leads)
			AND cl.lead_id = i.lead_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.skip_leads(bigint, bigint[], text[], boolean) IS
	'Skips those pending leads of a campaign that a do-not-call layer holds back (listed), or those that lack a '
	'variable (their layer is NULL).';

CREATE FUNCTION voiceagent_private.wait_again(lead_ids bigint[], reasons text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	UPDATE voiceagent.leads l SET status = 'retry', status_reason = NULL
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = ANY (lead_ids) AND l.status = 'failed'
		AND l.status_reason = ANY (reasons);
	PERFORM voiceagent_private.relist(lead_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.wait_again(bigint[], text[]) IS
	'The reverse of give_up_leads(): those of these leads of the current tenant, which have just come back into a '
	'campaign, that were given up for one of these reasons alone wait for another call again.';

-- A lead whose first number must not be called is queued by its next that may be, and one whose latest call found a
-- wrong number by one that was never called. The law's windows bind lawful campaigns alone.
CREATE FUNCTION voiceagent_private.enqueue_pending(campaign_id bigint, lead_ids bigint[], skip_missing boolean,
	at timestamptz, OUT queued bigint, OUT do_not_call bigint, OUT missing bigint, OUT unlawful bigint)
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_left bigint[];
	v_more record;
	-- A lead that no look ever takes stays pending; invariants() names it.
	c_looks CONSTANT integer := 5;
BEGIN
	SELECT s.* INTO queued, do_not_call, missing, unlawful
	FROM voiceagent_private.enqueue_seen(campaign_id, lead_ids, skip_missing, at) s;
	FOR v_look IN 2..c_looks LOOP
		-- Leads whose zone or region changed after their lane was made, or that were in no lawful place then.
		IF lead_ids IS NULL THEN
			v_left := ARRAY(SELECT cl.lead_id FROM voiceagent.campaign_leads cl
				WHERE cl.tenant_id = v_tenant AND cl.campaign_id = enqueue_pending.campaign_id AND cl.status = 'pending'
				ORDER BY cl.lead_id);
		ELSE
			v_left := ARRAY(SELECT cl.lead_id FROM voiceagent.campaign_leads cl
				WHERE cl.tenant_id = v_tenant AND cl.campaign_id = enqueue_pending.campaign_id
					AND cl.lead_id = ANY (lead_ids)
					AND cl.status = 'pending' ORDER BY cl.lead_id);
		END IF;
		EXIT WHEN cardinality(v_left) = 0;
		-- A lead that has only just joined does not stop others from being dialled.
		SELECT s.* INTO v_more FROM voiceagent_private.enqueue_seen(campaign_id, v_left, true, at) s;
		queued := queued + v_more.queued;
		do_not_call := do_not_call + v_more.do_not_call;
		missing := missing + v_more.missing;
		unlawful := unlawful + v_more.unlawful;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_pending(bigint, bigint[], boolean, timestamptz) IS
	E'Queues every pending lead of a campaign (lead_ids: only those) as due at that time, or at its own not_before.\n'
	'Leads that are on a do-not-call list, lack a variable of the prompt (without skip_missing: PT422) or have no '
	'legal window are skipped with that reason; it returns the counts. '
	'The caller holds the campaign''s pacing row, or follows up (lock_follow_ups()).';

CREATE FUNCTION voiceagent_private.enqueue_joined(campaign_id bigint, lead_ids bigint[], at timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- Leads that were added by hand since would wait for a start, which a running campaign never gets.
	v_others boolean := (SELECT sum(t.waiting_leads) FROM voiceagent.campaign_counters t
		WHERE t.tenant_id = v_tenant AND t.campaign_id = enqueue_joined.campaign_id) > cardinality(lead_ids);
BEGIN
	RETURN (SELECT q.queued FROM voiceagent_private.enqueue_pending(enqueue_joined.campaign_id,
		CASE WHEN NOT v_others THEN lead_ids END, true, at) q);
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_joined(bigint, bigint[], timestamptz) IS
	E'enqueue_pending() for a completed campaign that is to go on for these leads, which have just joined it, and '
	'with them for every other lead that is pending there; returns how many are queued.\n'
	'A lead that lacks a variable of the prompt is skipped.';
