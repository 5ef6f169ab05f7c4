/*
 * 93_webhook_out: what the outbox sender asks.  A round: ready_requests() says whose turn
 * it is; then for each tenant claim_requests() (commit, send), and later
 * record_requests() with the answers.  A claimed request that gets no answer
 * comes up again when its lease ends: at least once, with the same id.
 */

-- From target to target, whatever waits for each. One to which as much is on its way as may be is not due before an
-- answer is recorded, or the first lease ends.
SELECT voiceagent_private.make_queue('requests', 'voiceagent_private.outbox', due => $$(
	WITH RECURSIVE s AS (
		SELECT (SELECT min(o.subscription_id) FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.next_at IS NOT NULL) AS id
		UNION ALL
		SELECT (SELECT min(o.subscription_id) FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.next_at IS NOT NULL AND o.subscription_id > s.id)
		FROM s WHERE s.id IS NOT NULL
	)
	SELECT min(greatest(
		(SELECT min(o.next_at) FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.subscription_id = s.id),
		(SELECT r.paused_until FROM voiceagent_private.outbox_targets r
			WHERE r.tenant_id = v_tenant AND r.kind = 'delivery' AND r.subscription_id = s.id),
		(SELECT min(o.next_at) FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.subscription_id = s.id AND o.claimed
				AND o.next_at > v_now
			HAVING count(*) >= voiceagent_private.platform_setting('webhook_delivery_concurrency')::integer)))
	FROM s WHERE s.id IS NOT NULL)$$);

CREATE TYPE voiceagent_private.outgoing_request AS (
	request_id bigint,
	url text,
	headers text,
	body text,
	message_id text,
	secret text,
	previous_secret text,
	private_host boolean,
	timeout_ms integer,
	problem text
);
COMMENT ON TYPE voiceagent_private.outgoing_request IS
	'A POST for the outbox sender: headers are lines; with a message_id it is signed with the named secrets '
	'of the vault; private_host: the URL''s host may be an address of our own network; problem: why it is '
	'not to be sent at all.';

CREATE FUNCTION voiceagent_private.dead_letter_deliveries(subscription_id bigint, reason text, max_requests integer)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	WITH gone AS (
		DELETE FROM voiceagent_private.outbox o
		WHERE o.tenant_id = v_tenant AND o.request_id = ANY (ARRAY(SELECT q.request_id FROM voiceagent_private.outbox q
			WHERE q.tenant_id = v_tenant AND q.kind = 'delivery'
				AND q.subscription_id = dead_letter_deliveries.subscription_id AND q.next_at IS NOT NULL
				AND (NOT q.claimed OR q.next_at <= v_now)
			ORDER BY q.next_at LIMIT max_requests FOR UPDATE SKIP LOCKED))
		RETURNING o.object_id
	)
	UPDATE voiceagent.webhook_deliveries d SET status = 'dead', done_at = v_now, next_try_at = NULL, last_error = reason
	FROM gone g WHERE d.tenant_id = v_tenant AND d.delivery_id = g.object_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dead_letter_deliveries(bigint, text, integer) IS
	'Gives up the outgoing webhooks that wait for a target of the current tenant, at most so many.';

CREATE FUNCTION voiceagent_private.back_off_subscription(subscription_id bigint, until timestamptz) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	INSERT INTO voiceagent_private.outbox_targets AS r (tenant_id, kind, subscription_id, paused_until)
	VALUES (voiceagent.current_tenant(), 'delivery', back_off_subscription.subscription_id, until)
	ON CONFLICT (tenant_id, kind, subscription_id) DO UPDATE SET paused_until = excluded.paused_until
$$;
COMMENT ON FUNCTION voiceagent_private.back_off_subscription(bigint, timestamptz) IS
	'Nothing is sent to a webhook subscription of the current tenant before the given time.';

CREATE FUNCTION voiceagent_private.prepare_webhook_delivery(object_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v voiceagent.webhook_deliveries;
BEGIN
	SELECT * INTO v FROM voiceagent.webhook_deliveries d WHERE d.tenant_id = v_tenant AND d.delivery_id = object_id;
	IF v.body IS NULL AND v.delivery_id IS NOT NULL THEN
		v.body := voiceagent_private.webhook_body(v);
		UPDATE voiceagent.webhook_deliveries d SET body = v.body
		WHERE d.tenant_id = v_tenant AND d.delivery_id = object_id;
	END IF;
	RETURN v.body;
END
$$;
COMMENT ON FUNCTION voiceagent_private.prepare_webhook_delivery(bigint) IS
	'The message that a delivery posts, written down at the first try; NULL: the delivery is gone.';

CREATE FUNCTION voiceagent_private.claim_requests(max_requests integer, armed boolean)
	RETURNS SETOF voiceagent_private.outgoing_request
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_allowed text := voiceagent_private.platform_setting('allowed_private_hosts');
	v_timeout interval :=
		voiceagent_private.as_interval(voiceagent_private.platform_setting('webhook_delivery_timeout'));
	v_concurrency integer := voiceagent_private.platform_setting('webhook_delivery_concurrency')::integer;
	v_tries integer := voiceagent_private.setting_integer('webhook_delivery_tries');
	v_left integer := max_requests;
	v_target bigint := 0;
	v_next timestamptz;
	v_room integer;
	t voiceagent.webhook_subscriptions;
	v record;
	r voiceagent_private.outgoing_request;
	c_buried CONSTANT integer := 1000;
	c_failing CONSTANT integer := 5;
BEGIN
	WHILE v_left > 0 LOOP
		SELECT o.subscription_id, o.next_at INTO v_target, v_next FROM voiceagent_private.outbox o
		WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.subscription_id > v_target AND o.next_at IS NOT NULL
		ORDER BY o.subscription_id, o.next_at LIMIT 1;
		EXIT WHEN NOT FOUND;
		CONTINUE WHEN v_next > v_now OR EXISTS (SELECT FROM voiceagent_private.outbox_targets s
			WHERE s.tenant_id = v_tenant AND s.kind = 'delivery' AND s.subscription_id = v_target
				AND s.paused_until > v_now);
		SELECT * INTO t FROM voiceagent.webhook_subscriptions o
		WHERE o.tenant_id = v_tenant AND o.subscription_id = v_target;
		IF NOT FOUND OR NOT t.active THEN
			PERFORM voiceagent_private.dead_letter_deliveries(v_target,
				CASE WHEN t.subscription_id IS NULL THEN 'the target was deleted' ELSE 'the target is disabled' END,
					c_buried);
			CONTINUE;
		ELSIF t.home <> voiceagent_private.home() AND NOT armed THEN
			UPDATE voiceagent.webhook_subscriptions o
			SET last_error = 'made in another database than this copy: enable_webhook_subscription() sends from here',
				paused_until = v_now + interval '10 minutes'
			WHERE o.tenant_id = v_tenant AND o.subscription_id = v_target;
			PERFORM voiceagent_private.back_off_subscription(v_target, v_now + interval '10 minutes');
			CONTINUE;
		END IF;
		v_room := least(CASE WHEN t.failures >= c_failing THEN 1 ELSE v_concurrency END
			- (SELECT count(*) FROM voiceagent_private.outbox o
				WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.subscription_id = v_target AND o.claimed
					AND o.next_at > v_now), v_left);
		r.url := t.url;
		r.headers := E'content-type: application/json';
		r.secret := voiceagent_private.secret_name('notice_target', v_target, t.secret_version);
		r.previous_secret := CASE WHEN t.previous_secret_until > v_now AND t.secret_version > 1
			THEN voiceagent_private.secret_name('notice_target', v_target, t.secret_version - 1) END;
		r.private_host := voiceagent_private.is_allowed_host(t.url, v_allowed);
		r.timeout_ms := (extract(epoch FROM v_timeout) * 1000)::integer;
		FOR v IN
			SELECT o.request_id, o.object_id, o.tries FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.kind = 'delivery' AND o.subscription_id = v_target AND o.next_at <= v_now
			ORDER BY o.next_at LIMIT greatest(v_room, 0) FOR UPDATE SKIP LOCKED
		LOOP
			r.request_id := v.request_id;
			r.message_id :=
				(SELECT pg_catalog.concat('msg_', pg_catalog.replace(d.message_id::text, '-', ''))
					FROM voiceagent.webhook_deliveries d
					WHERE d.tenant_id = v_tenant AND d.delivery_id = v.object_id);
			-- One that cannot be put into words stops no other.
			BEGIN
				r.body := voiceagent_private.prepare_webhook_delivery(v.object_id);
				r.problem := CASE WHEN r.body IS NULL THEN 'there is nothing to say'
					WHEN v.tries >= v_tries THEN 'the end of the last try is not known'
					WHEN NOT r.private_host
						AND t.url NOT LIKE 'https://%' THEN 'the platform no longer allows this host' END;
			EXCEPTION WHEN OTHERS THEN
				r.body := '';
				r.problem := left('it cannot be written: ' || SQLERRM, 500);
			END;
			UPDATE voiceagent_private.outbox o
			SET claimed = true, target_version = t.url_version, tries = o.tries + 1,
				next_at = v_now + v_timeout + interval '20 seconds'
			WHERE o.tenant_id = v_tenant AND o.request_id = v.request_id;
			v_left := v_left - 1;
			RETURN NEXT r;
		END LOOP;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_requests(integer, boolean) IS
	E'Due requests of the current tenant, at most so many, and of one target no more than may be on their way to '
	'it; leased from now.\n'
	'armed: this database may use real carriers, so it is no copy.';

CREATE FUNCTION voiceagent_private.record_failed(request_ids bigint[], statuses integer[], errors text[],
	waits integer[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_tries integer := voiceagent_private.setting_integer('webhook_delivery_tries');
	v_first interval := voiceagent_private.setting_interval('webhook_delivery_first_delay');
	v_max interval := voiceagent_private.setting_interval('webhook_delivery_max_delay');
	v_delay interval;
	v record;
BEGIN
	FOR v IN
		SELECT o.request_id, o.object_id, o.tries, n.http_status, n.error, n.wait
		FROM unnest(request_ids, statuses, errors, waits) AS n(request_id, http_status, error, wait)
		CROSS JOIN LATERAL (SELECT q.* FROM voiceagent_private.outbox q
			WHERE q.tenant_id = v_tenant AND q.request_id = n.request_id OFFSET 0) o
		ORDER BY o.request_id
	LOOP
		-- Not in step with the others that failed for the same reason.
		v_delay := greatest(least(v_first * power(2, least(v.tries, 20) - 1), v_max) * (1 + 0.1 * random()),
			interval '1 second' * coalesce(v.wait, 0));
		IF v.tries >= v_tries THEN
			DELETE FROM voiceagent_private.outbox o WHERE o.tenant_id = v_tenant AND o.request_id = v.request_id;
		ELSE
			UPDATE voiceagent_private.outbox o SET claimed = false, next_at = v_now + v_delay
			WHERE o.tenant_id = v_tenant AND o.request_id = v.request_id;
		END IF;
		UPDATE voiceagent.webhook_deliveries d
		SET status = CASE WHEN v.tries >= v_tries THEN 'dead' ELSE 'pending' END,
			done_at = CASE WHEN v.tries >= v_tries THEN v_now END,
			next_try_at = CASE WHEN v.tries < v_tries THEN v_now + v_delay END,
			tries = v.tries, last_status = v.http_status, last_error = left(v.error, 500)
		WHERE d.tenant_id = v_tenant AND d.delivery_id = v.object_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_failed(bigint[], integer[], text[], integer[]) IS
	'These requests of the current tenant failed (HTTP status or NULL, why, Retry-After in seconds or NULL): tried '
	'again later, or dead after the setting webhook_delivery_tries.';

CREATE FUNCTION voiceagent_private.update_subscription_health(subscription_id bigint, succeeded integer, failed integer,
	http_status integer, error text, wait integer, gone boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_until timestamptz;
	t voiceagent.webhook_subscriptions;
	c_failing CONSTANT integer := 5;
	c_hopeless CONSTANT integer := 10;
BEGIN
	SELECT * INTO t FROM voiceagent.webhook_subscriptions o
	WHERE o.tenant_id = v_tenant AND o.subscription_id = update_subscription_health.subscription_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF gone THEN
		PERFORM voiceagent_private.disable_failing_subscription(subscription_id, 'it answered 410: gone');
		RETURN;
	END IF;
	IF failed = 0 AND t.failures = 0 AND t.paused_until IS NULL THEN
		RETURN;
	ELSIF succeeded > 0 THEN
		t.failures := 0;
		t.failing_since := NULL;
	END IF;
	IF failed > 0 AND succeeded = 0 THEN
		t.failures := t.failures + failed;
		t.failing_since := coalesce(t.failing_since, v_now);
		IF t.failures >= c_failing THEN
			v_until := v_now + least(voiceagent_private.setting_interval('webhook_delivery_first_delay')
				* power(2, least(t.failures - c_failing, 20)),
				voiceagent_private.setting_interval('webhook_delivery_max_delay'));
		END IF;
	END IF;
	IF wait > 0 THEN
		v_until := greatest(v_until, v_now + interval '1 second' * wait);
	END IF;
	-- An answer to what was sent before the target asked for a rest does not end it.
	IF t.paused_until > v_now THEN
		v_until := greatest(v_until, t.paused_until);
	END IF;
	UPDATE voiceagent.webhook_subscriptions o
	SET failures = t.failures, failing_since = t.failing_since, paused_until = v_until,
		last_status = CASE WHEN t.failures > 0 THEN update_subscription_health.http_status END,
		last_error = CASE WHEN t.failures > 0 THEN left(error, 500) END
	WHERE o.tenant_id = v_tenant AND o.subscription_id = update_subscription_health.subscription_id
		AND (failed > 0 OR o.failures > 0 OR o.paused_until IS NOT NULL);
	IF v_until IS NOT NULL THEN
		PERFORM voiceagent_private.back_off_subscription(subscription_id, v_until);
	ELSIF t.paused_until IS NOT NULL THEN
		DELETE FROM voiceagent_private.outbox_targets r
		WHERE r.tenant_id = v_tenant AND r.kind = 'delivery'
			AND r.subscription_id = update_subscription_health.subscription_id;
	END IF;
	IF t.active AND t.failures >= c_hopeless
		AND t.failing_since <= v_now - voiceagent_private.setting_interval('webhook_subscription_disable_after') THEN
		PERFORM voiceagent_private.disable_failing_subscription(subscription_id,
			format('%s tries in a row have failed since %s', t.failures,
				to_char(t.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.update_subscription_health(bigint, integer, integer, integer, text,
	integer, boolean) IS
	'Judges a webhook subscription by the ends of some tries: well; failing, so it rests and is then probed; disabled, '
	'after 410 or the setting webhook_subscription_disable_after.';

CREATE TYPE voiceagent_private.target_verdict AS (
	subscription_id bigint,
	succeeded integer,
	failed integer,
	http_status integer,
	error text,
	wait integer,
	gone boolean
);
COMMENT ON TYPE voiceagent_private.target_verdict IS
	'The state of a target after the ends of some tries: see update_subscription_health().';

CREATE FUNCTION voiceagent_private.record_requests(request_ids bigint[], statuses integer[], errors text[],
	waits integer[])
	RETURNS integer LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_known bigint[];
	v_verdicts voiceagent_private.target_verdict[];
	v_good bigint[];
	v_good_statuses integer[];
	v_bad bigint[];
	v_bad_statuses integer[];
	v_bad_errors text[];
	v_bad_waits integer[];
	v voiceagent_private.target_verdict;
	v_now timestamptz;
BEGIN
	-- In one order; what is no longer there was deleted meanwhile.
	v_known := ARRAY(SELECT o.request_id FROM voiceagent_private.outbox o
		WHERE o.tenant_id = v_tenant AND o.request_id = ANY (request_ids) ORDER BY o.request_id FOR UPDATE);
	-- None of them moves between the look at its version and the verdict.
	PERFORM FROM voiceagent.webhook_subscriptions t
	WHERE t.tenant_id = v_tenant
		AND t.subscription_id = ANY (ARRAY(SELECT o.subscription_id FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.request_id = ANY (v_known)))
	ORDER BY t.subscription_id FOR NO KEY UPDATE;
	WITH ended AS MATERIALIZED (
		SELECT o.subscription_id, n.request_id, n.http_status, n.error,
			coalesce(n.http_status BETWEEN 200 AND 299, false) AS good, o.is_current,
			CASE WHEN o.is_current THEN n.wait END AS wait
		FROM unnest(request_ids, statuses, errors, waits) AS n(request_id, http_status, error, wait)
		CROSS JOIN LATERAL (SELECT q.subscription_id, t.url_version = q.target_version AS is_current
			FROM voiceagent_private.outbox q
			LEFT JOIN voiceagent.webhook_subscriptions t ON t.tenant_id = v_tenant
				AND t.subscription_id = q.subscription_id
			WHERE q.tenant_id = v_tenant AND q.request_id = n.request_id OFFSET 0) o
	), judged AS (
		SELECT ROW(e.subscription_id, count(*) FILTER (WHERE e.good), count(*) FILTER (WHERE NOT e.good),
			max(e.http_status) FILTER (WHERE NOT e.good), max(e.error) FILTER (WHERE NOT e.good),
			max(e.wait) FILTER (WHERE NOT e.good),
			coalesce(bool_or(e.http_status = 410), false))::voiceagent_private.target_verdict AS verdict
		FROM ended e WHERE e.is_current GROUP BY e.subscription_id
	)
	SELECT array_agg(n.request_id) FILTER (WHERE n.good), array_agg(n.http_status) FILTER (WHERE n.good),
		array_agg(n.request_id) FILTER (WHERE NOT n.good), array_agg(n.http_status) FILTER (WHERE NOT n.good),
		array_agg(n.error) FILTER (WHERE NOT n.good), array_agg(n.wait) FILTER (WHERE NOT n.good),
		(SELECT array_agg(j.verdict ORDER BY (j.verdict).subscription_id) FROM judged j)
	INTO v_good, v_good_statuses, v_bad, v_bad_statuses, v_bad_errors, v_bad_waits, v_verdicts
	FROM ended n;
	IF v_good IS NOT NULL THEN
		-- These requests of the current tenant were answered with 2xx: they are done with.
		v_now := voiceagent.clock();
		WITH gone AS (
			DELETE FROM voiceagent_private.outbox o
			WHERE o.tenant_id = v_tenant AND o.request_id = ANY (v_good)
			RETURNING o.object_id, o.tries, v_good_statuses[array_position(v_good, o.request_id)] AS http_status
		)
		UPDATE voiceagent.webhook_deliveries d
		SET status = 'delivered', done_at = v_now, next_try_at = NULL, tries = g.tries, last_status = g.http_status,
			last_error = NULL
		FROM gone g WHERE d.tenant_id = v_tenant AND d.delivery_id = g.object_id;
	END IF;
	IF v_bad IS NOT NULL THEN
		PERFORM voiceagent_private.record_failed(v_bad, v_bad_statuses, v_bad_errors, v_bad_waits);
	END IF;
	FOREACH v IN ARRAY coalesce(v_verdicts, '{}') LOOP
		PERFORM voiceagent_private.update_subscription_health(v.subscription_id, v.succeeded, v.failed, v.http_status,
			v.error, v.wait, v.gone);
	END LOOP;
	RETURN cardinality(v_known);
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_requests(bigint[], integer[], text[], integer[]) IS
	E'The ends of requests of the current tenant (arrays of one length: HTTP status or NULL, why it failed or NULL, '
	'Retry-After in seconds or NULL) take their effect; returns how many were still waited for.\n'
	'Of a target whose URL has changed meanwhile the old one''s answer says nothing: it is neither disabled '
	'by it nor does it rest.';
