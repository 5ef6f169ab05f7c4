-- 82_mail: what is to be sent comes into the queue, or is refused with the reason.

CREATE FUNCTION voiceagent_private.mail_address(address text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_address text := lower(btrim(address, ' '));
BEGIN
	-- In ASCII and one line: nothing that a header, or a command of SMTP, could take for its end.
	PERFORM voiceagent_private.fail_if(v_address IS NULL OR length(v_address) > 254
		OR v_address !~ ('^[a-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+'
		'[a-z]([a-z0-9-]{0,61}[a-z0-9])?$') OR v_address ~ '(^[.]|[.]@|[.][.])', 'PT422',
		'this is not an e-mail address that mail can be sent to', NULL, 'It is like anna@example.com, in ASCII.');
	RETURN v_address;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_address(text) IS
	'An address in small letters, of which no character could end a line; PT422 for any other.';

CREATE FUNCTION voiceagent_private.fill_mail(template text, variables jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	-- Part by part, so that a value with braces stays what it is.
	SELECT string_agg(CASE WHEN p.n = 1 THEN p.part
		WHEN p.part !~ '^\w+\}\}' THEN '{{' || p.part
		WHEN split_part(p.part, '}}', 1) = 'secret' THEN '{{' || p.part
		-- A value has no secret of ours.
		ELSE replace(coalesce(variables ->> split_part(p.part, '}}', 1), ''), '{{secret}}', '')
			|| regexp_replace(p.part, '^\w+\}\}', '') END, ''
		ORDER BY p.n)
	FROM regexp_split_to_table(template, '\{\{') WITH ORDINALITY AS p(part, n)
$$;
COMMENT ON FUNCTION voiceagent_private.fill_mail(text, jsonb) IS
	'A text with values in place of {{names}}; {{secret}} stays, and a missing value is empty.';

CREATE FUNCTION voiceagent_private.mail_forbidden(address text, class text, lead_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_why text := (SELECT s.reason FROM voiceagent.mail_suppressions s
		WHERE s.tenant_id = v_tenant AND s.address = mail_forbidden.address);
BEGIN
	IF v_why = 'bounced' OR v_why IS NOT NULL AND class IN ('service', 'marketing') THEN
		RETURN CASE v_why WHEN 'bounced' THEN 'mail to this address bounced' WHEN 'complaint' THEN
			'this address complained of mail' ELSE 'this address has unsubscribed' END;
	ELSIF class IN ('service', 'marketing') AND EXISTS (
		SELECT FROM (SELECT l.phone FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = mail_forbidden.lead_id
			UNION ALL SELECT n.phone FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.lead_id = mail_forbidden.lead_id) o
		JOIN voiceagent.do_not_call_list d ON d.tenant_id = v_tenant AND d.phone = o.phone) THEN
		RETURN 'the lead opted out, or is held';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_forbidden(text, text, bigint) IS
	'Why a mail of this class to an address, of this lead (NULL: none), is not to be sent by the current tenant; NULL: '
	'it may be.';

CREATE FUNCTION voiceagent_private.enqueue_mail(recipient text, kind text, variables jsonb DEFAULT '{}',
	language text DEFAULT 'en', secret text DEFAULT NULL, lead_id bigint DEFAULT NULL, call_id bigint DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_address text := voiceagent_private.mail_address(recipient);
	v_template voiceagent.mail_templates;
	v_values jsonb := jsonb_build_object('business', (SELECT t.name FROM voiceagent.tenants t
		WHERE t.tenant_id = v_tenant)) || coalesce(variables, '{}');
	v_subject text;
	v_most integer := voiceagent_private.setting_integer('mails_per_day');
	v_refused text;
	v_token text;
	v_mail bigint;
BEGIN
	SELECT t.* INTO v_template FROM voiceagent.mail_templates t WHERE t.kind = enqueue_mail.kind
	ORDER BY t.language = lower(split_part(enqueue_mail.language, '-', 1)) DESC, t.language = 'en' DESC LIMIT 1;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT422', 'there is no such kind of mail', NULL,
		'The table mail_templates has the kinds.');
	v_subject := voiceagent_private.fill_mail(v_template.subject, v_values);
	PERFORM voiceagent_private.fail_if(v_subject ~ '[[:cntrl:]]' OR length(v_subject) > 400, 'PT422',
		'the subject of a mail is one line of at most 400 characters', NULL,
		'A line break in a value would end the header that it stands in.');
	-- Anybody may ask for a reset, which takes none of the tenant's mails.
	v_refused := coalesce(voiceagent_private.mail_forbidden(v_address, v_template.class, lead_id),
		CASE WHEN kind <> 'password_reset' AND (SELECT count(*) FROM (SELECT FROM voiceagent.mails m
				WHERE m.tenant_id = v_tenant AND m.status <> 'refused' AND m.kind <> 'password_reset'
					AND m.created_at >= date_trunc('day', v_now, voiceagent_private.tenant_zone())
				LIMIT v_most) m) >= v_most
			THEN format('the %s mails of this day (mails_per_day) are used', v_most) END);
	INSERT INTO voiceagent.mails (tenant_id, kind, class, language, recipient, subject, body, lead_id, call_id, status,
		reason, created_at, done_at)
	VALUES (v_tenant, kind, v_template.class, v_template.language, v_address, v_subject,
		left(voiceagent_private.fill_mail(v_template.body, v_values), 100000), lead_id, call_id,
		CASE WHEN v_refused IS NULL THEN 'queued' ELSE 'refused' END, v_refused, v_now,
		CASE WHEN v_refused IS NOT NULL THEN v_now END)
	RETURNING mail_id INTO v_mail;
	IF v_refused IS NOT NULL THEN
		RETURN v_mail;
	END IF;
	IF v_template.class = 'marketing' THEN
		v_token := voiceagent_private.random_token();
		INSERT INTO voiceagent_private.unsubscriptions (tenant_id, token_hash, address, mail_id)
		VALUES (v_tenant, sha256(convert_to(v_token, 'UTF8')), v_address, v_mail);
	END IF;
	INSERT INTO voiceagent_private.mail_queue (tenant_id, mail_id, secret, unsubscribe, next_at)
	VALUES (v_tenant, v_mail, secret, v_token, v_now);
	PERFORM voiceagent_private.poke('mail');
	RETURN v_mail;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_mail(text, text, jsonb, text, text, bigint, bigint) IS
	E'Queues a mail of the current tenant, to be sent once this transaction has committed -> mail_id.\n'
	'kind: of mail_templates; variables: {"name": value}, business is known; secret: what members may not read. One '
	'that must not be sent is kept as refused, with the reason. PT422 for an address, a kind, or a line break in the '
	'subject.';
