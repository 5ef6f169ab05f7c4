/*
 * 89_plan: what vendors answer about contracts.
 *
 * A contract at a vendor is looked at each minute while its buyer has to
 * approve something, and else once a day: how it stands, then its list of
 * payments.  Both become the same facts as events do, so an event that was lost
 * is made up for, and what differed from what was known is in the audit log.
 */

CREATE FUNCTION voiceagent_private.look_at_contract(contract voiceagent.plan_contracts, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_path text := CASE WHEN contract.vendor = 'stripe' AND contract.vendor_ref IS NOT NULL
			THEN '/v1/subscriptions/' || contract.vendor_ref
		WHEN contract.vendor = 'stripe' THEN format('/v1/checkout/sessions/%s?expand%%5B%%5D=subscription',
			contract.checkout_ref)
		ELSE '/v1/billing/subscriptions/' || contract.vendor_ref END;
BEGIN
	IF contract.vendor <> 'embedded' AND num_nonnulls(contract.vendor_ref, contract.checkout_ref) > 0 THEN
		PERFORM voiceagent_private.ask_vendor(contract.vendor, contract.contract_id, 'look', 'GET', v_path, NULL, at);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.look_at_contract(voiceagent.plan_contracts, timestamptz) IS
	'Has the vendor asked at that time how a contract of the current tenant stands; nothing where there is nothing to '
	'ask about yet.';

CREATE FUNCTION voiceagent_private.hint_contract(vendor text, event jsonb) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ref text := coalesce(event #>> '{data,object,client_reference_id}', event #>> '{data,object,metadata,contract}',
		event #>> '{resource,custom_id}', event #>> '{resource,custom}');
	v_parts text[] := regexp_match(v_ref, '^vap-([0-9a-f]{8})-([0-9]{1,18})-([0-9]{1,18})$');
	v_asked boolean;
BEGIN
	IF v_parts IS NULL OR v_ref <> voiceagent_private.contract_reference(v_parts[2]::bigint, v_parts[3]::bigint) THEN
		RETURN false;
	END IF;
	PERFORM voiceagent_private.set_tenant(v_parts[2]::bigint);
	v_asked := EXISTS (SELECT FROM voiceagent_private.payment_requests q WHERE q.tenant_id = v_parts[2]::bigint
		AND q.subject_id = v_parts[3]::bigint AND q.task = 'look');
	-- The gateway waits for nobody: what is being read of an answer leads to the next look by itself.
	PERFORM FROM voiceagent_private.payment_requests q WHERE q.tenant_id = v_parts[2]::bigint
		AND q.subject_id = v_parts[3]::bigint AND q.task = 'look' FOR UPDATE SKIP LOCKED;
	IF FOUND OR NOT v_asked THEN
		PERFORM voiceagent_private.look_at_contract(c, voiceagent.clock()) FROM voiceagent.plan_contracts c
		WHERE c.tenant_id = v_parts[2]::bigint AND c.contract_id = v_parts[3]::bigint
			AND c.vendor = hint_contract.vendor;
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.hint_contract(text, jsonb) IS
	'For an event of a vendor about a subscription whose number is not known yet: has the vendor asked about the '
	'contract of ours that it names; false: it names none.';

CREATE FUNCTION voiceagent_private.want_plan_certificate(url text, event jsonb) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ref text := coalesce(event #>> '{resource,custom_id}', event #>> '{resource,custom}');
	v_parts text[] := regexp_match(v_ref, '^vap-([0-9a-f]{8})-([0-9]{1,18})-([0-9]{1,18})$');
	v_tenant bigint;
BEGIN
	SELECT r.tenant_id INTO v_tenant FROM voiceagent_private.plan_routes r WHERE r.vendor = 'paypal'
		AND r.vendor_ref = coalesce(event #>> '{resource,billing_agreement_id}', event #>> '{resource,id}');
	-- One that was sold here is known by our own number before its own is.
	IF v_tenant IS NULL AND v_ref = voiceagent_private.contract_reference(v_parts[2]::bigint, v_parts[3]::bigint) THEN
		PERFORM voiceagent_private.set_tenant(v_parts[2]::bigint);
		SELECT c.tenant_id INTO v_tenant FROM voiceagent.plan_contracts c WHERE c.tenant_id = v_parts[2]::bigint
			AND c.contract_id = v_parts[3]::bigint AND c.vendor = 'paypal';
	END IF;
	IF v_tenant IS NOT NULL THEN
		PERFORM voiceagent_private.fetch_certificate_for(url, v_tenant, 0);
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_tenant IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_plan_certificate(text, jsonb) IS
	'As want_payment_certificate(), for an event about a subscription, if that is one of ours.';

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
	v_old voiceagent.plans;
	v_new voiceagent.plans;
BEGIN
	SELECT * INTO v_old FROM voiceagent.plans p WHERE p.plan_id = contract.plan_id;
	SELECT * INTO v_new FROM voiceagent.plans p WHERE p.plan_id = contract.changing_to;
	UPDATE voiceagent.plan_contracts c SET changing_to = NULL, approve_url = NULL,
		coupon_percent = CASE c.vendor WHEN 'paypal' THEN 0 ELSE c.coupon_percent END,
			next_plan_id = nullif(c.changing_to, c.plan_id)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	IF v_new.level <= v_old.level THEN
		PERFORM voiceagent_private.log_event('plan_changed', NULL, NULL, NULL, voiceagent_private.plan_facts(contract));
	ELSIF contract.vendor = 'stripe' THEN
		PERFORM voiceagent_private.upgrade_plan(contract, v_old, v_new);
	ELSE
		PERFORM voiceagent_private.order_upgrade(contract, v_old, v_new);
	END IF;
	PERFORM voiceagent_private.settle_plan(contract.contract_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.finish_change(voiceagent.plan_contracts) IS
	'A contract of the current tenant costs at its vendor what the plan costs to which it was to be changed: an '
	'upgrade '
	'is made now at Stripe, which has the money, and at PayPal once the difference is paid; else with the next period.';

CREATE FUNCTION voiceagent_private.order_upgrade(contract voiceagent.plan_contracts, old voiceagent.plans,
	new voiceagent.plans) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_price record := voiceagent_private.plan_price(contract, new.plan_id, 0);
	v_rest numeric;
	v voiceagent.plan_periods;
	v_order voiceagent.payment_orders;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_periods p
	WHERE p.tenant_id = contract.tenant_id AND p.contract_id = contract.contract_id AND p.starts_at <= v_now
		AND p.ends_at > v_now AND p.state = 'paid' ORDER BY p.starts_at DESC LIMIT 1;
	v_rest := extract(epoch FROM v.ends_at - v_now) / extract(epoch FROM v.ends_at - v.starts_at);
	IF v.trial OR coalesce(round((v_price.total - v.amount) * v_rest), 0) <= 0 THEN
		IF v.starts_at IS NOT NULL THEN
			PERFORM voiceagent_private.upgrade_plan(contract, old, new);
		END IF;
		RETURN;
	END IF;
	INSERT INTO voiceagent.payment_orders (tenant_id, vendor, contract_id, period_at, upgrade_to, pack_name, credits,
		minutes, currency, amount, exponent, tax, tax_rate, tax_kind, buyer, state, return_url, ordered_by, created_at,
			expires_at)
	VALUES (contract.tenant_id, contract.vendor, contract.contract_id, v.starts_at, new.plan_id,
		format('%s instead of %s', new.name, old.name), greatest(round((new.credits - old.credits) * v_rest, 6), 0),
		greatest(round((new.minutes - old.minutes) * v_rest, 6), 0), contract.currency,
		round((v_price.total - v.amount) * v_rest), v.exponent,
		greatest(round((v_price.tax - v.tax) * v_rest), 0), contract.tax_rate, contract.tax_kind, contract.buyer,
		'creating', contract.return_url, 'change_plan()', v_now, v_now
			+ voiceagent_private.platform_setting('payment_order_expires')::interval) RETURNING * INTO v_order;
	PERFORM voiceagent_private.plan_payment_look(v_order);
END
$$;
COMMENT ON FUNCTION voiceagent_private.order_upgrade(voiceagent.plan_contracts, voiceagent.plans, voiceagent.plans) IS
	'Orders the difference for the rest of the period of a contract of the current tenant whose upgrade its buyer has '
	'approved; without a difference, and in a trial, the upgrade is made now.';

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

CREATE FUNCTION voiceagent_private.apply_stripe(contract voiceagent.plan_contracts, body jsonb, at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_price text := body #>> '{items,data,0,price,unit_amount}';
BEGIN
	PERFORM voiceagent_private.apply_plan_fact(contract.contract_id,
		voiceagent_private.stripe_plan_fact(jsonb_build_object(
		'type', 'customer.subscription.updated', 'created', extract(epoch FROM at), 'data', jsonb_build_object('object',
			body))));
	UPDATE voiceagent.plan_contracts c SET item_ref = coalesce(body #>> '{items,data,0,id}', c.item_ref)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
	IF contract.attached OR v_price IS NULL THEN
		RETURN;
	ELSIF v_price = voiceagent_private.vendor_value('stripe', contract.currency,
		(voiceagent_private.plan_price(contract,
		contract.changing_to, 0)).total) AND contract.changing_to IS NOT NULL THEN
		PERFORM voiceagent_private.finish_change(contract);
	ELSIF v_price <> ALL (ARRAY(SELECT voiceagent_private.vendor_value('stripe', contract.currency,
			(voiceagent_private.plan_price(contract, p, 0)).total)
		FROM unnest(ARRAY[contract.plan_id, coalesce(contract.next_plan_id, contract.plan_id)]) p)) THEN
		PERFORM voiceagent_private.audit('plan_compared', 'contract ' || contract.contract_id,
			jsonb_build_object('price',
			(voiceagent_private.plan_price(contract, contract.plan_id, 0)).total), jsonb_build_object('vendor''s price',
			v_price));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_stripe(voiceagent.plan_contracts, jsonb, timestamptz) IS
	'How Stripe says at that time that a subscription stands: the facts for the current tenant''s contract, and '
	'whether its price is that of a plan that we know of.';

CREATE FUNCTION voiceagent_private.apply_paypal(contract voiceagent.plan_contracts, body jsonb, at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_plan voiceagent.plans;
	v_began timestamptz := (body ->> 'start_time')::timestamptz;
	v_said timestamptz := coalesce((body ->> 'status_update_time')::timestamptz, at);
	v_kind text := CASE body ->> 'status' WHEN 'ACTIVE' THEN 'resumed' WHEN 'CANCELLED' THEN 'canceled'
		WHEN 'EXPIRED' THEN 'canceled' WHEN 'SUSPENDED' THEN 'failed' END;
BEGIN
	IF v_kind IS NULL THEN
		RETURN;
	END IF;
	UPDATE voiceagent.plan_contracts c SET begins_at = coalesce(c.begins_at, v_began + c.trial, c.created_at)
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id AND NOT c.attached;
	SELECT * INTO contract FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
	IF contract.trial > '0' AND v_kind = 'resumed' THEN
		PERFORM voiceagent_private.note_period(contract.contract_id, contract.begins_at - contract.trial,
			contract.begins_at, contract.plan_id, 0, 0, 'paid', trial := true);
	END IF;
	PERFORM voiceagent_private.apply_plan_fact(contract.contract_id, jsonb_build_object('at', v_said, 'kind', v_kind,
		'starts_at', v_said));
	SELECT * INTO v_plan FROM voiceagent.plans p WHERE p.plan_id = contract.changing_to;
	IF FOUND THEN
		contract.trial := '0';
		contract.coupon_percent := 0;
		IF body ->> 'plan_id' = voiceagent_private.vendor_object('paypal', 'price', voiceagent_private.contract_step(
			contract, v_plan, 'price')) THEN
			PERFORM voiceagent_private.finish_change(contract);
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_paypal(voiceagent.plan_contracts, jsonb, timestamptz) IS
	'How PayPal says at that time that a subscription stands: the facts for the current tenant''s contract.';

CREATE FUNCTION voiceagent_private.payment_facts_of(vendor text, body jsonb) RETURNS SETOF jsonb
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.stripe_plan_fact(jsonb_build_object('type', CASE i ->> 'status' WHEN 'paid'
		THEN 'invoice.paid'
		ELSE 'invoice.payment_failed' END, 'created', coalesce(i #> '{status_transitions,paid_at}', i -> 'created'),
		'data', jsonb_build_object('object', i)))
	FROM jsonb_array_elements(body -> 'data') i
	WHERE vendor = 'stripe' AND (i ->> 'status' = 'paid' OR i ->> 'status' = 'open'
		AND (i ->> 'attempt_count')::integer > 0)
	UNION ALL
	SELECT jsonb_build_object('at', t ->> 'time', 'kind', CASE t ->> 'status' WHEN 'DECLINED' THEN 'failed' ELSE 'paid'
		END,
		'starts_at', t ->> 'time', 'amount', t #>> '{amount_with_breakdown,gross_amount,value}', 'currency',
		t #>> '{amount_with_breakdown,gross_amount,currency_code}', 'payment', t ->> 'id')
	FROM jsonb_array_elements(body -> 'transactions') t
	WHERE vendor = 'paypal' AND t ->> 'status' IN ('COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DECLINED')
$$;
COMMENT ON FUNCTION voiceagent_private.payment_facts_of(text, jsonb) IS
	'The facts in a vendor''s list of the payments of a subscription.';

CREATE FUNCTION voiceagent_private.contract_seen(contract voiceagent.plan_contracts, body jsonb, at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_closed boolean := contract.closed_at IS NOT NULL;
	v_live boolean;
BEGIN
	IF contract.vendor = 'stripe' AND contract.vendor_ref IS NULL THEN
		IF body ->> 'status' = 'expired' AND NOT v_closed THEN
			PERFORM voiceagent_private.give_contract_up(contract, 'nobody approved it in time');
		END IF;
		body := body -> 'subscription';
		contract := voiceagent_private.name_contract(contract, body ->> 'id');
	END IF;
	v_live := body ->> 'status' IN ('trialing', 'active', 'past_due', 'ACTIVE', 'SUSPENDED');
	IF jsonb_typeof(body) = 'object' AND contract.vendor = 'stripe' THEN
		PERFORM voiceagent_private.apply_stripe(contract, body, at);
	ELSIF jsonb_typeof(body) = 'object' THEN
		PERFORM voiceagent_private.apply_paypal(contract, body, at);
	END IF;
	IF v_live THEN
		UPDATE voiceagent.plan_contracts c SET approve_url = CASE WHEN c.changing_to IS NOT NULL THEN c.approve_url END
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
		-- Has the vendor asked which payments of a contract of the current tenant there were.
		PERFORM voiceagent_private.ask_vendor(contract.vendor, contract.contract_id, 'payments', 'GET',
			CASE contract.vendor
			WHEN 'stripe' THEN format('/v1/invoices?subscription=%s&limit=100', contract.vendor_ref)
			ELSE format('/v1/billing/subscriptions/%s/transactions?start_time=%s&end_time=%s', contract.vendor_ref,
				to_char(greatest(contract.created_at - interval '1 day', voiceagent.clock() - interval '100 days')
					AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
				to_char((voiceagent.clock() + interval '1 minute') AT TIME ZONE 'UTC',
					'YYYY-MM-DD"T"HH24:MI:SS"Z"')) END);
	ELSIF contract.expires_at < at AND contract.state = 'incomplete' AND NOT v_closed THEN
		PERFORM voiceagent_private.give_contract_up(contract, 'nobody approved it in time');
	END IF;
	IF v_live AND v_closed THEN
		-- It was approved after all, when there was another one already: nobody pays for two.
		PERFORM voiceagent_private.withdraw_contract(contract);
		PERFORM voiceagent_private.audit_platform('plan_approved_late', format('tenant %s, contract %s',
			contract.tenant_id, contract.contract_id), NULL, jsonb_build_object('vendor_ref', contract.vendor_ref));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_seen(voiceagent.plan_contracts, jsonb, timestamptz) IS
	'How a vendor says at that time that a contract of the current tenant stands, or Stripe its page; one that lives '
	'there though it was closed here is ended there, and what it cost stands among the orders, to be refunded.';

CREATE FUNCTION voiceagent_private.plan_next_look(contract_id bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.look_at_contract(c, at + CASE
		WHEN c.closed_at IS NULL AND (c.state = 'incomplete' AND c.expires_at > at OR c.changing_to IS NOT NULL)
			THEN interval '1 minute' ELSE interval '1 day' END)
	FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.contract_id = plan_next_look.contract_id
		-- What was withdrawn is watched for some days, in case it was approved just then.
		AND (c.closed_at IS NULL OR c.closed_at > at - interval '3 days');
END
$$;
COMMENT ON FUNCTION voiceagent_private.plan_next_look(bigint, timestamptz) IS
	'Notes when a contract of the current tenant that was looked at at that time is looked at again.';

CREATE FUNCTION voiceagent_private.step_answered(contract voiceagent.plan_contracts, request
	voiceagent_private.payment_requests, status integer, body jsonb, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_good boolean := status BETWEEN 200 AND 299;
	v_link text := coalesce(body ->> 'url', jsonb_path_query_first(body, '$.links[*] ? (@.rel == "approve").href')
		#>> '{}');
BEGIN
	IF request.task IN ('product', 'coupon', 'price') AND v_good THEN
		INSERT INTO voiceagent_private.vendor_objects (vendor, key, vendor_ref, created_at)
		VALUES (request.vendor, request.task || ' ' || md5(request.body::text), body ->> 'id', voiceagent.clock())
		ON CONFLICT ON CONSTRAINT vendor_objects_pkey DO NOTHING;
		PERFORM voiceagent_private.advance_contract(contract.contract_id);
	ELSIF request.task = 'create' AND v_good THEN
		UPDATE voiceagent.plan_contracts c SET approve_url = CASE WHEN c.closed_at IS NULL THEN left(v_link, 2000) END,
			checkout_ref = CASE c.vendor WHEN 'stripe' THEN left(body ->> 'id', 200) END
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
		IF contract.vendor = 'paypal' THEN
			contract := voiceagent_private.name_contract(contract, body ->> 'id');
		END IF;
		IF contract.closed_at IS NOT NULL THEN
			PERFORM voiceagent_private.withdraw_contract(contract);
		END IF;
	ELSIF request.task = 'change' AND v_good THEN
		UPDATE voiceagent.plan_contracts c SET approve_url = left(v_link, 2000)
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
		IF contract.vendor = 'stripe' THEN
			PERFORM voiceagent_private.contract_seen(contract, body, coalesce(request.first_sent_at,
				voiceagent.clock()));
		END IF;
	ELSIF contract.changing_to IS NOT NULL AND request.task <> 'cancel' THEN
		UPDATE voiceagent.plan_contracts c SET changing_to = NULL, approve_url = NULL, reason = left('the change to '
			|| 'another plan was refused: ' || message, 500)
		WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id RETURNING c.* INTO contract;
		PERFORM voiceagent_private.log_event('payment_failed', NULL, NULL, NULL,
			voiceagent_private.plan_facts(contract));
	ELSIF request.task IN ('product', 'coupon', 'price', 'create') THEN
		PERFORM voiceagent_private.give_contract_up(contract, 'the vendor refused it: ' || message);
	END IF;
	PERFORM voiceagent_private.look_at_contract(c, voiceagent.clock() + CASE WHEN request.task IN ('create', 'change')
		THEN interval '1 minute' ELSE '0' END)
	FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = contract.tenant_id AND c.contract_id = contract.contract_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.step_answered(voiceagent.plan_contracts, voiceagent_private.payment_requests,
	integer, jsonb, text) IS
	'What came of a request that makes something for a contract of the current tenant, or changes it.';

CREATE FUNCTION voiceagent_private.contract_answered(request voiceagent_private.payment_requests, status integer,
	body jsonb, message text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_at timestamptz := coalesce(request.first_sent_at, voiceagent.clock());
	v voiceagent.plan_contracts;
	v_fact jsonb;
	v_before jsonb;
	v_after jsonb;
BEGIN
	SELECT * INTO v FROM voiceagent.plan_contracts c
	WHERE c.tenant_id = request.tenant_id AND c.contract_id = request.subject_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF request.task NOT IN ('look', 'payments') THEN
		PERFORM voiceagent_private.step_answered(v, request, status, body, message);
		RETURN;
	END IF;
	v_before := voiceagent_private.contract_standing(v.contract_id);
	IF request.task = 'look' AND status = 404 AND v.vendor_ref IS NOT NULL THEN
		PERFORM voiceagent_private.apply_plan_fact(v.contract_id, jsonb_build_object('kind', 'closed', 'at', v_at));
	ELSIF request.task = 'look' AND status < 300 THEN
		PERFORM voiceagent_private.contract_seen(v, body, v_at);
	ELSIF status < 300 THEN
		FOR v_fact IN SELECT f FROM voiceagent_private.payment_facts_of(v.vendor, body) f WHERE f IS NOT NULL
			ORDER BY f ->> 'kind' = 'upgraded', f ->> 'at' LOOP
			PERFORM voiceagent_private.apply_plan_fact(v.contract_id, v_fact);
		END LOOP;
	END IF;
	v_after := voiceagent_private.contract_standing(v.contract_id);
	-- While the buyer approves it, the look is how we learn of it; later it should find nothing new.
	IF v_before <> v_after AND v.state <> 'incomplete' AND v.changing_to IS NULL THEN
		PERFORM voiceagent_private.audit('plan_compared', 'contract ' || v.contract_id, v_before, v_after);
	END IF;
	IF request.task = 'look' THEN
		PERFORM voiceagent_private.plan_next_look(v.contract_id, v_at);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.contract_answered(voiceagent_private.payment_requests, integer, jsonb, text) IS
	'What a vendor answered about a contract of the current tenant; what a daily look finds that was not known is in '
	'the audit log.';

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
	'What is compared with the vendor of a contract of the current tenant: state, plan, and what is paid.';

CREATE FUNCTION voiceagent_private.record_payment_request(request_id bigint, kind text, report jsonb, message text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_status integer := coalesce((report ->> 'status')::integer, 0);
	v_message text := coalesce(report #>> '{body,error,message}', report #>> '{body,details,0,description}',
		report #>> '{body,message}', message, 'the vendor gives no reason');
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
		PERFORM voiceagent_private.contract_answered(v, CASE WHEN v_status = 0 THEN 599 ELSE v_status END,
			report -> 'body',
			v_message);
	ELSIF v_status NOT BETWEEN 200 AND 299 AND v_status <> 404 THEN
		PERFORM voiceagent_private.audit('detach_refused', 'payment method ' || v.subject_id, NULL, jsonb_build_object(
			'reason', v_message));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_payment_request(bigint, text, jsonb, text) IS
	E'What came of a request of payment_requests of the current tenant.\n'
	'kind, message: as record_payment() takes them; report: {"status", "body"} as the vendor answered.';
