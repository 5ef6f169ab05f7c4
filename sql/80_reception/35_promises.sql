-- 80_reception: what assistants promise in calls, and what bears it.

CREATE FUNCTION voiceagent_private.promise_borne(call voiceagent.calls, kind text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT 'tool ' || t.tool FROM voiceagent.call_tools t
			WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id AND t.error IS NULL
				AND t.made IS NOT NULL
				AND t.tool = ANY (string_to_array(CASE promise_borne.kind
					WHEN 'call' THEN 'call_back take_message make_offer' WHEN 'send' THEN 'send_information'
					WHEN 'ask' THEN 'take_message make_offer' WHEN 'note' THEN 'take_message make_offer call_back '
						'book move_booking cancel_booking send_information'
					WHEN 'book' THEN 'book move_booking cancel_booking hold_slot' END, ' '))
			ORDER BY t.called_at LIMIT 1),
		CASE promise_borne.kind
		WHEN 'book' THEN (SELECT 'appointment ' || a.appointment_id FROM voiceagent.appointments a
			WHERE a.tenant_id = (call).tenant_id AND (a.call_id = (call).call_id
				OR a.lead_id = (call).lead_id AND a.starts_at > (call).started_at)
			ORDER BY a.appointment_id DESC LIMIT 1)
		-- If it was not taken, the person was not connected.
		WHEN 'connect' THEN CASE WHEN voiceagent_private.is_transferred((call).call_id) THEN 'transfer' END
		WHEN 'call' THEN (SELECT 'call back' FROM voiceagent_private.incoming_callbacks b
			WHERE b.tenant_id = (call).tenant_id AND b.call_id = (call).call_id
			UNION ALL SELECT 'call back' FROM voiceagent.campaign_leads m
			WHERE m.tenant_id = (call).tenant_id AND m.campaign_id = (call).campaign_id AND m.lead_id = (call).lead_id
				AND m.last_outcome = 'callback'
			UNION ALL SELECT 'task ' || t.task_id FROM voiceagent.tasks t
			WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id
				AND t.kind IN ('late_callback', 'call_back', 'message') LIMIT 1) END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.promise_borne(voiceagent.calls, text) IS
	'The record that bears out a promise of this kind, made in an ended call of the current tenant: a tool, an '
	'appointment, a call back, a task; NULL: none.';

CREATE FUNCTION voiceagent_private.note_promises(call voiceagent.calls, promises jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_open CONSTANT integer := voiceagent_private.setting_integer('open_tasks');
	v_zone text;
	v_deed text;
	v_task voiceagent.tasks;
	v record;
BEGIN
	-- A tool's hand-over to a person is a promise.
	UPDATE voiceagent.tasks t SET promise = CASE t.kind WHEN 'information' THEN 'send' WHEN 'call_back' THEN 'call'
		ELSE 'note' END
	WHERE t.tenant_id = (call).tenant_id AND t.call_id = (call).call_id AND t.promise IS NULL
		AND t.kind IN ('information', 'call_back', 'message', 'offer') AND EXISTS (SELECT FROM voiceagent.call_tools u
			WHERE u.tenant_id = t.tenant_id AND u.call_id = t.call_id AND u.made ?| '{task_id,offer_id}');
	FOR v IN SELECT p.* FROM jsonb_to_recordset(promises) AS p(kind text, quote text, "time" text)
		WHERE NOT EXISTS (SELECT FROM voiceagent.tasks t WHERE t.tenant_id = (call).tenant_id
			AND t.call_id = (call).call_id AND t.promise = p.kind)
	LOOP
		v_deed := voiceagent_private.promise_borne(call, v.kind);
		IF v_deed IS NULL AND v_open <= (SELECT count(*) FROM (SELECT FROM voiceagent.tasks t
				WHERE t.tenant_id = (call).tenant_id AND t.finished_at IS NULL AND t.kind = 'promise'
				ORDER BY t.due_at LIMIT v_open) o) THEN
			-- It waits as the call.
			UPDATE voiceagent.calls c SET uncertain = 'review'
			WHERE c.tenant_id = (call).tenant_id AND c.call_id = (call).call_id;
			RETURN;
		END IF;
		v_zone := coalesce(v_zone, voiceagent_private.timezone_name(voiceagent_private.zone_of_call((call).lead_id,
			coalesce((call).number, 1::smallint))), voiceagent_private.tenant_zone());
		v_task := voiceagent_private.add_task('promise', left(v.quote, 4000),
			-- A day is over when it ends; what else is said of a time is a person's to read.
			(SELECT greatest(d.at AT TIME ZONE v_zone, (call).ended_at + interval '1 minute') FROM (SELECT CASE
				WHEN v.time ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d$' THEN v.time::timestamp
				WHEN v.time ~ '^\d{4}-\d\d-\d\d' THEN (left(v.time, 10)::date + 1)::timestamp END AS at) d
				WHERE d.at IS NOT NULL),
			call_id => (call).call_id, finished => v_deed, promise => v.kind);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_promises(voiceagent.calls, jsonb) IS
	E'Writes down what the assistant promised in an ended call of the current tenant, a task of each kind: finished '
	'where something bears it (promise_borne()), else a person''s to keep or to withdraw.\n'
	'Done again it changes nothing. After lock_tenant().';

CREATE VIEW voiceagent.promise_keeping WITH (security_invoker = on) AS
SELECT t.tenant_id, c.assistant_id, date_trunc('week', t.created_at, 'UTC')::date AS week, count(*) AS promises,
	count(*) FILTER (WHERE t.finished_at <= t.due_at AND t.kept IS NOT FALSE) AS kept,
	count(*) FILTER (WHERE t.finished_at > t.due_at AND t.kept IS NOT FALSE) AS late,
	count(*) FILTER (WHERE NOT t.kept OR t.finished_at IS NULL AND t.due_at <= voiceagent.clock()) AS broken,
	count(*) FILTER (WHERE t.finished_at IS NULL AND t.due_at > voiceagent.clock()) AS open
FROM voiceagent.tasks t
-- Calls of both directions.
JOIN voiceagent.calls c ON c.tenant_id = t.tenant_id AND c.call_id = t.call_id
WHERE t.promise IS NOT NULL
GROUP BY t.tenant_id, c.assistant_id, week;
COMMENT ON VIEW voiceagent.promise_keeping IS
	'Promises of assistants in calls (tasks.promise), by assistant and week, and what became of them.';
COMMENT ON COLUMN voiceagent.promise_keeping.assistant_id IS
	'The assistant that promised; NULL: a bot of the tenant''s.';
COMMENT ON COLUMN voiceagent.promise_keeping.week IS 'The Monday of the week in which it was promised, in UTC.';
COMMENT ON COLUMN voiceagent.promise_keeping.promises IS 'How many promises.';
COMMENT ON COLUMN voiceagent.promise_keeping.kept IS 'How many were kept in time.';
COMMENT ON COLUMN voiceagent.promise_keeping.late IS 'How many were kept late.';
COMMENT ON COLUMN voiceagent.promise_keeping.broken IS 'How many were withdrawn, or are overdue.';
COMMENT ON COLUMN voiceagent.promise_keeping.open IS 'How many wait, and are not overdue.';
