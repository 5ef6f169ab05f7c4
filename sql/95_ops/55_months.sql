/*
 * 95_ops: the ring of months.  A slot is emptied when every tenant's time is
 * over, and at the latest two months before its turn comes round again: no
 * setting keeps longer than 13 whole months (390 days).
 */

CREATE FUNCTION voiceagent_private.slot_partition(ring regclass, slot integer) RETURNS regclass
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT i.inhrelid::regclass FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = ring AND c.relname LIKE '%\_' || lpad(slot::text, 2, '0'));
COMMENT ON FUNCTION voiceagent_private.slot_partition(regclass, integer) IS
	'The partition of a month slot (0 to 15) of a ring.';

CREATE FUNCTION voiceagent_private.slot_ends_at(slot integer, at timestamptz) RETURNS timestamptz
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (date_trunc('month', at AT TIME ZONE 'UTC')
		- make_interval(months => mod(voiceagent_private.month_slot(at) - slot + 16, 16) - 1)) AT TIME ZONE 'UTC';
COMMENT ON FUNCTION voiceagent_private.slot_ends_at(integer, timestamptz) IS
	'When the latest month that a slot can hold at that time ended (will end, for the current one).';

/*
 * TRUNCATE waits for whoever reads the partition, and everybody else then
 * waits behind it: not longer than this.  Dials and webhooks write to the
 * current month, whose partition is another.
 */
CREATE FUNCTION voiceagent_private.empty_slot(ring regclass, slot integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET lock_timeout = '50ms' SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_partition regclass := voiceagent_private.slot_partition(ring, slot);
BEGIN
	IF voiceagent_private.slot_ends_at(slot, voiceagent.clock()) > voiceagent.clock() THEN
		RAISE EXCEPTION 'month slot % of % is not over', slot, ring;
	END IF;
	EXECUTE format('TRUNCATE ONLY %s', v_partition);
	RETURN true;
EXCEPTION WHEN lock_not_available THEN
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent_private.empty_slot(regclass, integer) IS
	'Empties a month of a ring at once, for all tenants; false when somebody reads it and it was given up after 50 ms.';

CREATE FUNCTION voiceagent_private.take_parts_of_all() RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint;
	v_taken integer := 0;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_taken := voiceagent_private.take_held_parts();
		EXIT WHEN v_taken > 0;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_taken;
END
$$;
COMMENT ON FUNCTION voiceagent_private.take_parts_of_all() IS
	E'take_held_parts() of the first tenant that lacks any: a month is about to be emptied, and retention may not have '
	'come round for long.\n'
	'Returns how many were taken; 0: all tenants'' are kept.';

/*
 * A clock that was ahead, and a dump that is restored where the clock is late,
 * leave rows of months to come: their slots then look as if they held months
 * that are long over.  The ids of a tenant tell in which order its rows were
 * made, whatever the clock said, so the newest row of each is enough.
 */
CREATE FUNCTION voiceagent_private.newest_of_slot(class text, slot integer) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET planner.policy = in_order AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN CASE class
		WHEN 'webhooks' THEN (SELECT w.received_at FROM voiceagent.webhooks w
			WHERE w.tenant_id = v_tenant AND w.month_slot = slot ORDER BY w.webhook_id DESC LIMIT 1)
		WHEN 'events' THEN (SELECT e.at FROM voiceagent.events e
			WHERE e.tenant_id = v_tenant AND e.month_slot = slot ORDER BY e.xid DESC, e.event_id DESC LIMIT 1)
		-- The month is that of the call; where retention has taken the call, it took the turns as well.
		WHEN 'transcripts' THEN (SELECT c.started_at FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = (SELECT t.call_id FROM voiceagent.conversations t
				WHERE t.tenant_id = v_tenant AND t.month_slot = slot ORDER BY t.call_id DESC LIMIT 1))
	END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.newest_of_slot(text, integer) IS
	'When the row that the current tenant made last in a month slot (0 to 15) of that class''s ring dates from, by '
	'the clock of then; NULL: it has none.';

CREATE FUNCTION voiceagent_private.slot_is_ahead(class text, slot integer, at timestamptz) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_ends timestamptz := voiceagent_private.slot_ends_at(slot, at);
	v_tenant bigint;
	v_ahead boolean := false;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		v_ahead := coalesce(voiceagent_private.newest_of_slot(class, slot) >= v_ends, false);
		EXIT WHEN v_ahead;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN v_ahead;
END
$$;
COMMENT ON FUNCTION voiceagent_private.slot_is_ahead(text, integer, timestamptz) IS
	'Whether a month slot (0 to 15) of that class''s ring holds what any tenant wrote under a clock that was ahead of '
	'that time: not the month that is over, but one to come.';

-- Every step passes over rows of such a slot that are not over yet: they were written while the clock was ahead.
CREATE FUNCTION voiceagent_private.thin_slot(class text, slot integer, cutoff timestamptz, max integer) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys AS $$
DECLARE
	v_tenant bigint;
	v_left integer := max;
	v_ids bigint[];
	v_removed integer;
BEGIN
	FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d ORDER BY d.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		CASE class
			WHEN 'webhooks' THEN
				v_ids := ARRAY(SELECT w.webhook_id FROM voiceagent.webhooks w
					WHERE w.tenant_id = v_tenant AND w.month_slot = slot AND w.received_at < cutoff LIMIT v_left);
				DELETE FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.webhook_id = ANY (v_ids);
				DELETE FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant AND f.webhook_id = ANY (v_ids);
				DELETE FROM voiceagent.webhooks w WHERE w.tenant_id = v_tenant AND w.webhook_id = ANY (v_ids)
					AND w.month_slot = slot;
			WHEN 'events' THEN
				DELETE FROM voiceagent.events e
				WHERE e.tenant_id = v_tenant AND e.month_slot = slot
					AND (e.xid, e.event_id) IN (SELECT o.xid, o.event_id FROM voiceagent.events o
						WHERE o.tenant_id = v_tenant AND o.month_slot = slot AND o.at < cutoff LIMIT v_left);
			WHEN 'transcripts' THEN
				v_ids := ARRAY(SELECT t.call_id FROM voiceagent.conversations t
					WHERE t.tenant_id = v_tenant AND t.month_slot = slot AND NOT EXISTS (SELECT FROM voiceagent.calls c
						WHERE c.tenant_id = v_tenant AND c.call_id = t.call_id AND c.started_at >= cutoff)
						LIMIT v_left);
				DELETE FROM voiceagent.conversations t
				WHERE t.tenant_id = v_tenant AND t.call_id = ANY (v_ids) AND t.month_slot = slot;
		END CASE;
		GET DIAGNOSTICS v_removed = ROW_COUNT;
		v_left := v_left - v_removed;
		EXIT WHEN v_left <= 0;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
	RETURN max - v_left;
END
$$;
COMMENT ON FUNCTION voiceagent_private.thin_slot(text, integer, timestamptz, integer) IS
	E'Removes from a month slot (0 to 15) of that class''s ring, which cannot be emptied whole, what dates from '
	'before cutoff, of all tenants at most max rows, with what waits or was set aside of its webhooks.\n'
	'Returns how many.';

/*
 * Readers that take turns can keep TRUNCATE away for ever. It is tried on; after
 * a day of it the month also goes row by row, which waits for no reader.
 */
CREATE FUNCTION voiceagent_private.note_busy_month(class text, slot integer, at timestamptz) RETURNS boolean
	LANGUAGE sql VOLATILE SET planner.policy = by_key
	BEGIN ATOMIC
		-- A clock that was ahead has noted a time to come.
		INSERT INTO voiceagent_private.busy_months AS b (class, slot, first_failed_at)
		VALUES (note_busy_month.class, note_busy_month.slot, note_busy_month.at)
		ON CONFLICT ON CONSTRAINT busy_months_pkey DO UPDATE
			SET first_failed_at = least(b.first_failed_at, EXCLUDED.first_failed_at)
		RETURNING first_failed_at < note_busy_month.at - interval '1 day';
	END;
COMMENT ON FUNCTION voiceagent_private.note_busy_month(text, integer, timestamptz) IS
	'Notes that a month slot (0 to 15) of that class''s ring could not be emptied -> whether that has been so for '
	'more than a day.';

CREATE FUNCTION voiceagent_private.list_busy_months(busy_for interval) RETURNS TABLE (class text, slot integer,
	since timestamptz, pid integer, words text)
	LANGUAGE sql STABLE SET planner.policy = by_key AS $$
	SELECT b.class, b.slot, b.first_failed_at, r.pid,
		format('month slot %s of %s could not be emptied since %s: %s', b.slot, b.class,
		to_char(b.first_failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
		coalesce(r.words, 'nobody reads it at the moment'))
	FROM voiceagent_private.busy_months b
	LEFT JOIN LATERAL (SELECT min(l.pid) AS pid, 'read by ' || string_agg(format('process %s (%s)', l.pid,
			coalesce(a.usename, 'unknown')), ', ' ORDER BY l.pid) AS words
		FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
			AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
			AND l.relation = (SELECT voiceagent_private.slot_partition(c.ring, b.slot)
				FROM voiceagent_private.retention_classes c WHERE c.class = b.class)
		HAVING count(*) > 0) r ON true
	WHERE b.first_failed_at <= voiceagent.clock() - busy_for
	ORDER BY b.first_failed_at, b.class, b.slot
$$;
COMMENT ON FUNCTION voiceagent_private.list_busy_months(interval) IS
	'Months that no tenant keeps any longer and that could not be emptied for so long, in words that name the '
	'processes which read them now; pid: one of these.';

CREATE FUNCTION voiceagent_private.check_months() RETURNS TABLE (invariant text, detail text)
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT 'a month that nobody keeps is emptied within a day', b.words
		FROM voiceagent_private.list_busy_months(interval '1 day') b;
	END;
COMMENT ON FUNCTION voiceagent_private.check_months() IS 'Months that readers keep from being emptied, of all tenants.';
INSERT INTO voiceagent_private.registrations (kind, name, detail)
VALUES ('invariant', 'check_months', 'platform');

CREATE FUNCTION voiceagent_private.empty_months(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_class record;
	v_keep interval;
	v_cutoff timestamptz;
	v_tenant bigint;
	v_slot integer;
	v_busy boolean := false;
	v_keys interval;
BEGIN
	FOR v_class IN SELECT * FROM voiceagent_private.retention_classes c WHERE c.ring IS NOT NULL LOOP
		-- The longest that the platform or any tenant keeps it.
		v_keep := voiceagent_private.as_interval(voiceagent_private.platform_setting('retention_' || v_class.class));
		FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d LOOP
			PERFORM voiceagent_private.set_tenant(v_tenant);
			v_keep := greatest(v_keep, (SELECT voiceagent_private.as_interval(s.value)
				FROM voiceagent_private.tenant_settings s
				WHERE s.tenant_id = v_tenant AND s.key = 'retention_' || v_class.class));
		END LOOP;
		PERFORM voiceagent_private.set_tenant(0);
		INSERT INTO voiceagent_private.ring_lifetimes AS l (class, keep) VALUES (v_class.class, v_keep)
		ON CONFLICT (class) DO UPDATE SET keep = EXCLUDED.keep WHERE l.keep <> EXCLUDED.keep;
		v_cutoff := v_now - least(v_keep, interval '13 months');
		DELETE FROM voiceagent_private.busy_months b
		WHERE b.class = v_class.class AND (voiceagent_private.slot_ends_at(b.slot, v_now) > v_cutoff
			OR pg_catalog.pg_relation_size(voiceagent_private.slot_partition(v_class.ring, b.slot)) = 0);
		FOR v_slot IN
			SELECT s FROM generate_series(0, 15) s
			WHERE voiceagent_private.slot_ends_at(s, v_now) <= v_cutoff
				AND pg_catalog.pg_relation_size(voiceagent_private.slot_partition(v_class.ring, s)) > 0
		LOOP
			-- It goes when that month is over in its turn; what is over lies in it row by row.
			IF voiceagent_private.slot_is_ahead(v_class.class, v_slot, v_now) THEN
				CONTINUE WHEN voiceagent_private.thin_slot(v_class.class, v_slot, v_cutoff, max) = 0;
				RETURN v_now;
			END IF;
			-- A tenant a commit.
			IF voiceagent_private.take_parts_of_all() > 0 THEN
				RETURN v_now;
			END IF;
			-- Before the lock that others wait for: what waits of them, or was set aside.
			FOR v_tenant IN SELECT d.tenant_id FROM voiceagent_private.tenant_directory d
				WHERE v_class.class = 'webhooks' LOOP
				PERFORM voiceagent_private.set_tenant(v_tenant);
				DELETE FROM voiceagent_private.inbox i WHERE i.tenant_id = v_tenant AND i.month_slot = v_slot;
				DELETE FROM voiceagent.webhook_failures f WHERE f.tenant_id = v_tenant AND f.month_slot = v_slot;
			END LOOP;
			PERFORM voiceagent_private.set_tenant(0);
			IF voiceagent_private.empty_slot(v_class.ring, v_slot) THEN
				DELETE FROM voiceagent_private.busy_months b WHERE b.class = v_class.class AND b.slot = v_slot;
				-- One a commit: its lock ends with it.
				RETURN v_now;
			END IF;
			v_busy := true;
			IF voiceagent_private.note_busy_month(v_class.class, v_slot, v_now)
				AND voiceagent_private.thin_slot(v_class.class, v_slot, v_cutoff, max) > 0 THEN
				RETURN v_now;
			END IF;
		END LOOP;
		v_keys := CASE v_class.class WHEN 'webhooks' THEN v_keep ELSE v_keys END;
	END LOOP;
	-- The keys that make a webhook's replay harmless are needed as long as anybody's webhooks are kept.
	DELETE FROM voiceagent_private.webhook_keys k
	WHERE k.ctid = ANY (ARRAY(SELECT o.ctid FROM voiceagent_private.webhook_keys o
		WHERE o.received_at < v_now - v_keys - interval '1 month' LIMIT max));
	RETURN CASE WHEN FOUND THEN v_now WHEN v_busy THEN v_now + interval '1 minute' ELSE v_now + interval '1 day' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.empty_months(integer) IS
	'A maintenance job: notes how long the rings'' months live, empties at most one that no tenant keeps any longer, '
	'or takes a step (thin_slot()) in one that readers have held for a day, or that holds what was written under a '
	'clock that was ahead, with what waits or was set aside of its webhooks, and forgets old webhook keys.';
SELECT voiceagent_private.register_job('empty_months', 10000);
