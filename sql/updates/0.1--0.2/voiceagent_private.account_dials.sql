ALTER TABLE voiceagent_private.account_dials
	ADD COLUMN tenth bigint NOT NULL DEFAULT 0,
	ADD COLUMN taken integer[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0,0,0}',
	ADD COLUMN limited_share double precision NOT NULL DEFAULT 0,
	ADD COLUMN answered_at timestamptz,
	ADD COLUMN slowed_for interval,
	ADD COLUMN lowered_why text CHECK (length(lowered_why) <= 200);
