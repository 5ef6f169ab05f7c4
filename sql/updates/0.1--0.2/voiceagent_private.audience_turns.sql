ALTER TABLE voiceagent_private.audience_turns
	ADD COLUMN large_leads bigint NOT NULL DEFAULT 0,
	ADD COLUMN costly_leads bigint NOT NULL DEFAULT 0,
	ADD COLUMN tries smallint NOT NULL DEFAULT 0,
	ADD COLUMN evaluated boolean NOT NULL DEFAULT false,
	ADD COLUMN piece voiceagent_private.audience_piece;
