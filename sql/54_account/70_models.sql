/*
 * 54_account: what a tenant is told when its language models fail: events, and by them outgoing webhooks.  The rooms
 * that ask models stand before those that write events, so triggers of their tables do it.
 */

CREATE FUNCTION voiceagent_private.tell_model_account() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Somebody may mend a row by hand.
	v_was bigint := CASE WHEN NEW.tenant_id IS DISTINCT FROM (SELECT c.tenant_id FROM voiceagent_private.caller() c)
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
	v_was bigint := CASE WHEN NEW.tenant_id IS DISTINCT FROM (SELECT c.tenant_id FROM voiceagent_private.caller() c)
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
