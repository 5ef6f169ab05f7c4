-- 51_task: messages and offers of callers, and unanswered calls.

CREATE FUNCTION voiceagent.take_message(message text, name text DEFAULT NULL, phone text DEFAULT NULL,
	lead_id bigint DEFAULT NULL, call_id bigint DEFAULT NULL, member_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_message text := voiceagent_private.require_task_words('message', message, 4000);
	v_task voiceagent.tasks;
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	PERFORM voiceagent_private.fail_if(v_message IS NULL, 'PT422', 'the message is empty', NULL,
		'Ask what is to be told.');
	PERFORM voiceagent_private.fail_if(num_nonnulls(nullif(btrim(phone), ''), lead_id, call_id) = 0, 'PT422',
		'the message is nobody''s', NULL, 'Give phone, lead_id or call_id, so that somebody can answer.');
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM voiceagent_private.require_task_room(call_id, 'take_message');
	IF member_id IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_member(member_id);
	END IF;
	v_task := voiceagent_private.add_task('message', v_message, member_id => member_id, lead_id => lead_id,
		call_id => call_id, contact_name => voiceagent_private.require_task_words('name', name, 200),
		contact_phone => voiceagent_private.told_number(phone));
	PERFORM voiceagent_private.log_event('message_taken', NULL, v_task.call_id, v_task.lead_id,
		jsonb_build_object('task_id', v_task.task_id, 'kind', 'message'));
	RETURN v_task.task_id;
END
$$;
COMMENT ON FUNCTION voiceagent.take_message(text, text, text, bigint, bigint, bigint) IS
	E'Keeps a message for the tenant''s people as a task of high priority, due after task_due_message, and returns '
	'task_id.\n'
	'name, phone: whom to answer (a phone in any usual writing; NULL: the call''s); member_id: for whom it is, NULL: '
	'anybody. For agents, too. PT404, PT409 for an inactive member or too many tasks, PT422.';

CREATE FUNCTION voiceagent.make_offer(amount numeric, currency text, contingencies text DEFAULT NULL,
	subject text DEFAULT NULL, name text DEFAULT NULL, phone text DEFAULT NULL, lead_id bigint DEFAULT NULL,
	call_id bigint DEFAULT NULL, listing_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_subject text := voiceagent_private.require_task_words('subject', subject, 400);
	v_contingencies text := voiceagent_private.require_task_words('contingencies', contingencies, 4000);
	v_currency text := upper(btrim(currency));
	v_task voiceagent.tasks;
	v_offer bigint;
	c_most CONSTANT numeric := 1e15;
BEGIN
	PERFORM voiceagent_private.fail_if(
		amount IS NULL OR NOT amount > 0 OR amount > c_most OR round(amount, 2) <> amount, 'PT422',
		format('nobody can offer %s', coalesce(left(amount::text, 60), 'null')), NULL,
		format('amount is more than 0, at most %s, with at most two decimal places.', c_most::bigint));
	PERFORM voiceagent_private.fail_if(v_currency IS NULL OR v_currency !~ '^[A-Z]{3}$', 'PT422',
		format('unknown currency "%s"', left(coalesce(currency, 'null'), 60)), NULL,
		'currency is a code of ISO 4217, such as USD.');
	PERFORM voiceagent_private.lock_tenant(false);
	PERFORM voiceagent_private.require_task_room(call_id, 'make_offer');
	v_task := voiceagent_private.add_task('offer', concat_ws('; ', format('Offers %s %s', v_currency,
			to_char(amount, 'FM999,999,999,999,999,990.00')) || coalesce(' for ' || v_subject, ''),
			left(v_contingencies, 3000)),
		lead_id => lead_id, call_id => call_id, listing_id => listing_id,
		contact_name => voiceagent_private.require_task_words('name', name, 200),
		contact_phone => voiceagent_private.told_number(phone));
	PERFORM voiceagent_private.fail_if(v_task.contact_phone IS NULL AND v_task.lead_id IS NULL, 'PT422',
		'nobody could answer the offer', NULL, 'Give phone or lead_id, or call_id of a call whose caller is known.');
	INSERT INTO voiceagent.offers AS o (tenant_id, task_id, amount, currency, subject, contingencies, lead_id, call_id,
		listing_id, created_at)
	VALUES (v_tenant, v_task.task_id, amount, v_currency, v_subject, v_contingencies, v_task.lead_id, call_id,
		listing_id, voiceagent.clock())
	RETURNING o.offer_id INTO v_offer;
	PERFORM voiceagent_private.log_event('offer_made', NULL, call_id, v_task.lead_id,
		jsonb_build_object('offer_id', v_offer, 'task_id', v_task.task_id));
	RETURN v_offer;
END
$$;
COMMENT ON FUNCTION voiceagent.make_offer(numeric, text, text, text, text, text, bigint, bigint, bigint) IS
	E'Keeps what somebody would pay, makes a task to answer it, due after task_due_offer, and returns offer_id.\n'
	'amount: more than 0, in units of currency (ISO 4217); contingencies: on which conditions; subject, listing_id: '
	'what for; name, phone: who offers, if it is no lead (phone NULL: the call''s). For agents, too. PT404, '
	'PT409, PT422.';

CREATE FUNCTION voiceagent_private.task_missed_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_call bigint;
BEGIN
	IF NOT voiceagent_private.setting_text('task_of_missed_call')::boolean THEN
		RETURN;
	END IF;
	FOR v_call IN
		-- One of each caller. A caller that only heard a text spoke with no person either.
		SELECT min(c.call_id) FROM voiceagent.calls c
		JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.direction = 'inbound'
			AND (NOT i.answered OR i.answer = 'say' AND (i.plan ? 'opt_out_key') IS NOT TRUE) AND c.phone IS NOT NULL
			AND NOT EXISTS (SELECT FROM voiceagent.tasks t
				WHERE t.tenant_id = v_tenant AND t.contact_phone = c.phone AND t.kind = 'missed_call'
					AND t.finished_at IS NULL)
		GROUP BY c.phone ORDER BY 1
	LOOP
		PERFORM voiceagent_private.leave_task('missed_call', NULL, v_call);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.task_missed_calls(bigint[]) IS
	'Where the current tenant''s setting task_of_missed_call says so, makes a task for each caller of these ended '
	'incoming calls who spoke with no one and for whom none is open; where there is no room, an event says so.';

CREATE FUNCTION voiceagent_private.tell_overdue_tasks(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_again CONSTANT interval := '1 minute';
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_task voiceagent.tasks;
BEGIN
	-- The task first, as whoever finishes it; one that somebody holds comes later.
	FOR v_task IN
		SELECT t.* FROM voiceagent.tasks t
		WHERE t.tenant_id = v_tenant AND t.finished_at IS NULL
			AND t.task_id = ANY (ARRAY(SELECT d.task_id FROM voiceagent_private.task_deadlines d
				WHERE d.tenant_id = v_tenant AND d.due_at <= v_now ORDER BY d.due_at LIMIT max))
		ORDER BY t.task_id FOR NO KEY UPDATE SKIP LOCKED
	LOOP
		UPDATE voiceagent.tasks t SET overdue_reported_at = v_now
		WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
		DELETE FROM voiceagent_private.task_deadlines d
		WHERE d.tenant_id = v_tenant AND d.task_id = v_task.task_id;
		PERFORM voiceagent_private.log_event('task_overdue', NULL, v_task.call_id, v_task.lead_id,
			jsonb_build_object('task_id', v_task.task_id, 'kind', v_task.kind, 'due_at', v_task.due_at));
	END LOOP;
	-- The rest of its first ones waits, and the next ones get their turn.
	UPDATE voiceagent_private.task_deadlines d SET due_at = v_now + c_again
	WHERE d.tenant_id = v_tenant AND d.task_id = ANY (ARRAY(SELECT o.task_id
		FROM voiceagent_private.task_deadlines o
		WHERE o.tenant_id = v_tenant AND o.due_at <= v_now ORDER BY o.due_at LIMIT max FOR UPDATE SKIP LOCKED));
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN v_task.task_id IS NULL AND NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_overdue_tasks(integer) IS
	'A tenant job: tells of open tasks whose time has passed, once each; of one that somebody holds a minute later.';
SELECT voiceagent_private.register_tenant_job('tell_overdue_tasks', 1000, 'task_deadlines', 'due_at');

CREATE VIEW voiceagent.tasks_overdue WITH (security_invoker = on) AS
SELECT t.tenant_id, t.task_id, t.kind, t.priority, t.due_at, voiceagent.clock() - t.due_at AS late, t.member_id,
	t.lead_id, t.call_id, t.appointment_id, t.listing_id, t.contact_name, t.contact_phone, t.note, t.created_at
FROM voiceagent.tasks t
WHERE t.finished_at IS NULL AND t.due_at < voiceagent.clock();
COMMENT ON VIEW voiceagent.tasks_overdue IS 'Open tasks whose time has passed.';
COMMENT ON COLUMN voiceagent.tasks_overdue.late IS 'For how long it has been overdue.';
