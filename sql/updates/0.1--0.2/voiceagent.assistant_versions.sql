ALTER TABLE voiceagent.assistant_versions ADD COLUMN written_prompt text;
