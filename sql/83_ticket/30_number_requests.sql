-- 83_ticket: a ticket asks for a number not found yet, so that a person answers.

CREATE FUNCTION voiceagent.request_number(country text, region text DEFAULT NULL, area_code text DEFAULT NULL,
	needs text DEFAULT NULL)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_country text := upper(btrim(request_number.country));
	v_request bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(v_country, '') !~ '^[A-Z]{2}$', 'PT422', 'country must be two letters',
		NULL, 'Such as US, GB or IN (ISO 3166-1).');
	PERFORM voiceagent_private.fail_if(btrim(area_code) !~ '^[0-9]{1,8}$', 'PT422', 'an area code has 1 to 8 digits');
	PERFORM voiceagent_private.fail_if(length(region) > 200 OR length(needs) > 2000, 'PT422',
		'a region has at most 200 characters, needs have at most 2000');
	INSERT INTO voiceagent.number_requests (tenant_id, country, region, area_code, needs, requested_by, created_at)
	VALUES (v_tenant, v_country, nullif(btrim(request_number.region), ''), nullif(btrim(request_number.area_code), ''),
		nullif(btrim(request_number.needs), ''), voiceagent_private.actor(), voiceagent.clock())
	RETURNING number_request_id INTO v_request;
	PERFORM voiceagent_private.log_event('number_requested', NULL, NULL, NULL,
		jsonb_build_object('number_request_id', v_request));
	PERFORM voiceagent_private.add_ticket('phone_number_request', 'normal', left(concat_ws(' ', 'A number in',
		v_country, btrim(area_code), regexp_replace(btrim(region), '[[:cntrl:]]', ' ', 'g')), 200), concat_ws(E'\n',
		'Country: ' || v_country, 'Region: ' || btrim(region), 'Area code: ' || btrim(area_code), btrim(needs)), 'en',
		v_request);
	RETURN v_request;
END
$$;
COMMENT ON FUNCTION voiceagent.request_number(text, text, text, text) IS
	E'Asks for a number that search_numbers() does not find: country (two letters), region, area code, and '
	'what else it must do.\n'
	'Returns number_request_id; number_requests shows what became of it, and so does the ticket that it opens. '
	'PT409 for too many tickets, PT422.';

CREATE FUNCTION voiceagent_private.end_number_ticket(number_request_id bigint, by_staff boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ticket voiceagent.tickets;
	v_answer text;
BEGIN
	SELECT t.* INTO v_ticket FROM voiceagent.tickets t
	WHERE t.tenant_id = v_tenant AND t.number_request_id = end_number_ticket.number_request_id
		AND t.resolved_at IS NULL FOR NO KEY UPDATE;
	IF v_ticket.ticket_id IS NULL THEN
		RETURN;
	ELSIF NOT by_staff THEN
		PERFORM voiceagent_private.move_ticket(v_ticket.ticket_id, 'resolved');
		RETURN;
	END IF;
	SELECT concat_ws(E'\n', CASE r.status WHEN 'fulfilled' THEN 'Found: ' || n.phone_number
			WHEN 'rejected' THEN 'There is none.' ELSE 'The request was canceled.' END, r.status_reason) INTO v_answer
	FROM voiceagent.number_requests r
	LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = r.phone_number_id
	WHERE r.tenant_id = v_tenant AND r.number_request_id = end_number_ticket.number_request_id;
	PERFORM voiceagent_private.reply_to_ticket(v_ticket, v_answer, true, 'support');
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_number_ticket(bigint, boolean) IS
	E'Resolves the ticket of a request for a number that was closed, if it is not resolved.\n'
	'by_staff: with an answer that says what came of it.';

CREATE FUNCTION voiceagent.close_number_request(number_request_id bigint, status text, reason text DEFAULT NULL,
	phone_number_id bigint DEFAULT NULL, tenant_id bigint DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v_status text;
BEGIN
	IF tenant_id IS NOT NULL AND voiceagent_private.may_as_platform('close a request for a number') THEN
		v_was := voiceagent_private.set_existing_tenant(tenant_id);
	END IF;
	v_tenant := voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.fail_if(tenant_id <> v_tenant, 'PT404', 'there is no such request');
	PERFORM voiceagent_private.fail_if(
		status IS NULL OR status NOT IN ('fulfilled', 'rejected', 'canceled') OR length(reason) > 1000, 'PT422',
		'a request is closed as fulfilled, rejected or canceled, with a reason of at most 1000 characters');
	PERFORM voiceagent_private.fail_if((status = 'fulfilled') <> (phone_number_id IS NOT NULL), 'PT422',
		'a request is fulfilled by a phone number, and only then has one');
	SELECT r.status INTO v_status FROM voiceagent.number_requests r
	WHERE r.tenant_id = v_tenant AND r.number_request_id = close_number_request.number_request_id FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such request');
	PERFORM voiceagent_private.fail_if(v_status <> 'open', 'PT409', format('the request is %s', v_status));
	IF phone_number_id IS NOT NULL THEN
		PERFORM voiceagent_private.find_number(close_number_request.phone_number_id);
	END IF;
	UPDATE voiceagent.number_requests r
	SET status = close_number_request.status, status_reason = nullif(btrim(reason), ''),
		phone_number_id = close_number_request.phone_number_id, closed_at = voiceagent.clock()
	WHERE r.tenant_id = v_tenant AND r.number_request_id = close_number_request.number_request_id;
	PERFORM voiceagent_private.audit('close_number_request', 'number request ' || number_request_id, NULL,
		jsonb_build_object('status', status, 'reason', reason, 'phone_number_id', phone_number_id));
	PERFORM voiceagent_private.end_number_ticket(close_number_request.number_request_id, v_was IS NOT NULL);
	IF v_was IS NOT NULL THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.close_number_request(bigint, text, text, bigint, bigint) IS
	E'Closes a request for a number: fulfilled (by phone_number_id), rejected or canceled.\n'
	'tenant_id: whose it is, for the platform''s staff, which reads number_requests of all tenants. '
	'PT404, PT409 when it is closed, PT422.';
