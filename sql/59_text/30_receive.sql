-- 59_text: what people write, and what carriers report.

CREATE FUNCTION voiceagent_private.without_quotes(body text, phone text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_texts CONSTANT integer := 20;
	v_ours text := (SELECT string_agg(lower(voiceagent_private.linked_text(o.item)), E'\n\n')
		FROM (SELECT t AS item FROM voiceagent.texts t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.phone = without_quotes.phone AND NOT t.inbound
			ORDER BY t.text_id DESC LIMIT c_texts) o);
	v_own text := body;
	v_quote text;
BEGIN
	-- Quoted text, and each line of a quoted mail; a word alone may be the person's as well.
	FOR v_quote IN SELECT m[1] FROM regexp_matches(body, '([“„«"].+ .+[”“»"])') m
		UNION ALL SELECT m[1] FROM regexp_matches(body, '([“„«"][^“„«"”»]+ [^“„«"”»]+[”“»"])', 'g') m
		UNION ALL SELECT m[1] FROM regexp_matches(body, '^(>.* .*|\S+ \S+ .+)$', 'gn') m
	LOOP
		IF position(lower(regexp_replace(v_quote, '^[“„«">\s]+|(…|\.\.\.)?[”“»"\s]*$', '', 'g')) IN v_ours) > 0 THEN
			v_own := rtrim(replace(v_own, v_quote, ''), ' ');
		END IF;
	END LOOP;
	-- A person that says nothing beside our words has chosen them.
	RETURN CASE WHEN v_own ~ '\w|[^[:ascii:]“„«”»]' THEN v_own ELSE body END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.without_quotes(text, text) IS
	'A text of this number without what it quotes, whole or cut, of our last texts to it: those words are ours.';

CREATE FUNCTION voiceagent_private.is_automatic(body text, own text, phone text) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_keys
	RETURN
		-- A reaction is a word or two ahead of what it quotes.
		own <> body AND starts_with(body, own) AND own !~ '\n' AND length(own) <= 40
		OR body ~* concat('^(\w+( at)?|reacted \S+ to|removed an? .{1,20} from) ',
			'(an?|the) (image|photo|video|movie|audio message|voice message|message|text|attachment|sticker|link)[.]?$')
		OR body ~* concat('\m(automat(ic|ed) (reply|response|message)|auto-?(reply|response)|out of (the )?office|'
			'do not disturb.* turned on|driving focus|not receiving notifications|sent from my car|not monitored|'
			'not (accept|receive) (text|sms)\w*( messages?)?|ooo|automatische antwort|abwesenheitsnotiz|'
			'respuesta autom[aá]tica|'
			'fuera de la oficina|r[ée]ponse automatique|absent du bureau|risposta automatica|fuori ufficio)\M')
		-- No person types that much twice.
		OR length(body) >= 40 AND EXISTS (SELECT FROM voiceagent.texts t
			WHERE t.tenant_id = voiceagent.current_tenant() AND t.phone = is_automatic.phone AND t.inbound
				AND t.body = is_automatic.body AND t.created_at > voiceagent.clock() - interval '10 minutes');
COMMENT ON FUNCTION voiceagent_private.is_automatic(text, text, text) IS
	E'Whether a telephone wrote a text, and not the person: a reaction to one of ours, or an answer while it is away.\n'
	'own: the text without what it quotes.';

CREATE FUNCTION voiceagent_private.text_means(body text, told text, phone text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Without invisible characters.
	v_said text := btrim(translate(body, E'\u200A\u202F\u00A0\u200B\u200C\u200D\u200E\u200F\u2060\uFEFF', '   '));
	v_own text := voiceagent_private.without_quotes(v_said, phone);
	v_automatic boolean := voiceagent_private.is_automatic(v_said, v_own, phone);
	-- The name of a telephone's mode is no wish of the person's, its signature no word.
	v_body text := regexp_replace(v_own, 'do not disturb while driving|\n\s*sent from my .{1,30}$', '', 'gi');
	v_word text := upper(regexp_replace(regexp_replace(v_body,
		'\m(please|pls|thanks|bitte|por favor|svp|per favore)\M', '', 'gi'), '[^[:alnum:]]+', '', 'g'));
	v_doubt integer := voiceagent_private.text_doubt(v_body);
	c_doubt CONSTANT integer := 15;
BEGIN
	RETURN CASE WHEN told IN ('STOP', 'START', 'HELP') THEN lower(told)
		WHEN v_word IN ('START', 'UNSTOP') THEN 'start' WHEN v_word IN ('HELP', 'INFO') THEN 'help'
		WHEN v_word IN ('STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'REMOVE',
			'ARRET', 'ARRÊT', 'STOPP', 'ALTO', 'BAJA', 'ABMELDEN', 'BASTA') OR v_word ~ '^STOP\d+$' THEN 'stop'
		WHEN v_doubt = 1 AND NOT v_automatic OR voiceagent_private.customer_opted_out(jsonb_build_array(
			jsonb_build_object('turn', 1, 'speaker', 'customer', 'text', v_body))) THEN 'stop'
		-- An opt-out, or a no by a reaction, that is passed over is worse than a text that waits for a person.
		WHEN NOT v_automatic AND (v_doubt <= c_doubt OR v_own ~* '(?w)^\W*stop\W*$')
			OR v_automatic AND v_own <> v_said AND v_own ~* '\m(dislik\w*|not?|nicht|pas|non)\M|👎|🖕' THEN 'doubt'
		WHEN v_automatic THEN 'automatic' ELSE 'message' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_means(text, text, text) IS
	E'The request in a text from this number: stop, start, help, doubt (it may be a stop), automatic (the telephone '
	'wrote it) or message, by the words of carriers, by the reader of calls, and by a classifier of texts.\n'
	'told: the carrier''s verdict, which holds.';

CREATE FUNCTION voiceagent_private.opt_out_by_text(item voiceagent.texts, confirms boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_phones text[] := voiceagent_private.phones_of_lead(item.lead_id) || item.phone;
	v_new boolean := voiceagent_private.stop_texts(item.phone, 'text', item.text_id,
		voiceagent_private.is_sandbox(item.provider_account_id));
	c_reason CONSTANT text := 'asked by text to be left alone';
BEGIN
	PERFORM voiceagent_private.list_refusals(v_phones, c_reason, 'text', v_now, lead_ids => ARRAY[item.lead_id]);
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
	VALUES (item.tenant_id, voiceagent_private.month_slot(v_now), v_now, 'lead_opted_out', item.lead_id,
		jsonb_build_object('phone', item.phone, 'reason', c_reason, 'source', 'text'));
	IF v_new AND confirms THEN
		PERFORM voiceagent_private.queue_text('opted_out', item.phone, voiceagent_private.setting_text('opt_out_text'),
			'opted_out:' || item.text_id, item.lead_id, NULL, item.phone_number_id);
	END IF;
	PERFORM voiceagent_private.complete_campaigns(voiceagent_private.withdraw_leads(
		(voiceagent_private.listed_leads(v_phones)).withdrawn, c_reason));
END
$$;
COMMENT ON FUNCTION voiceagent_private.opt_out_by_text(voiceagent.texts, boolean) IS
	E'Whoever wrote this text is reached no more: its numbers go on the do-not-call list of the current tenant, its '
	'consents end, its leads leave every queue, texts stop.\n'
	'confirms: one confirmation goes, unless texts had stopped before.';

CREATE FUNCTION voiceagent_private.take_written(event voiceagent.call_event, account bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_item voiceagent.texts;
	v_played boolean := voiceagent_private.is_sandbox(account);
	v_phones text[] := voiceagent_private.spellings(event.from_number);
BEGIN
	INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, phone_number_id, provider_account_id,
		lead_id, body, segments, key, provider_text_id, created_at, done_at)
	SELECT v_tenant, true, voiceagent_private.text_means(left(coalesce(event.transcript, ''), 1600), event.cause,
			event.from_number), 'received', event.from_number,
		(SELECT n.phone_number_id FROM voiceagent.phone_numbers n WHERE n.tenant_id = v_tenant
			AND n.phone_number = event.to_number AND n.removed_at IS NULL AND n.provider_account_id = account LIMIT 1),
		account, (SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones)
			UNION ALL SELECT n.lead_id FROM voiceagent.lead_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone = ANY (v_phones) LIMIT 1),
		left(coalesce(event.transcript, ''), 1600), voiceagent_private.text_segments(left(event.transcript, 1600)),
		left(format('in:%s:%s', account, event.provider_call_id), 200), event.provider_call_id, v_now, v_now
	WHERE voiceagent_private.is_e164(event.from_number)
	ON CONFLICT ON CONSTRAINT texts_tenant_id_key_key DO NOTHING RETURNING * INTO v_item;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF v_item.kind <> 'automatic' THEN
		PERFORM voiceagent_private.hear(ARRAY[v_item.lead_id], 'replied', played => v_played);
	END IF;
	IF v_item.kind = 'stop' THEN
		-- A carrier that says what it was has answered it.
		PERFORM voiceagent_private.opt_out_by_text(v_item, event.cause IS NULL);
	ELSIF v_item.kind = 'doubt' THEN
		PERFORM voiceagent_private.stop_texts(v_item.phone, 'doubt', v_item.text_id, v_played);
	ELSIF v_item.kind = 'start' THEN
		INSERT INTO voiceagent.text_stops AS s (tenant_id, phone, source, text_id, stopped_at, lifted_at, played)
		SELECT v_tenant, y, 'text', v_item.text_id, v_now, v_now, v_played FROM unnest(v_phones) y
		ON CONFLICT ON CONSTRAINT text_stops_pkey DO UPDATE SET source = 'text', lifted_at = v_now,
			text_id = excluded.text_id;
		INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, wording, granted_at)
		SELECT v_tenant, v_item.lead_id, v_item.phone, voiceagent_private.consent_kind('text', account),
			'text ' || v_item.text_id, v_item.body, v_now
		WHERE v_item.lead_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.consents n WHERE n.tenant_id = v_tenant
			AND n.lead_id = v_item.lead_id AND n.phone = v_item.phone AND n.revoked_at IS NULL
			AND n.kind = voiceagent_private.consent_kind('text', account) AND n.granted_at > v_now - interval '1 day');
	ELSIF v_item.kind = 'message' AND EXISTS (SELECT FROM voiceagent.text_senders s WHERE s.tenant_id = v_tenant
			AND s.phone_number_id = v_item.phone_number_id AND s.assistant_id IS NOT NULL) THEN
		INSERT INTO voiceagent_private.texts_to_answer (tenant_id, text_id, due_at)
		VALUES (v_tenant, v_item.text_id, v_now);
		PERFORM voiceagent_private.request_job('ask_answers', v_now);
	END IF;
	INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
	VALUES (v_tenant, voiceagent_private.month_slot(v_now), v_now, 'text_received', v_item.lead_id,
		jsonb_build_object('text_id', v_item.text_id, 'kind', v_item.kind));
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_written(voiceagent.call_event, bigint) IS
	'Takes a text that somebody wrote to a number of the current tenant at a carrier account, once, with what it asks '
	'for.';

CREATE FUNCTION voiceagent_private.confirm_text(hint voiceagent.call_event, account bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_asked record;
	v_phones text[] := voiceagent_private.spellings(hint.from_number);
	-- A stranger that knows the address of the webhooks can name no number of a lead and no text.
	v_known boolean := EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
			AND t.phone = CASE WHEN hint.transcript IS NULL THEN hint.to_number ELSE hint.from_number END)
		OR EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
			AND t.provider_text_id = hint.provider_call_id)
		OR EXISTS (SELECT FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = ANY (v_phones))
		OR EXISTS (SELECT FROM voiceagent.lead_numbers n WHERE n.tenant_id = v_tenant AND n.phone = ANY (v_phones));
	c_open CONSTANT integer := 200;
BEGIN
	-- An opt-out does not wait for the carrier; a person releases a false one, or one without a lead.
	IF v_known AND hint.transcript <> '' AND voiceagent_private.is_e164(hint.from_number)
		AND voiceagent_private.text_means(left(hint.transcript, 1600), NULL, hint.from_number)
			IN ('stop', 'doubt') THEN
		PERFORM voiceagent_private.stop_texts(hint.from_number, 'doubt', NULL);
	END IF;
	SELECT count(*) AS n, bool_or(o.about = hint.provider_call_id) AS this INTO v_asked
	FROM (SELECT r.request_data ->> 'message_id' AS about FROM voiceagent_private.provider_request_queue q
		JOIN voiceagent.provider_requests r ON r.tenant_id = v_tenant AND r.provider_request_id = q.provider_request_id
		WHERE q.tenant_id = v_tenant AND q.provider_account_id = account AND r.kind = 'fetch_text' LIMIT c_open) o;
	IF v_asked.n < (CASE WHEN v_known THEN c_open ELSE c_open / 2 END) AND v_asked.this IS NOT TRUE
		AND NOT EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
			AND t.provider_text_id = hint.provider_call_id AND t.done_at IS NOT NULL) THEN
		PERFORM voiceagent_private.enqueue_provider_request(account, 'fetch_text', jsonb_strip_nulls(jsonb_build_object(
			'message_id', hint.provider_call_id, 'attempt', hint.attempt_ref)));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.confirm_text(voiceagent.call_event, bigint) IS
	E'Asks the carrier of an account of the current tenant about a text with an unproved report, unless that is '
	'known or asked, or two hundred are (one hundred: for a report that names no text).\n'
	'Words that may be an opt-out hold texts to their number at once, where it is a lead''s or has a text.';

CREATE FUNCTION voiceagent_private.take_texts(events voiceagent.call_event[], accounts bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_item voiceagent.texts;
	v_status text;
BEGIN
	FOR i IN 1 .. coalesce(cardinality(events), 0) LOOP
		-- As a webhook's is already; what was fetched comes as the carrier wrote it.
		events[i].from_number := (voiceagent_private.spellings(events[i].from_number))[1];
		IF events[i].status = 'received' THEN
			PERFORM voiceagent_private.take_written(events[i], accounts[i]);
			CONTINUE;
		ELSIF events[i].status = 'hint' THEN
			PERFORM voiceagent_private.confirm_text(events[i], accounts[i]);
			CONTINUE;
		END IF;
		v_status := CASE WHEN events[i].status IN ('delivered', 'read', 'partially_delivered') THEN 'delivered'
			WHEN events[i].status IN ('sent', 'submitted', 'delivery_unconfirmed') THEN 'sent'
			WHEN events[i].status IN ('undelivered', 'undeliverable', 'delivery_failed') THEN 'undelivered'
			WHEN events[i].status IN ('failed', 'sending_failed', 'rejected', 'expired', 'canceled', 'cancelled')
				THEN 'failed'
			WHEN events[i].status IN ('accepted', 'scheduled', 'queued', 'sending', 'receiving', 'webhook_delivered',
				'other')
				THEN 'under way' END;
		SELECT t.* INTO v_item FROM voiceagent.texts t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.provider_account_id = accounts[i] AND NOT t.inbound
			AND (t.provider_text_id = events[i].provider_call_id OR t.provider_text_id IS NULL
				AND t.text_id = substring(events[i].attempt_ref FROM '^text-(\d{1,18})$')::bigint
				AND t.status IN ('sending', 'unknown'))
		ORDER BY t.provider_text_id IS NULL LIMIT 1 FOR UPDATE;
		IF FOUND AND v_status IS NULL AND events[i].status <> '' THEN
			PERFORM voiceagent_private.log_event('text_status_unknown', lead_id => v_item.lead_id, data =>
				jsonb_build_object('text_id', v_item.text_id, 'status', left(events[i].status, 40)));
		END IF;
		CONTINUE WHEN v_item.text_id IS NULL OR coalesce(v_status, 'under way') = 'under way';
		IF events[i].cause = 'blocked' THEN
			PERFORM voiceagent_private.stop_texts(v_item.phone, 'carrier', v_item.text_id);
		END IF;
		v_item.provider_text_id := events[i].provider_call_id;
		PERFORM voiceagent_private.move_text(v_item, v_status,
			CASE WHEN events[i].cause IS NOT NULL THEN 'the carrier''s code ' || left(events[i].cause, 40) END);
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_texts(voiceagent.call_event[], bigint[]) IS
	E'Gives events about texts, each of a carrier account of the current tenant, their effect: what people write, and '
	'reports of what was sent.\n'
	'A report finds its text by the carrier''s id, or by our reference while the answer is not known.';

CREATE FUNCTION voiceagent_private.on_text_fetched(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v jsonb := provider_request.result;
	v_event voiceagent.call_event;
BEGIN
	IF provider_request.state <> 'done' THEN
		RETURN;
	ELSIF NOT voiceagent_private.try_lock_tenant() THEN
		RAISE lock_not_available USING MESSAGE = 'somebody changes many leads or campaigns of the tenant';
	END IF;
	v_event.status := v ->> 'text_status';
	v_event.cause := CASE WHEN v_event.status <> 'received' THEN v ->> 'text_cause' END;
	v_event.provider_call_id := v ->> 'text_id';
	v_event.from_number := v ->> 'text_from';
	v_event.to_number := v ->> 'text_to';
	v_event.transcript := v ->> 'text';
	-- Our reference came with the hint: it holds for a text to the number that the carrier names.
	v_event.attempt_ref := (SELECT 'text-' || t.text_id FROM voiceagent.texts t
		WHERE t.tenant_id = provider_request.tenant_id
			AND t.phone = ANY (voiceagent_private.spellings(v_event.to_number))
			AND t.text_id = substring(provider_request.request_data ->> 'attempt' FROM '^text-(\d{1,18})$')::bigint);
	PERFORM voiceagent_private.take_texts(ARRAY[v_event], ARRAY[provider_request.provider_account_id]);
	-- A person's words lie in texts alone, which an erasure finds.
	UPDATE voiceagent.provider_requests r SET result = r.result - '{text,text_from,text_to}'::text[]
	WHERE r.tenant_id = provider_request.tenant_id AND r.provider_request_id = provider_request.provider_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_text_fetched(voiceagent.provider_requests) IS
	'Applies a carrier''s answer about a text as a signed webhook would be.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES ('fetch_text', 'on_text_fetched');

CREATE FUNCTION voiceagent_private.text_missed_calls(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_words text := voiceagent_private.setting_text('missed_call_text');
	v record;
BEGIN
	IF coalesce(btrim(v_words), '') = '' THEN
		RETURN;
	END IF;
	FOR v IN
		SELECT c.phone, min(c.call_id) AS call_id, min(c.lead_id) AS lead_id, min(i.phone_number_id) AS number
		FROM voiceagent.calls c JOIN voiceagent.call_inbound i ON i.tenant_id = v_tenant AND i.call_id = c.call_id
		WHERE c.tenant_id = v_tenant AND c.call_id = ANY (call_ids) AND c.direction = 'inbound'
			AND (NOT i.answered OR i.answer = 'say' AND (i.plan ? 'opt_out_key') IS NOT TRUE) AND c.phone IS NOT NULL
			AND c.started_at > voiceagent.clock() - interval '1 hour'
		GROUP BY c.phone ORDER BY 1
	LOOP
		-- Once a caller and day, from the number that was called where that sends texts.
		PERFORM voiceagent_private.queue_text('missed_call', v.phone, v_words,
			format('missed:%s:%s', v.phone, (voiceagent.clock() AT TIME ZONE 'UTC')::date), v.lead_id, v.call_id,
			(SELECT s.phone_number_id FROM voiceagent.text_senders s WHERE s.tenant_id = v_tenant
				AND s.phone_number_id = v.number AND s.state = 'registered'));
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_missed_calls(bigint[]) IS
	'Where the current tenant''s setting missed_call_text has words, writes them to the callers of these ended '
	'calls that reached no one, once a day each.';

CREATE FUNCTION voiceagent.release_text_stop(phone text, reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(voiceagent_private.short_reason(reason) IS NULL, 'PT422', 'no reason given');
	UPDATE voiceagent.text_stops s SET lifted_at = voiceagent.clock()
	WHERE s.tenant_id = v_tenant AND s.phone = phone AND s.source = 'doubt' AND s.lifted_at IS NULL;
	IF FOUND THEN
		PERFORM voiceagent_private.audit('release_text_stop', phone, NULL, jsonb_build_object('reason', reason));
		RETURN true;
	END IF;
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent.release_text_stop(text, text) IS
	E'Lets texts go to a number again that wrote what might have been an opt-out and was none -> whether it was held.\n'
	'A stop that the person or a carrier asked for stays, and so does the do-not-call list. PT422 without a reason.';

CREATE FUNCTION voiceagent.sandbox_text(phone_number_id bigint, from_phone text, body text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_event voiceagent.call_event;
	v_account bigint;
BEGIN
	SELECT n.phone_number, n.provider_account_id INTO v_event.to_number, v_account FROM voiceagent.phone_numbers n
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = n.provider_account_id
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = phone_number_id AND a.provider = 'sandbox';
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'the sandbox has no such number');
	PERFORM voiceagent_private.fail_if(NOT coalesce(voiceagent_private.is_e164(from_phone), false), 'PT422',
		'the number must be given with its country code, such as +14155550100');
	PERFORM voiceagent_private.lock_tenant(true);
	v_event.status := 'received';
	v_event.provider_call_id := voiceagent_private.random_token();
	v_event.from_number := from_phone;
	v_event.transcript := body;
	PERFORM voiceagent_private.take_texts(ARRAY[v_event], ARRAY[v_account]);
	RETURN (SELECT t.text_id FROM voiceagent.texts t
		WHERE t.tenant_id = v_tenant AND t.provider_text_id = v_event.provider_call_id);
END
$$;
COMMENT ON FUNCTION voiceagent.sandbox_text(bigint, text, text) IS
	E'Has somebody of the sandbox write to a number of ours there, to try what follows -> text_id.\n'
	'PT404, PT422.';
