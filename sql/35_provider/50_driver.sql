-- 35_provider: what providers send and receive, in one form for all of them.

CREATE TYPE voiceagent.call_event AS (
	event_key text,
	kind text,
	provider_call_id text,
	attempt_ref text,
	status text,
	cause text,
	cause_class text,
	occurred_at timestamptz,
	created_at timestamptz,
	answered_at timestamptz,
	ended_at timestamptz,
	duration_seconds numeric,
	cost numeric,
	cost_currency text,
	cost_breakdown jsonb,
	summary text,
	transcript text,
	turns jsonb,
	recording_url text,
	stereo_recording_url text,
	structured_data jsonb,
	success_evaluation text,
	unanalysed boolean,
	control_url text,
	machine text,
	machine_raw text,
	from_number text,
	to_number text,
	wants_answer boolean,
	key text,
	details jsonb
);
COMMENT ON TYPE voiceagent.call_event IS
	'A provider''s message about a call, whoever it is: from a webhook or from a lookup.';
COMMENT ON COLUMN voiceagent.call_event.event_key IS
	'Equal for repetitions of one event; unique among the events of an endpoint otherwise.';
COMMENT ON COLUMN voiceagent.call_event.kind IS
	'status, report (the call is over), transcript, tool_calls, machine (who answered), recording, cost, spoken (what '
	'was said is over), untaken (the put-through was not taken), silent (the socket that talked has failed), key (the '
	'person has pressed one), incoming, hint (something has happened that is not proved: the carrier is asked), other.';
COMMENT ON COLUMN voiceagent.call_event.provider_call_id IS 'The provider''s name of the call.';
COMMENT ON COLUMN voiceagent.call_event.attempt_ref IS
	'Our reference of the attempt, as the provider echoes it; NULL if it does not.';
COMMENT ON COLUMN voiceagent.call_event.status IS
	'initiated, ringing, in_progress, completed, failed, busy, no_answer; NULL: the event does not say.';
COMMENT ON COLUMN voiceagent.call_event.cause IS 'The provider''s own reason for the end, as it came.';
COMMENT ON COLUMN voiceagent.call_event.cause_class IS
	'ok, forwarded (to somebody else, be it in vain), silence (speech had ended), machine, no_answer, busy, '
	'bad_number, refused (the carrier does not place calls to there), account, assistant, retry, canceled, '
	'unknown; NULL while the call lives.';
COMMENT ON COLUMN voiceagent.call_event.occurred_at IS 'When the provider says that it happened.';
COMMENT ON COLUMN voiceagent.call_event.created_at IS 'When the provider took the call on.';
COMMENT ON COLUMN voiceagent.call_event.answered_at IS
	'When somebody, or a machine, answered; NULL: never, or unknown.';
COMMENT ON COLUMN voiceagent.call_event.ended_at IS 'When the call was over.';
COMMENT ON COLUMN voiceagent.call_event.duration_seconds IS
	'From the answer to the end, exact to the millisecond; 0 if unanswered, NULL if not known.';
COMMENT ON COLUMN voiceagent.call_event.cost IS 'The provider''s price of the call, in cost_currency.';
COMMENT ON COLUMN voiceagent.call_event.cost_currency IS 'ISO 4217; NULL without a cost.';
COMMENT ON COLUMN voiceagent.call_event.cost_breakdown IS
	'The same by the provider''s own headings, in the same currency.';
COMMENT ON COLUMN voiceagent.call_event.machine IS
	'Who answered: human, ivr, voicemail, unavailable, uncertain; NULL: not given.';
COMMENT ON COLUMN voiceagent.call_event.machine_raw IS 'The provider''s own word for it.';
COMMENT ON COLUMN voiceagent.call_event.from_number IS
	'Who calls, E.164 where the provider''s text can be made that; NULL: not given.';
COMMENT ON COLUMN voiceagent.call_event.to_number IS 'Who is called, likewise.';
COMMENT ON COLUMN voiceagent.call_event.wants_answer IS 'The call waits to hear what to do.';
COMMENT ON COLUMN voiceagent.call_event.key IS 'The key that was pressed: 0 to 9, * or #; NULL: none.';
COMMENT ON COLUMN voiceagent.call_event.turns IS
	'Array of {turn (from 1), speaker (assistant, customer, system, tool), text, at_ms (since '
	'1970), seconds_from_start}.';
COMMENT ON COLUMN voiceagent.call_event.structured_data IS
	'Values of the conversation: appointment {booked, date, time, phrase, timezone, email, notes}, callback '
	'{requested, date, time, phrase, timezone}, interest, do_not_call, wrong_number, qualified, and the assistant''s '
	'own fields.';
COMMENT ON COLUMN voiceagent.call_event.success_evaluation IS 'The provider''s judgement by the assistant''s rubric.';
COMMENT ON COLUMN voiceagent.call_event.unanalysed IS
	E'The provider was asked about a conversation that is over, and has not yet sent what was read out of it: '
	'summary, structured_data, success_evaluation.\n'
	'Asked again it gives an event of another key.';
COMMENT ON COLUMN voiceagent.call_event.control_url IS 'Where an order to end a live call goes.';
COMMENT ON COLUMN voiceagent.call_event.details IS
	'The rest worth keeping, under the provider''s names; of a tool call: toolCallId, name, arguments.';

CREATE FUNCTION voiceagent_private.read_provider_webhook(provider text, headers jsonb, body bytea,
	settings jsonb DEFAULT NULL)
	RETURNS SETOF voiceagent.call_event
	LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 1 AS 'MODULE_PATHNAME', 'va_sql_read_webhook';
COMMENT ON FUNCTION voiceagent_private.read_provider_webhook(text, jsonb, bytea, jsonb) IS
	E'The events in a webhook''s body, by the provider''s driver and the account''s settings (NULL: their defaults).\n'
	'Does not verify who sent it. Raises PT422 with the reason in DETAIL if the body is malformed; \\u0000 and broken '
	'surrogates are read as U+FFFD.';

CREATE FUNCTION voiceagent.read_webhook(provider text, headers jsonb, body bytea, settings jsonb DEFAULT NULL)
	RETURNS SETOF voiceagent.call_event
	LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 1 AS 'MODULE_PATHNAME', 'va_sql_read_webhook';
COMMENT ON FUNCTION voiceagent.read_webhook(text, jsonb, bytea, jsonb) IS
	E'Shows how a webhook of a provider would be understood; it changes nothing and does not verify the sender.\n'
	'headers: an object of names and values, or NULL; ":query" and ":method" in it are the request''s; body: the raw '
	'bytes; settings: those of the account that say how to read it (an offset of its clocks), NULL for the defaults. '
	'PT422, with the reason in DETAIL, for a malformed body.';

-- The fields of call_order: carrier {base_url, credentials, settings}, from_number, from_number_id, assistant {name,
-- first_message, system_prompt, voice, model, language, settings}, disclosure, opt_out_key, variables, to_number,
-- to_extension, customer_name, attempt_ref, server_url, webhook_headers, ring_timeout_s, max_duration_s, record,
-- machine_detection (off, detect, message).
CREATE FUNCTION voiceagent_private.build_call_request(provider text, call_order jsonb) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_build_call_request';
COMMENT ON FUNCTION voiceagent_private.build_call_request(text, jsonb) IS
	E'Builds the HTTP request that places a call: {method, url, headers, body}, with every secret as ****.\n'
	'call_order: the carrier, the assistant, both numbers, the variables and the limits of the call in seconds. '
	'PT422 names the limit of the provider that it breaks.';

CREATE FUNCTION voiceagent_private.fold_variable(name text) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_fold_variable';
COMMENT ON FUNCTION voiceagent_private.fold_variable(text) IS
	'A name without case, blanks, - and _: a {{variable}} stands for a value whose name is the same so.';

CREATE FUNCTION voiceagent_private.template_variables(template text) RETURNS text[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_template_variables';
COMMENT ON FUNCTION voiceagent_private.template_variables(text) IS
	'Names of the {{ variables }} in a prompt that need a value, in the order of first use: not those with a default, '
	'nor those that the provider fills (now, date, time, year, month, day, customer.*, transport.*).';

CREATE FUNCTION voiceagent_private.fill_template(template text, variables jsonb) RETURNS text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_fill_template';
COMMENT ON FUNCTION voiceagent_private.fill_template(text, jsonb) IS
	E'The prompt with every {{ variable }} replaced by its value in the object variables; values are '
	'inserted as they are.\n'
	'{{a.b}} is the member b of a, {{a.0}} the first of its list. '
	'PT422 names the variables that have no value (absent, null, blank, or no scalar) and no default.';

CREATE FUNCTION voiceagent_private.is_no_try(cause_class text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(cause_class IN ('account', 'assistant'), false);
COMMENT ON FUNCTION voiceagent_private.is_no_try(text) IS
	'Whether a call that failed for a cause of this class was no try to reach its person, since every other '
	'dial would have failed as well: of the carrier account (account), or with what the campaign has the '
	'carrier say and hear (assistant).';
