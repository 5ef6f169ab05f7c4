/*
 * 95_ops: the end of a tenant. close_tenant() has it rest for a term, in which its
 * data is taken along (export_closed_tenant()) or it is opened again; then the
 * keeper deletes its rows, a piece a commit, so that none waits for it.  The receipt
 * remains, and its invoices, which their seller has to keep, with the rows that
 * these name.
 *
 *	close_tenant() ──► closed ──the term ends──► deleting ──no row is left──► deleted
 *	                     │
 *	                     └──reopen_tenant()──► active, as before
 *
 * The rows by which workers and callers find a tenant go first, so that no one meets
 * a tenant of which a part is gone.  A crash leaves what the last commit left.
 */

CREATE TABLE voiceagent_private.tenant_closings (
	tenant_id bigint PRIMARY KEY,
	reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
	closed_at timestamptz NOT NULL,
	deletes_at timestamptz NOT NULL,
	due_at timestamptz NOT NULL,
	deleted_at timestamptz,
	roles name[] NOT NULL,
	deleted jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE voiceagent_private.tenant_closings IS
	'Tenants whose contract has ended: the term of each, and the receipt of what was deleted.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.reason IS 'Why, in words.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.closed_at IS 'When close_tenant() was called.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.deletes_at IS 'When the term ends.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.due_at IS
	'When the next rows are to be deleted; infinity: all have gone.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.deleted_at IS 'When the last row went; NULL: not yet.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.roles IS 'Login roles that stood for it, which DROP ROLE removes.';
COMMENT ON COLUMN voiceagent_private.tenant_closings.deleted IS 'How many rows went from which table: {table: rows}.';
SELECT voiceagent_private.guard_table('voiceagent_private.tenant_closings', 'routing', waits => '{due_at,deletes_at}');

CREATE FUNCTION voiceagent_private.delete_rows(tab regclass, tenant_id bigint, max integer) RETURNS bigint
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_delete_rows';
COMMENT ON FUNCTION voiceagent_private.delete_rows(regclass, bigint, integer) IS
	'Deletes up to so many rows of the current tenant from a table or partition, without triggers -> how many.';

CREATE FUNCTION voiceagent_private.closing_plan() RETURNS TABLE (tab regclass, leaf regclass)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tab oid;
	v_has boolean;
	v_kept oid[] := '{}';
BEGIN
	FOR v_tab IN SELECT r.name::regclass FROM voiceagent_private.registrations r WHERE r.kind = 'outlives' LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE t.tenant_id = $1)', v_tab::regclass) INTO v_has
		USING voiceagent.current_tenant();
		v_kept := v_kept || CASE WHEN v_has THEN ARRAY[v_tab] END;
	END LOOP;
	RETURN QUERY WITH RECURSIVE kept AS (
		SELECT k.tab FROM unnest(v_kept) AS k(tab)
		UNION SELECT c.confrelid FROM pg_constraint c JOIN kept k ON c.conrelid = k.tab AND c.contype = 'f'
	)
	SELECT m.tab, coalesce(p.relid, m.tab)::regclass FROM voiceagent_private.move_plan() m
	LEFT JOIN LATERAL (SELECT t.relid FROM pg_partition_tree(m.tab) t WHERE t.isleaf) p ON true
	WHERE m.how <> 'stays' AND m.tab::oid NOT IN (SELECT k.tab FROM kept k)
	-- Deleting leads of campaigns and calls counts, so the counters go behind them; the tenant's own row is the last.
	ORDER BY m.how IN ('parked', 'copied') DESC, m.tab = 'voiceagent.tenants'::regclass,
		m.tab = 'voiceagent.campaign_counters'::regclass, m.tab::text COLLATE "C", p.relid;
END
$$;
COMMENT ON FUNCTION voiceagent_private.closing_plan() IS
	'The tables, and their partitions, from which the rows of the current tenant go when its term has ended, in order: '
	'all but what outlives it (registrations), and what that refers to.';

CREATE FUNCTION voiceagent_private.delete_closed_rows(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_next timestamptz := voiceagent.clock() + interval '1 day';
	v_left bigint := max;
	v_rows bigint;
	v_deleted jsonb := (SELECT c.deleted FROM voiceagent_private.tenant_closings c
		WHERE c.tenant_id = voiceagent.current_tenant());
	v_open text;
	v record;
BEGIN
	-- A payment may have come within the term: a person settles it, or opens the tenant again.
	IF v_deleted = '{}' THEN
		v_open := (SELECT string_agg(o, '; ') FROM voiceagent_private.list_open(voiceagent.clock()) o);
	END IF;
	IF v_open IS NOT NULL THEN
		UPDATE voiceagent_private.tenant_closings c SET deletes_at = v_next, due_at = v_next
		WHERE c.tenant_id = v_tenant;
		PERFORM voiceagent_private.audit_platform('delete_tenant', 'tenant ' || v_tenant, NULL,
			jsonb_build_object('put_off_until', v_next, 'open', v_open));
		RETURN v_next;
	END IF;
	FOR v IN SELECT p.* FROM voiceagent_private.closing_plan() p LOOP
		v_rows := voiceagent_private.delete_rows(v.leaf, v_tenant, v_left::integer);
		v_left := v_left - v_rows;
		IF v_rows > 0 THEN
			v_deleted := v_deleted
				|| jsonb_build_object(v.tab::text, coalesce((v_deleted ->> v.tab::text)::bigint, 0) + v_rows);
		END IF;
		EXIT WHEN v_left <= 0;
	END LOOP;
	UPDATE voiceagent_private.tenant_closings c SET deleted = v_deleted,
		due_at = CASE WHEN v_left > 0 THEN 'infinity' ELSE c.due_at END,
		deleted_at = CASE WHEN v_left > 0 THEN voiceagent.clock() END
	WHERE c.tenant_id = v_tenant;
	IF v_left > 0 THEN
		PERFORM voiceagent_private.audit_platform('delete_tenant', 'tenant ' || v_tenant, NULL, v_deleted);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.delete_closed_rows(integer) IS
	E'A step of the keeper''s: up to so many rows of a tenant whose term has ended go; behind the last one the receipt '
	'is complete.\nWhile list_open() has something, the term lasts another day, and the audit log says why.';
SELECT voiceagent_private.register_tenant_job('delete_closed_rows', 2000, 'tenant_closings', 'due_at');

CREATE FUNCTION voiceagent_private.list_open(at timestamptz) RETURNS SETOF text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
BEGIN
	RETURN QUERY SELECT w.what FROM (
		SELECT voiceagent_private.under_way(v_tenant) || ' is under way' AS what
		UNION ALL SELECT format('%s credits are left, %s are held', l.available, l.held) FROM voiceagent.ledgers l
		WHERE l.tenant_id = v_tenant AND (l.available > 0 OR l.held > 0)
		UNION ALL SELECT format('%s minutes are left, %s are held', l.minutes, l.minutes_held) FROM voiceagent.ledgers l
		WHERE l.tenant_id = v_tenant AND (l.minutes > 0 OR l.minutes_held > 0)
		UNION ALL SELECT format('%s credits are owed', d.owed) FROM voiceagent.credit_debts d
		WHERE d.tenant_id = v_tenant AND d.owed > 0
		UNION ALL SELECT format('%s numbers lie under a legal hold', count(*)) FROM voiceagent.legal_holds h
		WHERE h.tenant_id = v_tenant HAVING count(*) > 0
		UNION ALL SELECT format('it moves to or from cell %s', m.cell) FROM voiceagent_private.tenant_moves m
		WHERE m.tenant_id = v_tenant AND m.state <> 'here'
		UNION ALL SELECT 'it is the staff''s own'
		WHERE voiceagent_private.platform_setting('staff_tenant')::bigint = v_tenant) w
	WHERE w.what IS NOT NULL;
	FOR v IN SELECT r.name, r.detail FROM voiceagent_private.registrations r WHERE r.kind = 'open' ORDER BY r.name LOOP
		-- A table and an expression of ours.  @plpgsql_check_options: security_warnings = off
		RETURN QUERY EXECUTE format('SELECT w.what FROM (SELECT %s AS what FROM %s t WHERE t.tenant_id = $1) w
			WHERE w.what IS NOT NULL', v.detail, v.name) USING v_tenant;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_open(timestamptz) IS
	'The obstacles to the end of the current tenant, in words: calls, money, contracts, legal holds, a move.';

CREATE FUNCTION voiceagent.closing_receipt(tenant_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('see the end of a tenant');
	RETURN (SELECT jsonb_build_object('tenant_id', c.tenant_id, 'state', CASE WHEN c.deleted_at IS NOT NULL
				THEN 'deleted' WHEN c.deletes_at <= voiceagent.clock() THEN 'deleting' ELSE 'closed' END,
			'reason', c.reason, 'closed_at', c.closed_at, 'deletes_at', c.deletes_at, 'deleted_at', c.deleted_at,
			'roles', c.roles, 'deleted', c.deleted)
		FROM voiceagent_private.tenant_closings c WHERE c.tenant_id = closing_receipt.tenant_id);
END
$$;
COMMENT ON FUNCTION voiceagent.closing_receipt(bigint) IS
	E'How far the end of a tenant is: {tenant_id, state (closed, deleting, deleted), reason, closed_at, deletes_at, '
	'deleted_at, roles, deleted ({table: rows})}; NULL: it was never closed.\nFor superusers and voiceagent_admin '
	'(42501).';

CREATE FUNCTION voiceagent.close_tenant(tenant_id bigint, reason text, term interval DEFAULT '30 days') RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_was bigint;
	v_open text;
BEGIN
	PERFORM voiceagent_private.require_platform('close a tenant');
	PERFORM voiceagent_private.fail_if((length(btrim(reason)) BETWEEN 1 AND 1000) IS NOT TRUE, 'PT422',
		'say why the tenant is closed');
	PERFORM voiceagent_private.fail_if((term BETWEEN interval '0' AND interval '1 year') IS NOT TRUE, 'PT422',
		'the term lies between 0 and a year');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	-- No lead is dialled from here on; whoever dials at this moment has committed, and has a live call.
	PERFORM voiceagent.set_tenant_active(close_tenant.tenant_id, false);
	PERFORM voiceagent_private.set_tenant(close_tenant.tenant_id);
	v_open := (SELECT string_agg(o, '; ') FROM voiceagent_private.list_open(v_now) o);
	PERFORM voiceagent_private.fail_if(v_open IS NOT NULL, 'PT409', 'the tenant has something open', v_open,
		format('set_tenant_active(%s, false) ends its dialling; settle the money (refund_order(), adjust_credits(), '
			'forgive_debt()), lift its legal holds, and close it again when the calls have ended.', tenant_id));
	INSERT INTO voiceagent_private.tenant_closings (tenant_id, reason, closed_at, deletes_at, due_at, roles)
	VALUES (close_tenant.tenant_id, btrim(close_tenant.reason), v_now, v_now + term, v_now + term,
		ARRAY(SELECT m.role_name FROM voiceagent_private.role_map m WHERE m.tenant_id = close_tenant.tenant_id))
	ON CONFLICT ON CONSTRAINT tenant_closings_pkey DO NOTHING;
	PERFORM voiceagent_private.audit('close_tenant', 'tenant ' || tenant_id, NULL,
		jsonb_build_object('reason', reason, 'term', term));
	PERFORM voiceagent_private.request_job('delete_closed_rows', v_now + term);
	PERFORM voiceagent_private.set_tenant(v_was);
	RETURN voiceagent.closing_receipt(tenant_id);
END
$$;
COMMENT ON FUNCTION voiceagent.close_tenant(bigint, text, interval) IS
	E'Ends a tenant: it is deactivated at once, and its rows are deleted when the term is over, but for its invoices; '
	'returns closing_receipt(), also when it was closed before.\n'
	'PT409 with all that stands against it: live calls, credits, debts, open orders, a contract, legal holds, a move. '
	'For superusers and voiceagent_admin (42501); PT404, PT422.';

CREATE FUNCTION voiceagent.reopen_tenant(tenant_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('open a closed tenant again');
	DELETE FROM voiceagent_private.tenant_closings c
	WHERE c.tenant_id = reopen_tenant.tenant_id AND c.deletes_at > voiceagent.clock();
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', 'the tenant is not closed, or its term is over', NULL,
		'closing_receipt() says how far its end is.');
	PERFORM voiceagent.set_tenant_active(tenant_id, true);
END
$$;
COMMENT ON FUNCTION voiceagent.reopen_tenant(bigint) IS
	E'Takes close_tenant() back while the term lasts: nothing is deleted, and the tenant is active again.\n'
	'For superusers and voiceagent_admin (42501); PT409 otherwise.';

CREATE FUNCTION voiceagent.export_closed_tenant(tenant_id bigint) RETURNS TABLE (relation text, data jsonb)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_was bigint;
BEGIN
	PERFORM voiceagent_private.require_platform('export a closed tenant');
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent_private.tenant_closings c
		WHERE c.tenant_id = export_closed_tenant.tenant_id AND c.deletes_at > voiceagent.clock()), 'PT409',
		'the tenant is not closed, or its term is over', NULL, 'An active tenant''s owner calls export_tenant().');
	v_was := voiceagent_private.set_existing_tenant(tenant_id);
	RETURN QUERY SELECT r.* FROM voiceagent_private.tenant_rows() r;
	PERFORM voiceagent_private.audit('export_tenant', 'everything');
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
COMMENT ON FUNCTION voiceagent.export_closed_tenant(bigint) IS
	E'The data of export_tenant() of a tenant that is closed and not deleted yet, to be given back to its owner.\n'
	'Noted in its audit log. For superusers and voiceagent_admin (42501); PT409 otherwise.';
