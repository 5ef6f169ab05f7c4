ALTER TABLE voiceagent.members ADD COLUMN session_version integer NOT NULL DEFAULT 1 CHECK (session_version > 0);
