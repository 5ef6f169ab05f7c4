/*
 * 53_campaign_run: profiles, named sets of settings to begin with.  Dialling systems
 * disagree about nearly every default.  A profile keeps the defaults of one of
 * them under a name, for people who are used to that system.
 */

CREATE TABLE voiceagent.profiles (
	profile text PRIMARY KEY CHECK (profile ~ '^[a-z][a-z0-9_]{0,62}$'),
	description text NOT NULL CHECK (length(description) BETWEEN 1 AND 1000),
	settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object' AND settings <> '{}'),
	built_in boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE voiceagent.profiles IS 'Named sets of settings, for apply_profile().';
COMMENT ON COLUMN voiceagent.profiles.profile IS 'Name.';
COMMENT ON COLUMN voiceagent.profiles.description IS 'Its purpose, and its source.';
COMMENT ON COLUMN voiceagent.profiles.settings IS 'Settings by key, as set_setting() takes them.';
COMMENT ON COLUMN voiceagent.profiles.built_in IS
	'Whether it comes with the extension; the others are the platform''s (create_profile()).';
SELECT voiceagent_private.guard_table('voiceagent.profiles', 'platform', 'WHERE NOT built_in');

INSERT INTO voiceagent.profiles (profile, description, settings, built_in) VALUES
	('quick_retry', 'Whoever is not reached is tried again after five minutes, ten calls at once: '
		'for people who wait for the call. The defaults of a dialler''s environment file.',
		'{"retry_delay": "5 minutes", "retry_delay_no_answer": "5 minutes", "retry_delay_busy": "5 minutes", '
			'"max_concurrent_calls": "10"}', true),
	('small_team', 'Two calls at once and half an hour between tries: for a team that takes over every lead itself. '
		'The defaults of a dialler''s campaign form.',
		'{"retry_delay": "30 minutes", "retry_delay_no_answer": "30 minutes", "retry_delay_busy": "30 minutes", '
			'"max_concurrent_calls": "2"}', true),
	('patient', 'Two hours after no answer, four after a busy line, ten calls at once: for cold lists. '
		'The defaults of an outreach tool, and the platform''s own.',
		'{"retry_delay": "30 minutes", "retry_delay_no_answer": "2 hours", "retry_delay_busy": "4 hours", '
			'"max_concurrent_calls": "10", "default_model": "gpt-5.6-luna"}', true),
	('record_all', 'Every call is recorded, with the larger language model: '
		'the defaults of a contact centre that reviews its calls.',
		'{"record_calls": "on", "default_model": "gpt-5.6-sol"}', true),
	('consent_first', 'Nobody is dialled without a recorded consent, and no call is recorded: '
		'the defaults of a contact centre that asks first.',
		'{"require_consent": "on", "record_calls": "off"}', true),
	('self_hosted', 'Campaigns that name no account go through the tenant''s own Asterisk: no carrier''s platform '
		'between it and the trunk. What other systems call VOICE_STACK=self_hosted, with their limits of a call.',
		'{"default_provider": "asterisk", "ring_timeout": "30 seconds", "max_call_duration": "10 minutes"}', true),
	('us_telemarketing_conservative', 'Within the strictest hours of any state of the US, '
		'three calls to a number in 24 hours and ten ever, only with consent, at least half a minute of ringing, '
		'a sensitive breaker; the rehearsal keeps to the law, too. Not advice: verify with counsel.',
		'{"calling_hours": {"start": "10:00", "end": "18:00", "days": ["mon", "tue", "wed", "thu", "fri"]}, '
			'"number_calls_per_24h": "3", "number_calls_lifetime": "10", "retry_attempts": "3", '
			'"retry_delay": "4 hours", "retry_delay_no_answer": "1 day", "retry_delay_busy": "4 hours", '
			'"require_consent": "on", "ring_timeout": "30 seconds", "breaker_failure_rate": "0.3", '
			'"sandbox_obeys_law": "on"}', true);

CREATE FUNCTION voiceagent_private.check_profile(settings jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_item record;
	v_definition voiceagent_private.setting_definitions;
	v_value text;
	v_result jsonb := '{}';
BEGIN
	PERFORM voiceagent_private.fail_if(jsonb_typeof(settings) IS DISTINCT FROM 'object', 'PT422',
		'settings must be a JSON object', NULL, 'For example {"retry_delay": "5 minutes"}.');
	FOR v_item IN SELECT s.key, s.value FROM jsonb_each(settings) s ORDER BY s.key LOOP
		v_definition := voiceagent_private.setting_definition(v_item.key);
		v_value := voiceagent_private.check_setting(v_item.key, v_item.value #>> '{}',
			CASE WHEN 'campaign' = ANY (v_definition.levels) THEN 'campaign' ELSE 'tenant' END);
		v_result := v_result || jsonb_build_object(v_item.key,
			CASE WHEN jsonb_typeof(v_item.value) = 'object' THEN v_value::jsonb ELSE to_jsonb(v_value) END);
	END LOOP;
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_profile(jsonb) IS
	'Settings of campaigns or tenants, each checked and as it is kept; PT422 for an unknown key, a bad value, or one '
	'that only the platform sets.';

CREATE FUNCTION voiceagent.create_profile(profile text, description text, settings jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.require_platform('make a profile');
	PERFORM voiceagent_private.fail_if(coalesce(profile, '') !~ '^[a-z][a-z0-9_]{0,62}$', 'PT422',
		'a profile''s name is of lower-case letters, digits and _');
	PERFORM voiceagent_private.fail_if(coalesce(btrim(description), '') = '' OR length(description) > 1000, 'PT422',
		'a profile needs a description of 1 to 1000 characters');
	PERFORM voiceagent_private.fail_if(settings = '{}', 'PT422', 'a profile needs settings');
	INSERT INTO voiceagent.profiles AS p (profile, description, settings)
	VALUES (create_profile.profile, btrim(create_profile.description),
		voiceagent_private.check_profile(create_profile.settings))
	ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT409', format('there is a profile "%s"', profile), NULL,
		'Give it another name: who applied one must be able to look it up.');
	PERFORM voiceagent_private.audit('create_profile', profile, NULL, settings);
END
$$;
COMMENT ON FUNCTION voiceagent.create_profile(text, text, jsonb) IS
	E'Platform only: adds a profile, a named set of settings of campaigns and tenants, for '
	'apply_profile() of all tenants.\n'
	'PT409 for a name that is taken, PT422 for an unknown key or a bad value.';

CREATE FUNCTION voiceagent_private.law_against(campaign_id bigint, settings jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = whole AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_windows int[] := voiceagent_private.hours_windows(CASE WHEN jsonb_typeof(settings -> 'calling_hours') = 'object'
		THEN settings -> 'calling_hours' ELSE (settings ->> 'calling_hours')::jsonb END);
	v_place record;
	v_common int[];
	v_narrowed jsonb := '[]';
BEGIN
	FOR v_place IN
		SELECT r.region, voiceagent_private.terms_of(r.region, voiceagent.clock()) AS terms, r.leads
		FROM (SELECT voiceagent_private.jurisdiction(d.country, d.region) AS region, count(*) AS leads
			FROM voiceagent.campaign_leads m
			JOIN voiceagent.leads d ON d.tenant_id = v_tenant AND d.lead_id = m.lead_id
			WHERE m.tenant_id = v_tenant AND m.campaign_id = law_against.campaign_id
				AND m.status IN ('pending', 'queued', 'retry')
			GROUP BY 1) r
		ORDER BY r.region
	LOOP
		IF settings ? 'calling_hours' THEN
			v_common := voiceagent_private.common_windows(v_windows,
				voiceagent_private.week_windows((v_place.terms).windows));
			-- Where the law forbids all calls, the hours are not at fault.
			IF v_common = '{}' AND (v_place.terms).windows <> '{}' THEN
				RAISE EXCEPTION 'the profile''s calling hours lie outside the law of %',
					coalesce(nullif(v_place.region, ''), 'an unknown place') USING ERRCODE = 'PT422',
					DETAIL = format('Rule "hours": %s of the campaign''s leads could never be called.', v_place.leads),
					HINT = 'Give other hours in overrides, {"calling_hours": ...}.';
			ELSIF v_common IS DISTINCT FROM v_windows THEN
				v_narrowed := v_narrowed || jsonb_build_object('jurisdiction', v_place.region, 'rule', 'hours');
			END IF;
		END IF;
		v_narrowed := v_narrowed || coalesce((
			SELECT jsonb_agg(jsonb_build_object('jurisdiction', v_place.region, 'rule', c.rule,
				'profile', settings -> c.key, 'law', c.law) ORDER BY c.rule)
			FROM (VALUES ('calls_per_day', 'number_calls_per_day', (v_place.terms).calls_per_day),
				('calls_per_24h', 'number_calls_per_24h', (v_place.terms).calls_per_24h),
				('calls_lifetime', 'number_calls_lifetime', (v_place.terms).calls_lifetime)) AS c(rule, key, law)
			WHERE settings ? c.key AND (nullif((settings ->> c.key)::int, 0) IS NULL
				OR (settings ->> c.key)::int > c.law) AND c.law IS NOT NULL), '[]');
		IF settings ? 'require_consent' AND NOT (settings ->> 'require_consent')::boolean
			AND (v_place.terms).require_consent THEN
			v_narrowed := v_narrowed || jsonb_build_object('jurisdiction', v_place.region, 'rule', 'require_consent',
				'profile', 'off', 'law', 'on');
		END IF;
		IF settings ? 'ring_timeout'
			AND voiceagent_private.as_interval(settings ->> 'ring_timeout') < (v_place.terms).min_ring THEN
			v_narrowed := v_narrowed || jsonb_build_object('jurisdiction', v_place.region, 'rule', 'min_ring',
				'profile', extract(epoch FROM voiceagent_private.as_interval(settings ->> 'ring_timeout')),
				'law', extract(epoch FROM (v_place.terms).min_ring));
		END IF;
	END LOOP;
	RETURN v_narrowed;
END
$$;
COMMENT ON FUNCTION voiceagent_private.law_against(bigint, jsonb) IS
	E'Where the law of the waiting leads'' places is stricter than these settings of a campaign: [{"jurisdiction", '
	'"rule", "profile", "law"}], durations in seconds; there the law holds.\n'
	'PT422, naming jurisdiction and rule, where hours and law have no hour in common.';

CREATE FUNCTION voiceagent.apply_profile(campaign_id bigint, profile text, overrides jsonb DEFAULT '{}') RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_level text := CASE WHEN apply_profile.campaign_id IS NULL THEN 'tenant' ELSE 'campaign' END;
	v_settings jsonb;
	v_applied jsonb;
	v_left_out text[];
	v_campaign record;
	v_narrowed jsonb := '[]';
	v_key text;
	v_warnings text[] := '{}';
BEGIN
	SELECT p.settings INTO v_settings FROM voiceagent.profiles p WHERE p.profile = apply_profile.profile;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404',
		format('there is no profile "%s"', left(coalesce(profile, 'null'), 100)), NULL,
		(SELECT 'Profiles: ' || string_agg(p.profile, ', ' ORDER BY p.profile) || '.' FROM voiceagent.profiles p));
	v_settings := v_settings || voiceagent_private.check_profile(coalesce(overrides, '{}'));
	SELECT coalesce(jsonb_object_agg(s.key, s.value) FILTER (WHERE v_level = ANY (d.levels)), '{}'),
		array_agg(s.key ORDER BY s.key) FILTER (WHERE NOT v_level = ANY (d.levels))
	INTO v_applied, v_left_out
	FROM jsonb_each(v_settings) s JOIN voiceagent_private.setting_definitions d ON d.key = s.key;
	PERFORM voiceagent_private.fail_if(v_applied = '{}', 'PT422', format('the profile has no setting of a %s', v_level),
		NULL, format('It sets %s: apply it to the tenant, with campaign_id NULL.', array_to_string(v_left_out, ', ')));

	IF v_level = 'campaign' THEN
		PERFORM voiceagent_private.lock_campaign(apply_profile.campaign_id);
	END IF;
	-- Under the law: a campaign on a real carrier, or a rehearsal that obeys it. Its own settings win over the
	-- tenant's.
	FOR v_campaign IN
		SELECT c.campaign_id, CASE v_level WHEN 'campaign' THEN v_applied
			ELSE v_applied - ARRAY(SELECT jsonb_object_keys(c.settings)) END AS settings
		FROM voiceagent.campaigns c
		JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant AND a.provider_account_id = c.provider_account_id
		WHERE c.tenant_id = v_tenant AND c.status NOT IN ('completed', 'stopped')
			AND (apply_profile.campaign_id IS NULL OR c.campaign_id = apply_profile.campaign_id)
			AND (a.provider <> 'sandbox' OR coalesce(v_applied ->> 'sandbox_obeys_law',
				(SELECT r.value FROM voiceagent_private.resolve_setting('sandbox_obeys_law', c.settings) r))::boolean)
		ORDER BY c.campaign_id
	LOOP
		v_narrowed := v_narrowed || coalesce((SELECT jsonb_agg(
			CASE v_level WHEN 'tenant' THEN jsonb_build_object('campaign_id', v_campaign.campaign_id) || n.item
				ELSE n.item END ORDER BY n.ord)
			FROM jsonb_array_elements(voiceagent_private.law_against(v_campaign.campaign_id,
				v_campaign.settings)) WITH ORDINALITY AS n(item, ord)), '[]');
	END LOOP;

	IF v_level = 'campaign' THEN
		PERFORM voiceagent.update_campaign(apply_profile.campaign_id, v_applied);
	ELSE
		FOR v_key IN SELECT k FROM jsonb_object_keys(v_applied) k ORDER BY k LOOP
			PERFORM voiceagent.set_setting(v_key, v_applied ->> v_key);
		END LOOP;
	END IF;
	IF v_applied ? 'default_provider' AND NOT EXISTS (SELECT FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = v_tenant AND a.provider = v_applied ->> 'default_provider' AND a.active) THEN
		v_warnings := v_warnings || format('campaigns that name no account cannot be made: '
			'there is no active account at %s', v_applied ->> 'default_provider');
		RAISE NOTICE '%', v_warnings[1]
			USING HINT = format('create_provider_account(%L, ...) makes one.', v_applied ->> 'default_provider');
	END IF;
	PERFORM voiceagent_private.audit('apply_profile', coalesce('campaign ' || apply_profile.campaign_id, 'tenant'),
		NULL, jsonb_build_object('profile', profile, 'overrides', overrides, 'settings', v_applied));
	RETURN jsonb_build_object('profile', profile, 'applied', v_applied,
		'left_out', to_jsonb(coalesce(v_left_out, '{}')), 'narrowed', v_narrowed)
		|| CASE WHEN v_warnings <> '{}' THEN jsonb_build_object('warnings', to_jsonb(v_warnings)) ELSE '{}' END;
END
$$;
COMMENT ON FUNCTION voiceagent.apply_profile(bigint, text, jsonb) IS
	E'Sets all settings of a profile (view profiles), with overrides over them, for a campaign or (campaign_id NULL) '
	'for the tenant, all or nothing.\n'
	'It returns {"profile", "applied", "left_out" (settings that cannot be set there), "narrowed" (where a stricter '
	'law holds)}. It raises PT404, PT422 for a bad override or where the law would leave no call to some leads.';
