-- 45_campaign: what a campaign set, and the values in force that follow from it.

CREATE FUNCTION voiceagent_private.with_days_off(hours text, own text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_days datemultirange := voiceagent_private.read_days(voiceagent_private.setting_text('days_off'))
		+ voiceagent_private.read_days(coalesce(own, ''));
BEGIN
	RETURN CASE WHEN isempty(v_days) THEN hours ELSE (hours::jsonb || jsonb_build_object('off', v_days))::text END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.with_days_off(text, text) IS
	'Calling hours with the days off of the current tenant and those of a campaign, own, as member "off": a '
	'datemultirange.';

CREATE FUNCTION voiceagent_private.resolved_settings(campaign_settings jsonb, provider text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	WITH scale AS MATERIALIZED (
		SELECT CASE provider WHEN 'sandbox' THEN voiceagent_private.setting_number('sandbox_time_scale')::numeric
			ELSE 1 END AS factor
	)
	SELECT jsonb_object_agg(d.key, CASE
		WHEN d.key = 'calling_hours' THEN voiceagent_private.with_days_off(
			CASE WHEN provider = 'sandbox' AND r.origin <> 'campaign'
				THEN '{"start":"00:00","end":"24:00","days":["mon","tue","wed","thu","fri","sat","sun"]}'
				ELSE r.value END, campaign_settings ->> 'days_off')
		WHEN provider = 'sandbox' AND r.origin <> 'campaign' AND d.kind = 'parts' THEN ''
		WHEN provider = 'sandbox' AND r.origin <> 'campaign' AND d.scaled
		THEN (extract(epoch FROM voiceagent_private.as_interval(r.value)) / s.factor)::text
		ELSE r.value END) || jsonb_build_object('time_scale', max(s.factor)::text)
	FROM voiceagent_private.setting_definitions d
	CROSS JOIN scale s
	CROSS JOIN LATERAL voiceagent_private.resolve_setting(d.key, campaign_settings) r
$$;
COMMENT ON FUNCTION voiceagent_private.resolved_settings(jsonb, text) IS
	E'Every setting as it holds for a campaign with these settings of its own (platform < tenant '
	'< campaign), as text.\n'
	'On the sandbox carrier, what the campaign did not set itself is scaled (intervals in seconds) its hours are '
	'around the clock and its day has no parts; time_scale is the scale. Hours have the days off of tenant and '
	'campaign (with_days_off()).';

CREATE FUNCTION voiceagent_private.obeys_law(provider text, settings jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN provider <> 'sandbox' OR (settings ->> 'sandbox_obeys_law')::boolean;
COMMENT ON FUNCTION voiceagent_private.obeys_law(text, jsonb) IS
	'Whether calls by an account of this provider, with these settings in force (resolved_settings()), are under the '
	'law: preview, start and simulation all ask this.';

CREATE FUNCTION voiceagent_private.check_campaign_settings(settings jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_item record;
	v_value text;
	v_result jsonb := '{}';
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(settings) IS DISTINCT FROM 'object', 'PT422',
		'the settings of a campaign are a JSON object', format('Got %s.', coalesce(jsonb_typeof(settings), 'NULL')),
		'For example {"max_concurrent_calls": 5}.');
	FOR v_item IN SELECT s.key, s.value FROM jsonb_each(settings) s ORDER BY s.key LOOP
		IF v_item.key IN ('name', 'description', 'type', 'assistant_id', 'provider_account_id', 'provider_account',
			'starts_at',
				'expires_at', 'phone_number_ids', 'phone_numbers') THEN
			CONTINUE;
		END IF;
		-- A manager's campaign may have what the tenant has.
		IF v_item.value #>> '{}' IS DISTINCT FROM voiceagent_private.setting_text(v_item.key) THEN
			PERFORM voiceagent_private.require_setting_role(v_item.key, 'campaign');
		END IF;
		IF jsonb_typeof(v_item.value) = 'null' THEN
			-- NULL goes back to the value of the tenant or the platform.
			v_result := v_result || jsonb_build_object(v_item.key, NULL);
			CONTINUE;
		END IF;
		v_value := voiceagent_private.check_setting(v_item.key, v_item.value #>> '{}', 'campaign');
		v_result := v_result || jsonb_build_object(v_item.key,
			CASE WHEN jsonb_typeof(v_item.value) = 'object' THEN v_value::jsonb ELSE to_jsonb(v_value) END);
	END LOOP;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_campaign_settings(jsonb) IS
	'The settings among what create_campaign() and update_campaign() were given, each checked (PT422: unknown key, '
	'wrong type, out of range); null stays null: it takes the campaign''s own value away.';

CREATE FUNCTION voiceagent_private.setting_as_id(settings jsonb, key text) RETURNS bigint
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(settings ->> key !~ '^-?[0-9]{1,18}$', 'PT422', format('%s must be an id', key),
		format('Got %s.', left((settings -> key)::text, 200)));
	RETURN (settings ->> key)::bigint;
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_as_id(jsonb, text) IS
	'Member key of an object as an id; NULL when it is missing, PT422 when it is none.';

CREATE FUNCTION voiceagent_private.setting_as_time(settings jsonb, key text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET timezone = 'UTC' AS $$
DECLARE
	v_time timestamptz;
BEGIN
	PERFORM voiceagent_private.use_tenant_zone();
	BEGIN
		v_time := (settings ->> key)::timestamptz;
	EXCEPTION WHEN data_exception THEN
		RAISE EXCEPTION '% must be a time', key USING ERRCODE = 'PT422',
			DETAIL = format('Got %s.', left((settings -> key)::text, 200)),
				HINT = 'For example "2030-01-31 09:00", in the tenant''s time zone, or "2030-01-31 09:00+01".';
	END;
	PERFORM voiceagent_private.fail_if(NOT isfinite(v_time), 'PT422', format('%s must be a time', key));
	RETURN v_time;
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_as_time(jsonb, text) IS
	'Member key of an object as a time, in the current tenant''s time zone unless it says its offset; NULL when it is '
	'null, PT422 when it is none.';

/*
 * name, description, type, assistant and carrier account may stand among the
 * settings, so that one object describes a campaign; the pool of numbers too
 * (pool_in_settings()).
 */
CREATE FUNCTION voiceagent_private.require_campaign_name(name text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_name(name, 200), 'PT422',
		'a campaign needs a name of 1 to 200 characters, in one line');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_campaign_name(text) IS 'PT422 unless a campaign may be called so.';

CREATE FUNCTION voiceagent_private.apply_reserved_settings(INOUT campaign voiceagent.campaigns, settings jsonb)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistant voiceagent.assistants;
BEGIN
	IF settings ? 'name' THEN
		campaign.name := btrim(settings ->> 'name');
	END IF;
	PERFORM voiceagent_private.require_campaign_name(campaign.name);
	IF settings ? 'description' THEN
		campaign.description := nullif(btrim(settings ->> 'description'), '');
		PERFORM voiceagent_private.fail_if(length(campaign.description) > 10000, 'PT422',
			'a description has at most 10000 characters');
	END IF;
	IF settings ? 'type' THEN
		PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.enumerations e
			WHERE e.enumeration = 'campaign_type' AND e.value = settings ->> 'type'), 'PT422',
			format('unknown type of campaign "%s"', left(settings ->> 'type', 100)), NULL,
			(SELECT 'Types: ' || string_agg(e.value, ', ' ORDER BY e.position) || '.'
				FROM voiceagent.enumerations e WHERE e.enumeration = 'campaign_type'));
		campaign.type := settings ->> 'type';
	END IF;
	campaign.starts_at := CASE
		WHEN settings ? 'starts_at' THEN voiceagent_private.setting_as_time(settings, 'starts_at')
		ELSE campaign.starts_at END;
	campaign.expires_at := CASE
		WHEN settings ? 'expires_at' THEN voiceagent_private.setting_as_time(settings, 'expires_at')
		ELSE campaign.expires_at END;
	campaign.assistant_id :=
		coalesce(voiceagent_private.setting_as_id(settings, 'assistant_id'), campaign.assistant_id);
	SELECT a.* INTO v_assistant FROM voiceagent.assistants a
	WHERE a.tenant_id = v_tenant AND a.assistant_id = campaign.assistant_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such assistant', NULL, 'create_assistant() makes one.');
	PERFORM voiceagent_private.require_unarchived(v_assistant);
	campaign.provider_account_id :=
		coalesce(voiceagent_private.setting_as_id(settings, 'provider_account_id'), campaign.provider_account_id);
	IF settings ? 'provider_account' THEN
		SELECT p.provider_account_id INTO campaign.provider_account_id FROM voiceagent.provider_accounts p
		WHERE p.tenant_id = v_tenant AND p.name = apply_reserved_settings.settings ->> 'provider_account';
	ELSIF campaign.provider_account_id IS NULL THEN
		-- A campaign that names no carrier rehearses, unless its tenant has set a default carrier.
		campaign.provider_account_id := voiceagent_private.default_account();
	END IF;
	IF NOT EXISTS (SELECT FROM voiceagent.provider_accounts p
		WHERE p.tenant_id = v_tenant AND p.provider_account_id = campaign.provider_account_id) THEN
		PERFORM voiceagent_private.fail_if(campaign.provider_account_id IS NULL AND NOT settings ? 'provider_account',
			'PT404', format('there is no active account at %s', voiceagent_private.setting_text('default_provider')),
			'The campaign names no account, and the setting default_provider says where it then takes one.',
			'create_provider_account() makes one; '
			'set_setting(''default_provider'', ''sandbox'') has campaigns rehearse.');
		PERFORM voiceagent_private.fail('PT404', 'no such provider account', NULL,
			'create_provider_account() makes one; '
				'the setting default_provider says which a campaign takes that names none.');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.apply_reserved_settings(voiceagent.campaigns, jsonb) IS
	'Takes name, description, type, assistant_id, provider_account_id, provider_account (its name), starts_at and '
	'expires_at from settings into a campaign''s row, checked (PT422, PT404).';

CREATE FUNCTION voiceagent_private.version_now(campaign voiceagent.campaigns, keep_assistant boolean)
	RETURNS voiceagent.campaign_versions
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_provider text;
	v_assistant integer;
	v_old voiceagent.campaign_versions;
	v_next voiceagent.campaign_versions;
	v_new jsonb;
BEGIN
	SELECT p.provider INTO STRICT v_provider FROM voiceagent.provider_accounts p
	WHERE p.tenant_id = v_tenant AND p.provider_account_id = campaign.provider_account_id;
	v_new := voiceagent_private.resolved_settings(campaign.settings, v_provider);
	-- The assistant is part of a version, so that a change of assistant never leaves half of the old one in force.
	v_new := v_new || jsonb_build_object('assistant_id', campaign.assistant_id::text, 'provider', v_provider)
		-- A test rings the tenant's own telephone, on days off as well.
		|| CASE campaign.type WHEN 'test' THEN jsonb_build_object('test', 'true',
			'calling_hours', ((v_new ->> 'calling_hours')::jsonb - 'off')::text) ELSE '{}' END;

	SELECT * INTO v_old FROM voiceagent.campaign_versions v
	WHERE v.tenant_id = v_tenant AND v.campaign_id = campaign.campaign_id ORDER BY v.version DESC LIMIT 1;
	IF campaign.experiment ? 'winner' THEN
		v_assistant := (campaign.experiment ->> 'winner')::integer;
	ELSIF campaign.experiment IS NOT NULL THEN
		-- The compared parts are fixed until the experiment is finished.
		PERFORM voiceagent_private.fail_if(campaign.experiment #>> '{a,assistant_id}' <> campaign.assistant_id::text,
			'PT409', 'an experiment compares the campaign''s assistant with another',
			format('It is experiment %s.', campaign.experiment ->> 'experiment_id'),
			'finish_experiment() first; then give the campaign another assistant.');
		v_assistant := (campaign.experiment #>> '{a,version}')::integer;
		v_new := v_new || jsonb_build_object('experiment', campaign.experiment);
	ELSIF keep_assistant AND v_old.settings -> 'assistant_id' = v_new -> 'assistant_id' THEN
		v_assistant := v_old.assistant_version;
	ELSE
		SELECT a.version INTO STRICT v_assistant FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = campaign.assistant_id;
	END IF;
	IF v_old.settings = v_new AND v_old.assistant_version = v_assistant THEN
		RETURN v_old;
	END IF;
	v_next.tenant_id := v_tenant;
	v_next.campaign_id := campaign.campaign_id;
	v_next.version := coalesce(v_old.version, 0) + 1;
	v_next.assistant_version := v_assistant;
	v_next.max_concurrent_calls := (v_new ->> 'max_concurrent_calls')::int;
	v_next.retry_attempts := (v_new ->> 'retry_attempts')::int;
	v_next.retry_delay := voiceagent_private.as_interval(v_new ->> 'retry_delay');
	v_next.retry_delay_no_answer := voiceagent_private.as_interval(v_new ->> 'retry_delay_no_answer');
	v_next.retry_delay_busy := voiceagent_private.as_interval(v_new ->> 'retry_delay_busy');
	v_next.ring_timeout := voiceagent_private.as_interval(v_new ->> 'ring_timeout');
	v_next.max_call_duration := voiceagent_private.as_interval(v_new ->> 'max_call_duration');
	v_next.call_interval := voiceagent_private.as_interval(v_new ->> 'call_interval');
	v_next.calling_hours := (v_new ->> 'calling_hours')::jsonb;
	v_next.require_consent := (v_new ->> 'require_consent')::boolean;
	v_next.lawful := voiceagent_private.obeys_law(v_provider, v_new);
	v_next.settings := v_new;
	RETURN v_next;
END
$$;
COMMENT ON FUNCTION voiceagent_private.version_now(voiceagent.campaigns, boolean) IS
	E'The version that a campaign''s settings and its assistant''s current version make now; nothing is written.\n'
	'keep_assistant: the version of the assistant in force, if it is of the same; an experiment keeps its own. The '
	'last version itself if that says the same; else the next one,\n'
	'with created_at NULL.';

CREATE FUNCTION voiceagent_private.write_campaign_version(campaign voiceagent.campaigns, keep_assistant boolean)
	RETURNS integer
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_version voiceagent.campaign_versions := voiceagent_private.version_now(campaign, keep_assistant);
BEGIN
	-- One that keeps its version goes on, whatever is found of it later; a test call is a test, too.
	IF NOT keep_assistant AND campaign.type <> 'test' THEN
		PERFORM voiceagent_private.require_passed_version(campaign.assistant_id, v_version.assistant_version);
	END IF;
	IF v_version.created_at IS NULL THEN
		INSERT INTO voiceagent.campaign_versions (tenant_id, campaign_id, version, assistant_version,
			max_concurrent_calls, retry_attempts, retry_delay, retry_delay_no_answer, retry_delay_busy, ring_timeout,
			max_call_duration, call_interval, calling_hours, require_consent, lawful, settings, created_at)
		VALUES (v_version.tenant_id, v_version.campaign_id, v_version.version, v_version.assistant_version,
			v_version.max_concurrent_calls, v_version.retry_attempts, v_version.retry_delay,
			v_version.retry_delay_no_answer, v_version.retry_delay_busy, v_version.ring_timeout,
			v_version.max_call_duration, v_version.call_interval, v_version.calling_hours,
			v_version.require_consent, v_version.lawful, v_version.settings, voiceagent.clock());
	END IF;
	RETURN v_version.version;
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_campaign_version(voiceagent.campaigns, boolean) IS
	E'Writes version_now() as a new immutable version, unless the last one says the same; returns '
	'the version''s number.\n'
	'PT409 when it takes up a version of its assistant that it may not (require_passed_version()).';
