-- 59_text: what is to be sent, whether it may go, and its way out.

CREATE FUNCTION voiceagent_private.text_segments(body text) RETURNS integer
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- GSM 03.38, and the characters of its extension, which count twice.
	c_basic CONSTANT text := E'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&''()*+,-./0123456789:;<=>?¡'
		'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
	c_extended CONSTANT text := E'^{}\\[~]|€';
	v_units integer := length(body) + length(body) - length(translate(body, c_extended, ''));
BEGIN
	IF translate(body, c_basic || c_extended, '') = '' THEN
		RETURN CASE WHEN v_units <= 160 THEN 1 ELSE ceil(v_units / 153.0) END;
	END IF;
	-- UTF-16: what lies beyond the first plane counts twice.
	v_units := length(body) + (SELECT count(*) FROM regexp_split_to_table(body, '') c WHERE octet_length(c) > 3);
	RETURN CASE WHEN v_units <= 70 THEN 1 ELSE ceil(v_units / 67.0) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_segments(text) IS
	'In how many parts carriers send and charge a text: of 160 (153) characters of GSM 03.38, else of 70 (67).';

CREATE FUNCTION voiceagent_private.is_played(phone_number_id bigint, call_id bigint DEFAULT NULL) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT coalesce((SELECT voiceagent_private.is_sandbox(n.provider_account_id) FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number_id = is_played.phone_number_id),
		-- A call of either direction.
		(SELECT voiceagent_private.is_sandbox(c.provider_account_id) FROM voiceagent.calls c
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = is_played.call_id), false)
$$;
COMMENT ON FUNCTION voiceagent_private.is_played(bigint, bigint) IS
	'Whether a number of the current tenant, or a call, is one of the sandbox: what is said there binds no one, '
	'and sets nothing off for real.';

CREATE FUNCTION voiceagent_private.text_suppressed(phone text, phone_number_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_stop voiceagent.text_stops;
BEGIN
	SELECT s.* INTO v_stop FROM voiceagent.text_stops s WHERE s.tenant_id = v_tenant AND s.phone = phone
		AND s.played = voiceagent_private.is_played(phone_number_id);
	RETURN CASE WHEN FOUND AND v_stop.lifted_at IS NULL THEN
			CASE v_stop.source WHEN 'text' THEN 'the person wrote to get no texts' WHEN 'carrier' THEN
				'the carrier blocks texts to this number' ELSE 'what the person wrote may be an opt-out' END
		-- From another number; whoever has written START from this one since is heard.
		ELSE coalesce((SELECT CASE max(s.source) WHEN 'text' THEN 'the person wrote to get no texts'
				WHEN 'doubt' THEN 'what the person wrote may be an opt-out' END
			FROM (SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.phone = phone
				UNION ALL SELECT n.lead_id FROM voiceagent.lead_numbers n
				WHERE n.tenant_id = v_tenant AND n.phone = phone) o
			JOIN voiceagent.text_stops s ON s.tenant_id = v_tenant
				AND s.phone = ANY (voiceagent_private.phones_of_lead(o.lead_id)) AND s.source IN ('text', 'doubt')
				AND s.played = voiceagent_private.is_played(phone_number_id) AND s.lifted_at IS NULL
				AND s.stopped_at > coalesce(v_stop.lifted_at, '-infinity')),
			CASE WHEN EXISTS (SELECT FROM voiceagent_private.do_not_call_layers(v_tenant, phone, NULL, false) y
				WHERE y.layer NOT IN ('tenant', 'held'))
			OR EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.phone = phone
				-- START lifts what came before it, of texts alone; a member that lets go a doubt lifts nothing else.
				AND d.created_at >= coalesce(CASE v_stop.source WHEN 'text' THEN v_stop.lifted_at END, '-infinity'))
			THEN 'the number is on a do-not-call list' END) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_suppressed(text, bigint) IS
	'Why a number gets no text of the current tenant from one of its numbers: a stop, or a list; NULL: it may.';

CREATE FUNCTION voiceagent_private.texts_by_itself_to(phone text) RETURNS boolean
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	-- Fraudsters earn a share of expensive international texts, and have many numbers there write or ring.
	SELECT coalesce((SELECT p.country = ANY (regexp_split_to_array(upper(btrim(
				voiceagent_private.setting_text('text_countries'))), '[ ,]+'))
			OR EXISTS (SELECT FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant()
				AND n.state = 'ready' AND n.is_active AND n.removed_at IS NULL AND n.country = p.country)
		FROM voiceagent_private.parse_phone(texts_by_itself_to.phone) p), false)
$$;
COMMENT ON FUNCTION voiceagent_private.texts_by_itself_to(text) IS
	'Whether a text not requested by the current tenant may go to a number: it is of a country in which the tenant '
	'has a number, or that text_countries names.';

CREATE FUNCTION voiceagent_private.texts_abroad() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 'no number of yours is of this country, and text_countries does not name it';
COMMENT ON FUNCTION voiceagent_private.texts_abroad() IS 'The reason where texts_by_itself_to() says no.';

CREATE FUNCTION voiceagent_private.fits_template(words text, template text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_fits_template';
COMMENT ON FUNCTION voiceagent_private.fits_template(text, text) IS
	'Whether a text has the words of a template in which {#var#} stands for up to 30 characters; in linear time.';

CREATE FUNCTION voiceagent_private.dlt_template(words text) RETURNS voiceagent.dlt_templates
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT t FROM voiceagent.dlt_templates t WHERE t.tenant_id = voiceagent.current_tenant()
		AND voiceagent_private.fits_template(words, t.body)
		ORDER BY t.template_id LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.dlt_template(text) IS
	'The first registered template of the current tenant that has these words; NULL: none.';

CREATE FUNCTION voiceagent_private.dlt_fault(item voiceagent.texts) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider text := (SELECT a.provider FROM voiceagent.provider_accounts a
		WHERE a.tenant_id = item.tenant_id AND a.provider_account_id = item.provider_account_id);
BEGIN
	RETURN CASE WHEN NOT voiceagent_private.driver_can(v_provider, 'dlt') THEN
			format('India wants the DLT''s ids with a text, which %s does not take',
				voiceagent_private.driver_title(v_provider))
		WHEN voiceagent_private.setting_text('dlt_entity_id') !~ '^[0-9]{5,30}$' THEN
			'India wants the business registered on its DLT: set dlt_entity_id'
		WHEN (voiceagent_private.dlt_template(voiceagent_private.linked_text(item))).template_id IS NULL
			THEN 'India wants texts registered on its DLT: no template of set_dlt_template() has these words' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dlt_fault(voiceagent.texts) IS
	'Why a text of the current tenant to India may not go: its carrier takes no ids of the DLT, the business has none, '
	'or no template has its words; NULL: it may.';

CREATE FUNCTION voiceagent_private.text_traits(kind text, OUT answers boolean, OUT counts boolean,
	OUT confirms boolean, OUT to_member boolean)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT k.answers, k.counts, k.confirms, k.to_member FROM voiceagent_private.text_kinds() k
	WHERE k.kind IN (text_traits.kind, 'message') ORDER BY k.kind = 'message' LIMIT 1
$$;
COMMENT ON FUNCTION voiceagent_private.text_traits(text) IS 'The traits of a kind of texts, by text_kinds().';

CREATE FUNCTION voiceagent_private.text_obstacle(item voiceagent.texts, at timestamptz, OUT reason text,
	OUT until timestamptz)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := item.tenant_id;
	v_place record;
	v_terms voiceagent_private.law_terms;
	v_window record;
	v_sender record;
	v_played boolean;
	v_kind record := voiceagent_private.text_traits(item.kind);
	-- One of the business' own people asked for it, at a number that it has proved, or proves by it.
	v_own boolean := item.kind = 'notice' AND EXISTS (SELECT FROM voiceagent.notice_wishes w
			WHERE w.tenant_id = item.tenant_id AND w.phone = item.phone)
		OR item.kind = 'notice_code' AND EXISTS (SELECT FROM voiceagent_private.notice_codes c
			WHERE c.tenant_id = item.tenant_id AND c.phone = item.phone AND c.key = item.key AND c.expires_at > at);
BEGIN
	v_played := voiceagent_private.is_played(item.phone_number_id);
	SELECT coalesce(l.country, p.country) AS country, coalesce(l.region, p.region) AS region,
		coalesce(l.timezones, p.timezones) AS timezones, p.type INTO v_place
	FROM voiceagent_private.parse_phone(item.phone) p
	LEFT JOIN voiceagent.leads l ON l.tenant_id = v_tenant AND l.phone = item.phone;
	v_terms := voiceagent_private.terms_of(voiceagent_private.jurisdiction(v_place.country, v_place.region), at,
		v_place.timezones);
	-- Suppressed: but the one confirmation of a stop.
	IF NOT v_kind.confirms THEN
		reason := voiceagent_private.text_suppressed(item.phone, item.phone_number_id);
	END IF;
	-- As may_ring() for calls: whoever may have a text sent may not spend so much by it.
	IF reason IS NULL AND v_place.type = 'premium_rate' THEN
		reason := 'the number is a premium number';
	ELSIF reason IS NULL AND v_kind.answers AND NOT voiceagent_private.texts_by_itself_to(item.phone) THEN
		reason := voiceagent_private.texts_abroad();
	END IF;
	v_kind.answers := v_kind.answers OR v_own;
	IF reason IS NULL AND NOT v_kind.answers AND (voiceagent_private.consent_within(item.lead_id, item.phone,
			voiceagent_private.consent_valid(v_terms), at,
			CASE WHEN v_played THEN 'played_' ELSE '' END || 'text')).consent_id IS NULL
		AND NOT (v_played AND (voiceagent_private.consent_within(item.lead_id, item.phone,
			voiceagent_private.consent_valid(v_terms), at, 'text')).consent_id IS NOT NULL)
		AND NOT EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.phone = item.phone
			AND t.inbound AND t.created_at > at - interval '24 hours'
			AND (v_played OR NOT voiceagent_private.is_sandbox(t.provider_account_id))) THEN
		reason := 'no recorded consent to get texts';
	END IF;
	SELECT s.registration, s.state, n.is_active, n.state AS number_state INTO v_sender FROM voiceagent.phone_numbers n
	LEFT JOIN voiceagent.text_senders s ON s.tenant_id = v_tenant AND s.phone_number_id = n.phone_number_id
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = item.phone_number_id;
	reason := coalesce(reason, CASE WHEN v_sender.number_state IS DISTINCT FROM 'ready' OR NOT v_sender.is_active
			THEN 'the number that it would come from is not in use'
		WHEN v_sender.state IS DISTINCT FROM 'registered' THEN
			'the number that it would come from is not registered for texts'
		WHEN v_sender.registration = 'not_needed' AND item.phone LIKE '+1%' THEN
			'the number that it would come from is not registered for texts to this country'
		WHEN v_place.country = 'IN' THEN voiceagent_private.dlt_fault(item) END);
	IF reason IS NOT NULL THEN
		RETURN;
	END IF;
	IF NOT v_kind.answers THEN
		v_window := voiceagent_private.window_within(v_place.timezones, voiceagent_private.hours_windows(
			voiceagent_private.with_days_off(voiceagent_private.setting_text('calling_hours'))::jsonb), at,
			v_terms.windows, v_terms.holidays);
		IF v_window.opens_at > at THEN
			reason := 'the hours of the person are over';
			until := v_window.opens_at;
			RETURN;
		END IF;
	END IF;
	IF v_kind.counts AND NOT v_own THEN
		-- The contact whose day has to be over.
		SELECT c.at + interval '24 hours' INTO until FROM (
			SELECT t.created_at AS at FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.phone = item.phone
				AND NOT t.inbound
				AND t.kind <> ALL (ARRAY(SELECT k.kind FROM voiceagent_private.text_kinds() k WHERE NOT k.counts))
				AND t.status NOT IN ('waiting', 'refused', 'failed') AND t.created_at > at - interval '24 hours'
				AND (v_played OR NOT voiceagent_private.is_sandbox(t.provider_account_id))
			UNION ALL SELECT c.started_at FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
				AND c.phone = item.phone AND c.counts AND c.started_at > at - interval '24 hours'
				AND (v_played OR NOT voiceagent_private.is_sandbox(c.provider_account_id))) c
		ORDER BY c.at DESC LIMIT 1 OFFSET voiceagent_private.setting_integer('contacts_per_day') - 1;
		reason := CASE WHEN until IS NOT NULL
			THEN 'the number had as many calls and texts within 24 hours as contacts_per_day allows' END;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_obstacle(voiceagent.texts, timestamptz) IS
	E'Whether a text of the current tenant may leave at a time, by everything that is known then: suppressed, '
	'premium, country, consent, registration of the sender, hours of the person, caps over calls and texts, in this '
	'order.\n'
	'reason: what stands in the way (NULL: nothing); until: when that will be over (NULL: it is refused).';

CREATE FUNCTION voiceagent_private.settle_text(item voiceagent.texts, charged boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_hold voiceagent.credit_holds;
BEGIN
	PERFORM voiceagent_private.lock_available();
	UPDATE voiceagent.credit_holds h SET state = CASE WHEN settle_text.charged THEN 'posted' ELSE 'voided' END,
		charged = CASE WHEN settle_text.charged THEN h.amount END, ended_at = voiceagent.clock()
	WHERE h.tenant_id = item.tenant_id AND h.hold_id = item.hold_id AND h.state = 'held' RETURNING h.* INTO v_hold;
	IF FOUND THEN
		PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer(
			CASE WHEN charged THEN 'settle' ELSE 'release' END, 'held',
			CASE WHEN charged THEN 'spent' ELSE 'available' END, v_hold.amount, hold_id => v_hold.hold_id,
			reference => 'text ' || item.text_id)]);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.settle_text(voiceagent.texts, boolean) IS
	'Charges what is held for a text of the current tenant, or releases it; once.';

CREATE FUNCTION voiceagent_private.move_text(item voiceagent.texts, status text, reason text DEFAULT NULL)
	RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
#variable_conflict use_variable
DECLARE
	c_order CONSTANT text[] := '{waiting,sending,unknown,sent,delivered,undelivered,failed,refused}';
	v_item voiceagent.texts;
BEGIN
	UPDATE voiceagent.texts t SET status = status, reason = left(reason, 500), due_at = NULL,
		provider_text_id = coalesce(item.provider_text_id, t.provider_text_id),
		done_at = CASE WHEN status IN ('sending', 'unknown', 'sent') THEN NULL ELSE voiceagent.clock() END
	WHERE t.tenant_id = item.tenant_id AND t.text_id = item.text_id AND NOT t.inbound
		AND t.status NOT IN ('delivered', 'undelivered', 'failed', 'refused')
		AND array_position(c_order, status) > array_position(c_order, t.status)
	RETURNING t.* INTO v_item;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	IF status = 'unknown' THEN
		-- A carrier that has it reports within days.
		INSERT INTO voiceagent_private.text_turns (tenant_id, text_id, next_at)
		VALUES (item.tenant_id, item.text_id, voiceagent.clock() + interval '3 days') ON CONFLICT DO NOTHING;
	ELSE
		DELETE FROM voiceagent_private.text_turns q WHERE q.tenant_id = item.tenant_id AND q.text_id = item.text_id;
	END IF;
	IF v_item.hold_id IS NOT NULL AND status NOT IN ('sending', 'unknown') THEN
		PERFORM voiceagent_private.settle_text(v_item, status IN ('sent', 'delivered', 'undelivered'));
	END IF;
	RETURN true;
END
$$;
COMMENT ON FUNCTION voiceagent_private.move_text(voiceagent.texts, text, text) IS
	E'Moves a text of the current tenant forward to a status, with its credits -> whether it moved.\n'
	'It never goes back, whatever comes in whatever order.';

CREATE FUNCTION voiceagent_private.linked_text(item voiceagent.texts) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN CASE WHEN item.kind IN ('notice_code', 'caller_code') THEN
			-- An earlier text, maybe by the sandbox, does not say a later code.
			replace(item.body, '{{code}}', coalesce((SELECT c.code FROM voiceagent_private.notice_codes c
				WHERE c.tenant_id = item.tenant_id AND c.member_id = item.about_id AND c.key = item.key),
				(SELECT c.code FROM voiceagent_private.caller_codes c
				WHERE c.tenant_id = item.tenant_id AND c.call_id = item.call_id AND c.key = item.key), ''))
		WHEN item.about_version IS NOT NULL AND strpos(item.body, '{{link}}') > 0 THEN replace(item.body, '{{link}}',
			coalesce(voiceagent_private.appointment_link(item.about_id, item.about_version, item.about_until), ''))
		ELSE item.body END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.linked_text(voiceagent.texts) IS
	'A text as it leaves: {{link}} in one of an appointment, or {{code}} in one with a code, is filled in, which no '
	'member reads in the row.';

CREATE FUNCTION voiceagent_private.queue_text(kind text, phone text, body text, key text, lead bigint DEFAULT NULL,
	call bigint DEFAULT NULL, number bigint DEFAULT NULL, due timestamptz DEFAULT NULL, played boolean DEFAULT false,
	about bigint DEFAULT NULL, version integer DEFAULT NULL, until bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_item voiceagent.texts;
	-- Effects of a sandbox call stay there.
	v_played boolean := played OR (SELECT voiceagent_private.is_sandbox(c.provider_account_id) FROM voiceagent.calls c
		WHERE c.tenant_id = v_tenant AND c.call_id = call);
	c_most CONSTANT interval := '7 days';
BEGIN
	v_item.tenant_id := v_tenant;
	v_item.kind := kind;
	v_item.body := body;
	v_item.key := key;
	v_item.about_id := about;
	v_item.about_version := version;
	v_item.about_until := until;
	INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, phone_number_id, provider_account_id,
		lead_id, call_id, body, segments, key, about_id, about_version, about_until, due_at, created_at)
	SELECT v_tenant, false, queue_text.kind, 'waiting', queue_text.phone, n.phone_number_id, n.provider_account_id,
		lead, call, queue_text.body, voiceagent_private.text_segments(voiceagent_private.linked_text(v_item)),
		queue_text.key, about, version, until, coalesce(due, v_now), v_now
	FROM (SELECT 1) one LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant
		AND n.phone_number_id = coalesce(CASE WHEN played <= voiceagent_private.is_played(number) THEN number END,
			(SELECT s.phone_number_id FROM voiceagent.text_senders s
			WHERE s.tenant_id = v_tenant AND s.state = 'registered'
				AND coalesce(voiceagent_private.is_played(s.phone_number_id) = v_played, true)
			ORDER BY s.phone_number_id LIMIT 1))
	ON CONFLICT ON CONSTRAINT texts_tenant_id_key_key DO NOTHING RETURNING text_id INTO v_item.text_id;
	IF v_item.text_id IS NULL THEN
		RETURN (SELECT t.text_id FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.key = queue_text.key);
	END IF;
	-- A text about an appointment is useless once it has begun.
	INSERT INTO voiceagent_private.text_turns (tenant_id, text_id, next_at, ends_at)
	VALUES (v_tenant, v_item.text_id, coalesce(due, v_now), least(coalesce(due, v_now) + c_most,
		to_timestamp(until)));
	PERFORM voiceagent_private.request_job('send_texts', coalesce(due, v_now));
	RETURN v_item.text_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_text(text, text, text, text, bigint, bigint, bigint, timestamptz,
	boolean, bigint, integer, bigint) IS
	E'Has a text of the current tenant judged and sent -> its number; with a key that was used, the text that it was '
	'used for.\n'
	'number: ours, phone_number_id; NULL: the first that is registered, of the sandbox where the call was, or what '
	'else sets it off (played); due: not before; about, version, until: texts.about_id and so on.';

CREATE FUNCTION voiceagent_private.ration_text(item voiceagent.texts, at timestamptz, OUT reason text,
	OUT until timestamptz)
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_most integer := voiceagent_private.read_platform_setting('unverified_texts_per_day')::integer;
	v_one integer;
BEGIN
	SELECT t.standing, t.standing_reason, a.provider INTO v FROM voiceagent.tenants t
	LEFT JOIN voiceagent.provider_accounts a ON a.tenant_id = item.tenant_id
		AND a.provider_account_id = item.provider_account_id
	WHERE t.tenant_id = item.tenant_id;
	IF v.standing = 'verified' THEN
		RETURN;
	-- By the code it proves a number, and ends that.
	ELSIF v.standing = 'refused' AND (item.kind <> 'notice_code' OR v.standing_reason IS DISTINCT FROM
		voiceagent_private.unproved()) THEN
		reason := CASE WHEN v.provider <> 'sandbox' THEN
			concat_ws(': ', 'the platform has refused this business real texts', v.standing_reason) END;
		RETURN;
	END IF;
	v_one := CASE WHEN v.provider = 'sandbox' THEN 0 ELSE 1 END;
	-- The one confirmation of a stop goes out, but counts.
	IF voiceagent_private.count_unverified(0, v_one, at) > v_most AND v_one = 1
		AND NOT (voiceagent_private.text_traits(item.kind)).confirms THEN
		PERFORM voiceagent_private.count_unverified(0, -1, at);
		reason := format('the platform has not verified this business: its %s texts of the day are sent', v_most);
		until := ((at AT TIME ZONE 'UTC')::date + 1)::timestamp AT TIME ZONE 'UTC';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ration_text(voiceagent.texts, timestamptz) IS
	'Whether the platform lets a text of the tenant out, as text_obstacle() says it; counts it.';

CREATE FUNCTION voiceagent_private.send_texts(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_item voiceagent.texts;
	v record;
	v_hold bigint;
	v_cost numeric;
	c_again CONSTANT interval := '30 minutes';
BEGIN
	FOR v_item IN SELECT t.* FROM voiceagent_private.text_turns q
		JOIN voiceagent.texts t ON t.tenant_id = v_tenant AND t.text_id = q.text_id
		WHERE q.tenant_id = v_tenant AND q.next_at <= v_now ORDER BY q.next_at, q.text_id LIMIT max
		FOR UPDATE SKIP LOCKED
	LOOP
		IF v_item.status = 'unknown' THEN
			PERFORM voiceagent_private.settle_text(v_item, false);
			DELETE FROM voiceagent_private.text_turns q WHERE q.tenant_id = v_tenant AND q.text_id = v_item.text_id;
			CONTINUE;
		END IF;
		v := voiceagent_private.text_obstacle(v_item, v_now);
		IF v.reason IS NULL THEN
			v := voiceagent_private.ration_text(v_item, v_now);
		END IF;
		IF v.reason IS NULL THEN
			v_cost := round(v_item.segments * voiceagent_private.price_of('text', v_now), 6);
			IF v_cost > voiceagent_private.lock_available() THEN
				v.reason := 'not enough credits';
				v.until := v_now + c_again;
			END IF;
		END IF;
		UPDATE voiceagent_private.text_turns q SET next_at = v.until
		WHERE q.tenant_id = v_tenant AND q.text_id = v_item.text_id AND v.until < q.ends_at;
		IF FOUND THEN
			UPDATE voiceagent.texts t SET due_at = v.until, reason = v.reason
			WHERE t.tenant_id = v_tenant AND t.text_id = v_item.text_id;
			CONTINUE;
		ELSIF v.reason IS NOT NULL THEN
			PERFORM voiceagent_private.move_text(v_item, 'refused', v.reason);
			CONTINUE;
		END IF;
		INSERT INTO voiceagent.credit_holds (tenant_id, amount, created_at)
		VALUES (v_tenant, v_cost, v_now) RETURNING hold_id INTO v_hold;
		PERFORM voiceagent_private.post(ARRAY[voiceagent_private.transfer('hold', 'available', 'held', v_cost,
			hold_id => v_hold, reference => 'text ' || v_item.text_id)]);
		UPDATE voiceagent.texts t SET hold_id = v_hold WHERE t.tenant_id = v_tenant AND t.text_id = v_item.text_id;
		PERFORM voiceagent_private.move_text(v_item, 'sending');
		PERFORM voiceagent_private.enqueue_provider_request(v_item.provider_account_id, 'send_text',
			jsonb_build_object('text_id', v_item.text_id));
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.send_texts(integer) IS
	'A maintenance job: judges texts of the current tenant that are due, and has those that may go sent, each with its '
	'credits held in the same commit.';
SELECT voiceagent_private.register_tenant_job('send_texts', 50, 'text_turns', 'next_at');

CREATE FUNCTION voiceagent_private.text_to_send(provider_request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT jsonb_build_object('number', t.phone, 'from_number', n.phone_number, 'text',
			voiceagent_private.linked_text(t), 'attempt_ref', 'text-' || t.text_id)
			|| CASE WHEN t.phone LIKE '+91%' THEN (SELECT jsonb_build_object('dlt_header', d.header, 'dlt_template',
					d.template_id, 'dlt_entity', voiceagent_private.setting_text('dlt_entity_id'))
				FROM voiceagent_private.dlt_template(voiceagent_private.linked_text(t)) d) ELSE '{}' END
		FROM voiceagent.provider_requests r
		JOIN voiceagent.texts t ON t.tenant_id = r.tenant_id AND t.text_id = (r.request_data ->> 'text_id')::bigint
		JOIN voiceagent.phone_numbers n ON n.tenant_id = r.tenant_id AND n.phone_number_id = t.phone_number_id
		WHERE r.tenant_id = voiceagent.current_tenant() AND r.provider_request_id = text_to_send.provider_request_id
			-- An opt-out since it was judged: without a number nothing is sent.
			AND ((voiceagent_private.text_traits(t.kind)).confirms
				OR voiceagent_private.text_suppressed(t.phone, t.phone_number_id) IS NULL));
END
$$;
COMMENT ON FUNCTION voiceagent_private.text_to_send(bigint) IS
	'The request to a carrier when a text leaves; NULL: it must not any more.';

CREATE FUNCTION voiceagent_private.stop_texts(phone text, source text, text_id bigint,
	played boolean DEFAULT false) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
#variable_conflict use_variable
BEGIN
	INSERT INTO voiceagent.text_stops AS s (tenant_id, phone, source, text_id, stopped_at, played)
	SELECT voiceagent.current_tenant(), y, source, text_id, voiceagent.clock(), played
	FROM unnest(voiceagent_private.spellings(phone)) y
	ON CONFLICT ON CONSTRAINT text_stops_pkey DO UPDATE SET source = excluded.source, text_id = excluded.text_id,
		stopped_at = excluded.stopped_at, lifted_at = NULL
	WHERE s.lifted_at IS NOT NULL OR s.source = 'doubt' AND excluded.source <> 'doubt';
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.stop_texts(text, text, bigint, boolean) IS
	'No text of the current tenant (played: of its sandbox) goes to a number from now on -> whether that is new.';

CREATE FUNCTION voiceagent_private.on_text_sent(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_item voiceagent.texts;
BEGIN
	SELECT t.* INTO v_item FROM voiceagent.texts t WHERE t.tenant_id = provider_request.tenant_id
		AND t.text_id = (provider_request.request_data ->> 'text_id')::bigint FOR UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF provider_request.state = 'done' THEN
		v_item.provider_text_id := provider_request.result ->> 'text_id';
		PERFORM voiceagent_private.move_text(v_item, 'sent');
	ELSIF provider_request.state = 'unknown' THEN
		PERFORM voiceagent_private.move_text(v_item, 'unknown', provider_request.error);
	ELSE
		IF provider_request.error LIKE 'blocked%' THEN
			PERFORM voiceagent_private.stop_texts(v_item.phone, 'carrier', v_item.text_id);
		END IF;
		PERFORM voiceagent_private.move_text(v_item, 'failed', coalesce(
			CASE WHEN NOT (voiceagent_private.text_traits(v_item.kind)).confirms THEN
				voiceagent_private.text_suppressed(v_item.phone, v_item.phone_number_id) END, provider_request.error));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_text_sent(voiceagent.provider_requests) IS
	'Takes the carrier''s answer to a text; one that it blocks is a stop here, too.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler, filler) VALUES
	('send_text', 'on_text_sent', 'text_to_send');

CREATE FUNCTION voiceagent.send_text(lead_id bigint, body text, key text DEFAULT NULL, kind text DEFAULT 'message',
	phone_number_id bigint DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_phone text := (SELECT l.phone FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = send_text.lead_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_phone IS NULL, 'PT404', format('lead %s does not exist', lead_id));
	PERFORM voiceagent_private.fail_if(coalesce(length(btrim(body)), 0) NOT BETWEEN 1 AND 1600, 'PT422',
		'a text has 1 to 1600 characters');
	PERFORM voiceagent_private.fail_if(
		kind IS NULL OR kind !~ '^[a-z][a-z_]{0,39}$' OR kind <> 'message'
			AND kind IN (SELECT k.kind FROM voiceagent_private.text_kinds() k), 'PT422',
		'the kind of a text is a word of yours, in small letters');
	PERFORM voiceagent_private.fail_if(length(key) > 150, 'PT422', 'a key has at most 150 characters');
	PERFORM voiceagent_private.fail_if(
		phone_number_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = send_text.phone_number_id), 'PT404',
		format('number %s does not exist', phone_number_id));
	RETURN voiceagent_private.queue_text(kind, v_phone, btrim(body),
		'own:' || coalesce(key, voiceagent_private.random_token()), lead_id, NULL, phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.send_text(bigint, text, text, text, bigint) IS
	E'Has a text sent to a lead, at its first number -> text_id; texts.status and reason tell what became of it.\n'
	'key: the same again is sent once; kind: a word of yours; phone_number_id: from which number (NULL: the first that '
	'is registered). It waits for the person''s hours, and is judged when it leaves. PT404, PT422.';

CREATE FUNCTION voiceagent.set_dlt_template(template_id text, header text, body text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	c_most CONSTANT integer := 500;
	-- The time of a comparison is the product of these and the text's length.
	c_places CONSTANT integer := 20;
BEGIN
	IF template_id IS NULL OR template_id !~ '^[0-9]{5,30}$' THEN
		PERFORM voiceagent_private.fail('PT422', 'a template''s number has 5 to 30 digits');
	ELSIF body IS NULL THEN
		DELETE FROM voiceagent.dlt_templates t WHERE t.tenant_id = v_tenant AND t.template_id = template_id;
	ELSIF header IS NULL OR header !~ '^[A-Za-z0-9]{3,11}$' OR length(body) NOT BETWEEN 1 AND 1600 THEN
		PERFORM voiceagent_private.fail('PT422',
			'a header has 3 to 11 letters and digits, a text 1 to 1600 characters');
	ELSIF (length(body) - length(replace(body, '{#var#}', ''))) / length('{#var#}') > c_places THEN
		PERFORM voiceagent_private.fail('PT422', format('a template has at most %s times {#var#}', c_places));
	ELSE
		PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent.dlt_templates t
			WHERE t.tenant_id = v_tenant AND t.template_id <> template_id) >= c_most, 'PT409',
			format('there are %s templates already', c_most));
		INSERT INTO voiceagent.dlt_templates AS t (tenant_id, template_id, header, body, changed_at)
		VALUES (v_tenant, template_id, header, body, voiceagent.clock())
		ON CONFLICT ON CONSTRAINT dlt_templates_pkey DO UPDATE SET header = excluded.header, body = excluded.body,
			changed_at = excluded.changed_at;
	END IF;
	PERFORM voiceagent_private.audit('set_dlt_template', 'template ' || template_id, NULL,
		jsonb_build_object('header', header, 'body', body));
END
$$;
COMMENT ON FUNCTION voiceagent.set_dlt_template(text, text, text) IS
	E'Says that a text is registered on India''s DLT, under a header; body NULL: it is no more.\n'
	'{#var#} in it stands for up to 30 characters. Texts to India leave only with the words of a template, and with '
	'its number. For the role owner. PT409, PT422.';

CREATE FUNCTION voiceagent.set_text_sender(phone_number_id bigint, registration text, state text DEFAULT 'registered',
	reference text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_provider text;
BEGIN
	SELECT a.provider INTO v_provider FROM voiceagent.phone_numbers n JOIN voiceagent.provider_accounts a
		ON a.tenant_id = v_tenant AND a.provider_account_id = n.provider_account_id
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = phone_number_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('number %s does not exist', phone_number_id));
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.driver_can(v_provider, 'send_text'), 'PT422',
		format('no texts are sent through %s', voiceagent_private.driver_title(v_provider)));
	PERFORM voiceagent_private.fail_if(
		registration IS NULL OR registration NOT IN ('10dlc', 'toll_free', 'short_code', 'not_needed')
			OR state IS NULL OR state NOT IN ('registered', 'pending', 'rejected') OR length(reference) > 200, 'PT422',
		'no such registration', NULL,
		'It is 10dlc, toll_free, short_code or not_needed; registered, pending or rejected.');
	INSERT INTO voiceagent.text_senders AS s (tenant_id, phone_number_id, registration, state, reference, changed_at)
	VALUES (v_tenant, phone_number_id, registration, state, reference, voiceagent.clock())
	ON CONFLICT ON CONSTRAINT text_senders_pkey DO UPDATE SET registration = excluded.registration,
		state = excluded.state, reference = excluded.reference, changed_at = excluded.changed_at;
	PERFORM voiceagent_private.audit('set_text_sender', 'number ' || phone_number_id, NULL,
		jsonb_build_object('registration', registration, 'state', state, 'reference', reference));
END
$$;
COMMENT ON FUNCTION voiceagent.set_text_sender(bigint, text, text, text) IS
	E'Says how carriers know a number of ours that sends texts: 10dlc, toll_free, short_code or not_needed; '
	'registered, pending or rejected.\n'
	'Texts leave from registered ones alone; not_needed: not to +1. Only for the role owner. PT404, PT422.';

CREATE FUNCTION voiceagent_private.forget_texts(lead bigint, phones text[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_count bigint;
	v_item voiceagent.texts;
BEGIN
	FOR v_item IN SELECT t.* FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND t.hold_id IS NOT NULL
			AND t.done_at IS NULL AND t.phone = ANY (phones) LOOP
		PERFORM voiceagent_private.settle_text(v_item, v_item.status = 'sent');
	END LOOP;
	PERFORM voiceagent_private.forget_model_requests(ARRAY(SELECT m.model_request_id FROM voiceagent.texts t
		JOIN voiceagent.model_requests m ON m.tenant_id = v_tenant AND m.purpose = 'text_answer'
			AND m.object_id = t.text_id
		WHERE t.tenant_id = v_tenant AND (t.lead_id = lead OR t.phone = ANY (phones)) ORDER BY 1));
	DELETE FROM voiceagent.texts t WHERE t.tenant_id = v_tenant AND (t.lead_id = lead OR t.phone = ANY (phones));
	GET DIAGNOSTICS v_count = ROW_COUNT;
	RETURN v_count;
END
$$;
COMMENT ON FUNCTION voiceagent_private.forget_texts(bigint, text[]) IS
	E'Forgets the texts of a person of the current tenant, those that wait as well; returns how many.\n'
	'Stops stay: without them the person would be written to again.';

CREATE FUNCTION voiceagent_private.check_texts() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT 'a text that waits has its turn', format('text %s', t.text_id) FROM voiceagent.texts t
	WHERE t.tenant_id = voiceagent.current_tenant() AND t.status = 'waiting'
		AND NOT EXISTS (SELECT FROM voiceagent_private.text_turns q
			WHERE q.tenant_id = t.tenant_id AND q.text_id = t.text_id)
	UNION ALL
	SELECT 'credits of a text are held exactly while nobody knows what became of it',
		format('text %s is %s, its hold %s', t.text_id, t.status, h.state)
	FROM voiceagent.texts t
	JOIN voiceagent.credit_holds h ON h.tenant_id = t.tenant_id AND h.hold_id = t.hold_id
	WHERE t.tenant_id = voiceagent.current_tenant() AND (h.state = 'held') <> (t.status IN ('sending', 'unknown'))
		AND NOT (t.status = 'unknown' AND h.state = 'voided')
	UNION ALL
	SELECT 'an open hold without a call is a model request''s, or a text''s', format('hold %s', h.hold_id)
	FROM voiceagent.credit_holds h
	WHERE h.tenant_id = voiceagent.current_tenant() AND h.state = 'held' AND h.call_id IS NULL
		AND NOT EXISTS (SELECT FROM voiceagent_private.model_request_queue q
			WHERE q.tenant_id = h.tenant_id AND q.hold_id = h.hold_id)
		AND NOT EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = h.tenant_id AND t.hold_id = h.hold_id)
$$;
COMMENT ON FUNCTION voiceagent_private.check_texts() IS 'Violations of the invariants of texts for the current tenant.';
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('invariant', 'check_texts');
