/*
 * 54_account: events, and by them outgoing webhooks, when a tenant's language models fail.  The rooms that ask
 * models stand before those that write events, so triggers of their tables do it.
 */

CREATE FUNCTION voiceagent_private.tell_model_account() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Somebody may mend a row by hand.
	v_was bigint := CASE WHEN NEW.tenant_id IS DISTINCT FROM (voiceagent_private.caller()).tenant_id
		THEN voiceagent_private.set_tenant(NEW.tenant_id) END;
BEGIN
	IF NEW.opened_at IS NOT NULL THEN
		PERFORM voiceagent_private.log_event('model_account_failing', data => jsonb_build_object(
			'event', 'model_account_failing', 'model_account_id', NEW.model_account_id, 'provider', NEW.provider,
			'name', NEW.name, 'trouble', NEW.trouble, 'failures', NEW.failures, 'resumes_at', NEW.resumes_at));
	ELSE
		PERFORM voiceagent_private.log_event('model_account_recovered', data => jsonb_build_object(
			'model_account_id', NEW.model_account_id, 'provider', NEW.provider, 'name', NEW.name,
			'since', OLD.opened_at));
	END IF;
	IF v_was IS NOT NULL THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_model_account() IS
	'The breaker of a model account of the current tenant has opened (event model_account_failing), or has closed or '
	'begins anew (model_account_recovered).';
CREATE TRIGGER tell AFTER UPDATE OF opened_at ON voiceagent.model_accounts FOR EACH ROW
	WHEN ((OLD.opened_at IS NULL) <> (NEW.opened_at IS NULL))
	EXECUTE FUNCTION voiceagent_private.tell_model_account();

CREATE FUNCTION voiceagent_private.log_platform_model_account() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RAISE LOG 'model account % of the platform %', NEW.model_account_id,
		CASE WHEN NEW.opened_at IS NULL THEN 'is used again'
			ELSE format('is not used before %s: %s', NEW.resumes_at, NEW.trouble) END;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.log_platform_model_account() IS
	'The breaker of a model account of the platform has opened or closed: it is no tenant''s, so the server''s log '
	'says it.';
CREATE TRIGGER tell AFTER UPDATE OF opened_at ON voiceagent_private.platform_model_accounts FOR EACH ROW
	WHEN ((OLD.opened_at IS NULL) <> (NEW.opened_at IS NULL))
	EXECUTE FUNCTION voiceagent_private.log_platform_model_account();

CREATE FUNCTION voiceagent_private.tell_unpaid_model_request() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_day date := (NEW.done_at AT TIME ZONE 'UTC')::date;
	v_was bigint := CASE WHEN NEW.tenant_id IS DISTINCT FROM (voiceagent_private.caller()).tenant_id
		THEN voiceagent_private.set_tenant(NEW.tenant_id) END;
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.model_usage u
		WHERE u.tenant_id = NEW.tenant_id AND u.day = v_day AND u.unpaid > 0) THEN
		PERFORM voiceagent_private.log_event('model_budget_reached', data => jsonb_build_object(
			'event', 'model_budget_reached', 'reason', NEW.reason, 'trouble', NEW.error, 'purpose', NEW.purpose));
	END IF;
	INSERT INTO voiceagent.model_usage AS u (tenant_id, day, purpose, provider, model, of_platform, unpaid)
	VALUES (NEW.tenant_id, v_day, NEW.purpose, NEW.provider, NEW.model, NEW.of_platform, 1)
	ON CONFLICT (tenant_id, day, purpose, provider, model, of_platform) DO UPDATE SET unpaid = u.unpaid + 1;
	IF v_was IS NOT NULL THEN
		PERFORM voiceagent_private.set_tenant(v_was);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tell_unpaid_model_request() IS
	'A model request of the current tenant could not be paid for: it is counted in model_usage, and the first of a day '
	'(UTC) is an event, model_budget_reached.';
CREATE TRIGGER tell_unpaid AFTER UPDATE OF status ON voiceagent.model_requests FOR EACH ROW
	WHEN (NEW.reason IN ('budget', 'credits'))
	EXECUTE FUNCTION voiceagent_private.tell_unpaid_model_request();

/* ----- models that end ----- */

CREATE FUNCTION voiceagent_private.models_ending(before date, platform boolean)
	RETURNS TABLE (what text, ends_on date, words text)
	LANGUAGE plpgsql STABLE SET planner.policy = whole SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (voiceagent.clock() AT TIME ZONE 'UTC')::date;
	v_tenant bigint := CASE WHEN NOT platform THEN voiceagent.current_tenant() END;
	v_used jsonb;
BEGIN
	IF platform THEN
		SELECT jsonb_agg(to_jsonb(u)) INTO v_used FROM (
			SELECT format('model account %s of the platform (%s)', a.model_account_id, a.name) AS what,
				split_part(a.provider, '_', 1) AS vendor, a.default_model AS model
			FROM voiceagent_private.platform_model_accounts a WHERE a.active AND a.base_url IS NULL
			UNION ALL SELECT 'setting default_model of the platform', n.provider, n.name
			FROM voiceagent_private.model_named(voiceagent_private.platform_setting('default_model')) n) u;
	ELSE
		SELECT jsonb_agg(to_jsonb(u)) INTO v_used FROM (
			SELECT format('model account %s (%s)', a.model_account_id, a.name) AS what,
				split_part(a.provider, '_', 1) AS vendor, a.default_model AS model
			FROM voiceagent.model_accounts a
			WHERE a.tenant_id = v_tenant AND a.active AND a.base_url IS NULL
			UNION ALL SELECT format('setting %s', s.key), n.provider, n.name
			FROM voiceagent_private.tenant_settings s CROSS JOIN LATERAL voiceagent_private.model_named(s.value) n
			WHERE s.tenant_id = v_tenant AND s.key IN ('default_model', 'analysis_model')
			UNION ALL SELECT format('assistant %s (%s)', a.assistant_id, a.name), m.vendor, m.model
			FROM voiceagent.assistants a
			JOIN voiceagent.assistant_versions v ON v.tenant_id = a.tenant_id AND v.assistant_id = a.assistant_id
				AND v.version = a.version
			CROSS JOIN LATERAL (SELECT n.provider, n.name FROM voiceagent_private.model_named(v.model) n UNION ALL
				SELECT v.settings ->> 'transcriber', v.settings ->> 'transcriber_model') m(vendor, model)
			WHERE a.tenant_id = v_tenant AND a.archived_at IS NULL) u;
	END IF;
	RETURN QUERY SELECT u.what, k.ends_on, concat(format('its model %s %s on %s', u.model,
			CASE WHEN k.ends_on > v_today THEN 'ends' ELSE 'ended' END, k.ends_on), '; use ' || k.successor)
	FROM jsonb_to_recordset(v_used) AS u(what text, vendor text, model text)
	JOIN voiceagent_private.known_models() k ON k.vendor = u.vendor AND u.model = ANY (k.models)
	WHERE k.ends_on < before ORDER BY k.ends_on, u.what;
END
$$;
COMMENT ON FUNCTION voiceagent_private.models_ending(date, boolean) IS
	'The objects of the current tenant, or of the platform, that use a model which its vendor ends before a day, and '
	'in words which and when.';
