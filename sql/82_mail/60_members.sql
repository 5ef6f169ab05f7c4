-- 82_mail: members set their passwords by a link that only their mailbox has.

CREATE FUNCTION voiceagent_private.begin_link(tenant_id bigint) RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_before text[] := ARRAY[coalesce(current_setting('voiceagent.token', true), ''),
		coalesce(current_setting('request.jwt.claims', true), '')];
BEGIN
	PERFORM set_config('request.jwt.claims', '', true), set_config('voiceagent.token',
		voiceagent_private.issue_token(tenant_id, NULL, 'viewer', 'a link in a mail', 60), true);
	RETURN v_before;
END
$$;
COMMENT ON FUNCTION voiceagent_private.begin_link(bigint) IS
	'Acts for a tenant on behalf of somebody that has proved no more than a link, or nothing: the function '
	'decides what it may have -> what the session had proved, for end_link().';

CREATE FUNCTION voiceagent_private.end_link(before text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM set_config('voiceagent.token', before[1], true), set_config('request.jwt.claims', before[2], true);
END
$$;
COMMENT ON FUNCTION voiceagent_private.end_link(text[]) IS
	'Gives back what the session had proved before begin_link().';

CREATE FUNCTION voiceagent_private.mail_password_link(member_id bigint, kind text, lasts interval, variables jsonb,
	language text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_token text := voiceagent_private.random_token();
	v_links text := voiceagent_private.platform_setting('mail_links');
BEGIN
	-- The newest of its kind alone is good; who asks for a reset, anybody can, takes no invitation away.
	DELETE FROM voiceagent_private.password_links l
	WHERE l.tenant_id = v_tenant AND l.member_id = member_id AND l.kind = kind;
	INSERT INTO voiceagent_private.password_links (tenant_id, token_hash, member_id, kind, expires_at, created_at)
	VALUES (v_tenant, sha256(convert_to(v_token, 'UTF8')), member_id, kind, v_now + lasts, v_now);
	RETURN voiceagent_private.enqueue_mail((SELECT m.email FROM voiceagent.members m
			WHERE m.tenant_id = v_tenant AND m.member_id = mail_password_link.member_id), kind, variables, language,
		CASE WHEN v_links = '' THEN v_token ELSE rtrim(v_links, '/') || '/#/password/' || v_token END);
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_password_link(bigint, text, interval, jsonb, text) IS
	'Mails a member of the current tenant a link by which set_password() takes a new password, once and for so long '
	'-> mail_id; earlier links of this kind are void.';

CREATE FUNCTION voiceagent.invite_member(email text, role text DEFAULT 'viewer', language text DEFAULT 'en')
	RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_member bigint;
	c_lasts CONSTANT interval := '7 days';
BEGIN
	PERFORM voiceagent_private.mail_address(invite_member.email);
	-- With an unknown password.
	v_member := voiceagent.create_member(v_tenant, invite_member.email, voiceagent_private.random_token(),
		invite_member.role);
	PERFORM voiceagent_private.mail_password_link(v_member, 'invitation', c_lasts,
		jsonb_build_object('inviter', voiceagent_private.actor()), invite_member.language);
	RETURN v_member;
END
$$;
COMMENT ON FUNCTION voiceagent.invite_member(text, text, text) IS
	E'Makes a person a member and mails it a link to choose a password, good for seven days -> member_id.\n'
	'role: as create_member(); language of the mail: en, es, fr, de. For owners. PT422, PT409 as create_member().';

-- No caller learns whether an address is known, not by the time that it takes nor by a lock: a job looks it up.
CREATE FUNCTION voiceagent.request_password_reset(email text, language text DEFAULT 'en') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_email text := lower(btrim(left(coalesce(request_password_reset.email, ''), 254)));
	v_share text := voiceagent_private.stranger_share();
	c_of_one CONSTANT integer := 20;
	c_visitors CONSTANT integer := 1000;
BEGIN
	PERFORM voiceagent_private.require_post('a password reset', 'address');
	-- Once for an address; and without a lock, so that no open transaction delays another's request.
	IF EXISTS (SELECT FROM voiceagent_private.password_requests r WHERE r.email = v_email) THEN
		RETURN;
	END IF;
	IF (SELECT count(*) FROM voiceagent_private.password_requests r WHERE r.share = v_share) >= c_of_one
		OR v_share LIKE 'visitor %' AND (SELECT count(*) FROM voiceagent_private.password_requests r
			WHERE r.share >= 'visitor ' AND r.share < 'visitor!') >= c_visitors THEN
		PERFORM voiceagent_private.fail('PT429', 'too many password resets at once', NULL, 'Try again in a minute.');
	END IF;
	INSERT INTO voiceagent_private.password_requests (email, language, share)
	VALUES (v_email, left(request_password_reset.language, 20), v_share);
	PERFORM voiceagent_private.request_job('mail_password_links', voiceagent.clock());
END
$$;
COMMENT ON FUNCTION voiceagent.request_password_reset(text, text) IS
	E'Mails a link to set a new password, good for an hour, to the member of this address, of each tenant that it is '
	'one of (at most ten); a second one within five minutes is not sent, nor a sixth one within a day.\n'
	'For everybody; it answers the same whether the address is known or not, before that is looked up. '
	'PT429 where 20 addresses of one network or login role, or 1,000 of all visitors, wait.';

CREATE FUNCTION voiceagent_private.mail_password_links(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_asked record;
	v_login record;
	c_lasts CONSTANT interval := '1 hour';
	c_rest CONSTANT interval := '5 minutes';
	c_logins CONSTANT integer := 10;
	c_a_day CONSTANT integer := 5;
BEGIN
	FOR v_asked IN
		DELETE FROM voiceagent_private.password_requests r WHERE r.password_request_id IN (
			SELECT o.password_request_id FROM voiceagent_private.password_requests o
			-- In turns: the first of each.
			ORDER BY (SELECT count(*) FROM voiceagent_private.password_requests b WHERE b.share = o.share
				AND b.password_request_id < o.password_request_id), o.password_request_id
			LIMIT max FOR UPDATE SKIP LOCKED)
		RETURNING r.email, r.language
	LOOP
		FOR v_login IN SELECT l.tenant_id, l.member_id FROM voiceagent_private.member_logins l
			WHERE l.email = v_asked.email
				AND NOT EXISTS (SELECT FROM voiceagent_private.password_links p WHERE p.tenant_id = l.tenant_id
					AND p.member_id = l.member_id AND p.kind = 'password_reset' AND p.created_at > v_now - c_rest)
			ORDER BY l.tenant_id LIMIT c_logins
		LOOP
			PERFORM voiceagent_private.set_tenant(v_login.tenant_id);
			BEGIN
				PERFORM voiceagent_private.mail_password_link(v_login.member_id, 'password_reset', c_lasts, '{}',
					v_asked.language)
				FROM voiceagent.members m WHERE m.tenant_id = v_login.tenant_id AND m.member_id = v_login.member_id
					AND m.active AND (SELECT count(*) FROM voiceagent.mails s WHERE s.tenant_id = v_login.tenant_id
						AND s.kind = 'password_reset' AND s.recipient = v_asked.email
						AND s.created_at > v_now - interval '1 day') < c_a_day;
			EXCEPTION WHEN OTHERS THEN
				-- One's trouble, such as an address that no mail goes to, is not the next one's.
				RAISE LOG 'no password reset for member % of tenant %: %', v_login.member_id, v_login.tenant_id,
					SQLERRM;
			END;
		END LOOP;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN CASE WHEN EXISTS (SELECT FROM voiceagent_private.password_requests) THEN voiceagent.clock()
		ELSE 'infinity' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_password_links(integer) IS
	'Maintenance job: mails links to those that have forgotten their passwords, as request_password_reset() says.';
SELECT voiceagent_private.register_job('mail_password_links', 100);

CREATE FUNCTION voiceagent.set_password(token text, new_password text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_link voiceagent_private.password_links;
	v_before text[];
BEGIN
	PERFORM voiceagent_private.hide_query('set_password');
	PERFORM voiceagent_private.require_post('a new password', 'password');
	PERFORM voiceagent_private.check_password(new_password);
	DELETE FROM voiceagent_private.password_links l WHERE l.token_hash = sha256(convert_to(coalesce(token, ''), 'UTF8'))
	RETURNING l.* INTO v_link;
	PERFORM voiceagent_private.fail_if(NOT FOUND OR v_link.expires_at < voiceagent.clock(), 'PT401',
		'the link is not good any more', NULL,
		'It is good once, and for its time: request_password_reset() mails another.');
	DELETE FROM voiceagent_private.password_links l
	WHERE l.tenant_id = v_link.tenant_id AND l.member_id = v_link.member_id;
	v_before := voiceagent_private.begin_link(v_link.tenant_id);
	PERFORM voiceagent_private.set_login_password(v_link.tenant_id, v_link.member_id, new_password);
	PERFORM voiceagent_private.prove_address(v_link.member_id);
	PERFORM voiceagent_private.audit('set_password', 'member ' || v_link.member_id, NULL, NULL);
	PERFORM voiceagent_private.end_sessions_of(v_link.member_id);
	PERFORM voiceagent_private.end_link(v_before);
END
$$;
COMMENT ON FUNCTION voiceagent.set_password(text, text) IS
	E'Sets the password of the member to whom a link was mailed (invite_member(), request_password_reset()), which '
	'ends its sessions; token: the link''s end.\n'
	'For everybody who has one. PT401 when it was used or has run out, PT422 for a bad password.';

CREATE FUNCTION voiceagent_private.address_of_link(member_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN (SELECT format('%s %s %s', v_tenant, m.member_id, m.email) FROM voiceagent.members m
		WHERE m.tenant_id = v_tenant AND m.member_id = address_of_link.member_id AND m.active);
END
$$;
COMMENT ON FUNCTION voiceagent_private.address_of_link(bigint) IS
	'The text that is signed for a member of the current tenant, to prove that it reads the mail to its address.';

CREATE FUNCTION voiceagent.mail_address_link(language text DEFAULT 'en') RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('viewer');
	v_member bigint := voiceagent_private.calling_member();
	v_email text;
	v_until bigint := extract(epoch FROM voiceagent.clock() + interval '1 day')::bigint;
	v_links text := rtrim(voiceagent_private.platform_setting('mail_links'), '/');
	c_a_day CONSTANT integer := 5;
BEGIN
	-- One after the other, so that no two count the same ones.
	SELECT m.email INTO v_email FROM voiceagent.members m
	WHERE m.tenant_id = v_tenant AND m.member_id = v_member FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_a_day FROM voiceagent.mails s WHERE s.tenant_id = v_tenant
		AND s.kind = 'confirm_address' AND s.recipient = lower(v_email)
		AND s.created_at > voiceagent.clock() - interval '1 day'), 'PT429', 'too many links within a day', NULL,
		'Try again tomorrow.');
	PERFORM voiceagent_private.enqueue_mail(v_email, 'confirm_address', '{}', language,
		concat(nullif(v_links, '') || '/#/confirm/', format('%s-%s-%s-%s', v_tenant, v_member, v_until,
			voiceagent_private.sign_link('address', v_until, voiceagent_private.address_of_link(v_member)))));
END
$$;
COMMENT ON FUNCTION voiceagent.mail_address_link(text) IS
	E'Mails the calling member a link by which it proves its address, good for a day, for confirm_address().\n'
	'language: en, es, fr, de. PT403 for what is no member, PT422, PT429 for a sixth within a day.';

CREATE FUNCTION voiceagent.confirm_address(token text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v text[] := regexp_match(token, '^(\d{1,18})-(\d{1,18})-(\d{1,12})-([0-9a-f]{64})$');
	v_before text[];
	v_email text;
BEGIN
	PERFORM voiceagent_private.hide_query('confirm_address');
	PERFORM voiceagent_private.require_post('a confirmation', 'link');
	v_before := voiceagent_private.begin_link(greatest(v[1]::bigint, 1));
	IF v[3]::bigint > extract(epoch FROM voiceagent.clock())
		AND voiceagent_private.is_signed_link('address', v[3]::bigint,
			voiceagent_private.address_of_link(v[2]::bigint), v[4]) THEN
		PERFORM voiceagent_private.prove_address(v[2]::bigint);
		v_email := voiceagent_private.member_email(v[2]::bigint);
	END IF;
	PERFORM voiceagent_private.end_link(v_before);
	PERFORM voiceagent_private.fail_if(v_email IS NULL, 'PT401', 'the link is not good any more', NULL,
		'It is good for a day: mail_address_link() mails another.');
	RETURN v_email;
END
$$;
COMMENT ON FUNCTION voiceagent.confirm_address(text) IS
	E'Proves the mail address of the member to whom mail_address_link() has mailed this -> the address, to which '
	'notices are mailed from now on.\n'
	'For everybody who has the link. PT401, PT405.';
