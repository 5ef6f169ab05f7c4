ALTER TABLE voiceagent.api_keys ADD COLUMN role voiceagent.member_role NOT NULL DEFAULT 'owner';
