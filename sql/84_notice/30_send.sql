-- 84_notice: events become notices of members, and these leave, each once.

CREATE FUNCTION voiceagent_private.notice_time(wishes voiceagent.notice_wishes, at timestamptz, digest boolean)
	RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_zone text := coalesce(wishes.timezone, voiceagent_private.tenant_zone());
	v_local timestamp := at AT TIME ZONE v_zone;
	v_time timestamp := v_local::date + wishes.digest_at;
BEGIN
	IF digest THEN
		RETURN CASE WHEN v_time > v_local THEN v_time ELSE v_time + interval '1 day' END AT TIME ZONE v_zone;
	ELSIF wishes.quiet_from < wishes.quiet_to AND v_local::time >= wishes.quiet_from AND v_local::time < wishes.quiet_to
		OR wishes.quiet_from > wishes.quiet_to
			AND (v_local::time >= wishes.quiet_from OR v_local::time < wishes.quiet_to) THEN
		v_time := v_local::date + wishes.quiet_to;
		RETURN CASE WHEN v_time > v_local THEN v_time ELSE v_time + interval '1 day' END AT TIME ZONE v_zone;
	END IF;
	RETURN at;
END
$$;
COMMENT ON FUNCTION voiceagent_private.notice_time(voiceagent.notice_wishes, timestamptz, boolean) IS
	'When a member wants the notice of what happens at a time, by its own clock: at once, after its quiet hours, or '
	'in the next digest.';

CREATE FUNCTION voiceagent_private.member_wishes(member_id bigint) RETURNS voiceagent.notice_wishes
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v voiceagent.notice_wishes;
BEGIN
	SELECT w.* INTO v FROM voiceagent.notice_wishes w
	WHERE w.tenant_id = voiceagent.current_tenant() AND w.member_id = member_wishes.member_id;
	v.kinds := coalesce(v.kinds, '{}');
	v.language := coalesce(v.language, 'en');
	v.digest_at := coalesce(v.digest_at, '08:00');
	RETURN v;
END
$$;
COMMENT ON FUNCTION voiceagent_private.member_wishes(bigint) IS
	'How a member of the current tenant wants its notices: its row of notice_wishes, or what holds without one.';

CREATE FUNCTION voiceagent_private.spread_notice(event voiceagent_private.notices_new) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_task bigint := event.event_data ->> 'task_id';
	v_own bigint := coalesce((event.event_data ->> 'member_id')::bigint, (SELECT t.member_id FROM voiceagent.tasks t
		WHERE t.tenant_id = v_tenant AND t.task_id = v_task));
	v_played boolean := voiceagent_private.is_played(NULL, event.call_id);
	v_detail text := left(CASE WHEN v_played THEN '{sandbox} ' ELSE '' END || voiceagent_private.notice_detail(event),
		300);
	v_mails boolean := voiceagent_private.setting_text('notices_by_mail')::boolean;
	v_told bigint[] := '{}';
	v_member record;
	v_wishes voiceagent.notice_wishes;
	v_by text[];
	v_mail timestamptz;
	v_text timestamptz;
	c_most CONSTANT integer := 100;
BEGIN
	FOR v_member IN SELECT m.member_id, m.role, m.email_proved_at FROM voiceagent.members m
		WHERE m.tenant_id = v_tenant AND m.active AND m.member_id IS DISTINCT FROM event.by_member
			AND (v_own IS NULL OR m.member_id = v_own)
		ORDER BY m.member_id LIMIT c_most
	LOOP
		v_wishes := voiceagent_private.member_wishes(v_member.member_id);
		v_by := CASE WHEN v_wishes.kinds ? event.kind THEN ARRAY(SELECT jsonb_array_elements_text(
				v_wishes.kinds -> event.kind))
			WHEN v_mails THEN voiceagent_private.notice_default(event.kind, v_member.role, v_own IS NOT NULL)
			ELSE '{}' END;
		v_mail := CASE WHEN v_member.email_proved_at IS NULL THEN NULL
			WHEN 'mail' = ANY (v_by) THEN voiceagent_private.notice_time(v_wishes, v_now, false)
			WHEN 'digest' = ANY (v_by) THEN voiceagent_private.notice_time(v_wishes, v_now, true) END;
		-- By a real number, at a price: not of what was played.
		v_text := CASE WHEN 'text' = ANY (v_by) AND v_wishes.phone IS NOT NULL AND NOT v_played
			THEN voiceagent_private.notice_time(v_wishes, v_now, false) END;
		INSERT INTO voiceagent.member_notices (tenant_id, member_id, kind, at, detail, page, lead_id, call_id, task_id,
			mail_at, text_at)
		VALUES (v_tenant, v_member.member_id, event.kind, event.at, v_detail, CASE (event).kind
			WHEN 'appointment' THEN 'appointments' WHEN 'balance' THEN 'money' WHEN 'carrier' THEN 'accounts'
			WHEN 'campaign' THEN 'campaigns' || coalesce('/' || (event).campaign_id, '')
			WHEN 'ticket' THEN 'tickets' || coalesce('/' || ((event).event_data ->> 'ticket_id'), '')
			WHEN 'ticket_waits' THEN 'tickets' WHEN 'calendar' THEN 'calendars' WHEN 'condition' THEN 'figures'
			ELSE 'waiting' END,
			event.lead_id, event.call_id, v_task, v_mail, v_text);
		IF coalesce(v_mail, v_text) IS NOT NULL THEN
			v_told := v_told || v_member.member_id;
		END IF;
	END LOOP;
	RETURN v_told;
END
$$;
COMMENT ON FUNCTION voiceagent_private.spread_notice(voiceagent_private.notices_new) IS
	E'Makes a notice of an event for each member of the current tenant that it concerns -> those whom more than '
	'the page tells.\n'
	'A task of a member''s own goes to no one else; whoever did it gets none; at most 100 members are. No mail '
	'goes to an address that was not proved.';

CREATE FUNCTION voiceagent_private.mail_notices(member voiceagent.members, wishes voiceagent.notice_wishes)
	RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_due voiceagent.member_notices[];
	v_first voiceagent.member_notices;
	v_rest timestamptz;
	v_link text := nullif(rtrim(voiceagent_private.platform_setting('mail_links'), '/'), '') || '/#/';
	v_mail bigint;
	c_listed CONSTANT integer := 50;
	c_most CONSTANT integer := 5000;
BEGIN
	-- First, and by few rows: while a member may get no mail, what waits for it is not looked at again by every notice.
	SELECT min(m.created_at) + interval '1 hour' INTO v_rest FROM voiceagent.mails m
	WHERE m.tenant_id = v_tenant AND m.created_at > v_now - interval '1 hour' AND m.kind IN ('notice', 'notices')
		AND m.recipient = lower(member.email)
	HAVING count(*) >= voiceagent_private.setting_integer('notice_mails_per_hour');
	IF v_rest IS NOT NULL AND EXISTS (SELECT FROM voiceagent.member_notices n WHERE n.tenant_id = v_tenant
		AND n.member_id = member.member_id AND n.mail_at <= v_now) THEN
		RETURN v_rest;
	END IF;
	-- A notice read on the page meanwhile needs no mail.
	UPDATE voiceagent.member_notices n SET mail_at = NULL
	WHERE n.tenant_id = v_tenant AND n.member_id = member.member_id AND n.mail_at <= v_now AND n.marked_at IS NOT NULL;
	v_due := ARRAY(SELECT n FROM voiceagent.member_notices n WHERE n.tenant_id = v_tenant
		AND n.member_id = member.member_id AND n.mail_at <= v_now ORDER BY n.member_notice_id LIMIT c_most
		FOR NO KEY UPDATE);
	IF v_due = '{}' THEN
		RETURN NULL;
	END IF;
	v_first := v_due[1];
	IF cardinality(v_due) = 1 THEN
		v_mail := voiceagent_private.enqueue_mail(member.email, 'notice', jsonb_build_object(
			'title', voiceagent_private.notice_title(v_first.kind, wishes.language, v_first.detail, wishes.timezone),
			'who', coalesce(voiceagent_private.notice_who(v_first), ''), 'link', coalesce(v_link || v_first.page, '')),
			wishes.language, NULL, v_first.lead_id, v_first.call_id);
	ELSE
		v_mail := voiceagent_private.enqueue_mail(member.email, 'notices', jsonb_build_object(
			'title', voiceagent_private.notice_counts(v_due, wishes.language),
			'list', (SELECT string_agg(concat_ws(E'\n  ', '- ' || voiceagent_private.notice_title(n.kind,
				wishes.language, n.detail, wishes.timezone), v_link || n.page), E'\n' ORDER BY n.member_notice_id)
				FROM unnest(v_due[1:c_listed]) n)
				|| CASE WHEN cardinality(v_due) > c_listed THEN E'\n- ...' ELSE '' END), wishes.language);
	END IF;
	UPDATE voiceagent.member_notices n SET mail_at = NULL, mail_id = v_mail WHERE n.tenant_id = v_tenant
		AND n.member_notice_id = ANY (ARRAY(SELECT d.member_notice_id FROM unnest(v_due) d));
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.mail_notices(voiceagent.members, voiceagent.notice_wishes) IS
	E'Queues the one mail that tells a member of the current tenant of all that is due (5000 at most) -> NULL, or '
	'when: it has had as many mails within an hour as it may.\n'
	'One that is alone says whom it is about; several are counted by kind, with a line for each of the first 50.';

CREATE FUNCTION voiceagent_private.notice_counts(notices voiceagent.member_notices[], language text) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(format('%s %s', k.n, voiceagent_private.notice_word(k.kind, language, k.n > 1)), ', '
		ORDER BY k.n DESC, k.first)
	FROM (SELECT n.kind, count(*) AS n, min(n.member_notice_id) AS first FROM unnest(notices) n GROUP BY n.kind) k
$$;
COMMENT ON FUNCTION voiceagent_private.notice_counts(voiceagent.member_notices[], text) IS
	'Notices counted by kind, the most first: 3 viewings, 2 call backs, 1 offer.';

CREATE FUNCTION voiceagent_private.text_notices(member voiceagent.members, wishes voiceagent.notice_wishes)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_due voiceagent.member_notices[] := ARRAY(SELECT n FROM voiceagent.member_notices n WHERE n.tenant_id = v_tenant
		AND n.member_id = member.member_id AND n.text_at <= v_now ORDER BY n.member_notice_id FOR NO KEY UPDATE);
	v_text bigint;
BEGIN
	IF v_due = '{}' THEN
		RETURN;
	END IF;
	IF wishes.phone IS NOT NULL AND (SELECT count(*) FROM voiceagent.texts t WHERE t.tenant_id = v_tenant
			AND t.phone = wishes.phone AND t.kind = 'notice' AND t.created_at > v_now - interval '1 day')
		< voiceagent_private.setting_integer('notice_texts_per_day') THEN
		v_text := voiceagent_private.queue_text('notice', wishes.phone, CASE WHEN cardinality(v_due) = 1
			THEN voiceagent_private.notice_title(v_due[1].kind, wishes.language, v_due[1].detail,
				wishes.timezone)
			ELSE voiceagent_private.notice_counts(v_due, wishes.language) END, 'notice:' || v_due[1].member_notice_id,
			about => member.member_id);
	END IF;
	UPDATE voiceagent.member_notices n SET text_at = NULL, text_id = v_text WHERE n.tenant_id = v_tenant
		AND n.member_notice_id = ANY (ARRAY(SELECT d.member_notice_id FROM unnest(v_due) d));
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_notices(voiceagent.members, voiceagent.notice_wishes) IS
	'Queues the one text that tells a member of the current tenant of all that is due, naming no person; more '
	'than notice_texts_per_day are left to the page.';

CREATE FUNCTION voiceagent_private.tell_member(member_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_member voiceagent.members;
	v_wishes voiceagent.notice_wishes := voiceagent_private.member_wishes(member_id);
	v_rest timestamptz;
	v_next timestamptz;
BEGIN
	SELECT m.* INTO v_member FROM voiceagent.members m
	WHERE m.tenant_id = v_tenant AND m.member_id = tell_member.member_id FOR KEY SHARE;
	BEGIN
		PERFORM voiceagent_private.fail_if(NOT v_member.active, 'PT422', 'this member is not active');
		PERFORM voiceagent_private.text_notices(v_member, v_wishes);
		v_rest := voiceagent_private.mail_notices(v_member, v_wishes);
	EXCEPTION WHEN SQLSTATE 'PT422' THEN
		-- No mail goes to such an address: the page has it.
		UPDATE voiceagent.member_notices n SET mail_at = NULL, text_at = NULL WHERE n.tenant_id = v_tenant
			AND n.member_id = tell_member.member_id AND (n.mail_at IS NOT NULL OR n.text_at IS NOT NULL);
	END;
	v_next := coalesce(v_rest, (SELECT min(least(n.mail_at, n.text_at)) FROM voiceagent.member_notices n
		WHERE n.tenant_id = v_tenant AND n.member_id = tell_member.member_id
			AND (n.mail_at IS NOT NULL OR n.text_at IS NOT NULL)));
	IF v_next IS NULL THEN
		DELETE FROM voiceagent_private.notice_turns t
		WHERE t.tenant_id = v_tenant AND t.member_id = tell_member.member_id;
		RETURN;
	END IF;
	INSERT INTO voiceagent_private.notice_turns (tenant_id, member_id, due_at)
	VALUES (v_tenant, tell_member.member_id, v_next)
	ON CONFLICT ON CONSTRAINT notice_turns_pkey DO UPDATE SET due_at = excluded.due_at;
	PERFORM voiceagent_private.request_job('tell_members', v_next);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_member(bigint) IS
	'Queues what is due for a member of the current tenant, and notes when more will be.';

CREATE FUNCTION voiceagent_private.spread_notices(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_event voiceagent_private.notices_new;
	v_told bigint[] := '{}';
BEGIN
	FOR v_event IN SELECT n.* FROM voiceagent_private.notices_new n WHERE n.tenant_id = v_tenant
		ORDER BY n.event_number LIMIT max FOR UPDATE SKIP LOCKED
	LOOP
		v_told := v_told || voiceagent_private.spread_notice(v_event);
		DELETE FROM voiceagent_private.notices_new n
		WHERE n.tenant_id = v_tenant AND n.event_number = v_event.event_number;
	END LOOP;
	PERFORM voiceagent_private.tell_member(t.member_id) FROM (SELECT DISTINCT u.member_id FROM unnest(v_told)
		AS u(member_id) ORDER BY 1) t;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.spread_notices(integer) IS
	'A tenant job: tells members of what has happened; what is to leave at once is queued in the same commit.';
SELECT voiceagent_private.register_tenant_job('spread_notices', 20, 'notices_new', 'at');

CREATE FUNCTION voiceagent_private.tell_members(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_member bigint;
BEGIN
	FOR v_member IN SELECT t.member_id FROM voiceagent_private.notice_turns t
		WHERE t.tenant_id = voiceagent.current_tenant() AND t.due_at <= voiceagent.clock()
		ORDER BY t.due_at LIMIT max
	LOOP
		PERFORM voiceagent_private.tell_member(v_member);
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_members(integer) IS
	'A tenant job: digests, and what waited for the end of quiet hours.';
SELECT voiceagent_private.register_tenant_job('tell_members', 20, 'notice_turns', 'due_at');

CREATE FUNCTION voiceagent_private.notices_of_person(v voiceagent_private.person) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(SELECT n.member_notice_id FROM voiceagent.member_notices n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.lead_id = v.lead_id
		UNION SELECT o.member_notice_id FROM unnest(v.calls) AS c(call_id) CROSS JOIN LATERAL (SELECT n.member_notice_id
			FROM voiceagent.member_notices n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.call_id = c.call_id OFFSET 0) o
		UNION SELECT o.member_notice_id FROM unnest(v.tasks) AS t(task_id) CROSS JOIN LATERAL (SELECT n.member_notice_id
			FROM voiceagent.member_notices n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.task_id = t.task_id OFFSET 0) o)
$$;
COMMENT ON FUNCTION voiceagent_private.notices_of_person(voiceagent_private.person) IS
	'The notices about a person of the current tenant, its calls and its tasks.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('person', 'notices_of_person', 'member_notices.member_notice_id');

CREATE FUNCTION voiceagent_private.mails_of_notices(v voiceagent_private.person) RETURNS bigint[]
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT ARRAY(SELECT DISTINCT o.mail_id FROM unnest(v.tasks) AS t(task_id) CROSS JOIN LATERAL (SELECT n.mail_id
		FROM voiceagent.member_notices n WHERE n.tenant_id = voiceagent.current_tenant() AND n.task_id = t.task_id
			AND n.mail_id IS NOT NULL OFFSET 0) o)
$$;
COMMENT ON FUNCTION voiceagent_private.mails_of_notices(voiceagent_private.person) IS
	'The mails to members about the tasks of a person of the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('person', 'mails_of_notices', 'mails.mail_id');

CREATE FUNCTION voiceagent_private.tell_ending_models() RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (voiceagent.clock() AT TIME ZONE 'UTC')::date;
	c_days CONSTANT integer[] := '{30,14,7,3,1,0}';
BEGIN
	PERFORM voiceagent_private.log_event('model_ends', data => jsonb_build_object('event', 'model_ends', 'name', m.what,
		'trouble', m.words))
	FROM (VALUES (false), (true)) p(platform)
	CROSS JOIN LATERAL voiceagent_private.models_ending(v_today + 31, p.platform) m
	WHERE m.ends_on - v_today = ANY (c_days) AND (NOT p.platform
		OR voiceagent.current_tenant() = voiceagent_private.platform_setting('staff_tenant')::bigint);
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_ending_models() IS
	'Once a day for the current tenant, from retain_rows(): a model that it uses ends in a month, or sooner; the '
	'staff learns of the platform''s, too.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('daily', 'tell_ending_models');
