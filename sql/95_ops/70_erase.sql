/*
 * 95_ops: a person is forgotten.
 *
 * Erased: whatever person() finds by the lead, its numbers or its calls, and its
 * numbers where others have them as further ones, with the consents for those;
 * r95_forgotten goes through all tables.  Kept: the ledger (which knows a call by
 * its number alone), the entry on the do-not-call list, without which the next
 * file would bring the person back, how many calls each number had, without which
 * a cap for ever would begin anew, a digest of each consent, and the receipt.
 *
 * A person whose call is live, in either direction, waits for the call's end, one
 * with a number under a legal hold (58_case_file.sql) for the end of that; until
 * then it is out of every queue.  A webhook that comes later still finds
 * the call among the erased ones and is emptied.
 */

CREATE TABLE voiceagent.erasures (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	erasure_id bigint GENERATED ALWAYS AS IDENTITY,
	lead_id bigint NOT NULL,
	status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done')),
	reason text NOT NULL,
	requested_by text NOT NULL,
	requested_at timestamptz NOT NULL,
	done_at timestamptz,
	erased jsonb,
	consent_digests text[],
	digest text,
	-- In the row, since what a later version keeps, or calls it, changes no receipt.
	kept text[] NOT NULL
		DEFAULT ARRAY['ledger entries, by the calls'' numbers', 'the do-not-call entries of each number',
			'how many calls each number had, for caps that count them for ever', 'the audit log',
			'rows of imports that were not taken, until their retention ends'],
	PRIMARY KEY (tenant_id, erasure_id),
	CHECK ((status = 'done') = (done_at IS NOT NULL AND erased IS NOT NULL AND digest IS NOT NULL))
);
COMMENT ON TABLE voiceagent.erasures IS 'People who were erased, without saying who they were: the receipts.';
COMMENT ON COLUMN voiceagent.erasures.erasure_id IS 'Number of the erasure.';
COMMENT ON COLUMN voiceagent.erasures.lead_id IS 'Number that the lead had.';
COMMENT ON COLUMN voiceagent.erasures.status IS 'waiting (a call is live, or a legal hold stands) or done.';
COMMENT ON COLUMN voiceagent.erasures.reason IS 'Why, in the words of whoever asked for it.';
COMMENT ON COLUMN voiceagent.erasures.requested_by IS 'The member, API key or database role that asked for it.';
COMMENT ON COLUMN voiceagent.erasures.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN voiceagent.erasures.done_at IS 'When it was done.';
COMMENT ON COLUMN voiceagent.erasures.erased IS 'Rows removed, by table.';
COMMENT ON COLUMN voiceagent.erasures.consent_digests IS
	E'SHA-256 of each consent as it stood, in hexadecimal: proves a copy that somebody else has kept.\n'
	'Of the jsonb text that export_lead() gave, whose times are in UTC.';
COMMENT ON COLUMN voiceagent.erasures.digest IS
	'SHA-256 of the receipt''s other members, of their jsonb text as erasure_receipt() gives it, with times in UTC.';
COMMENT ON COLUMN voiceagent.erasures.kept IS 'The data of the person that stay, in words.';
CREATE INDEX erasures_lead ON voiceagent.erasures (tenant_id, lead_id);
CREATE UNIQUE INDEX erasures_waiting ON voiceagent.erasures (tenant_id, lead_id) WHERE status = 'waiting';
SELECT voiceagent_private.guard_table('voiceagent.erasures', 'tenant');

CREATE TABLE voiceagent_private.waiting_erasures (
	tenant_id bigint NOT NULL,
	erasure_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	failures integer NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, erasure_id)
);
COMMENT ON TABLE voiceagent_private.waiting_erasures IS 'Erasures that wait for the end of a call.';
COMMENT ON COLUMN voiceagent_private.waiting_erasures.next_at IS 'When to look again.';
COMMENT ON COLUMN voiceagent_private.waiting_erasures.failures IS 'Failures since it was last looked at without one.';
CREATE INDEX waiting_erasures_next ON voiceagent_private.waiting_erasures (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.waiting_erasures', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.erased_calls (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	attempt_id bigint,
	provider_call_id text,
	PRIMARY KEY (tenant_id, call_id)
);
COMMENT ON TABLE voiceagent_private.erased_calls IS
	'Calls that are gone with their lead, so that a late webhook about one is emptied and not set aside.';
COMMENT ON COLUMN voiceagent_private.erased_calls.attempt_id IS 'The attempt that carriers echo as va-TENANT-ATTEMPT.';
COMMENT ON COLUMN voiceagent_private.erased_calls.provider_call_id IS 'The carrier''s own id of the call.';
CREATE INDEX erased_calls_attempt ON voiceagent_private.erased_calls (tenant_id, attempt_id)
	WHERE attempt_id IS NOT NULL;
CREATE INDEX erased_calls_provider ON voiceagent_private.erased_calls (tenant_id, provider_call_id)
	WHERE provider_call_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.erased_calls', 'internal');

CREATE FUNCTION voiceagent_private.first_owners(phones text[]) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(d.lead_id), '{}')
	FROM unnest(phones) AS p(phone)
	CROSS JOIN LATERAL (SELECT l.lead_id FROM voiceagent.leads l
		WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone = p.phone OFFSET 0) d
$$;
COMMENT ON FUNCTION voiceagent_private.first_owners(text[]) IS
	'The leads of the current tenant whose first number is one of these E.164 numbers.';

CREATE FUNCTION voiceagent_private.empty_webhooks(webhook_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_count bigint;
BEGIN
	-- To the planner "= ANY" of nothing implies the condition of any partial index: it reads the alarms of all tenants.
	IF cardinality(webhook_ids) = 0 THEN
		RETURN 0;
	END IF;
	DELETE FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (webhook_ids);
	DELETE FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant AND f.webhook_id = ANY (webhook_ids);
	UPDATE voiceagent.webhooks w SET body = '', headers = '{}'
	WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (webhook_ids);
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent_private.empty_webhooks(bigint[]) IS
	'Empties raw webhooks of the current tenant and takes them out of the inbox; their keys stay, so that a '
	'replay still has no effect.';

CREATE FUNCTION voiceagent_private.delete_erased(events voiceagent_private.matched_event[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_erased bigint[];
BEGIN
	SELECT array_agg(DISTINCT m.webhook_id) INTO v_erased
	FROM unnest(events) m
	WHERE EXISTS (SELECT FROM voiceagent_private.erased_calls e WHERE e.tenant_id = v_tenant
			AND e.attempt_id = voiceagent_private.attempt_of_reference((m.event).attempt_ref))
		OR EXISTS (SELECT FROM voiceagent_private.erased_calls e WHERE e.tenant_id = v_tenant
			AND e.provider_call_id = (m.event).provider_call_id);
	IF v_erased IS NOT NULL THEN
		PERFORM voiceagent_private.empty_webhooks(v_erased);
	END IF;
	RETURN coalesce(v_erased, '{}');
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_erased(voiceagent_private.matched_event[]) IS
	'For the inbox: of waiting webhooks whose events name no call that is there, empties those that name an erased '
	'one, and returns them.';

-- All from the row, and times in UTC, whatever the session's zone: the digest is of these words.
CREATE FUNCTION voiceagent_private.erasure_waits_for(lead_id bigint) RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN voiceagent_private.lead_is_held(lead_id)
		THEN 'the end of a legal hold: table legal_holds says of which number' ELSE 'the end of a call' END;
COMMENT ON FUNCTION voiceagent_private.erasure_waits_for(bigint) IS 'Why the erasure of a lead waits, in words.';

CREATE FUNCTION voiceagent_private.receipt(erasure voiceagent.erasures) RETURNS jsonb
	LANGUAGE sql STABLE SET timezone = 'UTC'
	RETURN jsonb_strip_nulls(
		jsonb_build_object('erasure_id', erasure.erasure_id, 'lead_id', erasure.lead_id, 'status', erasure.status,
			'reason', erasure.reason, 'requested_by', erasure.requested_by, 'requested_at', erasure.requested_at,
			'done_at', erasure.done_at,
			'waits_for', CASE WHEN erasure.status = 'waiting' THEN voiceagent_private.erasure_waits_for(erasure.lead_id)
			END,
			'erased', erasure.erased, 'consent_digests', to_jsonb(erasure.consent_digests),
			'digest', erasure.digest, 'kept', to_jsonb(erasure.kept)));
COMMENT ON FUNCTION voiceagent_private.receipt(voiceagent.erasures) IS
	E'An erasure as the receipt that is handed out.\n'
	'A member that a later version adds must be NULL in the rows of earlier ones: their digests stand.';

CREATE FUNCTION voiceagent_private.erase_events(v voiceagent_private.person) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_erased bigint;
	v_count bigint;
BEGIN
	-- One statement for each index: the tenant's events may be many, and none dials meanwhile.
	DELETE FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = ANY (v.calls);
	GET DIAGNOSTICS v_erased = ROW_COUNT;
	DELETE FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.lead_id = v.lead_id AND e.call_id IS NULL;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	v_erased := v_erased + v_count;
	-- A person that was listed before it became a lead is known by the number alone.
	DELETE FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.lead_id IS NULL AND e.call_id IS NULL
		AND e.event_type = 'lead_opted_out' AND e.event_data ->> 'phone' = ANY (v.phones);
	GET DIAGNOSTICS v_count = ROW_COUNT;
	-- Others had the number as a further one.
	DELETE FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.lead_id = ANY (v.sharers)
		AND e.call_id IS NULL AND e.event_data ->> 'phone' = ANY (v.phones);
	RETURN v_erased + v_count;
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_events(voiceagent_private.person) IS
	'Removes what happened to a person of the current tenant: in its calls, beside them, before it was a lead, and to '
	'its numbers with others; returns how many events of its own there were.';

CREATE FUNCTION voiceagent_private.erase_numbers(lead_id bigint, phones text[], sharers bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_count bigint;
BEGIN
	-- Rows that were the person, in this file and in others, also those that were checked only; a further
	-- number stands in the value.
	DELETE FROM voiceagent.import_reports e WHERE e.tenant_id = v_tenant AND e.phone = ANY (phones);
	DELETE FROM voiceagent.import_reports e
	WHERE e.tenant_id = v_tenant AND e.ctid = ANY (ARRAY(SELECT o.ctid FROM unnest(phones) AS p(phone)
		CROSS JOIN LATERAL (SELECT i.ctid FROM voiceagent.import_reports i
			WHERE i.tenant_id = v_tenant AND i.kind = 'warning' AND i.value LIKE '+%'
				AND i.value = p.phone OFFSET 0) o));
	-- The number stays on these lists, what was said about it does not.
	-- By the key of each, however long the lists are.
	UPDATE voiceagent.campaign_do_not_call_list d SET reason = 'erased'
	WHERE d.ctid = ANY (ARRAY(SELECT t.tid FROM voiceagent.campaigns c CROSS JOIN unnest(phones) AS p(phone)
		CROSS JOIN LATERAL (SELECT o.ctid AS tid FROM voiceagent.campaign_do_not_call_list o
			WHERE o.tenant_id = v_tenant AND o.campaign_id = c.campaign_id AND o.phone = p.phone FOR UPDATE) t
		WHERE c.tenant_id = v_tenant));
	DELETE FROM voiceagent.blocked_callers b WHERE b.tenant_id = v_tenant AND b.phone = ANY (phones);
	-- To others they are of no use: the list forbids their dial.
	DELETE FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (sharers)
		AND n.phone = ANY (phones);
	GET DIAGNOSTICS v_count = ROW_COUNT;
	DELETE FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.lead_id = erase_numbers.lead_id;
	DELETE FROM voiceagent.own_numbers o
	WHERE o.tenant_id = v_tenant AND (o.lead_id = erase_numbers.lead_id OR o.phone = ANY (phones));
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_numbers(bigint, text[], bigint[]) IS
	'Erases the numbers of a lead of the current tenant, and from other leads (sharers) and lists what tells of them; '
	'returns how many other leads had.';

CREATE FUNCTION voiceagent_private.erase_now(erasure_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET timezone = 'UTC' AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_erasure voiceagent.erasures;
	v_campaigns bigint[];
	v voiceagent_private.person;
	v_count bigint;
	v_erased jsonb := '{}';
	v_of record;
BEGIN
	-- No call ends meanwhile, and no campaign of the lead dials, starts or expires, nor one in which another
	-- waits who has its numbers.
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT * INTO STRICT v_erasure FROM voiceagent.erasures e
	WHERE e.tenant_id = v_tenant AND e.erasure_id = erase_now.erasure_id FOR UPDATE;
	v.phones := voiceagent_private.phones_of_lead(v_erasure.lead_id);
	PERFORM voiceagent_private.lock_waiting(
		voiceagent_private.sharers(v_erasure.lead_id, v.phones) || voiceagent_private.first_owners(v.phones),
		ARRAY(SELECT m.campaign_id FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = v_tenant AND m.lead_id = v_erasure.lead_id));
	-- Out of the queues first, then the lead's row, as a claim locks them; whoever dials has done so, or waits for us.
	v_campaigns := voiceagent_private.withdraw_leads(ARRAY[v_erasure.lead_id], 'erased');
	PERFORM FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = v_erasure.lead_id FOR UPDATE;
	-- The end of a call, which had the lock before us, may have queued the lead again.
	v_campaigns := v_campaigns || voiceagent_private.withdraw_leads(ARRAY[v_erasure.lead_id], 'erased');
	-- Found once: as a condition the function would be asked again for each call of the tenant.
	v.calls := voiceagent_private.calls_of_person(v_erasure.lead_id,
		coalesce(voiceagent_private.phones_of_lead(v_erasure.lead_id), '{}'));
	PERFORM FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v.calls)
	ORDER BY c.call_id FOR UPDATE;
	IF voiceagent_private.lead_is_held(v_erasure.lead_id)
		OR EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v.calls) AND c.ended_at IS NULL)
		OR EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.lead_id = v_erasure.lead_id) THEN
		PERFORM voiceagent_private.complete_campaigns(v_campaigns);
		RETURN false;
	END IF;
	-- Rows written while we waited for the calls are found, too. A lead that is gone by now has nothing left.
	v := voiceagent_private.person(v_erasure.lead_id);
	v_erased := v_erased || jsonb_build_object('webhooks', voiceagent_private.empty_webhooks(v.webhooks));
	INSERT INTO voiceagent_private.erased_calls (tenant_id, call_id, attempt_id, provider_call_id)
	SELECT v_tenant, i.call_id, a.attempt_id, coalesce(c.provider_call_id, a.provider_call_id)
	FROM unnest(v.calls) AS i(call_id)
	CROSS JOIN LATERAL (SELECT o.provider_call_id FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
	LEFT JOIN LATERAL (SELECT o.attempt_id, o.provider_call_id FROM voiceagent.attempts o
		WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) a ON true;
	PERFORM voiceagent_private.sandbox_forget(v.call_names);
	SELECT count(*) INTO v_count FROM voiceagent.call_turns t
	WHERE t.tenant_id = v_tenant AND t.call_id = ANY (v.calls);
	-- Before the calls, which take their events with them uncounted.
	v_erased := v_erased || jsonb_build_object('call_turns', v_count, 'events', voiceagent_private.erase_events(v));
	-- Offers go with their tasks. Before the calls, which take theirs along uncounted.
	DELETE FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.task_id = ANY (v.tasks);
	DELETE FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.appointment_id = ANY (v.appointments);
	PERFORM voiceagent_private.forget_model_requests(v.model_requests);
	v_erased := v_erased || jsonb_build_object('tasks', cardinality(v.tasks),
		'appointments', cardinality(v.appointments), 'model_requests', cardinality(v.model_requests),
		'webhook_deliveries', voiceagent_private.erase_webhook_deliveries(v.deliveries));
	FOR v_of IN
		SELECT p.relation, p.key, c.erased_by, array_agg(DISTINCT i.id) FILTER (WHERE i.id IS NOT NULL) AS ids
		FROM voiceagent_private.rows_of_person(v) p
		LEFT JOIN LATERAL unnest(p.ids) AS i(id) ON true
		LEFT JOIN voiceagent_private.retention_classes c ON c.tab = to_regclass('voiceagent.' || p.relation)
		GROUP BY p.relation, p.key, c.erased_by ORDER BY p.relation
	LOOP
		-- Names of ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE CASE WHEN v_of.erased_by IS NOT NULL
			THEN format('SELECT voiceagent_private.%I($2)', v_of.erased_by)
			ELSE format('DELETE FROM voiceagent.%I t WHERE t.tenant_id = $1 AND t.%I = ANY ($2)', v_of.relation,
				v_of.key) END USING v_tenant, coalesce(v_of.ids, '{}');
		v_erased := v_erased || jsonb_build_object(v_of.relation, coalesce(cardinality(v_of.ids), 0));
	END LOOP;
	v_erased := v_erased || jsonb_build_object('calls', voiceagent_private.remove_calls(v.calls));
	DELETE FROM voiceagent.lead_scripts s WHERE s.tenant_id = v_tenant AND s.lead_id = v.lead_id;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	v_erased := v_erased || jsonb_build_object('scripts', v_count);
	DELETE FROM voiceagent.lead_enrichments e WHERE e.tenant_id = v_tenant AND e.lead_id = v.lead_id;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	v_erased := v_erased || jsonb_build_object('enrichments', v_count);
	DELETE FROM voiceagent.lead_memories m WHERE m.tenant_id = v_tenant AND m.lead_id = v.lead_id;
	DELETE FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.lead_id = v.lead_id;
	GET DIAGNOSTICS v_count = ROW_COUNT;
	v_erased := v_erased || jsonb_build_object('campaign_leads', v_count);
	WITH gone AS (
		DELETE FROM voiceagent.consents n
		WHERE n.tenant_id = v_tenant AND n.lead_id = ANY (v.lead_id || v.sharers)
			AND (n.lead_id = v.lead_id OR n.phone = ANY (v.phones)) RETURNING n.*
	)
	SELECT array_agg(encode(sha256(convert_to(to_jsonb(g)::text, 'UTF8')), 'hex') ORDER BY g.consent_id)
	INTO v_erasure.consent_digests FROM gone g;
	v_erased := v_erased || jsonb_build_object('consents', coalesce(cardinality(v_erasure.consent_digests), 0));
	DELETE FROM voiceagent_private.tool_asks a WHERE a.tenant_id = v_tenant AND a.lead_id = v.lead_id;
	DELETE FROM voiceagent_private.merge_undos u WHERE u.tenant_id = v_tenant AND v.lead_id IN (u.lead_id,
		(SELECT m.lead_id FROM voiceagent.lead_merges m WHERE m.tenant_id = v_tenant AND m.merge_id = u.merge_id));
	DELETE FROM voiceagent.lead_merges m WHERE m.tenant_id = v_tenant AND m.lead_id = v.lead_id;
	DELETE FROM voiceagent.number_facts f WHERE f.tenant_id = v_tenant AND f.phone = ANY (v.phones);
	v_erased := v_erased || jsonb_build_object('texts', voiceagent_private.forget_texts(v.lead_id, v.phones),
		'enrolments', voiceagent_private.forget_enrolments(v.lead_id));
	-- The sender's id may name the person: its digest is as good against the same request again.
	UPDATE voiceagent.intake_requests r
	SET lead_id = NULL, sender_id = encode(sha256(convert_to(r.sender_id, 'UTF8')), 'hex')
	WHERE r.tenant_id = v_tenant AND r.lead_id = v.lead_id;
	v_erased := v_erased || jsonb_build_object('numbers_of_others',
		voiceagent_private.erase_numbers(v.lead_id, v.phones, v.sharers));
	FOR v_of IN SELECT r.name FROM voiceagent_private.registrations r WHERE r.kind = 'erasure' ORDER BY r.name LOOP
		-- A name of ours.  @plpgsql_check_options: security_warnings = off
		EXECUTE format('SELECT voiceagent_private.%I($1)', v_of.name) USING v;
	END LOOP;
	PERFORM voiceagent_private.unlist(ARRAY[v.lead_id]);
	DELETE FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v.lead_id;
	-- Never called again, and nothing said about whom.
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at)
	SELECT v_tenant, p, 'erased', 'manual', v_now FROM unnest(v.phones) p
	ON CONFLICT (tenant_id, phone) DO UPDATE
	SET reason = 'erased', call_id = NULL, held = false, turn = NULL, quote = NULL;

	v_erasure.erased := v_erased;
	-- Data left of others, and how to erase it.
	v_erasure.kept := v_erasure.kept || ARRAY(
		SELECT format('lead %1$s, whose first number one of these is, with its calls: erase_lead(%1$s) forgets it',
			d.lead_id)
		FROM unnest(voiceagent_private.first_owners(v.phones)) AS d(lead_id)
		UNION ALL
		SELECT format('calls of lead %1$s to one of these numbers, which it had as a further one: '
			'erase_lead(%1$s) forgets them', s.lead_id)
		FROM unnest(v.sharers) AS s(lead_id)
		WHERE EXISTS (SELECT FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.lead_id = s.lead_id AND c.direction <> 'inbound'
				AND c.phone = ANY (v.phones))
		ORDER BY 1);
	v_erasure.status := 'done';
	v_erasure.done_at := v_now;
	v_erasure.digest :=
		encode(sha256(convert_to((voiceagent_private.receipt(v_erasure) - 'digest')::text, 'UTF8')), 'hex');
	-- Files that were made before have the person in them.
	PERFORM voiceagent_private.drop_exports(NULL, 'a person was erased');
	UPDATE voiceagent.erasures e SET status = v_erasure.status, done_at = v_now, erased = v_erasure.erased,
		kept = v_erasure.kept, consent_digests = v_erasure.consent_digests, digest = v_erasure.digest
	WHERE e.tenant_id = v_tenant AND e.erasure_id = v_erasure.erasure_id;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
	VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, 'lead_erased', v_erasure.lead_id,
		jsonb_build_object('erasure_id', v_erasure.erasure_id));
	PERFORM voiceagent_private.complete_campaigns(v_campaigns);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_now(bigint) IS
	E'Carries out an erasure of the current tenant; false when a call of the lead is live or a number of it '
	'is held: then it is only out of the queues.\n'
	'After lock_leads(true).';

CREATE FUNCTION voiceagent_private.finish_erasures(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_erasure voiceagent_private.waiting_erasures;
	v_lead bigint;
	v_done boolean := false;
BEGIN
	-- One a commit: neither its locks nor what goes wrong with it is any other's.
	SELECT * INTO v_erasure FROM voiceagent_private.waiting_erasures w
	WHERE w.next_at <= v_now ORDER BY w.next_at, w.tenant_id, w.erasure_id LIMIT 1 FOR UPDATE SKIP LOCKED;
	IF FOUND THEN
		PERFORM voiceagent_private.set_tenant(v_erasure.tenant_id);
		v_lead := (SELECT e.lead_id FROM voiceagent.erasures e
			WHERE e.tenant_id = v_erasure.tenant_id AND e.erasure_id = v_erasure.erasure_id);
		BEGIN
			-- A tenant's import does not hold up the job.
			IF voiceagent_private.try_lock_leads(true) THEN
				v_done := voiceagent_private.erase_now(v_erasure.erasure_id);
			END IF;
			v_erasure.failures := 0;
		EXCEPTION WHEN OTHERS THEN
			v_erasure.failures := v_erasure.failures + 1;
			RAISE LOG 'erasure % of tenant % failed: % %', v_erasure.erasure_id, v_erasure.tenant_id, SQLSTATE, SQLERRM;
		END;
		IF v_done THEN
			DELETE FROM voiceagent_private.waiting_erasures w
			WHERE w.tenant_id = v_erasure.tenant_id AND w.erasure_id = v_erasure.erasure_id;
		ELSE
			UPDATE voiceagent_private.waiting_erasures w
			SET next_at = v_now + CASE WHEN v_erasure.failures = 0 AND voiceagent_private.lead_is_held(v_lead)
				-- The end of the hold asks for it at once.
				THEN interval '1 day' ELSE least(interval '2 seconds' * power(2, least(v_erasure.failures, 20)),
				interval '10 minutes') END,
				failures = v_erasure.failures
			WHERE w.tenant_id = v_erasure.tenant_id AND w.erasure_id = v_erasure.erasure_id;
		END IF;
	END IF;
	RETURN (SELECT coalesce(min(w.next_at), 'infinity') FROM voiceagent_private.waiting_erasures w);
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_erasures(integer) IS
	'A maintenance job: looks at one erasure that waits, and carries it out if its calls have ended; else, or when '
	'that fails, it is looked at again later, and the next one is next.';
SELECT voiceagent_private.register_job('finish_erasures', 1);

CREATE FUNCTION voiceagent.erase_lead(lead_id bigint, reason text DEFAULT 'asked for') RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_now timestamptz := voiceagent.clock();
	v_erasure voiceagent.erasures;
	v_done boolean;
BEGIN
	-- A lead that is being erased must not join a campaign; a second erasure of the same person waits, and looks when
	-- we have ended.
	PERFORM voiceagent_private.lock_leads(true);
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT * INTO v_erasure FROM voiceagent.erasures e
	WHERE e.tenant_id = v_tenant AND e.lead_id = erase_lead.lead_id ORDER BY e.erasure_id DESC LIMIT 1;
	PERFORM voiceagent_private.fail_if(v_erasure.status = 'waiting', 'PT409',
		format('lead %s is being erased', erase_lead.lead_id),
		format('Erasure %s waits for %s.', v_erasure.erasure_id,
			voiceagent_private.erasure_waits_for(v_erasure.lead_id)));
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = erase_lead.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', erase_lead.lead_id),
		CASE WHEN v_erasure.erasure_id IS NOT NULL THEN format('Erasure %s has removed it.', v_erasure.erasure_id) END);
	PERFORM voiceagent_private.fail_if(nullif(btrim(erase_lead.reason), '') IS NULL OR length(erase_lead.reason) > 1000,
		'PT422', 'a reason has 1 to 1000 characters', NULL, 'Say why; the receipt keeps it, so name nobody.');
	INSERT INTO voiceagent.erasures (tenant_id, lead_id, reason, requested_by, requested_at)
	VALUES (v_tenant, erase_lead.lead_id, btrim(erase_lead.reason), voiceagent_private.actor(), v_now)
	RETURNING * INTO v_erasure;
	PERFORM voiceagent_private.audit('erase_lead', format('lead %s', erase_lead.lead_id), NULL,
		jsonb_build_object('erasure_id', v_erasure.erasure_id));
	v_done := voiceagent_private.erase_now(v_erasure.erasure_id);
	IF NOT v_done THEN
		INSERT INTO voiceagent_private.waiting_erasures (tenant_id, erasure_id, next_at)
		VALUES (v_tenant, v_erasure.erasure_id, v_now);
		PERFORM voiceagent_private.request_job('finish_erasures', v_now);
	END IF;
	RETURN (SELECT voiceagent_private.receipt(e) FROM voiceagent.erasures e
		WHERE e.tenant_id = v_tenant AND e.erasure_id = v_erasure.erasure_id);
END
$$;
COMMENT ON FUNCTION voiceagent.erase_lead(bigint, text) IS
	E'Forgets a person and returns the receipt: {"erasure_id", "status", "erased": rows by table, "kept", digests}.\n'
	'status waiting: a call is live or a legal hold stands (waits_for), and the lead is erased when that has ended '
	'(voiceagent.erasures then has the receipt); the numbers go on the do-not-call list. It raises PT404 (DETAIL '
	'names the erasure that removed the lead), PT409 while one waits, PT422.';

CREATE FUNCTION voiceagent.erase_caller(phone text, reason text DEFAULT 'asked for') RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := voiceagent_private.stop_number(erase_caller.phone,
		voiceagent_private.setting_text('default_country'));
	v_lead bigint;
BEGIN
	PERFORM voiceagent_private.lock_leads(true);
	-- A caller that is no lead, listed or not, is one for as long as this takes.
	v_lead := voiceagent_private.make_caller_a_lead(v_phone, NULL);
	PERFORM voiceagent_private.fail_if(v_lead IS NULL, 'PT422', 'this number cannot be a lead''s');
	RETURN voiceagent.erase_lead(v_lead, erase_caller.reason);
END
$$;
COMMENT ON FUNCTION voiceagent.erase_caller(text, text) IS
	E'erase_lead() by a number: of the lead whose first number it is, or of a caller that never became a lead.\n'
	'PT422 if it is no phone number; else as erase_lead().';

CREATE FUNCTION voiceagent.erasure_receipt(erasure_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_receipt jsonb;
BEGIN
	SELECT voiceagent_private.receipt(e) INTO v_receipt FROM voiceagent.erasures e
	WHERE e.tenant_id = voiceagent.current_tenant() AND e.erasure_id = erasure_receipt.erasure_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('erasure %s does not exist', erasure_receipt.erasure_id));
	RETURN v_receipt;
END
$$;
COMMENT ON FUNCTION voiceagent.erasure_receipt(bigint) IS
	E'The receipt of an erasure, as erase_lead() gives it.\n'
	'PT404.';
