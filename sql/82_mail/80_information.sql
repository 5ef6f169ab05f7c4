-- 82_mail: what callers had sent (80_reception/54_information.sql) leaves when their call is over, by mail or text.

CREATE FUNCTION voiceagent_private.document_asked(call voiceagent.calls, name text, OUT title text, OUT content text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	SELECT d.name, (SELECT string_agg(concat_ws(E'\n', nullif(p.heading, ''), p.body), E'\n\n' ORDER BY p.passage)
		FROM voiceagent.knowledge_passages p
		WHERE p.tenant_id = d.tenant_id AND p.document_id = d.document_id)
	INTO title, content FROM voiceagent.knowledge_documents d
	WHERE d.tenant_id = v_tenant AND lower(btrim(d.name)) = lower(btrim(document_asked.name))
		AND d.document_id = ANY (voiceagent_private.documents_of(coalesce((call).assistant_id, (
			SELECT n.ai_assistant_id FROM voiceagent.call_inbound i
			JOIN voiceagent.phone_numbers n ON n.tenant_id = i.tenant_id AND n.phone_number_id = i.phone_number_id
			WHERE i.tenant_id = v_tenant AND i.call_id = (call).call_id))))
	ORDER BY d.document_id LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent_private.document_asked(voiceagent.calls, text) IS
	'The document of that name, of those that the assistant of a call of the current tenant draws on; NULL: none.';

CREATE FUNCTION voiceagent_private.mail_asked(call voiceagent.calls, arguments jsonb, OUT mail_id bigint,
	OUT reason text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_known text := (SELECT lower(btrim(l.email)) FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = (call).lead_id);
	v_address text := coalesce(lower(nullif(btrim(arguments ->> 'email'), '')), v_known);
	v_document record;
BEGIN
	-- Each turn by itself, and the caller's alone: an assistant that reads an address back proves nothing.
	IF v_address IS DISTINCT FROM v_known AND NOT EXISTS (SELECT FROM voiceagent.conversations k
			CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(k.turns) WHEN 'array' THEN k.turns
				ELSE '[]' END) t
			WHERE k.tenant_id = v_tenant AND k.call_id = (call).call_id
				AND k.month_slot = voiceagent_private.month_slot((call).started_at) AND t ->> 'speaker' = 'customer'
				AND voiceagent_private.says_address(t ->> 'text', v_address)) THEN
		v_address := NULL;
	END IF;
	SELECT * INTO v_document FROM voiceagent_private.document_asked(call, arguments ->> 'what');
	reason := CASE WHEN voiceagent_private.setting_text('mail_information') <> 'on' THEN 'mail_information is off'
		WHEN v_address IS NULL THEN 'the caller''s words do not say this address'
		WHEN v_document.content IS NULL THEN 'the assistant has no document of that name'
		WHEN NOT EXISTS (SELECT FROM voiceagent.mail_accounts a WHERE a.tenant_id = v_tenant)
			AND NOT EXISTS (SELECT FROM voiceagent_private.platform_mail_account) THEN 'there is no mail account' END;
	IF reason IS NULL THEN
		mail_id := voiceagent_private.enqueue_mail(v_address, 'information', jsonb_build_object(
			'topic', regexp_replace(v_document.title, '[[:cntrl:]]+', ' ', 'g'), 'information', v_document.content),
			coalesce((SELECT a.language FROM voiceagent.assistant_versions a WHERE a.tenant_id = v_tenant
				AND a.assistant_id = (call).assistant_id AND a.version = (call).assistant_version), 'en'),
			NULL, (call).lead_id, (call).call_id);
		reason := (SELECT m.reason FROM voiceagent.mails m
			WHERE m.tenant_id = v_tenant AND m.mail_id = mail_asked.mail_id AND m.status = 'refused');
	END IF;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	mail_id := NULL;
	reason := SQLERRM;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_asked(voiceagent.calls, jsonb) IS
	'Mails what was asked for in a call of the current tenant that is over (arguments: of send_information), if that '
	'may be; reason: why a person has to send it.';

CREATE FUNCTION voiceagent_private.text_asked(call voiceagent.calls, arguments jsonb, task_id bigint,
	OUT text_id bigint, OUT reason text)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_key text := 'information:' || text_asked.task_id;
	v_answer record;
	v_content text := (voiceagent_private.document_asked(call, arguments ->> 'what')).content;
	v_text voiceagent.texts;
BEGIN
	SELECT t.* INTO v_text FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.key = v_key;
	IF FOUND THEN
		text_id := v_text.text_id;
		reason := CASE WHEN v_text.status IN ('waiting', 'sending') THEN 'waits'
			WHEN v_text.status NOT IN ('sent', 'delivered') THEN format('text %s is %s%s', text_id, v_text.status,
				coalesce(' (' || v_text.reason || ')', '')) END;
		RETURN;
	END IF;
	-- Whatever a model claims: the question stands in a turn of the assistant, a yes in one of the person's.
	SELECT s.* INTO v_answer FROM voiceagent.conversations k
	CROSS JOIN unnest('{en,es,fr,de}'::text[]) AS l(language)
	CROSS JOIN LATERAL voiceagent_private.parse_answer(k.turns,
		voiceagent_private.spoken_words('ask_send', l.language), l.language) s
	WHERE k.tenant_id = v_tenant AND k.call_id = (call).call_id
		AND k.month_slot = voiceagent_private.month_slot((call).started_at) AND s.asked LIMIT 1;
	reason := CASE WHEN NOT FOUND THEN 'nobody asked the caller, word for word, whether it may be texted'
		WHEN v_answer.agreed IS NULL THEN 'the caller gave no clear answer to whether it may be texted'
		WHEN NOT v_answer.agreed THEN 'the caller wants no text'
		WHEN voiceagent_private.setting_text('text_information') <> 'on' THEN 'text_information is off'
		WHEN v_content IS NULL THEN 'the assistant has no document of that name'
		WHEN length(v_content) > 1600 THEN 'the document is too long for a text' END;
	IF reason IS NULL THEN
		text_id := voiceagent_private.queue_text('information', (call).phone, v_content, v_key, (call).lead_id,
			(call).call_id);
		reason := 'waits';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_asked(voiceagent.calls, jsonb, bigint) IS
	E'Texts what was asked for in a call of the current tenant that is over, for a task, once, if the caller was asked '
	'and agreed; later, what came of it.\n'
	'reason: why a person has to send it, or waits: it is on its way.';

CREATE FUNCTION voiceagent_private.settle_information(task_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_task voiceagent.tasks;
	v_call voiceagent.calls;
	v_asked jsonb;
	v_by_text boolean;
	v_id bigint;
	v_reason text;
	-- The words may arrive a little after the end.
	c_words CONSTANT interval := '2 minutes';
BEGIN
	SELECT t.* INTO v_task FROM voiceagent.tasks t
	WHERE t.tenant_id = v_tenant AND t.task_id = settle_information.task_id FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	SELECT c.* INTO v_call FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.call_id = v_task.call_id
	FOR KEY SHARE;
	IF v_call.call_id IS NULL OR v_task.finished_at IS NOT NULL THEN
		RETURN true;
	ELSIF v_call.outcome IS NULL OR v_call.ended_at > v_now - c_words AND NOT EXISTS (
		SELECT FROM voiceagent.conversations k WHERE k.tenant_id = v_tenant AND k.call_id = v_call.call_id
			AND k.month_slot = voiceagent_private.month_slot(v_call.started_at)) THEN
		RETURN false;
	END IF;
	SELECT t.arguments INTO v_asked FROM voiceagent.call_tools t
	WHERE t.tenant_id = v_tenant AND t.call_id = v_call.call_id AND t.made ->> 'task_id' = v_task.task_id::text;
	v_by_text := voiceagent_private.parse_yes(v_asked -> 'by_text');
	IF v_by_text THEN
		SELECT x.text_id, x.reason INTO v_id, v_reason
		FROM voiceagent_private.text_asked(v_call, v_asked, v_task.task_id) x;
	ELSIF v_asked IS NOT NULL THEN
		SELECT m.mail_id, m.reason INTO v_id, v_reason FROM voiceagent_private.mail_asked(v_call, v_asked) m;
	END IF;
	IF v_reason = 'waits' THEN
		RETURN false;
	ELSIF v_id IS NULL OR v_reason IS NOT NULL THEN
		UPDATE voiceagent.tasks t SET note = left(concat_ws(' ', t.note, format('A person has to send it: %s.',
			coalesce(v_reason, 'its words are kept no longer'))), 4000)
		WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
		RETURN true;
	END IF;
	UPDATE voiceagent.tasks t SET finished_at = v_now, finished_by = voiceagent_private.actor(),
		result = format(CASE WHEN v_by_text THEN 'Texted (text %s).' ELSE 'Mailed (mail %s).' END, v_id)
	WHERE t.tenant_id = v_tenant AND t.task_id = v_task.task_id;
	DELETE FROM voiceagent_private.task_deadlines d WHERE d.tenant_id = v_tenant AND d.task_id = v_task.task_id;
	PERFORM voiceagent_private.log_event('task_finished', NULL, v_task.call_id, v_task.lead_id,
		jsonb_build_object('task_id', v_task.task_id, 'kind', v_task.kind,
			CASE WHEN v_by_text THEN 'text_id' ELSE 'mail_id' END, v_id));
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_information(bigint) IS
	'Mails or texts what a task of the current tenant is to send, and finishes it, or notes in it why a person has to; '
	'false: not yet, for its call goes on, or its words are not known, or a text is on its way, or somebody holds it.';

CREATE FUNCTION voiceagent_private.send_information(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_tenant bigint := voiceagent.current_tenant();
	v_task bigint;
	v_done boolean;
	c_again CONSTANT interval := '15 seconds';
BEGIN
	FOR v_task IN SELECT a.task_id FROM voiceagent_private.information_asked a
		WHERE a.tenant_id = v_tenant AND a.due_at <= v_now ORDER BY a.due_at LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		BEGIN
			v_done := voiceagent_private.settle_information(v_task);
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'what task % of tenant % is to send could not be sent: % %', v_task, v_tenant, SQLSTATE,
				SQLERRM;
			-- It stays a task for a person.
			v_done := EXISTS (SELECT FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.task_id = v_task
				AND t.created_at < v_now - interval '1 hour');
		END;
		IF v_done THEN
			DELETE FROM voiceagent_private.information_asked a
			WHERE a.tenant_id = v_tenant AND a.task_id = v_task;
		ELSE
			UPDATE voiceagent_private.information_asked a SET due_at = v_now + c_again
			WHERE a.tenant_id = v_tenant AND a.task_id = v_task;
		END IF;
	END LOOP;
	-- Due rows that were skipped are locked.
	RETURN CASE WHEN NOT FOUND THEN voiceagent.clock() + interval '1 second' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.send_information(integer) IS
	'A tenant job: mails or texts what callers have asked for in calls that are over, or says in the task why a person '
	'has to.';
SELECT voiceagent_private.register_tenant_job('send_information', 20, 'information_asked', 'due_at');
