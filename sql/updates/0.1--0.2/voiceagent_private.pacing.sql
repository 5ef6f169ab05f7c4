ALTER TABLE voiceagent_private.pacing ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
UPDATE voiceagent_private.pacing p SET sandbox = true
FROM voiceagent.campaigns c
JOIN voiceagent.provider_accounts a ON a.tenant_id = c.tenant_id AND a.provider_account_id = c.provider_account_id
WHERE p.tenant_id = c.tenant_id AND p.campaign_id = c.campaign_id AND a.provider = 'sandbox';
