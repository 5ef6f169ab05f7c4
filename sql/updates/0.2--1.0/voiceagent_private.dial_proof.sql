ALTER TYPE voiceagent_private.dial_proof ADD ATTRIBUTE special text;
