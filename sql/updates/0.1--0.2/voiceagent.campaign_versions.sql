ALTER TABLE voiceagent.campaign_versions DROP CONSTRAINT campaign_versions_tenant_id_campaign_id_fkey,
	ADD FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE;
