/*
 * fill.sql: one row of one tenant in every table, made up from the catalog, so that a test over all tables (dump
 * and restore, isolation) covers a table from the day it exists.  For superusers; pg_regress tests say
 * "\i lib/fill.sql", TAP tests fill_every_table() of VoiceAgent.pm.
 *
 *	SELECT pg_temp.fill_tenant(7);		-> names of the tables that got no row, with the reason; empty is well
 *
 * A value comes from: the exceptions below, a foreign key's target, the identity column of the same name, the
 * first allowed value of a CHECK (x IN (...)), the type.  Columns with a default or without NOT NULL are left.
 * A table whose CHECKs want more needs a line in the exceptions.
 */
CREATE FUNCTION pg_temp.fill_value(tenant bigint, tab regclass, col name, type_name text) RETURNS text
	LANGUAGE plpgsql AS $fill$
DECLARE
	v_exceptions jsonb := '{
		"attempts.layers": "31",
		"attempts.live_calls": "0",
		"attempts.window_closes_at": "timestamptz ''2026-03-04 11:00+00''",
		"appointments.ends_at": "timestamptz ''2026-03-04 11:00+00''",
		"busy_times.ends_at": "timestamptz ''2026-03-04 11:00+00''",
		"campaign_versions.calling_hours": "jsonb ''{\"start\":\"00:00\",\"end\":\"24:00\",\"days\":[\"mon\"]}''",
		"conversations.turns": "jsonb ''[{\"turn\": 1, \"speaker\": \"lead\", \"text\": \"Hello\"}]''",
		"payment_orders.pack_id": "1",
		"plan_periods.ends_at": "timestamptz ''2026-03-04 11:00+00''",
		"credit_transfers.from_account": "text ''funding''",
		"credit_transfers.to_account": "text ''available''",
		"credit_transfers.from_after": "0",
		"credit_transfers.to_before": "0",
		"do_not_call_prefixes.prefix": "text ''+1900''",
		"follow_ups.target_campaign_id": "pg_temp.fill_another_campaign($1)",
		"lead_enrichments.source": "text ''crm''",
		"lead_scripts.digest": "decode(repeat(''00'', 32), ''hex'')",
		"script_templates.language": "text ''en''",
		"playbooks.playbook": "text ''general''",
		"knowledge_documents.version": "1",
		"knowledge_totals.documents": "1",
		"knowledge_versions.sha256": "sha256(int8send($1))",
		"knowledge_words.found": "0",
		"experiments.share": "0.5",
		"experiments.b_version": "pg_temp.fill_another_version($1)",
		"export_schedules.at": "time ''06:00''",
		"lead_numbers.number": "smallint ''2''",
		"member_logins.email": "format(''member%s@example.org'', $1)",
		"members.email": "format(''member%s@example.org'', $1)",
		"account_rates.currency": "text ''USD''",
		"provider_requests.kind": "text ''balance''",
		"model_account_breakers.model_account_id": "pg_temp.fill_platform_account()",
		"model_accounts.default_model": "text ''a-model''",
		"model_accounts.provider": "text ''openai''",
		"billing_details.country": "text ''DE''",
		"billing_details.language": "text ''en''",
		"invoices.total": "2",
		"mail_accounts.url": "text ''smtps://mail.example.com''",
		"test_callers.language": "text ''en''",
		"test_callers.lines": "jsonb ''[{\"say\": \"Hello\"}]''",
		"test_callers.expect": "jsonb ''[{\"path\": \"outcome\", \"is\": \"present\"}]''",
		"offers.currency": "text ''USD''",
		"listing_profiles.attributes": "jsonb ''[]''",
		"own_tools.name": "text ''fill''",
		"sequence_turns.enrolment_id": "1",
		"tenant_moves.served": "true",
		"tenant_closings.due_at": "timestamptz ''infinity''",
		"dlt_templates.header": "text ''VOICEA''",
		"dlt_templates.template_id": "text ''1107160000000''",
		"number_facts.source": "text ''crm''",
		"oauth_tokens.kind": "text ''access''",
		"listing_profiles.profile": "text ''fill''",
		"number_requests.country": "text ''US''",
		"provider_accounts.provider": "text ''sandbox''",
		"role_map.role_oid": "10::oid",
		"outbox.kind": "text ''delivery''",
		"outbox_targets.kind": "text ''delivery''"
	}';
	v_name text := (SELECT relname FROM pg_class WHERE oid = tab);
	v_value text := v_exceptions ->> (v_name || '.' || col);
	v_base text;
BEGIN
	IF v_value IS NOT NULL THEN
		RETURN v_value;
	END IF;
	IF col = 'tenant_id' THEN
		RETURN '$1';
	END IF;
	-- A reference: whatever row of this tenant (or of the platform) is there.
	-- The columns of one reference come from one row.
	SELECT format('(SELECT %I FROM %s%s ORDER BY %s LIMIT 1)', f.attname, k.confrelid::regclass,
				  CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = k.confrelid AND attname = 'tenant_id')
					   THEN ' WHERE tenant_id = $1' ELSE '' END,
				  (SELECT string_agg(quote_ident(o.attname) || ' DESC', ', ' ORDER BY p.i) FROM unnest(k.confkey) WITH ORDINALITY p(attnum, i)
				   JOIN pg_attribute o ON o.attrelid = k.confrelid AND o.attnum = p.attnum))
	INTO v_value
	FROM pg_constraint k
		CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u (near, far)
		JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.near AND a.attname = col
		JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = u.far
	WHERE k.contype = 'f' AND k.conrelid = tab
	ORDER BY cardinality(k.conkey) DESC, k.oid LIMIT 1;
	IF v_value IS NOT NULL THEN
		RETURN v_value;
	END IF;
	SELECT format('coalesce((SELECT max(%I) FROM %s WHERE tenant_id = $1), 1)', col, c.oid::regclass)
	INTO v_value
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = col AND a.attidentity <> ''
		AND a.atttypid = (SELECT n.atttypid FROM pg_attribute n WHERE n.attrelid = tab AND n.attname = col)
	WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.oid <> tab
		AND NOT c.relispartition
		AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
	ORDER BY c.oid LIMIT 1;
	IF v_value IS NOT NULL THEN
		RETURN v_value;
	END IF;
	-- The first value that the column's own CHECK, or its domain's, allows.
	SELECT substring(pg_get_constraintdef(k.oid) FROM $re$ARRAY\['([^']*)'$re$)
	INTO v_value
	FROM pg_constraint k
	WHERE k.contype = 'c' AND pg_get_constraintdef(k.oid) ~ 'ARRAY\['
		AND (k.contypid = (SELECT atttypid FROM pg_attribute WHERE attrelid = tab AND attname = col) AND k.contypid <> 0
			 OR k.conrelid = tab
				AND k.conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = tab AND attname = col)])
	ORDER BY k.oid LIMIT 1;
	IF v_value IS NOT NULL THEN
		RETURN quote_literal(v_value);
	END IF;
	v_base := (SELECT format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL)
			   FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = tab AND a.attname = col);
	RETURN CASE
		WHEN type_name LIKE '%e164' THEN $$'+1202555' || lpad(($1 % 10000)::text, 4, '0')$$
		WHEN v_base IN ('text', 'name', 'character varying') THEN format('%L || $1', col || ' ')
		WHEN v_base IN ('bigint', 'integer', 'smallint', 'numeric', 'double precision', 'real') THEN '1'
		WHEN v_base = 'boolean' THEN 'false'
		WHEN v_base = 'timestamp with time zone' THEN $$timestamptz '2026-03-04 10:00+00'$$
		WHEN v_base = 'date' THEN $$date '2026-03-04'$$
		WHEN v_base = 'interval' THEN $$interval '1 hour'$$
		WHEN v_base = 'bytea' THEN 'int8send($1)'
		WHEN v_base IN ('jsonb', 'json') THEN $$'{}'$$
		WHEN v_base = 'uuid' THEN $$md5($1::text)::uuid$$
		WHEN v_base = 'tsvector' THEN $$'word'$$
		WHEN v_base LIKE '%[]' THEN $$'{}'$$
		WHEN v_base LIKE '%range' THEN $$'empty'$$
		ELSE 'NULL' END;
END
$fill$;

CREATE FUNCTION pg_temp.fill_table(tenant bigint, tab regclass) RETURNS void LANGUAGE plpgsql AS $fill$
DECLARE
	v_columns text;
	v_values text;
BEGIN
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
		   string_agg(format('(%s)::%s', pg_temp.fill_value(tenant, tab, a.attname, format_type(a.atttypid, a.atttypmod)),
							 format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
	INTO v_columns, v_values
	FROM pg_attribute a
	WHERE a.attrelid = tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		AND (a.attname = 'tenant_id' OR a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
			-- What an outbound call has, and only an inbound one may lack.
			OR tab = 'voiceagent.calls'::regclass AND a.attname IN ('campaign_id', 'campaign_version', 'lead_id', 'phone', 'assistant_id',
				'assistant_version', 'attempt_number')
			-- One of what the row may be of.
			OR tab = 'voiceagent.appointments'::regclass AND a.attname = 'lead_id'
			OR tab = 'voiceagent.calendar_uses'::regclass AND a.attname = 'campaign_id'
			OR tab = 'voiceagent.spend_approvals'::regclass AND a.attname = 'campaign_id'
			OR tab = 'voiceagent_private.sequence_turns'::regclass AND a.attname = 'enrolment_id'
			OR tab = 'voiceagent.payment_orders'::regclass AND a.attname = 'pack_id'
			OR tab = 'voiceagent_private.deferred_requests'::regclass AND a.attname = 'request'
			-- What agrees with the row that is filled in beside it.
			OR tab = 'voiceagent.knowledge_documents'::regclass AND a.attname = 'version'
			OR tab = 'voiceagent_private.knowledge_totals'::regclass AND a.attname = 'documents');
	EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s) ON CONFLICT DO NOTHING', tab, v_columns, v_values)
		USING tenant;
END
$fill$;

-- A step leads to another campaign.  Its number is below the first's, so that all tables go on to take the first.
CREATE FUNCTION pg_temp.fill_another_campaign(tenant bigint) RETURNS bigint LANGUAGE plpgsql AS $fill$
DECLARE
	v_first voiceagent.campaigns := (SELECT c FROM voiceagent.campaigns c WHERE c.tenant_id = tenant ORDER BY c.campaign_id DESC LIMIT 1);
BEGIN
	v_first.campaign_id := v_first.campaign_id - 1;
	INSERT INTO voiceagent.campaigns OVERRIDING SYSTEM VALUE VALUES (v_first.*) ON CONFLICT DO NOTHING;
	INSERT INTO voiceagent.campaign_versions
	SELECT (jsonb_populate_record(v, jsonb_build_object('campaign_id', v_first.campaign_id))).* FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = tenant AND v.campaign_id = v_first.campaign_id + 1 ON CONFLICT DO NOTHING;
	RETURN v_first.campaign_id;
END
$fill$;

CREATE FUNCTION pg_temp.fill_another_version(tenant bigint) RETURNS integer LANGUAGE plpgsql AS $fill$
DECLARE
	v_last voiceagent.assistant_versions := (SELECT v FROM voiceagent.assistant_versions v WHERE v.tenant_id = tenant ORDER BY v.assistant_id DESC, v.version DESC LIMIT 1);
BEGIN
	v_last.version := v_last.version + 1;
	INSERT INTO voiceagent.assistant_versions VALUES (v_last.*) ON CONFLICT DO NOTHING;
	RETURN v_last.version;
END
$fill$;

-- An account of the platform that serves nobody.
CREATE FUNCTION pg_temp.fill_platform_account() RETURNS bigint LANGUAGE plpgsql AS $fill$
BEGIN
	INSERT INTO voiceagent_private.platform_model_accounts (provider, name, default_model, max_concurrent_requests, active, created_at)
	SELECT 'openai', 'Filled', 'a-model', 1, false, timestamptz '2026-03-04 10:00+00' WHERE NOT EXISTS (SELECT FROM voiceagent_private.platform_model_accounts);
	RETURN (SELECT min(model_account_id) FROM voiceagent_private.platform_model_accounts);
END
$fill$;

-- Referenced tables first: a table's turn comes when all that it refers to have had theirs.
CREATE FUNCTION pg_temp.fill_tenant(tenant bigint) RETURNS SETOF text LANGUAGE plpgsql AS $fill$
DECLARE
	v_done oid[] := '{}';
	v_tab regclass;
	v_found boolean;
BEGIN
	LOOP
		SELECT c.oid INTO v_tab
		FROM pg_class c
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid <> ALL (v_done)
			AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
			AND NOT EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attname = 'tenant_id'
							WHERE k.contype = 'f' AND k.conrelid = c.oid
								AND k.confrelid <> c.oid AND k.confrelid <> ALL (v_done))
		ORDER BY c.relname COLLATE "C" LIMIT 1;
		EXIT WHEN NOT FOUND;
		v_done := v_done || v_tab::oid;
		BEGIN
			PERFORM pg_temp.fill_table(tenant, v_tab);
			EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE tenant_id = $1)', v_tab) INTO v_found USING tenant;
			IF NOT v_found THEN
				RETURN NEXT v_tab || ': no row';
			END IF;
		EXCEPTION WHEN OTHERS THEN
			RETURN NEXT v_tab || ': ' || SQLERRM;
		END;
	END LOOP;
END
$fill$;
