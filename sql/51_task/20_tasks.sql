-- 51_task: tasks are made, given to somebody, finished and opened again.

CREATE FUNCTION voiceagent_private.task_lasts(kind text) RETURNS interval
	LANGUAGE sql STABLE
	RETURN voiceagent_private.setting_interval(CASE
		WHEN kind IN ('message', 'missed_call', 'call_back') THEN 'task_due_message'
		WHEN kind = 'offer' THEN 'task_due_offer' ELSE 'task_due_other' END);
COMMENT ON FUNCTION voiceagent_private.task_lasts(text) IS
	'How long people of the current tenant have for a task of a kind (settings task_due_...).';

CREATE FUNCTION voiceagent_private.require_task_words(what text, words text, longest integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(length(words) > longest, 'PT422', format('%s is too long', what),
		format('It has %s characters; %s is at most %s.', length(words), what, longest));
	RETURN nullif(btrim(words), '');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_task_words(text, text, integer) IS
	'Words without blanks around them, NULL for none; PT422 for more than longest characters.';

CREATE FUNCTION voiceagent_private.require_task_value(enumeration text, value text) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.enumerations e
		WHERE e.enumeration = require_task_value.enumeration AND e.value = require_task_value.value), 'PT422',
		format('unknown %s "%s"', enumeration, left(coalesce(value, 'null'), 60)), NULL,
		(SELECT format('It is one of %s.', string_agg(e.value, ', ' ORDER BY e.position))
			FROM voiceagent.enumerations e WHERE e.enumeration = require_task_value.enumeration));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_task_value(text, text) IS
	'PT422 that names the allowed values unless this is one of the enumeration''s.';

CREATE FUNCTION voiceagent_private.check_task_due(due_at timestamptz) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(due_at <= voiceagent.clock()
		OR due_at > voiceagent.clock() + interval '10 years', 'PT422', format('a task cannot be due at %s', due_at),
		NULL, 'It takes a time to come, within ten years.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_task_due(timestamptz) IS
	'PT422 for a time at which no task can be due: one that has passed, or is more than ten years ahead.';

CREATE FUNCTION voiceagent_private.require_task_member(member_id bigint) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_active boolean := (SELECT m.active FROM voiceagent.members m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.member_id = require_task_member.member_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_active IS NULL, 'PT404', format('member %s does not exist', member_id));
	PERFORM voiceagent_private.fail_if(NOT v_active, 'PT409', format('member %s is not active', member_id), NULL,
		'Give the task to a member that may log in, or to nobody (member_id => NULL).');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_task_member(bigint) IS
	'PT404 unless the current tenant has this member, PT409 unless it is active.';

CREATE FUNCTION voiceagent_private.told_number(phone text) RETURNS text
	LANGUAGE sql STABLE
	RETURN voiceagent.normalize_phone(nullif(btrim(phone), ''), voiceagent_private.setting_text('default_country'));
COMMENT ON FUNCTION voiceagent_private.told_number(text) IS
	'A number as somebody gave it, in E.164, by the current tenant''s default_country; NULL for none, PT422 for '
	'what is no number.';

CREATE FUNCTION voiceagent_private.tasks_used_up(call_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_open integer := voiceagent_private.setting_integer('open_tasks');
	v_of_call integer := voiceagent_private.setting_integer('tasks_per_call');
BEGIN
	IF (SELECT count(*) FROM (SELECT FROM voiceagent.tasks t
			WHERE t.tenant_id = v_tenant AND t.finished_at IS NULL AND t.kind <> 'promise'
			ORDER BY t.due_at LIMIT v_open) o) >= v_open THEN
		RETURN format('%s tasks are open (open_tasks)', v_open);
	-- A tool's task follows soon.
	ELSIF v_of_call <= (SELECT count(*) FROM voiceagent.tasks t
			WHERE t.tenant_id = v_tenant AND t.call_id = tasks_used_up.call_id AND t.kind <> 'promise')
		+ (SELECT count(*) FROM voiceagent.call_tools t
			WHERE t.tenant_id = v_tenant AND t.call_id = tasks_used_up.call_id AND t.made IS NOT NULL
				AND t.followed_at IS NULL
				AND t.tool IN (SELECT o.tool FROM voiceagent_private.tools() o WHERE o.makes_task)) THEN
		RETURN format('the call has %s tasks (tasks_per_call)', v_of_call);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tasks_used_up(bigint) IS
	'Why the current tenant, or a call of it (NULL: none), gets no more tasks; NULL: it does.';

CREATE FUNCTION voiceagent_private.require_task_room(call_id bigint, tool text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_why text;
BEGIN
	-- An assistant's words in a call are kept: the tool has looked.
	IF EXISTS (SELECT FROM voiceagent.call_tools t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.call_id = require_task_room.call_id
			AND t.tool = require_task_room.tool AND t.made IS NOT NULL AND t.followed_at IS NULL) THEN
		RETURN;
	END IF;
	v_why := voiceagent_private.tasks_used_up(call_id);
	PERFORM voiceagent_private.fail_if(v_why IS NOT NULL, 'PT409', 'no more tasks can be made: ' || v_why, NULL,
		'finish_task() makes room, and so do the settings open_tasks and tasks_per_call.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_task_room(bigint, text) IS
	'PT409 where tasks_used_up(); not for what a tool has promised in the call.';

-- The call and the lead are locked against an erasure, which waits and takes the task along.
CREATE FUNCTION voiceagent_private.add_task(kind text, note text DEFAULT NULL, due_at timestamptz DEFAULT NULL,
	priority text DEFAULT NULL, member_id bigint DEFAULT NULL, lead_id bigint DEFAULT NULL,
	call_id bigint DEFAULT NULL, appointment_id bigint DEFAULT NULL, contact_name text DEFAULT NULL,
	contact_phone text DEFAULT NULL, listing_id bigint DEFAULT NULL, promise text DEFAULT NULL,
	finished text DEFAULT NULL) RETURNS voiceagent.tasks
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_lead bigint := lead_id;
	v_phone text := contact_phone;
	v_call voiceagent.calls;
	v_task voiceagent.tasks;
	v_constraint text;
BEGIN
	IF call_id IS NOT NULL THEN
		SELECT c.* INTO v_call FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = add_task.call_id FOR KEY SHARE;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('call %s does not exist', call_id));
		v_lead := coalesce(v_lead, v_call.lead_id);
		v_phone := coalesce(v_phone, v_call.phone);
	END IF;
	IF v_lead IS NOT NULL THEN
		PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = v_lead FOR KEY SHARE;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('lead %s does not exist', v_lead));
	END IF;
	INSERT INTO voiceagent.tasks AS t (tenant_id, kind, priority, due_at, member_id, lead_id, call_id, appointment_id,
		listing_id, contact_name, contact_phone, note, created_by, created_at, promise, finished_at, finished_by,
		result, kept)
	VALUES (v_tenant, kind, coalesce(priority, CASE
			WHEN kind IN ('message', 'offer', 'missed_call', 'call_back', 'late_callback') THEN 'high'
			ELSE 'normal' END),
		coalesce(due_at, v_now + voiceagent_private.task_lasts(kind)), member_id, v_lead, call_id, appointment_id,
		listing_id, contact_name, v_phone, note, voiceagent_private.actor(), v_now, promise,
		CASE WHEN finished IS NOT NULL THEN v_now END,
		CASE WHEN finished IS NOT NULL THEN voiceagent_private.actor() END, finished,
		CASE WHEN finished IS NOT NULL THEN true END)
	RETURNING t.* INTO v_task;
	IF finished IS NOT NULL THEN
		RETURN v_task;
	END IF;
	INSERT INTO voiceagent_private.task_deadlines (tenant_id, task_id, due_at)
	VALUES (v_tenant, v_task.task_id, v_task.due_at);
	PERFORM voiceagent_private.request_job('tell_overdue_tasks', v_task.due_at);
	PERFORM voiceagent_private.log_event('task_created', NULL, call_id, v_lead,
		jsonb_build_object('task_id', v_task.task_id, 'kind', kind));
	RETURN v_task;
EXCEPTION WHEN foreign_key_violation THEN
	-- All else that it refers to is locked, or was looked for.
	GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
	PERFORM voiceagent_private.fail('PT404', CASE v_constraint
		WHEN 'tasks_listing' THEN format('listing %s does not exist', listing_id)
		ELSE format('appointment %s does not exist', appointment_id) END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_task(text, text, timestamptz, text, bigint, bigint, bigint, bigint, text,
	text, bigint, text, text) IS
	E'Makes a task of the current tenant from checked words, and tells of it.\n'
	'lead_id and contact_phone NULL: those of the call; due_at and priority NULL: as usual for the kind. The caller '
	'holds lock_tenant(). PT404 for an unknown call, lead, appointment or listing.';

CREATE FUNCTION voiceagent_private.leave_task(kind text, note text, call_id bigint, lead_id bigint DEFAULT NULL,
	contact_phone text DEFAULT NULL, owed boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_full text := voiceagent_private.tasks_used_up(call_id);
BEGIN
	IF v_full IS NULL THEN
		PERFORM voiceagent_private.add_task(kind, note, call_id => call_id, lead_id => lead_id,
			contact_phone => contact_phone);
		RETURN;
	END IF;
	PERFORM voiceagent_private.log_event('task_refused', NULL, call_id, lead_id,
		jsonb_build_object('kind', kind, 'reason', v_full));
	-- A debt to a person waits with its call.
	UPDATE voiceagent.calls c SET uncertain = 'review'
	WHERE owed AND c.tenant_id = voiceagent.current_tenant() AND c.call_id = leave_task.call_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.leave_task(text, text, bigint, bigint, text, boolean) IS
	E'Leaves a task that nobody asks for right now to the people of the current tenant.\n'
	'Where there is no room the event task_refused says so; owed: and the call waits to be reviewed.';

CREATE FUNCTION voiceagent.create_task(kind text, note text DEFAULT NULL, due_at timestamptz DEFAULT NULL,
	priority text DEFAULT NULL, member_id bigint DEFAULT NULL, lead_id bigint DEFAULT NULL,
	call_id bigint DEFAULT NULL, appointment_id bigint DEFAULT NULL, name text DEFAULT NULL, phone text DEFAULT NULL,
	listing_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_task voiceagent.tasks;
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	PERFORM voiceagent_private.require_task_value('task_kind', kind);
	PERFORM voiceagent_private.require_task_value('task_priority', coalesce(priority, 'normal'));
	PERFORM voiceagent_private.check_task_due(due_at);
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM voiceagent_private.require_task_room(call_id, CASE kind WHEN 'information' THEN 'send_information' END);
	IF member_id IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_member(member_id);
	END IF;
	v_task := voiceagent_private.add_task(kind, voiceagent_private.require_task_words('note', note, 4000), due_at,
		priority, member_id, lead_id, call_id, appointment_id,
		voiceagent_private.require_task_words('name', name, 200), voiceagent_private.told_number(phone),
		listing_id);
	PERFORM voiceagent_private.audit('create_task', 'task ' || v_task.task_id, NULL,
		jsonb_build_object('kind', kind, 'due_at', v_task.due_at));
	RETURN v_task.task_id;
END
$$;
COMMENT ON FUNCTION voiceagent.create_task(text, text, timestamptz, text, bigint, bigint, bigint, bigint, text,
	text, bigint) IS
	E'Makes a task for a person and returns task_id.\n'
	'kind: enumeration task_kind; due_at NULL: by the settings task_due_message, task_due_offer, task_due_other; '
	'priority: high, normal, low; member_id: who is to do it; name, phone: whom to speak to, beside or instead of '
	'a lead or a call. For agents, too. PT404, PT409 for an inactive member or too many tasks, PT422.';

SELECT voiceagent_private.make_lock('lock_task', 'voiceagent.tasks', 'task %s does not exist',
	'A task of the current tenant, locked; PT404.');

CREATE FUNCTION voiceagent_private.require_open_task(task voiceagent.tasks) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(task.finished_at IS NOT NULL, 'PT409',
		format('task %s is finished', task.task_id), format('By %s, at %s.', task.finished_by, task.finished_at),
		'reopen_task() opens it again.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_open_task(voiceagent.tasks) IS 'PT409 for a task that is finished.';

CREATE FUNCTION voiceagent.assign_task(task_id bigint, member_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_task voiceagent.tasks := voiceagent_private.lock_task(task_id);
BEGIN
	PERFORM voiceagent_private.require_open_task(v_task);
	IF member_id IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_member(member_id);
	END IF;
	UPDATE voiceagent.tasks t SET member_id = assign_task.member_id
	WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
	PERFORM voiceagent_private.log_event('task_assigned', NULL, v_task.call_id, v_task.lead_id,
		jsonb_build_object('task_id', v_task.task_id, 'member_id', member_id));
	PERFORM voiceagent_private.audit('assign_task', 'task ' || v_task.task_id, to_jsonb(v_task.member_id),
		to_jsonb(member_id));
END
$$;
COMMENT ON FUNCTION voiceagent.assign_task(bigint, bigint) IS
	E'Gives an open task to a member; member_id NULL: to anybody.\n'
	'For agents, too. PT404; PT409 for a task that is finished or a member that is not active.';

CREATE FUNCTION voiceagent.finish_task(task_id bigint, result text DEFAULT NULL, kept boolean DEFAULT true)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_result text := voiceagent_private.require_task_words('result', result, 4000);
	v_task voiceagent.tasks := voiceagent_private.lock_task(task_id);
BEGIN
	PERFORM voiceagent_private.require_open_task(v_task);
	UPDATE voiceagent.tasks t
	SET finished_at = voiceagent.clock(), finished_by = voiceagent_private.actor(), result = v_result,
		kept = CASE WHEN t.promise IS NOT NULL THEN coalesce(finish_task.kept, true) END
	WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
	DELETE FROM voiceagent_private.task_deadlines d WHERE d.tenant_id = v_tenant AND d.task_id = v_task.task_id;
	PERFORM voiceagent_private.log_event('task_finished', NULL, v_task.call_id, v_task.lead_id,
		jsonb_build_object('task_id', v_task.task_id, 'kind', v_task.kind));
	PERFORM voiceagent_private.audit('finish_task', 'task ' || v_task.task_id);
END
$$;
COMMENT ON FUNCTION voiceagent.finish_task(bigint, text, boolean) IS
	E'Finishes a task; kept false: a promise is withdrawn.\n'
	'result: what came of it, in your words. For agents, too. PT404; PT409 when it is finished already; PT422.';

CREATE FUNCTION voiceagent.reopen_task(task_id bigint, due_at timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_task voiceagent.tasks := voiceagent_private.lock_task(task_id);
	v_due timestamptz := coalesce(due_at, voiceagent.clock() + voiceagent_private.task_lasts(v_task.kind));
BEGIN
	PERFORM voiceagent_private.check_task_due(due_at);
	UPDATE voiceagent.tasks t
	SET finished_at = NULL, finished_by = NULL, result = NULL, kept = NULL, due_at = v_due, overdue_reported_at = NULL
	WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
	INSERT INTO voiceagent_private.task_deadlines AS d (tenant_id, task_id, due_at)
	VALUES (v_tenant, v_task.task_id, v_due)
	ON CONFLICT ON CONSTRAINT task_deadlines_pkey DO UPDATE SET due_at = excluded.due_at;
	PERFORM voiceagent_private.request_job('tell_overdue_tasks', v_due);
	PERFORM voiceagent_private.log_event('task_reopened', NULL, v_task.call_id, v_task.lead_id,
		jsonb_build_object('task_id', v_task.task_id, 'kind', v_task.kind));
	PERFORM voiceagent_private.audit('reopen_task', 'task ' || v_task.task_id,
		jsonb_build_object('finished_at', v_task.finished_at, 'result', v_task.result, 'due_at', v_task.due_at),
		jsonb_build_object('due_at', v_due));
END
$$;
COMMENT ON FUNCTION voiceagent.reopen_task(bigint, timestamptz) IS
	E'Opens a finished task again, or gives an open one another time.\n'
	'due_at NULL: as long from now as a new task of its kind has. When that has passed it is reported overdue '
	'again. For agents, too. PT404, PT422.';
