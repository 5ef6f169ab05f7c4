/*
 * 46_record: notices to people of a tenant (84_notice).
 *
 * The commit of an event adds a row here and no more: no row is locked, and
 * whom it concerns is found by a job, so that no call waits for it.
 */

CREATE TABLE voiceagent_private.notices_new (
	tenant_id bigint NOT NULL,
	event_number bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL,
	event_type text NOT NULL,
	at timestamptz NOT NULL,
	campaign_id bigint,
	call_id bigint,
	lead_id bigint,
	event_data jsonb NOT NULL,
	by_member bigint,
	PRIMARY KEY (tenant_id, event_number)
);
COMMENT ON TABLE voiceagent_private.notices_new IS
	'Events for notices to people of their tenant, until spread_notices() has looked for whom.';
COMMENT ON COLUMN voiceagent_private.notices_new.by_member IS 'Who did it, and gets no notice; NULL: no member.';
SELECT voiceagent_private.guard_table('voiceagent_private.notices_new', 'routing');

CREATE TABLE voiceagent.notice_wishes (
	tenant_id bigint NOT NULL,
	member_id bigint NOT NULL,
	kinds jsonb NOT NULL DEFAULT '{}',
	language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'es', 'fr', 'de')),
	timezone text,
	quiet_from time,
	quiet_to time,
	digest_at time NOT NULL DEFAULT '08:00',
	phone voiceagent.e164,
	PRIMARY KEY (tenant_id, member_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE,
	CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);
COMMENT ON TABLE voiceagent.notice_wishes IS 'How members want to be told; who has no row, as notice_default() says.';
COMMENT ON COLUMN voiceagent.notice_wishes.member_id IS 'The member.';
COMMENT ON COLUMN voiceagent.notice_wishes.kinds IS
	'By kind a list of mail, digest and text, {"offer": ["mail", "text"]}; an empty list: the page alone; a kind that '
	'is not named: the default.';
COMMENT ON COLUMN voiceagent.notice_wishes.language IS 'en, es, fr or de.';
COMMENT ON COLUMN voiceagent.notice_wishes.timezone IS 'IANA zone of the member''s clock; NULL: the tenant''s.';
COMMENT ON COLUMN voiceagent.notice_wishes.quiet_from IS
	'From then until quiet_to, by the member''s clock, nothing leaves the page; NULL: at any time.';
COMMENT ON COLUMN voiceagent.notice_wishes.quiet_to IS 'When what waited leaves, in one mail.';
COMMENT ON COLUMN voiceagent.notice_wishes.digest_at IS 'When the digest of the day is sent, by the member''s clock.';
COMMENT ON COLUMN voiceagent.notice_wishes.phone IS 'The number that the member has proved to have; NULL: no texts.';
SELECT voiceagent_private.guard_table('voiceagent.notice_wishes', 'tenant');

CREATE TABLE voiceagent_private.notice_codes (
	tenant_id bigint NOT NULL,
	member_id bigint NOT NULL,
	phone text NOT NULL,
	code text NOT NULL,
	key text NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, member_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.notice_codes IS 'Numbers that members want to get texts at, until they prove them.';
COMMENT ON COLUMN voiceagent_private.notice_codes.code IS 'The code that was sent to it.';
COMMENT ON COLUMN voiceagent_private.notice_codes.key IS 'Of the one text that says it (texts.key).';
COMMENT ON COLUMN voiceagent_private.notice_codes.tries IS 'Wrong codes.';
SELECT voiceagent_private.guard_table('voiceagent_private.notice_codes', 'internal', waits => '{expires_at}');

CREATE FUNCTION voiceagent_private.kind_of_notice(event_type text, data jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE event_type
		WHEN 'task_created' THEN CASE data ->> 'kind' WHEN 'message' THEN 'message' WHEN 'offer' THEN 'offer'
			WHEN 'viewing' THEN 'viewing' WHEN 'missed_call' THEN 'missed_call' WHEN 'call_back' THEN 'call_back'
			WHEN 'late_callback' THEN 'call_back' WHEN 'information' THEN NULL ELSE 'task' END
		WHEN 'appointment_detected' THEN 'appointment'
		WHEN 'appointment_added' THEN 'appointment'
		WHEN 'appointment_moved' THEN 'appointment'
		WHEN 'appointment_canceled' THEN 'appointment'
		WHEN 'appointment_conflict' THEN 'appointment'
		WHEN 'appointment_unreadable' THEN 'appointment'
		WHEN 'task_overdue' THEN 'overdue'
		WHEN 'balance_low' THEN 'balance'
		WHEN 'payment_failed' THEN 'balance'
		WHEN 'payment_taken_back' THEN 'balance'
		WHEN 'carrier_failing' THEN 'carrier'
		WHEN 'model_account_failing' THEN 'carrier'
		WHEN 'connection_ended' THEN 'carrier'
		WHEN 'model_budget_reached' THEN 'carrier'
		WHEN 'model_ends' THEN 'carrier'
		WHEN 'campaign_tripped' THEN 'campaign'
		WHEN 'campaign_abandoned' THEN 'campaign'
		WHEN 'spend_cap_reached' THEN 'campaign'
		WHEN 'many_holds' THEN 'campaign'
		WHEN 'calls_braked' THEN 'campaign'
		WHEN 'approval_wanted' THEN 'approval'
		WHEN 'ticket_answered' THEN 'ticket'
		WHEN 'ticket_waits' THEN 'ticket_waits'
		WHEN 'staff_acts' THEN 'staff'
		WHEN 'calendar_unread' THEN 'calendar'
		WHEN 'calendar_unwritten' THEN 'calendar'
		WHEN 'calendar_changed' THEN 'calendar'
		WHEN 'invariant_broken' THEN 'invariant'
		WHEN 'condition_met' THEN 'condition' END;
COMMENT ON FUNCTION voiceagent_private.kind_of_notice(text, jsonb) IS
	'The kind of notice that tells people of an event of this type, with these details; NULL: none does.';

CREATE FUNCTION voiceagent_private.note_notice(kind text, event_type text, campaign_id bigint, call_id bigint,
	lead_id bigint, data jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	IF EXISTS (SELECT FROM voiceagent.members m WHERE m.tenant_id = v_tenant AND m.active) THEN
		INSERT INTO voiceagent_private.notices_new (tenant_id, kind, event_type, at, campaign_id, call_id, lead_id,
			event_data, by_member)
		VALUES (v_tenant, kind, event_type, v_now, campaign_id, call_id, lead_id,
			coalesce(data, '{}') - '{said,words,quotes,summary}'::text[],
			(SELECT c.member_id FROM voiceagent_private.caller() c));
		PERFORM voiceagent_private.request_job('spread_notices', v_now);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_notice(text, text, bigint, bigint, bigint, jsonb) IS
	'Notifies the members of the current tenant, if any, of an event once this transaction has committed.';
