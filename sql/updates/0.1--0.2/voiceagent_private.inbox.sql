ALTER TABLE voiceagent_private.inbox ADD COLUMN ended_call text COLLATE "C";
