/*
 * 25_lead: the order of leads for lead_list().
 *
 * A lead's class is its stage, last outcome and follow-up in one number, of
 * which there are a few dozen.  lead_order has a narrow row for each lead, with
 * two indexes: in each class the leads lie by id, and by their last call.  A
 * page with a filter merges the streams of the classes that the filter lets
 * through, and reads no lead that it does not show.
 *
 * It is a table of its own, because an UPDATE that changes one indexed column
 * writes to every index of its table: the end of a call costs these two entries
 * and none of leads, whose own updates stay in their pages.
 *
 * Code that changes a lead's status, last call or follow-up moves it, in the
 * same transaction and under the lead's row lock: move_leads() where the old
 * and the new class are at hand, relist() elsewhere.  leads.list_class says
 * where the row of lead_order lies.
 */

CREATE TABLE voiceagent_private.lead_order (
	tenant_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	called_at timestamptz,
	class smallint NOT NULL
-- A row moves with each call: a page of the index must not be full of those that have left it.
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
COMMENT ON TABLE voiceagent_private.lead_order IS 'Where leads stand in the orders of lead_list(): one row a lead.';
COMMENT ON COLUMN voiceagent_private.lead_order.class IS 'leads.list_class.';
COMMENT ON COLUMN voiceagent_private.lead_order.called_at IS 'leads.last_called_at.';
-- "IS NOT NULL": see leads_phone.
CREATE UNIQUE INDEX lead_order_id ON voiceagent_private.lead_order (tenant_id, class, lead_id)
	WHERE lead_id IS NOT NULL;
CREATE INDEX lead_order_call ON voiceagent_private.lead_order (tenant_id, class, called_at, lead_id)
	WHERE called_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.lead_order', 'internal');

CREATE FUNCTION voiceagent_private.lead_class(status text, outcome text, follow_up text) RETURNS smallint
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_lead_class';
COMMENT ON FUNCTION voiceagent_private.lead_class(text, text, text) IS
	E'Stage, last outcome and follow-up of a lead in one number: 64 x (0 open, 1 completed, 2 failed, 3 do_not_call) '
	'+ 4 x outcome + follow-up,\n'
	'by their positions in the enumerations, 0 for none.';

CREATE FUNCTION voiceagent_private.follow_up_of(outcome text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_follow_up_of';
COMMENT ON FUNCTION voiceagent_private.follow_up_of(text) IS
	'Why a person should look after a lead whose call has just ended with this outcome: enumeration '
	'follow_up_reason; NULL: for nothing.';

CREATE FUNCTION voiceagent_private.move_leads(lead_ids bigint[], old_classes smallint[], new_classes smallint[],
	last_calls timestamptz[]) RETURNS void
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_move_leads';
COMMENT ON FUNCTION voiceagent_private.move_leads(bigint[], smallint[], smallint[], timestamptz[]) IS
	E'Moves leads of the current tenant in lead_order: lead_ids[i] from old_classes[i] (NULL: it is not there) to '
	'new_classes[i], called last at last_calls[i].\n'
	'The caller has the leads locked, and has set leads.list_class.';

CREATE FUNCTION voiceagent_private.relist(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_leads bigint[];
	v_was smallint[];
	v_class smallint[];
	v_called_at timestamptz[];
BEGIN
	WITH stale AS MATERIALIZED (
		SELECT l.lead_row, l.was, l.class FROM unnest(relist.lead_ids) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT o.ctid AS lead_row, o.list_class AS was,
			voiceagent_private.lead_class(o.status, o.last_outcome, o.follow_up) AS class
			FROM voiceagent.leads o WHERE o.tenant_id = v_tenant AND o.lead_id = i.lead_id OFFSET 0 FOR NO KEY UPDATE) l
		WHERE l.was IS DISTINCT FROM l.class
	), moved AS (
		UPDATE voiceagent.leads l SET list_class = s.class
		FROM (SELECT * FROM stale LIMIT cardinality(relist.lead_ids)) s
		WHERE l.tenant_id = v_tenant AND l.ctid = s.lead_row
		RETURNING l.lead_id, s.was, s.class, l.last_called_at
	)
	SELECT array_agg(m.lead_id), array_agg(m.was), array_agg(m.class), array_agg(m.last_called_at)
	INTO v_leads, v_was, v_class, v_called_at FROM moved m;
	IF v_leads IS NOT NULL THEN
		PERFORM voiceagent_private.move_leads(v_leads, v_was, v_class, v_called_at);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.relist(bigint[]) IS
	'Has lead_order follow leads of the current tenant, which the caller has changed and so has locked; their '
	'last call is what it was.';

CREATE FUNCTION voiceagent_private.unlist(lead_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	DELETE FROM voiceagent_private.lead_order o
	USING (SELECT l.lead_id, l.list_class FROM unnest(unlist.lead_ids) AS i(lead_id)
		CROSS JOIN LATERAL (SELECT d.lead_id, d.list_class FROM voiceagent.leads d
			WHERE d.tenant_id = v_tenant AND d.lead_id = i.lead_id OFFSET 0) l OFFSET 0 /* looked up first */) g
	WHERE o.tenant_id = v_tenant AND o.class = g.list_class AND o.lead_id = g.lead_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.unlist(bigint[]) IS
	'Takes leads of the current tenant, which the caller has locked and is about to delete, out of lead_order.';

CREATE FUNCTION voiceagent_private.followed_up(lead bigint, reasons text[]) RETURNS text
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_was text;
BEGIN
	SELECT l.follow_up INTO v_was FROM voiceagent.leads l
	WHERE l.tenant_id = v_tenant AND l.lead_id = lead FOR NO KEY UPDATE;
	IF v_was = ANY (reasons) THEN
		UPDATE voiceagent.leads l SET follow_up = NULL WHERE l.tenant_id = v_tenant AND l.lead_id = lead;
		PERFORM voiceagent_private.relist(ARRAY[lead]);
		RETURN v_was;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.followed_up(bigint, text[]) IS
	'Notes that a lead of the current tenant was looked after, if it needed that for one of these '
	'reasons; returns which it was.';

CREATE FUNCTION voiceagent.follow_up_done(lead_id bigint) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_was text;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.leads l
		WHERE l.tenant_id = v_tenant AND l.lead_id = follow_up_done.lead_id), 'PT404',
		format('lead %s does not exist', follow_up_done.lead_id));
	v_was := voiceagent_private.followed_up(follow_up_done.lead_id, '{callback,interested,appointment}');
	IF v_was IS NOT NULL THEN
		PERFORM voiceagent_private.audit('follow_up_done', format('lead %s', follow_up_done.lead_id),
			to_jsonb(v_was), NULL);
	END IF;
	RETURN v_was IS NOT NULL;
END
$$;
COMMENT ON FUNCTION voiceagent.follow_up_done(bigint) IS
	E'Says that a person has looked after a lead: it needs no follow-up until a next call says otherwise.\n'
	'Returns true if it needed one. A call back that was promised is made all the same at its time; remove_leads() '
	'ends that. One that could not be made at its time is given up with this. PT404.';
