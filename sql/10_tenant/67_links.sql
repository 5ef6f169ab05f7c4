/*
 * 10_tenant: signed links, which whoever has them may follow.
 *
 * A link names its tenant, what it leads to, its holder (a member, an API key
 * as k7, the staff that acts as the tenant as s7, 0: none of them) and its end.
 * Signed are these, the purpose, the database and the key, and the holder's
 * session: a new password ends a member's links, and stop_acting() the staff's.
 */

CREATE FUNCTION voiceagent_private.sign_link(purpose text, until bigint, value text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_sign_link';
COMMENT ON FUNCTION voiceagent_private.sign_link(text, bigint, text) IS
	'The signature of a link in this database, good until (seconds since 1970), by the key that signs tokens; an error '
	'where there is none.';

CREATE FUNCTION voiceagent_private.is_signed_link(purpose text, until bigint, value text, signature text)
	RETURNS boolean
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_signed_link';
COMMENT ON FUNCTION voiceagent_private.is_signed_link(text, bigint, text, text) IS
	'Whether sign_link() gives, or with an older key gave, this signature; compared in constant time.';

CREATE FUNCTION voiceagent_private.sign_file(value text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_sign_file';
COMMENT ON FUNCTION voiceagent_private.sign_file(text) IS
	'"KEY SIGNATURE" of a text in hexadecimal digits, by Ed25519: anybody can check it with the key, which is that of '
	'this database and follows from the key that signs tokens; an error where there is none.';

CREATE FUNCTION voiceagent_private.link_holder(holder text) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN CASE WHEN holder = '0' THEN holder
		WHEN holder ~ '^k' THEN (SELECT holder FROM voiceagent.api_keys k WHERE k.tenant_id = v_tenant
			AND k.api_key_id = substr(holder, 2)::bigint AND k.revoked_at IS NULL)
		WHEN holder ~ '^s' THEN (SELECT format('%s in session %s', holder, encode(x.session_hash, 'hex'))
			FROM voiceagent_private.staff_sessions x JOIN voiceagent_private.staff s USING (staff_id)
			WHERE x.staff_id = substr(holder, 2)::bigint AND x.acts_as = v_tenant AND s.active
				AND x.expires_at > statement_timestamp() ORDER BY x.expires_at, x.session_hash LIMIT 1)
		ELSE (SELECT format('%s in session %s', holder, m.session_version) FROM voiceagent.members m
			WHERE m.tenant_id = v_tenant AND m.member_id = holder::bigint AND m.active) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.link_holder(text) IS
	'The holder of a link of the current tenant as the link''s signature covers it; NULL: it is no member, its key is '
	'revoked, or its visit is over.';

CREATE FUNCTION voiceagent_private.signed_link(purpose text, id bigint, lifetime interval,
	most timestamptz DEFAULT 'infinity') RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_holder text := (SELECT coalesce(c.member_id::text, 'k' || substring(c.subject FROM '^API key (\d{1,18})$'),
		's' || voiceagent_private.acting_staff(), '0') FROM voiceagent_private.caller() c);
	v_until bigint;
BEGIN
	IF lifetime IS NULL OR lifetime NOT BETWEEN interval '1 second' AND interval '7 days' THEN
		PERFORM voiceagent_private.fail('PT422', 'lifetime must be from 1 second to 7 days');
	ELSIF voiceagent_private.link_holder(v_holder) IS NULL THEN
		PERFORM voiceagent_private.fail('PT403', 'the API key is revoked, or the visit is over');
	END IF;
	v_until := ceil(extract(epoch FROM least(voiceagent.clock() + lifetime, most)))::bigint;
	RETURN format('%s-%s-%s-%s-%s', voiceagent.current_tenant(), id, v_holder, v_until,
		voiceagent_private.sign_link(purpose, v_until, format('%s-%s-%s', voiceagent.current_tenant(), id,
			voiceagent_private.link_holder(v_holder))));
END
$$;
COMMENT ON FUNCTION voiceagent_private.signed_link(text, bigint, interval, timestamptz) IS
	E'A link of the caller to something of the current tenant, for opened_link().\n'
	'It ends after lifetime (1 second to 7 days), most at the latest. PT403, PT422.';

CREATE FUNCTION voiceagent_private.opened_link(purpose text, link text) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v text[] := regexp_match(link, '^(\d{1,18})-(\d{1,18})-([ks]?\d{1,18})-(\d{1,18})-([0-9a-f]{64})$');
BEGIN
	IF v[1]::bigint = voiceagent.current_tenant() AND v[4]::bigint > extract(epoch FROM voiceagent.clock())
		AND voiceagent_private.is_signed_link(purpose, v[4]::bigint,
			format('%s-%s-%s', v[1], v[2], voiceagent_private.link_holder(v[3])), v[5])
		-- format() takes NULL for an empty text.
		AND voiceagent_private.link_holder(v[3]) IS NOT NULL THEN
		RETURN v[2];
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.opened_link(text, text) IS
	'The id to which a link of the tenant leads; NULL: it has another purpose, or its time, member or key is over.';

CREATE FUNCTION voiceagent_private.appointment_link(appointment_id bigint, sequence integer, until bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_links text := rtrim(voiceagent_private.platform_setting('mail_links'), '/');
	v_what text := format('%s-%s-%s', voiceagent.current_tenant(), appointment_id, sequence);
BEGIN
	RETURN CASE WHEN v_links <> '' THEN format('%s/a/%s-%s-%s', v_links, v_what, until,
		voiceagent_private.sign_link('appointment', until, v_what)) END;
EXCEPTION WHEN object_not_in_prerequisite_state THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.appointment_link(bigint, integer, bigint) IS
	E'The address at which a lead moves or cancels an appointment of the current tenant, for open_appointment_link().\n'
	'Signed with its sequence, so that whatever changes the appointment ends the link. NULL without mail_links, or '
	'a key to sign with.';
