-- Only the platform sets it now.
DELETE FROM voiceagent_private.tenant_settings WHERE key = 'charge_machines';
SELECT voiceagent_private.provision_login() WHERE EXISTS (SELECT FROM voiceagent.tenants);
INSERT INTO voiceagent_private.lead_order (tenant_id, lead_id, called_at, class)
SELECT l.tenant_id, l.lead_id, l.last_called_at, l.list_class FROM voiceagent.leads l;
-- Values that are stored under names which version 0.2 has changed.
CREATE TABLE voiceagent_private.update_values (old text PRIMARY KEY, new text NOT NULL);
INSERT INTO voiceagent_private.update_values (old, new) VALUES
	('errand_concurrency', 'provider_request_concurrency'),
	('errand_look_interval', 'provider_request_lookup_interval'),
	('errand_tries', 'provider_request_tries'),
	('lookup_patience', 'lookup_give_up_after'),
	('no_window_patience', 'no_window_give_up_after'),
	('notice_concurrency', 'webhook_delivery_concurrency'),
	('notice_disable_after', 'webhook_subscription_disable_after'),
	('notice_first_delay', 'webhook_delivery_first_delay'),
	('notice_max_delay', 'webhook_delivery_max_delay'),
	('notice_secret_overlap', 'webhook_subscription_secret_overlap'),
	('notice_timeout', 'webhook_delivery_timeout'),
	('notice_tries', 'webhook_delivery_tries'),
	('number_rest', 'number_cooldown'),
	('retention_errands', 'retention_provider_requests'),
	('retention_notices', 'retention_webhook_deliveries');
UPDATE voiceagent_private.tenant_settings s SET key = v.new FROM voiceagent_private.update_values v WHERE v.old = s.key;
UPDATE voiceagent_private.platform_settings s SET key = v.new FROM voiceagent_private.update_values v WHERE v.old = s.key;
UPDATE voiceagent.campaigns c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'number_rest' AND c.settings ? v.old;
UPDATE voiceagent.campaigns c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'no_window_patience' AND c.settings ? v.old;
-- They are append-only, but for their names.
ALTER TABLE voiceagent.campaign_versions DISABLE TRIGGER append_only;
UPDATE voiceagent.campaign_versions c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'number_rest' AND c.settings ? v.old;
UPDATE voiceagent.campaign_versions c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'no_window_patience' AND c.settings ? v.old;
ALTER TABLE voiceagent.campaign_versions ENABLE TRIGGER append_only;
UPDATE voiceagent.profiles c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'number_rest' AND c.settings ? v.old;
UPDATE voiceagent.profiles c SET settings = c.settings - v.old || jsonb_build_object(v.new, c.settings -> v.old)
FROM voiceagent_private.update_values v WHERE v.old = 'no_window_patience' AND c.settings ? v.old;
DROP TABLE voiceagent_private.update_values;
UPDATE voiceagent_private.retention_marks SET class = CASE class WHEN 'errands' THEN 'provider_requests' ELSE 'webhook_deliveries' END
WHERE class IN ('errands', 'notices');
UPDATE voiceagent.webhook_subscriptions SET kinds = array_replace(kinds, 'notice_target_disabled', 'webhook_subscription_disabled')
WHERE kinds @> '{notice_target_disabled}';
UPDATE voiceagent.webhook_deliveries SET kind = 'webhook_subscription_disabled' WHERE kind = 'notice_target_disabled';
-- Counters that say by the outcome who answered where the carrier did not.
DO $$
DECLARE
	v_was bigint := voiceagent_private.set_tenant(0);
	v_tenant bigint;
BEGIN
	FOR v_tenant IN SELECT t.tenant_id FROM voiceagent.tenants t ORDER BY t.tenant_id LOOP
		PERFORM voiceagent_private.set_tenant(v_tenant);
		PERFORM voiceagent_private.recount_campaigns();
	END LOOP;
	PERFORM voiceagent_private.set_tenant(v_was);
END
$$;
-- A share's value of the platform was the tenants' default, and is now a bound: nothing is held to it without a word.
DO $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT d.key, d.share, p.value, count(DISTINCT x.tenant_id) AS tenants
		FROM voiceagent_private.setting_definitions d
		JOIN voiceagent_private.platform_settings p USING (key)
		JOIN (SELECT s.tenant_id, s.key, s.value FROM voiceagent_private.tenant_settings s
			UNION ALL SELECT c.tenant_id, s.key, s.value FROM voiceagent.campaigns c CROSS JOIN jsonb_each_text(c.settings) s
			UNION ALL SELECT a.tenant_id, 'account_max_concurrent_calls', a.max_concurrent_calls::text
				FROM voiceagent.provider_accounts a) x USING (key)
		WHERE voiceagent_private.within_share(d, x.value) <> x.value
		GROUP BY d.key, d.share, p.value ORDER BY d.key
	LOOP
		RAISE NOTICE 'setting "%": the platform''s value, %, is now the % that a tenant may have; % tenants had another',
			v.key, v.value, v.share, v.tenants
			USING HINT = 'Call set_setting() to raise or lower the platform''s value, or pass NULL to leave tenants the whole range.';
	END LOOP;
END
$$;
-- Vapi goes on being told the names of leads, and nothing streams at a carrier without a socket that talks.
UPDATE voiceagent.provider_accounts SET settings = settings || '{"send_lead_name": true}' WHERE provider = 'vapi';
UPDATE voiceagent.provider_accounts a SET settings = a.settings - 'stream_url'
WHERE a.settings ? 'stream_url' AND (a.provider = 'asterisk' OR NOT EXISTS (
	SELECT FROM voiceagent_private.account_fields(a.provider) f WHERE f.part = 'settings' AND f.name = 'stream_url'));
UPDATE voiceagent_private.endpoint_routes r SET settings = a.settings FROM voiceagent.provider_accounts a
WHERE a.tenant_id = r.tenant_id AND a.provider_account_id = r.provider_account_id AND a.settings <> r.settings;
