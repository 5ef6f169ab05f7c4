/*
 * 86_payment: asking payment vendors about plans and payment methods, by the
 * task payments.  A request is a row of payment_requests, the same each time it
 * is sent; record_payment_request() (89_plan) takes the answer.
 */

CREATE FUNCTION voiceagent_private.ask_vendor(vendor text, subject_id bigint, task text, body jsonb,
	at timestamptz DEFAULT NULL, hinted boolean DEFAULT false) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_waits voiceagent_private.payment_requests;
BEGIN
	-- A new row replaces a waiting one, at the earlier of both times: a different body needs a different key.
	DELETE FROM voiceagent_private.payment_requests q
	WHERE q.tenant_id = voiceagent.current_tenant() AND q.subject_id = ask_vendor.subject_id
		AND q.task = ask_vendor.task AND NOT q.claimed RETURNING q.* INTO v_waits;
	INSERT INTO voiceagent_private.payment_requests AS r (tenant_id, vendor, subject_id, task, body, hinted, next_at)
	VALUES (voiceagent.current_tenant(), ask_vendor.vendor, ask_vendor.subject_id, ask_vendor.task, ask_vendor.body,
		ask_vendor.hinted OR coalesce(v_waits.hinted, false), least(v_waits.next_at, coalesce(ask_vendor.at,
		voiceagent.clock())))
	ON CONFLICT ON CONSTRAINT payment_requests_tenant_id_subject_id_task_key DO UPDATE SET again = true
	WHERE r.task IN ('look', 'payments');
	IF FOUND THEN
		PERFORM voiceagent_private.poke('payments');
	END IF;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_vendor(text, bigint, text, jsonb, timestamptz, boolean) IS
	E'Has a vendor asked for the current tenant, at that time (NULL: now); false: the same is on its way already.\n'
	'One that changes nothing there is asked once more then. hinted: as payment_requests.hinted.';

CREATE FUNCTION voiceagent_private.retry_request(request voiceagent_private.payment_requests, kind text, message text)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
BEGIN
	IF kind = 'bad_account' THEN
		UPDATE voiceagent_private.payment_accounts a SET trouble = left(message, 500) WHERE a.vendor = request.vendor;
	ELSIF kind = 'report' THEN
		UPDATE voiceagent_private.payment_accounts a SET trouble = NULL
		WHERE a.vendor = request.vendor AND a.trouble IS NOT NULL;
		RETURN false;
	END IF;
	-- The shortest time that a vendor keeps such a key is six hours; what only asks may be asked for ever.
	IF kind = 'refused' OR kind <> 'token' AND request.task NOT IN ('look', 'payments')
		AND request.first_sent_at < v_now - interval '5 hours' THEN
		RETURN false;
	END IF;
	UPDATE voiceagent_private.payment_requests q
	SET claimed = false, next_at = CASE kind WHEN 'token' THEN v_now
		ELSE v_now + least(interval '2 seconds' * power(2, least(q.tries, 20)), interval '10 minutes') END
	WHERE q.tenant_id = request.tenant_id AND q.request_id = request.request_id;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.retry_request(voiceagent_private.payment_requests, text, text) IS
	'Whether a request is sent again, with its key, after what came of it (kind, message: as record_payment() takes '
	'them); false: it has its answer, or will get none.';
