/*
 * 95_ops: two leads that turn out to be one person.  All that names the one
 * (gone) names the other (keep) afterwards, and its row goes, so that no list,
 * count, queue or look-up has to know of merges.  Only a mark stays on the
 * further number that its first one becomes (lead_numbers.was_lead):
 * lead_by_number() leads from it to the other.  For a day merge_undos has the
 * rows as they were and the keys of what was moved.  A new table that names a
 * lead stands in names_of_lead(), or r95_merge says why not.
 */

CREATE TABLE voiceagent_private.merge_undos (
	tenant_id bigint NOT NULL,
	merge_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	ends_at timestamptz NOT NULL CHECK (isfinite(ends_at)),
	saved jsonb NOT NULL,
	moved jsonb NOT NULL,
	PRIMARY KEY (tenant_id, merge_id)
);
COMMENT ON TABLE voiceagent_private.merge_undos IS 'The data that unmerge_leads() needs, for a day.';
COMMENT ON COLUMN voiceagent_private.merge_undos.ends_at IS 'Until when saved is kept; if it is empty, the merge.';
COMMENT ON COLUMN voiceagent_private.merge_undos.saved IS 'The changed values, before and after.';
COMMENT ON COLUMN voiceagent_private.merge_undos.moved IS 'Keys of the rows that name the other lead now, by table.';
CREATE INDEX merge_undos_ends ON voiceagent_private.merge_undos (ends_at);
SELECT voiceagent_private.guard_table('voiceagent_private.merge_undos', 'routing', waits => '{ends_at}');

CREATE FUNCTION voiceagent_private.names_of_lead() RETURNS TABLE (part text, tab text, which text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	VALUES ('voiceagent.calls', 'voiceagent.calls', 'true'),
		('voiceagent.events', 'voiceagent.events', 't.call_id IS NULL'),
		-- By the calls, of both directions, which therefore stand first.
		('events of calls', 'voiceagent.events', 't.call_id = ANY (ARRAY(SELECT c.call_id FROM voiceagent.calls c '
			'WHERE c.tenant_id = $1 AND c.lead_id IN ($2, $3)))')
	UNION ALL SELECT 'voiceagent.' || t, 'voiceagent.' || t, 'true'
	FROM unnest('{consents,tasks,offers,appointments,texts,mails,member_notices,webhook_deliveries,intake_requests,
		sequence_enrolments,model_requests,lead_scripts,lead_merges,
		lead_memories}'::text[]) t
	UNION ALL SELECT 'voiceagent_private.' || t, 'voiceagent_private.' || t, 'true'
	FROM unnest('{notices_new,sequence_turns,tool_asks,moved_leads,incoming_callbacks}'::text[]) t
$$;
COMMENT ON FUNCTION voiceagent_private.names_of_lead() IS
	'The tables whose lead_id a merge changes, which of their rows are found so, and the key in merge_undos.moved.';

CREATE FUNCTION voiceagent_private.move_names(from_lead bigint, to_lead bigint, keys jsonb DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_only text[];
	v_keys text[];
	v_moved jsonb := '{}';
	v record;
BEGIN
	FOR v IN SELECT n.part, n.tab, n.which, k.key FROM voiceagent_private.names_of_lead() n
		CROSS JOIN LATERAL (SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum) AS key
			FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
			WHERE i.indrelid = n.tab::regclass AND i.indisprimary) k
	LOOP
		v_only := CASE WHEN keys IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(keys -> v.part)) END;
		CONTINUE WHEN v_only = '{}';
		-- Names of ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('WITH m AS (UPDATE %1$s t SET lead_id = $3 WHERE t.tenant_id = $1 AND t.lead_id = $2 AND %3$s '
			'AND ($4 IS NULL OR (%2$s)::text = ANY ($4)) RETURNING (%2$s)::text AS key) SELECT array_agg(m.key) FROM m',
			v.tab, v.key, v.which) INTO v_keys USING v_tenant, from_lead, to_lead, v_only;
		v_moved := v_moved || CASE WHEN v_keys IS NULL THEN '{}' ELSE jsonb_build_object(v.part, v_keys) END;
	END LOOP;
	-- A call went to a number of the lead that it is now.
	UPDATE voiceagent.calls c SET number = n.number
	FROM unnest(voiceagent_private.numbers_of(to_lead)) n
	WHERE c.tenant_id = v_tenant AND c.lead_id = to_lead AND c.direction <> 'inbound'
		AND c.phone = ANY (voiceagent_private.spellings(n.phone)) AND c.number <> n.number;
	-- The newest of a source counts, so versions follow the order of arrival; the table takes no UPDATE.
	v_only := ARRAY(SELECT jsonb_array_elements_text(keys -> 'enrichments'));
	WITH all_rows AS (
		DELETE FROM voiceagent.lead_enrichments e WHERE e.tenant_id = v_tenant AND e.lead_id IN (from_lead, to_lead)
		RETURNING e.*
	), owned AS (
		SELECT a.*, a.lead_id = from_lead AND (keys IS NULL OR a.enrichment_id::text = ANY (v_only)) AS moves
		FROM all_rows a
	), added AS (
		INSERT INTO voiceagent.lead_enrichments (tenant_id, lead_id, source, version, enrichment_id, data, enriched_at)
		OVERRIDING SYSTEM VALUE
		SELECT v_tenant, w.owner, o.source, row_number() OVER (PARTITION BY w.owner, o.source ORDER BY o.enrichment_id),
			o.enrichment_id, o.data, o.enriched_at
		FROM owned o CROSS JOIN LATERAL (SELECT CASE WHEN o.moves THEN to_lead ELSE o.lead_id END AS owner) w
	)
	SELECT array_agg(o.enrichment_id) FILTER (WHERE o.moves) INTO v_keys FROM owned o;
	PERFORM voiceagent_private.refresh_enrichment(ARRAY[from_lead, to_lead]);
	RETURN v_moved || jsonb_build_object('enrichments', coalesce(v_keys, '{}'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_names(bigint, bigint, jsonb) IS
	'Has what names one lead of the current tenant (keys: of it) name another one, and returns the keys of what did.';

CREATE FUNCTION voiceagent_private.numbers_of(lead_id bigint) RETURNS voiceagent.lead_numbers[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(SELECT jsonb_populate_record(NULL::voiceagent.lead_numbers,
			to_jsonb(l) || jsonb_build_object('number', 1, 'was_lead', l.lead_id)) FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.lead_id = numbers_of.lead_id
		UNION ALL (SELECT n FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.lead_id = numbers_of.lead_id ORDER BY n.number))
$$;
COMMENT ON FUNCTION voiceagent_private.numbers_of(bigint) IS
	'All numbers of a lead of the current tenant, its first one as if the lead had been merged.';

CREATE FUNCTION voiceagent_private.put_back(tab regclass, given jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_columns text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
		WHERE a.attrelid = tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '');
BEGIN
	EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM jsonb_populate_recordset('
		'NULL::%1$s, $1)', tab, v_columns) USING given;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_back(regclass, jsonb) IS 'Stores rows again, an array of to_jsonb().';

CREATE FUNCTION voiceagent_private.lock_merge(lead_ids bigint[], campaign_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaigns bigint[];
	v_campaign bigint;
BEGIN
	v_campaigns := ARRAY(SELECT m.campaign_id FROM voiceagent.campaign_leads m
		WHERE m.tenant_id = v_tenant AND m.lead_id = ANY (lead_ids)
		UNION SELECT unnest(campaign_ids) ORDER BY 1);
	PERFORM FROM voiceagent.calls c	-- Of both directions.
	WHERE c.tenant_id = v_tenant AND c.lead_id = ANY (lead_ids) ORDER BY c.call_id FOR UPDATE;
	-- A claim that came first has placed its calls, and they are seen; a later one finds no lead.
	PERFORM voiceagent_private.lock_waiting('{}', v_campaigns);
	PERFORM voiceagent_private.lock_law(false);
	FOREACH v_campaign IN ARRAY v_campaigns LOOP
		PERFORM FROM voiceagent_private.lanes n WHERE n.tenant_id = v_tenant AND n.campaign_id = v_campaign
		ORDER BY n.lane_id FOR NO KEY UPDATE;
		PERFORM FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = v_campaign AND q.lead_id = ANY (lead_ids)
		ORDER BY q.lead_id FOR UPDATE;
	END LOOP;
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids)
	ORDER BY l.lead_id FOR UPDATE;
	RETURN v_campaigns;
END
$$;
COMMENT ON FUNCTION voiceagent_private.lock_merge(bigint[], bigint[]) IS
	'Locks leads of the current tenant, which is locked whole, with their calls and campaigns, and these campaigns, '
	'in the order of locks; returns the campaigns.';

CREATE FUNCTION voiceagent_private.merge_waits_for(lead_ids bigint[]) RETURNS text
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT min(CASE WHEN EXISTS (SELECT FROM voiceagent_private.live_calls c
				WHERE c.tenant_id = voiceagent.current_tenant() AND c.lead_id = i.id)
			-- Calls of both directions.
			OR EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant()
				AND c.call_id = ANY (p.calls) AND c.ended_at IS NULL) THEN format('A call of lead %s is live.', i.id)
		WHEN EXISTS (SELECT FROM voiceagent.erasures e WHERE e.tenant_id = voiceagent.current_tenant()
			AND e.lead_id = i.id AND e.status = 'waiting') THEN format('Lead %s is being erased.', i.id)
		WHEN voiceagent_private.lead_is_held(i.id) THEN format('A number of lead %s is under a legal hold.', i.id) END)
	FROM unnest(lead_ids) AS i(id)
	CROSS JOIN LATERAL (SELECT voiceagent_private.calls_of_person(i.id, voiceagent_private.phones_of_lead(i.id))
		AS calls OFFSET 0 /* once a lead */) p
$$;
COMMENT ON FUNCTION voiceagent_private.merge_waits_for(bigint[]) IS
	'Why leads of the current tenant, which the caller has locked, cannot be merged or parted now; NULL: they can.';

CREATE FUNCTION voiceagent_private.merge_numbers(keep bigint, given voiceagent.lead_numbers[]) RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_added text[] := '{}';
	v voiceagent.lead_numbers;
BEGIN
	DELETE FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = given[1].lead_id;
	-- Each with the place that it had, so that no hour becomes lawful by the merge.
	FOREACH v IN ARRAY given LOOP
		CONTINUE WHEN EXISTS (SELECT FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = keep
				AND l.phone = ANY (voiceagent_private.spellings(v.phone)));
		UPDATE voiceagent.lead_numbers n SET was_lead = coalesce(n.was_lead, v.was_lead)
		WHERE n.tenant_id = v_tenant AND n.lead_id = keep AND n.phone = ANY (voiceagent_private.spellings(v.phone));
		CONTINUE WHEN FOUND;
		v.lead_id := keep;
		v.number := (SELECT min(f) FROM generate_series(2, 5) f WHERE NOT EXISTS (SELECT FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.lead_id = keep AND n.number = f));
		PERFORM voiceagent_private.put_back('voiceagent.lead_numbers', jsonb_build_array(to_jsonb(v)));
		v_added := v_added || v.phone::text;
	END LOOP;
	RETURN v_added;
END
$$;
COMMENT ON FUNCTION voiceagent_private.merge_numbers(bigint, voiceagent.lead_numbers[]) IS
	'Gives a lead of the current tenant the numbers_of() another one; returns those that are new.';

CREATE FUNCTION voiceagent_private.merge_places(keep bigint, gone bigint, numbers voiceagent.lead_numbers[])
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_places jsonb := '[]';
	v_queue voiceagent_private.call_queue;
	v_had integer;
	v_limit integer;
	v_rest interval;
	v voiceagent.campaign_leads;
BEGIN
	FOR v IN
		SELECT m.* FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.lead_id = gone
		ORDER BY m.campaign_id
	LOOP
		DELETE FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = v_tenant AND q.campaign_id = v.campaign_id AND q.lead_id = gone RETURNING q.* INTO v_queue;
		v_had := (SELECT m.attempts FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = keep);
		IF v_had IS NOT NULL THEN
			DELETE FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = gone;
			SELECT w.retry_attempts + 1, voiceagent_private.as_interval(w.settings ->> 'number_cooldown')
			INTO v_limit, v_rest FROM voiceagent.campaigns g JOIN voiceagent.campaign_versions w
				ON w.tenant_id = v_tenant AND w.campaign_id = g.campaign_id AND w.version = g.version
			WHERE g.tenant_id = v_tenant AND g.campaign_id = v.campaign_id;
			-- One person, one budget: the claim ends the place when no dial is left.
			UPDATE voiceagent.campaign_leads m SET attempts = least(v_had + v.attempts, greatest(v_had, v_limit))
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = keep;
			-- The campaign's own calls to a number are no other lead's any more, so its rest is taken over here.
			UPDATE voiceagent_private.call_queue q SET not_before = greatest(q.not_before, v_queue.not_before,
				(SELECT max(c.started_at) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.lead_id = gone
					AND c.direction <> 'inbound' AND c.campaign_id = v.campaign_id) + v_rest)
			WHERE q.tenant_id = v_tenant AND q.campaign_id = v.campaign_id AND q.lead_id = keep
				AND q.reason <> 'callback';
			IF v.status IN ('pending', 'queued', 'retry') THEN
				PERFORM voiceagent_private.log_event('lead_skipped', v.campaign_id, NULL, keep,
					jsonb_build_object('reason', format('waited there as lead %s, too: it is one person', gone)));
			END IF;
		ELSE
			UPDATE voiceagent.campaign_leads m SET lead_id = keep
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = gone;
			IF v_queue.lead_id IS NOT NULL THEN
				-- By the number that was to be dialled, which is the other's now.
				PERFORM voiceagent_private.enqueue(v.campaign_id, ARRAY[keep], ARRAY[v_queue.not_before],
					ARRAY[v_queue.priority], ARRAY[v_queue.reason], ARRAY(SELECT n.number
						FROM unnest(numbers) g JOIN unnest(voiceagent_private.numbers_of(keep)) n
							ON n.phone = ANY (voiceagent_private.spellings(g.phone))
						WHERE g.number IN (1, v_queue.number) ORDER BY g.number DESC LIMIT 1));
			END IF;
		END IF;
		v_places := v_places || jsonb_build_object('was', to_jsonb(v), 'queue',
			CASE WHEN v_queue.lead_id IS NOT NULL THEN to_jsonb(v_queue) END, 'had', v_had, 'after',
			(SELECT to_jsonb(m) FROM voiceagent.campaign_leads m
				WHERE m.tenant_id = v_tenant AND m.campaign_id = v.campaign_id AND m.lead_id = keep));
	END LOOP;
	RETURN v_places;
END
$$;
COMMENT ON FUNCTION voiceagent_private.merge_places(bigint, bigint, voiceagent.lead_numbers[]) IS
	'Has a lead of the current tenant, which has the other''s numbers, wait where the other one waits, and ends the '
	'other''s places in campaigns in which both are; returns them as they were.';

CREATE FUNCTION voiceagent_private.stop_twins(keep bigint, gone bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[];
	v_saved jsonb;
BEGIN
	v_ids := ARRAY(SELECT e.enrolment_id FROM voiceagent.sequence_enrolments e
		WHERE e.tenant_id = v_tenant AND e.lead_id = gone AND e.ended_at IS NULL
			AND EXISTS (SELECT FROM voiceagent.sequence_enrolments o WHERE o.tenant_id = v_tenant AND o.lead_id = keep
				AND o.sequence_id = e.sequence_id AND o.ended_at IS NULL));
	v_saved := jsonb_build_object('stopped', (SELECT coalesce(jsonb_agg(to_jsonb(e)), '[]')
			FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (v_ids)),
		'turns', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM voiceagent_private.sequence_turns t
			WHERE t.tenant_id = v_tenant AND t.enrolment_id = ANY (v_ids)));
	PERFORM voiceagent_private.stop_enrolments(v_ids, format('merged into lead %s, which is in it as well', keep));
	UPDATE voiceagent.sequence_enrolments e SET run = e.run + o.last
	FROM (SELECT k.sequence_id, max(k.run) AS last FROM voiceagent.sequence_enrolments k
		WHERE k.tenant_id = v_tenant AND k.lead_id = keep GROUP BY k.sequence_id) o
	WHERE e.tenant_id = v_tenant AND e.lead_id = gone AND e.sequence_id = o.sequence_id;
	UPDATE voiceagent.sequence_effects f SET run = e.run FROM voiceagent.sequence_enrolments e
	WHERE e.tenant_id = v_tenant AND e.lead_id = gone AND f.tenant_id = v_tenant AND f.enrolment_id = e.enrolment_id
		AND f.run <> e.run;
	UPDATE voiceagent.lead_scripts s SET digest = sha256(s.digest || int8send(s.script_id))
	WHERE s.tenant_id = v_tenant AND s.lead_id = gone AND EXISTS (SELECT FROM voiceagent.lead_scripts o
		WHERE o.tenant_id = v_tenant AND o.lead_id = keep AND o.digest = s.digest);
	DELETE FROM voiceagent_private.tool_asks a
	WHERE a.tenant_id = v_tenant AND a.lead_id = gone AND a.purpose = 'dial';	-- They are asked again.
	RETURN v_saved;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_twins(bigint, bigint) IS
	'Before a lead''s names move to another one: ends enrolments that both have, and numbers its runs behind the '
	'other''s; returns what it ended.';

CREATE FUNCTION voiceagent.merge_leads(keep bigint, gone bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_campaigns bigint[];
	v_keep voiceagent.leads;
	v_gone voiceagent.leads;
	v_saved jsonb;
	v_moved jsonb;
	v_numbers voiceagent.lead_numbers[];
	v_merge bigint;
	v_why text;
	v_refusal voiceagent.do_not_call_list;
BEGIN
	PERFORM voiceagent_private.fail_if(keep IS NULL OR gone IS NULL OR keep = gone, 'PT422',
		'these are not two leads', NULL, 'Give the lead that stays, and the one that is the same person.');
	-- No session adds leads or ends calls meanwhile, and no campaign of theirs dials.
	PERFORM voiceagent_private.lock_leads(true);
	PERFORM voiceagent_private.lock_tenant(true);
	v_campaigns := voiceagent_private.lock_merge(ARRAY[keep, gone], '{}');
	SELECT l.* INTO v_keep FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = keep;
	SELECT l.* INTO v_gone FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = gone;
	PERFORM voiceagent_private.known_leads(ARRAY[keep, gone]);
	v_numbers := voiceagent_private.numbers_of(gone);
	v_why := coalesce(voiceagent_private.merge_waits_for(ARRAY[keep, gone]), CASE
		WHEN (SELECT count(DISTINCT n.phone) FROM unnest(v_numbers || voiceagent_private.numbers_of(keep)) n) > 5
			THEN 'Together they have more than five numbers.'
		-- test_call() rings the first number of the lead that stands for a telephone.
		WHEN EXISTS (SELECT FROM voiceagent.own_numbers o WHERE o.tenant_id = v_tenant AND o.lead_id = gone)
			THEN format('Lead %s stands for a telephone of your own.', gone)
		WHEN EXISTS (SELECT FROM voiceagent.campaign_leads m JOIN voiceagent_private.call_queue q
				ON q.tenant_id = v_tenant AND q.campaign_id = m.campaign_id AND q.lead_id = gone
					AND q.reason = 'callback'
			WHERE m.tenant_id = v_tenant AND m.lead_id = keep) THEN format('Lead %s was promised a call by a campaign '
				'in which lead %s is as well: merge them after it, or the other way round.', gone, keep)
		WHEN EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.held
				AND d.phone = ANY (voiceagent_private.phones_of_lead(keep) || voiceagent_private.phones_of_lead(gone)))
			THEN 'What one of them said may be an opt-out, and nobody has decided.' END);
	PERFORM voiceagent_private.fail_if(v_why IS NOT NULL, 'PT409',
		format('lead %s cannot be merged into lead %s', gone, keep), v_why);
	SELECT r.* INTO v_refusal FROM unnest(ARRAY[keep, gone]) WITH ORDINALITY i(lead, n),
		voiceagent_private.refusal_of(i.lead) r WHERE r.phone IS NOT NULL ORDER BY i.n LIMIT 1;
	-- The other's consent does not bring back one that either has withdrawn since, for the same number.
	-- Nor does an undo: whoever withdraws it meanwhile finds nothing to end, and would not be seen.
	UPDATE voiceagent.consents c SET revoked_at = w.revoked_at
	FROM (SELECT o.lead_id, o.phone, o.kind, max(o.revoked_at) AS revoked_at FROM voiceagent.consents o
		WHERE o.tenant_id = v_tenant AND o.lead_id IN (keep, gone) GROUP BY o.lead_id, o.phone, o.kind) w
	WHERE c.tenant_id = v_tenant AND c.lead_id IN (keep, gone) AND c.lead_id <> w.lead_id
		AND c.phone = ANY (voiceagent_private.spellings(w.phone))
		AND c.kind = w.kind AND c.kind <> 'appointment' AND c.revoked_at IS NULL AND c.granted_at <= w.revoked_at;
	v_saved := jsonb_build_object('before', to_jsonb(v_keep), 'numbers', to_jsonb(v_numbers[2:]),
		'added', voiceagent_private.merge_numbers(keep, v_numbers),
		'places', voiceagent_private.merge_places(keep, gone, v_numbers)) || voiceagent_private.stop_twins(keep, gone);
	v_moved := voiceagent_private.move_names(gone, keep);
	PERFORM voiceagent_private.unlist(ARRAY[keep, gone]);
	UPDATE voiceagent.leads l SET first_name = coalesce(l.first_name, v_gone.first_name),
		last_name = coalesce(l.last_name, v_gone.last_name), email = coalesce(l.email, v_gone.email),
		company = coalesce(l.company, v_gone.company), qualified = coalesce(l.qualified, v_gone.qualified),
		follow_up = coalesce(l.follow_up, v_gone.follow_up),
		tags = l.tags || (ARRAY(SELECT t FROM unnest(v_gone.tags) t
			WHERE t <> ALL (l.tags)))[:greatest(50 - cardinality(l.tags), 0)],
		context = CASE WHEN voiceagent_private.json_bytes(v_gone.context || l.context, 4194304) <= 4194304
			THEN v_gone.context || l.context ELSE l.context END,
		call_attempts = l.call_attempts + v_gone.call_attempts,
		last_contacted_at = greatest(l.last_contacted_at, v_gone.last_contacted_at),
		last_called_at = greatest(l.last_called_at, v_gone.last_called_at),
		last_outcome = CASE WHEN v_gone.last_called_at > coalesce(l.last_called_at, '-infinity')
			THEN v_gone.last_outcome ELSE l.last_outcome END,
		-- That a number is listed is the number's alone.
		status = CASE WHEN x.takes THEN v_gone.status ELSE l.status END,
		status_reason = CASE WHEN x.takes THEN v_gone.status_reason ELSE l.status_reason END, list_class = NULL
	FROM (SELECT v_keep.status = 'new' AND v_gone.status <> 'do_not_call'
		OR v_keep.status = 'failed' AND v_gone.status = 'retry' AS takes) x
	WHERE l.tenant_id = v_tenant AND l.lead_id = keep;
	DELETE FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = gone;
	PERFORM voiceagent_private.relist(ARRAY[keep]);
	-- The place in which the other waited may have given way to one that has ended.
	PERFORM voiceagent_private.give_up_leads(array_agg(m.campaign_id), array_agg(m.lead_id))
	FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.lead_id = keep;
	-- A person who has refused is reached at no number, whichever of the two leads it was; an undo leaves it so.
	IF v_refusal.phone IS NOT NULL THEN
		PERFORM voiceagent_private.list_refusals(voiceagent_private.phones_of_lead(keep), v_refusal.reason,
			v_refusal.source, v_now, ARRAY[v_refusal.call_id], ARRAY[keep]);
		v_campaigns := v_campaigns || voiceagent_private.withdraw_leads(ARRAY[keep], v_refusal.reason);
	END IF;
	INSERT INTO voiceagent.lead_merges (tenant_id, lead_id, gone_lead_id, was, merged_at, merged_by)
	VALUES (v_tenant, keep, gone, to_jsonb(v_gone), v_now, voiceagent_private.actor()) RETURNING merge_id INTO v_merge;
	INSERT INTO voiceagent_private.merge_undos (tenant_id, merge_id, lead_id, ends_at, saved, moved)
	SELECT v_tenant, v_merge, keep, v_now + interval '24 hours', v_saved || jsonb_build_object('after', to_jsonb(l)),
		v_moved
	FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = keep;
	PERFORM voiceagent_private.request_job('forget_merges', v_now + interval '24 hours');
	PERFORM voiceagent_private.audit('merge_leads', format('lead %s', keep), NULL, d.data),
		voiceagent_private.log_event('lead_merged', NULL, NULL, keep, d.data)
	FROM (SELECT jsonb_build_object('merge_id', v_merge, 'gone', gone) AS data) d;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	RETURN v_merge;
END
$$;
COMMENT ON FUNCTION voiceagent.merge_leads(bigint, bigint) IS
	E'Merges a lead (gone) into another one that is the same person (keep), and returns the merge_id for '
	'unmerge_leads(), which undoes it within a day.\n'
	'All that names gone names keep, which has its numbers as further ones, and what keep lacked; attempts add up. '
	'PT404; PT409, with why, for a live call, an erasure, a legal hold, more than five numbers; PT422.';

CREATE FUNCTION voiceagent_private.unmerge_fields(u voiceagent_private.merge_undos) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_before jsonb := u.saved -> 'before';
	v_after jsonb := u.saved -> 'after';
	v_new voiceagent.leads;
BEGIN
	SELECT l.* INTO v_new FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = u.lead_id;
	-- Rows that the merge changed, and no one since.
	v_new := jsonb_populate_record(v_new, (SELECT coalesce(jsonb_object_agg(b.key, b.value), '{}')
		FROM jsonb_each(v_before) b JOIN jsonb_each(to_jsonb(v_new)) n ON n.key = b.key
		WHERE v_after -> b.key IS DISTINCT FROM b.value AND n.value = v_after -> b.key
			AND b.key NOT IN ('list_class', 'enrichment', 'tags', 'context', 'name_key')));
	PERFORM voiceagent_private.unlist(ARRAY[u.lead_id]);
	UPDATE voiceagent.leads l SET first_name = v_new.first_name, last_name = v_new.last_name, email = v_new.email,
		company = v_new.company, qualified = v_new.qualified, follow_up = v_new.follow_up,
		call_attempts = v_new.call_attempts, last_contacted_at = v_new.last_contacted_at,
		last_called_at = v_new.last_called_at, last_outcome = v_new.last_outcome, status = v_new.status,
		status_reason = v_new.status_reason, list_class = NULL,
		tags = ARRAY(SELECT t FROM unnest(l.tags) WITH ORDINALITY x(t, ord)
			WHERE v_before -> 'tags' ? t OR NOT v_after -> 'tags' ? t ORDER BY ord),
		context = l.context - ARRAY(SELECT a.key FROM jsonb_each(v_after -> 'context') a
			WHERE NOT v_before -> 'context' ? a.key AND l.context -> a.key = a.value)
	WHERE l.tenant_id = v_tenant AND l.lead_id = u.lead_id;
	PERFORM voiceagent_private.relist(ARRAY[u.lead_id]);
END
$$;
COMMENT ON FUNCTION voiceagent_private.unmerge_fields(voiceagent_private.merge_undos) IS
	'Takes from a lead of the current tenant what a merge has filled in, if unchanged since.';

CREATE FUNCTION voiceagent_private.unmerge_places(u voiceagent_private.merge_undos, gone bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_place jsonb;
	v_was voiceagent.campaign_leads;
	v_queue voiceagent_private.call_queue;
	v_had integer;
	v_same boolean;
	v_archived boolean;
BEGIN
	FOR v_place IN SELECT p FROM jsonb_array_elements(u.saved -> 'places') p LOOP
		v_was := jsonb_populate_record(NULL::voiceagent.campaign_leads, v_place -> 'was');
		v_queue := jsonb_populate_record(NULL::voiceagent_private.call_queue, nullif(v_place -> 'queue', 'null'));
		v_had := (v_place ->> 'had')::integer;
		v_same := EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant
			AND m.campaign_id = v_was.campaign_id AND m.lead_id = u.lead_id AND to_jsonb(m) = v_place -> 'after');
		SELECT c.archived_at IS NOT NULL INTO v_archived FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = v_was.campaign_id;
		CONTINUE WHEN NOT FOUND;
		IF v_had IS NOT NULL THEN
			UPDATE voiceagent.campaign_leads m SET attempts = v_had
			WHERE v_same AND m.tenant_id = v_tenant AND m.campaign_id = v_was.campaign_id AND m.lead_id = u.lead_id;
		ELSIF v_same THEN
			DELETE FROM voiceagent_private.call_queue q
			WHERE q.tenant_id = v_tenant AND q.campaign_id = v_was.campaign_id AND q.lead_id = u.lead_id;
			DELETE FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.campaign_id = v_was.campaign_id AND m.lead_id = u.lead_id;
		END IF;
		-- It was dialled there as the other, or taken out: that is not done once more.
		IF v_was.status IN ('queued', 'retry', 'pending') AND (v_archived OR v_had IS NULL AND NOT v_same) THEN
			v_was.status := 'skipped';
			v_was.reason := format('it was lead %s for a while, which has its place', u.lead_id);
			v_queue := NULL;
		END IF;
		PERFORM voiceagent_private.put_back('voiceagent.campaign_leads', jsonb_build_array(to_jsonb(v_was)));
		IF v_queue.lead_id IS NOT NULL THEN
			PERFORM voiceagent_private.enqueue(v_was.campaign_id, ARRAY[gone], ARRAY[v_queue.not_before],
				ARRAY[v_queue.priority], ARRAY[v_queue.reason], ARRAY[v_queue.number]);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unmerge_places(voiceagent_private.merge_undos, bigint) IS
	'Gives a lead that is there again its places in campaigns back; one in which something happened since stays with '
	'the other lead.';

CREATE FUNCTION voiceagent.unmerge_leads(merge_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_merge voiceagent.lead_merges;
	u voiceagent_private.merge_undos;
	v_campaigns bigint[];
	v_later bigint;
	v_why text;
BEGIN
	PERFORM voiceagent_private.lock_leads(true);
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT m.* INTO v_merge FROM voiceagent.lead_merges m
	WHERE m.tenant_id = v_tenant AND m.merge_id = unmerge_leads.merge_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('merge %s does not exist', unmerge_leads.merge_id));
	SELECT o.* INTO u FROM voiceagent_private.merge_undos o
	WHERE o.tenant_id = v_tenant AND o.merge_id = v_merge.merge_id AND o.saved <> '{}' AND o.ends_at > v_now;
	IF v_merge.undone_at IS NULL AND u.lead_id IS NOT NULL THEN
		SELECT max(m.merge_id) INTO v_later FROM voiceagent.lead_merges m
		WHERE m.tenant_id = v_tenant AND m.gone_lead_id = u.lead_id AND m.undone_at IS NULL;
		v_campaigns := voiceagent_private.lock_merge(ARRAY[u.lead_id],
			ARRAY(SELECT (p #>> '{was,campaign_id}')::bigint FROM jsonb_array_elements(u.saved -> 'places') p));
	END IF;
	v_why := CASE WHEN v_merge.undone_at IS NOT NULL THEN 'It is undone already.'
		WHEN u.lead_id IS NULL THEN 'It is older than a day.'
		WHEN v_later IS NOT NULL THEN format('Lead %s was merged since: undo merge %s first.', u.lead_id, v_later)
		WHEN EXISTS (SELECT FROM voiceagent.leads l WHERE l.tenant_id = v_tenant
			AND l.phone = v_merge.was ->> 'phone') THEN 'Its number is another lead''s by now.'
		ELSE voiceagent_private.merge_waits_for(ARRAY[u.lead_id]) END;
	PERFORM voiceagent_private.fail_if(v_why IS NOT NULL, 'PT409',
		format('merge %s cannot be undone', v_merge.merge_id), v_why);
	PERFORM voiceagent_private.put_back('voiceagent.leads', jsonb_build_array(v_merge.was || '{"list_class": null}'));
	DELETE FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = u.lead_id
		AND u.saved -> 'added' ? n.phone::text;
	-- The marks that it brought to numbers that both had.
	UPDATE voiceagent.lead_numbers n SET was_lead = NULL WHERE n.tenant_id = v_tenant AND n.lead_id = u.lead_id
		AND (n.was_lead = v_merge.gone_lead_id OR n.was_lead IN (SELECT (r ->> 'was_lead')::bigint
			FROM jsonb_array_elements(u.saved -> 'numbers') r));
	PERFORM voiceagent_private.put_back('voiceagent.lead_numbers', u.saved -> 'numbers');
	PERFORM voiceagent_private.move_names(u.lead_id, v_merge.gone_lead_id, u.moved);
	UPDATE voiceagent.sequence_enrolments e SET state = s.state, reason = NULL, ended_at = NULL, due_at = s.due_at
	FROM jsonb_populate_recordset(NULL::voiceagent.sequence_enrolments, u.saved -> 'stopped') s
	WHERE e.tenant_id = v_tenant AND e.lead_id = v_merge.gone_lead_id AND e.enrolment_id = s.enrolment_id;
	PERFORM voiceagent_private.put_back('voiceagent_private.sequence_turns', u.saved -> 'turns');
	PERFORM voiceagent_private.request_job('take_steps', v_now);
	PERFORM voiceagent_private.unmerge_places(u, v_merge.gone_lead_id);
	PERFORM voiceagent_private.unmerge_fields(u);
	PERFORM voiceagent_private.relist(ARRAY[v_merge.gone_lead_id]);
	PERFORM voiceagent_private.give_up_leads(array_agg(m.campaign_id), array_agg(m.lead_id))
	FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.lead_id IN (u.lead_id, v_merge.gone_lead_id);
	UPDATE voiceagent.lead_merges m SET undone_at = v_now, undone_by = voiceagent_private.actor(), was = '{}'
	WHERE m.tenant_id = v_tenant AND m.merge_id = v_merge.merge_id;
	UPDATE voiceagent_private.merge_undos o SET saved = '{}', moved = '{}', ends_at = o.ends_at + interval '90 days'
	WHERE o.tenant_id = v_tenant AND o.merge_id = v_merge.merge_id;
	PERFORM voiceagent_private.audit('unmerge_leads', format('lead %s', v_merge.gone_lead_id), NULL, d.data),
		voiceagent_private.log_event('lead_unmerged', NULL, NULL, v_merge.gone_lead_id, d.data)
	FROM (SELECT jsonb_build_object('merge_id', v_merge.merge_id, 'lead_id', u.lead_id) AS data) d;
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	RETURN v_merge.gone_lead_id;
END
$$;
COMMENT ON FUNCTION voiceagent.unmerge_leads(bigint) IS
	E'Undoes a merge within a day, and returns the lead that is there again.\n'
	'Values that were moved or filled in go back unless they were changed since; later events stay. PT404; PT409, with '
	'why, when it is older, undone, or a call, an erasure, a hold or a later merge is in the way.';

CREATE FUNCTION voiceagent_private.forget_merges(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
BEGIN
	FOR v IN
		SELECT u.merge_id, u.saved <> '{}' AS fresh, m.lead_id, m.gone_lead_id FROM voiceagent_private.merge_undos u
		JOIN voiceagent.lead_merges m ON m.tenant_id = v_tenant AND m.merge_id = u.merge_id
		WHERE u.tenant_id = v_tenant AND u.ends_at <= voiceagent.clock() ORDER BY u.ends_at LIMIT max FOR UPDATE OF u
	LOOP
		IF v.fresh THEN
			-- A session that was at work with the lead while it was merged may have named it since.
			PERFORM voiceagent_private.move_names(v.gone_lead_id, v.lead_id);
			UPDATE voiceagent_private.merge_undos u SET saved = '{}', moved = '{}',
				ends_at = u.ends_at + interval '90 days' WHERE u.tenant_id = v_tenant AND u.merge_id = v.merge_id;
		ELSE
			DELETE FROM voiceagent_private.merge_undos u WHERE u.tenant_id = v_tenant AND u.merge_id = v.merge_id;
			DELETE FROM voiceagent.lead_merges m WHERE m.tenant_id = v_tenant AND m.merge_id = v.merge_id;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_merges(integer) IS
	'A step of a maintenance job for the current tenant: a merge stands after a day, and is forgotten 90 days later.';
SELECT voiceagent_private.register_tenant_job('forget_merges', 100, 'merge_undos', 'ends_at');

CREATE FUNCTION voiceagent.find_duplicates(after bigint DEFAULT 0, max_rows integer DEFAULT 100)
	RETURNS TABLE (keep bigint, gone bigint, why text[])
	LANGUAGE sql STABLE SECURITY DEFINER SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
	WITH said AS (
		SELECT l.lead_id, x.what, x.key FROM voiceagent.leads l
		CROSS JOIN LATERAL (VALUES ('mail address', lower(l.email)), ('name and company',
			CASE WHEN coalesce(l.last_name, l.first_name) IS NOT NULL THEN l.name_key || E'\n' || lower(l.company) END))
			AS x(what, key)
		WHERE l.tenant_id = voiceagent.current_tenant() AND x.key IS NOT NULL
		UNION ALL SELECT n.lead_id, 'number', least(s.two[1], s.two[2])
		FROM (SELECT l.lead_id, l.phone FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant()
			UNION ALL SELECT o.lead_id, o.phone FROM voiceagent.lead_numbers o
			WHERE o.tenant_id = voiceagent.current_tenant()) n
		CROSS JOIN LATERAL (SELECT voiceagent_private.spellings(n.phone) AS two) s
	), twins AS (
		SELECT s.what, s.key, min(s.lead_id) AS first FROM said s GROUP BY s.what, s.key HAVING count(*) > 1
	)
	SELECT t.first, s.lead_id, array_agg(DISTINCT s.what ORDER BY s.what)
	FROM said s JOIN twins t ON t.what = s.what AND t.key = s.key
	WHERE s.lead_id > t.first AND s.lead_id > coalesce(after, 0)
	GROUP BY s.lead_id, t.first ORDER BY s.lead_id
	-- Not in the middle of those of one lead: the next page begins behind it.
	FETCH FIRST least(greatest(coalesce(max_rows, 100), 1), 1000) ROWS WITH TIES
$$;
COMMENT ON FUNCTION voiceagent.find_duplicates(bigint, integer) IS
	E'Leads that share a number, a mail address, or name and company with an older one (keep), with why.\n'
	'In the order of gone, those behind that lead (after), at most max_rows (1000). It merges none.';
