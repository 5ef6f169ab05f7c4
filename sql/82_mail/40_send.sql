-- 82_mail: the message as a server gets it; what is due, and what came of it.

CREATE FUNCTION voiceagent_private.mail_header(words text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	-- An encoded word has at most 75 characters: eleven of ours, of up to four bytes each (RFC 2047).
	SELECT CASE WHEN words ~ '^[ -<>-~]*$' THEN words ELSE (
		SELECT string_agg('=?utf-8?B?' || encode(convert_to(substr(words, i, 11), 'UTF8'), 'base64') || '?=',
			E'\r\n ' ORDER BY i)
		FROM generate_series(1, length(words), 11) i) END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_header(text) IS 'Words as they may stand in a header.';

CREATE FUNCTION voiceagent_private.mail_base64(words text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	RETURN replace(encode(convert_to(words, 'UTF8'), 'base64'), E'\n', E'\r\n') || E'\r\n';
COMMENT ON FUNCTION voiceagent_private.mail_base64(text) IS 'Words as lines of base64, such as a mail may have.';

CREATE FUNCTION voiceagent_private.invitation_text(invitation jsonb, sender text, sender_name text) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	-- By the sender's account as it is now: programs hold a change against the address that invited.
	SELECT voiceagent_private.icalendar(invitation ->> 'method', NULL, NULL, voiceagent.clock(), ARRAY[(
		invitation ->> 'uid', (invitation ->> 'sequence')::integer, invitation ->> 'status',
		(invitation ->> 'starts_at')::timestamptz, (invitation ->> 'ends_at')::timestamptz, invitation ->> 'summary',
		NULL, sender, coalesce(nullif(sender_name, ''), invitation ->> 'organizer_name'), invitation ->> 'attendee',
		invitation ->> 'attendee_name')::voiceagent_private.icalendar_event])
$$;
COMMENT ON FUNCTION voiceagent_private.invitation_text(jsonb, text, text) IS
	'The event that a mail brings (mail_queue.invitation) as iCalendar text, from its sender.';

CREATE FUNCTION voiceagent_private.mail_key(mail voiceagent.mails) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN left(encode(sha256(convert_to(format('%s %s %s', (mail).tenant_id, (mail).mail_id,
		(mail).created_at AT TIME ZONE 'UTC'), 'UTF8')), 'hex'), 32);
COMMENT ON FUNCTION voiceagent_private.mail_key(voiceagent.mails) IS
	'The beginning of a mail''s Message-ID: the same however often it is sent.';

CREATE FUNCTION voiceagent_private.mail_message(mail voiceagent.mails, sender text, sender_name text, secret text,
	unsubscribe text, invitation jsonb DEFAULT NULL, reply_to text DEFAULT NULL) RETURNS text
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT concat(
		'From: ', CASE WHEN sender_name <> '' THEN CASE WHEN sender_name ~ '^[ -~]*$'
				THEN '"' || translate(sender_name, '"' || chr(92), '  ') || '"'
				ELSE voiceagent_private.mail_header(sender_name) END || ' ' END, '<', sender, E'>\r\n',
		'To: <', (mail).recipient, E'>\r\n',
		CASE WHEN reply_to IS NOT NULL THEN format(E'Reply-To: <%s>\r\n', reply_to) END,
		'Subject: ', voiceagent_private.mail_header((mail).subject), E'\r\n',
		'Date: ', to_char(voiceagent.clock() AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS'), E' +0000\r\n',
		'Message-ID: <', k.key, '@', split_part(sender, '@', 2), E'>\r\n',
		E'MIME-Version: 1.0\r\n', CASE WHEN invitation IS NULL THEN p.plain
			-- No line of base64 has this.
			ELSE format(E'Content-Type: multipart/alternative; boundary="=_%s"\r\n', k.key) END,
		CASE WHEN (mail).class <> 'marketing' THEN E'Auto-Submitted: auto-generated\r\n' END,
		CASE WHEN unsubscribe IS NOT NULL THEN format(E'List-Unsubscribe: <%s>\r\n'
			'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n', unsubscribe) END,
		'Content-Language: ', (mail).language, E'\r\n\r\n',
		CASE WHEN invitation IS NULL THEN p.words
			ELSE concat('--=_', k.key, E'\r\n', p.plain, E'\r\n', p.words, '--=_', k.key,
				E'\r\nContent-Type: text/calendar; charset=utf-8; method=', invitation ->> 'method',
				E'\r\nContent-Transfer-Encoding: base64\r\n\r\n', voiceagent_private.mail_base64(
					voiceagent_private.invitation_text(invitation, sender, sender_name)),
				'--=_', k.key, E'--\r\n') END)
	FROM (SELECT voiceagent_private.mail_key(mail) AS key) k,
		(SELECT E'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n' AS plain,
			voiceagent_private.mail_base64(replace(replace((mail).body, '{{secret}}',
				coalesce(secret, unsubscribe, '')), E'\n', E'\r\n')) AS words) p
$$;
COMMENT ON FUNCTION voiceagent_private.mail_message(voiceagent.mails, text, text, text, text, jsonb, text) IS
	'A mail as RFC 5322 has it, in ASCII; unsubscribe: the URL of its one-click unsubscription (RFC 8058), NULL: none; '
	'invitation: the event that it brings a calendar (RFC 6047), NULL: none; reply_to: where answers go.';

SELECT voiceagent_private.make_queue('mails', 'voiceagent_private.mail_queue');

CREATE FUNCTION voiceagent_private.end_mail(mail_id bigint, status text, reason text, via text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	UPDATE voiceagent.mails m SET status = end_mail.status, reason = left(end_mail.reason, 500), via = end_mail.via,
		done_at = voiceagent.clock()
	WHERE m.tenant_id = v_tenant AND m.mail_id = end_mail.mail_id;
	DELETE FROM voiceagent_private.mail_queue q WHERE q.tenant_id = v_tenant AND q.mail_id = end_mail.mail_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_mail(bigint, text, text, text) IS
	'Notes what became of a mail of the current tenant, finally; its secret is forgotten.';

CREATE TYPE voiceagent_private.mail_server AS (
	via text,
	url text,
	username text,
	sender text,
	sender_name text,
	private_host boolean,
	problem text
);
COMMENT ON TYPE voiceagent_private.mail_server IS
	'By whose account mails go, and why they may not now (problem; NULL: they may); via sandbox: there is none.';

CREATE FUNCTION voiceagent_private.mail_server(may_send boolean, armed boolean) RETURNS voiceagent_private.mail_server
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.mail_server;
	v_home text;
BEGIN
	SELECT 'tenant', a.url, a.username, a.sender, a.sender_name, a.home
	INTO v.via, v.url, v.username, v.sender, v.sender_name, v_home
	FROM voiceagent.mail_accounts a WHERE a.tenant_id = voiceagent.current_tenant();
	IF NOT FOUND THEN
		SELECT 'platform', a.url, a.username, a.sender, a.sender_name, a.home
		INTO v.via, v.url, v.username, v.sender, v.sender_name, v_home
		FROM voiceagent_private.platform_mail_account a;
	END IF;
	IF v.via IS NULL THEN
		RETURN ROW('sandbox', NULL, NULL, 'sandbox@example.com', '', false, NULL)::voiceagent_private.mail_server;
	END IF;
	v.private_host := voiceagent_private.is_allowed_host(regexp_replace(v.url, '^smtps?', 'https'),
		voiceagent_private.platform_setting('mail_private_hosts'));
	v.problem := CASE WHEN NOT may_send THEN 'no mail leaves while the clock is moved'
		WHEN v_home <> voiceagent_private.home() AND NOT armed THEN
			'the account''s password was given in another database than this copy: arm this one, or give it again' END;
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_server(boolean, boolean) IS
	E'The mail server of the current tenant, else the platform''s.
'
	'may_send: the clock is real; armed: this database is no copy.';

CREATE FUNCTION voiceagent_private.claim_mails(max_mails integer, may_send boolean, armed boolean, OUT mail_id bigint,
	OUT url text, OUT username text, OUT of_platform boolean, OUT sender text, OUT recipient text, OUT message text,
	OUT private_host boolean, OUT timeout_ms integer) RETURNS SETOF record
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_server voiceagent_private.mail_server := voiceagent_private.mail_server(may_send, armed);
	v_timeout interval := voiceagent_private.as_interval(voiceagent_private.platform_setting('mail_timeout'));
	v_queued voiceagent_private.mail_queue;
	v_mail voiceagent.mails;
	v_refused text;
	v_played boolean;
	c_rest CONSTANT interval := '10 minutes';
BEGIN
	FOR v_queued IN SELECT q.* FROM voiceagent_private.mail_queue q
		WHERE q.tenant_id = v_tenant AND q.next_at <= v_now ORDER BY q.next_at LIMIT max_mails FOR UPDATE SKIP LOCKED
	LOOP
		SELECT m.* INTO v_mail FROM voiceagent.mails m WHERE m.tenant_id = v_tenant AND m.mail_id = v_queued.mail_id;
		-- An opt-out, or an unsubscription, that came since it was written stops it.
		v_played := v_mail.class IN ('service', 'marketing') AND voiceagent_private.is_played(NULL, v_mail.call_id);
		v_refused := CASE WHEN v_mail.class IN ('service', 'marketing')
			THEN voiceagent_private.mail_forbidden(v_mail.recipient, v_mail.class, v_mail.lead_id) END;
		IF v_refused IS NOT NULL THEN
			PERFORM voiceagent_private.end_mail(v_mail.mail_id, 'refused', v_refused, NULL);
			CONTINUE;
		ELSIF v_server.problem IS NOT NULL AND NOT v_played THEN
			UPDATE voiceagent_private.mail_queue q SET next_at = v_now + c_rest, claimed = false
			WHERE q.tenant_id = v_tenant AND q.mail_id = v_mail.mail_id;
			UPDATE voiceagent.mails m SET reason = v_server.problem
			WHERE m.tenant_id = v_tenant AND m.mail_id = v_mail.mail_id;
			CONTINUE;
		END IF;
		message := voiceagent_private.mail_message(v_mail, v_server.sender, v_server.sender_name, v_queued.secret,
			CASE WHEN voiceagent_private.platform_setting('mail_links') <> ''
				THEN rtrim(voiceagent_private.platform_setting('mail_links'), '/') || '/unsubscribe/'
					|| v_queued.unsubscribe END, v_queued.invitation, v_queued.reply_to);
		UPDATE voiceagent.mails m SET tries = m.tries + 1 WHERE m.tenant_id = v_tenant AND m.mail_id = v_mail.mail_id;
		IF v_server.via = 'sandbox' OR v_played THEN
			INSERT INTO voiceagent_private.sandbox_mailbox (tenant_id, mail_id, message)
			VALUES (v_tenant, v_mail.mail_id, message);
			PERFORM voiceagent_private.end_mail(v_mail.mail_id, 'sent', CASE WHEN v_played THEN 'its call was played'
				ELSE 'there is no mail account' END || ': it is in the sandbox''s mailbox', 'sandbox');
			CONTINUE;
		END IF;
		UPDATE voiceagent_private.mail_queue q SET claimed = true, next_at = v_now + v_timeout + interval '30 seconds'
		WHERE q.tenant_id = v_tenant AND q.mail_id = v_mail.mail_id;
		mail_id := v_mail.mail_id;
		url := v_server.url;
		username := v_server.username;
		of_platform := v_server.via = 'platform';
		sender := v_server.sender;
		recipient := v_mail.recipient;
		private_host := v_server.private_host;
		timeout_ms := (extract(epoch FROM v_timeout) * 1000)::integer;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_mails(integer, boolean, boolean) IS
	E'Mails of the current tenant that are due, at most so many, leased from now, with all that a server needs.
'
	'may_send: the clock is real; armed: this database is no copy. Without an account they go into the sandbox''s '
	'mailbox here.';

CREATE FUNCTION voiceagent_private.record_mail(mail_id bigint, of_platform boolean, smtp_status integer, error text)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_mail voiceagent.mails;
	-- Words about the address; all else of 5xx is about the message or the account.
	c_unknown CONSTANT integer[] := '{550,551,553}';
	c_rest CONSTANT interval := '1 minute';
BEGIN
	-- The queue first, as a claim and an erasure lock them.
	PERFORM FROM voiceagent_private.mail_queue q
	WHERE q.tenant_id = v_tenant AND q.mail_id = record_mail.mail_id FOR UPDATE;
	SELECT m.* INTO v_mail FROM voiceagent.mails m
	WHERE m.tenant_id = v_tenant AND m.mail_id = record_mail.mail_id AND m.status = 'queued' FOR UPDATE;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF of_platform THEN
		UPDATE voiceagent_private.platform_mail_account a SET trouble = error WHERE a.trouble IS DISTINCT FROM error;
	ELSE
		UPDATE voiceagent.mail_accounts a SET trouble = error
		WHERE a.tenant_id = v_tenant AND a.trouble IS DISTINCT FROM error;
	END IF;
	IF error IS NULL THEN
		PERFORM voiceagent_private.end_mail(mail_id, 'sent', NULL, CASE WHEN of_platform THEN 'platform'
			ELSE 'tenant' END);
	ELSIF smtp_status = ANY (c_unknown) THEN
		INSERT INTO voiceagent.mail_suppressions (tenant_id, address, reason, mail_id, created_at)
		VALUES (v_tenant, v_mail.recipient, 'bounced', mail_id, voiceagent.clock())
		ON CONFLICT ON CONSTRAINT mail_suppressions_pkey DO UPDATE SET reason = 'bounced', mail_id = excluded.mail_id;
		PERFORM voiceagent_private.end_mail(mail_id, 'bounced', error, NULL);
	ELSIF smtp_status BETWEEN 551 AND 599 AND smtp_status <> 535
		OR v_mail.tries >= voiceagent_private.platform_setting('mail_tries')::integer THEN
		PERFORM voiceagent_private.end_mail(mail_id, 'failed', error, NULL);
	ELSE
		UPDATE voiceagent_private.mail_queue q
		SET claimed = false, next_at = voiceagent.clock() + c_rest * power(3, v_mail.tries - 1)
		WHERE q.tenant_id = v_tenant AND q.mail_id = record_mail.mail_id;
		UPDATE voiceagent.mails m SET reason = left(error, 500)
		WHERE m.tenant_id = v_tenant AND m.mail_id = record_mail.mail_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_mail(bigint, boolean, integer, text) IS
	E'The result of sending a mail of the current tenant: the server''s last status (NULL: none), and why it failed '
	'(NULL: it took it).
550, 551, 553: the address bounces, and gets nothing more; a fault of the moment, or of the '
	'account, is tried again after 1, 3, 9 ... minutes.';
