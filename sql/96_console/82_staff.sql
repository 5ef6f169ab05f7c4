/*
 * 96_console: what the platform's staff works with, over all tenants.
 *
 * A deed of more credits than one person may move alone waits in staff_deeds for
 * another one, who has the same right and is named beside the first.  Whoever
 * acts as a tenant does it by a token of minutes, and the tenant is notified.
 */

CREATE FUNCTION voiceagent.list_tenants(only_tenant bigint DEFAULT NULL, after_id bigint DEFAULT 0,
	max integer DEFAULT 100, words text DEFAULT NULL)
	RETURNS TABLE (tenant_id bigint, name text, active boolean, timezone text, created_at timestamptz,
		available numeric, held numeric, posted numeric, owners bigint, members bigint, minutes numeric,
		minutes_held numeric, minutes_used numeric, owed numeric, standing text, braked text, live_calls bigint,
		tickets bigint, approvals bigint)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v_words text := lower(nullif(btrim(words), ''));
	v_most integer := greatest(least(max, 1000), 1);
BEGIN
	PERFORM voiceagent_private.require_platform('list tenants');
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN
		SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
		WHERE (only_tenant IS NULL OR d.tenant_id = only_tenant) AND d.tenant_id > coalesce(after_id, 0)
		ORDER BY d.tenant_id LIMIT CASE WHEN v_words IS NULL THEN v_most END
	LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		CONTINUE WHEN v_words IS NOT NULL AND v_tenant::text <> v_words
			AND NOT EXISTS (SELECT FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant
				AND strpos(lower(t.name), v_words) > 0)
			AND NOT EXISTS (SELECT FROM voiceagent.members m WHERE m.tenant_id = v_tenant
				AND strpos(lower(m.email), v_words) > 0);
		v_most := v_most - 1;
		EXIT WHEN v_most < 0;
		RETURN QUERY SELECT t.tenant_id, t.name, t.active, t.timezone::text, t.created_at,
			l.available::numeric, l.held::numeric, l.spent::numeric, m.owners, m.members, l.minutes::numeric,
			l.minutes_held::numeric, l.minutes_spent::numeric, voiceagent_private.credits_owed(), t.standing, t.braked,
			(SELECT count(*) FROM voiceagent_private.live_calls c WHERE c.tenant_id = t.tenant_id),
			(SELECT count(*) FROM voiceagent_private.tickets_due d WHERE d.tenant_id = t.tenant_id),
			(SELECT count(*) FROM voiceagent_private.approval_deadlines d WHERE d.tenant_id = t.tenant_id)
		FROM voiceagent.tenants t LEFT JOIN voiceagent.ledgers l USING (tenant_id)
		CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.role = 'owner' AND m.active) AS owners, count(*) AS members
			FROM voiceagent.members m WHERE m.tenant_id = t.tenant_id) m
		WHERE t.tenant_id = v_tenant;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.list_tenants(bigint, bigint, integer, text) IS
	E'Platform only (42501): the tenants with credits (available, held, posted; owed: debt), prepaid minutes (NULL: '
	'never any), owners and members who may log in, standing (set_tenant_standing()), live calls, and what waits for '
	'the staff.\n'
	'One tenant, or at most max (1000) in the order of their numbers after after_id; words: its number, or in its name '
	'or a member''s address.';

CREATE FUNCTION voiceagent.staff_work(max integer DEFAULT 100)
	RETURNS TABLE (kind text, tenant_id bigint, tenant text, id bigint, due_at timestamptz, what text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_me bigint := CASE WHEN current_setting('role') = 'voiceagent_staff'
		THEN (voiceagent_private.calling_staff()).staff_id END;
	v record;
BEGIN
	PERFORM voiceagent_private.require_platform('see what waits');
	v_was := voiceagent_private.set_tenant(0);
	FOR v IN
		SELECT * FROM (SELECT 'ticket' AS kind, d.tenant_id AS tenant, d.ticket_id AS id, d.due_at
			FROM voiceagent_private.tickets_due d
			UNION ALL SELECT 'approval', d.tenant_id, d.approval_id, d.due_at
			FROM voiceagent_private.approval_deadlines d
			UNION ALL SELECT CASE WHEN d.asked_by = v_me THEN 'asked' ELSE 'second' END,
				(d.arguments ->> 'tenant_id')::bigint, d.deed_id, d.expires_at
			FROM voiceagent_private.staff_deeds d
			WHERE d.state = 'waiting' AND (d.expires_at > voiceagent.clock() OR d.asked_by = v_me)
			UNION ALL SELECT 'mail', NULL, m.mail_id, m.received_at
			FROM voiceagent_private.ticket_mails m WHERE m.outcome = 'waiting' AND m.message IS NOT NULL) w
		ORDER BY w.due_at, w.kind, w.id LIMIT greatest(least(max, 1000), 1)
	LOOP
		IF v.kind = 'mail' THEN
			RETURN QUERY SELECT v.kind::text, NULL::bigint, NULL::text, v.id, v.due_at, format('%s: %s (%s)', m.sender,
				m.subject, m.reason) FROM voiceagent_private.ticket_mails m WHERE m.mail_id = v.id;
			CONTINUE;
		END IF;
		PERFORM voiceagent_private.set_tenant(v.tenant);
		RETURN QUERY SELECT v.kind::text, t.tenant_id, t.name, v.id, v.due_at, CASE v.kind
			WHEN 'ticket' THEN (SELECT format('%s, %s: %s', replace(o.category, '_', ' '), o.priority, o.subject)
				FROM voiceagent.tickets o WHERE o.tenant_id = v.tenant AND o.ticket_id = v.id)
			WHEN 'approval' THEN (SELECT format('%s, %s credits: %s', a.kind, trim_scale(a.estimate), a.reason)
				FROM voiceagent.spend_approvals a WHERE a.tenant_id = v.tenant AND a.approval_id = v.id)
			ELSE (SELECT format('%s (%s), asked by staff %s', replace(d.deed, '_', ' '), (SELECT string_agg(
					format('%s: %s', replace(a.key, '_', ' '), a.value), ', ' ORDER BY a.key)
					FROM jsonb_each_text(d.arguments) a WHERE a.key <> 'tenant_id'), d.asked_by)
				FROM voiceagent_private.staff_deeds d WHERE d.deed_id = v.id) END
		FROM voiceagent.tenants t WHERE t.tenant_id = v.tenant;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.staff_work(integer) IS
	E'For the platform''s staff: what waits over all tenants, in the order in which it is due: kind ticket '
	'(answer_ticket(); a request for a number is one), approval (decide_spending()), second (second_deed()), '
	'mail (settle_ticket_mail()), asked: what the caller asked a second person for, also if undecided in time.\n'
	'max: at most 1000. 42501.';

CREATE FUNCTION voiceagent.read_ticket(tenant_id bigint, ticket_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_thread jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('answer a ticket');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_thread := voiceagent.ticket_thread(ticket_id);
	IF v_thread ->> 'number_request_id' IS NOT NULL THEN
		v_thread := v_thread || jsonb_build_object('numbers', (SELECT jsonb_agg(jsonb_build_array(n.phone_number_id,
				n.phone_number) ORDER BY n.phone_number_id DESC)
			FROM (SELECT * FROM voiceagent.phone_numbers p WHERE p.tenant_id = read_ticket.tenant_id
				ORDER BY p.phone_number_id DESC LIMIT 100) n));
	END IF;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_thread;
END
$$;
COMMENT ON FUNCTION voiceagent.read_ticket(bigint, bigint) IS
	E'For the platform''s staff: a ticket of a tenant with its messages, as ticket_thread(); one that asks for a '
	'number has numbers, too: [phone_number_id, number] of those that the tenant has.\n'
	'PT404, 42501.';

CREATE FUNCTION voiceagent.tenant_page(tenant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_page jsonb := (SELECT to_jsonb(t) FROM voiceagent.list_tenants(tenant_id) t);
	v_orders boolean := voiceagent_private.may_as_platform('refund a payment');
	v_log boolean := voiceagent_private.may_as_platform('read the audit of the platform');
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('list tenants');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_page := v_page || jsonb_build_object('problems', voiceagent.health() -> 'problems',
		'days', (SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY d.day), '[]') FROM (
			SELECT f.day, sum(f.calls) AS calls, sum(f.answered) AS answered, sum(f.booked) AS booked,
				sum(f.minutes) AS minutes, sum(f.credits) AS credits
			FROM voiceagent_bi.daily_calls f
			WHERE f.day > (voiceagent.clock() AT TIME ZONE voiceagent_private.tenant_zone())::date - 30
			GROUP BY f.day) d),
		'orders', (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY o.order_id DESC), '[]') FROM (
			SELECT p.order_id, p.created_at, p.pack_name, p.credits, p.currency,
				voiceagent_private.money(p.amount, p.exponent) AS price,
				voiceagent_private.money(p.amount - p.refunded - p.disputed, p.exponent) AS left
			FROM voiceagent.payment_orders p WHERE v_orders AND p.tenant_id = tenant_page.tenant_id
				AND p.state = 'paid' ORDER BY p.order_id DESC LIMIT 20) o),
		'log', (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.audit_id DESC), '[]') FROM (
			-- Amounts and reasons; who may read the log may not know the tenant's people.
			SELECT l.audit_id, l.at, l.actor, l.action, l.object, (SELECT jsonb_object_agg(d.key, d.value)
				FROM jsonb_each(CASE jsonb_typeof(l.new_value) WHEN 'object' THEN l.new_value ELSE '{}' END) d
				WHERE d.key IN ('credits', 'amount', 'reason', 'standing', 'active')) AS new_value
			FROM voiceagent.audit_log l
			WHERE v_log AND l.tenant_id = tenant_page.tenant_id AND l.actor ~ '^(staff|role) '
			ORDER BY l.audit_id DESC LIMIT 20) a));
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN v_page;
END
$$;
COMMENT ON FUNCTION voiceagent.tenant_page(bigint) IS
	E'For the platform''s staff: a tenant as list_tenants() has it, with problems (of its health()), days (the last 30 '
	'of its calendar: calls, answered, booked, minutes, credits), orders (the latest 20 that are paid, for who may '
	'refund) and log (what the platform did, 20 of its audit log, for who may read the audit).\n'
	'PT404, 42501.';

CREATE FUNCTION voiceagent.ticket_figures(since timestamptz DEFAULT NULL)
	RETURNS TABLE (assigned_to text, tickets bigint, resolved bigint, first_answer interval, late bigint, rated bigint,
		satisfaction numeric)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_tenant bigint;
	v_since timestamptz := coalesce(since, voiceagent.clock() - interval '30 days');
	v_all voiceagent.tickets[] := '{}';
BEGIN
	PERFORM voiceagent_private.require_platform('see what waits');
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_all := v_all || ARRAY(SELECT t FROM voiceagent.tickets t WHERE t.tenant_id = v_tenant
			AND (t.resolved_at IS NULL OR t.resolved_at >= v_since) AND t.changed_at >= v_since);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN QUERY SELECT t.assigned_to, count(*), count(t.resolved_at), percentile_cont(0.5) WITHIN GROUP (ORDER BY
			t.first_answered_at - t.created_at), count(*) FILTER (WHERE t.told && '{answer late,solution late}'),
			count(t.satisfaction), round(avg(t.satisfaction), 2)
		FROM unnest(v_all) t GROUP BY t.assigned_to ORDER BY t.assigned_to;
END
$$;
COMMENT ON FUNCTION voiceagent.ticket_figures(timestamptz) IS
	E'For the platform''s staff: by who sees to them (update_ticket()), the tickets of all tenants that something was '
	'done to since (default: 30 days): resolved, the median time to the first answer, late, rated, and how content '
	'tenants were, from 1 to 5.\n'
	'42501.';

CREATE FUNCTION voiceagent.stop_tenant(tenant_id bigint, reason text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
	v_reason text := voiceagent_private.ticket_words('the reason', reason, 1000);
	v_stopped bigint;
	v_ended bigint := 0;
	v_left bigint := 0;
	v_call bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('stop calls');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_stopped := voiceagent_private.stop_tenant('stopped by the platform: ' || v_reason);
	PERFORM voiceagent_private.note_notice('staff', 'staff_acts', NULL, NULL, NULL,
		jsonb_build_object('reason', 'all calls were stopped: ' || v_reason));
	FOR v_call IN SELECT l.call_id FROM voiceagent_private.live_calls l
		WHERE l.tenant_id = stop_tenant.tenant_id AND l.call_id IS NOT NULL ORDER BY l.call_id
	LOOP
		BEGIN
			PERFORM voiceagent_private.command_call(v_call, 'hangup', '{}', 'hang_up_call');
			v_ended := v_ended + 1;
		EXCEPTION WHEN SQLSTATE 'PT409' OR SQLSTATE 'PT422' THEN
			-- It is over, or its carrier takes no such wish: it ends by itself.
			v_left := v_left + 1;
		END;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN jsonb_build_object('campaigns', v_stopped, 'calls', v_ended, 'left', v_left);
END
$$;
COMMENT ON FUNCTION voiceagent.stop_tenant(bigint, text) IS
	E'Stops every campaign of a tenant as stop_all() does, and has its live calls ended -> {campaigns, calls, '
	'left: calls whose carrier cannot be asked}; its owners are notified.\n'
	'It may start again, unless set_tenant_active(false) follows. For the platform (42501); PT404, PT422.';

CREATE TABLE voiceagent_private.staff_deeds (
	deed_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	deed text NOT NULL CHECK (deed IN ('adjust_credits', 'grant_credits', 'void_grant', 'refund_order',
		'forgive_debt')),
	arguments jsonb NOT NULL,
	asked_by bigint NOT NULL REFERENCES voiceagent_private.staff,
	asked_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
	second_by bigint REFERENCES voiceagent_private.staff CHECK (second_by <> asked_by),
	decided_at timestamptz,
	comment text CHECK (length(comment) <= 1000)
);
COMMENT ON TABLE voiceagent_private.staff_deeds IS
	'Deeds that a member of the staff may not do alone: ask_second() asks, second_deed() decides.';
COMMENT ON COLUMN voiceagent_private.staff_deeds.deed IS 'The function.';
COMMENT ON COLUMN voiceagent_private.staff_deeds.arguments IS 'Its arguments by their names.';
SELECT voiceagent_private.guard_table('voiceagent_private.staff_deeds', 'platform');
CREATE INDEX staff_deeds_waiting ON voiceagent_private.staff_deeds (expires_at) WHERE state = 'waiting';

CREATE FUNCTION voiceagent_private.do_deed(deed text, arguments jsonb) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := arguments ->> 'tenant_id';
	v_reason text := arguments ->> 'reason';
BEGIN
	CASE deed
		WHEN 'adjust_credits' THEN RETURN voiceagent.adjust_credits(v_tenant, (arguments ->> 'amount')::numeric,
			v_reason, arguments ->> 'idempotency_key');
		WHEN 'grant_credits' THEN RETURN voiceagent.grant_credits(v_tenant, (arguments ->> 'credits')::numeric,
			v_reason, coalesce(arguments ->> 'source', 'gift'), (arguments ->> 'expires_at')::timestamptz,
			idempotency_key := arguments ->> 'idempotency_key', unit := coalesce(arguments ->> 'unit', 'credits'));
		WHEN 'void_grant' THEN RETURN voiceagent.void_grant(v_tenant, (arguments ->> 'grant_id')::bigint, v_reason);
		WHEN 'refund_order' THEN RETURN voiceagent.refund_order(v_tenant, (arguments ->> 'order_id')::bigint, v_reason,
			(arguments ->> 'price')::numeric);
		WHEN 'forgive_debt' THEN RETURN voiceagent.forgive_debt(v_tenant, v_reason);
	END CASE;
EXCEPTION WHEN case_not_found THEN
	PERFORM voiceagent_private.fail('PT422', 'no second person is wanted for this', NULL, 'It is for adjust_credits, '
		'grant_credits, void_grant, refund_order and forgive_debt.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.do_deed(text, jsonb) IS
	'Calls the function of a deed with its arguments -> its answer, in words; PT422 for another function.';

CREATE FUNCTION voiceagent.ask_second(deed text, arguments jsonb) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff := voiceagent_private.calling_staff();
	v_deed bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('find a second person');
	PERFORM voiceagent_private.fail_if(octet_length(arguments::text) > 10000, 'PT422', 'this is too long');
	-- As if somebody had seconded it, and then undone: what cannot be is said to whoever asks.
	BEGIN
		PERFORM voiceagent_private.set_staff(voiceagent_private.staff_words(v_staff) || ' for nobody');
		PERFORM voiceagent_private.do_deed(deed, arguments);
		RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception';
	EXCEPTION WHEN triggered_action_exception THEN
		NULL;
	END;
	INSERT INTO voiceagent_private.staff_deeds (deed, arguments, asked_by, asked_at, expires_at)
	VALUES (ask_second.deed, ask_second.arguments, v_staff.staff_id, voiceagent.clock(), voiceagent.clock()
		+ voiceagent_private.as_interval(voiceagent_private.platform_setting('staff_second_expires')))
	RETURNING deed_id INTO v_deed;
	PERFORM voiceagent_private.audit_platform('ask_second', 'deed ' || v_deed, NULL,
		jsonb_build_object('deed', deed, 'arguments', arguments));
	RETURN v_deed;
END
$$;
COMMENT ON FUNCTION voiceagent.ask_second(text, jsonb) IS
	E'Somebody of the staff asks a second person for what is too much for one -> the deed''s number, for '
	'second_deed().\n'
	'deed: adjust_credits, grant_credits, void_grant, refund_order or forgive_debt; arguments: its own by their names. '
	'It is tried and undone first: errors as the function''s. 42501, PT401, PT422.';

CREATE FUNCTION voiceagent.second_deed(deed_id bigint, agree boolean, comment text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff := voiceagent_private.calling_staff();
	v_first voiceagent_private.staff;
	v_answer text := 'refused';
	v voiceagent_private.staff_deeds;
BEGIN
	PERFORM voiceagent_private.require_platform('find a second person');
	SELECT * INTO v FROM voiceagent_private.staff_deeds d WHERE d.deed_id = second_deed.deed_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such deed');
	PERFORM voiceagent_private.fail_if(agree IS NULL OR length(comment) > 1000, 'PT422',
		'say yes or no, with a comment of at most 1000 characters');
	PERFORM voiceagent_private.fail_if(agree AND v.asked_by = v_staff.staff_id, 'PT403',
		'you cannot be your own second person', NULL, 'Somebody else of the staff says yes or no.');
	SELECT s.* INTO v_first FROM voiceagent_private.staff s WHERE s.staff_id = v.asked_by;
	PERFORM voiceagent_private.fail_if(v.state <> 'waiting'
		OR v.expires_at <= voiceagent.clock() AND v.asked_by <> v_staff.staff_id, 'PT409',
		format('the deed is %s already', CASE v.state WHEN 'waiting' THEN 'too old' ELSE v.state END));
	PERFORM voiceagent_private.fail_if(agree AND NOT (v_first.active AND EXISTS (SELECT
		FROM voiceagent_private.staff_rights() r WHERE r.action = 'find a second person' AND r.roles && v_first.roles)),
		'PT409', 'whoever asked may not ask for it now');
	IF agree THEN
		PERFORM voiceagent_private.set_staff(voiceagent_private.staff_words(v_staff) || ' for '
			|| voiceagent_private.staff_words(v_first));
		v_answer := voiceagent_private.do_deed(v.deed, v.arguments);
	END IF;
	UPDATE voiceagent_private.staff_deeds d
	SET state = CASE WHEN agree THEN 'done' ELSE 'refused' END,
		second_by = nullif(v_staff.staff_id, v.asked_by), decided_at = voiceagent.clock(), comment = second_deed.comment
	WHERE d.deed_id = v.deed_id;
	PERFORM voiceagent_private.audit_platform('second_deed', 'deed ' || v.deed_id, jsonb_build_object('deed', v.deed,
		'arguments', v.arguments, 'asked_by', v.asked_by), jsonb_build_object('agree', agree, 'answer', v_answer,
		'comment', comment));
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION voiceagent.second_deed(bigint, boolean, text) IS
	E'A second person of the staff says yes or no to what another has asked for by ask_second(); yes does it -> its '
	'answer, or refused.\n'
	'Whoever asked takes it back by no, also when it is too old. PT403 for a yes to one''s own, PT404, PT409 for one '
	'that is decided or too old, 42501; errors as the deed''s.';

CREATE FUNCTION voiceagent.act_as_tenant(tenant_id bigint, reason text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff := voiceagent_private.calling_staff();
	v_reason text := voiceagent_private.ticket_words('the reason', reason, 500);
	v_who text := voiceagent_private.staff_words(v_staff);
	v_lasts interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('staff_acting'));
	v_role text := CASE WHEN v_staff.roles && '{operator,owner}' THEN 'manager' ELSE 'viewer' END;
	v_was bigint;
	v_said jsonb;
BEGIN
	PERFORM voiceagent_private.require_platform('act as a tenant');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	v_said := jsonb_build_object('name', v_who, 'reason', v_reason, 'role', v_role, 'until',
		voiceagent.clock() + v_lasts);
	PERFORM voiceagent_private.log_event('staff_acts', NULL, NULL, NULL, v_said);
	PERFORM voiceagent_private.audit('act_as_tenant', 'tenant ' || tenant_id, NULL, v_said);
	PERFORM voiceagent_private.set_tenant(v_was);
	INSERT INTO voiceagent_private.staff_sessions (session_hash, staff_id, expires_at, acts_as)
	VALUES (sha256(convert_to(voiceagent_private.random_token(), 'UTF8')), v_staff.staff_id,
		statement_timestamp() + v_lasts, act_as_tenant.tenant_id);
	RETURN voiceagent_private.issue_token(tenant_id, NULL, v_role, v_who, date_part('epoch', v_lasts)::integer);
END
$$;
COMMENT ON FUNCTION voiceagent.act_as_tenant(bigint, text) IS
	E'For the platform''s staff: a token as a tenant''s, for staff_acting (15 minutes): support and finance read, '
	'operators and owners do what a manager does.\n'
	'The tenant is notified at once, with the reason (event and notice staff_acts, audit log), and what is done by '
	'it is logged with the staff''s number; it ends with the staff''s sessions. PT404, PT422, 42501.';

CREATE FUNCTION voiceagent.stop_acting() RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff voiceagent_private.staff := voiceagent_private.calling_staff();
	v_was bigint;
	v_tenant bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('act as a tenant');
	v_was := voiceagent_private.set_tenant(0);
	FOR v_tenant IN DELETE FROM voiceagent_private.staff_sessions x
		WHERE x.staff_id = v_staff.staff_id AND x.acts_as IS NOT NULL AND x.expires_at > statement_timestamp()
		RETURNING x.acts_as
	LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		PERFORM voiceagent_private.audit('stop_acting', 'tenant ' || v_tenant, NULL, NULL);
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.stop_acting() IS
	E'Somebody of the staff acts as no tenant any more: what act_as_tenant() gave proves nothing from now on.\n'
	'PT401.';
