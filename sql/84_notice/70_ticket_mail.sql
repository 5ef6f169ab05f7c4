/*
 * 84_notice: tickets by mail.
 *
 * The operator's mail gateway posts each mail, signed (bgworkers/inbound/ticket_mail.c).  Whose it is follows from the
 * proved address of a member, and which ticket from an address that we signed or a Message-ID that we made, never from
 * a subject.  An uncertain mail waits where the staff sees it; no mail is answered by a mail of its own.
 */

CREATE TABLE voiceagent_private.ticket_mails (
	mail_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	mail_hash bytea NOT NULL UNIQUE,
	sender text NOT NULL,
	subject text NOT NULL,
	message text,
	outcome text NOT NULL CHECK (outcome IN ('opened', 'written', 'reopened', 'rated', 'automatic', 'waiting',
		'put aside')),
	reason text,
	of_tenant bigint,
	ticket_id bigint,
	received_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.ticket_mails IS
	'Mails to ticket_mail_address, by what identifies them, so that none counts twice; those that wait with their '
	'words.';
COMMENT ON COLUMN voiceagent_private.ticket_mails.mail_hash IS 'Of the sender and the Message-ID.';
COMMENT ON COLUMN voiceagent_private.ticket_mails.subject IS 'Empty once its words are in a ticket, or put aside.';
COMMENT ON COLUMN voiceagent_private.ticket_mails.message IS 'Its words; NULL: as of subject.';
COMMENT ON COLUMN voiceagent_private.ticket_mails.of_tenant IS 'Whose ticket it is in; NULL: in none.';
COMMENT ON COLUMN voiceagent_private.ticket_mails.reason IS 'Why it waits, or is automatic.';
CREATE INDEX ticket_mails_sender ON voiceagent_private.ticket_mails (sender, received_at);
CREATE INDEX ticket_mails_done ON voiceagent_private.ticket_mails (received_at) WHERE outcome <> 'waiting';
CREATE INDEX ticket_mails_words ON voiceagent_private.ticket_mails (mail_id) WHERE message IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.ticket_mails', 'platform', '');

CREATE FUNCTION voiceagent.set_ticket_mail(address text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_address text := CASE WHEN address IS NOT NULL THEN voiceagent_private.mail_address(address) END;
	v_secret text := 'whsec_' || encode(sha256(convert_to(voiceagent_private.random_token(), 'UTF8')), 'base64');
	c_longest CONSTANT integer := 20;
BEGIN
	PERFORM voiceagent_private.require_platform('set the platform''s mail account');
	-- With +TENANT-TICKET-SIGNATURE it is still the name of a mailbox, of at most 64 characters.
	PERFORM voiceagent_private.fail_if(v_address LIKE '%+%@%' OR length(split_part(v_address, '@', 1)) > c_longest,
		'PT422', format('the address has a name of at most %s characters without +', c_longest));
	IF v_address IS NULL THEN
		DELETE FROM voiceagent_private.platform_secrets s WHERE s.name = 'ticket_mail';
	ELSE
		PERFORM voiceagent_private.require_jwt_secret();
		PERFORM voiceagent_private.seal_platform_secret('ticket_mail', v_secret);
	END IF;
	PERFORM voiceagent.set_setting('ticket_mail_address', coalesce(v_address, ''));
	RETURN CASE WHEN v_address IS NOT NULL THEN v_secret END;
END
$$;
COMMENT ON FUNCTION voiceagent.set_ticket_mail(text) IS
	E'Where tenants write tickets by mail -> the secret with which your mail gateway signs what it posts to /mail, '
	'shown once.\n'
	'NULL: no longer by mail. For the platform. PT422; 55000 without the vault''s key.';

CREATE FUNCTION voiceagent_private.unvouched() RETURNS text
	LANGUAGE sql IMMUTABLE
	RETURN 'nobody vouches for its sender';
COMMENT ON FUNCTION voiceagent_private.unvouched() IS
	'Why a mail waits whose sender may be anybody: it is not taken for a member''s.';

CREATE FUNCTION voiceagent_private.read_ticket_mail(body jsonb) RETURNS voiceagent_private.ticket_mails
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.ticket_mails;
	v_names jsonb := coalesce(nullif(body -> 'attachments', 'null'), '[]');
	v_words text := btrim(replace(body ->> 'text', E'\r', ''), E' \t\n');
	c_parts CONSTANT integer := 100;
	c_longest CONSTANT integer := 19000;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(body) <> 'object' OR jsonb_typeof(v_names) <> 'array', 'PT422',
		'a mail is an object {"from", "to", "subject", "text", "message_id", "verified", ...}');
	PERFORM voiceagent_private.fail_if(jsonb_array_length(v_names) > c_parts OR (body ->> 'parts')::numeric > c_parts,
		'PT422', format('a mail has at most %s parts', c_parts));
	PERFORM voiceagent_private.fail_if(length(v_words) > c_longest, 'PT422',
		format('a mail has at most %s characters of text', c_longest));
	PERFORM voiceagent_private.fail_if(length(body ->> 'message_id') > 998, 'PT422', 'this is no Message-ID');
	v.sender := voiceagent_private.mail_address(coalesce(substring(body ->> 'from' FROM '<([^<>]*)>\s*$'),
		body ->> 'from'));
	v.subject := coalesce(nullif(btrim(left(regexp_replace(body ->> 'subject', '[[:cntrl:]]+', ' ', 'g'), 200)), ''),
		'(no subject)');
	v.message := coalesce(nullif(v_words, ''), '(no text)') || CASE WHEN jsonb_array_length(v_names) > 0 THEN
		left(E'\n\n[not kept: ' || (SELECT string_agg(n, ', ') FROM jsonb_array_elements_text(v_names) n), 800) || ']'
		ELSE '' END;
	-- A sender that the gateway does not vouch for must not use up a member's Message-ID.
	v.mail_hash := sha256(convert_to(concat_ws(' ', v.sender, body -> 'verified' = 'true', coalesce(
		nullif(btrim(body ->> 'message_id'), ''), encode(sha256(convert_to(body::text, 'UTF8')), 'hex'))), 'UTF8'));
	v.reason := nullif(concat_ws('; ', CASE WHEN lower(btrim(body ->> 'auto_submitted')) NOT IN ('', 'no')
			OR lower(btrim(body ->> 'precedence')) IN ('bulk', 'junk', 'list', 'auto_reply') THEN 'automatic' END,
		CASE WHEN body -> 'verified' IS DISTINCT FROM 'true' THEN voiceagent_private.unvouched() END), '');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_ticket_mail(jsonb) IS
	E'A mail as the gateway posts it, with why it is not filed by itself, if that is so.\n'
	'PT422.';

CREATE FUNCTION voiceagent_private.ticket_of_mail(body jsonb, OUT tenant_id bigint, OUT ticket_id bigint,
	OUT unknown boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text[] := regexp_match(voiceagent_private.platform_setting('ticket_mail_address'), '^(.*)@(.*)$');
	v_to text[];
	v_was bigint;
	v_good boolean := false;
BEGIN
	v_to := regexp_match(lower(body ->> 'to'), '(?:^|[^a-z0-9.!#$%&*/=?^_`{|}~+-])'
		|| regexp_replace(v_name[1], '(\W)', '\\\1', 'g') || '\+([^\s@+]{0,200})@');
	unknown := v_to IS NOT NULL;
	v_to := regexp_match(v_to[1], '^(\d{1,18})-(\d{1,18})-([0-9a-f]{32})$');
	IF v_to IS NOT NULL THEN
		v_was := voiceagent_private.set_tenant(v_to[1]::bigint);
		-- By digests, whose comparison tells nothing.
		v_good := sha256(convert_to(split_part(split_part(voiceagent_private.ticket_address(v_to[2]::bigint), '+', 2),
			'@', 1), 'UTF8')) = sha256(convert_to(array_to_string(v_to, '-'), 'UTF8'));
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	IF v_good THEN
		tenant_id := v_to[1];
		ticket_id := v_to[2];
		unknown := false;
	ELSE
		SELECT h.tenant_id, h.ticket_id INTO tenant_id, ticket_id
		FROM regexp_matches(concat_ws(' ', left(body ->> 'in_reply_to', 998), right(body ->> 'references', 5000)),
			'<([0-9a-f]{32})@', 'g') WITH ORDINALITY AS r(key, place)
		JOIN voiceagent_private.ticket_threads h ON h.message_key = r.key[1] ORDER BY r.place LIMIT 1;
		unknown := unknown AND NOT FOUND;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ticket_of_mail(jsonb) IS
	E'The ticket that a mail answers, by an address that we signed, else by a Message-ID that we made; NULL: none.\n'
	'unknown: its address looks like one of ours, and is none.';

CREATE FUNCTION voiceagent_private.put_in_ticket(mail voiceagent_private.ticket_mails, member_id bigint)
	RETURNS voiceagent_private.ticket_mails
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ticket voiceagent.tickets;
	v_author text := CASE WHEN member_id IS NULL THEN mail.sender || ' by mail'
		ELSE format('member %s %s by mail', member_id, mail.sender) END;
	v_after text;
BEGIN
	IF mail.ticket_id IS NOT NULL THEN
		v_ticket := voiceagent_private.lock_ticket(mail.ticket_id);
	END IF;
	mail.reason := NULL;
	-- Below the digit there is nothing but what it answers.
	IF v_ticket.state = 'resolved' AND mail.message ~ '^[1-5]\s*(\n[^\n]*:)?(\s*\n>[^\n]*)*\s*$' THEN
		UPDATE voiceagent.tickets t SET satisfaction = left(mail.message, 1)::integer
		WHERE t.tenant_id = v_ticket.tenant_id AND t.ticket_id = v_ticket.ticket_id;
		PERFORM voiceagent_private.log_event('ticket_rated', NULL, NULL, NULL,
			jsonb_build_object('ticket_id', v_ticket.ticket_id, 'satisfaction', left(mail.message, 1)::integer));
		mail.outcome := 'rated';
	ELSIF v_ticket.resolved_at + voiceagent_private.as_interval(voiceagent_private.platform_setting('ticket_reopen'))
		>= voiceagent.clock() OR v_ticket.state <> 'resolved' THEN
		PERFORM voiceagent_private.write_to_ticket(v_ticket, v_author, mail.message);
		mail.outcome := CASE v_ticket.state WHEN 'resolved' THEN 'reopened' ELSE 'written' END;
	ELSE
		v_after := CASE WHEN mail.ticket_id IS NOT NULL THEN format(
			E'(This follows ticket %s, which was resolved on %s.)\n\n', v_ticket.ticket_id,
			to_char(v_ticket.resolved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')) END;
		mail.ticket_id := voiceagent_private.add_ticket('technical', 'normal', mail.subject,
			concat(v_after, mail.message), coalesce(v_ticket.language, 'en'), NULL, member_id, v_author);
		mail.outcome := 'opened';
	END IF;
	mail.subject := '';
	mail.message := NULL;
	RETURN mail;
END
$$;
COMMENT ON FUNCTION voiceagent_private.put_in_ticket(voiceagent_private.ticket_mails, bigint) IS
	E'Writes a mail to its ticket of the current tenant, or opens one: also where its ticket was resolved longer ago '
	'than ticket_reopen.\n'
	'A digit alone rates one that is resolved. PT404, PT409.';

CREATE FUNCTION voiceagent_private.file_ticket_mail(mail voiceagent_private.ticket_mails, body jsonb)
	RETURNS voiceagent_private.ticket_mails
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_names record := voiceagent_private.ticket_of_mail(body);
	v_most integer := voiceagent_private.platform_setting('ticket_mails_per_hour');
	v_login record;
	v_members bigint := 0;
	v_member bigint;
BEGIN
	IF (SELECT count(*) >= v_most FROM voiceagent_private.ticket_mails m WHERE m.sender = mail.sender
		AND m.received_at > voiceagent.clock() - interval '1 hour' AND m.outcome <> 'waiting'
		AND concat(m.reason) NOT LIKE '%' || voiceagent_private.unvouched()) THEN
		mail.reason := format('more than %s mails of its sender within an hour', v_most);
		RETURN mail;
	END IF;
	FOR v_login IN SELECT l.tenant_id, l.member_id FROM voiceagent_private.member_logins l
		WHERE l.email = mail.sender AND (v_names.tenant_id IS NULL OR l.tenant_id = v_names.tenant_id) LIMIT 100
	LOOP
		PERFORM voiceagent_private.set_tenant(v_login.tenant_id);
		IF EXISTS (SELECT FROM voiceagent.members m JOIN voiceagent.tenants t USING (tenant_id)
			WHERE m.tenant_id = v_login.tenant_id AND m.member_id = v_login.member_id AND m.active AND t.active
				AND m.email_proved_at IS NOT NULL) THEN
			v_members := v_members + 1;
			v_member := v_login.member_id;
			mail.of_tenant := v_login.tenant_id;
		END IF;
	END LOOP;
	mail.ticket_id := v_names.ticket_id;
	mail.reason := CASE WHEN v_names.unknown THEN 'the address that it was sent to is not one that we gave'
		WHEN v_members = 0 AND v_names.ticket_id IS NOT NULL THEN 'it names a ticket that is not its sender''s'
		WHEN v_members = 0 THEN 'its sender is no member whose address is proved'
		WHEN v_members > 1 THEN 'its sender is a member of more than one tenant' END;
	IF mail.reason IS NULL THEN
		PERFORM voiceagent_private.set_tenant(mail.of_tenant);
		IF EXISTS (SELECT FROM voiceagent.members m WHERE m.tenant_id = mail.of_tenant AND m.member_id = v_member
			AND m.role = 'viewer') THEN
			mail.reason := 'its sender only reads';
		ELSE
			RETURN voiceagent_private.put_in_ticket(mail, v_member);
		END IF;
	END IF;
	RETURN mail;
EXCEPTION WHEN SQLSTATE 'PT404' OR SQLSTATE 'PT409' THEN
	mail.reason := SQLERRM;
	RETURN mail;
END
$$;
COMMENT ON FUNCTION voiceagent_private.file_ticket_mail(voiceagent_private.ticket_mails, jsonb) IS
	'Finds whose a mail is and which ticket it answers, and writes it there; reason: why it waits.';

CREATE FUNCTION voiceagent_private.take_ticket_mail(body bytea) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_body jsonb := convert_from(body, 'UTF8')::jsonb;
	v voiceagent_private.ticket_mails := voiceagent_private.read_ticket_mail(v_body);
	v_known voiceagent_private.ticket_mails;
	v_waiting record;
	c_of_one CONSTANT integer := 20;
	c_waiting CONSTANT integer := 1000;
	c_kept CONSTANT interval := '90 days';
BEGIN
	SELECT m.* INTO v_known FROM voiceagent_private.ticket_mails m WHERE m.mail_hash = v.mail_hash;
	IF FOUND THEN
		v := v_known;
	ELSE
		v.received_at := voiceagent.clock();
		v.outcome := CASE WHEN starts_with(v.reason, 'automatic') THEN 'automatic' ELSE 'waiting' END;
		IF v.reason IS NULL THEN
			v := voiceagent_private.file_ticket_mail(v, v_body);
			PERFORM voiceagent_private.set_tenant(0);
			v.outcome := CASE WHEN v.reason IS NULL THEN v.outcome ELSE 'waiting' END;
		END IF;
		IF v.outcome = 'waiting' THEN
			SELECT count(*) AS n, count(*) FILTER (WHERE m.sender = v.sender) AS of_one,
				count(*) FILTER (WHERE m.of_tenant IS NULL) AS of_strangers INTO v_waiting
			FROM voiceagent_private.ticket_mails m WHERE m.outcome = 'waiting' AND m.message IS NOT NULL;
			PERFORM voiceagent_private.fail_if(v_waiting.of_one >= c_of_one, 'PT422',
				format('%s mails of this sender wait already', c_of_one));
			-- Anybody can write, so members have half of the places.
			PERFORM voiceagent_private.fail_if(v_waiting.n >= c_waiting
				OR v.of_tenant IS NULL AND v_waiting.of_strangers >= c_waiting / 2, 'PT503', 'too many mails wait');
			IF v_waiting.n = 0 THEN
				PERFORM voiceagent_private.tell_staff('ticket_waits', jsonb_build_object('name', 'a mail',
					'reason', v.reason));
			END IF;
		END IF;
		INSERT INTO voiceagent_private.ticket_mails (mail_hash, sender, subject, message, outcome, reason, of_tenant,
			ticket_id, received_at)
		VALUES (v.mail_hash, v.sender, v.subject, v.message, v.outcome, v.reason, v.of_tenant, v.ticket_id,
			v.received_at);
		DELETE FROM voiceagent_private.ticket_mails m WHERE m.mail_id = ANY (ARRAY(SELECT o.mail_id
			FROM voiceagent_private.ticket_mails o
			WHERE o.outcome <> 'waiting' AND o.received_at < v.received_at - c_kept ORDER BY o.received_at LIMIT 100));
		DELETE FROM voiceagent_private.ticket_mails m WHERE m.outcome = 'automatic' AND m.message IS NOT NULL
			AND m.mail_id <= (SELECT o.mail_id FROM voiceagent_private.ticket_mails o
				WHERE o.outcome = 'automatic' AND o.message IS NOT NULL
				ORDER BY o.mail_id DESC OFFSET c_waiting LIMIT 1);
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('outcome', v.outcome, 'reason', v.reason, 'tenant_id', v.of_tenant,
		'ticket_id', v.ticket_id, 'repeated', v_known.mail_id IS NOT NULL));
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_ticket_mail(bytea) IS
	E'For the gateway: a mail becomes a ticket or a reply, or waits for the staff -> {"outcome", "reason", '
	'"tenant_id", "ticket_id", "repeated"}.\n'
	'One that is known has no effect. PT422, 22P02, 22021 for what cannot be read; PT503 where too many wait.';

CREATE FUNCTION voiceagent.list_ticket_mails(max integer DEFAULT 100)
	RETURNS TABLE (mail_id bigint, received_at timestamptz, sender text, subject text, message text, outcome text,
		reason text, tenant_id bigint, ticket_id bigint)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('answer a ticket');
	RETURN QUERY SELECT m.mail_id, m.received_at, m.sender, m.subject, m.message, m.outcome, m.reason, m.of_tenant,
			m.ticket_id
		FROM voiceagent_private.ticket_mails m ORDER BY m.outcome = 'waiting' DESC, m.mail_id DESC
		LIMIT greatest(least(max, 1000), 1);
END
$$;
COMMENT ON FUNCTION voiceagent.list_ticket_mails(integer) IS
	E'For the platform''s staff: mails to ticket_mail_address, those that wait first (settle_ticket_mail()), with why; '
	'the others of the last 90 days, with what became of them.\n'
	'max: at most 1000. 42501.';

CREATE FUNCTION voiceagent.settle_ticket_mail(mail_id bigint, tenant_id bigint DEFAULT NULL,
	ticket_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.ticket_mails;
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('answer a ticket');
	SELECT m.* INTO v FROM voiceagent_private.ticket_mails m WHERE m.mail_id = settle_ticket_mail.mail_id FOR UPDATE;
	PERFORM voiceagent_private.fail_if(v.outcome IS NULL, 'PT404', 'there is no such mail');
	PERFORM voiceagent_private.fail_if(v.outcome NOT IN ('waiting', 'automatic') OR v.message IS NULL, 'PT409',
		format('the mail is %s', v.outcome));
	v.of_tenant := settle_ticket_mail.tenant_id;
	v.ticket_id := settle_ticket_mail.ticket_id;
	IF tenant_id IS NULL THEN
		v.outcome := 'put aside';
		PERFORM voiceagent_private.audit_platform('settle_ticket_mail', 'mail ' || mail_id, to_jsonb(v.reason), NULL);
	ELSE
		v_was := voiceagent_private.set_existing_tenant(tenant_id);
		v := voiceagent_private.put_in_ticket(v, (SELECT m.member_id FROM voiceagent.members m
			WHERE m.tenant_id = settle_ticket_mail.tenant_id AND m.email = v.sender AND m.active
				AND m.email_proved_at IS NOT NULL AND v.reason NOT LIKE '%' || voiceagent_private.unvouched()));
		PERFORM voiceagent_private.audit('settle_ticket_mail', 'ticket ' || v.ticket_id, NULL,
			jsonb_build_object('mail', mail_id, 'sender', v.sender));
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	UPDATE voiceagent_private.ticket_mails m SET outcome = v.outcome, reason = NULL, subject = '', message = NULL,
		of_tenant = v.of_tenant, ticket_id = v.ticket_id
	WHERE m.mail_id = settle_ticket_mail.mail_id;
	RETURN v.ticket_id;
END
$$;
COMMENT ON FUNCTION voiceagent.settle_ticket_mail(bigint, bigint, bigint) IS
	E'For the platform''s staff: writes a mail that waits to a ticket of a tenant, or to a new one, -> ticket_id.\n'
	'Without tenant_id it is put aside. PT404, PT409, 42501.';

CREATE FUNCTION voiceagent_private.forget_in_notices(v voiceagent_private.person) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_numbers text[];
	v_words text;
BEGIN
	DELETE FROM voiceagent_private.notices_new n WHERE n.tenant_id = v_tenant
		AND (n.lead_id = v.lead_id OR n.call_id = ANY (v.calls) OR n.event_data ->> 'task_id' = ANY (v.tasks::text[]));
	v_numbers := ARRAY(SELECT DISTINCT n FROM unnest(v.phones) p, unnest(voiceagent_private.numbers_in(p)) n);
	-- A number in any way of writing, with what stands before its last digits; an address; a name of several words.
	v_words := (SELECT string_agg(x.w, '|') FROM (
		SELECT '\+?[0-9() ./-]{0,9}' || array_to_string(string_to_array(n, NULL), '[-() ./]*') FROM unnest(v_numbers) n
		UNION ALL SELECT regexp_replace(o, '([^[:alnum:]])', '\\\1', 'g') FROM unnest(ARRAY[v.email, v.name]) o
			WHERE length(o) > 4 AND o ~ '[@ ]') x(w));
	UPDATE voiceagent.ticket_messages m SET message = regexp_replace(m.message, v_words, '...', 'gi')
	WHERE m.tenant_id = v_tenant AND voiceagent_private.numbers_in(m.message) <> '{}'
		AND voiceagent_private.numbers_in(m.message) && v_numbers;
	UPDATE voiceagent.tickets t SET subject = regexp_replace(t.subject, v_words, '...', 'gi')
	WHERE t.tenant_id = v_tenant AND voiceagent_private.numbers_in(t.subject) <> '{}'
		AND voiceagent_private.numbers_in(t.subject) && v_numbers;
	UPDATE voiceagent_private.ticket_mails m SET subject = regexp_replace(m.subject, v_words, '...', 'gi'),
		message = regexp_replace(m.message, v_words, '...', 'gi')
	WHERE m.message IS NOT NULL AND voiceagent_private.numbers_in(concat_ws(' . ', m.subject, m.message)) && v_numbers
		AND EXISTS (SELECT FROM voiceagent_private.member_logins l WHERE l.tenant_id = v_tenant AND l.email = m.sender);
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_in_notices(voiceagent_private.person) IS
	'For an erasure: forgets what would become notices about a person of the current tenant, and blots it out in '
	'tickets and their mails, where its numbers stand.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('erasure', 'forget_in_notices');
