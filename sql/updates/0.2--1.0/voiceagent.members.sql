ALTER TABLE voiceagent.members ADD COLUMN email_proved_at timestamptz;
