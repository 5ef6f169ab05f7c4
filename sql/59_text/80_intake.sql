/*
 * 59_text: leads that programs of others leave at an address of the tenant's.
 *
 * The gateway asks open_intake() whose address it is, judges the signature, and
 * only then has receive_intake() read the body.  The input is a row of a file:
 * an import takes it, so a mapping, a consent, a number and a refusal mean what
 * they mean there.  Imports have the leads for as long as they take; what comes
 * meanwhile is kept, answered, and taken by a job.
 */

CREATE FUNCTION voiceagent_private.read_intake(body bytea, type text, OUT person integer, OUT paths text[],
	OUT vals text[]) RETURNS SETOF record
	LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 1 AS 'MODULE_PATHNAME', 'va_sql_read_intake';
COMMENT ON FUNCTION voiceagent_private.read_intake(bytea, text) IS
	E'The fields of a body that a stranger sent: for each person in it where they stand (a.b.0) and what they say.\n'
	'type: its Content-Type; JSON, a form, or a form in parts. Reads in linear time, at most 200 fields, 8 levels and '
	'20 people: PT422.';

CREATE FUNCTION voiceagent_private.understand_intake(paths text[], vals text[], mapping jsonb, OUT names text[],
	OUT kept text[], OUT keys text[], OUT places integer[], OUT event text, OUT text_stop text, OUT unread text,
	OUT calls text, OUT texts text, OUT others text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_understand_intake';
COMMENT ON FUNCTION voiceagent_private.understand_intake(text[], text[], jsonb) IS
	E'Whose the fields of a request are: a row of a file (names, kept), where in it each field of a lead stands '
	'(keys, places; 0: nowhere), the event that adds no lead, what stops texts, a consent that is not understood, '
	'and what is said of calls, of texts and of others (yes, no, unclear; NULL: nothing).\n'
	'PT422 where two fields are the number.';

CREATE FUNCTION voiceagent_private.intake_batch(intake voiceagent.intakes, is_known boolean, at timestamptz)
	RETURNS voiceagent.import_batches
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- An import does not take its own numbers again: that would be a number twice in a file.
	v_key text := format('intake %s of %s%s', intake.intake_id, (at AT TIME ZONE 'UTC')::date,
		CASE WHEN is_known THEN ', known numbers' ELSE '' END);
	v_batch voiceagent.import_batches;
BEGIN
	LOOP
		SELECT b.* INTO v_batch FROM voiceagent.import_batches b
		WHERE b.tenant_id = intake.tenant_id AND b.idempotency_key = v_key;
		EXIT WHEN NOT FOUND OR v_batch.status = 'finished';
		v_key := format('%s, after import %s', left(v_key, 100), v_batch.batch_id);
	END LOOP;
	IF v_batch.batch_id IS NULL THEN
		INSERT INTO voiceagent.import_batches (tenant_id, status, mapping, default_country, campaign_id, on_duplicate,
			idempotency_key, created_at, finished_at)
		VALUES (intake.tenant_id, 'finished', intake.mapping,
			upper(coalesce(intake.default_country, voiceagent_private.setting_text('default_country'))),
			intake.campaign_id, 'update', v_key, at, at)
		RETURNING * INTO v_batch;
	END IF;
	RETURN v_batch;
END
$$;
COMMENT ON FUNCTION voiceagent_private.intake_batch(voiceagent.intakes, boolean, timestamptz) IS
	'The import that has what an intake of the current tenant takes on a day, unless undone: one for new numbers, '
	'one for numbers that are leads (is_known).';

CREATE FUNCTION voiceagent_private.record_intake_consent(intake voiceagent.intakes, lead bigint, said jsonb,
	answers jsonb, after bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := intake.tenant_id;
	v_kinds jsonb := coalesce(intake.consent -> 'kinds', '["call"]');
	v_wording text := coalesce(said ->> 'consent_wording', intake.consent ->> 'wording');
	v_version text := left(coalesce(said ->> 'consent_version', intake.consent ->> 'version'), 200);
BEGIN
	UPDATE voiceagent.consents c SET wording = v_wording, version = v_version
	WHERE c.tenant_id = v_tenant AND c.lead_id = lead AND c.consent_id > after AND c.kind = 'call';
	-- Where an import would not believe a yes for calls, the same yes is none for texts.
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, wording, version, granted_at)
	SELECT v_tenant, l.lead_id, l.phone, k, coalesce(intake.consent ->> 'source', 'intake ' || intake.name), v_wording,
		v_version, at
	FROM voiceagent.leads l, jsonb_array_elements_text(v_kinds) k
	WHERE l.tenant_id = v_tenant AND l.lead_id = lead AND k <> 'call' AND answers ->> k = 'yes'
		AND (FOUND OR answers ->> 'call' IS DISTINCT FROM 'yes')
		-- The same again adds no row.
		AND NOT EXISTS (SELECT FROM voiceagent.consents o WHERE o.tenant_id = v_tenant AND o.lead_id = lead
			AND o.phone = l.phone AND o.kind = k AND o.revoked_at IS NULL AND o.granted_at > at - interval '1 day'
			AND (o.wording, o.version) IS NOT DISTINCT FROM (v_wording, v_version));
	UPDATE voiceagent.consents c SET revoked_at = at
	WHERE c.tenant_id = v_tenant AND c.lead_id = lead AND c.kind <> 'call' AND c.revoked_at IS NULL
		AND answers ->> c.kind = 'no';
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_intake_consent(voiceagent.intakes, bigint, jsonb, jsonb, bigint,
	timestamptz) IS
	'Gives the consent to calls that an import has just recorded of a lead of the current tenant (behind the number '
	'after) its words and version, and records, or ends, those of the other kinds by their answers.';

CREATE FUNCTION voiceagent_private.take_intake(intake_id bigint, sender_id text, paths text[], vals text[])
	RETURNS voiceagent.intake_requests
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_intake voiceagent.intakes;
	v_means record;
	v_mapping jsonb;
	v_said jsonb;
	v_answers jsonb;
	v_told text;
	v_phone text;
	v_consents bigint;
	v_is_in boolean;
	v_joins bigint;
	v_batch voiceagent.import_batches;
	v_step voiceagent_private.import_step;
	v_request voiceagent.intake_requests;
BEGIN
	PERFORM voiceagent_private.lock_tenant(true);
	SELECT i.* INTO STRICT v_intake FROM voiceagent.intakes i
	WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id FOR NO KEY UPDATE;
	IF v_intake.day <> (v_now AT TIME ZONE 'UTC')::date THEN
		v_intake.day := (v_now AT TIME ZONE 'UTC')::date;
		v_intake.joined_today := 0;
	END IF;
	SELECT m.* INTO v_means FROM voiceagent_private.understand_intake(paths, vals, v_intake.mapping) m;
	-- No column is guessed at; two of the fields are no import's.
	SELECT jsonb_object_agg(u.key, v_means.names[nullif(u.place, 0)])
			FILTER (WHERE u.key NOT IN ('consent_wording', 'consent_version')),
		jsonb_object_agg(u.key, v_means.kept[u.place]) FILTER (WHERE u.place > 0)
	INTO v_mapping, v_said FROM unnest(v_means.keys, v_means.places) AS u(key, place);
	v_said := coalesce(v_said, '{}');
	v_phone := (voiceagent_private.parse_phone(v_said ->> 'phone',
		upper(coalesce(v_intake.default_country, voiceagent_private.setting_text('default_country'))))).phone;
	IF v_means.text_stop IS NOT NULL AND v_phone IS NOT NULL THEN
		PERFORM voiceagent_private.stop_texts(v_phone, 'text', NULL);
	END IF;
	<<import>>
	BEGIN
		IF v_means.event IS NOT NULL AND NOT v_said ? 'do_not_call' THEN
			v_request.outcome := 'ignored';
			v_told := format('"%s" adds nobody', left(v_means.event, 100));
			EXIT import;
		END IF;
		PERFORM voiceagent_private.fail_if(NOT v_said ? 'phone', 'PT422', 'no field is a phone number',
			(SELECT format('"%s" is somebody else''s.', left(min(p), 100)) FROM unnest(paths) p
				WHERE p ~* '\.[^.]*(phone|mobile|cell)[^.]*$'), 'Name it in the mapping of the intake.');
		-- A no beats whatever else is said, and what is said of one kind what is said of all; silence is a yes where
		-- the form always is one.  Of a kind of which the words do not speak only its own no counts.
		SELECT jsonb_strip_nulls(jsonb_object_agg(k.kind, CASE
			WHEN k.own = 'no' OR k.spoken AND v_means.others = 'no' THEN 'no'
			WHEN k.spoken THEN coalesce(k.own, v_means.others,
				CASE WHEN (v_intake.consent ->> 'always')::boolean THEN 'yes' END) END)) INTO v_answers
		FROM (SELECT v.kind, v.own, coalesce(v_intake.consent -> 'kinds', '["call"]') ? v.kind AS spoken
			FROM (VALUES ('call', v_means.calls), ('text', v_means.texts), ('recording', NULL)) v (kind, own)) k;
		-- A form's text may have a card in it, as what they say or text may.
		v_means.kept := ARRAY(SELECT CASE WHEN u.n = ANY (v_means.places) THEN u.value
				ELSE voiceagent_private.mask_words(u.value) END
			FROM unnest(v_means.kept) WITH ORDINALITY AS u(value, n) ORDER BY u.n);
		v_means.names := v_means.names || '{the consent,its time,its source}'::text[];
		v_means.kept := v_means.kept || ARRAY[CASE WHEN v_answers ->> 'call' IN ('yes', 'no') THEN v_answers ->> 'call'
				ELSE '' END,
			-- Given when the form was sent: later than whatever was withdrawn before.
			to_char((v_now - interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			coalesce(v_intake.consent ->> 'source', 'intake ' || v_intake.name)];
		v_mapping := '{"consent_at": "its time", "consent_source": "its source"}'::jsonb || jsonb_strip_nulls(v_mapping)
			|| (SELECT coalesce(jsonb_object_agg(m.key, NULL), '{}') FROM jsonb_each(v_mapping) m
				WHERE jsonb_typeof(m.value) = 'null' AND m.key NOT LIKE 'consent%') || '{"consent": "the consent"}';
		v_request.lead_id := voiceagent_private.lead_by_number(v_phone);
		v_batch := voiceagent_private.intake_batch(v_intake, v_request.lead_id IS NOT NULL, v_now);
		v_consents := coalesce((SELECT max(c.consent_id) FROM voiceagent.consents c
			WHERE c.tenant_id = v_tenant AND c.lead_id = v_request.lead_id), 0);
		v_is_in := EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant
			AND m.campaign_id = v_intake.campaign_id AND m.lead_id = v_request.lead_id);
		-- A confirmation holds, also where the intake was given more since; on the sandbox nothing is confirmed.
		v_joins := (SELECT c.campaign_id FROM voiceagent.campaigns c
			LEFT JOIN voiceagent.campaign_confirmations f ON f.tenant_id = v_tenant AND f.campaign_id = c.campaign_id
			WHERE c.tenant_id = v_tenant AND c.campaign_id = v_intake.campaign_id AND c.archived_at IS NULL
				AND NOT v_is_in AND v_intake.joined_today < v_intake.daily_limit AND (f.campaign_id IS NULL
					OR f.arrivals_a_day > CASE f.day WHEN v_intake.day THEN f.arrived_today ELSE 0 END));
		v_step := voiceagent_private.import_chunk(v_batch.batch_id, v_mapping, v_batch.default_country, NULL,
			v_batch.rows_read, v_means.kept, true, false, true, v_means.names, ',', NULL, 'UTF-8', NULL);
		PERFORM voiceagent_private.fail_if(v_step.rows_rejected > 0, 'PT422',
			(SELECT min(r.reason) FROM voiceagent.import_reports r
				WHERE r.tenant_id = v_tenant AND r.batch_id = v_batch.batch_id AND r.row_number = v_batch.rows_read + 1
					AND r.kind = 'rejected'));
		PERFORM voiceagent_private.count_import(v_batch.batch_id, v_step, 0, false);
		-- An import takes an id for each row, also for one whose number is a lead already, or on the list.
		v_request.lead_id := coalesce((SELECT l.lead_id FROM voiceagent.leads l
			WHERE l.tenant_id = v_tenant AND l.lead_id = v_step.first_lead_id), v_request.lead_id);
		v_request.outcome := CASE WHEN v_step.rows_do_not_call > 0 OR EXISTS (SELECT FROM voiceagent.leads l
				WHERE l.tenant_id = v_tenant AND l.lead_id = v_request.lead_id AND l.status = 'do_not_call')
				THEN 'do_not_call'
			WHEN v_intake.campaign_id IS NOT NULL AND v_joins IS NULL AND NOT v_is_in THEN 'kept'
			WHEN v_step.rows_imported > 0 THEN 'added' WHEN v_step.rows_updated > 0 THEN 'updated'
			ELSE 'there already' END;
		IF v_request.outcome <> 'do_not_call' THEN
			PERFORM voiceagent_private.record_intake_consent(v_intake, v_request.lead_id, v_said, v_answers, v_consents,
				v_now);
			-- With its consent at hand, and counted as having come before the campaign judges its growth.
			IF v_joins IS NOT NULL THEN
				PERFORM voiceagent_private.join_leads(v_joins, ARRAY[v_request.lead_id], 'an intake brought leads');
				UPDATE voiceagent.intakes i SET joined = i.joined + 1, day = v_intake.day,
					joined_today = v_intake.joined_today + 1
				WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id;
			END IF;
		END IF;
		v_told := nullif(concat_ws('; ', CASE WHEN v_request.outcome = 'kept' THEN 'the last lead is kept, and joined '
				'nothing: the campaign is archived, or has as many of today as daily_limit or its confirmation '
				'allow' END,
			CASE WHEN v_means.unread IS NOT NULL THEN
				format('"%s" looks like a consent and is not understood: none is kept', left(v_means.unread, 100)) END),
			'');
	END import;
	UPDATE voiceagent.intakes i SET ignored = i.ignored + (v_request.outcome = 'ignored')::integer,
		last_refusal = v_told
	WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id AND v_told IS NOT NULL;
	INSERT INTO voiceagent.intake_requests AS r (tenant_id, intake_id, sender_id, received_at, outcome, lead_id)
	VALUES (v_tenant, intake_id, sender_id, v_now, v_request.outcome, v_request.lead_id)
	ON CONFLICT ON CONSTRAINT intake_requests_pkey DO UPDATE SET outcome = excluded.outcome, lead_id = excluded.lead_id,
		names = NULL, vals = NULL
	RETURNING r.* INTO v_request;
	RETURN v_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_intake(bigint, text, text[], text[]) IS
	E'Imports the fields of a request as one row for an intake of the current tenant, and writes what came of it by '
	'the sender''s id, in one commit.\n'
	'After lock_leads(true). PT422 for what is no lead: then nothing is kept of it.';

CREATE FUNCTION voiceagent_private.open_intake(token text, OUT tenant_id bigint, OUT intake_id bigint,
	OUT signed boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT r.tenant_id, r.intake_id INTO tenant_id, intake_id FROM voiceagent_private.intake_routes r
	WHERE r.token_hash = sha256(convert_to(open_intake.token, 'UTF8'));
	IF FOUND THEN
		PERFORM voiceagent_private.set_tenant(open_intake.tenant_id);
		SELECT i.signed INTO signed FROM voiceagent.intakes i JOIN voiceagent.tenants t USING (tenant_id)
		WHERE i.tenant_id = open_intake.tenant_id AND i.intake_id = open_intake.intake_id AND i.active AND t.active;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.open_intake(text) IS
	E'For the gateway: whose intake an address is, by the end of its path, and whether its bodies are signed; from '
	'then on it acts for that tenant.\n'
	'signed: NULL, there is none that takes anything.';

CREATE FUNCTION voiceagent_private.receive_intake(intake_id bigint, body bytea, type text, key text, at_once boolean)
	RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_people_at_once CONSTANT integer := 5;
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_sender text := (SELECT i.sender_id FROM voiceagent.intakes i
		WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id);
	v_id text;
	v_is_new boolean;
	v_request voiceagent.intake_requests;
	v_answers jsonb := '[]';
	v_person record;
BEGIN
	FOR v_person IN
		SELECT p.* FROM voiceagent_private.read_intake(body, type) p ORDER BY p.person
	LOOP
		v_id := coalesce(v_id, left(nullif(v_person.vals[array_position(v_person.paths, v_sender)], ''), 190),
			left(nullif(btrim(key), ''), 190), encode(sha256(body), 'hex'));
		v_request.sender_id := v_id || CASE WHEN v_person.person > 1 THEN '#' || v_person.person ELSE '' END;
		SELECT r.* INTO v_request FROM voiceagent.intake_requests r
		WHERE r.tenant_id = v_tenant AND r.intake_id = intake_id
			-- An erasure leaves the digest.
			AND r.sender_id IN (v_request.sender_id, encode(sha256(convert_to(v_request.sender_id, 'UTF8')), 'hex'));
		v_is_new := NOT FOUND;
		IF v_is_new THEN
			v_request.sender_id := v_id || CASE WHEN v_person.person > 1 THEN '#' || v_person.person ELSE '' END;
			IF at_once AND v_person.person <= c_people_at_once AND voiceagent_private.try_lock_leads(true) THEN
				v_request := voiceagent_private.take_intake(intake_id, v_request.sender_id, v_person.paths,
					v_person.vals);
			ELSE
				INSERT INTO voiceagent.intake_requests AS r (tenant_id, intake_id, sender_id, received_at, outcome,
					names, vals)
				VALUES (v_tenant, intake_id, v_request.sender_id, v_now, 'waiting', v_person.paths, v_person.vals)
				RETURNING r.* INTO v_request;
				INSERT INTO voiceagent_private.waiting_intakes (tenant_id, intake_id, sender_id, next_at)
				VALUES (v_tenant, intake_id, v_request.sender_id, v_now);
				PERFORM voiceagent_private.request_job('take_waiting_intakes', v_now);
			END IF;
		END IF;
		v_answers := v_answers || jsonb_build_object('outcome', v_request.outcome, 'lead_id', v_request.lead_id,
			'repeated', NOT v_is_new);
	END LOOP;
	RETURN CASE jsonb_array_length(v_answers) WHEN 1 THEN v_answers -> 0
		ELSE jsonb_build_object('leads', v_answers) END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.receive_intake(bigint, bytea, text, text, boolean) IS
	E'For the gateway: takes a request of an intake of the current tenant -> {"outcome", "lead_id", "repeated"}, or '
	'{"leads": [one of these for each person in it]}.\n'
	'type, key: of its headers. A request whose id is known has no effect. Without at_once, while somebody has the '
	'leads, and from the sixth person on, it is kept for take_waiting_intakes(). PT422 for what cannot be read.';

CREATE FUNCTION voiceagent_private.count_refusal(intake_id bigint, reason text) RETURNS void
	LANGUAGE sql VOLATILE SET planner.policy = by_key
	BEGIN ATOMIC
		UPDATE voiceagent.intakes i SET refused = i.refused + 1, last_refusal = left(count_refusal.reason, 300)
		WHERE i.tenant_id = voiceagent.current_tenant() AND i.intake_id = count_refusal.intake_id;
	END;
COMMENT ON FUNCTION voiceagent_private.count_refusal(bigint, text) IS
	'Counts a request of an intake of the current tenant that could not be read as a lead.';

CREATE FUNCTION voiceagent_private.take_waiting_intakes(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_request voiceagent.intake_requests;
BEGIN
	IF NOT voiceagent_private.try_lock_leads(true) THEN
		RETURN voiceagent.clock() + interval '1 second';
	END IF;
	FOR v_request IN
		DELETE FROM voiceagent_private.waiting_intakes w USING voiceagent.intake_requests r
		WHERE w.tenant_id = v_tenant AND r.tenant_id = v_tenant AND r.intake_id = w.intake_id
			AND r.sender_id = w.sender_id AND w.sender_id = ANY (ARRAY(SELECT o.sender_id
				FROM voiceagent_private.waiting_intakes o WHERE o.tenant_id = v_tenant ORDER BY o.next_at LIMIT max))
		RETURNING r.*
	LOOP
		BEGIN
			PERFORM voiceagent_private.take_intake(v_request.intake_id, v_request.sender_id, v_request.names,
				v_request.vals);
		EXCEPTION WHEN SQLSTATE 'PT422' OR data_exception THEN
			-- One sender's error must not delay the others.
			UPDATE voiceagent.intake_requests r SET outcome = 'refused', names = NULL, vals = NULL
			WHERE r.tenant_id = v_tenant AND r.intake_id = v_request.intake_id AND r.sender_id = v_request.sender_id;
			PERFORM voiceagent_private.count_refusal(v_request.intake_id, SQLERRM);
		END;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_waiting_intakes(integer) IS
	'A maintenance job: takes requests of intakes of the current tenant that came while somebody had its leads.';
SELECT voiceagent_private.register_tenant_job('take_waiting_intakes', 50, 'waiting_intakes', 'next_at');

CREATE FUNCTION voiceagent_private.intake_address(intake_id bigint, signed boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_token text := voiceagent_private.random_token();
BEGIN
	DELETE FROM voiceagent_private.intake_routes r
	WHERE r.tenant_id = voiceagent.current_tenant() AND r.intake_id = intake_address.intake_id;
	INSERT INTO voiceagent_private.intake_routes (token_hash, tenant_id, intake_id)
	VALUES (sha256(convert_to(v_token, 'UTF8')), voiceagent.current_tenant(), intake_address.intake_id);
	RETURN jsonb_strip_nulls(jsonb_build_object('intake_id', intake_id,
		'url', replace(voiceagent_private.endpoint_url('', v_token), '/webhooks/', '/intake/'),
		'secret', CASE WHEN signed THEN voiceagent_private.make_signing_secret('intake:' || intake_id) END));
END
$$;
COMMENT ON FUNCTION voiceagent_private.intake_address(bigint, boolean) IS
	'A new address of an intake of the current tenant, in place of the one before, and a new secret if it is signed.';

CREATE FUNCTION voiceagent.create_intake(name text, campaign_id bigint DEFAULT NULL, preset text DEFAULT NULL,
	mapping jsonb DEFAULT '{}', sender_id text DEFAULT NULL, default_country text DEFAULT NULL,
	consent jsonb DEFAULT '{}', daily_limit integer DEFAULT 100, signed boolean DEFAULT false) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_intakes CONSTANT integer := 100;
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v_preset voiceagent.intake_presets;
	v_campaign voiceagent.campaigns;
	v_intake bigint;
BEGIN
	SELECT p.* INTO v_preset FROM voiceagent.intake_presets p WHERE p.preset = preset;
	PERFORM voiceagent_private.fail_if(preset IS NOT NULL AND NOT FOUND, 'PT422',
		format('there is no preset "%s"', left(preset, 60)), NULL,
		(SELECT string_agg(p.preset, ', ' ORDER BY p.preset) || '.' FROM voiceagent.intake_presets p));
	PERFORM voiceagent_private.check_keys(consent, 'the consent', '{kinds,wording,version,source,always}', '{}');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(name), '') = '' OR length(name) > 200, 'PT422',
		'an intake has a name of 1 to 200 characters');
	PERFORM voiceagent_private.fail_if(daily_limit IS NULL OR daily_limit NOT BETWEEN 1 AND 100000, 'PT422',
		'daily_limit is from 1 to 100000');
	PERFORM voiceagent_private.fail_if(NOT coalesce(consent -> 'kinds', '["call"]') <@ '["call", "text", "recording"]'
		OR jsonb_typeof(coalesce(consent -> 'always', 'true')) <> 'boolean', 'PT422',
		'the kinds of a consent are call, text and recording; always is true or false');
	PERFORM voiceagent_private.fail_if((consent ->> 'always')::boolean AND coalesce(consent ->> 'wording', '') = '',
		'PT422', 'a consent that every request gives has a wording', NULL, 'Say what the form says, word for word.');
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.intakes i WHERE i.tenant_id = v_tenant AND i.active) >= c_intakes, 'PT409',
		format('a tenant has at most %s intakes', c_intakes));
	mapping := coalesce(v_preset.mapping, '{}') || coalesce(mapping, '{}');
	PERFORM voiceagent_private.check_import(mapping - '{consent_wording,consent_version}'::text[],
		upper(coalesce(default_country, voiceagent_private.setting_text('default_country'))));
	IF campaign_id IS NOT NULL THEN
		SELECT c.* INTO v_campaign FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = campaign_id FOR SHARE;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('campaign %s does not exist', campaign_id));
		PERFORM voiceagent_private.require_not_archived(v_campaign);
	END IF;
	INSERT INTO voiceagent.intakes (tenant_id, name, campaign_id, mapping, sender_id, default_country, consent,
		daily_limit, signed, created_at)
	VALUES (v_tenant, btrim(name), campaign_id, mapping, coalesce(sender_id, v_preset.sender_id),
		upper(default_country), consent, daily_limit, coalesce(signed, false), voiceagent.clock())
	RETURNING intakes.intake_id INTO v_intake;
	PERFORM voiceagent_private.audit('create_intake', 'intake ' || v_intake, NULL,
		jsonb_build_object('campaign_id', campaign_id, 'daily_limit', daily_limit, 'signed', signed));
	RETURN voiceagent_private.intake_address(v_intake, signed)
		-- A campaign that was confirmed without it is to be confirmed again, or it brings no lead.
		|| CASE WHEN EXISTS (SELECT FROM voiceagent.campaign_confirmations f WHERE f.tenant_id = v_tenant
				AND f.campaign_id = campaign_id)
			THEN jsonb_build_object('confirmation', voiceagent_private.confirmation_text(campaign_id)) ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION voiceagent.create_intake(text, bigint, text, jsonb, text, text, jsonb, integer, boolean) IS
	E'An address where another program leaves leads -> {"intake_id", "url", "secret", "confirmation"}; shown once.\n'
	'preset: of intake_presets; mapping, sender_id: names or paths (a.b.0) of fields; consent: {"kinds", "wording", '
	'"version", "source", "always"}; daily_limit: leads that join campaign_id a day; signed: bodies carry an HMAC. '
	'PT404, PT409, PT422.';

CREATE FUNCTION voiceagent.renew_intake(intake_id bigint) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v_signed boolean;
BEGIN
	SELECT i.signed INTO v_signed FROM voiceagent.intakes i
	WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id AND i.active FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('intake %s does not exist', intake_id));
	PERFORM voiceagent_private.audit('renew_intake', 'intake ' || intake_id);
	RETURN voiceagent_private.intake_address(intake_id, v_signed);
END
$$;
COMMENT ON FUNCTION voiceagent.renew_intake(bigint) IS
	E'A new address, and secret, of an intake; the old one is refused from the commit on -> as create_intake().\n'
	'PT404.';

CREATE FUNCTION voiceagent.close_intake(intake_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	UPDATE voiceagent.intakes i SET active = false WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', format('intake %s does not exist', intake_id));
	DELETE FROM voiceagent_private.intake_routes r WHERE r.tenant_id = v_tenant AND r.intake_id = intake_id;
	DELETE FROM voiceagent_private.secrets s WHERE s.tenant_id = v_tenant AND s.name = 'intake:' || intake_id;
	PERFORM voiceagent_private.audit('close_intake', 'intake ' || intake_id);
END
$$;
COMMENT ON FUNCTION voiceagent.close_intake(bigint) IS
	E'Closes an intake: its address is refused from the commit on; what it has brought stays.\n'
	'PT404.';
