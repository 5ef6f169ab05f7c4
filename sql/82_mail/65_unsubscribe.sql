-- 82_mail: whoever does not want these mails says so with one click (RFC 8058).

CREATE FUNCTION voiceagent.unsubscribe(token text) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_before text[];
	v voiceagent_private.unsubscriptions;
BEGIN
	PERFORM voiceagent_private.hide_query('unsubscribe');
	-- A mail's links are opened by machines, too, which look for viruses.
	PERFORM voiceagent_private.require_post('an unsubscription', 'link');
	SELECT u.* INTO v FROM voiceagent_private.unsubscriptions u
	WHERE u.token_hash = sha256(convert_to(coalesce(token, ''), 'UTF8'));
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such subscription');
	v_before := voiceagent_private.begin_link(v.tenant_id);
	INSERT INTO voiceagent.mail_suppressions (tenant_id, address, reason, mail_id, created_at)
	VALUES (v.tenant_id, v.address, 'unsubscribed', v.mail_id, voiceagent.clock())
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.end_link(v_before);
	RETURN v.address;
END
$$;
COMMENT ON FUNCTION voiceagent.unsubscribe(text) IS
	E'Has the address to which a mail went get no more marketing and information of its tenant -> the address; token: '
	'the end of the mail''s link.\n'
	'For everybody who has one, by POST. PT404.';

CREATE FUNCTION voiceagent.send_news(subject text, text text, lead_ids bigint[], language text DEFAULT 'en')
	RETURNS TABLE (lead_id bigint, mail_id bigint, reason text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_lead record;
	c_leads CONSTANT integer := 1000;
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(lead_ids), 0) NOT BETWEEN 1 AND c_leads, 'PT422',
		format('lead_ids names 1 to %s leads', c_leads));
	PERFORM voiceagent_private.fail_if(
		coalesce(btrim(send_news.subject), '') = '' OR coalesce(btrim(send_news.text), '') = '', 'PT422',
		'news have a subject and a text');
	PERFORM voiceagent_private.fail_if(voiceagent_private.platform_setting('mail_links') = '', 'PT409',
		'news need a link to unsubscribe', NULL, 'The platform sets mail_links.');
	FOR v_lead IN SELECT l.lead_id, l.email FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = ANY (lead_ids) ORDER BY l.lead_id
	LOOP
		lead_id := v_lead.lead_id;
		mail_id := NULL;
		BEGIN
			mail_id := voiceagent_private.enqueue_mail(v_lead.email, 'news', jsonb_build_object('subject',
				btrim(send_news.subject), 'text', send_news.text), language, NULL, v_lead.lead_id);
			reason := (SELECT m.reason FROM voiceagent.mails m
				WHERE m.tenant_id = v_tenant AND m.mail_id = send_news.mail_id);
		EXCEPTION WHEN SQLSTATE 'PT422' THEN
			reason := CASE WHEN v_lead.email IS NULL THEN 'the lead has no address' ELSE SQLERRM END;
		END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent.send_news(text, text, bigint[], text) IS
	E'Mails leads something that they have not asked for, with a one-click unsubscription; a row for each lead: '
	'mail_id, and why it gets none.\n'
	'Not to who opted out, is held, unsubscribed or bounced. Whether they agreed to such mail is yours to know. For '
	'managers and owners. PT422 beyond 1000 leads; PT409 without mail_links.';
