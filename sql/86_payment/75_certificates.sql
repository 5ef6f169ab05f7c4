/*
 * 86_payment: the certificates by which PayPal's webhooks are judged.  A
 * webhook names the address of one; it is fetched once, by the task payments,
 * for the order that the webhook names: an address alone makes nobody ask.
 */

CREATE TABLE voiceagent_private.payment_certificates (
	url text PRIMARY KEY CHECK (length(url) <= 500),
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint NOT NULL,
	pem text,
	tries integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.payment_certificates IS
	'PayPal''s certificates, by the address that its webhooks name; each leads to an authority that the system trusts.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.url IS 'Where it was fetched from.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.order_id IS
	'The order whose webhook named it first; 0: it was of a plan.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.pem IS
	'The certificate and its chain; NULL: it is being fetched.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.tries IS 'Requests so far.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.next_at IS
	'When it is asked for, or the request counts as lost; infinity: it is here, or nothing came of its tries.';
CREATE INDEX payment_certificates_tenant ON voiceagent_private.payment_certificates (tenant_id, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.payment_certificates', 'routing');

CREATE FUNCTION voiceagent_private.paypal_keys(url text, OUT base_url text, OUT webhook_id text, OUT pem text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT a.base_url, a.webhook_id, c.pem INTO base_url, webhook_id, pem
	FROM voiceagent_private.payment_accounts a
	LEFT JOIN voiceagent_private.payment_certificates c ON c.url = paypal_keys.url
	WHERE a.vendor = 'paypal' AND a.home = voiceagent_private.home();
END
$$;
COMMENT ON FUNCTION voiceagent_private.paypal_keys(text) IS
	'For the gateway: what a webhook of PayPal is judged by that names the certificate at this address; pem: NULL '
	'until it is here.';

CREATE FUNCTION voiceagent_private.referenced_order(reference text, vendor text, OUT tenant_id bigint,
	OUT order_id bigint)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_parts text[] := regexp_match(reference, '^va-([0-9a-f]{8})-([0-9]{1,18})-([0-9]{1,18})$');
BEGIN
	IF v_parts IS NULL OR reference <> voiceagent_private.payment_reference(v_parts[2]::bigint, v_parts[3]::bigint) THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.set_tenant(v_parts[2]::bigint);
	SELECT o.tenant_id, o.order_id INTO tenant_id, order_id FROM voiceagent.payment_orders o
	WHERE o.tenant_id = v_parts[2]::bigint AND o.order_id = v_parts[3]::bigint AND o.vendor = referenced_order.vendor;
END
$$;
COMMENT ON FUNCTION voiceagent_private.referenced_order(text, text) IS
	'The order at a vendor that a reference of ours names, whose tenant the caller then acts for; NULL: there is none.';

CREATE FUNCTION voiceagent_private.fetch_certificate_for(url text, tenant_id bigint, order_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_own bigint;
	v_others bigint;
	-- PayPal has one at a time, and a new one some times a year.
	c_most CONSTANT integer := 20;
	c_most_of_tenant CONSTANT integer := 3;
	-- An address of which nothing came is not asked for again before that.
	c_given_up CONSTANT interval := '1 hour';
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	DELETE FROM voiceagent_private.payment_certificates c
	WHERE c.pem IS NULL AND c.next_at = 'infinity' AND c.created_at <= v_now - c_given_up
		OR c.url IN (SELECT n.url FROM (SELECT o.url, row_number() OVER (ORDER BY o.created_at DESC, o.url) AS place,
			row_number() OVER (PARTITION BY o.tenant_id ORDER BY o.created_at DESC, o.url) AS of_tenant
		FROM voiceagent_private.payment_certificates o WHERE o.pem IS NOT NULL) n
		-- One more is about to come.
		WHERE n.place >= c_most OR n.of_tenant >= c_most_of_tenant);
	-- Nobody has proven yet that the webhook is PayPal's: it drives out nothing, and whose order it names has few,
	-- and at most half of what the others leave, as va_share_left() has it.
	SELECT count(*) FILTER (WHERE c.tenant_id = fetch_certificate_for.tenant_id),
		count(*) FILTER (WHERE c.tenant_id <> fetch_certificate_for.tenant_id) INTO v_own, v_others
	FROM voiceagent_private.payment_certificates c WHERE c.pem IS NULL;
	PERFORM voiceagent_private.set_tenant(tenant_id);
	INSERT INTO voiceagent_private.payment_certificates (url, tenant_id, order_id, next_at, created_at)
	SELECT url, tenant_id, order_id, v_now, v_now
	WHERE v_own < least(c_most_of_tenant, (c_most - v_others + 1) / 2)
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.set_tenant(0);
	PERFORM voiceagent_private.poke('payments');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fetch_certificate_for(text, bigint, bigint) IS
	'Has the certificate at this address fetched for a tenant, one of whose orders (0: or contracts) a webhook names.';

CREATE FUNCTION voiceagent_private.want_payment_certificate(url text, reference text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_order record := voiceagent_private.referenced_order(reference, 'paypal');
BEGIN
	IF v_order.order_id IS NOT NULL THEN
		PERFORM voiceagent_private.fetch_certificate_for(url, v_order.tenant_id, v_order.order_id);
	END IF;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_order.order_id IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.want_payment_certificate(text, text) IS
	'Has the certificate at this address fetched, if the webhook that names it also names an order of ours -> whether '
	'it does.';

CREATE FUNCTION voiceagent_private.record_payment_certificate(url text, pem text, problem text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	c_tries CONSTANT integer := 5;
BEGIN
	IF problem IS NULL THEN
		UPDATE voiceagent_private.payment_certificates c SET pem = record_payment_certificate.pem, next_at = 'infinity'
		WHERE c.url = record_payment_certificate.url;
	ELSE
		UPDATE voiceagent_private.payment_certificates c SET next_at = CASE WHEN c.tries >= c_tries THEN 'infinity'
			ELSE v_now + c.tries * interval '10 seconds' END
		WHERE c.url = record_payment_certificate.url AND c.pem IS NULL;
	END IF;
	UPDATE voiceagent_private.payment_accounts a SET trouble = CASE WHEN problem IS NOT NULL
		THEN left('webhooks cannot be verified: ' || problem, 500) END
	WHERE a.vendor = 'paypal' AND (problem IS NOT NULL OR a.trouble LIKE 'webhooks cannot be verified%');
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_payment_certificate(text, text, text) IS
	'What came of the request for a certificate of PayPal''s: pem, or the problem, which its account shows as trouble.';

CREATE FUNCTION voiceagent_private.claim_payment_certificates() RETURNS TABLE (url text, order_id bigint,
	base_url text, private_host boolean)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	-- Longer than a request can take.
	c_lease CONSTANT interval := interval '5 minutes';
BEGIN
	RETURN QUERY
	UPDATE voiceagent_private.payment_certificates c SET tries = c.tries + 1, next_at = v_now + c_lease
	FROM voiceagent_private.payment_accounts a
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.next_at <= v_now
		AND a.vendor = 'paypal' AND a.home = voiceagent_private.home()
	RETURNING c.url, c.order_id, a.base_url, coalesce(starts_with(c.url, a.base_url || '/')
		AND voiceagent_private.is_allowed_host(a.base_url,
			voiceagent_private.platform_setting('allowed_private_hosts')), false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_payment_certificates() IS
	'The certificates that are to be fetched now for orders of the current tenant.';
