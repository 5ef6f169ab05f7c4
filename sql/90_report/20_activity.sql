-- 90_report: the feed of what happened, with a cursor that misses nothing.

CREATE FUNCTION voiceagent.activity(after bigint DEFAULT 0, max_events integer DEFAULT 1000)
	RETURNS TABLE (cursor bigint, at timestamptz, event_type text, campaign_id bigint, call_id bigint, lead_id bigint,
		event_data jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_end bigint := voiceagent_private.decided_position();
BEGIN
	PERFORM voiceagent_private.fail_if(max_events NOT BETWEEN 1 AND 100000, 'PT422',
		'max_events must be from 1 to 100000');
	/*
	 * Transactions take the position of their events when they write the first, and may commit in any order.  Below the
	 * oldest of this tenant's that still runs all is decided: returned are whole positions from there, so no later
	 * commit can slip in behind the cursor.
	 */
	RETURN QUERY
	WITH page AS (
		SELECT e.xid FROM voiceagent.events e
		WHERE e.tenant_id = v_tenant AND e.xid > after AND e.xid < v_end
		ORDER BY e.xid, e.event_id LIMIT max_events
	)
	SELECT e.xid, e.at, e.event_type, e.campaign_id, e.call_id, e.lead_id, e.event_data
	FROM voiceagent.events e
	WHERE e.tenant_id = v_tenant AND e.xid > after AND e.xid < v_end
		AND e.xid <= (SELECT max(p.xid) FROM page p)
	ORDER BY e.xid, e.event_id;
END
$$;
COMMENT ON FUNCTION voiceagent.activity(bigint, integer) IS
	E'Events since a cursor (0: the beginning), in an order in which nothing can appear behind it later.\n'
	'Pass the last cursor on. At least max_events, to the end of the last transaction; newer events wait for older\n'
	'transactions of this tenant only. A cursor stays good when the database is restored from a dump, also in '
	'another cluster.';

CREATE FUNCTION voiceagent.activity_end() RETURNS bigint
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
	RETURN voiceagent_private.decided_position() - 1;
COMMENT ON FUNCTION voiceagent.activity_end() IS
	'The cursor after which activity() gives what is not there yet: for a client that wants to know what happens from '
	'now on, and reads what there was otherwise.';

CREATE FUNCTION voiceagent.subscribe() RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_channel text;
BEGIN
	-- A client that asks again and again writes once a minute.
	UPDATE voiceagent_private.tenant_directory d SET subscribed_until = v_now + interval '1 hour'
	WHERE d.tenant_id = v_tenant AND d.subscribed_until NOT BETWEEN v_now + interval '59 minutes'
		AND v_now + interval '61 minutes';
	SELECT d.channel INTO STRICT v_channel FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant;
	RETURN v_channel;
END
$$;
COMMENT ON FUNCTION voiceagent.subscribe() IS
	E'The channel to LISTEN on for the tenant''s news, for an hour from now (call again to go on): an empty NOTIFY '
	'soon after a commit that recorded events.\n'
	'Read activity() after subscribe(), when one comes, and every 30 seconds: a NOTIFY may be lost, an event is not.';
