ALTER TABLE voiceagent_private.member_logins ADD COLUMN person uuid,
	ADD COLUMN ended_sessions bigint[] NOT NULL DEFAULT '{}';
