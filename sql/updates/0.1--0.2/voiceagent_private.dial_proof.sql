ALTER TYPE voiceagent_private.dial_proof ADD ATTRIBUTE call_windows text, ADD ATTRIBUTE special text;
