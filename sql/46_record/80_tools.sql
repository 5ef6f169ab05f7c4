-- 46_record: what assistants did while they talked (80_reception), which counts when a call is read.

CREATE TABLE voiceagent.call_tools (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	call_id bigint NOT NULL,
	tool_call_id text NOT NULL CHECK (length(tool_call_id) BETWEEN 1 AND 200),
	tool text NOT NULL CHECK (length(tool) BETWEEN 1 AND 100),
	arguments jsonb NOT NULL,
	result text NOT NULL,
	error text,
	made jsonb,
	data jsonb,
	called_at timestamptz NOT NULL,
	took_ms numeric NOT NULL,
	followed_at timestamptz,
	PRIMARY KEY (tenant_id, call_id, tool_call_id)
);
COMMENT ON TABLE voiceagent.call_tools IS
	'Deeds of assistants while they talked: one row each time that a tool was called, with what it answered.';
COMMENT ON COLUMN voiceagent.call_tools.call_id IS 'The call.';
COMMENT ON COLUMN voiceagent.call_tools.tool_call_id IS 'The id that the carrier, or the bot, gave it.';
COMMENT ON COLUMN voiceagent.call_tools.tool IS 'Name of the tool; list_tools() has them all.';
COMMENT ON COLUMN voiceagent.call_tools.arguments IS 'Its arguments, as the language model chose them.';
COMMENT ON COLUMN voiceagent.call_tools.result IS 'The sentence that the model was given.';
COMMENT ON COLUMN voiceagent.call_tools.error IS
	'Why it did nothing: unknown, many, missing, identity (who speaks is not proved enough: data has needs and has), '
	'long, when, cannot, ..., or failed; NULL: it did it.';
COMMENT ON COLUMN voiceagent.call_tools.made IS
	'Its result: appointment_id, task_id, offer_id, transfer_id, agent_id, way, provider_request_id, at; '
	'assistant_id: to which it was handed over; starts_at: of a booking, by the calendar''s clock; listing_id: what '
	'it was about; level, lead_id: the identity that was proved, and whose; locked: nothing is tried any more.';
COMMENT ON COLUMN voiceagent.call_tools.data IS
	'The same answer as data, of which the desk makes a sentence for the caller: moves, times (by the '
	'calendar''s clock), listings, text.';
COMMENT ON COLUMN voiceagent.call_tools.called_at IS 'When it was called.';
COMMENT ON COLUMN voiceagent.call_tools.took_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN voiceagent.call_tools.followed_at IS
	'When what follows from it (a task, the lead of a booking, a call back) was done; NULL: it waits for that, or '
	'nothing follows.';
CREATE INDEX call_tools_wrong ON voiceagent.call_tools (tenant_id, called_at) WHERE error = 'wrong_proof';
SELECT voiceagent_private.guard_table('voiceagent.call_tools', 'tenant');

CREATE TABLE voiceagent_private.caller_codes (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	code text NOT NULL,
	key text NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, call_id)
);
COMMENT ON TABLE voiceagent_private.caller_codes IS
	E'Codes that were texted to the number of a call, the newest of each, until they are said or over.\n'
	'As they are: the text is filled with them as it leaves, and a hash of six digits hides nothing.';
COMMENT ON COLUMN voiceagent_private.caller_codes.code IS 'Six digits.';
COMMENT ON COLUMN voiceagent_private.caller_codes.key IS 'Of the one text that says it (texts.key).';
COMMENT ON COLUMN voiceagent_private.caller_codes.expires_at IS 'Until when it is good.';
CREATE INDEX caller_codes_over ON voiceagent_private.caller_codes (expires_at);
SELECT voiceagent_private.guard_table('voiceagent_private.caller_codes', 'routing', waits => '{expires_at}');
SELECT voiceagent_private.make_forgetting('forget_caller_codes', 'voiceagent_private.caller_codes', 'expires_at');
INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('of_calls', 'voiceagent_private.caller_codes');

CREATE TYPE voiceagent_private.identity_level AS ENUM ('anybody', 'number_seen', 'number_attested', 'two_facts',
	'code');
COMMENT ON TYPE voiceagent_private.identity_level IS
	E'What a call proves of whoever speaks in it, in order: nothing; its caller ID is a number of the lead''s; the '
	'caller''s carrier signed for that number (STIR/SHAKEN: A), or we dialled it; two facts of the lead''s record were '
	'said right; a code was said that was texted to the number.\n'
	'What it proves holds for that call alone.';

-- The most binding tool comes first: intents and deeds of a call are listed in this order.
CREATE FUNCTION voiceagent_private.tools()
	RETURNS TABLE (place integer, tool text, handler text, intent text, deed text, makes_task boolean,
		holds_for interval)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 16 AS $$
VALUES
	(1, 'make_offer', 'tool_make_offer', 'offer', 'an offer was made', true, interval '10 minutes'),
	(2, 'book', 'tool_book', 'schedule_viewing', 'an appointment was agreed', false, '10 minutes'),
	(3, 'move_booking', 'tool_change_booking', NULL, 'an appointment was moved', false, '10 minutes'),
	(4, 'cancel_booking', 'tool_change_booking', NULL, 'an appointment was canceled', false, '10 minutes'),
	-- The time is short: a caller that comes back from an unanswered transfer is put through to the next person.
	(5, 'transfer', 'tool_transfer', 'speak_agent', NULL, false, '20 seconds'),
	(6, 'take_message', 'tool_take_message', 'message', 'a message was left', true, '10 minutes'),
	(7, 'call_back', 'tool_call_back', NULL, 'to be called back', false, '10 minutes'),
	(8, 'opt_out', 'tool_opt_out', NULL, 'asked not to be called', false, '10 minutes'),
	(9, 'send_information', 'tool_send_information', NULL, NULL, true, '10 minutes'),
	(10, 'hold_slot', 'tool_book', NULL, NULL, false, '10 minutes'),
	-- These tools only look something up, so they may be used again at once.
	(11, 'lookup_listing', 'tool_lookup_listing', 'property_inquiry', NULL, false, NULL),
	(12, 'find_listings', 'tool_find_listings', 'property_inquiry', NULL, false, NULL),
	(13, 'free_slots', 'tool_free_slots', NULL, NULL, false, NULL),
	(14, 'find_knowledge', 'tool_find_knowledge', NULL, NULL, false, NULL),
	-- The same key is pressed again in the next menu.
	(15, 'press_keys', 'tool_press_keys', NULL, NULL, false, NULL),
	(16, 'hand_over', 'tool_hand_over', NULL, NULL, false, NULL),
	(17, 'prove_identity', 'tool_prove_identity', NULL, NULL, false, NULL),
	(18, 'send_code', 'tool_send_code', NULL, NULL, false, NULL),
	(19, 'check_code', 'tool_check_code', NULL, NULL, false, NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.tools() IS
	E'Our tools, which tool_catalogue() describes to models.\n'
	'handler: its function, of a tool_context and its arguments; intent: the purpose of a call in which it was used; '
	'deed: what it did, in words; makes_task: a task follows; holds_for: how long the same words have the same answer.';
