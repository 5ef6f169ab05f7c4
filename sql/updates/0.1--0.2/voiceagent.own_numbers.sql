ALTER TABLE voiceagent.own_numbers ADD COLUMN variables jsonb NOT NULL DEFAULT '{}';
