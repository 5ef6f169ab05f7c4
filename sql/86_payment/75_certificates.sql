/*
 * 86_payment: the certificates that verify webhooks, for vendors that sign with
 * their own key.  A webhook names the address of a certificate; the task payments
 * fetches it once, for the order or contract that the webhook names: an address
 * alone starts no request.
 */

CREATE TABLE voiceagent_private.payment_certificates (
	url text PRIMARY KEY CHECK (length(url) <= 500),
	vendor text NOT NULL REFERENCES voiceagent_private.payment_vendors,
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	order_id bigint NOT NULL,
	pem text,
	tries integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.payment_certificates IS
	'Vendors'' certificates, by the address that their webhooks name; each leads to an authority that the system '
	'trusts.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.url IS 'Where it was fetched from.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.vendor IS 'Whose webhook named it.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.order_id IS
	'The order whose webhook named it first; 0: it was of a plan.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.pem IS
	'The certificate and its chain; NULL: it is being fetched.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.tries IS 'Requests so far.';
COMMENT ON COLUMN voiceagent_private.payment_certificates.next_at IS
	'When it is asked for, or the request counts as lost; infinity: it is here, or nothing came of its tries.';
CREATE INDEX payment_certificates_tenant ON voiceagent_private.payment_certificates (tenant_id, next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.payment_certificates', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.payment_keys(vendor text, url text, OUT base_url text, OUT webhook_id text,
	OUT pem text)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT a.base_url, a.webhook_id, c.pem INTO base_url, webhook_id, pem
	FROM voiceagent_private.payment_accounts a
	LEFT JOIN voiceagent_private.payment_certificates c ON c.url = payment_keys.url AND c.vendor = a.vendor
	WHERE a.vendor = payment_keys.vendor AND a.home = voiceagent_private.home();
END
$$;
COMMENT ON FUNCTION voiceagent_private.payment_keys(text, text) IS
	'For the gateway: what a webhook of a vendor is judged by that names the certificate at this address; pem: NULL '
	'until it is here.';

CREATE FUNCTION voiceagent_private.fetch_certificate_for(vendor text, url text, tenant_id bigint, order_id bigint)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_own bigint;
	v_others bigint;
	-- A vendor uses one certificate at a time, and a new one a few times a year.
	c_most CONSTANT integer := 20;
	c_most_of_tenant CONSTANT integer := 3;
	-- An address that delivered nothing is not fetched again before this time.
	c_given_up CONSTANT interval := '1 hour';
BEGIN
	PERFORM voiceagent_private.set_tenant(0);
	DELETE FROM voiceagent_private.payment_certificates c
	WHERE c.pem IS NULL AND c.next_at = 'infinity' AND c.created_at <= v_now - c_given_up
		OR c.url IN (SELECT n.url FROM (SELECT o.url, row_number() OVER (ORDER BY o.created_at DESC, o.url) AS place,
			row_number() OVER (PARTITION BY o.tenant_id ORDER BY o.created_at DESC, o.url) AS of_tenant
		FROM voiceagent_private.payment_certificates o WHERE o.pem IS NOT NULL) n
		-- Leave room for the new one.
		WHERE n.place >= c_most OR n.of_tenant >= c_most_of_tenant);
	-- The webhook is not verified yet: it may not displace a certificate, and the tenant whose order it names may wait
	-- for few, at most half of the places that the others leave, as in va_share_left().
	SELECT count(*) FILTER (WHERE c.tenant_id = fetch_certificate_for.tenant_id),
		count(*) FILTER (WHERE c.tenant_id <> fetch_certificate_for.tenant_id) INTO v_own, v_others
	FROM voiceagent_private.payment_certificates c WHERE c.pem IS NULL;
	PERFORM voiceagent_private.set_tenant(tenant_id);
	INSERT INTO voiceagent_private.payment_certificates (url, vendor, tenant_id, order_id, next_at, created_at)
	SELECT url, vendor, tenant_id, order_id, v_now, v_now
	WHERE v_own < least(c_most_of_tenant, (c_most - v_others + 1) / 2)
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.set_tenant(0);
	PERFORM voiceagent_private.poke('payments');
END
$$;
COMMENT ON FUNCTION voiceagent_private.fetch_certificate_for(text, text, bigint, bigint) IS
	'Has the certificate at this address fetched for a tenant, one of whose orders (0: or contracts) a webhook names.';

CREATE FUNCTION voiceagent_private.record_payment_certificate(url text, pem text, problem text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c_tries CONSTANT integer := 5;
BEGIN
	IF problem IS NULL THEN
		UPDATE voiceagent_private.payment_certificates c SET pem = record_payment_certificate.pem, next_at = 'infinity'
		WHERE c.url = record_payment_certificate.url;
	ELSE
		UPDATE voiceagent_private.payment_certificates c SET next_at = CASE WHEN c.tries >= c_tries THEN 'infinity'
			ELSE voiceagent.clock() + c.tries * interval '10 seconds' END
		WHERE c.url = record_payment_certificate.url AND c.pem IS NULL;
	END IF;
	UPDATE voiceagent_private.payment_accounts a SET trouble = CASE WHEN problem IS NOT NULL
		THEN left('webhooks cannot be verified: ' || problem, 500) END
	WHERE (problem IS NOT NULL OR a.trouble LIKE 'webhooks cannot be verified%')
		AND a.vendor = (SELECT c.vendor FROM voiceagent_private.payment_certificates c
			WHERE c.url = record_payment_certificate.url);
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_payment_certificate(text, text, text) IS
	'The result of the request for a vendor''s certificate: pem, or the problem, which its account shows as trouble.';

CREATE FUNCTION voiceagent_private.claim_payment_certificates() RETURNS TABLE (url text, vendor text,
	order_id bigint, base_url text, private_host boolean)
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
		AND a.vendor = c.vendor AND a.home = voiceagent_private.home()
	RETURNING c.url, c.vendor, c.order_id, a.base_url, coalesce(starts_with(c.url, a.base_url || '/')
		AND voiceagent_private.is_allowed_host(a.base_url,
			voiceagent_private.platform_setting('allowed_private_hosts')), false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_payment_certificates() IS
	'The certificates that are to be fetched now for orders of the current tenant.';
