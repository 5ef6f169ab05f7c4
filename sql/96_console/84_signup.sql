/*
 * 96_console: businesses sign up by themselves, where the setting signup lets them.
 *
 * A tenant exists only after its mail is proved.  A business that the staff invited
 * begins as new; any other is refused real calls and texts until a number or a payment
 * is proved (business_proved() of 50_queue).  All strangers together weigh as one.
 */

CREATE TABLE voiceagent_private.signups (
	token_hash bytea PRIMARY KEY,
	email text,
	name text,
	timezone text,
	plan_id bigint REFERENCES voiceagent.plans,
	uses integer NOT NULL DEFAULT 1,
	link_hash bytea,
	share text,
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.signups IS
	'Who is about to sign up, by what was mailed; without an address: a link of the staff''s for whoever has it, or '
	'one that was asked for again too soon.';
COMMENT ON COLUMN voiceagent_private.signups.plan_id IS 'The plan that it is invited to; NULL: any.';
COMMENT ON COLUMN voiceagent_private.signups.uses IS 'How many may still sign up by it.';
COMMENT ON COLUMN voiceagent_private.signups.link_hash IS 'The staff''s link that it came by; NULL: none.';
COMMENT ON COLUMN voiceagent_private.signups.share IS 'As stranger_share(); NULL: the staff invited it.';
CREATE INDEX signups_created ON voiceagent_private.signups (created_at);
CREATE INDEX signups_expires ON voiceagent_private.signups (expires_at);
SELECT voiceagent_private.guard_table('voiceagent_private.signups', 'platform', 'WHERE false');

CREATE FUNCTION voiceagent_private.add_signup(signup voiceagent_private.signups, lasts interval, language text)
	RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_token text := CASE WHEN signup.email IS NULL THEN 'i' ELSE 'm' END || voiceagent_private.random_token();
	v_staff bigint := voiceagent_private.platform_setting('staff_tenant');
	v_links text := rtrim(voiceagent_private.platform_setting('mail_links'), '/');
	v_link text := concat(v_links, '/#/signup/', v_token);
	v_who text := current_setting('voiceagent.context_staff');
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.fail_if(v_staff = 0 OR v_links = '', 'PT409', 'nobody can sign up here yet', NULL,
		'The platform sets staff_tenant, whose mails these are, and mail_links, where they lead, first.');
	signup.created_at := voiceagent.clock();
	signup.expires_at := signup.created_at + lasts;
	signup.token_hash := sha256(convert_to(v_token, 'UTF8'));
	INSERT INTO voiceagent_private.signups (token_hash, email, name, timezone, plan_id, uses, link_hash, share,
		created_at, expires_at)
	VALUES (signup.token_hash, signup.email, signup.name, signup.timezone, signup.plan_id, signup.uses,
		signup.link_hash, signup.share, signup.created_at, signup.expires_at);
	PERFORM voiceagent_private.request_job('forget_signups', signup.expires_at + interval '1 day');
	IF signup.email IS NOT NULL THEN
		-- By the mail server of the platform's own tenant.
		PERFORM voiceagent_private.set_staff(coalesce(nullif(v_who, ''), 'signup'));
		v_was := voiceagent_private.set_existing_tenant(v_staff);
		PERFORM voiceagent_private.enqueue_mail(signup.email, 'signup', jsonb_build_object('until',
			to_char(signup.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')), language, v_link);
		PERFORM voiceagent_private.set_tenant(v_was);
		PERFORM voiceagent_private.set_staff(v_who);
	END IF;
	RETURN v_link;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_signup(voiceagent_private.signups, interval, text) IS
	'Notes who may sign up for so long -> the link, which is mailed if there is an address.';

CREATE FUNCTION voiceagent.invite_tenant(email text DEFAULT NULL, plan_id bigint DEFAULT NULL, uses integer DEFAULT 1,
	language text DEFAULT 'en') RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.signups;
	v_link text;
	c_lasts CONSTANT interval := '7 days';
BEGIN
	PERFORM voiceagent_private.require_platform('create a tenant');
	PERFORM voiceagent_private.fail_if(voiceagent_private.platform_setting('signup') = 'off', 'PT409',
		'nobody signs up here', NULL, 'The setting signup is off: set it to invited or open.');
	PERFORM voiceagent_private.fail_if(plan_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.plans p
		WHERE p.plan_id = invite_tenant.plan_id), 'PT404', 'there is no such plan');
	PERFORM voiceagent_private.fail_if(uses IS NULL OR uses NOT BETWEEN 1 AND 10000 OR email IS NOT NULL AND uses > 1,
		'PT422', 'a link is good for 1 to 10000, one that is mailed for one');
	v.email := CASE WHEN email IS NOT NULL THEN voiceagent_private.mail_address(email) END;
	v.plan_id := plan_id;
	v.uses := uses;
	v_link := voiceagent_private.add_signup(v, c_lasts, language);
	PERFORM voiceagent_private.audit_platform('invite_tenant', 'signup', NULL, jsonb_build_object('email', v.email,
		'plan_id', plan_id, 'uses', uses));
	-- The link proves an address, so it goes to that address alone.
	RETURN CASE WHEN v.email IS NULL THEN v_link END;
END
$$;
COMMENT ON FUNCTION voiceagent.invite_tenant(text, bigint, integer, text) IS
	E'Mails somebody a link to sign up as a tenant, or, without an address, -> a link for the first uses who prove '
	'theirs; good for seven days.\n'
	'plan_id: the plan that it leads to. For owners of the staff. PT404, PT409 while signup is off, or where '
	'staff_tenant or mail_links is not set, PT422.';

CREATE FUNCTION voiceagent.sign_up(email text, name text, timezone text DEFAULT 'UTC', language text DEFAULT 'en',
	invitation text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_way text := voiceagent_private.platform_setting('signup');
	v_link voiceagent_private.signups;
	v voiceagent_private.signups;
	c_of_one CONSTANT integer := 5;
	c_lasts CONSTANT interval := '1 day';
BEGIN
	PERFORM voiceagent_private.hide_query('sign_up');
	PERFORM voiceagent_private.require_post('a signup', 'address');
	SELECT s.* INTO v_link FROM voiceagent_private.signups s
	WHERE s.token_hash = sha256(convert_to(invitation, 'UTF8')) AND s.email IS NULL AND s.expires_at > v_now
		AND s.uses > 0 AND v_way <> 'off';
	PERFORM voiceagent_private.fail_if(invitation IS NOT NULL AND v_link.token_hash IS NULL, 'PT401',
		'the link is not good any more');
	PERFORM voiceagent_private.fail_if(invitation IS NULL AND v_way <> 'open', 'PT403',
		'one signs up here by an invitation alone');
	v.email := voiceagent_private.mail_address(email);
	v.name := voiceagent_private.ticket_words('the name', name, 200);
	-- Browsers have older names than the server.
	v.timezone := coalesce(voiceagent_private.timezone_name(timezone), timezone);
	PERFORM voiceagent_private.require_timezone(v.timezone);
	v.plan_id := v_link.plan_id;
	v.link_hash := v_link.token_hash;
	v.uses := 1;
	v.share := voiceagent_private.stranger_share();
	-- A session of its own could keep what follows from ending, and all others waiting.
	PERFORM voiceagent_private.fail_if(v.share NOT LIKE 'visitor %', 'PT403', 'one signs up at the page');
	-- One after the other, so that no two count the same ones.
	PERFORM pg_advisory_xact_lock(hashtext('voiceagent.sign_up'));
	-- First, or the answer would tell which addresses have signed up.  Strangers do not use up a link's places.
	PERFORM voiceagent_private.fail_if((SELECT count(*) FILTER (WHERE s.share = v.share) >= c_of_one
			OR count(*) FILTER (WHERE s.link_hash IS NOT DISTINCT FROM v.link_hash)
				>= voiceagent_private.platform_setting('signups_per_day')::integer
		FROM voiceagent_private.signups s WHERE s.created_at > v_now - c_lasts AND s.share IS NOT NULL), 'PT429',
		'too many sign up today', NULL, 'Try again tomorrow.');
	-- An address gets one mail an hour; a second request is answered and counted as the first.
	IF EXISTS (SELECT FROM voiceagent_private.signups s WHERE s.email = v.email
		AND s.created_at > v_now - interval '1 hour') THEN
		INSERT INTO voiceagent_private.signups (token_hash, uses, link_hash, share, created_at, expires_at)
		VALUES (sha256(convert_to(voiceagent_private.random_token(), 'UTF8')), 0, v.link_hash, v.share, v_now, v_now);
	ELSE
		PERFORM voiceagent_private.add_signup(v, c_lasts, language);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.sign_up(text, text, text, text, text) IS
	E'Mails a link by which confirm_signup() makes a tenant, good for a day, at most once an hour to an address; it '
	'answers the same whether that has a login or not.\n'
	'name: of the business; invitation: the end of a link of invite_tenant(). For everybody, where the setting signup '
	'is open, or with an invitation. PT401, PT403, PT409, PT422, PT429.';

CREATE FUNCTION voiceagent.confirm_signup(token text, password text, name text DEFAULT NULL,
	timezone text DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent_private.signups;
	v_way text := voiceagent_private.platform_setting('signup');
	v_open boolean;
	v_was bigint;
	v_tenant bigint;
	v_member bigint;
BEGIN
	PERFORM voiceagent_private.hide_query('confirm_signup');
	PERFORM voiceagent_private.require_post('a signup', 'password');
	PERFORM voiceagent_private.check_password(password);
	-- Used up, not gone: it counts for the day.
	UPDATE voiceagent_private.signups s SET uses = 0
	WHERE s.token_hash = sha256(convert_to(coalesce(token, ''), 'UTF8')) AND s.email IS NOT NULL AND s.uses > 0
	RETURNING s.* INTO v;
	v_open := v.share IS NOT NULL AND v.link_hash IS NULL;
	PERFORM voiceagent_private.fail_if(v.email IS NULL OR v.expires_at < voiceagent.clock() OR v_way = 'off'
		OR v_open AND v_way <> 'open', 'PT401', 'the link is not good any more', NULL,
		'It is good once, and for its time.');
	UPDATE voiceagent_private.signups s SET uses = s.uses - 1 WHERE s.token_hash = v.link_hash AND s.uses > 0;
	PERFORM voiceagent_private.fail_if(NOT FOUND AND v.link_hash IS NOT NULL, 'PT401', 'the link is not good any more',
		NULL, 'As many as it was for have signed up.');
	PERFORM voiceagent_private.set_staff('signup');
	v_was := voiceagent_private.set_tenant(0);
	v_tenant := voiceagent.create_tenant(coalesce(nullif(btrim(name), ''), v.name),
		coalesce(timezone, v.timezone, 'UTC'));
	v_member := voiceagent.create_member(v_tenant, v.email, password, 'owner');
	PERFORM voiceagent.set_tenant_standing(v_tenant, CASE WHEN v_open THEN 'refused' ELSE 'new' END,
		CASE WHEN v_open THEN voiceagent_private.unproved() ELSE 'it signed up by an invitation' END);
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM voiceagent_private.prove_address(v_member);
	PERFORM voiceagent_private.set_tenant(v_was);
	PERFORM voiceagent_private.set_staff('');
	RETURN jsonb_build_object('tenant_id', v_tenant, 'plan_id', v.plan_id);
END
$$;
COMMENT ON FUNCTION voiceagent.confirm_signup(text, text, text, text) IS
	E'Makes a tenant of whoever has a link that sign_up() or invite_tenant() mailed, with this password for its owner '
	'-> {"tenant_id", "plan_id"}; it begins as new, or, without an invitation, may use no real carrier until a number '
	'or a payment is proved.\n'
	'For everybody who has one. PT401, PT422 for a bad password or no name.';

SELECT voiceagent_private.make_forgetting('forget_signups', 'voiceagent_private.signups', 'expires_at');
