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
	RETURN CASE
		WHEN event_type = 'task_created' THEN CASE
			WHEN data ->> 'kind' IN ('message', 'offer', 'viewing', 'missed_call', 'call_back') THEN data ->> 'kind'
			WHEN data ->> 'kind' = 'late_callback' THEN 'call_back'
			WHEN data ->> 'kind' = 'information' THEN NULL ELSE 'task' END
		WHEN event_type IN ('appointment_detected', 'appointment_added', 'appointment_moved',
			'appointment_canceled', 'appointment_conflict', 'appointment_unreadable') THEN 'appointment'
		WHEN event_type = 'task_overdue' THEN 'overdue'
		WHEN event_type IN ('balance_low', 'payment_failed', 'payment_taken_back') THEN 'balance'
		WHEN event_type IN ('carrier_failing', 'model_account_failing',
			'connection_ended', 'model_budget_reached', 'model_ends') THEN 'carrier'
		WHEN event_type IN ('campaign_tripped', 'campaign_abandoned',
			'spend_cap_reached', 'many_holds', 'calls_braked') THEN 'campaign'
		WHEN event_type = 'approval_wanted' THEN 'approval'
		WHEN event_type = 'ticket_answered' THEN 'ticket'
		WHEN event_type = 'ticket_waits' THEN event_type
		WHEN event_type = 'staff_acts' THEN 'staff'
		WHEN event_type IN ('calendar_unread', 'calendar_unwritten', 'calendar_changed') THEN 'calendar'
		WHEN event_type = 'invariant_broken' THEN 'invariant'
		WHEN event_type = 'condition_met' THEN 'condition' END;
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
			(voiceagent_private.caller()).member_id);
		PERFORM voiceagent_private.request_job('spread_notices', v_now);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.note_notice(text, text, bigint, bigint, bigint, jsonb) IS
	'Notifies the members of the current tenant, if any, of an event once this transaction has committed.';
