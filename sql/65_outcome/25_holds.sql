/*
 * 65_outcome: holds.  Where it is uncertain whether a person asked not to be
 * called again, its numbers are held: rows of the tenant's do-not-call list,
 * marked held, so that whatever obeys the list obeys a hold and pays nothing
 * for it.  A hold ends by a person, by a model that was asked and says no, or,
 * if the tenant sets hold_expires, by time.  Leads that wait in a queue stay
 * there; the claim judges them when they are due.
 */

-- A source of doubt says so in the reading: {"why", "turn", "quote"} under opt_out_doubt.
CREATE FUNCTION voiceagent_private.doubt_words(doubt jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE doubt ->> 'why'
		WHEN 'denied' THEN 'an analysis says that the person opted out, and the words say otherwise'
		WHEN 'unread' THEN 'an analysis is not sure whether the person opted out, in a language that has no table'
		WHEN 'learned' THEN 'a classifier takes the words for an opt-out'
		ELSE 'the words may ask not to be called again' END;
COMMENT ON FUNCTION voiceagent_private.doubt_words(jsonb) IS
	'Why an opt-out is in doubt (conversations.reading, opt_out_doubt), in words.';

CREATE FUNCTION voiceagent_private.held_share(campaign_id bigint, OUT held bigint, OUT answered bigint, OUT quotes text)
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	-- No more than these are looked at, answered or not: a look at a campaign is bounded.
	WITH newest AS MATERIALIZED (
		SELECT c.call_id, c.status FROM voiceagent.calls c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id >= held_share.campaign_id
			AND c.campaign_id <= held_share.campaign_id
		ORDER BY c.campaign_id DESC, c.call_id DESC LIMIT 2000
	), latest AS (
		SELECT n.call_id FROM newest n WHERE n.status = 'completed' ORDER BY n.call_id DESC LIMIT 200
	)
	SELECT count(h.call_id), count(*), left(string_agg('"' || h.quote || '"', ', ' ORDER BY l.call_id DESC), 1000)
	FROM latest l
	LEFT JOIN LATERAL (SELECT d.call_id, d.quote FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = voiceagent.current_tenant() AND d.call_id = l.call_id AND d.held LIMIT 1) h ON true
$$;
COMMENT ON FUNCTION voiceagent_private.held_share(bigint) IS
	'How many of the last 200 answered calls of a campaign of the current tenant are held, and the words in doubt.';

CREATE FUNCTION voiceagent_private.too_many_held(held bigint, answered bigint) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- One of the first ten calls says nothing of the campaign yet.
	RETURN held >= 5 AND held > 0.05 * answered;
COMMENT ON FUNCTION voiceagent_private.too_many_held(bigint, bigint) IS
	'Whether so many held calls of so many answered ones are a reason for an alert: more than 5 %, and at least 5.';

CREATE FUNCTION voiceagent_private.hold_problems() RETURNS text[]
	LANGUAGE sql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
	-- Only campaigns with a hold among the newest are looked at.
	SELECT coalesce(array_agg(format('campaign %s (%s): %s of its last %s answered calls are held: an opt-out is in '
		'doubt in them (release_holds() or do_not_call() settles each); %s', c.campaign_id, c.name, s.held, s.answered,
		left(s.quotes, 300)) ORDER BY c.campaign_id), '{}')
	FROM (SELECT DISTINCT k.campaign_id
		FROM (SELECT d.call_id FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = voiceagent.current_tenant() AND d.held ORDER BY d.call_id DESC LIMIT 1000) h
		CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.calls o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.call_id = h.call_id
				AND o.campaign_id IS NOT NULL OFFSET 0) k) g
	JOIN voiceagent.campaigns c ON c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = g.campaign_id
		AND c.status = 'running'
	CROSS JOIN LATERAL voiceagent_private.held_share(c.campaign_id) s
	WHERE voiceagent_private.too_many_held(s.held, s.answered)
$$;
COMMENT ON FUNCTION voiceagent_private.hold_problems() IS
	'For health(): running campaigns of the current tenant of whose last 200 answered calls more than 5 % are held.';

CREATE FUNCTION voiceagent_private.hold_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaigns bigint[];
	v record;
BEGIN
	WITH doubt AS MATERIALIZED (
		SELECT c.call_id, c.campaign_id, c.lead_id, k.doubt, p.phones
		FROM (SELECT DISTINCT i FROM unnest(call_ids) i) u(call_id)
		-- Calls of both directions.
		CROSS JOIN LATERAL (SELECT o.* FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = u.call_id
				AND NOT voiceagent_private.parse_yes(o.structured_data -> 'do_not_call') OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.reading -> 'opt_out_doubt' AS doubt FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id
				AND o.month_slot = voiceagent_private.month_slot(c.started_at) OFFSET 0) k
		LEFT JOIN LATERAL (SELECT o.from_number FROM voiceagent.call_inbound o
			WHERE o.tenant_id = v_tenant AND o.call_id = c.call_id OFFSET 0) i ON true
		CROSS JOIN LATERAL (SELECT array_agg(DISTINCT y) AS phones
			FROM unnest(voiceagent_private.phones_of_lead(c.lead_id) || c.phone::text || i.from_number) AS n(phone)
			CROSS JOIN LATERAL unnest(voiceagent_private.spellings(n.phone)) AS y
			WHERE voiceagent_private.is_e164(y)) p
		WHERE k.doubt IS NOT NULL AND p.phones IS NOT NULL
			-- Once: a hold that was ended stays so, whatever is reported again.
			AND NOT EXISTS (SELECT FROM voiceagent.events e
				WHERE e.tenant_id = v_tenant AND e.call_id = c.call_id AND e.event_type = 'lead_held'
				OFFSET 0 /* call by call, not by all events of the tenant */)
	), held AS (
		INSERT INTO voiceagent.do_not_call_list AS d (tenant_id, phone, reason, source, call_id, created_at, held, turn,
			quote)
		SELECT DISTINCT ON (n.phone) v_tenant, n.phone, voiceagent_private.doubt_words(t.doubt), 'call', t.call_id,
			v_now, true, (t.doubt ->> 'turn')::integer, left(t.doubt ->> 'quote', 300)
		FROM doubt t CROSS JOIN LATERAL unnest(t.phones) AS n(phone)
		ORDER BY n.phone, t.call_id DESC
		-- Listed numbers stay listed; of two doubts the newer one is judged.
		ON CONFLICT (tenant_id, phone) DO UPDATE
		SET reason = excluded.reason, call_id = excluded.call_id, turn = excluded.turn, quote = excluded.quote
		WHERE d.held
	), logged AS (
		INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
		SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_held', t.campaign_id, t.call_id, t.lead_id,
			jsonb_strip_nulls(jsonb_build_object('reason', voiceagent_private.doubt_words(t.doubt),
				'turn', t.doubt -> 'turn', 'quote', t.doubt -> 'quote'))
		FROM doubt t ORDER BY t.call_id
		RETURNING campaign_id
	)
	SELECT array_agg(l.campaign_id) INTO v_campaigns FROM logged l WHERE l.campaign_id IS NOT NULL;
	FOR v IN SELECT c.campaign_id, c.new, s.* FROM (SELECT i, count(*) FROM unnest(v_campaigns) i GROUP BY i
			ORDER BY i) c(campaign_id, new)
		CROSS JOIN LATERAL voiceagent_private.held_share(c.campaign_id) s
	LOOP
		IF voiceagent_private.too_many_held(v.held, v.answered)
			AND NOT voiceagent_private.too_many_held(v.held - v.new, v.answered) THEN
			PERFORM voiceagent_private.log_event('many_holds', v.campaign_id, NULL, NULL,
				jsonb_build_object('held', v.held, 'answered', v.answered, 'quotes', v.quotes));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hold_calls(bigint[]) IS
	E'Holds every number of the leads of those of these calls, of both directions, in which an opt-out is in doubt '
	'(conversations.reading, opt_out_doubt) and none is certain; events tell of it.\n'
	'An event many_holds tells that more than 5 % of a campaign''s last 200 answered calls are held now.';

CREATE FUNCTION voiceagent_private.end_holds(call_ids bigint[], why text, by text) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_calls bigint[];
	v_phones text[];
BEGIN
	WITH ended AS (
		DELETE FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = v_tenant AND d.call_id = ANY (call_ids) AND d.held
		RETURNING d.call_id, d.phone
	)
	SELECT array_agg(DISTINCT e.call_id), array_agg(e.phone::text) INTO v_calls, v_phones FROM ended e;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, campaign_id, call_id, lead_id, event_data)
	SELECT v_tenant, voiceagent_private.month_slot(v_now), v_now, 'hold_released', c.campaign_id, c.call_id, c.lead_id,
		jsonb_build_object('reason', why, 'by', by)
	-- Calls of both directions.
	FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_calls) ORDER BY c.call_id;
	RETURN ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones)
		UNION SELECT n.lead_id FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.phone = ANY (v_phones)
		ORDER BY 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_holds(bigint[], text, text) IS
	E'Ends the holds that came of these calls of the current tenant, with events, and returns the leads with these '
	'numbers.\n'
	'The caller has called lock_tenant().';

CREATE FUNCTION voiceagent.release_holds(call_ids bigint[], why text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_why text := voiceagent_private.stop_reason(why, 'the leads may be called again');
	v_ended bigint[] := ARRAY(SELECT DISTINCT d.call_id FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = v_tenant AND d.call_id = ANY (call_ids) AND d.held ORDER BY 1);
	v_leads bigint[];
	v record;
BEGIN
	IF cardinality(v_ended) = 0 THEN
		RETURN 0;
	END IF;
	PERFORM voiceagent_private.lock_leads(false);
	PERFORM voiceagent_private.lock_tenant(true);
	v_leads := voiceagent_private.end_holds(v_ended, v_why, voiceagent_private.actor());
	-- Where the claim has left them out meanwhile they come back; a campaign that has ended is not begun again.
	FOR v IN SELECT m.campaign_id, array_agg(m.lead_id ORDER BY m.lead_id) AS lead_ids
		FROM unnest(v_leads) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT o.campaign_id, o.lead_id FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id AND o.status = 'skipped'
				AND o.reason = voiceagent_private.do_not_call_reason('held') OFFSET 0) m
		JOIN voiceagent.campaigns c ON c.tenant_id = v_tenant AND c.campaign_id = m.campaign_id
			AND c.status IN ('running', 'paused', 'scheduled') AND c.type <> 'test'
		GROUP BY m.campaign_id ORDER BY m.campaign_id
	LOOP
		PERFORM voiceagent.add_leads(v.campaign_id, v.lead_ids);
	END LOOP;
	PERFORM voiceagent_private.audit('release_holds', format('%s calls', cardinality(v_ended)), NULL,
		jsonb_build_object('reason', v_why, 'call_ids', to_jsonb(v_ended)));
	RETURN cardinality(v_ended);
END
$$;
COMMENT ON FUNCTION voiceagent.release_holds(bigint[], text) IS
	E'Ends the holds that came of these calls, with the reason, which the audit log keeps, and returns of how many '
	'calls there were any; for managers and owners.\n'
	'Leads that wait go on; those left out of a campaign that runs or waits come back to it. do_not_call() confirms '
	'a hold instead. PT422 for no reason.';

CREATE FUNCTION voiceagent_private.expire_holds(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_after interval;
	v_calls bigint[];
	v_full boolean := false;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_after := voiceagent_private.as_interval(voiceagent_private.setting_text('hold_expires'));
		CONTINUE WHEN v_after = interval '0';
		-- One tenant's error does not touch another.
		BEGIN
			v_calls := ARRAY(SELECT d.call_id FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.held
				AND d.created_at < voiceagent.clock() - v_after LIMIT max);
			CONTINUE WHEN cardinality(v_calls) = 0 OR NOT voiceagent_private.try_lock_tenant();
			v_full := v_full OR cardinality(v_calls) = max;
			PERFORM voiceagent_private.end_holds(v_calls, 'hold_expires has passed', 'time');
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'holds of tenant % could not be ended: % %', v_tenant, SQLSTATE, SQLERRM;
		END;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN voiceagent.clock() + CASE WHEN v_full THEN interval '1 second' ELSE interval '1 hour' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.expire_holds(integer) IS
	'A maintenance job: ends the holds of tenants that set hold_expires when it has passed, at most max of each '
	'tenant in a step.';
SELECT voiceagent_private.register_job('expire_holds', 1000);
