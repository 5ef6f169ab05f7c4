ALTER TABLE voiceagent_private.member_logins ADD COLUMN person uuid;
