/*
 * 10_tenant: the people of the platform, apart from all tenants' members.
 *
 * A token of theirs names no tenant, and proves a session by a random number
 * (its jti): the session's row says whose it is and until when, so a row that is
 * gone ends the token at once, and no other issuer's key can make one.  Their
 * role in the database, voiceagent_staff, has no right but to functions; these
 * ask require_platform(), and what it does not know is refused.
 */

CREATE TABLE voiceagent_private.staff (
	staff_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	email text NOT NULL UNIQUE CHECK (email ~ '^[^@\s]+@[^@\s]+$' AND length(email) <= 254),
	roles text[] NOT NULL CHECK (roles <@ '{support,finance,operator,owner}' AND roles <> '{}'),
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL,
	invitation_hash bytea UNIQUE,
	invited_until timestamptz,
	password_hash text,
	second_secret bytea,
	last_step bigint NOT NULL DEFAULT 0,
	origins text[] NOT NULL DEFAULT '{}',
	sign_on_subject text UNIQUE,
	moved numeric NOT NULL DEFAULT 0,
	moved_on date
);
COMMENT ON TABLE voiceagent_private.staff IS 'The people of the platform who may log in: add_staff().';
COMMENT ON COLUMN voiceagent_private.staff.invitation_hash IS 'SHA-256 of an invitation that was not used.';
COMMENT ON COLUMN voiceagent_private.staff.password_hash IS 'As in member_logins; NULL: never set.';
COMMENT ON COLUMN voiceagent_private.staff.second_secret IS
	'The secret of its one-time passwords, as wrap_secret() keeps it.';
COMMENT ON COLUMN voiceagent_private.staff.last_step IS 'Step of the last one-time password: none is good twice.';
COMMENT ON COLUMN voiceagent_private.staff.origins IS 'Addresses of the last ten logins.';
COMMENT ON COLUMN voiceagent_private.staff.sign_on_subject IS
	'The account at the staff''s provider, since it first logged in there.';
COMMENT ON COLUMN voiceagent_private.staff.moved IS 'Credits that it gave and took alone on that day: weigh_deed().';
SELECT voiceagent_private.guard_table('voiceagent_private.staff', 'platform');

CREATE TABLE voiceagent_private.staff_sessions (
	session_hash bytea PRIMARY KEY,
	staff_id bigint NOT NULL REFERENCES voiceagent_private.staff ON DELETE CASCADE,
	expires_at timestamptz NOT NULL,
	acts_as bigint
);
COMMENT ON TABLE voiceagent_private.staff_sessions IS
	'Sessions of the staff by the SHA-256 of what their tokens carry; without its row a token proves nothing.';
COMMENT ON COLUMN voiceagent_private.staff_sessions.acts_as IS
	'The tenant as which act_as_tenant() lets it read or act; NULL: it is one of the staff.';
COMMENT ON COLUMN voiceagent_private.staff_sessions.expires_at IS 'By the server''s clock, as its token.';
SELECT voiceagent_private.guard_table('voiceagent_private.staff_sessions', 'platform');
CREATE INDEX staff_sessions_staff ON voiceagent_private.staff_sessions (staff_id);

CREATE FUNCTION voiceagent_private.calling_staff() RETURNS voiceagent_private.staff
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- The number in it is the proof; that of another role of the session is none.
	v_claims json := CASE WHEN session_user IN ('voiceagent_api', current_setting('voiceagent.authenticator'))
		THEN nullif(current_setting('request.jwt.claims', true), '')::json END;
	v_staff voiceagent_private.staff;
BEGIN
	SELECT s.* INTO v_staff FROM voiceagent_private.staff_sessions x JOIN voiceagent_private.staff s USING (staff_id)
	WHERE x.session_hash = sha256(convert_to(v_claims ->> 'jti', 'UTF8')) AND x.expires_at > statement_timestamp()
		AND x.acts_as IS NULL AND s.active;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT401', 'this session has ended, or is not of the staff', NULL,
		'Log in with staff_login().');
	RETURN v_staff;
END
$$;
COMMENT ON FUNCTION voiceagent_private.calling_staff() IS
	'Who of the staff has shown a token of a session that lasts; PT401: none.';

CREATE FUNCTION voiceagent_private.staff_words(staff voiceagent_private.staff) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.format('staff %s (%s)', (staff).staff_id, pg_catalog.array_to_string((staff).roles, ', '));
COMMENT ON FUNCTION voiceagent_private.staff_words(voiceagent_private.staff) IS
	'Somebody of the staff as tenants read of it: a number and roles, no address.';

CREATE FUNCTION voiceagent_private.may_as_platform(action text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_staff voiceagent_private.staff;
	v_words text;
BEGIN
	-- Not is_platform(): that says whether a right was found, and this may be another action.
	IF pg_catalog.current_setting('role') <> 'voiceagent_staff' THEN
		RETURN voiceagent_private.is_platform();
	END IF;
	v_staff := voiceagent_private.calling_staff();
	IF NOT EXISTS (SELECT FROM voiceagent_private.staff_rights() r
		WHERE r.action = may_as_platform.action AND r.roles && v_staff.roles) THEN
		RETURN false;
	END IF;
	v_words := voiceagent_private.staff_words(v_staff);
	-- A deed with a second person goes on with both names.
	IF NOT pg_catalog.starts_with(pg_catalog.current_setting('voiceagent.context_staff'), v_words) THEN
		PERFORM voiceagent_private.set_staff(v_words);
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.may_as_platform(text) IS
	E'Whether the caller is the platform, or somebody of its staff whose roles have the right to an action of '
	'staff_rights(); is_platform() holds then, until the transaction ends.\n'
	'PT401 for a token of the staff whose session has ended.';

CREATE FUNCTION voiceagent_private.weigh_deed(credits numeric) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_who text := current_setting('voiceagent.context_staff');
	v_alone numeric := voiceagent_private.platform_setting('staff_credits_alone');
	v_today date := (voiceagent.clock() AT TIME ZONE 'UTC')::date;
	v_moved numeric;
	v_staff voiceagent_private.staff;
BEGIN
	IF v_who = '' OR v_who LIKE '% for %' THEN
		RETURN;
	END IF;
	v_staff := voiceagent_private.calling_staff();
	UPDATE voiceagent_private.staff s
	SET moved = CASE WHEN s.moved_on = v_today THEN s.moved ELSE 0 END + abs(credits), moved_on = v_today
	WHERE s.staff_id = v_staff.staff_id RETURNING s.moved INTO v_moved;
	PERFORM voiceagent_private.fail_if(v_moved > v_alone, 'PT409', 'this takes a second person',
		format('One gives and takes at most %s credits a day alone (setting staff_credits_alone); with this %s.',
			v_alone, trim_scale(v_moved)), 'Ask for one with ask_second().');
END
$$;
COMMENT ON FUNCTION voiceagent_private.weigh_deed(numeric) IS
	E'Counts credits that the caller gives or takes, if it is of the staff: above the setting staff_credits_alone in a '
	'day of UTC it takes a second person (PT409), who is named in voiceagent.context_staff.\n'
	'Many small ones weigh as one that is large.';

CREATE FUNCTION voiceagent_private.require_platform(action text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.may_as_platform(action), 'insufficient_privilege',
		pg_catalog.format('permission denied to %s', action), NULL,
		coalesce('It takes the staff''s role ' || (SELECT pg_catalog.array_to_string(r.roles, ' or ')
			FROM voiceagent_private.staff_rights() r WHERE r.action = require_platform.action
				AND pg_catalog.current_setting('role') = 'voiceagent_staff') || '.',
			'It takes a member of voiceagent_admin, or a superuser.'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_platform(text) IS
	'Raises 42501 unless may_as_platform(action); action completes "permission denied to".';
