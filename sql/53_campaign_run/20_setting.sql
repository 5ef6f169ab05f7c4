-- A setting of a tenant or of the platform changes: campaigns that run by it get a new version.

CREATE FUNCTION voiceagent.set_setting(key text, value text, campaign_id bigint DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.tenant_or_null();
	v_level text := CASE WHEN v_tenant IS NULL AND campaign_id IS NULL
		AND voiceagent_private.may_as_platform('change a setting') THEN 'platform'
		WHEN campaign_id IS NULL THEN 'tenant' ELSE 'campaign' END;
	v_value text;
	v_old text;
BEGIN
	PERFORM voiceagent_private.require_setting_role(key, v_level);
	IF value IS NOT NULL THEN
		v_value := voiceagent_private.check_setting(key, value, v_level);
	END IF;
	IF v_level = 'campaign' THEN
		PERFORM FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant AND c.campaign_id = set_setting.campaign_id;
		PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such campaign');
		PERFORM voiceagent.update_campaign(campaign_id, pg_catalog.jsonb_build_object(key,
			CASE WHEN v_value IS NULL THEN 'null'::jsonb
				WHEN pg_catalog.left(v_value, 1) = '{' THEN v_value::jsonb ELSE pg_catalog.to_jsonb(v_value) END));
		RETURN;
	ELSIF v_level = 'tenant' THEN
		SELECT t.value INTO v_old FROM voiceagent_private.tenant_settings t
		WHERE t.tenant_id = v_tenant AND t.key = set_setting.key FOR UPDATE;
		IF v_value IS NULL THEN
			DELETE FROM voiceagent_private.tenant_settings t WHERE t.tenant_id = v_tenant AND t.key = set_setting.key;
		ELSE
			INSERT INTO voiceagent_private.tenant_settings AS t (tenant_id, key, value)
			VALUES (v_tenant, set_setting.key, v_value)
			ON CONFLICT ON CONSTRAINT tenant_settings_pkey DO UPDATE SET value = EXCLUDED.value;
		END IF;
	ELSE
		SELECT p.value INTO v_old FROM voiceagent_private.platform_settings p WHERE p.key = set_setting.key FOR UPDATE;
		IF v_value IS NULL THEN
			DELETE FROM voiceagent_private.platform_settings p WHERE p.key = set_setting.key;
		ELSE
			INSERT INTO voiceagent_private.platform_settings AS p (key, value) VALUES (set_setting.key, v_value)
			ON CONFLICT ON CONSTRAINT platform_settings_pkey DO UPDATE SET value = EXCLUDED.value;
		END IF;
	END IF;
	IF v_old IS DISTINCT FROM v_value THEN
		PERFORM voiceagent_private.audit('set_setting', key, pg_catalog.to_jsonb(v_old), pg_catalog.to_jsonb(v_value));
		IF key = 'zero_retention' THEN
			UPDATE voiceagent_private.retention_marks m SET next_at = voiceagent.clock()
			WHERE m.tenant_id = v_tenant AND m.class IN ('turns', 'webhooks');
			PERFORM voiceagent_private.request_job('retain_rows', voiceagent.clock());
		END IF;
		-- Rooms that keep values resolved (campaign versions, lanes) take the change from here.
		PERFORM voiceagent_private.setting_changed(key);
		IF v_level = 'platform' THEN
			PERFORM voiceagent_private.poke_for_all('dialer');
		ELSE
			PERFORM voiceagent_private.poke('dialer');
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent.set_setting(text, text, bigint) IS
	E'Sets a setting of a campaign, of the current tenant, or (called by the platform without a tenant) of the whole '
	'platform; value NULL takes it back to the next level.\n'
	'Durations: interval text or seconds. PT422 for an unknown key (with the nearest one), a wrong type, a value out '
	'of range, or a level that it does not have; PT403, 42501 for less than its least role; PT404.';
