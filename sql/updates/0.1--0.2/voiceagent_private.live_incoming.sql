-- The new ids come with the calls: see voiceagent.incoming_calls.
ALTER TABLE voiceagent_private.live_incoming RENAME COLUMN incoming_call_id TO call_id;
