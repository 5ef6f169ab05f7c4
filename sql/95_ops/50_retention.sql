/*
 * 95_ops: retention, what is kept for how long.
 *
 * Two ways lead to the same end.  A ring's month is emptied whole, by TRUNCATE,
 * when no tenant keeps it any longer (55_months.sql): that costs nothing, however
 * much it was.  Rows of a tenant that keeps less than whoever keeps longest, and
 * rows of tables that are no ring, go in steps in the order in which they were
 * made: a mark per tenant and class says how far it came, so a step reads only
 * what it removes.
 */

INSERT INTO voiceagent_private.retention_classes (class, ring, description) VALUES
	('webhooks', 'voiceagent.webhooks', 'Raw webhooks'),
	('events', 'voiceagent.events', 'Events of calls and leads'),
	('transcripts', 'voiceagent.conversations', 'The words of calls, and the values read in them'),
	('recordings', NULL, 'Addresses of recordings'),
	('imports', NULL, 'Rows that an import did not take'),
	('enrichments', NULL, 'Data of sources about leads beyond their file'),
	('scripts', NULL, 'Scripts of leads'),
	('calls', NULL, 'Calls, their attempts and proofs, and appointments');

CREATE TABLE voiceagent_private.ring_lifetimes (
	class text PRIMARY KEY,
	keep interval NOT NULL
);
COMMENT ON TABLE voiceagent_private.ring_lifetimes IS
	'How long the months of a ring live: the longest that the platform or any tenant keeps the class, as '
	'empty_months() found it last.';
SELECT voiceagent_private.guard_table('voiceagent_private.ring_lifetimes', 'platform', 'WHERE false');
GRANT SELECT, INSERT, UPDATE ON voiceagent_private.ring_lifetimes TO voiceagent_worker;

CREATE TABLE voiceagent_private.busy_months (
	class text,
	slot integer,
	first_failed_at timestamptz NOT NULL,
	PRIMARY KEY (class, slot)
);
COMMENT ON TABLE voiceagent_private.busy_months IS
	'Months of rings that nobody keeps any longer, and that could not be emptied because sessions were reading them.';
COMMENT ON COLUMN voiceagent_private.busy_months.slot IS 'Month slot, 0 to 15.';
COMMENT ON COLUMN voiceagent_private.busy_months.first_failed_at IS 'The first of the tries, all of which have failed.';
SELECT voiceagent_private.guard_table('voiceagent_private.busy_months', 'platform', 'WHERE false');
GRANT SELECT, INSERT, UPDATE, DELETE ON voiceagent_private.busy_months TO voiceagent_worker;

CREATE TYPE voiceagent_private.retention_step AS (
	upto bigint,
	removed integer,
	more boolean
);
COMMENT ON TYPE voiceagent_private.retention_step IS
	'The result of a step of retention: the new mark, rows removed, and whether there is more to do now.';

CREATE FUNCTION voiceagent_private.retain_webhooks(upto bigint, cutoff timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[];
	v_slots smallint[];
BEGIN
	SELECT array_agg(w.webhook_id ORDER BY w.webhook_id) FILTER (WHERE w.old),
		array_agg(DISTINCT w.month_slot) FILTER (WHERE w.old)
	INTO v_ids, v_slots
	FROM (SELECT o.webhook_id, o.month_slot, bool_and(o.received_at < cutoff) OVER (ORDER BY o.webhook_id) AS old
		FROM (SELECT n.webhook_id, n.month_slot, n.received_at FROM voiceagent.webhooks n
			WHERE n.tenant_id = v_tenant AND n.webhook_id > upto ORDER BY n.webhook_id LIMIT max) o) w;
	IF v_ids IS NULL THEN
		RETURN ROW(upto, 0, false);
	END IF;
	DELETE FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (v_ids);
	DELETE FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant AND f.webhook_id = ANY (v_ids);
	DELETE FROM voiceagent.webhooks w
	WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (v_ids) AND w.month_slot = ANY (v_slots);
	RETURN ROW(v_ids[cardinality(v_ids)], cardinality(v_ids), cardinality(v_ids) = max);
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_webhooks(bigint, timestamptz, integer) IS
	'Removes the current tenant''s oldest webhooks behind the mark that came before cutoff, at most max.';

CREATE FUNCTION voiceagent_private.retain_events(upto bigint, cutoff timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_xids bigint[];
	v_ids bigint[];
	v_slots smallint[];
	v_old integer;
BEGIN
	-- From the mark itself on: a step may have ended within its transaction.
	SELECT array_agg(w.xid ORDER BY w.xid, w.event_id) FILTER (WHERE w.old),
		array_agg(w.event_id ORDER BY w.xid, w.event_id) FILTER (WHERE w.old),
			array_agg(DISTINCT w.month_slot) FILTER (WHERE w.old)
	INTO v_xids, v_ids, v_slots
	FROM (SELECT o.xid, o.event_id, o.month_slot, bool_and(o.at < cutoff) OVER (ORDER BY o.xid, o.event_id) AS old
		FROM (SELECT n.xid, n.event_id, n.month_slot, n.at FROM voiceagent.events n
			WHERE n.tenant_id = v_tenant AND n.xid >= upto ORDER BY n.xid, n.event_id LIMIT max) o) w;
	IF v_ids IS NULL THEN
		RETURN ROW(upto, 0, false);
	END IF;
	v_old := cardinality(v_ids);
	-- A stretch of the key, read once. Rows added by such a long transaction are as old as
	-- they say.
	DELETE FROM voiceagent.events e
	WHERE e.tenant_id = v_tenant AND e.xid >= v_xids[1] AND (e.xid, e.event_id) <= (v_xids[v_old], v_ids[v_old])
		AND e.month_slot = ANY (v_slots) AND e.at < cutoff;
	RETURN ROW(v_xids[v_old], v_old, v_old = max);
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_events(bigint, timestamptz, integer) IS
	'Removes the current tenant''s oldest events from the mark on, a transaction, that happened '
	'before cutoff, at most max.';

CREATE FUNCTION voiceagent_private.old_calls(upto bigint, cutoff timestamptz, max integer) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(w.call_id ORDER BY w.call_id) FILTER (WHERE w.old), '{}')
	FROM (SELECT o.call_id, bool_and(coalesce(o.ended_at < cutoff, false)) OVER (ORDER BY o.call_id) AS old
		-- Calls of both directions end.
		FROM (SELECT n.call_id, n.started_at, n.ended_at FROM voiceagent.calls n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.call_id > upto ORDER BY n.call_id LIMIT max) o) w
$$;
COMMENT ON FUNCTION voiceagent_private.old_calls(bigint, timestamptz, integer) IS
	'The current tenant''s calls next to a mark, in order, up to the first that is live or had not ended '
	'before cutoff; at most max.';

CREATE FUNCTION voiceagent_private.moved_calls(upto bigint, cutoff timestamptz, max integer)
	RETURNS TABLE (call_ids bigint[], upto bigint)
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(array_agg(w.call_id ORDER BY w.call_id) FILTER (WHERE w.old), '{}'),
		coalesce(max(w.incoming_call_id) FILTER (WHERE w.old), moved_calls.upto)
	FROM (SELECT o.call_id, o.incoming_call_id,
		bool_and(coalesce(o.started_at < cutoff, false)) OVER (ORDER BY o.incoming_call_id) AS old
		FROM (SELECT n.call_id, n.incoming_call_id, n.started_at FROM voiceagent.call_inbound n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.incoming_call_id > moved_calls.upto
			ORDER BY n.incoming_call_id LIMIT max) o) w
$$;
COMMENT ON FUNCTION voiceagent_private.moved_calls(bigint, timestamptz, integer) IS
	E'As old_calls(), of the current tenant''s incoming calls that an update has moved into calls: they are older '
	'than their ids tell.\n'
	'Marks, and upto, are their former ids (call_inbound.incoming_call_id), and they are kept from their start on.';

CREATE FUNCTION voiceagent_private.retain_transcripts(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.forget_analyses(call_ids);
	PERFORM voiceagent_private.forget_words(call_ids);
	UPDATE voiceagent.calls c SET transcript = NULL, summary = NULL, structured_data = NULL
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids)
		AND (c.transcript IS NOT NULL OR c.summary IS NOT NULL OR c.structured_data IS NOT NULL);
	UPDATE voiceagent.appointments a SET summary = NULL, said = NULL
	WHERE a.tenant_id = v_tenant AND a.call_id = ANY (call_ids) AND (a.summary IS NOT NULL OR a.said IS NOT NULL);
	UPDATE voiceagent.tasks t SET note = NULL
	WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids) AND t.note IS NOT NULL;
	UPDATE voiceagent.offers o SET contingencies = NULL, subject = NULL
	WHERE o.tenant_id = v_tenant AND o.call_id = ANY (call_ids) AND (o.contingencies IS NOT NULL
		OR o.subject IS NOT NULL);
	DELETE FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.tool_asks t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	UPDATE voiceagent.transfers t SET reason = NULL
	WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids) AND t.reason IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_transcripts(bigint[]) IS
	'Empties what was said in these calls of the current tenant, but for their turns.';

CREATE FUNCTION voiceagent_private.remove_calls(call_ids bigint[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_removed bigint;
	v_tab regclass;
BEGIN
	PERFORM voiceagent_private.release_facts(call_ids);
	PERFORM voiceagent_private.forget_analyses(call_ids);
	UPDATE voiceagent.campaign_spending s SET removed = s.removed + x.charged
	FROM (SELECT c.campaign_id, (c.started_at AT TIME ZONE voiceagent_private.tenant_zone())::date AS day,
		sum(h.charged) AS charged
		FROM unnest(call_ids) AS i(call_id)
		CROSS JOIN LATERAL (SELECT o.campaign_id, o.started_at FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id OFFSET 0) c
		CROSS JOIN LATERAL (SELECT o.charged FROM voiceagent.credit_holds o
			WHERE o.tenant_id = v_tenant AND o.call_id = i.call_id AND o.charged > 0 OFFSET 0) h
		GROUP BY 1, 2) x
	WHERE s.tenant_id = v_tenant AND s.campaign_id = x.campaign_id AND s.day = x.day;
	INSERT INTO voiceagent_private.removed_calls AS r (tenant_id, phone, lawful, calls)
	SELECT v_tenant, c.phone, c.lawful, count(*) FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.counts AND c.phone IS NOT NULL
	GROUP BY c.phone, c.lawful ORDER BY c.phone, c.lawful
	ON CONFLICT (tenant_id, phone, lawful) DO UPDATE SET calls = r.calls + EXCLUDED.calls;
	DELETE FROM voiceagent.conversations t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent.call_words w WHERE w.tenant_id = v_tenant AND w.call_id = ANY (call_ids);
	DELETE FROM voiceagent.events e WHERE e.tenant_id = v_tenant AND e.call_id = ANY (call_ids);
	DELETE FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent.call_listings l WHERE l.tenant_id = v_tenant AND l.call_id = ANY (call_ids);
	DELETE FROM voiceagent.appointments a WHERE a.tenant_id = v_tenant AND a.call_id = ANY (call_ids);
	WITH gone AS (DELETE FROM voiceagent.provider_requests e WHERE e.tenant_id = v_tenant AND e.call_id = ANY (call_ids)
		RETURNING e.provider_request_id)
	DELETE FROM voiceagent_private.provider_request_queue q
	WHERE q.tenant_id = v_tenant AND q.provider_request_id IN (SELECT g.provider_request_id FROM gone g);
	DELETE FROM voiceagent.unresolved_calls u WHERE u.tenant_id = v_tenant AND u.call_id = ANY (call_ids);
	DELETE FROM voiceagent.attempts a WHERE a.tenant_id = v_tenant AND a.call_id = ANY (call_ids);
	DELETE FROM voiceagent.call_scripts s WHERE s.tenant_id = v_tenant AND s.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.live_incoming l WHERE l.tenant_id = v_tenant AND l.call_id = ANY (call_ids);
	DELETE FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.tool_turns t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.tool_asks t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent.transfers t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.calls_to_follow q WHERE q.tenant_id = v_tenant AND q.call_id = ANY (call_ids);
	DELETE FROM voiceagent_private.incoming_callbacks b WHERE b.tenant_id = v_tenant AND b.call_id = ANY (call_ids);
	DELETE FROM voiceagent.call_inbound i WHERE i.tenant_id = v_tenant AND i.call_id = ANY (call_ids);
	FOR v_tab IN SELECT r.name FROM voiceagent_private.registrations r WHERE r.kind = 'of_calls' ORDER BY r.name LOOP
		EXECUTE format('DELETE FROM %s t WHERE t.tenant_id = $1 AND t.call_id = ANY ($2)', v_tab)
		USING v_tenant, call_ids;
	END LOOP;
	DELETE FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids);
	GET DIAGNOSTICS v_removed = ROW_COUNT;
	RETURN v_removed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.remove_calls(bigint[]) IS
	E'Removes ended calls of the current tenant with all that hangs on them, but for the ledger, and how many each '
	'number had; returns how many there were.\n'
	'The caller has locked the calls, and the tenant: lock_tenant(), shared or not.';

CREATE FUNCTION voiceagent_private.retain_old_calls(class text, upto bigint, cutoff timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_moved boolean := starts_with(class, 'moved_');
	v_of text := CASE WHEN v_moved THEN substr(class, 7) ELSE class END;
	v_ids bigint[];
	v_upto bigint := upto;
	v_alone integer := 0;
	v_locked bigint;
BEGIN
	IF v_moved THEN
		SELECT m.call_ids, m.upto INTO v_ids, v_upto FROM voiceagent_private.moved_calls(upto, cutoff, max) m;
	ELSE
		v_ids := voiceagent_private.old_calls(upto, cutoff, max);
		v_upto := coalesce(v_ids[cardinality(v_ids)], upto);
	END IF;
	IF class = 'calls' THEN
		-- Those of no call, which go when they have been over for so long.
		DELETE FROM voiceagent.appointments a
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.appointment_id = ANY (ARRAY(
			SELECT o.appointment_id FROM voiceagent.appointments o
			WHERE o.tenant_id = voiceagent.current_tenant() AND o.call_id IS NULL AND o.ends_at < cutoff
			ORDER BY o.ends_at LIMIT max));
		GET DIAGNOSTICS v_alone = ROW_COUNT;
	END IF;
	IF cardinality(v_ids) > 0 THEN
		CASE v_of
			WHEN 'turns' THEN
				DELETE FROM voiceagent.conversations t
				WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = ANY (v_ids);
			WHEN 'transcripts' THEN PERFORM voiceagent_private.retain_transcripts(v_ids);
			WHEN 'recordings' THEN
				UPDATE voiceagent.calls c SET recording_url = NULL, stereo_recording_url = NULL
				WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (v_ids)
					AND (c.recording_url IS NOT NULL OR c.stereo_recording_url IS NOT NULL);
				DELETE FROM voiceagent.provider_requests e
				WHERE e.tenant_id = voiceagent.current_tenant() AND e.call_id = ANY (v_ids)
					AND e.kind = 'fetch_recording' AND e.done_at IS NOT NULL;
			WHEN 'calls' THEN
				-- No session computes spending from all calls meanwhile.
				PERFORM voiceagent_private.fail_if(NOT voiceagent_private.try_lock_tenant(), 'lock_not_available',
					'somebody changes many leads or campaigns of the tenant');
				SELECT count(*) INTO v_locked FROM (SELECT FROM voiceagent.calls c
					WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = ANY (v_ids)
						AND c.ended_at IS NOT NULL
					ORDER BY c.call_id FOR UPDATE) l;
				PERFORM voiceagent_private.fail_if(v_locked < cardinality(v_ids), 'serialization_failure',
					'a call has been reopened since a moment ago');
				PERFORM voiceagent_private.remove_calls(v_ids);
		END CASE;
	END IF;
	RETURN ROW(v_upto, v_alone + cardinality(v_ids), greatest(cardinality(v_ids), v_alone) = max);
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_old_calls(text, bigint, timestamptz, integer) IS
	'One step of what ends with the current tenant''s oldest calls behind the mark (turns, transcripts, recordings, or '
	'the calls themselves, and then appointments of no call), at most max of each; of class moved_..., with the '
	'incoming calls of moved_calls().';

/*
 * Zero retention.  Late reports come for a day, so the mark passes a call a day
 * after its end, and each step looks again at what ended since; a call whose
 * effects are not through waits, at most a day.
 */
CREATE FUNCTION voiceagent_private.words_wait(call_id bigint, at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT coalesce(c.ended_at > at - interval '15 minutes' OR c.ended_at > at - interval '1 day'
			AND (c.uncertain IS NOT DISTINCT FROM 'review'
				OR EXISTS (SELECT FROM voiceagent_private.analysis_queue q
					WHERE q.tenant_id = c.tenant_id AND q.call_id = c.call_id)
				OR EXISTS (SELECT FROM voiceagent.model_requests m WHERE m.tenant_id = c.tenant_id
					AND m.purpose = 'analysis' AND m.object_id = c.call_id AND m.done_at IS NULL)
				OR EXISTS (SELECT FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = c.tenant_id
					AND d.call_id = c.call_id AND d.status = 'pending'))
			-- The content of that part of its case file, taken 20 hours after the call.
			OR EXISTS (SELECT FROM voiceagent.legal_holds h
				WHERE h.tenant_id = c.tenant_id
					AND h.phone IN (c.phone, (SELECT i.from_number FROM voiceagent.call_inbound i
						WHERE i.tenant_id = c.tenant_id AND i.call_id = c.call_id))
					AND NOT EXISTS (SELECT FROM voiceagent_private.held_parts p WHERE p.tenant_id = h.tenant_id
						AND p.phone = h.phone AND p.call_id = c.call_id)), true)
	FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = words_wait.call_id
$$;
COMMENT ON FUNCTION voiceagent_private.words_wait(bigint, timestamptz) IS
	'Whether the words of a call of the current tenant must stay although it keeps none: the call lives or has just '
	'ended, its analysis or deliveries are not through (for a day at most), or a legal hold wants them.';

CREATE FUNCTION voiceagent_private.empty_calls(upto bigint, at timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	-- Calls of both directions.
	v_ids bigint[] := ARRAY(SELECT c.call_id FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id > upto AND c.ended_at < at - interval '15 minutes'
			AND num_nonnulls(c.transcript, c.summary, c.structured_data, c.recording_url, c.stereo_recording_url) > 0
			AND NOT voiceagent_private.words_wait(c.call_id, at)
		ORDER BY c.call_id LIMIT max);
BEGIN
	PERFORM voiceagent_private.forget_analyses(v_ids);
	PERFORM voiceagent_private.forget_words(v_ids);
	DELETE FROM voiceagent.conversations t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (v_ids);
	UPDATE voiceagent.calls c SET transcript = NULL, summary = NULL, structured_data = NULL, recording_url = NULL,
		stereo_recording_url = NULL
	WHERE c.tenant_id = v_tenant AND c.call_id = ANY (v_ids);
	DELETE FROM voiceagent.call_tools t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (v_ids);
	DELETE FROM voiceagent_private.tool_asks t WHERE t.tenant_id = v_tenant AND t.call_id = ANY (v_ids);
	DELETE FROM voiceagent.webhook_deliveries d
	WHERE d.tenant_id = v_tenant AND d.call_id = ANY (v_ids) AND d.status <> 'pending';
	DELETE FROM voiceagent.provider_requests e WHERE e.tenant_id = v_tenant AND e.call_id = ANY (v_ids)
		AND e.kind = 'fetch_recording' AND e.done_at IS NOT NULL;
	-- In both directions.
	RETURN ROW(coalesce((SELECT min(c.call_id) - 1 FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.call_id > upto AND (c.ended_at IS NULL OR c.ended_at > at - interval '26 hours'
				OR num_nonnulls(c.transcript, c.summary, c.structured_data, c.recording_url) > 0)),
			-- In both directions.
			(SELECT max(c.call_id) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant), upto),
		cardinality(v_ids), cardinality(v_ids) = max);
END
$$;
COMMENT ON FUNCTION voiceagent_private.empty_calls(bigint, timestamptz, integer) IS
	E'Empties at most max calls of the current tenant, which keeps no words, whose effects are through.\n'
	'Notes of tasks, and summaries of appointments, are effects and stay as long as retention_transcripts says.';

CREATE FUNCTION voiceagent_private.drop_applied_webhooks(upto bigint, at timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[] := ARRAY(SELECT w.webhook_id FROM voiceagent.webhooks w
		WHERE w.tenant_id = v_tenant AND w.webhook_id > upto AND w.received_at < at - interval '15 minutes'
			AND NOT EXISTS (SELECT FROM voiceagent_private.inbox i
				WHERE i.tenant_id = v_tenant AND i.webhook_id = w.webhook_id)
			AND NOT EXISTS (SELECT FROM voiceagent.webhook_failures f
				WHERE f.tenant_id = v_tenant AND f.webhook_id = w.webhook_id)
		ORDER BY w.webhook_id LIMIT max);
BEGIN
	DELETE FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (v_ids);
	-- The mark stays before what is left: not applied yet, or set aside.
	RETURN ROW(coalesce((SELECT min(w.webhook_id) - 1 FROM voiceagent.webhooks w
		WHERE w.tenant_id = v_tenant AND w.webhook_id > upto), v_ids[cardinality(v_ids)], upto),
		cardinality(v_ids), cardinality(v_ids) = max);
END
$$;
COMMENT ON FUNCTION voiceagent_private.drop_applied_webhooks(bigint, timestamptz, integer) IS
	'Removes at most max raw webhooks of the current tenant, which keeps none, that are applied; those that wait or '
	'were set aside stay.';

CREATE FUNCTION voiceagent_private.retain_imports(upto bigint, cutoff timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_batch bigint;
	v_removed integer;
BEGIN
	SELECT b.batch_id INTO v_batch FROM voiceagent.import_batches b
	WHERE b.tenant_id = v_tenant AND b.batch_id > upto AND b.created_at < cutoff ORDER BY b.batch_id LIMIT 1;
	IF NOT FOUND THEN
		RETURN ROW(upto, 0, false);
	END IF;
	DELETE FROM voiceagent.import_reports e
	WHERE e.tenant_id = v_tenant AND e.batch_id = v_batch
		AND e.row_number IN (SELECT n.row_number FROM voiceagent.import_reports n
			WHERE n.tenant_id = v_tenant AND n.batch_id = v_batch ORDER BY n.row_number LIMIT max);
	GET DIAGNOSTICS v_removed = ROW_COUNT;
	-- Next time the batch may have more, or be empty: then the next one is looked at.
	RETURN ROW(CASE WHEN v_removed < max THEN v_batch ELSE upto END, v_removed, true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_imports(bigint, timestamptz, integer) IS
	'Removes what the current tenant''s oldest import behind the mark did not take, about max rows.';

CREATE FUNCTION voiceagent_private.retain_class(class text, upto bigint, at timestamptz, max integer)
	RETURNS voiceagent_private.retention_step LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	-- Marks of moved_... are an update's: see moved_calls().
	v_of text := CASE class WHEN 'turns' THEN 'transcripts' ELSE regexp_replace(class, '^moved_', '') END;
	v_keep interval;
	v_cutoff timestamptz;
	v_removed integer;
BEGIN
	-- Nothing ends, by a step or with a month, before what is held of it is kept.
	IF voiceagent_private.take_held_parts() > 0 THEN
		RETURN ROW(upto, 0, true);
	END IF;
	IF class IN ('turns', 'webhooks') AND voiceagent_private.setting_text('zero_retention')::boolean THEN
		RETURN CASE class WHEN 'turns' THEN voiceagent_private.empty_calls(upto, at, max)
			ELSE voiceagent_private.drop_applied_webhooks(upto, at, max) END;
	END IF;
	SELECT voiceagent_private.as_interval(r.value) INTO v_keep
	FROM voiceagent_private.resolve_setting('retention_' || v_of) r;
	-- A tenant that keeps as long as any other loses the ring's month whole. The mark stays: one may keep longer later.
	IF class IN ('webhooks', 'events', 'turns') AND v_keep >= coalesce(
		(SELECT l.keep FROM voiceagent_private.ring_lifetimes l WHERE l.class = v_of),
		voiceagent_private.as_interval(voiceagent_private.platform_setting('retention_' || v_of))) THEN
		RETURN ROW(upto, 0, false);
	END IF;
	v_cutoff := at - v_keep;
	-- Some go in the order of their times, which is not that of their ids: no mark.
	v_removed := voiceagent_private.delete_old_rows(class, v_cutoff, max);
	IF v_removed IS NOT NULL THEN
		RETURN ROW(upto, v_removed, v_removed = max);
	END IF;
	RETURN CASE class
		WHEN 'webhooks' THEN voiceagent_private.retain_webhooks(upto, v_cutoff, max)
		WHEN 'events' THEN voiceagent_private.retain_events(upto, v_cutoff, max)
		WHEN 'imports' THEN voiceagent_private.retain_imports(upto, v_cutoff, max)
		WHEN 'enrichments' THEN (SELECT ROW(r.*)::voiceagent_private.retention_step
			FROM voiceagent_private.retain_enrichments(upto, v_cutoff, max) r)
		WHEN 'scripts' THEN (SELECT ROW(r.*)::voiceagent_private.retention_step
			FROM voiceagent_private.retain_scripts(upto, v_cutoff, max) r)
		-- A cap of a day counts the calls of the longest, in whatever zone the person is.
		ELSE voiceagent_private.retain_old_calls(class, upto,
			CASE v_of WHEN 'calls' THEN least(v_cutoff, at - interval '27 hours') ELSE v_cutoff END, max)
	END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_class(text, bigint, timestamptz, integer) IS
	'One step of a class for the current tenant, from the mark on.';

-- A maintenance job of its own, so that neither each step looks through all tenants, nor a new one waits until
-- no other has anything due.
CREATE FUNCTION voiceagent_private.provision_retention() RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	INSERT INTO voiceagent_private.retention_marks (tenant_id, class)
	SELECT voiceagent.current_tenant(), c.class FROM voiceagent_private.retention_classes c
	UNION ALL VALUES (voiceagent.current_tenant(), 'turns');
	PERFORM voiceagent_private.request_job('retain_rows', voiceagent.clock());
END
$$;
COMMENT ON FUNCTION voiceagent_private.provision_retention() IS
	'Has retain_rows() look after the current tenant, which is new.';

CREATE FUNCTION voiceagent_private.begin_retention(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.retention_marks (tenant_id, class)
	SELECT d.tenant_id, c.class FROM voiceagent_private.tenant_directory d
	CROSS JOIN (SELECT r.class FROM voiceagent_private.retention_classes r UNION ALL VALUES ('turns')) c
	WHERE NOT EXISTS (SELECT FROM voiceagent_private.retention_marks m
		WHERE m.tenant_id = d.tenant_id AND m.class = c.class)
	ORDER BY d.tenant_id, c.class LIMIT max
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN 'infinity';
	END IF;
	PERFORM voiceagent_private.request_job('retain_rows', v_now);
	RETURN v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_retention(integer) IS
	'A maintenance job: has retain_rows() look after the tenants and classes that it does not know yet, at most max '
	'of them in a step: when a worker starts, as after an upgrade or a restore; a tenant that is created is known '
	'from then on (provision_retention()).';
SELECT voiceagent_private.register_job('begin_retention', 10000);

CREATE FUNCTION voiceagent_private.retain_rows(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	c_interval CONSTANT interval := '1 day';
	c_zero CONSTANT interval := '20 minutes';
	c_after_failure CONSTANT interval := '10 minutes';
	v_now timestamptz := voiceagent.clock();
	v_mark voiceagent_private.retention_marks;
	v_step voiceagent_private.retention_step;
	v_daily name;
BEGIN
	-- In the index's order: marks that are due alike, as those of new tenants are, are not sorted for each of them.
	SELECT * INTO v_mark FROM voiceagent_private.retention_marks m
	WHERE m.next_at <= v_now ORDER BY m.next_at LIMIT 1;
	IF NOT FOUND THEN
		RETURN coalesce((SELECT min(m.next_at) FROM voiceagent_private.retention_marks m), 'infinity');
	END IF;
	PERFORM voiceagent_private.set_tenant(v_mark.tenant_id);
	BEGIN
		v_step := voiceagent_private.retain_class(v_mark.class, v_mark.upto, v_now, max);
		IF v_mark.class = 'model_usage' AND NOT v_step.more THEN
			FOR v_daily IN SELECT r.name FROM voiceagent_private.registrations r WHERE r.kind = 'daily' LOOP
				-- A name of ours.  @plpgsql_check_options: security_warnings = off
				EXECUTE format('SELECT voiceagent_private.%I()', v_daily);
			END LOOP;
		END IF;
		v_mark.next_at := CASE WHEN v_step.more THEN v_now
			WHEN v_mark.class IN ('turns', 'webhooks') AND voiceagent_private.setting_text('zero_retention')::boolean
			THEN v_now + c_zero ELSE v_now + c_interval END;
	EXCEPTION WHEN OTHERS THEN
		-- A transaction that the tenant left open, or worse: the others' turn comes all the same.
		v_step := ROW(v_mark.upto, 0, false);
		v_mark.next_at := v_now + c_after_failure;
		RAISE LOG 'retention of % of tenant % failed: % %', v_mark.class, v_mark.tenant_id, SQLSTATE, SQLERRM;
	END;
	UPDATE voiceagent_private.retention_marks m
	SET upto = v_step.upto, removed = m.removed + v_step.removed, next_at = v_mark.next_at
	WHERE m.tenant_id = v_mark.tenant_id AND m.class = v_mark.class;
	RETURN v_now;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retain_rows(integer) IS
	'A maintenance job: one step of retention for one tenant and class; each is looked at once a day, ten '
	'minutes later if that fails.';
SELECT voiceagent_private.register_job('retain_rows', 1000);

CREATE FUNCTION voiceagent.list_retention()
	RETURNS TABLE (class text, description text, keep interval, origin text, removed bigint, next_at timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY
	SELECT c.class, c.description || CASE WHEN z.applies AND c.class <> 'webhooks'
			AND EXISTS (SELECT FROM voiceagent.legal_holds h WHERE h.tenant_id = v_tenant)
			THEN ' (those of numbers under a legal hold wait for their part)' ELSE '' END,
		CASE WHEN z.applies THEN '0' ELSE voiceagent_private.as_interval(r.value) END,
		CASE WHEN z.applies THEN 'zero_retention' ELSE r.origin END, coalesce(m.removed, 0), m.next_at
	FROM voiceagent_private.retention_classes c
	CROSS JOIN LATERAL voiceagent_private.resolve_setting('retention_' || c.class) r
	CROSS JOIN LATERAL (SELECT c.class IN ('webhooks', 'transcripts', 'recordings')
		AND voiceagent_private.setting_text('zero_retention')::boolean AS applies) z
	LEFT JOIN voiceagent_private.retention_marks m ON m.tenant_id = v_tenant AND m.class = c.class
	ORDER BY c.class;
END
$$;
COMMENT ON FUNCTION voiceagent.list_retention() IS
	E'How long each class of the tenant''s data is kept (settings retention_*), where that was set, how many rows '
	'have been removed one by one, and when it is looked at next.\n'
	'A class that no tenant keeps longer goes by whole months, up to a month later. Do-not-call entries, consents '
	'and the ledger do not end.';
