-- A tenant whose contract has ended: refused while something is open, then a term in which it is exported or opened again, then its rows go in pieces, and a receipt stays.
\set ECHO none
\i lib/fill.sql
\set ECHO all
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT voiceagent.create_tenant('Leaves', credits => 100) AS tenant \gset
SELECT pg_temp.fill_tenant(:tenant) \g /dev/null
SELECT voiceagent_private.set_tenant(0) \g /dev/null
CREATE FUNCTION pg_temp.try(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
	v_hint text;
BEGIN
	EXECUTE what;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
	RETURN regexp_replace(concat_ws(' | ', SQLSTATE, SQLERRM, v_detail), '\d+', 'N', 'g');
END
$$;
-- While something is open it is refused, all of it said at once, and the tenant goes on.
SELECT pg_temp.try(format('SELECT voiceagent.close_tenant(%s, %L)', :tenant, 'the contract has ended'));
SELECT pg_temp.try(format('SELECT voiceagent.close_tenant(%s, NULL)', :tenant));
SELECT pg_temp.try(format('SELECT voiceagent.remove_tenant(%s)', :tenant));
SELECT active FROM voiceagent.tenants WHERE tenant_id = :tenant;
-- One with a running campaign and nothing open.
SELECT voiceagent.create_tenant('Ends', credits => 100) AS other \gset
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.add_lead('+12125550' || n) FROM generate_series(100, 160) n \g /dev/null
SELECT voiceagent.create_campaign('C', voiceagent.create_assistant('A', 'Hello', 'Be kind.')) AS campaign \gset
SELECT voiceagent.add_leads(:campaign) AS added \g /dev/null
SELECT voiceagent.start_campaign(:campaign) \g /dev/null
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (:other, '+12125550199', 'asked', voiceagent.clock());
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT pg_temp.try(format('SELECT voiceagent.export_closed_tenant(%s)', :other));
SELECT voiceagent.adjust_credits(:other, -100, 'paid back') \g /dev/null
SELECT r ->> 'state' AS state, (r ->> 'deletes_at')::timestamptz - (r ->> 'closed_at')::timestamptz AS term FROM voiceagent.close_tenant(:other, 'the contract has ended') r;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT t.active, c.status, (SELECT bool_or(l.running) FROM voiceagent_private.lanes l WHERE l.tenant_id = :other) AS dials
FROM voiceagent.tenants t JOIN voiceagent.campaigns c USING (tenant_id) WHERE t.tenant_id = :other;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
-- Its data is given back whole, the stops among it.
SELECT relation, count(*) FROM voiceagent.export_closed_tenant(:other) WHERE relation IN ('leads', 'do_not_call_list', 'tenants') GROUP BY 1 ORDER BY 1;
SELECT voiceagent.reopen_tenant(:other);
SELECT voiceagent.closing_receipt(:other) IS NULL AS forgotten;
SELECT r ->> 'state' AS state FROM voiceagent.close_tenant(:other, 'the contract has ended', '0') r;
SELECT pg_temp.try(format('SELECT voiceagent.reopen_tenant(%s)', :other));
SELECT pg_temp.try(format('SELECT voiceagent.export_closed_tenant(%s)', :other));
-- A payment that comes within the term puts the deletion off, day by day, until a person has settled it; the audit log says why.
SELECT voiceagent.adjust_credits(:other, 5, 'paid by a webhook') \g /dev/null
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent_private.delete_closed_rows(2000) > voiceagent.clock() + interval '23 hours' AS put_off, (SELECT count(*) FROM voiceagent.leads WHERE tenant_id = :other) AS leads;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT r ->> 'state' AS state, r -> 'deleted' AS deleted FROM voiceagent.closing_receipt(:other) r;
SELECT new_value ->> 'open' AS open FROM voiceagent_private.platform_audit_log WHERE action = 'delete_tenant' ORDER BY at DESC LIMIT 1;
SELECT voiceagent.adjust_credits(:other, -5, 'paid back') \g /dev/null
UPDATE voiceagent_private.tenant_closings SET deletes_at = voiceagent.clock(), due_at = voiceagent.clock() WHERE tenant_id = :other;
-- Rows go in pieces, as the keeper has them go, also of a tenant that has something in every table.
UPDATE voiceagent_private.tenant_closings SET deletes_at = voiceagent.clock(), due_at = voiceagent.clock(), deleted_at = NULL, deleted = '{"voiceagent.leads": 0}' WHERE tenant_id = :tenant;
CREATE FUNCTION pg_temp.work(tenant bigint, step integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v_steps integer := 0;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	LOOP
		PERFORM voiceagent_private.delete_closed_rows(step);
		v_steps := v_steps + 1;
		EXIT WHEN (SELECT c.deleted_at IS NOT NULL FROM voiceagent_private.tenant_closings c WHERE c.tenant_id = tenant) OR v_steps > 1000;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_steps;
END
$$;
CREATE FUNCTION pg_temp.remains(tenant bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v record;
	v_n bigint;
BEGIN
	FOR v IN SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.tab <> 'voiceagent_private.tenant_closings'::regclass ORDER BY m.tab::text COLLATE "C" LOOP
		EXECUTE format('SELECT count(*) FROM %s t WHERE t.tenant_id = $1', v.tab) INTO v_n USING tenant;
		IF v_n > 0 THEN RETURN NEXT v.tab; END IF;
	END LOOP;
END
$$;
SELECT pg_temp.work(:other, 20) > 5 AS in_pieces;
SELECT * FROM pg_temp.remains(:other);
SELECT r ->> 'state' AS state, r #>> '{deleted,voiceagent.leads}' AS leads, r #>> '{deleted,voiceagent.do_not_call_list}' AS stops FROM voiceagent.closing_receipt(:other) r;
SELECT pg_temp.work(:tenant, 500) > 0 AS done;
-- Its invoices stay, with what they name; so does the cell's own.
SELECT * FROM pg_temp.remains(:tenant);
SELECT * FROM voiceagent.invariants() WHERE detail ~ format('\mtenant (%s|%s)\M', :tenant, :other);
SELECT count(*) >= 2 AS noted FROM voiceagent_private.platform_audit_log WHERE action = 'delete_tenant';
ROLLBACK;
