/*
 * 99_grants: the last room.  Everything belongs to voiceagent_owner, who can
 * neither log in nor bypass row-level security: a SECURITY DEFINER function
 * of a superuser would ignore even FORCEd policies.  Members read and execute.
 */

DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT c.oid::regclass AS name, c.relkind FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND c.relkind IN ('r', 'p', 'v', 'm')
	LOOP
		EXECUTE format('ALTER %s %s OWNER TO voiceagent_owner',
			CASE v.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, v.name);
	END LOOP;
	FOR v IN
		SELECT p.oid::regprocedure AS name FROM pg_catalog.pg_proc p
		JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
		JOIN pg_catalog.pg_language l ON l.oid = p.prolang
		WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND l.lanname <> 'c'
	LOOP
		EXECUTE format('ALTER ROUTINE %s OWNER TO voiceagent_owner', v.name);
	END LOOP;
	-- A function that an update has moved from SQL to C keeps its owner.
	FOR v IN
		SELECT p.oid::regprocedure AS name FROM pg_catalog.pg_proc p
		JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
		JOIN pg_catalog.pg_language l ON l.oid = p.prolang
		WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND l.lanname = 'c'
			AND p.proowner = 'voiceagent_owner'::regrole
	LOOP
		EXECUTE format('ALTER ROUTINE %s OWNER TO CURRENT_USER', v.name);
	END LOOP;
	FOR v IN
		SELECT t.oid::regtype AS name, t.typtype FROM pg_catalog.pg_type t
		JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
		LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
		WHERE n.nspname IN ('voiceagent', 'voiceagent_private')
			AND (t.typtype IN ('d', 'e') OR (t.typtype = 'c' AND c.relkind = 'c'))
	LOOP
		EXECUTE format('ALTER %s %s OWNER TO voiceagent_owner',
			CASE v.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, v.name);
	END LOOP;
END
$$;

ALTER SCHEMA voiceagent OWNER TO voiceagent_owner;
ALTER SCHEMA voiceagent_private OWNER TO voiceagent_owner;

REVOKE ALL ON ALL ROUTINES IN SCHEMA voiceagent, voiceagent_private FROM PUBLIC;
GRANT USAGE ON SCHEMA voiceagent TO voiceagent_anon, voiceagent_user, voiceagent_admin, voiceagent_worker,
	voiceagent_staff;
GRANT USAGE ON SCHEMA voiceagent_private TO voiceagent_worker;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA voiceagent, voiceagent_private TO voiceagent_owner, voiceagent_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA voiceagent, voiceagent_private TO voiceagent_worker;

-- Members: the public schema, to read and to call.
GRANT SELECT ON ALL TABLES IN SCHEMA voiceagent TO voiceagent_user, voiceagent_worker;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA voiceagent TO voiceagent_user;
-- Every policy calls it, and PostgreSQL goes through its grants in their order, twice a statement: members, who are
-- found by their roles, come first.
REVOKE EXECUTE ON FUNCTION voiceagent_private.policy_tenant() FROM CURRENT_USER, voiceagent_owner, voiceagent_worker;
GRANT EXECUTE ON FUNCTION voiceagent_private.policy_tenant() TO voiceagent_user;
GRANT EXECUTE ON FUNCTION voiceagent_private.policy_tenant() TO voiceagent_owner, voiceagent_worker;

-- Visitors: what makes a member of them, and carriers, whose signature is their proof. Staff: what is done for all
-- tenants; they see no tenant's rows.
DO $$
DECLARE
	c_visitor constant text[] := ARRAY['login', 'authenticate', 'pre_request', 'clock', 'receive_webhook',
		'receive_json_webhook', 'open_appointment_link', 'open_calendar_link', 'open_export_link',
		'open_recording_link', 'request_password_reset', 'set_password', 'confirm_address', 'unsubscribe', 'sign_up',
		'confirm_signup', 'staff_login', 'set_staff_password'];
	-- Deeds of voiceagent_admin alone: where keys, roles, real carriers and other people's lists are at stake.
	c_alone constant text[] := ARRAY['map_role', 'unmap_role', 'remap_roles', 'arm', 'rearm', 'rotate_vault',
		'vault_status', 'add_prompt_version', 'begin_dnc_list', 'append_dnc_list', 'finish_dnc_list', 'import_dnc_list',
		'drop_dnc_list', 'dnc_list_report', 'create_platform_model_account', 'update_platform_model_account',
		'archive_platform_model_account', 'check_platform_model_account', 'list_platform_model_accounts',
		'set_platform_mail_account', 'set_ticket_mail', 'set_payment_account', 'list_payment_accounts',
		'create_profile', 'add_staff', 'set_staff_sign_on', 'close_tenant', 'reopen_tenant', 'closing_receipt',
		'export_closed_tenant'];
	c_by_hand constant text[] := c_alone || ARRAY['disarm', 'read_webhook'];
	c_staff_only constant text[] := c_alone || ARRAY['create_tenant', 'set_tenant_active', 'set_tenant_timezone',
		'set_tenant_weight', 'adjust_credits', 'set_price', 'set_carrier_rate', 'metrics', 'tighten_rule',
		'untighten_rule', 'platform_do_not_call', 'platform_allow_call', 'platform_block_prefix',
		'platform_allow_prefix', 'list_platform_do_not_call', 'set_model_price', 'worker_slots', 'check_invariants',
		'invariant_report', 'platform_audit', 'list_tenants', 'list_members', 'tenant_usage', 'tenant_page',
		'create_credit_pack', 'archive_credit_pack', 'refund_order', 'forgive_debt', 'grant_credits', 'void_grant',
		'settle_embedded_dispute', 'create_plan', 'archive_plan', 'create_coupon', 'attach_plan', 'set_seller',
		'set_tax_rate', 'answer_ticket', 'update_ticket', 'decide_spending', 'set_tenant_standing', 'set_stop_phrase',
		'list_stop_phrases', 'allow_wording', 'set_staff_hours', 'set_ticket_macro', 'list_ticket_macros',
		'update_staff', 'list_staff', 'staff_work', 'read_ticket', 'stop_tenant', 'list_ticket_mails',
		'settle_ticket_mail', 'ticket_figures', 'invite_tenant', 'what_is_sold'];
	-- The staff's own calls: no tenant's function.
	c_of_staff constant text[] := ARRAY['change_staff_password', 'staff_whoami', 'end_staff_sessions', 'ask_second',
		'second_deed', 'act_as_tenant', 'stop_acting'];
	c_staff constant text[] := c_staff_only || ARRAY['create_member', 'disarm', 'get_setting', 'set_setting',
		'list_settings', 'stop_all', 'close_number_request', 'status', 'health', 'invariants', 'clock', 'pre_request',
		'normalize_phone', 'read_webhook', 'list_calling_rules', 'callable_hours'];
	v record;
BEGIN
	FOR v IN
		SELECT p.oid::regprocedure AS name, p.proname FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'voiceagent'::regnamespace
	LOOP
		IF v.proname = ANY (c_visitor) THEN
			EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO voiceagent_anon', v.name);
		END IF;
		IF v.proname = ANY (c_staff) THEN
			EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO voiceagent_admin', v.name);
		END IF;
		IF v.proname = ANY (c_staff || c_of_staff) AND v.proname <> ALL (c_by_hand) THEN
			EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO voiceagent_staff', v.name);
		END IF;
		IF v.proname = ANY (c_staff_only || c_of_staff) THEN
			EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM voiceagent_user', v.name);
		END IF;
	END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION voiceagent.renew_session(), voiceagent.end_session() TO voiceagent_staff;
-- These functions change objects of PostgreSQL: only a superuser may call them, with its own rights.
REVOKE EXECUTE ON FUNCTION voiceagent.harden_database(), voiceagent.soften_database(), voiceagent.set_cell(integer),
	voiceagent.offer_tenant(bigint, integer), voiceagent.expect_tenant(jsonb), voiceagent.copy_script(bigint, text),
	voiceagent.leave_tenant(bigint, boolean), voiceagent.take_tenant(bigint), voiceagent.tenant_move(bigint),
	voiceagent.remove_tenant(bigint, text), voiceagent.return_tenant(bigint)
	FROM voiceagent_user, voiceagent_worker;
GRANT SELECT ON voiceagent.tenants, voiceagent.enumerations, voiceagent.prices, voiceagent.settings,
	voiceagent.calling_rules, voiceagent.national_dnc_lists, voiceagent.dnc_lists, voiceagent.number_requests,
	voiceagent.spend_approvals
	TO voiceagent_admin;
GRANT SELECT ON voiceagent.enumerations TO voiceagent_anon;
-- The sources of the views providers and model_providers: facts about drivers, not data of a tenant.
GRANT SELECT ON voiceagent.providers, voiceagent.model_providers TO voiceagent_admin;
GRANT EXECUTE ON FUNCTION voiceagent_private.driver_names(), voiceagent_private.driver_facts(text),
	voiceagent_private.driver_fields(text), voiceagent_private.account_fields(text),
	voiceagent_private.model_driver_facts() TO voiceagent_user, voiceagent_admin;

-- The domain e164 calls is_e164() for each number, the view call_readings calls tools() for their intents.
GRANT EXECUTE ON FUNCTION voiceagent_private.is_e164(text), voiceagent_private.tools()
	TO voiceagent_user, voiceagent_admin;

-- Monitoring: figures of all tenants together.
GRANT USAGE ON SCHEMA voiceagent TO pg_monitor;
GRANT EXECUTE ON FUNCTION voiceagent.status(), voiceagent.health(), voiceagent.invariants(), voiceagent.metrics(),
	voiceagent.invariant_report(), voiceagent.worker_slots(), voiceagent.clock() TO pg_monitor;

SELECT voiceagent_private.delete_statistics();

DO $$ BEGIN PERFORM voiceagent_private.check_registrations(); END $$;

-- Tables that an update has made give out ids of this cell, too.
DO $$ BEGIN PERFORM voiceagent_private.begin_ids(voiceagent_private.id_block()); END $$;

-- PostgREST reads what there is now.
NOTIFY pgrst, 'reload schema';
