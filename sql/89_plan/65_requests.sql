/*
 * 89_plan: what vendors answer about contracts.
 *
 * We ask for the state of a contract, and then for its list of payments, each
 * minute while its buyer has to approve something, otherwise once a day, or when
 * a webhook names it.  A webhook itself is never believed.  Both answers are
 * facts, which may come twice, so they make up for a lost event; the audit log
 * records every difference from the known state.
 */

CREATE FUNCTION voiceagent_private.look_at_contract(contract voiceagent.plan_contracts, at timestamptz,
	hinted boolean DEFAULT false) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF num_nonnulls(contract.vendor_ref, contract.checkout_ref) > 0 THEN
		PERFORM voiceagent_private.ask_vendor(contract.vendor, contract.contract_id, 'look',
			voiceagent_private.contract_numbers(contract), at, hinted);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_contract(voiceagent.plan_contracts, timestamptz, boolean) IS
	'Has the vendor asked at that time how a contract of the current tenant stands; nothing where there is nothing to '
	'ask about yet.';

CREATE FUNCTION voiceagent_private.referenced_subject(vendor text, reference text, subscription text,
	OUT tenant_id bigint, OUT order_id bigint, OUT contract_id bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parts text[] := regexp_match(reference, '^(vap?)-[0-9a-f]{8}-([0-9]{1,18})-([0-9]{1,18})$');
	v_tenant bigint := v_parts[2];
	v_number bigint := v_parts[3];
BEGIN
	SELECT r.tenant_id, r.contract_id INTO tenant_id, contract_id FROM voiceagent_private.plan_routes r
	WHERE r.vendor = referenced_subject.vendor AND r.vendor_ref = subscription;
	IF FOUND THEN
		PERFORM voiceagent_private.set_tenant(tenant_id);
	ELSIF v_parts[1] = 'va' AND reference = voiceagent_private.payment_reference(v_tenant, v_number) THEN
		PERFORM voiceagent_private.set_tenant(v_tenant);
		SELECT o.tenant_id, o.order_id INTO tenant_id, order_id FROM voiceagent.payment_orders o
		WHERE o.tenant_id = v_tenant AND o.order_id = v_number AND o.vendor = referenced_subject.vendor;
	-- A contract that was sold here has our number before it has the vendor's.
	ELSIF v_parts[1] = 'vap' AND reference = voiceagent_private.contract_reference(v_tenant, v_number) THEN
		PERFORM voiceagent_private.set_tenant(v_tenant);
		SELECT c.tenant_id, c.contract_id INTO tenant_id, contract_id FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = v_tenant AND c.contract_id = v_number AND c.vendor = referenced_subject.vendor;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.referenced_subject(text, text, text) IS
	'The order or the contract at a vendor that an event names, by a reference of ours or by the number of a '
	'subscription, whose tenant the caller then acts for; NULL: there is none.';

CREATE FUNCTION voiceagent_private.hint_vendor(vendor text, reference text, subscription text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record := voiceagent_private.referenced_subject(vendor, reference, subscription);
BEGIN
	-- Do not wait for a lock: the gateway calls this.
	IF v.order_id IS NOT NULL THEN
		-- Skip an order that another transaction has locked: we ask about it within the minute anyway.
		PERFORM FROM voiceagent_private.payment_looks l
		WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id FOR NO KEY UPDATE SKIP LOCKED;
		IF FOUND OR NOT EXISTS (SELECT FROM voiceagent_private.payment_looks l
			WHERE l.tenant_id = v.tenant_id AND l.order_id = v.order_id) THEN
			PERFORM voiceagent_private.hint_payment(v.order_id);
		END IF;
	ELSIF v.contract_id IS NOT NULL THEN
		-- Fail while an answer about the contract is being read, so that the vendor sends the event again.
		PERFORM FROM voiceagent_private.payment_requests q
		WHERE q.tenant_id = v.tenant_id AND q.subject_id = v.contract_id AND q.task = 'look' FOR UPDATE NOWAIT;
		-- Events come in bursts: one look a second later is enough for all of them.
		PERFORM voiceagent_private.look_at_contract(c, voiceagent.clock() + interval '1 second', true)
		FROM voiceagent.plan_contracts c WHERE c.tenant_id = v.tenant_id AND c.contract_id = v.contract_id;
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v.tenant_id IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hint_vendor(text, text, text) IS
	'For a webhook that a vendor signed: has the vendor asked about the order or contract of ours that it names; '
	'false: it names none; 55P03 while an answer about the contract is being read.';

CREATE FUNCTION voiceagent_private.want_certificate(vendor text, reference text, subscription text, url text)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record := voiceagent_private.referenced_subject(vendor, reference, subscription);
BEGIN
	IF v.tenant_id IS NOT NULL THEN
		PERFORM voiceagent_private.fetch_certificate_for(vendor, url, v.tenant_id, coalesce(v.order_id, 0));
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v.tenant_id IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_certificate(text, text, text, text) IS
	'Has the certificate at this address fetched, if the webhook that names it also names an order or a contract of '
	'ours -> whether it does.';

CREATE FUNCTION voiceagent_private.name_contract(contract voiceagent.plan_contracts, vendor_ref text)
	RETURNS voiceagent.plan_contracts
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF contract.vendor_ref IS NULL AND vendor_ref ~ '^[A-Za-z0-9_-]{1,200}$' THEN
		INSERT INTO voiceagent_private.plan_routes (tenant_id, contract_id, vendor, vendor_ref)
		VALUES (contract.tenant_id, contract.contract_id, contract.vendor, name_contract.vendor_ref)
		ON CONFLICT DO NOTHING;
		UPDATE voiceagent.plan_contracts c SET vendor_ref = name_contract.vendor_ref
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	END IF;
	RETURN contract;
END
$$;
COMMENT ON FUNCTION voiceagent_private.name_contract(voiceagent.plan_contracts, text) IS
	'Notes which subscription a contract of the current tenant is at its vendor; returns it.';

CREATE FUNCTION voiceagent_private.finish_change(contract voiceagent.plan_contracts) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_vendor voiceagent_private.payment_vendors := voiceagent_private.payment_vendor(contract.vendor);
	v_old voiceagent.plans;
	v_new voiceagent.plans;
	v_now timestamptz := voiceagent.clock();
	v_price record;
	v_rest numeric;
	v voiceagent.plan_periods;
	v_order voiceagent.payment_orders;
BEGIN
	SELECT * INTO v_old FROM voiceagent.plans p WHERE p.plan_id = contract.plan_id;
	SELECT * INTO v_new FROM voiceagent.plans p WHERE p.plan_id = contract.changing_to;
	UPDATE voiceagent.plan_contracts c SET changing_to = NULL, approve_url = NULL,
		coupon_percent = CASE WHEN 'coupon' = ANY (v_vendor.makes) THEN c.coupon_percent ELSE 0 END,
		next_plan_id = nullif(c.changing_to, c.plan_id)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	IF v_new.level <= v_old.level THEN
		PERFORM voiceagent_private.log_event('plan_changed', NULL, NULL, NULL, voiceagent_private.plan_facts(contract));
	ELSIF v_vendor.charges_upgrades THEN
		PERFORM voiceagent_private.upgrade_plan(contract, v_old, v_new);
	ELSE
		v_price := voiceagent_private.plan_price(contract, v_new.plan_id, 0);
		SELECT * INTO v FROM voiceagent.plan_periods p
		WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= v_now
			AND p.ends_at > v_now AND p.state = 'paid' ORDER BY p.starts_at DESC LIMIT 1;
		v_rest := extract(epoch FROM v.ends_at - v_now) / extract(epoch FROM v.ends_at - v.starts_at);
		IF v.trial OR coalesce(round((v_price.total - v.amount) * v_rest), 0) <= 0 THEN
			IF v.starts_at IS NOT NULL THEN
				PERFORM voiceagent_private.upgrade_plan(contract, v_old, v_new);
			END IF;
		ELSE
			INSERT INTO voiceagent.payment_orders (tenant_id, vendor, contract_id, period_at, upgrade_to, pack_name,
				credits, minutes, currency, amount, exponent, tax, tax_rate, tax_kind, buyer, state, return_url,
				ordered_by, created_at, expires_at)
			VALUES (contract.tenant_id, contract.vendor, contract.contract_id, v.starts_at, v_new.plan_id,
				format('%s instead of %s', v_new.name, v_old.name),
				greatest(round((v_new.credits - v_old.credits) * v_rest, 6), 0),
				greatest(round((v_new.minutes - v_old.minutes) * v_rest, 6), 0), contract.currency,
				round((v_price.total - v.amount) * v_rest), v.exponent,
				greatest(round((v_price.tax - v.tax) * v_rest), 0), contract.tax_rate, contract.tax_kind,
				contract.buyer, 'creating', contract.return_url, 'change_plan()', v_now,
				v_now + voiceagent_private.platform_setting('payment_order_expires')::interval)
			RETURNING * INTO v_order;
			PERFORM voiceagent_private.plan_payment_look(v_order);
		END IF;
	END IF;
	PERFORM voiceagent_private.settle_plan(contract.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_change(voiceagent.plan_contracts) IS
	'A contract of the current tenant costs at its vendor what the plan costs to which it was to be changed: an '
	'upgrade is made now where the vendor has the money, or once the difference is paid; else with the next period.';

CREATE FUNCTION voiceagent_private.upgrade_was_paid() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.plan_periods;
BEGIN
	UPDATE voiceagent.plan_periods p SET plan_id = new.upgrade_to, amount = p.amount + new.amount,
		tax = p.tax + new.tax, entitled = p.entitled + new.credits, minutes_entitled = p.minutes_entitled + new.minutes
	WHERE p.tenant_id = new.tenant_id AND p.contract_id = new.contract_id AND p.starts_at = new.period_at
	RETURNING p.* INTO v;
	PERFORM voiceagent_private.allocate(v, new.credits, new.minutes, new.pack_name,
		voiceagent_private.upgrade_key(v), order_id := new.order_id);
	PERFORM voiceagent_private.settle_plan(new.contract_id);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.upgrade_was_paid() IS
	'Trigger of payment_orders: the difference of an upgrade was paid, so its period has the higher plan.';
CREATE TRIGGER upgrades AFTER UPDATE OF state ON voiceagent.payment_orders FOR EACH ROW
	WHEN (new.state = 'paid' AND old.state <> 'paid' AND new.upgrade_to IS NOT NULL)
	EXECUTE FUNCTION voiceagent_private.upgrade_was_paid();

CREATE FUNCTION voiceagent_private.apply_plan_facts(contract voiceagent.plan_contracts, report jsonb, at timestamptz)
	RETURNS voiceagent.plan_contracts
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_unit numeric := power(10::numeric, (SELECT c.exponent FROM voiceagent.currencies c
		WHERE c.currency = contract.currency) - voiceagent_private.vendor_decimals(contract));
	v_fact voiceagent_private.plan_fact;
BEGIN
	FOR v_fact IN
		SELECT f.kind, t.at, coalesce(to_timestamp(f.starts_at), t.at), to_timestamp(f.ends_at),
			coalesce(f.trial, false), f.currency, f.amount * v_unit, f.paid * v_unit, f.tax * v_unit, f.invoice,
			f.payment, f.message
		FROM jsonb_to_recordset(report -> 'facts') AS f(kind text, at bigint, starts_at bigint, ends_at bigint,
			trial boolean, currency text, amount numeric, paid numeric, tax numeric, invoice text, payment text,
			message text)
		CROSS JOIN LATERAL (SELECT coalesce(to_timestamp(f.at), apply_plan_facts.at) AS at) t
		-- Apply an upgrade last: it belongs to a period that is paid.
		ORDER BY f.kind = 'upgraded', t.at
	LOOP
		PERFORM voiceagent_private.apply_plan_fact(contract.contract_id, v_fact);
	END LOOP;
	SELECT * INTO contract FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
	RETURN contract;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_plan_facts(voiceagent.plan_contracts, jsonb, timestamptz) IS
	'The facts of a report that was asked for at that time, one after the other; returns the contract of the current '
	'tenant as it stands then.';

CREATE FUNCTION voiceagent_private.contract_seen(contract voiceagent.plan_contracts, report jsonb, at timestamptz,
	hinted boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_closed boolean := contract.closed_at IS NOT NULL;
	v_live boolean := (report -> 'live')::boolean;
	v_amount bigint;
	v_wanted jsonb;
BEGIN
	contract := voiceagent_private.name_contract(contract, report ->> 'subscription');
	UPDATE voiceagent.plan_contracts c SET item_ref = coalesce(report ->> 'item', c.item_ref),
		begins_at = coalesce(c.begins_at, CASE WHEN NOT c.attached
			THEN to_timestamp((report -> 'begins_at')::bigint) END)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	IF v_live IS NULL THEN
		-- There is no subscription yet.
		IF NOT v_closed AND ((report -> 'expired')::boolean OR contract.expires_at < at
			AND contract.state = 'incomplete') THEN
			PERFORM voiceagent_private.give_contract_up(contract, 'not approved in time');
		END IF;
		RETURN;
	END IF;
	contract := voiceagent_private.apply_plan_facts(contract, report, at);
	v_amount := (report -> 'amount')::bigint;
	v_wanted := CASE WHEN contract.changing_to IS NOT NULL
		THEN (voiceagent_private.plan_order(contract)).body END;
	IF report -> 'price' = v_wanted -> 'price' OR report -> 'amount' = v_wanted -> 'amount' THEN
		PERFORM voiceagent_private.finish_change(contract);
	ELSIF NOT contract.attached AND v_amount <> ALL (ARRAY(SELECT voiceagent_private.contract_units(contract, p, 0)
		FROM unnest(ARRAY[contract.plan_id, coalesce(contract.next_plan_id, contract.plan_id)]) p)) THEN
		PERFORM voiceagent_private.audit('plan_compared', 'contract ' || contract.contract_id,
			jsonb_build_object('price', (voiceagent_private.plan_price(contract, contract.plan_id, 0)).total),
			jsonb_build_object('vendor''s price', v_amount));
	END IF;
	UPDATE voiceagent.plan_contracts c SET approve_url = CASE WHEN c.changing_to IS NOT NULL THEN c.approve_url END
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id AND v_live;
	-- Payments from before the end count, too.
	PERFORM voiceagent_private.ask_vendor(contract.vendor, contract.contract_id, 'payments',
		voiceagent_private.contract_numbers(contract) || jsonb_build_object(
			'since', extract(epoch FROM greatest(contract.created_at - interval '1 day', voiceagent.clock()
				- interval '100 days'))::bigint,
			'until', extract(epoch FROM voiceagent.clock() + interval '1 minute')::bigint), hinted := hinted);
	IF v_live AND v_closed THEN
		-- The buyer approved it late, when another contract already existed: do not charge for two.
		PERFORM voiceagent_private.withdraw_contract(contract);
		PERFORM voiceagent_private.audit_platform('plan_approved_late', format('tenant %s, contract %s',
			contract.tenant_id, contract.contract_id), NULL, jsonb_build_object('vendor_ref', contract.vendor_ref));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_seen(voiceagent.plan_contracts, jsonb, timestamptz, boolean) IS
	'How a vendor says at that time that a contract of the current tenant stands, or its page; one that lives '
	'there though it was closed here is ended there, and what it cost stands among the orders, to be refunded.';

CREATE FUNCTION voiceagent_private.contract_standing(contract_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('state', c.state, 'plan_id', c.plan_id, 'next_plan_id', c.next_plan_id, 'paid',
			(SELECT jsonb_build_object('periods', count(*), 'until', max(p.ends_at)) FROM voiceagent.plan_periods p
			WHERE p.tenant_id = c.tenant_id AND p.contract_id = c.contract_id AND p.state = 'paid'))
		FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = voiceagent.current_tenant() AND c.contract_id = contract_standing.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_standing(bigint) IS
	'The facts of a contract of the current tenant that are compared with its vendor: state, plan, and what is paid.';

CREATE FUNCTION voiceagent_private.step_answered(contract voiceagent.plan_contracts,
	request voiceagent_private.payment_requests, report jsonb, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_makes boolean := request.task IN ('product', 'coupon', 'price');
	v_good boolean := report IS NOT NULL;
BEGIN
	IF v_makes AND v_good THEN
		INSERT INTO voiceagent_private.vendor_objects (vendor, key, vendor_ref, created_at)
		VALUES (request.vendor, request.task || ' ' || md5(request.body::text), report ->> 'made', voiceagent.clock())
		ON CONFLICT ON CONSTRAINT vendor_objects_pkey DO NOTHING;
		PERFORM voiceagent_private.advance_contract(contract.contract_id);
	ELSIF request.task IN ('create', 'change') AND v_good THEN
		UPDATE voiceagent.plan_contracts c SET approve_url = CASE WHEN c.closed_at IS NULL
			THEN left(report ->> 'approve_url', 2000) END, checkout_ref = coalesce(left(report ->> 'page', 200),
				c.checkout_ref)
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
		contract := voiceagent_private.name_contract(contract, report ->> 'subscription');
		IF contract.closed_at IS NOT NULL AND request.task = 'create' THEN
			PERFORM voiceagent_private.withdraw_contract(contract);
		ELSIF report ? 'live' THEN
			PERFORM voiceagent_private.contract_seen(contract, report, coalesce(request.first_sent_at,
				voiceagent.clock()), true);
		END IF;
	ELSIF contract.changing_to IS NOT NULL AND (v_makes OR request.task = 'change') THEN
		UPDATE voiceagent.plan_contracts c SET changing_to = NULL, approve_url = NULL, reason = left('the change to '
			|| 'another plan was refused: ' || message, 500)
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
		PERFORM voiceagent_private.log_event('payment_failed', NULL, NULL, NULL,
			voiceagent_private.plan_facts(contract));
	ELSIF v_makes OR request.task = 'create' AND NOT v_good THEN
		PERFORM voiceagent_private.give_contract_up(contract, 'the vendor refused it: ' || message);
	END IF;
	PERFORM voiceagent_private.look_at_contract(c, voiceagent.clock() + CASE WHEN request.task IN ('create', 'change')
		THEN interval '1 minute' ELSE '0' END, true)
	FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.step_answered(voiceagent.plan_contracts, voiceagent_private.payment_requests,
	jsonb, text) IS
	'Records the result of a request that makes something for a contract of the current tenant, or changes it (report: '
	'NULL: it came to nothing).';

CREATE FUNCTION voiceagent_private.contract_answered(request voiceagent_private.payment_requests, report jsonb,
	message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_at timestamptz := coalesce(request.first_sent_at, voiceagent.clock());
	v voiceagent.plan_contracts;
	v_before jsonb;
	v_after jsonb;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = request.tenant_id AND c.contract_id = request.subject_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF request.task NOT IN ('look', 'payments') THEN
		PERFORM voiceagent_private.step_answered(v, request, report, message);
		RETURN;
	END IF;
	v_before := voiceagent_private.contract_standing(v.contract_id);
	IF request.task = 'payments' THEN
		PERFORM voiceagent_private.apply_plan_facts(v, report, v_at);
	ELSIF report ->> 'status' = 'missing' AND v.vendor_ref IS NOT NULL THEN
		PERFORM voiceagent_private.apply_plan_facts(v, '{"facts": [{"kind": "closed"}]}', v_at);
	ELSIF report IS NOT NULL THEN
		PERFORM voiceagent_private.contract_seen(v, report, v_at, request.hinted);
	END IF;
	v_after := voiceagent_private.contract_standing(v.contract_id);
	-- News is expected if an event caused the request; a daily look should find no change.
	IF v_before <> v_after AND NOT request.hinted AND v.state <> 'incomplete' AND v.changing_to IS NULL THEN
		PERFORM voiceagent_private.audit('plan_compared', 'contract ' || v.contract_id, v_before, v_after);
	END IF;
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = v.tenant_id AND c.contract_id = v.contract_id;
	IF request.again THEN
		PERFORM voiceagent_private.look_at_contract(v, voiceagent.clock(), true);
	ELSIF request.task = 'look' AND (v.closed_at IS NULL AND (v.state = 'incomplete' AND v.expires_at > v_at
		OR v.changing_to IS NOT NULL)) THEN
		PERFORM voiceagent_private.look_at_contract(v, v_at + interval '1 minute');
	-- Watch a withdrawn contract for some days, in case the buyer approved it at that moment.
	ELSIF request.task = 'look' AND coalesce(v.closed_at > v_at - interval '3 days', true) THEN
		PERFORM voiceagent_private.look_at_contract(v, v_at + interval '1 day');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_answered(voiceagent_private.payment_requests, jsonb, text) IS
	'Records a vendor''s answer about a contract of the current tenant (report: NULL: it refused); news that a daily '
	'look finds is in the audit log.';

CREATE FUNCTION voiceagent_private.record_payment_request(request_id bigint, kind text, report jsonb, message text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_message text := coalesce(message, 'the vendor gives no reason');
	v voiceagent_private.payment_requests;
BEGIN
	SELECT * INTO v FROM voiceagent_private.payment_requests q
	WHERE q.tenant_id = voiceagent.current_tenant() AND q.request_id = record_payment_request.request_id;
	IF v.task <> 'detach' THEN
		-- The contract first, as everybody locks.
		PERFORM FROM voiceagent.plan_contracts c WHERE c.tenant_id = v.tenant_id AND c.contract_id = v.subject_id
		FOR NO KEY UPDATE;
	END IF;
	SELECT * INTO v FROM voiceagent_private.payment_requests q WHERE q.tenant_id = v.tenant_id
		AND q.request_id = v.request_id FOR UPDATE;
	IF NOT FOUND OR voiceagent_private.retry_request(v, kind, message) THEN
		RETURN;
	END IF;
	DELETE FROM voiceagent_private.payment_requests q WHERE q.tenant_id = v.tenant_id AND q.request_id = v.request_id;
	IF v.task <> 'detach' THEN
		PERFORM voiceagent_private.contract_answered(v, report, v_message);
	ELSIF report IS NULL THEN
		PERFORM voiceagent_private.audit('detach_refused', 'payment method ' || v.subject_id, NULL, jsonb_build_object(
			'reason', v_message));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_payment_request(bigint, text, jsonb, text) IS
	'Records the result of a request of payment_requests of the current tenant: kind and message as record_payment() '
	'takes them; report: of the vendor''s driver.';
