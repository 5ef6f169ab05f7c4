ALTER TABLE voiceagent_private.job_rests ADD COLUMN step integer;
