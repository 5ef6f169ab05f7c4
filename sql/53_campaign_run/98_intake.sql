/*
 * 53_campaign_run: leads that programs of others leave at an address of the tenant's.
 *
 * The gateway asks open_intake() whose address it is, judges the signature, and
 * only then has receive_intake() read the body.  What is read is a row of a
 * file: an import takes it, so a mapping, a consent, a number and a refusal mean
 * what they mean there.  Imports have the leads for as long as they take; what
 * comes meanwhile is kept, answered, and taken by a job.
 */

CREATE FUNCTION voiceagent_private.flat_fields(body jsonb) RETURNS TABLE (path text, name text, value text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	WITH RECURSIVE f AS (
		SELECT ''::text AS path, ''::text AS name, body AS value, 0 AS depth, '{}'::bigint[] AS place
		UNION ALL
		SELECT concat_ws('.', nullif(f.path, ''), c.key),
			CASE WHEN f.name <> '' AND (c.key ~ '^\d+$' OR c.key IN ('value', 'values', 'answer')) THEN f.name
				ELSE c.key END, c.value, f.depth + 1, f.place || c.n
		FROM f CROSS JOIN LATERAL (
			SELECT e.key, e.value, e.ordinality AS n
			FROM jsonb_each(CASE jsonb_typeof(f.value) WHEN 'object' THEN f.value ELSE '{}' END) WITH ORDINALITY e
			UNION ALL
			-- {"name": "phone_number", "values": ["..."]} is a field of that name.
			SELECT CASE WHEN e.value ?| '{value,values,answer}' THEN coalesce(e.value ->> 'name', e.value ->> 'key',
				e.value ->> 'field', e.value ->> 'question', (e.ordinality - 1)::text)
				ELSE (e.ordinality - 1)::text END, e.value, e.ordinality
			FROM jsonb_array_elements(CASE jsonb_typeof(f.value) WHEN 'array' THEN f.value ELSE '[]' END)
				WITH ORDINALITY e
		) c
		WHERE f.depth < 8
	)
	SELECT f.path, f.name, f.value #>> '{}' FROM f
	WHERE f.depth > 0 AND jsonb_typeof(f.value) NOT IN ('object', 'array', 'null')
	ORDER BY f.place
$$;
COMMENT ON FUNCTION voiceagent_private.flat_fields(jsonb) IS
	E'The values of a JSON text of any shape: where each stands (a.b.0) and by which name a person would call it.\n'
	'What is nested deeper than 8 is left out.';

CREATE FUNCTION voiceagent_private.form_fields(body text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	RETURN (SELECT coalesce(jsonb_object_agg(voiceagent_private.percent_decoded(split_part(p, '=', 1)),
			voiceagent_private.percent_decoded(substr(p, length(split_part(p, '=', 1)) + 2))), '{}')
		FROM regexp_split_to_table(replace(body, '+', ' '), '&') p WHERE split_part(p, '=', 1) <> '');
COMMENT ON FUNCTION voiceagent_private.form_fields(text) IS
	E'A form (application/x-www-form-urlencoded) as an object; of fields with one name the last.\n'
	'22021 for no UTF-8.';

CREATE FUNCTION voiceagent_private.csv_row(fields text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
	RETURN (SELECT string_agg('"' || replace(f, '"', '""') || '"', ',' ORDER BY n) || E'\n'
		FROM unnest(fields) WITH ORDINALITY AS u(f, n));
COMMENT ON FUNCTION voiceagent_private.csv_row(text[]) IS 'Fields as a row of a CSV file.';

CREATE FUNCTION voiceagent_private.intake_batch(intake voiceagent.intakes, is_known boolean, at timestamptz)
	RETURNS voiceagent.import_batches
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- What an import has brought itself it does not take over again: that would be a number twice in a file.
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
	'The import that has what an intake of the current tenant takes on a day, as long as nobody has undone it: one '
	'for new numbers, one for numbers that are leads (is_known).';

CREATE FUNCTION voiceagent_private.intake_has_room(intake voiceagent.intakes, at timestamptz) RETURNS boolean
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
DECLARE
	v_today integer := CASE intake.day WHEN (at AT TIME ZONE 'UTC')::date THEN intake.joined_today ELSE 0 END;
BEGIN
	-- What was confirmed holds, also where the intake was given more since; on the sandbox nothing is confirmed.
	RETURN v_today < intake.daily_limit AND NOT EXISTS (SELECT FROM voiceagent.campaign_confirmations f
		WHERE f.tenant_id = intake.tenant_id AND f.campaign_id = intake.campaign_id
			AND coalesce(f.arrivals_a_day, 0) <= (SELECT coalesce(sum(i.joined_today), 0) FROM voiceagent.intakes i
				WHERE i.tenant_id = intake.tenant_id AND i.campaign_id = intake.campaign_id
					AND i.day = (at AT TIME ZONE 'UTC')::date));
END
$$;
COMMENT ON FUNCTION voiceagent_private.intake_has_room(voiceagent.intakes, timestamptz) IS
	'Whether one more lead may join the campaign of an intake of the current tenant today.';

CREATE FUNCTION voiceagent_private.record_intake_consent(intake voiceagent.intakes, lead bigint, said jsonb,
	after bigint, at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := intake.tenant_id;
	v_wording text := coalesce(said ->> 'consent_wording', intake.consent ->> 'wording');
	v_version text := left(coalesce(said ->> 'consent_version', intake.consent ->> 'version'), 200);
	v_of_calls boolean := coalesce(intake.consent -> 'kinds' ? 'call', true);
	v_call boolean;
BEGIN
	UPDATE voiceagent.consents c SET wording = v_wording, version = v_version
	WHERE c.tenant_id = v_tenant AND c.lead_id = lead AND c.consent_id > after AND c.kind = 'call';
	v_call := FOUND;
	-- An import takes a yes for one to be called.
	DELETE FROM voiceagent.consents c WHERE c.tenant_id = v_tenant AND c.lead_id = lead AND c.consent_id > after
		AND c.kind = 'call' AND NOT v_of_calls;
	-- The words that the form shows speak of these as well.
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, wording, version, granted_at)
	SELECT v_tenant, l.lead_id, l.phone, k, coalesce(intake.consent ->> 'source', 'intake ' || intake.name), v_wording,
		v_version, at
	FROM voiceagent.leads l, jsonb_array_elements_text(coalesce(intake.consent -> 'kinds', '["call"]')) k
	WHERE l.tenant_id = v_tenant AND l.lead_id = lead AND k <> 'call'
		AND (v_call OR coalesce((intake.consent ->> 'always')::boolean, false) AND NOT said ? 'consent');
	-- A person that takes it back takes back all of which the words speak.
	UPDATE voiceagent.consents c SET revoked_at = at
	WHERE c.tenant_id = v_tenant AND c.lead_id = lead AND c.kind <> 'call' AND c.revoked_at IS NULL AND NOT v_call
		AND intake.consent -> 'kinds' ? c.kind AND (NOT v_of_calls AND btrim(said ->> 'consent') <> ''
			OR EXISTS (SELECT FROM voiceagent.consents o WHERE o.tenant_id = v_tenant AND o.lead_id = lead
				AND o.kind = 'call' AND o.revoked_at >= at));
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_intake_consent(voiceagent.intakes, bigint, jsonb, bigint, timestamptz) IS
	'Gives the consent that an import has just recorded of a lead of the current tenant (behind the number after) its '
	'words and version, and records, or ends, the other kinds of which the words speak.';

CREATE FUNCTION voiceagent_private.take_intake(intake_id bigint, sender_id text, names text[], vals text[])
	RETURNS voiceagent.intake_requests
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_intake voiceagent.intakes;
	v_mapping jsonb;
	v_columns jsonb;
	v_said jsonb;
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
	-- What this request lacks is not asked of it; two of the fields are no import's.
	SELECT coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE m.key NOT LIKE 'consent\_wording'
			AND m.key NOT LIKE 'consent\_version'), '{}'),
		coalesce(jsonb_object_agg(m.key, vals[array_position(names, m.value #>> '{}')])
			FILTER (WHERE m.key LIKE 'consent\_wording' OR m.key LIKE 'consent\_version'), '{}')
	INTO v_mapping, v_said FROM jsonb_each(v_intake.mapping) m
	WHERE jsonb_typeof(m.value) = 'null' OR m.value #>> '{}' = ANY (names);
	SELECT jsonb_object_agg(c.field, vals[c.place]) INTO v_columns
	FROM voiceagent_private.read_columns(
		convert_to(voiceagent_private.csv_row(names) || voiceagent_private.csv_row(vals), 'UTF8'), true, v_mapping) c
	WHERE c.field IS NOT NULL;
	PERFORM voiceagent_private.fail_if(NOT coalesce(v_columns ? 'phone', false), 'PT422', 'no field is a phone number',
		NULL, 'Name it in the mapping of the intake.');
	v_said := v_said || coalesce(v_columns, '{}');
	IF (v_intake.consent ->> 'always')::boolean AND NOT v_columns ? 'consent'
		AND coalesce(v_intake.consent -> 'kinds' ? 'call', true) THEN
		names := names || 'consent'::text;
		vals := vals || 'yes'::text;
	END IF;
	IF NOT v_columns ? 'consent_at' THEN
		-- Given when the form was sent: later than whatever was withdrawn before.
		names := names || 'consent_at'::text;
		vals := vals || to_char((v_now - interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
	END IF;
	IF NOT v_columns ? 'consent_source' THEN
		names := names || 'consent_source'::text;
		vals := vals || coalesce(v_intake.consent ->> 'source', 'intake ' || v_intake.name);
	END IF;
	v_phone := (voiceagent_private.parse_phone(v_columns ->> 'phone',
		upper(coalesce(v_intake.default_country, voiceagent_private.setting_text('default_country'))))).phone;
	v_request.lead_id := voiceagent_private.lead_by_number(v_phone);
	v_batch := voiceagent_private.intake_batch(v_intake, v_request.lead_id IS NOT NULL, v_now);
	v_consents := coalesce((SELECT max(c.consent_id) FROM voiceagent.consents c
		WHERE c.tenant_id = v_tenant AND c.lead_id = v_request.lead_id), 0);
	v_is_in := EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant
		AND m.campaign_id = v_intake.campaign_id AND m.lead_id = v_request.lead_id);
	v_joins := (SELECT c.campaign_id FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant
		AND c.campaign_id = v_intake.campaign_id AND c.archived_at IS NULL AND NOT v_is_in
		AND voiceagent_private.intake_has_room(v_intake, v_now));
	v_step := voiceagent_private.import_text(v_batch.batch_id, v_mapping, v_batch.default_country, v_joins,
		v_batch.rows_read, voiceagent_private.csv_row(names) || voiceagent_private.csv_row(vals), true, false, true,
		NULL, NULL, NULL, 'UTF-8', NULL);
	PERFORM voiceagent_private.fail_if(v_step.rows_rejected > 0, 'PT422',
		(SELECT min(r.reason) FROM voiceagent.import_reports r
			WHERE r.tenant_id = v_tenant AND r.batch_id = v_batch.batch_id AND r.row_number = v_batch.rows_read + 1
				AND r.kind = 'rejected'));
	PERFORM voiceagent_private.count_import(v_batch.batch_id, v_step, 0, false);
	-- An import takes an id for each row, also for one whose number is a lead already, or on the list.
	v_request.lead_id := coalesce((SELECT l.lead_id FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_step.first_lead_id), v_request.lead_id);
	v_request.outcome := CASE WHEN v_step.rows_do_not_call > 0 THEN 'do_not_call'
		WHEN v_intake.campaign_id IS NOT NULL AND v_joins IS NULL AND NOT v_is_in THEN 'kept'
		WHEN v_step.rows_imported > 0 THEN 'added' WHEN v_step.rows_updated > 0 THEN 'updated' ELSE 'there already' END;
	PERFORM voiceagent_private.record_intake_consent(v_intake, v_request.lead_id, v_said, v_consents, v_now);
	UPDATE voiceagent.intakes i SET joined = i.joined + 1, day = (v_now AT TIME ZONE 'UTC')::date,
		joined_today = CASE i.day WHEN (v_now AT TIME ZONE 'UTC')::date THEN i.joined_today ELSE 0 END + 1
	WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id AND v_joins IS NOT NULL AND EXISTS (
		SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.campaign_id = v_joins
			AND m.lead_id = v_request.lead_id);
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

CREATE FUNCTION voiceagent_private.receive_intake(intake_id bigint, body bytea, is_form boolean, key text,
	at_once boolean) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	c_fields CONSTANT integer := 200;
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_intake voiceagent.intakes;
	v_body jsonb;
	v_id text;
	v_names text[];
	v_vals text[];
	v_request voiceagent.intake_requests;
BEGIN
	SELECT i.* INTO STRICT v_intake FROM voiceagent.intakes i WHERE i.tenant_id = v_tenant AND i.intake_id = intake_id;
	v_body := CASE WHEN is_form THEN voiceagent_private.form_fields(convert_from(body, 'UTF8'))
		ELSE convert_from(body, 'UTF8')::jsonb END;
	SELECT array_agg(CASE WHEN m.value IS NOT NULL THEN m.value ELSE left(f.name, 200) END ORDER BY f.ordinality),
		array_agg(f.value ORDER BY f.ordinality),
		min(f.value) FILTER (WHERE f.path = v_intake.sender_id)
	INTO v_names, v_vals, v_id
	FROM voiceagent_private.flat_fields(v_body) WITH ORDINALITY f
	-- By the whole path where the mapping names it, else by the name.
	LEFT JOIN (SELECT DISTINCT e.value FROM jsonb_each_text(v_intake.mapping) e) m ON m.value = f.path;
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(v_names), 0) NOT BETWEEN 1 AND c_fields, 'PT422',
		format('a request has 1 to %s fields', c_fields));
	v_id := coalesce(left(nullif(v_id, ''), 200), left(nullif(btrim(key), ''), 200), encode(sha256(body), 'hex'));
	SELECT r.* INTO v_request FROM voiceagent.intake_requests r
	WHERE r.tenant_id = v_tenant AND r.intake_id = intake_id
		-- An erasure leaves the digest.
		AND r.sender_id IN (v_id, encode(sha256(convert_to(v_id, 'UTF8')), 'hex'));
	IF FOUND THEN
		RETURN jsonb_build_object('outcome', v_request.outcome, 'lead_id', v_request.lead_id, 'repeated', true);
	ELSIF at_once AND voiceagent_private.try_lock_leads(true) THEN
		v_request := voiceagent_private.take_intake(intake_id, v_id, v_names, v_vals);
	ELSE
		INSERT INTO voiceagent.intake_requests AS r (tenant_id, intake_id, sender_id, received_at, outcome, names, vals)
		VALUES (v_tenant, intake_id, v_id, v_now, 'waiting', v_names, v_vals)
		RETURNING r.* INTO v_request;
		INSERT INTO voiceagent_private.waiting_intakes (tenant_id, intake_id, sender_id, next_at)
		VALUES (v_tenant, intake_id, v_id, v_now);
		PERFORM voiceagent_private.request_job('take_waiting_intakes', v_now);
	END IF;
	RETURN jsonb_build_object('outcome', v_request.outcome, 'lead_id', v_request.lead_id, 'repeated', false);
END
$$;
COMMENT ON FUNCTION voiceagent_private.receive_intake(bigint, bytea, boolean, text, boolean) IS
	E'For the gateway: takes a request of an intake of the current tenant -> {"outcome", "lead_id", "repeated"}.\n'
	'is_form: not JSON; key: of its header. A request whose id is known has no effect. Without at_once, or while '
	'somebody has the leads, it is kept for take_waiting_intakes(). PT422, 22P02, 22021 for what cannot be read.';

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
			-- What its sender has to mend must not hold up the others.
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
	v_tenant bigint := voiceagent_private.writer_tenant();
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
		-- A campaign that was confirmed without it is to be confirmed again, or it brings nobody.
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
	v_tenant bigint := voiceagent_private.writer_tenant();
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
