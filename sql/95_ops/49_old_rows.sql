-- 95_ops: the rows of retention that go in the order of their times, which is not that of their ids.

CREATE FUNCTION voiceagent_private.delete_old_rows(class text, cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_removed integer;
BEGIN
	CASE class
		WHEN 'number_facts' THEN
			DELETE FROM voiceagent.number_facts f WHERE f.tenant_id = v_tenant AND f.ctid = ANY (ARRAY(
				SELECT o.ctid FROM voiceagent.number_facts o WHERE o.tenant_id = v_tenant AND o.stored_at < cutoff
					-- A list that is whole would clear those that it loses.
					AND NOT (o.kind = 'litigator' AND EXISTS (SELECT FROM voiceagent.litigator_lists l
						WHERE l.tenant_id = v_tenant AND l.source = o.source))
				ORDER BY o.stored_at LIMIT max));
		WHEN 'texts' THEN
			DELETE FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.ctid = ANY (ARRAY(
				SELECT o.ctid FROM voiceagent.texts o WHERE o.tenant_id = v_tenant AND o.created_at < cutoff
					AND o.status NOT IN ('waiting', 'sending', 'unknown')
					AND NOT EXISTS (SELECT FROM voiceagent.credit_holds h
						WHERE h.tenant_id = v_tenant AND h.hold_id = o.hold_id AND h.state = 'held')
				ORDER BY o.created_at LIMIT max));
		WHEN 'enrolments' THEN
			DELETE FROM voiceagent.sequence_enrolments e WHERE e.tenant_id = v_tenant AND e.enrolment_id = ANY (ARRAY(
				SELECT o.enrolment_id FROM voiceagent.sequence_enrolments o
				WHERE o.tenant_id = v_tenant AND o.ended_at < cutoff ORDER BY o.ended_at LIMIT max));
		WHEN 'intake' THEN
			DELETE FROM voiceagent.intake_requests r WHERE r.tenant_id = v_tenant AND r.ctid = ANY (ARRAY(
				SELECT o.ctid FROM voiceagent.intake_requests o
				WHERE o.tenant_id = v_tenant AND o.received_at < cutoff AND o.outcome <> 'waiting'
				ORDER BY o.received_at LIMIT max));
		WHEN 'provider_requests' THEN
			-- What is unknown waits for its end.
			DELETE FROM voiceagent.provider_requests e WHERE e.tenant_id = v_tenant AND e.provider_request_id = ANY (
				ARRAY(SELECT o.provider_request_id FROM voiceagent.provider_requests o
				WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff AND o.state <> 'unknown'
				ORDER BY o.done_at LIMIT max));
		WHEN 'model_requests' THEN
			DELETE FROM voiceagent.model_requests m WHERE m.tenant_id = v_tenant AND m.model_request_id = ANY (ARRAY(
				SELECT o.model_request_id FROM voiceagent.model_requests o
				WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff ORDER BY o.done_at LIMIT max));
		WHEN 'model_usage' THEN
			-- Days that are over: counting locks the row of today.
			DELETE FROM voiceagent.model_usage u WHERE u.tenant_id = v_tenant AND u.ctid = ANY (ARRAY(
				SELECT o.ctid FROM voiceagent.model_usage o
				WHERE o.tenant_id = v_tenant AND o.day < (cutoff AT TIME ZONE 'UTC')::date
				ORDER BY o.day LIMIT max FOR UPDATE));
		WHEN 'knowledge_versions' THEN
			-- The current one stays, by which the same text is known.
			DELETE FROM voiceagent.knowledge_versions v WHERE v.tenant_id = v_tenant AND v.ctid = ANY (ARRAY(
				SELECT o.ctid FROM voiceagent.knowledge_versions o
				WHERE o.tenant_id = v_tenant AND o.created_at <= cutoff
					AND o.version < (SELECT d.version FROM voiceagent.knowledge_documents d
						WHERE d.tenant_id = v_tenant AND d.document_id = o.document_id)
				ORDER BY o.created_at LIMIT max));
		WHEN 'tasks' THEN
			DELETE FROM voiceagent.tasks t WHERE t.tenant_id = v_tenant AND t.task_id = ANY (ARRAY(
				SELECT o.task_id FROM voiceagent.tasks o WHERE o.tenant_id = v_tenant AND o.finished_at < cutoff
				ORDER BY o.finished_at LIMIT max));
		WHEN 'wizards' THEN
			-- Not one that somebody is answering.
			DELETE FROM voiceagent.wizards w WHERE w.tenant_id = v_tenant AND w.wizard_id = ANY (ARRAY(
				SELECT o.wizard_id FROM voiceagent.wizards o WHERE o.tenant_id = v_tenant AND o.changed_at <= cutoff
				ORDER BY o.changed_at LIMIT max FOR UPDATE SKIP LOCKED));
		WHEN 'mails' THEN
			RETURN voiceagent_private.erase_mails(ARRAY(SELECT m.mail_id FROM voiceagent.mails m
				WHERE m.tenant_id = v_tenant AND m.done_at <= cutoff ORDER BY m.done_at LIMIT max));
		WHEN 'member_notices' THEN
			DELETE FROM voiceagent.member_notices n WHERE n.tenant_id = v_tenant AND n.member_notice_id = ANY (ARRAY(
				SELECT o.member_notice_id FROM voiceagent.member_notices o
				WHERE o.tenant_id = v_tenant AND o.at < cutoff ORDER BY o.at LIMIT max));
		WHEN 'tickets' THEN
			DELETE FROM voiceagent.tickets t WHERE t.tenant_id = v_tenant AND t.ticket_id = ANY (ARRAY(
				SELECT o.ticket_id FROM voiceagent.tickets o WHERE o.tenant_id = v_tenant AND o.resolved_at < cutoff
				ORDER BY o.resolved_at LIMIT max));
		WHEN 'webhook_deliveries' THEN
			DELETE FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = v_tenant AND d.delivery_id = ANY (ARRAY(
				SELECT o.delivery_id FROM voiceagent.webhook_deliveries o
				WHERE o.tenant_id = v_tenant AND o.done_at <= cutoff ORDER BY o.done_at LIMIT max));
		ELSE RETURN NULL;
	END CASE;
	GET DIAGNOSTICS v_removed = ROW_COUNT;
	RETURN v_removed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_old_rows(text, timestamptz, integer) IS
	'For retention: deletes the current tenant''s oldest rows of a class that ended before cutoff, at most max -> how '
	'many; NULL for a class that goes in the order of its ids.';
