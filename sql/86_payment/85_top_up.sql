/*
 * 86_payment: payment methods that a vendor keeps for us, and credits that are
 * bought by themselves before they run out.
 *
 * The job top_up looks at each tenant that wants it, once a minute.  A tenant's
 * row of top_ups is locked for as long as an order is made and charged, and
 * there is no second order while one is open, so no tenant is charged twice for
 * one need.
 *
 * Locks: the row of top_ups (SKIP LOCKED in the job), then those of an order.
 */

CREATE TABLE voiceagent.payment_methods (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	method_id bigint GENERATED ALWAYS AS IDENTITY,
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	shown text NOT NULL CHECK (length(shown) BETWEEN 1 AND 200),
	vendor_ref text NOT NULL,
	customer_ref text,
	added_by text NOT NULL,
	created_at timestamptz NOT NULL,
	removed_at timestamptz,
	PRIMARY KEY (tenant_id, method_id)
);
COMMENT ON TABLE voiceagent.payment_methods IS 'Payment methods that vendors may charge without the buyer.';
COMMENT ON COLUMN voiceagent.payment_methods.method_id IS 'Number of the method.';
COMMENT ON COLUMN voiceagent.payment_methods.vendor IS 'The vendor that keeps it.';
COMMENT ON COLUMN voiceagent.payment_methods.shown IS 'As the vendor shows it.';
COMMENT ON COLUMN voiceagent.payment_methods.vendor_ref IS 'The vendor''s id of it.';
COMMENT ON COLUMN voiceagent.payment_methods.customer_ref IS 'Whose it is there, where the vendor says; else NULL.';
COMMENT ON COLUMN voiceagent.payment_methods.added_by IS 'The member that gave it, in words.';
COMMENT ON COLUMN voiceagent.payment_methods.removed_at IS 'Since when it is charged no more; NULL: it may be.';
SELECT voiceagent_private.guard_table('voiceagent.payment_methods', 'tenant');

CREATE TABLE voiceagent.top_ups (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	active boolean NOT NULL,
	reason text,
	below voiceagent.credit NOT NULL CHECK (below > 0.0),
	pack_id bigint NOT NULL,
	currency text NOT NULL,
	exponent smallint NOT NULL,
	most_per_month bigint NOT NULL CHECK (most_per_month > 0),
	method_id bigint NOT NULL,
	last_order_id bigint,
	set_by text NOT NULL,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent.top_ups IS 'Credits that a tenant buys by themselves before they run out.';
COMMENT ON COLUMN voiceagent.top_ups.active IS 'False: nothing is bought; reason says why.';
COMMENT ON COLUMN voiceagent.top_ups.reason IS 'Why nothing is bought, or was not at the last look; NULL: all is well.';
COMMENT ON COLUMN voiceagent.top_ups.below IS 'A pack is bought when the credits, held ones included, are below this.';
COMMENT ON COLUMN voiceagent.top_ups.pack_id IS 'The pack that is bought.';
COMMENT ON COLUMN voiceagent.top_ups.currency IS 'In which currency.';
COMMENT ON COLUMN voiceagent.top_ups.exponent IS 'Its decimals.';
COMMENT ON COLUMN voiceagent.top_ups.most_per_month IS
	'Its highest cost in a month of the tenant''s time zone, tax included, in the smallest unit.';
COMMENT ON COLUMN voiceagent.top_ups.method_id IS 'The method that is charged.';
COMMENT ON COLUMN voiceagent.top_ups.last_order_id IS 'The latest order that it made; NULL: none yet.';
COMMENT ON COLUMN voiceagent.top_ups.set_by IS 'The member that set it, in words.';
COMMENT ON COLUMN voiceagent.top_ups.changed_at IS 'When it was set.';
SELECT voiceagent_private.guard_table('voiceagent.top_ups', 'tenant');

CREATE TABLE voiceagent_private.top_up_turns (
	tenant_id bigint PRIMARY KEY,
	next_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.top_up_turns IS
	'Tenants whose top_ups are active, for the job that does not know the tenants.';
COMMENT ON COLUMN voiceagent_private.top_up_turns.next_at IS 'When its credits are looked at.';
CREATE INDEX top_up_turns_next ON voiceagent_private.top_up_turns (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.top_up_turns', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent.add_embedded_method(card text DEFAULT 'succeeds') RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_method bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(card IS NULL OR card NOT IN ('succeeds', 'is_declined', 'needs_authentication'),
		'PT422', 'the embedded vendor has no such card', NULL,
		'Those that it keeps are succeeds, is_declined and needs_authentication.');
	PERFORM voiceagent_private.require_vendor('embedded');
	INSERT INTO voiceagent.payment_methods (tenant_id, vendor, shown, vendor_ref, added_by, created_at)
	VALUES (v_tenant, 'embedded', 'embedded card that ' || replace(card, '_', ' '), card, voiceagent_private.actor(),
		voiceagent.clock())
	RETURNING method_id INTO v_method;
	PERFORM voiceagent_private.audit('add_embedded_method', 'payment method ' || v_method);
	RETURN v_method;
END
$$;
COMMENT ON FUNCTION voiceagent.add_embedded_method(text) IS
	E'Has the embedded vendor keep a card for set_top_up() -> method_id.\n'
	'card: succeeds, is_declined or needs_authentication. For owners. PT409 once it is off; PT422.';

CREATE FUNCTION voiceagent_private.end_top_up(reason text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent.top_ups t SET active = false, reason = end_top_up.reason
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.active;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_top_up(text) IS
	'Has the current tenant buy no more by itself, for this reason; false: it did not.';

CREATE FUNCTION voiceagent.stop_top_up() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_was boolean := voiceagent_private.end_top_up('stopped by ' || voiceagent_private.actor());
BEGIN
	IF v_was THEN
		PERFORM voiceagent_private.audit('stop_top_up', 'top-up of tenant ' || v_tenant);
	END IF;
	RETURN v_was;
END
$$;
COMMENT ON FUNCTION voiceagent.stop_top_up() IS
	E'Buys no more credits by itself; false: it did not.\n'
	'An order that is being paid is not taken back. For owners.';

CREATE FUNCTION voiceagent.remove_payment_method(method_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v voiceagent.payment_methods;
BEGIN
	PERFORM FROM voiceagent.top_ups t WHERE t.tenant_id = v_tenant FOR NO KEY UPDATE;
	UPDATE voiceagent.payment_methods m SET removed_at = voiceagent.clock()
	WHERE m.tenant_id = v_tenant AND m.method_id = remove_payment_method.method_id AND m.removed_at IS NULL
	RETURNING m.* INTO v;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such payment method');
	IF EXISTS (SELECT FROM voiceagent.top_ups t
		WHERE t.tenant_id = v_tenant AND t.method_id = remove_payment_method.method_id) THEN
		PERFORM voiceagent_private.end_top_up('its payment method was removed');
	END IF;
	IF v.vendor <> 'embedded' THEN
		PERFORM voiceagent_private.ask_vendor(v.vendor, v.method_id, 'detach', jsonb_build_object('method_ref',
			v.vendor_ref));
	END IF;
	PERFORM voiceagent_private.audit('remove_payment_method', 'payment method ' || method_id);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_payment_method(bigint) IS
	E'Charges a payment method no more, and has its vendor forget it; a top-up by it ends.\n'
	'For owners. PT404.';

CREATE FUNCTION voiceagent.set_top_up(pack bigint, below numeric, most_per_month numeric, method_id bigint,
	currency text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner', true);
	v_now timestamptz := voiceagent.clock();
	v_pack record;
	v_method voiceagent.payment_methods;
	v_most bigint;
BEGIN
	SELECT m.* INTO v_method FROM voiceagent.payment_methods m
	WHERE m.tenant_id = v_tenant AND m.method_id = set_top_up.method_id AND m.removed_at IS NULL;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such payment method', NULL,
		'buy(..., keep_method := true) has a vendor keep one; the table payment_methods has what there is.');
	PERFORM voiceagent_private.require_vendor(v_method.vendor);
	SELECT r.currency, r.amount, c.exponent, p.credits INTO v_pack FROM voiceagent.credit_packs p
	JOIN voiceagent.credit_pack_prices r ON r.pack_id = p.pack_id
	JOIN voiceagent.currencies c ON c.currency = r.currency
	WHERE p.pack_id = set_top_up.pack AND p.archived_at IS NULL
		AND (set_top_up.currency IS NULL OR r.currency = set_top_up.currency)
	ORDER BY r.currency LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such pack on sale in this currency', NULL,
		'The view credit_offers has what is sold.');
	PERFORM voiceagent_private.fail_if(v_pack.credits = 0, 'PT422', 'a pack of minutes alone is no top-up', NULL,
		'It is bought when credits are few, and has none.');
	PERFORM voiceagent_private.fail_if(below IS NULL OR below NOT BETWEEN 0.000001 AND 1e9 OR below <> round(below, 6),
		'PT422', 'below is more than 0 and at most 1000000000 credits');
	v_most := voiceagent_private.smallest_units(most_per_month, v_pack.currency);
	IF v_most < v_pack.amount + (voiceagent_private.tax_on(v_method.vendor, v_pack.amount)).tax THEN
		PERFORM voiceagent_private.fail('PT422', 'a month would not pay for one pack', format('The pack costs %s %s.',
			voiceagent_private.money(v_pack.amount, v_pack.exponent), v_pack.currency));
	END IF;
	INSERT INTO voiceagent.top_ups AS t (tenant_id, active, below, pack_id, currency, exponent, most_per_month,
		method_id, set_by, changed_at)
	VALUES (v_tenant, true, below, pack, v_pack.currency, v_pack.exponent, v_most, v_method.method_id,
		voiceagent_private.actor(), v_now)
	ON CONFLICT ON CONSTRAINT top_ups_pkey DO UPDATE SET active = true, reason = NULL, below = excluded.below,
		pack_id = excluded.pack_id, currency = excluded.currency, exponent = excluded.exponent,
		most_per_month = excluded.most_per_month, method_id = excluded.method_id, set_by = excluded.set_by,
		changed_at = excluded.changed_at;
	INSERT INTO voiceagent_private.top_up_turns AS u (tenant_id, next_at) VALUES (v_tenant, v_now)
	ON CONFLICT ON CONSTRAINT top_up_turns_pkey DO UPDATE SET next_at = excluded.next_at;
	PERFORM voiceagent_private.request_job('top_up', v_now);
	PERFORM voiceagent_private.audit('set_top_up', 'top-up of tenant ' || v_tenant, NULL, jsonb_build_object('pack',
		pack, 'below', below, 'most_per_month', most_per_month, 'currency', v_pack.currency, 'method_id', method_id));
END
$$;
COMMENT ON FUNCTION voiceagent.set_top_up(bigint, numeric, numeric, bigint, text) IS
	E'Buys a pack by itself, within a minute, whenever the credits are below this, for at most so much a month (tax '
	'included); method_id: what is charged.\n'
	'A payment that fails ends it, with the reason in top_ups. For owners. PT404 without the method or the pack, PT409 '
	'for a vendor that is not used here, PT422.';

CREATE FUNCTION voiceagent_private.top_up_hindrance(rule voiceagent.top_ups) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_zone text := voiceagent_private.tenant_zone();
	v_month timestamptz := date_trunc('month', voiceagent.clock(), v_zone);
	v_price bigint := (SELECT r.amount FROM voiceagent.credit_packs p
		JOIN voiceagent.credit_pack_prices r ON r.pack_id = p.pack_id
		WHERE p.pack_id = rule.pack_id AND r.currency = rule.currency AND p.archived_at IS NULL);
	v_spent bigint;
BEGIN
	IF v_price IS NULL THEN
		RETURN 'its pack is sold no longer';
	ELSIF EXISTS (SELECT FROM voiceagent.payment_orders o WHERE o.tenant_id = rule.tenant_id
		AND o.method_id IS NOT NULL AND o.ended_at IS NULL AND o.state <> 'waiting') THEN
		RETURN (SELECT CASE max(o.state) WHEN 'waiting_approval' THEN 'an order waits for its approval'
				ELSE 'an order is being paid' END FROM voiceagent.payment_orders o
			WHERE o.tenant_id = rule.tenant_id AND o.method_id IS NOT NULL AND o.ended_at IS NULL);
	END IF;
	SELECT coalesce(sum(o.amount), 0) INTO v_spent FROM voiceagent.payment_orders o
	WHERE o.tenant_id = rule.tenant_id AND o.method_id IS NOT NULL AND o.currency = rule.currency
		AND o.state = 'paid' AND o.created_at >= v_month;
	v_price := v_price + (voiceagent_private.tax_on((SELECT m.vendor FROM voiceagent.payment_methods m
			WHERE m.tenant_id = rule.tenant_id AND m.method_id = rule.method_id), v_price)).tax;
	IF v_spent + v_price > rule.most_per_month THEN
		RETURN format('%s of %s %s are spent this month', voiceagent_private.money(v_spent, rule.exponent),
			voiceagent_private.money(rule.most_per_month, rule.exponent), rule.currency);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.top_up_hindrance(voiceagent.top_ups) IS
	'Why the current tenant''s top-up may buy nothing now; NULL: it may.';

CREATE FUNCTION voiceagent_private.top_up_tenant() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	t voiceagent.top_ups;
	v_method voiceagent.payment_methods;
	v_order voiceagent.payment_orders;
	v_why text;
BEGIN
	-- A top-up that somebody changes meanwhile is looked at in a minute.
	SELECT o.* INTO t FROM voiceagent.top_ups o WHERE o.tenant_id = v_tenant FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN true;
	ELSIF NOT t.active THEN
		RETURN false;
	END IF;
	PERFORM FROM voiceagent.ledgers l WHERE l.tenant_id = v_tenant AND l.available + l.held < t.below
	FOR NO KEY UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN true;
	END IF;
	v_why := voiceagent_private.top_up_hindrance(t);
	IF v_why IS NULL THEN
		SELECT m.* INTO v_method FROM voiceagent.payment_methods m
		WHERE m.tenant_id = v_tenant AND m.method_id = t.method_id;
		-- One that waited for an approval, and has it now; or a new one.
		SELECT o.* INTO v_order FROM voiceagent.payment_orders o
		WHERE o.tenant_id = t.tenant_id AND o.ended_at IS NULL AND o.method_id IS NOT NULL AND o.state = 'waiting'
		ORDER BY o.order_id LIMIT 1 FOR NO KEY UPDATE;
		IF NOT FOUND THEN
			v_order := voiceagent_private.order_pack(t.pack_id, v_method.vendor, t.currency, NULL, t.method_id,
				'auto top-up, set by ' || t.set_by);
		END IF;
		IF v_order.state = 'waiting' THEN
			PERFORM voiceagent_private.require_vendor('embedded');
			INSERT INTO voiceagent_private.embedded_payments (tenant_id, order_id, status, message)
			VALUES (v_tenant, v_order.order_id,
				CASE v_method.vendor_ref WHEN 'succeeds' THEN 'completed' ELSE 'declined' END,
				CASE v_method.vendor_ref WHEN 'needs_authentication'
					THEN 'authentication_required: the buyer''s bank wants the buyer to confirm it'
					WHEN 'is_declined' THEN 'the card was declined' END);
			IF voiceagent_private.look_at_embedded(v_order.order_id) <> 'paid' THEN
				-- end_top_up() has said why.
				SELECT o.reason INTO v_why FROM voiceagent.top_ups o WHERE o.tenant_id = v_tenant;
			END IF;
		END IF;
	END IF;
	UPDATE voiceagent.top_ups o SET reason = v_why, last_order_id = coalesce(v_order.order_id, o.last_order_id)
	WHERE o.tenant_id = v_tenant AND (o.reason IS DISTINCT FROM v_why OR v_order.order_id IS NOT NULL);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.top_up_tenant() IS
	'Buys a pack for the current tenant if its credits are low and its top-up allows it; false: it has none that is '
	'active.';

CREATE FUNCTION voiceagent_private.top_up(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_active boolean;
	v_done integer := 0;
BEGIN
	FOR v_tenant IN
		SELECT u.tenant_id FROM voiceagent_private.top_up_turns u
		WHERE u.next_at <= voiceagent.clock() ORDER BY u.next_at, u.tenant_id LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		v_done := v_done + 1;
		PERFORM voiceagent_private.set_tenant(v_tenant);
		BEGIN
			v_active := voiceagent_private.top_up_tenant();
		EXCEPTION WHEN OTHERS THEN
			-- An error in a tenant's order is shown to that tenant.
			v_active := true;
			UPDATE voiceagent.top_ups t SET reason = left(SQLERRM, 500) WHERE t.tenant_id = v_tenant;
		END;
		IF v_active THEN
			UPDATE voiceagent_private.top_up_turns u SET next_at = voiceagent.clock() + interval '1 minute'
			WHERE u.tenant_id = v_tenant;
		ELSE
			DELETE FROM voiceagent_private.top_up_turns u WHERE u.tenant_id = v_tenant;
		END IF;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN CASE WHEN v_done >= max THEN voiceagent.clock()
		ELSE (SELECT coalesce(min(u.next_at), 'infinity') FROM voiceagent_private.top_up_turns u) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.top_up(integer) IS
	'Maintenance job: buys credits for tenants that want them bought before they run out, a look a minute.';
SELECT voiceagent_private.register_job('top_up', 50);
