-- 82_mail: what is forgotten; what must hold.

CREATE FUNCTION voiceagent_private.erase_mails(mail_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- The queue first, as whoever sends them locks them.
	DELETE FROM voiceagent_private.mail_queue q WHERE q.tenant_id = v_tenant AND q.mail_id = ANY (mail_ids);
	-- An address that unsubscribed stays suppressed, as a number stays on the do-not-call list.
	DELETE FROM voiceagent_private.unsubscriptions u WHERE u.tenant_id = v_tenant AND u.mail_id = ANY (mail_ids);
	DELETE FROM voiceagent.mails m WHERE m.tenant_id = v_tenant AND m.mail_id = ANY (mail_ids);
	RETURN cardinality(mail_ids);
END
$$;
COMMENT ON FUNCTION voiceagent_private.erase_mails(bigint[]) IS
	'Forgets these mails of the current tenant, also those that wait; returns how many.';

CREATE FUNCTION voiceagent_private.mails_of_person(v voiceagent_private.person) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(SELECT m.mail_id FROM voiceagent.mails m
		WHERE m.tenant_id = voiceagent.current_tenant() AND m.lead_id = v.lead_id
		UNION SELECT o.mail_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT m.mail_id
			FROM voiceagent.mails m
			WHERE m.tenant_id = voiceagent.current_tenant() AND m.call_id = c.call_id OFFSET 0) o)
$$;
COMMENT ON FUNCTION voiceagent_private.mails_of_person(voiceagent_private.person) IS
	'The mails to a person of the current tenant, or about its calls.';
INSERT INTO voiceagent_private.registrations (kind, name, detail) VALUES ('person', 'mails_of_person', 'mails.mail_id');

CREATE FUNCTION voiceagent_private.check_mails() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'a mail waits in the queue exactly while it is queued', format('mail %s', coalesce(m.mail_id, q.mail_id))
	FROM (SELECT * FROM voiceagent.mails o
		WHERE o.tenant_id = voiceagent.current_tenant() AND o.status = 'queued') m
	FULL JOIN (SELECT * FROM voiceagent_private.mail_queue o WHERE o.tenant_id = voiceagent.current_tenant()) q
		ON q.mail_id = m.mail_id
	WHERE m.mail_id IS NULL OR q.mail_id IS NULL
$$;
COMMENT ON FUNCTION voiceagent_private.check_mails() IS 'Violations of the invariant of mails for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_mails');

CREATE FUNCTION voiceagent_private.mail_conditions(platform boolean) RETURNS SETOF voiceagent_private.condition
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_staff bigint := voiceagent_private.platform_setting('staff_tenant');
	v_was bigint;
BEGIN
	-- Signups, and notices of the staff: a person that waits for such a mail cannot say so.
	IF platform AND v_staff > 0 THEN
		v_was := voiceagent_private.set_tenant_for_reports(v_staff);
		RETURN QUERY SELECT 'problem',
			format('mails of the platform''s own tenant do not leave: %s in a day, the last: %s', count(*),
				 (array_agg(m.reason ORDER BY m.mail_id DESC))[1]), NULL::integer, NULL::timestamptz,
			NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::text, NULL::text, true
		FROM voiceagent.mails m
		WHERE m.tenant_id = v_staff AND m.created_at > voiceagent.clock() - interval '1 day'
			AND (m.status = 'failed' OR m.status = 'queued' AND m.tries > 1)
		HAVING count(*) > 0;
		PERFORM voiceagent_private.set_tenant_for_reports(v_was);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_conditions(boolean) IS
	'For status(): whether the mails of the platform''s own tenant leave.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('condition', 'mail_conditions');
