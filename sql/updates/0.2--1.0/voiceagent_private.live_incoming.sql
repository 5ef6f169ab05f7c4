ALTER TABLE voiceagent_private.live_incoming
	ADD COLUMN ends_by timestamptz NOT NULL DEFAULT voiceagent.clock() + interval '2 hours' CHECK (isfinite(ends_by));
ALTER TABLE voiceagent_private.live_incoming ALTER COLUMN ends_by DROP DEFAULT;
