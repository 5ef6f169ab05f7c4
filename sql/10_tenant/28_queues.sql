/*
 * 10_tenant: queues of senders.  A queue is a table of what tenants' requests wait for, guarded as "routing"; a task of
 * the worker takes turns among the tenants (bgworkers/outbound/sender.h). make_queue() makes the shared functions of
 * all queues here, from one template: recover_THINGS(), ready_THINGS() and room_for_THINGS().  Each room defines its
 * requests: claim_THINGS() leases rows with SKIP LOCKED, and a lease that ends is claimed again.
 */

CREATE FUNCTION voiceagent_private.make_queue(things text, tab regclass,
	due text DEFAULT '(SELECT min(q.next_at) FROM {table} q WHERE q.tenant_id = v_tenant)',
	claimed text DEFAULT 'q.claimed', freed text DEFAULT 'claimed = false, next_at = voiceagent.clock()',
	waits text DEFAULT 'q.next_at IS NOT NULL', by_time boolean DEFAULT false, for_inactive boolean DEFAULT false,
	share integer DEFAULT NULL, busy text DEFAULT '{claimed} AND q.next_at > voiceagent.clock()', also text DEFAULT '')
	RETURNS void
	LANGUAGE plpgsql VOLATILE AS $make$
DECLARE
	-- From tenant to tenant, however many rows one of them has; or those that are due, where most rows wait for long.
	v_tenants text := CASE WHEN by_time THEN 'SELECT DISTINCT q.tenant_id FROM {table} q
			WHERE q.next_at <= v_now AND q.tenant_id > after_tenant AND {waits} ORDER BY q.tenant_id'
		ELSE 'WITH RECURSIVE t AS (
				SELECT (SELECT min(q.tenant_id) FROM {table} q
					WHERE q.tenant_id > after_tenant AND {waits}) AS tenant_id
				UNION ALL
				SELECT (SELECT min(q.tenant_id) FROM {table} q WHERE q.tenant_id > t.tenant_id AND {waits}) FROM t
				WHERE t.tenant_id IS NOT NULL)
			SELECT t.tenant_id FROM t WHERE t.tenant_id IS NOT NULL' END;
	v_next text := CASE WHEN by_time THEN '(SELECT q.next_at FROM {table} q WHERE q.next_at > v_now AND {waits}
			ORDER BY q.next_at LIMIT 1)' ELSE 'NULL' END;
	v_held text := CASE WHEN for_inactive THEN 'false'
		ELSE 'NOT EXISTS (SELECT FROM voiceagent_private.tenant_directory d
				WHERE d.tenant_id = v_tenant AND d.active)' END;
	v_full text := CASE WHEN share IS NULL THEN 'false'
		ELSE 'voiceagent_private.room_for_{things}(v_tenant, 1) = 0' END;
	v_made text := $made$
	CREATE FUNCTION voiceagent_private.recover_{things}() RETURNS integer LANGUAGE sql VOLATILE AS $$
		{also}
		WITH lost AS (UPDATE {table} q SET {freed} WHERE {claimed} RETURNING 1)
		SELECT count(*)::integer FROM lost
	$$;
	COMMENT ON FUNCTION voiceagent_private.recover_{things}() IS
		'For the task''s start: what was on its way when its predecessor ended is done again; returns how many.';

	CREATE FUNCTION voiceagent_private.ready_{things}(after_tenant bigint, max_tenants integer,
		OUT tenants bigint[], OUT next_at timestamptz)
		LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	DECLARE
		v_now timestamptz := voiceagent.clock();
		v_tenant bigint;
		v_due timestamptz;
	BEGIN
		tenants := '{}';
		next_at := coalesce({next}, 'infinity');
		FOR v_tenant IN {tenants}
		LOOP
			CONTINUE WHEN {held};
			v_due := {due};
			IF v_due > v_now THEN
				next_at := least(next_at, v_due);
			ELSIF {full} THEN
				-- An answer makes room, or a lease that ends.
				next_at := least(next_at, v_now + interval '1 second');
			ELSE
				tenants := tenants || v_tenant;
				EXIT WHEN cardinality(tenants) >= max_tenants;
			END IF;
		END LOOP;
	END
	$$;
	COMMENT ON FUNCTION voiceagent_private.ready_{things}(bigint, integer) IS
		'Tenants behind after_tenant of whose {things} some are due, at most max_tenants, and when what was seen and '
		'is not due yet will be (infinity: nothing).';
$made$;
	v_room text := $made$
	CREATE FUNCTION voiceagent_private.room_for_{things}(of_tenant bigint, most integer) RETURNS integer
		LANGUAGE sql STABLE AS $$
		SELECT greatest(least(most, {share} - count(*)), 0)::integer FROM {table} q
		WHERE q.tenant_id = of_tenant AND {busy}
	$$;
	COMMENT ON FUNCTION voiceagent_private.room_for_{things}(bigint, integer) IS
		'How many more {things} of a tenant may be on their way now, at most so many.';
$made$;
	v record;
BEGIN
	PERFORM voiceagent_private.fail_if(
		NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = tab AND p.polname = 'routing'),
		'wrong_object_type', format('table %s of queue "%s" is not guarded as "routing"', tab, things));
	-- An update finds the functions that an earlier version made.
	FOR v IN SELECT * FROM (VALUES ('CREATE FUNCTION', 'CREATE OR ' || 'REPLACE FUNCTION'), ('{tenants}', v_tenants),
		('{next}', v_next), ('{held}', v_held), ('{full}', v_full), ('{due}', due), ('{freed}', freed),
		('{waits}', waits), ('{busy}', busy), ('{claimed}', claimed), ('{share}', coalesce(share::text, '')),
		('{also}', also), ('{table}', tab::text), ('{things}', things)) w (word, means)
	LOOP
		v_made := replace(v_made, v.word, v.means);
		v_room := replace(v_room, v.word, v.means);
	END LOOP;
	-- The words of install scripts.  @plpgsql_check_options: security_warnings = off
	EXECUTE concat(CASE WHEN share > 0 THEN v_room END, v_made);
END
$make$;
COMMENT ON FUNCTION voiceagent_private.make_queue(text, regclass, text, text, text, text, boolean, boolean, integer,
	text, text) IS
	E'For install and update scripts: makes recover_THINGS(), ready_THINGS() and, with a share, room_for_THINGS() of a '
	'sender''s queue, of conditions on its rows q.\n'
	'due: when the next of v_tenant is; claimed: is on its way; freed: what makes it wait again; waits: may be due at '
	'all; share: at most so many of a tenant are busy at a time; also: what else recover_THINGS() does.';

CREATE FUNCTION voiceagent_private.make_forgetting(job text, tab regclass, ended text) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $make$
BEGIN
	-- The words of install scripts.  @plpgsql_check_options: security_warnings = off
	EXECUTE format($made$
	CREATE %4$s FUNCTION voiceagent_private.%1$I(max integer) RETURNS timestamptz
		LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	BEGIN
		DELETE FROM %2$s d WHERE d.ctid = ANY (ARRAY(SELECT o.ctid FROM %2$s o
			WHERE o.%3$I <= voiceagent.clock() - interval '1 day' ORDER BY o.%3$I LIMIT max FOR UPDATE SKIP LOCKED));
		RETURN (SELECT min(o.%3$I) + interval '1 day' FROM %2$s o);
	END
	$$;
	COMMENT ON FUNCTION voiceagent_private.%1$I(integer) IS
		'Forgets up to max of what was over a day ago, and returns when the next one is due; NULL: none.';
$made$, job, tab, ended, 'OR REPLACE');
	PERFORM voiceagent_private.register_job(job, 100);
END
$make$;
COMMENT ON FUNCTION voiceagent_private.make_forgetting(text, regclass, text) IS
	'For install and update scripts: a maintenance job that forgets rows of a table a day after the time in the column '
	'ended; request_job() says when the first one is.';
