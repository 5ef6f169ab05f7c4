/*
 * 86_payment: the platform's accounts at payment vendors.  Keys lie sealed
 * among platform_secrets.  Only the database in which the keys were given asks
 * the vendor anything: a copy must neither charge buyers nor refund them.
 */

CREATE TABLE voiceagent_private.payment_accounts (
	vendor text PRIMARY KEY REFERENCES voiceagent_private.payment_vendors,
	client_id text,
	payee text,
	base_url text,
	webhook_id text,
	home text NOT NULL,
	trouble text,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.payment_accounts IS 'The platform''s accounts at payment vendors, one each.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.client_id IS
	'The account''s id, where a token is asked for by it and the secret; NULL: none.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.payee IS
	'The vendor''s number of the seller to which payments must go; NULL: it is not compared.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.base_url IS
	'Where the API answers; NULL: the vendor''s own address.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.webhook_id IS
	'The vendor''s number of the webhook, where its signatures name that; NULL: such webhooks are refused.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.home IS 'The database in which the keys were given.';
COMMENT ON COLUMN voiceagent_private.payment_accounts.trouble IS 'Why the vendor refuses it, in words; NULL when well.';
SELECT voiceagent_private.guard_table('voiceagent_private.payment_accounts', 'platform', '');
GRANT SELECT, UPDATE ON voiceagent_private.payment_accounts TO voiceagent_worker;

CREATE FUNCTION voiceagent_private.has_payment_account(vendor text) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN EXISTS (SELECT FROM voiceagent_private.payment_accounts a
		WHERE a.vendor = has_payment_account.vendor AND a.home = voiceagent_private.home());
END
$$;
COMMENT ON FUNCTION voiceagent_private.has_payment_account(text) IS
	'Whether the platform has an account at a payment vendor whose keys were given in this very database.';

CREATE FUNCTION voiceagent.set_payment_account(vendor text, secret text, client_id text DEFAULT NULL,
	webhook_secret text DEFAULT NULL, payee text DEFAULT NULL, base_url text DEFAULT NULL,
	webhook_id text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_vendor voiceagent_private.payment_vendors := voiceagent_private.payment_vendor(vendor);
	v_url text;
	v_text text;
BEGIN
	PERFORM voiceagent_private.hide_query('set_payment_account');
	PERFORM voiceagent_private.require_platform('set up a payment account');
	PERFORM voiceagent_private.fail_if(v_vendor.vendor IS NULL OR vendor = 'embedded', 'PT422',
		'payment accounts are those of ' || voiceagent_private.payment_vendor_names(false));
	FOREACH v_text IN ARRAY v_vendor.needs LOOP
		PERFORM voiceagent_private.fail_if(CASE v_text WHEN 'client_id' THEN client_id ELSE webhook_secret END IS NULL,
			'PT422', format('%s needs a %s', v_vendor.title, v_text));
	END LOOP;
	FOREACH v_text IN ARRAY ARRAY[coalesce(secret, ''), coalesce(client_id, 'none'), coalesce(webhook_secret, 'none'),
		coalesce(payee, 'none'), coalesce(left(webhook_id, 501), 'none')] LOOP
		PERFORM voiceagent_private.fail_if(v_text ~ '[^\x21-\x7e]' OR length(v_text) NOT BETWEEN 1 AND 500, 'PT422',
			'a key has 1 to 500 characters, without blanks or line breaks');
	END LOOP;
	IF base_url IS NOT NULL THEN
		v_url := voiceagent_private.check_base_url(base_url,
			voiceagent_private.platform_setting('allowed_private_hosts'));
	END IF;
	INSERT INTO voiceagent_private.payment_accounts AS a (vendor, client_id, payee, base_url, webhook_id, home,
		changed_at)
	VALUES (set_payment_account.vendor, set_payment_account.client_id, set_payment_account.payee, v_url,
		set_payment_account.webhook_id, voiceagent_private.home(), voiceagent.clock())
	ON CONFLICT ON CONSTRAINT payment_accounts_pkey DO UPDATE SET client_id = excluded.client_id,
		payee = excluded.payee, base_url = excluded.base_url, webhook_id = excluded.webhook_id,
		home = excluded.home, trouble = NULL, changed_at = excluded.changed_at;
	PERFORM voiceagent_private.seal_platform_secret(pg_catalog.concat('payment_account:', vendor, ':', 'secret'),
		secret);
	IF webhook_secret IS NOT NULL THEN
		PERFORM voiceagent_private.seal_platform_secret(
			pg_catalog.concat('payment_account:', vendor, ':', 'webhook_secret'), webhook_secret);
	END IF;
	PERFORM voiceagent_private.end_embedded_vendor('a payment account at ' || vendor);
	-- Another account has other products.
	DELETE FROM voiceagent_private.vendor_objects b WHERE b.vendor = set_payment_account.vendor;
	PERFORM voiceagent_private.audit_platform('set_payment_account', 'payment account ' || vendor, NULL,
		jsonb_strip_nulls(jsonb_build_object('client_id', client_id, 'payee', payee, 'base_url', v_url,
			'webhook_id', webhook_id)));
	PERFORM voiceagent_private.poke('payments');
END
$$;
COMMENT ON FUNCTION voiceagent.set_payment_account(text, text, text, text, text, text, text) IS
	E'Platform only: the account at a payment vendor through which tenants pay, from now on; the embedded vendor is '
	'off for good.\n'
	'secret: its secret key; client_id, webhook_secret: as payment_vendors.needs says; payee: the seller''s number '
	'there; webhook_id: of a webhook whose signatures name it, else those are refused; base_url: not the vendor''s '
	'own. 42501, PT422, 55000 without the vault''s key.';

CREATE FUNCTION voiceagent.list_payment_accounts()
	RETURNS TABLE (vendor text, client_id text, payee text, base_url text, in_use boolean, trouble text,
		webhook_url text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('list the payment accounts');
	RETURN QUERY SELECT a.vendor, a.client_id, a.payee, a.base_url, a.home = voiceagent_private.home(), a.trouble,
		nullif(current_setting('voiceagent.public_base_url', true), '') || '/payments/' || a.vendor
	FROM voiceagent_private.payment_accounts a ORDER BY a.vendor;
END
$$;
COMMENT ON FUNCTION voiceagent.list_payment_accounts() IS
	E'Platform only: the accounts at payment vendors, whether they are used (their keys were given in this database), '
	'why a vendor refuses one, and the address for its webhooks.\n'
	'42501.';
