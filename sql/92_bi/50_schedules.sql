-- 92_bi: exports that are made each day, week or month.

CREATE FUNCTION voiceagent_private.next_export_at(every text, at time, after timestamptz) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_zone text := voiceagent_private.tenant_zone();
	v_begin timestamp := date_trunc(every, after AT TIME ZONE v_zone);
	v_next timestamptz := (v_begin + at) AT TIME ZONE v_zone;
BEGIN
	-- A time that the clock of that day passes over comes as soon as it can.
	RETURN CASE WHEN v_next > after THEN v_next
		ELSE (v_begin + ('1 ' || every)::interval + at) AT TIME ZONE v_zone END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.next_export_at(text, time, timestamptz) IS
	'The next time after that one at which a schedule is due: at this time each day, on Mondays, or on the 1st.';

CREATE FUNCTION voiceagent.create_export_schedule(name text, every text, what text, format text DEFAULT 'xlsx',
	at time DEFAULT '06:00', campaign_id bigint DEFAULT NULL, outcome text DEFAULT NULL, separator text DEFAULT ',',
	bom boolean DEFAULT false, only_columns text[] DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant(lasting := true);
	v_name text := btrim(name);
	v_most integer := voiceagent_private.platform_setting('export_schedules_max')::integer;
	v_next timestamptz;
	v_schedule bigint;
BEGIN
	PERFORM voiceagent_private.check_export(what, format, separator, NULL, NULL, campaign_id, outcome, 1);
	PERFORM voiceagent_private.check_export_columns(what, only_columns);
	PERFORM voiceagent_private.fail_if(every IS NULL OR every NOT IN ('day', 'week', 'month'), 'PT422',
		'every must be day, week or month');
	PERFORM voiceagent_private.fail_if(at IS NULL OR at >= '24:00', 'PT422',
		'at must be a time of day from 00:00 to 23:59:59');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(v_name, 100), 'PT422',
		'the name of a schedule has 1 to 100 characters, in one line');
	PERFORM voiceagent_private.fail_if(campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
		WHERE g.tenant_id = v_tenant AND g.campaign_id = create_export_schedule.campaign_id), 'PT404',
		format('campaign %s not found', campaign_id));
	PERFORM voiceagent_private.lock_tenant(true);
	IF EXISTS (SELECT FROM voiceagent.export_schedules s WHERE s.tenant_id = v_tenant AND s.name = v_name) THEN
		PERFORM voiceagent_private.fail('PT409', 'a schedule of this name exists');
	ELSIF (SELECT count(*) FROM voiceagent.export_schedules s WHERE s.tenant_id = v_tenant) >= v_most THEN
		PERFORM voiceagent_private.fail('PT413', 'too many schedules', format('A tenant may have %s.', v_most),
			'remove_export_schedule() takes one away.');
	END IF;
	v_next := voiceagent_private.next_export_at(every, at, voiceagent.clock());
	INSERT INTO voiceagent.export_schedules AS s (tenant_id, name, every, at, request, next_at, created_by)
	VALUES (v_tenant, v_name, every, at, voiceagent_private.export_request(what, format, NULL, NULL, campaign_id,
		outcome, separator, coalesce(bom, false), only_columns), v_next, voiceagent_private.actor())
	RETURNING s.schedule_id INTO v_schedule;
	INSERT INTO voiceagent_private.export_schedule_times (tenant_id, schedule_id, next_at)
	VALUES (v_tenant, v_schedule, v_next);
	PERFORM voiceagent_private.audit('create_export_schedule', 'schedule ' || v_schedule);
	PERFORM voiceagent_private.request_job('make_scheduled_exports', v_next);
	RETURN v_schedule;
END
$$;
COMMENT ON FUNCTION voiceagent.create_export_schedule(text, text, text, text, time, bigint, text, text, boolean,
	text[]) IS
	E'Has a file made each day (of the day before), week (on Monday, of the week before) or month (on the 1st, of the '
	'month before), at this time in the tenant''s zone -> schedule_id.\n'
	'The outgoing webhook export_ready tells of each. PT404, PT409 when the name is taken, PT413, PT422.';

CREATE FUNCTION voiceagent.remove_export_schedule(schedule_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM voiceagent.export_schedules s
	WHERE s.tenant_id = voiceagent_private.writer_tenant() AND s.schedule_id = remove_export_schedule.schedule_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such schedule');
	PERFORM voiceagent_private.audit('remove_export_schedule', 'schedule ' || schedule_id);
END
$$;
COMMENT ON FUNCTION voiceagent.remove_export_schedule(bigint) IS
	E'Takes a schedule of exports away; what it has made stays.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.make_scheduled_export(schedule_id bigint) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.export_schedules;
	v_to date;
	v_from date;
	v_export bigint;
	v_error text;
	v_next timestamptz;
BEGIN
	SELECT s.* INTO v FROM voiceagent.export_schedules s
	WHERE s.tenant_id = v_tenant AND s.schedule_id = make_scheduled_export.schedule_id FOR UPDATE;
	v_to := date_trunc(v.every, v.next_at AT TIME ZONE voiceagent_private.tenant_zone())::date - 1;
	v_from := date_trunc(v.every, v_to::timestamp)::date;
	BEGIN
		v_export := voiceagent_private.add_export(v.request || jsonb_build_object('from_day', v_from, 'to_day', v_to),
			v.schedule_id);
	EXCEPTION WHEN SQLSTATE 'PT404' OR SQLSTATE 'PT422' OR SQLSTATE 'PT429' THEN
		v_error := SQLERRM;
		PERFORM voiceagent_private.log_event('export_failed', data => jsonb_build_object('schedule_id', v.schedule_id,
			'what', v.request -> 'what', 'error', v_error));
	END;
	-- Exports missed while nothing ran are made once.
	v_next := voiceagent_private.next_export_at(v.every, v.at, greatest(v.next_at, voiceagent.clock()));
	UPDATE voiceagent.export_schedules s
	SET next_at = v_next, last_export_id = coalesce(v_export, s.last_export_id), last_error = v_error
	WHERE s.tenant_id = v_tenant AND s.schedule_id = v.schedule_id;
	RETURN v_next;
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_scheduled_export(bigint) IS
	'Has the export of a due schedule of the current tenant made, or notes why not; when it is due next.';

CREATE FUNCTION voiceagent_private.make_scheduled_exports(max integer) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v record;
	v_held bigint := 0;
	v_next timestamptz;
BEGIN
	FOR v IN
		SELECT d.tenant_id, d.schedule_id FROM (SELECT t.* FROM voiceagent_private.export_schedule_times t
			WHERE t.next_at <= voiceagent.clock() ORDER BY t.next_at LIMIT max FOR UPDATE SKIP LOCKED) d
		-- Each tenant is locked.
		ORDER BY d.tenant_id, d.schedule_id
	LOOP
		PERFORM voiceagent_private.set_tenant(v.tenant_id);
		v_next := voiceagent.clock() + interval '1 minute';
		BEGIN
			IF v.tenant_id <> v_held THEN
				v_next := voiceagent_private.make_scheduled_export(v.schedule_id);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			-- One tenant's trouble is not another's; what it holds is waited for once.
			RAISE LOG 'could not make the export of schedule % of tenant %: %', v.schedule_id, v.tenant_id, SQLERRM;
			v_held := CASE WHEN SQLSTATE = '55P03' THEN v.tenant_id ELSE v_held END;
		END;
		UPDATE voiceagent_private.export_schedule_times t SET next_at = v_next
		WHERE t.tenant_id = v.tenant_id AND t.schedule_id = v.schedule_id;
	END LOOP;
	RETURN coalesce((SELECT min(t.next_at) FROM voiceagent_private.export_schedule_times t), 'infinity');
END
$$;
COMMENT ON FUNCTION voiceagent_private.make_scheduled_exports(integer) IS
	'A maintenance job: has the exports of due schedules made.';
SELECT voiceagent_private.register_job('make_scheduled_exports', 50);
