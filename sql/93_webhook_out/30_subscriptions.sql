-- 93_webhook_out: a tenant's targets.

CREATE FUNCTION voiceagent_private.check_webhook_kinds(kinds text[]) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_kind text;
BEGIN
	IF kinds IS NULL THEN
		RETURN voiceagent_private.webhook_kinds();
	ELSIF pg_catalog.cardinality(kinds) > 100 THEN
		PERFORM voiceagent_private.fail('PT422', 'a webhook subscription takes at most 100 kinds');
	END IF;
	SELECT k INTO v_kind FROM pg_catalog.unnest(kinds) k
	WHERE k IS NULL OR NOT k = ANY (voiceagent_private.webhook_kinds()) LIMIT 1;
	PERFORM voiceagent_private.fail_if(FOUND OR pg_catalog.cardinality(kinds) = 0, 'PT422',
		CASE WHEN pg_catalog.cardinality(kinds) = 0 THEN 'a webhook subscription must be told something'
			ELSE pg_catalog.format('there is no kind of outgoing webhook "%s"',
				pg_catalog.left(coalesce(v_kind, 'null'), 60)) END, NULL,
		pg_catalog.format('Kinds are: %s.', pg_catalog.array_to_string(voiceagent_private.webhook_kinds(), ', ')));
	RETURN ARRAY(SELECT k FROM pg_catalog.unnest(voiceagent_private.webhook_kinds()) WITH ORDINALITY u(k, n)
		WHERE k = ANY (kinds) ORDER BY n);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_webhook_kinds(text[]) IS
	'Kinds of outgoing webhooks without repetition (NULL: all); PT422 for an unknown one, or none.';

CREATE FUNCTION voiceagent_private.record_webhook_subscriptions() RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	-- Locked first: who waited here for another's commit sees in the next statement what that one did to its target.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	-- Written even if it stays: who reads repeatably, and has an older view of the targets, fails here.
	UPDATE voiceagent_private.tenant_directory d
	SET has_webhook_subscriptions = EXISTS (SELECT FROM voiceagent.webhook_subscriptions t
		WHERE t.tenant_id = v_tenant AND t.active)
	WHERE d.tenant_id = v_tenant;
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_webhook_subscriptions() IS
	'Notes in the directory whether the current tenant has an active webhook subscription, after any change to one: '
	'its callers follow each other until their transactions end.';

SELECT voiceagent_private.make_lock('lock_webhook_subscription', 'voiceagent.webhook_subscriptions',
	'there is no such webhook subscription',
	'A webhook subscription of the current tenant, locked; PT404 if there is none.', 'FOR UPDATE');

CREATE FUNCTION voiceagent_private.reset_subscription_failures(subscription_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	UPDATE voiceagent.webhook_subscriptions t
	SET failures = 0, failing_since = NULL, paused_until = NULL, last_status = NULL, last_error = NULL
	WHERE t.tenant_id = v_tenant AND t.subscription_id = reset_subscription_failures.subscription_id;
	DELETE FROM voiceagent_private.outbox_targets r
	WHERE r.tenant_id = v_tenant AND r.kind = 'delivery'
		AND r.subscription_id = reset_subscription_failures.subscription_id;
	-- The record of an answer locks the request first, and waits for the target: what is on its way stays as it is.
	WITH due AS (
		UPDATE voiceagent_private.outbox o SET next_at = v_now
		WHERE o.tenant_id = v_tenant AND o.request_id = ANY (ARRAY(SELECT q.request_id FROM voiceagent_private.outbox q
			WHERE q.tenant_id = v_tenant AND q.kind = 'delivery'
				AND q.subscription_id = reset_subscription_failures.subscription_id AND q.next_at > v_now
				AND NOT q.claimed
			FOR UPDATE SKIP LOCKED))
		RETURNING o.object_id
	)
	UPDATE voiceagent.webhook_deliveries d SET next_try_at = v_now
	FROM due WHERE d.tenant_id = v_tenant AND d.delivery_id = due.object_id;
	PERFORM voiceagent_private.poke('outbox');
END
$$;
COMMENT ON FUNCTION voiceagent_private.reset_subscription_failures(bigint) IS
	E'The failures of a webhook subscription of the current tenant are forgotten, it rests no longer, and what '
	'waits for it is due now.\n'
	'The target''s row is locked by the caller.';

CREATE FUNCTION voiceagent_private.check_webhook_description(description text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(length(btrim(description)) > 200, 'PT422',
		'a description has at most 200 characters', format('This one has %s.', length(btrim(description))));
	RETURN btrim(description);
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_webhook_description(text) IS
	'The description of a webhook subscription without blanks around it; PT422 if it is too long.';

CREATE FUNCTION voiceagent.create_webhook_subscription(url text, kinds text[] DEFAULT NULL,
	description text DEFAULT NULL, OUT subscription_id bigint, OUT secret text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_kinds text[] := voiceagent_private.check_webhook_kinds(kinds);
	v_url text := voiceagent_private.check_target_url(coalesce(url, ''),
		voiceagent_private.platform_setting('allowed_private_hosts'));
	c_targets CONSTANT integer := 20;
BEGIN
	PERFORM voiceagent_private.hide_query('create_webhook_subscription');
	-- The directory's row makes two of these follow each other.
	PERFORM FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = v_tenant FOR NO KEY UPDATE;
	PERFORM voiceagent_private.fail_if(
		(SELECT count(*) FROM voiceagent.webhook_subscriptions t WHERE t.tenant_id = v_tenant) >= c_targets, 'PT409',
		format('a tenant has at most %s webhook subscriptions', c_targets), NULL,
		'Delete one with delete_webhook_subscription().');
	INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, description, home, created_at)
	VALUES (v_tenant, v_url, v_kinds, nullif(voiceagent_private.check_webhook_description(description), ''),
		voiceagent_private.home(), voiceagent.clock())
	RETURNING webhook_subscriptions.subscription_id INTO create_webhook_subscription.subscription_id;
	create_webhook_subscription.secret := voiceagent_private.make_signing_secret(
		voiceagent_private.secret_name('notice_target', create_webhook_subscription.subscription_id, 1));
	PERFORM voiceagent_private.record_webhook_subscriptions();
	PERFORM voiceagent_private.audit('create_webhook_subscription',
		'webhook subscription ' || create_webhook_subscription.subscription_id, NULL,
		jsonb_build_object('url', v_url, 'kinds', v_kinds));
END
$$;
COMMENT ON FUNCTION voiceagent.create_webhook_subscription(text, text[], text) IS
	E'Subscribes a URL; returns its number and the secret, shown once.\n'
	'kinds: its events, such as call_finished, appointment_booked, task_created, campaign_stopped (NULL: all); the '
	'error for an unknown one lists them. For owners; it raises PT422 for a bad kind or URL (https, public), PT409 '
	'beyond 20 targets, 55000 without the vault''s key.';

CREATE FUNCTION voiceagent.update_webhook_subscription(subscription_id bigint, url text DEFAULT NULL,
	kinds text[] DEFAULT NULL, description text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
	v_url text := v_old.url;
	v_kinds text[] := v_old.kinds;
BEGIN
	PERFORM voiceagent_private.hide_query('update_webhook_subscription');
	IF url IS NOT NULL THEN
		v_url := voiceagent_private.check_target_url(url, voiceagent_private.platform_setting('allowed_private_hosts'));
	END IF;
	IF kinds IS NOT NULL THEN
		v_kinds := voiceagent_private.check_webhook_kinds(kinds);
	END IF;
	UPDATE voiceagent.webhook_subscriptions t SET url = v_url, kinds = v_kinds,
		url_version = CASE WHEN v_url = v_old.url THEN t.url_version ELSE t.url_version + 1 END,
		description = coalesce(voiceagent_private.check_webhook_description(
			update_webhook_subscription.description), t.description)
	WHERE t.tenant_id = v_tenant AND t.subscription_id = update_webhook_subscription.subscription_id;
	IF v_url <> v_old.url THEN
		PERFORM voiceagent_private.reset_subscription_failures(subscription_id);
	END IF;
	PERFORM voiceagent_private.audit('update_webhook_subscription', 'webhook subscription ' || subscription_id,
		jsonb_build_object('url', v_old.url, 'kinds', v_old.kinds), jsonb_build_object('url', v_url, 'kinds', v_kinds));
END
$$;
COMMENT ON FUNCTION voiceagent.update_webhook_subscription(bigint, text, text[], text) IS
	E'Changes what is given (not NULL) of a webhook subscription; outgoing webhooks that wait go to a new URL at '
	'once, its predecessor''s failures are forgotten, and what that one still answers does not count against it.\n'
	'For owners. PT404, PT422 as create_webhook_subscription().';

CREATE FUNCTION voiceagent.enable_webhook_subscription(subscription_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
BEGIN
	UPDATE voiceagent.webhook_subscriptions t
	SET active = true, disabled_at = NULL, disabled_reason = NULL, home = voiceagent_private.home()
	WHERE t.tenant_id = v_tenant AND t.subscription_id = enable_webhook_subscription.subscription_id;
	PERFORM voiceagent_private.reset_subscription_failures(subscription_id);
	PERFORM voiceagent_private.record_webhook_subscriptions();
	PERFORM voiceagent_private.audit('enable_webhook_subscription', 'webhook subscription ' || subscription_id,
		to_jsonb(v_old.active), to_jsonb(true));
END
$$;
COMMENT ON FUNCTION voiceagent.enable_webhook_subscription(bigint) IS
	E'A webhook subscription gets what happens from now on; its failures are forgotten and what waits for it is tried '
	'at once, from this database.\n'
	'Events of the time in which it was disabled are in activity(). For owners; PT404 for an unknown target.';

CREATE FUNCTION voiceagent_private.disable_failing_subscription(subscription_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_url text;
BEGIN
	UPDATE voiceagent.webhook_subscriptions t
	SET active = false, disabled_at = voiceagent.clock(), disabled_reason = reason
	WHERE t.tenant_id = v_tenant AND t.subscription_id = disable_failing_subscription.subscription_id AND t.active
	RETURNING t.url INTO v_url;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	-- The outbox sender buries what waits for it beyond this, a little at a time, resting or not.
	PERFORM voiceagent_private.dead_letter_deliveries(subscription_id, 'the target is disabled', 1000);
	DELETE FROM voiceagent_private.outbox_targets r
	WHERE r.tenant_id = v_tenant AND r.kind = 'delivery'
		AND r.subscription_id = disable_failing_subscription.subscription_id;
	PERFORM voiceagent_private.log_event('webhook_subscription_disabled', NULL, NULL, NULL,
		jsonb_build_object('subscription_id', subscription_id, 'url', v_url, 'reason', reason));
	PERFORM voiceagent_private.record_webhook_subscriptions();
	PERFORM voiceagent_private.poke('outbox');
END
$$;
COMMENT ON FUNCTION voiceagent_private.disable_failing_subscription(bigint, text) IS
	E'Disables a webhook subscription of the current tenant, says why, and tells the others.\n'
	'It may be so already.';

CREATE FUNCTION voiceagent.disable_webhook_subscription(subscription_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
BEGIN
	PERFORM voiceagent_private.disable_failing_subscription(subscription_id,
		'disabled by ' || voiceagent_private.actor());
	PERFORM voiceagent_private.audit('disable_webhook_subscription', 'webhook subscription ' || subscription_id,
		to_jsonb(v_old.active), to_jsonb(false));
END
$$;
COMMENT ON FUNCTION voiceagent.disable_webhook_subscription(bigint) IS
	E'A webhook subscription gets nothing any more; what waits for it becomes dead, and can be replayed when it '
	'is enabled.\n'
	'For owners; PT404 for an unknown target.';

CREATE FUNCTION voiceagent.delete_webhook_subscription(subscription_id bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
BEGIN
	DELETE FROM voiceagent.webhook_subscriptions t
	WHERE t.tenant_id = v_tenant AND t.subscription_id = delete_webhook_subscription.subscription_id;
	DELETE FROM voiceagent_private.outbox_targets r
	WHERE r.tenant_id = v_tenant AND r.kind = 'delivery'
		AND r.subscription_id = delete_webhook_subscription.subscription_id;
	PERFORM voiceagent_private.delete_signing_secrets('notice_target', subscription_id, v_old.secret_version);
	PERFORM voiceagent_private.record_webhook_subscriptions();
	PERFORM voiceagent_private.audit('delete_webhook_subscription', 'webhook subscription ' || subscription_id,
		jsonb_build_object('url', v_old.url, 'kinds', v_old.kinds), NULL);
	PERFORM voiceagent_private.poke('outbox');
END
$$;
COMMENT ON FUNCTION voiceagent.delete_webhook_subscription(bigint) IS
	E'A webhook subscription and its secrets are gone; its deliveries stay as long as the setting '
	'retention_webhook_deliveries says.\n'
	'For owners; PT404 for an unknown target.';

CREATE FUNCTION voiceagent.rotate_webhook_subscription_secret(subscription_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_old voiceagent.webhook_subscriptions := voiceagent_private.lock_webhook_subscription(subscription_id);
	v_until timestamptz;
	v_secret text;
BEGIN
	-- When there are three within the overlap, the first is no longer good.
	PERFORM voiceagent_private.delete_signing_secrets('notice_target', subscription_id, v_old.secret_version - 1);
	IF voiceagent_private.secret_still_opens(voiceagent_private.secret_name('notice_target', subscription_id,
			v_old.secret_version)) THEN
		v_until := voiceagent.clock() + voiceagent_private.setting_interval('webhook_subscription_secret_overlap');
	END IF;
	v_secret := voiceagent_private.make_signing_secret(voiceagent_private.secret_name('notice_target', subscription_id,
		v_old.secret_version + 1));
	UPDATE voiceagent.webhook_subscriptions t
	SET previous_secret_until = v_until, secret_version = v_old.secret_version + 1
	WHERE t.tenant_id = v_tenant AND t.subscription_id = rotate_webhook_subscription_secret.subscription_id;
	PERFORM voiceagent_private.audit('rotate_webhook_subscription_secret', 'webhook subscription ' || subscription_id,
		to_jsonb(v_old.previous_secret_until), to_jsonb(v_until));
	RETURN v_secret;
END
$$;
COMMENT ON FUNCTION voiceagent.rotate_webhook_subscription_secret(bigint) IS
	E'A new signing secret of a webhook subscription, shown this once.\n'
	'Until the setting webhook_subscription_secret_overlap has passed every outgoing webhook carries two signatures, '
	'by the new and the old secret, if that still opens. '
	'For owners; PT404 for an unknown target; 55000 without the vault''s key.';
