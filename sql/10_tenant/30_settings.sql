-- 10_tenant: settings. Default < platform < tenant < campaign; the nearest value wins.

-- The names that dialers and voice platforms give to the same thing, without capitals and signs; the first that fits
-- counts, so the narrower come first.
CREATE FUNCTION voiceagent_private.setting_alias(key text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT a.key FROM (VALUES
		(1, '(calls|attempts|contacts).*(per|a|daily).*day|daily(call|contact|attempt)', 'number_calls_per_day'),
		(2, 'concurren|parallel|simultan|maxactivecalls|maxchannels|maxlines', 'max_concurrent_calls'),
		(3, '(retry|redial|recall).*busy|busy.*(retry|delay)', 'retry_delay_busy'),
		(4, '(retry|redial|recall).*noanswer|noanswer.*(retry|delay)', 'retry_delay_no_answer'),
		(5, '(retry|redial|recall|attempt).*(delay|interval|wait|minutes|hours|seconds|backoff|gap|period)',
			'retry_delay'),
		(6, 'retr(y|ies)|redials|(max|num|number|count|total).*attempts|attempts(max|count|limit)|^attempts',
			'retry_attempts'),
		(7, '(max|maximum|limit).*duration|duration.*(max|limit|seconds|minutes)|timelimit|maxcall(length|time)',
			'max_call_duration'),
		(8, '^ring|maxring|(call|dial|answer|noanswer|connect).*timeout|^timeout', 'ring_timeout'),
		(9, 'consent|optin', 'require_consent'),
		(10, '(call|dial|business|working|office|contact|allowed).*(hour|window|schedule|from|until|days)|timewindow'
			'|hoursofoperation', 'calling_hours'),
		(11, 'amd$|^amd|answeringmachine|machinedetect|voicemaildetect', 'machine_detection'),
		(12, 'voicemail.*(message|text|action)|leavevoicemail', 'voicemail_message'),
		(13, 'recording|^record', 'record_calls'),
		(14, 'cps$|callsper(second|minute|hour)|dialrate|callrate|pacing|throttle|(delay|interval|time).*betweencalls',
			'call_interval'),
		(15, '(daily|day).*(budget|spend|cost)|(budget|spend|cost).*(daily|day)', 'spend_cap_per_day'),
		(16, 'budget|(max|limit|cap).*(spend|cost)|(spend|cost).*(limit|cap|max)', 'spend_cap'),
		(17, 'callername|companyname|businessname|calleridname', 'caller_name'),
		(18, '^country|defaultcountry|defaultregion', 'default_country'),
		(19, '^voice(id)?$', 'default_voice'),
		(20, '^(model|llm)(id|name)?$', 'default_model')) AS a(n, names, key)
		WHERE regexp_replace(lower(left(setting_alias.key, 100)), '[^a-z0-9]', '', 'g') ~ a.names
		ORDER BY a.n LIMIT 1);
COMMENT ON FUNCTION voiceagent_private.setting_alias(text) IS
	'The setting that other products call by a name like this (maxConcurrentCalls, retryDelayMinutes, '
	'callTimeoutSeconds); NULL: none is known.';

CREATE FUNCTION voiceagent_private.hint_setting(key text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (WITH near AS (
			SELECT d.key, voiceagent_private.edit_distance(d.key, n.name) AS distance, n.name
			FROM voiceagent_private.setting_definitions d
			-- As we would write maxConcurrentCalls.
			CROSS JOIN (SELECT lower(regexp_replace(replace(left(hint_setting.key, 100), '-', '_'),
				'([a-z0-9])([A-Z])', '\1_\2', 'g')) AS name) n
		), best AS (
			-- A slip of the finger first: what is further off resembles by chance.
			SELECT coalesce((SELECT n.key FROM near n WHERE n.distance <= greatest(length(n.name) / 5, 1)
				ORDER BY n.distance, n.key LIMIT 1), voiceagent_private.setting_alias(hint_setting.key)) AS key
		)
		SELECT coalesce((SELECT format('Here it is "%s": %s.%s ', d.key, rtrim(d.description, '.'),
				CASE d.kind WHEN 'interval' THEN ' Write "90 seconds" or "2 hours"; a bare number means seconds.'
					ELSE '' END)
			FROM voiceagent_private.setting_definitions d, best b WHERE d.key = b.key), '')
		|| 'The view voiceagent.settings lists them all.');
COMMENT ON FUNCTION voiceagent_private.hint_setting(text) IS
	'Which setting is meant by a name that there is not, by its letters or by what other products call it; without '
	'a guess that is likely, only where to look.';

CREATE FUNCTION voiceagent_private.setting_definition(key text) RETURNS voiceagent_private.setting_definitions
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_definition voiceagent_private.setting_definitions;
BEGIN
	SELECT * INTO v_definition FROM voiceagent_private.setting_definitions d WHERE d.key = setting_definition.key;
	IF FOUND THEN
		RETURN v_definition;
	END IF;
	RAISE EXCEPTION USING ERRCODE = 'PT422',
		MESSAGE = pg_catalog.format('there is no setting "%s"',
			pg_catalog.left(coalesce(setting_definition.key, 'null'), 100)),
		HINT = voiceagent_private.hint_setting(setting_definition.key);
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_definition(text) IS
	'The definition of a setting; PT422 with the setting that is probably meant if there is none.';

CREATE FUNCTION voiceagent_private.setting_range(definition voiceagent_private.setting_definitions) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN CASE
		WHEN definition.kind = 'boolean' THEN 'on, off'
		WHEN definition.kind = 'choice' THEN definition.unit
		WHEN definition.kind = 'interval' AND definition.share IS NULL
			AND voiceagent_private.as_interval(definition.default_value)
				< voiceagent_private.as_interval(definition.minimum)
			THEN concat_ws(' ', definition.default_value || ', or', definition.minimum, 'to', definition.maximum)
		WHEN definition.minimum IS NOT NULL AND definition.maximum IS NOT NULL
			THEN definition.minimum || ' to ' || definition.maximum
		WHEN definition.minimum IS NOT NULL THEN definition.minimum || ' or more'
		WHEN definition.maximum IS NOT NULL THEN 'up to ' || definition.maximum END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_range(voiceagent_private.setting_definitions) IS
	'The range of a setting in words; NULL if it has none.';

-- Stored texts do not depend on how this session writes intervals.
CREATE FUNCTION voiceagent_private.check_masked_words(lines text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_check_masked_words';
COMMENT ON FUNCTION voiceagent_private.check_masked_words(text) IS
	E'Lines of the setting masked_words as they are kept: in small letters, without empty ones.\n'
	'PT422 for more than 50, one longer than 100 characters or shorter than 3 letters and digits, and for what people '
	'say to agree, to refuse or to be called no more: it is read in what is kept.';

CREATE FUNCTION voiceagent_private.read_value(value text, kind text) RETURNS text
	LANGUAGE plpgsql STABLE SET intervalstyle = 'postgres' AS $$
BEGIN
	RETURN CASE kind
		WHEN 'integer' THEN (value::bigint)::text
		WHEN 'number' THEN (value::numeric)::text
		WHEN 'interval' THEN (voiceagent_private.as_interval(value))::text
		WHEN 'boolean' THEN CASE WHEN value::boolean THEN 'on' ELSE 'off' END
		WHEN 'country' THEN voiceagent_private.check_country(value)
		WHEN 'hours' THEN (voiceagent_private.check_hours(value::jsonb))::text
		WHEN 'days' THEN CASE WHEN voiceagent_private.read_days(value) IS NOT NULL THEN value END
		WHEN 'shapes' THEN voiceagent_private.check_masked_words(value)
		WHEN 'parts'
			THEN CASE WHEN value IN ('', 'null') THEN '' ELSE (voiceagent_private.check_parts(value::jsonb))::text END
		ELSE value END;
EXCEPTION WHEN invalid_text_representation OR numeric_value_out_of_range OR untranslatable_character THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_value(text, text) IS
	'A setting''s value in the one way in which it is kept; NULL if it is not of that kind (PT422 if it says more: '
	'durations, countries, hours).';

CREATE FUNCTION voiceagent_private.is_in_range(value text, definition voiceagent_private.setting_definitions)
	RETURNS boolean
	LANGUAGE sql STABLE
	RETURN CASE definition.kind
		-- A default below the range means never.
		WHEN 'interval' THEN definition.share IS NULL
			AND voiceagent_private.as_interval(value) = voiceagent_private.as_interval(definition.default_value)
			OR voiceagent_private.as_interval(value)
				BETWEEN coalesce(voiceagent_private.as_interval(definition.minimum), '0') AND
		coalesce(voiceagent_private.as_interval(definition.maximum), '1000 years')
		WHEN 'integer' THEN value::numeric BETWEEN coalesce(definition.minimum::numeric,
			'-Infinity') AND coalesce(definition.maximum::numeric, 'Infinity')
		WHEN 'number' THEN value::numeric <> 'NaN'
			AND value::numeric BETWEEN coalesce(definition.minimum::numeric,
				'-Infinity') AND coalesce(definition.maximum::numeric, 'Infinity')
		WHEN 'choice' THEN value = ANY (pg_catalog.string_to_array(definition.unit, ', '))
		ELSE pg_catalog.length(value) BETWEEN coalesce(definition.minimum::int,
			0) AND coalesce(definition.maximum::int, 10000) END;
COMMENT ON FUNCTION voiceagent_private.is_in_range(text, voiceagent_private.setting_definitions) IS
	'Whether a value (as read_value() gives it) lies in the setting''s range; for text and hours the '
	'range is of the length.';

CREATE FUNCTION voiceagent_private.share_bound(definition voiceagent_private.setting_definitions) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN coalesce((SELECT p.value FROM voiceagent_private.platform_settings p WHERE p.key = definition.key),
		definition.default_value);
END
$$;
COMMENT ON FUNCTION voiceagent_private.share_bound(voiceagent_private.setting_definitions) IS
	'The most, or the least, that a tenant may have of a share: what the platform has set, else the default.';

CREATE FUNCTION voiceagent_private.definition_at(definition voiceagent_private.setting_definitions, level text)
	RETURNS voiceagent_private.setting_definitions
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	IF definition.share = 'most' AND level <> 'platform' THEN
		definition.maximum := voiceagent_private.share_bound(definition);
	ELSIF definition.share = 'least' AND level <> 'platform' THEN
		definition.minimum := voiceagent_private.share_bound(definition);
	END IF;
	RETURN definition;
END
$$;
COMMENT ON FUNCTION voiceagent_private.definition_at(voiceagent_private.setting_definitions, text) IS
	'The definition of a setting as it holds at level: where it is a share, share_bound() bounds the range of tenants '
	'and campaigns.';

CREATE FUNCTION voiceagent_private.within_share(definition voiceagent_private.setting_definitions, value text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_bound text;
	v_over numeric;
BEGIN
	IF definition.share IS NULL THEN
		RETURN value;
	END IF;
	v_bound := voiceagent_private.share_bound(definition);
	-- Kept values are texts of PostgreSQL's own: as_interval() opens a subtransaction, which no parallel worker may.
	v_over := CASE definition.kind WHEN 'interval' THEN extract(epoch FROM value::interval - v_bound::interval)
		ELSE value::numeric - v_bound::numeric END;
	RETURN CASE WHEN definition.share = 'most' AND v_over > 0 OR definition.share = 'least' AND v_over < 0
		THEN v_bound ELSE value END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.within_share(voiceagent_private.setting_definitions, text) IS
	'A value of a tenant or campaign as it holds: where the setting is a share, no more (or no less, for a least) than '
	'share_bound().';

CREATE FUNCTION voiceagent_private.require_setting_role(key text, level text) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_definition voiceagent_private.setting_definitions := voiceagent_private.setting_definition(key);
	v_role text := v_definition.least_roles[pg_catalog.array_position(v_definition.levels, level)];
BEGIN
	IF level = 'platform' THEN
		PERFORM voiceagent_private.require_platform(CASE v_role WHEN 'operator' THEN 'change a setting'
			WHEN 'owner' THEN 'set a price' ELSE 'set ' || key END);
	ELSE
		-- A level that it does not have is refused by check_setting(), but not to a caller that may set nothing.
		PERFORM voiceagent_private.writer_tenant(coalesce(v_role, 'manager'));
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_setting_role(text, text) IS
	E'Asked before a setting is written or taken away at level (platform, tenant or campaign): may the caller do it?\n'
	'42501 for less than its least_roles on the platform''s side, PT401 and PT403 on a tenant''s; PT422: unknown key.';

CREATE FUNCTION voiceagent_private.check_setting(key text, value text, level text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_definition voiceagent_private.setting_definitions :=
		voiceagent_private.definition_at(voiceagent_private.setting_definition(key), level);
	v_value text;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT (level = ANY (v_definition.levels)), 'PT422',
		pg_catalog.format('setting "%s" cannot be set for a %s', key, level), NULL,
		pg_catalog.format('It can be set for: %s.', pg_catalog.array_to_string(v_definition.levels, ', ')));
	v_value := CASE WHEN value IS NOT NULL THEN voiceagent_private.read_value(value, v_definition.kind) END;
	PERFORM voiceagent_private.fail_if(v_value IS NULL, 'PT422',
		pg_catalog.format('setting "%s" takes %s, not "%s"', key,
			CASE v_definition.kind WHEN 'integer' THEN 'a whole number' WHEN 'number' THEN 'a number'
				WHEN 'boolean' THEN 'on or off'
				WHEN 'hours' THEN 'calling hours in JSON' WHEN 'parts' THEN 'parts of the day in JSON'
				WHEN 'interval' THEN 'a duration' ELSE 'a text' END,
			pg_catalog.left(coalesce(value, 'null'), 60)), v_definition.description || '.');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.is_in_range(v_value, v_definition), 'PT422',
		pg_catalog.format('setting "%s" cannot be "%s"', key, pg_catalog.left(value, 60)),
		pg_catalog.format(CASE v_definition.kind WHEN 'choice' THEN 'It takes %s.' ELSE 'It takes %s (%s).' END,
			coalesce(voiceagent_private.setting_range(v_definition), 'at most 10000 characters'),
			v_definition.unit),
		CASE WHEN voiceagent_private.is_in_range(v_value, voiceagent_private.setting_definition(key)) THEN
			pg_catalog.format('%s is the %s that a tenant may have; the platform can change it: '
				'set_setting(''%s'', ...) without a tenant.',
				voiceagent_private.share_bound(v_definition), v_definition.share, key) END);
	RETURN v_value;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_setting(text, text, text) IS
	'The value as it is kept, if key may have it at level (platform, tenant or campaign); PT422 for an unknown key '
	'(with the nearest one), a wrong type, a value out of range, or another level.';

CREATE FUNCTION voiceagent_private.resolve_setting(key text, campaign_settings jsonb DEFAULT NULL, OUT value text,
	OUT origin text)
	RETURNS record LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_definition voiceagent_private.setting_definitions := voiceagent_private.setting_definition(key);
	v_tenant bigint;
BEGIN
	IF campaign_settings ? key AND 'campaign' = ANY (v_definition.levels) THEN
		value := campaign_settings ->> key;
		origin := 'campaign';
	END IF;
	IF value IS NULL AND 'tenant' = ANY (v_definition.levels) THEN
		v_tenant := voiceagent_private.tenant_or_null();
		IF v_tenant IS NOT NULL THEN
			SELECT t.value, 'tenant' INTO value, origin FROM voiceagent_private.tenant_settings t
			WHERE t.tenant_id = v_tenant AND t.key = resolve_setting.key;
		END IF;
	END IF;
	IF value IS NULL THEN
		SELECT p.value, 'platform' INTO value, origin FROM voiceagent_private.platform_settings p
		WHERE p.key = resolve_setting.key;
	END IF;
	IF value IS NULL THEN
		value := v_definition.default_value;
		origin := 'default';
	END IF;
	IF origin IN ('tenant', 'campaign') AND voiceagent_private.within_share(v_definition, value) <> value THEN
		value := voiceagent_private.within_share(v_definition, value);
		origin := CASE WHEN EXISTS (SELECT FROM voiceagent_private.platform_settings p
			WHERE p.key = resolve_setting.key) THEN 'platform' ELSE 'default' END;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resolve_setting(text, jsonb) IS
	E'The value in force for the current tenant (without one: for the platform) and where it comes from: campaign '
	'(campaign_settings has the key), tenant, platform or default.\n'
	'A share never exceeds its bound (within_share()). PT422 for an unknown key.';

CREATE FUNCTION voiceagent_private.setting_text(key text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT r.value FROM voiceagent_private.resolve_setting(key) r);
END
$$;
COMMENT ON FUNCTION voiceagent_private.setting_text(text) IS 'A setting of the current tenant, as text.';

CREATE FUNCTION voiceagent_private.setting_integer(key text) RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.setting_text(key)::integer;
COMMENT ON FUNCTION voiceagent_private.setting_integer(text) IS 'A setting of the current tenant, as integer.';

CREATE FUNCTION voiceagent_private.setting_number(key text) RETURNS numeric
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN voiceagent_private.setting_text(key)::numeric;
COMMENT ON FUNCTION voiceagent_private.setting_number(text) IS 'A setting of the current tenant, as number.';

CREATE FUNCTION voiceagent_private.setting_interval(key text) RETURNS interval
	LANGUAGE sql STABLE
	RETURN voiceagent_private.as_interval(voiceagent_private.setting_text(key));
COMMENT ON FUNCTION voiceagent_private.setting_interval(text) IS 'A setting of the current tenant, as interval.';

CREATE FUNCTION voiceagent_private.platform_setting(key text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	v_definition voiceagent_private.setting_definitions := voiceagent_private.setting_definition(key);
BEGIN
	RETURN coalesce((SELECT p.value FROM voiceagent_private.platform_settings p WHERE p.key = platform_setting.key),
		v_definition.default_value);
END
$$;
COMMENT ON FUNCTION voiceagent_private.platform_setting(text) IS 'A setting of the platform, as text, whoever asks.';

CREATE FUNCTION voiceagent_private.read_setting(key text) RETURNS text
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_read_setting';
COMMENT ON FUNCTION voiceagent_private.read_setting(text) IS
	'setting_text() for what every call asks: remembered by the session until a setting changes.';

CREATE FUNCTION voiceagent_private.read_platform_setting(key text) RETURNS text
	LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'va_sql_read_platform_setting';
COMMENT ON FUNCTION voiceagent_private.read_platform_setting(text) IS
	'platform_setting() for what every call asks: remembered by the session until a setting changes.';

/* ----- for everybody ----- */

CREATE FUNCTION voiceagent.get_setting(key text, campaign_id bigint DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint;
	v_settings jsonb;
BEGIN
	IF NOT voiceagent_private.may_as_platform('read the settings') OR campaign_id IS NOT NULL THEN
		v_tenant := voiceagent.current_tenant();
	END IF;
	IF campaign_id IS NOT NULL THEN
		SELECT c.settings INTO v_settings FROM voiceagent.campaigns c
		WHERE c.tenant_id = v_tenant AND c.campaign_id = get_setting.campaign_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such campaign');
	END IF;
	RETURN (SELECT r.value FROM voiceagent_private.resolve_setting(key, v_settings) r);
END
$$;
COMMENT ON FUNCTION voiceagent.get_setting(text, bigint) IS
	E'The value in force of a setting, as text: for a campaign, or for the current tenant, or (asked by the platform '
	'without a tenant) for the platform.\n'
	'PT422 for an unknown key, PT404 for an unknown campaign.';

CREATE FUNCTION voiceagent.list_settings()
	RETURNS TABLE (key text, value text, origin text, unit text, range text, description text, levels text[])
	LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_level text := CASE WHEN voiceagent_private.tenant_or_null() IS NULL THEN 'platform' ELSE 'tenant' END;
BEGIN
	IF NOT voiceagent_private.may_as_platform('read the settings') THEN
		PERFORM voiceagent.current_tenant();
	END IF;
	RETURN QUERY
	SELECT d.key, r.value, r.origin, d.unit,
		voiceagent_private.setting_range(voiceagent_private.definition_at(d, v_level)), d.description, d.levels
	FROM voiceagent_private.setting_definitions d, voiceagent_private.resolve_setting(d.key) r
	ORDER BY d.key COLLATE "C";
END
$$;
COMMENT ON FUNCTION voiceagent.list_settings() IS 'The rows of the view settings.';

CREATE VIEW voiceagent.settings WITH (security_invoker = true) AS
	SELECT s.key, s.value, s.origin, s.unit, s.range, s.description, s.levels FROM voiceagent.list_settings() s;
COMMENT ON VIEW voiceagent.settings IS
	'Every setting with the value in force for the current tenant (without one: for the platform).';
COMMENT ON COLUMN voiceagent.settings.key IS 'Name, as set_setting() takes it.';
COMMENT ON COLUMN voiceagent.settings.value IS 'The value in force, as text.';
COMMENT ON COLUMN voiceagent.settings.origin IS 'Where it comes from: tenant, platform or default.';
COMMENT ON COLUMN voiceagent.settings.unit IS 'The unit of the value.';
COMMENT ON COLUMN voiceagent.settings.range IS 'Allowed values; NULL: any.';
COMMENT ON COLUMN voiceagent.settings.description IS 'Its purpose.';
COMMENT ON COLUMN voiceagent.settings.levels IS 'Where it can be set: platform, tenant, campaign.';
