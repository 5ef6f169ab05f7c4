ALTER TABLE voiceagent_private.mail_queue ADD COLUMN reply_to text;
