ALTER TABLE voiceagent.tasks ADD COLUMN promise text;
ALTER TABLE voiceagent.tasks ADD COLUMN kept boolean;
