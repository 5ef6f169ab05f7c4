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
