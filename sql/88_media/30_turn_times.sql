-- 88_media: how long people wait for answers in calls that we hold.

CREATE VIEW voiceagent.turn_times WITH (security_invoker = on) AS
SELECT e.tenant_id, e.call_id, t.turn, e.at AS ended_at, t.recognised_ms, t.first_token_ms, t.first_sound_ms,
	t.filled, t.ear, t.mind, t.voice
FROM voiceagent.events e
CROSS JOIN LATERAL jsonb_to_recordset(e.event_data -> 'turns') AS t(turn integer, recognised_ms bigint,
	first_token_ms bigint, first_sound_ms bigint, filled boolean, ear text, mind text, voice text)
WHERE e.event_type IN ('call_reported', 'media_ended')
ORDER BY t.first_sound_ms DESC;
COMMENT ON VIEW voiceagent.turn_times IS
	E'The times of answers in calls that we hold or held, the slowest first, in milliseconds from the end of the '
	'person''s speech; the greeting, from the first frame of the call.\n'
	'They are there with the words, for as long as the call''s events.';
COMMENT ON COLUMN voiceagent.turn_times.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.turn_times.turn IS
	'The person''s turn that was answered; NULL: its words were not understood, or it has not spoken yet.';
COMMENT ON COLUMN voiceagent.turn_times.ended_at IS
	'When it was kept: with the words, or when the call''s socket went.';
COMMENT ON COLUMN voiceagent.turn_times.recognised_ms IS
	'Until the person''s words were known; NULL: it had said nothing.';
COMMENT ON COLUMN voiceagent.turn_times.first_token_ms IS
	'Until something of the answer had come; NULL: nothing had when we were heard.';
COMMENT ON COLUMN voiceagent.turn_times.first_sound_ms IS
	'Until the answer was heard, whatever filled the silence before it; NULL: it was cut short before.';
COMMENT ON COLUMN voiceagent.turn_times.filled IS 'True: something else filled the silence before it.';
COMMENT ON COLUMN voiceagent.turn_times.ear IS 'The ear: embedded, or a provider of model_accounts.';
COMMENT ON COLUMN voiceagent.turn_times.mind IS 'The mind; NULL: none of its answer had come.';
COMMENT ON COLUMN voiceagent.turn_times.voice IS 'The voice.';
