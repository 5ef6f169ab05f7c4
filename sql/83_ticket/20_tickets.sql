-- 83_ticket: tickets are opened, written to, answered and resolved.

CREATE FUNCTION voiceagent_private.ticket_words(what text, words text, longest integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_words text := voiceagent_private.require_task_words(what, words, longest);
BEGIN
	PERFORM voiceagent_private.fail_if(v_words IS NULL, 'PT422', format('%s is empty', what));
	RETURN v_words;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_words(text, text, integer) IS
	'As require_task_words(), but PT422 for none.';

SELECT voiceagent_private.make_lock('lock_ticket', 'voiceagent.tickets', 'ticket %s does not exist',
	'A ticket of the current tenant, locked; PT404.');

CREATE FUNCTION voiceagent_private.move_ticket(ticket_id bigint, state text, priority text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v voiceagent.tickets;
	v_anew boolean;
BEGIN
	SELECT t.* INTO v FROM voiceagent.tickets t WHERE t.tenant_id = v_tenant AND t.ticket_id = move_ticket.ticket_id;
	v_anew := move_ticket.priority IS NOT NULL OR v.state = 'resolved';
	v.priority := coalesce(move_ticket.priority, v.priority);
	-- Another message does not put off an answer that is late.
	IF move_ticket.state <> 'open' THEN
		v.due_at := NULL;
	ELSIF move_ticket.priority IS NOT NULL OR v.due_at IS NULL THEN
		v.due_at := voiceagent_private.staff_time(v_now, voiceagent_private.setting_interval(CASE
			WHEN v.first_answered_at IS NULL THEN 'ticket_due_' ELSE 'ticket_next_' END || v.priority));
	END IF;
	-- The clock of the solution stands while the tenant is asked.
	v.solve_left := CASE WHEN v_anew THEN voiceagent_private.setting_interval('ticket_solve_' || v.priority)
		WHEN v.solve_due_at IS NOT NULL THEN voiceagent_private.staff_time_left(v_now, v.solve_due_at)
		ELSE v.solve_left END;
	v.solve_due_at := CASE WHEN move_ticket.state <> 'open' THEN NULL
		WHEN v.solve_due_at IS NULL OR v_anew THEN voiceagent_private.staff_time(v_now, v.solve_left)
		ELSE v.solve_due_at END;
	UPDATE voiceagent.tickets t
	SET state = move_ticket.state, priority = v.priority, changed_at = v_now,
		first_answered_at = coalesce(t.first_answered_at, CASE WHEN move_ticket.state = 'answered' THEN v_now END),
		resolved_at = CASE WHEN move_ticket.state = 'resolved' THEN coalesce(t.resolved_at, v_now) END,
		due_at = v.due_at, solve_due_at = v.solve_due_at,
		solve_left = CASE WHEN move_ticket.state = 'answered' THEN v.solve_left END,
		told = CASE WHEN v_anew THEN '{}' WHEN v.due_at IS DISTINCT FROM t.due_at
			THEN ARRAY(SELECT o FROM unnest(t.told) o WHERE o LIKE 'solution %') ELSE t.told END
	WHERE t.tenant_id = v_tenant AND t.ticket_id = move_ticket.ticket_id
	RETURNING t.* INTO v;
	PERFORM voiceagent_private.set_ticket_turn(v);
	DELETE FROM voiceagent_private.tickets_due d WHERE d.tenant_id = v_tenant AND d.ticket_id = move_ticket.ticket_id;
	IF v.due_at IS NOT NULL THEN
		INSERT INTO voiceagent_private.tickets_due (tenant_id, ticket_id, due_at)
		VALUES (v_tenant, move_ticket.ticket_id, v.due_at);
	ELSIF move_ticket.state = 'resolved' THEN
		-- One that somebody writes to goes with the next that is resolved, if it is still over.
		DELETE FROM voiceagent.tickets t
		WHERE t.tenant_id = v_tenant AND t.ticket_id = ANY (ARRAY(SELECT l.ticket_id FROM voiceagent.tickets l
			WHERE l.tenant_id = v_tenant AND l.resolved_at IS NOT NULL AND l.ticket_id = ANY (ARRAY(SELECT o.ticket_id
				FROM (SELECT k.ticket_id, row_number() OVER w AS place, sum(k.bytes) OVER w AS bytes
					FROM voiceagent.tickets k WHERE k.tenant_id = v_tenant AND k.resolved_at IS NOT NULL
					WINDOW w AS (ORDER BY k.resolved_at DESC, k.ticket_id DESC)) o
				WHERE o.place > voiceagent_private.setting_integer('tickets_kept')
					OR o.place > 1 AND o.bytes > voiceagent_private.platform_setting('ticket_bytes_kept')::bigint))
			FOR UPDATE SKIP LOCKED));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_ticket(bigint, text, text) IS
	E'Gives a locked ticket a state, and another priority unless that is NULL.\n'
	'It is due anew when it becomes open or its priority is set; one that is resolved has the oldest ones give way.';

CREATE FUNCTION voiceagent_private.add_ticket_message(ticket voiceagent.tickets, side text, author text, message text)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_most integer := voiceagent_private.setting_integer('ticket_messages');
	v_number integer := (SELECT coalesce(max(m.message_number), 0) + 1 FROM voiceagent.ticket_messages m
		WHERE m.tenant_id = ticket.tenant_id AND m.ticket_id = ticket.ticket_id);
	-- A row's further columns.
	c_row CONSTANT integer := 150;
BEGIN
	PERFORM voiceagent_private.fail_if(v_number > v_most, 'PT409',
		format('ticket %s has %s messages', ticket.ticket_id, v_most), NULL, 'Open another one.');
	INSERT INTO voiceagent.ticket_messages (tenant_id, ticket_id, message_number, side, author, message, created_at)
	VALUES (ticket.tenant_id, ticket.ticket_id, v_number, side, author, message, voiceagent.clock());
	UPDATE voiceagent.tickets t SET bytes = t.bytes + c_row + octet_length(add_ticket_message.message)
	WHERE t.tenant_id = ticket.tenant_id AND t.ticket_id = ticket.ticket_id;
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_ticket_message(voiceagent.tickets, text, text, text) IS
	'Adds checked words to a locked ticket -> message_number; PT409 for one that is full.';

CREATE FUNCTION voiceagent_private.add_ticket(category text, priority text, subject text, message text, language text,
	number_request_id bigint DEFAULT NULL, member_id bigint DEFAULT NULL, author text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_most integer := voiceagent_private.setting_integer('open_tickets');
	v_ticket voiceagent.tickets;
BEGIN
	-- Requests for numbers count, too: health() and metrics() count the open tickets of all tenants.
	PERFORM voiceagent_private.fail_if((SELECT count(*) FROM (SELECT FROM voiceagent.tickets t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.resolved_at IS NULL LIMIT v_most) o) >= v_most,
		'PT409', format('%s tickets are not resolved (open_tickets)', v_most), NULL,
		'Write to one of them, or resolve_ticket() what is settled.');
	INSERT INTO voiceagent.tickets AS t (tenant_id, category, priority, subject, number_request_id, member_id,
		opened_by, language, created_at, changed_at, due_at)
	VALUES (voiceagent.current_tenant(), category, priority, subject, number_request_id,
		coalesce(add_ticket.member_id, (voiceagent_private.caller()).member_id),
		coalesce(author, voiceagent_private.actor()), language, v_now, v_now, v_now)
	RETURNING t.* INTO v_ticket;
	PERFORM voiceagent_private.add_ticket_message(v_ticket, 'tenant', v_ticket.opened_by, message);
	PERFORM voiceagent_private.move_ticket(v_ticket.ticket_id, 'open', priority);
	PERFORM voiceagent_private.log_event('ticket_opened', NULL, NULL, NULL,
		jsonb_build_object('ticket_id', v_ticket.ticket_id, 'category', category));
	RETURN v_ticket.ticket_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_ticket(text, text, text, text, text, bigint, bigint, text) IS
	'Opens a ticket of the current tenant from checked words, of the caller or a member, -> ticket_id; PT409 for too '
	'many that are not resolved.';

CREATE FUNCTION voiceagent_private.write_to_ticket(ticket voiceagent.tickets, author text, message text)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_number integer := voiceagent_private.add_ticket_message(ticket, 'tenant', author, message);
BEGIN
	PERFORM voiceagent_private.move_ticket(ticket.ticket_id, 'open');
	PERFORM voiceagent_private.log_event('ticket_written', NULL, NULL, NULL,
		jsonb_build_object('ticket_id', ticket.ticket_id));
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_to_ticket(voiceagent.tickets, text, text) IS
	'Adds checked words of the tenant''s to a locked ticket, which is open then -> message_number; PT409.';

CREATE FUNCTION voiceagent.open_ticket(subject text, message text, category text DEFAULT 'technical',
	priority text DEFAULT 'normal', language text DEFAULT 'en') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_subject text;
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	v_subject := voiceagent_private.ticket_words('the subject', subject, 200);
	PERFORM voiceagent_private.require_task_value('ticket_category', category);
	PERFORM voiceagent_private.require_task_value('task_priority', priority);
	PERFORM voiceagent_private.fail_if(v_subject ~ '[[:cntrl:]]', 'PT422', 'a subject is one line');
	PERFORM voiceagent_private.fail_if(language IS NULL OR language NOT IN ('en', 'es', 'fr', 'de'), 'PT422',
		'mails are written in en, es, fr or de');
	RETURN voiceagent_private.add_ticket(category, priority, v_subject,
		voiceagent_private.ticket_words('the message', message, 20000), language);
END
$$;
COMMENT ON FUNCTION voiceagent.open_ticket(text, text, text, text, text) IS
	E'Asks the platform''s staff something -> ticket_id; ticket_messages has what is answered.\n'
	'subject: a line; message: at most 20000 characters; category: enumeration ticket_category; priority: high, '
	'normal, low; language of the mails: en, es, fr, de. For agents, too. PT409 for too many that are not resolved, '
	'PT422.';

CREATE FUNCTION voiceagent.write_ticket(ticket_id bigint, message text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_message text;
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	v_message := voiceagent_private.ticket_words('the message', message, 20000);
	RETURN voiceagent_private.write_to_ticket(voiceagent_private.lock_ticket(ticket_id), voiceagent_private.actor(),
		v_message);
END
$$;
COMMENT ON FUNCTION voiceagent.write_ticket(bigint, text) IS
	E'Writes to a ticket of the tenant -> message_number; one that was answered or resolved is open again.\n'
	'For agents, too. PT404, PT409 for one that is full, PT422.';

CREATE FUNCTION voiceagent.resolve_ticket(ticket_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ticket voiceagent.tickets;
BEGIN
	PERFORM voiceagent_private.writer_tenant('agent');
	v_ticket := voiceagent_private.lock_ticket(ticket_id);
	IF v_ticket.state <> 'resolved' THEN
		PERFORM voiceagent_private.move_ticket(ticket_id, 'resolved');
		PERFORM voiceagent_private.log_event('ticket_resolved', NULL, NULL, NULL,
			jsonb_build_object('ticket_id', ticket_id));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.resolve_ticket(bigint) IS
	E'Says that a ticket of the tenant is settled; done twice it changes nothing.\n'
	'For agents, too. PT404.';

CREATE FUNCTION voiceagent.rate_ticket(ticket_id bigint, satisfaction integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('agent');
	v_ticket voiceagent.tickets := voiceagent_private.lock_ticket(ticket_id);
BEGIN
	PERFORM voiceagent_private.fail_if(satisfaction IS NULL OR satisfaction NOT BETWEEN 1 AND 5, 'PT422',
		'satisfaction is a number from 1 to 5');
	PERFORM voiceagent_private.fail_if(v_ticket.state <> 'resolved', 'PT409', 'the ticket is not resolved');
	UPDATE voiceagent.tickets t SET satisfaction = rate_ticket.satisfaction
	WHERE t.tenant_id = v_tenant AND t.ticket_id = v_ticket.ticket_id;
	PERFORM voiceagent_private.log_event('ticket_rated', NULL, NULL, NULL,
		jsonb_build_object('ticket_id', ticket_id, 'satisfaction', satisfaction));
END
$$;
COMMENT ON FUNCTION voiceagent.rate_ticket(bigint, integer) IS
	E'Says how content you are with how a resolved ticket was settled, from 1 to 5; the last word counts.\n'
	'For agents, too. PT404, PT409 for one that is not resolved, PT422.';

CREATE FUNCTION voiceagent_private.ticket_address(ticket_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_address text := voiceagent_private.platform_setting('ticket_mail_address');
	v_place text := format('%s-%s', voiceagent.current_tenant(), ticket_id);
BEGIN
	-- Good as long as there is the ticket; half a signature, as a mailbox has a name of 64 bytes.
	RETURN CASE WHEN v_address <> '' THEN format('%s+%s-%s@%s', split_part(v_address, '@', 1), v_place,
		left(voiceagent_private.sign_link('ticket mail', 0, v_place), 32), split_part(v_address, '@', 2)) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_address(bigint) IS
	'Where mails about a ticket of the current tenant are answered, signed; NULL: nowhere.';

CREATE FUNCTION voiceagent_private.ticket_mail_words(language text, words text, by_mail boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT CASE WHEN by_mail THEN w.mail ELSE w.page END FROM (VALUES
		('en', 'write', 'Write to the ticket, not to this address.', 'Answer this mail, or write to the ticket.'),
		('es', 'write', 'Conteste en la consulta, no a esta dirección.',
			'Conteste a este correo o escriba en la consulta.'),
		('fr', 'write', 'Répondez dans la demande, pas à cette adresse.',
			'Répondez à ce message ou écrivez dans la demande.'),
		('de', 'write', 'Bitte antworten Sie in der Anfrage, nicht an diese Adresse.',
			'Antworten Sie auf diese Mail, oder schreiben Sie in die Anfrage.'),
		('en', 'open', 'Write to it again to open it.', 'Answer this mail to open it again.'),
		('es', 'open', 'Escriba en ella para abrirla de nuevo.', 'Conteste a este correo para abrirla de nuevo.'),
		('fr', 'open', 'Écrivez-y pour la rouvrir.', 'Répondez à ce message pour la rouvrir.'),
		('de', 'open', 'Schreiben Sie dazu, um sie wieder zu öffnen.',
			'Antworten Sie auf diese Mail, um sie wieder zu öffnen.'),
		('en', 'ask', 'Are you happy with how we resolved this? Rate the ticket from 1 (not at all) to 5 (fully).',
			'Are you happy with how we resolved this? Answer with a number alone, from 1 (not at all) to 5 (fully).'),
		('es', 'ask', '¿Está satisfecho con la solución? Valore la consulta de 1 (nada) a 5 (del todo).',
			'¿Está satisfecho con la solución? Conteste solo con un número, de 1 (nada) a 5 (del todo).'),
		('fr', 'ask', 'Êtes-vous satisfait de la solution ? Notez la demande de 1 (pas du tout) à 5 (tout à fait).',
			'Êtes-vous satisfait de la solution ? Répondez par un seul chiffre, de 1 (pas du tout) à 5 (tout à fait).'),
		('de', 'ask', 'Sind Sie mit der Lösung zufrieden? Bewerten Sie die Anfrage von 1 (gar nicht) bis 5 (ganz).',
			'Sind Sie mit der Lösung zufrieden? Antworten Sie nur mit einer Zahl von 1 (gar nicht) bis 5 (ganz).')
	) w(language, words, page, mail)
	WHERE w.language = ticket_mail_words.language AND w.words = ticket_mail_words.words
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_mail_words(text, text, boolean) IS
	'The words of a mail about a ticket on answering it (write, open) and on rating it (ask).';

CREATE FUNCTION voiceagent_private.mail_ticket(ticket voiceagent.tickets, message text, resolved boolean)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := (SELECT m.email FROM voiceagent.members m
		WHERE m.tenant_id = ticket.tenant_id AND m.member_id = ticket.member_id AND m.active);
	v_address text;
	v_mail voiceagent.mails;
BEGIN
	IF v_email IS NULL THEN
		RETURN;
	END IF;
	v_address := voiceagent_private.ticket_address(ticket.ticket_id);
	v_mail.mail_id := voiceagent_private.enqueue_mail(v_email, CASE WHEN resolved THEN 'ticket_resolved'
		ELSE 'ticket_answered' END, jsonb_build_object('ticket', ticket.ticket_id, 'subject', ticket.subject, 'message',
		message, 'how', concat_ws(E'\n\n', voiceagent_private.ticket_mail_words(ticket.language,
			CASE WHEN resolved THEN 'open' ELSE 'write' END, v_address IS NOT NULL),
			CASE WHEN resolved AND ticket.asked_at IS NULL THEN voiceagent_private.ticket_mail_words(ticket.language,
				'ask', v_address IS NOT NULL) END)), ticket.language);
	UPDATE voiceagent.tickets t SET asked_at = voiceagent.clock()
	WHERE t.tenant_id = ticket.tenant_id AND t.ticket_id = ticket.ticket_id AND resolved AND t.asked_at IS NULL;
	UPDATE voiceagent_private.mail_queue q SET reply_to = v_address
	WHERE q.tenant_id = ticket.tenant_id AND q.mail_id = v_mail.mail_id AND v_address IS NOT NULL;
	SELECT m.* INTO v_mail FROM voiceagent.mails m
	WHERE m.tenant_id = ticket.tenant_id AND m.mail_id = v_mail.mail_id;
	INSERT INTO voiceagent_private.ticket_threads (message_key, tenant_id, ticket_id)
	VALUES (voiceagent_private.mail_key(v_mail), ticket.tenant_id, ticket.ticket_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_ticket(voiceagent.tickets, text, boolean) IS
	'Mails an answer to the member who opened a ticket; the first that resolves it asks how content it is.';

CREATE FUNCTION voiceagent_private.reply_to_ticket(ticket voiceagent.tickets, message text, resolved boolean,
	author text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_state text := CASE WHEN resolved THEN 'resolved' ELSE 'answered' END;
	v_number integer := voiceagent_private.add_ticket_message(ticket, 'staff', author, message);
BEGIN
	PERFORM voiceagent_private.move_ticket(ticket.ticket_id, 'answered');
	IF resolved THEN
		PERFORM voiceagent_private.move_ticket(ticket.ticket_id, 'resolved');
	END IF;
	PERFORM voiceagent_private.log_event('ticket_answered', NULL, NULL, NULL,
		jsonb_build_object('ticket_id', ticket.ticket_id, 'message_number', v_number, 'state', v_state));
	PERFORM voiceagent_private.mail_ticket(ticket, message, resolved);
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent_private.reply_to_ticket(voiceagent.tickets, text, boolean, text) IS
	E'The staff''s answer to a locked ticket of the current tenant -> message_number.\n'
	'Tells the tenant''s webhooks, and the member who opened it by mail.';

CREATE FUNCTION voiceagent.answer_ticket(tenant_id bigint, ticket_id bigint, message text,
	resolved boolean DEFAULT false, name text DEFAULT 'support') RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_number integer;
	v_ticket voiceagent.tickets;
	v_macro voiceagent_private.ticket_macros;
BEGIN
	PERFORM voiceagent_private.require_platform('answer a ticket');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	IF message ~ '^/[a-z0-9_-]+$' THEN
		SELECT m.* INTO v_macro FROM voiceagent_private.ticket_macros m WHERE '/' || m.name = answer_ticket.message;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such macro');
		v_ticket := voiceagent_private.lock_ticket(ticket_id);
		message := left(voiceagent_private.fill_mail(v_macro.message, jsonb_build_object('ticket', ticket_id, 'subject',
			v_ticket.subject, 'opened_by', v_ticket.opened_by, 'name', name, 'business', (SELECT t.name
				FROM voiceagent.tenants t WHERE t.tenant_id = v_ticket.tenant_id))), 20000);
		resolved := coalesce(resolved, false) OR v_macro.resolves;
		IF v_macro.priority IS NOT NULL OR v_macro.category IS NOT NULL THEN
			PERFORM voiceagent.update_ticket(tenant_id, ticket_id, v_macro.priority::text, v_macro.category::text);
		END IF;
	END IF;
	v_number := voiceagent_private.reply_to_ticket(voiceagent_private.lock_ticket(ticket_id),
		voiceagent_private.ticket_words('the message', message, 20000), coalesce(resolved, false),
		voiceagent_private.ticket_words('the name', name, 100));
	PERFORM voiceagent_private.audit('answer_ticket', 'ticket ' || ticket_id, NULL,
		jsonb_build_object('message_number', v_number, 'resolved', resolved));
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_number;
END
$$;
COMMENT ON FUNCTION voiceagent.answer_ticket(bigint, bigint, text, boolean, text) IS
	E'For the platform''s staff: answers a ticket of a tenant, and resolves it if you say so -> message_number.\n'
	'message: or /NAME of a macro; name: what the tenant reads as author. The member who opened it '
	'gets a mail. PT404, PT409 for one that is full, PT422.';

CREATE FUNCTION voiceagent.update_ticket(tenant_id bigint, ticket_id bigint, priority text DEFAULT NULL,
	category text DEFAULT NULL, assigned_to text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_ticket voiceagent.tickets;
	v_assigned text := voiceagent_private.require_task_words('a name', assigned_to, 100);
BEGIN
	PERFORM voiceagent_private.require_platform('change a ticket');
	IF category IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_value('ticket_category', category);
	END IF;
	IF priority IS NOT NULL THEN
		PERFORM voiceagent_private.require_task_value('task_priority', priority);
	END IF;
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_ticket := voiceagent_private.lock_ticket(ticket_id);
	UPDATE voiceagent.tickets t
	SET category = coalesce(update_ticket.category, t.category),
		assigned_to = CASE WHEN update_ticket.assigned_to IS NULL THEN t.assigned_to ELSE v_assigned END
	WHERE t.tenant_id = v_ticket.tenant_id AND t.ticket_id = v_ticket.ticket_id;
	PERFORM voiceagent_private.move_ticket(ticket_id, v_ticket.state, nullif(priority, v_ticket.priority));
	PERFORM voiceagent_private.log_event('ticket_changed', NULL, NULL, NULL,
		jsonb_build_object('ticket_id', ticket_id));
	PERFORM voiceagent_private.audit('update_ticket', 'ticket ' || ticket_id,
		jsonb_build_object('priority', v_ticket.priority, 'category', v_ticket.category, 'assigned_to',
			v_ticket.assigned_to),
		jsonb_build_object('priority', priority, 'category', category, 'assigned_to', assigned_to));
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.update_ticket(bigint, bigint, text, text, text) IS
	E'For the platform''s staff: changes what is given of a ticket; NULL stays.\n'
	'assigned_to: who sees to it, in words, '''' for none. Another priority is due anew. PT404, PT422.';

CREATE FUNCTION voiceagent_private.ticket_load(OUT waiting bigint, OUT late bigint, OUT oldest timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant_for_reports(0);
BEGIN
	SELECT count(*), count(*) FILTER (WHERE d.due_at < voiceagent.clock()), min(d.due_at)
	INTO waiting, late, oldest
	FROM voiceagent_private.tickets_due d;
	PERFORM voiceagent_private.set_tenant_for_reports(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_load() IS
	'Tickets of all tenants that wait for the staff, how many of them are late, and since when the first one is.';

CREATE FUNCTION voiceagent_private.ticket_conditions(platform boolean) RETURNS SETOF voiceagent_private.condition
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'problem', format('tickets wait for an answer that is late: %s, the first since %s; the table tickets has '
			'them', t.late, t.oldest), NULL::integer, NULL::timestamptz, NULL::bigint, NULL::timestamptz, NULL::bigint,
		NULL::text, NULL::text, true
	FROM voiceagent_private.ticket_load() t WHERE platform AND t.late > 0
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_conditions(boolean) IS
	'For status(): tickets of all tenants whose answer is late.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('condition', 'ticket_conditions');

CREATE FUNCTION voiceagent_private.ticket_samples()
	RETURNS TABLE (metric text, labels text, value double precision)
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.name, '', t.value::double precision FROM voiceagent_private.ticket_load() l
	CROSS JOIN LATERAL (VALUES ('tickets_waiting', l.waiting), ('tickets_late', l.late)) t(name, value)
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_samples() IS 'For metrics(): tickets of all tenants.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('metric', 'ticket_samples');
INSERT INTO voiceagent_private.metric_families (family, kind, help) VALUES
	('tickets_waiting', 'gauge', 'Tickets that wait for the platform''s staff.'),
	('tickets_late', 'gauge', 'Of these, those whose time has passed.');

CREATE FUNCTION voiceagent_private.ticket_webhook_data(delivery voiceagent.webhook_deliveries) RETURNS jsonb
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT delivery.event_data || jsonb_build_object('category', t.category, 'subject', t.subject, 'author', m.author,
		'message', m.message)
	FROM voiceagent.tickets t
	JOIN voiceagent.ticket_messages m ON m.tenant_id = t.tenant_id AND m.ticket_id = t.ticket_id
		AND m.message_number = (delivery.event_data ->> 'message_number')::integer
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.ticket_id = (delivery.event_data ->> 'ticket_id')::bigint
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_webhook_data(voiceagent.webhook_deliveries) IS
	'The data of an outgoing webhook about a ticket of the current tenant that was answered.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('webhook', 'ticket_webhook_data', 'ticket_answered');

CREATE FUNCTION voiceagent_private.waiting_tickets() RETURNS TABLE (kind text, since timestamptz, campaign_id bigint,
	lead_id bigint, call_id bigint, what text, quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT 'ticket', t.changed_at, NULL::bigint, NULL::bigint, NULL::bigint,
		format('ticket %s is answered: %s', t.ticket_id, t.subject), left(m.message, 300),
		format('SELECT voiceagent.write_ticket(%1$s, ''your words''); -- or SELECT voiceagent.resolve_ticket(%1$s);',
			t.ticket_id)
	FROM voiceagent.tickets t
	CROSS JOIN LATERAL (SELECT o.message FROM voiceagent.ticket_messages o
		WHERE o.tenant_id = t.tenant_id AND o.ticket_id = t.ticket_id ORDER BY o.message_number DESC LIMIT 1) m
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.resolved_at IS NULL AND t.state = 'answered';
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_tickets() IS
	'Of waiting_things(): tickets of the current tenant that were answered.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('waiting', 'waiting_tickets');
