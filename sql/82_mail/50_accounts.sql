-- 82_mail: whose server mails go by.

CREATE FUNCTION voiceagent_private.check_mail_account(url text, sender text, sender_name text,
	username text, password text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(url IS NULL OR url !~ '^smtps?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$', 'PT422',
		'a mail server is smtp://host:port or smtps://host:port', NULL,
		'smtp with STARTTLS, most often at port 587, or smtps at port 465.');
	PERFORM voiceagent_private.fail_if(length(sender_name) > 100 OR sender_name ~ '[[:cntrl:]]', 'PT422',
		'the name of the sender is one line of at most 100 characters');
	PERFORM voiceagent_private.fail_if((username IS NULL) <> (password IS NULL), 'PT422',
		'username and password are given together, or neither');
	RETURN voiceagent_private.mail_address(sender);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_mail_account(text, text, text, text, text) IS
	'The sender''s address, if such an account may be; PT422.';

CREATE FUNCTION voiceagent.set_mail_account(url text, sender text, username text DEFAULT NULL,
	password text DEFAULT NULL, sender_name text DEFAULT '') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_sender text;
BEGIN
	PERFORM voiceagent_private.hide_query('set_mail_account');
	v_tenant := voiceagent_private.writer_tenant('owner');
	v_sender := voiceagent_private.check_mail_account(url, sender, sender_name, username, password);
	INSERT INTO voiceagent.mail_accounts AS a (tenant_id, url, username, sender, sender_name, changed_at)
	VALUES (v_tenant, url, username, v_sender, coalesce(sender_name, ''), voiceagent.clock())
	ON CONFLICT ON CONSTRAINT mail_accounts_pkey DO UPDATE
	SET url = excluded.url, username = excluded.username, sender = excluded.sender, sender_name = excluded.sender_name,
		home = voiceagent_private.home(), trouble = NULL, changed_at = excluded.changed_at;
	IF password IS NOT NULL THEN
		PERFORM voiceagent_private.seal_secret('mail_account:password', password);
	END IF;
	PERFORM voiceagent_private.audit('set_mail_account', 'mail account', NULL,
		jsonb_build_object('url', url, 'username', username, 'sender', v_sender));
END
$$;
COMMENT ON FUNCTION voiceagent.set_mail_account(text, text, text, text, text) IS
	E'Has the tenant''s mails go by its own server, in place of the platform''s.\n'
	'url: smtp://host:587 (STARTTLS is required) or smtps://host:465; sender: the address that they come from; the '
	'password lies sealed. For owners. PT422; 55000 without the vault''s key.';

CREATE FUNCTION voiceagent.remove_mail_account() RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
BEGIN
	DELETE FROM voiceagent.mail_accounts a WHERE a.tenant_id = v_tenant;
	DELETE FROM voiceagent_private.secrets s WHERE s.tenant_id = v_tenant AND s.name = 'mail_account:password';
	PERFORM voiceagent_private.audit('remove_mail_account', 'mail account', NULL, NULL);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_mail_account() IS
	E'Has the tenant''s mails go by the platform''s server again, if there is one; its password is forgotten.\n'
	'For owners.';

CREATE FUNCTION voiceagent.set_platform_mail_account(url text, sender text, username text DEFAULT NULL,
	password text DEFAULT NULL, sender_name text DEFAULT '') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_sender text;
BEGIN
	PERFORM voiceagent_private.hide_query('set_platform_mail_account');
	PERFORM voiceagent_private.require_platform('set the platform''s mail account');
	IF url IS NULL THEN
		DELETE FROM voiceagent_private.platform_mail_account;
		DELETE FROM voiceagent_private.platform_secrets s WHERE s.name = 'mail_account:password';
		RETURN;
	END IF;
	v_sender := voiceagent_private.check_mail_account(url, sender, sender_name, username, password);
	INSERT INTO voiceagent_private.platform_mail_account AS a (url, username, sender, sender_name, changed_at)
	VALUES (url, username, v_sender, coalesce(sender_name, ''), voiceagent.clock())
	ON CONFLICT ON CONSTRAINT platform_mail_account_pkey DO UPDATE
	SET url = excluded.url, username = excluded.username, sender = excluded.sender, sender_name = excluded.sender_name,
		home = voiceagent_private.home(), trouble = NULL, changed_at = excluded.changed_at;
	IF password IS NOT NULL THEN
		PERFORM voiceagent_private.seal_platform_secret('mail_account:password', password);
	END IF;
	PERFORM voiceagent_private.audit('set_platform_mail_account', 'platform mail account', NULL,
		jsonb_build_object('url', url, 'username', username, 'sender', v_sender));
END
$$;
COMMENT ON FUNCTION voiceagent.set_platform_mail_account(text, text, text, text, text) IS
	E'The mail server for tenants without one of their own; as set_mail_account().\n'
	'NULL for url: none any more, and their mails go into the sandbox''s mailbox. For the platform. PT422; 55000 '
	'without the vault''s key.';
CREATE FUNCTION voiceagent.suppress_mail(address text, reason text DEFAULT 'unsubscribed') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
BEGIN
	PERFORM voiceagent_private.fail_if(reason IS NULL OR reason NOT IN ('unsubscribed', 'bounced', 'complaint'),
		'PT422', 'reason is unsubscribed, bounced or complaint');
	INSERT INTO voiceagent.mail_suppressions AS s (tenant_id, address, reason, created_at)
	VALUES (v_tenant, voiceagent_private.mail_address(suppress_mail.address), suppress_mail.reason, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT mail_suppressions_pkey DO UPDATE SET reason = excluded.reason WHERE s.reason <> 'bounced';
END
$$;
COMMENT ON FUNCTION voiceagent.suppress_mail(text, text) IS
	E'Has an address get no more mail of the tenant: unsubscribed, complaint (no service, no marketing) or bounced '
	'(nothing), such as what a mailbox for bounces or a provider''s webhook tells.\n'
	'For managers and owners. PT422.';

CREATE FUNCTION voiceagent.allow_mail(address text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
BEGIN
	DELETE FROM voiceagent.mail_suppressions s
	WHERE s.tenant_id = v_tenant AND s.address = lower(btrim(allow_mail.address));
	IF FOUND THEN
		PERFORM voiceagent_private.audit('allow_mail', 'mail suppression', to_jsonb(lower(btrim(address))), NULL);
	END IF;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent.allow_mail(text) IS
	E'Lets an address get mail of the tenant again; false: it was not suppressed.\n'
	'For managers and owners.';
