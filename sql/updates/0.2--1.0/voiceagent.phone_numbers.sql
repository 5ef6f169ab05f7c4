ALTER TABLE voiceagent.phone_numbers DROP CONSTRAINT phone_numbers_in_hours_check, ADD CONSTRAINT phone_numbers_in_hours_check
	CHECK (in_hours IN ('assistant', 'forward', 'message', 'reject', 'stop_line'));
