-- Only the platform sets it now.
DELETE FROM voiceagent_private.tenant_settings WHERE key = 'charge_machines';
SELECT voiceagent_private.provision_login() WHERE EXISTS (SELECT FROM voiceagent.tenants);
INSERT INTO voiceagent_private.lead_order (tenant_id, lead_id, called_at, class)
SELECT l.tenant_id, l.lead_id, l.last_called_at, l.list_class FROM voiceagent.leads l;
