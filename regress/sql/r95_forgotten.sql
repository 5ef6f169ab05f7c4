-- Every table, from the catalog: a row in each names a person, by its call alone or by its lead alone, in every column that takes
-- words. After erase_lead() no column of any table names the person but those that are listed here with a reason; and what was
-- erased was in export_lead() before.
\set ON_ERROR_STOP off
\set VERBOSITY terse
\set ECHO none
SET client_min_messages = warning;
SET bytea_output = 'escape';
\i lib/fill.sql
\set ECHO all
-- What keeps words or a number although a person is erased, and why. A table with call_id, lead_id or a number of somebody else's needs a reason for
-- each column; one that knows no person needs one for the table.
CREATE TABLE pg_temp.reasons (reason text, tables text, columns text);
INSERT INTO pg_temp.reasons VALUES
	('its number must not be called again', 'do_not_call_list campaign_do_not_call_list', 'phone'),
	('how many calls a number had, without which a cap for ever would begin anew', 'removed_calls', 'phone'),
	('its address wants no more mail', 'mail_suppressions', 'address'),
	('ids of the carrier''s, by which what it tells late is known and emptied', 'erased_calls', 'provider_call_id'),
	('the ledger knows a call by its number alone: these are ids', 'credit_transfers', 'operation reference'),
	('there while the tenant moves to another cell, when nobody is served', 'parked_rows', NULL),
	('append-only: who listed or allowed which number, and what else members did', 'audit_log', NULL),
	('what is being read, or waits for it, until it is read: the do-not-call list stands before it', 'import_carry', NULL),
	('what a member asked for, and its answer, which ends after a day', 'deferred_requests', NULL),
	('what a member looks for: its own words', 'saved_filters', NULL),
	('the digest of a case, of which a member says who sees to it', 'fault_marks', 'fault'),
	('the receipt of an earlier erasure, which names nobody', 'erasures', NULL),
	('another member of the tenant''s wrote it; what it wrote is blotted', 'ticket_messages tickets', 'assigned_to author opened_by'),
	('which clocks the staff was told of, in our words', 'tickets', 'told'),
	('only who asked for the file, and of what kind it was: the file is dropped', 'exports export_jobs', NULL),
	('the name of a carrier, no word of it', 'webhooks', 'provider'),
	('a digest of the sender''s id, against the same request again', 'intake_requests', 'sender_id'),
	('what waits for an import''s end, until it is read', 'intake_requests', 'names vals'),
	('until it is read: the do-not-call list stands before it', 'waiting_intakes', NULL),
	('times, versions and statuses of events elsewhere, without words of them, until those are gone', 'calendar_copies', NULL),
	('its number must not be written to again', 'text_stops', 'phone'),
	('how carriers know the tenant''s own numbers', 'text_senders', NULL),
	('of the figures of a day, without a person', 'answer_counts campaign_counters daily_figures daily_labels model_usage', NULL),
	('what people of the tenant''s wrote of its own affairs, which no call or lead brings about',
		'analysis_runs audiences calendar_days calendar_people campaign_confirmations do_not_call_prefixes followed_calendars number_requests '
		'litigator_lists notice_conditions spend_approvals', NULL),
	('Message-IDs of mails that we made', 'ticket_threads', 'message_key'),
	('the tenant''s own people, numbers, accounts and keys', 'account_rates account_voices agents api_key_routes api_keys calendar_links endpoint_routes '
		'calendar_connections connections known_credentials login_origins oauth_tokens mail_accounts member_logins members notice_codes notice_wishes model_accounts number_owners number_use password_links phone_numbers provider_accounts secrets signposts tenant_moves tenant_closings sign_on_documents sign_on_members sign_on_used sign_ons '
		'tenant_directory tenant_settings tenants webhook_subscriptions', NULL),
	('what the tenant offers, says and plans, to whomever', 'sequences sequence_versions allowed_wordings dlt_templates assistant_answers assistant_version_knowledge assistant_versions assistants business_profiles calendars '
		'campaign_versions campaigns export_schedules import_batches intakes intake_routes kept_assistants knowledge_documents knowledge_passages knowledge_words lanes listing_index '
		'listing_keys listing_profiles listings own_tools playbooks script_templates wizards', NULL),
	('what the tenant pays, and who sells it to it', 'billing_details credit_grants embedded_payments invoice_documents invoice_numbers invoices invoices_due '
		'payment_certificates payment_looks payment_methods payment_orders payment_requests plan_contracts plan_periods plan_routes top_ups', NULL),
	('made-up callers', 'test_callers test_runs test_talks', NULL),
	('the state of the platform, an account or a host', 'account_dials calendar_turns calendar_writers invariant_report job_rests model_account_breakers pacing page_fetches '
		'trace_drops unresolved_provider_requests', NULL);
CREATE VIEW pg_temp.tables AS
SELECT c.oid::regclass AS tab, c.oid::regclass::text AS name FROM pg_class c
WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
	AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped);
CREATE FUNCTION pg_temp.columns_of(tab regclass) RETURNS TABLE (name text, type text, required boolean) LANGUAGE sql AS $$
	SELECT a.attname::text, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) || CASE WHEN t.typname = 'e164' THEN ' phone' ELSE '' END, a.attnotnull
	FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
	WHERE a.attrelid = columns_of.tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = '' ORDER BY a.attnum
$$;
-- Writes the person into a row's column in the first way that the table takes; false: in none.
CREATE FUNCTION pg_temp.name_in(tab regclass, col text, type text, tenant bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	v_words text := format('%s.%s of 202-555-0777', split_part(tab::text, '.', 2), col);
	v_value text;
BEGIN
	FOREACH v_value IN ARRAY CASE type
		WHEN 'text' THEN ARRAY[quote_literal(v_words), '''+12025550777''', '''a2025550777@example.com''', '''https://2025550777.example/''']
		WHEN 'text phone' THEN ARRAY['''+12025550777''']
		WHEN 'jsonb' THEN ARRAY[format('CASE jsonb_typeof(%1$I) WHEN ''array'' THEN %1$I ELSE coalesce(%1$I, ''{}'') END || jsonb_build_object(''text'', %2$L)', col, v_words),
			format('jsonb_build_array(%L)', v_words), format('to_jsonb(%L::text)', v_words)]
		WHEN 'bytea' THEN ARRAY[format('%L::bytea', v_words)]
		WHEN 'tsvector' THEN ARRAY['''2025550777''::tsvector']
		WHEN 'text[]' THEN ARRAY[format('ARRAY[%L]', v_words)]
		WHEN 'voiceagent.e164[]' THEN ARRAY['''{+12025550777}''']
		ELSE '{}' END
	LOOP
		BEGIN
			EXECUTE format('UPDATE %s SET %I = %s WHERE tenant_id = $1', tab, col, v_value) USING tenant;
			RETURN true;
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
	END LOOP;
	RETURN false;
END $$;
-- A tenant with one row in every table, which knows the person by its call or by its lead; the lead.
CREATE FUNCTION pg_temp.world_of(name text, by_call boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant(name, 'UTC', 1000);
	v_lead bigint;
	v_call bigint;
	v record;
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant);
	PERFORM pg_temp.fill_tenant(v_tenant);
	SELECT max(lead_id) INTO v_lead FROM voiceagent.leads WHERE tenant_id = v_tenant;
	SELECT max(call_id) INTO v_call FROM voiceagent.calls WHERE tenant_id = v_tenant;
	SET LOCAL session_replication_role = replica;
	DELETE FROM voiceagent_private.live_calls WHERE tenant_id = v_tenant;
	UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', ended_at = started_at WHERE tenant_id = v_tenant;
	FOR v IN SELECT t.tab, t.name, c.name AS col, c.type, c.required FROM pg_temp.tables t, pg_temp.columns_of(t.tab) c ORDER BY t.name COLLATE "C", c.name COLLATE "C" LOOP
		IF v.col = 'lead_id' AND v.name = 'voiceagent_private.sequence_turns' THEN
			-- What a lead did is a turn of nobody's enrolment.
			UPDATE voiceagent_private.sequence_turns SET enrolment_id = NULL, lead_id = v_lead WHERE tenant_id = v_tenant;
		ELSIF v.col = 'lead_id' THEN
			EXECUTE format('UPDATE %s SET lead_id = $2 WHERE tenant_id = $1', v.tab)
				USING v_tenant, CASE WHEN v.required OR NOT by_call OR v.name = 'voiceagent.calls' THEN v_lead END;
		ELSIF v.col = 'call_id' THEN
			EXECUTE format('UPDATE %s t SET call_id = $2 WHERE tenant_id = $1', v.tab) USING v_tenant,
				CASE WHEN by_call OR v.required OR NOT EXISTS (SELECT FROM pg_temp.columns_of(v.tab) o WHERE o.name = 'lead_id') THEN v_call END;
		ELSE
			PERFORM pg_temp.name_in(v.tab, v.col, v.type, v_tenant);
		END IF;
	END LOOP;
	-- Its clock is one.
	UPDATE voiceagent.tenants SET timezone = 'UTC' WHERE tenant_id = v_tenant;
	-- An earlier erasure's.
	UPDATE voiceagent.erasures SET lead_id = 0 WHERE tenant_id = v_tenant;
	UPDATE voiceagent_private.erased_calls SET call_id = 0 WHERE tenant_id = v_tenant;
	-- What carriers told of the call, and the sandbox keeps of it.
	UPDATE voiceagent.attempts SET reference = 'reference', provider_call_id = 'carrier' WHERE tenant_id = v_tenant;
	UPDATE voiceagent_private.webhook_keys k SET event_key = 'carrier:1', webhook_id = w.webhook_id FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND k.tenant_id = v_tenant;
	UPDATE voiceagent_private.inbox k SET webhook_id = w.webhook_id FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND k.tenant_id = v_tenant;
	UPDATE voiceagent.webhook_failures k SET webhook_id = w.webhook_id FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND k.tenant_id = v_tenant;
	UPDATE voiceagent_private.sandbox_calls SET reference = 'reference' WHERE tenant_id = v_tenant;
	UPDATE voiceagent.lead_numbers SET phone = '+12025550778' WHERE tenant_id = v_tenant;
	UPDATE voiceagent.call_inbound SET from_number = '+12025550777' WHERE tenant_id = v_tenant;
	SET LOCAL session_replication_role = origin;
	RETURN v_lead;
END $$;
-- Which columns name the person.
CREATE FUNCTION pg_temp.named(tenant bigint) RETURNS TABLE (relation text, col text) LANGUAGE plpgsql AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT * FROM pg_temp.tables t ORDER BY t.name COLLATE "C" LOOP
		RETURN QUERY EXECUTE format('SELECT DISTINCT %L, j.key FROM %s t, jsonb_each_text(to_jsonb(t)) j
			WHERE t.tenant_id = $1 AND j.value ~ ''202-?555-?077[78]''', v.name, v.tab) USING tenant;
	END LOOP;
END $$;
-- What of it is neither erased nor excused, in a world that knows the person by_call or by its lead.
CREATE FUNCTION pg_temp.left_over(name text, by_call boolean) RETURNS TABLE (relation text, col text) LANGUAGE plpgsql AS $$
DECLARE
	v_lead bigint := pg_temp.world_of(name, by_call);
	v_export text;
BEGIN
	-- While one stands nobody is erased: r95_case_file.
	DELETE FROM voiceagent.legal_holds h WHERE h.tenant_id = voiceagent.current_tenant();
	CREATE TABLE pg_temp.was AS SELECT * FROM pg_temp.named(voiceagent.current_tenant());
	v_export := voiceagent.export_lead(v_lead)::text;
	ASSERT voiceagent.erase_lead(v_lead) ->> 'status' = 'done';
	CREATE TABLE pg_temp.is AS SELECT * FROM pg_temp.named(voiceagent.current_tenant());
	RETURN QUERY SELECT i.relation, i.col FROM pg_temp.is i WHERE NOT EXISTS (SELECT FROM pg_temp.reasons r
		WHERE split_part(i.relation, '.', 2) = ANY (string_to_array(r.tables, ' ')) AND (r.columns IS NULL OR i.col = ANY (string_to_array(r.columns, ' '))))
		UNION ALL SELECT t, 'is excused, and nothing is left of it' FROM pg_temp.reasons r, unnest(string_to_array(r.tables, ' ')) t
		WHERE NOT EXISTS (SELECT FROM pg_temp.is i WHERE split_part(i.relation, '.', 2) = t);
	-- What members may read of it was in the export.
	RETURN QUERY SELECT w.relation, 'is erased, and not exported' FROM pg_temp.was w
		WHERE w.relation LIKE 'voiceagent.%' GROUP BY 1
		HAVING NOT EXISTS (SELECT FROM pg_temp.is i WHERE i.relation = w.relation)
			AND position(split_part(w.relation, '.', 2) || '.' IN v_export) = 0
			-- Drawn from the rest of it; or, of number_facts, exported, and without words.
			AND w.relation <> ALL ('{voiceagent.number_facts,voiceagent.call_facts,voiceagent.call_scripts,voiceagent.call_words,voiceagent.webhook_failures}');
	DROP TABLE pg_temp.was, pg_temp.is;
END $$;
BEGIN;
SELECT * FROM pg_temp.left_over('by call', true) ORDER BY 1, 2;
ROLLBACK;
BEGIN;
SELECT * FROM pg_temp.left_over('by lead', false) ORDER BY 1, 2;
ROLLBACK;
