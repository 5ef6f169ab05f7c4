-- 87_invoice: issuing, and writing to the buyer.

CREATE FUNCTION voiceagent_private.write_invoice(payment voiceagent.payment_orders, seller voiceagent_private.sellers,
	corrected voiceagent.invoices, total bigint, tax bigint) RETURNS voiceagent.invoices
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_note boolean := corrected.invoice_id IS NOT NULL;
	v_series text;
	v_place bigint;
	v voiceagent.invoices;
BEGIN
	v_series := seller.series || CASE WHEN v_note THEN '-C' ELSE '' END;
	-- From here to the commit the next one of this series waits.
	INSERT INTO voiceagent_private.invoice_series AS s (seller_id, series, last_place)
	VALUES (seller.seller_id, v_series, 1)
	ON CONFLICT ON CONSTRAINT invoice_series_pkey DO UPDATE SET last_place = s.last_place + 1
	RETURNING s.last_place INTO v_place;
	INSERT INTO voiceagent.invoices (tenant_id, number, kind, order_id, corrects, issued_at, language, seller, buyer,
		item, credits, currency, exponent, net, tax, total, tax_rate, tax_kind, paid_at, paid_by)
	VALUES (v_tenant, v_series || '-' || v_place, CASE WHEN v_note THEN 'credit_note' ELSE 'invoice' END,
		payment.order_id, corrected.invoice_id, voiceagent.clock(), coalesce(corrected.language,
			payment.buyer ->> 'language', 'en'),
		coalesce(corrected.seller, jsonb_strip_nulls(jsonb_build_object('name', seller.name, 'address', seller.address,
			'country', seller.country, 'tax_number', seller.tax_number))),
		coalesce(corrected.buyer, payment.buyer - 'language', (SELECT jsonb_build_object('name', t.name)
			FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant)),
		payment.pack_name, payment.credits, payment.currency, payment.exponent, total - tax, tax, total,
		coalesce(payment.tax_rate, 0), coalesce(payment.tax_kind, 'none'), payment.paid_at,
		coalesce(payment.method, payment.vendor))
	RETURNING * INTO v;
	INSERT INTO voiceagent_private.invoice_numbers (seller_id, series, place, tenant_id, invoice_id)
	VALUES (seller.seller_id, v_series, v_place, v_tenant, v.invoice_id);
	PERFORM voiceagent_private.log_event('invoice_issued', NULL, NULL, NULL, jsonb_build_object('invoice_id',
		v.invoice_id, 'number', v.number, 'kind', v.kind, 'order_id', v.order_id, 'total',
		voiceagent_private.money(v.total, v.exponent), 'tax', voiceagent_private.money(v.tax, v.exponent), 'currency',
		v.currency));
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_invoice(voiceagent.payment_orders, voiceagent_private.sellers,
	voiceagent.invoices, bigint, bigint) IS
	'Issues an invoice of an order of the current tenant, or (corrected) a credit note for one; total and tax in the '
	'smallest unit.';

CREATE FUNCTION voiceagent_private.mail_billing(kind text, variables jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_buyer voiceagent.billing_details;
BEGIN
	SELECT b.* INTO v_buyer FROM voiceagent.billing_details b WHERE b.tenant_id = voiceagent.current_tenant();
	IF v_buyer.email IS NOT NULL THEN
		PERFORM voiceagent_private.enqueue_mail(v_buyer.email, kind, variables, v_buyer.language);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_billing(text, jsonb) IS
	'Mails something about money to the address of the current tenant''s billing details, if it has one.';

CREATE FUNCTION voiceagent_private.mail_invoice(invoice voiceagent.invoices) RETURNS void
	LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent_private.mail_billing('invoice', jsonb_build_object('title',
		(voiceagent_private.invoice_words((invoice).language))[CASE (invoice).kind WHEN 'invoice' THEN 1 ELSE 2 END],
		'number', (invoice).number, 'text', voiceagent_private.invoice_text(invoice)))
$$;
COMMENT ON FUNCTION voiceagent_private.mail_invoice(voiceagent.invoices) IS
	'Mails an invoice of the current tenant, or a credit note, as text.';

CREATE FUNCTION voiceagent_private.write_to_buyer(order_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	o voiceagent.payment_orders;
	v_seller voiceagent_private.sellers;
	v_invoice voiceagent.invoices;
	v_none voiceagent.invoices;
	v_noted record;
BEGIN
	SELECT p.* INTO o FROM voiceagent.payment_orders p
	WHERE p.tenant_id = v_tenant AND p.order_id = write_to_buyer.order_id;
	IF o.state = 'failed' THEN
		PERFORM voiceagent_private.mail_billing('payment_failed', voiceagent_private.payment_facts(o));
	END IF;
	IF o.state IS DISTINCT FROM 'paid' THEN
		RETURN NULL;
	END IF;
	SELECT s.* INTO v_seller FROM voiceagent_private.seller_accounts a
	JOIN voiceagent_private.sellers s ON s.seller_id = a.seller_id WHERE a.vendor = o.vendor;
	IF NOT FOUND THEN
		PERFORM voiceagent_private.mail_billing('receipt', voiceagent_private.payment_facts(o));
		RETURN 'nobody is the seller at ' || o.vendor;
	END IF;
	SELECT i.* INTO v_invoice FROM voiceagent.invoices i
	WHERE i.tenant_id = v_tenant AND i.order_id = o.order_id AND i.kind = 'invoice';
	IF NOT FOUND THEN
		v_invoice := voiceagent_private.write_invoice(o, v_seller, v_none, o.amount, o.tax);
		PERFORM voiceagent_private.mail_invoice(v_invoice);
	END IF;
	SELECT coalesce(sum(i.total), 0) AS total, coalesce(sum(i.tax), 0) AS tax INTO v_noted FROM voiceagent.invoices i
	WHERE i.tenant_id = v_tenant AND i.order_id = o.order_id AND i.kind = 'credit_note';
	IF o.refunded + v_noted.total > 0 THEN
		-- The tax of all that was given back, less what is noted: parts add up to the whole.
		PERFORM voiceagent_private.mail_invoice(voiceagent_private.write_invoice(o, v_seller, v_invoice,
			(-o.refunded - v_noted.total)::bigint,
			(-round(v_invoice.tax * o.refunded::numeric / o.amount) - v_noted.tax)::bigint));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_to_buyer(bigint) IS
	E'Issues what is due for an order of the current tenant (the invoice, a credit note for what was refunded since) '
	'and mails it, or that its payment failed -> why it has to wait; NULL: it is done.\n'
	'A dispute changes no invoice.';

CREATE FUNCTION voiceagent_private.mail_low_balance(unit text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.want_invoice(CASE unit WHEN 'credits' THEN 0 ELSE -1 END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_low_balance(text) IS
	'Mails the current tenant that its credits or minutes have fallen below their threshold.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('low_balance', 'mail_low_balance');

CREATE FUNCTION voiceagent_private.waiting_balances() RETURNS TABLE (kind text, since timestamptz, campaign_id bigint,
	lead_id bigint, call_id bigint, what text, quote text, settle text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT 'low balance', b.since, NULL::bigint, NULL::bigint, NULL::bigint,
		format('%s %s are left, fewer than %s', trim_scale(b.left), b.unit, trim_scale(s.threshold)), NULL::text,
		format('SELECT * FROM voiceagent.buy(pack); -- one of credit_offers; or SELECT voiceagent.set_setting(%L, '
			'''0'');', b.setting)
	FROM voiceagent.ledgers l
	CROSS JOIN LATERAL (VALUES ('credits', l.available + l.held, l.warned_at, 'balance_low_credits'),
		('minutes', l.minutes + l.minutes_held, l.minutes_warned_at, 'balance_low_minutes'))
		AS b(unit, "left", since, setting)
	CROSS JOIN LATERAL (SELECT voiceagent_private.setting_number(b.setting) AS threshold OFFSET 0) s
	WHERE l.tenant_id = voiceagent.current_tenant() AND b.since IS NOT NULL AND b.left < s.threshold;
END
$$;
COMMENT ON FUNCTION voiceagent_private.waiting_balances() IS
	'Of waiting_things(): credits and minutes of the current tenant that have fallen below their threshold, until they '
	'are above it.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('waiting', 'waiting_balances');

CREATE FUNCTION voiceagent_private.issue_invoices(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_problem text;
	v_at timestamptz;
	v_done integer := 0;
	v_sellers bigint[];
BEGIN
	-- One issues at a time, and none waits for it: two would have a series each and wait for the other's.
	v_sellers := ARRAY(SELECT s.seller_id FROM voiceagent_private.sellers s ORDER BY s.seller_id
		FOR NO KEY UPDATE SKIP LOCKED);
	IF cardinality(v_sellers) < (SELECT count(*) FROM voiceagent_private.sellers) THEN
		RETURN voiceagent.clock() + interval '1 second';
	END IF;
	FOR v IN
		SELECT d.tenant_id, d.order_id FROM voiceagent_private.invoices_due d
		WHERE d.next_at <= voiceagent.clock() ORDER BY d.next_at, d.tenant_id, d.order_id LIMIT max
		FOR UPDATE SKIP LOCKED
	LOOP
		v_done := v_done + 1;
		PERFORM voiceagent_private.set_tenant(v.tenant_id);
		BEGIN
			v_at := 'infinity';
			IF v.order_id > 0 THEN
				v_problem := voiceagent_private.write_to_buyer(v.order_id);
			ELSE
				v_problem := NULL;
				PERFORM voiceagent_private.mail_billing(
					CASE v.order_id WHEN 0 THEN 'credits_low' ELSE 'minutes_low' END,
					(SELECT jsonb_build_object('balance', trim_scale(CASE v.order_id
						WHEN 0 THEN l.available + l.held ELSE l.minutes + l.minutes_held END))
					FROM voiceagent.ledgers l WHERE l.tenant_id = v.tenant_id));
			END IF;
		EXCEPTION WHEN OTHERS THEN
			-- One tenant's trouble is its own; a number that it had goes to the next.
			v_problem := SQLERRM;
			v_at := voiceagent.clock() + interval '10 minutes';
		END;
		IF v_problem IS NULL THEN
			DELETE FROM voiceagent_private.invoices_due d WHERE d.tenant_id = v.tenant_id AND d.order_id = v.order_id;
		ELSE
			UPDATE voiceagent_private.invoices_due d SET problem = left(v_problem, 500), next_at = v_at
			WHERE d.tenant_id = v.tenant_id AND d.order_id = v.order_id;
		END IF;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN CASE WHEN v_done >= max THEN voiceagent.clock()
		ELSE (SELECT coalesce(min(d.next_at), 'infinity') FROM voiceagent_private.invoices_due d) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.issue_invoices(integer) IS
	'Maintenance job: issues the invoices and credit notes that are due, in the order in which they became so, and '
	'writes to buyers.';
SELECT voiceagent_private.register_job('issue_invoices', 50);

CREATE FUNCTION voiceagent_private.seller_came() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE voiceagent_private.invoices_due d SET next_at = voiceagent.clock() WHERE d.next_at = 'infinity';
	PERFORM voiceagent_private.request_job('issue_invoices', voiceagent.clock());
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.seller_came() IS
	'Trigger of sellers: what was paid before there was one is invoiced now.';
CREATE TRIGGER issue_waiting AFTER UPDATE OF changed_at ON voiceagent_private.sellers
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.seller_came();
