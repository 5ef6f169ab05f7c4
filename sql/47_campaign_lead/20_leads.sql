-- 47_campaign_lead: single leads, do-not-call, consent.

CREATE FUNCTION voiceagent_private.place_of(number_timezones text[], number_region text, number_country text,
	timezone text, region text, OUT timezones text[], OUT place text)
	RETURNS record LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_state text := nullif(btrim(region), '');
	v_zone text := nullif(btrim(timezone), '');
BEGIN
	timezones := number_timezones;
	place := number_region;
	IF v_state IS NOT NULL THEN
		place :=
			voiceagent_private.region_code(v_state, CASE WHEN number_country IN ('US', 'CA') THEN number_country END);
		IF place IS NULL THEN
			place := voiceagent_private.region_code(v_state);
		END IF;
		PERFORM voiceagent_private.fail_if(place IS NULL, 'PT422', format('unknown region "%s"', left(v_state, 100)),
			'Known are the states of the US and the provinces of Canada.',
			'Write it like US-TX, TX or Texas; for any other place give timezone.');
		timezones := voiceagent_private.zones_of_state(place);
	END IF;
	IF v_zone IS NOT NULL THEN
		timezones := ARRAY[voiceagent_private.timezone_name(v_zone)];
		PERFORM voiceagent_private.fail_if(timezones[1] IS NULL, 'PT422',
			format('unknown time zone "%s"', left(v_zone, 100)), NULL, 'Give an IANA name, such as America/New_York.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.place_of(text[], text, text, text, text) IS
	E'Zones and region of a lead: its own zone, else its state''s, else the number''s.\n'
	'PT422 for a zone or a state that does not exist.';

CREATE FUNCTION voiceagent_private.region_code(state text, country text DEFAULT NULL) RETURNS text
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_region_code';
COMMENT ON FUNCTION voiceagent_private.region_code(text, text) IS
	E'ISO 3166-2 code (US-TX) of a state of the US or a province of Canada, named by code or name in any case.\n'
	'NULL if there is no such state.';

CREATE FUNCTION voiceagent_private.is_email(address text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_email';
COMMENT ON FUNCTION voiceagent_private.is_email(text) IS 'Is this one e-mail address, as imports judge it?';

CREATE FUNCTION voiceagent_private.check_email(email text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := nullif(btrim(email), '');
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_email(v_email), 'PT422',
		format('invalid e-mail address "%s"', left(v_email, 100)));
	RETURN v_email;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_email(text) IS
	'The address without white space around it, NULL for an empty one; PT422 if it is none.';

CREATE FUNCTION voiceagent_private.check_lead_sizes(first_name text, last_name text, company text, context jsonb)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	-- As imports judge: NAME_MAX_BYTES, VA_CSV_MAX_ROW.
	IF greatest(octet_length(first_name), octet_length(last_name), octet_length(company)) > 500 THEN
		PERFORM voiceagent_private.fail('PT422', 'first_name, last_name and company have at most 500 bytes each');
	ELSIF voiceagent_private.json_bytes(context, 4194304) > 4194304 THEN
		PERFORM voiceagent_private.fail('PT422', 'the context of a lead has at most 4194304 bytes');
	END IF;
	PERFORM voiceagent_private.require_readable(context, 'the context of a lead');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_lead_sizes(text, text, text, jsonb) IS
	'PT422 for texts of a lead that are longer than those of an import may be, and for a context that no call can '
	'read.';

CREATE FUNCTION voiceagent_private.short_reason(reason text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(length(reason) > 1000, 'PT422', 'a reason has at most 1000 characters');
	RETURN nullif(btrim(reason), '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.short_reason(text) IS
	'The reason without white space around it, NULL for none; PT422 for one of more than 1000 characters.';

CREATE FUNCTION voiceagent.add_lead(phone text, first_name text DEFAULT NULL, last_name text DEFAULT NULL,
	email text DEFAULT NULL, company text DEFAULT NULL, timezone text DEFAULT NULL, region text DEFAULT NULL,
	priority integer DEFAULT 5, campaign_id bigint DEFAULT NULL, default_country text DEFAULT NULL,
	context jsonb DEFAULT '{}', consent_source text DEFAULT NULL, consent_wording text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number record;
	v_place record;
	v_lead bigint;
BEGIN
	SELECT * INTO v_number FROM voiceagent_private.parse_phone(add_lead.phone,
		coalesce(add_lead.default_country, voiceagent_private.setting_text('default_country')));
	PERFORM voiceagent_private.fail_if(v_number.verdict <> 'ok', 'PT422',
		format('invalid phone number "%s"', left(coalesce(add_lead.phone, ''), 60)),
		format('The number is refused: %s.', v_number.verdict),
		'Write it with + and the calling code, such as +14155550123, or give default_country.');
	PERFORM voiceagent_private.fail_if(add_lead.priority IS NULL OR add_lead.priority NOT BETWEEN 0 AND 9, 'PT422',
		'priority is out of range', NULL, 'Give 0 (first) to 9 (last).');
	PERFORM voiceagent_private.fail_if(jsonb_typeof(coalesce(add_lead.context, '{}')) <> 'object', 'PT422',
		'context is not an object', NULL, 'Give {"name": "value"}.');
	PERFORM voiceagent_private.check_lead_sizes(add_lead.first_name, add_lead.last_name, add_lead.company,
		add_lead.context);
	v_place := voiceagent_private.place_of(v_number.timezones, v_number.region, v_number.country,
		add_lead.timezone, add_lead.region);
	PERFORM voiceagent_private.lock_leads(false);
	PERFORM voiceagent_private.require_ring(v_number.phone, 'dial');
	INSERT INTO voiceagent.leads (tenant_id, phone, extension, first_name, last_name, email, company, country, region,
		timezones, context, priority, created_at)
	SELECT v_tenant, v_number.phone, v_number.extension, nullif(btrim(add_lead.first_name), ''),
		nullif(btrim(add_lead.last_name), ''), voiceagent_private.check_email(add_lead.email),
		nullif(btrim(add_lead.company), ''), v_number.country, v_place.place, v_place.timezones,
		coalesce(add_lead.context, '{}'), add_lead.priority, voiceagent.clock()
	WHERE voiceagent_private.lead_by_number(v_number.phone) IS NULL
	ON CONFLICT DO NOTHING
	RETURNING lead_id INTO v_lead;
	IF v_lead IS NULL THEN
		v_lead := voiceagent_private.lead_by_number(v_number.phone);
		PERFORM voiceagent_private.fail('PT409', format('%s is a lead already', v_number.phone),
			format('It is lead %s.', v_lead), 'update_lead() changes it, add_leads() puts it into a campaign.');
	END IF;
	PERFORM voiceagent_private.relist(ARRAY[v_lead]);
	IF coalesce(add_lead.consent_source, add_lead.consent_wording) IS NOT NULL THEN
		PERFORM voiceagent.record_consent(v_lead, 'call', add_lead.consent_source, add_lead.consent_wording);
	END IF;
	IF add_lead.campaign_id IS NOT NULL THEN
		PERFORM voiceagent.add_leads(add_lead.campaign_id, ARRAY[v_lead]);
	END IF;
	RETURN v_lead;
END
$$;
COMMENT ON FUNCTION voiceagent.add_lead(text, text, text, text, text, text, text, integer, bigint, text, jsonb, text,
	text) IS
	E'Adds one lead and returns its lead_id.\n'
	'default_country: as in import_leads(); timezone (IANA) or region (US state, Canadian province) win over the '
	'number''s zones; priority: 0 (first) to 9; campaign_id: the lead joins it; context: values for {{variables}}; '
	'consent_source, consent_wording: as record_consent() takes them. '
	'PT409 if the number is a lead already or on the do-not-call list, PT422.';

CREATE FUNCTION voiceagent_private.follow_priority(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- The leads are locked already: this waits for no lock. A locked row is dialled, or
	-- leaves the queue.
	WITH waiting AS MATERIALIZED (
		SELECT l.priority, w.queue_row FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id)) i
		CROSS JOIN LATERAL (SELECT o.priority FROM voiceagent.leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id OFFSET 0) l
		CROSS JOIN LATERAL (SELECT o.campaign_id FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id AND o.status IN ('queued', 'retry') OFFSET 0) c
		CROSS JOIN LATERAL (SELECT q.ctid AS queue_row FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = c.campaign_id AND q.lead_id = i.lead_id
				-- A promised callback is first in line, whatever the lead's priority.
				AND q.reason <> 'callback' AND q.priority <> l.priority OFFSET 0 FOR NO KEY UPDATE SKIP LOCKED) w
	)
	UPDATE voiceagent_private.call_queue q SET priority = w.priority
	FROM (SELECT * FROM waiting) w WHERE q.tenant_id = v_tenant AND q.ctid = w.queue_row;
END
$$;
COMMENT ON FUNCTION voiceagent_private.follow_priority(bigint[]) IS
	'Has leads of the current tenant, which the caller has locked and changed, wait with the priority that they have '
	'now, but for promised callbacks.';

-- A lead that now lacks a variable of a campaign's prompt is held out of that campaign when its turn comes.
CREATE FUNCTION voiceagent.update_lead(lead_id bigint, changes jsonb) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_lead voiceagent.leads;
	v_key text;
	v_number record;
	v_place record;
	v_moved boolean := false;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(changes) IS DISTINCT FROM 'object', 'PT422',
		'changes is not an object', NULL, 'Give {"field": value}.');
	SELECT l.* INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = update_lead.lead_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', update_lead.lead_id));
	FOR v_key IN SELECT k FROM jsonb_object_keys(changes) k LOOP
		PERFORM voiceagent_private.fail_if(
			v_key NOT IN ('first_name', 'last_name', 'email', 'company', 'extension', 'timezone', 'region', 'priority',
				'context'), 'PT422', format('field "%s" cannot be changed', left(v_key, 100)),
			CASE v_key WHEN 'phone' THEN 'A number is what makes a lead: another number is another lead.' END,
			'first_name, last_name, email, company, extension, timezone, region, priority and context can.');
		PERFORM voiceagent_private.fail_if(v_key = 'context' AND jsonb_typeof(changes -> v_key) <> 'object'
			OR v_key = 'priority' AND (changes ->> v_key) IS NOT NULL AND (changes ->> v_key) !~ '^[0-9]$'
			OR v_key = 'extension' AND (changes ->> v_key) !~ '^[0-9]{0,20}$'
			OR v_key <> 'context' AND jsonb_typeof(changes -> v_key) IN ('object', 'array'), 'PT422',
			format('invalid value for "%s"', v_key), NULL,
			'priority is 0 (first) to 9, extension is digits, context is an object (null removes a key), '
				'all else is text.');
	END LOOP;
	PERFORM voiceagent_private.check_lead_sizes(changes ->> 'first_name', changes ->> 'last_name',
		changes ->> 'company', v_lead.context || coalesce(changes -> 'context', '{}'));
	IF changes ?| ARRAY['timezone', 'region'] THEN
		-- A field that the change leaves open goes back to what the number says.
		SELECT * INTO v_number FROM voiceagent_private.parse_phone(v_lead.phone);
		v_place := voiceagent_private.place_of(v_number.timezones, v_number.region, v_number.country,
			changes ->> 'timezone', CASE WHEN changes ? 'region' THEN changes ->> 'region'
				WHEN v_lead.region IS DISTINCT FROM v_number.region THEN v_lead.region END);
		v_moved := (v_place.timezones, v_place.place) IS DISTINCT FROM (v_lead.timezones, v_lead.region);
		v_lead.timezones := v_place.timezones;
		v_lead.region := v_place.place;
	END IF;
	UPDATE voiceagent.leads l SET
		first_name = CASE WHEN changes ? 'first_name' THEN nullif(btrim(changes ->> 'first_name'), '')
			ELSE l.first_name END,
		last_name = CASE WHEN changes ? 'last_name' THEN nullif(btrim(changes ->> 'last_name'), '')
			ELSE l.last_name END,
		email = CASE WHEN changes ? 'email' THEN voiceagent_private.check_email(changes ->> 'email') ELSE l.email END,
		company = CASE WHEN changes ? 'company' THEN nullif(btrim(changes ->> 'company'), '') ELSE l.company END,
		extension = CASE WHEN changes ? 'extension' THEN nullif(changes ->> 'extension', '') ELSE l.extension END,
		priority = CASE WHEN changes ? 'priority' THEN coalesce((changes ->> 'priority')::smallint, 5)
			ELSE l.priority END,
		context = jsonb_strip_nulls(l.context || coalesce(changes -> 'context', '{}')),
		timezones = v_lead.timezones,
		region = v_lead.region
	WHERE l.tenant_id = v_tenant AND l.lead_id = update_lead.lead_id;
	IF v_moved THEN
		PERFORM voiceagent_private.record_moves(ARRAY[update_lead.lead_id]);
	END IF;
	IF changes ? 'priority' THEN
		PERFORM voiceagent_private.follow_priority(ARRAY[update_lead.lead_id]);
	END IF;
	RETURN update_lead.lead_id;
END
$$;
COMMENT ON FUNCTION voiceagent.update_lead(bigint, jsonb) IS
	E'Changes fields of a lead: first_name, last_name, email, company, extension, timezone, region, priority, '
	'context; it returns the lead_id.\n'
	'null empties a field, and takes timezone or region back to what the number says; context is merged (null removes '
	'a key). A new zone or region holds from the next dial on, a new priority at once; PT404, PT422.';

CREATE FUNCTION voiceagent_private.own_number(phone text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent.normalize_phone(phone, voiceagent_private.setting_text('default_country'))
$$;
COMMENT ON FUNCTION voiceagent_private.own_number(text) IS
	E'A number as the current tenant writes it -> E.164, by its default country.\n'
	'PT422 if it is none.';

CREATE FUNCTION voiceagent_private.lock_waiting(lead_ids bigint[], campaign_ids bigint[] DEFAULT '{}') RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM FROM voiceagent_private.pacing p
	WHERE p.tenant_id = v_tenant
		AND p.campaign_id = ANY (campaign_ids || ARRAY(SELECT DISTINCT c.campaign_id FROM unnest(lead_ids) AS i(id)
			CROSS JOIN LATERAL (SELECT c.campaign_id FROM voiceagent.campaign_leads c
				WHERE c.tenant_id = v_tenant AND c.lead_id = i.id
					AND c.status IN ('pending', 'queued', 'retry') OFFSET 0) c))
	ORDER BY p.campaign_id FOR UPDATE;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_waiting(bigint[], bigint[]) IS
	E'Takes the pacing rows of the campaigns in which these leads wait, and of these campaigns, in their one order: a '
	'claim that is under way has placed its calls then, and no later one finds them.\n'
	'After lock_tenant(true), before lanes and rows.';

CREATE FUNCTION voiceagent_private.give_up_leads(campaign_ids bigint[], lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[];
BEGIN
	-- A lead that was never dialled is as new as before.
	v_leads :=
		ARRAY(SELECT o.lead_id FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id) ORDER BY u.lead_id) i
			CROSS JOIN LATERAL (SELECT l.lead_id FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id AND l.status = 'retry' OFFSET 0
				FOR NO KEY UPDATE) o);
	IF cardinality(v_leads) = 0 THEN
		RETURN;
	END IF;
	-- A statement of its own: of two who take a lead out of its last two campaigns the later one
	-- sees that it was the last.
	UPDATE voiceagent.leads l SET status = 'failed', status_reason = coalesce(m.reason, 'removed')
	FROM (SELECT DISTINCT ON (u.lead_id) u.lead_id, o.reason
		FROM unnest(campaign_ids, lead_ids) AS u(campaign_id, lead_id)
		-- remove_leads() leaves no row of a lead that the campaign never dialled.
		LEFT JOIN LATERAL (SELECT c.reason FROM voiceagent.campaign_leads c
			WHERE c.tenant_id = v_tenant AND c.campaign_id = u.campaign_id AND c.lead_id = u.lead_id OFFSET 0) o ON true
		ORDER BY u.lead_id, u.campaign_id) m
	WHERE l.tenant_id = v_tenant AND l.lead_id = m.lead_id AND l.lead_id = ANY (v_leads)
		AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads o WHERE o.tenant_id = v_tenant AND o.lead_id = l.lead_id
			AND o.status IN ('queued', 'retry', 'calling'));
	PERFORM voiceagent_private.relist(v_leads);
END
$$;
COMMENT ON FUNCTION voiceagent_private.give_up_leads(bigint[], bigint[]) IS
	'Leads of the current tenant that have just left the queue of a campaign without a call (lead_ids[i] that of '
	'campaign_ids[i]): those that waited for another call, and wait or are called in no other campaign, are given up '
	'as failed, for the reason that campaign_leads has (removed, if they are not there any more).';

/*
 * Without lock_waiting(), as at the end of a call, a lead that is being claimed,
 * started or expired at this moment is left to the session that does so: nothing
 * waits here, and a claim judges every lead by the list.
 */
CREATE FUNCTION voiceagent_private.unqueue_leads(lead_ids bigint[], reason text, only_campaign bigint, begun boolean)
	RETURNS bigint[] LANGUAGE plpgsql VOLATILE SET planner.policy = batch AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
	v_leads bigint[];
	v_statuses text[];
	v_queued_campaigns bigint[];
	v_queued_leads bigint[];
BEGIN
	SELECT array_agg(w.campaign_id), array_agg(w.lead_id), array_agg(w.status) INTO v_campaigns, v_leads, v_statuses
	-- Lead by lead, and below each row where it lies: see finish_leads().
	FROM (SELECT DISTINCT u.lead_id FROM unnest(lead_ids) AS u(lead_id)) i
	CROSS JOIN LATERAL (SELECT c.campaign_id, c.lead_id, c.status FROM voiceagent.campaign_leads c
		WHERE c.tenant_id = v_tenant AND c.lead_id = i.lead_id AND c.status IN ('pending', 'queued', 'retry')
			AND (only_campaign IS NULL OR c.campaign_id = only_campaign)
			AND (NOT begun OR EXISTS (SELECT FROM voiceagent.campaigns g
				WHERE g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id AND g.started_at IS NOT NULL))
		OFFSET 0 FOR NO KEY UPDATE OF c SKIP LOCKED) w;
	IF v_leads IS NULL THEN
		RETURN '{}';
	END IF;
	-- A statement of its own: it sees what the transaction has queued that held the campaign's lead before us.
	SELECT array_agg(w.campaign_id), array_agg(w.lead_id) INTO v_queued_campaigns, v_queued_leads
	FROM (SELECT q.campaign_id, q.lead_id FROM unnest(v_campaigns, v_leads) AS i(campaign_id, lead_id)
		JOIN voiceagent_private.call_queue q ON q.tenant_id = v_tenant AND q.campaign_id = i.campaign_id
			AND q.lead_id = i.lead_id
		FOR UPDATE OF q SKIP LOCKED) w;
	SELECT array_agg(w.campaign_id), array_agg(w.lead_id) INTO v_campaigns, v_leads
	FROM (SELECT i.campaign_id, i.lead_id
		FROM unnest(v_campaigns, v_leads, v_statuses) AS i(campaign_id, lead_id, status)
			WHERE i.status = 'pending'
		UNION
		SELECT q.campaign_id, q.lead_id FROM unnest(v_queued_campaigns, v_queued_leads) AS q(campaign_id, lead_id)) w;
	DELETE
	FROM voiceagent_private.call_queue q USING unnest(v_queued_campaigns, v_queued_leads) AS w(campaign_id, lead_id)
	WHERE q.tenant_id = v_tenant AND q.campaign_id = w.campaign_id AND q.lead_id = w.lead_id;
	WITH locked AS MATERIALIZED (
		SELECT m.member_row FROM unnest(v_campaigns, v_leads) AS w(campaign_id, lead_id)
		CROSS JOIN LATERAL (SELECT o.ctid AS member_row FROM voiceagent.campaign_leads o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = w.campaign_id AND o.lead_id = w.lead_id OFFSET 0) m
	)
	UPDATE voiceagent.campaign_leads c SET status = 'skipped', reason = unqueue_leads.reason
	FROM (SELECT * FROM locked LIMIT cardinality(v_leads)) w
	WHERE c.tenant_id = v_tenant AND c.ctid = w.member_row;
	PERFORM voiceagent_private.give_up_leads(v_campaigns, v_leads);
	RETURN ARRAY(SELECT DISTINCT i FROM unnest(v_campaigns) i ORDER BY i);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unqueue_leads(bigint[], text, bigint, boolean) IS
	E'Takes waiting leads of the current tenant out of the queues (only_campaign: of that one; begun: of those that '
	'have been started) and notes the reason; a lead that waited for another call is given up (give_up_leads()).\n'
	'Returns the campaigns: the caller completes, last, those that have no lead left.';

CREATE FUNCTION voiceagent_private.withdraw_leads(lead_ids bigint[], reason text) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = batch AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[] := voiceagent_private.unqueue_leads(withdraw_leads.lead_ids,
		voiceagent_private.do_not_call_reason('tenant'), NULL, false);
BEGIN
	WITH withdrawn AS MATERIALIZED (
		SELECT o.lead_row FROM unnest(withdraw_leads.lead_ids) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT l.ctid AS lead_row FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id AND l.status <> 'do_not_call' OFFSET 0
			FOR NO KEY UPDATE) o
	)
	UPDATE voiceagent.leads l SET status = 'do_not_call', status_reason = withdraw_leads.reason, follow_up = NULL
	FROM (SELECT * FROM withdrawn LIMIT cardinality(withdraw_leads.lead_ids)) w
	WHERE l.tenant_id = v_tenant AND l.ctid = w.lead_row;
	PERFORM voiceagent_private.relist(withdraw_leads.lead_ids);
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.withdraw_leads(bigint[], text) IS
	E'Takes leads of the current tenant out of every queue for good, with the reason; live calls go on.\n'
	'Returns the campaigns that had them waiting: the caller completes, last, those that have no lead left.';

CREATE FUNCTION voiceagent_private.listed_leads(phones text[], OUT withdrawn bigint[], OUT moving bigint[])
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_phones text[] := ARRAY(SELECT unnest(voiceagent_private.spellings(p)) FROM unnest(phones) p);
BEGIN
	SELECT array_agg(x.lead_id ORDER BY x.lead_id) FILTER (WHERE NOT x.callable),
		array_agg(x.lead_id ORDER BY x.lead_id) FILTER (WHERE x.callable)
	INTO withdrawn, moving
	FROM (SELECT i.lead_id, EXISTS (
		SELECT FROM (SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id
			UNION ALL
			SELECT n.phone FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = i.lead_id) o
		WHERE NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d
			WHERE d.tenant_id = v_tenant AND d.phone = o.phone AND NOT d.held OFFSET 0)) AS callable
		FROM (SELECT l.lead_id FROM unnest(v_phones) AS u(phone)
				CROSS JOIN LATERAL (SELECT d.lead_id FROM voiceagent.leads d
					WHERE d.tenant_id = v_tenant AND d.phone = u.phone OFFSET 0) l
			UNION
			SELECT n.lead_id FROM unnest(v_phones) AS u(phone)
				CROSS JOIN LATERAL (SELECT o.lead_id FROM voiceagent.lead_numbers o
					WHERE o.tenant_id = v_tenant AND o.phone = u.phone OFFSET 0) n) i) x;
	withdrawn := coalesce(withdrawn, '{}');
	moving := coalesce(moving, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.listed_leads(text[]) IS
	'The current tenant''s leads with these numbers, which have just been put on its do-not-call list: withdrawn, all '
	'of whose numbers are on it; moving, that have another.';

-- Refusals.  A member or a file lists a number; who asked in a call or by a text, or is erased, is a person, whom no
-- number that is found later reaches either.

CREATE FUNCTION voiceagent_private.list_refusals(phones text[], reason text, source text, at timestamptz,
	call_ids bigint[] DEFAULT '{}', lead_ids bigint[] DEFAULT '{}') RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
#variable_conflict use_variable
DECLARE
	v_new text[];
BEGIN
	WITH listed AS (
		INSERT INTO voiceagent.do_not_call_list AS d (tenant_id, phone, reason, source, call_id, created_at)
		SELECT DISTINCT ON (y.phone) voiceagent.current_tenant(), y.phone, reason, source,
			coalesce(u.call_id, call_ids[1]), at
		FROM unnest(phones, call_ids) AS u(phone, call_id)
		CROSS JOIN LATERAL unnest(voiceagent_private.spellings(u.phone)) AS y(phone) ORDER BY y.phone, u.call_id
		ON CONFLICT ON CONSTRAINT do_not_call_list_pkey DO UPDATE
		SET reason = excluded.reason, source = excluded.source, call_id = excluded.call_id,
			created_at = excluded.created_at, held = false, turn = NULL, quote = NULL
		WHERE d.held
		RETURNING d.phone
	)
	SELECT coalesce(array_agg(y.phone::text), '{}') INTO v_new FROM listed y;
	UPDATE voiceagent.consents n SET revoked_at = at
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.lead_id = ANY (lead_ids) AND n.revoked_at IS NULL
		AND n.kind <> 'appointment';
	RETURN v_new;
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_refusals(text[], text, text, timestamptz, bigint[], bigint[]) IS
	E'Puts numbers (call_ids: of these calls, or all of one) and their other spellings on the current tenant''s '
	'do-not-call list, ends the consents of the leads, and returns those that were not on it, or held in doubt.\n'
	'The caller takes out of the queues who waits there.';

CREATE FUNCTION voiceagent_private.refusal_of(lead_id bigint) RETURNS voiceagent.do_not_call_list
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_listed voiceagent.do_not_call_list;
BEGIN
	-- With no number left the person is listed, whoever listed them.
	SELECT d.* INTO v_listed
	FROM (SELECT voiceagent_private.phones_of_lead(lead_id) AS phones) p
	JOIN voiceagent.do_not_call_list d ON d.tenant_id = voiceagent.current_tenant() AND d.phone = ANY (p.phones)
		AND NOT d.held
	CROSS JOIN LATERAL (SELECT d.source IN ('text', 'call') OR d.reason = 'erased' AS is_persons) s
	WHERE s.is_persons OR cardinality(p.phones) = (SELECT count(*) FROM voiceagent.do_not_call_list o
		WHERE o.tenant_id = d.tenant_id AND o.phone = ANY (p.phones) AND NOT o.held)
	ORDER BY NOT s.is_persons, d.created_at LIMIT 1;
	RETURN v_listed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.refusal_of(bigint) IS
	'The entry of the do-not-call list by which a lead of the current tenant, and not one number of it alone, wants no '
	'calls; NULL: there is none.';

CREATE FUNCTION voiceagent_private.keep_refusals(lead_ids bigint[], phones text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[] := '{}';
	v_refusal voiceagent.do_not_call_list;
	v record;
BEGIN
	FOR v IN
		SELECT i.lead_id, i.phone FROM unnest(lead_ids, phones) AS i(lead_id, phone)
		WHERE EXISTS (SELECT FROM (SELECT l.phone FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = i.lead_id
				UNION ALL SELECT n.phone FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.lead_id = i.lead_id) p
			JOIN voiceagent.do_not_call_list d ON d.tenant_id = v_tenant AND d.phone = p.phone AND NOT d.held)
		ORDER BY i.lead_id
	LOOP
		v_refusal := voiceagent_private.refusal_of(v.lead_id);
		IF v_refusal.phone = v.phone THEN
			PERFORM voiceagent_private.lock_tenant(true), voiceagent_private.lock_waiting(ARRAY[v.lead_id]);
			PERFORM voiceagent_private.list_refusals(voiceagent_private.phones_of_lead(v.lead_id), v_refusal.reason,
				v_refusal.source, voiceagent.clock(), ARRAY[v_refusal.call_id], ARRAY[v.lead_id]);
			v_campaigns := v_campaigns || voiceagent_private.withdraw_leads(ARRAY[v.lead_id], v_refusal.reason);
		ELSIF v_refusal.phone IS NOT NULL THEN
			-- An owner's permission meanwhile stays.
			PERFORM voiceagent_private.list_refusals(ARRAY[v.phone], v_refusal.reason, v_refusal.source,
				voiceagent.clock(), ARRAY[v_refusal.call_id]);
		END IF;
	END LOOP;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns) WHERE v_campaigns <> '{}';
END
$$;
COMMENT ON FUNCTION voiceagent_private.keep_refusals(bigint[], text[]) IS
	'After leads of the current tenant have got further numbers: one of a person who has refused withdraws its lead, '
	'and one that a lead gets who has refused is listed as well.';

CREATE FUNCTION voiceagent.add_lead_number(lead_id bigint, phone text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number record;
	v_lead voiceagent.leads;
	v_place record;
	v_free integer;
BEGIN
	SELECT * INTO v_number FROM voiceagent_private.parse_phone(add_lead_number.phone,
		voiceagent_private.setting_text('default_country'));
	PERFORM voiceagent_private.fail_if(v_number.verdict <> 'ok', 'PT422',
		format('invalid phone number "%s"', left(coalesce(add_lead_number.phone, ''), 60)),
		format('The number is refused: %s.', v_number.verdict),
		'Write it with + and the calling code, such as +14155550123.');
	PERFORM voiceagent_private.lock_leads(false);
	SELECT l.* INTO v_lead FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = add_lead_number.lead_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', add_lead_number.lead_id));
	PERFORM voiceagent_private.require_ring(v_number.phone, 'dial');
	PERFORM voiceagent_private.fail_if(
		voiceagent_private.phones_of_lead(v_lead.lead_id) && voiceagent_private.spellings(v_number.phone), 'PT409',
		format('%s is a number of the lead already', v_number.phone));
	SELECT min(f) INTO v_free FROM generate_series(2, 5) f WHERE NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
		WHERE n.tenant_id = v_tenant AND n.lead_id = v_lead.lead_id AND n.number = f);
	PERFORM voiceagent_private.fail_if(v_free IS NULL, 'PT409', 'the lead has five numbers', NULL,
		'remove_lead_number() makes room.');
	v_place := voiceagent_private.place_of_number(v_lead, v_number.timezones, v_number.region);
	INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, extension, country, region, timezones)
	VALUES (v_tenant, v_lead.lead_id, v_free, v_number.phone, v_number.extension, v_number.country, v_place.region,
		v_place.timezones);
	PERFORM voiceagent_private.keep_refusals(ARRAY[v_lead.lead_id], ARRAY[v_number.phone]);
	RETURN v_free;
END
$$;
COMMENT ON FUNCTION voiceagent.add_lead_number(bigint, text) IS
	E'Adds a further number to a lead and returns which one it is, 2 to 5.\n'
	'phone in any usual way of writing. PT404; PT409 when it is the lead''s number already, on the do-not-call list, '
	'or the lead has five; PT422 for what is no number.';

CREATE FUNCTION voiceagent.do_not_call(phone text, reason text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.stop_number(do_not_call.phone,
		voiceagent_private.setting_text('default_country'));
	v_reason text := coalesce(voiceagent_private.short_reason(do_not_call.reason), 'asked not to be called');
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT422', 'no phone number');
	IF (voiceagent_private.list_phones(ARRAY[v_phone], v_reason, voiceagent.clock(), 'manual')).phones <> '{}' THEN
		PERFORM voiceagent_private.log_event('lead_opted_out', NULL, NULL, (SELECT l.lead_id FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.phone = v_phone),
			jsonb_build_object('phone', v_phone, 'reason', v_reason, 'source', 'manual'));
		PERFORM voiceagent_private.audit('do_not_call', v_phone, NULL, jsonb_build_object('reason', v_reason));
	END IF;
	RETURN (SELECT format('%s is listed as written; no plan knows it', v_phone)
		FROM voiceagent_private.parse_phone(v_phone) p WHERE p.verdict <> 'ok');
END
$$;
COMMENT ON FUNCTION voiceagent.do_not_call(text, text) IS
	E'Never calls this number again: it goes on the tenant''s do-not-call list, and out of every queue in the same '
	'commit.\n'
	'A lead that has other numbers is called by those; with none left it is withdrawn. Calls that are live go on. '
	'Also for numbers of no lead; again changes nothing. Returns NULL, or a warning that no number plan knows it. '
	'PT422 if it is no phone number.';

CREATE FUNCTION voiceagent.allow_call(phone text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_phone text := voiceagent_private.stop_number(allow_call.phone,
		voiceagent_private.setting_text('default_country'));
	v_phones text[] := voiceagent_private.spellings(v_phone);
	v_old voiceagent.do_not_call_list;
	v_lead bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.short_reason(allow_call.reason) IS NULL, 'PT422',
		'no reason given', NULL, 'Say why the number may be called again; the audit log keeps it.');
	PERFORM voiceagent_private.lock_tenant(true);
	WITH gone AS (DELETE FROM voiceagent.do_not_call_list d
		WHERE d.tenant_id = v_tenant AND d.phone = ANY (v_phones) RETURNING d.*)
	SELECT g.* INTO v_old FROM gone g LIMIT 1;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	FOR v_lead IN SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones)
			UNION SELECT n.lead_id FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant
				AND n.phone = ANY (v_phones)
			ORDER BY 1 LOOP
		UPDATE voiceagent.leads l
		SET status = CASE WHEN l.call_attempts > 0 THEN 'contacted' ELSE 'new' END, status_reason = NULL
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_lead AND l.status = 'do_not_call';
		PERFORM voiceagent_private.relist(ARRAY[v_lead]);
		PERFORM voiceagent_private.log_event('lead_allowed', NULL, NULL, v_lead,
			jsonb_build_object('phone', v_phone, 'reason', btrim(allow_call.reason)));
	END LOOP;
	PERFORM voiceagent_private.audit('allow_call', v_phone,
		jsonb_build_object('reason', v_old.reason, 'source', v_old.source, 'created_at', v_old.created_at),
		jsonb_build_object('reason', btrim(allow_call.reason)));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.allow_call(text, text) IS
	E'Takes a number off the do-not-call list, with the reason, which the audit log keeps, and returns true if it was '
	'listed.\n'
	'After an opt-out in a call, the lead''s other numbers stay listed; the lead comes back to no queue by itself. '
	'Only for the role owner (PT403), since a lead that opted out may be called again only by a consent of its own; '
	'PT422 for no phone number or no reason.';

CREATE FUNCTION voiceagent.record_consent(lead_id bigint, kind text, source text, wording text DEFAULT NULL,
	phone text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_consents CONSTANT integer := 1000;
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text;
	v_first text;
	v_consent bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(
		record_consent.kind IS NULL OR record_consent.kind NOT IN ('call', 'recording', 'text', 'appointment'), 'PT422',
		format('unknown kind of consent "%s"', left(coalesce(record_consent.kind, ''), 100)), NULL,
		'It is call (by an artificial voice), recording, text, or appointment (to be called only then).');
	PERFORM voiceagent_private.fail_if(nullif(btrim(record_consent.source), '') IS NULL, 'PT422',
		'no source of the consent given', NULL, 'Say where it was given, such as the address of a form.');
	-- An erasure of the lead has committed, and the lead is not found, or it waits for us.
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = record_consent.lead_id FOR KEY SHARE;
	v_phone := voiceagent_private.own_number(record_consent.phone);
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = record_consent.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', record_consent.lead_id));
	v_first := (SELECT p FROM unnest(voiceagent_private.phones_of_lead(record_consent.lead_id)) WITH ORDINALITY o(p, n)
		WHERE v_phone IS NULL OR p = ANY (voiceagent_private.spellings(v_phone)) ORDER BY n LIMIT 1);
	PERFORM voiceagent_private.fail_if(v_first IS NULL, 'PT422',
		format('%s is not a number of the lead', v_phone), NULL, 'add_lead_number() makes it one.');
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_consents FROM (SELECT FROM voiceagent.consents c
		WHERE c.tenant_id = v_tenant AND c.lead_id = record_consent.lead_id LIMIT c_consents) x), 'PT409',
		format('the lead has %s consents', c_consents), 'Each gate reads them.');
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, wording, granted_at)
	VALUES (v_tenant, record_consent.lead_id, v_first, record_consent.kind, btrim(record_consent.source),
		record_consent.wording, voiceagent.clock())
	RETURNING consent_id INTO v_consent;
	RETURN v_consent;
END
$$;
COMMENT ON FUNCTION voiceagent.record_consent(bigint, text, text, text, text) IS
	E'Records that a lead agreed: kind call (to be called by an artificial voice), recording (setting '
	'require_recording_consent), text (to get text messages) or appointment (only to be called when it was promised); '
	'source: where; wording: to which words; phone: for which of its numbers (NULL: the first).\n'
	'Returns the number of the consent. PT404, PT409 for the 1001st of a lead, PT422.';

CREATE FUNCTION voiceagent.revoke_consent(lead_id bigint, kind text, phone text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	-- Also a number that is no longer the lead's can be revoked.
	v_phone text := voiceagent_private.own_number(revoke_consent.phone);
	v_count bigint;
BEGIN
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = revoke_consent.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', revoke_consent.lead_id));
	UPDATE voiceagent.consents c SET revoked_at = voiceagent.clock()
	WHERE c.tenant_id = v_tenant AND c.lead_id = revoke_consent.lead_id AND c.kind = revoke_consent.kind
		AND (v_phone IS NULL OR c.phone = ANY (voiceagent_private.spellings(v_phone))) AND c.revoked_at IS NULL;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent.revoke_consent(bigint, text, text) IS
	E'Takes back every consent of this kind that a lead has given; phone: only those for this number.\n'
	'Returns how many held until now. PT404.';

-- Number, status, consent and everything that calls have written stay as they are. A context that does not fit is not
-- taken at all.
CREATE FUNCTION voiceagent_private.update_leads(given voiceagent.leads[], gave smallint[],
	OUT tags_cut integer[], OUT context_kept integer[])
	RETURNS record LANGUAGE plpgsql VOLATILE
	SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_placed bigint[];
	v_ranked bigint[];
BEGIN
	WITH changed AS (UPDATE voiceagent.leads l SET
		first_name = coalesce(g.first_name, l.first_name),
		last_name = coalesce(g.last_name, l.last_name),
		email = coalesce(g.email, l.email),
		company = coalesce(g.company, l.company),
		extension = coalesce(g.extension, l.extension),
		timezones = CASE WHEN g.unnest & 3 <> 0 THEN g.timezones ELSE l.timezones END,
		-- A zone says nothing of the state, whose law holds on.
		region = CASE WHEN g.unnest & 2 <> 0 THEN g.region ELSE l.region END,
		priority = CASE WHEN g.unnest & 4 <> 0 THEN g.priority ELSE l.priority END,
		tags = CASE WHEN g.tags <@ l.tags THEN l.tags
			ELSE l.tags || (ARRAY(SELECT t FROM unnest(g.tags) t
				WHERE t <> ALL (l.tags)))[:greatest(50 - cardinality(l.tags), 0)] END,
		-- As tag_leads() and check_lead_sizes() limit them.
		context = CASE WHEN voiceagent_private.json_bytes(l.context || g.context, 4194304) <= 4194304
			THEN l.context || g.context
			ELSE l.context END
	FROM ROWS FROM (unnest(given), unnest(gave)) WITH ORDINALITY g
	WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = g.phone
		-- The same list comes every night: what it does not change is not written.
		AND (g.first_name <> coalesce(l.first_name, '') OR g.last_name <> coalesce(l.last_name, '')
			OR g.email <> coalesce(l.email, '') OR g.company <> coalesce(l.company, '')
			OR g.extension <> coalesce(l.extension, '') OR NOT g.tags <@ l.tags OR l.context || g.context <> l.context
			OR g.unnest & 3 <> 0 AND g.timezones <> l.timezones
			OR g.unnest & 2 <> 0 AND g.region IS DISTINCT FROM l.region
			OR g.unnest & 4 <> 0 AND g.priority <> l.priority)
	RETURNING g.ordinality::integer AS ord, l.lead_id, g.unnest & 3 <> 0 AS placed, g.unnest & 4 <> 0 AS ranked,
		NOT g.tags <@ l.tags AS tags_cut, NOT l.context @> g.context AS context_kept)
	SELECT coalesce(array_agg(c.ord) FILTER (WHERE c.tags_cut), '{}'),
		coalesce(array_agg(c.ord) FILTER (WHERE c.context_kept), '{}'),
		array_agg(c.lead_id) FILTER (WHERE c.placed), array_agg(c.lead_id) FILTER (WHERE c.ranked)
	INTO tags_cut, context_kept, v_placed, v_ranked FROM changed c;
	IF v_placed IS NOT NULL THEN
		PERFORM voiceagent_private.record_moves(v_placed);
	END IF;
	IF v_ranked IS NOT NULL THEN
		PERFORM voiceagent_private.follow_priority(v_ranked);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.update_leads(voiceagent.leads[], smallint[]) IS
	E'Gives leads of the current tenant, found by their numbers, what rows of a file say; an empty field stays, tags '
	'and context are added to.\n'
	'gave is a sum: 1, the row has a time zone; 2, a state, which brings its zones if the row has none; 4, a priority, '
	'which holds at once. '
	'It returns the rows whose tags did not all fit (a lead has 50), and those whose context did not (4194304 bytes).';
