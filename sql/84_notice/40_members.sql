-- 84_notice: what members read, mark as read, and wish for.

CREATE FUNCTION voiceagent_private.own_member() RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := (voiceagent_private.caller()).member_id;
BEGIN
	PERFORM voiceagent_private.writer_tenant('viewer');
	PERFORM voiceagent_private.fail_if(v_member IS NULL, 'PT403', 'notices are those of a member', NULL,
		'Log in as one: a key and a database role stand for the whole tenant.');
	RETURN v_member;
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_member() IS 'The member that calls; PT403 for what is none.';

CREATE FUNCTION voiceagent.my_notices(unread_only boolean DEFAULT true, max_notices integer DEFAULT 50,
	language text DEFAULT NULL)
	RETURNS TABLE (member_notice_id bigint, kind text, at timestamptz, title text, who text, page text,
		read_at timestamptz)
	LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET planner.policy = in_order
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member bigint := voiceagent_private.own_member();
	v_wishes voiceagent.notice_wishes := voiceagent_private.member_wishes(v_member);
BEGIN
	RETURN QUERY SELECT n.member_notice_id, n.kind, n.at, voiceagent_private.notice_title(n.kind,
			coalesce(language, v_wishes.language), n.detail, v_wishes.timezone),
		voiceagent_private.notice_who(n), n.page, n.marked_at
	FROM voiceagent.member_notices n
	WHERE n.tenant_id = v_tenant AND n.member_id = v_member AND (n.marked_at IS NULL OR unread_only IS FALSE)
	ORDER BY n.member_notice_id DESC LIMIT greatest(least(coalesce(max_notices, 50), 1000), 0);
END
$$;
COMMENT ON FUNCTION voiceagent.my_notices(boolean, integer, text) IS
	E'The calling member''s notices, the newest first (at most 1000), in its language, or the one that is given: title '
	'in one line; who: of whom it is, and what they want; page: of the console.\n'
	'unread_only false: also what it has read. PT403 for what is no member.';

CREATE FUNCTION voiceagent.read_notices(member_notice_ids bigint[] DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := voiceagent_private.own_member();
	v_read integer;
BEGIN
	UPDATE voiceagent.member_notices n SET marked_at = voiceagent.clock()
	WHERE n.tenant_id = voiceagent.current_tenant() AND n.member_id = v_member AND n.marked_at IS NULL
		AND (member_notice_ids IS NULL OR n.member_notice_id = ANY (member_notice_ids));
	GET DIAGNOSTICS v_read = ROW_COUNT;
	RETURN v_read;
END
$$;
COMMENT ON FUNCTION voiceagent.read_notices(bigint[]) IS
	E'Notes that the calling member has read these of its notices (NULL: all) -> how many it had not.\n'
	'A notice that is read before its mail or digest leaves is not in it. PT403 for a caller that is no member.';

CREATE FUNCTION voiceagent.set_notices(kinds jsonb DEFAULT NULL, language text DEFAULT NULL, timezone text DEFAULT NULL,
	quiet_from time DEFAULT NULL, quiet_to time DEFAULT NULL, digest_at time DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint := voiceagent_private.own_member();
	v_old voiceagent.notice_wishes := voiceagent_private.member_wishes(v_member);
	v record;
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(kinds) <> 'object', 'PT422', 'kinds is an object', NULL,
		'For example {"offer": ["mail", "text"], "appointment": ["digest"], "message": []}.');
	FOR v IN SELECT k.key, k.value FROM jsonb_each(kinds) k LOOP
		PERFORM voiceagent_private.fail_if(voiceagent_private.notice_word(v.key, 'en', false) IS NULL, 'PT422',
			format('there is no kind of notice "%s"', left(v.key, 60)));
		PERFORM voiceagent_private.fail_if(jsonb_typeof(v.value) NOT IN ('array', 'null')
			OR NOT v.value <@ '["mail", "digest", "text"]', 'PT422', 'a kind has a list of mail, digest and text', NULL,
			'An empty list leaves it to the page; null asks for the default again.');
	END LOOP;
	PERFORM voiceagent_private.fail_if(coalesce(language, 'en') NOT IN ('en', 'es', 'fr', 'de'), 'PT422',
		'notices are written in en, es, fr or de');
	PERFORM voiceagent_private.fail_if(timezone <> '' AND NOT voiceagent_private.is_timezone(timezone), 'PT422',
		format('"%s" is no time zone', left(timezone, 60)));
	PERFORM voiceagent_private.fail_if((quiet_from IS NULL) <> (quiet_to IS NULL), 'PT422',
		'quiet hours have a begin and an end', NULL, 'The same time twice: none.');
	INSERT INTO voiceagent.notice_wishes (tenant_id, member_id, kinds, language, timezone, quiet_from, quiet_to,
		digest_at)
	VALUES (voiceagent.current_tenant(), v_member, jsonb_strip_nulls(v_old.kinds || coalesce(kinds, '{}')),
		coalesce(set_notices.language, v_old.language),
		nullif(coalesce(set_notices.timezone, v_old.timezone), ''),
		CASE WHEN set_notices.quiet_from IS NULL THEN v_old.quiet_from
			WHEN set_notices.quiet_from <> set_notices.quiet_to THEN set_notices.quiet_from END,
		CASE WHEN set_notices.quiet_from IS NULL THEN v_old.quiet_to
			WHEN set_notices.quiet_from <> set_notices.quiet_to THEN set_notices.quiet_to END,
		coalesce(set_notices.digest_at, v_old.digest_at))
	ON CONFLICT ON CONSTRAINT notice_wishes_pkey DO UPDATE SET kinds = excluded.kinds, language = excluded.language,
		timezone = excluded.timezone, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
		digest_at = excluded.digest_at;
END
$$;
COMMENT ON FUNCTION voiceagent.set_notices(jsonb, text, text, time, time, time) IS
	E'How the calling member wants its notices; NULL leaves it as it is.\n'
	'kinds: {"offer": ["mail", "text"], "appointment": ["digest"], "message": []}, null for the default; timezone: '
	'''''for the tenant''s; quiet_from, quiet_to: when nothing leaves the page, the same twice for never. PT403 for '
	'what is no member, PT422.';

CREATE FUNCTION voiceagent.set_notice_phone(phone text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member bigint := voiceagent_private.own_member();
	v_now timestamptz := voiceagent.clock();
	v_phone text := voiceagent_private.told_number(phone);
	v_code text;
	v_key text := format('notice_code:%s:%s', v_member, voiceagent_private.random_token());
	c_lasts CONSTANT interval := '10 minutes';
	c_a_day CONSTANT integer := 5;
BEGIN
	IF v_phone IS NULL THEN
		UPDATE voiceagent.notice_wishes w SET phone = NULL WHERE w.tenant_id = v_tenant AND w.member_id = v_member;
		DELETE FROM voiceagent_private.notice_codes c WHERE c.tenant_id = v_tenant AND c.member_id = v_member;
		RETURN;
	END IF;
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.text_senders t WHERE t.tenant_id = v_tenant
		AND t.state = 'registered'), 'PT409', 'the code cannot be sent: this workspace has no number for texts', NULL,
		'set_text_sender() registers one.');
	-- One after the other, so that no two count the same ones.
	PERFORM FROM voiceagent.members m WHERE m.tenant_id = v_tenant AND m.member_id = v_member FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if((SELECT count(*) >= c_a_day FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
		AND t.kind = 'notice_code' AND t.created_at > v_now - interval '1 day'
		AND (t.phone = v_phone OR t.about_id = v_member)), 'PT429',
		'too many codes within a day', NULL, 'Try again tomorrow.');
	v_code := voiceagent_private.random_code();
	INSERT INTO voiceagent_private.notice_codes (tenant_id, member_id, phone, code, key, expires_at)
	VALUES (v_tenant, v_member, v_phone, v_code, v_key, v_now + c_lasts)
	ON CONFLICT ON CONSTRAINT notice_codes_pkey DO UPDATE SET phone = excluded.phone, code = excluded.code,
		key = excluded.key, tries = 0, expires_at = excluded.expires_at;
	PERFORM voiceagent_private.queue_text('notice_code', v_phone, '{{code}} is your code for notices.', v_key,
		about => v_member);
END
$$;
COMMENT ON FUNCTION voiceagent.set_notice_phone(phone text) IS
	E'Sends a code to a number of the calling member, for confirm_notice_phone(); NULL: no more texts.\n'
	'The code is good for ten minutes. PT403 for what is no member, PT409 where the tenant sends no texts, PT422 for '
	'no number, PT429 for a sixth code within a day.';

CREATE FUNCTION voiceagent.confirm_notice_phone(code text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_member bigint;
	v voiceagent_private.notice_codes;
	c_tries CONSTANT integer := 5;
BEGIN
	PERFORM voiceagent_private.hide_query('confirm_notice_phone');
	v_tenant := voiceagent.current_tenant();
	v_member := voiceagent_private.own_member();
	SELECT c.* INTO v FROM voiceagent_private.notice_codes c
	WHERE c.tenant_id = v_tenant AND c.member_id = v_member FOR UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND OR v.tries >= c_tries OR v.expires_at < voiceagent.clock(), 'PT409',
		'no code is good any more', NULL, 'set_notice_phone() sends another.');
	IF v.code <> coalesce(btrim(confirm_notice_phone.code), '') THEN
		-- No error, which would take the count back.
		UPDATE voiceagent_private.notice_codes c SET tries = c.tries + 1
		WHERE c.tenant_id = v_tenant AND c.member_id = v_member;
		RETURN false;
	END IF;
	DELETE FROM voiceagent_private.notice_codes c WHERE c.tenant_id = v_tenant AND c.member_id = v_member;
	INSERT INTO voiceagent.notice_wishes (tenant_id, member_id, phone) VALUES (v_tenant, v_member, v.phone)
	ON CONFLICT ON CONSTRAINT notice_wishes_pkey DO UPDATE SET phone = excluded.phone;
	-- The tenant can read the sandbox's mails, and so it can at an address of its own.
	PERFORM voiceagent_private.business_proved('it has proved a number') WHERE EXISTS (SELECT FROM voiceagent.texts t
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = t.provider_account_id
		WHERE t.tenant_id = v_tenant AND t.key = v.key AND a.provider <> 'sandbox' AND a.base_url IS NULL
			AND coalesce(a.moved_at, '-infinity') < t.created_at);
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent.confirm_notice_phone(code text) IS
	E'Proves the number that a code was sent to: texts with notices go there -> false for another code, of which five '
	'end it.\n'
	'PT403 for what is no member, PT409 where no code is good any more.';

CREATE FUNCTION voiceagent.notice_settings(language text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member bigint := voiceagent_private.own_member();
	w voiceagent.notice_wishes := voiceagent_private.member_wishes(v_member);
	v_language text := CASE WHEN language IN ('en', 'es', 'fr', 'de', 'it') THEN language ELSE w.language END;
	v_mails boolean := voiceagent_private.setting_text('notices_by_mail')::boolean;
	m voiceagent.members;
	v_kinds text[] := '{message,offer,viewing,appointment,missed_call,call_back,task,overdue,campaign,balance,approval,'
		'carrier,calendar,condition,ticket}'::text[] || CASE WHEN v_tenant::text
			= voiceagent_private.platform_setting('staff_tenant') THEN '{ticket_waits,invariant}'::text[] END;
BEGIN
	SELECT o.* INTO m FROM voiceagent.members o WHERE o.tenant_id = v_tenant AND o.member_id = v_member;
	RETURN to_jsonb(w) - '{tenant_id,member_id}'::text[] || jsonb_build_object('email', m.email, 'no_mail_because',
		CASE WHEN m.email_proved_at IS NULL THEN 'not_confirmed'
			WHEN EXISTS (SELECT FROM voiceagent.mail_suppressions s WHERE s.tenant_id = v_tenant
				AND s.address = lower(m.email)) THEN 'suppressed' END,
		'kinds', (SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'name',
				voiceagent_private.notice_word(k.kind, v_language, true), 'by', CASE WHEN w.kinds ? k.kind
				THEN w.kinds -> k.kind WHEN v_mails
				THEN to_jsonb(voiceagent_private.notice_default(k.kind, m.role, false)) ELSE '[]' END) ORDER BY k.n)
			FROM unnest(v_kinds) WITH ORDINALITY k(kind, n)));
END
$$;
COMMENT ON FUNCTION voiceagent.notice_settings(text) IS
	E'How the calling member is told: notice_wishes, with kinds as [{kind, name, by}], by its wish or the default.\n'
	'email; no_mail_because: not_confirmed, suppressed (mails to the address came back, or are not wanted), NULL (they '
	'are sent). language of the names: en, es, fr, de, it; NULL: of the notices. PT403 for what is no member.';
