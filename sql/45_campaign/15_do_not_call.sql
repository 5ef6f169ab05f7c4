-- 45_campaign: numbers that one campaign must not dial. The other layers are in 25_lead.

CREATE TABLE voiceagent.campaign_do_not_call_list (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	phone voiceagent.e164 NOT NULL,
	reason text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, phone),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.campaign_do_not_call_list IS
	'Numbers that one campaign must not dial; the tenant''s other campaigns may.';
COMMENT ON COLUMN voiceagent.campaign_do_not_call_list.campaign_id IS 'The campaign.';
COMMENT ON COLUMN voiceagent.campaign_do_not_call_list.phone IS 'The number.';
COMMENT ON COLUMN voiceagent.campaign_do_not_call_list.reason IS 'Why, in words.';
SELECT voiceagent_private.guard_table('voiceagent.campaign_do_not_call_list', 'tenant');
