-- 37_number: who answers at a number, by its settings.

CREATE FUNCTION voiceagent_private.who_answers(number voiceagent.phone_numbers, open boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN open OR number.in_hours = 'stop_line' THEN coalesce(number.in_hours, CASE
			WHEN number.business_hours_start IS NOT NULL AND number.ai_assistant_id IS NOT NULL
				AND number.forward_to_number IS NOT NULL AND number.ring_office_seconds IS NULL THEN 'forward'
			WHEN number.ai_assistant_id IS NOT NULL THEN 'assistant'
			WHEN number.greeting_message IS NOT NULL THEN 'message'
			WHEN number.forward_to_number IS NOT NULL THEN 'forward' ELSE 'reject' END)
		ELSE coalesce(number.after_hours, CASE
			-- Words for these hours are meant to be heard.
			WHEN number.ai_assistant_id IS NOT NULL AND number.forward_to_number IS NOT NULL
				AND number.after_hours_message IS NULL THEN 'assistant'
			WHEN number.forward_to_number IS NOT NULL THEN 'forward'
			WHEN number.after_hours_message IS NOT NULL THEN 'message' ELSE 'reject' END) END;
COMMENT ON FUNCTION voiceagent_private.who_answers(voiceagent.phone_numbers, boolean) IS
	'Who answers at a number in its hours (open) or outside of them: assistant, forward, message, reject or '
	'stop_line; as set, else by what it has.';
