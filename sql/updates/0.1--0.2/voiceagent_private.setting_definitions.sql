-- With a default it would rewrite rows, which functions that take one forbid.
ALTER TABLE voiceagent_private.setting_definitions ADD COLUMN capped boolean CHECK (NOT capped OR kind IN ('integer', 'number'));
UPDATE voiceagent_private.setting_definitions SET capped = false;
ALTER TABLE voiceagent_private.setting_definitions ALTER COLUMN capped SET DEFAULT false, ALTER COLUMN capped SET NOT NULL;
